"""The reading side: the feed of changes, documents and their versions. Read-only connections will do."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive import events
from archive.diff import FieldChange
from archive.identity import url_key
from archive.model import ChangeKind, Disclosure, Evidence, Significance
from archive.rows import evidence_from, load_disclosure, reading
from archive.standing import forget_dropped
from archive.times import iso, parse


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One released event, with the document it is about."""

    id: int
    feed_seq: int
    document: int
    site: str
    kind: ChangeKind
    significance: Significance | None
    reasons: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    from_version: int | None  # number of the version within its document
    to_version: int | None
    from_url: str | None
    to_url: str | None
    last_present_at: datetime | None
    first_absent_at: datetime | None
    detected_at: datetime
    run: int | None
    title: str | None
    url: str
    index_number: str | None
    document_number: str | None
    issuing_body: str | None
    withdrawn_at: str | None = None  # of the document, or of the version that it tells of
    issued_on: str | None = None  # 成文日期, as the record says it: YYYY-MM-DD
    published_on: str | None = None  # 发布日期

    @property
    def day(self) -> tuple[str, str] | None:
        """Of which day its document is: the field (a key of :data:`archive.words.DAY_WORDS`) and YYYY-MM-DD."""
        if self.published_on is not None:
            return "published_on", self.published_on
        return ("issued_on", self.issued_on) if self.issued_on is not None else None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version, without its content."""

    id: int
    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    significance: Significance | None
    reasons: tuple[str, ...]
    fingerprint: str
    withdrawn_at: str | None
    withdrawn_reason: str | None
    waits: bool  # what it brought is not believed yet, and told to nobody


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version with its record and evidence."""

    document: int
    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    significance: Significance | None
    reasons: tuple[str, ...]
    extractor_revision: str
    disclosure: Disclosure
    evidence: tuple[Evidence, ...]
    withdrawn_at: str | None = None  # then all of it is empty
    withdrawn_reason: str | None = None


_CHANGES = """
    SELECT c.*, f.number AS from_number, t.number AS to_number, d.url, coalesce(d.withdrawn_at, t.withdrawn_at) AS withdrawn_at,
           {record}
    FROM changes c JOIN documents d ON d.id = c.document
    LEFT JOIN versions f ON f.id = c.from_version LEFT JOIN versions t ON t.id = c.to_version
    WHERE c.feed_seq IS NOT NULL AND c.dropped_at IS NULL {where} ORDER BY c.feed_seq {order} {limit}
"""


# As the version that it tells of says them; of what tells of none, as the document says them now.
_OF_RECORD = ", ".join(
    f"CASE WHEN t.id IS NULL THEN d.{name} ELSE t.{name} END AS {name}"
    for name in ("title", "index_number", "document_number", "issuing_body", "issued_on", "published_on")
)


def changes(
    connection: sqlite3.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    site: str | None = None,
    kind: ChangeKind | None = None,
    significance: Significance | None = None,
    after_seq: int | None = None,
    before_seq: int | None = None,
    without_baseline: bool = False,
    limit: int | None = None,
) -> list[ChangeRow]:
    """Released events, oldest first; with ``limit``, the newest ones (or, with ``after_seq``, the next ones).

    Those that were detected at ``since`` are among them, those at ``until`` are not; both aware.
    """
    conditions = {
        "c.detected_at >= ?": iso(since) if since else None,
        "c.detected_at < ?": iso(until) if until else None,
        "c.site = ?": site,
        "c.kind = ?": kind.value if kind else None,
        "c.significance = ?": significance.value if significance else None,
        "c.feed_seq > ?": after_seq,
        "c.feed_seq < ?": before_seq,
    }
    used = {text: value for text, value in conditions.items() if value is not None}
    if without_baseline:
        used["c.kind <> ?"] = ChangeKind.BASELINE.value
    newest = limit is not None and after_seq is None
    sql = _CHANGES.format(
        record=_OF_RECORD,
        where="".join(f" AND {text}" for text in used),
        order="DESC" if newest else "ASC",
        limit=f"LIMIT {int(limit)}" if limit is not None else "",
    )
    rows = [_change(row) for row in connection.execute(sql, list(used.values()))]
    return rows[::-1] if newest else rows


def _change(row: sqlite3.Row) -> ChangeRow:
    with reading("changes", row["id"]):
        return ChangeRow(
            id=row["id"], feed_seq=row["feed_seq"], document=row["document"], site=row["site"],
            kind=ChangeKind(row["kind"]), significance=Significance(row["significance"]) if row["significance"] else None,
            reasons=tuple(json.loads(row["reasons"] or "[]")),
            fields=tuple(FieldChange(**f) for f in json.loads(row["fields"] or "[]")),
            from_version=row["from_number"], to_version=row["to_number"], from_url=row["from_url"], to_url=row["to_url"],
            last_present_at=parse(row["last_present_at"]) if row["last_present_at"] else None,
            first_absent_at=parse(row["first_absent_at"]) if row["first_absent_at"] else None,
            detected_at=parse(row["detected_at"]), run=row["run"], title=row["title"], url=row["url"],
            index_number=row["index_number"], document_number=row["document_number"], issuing_body=row["issuing_body"],
            withdrawn_at=row["withdrawn_at"], issued_on=row["issued_on"], published_on=row["published_on"],
        )  # fmt: skip


def end_of_feed(connection: sqlite3.Connection) -> int:
    """The highest feed_seq given so far, 0 for none."""
    row = connection.execute("SELECT value FROM archive WHERE key = 'feed_seq'").fetchone()
    return int(row[0]) if row else 0


def epoch_and_head(connection: sqlite3.Connection) -> tuple[str, str | None]:
    """The archive's epoch, and the newest head of its ledger."""
    epoch = connection.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()
    head = connection.execute("SELECT head FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    return str(epoch[0]), str(head[0]) if head else None


def resolve_document(connection: sqlite3.Connection, reference: str) -> list[int]:
    """Documents that ``#id``, a URL or an index number (索引号) names; a merged one leads to its history."""
    text = reference.strip()
    if not text.isprintable():  # control characters, and bytes of a command line that are no UTF-8
        return []
    if text.removeprefix("#").isdecimal() and (text.startswith("#") or len(text) < 10):
        sql, values = "SELECT id FROM documents WHERE id = ?", [text.removeprefix("#")]
    elif text.startswith(("http://", "https://")):
        sql, values = "SELECT document FROM addresses WHERE url_key = ?", [url_key(text)]
    else:
        sql, values = "SELECT id FROM documents WHERE index_number = ?", [text]
    found = [row[0] for row in connection.execute(sql, values)]
    merged = [
        connection.execute("SELECT coalesce(merged_into, id) FROM documents WHERE id = ?", [d]).fetchone()[0]
        for d in found
    ]
    return sorted(set(merged))


def versions_of(connection: sqlite3.Connection, document: int) -> list[VersionRow]:
    """Versions of a document, oldest first."""
    rows = connection.execute(
        "SELECT *, EXISTS (SELECT 1 FROM changes c WHERE c.document = v.document AND c.to_version = v.id AND c.feed_seq IS NULL"
        " AND c.dropped_at IS NULL) AS waits FROM versions v WHERE document = ? ORDER BY number",
        [document],
    )
    return [_version(row) for row in rows]


def _version(row: sqlite3.Row) -> VersionRow:
    with reading("versions", row["id"]):
        return VersionRow(
            id=row["id"], number=row["number"], first_seen_at=parse(row["first_seen_at"]),
            last_seen_at=parse(row["last_seen_at"]),
            significance=Significance(row["significance"]) if row["significance"] else None,
            reasons=tuple(json.loads(row["reasons"] or "[]")), fingerprint=row["fingerprint"],
            withdrawn_at=row["withdrawn_at"], withdrawn_reason=row["withdrawn_reason"], waits=bool(row["waits"]),
        )  # fmt: skip


def load_version(connection: sqlite3.Connection, document: int, number: int | None = None) -> StoredVersion:
    """One version, by default the current one. Raises LookupError when there is none."""
    row = connection.execute(
        "SELECT * FROM versions WHERE document = ? AND (number = ? OR (? IS NULL AND id ="
        " (SELECT current_version FROM documents WHERE id = ?)))",
        [document, number, number, document],
    ).fetchone()
    if row is None:
        raise LookupError(f"document {document} has no version {number}")
    with reading("versions", row["id"]):
        return StoredVersion(
            document=document, number=row["number"], first_seen_at=parse(row["first_seen_at"]),
            last_seen_at=parse(row["last_seen_at"]),
            significance=Significance(row["significance"]) if row["significance"] else None,
            reasons=tuple(json.loads(row["reasons"] or "[]")), extractor_revision=row["extractor_revision"],
            disclosure=load_disclosure(connection, row["id"]), evidence=evidence_from(row["evidence"]),
            withdrawn_at=row["withdrawn_at"], withdrawn_reason=row["withdrawn_reason"],
        )  # fmt: skip


def accept_run(connection: sqlite3.Connection, run: int, *, at: datetime) -> int:
    """Release what a run held; the number of changes. Raises LookupError when it holds nothing."""
    return _decide(connection, run, at, accept=True)


def drop_run(connection: sqlite3.Connection, run: int, *, at: datetime) -> int:
    """Never tell what a run held; the number of changes. Raises LookupError when it holds nothing."""
    return _decide(connection, run, at, accept=False)


def _decide(connection: sqlite3.Connection, run: int, at: datetime, *, accept: bool) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        row = connection.execute("SELECT held, resolved FROM runs WHERE id = ?", [run]).fetchone()
        if row is None:
            raise LookupError("there is no such run")
        if not row["held"] or row["resolved"]:
            raise LookupError(f"it holds nothing ({row['resolved'] or 'never held'})")
        count = events.resolve_held(
            connection, run, iso(at), accept=accept, verdict="accepted" if accept else "dropped"
        )
        if not accept:
            forget_dropped(connection, run)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return count
