"""Functions of a page that stand around its requests, also in modules of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.scripts.requests import list_requests
from tests.crawler.survey_pages import BASE, drafted, look

URL = "https://www.linjiang.example/zwgk/list.html?kind=gg"
HELPER = "function listNotice(query) { return request({url: '/notice/list', method: 'get', params: query}) }"


def asked(*scripts: str) -> list[tuple[str, object]]:
    page = "".join(f"<script>{script}</script>" for script in scripts)
    found = list_requests(f"<html><body>{page}</body></html>", URL)
    return [(one.url.removeprefix("https://www.linjiang.example"), one.form or one.body) for one in found]


@pytest.mark.parametrize(
    "scripts",
    [
        (HELPER, "new Vue({data: {query: {kind: 7, page: 1, title: undefined}}, get() { listNotice(this.query).then(show) }})"),
        (HELPER.replace("request(", "axios("), "const q = Vue.reactive({kind: 7, page: 1}); const get = () => api.listNotice(q.value)"),
        ("const listNotice = (query) => axios.get('/notice/list', {params: query})", "listNotice({kind: 7, page: n})"),
        ("const api = {listNotice(query) { return axios({url: '/notice/list', params: query}) }}", "api.listNotice({kind: 7, page: n})"),
        ("var http = {get: function (url, data, done) { $.ajax({url: '/notice' + url, data: data, success: done}) }}",
         "http.get('/list', {kind: 7, page: n}, function (d) { show(d) })"),
        ("function ask(o) { $.ajax({url: '/notice' + o.url, data: o.data}) }", "ask({url: '/list', data: {kind: 7, page: n}})"),
        ("function request(o) { return axios(Object.assign({baseURL: '/notice'}, o)) }",
         "request({url: '/list', params: {kind: 7, page: n}})"),
        ("const s = axios.create({baseURL: '/notice'})\nexport default s",
         "import request from './s.js'; request({url: '/list', params: {kind: 7, page: n}})"),
        ("const p = new URLSearchParams(); p.append('kind', 7); p.append('page', n); fetch('/notice/list?' + p.toString())",),
        ("e.a.get('/notice/list', {params: {kind: 7, page: e}})",),
        ("mui.ajax('/notice/list', {data: {kind: 7, page: n}})",),
    ],
)  # fmt: skip
def test_a_request_is_what_is_made_of_it(scripts: tuple[str, ...]) -> None:
    assert asked(*scripts)[0] == ("/notice/list?kind=7&page=1", None)


def test_what_is_sent_by_post() -> None:
    sent = "type: 'POST', contentType: 'application/json', data: JSON.stringify(data)"
    helper = f"function post(url, data) {{ return $.ajax({{url: '/gw' + url, {sent}}}) }}"
    caller = "var api = {load: function (n) { postAll('/page', {kind: 7, page: n}) }}; "
    assert asked(helper.replace("post(", "postAll("), caller) == [("/gw/page", {"kind": 7, "page": 1})]


@pytest.mark.parametrize(
    "scripts",
    [
        (
            "function getList(page) { $.get('/l', {kind: kind, page: page}) }",
            "getList(1)",
        ),  # what is sent is not told
        (HELPER, "listNotice(first)"),
        (HELPER, "function listNotice2(q) { listNotice(q) }"),
        ("function f(url, data) { cache(url, data) }", "f('/l', {page: 1})"),
    ],
)
def test_what_is_none(scripts: tuple[str, ...]) -> None:
    assert asked(*scripts) == []


def test_a_parameter_of_the_address_that_a_variable_holds() -> None:
    read = (
        "var s = location.search; function q(n) { var m = s.match(new RegExp(n + '=([^&]*)')); return m[1] }"
    )
    assert asked(f"{read} $.get('/l', {{kind: q('kind'), page: n}})") == [("/l?kind=gg&page=1", None)]


def test_modules_that_a_page_imports(tmp_path: Path) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 26)
    ]
    head = "<html><head><title>政府文件-临江市</title></head>"
    pages = {
        "/zwgk/": f"{head}<body><div id='app'></div><script type='module' src='/js/list.js'></script></body></html>",
        "/js/list.js": "import { listNotice } from './api/notice'\nlistNotice({page: n, limit: 20}).then(show)",
        "/js/api/notice.js": f"import request from '../request.js'\nexport {HELPER}",
        "/js/request.js": "const service = axios.create({ baseURL: '/api' })\nexport default service",
        "/api/notice/list?page=1&limit=20": json.dumps({"total": 25, "rows": rows[:20]}),
        "/api/notice/list?page=2&limit=20": json.dumps({"total": 25, "rows": rows[20:]}),
    }
    survey, _ = look(pages, "/zwgk/")
    assert survey.can_tell, survey
    assert [(one.url, len(one.rows)) for one in survey.lists] == [
        (f"{BASE}/api/notice/list?page=1&limit=20", 25)
    ]
    drafted(survey, tmp_path)
