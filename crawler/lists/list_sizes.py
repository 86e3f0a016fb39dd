"""How large an HTML list says it is: rows in all, pages in all, pages that only a script could bring. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from crawler.lists.called_pagers import rows_called
from crawler.lists.pagers import number_of, pages_said, stands_in_pager
from crawler.lists.row_groups import text_of
from crawler.lists.size_marks import pages_marked, rows_marked
from crawler.platforms.base import ListRow, PageRequest
from crawler.scripts.values import literals, scripts_of

# 共 47 条, 共有47条记录, 总记录数：47, 47条记录
_ROWS_SAID = re.compile(
    r"共\s*有?\s*(\d{1,6})\s*(?:条|篇|个?\s*(?:记录|文件|信息|结果))|(?:总记录数?|记录总数|总条数|信息总数)\s*[:：]?\s*(\d{1,6})"
    r"|(?<!\d)(\d{1,6})\s*条\s*(?:记录|信息|结果|数据)"
)
_ONE_PAGE = re.compile(r"每页|/\s*页|本页|当前页?\s*\d+\s*条")
_LONGEST = 300  # characters of what states a size
_MOST_ELEMENTS = 200
# laypage.render({elem: 'page', count: 47, limit: 15}) · $('#p').pagination(47, {items_per_page: 15})
_SCRIPT_ROWS = (
    # pagebar: {prepage: 10, recordCount: '213'} of TRS's list2.trsapi
    re.compile(
        r"\b(?:prepage|page_?size|perpage)[\"']?\s*:[^{}]{0,200}?\b(?:record_?count|total_?records?)[\"']?\s*:"
        r"\s*[\"']?(\d{1,6})\b", re.I,
    ),
    re.compile(
        r"\b(?:record_?count|total_?records?)[\"']?\s*:\s*[\"']?(\d{1,6})[\"']?\s*,[^{}]{0,200}?"
        r"\b(?:prepage|page_?size|perpage)[\"']?\s*:", re.I,
    ),
    re.compile(r"\b(?:laypage|Paging|Page|pagination|createPage)\b[^{}]{0,80}\{[^{}]{0,300}?\b(?:count|total|totalCount)\s*:\s*[\"']?(\d{1,6}|[A-Za-z_$][\w$]{0,40})\b"),
    re.compile(r"\.pagination\(\s*(\d{1,6}|[A-Za-z_$][\w$]{0,40})\s*,"),
    # $('.M-box').pagination({totalData: 47, showData: 15, callback: function (api) { go(api.getCurrent()); }})
    re.compile(r"\.pagination\(\s*\{[^{}]{0,300}?\btotalData\s*:\s*[\"']?(\d{1,6}|[A-Za-z_$][\w$]{0,40})\b"),
    re.compile(
        r"\b(?:var|let|const)\s+(?:m_)?n?(?:total_?(?:count|records?|rows?|num)|(?:record|row|all)_?count|recordTotal|data_?total|total_?data)\s*=\s*"
        r"(?:parseInt\(\s*)?[\"']?(\d{1,6})\b", re.I,
    ),
)  # fmt: skip
_SCRIPT_PAGES = re.compile(
    r"\b(?:var|let|const)\s+(?:m_)?n?(?:total_?pages?|page_?count|count_?page|page_?total|max_?page(?:_?num)?)\d*\s*=\s*[\"']?(\d{1,5})\b",
    re.I,
)
_MORE = re.compile(r"(?:点击|上拉|下拉)?(?:加载|查看|显示)更多(?:内容|信息|数据)?[\s>»+…]*")
_FULL_PAGE = 5  # rows that look like one page of several, beside a button that brings more


def rows_stated(root: etree._Element, text: str, shown: int = 0) -> int | None:
    """The rows of the whole list, as its pager or its script says. ``shown``: the rows of this page."""
    for element in _short(root):
        words = text_of(element)
        found = _ROWS_SAID.search(words)
        if found is None or _ONE_PAGE.search(words[max(0, found.start() - 3) : found.start()]):
            continue
        if len(found.group()) >= len(words) - 2 or "页" in words or stands_in_pager(element):
            return int(next(group for group in found.groups() if group))
    for pattern in _SCRIPT_ROWS:
        called = pattern.search(text)
        if called is not None and (number := _number(called[1], text)) is not None:
            return number
    rows = rows_called(text, shown)
    return rows if rows is not None else rows_marked(root, shown)


def _number(written: str, text: str) -> int | None:
    """A number, or that of a variable of the page's scripts: ``count: total`` beside ``var total = 45``."""
    if written.isdecimal():
        return int(written)
    held = (str(literals(script).get(written)) for script in scripts_of(text))
    return next((int(value) for value in held if value.isdecimal()), None)


def pages_beyond(
    root: etree._Element, text: str, rows: Sequence[ListRow], request: PageRequest
) -> int | None:
    """How many pages there are at least, where no way to the next one was found.

    As the pager or its script says, or as a number or a button shows that only a script answers.
    """
    said = pages_said(root)
    if said is None and (stated := _SCRIPT_PAGES.search(text)) is not None:
        said = int(stated[1])
    if said is None:
        said = pages_marked(root, text, len(rows), request)
    if said is not None:
        return said
    dead = [number for element in root.iter("a", "button") if (number := number_of(element)) is not None]
    if dead and max(dead) > request.page:
        return max(dead)
    if len(rows) >= _FULL_PAGE and any(_MORE.fullmatch(text_of(button)) for button in _buttons(root)):
        return request.page + 1
    return None


def _buttons(root: etree._Element) -> Iterator[etree._Element]:
    """What is clicked and leads to no page."""
    for element in root.iter("a", "button", "div", "span", "p"):
        links = (element, *element.iter("a"), *element.iterancestors("a"))
        if len(element) <= 2 and not any(map(_leads_on, links)):
            yield element


def _leads_on(element: etree._Element) -> bool:
    href = (element.get("href") or "").strip().lower()
    return bool(href) and not href.startswith(("javascript", "#"))


def _short(root: etree._Element) -> Iterator[etree._Element]:
    """Elements with words of their own that are no longer than a pager, and are no part of a link."""
    for element in root.iter(
        "div", "p", "span", "td", "ul", "li", "form", "label", "em", "nav", "strong", "b"
    ):
        own = "".join((element.text or "", *(child.tail or "" for child in element)))
        if not re.search(r"共|总|条", own) or next(element.iterancestors("a"), None) is not None:
            continue
        if next(element.iter("a"), None) is None and element.tag == "li" and re.search(r"20\d\d", own):
            continue
        small = sum(1 for _ in islice(element.iter(), _MOST_ELEMENTS + 1)) <= _MOST_ELEMENTS
        if small and len(text_of(element)) <= _LONGEST:
            yield element
