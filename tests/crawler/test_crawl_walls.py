"""Walls and outcomes: what may be connected to, and what an answer means."""

from __future__ import annotations

import gzip
import sys
import zlib
from datetime import UTC, datetime
from gzip import BadGzipFile

import brotli
import pytest
from OpenSSL.SSL import Error as SSLError
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed
from twisted.web.http_headers import InvalidHeaderName

from archive.batch import Outcome, Role
from archive.model import PageKind
from crawler import outcomes
from crawler.answers import CONDITIONAL, read_answer
from crawler.extract.characters.charset import decode
from crawler.middlewares.address_guard import AddressGuard
from crawler.middlewares.codings import is_whole
from crawler.plan import scheduled_name
from crawler.platforms.base import ListError
from crawler.platforms.gkmlpt import read_config
from crawler.quiet_hours import in_quiet_hours

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fc00::1",
     "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255", "not an address"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not AddressGuard().permits("name.example", address)


def test_public_addresses_and_listed_exceptions() -> None:
    assert AddressGuard().permits("name.example", "1.1.1.1")
    assert AddressGuard(["10.0.0.0/8"]).permits("x", "10.9.9.9")
    assert AddressGuard(["intranet.example"]).permits("intranet.example", "10.9.9.9")
    assert AddressGuard(["10.9.9.9"]).permits("intranet.example", "10.9.9.9")
    assert not AddressGuard(["10.9.9.9"]).permits("intranet.example", "10.9.9.8")
    one_port = AddressGuard(["127.0.0.1:8080"])
    assert one_port.permits("127.0.0.1", "127.0.0.1", 8080)
    assert not one_port.permits("127.0.0.1", "127.0.0.1", 8081)


_LONG = bytes(n * n % 251 for n in range(90_000)) * 3
_CODED = {
    "gzip": gzip.compress(_LONG),
    "x-gzip": gzip.compress(_LONG[:9]) + gzip.compress(_LONG),
    "deflate": zlib.compress(_LONG),
    "Deflate": zlib.compress(_LONG)[2:-4],  # bare, as old IIS sends it
    "br": brotli.compress(_LONG, quality=5),
    "zstd": zstd.compress(_LONG),
    "deflate, gzip": gzip.compress(zlib.compress(_LONG)),
}


@pytest.mark.parametrize("coding", _CODED)
@pytest.mark.parametrize("cut", [1, 4, 8, 20, 0.5])
def test_a_truncated_coded_body_is_noticed(coding: str, cut: float) -> None:
    whole = _CODED[coding]
    assert is_whole(coding.encode(), whole)
    assert not is_whole(coding.encode(), whole[: -int(cut if cut >= 1 else len(whole) * cut)])


@pytest.mark.parametrize("outer", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_was_cut_before_it_was_coded_again_is_noticed(outer: str) -> None:
    """A proxy codes once more what a server sent it cut short."""
    code = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[
        outer
    ]
    inner = gzip.compress(_LONG)
    assert is_whole(f"gzip, {outer}".encode(), code(inner))
    assert not is_whole(f"gzip, {outer}".encode(), code(inner[:-300]))


def test_bodies_without_a_coding_that_is_known_are_whole() -> None:
    assert is_whole(b"", b"<html>")
    assert is_whole(b"identity", b"<html>")
    assert is_whole(b"gzip", b"")
    assert is_whole(b"gzip", gzip.compress(b"<html>") + bytes(7))  # padded to a block


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.GONE), (410, Outcome.GONE), (412, Outcome.BLOCKED), (521, Outcome.BLOCKED), (403, Outcome.BLOCKED),
     (429, Outcome.BLOCKED), (500, Outcome.FAILED),
     (405, Outcome.BLOCKED), (418, Outcome.BLOCKED), (401, Outcome.BLOCKED), (451, Outcome.BLOCKED), (406, Outcome.BLOCKED),
     (493, Outcome.BLOCKED), (567, Outcome.BLOCKED), (302, Outcome.FAILED),
     (206, Outcome.FAILED), (304, Outcome.NOT_MODIFIED)],
)  # fmt: skip
def test_statuses(status: int, outcome: Outcome) -> None:
    found = outcomes.of_status(status)
    assert found is not None
    assert found[0] is outcome
    assert outcomes.of_status(200) is None


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (PageKind.BLOCKED, Outcome.BLOCKED), (PageKind.SOFT_404, Outcome.SOFT_404), (PageKind.EMPTY_SHELL, Outcome.FAILED),
        (PageKind.DOCUMENT, None), (PageKind.LIST, None), (None, None),
    ],
)  # fmt: skip
def test_bodies_that_only_pretend_to_be_pages(kind: PageKind | None, outcome: Outcome | None) -> None:
    assert (outcomes.of_page_kind(kind) or (None,))[0] is outcome


def _answer(status: int, method: str = "GET", **meta: object) -> Outcome:
    request = Request("http://a.example/1.html", method=method, meta=meta)
    answer = Response(request.url, status=status, request=request)
    return read_answer(answer, request.url, Role.PAGE, datetime(2031, 3, 1, tzinfo=UTC)).fetch.outcome


def test_a_status_that_depends_on_what_was_asked() -> None:
    """304 to who did not say what is known tells nothing; 405 to a form is no wall."""
    assert _answer(304) is Outcome.FAILED
    assert _answer(304, **{CONDITIONAL: True}) is Outcome.NOT_MODIFIED
    assert _answer(405) is Outcome.BLOCKED
    assert _answer(405, "POST") is Outcome.FAILED


@pytest.mark.parametrize(
    ("body", "role", "outcome", "is_text"),
    [
        ("您访问的页面不存在".encode(), Role.PAGE, Outcome.SOFT_404, False),
        ("您访问的页面不存在".encode(), Role.ATTACHMENT, Outcome.OK, False),  # a file may say so, and is looked at later
        ("<html><body>您访问的页面不存在</body></html>".encode(), Role.ATTACHMENT, Outcome.SOFT_404, False),
        ("%PDF-1.4 您访问的页面不存在".encode(), Role.PAGE, Outcome.OK, False),
        ("<html><h1>关于开展检查的通知</h1><p>各单位应当认真贯彻执行。</p></html>".encode(), Role.PAGE, Outcome.OK, True),
    ],
)  # fmt: skip
def test_what_is_looked_at_as_a_page(body: bytes, role: Role, outcome: Outcome, is_text: bool) -> None:
    request = Request("http://a.example/d.jsp?id=1")
    answer = read_answer(
        Response(request.url, body=body, request=request), request.url, role, datetime(2031, 3, 1, tzinfo=UTC)
    )
    assert (answer.fetch.outcome, answer.decoded is not None) == (outcome, is_text)


def test_an_answer_to_a_form_says_where_it_came_from() -> None:
    """It is scheduled under a name that tells forms of one address from each other."""
    request = Request("http://a.example/list.do", method="POST", body=b"page=2")
    name = scheduled_name(request.url, "POST", request.body)
    response = Response(request.url, body=b"[]", request=request)
    fetch = read_answer(response, name, Role.LIST, datetime(2031, 3, 1, tzinfo=UTC)).fetch
    assert name != request.url
    assert (fetch.url, fetch.final_url) == (name, request.url)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DownloadFailedError([Failure(ConnectionLost("unclean"))]), "the connection was lost"),
        (
            ResponseFailed([Failure(ConnectionDone()), Failure(BadGzipFile("Not a gzipped file"))]),
            "not the gzip",
        ),
        (
            IgnoreRequest("its body exceeded DOWNLOAD_MAXSIZE (33554432 B) during decompression"),
            "larger than",
        ),
        (TimeoutError("User timeout"), "no answer in time"),
        (DownloadFailedError([Failure(ConnectionDone())]), "closed before there was an answer"),
        (
            DownloadFailedError([Failure(SSLError([("SSL routines", "", "wrong version number")]))]),
            "TLS failed: wrong",
        ),
        (
            DownloadFailedError([Failure(ParseError("non-integer status code", b"HTTP/1.1 abc"))]),
            "not HTTP: non-int",
        ),
        (DownloadFailedError([Failure(ValueError("conflicting Content-Length"))]), "not HTTP: conflicting"),
        (
            DownloadFailedError([Failure(InvalidHeaderName(b"x\x00\xff"))]),
            r"not HTTP: b'x\x00\xff' is no name of a header",
        ),
        (
            ValueError("Invalid IPv6 URL"),
            "leads to what is no address: Invalid IPv6 URL",
        ),  # Location: http://[x
        (
            ValueError("Missing scheme in request url: javascript:alert(1)"),
            "leads to what is no address: Missing",
        ),
        (
            DownloadFailedError([Failure(KeyError(b"gzip, chunked"))]),
            "transfer coding is not known: gzip, chunked",
        ),
        (EOFError("Compressed file ended"), "gzip is cut short"),
        (zstd.ZstdError("Data corruption detected"), "not the zstd"),
        (zlib.error("Error -3 while decompressing data"), "not compressed as the header says"),
        (brotli.error("brotli: decoder failed"), "not compressed as the header says"),
        (UnicodeDecodeError("utf-8", b"\xbb", 0, 1, "invalid start byte"), "holds bytes that are no text"),
        (RuntimeError("something else"), "RuntimeError: something else"),
        (KeyError("gzip"), "KeyError: 'gzip'"),
        (IgnoreRequest(), "the request was dropped"),
    ],
)
def test_failures_are_told_in_words(error: Exception, words: str) -> None:
    outcome, detail = outcomes.of_failure(error)
    assert outcome is Outcome.FAILED
    assert words in detail
    assert "twisted" not in detail


def test_a_failure_that_is_its_own_cause_is_told_as_well() -> None:
    error = RuntimeError("something else")
    error.__context__ = TypeError(error)
    assert outcomes.of_failure(error)[1] == "RuntimeError: something else"


@pytest.mark.parametrize(
    ("location", "outcome"),
    [("file:///etc/passwd", Outcome.REFUSED), ("javascript:alert(1)", Outcome.REFUSED), ("", Outcome.FAILED), ("/a", Outcome.FAILED)],
)  # fmt: skip
def test_redirects_out_of_http_are_refused(location: str, outcome: Outcome) -> None:
    assert outcomes.of_redirect(302, location)[0] is outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Forbidden by robots.txt", Outcome.ROBOTS),
        ("refused: 10.0.0.7:80 is no public address", Outcome.REFUSED),
    ],
)
def test_what_was_not_asked_for(words: str, outcome: Outcome) -> None:
    assert outcomes.of_failure(IgnoreRequest(words))[0] is outcome


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.linjiang.gov.example/a", "http://zwgk.linjiang.gov.example:8080/b", True),
        ("http://10.1.2.3/", "http://11.1.2.3/", False), ("http://10.1.2.3/", "https://10.1.2.3/", True),
        ("http://linjiang.example/", "http://other.example/", False), ("http://a.gov.example/", "http://b.gov.example/", False),
        ("no address", "http://www.linjiang.gov.example/", False), ("http://www.linjiang.gov.example/", "", False),
        ("http://linjiang.example/", "http://www.linjiang.example/", True),
        ("http://oa.linjiang.example/", "http://linjiang.example/", False),
        ("http://sousuo.www.gov.example/", "http://www.gov.example/", True), ("http://gov.example/", "http://a.gov.example/", False),
    ],
)  # fmt: skip
def test_hosts_of_one_site(one: str, other: str, same: bool) -> None:
    assert outcomes.same_host(one, other) is same


def test_leading_home() -> None:
    base = "http://a.example.gov.cn"
    assert outcomes.led_home(f"{base}/zw/1.html", f"{base}/")
    assert outcomes.led_home(f"{base}/zw/1.html", f"{base}/index.html")
    assert not outcomes.led_home(f"{base}/zw/1.html", f"{base}/zw/2.html")
    assert not outcomes.led_home(f"{base}/", f"{base}/index.html")


_REFRESH = '<meta http-equiv="refresh" content="0;url=/">'


@pytest.mark.parametrize(
    ("page", "passed", "home"),
    [
        ("<script>window.location.href='/';</script>", (), True),
        ('<html><head><script>location.replace("/index.html")\n</script></head><body></body></html>', (), True),
        (f"<html><head>{_REFRESH}</head></html>", (), True),
        ("<script>if (top != self) { location.href='/'; }</script>", (), False),
        ("<script>var a = _0x4f('c'); location.href='/';</script>", (), False),
        (f"<noscript>{_REFRESH}</noscript><script src='/a.js'></script>", (), False),
        (f"<script src='/a.js'></script>{_REFRESH}", (), False),
        ("<script>location.href='/zw/2.html';</script>", (), False),
        ("<script>location.href='http://www.hijack.example/';</script>", (), False),  # another site's front page
        ("<script>location.href='/#/detail/5';</script>", (), False),  # a route of a page's script
        ("<script>location.href='/#top';</script>", (), True),
        ("<h1>临江市人民政府</h1><div id='app'></div>", ("/#/detail/5",), False),
        ("<h1>临江市人民政府</h1><a href='/zw/'>通知公告</a>", ("/", "/portal/index.do"), True),
        ("<h1>临江市人民政府</h1><a href='/zw/'>通知公告</a>", ("/portal/index.do",), False),
        ("<h1>通知</h1><p>各单位：请遵照执行。</p>", ("/", "/zw/1.html"), False),  # where a cookie was set
        ("<title>安全验证</title><p>请完成安全验证</p>", ("/", "/verify.html"), False),
    ],
)  # fmt: skip
def test_pages_that_lead_to_the_front_page_or_by_it(page: str, passed: tuple[str, ...], home: bool) -> None:
    """Articles are taken away so; they had failed each day, and were never missed."""
    base = "http://a.example.gov.cn"
    asked, *hops = (f"{base}{path}" for path in ("/zw/1.html", *passed))
    request = Request(
        hops[-1] if hops else asked, meta={"redirect_urls": [asked, *hops[:-1]]} if hops else {}
    )
    response = HtmlResponse(request.url, body=f"<html>{page}</html>".encode(), request=request)
    found = read_answer(response, asked, Role.PAGE, datetime(2031, 3, 1, tzinfo=UTC)).fetch
    assert (found.outcome is Outcome.REDIRECTED_HOME) == home


@pytest.mark.parametrize(
    "text",
    [
        'window._CONFIG = {"SID": "1", "TREE": []};',
        "window._CONFIG={SID:'1',TREE:[],};",
        "window . _CONFIG = { 'SID' : \"1\", // id\n TREE: [] }",
    ],
)
def test_config_literals_of_gkmlpt(text: str) -> None:
    assert read_config(f"<script>{text}</script>")["SID"] == "1"


def test_a_page_without_config_is_said_to_be_none() -> None:
    with pytest.raises(ListError, match="no window"):
        read_config("<html></html>")


def test_wrong_headers_do_not_give_mojibake() -> None:
    text = "政府信息公开目录，关于印发通知的公告。" * 5
    assert decode(text.encode("gb18030"), "text/html; charset=iso-8859-1").text == text
    assert decode(text.encode(), "text/html; charset=gb2312").text == text


@pytest.mark.parametrize(
    ("hours", "utc_hour", "quiet"),
    [
        ("23:00-06:00", 16, True),
        ("23:00-06:00", 21, True),
        ("23:00-06:00", 22, False),
        ("1:00-2:30", 17, True),
        (None, 17, False),
    ],
)
def test_quiet_hours_are_those_of_shanghai(hours: str | None, utc_hour: int, quiet: bool) -> None:
    assert in_quiet_hours(hours, datetime(2026, 3, 1, utc_hour, tzinfo=UTC)) is quiet
