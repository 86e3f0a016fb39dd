"""Labels in a text whose paragraphs are neighbours of the line under the title: 一、<b>时间</b> is none of that line."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from crawler.extract.body.noise import ENUMERATED, of_every_page
from crawler.extract.fields import FieldBook
from crawler.extract.text import clean_lines
from crawler.extract.tree import words

_SHORTEST_SENTENCE = 12  # characters
_FARTHEST = 40  # elements behind a label in which a text goes on
_UNREAD = ("script", "style")


def is_amid_text(part: etree._Element, last: etree._Element, book: FieldBook) -> bool:
    """Whether an element that holds a label stands amid a text that has begun behind the ``last`` one that does."""
    return _has_begun(last, part, book) and _goes_on(part, book)


def _has_begun(last: etree._Element, part: etree._Element, book: FieldBook) -> bool:
    """Whether a sentence or an item stands between two elements that hold labels; what follows a label that stands alone is its value."""
    awaited = book.field_of(words(last).strip()) is not None
    if _is_of_text(last.tail or ""):
        return True
    for sibling in last.itersiblings():
        if sibling is part:
            break
        said = words(sibling) if sibling.tag not in _UNREAD else ""
        if (_is_of_text(said) and not awaited) or _is_of_text(sibling.tail or ""):
            return True
        awaited = awaited and not said.strip()
    return False


def _goes_on(part: etree._Element, book: FieldBook) -> bool:
    """Whether words stand behind an element that are neither labelled nor those of every page."""
    if _says_more(part.tail or ""):
        return True
    for sibling in islice(part.itersiblings(), _FARTHEST):
        said = words(sibling) if sibling.tag not in _UNREAD else ""
        if (_says_more(said) and not book.any_label.search(said)) or _says_more(sibling.tail or ""):
            return True
    return False


def _says_more(text: str) -> bool:
    return any(not of_every_page(line) for line in clean_lines(text))


def _is_of_text(text: str) -> bool:
    """Whether words are a sentence or an item, 一、项目名称：…, which no card has."""
    said = text.strip()
    return ("。" in said and len(said) >= _SHORTEST_SENTENCE) or ENUMERATED.match(said) is not None
