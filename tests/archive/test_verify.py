"""`gongkai verify`: clean where nothing happened; every flipped bit, lost row and edited value named."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.batch import Batch, Outcome
from archive.model import Disclosure
from archive.record import Recorder, SitePolicy
from archive.store import (
    ALERTS,
    ARCHIVE,
    CAPTURES,
    SEALED,
    ArchiveError,
    Paths,
    exclusive,
    open_alerts,
    open_captures,
)
from archive.verify import Damage, rebuild_index, verify
from scheduler.cli import gongkai
from tests.archive.harness import CATALOGUES, SITE, Office, site_of, url
from tests.archive.rich_office import RichOffice, rich_notice

# Tables that hold content, and the columns of it that SHA-256 or a seal covers: all of them.
_UNSEALED = {ARCHIVE: ("bodies", "search_state"), CAPTURES: ("blobs", "certificates"), ALERTS: ()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with something in every table; tests copy it."""
    data = tmp_path_factory.mktemp("verify")
    office = RichOffice(data, SitePolicy(confirm_checks=1, confirm_days=0))
    pages: dict[str, Disclosure | Outcome] = {url(n): rich_notice(n) for n in range(12)}
    office.collect(pages)
    office.collect(
        {**pages, url(1): rich_notice(1, "罚款3万元。"), url(2): Outcome.GONE, url(3): Outcome.NOT_MODIFIED}
    )
    office.collect(
        {
            **pages,
            url(1): rich_notice(1, "罚款1万元。"),
            url(4): rich_notice(4, "改。"),
            url(5): Outcome.FAILED,
        }
    )
    with Recorder(
        office.paths, clock=lambda: office.now, policy=office.policy
    ) as recorder:  # it will not end
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=False)
        fetch, found = office._page(url(12), rich_notice(12), "r1", ())
        recorder.record(run, Batch(seq=1, fetches=(fetch,), found=(found,)))
    with closing(open_captures(office.paths).conn) as db:
        db.execute(
            "INSERT INTO dictionaries (site, content, trained_at, kind, sha256) VALUES ('lake', ?, '2026-03-01T00:00:00Z', ?, ?)",
            [(content := bytes(range(256)) * 4), "headers", hashlib.sha256(content).hexdigest()],
        )
    with closing(open_alerts(office.paths).conn) as db:
        db.execute(
            "INSERT INTO subscriptions (key, recipient, cursor, last_due_at) VALUES ('desk', 'desk@example.org', 3, '2031-01-01T00:00:00Z')"
        )
        db.execute(
            "INSERT INTO outbox (message_id, subscription, recipient, subject, message, state) VALUES"
            " ('<e.desk.1-3@x>', 'desk', 'desk@example.org', '摘要', ?, 'sent')", ["正文".encode() * 50],
        )  # fmt: skip
    return data


@pytest.fixture
def paths(archive: Path, tmp_path: Path) -> Paths:
    for file in archive.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return Paths(tmp_path)


def damages_of(paths: Paths) -> list[Damage]:
    found: list[Damage] = []
    report = verify(paths, tell=found.append)
    assert report.damages == len(found)
    return found


def test_what_was_not_touched_is_clean(paths: Paths) -> None:
    before = {name: (paths.data / name).read_bytes() for name in (ARCHIVE, CAPTURES, ALERTS)}
    found: list[Damage] = []
    report = verify(paths, tell=found.append)
    assert found == []
    assert report.head is not None and report.head[0] == 3
    assert all(
        report.checked[f"{ARCHIVE}: {t.name}"]
        for t in SEALED[ARCHIVE]
        if t.name not in ("run_outcomes", "files", "merges")
    )
    assert any("in no entry of the ledger yet" in note for note in report.notes)  # the run that died
    assert before == {name: (paths.data / name).read_bytes() for name in before}


# -- single bits -------------------------------------------------------------------------------------------


def _cells(paths: Paths, chance: random.Random) -> Iterator[tuple[str, str, str, object, str]]:
    """Random cells of stored content, every table and column as likely as another: (file, table, key, rowid, column)."""
    columns: list[tuple[str, str, str, str]] = []
    for file in (ARCHIVE, CAPTURES, ALERTS):
        with closing(sqlite3.connect(paths.data / file)) as db:
            keys = {t.name: t.key_sql() for t in SEALED[file]} | dict.fromkeys(_UNSEALED[file], "")
            for table, key in keys.items():
                names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
                columns += [(file, table, key or names[0], name) for name in names]
    while True:
        file, table, key, column = chance.choice(columns)
        with closing(sqlite3.connect(paths.data / file)) as db:
            rows = db.execute(
                f"SELECT {key}, rowid FROM {table} WHERE {column} IS NOT NULL AND length({column}) > 0"
            ).fetchall()
        if rows:
            name, rowid = chance.choice(rows)
            yield file, table, str(name), rowid, column


def _flip(
    db: sqlite3.Connection, table: str, rowid: object, column: str, chance: random.Random
) -> tuple[object, object] | None:
    """Flip one bit of a stored value; the value before and after, None where SQLite itself does not let it be stored."""
    db.text_factory = bytes
    value, kind = db.execute(
        f"SELECT {column}, typeof({column}) FROM {table} WHERE rowid = ?", [rowid]
    ).fetchone()
    expression = "CAST(? AS TEXT)" if kind == b"text" else "?"
    if kind == b"integer":
        changed: object = value ^ (1 << chance.randrange(max(8, value.bit_length())))
    else:
        data = bytearray(struct.pack(">d", value) if kind == b"real" else value)
        bit = chance.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        changed = struct.unpack(">d", data)[0] if kind == b"real" else bytes(data)
    try:
        with db:
            db.execute(f"UPDATE {table} SET {column} = {expression} WHERE rowid = ?", [changed, rowid])
    except sqlite3.IntegrityError:
        return None
    return value, changed


def _flip_and_verify(paths: Paths, seed: int, flips: int) -> None:
    chance, unnamed = random.Random(seed), []
    originals = {name: (paths.data / name).read_bytes() for name in (ARCHIVE, CAPTURES, ALERTS)}
    cells, done = _cells(paths, chance), 0
    while done < flips:
        file, table, key, rowid, column = next(cells)
        with closing(sqlite3.connect(paths.data / file)) as db:
            flipped = _flip(db, table, rowid, column, chance)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if flipped is None:
            continue
        done += 1
        found = damages_of(paths)
        # A row whose own name was hit may be named by what it is called now: nothing tells what it was called.
        names = {
            key,
            str(flipped[1], "utf-8", "surrogateescape") if isinstance(flipped[1], bytes) else str(flipped[1]),
        }
        if not any((d.file, d.table) == (file, table) and d.row in names for d in found):
            unnamed.append((file, table, key, column, flipped, found))
        for name, content in originals.items():
            for leftover in paths.data.glob(f"{name}-*"):
                leftover.unlink()
            (paths.data / name).write_bytes(content)
    assert unnamed == [], f"{len(unnamed)} of {flips} flips were not named (seed {seed})"


def test_single_bits_in_stored_values_are_named(paths: Paths) -> None:
    _flip_and_verify(paths, seed=4, flips=20)


@pytest.mark.slow
def test_200_single_bits_in_stored_values_are_named(paths: Paths) -> None:
    _flip_and_verify(paths, seed=2026, flips=200)


def _content(paths: Paths) -> dict[tuple[str, str], dict[str, object]]:
    """All rows that can be read, by file and table, as they are stored."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for file in (ARCHIVE, CAPTURES, ALERTS):
        with closing(sqlite3.connect(f"file:{paths.data / file}?immutable=1", uri=True)) as db:
            db.text_factory = bytes
            keys = {t.name: t.key_sql() for t in SEALED[file]}
            keys |= {
                "bodies": "sha256",
                "search_state": "document",
                "blobs": "sha256",
                "certificates": "sha256",
            }
            for table, key in keys.items():
                try:
                    rows = db.execute(f"SELECT {key}, * FROM {table}").fetchall()
                except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                    if "no such table" in str(error) and table not in {t.name for t in SEALED[file]}:
                        continue  # of another file
                    rows = [(b"unreadable", str(error))]
                found[file, table] = {
                    r[0].decode("utf-8", "surrogateescape") if isinstance(r[0], bytes) else str(r[0]): r[1:]
                    for r in rows
                }
    return found


@pytest.mark.slow
def test_200_single_bits_in_the_files_are_named(paths: Paths) -> None:
    """Where in a file a bit flips, SQLite decides what it means: the rows that read otherwise must all be named."""
    chance, done, silent = random.Random(7), 0, []
    with closing(sqlite3.connect(paths.archive)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    originals = {name: (paths.data / name).read_bytes() for name in (ARCHIVE, CAPTURES, ALERTS)}
    before = _content(paths)
    while done < 200:
        file = chance.choice((ARCHIVE, ARCHIVE, CAPTURES, ALERTS))
        bit = chance.randrange(100 * 8, len(originals[file]) * 8)
        data = bytearray(originals[file])
        data[bit // 8] ^= 1 << bit % 8
        (paths.data / file).write_bytes(data)
        try:
            after = _content(paths)
        except sqlite3.DatabaseError:
            after = {}  # the schema cannot be read any more
        if after == before:
            (paths.data / file).write_bytes(originals[file])
            continue  # an unused byte, an index (it can be built anew), or a number that is written in two ways
        done += 1
        try:
            named = {(d.file, d.table, d.row) for d in damages_of(paths)}
        except ArchiveError:
            named = {(file, "", "")}  # the file as a whole: the command says so and ends with 1
        whole = {(f, t) for f, t, row in named if not row}
        for (f, table), rows in before.items():
            now = after.get((f, table), {})
            differing = {k for k in rows.keys() | now.keys() if rows.get(k) != now.get(k)} - {"unreadable"}
            if not whole & {(f, table), (f, "")}:
                silent += [(f, table, key, bit) for key in differing if (f, table, key) not in named]
        if not named:
            silent.append((file, "nothing was named", "", bit))
        for name, content in originals.items():
            for leftover in paths.data.glob(f"{name}-*"):
                leftover.unlink()
            (paths.data / name).write_bytes(content)
    assert silent == []


# -- whole rows, and what follows from what ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "sql", "table", "row"),
    [
        (ARCHIVE, "DELETE FROM citations WHERE id = 3", "citations", "3"),
        (ARCHIVE, "DELETE FROM stretches WHERE id = 3", "stretches", "3"),
        (ARCHIVE, "DELETE FROM ledger WHERE seq = 2", "ledger", "2"),
        (
            ARCHIVE,
            "INSERT INTO problems (site, code, message) VALUES ('linjiang', 'x', 'y')",
            "problems",
            "14",
        ),
        (
            ARCHIVE,
            "UPDATE bodies SET text = text || '。' WHERE sha256 = (SELECT min(sha256) FROM bodies)",
            "bodies",
            None,
        ),
        (ARCHIVE, "UPDATE versions SET title = '改' WHERE id = 2", "versions", "2"),
        (
            ARCHIVE,
            "UPDATE documents SET last_present_at = '2020-01-01T00:00:00Z' WHERE id = 5",
            "documents",
            "5",
        ),
        (ARCHIVE, "UPDATE search_state SET title = '改' WHERE document = 5", "search_state", "5"),
        (
            ARCHIVE,
            "UPDATE search_data SET block = substr(block, 1, length(block) - 1) || x'7f' WHERE id > 10",
            "search",
            None,
        ),
        (ARCHIVE, "UPDATE runs SET outcomes = NULL WHERE id = 2", "runs", "2"),
        (CAPTURES, "DELETE FROM captures WHERE rowid = 2", "captures", None),
        (CAPTURES, 'UPDATE captures SET headers = \'[["Date", "x"]]\' WHERE rowid = 2', "captures", None),
        (CAPTURES, "UPDATE blobs SET base_sha256 = NULL, encoding = 'zstd' WHERE depth = 1", "blobs", None),
        (ALERTS, "UPDATE subscriptions SET cursor = 900", "subscriptions", "desk"),
        (ALERTS, "UPDATE outbox SET message = x'00'", "outbox", "1"),
    ],
)
def test_edits_behind_its_back_are_named(
    paths: Paths, file: str, sql: str, table: str, row: str | None
) -> None:
    with closing(sqlite3.connect(paths.data / file)) as db, db:
        assert db.execute(sql).rowcount
    rows = {d.row for d in damages_of(paths) if (d.file, d.table) == (file, table)}
    assert row in rows if row else rows


def test_a_damage_says_which_document_and_address_it_is_about(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.captures)) as db, db:
        sha = db.execute("SELECT sha256 FROM captures WHERE url = ?", [url(7)]).fetchone()[0]
        db.execute("UPDATE blobs SET stored = zeroblob(length(stored)) WHERE sha256 = ?", [sha])
    (damage,) = [d for d in damages_of(paths) if d.table == "blobs" and d.row == sha]
    assert (damage.document, damage.url) == (8, url(7))


def test_what_stands_on_a_damaged_capture_is_named_too(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.captures)) as db, db:
        base = db.execute("SELECT base_sha256 FROM blobs WHERE depth = 1 LIMIT 1").fetchone()[0]
        stands = {r[0] for r in db.execute("SELECT sha256 FROM blobs WHERE base_sha256 = ?", [base])}
        db.execute("UPDATE blobs SET stored = x'28b52ffd' WHERE sha256 = ?", [base])
    named = {d.row: d.what for d in damages_of(paths) if d.table == "blobs"}
    assert {base, *stands} <= named.keys()
    assert all(base in named[row] for row in stands)


def test_verify_beside_a_writer_checks_the_index_on_a_copy(paths: Paths) -> None:
    with exclusive(paths):
        assert damages_of(paths) == []
        with closing(sqlite3.connect(paths.archive)) as db, db:
            db.execute("DELETE FROM search_data WHERE id > 10")
        assert "search" in {d.table for d in damages_of(paths)}
    assert not list(paths.data.glob(".verify-*"))


def test_the_index_can_be_built_anew(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.archive)) as db, db:
        db.execute("DELETE FROM search_docsize WHERE id = 3")
    assert "search" in {d.table for d in damages_of(paths)}
    rebuild_index(paths)
    assert damages_of(paths) == []


def test_the_command_names_damage_and_ends_with_1(paths: Paths) -> None:
    run = CliRunner().invoke
    clean = run(gongkai, ["--data", str(paths.data), "verify", "--json"])
    assert (clean.exit_code, json.loads(clean.stdout)["clean"]) == (0, True)
    with closing(sqlite3.connect(paths.archive)) as db, db:
        db.execute("UPDATE versions SET summary = '\x1b[31m' WHERE id = 4")
    broken = run(gongkai, ["--data", str(paths.data), "verify", "--json"])
    named = [(d["table"], d["row"], d["document"], d["url"]) for d in json.loads(broken.stdout)["damages"]]
    assert broken.exit_code == 1
    assert ("versions", "4", 4, url(3)) in named
    words = run(gongkai, ["--data", str(paths.data), "verify"])
    assert (words.exit_code, "\x1b" in words.output) == (1, False)
    assert f"DAMAGED archive.db: versions 4 (#4 {url(3)})" in words.output


@pytest.mark.parametrize(
    ("file", "command"), [(ARCHIVE, "collect"), (CAPTURES, "collect"), (ALERTS, "alerts send")]
)
def test_a_file_that_misses_one_migration_is_named_with_the_command_that_makes_it(
    tmp_path: Path, file: str, command: str
) -> None:
    Office(tmp_path, SitePolicy()).collect(site_of(1))
    open_alerts(Paths(tmp_path)).conn.close()
    with closing(sqlite3.connect(tmp_path / file)) as db, db:
        db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    with pytest.raises(ArchiveError, match=f"{file}: its tables .* the next `gongkai {command}`"):
        verify(Paths(tmp_path), tell=print)


def test_an_archive_of_an_older_gongkai_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / ARCHIVE)) as db:
        db.execute("CREATE TABLE runs (id INTEGER)")
    with pytest.raises(ArchiveError, match="tables are those of an older gongkai"):
        verify(Paths(tmp_path), tell=print)
