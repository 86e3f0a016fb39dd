"""Numbers of a workbook's cells as a reader sees them: dates as dates, shares as per cent."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

# ECMA-376 18.8.30: the formats that have numbers and no text of their own; 27–36 and 50–58 are Chinese dates.
BUILTIN = {
    9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
    **dict.fromkeys((*range(27, 32), *range(36, 37), *range(50, 55), *range(57, 59)), "yyyy年m月d日"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h时mm分"),
}  # fmt: skip
_LITERALS = re.compile(r'General|"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<minutes>\d\d:\d\d)(?::(?P<seconds>\d\d)(?:\.\d+)?)?)?Z?")
_DAY_OR_YEAR = re.compile(r"[yd]|e(?!\+|-)", re.IGNORECASE)
_HOUR_OR_SECOND = re.compile(r"[hs]", re.IGNORECASE)


def shown(value: float, code: str | None, *, since_1904: bool = False) -> str:
    """A cell's number under its format code; the number itself where the format is none of a date or a share.

    Decimals are never rounded away: a change that the sheet's format hides is still a change.
    """
    bare = _LITERALS.sub("", code or "").partition(";")[0]
    if _DAY_OR_YEAR.search(bare) or _HOUR_OR_SECOND.search(bare):
        moment = _moment(value, since_1904)
        if moment is not None:
            return _date_text(moment, value, bare)
    if "%" in bare:
        return plain(value * 100) + "%"
    return plain(value)


def plain(value: float) -> str:
    """A number without a float's noise, to the 15 digits of Excel: 0.30000000000000004 is 0.3, 3.0 is 3."""
    text = f"{value:.15g}"
    if "e" in text and abs(value) < 1e21:
        text = f"{Decimal(text):f}"
    return text


def of_iso(text: str) -> str:
    """A date as XML writes it, as :func:`shown` would: 2026-03-05T00:00:00.000 is 2026-03-05; other text as it is."""
    found = _ISO.fullmatch(text.strip())
    if found is None:
        return text
    day, minutes, seconds = found["day"], found["minutes"], found["seconds"]
    time = minutes if seconds in (None, "00") else f"{minutes}:{seconds}"
    return day if time in (None, "00:00") else f"{day} {time}" if day != "1899-12-31" else str(time)


def _moment(value: float, since_1904: bool) -> datetime | None:
    """The instant of a serial number; None where it is none (Excel's own limit is the year 9999)."""
    if not 0 <= value < 2_958_466:
        return None
    # Excel holds 1900 to be a leap year
    day = (1904, 1, 1) if since_1904 else (1899, 12, 30 if value >= 61 else 31)
    start = datetime(*day)  # noqa: DTZ001 — a sheet's dates have no zone
    return start + timedelta(seconds=round(value * 86_400))


def _date_text(moment: datetime, value: float, code: str) -> str:
    time = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    has_day, has_time = bool(_DAY_OR_YEAR.search(code)), bool(_HOUR_OR_SECOND.search(code))
    if has_time and (value < 1 or not has_day):
        hours = int(value * 24 + 1e-9)
        return f"{hours:02d}:{moment:%M:%S}" if "[h" in code.lower() and hours > 23 else time
    day = f"{moment:%Y-%m-%d}"
    return f"{day} {time}" if has_time and value % 1 else day
