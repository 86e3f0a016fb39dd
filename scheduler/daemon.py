"""The scheduling process: APScheduler runs each collection as a process of its own, on the sites' timetable.

Jobs live in memory and are built from the configuration at every start: a job that is stored and no longer
understood would be lost. A slot that passed while the daemon was down is made up for once at the start.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from archive.model import SHANGHAI
from archive.store import Paths, open_for_reading
from archive.times import parse
from crawler.sites import Site
from scheduler.timetable import WAIT, previous_time, trigger

log = logging.getLogger("gongkai.schedule")
HEARTBEAT = "heartbeat"
_ALERTS_EVERY_MINUTES = 5


def missed_sites(sites: Sequence[Site], last_runs: Mapping[str, datetime], now: datetime) -> list[Site]:
    """Sites whose latest slot passed without a collection. One that was never collected is due at its next slot."""
    missed = []
    for site in sites:
        slot, last = previous_time(site.schedule, now), last_runs.get(site.site)
        if slot is not None and last is not None and last < slot:
            missed.append(site)
    return missed


def last_runs(paths: Paths) -> dict[str, datetime]:
    """When each site was last collected."""
    if not paths.archive.exists():
        return {}
    with closing(open_for_reading(paths.archive)) as connection:
        rows = connection.execute("SELECT site, max(started_at) FROM runs GROUP BY site")
        return {row[0]: parse(row[1]) for row in rows}


class Daemon:
    """Runs until it is told to stop."""

    def __init__(
        self, sites: Sequence[Site], *, config: Path, paths: Paths, clock: Callable[[], datetime]
    ) -> None:
        self._sites = [site for site in sites if site.enabled]
        self._base = [
            sys.executable,
            "-m",
            "scheduler",
            "--config",
            str(config),
            "--data",
            str(paths.data),
        ]
        self._paths, self._clock = paths, clock
        self._stop = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        # One worker: collections take the archive's lock, so they queue instead of failing. Mail does not wait for them.
        self._scheduler = BackgroundScheduler(
            timezone=SHANGHAI,
            executors={name: ThreadPoolExecutor(1) for name in ("default", "mail", "beat")},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop within ten seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        self._scheduler.add_listener(self._tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        for site in self._sites:
            self._scheduler.add_job(
                self._collect,
                trigger(site.schedule),
                args=[site.site],
                id=f"collect:{site.site}",
                name=site.site,
            )
        self._scheduler.add_job(
            self._alerts, IntervalTrigger(minutes=_ALERTS_EVERY_MINUTES), id="alerts", executor="mail"
        )
        self._scheduler.add_job(self._beat, IntervalTrigger(seconds=30), id="heartbeat", executor="beat")
        for site in missed_sites(self._sites, last_runs(self._paths), self._clock()):
            log.warning("%s: its slot passed while nothing ran; collecting now", site.site)
            self._scheduler.add_job(self._collect, args=[site.site], id=f"catch-up:{site.site}")
        self._beat()
        self._scheduler.start()
        log.info("%d sites scheduled", len(self._sites))
        self._stop.wait()
        self._scheduler.shutdown(wait=False)
        with self._guard:
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()

    def _command(self, *words: str) -> int:
        """A command of this program in a process of its own: its memory and its crashes are its own."""
        if self._stop.is_set():
            return 0
        process = subprocess.Popen([*self._base, *words])  # noqa: S603 — this program, words from the configuration
        with self._guard:
            self._running.add(process)
        status = process.wait()
        with self._guard:
            self._running.discard(process)
        return status

    def _collect(self, site: str) -> None:
        status = self._command("collect", "--wait", str(WAIT), site)  # a person may be collecting by hand
        if status and not self._stop.is_set():
            log.error(
                "%s: the collection ended with status %d; `gongkai runs list --site %s` says why",
                site,
                status,
                site,
            )

    def _alerts(self) -> None:
        if self._paths.archive.exists() and self._command("alerts", "send"):
            log.error("alerts: not everything could be sent; `gongkai alerts status` says what")

    def _beat(self) -> None:
        self._paths.data.mkdir(parents=True, exist_ok=True)
        (self._paths.data / HEARTBEAT).write_text(f"{self._clock():%Y-%m-%dT%H:%M:%SZ}\n")

    def _tell(self, event: JobEvent) -> None:
        reason = getattr(event, "exception", None) or "it was late, or still running"
        log.error("job %s: %s", event.job_id, reason)
