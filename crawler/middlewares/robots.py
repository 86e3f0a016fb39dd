"""What a host's robots.txt lets gongkai ask for, by RFC 9309: its rules; where it has none, everything; where it cannot be had, nothing.

One is asked for of each scheme, host and port, before the first of its pages, and holds for the run. Where there was no connection
at all, it is asked for again with the next page, which would find none either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

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
from crawler.middlewares.crawl_delay import CrawlDelay, asked_delay

_PASSED = "gongkai_robots"  # key of Request.meta: a robots.txt is asked for; the addresses that it has led to
_FIRST = 1000  # priority: before any page
_MOST = 1 << 20  # bytes that are read; RFC 9309, 2.5, wants 500 KiB
_OURS, _OTHERS = "gongkai", "other"  # names of crawlers as Protego is told them
_PRODUCT = re.compile(r"(?:^|[\s(;])([\w-]+)/")  # Mozilla/5.0 (compatible; LinjiangArchive/2; +http://…)
_AGENT_LINE = re.compile(r"\s*user[ -]?agent[\s:]+([^#\s][^#]*)", re.IGNORECASE)
_NAME = re.compile(r"[\w-]+")
_BEYOND_ASCII = re.compile(r"%([89A-Fa-f][0-9A-Fa-f])|[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Robots:
    """What came of one robots.txt. ``unreachable``: outcome and reason, where it could not be had."""

    rules: Protego | None = None
    unreachable: tuple[Outcome, str] | None = None

    def allows(self, url: str) -> bool:
        """Whether an address may be asked for."""
        if self.unreachable is not None:
            return False
        return self.rules is None or self.rules.can_fetch(_comparable(url), _OURS)

    @property
    def delay(self) -> float:
        """Seconds between two requests that it asks for."""
        return asked_delay(self.rules, _OURS) if self.rules is not None else 0.0


def names_in(user_agent: str) -> frozenset[str]:
    """What robots.txt may call a crawler by, in small letters: the products of its User-Agent."""
    named = _PRODUCT.findall(user_agent) or _NAME.findall(user_agent)[:1]
    return frozenset(name.lower() for name in named)


def of_answer(
    status: int, body: bytes, content_type: str | None, ours: frozenset[str], broken: str | None = None
) -> Robots:
    """What an answer says. ``ours``: as :func:`names_in` gives them; ``broken``: why it did not come whole.

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
    lines = decode(body, content_type).text.splitlines()
    return Robots(Protego.parse(_comparable("\n".join(_of_two_names(line, ours) for line in lines))))


def of_failure(error: Exception) -> Robots:
    """What the lack of an answer says. A redirect without end, or to what must not be asked for, leads to none (2.3.1.2)."""
    outcome, why = outcomes.of_failure(error)
    if isinstance(error, IgnoreRequest) and not outcomes.is_too_large(why):
        return Robots()
    return Robots(unreachable=(outcome, why))


def _of_two_names(line: str, ours: frozenset[str]) -> str:
    """The line; one that names a crawler says only whether it is this one.

    Protego takes the beginning of a name for the name, and copies every rule for each of the crawlers that a group names: a
    file of a megabyte would fill the memory.
    """
    said = _AGENT_LINE.match(line)
    if said is None or said[1].strip() == "*":
        return line
    name = _NAME.match(said[1])
    return f"User-agent: {_OURS if name and name[0].lower() in ours else _OTHERS}"


def _comparable(text: str) -> str:
    """Octets beyond ASCII as they are compared: Protego reads %B9%AB (公 in GBK) as UTF-8, and takes all that is none for the same."""
    return _BEYOND_ASCII.sub(
        lambda found: f"%25{found[1].upper()}" if found[1] else quote(found[0]).replace("%", "%25"), text
    )


class RobotsMiddleware:
    """Holds each request until its host's robots.txt is known. Raises for what is not asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._delay = crawler, CrawlDelay(crawler)
        self._ours = names_in(str(crawler.settings["GONGKAI_ROBOTS_AGENT"]))
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
        address = outcomes.robots_of(request.url)
        robots = await self._robots(address, request)
        if robots.unreachable is not None:
            raise outcomes.UnreachableRobotsError(address, *robots.unreachable)
        if not robots.allows(request.url):
            raise IgnoreRequest("Forbidden by robots.txt")

    async def _robots(self, address: str, request: Request) -> Robots:
        if address not in self._known:
            turn = self._turns[address]
            await maybe_deferred_to_future(turn.acquire())
            try:
                if address not in self._known:
                    robots = await self._ask(address)
                    self._delay.obey(robots.delay, request)
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
            robots = of_answer(
                response.status, response.body, content_type, self._ours, asked.meta.get(BROKEN)
            )
        if robots.unreachable is not None and passed and passed[-1] != address:
            outcome, why = robots.unreachable
            return Robots(unreachable=(outcome, f"it leads to {passed[-1]}: {why}"))
        return robots
