"""Which element holds the document's text.

Order: the site file's selectors, markers that the CMS leaves (ContentStart), the cell after the label
信息内容, known ids and classes, and last the densest element. Every candidate is measured on the page
parsed once with lxml; nothing is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lxml import etree

from crawler.extract.attachments import extension
from crawler.extract.body import BLOCKS, SKIP, visible_length
from crawler.extract.fields import FieldBook
from crawler.extract.noise import left_out, noise_line
from crawler.extract.text import clean
from crawler.extract.tree import select

_PUNCTUATION = re.compile("[，。；：、！？]")
# 2031-01-05 10:05:32 under a title: no text, but longer than the cells of a small table
_INSTANT = re.compile(
    r"[\[(（]?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?[\])）]?"
)
_LONGEST_INSTANT = 24
_PICTURES = ("img", "iframe", "embed", "object")
_LITTLE_PROSE = 150  # score of the densest element that may be a footer
_ENOUGH = 15  # characters: a container with less holds no document
_START_MARKS = re.compile(
    r"ContentStart|content\.begin|信息内容\]>begin|正文开始|文章正文\s*(?:begin|start)?|content begin",
    re.IGNORECASE,
)


def find_container(
    root: etree._Element,
    book: FieldBook,
    *,
    selectors: Collection[str],
    labelled: Callable[[], etree._Element | None],
    skip: Collection[etree._Element],
) -> tuple[etree._Element | None, str]:
    """The element that holds the text, and how it was found (rule, marker, label, known, density)."""
    for selector in selectors:
        matched = select(root, selector)
        if matched:
            return max(matched, key=visible_length), "rule"
    marked = _marked(root)
    if marked is not None and visible_length(marked) >= _ENOUGH:
        return marked, "marker"
    cell = labelled()
    if cell is not None and visible_length(cell) >= _ENOUGH:
        return cell, "label"
    known = _known(root, book)
    if known is not None:
        return known, "known"
    away = frozenset(skip)
    found, score = _densest(root, book, away)
    if score < _LITTLE_PROSE:
        # Where all of the text lies in elements named like page furniture (class="pages"), the names mean nothing.
        other, more = _densest(root, book, away, names=False)
        found = other if more > 3 * score else found
    return found, "density"


def _marked(root: etree._Element) -> etree._Element | None:
    for node in root.iter(etree.Comment, "meta"):
        mark = node.get("name") if isinstance(node.tag, str) else node.text
        if mark and len(mark) < 80 and _START_MARKS.search(mark):
            parent = node.getparent()
            if parent is not None and parent.tag not in ("html", "head", "body"):
                return parent
    return None


def _known(root: etree._Element, book: FieldBook) -> etree._Element | None:
    ranked: dict[int, list[etree._Element]] = {}
    for element in root.iter("div", "td", "section", "article", "ucapcontent", "main", "span"):
        name, names = element.get("id"), element.get("class")
        if name:
            names = f"{name} {names or ''}"
        rank = 0 if element.tag == "ucapcontent" else book.container_rank(names) if names else None
        if rank is not None:
            ranked.setdefault(rank, []).append(element)
    for rank in sorted(ranked):
        chosen = max(ranked[rank], key=visible_length)
        if visible_length(chosen) >= _ENOUGH:
            return chosen
    # A scan, a viewer or a file in the place of a text.
    return next((e for rank in sorted(ranked) for e in ranked[rank] if _shows_a_file(e)), None)


def _shows_a_file(element: etree._Element) -> bool:
    if next(element.iter(*_PICTURES), None) is not None:
        return True
    return any(extension(a.get("href") or "") for a in element.iter("a"))


def _densest(
    root: etree._Element, book: FieldBook, skip: frozenset[etree._Element], *, names: bool = True
) -> tuple[etree._Element | None, float]:
    """The element whose own paragraphs hold most prose, and how much; links, navigation and label blocks do not count."""
    body = root.find(".//body")
    top = body if body is not None else root
    scores: dict[etree._Element, float] = {}
    walk = etree.iterwalk(top, events=("start",))
    for _, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if (
            tag in SKIP
            or tag == "a"
            or element in skip
            or (names and element is not top and left_out(element, book))
        ):
            walk.skip_subtree()
            continue
        weight = _own_weight(element)
        if weight:
            holder = _holder(element)
            scores[holder] = scores.get(holder, 0.0) + weight
            parent = holder.getparent()
            if parent is not None and parent.tag not in ("html",):
                scores[parent] = scores.get(parent, 0.0) + weight * 0.45
    if not scores:
        return None, 0.0
    best = max(scores, key=scores.__getitem__)
    return _climb(best, top), scores[best]


def _own_weight(element: etree._Element) -> float:
    if element.tag in ("h1", "h2", "h3"):  # a title with its line weighs more than many a notice
        return 0.0
    parts = [element.text or ""]
    parts.extend(child.tail for child in element if child.tail)
    text = "".join(parts).strip()
    length = len(text)
    # The lines of a footer are longer than those of many a notice.
    if length < 4 or ("。" not in text and noise_line(clean(text))):
        return 0.0
    if length <= _LONGEST_INSTANT and _INSTANT.fullmatch(text):
        return 1.0
    return length + 12 * len(_PUNCTUATION.findall(text))


def _holder(element: etree._Element) -> etree._Element:
    """The element whose child paragraph a piece of text is: spans belong to their p, a p to its div."""
    current = element
    while current.tag not in BLOCKS and current.tag not in ("body", "td"):
        parent = current.getparent()
        if parent is None:
            return current
        current = parent
    if current.tag in (
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "td",
        "th",
        "dd",
        "dt",
        "center",
        "pre",
    ) or _is_line(current):
        parent = current.getparent()
        while parent is not None and parent.tag in ("tr", "tbody", "ul", "ol", "blockquote"):
            parent = parent.getparent()
        if parent is not None and parent.tag != "html":
            return parent
    return current


def _is_line(element: etree._Element) -> bool:
    """A div used as a paragraph: it has siblings of its kind and no block inside."""
    if element.tag != "div" or any(child.tag in BLOCKS for child in element):
        return False
    parent = element.getparent()
    return parent is not None and sum(1 for child in parent if child.tag in ("div", "p")) >= 3


def _climb(best: etree._Element, top: etree._Element) -> etree._Element:
    """Up from a table or a list to what stands around it, as long as that is little more than it."""
    current = best
    while current.tag in ("table", "tbody", "tr", "ul", "ol", "p", "dl", "blockquote", "span", "center"):
        parent = current.getparent()
        if parent is None or current is top or parent is top:
            break
        current = parent
    return current
