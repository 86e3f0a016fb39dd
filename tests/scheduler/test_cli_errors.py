"""Whatever a user gets wrong ends in one clear line and the right exit status."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import epochs, search
from archive.store import MIGRATIONS
from tests import here

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cli")
    (home / "data").mkdir()
    (home / "data" / "archive.db").write_text("this is no database, and long enough to be read as one\n" * 20)
    (home / "fields").mkdir()
    (home / "fields" / "fields.yml").write_text("labels: 7\n")
    (home / "empty" / "sites").mkdir(parents=True)
    (home / "spelling" / "sites").mkdir(parents=True)
    fields = (ROOT / "config" / "fields.yml").read_text("utf-8")
    (home / "spelling" / "fields.yml").write_text(
        fields.replace("  index_number:", "  index_nummer:", 1), "utf-8"
    )
    (home / "blank").mkdir()
    (home / "blank" / "archive.db").touch()
    (home / "settings").mkdir()
    (home / "settings" / "settings.yml").write_text("parallel_sites: many\n")
    return home


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("nonsense", 2, "No such command"),
        ("--data {home}/nowhere changes", 1, "run `gongkai collect` first"),
        ("--config {home}/nowhere sites check", 2, "no such configuration directory"),
        ("--config {root}/config --data {home}/new collect nosuch", 2, "no site file has the key"),
        ("--config {root}/config --data {home}/new collect", 2, "no enabled site"),
        ("--config {root}/config extract {home}/nowhere.html", 2, "no such file"),
        ("--config {home}/fields extract {root}/README.md", 2, "fields.yml"),
        ("--config {home}/settings alerts test a@b.example", 2, "settings.yml:1: parallel_sites"),
        ("--config {root}/config alerts test nobody", 2, "expected one e-mail address"),
        ("--data {home}/data changes", 1, "{home}/data/archive.db: file is not a database: it is damaged"),
        ("--data {home}/data browse", 1, "{home}/data/archive.db: file is not a database: it is damaged"),
        ("--data {home}/blank changes", 1, "there is no archive in it yet"),
        ("--config {home}/empty extract {root}/README.md", 2, "{home}/empty/fields.yml:1: no such file"),
        ("--config {home}/spelling sites check", 2, "labels.index_nummer: no such field"),
        (
            "--config {root}/config --data {root}/README.md collect ndrc",
            2,
            "this is a file; --data names a directory",
        ),
        ("--config {home}/nowhere alerts test a@b.example", 2, "no such configuration directory"),
        ("--data {home}/data changes --since yesterday", 2, "write 2026-03-01"),
    ],
)
def test_clear_words(broken: Path, words: str, status: int, said: str) -> None:
    command = [w.format(home=broken, root=ROOT) for w in words.split()]
    done = here.gongkai(*command)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert said.format(home=broken, root=ROOT) in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "command",
    ["collect", "extract", "sites", "changes", "show", "diff", "search", "runs", "status", "alerts", "schedule", "crontab", "browse",
     "publish", "demo"],
)  # fmt: skip
def test_every_command_has_help(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", command, "--help"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "Usage:" in done.stdout


@pytest.mark.parametrize("words", [["changes"], ["documents", "merged"], ["browse", "--port", "0"]])
def test_tables_of_an_older_version_are_no_trouble_of_the_disk(
    tmp_path: Path, command: Callable[..., Callable[..., tuple[int, str, str]]], words: list[str]
) -> None:
    """After an upgrade, before anything was collected: it was told to look at the disk's space, or each page was an error."""
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as db:
        search.register(db)
        MIGRATIONS["archive.db"].apply(Database(db), stop_before="m009_withdrawals")
        epochs.begin(db, at="2031-03-05T01:00:00Z")
        db.execute("ALTER TABLE changes RENAME COLUMN dropped_at TO dropped")
    status, _, err = command("--data", str(tmp_path))(*words)
    assert (status, "its tables are those of an older gongkai" in err) == (1, True)
