"""Answers that a site gives to its own scripts only: in the call of a function, with their header, after a visit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from archive.batch import Fetch, Role
from crawler.answers import read_answer
from crawler.paging import query_of
from crawler.platforms import json_api, platform_of
from crawler.platforms.base import PageRequest
from crawler.scripts.requests import list_requests
from crawler.sites import Catalogue, Site
from crawler.survey.asking import Asker
from crawler.survey.outcome import Survey
from crawler.survey.survey import Surveyor
from tests.crawler.survey_pages import BASE, BOOK, REGIONS, document, drafted

START = "/zwgk/list.html"
CODE = (
    "<script>$.ajax({url: '/api/list', data: {cid: 7, pageNo: n, pageSize: 15}, dataType: 'json@'});</script>"
)
REFUSED = "<h1>403</h1>"
Answered = Callable[[Mapping[str, str], Mapping[str, str]], str]


def rows(number: int) -> dict[str, object]:
    shown = [
        {
            "title": f"关于第{n}号事项的通知",
            "url": f"/zwgk/gongwen/202603/t20260301_{n}.html",
            "day": "2026-03-01",
        }
        for n in range(15 * number - 14, min(15 * number, 25) + 1)
    ]
    return {"total": 25, "rows": shown}


def look(answered: Answered, kind: str = "", cookie: bool = False) -> Survey:
    """The survey of a page whose script asks for a list. ``answered``: the answer to a query and headers."""

    def fetch(request: PageRequest, role: Role) -> Fetch:
        path = request.url.removeprefix(BASE)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if path == START:
            body = f"<html><head><title>政府文件-临江市</title></head><body>{CODE.replace('@', kind)}</body></html>"
            headers |= {"Set-Cookie": "visit=1"} if cookie else {}
        elif path.startswith("/api/list"):
            body = answered(query_of(request.url), request.headers)
        else:
            body = document(int(path.rpartition("_")[2].removesuffix(".html")))
        response = HtmlResponse(
            request.url, status=403 if body == REFUSED else 200, body=body.encode(), headers=headers,
            request=Request(request.url),
        )  # fmt: skip
        return read_answer(response, request.url, role, datetime(2026, 3, 2, tzinfo=UTC)).fetch

    return Surveyor(Asker(fetch, lambda _: None), BOOK, REGIONS).survey(BASE + START)


def given(query: Mapping[str, str]) -> str:
    return json.dumps(rows(max(int(query["pageNo"]), 1)))


@pytest.mark.parametrize(
    ("answered", "kind", "options"),
    [
        (lambda query, _: given(query), "", {}),
        (lambda query, _: f"{query['callback']}({given(query)})" if "callback" in query else "{}", "p", {}),
        (
            lambda query, sent: given(query) if "X-Requested-With" in sent else "<title>登录</title>",
            "",
            {"headers": {"X-Requested-With": "XMLHttpRequest"}},
        ),
        (
            lambda query, sent: given(query) if sent.get("Referer") == BASE + START else REFUSED,
            "",
            {"headers": {"X-Requested-With": "XMLHttpRequest", "Referer": BASE + START}},
        ),
    ],
)
def test_a_list_is_asked_for_as_its_site_wants_it(
    answered: Answered, kind: str, options: dict[str, object], tmp_path: Path
) -> None:
    survey = look(answered, kind)
    (one,) = survey.lists
    assert (len(one.rows), one.paging.word) == (25, "sure"), survey.problem
    assert {name: value for name, value in one.options.items() if name in ("headers", "shown_on")} == options
    assert ("callback" in query_of(one.url)) == (kind == "p")
    drafted(survey, tmp_path)


def test_a_page_that_gives_a_cookie_is_visited_before_its_list(tmp_path: Path) -> None:
    (one,) = look(lambda query, _: given(query), cookie=True).lists
    assert one.options["shown_on"] == BASE + START
    assert f"shown_on: {BASE}{START}" in drafted(look(lambda query, _: given(query), cookie=True), tmp_path)


def test_a_visit_comes_before_the_first_page() -> None:
    options = {
        "rows": "rows",
        "url": "url",
        "paging": {"name": "pageNo", "first": 1},
        "shown_on": BASE + START,
    }
    catalogue = Catalogue(key="zw", url=f"{BASE}/api/list?pageNo=1", options=options)
    site = Site(site="linjiang", name="临江市", url=BASE, platform="json_api", catalogues=(catalogue,))
    platform = platform_of("json_api")
    visit = platform.start(catalogue, site)
    assert (visit.url, visit.optional) == (BASE + START, True)
    read = platform.parse_list(b"<html></html>", visit.url, "text/html", visit, catalogue)
    assert (read.rows, read.next) == ((), visit.otherwise)
    assert read.next is not None
    assert read.next.url == catalogue.url
    without = catalogue.model_copy(update={"options": {k: v for k, v in options.items() if k != "shown_on"}})
    assert platform.start(without, site) == read.next


def test_a_callback_that_jquery_would_name() -> None:
    (request,) = list_requests(
        "<script>$.getJSON('/api/list?page=1&callback=?', show)</script>", BASE + START
    )
    assert request.url == f"{BASE}/api/list?page=1&callback=callback"
    assert json_api.asked(request.url, request.options).url == request.url
