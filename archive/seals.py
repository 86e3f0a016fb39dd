"""A digest of every row, so that `gongkai verify` can name the one in which a bit has flipped.

Texts, captures and the ledger prove themselves by their SHA-256. All other rows (fields of versions, evidence,
headers, the feed, messages …) have a seal in the table `seals` of their file: 8 bytes of BLAKE2b over their
values. A seal is no signature: it finds accidents and edits behind gongkai's back, not a forger, against whom
stands the ledger.

Keeping it costs the writer little. Temporary triggers, which only :func:`watch` gives and only to gongkai's own
writing connections, mark the rows that a transaction touches in `unsealed`; :func:`seal_pending` computes their
seals once, when the connection is closed or, after a crash, when the next one is opened.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

_encode = msgspec.msgpack.Encoder().encode
_MARKS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table whose rows have seals. ``kind`` stands for it in `seals.kind` and is never given to another."""

    kind: int
    name: str
    key: tuple[str, ...] = ("id",)

    def key_sql(self, prefix: str = "") -> str:
        """The expression that names a row: its integer key, or the parts of its key joined by "/"."""
        return " || '/' || ".join(prefix + column for column in self.key)


MERGES = SealedTable(21, "merges")
ARCHIVE_TABLES = (
    SealedTable(1, "sites", ("key",)),
    SealedTable(2, "catalogues"),
    SealedTable(3, "runs"),
    SealedTable(4, "documents"),
    SealedTable(5, "addresses"),
    SealedTable(6, "listings", ("document", "catalogue")),
    SealedTable(7, "versions"),
    SealedTable(8, "version_sources", ("version", "capture", "role")),
    SealedTable(9, "attachments"),
    SealedTable(10, "citations"),
    SealedTable(11, "changes"),
    SealedTable(12, "problems"),
    SealedTable(14, "ledger", ("seq",)),
    SealedTable(15, "run_outcomes", ("run", "batch")),
    SealedTable(16, "archive", ("key",)),
    SealedTable(17, "epochs", ("epoch",)),
    SealedTable(18, "files", ("site", "url")),
    MERGES,
    SealedTable(19, "stretches"),
    SealedTable(20, "places"),
)
OBSERVATIONS = SealedTable(13, "observations")  # became `stretches` and `places`
# The tables that had seals from the first.
FIRST_ARCHIVE_TABLES = (*(table for table in ARCHIVE_TABLES if table.kind <= 18), OBSERVATIONS)
CAPTURE_TABLES = (SealedTable(1, "captures", ("key",)), SealedTable(2, "dictionaries"))
ALERT_TABLES = (SealedTable(1, "subscriptions", ("key",)), SealedTable(2, "outbox"))


def create_tables(connection: sqlite3.Connection) -> None:
    """Create `seals` and `unsealed`. Called by a migration."""
    connection.execute(
        "CREATE TABLE seals (kind INTEGER NOT NULL, key NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (kind, key))"
        " WITHOUT ROWID"
    )
    connection.execute("CREATE TABLE unsealed (kind INTEGER, row INTEGER)")


def seal(values: Sequence[object]) -> int:
    """The seal of a row: its values in the order of its columns.

    NULLs at the end do not count, so that a later migration may add columns. Raises UnicodeEncodeError for text
    that came out of the file as no valid UTF-8.
    """
    end = len(values)
    while end and values[end - 1] is None:
        end -= 1
    digest = hashlib.blake2b(_encode(values[:end]), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def watch(connection: sqlite3.Connection, tables: Iterable[SealedTable]) -> None:
    """Make this connection mark the rows that it writes. Rows written through any other one are not marked."""
    # A statement that fires triggers has a journal of its own; in a file it would cost more than all the rest.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA recursive_triggers = ON")  # else rows that REPLACE deletes are not noticed
    for table in tables:
        mark = f"INSERT INTO unsealed VALUES ({table.kind}, NEW.rowid);"
        forget = f"DELETE FROM seals WHERE kind = {table.kind} AND key = +({table.key_sql('OLD.')});"
        for number, (event, action) in enumerate(
            (
                ("INSERT", mark),
                ("UPDATE", mark),
                (f"UPDATE OF {', '.join(table.key)}", forget),
                ("DELETE", forget),
            )
        ):
            connection.execute(
                f"CREATE TEMP TRIGGER watch_{table.name}_{number} AFTER {event} ON main.{table.name}"
                f" BEGIN {action} END"
            )


def seal_pending(connection: sqlite3.Connection, tables: Sequence[SealedTable]) -> None:
    """Seal the rows that were marked, in transactions of their own."""
    while (last := connection.execute(_LAST_MARK, [_MARKS_AT_ONCE]).fetchone()[0]) is not None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for table in tables:
                rows = _cursor(connection).execute(
                    f"SELECT {table.key_sql()}, * FROM {table.name} WHERE rowid IN"
                    " (SELECT row FROM unsealed WHERE rowid <= ? AND kind = ?)",
                    [last, table.kind],
                )
                _store(connection, table, rows)
            connection.execute("DELETE FROM unsealed WHERE rowid <= ?", [last])
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


_LAST_MARK = "SELECT max(rowid) FROM (SELECT rowid FROM unsealed ORDER BY rowid LIMIT ?)"


def _cursor(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """For rows as plain tuples."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor


def _store(connection: sqlite3.Connection, table: SealedTable, rows: Iterable[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO seals VALUES (?, ?, ?)", ((table.kind, row[0], seal(row[1:])) for row in rows)
    )


def reseal(connection: sqlite3.Connection, table: SealedTable) -> None:
    """Seal every row of a table anew, inside the caller's transaction: for a migration that rewrites rows."""
    connection.execute("DELETE FROM seals WHERE kind = ?", [table.kind])
    _store(connection, table, _cursor(connection).execute(f"SELECT {table.key_sql()}, * FROM {table.name}"))
