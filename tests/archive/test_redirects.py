"""An address that leads to another page: a move where that is the document, and nothing where it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Fetch, Found, Outcome
from archive.identity import leads_elsewhere
from archive.model import Disclosure
from archive.record import Recorder
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

NEW = "http://linjiang.example/2027/art_9.html"


class Leading(Office):
    """An office some of whose addresses redirect."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, SitePolicy())
        self.led: dict[str, str] = {}
        self.titles: dict[str, str] = {}  # that the list gives, where they are others
        self.stubs: dict[str, str] = {}  # pages that hold nothing but the way to another

    def _page(
        self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]
    ) -> tuple[Fetch, Found | None]:
        fetch, found = super()._page(url, page, revision, aliases)
        target = self.led.get(url, url)
        if fetch.capture is not None and target != url:
            fetch = replace(fetch, capture=replace(fetch.capture, redirects=(url,)))
        if found is not None and (leads_to := self.stubs.get(url)):
            found = replace(found, extraction=replace(found.extraction, leads_to=leads_to))
        if found is not None and isinstance(page, Disclosure) and (title := self.titles.get(url, page.title)):
            found = replace(found, context=json.dumps({"record": None, "hints": {"title": title}}))
        return replace(fetch, final_url=target), found


@pytest.fixture
def office(tmp_path: Path) -> Leading:
    return Leading(tmp_path)


def rest(*without: int) -> dict[str, Disclosure | Outcome]:
    return {url(n): notice(n) for n in range(12) if n not in without}


def documents(office: Office) -> list[tuple]:
    with office.read() as db:
        found = db.execute(
            "SELECT url, status, versions FROM documents WHERE merged_into IS NULL AND url NOT LIKE '%\\_1%.html' ESCAPE '\\'"
            " ORDER BY id"
        )
        return [tuple(row) for row in found if row[0] in (url(0), url(2), NEW)]


@pytest.mark.parametrize("listed_first", [True, False])
@pytest.mark.parametrize("cut", [None, 1])
def test_it_moved_to_where_its_old_address_leads(
    office: Leading, listed_first: bool, cut: int | None
) -> None:
    office.collect(site_of(12))
    office.led = {url(0): NEW}
    same = notice(0)
    pages = {NEW: same, url(0): same} if listed_first else {url(0): same, NEW: same}
    office.collect({**pages, **rest(0)}, listed=[NEW, *rest(0)], cut=cut)
    for _ in range(2):
        office.collect({NEW: same, **rest(0)})
    assert [kind for kind, _ in office.feed()] == ["moved"]
    assert documents(office) == [(NEW, "present", 1), (url(2), "present", 1)]
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []


def test_an_edit_on_the_way_is_told_once(office: Leading) -> None:
    office.collect(site_of(12))
    office.led = {url(0): NEW}
    edited = notice(0, "罚款3万元。", index_number=None)  # the title and the redirect are enough
    office.collect({NEW: edited, url(0): edited, **rest(0)}, listed=[NEW, *rest(0)])
    assert [kind for kind, _ in office.feed()] == ["moved", "edited"]
    assert documents(office)[0] == (NEW, "present", 2)


def test_a_page_in_no_list_is_found_by_the_redirect(office: Leading) -> None:
    office.collect(site_of(12))
    office.led = {url(0): NEW}
    office.collect({url(0): notice(0), **rest(0)}, listed=[*rest(0)])
    assert [kind for kind, _ in office.feed()][:1] == ["moved"]
    assert documents(office)[0][0] == NEW


def test_another_document_in_its_place_is_neither_an_edit_nor_a_removal(office: Leading) -> None:
    office.collect(site_of(12))
    office.led = {url(0): url(2)}
    for _ in range(4):
        office.collect({url(0): notice(2), **rest(0)}, listed=[url(n) for n in range(12)])
    assert office.feed() == []
    assert documents(office) == [(url(0), "present", 1), (url(2), "present", 1)]
    with office.read() as db:
        assert db.execute("SELECT url, count FROM problems WHERE code = 'led_elsewhere'").fetchone()[:] == (
            url(0), 4,
        )  # fmt: skip
    office.led = {}
    office.collect({url(0): Outcome.GONE, **rest(0)}, listed=[*rest(0)])
    assert [kind for kind, _ in office.feed()] == ["missing"]


def test_a_document_in_no_list_whose_address_leads_to_another_one_is_gone(office: Leading) -> None:
    office.collect(site_of(12))
    office.led = {url(0): url(2)}
    for _ in range(5):
        office.collect({url(0): notice(2), **rest(0)}, listed=[*rest(0)])
    assert [kind for kind, _ in office.feed()] == ["missing", "removed"]
    office.led = {}
    office.collect(site_of(12))
    assert [kind for kind, _ in office.feed()] == ["missing", "removed", "restored"]
    assert documents(office)[0] == (url(0), "present", 1)


def test_an_address_that_always_led_elsewhere_is_what_it_was(office: Leading) -> None:
    office.led = {url(0): NEW}
    office.collect(site_of(12))
    office.collect({**site_of(12), url(0): notice(0, "罚款3万元。")})
    office.led = {url(0): NEW.replace("_9", "_10")}
    office.collect({**site_of(12), url(0): notice(0, "罚款4万元。")})
    assert [kind for kind, _ in office.feed()] == ["edited", "edited"]
    assert documents(office)[0] == (url(0), "present", 3)


def test_a_detour_from_where_the_catalogue_links_them_is_no_move(office: Leading) -> None:
    """Visitors are led to pages for phones for a day, those of documents further down the list as well."""
    office.rows = {url(n): "as it was" for n in range(8)}
    office.collect(site_of(12))
    office.led = {url(n): url(n).replace("example/", "example/m/") for n in range(12)}
    for _ in range(3):
        office.collect(site_of(12), full=False)
    office.led = {}
    office.collect(site_of(12))
    assert office.feed() == []
    assert documents(office)[0] == (url(0), "present", 1)


def test_a_page_that_only_leads_to_another_document_is_no_edit(office: Leading) -> None:
    office.collect(site_of(12))
    office.stubs = {url(0): url(2)}
    for _ in range(5):
        office.collect({url(0): notice(2), **rest(0)}, listed=[url(n) for n in range(12)])
    assert office.feed() == []
    office.stubs = {}
    office.collect(site_of(12))
    assert office.feed() == []


@pytest.mark.parametrize(
    ("asked", "got", "elsewhere"),
    [
        ("http://a.example/1.html", "https://a.example/1.html", False),
        ("http://a.example/1", "http://a.example/1/", False),
        ("http://a.example/1.html", "http://a.example/1.html;jsessionid=0A1B", False),
        ("http://a.example/s?id=1", "http://a.example/s?id=1&_t=99", False),
        ("http://a.example/s?id=1", "http://a.example/s?id=2", True),
        ("http://a.example/1.html", "http://a.example/2.html", True),
        ("http://a.example/1.html", "http://b.example/1.html", True),
        ("http://a.example:8080/1.html", "http://a.example/1.html", True),
        ("http://A.example:80/1.html", "https://a.example:443/1.html", False),
    ],
)
def test_what_counts_as_elsewhere(asked: str, got: str, elsewhere: bool) -> None:
    assert leads_elsewhere(asked, got) is elsewhere


LISTED = [url(n) for n in range(12)]


def led(office: Leading, times: int = 1, **other: Disclosure) -> None:
    """Collections in which the list links the old address, which leads to the new one."""
    office.led = {url(0): NEW}
    page = other.get("page", notice(0))
    for _ in range(times):
        with office.read() as db:
            known = db.execute("SELECT 1 FROM addresses WHERE url = ?", [NEW]).fetchone()
        office.collect({url(0): page, **({NEW: page} if known else {}), **rest(0)}, listed=LISTED)
    office.led = {}


def test_a_list_may_go_on_linking_the_address_that_leads(office: Leading) -> None:
    office.collect(site_of(12))
    led(office, times=5)
    assert [kind for kind, _ in office.feed()] == ["moved"]
    assert documents(office) == [(NEW, "present", 1), (url(2), "present", 1)]


def test_an_edit_behind_it_is_told_once(office: Leading) -> None:
    office.collect(site_of(12))
    led(office, times=2)
    led(office, times=3, page=notice(0, "罚款3万元。"))
    assert [kind for kind, _ in office.feed()] == ["moved", "edited"]
    assert documents(office)[0] == (NEW, "present", 2)


@pytest.mark.parametrize("both", [True, False])
def test_an_address_that_leads_no_more_is_still_the_documents(office: Leading, both: bool) -> None:
    office.collect(site_of(12))
    led(office, times=2)
    for _ in range(5):
        office.collect({**site_of(12), NEW: notice(0) if both else Outcome.GONE}, listed=LISTED)
    assert [kind for kind, _ in office.feed()] == (["moved"] if both else ["moved", "moved"])
    assert documents(office)[0] == (NEW if both else url(0), "present", 1)
    office.collect({**site_of(12), NEW: Outcome.GONE, url(0): Outcome.GONE}, listed=LISTED[1:])
    assert [kind for kind, _ in office.feed()][-1] == "missing"
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_copy_that_answers_on_hides_no_later_move(office: Leading, confirmed: bool) -> None:
    """Its redirect had ended: while it answered the document was not gone, and at its next address it was a new one."""
    office.collect(site_of(12))
    led(office, times=2)
    copy: dict[str, Disclosure | Outcome] = {url(0): notice(0), **rest(0)}
    for _ in range(2):
        office.collect({**copy, NEW: notice(0)}, listed=[NEW, *LISTED[1:]])
    if not confirmed:  # a page that fails for a day has not moved
        office.collect({**copy, NEW: Outcome.FAILED}, listed=[NEW, *LISTED[1:]])
    later = NEW.replace("_9", "_10")
    for _ in range(5):
        office.collect({**copy, NEW: Outcome.GONE, later: notice(0)}, listed=[later, *LISTED[1:]])
    assert [kind for kind, _ in office.feed()] == ["moved", "moved"]
    with office.read() as db:
        assert db.execute("SELECT url, status FROM documents WHERE merged_into IS NULL AND id = 1").fetchone()[:] == (
            later, "present",
        )  # fmt: skip
        assert db.execute("SELECT count(*) FROM documents WHERE merged_into IS NULL").fetchone()[0] == 12


@pytest.mark.parametrize("edited", [False, True])
def test_where_a_collection_that_died_found_it_on_its_way_it_was_no_new_one(
    office: Leading, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    """It moved again before the next collection: that its old address had led there died with the first."""
    office.collect(site_of(12))
    later, page = NEW.replace("_9", "_10"), notice(0, "罚款3万元。") if edited else notice(0)
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "finish", lambda *_: None)
        office.led = {url(0): NEW}
        office.collect({url(0): notice(0), NEW: notice(0), **rest(0)}, listed=[NEW, *LISTED[1:]])
    office.led = {url(0): later}
    for _ in range(4):
        office.collect({url(0): page, later: page, NEW: Outcome.GONE, **rest(0)}, listed=[later, *LISTED[1:]])
    assert [kind for kind, _ in office.feed()] == ["moved", *(["edited"] if edited else [])]
    with office.read() as db:
        document = db.execute("SELECT url, status, versions FROM documents WHERE id = 1").fetchone()
        assert tuple(document) == (later, "present", 1 + edited)
        assert db.execute("SELECT count(*) FROM documents WHERE merged_into IS NULL").fetchone()[0] == 12
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []


def test_an_old_address_that_answers_again_is_no_new_document(office: Leading) -> None:
    office.collect(site_of(12))
    for _ in range(2):
        office.collect({NEW: notice(0), url(0): Outcome.GONE, **rest(0)}, listed=[NEW, *LISTED[1:]])
    assert [kind for kind, _ in office.feed()] == ["moved"]
    led(office, times=3)
    office.collect({**site_of(12), NEW: notice(0)}, listed=LISTED)
    assert [kind for kind, _ in office.feed()] == ["moved"]


def test_another_document_at_an_old_address_is_a_new_one(office: Leading) -> None:
    office.collect(site_of(12))
    for _ in range(2):
        office.collect({NEW: notice(0), url(0): Outcome.GONE, **rest(0)}, listed=[NEW, *LISTED[1:]])
    office.collect({NEW: notice(0), url(0): notice(77), **rest(0)}, listed=[NEW, *LISTED])
    assert [kind for kind, _ in office.feed()] == ["moved", "added"]


@pytest.mark.parametrize("stub_first", [True, False])
def test_pages_that_only_lead_to_where_their_list_has_them_now_are_moves(
    office: Leading, stub_first: bool
) -> None:
    office.collect(site_of(12))
    office.stubs = {url(0): NEW}
    both = {url(0): notice(0), NEW: notice(0)} if stub_first else {NEW: notice(0), url(0): notice(0)}
    for _ in range(3):
        office.collect({**both, **rest(0)}, listed=[NEW, *LISTED[1:]])
    assert [kind for kind, _ in office.feed()] == ["moved"]
    assert documents(office)[0] == (NEW, "present", 1)
    for _ in range(5):
        office.collect({NEW: notice(0), url(0): Outcome.GONE, **rest(0)}, listed=[NEW, *LISTED[1:]])
    assert [kind for kind, _ in office.feed()] == ["moved"]
    with office.read() as db:
        assert dict(db.execute("SELECT url, role FROM addresses WHERE url IN (?, ?)", [url(0), NEW])) == {
            url(0): "former", NEW: "current",
        }  # fmt: skip
        assert db.execute("SELECT reasons FROM changes WHERE kind = 'moved'").fetchone()[0] == "[]"


@pytest.mark.parametrize("named", [True, False])
def test_a_page_that_only_leads_on_is_what_it_was(office: Leading, named: bool) -> None:
    """Its list links it still, or what stands at the other address is another document."""
    office.collect(site_of(12))
    office.stubs = {url(0): NEW}
    for _ in range(3):
        other = {} if named else {NEW: notice(77)}
        office.collect({**site_of(12), **other}, listed=[*LISTED, *other])
    assert [kind for kind, _ in office.feed()] == ([] if named else ["added"])
    assert documents(office)[0] == (url(0), "present", 1)


@pytest.mark.parametrize("way", ["redirect", "stub"])
@pytest.mark.parametrize(
    ("title", "told"), [(None, []), ("关于第0号事…", []), ("关于别的事项的通告", ["added"])]
)
def test_an_unknown_address_that_leads_to_a_known_document_is_one_of_its_own(
    office: Leading, way: str, title: str | None, told: list[str]
) -> None:
    """Where its list names it so. Where many addresses lead to one notice, their names are others."""
    office.collect(site_of(12))
    link = "http://linjiang.example/link?id=7"
    (office.led if way == "redirect" else office.stubs)[link] = url(0)
    office.titles = {link: title} if title else {}
    for _ in range(3):
        office.collect({link: notice(0), **site_of(12)}, listed=[link, *LISTED[1:]])
    assert [kind for kind, _ in office.feed() if kind != "unlisted"] == told
