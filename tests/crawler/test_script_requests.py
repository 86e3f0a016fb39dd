"""Lists that a page's script asks for: which requests are read off the script, and which are left alone."""

from __future__ import annotations

import pytest

from crawler.paging import query_value
from crawler.scripts.list_request import ListRequest
from crawler.scripts.requests import data_files, list_requests

URL = "https://www.linjiang.example/zwgk/list.html"
API = "https://www.linjiang.example/api/list"


def asked(script: str) -> list[ListRequest]:
    return list_requests(f"<html><script src='jquery.js'></script><script>{script}</script></html>", URL)


GET = ListRequest(url=f"{API}?channel=7&page=1", page_name="page", send="query", first=1)


@pytest.mark.parametrize(
    "script",
    [
        """var channel = '7'; function load(page) { $.get("/api/list?channel=" + channel + "&page=" + page, function (d) {}) }""",
        "const channel = 7; fetch(`/api/list?channel=${channel}&page=${this.page}`).then(r => r.json())",
        "$.getJSON('/api/list', {channel: '7', page: current}, show);",
        "axios.get('../api/list', {params: {channel: 7, page: this.query.page}}).then(show)",
        "$.ajax({type: 'GET', url: '/api/list', dataType: 'json', data: {channel: 7, page: pageIndex}, success: function (d) { a(d, 1) }})",
        "var x = new XMLHttpRequest(); x.open('GET', '/api/list?channel=7&page=' + curr, true); x.send();",
        "axios({url: '/api/list', method: 'get', params: {channel: 7, page}})",
        "var query = {channel: 7, page: 1}; function load(n) { query.page = n; $.get('/api/list', query, show); }",
        "var query = {channel: 7}; function load(n) { query.page = n; $.get('/api/list', query, show); }",
        "var app = {data() { return {query: {channel: 7, page: 1}} }, get() { axios.get('/api/list', {params: this.query}) }}",
        "$('#rows').load('/api/list?channel=7&page=' + page + ' #list', function () { bind(); });",
        "$.ajax({success(data) { show({a: data}) }, url: '/api/list', /* of the column */ data: {channel: 7, // its number\n page: n}})",
        "$('#list').datagrid({url: '/api/list', method: 'get', queryParams: {channel: 7, page: 1}})",
        "new Pager({ajaxUrl: '/api/list', params: {channel: 7, page: page}})",
        "$('#t').bootstrapTable({url: '/api/list', queryParams: function (p) { return {channel: 7, page: p.offset / p.limit + 1}; }})",
        "t.bootstrapTable({url: '/api/list', queryParams: sent}); function sent(p) { var q = {channel: 7, page: p.pageNumber}; return q }",
        "$('#t').bootstrapTable({url: '/api/list', queryParams: (p) => ({channel: 7, page: p.pageNumber})})",
        "new Vue({data: {channel: '7', page: 1}, get() { $.get('/api/list', {channel: this.channel, page: this.page}, this.show) }})",
        "new Vue({data() { return {query: {channel: 7}} }, get() { $.get('/api/list', {channel: that.query.channel, page: n}) }})",
        "new Vue({ data() { return { query: { channel: 7, page: 1 } } }, get() { $.get('/api/list', this.query) } })",
        "window.CONFIG = {site: '1', list: {channel: '7'}}; $.get('/api/list', {channel: CONFIG.list.channel, page: n})",
        "window.CONFIG = {api: '/api', channel: '7'}; $.get(window.CONFIG.api + '/list', {channel: window.CONFIG.channel, page: n})",
        "var a = 'x', channel = '7'; $.get('/api/list', {channel: channel, page: n})",
        "$.get('//' + location.host + '/api/list', {channel: 7, page: n})",
        "fetch(window.location.origin + '/api/list?channel=7&page=' + page)",
        "var base = location.protocol + '//' + location.host + '/api'; $.getJSON(base + '/list', {channel: 7, page: n})",
    ],
)
def test_what_is_asked_by_get(script: str) -> None:
    assert asked(script) == [GET]


@pytest.mark.parametrize(
    ("element", "read"),
    [
        ("<meta name='channelId' content='7'>", "$('meta[name=\"channelId\"]').attr('content')"),
        ("<meta content='7' name=channelId>", "document.querySelector(\"meta[name='channelId']\").content"),
        ("<ul id='list' data-channel-id='7'></ul>", "$('#list').data('channelId')"),
        ("<ul data-id='7' id='list'></ul>", "$('#list').attr('data-id')"),
        ("<ul id='list' data-channel-id='7'></ul>", "document.getElementById('list').dataset.channelId"),
        ("<i id='cid'> 7 </i>", "$('#cid').text()"),
    ],
)
def test_what_a_script_reads_off_elements(element: str, read: str) -> None:
    script = f"var channel = {read}; $.get('/api/list?channel=' + channel + '&page=' + page)"
    found = list_requests(f"<html>{element}<script>{script}</script></html>", URL)
    assert found == [GET]


MORE = "<a class='btn more' data-url='/api/list?channel=7' data-page='1'>查看更多</a>"


@pytest.mark.parametrize(
    "handler",
    [
        "$('.more').click(function () { var t = $(this), n = parseInt(t.data('page')) + 1; $.get(t.data('url'), {page: n}, show); });",
        "$('.more').on('click', () => { $.get($(this).attr('data-url') + '&page=' + (Number($(this).data('page')) + 1), show); });",
    ],
)
def test_what_a_click_reads_off_its_own_element(handler: str) -> None:
    """The page after the one that is shown is asked for: the first one is asked for by the same way."""
    assert list_requests(f"<html>{MORE}<script>{handler}</script></html>", URL) == [GET]
    assert list_requests(f"<html>{MORE}{MORE}<script>{handler}</script></html>", URL) == []


def test_a_script_that_begins_with_the_second_page_is_asked_for_the_first() -> None:
    (request,) = list_requests(
        "<script>var page = 2; $.get('/api/list?channel=7&page=' + page)</script>", URL
    )
    assert request == GET


@pytest.mark.parametrize(
    "element",
    ["", "<i id='cid'>7</i><i id='cid'>8</i>", "<i id='cid'><b>7</b></i>", "<i id='csrfToken'>7</i>"],
)
def test_elements_that_tell_nothing(element: str) -> None:
    name = "csrfToken" if "csrf" in element else "cid"
    script = f"var channel = $('#{name}').text(); $.get('/api/list?channel=' + channel + '&page=' + page)"
    assert list_requests(f"<html>{element}<script>{script}</script></html>", URL) == []


@pytest.mark.parametrize(
    "script",
    [
        "$.post('/api/list', {channel: '7', pageNo: pageNo, pageSize: 15}, show)",
        "var pageSize = 15; $.ajax({url: '/api/list', type: 'POST', data: {channel: 7, pageNo: n, pageSize: pageSize}})",
        "$.ajax({url: '/api/list', type: 'post', data: 'channel=7&pageNo=' + page + '&pageSize=15'})",
    ],
)
def test_what_is_asked_by_a_form(script: str) -> None:
    form = {"channel": "7", "pageNo": "1", "pageSize": "15"}
    assert asked(script) == [ListRequest(url=API, page_name="pageNo", send="form", first=1, form=form)]


@pytest.mark.parametrize(
    "script",
    [
        "$.ajax({url: '/api/list', type: 'post', contentType: 'application/json', data: JSON.stringify({channel: 7, pageNo: 0})})",
        "fetch('/api/list', {method: 'POST', headers: {}, body: JSON.stringify({channel: 7, pageNo: 0})})",
        "axios.post('/api/list', {channel: 7, pageNo: 0}).then(function (d) {})",
        "var q = {channel: 7, pageNo: 0}; fetch('/api/list', {method: 'POST', body: JSON.stringify(q)})",
    ],
)
def test_what_is_asked_by_json(script: str) -> None:
    request = asked(script)[0]
    assert (request.url, request.send, request.page_name, request.first) == (API, "json", "pageNo", 0)
    assert request.body == {"channel": 7, "pageNo": 0}


def test_objects_and_lists_within_a_body() -> None:
    """What a search engine behind an office's list is sent: {"sorts": [{…}], "customFilter": {"properties": […]}, "isPage": true}."""
    script = (
        "var tenant = 7; axios.post('/api/list', {pageNo: this.page, pageSize: 15, tenantId: tenant, isPage: true, key: null,"
        " searchFields: [], sorts: [{sortField: 'save_time', sortOrder: 'DESC'}],"
        " customFilter: {operator: 'or', properties: [{property: 'f_1', operator: 'eq', value: 5901201}]}}).then(show)"
    )
    request = asked(script)[0]
    assert (request.url, request.send, request.page_name, request.first) == (API, "json", "pageNo", 1)
    assert request.body == {
        "pageNo": 1, "pageSize": 15, "tenantId": 7, "isPage": True, "key": None, "searchFields": [],
        "sorts": [{"sortField": "save_time", "sortOrder": "DESC"}],
        "customFilter": {"operator": "or", "properties": [{"property": "f_1", "operator": "eq", "value": 5901201}]},
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "currentPageNum",
        "currpage",
        "currentpage",
        "page_no",
        "pNo",
        "pageNow",
        "nowPage",
        "cpage",
        "toPage",
        "PageNumber",
        "goPage",
    ],
)
def test_names_of_a_page_s_number(name: str) -> None:
    """Offices write them in many ways; the size of a page, the number of pages and the key of a page are none of them."""
    others = "pageSize: 15, pageCount: 4, pageId: 88, p: 15"
    request = asked(f"function get(n) {{ $.post('/api/list', {{{others}, {name}: n}}, show) }}")[0]
    assert (request.page_name, request.send, request.first) == (name, "form", 1)
    assert not asked(f"$.post('/api/list', {{{others.removesuffix(', p: 15')}}}, show)")


@pytest.mark.parametrize(
    "script",
    [
        'axios.get("/api/list?channel=".concat(7, "&page=").concat(t.page))',
        "const q = new URLSearchParams({channel: 7, page: n}); fetch('/api/list?' + q.toString()).then(show)",
        "fetch('/api/list?' + new URLSearchParams({channel: 7, page: n}))",
        "const api = {base: '/api'}; const LIST = api.base + '/list'; $.get(LIST, {channel: 7, page: n})",
        "$.get('/api/list', {channel: getQueryString('cid'), page: n})",
        "var channel = GetUrlParam('cid'); $.get('/api/list', {channel: channel, page: n})",
        "const c = new URLSearchParams(location.search).get('cid'); axios.get('/api/list', {params: {channel: c, page: n}})",
        "var e = this; e.$axios.$get('/api/list', {params: {channel: 7, page: t}}).then(function (t) {})",
        "$.get('/api/list?' + $('#search').serialize(), show)",
        "$.get('/api/list', {channel: $('input[name=channel]').val(), page: n})",
        "$.get('/api/list', {channel: $('#kind option:selected').val() || '', page: n})",
        "$.get('/api/list', {channel: $('#none').val() || '7', page: n})",
        "var u; u = '/api/list'; $.get(u, {channel: 7, page: n})",
        "$.ajax('/api/list', {data: {channel: 7, page: n}, success: show})",
        "function t(t){return fetch('/api/list?channel=7&page='.concat(t)).then(function(e){return e.json()})}",
    ],
)
def test_sums_and_values_that_are_written_in_other_ways(script: str) -> None:
    form = "<form id='search'><input name='channel' value='7'><input type='hidden' name='page' value=\"1\"></form><input id='none'>"
    form += (
        "<select id='kind'><option value=''>全部</option><option value='7' selected>通知</option></select>"
    )
    assert list_requests(f"<html>{form}<script>{script}</script></html>", f"{URL}?cid=7") == [GET]


@pytest.mark.parametrize(
    "script",
    [
        "var x = new XMLHttpRequest(); x.open('POST', '/api/list', true); x.onload = show; x.send('channel=7&pageNo=' + n);",
        "axios.post('/api/list', Qs.stringify({channel: 7, pageNo: n}))",
        "$.post('/api/list', $.param({channel: 7, pageNo: n}), show)",
        "$.post('/api/list', $('#search').serialize(), show)",
        "this.$http.post('/api/list', {channel: 7, pageNo: n}, {emulateJSON: true}).then(show)",
        "$http({method: 'POST', url: '/api/list', data: $.param({channel: 7, pageNo: n}), headers: {}}).success(show)",
    ],
)
def test_a_form_that_a_script_puts_together(script: str) -> None:
    form = "<form id='search'><input name='channel' value='7'><input name='pageNo' value='1'></form>"
    (request,) = list_requests(f"<html>{form}<script>{script}</script></html>", URL)
    assert (request.url, request.send, request.form) == (API, "form", {"channel": "7", "pageNo": "1"})


def test_a_body_that_a_script_puts_together() -> None:
    """The methods of ASP.NET pages: JSON as a text, with single quotes."""
    script = (
        """$.ajax({type: "POST", url: "/api/list", data: "{'channel':'7','pageIndex':'" + n + "'}","""
        """ contentType: "application/json; charset=utf-8", success: show})"""
    )
    (request,) = asked(script)
    assert (request.send, request.page_name, request.body) == (
        "json",
        "pageIndex",
        {"channel": "7", "pageIndex": "1"},
    )


@pytest.mark.parametrize(
    ("script", "pattern"),
    [
        ("var cid = 12; $.get('/api/list/' + cid + '/' + page + '/15', show)", "/api/list/12/{n}/15"),
        ("function load(n) { $.getJSON('list_' + n + '.json', show) }", "list_{n}.json"),
        (
            "function load(n) { $.getJSON('data/l_' + n + '.json', show) }",
            "https://www.linjiang.example/zwgk/data/l_{n}.json",
        ),
        ("fetch(`/api/list/p${pageNo}.json?cid=7`)", "/api/list/p{n}.json?cid=7"),
    ],
)
def test_a_page_s_number_in_the_path(script: str, pattern: str) -> None:
    (request,) = asked(script)
    assert (request.pattern, request.options["paging"]) == (pattern, {"pattern": pattern, "first": 1})
    assert data_files(f"<script>{script}</script>", URL) == []


def test_files_of_data_that_are_asked_for_whole() -> None:
    script = "$.getJSON('./list.json', show); $.get('/api/list', show); $.post('/a.json'); fetch('/data/all.xml?v=' + Date.now())"
    assert data_files(f"<script>{script}</script>", URL) == [
        "https://www.linjiang.example/zwgk/list.json",
        "https://www.linjiang.example/data/all.xml?v=1",
    ]


@pytest.mark.parametrize(
    "given",
    [
        "ajax: 'index.json', pageLength: 15",
        "ajax: {url: 'index.json', dataSrc: 'rows'}, serverSide: false",
        "sAjaxSource: 'index.json'",
    ],
)
def test_a_table_that_pages_by_itself_asks_for_all_rows_at_once(given: str) -> None:
    page = f"<script>$('#t').DataTable({{{given}, columns: [{{data: 'title'}}]}})</script>"
    assert list_requests(page, URL) == []
    assert data_files(page, URL) == ["https://www.linjiang.example/zwgk/index.json"]


def test_a_name_that_is_given_several_values_later_is_none_of_them() -> None:
    assert asked("var u; if (a) { u = '/api/a';\n } else { u = '/api/b';\n }\n $.get(u, {pageNo: 1})") == []


def test_a_name_that_stands_for_several_values_is_none_of_them() -> None:
    script = (
        "var a = {data: {kind: 1}}, b = {data: {kind: 2}}; $.get('/api/list', {kind: this.kind, pageNo: 1})"
    )
    assert asked(script) == []


@pytest.mark.parametrize(
    ("sent", "send"),
    [
        ("$.post('/api/list', {params: JSON.stringify(param)}, show)", "form"),
        ("$.post('/api/list', 'params=' + encodeURIComponent(JSON.stringify(param)), show)", "form"),
        (
            "$.ajax({url: '/api/list', type: 'post', data: {params: JSON.stringify({site: 7, kw: '', pageIndex: n})}})",
            "form",
        ),
        ("$.getJSON('/api/list', {params: JSON.stringify(param)}, show)", "query"),
        ("$.get('/api/list?params=' + JSON.stringify(param), show)", "query"),
    ],
)
def test_json_as_the_text_of_one_parameter(sent: str, send: str) -> None:
    """What trade centres and jpaas send: params={"siteGuid": …, "pageIndex": 0} in a form, not as the body."""
    request = asked(f"function load(n) {{ var param = {{site: 7, kw: '', pageIndex: n}}; {sent} }}")[0]
    assert (request.page_name, request.send, request.first) == ("params.pageIndex", send, 1)
    held = '{"site":7,"kw":"","pageIndex":1}'
    if send == "form":
        assert (request.url, request.form) == (API, {"params": held})
    else:
        assert query_value(request.url, "params") == held


def test_a_page_s_number_within_an_object() -> None:
    script = "axios({url: '/api/list', method: 'post', data: {query: {pageNum: n, size: 10}}})"
    request = asked(script)[0]
    assert (request.page_name, request.send, request.first) == ("query.pageNum", "json", 1)
    assert request.options["body"] == {"query": {"pageNum": 1, "size": 10}}
