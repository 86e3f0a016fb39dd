"""Commands that show, take out and thin what the archive holds, as a person types them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.expectations import SitePolicy
from scheduler.cli import main
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An archive of three notices, of which #1 was edited once."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(3))
    office.collect({**site_of(3), url(0): notice(0, "罚款3万元。")})
    return office


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gongkai", "--data", str(office.paths.data), *words])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return call


def test_proof_writes_a_folder_and_says_to_which_heads_it_leads(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("proof", "#1@1", str(tmp_path / "proof"))
    assert (status, out.count("leads to head")) == (0, 2)
    command = [sys.executable, "-I", str(tmp_path / "proof" / "verify.py")]
    assert subprocess.run(command, capture_output=True).returncode == 0
    status, _, err = run("proof", "#1@1", str(tmp_path / "proof"))
    assert (status, "exists" in err) == (1, True)


def test_export_never_replaces_a_file_unasked(run: Run, tmp_path: Path) -> None:
    for form in ("warc", "jsonl", "csv"):
        dest = tmp_path / f"out.{form}.gz"
        assert run("export", form, str(dest))[0] == 0
        assert dest.read_bytes()[:2] == b"\x1f\x8b"
        status, _, err = run("export", form, str(dest))
        assert (status, "--force" in err) == (1, True)
        assert (
            run("export", form, str(dest), "--force", "--site", "linjiang", "--until", "2030-01-01")[0] == 0
        )
    assert not list(tmp_path.glob(".*"))


def test_export_counts_what_it_wrote(run: Run, tmp_path: Path) -> None:
    assert "4 response" in run("export", "warc", str(tmp_path / "a.warc"))[1]
    assert "3 documents" in run("export", "jsonl", str(tmp_path / "a.jsonl"))[1]
    assert "4 versions" in run("export", "csv", str(tmp_path / "a.csv"), "--versions")[1]
    assert "2 versions" in run("export", "csv", str(tmp_path / "b.csv"), "--versions", "--doc", "#1")[1]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("export xml {home}/a", 2, "'xml' is not one of"),
        ("export jsonl {home}/a --site nowhere", 2, "the archive has no such site; it knows linjiang"),
        ("export jsonl {home}/a --since yesterday", 2, "--since 'yesterday': write 2026-03-01"),
        ("export jsonl {home}/a --until 2026-13-01", 2, "--until '2026-13-01': write"),
        ("export csv {home}/a --doc #1@1", 2, "name a document, not a version"),
        ("export csv {home}/a --doc #77", 2, "no such document"),
        ("export warc {home}/a --versions", 2, "--versions is for jsonl and csv"),
        ("export csv {home}/a --no-revisits", 2, "--no-revisits is for warc"),
        ("export csv {home}/data --force", 1, "is a directory; name a file"),
        ("export csv {home}/data/archive.db --force", 2, "is a file of the archive itself"),
        ("--data {home}/none export csv {home}/a", 1, "no such archive"),
        ("proof #1@9 {home}/p", 2, "#1 has no version 9"),
        ("proof #99 {home}/p", 2, "no such document"),
        ("proof #1@1 {home}/p --head 1234", 1, "64 hexadecimal digits"),
        ("proof #1@1", 2, "Missing argument 'DIR'"),
        ("proof #1@1 {home}/data/archive.db", 1, "exists"),
        ("proof #1@1 {home}/data/archive.db/p", 1, "ile exists"),
    ],
)
def test_wrong_use_ends_in_one_clear_line(
    run: Run, tmp_path: Path, words: str, status: int, said: str
) -> None:
    done, _, err = run(*words.format(home=tmp_path).split())
    assert (done, said in err, "Traceback" in err) == (status, True, False), err
