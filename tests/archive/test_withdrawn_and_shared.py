"""What a withdrawn document says, and one that nobody withdrew rests on, is kept for that one; and for nobody else."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import feed
from archive.captures import CaptureStore
from archive.model import Disclosure
from archive.proofs import ProofError, write_proof
from archive.record import SiteRow
from archive.storage.at_hand import AtHand
from archive.store import Transaction, open_captures, open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, Office, notice, site_of, url
from tests.archive.test_withdraw import SECRET, damages, holds, take_out, with_secret
from tests.archive.test_withdrawn_in_any_order import FILE, FilingOffice, exported, filed

NEW = "罚款9万元，公告中已隐去姓名。"


def two_sites(place: Path) -> tuple[Office, Office]:
    """Two sites that list the same addresses: documents 1 to 3 of the one, 4 to 6 of the other. #1 is withdrawn for good."""
    offices = [
        Office(place / "data", SitePolicy(), site=SiteRow(*row))
        for row in (("linjiang", "临江市"), ("xian", "临县"))
    ]
    for office in offices:
        office.collect(with_secret())
    take_out(offices[0], None)
    return offices[0], offices[1]


@pytest.mark.parametrize("cut", [None, 1])
@pytest.mark.parametrize("first", ["withdrawn", "living"])
def test_what_another_site_says_of_its_own_document_is_kept(
    tmp_path: Path, first: str, cut: int | None
) -> None:
    here, there = two_sites(tmp_path)
    pages = {**site_of(3), url(0): notice(0, NEW)}
    for office in (here, there, here) if first == "withdrawn" else (there, here, there):
        office.collect(pages, cut=cut)
        assert damages(here) == []
    assert len(holds(here, NEW)) == 2  # its text, its answer
    with here.read() as db, closing(open_for_reading(here.paths.captures)) as captures:
        assert [v.withdrawn_at is None for v in feed.versions_of(db, 4)] == [True, True]
        assert len(feed.versions_of(db, 1)) == 1
        for number in (1, 2):
            with pytest.raises(ProofError, match="shown to nobody"):
                write_proof(db, CaptureStore(captures), 4, number, tmp_path / f"p{number}", now=here.now)
        assert write_proof(db, CaptureStore(captures), 5, 1, tmp_path / "q", now=here.now).observations
    assert NEW.encode() not in exported(here, tmp_path / "a.warc")
    take_out(here, None, document=4)
    assert holds(here, NEW) == holds(here, SECRET) == []
    for office in (here, there):
        office.collect(pages)
    assert holds(here, NEW) == []
    assert damages(here) == []


@pytest.mark.parametrize("order", ["here first", "there first"])
def test_where_the_other_site_withdrew_one_version_what_is_made_anonymous_is_its_next(
    tmp_path: Path, order: str
) -> None:
    """Its body had been erased for the first site by then, and was taken for half a page that had been erased before."""
    here, there = two_sites(tmp_path)
    take_out(here, 1, document=4)
    pages = {**site_of(3), url(0): notice(0, NEW)}
    for office in (here, there) if order == "here first" else (there, here):
        office.collect(pages)
    with here.read() as db:
        assert [v.withdrawn_at is None for v in feed.versions_of(db, 4)] == [False, True]
        assert db.execute("SELECT count(*) FROM problems").fetchone()[0] == 0
    assert len(holds(here, NEW)) == 2
    assert holds(here, SECRET) == damages(here) == []


def with_file(text: str) -> dict:
    """Two notices with one file."""
    pages = filed(text)
    return {url(0): pages[url(0)], url(1): notice(1, attachments=pages[url(0)].attachments), FILE: text}


@pytest.mark.parametrize("later", [True, False])
def test_a_file_is_kept_for_the_other_document_that_lists_it(tmp_path: Path, later: bool) -> None:
    """It had been erased as the withdrawn one's by then, and came to stay empty. In one run it came before, and is not sent again."""
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(with_file("甲,1"))
    take_out(office, None)
    pages = with_file("乙,2")
    if later:
        office.collect({url(0): pages[url(0)], FILE: "乙,2"}, listed=[url(0), url(1)])
        assert holds(office, "乙,2") == []
        office.collect(pages)
    else:
        office.collect({FILE: "乙,2", url(0): pages[url(0)], url(1): pages[url(1)]}, cut=1)
    assert hashlib.sha256("乙,2".encode()).hexdigest() in holds(office, "乙,2")
    assert damages(office) == []
    with office.read() as db, closing(open_for_reading(office.paths.captures)) as captures:
        assert write_proof(db, CaptureStore(captures), 2, 2, tmp_path / "p", now=office.now).missing == (
            FILE,
        )


def test_what_only_the_withdrawn_one_says_stays_erased_beside_one_that_is_stored_again(
    tmp_path: Path,
) -> None:
    here, there = two_sites(tmp_path)
    secret = {**site_of(3), url(0): notice(0, f"{SECRET}，又改。")}
    for _ in range(2):
        here.collect(secret)
        there.collect(site_of(3))
    assert holds(here, "又改") == []
    assert "又改".encode() not in exported(here, tmp_path / "a.warc")
    assert damages(here) == []


def test_a_body_that_was_erased_under_a_version_is_named_and_comes_back_when_it_is_sent_again(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    with office.read() as db:
        sha256 = db.execute("SELECT sha256 FROM version_sources WHERE version = 2").fetchone()[0]
    with closing(open_captures(office.paths).conn) as captures, Transaction(captures):
        assert CaptureStore(captures).erase(sha256)
    (said,) = damages(office)
    assert sha256 in said
    assert "'versions', row='2'" in said
    assert "document=2" in said
    office.collect(with_secret())
    assert damages(office) == []
    assert holds(office, "第1号。")[-1] == sha256


def test_bodies_are_held_for_one_site_while_another_erases_them(tmp_path: Path) -> None:
    """Mirrors that are collected at once: the page came, was erased for the other, and its document is complete only then."""
    here, there = two_sites(tmp_path)
    pages: dict[str, Disclosure] = {**site_of(3), url(0): notice(0, NEW)}
    shared = AtHand()
    with here.recorder() as one, there.recorder() as two:
        for recorder in (one, two):
            recorder._at_hand = recorder._captures._at_hand = shared
        runs = [
            r.begin(o.site, CATALOGUES, collection="c", full=True) for r, o in ((one, here), (two, there))
        ]
        batches = there.batches(pages)
        two.record(runs[1], replace(batches[1], found=()))
        for batch in here.batches(pages):
            one.record(runs[0], batch)
        assert holds(here, NEW) == []
        two.record(runs[1], replace(batches[1], seq=3, fetches=()))
        two.record(runs[1], replace(batches[-1], seq=4))
        one.finish(runs[0])
        two.finish(runs[1])
    assert len(holds(here, NEW)) == 2
    assert damages(here) == []


def test_what_is_held_in_memory_has_a_bound() -> None:
    held = AtHand(most_bytes=10)
    for name in "abca":
        held.keep(name, name.encode() * 4)
    assert [held.get(name) for name in "abc"] == [b"aaaa", None, b"cccc"]
