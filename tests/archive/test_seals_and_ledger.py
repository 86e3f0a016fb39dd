"""Seals of rows, the tree over the ledger, outcomes told relative to observations."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import ledger, outcomes, seals
from archive.batch import Batch, CaptureBody, Fetch, Outcome, Role
from archive.captures import CaptureStore
from archive.record import Recorder, SitePolicy
from archive.store import open_archive
from archive.verification.findings import Damage
from archive.verify import verify
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy())


def unsealed_rows(path: Path, tables: tuple[seals.SealedTable, ...]) -> list[tuple[str, object]]:
    """Rows whose seal is not that of their values, and seals without a row."""
    wrong: list[tuple[str, object]] = []
    with closing(sqlite3.connect(path)) as db:
        for table in tables:
            stored = dict(db.execute("SELECT key, seal FROM seals WHERE kind = ?", [table.kind]))
            rows = {r[0]: r[1:] for r in db.execute(f"SELECT {table.key_sql()}, * FROM {table.name}")}
            wrong += [
                (table.name, k)
                for k in stored.keys() | rows.keys()
                if stored.get(k) != (k in rows and seals.seal(rows[k]))
            ]
        assert db.execute("SELECT count(*) FROM unsealed").fetchone()[0] == 0
    return wrong


def test_every_row_is_sealed_whatever_becomes_of_it(office: Office) -> None:
    office.collect(site_of(6))
    office.collect({**site_of(6), url(1): notice(1, "罚款3万元。")})
    moved = "http://linjiang.example/new/t20260301_2.html"
    office.collect({**site_of(2), moved: notice(2)}, listed=[url(0), moved], aliases={url(0): (url(1),)})
    assert unsealed_rows(office.paths.archive, seals.ARCHIVE_TABLES) == []
    assert unsealed_rows(office.paths.captures, seals.CAPTURE_TABLES) == []


def test_a_row_edited_behind_its_back_keeps_its_old_seal(office: Office) -> None:
    office.collect(site_of(2))
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        db.execute("UPDATE versions SET evidence = evidence || ' ' WHERE id = 2")
        db.execute("DELETE FROM changes WHERE id = 1")
    open_archive(office.paths).conn.close()  # the next writer must not seal what it did not write
    assert sorted(unsealed_rows(office.paths.archive, seals.ARCHIVE_TABLES)) == [
        ("changes", 1),
        ("versions", 2),
    ]


def test_rows_of_a_process_that_died_are_sealed_by_the_next(office: Office) -> None:
    office.collect(site_of(2))
    db = open_archive(office.paths).conn
    db.execute("UPDATE sites SET name = '改名'")
    sqlite3.Connection.close(db)  # as a kill would: nothing is sealed
    with closing(sqlite3.connect(office.paths.archive)) as check:
        assert check.execute("SELECT count(*) FROM unsealed").fetchone()[0] == 1
    open_archive(office.paths).conn.close()
    assert unsealed_rows(office.paths.archive, seals.ARCHIVE_TABLES) == []


def test_a_later_column_does_not_change_a_seal() -> None:
    assert seals.seal((1, "甲", None)) == seals.seal((1, "甲")) != seals.seal((1, None, "甲"))
    assert len({seals.seal((v,)) for v in (1, "1", b"1", 1.5, None)}) == 5


@given(st.integers(1, 300))
def test_the_tree_of_subtrees_is_that_of_rfc_6962(entries: int) -> None:
    hashes = [hashlib.sha256(bytes([n % 251, n // 251])).digest() for n in range(entries)]
    subtrees: dict[int, bytes] = {}
    for seq, entry in enumerate(hashes, start=1):
        subtrees[seq] = ledger.complete_subtree(seq, entry, subtrees.__getitem__)
    assert ledger.tree_root(entries, subtrees.__getitem__) == ledger.merkle_root(hashes)


def test_frames_hold_what_was_put_in() -> None:
    chance = random.Random(1)
    asked = [
        outcomes.Asked(
            chance.randrange(1, 10**9), f"2026-03-{chance.randrange(1, 29):02}T08:00:{n % 60:02}Z", n % 3 == 0, n % 3 == 1,
            chance.choice(list(Role)), chance.choice([None, 200, 304, 521]), chance.choice([None, "超时"]),
        )
        for n in range(1000)
    ]  # fmt: skip
    assert outcomes.decode(outcomes.encode(asked)) == asked
    steady = [
        outcomes.Asked(n, f"2026-03-01T08:{n // 30:02}:{n % 30 * 2:02}Z", False, False, Role.PAGE, 200)
        for n in range(500)
    ]
    assert len(outcomes.encode(steady)) < 500


@pytest.mark.parametrize(
    "damage",
    [lambda f: f[:-3], lambda f: b"x" + f[1:], lambda f: b"", lambda f: bytes([*f[:20], f[20] ^ 1, *f[21:]])],
)
def test_a_damaged_frame_says_so(damage) -> None:
    frame = outcomes.encode(
        [outcomes.Asked(n, "2026-03-01T08:00:00Z", True, False, Role.PAGE) for n in range(50)]
    )
    with pytest.raises(outcomes.OutcomesDamagedError):
        outcomes.decode(damage(frame))


def test_a_damaged_frame_does_not_keep_a_site_from_being_collected(office: Office) -> None:
    office.collect(site_of(2), die=True)
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        db.execute("INSERT INTO run_outcomes VALUES (1, 9, x'00')")
    assert office.collect(site_of(2)).outcome == "complete"


def test_headers_of_a_capture_whose_process_died_are_those_of_the_answer_in_the_ledger(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import archive.record

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    real = Office._page

    def page(self: Office, *args: object):
        fetch, found = real(self, *args)
        capture = fetch.capture and replace(fetch.capture, headers=(("Date", str(self.now)),))
        return replace(fetch, capture=capture), found

    monkeypatch.setattr(Office, "_page", page)
    with monkeypatch.context() as patch:
        patch.setattr(archive.record, "observe", dies)  # captures.db has the batch, archive.db has not
        with pytest.raises(KeyboardInterrupt):
            office.collect(site_of(2))
    office.collect(site_of(2))
    with closing(sqlite3.connect(office.paths.captures)) as captures, office.read() as db:
        store = CaptureStore(captures)
        for (key,) in captures.execute("SELECT key FROM captures").fetchall():
            (stored,) = db.execute(
                "SELECT headers_sha256 FROM observations WHERE capture = ?", [key]
            ).fetchone()
            assert stored == ledger.headers_sha256(store.capture(key).headers)


def test_headers_of_a_page_asked_for_twice_in_one_batch_are_those_in_the_ledger(office: Office) -> None:
    """A list page whose walk looks twice: the same bytes, another Date."""
    office.collect({})
    body = "<ul><li>通知</li></ul>".encode()
    sha = hashlib.sha256(body).hexdigest()
    fetches = tuple(
        Fetch(
            url=url(1), role=Role.LIST, outcome=Outcome.OK, at=office.now, status=200,
            capture=CaptureBody(
                sha256=sha, body=body, wire_sha256=sha, wire_length=len(body), status=200, headers=(("Date", date),)
            ),
        )
        for date in ("08:00:00", "08:00:01")
    )  # fmt: skip
    with Recorder(office.paths, clock=lambda: office.now) as recorder:
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=False)
        recorder.record(run, Batch(seq=1, fetches=fetches, finished=True))
        recorder.finish(run)
    damages: list[Damage] = []
    verify(office.paths, tell=damages.append)
    assert damages == []
