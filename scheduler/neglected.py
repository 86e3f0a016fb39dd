"""Sites that a person should look at: not collected though they were due, or not completely for days."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from archive.model import SHANGHAI
from archive.times import STEP, iso, parse

if TYPE_CHECKING:
    from crawler.sites import Site

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_GRACE = timedelta(days=1)  # a collection may wait twelve hours for another's end, and take as long itself


def overdue(sites: Sequence[Site], last_runs: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """Site → when it was due a day ago or earlier, for enabled ones that were collected before, and not since.

    ``last_runs``: see :func:`last_begun`. Nothing collects them any more: cron, or ``gongkai schedule``, has stopped.
    """
    from scheduler.timetable import previous_time  # noqa: PLC0415 — APScheduler takes a while

    slots = {site.site: previous_time(site.schedule, now - _GRACE) for site in sites if site.enabled}
    return {
        key: slot
        for key, slot in slots.items()
        if slot is not None and key in last_runs and last_runs[key] < slot
    }


def last_begun(archive: sqlite3.Connection, now: datetime) -> dict[str, datetime]:
    """When each site's last collection began; long ago where all lie ahead. When those did, as the clock stood wrong, nobody knows."""
    rows = archive.execute(
        "SELECT site, max(CASE WHEN started_at <= ? THEN started_at END) FROM runs GROUP BY site",
        [iso(now + STEP)],
    )
    return {row[0]: parse(row[1]) if row[1] else _LONG_AGO for row in rows}


def known_broken(sites: Sequence[Site], now: datetime) -> dict[str, date]:
    """Site → the last day on which it is known to be broken, by its ``broken_until``; a day in Shanghai."""
    today = now.astimezone(SHANGHAI).date()
    return {
        site.site: site.broken_until
        for site in sites
        if site.broken_until is not None and site.broken_until >= today
    }


@dataclass(frozen=True, slots=True)
class Failing:
    """A site whose last collection was not complete. ``complete_at``: when one last was; None for never yet."""

    site: str
    run: int
    outcome: str
    why: str  # the first reason
    complete_at: datetime | None


def failing(archive: sqlite3.Connection) -> Iterator[Failing]:
    """Those sites, by key."""
    for row in archive.execute(_FAILING):
        complete = row["last_complete_at"]
        why = next(iter(json.loads(row["reasons"] or "[]")), "")
        yield Failing(row["site"], row["id"], row["outcome"], why, parse(complete) if complete else None)


_FAILING = """
    SELECT r.site, r.id, r.outcome, r.reasons, s.last_complete_at FROM runs r JOIN sites s ON s.key = r.site
    WHERE r.id = (SELECT max(id) FROM runs WHERE site = s.key AND outcome IS NOT NULL)
    AND r.outcome NOT IN ('complete', 'skipped') ORDER BY r.site
"""
