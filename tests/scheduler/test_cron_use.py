"""The lines of `gongkai crontab`, run as cron runs them: no terminal, no HOME, a bare PATH, another directory."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.store import LockedError, Paths, exclusive
from scheduler.commands.collect import patiently
from tests.fake_sites.editable import LoopbackSite, configure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lines(
    tmp_path: Path, office: LoopbackSite, command: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """What cron runs, without the five fields of the time."""
    configure(tmp_path, office)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    status, out, _ = command("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"))(
        "crontab"
    )
    assert status == 0
    return [line.split(maxsplit=5)[5] for line in out.splitlines() if line[:1].isdigit() or line[:1] == "*"]


def _cron(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", "umask 077; " + line], env={"PATH": "/usr/bin:/bin"}, cwd="/", stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_lines_work_on_the_first_day(tmp_path: Path, lines: list[str]) -> None:
    """The log's directory is there: else the shell fails before gongkai is run, day by day."""
    for line in lines:
        done = _cron(line)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "linjiang: complete" in (tmp_path / "data" / "logs" / "cron.log").read_text()


def test_what_failed_is_a_line_that_cron_mails(
    tmp_path: Path, lines: list[str], office: LoopbackSite
) -> None:
    office.answers["/zw/t20260101_0.html"] = (500, {}, b"")
    done = _cron(lines[0])
    assert done.stdout.startswith("gongkai: not all was collected; see ")
    assert done.stdout.count("\n") == 1
    assert "linjiang: partial" in _cron(lines[-1]).stdout  # and each morning until it is mended


def test_no_site_gives_no_timetable(tmp_path: Path, command: Callable[..., Run]) -> None:
    (tmp_path / "sites").mkdir()
    status, out, err = command("--config", str(tmp_path), "--data", str(tmp_path / "data"))("crontab")
    assert (status, out) == (2, "")
    assert "no enabled site" in err


def test_a_collection_waits_for_another(
    tmp_path: Path, office: LoopbackSite, command: Callable[..., Run]
) -> None:
    configure(tmp_path, office)
    run = command("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"))
    with exclusive(Paths(tmp_path / "data")):
        status, out, err = run("collect")
        assert (status, out) == (1, "")
        assert "another gongkai is writing here" in err
    other = exclusive(Paths(tmp_path / "data"))
    other.__enter__()
    threading.Timer(1.5, other.__exit__, (None, None, None)).start()
    status, out, err = run("collect", "--wait", "1", "--json")
    assert (status, json.loads(out)["sites"][0]["outcome"]) == (0, "complete")
    assert "waiting for its end" in err


def test_waiting_comes_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.commands.collect._LOOK_EVERY", 0.01)

    def work() -> None:
        with exclusive(Paths(tmp_path)):
            raise AssertionError("two at once")

    with exclusive(Paths(tmp_path)), pytest.raises(LockedError, match="another gongkai is writing here"):
        patiently(work, Paths(tmp_path), seconds=0.1)  # type: ignore[arg-type]
