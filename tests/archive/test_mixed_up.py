"""The page of one document at the address of another: a cache that mixed them up for a while, or a page replaced for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


def problems(office: Office) -> list[tuple[str, int]]:
    with office.read() as db:
        return [tuple(row) for row in db.execute("SELECT code, count FROM problems")]


def versions(office: Office) -> int:
    with office.read() as db:
        return db.execute("SELECT count(*) FROM versions").fetchone()[0]


def test_for_a_day_it_is_no_edit(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(3):  # now and then, and each time for two days
        office.collect({**site_of(6), url(0): notice(1)})
        office.collect({**site_of(6), url(0): notice(1), url(3): notice(5)})
        office.collect(site_of(6))
    assert (office.feed(), versions(office)) == ([], 6)
    assert problems(office) == [("page_of_another", 2), ("page_of_another", 1)] * 3


def test_an_older_text_of_the_other_document_is_as_little_one(office: Office) -> None:
    office.collect(site_of(6))
    office.collect({**site_of(6), url(1): notice(1, "罚款6万元。")})
    office.collect({**site_of(6), url(1): notice(1, "罚款6万元。"), url(0): notice(1)})
    assert [kind for kind, _ in office.feed()] == ["edited"]


def test_what_stays_is_an_edit_once(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(6):
        office.collect({**site_of(6), url(0): notice(1)})
    assert office.feed() == [("edited", notice(1).title)]


def test_an_edit_that_keeps_a_name_is_told_at_once(office: Office) -> None:
    office.collect(site_of(6))
    office.collect({**site_of(6), url(0): notice(0, "罚款9万元。")})
    assert office.feed() == [("edited", notice(0).title)]


def test_it_brings_no_removed_document_back_and_takes_none_away(office: Office) -> None:
    office.collect(site_of(6))
    others = [url(n) for n in range(1, 6)]
    for _ in range(4):
        office.collect({**site_of(6), url(0): Outcome.GONE}, listed=others)
    told = office.feed()
    assert told[-1][0] == "removed"
    office.collect({**site_of(6), url(0): notice(1)}, listed=others)
    assert office.feed() == told
    office.collect(site_of(6))
    assert office.feed() == [*told, ("restored", notice(0).title)]
