"""Edits that come before earlier ones were told: readers hear of every difference, once, from what they know on."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.diff import compare
from archive.feed import ChangeRow
from archive.model import Attachment, Disclosure
from archive.store import open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy())


def edits(office: Office) -> list[ChangeRow]:
    """What was told of document 0, which must lead from version to version without a gap."""
    with office.read() as db:
        told = [c for c in feed.changes(db) if c.document == 1]
    found: list[object] = []
    verify(office.paths, tell=found.append)
    assert found == []
    for before, after in pairwise(told):
        assert after.from_version == before.to_version
    return told[1:]


def collect(office: Office, page: Disclosure, **others: Disclosure) -> None:
    office.collect({**site_of(12), url(0): page})


def test_a_retraction_is_told_with_the_edit_that_overtakes_it(office: Office) -> None:
    """A fine goes down, and up again the next day; while that settles a file is added. The fine that is in force was told nobody."""
    collect(office, notice(0, "罚款5万元。"))
    collect(office, notice(0, "罚款3万元。"))
    collect(office, notice(0, "罚款5万元。"))
    file = Attachment(name="申报表", url=f"{url(0)}.pdf")
    collect(office, notice(0, "罚款5万元。", attachments=(file,)))
    for _ in range(4):
        collect(office, notice(0, "罚款5万元。", attachments=(file,)))
    first, second = edits(office)
    assert "figures_changed: 5万 → 3万" in first.reasons
    assert {"figures_changed: 3万 → 5万", "attachment_added: 申报表"} <= set(second.reasons)
    assert second.kind == "edited"


def test_an_edit_that_was_held_is_told_with_the_one_that_overtakes_it(office: Office) -> None:
    """Many edits at once are held until the next good run; one that was edited again by then was told by half."""
    office.collect({url(n): notice(n) for n in range(24)})
    many = {url(n): notice(n, f"罚款{n + 10}万元。") for n in range(12)}
    rest = {url(n): notice(n) for n in range(12, 24)}
    assert office.collect({**many, **rest}).outcome == "held"
    office.collect({**many, **rest, url(0): notice(0, "罚款10万元。限期三十日。")})
    (only,) = edits(office)
    assert "figures_changed: 5万 → 10万" in only.reasons
    assert any(reason.startswith("text_added") or reason == "wording" for reason in only.reasons)
    assert len(office.feed()) == 12


def test_values_that_come_back_with_an_edit_are_no_news(office: Office) -> None:
    collect(office, notice(0))
    collect(office, notice(0, index_number=None))
    collect(office, notice(0, "罚款9万元。"))
    for _ in range(4):
        collect(office, notice(0, "罚款9万元。"))
    (only,) = edits_of_any_version(office)
    assert only.fields == ()
    assert only.reasons == ("figures_changed: 5万 → 9万",)


def test_values_that_come_back_after_an_edit_are_no_news(office: Office) -> None:
    collect(office, notice(0))
    collect(office, notice(0, index_number=None))
    collect(office, notice(0, "罚款9万元。", index_number=None))
    for _ in range(4):
        collect(office, notice(0, "罚款9万元。"))
    (only,) = edits_of_any_version(office)
    assert only.reasons == ("figures_changed: 5万 → 9万",)


def edits_of_any_version(office: Office) -> list[ChangeRow]:
    with office.read() as db:
        return [c for c in feed.changes(db) if c.document == 1][1:]


def test_edits_of_a_document_that_nobody_has_heard_of_are_no_news(office: Office) -> None:
    """While a new document may be a known one at another address it was told as edited, and as new after that."""
    office.collect(site_of(12))
    twin = {"index_number": "LJ/2026-0000"}
    known = {url(n): notice(n) for n in range(1, 12)}  # the old address is not asked for
    for fine in (7, 8, 8, 8, 8, 8, 8, 8, 8, 8):
        office.collect(
            {**known, url(50): notice(50, f"罚款{fine}万元。", **twin)}, listed=[url(n) for n in range(12)]
        )
    assert [kind for kind, _ in office.feed()] == ["added"]
    with office.read() as db:
        assert feed.changes(db)[-1].to_version == 2


@pytest.mark.parametrize("healed", [True, False])
def test_what_waits_for_a_word_waits_however_often_it_is_edited(office: Office, healed: bool) -> None:
    """A template's line in every text; one text is edited besides, and the template may be mended with that."""
    line = "\n【字体：大 中 小】"
    office.collect({url(n): notice(n) for n in range(24)})
    redone = {url(n): notice(n, f"罚款5万元。{line}") for n in range(24)}
    assert office.collect(redone).outcome == "held"
    office.collect({**redone, url(0): notice(0, f"罚款5万元。另罚款9万元。{'' if healed else line}")})
    office.collect({**redone, url(0): notice(0, f"罚款5万元。另罚款9万元。{'' if healed else line}")})
    (only,) = [c for c in changes(office) if c.document == 1]
    assert said(office, only) == "另罚款9万元。"
    with office.read() as db:
        held = "SELECT count(*) FROM changes WHERE held_by_run IS NOT NULL AND dropped_at IS NULL"
        assert db.execute(held).fetchone()[0] == (23 if healed else 24)


def said(office: Office, change: ChangeRow) -> str:
    """What a change adds to the text."""
    assert change.from_version is not None and change.to_version is not None
    with office.read() as db:
        versions = [
            feed.load_version(db, change.document, n) for n in (change.from_version, change.to_version)
        ]
    body = compare(*(v.disclosure for v in versions)).body
    return "".join(s.text for s in body if s.op == "insert").strip()


def changes(office: Office) -> list[ChangeRow]:
    with office.read() as db:
        return [c for c in feed.changes(db) if c.kind != "baseline"]


def test_an_edit_among_a_templates_that_is_taken_back_was_never_heard_of(office: Office) -> None:
    """It was told as going back, from a figure that nobody knew, and when a person accepted the rest as that figure."""
    line = "\n【字体：大 中 小】"
    office.collect({url(n): notice(n) for n in range(24)})
    redone = {url(n): notice(n, line) for n in range(24)}
    assert office.collect({**redone, url(0): notice(0, f"罚款9万元。{line}")}).outcome == "held"
    for _ in range(2):
        office.collect({**redone, url(0): notice(0, f"罚款5万元。{line}")})
    with closing(open_archive(office.paths).conn) as db:
        feed.accept_run(db, 2, at=office.now)
    (only,) = [c for c in changes(office) if c.document == 1]
    assert said(office, only) == line.strip()


@pytest.mark.parametrize("text", ["罚款3万元。", "罚款8万元。"])
def test_a_return_that_waits_is_told_with_what_a_move_brings(office: Office, text: str) -> None:
    """A fine goes down, and up again; while that settles the page moves, and says at its new address what readers know, or more."""
    for fine in ("罚款5万元。", "罚款3万元。", "罚款5万元。"):
        collect(office, notice(0, fine))
    moved = {**{url(n): notice(n) for n in range(1, 12)}, url(50): notice(0, text)}
    for _ in range(6):
        office.collect({**moved, url(0): Outcome.GONE})
    with office.read() as db:
        told = [c for c in feed.changes(db) if c.document == 1 and c.kind != "baseline"]
    again = [] if text == "罚款3万元。" else ["figures_changed: 3万 → 8万"]
    assert [c.kind for c in told] == ["edited", "moved", *("edited" for _ in again)]
    assert [r for c in told[2:] for r in c.reasons if r.startswith("figures")] == again
