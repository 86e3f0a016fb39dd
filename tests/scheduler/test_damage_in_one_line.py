"""A command that meets a damaged text or row ends in one line that names it and says what to do, never in a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.waits.expectations import SitePolicy
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
def run(office: Office, command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command("--data", str(office.paths.data))


def test_a_damaged_text_ends_in_one_line_that_names_it(run: Run, office: Office, tmp_path: Path) -> None:
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        assert db.execute("UPDATE bodies SET packed = X'00' WHERE packed IS NOT NULL").rowcount
    for words in (("show", "#1@1"), ("diff", "#1"), ("proof", "#1@1", str(tmp_path / "proof"))):
        status, _, err = run(*words)
        assert (status, err.count("\n"), "archive.db: bodies " in err, "`gongkai verify` says which" in err) == (
            1, 1, True, True,
        ), err  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "row", "commands"),
    [
        ("versions SET keywords = '['", "versions 1: ", ["show #1@1", "proof #1@1 {0}/p", "export jsonl {0}/v.jsonl --versions"]),
        ("versions SET published_on = 'soon'", "versions 1: ", ["show #1@1", "export csv {0}/v.csv --versions"]),
        ("versions SET significance = 'grave'", "versions ", ["show #1"]),
        ("changes SET fields = '[{}]'", "changes ", ["changes", "changes --json"]),
    ],
)  # fmt: skip
def test_a_damaged_row_ends_in_one_line_that_names_it(
    run: Run, office: Office, tmp_path: Path, damage: str, row: str, commands: list[str]
) -> None:
    with closing(sqlite3.connect(office.paths.archive)) as db, db:
        db.execute(f"UPDATE {damage}")
    for words in commands:
        status, _, err = run(*words.format(tmp_path).split())
        assert (status, err.count("\n"), f"archive.db: {row}" in err, "`gongkai verify` says which" in err) == (
            1, 1, True, True,
        ), err  # fmt: skip
