"""Values in fields of a form that nobody can fill in: ``<td>文号</td><td><input readonly value="某发〔2031〕5号">``."""

from __future__ import annotations

from lxml import etree

from crawler.extract.fields import FieldBook
from crawler.extract.tree import before, words

MARKS = ("readonly", "disabled")  # in the markup of such fields
_CELLS = frozenset({"td", "th", "dd", "li", "div", "p", "span"})
_LONGEST_LABEL = 24


def show(root: etree._Element, book: FieldBook) -> None:
    """Put in the place of each such field behind a label an element that holds its value."""
    for element in list(root.iter("input")):
        value = (element.get("value") or "").strip()
        kind = (element.get("type") or "text").lower()
        fixed = element.get("readonly") is not None or element.get("disabled") is not None
        if value and kind == "text" and fixed and book.field_of(_label(element)) is not None:
            element.tag = "span"
            element.attrib.clear()
            element.text = value


def _label(element: etree._Element) -> str:
    """The words in front of a field: in its own cell, or the cell before."""
    previous, between = before(element)
    text = between.strip() or (words(previous).strip() if previous is not None else "")
    parent = element.getparent()
    if not text and parent is not None and parent.tag in _CELLS:
        previous, between = before(parent)
        text = between.strip() or (words(previous).strip() if previous is not None else "")
    return text if len(text) <= _LONGEST_LABEL else ""
