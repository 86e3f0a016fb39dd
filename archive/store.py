"""Open the databases of a data directory: writer under a lock, readers beside it."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database, Migrations

from archive import search
from archive.migrations import alert_migrations, archive_migrations, capture_migrations

ARCHIVE, CAPTURES, ALERTS = "archive.db", "captures.db", "alerts.db"


class ArchiveError(Exception):
    """Something about the archive's files that a person must mend; the message says what to do."""


class LockedError(ArchiveError):
    """Another process is writing to this data directory."""


class SchemaTooNewError(ArchiveError):
    """The file was written by a newer gongkai."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one data directory."""

    data: Path

    @property
    def archive(self) -> Path:
        return self.data / ARCHIVE

    @property
    def captures(self) -> Path:
        return self.data / CAPTURES

    @property
    def alerts(self) -> Path:
        return self.data / ALERTS

    @property
    def outbox(self) -> Path:
        return self.data / "outbox"

    def lock(self, name: str) -> Path:
        return self.data / f".{name}.lock"


@contextmanager
def exclusive(paths: Paths, name: str = "writer") -> Iterator[None]:
    """Hold the named lock of a data directory; the kernel frees it when the process dies.

    Raises LockedError, naming the holder, when it is taken.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    handle = os.open(paths.lock(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "unknown"
            raise LockedError(
                f"{paths.data}: another gongkai is writing here ({holder}); wait for it to end, or stop it"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"pid {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _migrate(db: Database, migrations: Migrations, path: Path) -> None:
    known = {m.name for m in migrations._migrations}
    newer = [m.name for m in migrations.applied(db) if m.name not in known]
    if newer:
        raise SchemaTooNewError(
            f"{path}: written by a newer gongkai (migration {newer[0]}); install that version"
        )
    migrations.apply(db)


def open_for_writing(path: Path, migrations: Migrations) -> Database:
    """Open one file for writing, durable at every commit, migrated to the newest schema. Call under the lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    search.register(connection)
    db = Database(connection)
    _migrate(db, migrations, path)
    return db


def open_archive(paths: Paths, now: datetime | None = None) -> Database:
    """The archive for writing; a new one gets its epoch here."""
    db = open_for_writing(paths.archive, archive_migrations)
    with db.conn:
        created = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        db.conn.execute("INSERT OR IGNORE INTO archive VALUES ('epoch', ?)", [secrets.token_hex(8)])
        db.conn.execute("INSERT OR IGNORE INTO archive VALUES ('created_at', ?)", [created])
    return db


def open_captures(paths: Paths) -> Database:
    """The captures for writing."""
    return open_for_writing(paths.captures, capture_migrations)


def open_alerts(paths: Paths) -> Database:
    """Subscriptions and outbox, for writing."""
    return open_for_writing(paths.alerts, alert_migrations)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection that never blocks the writer and is never blocked by it.

    Raises ArchiveError when the file does not exist.
    """
    if not path.exists():
        raise ArchiveError(f"{path}: no such archive; run `gongkai collect` first, or give --data DIR")
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    return connection
