"""A better extractor rewrites what it reads from stored captures, and nobody is told of a change."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import reparse
from archive.captures import CaptureStore
from archive.store import Paths, open_archive, open_captures
from crawler.extract.fields import FieldBook
from crawler.sites import load_sites
from crawler.stored_pages import SiteExtractors
from tests import here
from tests.fake_sites.editable import FIELDS, LoopbackSite, collect, configure

LABELS = "index_number: [索引号, 索取号,"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, LoopbackSite]]:
    """An archive of 130 documents, collected by an extractor that did not know the label 索引号, and its site."""
    home = tmp_path_factory.mktemp("collected")
    site = LoopbackSite(130)
    command = configure(home, site)
    fields = home / "config" / "fields.yml"
    text = FIELDS.read_text()
    assert LABELS in text
    fields.write_text(text.replace(LABELS, "index_number: [索取号,"))
    assert collect(command)[0] == 0
    fields.write_text(text)
    yield home, site
    site.server.shutdown()


@pytest.fixture
def home(collected: tuple[Path, LoopbackSite], tmp_path: Path) -> tuple[Path, list[str]]:
    """That archive, of a test's own; and how to collect it."""
    home = shutil.copytree(collected[0], tmp_path / "home")
    return home, configure(home, collected[1])


def rows(home: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        return db.execute(sql).fetchall()


def run(command: list[str], *words: str) -> tuple[int, str]:
    done = here.gongkai(*here.of(command), *words)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_first_the_report_then_the_rewriting_then_silence(home) -> None:
    path, command = home
    assert rows(path, "SELECT count(*) FROM documents WHERE index_number IS NOT NULL") == [(0,)]
    feed = rows(path, "SELECT * FROM changes")
    status, text = run(command, "reparse", "--json")
    report = json.loads(text)
    assert status == 0
    assert (report["versions"], report["rewritten"]) == (130, 0)
    assert report["fields"]["index_number"]["documents"] == 130
    assert report["fields"]["index_number"]["samples"][0]["new"].startswith("LJ/2026-")
    assert rows(path, "SELECT count(*) FROM documents WHERE index_number IS NOT NULL") == [(0,)]

    status, text = run(command, "reparse", "--apply")
    assert status == 0, text
    assert "130 versions rewritten" in text
    assert rows(path, "SELECT count(DISTINCT index_number) FROM documents") == [(130,)]
    assert rows(path, "SELECT * FROM changes") == feed
    assert rows(path, "SELECT max(number), count(*) FROM versions") == [(1, 130)]
    assert "#" in run(command, "search", "LJ/2026-77")[1]
    assert json.loads(run(command, "reparse", "--json")[1])["versions"] == 0

    status, again = collect(command)
    assert (status, again["edited"], again["unchanged"]) == (0, 0, 130)


def test_a_stopped_run_goes_on_where_it_was(home) -> None:
    path, _ = home
    extractors = SiteExtractors(FieldBook.load(path / "config" / "fields.yml"), load_sites(path / "config"))
    paths = Paths(path / "data")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with closing(open_archive(paths).conn) as db, closing(open_captures(paths).conn) as captures:
        store = CaptureStore(captures)
        with pytest.raises(KeyboardInterrupt):
            reparse.reparse(db, store, extractors, site=None, apply=True, progress=stop)
        assert reparse.waiting(db, extractors, None) == 30
        report = reparse.reparse(db, store, extractors, site="linjiang", apply=True, progress=lambda _: None)
        assert (report.versions, report.rewritten) == (30, 30)
        assert reparse.waiting(db, extractors, None) == 0


def test_a_version_whose_capture_cannot_be_read_stays_and_is_counted(home) -> None:
    path, command = home
    with closing(sqlite3.connect(path / "data" / "captures.db")) as db, db:
        damaged, pruned = (
            row[0]
            for row in db.execute(
                "SELECT sha256 FROM captures WHERE url LIKE '%/t2026%' ORDER BY url LIMIT 2"
            )
        )
        db.execute("UPDATE blobs SET stored = x'00' WHERE sha256 = ?", [damaged])
        db.execute("DELETE FROM captures WHERE sha256 = ?", [pruned])
        db.execute("DELETE FROM blobs WHERE sha256 = ?", [pruned])
    status, text = run(command, "reparse", "--apply", "--json")
    report = json.loads(text)
    assert status == 1
    assert report["unread"] == {"damaged": 1, "no_capture": 1}
    assert report["rewritten"] == 128
    assert rows(path, "SELECT count(*) FROM versions WHERE index_number IS NULL") == [(2,)]


def test_a_page_is_read_again_with_what_its_row_said_then(home) -> None:
    path, _ = home
    contexts = {row[0] for row in rows(path, "SELECT context FROM versions")}
    assert len(contexts) == 130
    assert all("published_on" in json.loads(c)["hints"] for c in contexts)


def test_wrong_use_is_told(tmp_path: Path) -> None:
    site = LoopbackSite(2)
    command = configure(tmp_path, site)
    status, text = run(command, "reparse")
    assert status == 1
    assert "no such archive" in text
    assert collect(command)[0] == 0
    status, text = run(command, "reparse", "--site", "nowhere")
    assert status == 2
    assert "nowhere" in text
    site.server.shutdown()
