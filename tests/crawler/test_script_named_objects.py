"""Objects that scripts fill before they send them: forms, texts within texts, conditions that have a name."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from crawler.paging import Paging, Sender, query_value
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
