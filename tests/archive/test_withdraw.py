"""What was withdrawn is gone from wherever it was, stays gone while the site goes on publishing it, and breaks nothing."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import feed, search
from archive.backup import snapshot
from archive.captures import CaptureStore, CaptureWithdrawnError
from archive.export import tables
from archive.export.selection import Selection
from archive.export.warc import write_warc
from archive.model import Problem
from archive.proofs import ProofError, write_proof
from archive.store import exclusive, open_archive, open_captures, open_for_reading
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from archive.withdrawal import withdraw, withheld
from scheduler.commands.browse import datasette_for
from tests.archive.harness import Office, notice, site_of, url

SECRET = "当事人张三丰住临江市解放路七号"
TITLE = "关于处罚张三丰的决定"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Three notices; #1 names a person in its first version, and does not in its second."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    office.collect(site_of(3))
    return office


def with_secret(extra: str = "") -> dict:
    return {**site_of(3), url(0): notice(0, f"{SECRET}，罚款5万元。{extra}", title=TITLE)}


def take_out(office: Office, number: int | None, document: int = 1) -> withdraw.Withdrawal:
    with (
        exclusive(office.paths),
        closing(open_archive(office.paths).conn) as archive,
        closing(open_captures(office.paths).conn) as captures,
    ):
        search.register(archive)
        return withdraw.withdraw(archive, captures, document, number, "临江市法院裁定", now=office.now)


def damages(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda damage: found.append(str(damage)))
    return found


def holds(office: Office, words: str) -> list[str]:
    """Files of the archive in which the words stand, and stored answers that say them."""
    found = [p.name for p in office.paths.data.glob("*.db*") if words.encode() in p.read_bytes()]
    with closing(open_for_reading(office.paths.captures)) as db:
        store = CaptureStore(db)
        for (sha256,) in db.execute("SELECT sha256 FROM blobs WHERE encoding <> 'withdrawn'").fetchall():
            found += [sha256] if words.encode() in store.body(sha256) else []
    return found


def test_a_version_is_gone_and_everything_else_is_as_it_was(office: Office, tmp_path: Path) -> None:
    assert holds(office, SECRET)
    with office.read() as db:
        before = [feed.load_version(db, d) for d in (1, 2, 3)]
        assert search.search(db, "张三丰") == []  # of the present version
    done = take_out(office, 1)
    assert (done.versions, done.texts, done.bodies, done.kept, done.shared) == ((1,), 1, 1, (), ())
    assert holds(office, SECRET) == holds(office, "张三丰") == []
    assert damages(office) == []
    with office.read() as db:
        assert [feed.load_version(db, d) for d in (1, 2, 3)] == [replace(before[0], reasons=()), *before[1:]]
        gone = feed.load_version(db, 1, 1)
        assert (gone.disclosure.title, gone.disclosure.body_text, gone.evidence) == (None, None, ())
        assert gone.withdrawn_reason == "临江市法院裁定"
        told = feed.changes(db)
        assert [(c.kind.value, c.fields, c.reasons) for c in told if c.kind.value != "baseline"] == [
            ("edited", (), ())
        ]
        assert [v.withdrawn_at is None for v in feed.versions_of(db, 1)] == [False, True]
        sha256 = db.execute("SELECT sha256 FROM version_sources WHERE version = 1").fetchone()[0]
        lines = tables.rows(db, Selection(), versions=True, progress=_quiet)
        assert next(lines)["title"] is None
        with closing(open_for_reading(office.paths.captures)) as captures:
            with pytest.raises(CaptureWithdrawnError):
                CaptureStore(captures).body(sha256)
            with pytest.raises(ProofError, match=r"withdrawn on .*临江市法院裁定"):
                write_proof(db, CaptureStore(captures), 1, 1, tmp_path / "p", now=office.now)
            write_proof(db, CaptureStore(captures), 1, 2, tmp_path / "q", now=office.now)
            with (tmp_path / "a.warc").open("wb") as out:
                write_warc(
                    out, db, CaptureStore(captures), Selection(), compressed=False, revisits=True, software="g", now="",
                    progress=_quiet,
                )  # fmt: skip
    assert SECRET.encode() not in (tmp_path / "a.warc").read_bytes()


def _quiet(*_: object) -> None:
    pass


PAGES = (
    "/", "/-/gongkai/changes.atom", "/-/gongkai/documents/1", "/-/gongkai/documents/1?version=1",
    "/-/gongkai/documents/1/diff", "/-/gongkai/search?q=解放路", "/archive/documents.json?_shape=array",
    "/archive/versions.json?_shape=array", "/archive/changes.json?_shape=array", "/archive/bodies.json?_shape=array",
    "/archive/search_state.json?_shape=array", "/archive/attachments.json?_shape=array",
)  # fmt: skip


def test_what_an_edit_freed_before_is_overwritten_whoever_built_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def built_otherwise(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.execute("PRAGMA secure_delete = OFF")  # Debian's library has it on
        return connection

    monkeypatch.setattr(sqlite3, "connect", built_otherwise)
    office = Office(tmp_path / "data", SitePolicy())
    others = {url(n): notice(n, f"第{n}处。" * n) for n in range(1, 30)}
    office.collect({url(0): notice(0, f"{SECRET}。" * 9), **others})
    office.collect({url(0): notice(0), **others})  # the text becomes a difference to the new one
    take_out(office, 1)
    assert holds(office, SECRET) == []


def test_no_page_and_no_snapshot_shows_it(office: Office, tmp_path: Path) -> None:
    def shown(page: str) -> str:
        async def ask():
            datasette = datasette_for(office.paths)
            await datasette.invoke_startup()
            return await datasette.client.get(page)

        answer = asyncio.run(ask())
        assert answer.status_code == 200, page
        return answer.text

    showing = [page for page in PAGES if "张三丰" in shown(page)]
    assert "/-/gongkai/documents/1?version=1" in showing
    take_out(office, 1)
    assert [page for page in PAGES if "张三丰" in shown(page)] == []
    assert "临江市法院裁定" in shown("/-/gongkai/documents/1?version=1")
    assert "无从对比" in shown("/-/gongkai/documents/1/diff")
    snapshot(office.paths.archive, tmp_path / "archive.db")
    assert "张三丰".encode() not in (tmp_path / "archive.db").read_bytes()


def test_the_index_forgets_the_words(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    with closing(open_archive(office.paths).conn) as db:
        search.register(db)
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'instance')")
        assert db.execute("SELECT count(*) FROM temp.words WHERE doc = 1").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM temp.words WHERE term = '丰'").fetchone()[0] == 0
        assert [hit.document for hit in search.search(db, "认真贯彻")] == [2, 3]
    assert damages(office) == []


def test_a_site_that_goes_on_publishing_it_brings_nothing_back(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    told = office.feed()
    page = Office._page
    for counter in range(3):  # the page's bytes differ every day, what it says does not

        def counted(self: Office, *arguments: object, counter: int = counter):
            fetch, found = page(self, *arguments)
            return _with_counter(fetch, found, counter)

        office._page = counted.__get__(office)  # type: ignore[method-assign]
        office.collect(with_secret())
    office._page = page.__get__(office)  # type: ignore[method-assign]
    office.collect(with_secret(), revision="r2")  # nor does another extractor
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM problems").fetchone()[0] == 0
    office.collect(with_secret("当天改。"), revision="r2")  # what it reads otherwise cannot be compared
    assert holds(office, SECRET) == []
    assert office.feed() == told
    assert damages(office) == []
    with office.read() as db:
        assert [v.number for v in feed.versions_of(db, 1)] == [1]
        assert [row[0] for row in db.execute("SELECT code FROM problems")] == ["withdrawn_incomparable"]


def _with_counter(fetch, found, counter: int):
    body = fetch.capture.body + f"<!-- {counter} -->".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    capture = replace(fetch.capture, body=body, sha256=sha256, wire_sha256=sha256)
    return (
        replace(fetch, capture=capture),
        replace(found, sources=(replace(found.sources[0], sha256=sha256),)),
    )


def test_a_page_that_was_made_anonymous_is_a_version_and_the_old_one_stays_out(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    office.collect({**with_secret(), url(0): notice(0, "当事人张某，罚款5万元。")})
    assert office.feed() == [("edited", "关于第0号事项的通知")]
    office.collect(with_secret())  # and back
    with office.read() as db:
        assert [v.withdrawn_at is not None for v in feed.versions_of(db, 1)] == [True, False, True]
        assert not [c for c in feed.changes(db) if c.fields]
    assert holds(office, SECRET) == []
    assert damages(office) == []


def test_a_document_is_withdrawn_with_all_that_it_will_say(office: Office) -> None:
    done = take_out(office, None)
    assert done.versions == (1, 2)
    office.collect({**site_of(3), url(0): notice(0, f"{SECRET}，又改。", title=TITLE)})
    assert holds(office, SECRET) == []
    assert damages(office) == []
    with office.read() as db:
        assert len(feed.versions_of(db, 1)) == 2
        row = db.execute("SELECT title, status, withdrawn_reason FROM documents WHERE id = 1").fetchone()
    assert tuple(row) == (None, "present", "临江市法院裁定")
    office.collect({**site_of(3), url(1): notice(1, "罚款9万元。")})  # another one says what it likes
    assert office.feed()[-1] == ("edited", notice(1).title)
    with office.read() as db:
        assert feed.changes(db)[-1].withdrawn_at is None


def test_what_is_known_of_other_documents_and_of_later_versions_stays(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.problems = (Problem(code="attachment_is_scan", message="一份扫描件"),)
    office.collect(with_secret())
    office.problems = ()
    for fine in "89":
        office.collect({**site_of(3), url(0): notice(0, f"罚款{fine}万元。")})

    def known() -> tuple[list[str], list[int]]:
        with office.read() as db:
            reasons = db.execute("SELECT reasons FROM versions WHERE document = 1 ORDER BY number").fetchall()
            return [row[0] for row in reasons], [
                row[0] for row in db.execute("SELECT document FROM problems")
            ]

    before, documents = known()
    assert (len(set(before)), documents) == (3, [1, 2, 3])
    take_out(office, 1)
    assert known() == (["[]", "[]", before[2]], [2, 3])


def test_what_others_rest_on_stays_and_is_named(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    same = {"title": TITLE, "index_number": None}
    office.collect({url(0): notice(0, SECRET, **same), url(1): notice(0, SECRET, **same)})
    done = take_out(office, 1)
    assert (done.texts, done.bodies, done.shared) == (0, 0, ((2, 1),))
    assert len(done.kept) == 1
    with office.read() as db:
        assert feed.load_version(db, 2).disclosure.title == TITLE
    assert damages(office) == []
    assert take_out(office, 1, document=2).bodies == 1
    assert holds(office, SECRET) == []


def test_answers_stored_as_differences_to_an_erased_one_can_still_be_read(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    for day in range(8):
        office.collect({url(0): notice(0, SECRET if day == 2 else f"第{day}天。")})
    take_out(office, 3)
    with closing(open_for_reading(office.paths.captures)) as db:
        assert db.execute("SELECT max(depth) FROM blobs").fetchone()[0] == 6
    assert holds(office, SECRET) == []
    assert damages(office) == []


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("archive", "UPDATE bodies SET packed = X'00' WHERE packed IS NOT NULL"),
        ("archive", "UPDATE bodies SET text = '改' WHERE text IS NOT NULL"),
        ("archive", "UPDATE versions SET keywords = '['"),
        ("captures", "UPDATE blobs SET stored = X'00' WHERE base_sha256 IS NOT NULL"),
    ],
)
def test_what_is_damaged_beside_it_keeps_nothing_from_going(tmp_path: Path, file: str, damage: str) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    for text in ("甲。", f"{SECRET}。" * 9, f"{SECRET}。" * 8 + "乙。", "丙。"):
        office.collect({url(0): notice(0, text)})
    path = office.paths.archive if file == "archive" else office.paths.captures
    with closing(sqlite3.connect(path)) as db, db:
        assert db.execute(damage).rowcount
    for number in (2, 3):
        assert take_out(office, number).bodies == 1
    assert [p.name for p in office.paths.data.glob("*.db*") if SECRET.encode() in p.read_bytes()] == []
    with closing(open_for_reading(office.paths.captures)) as db:
        assert db.execute("SELECT count(*) FROM blobs WHERE encoding = 'withdrawn'").fetchone()[0] == 2
    assert damages(office)  # still named


def test_a_withdrawal_that_was_killed_between_the_files_is_finished(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(withheld, "erase_bodies", killed)
        with pytest.raises(KeyboardInterrupt):
            take_out(office, 1)
    assert len(holds(office, SECRET)) == 1  # the stored answer
    assert damages(office) == []
    office.collect(site_of(3))
    assert holds(office, SECRET) == []
    again = take_out(office, 1)
    assert (again.versions, again.bodies) == ((), 0)


def test_there_must_be_such_a_version(office: Office) -> None:
    with pytest.raises(LookupError):
        take_out(office, 9)
    assert holds(office, SECRET)


def test_edits_of_a_template_that_never_had_an_end_are_told_beside_what_was_withdrawn(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))
    office.end = ""
    office.collect(site_of(6))
    office.collect({**site_of(6), url(0): notice(0, "罚款9万元，另行公告。")})
    take_out(office, 1)
    office.collect({**site_of(6), url(0): notice(0, "停车收费标准为每小时4元。", title="关于停车收费的通知")})
    assert office.feed()[1:] == [("edited", "关于停车收费的通知")]
