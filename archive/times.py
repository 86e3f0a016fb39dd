"""Instants as the archive stores them: UTC, whole seconds, ``YYYY-MM-DDTHH:MM:SSZ``.

Text of this one shape sorts in time order, which the queries over ``last_at`` and ``feed_seq`` rely on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from archive.model import SHANGHAI

STEP = timedelta(minutes=5)  # a clock is put right by as much every day


@lru_cache(maxsize=1024)  # the rows of one page have the same instant
def iso(instant: datetime) -> str:
    """The stored form of an aware instant; microseconds are dropped.

    Raises ValueError for a naive one: its time zone would be a guess.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; give an aware datetime (UTC or Asia/Shanghai)")
    return f"{instant.astimezone(UTC).isoformat()[:19]}Z"


def parse(text: str) -> datetime:
    """An aware UTC datetime from the stored form (any ISO 8601 instant with an offset is accepted).

    Raises ValueError when the text is no instant or names no offset.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone; write it as 2024-01-31T08:00:00Z or with an offset")
    return instant.astimezone(UTC)


def is_ahead(then: datetime, now: datetime) -> bool:
    """Whether a stored instant lies ahead of the clock, which stood wrong then, or does now (both aware)."""
    return then - now > STEP


def lately(then: datetime, now: datetime, span: timedelta) -> bool:
    """Whether an instant is not as long ago as ``span``. What lies ahead is not: for a year nothing would be due again."""
    return not is_ahead(then, now) and now - then < span


def waited(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether something has waited for ``span``. What would wait for more than twice that has, too: the clock was ahead when it began."""
    return not -span < now - since < span


def not_waited(now: datetime, span: timedelta) -> tuple[str, str]:
    """Between which instants, as stored, lies what has not :func:`waited` for ``span``; both have."""
    return iso(now - span), iso(now + span)


def shanghai_date(instant: datetime) -> date:
    """The calendar date in Asia/Shanghai at that instant: the calendar of every document's dates."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; give an aware datetime (UTC or Asia/Shanghai)")
    return instant.astimezone(SHANGHAI).date()
