"""Look at a few pages of a site: asked one after another, at a collection's pace, behind its walls. Nothing is stored."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Self

from archive.batch import Fetch, Outcome, Role, decode
from crawler.config import Settings
from crawler.platforms.base import PageRequest
from crawler.processes import environment_for_sites
from crawler.sites import Catalogue, Pace, RobotsPolicy, Site
from crawler.wire import Job, WireError, Wish, encode_job, encode_wish, read_frame, write_frame

LONGEST_WAIT = timedelta(minutes=10)  # for one answer: retries with their waits, and then some


class Visit:
    """A context manager; :meth:`fetch` asks for a page. One child serves it: one connection, one robots.txt, one pace."""

    def __init__(
        self,
        url: str,
        *,
        settings: Settings,
        config: Path,
        clock: Callable[[], datetime],
        pace: Pace | None = None,
        robots: RobotsPolicy | None = None,
    ) -> None:
        self._clock = clock
        site = Site(
            site="visit", name="visit", url=url, platform="static_list", pace=pace or Pace(),
            robots=robots or RobotsPolicy(),
            catalogues=(Catalogue(key="page", url=url),),
        )  # fmt: skip
        self._job = Job(
            site=site.model_dump_json(), settings=settings.model_dump_json(),
            fields_file=str(config / "fields.yml"), version=version("gongkai"), started_at=clock(), full=False,
            budget=0, known=(), catalogues=(), visit=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(  # noqa: S603 — our own interpreter and module
            [sys.executable, "-m", "crawler.child", str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True, bufsize=0,
            env=environment_for_sites(os.environ),
        )  # fmt: skip
        try:
            assert self._process.stdin is not None
            write_frame(self._process.stdin, encode_job(self._job))
        except BrokenPipeError:
            pass  # the first fetch says what the child said
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.kill()  # it has nothing to save
        self._process.wait()
        self._log.close()

    def fetch(self, request: PageRequest, role: Role = Role.PAGE) -> Fetch:
        """The one outcome of one page. Whatever happens to the child is a failed fetch."""
        form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        headers = {**(form if request.method == "POST" else {}), **request.headers}
        wish = Wish(
            url=request.url, role=str(role), method=request.method, body=request.body,
            headers=tuple(headers.items()),
        )  # fmt: skip
        try:
            assert self._process.stdin is not None and self._process.stdout is not None
            write_frame(self._process.stdin, encode_wish(wish))
            ready, _, _ = select.select([self._process.stdout], [], [], LONGEST_WAIT.total_seconds())
            frame = read_frame(self._process.stdout) if ready else None
        except (BrokenPipeError, WireError):
            frame = None
        if frame is not None:
            return decode(frame).fetches[0]
        return Fetch(
            url=request.url, role=role, outcome=Outcome.FAILED, at=self._clock(), detail=self._last_words()
        )

    def _last_words(self) -> str:
        self._log.seek(0)
        words = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return words[-1] if words else "no answer from the fetching process"


def fetch_one(url: str, *, settings: Settings, config: Path, clock: Callable[[], datetime]) -> Fetch:
    """Fetch one address behind the same walls as a collection, robots.txt included."""
    with Visit(url, settings=settings, config=config, clock=clock) as visit:
        return visit.fetch(PageRequest(url=url))
