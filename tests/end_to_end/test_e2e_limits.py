"""Budgets, deadlines, waits and breakages: what bounds a collection, and what it says when a bound is met."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.store import Paths
from crawler import run
from crawler.config import load_settings
from crawler.sites import load_sites
from crawler.wire import FrameReader, WireError
from tests.fake_sites.editable import collect, configure, content


def children() -> list[int]:
    """Process ids of this process's children."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


def collect_here(home: Path, **options: object):
    config = home / "config"
    return run.collect(
        load_sites(config), paths=Paths(home / "data"), config=config, settings=load_settings(config),
        clock=lambda: datetime.now(UTC), **options,
    )  # fmt: skip


def test_the_budget_of_a_day_is_shared_by_its_collections(tmp_path: Path, site) -> None:
    office = site(30)
    command = configure(tmp_path, office)
    file = tmp_path / "config" / "sites" / "linjiang.yml"
    file.write_text(file.read_text().replace("concurrency: 8", "concurrency: 8, daily_budget: 50"))
    assert collect(command)[1]["outcome"] == "complete"
    status, report = collect(command)
    assert (status, report["outcome"]) == (0, "complete")  # as much as was left, as planned
    assert sum(office.hits.values()) <= 55
    status, report = collect(command)
    assert (status, report["outcome"], report["scheduled"]) == (1, "skipped", 0)
    assert "its budget of 50 requests for today is used up" in report["reasons"][0]
    assert collect(command, "--budget", "40")[1]["outcome"] == "complete"  # a person's word


def test_a_stuck_collector_is_stopped_and_what_came_in_is_kept(
    tmp_path: Path, site, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = site(300)
    configure(tmp_path, office)
    plain = office.answer

    def stop_the_child(path: str, per_page: int):
        if office.hits.total() == 250:
            for pid in children():
                os.kill(pid, signal.SIGSTOP)
            monkeypatch.setattr(run, "SILENCE_LIMIT", timedelta(seconds=1))  # not before: starting takes time
        return plain(path, per_page)

    office.answer = stop_the_child
    report = collect_here(tmp_path).sites[0]
    monkeypatch.undo()
    assert report.outcome == "partial"
    assert any("said nothing" in reason for reason in report.reasons)
    assert 0 < report.baseline < 300
    office.answer = plain
    assert collect_here(tmp_path).sites[0].outcome == "complete"
    assert len(content(tmp_path)) == 300


def test_a_collection_that_does_not_end_is_stopped(tmp_path: Path, site) -> None:
    office = site(40)
    configure(tmp_path, office)
    settings = tmp_path / "config" / "settings.yml"
    settings.write_text(settings.read_text() + "longest_collection: 0.0002\n")
    report = collect_here(tmp_path).sites[0]
    assert report.outcome in ("failed", "partial")
    assert any("took longer than 0.0002 hours" in reason for reason in report.reasons)


def test_a_collection_taken_up_again_does_not_ask_twice(tmp_path: Path, site) -> None:
    office = site(60)
    command = configure(tmp_path, office)
    collect(command)
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db, db:
        # As a SIGKILL at the very end leaves it.
        db.execute("UPDATE runs SET outcome = NULL, ended_at = NULL")
    before = office.hits.copy()
    collect(command)
    asked = office.hits - before
    assert not [path for path in asked if path in office.pages]
    collect(command)
    assert [path for path in office.hits - before - asked if path in office.pages]


def test_retry_after_is_honoured(tmp_path: Path, site) -> None:
    office = site(3)
    path = sorted(office.pages)[0]
    plain, waited = office.answer, []

    def busy(asked: str, per_page: int):
        if asked == path and office.hits[path] == 1:
            return 429, {"Retry-After": "1"}, b"slow down"
        if asked == path:
            waited.append(office.hits[path])
        return plain(asked, per_page)

    office.answer = busy
    report = collect(configure(tmp_path, office))[1]
    assert (report["baseline"], report["blocked"], waited) == (3, 0, [2])


def test_a_page_that_breaks_the_extractor_costs_only_itself(
    tmp_path: Path, site, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = site(5)
    command = configure(tmp_path, office)
    path = sorted(office.pages)[2]
    # A sitecustomize in the child makes the extractor fail on one page, as a bug of ours would.
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import sys\nif 'crawler.child' in ' '.join(sys.orig_argv):\n"
        "    import crawler.row_context as r\n    plain = r.extract_page\n"
        "    def broken(body, url, **k):\n"
        f"        if url.endswith({path!r}):\n            raise RuntimeError('tag soup')\n"
        "        return plain(body, url, **k)\n    r.extract_page = broken\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{hook}{os.pathsep}{Path(__file__).parents[2]}")
    status, report = collect(command)
    assert (status, report["outcome"], report["baseline"], report["failed"]) == (1, "partial", 4, 1)
    log = (tmp_path / "data" / "logs" / "linjiang.log").read_text()
    assert "RuntimeError: tag soup" in log
    assert re.match(r"[-\d]{10} [:\d]{8} [+-]\d{4} ", log)
    with closing(sqlite3.connect(tmp_path / "data" / "captures.db")) as db:  # what was fetched is kept
        assert db.execute("SELECT count(*) FROM captures WHERE url LIKE ?", [f"%{path}"]).fetchone() == (1,)


def test_frames_come_in_any_pieces() -> None:
    reader, stream = FrameReader(), b"\0\0\0\x03abc\0\0\0\0\0\0\0\x01z"
    assert [f for i in range(len(stream)) for f in reader.feed(stream[i : i + 1])] == [b"abc", b"", b"z"]
    assert list(reader.feed(b"")) == []
    list(reader.feed(b"\0\0\0\x09ab"))
    with pytest.raises(WireError, match="inside a frame"):
        list(reader.feed(b""))
    with pytest.raises(WireError, match="no frame of ours"):
        list(FrameReader().feed(b"\xff\xff\xff\xff"))


def test_a_problem_of_a_page_that_is_no_document_names_the_page(tmp_path: Path, site) -> None:
    office = site(3)
    path = sorted(office.pages)[1]
    kind = {"Content-Type": "text/html; charset=utf-8"}
    office.answers[path] = (200, kind, b"<html><body>" + b"<div>" * 5000)
    assert collect(configure(tmp_path, office))[1]["failed"] == 1
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
        found = db.execute("SELECT code, url FROM problems WHERE document IS NULL").fetchall()
    assert ("nesting_too_deep", office.base + path) in found
