"""Documents under one title with one short text (yearly budgets): when their site moves, each is known by all that it says."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.histories.split import split
from archive.model import Attachment, AttachmentState, Disclosure
from archive.record import Recorder
from archive.store import Transaction, exclusive, open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

TITLE = "2026年部门预算公开"


def budget(n: int, text: str | None = "详见附件。") -> Disclosure:
    file = Attachment(
        name="预算表.pdf", url=f"http://linjiang.example/f/{n}.pdf", sha256=f"{n:064x}", size=9, text=f"共{n}万元",
        state=AttachmentState.FETCHED,
    )  # fmt: skip
    return Disclosure(title=TITLE, issuing_body="临江市财政局", body_text=text, attachments=(file,))


def there(n: int) -> str:
    return f"http://www.linjiang.gov.example/2026/{n}.html"


def damages(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda damage: found.append(str(damage)))
    return found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy())


@pytest.mark.parametrize("text", ["详见附件。", None])
def test_each_is_known_by_its_file(office: Office, text: str | None) -> None:
    """None was matched, for all agreed in title and text: as many additions as removals."""
    office.collect({url(n): budget(n, text) for n in range(4)})
    moved = {there(n): budget(n, text) for n in (2, 0, 3, 1)}
    office.collect({**moved, **{url(n): Outcome.GONE for n in range(4)}})
    assert office.feed() == [("moved", TITLE)] * 4
    with office.read() as db:
        ways = db.execute("SELECT from_url, to_url FROM changes WHERE kind = 'moved'").fetchall()
    assert sorted(tuple(way) for way in ways) == sorted((url(n), there(n)) for n in range(4))


def test_those_that_say_otherwise_are_not_one(office: Office) -> None:
    office.collect({url(n): budget(n) for n in range(2)})
    office.collect({there(n): budget(n) for n in (7, 8)} | {url(n): Outcome.GONE for n in range(2)})
    assert sorted(kind for kind, _ in office.feed()) == ["added", "added", "missing", "missing"]


@pytest.mark.parametrize(("other", "kinds"), [(7, ["added", "missing"]), (1, ["moved"])])
def test_another_one_in_its_place_is_told_as_such(office: Office, other: int, kinds: list[str]) -> None:
    """Last year's goes when this year's comes, under the same title with the same 详见附件: that was a move, and no word of the file."""
    office.collect({url(1): budget(1)})
    office.collect({there(1): replace(budget(other), published_on=date(2026, 3, 2)), url(1): Outcome.GONE})
    assert sorted(kind for kind, _ in office.feed()) == kinds


def test_white_space_of_a_new_template_hides_no_move(office: Office) -> None:
    """The text was compared by its bytes, in which the template's indents stand; nothing else of it was known."""
    page = notice(1, "收支公开。", index_number=None)
    office.collect({url(1): page})
    indented = replace(page, body_text=f"\u3000\u3000{page.body_text} ")
    office.collect({there(1): indented, url(1): Outcome.GONE})
    assert office.feed() == [("moved", page.title)]


def test_the_old_address_of_a_twin_is_asked_before_it_is_told_as_new(office: Office) -> None:
    office.collect({url(1): budget(1, "详见附件。"), url(2): notice(2)})
    indented = replace(budget(1), body_text="\u3000详见附件。")
    office.collect({there(1): indented, url(2): notice(2)}, full=False)
    assert office.feed() == []
    office.collect({url(1): Outcome.GONE, there(1): indented, url(2): notice(2)}, listed=[there(1), url(2)])
    assert office.feed() == [("moved", TITLE)]


def test_what_it_said_while_its_news_waited_is_in_its_history(office: Office) -> None:
    """The host of its old address is dead, and in the week that this waits the office edits it twice: the first edit was lost."""
    office.collect({url(1): notice(1), url(2): notice(2)})
    for text in ("罚款5万元。", "罚款6万元。", "罚款7万元。", "罚款7万元。"):
        pages = {there(1): notice(1, text), url(2): notice(2)}
        office.collect({url(1): Outcome.FAILED, **pages}, listed=list(pages))
    assert office.feed() == []
    office.collect({url(1): Outcome.GONE, **pages}, listed=list(pages))
    assert office.feed() == [("moved", notice(1).title), ("edited", notice(1).title)]
    with office.read() as db:
        said = [
            feed.load_version(db, 1, v.number).disclosure.body_text or "" for v in feed.versions_of(db, 1)
        ]
        told = db.execute(
            "SELECT from_version, to_version FROM changes WHERE kind = 'edited' AND dropped_at IS NULL"
        ).fetchall()
        last = db.execute("SELECT current_version, versions FROM documents WHERE id = 1").fetchone()
    assert [text.split("。")[1] for text in said] == ["罚款5万元", "罚款6万元", "罚款7万元"]
    assert [tuple(one) for one in told] == [(1, last["current_version"])]
    assert damages(office) == []


def test_such_a_history_can_be_parted_again(office: Office) -> None:
    office.collect({url(1): notice(1), url(2): notice(2)})
    for text, old in (
        ("罚款5万元。", Outcome.FAILED),
        ("罚款6万元。", Outcome.FAILED),
        ("罚款7万元。", Outcome.GONE),
    ):
        pages = {there(1): notice(1, text), url(2): notice(2)}
        office.collect({url(1): old, **pages}, listed=list(pages))
    with exclusive(office.paths), closing(open_archive(office.paths).conn) as db, Transaction(db):
        done = split(db, 3, now=office.now)
    assert (done.versions, done.other_versions) == (3, 1)
    assert damages(office) == []


@pytest.mark.parametrize("old", [Outcome.GONE, Outcome.FAILED])
def test_what_a_collection_that_died_found_is_told_once_though_it_moves(
    office: Office, old: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both addresses were news that day, and none of them was looked for among the known ones."""
    office.collect({url(2): notice(2)})
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "finish", lambda *_: None)
        office.collect({url(1): notice(1), url(2): notice(2)})
    pages = {there(1): notice(1), url(2): notice(2)}
    for _ in range(9):
        office.collect({url(1): old, **pages}, listed=list(pages))
    told = (
        [("added", notice(1).title)]
        if old is Outcome.GONE
        else [("added", notice(1).title), ("moved", notice(1).title)]
    )
    assert office.feed() == told
    with office.read() as db:
        assert [row["url"] for row in db.execute("SELECT url FROM documents WHERE merged_into IS NULL")] == [
            url(2),
            there(1),
        ]
    assert damages(office) == []
