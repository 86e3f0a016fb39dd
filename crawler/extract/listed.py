"""Lists of documents under words that say what becomes of them: 决定废止下列文件：, 附件2 废止的规范性文件目录.

The words stand once, in front of the list or as an annex's heading; the items name titles and numbers only. The list is
rest of the sentence (废止以下文件：《甲》；《乙》。), lines, or the rows of a table, whose head says what its columns are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.model import Relation
from crawler.extract import numbers
from crawler.extract.text import label_key

Told = Callable[[int], Relation | None]
_THESE = r"(?:以下|下列|如下)"
_LEAD = re.compile(
    rf"(?:(?P<ends>(?:废止|宣布失效|停止执行){_THESE}?[^，。；：]{{0,24}}"
    rf"|{_THESE}[^，。；：]{{0,24}}(?:予以|宣布|同时|决定)?(?:废止|失效|停止执行))"
    rf"|(?P<grounds>(?:根据|依据|依照|按照){_THESE}[^，。；：]{{0,24}})"
    rf"|(?P<amends>(?:修改|修订){_THESE}[^，。；：]{{0,24}}|{_THESE}[^，。；：]{{0,24}}(?:予以|作出?如?下?)(?:修改|修订)))\s*[:：]"
)
_OTHER_LEAD = re.compile(
    rf"(?:根据|依据|依照|按照|修改|修订){_THESE}|{_THESE}[^，。；：]{{0,24}}(?:修改|修订)\s*[:：]"
)
_TELLING = ("废止", "失效", "停止执行", "以下", "下列", "如下")
_INLINE = re.compile(_THESE)  # 停止执行：《甲》 in a line is read by the words beside the title
# 拟废止下列文件, 建议废止下列文件, 不得停止执行下列文件
_NOT_DONE = re.compile(r"(?:拟|建议|提请|可以|可|应当|(?<!相)应|不予|不得|不|未)(?:对|将|依法|同时|予以)?$")
_HEADING = re.compile(
    r"^(?:附件\s*\d{0,2}\s*[:：]\s*)?[^，。；：]{2,40}(?:目录|清单|一览表|名单)(?:[（(][^（）()]{1,12}[）)])?$"
)
_ENDS_THEM = re.compile(r"废止|失效|停止执行")
_KEEPS_THEM = re.compile(r"保留|继续有效|修改|修订|现行有效|拟|征求意见|建议")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}\s*[.、．\t])"
)
_NAMES = re.compile(r"[《〔\t]|^(?:关于|附件\s*\d*$)")
_REMARK = re.compile(r"^[（(][^（）()。]{1,20}[）)]$")  # （共3件） between a heading and its table
# A document that says itself that it ends others: 关于废止部分规范性文件的决定
_ENDS_OTHERS = re.compile(r"(?:废止|失效|停止执行)[^，。]{0,30}(?:决定|通知|公告|通告|令)$")
_ONLY_SPEAKS = re.compile(r"征求|意见稿|草案|拟|解读|建议|说明|答复|公示")
_TITLES = frozenset(
    {"文件名称", "名称", "文件标题", "标题", "规范性文件名称", "文件题目", "规章名称", "政策名称", "题目"}
)
_NUMBERS = frozenset({"文号", "发文字号", "文件编号", "文件文号", "发文文号", "字号", "文件字号", "制定文号"})
_COUNT = "序号"
_LONGEST_HEAD = 12
_TITLE_LENGTHS = range(5, 161)


@dataclass(frozen=True, slots=True)
class Row:
    """A document that a row of a list names, and where."""

    title: str
    number: str | None
    start: int
    end: int


def ruled(text: str, own_title: str | None = None) -> Told:
    """A question for a place in the text: what the list in which it stands says of its items; None outside of such a list.

    A document that only speaks of ending others (征求意见, 解读) ends none.
    """
    if (own_title and _ONLY_SPEAKS.search(own_title)) or not (
        _ENDS_THEM.search(text) or _OTHER_LEAD.search(text)
    ):
        return lambda _: None
    starts: list[int] = []
    relations: list[Relation | None] = []
    at, current, counted = 0, None, ""
    for line in text.split("\n"):
        told = current
        starts.append(at)
        lead = _lead(line)
        if _HEADING.match(line):
            current = Relation.REPEALS if _ENDS_THEM.search(line) and not _KEEPS_THEM.search(line) else None
            told, counted = None, ""
        elif lead is not None:
            told, current, counted = None, lead[0], _counted(line)
        elif current is not None and counted and _counted(line) == counted:
            told = current = None  # 二、 behind the list of 一、
        elif current is not None and not (
            _NUMBERED.match(line) or _REMARK.match(line) or ("。" not in line and _NAMES.search(line))
        ):
            told = current = None
        relations.append(told)
        stop = line.find("。") if told is not None else -1
        if 0 <= stop < len(line) - 1:  # （二）《乙》。另见《丙》。
            starts.append(at + stop)
            relations.append(None)
        if lead is not None and lead[1] < len(line):  # the list begins in the line
            starts.append(at + lead[1])
            relations.append(current)
            stop = line.find("。", lead[1])
            if stop >= 0:
                starts.append(at + stop)
                relations.append(None)
            if stop >= 0 or current is Relation.AMENDS:  # what follows are the changes
                current = None
        elif current is Relation.AMENDS:
            current = None
        at += len(line) + 1
    return lambda place: relations[bisect_right(starts, place) - 1]


def _counted(line: str) -> str:
    """How a line is numbered: （一） and （二） alike, 一、 and 1. not; nothing where it is not."""
    found = _NUMBERED.match(line)
    return re.sub(r"[一二三四五六七八九十百]+", "一", re.sub(r"[\d\s]+", "1", found.group())) if found else ""


def _lead(line: str) -> tuple[Relation, int] | None:
    """What the words before a list say, and where it begins in their line."""
    if ("：" not in line and ":" not in line) or not any(word in line for word in _TELLING):
        return None  # the pattern is slow to say no
    for found in _LEAD.finditer(line):
        inline = line[found.end() :].strip()
        if inline and not _INLINE.search(found.group()):
            continue
        if _NOT_DONE.search(line[: found.start()]) or "拟" in found.group():
            continue
        relation = (
            Relation.REPEALS
            if found["ends"]
            else Relation.IMPLEMENTS
            if found["grounds"]
            else Relation.AMENDS
        )
        return relation, found.end() if inline else len(line)
    return None


def rows(text: str, told: Told, own_title: str | None) -> Iterator[Row]:
    """Rows of tables that are said to end what they name: 序号, 文件名称, 文号 over 1, 某通知, 某发〔2010〕5号.

    Said by the words over the table, or, where it has none of its own, by the document's title.
    """
    if "\t" not in text:
        return
    ends = bool(
        own_title
        and _ENDS_OTHERS.search(own_title)
        and not (_ONLY_SPEAKS.search(own_title) or _KEEPS_THEM.search(own_title))
    )
    head: _Head | None = None
    at, headed = 0, False
    for line in text.split("\n"):
        cells = line.split("\t")
        found = _head(cells)
        if found is not None:
            head = found if told(at) is Relation.REPEALS or (ends and not headed) else None
        elif len(cells) == 1:
            headed = bool(_HEADING.match(line)) or (headed and bool(_REMARK.match(line)))
            head = None if line else head
        elif head is not None and (row := _row(cells, head)):
            yield Row(*row, at, at + len(line))
        at += len(line) + 1


@dataclass(frozen=True, slots=True)
class _Head:
    title: int
    number: int | None
    count: int | None
    columns: int


def _head(cells: list[str]) -> _Head | None:
    keys = [label_key(cell) if len(cell) <= _LONGEST_HEAD else "" for cell in cells]
    titles = [i for i, key in enumerate(keys) if key in _TITLES]
    if len(titles) != 1 or len(cells) < 2:
        return None
    number = next((i for i, key in enumerate(keys) if key in _NUMBERS), None)
    count = keys.index(_COUNT) if _COUNT in keys else None
    return _Head(titles[0], number, count, len(cells)) if number is not None or count is not None else None


def _row(cells: list[str], head: _Head) -> tuple[str, str | None] | None:
    """Title and number of a row; None where its cells are not those of the head (merged, missing)."""
    if len(cells) <= head.title or len(cells) > head.columns:
        return None
    if head.count is not None and not cells[head.count].strip().strip(".、").isdigit():
        return None
    if head.count is None and len(cells) != head.columns:
        return None
    title = cells[head.title].strip()
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1].strip()
    if (
        len(title) not in _TITLE_LENGTHS
        or numbers.own_line(title)
        or not any("一" <= c <= "鿿" for c in title)
    ):
        return None
    number = cells[head.number] if head.number is not None and head.number < len(cells) else ""
    return title, numbers.own_line(number)
