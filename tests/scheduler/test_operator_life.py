"""Weeks of sites that live and of operators who use every command, killed at any step: nothing is lost, invented or told twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scheduler.operator_life import Life


@pytest.mark.parametrize("seed", [1])
def test_a_few_days_of_operators(seed: int, tmp_path: Path) -> None:
    Life(seed, tmp_path, count=4).live(4, quiet=4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_weeks_of_operators(seed: int, tmp_path: Path) -> None:
    Life(seed, tmp_path).live(14)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 206))
def test_rough_weeks_of_operators(seed: int, tmp_path: Path) -> None:
    """Of pages that fail every week, and of commands that are killed every day or two."""
    Life(seed, tmp_path, count=16, killing=0.35, failing=0.15).live(14)
