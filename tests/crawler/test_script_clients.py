"""What scripts settle for their requests: the base of addresses, headers, what they read off the page's address."""

from __future__ import annotations

import pytest

from crawler.scripts.requests import list_requests

URL = "https://www.linjiang.example/zwgk/list.html?cid=88"


def asked(code: str) -> list[tuple[str, dict[str, object]]]:
    found = list_requests(f"<html><body><script>{code}</script></body></html>", URL)
    return [
        (one.url.removeprefix("https://www.linjiang.example"), one.options.get("headers", {}))
        for one in found
    ]


@pytest.mark.parametrize(
    "code",
    [
        "const service = axios.create({baseURL: '/api', timeout: 5000}); service.get('/list', {params: {page: p, size: 15}});",
        "axios.defaults.baseURL = '/api'; axios.get('/list', {params: {page: p, size: 15}}).then(show);",
        "let http2 = axios.create({ baseURL: '/api' }); http2({url: '/list', method: 'get', params: {page: p, size: 15}});",
        "var base = '/api'; const http1 = axios.create({baseURL: base}); http1.get('/list?page=' + p + '&size=15');",
    ],
)
def test_addresses_of_a_client_begin_with_its_base(code: str) -> None:
    assert asked(code) == [("/api/list?page=1&size=15", {})]


@pytest.mark.parametrize(
    ("code", "headers"),
    [
        ("$.ajax({url: '/l', headers: {'appid': 'portal01'}, data: {page: p}});", {"appid": "portal01"}),
        ("var k = 'x7'; $.ajax({url: '/l', headers: {siteKey: k, 'Content-Type': 'a/b'}, data: {page: p}});", {"siteKey": "x7"}),
        (
            "$.ajax({url: '/l', beforeSend: function (r) { r.setRequestHeader('Authorization', 'Basic YWJj'); }, data: {page: p}});",
            {"Authorization": "Basic YWJj"},
        ),
        ("fetch('/l?page=' + p, {headers: {appid: 'a'}})", {"appid": "a"}),
        ("axios.get('/l', {params: {page: p}, headers: {appid: 'a'}})", {"appid": "a"}),
        ("$.ajax({url: '/l', headers: {token: localStorage.getItem('t')}, data: {page: p}});", {}),
    ],
)  # fmt: skip
def test_headers_that_a_page_states(code: str, headers: dict[str, str]) -> None:
    assert asked(code) == [("/l?page=1", headers)]


@pytest.mark.parametrize(
    "code",
    [
        "const ps = new URLSearchParams(window.location.search); const cid = ps.get('cid'); $.get('/l', {cid: cid, page: p});",
        "function q(n) { var m = new RegExp(n + '=([^&]*)').exec(location.search.substr(1)); return m[1]; }"
        " $.get('/l', {cid: q('cid'), page: p});",
        "const u = new URLSearchParams({cid: '88', page: p}); fetch('/l?' + u.toString());",
        "fetch(`/l?${new URLSearchParams({cid: 88, page: p})}`);",
    ],
)
def test_parameters_of_addresses(code: str) -> None:
    assert asked(code) == [("/l?cid=88&page=1", {})]
