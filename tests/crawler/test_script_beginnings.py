"""What a page's scripts set as it opens counts for what they ask for, not what they held before; what a visitor sets does not."""

from __future__ import annotations

import pytest

from crawler.paging import query_of
from crawler.scripts.beginnings import at_first
from crawler.scripts.requests import list_requests, unclear_requests

URL = "https://www.linjiang.example/zwgk/list.html?cid=31"
PARAM = (
    "function param(n) { var r = location.search.substr(1).match(new RegExp('(^|&)' + n + '=([^&]*)(&|$)'));"
    " return r ? unescape(r[2]) : null; }"
)
LOAD = "function load(p) { $.get('/api/list', {cid: cid, page: p}, show); }"
SENT = "function load(p) { sent.page = p; $.get('/api/list', sent, show); }"
COMPONENT = (
    "new Vue({{data() {{ return {{cid: '', kind: '', query: {{cid: '', page: 1}}}} }}, created() {{ {} }}, methods: {{"
    "init() {{ this.query.cid = '31'; this.load(); }}, find() {{ this.query.kind = this.kind; this.load(); }},"
    " clear() {{ this.query.kind = null; }}, {} }}}});"
)
LOADS = "load() { $.get('/api/list', this.query, show); }"


def _asked(script: str) -> list[dict[str, str]]:
    text = f"<body><input id='word'><input type='hidden' id='of' value='31'><script>{PARAM}{script}</script></body>"
    return [query_of(one.url) for one in list_requests(text, URL)]


@pytest.mark.parametrize(
    "script",
    [
        f"var cid = ''; cid = '31'; {LOAD} load(1);",
        f"var cid = ''; show(x)\ncid = '31'\n{LOAD} load(1);",
        f"var cid = ''; $(function () {{ cid = param('cid'); load(1); }}); {LOAD}",
        f"var cid = ''; $(document).ready(() => {{ cid = $('#of').val(); load(1); }}); {LOAD}",
        f"var cid = ''; window.onload = function () {{ begin(); }}; function begin() {{ cid = 31; load(1); }} {LOAD}",
        f"var cid = param('other'); if (!cid) {{ cid = '31'; }} {LOAD} load(1);",
        f"var cid = param('other'); if (cid == null || cid == '') cid = '31'; {LOAD} load(1);",
        f"var sent = {{cid: '', page: 1}}; sent.cid = '31'; {SENT} load(1);",
        f"var sent = {{cid: '', page: 1}}; $(function () {{ sent.cid = param('cid'); load(1); }}); {SENT}",
        COMPONENT.format("this.init()", LOADS),
        COMPONENT.format("var me = this; me.query.cid = 31; me.load()", LOADS),
        COMPONENT.format("this.cid = '31'; this.load()", "load() { $.get('/api/list?page=1&cid=' + this.cid, show); }"),
    ],
)  # fmt: skip
def test_what_is_set_as_the_page_opens_is_sent(script: str) -> None:
    assert _asked(script) == [{"cid": "31", "page": "1"}]


@pytest.mark.parametrize(
    "script",
    [
        f"var cid = ''; $(function () {{ cid = $.hash.of('cid'); load(1); }}); {LOAD}",
        COMPONENT.format("this.query.cid = this.$route.query.cid; this.load()", LOADS),
        COMPONENT.format("this.load(); this.query.cid = this.$route.params.id", LOADS),
    ],
)  # fmt: skip
def test_what_is_set_and_cannot_be_told_is_no_request(script: str) -> None:
    assert _asked(script) == []
    assert unclear_requests(f"<script>{script}</script>", URL) == ["https://www.linjiang.example/api/list"]


@pytest.mark.parametrize(
    "script",
    [
        f"var cid = ''; $(function () {{ cid = $('#word').val(); load(1); }}); {LOAD}",
        f"var cid = ''; $(function () {{ cid = localStorage.getItem('cid') + top.x; load(1); }}); {LOAD}",
        f"var cid = ''; $(function () {{ $('.tab li').click(function () {{ cid = this.id; load(1); }}); load(1); }}); {LOAD}",
        f"var cid = ''; function choose(c) {{ cid = c; load(1); }} {LOAD} load(1);",
        COMPONENT.format("this.load()", f"choose(c) {{ this.query.cid = c; this.load(); }}, {LOADS}"),
        COMPONENT.format("this.query.page = Number(this.$route.query.page) || 1; this.load()", LOADS),
        f"var cid = ''; if (top.is(x(1))) cid = '99'; {LOAD} load(1);",
        COMPONENT.format("ask().then(r => { this.query.cid = r.id; }); this.load()", LOADS),
    ],
)  # fmt: skip
def test_what_a_visitor_or_an_answer_sets_is_not_there_at_first(script: str) -> None:
    assert _asked(script) == [{"cid": "", "page": "1"}]


def test_what_a_called_function_sets() -> None:
    for begins in ("this.find()", "this.clear(); this.load()"):
        assert _asked(COMPONENT.format(begins, LOADS)) == [{"cid": "", "page": "1", "kind": ""}]


def test_statements_outside_of_blocks() -> None:
    script = "a = 1; if (x) { b = 2; } $(function () { c = '}'; go(); }); function go() { d = 4; each(function () { e = 5; }); }"
    kept = at_first(script)
    assert [name for name in "abcde" if f"{name} = " in kept] == ["a", "c", "d"]
