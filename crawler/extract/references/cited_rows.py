"""Documents that a list names without 《》 around their titles: rows of tables, and lines.

A table says in its head which of its columns are titles and numbers; what becomes of the documents is said over it
(listed.py), in a column of its own (清理结果), or by the title of the document that holds it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model import Relation
from crawler.extract.references.listed_documents import (
    ENDS_OTHERS,
    HEADING,
    KEEPS_THEM,
    NUMBERED,
    REMARK,
    Told,
    ended_by,
    only_speaks,
)
from crawler.extract.text import label_key
from crawler.extract.values import numbers

_TITLES = frozenset(
    {
        "文件名称", "名称", "文件标题", "标题", "规范性文件名称", "文件题目", "规章名称", "政策名称", "题目", "文件名", "法规名称",
        "行政规范性文件名称", "制度名称", "文件题名", "文件名称文号", "文件名称及文号",
    }
)  # fmt: skip
_NUMBERS = frozenset(
    {
        "文号", "发文字号", "文件编号", "文件文号", "发文文号", "字号", "文件字号", "制定文号", "发文号", "文件号", "公布文号", "原文号",
        "发文日期及文号", "发布日期及文号", "发文日期文号", "发布日期文号", "文号及日期", "令号",
    }
)  # fmt: skip
_OUTCOMES = frozenset(
    {
        "清理结果", "清理意见", "清理结论", "清理情况", "处理意见", "处理结果", "处理方式", "处理决定", "处理情况", "评估结果", "评估结论",
        "结果", "结论", "备注", "效力", "效力状态", "时效性", "有效性", "状态",
    }
)  # fmt: skip
_ENDED = re.compile(r"(?:予以|宣布|全文|自然|自行|自动)?(?:废止|失效|停止执行|作废)")
_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^，。；：\t]{2,30}$"
)  # amid a table
_TICKS = ("√", "✓", "✔", "V", "v", "是")
_COUNT = "序号"
_LONGEST_HEAD = 12
_TITLE_LENGTHS = range(5, 161)
_BRACKET = r"[（(](?P<number>(?:[^（()）]|[（(][^（()）]{0,12}[)）]){0,40}号(?:[^（()）]|[（(][^（()）]{0,12}[)）]){0,40})[)）]"
_TITLE_AND_NUMBER = re.compile(
    rf"(?P<title>[^《〔号\t]{{2,160}}(?:《[^《》]{{2,100}}》[^《〔号\t]{{0,60}})?)\s*{_BRACKET}"
)
_STOPS = " \u3000；;。，,、"
_GENRE = re.compile(
    r"(?:通知|通告|公告|决定|意见|办法|规定|细则|方案|批复|复函|函|规则|规划|计划|制度|标准|办法的?补充|目录|预案|要点)(?:[（(][^（()）]{1,12}[)）])?$"
)
_NAMES_ONE = "关于"  # in every title that is told from other lines without 《》


@dataclass(frozen=True, slots=True)
class Row:
    """A document that a row of a list names, what is said of it, and where title and number stand in which line."""

    title: str
    numbers: tuple[str, ...]
    relation: Relation
    start: int
    end: int
    line: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Head:
    title: int
    number: int | None
    count: int | None
    outcome: int | None
    ended: int | None  # a column in which those that are ended are ticked
    columns: int


def rows(text: str, told: Told, own_title: str | None) -> Iterator[Row]:
    """Rows of tables that name documents (序号, 文件名称, 文号 over 1, 某通知, 某发〔2010〕5号), and lines of lists that end some."""
    speaks = only_speaks(own_title)
    by_title = ended_by(own_title) if own_title and ENDS_OTHERS.search(own_title) and not speaks else None
    tables = "\t" in text
    head: _Head | None = None
    said: Relation | None = None
    headed = False
    at = 0
    for line in text.split("\n"):
        if "\t" in line:
            cells = line.split("\t")
            found = _head(cells)
            over = told(at) or (None if headed else by_title)
            if found is None and head is None and over is not None and not speaks:
                head, said = _head_of(cells), over  # a list of what is ended, whose table has none
            if found is not None:
                head, said = found, over
            elif head is not None:
                yield from _of_line(line, at, head, told(at) or said, speaks=speaks)
        elif tables or _NAMES_ONE in line:
            headed = bool(HEADING.match(line)) or (headed and bool(REMARK.match(line)))
            if line and not _SECTION.match(line):
                head = None
            elif line and KEEPS_THEM.search(line):
                said = None
            ends = told(at) is Relation.REPEALS
            item = _item(line) if _NAMES_ONE in line and (ends or NUMBERED.match(line)) else None
            if item and (ends or item[1]):
                kind = Relation.REPEALS if ends else told(at) or Relation.CITES
                yield Row(*item, kind, at, at + len(line), (at, at + len(line)))
        at += len(line) + 1


def _of_line(line: str, at: int, head: _Head, said: Relation | None, *, speaks: bool) -> Iterator[Row]:
    cells = line.split("\t")
    beside = 2 if len(cells) == 2 * head.columns else 1
    width = len(cells) // beside
    for place in range(beside):
        some = cells[place * width : (place + 1) * width]
        row = _row(some, head, said=said, speaks=speaks)
        if row is None:
            continue
        first = min(head.title, head.title if head.number is None else head.number)
        last = max(head.title, head.title if head.number is None else head.number)
        begin = at + sum(len(cell) + 1 for cell in cells[: place * width + first])
        end = begin + sum(len(cell) + 1 for cell in some[first : last + 1]) - 1
        yield Row(*row, begin, end, (at, at + len(line)))


def _head(cells: list[str]) -> _Head | None:
    keys = [label_key(cell) if len(cell) <= _LONGEST_HEAD else "" for cell in cells]
    half = len(keys) // 2
    if len(keys) > 3 and keys[:half] == keys[half:]:  # two rows side by side
        keys = keys[:half]
    titles = [i for i, key in enumerate(keys) if key in _TITLES]
    if len(titles) != 1 or len(cells) < 2:
        return None
    number = next((i for i, key in enumerate(keys) if key in _NUMBERS), None)
    outcome = next((i for i, key in enumerate(keys) if key in _OUTCOMES), None)
    ended = next((i for i, key in enumerate(keys) if _ENDED.fullmatch(key)), None)
    count = keys.index(_COUNT) if _COUNT in keys else None
    if number is None and count is None:
        return None
    return _Head(titles[0], number, count, outcome, ended, len(keys))


def _head_of(cells: list[str]) -> _Head | None:
    """The head that a table of a list lacks, read off a row: 1 | 某通知 | 某发〔2010〕5号. One cell is a title, one a number."""
    named = [i for i, cell in enumerate(cells) if _NAMES_ONE in cell and _GENRE.search(cell.strip())]
    numbered = [i for i, cell in enumerate(cells) if numbers.own_line(cell.strip())]
    if len(named) != 1 or len(numbered) != 1:
        return None
    count = 0 if cells[0].strip().strip(".、").isdigit() else None
    return _Head(named[0], numbered[0], count, None, None, len(cells))


def _row(
    cells: list[str], head: _Head, *, said: Relation | None, speaks: bool
) -> tuple[str, tuple[str, ...], Relation] | None:
    """Title, numbers and relation of a row; None where its cells are not those of the head (merged, missing).

    What is kept is cited by title and number, where the row has both.
    """
    if len(cells) <= head.title or len(cells) > head.columns:
        return None
    if head.count is not None and not cells[head.count].strip().strip(".、").isdigit():
        return None
    if head.count is None and len(cells) != head.columns:
        return None
    title = cells[head.title].strip()
    number = cells[head.number] if head.number is not None and head.number < len(cells) else ""
    own = numbers.own_line(number)
    single = tuple(numbers.series(own) if own else (hit.number for hit in numbers.find(number)))
    if head.number is None and (item := _item(title)):  # 关于某事的通知（某发〔2010〕5号) in one cell
        title, single = item
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1].strip()
    if (
        len(title) not in _TITLE_LENGTHS
        or numbers.own_line(title)
        or not any("一" <= c <= "鿿" for c in title)
    ):
        return None
    whole = len(cells) == head.columns
    outcome = label_key(cells[head.outcome]) if whole and head.outcome is not None else ""
    ticked = whole and head.ended is not None and label_key(cells[head.ended]) in _TICKS
    if not speaks and said in (Relation.REPEALS, Relation.AMENDS):
        return title, single, said
    if not speaks and (ticked or _ENDED.fullmatch(outcome)):
        return title, single, Relation.REPEALS
    return (title, single, Relation.CITES) if single else None


def _item(line: str) -> tuple[str, tuple[str, ...]] | None:
    """Title and numbers of a line of a list whose title stands without 《》: 1.关于某事的通知（某发〔2010〕5号）."""
    numbered = NUMBERED.match(line)
    item = line[numbered.end() if numbered else 0 :].strip(_STOPS)
    if item.startswith("《") or len(item) > 240 or _NAMES_ONE not in item:
        return None
    if found := _TITLE_AND_NUMBER.fullmatch(item):
        title, single = found["title"], [hit.number for hit in numbers.find(f"（{found['number']}）")]
    else:
        hits = numbers.find(item)
        single = [hit.number for hit in hits]
        title = item
        if hits and hits[0].start == 0:  # 某发〔2010〕5号 关于某事的通知
            title = item[hits[-1].end :]
        elif hits and hits[-1].end == len(item):
            title = item[: hits[0].start]
    title = title.strip(_STOPS)
    if title.startswith("《") and title.endswith("》"):
        title = title[1:-1]
    if (
        len(title) not in _TITLE_LENGTHS
        or "号" in title
        or not _GENRE.search(title)
        or (found and not single)
    ):
        return None
    return title, tuple(single)
