"""Retries with patience: Retry-After is honoured, and a wait never blocks the other requests' bookkeeping."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

LONGEST_WAIT = 120.0  # seconds; a server that asks for more is left alone until the next collection


def wait_asked_for(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for; None where it names none that can be read."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a zone of twenty digits
        return None
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())


class PatienceMiddleware(RetryMiddleware):
    """Scrapy's retries, after the wait that the server asked for."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """A retry, or the answer as it is."""
        if response.status not in (429, 503):
            return super().process_response(request, response)
        wait = wait_asked_for(response.headers.get("Retry-After"), datetime.now(UTC))
        if wait is not None and wait > LONGEST_WAIT:
            return response
        again = super().process_response(request, response)
        if isinstance(again, Request) and wait:
            await maybe_deferred_to_future(_after(wait))
        return again


def _after(seconds: float) -> Deferred[None]:
    from twisted.internet import reactor  # noqa: PLC0415 — importing it installs it

    done: Deferred[None] = Deferred()
    call_later: Any = reactor.callLater
    call_later(seconds, done.callback, None)
    return done
