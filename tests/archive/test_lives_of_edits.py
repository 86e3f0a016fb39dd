"""Weeks of edits that flap, are held, lose values and get a template's line: who applies what is told knows what is true."""

from __future__ import annotations

import json
import random
import re
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from archive import feed
from archive.model import Disclosure
from archive.storage import texts
from archive.store import open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

COUNT = 24
LINE = "\n【字体：大 中 小】"
QUIET = 6


@dataclass(slots=True)
class State:
    """What a document says."""

    fine: int = 5
    has_index: bool = True
    has_line: bool = False
    before: list[int] = field(default_factory=lambda: [5])


class EditedSite:
    """A site whose texts are edited, seeded, and the person who accepts what is held, now and then."""

    def __init__(self, seed: int, home: Path) -> None:
        self.rng, self.office, self.last = random.Random(seed), Office(home, SitePolicy()), 100
        self.states = [State() for _ in range(COUNT)]
        self.collect()

    def live(self) -> None:
        for state in self.rng.sample(self.states, self.rng.choice((0, 1, 2, 3))):
            happens = self.rng.choice(("edit", "edit", "back", "empty", "fill"))
            if happens == "edit":
                self._edit(state)
            elif happens == "back":
                state.fine = self.rng.choice(state.before[-3:])
            else:
                state.has_index = happens == "fill"
        chance = self.rng.random()
        if chance < 0.08:
            for state in self.rng.sample(self.states, 14):
                self._edit(state)
        elif chance < 0.16:
            has_line = self.rng.random() < 0.5
            for state in self.states:
                state.has_line = has_line

    def _edit(self, state: State) -> None:
        self.last += 1
        state.fine = self.last
        state.before.append(self.last)

    def collect(self) -> None:
        self.office.collect({url(n): self._page(n) for n in range(COUNT)})

    def _page(self, number: int) -> Disclosure:
        state = self.states[number]
        text = f"罚款{state.fine}万元。{LINE if state.has_line else ''}"
        return notice(number, text, **({} if state.has_index else {"index_number": None}))

    def decide(self, *, drops: bool = False) -> None:
        """A person accepts what is held, or (``drops``) drops two runs of three."""
        with closing(open_archive(self.office.paths).conn) as db:
            for (run,) in db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL").fetchall():
                word = feed.drop_run if drops and self.rng.random() < 0.67 else feed.accept_run
                word(db, run, at=self.office.now + timedelta(hours=1))

    def amiss(self) -> list[str]:
        """What a reader has wrong who takes over, from each event, what it says is another."""
        wrong = []
        with self.office.read() as db:
            said = {}
            for version, index, body in db.execute("SELECT id, index_number, body_sha256 FROM versions"):
                text = texts.read(db, body) or ""
                fine = re.search(r"罚款(\d+)", text)
                said[version] = {"index": index is not None, "fine": fine and fine[1], "line": LINE in text}
            for document, current in db.execute("SELECT id, current_version FROM documents").fetchall():
                known: dict[str, object] = {}
                for old, new, fields in db.execute(
                    "SELECT from_version, to_version, fields FROM changes WHERE document = ? AND feed_seq IS NOT NULL"
                    " ORDER BY feed_seq",
                    [document],
                ):
                    others = (
                        {"index"} if "index_number" not in {f["field"] for f in json.loads(fields)} else set()
                    )
                    news = {
                        name: value
                        for name, value in said[new].items()
                        if old is None or (value != said[old][name] and name not in others)
                    }
                    wrong += [
                        f"{document}: {n} told twice" for n, value in news.items() if known.get(n) == value
                    ]
                    known |= news
                if known != said[current]:
                    wrong.append(f"{document}: known {known}, true {said[current]}")
        return wrong


def lived(seed: int, days: int, home: Path, *, drops: bool = False) -> None:
    site = EditedSite(seed, home)
    for _ in range(days):
        site.live()
        site.collect()
        if site.rng.random() < 0.25:
            site.decide(drops=drops)
    for state in site.states:
        state.has_index = True
    for _ in range(QUIET):
        site.collect()
    site.decide()
    site.collect()
    # What was dropped and stays is not told: but nothing is told from a state that readers do not know.
    amiss = [wrong for wrong in site.amiss() if not drops or "told twice" in wrong]
    assert not amiss, f"seed {seed}"
    damage: list[object] = []
    verify(site.office.paths, tell=damage.append)
    assert damage == []


def test_weeks_of_edits(tmp_path: Path) -> None:
    lived(12, 8, tmp_path)


def test_weeks_of_edits_of_which_some_are_dropped(tmp_path: Path) -> None:
    lived(8, 8, tmp_path, drops=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 50))
@pytest.mark.parametrize("drops", [False, True])
def test_many_weeks_of_edits(seed: int, drops: bool, tmp_path: Path) -> None:
    lived(seed, 14, tmp_path, drops=drops)
