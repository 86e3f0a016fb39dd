"""The page of one document at the address of another: a cache that mixed them up for a while, or a page replaced for good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.model import Disclosure, Evidence, Place
from archive.waits.expectations import SitePolicy
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


REPAIR = Disclosure(
    title="网站系统升级维护公告",
    body_text="我市政府网站群将于近期进行升级。\n升级期间部分栏目暂停更新，请谅解。",
    issuing_body="临江市人民政府",
)


def test_a_page_like_nothing_known_is_no_edit_for_a_day(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(3):
        office.collect({**site_of(6), url(0): REPAIR})
        office.collect({**site_of(6), url(0): REPAIR, url(3): REPAIR})
        office.collect(site_of(6))
    assert (office.feed(), versions(office)) == ([], 6)
    assert {code for code, _ in problems(office)} == {"page_replaced"}


def test_another_documents_edit_of_the_same_day_at_this_address_is_no_edit_of_this_one(
    office: Office,
) -> None:
    other = Disclosure(
        title="临江市停车收费办法", body_text="停车收费实行政府定价，由区县公布。", index_number="LJ/1"
    )
    edited = Disclosure(
        title="临江市停车收费办法", body_text="停车收费实行市场调节，由车场公布。", index_number="LJ/1"
    )
    office.collect({**site_of(3), url(7): other})
    office.collect({**site_of(3), url(7): edited, url(0): edited})
    office.collect({**site_of(3), url(7): edited})
    assert office.feed() == [("edited", other.title)]


def test_another_documents_edit_of_the_same_day_with_lines_of_this_one(office: Office) -> None:
    """Texts of one office have lines in common; title and number are the other document's."""
    office.collect(site_of(6))
    edited = replace(notice(3, "罚款9万元。"), title="临江市停车收费办法")
    known = replace(notice(3), title="临江市停车收费办法")
    office.collect({**site_of(6), url(3): known})
    told = office.feed()
    office.collect({url(3): edited, **{url(n): notice(n) for n in (1, 2, 4, 5)}, url(0): edited})
    office.collect({**site_of(6), url(3): edited})
    assert office.feed() == [*told, ("edited", edited.title)]


def test_a_page_like_nothing_known_that_stays_is_an_edit_once(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(2):
        office.collect({**site_of(6), url(0): REPAIR})
    assert office.feed() == []
    for _ in range(4):
        office.collect({**site_of(6), url(0): REPAIR})
    assert office.feed() == [("edited", REPAIR.title)]


@pytest.mark.parametrize(
    "kept",
    [
        {"title": "关于第0号事项的通知（修订）"},
        {"body_text": "另有规定的从其规定办理。\n本通知自印发之日起施行。"},
        {"document_number": "临政发〔2026〕3号"},
        {"index_number": "LJ/2026-0000"},
        {"body_text": "第0号。罚款9万元。" + "各单位应当认真贯彻执行。" * 9 + "另行通知。"},
    ],
    ids=["like title", "a line", "number", "index number", "like text"],
)
def test_what_keeps_anything_of_its_document_is_an_edit_at_once(office: Office, kept: dict[str, str]) -> None:
    known = notice(0, document_number="临政发〔2026〕3号")
    known = replace(known, body_text=(known.body_text or "") + "\n本通知自印发之日起施行。")
    fields = {"title": REPAIR.title, "body_text": REPAIR.body_text, **kept}
    office.collect({**site_of(6), url(0): known})
    office.collect({**site_of(6), url(0): Disclosure(**fields)})
    assert [kind for kind, _ in office.feed()] == ["edited"]


@pytest.mark.parametrize("place", [Place.LIST, Place.API])
def test_names_that_its_row_lends_to_a_page_are_not_its_own(office: Office, place: Place) -> None:
    """A page without a heading has the row's title, number and index number, whatever it shows."""
    office.collect(site_of(6))
    names = ("title", "index_number", "issuing_body")
    office.evidence = tuple(
        Evidence(field=name, label="", raw="x", place=place, chosen=True) for name in names
    )
    office.collect({**site_of(6), url(0): replace(notice(0), body_text=REPAIR.body_text)})
    assert (office.feed(), problems(office)) == ([], [("page_replaced", 1)])
    office.collect({**site_of(6), url(0): notice(0, "罚款9万元。")})
    assert office.feed() == [("edited", notice(0).title)]


def test_a_name_that_the_page_itself_gives_is_its_own(office: Office) -> None:
    office.collect(site_of(6))
    office.evidence = (Evidence(field="index_number", label="", raw="x", place=Place.TABLE, chosen=True),)
    office.collect({**site_of(6), url(0): replace(REPAIR, index_number=notice(0).index_number)})
    assert office.feed() == [("edited", REPAIR.title)]


def test_a_replacement_that_the_catalogue_names_is_an_edit_at_once(office: Office) -> None:
    office.rows = {url(0): "as it was"}
    office.collect(site_of(6))
    office.rows = {url(0): "with another title"}
    office.collect({**site_of(6), url(0): REPAIR})
    assert office.feed() == [("edited", REPAIR.title)]
