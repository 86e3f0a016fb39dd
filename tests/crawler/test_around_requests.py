"""What stands around each request: waits that a server asks for, answers that are cut short, addresses that are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from crawler.middlewares.address_guard import AddressGuard, AddressGuardMiddleware
from crawler.middlewares.capture import BROKEN, CaptureMiddleware
from crawler.middlewares.patience import wait_asked_for

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"30", 30.0), (format_datetime(NOW + timedelta(minutes=2), usegmt=True).encode(), 120.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True).encode(), 0.0), (b"soon", None), (b"", None), (None, None),
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
