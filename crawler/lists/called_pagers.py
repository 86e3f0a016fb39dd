"""The next page of a list as a call or the variables of a pager's script state it: createPageHTML(25, 0, "index", "html"). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from crawler.extract.links import absolute
from crawler.paging import query_of, with_query
from crawler.platforms.base import PageRequest
from crawler.scripts.objects import names_page, page_names_in

_STRING = r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'"
_ARGUMENT = rf"(?:{_STRING}|[\w$.]{{1,60}})"
# createPageHTML(25, 0, "index", "html") of TRS, from 0 · createPageHTML('page_div',10, 1,'list','shtml',189) of UCAP,
# from 1, the container first · createPage(total, current, prefix, suffix) · createPageHTML(pageCount, pageIndex, …)
_CALL = re.compile(
    rf"\bcreatePages?(?:HTML|Nav\w*|List)?\s*\(\s*({_ARGUMENT}(?:\s*,\s*{_ARGUMENT}){{1,9}})\s*\)"
    # … by any other name: outputPage(25, 0, "index", "html")
    r"|\b\w{3,40}\s*\(\s*(\d{1,5}\s*,\s*\d{1,5}\s*,\s*[\"'][\w-]{1,60}[\"']\s*,\s*[\"']\.?s?html?[\"'](?:\s*,\s*\d{1,6}){0,3})\s*\)",
    re.IGNORECASE,
)
# showPages('list.php?cid=3&page=', 1, 3, '&kind=a'), pager("list_", 3, 1, ".html"): what stands before the number, and behind it
_AROUND = re.compile(
    r"\b[\w$]{3,40}\s*\(\s*[\"']([^\"'\s()]{0,200}(?:[?&]([\w.]{1,30})=|[A-Za-z][_-]))[\"']\s*,\s*(\d{1,5})\s*,\s*(\d{1,5})"
    r"\s*(?:,\s*[\"']([^\"'\s()]{0,100})[\"'])?"
)
_IS_UCAP = re.compile(rf"\bcreatePageHTML\s*\(\s*(?:{_STRING})\s*,\s*\d+\s*,\s*\d+\s*,\s*(?:{_STRING})")
# Pager({size: 25, current: 0, prefix: 'index', suffix: 'html'})
_OBJECT = re.compile(r"\bPager\s*\(\s*\{([^{}]{0,400})\}\s*\)")
_PROPERTY = re.compile(rf"(\w+)\s*:\s*({_ARGUMENT})")
_ASSIGNED = rf"[\w$]+\s*=\s*(?:{_STRING}|\d+)"
_DECLARED = re.compile(rf"\b(?:var|let|const)\s+((?:{_ASSIGNED}\s*,\s*){{0,20}}{_ASSIGNED})\s*[,;/\n\r]")
_VARIABLE = re.compile(rf"([\w$]+)\s*=\s*({_STRING}|\d+)")
# TRS's own script in the page: var currentPage = 0;//所在页从0开始 … var countPage = 25//共多少页
_COUNT_NAMES = ("countPage", "pageCount", "totalPage", "totalPages")
_CURRENT_NAMES = ("currentPage", "currPage", "curPage", "pageIndex")
_SUFFIX = re.compile(r"[\"']\.?(s?html?|jhtml)[\"']")
# document.write("<a href=\"index_11287_" + nextPage + ".shtml\">下一页</a>") · "<a href=\"index"+"_" + i + "."+"shtml\">"
_WRITTEN_NAME = re.compile(
    r"[\"'=/]([A-Za-z][\w-]{0,60})(?:[\"']\s*\+\s*[\"'])?_[\"']\s*\+\s*\w{1,40}\s*\+\s*[\"'](?:\.[\"']\s*\+\s*[\"'])?\.?(s?html?)\b"
)
_UNDERSCORE = re.compile(r"_[\"']\s*\+|\+\s*[\"']_[\"']")  # "index_" + n, stem + "_" + n
# location = "index_" + (n - 1) + ".html": the script of a site's own, whose clicks are read
_LESS_ONE = re.compile(r"_[\"']\s*\+\s*\(\s*[\w$.]{1,40}\s*-\s*1\s*\)")
_MOST_ROWS = 200  # of a page
_NUMBERED_NAME = re.compile(r"(?:_(\d+))?(\.\w+)$")


def counts_from_one(text: str) -> bool:
    """Whether the page has UCAP's pager, which names its container first."""
    return bool(_IS_UCAP.search(text))


def _known(text: str) -> dict[str, str]:
    """The variables of a page's scripts that are given plain values."""
    declared = _DECLARED.findall(text)
    return {name: _unquoted(value) for some in declared for name, value in _VARIABLE.findall(some)}


def called_place(text: str) -> tuple[int, str, str] | None:
    """(place, name, ending) of a page whose script call names them: createPageHTML(25, 1, "index", "html")."""
    known = _known(text)
    for found in _CALL.finditer(text):
        arguments = [_value(part, known) for part in re.findall(_ARGUMENT, found[1] or found[2])]
        contained = bool(arguments) and not arguments[0].isdecimal()
        places = arguments[contained : contained + 2]
        if not _is_commented_out(text, found.start()) and len(places) == 2 and places[1].isdecimal():
            names = [a for a in arguments[contained + 2 : contained + 4] if a and not a.isdecimal()]
            name, suffix = (*names, "index", "html")[:2] if len(names) != 1 else (names[0], "html")
            return int(places[1]), name, suffix.lstrip(".")
    return None


def rows_called(text: str, shown: int = 0) -> int | None:
    """The rows of the whole list as a call of a pager's function names them last: createPageHTML(25, 0, "index", "html", 500).

    ``shown``: the rows of this page, which a number that is no larger may be.
    """
    known = _known(text)
    for found in _CALL.finditer(text):
        arguments = [_value(part, known) for part in re.findall(_ARGUMENT, found[1] or found[2])]
        contained = bool(arguments) and not arguments[0].isdecimal()
        numbers = [*arguments[contained : contained + 2], *arguments[contained + 4 : contained + 5]]
        if _is_commented_out(text, found.start()) or len(numbers) < 3 or not all(map(str.isdecimal, numbers)):
            continue
        pages, rows = int(numbers[0]), int(numbers[2])
        fitting = pages <= rows <= pages * _MOST_ROWS  # else it is the number of a column
        # Of one page it is the size of a page, where more are named than the page has.
        return rows if fitting and (rows > shown if pages > 1 else rows <= shown) else None
    return None


def from_calls(text: str, url: str, request: PageRequest) -> tuple[str | None, int] | None:
    """The address of the next page and the number of pages, as a call of a pager's function states them: ``createPageHTML(25, 0, …)``."""
    known = _known(text)
    for found in _CALL.finditer(text):
        if _is_commented_out(text, found.start()):
            continue
        arguments = [_value(part, known) for part in re.findall(_ARGUMENT, found[1] or found[2])]
        contained = bool(arguments) and not arguments[0].isdecimal()
        numbers = [int(part) for part in arguments[contained : contained + 2] if part.isdecimal()]
        if len(numbers) == 2:
            names = [
                part for part in arguments[contained + 2 : contained + 4] if part and not part.isdecimal()
            ]
            return _static(url, request, numbers[0], numbers[1], names, from_one=contained)
    for found in _OBJECT.finditer(text):
        given = {name: _value(value, known) for name, value in _PROPERTY.findall(found[1])}
        if given.get("size", "").isdecimal() and given.get("current", "").isdecimal():
            names = [given[name] for name in ("prefix", "suffix") if given.get(name)]
            return _static(url, request, int(given["size"]), int(given["current"]), names, from_one=False)
    return None


def between(text: str, url: str, request: PageRequest) -> tuple[str | None, int] | None:
    """The next page of a call that names what stands before a page's number and behind it, the page's own and the last."""
    for found in _AROUND.finditer(text):
        before, name, behind = found[1], found[2], found[5] or ""
        named = names_page(name) if name else re.match(r"\.\w{2,5}(?:\?|$)", behind)
        own, last = sorted((int(found[3]), int(found[4])))
        if not named or own != request.page or _is_commented_out(text, found.start()):
            continue
        return (absolute(url, f"{before}{own + 1}{behind}") if own < last else None), last
    return None


def from_variables(text: str, url: str, request: PageRequest) -> tuple[str | None, int] | None:
    """The pager that TRS writes into the page: its variables say where it is, the page's own name what comes next."""
    known = _known(text)
    count = next((known[name] for name in _COUNT_NAMES if known.get(name, "").isdecimal()), None)
    current = next((known[name] for name in _CURRENT_NAMES if known.get(name, "").isdecimal()), None)
    if count is None or current is None or not _UNDERSCORE.search(text):
        return None
    # Beside places that count from 0 it is the box for a number of one's own: "index_" + (itemNum - 1) + ".html".
    if _LESS_ONE.search(text) and int(current) != request.page - 1:
        return None
    own_name = urlsplit(url).path.rpartition("/")[2]
    written = set(_WRITTEN_NAME.findall(text))
    if not own_name and len(written) == 1:
        name, ending = written.pop()
        return _static(url, request, int(count), int(current), [name, ending], from_one=False)
    name = own_name or "index"
    ended, suffix = _NUMBERED_NAME.search(name), _SUFFIX.search(text)
    # index_11287.shtml, the first of index_11287_1.shtml …: a number that is far from the page's own belongs to the name
    own = ended is not None and ended[1] and abs(int(ended[1]) - int(current)) <= 1
    stem = name[: ended.start() if own else ended.start(2)] if ended is not None else name
    ending = ended[2].lstrip(".") if ended is not None else suffix[1] if suffix is not None else "html"
    if "/" in stem or not stem or urlsplit(url).query:
        return None
    return _static(url, request, int(count), int(current), [stem, ending], from_one=False)


def _static(
    url: str, request: PageRequest, total: int, current: int, names: list[str], *, from_one: bool
) -> tuple[str | None, int]:
    """index.html, index_1.html … counted from 0, or list.shtml, list_2.shtml … from 1: the page's own count tells.

    ``from_one``: what holds where it does not.
    """
    if current == request.page and current != request.page - 1:
        from_one = True
    elif current == request.page - 1:
        from_one = False
    more = current < total if from_one else current + 1 < total
    name = names[0] if names else "index"
    suffix = names[1].lstrip(".") if len(names) > 1 else "html"
    following = f"{name}_{current + 1}.{suffix}" if not name.endswith("=") else f"{name}{current + 1}"
    address = urljoin(url, following)  # a name like "n810755?_pageSize=20&page=" is one with its query
    stated = query_of(request.url)
    numbered_by = next((key for key in page_names_in(stated) if stated[key].isdecimal()), None)
    if not names and numbered_by is not None:  # createPage(25, 1) on /common/search/7?page=1
        address = with_query(request.url, numbered_by, str(int(stated[numbered_by]) + 1))
    return (address if more else None), total


def _is_commented_out(text: str, position: int) -> bool:
    line = text[max(text.rfind("\n", 0, position), 0) : position]
    return re.search(r"(?<!:)//", line) is not None


def _value(argument: str, known: Mapping[str, str]) -> str:
    return known.get(argument, _unquoted(argument))


def _unquoted(argument: str) -> str:
    return argument[1:-1] if argument[:1] in "\"'" else argument
