"""What stands around the list of a page: menus, the footer, the trail of links, lists of other things at its side. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.extract.tree import names_of, words
from crawler.lists.row_dates import has_own_day

_PAGER_NAME = re.compile(
    r"(?:[a-z]+[-_])?(?:pages?|pager|paging|page[-_]?(?:nav|bar|list|box)|pagination|fenye|fanye\d*|pb_sys_common)"
)
_FRAME_TAGS = frozenset({"footer", "aside"})
_LIST_ROWS = ("li", "tr")
_MENU = r"nav|navbar|navigation|menu"
_FRAME_NAME = re.compile(
    rf"(?:[a-z]+[-_]|main|top|sub|head)?(?:(?P<menu>{_MENU})|foot|footer|copyright|crumbs?|breadcrumbs?|sidebar|hotnews|ranking)"
    r"(?:[-_](?:bar|box|inner|list|wrap|wrapper))?"
)
# What stands above lists that a site puts beside its own: 热点信息, 推荐阅读, 点击排行
_OTHER_LIST = re.compile(
    r"热点|热门|热词|推荐|相关(?:阅读|链接|新闻|信息|文章|内容)|(?:点击|阅读|浏览|访问|新闻)?排行|友情链接"
)
_LONGEST_HEADING = 10  # characters


_MOST_LINKS = 3  # of a row: its category, its document, its interpretation
_ENOUGH_LINKS = 60  # to tell a menu
_LONGEST_OF_MENU = 6  # characters: 政府信息公开
_DIRECTORY = re.compile(r"/(?:index\.(?:s?html?|jhtml|jspx?|aspx?|php))?$", re.IGNORECASE)
_MOST_STEPS = 16  # elements of a trail: its links and what stands between them
# 当前位置：首页 > 政务公开 > 通知公告, without white space
_TRAIL = re.compile(
    r"(?:您|你)?的?(?:当前|现在|目前)?(?:所在|所处)?的?位置(?:是|为)?[:：>]|首页[>＞»›→/]+.{1,60}$"
)


def stands_apart(link: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether a link or a row stands in no list of the page's own. ``known`` keeps which lists are others."""
    return _in_frame(link) or _in_other_list(link, known)


def in_trail(link: etree._Element) -> bool:
    """Whether a link is a step of the way to the page: 当前位置：首页 > 政务公开 > 通知公告, whose last one is the page."""
    parent = link.getparent()
    return parent is not None and len(parent) <= _MOST_STEPS and _TRAIL.match(_words(parent)) is not None


def beside_pager(root: etree._Element, elements: Sequence[etree._Element]) -> list[int]:
    """How many of the elements around the page's pager hold each of these too; nothing where there is no pager."""
    pager = next((e for e in root.iter("div", "p", "ul", "nav", "span", "table") if _is_pager(e)), None)
    if pager is None:
        return []
    depths = {element: depth for depth, element in enumerate(reversed(list(pager.iterancestors())))}
    return [next((depths[e] for e in one.iterancestors() if e in depths), 0) for one in elements]


def _is_pager(element: etree._Element) -> bool:
    names = names_of(element).lower().split()
    return any(map(_PAGER_NAME.fullmatch, names))


def _in_frame(element: etree._Element) -> bool:
    """Whether a link or a row stands in what every page of a site has around it, or is that: menus, the footer, the trail of links.

    A row with a date is none of a menu: disclosure catalogues are lists called ``xxgk_nav_list``, or ``role="navigation"``.
    """
    for around in element.iterancestors() if element.tag == "a" else (element, *element.iterancestors()):
        if around.tag in _FRAME_TAGS:
            return True
        if around.tag in ("body", "html"):
            continue
        found = [match for match in map(_FRAME_NAME.fullmatch, names_of(around).lower().split()) if match]
        menu = around.tag == "nav" or around.get("role") == "navigation"
        if (found or menu) and not (all(match["menu"] for match in found) and _is_dated_row(element)):
            return True
    return False


def is_menu(row: etree._Element) -> bool:
    """Whether a row holds many links, all of them short, and no day: a menu that is laid out as a table."""
    links = list(islice(row.iter("a"), _ENOUGH_LINKS))
    return (
        len(links) > _MOST_LINKS
        and all(len(_words(link)) <= _LONGEST_OF_MENU for link in links)
        and not has_own_day(row)
    )


def is_section(row: etree._Element, address: str) -> bool:
    """Whether a row is a menu's: a word or two, no day, and the directory of a column: 信息公开, /n810214/index.html."""
    said = _words(row)
    return (
        len(said) <= _LONGEST_OF_MENU
        and not any(map(str.isdecimal, said))
        and _DIRECTORY.search(address) is not None
        and not has_own_day(row)
    )


def _is_dated_row(link: etree._Element) -> bool:
    row = link if link.tag != "a" else next(link.iterancestors(*_LIST_ROWS), None)
    return row is not None and has_own_day(row)


def _in_other_list(link: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether a link stands in a list below a heading that says it is another one: 热点信息, 推荐阅读."""
    box = next(link.iterancestors("ul", "ol", "table", "dl"), None)
    if box is None:
        return False
    if box not in known:
        heading = box.getprevious()
        if heading is None and (outer := box.getparent()) is not None:
            heading = outer.getprevious() if outer.tag == "div" else None
        said = _words(heading) if heading is not None else ""
        said = re.sub(r"(?:更多|more)[>»+]*$", "", said, flags=re.I)
        known[box] = len(said) <= _LONGEST_HEADING and bool(_OTHER_LIST.match(said))
    return known[box]


def _words(element: etree._Element) -> str:
    return "".join(words(element).split())
