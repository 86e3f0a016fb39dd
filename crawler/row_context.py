"""What a catalogue's row says of a document, as it is kept, and the document's page read together with it.

The spider and a later reading of the same capture have this in common: bytes and context in, record out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from archive.batch import Fetch, Found, Outcome, Role, Source
from archive.model import SHANGHAI, Extraction, PageKind, Problem, Severity
from crawler.extract.body.further_pages import FurtherPage
from crawler.extract.characters.charset import Decoded
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.page_data.json_answer import json_record
from crawler.extract.rules import ExtractionRules
from crawler.json_paths import first
from crawler.lists.records import read_json
from crawler.outcomes import of_page_kind
from crawler.platforms.base import ListError, ListRow

# Key of a context: the capture is an answer that holds many documents, and this one here.
_LOCATOR = "locator"


def is_in_answer(context: str | None) -> bool:
    """Whether a document with this context exists only as a row of an answer: it has no page to ask for."""
    return context is not None and f'"{_LOCATOR}"' in context and _LOCATOR in json.loads(context)


def context_of(row: ListRow | None) -> str | None:
    """What a catalogue's row said of a document, as `addresses.context` keeps it; None when it said nothing."""
    if row is not None and row.locator is not None:
        return json.dumps({_LOCATOR: row.locator}, ensure_ascii=False)
    if row is None or not (row.record or row.hints):
        return None
    return json.dumps({"record": row.record, "hints": dict(row.hints)}, ensure_ascii=False, sort_keys=True)


def extract_with_context(
    body: bytes,
    url: str,
    content_type: str | None,
    context: str | None,
    book: FieldBook,
    rules: ExtractionRules,
    decoded: Decoded | None = None,
    *,
    classified: bool = False,
    further: Sequence[FurtherPage] = (),
    answered: str | None = None,
) -> Extraction:
    """A page together with what its catalogue's row said of it.

    ``decoded`` and ``classified`` are what :func:`crawler.answers.read_answer` already found out; ``further`` are
    further pages of the text; ``answered`` is the Date header that came with the page.
    """
    given: Mapping[str, Any] = json.loads(context) if context else {}
    if (locator := given.get(_LOCATOR)) is not None:
        try:
            answer = read_json(body, content_type, url)
        except ListError as error:
            problem = Problem(code="not_json", message=str(error), severity=Severity.ERROR, url=url)
            return Extraction(url=url, kind=PageKind.UNREADABLE, problems=(problem,))
        return extract_row(answer, locator, url, book, rules)
    return extract_page(
        body, url, book=book, content_type=content_type, rules=rules, hints=given.get("hints") or None,
        api_record=given.get("record") or None, decoded=decoded, classified=classified, further=further,
        headers={"Date": answered} if answered else None,
    )  # fmt: skip


def extract_row(answer: Any, locator: str, url: str, book: FieldBook, rules: ExtractionRules) -> Extraction:
    """The document that a JSON answer holds at ``locator``; ``url`` is the document's own address."""
    row = first(answer, locator)
    record = json_record(row, rules) if isinstance(row, dict) else {}
    return extract_page(b"{}", url, book=book, rules=rules, api_record=record, classified=True)


def with_dates_ahead(extraction: Extraction, at: datetime) -> Extraction:
    """The same extraction, and a problem for a day on which a document cannot have been issued or published yet.

    A day is allowed for clocks and zones. What takes effect or expires may lie ahead.
    """
    latest = at.astimezone(SHANGHAI).date() + timedelta(days=1)
    days = {name: getattr(extraction.disclosure, name, None) for name in ("issued_on", "published_on")}
    ahead = tuple(
        Problem(
            code="date_ahead",
            message=f"{name} {day} lies ahead of {latest - timedelta(days=1)}, when the page was read",
            severity=Severity.WARNING,
            field=name,
            value=str(day),
            url=extraction.url,
        )
        for name, day in days.items()
        if day is not None and day > latest
    )
    return replace(extraction, problems=(*extraction.problems, *ahead)) if ahead else extraction


def found_of(
    extraction: Extraction,
    source: Source,
    url: str,
    row: ListRow | None,
    context: str | None,
    at: datetime,
    revision: str,
) -> Found | None:
    """The document that an extraction describes, found at ``url``; None where it describes none."""
    if extraction.kind is not PageKind.DOCUMENT or extraction.disclosure is None:
        return None
    return Found(
        url=url, aliases=row.aliases if row else (), extraction=with_dates_ahead(extraction, at), at=at, sources=(source,),
        extractor_revision=revision, row_hash=row.row_hash if row else None, context=context,
    )  # fmt: skip


def judged(
    fetch: Fetch, extraction: Extraction, row: ListRow | None, context: str | None, revision: str
) -> tuple[Fetch, Found | None]:
    """An answer with the document in it. What the extractor says of the page may still make it none."""
    if fetch.capture is not None:
        source = Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.PAGE)
        found = found_of(extraction, source, fetch.url, row, context, fetch.at, revision)
        if found is not None:
            return fetch, found
    verdict = of_page_kind(extraction.kind)
    if verdict is not None:
        return replace(fetch, outcome=verdict[0], detail=verdict[1], capture=None), None
    return replace(fetch, outcome=Outcome.FAILED, detail=_why_no_record(fetch, extraction)), None


_NO_RECORD = {
    PageKind.LIST: "the page is a list, and no document",
    PageKind.OTHER: "the page shows no document: no title with a text or a file",
    PageKind.UNREADABLE: "the page cannot be read",
}


def _why_no_record(fetch: Fetch, extraction: Extraction) -> str:
    """For `gongkai runs show`: what a person sees who opens the address."""
    if fetch.capture is not None and not fetch.capture.body.strip():
        return f"status {fetch.status} and an empty answer"
    why = _NO_RECORD.get(extraction.kind, extraction.kind.value)
    if extraction.kind is PageKind.UNREADABLE and extraction.problems:
        why += f": {extraction.problems[0].message}"
    return f"no record: {why}"
