"""Days on which several things go wrong at once, while the office goes on with its work: readers hear of its work alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_sites.living import LivingSite
from tests.hostile.faults import Fault, Sound, faults
from tests.hostile.in_process import InProcess
from tests.hostile.test_living_site import untrue

SETTLING = 9  # quiet days: what waits has been decided by then


class FalteringSite(LivingSite):
    """A site that lives, and on which up to three faults lie for one or two days each."""

    def __init__(self, seed: int, count: int) -> None:
        self.faults: dict[str, tuple[int, Fault]] = {}  # name → days left
        self.lists: dict[str, Sound] = {}
        super().__init__(seed, count)

    def falter(self) -> list[str]:
        """What is wrong today."""
        self.trouble, self.answers = "", {}
        self.faults = {name: (left - 1, fault) for name, (left, fault) in self.faults.items() if left > 1}
        kinds = faults(self.rng, self.lists)
        for name in self.rng.sample(sorted(kinds), self.rng.choice((0, 1, 1, 2, 3))):
            self.faults.setdefault(name, (self.rng.choice((1, 1, 2)), kinds[name]))
        if self.day % 4 == 0:
            pages = ("/zw/index.html", *(f"/zw/index_{n}.html" for n in range(1, 5)))
            self.lists = {path: super(FalteringSite, self).answer(path, self.per_page) for path in pages}
        return sorted(self.faults)

    def answer(self, path: str, per_page: int) -> Sound:
        found = super().answer(path, per_page)
        for _, fault in self.faults.values():
            found = fault(path, found)
        return found


def lived(seed: int, days: int, home: Path) -> None:
    """A site's life of so many days, and then the comparison of what was told with what happened."""
    site = FalteringSite(seed, 30)
    office, diary = InProcess(home, site), list[str]()
    first = {notice.number for notice in site.notices}
    assert office.collect(full=False).outcome == "complete"
    for _ in range(days):
        done = site.live()
        diary.append(
            f"{site.day}: {[d for d in done if d[:3] in ('pub', 'edi', 'rem', 'unl', 'mov', 'ret', 'red')]} {site.falter()}"
        )
        diary[-1] += f" → {office.collect(full=False).outcome}"
    site.faults = {}
    wrong = untrue(site, office, first, SETTLING)
    assert not wrong, "\n".join([f"seed {seed}", *diary, *map(str, wrong.items())])


def test_days_on_which_several_things_go_wrong(tmp_path: Path) -> None:
    lived(6, 7, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15])
def test_more_such_lives(seed: int, tmp_path: Path) -> None:
    lived(seed, 7, tmp_path)
