"""A new document whose address shows another one's page at first, or no text: news when it shows itself, and no edit then."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.batch import Fetch, Found, Outcome
from archive.model import Attachment, Disclosure
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

REPAIR = Disclosure(
    title="公告", body_text="因机房供电线路检修，本站数据库暂停服务，预计明日恢复，请稍后再来。"
)
Pages = dict[str, Disclosure | Outcome]


class Titled(Office):
    """An office whose catalogue gives every document its title, whatever the page shows."""

    def _page(
        self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]
    ) -> tuple[Fetch, Found | None]:
        fetch, found = super()._page(url, page, revision, aliases)
        number = int(url.rpartition("_")[2].removesuffix(".html"))
        context = json.dumps({"record": None, "hints": {"title": f"关于第{number}号事项的…"}})
        return fetch, replace(found, context=context) if found else None


@pytest.fixture
def office(tmp_path: Path) -> Titled:
    made = Titled(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))
    made.collect(site_of(12))
    return made


def told(office: Office) -> Counter[tuple[str, str | None]]:
    return Counter(office.feed())


def added(*numbers: int) -> Counter[tuple[str, str | None]]:
    return Counter(("added", notice(number).title) for number in numbers)


@pytest.mark.parametrize(
    "shown",
    [
        {url(12): notice(3), url(13): notice(13)},
        {url(12): notice(13), url(13): notice(13)},
        {url(13): notice(12), url(12): notice(12)},
        {url(12): notice(13), url(13): notice(12)},
        {url(12): notice(77), url(13): notice(77)},
        {url(12): REPAIR, url(13): notice(13)},
        {url(12): replace(notice(12), body_text=None), url(13): notice(13)},
    ],
    ids=[
        "a known one's",
        "a later one's",
        "an earlier one's",
        "exchanged",
        "a strange one",
        "one like nothing known",
        "without a text",
    ],
)
@pytest.mark.parametrize("days", [1, 2])
def test_what_shows_itself_later_is_told_once_as_it_is(office: Titled, shown: Pages, days: int) -> None:
    for _ in range(days):
        office.collect({**site_of(12), **shown})
        assert not told(office) - added(12, 13)
    for _ in range(4):
        office.collect(site_of(14))
    assert told(office) == added(12, 13)


def test_two_that_were_exchanged_are_news_on_the_day_on_which_each_shows_itself(office: Titled) -> None:
    office.collect({**site_of(12), url(12): notice(13), url(13): notice(12)})
    office.collect(site_of(14))
    assert told(office) == added(12, 13)


@pytest.mark.parametrize("page", [notice(3), replace(notice(12), body_text=None)])
def test_what_stays_is_told_as_it_is(office: Titled, page: Disclosure) -> None:
    for _ in range(4):
        office.collect({**site_of(12), url(12): page})
    assert told(office) == Counter([("added", page.title)])
    for _ in range(4):
        office.collect(site_of(13))
    assert told(office) == Counter([("added", page.title), ("edited", notice(12).title)])


def test_one_document_at_two_addresses_that_its_list_names_so_is_news_at_once(office: Titled) -> None:
    office.collect({**site_of(13), url(12): replace(notice(12), title="关于第12号事项的通知及解读")})
    assert [kind for kind, _ in office.feed()] == ["added"]


def test_where_lists_call_documents_otherwise_all_is_told_at_once(tmp_path: Path) -> None:
    """From the first collection on, of which a document is edited on the next day."""
    office = Titled(tmp_path, SitePolicy())
    pages = {at: replace(page, title=f"公示{number}") for number, (at, page) in enumerate(site_of(4).items())}
    office.collect(dict([*pages.items()][:2]))
    office.collect({**pages, url(0): replace(pages[url(0)], document_number="临政发〔2026〕9号")})
    assert sorted(office.feed()) == [("added", "公示2"), ("added", "公示3"), ("edited", "公示0")]
    office.collect({**pages, url(4): pages[url(1)]})  # published twice
    assert office.feed()[-1] == ("added", "公示1")


def test_where_many_documents_have_no_text_one_more_is_news_at_once(tmp_path: Path) -> None:
    office = Titled(tmp_path, SitePolicy())
    office.collect({at: replace(page, body_text=None) for at, page in site_of(8).items()})
    office.collect({**site_of(0), url(8): replace(notice(8), body_text=None)})
    assert told(office) == added(8)


def test_of_what_a_first_collection_found_an_edit_is_told_the_day_after(tmp_path: Path) -> None:
    office = Titled(tmp_path, SitePolicy())
    office.collect({**site_of(12), url(3): REPAIR})
    office.collect({**site_of(12), url(3): replace(REPAIR, body_text=f"{REPAIR.body_text}\n另行通知。")})
    assert office.feed() == [("edited", REPAIR.title)]


def test_a_file_is_a_text_enough(office: Titled) -> None:
    file = Attachment(name="附件.pdf", url=f"{url(12)}.pdf")
    office.collect({**site_of(12), url(12): replace(notice(12), body_text=None, attachments=(file,))})
    assert told(office) == added(12)


@pytest.mark.parametrize("others", [range(1, 4), range(12)])
def test_a_first_walk_in_which_addresses_show_the_newest_document(tmp_path: Path, others: range) -> None:
    office = Titled(tmp_path, SitePolicy())
    office.collect({**site_of(12), **{url(n): notice(0) for n in others}})
    for _ in range(5):
        report = office.collect(site_of(12))
        assert report.outcome == "complete"
    assert office.feed() == []
    with office.read() as db:
        titles = {row[0] for row in db.execute("SELECT title FROM documents")}
    assert titles == {notice(n).title for n in range(12)}


@pytest.mark.parametrize(
    "page",
    [notice(5), REPAIR, replace(notice(3), body_text=None), replace(notice(3), body_text="第3号。各单位")],
)
@pytest.mark.parametrize("elsewhere", [False, True])  # whether a known document shows it as well
def test_a_document_that_moved_to_where_it_does_not_show_itself_yet_is_a_move_and_nothing_else(
    office: Titled, page: Disclosure, elsewhere: bool
) -> None:
    """Another one's page, one like nothing known, no text, half of its own: its absence waits until it is known."""
    there = url(3).replace("/gongwen/", "/2026/")
    moved = {**{u: p for u, p in site_of(12).items() if u != url(3)}, url(3): Outcome.GONE, there: notice(3)}
    office.cut = {there} if (page.body_text or "").startswith("第3号") else set()
    office.collect({**moved, there: page, **({url(5): page} if elsewhere and page == REPAIR else {})})
    assert office.feed() == []
    office.cut = set()
    for _ in range(3):
        office.collect(moved)
    assert told(office) == Counter([("moved", notice(3).title)])


@pytest.mark.parametrize(("ahead", "days"), [(0, 7), (30, 9), (365 * 24, 1), (-24, 6)])
def test_what_was_found_on_a_clock_that_was_ahead_waits_no_year(
    office: Titled, ahead: int, days: int
) -> None:
    """Nor is anything told at once that was found on a clock which is a day ahead of today's."""
    there = {**site_of(12), url(12): notice(77)}
    right = office.now
    office.now = right + timedelta(hours=ahead)
    office.collect(there)
    office.now = right + timedelta(days=1)
    waited = 0
    while not office.feed():
        waited += 1
        office.collect({**site_of(12), url(12): Outcome.FAILED}, listed=list(there))
        assert waited < 20
    assert waited == days
