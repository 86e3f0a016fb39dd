"""Lists that a page holds as data for its script."""

from __future__ import annotations

import json

import pytest

from crawler.inline_lists import with_inline
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, PageRequest
from crawler.platforms.json_api import described
from crawler.sites import Catalogue

URL = "https://www.linjiang.example/ljsrmzf/c00145/pc/list.html"
BASE = "https://www.linjiang.example"


def read(script: str, shown: str = "") -> ListPage:
    text = f"<html><head><title>通知公告-临江市</title></head><body><div id='list'>{shown}</div><script>{script}</script></body></html>"
    catalogue = Catalogue(key="list", url=URL)
    request = PageRequest(url=URL, chain="list")
    return platform_of("static_list").parse_list(
        text.encode(), URL, "text/html; charset=utf-8", request, catalogue
    )


def row(number: int) -> dict[str, object]:
    return {
        "id": f"{number}", "title": f"关于第{number}号事项的<em>通知</em>", "pubDate": "2031-03-01 09:30", "writeTime": "2031-02-01",
        "urls": json.dumps({"pc": f"/ljsrmzf/c00145/pc/content/content_20587468{number}.html"}),
    }  # fmt: skip


def flat(number: int) -> dict[str, object]:
    return {
        "channelid": 7,
        "title": f"关于第{number}号事项的公示",
        "daytime": "2031-03-01",
        "url": f"{BASE}/gs/20310301/i{number}.html",
    }


ARTICLES = ",".join(json.dumps(row(n), ensure_ascii=False) for n in range(1, 16))


@pytest.mark.parametrize(
    ("script", "last"),
    [
        ("var listData = { articleList: [@] };".replace("@", ARTICLES), f"{BASE}/ljsrmzf/c00145/pc/content/content_2058746815.html"),
        (
            f"var dataList={json.dumps([{'infolist': [flat(n) for n in range(1, 9)]}, {'infolist': [flat(n) for n in range(8, 16)]}])};",
            f"{BASE}/gs/20310301/i15.html",
        ),
        # a menu beside it, and what is no JSON
        (
            'var menu = [{"title": "首页", "url": "/"}, {"title": "政务公开", "url": "/zwgk/"}]; var s = [{a: 1}];'
            f"render({json.dumps([flat(n) for n in range(1, 16)])});",
            f"{BASE}/gs/20310301/i15.html",
        ),
    ],
)  # fmt: skip
def test_rows_that_a_script_holds(script: str, last: str) -> None:
    found = read(script)
    assert len(found.rows) == 15
    assert found.rows[-1].url == last
    assert {r.hints["published_on"] for r in found.rows} == {"2031-03-01"}
    assert found.rows[0].title in ("关于第1号事项的通知", "关于第1号事项的公示")


def test_rows_that_the_page_shows_come_first() -> None:
    shown = (
        "<ul>"
        + "".join(
            f"<li><a href='content/c_{n}00000.html'>关于第{n}号事项的意见</a><i>2031-03-02</i></li>"
            for n in range(3)
        )
        + "</ul>"
    )
    assert len(read(f"var d = [{ARTICLES}];", shown).rows) == 3


def test_data_that_is_no_list_of_documents() -> None:
    for script in (
        'var menu = [{"title": "首页", "url": "/"}, {"title": "政务公开", "url": "/zwgk/"}];',
        'var slides = [{"title": "图一", "img": "/a.png", "date": "2031-03-01"}];',
        "var a = [{" * 5000,
        "var a = " + '[{"a":' * 3000,
    ):
        text = f"<script>{script}</script>"
        assert with_inline(text) == text


@pytest.mark.parametrize(
    ("wrapped", "path"),
    [
        (lambda item: item, "urls.pc"),
        (lambda item: {"score": 1.0, "source": item}, "source.urls.pc"),
        (lambda item: {"source": {"url": "/a/1.html", "title": item["title"]}}, "source.url"),
    ],
)
def test_addresses_within_the_rows_of_an_answer(wrapped: object, path: str) -> None:
    """{"source": {"urls": "{\\"pc\\": …}"}}, as a search engine behind the list answers."""
    rows = [wrapped(row(n)) for n in range(1, 4)]  # type: ignore[operator]
    seen = described(
        json.dumps({"data": {"total": 3, "results": rows}}),
        f"{BASE}/queryList",
        {"paging": {"name": "current"}},
    )
    assert seen is not None
    assert seen.catalogues[0][3]["url"] == path
    assert seen.catalogues[0][3]["rows"] == "data.results"
