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


LOAD = "function load(p) { $.get('/api/list', {channel: cid, page: p}, show); } load(1);"


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        (
            "<li onclick='show(33)'>规范性文件</li><li onclick='show(34)'>其他文件</li>",
            "var cid = 33; function show(c) { cid = c; load(1); }",
        ),
        (
            "<li onclick=\"show('规', '33')\">规范性文件</li><li onclick=\"show('规', '34')\">其他文件</li>",
            "cid = '33'; function show(t, c) { cid = c; load(1); }",
        ),
        (
            "<li class='on' cid='33'>规范性文件</li><li cid='34'>其他文件</li>",
            "var cid = $('.tabs .on').attr('cid');",
        ),
        (
            "<li><a data-cid='34'>其他文件</a></li><li class='cur'><a data-cid='33'>规范性文件</a></li>",
            "var cid = $('.cur').find('a').data('cid'); $('a').click(function () { cid = this.dataset.cid; load(1); })",
        ),
        (
            "<li data-cid='33'>规范性文件</li><li data-cid='34'>其他文件</li>",
            "var cid = $('li').eq(0).attr('data-cid');",
        ),
        (
            "<li data-cid='33'>规范性文件</li><li data-cid='34'>其他文件</li>",
            "var cid = 33; $('li').click(function () { cid = $(this).data('cid'); load(1); });",
        ),
    ],
)
def test_tabs_that_set_what_is_asked_for(markup: str, code: str) -> None:
    assert opened(markup, code + LOAD) == [
        ("规范性文件", ["channel=33&page=1"]),
        ("其他文件", ["channel=34&page=1"]),
    ]


NODES = "var nodes = [{id: 3, pId: 0, name: '市直部门', children: [@]}];".replace(
    "@", ", ".join(f"{{id: '{c}', pId: 3, name: '{n}'}}" for c, n in (("33", "财政局"), ("34", "水利局")))
)


@pytest.mark.parametrize(
    "code",
    [
        "var cat = '33'; function pick(e, tree, node) { cat = node.id; go(1) } function go(n) { getList(cat, n) }",
        "var q = {cat: '33'}; tree({click: function (obj) { q.cat = obj.data.id; go(1) }}); function go(n) { getList(q.cat, n) }",
        "function pick(e, tree, node) { getList(node.id, 1) } getList('33', 1);",
        "a.b; c.d = e.f; " * 300 + "function pick(e, tree, node) { getList(node.id, 1) } getList('33', 1);",
        "function pick(node) { getList(node.id, 1) } getList(33, 1);",
    ],
)
def test_each_node_of_a_tree_is_a_list(code: str) -> None:
    """A node that holds others is asked for as well: what lies there, if anything, is no less a document."""
    found = opened("", f"{NODES} {code}")
    assert sorted((words, "".join(asked).partition("&")[0]) for words, asked in found) == [
        ("市直部门", "channel=3"), ("水利局", "channel=34"), ("财政局", "channel=33"),
    ]  # fmt: skip
    assert found[0][0] == "财政局"


@pytest.mark.parametrize(
    "code",
    [
        "var cat = '77'; function pick(e, tree, node) { cat = node.id; go(1) } function go(n) { getList(cat, n) }",
        "var cat = '33'; var node = {id: 5}; cat = node.id; function go(n) { getList(cat, n) }",
        "function pick(e, tree, node) { getList(node.id, 1) } getList(first, 1);",
    ],
)
def test_nodes_that_tell_no_lists(code: str) -> None:
    assert opened("", f"{NODES} {code}") == []


def test_a_tab_that_opens_all_lists_is_the_only_one() -> None:
    markup = "<li data-cid='0'>全部</li><li data-cid='33'>规范性文件</li><li data-cid='34'>其他文件</li>"
    found = opened(markup, "var cid = $('li').eq(0).attr('data-cid');" + LOAD)
    assert found == [("全部", ["channel=0&page=1"])]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<a data-page='1'>第1页</a><a data-page='2'>下一页</a>", "var cid = $(this).data('page');"),
        (
            "<li data-id='7'>临江市人民政府办公室关于第七号事项的通知</li><li data-id='8'>关于第八号事项的通知</li>",
            "var cid = $(this).data('id');",
        ),
        (
            "<li onclick='show(33)'>甲文件</li><li onclick='show(34)'>乙文件</li>",
            "var cid = 5; function show(c) { cid = c; }",
        ),
        (
            "<li onclick='show(33)'>甲文件</li><li onclick='show(34)'>乙文件</li>",
            "function show(c) { open('/x/' + c); }",
        ),
    ],
)
def test_what_tells_no_lists_apart(markup: str, code: str) -> None:
    assert opened(markup, code + LOAD) == []
