"""Values outside the visible text: meta tags, JSON inside the page, records of a site's API."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from archive.model import Place
from crawler.extract.fields import FieldBook
from crawler.extract.heading.heading_words import one_line
from crawler.extract.page_data.flatten import file_address
from crawler.extract.page_data.json_text import MARKUP, markup_of, whole_characters
from crawler.extract.text import clean, label_key
from crawler.extract.work import Candidate
from crawler.scripts.data import values_in

# Of the files that a record lists
_FILE_NAME = ("name", "title", "attachmentName", "fileName")
_CONFIG = re.compile(r"window\s*\.\s*_CONFIG\s*=")
_DETAIL = re.compile(r"[\"']?DETAIL[\"']?\s*:\s*(?=\{)")
_decoder = json.JSONDecoder(strict=False)
# Where frameworks leave the page's data: __NEXT_DATA__ and __NUXT_DATA__ in script elements, states on window.
_STATE_MARKS = ("__NEXT_DATA__", "__NUXT", "_STATE__", "application/json")
_STATE = re.compile(
    r"<script[^<>]{0,400}?(?:application/json|__NEXT_DATA__|__NUXT_DATA__)[^<>]{0,400}>\s*+(?=[{\[])"
    r"|(?:__NUXT__|__[A-Z_]{0,40}STATE__)\s*+=\s*+(?=[{\[])"
)
_CALLED = re.compile(r"__NUXT__\s*+=\s*+\(function")  # Nuxt 2 hands what occurs twice to a function
_VARIABLE = re.compile(r"(?:\b(?:var|let|const)\s++|\bwindow\.)[A-Za-z_$][\w$]{0,60}+\s*+=\s*+(?=\{\s*+\")")
_LITERAL = re.compile(
    r"(?:\b(?:var|let|const)\s++|\bwindow\.)[A-Za-z_$][\w$]{0,60}+\s*+=\s*+\{\s*+[A-Za-z_']"
)
# When a CMS wrote the page: 页面生成时间 2023-10-23 11:23:36, 2023-10-23 09:51:50_194
_MADE = frozenset({"others", "maketime"})
_SHORTEST_BODY = 20  # characters of a string that can be a document's text
_DEEPEST = 12  # levels of a state that are looked into


def meta_candidates(root: etree._Element, book: FieldBook) -> tuple[list[Candidate], dict[str, str]]:
    """Candidates of the guideline's meta tags; the site's own name and column (``site_name``, ``column``), and when the
    page was generated (``made``).

    Site tags are often repeated, and the first counts: a footer that is a page of its own, put into this one, has its
    own (ColumnName 公共尾, generated years ago). A site-wide ``keywords`` stands before the article's: of keywords,
    only tags after ArticleTitle count, and the last one.
    """
    found: list[Candidate] = []
    site: dict[str, str] = {}
    keywords: Candidate | None = None
    titled = False
    for tag in root.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").strip()
        lowered = name.lower()
        # ArticleTitle: 某办法&lt;br/&gt;的通知
        content = _text(tag.get("content") or "", book.meta.get(lowered, ""))
        if lowered in book.site_meta and content:
            site.setdefault(book.site_meta[lowered], content)
        elif lowered in _MADE and (moment := instant(content)):
            site.setdefault("made", moment)
        field = book.meta.get(lowered)
        if field is None or (field == "title" and label_key(content) in book.generic_headings):
            continue  # <meta name="ArticleTitle" content="通知公告">
        titled = titled or field == "title"
        candidate = Candidate(field, name, content, Place.META)
        if field == "keywords":
            keywords = candidate if titled else None
        else:
            found.append(candidate)
    if keywords is not None and not (site.get("site_name") and site["site_name"][:4] in keywords.raw):
        found.append(keywords)
    return found, site


def instant(raw: str) -> str:
    """The digits of a day and its time to the second, or nothing: ``页面生成时间 2023-10-23 11:23:36``."""
    digits = re.sub(r"\D+", "", raw)
    return digits[:14] if len(digits) >= 14 else ""


def embedded_detail(text: str, keys: Mapping[str, tuple[str, ...]]) -> dict[str, Any] | None:
    """``DETAIL`` of ``window._CONFIG`` (gkmlpt), read as JSON even where the object around it is not; else as JavaScript.

    ``{SID: '1', DETAIL: {title: '某通知', content: '<p>…'}}``, of which a text that cannot be told is not left out.
    """
    start = _CONFIG.search(text)
    if not start:
        return None
    for mark in _DETAIL.finditer(text, start.end()):
        try:
            value, _ = _decoder.raw_decode(text, mark.end())
        except ValueError:
            continue
        if isinstance(value, dict) and value:
            return value
    written = values_in(text) if "DETAIL" in text[start.end() :] else ()
    details = (value.get("DETAIL") for value in written if isinstance(value, dict))
    return next((d for d in details if isinstance(d, dict) and _texts(d, keys)), None)


def embedded_state(text: str, keys: Mapping[str, tuple[str, ...]]) -> dict[str, Any] | None:
    """The document's record in the JSON state of a page built by a JavaScript framework: the longest text."""
    if not any(mark in text for mark in _STATE_MARKS):
        return None
    held = list(_held(text, _STATE, keys))
    if not held and _CALLED.search(text):
        held = [found for value in values_in(text) for found in _articles(value, keys)]
    return max(held, key=lambda found: found[1])[0] if held else None


def embedded_variable(text: str, keys: Mapping[str, tuple[str, ...]]) -> dict[str, Any] | None:
    """The one record in variables of the page's scripts, its text marked up: for a page that shows none.

    ``var detail = {"title": "某通知", "content": "<p>…"};``
    """
    found = [record for record, _ in _held(text, _VARIABLE, keys)]
    if not found and _LITERAL.search(text):  # window.page = {title: '某通知', content: '<p>…'}
        found = [record for value in values_in(text) for record, _ in _articles(value, keys)]
    if len(found) != 1:
        return None  # the rows of a list
    return found[0] if any(MARKUP.search(markup_of(b) or "") for b in _texts(found[0], keys)) else None


def _texts(record: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What a record holds under the keys of a text."""
    named = {key.lower(): value for key, value in record.items()}
    held = (named.get(name.lower()) for name in keys.get("body_text", ()))
    return [text for text in held if isinstance(text, str)]


def _held(
    text: str, pattern: re.Pattern[str], keys: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[dict[str, Any], int]]:
    """Of the JSON values that stand behind a pattern, the objects that have a title and a text, with its length."""
    for mark in pattern.finditer(text):
        try:
            value, _ = _decoder.raw_decode(text, mark.end())
        except (ValueError, RecursionError):
            continue
        yield from _articles(value, keys)


def _articles(value: Any, keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[dict[str, Any], int]]:
    """Objects inside a value that have both a title and a text, with the text's length."""
    titles = {name.lower() for name in keys.get("title", ())}
    bodies = {name.lower() for name in keys.get("body_text", ())}
    waiting: list[tuple[Any, int]] = [(value, 0)]
    flat = value if isinstance(value, list) else None  # Nuxt 3 writes one list whose objects point into it
    seen: set[int] = set()
    while waiting:
        current, depth = waiting.pop()
        if depth > _DEEPEST or id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, list):
            waiting.extend((item, depth + 1) for item in current)
        elif isinstance(current, dict):
            record = _resolved(current, flat)
            waiting.extend((item, depth + 1) for item in record.values() if isinstance(item, dict | list))
            named = {key.lower(): item for key, item in record.items()}
            text = next((named[b] for b in bodies if isinstance(named.get(b), str)), "")
            if len(text) >= _SHORTEST_BODY and any(
                isinstance(named.get(t), str) and named[t] for t in titles
            ):
                yield record, len(text)


def _resolved(record: dict[str, Any], flat: list[Any] | None) -> dict[str, Any]:
    """A record whose values all point into the list; others hold numbers, too: ``{"title": "某通知", "type": 0}``."""
    if flat is None or not all(type(item) is int for item in record.values()):
        return record
    return {key: flat[item] if 0 <= item < len(flat) else None for key, item in record.items()}


def ld_json(root: etree._Element) -> list[dict[str, Any]]:
    """schema.org objects of the page that describe an article."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except ValueError:
            continue
        items = (
            value
            if isinstance(value, list)
            else value.get("@graph", [value])
            if isinstance(value, dict)
            else []
        )
        found.extend(item for item in items if isinstance(item, dict) and "headline" in item)
    return found


def _text(value: Any, of: str = "") -> str:
    """A value as text on one line; ``of``: its field, of which a title may be set in several."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ";".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return ""
    said = MARKUP.sub("", html.unescape(whole_characters(str(value))))
    return one_line(said) if of == "title" else clean(said)


def json_candidates(
    record: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], place: Place
) -> tuple[list[Candidate], str | None]:
    """Candidates of a JSON record, and its body as HTML.

    ``keys`` maps fields to keys in order of preference, compared without case; a field's own name is a key too. An
    epoch stays as written.
    """
    found: list[Candidate] = []
    body: str | None = None
    given = {key.lower(): (key, value) for key, value in reversed(list(record.items()))}
    for field, names in keys.items():
        for name, value in (given[n] for n in dict.fromkeys((*map(str.lower, names), field)) if n in given):
            if field == "body_text":
                body = body or markup_of(value)
            elif field == "repealed" and str(value).lower() in ("1", "true"):
                found.append(Candidate("validity", name, "废止", place))
            elif field == "expired" and str(value).lower() in ("1", "true"):
                found.append(Candidate("validity", name, "失效", place))
            elif field not in ("repealed", "expired", "attachments"):
                raw = _text(value, field)
                if raw:
                    found.append(Candidate(field, name, raw, place))
    return found, body


def json_files(record: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """(name, address) of the files that a JSON record lists."""
    files: list[tuple[str, str]] = []
    given = {key.lower(): value for key, value in record.items()}
    for name in keys.get("attachments", ()):
        for item in _listed(given.get(name.lower())):
            if isinstance(item, dict) and (address := file_address(item)) is not None:
                files.append(
                    (next((said for key in _FILE_NAME if (said := _text(item.get(key)))), ""), address)
                )
    return files


def _listed(items: Any) -> list[Any]:
    """A list, or the one that a text is: "attachments": "[{…}]", as a column of a database holds it."""
    if isinstance(items, str) and items.lstrip()[:1] == "[":
        try:
            items = json.loads(items)
        except (ValueError, RecursionError):
            return []
    return items if isinstance(items, list) else []
