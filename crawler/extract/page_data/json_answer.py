"""A body that is JSON itself, or other data and no page: the record in it, or why there can be none."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crawler.extract.page_data.flatten import flat
from crawler.extract.rules import ExtractionRules
from crawler.json_paths import first, opened

_DECODER = json.JSONDecoder(strict=False)
_FAILURE = re.compile(r"(?:[45]\d\d|fail(?:ed|ure)?|error)$", re.IGNORECASE)  # an answer's code
_WITHOUT_A_WORD = re.compile(r'[\[\]{}",:\d.+-][\s\[\]{}",:\d.+-]*')
# {"code": … [{"id": … ["甲", … {'code': …
_BEGINS = re.compile(r"(?>(?:\[\s*)*)\{\s*(?:\"[^\"<>]{1,100}\"|'[^'<>]{1,100}')\s*:|(?>(?:\[\s*)+)\"")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
# What stands before JSON that a script is to take: callback( · /**/jQuery_17( · var data = · try{cb( · a.cb && a.cb( · while(1); · )]}',
_BEFORE = re.compile(
    r"(?>(?:/\*.{0,200}?\*/\s*|(?:while\s*\(\s*1\s*\)|for\s*\(;;\))\s*;\s*|\)\]\}'?,?\s*|try\s*\{\s*|(?:var|let|const)\s+|[\w$.]{1,80}\s*&&\s*)*)"
    r"(?:[A-Za-z_$][\w$.]{0,80}+\s*[(=]\s*)?(?=[{\[])",
    re.DOTALL,
)
# A script itself: var a = "…"; function b() {…
_SCRIPT = re.compile(
    r"(?>(?:\s|/\*.{0,2000}?\*/|//[^\n]{0,300}\n)*)"
    r"(?:(?:var|let|const)\s+[\w$]+\s*=|[!(;]?\s*function\s*[\w$]*\s*\(|document\.write|[\"']use strict[\"'])",
    re.DOTALL,
)
_PAGE = re.compile(r"<(?:!doctype|html|head|body|div|p|table)\b", re.IGNORECASE)
_BEHIND = re.compile(r"(?:[\s;)]|<!--.{0,300}?-->)*(?:\}?\s*catch\s*\([^<>]{0,40}\}\s*;?)?\s*")
_FEWEST_OF_TEXT = 50  # characters of what is only called like a text
_LARGEST = 100_000  # objects of an answer that are looked through
# An answer as a browser shows it: <html><body><pre>{"code": …}</pre></body></html>
_SHOWN = re.compile(
    r"(?:<(?:!doctype|/?(?:html|head|body|pre|meta|div|p|code))\b[^<>]*>\s*)+(?=[{\[])", re.IGNORECASE
)
_TAGS_BEHIND = re.compile(r"(?:\s*</(?:html|body|pre|div|p|code)\s*>)*\s*\Z", re.IGNORECASE)
# XML that is no page: its first element is none of HTML's. <?xml version="1.0"?><rss>…
_OTHER_XML = re.compile(
    r"(?:<\?xml\b[^<>]{0,200}>(?:\s|<!--.{0,2000}?-->|<\?[^<>]{0,300}>)*<"
    r"(?!!|/?(?:html|head|body|meta|title|link|script|style|div|table|p|span|center|font|form|br|h[1-6])\b)"
    r"|<(?:rss|feed|rdf:rdf|urlset|sitemapindex|wml)\b)",
    re.IGNORECASE | re.DOTALL,
)


Keys = frozenset[str] | re.Pattern[str]
# Keys of a site's own for a title and for a text: noticeTitle, policy_content; and not subTitle
_ALIKE: tuple[Keys, Keys] = (
    re.compile(r"(?!sub|seo|page|meta|short|site|channel|img|pic)\w{0,30}title"),
    re.compile(r"\w{0,30}content"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON body. ``why_none``: in words, why no record can be in it; a record may be missing without that."""

    record: Mapping[str, Any] | None = None
    why_none: str | None = None


def read(text: str, rules: ExtractionRules, keys: Mapping[str, Sequence[str]]) -> Answer | None:
    """The answer that a body is; None for what is no JSON, alone, in a script's call or shown as text, and no other XML.

    ``keys``: field of the record → keys, of which a title and a text make a record wherever they stand in the answer.
    """
    stripped = text.strip("\ufeff \r\n\t")
    if _OTHER_XML.match(stripped):
        return Answer(why_none="the answer is XML, and no page")
    if shown := _SHOWN.match(stripped):
        stripped = html.unescape(_TAGS_BEHIND.sub("", stripped[shown.end() :]))
    before = _BEFORE.match(stripped)
    start = before.end() if before else 0
    try:
        value, end = _DECODER.raw_decode(stripped, start)
    except RecursionError:
        return Answer(why_none="the answer is JSON that is nested too deep")
    except ValueError:
        return _broken(stripped[start:])
    if not _BEHIND.fullmatch(stripped, end):
        return _broken(stripped[start:])
    if not isinstance(value, dict | list):
        return Answer(why_none="the answer is JSON of a single value")
    if isinstance(value, dict) and _failed(value):
        return Answer()
    return Answer(_record(value, rules, keys))


def _record(
    value: dict[str, Any] | list[Any], rules: ExtractionRules, keys: Mapping[str, Sequence[str]]
) -> dict[str, Any] | None:
    """The one object with a title and a text in an answer, else the object under the usual keys."""
    known = tuple(frozenset(k.lower() for k in keys[name]) for name in ("title", "body_text"))
    for meant in (known, _ALIKE):
        found = list(islice(_articles(value, *meant), 2))
        if len(found) == 1 and not rules.api:
            return _by_known_keys(json_record(found[0], rules), meant, keys)
        if found:
            break
    for key in ("data", "article", "detail", "result"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
    return json_record(value, rules) if isinstance(value, dict) else None


def _by_known_keys(
    record: dict[str, Any], meant: Sequence[Keys], keys: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """A record with its title and its text under keys that say so, whatever the site calls them: noticeTitle, noticeContent."""
    for name, own in zip(("title", "body_text"), meant, strict=True):
        if isinstance(own, re.Pattern):
            record[keys[name][0]] = next(item for key, item in record.items() if _is_called(key, own))
    return record


def _is_called(key: str, meant: Keys) -> bool:
    return meant.fullmatch(key.lower()) is not None if isinstance(meant, re.Pattern) else key.lower() in meant


def _articles(value: Any, titles: Keys, bodies: Keys) -> Iterator[dict[str, Any]]:
    """Objects in a value, and in strings that hold JSON, that have a title and a text of their own."""
    waiting, seen = [value], 0
    while waiting and seen < _LARGEST:
        current, seen = opened(waiting.pop()), seen + 1
        if isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            if _has_article(current, titles, bodies):
                yield current
            else:
                waiting.extend(item for item in current.values() if isinstance(item, dict | list | str))


def _has_article(value: Mapping[str, Any], titles: Keys, bodies: Keys) -> bool:
    """Whether an object states a title and a text; of keys that are only called alike there is one each, with a text's length."""
    texts = {key: item for key, item in value.items() if isinstance(item, str | list) and item}
    found = [[item for key, item in texts.items() if _is_called(key, meant)] for meant in (titles, bodies)]
    if isinstance(titles, frozenset):
        return all(found)
    told = [items[0] for items in found if len(items) == 1 and isinstance(items[0], str)]
    return len(told) == len(found) and len(told[1]) >= _FEWEST_OF_TEXT


def _broken(text: str) -> Answer | None:
    """JSON that cannot be read: its braces and escapes are no text. A page or a text that begins like it is none."""
    if _WITHOUT_A_WORD.fullmatch(text):
        return Answer(why_none="the answer is brackets and figures, without a word")
    if _BEGINS.match(text) and not _MARKUP.search(text):
        return Answer(why_none="the answer is JSON that breaks off or is faulty")
    if _SCRIPT.match(text) and not _PAGE.search(text):
        return Answer(why_none="the answer is a script, and no page")
    return None


def _failed(answer: Mapping[str, Any]) -> bool:
    """Whether a JSON answer says of itself that it failed, and holds nothing: {"code":500,"msg":"…","data":null}."""
    if any(answer.get(key) for key in ("data", "article", "detail", "result", "rows", "list")):
        return False
    codes = (answer.get(key) for key in ("code", "status", "errcode", "errCode", "errorCode", "statusCode"))
    return answer.get("success") is False or any(_FAILURE.match(str(code)) for code in codes)


def json_record(value: Mapping[str, Any], rules: ExtractionRules) -> dict[str, Any]:
    """A JSON object as a flat record, with what the site's rules name under the paths that name it."""
    record = dict(flat(value))
    for path in (path for paths in rules.api.values() for path in paths):
        if (found := first(value, path)) is not None:
            record[path] = found
    return record
