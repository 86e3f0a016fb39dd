"""Answers as servers send them, in writings that browsers read: what stands behind gzip, where an answer leads."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.answers import CONDITIONAL
from crawler.middlewares import codings
from crawler.middlewares.codings import is_whole
from crawler.middlewares.locations import LocationMiddleware, refreshed, with_slashes
from crawler.middlewares.self_refresh import SelfRefreshMiddleware

BODY = gzip.compress("临江市人民政府".encode() * 50, mtime=0)  # the time would stand in the names of tests


@pytest.mark.parametrize("behind", [b"", b"\r\n", b"\x00" * 8, b"<!-- 3 ms -->", BODY])
def test_what_stands_behind_a_whole_stream_does_not_make_it_short(behind: bytes) -> None:
    assert is_whole(b"gzip", BODY + behind)


@pytest.mark.parametrize(
    "cut", [BODY[:-1], BODY[:-9], BODY + BODY[:-1], BODY + BODY[:2], BODY + BODY[:1], b"\r\n"]
)
def test_a_stream_that_is_cut_is_short(cut: bytes) -> None:
    assert not is_whole(b"gzip", cut)


@pytest.mark.parametrize(
    ("location", "read"),
    [
        (rb"\zw\1.html", b"/zw/1.html"),
        (rb"..\zw\1.asp?file=a\b", rb"../zw/1.asp?file=a\b"),
        (b"http://www.linjiang.example/zw/1.html", b"http://www.linjiang.example/zw/1.html"),
    ],
)
def test_a_location_with_backslashes_leads_where_browsers_go(location: bytes, read: bytes) -> None:
    assert with_slashes(location) == read


@pytest.mark.parametrize(
    ("header", "body", "led"),
    [
        (b"0; url=/zw/1.html", b"", b"/zw/1.html"),
        (b"3;URL='http://www.linjiang.example/a'", b"\r\n ", b"http://www.linjiang.example/a"),
        (b"0, /zw/1.html", b"", b"/zw/1.html"),
        (b"0; url=/zw/1.html", b"<p>a page of its own</p>", None),
        ("0; url=/zw/公开.html".encode(), b"", "/zw/公开.html".encode()),
        (b"300; url=/zw/1.html", b"", None),
        (b"1000; url=/zw/1.html", b"", None),
        (b"5", b"", None),
        (None, b"", None),
    ],
)
def test_an_empty_answer_may_lead_on_by_its_header(
    header: bytes | None, body: bytes, led: bytes | None
) -> None:
    assert refreshed(header, body) == led


def test_a_page_that_is_gone_leads_nowhere() -> None:
    for status, leads in ((404, None), (200, b"/")):
        response = Response("http://a.example/1", status=status, headers={"Refresh": "3; url=/"})
        found = LocationMiddleware().process_response(Request(response.url), response)
        assert (found.status, found.headers.get("Location")) == (302 if leads else status, leads)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd"])
def test_an_answer_without_a_body_is_whole_whatever_coding_it_names(coding: bytes) -> None:
    assert is_whole(coding, b"")


def test_what_is_too_large_to_be_looked_into_is_not_said_to_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codings, "_MOST", 20)
    assert is_whole(b"gzip, gzip", gzip.compress(BODY))


@pytest.mark.parametrize(
    ("location", "whole"),
    [
        ("https://www.linjiang.example/zw/1.html", False),
        ("/zw/1.html;jsessionid=0A1B", False),
        ("/zwgk/1.html", True),
        (r"\zwgk\1.html", True),
    ],
)
def test_another_page_is_asked_for_as_a_whole(location: str, whole: bool) -> None:
    """A file that was moved has the ETag that it had: its 304 passed for one of the address that led to it, and no move was seen."""
    asked = "http://www.linjiang.example/zw/1.html"
    request = Request(asked, headers={"If-None-Match": '"6-5f"'}, meta={CONDITIONAL: True})
    LocationMiddleware().process_response(
        request, Response(asked, status=301, headers={"Location": location})
    )
    assert ("If-None-Match" in request.headers, request.meta[CONDITIONAL]) == (not whole, not whole)


LIST = "http://www.linjiang.example/zw/index.html"


@pytest.mark.parametrize(
    ("head", "cookie", "again"),
    [
        ("<meta http-equiv='refresh' content='0;url=/zw/index.html'>", True, True),
        ("<META HTTP-EQUIV=REFRESH CONTENT=0>", True, True),
        ('<meta http-equiv="refresh" content="1; URL=\'index.html#top\'">', True, True),
        ("<meta http-equiv='refresh' content='0;url=/zw/index.html'>", False, False),
        ("<meta http-equiv='refresh' content='0;url=/zw/list.html'>", True, False),
        ("<meta http-equiv='refresh' content='60'>", True, False),
        ("<script>document.cookie = f(7); location.reload();</script>", True, False),
        (f"<meta http-equiv='refresh' content='0'><style>{'a' * 3000}</style>", True, False),
    ],
)
def test_a_page_that_sets_a_cookie_and_leads_to_itself_is_asked_for_once_more(
    head: str, cookie: bool, again: bool
) -> None:
    """With the cookie it is the list; a second time it is what it is, and what a script works out is not worked out."""
    request = Request(LIST)
    headers = {"Set-Cookie": "visit=1; path=/"} if cookie else {}
    response = HtmlResponse(LIST, body=f"<html><head>{head}</head></html>".encode(), headers=headers)
    asked = SelfRefreshMiddleware().process_response(request, response)
    assert isinstance(asked, Request) is again
    if isinstance(asked, Request):
        assert asked.url == LIST
        assert SelfRefreshMiddleware().process_response(asked, response) is response
