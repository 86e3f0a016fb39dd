"""The process that fetches and parses one site: a job on standard input, batches on standard output.

It writes no file. Logs go to standard error. It dies with its parent.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import IO

from scrapy.crawler import CrawlerProcess

from archive.batch import Batch, encode
from crawler.batcher import Batcher
from crawler.config import Settings
from crawler.extract.fields import FieldBook
from crawler.processes import die_with_parent
from crawler.settings import scrapy_settings
from crawler.sites import Site
from crawler.spiders.catalogue import CatalogueSpider
from crawler.spiders.visitor import VisitorSpider
from crawler.wire import decode_job, read_frame, write_frame


def main() -> int:
    """Collect, or visit, the site of the job that comes in. Exit status 0 when the spider ended by itself."""
    if len(sys.argv) > 1:
        die_with_parent(int(sys.argv[1]))
    # Nothing that prints may get into the stream of batches.
    out: IO[bytes] = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 16)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    payload = read_frame(sys.stdin.buffer)
    if payload is None:
        return 2
    job = decode_job(payload)
    site, settings = Site.model_validate_json(job.site), Settings.model_validate_json(job.settings)
    book = FieldBook.load(Path(job.fields_file))

    def send(batch: Batch) -> None:
        write_frame(out, encode(batch))

    batcher = Batcher(send)
    process = CrawlerProcess(scrapy_settings(site, settings, job.version))
    if job.visit:
        process.crawl(VisitorSpider, wishes=sys.stdin.buffer, send=send)
        process.start(install_signal_handlers=False)
        return 0
    crawler = process.create_crawler(CatalogueSpider)
    crashed: list[str] = []
    crawler.signals.connect(
        lambda failure, **_: crashed.append(f"{type(failure.value).__name__}: {failure.value}"),
        _spider_error(),
    )
    process.crawl(crawler, job=job, site=site, book=book, batcher=batcher)
    process.start(install_signal_handlers=False)
    reasons = tuple(f"the spider failed: {text}" for text in dict.fromkeys(crashed))
    spider = crawler.spider
    told = spider.why_incomplete() if isinstance(spider, CatalogueSpider) else ()
    batcher.flush(finished=not reasons, reasons=(*reasons, *told))
    out.close()
    return 1 if reasons else 0


def _spider_error() -> object:
    from scrapy import signals  # noqa: PLC0415

    return signals.spider_error


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    gc.freeze()  # what was imported stays: the collector need not look at it again
    status = main()
    gc.freeze()  # nor at anything when all of it ends, which took a fifth of a short collection
    sys.exit(status)
