"""What stands around each request: waits that a server asks for, answers that are cut short, addresses that are refused."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from archive.batch import Fetch, Outcome, Role
from archive.model import Problem
from crawler.middlewares import patience
from crawler.middlewares.address_guard import AddressGuard, AddressGuardMiddleware
from crawler.middlewares.capture import BROKEN, WIRE, CaptureMiddleware
from crawler.middlewares.cookies import OwnCookiesMiddleware
from crawler.middlewares.crawl_delay import CrawlDelay
from crawler.middlewares.cut_pages import CutPageMiddleware
from crawler.middlewares.patience import PatienceMiddleware, wait_asked_for
from crawler.spiders.accounting import UNREAD, AccountingSpider

URL = "http://www.linjiang.example/zw/1.html"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PACKED = gzip.compress(b"<html>1</html>", mtime=0)  # the time would stand in the names of tests


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"30", 30.0), (format_datetime(NOW + timedelta(minutes=2), usegmt=True).encode(), 120.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True).encode(), 0.0), (b"soon", None),
        (b"Sat, 01 Mar 2031 00:00:00 +" + b"9" * 20, None), (b"", None), (None, None),
    ],
)  # fmt: skip
def test_how_long_a_server_asks_to_wait(header: bytes | None, seconds: float | None) -> None:
    assert wait_asked_for(header, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        (b"<!DOCTYPE html><html><body>1</body></html>", False), (b"<html><body>1</BODY></HTML>\n", False),
        (b"<!DOCTYPE html><html><body><p>1", True), (b"%PDF-1.4 1", False),
    ],
)  # fmt: skip
def test_a_page_whose_connection_closed_is_whole_where_it_ends_as_pages_do(body: bytes, broken: bool) -> None:
    """Without a length only the connection's end tells the page's; Scrapy marks such an answer ``partial``."""
    request = Request("http://a.example/")
    CaptureMiddleware().process_response(request, HtmlResponse(request.url, body=body, flags=["partial"]))
    assert (BROKEN in request.meta) is broken


def test_a_cookie_for_each_document_does_not_grow_without_end() -> None:
    """nginx answers 400 to more than 8 KB of them."""
    crawler = get_crawler(settings_dict={"COOKIES_ENABLED": True})
    jar = OwnCookiesMiddleware.from_crawler(crawler)
    for n in range(300):
        answer = Response(URL, headers={"Set-Cookie": [f"JSESSIONID={n}; Path=/", f"visited_{n}=1; Path=/"]})
        jar.process_response(Request(URL), answer)
    request = Request(URL)
    jar.process_request(request)
    sent = (request.headers["Cookie"] or b"").split(b"; ")
    assert (len(sent), sent[0]) == (50, b"JSESSIONID=299")


@pytest.mark.parametrize(
    ("headers", "body", "words"),
    [
        ({}, b"<html><p>1", None),  # a template without an end, whose length was told
        ({"Content-Encoding": "gzip"}, PACKED, None),
        ({"Content-Encoding": "gzip"}, PACKED[:-3], "the gzip stream is cut short"),
        ({f"X-{n}": "1" for n in range(200)}, b"1", None),
        ({f"X-{n}": "1" for n in range(201)}, b"1", "201 header lines; at most 200 are accepted"),
    ],
)
def test_an_answer_is_broken_or_whole_by_itself(
    headers: dict[str, str], body: bytes, words: str | None
) -> None:
    request = Request("http://a.example/", meta={BROKEN: "the answer before"})
    response = HtmlResponse(request.url, body=body, headers=headers)
    assert CaptureMiddleware().process_response(request, response) is response
    assert request.meta.get(BROKEN) == words
    assert request.meta[WIRE] == (hashlib.sha256(body).hexdigest(), len(body))


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://10.0.0.7/", True), ("http://[::1]/", True), ("http://1.1.1.1/", False), ("ftp://a.example/", True),
        ("http://files.example:8080/", False), ("http://files.example/", True),
    ],
)  # fmt: skip
def test_what_is_not_asked_for_by_its_address_alone(url: str, refused: bool) -> None:
    guard = AddressGuardMiddleware(AddressGuard(["files.example:8080"]))
    try:
        guard.process_request(Request(url))
    except IgnoreRequest as error:
        assert refused, error
    else:
        assert not refused


@pytest.mark.parametrize(
    ("status", "header", "again", "waits"),
    [
        (503, None, True, []), (503, b"0", True, []), (503, b"7", True, [7.0]), (429, b"120", True, [120.0]),
        (429, b"121", False, []), (500, b"7", True, []), (500, b"999", True, []), (404, b"7", False, []),
    ],
)  # fmt: skip
def test_what_is_asked_again_and_after_which_wait(
    monkeypatch: pytest.MonkeyPatch, status: int, header: bytes | None, again: bool, waits: list[float]
) -> None:
    waited: list[float] = []

    async def after(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(patience, "_after", after)
    monkeypatch.setattr(patience, "maybe_deferred_to_future", lambda waiting: waiting)
    crawler = get_crawler(Spider, {"RETRY_HTTP_CODES": [500, 503, 429], "RETRY_TIMES": 1})
    crawler.spider = Spider.from_crawler(crawler, "office")
    request = Request("http://a.example/")
    response = Response(request.url, status=status, headers={"Retry-After": header} if header else {})

    def dealt_with(request: Request) -> Request | Response:
        with pytest.raises(StopIteration) as end:
            PatienceMiddleware.from_crawler(crawler).process_response(request, response).send(None)
        found: Request | Response = end.value.value
        return found

    asked = dealt_with(request)
    assert (isinstance(asked, Request), waited) == (again, waits)
    if isinstance(asked, Request):  # once, and nobody waits for an answer that is believed
        assert dealt_with(asked) is response
        assert waited == waits


PAGE = b"<html><body>" + b"<p>a line of the text, and others</p>" * 90
CUTS = PAGE + b"<p>the first", PAGE[:-700] + b"<p>or this", PAGE[:-1400] + b"<p>or that"


@pytest.mark.parametrize(
    ("status", "kind", "bodies", "asked", "broken"),
    [
        (200, HtmlResponse, [PAGE + b"</html>", PAGE], 1, False),
        (200, HtmlResponse, [CUTS[0], CUTS[0], CUTS[0]], 2, False),  # how its template ends
        (200, HtmlResponse, [CUTS[0], CUTS[1], CUTS[0]], 3, False),
        (200, HtmlResponse, [CUTS[0], PAGE + b"</html>"], 2, False),
        (200, HtmlResponse, [*CUTS, CUTS[0]], 3, True),
        (404, HtmlResponse, [*CUTS], 1, False), (200, Response, [*CUTS], 1, False),
    ],
)  # fmt: skip
def test_how_often_a_page_that_ends_in_its_middle_is_asked_for(
    status: int, kind: type[Response], bodies: list[bytes], asked: int, broken: bool
) -> None:
    request, left = Request("http://a.example/", priority=3), [*bodies]
    while left:
        body = left.pop(0)
        found = CutPageMiddleware().process_response(request, kind(request.url, status=status, body=body))
        if not isinstance(found, Request):
            break
        assert (found.dont_filter, found.priority > request.priority) == (True, True)
        request = found
    assert (len(bodies) - len(left), BROKEN in request.meta) == (asked, broken)


@pytest.mark.parametrize(
    ("slot", "set_to", "mindelay"),
    [(None, 9.0, 9.0), (2.0, 9.0, 9.0), (9.0, None, 1.0), (30.0, None, 1.0)],
)
def test_a_host_is_slowed_down_to_what_its_robots_txt_asks_for_and_never_hurried(
    slot: float | None, set_to: float | None, mindelay: float
) -> None:
    slots = {"a.example": SimpleNamespace(delay=slot)} if slot is not None else {}
    downloader = SimpleNamespace(slots=slots, per_slot_settings={}, get_slot_key=lambda _: "a.example")
    throttle = SimpleNamespace(mindelay=1.0)
    crawler: Any = get_crawler(Spider, {"DOWNLOAD_DELAY": 1.0})
    crawler.engine, crawler.get_extension = SimpleNamespace(downloader=downloader), lambda _: throttle
    CrawlDelay(crawler).obey(9.0, Request("http://a.example/"))
    assert downloader.per_slot_settings == ({"a.example": {"delay": set_to}} if set_to else {})
    assert [one.delay for one in slots.values()] == ([set_to or slot] if slot else [])
    assert throttle.mindelay == mindelay


class Accounts:
    """What a spider hands over."""

    def __init__(self) -> None:
        self.fetches: list[Fetch] = []
        self.problems: list[Problem] = []

    def add(self, *, fetch: Fetch, **_: object) -> None:
        self.fetches.append(fetch)

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)


def test_every_address_has_one_outcome_whether_it_is_asked_for_or_not() -> None:
    accounts, job = Accounts(), SimpleNamespace(budget=3, clock_ahead=0)
    spider: Any = AccountingSpider(name="office", job=job, batcher=accounts)  # type: ignore[arg-type]
    spider.crawler = SimpleNamespace(stats=None)

    def done(answer: Any) -> Any:
        spider._account(answer.fetch)
        yield from ()

    def ask(url: str) -> list[Request]:
        return [*spider._ask(url, Role.PAGE, done)]

    first, second = ask("http://a.example/1"), ask("http://a.example/2")
    assert [len(first), len(second), ask("no address")] == [1, 1, []]
    spider.crawler.stats = SimpleNamespace(get_value=lambda *_: 3)  # a redirect among them
    assert ask("http://a.example/3") == []
    assert [*first[0].errback(SimpleNamespace(value=TimeoutError()))] == []
    assert [*spider._ask("http://a.example/4", Role.PAGE, done)] == []
    assert [
        *second[0].callback(SimpleNamespace(url="http://a.example/2"))
    ] == []  # no answer that can be read
    assert [problem.code for problem in accounts.problems] == ["reading_failed"]
    spider._open["http://a.example/5", Role.PAGE] += 1  # asked for, and never answered
    spider._close_open("stopped")
    told = {fetch.url: fetch.outcome for fetch in accounts.fetches}
    assert len(told) == len(accounts.fetches) == 6
    assert [accounts.fetches[place].detail for place in (2, -2)] == ["no answer in time", UNREAD]
    assert told == {
        "http://a.example/1": Outcome.FAILED, "http://a.example/2": Outcome.FAILED, "no address": Outcome.REFUSED,
        "http://a.example/3": Outcome.SKIPPED, "http://a.example/4": Outcome.SKIPPED, "http://a.example/5": Outcome.FAILED,
    }  # fmt: skip
    assert spider._in_flight == 0


@pytest.mark.parametrize(
    ("budget", "asked"), [(20, {Role.LIST: 18, Role.PAGE: 2}), (5, {Role.LIST: 5, Role.PAGE: 0})]
)
def test_lists_leave_a_tenth_of_the_budget_to_documents(budget: int, asked: dict[Role, int]) -> None:
    """A catalogue without an end took all of it each day, and no document was ever read."""
    accounts, job = Accounts(), SimpleNamespace(budget=budget, clock_ahead=0)
    spider: Any = AccountingSpider(name="office", job=job, batcher=accounts)  # type: ignore[arg-type]
    spider.crawler = SimpleNamespace(stats=None)

    def done(answer: Any) -> Any:
        spider._account(answer.fetch)
        yield from ()

    sent = {
        role: sum(len([*spider._ask(f"http://a.example/{role}/{n}", role, done)]) for n in range(30))
        for role in (Role.LIST, Role.PAGE)
    }
    assert sent == asked
    skipped = [fetch.detail for fetch in accounts.fetches if fetch.outcome is Outcome.SKIPPED]
    assert len(skipped) == 60 - budget
    assert ("the budget is used up but for what is kept for documents" in skipped) == (budget == 20)
