"""Tables whose labels stand in a row of their own: over one row of values a record, over more of them data.

``索引号 | 发布机构 | 文号 | 发布日期`` over ``LJ-1 | 某局 | 某发〔2031〕1号 | 2031-03-01``.
"""

from __future__ import annotations

from lxml import etree

from crawler.extract.fields import FieldBook
from crawler.extract.labels.blocks import Block
from crawler.extract.linked_files.names import extension
from crawler.extract.tree import own_rows, words

Column = tuple[etree._Element, etree._Element]  # the cell of the label, the cell of its value
_FEWEST = 3  # labels of a head
_OF_ONE = frozenset({"index_number", "document_number"})
_LONGEST_LABEL = 24


def record(block: Block, book: FieldBook) -> list[Column]:
    """The columns of a table of heads each over one row of values; none where it is another table.

    A row with a link to a page is one of a list, that of one document too.
    """
    if block.kind != "table" or not block.distinct & _OF_ONE:
        return []
    rows = _rows(block.element)
    found: list[Column] = []
    for head, values in zip(rows[::2], rows[1::2], strict=False):
        found.extend(zip(head, values, strict=False))
        if not _is_head(head, book) or len(head) != len(values) or _labels(values, book):
            return []
        if any(_leads_on(cell) for cell in values):
            return []
    return [] if len(rows) % 2 else found


def is_data(block: Block, book: FieldBook) -> bool:
    """Whether a table is a head of labels, and whatever else (序号), over two rows or more."""
    if block.kind != "table":
        return False
    rows = _rows(block.element)
    return (
        len(rows) > 2
        and len(_labels(rows[0], book)) >= _FEWEST
        and not any(_labels(r, book) for r in rows[1:])
    )


def is_text(block: Block, book: FieldBook) -> bool:
    """Whether a table of data is what a document says: none of its rows leads to what it names, as those of a list do."""
    return is_data(block, book) and not any(
        element.tag == "a" or element.get("onclick") for element in block.element.iter()
    )


def _is_head(cells: list[etree._Element], book: FieldBook) -> bool:
    return len(cells) >= _FEWEST and len(_labels(cells, book)) == len(cells)


def _labels(cells: list[etree._Element], book: FieldBook) -> list[etree._Element]:
    texts = ((cell, words(cell).strip()) for cell in cells)
    return [cell for cell, text in texts if text and len(text) <= _LONGEST_LABEL and book.field_of(text)]


def _leads_on(cell: etree._Element) -> bool:
    targets = (a.get("href") or "" for a in cell.iter("a"))
    return any(target and not extension(target) for target in targets)


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    """Cells of a table's own rows that say something."""
    rows = ([c for c in row if c.tag in ("td", "th")] for row in own_rows(table))
    return [cells for cells in rows if any(words(cell).strip() for cell in cells)]
