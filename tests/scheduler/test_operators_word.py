"""What a person decides and what keeps an installation: held runs, copies of the archive, the health check, the week's day."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.waits.expectations import SitePolicy
from scheduler.alerts.subscriptions import DigestTime
from scheduler.health import trouble
from scheduler.heartbeat import SILENT, file_of
from tests.archive.harness import Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Run 1 is whole; run 2 is held, as it finds a field of all documents emptied."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(12))
    office.collect({url(n): notice(n, index_number=None) for n in range(12)})
    return office


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    return command("--data", str(office.paths.data))


@pytest.mark.parametrize(("word", "told"), [("drop", 0), ("accept", 12)])
def test_what_a_run_held_is_told_or_not_as_a_person_says(
    office: Office, run: Run, word: str, told: int
) -> None:
    listed = json.loads(run("runs", "list", "--held", "--json")[1])
    assert [row["id"] for row in listed] == [2]
    assert "waits for `gongkai runs accept` or `drop`" in run("runs", "show", "2")[1]
    status, out, _ = run("runs", word, "2", "--json")
    assert (status, json.loads(out)) == (
        0,
        {"run": 2, "resolved": f"{word}ped" if word == "drop" else "accepted", "changes": 12},
    )
    assert len(office.feed()) == told
    with office.read() as db:
        dropped = db.execute("SELECT count(*) FROM changes WHERE dropped_at IS NOT NULL").fetchone()[0]
    assert dropped == 12 - told
    assert "No collections." in run("runs", "list", "--held")[1]
    for again in ("accept", "drop"):  # once said it stays so
        status, _, err = run("runs", again, "2")
        assert (status, "it holds nothing" in err) == (2, True)
    assert len(office.feed()) == told


def test_a_run_is_dropped_in_words(run: Run) -> None:
    assert run("runs", "drop", "2")[:2] == (0, "Run 2 dropped: 12 changes will not be told.\n")


def test_what_else_is_dropped_with_a_templates_work_is_named(office: Office, run: Run) -> None:
    run("runs", "accept", "2")
    others = {3: "罚款333万元。", 7: "罚款777万元。"}
    pages = {
        url(n): notice(n, others.get(n, "罚款5万元。"), index_number=None, issuing_body=None)
        for n in range(12)
    }
    assert office.collect(pages).outcome == "held"
    status, out, _ = run("runs", "drop", "3")
    assert (status, out.splitlines()) == (
        0,
        [
            "Run 3 dropped: 12 changes will not be told.",
            "2 of them also say something else (`gongkai diff` compares): #4@3, #8@3",
        ],
    )


def test_a_copy_is_looked_at_and_put_in_place(office: Office, run: Run, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    assert run("backup", copy)[0] == 0
    status, out, _ = run("restore", copy, "--check")
    assert (status, out.startswith(f"{copy}: whole, made at ")) == (0, True)
    assert run("restore", copy)[0] != 0  # an archive is there
    status, out, _ = run("restore", copy, "--replace")
    assert (status, "12 documents, 24 versions" in out, "What was there lies in " in out) == (0, True, True)
    status, out, _ = run("--data", str(tmp_path / "elsewhere"), "restore", copy)
    assert (status, "What was there" in out) == (0, False)
    assert run("--data", str(tmp_path / "elsewhere"), "verify")[0] == 0


def test_a_withdrawal_that_a_restored_backup_undoes_is_told(office: Office, run: Run, tmp_path: Path) -> None:
    """A court's order was undone in silence."""
    copy = str(tmp_path / "copy")
    assert run("withdraw", "#2", "--reason", "早有决定", "--yes")[0] == 0
    assert run("backup", copy)[0] == 0
    assert run("withdraw", "#1@1", "--reason", "法院令（一）", "--yes")[0] == 0
    assert run("withdraw", "#3", "--reason", "隐私", "--yes")[0] == 0
    status, out, err = run("restore", copy, "--replace")
    assert (status, "restored as of" in out) == (1, True)
    told = [line.strip() for line in err.splitlines() if line.startswith("  ")]
    assert told == [f"#1@1 {url(0)}: 法院令（一）", f"#3 {url(2)}: 隐私"]
    assert "restored, but 2 withdrawals" in err
    assert run("withdraw", "#1@1", "--reason", "法院令", "--yes")[0] == 0
    (office.paths.data / "archive.db").write_bytes(b"no database" * 1000)
    status, _, err = run("restore", copy, "--replace")
    assert (status, "cannot be read" in err, run("verify")[0]) == (1, True, 0)


def test_the_health_check(office: Office, tmp_path: Path) -> None:
    data = office.paths.data
    assert trouble(tmp_path / "empty", NOW) is None  # nothing was collected yet
    assert trouble(data, NOW) is None  # and without a scheduler there is no sign of life to miss
    file_of(data).touch()
    os.utime(file_of(data), (NOW.timestamp(), NOW.timestamp()))
    assert trouble(data, NOW + SILENT) is None
    assert "last sign of life 11 minutes ago" in str(trouble(data, NOW + SILENT + timedelta(minutes=1)))
    office.paths.archive.write_bytes(b"no database" * 1000)
    assert str(office.paths.archive) in str(trouble(data, NOW))


@pytest.mark.parametrize(
    ("now", "due"),
    [  # 2 March 2026 is a Monday; times are Shanghai's, eight hours ahead
        ("2026-03-02T01:15+00:00", "2026-03-02T01:15+00:00"),
        ("2026-03-02T01:14+00:00", "2026-02-23T01:15+00:00"),
        ("2026-03-01T16:30+00:00", "2026-02-23T01:15+00:00"),  # Monday there, and early
        ("2026-03-08T15:59+00:00", "2026-03-02T01:15+00:00"),
    ],
)
def test_a_digest_of_each_week_is_due_on_its_day(now: str, due: str) -> None:
    schedule = DigestTime(weekly="mon", at="09:15")
    assert schedule.last_due(datetime.fromisoformat(now)) == datetime.fromisoformat(due)
