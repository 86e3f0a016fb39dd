"""Read stored captures again with today's extractor: derived values are rewritten, no change is told.

The parser's change is not the government's: a version keeps its number, its time and its place in the feed, whatever a
better extractor finds in its capture.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from archive import problems, search
from archive.captures import CaptureDamagedError, CaptureMissingError, CaptureStore
from archive.diff import diff_fields
from archive.fingerprint import is_bare_name, storable_disclosure
from archive.model import Attachment, Disclosure, Evidence, Extraction, Problem, Severity
from archive.resolve import resolve
from archive.rewrite import rewrite
from archive.rows import load_disclosure

_BATCH = 100  # versions of one transaction
_SAMPLES = 3  # of a field's changes, in the report


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A capture as it is read again, with what was known when it was read first."""

    site: str
    url: str
    body: bytes
    content_type: str | None
    context: str | None  # what the catalogue's row said
    answered: str | None = None  # the Date header that came with it
    locator: str | None = None  # inside an answer that holds many documents
    # (address, body, Content-Type) of further pages of the text
    further: tuple[tuple[str, bytes, str | None], ...] = ()


class Extractor(Protocol):
    """What reads stored pages; :class:`crawler.stored_pages.SiteExtractors` is the one there is."""

    def revision(self, site: str) -> str:
        """The revision of the extractor for the pages of a site."""
        ...

    def read(self, page: StoredPage) -> Extraction:
        """The record of a page."""
        ...

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        """The text of an attachment's file; None where none can be had."""
        ...


@dataclass(frozen=True, slots=True)
class Reread:
    """A version as today's extractor reads it."""

    disclosure: Disclosure
    evidence: tuple[Evidence, ...]
    is_part: bool = False  # the text goes on on further pages, none of which was fetched with it


@dataclass(slots=True)
class FieldReport:
    """How often a field differs, with examples as (document, version number, old, new)."""

    documents: set[int] = field(default_factory=set)
    versions: int = 0
    samples: list[tuple[int, int, str | None, str | None]] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What reading again changes. ``unread`` counts versions that stay as they are, by reason."""

    versions: int = 0
    rewritten: int = 0
    fields: dict[str, FieldReport] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)


def read_version(
    db: sqlite3.Connection,
    captures: CaptureStore,
    version: int,
    old: Disclosure,
    extractor: Extractor,
    *,
    texts: frozenset[str] | None = None,
) -> Reread | str:
    """A stored version as ``extractor`` reads its capture today, or why it cannot be read.

    no_capture, damaged, no_record, text_lost: rules that were made for other pages, as after a change of platform, find nothing.

    Hashes of attachments stay; the files of those in ``texts`` are read again too, where it is None all of them.
    """
    row = db.execute(
        "SELECT CASE WHEN s.locator IS NULL THEN s.url ELSE d.url END AS url, s.sha256, s.locator, s.capture, d.site,"
        " v.context FROM version_sources s"
        " JOIN versions v ON v.id = s.version JOIN documents d ON d.id = v.document"
        " WHERE s.version = ? AND role IN ('page', 'api') ORDER BY role DESC",
        [version],
    ).fetchone()
    if row is None:
        return "no_capture"
    try:
        body, content_type = captures.body(row["sha256"]), captures.content_type(row["capture"])
        answered = captures.header(row["capture"], "Date")
        further = tuple(_further_pages(db, captures, version))
    except CaptureMissingError:
        return "no_capture"
    except CaptureDamagedError:
        return "damaged"
    page = StoredPage(
        site=row["site"], url=row["url"], body=body, content_type=content_type, context=row["context"],
        locator=row["locator"], further=further, answered=answered,
    )  # fmt: skip
    extraction = extractor.read(page)
    if extraction.disclosure is None:
        return "no_record"
    again = _as_known(storable_disclosure(extraction.disclosure), old.attachments)
    came = {a.url for a in again.attachments} - {a.url for a in old.attachments}
    if not (again.body_text or came) and (old.body_text or (old.attachments and not again.attachments)):
        return "text_lost"
    if again.attachments and texts != frozenset():
        read = tuple(
            with_text(captures, a, extractor) if texts is None or a.sha256 in texts else a
            for a in again.attachments
        )
        again = storable_disclosure(replace(again, attachments=read))
    return Reread(again, extraction.evidence, is_part=bool(extraction.further and not further))


def note_unread(db: sqlite3.Connection, version: int, why: str, run: int, at: datetime) -> None:
    """Keep that a version stays as an older extractor read it, though something else was found since. ``why``: of :func:`read_version`."""
    row = db.execute(
        "SELECT d.id, d.site, v.number, v.withdrawn_at, coalesce(s.url, d.url) AS url, s.sha256 FROM versions v"
        " JOIN documents d ON d.id = v.document LEFT JOIN version_sources s ON s.version = v.id AND s.role IN ('page', 'api')"
        " WHERE v.id = ? ORDER BY s.role DESC",
        [version],
    ).fetchone()
    if row["withdrawn_at"] is not None:
        return
    message = (
        f"版本 {row['number']} 的存档网页无法用今天的提取程序重读，与新内容的差异可能出自提取程序"
        f" version {row['number']} cannot be read again from its stored answer ({why}): what differs may be the extractor's doing"
    )
    problem = Problem(code="version_not_reread", message=message, url=row["url"], value=row["sha256"])
    problems.note(db, row["site"], run, [problem], row["id"], at)


def stored_record(
    db: sqlite3.Connection, document: int, version: int, url: str, run: int, at: datetime
) -> Disclosure | None:
    """The record of a version, to compare with what ``url`` says now; None where its row or text is damaged, which is noted.

    The new answer is a capture, and its edit is found when a backup has been restored: one damaged row does not end a collection.
    """
    try:
        return load_disclosure(db, version)
    except (LookupError, ValueError) as error:
        message = f"{error}；无从比较，请用备份恢复 nothing can be compared with it: restore a backup"
        problem = Problem(code="damaged_row", message=message, severity=Severity.ERROR, url=url)
        site = db.execute("SELECT site FROM documents WHERE id = ?", [document]).fetchone()[0]
        problems.note(db, site, run, [problem], document, at)
        return None


def _further_pages(
    db: sqlite3.Connection, captures: CaptureStore, version: int
) -> Iterator[tuple[str, bytes, str | None]]:
    parts = db.execute(
        "SELECT url, sha256, capture FROM version_sources WHERE version = ? AND role = 'part'"
        " ORDER BY length(url), url",
        [version],
    )
    for part in parts:
        yield part["url"], captures.body(part["sha256"]), captures.content_type(part["capture"])


def _as_known(again: Disclosure, old: Sequence[Attachment]) -> Disclosure:
    """What a page does not say of its files: their bytes and text, what they were named, and where they moved, since.

    They are recognised by address, by name, and those whose names say nothing by their order.
    """
    found, left = dict[int, Attachment](), list(old)
    for key in ("url", "name"):
        for place, a in enumerate(again.attachments):
            same = (known for known in left if getattr(known, key) == getattr(a, key))
            if place not in found and (known := next(same, None)) is not None:
                found[place] = known
                left.remove(known)
    rest = [n for n, a in enumerate(again.attachments) if n not in found and is_bare_name(a.name, a.url)]
    if len(rest) == len(left):
        found.update(zip(rest, left, strict=True))
    return replace(
        again,
        attachments=tuple(
            replace(known, name=known.name if is_bare_name(a.name, a.url) else a.name)
            if (known := found.get(place)) is not None
            else a
            for place, a in enumerate(again.attachments)
        ),
    )


def with_text(captures: CaptureStore, attachment: Attachment, extractor: Extractor) -> Attachment:
    """An attachment with the text of its file, as it is stored, where it is."""
    if attachment.sha256 is None:
        return attachment
    try:
        body = captures.body(attachment.sha256)
    except (CaptureMissingError, CaptureDamagedError):
        return attachment
    return replace(attachment, text=extractor.attachment_text(attachment, body))


def reparse(
    db: sqlite3.Connection,
    captures: CaptureStore,
    extractor: Extractor,
    *,
    site: str | None,
    apply: bool,
    progress: Callable[[int], None],
) -> Report:
    """Read every version of an older revision again, and rewrite it when ``apply`` is set: then call it under the writer's lock.

    What is rewritten is committed every hundred versions: a run that was killed goes on where it stopped. ``progress`` is
    called with the number of versions read since its last call.
    """
    report = Report()
    for key in _sites(db, site):
        revision = extractor.revision(key)
        for batch in _batches(db, key, revision):
            changed = [_one(db, captures, extractor, row, report) for row in batch]
            if apply:
                _write(
                    db,
                    [(row, reread) for row, reread in zip(batch, changed, strict=True) if reread],
                    revision,
                )
                report.rewritten += sum(reread is not None for reread in changed)
            progress(len(batch))
    return report


def waiting(db: sqlite3.Connection, extractor: Extractor, site: str | None) -> int:
    """The number of versions that an older revision of the extractor made."""
    count = "SELECT count(*) FROM versions v JOIN documents d ON d.id = v.document WHERE d.site = ?"
    count += " AND extractor_revision <> ? AND v.withdrawn_at IS NULL"
    return sum(db.execute(count, [key, extractor.revision(key)]).fetchone()[0] for key in _sites(db, site))


def _sites(db: sqlite3.Connection, site: str | None) -> list[str]:
    return [
        row[0]
        for row in db.execute("SELECT key FROM sites WHERE ? IS NULL OR key = ? ORDER BY key", [site, site])
    ]


def _batches(db: sqlite3.Connection, site: str, revision: str) -> Iterator[Sequence[sqlite3.Row]]:
    last = 0
    while True:
        rows = db.execute(
            "SELECT v.id, v.number, v.document FROM versions v JOIN documents d ON d.id = v.document"
            " WHERE d.site = ? AND v.extractor_revision <> ? AND v.withdrawn_at IS NULL AND v.id > ? ORDER BY v.id LIMIT ?",
            [site, revision, last, _BATCH],
        ).fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _one(
    db: sqlite3.Connection, captures: CaptureStore, extractor: Extractor, row: sqlite3.Row, report: Report
) -> Reread | None:
    report.versions += 1
    try:
        old = load_disclosure(db, row["id"])
    except (LookupError, ValueError):
        report.unread["damaged_row"] += 1
        return None
    reread = read_version(db, captures, row["id"], old, extractor)
    if isinstance(reread, str):
        report.unread[reread] += 1
        return None
    for name, before, after in _differences(old, reread.disclosure):
        found = report.fields.setdefault(name, FieldReport())
        found.versions += 1
        if row["document"] not in found.documents and len(found.samples) < _SAMPLES:
            found.samples.append((row["document"], row["number"], before, after))
        found.documents.add(row["document"])
    return reread


def _differences(old: Disclosure, new: Disclosure) -> Iterator[tuple[str, str | None, str | None]]:
    for change in diff_fields(old, new):
        yield change.field, change.old, change.new
    if old.body_text != new.body_text:
        yield "body_text", _length(old.body_text), _length(new.body_text)
    for name in ("attachments", "citations"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield name, str(len(before)), str(len(after))


def _length(text: str | None) -> str | None:
    return None if text is None else f"{len(text)} characters"


def _write(db: sqlite3.Connection, rereads: Sequence[tuple[sqlite3.Row, Reread]], revision: str) -> None:
    if not rereads:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for row, reread in rereads:
            rewrite(db, row["id"], reread.disclosure, reread.evidence, revision)
        search.index_documents(db, sorted({row["document"] for row, _ in rereads}))
        resolve(db, sorted({row["document"] for row, _ in rereads}))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def as_json(report: Report) -> dict[str, object]:
    """The report as plain values."""
    return {
        "versions": report.versions, "rewritten": report.rewritten, "unread": dict(report.unread),
        "fields": {
            name: {
                "documents": len(found.documents), "versions": found.versions,
                "samples": [dict(zip(("document", "version", "old", "new"), sample, strict=True)) for sample in found.samples],
            }
            for name, found in sorted(report.fields.items())
        },
    }  # fmt: skip
