"""When a collection hands over what it has: when that is enough, and when it has held it for a while."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.batch import Batch, Fetch, Outcome, Role
from crawler.batcher import HELD_FOR, MOST_ITEMS, Batcher
from crawler.run import SILENCE_LIMIT, silence_of
from crawler.sites import Pace

SLOWEST = 30.0  # seconds between requests, as a robots.txt may ask


def fetch(number: int) -> Fetch:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Fetch(
        url=f"http://linjiang.example/{number}.html", role=Role.PAGE, outcome=Outcome.OK, at=at, status=200
    )


def moments_of_sending(pause: float, pages: int) -> list[float]:
    """When batches leave, of a site whose pages come one in so many seconds."""
    now, sent = 0.0, list[float]()
    batcher = Batcher(lambda _: sent.append(now), clock=lambda: now)
    for number in range(pages):
        now = number * pause
        batcher.add(fetch=fetch(number))
    return sent


def test_a_slow_site_is_not_taken_for_a_collector_that_is_stuck() -> None:
    """A hundred pages thirty seconds apart said nothing for fifty minutes: the collection was stopped, and all of it lost."""
    sent = moments_of_sending(SLOWEST, 200)
    gaps = [after - before for before, after in zip([0.0, *sent], sent, strict=False)]
    assert max(gaps) <= HELD_FOR + SLOWEST
    assert max(gaps) < SILENCE_LIMIT.total_seconds() / 10


def test_fast_pages_travel_together() -> None:
    assert len(moments_of_sending(0.001, 10 * MOST_ITEMS)) == 10


def test_batches_are_numbered_without_gaps_and_hold_everything_once() -> None:
    sent: list[Batch] = []
    now = 0.0
    batcher = Batcher(sent.append, clock=lambda: now)
    for number in range(57):
        now += 3.0
        batcher.add(fetch=fetch(number))
    batcher.flush(finished=True)
    assert [b.seq for b in sent] == list(range(1, len(sent) + 1))
    assert [f.url for b in sent for f in b.fetches] == [fetch(n).url for n in range(57)]
    assert [b.finished for b in sent].count(True) == 1


def test_a_pace_of_one_request_in_an_hour_is_no_silence() -> None:
    for delay, timeout in ((2.0, 30.0), (120.0, 30.0), (3600.0, 30.0), (0.0, 600.0)):
        assert silence_of(Pace(delay=delay, timeout=timeout)) >= 3 * (delay + timeout) + HELD_FOR
    assert silence_of(Pace(delay=2.0, timeout=30.0)) == SILENCE_LIMIT.total_seconds()
