"""A collection without a network and without another process: the spider's own requests, answered by a fake site's function.

What is on the way (walls' cookies, codings, retries) is not part of it; a day of thirty documents takes a tenth of the time.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.http import HtmlResponse, Response
from twisted.python.failure import Failure

from archive.model import SiteReport
from archive.record import Recorder
from archive.store import Paths
from crawler.batcher import Batcher
from crawler.config import load_settings
from crawler.extract.fields import FieldBook
from crawler.run import SiteExtractors, policy_of, row_of
from crawler.sites import load_sites
from crawler.spiders.catalogue import CatalogueSpider
from crawler.wire import Job
from tests.fake_sites.editable import LoopbackSite
from tests.hostile.test_no_false_removal import Days

_MOST_REDIRECTS = 10


class InProcess(Days):
    """Collections of one site, one a day."""

    def __init__(self, home: Path, site: LoopbackSite) -> None:
        super().__init__(home, site)
        config = home / "config"
        (self.file,) = load_sites(config)
        self.site, self.settings = site, load_settings(config)
        self.book = FieldBook.load(config / "fields.yml")
        self.extractors = SiteExtractors(self.book, [self.file])

    def collect(self, *, full: bool = True) -> SiteReport:
        self.now += timedelta(days=1)
        key, site = self.file.site, self.file
        paths, policy = Paths(self.home / "data"), policy_of(site)
        with Recorder(paths, clock=lambda: self.now, extractor=self.extractors, policy=policy) as recorder:
            catalogues = [(c.key, c.name, c.url) for c in site.catalogues]
            run = recorder.begin(row_of(site), catalogues, collection="c", full=full)
            job = Job(
                site=site.model_dump_json(), settings=self.settings.model_dump_json(), fields_file="", version="",
                started_at=self.now, full=full, budget=2000, known=tuple(recorder.known(key)),
                files=tuple(recorder.known_files(key)), catalogues=tuple(recorder.known_catalogues(key)),
                unread=tuple(recorder.unread(key)), resumes_from=recorder.resumes_from(key),
                clock_ahead=(self.now - datetime.now(UTC)).total_seconds(),
            )  # fmt: skip
            batcher = Batcher(lambda batch: recorder.record(run, batch))
            spider = CatalogueSpider(job=job, site=site, book=self.book, batcher=batcher)
            spider.crawler = mock.Mock(stats=None)
            self._crawl(spider)
            spider.closed("finished")
            batcher.flush(finished=True, reasons=spider.why_incomplete())
            return recorder.finish(run)

    def _crawl(self, spider: CatalogueSpider) -> None:
        numbers, waiting = count(), list[tuple[int, int, scrapy.Request]]()

        def schedule(requests: Iterable[scrapy.Request]) -> None:
            for request in requests:
                heapq.heappush(waiting, (-request.priority, next(numbers), request))

        async def first() -> list[scrapy.Request]:
            return [request async for request in spider.start()]

        schedule(asyncio.run(first()))
        while waiting:
            request: Any = heapq.heappop(waiting)[2]
            answer = self._answer(request)
            schedule(
                request.callback(answer) if isinstance(answer, Response) else request.errback(Failure(answer))
            )

    def _answer(self, request: scrapy.Request) -> Response | Exception:
        url, led = request.url, list[str]()
        while len(led) <= _MOST_REDIRECTS and url.startswith(self.site.base):
            status, headers, body = self.site.answer(urlsplit(url).path, self.site.per_page)
            if status not in (301, 302) or not headers.get("Location"):
                kind = HtmlResponse if "html" in headers.get("Content-Type", "") else Response
                request.meta["redirect_urls"] = led
                return kind(url, status=status, headers=headers, body=body, request=request)
            led.append(url)
            url = urljoin(url, headers["Location"])
        return OSError("led nowhere")
