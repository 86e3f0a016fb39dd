"""A machine whose clock was ahead, or behind, for one collection: nothing stays silent, and nothing is told too soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.batch import Known, KnownCatalogue, Outcome
from archive.model import Disclosure
from archive.waits.expectations import SitePolicy
from crawler.plan import Plan, wants_full_walk
from tests.archive.harness import Office, notice, site_of, url

NOW = datetime(2031, 3, 1, 2, tzinfo=UTC)
DAY, AHEAD, BEHIND = timedelta(days=1), timedelta(days=365), -timedelta(days=9000)
RULE = SitePolicy(confirm_checks=3, confirm_days=2)


@pytest.mark.parametrize(
    ("walked", "due"),
    [(-7.0, True), (-6.9, False), (0.001, False), (1.0, True), (365.0, True)],
)  # fmt: skip
def test_a_list_is_walked_to_its_end_though_it_was_next_year(walked: float, due: bool) -> None:
    at = NOW + timedelta(days=walked)
    catalogue = KnownCatalogue(key="zw", first_walk_ended=True, last_full_walk_at=at, last_full_walk_rows=40)
    assert wants_full_walk(catalogue, NOW, asked=False) is due


def known(n: int, days: float) -> Known:
    at = NOW + timedelta(days=days)
    return Known(
        document=n, url=url(n), current=True, status="present", row_hash=None, etag=f'"{n}"', last_modified=None,
        validators_honest=True, last_confirmed_at=at, last_unconditional_at=at, extractor_revision="r", context=None,
    )  # fmt: skip


def test_what_was_confirmed_next_year_is_asked_for_first_and_without_conditions() -> None:
    there = (known(1, -3), known(2, -1), known(3, 365))
    plan = Plan(there, NOW)
    assert [address for address, _, _ in plan.documents()] == [url(3), url(1), url(2)]
    assert [bool(plan.conditional_headers(one, None, "r")) for one in there] == [True, True, False]
    there = (known(1, -3), known(2, -0.4), known(3, 365))
    taken_up = Plan(there, NOW, resumes_from=NOW - timedelta(days=0.45))
    assert [address for address, _, _ in taken_up.documents()] == [url(3), url(1)]


def test_a_collection_that_died_yesterday_is_not_taken_up() -> None:
    there = (known(1, -3), known(2, -1), known(3, -0.6), known(4, -0.3))
    plan = Plan(there, NOW, resumes_from=NOW - timedelta(days=2))
    assert [address for address, _, _ in plan.documents()] == [url(1), url(2), url(3)]


def test_what_was_asked_next_year_is_not_of_todays_budget(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.now = NOW + AHEAD - DAY
    office.collect(site_of(3))
    office.now = NOW - DAY
    office.collect(site_of(2))
    with office.recorder() as recorder:
        midnight = NOW.replace(hour=0)
        assert recorder.asked_on(midnight, "linjiang") == 2
        assert recorder.asked_on(midnight - timedelta(days=1), "linjiang") == 0


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        (AHEAD, 0),  # the first time that its page was gone
        (AHEAD, 1),
        (BEHIND, 0),
        (-timedelta(days=3), 0),
    ],
)
def test_days_until_a_removal_are_those_of_a_right_clock(tmp_path: Path, wrong: timedelta, at: int) -> None:
    """Gone since the first hour: it is removed after three checks and two days, not next year, nor within hours."""
    office = Office(tmp_path, RULE)
    office.now = NOW - DAY  # collecting moves it on by one
    office.collect(site_of(8))
    gone = {**site_of(8), url(3): Outcome.GONE}
    for hour in range(0, 12 * 7, 12):
        office.now = NOW + timedelta(hours=1 + hour) + (wrong if hour == 12 * at else timedelta()) - DAY
        office.collect(gone)
        if "removed" in [kind for kind, _ in office.feed()]:
            break
    assert 48 <= hour <= 72
    assert [kind for kind, _ in office.feed()] == ["missing", "removed"]


COPY = url(1).replace("/gongwen/", "/copy/")
EMPTIED = {**site_of(12), url(1): notice(1, index_number=None)}
MOVED = {u: page for u, page in {**site_of(12), COPY: notice(1)}.items() if u != url(1)}
PARTLY = {**site_of(12), url(3): Outcome.GONE, url(5): Outcome.BLOCKED}
LOWER = {**site_of(12), url(1): notice(1, "罚款3万元。")}


@pytest.mark.parametrize(
    ("ahead", "then", "told"),
    [
        ((EMPTIED,), EMPTIED, ["edited"]),
        ((MOVED,), MOVED, ["added"]),
        ((LOWER, site_of(12)), site_of(12), ["edited", "edited"]),
        ((PARTLY,), PARTLY, ["missing"]),
    ],
    ids=["emptied", "old address", "settling", "partial run"],
)
def test_what_waits_since_next_year_is_told_this_year(
    tmp_path: Path,
    ahead: tuple[dict[str, Disclosure | Outcome], ...],
    then: dict[str, Disclosure | Outcome],
    told: list[str],
) -> None:
    office = Office(tmp_path, RULE)
    office.now = NOW - DAY
    office.collect(site_of(12))
    office.now += AHEAD
    listed = [*site_of(12), COPY] if COPY in then else list(site_of(12))
    for pages in ahead:
        office.collect(pages, listed=listed)
    assert len(office.feed()) == len(told) - 1  # the last of it waits
    office.now -= AHEAD
    for _ in range(2):
        office.collect(then, listed=listed)
    assert [kind for kind, _ in office.feed()] == told


def test_a_text_that_was_edited_next_year_flaps_for_three_days_and_no_longer(tmp_path: Path) -> None:
    office = Office(tmp_path, RULE)
    office.now = NOW - DAY
    office.collect(site_of(12))
    office.now += AHEAD
    office.collect(LOWER)
    office.now -= AHEAD
    for pages in (*[site_of(12)] * 5, *[LOWER] * 5, site_of(12)):
        office.collect(pages)
    assert [kind for kind, _ in office.feed()] == ["edited"] * 4  # each at once


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(minutes=-4), None),
        (timedelta(minutes=6), "the clock went back by 6 minutes since run 1"),
        (timedelta(hours=26), "the clock went back by 1 day since run 1"),
        (timedelta(days=2), "the clock went back by 2 days since run 1"),
    ],
)
def test_a_clock_that_was_set_back_is_said_once_and_breaks_nothing(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]], back: timedelta, said: str | None
) -> None:
    """Readers were told "present at 2026-12-03, absent at 2026-12-01", and nobody what had happened."""
    run = command("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"))
    office = Office(tmp_path / "data", SitePolicy())
    now = datetime.now(UTC)
    for later in (timedelta(), -back):
        office.now = now + later - DAY
        found = office.collect(site_of(2))
    assert (found.outcome, list(found.reasons)) == ("complete", [said] if said else [])
    status, out, _ = run("status")
    assert (status, "the clock went back" in out, said is None or said in out) == (0, bool(said), True)
    assert json.loads(run("status", "--json")[1])["sites"][0]["clock"] == said
    assert (said or "linjiang") in run("runs", "list")[1]
    office.now = now - back - DAY + timedelta(hours=1)
    assert list(office.collect(site_of(2)).reasons) == []
    assert "the clock went back" not in run("status")[1]
