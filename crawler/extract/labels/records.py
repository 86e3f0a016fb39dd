"""Records that describe the document: those outside its text, and which of their parts are no text."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.heading.headlines import ITEM, of_event, of_rows, of_the_text
from crawler.extract.labels import blocks, columns
from crawler.extract.labels.hits import label_hits
from crawler.extract.tags import SKIPPED
from crawler.extract.text import compare_key
from crawler.extract.tree import comes_after, first_text, inside, shown

_UNDER_TITLE = frozenset({"published_on", "content_source"})
_TELLING = frozenset({"document_number", "issuing_body"})
_DAYS = frozenset({"issued_on", "published_on"})
_LONGEST_LINE = 200  # characters of the line under a title
_LONGEST_TITLE = 150
_ROWS_ABOVE = 4
_SHORTEST_SENTENCE = 12  # characters


def outside(
    records: list[blocks.Block],
    container: etree._Element | None,
    book: FieldBook,
    heading: etree._Element | None = None,
) -> list[blocks.Block]:
    """Label blocks that describe the document: those outside its text, and inside only full records.

    A penalty notice's own table has 名称 and 日期 too; a record in the text names its index number, or three fields among them
    number or issuer, with colons, or it opens the text with title, number, issuer and day.
    """
    if container is None:
        return records
    chosen = []
    for block in records:
        if block.kind == "loose" and all(
            inside(part, container) and not blocks.is_short(part) for part in block.parts
        ):
            continue  # labels line by line in the text's own element: crawler.extract.heading.headlines reads them
        if not all(inside(part, container) and part is not container for part in block.parts):
            chosen.append(block)
            continue
        if columns.is_data(block, book) or _is_amid(block, container):
            continue
        if columns.record(block, book):  # a row of data behind the beginning of the text
            chosen += [block] if _leads(container, block.element, book) else []
            continue
        distinct = block.distinct
        strong = len(distinct) >= 3 and block.coloned >= 3 and bool(distinct & _TELLING)
        several = len(distinct) >= 2 and block.coloned >= 2  # 文号：… 成文日期：…
        line = block.kind == "loose" and block.coloned > 0 and (several or bool(distinct & _UNDER_TITLE))
        under_title = (
            line
            and _leads(container, block.parts[0], book)
            and not any(_goes_on(p, book) for p in block.parts)
        )
        whole = _is_whole(block) and _opens(container, block) and _is_of(heading, block)
        if under_title or strong or whole or ("index_number" in distinct and len(distinct) >= 2):
            chosen.append(block)
    return chosen


def apart(
    chosen: list[blocks.Block], container: etree._Element | None, book: FieldBook
) -> list[blocks.Block]:
    """Records, of which a run with parts on both sides of the text is two: the line under the title, and a box behind the text."""
    told: list[blocks.Block] = []
    for block in chosen:
        loose = block.parts if block.kind == "loose" and container is not None else []
        behind = [part for part in loose if container is not None and comes_after(part, container)]
        if not behind or len(behind) == len(loose):
            told.append(block)
            continue
        for parts in ([part for part in loose if part not in behind], behind):
            hits = [hit for part in parts for hit in label_hits(part, book)]
            fields, coloned = [hit.field for hit in hits], sum(hit.coloned for hit in hits)
            told.append(blocks.Block(block.element, parts, "loose", fields, coloned=coloned, idle=block.idle))
    return told


def no_text(
    chosen: list[blocks.Block], container: etree._Element | None, book: FieldBook
) -> list[etree._Element]:
    """The parts of records that are no text. A table that lays out the page holds the text, and a row of a table in it may
    begin with 名称: it is no label of the page."""
    parts = [(block, part) for block in chosen for part in blocks.metadata(block, book)]
    rows = [
        (block, row)
        for block, part in parts
        if part.tag == "table" and inside(container, part)  # 正文 is the label of one of its rows
        for row in part.iter("tr")
        if label_hits(row, book)
    ]
    return [
        part
        for block, part in (*parts, *rows)
        if not inside(container, part)
        and not (block.kind == "table" and _is_row_of_text(part, container, block, book))
    ]


def _is_row_of_text(
    part: etree._Element, container: etree._Element | None, block: blocks.Block, book: FieldBook
) -> bool:
    """Whether a row is one of a table in the text, at most one field of which sounds like a label."""
    if container is None or part.tag != "tr" or not inside(container, block.element):
        return False
    table = next(part.iterancestors("table"), None)
    if table is None or table is block.element or not inside(table, container):
        return False
    return len({hit.field for hit in label_hits(table, book)} - {IGNORED}) <= 1


def _is_amid(block: blocks.Block, container: etree._Element) -> bool:
    """Whether sentences stand before and behind a record in the text: a guide says what an 索引号 is, a notice shows the card of
    the one that it forwards."""
    before, seen = False, False
    for element in container.iter():
        if not seen and element in block.parts:
            seen = True
            if not before:
                return False
        said = element.text if isinstance(element.tag, str) and element.tag not in SKIPPED else ""
        if any(_is_sentence(text) for text in (said, element.tail) if text):
            if seen and not any(inside(element, part) for part in block.parts):
                return True
            before = True
    return False


def _opens(container: etree._Element, block: blocks.Block) -> bool:
    """Whether no sentence of the text stands in front of a record in it, and none within."""
    if any("。" in shown(part) for part in block.parts):
        return False
    for element in container.iter():
        if element in block.parts:
            return True
        said = (element.text, element.tail) if isinstance(element.tag, str) else (element.tail,)
        if any(_is_sentence(text) for text in said if text):
            return False
    return False


def _is_sentence(text: str) -> bool:
    return "。" in text and len(text.strip()) >= _SHORTEST_SENTENCE


def _goes_on(part: etree._Element, book: FieldBook) -> bool:
    """Whether an element of labels is one of a text's rows."""
    above = (
        shown(e).strip()
        for e in islice(part.itersiblings(preceding=True), _ROWS_ABOVE)
        if isinstance(e.tag, str)
    )
    return of_rows(shown(part).strip(), [*above][::-1], book)


def _leads(container: etree._Element, part: etree._Element, book: FieldBook) -> bool:
    """Whether at most a title stands before an element in the text's container, and it is itself a line."""
    if blocks.text_length(part, _LONGEST_LINE) > _LONGEST_LINE:
        return False
    if "。" in (line := shown(part).strip()) and not book.first_label.match(line):
        return False  # the last line of a text in one element
    siblings = (shown(e).strip() for e in part.itersiblings() if isinstance(e.tag, str))
    following = next(filter(None, siblings), "")
    if of_the_text(line, line.partition("：")[2]) or of_event(line, [following]):
        return False
    before = 0
    for element in container.iter():
        if element is part:
            return True
        if isinstance(element.tag, str):
            text = first_text(element).strip()
            before += len(text)
            if ITEM.match(text) or _is_sentence(text):
                return False  # the text has begun
        if before > _LONGEST_TITLE:
            return False
    return False


def _is_whole(block: blocks.Block) -> bool:
    """Whether a record says of one document all that tells it from others: title, number, issuer and a day."""
    told = block.distinct
    return told >= {"title", *_TELLING} and bool(told & _DAYS) and block.fields.count("title") == 1


def _is_of(heading: etree._Element | None, block: blocks.Block) -> bool:
    """Whether a card is that of the page's document: it says the title over the text, if there is one."""
    said = compare_key(shown(heading)) if heading is not None else ""
    return not said or any(said in compare_key(shown(part)) for part in block.parts)
