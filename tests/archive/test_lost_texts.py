"""A page that has lost its text: no edit for a while, and never what hides one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Attachment, Disclosure, Problem, Significance
from archive.significance import judge
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url
from tests.archive.test_withdrawn_from_answers import AnsweringOffice

KNOWN = notice(0)


def emptied(document: Disclosure) -> Disclosure:
    return replace(document, body_text=None)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))
    made.collect(site_of(6))
    return made


def test_now_and_then_it_is_no_edit(office: Office) -> None:
    for _ in range(3):
        office.collect({**site_of(6), url(0): emptied(KNOWN)})
        office.collect({**site_of(6), url(0): emptied(KNOWN)})
        office.collect(site_of(6))
    assert office.feed() == []


def test_what_stays_so_is_told_once(office: Office) -> None:
    for _ in range(6):
        office.collect({**site_of(6), url(0): emptied(KNOWN)})
    assert office.feed() == [("edited", KNOWN.title)]


WORD = replace(KNOWN, body_text="正文审核中，敬请期待。")
OTHER = Disclosure(title="公告", body_text="因机房供电线路检修，本站暂停服务，预计明日恢复，请稍后再来。")


@pytest.mark.parametrize("page", [emptied(KNOWN), WORD, OTHER])
def test_a_row_of_an_answer_is_what_it_says(tmp_path: Path, page: Disclosure) -> None:
    """There is no page that could fail to show it."""
    office = AnsweringOffice(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))
    office.answer(site_of(6))
    office.answer({**site_of(6), url(0): page})
    assert office.feed() == [("edited", page.title)]


def test_a_word_in_the_place_of_the_text_now_and_then_is_no_edit(office: Office) -> None:
    office.collect({**site_of(6), url(0): WORD})
    office.collect({**site_of(6), url(0): WORD})
    office.collect(site_of(6))
    assert office.feed() == []


def test_a_word_that_stays_in_the_place_of_the_text_is_told_once(office: Office) -> None:
    for _ in range(6):
        office.collect({**site_of(6), url(0): WORD})
    assert office.feed() == [("edited", KNOWN.title)]


def test_a_text_cut_down_to_one_of_its_lines_is_told_at_once(office: Office) -> None:
    first = (KNOWN.body_text or "")[:40]
    office.collect({**site_of(6), url(0): replace(KNOWN, body_text=first)})
    assert office.feed() == [("edited", KNOWN.title)]


def test_a_file_in_the_place_of_the_text_is_told_at_once(office: Office) -> None:
    file = Attachment(name="全文.pdf", url="http://linjiang.example/files/1.pdf")
    office.collect({**site_of(6), url(0): replace(emptied(KNOWN), attachments=(file,))})
    assert office.feed() == [("edited", KNOWN.title)]


def test_a_file_renamed_by_white_space_alone_is_cosmetic() -> None:
    def named(name: str) -> Disclosure:
        return replace(KNOWN, attachments=(Attachment(name=name, url="http://linjiang.example/1.pdf"),))

    assert judge(named("附件1.附表.pdf"), named("附件1. 附表.pdf")).significance is Significance.COSMETIC
    assert judge(named("附件1.附表.pdf"), named("附件2.附表.pdf")).significance is Significance.SUBSTANTIVE


@pytest.mark.parametrize("looks", [1, 6])
def test_a_further_page_that_is_away_is_no_edit_until_it_stays_away(office: Office, looks: int) -> None:
    whole = replace(KNOWN, body_text=f"{KNOWN.body_text}\n第二部分。各单位应当报告。")
    office.collect({**site_of(6), url(0): whole})
    told = office.feed()
    office.problems = (
        Problem(code="further_page_gone", message="a further page of the text is not to be had"),
    )
    for _ in range(looks):
        office.collect({**site_of(6), url(0): KNOWN})
    assert len(office.feed()) - len(told) == (looks > 1)
    office.collect({**site_of(6), url(0): replace(whole, body_text=f"第三部分。\n{KNOWN.body_text}")})
    assert len(office.feed()) > len(told)  # other lines are an edit at once


@pytest.mark.parametrize("days", [1, 2])
def test_values_of_a_record_that_are_away_for_some_days_are_told_to_nobody(tmp_path: Path, days: int) -> None:
    """A template or a database that fails shows the title and the text of three pages, and nothing over them."""
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    bare = {url(n): notice(n, index_number=None, issuing_body=None) for n in range(3)}
    for _ in range(days):
        office.collect({**site_of(12), **bare})
    for _ in range(4):
        office.collect(site_of(12))
    assert office.feed() == []


def test_values_of_a_record_that_stay_away_are_told_with_the_edits_beside_them(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy())
    office.collect(site_of(12))
    bare = notice(0, index_number=None)
    office.collect({**site_of(12), url(0): bare})
    office.collect({**site_of(12), url(0): notice(0, "罚款9万元。", index_number=None)})
    assert [kind for kind, _ in office.feed()] == ["edited"]
    for _ in range(3):
        office.collect({**site_of(12), url(0): notice(0, "罚款9万元。", index_number=None)})
    assert [kind for kind, _ in office.feed()] == ["edited", "edited"]
