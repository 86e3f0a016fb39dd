"""What is said while a collection goes on, or after one died; and in which time zone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.record import SiteRow
from archive.store import exclusive, open_alerts
from archive.waits.expectations import SitePolicy
from scheduler.alerts import outbox
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", SitePolicy())


@pytest.fixture
def run(office: Office, command: Callable[..., Run]) -> Run:
    return command("--data", str(office.paths.data))


def _begin(office: Office) -> None:
    office.now = datetime.now(UTC)
    with office.recorder() as recorder:
        recorder.begin(SITE, CATALOGUES, collection="c", full=False)


def test_a_first_collection_that_goes_on_is_no_trouble(office: Office, run: Run) -> None:
    with exclusive(office.paths):
        _begin(office)
        status, out, _ = run("status")
        shown = json.loads(run("status", "--json")[1])["sites"][0]
        listed = run("runs", "list")[1]
    assert status == 0
    assert "linjiang: 0 documents" in out
    assert "first collection running since 20" in out
    assert "never" not in out
    assert (shown["outcome"], shown["open"], shown["open_since"][:2]) == (None, "running", "20")
    assert "running" in listed


def test_a_site_that_fails_shows_when_it_was_last_complete(office: Office, run: Run) -> None:
    office.collect(site_of(1), complete=False)
    assert "linjiang: partial at 2026-03-02 08:00 (complete never yet)" in run("status")[1]
    office.collect(site_of(1))
    office.collect(site_of(1), complete=False)
    assert "linjiang: partial at 2026-03-04 08:00 (complete 2026-03-03 08:00)" in run("status")[1]


def test_each_site_is_counted_by_itself(office: Office, run: Run) -> None:
    other = Office(
        office.paths.data, SitePolicy(confirm_checks=1, confirm_days=0), site=SiteRow("lanxi", "兰溪市")
    )
    pages = {f"http://lanxi.example/{n}.html": notice(n) for n in range(3)}
    office.collect(site_of(1))
    other.collect(pages)
    other.collect(
        {
            **pages,
            "http://lanxi.example/0.html": notice(0, "罚款6万元。"),
            "http://lanxi.example/1.html": Outcome.GONE,
        }
    )
    other.policy = SitePolicy(confirm_checks=1, confirm_days=0, minimum=9)
    other.collect(dict.fromkeys(pages, Outcome.GONE))  # so few that it is held
    with closing(open_alerts(office.paths).conn) as alerts:
        outbox.enqueue(
            alerts, message_id="m", subscription="s", recipient="a@b.example", subject="", message=b"x", from_seq=1, to_seq=1,
            now=office.now,
        )  # fmt: skip
        outbox.mark_sent(alerts, *outbox.all_in(alerts, outbox.State.QUEUED), office.now)
    _begin(office)
    status, out, _ = run("status")
    said = " ".join(out.split())
    assert status == 1
    assert (
        "lanxi: held at 2026-03-04 08:00 (complete 2026-03-03 08:00) 3 documents, 4 versions, 3 absent 1 held: `gongkai runs list --held`"
        in said
    )
    assert "linjiang: complete at 2026-03-02 08:00 1 document, 1 version, 0 absent collection of 20" in said
    with office.read() as db:
        seq, head = db.execute("SELECT seq, head FROM ledger ORDER BY seq DESC").fetchone()
        epoch = db.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()[0]
    found = json.loads(run("status", "--json")[1])
    assert (found["epoch"], found["ledger"]["seq"], found["ledger"]["head"]) == (epoch, seq, head)
    assert found["mail"] == {"waiting": 0, "parked": 0, "waiting_since": None}
    assert f"ledger {seq}  {head}  " in out


def test_a_collection_that_died_waits_for_the_next(office: Office, run: Run) -> None:
    _begin(office)
    status, out, _ = run("status")
    assert status == 1
    assert "interrupted; the next one takes it up" in out
    assert "interrupted" in run("runs", "list")[1]
    assert run("runs", "show", "1")[1].splitlines()[0].endswith("interrupted")


def test_another_command_at_work_does_not_revive_it(office: Office, run: Run) -> None:
    _begin(office)
    with exclusive(office.paths):  # `prune`, or the collection of another site
        later = datetime.now(UTC).timestamp() + timedelta(minutes=5).total_seconds()
        os.utime(office.paths.lock("writer"), (later, later))
        assert "interrupted" in run("status")[1]


def test_what_was_collected_before_stands_beside_what_goes_on(office: Office, run: Run) -> None:
    office.collect(site_of(3))
    with exclusive(office.paths):
        _begin(office)
        status, out, _ = run("status")
    assert status == 0
    assert "linjiang: complete at 2026-" in out
    assert "collection running since 20" in out


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["runs", "list"], "{day} 08:00"), (["runs", "show", "1"], "{day} 08:00"), (["status"], "{day} 08:00"),
     (["changes", "--kind", "baseline"], "{day} 08:00"), (["show", "#1"], "{day} 08:00")],
)  # fmt: skip
def test_times_are_those_of_shanghai_and_the_zone_is_said_once(
    office: Office, run: Run, words: list[str], shown: str
) -> None:
    office.now = datetime(2026, 2, 28, tzinfo=UTC)
    office.collect(site_of(1))  # a day later, at midnight UTC
    out = run(*words)[1]
    assert shown.format(day="2026-03-01") in out
    assert out.count("Asia/Shanghai") == 1
    assert "Z" not in out.replace("http", "")


def test_without_a_subscription_both_commands_say_why_nobody_is_told(
    office: Office, command: Callable[..., Run], tmp_path: Path
) -> None:
    office.collect(site_of(1))
    (tmp_path / "config" / "sites").mkdir(parents=True)
    run = command("--config", str(tmp_path / "config"), "--data", str(office.paths.data))
    for said in ("there is no such file", "lists none"):
        told = [run("alerts", words) for words in ("send", "preview")]
        assert [status for status, _, _ in told] == [0, 0]
        assert all(said in out and "subscriptions.yml" in out for _, out, _ in told)
        (tmp_path / "config" / "subscriptions.yml").write_text("subscriptions: []\n")
    assert json.loads(run("alerts", "preview", "--json")[1]) == []
    status, _, err = run("alerts", "preview", "editor")
    assert (status, "no subscription has the key 'editor'" in err) == (2, True)


_EARLY = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep({seconds})\nraise SystemExit(7)\n"


@pytest.mark.parametrize("words", [["status"], ["status", "--json"]])
def test_ctrl_c_while_the_program_loads_is_a_line(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "click.py").write_text(_EARLY.format(seconds=5))  # loaded before anything else can be done
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", *words],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the tests may run where it is ignored
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (130, 1), done.stderr
    assert "Interrupted" in done.stderr
    assert not done.stdout or json.loads(done.stdout)["exit_status"] == 130


def test_a_program_that_nobody_can_interrupt_stays_so(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text(_EARLY.format(seconds=0))
    ignoring = "trap '' INT; exec \"$0\" -m scheduler status"
    done = subprocess.run(
        ["/bin/sh", "-c", ignoring, sys.executable], capture_output=True, timeout=60, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )  # fmt: skip
    assert done.returncode == 7
