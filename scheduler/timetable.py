"""``schedule`` of a site file → APScheduler triggers, and → crontab lines. Both run at the same instants.

APScheduler numbers weekdays from Monday and joins day of month and weekday with "and"; cron numbers them
from Sunday and joins the two with "or" when both are restricted. The translation is here and nowhere else.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from archive.model import SHANGHAI
from crawler.cron import check_cron, every_as_cron, joins_by_and
from crawler.sites import Schedule, Site

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
WAIT = 720  # minutes that a collection waits for another; settings.yml stops a site's after 12 hours
_LONGEST_COMMAND = 990  # characters; Vixie's cron takes no line whose command has 1,000 (MAX_COMMAND)


def cron_line(schedule: Schedule) -> str:
    """The five fields of crontab(5) for a schedule, in Asia/Shanghai."""
    if schedule.daily is not None:
        hour, minute = schedule.daily.split(":")
        return f"{int(minute)} {int(hour)} * * *"
    if schedule.cron is not None:
        return " ".join(schedule.cron.split())
    return every_as_cron(schedule.every or "")


def trigger(schedule: Schedule) -> BaseTrigger:
    """The trigger that fires at exactly the instants at which cron would run :func:`cron_line` in Asia/Shanghai."""
    line = cron_line(schedule)
    minutes, hours, days, months, weekdays = check_cron(line)
    common = {
        "minute": _joined(minutes),
        "hour": _joined(hours),
        "month": _joined(months),
        "timezone": SHANGHAI,
    }
    by_day = {"day": _joined(days)}
    by_weekday = {"day_of_week": ",".join(_DAYS[d] for d in sorted(weekdays))}
    if joins_by_and(line):
        return CronTrigger(**by_day, **by_weekday, **common)
    return OrTrigger([CronTrigger(**by_day, **common), CronTrigger(**by_weekday, **common)])


def _joined(values: frozenset[int]) -> str:
    return ",".join(str(value) for value in sorted(values))


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


def crontab_lines(sites: Sequence[Site], program: Sequence[str], log: Path) -> list[str]:
    """Lines that collect these sites, one that sends the alerts, and one that says each morning what a person is needed for.

    Sites of one timetable share a line, so that they are collected side by side. Only one collection can write at a time:
    each waits for another's end. A line that did not end well prints a sentence, which cron mails.
    """
    by_time: dict[str, list[str]] = {}
    for site in sites:
        by_time.setdefault(cron_line(site.schedule), []).append(site.site)
    collect, logged = _words([*program, "collect", "--wait", str(WAIT)]), f">> {_words([str(log)])} 2>&1"
    told = _words(["echo", f"gongkai: not all was collected; see {log} and `gongkai status`"])
    room = _LONGEST_COMMAND - len(f"{collect}  {logged} || {told}")
    lines = [
        f"{when} {collect} {' '.join(some)} {logged} || {told}"
        for when, keys in by_time.items()
        for some in _portions(keys, room)
    ]
    status, kept = _words([*program, "status"]), _words([str(log.with_name("status.txt"))])
    return [
        *lines,
        f"*/5 * * * * {_words([*program, 'alerts', 'send'])} {logged}",
        f"0 9 * * * {status} > {kept} 2>&1 || cat {kept}",
    ]


def _portions(keys: Sequence[str], room: int) -> Iterator[list[str]]:
    """Keys in portions of so many characters, of one key at least."""
    some: list[str] = []
    for key in keys:
        if some and sum(map(len, some)) + len(some) + len(key) > room:
            yield some
            some = []
        some.append(key)
    yield some


def _words(words: Sequence[str]) -> str:
    """A shell's words in a crontab, where ``%`` means a line end and is escaped."""
    return " ".join(shlex.quote(word) for word in words).replace("%", "\\%")
