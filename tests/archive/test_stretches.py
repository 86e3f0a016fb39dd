"""Observations in their compact form are those that the table of older archives held."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from archive import seals, search
from archive.captures import capture_key
from archive.migrations import archive_migrations

ROWS = [
    ("http://linjiang.example/2.html", "ok", 200, "aa" * 32, None, "2026-03-01T08:00:00Z", "2026-03-09T08:00:01Z", 9),
    ("http://linjiang.example/1.html", "failed", None, None, "超时", "1969-12-31T23:59:59Z", "2026-03-01T08:00:00Z", 1),
    ("http://linjiang.example/2.html", "gone", 404, None, None, "2026-03-10T08:00:00Z", "2026-03-10T08:00:00Z", 1),
    ("http://linjiang.example/2.html", "ok", 200, "00" * 32, None, "2026-03-11T08:00:00Z", "2026-03-12T08:00:00Z", 2),
]  # fmt: skip


@pytest.fixture
def old():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        search.register(db)
        archive_migrations.apply(Database(db), stop_before="m010_stretches")
        db.execute("INSERT INTO sites (key, name) VALUES ('linjiang', '临江市人民政府')")
        for url, outcome, status, sha, detail, first, last, count in ROWS:
            db.execute(
                "INSERT INTO observations (site, url, outcome, status, capture, detail, first_at, last_at, count, body_sha256,"
                " headers_sha256) VALUES ('linjiang', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [url, outcome, status, capture_key(url, sha) if sha else None, detail, first, last, count, sha, sha],
            )  # fmt: skip
        yield db


def test_the_view_shows_what_the_table_held(old: sqlite3.Connection) -> None:
    before = old.execute("SELECT * FROM observations ORDER BY id").fetchall()
    archive_migrations.apply(Database(old))
    assert old.execute("SELECT * FROM observations ORDER BY id").fetchall() == before
    assert old.execute("SELECT count(*) FROM places").fetchone() == (2,)


def test_the_new_rows_are_sealed_and_the_old_ones_forgotten(old: sqlite3.Connection) -> None:
    for table in seals.FIRST_ARCHIVE_TABLES:
        seals.reseal(old, table)
    archive_migrations.apply(Database(old))
    kinds = dict(old.execute("SELECT kind, count(*) FROM seals WHERE kind > 12 GROUP BY kind").fetchall())
    assert (kinds.get(seals.OBSERVATIONS.kind), kinds[19], kinds[20]) == (None, 4, 2)


def test_an_address_is_found_without_reading_all(old: sqlite3.Connection) -> None:
    archive_migrations.apply(Database(old))
    sql = "EXPLAIN QUERY PLAN SELECT * FROM observations WHERE site = 'linjiang' AND url = ?"
    plan = " ".join(row[3] for row in old.execute(sql, ["x"]))
    assert "SCAN" not in plan
