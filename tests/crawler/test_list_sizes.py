"""How large a list says it is, and that a walk is not complete that saw less."""

from __future__ import annotations

import pytest

from crawler.lists.list_sizes import pages_beyond, rows_stated
from crawler.lists.rows import parse_html
from crawler.platforms import platform_of
from crawler.platforms.base import ListRow, PageRequest
from crawler.sites import Catalogue

URL = "https://www.example.gov.cn/zwgk/tzgg/"
ROWS = tuple(ListRow(url=f"{URL}{n}.html") for n in range(12))


@pytest.mark.parametrize(
    ("markup", "rows"),
    [
        ("<div>共 47 条记录</div>", 47),
        ("<div>共<b>47</b>条 1/4 <a href='2.htm'>下页</a></div>", 47),
        ("<td>总记录数：47，每页显示15条，当前第1页</td>", 47),
        ("<li class='info'>共有47条记录</li>", 47),
        ("<script>laypage.render({elem: 'p', count: '47', limit: 15, jump: function (o) { go(o); }});</script>", 47),
        ("<script>$('#p').pagination(47, {items_per_page: 15});</script>", 47),
        ("<script>var c = 'gw', total = 47; laypage.render({elem: 'p', count: total, limit: 15});</script>", 47),
        ("<script>laypage.render({elem: 'p', count: total, limit: 15});</script>", None),
        ("<script>var totalCount = 47;</script>", 47),
        ("<script>var m_nRecordCount = '47'; let m_nCurrPage = 0;</script>", 47),
        ("<script>const record_count = 47;</script>", 47),
        ("<script>var brecordCount = 47;</script>", None),
        ("<script>createPageHTML(4, 0, 'index', 'html', 47);</script>", 47),
        ("<script>createPageHTML('page_div', 4, 1, 'list', 'shtml', '47');</script>", 47),
        ("<script>createPageHTML(4, 0, 'index', 'html', 12345);</script>", None),  # the number of its column
        ("<script>createPageHTML(4, 0, 'index', 'html');</script>", None),
        ("<script>listModel({maxStaticIndex: 7, pagebar: {prepage: 10, recordCount: '47'}})</script>", 47),
        ('<script>f({"recordCount": "47", "current": 1, "pageSize": 15})</script>', 47),
        ("<script>var visits = {recordCount: 1234567};</script>", None),
        ("<p>每页共15条 第1页</p>", None),
        ("<p>累计访问总数：1234567</p>", None),
        ("<p>本季度共办理群众来信120条，按时办结118条，办结率超过九成，群众满意。</p>", None),
        ("<li><a href='t1.html'>关于公布共12条措施的通知</a></li>", None),
        ("<script>var count = 5;</script>", None),
        ("<script>var totalData = 47; var showData = 15;</script>", 47),
        ("<script>$('.M-box').pagination({totalData: 47, showData: 15, callback: function (api) { go(api); }})</script>", 47),
        ("<input type='hidden' id='totalCount' value='47'>", 47),
        ("<input type='hidden' name='record-count' class='x' value='47'>", 47),
        ("<div class='pagination' data-total='47' data-size='15'></div>", 47),
        ("<el-pagination :total='47' :page-size='15'></el-pagination>", 47),
        ("<input type='hidden' id='count' value='4711'><input id='totalCount' value='47'>", None),
        ("<div class='visits' data-total='47' data-size='15'></div>", None),
        ("<div class='pagination' data-total='47'></div>", None),  # rows, or pages
    ],
)  # fmt: skip
def test_rows(markup: str, rows: int | None) -> None:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert rows_stated(root, markup) == rows


@pytest.mark.parametrize(
    ("markup", "pages"),
    [
        (
            "<div class='pages'><a href='javascript:;'>1</a><a href='javascript:;'>2</a><a href='#'>3</a></div>",
            3,
        ),
        ("<div class='page'>共9页</div>", 9),
        ("<script>var totalPage = 4;</script>", 4),
        ("<div onclick='more()'>点击加载更多</div>", 2),
        ("<a href='/xwzx/'>查看更多</a>", None),
        ("<div class='m'><a href='/xwzx/'>查看更多</a></div>", None),
        ("<div class='m'><a href='/xwzx/'><span>查看更多</span></a></div>", None),
        ("<div class='m'><a href='#'>查看更多</a></div>", 2),
        ("<div class='pages'><a href='javascript:;'>1</a></div>", None),
        ("<p>1 2 3</p>", None),
        ("<input type='hidden' id='totalPage' value='4'>", 4),
        ("<input type='hidden' class='page-count' value='4'>", 4),
        ("<input type='hidden' id='pageCount' value='40'><input type='hidden' id='pageIndex' value='1'>", 40),
        ("<input type='hidden' id='pageCount' value='40'>", None),  # the rows of a page for some
        (
            "<input type='hidden' id='pageCount' value='12'><input type='hidden' id='pageIndex' value='1'>",
            None,
        ),
        ("<input type='hidden' id='totalPage' value='1'>", None),
        ("<input type='hidden' id='datacount' value='4'>", 4),  # fewer than the rows of this page: pages
        ("<input type='hidden' id='datacount' value='47'>", None),
        ("<div id='page' data-pages-total='4'></div>", 4),
        ("<div class='pagination' data-total='47'></div>", 4),
        ("<div class='pagination' data-total='9'></div>", None),
        ("<div class='page'><span>1/4</span></div>", 4),
        ("<div class='page'><span>2/4</span></div>", None),
        ("<div class='page'>上一页 1/4 <a href='#'>下一页</a></div>", 4),
        ("<div class='page'>2026年第1/4季度</div>", None),
        ("<div class='epages'><a title='Total record'><b>45</b></a> <b>1</b></div>", None),
        ("<p>1/4</p>", None),
        ("<script>var pagination_script_config = {pageNumber: '0', total: '4'};</script>", 4),
        ("<script>var pagination_script_config = {pageNumber: '0', total: '47'};</script>", 4),
        ("<script>var pagination_script_config = {pageNumber: '7', total: '9'};</script>", None),
        ("<script>pageNav.fn = go; pageNav.go(1, 4);</script>", 4),
        ("<script>setPage(document.getElementById('page'), 4, 1);</script>", 4),
        ("<script>Page({num: 4, startnum: 1, elem: $('#p'), callback: go});</script>", 4),
        ("<script>var pg = new showPages('pg'); pg.pageCount = 4; pg.printHtml();</script>", 4),
        ("<script>loadPage(1, 15);</script>", None),
        # a pager that asks for rows in a way that only its own file tells, beside as many rows as it shows at a time
        (
            "<script>$('#p').pagination({dataUrl: 'rows.jhtml?id=7', countUrl: 'n.jhtml', item_per_page: 12});</script>",
            2,
        ),
        (
            "<script>$('#p').pagination({dataUrl: 'rows.jhtml?id=7', countUrl: 'n.jhtml', item_per_page: 20});</script>",
            None,
        ),
        ("<script>$('#p').pagination({item_per_page: 12, callback: show});</script>", None),
    ],
)
def test_pages_that_no_link_leads_to(markup: str, pages: int | None) -> None:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert pages_beyond(root, markup, ROWS, PageRequest(url=URL)) == pages


@pytest.mark.parametrize(("value", "rows"), [(4, None), (47, 47)])
def test_a_field_that_says_fewer_rows_than_are_shown_does_not_count_them(
    value: int, rows: int | None
) -> None:
    markup = f"<input type='hidden' id='datacount' value='{value}'>"
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert rows_stated(root, markup, shown=12) == rows


def test_the_last_number_of_a_pager_s_call_may_be_the_rows_of_a_page() -> None:
    markup = "<script>createPageHTML(4, 0, 'index', 'html', 15);</script>"
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert [rows_stated(root, markup, shown) for shown in (15, 14)] == [None, 15]


@pytest.mark.parametrize(("rows", "pages"), [(8, 2), (3, None)])
def test_a_button_that_brings_more_beside_few_rows(rows: int, pages: int | None) -> None:
    markup = "<div id='more'>加载更多</div>"
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert pages_beyond(root, markup, ROWS[:rows], PageRequest(url=URL)) == pages


@pytest.mark.parametrize("platform", ["static_list", "label_table"])
def test_a_page_tells_its_list_s_size(platform: str) -> None:
    rows = "".join(
        f"<li><a href='./202603/t20260301_{n}.html'>临江市关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n in range(12)
    )
    pager = "<div class='p'>共47条 <a href='javascript:;'>2</a></div>"
    read = platform_of(platform).parse_list(
        f"<html><body><ul>{rows}</ul>{pager}</body></html>".encode(), URL, "text/html; charset=utf-8",
        PageRequest(url=URL, chain="list"), Catalogue(key="tzgg", url=URL),
    )  # fmt: skip
    assert (read.next, read.total, read.last_page, read.shown) == (None, 47, 2, 12)
