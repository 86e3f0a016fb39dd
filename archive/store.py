"""Open the databases of a data directory: writer under a lock, readers beside it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database, Migrations

from archive import epochs, seals, search
from archive.copies import made_copy
from archive.migrations import alert_migrations, archive_migrations, capture_migrations
from archive.sharing import ADVICE, make, not_ours

ARCHIVE, CAPTURES, ALERTS = "archive.db", "captures.db", "alerts.db"
_MIGRATIONS_INDEX = "idx__sqlite_migrations_migration_set_name"  # as sqlite-utils names it
_ROOM_TO_READ = 64 << 10  # bytes that SQLite takes beside a file that is read, for the index of its log
RESTORING = ".restoring"  # a directory in which `gongkai restore` makes the files ready
MIGRATIONS = {ARCHIVE: archive_migrations, CAPTURES: capture_migrations, ALERTS: alert_migrations}
SEALED = {ARCHIVE: seals.ARCHIVE_TABLES, CAPTURES: seals.CAPTURE_TABLES, ALERTS: seals.ALERT_TABLES}


class ArchiveError(Exception):
    """Something about the archive's files that a person must mend; the message says what to do."""


class LockedError(ArchiveError):
    """Another process is writing to this data directory."""


class UnreadableError(ArchiveError):
    """A file of the archive is damaged, is none, or may not be read by this user."""


class TargetError(ArchiveError):
    """A file or directory to be written that is there already, or can be none: another name, or an option, must be given."""


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

    Raises LockedError, naming the holder, when it is taken; TargetError where the directory holds a copy (archive.copies).
    """
    if (copy := made_copy(paths.data)) is not None:
        raise TargetError(copy)
    try:
        paths.data.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ArchiveError(f"{paths.data}: this is a file; --data names a directory") from error
    make(paths.lock(name))
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


def lock_holder(paths: Paths) -> str | None:
    """Who holds the writer's lock, as the holder wrote it; None when it is free. Takes nothing, so it hinders nobody.

    Where the kernel does not list locks in /proc/locks, the lock is tried for an instant.
    """
    path, listed = paths.lock("writer"), Path("/proc/locks")
    if not path.exists():
        return None
    if listed.exists():
        inode = f":{path.stat().st_ino}"
        taken = any("FLOCK" in line and f"{inode} " in line for line in listed.read_text().splitlines())
        return (path.read_text(errors="replace").strip() or "unknown") if taken else None
    try:
        with exclusive(paths):
            return None
    except LockedError as error:
        return str(error)


def unknown_migration(path: Path, connection: sqlite3.Connection) -> str | None:
    """The first migration in a file of the archive that this version does not know: a newer gongkai wrote it."""
    known = {m.name for m in MIGRATIONS[path.name]._migrations}
    return next((name for name in _migrations_of(connection) if name not in known), None)


def pending_migration(path: Path, connection: sqlite3.Connection) -> str | None:
    """The first migration that a file of the archive has not had: an older gongkai wrote it."""
    had = set(_migrations_of(connection))
    return next((m.name for m in MIGRATIONS[path.name]._migrations if m.name not in had), None)


def of_an_older(path: Path, connection: sqlite3.Connection) -> str | None:
    """What to say of a file with the tables of an older gongkai; None where it has today's, or those of a newer one."""
    if pending_migration(path, connection) is None:
        return None
    command = "gongkai alerts send" if path.name == ALERTS else "gongkai collect"
    return f"{path}: its tables are those of an older gongkai; the next `{command}` brings them up to date"


def _migrations_of(connection: sqlite3.Connection) -> list[str]:
    try:
        rows = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid").fetchall()
    except sqlite3.OperationalError:  # a file that was never migrated
        return []
    return [row[0] for row in rows]


class Transaction:
    """BEGIN IMMEDIATE … COMMIT, rolled back on any error; SQLite may have rolled back by itself (disk full)."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:
            self._db.execute("ROLLBACK")


class _Writer(sqlite3.Connection):
    """A writing connection; the rows that it wrote get their seals when it is closed."""

    sealed: Sequence[seals.SealedTable] = ()

    def close(self) -> None:
        if self.sealed and not self.in_transaction:
            # Disk full, say: the marks stay for the next one that opens the file.
            with suppress(sqlite3.Error):
                seals.seal_pending(self, self.sealed)
        self.sealed = ()
        super().close()


def open_for_writing(path: Path, migrations: Migrations) -> Database:
    """Open one file for writing, durable at every commit, migrated to the newest schema. Call under the lock.

    The rows that are written through it get their seals (:mod:`archive.seals`) when it is closed.
    """
    _refuse_a_directory(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path)
    if (foreign := not_ours(path)) is not None:
        raise ArchiveError(f"{foreign}; {ADVICE}")
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, factory=_Writer)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError:
        raise  # read-only, or no space: SQLite's words are right
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # it quotes the damaged schema
        connection.close()
        raise UnreadableError(_damaged(path, error)) from error
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, whoever built SQLite (Debian's does so unasked): what an edit freed long before its
    # version is withdrawn would still say it.
    connection.execute("PRAGMA secure_delete = ON")
    search.register(connection)
    newer = unknown_migration(path, connection)
    if newer is not None:
        raise SchemaTooNewError(
            f"{path}: written by a newer gongkai (migration {newer}); install that version"
        )
    db = Database(connection)
    _begin(db, migrations)
    migrations.apply(db)
    sealed = SEALED[path.name]
    seals.seal_pending(connection, sealed)  # what a process that died has left
    seals.watch(connection, sealed)
    connection.sealed = sealed
    return db


def _begin(db: Database, migrations: Migrations) -> None:
    """Make the table of migrations with its index, or the index that a process did not live to make.

    sqlite-utils makes them in two transactions, and never looks for the index again.
    """
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [_MIGRATIONS_INDEX]).fetchone() is None:
        with db.atomic():
            migrations.ensure_migrations_table(db)
            table = db.table(migrations.migrations_table)
            table.create_index(["migration_set", "name"], unique=True, if_not_exists=True)


def open_archive(paths: Paths, now: datetime | None = None) -> Database:
    """The archive for writing; a new one gets its epoch here.

    Raises ArchiveError where the file is gone or emptied, rather than beginning anew beside what is left of the old archive.
    """
    if not paths.archive.exists() or paths.archive.stat().st_size == 0:
        _refuse_a_second_beginning(paths)
    db = open_for_writing(paths.archive, archive_migrations)
    if db.conn.execute("SELECT 1 FROM epochs").fetchone() is None:
        created = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        db.conn.execute("BEGIN IMMEDIATE")
        epochs.begin(db.conn, created)
        db.conn.execute("INSERT OR IGNORE INTO archive VALUES ('created_at', ?)", [created])
        db.conn.execute("COMMIT")
    return db


def _refuse_a_directory(path: Path) -> None:
    if path.is_dir():
        raise UnreadableError(
            f"{path}: it is a directory, where a file should be: move it away, and `gongkai restore` a backup"
        )


def _refuse_a_lost_file(path: Path) -> None:
    """Raises ArchiveError where an absent or empty file is lost, as the one beside it shows, and not to be made yet."""
    if path.name == ARCHIVE:
        _refuse_a_second_beginning(Paths(path.parent))
    elif path.name == CAPTURES:
        require_captures(Paths(path.parent))
        if path.exists() and _rests_on_captures(Paths(path.parent)):
            raise ArchiveError(
                f"{path}: it is empty, though {ARCHIVE} rests on it: `gongkai restore` a backup;"
                " the next `gongkai collect` goes on without the stored answers"
            )


def _refuse_a_second_beginning(paths: Paths) -> None:
    if (paths.data / RESTORING).exists():
        raise ArchiveError(f"{paths.data}: a restore was broken off here; run `gongkai restore` again")
    if paths.captures.exists():
        state = (
            f"empty, though {CAPTURES} is not"
            if paths.archive.exists()
            else f"not there, though {CAPTURES} is"
        )
        raise ArchiveError(
            f"{paths.archive}: it is {state}: put it back, or `gongkai restore` a backup;"
            f" to begin a new archive, move {CAPTURES} away"
        )


def require_captures(paths: Paths) -> None:
    """Raises ArchiveError when captures.db is gone and versions of the archive rest on it."""
    if not paths.captures.exists() and _rests_on_captures(paths):
        raise ArchiveError(
            f"{paths.captures}: it is not there, though {ARCHIVE} rests on it: put it back, or `gongkai restore` a backup;"
            " to go on without the stored answers, create an empty file of that name"
        )


def _rests_on_captures(paths: Paths) -> bool:
    if not paths.archive.exists():
        return False
    with closing(open_for_reading(paths.archive)) as db:
        try:
            return db.execute("SELECT 1 FROM version_sources LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:  # a process died while it created the tables
            return False


def open_captures(paths: Paths) -> Database:
    """The captures for writing. Raises ArchiveError where the file is gone and versions rest on it."""
    require_captures(paths)
    return open_for_writing(paths.captures, capture_migrations)


def open_alerts(paths: Paths) -> Database:
    """Subscriptions and outbox, for writing."""
    return open_for_writing(paths.alerts, alert_migrations)


def uri_of(path: Path, how: str) -> str:
    """The URI by which SQLite opens a file, whatever its name is: ``%41``, ``#``, ``?``, ``//`` and bytes that are no UTF-8."""
    return f"{path.absolute().as_uri()}?{how}"


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection that never blocks the writer and is never blocked by it.

    Raises ArchiveError when the file does not exist or cannot be read.
    """
    _refuse_a_directory(path)
    if not path.exists():
        _refuse_a_lost_file(path)
        raise ArchiveError(f"{path}: no such archive; run `gongkai collect` first, or give --data DIR")
    _take_back(path)
    connection = sqlite3.connect(uri_of(path, "mode=ro"), uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    try:
        _check_readable(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _take_back(path: Path) -> None:
    """Roll back what a process left half-written that died while it made the file, which no read-only reader may do.

    From then on the file is in WAL mode, and has no journal.
    """
    if not _journal_of(path).exists():
        return
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(uri_of(path, "mode=rw"), uri=True, timeout=30)) as db,
    ):
        db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()


def _journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _check_readable(path: Path, connection: sqlite3.Connection) -> None:
    """Name the file when it cannot be read: SQLite says "file is not a database" of any of three."""
    try:
        empty = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    except sqlite3.OperationalError as error:
        if (journal := _journal_of(path)).exists():
            raise UnreadableError(
                f"{path}: {error}; {journal} is what a process left that died: the next `gongkai collect` takes it back"
            ) from error
        if shutil.disk_usage(path.parent).free < _ROOM_TO_READ:
            raise UnreadableError(
                f"{path}: {error}; the disk is full, and reading takes a little room beside the file: free some"
            ) from error
        raise UnreadableError(
            f"{path}: {error}; a WAL database can only be read by a user who may write in its directory: "
            "run as such a user, or serve a snapshot made by `gongkai publish`"
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # it quotes the damaged schema
        raise UnreadableError(_damaged(path, error)) from error
    if empty:
        _refuse_a_lost_file(path)
    if empty or (path.name == ARCHIVE and _has_not_begun(connection)):
        raise UnreadableError(f"{path}: there is no archive in it yet; run `gongkai collect` first")


def _has_not_begun(archive: sqlite3.Connection) -> bool:
    """Whether its first collection died after the tables and before the epoch."""
    with suppress(sqlite3.Error):
        return archive.execute("SELECT 1 FROM epochs LIMIT 1").fetchone() is None
    return False


def _damaged(path: Path, error: Exception) -> str:
    return (
        f"{path}: {error}: it is damaged, or not an archive; "
        "`gongkai doctor` looks at it, `gongkai restore` puts a backup in its place"
    )
