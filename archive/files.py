"""Addresses of attachments: what their servers said of the files, and whether that is honest."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from sqlite_utils import Database

from archive.batch import Fetch, KnownFile, Outcome, Role
from archive.model import Disclosure
from archive.storage import texts
from archive.times import iso, parse

# Versions that list a file, the newest: a picture without a text may hang on thousands of pages.
_LOOKED_AT = 20


def create_files(db: Database) -> None:
    """Create `files`. Called by a migration."""
    db.table("files").create(
        {
            "site": str, "url": str,
            "sha256": str,  # of the file as last fetched
            "etag": str, "last_modified": str,
            "validators_honest": int,  # NULL: not known yet; 0 for good, once equal ones came with other bytes
            "last_confirmed_at": str,  # 200 or 304
            "last_unconditional_at": str,
        },
        pk=("site", "url"), not_null={"sha256"}, foreign_keys=[("site", "sites", "key")],
    )  # fmt: skip


def known(db: sqlite3.Connection, site: str) -> list[KnownFile]:
    """The attachments of a site's current versions whose files have been fetched, each address once."""
    rows = db.execute(
        "SELECT f.url, f.sha256, min(v.extractor_revision), f.etag, f.last_modified, f.validators_honest,"
        " f.last_unconditional_at FROM documents d JOIN versions v ON v.id = d.current_version"
        " JOIN attachments a ON a.version = v.id"
        " JOIN files f ON f.site = d.site AND f.url = a.url AND f.sha256 = a.sha256"
        " WHERE d.site = ? GROUP BY f.url HAVING count(DISTINCT v.extractor_revision) = 1",
        [site],
    )
    return [
        KnownFile(
            url=r[0], sha256=r[1], extractor_revision=r[2], etag=r[3], last_modified=r[4], validators_honest=r[5] == 1,
            last_unconditional_at=parse(r[6]) if r[6] else None,
        )
        for r in rows
    ]  # fmt: skip


def with_read_texts(db: sqlite3.Connection, disclosure: Disclosure, revision: str) -> Disclosure:
    """``disclosure`` with what this revision of the extractor has read of its files for another document before.

    A file that is known is neither sent nor read again, whichever document links to it.
    """
    attachments = tuple(
        replace(a, size=row["size"], media_type=row["media_type"] or a.media_type, text=texts.read(db, row["text_sha256"]))
        if a.sha256 and a.text is None and (row := _read_before(db, a.sha256, revision)) is not None
        else a
        for a in disclosure.attachments
    )  # fmt: skip
    return (
        disclosure if attachments == disclosure.attachments else replace(disclosure, attachments=attachments)
    )


def _read_before(db: sqlite3.Connection, sha256: str, revision: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT a.size, a.media_type, a.text_sha256 FROM (SELECT * FROM attachments WHERE sha256 = ? ORDER BY id DESC LIMIT ?) a"
        " JOIN versions v ON v.id = a.version WHERE a.text_sha256 IS NOT NULL AND v.extractor_revision = ? LIMIT 1",
        [sha256, _LOOKED_AT, revision],
    ).fetchone()
    return row


def confirm(db: sqlite3.Connection, site: str, fetch: Fetch) -> None:
    """Keep what the answer at an attachment's address says of its server's validators. Inside the writer's transaction.

    Honest are validators that came twice with equal bytes, and never with others.
    """
    if fetch.role is not Role.ATTACHMENT or fetch.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED):
        return
    now = iso(fetch.at)
    if fetch.capture is None:
        if fetch.outcome is Outcome.NOT_MODIFIED:
            db.execute(
                "UPDATE files SET last_confirmed_at = ? WHERE site = ? AND url = ?", [now, site, fetch.url]
            )
        return
    before = db.execute(
        "SELECT sha256, etag, last_modified, validators_honest FROM files WHERE site = ? AND url = ?",
        [site, fetch.url],
    ).fetchone()
    honest = before["validators_honest"] if before is not None else None
    said = (fetch.etag, fetch.last_modified)
    if before is not None and said != (None, None) and said == (before["etag"], before["last_modified"]):
        same = before["sha256"] == fetch.capture.sha256
        honest = (1 if honest is None else honest) if same else 0
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, url) DO UPDATE SET sha256 = excluded.sha256,"
        " etag = excluded.etag, last_modified = excluded.last_modified, validators_honest = excluded.validators_honest,"
        " last_confirmed_at = excluded.last_confirmed_at,"
        " last_unconditional_at = coalesce(excluded.last_unconditional_at, last_unconditional_at)",
        [site, fetch.url, fetch.capture.sha256, *said, honest, now, now if fetch.unconditional else None],
    )
