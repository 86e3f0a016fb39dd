"""Walks through lists that say more than they show: what is cut off, and what is an end."""

from __future__ import annotations

import pytest

from crawler.plan import Plan
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.walk import Walk
from tests.crawler.test_walk_rules import CATALOGUE, NOW, List, address, walked


def lying(rows: str, pages: int) -> List:
    """A list that says it has more pages than it shows."""
    site = List(rows)
    plain = site.page

    def page(request: PageRequest) -> ListPage | None:
        read = plain(request)
        if read is None:
            return None
        following = PageRequest(url="http://a.example/", chain="list", page=request.page + 1)
        return ListPage(rows=read.rows, next=following, last_page=pages)

    site.page = page  # type: ignore[method-assign]
    return site


def test_a_list_whose_last_pages_are_gone_is_cut_off_and_judges_nothing() -> None:
    walk, end = walked(lying("abcdef", 9), before="abcdefghijklm")
    assert (end.complete, end.cut, end.full) == (False, True, True)
    assert "says it has 9 pages, and ends at page 2" in (end.reason or "")
    assert [problem.code for problem in walk.problems] == ["list_cut_off"]


@pytest.mark.parametrize(
    ("rows", "pages", "complete"), [("abcde", 3, True), ("abcdef", 3, False), ("abcde", 4, False)]
)
def test_a_last_page_that_is_gone_behind_a_short_one(rows: str, pages: int, complete: bool) -> None:
    """A list that counts one page too many; behind a full page that page may be missing."""
    walk, end = walked(lying(rows, pages), before="abcdefghijklm")
    assert (end.complete, end.cut) == (complete, True)
    assert [problem.code for problem in walk.problems] == ["list_says_more" if complete else "list_cut_off"]


@pytest.mark.parametrize(
    ("rows", "pages", "total", "told"),
    [
        (
            "abcde",
            9,
            26,
            "list_says_more",
        ),  # its last page is a short one: what it counts beyond was withdrawn
        ("abcdef", 3, 8, None),  # less than a page
        ("abcdef", 3, 9, "list_cut_off"),  # a page that it does not show
        ("abcdef", 9, None, "list_cut_off"),
        ("abcdef", 3, None, None),
    ],
)
def test_a_list_whose_last_pages_are_empty_says_more_than_it_has(
    rows: str, pages: int, total: int | None, told: str | None
) -> None:
    site = List(rows)
    plain = site.page

    def page(request: PageRequest) -> ListPage:
        read = plain(request)
        following = PageRequest(url="http://a.example/", chain="list", page=request.page + 1)
        return ListPage(
            rows=read.rows if read else (), next=following if read else None, last_page=pages, total=total
        )

    site.page = page  # type: ignore[method-assign]
    walk, end = walked(site, before="abcdefghijklm")
    assert (end.complete, end.cut) == (told != "list_cut_off", told is not None)
    assert [problem.code for problem in walk.problems] == ([told] if told else [])


def test_a_search_that_stops_at_its_thousandth_page_withholds_rows() -> None:
    site = List("abcdef")
    plain = site.page

    def page(request: PageRequest) -> ListPage:
        read = plain(request)
        assert read is not None
        return ListPage(rows=read.rows, next=read.next, last_page=2, total=26)

    site.page = page  # type: ignore[method-assign]
    end = walked(site)[1]
    assert (end.complete, end.cut) == (False, True)
    assert "says it has 26 rows, and shows 6" in (end.reason or "")


def test_a_list_that_shows_one_page_of_the_rows_it_counts_is_cut_off() -> None:
    site = List("abc")
    site.page = lambda request: ListPage(rows=(ListRow(url=address("a")),), total=26)  # type: ignore[method-assign]
    end = walked(site)[1]
    assert (end.complete, end.cut) == (False, True)
    assert "says it has 26 rows, and shows 1: no way to the others was found" in (end.reason or "")


@pytest.mark.parametrize(("count", "again", "complete"), [(3, 3, True), (12, 12, False), (30, 15, False)])
def test_a_second_page_that_is_the_first_one_again(count: int, again: int, complete: bool) -> None:
    """A site that clamps page numbers does so behind a short list; behind a full page, or a part of it, more may be hidden."""
    site = List("")
    rows = tuple(ListRow(url=address(chr(97 + n))) for n in range(count))
    following = PageRequest(url="http://a.example/2", chain="list", page=2)
    site.page = (
        lambda request: ListPage(  # type: ignore[method-assign]
            rows=rows if request.page == 1 else rows[:again], next=following if request.page == 1 else None
        )
    )
    assert walked(site)[1].complete is complete


@pytest.mark.parametrize(("total", "complete"), [(None, False), (4, True)])
def test_a_last_page_that_is_the_page_before_again_is_cut_off(total: int | None, complete: bool) -> None:
    """Unless all rows that the site counts were shown: then it only counts a page too many."""
    site = List("")

    def page(request: PageRequest) -> ListPage:
        at = min(request.page, 2)
        rows = tuple(ListRow(url=address(letter)) for letter in "abcd"[at * 2 - 2 : at * 2])
        following = PageRequest(url=f"http://a.example/{at + 1}", chain="list", page=request.page + 1)
        return ListPage(rows=rows, next=following if request.page < 3 else None, last_page=3, total=total)

    site.page = page  # type: ignore[method-assign]
    end = walked(site)[1]
    assert end.complete is complete
    assert complete or "says it has 3 pages, and ends at page 2" in (end.reason or "")


def test_a_page_that_comes_again_behind_others_is_the_end() -> None:
    """Only a second page that is the first one may hide the rest: this site has shown that it turns pages."""
    site, pages = List(""), [tuple(ListRow(url=address(f"{page}{n}")) for n in range(12)) for page in (1, 2)]
    site.page = lambda request: ListPage(  # type: ignore[method-assign]
        rows=pages[min(request.page, 2) - 1],
        next=PageRequest(url="http://a.example/", chain="list", page=request.page + 1),
    )
    assert walked(site)[1].complete


def test_a_page_that_was_only_tried_is_replaced_by_the_one_it_stood_for() -> None:
    walk = Walk("zw", True, first=True)
    real = PageRequest(url="http://a.example/1", chain="list")
    tried = PageRequest(url="http://a.example/0", chain="list", optional=True, otherwise=real)
    assert walk.not_there(tried, "page 0: gone", missing=True).follow == (real,)
    assert not walk.trouble
    assert walk.not_there(real, "page 1: gone", missing=True).follow == ()
    assert walk.trouble == ["page 1: gone"]


def test_a_second_look_lists_what_the_first_one_missed() -> None:
    walk, plan = Walk("zw", True, first=True), Plan((), NOW)
    first = PageRequest(url="http://a.example/", chain="list")
    listed = []
    for shown in ("abc", "abcd"):
        read = ListPage(rows=tuple(ListRow(url=address(letter)) for letter in shown))
        taken = walk.take(first, read, CATALOGUE, plan, NOW)
        assert taken.listed is not None
        listed.append([row.url for row in taken.listed.rows])
        walk.chains["list"].ended = 1  # in doubt
        walk.look_again(plan, 100)
    assert listed == [[address(letter) for letter in "abc"], [address("d")]]


def test_numbered_pages_that_end_before_the_stated_last_one_are_cut_off() -> None:
    site = List("abcdef")
    plain = site.page

    def page(request: PageRequest) -> ListPage | None:
        read = plain(request)
        following = PageRequest(url="http://a.example/n", chain="list", page=request.page + 1)
        return read and ListPage(rows=read.rows, next=following, last_page=5, end_unmarked=True)

    site.page = page  # type: ignore[method-assign]
    end = walked(site)[1]
    assert not end.complete
    assert "says it has 5 pages, and ends at page 2" in (end.reason or "")
