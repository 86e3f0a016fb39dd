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
from crawler.recognise import looks_like
from crawler.row_context import context_of, extract_with_context
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


def test_rows_cells_and_pages_that_the_site_file_states() -> None:
    other = TABLE.replace("<table>", "<table class=news>").replace("show.jsp", "news.jsp")
    found = read(
        other * 3 + TABLE.replace("<tr><td>", "<tr class=doc><td>"), row="tr.doc", paging={"name": "p"}
    )
    assert [row.url for row in found.rows] == [f"http://a.example/gkml/show.jsp?id={n}" for n in (3, 2, 1)]
    assert found.rows[0].record == {
        "索引号": "LJ-3",
        "信息名称": "关于第3号事项的通知",
        "发布日期": "2026-03-03",
    }
    assert found.next is not None
    assert found.next.url == f"{BASE}?p=2"
    bare = f"<table>{ROWS}</table>".replace("<td>LJ-", "<td><b>办法</b>关于某事项的办法之")
    found = read(bare, row="tr", title="td:nth-child(2)", columns=("序号", "文件名称", "备注", "成文日期"))
    assert [row.title for row in found.rows] == [f"办法关于某事项的办法之{n}" for n in (3, 2, 1)]
    assert list(found.rows[0].record or ()) == ["文件名称", "备注", "成文日期"]


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


@pytest.mark.parametrize(
    ("day", "count"), [("[03-0{n}]", 3), ("3月{n}日", 3), ("03-0{n}", 2), ("1{n}-40", 3)]
)
def test_rows_that_open_by_a_click_and_show_days_without_a_year(day: str, count: int) -> None:
    row = f"<tr><td><a href=\"javascript:show('{{n}}')\">关于第{{n}}号事项的通知</a></td><td>{day}</td></tr>"
    rows = "".join(row.format(n=n) for n in range(1, count + 1))
    script = "<script>function show(id) { window.open('/zw/' + id + '.html'); }</script>"
    page = f"<html><body>{script}<table>{rows}</table><a href='list2.htm'>2</a> <a href='list3.htm'>3</a></body></html>"
    seen = platform_of("label_table").recognise(page, "http://a.example/zw/list.htm")
    assert (seen is not None) == (count == 3 and "40" not in day)


def test_a_row_that_is_one_click_shows_its_title_beside_its_day() -> None:
    shown = "<span class='list-title'>关于第{n}号事项的通知</span><span>2026-03-0{n}</span>"
    row = f"<li><a onclick=\"isDownLoad(this,'/t2026030{{n}}_7.html')\">{shown}</a></li>"
    found = read(f"<ul>{row.format(n=2)}{row.format(n=1)}</ul>").rows
    assert [(r.title, r.hints["published_on"]) for r in found] == [
        ("关于第2号事项的通知", "2026-03-02"),
        ("关于第1号事项的通知", "2026-03-01"),
    ]


def test_each_row_may_name_its_values() -> None:
    item = (
        "<div class=i><p><a href=s?id={n}>关于第{n}号事项的通知</a></p>"
        "<p>索引号：LJ-{n}  文 号：临政发〔2026〕{n}号</p><p>发布日期：2026-03-01</p></div>"
    )
    found = read(item.format(n=2) + item.format(n=1)).rows
    assert found[0].record is not None
    assert (found[0].record["索引号"], found[0].record["发布日期"]) == ("LJ-2", "2026-03-01")


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
