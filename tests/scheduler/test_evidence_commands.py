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


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
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
