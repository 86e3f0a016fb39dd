"""Pages that were away and are back: who is told of the return, and whether their list still has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.record import SitePolicy
from tests.archive.harness import Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


def kinds(office: Office) -> list[str]:
    return [kind for kind, _ in office.feed()]


def test_a_return_is_told_to_those_who_heard_of_the_absence(office: Office) -> None:
    office.collect(site_of(20))
    gone = {**site_of(20), url(3): Outcome.GONE}
    office.collect(gone)
    assert kinds(office) == ["missing"]
    for _ in range(3):
        office.collect(gone, complete=False)  # `removed` waits untold
    office.collect(site_of(20))
    assert kinds(office) == ["missing", "restored"]


def test_a_page_that_returns_in_no_catalogue_is_unlisted(office: Office) -> None:
    office.collect(site_of(20))
    rest = [url(n) for n in range(20) if n != 3]
    office.collect(site_of(20), listed=rest)
    office.collect({**site_of(20), url(3): Outcome.GONE}, listed=rest)
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == ["unlisted", "missing", "restored"]
    with office.read() as connection:
        assert [r[0] for r in connection.execute("SELECT status FROM documents WHERE url = ?", [url(3)])] == [
            "unlisted"
        ]


@pytest.mark.parametrize("answer", [Outcome.FAILED, Outcome.BLOCKED, Outcome.SKIPPED])
def test_a_document_in_no_list_whose_page_cannot_be_read_is_told_after_a_week(
    office: Office, answer: Outcome
) -> None:
    """Many servers answer 500 or 403 for what was deleted. One that was not asked for, for want of budget, may be there."""
    office.collect(site_of(20))
    rest = [url(n) for n in range(20) if n != 3]
    days = [
        len(kinds(office)) for _ in range(16) if office.collect({**site_of(20), url(3): answer}, listed=rest)
    ]
    assert kinds(office) == (["unlisted"] if answer is not Outcome.SKIPPED else [])
    assert days[6] == 0
    with office.read() as connection:
        told = connection.execute("SELECT reasons FROM changes WHERE kind = 'unlisted'").fetchall()
    assert [row[0] for row in told] == ['["unanswered"]'] * len(kinds(office))
    office.collect({**site_of(20), url(3): Outcome.GONE}, listed=rest)
    assert "missing" in kinds(office)


def test_a_document_that_failed_for_a_day_among_good_ones_is_not_told_so(office: Office) -> None:
    office.collect(site_of(20))
    rest = [url(n) for n in range(20) if n != 3]
    for day in range(16):
        page = Outcome.FAILED if day % 4 else notice(3)
        office.collect({**site_of(20), url(3): page}, listed=rest)
    assert kinds(office) == ["unlisted"]
    with office.read() as connection:
        assert connection.execute("SELECT reasons FROM changes WHERE kind = 'unlisted'").fetchone()[0] == "[]"


@pytest.mark.parametrize("told", [False, True])
def test_a_page_that_left_its_list_while_it_was_away_is_told_as_unlisted_by_the_next_full_walk(
    office: Office, told: bool
) -> None:
    """Whether or not readers heard that it was away: until then its list may have it again."""
    rest = [url(n) for n in range(20) if n != 3]
    before = ["missing", "restored"] if told else []
    office.collect(site_of(20))
    office.collect({**site_of(20), url(3): Outcome.GONE}, listed=rest, complete=told)
    if not told:
        office.collect({**site_of(20), url(3): Outcome.GONE, url(5): Outcome.BLOCKED}, listed=rest)
    assert kinds(office) == before[:1]
    for _ in range(3):
        office.collect(site_of(20), listed=rest[:4], full=False)
        assert kinds(office) == before
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == [*before, "unlisted"]
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == [*before, "unlisted"]


def test_a_page_that_is_back_when_its_list_is_walked_without_it_is_told_as_unlisted_at_once(
    office: Office,
) -> None:
    rest = [url(n) for n in range(20) if n != 3]
    office.collect(site_of(20))
    office.collect({**site_of(20), url(3): Outcome.GONE}, complete=False)
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == ["unlisted"]


def test_a_page_that_is_back_in_the_list_that_it_left_while_it_was_away_is_no_news(office: Office) -> None:
    rest = [url(n) for n in range(20) if n != 3]
    office.collect(site_of(20))
    office.collect({**site_of(20), url(3): Outcome.GONE, url(5): Outcome.BLOCKED}, listed=rest)
    office.collect(site_of(20), listed=rest[:4], full=False)
    office.collect(site_of(20))
    assert kinds(office) == []
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == ["unlisted"]


def test_an_unlisted_page_that_was_away_for_a_day_is_not_told_as_back_in_its_list(office: Office) -> None:
    """Readers know that it is unlisted, and never heard that it was away."""
    rest = [url(n) for n in range(20) if n != 3]
    office.collect(site_of(20))
    office.collect(site_of(20), listed=rest)
    office.collect({**site_of(20), url(3): Outcome.GONE}, listed=rest, complete=False)
    office.collect(site_of(20), listed=rest)
    assert kinds(office) == ["unlisted"]
    office.collect(site_of(20))
    assert kinds(office) == ["unlisted", "restored"]


def test_a_return_says_since_when_the_page_was_away_and_is_told_once(office: Office) -> None:
    office.collect(site_of(20))
    gone = {**site_of(20), url(3): Outcome.GONE}
    for _ in range(2):
        office.collect(gone)
    first = office.now - timedelta(days=1)
    office.collect(site_of(20))
    with office.read() as db:
        back = feed.changes(db)[-1]
    assert (back.kind.value, back.first_absent_at) == ("restored", first)
    office.collect(gone, complete=False)  # of which nobody hears
    office.collect(site_of(20))
    assert kinds(office) == ["missing", "restored"]


def test_the_day_on_which_a_page_left_its_list_stays_while_it_is_away(office: Office) -> None:
    office.collect(site_of(20))
    rest = [url(n) for n in range(20) if n != 3]
    left = []
    for listed in (rest, rest[:4], rest):
        office.collect({**site_of(20), url(3): Outcome.GONE}, listed=listed, full=listed is rest)
        with office.read() as db:
            left.append(db.execute("SELECT unlisted_at FROM listings WHERE document = 4").fetchone()[0])
    assert left == [f"{office.now - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"] * 3
