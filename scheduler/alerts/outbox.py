"""Cursors and the outbox in alerts.db: an alert survives any outage, and is written once.

A subscription's cursor moves in the same transaction that puts its message into the outbox. Sending is
another step, which may fail as often as it likes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.times import iso, parse

# Waits after a failure: minutes, then hours; beyond the last one a message is parked and reported.
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440))

STUCK = timedelta(days=1)  # a message that waits for longer is no matter of a server that restarts


class State(StrEnum):
    """States of a message."""

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"  # the connection broke after the text was sent: it may have arrived
    PARKED = "parked"  # refused for good, or too often; `gongkai alerts retry` queues it again


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox."""

    id: int
    message_id: str
    subscription: str
    recipient: str
    subject: str
    message: bytes
    state: State
    attempts: int
    next_attempt_at: datetime
    last_error: str | None
    created_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it has waited long enough; beyond the longest wait the clock stood wrong when the message was tried."""
        return not now < self.next_attempt_at <= now + BACKOFF[-1]


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def cursor_of(
    db: sqlite3.Connection, key: str, recipient: str, end: int, now: datetime
) -> tuple[int, str | None]:
    """The last feed_seq told and when it was last due. A new subscription starts at the feed's present end."""
    db.execute(
        "INSERT OR IGNORE INTO subscriptions (key, recipient, cursor, created_at) VALUES (?, ?, ?, ?)",
        [key, recipient, end, iso(now)],
    )
    row = db.execute("SELECT cursor, last_due_at FROM subscriptions WHERE key = ?", [key]).fetchone()
    db.execute(
        "UPDATE subscriptions SET recipient = ? WHERE key = ? AND recipient <> ?", [recipient, key, recipient]
    )
    return int(row["cursor"]), row["last_due_at"]


def advance(db: sqlite3.Connection, key: str, cursor: int, due: datetime) -> None:
    """Everything up to ``cursor`` is told, or lies in the outbox."""
    db.execute("UPDATE subscriptions SET cursor = ?, last_due_at = ? WHERE key = ?", [cursor, iso(due), key])


def enqueue(
    db: sqlite3.Connection,
    *,
    message_id: str,
    subscription: str,
    recipient: str,
    subject: str,
    message: bytes,
    from_seq: int,
    to_seq: int,
    now: datetime,
) -> None:
    """Put a message into the outbox; one that is already there stays as it is."""
    db.execute(
        "INSERT OR IGNORE INTO outbox (message_id, subscription, recipient, subject, message, from_seq, to_seq, created_at,"
        " state, next_attempt_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
        [message_id, subscription, recipient, subject, message, from_seq, to_seq, iso(now), iso(now)],
    )


def due(db: sqlite3.Connection, now: datetime) -> list[Message]:
    """Messages to try now, oldest first; those that were emptied are composed again first.

    With one that is due go those of the same subscription that were queued before it: a reader is told in the order in
    which things happened, and a server that takes the one may well take the others. What may have arrived waits its time.
    """
    messages = [m for m in all_in(db, State.QUEUED, State.UNKNOWN) if m.message]
    last = {m.subscription: m.id for m in messages if m.is_due(now)}
    return [
        m
        for m in messages
        if m.is_due(now) or (m.state is State.QUEUED and m.id < last.get(m.subscription, 0))
    ]


def waiting(db: sqlite3.Connection) -> tuple[int, str | None]:
    """How many messages are still to be tried, and when the first of them."""
    row = db.execute(
        "SELECT count(*), min(next_attempt_at) FROM outbox WHERE state IN ('queued', 'unknown')"
    ).fetchone()
    return int(row[0]), row[1]


def waiting_since(db: sqlite3.Connection) -> datetime | None:
    """When the oldest message that is still to be sent was composed."""
    row = db.execute("SELECT min(created_at) FROM outbox WHERE state IN ('queued', 'unknown')").fetchone()
    return parse(row[0]) if row[0] else None


def all_in(db: sqlite3.Connection, *states: State) -> list[Message]:
    """Messages in these states, oldest first."""
    marks = ",".join("?" * len(states))
    rows = db.execute(f"SELECT * FROM outbox WHERE state IN ({marks}) ORDER BY id", [s.value for s in states])  # noqa: S608
    return [_message(row) for row in rows]


def _message(row: sqlite3.Row) -> Message:
    return Message(
        id=row["id"], message_id=row["message_id"], subscription=row["subscription"], recipient=row["recipient"],
        subject=row["subject"], message=row["message"], state=State(row["state"]), attempts=row["attempts"],
        next_attempt_at=parse(row["next_attempt_at"]), last_error=row["last_error"], created_at=parse(row["created_at"]),
    )  # fmt: skip


def rewrite(db: sqlite3.Connection, message: int, subject: str, content: bytes) -> None:
    """Put another text in a message's place."""
    db.execute("UPDATE outbox SET subject = ?, message = ? WHERE id = ?", [subject, content, message])


def empty(db: sqlite3.Connection, told: Collection[int]) -> tuple[int, int]:
    """Empty the messages that tell of these places in the feed: how many are still to be sent, and how many were.

    Those that are still to be sent are composed again before they go: :func:`scheduler.alerts.sending.compose_emptied`.
    """
    with transaction(db):
        rows = [
            row
            for row in db.execute("SELECT id, state, from_seq, to_seq FROM outbox").fetchall()
            if any(row["from_seq"] <= seq <= row["to_seq"] for seq in told)
        ]
        for row in rows:
            rewrite(db, row["id"], "", b"")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sent = sum(row["state"] == State.SENT.value for row in rows)
    return len(rows) - sent, sent


def emptied(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Messages that were emptied before they were sent."""
    return db.execute(
        "SELECT id, subscription, from_seq, to_seq FROM outbox WHERE state <> 'sent' AND length(message) = 0 ORDER BY id"
    ).fetchall()


def readdress(
    db: sqlite3.Connection, message: Message, recipient: str, content: bytes, now: datetime
) -> None:
    """Send a message to another, as if it had not been tried."""
    db.execute(
        "UPDATE OR IGNORE outbox SET recipient = ?, message = ?, state = 'queued', attempts = 0, next_attempt_at = ?,"
        " last_error = NULL WHERE id = ?",
        [recipient, content, iso(now), message.id],
    )


def discard_parked(db: sqlite3.Connection, subscription: str) -> int:
    """Never send what is parked for a subscription; the number of messages."""
    return db.execute(
        "DELETE FROM outbox WHERE state = 'parked' AND subscription = ?", [subscription]
    ).rowcount


def discard(db: sqlite3.Connection, message: int) -> None:
    """Never send a message."""
    db.execute("DELETE FROM outbox WHERE id = ?", [message])


def mark_sent(db: sqlite3.Connection, message: Message, now: datetime) -> None:
    """The server took it."""
    db.execute(
        "UPDATE outbox SET state = 'sent', sent_at = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?",
        [iso(now), message.id],
    )


def mark_failed(
    db: sqlite3.Connection, message: Message, now: datetime, error: str, *, unknown: bool, final: bool
) -> datetime | None:
    """It was not taken: try again later, and when, or park it. One that was tried before its time waits as it would have."""
    due = message.is_due(now)
    attempts = message.attempts + int(due)
    parked = final or attempts > len(BACKOFF)
    state = State.PARKED if parked else State.UNKNOWN if unknown else State.QUEUED
    again = now + BACKOFF[min(attempts, len(BACKOFF)) - 1] if due else message.next_attempt_at
    db.execute(
        "UPDATE outbox SET state = ?, attempts = ?, next_attempt_at = ?, last_error = ? WHERE id = ?",
        [state.value, attempts, iso(again), error[:500], message.id],
    )
    return None if parked else again


def wait_behind(db: sqlite3.Connection, message: Message, until: datetime) -> None:
    """Do not try a message before the one that goes before it."""
    db.execute("UPDATE outbox SET next_attempt_at = ? WHERE id = ?", [iso(until), message.id])


def requeue_parked(db: sqlite3.Connection, now: datetime) -> int:
    """Queue parked messages again; their number."""
    return db.execute(
        "UPDATE outbox SET state = 'queued', attempts = 0, next_attempt_at = ? WHERE state = 'parked'",
        [iso(now)],
    ).rowcount
