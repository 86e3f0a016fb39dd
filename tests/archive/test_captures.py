"""Bodies come back byte for byte, whatever they were stored with; what stands on what can be told and undone."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import search
from archive.batch import CaptureBody
from archive.captures import FULL_COPY_EVERY, CaptureDamagedError, CaptureStore, NewCapture, capture_key
from archive.migrations import capture_migrations
from archive.storage.compression import compress
from archive.storage.dictionaries import SAMPLES
from archive.store import Paths, Transaction, open_captures

AT = datetime(2026, 3, 1, tzinfo=UTC)


def template(seed: int) -> str:
    chance = random.Random(seed)
    return "".join(f'<li><a href="/col{chance.randrange(10**9)}/">栏目{n}</a></li>' for n in range(150))


def page(number: int, version: int = 0, look: int = 1) -> bytes:
    chance = random.Random(number)
    text = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(600))
    return f"<html>{template(look)}<p>{text}</p><p>第{version}版</p></html>".encode()


def capture(body: bytes, **values: object) -> CaptureBody:
    sha256 = hashlib.sha256(body).hexdigest()
    headers = (("Content-Type", "text/html"), ("Date", sha256[:20]), ("X-名", "值"))
    fields = {"wire_sha256": sha256, "wire_length": len(body), "status": 200, "headers": headers, **values}
    return CaptureBody(sha256=sha256, body=body, **fields)


def url(number: int) -> str:
    return f"http://linjiang.example/{number}.html"


class Store:
    """A captures.db whose every session is another process."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    def add(self, bodies: list[tuple[int, bytes]], day: int = 0) -> None:
        with closing(open_captures(self.paths).conn) as db, Transaction(db):
            at = AT + timedelta(days=day)
            CaptureStore(db).add_many(NewCapture("linjiang", url(n), at, capture(b)) for n, b in bodies)

    def open(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self.paths.captures, isolation_level=None))

    def rows(self, sql: str) -> list[tuple]:
        with self.open() as db:
            return db.execute(sql).fetchall()

    def holds(self, bodies: list[bytes]) -> bool:
        with self.open() as db:
            store = CaptureStore(db)
            return all(store.body(hashlib.sha256(b).hexdigest()) == b for b in bodies)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    yield Store(Paths(tmp_path))


def test_a_site_gets_a_dictionary_once_it_has_given_enough_pages(store: Store) -> None:
    pages = [page(n) for n in range(SAMPLES + 20)]
    store.add(list(enumerate(pages)))
    encodings = [row[0] for row in store.rows("SELECT encoding FROM blobs ORDER BY rowid")]
    assert encodings == ["zstd"] * (SAMPLES - 1) + ["zstd-dictionary"] * 21
    sizes = store.rows("SELECT avg(length(stored)) FROM blobs GROUP BY encoding ORDER BY encoding")
    assert sizes[1][0] < 0.6 * sizes[0][0]
    assert store.holds(pages)


def test_pages_of_many_small_collections_become_samples_too(store: Store) -> None:
    for day in range(SAMPLES + 1):
        store.add([(day, page(day))], day)
    assert store.rows("SELECT encoding FROM blobs ORDER BY rowid DESC LIMIT 1") == [("zstd-dictionary",)]
    assert store.rows("SELECT count(*) FROM dictionaries WHERE kind = 'bodies'") == [(1,)]


def test_files_and_pages_of_other_sites_are_no_samples(store: Store) -> None:
    store.add([(n, b"%PDF-1.7" + random.Random(n).randbytes(900)) for n in range(SAMPLES + 5)])
    assert store.rows("SELECT DISTINCT encoding FROM blobs") == [("zstd",)]


def test_a_redesign_trains_another_dictionary_and_touches_no_old_row(store: Store) -> None:
    old = [page(n) for n in range(SAMPLES + 60)]
    store.add(list(enumerate(old)))
    before = store.rows("SELECT * FROM blobs ORDER BY rowid")
    new = [page(1000 + n, look=2) for n in range(120)]
    store.add([(1000 + n, body) for n, body in enumerate(new)], 1)
    assert store.rows("SELECT * FROM blobs ORDER BY rowid")[: len(before)] == before
    used = store.rows("SELECT DISTINCT dictionary FROM blobs WHERE dictionary IS NOT NULL ORDER BY 1")
    assert len(used) >= 2
    assert store.holds(old + new)


def test_a_dictionary_that_was_rolled_back_is_used_by_no_row(store: Store) -> None:
    with closing(open_captures(store.paths).conn) as db:
        writer = CaptureStore(db)
        batch = [NewCapture("linjiang", url(n), AT, capture(page(n))) for n in range(SAMPLES + 2)]
        with pytest.raises(KeyboardInterrupt), Transaction(db):
            writer.add_many(batch)
            raise KeyboardInterrupt
        other = [
            NewCapture("linjiang", url(n), AT, capture(page(n, look=3))) for n in range(50, 60 + SAMPLES)
        ]
        with Transaction(db):
            writer.add_many(other)
            writer.add_many(batch)
    assert store.holds([c.capture.body for c in batch + other])


def test_a_page_that_changes_is_a_chain_of_deltas_with_full_copies_in_between(store: Store) -> None:
    versions = [page(1, n) for n in range(2 * FULL_COPY_EVERY + 3)]
    for day, body in enumerate(versions):
        store.add([(1, body)], day)
    depths = [row[0] for row in store.rows("SELECT depth FROM blobs ORDER BY rowid")]
    assert depths == [n % FULL_COPY_EVERY for n in range(len(versions))]
    assert store.holds(versions)


def test_a_page_built_anew_is_no_delta(store: Store) -> None:
    store.add([(1, page(1))])
    store.add([(100 + n, page(100 + n, look=2)) for n in range(SAMPLES + 2)], 1)
    store.add([(1, page(777, look=2))], 2)
    assert store.rows("SELECT encoding FROM blobs ORDER BY rowid DESC LIMIT 1") == [("zstd-dictionary",)]


def test_erasing_a_body_takes_the_dictionary_that_holds_pieces_of_it_along(store: Store) -> None:
    pages = [page(n) for n in range(SAMPLES + 10)]
    store.add(list(enumerate(pages)))
    with store.open() as db:
        sha256 = hashlib.sha256(pages[0]).hexdigest()
        (number,) = db.execute("SELECT id FROM dictionaries WHERE samples LIKE ?", [f"%{sha256}%"]).fetchone()
        with Transaction(db):
            assert CaptureStore(db).erase(sha256)
        assert db.execute("SELECT 1 FROM dictionaries WHERE id = ?", [number]).fetchone() is None
    assert store.holds(pages[1:])
    store.add([(500, page(500))], 1)
    assert store.holds([page(500)])
    assert {sha256 in row[0] for row in store.rows("SELECT samples FROM dictionaries")} == {False}


def test_nothing_is_trained_on_a_body_that_was_erased_in_between(store: Store) -> None:
    with closing(open_captures(store.paths).conn) as db:
        writer, pages = CaptureStore(db), [page(n) for n in range(SAMPLES + 2)]
        new = [NewCapture("linjiang", url(n), AT, capture(body)) for n, body in enumerate(pages)]
        for part in (new[:4], new[4:]):
            with Transaction(db):
                writer.add_many(part)
                writer.erase(new[0].capture.sha256)
    assert store.rows("SELECT count(*) FROM dictionaries WHERE kind = 'bodies'") == [(1,)]
    samples = store.rows("SELECT samples FROM dictionaries WHERE kind = 'bodies'")
    assert [new[0].capture.sha256 in row[0] for row in samples] == [False]


def test_a_body_is_stored_under_its_own_hash_or_not_at_all(store: Store) -> None:
    wrong = replace(capture(page(1)), sha256=hashlib.sha256(b"another").hexdigest())
    with (
        closing(open_captures(store.paths).conn) as db,
        pytest.raises(ValueError, match="not stored"),
        Transaction(db),
    ):
        CaptureStore(db).add_many([NewCapture("linjiang", url(1), AT, wrong)])
    assert store.rows("SELECT count(*) FROM captures UNION ALL SELECT count(*) FROM blobs") == [(0,), (0,)]


def test_a_damaged_dictionary_is_named_by_what_was_stored_with_it(store: Store) -> None:
    store.add([(n, page(n)) for n in range(SAMPLES + 2)])
    with store.open() as db:
        db.execute("UPDATE dictionaries SET content = substr(content, 2) WHERE kind = 'bodies'")
        row = db.execute("SELECT sha256, dictionary FROM blobs WHERE dictionary IS NOT NULL").fetchone()
        with pytest.raises(CaptureDamagedError, match=f"dictionaries {row[1]}"):
            CaptureStore(db).body(row[0])
    store.add([(900, page(900))], 1)  # nothing new stands on it
    assert store.holds([page(900)])


def test_headers_come_back_as_they_came_whatever_they_are(store: Store) -> None:
    chance = random.Random(5)
    captures = [
        NewCapture(
            "linjiang", url(n), AT,
            capture(
                page(n), headers=(("Set-Cookie", chance.randbytes(300).hex()), ("A", "\udcff值"), ("A", "")),
                redirects=("http://linjiang.example/",), request_method="POST", request_headers=(("UA", "g"),),
            ),
        )
        for n in range(400)
    ]  # fmt: skip
    with closing(open_captures(store.paths).conn) as db:
        with Transaction(db):
            CaptureStore(db).add_many(captures)
        for each in captures:
            stored = CaptureStore(db).capture(capture_key(each.url, each.capture.sha256))
            assert stored.headers == each.capture.headers
            assert (stored.redirects, stored.request_method) == (each.capture.redirects, "POST")
        assert db.execute("SELECT count(*) FROM dictionaries WHERE kind = 'headers'").fetchone()[0] <= 8


def test_captures_of_an_older_schema_are_packed_and_nothing_is_lost(tmp_path: Path) -> None:
    paths, body = Paths(tmp_path), page(1)
    headers = [["Content-Type", "text/html"], ["X", "值"]]
    with closing(sqlite3.connect(paths.captures, isolation_level=None)) as db:
        search.register(db)
        capture_migrations.apply(Database(db), stop_before="m003_dictionaries")
        sha256 = hashlib.sha256(body).hexdigest()
        stored = compress(body)
        db.execute(
            "INSERT INTO blobs VALUES (?, ?, ?, ?, 'zstd', NULL, NULL, 0)",
            [sha256, len(body), stored, hashlib.sha256(stored).hexdigest()],
        )
        db.execute(
            "INSERT INTO captures VALUES (?, 's', ?, '2026-03-01T00:00:00Z', ?, ?, 9, 200, ?, '[\"http://a.example/\"]', ?,"
            " '192.0.2.1', NULL)",
            [capture_key(url(1), sha256), url(1), sha256, sha256, json.dumps(headers),
             json.dumps({"method": "GET", "headers": [["UA", "x"]]})],
        )  # fmt: skip
    with closing(open_captures(paths).conn) as db:
        found = CaptureStore(db).capture(capture_key(url(1), sha256))
        assert [list(pair) for pair in found.headers] == headers
        assert (found.redirects, found.request_headers) == (("http://a.example/",), (("UA", "x"),))
        assert CaptureStore(db).body(sha256) == body
