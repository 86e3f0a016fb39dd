"""The state machine of removal, as a table: every standing, every signal, what becomes of it, what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import ChangeKind, DocumentStatus
from archive.presence import Confirmation, Signal, Standing, step

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
DAY1, DAY3 = DAY0 + timedelta(days=1), DAY0 + timedelta(days=3)
PRESENT, UNLISTED = Standing(), Standing(DocumentStatus.UNLISTED, unlisted=True)
MISSING = Standing(DocumentStatus.MISSING, absent_checks=1, first_absent_at=DAY0)
MISSING_TWICE = Standing(DocumentStatus.MISSING, absent_checks=2, first_absent_at=DAY0)
MISSING_UNLISTED = Standing(DocumentStatus.MISSING, unlisted=True, absent_checks=2, first_absent_at=DAY0)
REMOVED = Standing(DocumentStatus.REMOVED, absent_checks=3, first_absent_at=DAY0)

P, U, M, R = (DocumentStatus.PRESENT, DocumentStatus.UNLISTED, DocumentStatus.MISSING, DocumentStatus.REMOVED)
TABLE = [
    # standing, signal, at, status after, out of the catalogues after, event
    (PRESENT, Signal.SEEN, DAY0, P, False, None),
    (PRESENT, Signal.LISTED, DAY0, P, False, None),
    (PRESENT, Signal.UNLISTED, DAY0, U, True, ChangeKind.UNLISTED),
    (PRESENT, Signal.ABSENT, DAY0, M, False, ChangeKind.MISSING),
    (UNLISTED, Signal.SEEN, DAY0, U, True, None),
    (UNLISTED, Signal.LISTED, DAY0, P, False, ChangeKind.RESTORED),
    (UNLISTED, Signal.UNLISTED, DAY0, U, True, None),
    (UNLISTED, Signal.ABSENT, DAY0, M, True, ChangeKind.MISSING),
    (MISSING, Signal.SEEN, DAY1, P, False, ChangeKind.RESTORED),
    (MISSING, Signal.LISTED, DAY1, M, False, None),  # the list says so; the page is gone
    (MISSING, Signal.UNLISTED, DAY1, M, True, None),
    (MISSING, Signal.ABSENT, DAY3, M, False, None),  # two checks are too few, whatever the days
    (MISSING_TWICE, Signal.ABSENT, DAY1, M, False, None),  # three checks, but within a day
    (MISSING_TWICE, Signal.ABSENT, DAY3, R, False, ChangeKind.REMOVED),
    (MISSING_UNLISTED, Signal.ABSENT, DAY3, R, True, ChangeKind.REMOVED),
    (MISSING_UNLISTED, Signal.SEEN, DAY3, U, True, ChangeKind.RESTORED),  # back, but in no catalogue
    (MISSING_UNLISTED, Signal.LISTED, DAY3, M, False, None),
    (REMOVED, Signal.SEEN, DAY3, P, False, ChangeKind.RESTORED),
    (REMOVED, Signal.LISTED, DAY3, R, False, None),
    (REMOVED, Signal.UNLISTED, DAY3, R, True, None),
    (REMOVED, Signal.ABSENT, DAY3, R, False, None),
]


@pytest.mark.parametrize(("before", "signal", "at", "status", "unlisted", "event"), TABLE)
def test_every_transition(
    before: Standing,
    signal: Signal,
    at: datetime,
    status: DocumentStatus,
    unlisted: bool,
    event: ChangeKind | None,
) -> None:
    after, told = step(before, signal, at, Confirmation(checks=3, days=2))
    assert (after.status, after.unlisted, told) == (status, unlisted, event)


def test_the_table_is_whole() -> None:
    covered = {(before.status, signal) for before, signal, *_ in TABLE}
    assert covered == {(status, signal) for status in DocumentStatus for signal in Signal}


def test_immediate_confirmation_tells_removed_only() -> None:
    after, told = step(PRESENT, Signal.ABSENT, DAY0, Confirmation(checks=1, days=0))
    assert (after.status, told) == (R, ChangeKind.REMOVED)


@given(st.lists(st.tuples(st.sampled_from(list(Signal)), st.integers(0, 48)), max_size=40))
def test_whatever_comes_a_removal_was_confirmed(signals: list[tuple[Signal, int]]) -> None:
    rule, now, standing = Confirmation(checks=3, days=2), DAY0, Standing()
    absences: list[datetime] = []
    for signal, hours in signals:
        now += timedelta(hours=hours)
        if signal is Signal.SEEN:
            absences = []
        if signal is Signal.ABSENT:
            absences.append(now)
        standing, told = step(standing, signal, now, rule)
        if told is ChangeKind.REMOVED:
            assert len(absences) >= 3
            assert absences[-1] - absences[0] >= timedelta(days=2)
        if told is ChangeKind.RESTORED:
            assert standing.status in (P, U)
