"""Collect sites: children fetch and parse, this process alone writes."""

from __future__ import annotations

import math
import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from archive.batch import decode
from archive.histories.former_keys import KeyTakenError
from archive.model import SHANGHAI, RunReport, SiteReport
from archive.record import Recorder, SiteRow
from archive.storage.at_hand import AtHand
from archive.store import Paths, exclusive
from archive.waits.expectations import SitePolicy
from crawler.config import Settings
from crawler.extract.fields import FieldBook
from crawler.processes import environment_for_sites
from crawler.quiet_hours import in_quiet_hours
from crawler.sites import Pace, Site
from crawler.stored_pages import SiteExtractors
from crawler.wire import FrameReader, Job, WireError, encode_job, write_frame

SILENCE_LIMIT = timedelta(minutes=15)  # a child that sends nothing for so long is stuck
_USUAL_REQUEST = 225.0  # seconds of pause and time-out for which that is enough, three tries included
_PIECE = 1 << 20  # bytes read from a child's pipe at once
_LOG_LIMIT = 5 << 20  # bytes of a site's log before it starts anew


@dataclass
class _Child:
    site: Site
    process: subprocess.Popen[bytes]
    recorder: Recorder
    run: int
    log: IO[bytes]
    started: float
    heard: float
    asked: int = 0  # addresses, so far
    documents: int = 0
    frames: FrameReader = field(default_factory=FrameReader)
    reasons: list[str] = field(default_factory=list)  # why it ended before its time
    notes: list[str] = field(default_factory=list)


def collect(
    sites: Sequence[Site],
    *,
    paths: Paths,
    config: Path,
    settings: Settings,
    clock: Callable[[], datetime],
    full: bool = False,
    budget: int | None = None,
    progress: Callable[[SiteReport], None] | None = None,
    watch: Callable[[str, int, int], None] = lambda *_: None,
) -> RunReport:
    """Collect sites, at most ``settings.parallel_sites`` at once, and record everything they send.

    ``progress`` is called with the report of each site as it ends, ``watch`` as it begins and whenever something of it was
    recorded: with its key, and how many addresses were asked for and documents read so far. Raises
    archive.store.LockedError when another process writes to the data directory.
    """
    collection = f"{clock().astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    started = clock()
    collector = _Collector(sites, paths, config, settings, clock, full, budget, collection)
    with exclusive(paths), ExitStack() as stack:
        _raise_on_sigterm(stack)
        stack.callback(collector.close)
        reports = collector.run_all(progress, watch)
    by_key = {report.site: report for report in reports}
    return RunReport(
        run=collection,
        started_at=started,
        ended_at=clock(),
        sites=tuple(by_key[s.site] for s in sites if s.site in by_key),
    )


def _raise_on_sigterm(stack: ExitStack) -> None:
    """SIGTERM ends a collection as Ctrl-C does: children stopped, runs closed, nothing lost."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread: the daemon handles signals itself
        return
    stack.callback(signal.signal, signal.SIGTERM, before)


class _Collector:
    def __init__(
        self,
        sites: Sequence[Site],
        paths: Paths,
        config: Path,
        settings: Settings,
        clock: Callable[[], datetime],
        full: bool,
        budget: int | None,
        collection: str,
    ) -> None:
        self._paths, self._config, self._settings, self._clock = paths, config, settings, clock
        self._full, self._budget, self._collection = full, budget, collection
        self._sites = sites
        self._extractors = SiteExtractors(FieldBook.load(config / "fields.yml"), sites)
        self._selector = selectors.DefaultSelector()
        self._at_hand = AtHand()

    def close(self) -> None:
        """End what was started beside the children."""
        self._extractors.close()

    def run_all(
        self, progress: Callable[[SiteReport], None] | None, watch: Callable[[str, int, int], None]
    ) -> list[SiteReport]:
        """Every site's report; one site's trouble never stops another."""
        waiting, reports = list(self._sites), list[SiteReport]()
        children: list[_Child] = []
        hosts = {site.site: hosts_of(site) for site in self._sites}
        try:
            while waiting or children:
                while len(children) < self._settings.parallel_sites:
                    busy = frozenset().union(*(hosts[child.site.site] for child in children))
                    site = next((s for s in waiting if not busy & hosts[s.site]), None)
                    if site is None:
                        break
                    waiting.remove(site)
                    begun = self._begin(site)
                    if isinstance(begun, _Child):
                        children.append(begun)
                        watch(site.site, 0, 0)
                        continue
                    reports.append(begun)
                    if progress is not None:
                        progress(begun)
                for child in self._step(children, watch):
                    children.remove(child)
                    report = self._end(child)
                    reports.append(report)
                    if progress is not None:
                        progress(report)
        finally:
            for child in children:  # first all of them: closing a run may fail, on a full disk say
                _stop(child.process)
            for child in children:  # interrupted: what came in is kept, the run is closed as such
                child.recorder.finish(child.run, interrupted=True, reasons=["the collection was stopped"])
                self._close(child)
        return reports

    def _begin(self, site: Site) -> _Child | SiteReport:
        """The child that collects a site, or why there is none today."""
        pace, now = self._settings.pace_for(site), self._clock()
        if in_quiet_hours(pace.quiet_hours, now):
            return _skipped(site, f"its quiet hours are {pace.quiet_hours} (Asia/Shanghai)")
        recorder = Recorder(
            self._paths, clock=self._clock, extractor=self._extractors, policy=policy_of(site), at_hand=self._at_hand
        )  # fmt: skip
        recorder.__enter__()
        try:
            recorder.take_over(site.site, site.formerly)
            midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
            allowed = pace.daily_budget or 2000
            budget = self._budget or allowed - recorder.asked_on(midnight, site.site)
            if budget <= 0:
                recorder.__exit__(None, None, None)
                return _skipped(site, f"its budget of {allowed} requests for today is used up")
            return self._start(site, recorder, budget, now)
        except KeyTakenError as error:
            recorder.__exit__(None, None, None)
            return SiteReport(site=site.site, outcome="failed", reasons=(str(error),))
        except BaseException:
            recorder.__exit__(None, None, None)
            raise

    def _start(self, site: Site, recorder: Recorder, budget: int, now: datetime) -> _Child:
        resumes_from = recorder.resumes_from(site.site)
        run = recorder.begin(
            row_of(site),
            [(c.key, c.name, c.url) for c in site.catalogues],
            collection=self._collection,
            full=self._full,
        )
        job = Job(
            site=site.model_dump_json(), settings=self._settings.model_dump_json(),
            fields_file=str((self._config / "fields.yml").resolve()), version=version("gongkai"),
            started_at=now, full=self._full, budget=budget, known=tuple(recorder.known(site.site)),
            files=tuple(recorder.known_files(site.site)),
            catalogues=tuple(recorder.known_catalogues(site.site)), unread=tuple(recorder.unread(site.site)),
            resumes_from=resumes_from,
            clock_ahead=math.ceil((now - datetime.now(UTC)).total_seconds() / 60) * 60.0,
        )  # fmt: skip
        log, trouble = self._open_log(site)
        process = subprocess.Popen(  # noqa: S603 — our own interpreter and module
            [sys.executable, "-m", "crawler.child", str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True, bufsize=0,
            env=environment_for_sites(os.environ),
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        child = _Child(site, process, recorder, run, log, time.monotonic(), time.monotonic(), notes=trouble)
        try:
            write_frame(process.stdin, encode_job(job))
            process.stdin.close()
        except BrokenPipeError:
            child.reasons.append(f"the collecting process did not start; see {log.name}")
        self._selector.register(process.stdout, selectors.EVENT_READ, child)
        return child

    def _open_log(self, site: Site) -> tuple[IO[bytes], list[str]]:
        """The site's log, and why there is none: a collection is worth more than its log, and other sites than either."""
        path = self._paths.data / "logs" / f"{site.site}.log"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            large = path.exists() and path.stat().st_size > _LOG_LIMIT
            return path.open("wb" if large else "ab"), []
        except OSError as error:
            return open(os.devnull, "wb"), [f"{path}: no log is written there ({error.strerror or error})"]  # noqa: PTH123

    def _step(self, children: Sequence[_Child], watch: Callable[[str, int, int], None]) -> list[_Child]:
        """Record what has come in, and tell of it; the children that have ended."""
        ended = []
        for key, _ in self._selector.select(timeout=1.0):
            child: _Child = key.data
            assert child.process.stdout is not None
            if not self._receive(child):
                self._selector.unregister(child.process.stdout)
                ended.append(child)
            watch(child.site.site, child.asked, child.documents)
        for child in children:
            if child not in ended and child.process.poll() is None:
                self._stop_stuck(child)
        return ended

    def _receive(self, child: _Child) -> bool:
        """Record the frames that a child's next piece completes; False at the end of its stream."""
        assert child.process.stdout is not None
        piece = os.read(child.process.stdout.fileno(), _PIECE)
        try:
            for frame in child.frames.feed(piece):
                child.heard = time.monotonic()
                batch = decode(frame)
                child.recorder.record(child.run, batch)
                child.asked, child.documents = (
                    child.asked + len(batch.fetches),
                    child.documents + len(batch.found),
                )
        except WireError as error:
            if not child.reasons:
                child.reasons.append(f"the collecting process ended: {error}")
            _stop(child.process)
            return False
        return bool(piece)

    def _stop_stuck(self, child: _Child) -> None:
        """A child that says nothing, or does not come to an end, is stopped: what came in stays."""
        now, silence = time.monotonic(), silence_of(self._settings.pace_for(child.site))
        hours = self._settings.longest_collection
        if now - child.heard > silence:
            child.reasons.append(
                f"the collecting process said nothing for {silence / 60:.0f} minutes and was stopped"
            )
        elif now - child.started > hours * 3600:
            child.reasons.append(f"the collection took longer than {hours:g} hours and was stopped")
        else:
            return
        _stop(child.process)

    def _end(self, child: _Child) -> SiteReport:
        status = child.process.wait()
        if status and not child.reasons:
            child.reasons.append(f"the collecting process ended with status {status}; see {child.log.name}")
        report = child.recorder.finish(child.run, reasons=[*child.reasons, *child.notes])
        self._close(child)
        return replace(report, seconds=round(time.monotonic() - child.started, 3))

    def _close(self, child: _Child) -> None:
        child.recorder.__exit__(None, None, None)
        child.log.close()
        if child.process.stdout is not None:
            child.process.stdout.close()


def _skipped(site: Site, why: str) -> SiteReport:
    return SiteReport(site=site.site, outcome="skipped", reasons=(why,))


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()  # it has nothing to save: it never writes
        process.wait()


def silence_of(pace: Pace) -> float:
    """Seconds for which the child of a site with this pace may say nothing: one request in an hour is no stuck child."""
    return SILENCE_LIMIT.total_seconds() * max(
        1.0, ((pace.delay or 0) + (pace.timeout or 0)) / _USUAL_REQUEST
    )


def hosts_of(site: Site) -> frozenset[tuple[str, int]]:
    """Servers that a site's collection asks. Two sites of one server are collected one after the other: each child keeps
    its own pace, and a host is promised one connection.
    """
    addresses = [site.url, *(catalogue.url for catalogue in site.catalogues)]
    named = [(host, port) for host in (*site.hosts, *site.attachment_hosts) for port in (80, 443)]
    found = [(parts.hostname or "", parts.port) for parts in map(urlsplit, addresses)]
    return frozenset([*named, *((host, p) for host, port in found for p in ((port,) if port else (80, 443)))])


def row_of(site: Site) -> SiteRow:
    """What the archive keeps of a site file."""
    return SiteRow(
        key=site.site, name=site.name, name_en=site.name_en, province=site.province, level=site.level,
        platform=site.platform, url=site.url,
    )  # fmt: skip


def policy_of(site: Site) -> SitePolicy:
    """What the archive must know of a site to judge a collection."""
    return SitePolicy(
        confirm_checks=site.confirm.checks, confirm_days=site.confirm.days, minimum=site.expect.minimum,
        maximum=site.expect.maximum, fill_rates=dict(site.expect.fill),
    )  # fmt: skip
