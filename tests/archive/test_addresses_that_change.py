"""Weeks in which documents change their addresses in every way: readers hear of moves, and of nothing that did not happen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.model import Disclosure
from archive.verify import verify
from tests.archive.harness import notice
from tests.archive.test_redirects import Leading

SITE = "http://linjiang.example"
QUIET = 8  # collections after which everything that waits is decided


@dataclass(slots=True)
class Moving:
    """A document, where it is, where its list links it, and what became of its old addresses."""

    number: int
    at: str
    linked: str | None
    fine: int = 5
    up: bool = True
    olds: dict[str, tuple[str, str]] = field(default_factory=dict)  # address → (what it does, where it leads)
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def page(self) -> Disclosure:
        return notice(self.number, f"罚款{self.fine}万元。")

    def end_of(self, url: str) -> str | None:
        """Where a reader gets who follows an address; None where nothing is."""
        for _ in range(50):
            if url == self.at:
                return url if self.up else None
            does, leads_to = self.olds.get(url, ("gone", ""))
            if does in ("gone", "serves") or not self.up:
                return url if does == "serves" and self.up else None
            url = leads_to
        raise AssertionError(f"{url} leads in circles")


class MovingSite:
    """A site whose documents move, seeded, and its collector, which asks for all that is linked or known."""

    def __init__(self, seed: int, home: Path, count: int = 12) -> None:
        self.rng, self.office = random.Random(seed), Leading(home)
        self.documents = [Moving(n, f"{SITE}/a/{n}.html", f"{SITE}/a/{n}.html") for n in range(count)]
        self.collect()

    def live(self, day: int) -> None:
        """One day: up to three documents change."""
        for document in self.rng.sample(self.documents, self.rng.choice((1, 2, 3))):
            change = self.rng.choice(
                (self._move, self._move, self._alter, self._relink, self._edit, self._leave, self._back)
            )
            if document.up and document.linked:
                change(document, day)

    def _move(self, document: Moving, day: int) -> None:
        does, new = (
            self.rng.choice(("gone", "redirect", "redirect", "stub")),
            f"{SITE}/b{day}/{document.number}.html",
        )
        document.olds[document.at] = (does, new)
        self._now_at(document, new)

    def _back(self, document: Moving, day: int) -> None:
        if document.olds:
            old, at = self.rng.choice(list(document.olds)), document.at
            del document.olds[old]
            leading = {
                url: (does, old) for url, (does, _) in document.olds.items() if does in ("redirect", "stub")
            }
            document.olds |= {**leading, at: (self.rng.choice(("gone", "redirect")), old)}
            self._now_at(document, old)

    def _now_at(self, document: Moving, url: str) -> None:
        document.at = url
        document.happened["moved"] += 1
        if document.linked is None or document.end_of(document.linked) is None or self.rng.random() < 0.5:
            document.linked = url

    def _alter(self, document: Moving, day: int) -> None:
        """What led somewhere leads nowhere any more, or what was gone leads on again."""
        if leading := [url for url, (does, _) in document.olds.items() if does != "serves"]:
            url = self.rng.choice(leading)
            does = {"gone": ("redirect",), "stub": ("gone", "redirect"), "redirect": ("gone", "serves")}
            document.olds[url] = (self.rng.choice(does[document.olds[url][0]]), document.at)
            document.happened["moved"] += 1
            if document.end_of(document.linked or "") is None:
                document.linked = document.at

    def _relink(self, document: Moving, day: int) -> None:
        document.linked = self.rng.choice(
            [document.at, *(url for url in document.olds if document.end_of(url))]
        )
        document.happened["moved"] += 1

    def _edit(self, document: Moving, day: int) -> None:
        document.fine += self.rng.randint(1, 90)
        document.happened["edited"] += 1

    def _leave(self, document: Moving, day: int) -> None:
        if self.rng.random() < 0.3:
            document.up, document.linked = False, None
            document.happened["removed"] += 1

    def collect(self) -> None:
        known: list[str] = []
        if self.office.paths.archive.exists():
            with self.office.read() as db:
                known = [
                    row[0]
                    for row in db.execute("SELECT url FROM addresses WHERE role = 'current' ORDER BY id")
                ]
        linked = [document.linked for document in self.documents if document.linked]
        pages: dict[str, Disclosure | Outcome] = {}
        self.office.led, self.office.stubs = {}, {}
        for url in [*(url for url in linked if url not in known), *known]:
            document = next(d for d in self.documents if url == d.at or url in d.olds)
            end = document.end_of(url)
            pages[url] = document.page if end else Outcome.GONE
            if end is not None and end != url:
                (self.office.stubs if document.olds[url][0] == "stub" else self.office.led)[url] = end
        self.office.collect(pages, listed=linked)

    def amiss(self) -> dict[int, list[str]]:
        """What the archive has wrong, by document."""
        told: dict[str, Counter[str]] = {document.page.title or "": Counter() for document in self.documents}
        for kind, title in self.office.feed():
            told[title or ""][kind] += 1
        with self.office.read() as db:
            rows = db.execute("SELECT title, url, status FROM documents WHERE merged_into IS NULL").fetchall()
        wrong = {}
        for document in self.documents:
            mine = [row for row in rows if row["title"] == document.page.title]
            said, happened = told[document.page.title or ""], document.happened
            checks = {
                "one document": len(mine) == 1,
                "status": all(row["status"] == ("present" if document.up else "removed") for row in mine),
                "address": not document.up or all(document.end_of(row["url"]) for row in mine),
                "edits": said["edited"] <= happened["edited"],
                "moves": said["moved"] <= happened["moved"],
                "removals": max(said["missing"], said["removed"]) <= happened["removed"],
                "nothing else": not said["added"] + said["unlisted"] + said["restored"],
            }
            if failed := [name for name, right in checks.items() if not right]:
                wrong[document.number] = [*failed, str(dict(said)), str(dict(happened))]
        return wrong


def lived(seed: int, days: int, home: Path) -> None:
    site = MovingSite(seed, home)
    for day in range(days):
        site.live(day)
        site.collect()
    for _ in range(QUIET):
        site.collect()
    assert not site.amiss(), f"seed {seed}"
    damage: list[object] = []
    verify(site.office.paths, tell=damage.append)
    assert damage == []


def test_weeks_of_moves(tmp_path: Path) -> None:
    lived(3, 10, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 50))
def test_many_weeks_of_moves(seed: int, tmp_path: Path) -> None:
    lived(seed, 16, tmp_path)
