"""Lists of few rows whose page shows that there may be more, though no way on was read."""

from __future__ import annotations

import pytest

from crawler.lists.rows import parse_html
from crawler.lists.unopened import empty_pager, empty_tree, loaded_by_clicks, unread_way
from tests.crawler.survey_pages import listing, look

LOAD = "function tab(k) { $('#c').load('/kind?k=' + k); }"


@pytest.mark.parametrize(
    ("around", "shown"),
    [
        ("<div id='pagination' class='box'></div>", "box pagination"),
        ("<ul class='fenye'>\n</ul>", "fenye"),
        ("<div class='tip' style='display:none'>正在加载中...</div>", "正在加载中..."),
        (
            "<el-pagination :total='total' :page-size='8' @current-change='go'></el-pagination>",
            "el-pagination",
        ),
        ("<Page class='turn' :total='total' />", "page"),
        ("<home-page></home-page><page-header></page-header>", None),
        ("<div class='page'>共1页</div>", None),
        ("<div class='page'><a href='?p=2'><img src='n.gif'></a></div>", None),
        ("<div class='homepage'></div><div id='pageTop'></div>", None),
        ("<p>系统正在加载中请稍候再试的说明</p>", None),
    ],
)
def test_a_pager_that_stays_empty(around: str, shown: str | None) -> None:
    root = parse_html(f"<html><body>{around}<p>正文</p></body></html>")
    assert root is not None
    assert empty_pager(root) == shown


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<ul id='menu' class='ztree'></ul><script src='/js/catalog.js'></script>", "ztree menu"),
        ("<div class='left layui-tree'></div>", "left layui-tree"),
        ("<ul class='ztree'></ul><script>var nodes = [{id: 1, name: '规章', url: 'l.jsp?c=1'}];</script>", None),
        ("<ul class='ztree'><li><a href='l.jsp?c=1'>规章</a></li></ul>", None),
        ("<div class='street'></div><div id='trees'></div><p class='tree'></p>", None),
    ],
)  # fmt: skip
def test_a_tree_of_lists_that_stays_empty(markup: str, shown: str | None) -> None:
    text = f"<html><body>{markup}</body></html>"
    root = parse_html(text)
    assert root is not None
    assert empty_tree(root, text) == shown


TABS = "<li onclick='tab(1)'>行政许可</li><li onclick='tab(2)'>行政处罚</li>"
MONTHS = "".join(f"<a href=\"javascript:tab('2031-0{n}')\">2031年{n}月</a>" for n in (3, 2))


@pytest.mark.parametrize(
    ("markup", "script", "words"),
    [
        (TABS, LOAD, ["行政许可", "行政处罚"]),
        (MONTHS, LOAD, ["2031年3月", "2031年2月"]),
        (
            "<li class='k' data-k='1'>行政许可</li><li class='k' data-k='2'>行政处罚</li>",
            "$('.k').click(function () { $.get('/kind', {k: $(this).data('k')}, show); });",
            ["行政许可", "行政处罚"],
        ),
        # the first one is shown already
        ("<li class='on'>行政许可</li><li onclick='tab(2)'>行政处罚</li>", LOAD, ["行政许可", "行政处罚"]),
        ("<a href='/xk/'>行政许可</a><a onclick='tab(2)'>行政处罚</a>", LOAD, []),
        ("<span>本页地址</span><span onclick='tab(2)'>发给朋友</span>", LOAD, []),
        # one way alone, pages, the same words for each row, ways to pages of their own, titles of documents
        ("<li onclick='tab(1)'>行政许可</li>", LOAD, []),
        ("<a onclick='tab(2)'>下一页</a><a onclick='tab(9)'>尾页</a><a onclick='tab(1)'>1</a>", LOAD, []),
        ("<b><a onclick='tab(1)'>赞一个</a></b><b><a onclick='tab(2)'>赞一个</a></b>", LOAD, []),
        (TABS, "function tab(k) { location.href = '/k' + k; $.get('/hit'); }", []),
        (TABS, "function tab(k) { $('.c').hide().eq(k).show(); }", []),
        ("<li onclick='tab(1)'>关于加强第一号事项管理工作的通知</li><li onclick='tab(2)'>关于加强第二号事项管理工作的通知</li>", LOAD, []),
    ],
)  # fmt: skip
def test_clicks_that_load_something(markup: str, script: str, words: list[str]) -> None:
    text = f"<html><body><ul>{markup}</ul><div id='c'></div><script>{script}</script></body></html>"
    root = parse_html(text)
    assert root is not None
    assert loaded_by_clicks(root, text) == words


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<a href='javascript:;' title='加载更多'><i></i></a>", "加载更多"),
        ("<button type='button'>显示更多</button>", "显示更多"),
        ("<a href='#' onclick='nextPage()'><img src='next.png'></a>", "nextPage()"),
        ("<a href='#t1' id='t1'>规章</a><a href='#t2'>规范性文件</a><a href='#t3'>其他文件</a>", "规范性文件"),
        ("<script>x.addEventListener('click', () => { fetch('/k').then(show); });</script>", ".addEventListener('click', () => {"),
        # links, ways within the page, a pager on its last page, and clicks that show what is there
        ("<div><a href='/zw/list.html'>更多</a></div><a href='#'>返回顶部</a>", None),
        ("<a href='javascript:;' class='next disabled'>下一页</a>", None),
        ("<li class='disabled'><a href='#'>下一页</a></li>", None),
        ("<a href='#t1'>规章</a><a href='#t2'>规范性文件</a><div id='t1'></div><div id='t2'></div>", None),
        ("<script>tabs.addEventListener('click', function () { box.hidden = false; }); fetch('/hits');</script>", None),
    ],
)  # fmt: skip
def test_a_way_that_was_not_read(markup: str, told: str | None) -> None:
    text = f"<html><body>{markup}</body></html>"
    root = parse_html(text)
    assert root is not None
    assert unread_way(root, text) == told


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ("<div id='pagination'></div>", "stays empty"),
        ("<a href='javascript:;' title='加载更多'></a>", "could not be read"),
        (
            f"<a onclick='tab(1)'>行政许可</a><a onclick='tab(2)'>行政处罚</a><script>{LOAD}</script>",
            "load something",
        ),
        ("<ul class='ztree'></ul>", "a tree stays empty"),
        ("<el-pagination :total='total'></el-pagination>", "stays empty"),
        ("<el-pagination :total='8' :page-size='20'></el-pagination>", ""),
        ("", ""),
    ],
)
def test_a_short_list_is_doubted_for_it(around: str, told: str) -> None:
    survey, _ = look({"/zwgk/gongwen/": listing("/zwgk/gongwen/", 1, 8, around=around)})
    (one,) = survey.lists
    assert any(told in look for look in one.paging.look) if told else survey.is_certain
    assert survey.is_certain == (not told)


@pytest.mark.parametrize(("said", "sure"), [("<p class='n'>共14条</p>", True), ("", False)])
def test_a_long_list_of_one_page_is_believed_where_it_says_how_many_rows_there_are(
    said: str, sure: bool
) -> None:
    survey, _ = look({"/zwgk/gongwen/": listing("/zwgk/gongwen/", 1, 14, pager=said)})
    assert (survey.lists[0].paging.value, survey.is_certain) == ("one page", sure)
