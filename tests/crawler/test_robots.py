"""What a robots.txt says, in every state in which it can be, by RFC 9309."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.batch import Outcome
from crawler import outcomes
from crawler.config import Settings
from crawler.middlewares.robots import Robots, names_in, of_answer, of_failure
from crawler.survey.asking import Step
from crawler.survey.why_not import why_nothing

HOST = "http://www.linjiang.example"
OURS = names_in(Settings(contact="https://archive.example/crawler/bot.html").robots_agent("1.0"))
ALL = "User-agent: *\nDisallow: "
ZH = "/政务公开/"


def allows(robots: Robots, path: str) -> bool:
    return robots.allows(HOST + path)


def gbk(path: str) -> str:
    return quote(path.encode("gbk"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, None), (202, None), (204, None), (302, None), (304, None), (401, None), (403, None), (404, None),
        (412, None), (418, None), (429, None), (451, None),
        (500, Outcome.FAILED), (502, Outcome.FAILED), (503, Outcome.FAILED), (530, Outcome.FAILED),
        (521, Outcome.BLOCKED), (567, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_a_servers_error_forbids_everything_and_no_other_status_does(
    status: int, outcome: Outcome | None
) -> None:
    body = (ALL + "/").encode() if not 200 <= status < 300 else b""
    robots = of_answer(status, body, "text/plain", OURS)
    assert robots.unreachable == (outcome and outcomes.of_status(status))
    assert allows(robots, "/zw/1.html") is (outcome is None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DownloadTimeoutError(), "no answer in time"),
        (ResponseDataLossError(), "the body was cut short"),
        (CannotResolveHostError(), "the host name does not resolve"),
        (
            IgnoreRequest("its body exceeded DOWNLOAD_MAXSIZE (33554432 B) during decompression"),
            "larger than",
        ),
        (IgnoreRequest("max redirections reached"), None),
        (IgnoreRequest("refused: 10.0.0.7:80 is no public address"), None),
    ],
)
def test_the_lack_of_an_answer(error: Exception, words: str | None) -> None:
    robots = of_failure(error)
    assert allows(robots, "/zw/1.html") is (words is None)
    assert words is None or (robots.unreachable is not None and words in robots.unreachable[1])


def test_an_answer_that_is_not_whole_is_none_but_a_page_was_never_one() -> None:
    cut = "the gzip stream is cut short"
    assert of_answer(200, ALL.encode(), None, OURS, cut) == Robots(unreachable=(Outcome.FAILED, cut))
    assert allows(of_answer(200, b"\n<!DOCTYPE html><title>404", "text/html", OURS, cut), "/zw/1.html")


PADDING = "# 说明" + "x" * 72 + "\n"
WALL = "<html><script>var h = {\n userAgent: navigator.userAgent,\n disallow: /\n}</script></html>"


@pytest.mark.parametrize(
    ("body", "allowed", "forbidden"),
    [
        (WALL.encode(), ["/a"], []),
        ("<!DOCTYPE html><h1>404</h1>页面不存在".encode(), ["/a"], []),
        (b"", ["/a"], []),
        (b"\xef\xbb\xbf" + ALL.encode() + b"/a", ["/b"], ["/a"]),
        ((ALL + "/a\nDisallow: /c\n").replace("\n", "\r").encode(), ["/b"], ["/a", "/c"]),
        ((ALL + "/a\nDisallow: /c\n").replace("\n", "\r\n").encode(), ["/b"], ["/a", "/c"]),
        (("# 爬虫协议\n" + ALL + "/a # 后台管理\nDisallow: /c").encode("gbk"), ["/b"], ["/a", "/c"]),
        (("\ufeff" + ALL + "/a\n").encode("utf-16-le"), ["/b"], ["/a"]),
        (("\ufeff" + ALL + "/a\n").encode("utf-16-be"), ["/b"], ["/a"]),
        ((ALL + ZH).encode(), [quote("/政策/")], [quote(ZH) + "1.html"]),
        ((ALL + quote(ZH).lower()).encode(), [quote("/政策/")], [quote(ZH) + "1.html"]),
        (f"# 本网站中文目录不允许抓取\n{ALL}{ZH}".encode("gbk"), [quote("/政策/")], [quote(ZH) + "1.html"]),
        ((ALL + gbk("/公开/")).encode(), [gbk("/政策/1.html"), gbk("/财务/")], [gbk("/公开/1.html")]),
        (("User-agent: *\n" + PADDING * 6400 + "Disallow: /a\n").encode(), ["/b"], ["/a"]),
        ((ALL + "/a\nDisallow: /b" + "b" * (1 << 20)).encode(), ["/b"], ["/a"]),  # the cut line is no rule
    ],
)
def test_what_can_be_read_of_its_bytes(body: bytes, allowed: list[str], forbidden: list[str]) -> None:
    robots = of_answer(200, body, "application/octet-stream", OURS)
    assert [path for path in allowed if not allows(robots, path)] == []
    assert [path for path in forbidden if allows(robots, path)] == []


@pytest.mark.parametrize(
    ("lines", "allowed", "forbidden"),
    [
        ("User-agent: *\nDisallow: /\nUser-agent: GongKai\nDisallow: /a", ["/b"], ["/a"]),
        ("useragent gongkai/0.9 # us\nDisallow: /a", ["/b"], ["/a"]),
        ("User-agent:\nDisallow: /\nUser-agent: * # all\nDisallow: /a", ["/b"], ["/a"]),
        ("User-agent: gongkai\nDisallow:\n\nUser-agent: *\nDisallow: /", ["/a"], []),
        ("User-agent: gongkaibot\nUser-agent: gong\nDisallow: /", ["/a"], []),
        (
            "User-agent: crawler\nUser-agent: bot\nUser-agent: https\nDisallow: /",
            ["/a"],
            [],
        ),  # of the contact
        ("User-agent: x\nUser-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /c", ["/b"], ["/a", "/c"]),
        (ALL + "\n", ["/a"], []),
        (ALL + "/\nAllow: /zw/", ["/zw/1"], ["/b"]),
        (ALL + "/zw\nAllow: /zw", ["/zw"], []),
        (ALL + "/*.doc$", ["/a.docx", "/a.doc?x=1"], ["/a.doc"]),
        (ALL + "/*?", ["/a"], ["/a?x=1"]),
    ],
)
def test_whose_rules_hold_for_which_address(lines: str, allowed: list[str], forbidden: list[str]) -> None:
    test_what_can_be_read_of_its_bytes(lines.encode(), allowed, forbidden)


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        ("gongkai/{version} (+{contact})", {"gongkai"}),
        ("Mozilla/5.0 (compatible; Linjiang-Archive/2; +{contact})", {"mozilla", "linjiang-archive"}),
        ("gongkai/{version} (+https://archive.example/bot/1.html)", {"gongkai"}),
        ("our crawler", {"our"}),
        ("", set()),
    ],
)
def test_the_names_that_robots_txt_may_call_us_by(agent: str, names: set[str]) -> None:
    assert names_in(Settings(user_agent=agent, contact="no/bot@archive.example").robots_agent("1.0")) == names


def test_a_group_of_many_crawlers_costs_no_more_than_its_lines() -> None:
    crowd = "".join(f"User-agent: a{n}\n" for n in range(30_000))
    rules = "".join(f"Disallow: /x{n}\n" for n in range(30_000))
    robots = of_answer(200, (crowd + "User-agent: gongkai/2\n" + rules).encode(), None, OURS)
    assert (allows(robots, "/x29999"), allows(robots, "/y")) == (False, True)


@pytest.mark.parametrize(
    ("why", "is_of_robots"),
    [
        ("status 500", True), ("no answer in time", True), ("it leads to http://x.example/: the connection was refused", True),
        ("the connection was refused", False), ("the host name does not resolve", False),
        ("no connection could be made: no route to the host", False), ("TLS failed: wrong version number", False),
    ],
)  # fmt: skip
def test_a_dead_host_is_said_to_be_dead_and_an_unreachable_robots_txt_is_named(
    why: str, is_of_robots: bool
) -> None:
    error = outcomes.UnreachableRobotsError(f"{HOST}/robots.txt", Outcome.FAILED, why)
    outcome, detail = outcomes.of_failure(error)
    assert outcome is Outcome.FAILED
    told = why_nothing(Step(f"{HOST}/zw/", outcome, detail))
    assert why in told
    assert [part in told for part in (f"{HOST}/robots.txt", "RFC 9309", "robots: {unreachable: allow}")] == [
        is_of_robots
    ] * 3
