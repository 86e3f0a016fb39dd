"""The hours in which a site is left in peace: asked by the process that writes, which loads no parser for it."""

from __future__ import annotations

from datetime import datetime, time

from archive.model import SHANGHAI


def in_quiet_hours(hours: str | None, now: datetime) -> bool:
    """Whether ``now`` (aware) lies in hours such as "23:00-06:00", Asia/Shanghai; they may span midnight."""
    if hours is None:
        return False
    start, end = (time.fromisoformat(part.strip().zfill(5)) for part in hours.split("-"))
    clock = now.astimezone(SHANGHAI).time()
    return start <= clock < end if start <= end else clock >= start or clock < end
