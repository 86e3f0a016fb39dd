"""A wrong merge is undone: each history has what was read at its own addresses, and they are never joined again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from archive import feed
from archive.batch import Outcome
from archive.histories import merges
from archive.histories.split import Split, SplitError, split
from archive.model import Disclosure
from archive.store import Transaction, exclusive, open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

OLD, NEW = url(0), "http://linjiang.example/gongwen/2027/t20270101_9.html"
POLICY = SitePolicy(confirm_checks=1, confirm_days=0)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", POLICY)


def undo(office: Office, document: int) -> Split:
    with exclusive(office.paths), closing(open_archive(office.paths).conn) as db, Transaction(db):
        return split(db, document, now=office.now)


def damages(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda damage: found.append(str(damage)))
    return found


def forget(office: Office) -> None:
    """Leave of the merges what an archive knows that made them before merges were rows."""
    with exclusive(office.paths), closing(open_archive(office.paths).conn) as db, Transaction(db):
        db.execute("DELETE FROM merges")
        db.execute(merges.MADE_BEFORE)


def history(office: Office, address: str) -> list[str]:
    """First sentences of the versions at an address, oldest first."""
    with office.read() as db:
        (document,) = feed.resolve_document(db, address)
        return [
            str(feed.load_version(db, document, v.number).disclosure.body_text).split("各")[0]
            for v in feed.versions_of(db, document)
        ]


def row(office: Office, address: str) -> dict:
    with office.read() as db:
        (document,) = feed.resolve_document(db, address)
        return dict(db.execute("SELECT * FROM documents WHERE id = ?", [document]).fetchone())


def reused_number(text: str) -> Disclosure:
    """Another notice that was given the same index number: taken for the first one, moved."""
    return notice(0, text)


def moved(office: Office) -> dict:
    """The old page is gone, another notice with its index number appears; and is edited twice since."""
    pages = {**site_of(3), OLD: notice(0, "旧文甲。")}
    office.collect(pages)
    office.collect({**pages, OLD: notice(0, "旧文乙。")})
    del pages[OLD]
    office.collect({**pages, OLD: Outcome.GONE, NEW: reused_number("新文甲。")}, listed=[*pages, NEW])
    for text in ("新文乙。", "新文丙。"):
        pages[NEW] = reused_number(text)
        office.collect(pages)
    return pages


@pytest.mark.parametrize("old_archive", [False, True])
def test_a_move_that_was_none(office: Office, old_archive: bool) -> None:
    pages = moved(office)
    if old_archive:
        forget(office)
    assert len(history(office, NEW)) == 5
    assert [kind for kind, _ in office.feed()] == ["edited", "moved", "edited", "edited", "edited"]
    with office.read() as db:
        (merge,) = merges.merges_into(db)
    done = undo(office, merge.document)
    assert (done.versions, done.other_versions) == (3, 2)
    assert history(office, OLD) == ["第0号。旧文甲。", "第0号。旧文乙。"]
    assert history(office, NEW) == ["第0号。新文甲。", "第0号。新文乙。", "第0号。新文丙。"]
    old, new = row(office, OLD), row(office, NEW)
    assert (old["status"], old["url"], old["versions"]) == ("removed", OLD, 2)
    assert (new["status"], new["url"], new["versions"], new["merged_into"]) == ("present", NEW, 3, None)
    assert old["last_present_at"] < old["first_absent_at"] <= new["first_present_at"]
    with office.read() as db:
        told = {(c.document, c.kind.value) for c in feed.changes(db, without_baseline=True)}
        roles = db.execute("SELECT document, role FROM addresses WHERE url IN (?, ?) ORDER BY id", [OLD, NEW])
        assert [tuple(r) for r in roles] == [(old["id"], "current"), (new["id"], "current")]
    assert told == {
        (old["id"], "edited"), (old["id"], "removed"), (new["id"], "added"), (new["id"], "edited"),
    }  # fmt: skip
    assert damages(office) == []
    before = office.feed()
    for _ in range(3):  # and it stays so
        office.collect({**pages, OLD: Outcome.GONE}, listed=list(pages))
    assert office.feed() == before
    assert len(history(office, NEW)) == 3
    assert damages(office) == []


def test_a_move_of_an_equal_text_that_was_none(office: Office) -> None:
    pages = site_of(3)
    office.collect(pages)
    del pages[OLD]
    office.collect({**pages, OLD: Outcome.GONE, NEW: notice(0)}, listed=[*pages, NEW])
    assert len(history(office, NEW)) == 1
    with office.read() as db:
        (merge,) = merges.merges_into(db)
    undo(office, merge.document)
    assert (len(history(office, OLD)), len(history(office, NEW))) == (1, 1)
    assert damages(office) == []
    # The old page comes back with another text.
    office.collect({OLD: notice(0, "复出。"), **pages, NEW: notice(0)})
    assert history(office, OLD) == ["第0号。罚款5万元。", "第0号。复出。"]
    assert len(history(office, NEW)) == 1
    assert damages(office) == []


@pytest.mark.parametrize("old_archive", [False, True])
def test_two_pages_that_the_platform_declared_one_and_are_not(office: Office, old_archive: bool) -> None:
    one, two = notice(1, "甲文。", index_number="A"), notice(2, "乙文。", index_number="B")
    office.collect({url(1): one, url(2): two})
    aliases = {url(1): (url(2),), url(2): (url(1),)}
    for _ in range(3):  # each reading of either page is a version of the one history
        office.collect({url(1): one, url(2): two}, aliases=aliases)
    assert len(history(office, url(1))) > 3
    if old_archive:
        forget(office)
    with office.read() as db:
        (merge,) = merges.merges_into(db)
    undo(office, merge.document)
    assert history(office, url(1)) == ["第1号。甲文。"]
    assert history(office, url(2)) == ["第2号。乙文。"]
    assert office.feed() == []
    assert damages(office) == []
    for _ in range(3):  # the platform goes on declaring it
        office.collect({url(1): one, url(2): two}, aliases=aliases)
    office.collect({url(1): one, url(2): notice(2, "乙文改。", index_number="B")}, aliases=aliases)
    assert history(office, url(1)) == ["第1号。甲文。"]
    assert history(office, url(2)) == ["第2号。乙文。", "第2号。乙文改。"]
    assert [kind for kind, _ in office.feed()] == ["edited"]
    with office.read() as db:
        roles = db.execute("SELECT url, document, role FROM addresses ORDER BY id").fetchall()
        listings = db.execute("SELECT document, unlisted_at FROM listings ORDER BY 1").fetchall()
    assert [tuple(r) for r in roles] == [(url(1), 1, "current"), (url(2), 2, "current")]
    assert [tuple(r) for r in listings] == [(1, None), (2, None)]
    assert damages(office) == []


def test_what_was_not_merged_cannot_be_split(office: Office) -> None:
    office.collect(site_of(2))
    with pytest.raises(SplitError, match="merged into no other"):
        undo(office, 1)
    assert damages(office) == []


@pytest.mark.parametrize("old_archive", [False, True])
def test_merges_are_undone_in_the_order_in_which_they_can(office: Office, old_archive: bool) -> None:
    pages = moved(office)
    third = NEW.replace("_9", "_10")
    del pages[NEW]
    office.collect({**pages, NEW: Outcome.GONE, third: reused_number("三文。")}, listed=[*pages, third])
    if old_archive:
        forget(office)
    with office.read() as db:
        first, second = merges.merges_into(db)
    assert first.into == second.into
    with pytest.raises(SplitError, match=rf"#{second.document} .* split that one first"):
        undo(office, first.document)
    undo(office, second.document)
    assert history(office, third) == ["第0号。三文。"]
    assert len(history(office, NEW)) == 5
    assert ("moved", notice(0).title) in office.feed()  # the first one stands
    assert row(office, NEW)["status"] == "removed"
    undo(office, first.document)
    assert len(history(office, OLD)) == 2
    assert len(history(office, NEW)) == 3
    assert ("moved", notice(0).title) not in office.feed()
    assert damages(office) == []
