"""Commands on a data directory of which a file is lost: they name it, and say what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.waits.expectations import SitePolicy
from scheduler.doctor import State, examine
from tests.archive.harness import Office, notice, site_of, url, without_an_epoch

Run = Callable[..., tuple[int, str]]
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(2))
    office.collect({**site_of(2), url(0): notice(0, "罚款3万元。")})
    return office


@pytest.fixture
def run(office: Office, command: Callable[..., Callable[..., tuple[int, str, str]]]) -> Run:
    """Run a command line in this process: status and standard error."""

    def call(*words: str) -> tuple[int, str]:
        status, _, err = command("--data", str(office.paths.data))(*words)
        return status, err

    return call


def lose(path: Path) -> None:
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


READING = (
    "verify",
    "verify --rebuild-index",
    "proof #1 {home}/out",
    "export warc {home}/out",
    "prune",
    "withdraw #1 --reason r --yes",
)


@pytest.mark.parametrize("words", READING)
@pytest.mark.parametrize(
    ("name", "how", "said"),
    [
        ("captures.db", "lost", "it is not there, though archive.db rests on it: put it back, or `gongkai restore` a backup"),
        ("captures.db", "directory", "it is a directory, where a file should be: move it away, and `gongkai restore` a backup"),
        ("archive.db", "lost", "it is not there, though captures.db is: put it back, or `gongkai restore` a backup"),
        ("archive.db", "emptied", "it is empty, though captures.db is not: put it back, or `gongkai restore` a backup"),
        ("archive.db", "directory", "it is a directory, where a file should be: move it away, and `gongkai restore` a backup"),
    ],
)  # fmt: skip
def test_a_command_names_the_file_and_what_to_do(
    run: Run, office: Office, tmp_path: Path, words: str, name: str, how: str, said: str
) -> None:
    """`prune` ended in a traceback, others in "disk I/O error" or in the advice to collect first."""
    lose(office.paths.data / name)
    if how == "directory":
        (office.paths.data / name).mkdir()
    if how == "emptied":
        (office.paths.data / name).touch()
    status, err = run(*words.format(home=tmp_path).split())
    assert (status, f"Error: {office.paths.data / name}: {said}" in err) == (1, True), err
    assert list(tmp_path.iterdir()) == [office.paths.data]


def test_emptied_captures_are_told_by_what_only_reads(run: Run, office: Office, tmp_path: Path) -> None:
    lose(office.paths.captures)
    office.paths.captures.touch()
    for words in ("verify", f"export warc {tmp_path}/out", "prune"):
        status, err = run(*words.split())
        assert (
            status,
            "captures.db: it is empty, though archive.db rests on it: `gongkai restore`" in err,
        ) == (1, True)


def test_what_needs_no_answers_goes_on_without_them(run: Run, office: Office, tmp_path: Path) -> None:
    lose(office.paths.captures)
    assert run("export", "csv", str(tmp_path / "out.csv"))[0] == 0


def test_the_doctor_finds_that_the_archive_is_lost(office: Office) -> None:
    lose(office.paths.archive)
    found = [f for f in examine(office.paths, CONFIG, now=office.now) if f.state is State.ERROR]
    assert [f.check for f in found] == ["files"]
    assert "archive.db is missing, though captures.db is there" in found[0].message


def test_an_index_of_no_archive_is_not_rebuilt(run: Run, tmp_path: Path) -> None:
    """A slip in --data made a new archive there."""
    status, err = run("--data", str(tmp_path / "slip"), "verify", "--rebuild-index")
    assert (status, "no such archive" in err, (tmp_path / "slip").exists()) == (1, True, False)


@pytest.mark.parametrize("words", ["status", "backup {home}/out", "export warc {home}/out", "changes"])
def test_an_archive_without_an_epoch_is_none_yet(run: Run, tmp_path: Path, words: str) -> None:
    """The first collection died when it had made the tables: `status` and `backup` ended in a traceback."""
    begun = tmp_path / "begun"
    begun.mkdir()
    for name, content in without_an_epoch().items():
        (begun / name).write_bytes(content)
    status, err = run("--data", str(begun), *words.format(home=tmp_path).split())
    assert (status, "there is no archive in it yet; run `gongkai collect` first" in err) == (1, True), err
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_read_on_a_full_disk_is_no_question_of_rights(
    run: Run, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It advised to run as another user, because SQLite could not make the index of its log."""

    class Full(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("disk I/O error")

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{**k, "factory": Full}))
    assert "by a user who may write" in run("status")[1]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    status, err = run("status")
    assert (status, "archive.db: disk I/O error; the disk is full" in err, "a user who" in err) == (
        1,
        True,
        False,
    )
