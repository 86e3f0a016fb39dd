"""Each change reaches each reader who wants it once, in order, whatever becomes of mail, clock, readers and archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scheduler.mail_life import World


def live(home: Path, seed: int, days: int) -> World:
    world = World(home, seed)
    try:
        world.live(days)
    finally:
        world.server.stop()
    return world


def test_a_week_of_mail(tmp_path: Path) -> None:
    world = live(tmp_path, 3, 5)
    assert world.server.taken


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 230))
def test_weeks_of_mail(tmp_path: Path, seed: int) -> None:
    live(tmp_path, seed, 20)
