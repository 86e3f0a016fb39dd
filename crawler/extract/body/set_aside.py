"""Elements that are no part of the text around them: hidden ones, and those whose names are of page furniture."""

from __future__ import annotations

import re

from lxml import etree

from crawler.extract.body.counters import without_counters
from crawler.extract.body.noise import ENUMERATED, noise_line, of_page
from crawler.extract.fields import FieldBook
from crawler.extract.tree import before, names_of, words

# What has its place by itself: links put into others' pages.
_OFF_SCREEN = re.compile(r"(?:left|top)\s*:\s*-(?:\d{4}|999)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)")
_UNFOLDS = re.compile(r"(?:点击)?(?:展开|查看|阅读|显示)(?:全文|全部|更多|剩余)(?:内容|正文)?[>»↓…]*")
_SENTENCE = 12  # characters of a text that is prose, not a button with a full stop
_INLINE = frozenset({"span", "b", "strong", "font", "em", "i", "u", "a", "mark", "label"})
# What the words before a piece of a sentence end in, and those behind it begin with.
_LEADS_IN = re.compile("[一-鿿，、；：“‘《（〈]$")
_GOES_ON = re.compile("[一-鿿，、；：。”’》）〉]")
_OF_SENTENCE = re.compile("[，。；]")
_BESIDE = 12  # characters of a sentence around a piece of it that may be a counter


def hides(style: str) -> bool:
    """Whether a style says that its element is not shown. Word's ``border:none`` on every cell is told apart quickly."""
    lower = style.lower()
    return ("display" in lower or "visib" in lower) and _HIDDEN.search(lower) is not None


def left_out(element: etree._Element, book: FieldBook) -> bool:
    """Whether an element is hidden or, by its id or class, page furniture."""
    if not element.attrib and element.tag != "aside":
        return False
    style = element.get("style")
    hidden = element.get("hidden") is not None
    if hidden or (style and ("none" in style or "hidden" in style or "NONE" in style) and hides(style)):
        return not _is_folded(element)
    if style and ("absolute" in style or "fixed" in style) and _OFF_SCREEN.search(style):
        return True
    if element.tag == "aside" and _leads_on(element):
        return True
    names, name = element.get("class"), element.get("id")
    if name:
        names = f"{names or ''} {name}"
    if not names:
        return False
    by_part, by_name = book.furniture(names)
    if not (by_part or by_name) or _wraps_text(element, book) or _is_amid_sentence(element):
        return False
    if next(element.iter("a"), None) is None:
        return not (_holds_prose(element, of_pages=not by_part) or _is_clause(element))
    return by_part or not _holds_prose(element)


def _is_folded(element: etree._Element) -> bool:
    """Whether a button behind a hidden element unfolds the rest of a text: ``<div style="display:none">…</div><a>展开全文</a>``."""
    for inner in (element, element.getparent()):
        button = (
            None if inner is None else next((e for e in inner.itersiblings() if isinstance(e.tag, str)), None)
        )
        if button is not None and _UNFOLDS.fullmatch("".join(words(button).split())):
            return True
    return False


def _leads_on(element: etree._Element) -> bool:
    """Whether an element holds links and no sentence: ``<aside><h4>推荐阅读</h4><a href="…">``."""
    return next(element.iter("a"), None) is not None and "。" not in words(element)


def _wraps_text(element: etree._Element, book: FieldBook) -> bool:
    """Whether an element named like page furniture lies around the heading or a container of text."""
    for inner in element.iter("h1", "div", "td", "ucapcontent"):
        if inner.tag in ("h1", "ucapcontent"):
            return True
        names = names_of(inner).lower()
        if len(names) > 1 and not book.containers.keys().isdisjoint(names.split()):
            return True
    return False


def _holds_prose(element: etree._Element, *, of_pages: bool = True) -> bool:
    """Whether sentences stand in it: ``<div class="pages">`` is a pager on one site, the whole page on another.

    ``of_pages``: those count too that speak of the page or its site.
    """
    sentences = 0
    for text in map(str, element.itertext()):
        if "。" in text and (of_pages or not of_page(text)):
            sentences += text.count("。") * (len(text.strip()) >= _SENTENCE)
        if sentences >= 2:
            return True
    return False


def _is_clause(element: etree._Element) -> bool:
    """Whether an element is one numbered sentence: ``<p class="tips">第五条 罚款五万元。</p>``, not 温馨提示：…"""
    said = words(element).strip()
    return said.endswith("。") and ENUMERATED.match(said) is not None and not of_page(said)


def _is_amid_sentence(element: etree._Element) -> bool:
    """Whether an element is a piece of a sentence: ``现将<span class="share">汛前检查</span>有关事项``, no tool and no counter in one,
    浏览<span class="hits">12</span>次."""
    if element.tag not in _INLINE:
        return False
    over, behind = _beside(element)
    said = words(element)
    if not _OF_SENTENCE.search(f"{over}{said}{behind}"):
        return False
    if (
        not (over or behind)
        or (over and not _LEADS_IN.search(over))
        or (behind and not _GOES_ON.match(behind))
    ):
        return False
    piece = f"{over[-_BESIDE:]}{said}{behind[:_BESIDE]}"
    return not noise_line(said.strip()) and not noise_line(piece) and without_counters(piece) == piece


def _beside(element: etree._Element) -> tuple[str, str]:
    """The words of its line right before and right behind an inline element; none at the line's ends."""
    previous, over = before(element)
    following, behind = element.getnext(), element.tail or ""
    if not over and previous is not None and previous.tag in _INLINE:
        over = words(previous)
    if not behind and following is not None and following.tag in _INLINE:
        behind = words(following)
    return (over if over.strip() else ""), (behind if behind.strip() else "")
