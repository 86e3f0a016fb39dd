"""``schedule`` of a site file → APScheduler triggers, and → crontab lines. Both run at the same instants.

APScheduler numbers weekdays from Monday and joins day of month and weekday with "and"; cron numbers them
from Sunday and joins the two with "or" when both are restricted. The translation is here and nowhere else.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from archive.model import SHANGHAI
from crawler.cron import check_cron
from crawler.sites import Schedule

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MINUTES = {"m": 1, "h": 60, "d": 1440}


def cron_line(schedule: Schedule) -> str:
    """The five fields of crontab(5) for a schedule, in Asia/Shanghai.

    Raises ValueError for an interval that cron cannot express (90m): it must divide an hour or a day.
    """
    if schedule.daily is not None:
        hour, minute = schedule.daily.split(":")
        return f"{int(minute)} {int(hour)} * * *"
    if schedule.cron is not None:
        return " ".join(schedule.cron.split())
    match = re.fullmatch(r"(\d+)([mhd])", schedule.every or "")
    assert match is not None  # crawler.sites has checked it
    minutes = int(match[1]) * _MINUTES[match[2]]
    if minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    if minutes % 60 == 0 and 1440 % minutes == 0:
        hours = minutes // 60
        return f"0 */{hours} * * *" if 1 < hours < 24 else "0 * * * *" if hours == 1 else "0 0 * * *"
    raise ValueError(
        f"every: {schedule.every}: cron cannot run at this interval; use one that divides an hour or a day, or `cron:`"
    )


def trigger(schedule: Schedule) -> BaseTrigger:
    """The trigger that fires at exactly the instants at which cron would run :func:`cron_line` in Asia/Shanghai."""
    line = cron_line(schedule)
    minutes, hours, days, months, weekdays = check_cron(line)
    fields = line.split()
    common = {
        "minute": _joined(minutes),
        "hour": _joined(hours),
        "month": _joined(months),
        "timezone": SHANGHAI,
    }
    by_day = CronTrigger(day=_joined(days), **common)
    by_weekday = CronTrigger(day_of_week=",".join(_DAYS[d] for d in sorted(weekdays)), **common)
    if fields[4].startswith("*"):
        return by_day
    if fields[2].startswith("*"):
        return by_weekday
    return OrTrigger([by_day, by_weekday])


def _joined(values: frozenset[int]) -> str:
    return ",".join(str(value) for value in sorted(values))


def next_time(schedule: Schedule, after: datetime) -> datetime | None:
    """The first instant after ``after`` (aware) at which a schedule is due, in UTC."""
    found = cast(
        "datetime | None", trigger(schedule).get_next_fire_time(None, after + timedelta(microseconds=1))
    )
    return found.astimezone(UTC) if found is not None else None


def previous_time(schedule: Schedule, now: datetime) -> datetime | None:
    """The latest instant at or before ``now`` at which a schedule was due, looking back 32 days; in UTC."""
    fire = trigger(schedule)
    for days in (1, 8, 32):
        found: datetime | None = None
        following = fire.get_next_fire_time(None, now - timedelta(days=days))
        while following is not None and following <= now:
            found = following
            following = fire.get_next_fire_time(following, following + timedelta(seconds=1))
        if found is not None:
            return found.astimezone(UTC)
    return None


def crontab_line(schedule: Schedule, command: list[str], log: Path) -> str:
    """A whole crontab line. ``%`` means a line end to cron and is escaped."""
    words = " ".join(shlex.quote(word) for word in command)
    return f"{cron_line(schedule)} {words} >> {shlex.quote(str(log))} 2>&1".replace("%", "\\%")
