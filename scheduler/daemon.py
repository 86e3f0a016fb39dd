"""The scheduling process: APScheduler says when a site is due, and one collection at a time takes all that are.

A collection is a process of its own and has the archive's lock. What becomes due while it runs is collected together
after it, ``parallel_sites`` at once: site after site, a day would end before three hundred of them. Jobs live in memory
and are built from the configuration at every start: a job that is stored and no longer understood would be lost. A slot
that passed while the daemon was down is made up for once at the start.
"""

from __future__ import annotations

import logging
import queue
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
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.model import SHANGHAI
from archive.store import Paths, open_for_reading
from crawler.sites import Site
from scheduler import heartbeat
from scheduler.neglected import last_begun
from scheduler.timetable import WAIT, previous_time, trigger

log = logging.getLogger("gongkai.schedule")
_ALERTS_EVERY_MINUTES = 5
_GATHER_SECONDS = 1.0  # sites of one time come one behind the other, and belong to one collection


def missed_sites(sites: Sequence[Site], last_runs: Mapping[str, datetime], now: datetime) -> list[Site]:
    """Sites whose latest slot passed without a collection. One that was never collected is due at its next slot."""
    missed = []
    for site in sites:
        slot, last = previous_time(site.schedule, now), last_runs.get(site.site)
        if slot is not None and last is not None and last < slot:
            missed.append(site)
    return missed


def last_runs(paths: Paths, now: datetime) -> dict[str, datetime]:
    """When each site was last collected."""
    if not paths.archive.exists():
        return {}
    with closing(open_for_reading(paths.archive)) as connection:
        return last_begun(connection, now)


class Daemon:
    """Runs until it is told to stop."""

    def __init__(
        self,
        sites: Sequence[Site],
        *,
        config: Path,
        paths: Paths,
        clock: Callable[[], datetime],
        tells_operator: bool = False,
    ) -> None:
        self._sites = [site for site in sites if site.enabled]
        self._base = [sys.executable, "-m", "scheduler", "--config", str(config), "--data", str(paths.data)]
        self._paths, self._clock = paths, clock
        self._tells_operator = tells_operator
        self._mail_status = 0  # of the last `alerts send`
        self._stop = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        # Sites to collect; None: no more to come.
        self._due: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # Mail and heartbeat do not wait for each other, nor for a collection, which is no job but a thread.
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
                self._due.put,
                trigger(site.schedule),
                args=[site.site],
                id=f"collect:{site.site}",
                name=site.site,
            )
        self._scheduler.add_job(
            self._alerts, IntervalTrigger(minutes=_ALERTS_EVERY_MINUTES), id="alerts", executor="mail"
        )
        if self._tells_operator:
            morning = CronTrigger(hour=9, timezone=SHANGHAI)
            self._scheduler.add_job(self._tell_operator, morning, id="status", executor="mail")
        self._scheduler.add_job(
            self._beat, IntervalTrigger(seconds=heartbeat.EVERY.seconds), id="heartbeat", executor="beat"
        )
        now = self._clock()
        for site in missed_sites(self._sites, last_runs(self._paths, now), now):
            log.warning("%s: its slot passed while nothing ran; collecting now", site.site)
            self._due.put(site.site)
        self._beat()
        collecting = threading.Thread(target=self._collect_due, name="collect")
        collecting.start()
        self._scheduler.start()
        log.info("%d sites scheduled", len(self._sites))
        self._stop.wait()
        self._scheduler.shutdown(wait=False)
        self._due.put(None)
        with self._guard:
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()
        collecting.join()

    def _command(self, *words: str) -> int:
        """A command of this program in a process of its own: its memory and its crashes are its own."""
        with self._guard:  # what starts before the daemon stops is in the list of what it ends
            if self._stop.is_set():
                return 0
            process = subprocess.Popen([*self._base, *words])  # noqa: S603 — this program, words from the configuration
            self._running.add(process)
        status = process.wait()
        with self._guard:
            self._running.discard(process)
        return status

    def _collect_due(self) -> None:
        """Collect what is due, all of it at a time, until the daemon stops."""
        while (site := self._due.get()) is not None:
            self._stop.wait(_GATHER_SECONDS)
            try:
                self._collect([site, *self._further_due()])
            except Exception:  # no memory for a process, say: the next slot is tried all the same
                log.exception("%s and what was due with it: not collected", site)

    def _further_due(self) -> list[str]:
        """The sites that are due as well."""
        found = []
        while not self._due.empty():
            site = self._due.get()
            if site is None:
                self._due.put(None)  # the end is the loop's to see
                break
            found.append(site)
        return found

    def _collect(self, due: Sequence[str]) -> None:
        # One may be due twice, where a collection took longer than its interval.
        sites = list(dict.fromkeys(due))
        status = self._command("collect", "--wait", str(WAIT), *sites)  # a person may be collecting by hand
        if status and not self._stop.is_set():
            log.error(
                "%s: the collection ended with status %d; `gongkai runs list` says why",
                ", ".join(sites),
                status,
            )

    def _alerts(self) -> None:
        """Send what is due. A trouble is told when it comes and when it goes, not every five minutes."""
        status = self._command("alerts", "send") if self._paths.archive.exists() else 0
        if status and status != self._mail_status:
            log.error("alerts: not everything could be sent; `gongkai alerts status` says what")
        elif self._mail_status and not status:
            log.info("alerts: mail is being sent again")
        self._mail_status = status

    def _tell_operator(self) -> None:
        """What a person is needed for, by mail; nothing where all is well."""
        if self._paths.archive.exists():
            self._command("status", "--mail")

    def _beat(self) -> None:
        heartbeat.beat(self._paths.data, self._clock())

    def _tell(self, event: JobEvent) -> None:
        reason = getattr(event, "exception", None) or "it was late, or still running"
        log.error("job %s: %s", event.job_id, reason)
