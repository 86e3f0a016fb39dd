"""The pace that a site's robots.txt asks for, where it is slower than the one that is set: Crawl-delay, Request-rate."""

from __future__ import annotations

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle

LONGEST_DELAY = 120.0  # seconds; no site is left waiting longer between two requests


def asked_delay(robots: Protego, user_agent: str) -> float:
    """Seconds between two requests that robots.txt asks of a crawler; 0 where it asks for none.

    Neither line is of RFC 9309; both are what sites write, and what crawlers that obey them read.
    """
    delay = robots.crawl_delay(user_agent) or 0.0
    rate = robots.request_rate(user_agent)
    spaced = rate.seconds / rate.requests if rate is not None and rate.requests > 0 else 0.0
    return min(max(delay, spaced, 0.0), LONGEST_DELAY)


class CrawlDelay:
    """Slows the collection of a site down to what its robots.txt asks for, from the moment it has been read."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def obey(self, delay: float, request: Request) -> None:
        """``delay``: seconds that the robots.txt of the request's host asks for."""
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        slot = downloader.slots.get(host)
        if delay <= (slot.delay if slot is not None else self._crawler.settings.getfloat("DOWNLOAD_DELAY")):
            return
        downloader.per_slot_settings[host] = {"delay": delay}
        if slot is not None:
            slot.delay = delay
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:  # it would go back to the site file's pace
            throttle.mindelay = max(throttle.mindelay, delay)
