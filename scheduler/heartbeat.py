"""The sign of life that ``gongkai schedule`` gives while it runs: a file of the data directory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.times import is_ahead

_NAME = "heartbeat"
EVERY = timedelta(seconds=30)
SILENT = timedelta(minutes=10)


def file_of(data: Path) -> Path:
    """Where it lies; there is none where no scheduler ever ran."""
    return data / _NAME


def beat(data: Path, now: datetime) -> None:
    """Give one."""
    data.mkdir(parents=True, exist_ok=True)
    file_of(data).write_text(f"{now:%Y-%m-%dT%H:%M:%SZ}\n")


def silence(data: Path, now: datetime) -> str | None:
    """That the scheduler gives none any more, in words; None where it does, or none ever ran here."""
    file = file_of(data)
    if not file.exists():
        return None
    last = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if is_ahead(last, now):
        return f"the scheduler gave its last sign of life at {last:%Y-%m-%d %H:%M} UTC, which is ahead of the clock"
    if now - last <= SILENT:
        return None
    return f"the scheduler gave its last sign of life {(now - last).total_seconds() / 60:.0f} minutes ago"
