"""How large a list is where no words say it: hidden fields, attributes of its pager, what a script gives a known pager. Pure.

<input type="hidden" id="totalPage" value="5"> · <div class="pagination" data-total="47" data-size="12"> · <span>1/4</span>
var totalData = 47, showData = 12; · pagination_script_config = {pageNumber: '0', total: '4'} · pageNav.go(1, 4)
$("#pages").pagination({dataUrl: "list_date.jhtml?classid=7", countUrl: "list_count.jhtml?classid=7", item_per_page: 20})
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.extract.tree import names_of
from crawler.lists.pagers import PAGER_NAME
from crawler.lists.row_groups import text_of
from crawler.platforms.base import PageRequest

# Names without case and signs: total-page, PageCount, data-total-pages.
_PAGES = re.compile(
    r"(?:total|max|sum|all)pages?(?:num|no|count|number)?|pages?(?:total|sum|all)|countpages?"
)
_PAGES_OR_SIZE = re.compile(r"pages?(?:count|num)")  # the rows of a page for some
_ROWS = re.compile(
    r"total(?:count|rows?|records?|num|items?|data)|(?:record|row|data)(?:count|total)|allcount"
)
_ROWS_OR_PAGES = re.compile(r"total|count")  # of a pager's attributes
_SIZE = re.compile(r"(?:page)?size|limit|per ?page|pagerows|showdata|rows")
_OWN = re.compile(r"(?:cur|curr|current|now|this)?page(?:no|num|index|number)?|current|curr|pageidx")
_PLACE_OF_PAGES = re.compile(r"(\d{1,5})/(\d{1,5})")
# what stands beside it: 上一页 1/4 下一页 跳转到第 页 GO
_BESIDE_PLACE = re.compile(
    r"[上下前后首尾末第]一?页|最[前后]一?页|当前|共\d+[条页]|跳转|转到|确定|[到第页]|go|[\s\[\]()（）|<>«»‹›]+",
    re.I,
)
_LONGEST = 60  # characters of what shows a page's place
_LARGEST = 30  # elements of it
_MOST_ELEMENTS = 2_000
_MOST_FIELDS = 200
_LONGEST_NUMBER = 6  # digits
# pageNav.go(1, 4) · setPage(document.getElementById("page"), 4, 1) · Page({num: 4, startnum: 1}) · new showPages("pg").pageCount = 4
_CALLS = (
    re.compile(r"\bpageNav\s*\.\s*go\(\s*\d{1,5}\s*,\s*(\d{1,5})\s*\)"),
    re.compile(r"\bsetPage\(\s*(?:document|\$)[^,;\n]{1,80},\s*(\d{1,5})\s*,\s*\d{1,5}\s*\)"),
    re.compile(r"\bPage\(\s*\{(?:[^{}]{0,100},)?\s*num\s*:\s*(\d{1,5})\b"),
    re.compile(r"\bshowPages\(.{0,200}?\.\s*pageCount\s*=\s*(\d{1,5})\b", re.DOTALL),
)
# What a pager is handed to ask for rows, and how many it shows at a time: its own file alone says how it asks.
_ASKING = re.compile(r"\.\s*\w{0,20}(?:pagin|pager)\w{0,20}\(\s*\{(.{0,600})", re.IGNORECASE | re.DOTALL)
_ASKED = re.compile(r"\b\w{0,20}url[\"']?\s*:\s*[\"'][^\"'\n]", re.IGNORECASE)
_AT_A_TIME = re.compile(
    r"\b(?:items?_?per_?page|page_?size|per_?page|limit|rows)[\"']?\s*:\s*[\"']?(\d{1,3})\b", re.IGNORECASE
)
_CONFIG = re.compile(r"\b\w{0,40}pagin\w{0,40}[\"']?\s*[:=]\s*\{([^{}]{1,400})\}", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"\bpage_?(?:number|no|num|index)[\"']?\s*:\s*[\"']?(\d{1,5})\b", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal[\"']?\s*:\s*[\"']?(\d{1,6})\b", re.IGNORECASE)


def rows_marked(root: etree._Element, shown: int) -> int | None:
    """The rows of the whole list, as a hidden field says, or an attribute of its pager beside the rows of a page.

    A field that says fewer than are ``shown`` holds something else: the pages.
    """
    for names, value in _fields(root):
        if any(map(_ROWS.fullmatch, names)) and value >= shown:
            return value
    for held in _pagers(root):
        for name, value in held.items():
            beside = any(_SIZE.fullmatch(other) for other in held)
            if _ROWS.fullmatch(name) or (_ROWS_OR_PAGES.fullmatch(name) and beside):
                return value
    return None


def pages_marked(root: etree._Element, text: str, shown: int, request: PageRequest) -> int | None:
    """The pages of the list, as a hidden field, an attribute of its pager, its place (1/4) or its script says.

    ``shown``: the rows of this page, which tell a number of pages from one of rows. One page is not believed: a field may be
    filled later.
    """
    found = (
        *_of_fields(root, shown, request),
        *_of_attributes(root, shown),
        *_of_places(root, request),
        *_of_scripts(text, shown, request),
    )
    return max((pages for pages in found if pages > 1), default=None)


def _of_fields(root: etree._Element, shown: int, request: PageRequest) -> Iterator[int]:
    fields = list(_fields(root))
    own = any(
        value in (request.page, request.page - 1) and any(map(_OWN.fullmatch, names))
        for names, value in fields
    )
    for names, value in fields:
        if (
            any(map(_PAGES.fullmatch, names))
            or (any(map(_PAGES_OR_SIZE.fullmatch, names)) and (value < shown or (own and value != shown)))
            or (any(map(_ROWS.fullmatch, names)) and value < shown)
        ):
            yield value


def _of_attributes(root: etree._Element, shown: int) -> Iterator[int]:
    for held in _pagers(root):
        for name, value in held.items():
            if _PAGES.fullmatch(name) or _PAGES_OR_SIZE.fullmatch(name):
                yield value
            elif _ROWS_OR_PAGES.fullmatch(name) and value > shown > 0:
                yield -(-value // shown)  # of rows; if it were pages, there would be even more of them


def _of_places(root: etree._Element, request: PageRequest) -> Iterator[int]:
    for element in islice(_called_pagers(root), _MOST_ELEMENTS):
        if sum(1 for _ in islice(element.iter(), _LARGEST + 1)) > _LARGEST:
            continue
        words = text_of(element)
        place = _PLACE_OF_PAGES.fullmatch(_BESIDE_PLACE.sub("", words)) if len(words) <= _LONGEST else None
        if place is not None:
            own, pages = int(place[1]), int(place[2])
            if own == request.page <= pages:
                yield pages


def _of_scripts(text: str, shown: int, request: PageRequest) -> Iterator[int]:
    for call in _CALLS:
        if (called := call.search(text)) is not None:
            yield int(called[1])
    for config in islice(_CONFIG.finditer(text), 20):
        own, total = _OWN_NUMBER.search(config[1]), _TOTAL.search(config[1])
        if own is None or total is None or int(own[1]) not in (request.page, request.page - 1):
            continue
        yield int(total[1]) if int(total[1]) < shown else -(-int(total[1]) // max(shown, 1))
    for asking in islice(_ASKING.finditer(text), 20):
        size = _AT_A_TIME.search(asking[1]) if _ASKED.search(asking[1]) else None
        if size is not None and int(size[1]) == shown:
            yield request.page + 1  # a full page: there may be more


def _fields(root: etree._Element) -> Iterator[tuple[tuple[str, ...], int]]:
    """(names, value) of the page's hidden fields that hold a number."""
    for field in islice(root.iter("input"), _MOST_FIELDS):
        value = (field.get("value") or "").strip()
        if (
            (field.get("type") or "").lower() == "hidden"
            and value.isdecimal()
            and len(value) <= _LONGEST_NUMBER
        ):
            named = (field.get(key) or "" for key in ("id", "name", "class"))
            yield tuple(_plain(name) for words in named for name in words.split()), int(value)


def _pagers(root: etree._Element) -> Iterator[dict[str, int]]:
    """The numbers among the attributes of each element that is called like a pager: data-total, :page-size, totalpage."""
    for element in islice(_called_pagers(root), _MOST_ELEMENTS):
        stated = {str(key): str(value) for key, value in element.attrib.items()}
        held = {
            _plain(key.removeprefix("data-")): int(value)
            for key, value in stated.items()
            if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER
        }
        if held:
            yield held


def _called_pagers(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(
        "div", "ul", "span", "p", "td", "nav", "el-pagination", "a-pagination", "page", "pagination"
    ):
        around = [element, *islice(element.iterancestors(), 1)]
        if any(PAGER_NAME.search(f"{one.tag} {names_of(one)}".lower()) for one in around):
            yield element


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
