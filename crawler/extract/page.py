"""Bytes of a page → Extraction: the one entry of the extractor. Pure: no clock, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from archive.model import FIELD, Attachment, Extraction, PageKind, Place, Problem, Severity
from crawler.extract.body.further_pages import FurtherPage, join_lines
from crawler.extract.body.general_reader import is_of
from crawler.extract.characters import charset, spoiled
from crawler.extract.cms import cms_of
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.heading.headlines import without_title
from crawler.extract.linked_files import attachments, file_page
from crawler.extract.no_document import blockpage, limits, stand_in
from crawler.extract.no_document.page_of_links import is_list
from crawler.extract.no_document.reasons import why_none
from crawler.extract.own_values import add_own
from crawler.extract.page_data import json_answer, meta
from crawler.extract.reading import json_values, read_html, read_json_body
from crawler.extract.references import citations
from crawler.extract.revision import extractor_revision
from crawler.extract.rules import ExtractionRules
from crawler.extract.struck import standing, without_struck
from crawler.extract.text import clean, compare_key, without_unseen
from crawler.extract.work import Candidate, Work
from crawler.normalise import assemble
from crawler.scripts.written import with_written

__all__ = ["extract_page", "extractor_revision"]

_NO_RULES = ExtractionRules()
_TEMPLATE = re.compile(
    r"<script[^<>]{0,200}type=[\"']?text/template[^<>]{0,200}>((?>(?:[^<]+|<(?!/script))*))</script>",
    re.IGNORECASE,
)
# <textarea id="hid" style="display:none">&lt;p&gt;…, which a script puts in its place
_AREA = re.compile(r"<textarea\b[^<>]{0,400}>([^<]*&lt;/[^<]*)</textarea>", re.IGNORECASE)
# A text in a frame that scrolls it; what moves to the left is said to visitors.
_SCROLLING_UP = re.compile(r"<marquee\b(?=[^<>]{0,200}direction\s*=\s*[\"']?up)", re.IGNORECASE)
_HELD_BACK = re.compile("document\\.write|/template|<marquee|</textarea", re.IGNORECASE)
_NO_TEXT = "a record without a text, and neither a file nor a picture in its place"
_BY_GENERAL_READER = (
    "neither a known element nor the densest one gave the text, a general reader did: name its element"
)
_WHY_NO_TEXT = frozenset({"body_in_images", "body_in_attachment", "body_not_parsed"})


def extract_page(
    body: bytes,
    url: str,
    *,
    book: FieldBook,
    content_type: str | None = None,
    status: int = 200,
    rules: ExtractionRules | None = None,
    hints: Mapping[str, str] | None = None,
    api_record: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    decoded: charset.Decoded | None = None,
    classified: bool = False,
    further: Sequence[FurtherPage] = (),
) -> Extraction:
    """What a page says: its record with evidence and problems, or why it gives none (``kind``).

    ``hints`` are fields known from the catalogue's row (place LIST); ``api_record`` is the JSON record that
    describes the document, keys mapped by fields.yml. ``body`` may be JSON itself. ``decoded`` is the body's text
    where the caller has it already; ``classified`` says that the caller has found it to be no block page, soft 404
    or empty shell. ``further`` are further pages of the text, in order, as far as they were fetched: their lines and
    files are the document's; ``Extraction.further`` names all that there are.
    ``headers`` are those of the answer: a PubDate that is the time of its Date is none.
    Raises crawler.extract.fields.FieldFileError where ``rules.labels`` names no field.
    """
    rules = rules or _NO_RULES
    work = Work(url, book.with_labels(rules.labels).with_api(rules.api), rules, _header(headers, "Date"))
    if (file := file_page.kind_of_file(body)) is not None:
        return _of_file(work, body, file, hints, api_record)
    decoded = decoded or charset.decode(body, content_type)
    work.problems.extend(replace(p, url=url) for p in decoded.problems)
    text = without_unseen(decoded.text.replace("\x00", ""))
    if decoded.encoding is None:
        return Extraction(url=url, kind=PageKind.UNREADABLE, problems=tuple(work.problems))
    kind = None if classified else blockpage.classify(status, headers or {}, text[: limits.MAX_BYTES], url)
    wall = limits.check(text)
    if wall is not None and kind is None:
        return Extraction(url=url, kind=PageKind.UNREADABLE, problems=(*work.problems, wall))
    platform = cms_of(body, url)
    answer = json_answer.read(text, rules, work.book.api)
    record, is_json = (answer.record, True) if answer else (None, False)
    embedded = None if is_json else _embedded(work, text, kind)
    kind = None if kind is PageKind.EMPTY_SHELL and (embedded or api_record) else kind
    if kind is PageKind.EMPTY_SHELL and (led := stand_in.target(text, url)) is not None:
        return _led_to(work, led, further, hints, api_record)
    if kind is not None:
        return _nothing(work, kind, str(kind), f"recognised as {kind}: no document is read from it", platform)
    if answer and answer.why_none and api_record is None:
        return _nothing(work, PageKind.OTHER, "nothing_found", answer.why_none, platform)
    _given(work, hints, record, api_record)
    if embedded:
        json_values(work, embedded, work.book.api, Place.EMBEDDED)
    if not is_json:
        work = _read_page(work, text)
        if _says_nothing(work) and (led := stand_in.target(text, url)) is not None:
            return _led_to(work, led, further, hints, api_record)
        _read_variable(work, text)
        _read_further(work, further)
    if work.json_body is not None and (not work.lines or work.how == "density" or embedded):
        read_json_body(work, work.json_body)
    return _finish(work, platform, is_json=is_json, answered=record is not None and api_record is None)


def _header(headers: Mapping[str, str] | None, name: str) -> str | None:
    return next((value for key, value in (headers or {}).items() if key.lower() == name.lower()), None)


def _embedded(work: Work, text: str, kind: PageKind | None) -> dict[str, Any] | None:
    """The document's record in the JSON of a page: a platform's, a framework's, or in a page without a text any one."""
    found = meta.embedded_detail(text, work.book.api) or meta.embedded_state(text, work.book.api)
    if found is None and kind is PageKind.EMPTY_SHELL:
        return meta.embedded_variable(text, work.book.api)
    return found


def _read_variable(work: Work, text: str) -> None:
    """The document that a variable of a script holds, where nothing else gives a text or a file."""
    if work.lines or work.attachments or work.json_body is not None:
        return
    if (held := meta.embedded_variable(text, work.book.api)) is not None:
        json_values(work, held, work.book.api, Place.EMBEDDED)


def _read_page(work: Work, text: str) -> Work:
    """The page; where it shows no text, a card of no page's (事项名称, 法定依据, 发布单位) is one, or what its scripts write, what these
    and fields of forms hold as markup, and what scrolls.

    ``document.write("<p>" + text + "</p>")``, ``<script type="text/template"><h1>…``
    """
    read_html(work, text)
    if work.lines or work.attachments:
        return work
    if any(c.place is Place.TABLE for c in work.candidates):
        again = _unread(work)
        read_html(again, text, any_card=False)
        if again.lines:
            return again
    if _HELD_BACK.search(text) is None:
        return work
    again = _unread(work)
    shown = _AREA.sub(lambda area: f"<div>{unescape(area[1])}</div>", _TEMPLATE.sub(r"<div>\1</div>", text))
    read_html(again, with_written(_SCROLLING_UP.sub("<div", shown)))
    return again if any("。" in line for line in again.lines) else work


def _unread(work: Work) -> Work:
    """What is known of a page beside what it shows, to read it in another way."""
    given = (Place.LIST, Place.API, Place.EMBEDDED)
    kept = [c for c in work.candidates if c.place in given]
    return replace(work, candidates=kept, problems=list(work.problems), files=list(work.files))


def _says_nothing(work: Work) -> bool:
    told = (c.field for c in work.candidates if c.place is not Place.LIST)
    return not work.lines and not work.attachments and {"title", "index_number"}.isdisjoint(told)


def _led_to(
    work: Work,
    target: str,
    further: Sequence[FurtherPage],
    hints: Mapping[str, str] | None,
    record: Mapping[str, Any] | None,
) -> Extraction:
    """The document that stands on the page a stand-in leads to; that page is asked for as a further one of it."""
    page = next((page for page in further if page.url == target), None)
    if page is None:
        message = f"nothing but the way to {target}"
        return replace(_nothing(work, PageKind.EMPTY_SHELL, "empty_shell", message), further=(target,))
    read = extract_page(
        page.body, target, book=work.book, content_type=page.content_type, rules=work.rules, hints=hints,
        api_record=record, decoded=page.decoded, further=[other for other in further if other is not page],
    )  # fmt: skip
    return replace(read, url=work.url, further=(target, *read.further), leads_to=read.leads_to or target)


def _of_file(
    work: Work, body: bytes, kind: str, hints: Mapping[str, str] | None, record: Mapping[str, Any] | None
) -> Extraction:
    """The document that is a file: what its catalogue's row says of it, and the file as its first attachment."""
    _given(work, hints, record)
    name = next((said for c in work.candidates if c.field == "title" and (said := clean(c.raw))), None)
    if name is None or not file_page.may_be_document(body, work.url):
        return _nothing(work, PageKind.OTHER, "not_html", f"the answer is a {kind} file, not a page")
    work.attachments = (Attachment(name=name, url=work.url),)
    if work.json_body is not None:
        read_json_body(work, work.json_body)
    if not work.lines:
        work.say("body_in_attachment", f"the document is a {kind} file", Severity.INFO)
    return _finish(work, None, is_json=True)


def _nothing(work: Work, kind: PageKind, code: str, message: str, platform: str | None = None) -> Extraction:
    work.say(code, message, Severity.INFO)
    return Extraction(url=work.url, kind=kind, platform=platform, problems=tuple(work.problems))


def _given(work: Work, hints: Mapping[str, str] | None, *records: Mapping[str, Any] | None) -> None:
    for record in records:
        if record is not None:
            json_values(work, record, work.book.api, Place.API)
            _labelled(work, record)
    for name, value in (hints or {}).items():
        field = name if name in FIELD else work.book.field_of(name)
        if field is not None and field != IGNORED:
            work.candidates.append(Candidate(field, "" if field == name else name, value, Place.LIST))


def _labelled(work: Work, record: Mapping[str, Any]) -> None:
    """Keys of a record that are labels as pages show them: {"发文日期": "2024-11-21"}."""
    known = {name for names in work.book.api.values() for name in names}
    for name, value in record.items():
        field = work.book.field_of(name) if name not in known else None
        if field in (None, IGNORED, "body_text") or not isinstance(value, str | int | float):
            continue
        if not isinstance(value, bool) and (raw := clean(str(value))):
            work.candidates.append(Candidate(str(field), name, raw, Place.API))


def _finish(work: Work, platform: str | None, *, is_json: bool, answered: bool = False) -> Extraction:
    if not is_json and is_list(work):
        return _nothing(work, PageKind.LIST, "list", "a page of links, not a document", platform)
    work = work if is_json else _read_generally(work, answered=answered)
    own = add_own(replace(work, lines=standing(work.lines)))
    text = "\n".join(work.lines) or None
    files = _files(work)
    if (none := why_none(work, text, files, is_json=is_json, answered=answered)) is not None:
        kind, why = none
        return _nothing(
            work, kind, "empty_shell" if kind is PageKind.EMPTY_SHELL else "nothing_found", why, platform
        )
    if text is None and (answered or not is_json) and _WHY_NO_TEXT.isdisjoint(p.code for p in work.problems):
        work.say("no_text", _NO_TEXT)
    spoiled.drop(work)
    disclosure, evidence, found = assemble(
        work.candidates, url=work.url, book=work.book, body_text=text, attachments=files
    )
    if text and work.how == "density" and disclosure.title:
        lines = without_title(work.lines, disclosure.title, disclosure.document_number, headed=work.headed)
        text = "\n".join(lines) or None
        disclosure = replace(disclosure, body_text=text)
        if text is None and not files:
            work.say("no_text", _NO_TEXT)
    number, name = disclosure.document_number or own, disclosure.title
    cited = citations.find(without_struck(text), own_number=number, own_title=name) if text else ()
    disclosure = replace(disclosure, citations=citations.with_title(cited, name, own_number=number))
    problems = (*work.problems, *found)
    if spoiled.is_broken(disclosure):
        bad = Problem(
            code="mojibake",
            message="a value holds undecodable characters; bytes kept, text not used",
            severity=Severity.ERROR,
            url=work.url,
        )
        return Extraction(
            url=work.url, kind=PageKind.UNREADABLE, platform=platform, problems=(*problems, bad)
        )
    return Extraction(
        url=work.url,
        kind=PageKind.DOCUMENT,
        platform=platform,
        disclosure=disclosure,
        evidence=evidence,
        problems=problems,
        further=work.further,
    )


def _files(work: Work) -> tuple[Attachment, ...]:
    """The document's files: those that the page leads to, and those that records list."""
    known = {file.url for file in work.attachments}
    listed = attachments.from_records(work.files, work.url)
    return work.attachments + tuple(file for file in listed if file.url not in known)


def _read_generally(work: Work, *, answered: bool) -> Work:
    """The page as a general reader of articles helps to read it, where it is a document's and shows nothing else to read."""

    def is_document(read: Work, text: str | None) -> bool:
        return why_none(read, text, _files(read), is_json=False, answered=answered) is None

    explained = not _WHY_NO_TEXT.isdisjoint(p.code for p in work.problems)
    if work.lines or _files(work) or explained or not is_document(work, None):
        return work
    again = _unread(work)
    read_html(again, work.markup, generally=True)
    titles, others = ({compare_key(c.raw) for c in w.candidates if c.field == "title"} for w in (work, again))
    if not others <= titles or not is_of(titles, again.lines):
        return work
    if is_list(again) or not is_document(again, "\n".join(again.lines)):
        return work
    again.say("body_by_general_reader", _BY_GENERAL_READER, Severity.INFO)
    return again


def _read_further(work: Work, pages: Sequence[FurtherPage]) -> None:
    """The lines and files of further pages of the text, behind those of its first."""
    if not work.further:
        return
    seen, read = set(work.lines), set()
    for page in pages:
        decoded = page.decoded or charset.decode(page.body, page.content_type)
        work.problems.extend(replace(p, url=page.url) for p in decoded.problems)
        part = Work(page.url, work.book, work.rules, first=work.url)
        if decoded.encoding is not None:
            read_html(part, decoded.text.replace("\x00", ""))
        work.further = tuple(dict.fromkeys((*work.further, *part.further)))
        read.add(page.url)
        if seen.issuperset(part.lines) or is_list(part):  # nothing, or what the pages before it say
            message = f"{page.url} is said to be a further page of the text, and shows nothing of it"
            work.say("further_page_empty", message, Severity.INFO)
            continue
        seen.update(part.lines)
        work.lines = join_lines(work.lines, part.lines)
        known = {a.url for a in work.attachments}
        work.attachments += tuple(a for a in part.attachments if a.url not in known)
    if left := [url for url in work.further if url not in read]:
        message = (
            f"the text goes on: {len(left)} further pages are not read here, {left[0]} the first of them"
        )
        work.say("body_continues", message)
