"""SIGKILL at any moment, of the writer, of its collecting process or of both: run again, and the archive is the same."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import threading
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.fake_sites.editable import LoopbackSite, collect, configure, content

PAGES, FEW = 300, 100
WRITER, CHILD, BOTH = "the writer", "the collecting process", "both"


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


def collect_and_kill(
    command: list[str], office: LoopbackSite, victim: str, request: int, later: float = 0.0
) -> None:
    """Collect, and kill ``victim`` when the site gets its n-th request, or ``later`` seconds after that."""
    plain, start = office.answer, office.hits.total()
    process = subprocess.Popen(
        [*command, "collect", "--full"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )

    def kill() -> None:
        collecting = children_of(process.pid)
        for pid in ([process.pid] if victim != CHILD else []) + (collecting if victim != WRITER else []):
            with suppress(ProcessLookupError):  # it has come to its end
                os.kill(pid, signal.SIGKILL)

    def answer(path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        if office.hits.total() - start == request:
            threading.Timer(later, kill).start() if later else kill()
        return plain(path, per_page)

    office.answer = answer  # type: ignore[method-assign]
    try:
        _, words = process.communicate(timeout=120)
    finally:
        office.answer = plain  # type: ignore[method-assign]
    assert "Traceback" not in words


def more_content(home: Path) -> dict[str, list[tuple]]:
    """What an archive holds, by name: documents, where they are listed, versions, events, and the responses."""
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM runs WHERE outcome IS NULL").fetchone() == (0,)
        listed = db.execute(
            "SELECT d.url, unlisted_at IS NULL FROM listings l JOIN documents d ON d.id = l.document ORDER BY 1"
        ).fetchall()
        told = db.execute(
            "SELECT d.url, c.kind, c.significance, c.reasons, c.fields, c.feed_seq IS NULL FROM changes c"
            " JOIN documents d ON d.id = c.document ORDER BY 1, 2"
        ).fetchall()
        seqs = db.execute("SELECT count(*), count(DISTINCT feed_seq), max(feed_seq) FROM changes").fetchall()
    with closing(sqlite3.connect(home / "data" / "captures.db")) as db:
        kept = db.execute("SELECT url, sha256 FROM captures ORDER BY 1, 2").fetchall()
    return {"versions": content(home), "listed": listed, "told": told, "feed": seqs, "captures": kept}


def differences(disturbed: Path, calm: Path) -> dict[str, tuple[list, list]]:
    """By name, what only the disturbed archive holds, and what only the other one; a row held twice counts twice."""
    found = {}
    other = more_content(calm)
    for name, rows in more_content(disturbed).items():
        ours, theirs = Counter(rows), Counter(other[name])
        if ours != theirs:
            found[name] = (list((ours - theirs).elements()), list((theirs - ours).elements()))
    return found


def steady(office: LoopbackSite) -> None:
    """Leave out the counter of visits: it is in the captures, and the disturbed archives see other values."""
    office.validators = True


def undisturbed(home: Path, office: LoopbackSite) -> None:
    steady(office)
    collect(configure(home, office))


def test_killed_three_times_a_collection_ends_as_an_undisturbed_one(tmp_path: Path, site) -> None:
    office = site(FEW)
    undisturbed(tmp_path / "calm", office)
    command = configure(tmp_path / "wild", office)
    chance = random.Random(7)
    for victim in (WRITER, CHILD, BOTH):
        collect_and_kill(command, office, victim, chance.randrange(5, FEW // 2))
    status, report = collect(command)
    assert (status, report["outcome"]) == (0, "complete")
    assert differences(tmp_path / "wild", tmp_path / "calm") == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15))
def test_killed_at_random_moments(tmp_path: Path, site, seed: int) -> None:
    office = site(PAGES)
    undisturbed(tmp_path / "calm", office)
    command = configure(tmp_path / "wild", office)
    chance = random.Random(seed)
    for _ in range(chance.randrange(1, 5)):
        victim = chance.choice([WRITER, CHILD, BOTH])
        collect_and_kill(command, office, victim, chance.randrange(1, PAGES + 17), chance.random() / 2)
    status, report = collect(command)
    assert (status, report["outcome"]) == (0, "complete")
    assert differences(tmp_path / "wild", tmp_path / "calm") == {}


def edited(office: LoopbackSite) -> None:
    """The office at work: five notices edited, one taken down, one added."""
    paths = sorted(office.pages)
    for number, path in enumerate(paths[10:200:40]):
        office.pages[path] = f"罚款{number}千元。"
    del office.pages[paths[100]]
    office.pages["/zw/t20260131_9001.html"] = "罚款九元。"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_killed_second_collection_tells_the_same_changes_once(tmp_path: Path, site, seed: int) -> None:
    office = site(PAGES)
    steady(office)
    first = dict(office.pages)
    calm, wild = configure(tmp_path / "calm", office), configure(tmp_path / "wild", office)
    collect(calm)
    collect(wild)
    edited(office)
    collect(calm, "--full")
    assert office.pages != first
    chance = random.Random(seed)
    for _ in range(chance.randrange(1, 4)):
        collect_and_kill(command=wild, office=office, victim=chance.choice([WRITER, CHILD, BOTH]),
                         request=chance.randrange(1, PAGES), later=chance.random() / 4)  # fmt: skip
    assert collect(wild, "--full")[0] == 0
    assert differences(tmp_path / "wild", tmp_path / "calm") == {}
