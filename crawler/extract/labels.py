"""``label → value`` pairs of markup: label tables, dl, li, runs in one node, several pairs on a line.

Works on the few fragments that :mod:`crawler.extract.blocks` found to hold labels, with BeautifulSoup:
it keeps going on the broken markup that metadata blocks of real pages are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4.element import NavigableString, PageElement, Tag

from crawler.extract import dates
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.soup import soup_of, tags
from crawler.extract.text import clean, clean_lines, label_key

_LINE_TAGS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "dl",
        "dt",
        "dd",
        "ul",
        "ol",
        "table",
        "section",
    ]
)
_CELLS = ("td", "th")
_BETWEEN_CELLS = re.compile(r"\s+(?=</?(?:t[dhr]|tbody|thead|table|li|ul|d[tdl])\b)")
_UNKNOWN_LABEL = re.compile(r"(?<=\S)\s+[一-鿿]{2,6}\s*[:：].*$", re.DOTALL)  # 来源：某科 文章类型：原创
_CUT = re.compile(
    r"\s*(?:[\[【(（]?\s*(?:打印|关闭|字体|字号|收藏|分享|浏览次数|点击数|大\s*中\s*小|我要纠错"
    r"|语音播报)|\|\s*$|丨\s*$|│\s*$).*$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A field's label and value as they stand on the page. ``label`` is empty for a date that has none."""

    field: str
    label: str
    value: str


def parse_fragments(fragments: Sequence[str], book: FieldBook) -> list[list[Pair]]:
    """Pairs of each fragment of HTML (a table, dl, list or a few divs). One parser run for all of them."""
    # White space between cells would be a node each.
    fragments = [_BETWEEN_CELLS.sub("", fragment) for fragment in fragments]
    wrapped = "".join(f'<section class="gk-fragment">{fragment}</section>' for fragment in fragments)
    parts = [part for part in tags(soup_of(wrapped), "section") if part.get("class") == "gk-fragment"]
    return [_pairs(part, book) for part in parts]


def _pairs(part: Tag, book: FieldBook) -> list[Pair]:
    pairs: list[Pair] = []
    structures = tags(part, "table", "dl")
    for structure in structures:
        if structure.name == "table":
            pairs.extend(_table_pairs(structure, book))
        else:
            pairs.extend(_cell_pairs([_lines(c) for c in tags(structure, "dt", "dd")], book))
    if not structures:
        pairs.extend(lines_pairs(_lines(part, spaced=True), book))
    return pairs


def _lines(tag: Tag, *, spaced: bool = False) -> list[str]:
    """Text of an element as lines: block elements and br break, everything else runs on.

    ``spaced`` sets neighbouring spans apart: ``<span>来源：某局</span><span>2031-01-05</span>`` are two
    things on a line of labels, while in a cell of a table they are one value in pieces.
    """
    parts: list[str] = []
    for node in tag.descendants:
        if isinstance(node, Tag):
            if node.name in _LINE_TAGS:
                parts.append("\n")
            elif (
                spaced and isinstance(node.previous_sibling, Tag) and node.previous_sibling.name == node.name
            ):
                parts.append(" ")
        elif _is_text(node):
            parts.append(re.sub(r"[\r\n]+", " ", str(node)))
            if node.next_sibling is None and node.parent is not None and node.parent.name in _LINE_TAGS:
                parts.append("\n")
    return clean_lines("".join(parts))


def _is_text(node: PageElement) -> bool:
    return (
        type(node) is NavigableString
        and node.parent is not None
        and node.parent.name not in ("script", "style")
    )


def _table_pairs(table: Tag, book: FieldBook) -> Iterator[Pair]:
    """Pairs of a table's own rows; a label alone in its row has its value in the next one."""
    waiting: str | None = None
    rows = tags(table, "tr", "table")
    nested = any(row.name == "table" for row in rows)
    for row in rows:
        if row.name == "table" or (nested and row.find_parent("table") is not table):
            continue
        own = [cell for cell in row.children if isinstance(cell, Tag) and cell.name in _CELLS]
        cells = [_lines(cell) for cell in own if not nested or cell.find("table") is None]
        filled = [cell for cell in cells if cell]
        if (
            waiting
            and filled
            and _as_label(filled[0], book) is None
            and not _starts_with_label(filled[0], book)
        ):
            yield Pair(book.labels[label_key(waiting)], clean(waiting), " ".join(filled[0]))
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


def _is_header(cells: list[list[str]], book: FieldBook) -> bool:
    """A row of labels only, three or more: the head of a table of data, not of a record."""
    return len(cells) >= 3 and all(_as_label(cell, book) for cell in cells)


def _as_label(lines: list[str], book: FieldBook) -> str | None:
    """The cell's text if it is a known label and nothing else."""
    text = " ".join(lines)
    return text if text and len(text) <= 30 and label_key(text) in book.labels else None


def _starts_with_label(lines: list[str], book: FieldBook) -> bool:
    match = book.first_label.match(lines[0])
    return bool(match and match["colon"])


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
        field = book.labels[label_key(label)]
        if field != IGNORED and following:
            yield Pair(field, clean(label), " ".join(following))


def lines_pairs(lines: Sequence[str], book: FieldBook, *, bare: bool = True) -> list[Pair]:
    """Pairs of lines of text.

    ``索引号：X 发布机构：Y`` (labels with a colon anywhere), ``发布机构 X 文件编号 Y`` (without, if the line
    begins with one and ``bare``), and a label alone on its line with the value on the next.
    """
    pairs: list[Pair] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        lone = _as_label([line], book)
        if lone is not None:
            field = book.labels[label_key(lone)]
            if index < len(lines) and (bare or lone.rstrip().endswith((":", "："))):
                following = lines[index]
                if _as_label([following], book) is None and not _starts_with_label([following], book):
                    index += 1
                    if field != IGNORED:
                        pairs.append(Pair(field, clean(lone), trim(following)))
            continue
        pairs.extend(line_pairs(line, book, bare=bare))
    return pairs


def line_pairs(line: str, book: FieldBook, *, bare: bool = False) -> list[Pair]:
    """Pairs of one line, and a date before or behind them without a label (as ``published_on``)."""
    marks = list(book.any_label.finditer(line))
    if bare and (not marks or marks[0].start() > 0):
        bare_marks = list(book.bare_label.finditer(line))
        if bare_marks and bare_marks[0].start() == 0:
            marks = bare_marks
    if not marks:
        return []
    pairs: list[Pair] = []
    undated = [line[: marks[0].start()]]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = line[mark.end() : following.start() if following else len(line)]
        field = book.labels[label_key(mark["label"])]
        if field not in ("title", "summary"):
            value = _UNKNOWN_LABEL.sub("", value)
        if field == "content_source":
            value, rest = _split_date(value)
            undated.append(rest)
        elif field == IGNORED:
            undated.append(value)
            continue
        pairs.append(Pair(field, clean(mark["label"]), trim(value)))
    if not any(p.field == "published_on" for p in pairs):
        pairs.extend(Pair("published_on", "", clean(text)) for text in undated if _begins_with_date(text))
    return pairs


def trim(value: str) -> str:
    """A value without the buttons that follow it on its line: 【打印】 字体：大 中 小 | 分享."""
    return clean(_CUT.sub("", value)).strip("|丨│ ")


def _split_date(value: str) -> tuple[str, str]:
    try:
        found = dates.search(value)
    except dates.ImpossibleDateError:
        return value, ""
    if found is None or (found[1] > 0 and not value[found[1] - 1].isspace()):
        return value, ""
    return value[: found[1]], value[found[1] :]


def _begins_with_date(text: str) -> bool:
    try:
        found = dates.search(text)
    except dates.ImpossibleDateError:
        return True
    return found is not None and not text[: found[1]].strip(" \t\u3000|[【(（")
