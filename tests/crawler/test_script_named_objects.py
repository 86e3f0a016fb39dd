"""Objects that scripts fill before they send them: forms, texts within texts, conditions that have a name."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from crawler.paging import Paging, Sender, query_of, query_value
from crawler.scripts.requests import list_requests

URL = "https://www.linjiang.example/gdnps/pc/index.jsp?mtype=1"
API = "https://www.linjiang.example/gdnps/searchIndex.jsp"
HELD = '{"goPage":1,"orderBy":[{"orderBy":"scrq","reverse":true}],"pageSize":15,"queryParam":[{"name":"dn","value":"/1"}]}'
WHOLE = 'var params = {"goPage": page, "orderBy": [{"orderBy": "scrq", "reverse": true}], "pageSize": 15, "queryParam": conditions};'
BUILT = (
    'var params = new Object(); params.goPage = page; params.orderBy = [{orderBy: "scrq", reverse: true}];'
    ' params.pageSize = 15; params.queryParam = [{name: "dn", value: "/1"}];'
)
TWICE = "encodeURIComponent(JSON.stringify(params))"


@pytest.mark.parametrize(
    "script",
    [
        f"var conditions = [{{name: 'dn', value: '/1'}}]; {WHOLE}"
        f" $.ajax({{url: '/gdnps/searchIndex.jsp', dataType: 'jsonp', data: {{params: {TWICE}}}}})",
        f"{BUILT} $.getJSON('/gdnps/searchIndex.jsp', {{params: {TWICE}}}, show)",
        f"{BUILT} var url = '/gdnps/searchIndex.jsp?params=' + encodeURIComponent({TWICE}); $.ajax({{url: url, dataType: 'jsonp'}})",
    ],
)
def test_a_text_that_is_encoded_twice(script: str) -> None:
    (request,) = list_requests(f"<script>function search(page) {{ {script} }}</script>", URL)
    assert (request.url.partition("?")[0], request.page_name, request.send) == (API, "params.goPage", "query")
    sent = query_value(request.url, "params") or ""
    assert sent.startswith("%7B")
    assert unquote(sent) == HELD
    further = Sender(request.url, Paging(name=request.page_name, first=1)).page(2, page=2)
    assert query_value(further.url, "params") == quote(
        HELD.replace('"goPage":1', '"goPage":2'), safe="!'()*~"
    )


@pytest.mark.parametrize(
    "put", ["conditions.push({name: 'dn'})", "conditions[0] = {name: 'dn'}", "conditions.unshift(one)"]
)
def test_conditions_that_are_put_together_later_cannot_be_told(put: str) -> None:
    script = f"var conditions = []; {put}; {WHOLE} $.getJSON('/list', {{params: {TWICE}}}, show)"
    assert list_requests(f"<script>function search(page) {{ {script} }}</script>", URL) == []


@pytest.mark.parametrize(
    "send",
    [
        "$.ajax({url: '/cms/rows', type: 'POST', data: form, processData: false, contentType: false, success: show});",
        "axios.post('/cms/rows', form).then(show);",
        "axios({url: '/cms/rows', method: 'post', data: form}).then(show);",
        "fetch('/cms/rows', {method: 'POST', body: form}).then(show);",
    ],
)
@pytest.mark.parametrize("kind", ["FormData", "URLSearchParams"])
def test_a_form_that_a_script_fills(kind: str, send: str) -> None:
    fill = (
        "form.append('channelId', channelId); form.append(\"pageNum\", pageNum); form.append('pageSize', 15);"
    )
    script = f"var channelId = '9c21'; function load() {{ var form = new {kind}(); {fill} {send} }}"
    (request,) = list_requests(f"<script>{script}</script>", URL)
    assert (request.url, request.send, request.page_name) == (
        "https://www.linjiang.example/cms/rows",
        "form",
        "pageNum",
    )
    assert request.form == {"channelId": "9c21", "pageNum": "1", "pageSize": "15"}


COMPONENT = (
    "new Vue({{data() {{ return {{query: {{siteId: '1', channel: 'zcwj'}}, none: {{}}, page: 1}} }}, methods: {{"
    "load() {{ {} }}, other() {{ return 1 }} }}}});"
)
SENT = {"siteId": "1", "channel": "zcwj", "pageNum": "1"}


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        ("this.$http.get('/api/list', {params: {...this.query, pageNum: this.page}}).then(show)", SENT),
        ("const params = Object.assign({}, this.query, {pageNum: this.page}); axios.get('/api/list', {params})", SENT),
        ("$.get('/api/list', $.extend({}, this.query, {pageNum: this.page}), show)", SENT),
        ("var sent = {...this.query, pageNum: this.page}; $.get('/api/list', sent, show)", SENT),
        ("$.get('/api/list', {pageNum: 7, ...this.none, ...this.query, pageNum: this.page}, show)", {**SENT}),
        ("$.get('/api/list', {channel: 'old', ...this.query, pageNum: this.page}, show)", SENT),
        # what is spread is not told, or spreads itself
        ("$.get('/api/list', {...this.filter, pageNum: this.page}, show)", None),
        ("$.get('/api/list', $.extend(true, this.query, {pageNum: this.page}), show)", None),
        ("var loop = {...loop, pageNum: 1}; $.get('/api/list', {...loop}, show)", None),
        ("$.get('/api/list', Object.assign({pageNum: this.page}, query()), show)", None),
    ],
)  # fmt: skip
def test_objects_that_are_spread_in_others(code: str, sent: dict[str, str] | None) -> None:
    found = list_requests(f"<script>{COMPONENT.format(code)}</script>", URL)
    assert [query_of(one.url) for one in found] == ([sent] if sent is not None else [])


BEGINS = (
    "<script>function param(n) {{ var r = location.search.substr(1).match(new RegExp('(^|&)' + n + '=([^&]*)(&|$)'));"
    " return r ? unescape(r[2]) : null; }} new Vue({{data() {{ return {{query: {{channel: '', pageNum: 1}}}} }},"
    " methods: {{choose(y) {{ this.query.year = y; this.load(); }}, load() {{ $.get('/api/list', this.query, show); }}}},"
    " {}}});</script>"
)


@pytest.mark.parametrize(
    ("begins", "channel"),
    [
        ("created() { this.query.channel = 'gfxwj'; this.load() }", "gfxwj"),
        ("mounted: function () { var that = this; that.query.channel = param('mtype'); that.load() }", "1"),
        ("async beforeMount() { this.query.channel = 7; await this.load() }", "7"),
        # of which nothing tells; or where there is such a thing, or later
        ("created() { this.query.channel = this.$route.query.id; this.load() }", None),
        ("created() { if (param('c')) this.query.channel = param('c'); this.load() }", ""),
        ("created() { if (top.c) { this.query.channel = top.c } this.load() }", ""),
        ("created() { ask().then(r => { this.query.channel = r.id }); this.load() }", ""),
        ("watch: {c(now) { this.query.channel = now }}", ""),
    ],
)  # fmt: skip
def test_what_a_component_puts_into_its_query_as_it_begins(begins: str, channel: str | None) -> None:
    """An empty channel, as the component holds it at first, would be asked for all that the site has."""
    found = list_requests(BEGINS.format(begins), URL)
    told = [{"channel": channel, "pageNum": "1"}] if channel is not None else []
    assert [query_of(one.url) for one in found] == told
