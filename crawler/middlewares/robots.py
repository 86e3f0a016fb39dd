"""What a host's robots.txt lets gongkai ask for, by RFC 9309: its rules; where it has none, everything; where it cannot be had, nothing.

One is asked for of each scheme, host and port, before the first of its pages, and holds for the run. Where there was no connection
at all, it is asked for again with the next page, which would find none either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import DeferredLock

from archive.batch import Outcome
from crawler import outcomes
from crawler.extract.characters.charset import decode
from crawler.middlewares.capture import BROKEN
from crawler.middlewares.crawl_delay import CrawlDelay

_PASSED = "gongkai_robots"  # key of Request.meta: a robots.txt is asked for; the addresses that it has led to
_FIRST = 1000  # priority: before any page
_MOST = 1 << 20  # bytes that are read; RFC 9309, 2.5, wants 500 KiB
_BEYOND_ASCII = re.compile(r"%([89A-Fa-f][0-9A-Fa-f])|[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Robots:
    """What came of one robots.txt. ``unreachable``: outcome and reason, where it could not be had."""

    rules: Protego | None = None
    unreachable: tuple[Outcome, str] | None = None

    def allows(self, url: str, agent: str) -> bool:
        """Whether an address may be asked for. ``agent``: the User-Agent without the operator's contact."""
        if self.unreachable is not None:
            return False
        return self.rules is None or self.rules.can_fetch(_comparable(url), agent)


def of_answer(status: int, body: bytes, content_type: str | None, broken: str | None = None) -> Robots:
    """What an answer says. ``broken``: why it did not come whole.

    5xx: the server cannot say (RFC 9309, 2.3.1.4). 2xx: what can be read of its lines, which of a page of HTML is none (2.2).
    Anything else: there is none (2.3.1.3).
    """
    if status >= 500:
        outcome, why = outcomes.of_status(status) or (Outcome.FAILED, None)
        return Robots(unreachable=(outcome, why or f"status {status}"))
    if not 200 <= status < 300:
        return Robots()
    if broken and not body.lstrip().startswith(b"<"):
        return Robots(unreachable=(Outcome.FAILED, broken))
    if len(body) > _MOST:
        body = body[:_MOST].rpartition(b"\n")[0]
    return Robots(Protego.parse(_comparable(decode(body, content_type).text)))


def of_failure(error: Exception) -> Robots:
    """What the lack of an answer says. A redirect without end, or to what must not be asked for, leads to none (2.3.1.2)."""
    outcome, why = outcomes.of_failure(error)
    if isinstance(error, IgnoreRequest) and not outcomes.is_too_large(why):
        return Robots()
    return Robots(unreachable=(outcome, why))


def _comparable(text: str) -> str:
    """Octets beyond ASCII as they are compared: Protego reads %B9%AB (公 in GBK) as UTF-8, and takes all that is none for the same."""
    return _BEYOND_ASCII.sub(
        lambda found: f"%25{found[1].upper()}" if found[1] else quote(found[0]).replace("%", "%25"), text
    )


class RobotsMiddleware:
    """Holds each request until its host's robots.txt is known. Raises for what is not asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._delay = crawler, CrawlDelay(crawler)
        self._agent = str(crawler.settings["GONGKAI_ROBOTS_AGENT"])
        self._asks_all_the_same = crawler.settings.getbool("GONGKAI_ROBOTS_ALLOW_UNREACHABLE")
        self._known: dict[str, Robots] = {}
        self._turns: defaultdict[str, DeferredLock] = defaultdict(DeferredLock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Nothing, where the request may go on."""
        if (passed := request.meta.get(_PASSED)) is not None:
            passed.append(request.url)
            return
        parts = urlsplit(request.url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        robots = await self._robots(address, request)
        if robots.unreachable is not None:
            raise outcomes.UnreachableRobotsError(address, *robots.unreachable)
        if not robots.allows(request.url, self._agent):
            raise IgnoreRequest("Forbidden by robots.txt")

    async def _robots(self, address: str, request: Request) -> Robots:
        if address not in self._known:
            turn = self._turns[address]
            await maybe_deferred_to_future(turn.acquire())
            try:
                if address not in self._known:
                    robots = await self._ask(address)
                    if robots.rules is not None:
                        self._delay.obey(robots.rules, request)
                    if robots.unreachable is not None and self._asks_all_the_same:
                        robots = Robots()
                    if robots.unreachable is None or not outcomes.is_no_connection(robots.unreachable[1]):
                        self._known[address] = robots
                    return robots
            finally:
                turn.release()
        return self._known[address]

    async def _ask(self, address: str) -> Robots:
        passed: list[str] = []
        request = Request(address, priority=_FIRST, meta={_PASSED: passed}, callback=NO_CALLBACK)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 — the boundary of one answer: a server breaks in many ways
            robots = of_failure(error)
        else:
            asked = response.request or request
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            robots = of_answer(response.status, response.body, content_type, asked.meta.get(BROKEN))
        if robots.unreachable is not None and passed and passed[-1] != address:
            outcome, why = robots.unreachable
            return Robots(unreachable=(outcome, f"it leads to {passed[-1]}: {why}"))
        return robots
