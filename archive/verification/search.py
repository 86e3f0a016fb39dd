"""The full-text index against the texts that it indexes."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from archive import search
from archive.store import ARCHIVE, LockedError, Paths, TargetError, exclusive
from archive.verification.findings import UNREADABLE, Findings

_WORDS = "SELECT term, doc, col, offset FROM temp.{0}"
_FRESH = (
    "SELECT s.document, s.title, s.document_number, s.index_number, s.issuing_body, b.text FROM search_state s"
    " LEFT JOIN bodies b ON b.sha256 = s.body_sha256"
)


def check_index(findings: Findings, paths: Paths) -> None:
    """SQLite's own check of the index. It needs a write transaction, so while others write, and of a backup, it is done on a copy."""
    findings.progress(f"{ARCHIVE}: search index", 0, 0)
    try:
        if os.access(paths.archive, os.W_OK):
            with exclusive(paths), closing(sqlite3.connect(paths.archive, isolation_level=None)) as db:
                found = _integrity(db)
        else:
            found = _of_a_copy(findings, paths)
    except (LockedError, TargetError, OSError):
        found = _of_a_copy(findings, paths)
    except UNREADABLE as error:
        found = str(error)
    if found is not None:
        _name_documents(findings, found)


def _integrity(db: sqlite3.Connection) -> str | None:
    search.register(db)
    db.execute("BEGIN IMMEDIATE")
    try:
        return search.integrity_check(db)
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _of_a_copy(findings: Findings, paths: Paths) -> str | None:
    place = paths.data if os.access(paths.data, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=place) as directory:
        copy = Path(directory) / ARCHIVE
        with closing(sqlite3.connect(copy, isolation_level=None)) as db:
            findings.connections[ARCHIVE].backup(db)
            return _integrity(db)


def _segmented(text: str | None) -> str | None:
    """As it is indexed; what is no valid UTF-8 any more, and is named elsewhere, becomes question marks."""
    return search.segment(text.encode("utf-8", "replace").decode()) if isinstance(text, str) else None


def _name_documents(findings: Findings, found: str) -> None:
    """Index the texts once more, beside the stored index, and name the documents in which the two differ."""
    db = findings.connections[ARCHIVE]
    columns = ", ".join(search.COLUMNS)
    before = findings.damages
    try:
        db.execute(
            f"CREATE VIRTUAL TABLE temp.stored USING fts5vocab('main', '{search.FTS_TABLE}', 'instance')"
        )
        db.execute(
            f"CREATE VIRTUAL TABLE temp.anew USING fts5({columns}, content='', tokenize=\"{search.TOKENIZER}\")"
        )
        db.execute("CREATE VIRTUAL TABLE temp.fresh USING fts5vocab('temp', 'anew', 'instance')")
        rows = ((row[0], *map(_segmented, tuple(row)[1:])) for row in db.execute(_FRESH))
        db.executemany(f"INSERT INTO temp.anew(rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
        stored, fresh = _WORDS.format("stored"), _WORDS.format("fresh")
        differing = (
            f"SELECT DISTINCT doc FROM (SELECT * FROM ({stored} EXCEPT {fresh})"  # noqa: S608
            f" UNION ALL SELECT * FROM ({fresh} EXCEPT {stored})) ORDER BY doc"
        )
        for (document,) in db.execute(differing).fetchall():
            findings.add(ARCHIVE, "search", document, f"the search index is not that of its text ({found})")
    except UNREADABLE as error:
        found = f"{found}; {error}"
    if findings.damages == before:
        findings.add(
            ARCHIVE,
            "search",
            None,
            f"the search index is damaged ({found}): `gongkai verify --rebuild-index`",
        )
