"""Where each document stands, as the database keeps it: :mod:`archive.presence` decides, this writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from archive.events import DROPPED_BY_A_PERSON, add_change
from archive.model import ChangeKind, DocumentStatus
from archive.presence import GONE, Confirmation, Signal, Standing, step
from archive.times import iso, parse

# Out of every catalogue that ever listed it. While a document is missing its status does not tell.
_UNLISTED = (
    "(EXISTS (SELECT 1 FROM listings WHERE document = documents.id)"
    " AND NOT EXISTS (SELECT 1 FROM listings WHERE document = documents.id AND unlisted_at IS NULL))"
)

_ABSENCES = "'missing', 'removed', 'unlisted'"


def store_standing(db: sqlite3.Connection, document: int, after: Standing) -> None:
    """Write where a document stands."""
    db.execute(
        "UPDATE documents SET status = ?, first_absent_at = ?, absent_checks = ? WHERE id = ?",
        [
            after.status.value,
            iso(after.first_absent_at) if after.first_absent_at else None,
            after.absent_checks,
            document,
        ],
    )


def signal(
    db: sqlite3.Connection, site: str, run: int, document: int, what: Signal, at: datetime, rule: Confirmation,
    *, unless_gone: bool = False, reasons: Sequence[str] = (),
) -> None:  # fmt: skip
    """Tell the state machine what was learned of a document, and keep what it says.

    ``unless_gone``: nothing is learned of one that counts as missing or removed.
    """
    row = db.execute(
        f"SELECT status, first_absent_at, absent_checks, last_present_at, {_UNLISTED} AS unlisted FROM documents WHERE id = ?",  # noqa: S608 — a constant
        [document],
    ).fetchone()
    status = DocumentStatus(row["status"])
    if unless_gone and status in GONE:
        return
    first = parse(row["first_absent_at"]) if row["first_absent_at"] else None
    checks = row["absent_checks"]
    absent, present = row["first_absent_at"], row["last_present_at"]
    if status is DocumentStatus.MISSING and absent and present and absent < present <= iso(at):
        first, checks = None, 0  # noted on a clock that was behind, and no days have passed: counted anew
    unlisted = bool(row["unlisted"])
    if unlisted and what is Signal.SEEN and status in GONE and not _told_as_unlisted(db, document):
        _list_again(db, document)
        unlisted = False
    before = Standing(status, unlisted, checks, first)
    after, kind = step(before, what, at, rule)
    if after != before:
        store_standing(db, document, after)
    if kind is not None:
        absent = after.first_absent_at or before.first_absent_at
        add_presence_change(db, document, site, run, kind, row["last_present_at"], absent, iso(at), reasons)
    if what is Signal.SEEN and row["last_present_at"] != iso(at):
        db.execute("UPDATE documents SET last_present_at = ? WHERE id = ?", [iso(at), document])


def _told_as_unlisted(db: sqlite3.Connection, document: int) -> bool:
    """Whether readers know that no catalogue has a document."""
    last = db.execute(
        "SELECT kind FROM changes WHERE document = ? AND feed_seq IS NOT NULL AND kind IN ('unlisted', 'restored', 'moved')"
        " ORDER BY feed_seq DESC LIMIT 1",
        [document],
    ).fetchone()
    return last is not None and last["kind"] == ChangeKind.UNLISTED


def _list_again(db: sqlite3.Connection, document: int) -> None:
    """A page that left its list while it was away may be in it again with its return: the next walk to the list's end says."""
    db.execute(
        "UPDATE listings SET unlisted_at = NULL WHERE document = :document"
        " AND unlisted_at = (SELECT max(unlisted_at) FROM listings WHERE document = :document)",
        {"document": document},
    )


def add_presence_change(
    db: sqlite3.Connection,
    document: int,
    site: str,
    run: int,
    kind: ChangeKind,
    last_present_at: str | None,
    first_absent_at: datetime | None,
    at: str,
    reasons: Sequence[str] = (),
) -> None:
    """An event of presence. A return before readers were told of the absence cancels both."""
    url, status = db.execute("SELECT url, status FROM documents WHERE id = ?", [document]).fetchone()
    if kind is ChangeKind.RESTORED:
        db.execute(
            "UPDATE changes SET dropped_at = ? WHERE document = ? AND kind IN ('missing', 'removed', 'unlisted')"
            " AND feed_seq IS NULL AND dropped_at IS NULL",
            [at, document],
        )
        told = db.execute(
            "SELECT kind FROM changes WHERE document = ? AND feed_seq IS NOT NULL AND kind IN"
            " ('missing', 'removed', 'unlisted', 'restored', 'moved') ORDER BY feed_seq DESC LIMIT 1",
            [document],
        ).fetchone()
        if told is None or told["kind"] in ("restored", "moved"):
            return  # readers never heard that it was gone
        if told["kind"] == status == DocumentStatus.UNLISTED:
            return  # they know how it stands, and never heard that its page was away
    add_change(
        db, document, site, run, kind, at, to_url=url, last_present_at=last_present_at,
        first_absent_at=iso(first_absent_at) if first_absent_at else None, reasons=reasons,
    )  # fmt: skip


def forget_dropped(db: sqlite3.Connection, run: int) -> None:
    """Documents whose absence a person has just dropped with a run stand as if that had not been seen, and are looked at anew.

    Else the state machine would be where it tells nothing more, and readers would never hear of an absence that lasts. Whether
    a list has such a document the next walk to that one's end says.
    """
    documents = db.execute(
        "SELECT d.id, d.status, d.first_absent_at, (SELECT kind FROM changes k WHERE k.document = d.id AND k.dropped_at IS NULL"  # noqa: S608
        f" AND k.kind IN ({_ABSENCES}, 'restored', 'moved') ORDER BY k.id DESC LIMIT 1) AS known FROM documents d"
        " WHERE d.merged_into IS NULL AND EXISTS (SELECT 1 FROM changes c WHERE c.document = d.id AND c.held_by_run = ?"
        f" AND c.kind IN ({_ABSENCES}) AND {DROPPED_BY_A_PERSON}) AND d.status IN ({_ABSENCES})",
        [run],
    ).fetchall()
    for document, status, first_absent_at, known in documents:
        absent = known not in (None, "restored", "moved")
        stands = DocumentStatus(known) if absent else DocumentStatus.PRESENT
        if stands == status:
            continue
        first = parse(first_absent_at) if stands in GONE else None
        store_standing(db, document, Standing(stands, first_absent_at=first))
        if not absent:
            _list_again(db, document)


def returned(db: sqlite3.Connection, site: str) -> list[tuple[int, datetime]]:
    """Documents that were gone and whose address has answered since, and when.

    To be asked when a run ends: a page that it got at many addresses is none of the documents (archive.histories.impostors).
    """
    rows = db.execute(
        "SELECT d.id, max(a.last_confirmed_at) FROM documents d JOIN addresses a ON a.document = d.id"
        " WHERE d.site = ? AND d.status IN ('missing', 'removed') AND a.role <> 'former' AND a.absent_since IS NULL"
        " AND a.last_confirmed_at >= d.first_absent_at GROUP BY d.id ORDER BY d.id",
        [site],
    )
    return [(row[0], parse(row[1])) for row in rows]
