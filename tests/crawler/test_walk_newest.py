"""Rows that a walk cannot follow or has lost sight of: without addresses, and fallen off the end of the newest."""

from __future__ import annotations

import pytest

from crawler.plan import Plan
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.walk import Walk
from tests.crawler.test_walk_rules import CATALOGUE, NOW, List, address, walked


@pytest.mark.parametrize(("unaddressed", "complete"), [(1, True), (2, False)])
def test_rows_without_addresses_are_told_and_more_than_a_few_are_a_loss(
    unaddressed: int, *, complete: bool
) -> None:
    rows = tuple(ListRow(url=address(letter)) for letter in "abcdefghijklmnopqrst"[: 20 - unaddressed])
    walk = Walk("zw", True, first=True)
    start = PageRequest(url="http://a.example/", chain="list")
    walk.take(start, ListPage(rows=rows, shown=20, unaddressed=unaddressed), CATALOGUE, Plan((), NOW), NOW)
    ended = walk.end(None, False, NOW)
    assert ended.complete is complete
    assert [problem.code for problem in walk.problems] == ["rows_without_address"]
    assert complete or f"{unaddressed} of 20 rows have no address" in (ended.reason or "")


@pytest.mark.parametrize(
    ("rows", "before", "had", "newest_only"),
    [
        ("gfedcb", "fedcba", 6, True),  # a fell off the end of a list of two pages
        ("hgfedc", "gfedcba", 6, True),  # and the one before it, at another look
        ("gfedca", "fedcba", 6, False),  # b was taken out of the middle, though the list is as long as before
        ("gfedc", "fedcba", 6, False),  # shorter than before
        ("gfedb", "fedca", 5, False),  # its last page has room
        ("gfedcb", "gfedcb", 6, False),  # nothing is missing
    ],
)
def test_what_falls_off_the_end_of_the_newest_rows_was_not_taken_out(
    rows: str, before: str, had: int, newest_only: bool
) -> None:
    _, end = walked(List(rows, dated=True), before=before, rows=had)
    assert (end.complete, end.cut) == (True, newest_only)


def test_without_days_nothing_is_known_to_be_older() -> None:
    assert not walked(List("gfedcb"), before="fedcba", rows=6)[1].cut
