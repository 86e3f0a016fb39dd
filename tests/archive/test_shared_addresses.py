"""Lists of two sites lead to one page: what was kept of it for the one serves the other, and neither takes it from the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from archive.batch import Batch, Outcome
from archive.prune import Pruning
from archive.record import SiteRow
from archive.store import open_archive, open_captures
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, Office, notice, url

CITY = SiteRow("linjiang", "临江市人民政府")
PROVINCE = SiteRow("jiangbei", "江北省人民政府")
PAGE = url(0)
NEW = "http://www.linjiang.example/gongwen/t20260101_0.html"


class ServedOffice(Office):
    """Its pages are bytes that do not depend on who asks, and may be led to."""

    led: Mapping[str, str] = MappingProxyType({})

    def _page(self, address, page, *rest):
        fetch, found = super()._page(address, page, *rest)
        if found is None or address not in self.led:
            return fetch, found
        capture = replace(fetch.capture, redirects=(address,))
        return replace(fetch, final_url=self.led[address], capture=capture), found


@pytest.fixture
def offices(tmp_path: Path) -> tuple[ServedOffice, ServedOffice]:
    data = tmp_path / "data"
    return tuple(ServedOffice(data, SitePolicy(), site=site) for site in (CITY, PROVINCE))


def damages(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda damage: found.append(str(damage)))
    return found


def test_a_page_that_moves_has_moved_for_both(offices: tuple[ServedOffice, ServedOffice]) -> None:
    """The city leads its old address to the new one; the province's list names the new one at once."""
    city, province = offices
    for office in offices:
        office.collect({PAGE: notice(0), url(5): notice(5)})
        office.led = {PAGE: NEW}
        office.collect({PAGE: notice(0), url(5): notice(5)} if office is city else {url(5): notice(5)})
    province.collect({NEW: notice(0), PAGE: notice(0), url(5): notice(5)}, listed=[NEW, url(5)])
    with province.read() as db:
        told = db.execute(
            "SELECT kind FROM changes WHERE site = 'jiangbei' AND kind <> 'baseline' AND dropped_at IS NULL"
        )
        assert [row[0] for row in told] == ["moved"]
    assert damages(province) == []


def test_what_a_collection_that_died_left_stays_where_another_site_has_it(
    offices: tuple[ServedOffice, ServedOffice], monkeypatch: pytest.MonkeyPatch
) -> None:
    city, province = offices
    page = {PAGE: notice(0)}
    fetch, found = city._page(PAGE, page[PAGE], "r1", ())
    with city.recorder() as recorder:
        run = recorder.begin(CITY, CATALOGUES, collection="c", full=False)
        monkeypatch.setattr("archive.record.observe", lambda *_: 1 / 0)  # dies between the two files
        with pytest.raises(ZeroDivisionError):
            recorder.record(run, Batch(seq=1, fetches=(fetch,), found=(found,)))
        monkeypatch.undo()
    province.collect(page)
    city.now = province.now
    city.collect({url(1): notice(1)})
    assert damages(province) == []


def test_an_answer_that_another_site_had_lately_is_not_let_go_of(
    offices: tuple[ServedOffice, ServedOffice],
) -> None:
    """Its visitors are counted: no version rests on it, but it is the newest answer that the province had."""
    city, province = offices
    for end in ("<p>1</p>", "<p>2</p>", "<p>3</p>"):
        city.end = end
        city.collect({PAGE: notice(0)})
    province.now = city.now
    province.end = "<p>1</p>"
    province.collect({PAGE: notice(0)})
    province.end = "<p>2</p>"
    province.collect({PAGE: notice(0)})
    kept = hashlib.sha256(f"<html>{notice(0)}<p>2</p>".encode()).hexdigest()
    with (
        closing(open_archive(city.paths).conn) as archive,
        closing(open_captures(city.paths).conn) as captures,
    ):
        later = province.now + timedelta(days=1)
        pruning = Pruning(archive, captures, None, now=later, older_than=timedelta(days=1))
        pruning.plan(lambda *_: None)
        pruning.apply(lambda *_: None)
        assert captures.execute("SELECT count(*) FROM captures WHERE sha256 = ?", [kept]).fetchone()[0] == 1


def test_what_comes_back_by_a_redirect_was_not_dropped_by_a_list_that_day(tmp_path: Path) -> None:
    """It left its list with its page; the walk of the day on which it is back did not come to its new row."""
    office = ServedOffice(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))
    others = {url(n): notice(n) for n in (5, 6)}
    office.collect({PAGE: notice(0), **others})
    office.collect({PAGE: Outcome.GONE, **others}, listed=list(others))
    office.led = {PAGE: NEW}
    office.collect({PAGE: notice(0), **others}, listed=list(others), full=False)
    office.collect({PAGE: notice(0), NEW: notice(0), **others}, listed=[NEW, *others])
    assert [kind for kind, _ in office.feed()] == ["removed", "moved"]


def test_a_list_that_dropped_the_old_row_has_not_dropped_the_document(tmp_path: Path) -> None:
    """The new rows stood in it when it was walked, and the budget did not reach their pages; the short walk of the next day sees none."""
    office = ServedOffice(tmp_path / "data", SitePolicy())
    others = {url(n): notice(n) for n in (5, 6)}
    office.collect({PAGE: notice(0), **others})
    office.collect(others, listed=[NEW, *others], asked=False)
    office.led = {PAGE: NEW}
    office.collect({PAGE: notice(0), **others}, listed=list(others), full=False)
    assert [kind for kind, _ in office.feed()] == ["moved"]
    office.collect({PAGE: notice(0), NEW: notice(0), **others}, listed=list(others), asked=False)
    assert [kind for kind, _ in office.feed()] == ["moved", "unlisted"]
