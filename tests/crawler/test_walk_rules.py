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


def test_as_many_rows_as_are_stated_are_no_proof_where_some_came_twice() -> None:
    """A list that is sorted anew for each page, by days that many rows share: c comes twice, and d on neither page."""
    site = List("abcdefghi", total=True)
    site.before = lambda site: setattr(site, "rows", "abdcefghi" if len(site.asked) == 1 else "abcdefghi")
    walk, end = walked(site)
    assert letters(walk) == "abcdefghi"
    assert end.complete
    assert site.asked == [1, 2, 3] * 3  # until nothing new turns up
    site = List("abcadefgh", total=True)  # a row twice, which is counted twice
    walk, end = walked(site)
    assert (letters(walk), end.complete, site.asked) == ("abcdefgh", True, [1, 2, 3] * 2)


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
    undated = tuple(replace(one, context=None) for one in held)
    assert Plan(undated, NOW).lacks_newest("zw", seen) == 0  # nothing says which are the newest


@pytest.mark.parametrize(
    ("full", "lively", "followed"),
    [(True, 2, "abcd>"), (False, 2, "ab"), (False, None, "abcd>"), (False, 4, "abcd")],
)
def test_a_walk_that_is_not_full_looks_at_the_newest_of_lists(
    full: bool, lively: int | None, followed: str
) -> None:
    """The issues of a gazette, years: those of long ago get no new documents, and each costs a request a day."""
    lists = tuple(PageRequest(url=address(name), chain=f"list-{name}") for name in "abcd")
    following = PageRequest(url=address(">"), chain="list", page=2)
    walk, start = Walk("zw", full=full), PageRequest(url=CATALOGUE.url, chain="list")
    taken = walk.take(
        start, ListPage(branches=lists, next=following, lively=lively), CATALOGUE, Plan((), NOW), NOW
    )
    assert [request.url for request in taken.follow] == [address(name) for name in followed]


@pytest.mark.parametrize(("total", "complete"), [(None, False), (0, True)])
def test_lists_of_years_of_which_none_has_a_row_are_no_catalogue_without_documents(
    total: int | None, complete: bool
) -> None:
    """How each year's list is written may not be what is read; a site that says that there are none is believed."""
    walk, plan = Walk("zw", full=True, first=True), Plan((), NOW)
    years = tuple(PageRequest(url=address(name), chain=f"list-{name}") for name in "ab")
    walk.take(PageRequest(url=CATALOGUE.url, chain="list"), ListPage(branches=years), CATALOGUE, plan, NOW)
    for year in years:
        walk.take(year, ListPage(total=total), CATALOGUE, plan, NOW)
    end = walk.end(None, False, NOW)
    assert (end.complete, end.reason) == (
        complete,
        None if complete else "no rows were found in the 2 lists that it leads to",
    )


def test_an_index_of_issues_that_shows_an_earlier_page_again_has_ended() -> None:
    walk, plan, asked = Walk("zw", full=True), Plan((), NOW), 0
    page: PageRequest | None = PageRequest(url=CATALOGUE.url, chain="list")
    while page is not None and asked < 9:
        asked += 1
        issues = tuple(PageRequest(url=address(name), chain=f"list-{name}") for name in "abc")
        following = replace(page, url=f"{CATALOGUE.url}?page={page.page + 1}", page=page.page + 1)
        taken = walk.take(page, ListPage(branches=issues, next=following), CATALOGUE, plan, NOW)
        page = next((one for one in taken.follow if one.chain == "list"), None)
    assert asked == 2
