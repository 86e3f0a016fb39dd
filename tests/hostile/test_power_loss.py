"""After a power loss everything that was acknowledged is there, and every file is sound."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.captures import CaptureStore
from archive.store import Paths, open_archive, open_captures
from tests.hostile import writer_load
from tests.hostile.powerloss import CALLS, Disk, events

ROOT = Path(__file__).parents[2]
BATCHES = 25
needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is missing: apt-get install strace (or: make fault-tools)"
)


def traced(tmp_path: Path) -> tuple[list, Path]:
    data, log = tmp_path / "data", tmp_path / "strace.log"
    data.mkdir()
    command = [sys.executable, "-m", "tests.hostile.writer_load", str(data), str(BATCHES)]
    subprocess.run(
        ["strace", "-o", str(log), "-e", f"trace={CALLS}", "-xx", "-s", "10000000", *command],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    found = list(events(log, data))
    log.unlink()
    return found, data


def acknowledged(data: Path) -> set[tuple[str, int, str]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        rows = db.execute(
            "SELECT d.url, v.number, v.body_sha256 FROM versions v JOIN documents d ON d.id = v.document"
        )
        return set(rows.fetchall())


def examine(state: Path, batches: int) -> None:
    """Both files sound, what was acknowledged there with its captures, the archive writable."""
    for name in ("captures.db", "archive.db"):
        with closing(sqlite3.connect(state / name)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", name
            assert db.execute("PRAGMA foreign_key_check").fetchall() == [], name
    assert writer_load.expected(batches) <= acknowledged(state)
    paths = Paths(state)
    with closing(open_archive(paths).conn) as db, closing(open_captures(paths).conn) as captures:
        store = CaptureStore(captures)
        for (sha256,) in db.execute("SELECT sha256 FROM version_sources").fetchall():
            store.body(sha256)  # raises where a body is missing or damaged


@needs_strace
@pytest.mark.parametrize("states", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_power_losses(states: int, tmp_path: Path) -> None:
    log, data = traced(tmp_path)
    shutil.rmtree(data)
    first = next(index for index, event in enumerate(log) if event.kind == "ack")
    chance = random.Random(20260301)
    moments = sorted(chance.randrange(first, len(log)) for _ in range(states))
    disk, batches, checked = Disk(data), 0, 0
    for index, event in enumerate(log):
        if event.kind == "ack":
            batches = int(event.data) or batches
        else:
            disk.apply(event)
        while checked < states and moments[checked] == index:
            state = tmp_path / "state"
            disk.lose_power(chance, state)
            examine(state, batches)
            shutil.rmtree(state)
            checked += 1
    assert checked == states
    assert batches == BATCHES


@needs_strace
def test_the_simulation_bites(tmp_path: Path) -> None:
    """Were syncs ignored, acknowledged versions would be lost: the test above can fail."""
    log, data = traced(tmp_path)
    shutil.rmtree(data)
    disk, lost = Disk(data), 0
    chance = random.Random(1)
    for event in log:
        if event.kind not in ("ack", "sync"):
            disk.apply(event)
    for attempt in range(5):
        state = tmp_path / str(attempt)
        disk.lose_power(chance, state)
        try:
            examine(state, BATCHES)
        except (AssertionError, sqlite3.DatabaseError):
            lost += 1
    assert lost == 5
