"""Dates and instants in every form that pages use, as Asia/Shanghai calendar dates.

Nothing is repaired: a date that does not exist (2024年2月30日) is reported, not moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from archive.model import SHANGHAI

# The zero of 二〇二四年 as editors type it: rings, the digit, and Latin, Cyrillic and Greek letters.
ZEROS = "〇零○◯0OoＯｏ\u041e\u043e\u039f\u03bf"
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys(ZEROS, "0")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／－：—–－―", "0123456789./-:----")
_CN_YEAR = f"[一二][{ZEROS}一二三四五六七八九]{{3}}"
_CN_COUNT = "[一二三四五六七八九十元廿卅]{1,3}"
_CLOCK = (
    r"(?:[T\s,-]*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?\s*)?(?P<half>上午|下午|中午|晚上|凌晨|[AP]M)?\s*"
    r"(?P<h>\d{1,2})\s*[:时点]\s*(?P<mi>\d{1,2})(?:\s*[:分]\s*(?P<s>\d{1,2})(?:\.\d+)?)?\s*[分秒]?(?:\s*(?P<late>[AaPp][Mm])(?![A-Za-z]))?\s*(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
_SHAPE = re.compile(
    rf"(?:(?<!\d)(?P<y>(?:1[89]|20)\d{{2}})|(?P<cy>{_CN_YEAR}))\s*"
    rf"(?:年\s*(?:(?P<m1>\d{{1,2}})|(?P<cm>{_CN_COUNT}))\s*月\s*(?:(?P<d1>\d{{1,2}})|(?P<cd>{_CN_COUNT}))\s*[日号]?"
    r"|(?P<sep>[-./])\s*(?P<m2>\d{1,2})\s*(?P=sep)\s*(?P<d2>\d{1,2})(?!\d)"
    r"|(?P<m3>\d{2})(?P<d3>\d{2})(?:(?!\d)|(?=\d{6}(?!\d)))(?:(?P<h3>\d{2})(?P<mi3>\d{2})(?P<s3>\d{2}))?)"
    + _CLOCK
)
# Java's Date.toString: Sun Apr 06 16:34:20 CST 2031
_JAVA = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?P<d>\d{1,2}) "
    r"(?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2}) CST (?P<y>\d{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# ASP.NET's JSON: /Date(1932480000000)/
_EPOCH_OF_JSON = re.compile(r"\\?/Date\((-?\d{1,13})(?:[+-]\d{4})?\)\\?/")
# What a clock that was never set shows: 1970-01-01 08:00:00, and the first day of a spreadsheet
_UNSET = (datetime(1970, 1, 1, tzinfo=UTC), date(1900, 1, 1))
_EPOCH = re.compile(r"-?\d{9,10}|-?\d{12,13}")
# 2031年3月5日至3月11日, 2031-03-05 09:00—2031-03-11, 2031年3月5日-11日
_TERM = re.compile(
    r"\s*+起?\s*+[（(]?\s*+(?:-+|—+|–+|~+|～+|―+|至|到|─+)\s*(?:(?:19|20)\d{2}\s*[-年./]|\d{1,2}\s*(?:月|日|[-./]\s*\d{1,2}(?!\d)))"
)
_APART = re.compile(r"(?<=[\d年月日一二三四五六七八九十〇零○])\s+(?=[\d年月日一二三四五六七八九十〇零○])")
_DIGIT = re.compile(r"\d")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written; ``at`` (aware, UTC) only where a time of day other than midnight is given."""

    on: date
    at: datetime | None = None


class ImpossibleDateError(ValueError):
    """A string has the shape of a date but names none, such as 2024年2月30日."""


def chinese_number(text: str) -> int:
    """The number that 一 … 九十九 spells (十二, 二十, 廿一, 三十一, 元 = 1)."""
    text = text.replace("元", "一").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[c] for c in text))
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _hour(text: str, half: str) -> int:
    hour = int(text)
    if half in ("下午", "晚上", "中午", "PM") and hour < 12 and not (half == "中午" and hour >= 11):
        return hour + 12
    return 0 if half in ("AM", "凌晨") and hour == 12 else hour


def _moment(year: int, month: int, day: int, clock: dict[str, str | None], shown: str) -> Moment:
    try:
        on = date(year, month, day)
        if clock.get("h") is None:
            return Moment(on)
        if clock["h"] == "24" and not int(clock["mi"] or 0) and not int(clock["s"] or 0):
            return Moment(on)  # the end of the day
        half = clock.get("half") or (clock.get("late") or "").upper()  # 5:05 PM
        hour = time(_hour(clock["h"] or "0", half), int(clock["mi"] or 0), int(clock["s"] or 0))
        zone = _zone(clock.get("z"))
    except ValueError as error:
        raise ImpossibleDateError(f"{shown.strip()!r} is no date: {error}") from error
    if zone is None and hour == time(0):
        return Moment(on)  # "2021-11-12 00:00:00": a date in a column of instants
    try:
        local = datetime.combine(on, hour, zone or SHANGHAI).astimezone(SHANGHAI)
    except (OverflowError, ValueError) as error:
        raise ImpossibleDateError(f"{shown.strip()!r} is no date: {error}") from error
    if local.time() == time(0):
        return Moment(local.date())
    return Moment(local.date(), local.astimezone(UTC))


def from_epoch(number: int | float) -> Moment | None:
    """A Unix time in seconds, or milliseconds beyond 10^11. Local midnight is a date without a time."""
    seconds = number / 1000 if abs(number) >= 10**11 else number
    try:
        local = datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)
    except (OverflowError, ValueError, OSError):
        return None
    if local.year not in _YEARS or not seconds:
        return None
    if local.time() == time(0):
        return Moment(local.date())
    return Moment(local.date(), local.astimezone(UTC).replace(microsecond=0))


def search(text: str) -> tuple[Moment, int, int] | None:
    """The first date in a text with its start and end, or None.

    Raises ImpossibleDateError where the first thing shaped like a date is none.
    """
    text = text.translate(_FULL_WIDTH)
    found = _SHAPE.search(text)
    if found is None:
        return _java(text)
    got = found.groupdict()
    try:
        year = int(got["y"] or "".join(_DIGITS[c] for c in got["cy"]))
        month = chinese_number(got["cm"]) if got["cm"] else int(got["m1"] or got["m2"] or got["m3"])
        day = chinese_number(got["cd"]) if got["cd"] else int(got["d1"] or got["d2"] or got["d3"])
    except (KeyError, ValueError) as error:  # 十十月
        raise ImpossibleDateError(f"{found.group().strip()!r} is no date") from error
    if got["h3"]:
        got |= {"h": got["h3"], "mi": got["mi3"], "s": got["s3"]}
    end = found.end() if got["h"] else found.start() + len(found.group().rstrip())
    return _moment(year, month, day, got, found.group()), found.start(), end


def _java(text: str) -> tuple[Moment, int, int] | None:
    found = _JAVA.search(text)
    if found is None:
        return None
    month = _MONTHS.index(found["mon"]) + 1
    moment = _moment(int(found["y"]), month, int(found["d"]), found.groupdict(), found.group())
    return moment, found.start(), found.end()


_YEAR = re.compile(r"(?:19|20)\d{2}|[二2][〇○Oo0]\S|\d{2}-\d")
_HOUR_OR_DAY = re.compile(
    r"\d{1,2}\s*[月日号时点:：]|[上下]午|[一二三四五六七八九十]月|周[一二三四五六日]|星期"
)


def is_of_event(label: str, value: str) -> bool:
    """Whether 时间 or 日期 says when something takes place, not when a page was published: 时间：3月5日上午9时."""
    if label.strip(" \u3000:：【】[]") not in ("时间", "日期", "時間"):
        return False
    return _HOUR_OR_DAY.search(value) is not None and _YEAR.search(value) is None


def is_term(value: str) -> bool:
    """Whether a value is a span of days, as 公示时间：2031年3月5日至3月11日 has it, and no day."""
    try:
        found = search(value)
    except ImpossibleDateError:
        return False
    return found is not None and bool(_TERM.match(value.translate(_FULL_WIDTH), found[2]))


def parse(value: str) -> Moment | None:
    """The date that a value consists of or begins with; None where it holds none.

    Raises ImpossibleDateError for a date that does not exist.
    """
    text = value.strip()
    if _EPOCH.fullmatch(text):
        return from_epoch(int(text))
    written = _EPOCH_OF_JSON.fullmatch(text)
    if written:
        return from_epoch(int(written[1]))
    found = search(re.sub(r"\s+", " ", text)) or search(_APART.sub("", text))
    return found[0] if found and not {found[0].at, found[0].on} & {*_UNSET} else None


def whole(line: str) -> Moment | None:
    """The date of a line that is nothing but a date (brackets and white space aside), else None."""
    if len(line) > 60 or not ("年" in line or _DIGIT.search(line)):
        return None
    text = "".join(line.split()).strip("()（）[]【】").translate(_FULL_WIDTH)
    if len(text) > 30 or not text:
        return None
    try:
        found = search(text)
    except ImpossibleDateError:
        return None
    if found is None or found[1] != 0 or found[2] != len(text):
        return None
    return found[0]
