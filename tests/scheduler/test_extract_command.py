"""``extract``: what is read from a page, for a person's eyes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from scheduler.terminal import width

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "tests" / "pages" / "beihe-fgw" / "meta-tags" / "page.html"


def test_times_are_shanghais_and_values_stand_below_one_another(command: Callable[..., Run]) -> None:
    run = command("--config", str(ROOT / "config"))
    status, out, _ = run("extract", str(PAGE))
    record = json.loads(run("extract", str(PAGE), "--json")[1])
    assert (status, record["published_at"], record["published_on"]) == (
        0,
        "2029-09-17T22:23:00Z",
        "2029-09-18",
    )
    assert "2029-09-18 06:23" in out
    assert "22:23:00Z" not in out
    values = (record["title"], record["published_on"], record["content_source"])
    lines = [
        next(line for line in out.splitlines() if line.startswith("  ") and value in line) for value in values
    ]
    assert len({width(line[: line.index(value)]) for line, value in zip(lines, values, strict=True)}) == 1
