"""The walk through a catalogue: what a moving, lying or cut-off list does to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.batch import Known, KnownCatalogue, WalkEnd
from archive.identity import url_key
from crawler.plan import Plan
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.sites import Catalogue
from crawler.walk import MOST_LOOKS, Walk

NOW = datetime(2026, 4, 1, tzinfo=UTC)
CATALOGUE = Catalogue(key="zw", url="http://a.example/zw/")
SIZE = 3


def address(name: str) -> str:
    return f"http://a.example/zw/{name}.html"


def day(letter: str) -> str:
    return f"2026-01-{ord(letter) - 96:02d}"


def known(*names: str) -> tuple[Known, ...]:
    return tuple(
        Known(
            document=number, url=address(name), current=True, status="present", row_hash=None, etag=None,
            last_modified=None, validators_honest=False, last_confirmed_at=None, last_unconditional_at=None,
            extractor_revision=None, catalogues=("zw",),
            context=json.dumps({"record": None, "hints": {"published_on": day(name)}}),
        )
        for number, name in enumerate(names)
    )  # fmt: skip


class List:
    """A list of letters in pages of three, that changes between two requests as a test says."""

    def __init__(self, rows: str, *, total: bool = False, pages: bool = False, dated: bool = False) -> None:
        """``dated``: the rows show days, a the earliest."""
        self.rows, self.total, self.pages, self.dated = rows, total, pages, dated
        self.asked: list[int] = []
        self.before: Callable[[List], None] = lambda _: None

    def page(self, request: PageRequest) -> ListPage | None:
        """The answer to a request; None where there is no such page."""
        self.before(self)
        self.asked.append(request.page)
        last = -(-len(self.rows) // SIZE)
        if request.page > last:
            return None
        shown = self.rows[(request.page - 1) * SIZE : request.page * SIZE]
        return ListPage(
            rows=tuple(ListRow(url=address(letter), hints=self._hints(letter)) for letter in shown),
            next=PageRequest(url="http://a.example/", chain="list", page=request.page + 1)
            if request.page < last
            else None,
            last_page=last if self.pages else None,
            total=len(self.rows) if self.total else None,
        )

    def _hints(self, letter: str) -> dict[str, str]:
        return {"published_on": day(letter)} if self.dated else {}


def walked(
    site: List, *, before: str | None = None, rows: int | None = None, full: bool = True, budget: int = 100
) -> tuple[Walk, WalkEnd]:
    """The walk, and how it ended.

    ``before``: the letters that the catalogue listed; None on its first walk. ``rows``: how many it had then.
    """
    plan = Plan(known(*(before or "")), NOW)
    walk = Walk("zw", full, first=before is None)
    waiting = [PageRequest(url="http://a.example/", chain="list")]
    while waiting:
        request = waiting.pop(0)
        read = site.page(request)
        if read is None:
            taken = walk.not_there(request, f"page {request.page}: gone", missing=True)
        else:
            taken = walk.take(request, read, CATALOGUE, plan, NOW)
        waiting.extend(taken.follow)
        if not waiting:
            waiting = walk.look_again(plan, budget)
    catalogue = KnownCatalogue(
        key="zw", first_walk_ended=before is not None, last_full_walk_at=None, last_full_walk_rows=rows
    )
    walk.judge_window(catalogue, plan)
    return walk, walk.end(catalogue, False, NOW)


def letters(walk: Walk) -> str:
    return "".join(sorted(key.removesuffix(".html")[-1] for key in walk.seen_rows))


def once(site: List, at: int, change: Callable[[List], None]) -> None:
    """Change the list just before its request number ``at``."""

    def before(listing: List) -> None:
        if len(listing.asked) == at:
            change(listing)

    site.before = before


def drop(letter: str) -> Callable[[List], None]:
    def change(site: List) -> None:
        site.rows = site.rows.replace(letter, "")

    return change


def test_a_row_that_slipped_to_a_page_already_read_is_found_on_the_first_walk() -> None:
    site = List("abcdefghi")
    once(site, 1, drop("b"))  # d moves up to the first page, which has been read
    walk, end = walked(site)
    assert letters(walk) == "abcdefghi"
    assert end.complete


def test_a_known_row_that_slipped_is_looked_for() -> None:
    site = List("abcdefghi")
    once(site, 1, drop("b"))
    walk, end = walked(site, before="abcdefghi")
    assert "d" in letters(walk)
    assert (end.complete, end.cut) == (True, False)


def test_a_list_in_which_nothing_is_missing_is_walked_once() -> None:
    site = List("xabcdefghi")
    walked(site, before="abcdefghi")
    assert site.asked == [1, 2, 3, 4]


def test_a_stated_total_that_was_shown_whole_is_proof() -> None:
    site = List("abcdefghi", total=True)
    assert walked(site)[1].complete
    assert site.asked == [1, 2, 3]


@pytest.mark.parametrize("states", ["total", "pages"])
def test_a_stated_size_that_falls_is_a_reason_to_look_again(states: str) -> None:
    site = List("abcdefg", **{states: True})
    once(site, 1, drop("b"))
    walk, end = walked(site, before="")  # nothing known is missing
    assert "d" in letters(walk)
    assert end.complete


def insert(site: List, at: int) -> None:
    if len(site.asked) % 3 == 2:
        site.rows = site.rows[:at] + chr(0x4E00 + len(site.asked)) + site.rows[at:]


def test_a_list_that_changes_in_its_middle_at_every_look_is_reported() -> None:
    site = List("abcdefghijklm")
    site.before = lambda listing: insert(listing, 6)
    end = walked(site)[1]
    assert not end.complete
    assert "faster than it can be walked" in (end.reason or "")
    assert len(site.asked) <= MOST_LOOKS * 12


def test_rows_put_on_top_are_no_reason_to_look_once_more() -> None:
    site = List("abcdefghijklm")
    site.before = lambda listing: insert(listing, 0)
    assert walked(site)[1].complete
    assert len(site.asked) < 3 * 7


def test_without_budget_a_missing_row_is_trouble_but_a_first_walk_ends() -> None:
    short = List("abcdefgh")
    assert not walked(short, before="abcdefghi", budget=1)[1].complete
    assert walked(List("abcdefgh"), budget=1)[1].complete


def test_a_short_walk_never_looks_twice() -> None:
    site = List("abcdefghi")
    once(site, 1, drop("b"))
    walked(site, before="abcdefghi", full=False)
    assert site.asked == [1, 2]


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


@pytest.mark.parametrize("unmet", [True, False])
def test_a_first_walk_that_is_cut_off_is_made_once_more_before_it_counts(unmet: bool) -> None:
    """Its second page was away for a day: all beyond was news when it was back."""
    walk = Walk("zw", full=True, first=True, hosts=("http://a.example/",))
    walk.unmet, walk.cut = unmet, ["the list says it has 2 pages, and ends at page 1"]
    end = walk.end(None, asked_full=False, at=NOW)
    assert (end.complete, end.cut) == (False, not unmet)


def test_rows_that_lead_elsewhere_are_told() -> None:
    walk = Walk("zw", full=True, hosts=("http://b.example/",))
    rows = tuple(ListRow(url=f"http://{host}/1.html") for host in ("a.example", "b.example", "c.example"))
    taken = walk.take(
        PageRequest(url="http://a.example/zw/"), ListPage(rows=rows), CATALOGUE, Plan((), NOW), NOW
    )
    assert taken.listed is not None
    assert [row.url for row in taken.listed.rows] == ["http://a.example/1.html", "http://b.example/1.html"]
    walk.end(None, False, NOW)
    assert [(p.code, p.value) for p in walk.problems] == [("rows_elsewhere", "c.example")]


@pytest.mark.parametrize(("step", "complete"), [(1, False), (2, False), (9, True), (12, True)])
def test_pages_that_show_most_of_the_page_before_again(step: int, complete: bool) -> None:
    """``?pn=1`` that skips one row: fifty pages of twelve rows would be sixty-one documents, and the count of rows right."""
    site = List("")
    rows = [ListRow(url=address(str(n))) for n in range(200)]

    def page(request: PageRequest) -> ListPage:
        following = PageRequest(url="http://a.example/n", chain="list", page=request.page + 1)
        first = (request.page - 1) * step
        return ListPage(
            rows=tuple(rows[first : first + 12]), next=following if request.page < 6 else None, total=60
        )

    site.page = page  # type: ignore[method-assign]
    end = walked(site)[1]
    assert end.complete is complete
    assert complete or "most of the rows of the page before again" in (end.reason or "")


@pytest.mark.parametrize(("rows", "asked"), [("abcdefghijklmnop", 4), ("ponmlkjihgfedcba", 2)])
def test_a_list_with_its_oldest_rows_on_top_is_walked_to_its_end(
    rows: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pages with nothing new end the look at another list; what is new on this one stands on the last."""
    monkeypatch.setattr(f"{__name__}.SIZE", 4)
    site = List(rows, dated=True)
    walked(site, before=rows.replace("p", "") if rows[0] == "a" else rows, full=False)
    assert max(site.asked) == asked


@pytest.mark.parametrize(
    ("rows", "status", "lost"),
    [
        ("abcd", "present", 2),
        ("abcde", "present", 0),
        ("abcdx", "present", 0),
        ("cdef", "present", 0),
        ("abcd", "missing", 0),
    ],
)
def test_a_list_that_lacks_its_newest_documents_alone_is_an_old_one(
    rows: str, status: str, lost: int
) -> None:
    """A cache kept it from some days ago: its newest documents were told as unlisted, and as back the day after."""
    held = tuple(replace(one, status=status) for one in known(*"abcdef"))
    seen = {url_key(address(letter)) for letter in rows}
    assert Plan(held, NOW).lacks_newest("zw", seen) == lost
