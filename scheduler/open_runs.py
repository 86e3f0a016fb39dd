"""Whether a run that has no outcome yet goes on, or died with its process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.store import Paths, lock_holder
from archive.times import parse

RUNNING, INTERRUPTED = "running", "interrupted"


def state_of(paths: Paths, started_at: str) -> str:
    """``running`` or ``interrupted``, for a run without an outcome that began at ``started_at``.

    The writer's lock is held as long as a collection goes on, and its file is written when it is taken: what began
    before is not the holder's.
    """
    if lock_holder(paths) is None:
        return INTERRUPTED
    try:
        taken = datetime.fromtimestamp(paths.lock("writer").stat().st_mtime, UTC)
    except FileNotFoundError:
        return INTERRUPTED
    a_second = timedelta(seconds=1)  # instants in the archive are cut to it
    return RUNNING if parse(started_at) >= taken - a_second else INTERRUPTED
