"""Lists that a page holds as data for its script."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable

import pytest

from crawler.lists.inline_lists import with_inline
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, PageRequest
from crawler.platforms.json_api import described
from crawler.scripts.values import scripts_of
from crawler.sites import Catalogue

URL = "https://www.linjiang.example/ljsrmzf/c00145/pc/list.html"
BASE = "https://www.linjiang.example"


def read(script: str, shown: str = "") -> ListPage:
    text = f"<html><head><title>通知公告-临江市</title></head><body><div id='list'>{shown}</div><script>{script}</script></body></html>"
    catalogue = Catalogue(key="list", url=URL)
    request = PageRequest(url=URL, chain="list")
    return platform_of("static_list").parse_list(
        text.encode(), URL, "text/html; charset=utf-8", request, catalogue
    )


def row(number: int) -> dict[str, object]:
    return {
        "id": f"{number}", "title": f"关于第{number}号事项的<em>通知</em>", "pubDate": "2031-03-01 09:30", "writeTime": "2031-02-01",
        "urls": json.dumps({"pc": f"/ljsrmzf/c00145/pc/content/content_20587468{number}.html"}),
    }  # fmt: skip


def flat(number: int) -> dict[str, object]:
    return {
        "channelid": 7,
        "title": f"关于第{number}号事项的公示",
        "daytime": "2031-03-01",
        "url": f"{BASE}/gs/20310301/i{number}.html",
    }


ARTICLES = ",".join(json.dumps(row(n), ensure_ascii=False) for n in range(1, 16))


@pytest.mark.parametrize(
    ("script", "last"),
    [
        ("var listData = { articleList: [@] };".replace("@", ARTICLES), f"{BASE}/ljsrmzf/c00145/pc/content/content_2058746815.html"),
        (
            f"var dataList={json.dumps([{'infolist': [flat(n) for n in range(1, 9)]}, {'infolist': [flat(n) for n in range(8, 16)]}])};",
            f"{BASE}/gs/20310301/i15.html",
        ),
        # a menu beside it, and what is no JSON
        (
            'var menu = [{"title": "首页", "url": "/"}, {"title": "政务公开", "url": "/zwgk/"}]; var s = [{a: 1}];'
            f"render({json.dumps([flat(n) for n in range(1, 16)])});",
            f"{BASE}/gs/20310301/i15.html",
        ),
    ],
)  # fmt: skip
def test_rows_that_a_script_holds(script: str, last: str) -> None:
    found = read(script)
    assert len(found.rows) == 15
    assert found.rows[-1].url == last
    assert {r.hints["published_on"] for r in found.rows} == {"2031-03-01"}
    assert found.rows[0].title in ("关于第1号事项的通知", "关于第1号事项的公示")


def literal(number: int) -> str:
    """A row as JavaScript writes it."""
    address = f"url:'/zw/t20310301_{number}.html'"
    return f"{{id:{number}, 'title': '关于第{number}号事项的'+\"通知\", {address}, /* shown */ date: '2031-03-01',}}"


ROWS = range(1, 16)


@pytest.mark.parametrize(
    "script",
    [
        f"var list = [{','.join(map(literal, ROWS))},]; list.sort(byDate); show(list, 10);",
        f"new Vue({{el: '#app', data() {{ return {{ loading: !0, rows: [{','.join(map(literal, ROWS))}] }} }}, mounted() {{ f(); }}}})",
        "var a = new Array();" + "".join(f"a.push({literal(n)});" for n in ROWS),
        "var a = [], i = 0;" + "".join(f"a[i++] = {literal(n)};" for n in ROWS),
        "var urls = [], titles = [], days = [], i = 0;"
        + "".join(f"urls[i]='/zw/t20310301_{n}.html'; titles[i]=\"关于第{n}号事项的通知\"; days[i]='2031-03-01'; i++;" for n in ROWS),
        "var urls=new Array();var headers=new Array();var i=0;"
        + "".join(
            f"urls[i]='/zw/t20310301_{n}.html';headers[i]=\"<a title='关于'>关于第{n}号事项的通知</a>\";"
            f"year[i]='2031';month[i]='03';day[i]='01';i++;"
            for n in ROWS
        ),
        f"var a = {json.dumps([[f'关于第{n}号事项的通知', f'/zw/t20310301_{n}.html', '2031-03-01'] for n in ROWS])};",
        f"var s = JSON.parse('{json.dumps({'list': [flat(n) for n in ROWS]})}');".replace(f"{BASE}/gs/20310301/i", "/zw/t20310301_")
        .replace("公示", "通知").replace(json.dumps("公示")[1:-1], json.dumps("通知")[1:-1]),
        "window.__NUXT__=(function(a,b,c,d){c.title=\"关于第15号事项的通知\";c.url=\"\\u002Fzw\\u002Ft20310301_15.html\";c.date=b;"
        "return {layout:\"default\",data:[{list:["
        + ",".join(f'{{id:{n},title:"关于第{n}号事项的通知",url:"\\u002Fzw\\u002Ft20310301_{n}.html",date:b}}' for n in range(1, 15))
        + ",c]}],error:a,serverRendered:!0,state:{user:d}}}(null,\"2031-03-01\",{},\"\"));",
    ],
)  # fmt: skip
def test_rows_that_are_written_as_javascript(script: str) -> None:
    found = read(script)
    assert [(r.url, r.title) for r in found.rows] == [
        (f"{BASE}/zw/t20310301_{n}.html", f"关于第{n}号事项的通知") for n in ROWS
    ]
    assert {r.hints["published_on"] for r in found.rows} == {"2031-03-01"}


LINK = "h += '<li><a href=\"/zw/t20310301_' + @ + '.html\">' + name + '</a></li>';"


@pytest.mark.parametrize(
    ("row", "made"),
    [
        (lambda n: [str(n), f"关于第{n}号事项的通知", "2031-03-01"], "data[i][0]"),
        (lambda n: [f"关于第{n}号事项的通知", n, "2031-03-01 09:30"], "row[1]"),
        (lambda n: {"xxid": n, "bt": f"关于第{n}号事项的通知", "fbrq": "2031-03-01"}, "o.xxid"),
        (lambda n: {"id": n, "title": f"关于第{n}号事项的<em>通知</em>", "cate": "公文", "day": "2031-03-01"}, "o.id"),
    ],
)  # fmt: skip
def test_rows_whose_address_a_script_makes_of_a_key_or_a_cell(
    row: Callable[[int], object], made: str
) -> None:
    data = f"var data = {json.dumps([row(n) for n in ROWS], ensure_ascii=False)};"
    found = read(data + LINK.replace("@", made))
    assert [(r.url, r.title) for r in found.rows] == [
        (f"{BASE}/zw/t20310301_{n}.html", f"关于第{n}号事项的通知") for n in ROWS
    ]
    same = f"{data}{LINK.replace('@', 'channel')} var channel = '7';"
    undated = data.replace("2031-03-01", "")
    for other in (data, same, undated + LINK.replace("@", made)):
        text = f"<script>{other}</script>"
        assert with_inline(text, URL) == text


def each(row: str) -> str:
    """Fifteen rows: @ stands for the number of each."""
    return "".join(row.replace("@", str(n)) for n in range(1, 16))


LINKS = each("<li><a href='/gs/20310301/i@.html'>关于第@号事项的公示</a><i>2031-03-01</i></li>")
ITEM = "<item><title>关于第@号事项的公示</title><url>/gs/20310301/i@.html</url><date>2031-03-01</date></item>"
RECORD = "<record><![CDATA[<li><a href='/gs/20310301/i@.html'>关于第@号事项的公示</a><i>2031-03-01</i></li>]]></record>"
FLAT = json.dumps([flat(n) for n in range(1, 16)], ensure_ascii=False)


@pytest.mark.parametrize(
    "held",
    [
        f"<textarea id='data' style='display:none'>{LINKS}</textarea>",
        f"<textarea id='data' style='display:none'>{html.escape(LINKS)}</textarea>",
        f"<textarea id='data' style='display:none'>{html.escape(FLAT)}</textarea>",
        f'<div id="app" data-list="{html.escape(FLAT)}"></div>',
        f"<div id='app' data-rows='{html.escape(LINKS)}'></div>",
        f"<script type='text/template' id='rows'>{LINKS}</script>",
        f"<script type='text/xml'><list>{each(ITEM)}</list></script>",
        f"<script type='text/xml'><data><recordset>{each(RECORD)}</recordset></data></script>",
        f"<xml id='rows' style='display:none'><list>{each(ITEM)}</list></xml>",
        each(
            "<li data-url='/gs/20310301/i@.html' data-title='关于第@号事项的公示' data-time='2031-03-01'></li>"
        ),
    ],
)
def test_rows_that_a_page_holds_outside_of_its_scripts(held: str) -> None:
    listed = read("", shown=held)
    assert [row.url for row in listed.rows] == [f"{BASE}/gs/20310301/i{n}.html" for n in range(1, 16)]
    assert {row.title for row in listed.rows} == {f"关于第{n}号事项的公示" for n in range(1, 16)}
    assert {row.hints["published_on"] for row in listed.rows} == {"2031-03-01"}


def test_what_stands_in_fields_and_attributes_beside_a_list_is_none() -> None:
    """An editor's field, a menu in an attribute, a template: the rows that the page shows are the list."""
    others = "".join(
        f"<li><a href='/xw/{n}.html'>第{n}条临江要闻的标题</a><i>2031-02-01</i></li>" for n in range(30)
    )
    menu = html.escape(
        json.dumps([{"title": "政务公开信息", "url": f"/c{n}/", "date": "2031-01-01"} for n in range(30)])
    )
    listed = read("", shown=f'<ul>{LINKS}</ul><textarea>{others}</textarea><div data-menu="{menu}"></div>')
    assert [row.url for row in listed.rows] == [f"{BASE}/gs/20310301/i{n}.html" for n in range(1, 16)]


def test_the_number_of_all_rows_beside_them() -> None:
    """The first page of a list that a component goes on with: what is not there is said to be missing."""
    for state in (
        f'window.__INITIAL_STATE__={{"news": {{"total": "45", "rows": [{ARTICLES}]}}, "menu": [{{"title": "首页", "url": "/"}}]}};',
        f"window.__NUXT__=(function(a){{return {{data:[{{count:a,list:[{ARTICLES}]}}]}}}}(45));",
    ):
        found = read(state)
        assert (len(found.rows), found.total, found.last_page, found.next) == (15, 45, 3, None)


def shown(numbers: range, pager: str = "") -> str:
    rows = "".join(
        f"<li><a href='/gs/20310301/i{n}.html'>关于第{n}号事项的公示</a><i>2031-03-01</i></li>"
        for n in numbers
    )
    return f"<ul>{rows}</ul>{pager}"


def test_a_list_of_which_the_page_shows_the_first_rows() -> None:
    """A script pages through what it holds: the rest is there, and no page beyond."""
    data = f"var data = {json.dumps([flat(n) for n in range(1, 46)])}; page(data, 15);"
    found = read(data, shown(range(1, 16), "<div class='page'>共3页</div>"))
    assert (len(found.rows), found.last_page, found.next) == (45, 1, None)
    assert len(read(data, shown(range(1, 16))).rows) == 45
    # Of four pages one is not in it.
    found = read(data, shown(range(1, 16), "<div class='page'>共4页</div>"))
    assert (len(found.rows), found.last_page) == (45, 4)


def test_rows_whose_keys_say_nothing() -> None:
    """They are told by what they hold: a day, a title, an address, which may be one of several in a text of its own."""
    rows = [
        {
            "aId": f"9c21{n}",
            "aPic": f"/images/{n}.jpg",
            "aT": f"关于第{n}号事项的通知",
            "aPd": "2031-03-01 09:00:00",
            "aU": json.dumps({"common": f"/zw/t20310301_{n}.html", "mobile": f"/m/t20310301_{n}.html"}),
        }
        for n in ROWS
    ]
    found = read(f"var held = {json.dumps({'articles': rows, 'total': 45})};")
    assert [(r.url, r.title) for r in found.rows] == [
        (f"{BASE}/zw/t20310301_{n}.html", f"关于第{n}号事项的通知") for n in ROWS
    ]
    for other in (
        [{"aT": "关于第1号事项的通知", "aPd": "2031-03-01", "aU": "/zw/"}] * 5,  # the same address each time
        [{k: v for k, v in row.items() if k != "aPd"} for row in rows],
        [{**row, "aU": row["aPic"]} for row in rows],
        rows[:2],
    ):
        text = f"<script>var held = {json.dumps(other)};</script>"
        assert with_inline(text, URL) == text


def test_other_lists_in_the_data_are_not_this_one() -> None:
    rows = [flat(n) for n in range(1, 46)]
    for other in (
        rows[5:],  # another column's
        [rows[1], rows[0], *rows[2:]],  # of another order: everything, of which the page shows a part
    ):
        assert len(read(f"var data = {json.dumps(other)};", shown(range(1, 16))).rows) == 15
    for columns in (
        [{"name": "公告", "list": rows[:30]}, {"name": "公示", "list": rows[30:]}],
        [{"total": 30, "list": rows[:30]}, {"total": 15, "list": rows[30:]}],
    ):
        for page in ("", shown(range(1, 16))):
            assert len(read(f"var data = {json.dumps(columns)};", page).rows) == 30


def test_rows_that_the_page_shows_come_first() -> None:
    shown = (
        "<ul>"
        + "".join(
            f"<li><a href='content/c_{n}00000.html'>关于第{n}号事项的意见</a><i>2031-03-02</i></li>"
            for n in range(3)
        )
        + "</ul>"
    )
    assert len(read(f"var d = [{ARTICLES}];", shown).rows) == 3


def test_data_that_is_no_list_of_documents() -> None:
    for script in (
        'var menu = [{"title": "首页", "url": "/"}, {"title": "政务公开", "url": "/zwgk/"}];',
        'var slides = [{"title": "图一", "img": "/a.png", "date": "2031-03-01"}];',
        "var a = [{" * 5000,
        "var a = " + '[{"a":' * 3000,
        "var a = " + "[" * 3000,
        "var a = " + "{a:" * 3000,
        "var a = " + "{a:[" * 3000,
        "f({" * 3000,
        "a.push({" * 3000,
        "a[0]='" * 3000,
        "window.__NUXT__=(function(a){" + "a.b={" * 3000 + "}(" * 3000,
        "var a = [{title: '关于第1号事项的通知', url: make(1), date: '2031-03-01'}];",
        "var a = [{title: '关于' + n + '的通知', url: '/a/' + id + '.html', date: '2031-03-01'}];",
    ):
        text = f"<script>{script}</script>"
        assert with_inline(text, URL) == text


def test_half_a_character_in_a_title() -> None:
    row = '{"title": "\\ud83d关于第1号事项的通知", "url": "/a/1.html", "date": "2031-03-01"}'
    for script in (f"var a = [{row}];", f"var a = [{row.replace('date:', 'day:').replace('{', '{x: 1, ')}];"):
        (found,) = read(script).rows
        assert (found.title or "").endswith("关于第1号事项的通知")


@pytest.mark.parametrize(
    ("wrapped", "path"),
    [
        (lambda item: item, "urls.pc"),
        (lambda item: {"score": 1.0, "source": item}, "source.urls.pc"),
        (lambda item: {"source": {"url": "/a/1.html", "title": item["title"]}}, "source.url"),
    ],
)
def test_addresses_within_the_rows_of_an_answer(wrapped: object, path: str) -> None:
    """{"source": {"urls": "{\\"pc\\": …}"}}, as a search engine behind the list answers."""
    rows = [wrapped(row(n)) for n in range(1, 4)]  # type: ignore[operator]
    seen = described(
        json.dumps({"data": {"total": 3, "results": rows}}),
        f"{BASE}/queryList",
        {"paging": {"name": "current"}},
    )
    assert seen is not None
    assert seen.catalogues[0][3]["url"] == path
    assert seen.catalogues[0][3]["rows"] == "data.results"


@pytest.mark.parametrize(
    "piece",
    ["<script>", "f({a:1,b:[", "=[", "a.push({b:", "x={a:(1,", "x=[/*", "x=['", "[{title:'a',url:'/a',b:1},", "=(function(a){", "a.b.c"],
)  # fmt: skip
def test_a_page_of_beginnings_takes_no_time(piece: str) -> None:
    text = "<script>" + piece * 30_000 + "}(" + "</script>"
    begun = time.process_time()
    with_inline(text, URL)
    scripts_of(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "piece",
    [
        "<textarea>",
        "<xml",
        "<script type='text/xml'>",
        " data-a='[",
        ' a="[{',
        "<li data-",
        "<li ",
        "<a><b c='[1",
        "<?xml ?>",
    ],
)
def test_a_page_of_beginnings_outside_of_scripts_takes_no_time(piece: str) -> None:
    begun = time.process_time()
    with_inline(piece * 30_000, URL)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("shown", [0, 10])
def test_rows_whose_title_is_the_link_are_put_in_one_by_one(shown: int) -> None:
    """What layui's table is given: {"title": '<a href="…">…</a>'}; the page shows ten rows of it, or none."""
    cells = [(f"/zcfgk/zzs/{1593 + n}.htm", f"临江市关于第{n}号事项的通知") for n in range(45)]
    pushed = "".join(
        f'datajson.push({{ "id": \'{n}\', "bt": \'<a href="{url}" target="_blank">{title}</a>\', "publishDate": \'2031-03-01\' }});\n'
        for n, (url, title) in enumerate(cells)
    )
    rows = "".join(
        f"<li><a href='{url}'>{title}</a><span>2031-03-01</span></li>" for url, title in cells[:shown]
    )
    found = read(f"var datajson = [];\n{pushed}table.render({{data: datajson, page: true}});", rows)
    assert [(one.url, one.title) for one in found.rows] == [(f"{BASE}{url}", title) for url, title in cells]


def test_empty_lists_hold_no_rows() -> None:
    text = "<html><body><script>var a = [[], []];</script></body></html>"
    assert with_inline(text, "http://a.example/") == text
