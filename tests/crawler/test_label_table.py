"""label_table: headings and cells, clicks that open documents, forms that ask for pages, options."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from crawler.extract.fields import FieldBook
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.reading import context_of, extract_with_context
from crawler.recognise import looks_like
from crawler.sites import Catalogue, Site

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
BASE = "http://a.example/gkml/list.jsp"
PLATFORM = platform_of("label_table")


def read(markup: str, *, page: int = 1, charset: str = "utf-8", **options: object) -> ListPage:
    catalogue = Catalogue(key="t", url=BASE, options=options)
    request = PageRequest(url=BASE, chain="list", page=page)
    text = f"<html><body>{markup}</body></html>"
    return PLATFORM.parse_list(
        text.encode(charset), BASE, f"text/html; charset={charset}", request, catalogue
    )


HEAD = "<tr><th>序号</th><th>索 引 号</th><th>信息名称</th><th>发布日期：</th></tr>"
ROW = "<tr><td>{n}</td><td>LJ-{n}</td><td><a href='show.jsp?id={n}'>关于第{n}号事项的通知</a></td><td>2026-03-0{n}</td></tr>"
ROWS = "".join(ROW.format(n=n) for n in (3, 2, 1))
TABLE = f"<table>{HEAD}{ROWS}</table>"


@pytest.mark.parametrize(
    "markup",
    [
        TABLE,
        f"<table><thead>{HEAD}</thead><tbody>{ROWS}</tbody></table>",
        f"<table class=head>{HEAD.replace('th>', 'td>')}</table><table class=rows>{ROWS}</table>",
        f"<table>{HEAD}" + "".join(f"</table><table class=one>{ROW.format(n=n)}" for n in (3, 2, 1)) + "</table>",
        f"<table><tr><td colspan=4>政府信息公开目录</td></tr>{HEAD}{ROWS}<tr><td colspan=4>共 1 页</td></tr></table>",
        f"<div class=nav><ul><li><a href=/>首页</a></li><li><a href=/a/>索引号</a></li><li>名称</li><li>日期</li></ul></div>{TABLE}",
        TABLE.replace("table", "div").replace("<tr>", "<ul>").replace("</tr>", "</ul>")
        .replace("<th>", "<li>").replace("</th>", "</li>").replace("<td>", "<li>").replace("</td>", "</li>"),
    ],
)  # fmt: skip
def test_cells_are_read_under_their_headings(markup: str) -> None:
    found = read(markup).rows
    assert [row.url for row in found] == [f"http://a.example/gkml/show.jsp?id={n}" for n in (3, 2, 1)]
    assert found[0].record == {"索引号": "LJ-3", "信息名称": "关于第3号事项的通知", "发布日期": "2026-03-03"}
    assert found[0].hints == {"title": "关于第3号事项的通知", "published_on": "2026-03-03"}


def test_a_row_of_another_number_of_cells_is_a_document_too() -> None:
    longer = TABLE.replace("<td>2026-03-02</td>", "<td>2026-03-02</td><td><a href=jd.jsp?id=9>解读</a></td>")
    found = read(longer).rows
    assert [row.url.rpartition("=")[2] for row in found] == ["3", "2", "1"]
    assert [row.record is None for row in found] == [False, True, False]


def test_a_date_under_another_heading_is_no_date_of_publication() -> None:
    found = read(TABLE.replace("发布日期", "截止日期")).rows[0]
    assert "published_on" not in found.hints
    assert found.record is not None
    assert found.record["截止日期"] == "2026-03-03"


def test_a_tooltip_holds_the_whole_of_a_cut_title() -> None:
    cut = TABLE.replace("'>关于第3号事项的通知", "' title='关于第3号事项的通知及其附件'>关于第3号事…")
    assert read(cut).rows[0].hints["title"] == "关于第3号事项的通知及其附件"


def test_a_tooltip_tells_that_a_title_is_whole() -> None:
    """Its cell shows "..." behind every title, also behind one that is not cut."""
    row = "<tr><td><a href=s?id=1 title='关于第一号事项的通知'>关于第一号事项的通知...</a></td><td>LJ-1</td><td>2026-03-01</td></tr>"
    found = read(f"<table><tr><th>标题</th><th>索引号</th><th>发布日期</th></tr>{row}</table>").rows[0]
    assert found.record is not None
    assert found.record["标题"] == "关于第一号事项的通知"


@pytest.mark.parametrize("style", ["", " style='display: none'"])
def test_a_box_beside_a_link_is_no_part_of_its_title(style: str) -> None:
    tip = f"</a><div class=tip{style}><p>索引号：LJ-1</p><p>发文日期：2026-03-01</p></div>"
    rows = read(TABLE.replace("</a>", tip)).rows
    assert [row.title for row in rows] == [f"关于第{n}号事项的通知" for n in (3, 2, 1)]
    assert [(row.record or {})["信息名称"] for row in rows] == [row.title for row in rows]


def test_counters_are_no_news() -> None:
    head, row = (
        HEAD.replace("序号", "浏览次数"),
        "<tr><td>{}</td><td>LJ-1</td><td><a href=s?id=1>关于事项的通知</a></td><td>2026-03-01</td></tr>",
    )
    one, other = (read(f"<table>{head}{row.format(n)}</table>").rows[0] for n in (17, 99))
    assert one.row_hash == other.row_hash


@pytest.mark.parametrize(
    ("script", "click"),
    [
        ("function show(id, kind) { window.open('/show.jsp?kind=' + kind + '&id=' + id); }", "show('7','0')"),
        ("function show(id) {\n  var u = base\n    + id;\n  location.href = u;\n}\nvar base = '/show.jsp?kind=0&id=';", "show(7)"),
        ("var show = function (id) { go('/show.jsp?kind=0&id=' + encodeURI(id)); }\nfunction go(u) { location = u; }",
         "return show('7')"),
        ("", "window.location.href='/show.jsp?kind=0&amp;id=7'"),
        ("", "window.open(&quot;/show.jsp?kind=0&amp;id=7&quot;,&quot;_blank&quot;);return false;"),
        ("", "openUrl('/show.jsp?kind=0&amp;id=7', 1)"),  # a function of a script in a file of its own
    ],
)  # fmt: skip
def test_rows_open_by_a_click(script: str, click: str) -> None:
    row = '<tr onclick="{}"><td>关于第七号事项的通知</td><td>LJ-7</td><td>2026-03-01</td></tr>'
    head = "<tr><th>标题</th><th>索引号</th><th>发布日期</th></tr>"
    found = read(f"<script>{script}</script><table>{head}{row.format(click)}</table>").rows
    assert [(r.url, r.title) for r in found] == [
        ("http://a.example/show.jsp?kind=0&id=7", "关于第七号事项的通知")
    ]


@pytest.mark.parametrize(
    "click", ["look('show.jsp', 7)", "look('/a.html', '/b.html')", "look('通知.html的文本')", "look('7')"]
)
def test_what_a_click_hands_over_may_be_no_page(click: str) -> None:
    row = f'<tr onclick="{click}"><td>关于第七号事项的通知</td><td>LJ-7</td><td>2026-03-01</td></tr>'
    with pytest.raises(ListError):
        read(f"<table><tr><th>标题</th><th>索引号</th><th>发布日期</th></tr>{row}</table>")


def test_a_dated_row_that_opens_by_a_click_needs_no_headings() -> None:
    row = "<li><a href='javascript:;' onclick=\"window.open('/show.jsp?id={n}')\">关于第{n}号事项的通知</a><i>2026-03-0{n}</i></li>"
    markup = "<base href='http://a.example/'><ul>" + row.format(n=2) + row.format(n=1) + "</ul>"
    found = read(markup).rows
    assert [(r.url.rpartition("/")[2], r.hints["published_on"]) for r in found] == [
        ("show.jsp?id=2", "2026-03-02"),
        ("show.jsp?id=1", "2026-03-01"),
    ]
    assert looks_like(f"<html><body>{markup}</body></html>", BASE)[0][0] == "label_table"


def test_each_row_may_name_its_values() -> None:
    item = (
        "<div class=i><p><a href=s?id={n}>关于第{n}号事项的通知</a></p>"
        "<p>索引号：LJ-{n}  文 号：临政发〔2026〕{n}号</p><p>发布日期：2026-03-01</p></div>"
    )
    found = read(item.format(n=2) + item.format(n=1)).rows
    assert found[0].record is not None
    assert (found[0].record["索引号"], found[0].record["发布日期"]) == ("LJ-2", "2026-03-01")


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


POSTBACK = "function __doPostBack(target, argument) { f.__EVENTTARGET.value = target; f.__EVENTARGUMENT.value = argument; f.submit(); }"


@pytest.mark.parametrize("script", ["", POSTBACK])
@pytest.mark.parametrize("shown", ["11", "..."])
def test_a_grid_of_asp_net_asks_for_its_pages_by_number(script: str, shown: str) -> None:
    """GridView's pager is a row of numbers within the table, without a word or a name beside them."""
    state = "<input type=hidden name=__VIEWSTATE value=s><input type=hidden name=__EVENTTARGET><input type=hidden name=__EVENTARGUMENT>"
    numbers = "".join(
        f"<td><a href=\"javascript:__doPostBack('list','Page${n}')\">{n if n < 11 else shown}</a></td>"
        for n in (9, 11)
    )
    pager = f"<tr><td colspan=4><table><tr>{numbers}<td><span>10</span></td></tr></table></td></tr></table>"
    form = f"<form name=f method=post>{state}{TABLE.replace('</table>', pager)}</form>"
    found = read(f"<script>{script}</script>{form}", page=10).next
    assert found is not None
    sent = {"__VIEWSTATE": "s", "__EVENTTARGET": "list", "__EVENTARGUMENT": "Page$11"}
    assert (found.method, {name: value[0] for name, value in parse_qs(found.body.decode()).items()}) == (
        "POST",
        sent,
    )


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
        ("<script>var pager = {first: function () { this.jump(1); }, jump: function (n) { location.href = 'list.jsp?p=' + n; }};</script>"
         "<a onclick='pager.first()'>首页</a><a onclick=\"pager.jump('2')\">下一页</a>", f"{BASE}?p=2"),
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


def test_options_say_what_the_page_does_not() -> None:
    bare = TABLE.replace(HEAD, "")
    options = {
        "columns": ["", "登记号", "标题", "日期"],
        "paging": {"name": "start", "by": "offset", "size": 3},
    }
    found = read(bare, **options)
    assert found.rows[0].record == {"登记号": "LJ-3", "标题": "关于第3号事项的通知", "日期": "2026-03-03"}
    assert found.next is not None
    assert (found.next.url, found.end_unmarked) == (f"{BASE}?start=3", True)
    sent = read(bare, page=2, form={"type": "7"}, paging={"name": "no", "send": "form", "first": 0}).next
    assert sent is not None
    assert (sent.method, parse_qs(sent.body.decode())) == ("POST", {"type": ["7"], "no": ["2"]})


def test_what_functions_of_other_files_open_is_an_option() -> None:
    row = "<tr><td>LJ-{n}</td><td onclick='look({n}, key)'>关于第{n}号事项的通知</td><td onclick=\"show({n}, 'a b')\">2026-03-01</td></tr>"
    table = (
        f"<table>{''.join(row.format(n=n) for n in (2, 1))}</table><a href='javascript:turn(2)'>下一页</a>"
    )
    found = read(table, clicks={"look": "/l?{2}", "show": "/s?id={1}&k={2}", "turn": "?p={1}"})
    assert [r.url for r in found.rows] == [
        "http://a.example/s?id=2&k=a%20b",
        "http://a.example/s?id=1&k=a%20b",
    ]
    assert found.next is not None
    assert found.next.url == f"{BASE}?p=2"


def test_a_first_page_without_rows_is_an_error() -> None:
    with pytest.raises(ListError, match="no row of documents"):
        read("<p>正在查询</p>")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"paging": {"name": "n", "by": "offset"}}, "needs `size`"),
        ({"paging": {"by": "page"}}, "name"),
        ({"clicks": {"open it": "/s?id={1}"}}, "clicks"),
        ({"clicks": {"show": "/s?id=7"}}, "clicks"),
        ({"fields": {"登记号": "indexnumber"}}, "is no field"),
        ({"fields": {"：": "index_number"}}, "label of a column"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PLATFORM.options.model_validate(options)


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=box><h2>通知公告</h2><span>更多</span></div><ul>"
        "<li><a href=t20260301_1.html>关于第一号事项的通知</a><i>2026-03-01</i></li></ul>",
        "<table><tr><th>索引号</th><td>LJ-1</td></tr><tr><th>名称</th><td><a href=/a.html>关于第一号事项的通知</a></td></tr></table>",
        "<form><input type=submit value=下一页></form>",
        f"{TABLE}<a href='list_2.html'>下一页</a>",
    ],
)  # fmt: skip
def test_what_is_no_label_table(markup: str) -> None:
    assert "label_table" not in [name for name, _ in looks_like(f"<html><body>{markup}</body></html>", BASE)]


def test_what_a_row_says_completes_its_document() -> None:
    head = (
        HEAD.replace("信息名称", "项目名称").replace("索 引 号", "报建编号").replace("发布日期：", "发文日期")
    )
    options = {"fields": {"报建编号": "index_number"}}
    row = read(f"<table>{head}{ROWS}</table>", **options).rows[0]
    catalogue = Catalogue(key="t", url=BASE, options=options)
    site = Site(site="a", name="甲", url=BASE, platform="label_table", catalogues=(catalogue,))
    page = f"<html><body><h1>{row.title}</h1><div id=zoom><p>{'现将有关事项通知如下。' * 20}</p></div></body></html>"
    found = extract_with_context(page.encode(), row.url, "text/html", context_of(row), BOOK, site.rules())
    assert found.disclosure is not None
    assert found.disclosure.index_number == "LJ-3"
    assert found.disclosure.title == "关于第3号事项的通知"
    assert found.disclosure.issued_on == date(2026, 3, 3)


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        "; \n",
        "a = {",
        "x = { a: function (",
        "a.b = function (",
        "click: function (n) { return ",
        "u = location.href; '&p=' + ",
    ],
)
def test_a_script_of_beginnings_takes_no_time(piece: str) -> None:
    began = time.monotonic()
    read(
        f"{TABLE}<script>{piece * (60_000 // len(piece))}</script><div class=page>共9页</div><a onclick='go(2)'>下一页</a>"
    )
    assert time.monotonic() - began < 5
