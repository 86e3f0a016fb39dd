"""Chinese full-text search: words of any length, in step with the documents, whatever is typed."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import search
from archive.excerpt import bracketed, excerpt
from archive.store import Paths, open_archive

BODIES = (
    "请各单位办理公安政务服务事项，罚款5万元。",
    "关于公布行政许可事项清单的公告ABC类",
    "临时占道审批，２０２４年第一批",
)


def put(db: sqlite3.Connection, number: int, body: str) -> None:
    db.execute(
        "INSERT OR IGNORE INTO bodies (sha256, text, length) VALUES (?, ?, ?)", [f"h{body}", body, len(body)]
    )
    db.execute(
        "INSERT INTO documents (id, site, url, status, title, document_number, body_sha256) VALUES (?, 'a', ?, 'present',"
        " '通知', '沪公〔2024〕107号', ?) ON CONFLICT (id) DO UPDATE SET body_sha256 = excluded.body_sha256",
        [number, f"http://a.example/{number}", f"h{body}"],
    )
    search.index_documents(db, [number])


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_archive(Paths(tmp_path)).conn) as connection:
        connection.execute("INSERT INTO sites (key) VALUES ('a')")
        for number, body in enumerate(BODIES, start=1):
            put(connection, number, body)
        yield connection


def found(db: sqlite3.Connection, query: str) -> list[int]:
    return sorted(hit.document for hit in search.search(db, query))


@pytest.mark.parametrize(
    ("query", "documents"),
    [("公", [1, 2, 3]), ("公安", [1]), ("事项", [1, 2]), ("行政许可事项清单", [2]), ("5万元", [1]), ("abc", [2]), ("2024年", [3]),
     ("〔2024〕107号", [1, 2, 3]), ("沪公[2024]107号", [1, 2, 3]), ("（２０２４）107号", [1, 2, 3]), ("【2024】107", [1, 2, 3]),
     ("﹝2024﹞107号", [1, 2, 3]), ("〔2024〕10号", []), ("安公", []), ("事项 罚款", [1]), ('"占道审批"', [3]), ("", []), ("***", [])],
)  # fmt: skip
def test_words_of_any_length(db: sqlite3.Connection, query: str, documents: list[int]) -> None:
    assert found(db, query) == documents


def test_an_edited_document_is_found_by_its_new_words_only(db: sqlite3.Connection) -> None:
    put(db, 1, "罚款3万元。")
    assert (found(db, "5万元"), found(db, "3万元")) == ([], [1])
    assert search.integrity_check(db) is None
    search.rebuild(db)
    assert found(db, "3万元") == [1]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_nothing_typed_is_an_error(db: sqlite3.Connection, query: str) -> None:
    search.search(db, query)
    db.execute('SELECT count(*) FROM "search" WHERE "search" MATCH ?', [search.escape_fts(query)]).fetchone()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(BODIES), st.integers(0, 20), st.integers(1, 6))
def test_every_run_of_han_characters_is_found(
    db: sqlite3.Connection, body: str, start: int, length: int
) -> None:
    word = body[start : start + length]
    if word and all("\u4e00" <= c <= "\u9fff" for c in word):
        assert BODIES.index(body) + 1 in found(db, word)


@pytest.mark.parametrize(
    ("query", "snippet"),
    [
        ("占道", "临时[占道]审批，２０２４年第一批"),
        ("2024年", "临时占道审批，[２０２４年]第一批"),
        ("abc", "关于公布行政许可事项清单的公告[ABC]类"),
        ("事项 罚款", "请各单位办理公安政务服务[事项]，[罚款]5万元。"),
        ("5万元", "请各单位办理公安政务服务事项，罚款[5万元]。"),
    ],
)
def test_snippets_are_the_text_itself(db: sqlite3.Connection, query: str, snippet: str) -> None:
    (hit,) = search.search(db, query)
    assert hit.snippet == snippet


def test_a_match_in_the_title_shows_how_the_text_begins(db: sqlite3.Connection) -> None:
    assert {hit.snippet for hit in search.search(db, "通知")} == set(BODIES)


def test_an_excerpt_of_a_long_text_is_short_and_holds_the_match() -> None:
    text = "各单位应当认真贯彻执行。" * 500 + "罚款\n三万元" + "，特此通知。" * 500
    parts = excerpt(text, [list("罚款三万元")])
    assert parts[0][0] == "…"
    assert ("罚款 三万元", True) in parts
    assert len(bracketed(parts)) < 120
    assert excerpt(text, [list("没有的词")]) == ()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=4))
def test_an_excerpt_of_any_text_is_part_of_it(text: str, word: str) -> None:
    tokens = search._TOKEN.findall(search.segment(word) or "")
    parts = excerpt(text, [tokens] if tokens else [])
    squeezed = "".join(text.split())
    assert "".join("".join(t.split()) for t, _ in parts).strip("…") in squeezed


def attach(db: sqlite3.Connection, document: int, *files: tuple[str, str | None]) -> None:
    """Give a document a version with these attachments: (name, text)."""
    row = db.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE document = ?", [document]
    ).fetchone()
    version = db.execute(
        "INSERT INTO versions (document, number, fingerprint, extractor_revision) VALUES (?, ?, 'f', 'r') RETURNING id",
        [document, row[0]],
    ).fetchone()[0]
    for position, (name, text) in enumerate(files):
        if text is not None:
            db.execute(
                "INSERT OR IGNORE INTO bodies (sha256, text, length) VALUES (?, ?, ?)",
                [f"t{text}", text, len(text)],
            )
        db.execute(
            "INSERT INTO attachments (version, position, name, url, text_sha256, state) VALUES (?, ?, ?, 'u', ?, 'fetched')",
            [version, position, name, f"t{text}" if text is not None else None],
        )
    db.execute("UPDATE documents SET current_version = ? WHERE id = ?", [version, document])
    search.index_documents(db, [document])


def test_words_in_attachments_and_in_their_names_are_found(db: sqlite3.Connection) -> None:
    attach(db, 2, ("附件1：改造任务分工表.xlsx", "城东街道\t46"), ("附件2：照片.png", None))
    attach(db, 3, ("说明.pdf", "城东街道"))
    assert (found(db, "城东街道"), found(db, "分工表"), found(db, "照片"), found(db, "清单 46")) == (
        [2, 3],
        [2],
        [2],
        [2],
    )
    assert "城东街道" in search.search(db, "46")[0].snippet.replace("[", "").replace("]", "")
    assert {hit.document: hit.file for hit in search.search(db, "城东街道")} == {
        2: "附件1：改造任务分工表.xlsx",
        3: "说明.pdf",
    }
    assert [hit.file for hit in search.search(db, "清单 46")] == [
        None
    ]  # the document's own words are shown first
    attach(db, 2, ("附件1：改造任务分工表.xlsx", "城西街道\t32"))
    assert (found(db, "城东街道"), found(db, "城西"), found(db, "照片")) == ([3], [2], [])
    attach(db, 3)
    assert found(db, "城东街道") == []
    assert search.integrity_check(db) is None


def test_an_index_without_attachments_is_made_anew(db: sqlite3.Connection) -> None:
    attach(db, 2, ("附件.xlsx", "城东街道"))
    db.execute('DROP TABLE "search"')
    db.execute("DROP VIEW search_content")
    db.execute("DROP TABLE search_attachments")
    db.execute("DROP TABLE search_state")
    db.execute("CREATE TABLE search_state (document INTEGER PRIMARY KEY, title TEXT)")
    db.execute("CREATE VIEW search_content AS SELECT document, title FROM search_state")
    db.execute(
        'CREATE VIRTUAL TABLE "search" USING fts5(title, content="search_content", content_rowid="document")'
    )
    search.index_attachments(Database(db))
    assert (found(db, "城东街道"), found(db, "公安")) == ([2], [1])
    assert search.integrity_check(db) is None


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="一二々〇𠀀𠮷aB1Ａß，。 \n\ud800㎡é", max_size=12))
def test_segmenting_sets_every_han_character_apart_and_leaves_the_rest(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text) if search._FOLDS.search(text) else text
    han = search._HAN_RUN.fullmatch
    expected = "".join(
        f"{' ' if n and (han(a) or han(b)) else ''}{b}"
        for n, (a, b) in enumerate(zip(" " + folded, folded, strict=False))
    )
    assert (search.segment(text) or "").strip() == expected.casefold().strip()


def test_words_of_what_was_deleted_leave_the_file_piece_by_piece(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10, 400):
        put(db, number, f"第{number}号通知，编号 w{number * 7919}，各单位应当认真贯彻执行。" * 3)
    put(db, 9, "其中身份证号 zzyzx3309 应当删除。")
    for number in range(400, 500):
        put(db, number, f"第{number}号通知，编号 w{number * 7919}，各单位应当认真贯彻执行。" * 3)
    put(db, 9, "其中无。")

    def blobs() -> bytes:
        return b"".join(row[0] for row in db.execute("SELECT block FROM search_data"))

    assert b"zzyzx3309" in blobs()
    monkeypatch.setattr(search, "_PAGES_AT_ONCE", 5)
    told: list[int] = []
    search.optimize(db, told.append)
    assert b"zzyzx3309" not in blobs()
    assert told == list(range(1, len(told) + 1))
    assert len(told) > 3
    assert search.integrity_check(db) is None
    assert found(db, "w3166") == []
    assert found(db, f"w{300 * 7919}") == [300]
