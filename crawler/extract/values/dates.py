"""Dates and instants in every form that pages use, as Asia/Shanghai calendar dates.

Nothing is repaired: a date that does not exist (2024年2月30日) is reported, not moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from archive.model import SHANGHAI

# The zero of 二〇二四年 as editors type it: rings, the digit, and Latin, Cyrillic and Greek letters.
ZEROS = "〇零○◯0OoＯｏ\u041e\u043e\u039f\u03bf"
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys(ZEROS, "0")
# Full width, the radicals that text out of a PDF has for characters, and 曰 as recognised from a picture of 日.
_FULL_WIDTH = str.maketrans(
    "０１２３４５６７８９．／－：—–－―⽉⽇⼀⼆⼋⼗曰", "0123456789./-:----月日一二八十日"
)
_CN_YEAR = f"[一二][{ZEROS}一二三四五六七八九]{{3}}"
_CN_COUNT = f"[{ZEROS}一二三四五六七八九十元廿卅]{{1,3}}"
_CN_PLAIN = "[〇零○一二三四五六七八九十元廿卅]{1,3}"
_CN_MORE = f"(?![{ZEROS}一二三四五六七八九十廿卅])"
_CLOCK = (
    r"(?:[T\s,-]*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?\s*)?"
    r"(?P<half>上午|下午|中午|晚上|凌晨|早上|早晨|清晨|傍晚|夜间|[早晚]|[AP]M)?\s*"
    r"(?P<h>\d{1,2})\s*(?::(?=\s*\d)|时(?![代期间])|点(?!击))\s*(?P<mi>\d{1,2})?(?:\s*[:分]\s*(?P<s>\d{1,2})(?:\.\d+|[:,]\d{3}(?!\d))?)?\s*[分秒]?"
    r"(?:\s*(?P<late>[AaPp][Mm])(?![A-Za-z]))?"
    r"\s*(?P<z>Z(?![A-Za-z])|(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?|\+\d{2}(?::?\d{2})?(?!\d)|-(?:0\d|1[0-2]):?[03]0(?!\d))?)?"
)
_SHAPE = re.compile(
    rf"(?<![农阴旧夏]历)(?<![农阴旧夏]历[\s(（])(?:(?<!\d)(?P<y>(?:1[89]|20)\d{{2}})|(?P<cy>{_CN_YEAR}))\s*"
    rf"(?:年\s*(?:(?P<m1>\d{{1,2}})|(?P<cm>{_CN_COUNT}))\s*月\s*(?:(?P<d1>\d{{1,2}})(?![\d十])|(?P<cd>{_CN_COUNT}){_CN_MORE})\s*[日号]?"
    r"|(?P<sep>[-./_·。])\s*(?P<m2>\d{1,2})\s*(?P=sep)\s*(?P<d2>\d{1,2})(?:(?!\d)|(?=\d{2}:\d{2}))"
    rf"|(?P<by>[-./])\s*(?P<cm2>{_CN_PLAIN})\s*(?P=by)\s*(?P<cd2>{_CN_PLAIN}){_CN_MORE}"
    r"|(?P<m3>\d{2})(?P<d3>\d{2})(?:(?!\d)|(?=(?:\d{6}|\d{9}|(?:[01]\d|2[0-3])[0-5]\d)(?!\d)))"
    r"(?:(?:[T\s](?=\d{6}))?(?P<h3>\d{2})(?P<mi3>\d{2})(?:(?P<s3>\d{2})(?:\d{3})?)?(?!\d))?)" + _CLOCK
)
# Of software that writes English: Apr 4, 2031 3:30:00 PM · Thu, 04 Apr 2031 07:30:00 GMT · 2031-Apr-04
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_ENGLISH = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>(?:19|20)\d{{2}})(?![\d:])"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<m2>{_MONTH})\.?,?[\s-]+(?P<y2>(?:19|20)\d{{2}})(?!\d)"
    rf"|(?P<y3>(?:19|20)\d{{2}})-(?P<m3>{_MONTH})-(?P<d3>\d{{1,2}})(?!\d))" + _CLOCK,
    re.IGNORECASE,
)
# Java's Date.toString: Sun Apr 06 16:34:20 CST 2031. CST is the zone's name in China.
_JAVA = re.compile(
    rf"\b(?P<m1>{_MONTH}) (?P<d1>\d{{1,2}}) (?P<h>\d{{2}}):(?P<mi>\d{{2}}):(?P<s>\d{{2}}) "
    r"(?:CST|(?P<z>(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?)) (?P<y1>(?:19|20)\d{2})"
)
# 中華民國113年3月5日, 民国三十五年三月一日: years since 1911
_MINGUO = re.compile(
    rf"民[国國]\s*(?:(?P<y>\d{{1,3}})|(?P<cy>{_CN_COUNT}))\s*年\s*(?:(?P<m>\d{{1,2}})|(?P<cm>{_CN_PLAIN}))\s*月"
    rf"\s*(?:(?P<d>\d{{1,2}})|(?P<cd>{_CN_PLAIN}))\s*日"
)
_BEFORE_MINGUO = 1911
# ASP.NET's JSON: /Date(1932480000000)/
_EPOCH_OF_JSON = re.compile(r"\\?/Date\((-?\d{1,13})(?:[+-]\d{4})?\)\\?/")
# What a clock that was never set shows, 1970-01-01 08:00:00, and the first days of spreadsheets
_UNSET = (
    datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31),
)  # fmt: skip
_EPOCH = re.compile(r"(-?\d{9,10}|-?\d{12,13})(?:\.\d+)?")
# 202404041530 is a minute, which as milliseconds would be in 1976; of 202404041 and 2024040415 one cannot tell.
_BEGINS_WITH_DAY = re.compile(
    r"(?:(?:19|20)\d{2}(?=\d{5}$|\d{8}$)|20[0-3]\d(?=\d{6}$))(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?:\d|(?:[01]\d|2[0-3])(?:[0-5]\d)?)"
)
# 2031年3月5日至3月11日, 2031-03-05 09:00—2031-03-11, 2031年3月5日-11日, 20310305-20310311, 2031年3月5日、6日
_TERM = re.compile(
    r"\s*+起?\s*+[（(]?\s*+(?:-+|—+|–+|~+|～+|―+|至|到|─+|[、和及与/])\s*"
    r"(?:(?:19|20)\d{2}\s*[-年./]|(?:19|20)\d{6}(?!\d)|\d{1,2}\s*(?:月|日|[-./]\s*\d{1,2}(?!\d)))"
    r"|\s*+[以之]?前(?![\u4e00-\u9fff])"
)
# [2031, 3, 5, 10, 20] of Java's LocalDateTime, as the items of a list are joined
_OF_NUMBERS = re.compile(
    r"((?:19|20)\d{2});(\d{1,2});(\d{1,2})(?:;(\d{1,2});(\d{1,2})(?:;(\d{1,2})(?:;\d+)?)?)?"
)
_APART = re.compile(r"(?<=[\d年月日一二三四五六七八九十〇零○])\s+(?=[\d年月日一二三四五六七八九十〇零○])")
_BETWEEN = " \t\u3000\u00a0-~～至到、和及与/起(（"  # what stands between two days
_DIGIT = re.compile(r"\d")
_TWENTY = re.compile("[廿卅]")
_EVENING = ("晚上", "夜间", "晚")
_AFTERNOON = ("下午", "中午", "傍晚", "PM", *_EVENING)
_MORNING = ("上午", "凌晨", "早上", "早晨", "清晨", "早", "AM")
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


def _zone(text: str | None, shown: str) -> timezone | None:
    """The zone behind a time; None for the one of China, and in 09:00-11:30, which are two times of a day."""
    if text is None or (text[0] == "-" and "T" not in shown):
        return None
    offset = text.removeprefix("UTC").removeprefix("GMT").strip()
    if offset in ("", "Z"):
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))


def _hour(text: str, half: str) -> int | None:
    """The hour of the day; None where it cannot be told: 晚上12:30, 15:30 AM."""
    hour = int(text)
    if half in _AFTERNOON:
        if half in _EVENING and hour == 12:
            return None
        return hour + 12 if hour < 12 and not (half == "中午" and hour >= 11) else hour
    if half in _MORNING and hour >= 12:
        return 0 if hour == 12 and half in ("AM", "凌晨") else None
    return hour


def _moment(year: int, month: int, day: int, clock: Mapping[str, str | None], shown: str) -> Moment:
    try:
        on = date(year, month, day)
        if clock.get("h") is None:
            return Moment(on)
        minute, second = int(clock["mi"] or 0), int(clock["s"] or 0)
        if clock["h"] == "24" and not minute and not second:
            return Moment(on)  # the end of the day
        told = _hour(clock["h"] or "0", (clock.get("half") or clock.get("late") or "").upper())  # 5:05 PM
        if told is None:
            return Moment(on)
        hour = time(told, minute, second)
        zone = _zone(clock.get("z"), shown)
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
    """The first date in a text with its start and end; None where the first thing shaped like one is none, too."""
    try:
        return _search(text)
    except ImpossibleDateError:
        return None


def holds_day(text: str) -> bool:
    """Whether a text holds something shaped like a date, be there such a day or not."""
    try:
        return _search(text) is not None
    except ImpossibleDateError:
        return True


def _search(text: str) -> tuple[Moment, int, int] | None:
    text = text.translate(_FULL_WIDTH)
    found = _SHAPE.search(text)
    if found is None:
        return (_minguo(text) if "民" in text else None) or _english(text)
    got = found.groupdict()
    if got["cd"] and _TWENTY.search(got["cd"]) and text[found.end("cd") :].lstrip()[:1] not in ("日", "号"):
        return None  # 2024年二月廿六 is a day of the lunar calendar
    months, days = (got["cm"] or got["cm2"], got["cd"] or got["cd2"])
    try:
        year = int(got["y"] or "".join(_DIGITS[c] for c in got["cy"]))
        month = chinese_number(months) if months else int(got["m1"] or got["m2"] or got["m3"])
        day = chinese_number(days) if days else int(got["d1"] or got["d2"] or got["d3"])
    except (KeyError, ValueError) as error:  # 十十月
        raise ImpossibleDateError(f"{found.group().strip()!r} is no date") from error
    if got["h3"]:
        got |= {"h": got["h3"], "mi": got["mi3"], "s": got["s3"]}
    end = found.end() if got["h"] else found.start() + len(found.group().rstrip())
    return _moment(year, month, day, got, found.group()), found.start(), end


def _minguo(text: str) -> tuple[Moment, int, int] | None:
    found = _MINGUO.search(text)
    if found is None:
        return None
    try:
        year, month, day = (
            int(found[part]) if found[part] else chinese_number(found[f"c{part}"]) for part in "ymd"
        )
    except (KeyError, ValueError) as error:
        raise ImpossibleDateError(f"{found.group().strip()!r} is no date") from error
    start = found.start() - 2 * (text[: found.start()].endswith(("中华", "中華")))
    return _moment(year + _BEFORE_MINGUO, month, day, {}, found.group()), start, found.end()


def _english(text: str) -> tuple[Moment, int, int] | None:
    found = _JAVA.search(text) or _ENGLISH.search(text)
    if found is None:
        return None
    got = found.groupdict()
    year, month, day = (next(v for n in "123" if (v := got.get(f"{part}{n}"))) for part in "ymd")
    number = _MONTHS.index(month[:3].lower()) + 1
    moment = _moment(int(year), number, int(day), got, found.group())
    return moment, found.start(), found.start() + len(found.group().rstrip())


_YEAR = re.compile(r"(?:19|20)\d{2}|[二2][〇○Oo0]\S|\d{2}-\d")
_HOUR_OR_DAY = re.compile(
    r"\d{1,2}\s*[月日号时点:：]|[上下]午|[一二三四五六七八九十]月|周[一二三四五六日]|星期"
)


_PART_OF_DAY = re.compile("日(?:[上下中]午|晚|凌晨)")  # 2031年5月12日上午9:00
_WEEKDAY = re.compile(r"日\s*[（(](?:星期|周)[一二三四五六日天][）)]")  # 2031年3月5日（星期二）上午10:00


def is_of_event(label: str, value: str) -> bool:
    """Whether 时间 or 日期 says when something takes place, not when a page was published: 时间：3月5日上午9时."""
    if label.strip(" \u3000:：【】[]") not in ("时间", "日期", "時間"):
        return False
    value = value.translate(_FULL_WIDTH)
    if _WEEKDAY.search(value) or _PART_OF_DAY.search(value):
        return True
    return _HOUR_OR_DAY.search(value) is not None and _YEAR.search(value) is None


def is_term(value: str) -> bool:
    """Whether a value is a span of days, as 公示时间：2031年3月5日至3月11日 has it, or two days, and no day."""
    text = value.translate(_FULL_WIDTH)
    found = search(text)
    if found is None:
        return False
    rest = text[found[2] :]
    second = search(rest)
    if second is not None and not rest[: second[1]].strip(_BETWEEN):
        return second[0].on != found[0].on
    return bool(_TERM.match(rest))


def _written(*parts: str | None) -> str:
    given = [part for part in parts if part]
    return "-".join(given[:3]) + (" " + ":".join(given[3:]) if given[3:] else "")


def parse(value: str) -> Moment | None:
    """The date that a value consists of or begins with; None where it holds none.

    Raises ImpossibleDateError for a date that does not exist.
    """
    text = value.strip()
    epoch = _EPOCH.fullmatch(text)
    if epoch and not _BEGINS_WITH_DAY.fullmatch(epoch[1]):
        return from_epoch(int(epoch[1]))
    if numbers := _OF_NUMBERS.fullmatch(text):
        text = _written(*numbers.groups())
    written = _EPOCH_OF_JSON.fullmatch(text)
    if written:
        return from_epoch(int(written[1]))
    found = _search(" ".join(text.split())) or _search(_APART.sub("", text))
    return found[0] if found and not {found[0].at, found[0].on} & {*_UNSET} else None


def whole(line: str) -> Moment | None:
    """The date of a line that is nothing but a date (brackets and white space aside), else None."""
    if len(line) > 60 or not ("年" in line or _DIGIT.search(line)):
        return None
    text = "".join(line.split()).strip("()（）[]【】").translate(_FULL_WIDTH)
    if len(text) > 30 or not text:
        return None
    found = search(text)
    if found is None or found[1] != 0 or found[2] != len(text):
        return None
    return found[0]
