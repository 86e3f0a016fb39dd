"""How a list's pages are numbered, where nothing says it for sure: the likely ways are tried while looking at a site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from archive.identity import url_key
from crawler.paging import query_of, with_query
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, ListRow, PageRequest, Platform
from crawler.scripts.objects import OFFSET_NAMES, PAGE_NAMES, page_names_in
from crawler.scripts.requests import list_requests
from crawler.scripts.values import scripts_of
from crawler.sites import Catalogue
from crawler.survey.asking import Asker
from crawler.survey.script_files import script_files
from crawler.survey.trying import UnfitError, read_list, site_of

_FEWEST_ROWS = 3  # of a page, to compare it with another
FULL_PAGE = 10  # rows that look like one page of several
# Rows of a page without a pager beside which numbered ones are looked for: some show eight.
_FEWEST_PROBED = 5
_FILES = 2  # of scripts in which such numbers are looked for
_NAMES_TRIED = 2  # of a parameter for the page's number
# Those that are tried where an address states none.
_PAGE_NAMES_OF_ANSWERS = ("page", "pageNo", "pageNum", "currentPage")
_PLACE = "GONGKAI0PAGE"  # stands for a page's number in an address
_PAGE_ENDING = re.compile(r"\.[sj]?html?$")
_NUMBERED = re.compile(r"(?P<before>.*_)(?P<number>\d+)")
_FEWEST_DIGITS = 4  # of a number that is none of a page
_RARER = (("", 1), ("-", 2), ("", 2))  # index1.html or index-2.html beside index.html: (mark, second page)


def probe_numbers(
    asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest, read: ListPage
) -> Catalogue | None:
    """The catalogue with ``pages`` where a full page without a pager has numbered ones: index_1.html, index_2.html."""
    if len(read.rows) < _FEWEST_PROBED and not read.last_page:
        return None
    known = {url_key(row.url) for row in read.rows}
    page = asker.page(request)
    text = page.text if page is not None else ""
    for address in script_files(page)[:_FILES] if page is not None else ():
        file = asker.page(PageRequest(url=address))  # asked for already, where the page has no pager
        text += f"<script>{file.text}</script>" if file is not None else ""
    for pattern, number in (*_asked_for(catalogue.url, text), *numberings(catalogue.url, read, text)):
        options = {**catalogue.options, "pages": {"pattern": pattern, "first": number}}
        tried = catalogue.model_copy(update={"options": options})
        try:
            first = read_list(asker, platform, tried, request)
            if first.next is None:
                return None
            second = read_list(asker, platform, tried, first.next)
        except UnfitError:
            continue
        if any(url_key(row.url) not in known for row in second.rows):
            return tried
    return None


def _asked_for(url: str, text: str) -> list[tuple[str, int]]:
    """Patterns of the further pages that a page's scripts ask for at its own address: ``$.get(location.pathname + "?page=" + n)``."""
    found, path = [], urlsplit(url).path
    for one in list_requests(text, url):
        parts, own = urlsplit(one.url), query_of(url)
        same = parts.path == path and all(query_of(one.url).get(key) == value for key, value in own.items())
        if same and (one.by, one.send) == ("page", "query") and one.page_name:
            query = urlsplit(with_query(one.url, one.page_name, _PLACE)).query
            found.append((f"?{query}".replace(_PLACE, "{n}"), one.first + 1))
    return found


def is_numbered_elsewhere(asker: Asker, catalogue: Catalogue, read: ListPage) -> bool:
    """Whether a table without a pager goes on in numbered pages at addresses of their own, which static_list asks for."""
    static = platform_of("static_list")
    keys = {url_key(row.url) for row in read.rows}
    plain = Catalogue(key=catalogue.key, name=catalogue.name, url=catalogue.url)
    try:
        request = static.start(plain, site_of(static, plain))
        same = read_list(asker, static, plain, request)
    except UnfitError:
        return False
    if {url_key(row.url) for row in same.rows} != keys:
        return False
    return same.next is not None or probe_numbers(asker, static, plain, request, same) is not None


def counted(asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage) -> Catalogue:
    """The catalogue with what its parameter holds: a count of rows to skip, or the number of a page after all.

    Asked to skip one row, a site that counts rows shows the second one first; one that counts pages shows another page.
    """
    paging = catalogue.options["paging"]
    keys = [url_key(row.url) for row in read.rows]
    one = {**catalogue.options, "paging": {**paging, "size": 1}}
    tried = catalogue.model_copy(update={"options": one})
    try:
        first = read_list(asker, platform, tried, platform.start(tried, site_of(platform, tried)))
        shifted = read_list(asker, platform, tried, first.next) if first.next is not None else ListPage()
    except UnfitError:
        return catalogue
    shown = [url_key(row.url) for row in shifted.rows]
    if not shown or set(shown) & set(keys):
        return catalogue
    counted = {name: value for name, value in paging.items() if name not in ("by", "size")} | {"first": 0}
    return catalogue.model_copy(update={"options": {**catalogue.options, "paging": counted}})


def renumbered(asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage) -> Catalogue:
    """The catalogue whose pages are asked for by number as its site counts them.

    A page that shows all but one of the rows of the page before skips a row instead of a page; where it shows all of them,
    a count of rows to skip that is sent as well may be what counts (``page=1&skip=0`` of Kendo). A number that a script's text
    gives as 1 is that of the second page where another page comes for 0, and one that it gives as 0 no number where the same
    comes for 1.
    """
    paging = catalogue.options["paging"]
    keys = {url_key(row.url) for row in read.rows}
    if paging.get("by", "page") != "page" or len(keys) < _FEWEST_ROWS:
        return catalogue
    second = _rows_of(asker, platform, catalogue, read.next)
    if second and len(second - keys) == 1 and len(second & keys) >= len(keys) - 1:
        kept = {name: value for name, value in paging.items() if name != "first"}
        return _with(catalogue, {"by": "offset", **kept, "size": len(read.rows)})
    if second == keys and (name := _skipped(catalogue)) is not None:
        kept = {key: value for key, value in paging.items() if key != "first"} | {"name": name}
        return _with(catalogue, {"by": "offset", **kept, "size": len(read.rows)})
    first = paging.get("first")
    if first is None or (first == 0 and second != keys):
        return catalogue
    other = _with(catalogue, {**paging, "first": 1 - first})
    asked = platform.start(other, site_of(platform, other))
    shown = _rows_of(asker, platform, other, asked)
    if first == 1:
        return other if shown and not shown & keys else catalogue
    third = _rows_of(
        asker, platform, other, platform.start(_with(other, {**paging, "first": 2}), site_of(platform, other))
    )
    return other if third and not third & keys else catalogue


def _skipped(catalogue: Catalogue) -> str | None:
    """What is sent as a count of rows to skip, none at first, beside the number of a page."""
    options = catalogue.options
    held = {**query_of(catalogue.url), **(options.get("form") or {}), **(options.get("body") or {})}
    return next((name for name in OFFSET_NAMES if str(held.get(name)) == "0"), None)


def _with(catalogue: Catalogue, paging: Mapping[str, Any]) -> Catalogue:
    return catalogue.model_copy(update={"options": {**catalogue.options, "paging": dict(paging)}})


def _rows_of(asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest | None) -> set[str]:
    """The keys of the rows that a request brings; none where it brings no list."""
    if request is None:
        return set()
    try:
        return {url_key(row.url) for row in read_list(asker, platform, catalogue, request).rows}
    except UnfitError:
        return set()


def page_named(asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage) -> Catalogue | None:
    """The catalogue of answers with the parameter that brings their second page, where the address states none."""
    keys = {url_key(row.url) for row in read.rows}
    for name in _PAGE_NAMES_OF_ANSWERS:
        options = {**catalogue.options, "paging": {"name": name, "first": 1}}
        tried = catalogue.model_copy(update={"options": options})
        try:
            first = read_list(asker, platform, tried, platform.start(tried, site_of(platform, tried)))
            second = read_list(asker, platform, tried, first.next) if first.next is not None else ListPage()
        except UnfitError:
            continue
        shown = [{url_key(row.url) for row in page.rows} for page in (first, second)]
        if shown[0] == keys and shown[1] and not shown[1] & keys:
            return tried
    return None


def numberings(url: str, read: ListPage, text: str) -> list[tuple[str, int]]:
    """Patterns to try for the further pages of a list, each with the number of its second page.

    index_1.html and index_2.html beside index.html, with the ending that the documents have where the address is a
    directory, and ``?page=2`` where it is known that there are more; ``?cat=7&pageNo=2`` where the address says ``pageNo=1``,
    or where its scripts speak of a pageNo and it is known that there are more pages. A list whose first page is called
    ``index_pc_1.html`` goes on with ``index_pc_2.html``; ``index_3081.html`` has the number of its template in its name.
    Where it is known that there are more, ``index1.html``, ``index-2.html`` and ``2.html`` are tried last.
    """
    parts = urlsplit(url)
    stated = query_of(url)
    numbers = [(name, int(stated[name])) for name in page_names_in(stated) if stated[name] in ("0", "1")]
    if not numbers and parts.query and (read.last_page or 0) > 1:
        scripts = " ".join(scripts_of(text))
        used = [name for name in PAGE_NAMES if len(name) > 2 and re.search(rf"\b{name}\b", scripts)]
        numbers = [(name, 1) for name in used[:_NAMES_TRIED]]
    if numbers or parts.query:
        queries = [(urlsplit(with_query(url, name, _PLACE)).query, number + 1) for name, number in numbers]
        return [(f"?{query}".replace(_PLACE, "{n}"), number) for query, number in queries]
    name = parts.path.rpartition("/")[2] or f"index{_common_ending(read.rows)}"
    stem, dot, suffix = name.rpartition(".")
    numbered = _NUMBERED.fullmatch(stem) if dot else None
    beside = [(f"{stem}_{{n}}.{suffix}", number) for number in (1, 2)]
    if numbered is not None and len(numbered["number"]) < _FEWEST_DIGITS:
        number = int(numbered["number"])
        beside = [(f"{numbered['before']}{{n}}.{suffix}", number + 1)] if number < 2 else []
    if not dot:
        beside = []
    if (read.last_page or 0) <= 1:
        return beside
    rarer = [(f"{stem}{mark}{{n}}.{suffix}", number) for mark, number in _RARER] if len(beside) > 1 else []
    return [*beside, ("?page={n}", 2), *rarer, (f"{{n}}.{suffix}", 2)]


def _common_ending(rows: Sequence[ListRow]) -> str:
    endings = [found[0] for row in rows if (found := _PAGE_ENDING.search(urlsplit(row.url).path))]
    return max(endings, key=endings.count, default=".html")
