"""The state machine of removal, whole and in one place. Pure: no clock, no database.

``present`` → ``unlisted`` (in no catalogue any more, page still there or not to be read) → ``missing`` (404, 410, soft 404,
redirect to the front page) → ``removed`` (confirmed) → ``restored`` is an event that leads back to ``present``.
What was not learned (blocked, failed, skipped) is no signal at all and never gets here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from archive.model import ChangeKind, DocumentStatus

UNANSWERED = "unanswered"  # why of an event: the document's page has been neither seen nor gone for long


class Signal(StrEnum):
    """What one run learned of a document."""

    SEEN = "seen"  # at least one of its addresses answers with the document
    ABSENT = "absent"  # every current address was observed to be gone
    LISTED = "listed"  # a catalogue lists it
    UNLISTED = "unlisted"  # no catalogue that listed it does so any more, after complete full walks


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How often and how long a document must be absent before it is called removed."""

    checks: int = 3
    days: float = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands. ``unlisted``: out of every catalogue, whatever became of the page."""

    status: DocumentStatus = DocumentStatus.PRESENT
    unlisted: bool = False
    absent_checks: int = 0
    first_absent_at: datetime | None = None


GONE = frozenset({DocumentStatus.MISSING, DocumentStatus.REMOVED})


def step(
    standing: Standing, signal: Signal, at: datetime, confirmation: Confirmation
) -> tuple[Standing, ChangeKind | None]:
    """The standing after a signal observed at ``at`` (aware), and the event to tell, if any.

    When confirmation is immediate (one check, no days) only ``removed`` is told, not ``missing`` before it.
    """
    if signal is Signal.ABSENT:
        return _absent(standing, at, confirmation)
    if signal is Signal.SEEN:
        if standing.status not in GONE:
            return replace(standing, absent_checks=0, first_absent_at=None), None
        status = DocumentStatus.UNLISTED if standing.unlisted else DocumentStatus.PRESENT
        return Standing(status, standing.unlisted), ChangeKind.RESTORED
    unlisted = signal is Signal.UNLISTED
    after = replace(standing, unlisted=unlisted)
    if unlisted and standing.status is DocumentStatus.PRESENT:
        return replace(after, status=DocumentStatus.UNLISTED), ChangeKind.UNLISTED
    if not unlisted and standing.status is DocumentStatus.UNLISTED:
        return replace(after, status=DocumentStatus.PRESENT), ChangeKind.RESTORED
    return after, None


def _absent(
    standing: Standing, at: datetime, confirmation: Confirmation
) -> tuple[Standing, ChangeKind | None]:
    first, checks = standing.first_absent_at or at, standing.absent_checks + 1
    if first > at and standing.status is not DocumentStatus.REMOVED:
        first, checks = at, 1  # the clock was ahead, and the days would not be over for as long: counted anew
    after = replace(standing, absent_checks=checks, first_absent_at=first)
    if standing.status is DocumentStatus.REMOVED:
        return after, None
    if checks >= confirmation.checks and at - first >= timedelta(days=confirmation.days):
        return replace(after, status=DocumentStatus.REMOVED), ChangeKind.REMOVED
    if standing.status is DocumentStatus.MISSING:
        return after, None
    return replace(after, status=DocumentStatus.MISSING), ChangeKind.MISSING
