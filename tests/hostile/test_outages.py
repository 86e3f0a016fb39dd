"""Outages of documents' pages that last longer than a removal takes, while the lists are whole: readers hear of none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_sites.editable import LoopbackSite
from tests.hostile.answers import BLOCKED, GONE
from tests.hostile.in_process import InProcess
from tests.hostile.test_no_false_removal import Days, served

KINDS = {kind[0]: kind for kind in (*GONE, *BLOCKED)}
_MENU = "<li><a href='/zw/'>政务公开</a></li>" * 30
_HOME = f"<html><head><title>临江市人民政府</title></head><body><ul>{_MENU}</ul></body></html>"


def lies(kind: str, share: int, days: int, home: Path) -> None:
    """A site of 20 pages of which so many answer with something else for so many days, in short collections and full ones."""
    site = LoopbackSite(20)
    site.answers["/"] = site.answers["/index.html"] = (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        _HOME.encode(),
    )
    # Redirects to the front page are judged by a middleware.
    office = (Days if kind.startswith("home") else InProcess)(home, site)
    front = dict(site.answers)
    try:
        assert office.collect().outcome == "complete"
        name, says_gone, status, headers, body = KINDS[kind]
        for path in sorted(site.pages)[:share]:
            served(site, name, status, headers, body, path)
        for day in range(days):
            report = office.collect(full=not day % 3)
            assert report.outcome != "complete", (kind, day)
            assert report.outcome == "held" or not says_gone, (kind, day, report.reasons)
        site.answers = front
        for _ in range(2):
            assert office.collect().outcome == "complete"
    finally:
        site.server.shutdown()
    assert not office.told()
    assert office.rows("SELECT count(*), max(number) FROM versions") == [(20, 1)]
    assert office.rows("SELECT count(*) FROM documents WHERE status = 'present'") == [(20,)]
    assert office.rows("SELECT count(*) FROM runs WHERE held = 1 AND resolved IS NULL") == [(0,)]


@pytest.mark.parametrize(("kind", "share"), [("hard-404", 8), ("soft-404-framed", 20)])
def test_an_outage_that_outlasts_the_confirmation(kind: str, share: int, tmp_path: Path) -> None:
    lies(kind, share, 5, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "share"), [*((kind, 20) for kind in KINDS), *((kind[0], 8) for kind in GONE)]
)
def test_two_weeks_of_each_kind(kind: str, share: int, tmp_path: Path) -> None:
    lies(kind, share, 14, tmp_path)
