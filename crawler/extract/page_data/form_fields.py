"""What a page keeps in fields of a form that nobody can fill in, and in frames that it brings along.

``<td>文号</td><td><input readonly value="某发〔2031〕5号">``, ``<textarea readonly>`` with a text, ``<iframe srcdoc="…">``.
"""

from __future__ import annotations

from lxml import etree

from crawler.extract.fields import FieldBook
from crawler.extract.no_document import limits
from crawler.extract.tree import before, words

_CELLS = frozenset({"td", "th", "dd", "li", "div", "p", "span"})
_LONGEST_LABEL = 24
_SHORTEST_TEXT = 40  # characters of a field that holds a document's text


def show(root: etree._Element, book: FieldBook) -> None:
    """Put in the place of each such field behind a label, of a text and of a frame an element that holds what it shows."""
    for area in list(root.iter("textarea")):
        said = words(area)
        if _is_fixed(area) and "。" in said and len(said.strip()) >= _SHORTEST_TEXT:
            area.attrib.clear()
            if "</" in said:
                _put(area, said)
            else:
                area.tag = "pre"
    for element in root.iter("xmp"):  # an old pre
        element.tag = "pre"
    for frame in list(root.iter("iframe")):
        if (markup := frame.get("srcdoc") or "").strip():
            _put(frame, markup)
    for element in list(root.iter("input")):
        value = (element.get("value") or "").strip()
        kind = (element.get("type") or "text").lower()
        if value and kind == "text" and _is_fixed(element) and book.field_of(_label(element)) is not None:
            element.tag = "span"
            element.attrib.clear()
            element.text = value


def _is_fixed(element: etree._Element) -> bool:
    return element.get("readonly") is not None or element.get("disabled") is not None


def _put(element: etree._Element, markup: str) -> None:
    """Make an element one that holds what markup says."""
    if limits.check(markup) is not None:
        return
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    page = etree.fromstring(f"<div>{markup}</div>".encode("utf-8", errors="replace"), parser)
    body = page.find("body")
    for child in list(element):
        element.remove(child)
    element.tag, element.text = "div", None
    element.attrib.clear()
    element.extend(list(body if body is not None else page))


def _label(element: etree._Element) -> str:
    """The words in front of a field: in its own cell, or the cell before."""
    previous, between = before(element)
    text = between.strip() or (words(previous).strip() if previous is not None else "")
    parent = element.getparent()
    if not text and parent is not None and parent.tag in _CELLS:
        previous, between = before(parent)
        text = between.strip() or (words(previous).strip() if previous is not None else "")
    return text if len(text) <= _LONGEST_LABEL else ""
