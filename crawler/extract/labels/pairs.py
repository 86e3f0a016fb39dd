"""``label → value`` pairs of markup: label tables, dl, li, runs in one node, several pairs on a line.

Works on the skeletons (crawler.extract.labels.skeleton) of the few blocks that :mod:`crawler.extract.labels.blocks` found to
hold labels: tables and dl with BeautifulSoup, others by their lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from bs4.element import NavigableString, Tag

from archive.model import FIELD, Kind
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.labels import values_above
from crawler.extract.labels.skeleton import ROWS
from crawler.extract.labels.soup import OPEN, TEXT, Event, soup_of, tags
from crawler.extract.labels.value_ends import (
    BARS,
    COLONS,
    PIPES,
    RUNNING,
    before_people,
    split_number,
    split_state,
    trim,
    with_glued,
    without_count,
    without_stop,
)
from crawler.extract.text import clean, clean_lines
from crawler.extract.values import dates
from crawler.extract.values.headfoot import is_number, is_office, is_organisation

_CELLS = ("td", "th")
_STRUCTURES = frozenset({(OPEN, "table"), (OPEN, "dl")})
# 来源：某科 文章类型：原创, 出处：某局 【编辑录入：admin】
_UNKNOWN_LABEL = re.compile(r"(?<=\S)(?:\s+|\s*[【\[]\s*)[一-鿿]{2,6}\s*[:：].*$", re.DOTALL)

_IN_BRACKETS = re.compile(r"[\[【［]([^\[\]【】［］]+)[\]】］]")
_DAY = re.compile(
    r"(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})(?:\s*\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}秒?)?)?"
)
_OF_TIME = re.compile("[时期日]")
_ISSUERS = ("issuing_body", "issuing_bodies")
_NAMES = (*_ISSUERS, "content_source", "index_number")
_LONGEST_LABEL = 30
_SHORTEST_STATE = 4  # characters: 全文有效; 有效 and 修改 are words of many lines


@dataclass(frozen=True, slots=True)
class Pair:
    """A field's label and value as they stand on the page. ``label`` is empty for a date that has none."""

    field: str
    label: str
    value: str


def pairs_of(fragment: list[Event], book: FieldBook) -> list[Pair]:
    """Pairs of a skeleton."""
    if not _STRUCTURES.isdisjoint(fragment):
        soup = soup_of(fragment)
        pairs = _once_told(_structured(tags(soup, "table", "dl"), book))
        return _with_day(pairs, _lines(soup)) if _is_source(pairs) else pairs
    lines = _with_colons("".join(said if kind == TEXT else "\n" for kind, said in fragment))
    pairs = _with_day(_once_told(lines_pairs(lines, book)), lines)
    return _with_state(_with_number(pairs, lines, book), lines, book) if pairs else pairs


def _once_told(pairs: list[Pair]) -> list[Pair]:
    """Without days behind an empty label (来源：| 2031-03-09) where another label says which is that of publication."""
    told = any(pair.field == "published_on" and pair.label for pair in pairs)
    return [pair for pair in pairs if pair.label or pair.field != "published_on" or not told]


def _is_source(pairs: list[Pair]) -> bool:
    said = [p for p in pairs if p.field != "document_number" or re.search(r"\d", p.value)]  # 字号：大 中 小
    return bool(said) and all(pair.field == "content_source" for pair in said)


def _with_day(pairs: list[Pair], lines: list[str]) -> list[Pair]:
    """The source of a page with the one day that stands beside it: ``<li>2031-03-01</li><li>来源：某局</li>``."""
    if not _is_source(pairs):
        return pairs
    days = [line for line in lines if _is_day(line)]
    return [*pairs, Pair("published_on", "", days[0])] if len(days) == 1 else pairs


def _with_number(pairs: list[Pair], lines: list[str], book: FieldBook) -> list[Pair]:
    """Pairs with the one number that stands on a line of its own beside their labels, and is no value of one."""
    if any(pair.field == "document_number" for pair in pairs):
        return pairs
    before = ["", *lines]
    alone = {
        line
        for line, over in zip(lines, before, strict=False)
        if is_number(line) and not over.endswith((":", "：")) and _as_label([over], book) is None
    }
    return [*pairs, Pair("document_number", "", alone.pop())] if len(alone) == 1 else pairs


def _with_state(pairs: list[Pair], lines: list[str], book: FieldBook) -> list[Pair]:
    """Pairs with the state that stands alone on a line beside their labels: 全文有效."""
    if any(pair.field == "validity" for pair in pairs):
        return pairs
    codes = book.codes["validity"]
    states = [line for line in lines if line in codes and len(line) >= _SHORTEST_STATE]
    return [*pairs, Pair("validity", "", states[0])] if len(states) == 1 else pairs


def _structured(structures: Sequence[Tag], book: FieldBook) -> list[Pair]:
    pairs: list[Pair] = []
    for structure in structures:
        if structure.name == "table":
            pairs.extend(_table_pairs(structure, book))
        else:
            cells = [
                tag for tag in structure.descendants if isinstance(tag, Tag) and tag.name in ("dt", "dd")
            ]
            pairs.extend(_cell_pairs([c for c in map(_lines, cells) if not _is_colon(c)], book))
    return pairs


def _lines(tag: Tag) -> list[str]:
    """Text of an element as lines."""
    parts: list[str] = []
    _collect(tag, parts)
    return _with_colons("".join(parts))


def _with_colons(text: str) -> list[str]:
    """Lines of a text, a colon at the start of one being the end of the label before it: 索引号 over ：LJ/2031-1."""
    lines: list[str] = []
    for line in clean_lines(text):
        if lines and line[0] in COLONS:
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _is_colon(cell: list[str]) -> bool:
    """Whether a cell stands between label and value: ``<td>索引号</td><td>：</td><td>LJ/2031-1</td>``."""
    return bool(cell) and not "".join(cell).strip(COLONS)


def _collect(tag: Tag, parts: list[str]) -> None:
    for node in tag.children:
        if isinstance(node, NavigableString):
            parts.append(node)
        elif isinstance(node, Tag):
            parts.append("\n")
            _collect(node, parts)
            parts.append("\n")


def _rows(table: Tag) -> Iterator[Tag]:
    """Rows of a table, not those of tables inside it."""
    for child in table.children:
        if isinstance(child, Tag):
            if child.name == "tr":
                yield child
            elif child.name not in ROWS:
                yield from _rows(child)


def _table_pairs(table: Tag, book: FieldBook) -> Iterator[Pair]:
    """Pairs of a table's own rows; a label alone in its row has its value in the next one."""
    rows = [
        [cell for cell in row.children if isinstance(cell, Tag) and cell.name in _CELLS]
        for row in _rows(table)
    ]
    if above := values_above.of_table([[_lines(cell) for cell in row] for row in rows], book):
        yield from _of_labels(above, book)
        return
    waiting: str | None = None
    for own in rows:
        cells = [c for c in (_lines(cell) for cell in own if not tags(cell, "table")) if not _is_colon(c)]
        filled = [cell for cell in cells if cell]
        field = book.field_of(waiting) if waiting else None
        if (
            waiting
            and field
            and filled
            and _as_label(filled[0], book) is None
            and not _starts_with_label(filled[0], book)
        ):
            if field != IGNORED:
                yield _told(field, waiting, " ".join(filled[0]))
            filled = filled[1:]
            cells = filled
        waiting = None
        if len(filled) == 1 and len(cells) == 1:
            lone = _as_label(filled[0], book)
            if lone:
                waiting = lone
                continue
        if _is_header(filled, book):
            continue
        if len(filled) == 1:  # "发布机构 某局 文件编号 某发〔2024〕1号" in one cell
            yield from lines_pairs(filled[0], book)
        else:
            yield from _cell_pairs(cells, book)


def _of_labels(above: list[tuple[str, str]], book: FieldBook) -> Iterator[Pair]:
    for label, value in above:
        field = book.field_of(label)
        if field and field != IGNORED:
            yield Pair(field, clean(label), value)


def _is_header(cells: list[list[str]], book: FieldBook) -> bool:
    """A row of labels only, three or more: the head of a table of data, not of a record."""
    return len(cells) >= 3 and all(_as_label(cell, book) for cell in cells)


def _as_label(lines: list[str], book: FieldBook) -> str | None:
    """The cell's text if it is a known label and nothing else."""
    text = " ".join(lines)
    return text if text and len(text) <= _LONGEST_LABEL and book.field_of(text) is not None else None


def _starts_with_label(lines: list[str], book: FieldBook) -> bool:
    match = book.first_label.match(lines[0])
    return bool(match and (match["colon"] or match["close"]))


def _cell_pairs(cells: Sequence[list[str]], book: FieldBook) -> Iterator[Pair]:
    index = 0
    while index < len(cells):
        lines = cells[index]
        index += 1
        label = _as_label(lines, book)
        if label is None:
            if lines:
                yield from lines_pairs(lines, book, bare=False)
            continue
        following = cells[index] if index < len(cells) else []
        if _as_label(following, book) is not None or (following and _starts_with_label(following, book)):
            continue  # an empty value whose cell is missing: the next cell is a label itself
        index += 1
        field = book.field_of(label)
        if field and field != IGNORED and following:
            yield _told(field, label, " ".join(following))


def _told(field: str, label: str, value: str) -> Pair:
    """A label and what follows it; a day behind one whose value is empty is not its own: 来源：, 2031-03-01 10:20:30."""
    value = value.lstrip(COLONS + " ")  # <dt>索引号</dt><dd>：LJ/2031-1</dd>
    if field in _NAMES and _is_day(value):
        return Pair("published_on", "", value)
    return Pair(field, clean(label), without_stop(field, value))


def lines_pairs(lines: Sequence[str], book: FieldBook, *, bare: bool = True) -> list[Pair]:
    """Pairs of lines of text.

    ``索引号：X 发布机构：Y`` (labels with a colon anywhere), ``发布机构 X 文件编号 Y`` (without, if the line
    begins with one and ``bare``), and a label alone on its line with the value on the next.
    """
    if (in_order := values_above.turned(lines, book)) is not None:
        lines = in_order
    pairs: list[Pair] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        lone = _as_label([line], book)
        if lone is not None:
            field = book.field_of(lone)
            if index < len(lines) and (bare or lone.rstrip().endswith((":", "："))):
                following = lines[index]
                if _as_label([following], book) is None and not _starts_with_label([following], book):
                    index += 1
                    value = trim(following)
                    if field in _ISSUERS:
                        more = list(takewhile(partial(_is_issuer, book=book), lines[index:]))
                        value = " ".join((value, *more))
                        index += len(more)
                    if field and field != IGNORED:
                        pairs.append(_told(field, lone, value))
            continue
        told = line_pairs(line, book, bare=bare)
        if told and told[-1].field in _ISSUERS:
            more = list(takewhile(partial(_is_issuer, book=book), lines[index:]))
            told[-1] = replace(told[-1], value=" ".join((told[-1].value, *more)))
            index += len(more)
        pairs.extend(told)
    return pairs


def _is_issuer(line: str, book: FieldBook) -> bool:
    """Whether a line is one more issuer under the first: a whole office and nothing else."""
    return is_organisation(line) and is_office(line) and book.first_label.match(line) is None


def line_pairs(line: str, book: FieldBook, *, bare: bool = False) -> list[Pair]:
    """Pairs of one line, and a date before or behind them without a label (as ``published_on``)."""
    marks = list(book.any_label.finditer(line))
    if bare and (not marks or marks[0].start() > 0):
        bare_marks = list(book.bare_label.finditer(line))
        if bare_marks and bare_marks[0].start() == 0:
            marks = bare_marks
    if not marks:
        return []
    marks = list(with_glued(marks, line, book))
    pairs: list[Pair] = []
    undated = [part for text in PIPES.split(line[: marks[0].start()]) for part in _number_apart(text)]
    numbered = [piece for text in undated if is_number(piece := text.strip(BARS + "\u3000"))]
    stated: list[str] = []  # behind a day: 成文日期：2031-02-28 全文有效
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = line[mark.end() : following.start() if following else len(line)]
        field = book.field_of(mark["label"])
        if field is None or field == IGNORED:
            if not _OF_TIME.search(mark["label"]):  # 更新时间：2031-06-09 is no publication
                undated += (value, _split_date(value)[1])  # 作者：李某 2031/03/01
            continue
        if field not in RUNNING:
            value = _UNKNOWN_LABEL.sub("", value)
            if field != "document_number":
                value, number = split_number(value)
                numbered += number
            if FIELD[field].kind is Kind.TEXT:
                value, state = split_state(before_people(value), book)
                stated.append(state)
                value, rest = _split_date(value)
                undated.append(rest)
            elif field == "published_on" and (
                dates.is_term(value) or dates.is_of_event(mark["label"], value)
            ):
                continue  # 公示时间：3月5日至3月11日
            else:
                stated.append(value)
        value = trim(value)
        if field in _NAMES and (whole := _IN_BRACKETS.fullmatch(value)) is not None:  # 来源：【某局】
            value = clean(whole[1])
        pairs.append(Pair(field, clean(mark["label"]), without_count(field, without_stop(field, value))))
    return [*pairs, *_unlabelled({p.field for p in pairs}, numbered, undated, stated, book)]


def _unlabelled(
    told: set[str], numbered: list[str], undated: list[str], stated: list[str], book: FieldBook
) -> Iterator[Pair]:
    """What a line says without a label: a day, the document's number, a state."""
    if "published_on" not in told:
        yield from (Pair("published_on", "", clean(text)) for text in undated if _begins_with_date(text))
    if "document_number" not in told and len(numbered) == 1:
        yield Pair("document_number", "", numbered[0])
    if "validity" not in told:
        states = (_ends_in_state(text, book) for text in (*undated, *stated))
        yield from (Pair("validity", "", state) for state in states if state)


def _ends_in_state(text: str, book: FieldBook) -> str | None:
    """The state that stands before a label without one of its own: 【小】 尚未生效 成文日期：2031-09-04."""
    last = text.split()[-1:]
    return last[0] if last and len(last[0]) >= _SHORTEST_STATE and last[0] in book.codes["validity"] else None


def _number_apart(text: str) -> tuple[str, ...]:
    """某政办规〔2031〕4号 2031年04月15日 17:40, or [某委] 2031-04-15, which elements in front of a label say, as two."""
    number, _, rest = text.strip().partition(" ")
    apart = is_number(number) or is_organisation(number) or _IN_BRACKETS.fullmatch(number)
    return (number, rest) if rest and apart and _begins_with_date(rest) else (text,)


def _split_date(value: str) -> tuple[str, str]:
    found = dates.search(value)
    if found is None or (found[1] > 0 and not value[found[1] - 1].isspace()):
        return value, ""
    return value[: found[1]], value[found[1] :]


def _is_day(text: str) -> bool:
    """Whether a line is a day, with or without a time, and nothing else."""
    return _DAY.fullmatch(text.strip(BARS + "[]【】()（）")) is not None and _begins_with_date(text)


def _begins_with_date(text: str) -> bool:
    found = dates.search(text)
    return not text[: found[1]].strip(BARS + "\t\u3000[【(（") if found else dates.holds_day(text)
