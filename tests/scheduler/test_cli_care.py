"""Commands that could destroy something, or say nothing of what they were not given: they refuse, and say why."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from archive.store import ArchiveError
from archive.waits.expectations import SitePolicy
from crawler.sites import load_sites, site_files
from crawler.yaml_file import ConfigError
from scheduler import cli
from tests import here
from tests.archive.harness import Office, site_of

ROOT = Path(__file__).parents[2]
NOT_UTF8 = b"\xff\xfe".decode("utf-8", "surrogateescape")  # as Python hands it on from a command line


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = Office(tmp_path_factory.mktemp("care") / "data", SitePolicy())
    office.collect(site_of(3))
    return office.paths.data


def gongkai(data: Path, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
    """A command line; in a process of its own where its streams are given."""
    if not options:
        return here.gongkai("--data", str(data), *words)
    command = [sys.executable, "-m", "scheduler", "--data", str(data), *words]
    given = {"stdout": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, **given)  # type: ignore[call-overload]


def digests(directory: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in directory.glob("*.db")}


def test_nothing_is_withdrawn_where_nobody_can_be_asked(data: Path) -> None:
    done = gongkai(data, "withdraw", "#1", "--reason", "个人信息")
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert "罚款" in gongkai(data, "show", "#1").stdout


@pytest.mark.parametrize("way", ["data", "link", "backup"])
def test_a_snapshot_takes_the_place_of_snapshots_only(data: Path, tmp_path: Path, way: str) -> None:
    """`publish --force` into a data directory would put a copy under the log of the archive it was made of."""
    where = data if way == "data" else tmp_path / way
    if way == "link":
        where.symlink_to(data)
    if way == "backup":
        assert gongkai(data, "backup", str(where)).returncode == 0
    before = digests(where)
    done = gongkai(data, "publish", str(where), "--force")
    assert (done.returncode, "is no snapshot" in done.stderr) == (2, True), done.stderr
    assert digests(where) == before


def test_a_snapshot_is_replaced_when_asked(data: Path, tmp_path: Path) -> None:
    assert gongkai(data, "publish", str(tmp_path / "out")).returncode == 0
    assert gongkai(data, "publish", str(tmp_path / "out"), "--force").returncode == 0
    (tmp_path / "out" / "metadata.json").unlink()  # broken off between the two files
    assert gongkai(data, "publish", str(tmp_path / "out"), "--force").returncode == 0


def test_what_could_not_be_published_leaves_no_directory(tmp_path: Path) -> None:
    assert gongkai(tmp_path / "none", "publish", str(tmp_path / "out")).returncode == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["send", "retry"])
def test_alerts_of_no_archive_make_no_directory(tmp_path: Path, command: str) -> None:
    """A slip in --data is told, not taken for a new archive."""
    done = gongkai(tmp_path / "slip", "alerts", command)
    assert (done.returncode, "no such archive" in done.stderr) == (1, True)
    assert not (tmp_path / "slip").exists()


@pytest.mark.parametrize(
    "words",
    [["show", NOT_UTF8], ["diff", NOT_UTF8], ["proof", NOT_UTF8, "dir"], ["documents", "split", NOT_UTF8]],
)
def test_a_reference_that_is_not_utf8_is_no_document(data: Path, words: list[str]) -> None:
    done = gongkai(data, *words)
    assert (done.returncode, "no such" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done


@pytest.mark.parametrize("words", [["changes", "--since", ""], ["search", ""], ["search", "。，"]])
def test_what_says_nothing_is_not_taken_for_everything_or_nothing(data: Path, words: list[str]) -> None:
    assert gongkai(data, *words).returncode == 2
    done = gongkai(data, *words, "--json")
    assert (done.returncode, json.loads(done.stdout)["exit_status"]) == (2, 2)


def test_a_search_for_very_many_words_ends(data: Path) -> None:
    """30,000 words took 37 seconds on three documents: each is looked for in the index, and in each text."""
    done = gongkai(data, "search", " ".join(f"罚款{n}" for n in range(9000)))
    assert (done.returncode, "at most" in done.stderr) == (2, True)
    assert "#1" in gongkai(data, "search", "罚款 " * 9000).stdout


def test_a_full_disk_behind_standard_output(data: Path) -> None:
    for words in (["changes", "--json"], ["changes", "--kind", "baseline"]):
        with Path("/dev/full").open("w") as full:
            done = gongkai(data, *words, stdout=full)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert "No space left" in done.stderr


def test_a_reader_that_has_had_enough_ends_us_without_a_word(data: Path) -> None:
    """`gongkai changes | head -1`: not 1, which would say that something was not done; nor 0, which `verify` never means."""
    for words in (["changes", "--json"], ["show", "#1"]):
        ends = os.pipe()
        os.close(ends[0])
        done = gongkai(data, *words, stdout=ends[1])
        os.close(ends[1])
        assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_streams_that_are_closed(data: Path, closed: int) -> None:
    """As some supervisors start programs. A file opened then would get the number of a standard stream."""
    for words in ("verify", "diff '#1'", "changes --json"):
        line = f"{sys.executable} -m scheduler --data {data} {words} {closed}>&-"
        done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60)
        assert done.returncode == (2 if "diff" in words else 0), done.stderr
        assert "Traceback" not in done.stderr


def test_a_directory_of_sites_that_cannot_be_read_is_not_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sites check` called it right, and `collect` left a province out without a word."""
    shut = tmp_path / "sites" / "guangdong"
    shut.mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: str | Path) -> object:  # these tests may run as root, whom no permission stops
        if Path(path) == shut:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ConfigError, match="guangdong:1: Permission denied"):
        load_sites(tmp_path)
    assert site_files(tmp_path / "new") == []


def test_a_province_that_no_site_has_is_said(data: Path) -> None:
    done = gongkai(data, "--config", str(ROOT / "config"), "sites", "list", "--province", "Guangdong")
    assert (done.returncode, "广东" in done.stderr) == (2, True), done.stderr


def test_a_collection_that_was_interrupted_has_no_counts_yet(data: Path, tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(2), die=True)
    out = gongkai(office.paths.data, "runs", "list").stdout
    assert ("None" in out, "interrupted" in out) == (False, True), out


def test_an_interruption_is_json_for_a_program_that_asked_for_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["gongkai", "collect", "--json"])
    monkeypatch.setattr(cli.gongkai, "main", interrupted)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert (end.value.code, json.loads(capsys.readouterr().out)["exit_status"]) == (130, 130)


@pytest.mark.parametrize("error", [click.ClickException, ArchiveError, OSError])
def test_an_error_that_quotes_a_stranger_cannot_drive_the_terminal(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mail server's answer, a file's name: `alerts test` handed on `550 \\x1b[31mno such user` as it came."""

    def failing(**_: object) -> None:
        raise error("the server answered 550 \x1b[31mno\u202esuch user\nsecond line")

    monkeypatch.setattr(sys, "argv", ["gongkai", "alerts", "test"])
    monkeypatch.setattr(cli.gongkai, "main", failing)
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().err
    assert "no<U+202E>such user\nsecond line" in said
    assert not [char for char in said if not char.isprintable() and char != "\n"]
