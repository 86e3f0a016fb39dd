"""Rows of a version, as they are written first and rewritten by a later reading of the same capture."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from archive.fingerprint import fingerprint, storable
from archive.model import COLUMN_FIELDS, Disclosure, Evidence
from archive.resolve import cited_keys
from archive.rows import evidence_json, record_columns
from archive.storage import texts

SET = ", ".join(f"{spec.name} = ?" for spec in COLUMN_FIELDS)


def content_fingerprint(disclosure: Disclosure) -> str:
    """The fingerprint with the attachments left out: tells an edit from a replaced attachment."""
    return fingerprint(replace(disclosure, attachments=()))


def _opt(text: str | None) -> str | None:
    return None if text is None else storable(text)


def rewrite(
    db: sqlite3.Connection,
    version: int,
    disclosure: Disclosure,
    evidence: tuple[Evidence, ...],
    revision: str,
) -> None:
    """Put another reading of its capture in a version's place, inside the caller's transaction: all derived values.

    The document's own row follows when the version is its current one; the caller brings the search index up to date.
    """
    body = texts.store(db, disclosure.body_text)
    values = [*record_columns(disclosure), body]
    db.execute(
        f"UPDATE versions SET {SET}, body_sha256 = ?, fingerprint = ?, content_sha256 = ?, extractor_revision = ?,"  # noqa: S608
        " evidence = ? WHERE id = ?",
        [
            *values, fingerprint(disclosure), content_fingerprint(disclosure), revision, evidence_json(evidence), version,
        ],
    )  # fmt: skip
    is_current = db.execute(
        f"UPDATE documents SET {SET}, body_sha256 = ?"  # noqa: S608
        " WHERE id = (SELECT document FROM versions WHERE id = ?) AND current_version = ?",
        [*values, version, version],
    ).rowcount
    for table in ("attachments", "citations"):
        db.execute(f"DELETE FROM {table} WHERE version = ?", [version])  # noqa: S608
    site = db.execute(
        "SELECT d.site FROM documents d JOIN versions v ON v.document = d.id WHERE v.id = ?", [version]
    ).fetchone()[0]
    insert_parts(db, site, version, disclosure)
    if not is_current:
        newer = db.execute(
            "SELECT w.id FROM versions v JOIN versions w ON w.document = v.document AND w.number > v.number WHERE v.id = ?"
            " ORDER BY w.number LIMIT 1",
            [version],
        ).fetchone()
        if newer is not None:
            texts.supersede(db, version, newer[0])


def insert_parts(db: sqlite3.Connection, site: str, version: int, disclosure: Disclosure) -> None:
    """The rows of a version's attachments and citations; ``site``: of its document."""
    db.executemany(
        "INSERT INTO attachments (version, position, name, url, media_type, sha256, size, text_sha256, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                version, i, storable(a.name), a.url, a.media_type, a.sha256, a.size, texts.store(db, a.text), a.state.value,
            )
            for i, a in enumerate(disclosure.attachments)
        ],
    )  # fmt: skip
    db.executemany(
        "INSERT INTO citations (version, relation, document_number, title, quote, number_key, title_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (version, c.relation.value, number, title, storable(c.quote), *cited_keys(number, title, site))
            for c in disclosure.citations
            for number, title in [(_opt(c.document_number), _opt(c.title))]
        ],
    )
