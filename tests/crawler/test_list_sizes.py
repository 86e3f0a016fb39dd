"""How large a list says it is, and that a walk is not complete that saw less."""

from __future__ import annotations

import pytest

from crawler.lists import script_pagers
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


LAYPAGE = (
    "<script>laypage.render({elem: 'p', count: 47, limit: 12, curr: 1, jump: function (obj, first) {"
    " if (!first) { window.location.href = '/zw/list?page=' + obj.curr@; } }});</script>"
)


@pytest.mark.parametrize(
    ("script", "page", "following"),
    [
        (LAYPAGE.replace("@", ""), 1, "/zw/list?page=2"),
        (LAYPAGE.replace("@", " + '&id=3'"), 2, "/zw/list?page=3&id=3"),
        (LAYPAGE.replace("@", " + '&limit=' + obj.limit"), 1, "/zw/list?page=2&limit=12"),
        (LAYPAGE.replace("@", " + '&sort=' + obj.sort"), 1, None),
        (
            LAYPAGE.replace("@", " + '&s=' + obj.limit").replace(
                "'/zw/list?page='", "'/zw/list?c=' + c + '&p='"
            )
            + "<script>var c = 'gw';</script>",
            1,
            "/zw/list?c=gw&p=2&s=12",
        ),
        (LAYPAGE.replace("@", "").replace("'/zw/list", "location.pathname + '"), 1, "/zwgk/tzgg/?page=2"),
        (LAYPAGE.replace("@", ""), 4, None),
        (LAYPAGE.replace("@", "") + LAYPAGE.replace("@", " + '&x=1'"), 1, None),
        ("<script>location.href = '/zw/list?page=' + page;</script>", 1, None),
        (
            "<p>共60条</p><script>$('.p a').click(function () { location.href = '?page=' + $(this).data('page') })</script>",
            1,
            "/zwgk/tzgg/?page=2",
        ),
        (
            "<p>共60条</p><script>a.onclick = function () { location.href = '?page=' + this.dataset.page }</script>",
            1,
            "/zwgk/tzgg/?page=2",
        ),
        (  # its fields say how many there are, and what the addresses are made of
            "<input id='all' value='3'><input id='own' value='1'><input id='u' value='/l.php'><script>var u = $('#u').val() + '?page=';"
            "$.jqPaginator('#p', {totalPages: parseInt($('#all').val()), currentPage: parseInt($('#own').val()),"
            " onPageChange: function (num, type) { if (type == 'change') { location.href = u + num + '&c=3'; } }});</script>",
            1,
            "/l.php?page=2&c=3",
        ),
        (
            "<script>new Page({el: '#p', pageCount: 3, currentPage: 1, url: '/zc/p_{page}.html'});</script>",
            1,
            "/zc/p_2.html",
        ),
        (
            "<p>共60条</p><script>pager({page: '<a href=\"l.php?c=3&p={{page}}\">{{page}}</a>'});</script>",
            1,
            "/zwgk/tzgg/l.php?c=3&p=2",
        ),
        (
            "<p>共60条</p><script>pager({url: 'a_{page}.html'}); tabs({url: 'b_{page}.html'});</script>",
            1,
            None,
        ),
        ('<p>共60条</p><!-- "/old/{page}.html" -->', 1, None),
        ("<p>共60条</p><script>var document = '/show/{n}.html';</script>", 1, None),
        (
            "<script>$('#p').twbsPagination({totalPages: 3, startPage: 2, onPageClick: function (e, page) {"
            " location.href = '/l.php?page=' + page; }});</script>",
            2,
            "/l.php?page=3",
        ),
        (
            "<script>$('#p').bootpag({total: 3, page: 1}).on('page', function (e, num) { location.href = '?page=' + num; });</script>",
            1,
            "/zwgk/tzgg/?page=2",
        ),
        (
            "<p>共60条</p><script>function go(page) { var q = new URLSearchParams(location.search); q.set('page', page);"
            " location.search = q.toString(); } laypage({jump: function (obj) { go(obj.curr); }});</script>",
            1,
            "/zwgk/tzgg/?page=2",
        ),
    ],
)
def test_pages_that_a_script_puts_together(script: str, page: int, following: str | None) -> None:
    root = parse_html(f"<html><body>{script}</body></html>")
    assert root is not None
    request = PageRequest(url=URL, chain="list", page=page)
    found, _ = script_pagers.following(root, script, URL, request, 12, rows_stated(root, script), None)
    assert (found.url if found else None) == (f"https://www.example.gov.cn{following}" if following else None)
    assert found is None or (found.chain, found.page) == ("list", page + 1)


def way_on(markup: str, page: int, shown: int = 12, url: str = URL) -> tuple[str | None, int | None]:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    request = PageRequest(url=url, chain="list", page=page)
    found, last = script_pagers.following(root, markup, url, request, shown, rows_stated(root, markup), None)
    return (found.url.removeprefix("https://www.example.gov.cn") if found else None), last


COLUMN = (
    "<script>Ls.pagination('#page_7', function (pageIndex) { location.href = '/content/column/7?pageIndex=' + pageIndex; },"
    " {currPage: (@+1), pageCount: 3});</script>"
)
SET_PAGE = (
    "<script>$('.pagination').pagination({totalPage: 22, callback: function (n) {"
    " location.href = n == 1 ? 'index.html' : 'index_' + n + '.html'; }});"
    " $('.pagination').pagination('setPage', @, 22);</script>"
)
NAMED = (
    "<script>var pager = {currentPage: parseInt('@')+1, countPage: parseInt('3}'), PAGE_NAME: 'index',"
    " PAGE_EXT: 'html'};</script>"
)
KKPAGER = (
    "<script>kkpager.generPageHtml({pno: 1, total: '12', totalRecords: '178', hrefFormer: '/zw/list', hrefLatter: '.html',"
    " getLink: function (n) { return @; }});</script>"
)
INDEXED = (
    "<script>$('#p').pagination(138, {items_per_page: 12, current_page: #, callback: function (i) {"
    " location.href = 'list_' + (@) + '.shtml'; }});</script>"
)
CLICKED = (
    "<script>var base = '/zw/list-'; $('#p').page({pages: 4, currentPage: #}).on('pageClicked', function (e, i) {"
    " location.href = base + (@) + '.html'; });</script>"
)
OLD_LAYPAGE = (
    "<script>laypage({cont: 'p', pages: 4, curr: @, jump: function (e, first) { if (!first) location.href ="
    " '?p=' + e.curr; }});</script>"
)


@pytest.mark.parametrize(
    ("script", "page", "expected"),
    [
        (COLUMN.replace("@", "0"), 1, ("/content/column/7?pageIndex=2", 3)),
        (COLUMN.replace("@", "2"), 3, (None, 3)),
        (SET_PAGE.replace("@", "1"), 1, ("/zwgk/tzgg/index_2.html", 22)),
        (SET_PAGE.replace("@", "21"), 21, ("/zwgk/tzgg/index_22.html", 22)),
        (SET_PAGE.replace("@", "22"), 22, (None, 22)),
        ("<script>$('#p').paging({initPageNo: 1, totalPages: 3, callback: function (n) {"
         " location.href = n > 1 ? '/zw/list_12_' + n + '.html' : '/zw/list_12.html' }});</script>", 1, ("/zw/list_12_2.html", 3)),
        ("<script>$('#p').pager({pagenumber: 1, pagecount: 3, buttonClickCallback: go}); go = function (clicked) {"
         " location.href = 'list_' + clicked + '.html' }</script>", 1, ("/zwgk/tzgg/list_2.html", 3)),
        (NAMED.replace("@", "0"), 1, ("/zwgk/tzgg/index_1.html", 3)),
        (NAMED.replace("@", "1"), 2, ("/zwgk/tzgg/index_2.html", 3)),
        (NAMED.replace("@", "2"), 3, (None, 3)),
        (OLD_LAYPAGE.replace("@", "1"), 1, ("/zwgk/tzgg/?p=2", 4)),
        ("<script>var pageIndex = 1, totalPage = 3; go(`list_${n}.shtml`);</script>", 1, ("/zwgk/tzgg/list_2.shtml", 3)),
        (KKPAGER.replace("@", "this.hrefFormer + '_' + n + this.hrefLatter"), 1, ("/zw/list_2.html", 12)),
        (KKPAGER.replace("@", "this.hrefFormer + this.hrefLatter + '?pageNum=' + n"), 2, ("/zw/list.html?pageNum=3", 12)),
        (KKPAGER.replace("@", "this.hrefFormer + '_' + n + this.hrefLatter"), 12, (None, 12)),
        # an index that counts from 0, and a number that counts from 1
        (INDEXED.replace("@", "i + 1").replace("#", "0"), 1, ("/zwgk/tzgg/list_2.shtml", 12)),
        (INDEXED.replace("@", "i").replace("#", "0"), 1, ("/zwgk/tzgg/list_1.shtml", 12)),
        (INDEXED.replace("@", "i - 1").replace("#", "1"), 1, ("/zwgk/tzgg/list_1.shtml", 12)),
        # jquery.pagination hands over itself
        ("<script>$('.M-box').pagination({totalData: 45, showData: 15, current: 1, callback: function (api) {"
         " location.href = 'index_pc_' + api.getCurrent() + '.html'; }});</script>", 1, ("/zwgk/tzgg/index_pc_2.html", 3)),
        # a number that counts from 0, and the page that is shown, in addresses of any form
        (CLICKED.replace("@", "i + 1").replace("#", "1"), 1, ("/zw/list-2.html", 4)),
        (CLICKED.replace("@", "i + 1").replace("#", "3"), 3, ("/zw/list-4.html", 4)),
        (CLICKED.replace("@", "parseInt(i) + 1").replace("#", "3"), 3, ("/zw/list-4.html", 4)),
        (CLICKED.replace("@", "curPage + 1").replace("#", "3"), 3, ("/zw/list-4.html", 4)),
        (CLICKED.replace("@", "obj.curr").replace("#", "3"), 3, ("/zw/list-4.html", 4)),
        # no page of the list, or not surely: a number that is another page's, one of two ways, pictures
        (SET_PAGE.replace("@", "5"), 1, (None, None)),
        ("<script>var currPage = 1, pageCount = 3; a = 'index_' + n + '.html'; b = 'list_' + n + '.html';</script>", 1, (None, 3)),
        # the function that the pager is handed is surer than names elsewhere
        (SET_PAGE.replace("@", "1") + "<script>a = 'list_' + n + '.html';</script>", 1, ("/zwgk/tzgg/index_2.html", 22)),
        ("<script>var currPage = 1, pageCount = 3; src = 'icon_' + n + '.png';</script>", 1, (None, 3)),
        ("<script>var pageCount = 20; a = 'index_' + n + '.html';</script>", 1, (None, None)),
    ],
)  # fmt: skip
def test_pages_that_a_script_counts(script: str, page: int, expected: tuple[str | None, int | None]) -> None:
    assert way_on(script, page) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("<script>var recordCount = 12; var pageSize = 5; var currentPage = 1;</script>", (None, 1)),
        ("<script>var recordCount = 13; var pageSize = 12; var currentPage = 1;</script>", (None, 2)),
        ("""<script>var dataTotal = parseInt("25");</script>""", (None, 3)),
    ],
)
def test_rows_that_are_all_on_the_page(script: str, expected: tuple[str | None, int | None]) -> None:
    """A script that shows five at a time of twelve rows that are all there leads to no second page."""
    assert way_on(script, 1) == expected


def test_a_list_with_a_pager_in_its_script_is_recognised_as_paged() -> None:
    rows = "".join(
        f"<li><a href='/zxzx/tz/{n}7.html'>临江市关于第{n}号事项的通知</a><span>2031-03-01</span></li>"
        for n in range(12)
    )
    text = f"<html><body><ul>{rows}</ul><div id='page_7'></div>{COLUMN.replace('@', '0')}</body></html>"
    seen = platform_of("static_list").recognise(text, f"{URL}index.html")
    assert seen is not None
    assert (seen.confidence, seen.reasons[1:]) == (0.7, ("a pager of 3 pages",))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ('"<a href=\\"index"+i+".html\\">"', "index1.html"),
        ("'<a class=\"n\" href=\"index-' + i + '.html\">'", "index-1.html"),
        ('"<a href=list"+(i+1)+".htm>"', "list2.htm"),
        ('"<img src=\\"index"+i+".html\\">"', None),
    ],
)
def test_names_of_pages_in_links_that_a_loop_writes(made: str, expected: str | None) -> None:
    """Without an underline before their number they count where a link leads to them."""
    script = (
        "<script>var currentPage = 0; var countPage = 9; for (var i = 0; i < countPage; i++) {"
        f" if (i == 0) document.write('<a href=index.html>1</a>'); else document.write({made} + (i + 1) + '</a>'); }}</script>"
    )
    request = PageRequest(url="http://a.example/zw/index.html", chain="list")
    root = parse_html(script)
    assert root is not None
    found, last = script_pagers.following(root, script, request.url, request, 15, None, None)
    assert last == 9
    assert (found.url.rpartition("/")[2] if found is not None else None) == expected


KKPAGER = "<script>kkpager.generPageHtml({pno: 1, total: 3, totalRecords: 45, @});</script>"
OWN_NUMBER = (
    "<script>var totalPage = 3; var pageNo = getParameter('pno'); if (!pageNo) { pageNo = 1; }"
    "kkpager.generPageHtml({pno: pageNo, total: totalPage, getLink: function (n) { return '/zw/list?type=1&pno=' + n; }});</script>"
)


@pytest.mark.parametrize(
    ("markup", "query", "page", "expected"),
    [
        (KKPAGER.replace("@", "getLink: function (n) { return '/zw/list?type=1&pno=' + n; }"), "", 1, "/zw/list?type=1&pno=2"),
        (KKPAGER.replace("@", "getLink: function (n) { if (n == 1) { return '/'; } return '/' + n + '.html'; }"), "", 1, "/2.html"),
        (KKPAGER.replace("@", "getLink(n) { return '/zw/list?pno=' + n }"), "", 1, "/zw/list?pno=2"),
        (KKPAGER.replace("@", "getLink: function (n) { return '/zw/list?pno=1' }"), "", 1, None),
        (OWN_NUMBER, "", 1, "/zw/list?type=1&pno=2"),
        (OWN_NUMBER, "?type=1&pno=2", 2, "/zw/list?type=1&pno=3"),
        (OWN_NUMBER, "?type=1&pno=3", 3, None),
    ],
)  # fmt: skip
def test_addresses_that_a_function_handed_to_the_pager_gives_back(
    markup: str, query: str, page: int, expected: str | None
) -> None:
    found, last = way_on(markup, page, url=URL + query)
    assert (found, last) == (expected, 3)


FORM = (
    "<form id=f method=post action='/zw/list'><input type='hidden' id='pageNo' name='p' value='1'>"
    "<input name='kw' value=''></form>"
)


@pytest.mark.parametrize(
    ("script", "body"),
    [
        (KKPAGER.replace("@", 'mode: "click", click: function (n) { $("#pageNo").val(n); $("#f").submit(); }'), b"p=2&kw="),
        (
            "<script>laypage({pages: 3, curr: 1, jump: function (obj, first) {"
            " if (!first) { $('#pageNo').val(obj.curr); $('#f').submit(); } }})</script>",
            b"p=2&kw=",
        ),
        (
            "<script>laypage.render({pages: 3, curr: 1, jump: function (obj, first) {"
            " if (!first) { document.getElementById('pageNo').value = obj.curr; document.getElementById('f').submit(); } }})</script>",
            b"p=2&kw=",
        ),
        (
            "<p>共36条</p><script>$('#p').pagination(36, {items_per_page: 12, current_page: 0, callback: function (i) {"
            " $('#pageNo').val(i + 1); $('#f').submit(); }})</script>",
            b"p=2&kw=",
        ),
        (KKPAGER.replace("@", 'click: function (n) { $("#pageNo").val("1"); $("#f").submit(); }'), None),
    ],
)  # fmt: skip
def test_forms_that_a_function_handed_to_the_pager_sends(script: str, body: bytes | None) -> None:
    markup = FORM + script
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    request = PageRequest(url=URL, chain="list")
    found, last = script_pagers.following(root, markup, URL, request, 12, rows_stated(root, markup), None)
    assert last == 3
    assert (found.body if found is not None else None) == body
    assert found is None or (found.url, found.method) == ("https://www.example.gov.cn/zw/list", "POST")
