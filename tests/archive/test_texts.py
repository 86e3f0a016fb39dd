"""Texts of superseded versions are packed, and are what they were."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import feed, search
from archive.migrations import archive_migrations
from archive.model import Attachment, AttachmentState
from archive.rewrite import rewrite
from archive.storage import texts
from archive.store import ARCHIVE, Transaction, open_archive
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, url

LONG = "".join(f"第{n}条　各单位应当按照规定于{n * 7}日内报送材料{n * 13}份。\n" for n in range(60))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy())


def edit(office: Office, *bodies: str) -> None:
    """One collection for each of the texts of one document."""
    for body in bodies:
        office.collect({url(1): notice(1, body)})


def state(office: Office) -> list[tuple[bool, bool, bool]]:
    """Of each version's text: whole, packed, on a base."""
    with office.read() as db:
        rows = db.execute(
            "SELECT b.text IS NOT NULL, b.packed IS NOT NULL, b.base_sha256 IS NOT NULL FROM versions v"
            " JOIN bodies b ON b.sha256 = v.body_sha256 ORDER BY v.number"
        )
        return [tuple(map(bool, row)) for row in rows]


def text_of(office: Office, number: int) -> str | None:
    with office.read() as db:
        return feed.load_version(db, 1, number).disclosure.body_text


def damages(office: Office) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    verify(office.paths, tell=lambda d: found.append((d.table, d.row)))
    return found


def test_superseded_texts_are_packed_and_read_again(office: Office) -> None:
    bodies = [LONG.replace("第9条", f"第9条（第{n}稿）") for n in range(5)]
    edit(office, *bodies)
    assert state(office) == [(False, True, True)] * 4 + [(True, False, False)]
    assert [text_of(office, n + 1) == notice(1, body).body_text for n, body in enumerate(bodies)] == [
        True
    ] * 5
    with office.read() as db:
        longest = db.execute("SELECT max(length(packed)) FROM bodies").fetchone()[0]
        assert longest < 0.05 * len(LONG.encode())
        assert [hit.document for hit in search.search(db, "第4稿")] == [1]
        assert search.search(db, "第3稿") == []
    assert damages(office) == []


def test_a_text_that_is_current_again_is_whole(office: Office) -> None:
    edit(office, LONG + "甲", LONG + "乙", LONG + "甲")
    assert state(office) == [(True, False, False), (False, True, True), (True, False, False)]
    assert damages(office) == []


def test_a_text_that_another_document_still_has_stays_whole(office: Office) -> None:
    shared = notice(1, LONG)
    office.collect({url(1): shared, url(2): shared})
    office.collect({url(1): notice(1, LONG + "改。"), url(2): shared})
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM bodies WHERE text IS NULL").fetchone()[0] == 0
    office.collect({url(1): notice(1, LONG + "改。"), url(2): notice(1, LONG + "再改。")})
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM bodies WHERE text IS NULL").fetchone()[0] == 1
    assert damages(office) == []


def test_texts_of_replaced_attachments_are_packed(office: Office) -> None:
    def with_file(number: int):
        file = Attachment(
            name="附件", url="http://linjiang.example/a.doc", sha256=hashlib.sha256(bytes([number])).hexdigest(), size=1,
            text=LONG + str(number), state=AttachmentState.FETCHED,
        )  # fmt: skip
        return notice(1, attachments=(file,))

    for number in range(3):
        office.collect({url(1): with_file(number)})
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM bodies WHERE packed IS NOT NULL").fetchone()[0] == 2
        assert [feed.load_version(db, 1, n + 1).disclosure.attachments[0].text for n in range(3)] == [
            LONG + str(n) for n in range(3)
        ]
    assert damages(office) == []


def test_no_chain_grows_without_end(office: Office) -> None:
    edit(office, *(f"{LONG}第{n}稿" for n in range(texts.ALONE_EVERY + 4)))
    alone = [number for number, (_, packed, based) in enumerate(state(office), 1) if packed and not based]
    assert alone == [texts.ALONE_EVERY]
    assert text_of(office, 1) == notice(1, LONG + "第0稿").body_text


def test_a_base_that_is_forgotten_lets_go_of_what_stands_on_it(office: Office) -> None:
    edit(office, LONG + "甲", LONG + "乙", LONG + "丙")
    with closing(open_archive(office.paths).conn) as db, Transaction(db):
        second = db.execute("SELECT body_sha256 FROM versions WHERE number = 2").fetchone()[0]
        assert texts.forget(db, [second]) == 0  # a version has it
        db.execute("UPDATE versions SET body_sha256 = NULL WHERE number = 2")
        assert texts.forget(db, [second]) == 1
    assert text_of(office, 1) == notice(1, LONG + "甲").body_text


def test_damage_to_a_packed_text_is_named(office: Office) -> None:
    edit(office, LONG + "甲", LONG + "乙", LONG + "丙")
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        second = db.execute("SELECT body_sha256 FROM versions WHERE number = 2").fetchone()[0]
        first = db.execute("SELECT body_sha256 FROM versions WHERE number = 1").fetchone()[0]
        db.execute("UPDATE bodies SET packed = zeroblob(length(packed)) WHERE sha256 = ?", [second])
    assert {("bodies", second), ("bodies", first), ("versions", "1"), ("versions", "2")} == set(
        damages(office)
    )
    with office.read() as db, pytest.raises(texts.TextDamagedError, match=second):
        texts.read(db, first)


def test_an_archive_from_before_is_packed_when_it_is_opened(office: Office) -> None:
    edit(office, LONG + "甲", LONG + "乙", LONG + "甲", LONG + "丙")
    wanted = state(office)
    with office.read() as db:
        plain = [
            (row[0], texts.read(db, row[0]), row[1])
            for row in db.execute("SELECT sha256, length FROM bodies")
        ]
    old = office.paths.data / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        search.register(db)
        archive_migrations.apply(Database(db), stop_before="m012_packed_texts")
        db.execute("ATTACH ? AS new", [str(office.paths.archive)])
        db.executemany("INSERT INTO main.bodies VALUES (?, ?, ?)", plain)
        names = [
            r[0] for r in db.execute("SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE TABLE%'")
        ]
        for name in names:
            if name != "bodies" and not name.startswith(("_", "sqlite_", "search_d", "search_i", "search_c")):
                columns = ", ".join(r[1] for r in db.execute(f"PRAGMA main.table_info({name})"))
                db.execute(
                    f'INSERT OR IGNORE INTO main."{name}" ({columns}) SELECT {columns} FROM new."{name}"'
                )
    for leftover in office.paths.data.glob(f"{ARCHIVE}*"):
        leftover.unlink()
    old.rename(office.paths.archive)
    with closing(open_archive(office.paths).conn) as db:
        search.rebuild(db)
    assert state(office) == wanted
    assert wanted == [(False, True, True), (False, True, True), (False, True, True), (True, False, False)]
    assert damages(office) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["", "甲", "乙", "丙丁" * 400, "\U00020000é\n"]), min_size=2, max_size=12))
def test_whatever_becomes_current_again_all_texts_are_what_they_were(contents: list[str]) -> None:
    """A chain of versions of one document, with texts that come back."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        search.register(db)
        archive_migrations.apply(Database(db))
        db.execute("INSERT INTO sites (key) VALUES ('s')")
        db.execute("INSERT INTO documents (id, site, url, status) VALUES (1, 's', 'u', 'present')")
        for number, text in enumerate(contents, 1):
            sha256 = texts.store(db, text)
            db.execute(
                "INSERT INTO versions (id, document, number, fingerprint, extractor_revision, body_sha256)"
                " VALUES (?, 1, ?, 'f', 'r', ?)",
                [number, number, sha256],
            )
            db.execute(
                "UPDATE documents SET current_version = ?, body_sha256 = ? WHERE id = 1", [number, sha256]
            )
            if number > 1:
                texts.supersede(db, number - 1, number)
        for number, text in enumerate(contents, 1):
            sha256 = db.execute("SELECT body_sha256 FROM versions WHERE id = ?", [number]).fetchone()[0]
            assert texts.read(db, sha256) == text
        assert texts.store(db, contents[-1]) == sha256
        assert db.execute("SELECT text FROM bodies WHERE sha256 = ?", [sha256]).fetchone()[0] == contents[-1]


def test_a_text_is_forgotten_without_reading_all_that_may_refer_to_it(office: Office) -> None:
    office.collect({url(1): notice(1)})
    with office.read() as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        references = [
            (table, key["from"])
            for table in tables
            for key in db.execute(f"PRAGMA foreign_key_list({table})")
            if key["table"] == "bodies"
        ]
        assert ("search_state", "body_sha256") in references
        for table, column in references:  # SQLite looks there for each text that is deleted
            sql = f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = ?"
            assert db.execute(sql, ["x"]).fetchone()[3].startswith("SEARCH"), (table, column)


def test_a_version_is_rewritten_without_reading_all_documents(office: Office) -> None:
    office.collect({url(1): notice(1)})
    with closing(open_archive(office.paths).conn) as db:
        said: list[str] = []
        db.set_trace_callback(said.append)
        rewrite(db, 1, notice(1, "罚款5万元以上。"), (), "r2")
        db.set_trace_callback(None)
        assert any(sql.startswith("UPDATE versions") for sql in said)
        for sql in said:
            if not sql.startswith(("--", "BEGIN", "INSERT")):
                plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
                assert "SCAN documents" not in plan, sql
