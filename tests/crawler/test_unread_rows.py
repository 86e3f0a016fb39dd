"""A row whose document could not be had is asked for again at the next collection, however deep in its list it stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive.batch import Batch, Fetch, Outcome, Role
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from crawler.plan import Plan, wants_full_walk
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.sites import Catalogue
from crawler.walk import Walk
from tests.archive.harness import CATALOGUES, SITE, START, Office, notice, url

CATALOGUE = Catalogue(key="gongwen", url="http://linjiang.example/gongwen/")
TOP = 3  # rows that a walk sees that is not full


class Deep(Office):
    """One list, of which a walk that is not full sees the top; new rows stand at its end, as where they are sorted by name."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, SitePolicy())
        self.listed = list(range(8))
        self.asked: list[str] = []

    def look(
        self,
        *,
        failing: frozenset[int] = frozenset(),
        full: bool = False,
        dies: bool = False,
        dies_last: bool = False,
    ) -> None:
        """One collection, in which the pages of ``failing`` do not answer; ``dies``: when it has walked; ``dies_last``: at its end."""
        self.now += timedelta(days=1)
        with self.recorder() as recorder:
            run = recorder.begin(SITE, CATALOGUES, collection="c", full=full)
            plan = Plan(tuple(recorder.known(SITE.key)), self.now, unread=tuple(recorder.unread(SITE.key)))
            known = recorder.known_catalogues(SITE.key)[0]
            walk = Walk("gongwen", wants_full_walk(known, self.now, full), first=not known.first_walk_ended)
            shown = self.listed if walk.full else self.listed[:TOP]
            rows = tuple(
                ListRow(url=url(n), title=f"第{n}号", hints={"published_on": "2026-02-01"}, row_hash="a")
                for n in shown
            )
            taken = walk.take(PageRequest(url=CATALOGUE.url), ListPage(rows=rows), CATALOGUE, plan, self.now)
            end = walk.end(known, full, self.now)
            if end.full and end.complete:
                plan.walked("gongwen")
            assert taken.listed is not None
            recorder.record(run, Batch(seq=1, listed=(taken.listed,), walks=(end,)))
            if dies:
                return
            self.asked = []
            for seq, (address, row, _) in enumerate(plan.documents(), start=2):
                self.asked.append(f"{address} {row.hints if row else ''}")
                number = next(n for n in range(20) if url(n) == address)
                if number in failing:
                    fetch = Fetch(url=address, role=Role.PAGE, outcome=Outcome.FAILED, at=self.now)
                    recorder.record(run, Batch(seq=seq, fetches=(fetch,)))
                    continue
                fetch, found = self._page(address, notice(number), "r1", ())
                recorder.record(run, Batch(seq=seq, fetches=(fetch,), found=(found,) if found else ()))
            if dies_last:
                return
            recorder.record(run, Batch(seq=99, finished=True))
            recorder.finish(run)

    def kept(self) -> list[str]:
        with self.read() as db:
            return [row[0] for row in db.execute("SELECT url FROM unread")]

    def listings(self) -> int:
        with self.read() as db:
            return int(db.execute("SELECT count(*) FROM listings").fetchone()[0])


@pytest.fixture
def office(tmp_path: Path) -> Deep:
    office = Deep(tmp_path)
    office.look()
    office.listed.append(9)
    return office


@pytest.mark.parametrize("dies", [False, True])
def test_it_is_asked_for_at_the_next_collection_with_what_its_row_said(office: Deep, dies: bool) -> None:
    office.look(failing=frozenset({9}), full=True, dies=dies)
    office.look()
    assert f"{url(9)} {{'published_on': '2026-02-01'}}" in office.asked
    assert office.feed() == [("added", "关于第9号事项的通知")]
    assert (office.kept(), office.listings()) == ([], 9)
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []


def test_what_a_collection_that_died_has_had_keeps_nothing_from_readers(office: Deep) -> None:
    """Else what is gone might have moved to it: the collection that goes on does not ask for it again."""
    office.look(full=True, dies_last=True)
    assert office.kept() == []
    office.look()
    assert office.feed() == [("added", "关于第9号事项的通知")]


def test_it_is_asked_for_until_it_is_a_dead_link_and_then_by_full_walks(office: Deep) -> None:
    office.look(failing=frozenset({9}), full=True)
    asked = []
    for _ in range(16):
        office.look(failing=frozenset({9}))
        asked.append(any(url(9) in line for line in office.asked))
    assert asked == [n < 7 or n == 13 for n in range(16)]  # day 7 and 14 are full walks
    office.look(full=True)
    assert office.feed() == [("added", "关于第9号事项的通知")]


def test_what_is_new_when_the_clock_is_set_back_is_not_of_the_first_look(office: Deep) -> None:
    office.now -= timedelta(days=1, hours=2)
    office.look(failing=frozenset({9}), full=True)
    office.look()
    assert office.feed() == [("added", "关于第9号事项的通知")]


@pytest.mark.parametrize("fails", [2, 3, 5])
def test_what_could_not_be_had_in_a_first_look_is_asked_for_again_and_is_no_news(
    tmp_path: Path, fails: int
) -> None:
    """Not only by the next full walk: the second one ends the first look, whatever fails. What comes with it is part of it."""
    office = Deep(tmp_path)
    for _ in range(fails):
        office.look(failing=frozenset({7}))
        assert any(url(7) in line for line in office.asked)
    assert office.kept() == [url(7)]
    office.listed.append(9)
    office.look(full=True)
    assert (office.kept(), office.listings()) == ([], 9)
    assert office.feed() == [("added", "关于第9号事项的通知")]


def test_what_a_first_look_has_not_come_to_is_not_kept_beside_its_walks(tmp_path: Path) -> None:
    """They list all that there is; only what failed does not keep them going."""
    office = Deep(tmp_path)
    pages = {url(0): notice(0), url(1): Outcome.FAILED, url(2): Outcome.SKIPPED}
    for _ in range(3):
        office.collect(pages, listed=list(pages))
    assert office.kept() == [url(1)]
    office.collect({url(n): notice(n) for n in range(3)})
    assert (office.kept(), office.feed()) == ([], [])


@pytest.mark.parametrize("days", [1, 9])  # after which it is asked for no more
def test_it_is_forgotten_when_it_is_not_listed_any_more(office: Deep, days: int) -> None:
    for _ in range(days):
        office.look(failing=frozenset({9}), full=True)
    office.listed.remove(9)
    office.look(full=True)
    assert not any(url(9) in line for line in office.asked)
    assert (office.kept(), office.feed()) == ([], [])


def test_a_new_row_is_asked_for_once_though_its_list_is_walked_twice() -> None:
    """A page that is gone makes a collection walk its list once more, when all rows have been asked for."""
    plan = Plan((), START)
    plan.note(ListRow(url=url(1)))
    assert [address for address, _, _ in plan.documents()] == [url(1)]
    plan.note(ListRow(url=url(1)))
    plan.note(ListRow(url=url(2)))
    assert [address for address, _, _ in plan.documents()] == [url(2)]
