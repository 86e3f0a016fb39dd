"""The way to the next page, where a script makes it: calls of pagers, functions handed to them, patterns, forms."""

from __future__ import annotations

import pytest

from crawler.lists import script_pagers
from crawler.lists.list_sizes import rows_stated
from crawler.lists.rows import parse_html
from crawler.platforms import platform_of
from crawler.platforms.base import ListRow, PageRequest

URL = "https://www.example.gov.cn/zwgk/tzgg/"
ROWS = tuple(ListRow(url=f"{URL}{n}.html") for n in range(12))


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
