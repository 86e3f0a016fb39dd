"""A site whose file has got another key: its history goes on under that one, in every table.

Else it would begin anew: all that the site publishes would be its first look, and what was withdrawn would come back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from archive.store import ArchiveError, Transaction


class KeyTakenError(ArchiveError):
    """Two of a site's keys have a history each."""


def take_over(
    archive: sqlite3.Connection, captures: sqlite3.Connection, key: str, former: Iterable[str]
) -> None:
    """Go on under ``key`` with what the archive holds of a site under one of its former keys.

    captures.db first: what dies in between is done by the next collection. Raises KeyTakenError where more than one of the
    keys has a history: nothing tells whether two documents at one address are one.
    """
    known = {row["key"] for row in archive.execute("SELECT key FROM sites")}
    kept = [old for old in former if old in known]
    if not kept:
        return
    if len(both := [*kept, *[key] * (key in known)]) > 1:
        raise KeyTakenError(
            f"the archive has a history under each of {', '.join(both)}, and histories cannot be joined:"
            f" take {', '.join(kept)} out of `formerly`, or restore a backup from before {both[-1]} was first collected"
        )
    with Transaction(captures):
        _rename(captures, kept[0], key)
    with Transaction(archive):
        rename_in_archive(archive, kept[0], key)


def rename_in_archive(archive: sqlite3.Connection, old: str, key: str) -> None:
    """Inside the writer's transaction."""
    archive.execute("PRAGMA defer_foreign_keys = ON")
    row = archive.execute("SELECT former_keys FROM sites WHERE key = ?", [old]).fetchone()
    former = json.dumps([*json.loads(row["former_keys"] or "[]"), old], separators=(",", ":"))
    archive.execute("UPDATE sites SET key = ?, former_keys = ? WHERE key = ?", [key, former, old])
    _rename(archive, old, key)


def _rename(db: sqlite3.Connection, old: str, key: str) -> None:
    """In whichever tables have a column for the site: one that is added later is not forgotten."""
    tables = db.execute(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'site'"
    ).fetchall()
    for (table,) in tables:
        db.execute(f"UPDATE {table} SET site = ? WHERE site = ?", [key, old])  # noqa: S608 — a table of the schema


def key_now(archive: sqlite3.Connection, key: str) -> str:
    """The key that a site has which has or had this one; the same where none has."""
    row = archive.execute(
        "SELECT key FROM sites WHERE key = :key OR EXISTS (SELECT 1 FROM json_each(former_keys) WHERE value = :key)"
        " ORDER BY key <> :key LIMIT 1",
        {"key": key},
    ).fetchone()
    return str(row[0]) if row is not None else key
