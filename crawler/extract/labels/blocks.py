"""Find, in the parsed page, the blocks that hold labels: cheap, so that only they are looked at closely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from lxml import etree

from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.labels.amid_text import is_amid_text
from crawler.extract.labels.hits import Hit, label_hits
from crawler.extract.tree import before, own_rows, words
from crawler.extract.values import dates

_STRUCTURES = frozenset({"table", "dl", "ul", "ol"})
_LAYOUT_CELLS = frozenset({"td", "th"})
_MOST_ROWS_OF_A_PAGE = 12
_LONGEST_LOOSE = 600  # characters of a group of divs or spans that is one block
_LONGEST_LIST = 4000
_OF_A_PAIR = 2  # items of a list that is a label and its value
_ROWS_OF_A_CARD = 3
_PAIR = 2  # cells: a label and its value
ONE_OF_EACH = frozenset({"title", "document_number", "index_number"})
_ROW = re.compile(r"\s*(?P<label>[\u4e00-\u9fff]{2,8})\s*[:：]\s*(?P<value>\S.*)")
_ROWS_OF_A_TEXT = 2
_OF_A_PAGE = frozenset({"index_number", "document_number", "issuing_body", IGNORED})
_OF_THE_TEXT = ("公示", "公告")
_SHORTEST_TEXT = 40  # characters of a row that may be a notice


@dataclass(slots=True)
class Block:
    """Neighbouring elements that hold labels, with the fields they name in page order.

    ``parts``: a table, dl or list; of a layout table only the rows with labels; else sibling elements.
    """

    element: etree._Element  # the table, dl or list, or the parent of the parts
    parts: list[etree._Element]
    kind: str  # tag of the structure, or "loose"
    fields: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)  # labels that count only in company
    coloned: int = 0
    idle: list[etree._Element] = field(default_factory=list)  # beside the parts: 所属栏目：通知公告
    last: etree._Element | None = None  # of both, in the page's order

    @property
    def distinct(self) -> set[str]:
        """Fields named, labels that mean nothing left out."""
        return set(self.fields) - {IGNORED}

    @property
    def structured(self) -> bool:
        """A record, not the line under a title: a table, dl or list, or an index number, or many labels."""
        if self.kind != "loose" and len(self.distinct) >= 2:
            return True
        return "index_number" in self.distinct or len(self.distinct) >= 4


def group(hits: Iterable[Hit], book: FieldBook) -> list[Block]:
    """Blocks that the hits belong to: the nearest table, dl or list, else a run of neighbouring elements, which a text ends."""
    amid: dict[etree._Element, Block] = {}  # by parent what stands amid a text
    blocks: dict[etree._Element, Block] = {}
    layout: dict[etree._Element, bool] = {}
    of_text: dict[etree._Element, bool] = {}
    for hit in hits:
        structure = _structure(hit.element, book, layout)
        if structure is None and _is_line_of_text(hit.element, book, of_text):
            continue
        if structure is None:
            part = _loose(hit.element, book)
            parent = part.getparent()
            key = parent if parent is not None else part
            block = amid.get(key) or blocks.setdefault(key, Block(key, [], "loose"))
            if block.last not in (None, part) and key not in amid and is_amid_text(part, block.last, book):
                block = amid[key] = blocks[part] = Block(key, [], "loose")
            block.last = part
            parts = block.idle if hit.field == IGNORED else block.parts
            if part not in parts:
                parts.append(part)
        elif _is_one_of_many(structure, layout) and (parent := structure.getparent()) is not None:
            first = next(e for e in parent if _is_pair(e, structure))
            block = blocks.setdefault(first, Block(parent, [], "dl"))
            if structure not in block.parts:
                block.parts.append(structure)
        else:
            block = blocks.setdefault(structure, Block(structure, [structure], str(structure.tag)))
        (block.weak if hit.weak else block.fields).append(hit.field)
        block.coloned += hit.coloned
    for block in blocks.values():
        if len(block.distinct) >= 2 or _is_card(block):
            block.fields.extend(block.weak)
    return [b for b in blocks.values() if b.distinct]


def _is_line_of_text(element: etree._Element, book: FieldBook, decided: dict[etree._Element, bool]) -> bool:
    """Whether a label begins one of the lines of a text, most of which a page's card has not: 公示时间：5月10日至6月8日 over 公示方式：
    现场公示 and 联系电话：…, 名称：青瓷莲花尊 over 时代：南朝 and 尺寸：高42厘米. ``decided``: of the lines looked at before."""
    line = next((e for e in (element, *element.iterancestors()) if e.tag == "p"), None)
    if line is None or _row(line) is None or len(list(book.any_label.finditer(words(line)))) > 1:
        return False
    if line not in decided:
        above = takewhile(_row, line.itersiblings(preceding=True))
        run = [*above, line, *takewhile(_row, line.itersiblings())]
        decided.update(dict.fromkeys(run, _are_of_text([row for row in map(_row, run) if row], book)))
    return decided[line]


def _are_of_text(rows: Sequence[re.Match[str]], book: FieldBook) -> bool:
    fields = [book.field_of(row["label"]) for row in rows]
    own = any(
        field in _OF_A_PAGE
        or (
            field == "published_on"
            and not row["label"].startswith(_OF_THE_TEXT)
            and dates.search(row["value"])
        )
        for field, row in zip(fields, rows, strict=True)
    )
    return fields.count(None) >= _ROWS_OF_A_TEXT and not own


def _row(line: etree._Element) -> re.Match[str] | None:
    return _ROW.match(words(line)) if line.tag == "p" else None


def _is_card(block: Block) -> bool:
    """Whether labels without colons, each in front of its value, are those of a record: 索引号 X, 发文机关 某局, 成文日期 2031-02-12."""
    if len(set(block.weak)) < _ROWS_OF_A_CARD or ONE_OF_EACH.isdisjoint(block.weak):
        return False
    return not any("。" in words(part) for part in block.parts)


def metadata(block: Block, book: FieldBook) -> list[etree._Element]:
    """The parts of a block that are metadata and nothing else: no text of the document is lost with them."""
    if block.kind == "loose":
        announced = "body_text" in block.fields
        kept = [p for p in block.parts if is_short(p) and not (announced and _announces_text(p, book))]
        return [*kept, *(p for p in block.idle if p not in block.parts and _is_beside(p, kept))]
    return label_rows(block, book)


def _is_beside(part: etree._Element, kept: list[etree._Element]) -> bool:
    """Whether an element whose labels mean nothing stands right before or behind one of a card; 附件：… is of the text."""
    if not is_short(part) or "。" in (said := words(part)) or said.lstrip(" \u3000【[").startswith("附"):
        return False
    if any(inner is not part for inner in part.iter("p", "br", "section")):
        return False  # 公示期：… is one of the lines of a text
    return before(part)[0] in kept or any(before(element)[0] is part for element in kept)


def _announces_text(part: etree._Element, book: FieldBook) -> bool:
    """``<p>信 息 内 容</p>``, the line that parts a card from the text behind it, or card and text in one element."""
    text = words(part)
    return "。" in text or (len(text.strip()) <= 24 and book.field_of(text) == "body_text")


def is_short(part: etree._Element) -> bool:
    """Whether an element is so short that it can be a block of labels without the document's text."""
    return text_length(part, _LONGEST_LOOSE) <= _LONGEST_LOOSE


def label_rows(block: Block, book: FieldBook, *, with_values: bool = False) -> list[etree._Element]:
    """Of a table that lays out the page the rows with labels, else the block's parts.

    ``with_values``: also the row behind a label that stands alone in its row.
    """
    if block.kind != "table":
        return _label_items(block, book)
    whole = text_length(block.element, _LONGEST_LIST) <= _LONGEST_LIST and not _lays_out(block.element, book)
    if whole and not _holds_data(block.element, book):
        return block.parts
    rows: list[etree._Element] = []
    for row in block.element.iter("tr"):
        if any(ancestor in rows for ancestor in row.iterancestors("tr")):
            continue
        short = is_short(row)
        awaited = with_values and bool(rows) and before(row)[0] is rows[-1] and _is_lone_label(rows[-1], book)
        if short and (awaited or (label_hits(row, book) and not _is_text(row, book))):
            rows.append(row)
    return rows


def _holds_data(table: etree._Element, book: FieldBook) -> bool:
    """Whether a table has rows of another one behind those of a card: 当事人名称 | 角色 | 金额 over 某公司 | 被处罚人 | 5万元."""
    rows = list(own_rows(table))
    others = [row for row in rows if not label_hits(row, book)]
    filled = [row for row in others if sum(1 for cell in row if words(cell).strip()) > _PAIR]
    return len(filled) > 1 and len(rows) - len(others) > 1


def _label_items(block: Block, book: FieldBook) -> list[etree._Element]:
    """Of a list that lays out the page, the text of a short notice one of its items, the others; else the block's parts."""
    if block.kind == "loose":
        return block.parts
    items = [item for item in block.element if item.tag in ("li", "dt", "dd")]
    kept = [item for item in items if not _is_text(item, book)]
    return block.parts if len(kept) == len(items) else kept


def _lays_out(table: etree._Element, book: FieldBook) -> bool:
    """Whether a table lays out the page: the text of a short notice is one of its rows, the line under the title another."""
    return any(_is_text(row, book) for row in table.iter("tr")) or _is_one_column(list(own_rows(table)), book)


def _is_one_column(rows: Sequence[etree._Element], book: FieldBook) -> bool:
    """Whether rows of one filled cell each are title, line of labels and text: a card has label and value in two cells."""
    if len(rows) > _MOST_ROWS_OF_A_PAGE or any(
        sum(1 for cell in row if len(words(cell).strip()) > 1) > 1 for row in rows
    ):
        return False
    labelled = [_is_labelled(row, book) for row in rows]
    behind = labelled.index(True) + 1 if True in labelled else len(rows)
    return any(
        words(row).strip() and (not named or next(row.iter("table"), None) is not None)
        for row, named in zip(rows[behind:], labelled[behind:], strict=True)
    )


def _is_labelled(row: etree._Element, book: FieldBook) -> bool:
    """Whether a row says something of a page; lines of a text, of which one may sound so, have more of others."""
    named = sum(1 for hit in label_hits(row, book) if hit.field != IGNORED)
    return named > 0 and 2 * named >= sum(1 for _ in row.iter("p", "br", "div"))


def _is_text(row: etree._Element, book: FieldBook) -> bool:
    """Whether a row or an item is the text of a notice, labels or none at its end or start: 主题词：…, 附件：…, 发布时间：….

    Prose in its one filled cell, which is not the value of a label at the start of the cell or alone in the row above.
    """
    text = words(row)
    first = next(filter(None, map(str.strip, _paragraphs(row))), "")
    sentence = first.endswith("。") and first != text.strip() and not book.any_label.search(first)
    if "。" not in text or (len(text) < _SHORTEST_TEXT and not sentence):
        return False
    if row.tag == "tr" and sum(1 for cell in row if len(words(cell)) > 1) != 1:
        return False
    label = book.first_label.match(text)
    alone = label is not None and book.field_of(next(filter(str.strip, map(str, row.itertext())))) is not None
    if label and (alone or label["colon"] or label["close"]):
        return any(_is_prose(line, text, book) for line in _paragraphs(row))
    above = before(row)[0]
    return above is None or not _is_lone_label(above, book)


def _paragraphs(row: etree._Element) -> Iterator[str]:
    for element in row.iter("p", "div", "br"):
        yield (element.tail or "") if element.tag == "br" else words(element)


def _is_prose(line: str, row: str, book: FieldBook) -> bool:
    """Whether a paragraph of a row that begins with a label is a text of its own, not that label's value."""
    if "。" not in line or len(line) < _SHORTEST_TEXT or book.any_label.search(line):
        return False
    return book.field_of(row.partition(line)[0].strip()) is None


def _is_lone_label(row: etree._Element, book: FieldBook) -> bool:
    text = words(row).strip()
    return len(text) <= 24 and book.field_of(text) is not None


def _structure(
    element: etree._Element, book: FieldBook, known: dict[etree._Element, bool]
) -> etree._Element | None:
    """The nearest table, dl or list, unless a cell of it that lays out the page is in between. ``known``: such cells."""
    current: etree._Element | None = element
    for _ in range(8):
        if current is None:
            return None
        if current.tag in _STRUCTURES:
            return current
        if current.tag in _LAYOUT_CELLS:
            if current not in known:
                known[current] = _is_column(current) or (current is not element and _is_layout(current, book))
            if known[current]:
                return None
        current = current.getparent()
    return None


def _is_column(cell: etree._Element) -> bool:
    """Whether a cell is a card of lines beside the text: ``<td>索引号：X<br>文号：Y</td><td><p>…。</p></td>``."""
    said, row = words(cell), cell.getparent()
    lines = len(list(islice(cell.iter("br", "p", "div", "li"), _OF_A_PAIR)))
    if min(lines, said.count("：") + said.count(":")) < _OF_A_PAIR or "。" in said:
        return False
    return row is not None and any("。" in words(o) and len(o) for o in row if o is not cell)


def _is_one_of_many(structure: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether a list is a row of a card: ``<dl><dt>文号</dt><dd>…</dd></dl><dl><dt>发布日期</dt>…``, ``<ul><li>文号</li><li>…``."""
    if structure not in known:
        parent = structure.getparent()
        pairs = (
            []
            if parent is None or structure.tag == "table"
            else [e for e in parent if _is_pair(e, structure)]
        )
        known.update(dict.fromkeys((structure, *pairs), structure in pairs and len(pairs) >= _ROWS_OF_A_CARD))
    return known[structure]


def _is_pair(element: etree._Element, like: etree._Element) -> bool:
    return element.tag == like.tag and len(element) == _OF_A_PAIR and is_short(element)


def _is_layout(cell: etree._Element, book: FieldBook) -> bool:
    """Whether a cell holds a page's heading, line and text, or much of them: what is in it is as if in no table."""
    if not is_short(cell) or next(cell.iter("table"), None) is not None:
        return True
    headings = {heading.tag for heading in cell.iter("h1", "h2", "h3")}
    if "h1" in headings or (headings and "。" in words(cell)):
        return True
    row = cell.getparent()
    if row is None or row.tag != "tr":
        return False
    alone = sum(1 for other in row if len(words(other)) > 1) == 1
    return _is_text(row if alone else cell, book)  # beside it a column of links


def _loose(element: etree._Element, book: FieldBook) -> etree._Element:
    best = element
    for _ in range(4):
        parent = best.getparent()
        if parent is None or parent.tag in ("body", "html", "form", "td", "th"):
            break
        if not is_short(parent) or _holds_more(parent, book):
            break
        # A short notice fits in the limit with all its text: prose ends a block of labels, but for a summary's row.
        if "。" in words(parent) and not _is_row(parent, best):
            break
        best = parent
    return best


def _holds_more(element: etree._Element, book: FieldBook) -> bool:
    """Whether an element holds a table or a heading: a text of rows without a sentence, its title over it."""
    found = element.iter("table", "h1", "h2", "h3")
    return any(e.tag == "table" or book.field_of(words(e)) is None for e in found)


def _is_row(parent: etree._Element, label: etree._Element) -> bool:
    """``<div><div>内容描述</div><div>…。</div></div>``: an element of two, the first of which is a short label."""
    children = [child for child in parent if isinstance(child.tag, str)]
    return len(children) == 2 and children[0] is label and 0 < len(words(label).strip()) <= 12


def text_length(element: etree._Element, stop: int) -> int:
    """Characters of an element's text, ends of nodes stripped; counting ends beyond ``stop``."""
    total = 0
    for part in element.itertext():
        total += len(part.strip())
        if total > stop:
            break
    return total


def is_record(block: Block) -> bool:
    """Whether a block describes one document: not a list of documents, not a table of data."""
    distinct = block.distinct
    if not distinct:
        return False
    most = max(block.fields.count(name) for name in distinct)
    if most > 3:
        return False  # 来源 or 日期 in every row: a list
    if block.kind in ("ul", "ol") and text_length(block.element, _LONGEST_LIST) > _LONGEST_LIST:
        return False
    return block.coloned > 0 or len(distinct) >= 2
