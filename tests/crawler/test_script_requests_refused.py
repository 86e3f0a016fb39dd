"""Scripts that tell of no request, or not all of one: nothing is made up, and no page takes long."""

from __future__ import annotations

import time

import pytest

from crawler.scripts.requests import list_requests, unclear_requests
from tests.crawler.test_script_requests import API, URL, asked


@pytest.mark.parametrize(
    "script",
    [
        "axios.post('/api/list', {pageNo: 1, filter: {area: getArea()}})",  # a part of it cannot be told
        "axios.post('/api/list', {pageNo: 1, sorts: [order]})",
        "$.post('/api/list', {pageNo: 1, filter: {area: 7}})",  # objects have no one form
        "axios.post('/a', {pageNo: 1, a: " + "{a: " * 2000,
        "axios.post('/a', {pageNo: 1, a: " + "[" * 2000,
        "$('#rows').load('/visit/count?id=7')",
        "$(window).load(function () { page(1); })",
        "function show(n) { $('li').hide(); $('.page' + n).show(); } show(1);",
        "$.get('/api/list', query, show); function query() { return {page: 1} }",
        "var q = {page: 1, key: sign()}; $.get('/api/list', q)",
        "$.get('/visit/count?id=7')",  # no list
        "$.get('/api/list?token=' + token + '&page=' + page)",  # where the token comes from is not told
        "$.post('/api/list', {channel: getChannel(), page: 1})",
        "$.post('/api/list', {page: 1, [name]: 7})",  # what cannot be read might be the channel
        "$.post('/api/list', {page: 1, ...filter})",
        "$.post('/api/list', {page: 1, year: new Date().getFullYear()})",
        "$.post('/api/list', {page: 1, channels: [{id: 7}]})",
        "$.get('/api/list', {page: 1, to: new Date() - 1})",
        "$.get('/api/list?page=' + " + "(" * 3000 + "1",
        "$.get('/api/list?page=' + 1" + "*9" * 2000 + "*x)",
        "$.ajax({url: base + '/api/list', data: {page: 1}})",
        "$.get('javascript:void(0)', {page: 1})",
        "$.ajax({", "$.ajax({url:", "fetch(", "$.post('/a', {a: {b: ", "`" * 500, "${" * 500, "$.get(" * 2000,
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_no_request(script: str) -> None:
    assert asked(script) == []


@pytest.mark.parametrize(
    "script",
    [
        "$.post('/api/list', {pageNo: 1, sign: md5(secret + now)}, show)",
        "axios.post('/api/list', encrypt({pageNum: this.page}))",
        "$.ajax({url: '/api/list', data: {data: sm4(JSON.stringify({pageNo: n}))}})",
        "var q = {pageNo: 1, area: getArea()}; fetch('/api/list', {method: 'POST', body: JSON.stringify(q)})",
    ],
)
def test_requests_whose_values_the_page_does_not_tell(script: str) -> None:
    assert asked(script) == []
    assert unclear_requests(f"<script>{script}</script>", URL) == [API]


@pytest.mark.parametrize(
    "script",
    ["$.post('/visit', {id: getId()})", "$.get('/api/list', {page: 1})", "$.get('/weather', render)"],
)
def test_requests_that_are_clear_or_no_lists(script: str) -> None:
    assert unclear_requests(f"<script>{script}</script>", URL) == []


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        ("x.open('GET', ", 10_000),
        ("<select>", 20_000),
        ("<select><option>", 20_000),
        ("<form id='a'>", 20_000),
        ("<form id='a'><input name='b'>", 20_000),
        ("<table data-url='/a'", 20_000),
    ],
)
def test_a_page_of_beginnings_takes_no_time(piece: str, times: int) -> None:
    many = piece * times if piece.startswith("<") else f"<script>{piece * times}</script>"
    begun = time.process_time()
    list_requests(f"{many}</select></form><script>$.get('/a', {{page: 1}})</script>", URL)
    assert time.process_time() - begun < 5
