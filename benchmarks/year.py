"""The archive after a simulated year: how large it is, what takes the room, and how large one proof is.

``python -m benchmarks.year [--sites 300] [--addresses 500] [--days 365] [--asks 75]`` drives the real writer through
a year of daily collections with a clock of its own. Every collection walks the first pages of the catalogue (all of
it once a week), then asks for what is new, then for ``--asks`` known documents, the longest unconfirmed first: the
daily budget of a site. Nothing is extrapolated: what is printed is measured at the end, of as many sites and days as
were asked for. :mod:`benchmarks.year_site` says what the offices do.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.batch import Batch, Fetch, Found, Listed, Outcome, Role, WalkEnd
from archive.record import Recorder, SiteRow
from archive.store import Paths
from benchmarks.collection import ROOT
from benchmarks.year_site import BETWEEN_REQUESTS, PER_PAGE, Notice, Office
from crawler.batcher import MOST_ITEMS

START = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
EVIDENCE = ("stretches", "places", "ledger")  # the tables whose size has an aim, with their indexes
Event = tuple[Fetch, Found | None, Listed | None]


class Collection:
    """One collection of one office: what is asked for, in the order of crawler.plan."""

    def __init__(self, office: Office, day: int, asks: int) -> None:
        self._office, self._asks = office, asks
        self.now = START + timedelta(days=day)
        self.full = day % 7 == 0
        self._outage = office.outage() if day else None
        self.walk: WalkEnd | None = None

    def _tick(self) -> datetime:
        self.now += BETWEEN_REQUESTS
        return self.now

    def events(self) -> Iterator[Event]:
        """Requests and their outcomes, one after another."""
        office = self._office
        known = {notice.number for notice in office.known}
        listed, pages = office.listed(), 0
        new: list[Notice] = []
        quiet = 0
        while pages * PER_PAGE < len(listed) and (self.full or quiet < 2):
            fetch, rows = office.list_page(pages, self._tick())
            if self._outage is not None:
                yield self._unanswered(fetch.url, Role.LIST), None, None
                break
            yield fetch, None, rows
            shown = listed[pages * PER_PAGE : (pages + 1) * PER_PAGE]
            fresh = [notice for notice in shown if notice.number not in known]
            new += fresh
            quiet = 0 if fresh else quiet + 1
            pages += 1
        complete = self._outage is None
        self.walk = WalkEnd(
            catalogue="gfxwj", full=self.full, complete=complete, pages=pages, rows=len(listed), at=self.now,
            reason=None if complete else "the first page did not answer",
        )  # fmt: skip
        asked = office.known[: self._asks]
        for notice in (*new, *asked):
            yield self._document(notice)
        office.known = [*office.known[self._asks :], *asked, *new]

    def _document(self, notice: Notice) -> Event:
        at = self._tick()
        if self._outage is not None:
            return self._unanswered(self._office.url(notice), Role.PAGE), None, None
        seen = self._office.seen.get(notice.number)
        state = (notice.edition, self._office.template)
        fetch, found = self._office.page(notice, at, conditional=seen == state)
        if fetch.outcome is Outcome.OK:
            self._office.seen[notice.number] = state
        return fetch, found, None

    def _unanswered(self, url: str, role: Role) -> Fetch:
        assert self._outage is not None
        words = {
            Outcome.FAILED: "the connection was refused",
            Outcome.BLOCKED: "an anti-bot page: 412 and a script",
        }
        return Fetch(
            url=url, role=role, outcome=self._outage, at=self.now, status=412 if self._outage is Outcome.BLOCKED else None,
            detail=words[self._outage],
        )  # fmt: skip

    def batches(self) -> Iterator[Batch]:
        """The same, as the collecting process streams it."""
        seq, held = 1, list[Event]()
        for event in self.events():
            held.append(event)
            if len(held) * 2 >= MOST_ITEMS:
                yield _batch(seq, held)
                seq, held = seq + 1, []
        assert self.walk is not None
        yield _batch(seq, held, walks=(self.walk,))
        yield Batch(seq=seq + 1, finished=True)


def _batch(seq: int, events: list[Event], walks: tuple[WalkEnd, ...] = ()) -> Batch:
    return Batch(
        seq=seq, fetches=tuple(e[0] for e in events), found=tuple(e[1] for e in events if e[1] is not None),
        listed=tuple(e[2] for e in events if e[2] is not None), walks=walks,
    )  # fmt: skip


def live(paths: Paths, sites: int, addresses: int, days: int, asks: int) -> None:
    """Run the year."""
    offices = [Office(number, addresses, days) for number in range(sites)]
    requests, began = 0, time.monotonic()
    for day in range(days):
        for office in offices:
            office.work(day)
            collection = Collection(office, day, asks)
            with Recorder(paths, clock=lambda: collection.now) as recorder:  # noqa: B023 — used before the next one
                run = recorder.begin(
                    SiteRow(office.key, f"临江市第{office.number}局"), [("gfxwj", None, f"{office.base}/zwgk/")],
                    collection=f"day{day}", full=collection.full,
                )  # fmt: skip
                for batch in collection.batches():
                    recorder.record(run, batch)
                requests += recorder.finish(run).scheduled
        if day % 30 == 0:
            size = paths.archive.stat().st_size / 1e6
            print(
                f"day {day:>3}: {requests:,} requests, archive.db {size:,.0f} MB, {time.monotonic() - began:,.0f} s",
                flush=True,
            )


def sizes(path: Path) -> dict[str, tuple[int, int]]:
    """Table → bytes of its rows and of its indexes, as SQLite's own dbstat counts its pages."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT m.tbl_name, m.type, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
            " WHERE s.aggregate = TRUE GROUP BY 1, 2"
        ).fetchall()
    found: dict[str, tuple[int, int]] = {}
    for table, kind, size in rows:
        own, indexes = found.get(table, (0, 0))
        found[table] = (own + size, indexes) if kind == "table" else (own, indexes + size)
    return found


def size_of_a_proof(data: Path) -> int:
    """Bytes of what `gongkai proof` writes for the first version of the first document, checked by its own script."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "proof"
        command = ["-m", "scheduler", "--data", str(data), "proof", "#1@1", str(folder)]
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        check = [sys.executable, "-I", "verify.py"]
        subprocess.run(check, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def report(paths: Paths) -> None:
    """Print what there is at the year's end."""
    tables = ("sites", "documents", "versions", "runs", *EVIDENCE)
    with closing(sqlite3.connect(paths.archive)) as db:
        asked = db.execute("SELECT sum(scheduled) FROM runs").fetchone()[0]
        counts = [f"{db.execute(f'SELECT count(*) FROM {name}').fetchone()[0]:,} {name}" for name in tables]
    print(", ".join([f"{asked:,} requests", *counts]))
    by_size = sorted(sizes(paths.archive).items(), key=lambda item: -sum(item[1]))
    print("archive.db, MB               rows   indexes")
    for table, (own, indexes) in by_size:
        if own + indexes >= 1e5:
            print(f"  {table:<24} {own / 1e6:>8,.1f}  {indexes / 1e6:>8,.1f}")
    evidence = sum(sum(size) for table, size in by_size if table in EVIDENCE)
    print(f"archive.db               {paths.archive.stat().st_size / 1e6:>10,.1f} MB")
    print(f"captures.db              {paths.captures.stat().st_size / 1e6:>10,.1f} MB")
    print(f"observations and ledger  {evidence / 1e6:>10,.1f} MB   (aim: under 1,000)")
    print(f"one proof                {size_of_a_proof(paths.data) / 1e6:>10,.3f} MB   (aim: under 1)")
    print(f"peak memory of the writer {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>9,.0f} MB")


def main() -> None:
    """Live the year and print what it left."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sites", type=int, default=300)
    parser.add_argument("--addresses", type=int, default=500)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--asks", type=int, default=75, help="known documents asked for in a day")
    parser.add_argument(
        "--dir",
        type=Path,
        help="Where to build the archive, which is kept; one that is there is only reported",
    )
    options = parser.parse_args()
    home = options.dir or Path(tempfile.mkdtemp(prefix="gongkai-year-"))
    home.mkdir(parents=True, exist_ok=True)
    paths = Paths(home)
    try:
        if not paths.archive.exists():
            began = time.monotonic()
            live(paths, options.sites, options.addresses, options.days, options.asks)
            print(
                f"{options.sites} sites of {options.addresses} addresses, {options.days} days: {time.monotonic() - began:,.0f} s"
            )
        report(paths)
    finally:
        if options.dir is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
