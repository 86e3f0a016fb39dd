"""A page that ends in its middle: no edit for a while, and never what hides one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Disclosure
from archive.waits.expectations import SitePolicy
from archive.waits.page_ends import ends_alike, ends_early
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url

PAGES = sorted((Path(__file__).parents[1] / "pages").rglob("*.html"))


def test_no_saved_page_looks_cut_and_half_of_each_does() -> None:
    bodies = [page.read_bytes() for page in PAGES]
    assert len(bodies) > 100
    assert not any(map(ends_early, bodies))
    assert all(ends_early(b"<html>" + body[: body.rindex(b"</") // 2]) for body in bodies)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


def shorter(document: Disclosure, by: int = 40) -> Disclosure:
    return replace(document, body_text=(document.body_text or "")[:-by])


def cut(office: Office, page: Disclosure) -> None:
    office.end = ""
    office.collect({**site_of(6), url(0): page})
    office.end = "</html>"


def test_now_and_then_it_is_no_edit(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(3):
        cut(office, shorter(notice(0)))
        cut(office, shorter(notice(0)))
        office.collect(site_of(6))
    assert office.feed() == []


def test_cut_elsewhere_each_time_it_is_no_edit(office: Office) -> None:
    office.collect(site_of(6))
    for by in (30, 50, 40):
        cut(office, shorter(notice(0), by))
    assert office.feed() == []


def test_a_template_that_lost_its_end_hides_no_deletion(office: Office) -> None:
    office.collect(site_of(6))
    cut(office, notice(0))
    for _ in range(5):
        cut(office, shorter(notice(0)))
    assert office.feed() == [("edited", notice(0).title)]


EDITED = replace(
    notice(0, document_number="临政发〔2026〕9号"),
    body_text="第0号。罚款9万元。" + "各单位应当认真贯彻执行。" * 10,
)


@pytest.mark.parametrize(
    "page",
    [
        EDITED,
        replace(EDITED, title="关于第0号事项的通知（已废止）"),
        replace(notice(0), document_number="临政发〔2026〕9号"),
    ],
)
@pytest.mark.parametrize("days", [1, 2])
def test_a_page_that_is_edited_and_cut_on_one_day_is_told_once_and_whole(
    office: Office, page: Disclosure, days: int
) -> None:
    office.collect(site_of(6))
    for by in (30, 60)[:days]:
        cut(office, shorter(page, by))
        assert office.feed() == []
    office.collect({**site_of(6), url(0): page})
    assert office.feed() == [("edited", page.title)]
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM versions WHERE document = 1").fetchone()[0] == 2


def test_an_edit_on_a_template_that_lost_its_end_is_told_when_it_has_stayed(office: Office) -> None:
    office.collect(site_of(6))
    for _ in range(2):
        cut(office, EDITED)
        assert office.feed() == []
    for _ in range(2):
        cut(office, EDITED)
    assert office.feed() == [("edited", EDITED.title)]
    later = replace(EDITED, body_text="第0号。罚款7万元。" + "各单位应当认真贯彻执行。" * 10)
    cut(office, later)  # now it is known to have none
    assert office.feed() == [("edited", EDITED.title)] * 2


def test_a_few_words_in_the_place_of_a_text_are_told_when_they_stay(office: Office) -> None:
    office.collect(site_of(6))
    words = replace(notice(0), body_text="本文件已废止。")
    for _ in range(2):
        cut(office, words)
    assert office.feed() == []  # 正文审核中 may stand there as well: no list of words knows them all
    for _ in range(3):
        cut(office, words)
    assert office.feed() == [("edited", notice(0).title)]


# -- new documents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("known", [6, 0])
def test_a_new_document_whose_page_is_cut_is_told_when_all_of_it_is_there(
    office: Office, days: int, known: int
) -> None:
    """Whether news or of the first collection, of which nothing is told."""
    if known:
        office.collect(site_of(known))
    office.cut = {url(6), url(7)}
    for by in (40, 50)[:days]:
        office.collect({**site_of(6), **{url(n): shorter(notice(n), by) for n in (6, 7)}})
        assert office.feed() == []
    office.cut = set()
    for _ in range(4):
        office.collect(site_of(8))
    assert office.feed() == [("added", notice(n).title) for n in (6, 7) if known]


@pytest.mark.parametrize("known", [6, 0])
def test_a_page_that_was_found_cut_before_its_collection_died_waits_as_well(
    office: Office, known: int
) -> None:
    """The next collection does not ask again for what is in, and tells it."""
    if known:
        office.collect(site_of(known))
    office.cut = {url(6)}
    pages = {**site_of(6), url(6): shorter(notice(6))}
    with office.recorder() as recorder:
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        for batch in office.batches(pages)[:-1]:
            recorder.record(run, batch)
    office.cut = set()
    office.collect(site_of(6), listed=[*site_of(7)])
    assert office.feed() == []
    for _ in range(2):
        office.collect(site_of(7))
    assert office.feed() == [("added", notice(6).title)] * bool(known)


def test_a_new_page_that_stays_cut_is_told_as_it_is(office: Office) -> None:
    office.collect(site_of(6))
    office.cut = {url(6)}
    for _ in range(4):
        office.collect({**site_of(6), url(6): shorter(notice(6))})
    assert office.feed() == [("added", notice(6).title)]


@pytest.mark.parametrize("without", [1, 2, 6])
def test_where_pages_of_a_site_have_no_end_a_new_one_is_told_at_once(office: Office, without: int) -> None:
    """A template of some of its lists is enough."""
    office.cut = {url(n) for n in range(6 - without, 7)}
    for _ in range(4):
        office.collect(site_of(6))
    office.collect(site_of(7))
    assert office.feed() == [("added", notice(6).title)]


def test_a_page_of_a_template_without_an_end_ends_alike_whatever_it_shows_beside_its_text() -> None:
    beside = [b"<li>" + b"x" * n + b"</li>" for n in (10, 90)]
    text = b"<html><body>" + b"".join(b"<p>%d. paragraph</p>" % n for n in range(50))
    foot = b"<div class='footer'>the office of Linjiang, telephone and address</div><script>var token = '%s'</script>"
    one, other = (
        text + more + foot % token for more, token in zip(beside, (b"9f3ab2", b"c01e77"), strict=True)
    )
    assert ends_alike(one, other)
    rows = b"<table>" + b"<tr><td>&nbsp;</td><td>&nbsp;</td></tr>" * 40
    assert not ends_alike(text + rows[:700], text + rows[:1179])
    assert not ends_alike(text[:-40], text[:-80])


def test_a_text_that_grows_each_day_on_a_template_that_lost_its_end_is_told(office: Office) -> None:
    """Each look was counted as a first one of another cut."""
    office.collect(site_of(6))
    text = notice(0).body_text or ""
    for day in range(12):
        text += f"第{day}批：罚款{day}万元，{'甲' * day}。"
        cut(office, replace(notice(0), body_text=text))
    assert len([kind for kind, _ in office.feed() if kind == "edited"]) >= 8
