"""A version whose stored answer cannot be read again stays as it was: no other answer's reading is written in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.captures import CaptureStore
from archive.diff import compare
from archive.model import Attachment, AttachmentState, Disclosure, Extraction, PageKind
from archive.reparse import StoredPage, reparse
from archive.rows import load_disclosure
from archive.significance import is_of_the_page
from archive.store import open_archive, open_captures
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url

LINE = "\n（联系电话：0571-88001234）"


@dataclass
class Newer:
    """An extractor of another revision. ``finds``: of the stored pages' records; by default it reads what the older one read."""

    finds: str = "all"

    def revision(self, site: str) -> str:
        return "r2"

    def read(self, page: StoredPage) -> Extraction:
        record = notice(int(page.url.rpartition("_")[2].removesuffix(".html")))
        if self.finds == "title":
            record = Disclosure(title=record.title)
        kind = PageKind.LIST if self.finds == "nothing" else PageKind.DOCUMENT
        return Extraction(url=page.url, kind=kind, disclosure=None if self.finds == "nothing" else record)

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        return None


def spoil(office: Office, how: str) -> None:
    """What happens to the answers of the first collection."""
    with closing(sqlite3.connect(office.paths.captures)) as db:
        if how == "lost":
            for table in ("captures", "blobs"):
                db.execute(f"DELETE FROM {table}")
        elif how == "damaged":
            db.execute("UPDATE blobs SET stored = CAST(stored || x'00' AS BLOB)")
        db.commit()


def office_of(place: Path, how: str) -> Office:
    office = Office(place, SitePolicy())
    office.collect(site_of(12))
    office.extractor = Newer({"text lost": "title", "no record": "nothing"}.get(how, "all"))
    spoil(office, how)
    return office


def rows(office: Office, sql: str) -> list[tuple]:
    with office.read() as db:
        return [tuple(row) for row in db.execute(sql)]


def versions(office: Office, document: int = 1) -> list[tuple[str, str]]:
    """(revision, text) of each version of a document."""
    with office.read() as db:
        found = db.execute(
            "SELECT id, extractor_revision FROM versions WHERE document = ? ORDER BY number", [document]
        ).fetchall()
        return [(row[1], load_disclosure(db, row[0]).body_text or "") for row in found]


def more(record: Disclosure) -> Disclosure:
    return replace(record, body_text=f"{record.body_text}{LINE}")


HOW = ["damaged", "lost", "text lost", "no record"]
WHY = {"damaged": "damaged", "lost": "no_capture", "text lost": "text_lost", "no record": "no_record"}
NOT_REREAD = "SELECT document, message FROM problems WHERE code = 'version_not_reread'"


@pytest.mark.parametrize("how", HOW)
def test_an_edit_is_told_and_the_text_before_it_is_kept(tmp_path: Path, how: str) -> None:
    office = office_of(tmp_path, how)
    edited = notice(0, "罚款999万元。")
    for _ in range(2):
        office.collect({**site_of(12), url(0): edited}, revision="r2")
    assert [kind for kind, _ in office.feed()] == ["edited"]
    assert versions(office) == [("r1", notice(0).body_text), ("r2", edited.body_text)]
    ((document, message),) = rows(office, NOT_REREAD)
    assert document == 1
    assert f"({WHY[how]})" in message
    # What reads the same is as today's extractor reads it, and is not asked for anew each time.
    assert versions(office, 2) == [("r2", notice(1).body_text)]


@pytest.mark.parametrize("how", ["damaged", "text lost"])
def test_what_another_extractor_may_have_done_is_stored_quietly_and_said(tmp_path: Path, how: str) -> None:
    office = office_of(tmp_path, how)
    read = {**site_of(12), url(0): more(replace(notice(0), issuing_body="临江市人民政府办公室"))}
    for _ in range(2):
        assert office.collect(read, revision="r2").edited == 0
    assert (office.feed(), [row[0] for row in rows(office, NOT_REREAD)]) == ([], [1])
    assert versions(office) == [("r1", notice(0).body_text), ("r2", more(notice(0)).body_text)]
    read[url(0)] = more(notice(0, "罚款3万元。", issuing_body="临江市人民政府办公室"))
    office.collect(read, revision="r2")
    assert [kind for kind, _ in office.feed()] == ["edited"]
    ((fields, reasons),) = rows(office, "SELECT fields, reasons FROM changes WHERE feed_seq > 12")
    assert (fields, "text_added" in reasons) == ("[]", False)


@pytest.mark.parametrize("moves", [False, True])
def test_rules_that_find_no_text_at_all_say_nothing_until_they_are_mended(
    tmp_path: Path, moves: bool
) -> None:
    office = office_of(tmp_path, "text lost")
    bare: dict[str, Disclosure | Outcome] = {
        url(n + 50 * moves): replace(notice(n), body_text=None) for n in range(12)
    }
    gone = {url(n): Outcome.GONE for n in range(12) if moves}
    for _ in range(5):
        assert office.collect({**gone, **bare}, listed=[*bare], revision="r2").edited == 0
    assert [versions(office, n + 1) for n in range(12)] == [[("r1", notice(n).body_text)] for n in range(12)]
    assert len(rows(office, NOT_REREAD)) == 12
    read = {url(n + 50 * moves): notice(n, "罚款999万元。" if n == 2 else "罚款5万元。") for n in range(12)}
    office.collect({**gone, **read}, listed=[*read], revision="r3" if moves else "r1")
    assert [title for kind, title in office.feed() if kind != "moved"] == [notice(2).title]
    assert versions(office, 3)[0] == ("r1", notice(2).body_text)


@pytest.mark.parametrize(("text", "told"), [("罚款5万元。", ["moved"]), ("罚款3万元。", ["moved", "edited"])])
@pytest.mark.parametrize("how", HOW)
def test_a_document_that_moves_keeps_what_it_said(
    tmp_path: Path, how: str, text: str, told: list[str]
) -> None:
    """As when a site goes from one platform to another, under whose rules the old answers hold nothing."""
    office = office_of(tmp_path, how)
    moved = replace(more(notice(0, text)), genre="通知")
    rest: dict[str, Disclosure | Outcome] = {url(n): notice(n) for n in range(1, 12)}
    for _ in range(2):
        office.collect({**rest, url(0): Outcome.GONE, url(50): moved}, revision="r2")
    assert [kind for kind, _ in office.feed()] == told
    assert versions(office) == [("r1", notice(0).body_text), ("r2", moved.body_text)]
    assert [row[0] for row in rows(office, NOT_REREAD)] == [1]


@pytest.mark.parametrize("how", HOW)
def test_reparse_leaves_it_and_says_so(tmp_path: Path, how: str) -> None:
    office = office_of(tmp_path, how)
    with (
        closing(open_archive(office.paths).conn) as db,
        closing(open_captures(office.paths).conn) as captures,
    ):
        for apply in (False, True):
            report = reparse(
                db, CaptureStore(captures), Newer(office.extractor.finds), site=None, apply=apply,
                progress=lambda _: None,
            )  # fmt: skip
            assert (report.unread, report.rewritten, report.fields) == ({WHY[how]: 12}, 0, {})
    assert versions(office) == [("r1", notice(0).body_text)]


def test_reparse_goes_on_beside_a_damaged_row(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(3))
    with (
        closing(open_archive(office.paths).conn) as db,
        closing(open_captures(office.paths).conn) as captures,
    ):
        db.execute("UPDATE versions SET keywords = '[' WHERE id = 1")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM bodies WHERE sha256 = (SELECT body_sha256 FROM versions WHERE id = 2)")
        report = reparse(
            db, CaptureStore(captures), Newer(), site=None, apply=True, progress=lambda _: None
        )  # fmt: skip
    assert (report.unread, report.rewritten) == ({"damaged_row": 2}, 1)


FILE = Attachment(
    name="名单.xlsx", url="http://linjiang.example/a.xlsx", sha256="a" * 64, state=AttachmentState.FETCHED
)
FULL = Disclosure(
    title="关于收费的通知", body_text="第一条 收费五元。\n第二条 由市财政局征收。", attachments=(FILE,)
)


@pytest.mark.parametrize(
    ("new", "edited"),
    [
        (replace(FULL, body_text="第一条 收费六元。\n第二条 由市财政局征收。"), True),
        (replace(FULL, body_text="第一条 收费五元。\n第二条 由市税务局征收。"), True),
        (replace(FULL, body_text="第一条 收费五元。\n第二条 由市财政局负责征收。\n第三条 本通知自印发之日起施行。"), True),
        (replace(FULL, body_text="第一条 收费五元。"), True),
        (replace(FULL, attachments=(replace(FILE, sha256="b" * 64),)), True),
        (replace(FULL, body_text=f"{FULL.body_text}{LINE}"), False),
        (replace(FULL, body_text=f"首页 > 通知公告\n{FULL.body_text}"), False),
        (replace(FULL, body_text="第一条  收费五元。\n\n第二条 由市财政局征收。"), False),
        (replace(FULL, title="临江市关于收费的通知", document_number="临政发〔2031〕3号"), False),
        (replace(FULL, attachments=()), False),
        (replace(FULL, attachments=(FILE, replace(FILE, url="http://linjiang.example/b.doc", sha256="c" * 64))), False),
        (replace(FULL, attachments=(replace(FILE, name="附件"),)), False),
    ],
)  # fmt: skip
def test_what_shows_an_edit_though_two_extractors_read_it(new: Disclosure, edited: bool) -> None:
    assert is_of_the_page(compare(FULL, new)) is edited
