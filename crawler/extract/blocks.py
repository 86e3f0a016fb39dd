"""Find, in the parsed page, the blocks that hold labels: cheap, so that only they are looked at closely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.text import label_key

_STRUCTURES = frozenset({"table", "dl", "ul", "ol"})
_SKIP = frozenset(
    {"script", "style", "noscript", "option", "select", "title", "textarea", "button", "template"}
)
_LONGEST_NODE = 400  # characters of a text node that may hold labels; longer ones are prose
_LONGEST_LOOSE = 600  # characters of a group of divs or spans that is one block
_LONGEST_LIST = 4000


@dataclass(slots=True)
class Block:
    """An element holding labels, with the fields they name in page order."""

    element: etree._Element
    fields: list[str] = field(default_factory=list)
    coloned: int = 0

    @property
    def distinct(self) -> set[str]:
        """Fields named, labels that mean nothing left out."""
        return set(self.fields) - {IGNORED}

    @property
    def structured(self) -> bool:
        """A table, dl or list, or a group of lines that names an index number: the record itself."""
        return self.element.tag in _STRUCTURES or "index_number" in self.distinct or len(self.distinct) >= 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in a text node."""

    element: etree._Element  # that the text is in
    field: str
    coloned: bool


def label_hits(root: etree._Element, book: FieldBook) -> list[Hit]:
    """Every short text node that is a label or holds one with a colon, in page order."""
    firsts = frozenset(label[0] for label in book.labels)
    hits: list[Hit] = []
    for element in root.iter():
        text, tail = element.text, element.tail
        if text and isinstance(element.tag, str) and element.tag not in _SKIP:
            _look(element, text, book, firsts, hits)
        if tail:
            parent = element.getparent()
            if parent is not None and parent.tag not in _SKIP:
                _look(parent, tail, book, firsts, hits)
    return hits


def _look(
    element: etree._Element, text: str, book: FieldBook, firsts: frozenset[str], hits: list[Hit]
) -> None:
    if len(text) > _LONGEST_NODE:
        return
    text = text.strip()
    if not text:
        return
    if ":" in text or "：" in text:
        found = [m["label"] for m in book.any_label.finditer(text)]
        hits.extend(Hit(element, book.labels[label_key(label)], True) for label in found)
        if found:
            return
    head = text.lstrip("【[•· ")
    if head and head[0] in firsts:
        if len(text) <= 24 and label_key(text) in book.labels:
            hits.append(Hit(element, book.labels[label_key(text)], text[-1] in ":："))
        elif len(text) <= 200 and sum(1 for _ in book.bare_label.finditer(text)) >= 2:
            names = (book.labels[label_key(m["label"])] for m in book.bare_label.finditer(text))
            hits.extend(Hit(element, name, False) for name in names)


def group(hits: Iterable[Hit]) -> list[Block]:
    """Blocks that the hits belong to: the nearest table, dl or list, else a small group of divs."""
    blocks: dict[etree._Element, Block] = {}
    for hit in hits:
        element = _structure(hit.element)
        if element is None:
            element = _loose(hit.element)
        block = blocks.setdefault(element, Block(element))
        block.fields.append(hit.field)
        block.coloned += hit.coloned
    return _outermost(blocks)


def _structure(element: etree._Element) -> etree._Element | None:
    current: etree._Element | None = element
    for _ in range(8):
        if current is None:
            return None
        if current.tag in _STRUCTURES:
            return current
        current = current.getparent()
    return None


def _loose(element: etree._Element) -> etree._Element:
    best = element
    for _ in range(4):
        parent = best.getparent()
        if (
            parent is None
            or parent.tag in ("body", "html", "form")
            or text_length(parent, _LONGEST_LOOSE) > _LONGEST_LOOSE
        ):
            break
        best = parent
    return best


def text_length(element: etree._Element, stop: int) -> int:
    """Characters of an element's text without white space at the ends of nodes; counting ends beyond ``stop``."""
    total = 0
    for part in element.itertext():
        total += len(part.strip())
        if total > stop:
            break
    return total


def _outermost(blocks: dict[etree._Element, Block]) -> list[Block]:
    kept: list[Block] = []
    for element, block in blocks.items():
        outer = next(
            (blocks[a] for a in element.iterancestors() if a in blocks and a.tag not in _STRUCTURES), None
        )
        if outer is not None and element.tag not in _STRUCTURES:
            outer.fields.extend(block.fields)
            outer.coloned += block.coloned
        else:
            kept.append(block)
    return kept


def is_record(block: Block) -> bool:
    """Whether a block describes one document: not a list of documents, not a table of data."""
    distinct = block.distinct
    if not distinct:
        return False
    most = max(block.fields.count(name) for name in distinct)
    if most > 3:
        return False  # 来源 or 日期 in every row: a list
    if block.element.tag in ("ul", "ol") and text_length(block.element, _LONGEST_LIST) > _LONGEST_LIST:
        return False
    if block.element.tag in _STRUCTURES and block.coloned == 0:
        return len(distinct) >= 2
    return True
