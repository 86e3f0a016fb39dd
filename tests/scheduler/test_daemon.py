"""What the daemon asks of the program, and what waits for what."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from archive.store import Paths
from crawler.sites import Catalogue, Schedule, Site
from scheduler.daemon import Daemon

SITE = Site(
    site="linjiang", name="临江市人民政府", url="http://linjiang.example/", platform="static_list",
    catalogues=(Catalogue(key="zw", url="http://linjiang.example/zw/"),), schedule=Schedule(daily="07:30"),
)  # fmt: skip


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon([SITE], config=tmp_path, paths=Paths(tmp_path), clock=lambda: datetime.now(UTC))


def test_a_collection_waits_for_one_by_hand(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its slot would pass, and the next one comes a day later."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(daemon, "_command", lambda *words: asked.append(words) or 0)
    daemon._collect(["linjiang"])
    assert asked == [("collect", "--wait", "720", "linjiang")]


def test_what_became_due_during_a_collection_is_collected_together_and_once(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def command(*words: str) -> int:
        asked.append(words[3:])
        if len(asked) == 1:
            for site in ("yunhe", "linjiang", "yunhe", None):
                daemon._due.put(site)
        return 0

    monkeypatch.setattr(daemon, "_command", command)
    monkeypatch.setattr("scheduler.daemon._GATHER_SECONDS", 0)
    for site in ("linjiang", "qingshan"):
        daemon._due.put(site)
    daemon._collect_due()
    assert asked == [("linjiang", "qingshan"), ("yunhe", "linjiang")]


def test_a_collection_that_cannot_start_is_said_and_the_next_one_tried(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def command(*words: str) -> int:
        asked.append(words[-1])
        daemon._due.put("qingshan" if len(asked) == 1 else None)
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(daemon, "_command", command)
    monkeypatch.setattr("scheduler.daemon._GATHER_SECONDS", 0)
    daemon._due.put("linjiang")
    daemon._collect_due()
    assert asked == ["linjiang", "qingshan"]
    assert "linjiang and what was due with it: not collected" in caplog.text
    assert "Cannot allocate memory" in caplog.text


def test_mail_and_heartbeat_wait_for_no_collection(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: dict[str, str] = {}

    def keep(_: object, *args: object, id: str, executor: str = "default", **__: object) -> None:
        jobs[id] = executor

    monkeypatch.setattr(BackgroundScheduler, "add_job", keep)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    daemon._stop.set()
    daemon.run()
    assert jobs == {"collect:linjiang": "default", "alerts": "mail", "heartbeat": "beat"}


def test_an_operator_who_is_named_is_told_each_morning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = Daemon(
        [SITE], config=tmp_path, paths=Paths(tmp_path), clock=lambda: datetime.now(UTC), tells_operator=True
    )
    monkeypatch.setattr(BackgroundScheduler, "start", lambda _: None)
    monkeypatch.setattr(BackgroundScheduler, "shutdown", lambda *_, **__: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    daemon._stop.set()
    daemon.run()
    job = daemon._scheduler.get_job("status")
    next_time = job.trigger.get_next_fire_time(None, datetime(2026, 3, 1, 2, tzinfo=UTC))
    assert next_time == datetime(2026, 3, 2, 1, tzinfo=UTC)  # 09:00 in Shanghai
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(daemon, "_command", lambda *words: asked.append(words) or 1)
    daemon._paths.archive.touch()
    job.func()
    assert asked == [("status", "--mail")]


def test_mail_that_cannot_be_sent_is_told_when_it_begins_and_when_it_ends(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An outage of a day was 288 lines."""
    statuses = iter((0, 1, 1, 1, 0, 0, 2, 1))
    monkeypatch.setattr(daemon, "_command", lambda *_: next(statuses))
    daemon._paths.archive.touch()
    with caplog.at_level("INFO", "gongkai.schedule"):
        for _ in range(8):
            daemon._alerts()
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO", "ERROR", "ERROR"]
