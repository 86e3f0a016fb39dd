"""Lines of crontab(5): five fields, as the site files' ``schedule.cron`` has them. Pure."""

from __future__ import annotations

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


def check_cron(line: str) -> tuple[frozenset[int], ...]:
    """The values that each of the five fields of a crontab line allows. Raises ValueError saying what is wrong."""
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"cron: expected five fields (minute hour day month weekday), found {len(fields)}")
    return tuple(_cron_field(index, text) for index, text in enumerate(fields))


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
