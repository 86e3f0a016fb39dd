"""A machine's clock that was set back: what was observed since then bears earlier times than what was observed before."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.times import is_ahead, parse

_UNITS = (("day", 1440), ("hour", 60), ("minute", 1))  # in minutes


def went_back(db: sqlite3.Connection, site: str, run: int, began: datetime) -> str | None:
    """By how much the clock went back between a run of a site, begun at ``began``, and the one before it; None where it did not."""
    last = db.execute(
        "SELECT id, max(started_at, coalesce(ended_at, '')) AS at FROM runs WHERE site = ? AND id < ? ORDER BY id DESC LIMIT 1",
        [site, run],
    ).fetchone()
    if last is None or not is_ahead(parse(last["at"]), began):
        return None
    minutes = round((parse(last["at"]) - began).total_seconds() / 60)
    unit, size = next(unit for unit in _UNITS if minutes >= unit[1])
    count = round(minutes / size)
    return f"the clock went back by {count} {unit}{'s' if count > 1 else ''} since run {last['id']}"
