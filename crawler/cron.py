"""Lines of crontab(5): five fields, as the site files' ``schedule.cron`` has them. Pure."""

from __future__ import annotations

import re

_CRON_RANGES = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 0, 7),
)
_CRON_NAMES = {
    3: dict(
        zip(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
            range(1, 13),
            strict=True,
        )
    ),
    4: dict(zip(("sun", "mon", "tue", "wed", "thu", "fri", "sat"), range(7), strict=True)),
}

_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_EVERY = re.compile(r"^([1-9]\d{0,5})(m|h|d)$", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440}


def check_cron(line: str) -> tuple[frozenset[int], ...]:
    """The values that each of the five fields of a crontab line allows. Raises ValueError saying what is wrong."""
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"cron: expected five fields (minute hour day month weekday), found {len(fields)}")
    found = tuple(_cron_field(index, text) for index, text in enumerate(fields))
    _, _, days, months, _ = found
    if joins_by_and(line) and not any(day <= _LONGEST[month] for day in days for month in months):
        raise ValueError("cron: this day never comes")
    return found


def joins_by_and(line: str) -> bool:
    """Whether day of month and weekday must both fit: where one of them begins with a star (cron.c of Vixie's cron)."""
    _, _, day, _, weekday = line.split()
    return day.startswith("*") or weekday.startswith("*")


def every_as_cron(interval: str) -> str:
    """15m, 6h, 1d as a line of crontab(5). Raises ValueError for one that cron cannot express.

    The daemon keeps the same timetable as cron, so that it may take cron's place: both run at these instants only.
    """
    match = _EVERY.match(interval)
    if match is None:
        raise ValueError("expected an interval such as 15m, 6h or 1d")
    minutes = int(match[1]) * _MINUTES[match[2]]
    if minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    if minutes % 60 == 0 and 1440 % minutes == 0:
        hours = minutes // 60
        return f"0 */{hours} * * *" if 1 < hours < 24 else "0 * * * *" if hours == 1 else "0 0 * * *"
    raise ValueError(
        "an interval must divide an hour or a day: 15m, 6h, 1d; for others write cron: '30 7 */2 * *'"
    )


def _cron_field(index: int, text: str) -> frozenset[int]:
    name, low, high = _CRON_RANGES[index]
    values: set[int] = set()
    for part in text.lower().split(","):
        span, slash, step_text = part.partition("/")
        if slash and not (step_text.isdecimal() and int(step_text) > 0):
            raise ValueError(f"cron: {name} {part!r}: the step after / is a positive number")
        first, dash, last = span.partition("-")
        start = low if span == "*" else _cron_value(index, first, part)
        end = (
            high if span == "*" or (slash and not dash) else _cron_value(index, last, part) if dash else start
        )
        if start > end:
            raise ValueError(f"cron: {name} {part!r}: the range runs backwards")
        values.update(range(start, end + 1, int(step_text) if slash else 1))
    return frozenset(value % 7 for value in values) if index == 4 else frozenset(values)


def _cron_value(index: int, text: str, part: str) -> int:
    name, low, high = _CRON_RANGES[index]
    value = _CRON_NAMES.get(index, {}).get(text)
    if value is None:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"cron: {name} {part!r}: expected a number from {low} to {high}")
        value = int(text)
    return value
