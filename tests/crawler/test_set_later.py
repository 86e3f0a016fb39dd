"""Parameters of a list that a click or a choice sets anew."""

from __future__ import annotations

import pytest

from crawler.scripts.set_later import set_later

SENT = {"dept": "1", "page": "1", "size": "10", "sort": "time", "key": ""}
ASKED = "$.post('/api/l', {dept: dept, page: n, size: 10, sort: sort, key: key}, show); "


@pytest.mark.parametrize(
    "text",
    [
        "var dept = '1'; $('.tree a').click(function () { dept = $(this).attr('data-id'); load(1) });",
        "var dept = '1'; init({callback: {onClick: function (e, t, node) { dept = node.id; load(1) }}});",
        "var dept = '1'; function choose(d) { dept = d; load(1) }",
        "var dept = '1'; function other() { dept = '2'; load(1) }",
        "data: {dept: '1'}}) </script><a @click=\"dept='2';get()\">财政局</a>",
        "data: {dept: '1'}}) </script><el-select v-model='query.dept'>",
    ],
)
def test_what_is_set_at_a_click(text: str) -> None:
    assert set_later(SENT, ASKED + text) == ["dept"]


@pytest.mark.parametrize(
    "text",
    [
        "var dept = '1'; load(1);",
        "var dept; dept = '1';",
        "var dept = getQueryString('dept'); dept = dept || '1';",
        "var dept = ''; dept = CONFIG.dept;",
        "var dept = '1'; function find() { key = $('#key').val(); sort = 'hits'; load(1) }",
        "var dept = '1'; function load(n) { page = n }",
        "var dept = '1'; function same(o) { return o.dept == dept }",
    ],
)
def test_what_is_not(text: str) -> None:
    assert set_later(SENT, ASKED + text) == []
