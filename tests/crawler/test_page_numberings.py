"""The names that further pages of a list may have, where nothing says it."""

from __future__ import annotations

import pytest

from crawler.platforms.base import ListPage, ListRow
from crawler.survey.page_numbers import numberings

HOME = "https://www.linjiang.example/zwgk/tzgg/"
ROWS = (ListRow(url=f"{HOME}202602/t20260214_7.shtml"),)
BESIDE = [("index_{n}.shtml", 1), ("index_{n}.shtml", 2)]
FURTHER = [
    ("?page={n}", 2),
    ("index{n}.shtml", 1),
    ("index-{n}.shtml", 2),
    ("index{n}.shtml", 2),
    ("{n}.shtml", 2),
]


@pytest.mark.parametrize(("last", "expected"), [(None, BESIDE), (1, BESIDE), (3, BESIDE + FURTHER)])
@pytest.mark.parametrize("name", ["", "index.shtml"])
def test_rarer_names_are_tried_where_the_list_says_that_there_are_more_pages(
    name: str, last: int | None, expected: list[tuple[str, int]]
) -> None:
    assert numberings(HOME + name, ListPage(rows=ROWS, last_page=last), "") == expected


def test_a_name_with_a_number_is_that_of_a_page() -> None:
    assert numberings(f"{HOME}list_1.html", ListPage(rows=ROWS, last_page=3), "") == [
        ("list_{n}.html", 2),
        ("?page={n}", 2),
        ("{n}.html", 2),
    ]
