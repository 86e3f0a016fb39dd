"""Where pages of an answer begin and end, as a site file states it or as the answers show."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.lists.json_listing import Listing, first_page, list_page
from crawler.lists.records import RowShape
from crawler.paging import Paging, Sender
from crawler.platforms.base import PageRequest

AT = "http://a.example/api/list"
LISTING = Listing(rows=("rows",), shape=RowShape(url="url"), total=("total",))


def walked(sender: Sender, answers: dict[str, list[int]], **more: Any) -> list[str]:
    """The addresses that a walk asks for; ``answers``: address → numbers of the documents that it gives."""
    asked: list[str] = []
    request: PageRequest | None = first_page(sender)
    while request is not None:
        asked.append(request.url)
        rows = [{"url": f"/{number}.html"} for number in answers.get(request.url, [])]
        request = list_page({"rows": rows, **more}, AT, request, LISTING, sender).next
    return asked


def pages(*numbers: int) -> list[str]:
    return [f"{AT}?no={number}" for number in numbers]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({0: [1, 2], 1: [3]}, (0, 1, 2)),  # page 0 is the first
        ({1: [1, 2], 2: [3]}, (0, 1, 2, 3)),  # there is none
        ({0: [1, 2], 1: [1, 2], 2: [3]}, (0, 1, 2, 3)),  # it is page 1 by another name
    ],
)
def test_whether_pages_count_from_zero_is_seen(answers: dict[int, list[int]], asked: tuple[int, ...]) -> None:
    given = {f"{AT}?no={number}": rows for number, rows in answers.items()}
    assert walked(Sender(AT, Paging(name="no")), given) == pages(*asked)


def test_a_list_that_ends_with_a_page_that_is_not_full() -> None:
    given = dict(zip(pages(1, 2, 3), ([1, 2], [3], [9]), strict=True))
    assert walked(Sender(AT, Paging(name="no", first=1, size=2, stop="short")), given) == pages(1, 2)


def test_pages_that_are_files() -> None:
    given = {"http://a.example/api/p_1.json": [1, 2], "http://a.example/api/p_2.json": [3]}
    assert walked(Sender(AT, Paging(pattern="p_{n}.json", first=1)), given, total=3) == list(given)


def test_a_cursor_that_the_form_of_the_first_part_states() -> None:
    sender = Sender(
        AT, Paging(by="cursor", name="last", send="form", cursor="next"), form={"last": "", "c": "5"}
    )
    first = first_page(sender)
    read = list_page({"rows": [{"url": "/1.html"}], "next": "7a"}, AT, first, LISTING, sender)
    assert read.next is not None
    assert (first.body, read.next.body) == (b"last=&c=5", b"last=7a&c=5")
