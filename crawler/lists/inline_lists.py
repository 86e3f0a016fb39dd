"""Lists whose rows a page holds as data for its script: ``var listData = {articleList: [{"title": "…", "urls": …}, …]}``. Pure.

Also in hidden fields, templates, attributes and islands of XML, see :mod:`crawler.lists.held_markup`.

The rows are put into the page as the list that the script would make of them, with the number of all rows where it stands
beside them. Only rows that have an address, a title and, for the most part, a date are a list: menus and pictures have none.
Where the rows state no address, the page's script may make one of their keys or cells: ``'/show/' + rows[i][0] + '.html'``.
A list that the page shows as well is taken from the data where that holds more of it: a script pages through it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from archive.identity import url_key
from crawler.extract.links import absolute
from crawler.extract.text import CHINESE
from crawler.json_paths import first, opened, row_of
from crawler.lists.held_markup import held_values
from crawler.lists.records import row_address
from crawler.lists.row_dates import DATE
from crawler.lists.row_keys import TOTAL_KEYS, address_path, linked, title_of
from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.scripts.data import values_in
from crawler.scripts.links import Link, links_of

INLINE = "inline-rows"  # the class of the list that is put into the page
SHOWN = "data-shown"  # its attribute: how many of its rows the page shows itself
_DATE_KEY = re.compile(r"(?:pub|release|show|create|write|day|date).*|.*(?:time|date|rq|sj)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|\.{0,2}/)\S+|\S+\.(?:s?html?|jsp|aspx?|php)(?:\?\S*)?", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js)(?:\?|$)", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_MOST_LISTS = 200  # of one page
_DEEPEST = 8  # objects and lists around the rows
_FEWEST_UNNAMED = 3  # rows of a list whose keys say nothing
_DEEPEST_GROUP = 2  # lists within the rows: one group for each page


class _Row(NamedTuple):
    address: str
    title: str
    date: str | None


class _Held(NamedTuple):
    rows: list[_Row]
    total: int | None


class _Page(NamedTuple):
    """Where rows stand. ``links``: what the page's scripts make of them."""

    url: str
    links: Callable[[], Sequence[Link]]


def with_inline(text: str, url: str, shown: Callable[[], Sequence[str]] = tuple) -> str:
    """The page with the longest list that its scripts hold as data at its end; the page itself where there is none.

    ``shown`` gives the addresses of the rows that the page shows, and is asked only where scripts hold a list. Then only one
    that begins with them and goes on is taken.
    """
    lists = [
        held for held in _lists(text, url) if sum(r.date is not None for r in held.rows) * 2 > len(held.rows)
    ]
    if not lists:
        return text
    keys = [url_key(address) for address in shown()]
    if keys:
        lists = [held for held in lists if len(held.rows) > len(keys) and _keys(held, url, len(keys)) == keys]
    best = max(lists, key=lambda held: len(held.rows), default=None)
    if best is None:
        return text
    items = "".join(
        f'<li><a href="{html.escape(row.address)}">{html.escape(row.title)}</a><span>{row.date or ""}</span></li>'
        for row in best.rows
    )
    size = f'<div class="page">共{best.total}条</div>' if best.total is not None else ""
    written = f'<ul class="{INLINE}" {SHOWN}="{len(keys)}">{items}</ul>{size}'.encode(
        "utf-8", "replace"
    ).decode()
    ends = [place for tag in ("</body", "</html") if (place := text.lower().rfind(tag)) >= 0]
    end = min(ends, default=len(text))  # nothing is read behind </html>
    return f"{text[:end]}{written}{text[end:]}"


def _keys(held: _Held, url: str, count: int) -> list[str]:
    return [url_key(absolute(url, row.address) or row.address) for row in held.rows[:count]]


def _lists(text: str, url: str) -> Iterator[_Held]:
    count = 0
    page = _Page(url, cache(lambda: links_of(text, url)))
    for value in chain(values_in(text), held_values(text)):
        for held in _lists_in(value, None, 0, page):
            yield held
            count += 1
            if count >= _MOST_LISTS:
                return


def _lists_of(markup: str, url: str) -> Iterator[_Held]:
    """The rows of a piece of HTML that a page holds."""
    root = parse_html(markup)
    found = rows_in(root, url, RowOptions()) if root is not None else ()
    rows = [_Row(row.url, row.title, row.day) for row in found if row.title]
    if rows:
        yield _Held(rows, None)


def _lists_in(value: Any, total: int | None, depth: int, page: _Page) -> Iterator[_Held]:
    """The lists of rows in a value. ``total``: the number of rows that is stated beside it."""
    value = opened(value)
    if depth > _DEEPEST:
        return
    if isinstance(value, str) and not depth:
        yield from _lists_of(value, page.url)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        markup = "".join(value)  # <record><![CDATA[<li>…</li>]]></record>
        yield from _lists_of(markup, page.url) if _LINK.search(markup) else ()
    elif isinstance(value, list):
        rows = list(dict.fromkeys((*_rows(value, 0), *_rows_of_columns(value))))
        rows = rows or list(_rows_of_columns(_cells(value))) or _rows_by_script(value, page)
        if rows:
            yield _Held(rows, total)
            return
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    stated = _total(value) if isinstance(value, dict) else None
    for item in inner:
        if isinstance(item, dict | list | str):
            yield from _lists_in(item, stated if stated is not None else total, depth + 1, page)


def _total(value: dict[str, Any]) -> int | None:
    numbers = [
        int(item)
        for key, item in value.items()
        if key.lower() in TOTAL_KEYS and not isinstance(item, bool) and str(item).isdecimal()
    ]
    return numbers[0] if numbers else None


def _rows(array: list[Any], depth: int) -> Iterator[_Row]:
    for item in array:
        if not isinstance(item, dict):
            continue
        path, title = address_path(item), title_of(item)
        address = first(item, path) if path is not None else None
        address = linked(address) or address
        if isinstance(address, str) and title is not None:
            yield _Row(address, title, _date(item))
            continue
        if len(array) == 1 or _total(item) is not None or title is not None:
            continue  # a list of its own: that of another column, perhaps
        for inner in item.values() if depth < _DEEPEST_GROUP else ():
            if isinstance(inner, list):
                yield from _rows(inner, depth + 1)


def _rows_of_columns(array: list[Any]) -> Iterator[_Row]:
    """Rows that are lists themselves: ["/a/t1.html", "关于…", "2031-03-01"]."""
    rows = [item for item in array if isinstance(item, list) and all(isinstance(cell, str) for cell in item)]
    width = len(rows[0]) if rows else 0
    if not width or len(rows) < 2 or len(rows) < len(array) or any(len(row) != width for row in rows):
        return
    columns = [[row[number].strip() for row in rows] for number in range(width)]
    dates = next((c for c in columns if all(DATE.match(cell) for cell in c)), None) or _days_in_parts(columns)
    addresses = next((c for c in columns if all(map(_is_address, c))), None)
    titles = max(columns, key=lambda c: sum(len(CHINESE.findall(cell)) for cell in c))
    different = addresses is not None and len(set(addresses)) == len(addresses)
    if dates is not None and addresses is not None and different and all(map(CHINESE.search, titles)):
        plain = (title_of({"title": title}) or title for title in titles)
        yield from (_Row(*row) for row in zip(addresses, plain, dates, strict=True))


def _rows_by_script(array: list[Any], page: _Page) -> list[_Row]:
    """Dated rows that state no address, with the one that the page's script makes of each."""
    rows = [row for item in array if (row := row_of(item)) is not None]
    if len(rows) < max(_FEWEST_UNNAMED, len(array)):
        return []
    keys = [key for key in rows[0] if all(isinstance(row.get(key), str | int) for row in rows)]
    columns = {key: [str(row[key]).strip() for row in rows] for key in keys}
    days = next((held for held in columns.values() if all(map(DATE.match, held))), None)
    titles = max(
        columns.values(), key=lambda held: sum(len(CHINESE.findall(cell)) for cell in held), default=[]
    )
    if days is None or not all(map(CHINESE.search, titles)):
        return []
    made = (_made(link, rows, page.url) for link in page.links() if link.keys)
    addresses = next((found for found in made if len(set(found)) == len(rows)), [])
    plain = (title_of({"title": title}) or title for title in titles)
    return [_Row(*row) for row in zip(addresses, plain, days, strict=True)] if addresses else []


def _made(link: Link, rows: Sequence[Mapping[str, Any]], url: str) -> list[str]:
    """The addresses that a link makes of rows, where it makes one of each."""
    if not all(first(row, key) is not None for row in rows for key in link.keys):
        return []
    made = (row_address(row, link.address, url) for row in rows)
    return [address for address in made if address is not None]


def _days_in_parts(columns: list[list[str]]) -> list[str] | None:
    """The days of rows that hold them in three columns: year[i]='2031';month[i]='03';day[i]='01'."""
    for three in zip(columns, columns[1:], columns[2:], strict=False):
        days = ["-".join(parts) for parts in zip(*three, strict=True)]
        if all(DATE.fullmatch(day) for day in days):
            return days
    return None


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and not _PICTURE.search(text)


def _cells(array: list[Any]) -> list[Any]:
    """Rows whose keys say nothing as lists of what they hold, in the order of their keys: {"aT": "关于…", "aPd": …, "aU": …}.

    Of an object, or a text that holds one ({"common": "/a.html", "mobile": …}), the first address counts.
    """
    rows = [item for item in array if isinstance(item, dict)]
    if len(rows) < _FEWEST_UNNAMED or len(rows) < len(array):
        return []
    keys = [key for key in rows[0] if all(key in row for row in rows)]
    cells = [[_cell(row[key]) for key in keys] for row in rows]
    told = [at for at in range(len(keys)) if all(row[at] for row in cells)]
    return [[row[at] for at in told] for row in cells]


def _cell(value: Any) -> str:
    value = opened(value)
    if isinstance(value, dict):
        held = (item for item in value.values() if isinstance(item, str) and _is_address(item.strip()))
        return next(held, "")
    return value if isinstance(value, str) else ""


def _date(item: dict[str, Any]) -> str | None:
    """The date that a row shows, the one of its publication before others."""
    dated = [
        (key, found.group())
        for key, value in item.items()
        if isinstance(value, str) and _DATE_KEY.fullmatch(key) and (found := DATE.match(value.strip()))
    ]
    dated.sort(key=lambda one: "pub" not in one[0].lower())
    return dated[0][1].strip() if dated else None
