"""Addresses that change at every visit are one document: the collection leaves out what the site file names."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from crawler.lists.visit_parameters import changed, of_pages, seems_changed, without_visit
from crawler.platforms.base import ListPage, ListRow
from tests.crawler.survey_pages import drafted, listing, look
from tests.crawler.test_walk_fake_sites import collect, expected, titles
from tests.fake_sites.office import Answer, notices
from tests.fake_sites.static_list import StaticListSite

BASE = "https://www.linjiang.example"


class _SessionSite(StaticListSite):
    """Every page of the list links its documents with a session of its own."""

    platform = ""  # no platform of its own
    visits = count(100_000)

    named = True

    def site_file(self) -> str:
        return super().site_file().rstrip() + ("\n    visit_parameters: [sid]\n" if self.named else "\n")

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        status, headers, answer = super().respond(method, target.partition("?sid=")[0], body)
        session = f'.html?sid={next(self.visits)}" title='.encode()
        return status, headers, answer.replace(b'.html" title=', session)


def test_a_second_run_knows_the_documents_of_the_first(tmp_path: Path) -> None:
    with _SessionSite(notices(30)) as site:
        assert collect(tmp_path, site)["outcome"] == "complete"
        report = collect(tmp_path, site, "--full")
        assert (report["outcome"], report["new"], report["unlisted"]) == ("complete", 0, 0)
        assert titles(tmp_path) == expected(site.notices)


class _UnnamedSessionSite(_SessionSite):
    named = False


def test_what_makes_all_documents_look_new_is_said_and_believed_by_nobody(tmp_path: Path) -> None:
    """The first collection kept each document twice, and all others told all documents as added."""
    with _UnnamedSessionSite(notices(30)) as site:
        report = collect(tmp_path, site)
        assert (report["outcome"], report["baseline"]) == ("partial", 30)
        assert "visit_parameters" in report["reasons"][0]
        site.notices = [*notices(31)[:1], *site.notices]
        report = collect(tmp_path, site, "--full")
    assert (report["outcome"], report["new"] + report["baseline"], report["unlisted"]) == ("partial", 1, 0)
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
        said = db.execute("SELECT value FROM problems WHERE code = 'addresses_change'").fetchall()
    assert said == [("sid",)]


def test_documents_that_moved_are_no_sign_of_it() -> None:
    key = "//www.linjiang.example/a?id={}&s={}".format
    lost = {key(n, 1) for n in range(10)}
    assert seems_changed(lost, {key(n, 2) for n in range(10)}) == "s"
    assert seems_changed(lost, {key(n, 2) for n in range(9)} | {key(77, 2)}) == "s"
    assert seems_changed(lost, {key(n, 2) for n in range(5)}) is None
    assert seems_changed(lost | {key(n, 3) for n in range(10)}, {key(n, 2) for n in range(10)}) == "s"
    assert seems_changed(lost, {key(n + 10, 1) for n in range(10)}) is None  # by `id` all would be one
    assert seems_changed({key(1, 1)}, {key(1, 2)}) is None
    assert seems_changed(set(), set()) is None


def row(address: str, title: str = "关于第7号事项的通知") -> ListRow:
    return ListRow(url=BASE + address, title=title, row_hash="1")


def test_what_differs() -> None:
    assert changed([row("/a?id=7&s=1")], [row("/a?id=7&s=2")]) == ("s",)
    assert changed([row("/a?id=7&s=1")], [row("/a?s=2&id=7")]) == ("s",)
    assert changed([row("/a?id=7")], [row("/a?id=7")]) == ()
    assert changed([row("/a1?s=1")], [row("/a2?s=2")]) is None
    # A document that was put on top meanwhile is no visit's.
    assert changed([row("/a?id=7")], [row("/a?id=8", "关于第8号事项的通知"), row("/a?id=7")]) is None
    # Without it two documents would be one.
    two = [row("/a?s=1"), row("/a?s=2", "关于第8号事项的通知")]
    assert changed(two, [row("/a?s=3"), row("/a?s=4", "关于第8号事项的通知")]) is None


def _holding(session: int) -> dict[str, object]:
    """Values that hold addresses: JSON as a text, a list of files."""
    return {
        "urls": json.dumps({"pc": f"/a?id=7&s={session}", "files": [{"url": f"/f?s={session}&n=1"}]}),
        "files": [{"url": f"/f?s={session}&n=1"}],
        "text": '{"n": 1 }',
    }


def test_rows_without_what_changes() -> None:
    one = ListRow(
        url=f"{BASE}/a?id=7&s=1", aliases=(f"{BASE}/b?s=1&id=7",), row_hash="1",
        record={"url": "/a?id=7&s=1", "title": "何时?s=1", "hits": 3, **_holding(1)},
    )  # fmt: skip
    two = ListRow(
        url=f"{BASE}/a?id=7&s=2", record={**(one.record or {}), "url": "/a?id=7&s=2", **_holding(2)}
    )
    left = [without_visit(ListPage(rows=(r,)), ("s",)).rows[0] for r in (one, two)]
    assert left[0].url == f"{BASE}/a?id=7"
    assert left[0].aliases == (f"{BASE}/b?id=7",)
    assert left[0].row_hash == left[1].row_hash
    held = {
        "urls": '{"pc":"/a?id=7","files":[{"url":"/f?n=1"}]}',
        "files": [{"url": "/f?n=1"}],
        "text": '{"n": 1 }',
    }
    assert left[0].record == {"url": "/a?id=7", "title": "何时?s=1", "hits": 3, **held}
    assert without_visit(ListPage(rows=(one,)), ()).rows == (one,)


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("id={n}&page=1", "id={n}&page=2", ("page",)),
        ("curPage=0&id={n}&c=5", "curPage=1&id={n}&c=5", ("curPage",)),
        ("id={n}&page=1", "id={n}&page=1", ()),  # the first page of each document
        ("id={n}&y=2030", "id={n}&y=2031", ()),
        ("p={n}1", "p={n}2", ()),
        ("id={n}", "id={n}&page=2", ()),
    ],
)
def test_parameters_that_hold_the_page_of_a_row_are_none_of_its_document(
    first: str, second: str, names: tuple[str, ...]
) -> None:
    pages = [
        [ListRow(url=f"{BASE}/view.jsp?{query.format(n=n)}", title=None) for n in numbers]
        for query, numbers in ((first, range(1, 5)), (second, range(5, 8)))
    ]
    assert of_pages(*pages) == names
    assert of_pages(pages[0], ()) == ()


def test_the_page_of_a_row_is_named_in_the_draft(tmp_path: Path) -> None:
    pages = {
        f"/zwgk/gongwen/{'' if n == 1 else '?page=2'}": listing(
            "./", 10 * n, 10, pager="<a href='?page=2'>下一页</a>" if n == 1 else ""
        ).replace(".html'", f".html?page={n}'")
        for n in (1, 2)
    }
    survey, _ = look(pages)
    assert 'visit_parameters: ["page"]' in drafted(survey, tmp_path)
    assert not any("?" in row.url for row in survey.lists[0].rows)
