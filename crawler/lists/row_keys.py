"""What the keys of a row of JSON are likely to mean: its document's address, title and date. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.extract.text import CHINESE
from crawler.json_paths import opened
from crawler.lists.row_dates import DATE

# Compared without case.
TOTAL_KEYS = (
    "total", "totalcount", "totalrows", "totalelements", "recordcount", "totalrecord", "totalrecords",
    "totalitems", "totalnum", "recordstotal", "itotalrecords", "records", "record", "allrow", "count",
)  # fmt: skip
# The surest first.
ADDRESS_KEYS = (
    "docpuburl", "doc_pub_url", "chnldocurl", "puburl", "publishurl", "infourl", "linkurl", "url", "link",
    "href",
)  # fmt: skip
_ADDRESS_NAME = re.compile(r"(?:url|link|href)$", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"img|image|pic|photo|icon|logo|cover|thumb|file|attach|site|channel|column|video|audio|qr|parent|old|pre|next|source|wap|app",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:https?:/|\.{0,2})/[^\s<>]+$")
# Objects within a row, or strings that hold one: {"urls": "{\"pc\": \"/a.html\"}"}
_HOLDERS = ("urls", "source", "_source")
_TITLE_KEYS = ("title", "doctitle", "infotitle", "showtitle", "articletitle", "subject", "topic", "name")
# Of the site's own: msgtitle, policyTitle; not the title of the column, of a part, or a second one
_TITLE_NAME = re.compile(
    r"(?!.*(?:sub|short|seo|meta|column|channel|cata|site|menu|category|type|img|pic|source|list|page|en_?title))[a-z]*_?title",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_ANCHOR = re.compile(
    r"<a\s(?:[^<>]{0,300}?\s)?href\s*=\s*(?:\"([^\"<>]{1,500})\"|'([^'<>]{1,500})'|([^\s\"'<>]{1,500}))",
    re.IGNORECASE,
)
_LEADS_NOWHERE = re.compile(r"\s*(?:#|javascript:|mailto:)", re.IGNORECASE)
_WITHIN = ("pc", "common", *ADDRESS_KEYS)


def address_path(row: dict[str, Any], keys: Sequence[str] = ADDRESS_KEYS, depth: int = 0) -> str | None:
    """The path of what is likely to be the address of a row's document: ``url``, ``urls.pc``, ``source.urls.pc``."""
    found = next((key for known in keys for key in row if key.lower() == known), None)
    if found is not None and not isinstance(opened(row[found]), dict | list):
        return found
    for key in row if depth < len(_HOLDERS) else ():
        inner = opened(row[key]) if key.lower() in _HOLDERS else None
        if isinstance(inner, dict):
            below = address_path(inner, _WITHIN if key.lower() == "urls" else keys, depth + 1)
            if below is not None:
                return f"{key}.{below}"
    others = [key for key, value in row.items() if not depth and _is_address(key, value)]
    others = others or [key for key, value in row.items() if not depth and linked(value) is not None]
    return others[0] if len(others) == 1 else None


def address_read(rows: Sequence[Mapping[str, Any]], read: Sequence[str]) -> str | None:
    """Of the keys that a page's script reads as whole addresses the one that holds one in each of some rows."""
    return next((key for key in read if all(_is_address(key, row.get(key)) for row in rows)), None)


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Which cells of rows that have places for keys hold title and day, as options of json_api: ``{"title": "1", "fields": {"2": …}}``."""
    if not all(key.isdecimal() for row in rows for key in row):
        return {}
    held = {key: [str(row.get(key) or "") for row in rows] for key in rows[0]}
    days = [key for key, cells in held.items() if all(map(DATE.match, cells))]
    told = {key: sum(len(CHINESE.findall(cell)) for cell in cells) for key, cells in held.items()}
    title = max(told, key=lambda key: told[key])
    found: dict[str, Any] = {"title": title} if told[title] else {}
    return found | ({"fields": {days[0]: "published_on"}} if days else {})


def linked(value: Any) -> str | None:
    """The address of the one link in a text of markup: ``<a href="/zw/7.html">关于…</a>``."""
    if not isinstance(value, str) or not value.lstrip().startswith("<"):
        return None
    found = {next(filter(None, groups)) for groups in _ANCHOR.findall(value)}
    ways = [html.unescape(one) for one in found if not _LEADS_NOWHERE.match(one)]
    return ways[0] if len(ways) == 1 else None


def _is_address(key: str, value: Any) -> bool:
    """Whether a key of the site's own holds a page's address: ``detailInfoUrl``, and not ``coverImgUrl``."""
    return names_address(key) and isinstance(value, str) and _PAGE.match(value) is not None


def names_address(key: str) -> bool:
    """Whether a key is called like that of a page's address."""
    return _ADDRESS_NAME.search(key) is not None and not _NO_PAGE.search(key)


def title_of(row: Mapping[str, Any]) -> str | None:
    """The title that a row states, without markup; the text of its link where it states none; None without either."""
    found = next((row[key] for known in _TITLE_KEYS for key in row if key.lower() == known), None)
    if found is None:
        own = [value for key, value in row.items() if isinstance(value, str) and _TITLE_NAME.fullmatch(key)]
        found = own[0] if len(own) == 1 else None
    if found is None:
        links = [value for value in row.values() if linked(value) is not None]
        found = links[0] if len(links) == 1 else None
    words = " ".join(html.unescape(_MARKUP.sub("", found)).split()) if isinstance(found, str) else ""
    return words or None
