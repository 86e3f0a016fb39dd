"""label_table: how its further pages are asked for: forms, grids, functions, addresses, selections."""

from __future__ import annotations

from urllib.parse import parse_qs, urljoin

import pytest

from crawler.platforms.base import PageRequest
from crawler.platforms.label_table import PLATFORM
from crawler.sites import Catalogue
from tests.crawler.test_label_table import BASE, TABLE, read

FORM = (
    "<form name='f' action='list.jsp' method='post'><input type='hidden' name='pageSize' value='3'>"
    "<input type='hidden' name='pageNo' id='no' value='1'>"
    "<input name='key' value='公开'><input type='checkbox' name='all'><select name='kind'><option value='a'>甲</option>"
    "<option value='b' selected>乙</option></select><input type='submit' name='s' value='查询'></form>"
)


@pytest.mark.parametrize(
    ("script", "pager"),
    [
        ("function go(n) { document.f.pageNo.value = n; document.f.submit(); }", "<a href='javascript:go(2)'>下一页</a>"),
        ("function go(n) { document.getElementById('no').value = n; document.forms[0].submit(); }", "<a onclick='go(2)'>下一页</a>"),
        ("function go(n) { $('#no').val(n); $('form').submit(); }", "<span onclick='go(2)'>下一页</span>"),
        ("function go(n) { $(\"input[name='pageNo']\").val(parseInt(n) + 1); document.f.submit() }",
         "<button type=button onclick='go(1)'>下一页</button>"),
        ("function next() { document.f.pageNo.value = parseInt(document.f.pageNo.value) + 1; document.f.submit(); }",
         "<a href='javascript:next();'>下一页</a>"),
        ("function next() { var c = document.f.pageNo.value; if (c == 9) { return; } document.f.pageNo.value = ++c; f.submit(); }",
         "<input type='button' value='下一页' onclick='next()'>"),
        ("function next() { $('#no').val(Number($('#no').val()) + 1); $('form[name=f]').submit(); }",
         "<a href='javascript:next();'>下一页</a>"),
        ("function go(n) { f.pageNo.value = n; f.submit(); } function next() { go(parseInt(document.f.pageNo.value) + 1); }",
         "<a href='javascript:next();'>下一页</a>"),
        ("var P = {go: function (n) { $('#no').val(n); f.submit(); }, next: function () { this.go(Number($('#no').val()) + 1); }};",
         "<a href='javascript:P.next()'>下一页</a>"),
        ("", "<a href='javascript:page_nav(document.forms[0],2);'>下一页</a>"),
        ("", "<a href='#' onclick='turnPage(2)'>下一页</a>"),
        ("", "<div class=page><a href='#' onclick='turnPage(1)'>1</a><a href='#' onclick='turnPage(2)'>2</a></div>"),
        ("", "<a href='#' onclick=\"document.f.pageNo.value='2';document.f.submit();\">下一页</a>"),
    ],
)  # fmt: skip
def test_a_form_asks_for_the_next_page(script: str, pager: str) -> None:
    found = read(f"<script>{script}</script>{TABLE}{FORM}{pager}").next
    assert found is not None
    assert (found.url, found.method, found.page, found.chain) == (BASE, "POST", 2, "list")
    assert parse_qs(found.body.decode()) == {
        "pageSize": ["3"],
        "pageNo": ["2"],
        "key": ["公开"],
        "kind": ["b"],
    }


def test_a_form_whose_address_names_the_page() -> None:
    turn = "function turn(n) { var f = document.q; f.action = 'list.jsp?pageNum=' + n; f.submit(); }"
    form = "<form name='q' method='post'><input type='hidden' name='cid' value='7'></form>"
    found = read(f"<script>{turn}</script>{TABLE}{form}<a href='javascript:turn(2)'>下一页</a>").next
    assert found is not None
    assert (found.url.rpartition("/")[2], found.method, found.body) == (
        "list.jsp?pageNum=2",
        "POST",
        b"cid=7",
    )


POSTBACK = "function __doPostBack(target, argument) { f.__EVENTTARGET.value = target; f.__EVENTARGUMENT.value = argument; f.submit(); }"


@pytest.mark.parametrize("script", ["", POSTBACK])
@pytest.mark.parametrize(
    ("named", "shown"), [("Page${}", "11"), ("Page${}", "..."), ("{}", "..."), ("{}", "后10页")]
)
def test_a_grid_of_asp_net_asks_for_its_pages_by_number(script: str, named: str, shown: str) -> None:
    """GridView's pager, or AspNetPager, is a row of numbers within the table, without a word or a name beside them."""
    state = "<input type=hidden name=__VIEWSTATE value=s><input type=hidden name=__EVENTTARGET><input type=hidden name=__EVENTARGUMENT>"
    numbers = "".join(
        f"<td><a href=\"javascript:__doPostBack('list','{named.format(n)}')\">{n if n < 11 else shown}</a></td>"
        for n in (9, 11)
    )
    name = "" if "Page" in named else "class=pager"
    pager = f"<tr><td colspan=4><table {name}><tr>{numbers}<td><span>10</span></td></tr></table></td></tr></table>"
    form = f"<form name=f method=post>{state}{TABLE.replace('</table>', pager)}</form>"
    found = read(f"<script>{script}</script>{form}", page=10).next
    assert found is not None
    sent = {"__VIEWSTATE": "s", "__EVENTTARGET": "list", "__EVENTARGUMENT": named.format(11)}
    assert (found.method, {name: value[0] for name, value in parse_qs(found.body.decode()).items()}) == (
        "POST",
        sent,
    )


@pytest.mark.parametrize(
    ("row", "expected"), [("toPage(6)", "6"), ("openInfo(6)", None), ("send('show', 6)", None)]
)
def test_only_what_calls_for_a_page_as_the_numbers_do_leads_to_one(row: str, expected: str | None) -> None:
    """A document that is the sixth is opened by a number, too."""
    numbers = "".join(f"<a href='javascript:toPage({n})'>{n}</a>" for n in range(1, 6))
    rows = f'<ul><li><a onclick="{row}">关于第6号事项的通知</a></li></ul>'
    form = f"<form name=f method=post><input type=hidden name=curPage value=5></form>{TABLE}{rows}"
    found = read(f"{form}<div class=page>{numbers}</div>", page=5).next
    assert (parse_qs(found.body.decode())["curPage"][0] if found else None) == expected


ENDS = (
    "<a href='javascript:toPage(1)'>首页</a><a href='javascript:toNext()'>下一页</a>"
    "<a href='javascript:toPage(5)'>末页</a>"
)


@pytest.mark.parametrize(
    ("ends", "page", "expected"),
    [
        (ENDS, 1, ["2"]),
        (ENDS, 5, None),
        ("<a href='javascript:toPage(1)'>首页</a><a href='javascript:show(5)'>末页</a>", 1, None),
    ],
)  # fmt: skip
def test_functions_of_another_file_that_only_the_ends_of_a_pager_give_numbers(
    ends: str, page: int, expected: list[str] | None
) -> None:
    hidden = "".join(
        f"<input type=hidden name={name} value={value}>"
        for name, value in (("P_PAGES", 5), ("P_RECORD_COUNT", 45), ("P_PAGESIZE", 10), ("P_CURRENT", page))
    )
    found = read(f"<form method=post action='more.jsp'>{TABLE}{hidden}{ends}</form>", page=page).next
    assert (parse_qs((found.body or b"").decode())["P_CURRENT"] if found is not None else None) == expected


def test_a_form_is_sent_in_the_charset_of_its_page() -> None:
    pager = "<a href='#' onclick='turnPage(2)'>下一页</a>"
    found = read(TABLE + FORM + pager, charset="gb2312").next
    assert found is not None
    assert parse_qs(found.body.decode(), encoding="gbk")["key"] == ["公开"]


@pytest.mark.parametrize(
    ("pager", "target"),
    [
        ("<a onclick=\"location.href='list.jsp?p=2'\">下一页</a>", f"{BASE}?p=2"),
        ("<a href='list.jsp?p=2'>下一页</a>", f"{BASE}?p=2"),
        ("<script>function go(n) { var u = location.pathname + '?p=' + n; location.href = u }</script><a onclick='go(2)'>下一页</a>",
         f"{BASE}?p=2"),
        ("<form action='q.do'><input type=hidden name=from value=20><input type=submit name=next value=下一页></form>",
         "http://a.example/gkml/q.do?from=20&next=%E4%B8%8B%E4%B8%80%E9%A1%B5"),
        ("<form action='q.do'><input type=hidden name=from value=20><input type=image name=next src=n.gif alt=下一页></form>",
         "http://a.example/gkml/q.do?from=20&next.x=1&next.y=1"),
        ("<script>var pager = {first: function () { this.jump(1); }, jump: function (n) { location.href = 'list.jsp?p=' + n; }};</script>"
         "<a onclick='pager.first()'>首页</a><a onclick=\"pager.jump('2')\">下一页</a>", f"{BASE}?p=2"),
        ("<script>var P = {};\nP.Nav = {go: function (n, m) { if (n > m) { n = m; } location.href = 'list.jsp?p=' + n; }}</script>"
         "<a href='#' onclick='P.Nav.go(2,3);return false;'>下一页</a>", f"{BASE}?p=2"),
        ("<script>var Q = {}; Q.go = function (n) { window.location.href = 'list.jsp?p=' + n; };</script>"
         "<a href='javascript:Q.go(2)'>下一页</a>", f"{BASE}?p=2"),
        ("<script>function go(n) { var u = location.href; if (u.indexOf('cur_page=') > 0) u = u.replace(/cur_page=\\d+/, 'cur_page=' + n);"
         " else u = u + '&cur_page=' + n; location.href = u; }</script><a href='javascript:go(2)'>下一页</a>", f"{BASE}?cur_page=2"),
        ("<script>function go(n) { var u = new URL(location.href); u.searchParams.set('p', n); location.href = u; }</script>"
         "<a href='javascript:go(2)'>下一页</a>", f"{BASE}?p=2"),
    ],
)  # fmt: skip
def test_an_address_asks_for_the_next_page(pager: str, target: str) -> None:
    found = read(TABLE + pager).next
    assert found is not None
    assert (found.url, found.method) == (target, "GET")


@pytest.mark.parametrize(
    "pager",
    [
        "",
        "<a onclick='go(1)' class=num>1</a><span class=page><a onclick='turnPage(1)'>1</a><a onclick='turnPage(1)'>下一页</a></span>",
        "<a href='#' class='disabled' onclick='turnPage(2)'>下一页</a>",
        "<input type=button disabled onclick='turnPage(2)' value=下一页>",
        "<p>第1页/共1页 <a onclick='turnPage(2)'>下一页</a></p>",
        "<a href='#' onclick='share()'>下一页</a>",
    ],
)
def test_the_last_page(pager: str) -> None:
    assert read(TABLE + FORM + pager).next is None


def test_what_a_function_works_out_of_a_word_is_no_number_of_pages() -> None:
    """turn('last') sets the field to what it holds: the list of three pages was taken for one of one page."""
    turn = (
        "function turn(t) { var p = parseInt(document.f.pageNo.value); if (t == 'last') p = all;"
        " document.f.pageNo.value = p; document.f.submit() }"
    )
    found = read(f"<script>{turn}</script>{TABLE}{FORM}<a href=\"javascript:turn('last')\">末页</a>")
    assert found.last_page is None


TURNS = (
    "if (t == 'first') p = 1; else if (t == 'prev') p = p - 1; else if (t == 'next') { p++; } else p = total;",
    "if (t == 'first') { p = 1; } else if (t == 'next') { p = p + 1 } else if (t == 'last') p = total",
    "switch (t) { case 'prev': p--; break; case 'next': p += 1; break; case 'last': p = total; break; default: p = 1; }",
)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize(("page", "wanted"), [(1, "2"), (2, "3"), (3, None)])
def test_branches_that_are_taken_for_a_word(turn: str, page: int, wanted: str | None) -> None:
    """Of a function that is called with a word only what it does for that word counts."""
    script = (
        "var total = 3; function turn(t) { var p = parseInt(document.f.pageNo.value);"
        f"\n{turn}\nif (p > total) return; document.f.pageNo.value = p; document.f.submit() }}"
    )
    pager = "<a href=\"javascript:turn('first')\">首页</a><a onclick=\"turn('next')\">下一页</a><a onclick=\"turn('last')\">末页</a>"
    form = FORM.replace("id='no' value='1'", f"value='{page}'")
    found = read(f"<script>{script}</script>{TABLE}{form}{pager}", page=page)
    assert found.last_page == 3
    assert (parse_qs(found.next.body.decode())["pageNo"] if found.next else None) == (
        [wanted] if wanted else None
    )


def test_a_first_page_at_an_address_of_its_own() -> None:
    script = "function go(n) { if (n == 1) location.href = 'list.jsp'; else { location.href = 'list_' + n + '.jsp'; } }"
    found = read(f"<script>{script}</script>{TABLE}<a onclick='go(2)'>下一页</a>").next
    assert found is not None
    assert found.url == "http://a.example/gkml/list_2.jsp"


@pytest.mark.parametrize(("page", "chosen"), [(1, "2"), (2, "3"), (3, None)])
@pytest.mark.parametrize("code", ["setTimeout('__doPostBack(\\'ddl\\',\\'\\')', 0)", "this.form.submit()"])
def test_another_page_of_a_selection_is_chosen(code: str, page: int, chosen: str | None) -> None:
    options = "".join(f"<option value={n}{' selected' * (n == page)}>第{n}页</option>" for n in (1, 2, 3))
    markup = f'<form method=post>{TABLE}<select name=ddl onchange="{code}">{options}</select></form>'
    found = read(markup, page=page)
    assert found.last_page == 3
    assert (parse_qs(found.next.body.decode())["ddl"] if found.next else None) == (
        [chosen] if chosen else None
    )


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("location.href='/class/ALFJELKI/'+this.value", "http://a.example/class/ALFJELKI/2"),
        ("window.location='?p='+this.options[this.selectedIndex].value", f"{BASE}?p=2"),
        ("turn($(this).val())", "http://a.example/gkml/list_2.html"),
        ("location.href='?year='+other.value", None),
    ],
)
def test_another_page_of_a_selection_is_opened(code: str, address: str | None) -> None:
    script = "<script>function turn(n) { location.href = '/gkml/list_' + n + '.html' }</script>"
    options = "".join(f"<option value={n}{' selected' * (n == 1)}>{n}</option>" for n in (1, 2, 3))
    found = read(f'{script}{TABLE}<select onchange="{code}">{options}</select>')
    assert (found.next.url if found.next else None, found.last_page) == (address, 3 if address else None)


def test_a_selection_of_pages_that_chooses_none_is_where_its_addresses_say() -> None:
    """What is shown as chosen on every page is the first."""
    pages = (f"/gkml/l.asp?page={n}" for n in (1, 2, 3))
    options = "".join(f"<option value='{to}'>{n}</option>" for n, to in enumerate(pages, 1))
    markup = f"{TABLE}<select onchange='location.href=this.value'>{options}</select>"
    assert (first := read(markup).next) is not None
    assert first.url.endswith("/gkml/l.asp?page=2")
    there = urljoin(BASE, "/gkml/l.asp?page=2")
    request = PageRequest(url=there, chain="list", page=2)
    catalogue = Catalogue(key="t", url=BASE)
    second = PLATFORM.parse_list(markup.encode(), there, "text/html; charset=utf-8", request, catalogue)
    assert second.next is not None
    assert second.next.url.endswith("/gkml/l.asp?page=3")


def test_a_form_that_asks_for_nothing_but_the_number_of_a_page() -> None:
    asked = "共4页 第<input name='page' value='@'>页 <input type='submit'>"
    jump = f"<form action='list.asp'><input type='hidden' name='cid' value='5'>{asked}</form>"
    found = read(TABLE + jump.replace("@", "1")).next
    assert found is not None
    assert found.url == urljoin(BASE, "list.asp?cid=5&page=2")
    assert read(TABLE + jump.replace("@", "7")).next is None
    assert read(TABLE + jump.replace("共4页", "").replace("@", "1")).next is None


def test_a_page_s_number_that_is_handed_over_with_that_of_all_pages() -> None:
    pager = "共4页 <a href='javascript:;' onclick=\"Query.go('TAB',2,4)\">下页</a>"
    form = "<form method='post' action='list.aspx?tabid=7'><input type='hidden' name='TAB_PagerData' value='1'></form>"
    found = read(TABLE + form + pager).next
    assert found is not None
    assert (found.url, found.body) == (urljoin(BASE, "list.aspx?tabid=7"), b"TAB_PagerData=2")
