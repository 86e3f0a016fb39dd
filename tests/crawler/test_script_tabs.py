"""Lists of one page that clicks on tabs open."""

from __future__ import annotations

import pytest

from crawler.lists.rows import parse_html
from crawler.scripts.requests import list_requests
from crawler.scripts.tabs import tabs

URL = "https://www.linjiang.example/zwgk/list.html"
LIST = "function getList(cid, page) { $.get('/api/list', {channel: cid, page: page}, show); }"
TABS = """<li class="on" onclick="getList('33',1)">规范性文件</li><li onclick="getList(&quot;34&quot;, 1);">其他文件</li>"""


def opened(markup: str, code: str) -> list[tuple[str, list[str]]]:
    text = f"<html><body><ul>{markup}</ul><script>{LIST} {code}</script></body></html>"
    found = tabs(text, parse_html(text))
    return [(words, [one.url.partition("?")[2] for one in list_requests(page, URL)]) for words, page in found]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        (TABS, "getList('33', 1);"),
        (TABS.replace("onclick=", "href=").replace("li", "a"), '$(function () { getList("33",1) });'),
        (
            TABS + "<a onclick='getList(33, 2)'>下一页</a><a href='javascript:show(7)'>查看</a>",
            "getList('33', 1);",
        ),
    ],
)
def test_each_tab_is_a_list_and_the_one_that_is_shown_comes_first(markup: str, code: str) -> None:
    assert opened(markup, code) == [
        ("规范性文件", ["channel=33&page=1"]),
        ("其他文件", ["channel=34&page=1"]),
    ]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("", "getList('33', 1);"),
        (TABS, ""),
        (TABS, "getList('35', 1);"),
        (TABS, "getList('33', 1); getList('34', 1);"),
        (TABS.replace("34", "34&quot;, &quot;x"), "getList('33', 1);"),
        (TABS.replace("1);", "2);"), "getList('33', 1);"),
    ],
)
def test_what_are_no_tabs(markup: str, code: str) -> None:
    assert opened(markup, code) == []
