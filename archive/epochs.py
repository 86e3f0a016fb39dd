"""Epochs of an archive: one since it was created, and a new one for every restore from a backup."""

from __future__ import annotations

import secrets
import sqlite3

from archive.ledger import genesis
from archive.times import iso, parse


def begin(
    db: sqlite3.Connection, at: str, *, first_seq: int = 1, previous: tuple[str, str | None] | None = None
) -> str:
    """Begin an epoch inside the caller's transaction; its name. ``previous`` is the epoch and head that a backup ended with."""
    epoch = secrets.token_hex(8)
    db.execute(
        "INSERT INTO archive VALUES ('epoch', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [epoch],
    )
    db.execute(
        "INSERT INTO epochs (epoch, first_seq, previous_epoch, previous_head, began_at) VALUES (?, ?, ?, ?, ?)",
        [epoch, first_seq, *(previous or (None, None)), iso(parse(at))],
    )
    return epoch


def next_place(db: sqlite3.Connection) -> tuple[int, str]:
    """Number of the next ledger entry, and the head it follows: the last entry's, or the genesis of its epoch."""
    last = db.execute("SELECT seq, head FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    epoch = db.execute("SELECT * FROM epochs ORDER BY first_seq DESC, rowid DESC LIMIT 1").fetchone()
    if last is not None and last["seq"] >= epoch["first_seq"]:
        return last["seq"] + 1, last["head"]
    return epoch["first_seq"], genesis(epoch["epoch"], epoch["previous_head"])
