"""The spider of a visit: it fetches what its parent names, one page after another, until the parent has seen enough."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import IO, Any

import scrapy
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from archive.batch import Batch, Fetch, Outcome, Role
from crawler import outcomes
from crawler.answers import read_answer
from crawler.wire import Wish, decode_wish, read_frame


class VisitorSpider(scrapy.Spider):
    """Answers each wish with a batch of one fetch. The pace, robots.txt and walls are those of a collection."""

    name = "visitor"

    def __init__(self, *, wishes: IO[bytes], send: Callable[[Batch], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._wishes, self._send = wishes, send
        self._sent = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """One request for each wish; the parent sends the next when it has the answer."""
        while (frame := await maybe_deferred_to_future(deferToThread(read_frame, self._wishes))) is not None:
            wish = decode_wish(frame)
            try:
                request = scrapy.Request(
                    wish.url, method=wish.method, body=wish.body, headers=dict(wish.headers),
                    callback=self._answered, errback=self._failed, cb_kwargs={"wish": wish}, meta={"wish": wish},
                )  # fmt: skip
            except ValueError as error:
                self._tell(self._unanswered(wish, Outcome.REFUSED, str(error)))
                continue
            yield request

    def _answered(self, response: Response, wish: Wish) -> None:
        try:
            fetch = read_answer(response, wish.url, Role(wish.role), datetime.now(UTC)).fetch
        except Exception as error:  # the boundary of one answer: the parent waits for it
            self.logger.exception("%s could not be read", wish.url)
            fetch = self._unanswered(wish, Outcome.FAILED, f"{type(error).__name__}: {error}"[:300])
        self._tell(fetch)

    def _failed(self, failure: Failure) -> None:
        outcome, detail = outcomes.of_failure(failure.value or failure)
        self._tell(self._unanswered(failure.request.meta["wish"], outcome, detail))  # type: ignore[attr-defined]

    def _unanswered(self, wish: Wish, outcome: Outcome, detail: str) -> Fetch:
        return Fetch(url=wish.url, role=Role(wish.role), outcome=outcome, at=datetime.now(UTC), detail=detail)

    def _tell(self, fetch: Fetch) -> None:
        self._sent += 1
        self._send(Batch(seq=self._sent, fetches=(fetch,)))
