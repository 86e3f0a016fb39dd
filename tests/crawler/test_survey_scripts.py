"""What a look at a site finds out of the requests that a page's script makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.sites import load_site
from tests.crawler.survey_pages import BASE, document, drafted, listing, look


@pytest.mark.parametrize("inside", [True, False])
def test_a_list_that_the_pages_script_asks_for(inside: bool, tmp_path: Path) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 26)
    ]
    code = "var c = 'gw'; function load(p) { $.get('/api/list?c=' + c + '&pageNo=' + p, show) } load(1)"
    script = (
        f"<script>{code}</script>"
        if inside
        else "<script src='/js/jquery.js'></script><script src='/js/list.js'></script>"
    )
    nav = "<ul><li><a href='/a/'>首页</a></li><li><a href='/b/'>政务公开</a></li><li><a href='/c/'>互动交流</a></li></ul>"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件-临江市</title></head><body>{nav}<ul id='rows'></ul>{script}</body></html>",
        "/js/list.js": code,
        "/api/list?c=gw&pageNo=1": json.dumps({"total": 25, "data": {"list": rows[:20]}}),
        "/api/list?c=gw&pageNo=2": json.dumps({"total": 25, "data": {"list": rows[20:]}}),
    }
    survey, asked = look(pages, "/zwgk/list.html")
    assert survey.can_tell, survey
    assert [(one.url, one.name, len(one.rows)) for one in survey.lists] == [
        (f"{BASE}/api/list?c=gw&pageNo=1", "政府文件", 25)
    ]
    assert "/js/jquery.js" not in asked
    assert "platform: json_api" in drafted(survey, tmp_path)


ROWS_OF_HTML = "<ul class='clearfix'>{}</ul><script>Ls.pagination('#p', load, {{currPage: ({}+1), pageCount: 2}})</script>"


@pytest.mark.parametrize("shown_at_once", [False, True])
def test_rows_that_the_pages_script_loads_as_html(shown_at_once: bool, tmp_path: Path) -> None:
    """Each page of rows is a piece of HTML; the first one may stand in the page as well."""
    rows = [
        f"<li><a href='/zwgk/gongwen/202603/t20260301_{n}.html'>临江市关于第{n}号事项的通知</a><i>2026-03-01</i></li>"
        for n in range(1, 26)
    ]
    first, second = ROWS_OF_HTML.format("".join(rows[:15]), 0), ROWS_OF_HTML.format("".join(rows[15:]), 1)
    code = "function load(pageIndex) { $('#list').load('/site/label/8?catId=7&pageIndex=' + pageIndex); }"
    shown = first if shown_at_once else ""
    pages = {
        "/public/column/7?type=4": f"<html><head><title>政府文件-临江市</title></head><body><div id='list'>{shown}</div>"
        f"<script>{code}</script></body></html>",
        "/site/label/8?catId=7&pageIndex=1": first,
        "/site/label/8?catId=7&pageIndex=2": second,
    }
    survey, _ = look(pages, "/public/column/7?type=4")
    assert survey.can_tell, survey
    found = [(one.url, one.name, len(one.rows)) for one in survey.lists]
    assert found == [(f"{BASE}/site/label/8?catId=7&pageIndex=1", "政府文件", 25)]
    text = drafted(survey, tmp_path)
    assert "platform: label_table" in text
    assert "name: pageIndex" in text


@pytest.mark.parametrize(
    "code", ["$.get('part_' + n + '.html', function (h) { $('#list').html(h); });", "$('#list').load('part_' + n + '.html');"]
)  # fmt: skip
def test_rows_that_the_pages_script_loads_as_html_from_numbered_files(code: str, tmp_path: Path) -> None:
    parts = [listing("./", first, 10).partition("<body>")[2] for first in (1, 11, 21)]
    head = "<html><head><title>政府文件-临江市</title></head>"
    pages = {
        "/zwgk/gongwen/": f"{head}<body><ul id='list'></ul><script>function go(n) {{ {code} }}</script></body></html>"
    }
    pages |= {f"/zwgk/gongwen/part_{n}.html": part for n, part in enumerate(parts, 1)}
    survey, _ = look(pages)
    (one,) = survey.lists
    assert (len(one.rows), one.paging.word) == (20, "sure")
    assert one.options == {"pages": {"pattern": "part_{n}.html", "first": 2}}
    assert "platform: static_list" in drafted(survey, tmp_path)


@pytest.mark.parametrize(
    ("start", "further", "script", "pattern"),
    [
        # what the address says of its page's number
        ("/zwgk/list?cat=7&pageNo=1", "/zwgk/list?cat=7&pageNo=@", "", "?cat=7&pageNo={n}"),
        # what only its script speaks of, where more pages are known
        ("/zwgk/list?cat=7", "/zwgk/list?cat=7&pageIndex=@", "go(pageIndex, {currPage: 1, pageCount: 2})", "?cat=7&pageIndex={n}"),
        # the ending of the documents, where the address is a directory
        ("/zwgk/gongwen/", "/zwgk/gongwen/index_@.shtml", "var countPage = 2;", "index_{n}.shtml"),
        # the page of an application that says its size
        ("/zwgk/list", "/zwgk/list?page=@", "go({currPage: 1, pageCount: 2})", "?page={n}"),
        # a first page that is called by its number, and one that is called by that of its template
        ("/zwgk/list/index_pc_1.html", "/zwgk/list/index_pc_@.html", "var totalData = 25;", "index_pc_{n}.html"),
        ("/zwgk/index_3081.html", "/zwgk/index_3081_@.html", "", "index_3081_{n}.html"),
    ],
)  # fmt: skip
def test_numbered_pages_that_no_link_leads_to(
    start: str, further: str, script: str, pattern: str, tmp_path: Path
) -> None:
    def page(first: int, count: int, code: str) -> str:
        rows = "".join(
            f"<li><a href='/zwgk/gongwen/202603/t20260301_{n}.shtml'>临江市关于第{n}号事项的通知</a><i>2026-03-01</i></li>"
            for n in range(first, first + count)
        )
        return f"<html><head><title>政府文件-临江市</title></head><body><ul>{rows}</ul><script>{code}</script></body></html>"

    pages = {
        start: page(1, 15, script),
        further.replace("@", "2"): page(16, 10, script.replace("currPage: 1", "currPage: 2")),
        further.replace("@", "3"): page(16, 0, ""),
        **{f"/zwgk/gongwen/202603/t20260301_{n}.shtml": document(n) for n in range(1, 26)},
    }
    survey, asked = look(pages, start)
    (one,) = survey.lists
    assert one.options["pages"] == {"pattern": pattern, "first": 2}
    assert (len(one.rows), one.paging.value) == (25, "followed")
    assert len(asked) < 12
    drafted(survey, tmp_path)


def test_the_request_of_a_page_that_looks_like_a_platform_that_it_is_not() -> None:
    """A channel's id of 32 digits makes it look like UCAP, whose address for lists is not there."""
    channel = "9c2314405df140af83649dff8f30055b"
    rows = [
        {
            "url": f"/zwgk/gongwen/202603/t20260301_{n}.html",
            "title": f"关于第{n}号事项的通知",
            "time": "2026-03-01",
        }
        for n in range(1, 16)
    ]
    code = f"var channelid = '{channel}'; $.get('/cms/qryList', {{channelid: channelid, pageNum: n, pageSize: 15}}, show);"
    menu = f"<ul><li channelid='{channel}'>川府发</li></ul><div id='page_div'></div>"
    pages = {
        "/zwgk/list.shtml": f"<html><head><title>政府文件</title></head><body>{menu}<script>{code}</script></body></html>",
        f"/cms/qryList?channelid={channel}&pageNum=1&pageSize=15": json.dumps({"total": 15, "list": rows}),
    }
    survey, _ = look(pages, "/zwgk/list.shtml")
    assert [len(one.rows) for one in survey.lists] == [15], survey.problem


def test_an_answer_without_rows_is_said() -> None:
    """The list wants a token, which a script of another file keeps in a cookie."""
    code = "<script>$.ajax({url: '/rest/list', type: 'post', headers: {Authorization: t()}, data: {pageIndex: n}});</script>"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul id='list'></ul>{code}</body></html>",
        "/rest/list": '{"status": {"code": 401}}',
    }
    survey, _ = look(pages, "/zwgk/list.html")
    assert not survey.can_tell
    assert f"its script asks {BASE}/rest/list, and the answer holds no rows" in (survey.problem or "")


def test_a_table_whose_further_pages_are_numbered_files() -> None:
    """What stands above its rows makes it no table whose pages a query asks for."""

    def page(first: int, count: int) -> str:
        rows = "".join(
            f"<tr><td>{n}</td><td><a href='./202603/t20260301_{n}.html'>临江市关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
            for n in range(first, first + count)
        )
        head = "<tr><th>序号</th><th>名称</th><th>发布日期</th></tr>"
        config = "<script>var pagination_script_config = {pageNumber: '0', total: '2'};</script>"
        return f"<html><head><title>政府文件-临江市</title></head><body><table>{head}{rows}</table>{config}</body></html>"

    pages = {
        "/zwgk/gongwen/index.html": page(1, 15),
        "/zwgk/gongwen/index_1.html": page(16, 10),
        **{f"/zwgk/gongwen/202603/t20260301_{n}.html": document(n) for n in range(1, 26)},
    }
    survey, _ = look(pages, "/zwgk/gongwen/index.html")
    assert survey.platform is not None
    assert survey.platform.value == "static_list"
    assert survey.lists[0].options["pages"] == {"pattern": "index_{n}.html", "first": 1}


def test_a_whole_page_is_no_answer_to_a_script() -> None:
    """The front page in place of rows."""
    code = "<script>$('#list').load('/site/label/8?pageIndex=' + pageIndex);</script>"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul id='list'></ul>{code}</body></html>",
        "/site/label/8?pageIndex=1": listing("/xwzx/", 1, 20),
    }
    survey, _ = look(pages, "/zwgk/list.html")
    assert not survey.can_tell


@pytest.mark.parametrize("whole", [False, True])
def test_a_piece_of_a_page_that_a_script_loads_is_the_list(whole: bool) -> None:
    """But no whole page in its place, which says that nothing is there."""
    code = "<script>$('#list').load('/opennessTarget/?column_code=19');</script>"
    rows = listing(
        "/zwgk/", 1, 15, pager="<div class='page'><a href='?column_code=19&page=2'>下一页</a></div>"
    )
    pages = {
        "/opennessContent/?column_code=19": f"<html><head><title>信息公开</title></head><body><div id='list'></div>{code}</body></html>",
        "/opennessTarget/?column_code=19": rows if whole else rows[rows.index("<ul") :],
        **{f"/zwgk/202603/t20260301_{n}.html": document(n) for n in range(1, 16)},
    }
    survey, _ = look(pages, "/opennessContent/?column_code=19")
    assert survey.can_tell is not whole
    assert whole or [one.url for one in survey.lists] == [f"{BASE}/opennessTarget/?column_code=19"]


def test_a_list_that_is_called_by_a_number(tmp_path: Path) -> None:
    """/list/2.html is a catalogue whose key a YAML reader would take for a number."""
    survey, _ = look({"/list/2.html": listing("/list/", 1, 12)}, "/list/2.html")
    drafted(survey, tmp_path)
    assert load_site(tmp_path / "linjiang.yml").catalogues[0].key == "2"


@pytest.mark.parametrize("preview", ["", " preview='ds_'", " preview='list_'"])
def test_rows_in_a_file_that_the_page_names_as_its_source(preview: str, tmp_path: Path) -> None:
    """A page whose list is a component: <ul data="datasource:40d3…"> stands for ds_40d3….json beside it."""
    key = "40d365c13659452aa06cdb7268d6192e"
    rows: list[dict[str, str]] = [
        {
            "title": f"<a href='/zwgk/gongwen/202603/t20260301_{n}.html'>关于第{n}号事项的通知</a>" if n % 2 else f"关于第{n}号事项的通知",
            "publishUrl": f"../zwgk/gongwen/202603/t20260301_{n}.html", "publishTime": "2026-03-01 09:00:00",
        }
        for n in range(1, 41)
    ]  # fmt: skip
    name = "list_" if "list_" in preview else "ds_"
    pages = {
        "/policy/zxwj.htm": f"<html><head><title>最新文件</title></head><body><ul id='showData0' data='datasource:{key}'{preview}></ul>"
        "<script src='/js/vue.min.js'></script></body></html>",
        f"/policy/{name}{key}.json": json.dumps({"categoryDisplayName": "最新文件", "datasource": rows}),
    }
    survey, asked = look(pages, "/policy/zxwj.htm")
    assert [(one.url, one.name, len(one.rows)) for one in survey.lists] == [
        (f"{BASE}/policy/{name}{key}.json", "最新文件", 40)
    ]
    assert {row.title for row in survey.lists[0].rows} == {f"关于第{n}号事项的通知" for n in range(1, 41)}
    assert len(asked) == 5
    assert "platform: json_api" in drafted(survey, tmp_path)


def test_answers_in_the_call_of_a_function(tmp_path: Path) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    code = "function load(n) { $.ajax({url: '/api/list', dataType: 'jsonp', data: {cat: 7, pageNo: n}, success: show}) }"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul></ul><script>{code}</script></body></html>"
    }
    for n in (1, 2, 3):
        body = json.dumps({"total": 45, "list": rows[(n - 1) * 20 : n * 20]})
        pages[f"/api/list?cat=7&pageNo={n}"] = f"jQuery17({body});"
    survey, _ = look(pages, "/zwgk/list.html")
    (one,) = survey.lists
    assert (len(one.rows), one.paging.value) == (40, "followed")
    assert "platform: json_api" in drafted(survey, tmp_path)


@pytest.mark.parametrize("linked", [True, False])
def test_a_feed_is_no_list_and_leads_to_one(linked: bool) -> None:
    """A feed holds the newest: documents that leave it would be taken for withdrawn from the list."""
    items = "".join(
        f"<item><title>第{n}号</title><link>{BASE}/t20260301_{n}.html</link></item>" for n in range(1, 16)
    )
    home = f"<link>{BASE}/zwgk/gongwen/</link>" if linked else ""
    pages = {
        "/rss/7.xml": f"<?xml version='1.0'?><rss version='2.0'><channel><title>文件</title>{home}{items}</channel></rss>",
        "/zwgk/gongwen/": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/rss/7.xml")
    assert [one.url for one in survey.lists] == ([f"{BASE}/zwgk/gongwen/"] if linked else [])
    assert linked or "is a feed" in (survey.problem or "")


@pytest.mark.parametrize("dated", [True, False])
def test_rows_in_a_script_file_of_their_own(dated: bool, tmp_path: Path) -> None:
    """Menus and links to other offices are kept so too, without days."""
    rows = [
        {
            "title": f"关于第{n}号事项的通知",
            "url": f"/zwgk/gongwen/202603/t20260301_{n}.html",
            "day": "2026-03-01" if dated else "7",
        }
        for n in range(1, 46)
    ]
    pages = {
        "/zwgk/list.html": "<html><head><title>政府文件</title></head><body><ul></ul><script src='./data.js'></script></body></html>",
        "/zwgk/data.js": f"var dataList = {json.dumps(rows)};\nvar size = 15;",
    }
    survey, _ = look(pages, "/zwgk/list.html")
    if not dated:
        assert survey.lists == []
        return
    assert [(one.url, one.options["rows"], len(one.rows)) for one in survey.lists] == [
        (f"{BASE}/zwgk/data.js", "", 45)
    ]
    drafted(survey, tmp_path)


def test_addresses_in_an_answer_are_relative_to_the_page_that_shows_them(tmp_path: Path) -> None:
    rows = [
        {
            "title": f"关于第{n}号事项的通知",
            "path": f"./202603/t20260301_{n}.html",
            "url": f"202603/t20260301_{n}.html",
        }
        for n in range(1, 20)
    ]
    code = "<script>function load(n) { $.getJSON('/api/v1/list', {page: n}, show); } load(1);</script>"
    pages = {
        "/zwgk/gongwen/list.html": f"<html><head><title>政府文件</title></head><body><ul></ul>{code}</body></html>",
        "/api/v1/list?page=1": json.dumps({"total": 19, "rows": rows}),
    }
    survey, _ = look(pages, "/zwgk/gongwen/list.html")
    assert survey.lists[0].rows[0].url == f"{BASE}/zwgk/gongwen/202603/t20260301_1.html"
    drafted(survey, tmp_path)


def test_rows_without_addresses_have_those_that_the_page_makes_of_them(tmp_path: Path) -> None:
    rows = [{"key": {"id": n}, "title": f"关于第{n}号事项的通知"} for n in range(1, 30)]
    code = "<script>function load(n) { $.getJSON('/api/list', {page: n}, show); } load(1);</script>"
    link = "<li v-for='item in list'><a :href=\"'../gongwen/202603/t20260301_' + item.key.id + '.html'\">{{ item.title }}</a></li>"
    pages = {
        "/zwgk/gw/list.html": f"<html><head><title>政府文件</title></head><body><ul>{link}</ul>{code}</body></html>",
        "/api/list?page=1": json.dumps({"total": 29, "rows": rows}),
    }
    survey, _ = look(pages, "/zwgk/gw/list.html")
    assert survey.can_tell
    assert survey.lists[0].options["url"] == f"{BASE}/zwgk/gongwen/202603/t20260301_{{key.id}}.html"
    assert survey.lists[0].rows[0].url == f"{BASE}/zwgk/gongwen/202603/t20260301_1.html"
    drafted(survey, tmp_path)


WRAPPED = [
    '{{"code": 0, "total": 25, "data": {{"html": {}}}}}',
    '{{"count": 25, "records": [{}]}}',
    "<?xml version='1.0'?><answer><total>25</total><rows><![CDATA[{}]]></rows></answer>",
]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_rows_of_html_in_an_answer(wrapped: str, tmp_path: Path) -> None:
    rows = [
        f"<li><a href='/zwgk/gongwen/202603/t20260301_{n}.html'>临江市关于第{n}号事项的通知</a><i>2026-03-01</i></li>"
        for n in range(1, 26)
    ]
    code = "function load(n) { $.post('/site/list', {cat: 7, pageIndex: n}, function (d) { $('#list').html(d.html) }); }"
    page = f"<html><head><title>政府文件-临江市</title></head><body><div id='list'></div><script>{code}</script></body></html>"

    def answer(form: str) -> str:
        number = int(form.rpartition("=")[2])
        shown = "".join(rows[15 * (number - 1) : 15 * number]) if number else ""
        return wrapped.format(shown if wrapped.startswith("<") else json.dumps(shown))

    survey, _ = look({"/zwgk/list.html": page}, "/zwgk/list.html", posted={"/site/list": answer})
    (one,) = survey.lists
    assert (one.url, len(one.rows), one.paging.value) == (f"{BASE}/site/list", 25, "followed")
    assert "platform: label_table" in drafted(survey, tmp_path)


def test_two_lists_of_one_page_are_not_one() -> None:
    """通知 and 公告, each asked for by a function of its own: the one that is taken is not all that the page shows."""
    rows = {
        name: [{"title": f"关于第{n}号事项的通知", "url": f"/zwgk/202603/t20260301_{n}.html", "date": "2026-03-01"} for n in numbers]
        for name, numbers in (("tz", range(1, 6)), ("gg", range(11, 16)))
    }  # fmt: skip
    code = "".join(f"$.get('/api/{name}', {{page: p, size: 15}}, show);" for name in rows)
    pages = {
        "/zwgk/list.html": f"<html><head><title>公告-临江市</title></head><body><script>{code}</script></body></html>",
        **{
            f"/api/{name}?page=1&size=15": json.dumps({"total": 5, "rows": held})
            for name, held in rows.items()
        },
    }
    survey, _ = look(pages, "/zwgk/list.html")
    assert [one.url.partition("?")[0] for one in survey.lists] == [f"{BASE}/api/tz"]
    assert [post.url.partition("?")[0] for post in survey.left_out] == [f"{BASE}/api/gg"]
    assert not survey.is_certain
    again = pages | {
        "/zwgk/list.html": pages["/zwgk/list.html"].replace(
            "/api/gg', {page: p, size: 15}", "/api/tz', {page: p, size: 5}"
        )
    }
    again["/api/tz?page=1&size=5"] = again["/api/tz?page=1&size=15"]
    survey, _ = look(again, "/zwgk/list.html")
    assert survey.left_out == []
