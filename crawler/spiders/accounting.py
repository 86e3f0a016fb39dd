"""A spider that accounts for what it asks: exactly one outcome for every scheduled URL, whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.batch import Fetch, Found, Listed, Outcome, Role
from archive.model import Problem, Severity
from crawler import outcomes
from crawler.answers import HOSTS, Answer, read_answer
from crawler.batcher import Batcher
from crawler.plan import scheduled_name
from crawler.platforms.base import ListError
from crawler.wire import Job

_OF_DOCUMENTS = 10  # a tenth of the budget is theirs: a list without an end would take all of it each day
UNREAD = "gongkai failed to read the answer; the site's log has the traceback"
Requests = Iterator[scrapy.Request]
T = TypeVar("T")


class AccountingSpider(scrapy.Spider):
    """Asks within a budget, and hands every outcome to the batcher."""

    def __init__(self, *, job: Job, batcher: Batcher, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._job, self._batcher = job, batcher
        self._clock_ahead = timedelta(seconds=job.clock_ahead)
        self._hosts: frozenset[str] = frozenset()  # of the site: an address of another one may lead to them
        self._asked = 0
        self._in_flight = 0
        self._open: Counter[tuple[str, Role]] = Counter()  # scheduled, without an outcome yet
        self._closed: dict[str, str] = {}  # robots.txt that could not be had, and why
        self._not_asked: Counter[str] = Counter()  # addresses for which it holds

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._clock_ahead

    def _close_open(self, reason: str) -> None:
        """Whatever was scheduled and got no outcome gets one now."""
        for (url, role), count in sorted(self._open.items()):
            for _ in range(count):
                self._account(
                    Fetch(
                        url=url, role=role, outcome=Outcome.FAILED, at=self._now(),
                        detail=f"the collection ended before its answer was dealt with ({reason})",
                    )
                )  # fmt: skip

    def _ask(self, url: str, role: Role, done: Callable[[Answer], Requests], **options: Any) -> Requests:
        """One scheduled URL: exactly one outcome follows, whatever happens."""
        name = scheduled_name(url, options.get("method", "GET"), options.get("body", b""))
        self._open[name, role] += 1
        if (why := self._why_not(url, role)) is not None:
            yield from done(self._unanswered(name, role, Outcome.SKIPPED, why))
            return
        self._asked += 1
        meta = options.pop("meta", {})
        try:
            request = scrapy.Request(
                url,
                meta={**meta, HOSTS: self._hosts | meta.get(HOSTS, frozenset())},
                callback=partial(self._answered, done=done, role=role, name=name),
                errback=partial(self._failed, done=done, role=role, name=name),
                **options,
            )
        except ValueError as error:
            yield from done(self._unanswered(name, role, Outcome.REFUSED, str(error)))
            return
        self._in_flight += 1
        yield request

    def _why_not(self, url: str, role: Role) -> str | None:
        """Why an address is not asked for in this collection; None where it is."""
        if self._spent() >= self._job.budget:
            return "the budget is used up"
        if role is Role.LIST and self._left_for_lists() <= 0:
            return "the budget is used up but for what is kept for documents"
        return None

    def _left_for_lists(self) -> int:
        return self._job.budget - self._job.budget // _OF_DOCUMENTS - self._spent()

    def _spent(self) -> int:
        """Requests of this collection so far, retries, redirects and robots.txt among them."""
        stats = self.crawler.stats
        sent = stats.get_value("downloader/request_count", 0) if stats else 0
        return max(self._asked, int(sent))

    def _unanswered(self, name: str, role: Role, outcome: Outcome, detail: str) -> Answer:
        return Answer(Fetch(url=name, role=role, outcome=outcome, at=self._now(), detail=detail))

    def _answered(
        self, response: Response, *, done: Callable[[Answer], Requests], role: Role, name: str
    ) -> Requests:
        self._in_flight -= 1
        answer = self._guarded(response.url, lambda: read_answer(response, name, role, self._now()))
        yield from done(answer or self._unanswered(name, role, Outcome.FAILED, UNREAD))

    def _failed(
        self, failure: Failure, *, done: Callable[[Answer], Requests], role: Role, name: str
    ) -> Requests:
        self._in_flight -= 1
        error = failure.value or failure
        outcome, detail = outcomes.of_failure(error)
        if isinstance(error, outcomes.UnreachableRobotsError) and outcomes.lacks_robots(detail):
            self._closed[error.robots] = error.why
            self._not_asked[error.robots] += 1
        yield from done(self._unanswered(name, role, outcome, detail))

    def why_incomplete(self) -> tuple[str, ...]:
        """What was not seen of the site beside what each address answered."""
        return tuple(
            f"{robots} could not be had ({self._closed[robots]}), so that {count} address{'es were' if count > 1 else ' was'}"
            f" not asked for; {outcomes.UNTIL_IT_ANSWERS}; if its server answers so for good, `robots: {{unreachable: allow}}`"
            " in the site file asks all the same"
            for robots, count in self._not_asked.items()
        )

    def _is_closed(self, url: str) -> bool:
        """Whether an address is of a host whose robots.txt could not be had, and counts as not asked for."""
        robots = outcomes.robots_of(url)
        if robots in self._closed:
            self._not_asked[robots] += 1
        return robots in self._closed

    def _account(self, fetch: Fetch, *, found: Found | None = None, listed: Listed | None = None) -> None:
        """The one outcome of one scheduled URL."""
        key = (fetch.url, fetch.role)
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]
        self._batcher.add(fetch=fetch, found=found, listed=listed)

    def _guarded(self, url: str, read: Callable[[], T]) -> T | None:
        """What ``read`` makes of an answer; None, with a problem and a traceback in the log, when it breaks.

        The boundary of one answer: bytes from outside that break a parser must not end the site's collection.
        """
        try:
            return read()
        except ListError:
            raise
        except Exception as error:
            self.logger.exception("%s could not be read", url)
            self._batcher.problem(
                Problem(
                    code="reading_failed", message=f"{type(error).__name__}: {error}"[:300],
                    severity=Severity.ERROR, url=url,
                )
            )  # fmt: skip
            return None
