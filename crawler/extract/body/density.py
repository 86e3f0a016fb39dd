"""The element of a page that holds most prose, where nothing names the text's own."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from crawler.extract.body import parts
from crawler.extract.body.furniture import talks_to_visitor
from crawler.extract.body.noise import is_day, of_page, without_lines_of_every_page
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import FieldBook
from crawler.extract.tags import BLOCKS, SKIPPED
from crawler.extract.tree import leads, words

LEAST_PROSE = 20.0  # score of an element that holds a sentence
_OF_A_DAY = 10.0
# 2031-01-05 10:05:32 under a title: no text, but longer than the cells of a small table
_INSTANT = re.compile(
    r"[\[(（]?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?[\])）]?"
)
_LONGEST_INSTANT = 24
_COUNT_OF_ROW = re.compile(r"[\[(（]\s*\d+\s*(?:人?次)?\s*[\])）]")  # 某通知（130）, how often it was read
_LONGEST_BUTTON = 8  # characters
_OF_A_CELL = 0.5
_SHORTEST_OF_TEXT = 4  # characters
_PARAGRAPHS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "dd", "dt", "center", "pre", "caption"}
)
_SMALL_HEADINGS = ("h4", "h5", "h6")  # of which editors make paragraphs too
_PUNCTUATION = re.compile("[，。；：、！？]")


def densest(
    root: etree._Element, book: FieldBook, skip: frozenset[etree._Element], *, names: bool = True
) -> tuple[etree._Element | None, float]:
    """The element whose own paragraphs hold most prose, and how much; links, navigation and label blocks do not count."""
    body = root.find(".//body")
    top = body if body is not None else root
    prose: dict[etree._Element, float] = {}
    grids: dict[etree._Element, bool] = {}
    days: list[etree._Element] = []  # of the rows of a list
    walk = etree.iterwalk(top, events=("start",))
    for _, element in walk:
        if (
            element.tag in SKIPPED
            or (element.tag == "a" and leads(element))
            or _is_button(element)
            or talks_to_visitor((element.text or "").strip())
            or element in skip
            or (names and element is not top and left_out(element, book))
        ):
            walk.skip_subtree()
            continue
        weight = _own_weight(element)
        if weight is None and _in_row(element):
            days.append(element)
        elif weight is None:
            _count(prose, grids, element, _OF_A_DAY)  # a signature's
        elif weight:
            _count(prose, grids, element, weight)
    if max(prose.values(), default=0.0) < LEAST_PROSE and not _holds_data(prose):
        for element in days:  # a list, the days of which outweigh its name
            _count(prose, grids, element, _OF_A_DAY)
    if not prose:
        return None, 0.0
    best = max(prose, key=prose.__getitem__)

    def away(element: etree._Element) -> bool:
        return element in skip or (names and left_out(element, book))

    return parts.whole(_climb(best, top), top, book, away), prose[best]


def _is_button(element: etree._Element) -> bool:
    """Whether a click on a word is handled by a script: ``<div onclick="go(3)">通知公告</div>``, a menu without links."""
    return element.get("onclick") is not None and len(words(element).strip()) <= _LONGEST_BUTTON


def _holds_data(prose: dict[etree._Element, float]) -> bool:
    """Whether what holds most prose is, or holds, a table of words without a link: a roster beside lists of links."""
    best = max(prose, key=prose.__getitem__) if prose else None
    return best is not None and any(map(parts.of_words, best.iter("table")))


def _count(
    scores: dict[etree._Element, float],
    grids: dict[etree._Element, bool],
    element: etree._Element,
    weight: float,
) -> None:
    table = next(element.iterancestors("table"), None)
    if table is not None and table not in grids:
        grids[table] = parts.is_grid(table)
    holder = table if table is not None and grids[table] else _holder(element)
    scores[holder] = scores.get(holder, 0.0) + weight
    parent = holder.getparent()
    if parent is not None and parent.tag != "html":
        scores[parent] = scores.get(parent, 0.0) + weight * 0.45


def _in_row(element: etree._Element) -> bool:
    """Whether an element stands beside a link: ``<li><a href="…">某通知</a><span>2031-01-11</span></li>``."""
    around = element.iterancestors("li", "tr", "dd", "p", "div")
    return element.tag != "p" and any(next(row.iter("a"), None) is not None for row in islice(around, 1))


def _own_weight(element: etree._Element) -> float | None:
    """How much prose an element's own text is; None for a day and nothing else."""
    if element.tag in ("h1", "h2", "h3"):  # a title with its line weighs more than many a notice
        return 0.0
    parts = [element.text or ""]
    parts.extend(child.tail if child.tag != "br" else f"\n{child.tail}" for child in element if child.tail)
    text = "".join(parts).strip()
    if not text or (element.tag in _SMALL_HEADINGS and not _PUNCTUATION.search(text)):
        return 0.0
    if is_day(text):
        return None
    if len(text) <= _LONGEST_INSTANT and _INSTANT.fullmatch(text):
        return 1.0
    if _COUNT_OF_ROW.fullmatch(text):
        return 0.0
    # The lines of a footer are longer than those of many a notice.
    if "。" in text and of_page(text):  # the only words of a notice may be of this kind
        return min(float(len(text)), _OF_A_DAY)
    if "。" not in text:
        text = without_lines_of_every_page(text)
    length = len(text)
    if length < _SHORTEST_OF_TEXT:  # words of a menu; but names and figures of a table may be as short
        cell = element.getparent() if element.tag == "p" else element
        return _OF_A_CELL * (length > 0 and cell is not None and cell.tag in ("td", "th"))
    return length + 12 * len(_PUNCTUATION.findall(text))


def _holder(element: etree._Element) -> etree._Element:
    """The element whose child paragraph a piece of text is: spans belong to their p, a p to its div."""
    current = element
    while current.tag not in BLOCKS and current.tag not in ("body", "td"):
        parent = current.getparent()
        if parent is None:
            return current
        current = parent
    if current.tag in _PARAGRAPHS or _is_line(current):
        parent = current.getparent()
        while parent is not None and parent.tag in ("tr", "tbody", "ul", "ol", "blockquote"):
            parent = parent.getparent()
        if parent is not None and parent.tag != "html":
            return _unwrapped(parent)
    return _unwrapped(current)


def _unwrapped(holder: etree._Element) -> etree._Element:
    """What stands around a paragraph that editors of messengers wrap for itself: ``<section><section><p>…</p></section></section>``,
    or others by divs without a name."""
    current = holder
    while (current.tag == "section" or _is_plain(current)) and _fewer_than_two(current):
        parent = current.getparent()
        beside = [e for e in (current.getprevious(), current.getnext()) if e is not None]
        if current.tag == "section":
            one_of_many = not {"section", "p", "table"}.isdisjoint(e.tag for e in beside)
        else:
            one_of_many = any(_is_plain(e) and [c.tag for c in e] == [c.tag for c in current] for e in beside)
        wraps_one = parent is not None and (
            parent.tag == "section" or (_is_plain(parent) and _fewer_than_two(parent))
        )
        if parent is None or parent.tag in ("body", "html") or not (one_of_many or wraps_one):
            break
        current = parent
    return current


def _fewer_than_two(element: etree._Element) -> bool:
    """Whether an element holds at most one other; asked of each of ten thousand lines, it must not count them all."""
    return len(list(islice((child for child in element if isinstance(child.tag, str)), 2))) < 2


def _is_plain(element: etree._Element) -> bool:
    """Whether an element is a div without a name and a link: no part of a page, but a line that an editor wrapped."""
    if element.tag != "div" or element.get("class") or element.get("id"):
        return False
    return next(element.iter("a"), None) is None


def _is_line(element: etree._Element) -> bool:
    """A div used as a paragraph: it has siblings of its kind and no block inside."""
    if element.tag not in ("div", "section") or any(child.tag in BLOCKS for child in element):
        return False
    parent = element.getparent()
    if parent is None:
        return False
    lines = len(list(islice((child for child in parent if child.tag in ("div", "p", "section")), 3)))
    # Two are a title and a text, or whose site it is: unless nothing names them.
    return lines >= 3 or (lines > 1 and parent.tag != "body" and all(map(_is_plain, parent)))


def _climb(best: etree._Element, top: etree._Element) -> etree._Element:
    """Up from a table or a list to what stands around it, as long as that is little more than it."""
    current = best
    while current.tag in ("table", "tbody", "tr", "ul", "ol", "p", "dl", "blockquote", "span", "center"):
        parent = current.getparent()
        if parent is None or current is top or parent is top:
            break
        current = parent
    return current
