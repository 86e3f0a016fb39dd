"""Lists whose rows a page holds as data for its script: ``var listData = {articleList: [{"title": "…", "urls": …}, …]}``. Pure.

The rows are put into the page as the list that the script would make of them. Only arrays that are JSON are read, and
only those whose rows have an address, a title and, for the most part, a date: menus and pictures have none.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from crawler.json_paths import first
from crawler.row_dates import DATE
from crawler.row_keys import address_path, title_of
from crawler.script_calls import scripts_of

INLINE = "inline-rows"  # the class of the list that is put into the page
_BEGINS = re.compile(r"[=:(]\s*(?=\[\s*\{)")
_DATE_KEY = re.compile(r"(?:pub|release|show|create|write|day|date).*|.*(?:time|date|rq|sj)", re.IGNORECASE)
_MOST_ARRAYS = 20  # of one page
_DEEPEST = 2  # lists within the rows: one group for each page
_DECODER = json.JSONDecoder(strict=False)


class _Row(NamedTuple):
    address: str
    title: str
    date: str | None


def with_inline(text: str) -> str:
    """The page with the longest list that its scripts hold as data at its end; the page itself where there is none."""
    lists = [list(dict.fromkeys(_rows(array, 0))) for array in _arrays(text)]
    listed = [rows for rows in lists if sum(row.date is not None for row in rows) * 2 > len(rows)]
    rows = max(listed, key=len, default=[])
    if not rows:
        return text
    items = "".join(
        f'<li><a href="{html.escape(row.address)}">{html.escape(row.title)}</a><span>{row.date or ""}</span></li>'
        for row in rows
    )
    ends = [place for tag in ("</body", "</html") if (place := text.lower().rfind(tag)) >= 0]
    end = min(ends, default=len(text))  # nothing is read behind </html>
    return f'{text[:end]}<ul class="{INLINE}">{items}</ul>{text[end:]}'


def _arrays(text: str) -> Iterator[list[Any]]:
    tried = 0
    for script in scripts_of(text):
        position = 0
        while tried < _MOST_ARRAYS and (found := _BEGINS.search(script, position)) is not None:
            tried += 1
            try:
                array, position = _DECODER.raw_decode(script, found.end())
            except (ValueError, RecursionError):
                position = found.end() + 1
                continue
            yield array


def _rows(array: list[Any], depth: int) -> Iterator[_Row]:
    for item in array:
        if not isinstance(item, dict):
            continue
        path, title = address_path(item), title_of(item)
        address = first(item, path) if path is not None else None
        if isinstance(address, str) and title is not None:
            yield _Row(address, title, _date(item))
            continue
        for inner in item.values() if depth < _DEEPEST else ():
            if isinstance(inner, list):
                yield from _rows(inner, depth + 1)


def _date(item: dict[str, Any]) -> str | None:
    """The date that a row shows, the one of its publication before others."""
    dated = [
        (key, found.group())
        for key, value in item.items()
        if isinstance(value, str) and _DATE_KEY.fullmatch(key) and (found := DATE.match(value.strip()))
    ]
    dated.sort(key=lambda one: "pub" not in one[0].lower())
    return dated[0][1].strip() if dated else None
