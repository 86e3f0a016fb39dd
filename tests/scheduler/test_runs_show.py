"""``runs show``: which addresses a collection asked for, and what became of each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Batch, Fetch, Outcome, Role
from archive.record import Recorder
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url

Run = Callable[..., tuple[int, str, str]]
DRIVES_A_TERMINAL = "http://linjiang.example/gongwen/\x1b[31m\u202egpj\n.html"  # the archive keeps no escape


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Run 1 is whole; run 2 fails thirty times, is blocked once, and hits one address that is gone; run 3 goes on."""
    office = Office(tmp_path_factory.mktemp("runs") / "data", SitePolicy())
    office.collect(site_of(3))
    ended = [_fetch(office, n, Outcome.FAILED, "the server did not answer in time") for n in range(30)]
    ended[29] = replace(ended[29], url=DRIVES_A_TERMINAL, detail="led to\n\u2066nowhere")
    ended.append(_fetch(office, 40, Outcome.BLOCKED, "status 412: an anti-bot page", status=412))
    ended.append(_fetch(office, 41, Outcome.GONE, None, status=404))
    with office.recorder() as recorder:
        run = _record(recorder, ended[:10], 1)
        recorder.record(run, Batch(seq=2, fetches=tuple(ended[10:]), finished=True))
        recorder.finish(run)
    with office.recorder() as recorder:
        _record(recorder, ended[:2], 1)
    return office


def _fetch(office: Office, n: int, outcome: Outcome, detail: str | None, status: int | None = None) -> Fetch:
    return Fetch(url=url(n), role=Role.PAGE, outcome=outcome, at=office.now, status=status, detail=detail)


def _record(recorder: Recorder, fetches: list[Fetch], seq: int) -> int:
    run = recorder.begin(SITE, CATALOGUES, collection="c", full=False)
    recorder.record(run, Batch(seq=seq, fetches=tuple(fetches)))
    return run


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    """Run a command line in this process: status, standard output, standard error."""
    return command("--data", str(office.paths.data))


def test_failed_requests_are_named_with_their_cause_before_all_others(run: Run) -> None:
    status, out, _ = run("runs", "show", "2")
    assert status == 0
    assert "linjiang" in out.splitlines()[0]
    assert "30 requests failed" in out
    assert out.index("failed: 30") < out.index("blocked: 1") < out.index("gone: 1")
    assert f"page  {url(0)}  the server did not answer in time" in out
    assert f"page  {url(40)}  status 412: an anti-bot page" in out
    assert f"page  {url(41)}  status 404" in out
    assert out.count("the server did not answer in time") == 20
    assert "10 more: `gongkai runs show 2 --outcome failed --limit 30`" in out


def test_the_hint_about_more_shows_all_of_them(run: Run) -> None:
    out = run("runs", "show", "2", "--outcome", "failed", "--limit", "30")[1]
    assert (out.count("the server did not answer in time"), "more:" in out) == (29, False)
    assert "anti-bot page" not in out


def test_an_address_cannot_drive_the_terminal(run: Run) -> None:
    out = run("runs", "show", "2", "--limit", "99")[1]
    assert "gongwen/[31m<U+202E>gpj .html  led to <U+2066>nowhere" in out
    assert not [char for char in out if not char.isprintable() and char != "\n"]


def test_what_went_well_is_counted_and_named_when_asked_for(run: Run) -> None:
    out = run("runs", "show", "1")[1]
    assert ("ok: 3" in out, url(0) in out) == (True, False)
    assert url(0) in run("runs", "show", "1", "--outcome", "ok")[1]


def test_a_program_gets_the_same_and_how_many_were_left_out(run: Run) -> None:
    told = json.loads(run("runs", "show", "2", "--json")[1])
    assert (told["site"], told["failed"], told["outcome"]) == ("linjiang", 30, "partial")
    assert told["outcomes"] == {"failed": 30, "blocked": 1, "gone": 1}
    assert told["left_out"] == {"failed": 10}
    assert told["addresses"][0] == {
        "url": url(0), "at": "2026-03-02T00:00:00Z", "role": "page", "outcome": "failed", "status": None,
        "detail": "the server did not answer in time",
    }  # fmt: skip
    only = json.loads(run("runs", "show", "2", "--json", "--outcome", "gone", "--outcome", "blocked")[1])
    assert [a["outcome"] for a in only["addresses"]] == ["blocked", "gone"]


def test_a_run_without_an_end_is_shown_as_far_as_it_is(run: Run) -> None:
    status, out, _ = run("runs", "show", "3")
    assert (status, "interrupted" in out, "failed: 2" in out) == (0, True, True)


def test_an_outcome_that_no_address_had_is_said(run: Run) -> None:
    assert "none was robots" in run("runs", "show", "2", "--outcome", "robots")[1]


@pytest.mark.parametrize("words", [["show", "99"], ["show", "99", "--json"]])
def test_an_unknown_run_is_a_slip_with_a_hint(run: Run, words: list[str]) -> None:
    status, _, err = run("runs", *words)
    assert (status, "run 99: there is no such run" in err, "`gongkai runs list`" in err) == (2, True, True)


def test_reports_say_where_failed_requests_are_named(run: Run) -> None:
    reasons = json.loads(run("runs", "list", "--json")[1])[1]["reasons"]
    assert "30 requests failed; `gongkai runs show 2` tells which" in reasons


def test_outcomes_that_cannot_be_read_are_told(office: Office, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(office.paths.archive)) as db:
        db.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE runs SET outcomes = x'00112233' WHERE id = 2")
    status, out, err = run("--data", str(tmp_path), "runs", "show", "2")
    assert (status, out) == (1, "")
    assert "runs 2: its outcomes cannot be read" in err
    assert "`gongkai restore`" in err


def test_a_list_of_runs_stands_in_columns_and_counts_what_each_found(run: Run) -> None:
    status, out, _ = run("runs", "list")
    lines = out.splitlines()[1:]
    rows = [line for line in lines if "linjiang" in line]
    assert status == 0
    assert len({line.index("linjiang") for line in rows}) == 1
    assert "baseline 3" in rows[-1]
    assert not [
        line for line in rows if " 0" in line.partition("linjiang")[2].replace("0/", "").replace(" 00:00", "")
    ]
    assert "blocked 1  failed 30" in rows[1]


def test_a_held_run_shows_what_a_person_decides_on(tmp_path: Path, command: Callable[..., Run]) -> None:
    """What was held could be accepted or dropped, and nothing said what it was."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(30))
    office.collect({url(n): notice(n, f"罚款{n}元，另加{n + 3}元。") for n in range(30)})
    run = command("--data", str(office.paths.data))
    assert "`gongkai runs show` tells what" in run("runs", "list", "--held")[1]
    out = run("runs", "show", "2", "--limit", "3")[1]
    assert "30 changes held" in out
    assert out.count("内容修改 edited  #") == 3
    assert "@2 " in out
    assert "figures changed" in out
    assert "… 27 more: `gongkai runs show 2 --limit 30`" in out
    told = json.loads(run("runs", "show", "2", "--json", "--limit", "2")[1])
    assert (told["held_count"], len(told["held_changes"]), told["held_changes"][0]["kind"]) == (
        30,
        2,
        "edited",
    )
    assert run("runs", "accept", "2")[0] == 0
    assert "held;" not in run("runs", "show", "2")[1]
