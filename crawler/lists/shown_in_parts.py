"""Lists whose page holds all of their rows, of which a script shows some at a time. Pure.

共 47 条 共 4 页 over 47 rows  ·  <a href="javascript:show(2)">2</a> with function show(n) { $("#rows tr").hide().slice(…).show(); }
<tr style="display:none">, thirty times, under a pager of three pages  ·  $("#list").DataTable({pageLength: 15}) over 43 rows
var pages = Math.ceil(items.length / 10): what is counted in pages is there
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.lists.pagers import is_next, number_of
from crawler.lists.table_rows import is_hidden
from crawler.platforms.base import PageRequest
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing
from crawler.scripts.values import scripts_of

_FEWEST_ON_A_PAGE = 8  # rows, where the script states no number
_SIZE = re.compile(
    r"\b(?:limit|page_?size|per_?page|items_per_page|size|page_?rows|(?:page|i?Display)Length)\s*[:=]\s*[\"']?(\d{1,3})\b",
    re.I,
)
_USUAL_PAGE = 10  # rows; fewer that a list of several pages counts in all may be those of one page
_COUNTED = re.compile(
    r"\bMath\s*\.\s*ceil\s*\(\s*\(?[^;{}\n/]{1,80}?\.\s*(?:length|size\s*\(\s*\))\s*\)?\s*/"
)
_FROM = re.compile(r"\(\s*[\w$.]{1,30}\s*-\s*1\s*\)\s*\*")  # rows.slice((page - 1) * 15, page * 15)
_PLUGIN = re.compile(r"\.\s*(?:dataTable|jPages|easyPaginate|paginathing|quickPager)\s*\(", re.IGNORECASE)
_LOADS = re.compile(r"\bajax\b|ajaxSource|serverSide", re.IGNORECASE)
_CALLED = re.compile(r"\s*(?:javascript\s*:)?\s*(?:return\s+)?([\w$]{1,40})\s*\(", re.IGNORECASE)
_HIDES = re.compile(
    r"\.\s*(?:hide|show|toggle|slice|fadeIn|slideDown)\s*\(|\bdisplay\b|\bvisibility\b|\bhidden\b"
)
_ASKS = re.compile(
    r"\blocation\b|\bajax\b|\.\s*(?:load|get|post|getJSON|submit|open|send)\s*\(|\bfetch\s*\(|\baxios\b|\bopen\s*\(|__doPostBack"
)
_CALLS = re.compile(r"(?<![\w$.])([A-Za-z_][\w$]{0,40})\s*\(")
# what a function may call that asks for nothing
_KNOWN = frozenset(
    ("if", "for", "while", "switch", "return", "function", "catch", "typeof", "parseInt", "parseFloat", "Number", "String")
) | frozenset(("jQuery", "isNaN", "Array", "alert"))  # fmt: skip
_DEEPEST = 3  # functions that call functions
_CLICKABLE = ("a", "button", "span", "li", "input")


def all_here(
    root: etree._Element,
    text: str,
    request: PageRequest,
    rows: int,
    total: int | None,
    last: int | None,
    *,
    leads_on: bool,
) -> bool:
    """Whether a page with ``rows`` rows of a list that it says has ``last`` pages holds those of all of them.

    ``total``: rows of the whole list as it states them. ``leads_on``: whether a link leads to the next page.
    """
    if request.page != 1 or (last is not None and last < 2):
        return False
    if last is None and not leads_on and _pages_itself(text, rows):
        return True
    visible = rows - sum(1 for _ in _hidden_rows(root))
    if 0 < visible < rows:
        pages = last or max((number_of(link) or 0 for link in root.iter("a")), default=0)
        if visible * (pages - 1) < rows <= visible * pages:
            return True
    if leads_on or last is None:
        return False
    if total is not None and total == rows and rows >= (last - 1) * _USUAL_PAGE:
        return True
    sizes = {int(size) for size in _SIZE.findall(text)} or {_FEWEST_ON_A_PAGE}
    return rows > (last - 1) * min(sizes) and _is_turned_here(root, text)


def cuts_into_pages(text: str) -> bool:
    """Whether scripts of a page count what they hold in pages, or show a part of it that begins where a page does."""
    scripts = "\n".join(scripts_of(text))
    return _COUNTED.search(scripts) is not None or _FROM.search(scripts) is not None


def _pages_itself(text: str, rows: int) -> bool:
    """Whether scripts of a page show its rows some at a time: those that count them in pages, or a plugin that is given a table."""
    scripts = "\n".join(scripts_of(text))
    sizes = {int(size) for size in _SIZE.findall(scripts)} or {_USUAL_PAGE}
    if rows <= min(sizes):
        return False
    given = [next(arguments(scripts, found.end()), "") for found in _PLUGIN.finditer(scripts)]
    plugged = bool(given) and not any(map(_LOADS.search, given))
    return plugged or (
        bool(_COUNTED.search(scripts)) and bool(_HIDES.search(scripts)) and not _ASKS.search(scripts)
    )


def _hidden_rows(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter("li", "tr", "div", "dd"):
        if is_hidden(element) and len([a for a in element.iter("a") if a.get("href")]) == 1:
            yield element


def _is_turned_here(root: etree._Element, text: str) -> bool:
    """Whether the pager calls functions of the page that show and hide things, and that ask for nothing."""
    called = set[str]()
    for element in root.iter(*_CLICKABLE):
        code = element.get("onclick") or element.get("href") or ""
        if (call := _CALLED.match(code)) is not None and (is_next(element) or number_of(element) is not None):
            called.add(call[1])
    codes = [_code(text, name, 0) for name in called]
    return bool(codes) and all(code is not None and _HIDES.search(code) for code in codes)


def _code(text: str, name: str, depth: int) -> str | None:
    """The code of a function that a page defines, with that of all that it calls; None where it asks for something.

    Also where it calls what the page does not define: that may ask.
    """
    found = re.search(
        rf"\bfunction\s+{re.escape(name)}\s*\([^()]{{0,200}}\)\s*\{{"
        rf"|(?<![\w$.]){re.escape(name)}\s*=\s*function\s*\([^()]{{0,200}}\)\s*\{{",
        text,
    )
    if found is None or depth > _DEEPEST:
        return None
    code = text[found.end() : closing(text, found.end(), found.end() + LONGEST_FUNCTION)]
    if _ASKS.search(code):
        return None
    inner = [_code(text, other, depth + 1) for other in {*_CALLS.findall(code)} - _KNOWN - {name}]
    return None if None in inner else "\n".join((code, *filter(None, inner)))
