"""One page at every address: what it would have told, or kept from being told, is as if it had not been there."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.batch import Batch, Fetch, Found, Outcome
from archive.model import Disclosure
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url

CLOSED = notice(99, "本站正在升级，请稍后访问。", title="网站升级公告", index_number=None, issuing_body=None)


def closed(count: int) -> dict[str, Disclosure | Outcome]:
    return {url(n): CLOSED for n in range(count)}


def status_of(office: Office, document: int) -> tuple[str, str, int]:
    with office.read() as db:
        row = db.execute(
            "SELECT status, last_present_at, absent_checks FROM documents WHERE id = ?", [document]
        )
        return tuple(row.fetchone())


def test_a_removed_document_does_not_come_back_by_it(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    others = [url(n) for n in range(1, 12)]
    for _ in range(4):
        office.collect({**site_of(12), url(0): Outcome.GONE}, listed=others)
    told, before = office.feed(), status_of(office, 1)
    assert told[-1][0] == "removed"
    for _ in range(2):
        office.collect({**site_of(12), **closed(6)}, listed=others)
    assert (office.feed(), status_of(office, 1)) == (told, before)
    office.collect({**site_of(12), url(0): Outcome.GONE}, listed=others)
    assert office.feed() == told
    office.collect(site_of(12))
    assert office.feed() == [*told, ("restored", notice(0).title)]


def test_a_return_that_a_killed_collection_saw_is_told_by_the_next(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    others = [url(n) for n in range(1, 12)]
    for _ in range(4):
        office.collect({**site_of(12), url(0): Outcome.GONE}, listed=others)
    with office.recorder() as recorder:
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=False)
        fetch, found = office._page(url(0), notice(0), "r1", ())
        recorder.record(run, Batch(seq=1, fetches=(fetch,), found=(found,)))
    office.collect({url(n): notice(n) for n in range(1, 12)}, listed=[url(n) for n in range(12)])
    assert office.feed()[-1][0] == "restored"


def test_it_is_no_sign_of_presence(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    seen = status_of(office, 1)
    office.collect({**site_of(12), **closed(6)})
    assert status_of(office, 1) == seen


def test_a_retraction_that_was_settling_is_told_all_the_same(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    office.collect({**site_of(12), url(0): notice(0, "罚款3万元。")})
    office.collect(site_of(12))
    office.collect({**site_of(12), **closed(6)})
    for _ in range(4):
        office.collect(site_of(12))
    assert [kind for kind, _ in office.feed()] == ["edited", "edited"]
    with office.read() as db:
        last = db.execute(
            "SELECT reasons FROM changes WHERE feed_seq IS NOT NULL ORDER BY feed_seq DESC"
        ).fetchone()
    assert "reverted: 1" in last[0]


def test_an_edit_of_a_text_that_always_stood_at_many_addresses_is_told(tmp_path: Path) -> None:
    """A list that links one notice by several spellings (?from=list, upper case): its addresses never differed."""
    office = Office(tmp_path, SitePolicy())
    same = [url(n) for n in range(4)]
    office.collect({**site_of(40), **{address: notice(0) for address in same}})
    office.collect({**site_of(40), **{address: notice(0, "罚款3万元。") for address in same}})
    assert office.feed() == [("edited", notice(0).title)] * 4
    told = office.feed()
    office.collect({**site_of(40), **closed(9)})  # four addresses of one text, and five others
    office.collect({**site_of(40), **{address: notice(0, "罚款3万元。") for address in same}})
    assert office.feed() == told


class Counting(Office):
    """Pages with a counter: no two answers are the same bytes."""

    def _page(
        self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]
    ) -> tuple[Fetch, Found | None]:
        self.end += "1"
        return super()._page(url, page, revision, aliases)


@pytest.mark.parametrize("published", [0, 1])
def test_the_newest_document_at_every_address_is_told_to_nobody(tmp_path: Path, published: int) -> None:
    """Each answer has another counter, and the document came out that day: it was told as an edit of the others."""
    office = Counting(tmp_path, SitePolicy())
    office.collect(site_of(30))
    newest = notice(50, title="临江市人民政府关于第50号事项的通知", document_number="临政发〔2027〕50号")
    pages: dict[str, Disclosure | Outcome] = {**site_of(30), **{url(n): newest for n in range(4)}}
    office.collect({url(50): newest, **pages} if published else {**pages, url(50): newest})
    office.collect({**site_of(30), url(50): newest})
    assert office.feed() == [("added", newest.title)]
    with office.read() as db:
        assert db.execute("SELECT max(number) FROM versions").fetchone()[0] == 1
