"""Versions recorded per second and their CPU, beside SQLite itself: ``python -m benchmarks.writer``.

The same made-up pages (:mod:`benchmarks.office`) are recorded twice over, every document new and then every one edited,
each variant into a fresh archive, alternating, in one run:

- the archive's writer, with the search index and without;
- plain ``sqlite3``: the rows that the writer had put into both files, table by table, with ``executemany`` and one transaction per
  batch in each file, into the same tables with the same indexes and foreign keys, ``synchronous=FULL`` and WAL;
- the same rows one by one with sqlite-utils' ``insert()``, each of which is a transaction.

What plain inserts get for nothing is named in the output: hashing, comparing, compressing, seals.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from sqlite_utils import Database

from archive import search
from archive.batch import Batch
from archive.record import Recorder, SiteRow
from archive.store import ARCHIVE, CAPTURES, MIGRATIONS, Paths
from archive.waits.expectations import SitePolicy
from benchmarks.office import BATCH, START, Office

_SKIPPED = ("sqlite_", "_sqlite", "search", "unsealed")  # kept by SQLite, or by the index


@dataclass(frozen=True)
class Cost:
    """Of one variant: seconds of CPU and on the clock."""

    cpu: float
    wall: float


Rows = dict[str, list[tuple[str, str, list[tuple[object, ...]]]]]  # file → (table, columns, rows)


def timed(work: Callable[[], None]) -> Cost:
    """What a call costs."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def record(office: Office, collections: Sequence[Sequence[Batch]], paths: Paths, *, searched: bool) -> None:
    """Record collections as gongkai does."""
    index = nullcontext() if searched else mock.patch.object(search, "index_documents", lambda *_: None)
    with index:
        for number, batches in enumerate(collections):
            now = START.replace(day=1 + number)
            with Recorder(paths, clock=lambda now=now: now, policy=SitePolicy()) as recorder:
                site, catalogue = SiteRow(office.key, office.key), ("xxgk", "公开", office.home)
                run = recorder.begin(site, [catalogue], collection="benchmark", full=True)
                for batch in batches:
                    recorder.record(run, batch)
                recorder.finish(run)


def rows_of(paths: Paths) -> Rows:
    """Every row that the writer left, parents before children."""
    found: Rows = {}
    for file in (CAPTURES, ARCHIVE):
        with closing(sqlite3.connect(paths.data / file)) as db:
            names = [
                r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
            ]
            found[file] = []
            for name in names:
                if name.startswith(_SKIPPED):
                    continue
                columns = [c[1] for c in db.execute(f"PRAGMA table_info([{name}])")]
                found[file].append(
                    (name, ", ".join(columns), db.execute(f"SELECT * FROM [{name}]").fetchall())
                )
    return found


def empty(place: Path, file: str) -> sqlite3.Connection:
    """A file with gongkai's tables and no rows."""
    place.mkdir(exist_ok=True)
    db = sqlite3.connect(place / file, isolation_level=None)
    search.register(db)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    MIGRATIONS[file].apply(Database(db))
    # Rows come table by table here, not in the order of their references.
    db.execute("PRAGMA foreign_keys = OFF")
    return db


def insert_batched(rows: Rows, place: Path, batches: int) -> None:
    """Plain sqlite3: as many transactions in each file as the writer made."""
    for file, tables in rows.items():
        with closing(empty(place, file)) as db:
            for number in range(batches):
                db.execute("BEGIN IMMEDIATE")
                for name, columns, values in tables:
                    part = values[len(values) * number // batches : len(values) * (number + 1) // batches]
                    marks = ", ".join("?" * (columns.count(",") + 1))
                    db.executemany(f"INSERT INTO [{name}] ({columns}) VALUES ({marks})", part)
                db.execute("COMMIT")


def insert_singly(rows: Rows, place: Path) -> None:
    """sqlite-utils: insert() for every row."""
    for file, tables in rows.items():
        with closing(empty(place, file)) as db:
            utils = Database(db)
            for name, columns, values in tables:
                table, names = utils.table(name), columns.split(", ")
                for row in values:
                    table.insert(dict(zip(names, row, strict=True)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    office = Office(1, options.documents, 2)
    collections = [list(office.batches(version)) for version in range(2)]
    batches = sum(map(len, collections))
    home = Path(tempfile.mkdtemp())
    rows: Rows = {}
    costs: dict[str, list[Cost]] = {}
    try:
        record(office, collections, Paths(home / "model"), searched=False)
        rows = rows_of(Paths(home / "model"))
        variants: dict[str, Callable[[], None]] = {
            "gongkai, search on": lambda: record(office, collections, Paths(home / "x"), searched=True),
            "gongkai, search off": lambda: record(office, collections, Paths(home / "x"), searched=False),
            "sqlite3, batched": lambda: insert_batched(rows, home / "x", batches),
            "sqlite-utils insert()": lambda: insert_singly(rows, home / "x"),
        }
        for _ in range(options.rounds):
            for name, work in variants.items():
                costs.setdefault(name, []).append(timed(work))
                shutil.rmtree(home / "x")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    report(options.documents, batches, rows, costs)


def report(documents: int, batches: int, rows: Rows, costs: dict[str, list[Cost]]) -> None:
    """Medians, and ratios of medians."""
    versions = 2 * documents
    count = sum(len(values) for tables in rows.values() for _, _, values in tables)
    print(
        f"{documents} documents, new and edited: {versions} versions, {count / versions:.1f} rows of both files per version,"
        f" {BATCH} pages a batch, {batches} batches; medians of {len(next(iter(costs.values())))} rounds"
    )
    plain = statistics.median(c.cpu for c in costs["sqlite3, batched"])
    for name, found in costs.items():
        cpu, wall = (statistics.median(getattr(c, what) for c in found) for what in ("cpu", "wall"))
        print(
            f"{name:<24} {versions / wall:7.0f} versions/s   CPU {cpu / versions * 1e6:7.0f} µs/version   × {cpu / plain:.2f}"
        )
    print(
        "The writer also hashes, compares, compresses, seals, and orders events; plain inserts get the finished rows."
    )


if __name__ == "__main__":
    main()
