"""One page served at many addresses is none of the documents: its versions are taken back at the end of the run.

A site under repair, or one that is asked too fast, answers every address with the same page and status 200 (CSRC serves the
index of the section). No list of telling words knows them all; that three documents turn into one and the same page does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from archive import problems, search
from archive.model import COLUMN_FIELDS, Problem, Severity
from archive.resolve import resolve

_LEAST = 3  # different documents whose addresses answered with the same bytes
_RECORD = (*(spec.name for spec in COLUMN_FIELDS), "body_sha256")
_RESTORED = ", ".join(f"{name} = (SELECT {name} FROM versions WHERE id = :before)" for name in _RECORD)  # noqa: S608
# Documents that were one text before are no three: a list may link one notice by several spellings of its address.
# By its bytes, or by what is read in them: a counter or another choice of links may make its bytes others each time.
_SHARED = """
    SELECT {what} AS what, count(DISTINCT v.document) AS documents FROM versions v JOIN version_sources s ON s.version = v.id
    JOIN versions p ON p.document = v.document AND p.number = v.number - 1
    WHERE v.run = ? AND v.number > 1 AND s.role = 'page' GROUP BY {what}
    HAVING count(DISTINCT coalesce(p.fingerprint, p.id)) >= ?
"""
_VERSIONS = """
    SELECT v.id, v.document, v.number, v.first_seen_at, d.url FROM versions v JOIN version_sources s ON s.version = v.id
    JOIN documents d ON d.id = v.document
    WHERE v.run = ? AND v.number > 1 AND s.role = 'page' AND {what} = ? ORDER BY v.number DESC
"""
# The document was there when it was last read, and where it was gone it is gone still.
_NOT_SEEN = (
    "UPDATE documents SET last_present_at = (SELECT last_seen_at FROM versions WHERE id = ?) WHERE id = ?"
)
_STILL_ABSENT = """
    UPDATE addresses SET absent_since = d.first_absent_at, absent_checks = d.absent_checks FROM documents d
    WHERE d.id = addresses.document AND d.id = ? AND d.status IN ('missing', 'removed') AND addresses.absent_since IS NULL
    AND addresses.last_confirmed_at >= (SELECT started_at FROM runs WHERE id = ?)
"""


def retract(
    db: sqlite3.Connection, run: int, site: str, now: datetime, waiting: Iterable[Mapping[int, str]]
) -> list[str]:
    """Take back the run's versions that many documents share, inside the caller's transaction; why, in words.

    ``waiting``: documents, and their addresses, that showed one strange page which is no version yet (archive.waits.doubts).

    Observations and captures stay: that the address answered so is a fact. Versions of new documents stay too: one document
    may be published at several addresses at once.
    """
    shared = [
        (row["documents"], list(_take_back(db, run, what, row["what"])))
        for what in ("s.sha256", "v.fingerprint")
        for row in db.execute(_SHARED.format(what=what), [run, _LEAST]).fetchall()
    ]
    shared += [(len(urls), list(urls.values())) for urls in waiting if len(urls) >= _LEAST]
    reasons = []
    for documents, urls in shared:
        message = (
            f"{documents} documents' addresses answered with one and the same page: taken for none of them"
        )
        problem = Problem(code="same_page_everywhere", message=message, severity=Severity.ERROR, url=urls[0])
        problems.note(db, site, run, [problem], None, now)
        reasons.append(f"{message} (first: {urls[0]})")
    return reasons


def _take_back(db: sqlite3.Connection, run: int, what: str, shared: str) -> Iterator[str]:
    touched = []
    for row in db.execute(_VERSIONS.format(what=what), [run, shared]).fetchall():
        before = db.execute(
            "SELECT id FROM versions WHERE document = ? AND number = ?", [row["document"], row["number"] - 1]
        ).fetchone()
        db.execute(
            "DELETE FROM changes WHERE document = ? AND (to_version = ? OR from_version = ?)",
            [row["document"], row["id"], row["id"]],
        )
        db.execute(  # edits that wait, and that it seemed to overtake
            "UPDATE changes SET dropped_at = NULL WHERE document = ? AND kind IN ('edited', 'attachment')"
            " AND feed_seq IS NULL AND dropped_at = ?",
            [row["document"], row["first_seen_at"]],
        )
        for table in ("attachments", "citations", "version_sources"):
            db.execute(f"DELETE FROM {table} WHERE version = ?", [row["id"]])  # noqa: S608
        db.execute(
            f"UPDATE documents SET {_RESTORED}, current_version = :before, versions = :number WHERE id = :document",  # noqa: S608
            {"before": before["id"], "number": row["number"] - 1, "document": row["document"]},
        )
        db.execute("DELETE FROM versions WHERE id = ?", [row["id"]])
        db.execute(_NOT_SEEN, [before["id"], row["document"]])
        db.execute(_STILL_ABSENT, [row["document"], run])
        touched.append(row["document"])
        yield row["url"]
    search.index_documents(db, touched)
    resolve(db, touched)
