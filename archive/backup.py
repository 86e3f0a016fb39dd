"""Backup while a collection runs, and restore into a new epoch.

The three files are copied one after the other, each as it stood at one instant, in an order that keeps their
references whole: alerts.db first (its cursors must not be ahead of the feed), then archive.db, then captures.db
(it holds everything that the archive committed before). ``manifest.json`` names their SHA-256, and is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive import epochs
from archive.copies import MANIFEST
from archive.migrations import alert_migrations, archive_migrations
from archive.sharing import share
from archive.store import (
    ALERTS,
    ARCHIVE,
    CAPTURES,
    RESTORING,
    ArchiveError,
    Paths,
    TargetError,
    exclusive,
    open_for_reading,
    open_for_writing,
    require_captures,
    uri_of,
)
from archive.times import iso, parse

_ORDER = (ALERTS, ARCHIVE, CAPTURES)
_PIECE = 1 << 20


class BackupError(ArchiveError):
    """A backup that cannot be made, or that is not whole; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``files`` is name → [SHA-256, bytes]."""

    created_at: str
    epoch: str
    ledger_seq: int
    head: str | None
    feed_seq: int
    documents: int
    versions: int
    files: dict[str, tuple[str, int]]


def snapshot(source: Path, target: Path) -> None:
    """A compact, checked and synced copy of a database as it stands at one instant, readers and writer undisturbed.

    ``target`` appears whole or not at all. Raises BackupError when the copy is not sound.
    """
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with closing(open_for_reading(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(partial)])
        with closing(sqlite3.connect(uri_of(partial, "mode=ro&immutable=1"), uri=True)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupError(
                f"{source}: its copy is damaged ({found}); run `gongkai verify` on the original"
            )
        sync(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make a file's bytes, or a directory's entries, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def backup(paths: Paths, dest: Path, *, now: datetime) -> Manifest:
    """Copy the databases of a data directory into the new directory ``dest``, while others read and write.

    Raises TargetError when ``dest`` is there already, ArchiveError when there is no archive.
    """
    if dest.exists():
        raise TargetError(
            f"{dest} exists; a backup is written into a directory of its own: give another name"
        )
    open_for_reading(paths.archive).close()
    require_captures(paths)
    dest.parent.mkdir(parents=True, exist_ok=True)
    partial = dest.with_name(f".{dest.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)  # alerts.db holds addresses of people
    try:
        for name in _ORDER:
            if (paths.data / name).exists():
                snapshot(paths.data / name, partial / name)
        manifest = _describe(partial, now)
        (partial / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        sync(partial / MANIFEST)
        partial.rename(dest)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync(dest.parent)
    return manifest


def _describe(directory: Path, now: datetime) -> Manifest:
    files = {name: _measure(directory / name) for name in _ORDER if (directory / name).exists()}
    return Manifest(created_at=iso(now), files=files, **_held(directory / ARCHIVE))


def _held(archive: Path) -> dict[str, Any]:
    """What a copy of archive.db holds, as a manifest says it. Nothing is laid beside the file, which may be on a disk that is read-only."""
    with closing(sqlite3.connect(uri_of(archive, "mode=ro&immutable=1"), uri=True)) as db:
        known = dict(db.execute("SELECT key, value FROM archive").fetchall())
        last = db.execute("SELECT seq, head FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        documents = db.execute("SELECT count(*) FROM documents").fetchone()[0]
        versions = db.execute("SELECT count(*) FROM versions").fetchone()[0]
    seq, head = last or (0, None)
    feed_seq = int(known.get("feed_seq", 0))
    return {
        "epoch": known["epoch"], "ledger_seq": seq, "head": head, "feed_seq": feed_seq, "documents": documents,
        "versions": versions,
    }  # fmt: skip


def _measure(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError when there is none, or it is not one."""
    path = source / MANIFEST
    if not path.is_file():
        raise BackupError(f"{path}: no such file; {source} is not a whole backup made by `gongkai backup`")
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        values["files"] = {name: (digest, size) for name, (digest, size) in values["files"].items()}
        manifest = Manifest(**values)
        parse(manifest.created_at)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackupError(f"{path}: not a manifest of a backup ({error})") from error
    if ARCHIVE not in manifest.files or set(manifest.files) - set(_ORDER):
        raise BackupError(f"{path}: it must name {ARCHIVE}, and nothing but {', '.join(_ORDER)}")
    return manifest


def check(source: Path) -> Manifest:
    """The manifest of a backup whose every file was read and has its SHA-256. Raises BackupError naming the one that has not.

    What the manifest says besides must be what archive.db holds: cursors and the ledger go on from it.
    """
    manifest = read_manifest(source)
    for name, (digest, size) in manifest.files.items():
        path = source / name
        if not path.is_file():
            raise BackupError(f"{path}: missing, though the manifest names it")
        found = _measure(path)
        if found != (digest, size):
            raise BackupError(
                f"{path}: it is not the file that was backed up (SHA-256 {found[0]}, expected {digest})"
            )
    for name, held in _held(source / ARCHIVE).items():
        if (said := getattr(manifest, name)) != held:
            raise BackupError(
                f"{source / MANIFEST}: it was changed: it gives {name} as {said!r}, and {ARCHIVE} holds {held!r}"
            )
    return manifest


def restore(
    source: Path,
    paths: Paths,
    *,
    now: datetime,
    replace: bool = False,
    undone: Callable[[list[str]], None] = lambda _: None,
) -> tuple[Manifest, Path | None]:
    """Put a backup in place as the archive of a data directory, in a new epoch. The manifest, and where the old files went.

    What lies in the data directory is moved into ``replaced-<time>`` beside it, never deleted; without ``replace`` it is
    refused. ``undone`` is told before that, where there are any, which withdrawals the archive in place has and the backup lacks:
    what was taken out is there again. Raises BackupError for a damaged backup, before anything is touched; TargetError where an
    archive is and ``replace`` is not set, or a copy of one, ``source`` itself say; LockedError when someone writes here.
    """
    manifest = check(source)
    paths.data.mkdir(parents=True, exist_ok=True)
    with exclusive(paths), exclusive(paths, "alerts"):
        # a log without its file, too: it would be taken for the log of what comes in its place
        beside = [paths.data / f"{name}{end}" for name in _ORDER for end in ("", "-wal", "-journal")]
        present = [path for path in beside if path.exists()]
        if present and not replace:
            raise TargetError(f"{present[0]} exists; give --replace to put it aside and restore in its place")
        incoming = paths.data / RESTORING
        shutil.rmtree(incoming, ignore_errors=True)
        try:
            incoming.mkdir(mode=0o700)
            for name in manifest.files:
                shutil.copyfile(source / name, incoming / name)
                share(incoming / name, paths.data)
                sync(incoming / name)
            _begin_epoch(incoming, manifest, now)
        except BaseException:  # a full disk, say: what is there is as it was
            shutil.rmtree(incoming, ignore_errors=True)
            raise
        if lost := _undone(paths.archive, incoming / ARCHIVE):
            undone(lost)
        aside = _put_aside(paths, now) if present else None
        for name in reversed(_ORDER):  # archive.db after captures.db: until it is there, there is no archive
            if (incoming / name).exists():
                (incoming / name).replace(paths.data / name)
        sync(paths.data)
        shutil.rmtree(incoming, ignore_errors=True)
    return manifest, aside


def _undone(old: Path, new: Path) -> list[str]:
    """Withdrawals that one archive has and another lacks, each with its reason; that they cannot be read, where they cannot."""
    if not old.exists():
        return []
    try:
        with closing(open_for_reading(old)) as db:
            had = db.execute(_WITHDRAWN).fetchall()
    except (ArchiveError, sqlite3.Error) as error:
        return [f"what was withdrawn in {old} cannot be read ({error})"]
    with closing(open_for_reading(new)) as db:
        has = {tuple(row)[:3] for row in db.execute(_WITHDRAWN)}
        documents = {tuple(row) for row in db.execute("SELECT id, url FROM documents")}
    lost = [row for row in had if not {tuple(row)[:3], (row["id"], row["url"], None)} & has]
    return [
        f"#{row['id']}{'@' if row['number'] else ''}{row['number'] or ''} {row['url']}: {row['reason']}"
        if (row["id"], row["url"]) in documents
        else f"{row['url']}, which is not in the backup: {row['reason']}"
        for row in lost
    ]


_WITHDRAWN = """
    SELECT id, url, NULL AS number, withdrawn_reason AS reason FROM documents WHERE withdrawn_at IS NOT NULL AND merged_into IS NULL
    UNION ALL SELECT d.id, d.url, v.number, v.withdrawn_reason FROM versions v JOIN documents d ON d.id = v.document
    WHERE v.withdrawn_at IS NOT NULL AND d.withdrawn_at IS NULL ORDER BY 1, 3
"""


def _put_aside(paths: Paths, now: datetime) -> Path:
    aside = paths.data / f"replaced-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for name in _ORDER:  # with their -wal: what is committed there is part of the file
        for path in paths.data.glob(f"{name}*"):
            path.replace(aside / path.name)
    sync(aside)
    return aside


def _begin_epoch(directory: Path, manifest: Manifest, now: datetime) -> None:
    """A new epoch in the restored files; cursors that would be ahead of the restored feed go back to its end."""
    with closing(open_for_writing(directory / ARCHIVE, archive_migrations).conn) as db:
        db.execute("BEGIN IMMEDIATE")
        epochs.begin(
            db, iso(now), first_seq=manifest.ledger_seq + 1, previous=(manifest.epoch, manifest.head)
        )
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if (directory / ALERTS).exists():
        with closing(open_for_writing(directory / ALERTS, alert_migrations).conn) as db:
            db.execute("UPDATE subscriptions SET cursor = min(cursor, ?)", [manifest.feed_seq])
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in manifest.files:
        sync(directory / name)
    for leftover in directory.glob("*.db-*"):
        leftover.unlink()
