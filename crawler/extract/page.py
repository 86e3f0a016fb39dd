"""Bytes of a page → Extraction: the one entry of the extractor. Pure: no clock, no network, no files but its own code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxml import etree

from archive.model import Attachment, Disclosure, Extraction, PageKind, Place, Problem, Severity
from crawler.extract import (
    attachments,
    blockpage,
    blocks,
    charset,
    citations,
    headfoot,
    meta,
    numbers,
    title,
    walls,
)
from crawler.extract import body as texts
from crawler.extract.fields import FieldBook
from crawler.extract.labels import Pair, line_pairs, parse_fragments
from crawler.extract.links import absolute
from crawler.extract.meta import Candidate
from crawler.extract.rules import ExtractionRules
from crawler.extract.text import clean, compare_key, label_key
from crawler.normalise import assemble

_NO_RULES = ExtractionRules()
_LIBRARIES = ("lxml", "beautifulsoup4", "charset-normalizer", "cssselect")
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"Rar!", "rar"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_HEAD_LINES = 8  # of the body, in which lines like "来源：… 时间：…" may stand
_PAGER = re.compile(
    r"上一页.{0,2000}?下一页|createPageHTML\s*\(|共\s*(?:<[^>]+>)?\d+(?:</[^>]+>)?\s*[页条]", re.DOTALL
)
_PLATFORM_MARKS = (
    ("gkmlpt", re.compile(r"window\s*\.\s*_CONFIG\s*=|/gkmlpt/")),
    ("ucap", re.compile(r"UCAP-CONTENT|<ucapcontent|_isAgg=true", re.IGNORECASE)),
    ("jcms", re.compile(r"ZJEG_RSS|/module/(?:visitcount|web/jpage|jslib)/|name=[\"']Maketime|hiddenLocation", re.IGNORECASE)),
    ("trs", re.compile(r"TRS_Editor|trs_editor_view|TRS_UEDITOR|createPageHTML|/t20\d{6}_\d+\.s?html|W0?20\d{6}")),
)  # fmt: skip


@dataclass(slots=True)
class _Work:
    """What is known of the page while it is being read."""

    url: str
    book: FieldBook
    rules: ExtractionRules
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    site: dict[str, str] = field(default_factory=dict)
    json_body: str | None = None
    lines: list[str] = field(default_factory=list)
    attachments: tuple[Attachment, ...] = ()
    how: str = "none"  # the body was found
    paged: bool = False  # "上一页 1 2 3 下一页", "共 12 页"
    linked: float = 0.0  # share of the page's text that is links

    def add(self, candidate: Candidate) -> None:
        """Keep a candidate; the same value from the same kind of place counts once."""
        seen = ((c.field, c.raw, c.place) for c in self.candidates)
        if (candidate.field, candidate.raw, candidate.place) not in seen:
            self.candidates.append(candidate)

    def say(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.problems.append(Problem(code=code, message=message, severity=severity, url=self.url))


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
) -> Extraction:
    """What a page says: its record with evidence and problems, or why it gives none (``kind``).

    ``hints`` are fields known from the catalogue's row (place LIST); ``api_record`` is the JSON record that
    describes the document, keys mapped by fields.yml. ``body`` may be JSON itself.
    Raises crawler.extract.fields.FieldFileError where ``rules.labels`` names no field.
    """
    rules = rules or _NO_RULES
    work = _Work(url, book.with_labels(rules.labels), rules)
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return _nothing(work, PageKind.OTHER, "not_html", f"the answer is a {name} file, not a page")
    decoded = charset.decode(body, content_type)
    work.problems.extend(
        Problem(code=p.code, message=p.message, severity=p.severity, url=url) for p in decoded.problems
    )
    text = decoded.text.replace("\x00", "")
    if decoded.encoding is None:
        return Extraction(url=url, kind=PageKind.UNREADABLE, problems=tuple(work.problems))
    kind = blockpage.classify(status, headers or {}, text[: walls.MAX_BYTES], url)
    wall = walls.check(text)
    if wall is not None and kind is None:
        work.problems.append(wall)
        return Extraction(url=url, kind=PageKind.UNREADABLE, problems=tuple(work.problems))
    platform = next((name for name, mark in _PLATFORM_MARKS if mark.search(text)), None)
    record, is_json = _json(text)
    embedded = None if is_json else meta.embedded_detail(text)
    if kind is PageKind.EMPTY_SHELL and (embedded or api_record):
        kind = None
    if kind is not None:
        return _nothing(work, kind, str(kind), f"recognised as {kind}: no document is read from it", platform)
    _given(work, hints, api_record if api_record is not None else record)
    if embedded:
        _json_values(work, embedded, work.book.api, Place.EMBEDDED)
    if not is_json:
        _read_html(work, text)
    if work.json_body is not None and (not work.lines or work.how == "density" or embedded):
        _read_json_body(work, work.json_body)
    return _finish(work, platform, is_json=is_json)


def _nothing(work: _Work, kind: PageKind, code: str, message: str, platform: str | None = None) -> Extraction:
    work.say(code, message, Severity.INFO)
    return Extraction(url=work.url, kind=kind, platform=platform, problems=tuple(work.problems))


def _json(text: str) -> tuple[Mapping[str, Any] | None, bool]:
    """(record, whether the text is JSON at all)."""
    stripped = text.lstrip("\ufeff \r\n\t")
    if not stripped.startswith(("{", "[")):
        return None, False
    try:
        value = json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return None, False
    for key in ("data", "article", "detail", "result"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
    return (value if isinstance(value, dict) else None), True


def _given(work: _Work, hints: Mapping[str, str] | None, record: Mapping[str, Any] | None) -> None:
    if record is not None:
        _json_values(work, record, work.book.api, Place.API)
    for name, value in (hints or {}).items():
        work.candidates.append(Candidate(name, "", value, Place.LIST))


def _json_values(
    work: _Work, record: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], place: Place
) -> None:
    found, markup = meta.json_candidates(record, keys, place)
    work.candidates.extend(found)
    work.json_body = work.json_body or markup
    work.files.extend(meta.json_files(record, keys))


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    data = text.encode("utf-8", errors="replace")
    return etree.fromstring(data, parser) if data.strip() else None


def _read_html(work: _Work, text: str) -> None:
    try:
        root = _parse(text)
    except etree.XMLSyntaxError:  # "Document is empty"
        root = None
    if root is None:
        return
    found, work.site = meta.meta_candidates(root, work.book)
    work.candidates.extend(found)
    for item in meta.ld_json(root):
        _json_values(work, item, work.book.ld_json, Place.EMBEDDED)
    for selector in work.rules.remove:
        for element in texts.compile_selector(selector)(root):
            _drop(element)
    base = _base(root, work.url)
    hits = blocks.label_hits(root, work.book)
    records = [b for b in blocks.group(hits) if blocks.is_record(b)]
    cell = _body_cell(hits, work.book)
    metadata = [
        p for b in records if b.structured for p in blocks.label_rows(b, work.book) if not _inside(cell, p)
    ]
    container, work.how = texts.find_container(
        root, work.book, selectors=work.rules.body, labelled=lambda: cell, skip=metadata
    )
    chosen = _outside(records, container)
    _read_blocks(work, chosen, container)
    skip = [p for b in chosen for p in blocks.label_rows(b, work.book) if not _inside(container, p)]
    heading = title.heading(root, container, work.book, work.site)
    if container is not None:
        work.lines = texts.lines(container, work.book, skip={*skip, *title.elements(root)})
        _read_head_lines(work)
    known = any(c.field == "title" and c.place is not Place.LIST for c in work.candidates)
    for candidate in title.candidates(
        root, heading, container, work.lines, work.book, work.site, known=known, read=skip
    ):
        work.add(candidate)
    work.attachments = attachments.find(root, container, base, work.book)
    work.paged = bool(_PAGER.search(text))
    _weigh(work, root, container)


def _base(root: etree._Element, url: str) -> str:
    tag = root.find(".//base")
    return (absolute(url, tag.get("href")) or url) if tag is not None else url


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        _remove_keeping_tail(parent, element)


def _remove_keeping_tail(parent: etree._Element, element: etree._Element) -> None:
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _inside(element: etree._Element | None, outer: etree._Element) -> bool:
    """Whether an element is, or lies in, another."""
    return element is not None and (element is outer or any(a is outer for a in element.iterancestors()))


def _body_cell(hits: list[blocks.Hit], book: FieldBook) -> etree._Element | None:
    """The cell that the label 信息内容 announces: the rest of its row, the next row, or the next element."""
    for hit in hits:
        if hit.field != "body_text":
            continue
        current = hit.element
        while (
            current.tag not in ("td", "th", "dt", "p", "div", "li", "h2", "h3", "h4")
            and current.getparent() is not None
        ):
            current = current.getparent()
        following = _following(current)
        if following is None and current.tag in ("td", "th"):
            row = current.getparent()
            next_row = _following(row) if row is not None else None
            following = next_row.find("td") if next_row is not None and next_row.tag == "tr" else next_row
        elif following is None:
            parent = current.getparent()
            following = _following(parent) if parent is not None and parent.tag == "div" else None
        if following is not None and texts.visible_length(following) > 40:
            return following
    return None


def _following(element: etree._Element) -> etree._Element | None:
    return next(
        (
            e
            for e in element.itersiblings()
            if isinstance(e.tag, str) and e.tag not in ("script", "style", "br")
        ),
        None,
    )


def _outside(records: list[blocks.Block], container: etree._Element | None) -> list[blocks.Block]:
    """Label blocks that describe the document: those outside its text, and inside only full records.

    A penalty notice's own table has 名称 and 日期 too; a record in the text names its index number, or
    three fields among them number or issuer, with colons.
    """
    if container is None:
        return records
    chosen = []
    for block in records:
        if not all(_inside(part, container) and part is not container for part in block.parts):
            chosen.append(block)
            continue
        distinct = block.distinct
        strong = (
            len(distinct) >= 3 and block.coloned >= 3 and bool(distinct & {"document_number", "issuing_body"})
        )
        if ("index_number" in distinct and len(distinct) >= 2) or strong:
            chosen.append(block)
    return chosen


def _read_blocks(work: _Work, chosen: list[blocks.Block], container: etree._Element | None) -> None:
    fragments = [_fragment(block, container, work.book) for block in chosen]
    if not any(fragments):
        return
    for block, pairs in zip(chosen, parse_fragments(fragments, work.book), strict=True):
        place = Place.TABLE if block.structured else Place.LINE
        for pair in pairs:
            if pair.field != "body_text":
                work.add(_candidate(pair, place))


def _candidate(pair: Pair, place: Place) -> Candidate:
    return Candidate(pair.field, pair.label, pair.value, place)


def _fragment(block: blocks.Block, container: etree._Element | None, book: FieldBook) -> str:
    """Markup of a block without the document's text: of a table that holds it, only its other rows."""
    if block.kind == "table":
        if not _inside(container, block.element):
            return _markup(block.element)
        rows = [
            r for r in block.element.iter("tr") if _own_row(r, block.element) and not _inside(container, r)
        ]
        return "<table>" + "".join(_markup(row) for row in rows) + "</table>"
    parts = _run(block.parts, book) if block.kind == "loose" else block.parts
    return "".join(_markup(part) for part in parts if not _inside(container, part))


def _own_row(row: etree._Element, table: etree._Element) -> bool:
    return next(row.iterancestors("table"), None) is table


def _run(parts: list[etree._Element], book: FieldBook) -> list[etree._Element]:
    """The parts and what stands between them: a value may be an element of its own without any label."""
    run: list[etree._Element] = [parts[0]]
    between: list[etree._Element] = []
    for sibling in parts[0].itersiblings():
        if not isinstance(sibling.tag, str) or sibling.tag in ("table", "script", "style"):
            continue
        between.append(sibling)
        if sibling in parts:
            run.extend(between)
            between = []
        elif len(between) > 3:
            break
    rest = [part for part in parts if part not in run]
    # <div>内容描述</div><div>…</div>: the value of a label at the end is the next element.
    lone = between and label_key("".join(run[-1].itertext())) in book.labels
    return [*run, *(between[:1] if lone else ()), *rest]


def _markup(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def _read_head_lines(work: _Work) -> None:
    """Lines like ``来源：X 发布时间：Y`` at the head of the text are about the page, not part of the text."""
    kept: list[str] = []
    for index, line in enumerate(work.lines):
        pairs = line_pairs(line, work.book) if index < _HEAD_LINES and len(line) <= 160 else []
        known = {p.field for p in pairs} & {
            "content_source",
            "published_on",
            "document_number",
            "index_number",
        }
        if known and not re.search(r"[。；]", line):
            for pair in pairs:
                work.add(_candidate(pair, Place.LINE))
        else:
            kept.append(line)
    work.lines = kept


def _read_json_body(work: _Work, markup: str) -> None:
    root = _parse(f"<div id='gk-body'>{markup}</div>") if walls.check(markup) is None else None
    if root is None:
        work.say("body_not_parsed", "the body inside JSON is too deep or too large to parse", Severity.ERROR)
        return
    work.lines = texts.lines(root, work.book)
    work.how = "json"
    known = {a.url for a in work.attachments}
    more = attachments.find(root, root, work.url, work.book)
    work.attachments += tuple(a for a in more if a.url not in known)


def _weigh(work: _Work, root: etree._Element, container: etree._Element | None) -> None:
    if work.how == "density":
        total = texts.visible_length(root)
        links = sum(len("".join(a.itertext()).strip()) for a in root.iter("a"))
        work.linked = links / total if total else 0.0
    if container is not None and sum(map(len, work.lines)) < 40:
        if any(True for _ in container.iter("img")):
            work.say("body_in_images", "the text is in images; none was read", Severity.INFO)
        elif work.attachments:
            work.say(
                "body_in_attachment", "the page has no text of its own, only attached files", Severity.INFO
            )


def _is_list(work: _Work) -> bool:
    named = {
        c.field for c in work.candidates if c.place in (Place.META, Place.TABLE, Place.API, Place.EMBEDDED)
    }
    if named & {"title", "index_number"} or work.how in ("rule", "marker", "label", "json"):
        return False
    titled = any(c.field == "title" and c.place is not Place.LIST for c in work.candidates)
    if work.paged and not titled:
        return True
    return work.linked > 0.6 and (work.how == "density" or not work.lines)


def _finish(work: _Work, platform: str | None, *, is_json: bool) -> Extraction:
    if not is_json and _is_list(work):
        return _nothing(work, PageKind.LIST, "list", "a page of links, not a document", platform)
    own = _add_own(work)
    text = "\n".join(work.lines) or None
    files = work.attachments
    listed = attachments.from_records(work.files, work.url)
    files += tuple(a for a in listed if a.url not in {f.url for f in files})
    page_candidates = [c for c in work.candidates if c.place is not Place.LIST]
    if text is None and not files and not any(c.field in ("title", "index_number") for c in page_candidates):
        kind = PageKind.LIST if is_json else PageKind.OTHER
        return _nothing(
            work, kind, "nothing_found", "neither text nor fields of a document were found", platform
        )
    disclosure, evidence, found = assemble(
        work.candidates, url=work.url, book=work.book, body_text=text, attachments=files
    )
    if text and work.how == "density" and disclosure.title:
        text = "\n".join(_without_title(work.lines, disclosure.title)) or None
        disclosure = replace(disclosure, body_text=text)
    if text:
        number, name = disclosure.document_number or own, disclosure.title
        cited = citations.find(text, own_number=number, own_title=name)
        disclosure = replace(disclosure, citations=cited)
    problems = (*work.problems, *found)
    if _broken(disclosure):
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
    )


def _without_title(lines: list[str], name: str) -> list[str]:
    """Lines without the title they begin with.

    Where the text's element was found by density, its edge is accidental: a new template must not turn the
    title into a line of the text. In a known container the title lines are the publisher's text.
    """
    wanted, joined = compare_key(name), ""
    for index, line in enumerate(lines[:5]):
        joined += compare_key(line)
        if joined == wanted:
            return lines[index + 1 :]
        if not wanted.startswith(joined):
            break
    return lines


def _broken(disclosure: Disclosure) -> bool:
    values = (
        disclosure.title,
        disclosure.body_text,
        disclosure.issuing_body,
        disclosure.document_number,
        disclosure.summary,
    )
    return any("\ufffd" in value for value in values if value)


def _add_own(work: _Work) -> str | None:
    """Candidates from the document's own head and foot. Returns its own number, if its head shows one."""
    shown = headfoot.own_number(work.lines)
    own_title = headfoot.own_title(work.lines)
    if shown:
        work.candidates.append(Candidate("document_number", "", shown, Place.BODY))
    if own_title and label_key(own_title) not in work.book.generic_headings:
        work.candidates.append(Candidate("title", "", own_title, Place.BODY))
    for candidate in list(work.candidates):
        if candidate.field == "title":
            bracketed = numbers.in_title(clean(candidate.raw))
            if bracketed:
                work.candidates.append(Candidate("document_number", "title", bracketed, candidate.place))
                break
    signed = headfoot.signature(work.lines)
    if signed:
        if signed.bodies:
            work.candidates.append(Candidate("issuing_body", "", "、".join(signed.bodies), Place.BODY))
        if signed.date_line:
            work.candidates.append(Candidate("issued_on", "", signed.date_line, Place.BODY))
    return numbers.own_line(shown) if shown else None


def extractor_revision(book: FieldBook, rules: ExtractionRules | None = None) -> str:
    """What made a record: the hash of the extraction code, fields.yml, the site's rules and the parsers' versions."""
    return _revision(book.digest, (rules or _NO_RULES).key())


@lru_cache(maxsize=1024)
def _revision(book: str, rules: tuple[object, ...]) -> str:
    digest = hashlib.sha256(_code_hash().encode())
    digest.update(repr((book, rules)).encode())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def _code_hash() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), here.parent / "normalise.py"]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name}={version(name)};".encode())
    digest.update(repr(etree.LIBXML_VERSION).encode())
    return digest.hexdigest()
