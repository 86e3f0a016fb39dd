"""The labels in a parsed page: every short text node that is one, or holds one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.extract.fields import FieldBook
from crawler.extract.values import dates

_SKIP = frozenset(
    {"script", "style", "noscript", "option", "select", "title", "textarea", "button", "template"}
)
_CELLS = frozenset({"td", "th", "dt", "dd"})
_SPACED = frozenset({"em", "b", "strong", "span", "label", "i", "p"})  # <em>文<i></i>号：</em>
_MOST_PIECES = 12  # text nodes of a cell that is one label
_LONGEST_PIECE = 4  # characters of the first of them
_LONGEST_LABEL = 24
_LONGEST_NODE = 400  # characters of a text node that may hold labels; longer ones are prose
_LONGEST_DAY = 24  # characters of a value that is one
_LONGEST_PAIR = 200  # of a line 发布机构 X 文件编号 Y


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in a text node."""

    element: etree._Element  # that the text is in
    field: str
    coloned: bool
    weak: bool = False  # "发布机构 某局": a label without a colon before its value


def label_hits(root: etree._Element, book: FieldBook) -> list[Hit]:
    """Every short text node that is a label or holds one, in page order."""
    hits: list[Hit] = []
    for element in root.iter():
        tag = element.tag
        if isinstance(tag, str) and tag not in _SKIP:
            text = element.text
            spaced = tag in _CELLS or (text and len(text) <= _LONGEST_PIECE and tag in _SPACED)
            if spaced and len(element) and (split := _split_label(element, book)):
                hits.append(split)
                continue
            if text and not text.isspace() and not (tag == "a" and element.get("href")):
                _look(element, text, book, hits, before_tail=True)
        tail = element.tail
        if tail and not tail.isspace():
            parent = element.getparent()
            if parent is not None and parent.tag not in _SKIP:
                _look(parent, tail, book, hits)
    return hits


def _split_label(cell: etree._Element, book: FieldBook) -> Hit | None:
    """The label of an element of which no text node holds the whole: ``<td><b>文</b><b>号</b></td>``."""
    inner, first = cell, (cell.text or "").strip()
    while not first and len(inner):
        inner = inner[0]
        first = (inner.text or "").strip()
    if not first or len(first) > _LONGEST_PIECE or first[0] not in book.firsts:
        return None
    pieces = list(filter(None, map(str.strip, map(str, islice(cell.itertext(), _MOST_PIECES)))))
    text = "".join(pieces)
    named = book.field_of(text) if len(text) <= _LONGEST_LABEL else None
    if named is None or any(map(book.field_of, pieces)):
        return None
    return Hit(cell, named, text[-1] in ":：")


def _colon_behind(element: etree._Element) -> bool:
    """``<b>来源</b>：某局``, ``<b>发布时间</b>2031.08.19``."""
    tail = "" if len(element) else (element.tail or "").lstrip()
    return tail[:1] in (":", "：") or (tail[:1].isdigit() and dates.whole(tail) is not None)


def _look(
    element: etree._Element, text: str, book: FieldBook, hits: list[Hit], *, before_tail: bool = False
) -> None:
    """Labels of a text node into ``hits``. ``before_tail``: the colon of one may stand right behind the element."""
    if len(text) > _LONGEST_NODE:
        return
    text = text.strip()
    if not text:
        return
    if ":" in text or "：" in text or text[0] in "[【［":
        found = list(book.any_label.finditer(text))
        told = [m for m in found if not dates.is_of_event(m["label"], text[m.end() : m.end() + _LONGEST_DAY])]
        hits.extend(Hit(element, name, True) for m in told if (name := book.field_of(m["label"])))
        if found:
            return
    head = text.lstrip("【[•·*＊ ")
    if not head or head[0] not in book.firsts:
        return
    named = book.field_of(text) if len(text) <= 24 else None
    if named:
        coloned = text[-1] in ":：" or (before_tail and _colon_behind(element))
        hits.append(Hit(element, named, coloned))
    elif len(text) <= _LONGEST_PAIR:
        names = [book.field_of(m["label"]) for m in book.bare_label.finditer(text)]
        hits.extend(Hit(element, name, False, weak=len(names) == 1) for name in names if name)
