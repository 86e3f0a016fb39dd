"""Automatic numbers of lists, as Word shows them: 一、, （一）, 1., 第一条. They stand in no text of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_PLACE = re.compile(r"%(\d)")
_LEVELS = 9
_MOST = 32_000
# ST_NumberFormat (ECMA-376 17.18.59) → first character, and how many there are of the kind
_RANGES = {
    "decimalEnclosedCircle": ("①", 20), "decimalEnclosedCircleChinese": ("①", 20), "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20), "ideographEnclosedCircle": ("㊀", 10),
}  # fmt: skip
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
     "koreanCounting", "japaneseDigitalTenThousand"}
)  # fmt: skip
_CHINESE_FORMAL = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_CHINESE_DIGITS = frozenset({"ideographDigital", "taiwaneseDigital", "koreanDigital", "koreanDigital2"})


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: ``text`` has %1 … %9 where numbers stand; ``restart`` is the level (from 1) after which it begins anew."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A list that paragraphs refer to. ``counted`` is what it shares its numbers with; ``starts`` are those it begins with."""

    counted: str
    levels: tuple[Level, ...]
    starts: Mapping[int, int] = field(default_factory=dict)


class Lists:
    """Counts the paragraphs of lists in the order of the document."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def label(self, key: str, depth: int) -> tuple[str, str]:
        """The number of the next paragraph at a level (from 0) of a list, and what follows it: tab, space or nothing."""
        known = self._definitions.get(key)
        if known is None or not 0 <= depth < len(known.levels):
            return "", "nothing"
        counts = self._counts.setdefault(known.counted, [None] * _LEVELS)
        starts: Mapping[int, int] = {}
        if key not in self._begun:
            self._begun.add(key)
            starts = known.starts
            for level in starts:
                counts[level] = None
        level_ = known.levels[depth]
        before = counts[depth]
        counts[depth] = min(before + 1, _MOST) if before is not None else starts.get(depth, level_.start)
        for deeper in range(depth + 1, len(known.levels)):
            restart = known.levels[deeper].restart
            if restart is None or (restart and depth < restart):
                counts[deeper] = None
        return self._text(known, counts, level_), level_.suffix

    @staticmethod
    def _text(known: Definition, counts: list[int | None], level: Level) -> str:
        if level.form in ("bullet", "none"):
            return "" if level.form == "bullet" else _PLACE.sub("", level.text)

        def number(place: re.Match[str]) -> str:
            index = int(place[1]) - 1
            if not 0 <= index < len(known.levels):
                return ""
            count = counts[index]
            form = known.levels[index].form
            shown = count if count is not None else known.levels[index].start
            return numeral(shown, "decimal" if level.legal and form != "bullet" else form)

        return _PLACE.sub(number, level.text)


def joined(label: str, suffix: str, text: str) -> str:
    """A paragraph with its number in front, as people type it: 一、总体要求, but 第一条 为了 and 1.1 范围."""
    label = label.strip()
    return label + (gap(label) if text and suffix != "nothing" else "") + text


def gap(label: str) -> str:
    """What stands between a number and its text: a blank, but none behind a mark."""
    return " " if label and label[-1].isalnum() else ""


def numeral(n: int, form: str) -> str:
    """A number in a format of ST_NumberFormat; in digits where the format is another or has no sign for it."""
    if n < 0 or form in ("none", "bullet"):
        return "" if form in ("none", "bullet") else str(n)
    if form in _CHINESE:
        return chinese(n, _DIGITS, "十百千")
    if form in _CHINESE_FORMAL:
        return chinese(n, _FORMAL, "拾佰仟")
    if form in _CHINESE_DIGITS:
        return "".join(_DIGITS[int(d)] for d in str(n))
    if form == "ideographTraditional" and 0 < n <= len(_STEMS):
        return _STEMS[n - 1]
    if form == "ideographZodiac" and 0 < n <= len(_BRANCHES):
        return _BRANCHES[n - 1]
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord("０") + int(d)) for d in str(n))
    if form in _RANGES and 0 < n <= _RANGES[form][1]:
        return chr(ord(_RANGES[form][0]) + n - 1)
    if form in ("upperLetter", "lowerLetter") and 0 < n <= 780:
        letters = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("upperRoman", "lowerRoman") and 0 < n < 4000:
        return _roman(n).upper() if form == "upperRoman" else _roman(n)
    return f"{n:02d}" if form == "decimalZero" else str(n)


def chinese(n: int, digits: str, units: str) -> str:
    """23 as 二十三, 110 as 一百一十; beyond four digits digit by digit."""
    if not 0 < n < 10_000:
        return "".join(digits[int(d)] for d in str(n))
    out, gap = "", False
    for power in range(len(str(n)) - 1, -1, -1):
        digit = n // 10**power % 10
        if not digit:
            gap = True
            continue
        out += ("零" if gap and out else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return out[1:] if 10 <= n < 20 and digits == _DIGITS else out


def _roman(n: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        out += letters * (n // value)
        n %= value
    return out
