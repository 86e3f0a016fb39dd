"""The timetable: APScheduler fires exactly when cron would."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from archive.model import SHANGHAI
from crawler.sites import Catalogue, Schedule, Site
from scheduler.daemon import missed_sites
from scheduler.timetable import cron_line, crontab_lines, previous_time, trigger

YEAR = datetime(2026, 1, 1, tzinfo=SHANGHAI)
NAMES = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "jan": 1, "dec": 12}


def cron_matches(line: str, moment: datetime) -> bool:
    """crontab(5), written independently: day of month and weekday are joined by "or" when both are restricted."""

    def matches(field: str, value: int, low: int, high: int) -> bool:
        for part in field.lower().split(","):
            span, _, step = part.partition("/")
            first, dash, last = span.partition("-")
            start = low if span == "*" else NAMES.get(first) if first in NAMES else int(first)
            end = (
                high
                if span == "*" or (step and not dash)
                else (NAMES.get(last) if last in NAMES else int(last))
                if dash
                else start
            )
            if start <= value <= end and (value - start) % int(step or 1) == 0:
                return True
        return False

    minute, hour, day, month, weekday = line.split()
    number = moment.isoweekday() % 7
    on_weekday = matches(weekday, number, 0, 7) or (number == 0 and matches(weekday, 7, 0, 7))
    on_day = matches(day, moment.day, 1, 31)
    days = on_day and on_weekday if day.startswith("*") or weekday.startswith("*") else on_day or on_weekday
    return (
        matches(minute, moment.minute, 0, 59)
        and matches(hour, moment.hour, 0, 23)
        and matches(month, moment.month, 1, 12)
        and days
    )


@pytest.mark.parametrize(
    "schedule",
    [
        {"daily": "07:30"}, {"cron": "0 9 * * 1"}, {"cron": "0 9 * * 7"}, {"cron": "0 9 * * 0"}, {"cron": "30 6 * * mon-fri"},
        {"cron": "0 8 13 * 5"}, {"cron": "15 */6 1-7 jan,dec *"}, {"every": "6h"}, {"every": "1d"}, {"cron": "5 4 31 * *"},
        {"cron": "0 22 * * 5-7"}, {"cron": "0 9 * * */2"}, {"cron": "0 9 */2 * 1-5"}, {"every": "15m"},
    ],
)  # fmt: skip
def test_a_year_of_slots_is_that_of_cron(schedule: dict[str, str]) -> None:
    plan = Schedule(**schedule)
    line, fire = cron_line(plan), trigger(plan)
    minute, hour, days = line.split(maxsplit=2)
    times = [timedelta(minutes=5 * n) for n in range(24 * 60 // 5)]
    at = [time for time in times if cron_matches(f"{minute} {hour} * * *", YEAR + time)]
    on = [day for n in range(365) if cron_matches(f"* * {days}", day := YEAR + timedelta(days=n))]
    expected = [day + time for day in on for time in at]
    fired, now = [], YEAR
    while (following := fire.get_next_fire_time(None, now)) is not None and following < YEAR + timedelta(
        days=365
    ):
        fired.append(following)
        now = following + timedelta(seconds=1)
    assert fired == expected
    assert fired


def test_the_latest_time_at_which_a_site_was_due() -> None:
    daily = Schedule(daily="07:30")
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
    assert previous_time(daily, now) == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_slot_missed_while_nothing_ran_is_made_up_for() -> None:
    class One:
        site, schedule = "linjiang", Schedule(daily="07:30")

    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert missed_sites([One()], {"linjiang": now - timedelta(days=2)}, now)  # type: ignore[list-item]
    assert not missed_sites([One()], {"linjiang": now - timedelta(minutes=5)}, now)  # type: ignore[list-item]
    assert not missed_sites([One()], {}, now)  # type: ignore[list-item]


def _sites(*schedules: Schedule) -> list[Site]:
    return [
        Site(
            site=f"site-{n}", name="临江市人民政府", url="http://linjiang.example/", platform="static_list", schedule=plan,
            catalogues=(Catalogue(key="zw", url="http://linjiang.example/zw/"),),
        )
        for n, plan in enumerate(schedules)
    ]  # fmt: skip


def test_sites_of_one_time_share_a_line_for_only_one_can_write() -> None:
    early, late = Schedule(daily="07:30"), Schedule(daily="08:00")
    lines = crontab_lines(_sites(early, late, early), ["/opt/gongkai"], Path("/srv/cron.log"))
    assert [line.split(" >> ")[0] for line in lines] == [
        "30 7 * * * /opt/gongkai collect --wait 720 site-0 site-2",
        "0 8 * * * /opt/gongkai collect --wait 720 site-1",
        "*/5 * * * * /opt/gongkai alerts send",
        "0 9 * * * /opt/gongkai status > /srv/status.txt 2>&1 || cat /srv/status.txt",
    ]
    assert all("|| echo 'gongkai: not all was collected" in line for line in lines[:2])


def test_a_command_is_no_longer_than_cron_takes() -> None:
    lines = crontab_lines(_sites(*[Schedule(daily="07:30")] * 300), ["/opt/gongkai"], Path("/srv/cron.log"))
    assert max(len(line.split(maxsplit=5)[5]) for line in lines) < 999
    named = [word for line in lines for word in line.split(" >> ")[0].split() if word.startswith("site-")]
    assert named == [f"site-{n}" for n in range(300)]


def test_spaces_are_quoted_and_percent_signs_escaped() -> None:
    lines = crontab_lines(
        _sites(Schedule(daily="07:30")), ["gongkai", "--data", "/srv/1 00%"], Path("/srv/1 00%/log")
    )
    for line in lines:
        assert "--data '/srv/1 00\\%' " in line
        assert re.search(r">>? '/srv/1 00\\%/(log|status.txt)' 2>&1", line)


@pytest.mark.parametrize("wrong", [{}, {"daily": "25:00"}, {"cron": "0 9 * *"}, {"cron": "61 * * * *"}, {"cron": "0 9 * * 5-1"},
                                   {"every": "90x"}, {"daily": "07:30", "every": "6h"}, {"cron": "*/0 * * * *"}, {"every": "90m"},
                                   {"every": "2d"}, {"cron": "0 0 31 2 *"}, {"cron": "0 0 30,31 feb *"}])  # fmt: skip
def test_wrong_schedules_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Schedule(**wrong)


def test_an_interval_that_cron_cannot_express_is_said() -> None:
    with pytest.raises(ValidationError, match="must divide an hour or a day"):
        Schedule(every="2d")


def test_a_leap_day_and_a_weekday_come() -> None:
    for line in ("0 0 29 2 *", "0 0 31 2 1"):
        assert trigger(Schedule(cron=line)).get_next_fire_time(None, YEAR) is not None
