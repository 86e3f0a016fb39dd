"""Which of a page's groups of links is its catalogue: the largest one of one shape that is dated and near. Pure.

A page holds other lists beside its own: news at the side, what is read most. On the first page the group that lies where the page
itself lies is preferred; on further ones one like the first page's, so that a last page of two rows is not lost to a longer list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from crawler.extract.links import absolute, address_of, stated_address
from crawler.extract.tree import in_order, words
from crawler.lists.companions import is_companion
from crawler.lists.like import Like, title_key
from crawler.lists.page_frame import beside_pager, in_trail, is_menu, is_section, stands_apart
from crawler.lists.places import boxes_of_other_columns, is_beneath, place_of
from crawler.lists.row_dates import composed, has_own_day, is_date_alone, is_dated
from crawler.outcomes import same_host

PINNED = re.compile(r"[\[【(（]\s*置顶\s*[\]】)）]")
ARTICLE = re.compile(
    r"t(?:19|20)\d{6}_\d+|content_\d+|art_\w+|post_\d+|/(?:19|20)\d{2}[-/]?\d{2}|[0-9a-f]{32}|\d{6,}|[?&](?:\w*id)=",
    re.I,
)
SHORTEST_TITLE = 5  # characters; 公告, 查看 and 详细信息 are no titles
_ABOUT_ANOTHER = re.compile(r"解读|图解|一图读懂|问答")
# Links of a pager, and of boxes: 下一页>>, 第3页, 更多
_TO_A_PAGE = re.compile(
    r"[\s<>«»‹›\[\]]*(?:[上下前后]一?页|首页|尾页|末页|第?\s*\d{1,4}\s*页?|[上下]\d+页|更多|more)[\s<>«»‹›\[\]+]*",
    re.I,
)
_PERIOD = re.compile(r"\s*(?:19|20)\d{2}\s*年(?:\s*\d{1,2}\s*月)?份?\s*")  # a directory of its own
_LIST_ROWS = ("li", "tr")
# Elements that may be a row, or lie between a link and its row.
_BLOCK = re.compile(
    "article|b|big|center|dd|div|dl|dt|em|figure|font|h[1-6]|header|i|label|p|section|small|span|strong|u"
)
_MOST_LINKS = 3  # of a row: its category, its document, its interpretation
_NESTED = frozenset({"ul", "ol", "table"})
_SHORT_TITLE = 8  # characters: 李某任职公示; words of a menu are shorter, or lead to directories
_NUMBER = re.compile(r"\d+")
_LISTED = 2  # documents at least in a row that is none
_FEW = 3  # documents in a box of their own above the list
_AT_HOME = 20  # times a row in the page's own directory, or one like those of the first page, tells more than another
_BELOW = 2
ISSUE = re.compile(r"(?:(?:19|20)\d{2}\s*年\s*)?第\s*\d{1,3}\s*期")
# 2031年第3期（总第120期） 2031-03-01; not 第12期中青年干部培训班招生简章
ISSUE_ALONE = re.compile(
    rf"{ISSUE.pattern}\s*(?:[（(][^（()）]{{1,20}}[）)])?\s*[\[(（]?(?:[\d./年月日-]{{6,12}})?[\])）]?"
)
_LAST_RESORT = 5  # links of a list that shows no date and whose addresses tell nothing
_FEWEST_BESIDE = 5  # dated rows of a second list
_LONG = 12  # characters; menus have shorter words


@dataclass(slots=True)
class Group:
    """Rows of one shape. ``places``: the directories of their documents."""

    shape: tuple[str, ...]
    rows: list[etree._Element]
    articles: int = 0
    dated: int = 0
    score: float = 0.0
    places: frozenset[str] = frozenset()


def text_of(element: etree._Element) -> str:
    """The text of an element on one line."""
    return " ".join(words(element).split())


def largest_group(root: etree._Element, url: str, like: Like | None = None) -> Group | None:
    """The rows that look most like a catalogue: elements of one shape, each with a link and most with a date.

    ``like``: the rows of the list's first page; a group that has neither their shape nor their place is no part of it.
    """
    every = [_judged(shape, rows, url) for shape, rows in _grouped(_gathered(root, url)).items()]
    groups = every
    if like is not None:
        title = title_key(root)
        groups = [group for group in groups if like.fits(group, title)]
        for group in groups:
            group.score = max(group.score, 0.1) * _AT_HOME ** like.fits(group, title)
    found = [group for group in groups if group.score > 0]
    if like is None:
        _prefer_beside_pager(root, found)
    if not found and like is None:
        found = [group for group in groups if _is_last_resort(group, url)]
    best = max(found, key=lambda group: group.score, default=None)
    if best is not None:
        best.rows = _with_headline(best, every, url)
    return best


def other_lists(root: etree._Element, url: str, taken: Collection[str]) -> list[Group]:
    """Dated lists of a page that hold none of the documents ``taken``, the longest first."""
    groups = (_judged(shape, rows, url) for shape, rows in _grouped(_gathered(root, url)).items())
    found = [group for group in groups if group.dated >= _FEWEST_BESIDE and group.dated * 2 > len(group.rows)]
    held = [(group, [absolute(url, href_of(row)) for row in group.rows]) for group in found]
    # [政务] in front of every title leads to one and the same column.
    others = [g for g, led in held if not any(a in taken for a in led) and len(set(led)) * 2 > len(led)]
    return sorted(others, key=lambda group: -len(group.rows))


def _gathered(root: etree._Element, url: str) -> dict[etree._Element, tuple[str, ...]]:
    """Row → shape, of the links that may be documents, in the order of the page."""
    shapes: dict[etree._Element, tuple[str, ...]] = {}
    holds: dict[etree._Element, int] = {}
    others: dict[etree._Element, bool] = {}
    menus: dict[etree._Element, bool] = {}
    home = place_of(url)
    for link in root.iter("a"):
        address = address_of(link, url)
        if address is None or address == url or _TO_A_PAGE.fullmatch(_words_on(link)) or in_trail(link):
            continue
        if address.endswith("/") and _PERIOD.fullmatch(text_of(link)):
            continue
        if stands_apart(link, others) and (home == "/" or place_of(address) != home):
            continue  # what lies where the page lies is the page's own, whatever stands around it
        row = _row_around(link, holds)
        if row not in shapes and not is_beneath(address, home):
            if row not in menus:
                menus[row] = is_menu(row)
            if menus[row]:
                continue
        shapes.setdefault(row, _shape(row))
    return shapes


def _words_on(link: etree._Element) -> str:
    """The words on a link, or those of its picture: <a href="list.jsp?page=3"><img alt="上一页"></a>."""
    return text_of(link) or next((alt for image in link.iter("img") if (alt := image.get("alt"))), "")


def _grouped(
    shapes: Mapping[etree._Element, tuple[str, ...]],
) -> dict[tuple[str, ...], dict[etree._Element, None]]:
    """Rows by their shape; shapes that differ by names only and take turns are one: div.odd, div.even, div.odd …"""
    boxes: dict[tuple[Any, ...], list[tuple[str, ...]]] = {}
    for row, shape in shapes.items():
        tags = tuple(part.partition(".")[0] for part in shape)
        boxes.setdefault((_outer(row), *tags), []).append(shape)
    one: dict[tuple[str, ...], tuple[str, ...]] = {}
    for sequence in boxes.values():
        changes = sum(a != b for a, b in pairwise(sequence))
        most = max(Counter(sequence).values())
        if changes >= max(2, len(sequence) - most):
            first = one.get(sequence[0], sequence[0])
            one.update((shape, first) for shape in sequence if shape != first)
    groups: dict[tuple[str, ...], dict[etree._Element, None]] = {}
    for row, shape in shapes.items():
        groups.setdefault(one.get(shape, shape), {})[row] = None
    return groups


def _outer(row: etree._Element) -> etree._Element | None:
    grand = _box(row)
    return grand.getparent() if row.tag in _LIST_ROWS and grand is not None else grand


def _box(row: etree._Element) -> etree._Element | None:
    """What holds the list that a row stands in: ``<div><ul><li>``."""
    parent = row.getparent()
    return parent.getparent() if parent is not None else None


def _judged(shape: tuple[str, ...], group: Mapping[etree._Element, None], url: str) -> Group:
    rows = [row for row in group if not _inside_another(row, group)]
    links = {row: absolute(url, href_of(row)) or "" for row in rows}
    others = boxes_of_other_columns(((_box(row), place_of(links[row])) for row in rows), place_of(url))
    rows = [row for row in rows if _box(row) not in others] if others else rows
    judged = Group(shape, rows)
    home = place_of(url)
    articles = [
        row
        for row in rows
        if ARTICLE.search(to := href_of(row) or "")
        and (is_beneath(links[row], home) or not is_section(row, to))
    ]
    if articles and rows[0].tag not in _LIST_ROWS:
        rows = judged.rows = articles  # <p><a>返回</a></p> between paragraphs that are the list
    elif articles:  # <tr><td><a href="../ldjs/"><img></a></td></tr>: a button of the column beside the list
        rows = judged.rows = [row for row in rows if text_of(row) or row in articles] or rows
    own = [row for row in rows if same_host(url, links[row])]
    judged.dated = sum(is_dated(row) or _is_dated_beside(row) for row in own)
    judged.articles = sum(row in own for row in articles)
    foreign = sum(is_dated(row) for row in rows if row not in own)
    length = sum(min(len(text_of(row)), 60) for row in rows) / max(len(rows), 1)
    if length < SHORTEST_TITLE and rows[0].tag not in _LIST_ROWS:
        return judged  # links of a menu or a pager, in no list
    places = Counter(place_of(links[row]) for row in own if links[row] != url)
    judged.places = frozenset(place for place, count in places.items() if count * 4 >= len(own))
    if judged.dated + judged.articles + foreign:
        judged.score = judged.dated * 3 + judged.articles * 2 + foreign
        judged.score += len(rows) * 0.2 if length > _LONG else 0
        if home != "/" and places[home] * 2 >= len(rows):
            judged.score *= _AT_HOME
        elif home != "/" and sum(n for place, n in places.items() if place.startswith(home)) * 2 >= len(rows):
            judged.score *= _BELOW
    return judged


def _is_last_resort(group: Group, url: str) -> bool:
    """Whether rows without dates, whose addresses tell nothing, are a list by their titles: files in the page's directory.

    Or the issues of a gazette: 2026年第3期, 第12期（总第215期）.
    """
    home = place_of(url)
    words = [text_of(row) for row in group.rows]
    issues = sum(ISSUE.match(one) is not None for one in words)
    beneath = home != "/" and bool(group.places) and all(place.startswith(home) for place in group.places)
    few = beneath and all(map(ISSUE_ALONE.fullmatch, words))  # of a year that has begun
    if few or (issues >= _LAST_RESORT and issues * 2 > len(words)):
        group.score = float(issues)
        return True
    named = [href_of(row) or "" for row in group.rows if len(text_of(row)) > _LONG]
    at_home = [to for to in named if place_of(absolute(url, to) or "") == home and not to.endswith("/")]
    group.score = float(len(at_home)) if len(at_home) >= _LAST_RESORT and home != "/" else 0.0
    return group.score > 0 and len(at_home) * 2 > len(group.rows)


def _prefer_beside_pager(root: etree._Element, groups: Sequence[Group]) -> None:
    """Raise the score of the groups that stand nearest to the page's pager, where it tells them from others."""
    near = beside_pager(root, [group.rows[0] for group in groups])
    for group, depth in zip(groups, near, strict=False):
        if depth == max(near) > min(near):
            group.score *= _AT_HOME


def _with_headline(best: Group, groups: Sequence[Group], url: str) -> list[etree._Element]:
    """The rows, with documents of the same column in boxes of their own: the newest one, set large, a second row of rows.

    Also few at addresses like theirs that are marked as pinned, or stand in a list right above.
    """
    home = place_of(url)
    led = [href_of(row) or "" for row in best.rows]
    taken = {absolute(url, one) for one in led}
    shapes = {_NUMBER.sub("0", one) for one in led}
    more: dict[str | None, etree._Element] = {}
    for group in groups:
        above = group is not best and len(group.rows) <= _FEW and _stands_right_above(group, best)
        for row in group.rows if group is not best else ():
            if (above and is_dated(row)) or PINNED.search(text_of(row)):
                address, stated = absolute(url, href_of(row)), href_of(row) or ""
                if address not in taken and _NUMBER.sub("0", stated) in shapes:
                    more.setdefault(address, row)
    if home == "/" or home not in best.places:
        return in_order([*best.rows, *more.values()]) if more else best.rows
    for group in groups:
        few = group is not best and group.places == {home} and len(group.rows) <= _FEW
        for row in group.rows if few or (group.dated and _is_column_beside(group, best)) else ():
            address, stated = absolute(url, href_of(row)), href_of(row) or ""
            # the newest one, set large, may show no date
            alike = few and _NUMBER.sub("0", stated) in shapes and len(text_of(row)) >= _SHORT_TITLE
            if address not in taken and group.places == {home} and (is_dated(row) or alike):
                more.setdefault(address, row)
    return in_order([*best.rows, *more.values()]) if more else best.rows


def _stands_right_above(group: Group, best: Group) -> bool:
    """Whether rows are a list of their own in front of the list, without a heading between."""
    own, other = group.rows[-1].getparent(), best.rows[0].getparent()
    return (
        group.rows[0].tag in _LIST_ROWS
        and own is not None
        and other is not None
        and other.getprevious() is own
    )


def _is_column_beside(group: Group, best: Group) -> bool:
    """Whether rows are the other half of a list that is shown in two columns."""
    return group.shape[1:] == best.shape[1:] and abs(len(group.rows) - len(best.rows)) <= 1


def _row_around(link: etree._Element, holds: dict[etree._Element, int]) -> etree._Element:
    """The element that is the row of a link: its li or tr, else the smallest one with its date, else its own block.

    <article><h2><a></h2><time></article>, <dt><a></dt><dd>2026-03-31</dd>, <p><a></p>, lastly the bare link of <a>…</a><br><a>.
    ``holds`` keeps how many documents an element links, which many of its links ask for.
    """
    own = next(link.iterancestors(*_LIST_ROWS), None)
    if own is not None and own not in holds:
        holds[own] = _documents_in(own) or _LISTED * _holds_a_list(own)
    above = own.getprevious() if own is not None and own.tag == "tr" else None
    if above is not None and holds.get(above, 0) > 1:
        own = None  # the one document in the last row of a table that has two in each
    if own is not None and holds[own] <= 1:
        if (
            own.tag == "li"
            and (parent := own.getparent()) is not None
            and parent.tag in ("ul", "ol")
            and not is_dated(own)
        ):
            if parent not in holds:
                holds[parent] = _documents_in(parent) if has_own_day(parent) else 0
            if holds[parent] == 1:
                return parent  # <ul><li>1</li><li><a></li><li>某发〔2031〕1号</li><li>2031-03-01</li></ul>: a table of lists
        return own
    block: etree._Element | None = None
    for ancestor in link.iterancestors():
        if (
            not _BLOCK.fullmatch(ancestor.tag)
            or sum(1 for _ in islice(ancestor.iter("a"), _MOST_LINKS + 1)) > _MOST_LINKS
        ):
            break
        if _documents_in(ancestor) > 1:
            break
        if has_own_day(ancestor) or composed(ancestor):
            return ancestor
        block = ancestor if block is None else block
    return link if block is None else block


def _holds_a_list(row: etree._Element) -> bool:
    """Whether a row without a document of its own holds a list with one: a row of the table that lays out the page."""
    own = set(own_links(row))
    return not any(len(text_of(link)) >= _LONG for link in own) and any(
        link not in own and (ARTICLE.search(stated_address(link) or "") or len(text_of(link)) >= _LONG)
        for link in row.iter("a")
    )


def _documents_in(element: etree._Element) -> int:
    """How many documents an element links, lists nested in it left out; 解读, 附件 and, in an li, versions of a law are none.

    Where no address is like those of documents, long words on links to addresses that differ by numbers alone tell them.
    """
    links = [(link, stated_address(link) or "") for link in own_links(element)]
    named = {a: link for link, a in links if ARTICLE.search(a) and len(text_of(link)) >= SHORTEST_TITLE}
    by_title = element.tag == "li"  # 某条例 (2031), under it 某条例 (2025), 某条例 (2018)
    if named:
        told = without_companions(list(named.values()))
        return len({text_of(link) if by_title else stated_address(link) for link in told})
    alike: dict[str, dict[str, str]] = {}
    for link, address in links:
        if len(words := text_of(link)) >= _SHORT_TITLE and not address.endswith("/"):
            alike.setdefault(_NUMBER.sub("0", address), {})[address] = words if by_title else address
    return max((len(set(told.values())) for told in alike.values()), default=0)


def without_companions(links: Sequence[etree._Element]) -> list[etree._Element]:
    """Links of a row without those that only accompany its document, as a date does, where others are left."""
    said = {link: text_of(link) for link in links}
    told = (link for link in links if not is_companion(said[link]) and not is_date_alone(said[link]))
    titles = list(told) or list(links)
    own = [link for link in titles if not _ABOUT_ANOTHER.search(said[link])]
    return own if len(own) == 1 else titles


def _is_dated_beside(row: etree._Element) -> bool:
    """Whether a date stands before or after a row that is no element of a list: <dt><a></dt><dd>2026-03-31</dd>.

    It counts as a mark of a catalogue; to which of its neighbours it belongs cannot be told from one row.
    """
    if row.tag in _LIST_ROWS:
        return False
    beside = [row.tail or ""]
    for sibling in (row.getnext(), row.getprevious()):
        if sibling is not None and next(sibling.iter("a"), None) is None:
            beside += [*map(str, sibling.itertext()), sibling.tail or ""]
    return any(is_date_alone(text) for text in beside)


def _shape(row: etree._Element) -> tuple[str, ...]:
    return tuple(
        f"{e.tag}.{e.get('class') or ''}" if e is not None and e is not row else str(row.tag)
        for e in (_box(row), row.getparent(), row)
    )


def _inside_another(row: etree._Element, group: Mapping[etree._Element, None]) -> bool:
    return any(ancestor in group for ancestor in row.iterancestors())


def own_links(row: etree._Element) -> Iterator[etree._Element]:
    """Links of the row that do not stand in a list nested in it (related interpretations, 解读)."""
    for link in row.iter("a"):
        nested = next((a for a in link.iterancestors() if a is row or a.tag in _NESTED), row)
        if nested is row or link is row:
            yield link


def href_of(row: etree._Element) -> str | None:
    """The address of a row's first link, as it is written."""
    return next((href for link in own_links(row) if (href := stated_address(link))), None)
