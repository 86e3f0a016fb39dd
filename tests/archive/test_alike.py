"""Few edits that do the same: one file in the place of several, two servers that end the pages of a small site in turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import feed
from archive.model import Attachment, AttachmentState, Disclosure
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

FILES = "http://linjiang.example/files"
PLACEHOLDER = "文件审核中，请稍后下载。"
ENDS = ("临江市政务云一号节点发布", "临江市人民政府网站群承办")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


def with_file(n: int, text: str, words: str = "罚款5万元。") -> Disclosure:
    sha256 = f"{hash(text) & (1 << 255) - 1:064x}"
    file = Attachment(
        name="明细表", url=f"{FILES}/{n}.pdf", sha256=sha256, text=text, state=AttachmentState.FETCHED
    )
    return notice(n, words, attachments=(file,))


def site(text: Callable[[int], str]) -> dict[str, Disclosure]:
    return {url(n): with_file(n, text(n)) for n in range(6)}


def own(n: int) -> str:
    return f"第{n}号明细，{n}万元。"


def test_one_file_in_the_place_of_all_waits_for_a_word_and_is_forgotten_when_they_are_back(
    office: Office,
) -> None:
    office.collect(site(own))
    held = office.collect({**site(own), **{url(n): with_file(n, PLACEHOLDER) for n in range(3)}})
    assert (held.outcome, [p.code for p in held.problems]) == ("held", ["same_file"])
    # One more: that it is one by now is known.
    later = office.collect(site(lambda n: PLACEHOLDER if n < 4 else own(n)))
    assert later.outcome == "held"
    for _ in range(4):
        office.collect(site(lambda n: PLACEHOLDER if n < 4 else own(n)))
    assert office.feed() == []
    assert [office.collect(site(own)).outcome for _ in range(4)] == ["complete"] * 4
    assert office.feed() == []


def test_it_holds_no_other_edit_of_its_run(office: Office) -> None:
    office.collect(site(own))
    office.collect({**site(lambda _: PLACEHOLDER), url(5): with_file(5, own(5), "罚款6万元。")})
    assert office.feed() == [("edited", notice(5).title)]


def test_one_file_that_replaced_several_is_told_when_a_person_says_so(office: Office) -> None:
    office.collect(site(own))
    held = office.collect(site(lambda _: "合并后的明细。"))
    with closing(sqlite3.connect(office.paths.archive, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        assert feed.accept_run(db, held.run, at=office.now) == 6
    assert [kind for kind, _ in office.feed()] == ["attachment"] * 6


@pytest.mark.parametrize(
    "text", [lambda n: f"更正后的第{n}号明细。", lambda n: own(n) if n > 1 else "统一申请表。"]
)
def test_files_that_are_replaced_each_by_another_or_two_by_one_are_told_at_once(
    office: Office, text: Callable[[int], str]
) -> None:
    office.collect(site(own))
    assert office.collect(site(text)).outcome == "complete"
    assert {kind for kind, _ in office.feed()} == {"attachment"}


def test_a_file_that_all_shared_and_that_is_replaced_everywhere_is_told_at_once(office: Office) -> None:
    office.collect(site(lambda _: "申请表2030版。"))
    office.collect(site(lambda _: "申请表2031版。"))
    assert [kind for kind, _ in office.feed()] == ["attachment"] * 6


def ending(n: int, which: int, words: str = "罚款5万元。") -> Disclosure:
    page = notice(n, words)
    return replace(page, body_text=f"{page.body_text}\n{ENDS[which % 2]}")


@pytest.mark.parametrize("mixed", [True, False], ids=["some pages by each", "all by one or the other"])
def test_two_servers_that_end_pages_otherwise_in_turn(office: Office, mixed: bool) -> None:
    for day in range(7):
        words = "罚款7万元。" if day > 3 else "罚款5万元。"
        office.collect(
            {url(n): ending(n, day + n * mixed, words if n == 2 else "罚款5万元。") for n in range(6)}
        )
    assert office.feed() == [("edited", notice(2).title)]


def test_an_ending_that_one_document_got_or_lost_is_told_at_once(office: Office) -> None:
    pages = {url(n): ending(n, n) for n in range(6)}
    office.collect(pages)
    office.collect({**pages, url(0): ending(0, 1), url(1): notice(1)})
    assert [kind for kind, _ in office.feed()] == ["edited"] * 2


def test_what_several_texts_say_of_being_in_force_is_told_at_once(office: Office) -> None:
    office.collect({url(n): notice(n) for n in range(6)})
    office.collect({url(n): notice(n, "罚款5万元。\n本文件自2031年3月1日起废止。\n") for n in range(6)})
    assert [kind for kind, _ in office.feed()] == ["edited"] * 6


def test_a_redesign_that_drops_the_files_of_all_pages_alarms_no_reader(office: Office) -> None:
    whole = site(own)
    office.collect({**whole})
    bare = {url(n): notice(n) for n in range(6)}
    first = office.collect({**bare})
    assert first.outcome == "held"
    assert any("attachments" in problem.message for problem in first.problems)
    for _ in range(5):
        assert any("waits for your word" in reason for reason in office.collect({**bare}).reasons)
    assert office.feed() == []
    office.collect({**whole})
    assert office.feed() == []


def test_files_that_a_few_documents_lose_are_told_at_once(office: Office) -> None:
    office.collect({**site(own)})
    assert office.collect({**site(own), url(1): notice(1), url(2): notice(2)}).outcome == "complete"
    assert [kind for kind, _ in office.feed()] == ["attachment"] * 2
