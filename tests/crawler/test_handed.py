"""Requests for a list by functions that are handed which list it is, and by addresses that are put together in several steps."""

from __future__ import annotations

import pytest

from crawler.scripts.requests import list_requests

URL = "https://www.linjiang.example/zwgk/list.html"
LISTS = (
    "function getList(page, size, site, channel) { $.get('/api/list', {p: page, rows: size, site: site, c: channel}, show);"
    " createPage(total, page, site, channel); }"
)


def asked(code: str, markup: str = "<ul id='list'></ul>", body: str = "<body>") -> list[str]:
    text = f"<html>{body}{markup}<script>{code}</script></body></html>"
    return [request.url.partition(".example")[2] for request in list_requests(text, URL)]


@pytest.mark.parametrize(
    ("code", "markup", "body"),
    [
        (f"{LISTS} getList(1, 20, '33', '108862');", "", "<body>"),
        (f"{LISTS} var chan = '108862'; $(function () {{ getList(1, 20, 33, chan) }});", "", "<body>"),
        (f"var {LISTS.replace('function getList', 'getList = function')} getList(1, 20, '33', '108862');", "", "<body>"),
        (f"var page = {{{LISTS.replace('function getList', 'getList: function')}}}; page.getList(1, 20, '33', '108862')", "", "<body>"),
        (LISTS, "", "<body onload=\"getList(1, 20, '33', '108862')\">"),
        (f"{LISTS} getList(1, 20, '33', '108862');", "<a href=\"javascript:getList(2,20,'33','108862')\">2</a>", "<body>"),
    ],
)  # fmt: skip
def test_what_a_function_is_handed(code: str, markup: str, body: str) -> None:
    assert asked(code, markup, body) == ["/api/list?p=1&rows=20&site=33&c=108862"]


@pytest.mark.parametrize(
    ("code", "markup"),
    [
        (f"{LISTS} getList(1, 20, '33', '7'); getList(1, 20, '33', '8');", ""),  # two lists
        (f"{LISTS} getList(1, 20, '33', '7');", "<li onclick=\"getList(1, 20, '33', '8')\">公告</li>"),  # another on a click
        (f"{LISTS} getList(1, 20, '33', sign());", ""),
        (LISTS, ""),
        (f"{LISTS} {LISTS.replace('site, channel)', 'channel, site)', 1)} getList(1, 20, '33', '7');", ""),
    ],
)  # fmt: skip
def test_what_is_not_one_list_is_not_asked_for(code: str, markup: str) -> None:
    assert asked(code, markup) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("var u = '/api/list'; u += '?c=7'; $.post(u + '&p=' + page, show)", ["/api/list?c=7&p=1"]),
        ("var u = '/api/list?c=7'; if (d != '') { u += '&d=' + d; } var d = '8'; $.get(u + '&p=' + page)", ["/api/list?c=7&d=8&p=1"]),
        ("var u = '/api/list?c=7'; if (a) { u += '&d=1'; } else { u += '&d=2'; } $.get(u + '&p=' + page)", ["/api/list?c=7&p=1"]),
        ("var u = '/api/list?c=7'; if (k) u += '&k=' + k; $.get(u + '&p=' + page)", ["/api/list?c=7&p=1"]),
        ("var u = '/api/list?c=7'; u += '&s=' + sign(); $.get(u + '&p=' + page)", []),
        ("var h = ''; h += '<li>'; $.get('/api/list?c=7&p=' + page)", ["/api/list?c=7&p=1"]),
    ],
)  # fmt: skip
def test_an_address_that_is_put_together_in_steps(code: str, expected: list[str]) -> None:
    assert asked(code) == expected
