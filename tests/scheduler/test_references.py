"""How people name a document: with the keys of a Chinese keyboard, by its 文号, by an address without http://."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.identity import url_key
from archive.store import Paths, open_archive
from scheduler.commands.read import one_document, split_version
from scheduler.context import UsageProblem

NUMBERS = {
    1: "临政办发〔2026〕3号",
    2: "临政办发〔2026〕4号",
    3: "临政办发〔2026〕4号",
    4: None,
    5: "国务院令第711号",
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_archive(Paths(tmp_path)).conn) as connection:
        connection.execute("INSERT INTO sites (key, name) VALUES ('linjiang', '临江市人民政府')")
        for document, number in NUMBERS.items():
            url = f"https://linjiang.example/zw/{document}.html"
            connection.execute(
                "INSERT INTO documents (id, site, url, status, title, index_number, document_number, versions)"
                " VALUES (?, 'linjiang', ?, 'present', '通知', ?, ?, 1)",
                [document, url, f"LJ-{document}", number],
            )
            connection.execute(
                "INSERT INTO addresses (document, site, url, url_key, role, first_seen_at, last_seen_at) VALUES"
                " (?, 'linjiang', ?, ?, 'current', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z')",
                [document, url, url_key(url)],
            )
        yield connection


@pytest.mark.parametrize(
    ("written", "document"),
    [
        ("#3", 3), ("3", 3), ("＃3", 3), ("#３", 3), ("＃３", 3), (" #3 ", 3),
        ("LJ-3", 3), ("ＬＪ－3", 3),
        ("https://linjiang.example/zw/2.html", 2), ("linjiang.example/zw/2.html", 2),
        ("临政办发〔2026〕3号", 1), ("临政办发[2026]3号", 1), ("临政办发（2026）3号", 1),
        ("临政办发【2026】第3号", 1), ("国务院令第711号", 5),
    ],
)  # fmt: skip
def test_a_document_is_found_as_people_write_it(db: sqlite3.Connection, written: str, document: int) -> None:
    assert one_document(db, written) == document


def test_a_number_of_two_documents_lists_both(db: sqlite3.Connection) -> None:
    with pytest.raises(UsageProblem, match=r"#2 .*\n.*#3 "):
        one_document(db, "临政办发〔2026〕4号")


@pytest.mark.parametrize(
    "written",
    ["", "#", "＃", "#９９", "临政办发〔2026〕5号", "elsewhere.example/zw/2.html", "通知", "\ud800"],
)
def test_what_names_nothing_is_said_with_all_that_would(db: sqlite3.Connection, written: str) -> None:
    with pytest.raises(
        UsageProblem,
        match=r"no such document; give #id, a URL, an index number \(索引号\) or a document number",
    ):
        one_document(db, written)


def test_a_version_may_be_written_wide_too() -> None:
    assert split_version("＃12＠２") == ("＃12", 2)
    assert split_version("https://a.example/b@c.html") == ("https://a.example/b@c.html", None)
