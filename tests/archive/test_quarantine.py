"""What looks like a broken site, or like a text that flaps, is not told to readers; what is true is told once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Batch, Outcome, Role
from archive.model import ChangeKind, Disclosure
from archive.record import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


@pytest.fixture
def hasty(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=1, confirm_days=0))


def kinds(office: Office) -> list[str]:
    return [kind for kind, _ in office.feed()]


def versions(office: Office) -> int:
    with office.read() as connection:
        return connection.execute("SELECT count(*) FROM versions").fetchone()[0]


# -- texts that go back and forth -----------------------------------------------------------------------------


def test_a_text_that_flaps_alarms_once(office: Office) -> None:
    for text in ("甲。", "乙。", "甲。", "乙。", "甲。", "乙。"):
        office.collect({url(1): notice(1, text)})
    assert kinds(office) == ["edited"]
    assert versions(office) == 6  # every observation is kept


def test_a_text_that_went_back_and_stays_is_told_when_it_has_settled(office: Office) -> None:
    for text in ("甲。", "乙。", "甲。"):
        office.collect({url(1): notice(1, text)})
    assert kinds(office) == ["edited"]
    for _ in range(4):
        office.collect({url(1): notice(1, "甲。")})
    assert kinds(office) == ["edited", "edited"]
    with office.read() as connection:
        last = feed.changes(connection)[-1]
        assert (last.from_version, last.to_version) == (2, 3)
        assert "reverted: 1" in last.reasons


@pytest.mark.parametrize(("quiet", "told"), [(1, 1), (2, 2)])
def test_a_text_that_goes_back_after_three_days_is_told_at_once(
    office: Office, quiet: int, told: int
) -> None:
    for text in ("甲。", *["乙。"] * (1 + quiet), "甲。"):
        office.collect({url(1): notice(1, text)})
    assert kinds(office) == ["edited"] * told


def test_a_third_text_is_told_at_once_however_it_flapped_before(office: Office) -> None:
    for text in ("甲。", "乙。", "甲。", "丙。"):
        office.collect({url(1): notice(1, text)})
    assert kinds(office) == ["edited", "edited"]
    with office.read() as connection:
        assert feed.changes(connection)[-1].to_version == 4


def test_suppressed_noise_is_recorded(office: Office) -> None:
    for text in ("甲。", "乙。", "甲。", "乙。"):
        office.collect({url(1): notice(1, text)})
    with office.read() as connection:
        dropped = connection.execute("SELECT to_version FROM changes WHERE dropped_at IS NOT NULL").fetchall()
    assert len(dropped) == 2


# -- absences -------------------------------------------------------------------------------------------------


def test_an_absence_seen_in_a_partial_walk_waits_for_a_whole_one(hasty: Office) -> None:
    hasty.collect(site_of(20))
    pages = {**site_of(20), url(3): Outcome.GONE}
    for _ in range(5):
        hasty.collect(pages, complete=False)
    assert kinds(hasty) == []
    hasty.collect(pages)
    assert kinds(hasty) == ["removed"]


def test_an_absence_is_told_of_no_version(hasty: Office) -> None:
    hasty.collect(site_of(20))
    hasty.collect({**site_of(20), url(3): Outcome.GONE})
    with hasty.read() as connection:
        told = [(c.kind.value, c.to_version) for c in feed.changes(connection) if c.document == 4]
    assert told == [("baseline", 1), ("removed", None)]


def test_an_absence_that_healed_while_it_waited_is_never_told(hasty: Office) -> None:
    hasty.collect(site_of(20))
    hasty.collect({**site_of(20), url(3): Outcome.GONE}, complete=False)
    hasty.collect(site_of(20))
    assert kinds(hasty) == []


def test_a_page_gone_from_its_place_waits_until_its_catalogue_was_walked_to_its_end(hasty: Office) -> None:
    """A short walk sees the top of a list; the document may stand further down at another address."""
    hasty.collect(site_of(20))
    gone = {**site_of(20), url(3): Outcome.GONE}
    top = [url(n) for n in range(5)]
    hasty.collect(gone, listed=top, full=False)
    assert kinds(hasty) == []
    with hasty.recorder() as recorder:
        assert [c.sought for c in recorder.known_catalogues("linjiang")] == [True]
    hasty.collect(gone)
    assert kinds(hasty) == ["removed"]
    with hasty.recorder() as recorder:
        assert [c.sought for c in recorder.known_catalogues("linjiang")] == [False]


def test_a_document_that_moved_further_down_its_list_is_a_move(hasty: Office) -> None:
    hasty.collect(site_of(20))
    moved = url(3).replace("/gongwen/", "/2026/")
    gone = {**site_of(20), url(3): Outcome.GONE}
    hasty.collect(gone, listed=[url(n) for n in range(5)], full=False)
    hasty.collect({**gone, moved: notice(3)})
    assert kinds(hasty) == ["moved"]


def test_an_absence_that_was_held_waits_like_any_other_when_its_run_is_settled(office: Office) -> None:
    """Of a day on which nothing was there one document stays away: what its lists showed on that day says nothing of a move."""
    office.collect(site_of(20))
    there = url(3).replace("/gongwen/", "/2026/")
    assert (
        office.collect({url(n): Outcome.GONE for n in range(20)}, listed=list(site_of(20))).outcome == "held"
    )
    short = {"listed": [url(n) for n in range(3)], "full": False}
    assert office.collect({**site_of(20), url(3): Outcome.GONE}, **short).outcome == "complete"
    assert office.feed() == []
    with office.recorder() as recorder:
        assert [c.sought for c in recorder.known_catalogues("linjiang")] == [True]
    gone = {u: p for u, p in site_of(20).items() if u != url(3)}
    office.collect({**gone, url(3): Outcome.GONE, there: notice(3)}, listed=[*gone, there])
    assert kinds(office) == ["moved"]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.SKIPPED])
def test_a_page_that_moved_to_where_it_cannot_be_read_yet_is_no_removal(
    hasty: Office, outcome: Outcome
) -> None:
    pages = site_of(5)
    hasty.collect(pages)
    away = {**{u: p for u, p in pages.items() if u != url(3)}, url(3): Outcome.GONE, url(30): outcome}
    listed = [u for u in away if u != url(3)]
    hasty.collect(away, listed=listed)
    assert hasty.feed() == []
    hasty.collect({**away, url(30): notice(3)}, listed=listed)
    assert [kind for kind, _ in hasty.feed()] == ["moved"]


@pytest.mark.parametrize(("broken_before", "days"), [(True, 1), (False, 8)])
def test_a_listed_page_that_can_never_be_read_keeps_no_removal_back_for_ever(
    hasty: Office, broken_before: bool, days: int
) -> None:
    """One that was broken while the document was still there is not where it has moved to; else a week is enough."""
    pages, broken = site_of(5), {url(30): Outcome.FAILED}
    first = pages | broken if broken_before else pages
    hasty.collect(first, listed=list(first))
    pages |= {url(3): Outcome.GONE, **broken}
    listed = [u for u in pages if u != url(3)]
    for _ in range(days):
        assert hasty.feed() == []
        hasty.collect(pages, listed=listed)
    assert [kind for kind, _ in hasty.feed()] == ["removed"]


def test_no_absence_waits_for_ever(hasty: Office) -> None:
    """One page that a firewall always refuses makes no run whole; another is gone all the same."""
    hasty.collect(site_of(20))
    gone = {**site_of(20), url(3): Outcome.GONE, url(5): Outcome.BLOCKED}
    for _ in range(6):
        hasty.collect(gone)
    assert kinds(hasty) == []
    for _ in range(3):
        hasty.collect(gone)
    assert kinds(hasty) == ["removed"]


def test_an_absence_seen_once_before_the_site_died_is_not_told_by_the_days_that_pass(hasty: Office) -> None:
    hasty.collect(site_of(20))
    hasty.collect({**site_of(20), url(3): Outcome.GONE}, complete=False)
    for _ in range(10):
        hasty.collect({url(n): Outcome.FAILED for n in range(20)}, listed=[], complete=False)
    assert kinds(hasty) == []


# -- moves ----------------------------------------------------------------------------------------------------


def test_a_migration_that_takes_many_days_is_moves_and_nothing_else(hasty: Office) -> None:
    """The new addresses are asked for over days, within a budget; the old ones only after them."""
    old = site_of(60)
    hasty.collect(old)
    new = {u.replace("/gongwen/", "/2026/"): page for u, page in old.items()}
    listed = list(new)
    for start in (0, 20, 40):
        hasty.collect(dict(list(new.items())[start : start + 20]), listed=listed)
        assert kinds(hasty) == []
    hasty.collect({**new, **dict.fromkeys(old, Outcome.GONE)}, listed=listed)
    assert kinds(hasty) == ["moved"] * 60


def test_a_likeness_whose_old_address_still_answers_is_news(office: Office) -> None:
    office.collect(site_of(3))
    copy = url(1).replace("/gongwen/", "/copy/")
    office.collect({url(0): notice(0), copy: notice(1)}, listed=[url(n) for n in range(3)] + [copy])
    assert kinds(office) == []  # not known yet
    office.collect({**site_of(3), copy: notice(1)})
    assert kinds(office) == ["added"]


# -- expectations, stated and learned -------------------------------------------------------------------------


def test_a_redesign_that_empties_a_field_alarms_the_operator_once_and_no_reader(office: Office) -> None:
    office.collect(site_of(40))
    emptied = {url(n): notice(n, index_number=None) for n in range(40)}
    first = office.collect(emptied)
    assert first.outcome == "held"
    assert any("index_number" in problem.message for problem in first.problems)
    for _ in range(10):
        later = office.collect(emptied)
        assert later.outcome == "complete"
        assert any("waits for your word" in reason for reason in later.reasons)
    assert kinds(office) == []
    office.collect(site_of(40))  # the site file was mended, or the site was
    assert kinds(office) == []
    with office.read() as connection:
        assert (
            connection.execute("SELECT count(*) FROM runs WHERE held = 1 AND resolved IS NULL").fetchone()[0]
            == 0
        )


def test_a_redesign_that_comes_a_few_pages_a_day_is_noticed(office: Office) -> None:
    office.collect(site_of(100))
    pages = dict(site_of(100))
    for n in range(6):
        pages[url(n)] = notice(n, issuing_body=None)
    assert office.collect(pages).outcome == "held"
    assert kinds(office) == []


def test_new_documents_that_lack_what_their_catalogue_always_had(office: Office) -> None:
    office.collect(site_of(30))
    report = office.collect(site_of(30) | {url(n): notice(n, index_number=None) for n in range(30, 36)})
    assert report.outcome == "held"
    assert kinds(office) == ["added"] * 6  # they are news, whatever the parser made of them


def test_a_template_line_in_every_body_is_never_told_without_a_word(office: Office) -> None:
    office.collect(site_of(40))

    def framed(n: int) -> Disclosure:
        page = notice(n)
        return notice(n, f"罚款5万元。\n当前位置：首页 > 政务公开\n{page.title}")

    held = office.collect({url(n): framed(n) for n in range(40)})
    assert held.outcome == "held"
    for _ in range(5):
        office.collect({url(n): framed(n) for n in range(40)})
    assert kinds(office) == []
    with closing(sqlite3.connect(office.paths.archive, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        assert feed.accept_run(connection, held.run, at=office.now) == 40
    assert kinds(office) == ["edited"] * 40


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("field", ["index_number", "content_source", "validity"])
def test_a_field_that_is_written_otherwise_everywhere_waits_for_a_word(
    office: Office, field: str, words: bool
) -> None:
    """What offices change for many documents in one day, whether they are in force, is told by the next good run."""
    old, new = {"validity": ("valid", "invalid")}.get(field, ("LJ/2026-1", "LJ2026－1号"))
    office.collect({url(n): notice(n, **{field: f"{old}"}) for n in range(30)})
    changed = {
        url(n): notice(n, "改。" if words and n < 12 else "罚款5万元。", **{field: f"{new}"})
        for n in range(30)
    }
    assert office.collect(changed).outcome == "held"
    for _ in range(4):
        office.collect(changed)
    assert kinds(office) == ([] if field != "validity" else ["edited"] * 30)


def test_many_true_edits_at_once_are_told_by_the_next_good_run(office: Office) -> None:
    office.collect(site_of(40))
    edited = {url(n): notice(n, f"罚款{n + 10}万元。") for n in range(40)}
    assert office.collect(edited).outcome == "held"
    assert office.collect(edited).outcome == "complete"
    assert kinds(office) == ["edited"] * 40


def test_a_few_edits_that_empty_nothing_are_told_at_once(office: Office) -> None:
    office.collect(site_of(40))
    report = office.collect({**site_of(40), **{url(n): notice(n, "罚款8万元。") for n in range(6)}})
    assert report.outcome == "complete"
    assert kinds(office) == ["edited"] * 6


def test_a_field_that_was_always_rare_may_be_missing(office: Office) -> None:
    numbers = {n: "临政发〔2026〕1号" if n % 2 else None for n in range(40)}
    office.collect({url(n): notice(n, document_number=number) for n, number in numbers.items()})
    edited = {url(n): notice(n, "另一文。", document_number=None) for n in range(8)}
    rest = {url(n): notice(n, document_number=number) for n, number in numbers.items() if n >= 8}
    assert office.collect({**edited, **rest}).outcome == "complete"


def test_a_catalogue_that_doubles_is_looked_at_by_a_person(office: Office) -> None:
    office.collect(site_of(60))
    report = office.collect(site_of(200), asked=False)
    assert report.outcome == "held"
    assert any("200 rows; the last full walk had 60" in problem.message for problem in report.problems)
    assert kinds(office) == ["added"] * 140  # what was found is told; only absences and edits are held
    assert office.collect(site_of(200), asked=False).outcome == "complete"


def test_releases_keep_their_order_and_their_kind(hasty: Office) -> None:
    hasty.collect(site_of(20))
    held = hasty.collect(dict.fromkeys(site_of(20), Outcome.GONE), listed=[])
    assert held.outcome == "held"
    hasty.collect({**dict.fromkeys(site_of(20), Outcome.GONE), url(50): notice(50)}, listed=[url(50)])
    with hasty.read() as connection:
        told = [c for c in feed.changes(connection) if c.kind is not ChangeKind.BASELINE]
    assert [c.feed_seq for c in told] == sorted(c.feed_seq for c in told)


class _AnswerOffice(Office):
    """Its documents exist in an answer only: the row is the document."""

    def _page(self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]):
        fetch, found = super()._page(url, page, revision, aliases)
        if found is None:
            return fetch, found
        source = replace(found.sources[0], role=Role.API, locator="data.rows[0]")
        return replace(fetch, role=Role.API), replace(found, sources=(source,))


def test_a_document_of_an_answer_that_is_gone_in_the_next_second_is_missing_and_not_unlisted(
    tmp_path: Path,
) -> None:
    office = _AnswerOffice(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))
    pages = site_of(5)
    office.collect(pages)
    # The collection that follows begins in the second in which this one ended.
    office.now -= timedelta(days=1)
    del pages[url(3)]
    report = office.collect(pages)
    assert (report.missing, report.unlisted, report.removed) == (1, 0, 0)


def test_a_walk_that_was_not_whole_says_nothing_of_how_many_documents_there_are(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy(minimum=5, maximum=7))
    assert office.collect(site_of(6)).outcome == "complete"
    assert office.collect(site_of(3), complete=False).outcome == "partial"
    assert office.collect(site_of(3), full=False).outcome == "complete"
    with office.recorder() as recorder:  # nothing was answered
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        recorder.record(run, Batch(seq=1, finished=True))
        assert recorder.finish(run).outcome != "held"
    assert office.collect(site_of(4)).outcome == "held"
    assert office.collect(site_of(8)).outcome == "held"


def test_of_absences_that_were_held_those_that_healed_are_never_told(hasty: Office) -> None:
    hasty.collect(site_of(20))
    assert hasty.collect(dict.fromkeys(site_of(20), Outcome.GONE)).outcome == "held"
    hasty.collect({**site_of(20), url(3): Outcome.GONE})
    hasty.collect({**site_of(20), url(3): Outcome.GONE})
    assert hasty.feed() == [("removed", notice(3).title)]
