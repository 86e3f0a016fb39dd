"""Weeks in which documents come to lists, leave them and change them, while lists are renamed, dropped and walked in part."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.batch import Batch, Fetch, Listed, Outcome, Role, Row, WalkEnd
from archive.catalogues import take_up
from archive.model import Disclosure
from archive.store import open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from crawler.plan import Plan, wants_full_walk
from crawler.platforms.base import ListRow
from tests.archive.harness import SITE, Office, notice

HOST = "http://linjiang.example"
LISTS = ("甲", "乙", "丙")
SHORT = 4  # rows at which a walk that is not full ends
QUIET = 12  # collections after which everything that waits is decided
FAILING = 0.05


@dataclass(slots=True)
class Paper:
    """A document, the lists that have it, and what happened to it."""

    number: int
    lists: set[str]
    in_baseline: bool = False
    fine: int = 5
    up: bool = True
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"{HOST}/a/{self.number}.html"

    @property
    def page(self) -> Disclosure:
        return notice(self.number, f"罚款{self.fine}万元。")


class ListedSite:
    """A site whose lists live, seeded, and its collector. ``rough``: it is killed at times, and its clock is set."""

    def __init__(self, seed: int, home: Path, *, rough: bool = False, count: int = 14) -> None:
        self.rng, self.office, self.rough, self.day = (
            random.Random(seed),
            Office(home, SitePolicy()),
            rough,
            0,
        )
        self.watched = {"jia": "甲", "yi": "乙", "bing": "丙"}  # key in the site file → list
        self.papers = [Paper(n, self._some_lists(), in_baseline=True) for n in range(count)]
        self.collect(quiet=True)

    def _some_lists(self) -> set[str]:
        return set(self.rng.sample(LISTS, self.rng.choice((1, 1, 2))))

    # -- what happens ------------------------------------------------------------------------------------

    def live(self) -> None:
        """One day: up to three documents change, and now and then the site file."""
        self.day += 1
        for paper in self.rng.sample(self.papers, self.rng.choice((1, 2, 3))):
            happen = self.rng.choice((
                self._edit, self._leave_one, self._leave_all, self._enter, self._change, self._down, self._down_listed,
                self._back, self._new, self._new,
            ))  # fmt: skip
            happen(paper)
        if self.rng.random() < 0.12:
            self.rng.choice((self._drop_list, self._rename_list, self._take_up_list))()

    def _edit(self, paper: Paper) -> None:
        if paper.up:
            paper.fine += self.rng.randint(1, 50)
            paper.happened["edited"] += 1

    def _leave_one(self, paper: Paper) -> None:
        if paper.lists:
            paper.lists.discard(self.rng.choice(sorted(paper.lists)))

    def _leave_all(self, paper: Paper) -> None:
        paper.lists.clear()

    def _enter(self, paper: Paper) -> None:
        if paper.up:
            paper.lists.add(self.rng.choice(LISTS))

    def _change(self, paper: Paper) -> None:
        if paper.up and paper.lists:
            self._leave_one(paper)
            self._enter(paper)

    def _down(self, paper: Paper) -> None:
        if paper.up:
            paper.up = False
            paper.lists.clear()
            paper.happened["removed"] += 1

    def _down_listed(self, paper: Paper) -> None:
        if paper.up and self.rng.random() < 0.5:
            paper.up = False
            paper.happened["removed"] += 1

    def _back(self, paper: Paper) -> None:
        if not paper.up:
            paper.up = True
            self._enter(paper)

    def _new(self, _: Paper) -> None:
        self.papers.append(Paper(len(self.papers), self._some_lists()))

    def _drop_list(self) -> None:
        if len(self.watched) > 1:
            del self.watched[self.rng.choice(sorted(self.watched))]

    def _rename_list(self) -> None:
        key = self.rng.choice(sorted(self.watched))
        self.watched[f"{key}{self.day}"] = self.watched.pop(key)

    def _take_up_list(self) -> None:
        for name in sorted(set(LISTS) - set(self.watched.values()))[:1]:
            self.watched[f"list{self.day}"] = name

    # -- the collector -----------------------------------------------------------------------------------

    def collect(self, *, quiet: bool = False) -> None:
        office, chance = self.office, 0.0 if quiet else 0.15
        steps = (timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=3), -timedelta(hours=2))
        office.now += self.rng.choice(steps) if self.rough and not quiet else timedelta(days=1)
        with office.recorder() as recorder:
            catalogues = [(key, name, f"{HOST}/{name}/") for key, name in self.watched.items()]
            run = recorder.begin(SITE, catalogues, collection="c", full=False)
            plan = Plan(tuple(recorder.known(SITE.key)), office.now)
            known = {catalogue.key: catalogue for catalogue in recorder.known_catalogues(SITE.key)}
            cut = {key for key in self.watched if self.rng.random() < chance}
            full = {k for k in self.watched if quiet or wants_full_walk(known.get(k), office.now, False)}
            batches = [self._walk(key, plan, full=key in full, cut=key in cut) for key in self.watched]
            budget = 1000 if quiet else self.rng.choice((0, 2, 5, 20, 1000))
            looked, gone = self._look(plan, budget, 0.0 if quiet else FAILING)
            batches += looked
            batches += [
                self._walk(k, plan, full=True, cut=k in cut) for k in sorted(gone - full) if k in self.watched
            ]
            killed = self.rough and not quiet and self.rng.random() < 0.2
            kept = (
                batches[: self.rng.randint(0, len(batches))]
                if killed
                else [*batches, Batch(seq=0, finished=True)]
            )
            for seq, batch in enumerate(kept, start=1):
                recorder.record(run, replace(batch, seq=seq))
            if not killed or self.rng.random() < 0.5:  # else nobody lives to end it
                recorder.finish(run, interrupted=killed)

    def _walk(self, key: str, plan: Plan, *, full: bool, cut: bool) -> Batch:
        papers = [paper for paper in reversed(self.papers) if self.watched[key] in paper.lists]
        papers = papers[: len(papers) // 2] if cut else papers if full else papers[:SHORT]
        for paper in papers:
            plan.note(ListRow(url=paper.url))
        rows, at = tuple(Row(url=paper.url) for paper in papers), self.office.now
        walk = WalkEnd(catalogue=key, full=full, complete=not cut, pages=1, rows=len(rows), at=at)
        return Batch(seq=0, listed=(Listed(catalogue=key, rows=rows, at=at),), walks=(walk,))

    def _look(self, plan: Plan, budget: int, failing: float) -> tuple[list[Batch], set[str]]:
        """The documents that are asked for, and the catalogues that list one whose page is gone."""
        batches, gone, at = list[Batch](), set[str](), self.office.now
        for url, row, known in plan.documents():
            if budget <= 0 and row is None:
                break
            budget -= 1
            paper = next(paper for paper in self.papers if paper.url == url)
            if self.rng.random() < failing:
                batches.append(
                    Batch(seq=0, fetches=(Fetch(url=url, role=Role.PAGE, outcome=Outcome.FAILED, at=at),))
                )
                continue
            fetch, found = self.office._page(url, paper.page if paper.up else Outcome.GONE, "r1", ())
            batches.append(Batch(seq=0, fetches=(fetch,), found=(found,) if found else ()))
            if not paper.up and known is not None and known.status in ("present", "unlisted"):
                gone.update(known.catalogues)
        return batches, gone

    # -- the truth ---------------------------------------------------------------------------------------

    def amiss(self) -> dict[int, list[str]]:
        """What the archive has wrong, by document."""
        told = {paper.page.title: Counter[str]() for paper in self.papers}
        for kind, title in self.office.feed():
            told[title][kind] += 1
        with self.office.read() as db:
            held = dict(
                db.execute("SELECT title, status FROM documents WHERE merged_into IS NULL").fetchall()
            )
        wrong = {}
        for paper in self.papers:
            title, said, happened = paper.page.title, told[paper.page.title], paper.happened
            watched = paper.lists & set(self.watched.values())
            stands = {"removed"} if not paper.up else {"present"} if watched else {"unlisted"}
            if paper.up and not watched and len(self.watched) < len(LISTS):
                stands.add("present")  # in a list that nobody looks at, for all that is known
            absences = max(said["missing"], said["removed"])
            checks = {"lost": title in held or not (paper.up and watched)}
            if title in held:
                checks |= {
                    "status": held[title] in stands,
                    "edits": said["edited"] <= happened["edited"],
                    "removals": absences <= happened["removed"],
                    "untold removal": held[title] != "removed" or said["removed"] > 0,
                    "untold unlisting": held[title] != "unlisted" or said["unlisted"] + said["restored"] > 0,
                    "additions": said["added"] == (not paper.in_baseline),
                    "returns": said["restored"] <= said["unlisted"] + absences,
                    "moves": not said["moved"],
                }
            if failed := [name for name, right in checks.items() if not right]:
                wrong[paper.number] = [*failed, str(dict(said)), str(dict(happened)), str(held.get(title))]
        return wrong


def lived(seed: int, days: int, home: Path, *, rough: bool) -> None:
    site = ListedSite(seed, home, rough=rough)
    for _ in range(days):
        site.live()
        site.collect()
    for _ in range(QUIET):
        site.collect(quiet=True)
    assert not site.amiss(), f"seed {seed}"
    damage: list[object] = []
    verify(site.office.paths, tell=damage.append)
    assert damage == []


@pytest.mark.parametrize(("seed", "rough"), [(2, True)])
def test_weeks_of_lists(seed: int, rough: bool, tmp_path: Path) -> None:
    lived(seed, 12, tmp_path, rough=rough)


@pytest.mark.slow
@pytest.mark.parametrize("rough", [False, True])
@pytest.mark.parametrize("seed", range(10, 40))
def test_many_weeks_of_lists(seed: int, rough: bool, tmp_path: Path) -> None:
    lived(seed, 20, tmp_path, rough=rough)


def present(
    office: Office,
    keys: list[tuple[str, str | None, str]],
    lists: dict[str, list[int]],
    shows: Sequence[int] = range(5),
) -> None:
    """A collection of all documents of three, with whole walks of these catalogues; ``shows``: of those that it has known too."""
    office.now += timedelta(days=1)
    with office.recorder() as recorder:
        run = recorder.begin(SITE, keys, collection="c", full=False)
        for seq, (key, numbers) in enumerate(lists.items(), start=1):
            papers = [Paper(number, set()) for number in numbers]
            rows = tuple(Row(url=paper.url) for paper in papers)
            walk = WalkEnd(catalogue=key, full=True, complete=True, pages=1, rows=len(rows), at=office.now)
            listed = (Listed(catalogue=key, rows=rows, at=office.now),)
            recorder.record(run, Batch(seq=seq, listed=listed, walks=(walk,)))
        known = {one.url for one in recorder.known(SITE.key)} | {
            Paper(n, set()).url for numbers in lists.values() for n in numbers
        }
        papers = [Paper(n, set()) for n in shows if Paper(n, set()).url in known]
        looks = [office._page(paper.url, paper.page, "r1", ()) for paper in papers]
        fetches, found = tuple(look[0] for look in looks), tuple(look[1] for look in looks if look[1])
        recorder.record(run, Batch(seq=9, fetches=fetches, found=found))
        recorder.record(run, Batch(seq=10, finished=True))
        recorder.finish(run)


JIA, YI = ("jia", "甲", f"{HOST}/jia/"), ("yi", "乙", f"{HOST}/yi/")


def test_a_catalogue_with_another_key_is_the_one_at_its_address(tmp_path: Path) -> None:
    """What it published that day was its first look, and what left it later stayed listed in a catalogue that nobody walks."""
    office = Office(tmp_path, SitePolicy())
    present(office, [JIA], {"jia": [0, 1, 2]})
    zcwj = ("zcwj", "政策文件", JIA[2])
    present(office, [zcwj], {"zcwj": [0, 1, 2, 3]})
    present(office, [zcwj], {"zcwj": [0, 2, 3]})
    assert office.feed() == [("added", "关于第3号事项的通知"), ("unlisted", "关于第1号事项的通知")]


def test_a_catalogue_that_is_watched_no_more_keeps_nothing_listed_that_another_one_had(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, SitePolicy())
    present(office, [JIA, YI], {"jia": [0, 1], "yi": [1, 2]})
    for _ in range(2):
        present(office, [YI], {"yi": [1, 2]})
    assert office.feed() == []  # of the first nothing is known any more
    present(office, [YI], {"yi": [2]})
    assert office.feed() == [("unlisted", "关于第1号事项的通知")]
    present(office, [JIA, YI], {"jia": [0, 1], "yi": [2]})
    assert office.feed()[1:] == [("restored", "关于第1号事项的通知")]


def test_a_document_in_answers_is_gone_though_a_list_that_had_it_is_watched_no_more(tmp_path: Path) -> None:
    """It left the last list that anybody looks at, and nothing was told: the other one was not walked."""

    class Answers(Office):
        def _page(self, url: str, page: Disclosure | Outcome, *rest: object):
            fetch, found = super()._page(url, page, *rest)
            assert found is not None
            source = replace(found.sources[0], role=Role.API, locator="rows[0]")
            return replace(fetch, role=Role.API), replace(found, sources=(source,))

    office = Answers(tmp_path, SitePolicy(confirm_checks=2, confirm_days=1))
    present(office, [JIA, YI], {"jia": [0, 1], "yi": [1, 2]})
    present(office, [JIA], {"jia": [0, 1]})
    for _ in range(2):
        present(office, [JIA], {"jia": [0]}, shows=[0])
    assert office.feed() == [("missing", "关于第1号事项的通知"), ("removed", "关于第1号事项的通知")]


def test_a_clock_that_is_set_back_damages_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    present(office, [JIA], {"jia": [0, 1]})
    office.now -= timedelta(days=1, hours=2)
    present(office, [JIA], {"jia": [0, 1]})
    damage: list[object] = []
    verify(office.paths, tell=damage.append)
    assert damage == []


@pytest.mark.parametrize(
    ("described", "known"),
    [
        ([("wen", "a")], {"wen": 1}),  # another key
        (
            [("wen", "a"), ("jian", "a")],
            {"wen": 2, "jian": 3},
        ),  # its address stands for two: which of them it was is not known
        ([("gongwen", "b"), ("wen", "a")], {"gongwen": 1, "wen": 2}),
    ],
)
def test_a_catalogue_is_known_by_its_address_where_it_alone_has_it(
    tmp_path: Path, described: list[tuple[str, str]], known: dict[str, int]
) -> None:
    office = Office(tmp_path, SitePolicy())
    with office.recorder(), closing(open_archive(office.paths).conn) as db:
        db.execute("INSERT INTO sites (key) VALUES ('linjiang')")
        take_up(db, "linjiang", [("gongwen", "政府文件", "a")], "2026-03-01T00:00:00Z")
        found = take_up(db, "linjiang", [(key, None, at) for key, at in described], "2026-03-02T00:00:00Z")
        assert found == known


def test_two_catalogues_that_exchange_their_addresses_stay_what_they_are(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    with office.recorder(), closing(open_archive(office.paths).conn) as db:
        db.execute("INSERT INTO sites (key) VALUES ('linjiang')")
        before = [("a", None, "1"), ("b", None, "2"), ("c", None, "3")]
        take_up(db, "linjiang", before, "2026-03-01T00:00:00Z")
        after = [("a", None, "3"), ("b", None, "1")]  # the address of the one that is given up
        assert take_up(db, "linjiang", after, "2026-03-02T00:00:00Z") == {"a": 1, "b": 2}
