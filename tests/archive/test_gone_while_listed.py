"""Pages that are gone while their lists have them: an outage, however long, is told to nobody; what is truly gone is told once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.model import Disclosure
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

Pages = dict[str, Disclosure | Outcome]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy())


def kinds(office: Office) -> Counter[str]:
    return Counter(kind for kind, _ in office.feed())


def without(pages: Pages, gone: Iterable[int]) -> Pages:
    return {**pages, **{url(n): Outcome.GONE for n in gone}}


def decide(office: Office, *, accept: bool = True) -> int:
    """A person's word on the one run that waits for it; the number of events."""
    with closing(sqlite3.connect(office.paths.archive, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        ((run,),) = db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL").fetchall()
        return (feed.accept_run if accept else feed.drop_run)(db, run, at=office.now)


Gone = Callable[[int], Iterable[int]]  # by day, from 0
OUTAGES: dict[str, tuple[int, Gone]] = {
    "all": (20, lambda day: range(20)),
    "8 of 20": (20, lambda day: range(8)),
    "other ones each day": (20, lambda day: ((day * 7 + n) % 20 for n in range(8))),
    "more each day": (40, lambda day: range(min(40, 9 + 4 * day))),
    "off and on": (20, lambda day: range(20) if day % 5 else ()),
    "a site of two": (2, lambda day: range(2)),
}


@pytest.mark.parametrize(("name", "checks"), [("8 of 20", 1), *((name, 3) for name in OUTAGES)])
def test_an_outage_that_outlasts_the_confirmation_is_told_to_nobody(
    name: str, checks: int, tmp_path: Path
) -> None:
    size, gone = OUTAGES[name]
    office = Office(tmp_path, SitePolicy(confirm_checks=checks, confirm_days=checks - 1))
    pages: Pages = dict(site_of(size))
    office.collect(pages)
    for day in range(14):
        today = set(gone(day))
        report = office.collect(without(pages, today), listed=list(pages), full=not day % 2)
        assert report.outcome == ("held" if today else "complete")
        assert kinds(office) == Counter()
    assert office.collect(pages).outcome == "complete"
    assert office.collect(pages).reasons == ()
    assert kinds(office) == Counter()


@pytest.mark.parametrize("before", ["complete=False", "die=True"])
def test_what_waited_before_an_outage_is_not_told_by_the_days_that_pass(before: str, office: Office) -> None:
    """A day that was seen in part only, or whose collector died, and then the outage: a week is no proof."""
    pages: Pages = dict(site_of(20))
    office.collect(pages)
    name, _, value = before.partition("=")
    office.collect(without(pages, range(4)), listed=list(pages), **{name: value == "True"})
    for _ in range(14):
        office.collect(without(pages, range(20)), listed=list(pages))
    office.collect(pages)
    assert kinds(office) == Counter()


def test_a_collection_that_takes_up_one_that_died_in_an_outage_counts_what_that_one_saw(
    office: Office,
) -> None:
    pages: Pages = dict(site_of(40))
    office.collect(pages)
    first = {url(n): Outcome.GONE for n in range(20)}
    for _ in range(5):
        with office.recorder() as recorder:
            run = recorder.begin(office.site, [("gongwen", "政府文件", "")], collection="c", full=False)
            for batch in office.batches(first, listed=list(pages))[:2]:
                recorder.record(run, batch)
        rest = {u: p for u, p in pages.items() if u not in first}
        assert office.collect(rest, listed=list(pages)).outcome == "held"
    office.collect(pages)
    assert kinds(office) == Counter()


def test_a_large_site_of_which_little_is_asked_each_day(office: Office) -> None:
    """What is gone is more than a fifth of what answered, and less of what is kept."""
    pages: Pages = dict(site_of(200))
    office.collect(pages)
    for day in range(12):
        today = range(day % 4 * 20, day % 4 * 20 + 20)
        asked = {url(n): Outcome.GONE if n % 2 else notice(n) for n in today}
        assert office.collect(asked, listed=list(pages), full=False).outcome == "held"
    office.collect(pages)
    assert kinds(office) == Counter()


@pytest.mark.parametrize("rows", ["stay", "go"])
def test_a_good_run_settles_those_alone_that_it_asked_for(rows: str, office: Office) -> None:
    """Of a large site a day asks for a part: that its pages are there says nothing of those that were gone yesterday."""
    pages: Pages = dict(site_of(200))
    office.collect(pages)
    gone = {url(n): Outcome.GONE for n in range(50)}
    listed = [u for u in pages if rows == "stay" or u not in gone]
    assert office.collect(dict(gone), listed=listed).outcome == "held"
    others = {url(n): notice(n) for n in range(50, 100)}
    for _ in range(8):
        report = office.collect(dict(others), listed=listed)
        assert report.outcome == "complete"
        assert any("waits for your word" in reason for reason in report.reasons)
        assert kinds(office) == Counter()
    back = {url(n): notice(n) for n in range(48)}
    office.collect({**others, **back, url(48): Outcome.GONE}, listed=list(pages))
    assert office.feed() == [("missing", notice(48).title)]
    report = office.collect(without(pages, [48, 49]), listed=list(pages))
    assert (report.outcome, report.reasons) == ("complete", ())
    assert kinds(office)["missing"] == 2


@pytest.mark.parametrize("accepted", range(1, 7))
def test_an_office_that_deleted_half_and_left_the_rows(accepted: int, office: Office) -> None:
    """It is said on each day, and told when a person says that it is true: once, and then all is quiet."""
    pages: Pages = dict(site_of(60))
    office.collect(pages)
    left = without(pages, range(30))
    for day in range(1, accepted + 1):
        report = office.collect(left, listed=list(pages))
        assert report.outcome == "held"
        assert any(f"runs accept {report.run}" in reason for reason in report.reasons)
        assert day < 2 or any("their lists have them" in reason for reason in report.reasons)
        assert kinds(office) == Counter()
    decide(office)
    after = office.collect(left, listed=list(pages))
    if accepted != 2:  # on the day after the second they are removed, which is many at once
        assert (after.outcome, after.reasons) == ("complete", ())
    for _ in range(4):
        office.collect(left, listed=list(pages))
    assert kinds(office) == Counter({"missing": 30, "removed": 30})
    told = [kind for kind, _ in office.feed()]
    assert told == ["missing"] * 30 + ["removed"] * 30
    assert office.collect(left, listed=list(pages)).outcome == "complete"
    assert kinds(office) == Counter({"missing": 30, "removed": 30})
    office.collect(without(pages, range(20)), listed=list(pages))  # ten come back
    assert kinds(office)["restored"] == 10


def test_a_person_who_drops_them_is_asked_again(office: Office) -> None:
    """And who has looked too early may accept it later."""
    pages: Pages = dict(site_of(20))
    office.collect(pages)
    left = without(pages, range(8))
    for _ in range(6):
        assert office.collect(left, listed=list(pages)).outcome == "held"
        assert decide(office, accept=False) == 8
    office.collect(pages)
    assert kinds(office) == Counter()
    for _ in range(4):
        assert office.collect(left, listed=list(pages)).outcome == "held"
    assert decide(office) == 16
    assert office.collect(left, listed=list(pages)).outcome == "complete"
    assert kinds(office) == Counter({"missing": 8, "removed": 8})


def test_an_office_that_deleted_pages_and_rows_needs_no_person(office: Office) -> None:
    office.collect(dict(site_of(60)))
    left = without(dict(site_of(60)), range(30))
    outcomes = [office.collect(left).outcome for _ in range(5)]
    assert outcomes == ["held", "complete", "held", "complete", "complete"]
    assert kinds(office) == Counter({"missing": 30, "removed": 30})


@pytest.mark.parametrize(("size", "gone"), [(20, 1), (20, 3), (3, 1), (60, 11), (5, 4)])
@pytest.mark.parametrize("rows", ["stay", "go"])
def test_what_is_truly_gone_is_told_on_the_day_and_once(
    size: int, gone: int, rows: str, office: Office
) -> None:
    pages: Pages = dict(site_of(size))
    office.collect(pages)
    left = without(pages, range(gone))
    listed = list(pages) if rows == "stay" else None
    for day in range(1, 6):
        assert office.collect(left, listed=listed).outcome == "complete"
        assert kinds(office) == Counter({"missing": gone, "removed": gone} if day >= 3 else {"missing": gone})


@pytest.mark.parametrize("size", [60, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.parametrize("full", [True, False])
def test_a_migration_is_moves(full: bool, size: int, office: Office) -> None:
    old = site_of(size)
    office.collect(dict(old))
    new = {u.replace("/gongwen/", "/2026/"): page for u, page in old.items()}
    report = office.collect({**new, **dict.fromkeys(old, Outcome.GONE)}, listed=list(new), full=full)
    assert report.outcome == "complete"
    assert kinds(office) == Counter({"moved": size})


def test_an_outage_that_creeps_up_is_held_from_when_it_is_many(office: Office) -> None:
    """The price of the first day's few: they are told as missing, and never as removed."""
    pages: Pages = dict(site_of(20))
    office.collect(pages)
    for day in range(14):
        office.collect(without(pages, range(min(20, 3 * day + 3))), listed=list(pages))
    assert kinds(office) == Counter({"missing": 3})
    office.collect(pages)
    assert kinds(office) == Counter({"missing": 3, "restored": 3})
