"""Dates, figures and the numbers of clauses in a text, with what they come to however they are written. Pure functions.

2026年3月1日, 2026-03-01 and 二〇二六年三月一日 are one date; 5万, 伍万 and 50,000 are one figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Literal

HAN_DIGIT = "〇○零一二三四五六七八九"
_FIGURE_WORD = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_DIGITS = {c: n for row in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for n, c in enumerate(row)} | {
    "○": 0, "O": 0, "Ｏ": 0, "0": 0, "两": 2,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_GAP = r"[ \u3000]{0,2}"
_MONTH = "[一二三四五六七八九十]{1,3}"
# The number of a clause at the beginning of its line: 第三条, 四、, （五）, 6.
LABEL = re.compile(
    r"(?<![^\n])[ \t\u3000]*(?:第[〇零一二三四五六七八九十百\d]{1,6}[编章节条款]"
    rf"|{_MONTH}、(?!{_MONTH}[年月日个])"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.、．)）](?!\d)|[①-⑳⑴-⒇㈠-㈩])"
)
_DATE = (
    rf"(?<!\d)(?:\d{{4}}{_GAP}年(?:{_GAP}\d{{1,2}}{_GAP}月(?:{_GAP}\d{{1,2}}{_GAP}[日号])?)?|\d{{4}}([-./])\d{{1,2}}\2\d{{1,2}}(?!\d)"
    rf"|\d{{4}}(?=[-—–~～至]\d{{4}}年)|\d{{1,2}}{_GAP}月(?:{_GAP}\d{{1,2}}{_GAP}[日号])?)"
    rf"|[{HAN_DIGIT}OＯ0]{{4}}年(?:{_MONTH}月(?:{_MONTH}[日号])?)?|{_MONTH}月(?:{_MONTH}[日号])?"
)
# Figures in words only where a unit follows or 第 goes before: 三万(元), 第三(批), but not 一(致) and 十分重(要).
_FIGURE = (
    rf"\d+(?:[.,]\d+)*(?:[十百千万亿]+|[%％‰])?|[{_FIGURE_WORD}]{{1,12}}分之[{_FIGURE_WORD}]{{1,12}}"
    rf"|(?<=第)[{_FIGURE_WORD}]{{1,12}}|(?!十分[重必关明突困严紧艰清满显复宝感])[{_FIGURE_WORD}]{{1,24}}(?=[余多几]?[元个项名人日天年月倍分岁周户亩米吨公件次份套家台辆级成折小时克升平立度种座栋幢间层批期届处])"
)
_CODE = r"(?=\d*[A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{8,}"  # 91330000MA27X1234A is no figure
_FIRST = rf"[ \t\u3000\dA-Za-z第（(①-⑳⑴-⒇㈠-㈩○OＯ{_FIGURE_WORD}]"  # no value begins with another character
_VALUE = re.compile(rf"(?={_FIRST})(?:({LABEL.pattern})|(?:{_DATE})|(?P<figure>{_FIGURE})|(?P<code>{_CODE}))")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)([十百千万亿]*)([%％‰]?)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[\d.]+")
# 五六天 are five or six, 一百二 may be 120.
_UNCERTAIN = re.compile("[一二两三四五六七八九]{2}|[百佰千仟万亿][一二两三四五六七八九壹贰叁肆伍陆柒捌玖]$")
_AROUND = 40  # characters: longer than a date or a figure

Kind = Literal["label", "date", "figure"]


@dataclass(frozen=True, slots=True)
class Value:
    """A date, a figure or a clause's number: where it stands, how it is written, and what it comes to."""

    kind: Kind
    start: int
    end: int
    text: str
    meaning: tuple[int, ...] | Fraction | str


def values_at(text: str, start: int, end: int) -> list[Value]:
    """The values of which something stands in ``text[start:end]``, or that touch it."""
    low = max(0, start - _AROUND)
    first = max(low, text.rfind("\n", low, start) + 1)
    found = []
    for match in _VALUE.finditer(text, first, min(len(text), end + _AROUND)):
        if match.start() > end:
            break
        if match.end() < start or match["code"]:
            continue
        found.append(_value(match))
    return found


def _value(match: re.Match[str]) -> Value:
    written = match.group()
    where = (match.start(), match.end(), written)
    if match[1]:
        return Value("label", *where, written.strip())
    if match["figure"]:
        return Value("figure", *where, _amount(written))
    return Value("date", *where, _day(written))


def _day(written: str) -> tuple[int, ...]:
    """Year, month and day as far as they are given; a date without a year begins with 0."""
    parts = re.findall(rf"\d+|[{_FIGURE_WORD}○OＯ]+", written)
    numbers = [int(p) if p.isdecimal() else int(_in_words(p)) for p in parts]
    return (0, *numbers) if re.match(rf"\d{{1,2}}{_GAP}月|{_MONTH}月", written) else tuple(numbers)


def _amount(written: str) -> Fraction | str:
    if "分之" in written:
        whole, _, part = written.partition("分之")
        return Fraction(_in_words(part)) / (_in_words(whole) or 1)
    if (match := _NUMBER.fullmatch(written)) is None:
        return Fraction(_in_words(written))
    number = match[1].replace(",", "") if _THOUSANDS.fullmatch(match[1]) else match[1]
    if (
        "," in number or number.count(".") > 1 or len(number) > _AROUND
    ):  # a barcode, a picture in letters: nothing to count
        return written
    factor = reduce(lambda so_far, unit: so_far * _UNITS[unit], match[2], 1)
    return Fraction(number) * factor / {"%": 100, "％": 100, "‰": 1000}.get(match[3], 1)


def _in_words(words: str) -> int:
    """三十二 → 32, 壹拾万 → 100000, 二〇二六 → 2026."""
    if not any(c in _UNITS for c in words):
        return int("".join(str(_DIGITS[c]) for c in words))
    total = section = digit = 0
    for c in words:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif (unit := _UNITS[c]) < 10**4:
            section += (digit or 1) * unit
            digit = 0
        else:
            total = (total + section + digit) * unit if unit > 10**4 else total + (section + digit) * unit
            section = digit = 0
    return total + section + digit


def differing(old: Sequence[Value], new: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """Both without the values that they begin and end with alike."""
    before, after = list(old), list(new)
    while before and after and before[0].meaning == after[0].meaning:
        del before[0], after[0]
    while before and after and before[-1].meaning == after[-1].meaning:
        del before[-1], after[-1]
    return before, after


def same_values(old: Sequence[Value], new: Sequence[Value]) -> bool:
    """Whether both are certainly the same dates and figures. 0571 and 571, or 1.1 and 1.10, may be a code's and a chapter's numbers."""
    return (
        bool(old)
        and len(old) == len(new)
        and all(
            one.kind == other.kind != "label"
            and one.meaning == other.meaning
            and (one.text == other.text or one.kind == "date" or _certain(one.text, other.text))
            for one, other in zip(old, new, strict=True)
        )
    )


def _certain(one: str, other: str) -> bool:
    plain = _PLAIN.fullmatch(one) and _PLAIN.fullmatch(other)
    return not (plain or _UNCERTAIN.search(one) or _UNCERTAIN.search(other))
