"""`gongkai` in a forked process, which SIGKILL may end at any of its steps; what it collects comes from a world in memory.

The crawler's own spider asks, without Scrapy's engine and without a network. That the processes of a collection do the same is
shown in ``tests/end_to_end``.
"""

from __future__ import annotations

import heapq
import itertools
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from scrapy import Request
from scrapy.http import HtmlResponse, Response
from twisted.internet.error import TimeoutError as NoAnswer
from twisted.python.failure import Failure

import crawler.attachments.reader
import crawler.platforms.static_list
import crawler.run
import scheduler.cli
from archive.batch import Batch, encode
from archive.store import Transaction
from crawler.attachments.result import AttachmentText
from crawler.batcher import Batcher
from crawler.extract.fields import FieldBook
from crawler.middlewares.file_text import NAME, TEXT
from crawler.middlewares.locations import LocationMiddleware
from crawler.sites import Site
from crawler.spiders.catalogue import CatalogueSpider
from crawler.wire import FrameReader, Job, decode_job, write_frame
from tests.scheduler.operator_world import Answer

KILLED = -signal.SIGKILL
_BROKEN = 97  # exit status of a command that raised what nobody expected
_STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "shutil.copyfile", "shutil.rmtree", "sqlite3.connect"})  # fmt: skip
Web = Callable[[str], Answer]


def crawl(job: Job, web: Web, send: Callable[[Batch], None]) -> None:
    """A collecting child's work: what the spider asks for, in its order, one request after the other."""
    batcher = Batcher(send)
    spider = CatalogueSpider(
        job=job, site=Site.model_validate_json(job.site), book=FieldBook.load(Path(job.fields_file)), batcher=batcher
    )  # fmt: skip
    spider.crawler = SimpleNamespace(stats=None)  # type: ignore[assignment]
    waiting: list[tuple[int, int, Request]] = []
    order = itertools.count()

    def push(request: Request) -> None:
        heapq.heappush(waiting, (-request.priority, next(order), request))

    start = spider.start()
    while True:
        try:
            start.__anext__().send(None)  # it never waits
        except StopIteration as given:
            push(given.value)
        except StopAsyncIteration:
            break
    while waiting:
        for following in _answered(heapq.heappop(waiting)[2], web) or ():
            push(following)
    spider.closed("finished")
    batcher.flush(finished=True, reasons=spider.why_incomplete())


def _answered(request: Request, web: Web) -> Any:
    url, led = request.url, []
    while (answer := web(url))[0] == 302:
        LocationMiddleware().process_response(request, Response(url, status=302, headers=answer[1]))
        led.append(url)
        url = answer[1]["Location"]
    status, headers, body = answer
    if status == 0:
        return request.errback(Failure(NoAnswer("no answer")))  # type: ignore[misc]
    if (etag := headers.get("ETag")) and request.headers.get("If-None-Match") == etag.encode():
        status, body = 304, b""
    if led:
        request = request.replace(url=url, meta={**request.meta, "redirect_urls": led})
    if NAME in request.meta and status == 200:
        request.meta[TEXT] = _text(body)
    kind = HtmlResponse if "html" in headers.get("Content-Type", "") else Response
    return request.callback(kind(url, status=status, headers=headers, body=body, request=request))  # type: ignore[misc]


def _text(body: bytes) -> AttachmentText:
    return AttachmentText(text=body.decode("utf-8", "replace"), media_type="text/plain")


class _Reader:
    """In place of the process that reads files: here they are plain texts."""

    def read(self, body: bytes, *_: object) -> AttachmentText:
        return _text(body)

    def close(self) -> None:
        pass


class _Child:
    """In place of a collecting child's process: a thread."""

    def __init__(self, web: Web) -> None:
        reading, writing = os.pipe()
        self.stdout, self._out = os.fdopen(reading, "rb", buffering=0), os.fdopen(writing, "wb")
        self.stdin, self._web, self._frames, self._status = self, web, FrameReader(), 1
        self._jobs: list[Job] = []
        self._thread = threading.Thread(target=self._work, daemon=True)

    def write(self, data: bytes) -> None:
        self._jobs += map(decode_job, self._frames.feed(bytes(data)))

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self._thread.start()

    def _work(self) -> None:
        try:
            crawl(self._jobs[0], self._web, lambda batch: write_frame(self._out, encode(batch)))
            self._status = 0
        finally:
            self._out.close()

    def wait(self) -> int:
        self._thread.join()
        return self._status

    def poll(self) -> int | None:
        return None if self._thread.is_alive() else self._status

    def kill(self) -> None:
        pass


def _dies_at(step: int, home: Path) -> None:
    """Kill this process when it comes to that step: a transaction's beginning or end, or the opening or moving of a file."""
    steps, main = itertools.count(1), threading.main_thread()

    def tick() -> None:
        if next(steps) >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    def seen(event: str, values: tuple[Any, ...]) -> None:
        if event in _STEPS and threading.current_thread() is main and str(home) in str(values[0]):
            tick()

    begin, end = Transaction.__enter__, Transaction.__exit__

    def began(self: Transaction) -> Any:
        tick()
        return begin(self)

    def ended(self: Transaction, *how: Any) -> None:
        tick()
        end(self, *how)
        tick()

    Transaction.__enter__, Transaction.__exit__ = began, ended  # type: ignore[method-assign, assignment]
    sys.addaudithook(seen)


def gongkai(
    words: Sequence[str], web: Web, *, ahead: timedelta, dies_at: int | None, home: Path
) -> tuple[int, str]:
    """Exit status, :data:`KILLED` for one that was killed, and what a command line printed.

    ``ahead``: of the clock, in whole minutes. ``dies_at``: the step at which it is killed, None for one that lives.
    """
    said = home / "said.txt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside the test runner's own thread
        process = os.fork()
    if process == 0:
        _run(words, web, ahead, dies_at, home, said)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), said.read_text(errors="replace")


def _run(
    words: Sequence[str], web: Web, ahead: timedelta, dies_at: int | None, home: Path, said: Path
) -> None:
    """The command in its process, which ends here."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    status = _BROKEN
    try:
        sys.stdout = sys.stderr = said.open("w")
        processes = SimpleNamespace(Popen=lambda *_, **__: _Child(web), PIPE=-1)
        with ExitStack() as stack:
            stack.enter_context(patch.object(crawler.run, "subprocess", processes))
            stack.enter_context(patch.object(crawler.attachments.reader, "TextReader", _Reader))
            stack.enter_context(patch.object(scheduler.cli, "datetime", Ahead))
            stack.enter_context(patch.object(sys, "argv", ["gongkai", *words]))
            if dies_at is not None:
                _dies_at(dies_at, home)
            try:
                scheduler.cli.main()
                status = 0
            except SystemExit as end:
                status = int(end.code or 0)
    finally:
        if (error := sys.exception()) is not None:
            traceback.print_exception(error, file=sys.stderr)
        sys.stdout.flush()
        os._exit(status)
