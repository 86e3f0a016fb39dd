"""Bytes per version: captures beside one WARC.gz, texts beside git, SQLite's own overhead included.

``python -m benchmarks.storage [--documents 2000] [--versions 5] [--sites 8] [--keep DIR]`` collects made-up offices
(:mod:`benchmarks.office`) through the writer, one collection per version, and prints what the files grew to.
Needs ``git``.

- Captures: the whole of captures.db beside a WARC.gz of the same responses, written by warcio, and what is in it by table.
- Texts of superseded versions: what the tables of texts take beyond those of the current versions alone, beside the
  packs of `git repack -adf`: of a repository of the superseded texts, and what they add to one of the current texts.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sqlite_utils import Database
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import search
from archive.batch import Fetch
from archive.captures import CaptureStore
from archive.migrations import archive_migrations
from archive.record import Recorder, SiteRow
from archive.storage import texts
from archive.store import Paths, open_for_reading
from archive.waits.expectations import SitePolicy
from benchmarks.office import START, Office

TEXT_TABLES = ("bodies", "sqlite_autoindex_bodies_1", "bodies_base")


@dataclass(frozen=True)
class Task:
    """How much is collected."""

    documents: int
    versions: int
    offices: tuple[Office, ...]

    @property
    def count(self) -> int:
        return self.documents * self.versions


def collect(task: Task, paths: Paths) -> float:
    """Record every version of every office; CPU seconds of it, the making of the pages left out."""
    spent = 0.0
    for version in range(task.versions):
        for office in task.offices:
            batches = list(office.batches(version))
            began = time.process_time()
            with Recorder(
                paths, clock=lambda version=version: START.replace(day=1 + version), policy=SitePolicy()
            ) as recorder:
                site, catalogue = SiteRow(office.key, office.key), ("xxgk", "公开", office.home)
                run = recorder.begin(site, [catalogue], collection="benchmark", full=True)
                for batch in batches:
                    recorder.record(run, batch)
                recorder.finish(run)
            spent += time.process_time() - began
    return spent


def fetches(task: Task) -> Iterator[Fetch]:
    """Every answer, in the order of collection."""
    for version in range(task.versions):
        for office in task.offices:
            for batch in office.batches(version):
                yield from batch.fetches


def warc_gz(task: Task, path: Path) -> int:
    """Write the answers as one WARC.gz, a gzip member per record as is usual; its size in bytes."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for fetch in fetches(task):
            assert fetch.capture is not None
            writer.write_record(
                writer.create_warc_record(
                    fetch.url, "response", payload=BytesIO(fetch.capture.body),
                    http_headers=StatusAndHeaders("200 OK", list(fetch.capture.headers), protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": f"{fetch.at:%Y-%m-%dT%H:%M:%SZ}", "WARC-IP-Address": "192.0.2.10"},
                )
            )  # fmt: skip
    return path.stat().st_size


def contents(task: Task, versions: Iterable[int]) -> Iterator[list[tuple[str, str]]]:
    """For each of the versions, path → text of every document."""
    for version in versions:
        yield [
            (f"{office.key}/{number}.txt", office.history(number)[version].disclosure.body_text or "")
            for office in task.offices
            for number in range(office.documents)
        ]


def git_repack(commits: Iterable[list[tuple[str, str]]], place: Path) -> int:
    """Bytes of packs and their indexes after `git repack -adf`, one commit for each collection."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(place), "GIT_CONFIG_NOSYSTEM": "1"}
    git = ["git", "-C", str(place)]
    place.mkdir()
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True, env=environment)
    with subprocess.Popen(
        [*git, "fast-import", "--quiet"], stdin=subprocess.PIPE, env=environment
    ) as importer:
        assert importer.stdin is not None
        for number, files in enumerate(commits):
            at = int(START.timestamp()) + number * 86400
            importer.stdin.write(
                f"commit refs/heads/main\ncommitter a <a@example> {at} +0000\ndata 1\nx\n".encode()
            )
            for name, text in files:
                data = text.encode()
                importer.stdin.write(f"M 644 inline {name}\ndata {len(data)}\n".encode() + data + b"\n")
    if importer.returncode:
        raise SystemExit("git fast-import failed")
    subprocess.run([*git, "repack", "-adfq"], check=True, env=environment)
    return sum(f.stat().st_size for f in (place / ".git" / "objects" / "pack").glob("pack-*"))


def table_bytes(path: Path) -> dict[str, int]:
    """Table or index → bytes of its pages."""
    with closing(open_for_reading(path)) as db:
        return dict(
            db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
        )


def current_alone(archive: Path, place: Path) -> int:
    """Bytes that the same tables of texts would take with the texts of the current versions alone."""
    with closing(sqlite3.connect(place, isolation_level=None)) as db:
        search.register(db)
        archive_migrations.apply(Database(db))
        db.execute("ATTACH ? AS whole", [str(archive)])
        db.execute(
            "INSERT INTO main.bodies SELECT * FROM whole.bodies b WHERE EXISTS"
            " (SELECT 1 FROM whole.documents WHERE body_sha256 = b.sha256) ORDER BY rowid"
        )
        sizes = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    return sum(size for name, size in sizes.items() if name in TEXT_TABLES)


def check(task: Task, paths: Paths) -> None:
    """Every body and every text can be had again, byte for byte."""
    with closing(open_for_reading(paths.captures)) as db:
        store = CaptureStore(db)
        for fetch in random.Random(1).sample(list(fetches(task)), 300):
            assert fetch.capture is not None
            assert store.body(fetch.capture.sha256) == fetch.capture.body
    wanted = {text for version in contents(task, range(task.versions)) for _, text in version}
    with closing(open_for_reading(paths.archive)) as db:
        assert {texts.read(db, row[0]) for row in db.execute("SELECT sha256 FROM bodies")} == wanted


def line(name: str, ours: float, theirs: float, theirs_name: str, aim: str = "") -> str:
    """One comparison."""
    return f"{name:<44} {ours:8.0f}   {theirs_name:<34} {theirs:8.0f}   ratio {ours / theirs:5.3f}{aim}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--versions", type=int, default=5)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--keep", type=Path, help="an empty directory for the files; else they are deleted")
    options = parser.parse_args()
    each = options.documents // options.sites
    offices = tuple(Office(n, each, options.versions) for n in range(options.sites))
    task = Task(each * options.sites, options.versions, offices)
    place = options.keep or Path(tempfile.mkdtemp())
    try:
        report(task, place)
    finally:
        if not options.keep:
            shutil.rmtree(place, ignore_errors=True)


def report(task: Task, place: Path) -> None:
    """Store, compare, print."""
    paths = Paths(place / "data")
    seconds = collect(task, paths)
    check(task, paths)
    count, old = task.count, task.count - task.documents
    html = sum(len(f.capture.body) for f in fetches(task) if f.capture) / count
    print(
        f"{task.documents} documents × {task.versions} versions on {len(task.offices)} sites; pages of {html:.0f} bytes on average"
    )
    print(f"recorded at {seconds / count * 1000:.2f} ms of CPU per version, search included\n")
    warc = warc_gz(task, place / "answers.warc.gz")
    captures = paths.captures.stat().st_size
    print("bytes per version")
    print(line("captures.db", captures / count, warc / count, "WARC.gz", "   (aim: 0.25)"), flush=True)
    for name, size in table_bytes(paths.captures).items():
        print(f"    {name:<40} {size / count:8.1f}")
    whole = git_repack(contents(task, range(task.versions)), place / "git-all")
    superseded = git_repack(contents(task, range(task.versions - 1)), place / "git-superseded")
    current = git_repack(contents(task, [task.versions - 1]), place / "git-current")
    stored = sum(size for name, size in table_bytes(paths.archive).items() if name in TEXT_TABLES)
    added = stored - current_alone(paths.archive, place / "alone.db")
    print("\nbytes per superseded text")
    print(
        line(
            "archive.db, beyond the current texts",
            added / old,
            superseded / old,
            "git repack -adf of them",
            "   (aim: 1.1)",
        )
    )
    print(line("", added / old, (whole - current) / old, "git, beyond the current texts"))
    print("\nbytes per version, current texts (whole, searchable) among them")
    print(line("archive.db, texts", stored / count, whole / count, "git repack -adf of all"))


if __name__ == "__main__":
    main()
