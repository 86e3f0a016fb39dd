"""Lists of which each part tells how the next one is asked for, of which a drop-down chooses one, or which begin in the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from archive.identity import url_key
from crawler.lists.choices import choices, lists_beside, open_choices, posted_choices
from crawler.lists.rows import parse_html
from crawler.scripts.tabs import tabs
from tests.crawler.survey_pages import BASE, document, drafted, listing, look

SHOW = "function show(rows) { rows.forEach(function (o) {\
 h += '<li><a href=\"/zwgk/gongwen/202603/t20260301_' + o.id + '.html\">' + o.title + '</a></li>'; }) }"


def rows(first: int, count: int) -> list[dict[str, Any]]:
    return [
        {"id": n, "title": f"关于第{n}号事项的通知", "date": "2026-03-01"}
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("sent", "given", "parts", "cursor"),
    [
        ("lastId: lastId", "lastId = r.data[r.data.length - 1].id", ("", "15"), "data[-1].id"),
        ("lastId: lastId", "r.data.forEach(function (x) { lastId = x.id })", ("", "15"), "data[-1].id"),
        ("nextToken: token", "token = r.nextToken", ("", "t2"), "nextToken"),
        ("scroll_id: this.sid", "this.sid = r.next.sid", ("", "s2"), "next.sid"),
    ],
)
def test_a_list_that_goes_on_from_what_the_part_before_told(
    sent: str, given: str, parts: tuple[str, str], cursor: str, tmp_path: Path
) -> None:
    name = sent.partition(":")[0]
    code = f"var lastId = '', token = ''; function more() {{\
 $.get('/api/list', {{cid: 5, {sent}}}, function (r) {{ show(r.data); {given}; }}) }}"
    told = {"nextToken": "t2", "next": {"sid": "s2"}}
    pages: dict[str, str | tuple[int, str]] = {
        "/tz/": f"<html><head><title>通知公告</title></head><body><ul></ul><script>{SHOW}{code}</script></body></html>",
        f"/api/list?cid=5&{name}={parts[0]}": json.dumps({"data": rows(1, 15), **told}),
        f"/api/list?cid=5&{name}={parts[1]}": json.dumps({"data": rows(16, 4)}),
    }
    survey, _ = look(pages, "/tz/")
    assert survey.can_tell, survey
    (one,) = survey.lists
    assert one.options["paging"] == {"by": "cursor", "name": name, "cursor": cursor}
    assert (len(one.rows), one.paging.value) == (19, "followed")
    drafted(survey, tmp_path)


def test_each_year_of_a_drop_down_that_a_script_sends() -> None:
    """Only the year that is shown first was a catalogue, and told as the whole list."""
    options = "".join(f"<option value='{y}'>{y}</option>" for y in (2026, 2025, 2024))
    code = "function load(n) { $.post('/api/year', {year: $('#year').val(), page: n}, function (r) { show(r.rows) }) }"
    page = f"<html><head><title>文件</title></head><body>\
<select id='year'>{options}</select><ul></ul><script>{SHOW}{code}</script></body></html>"

    def answer(form: str) -> str:
        sent = {key: held[0] for key, held in parse_qs(form).items()}
        first = {"2026": 1, "2025": 101, "2024": 201}[sent["year"]] + 10 * (int(sent["page"]) - 1)
        return json.dumps(
            {"total": 12, "rows": rows(first, 10 if sent["page"] == "1" else 2 if sent["page"] == "2" else 0)}
        )

    survey, _ = look({"/wj/": page}, "/wj/", posted={"/api/year": answer})
    assert [(one.name, one.options["form"]["year"], len(one.rows)) for one in survey.lists] == [
        ("2026", "2026", 12), ("2025", "2025", 12), ("2024", "2024", 12),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("10", "20", "50"), []),
        (("按标题", "按正文"), []),
        (("全部", "2026", "2025"), ["全部"]),
        (("2025年", "2024年"), ["2025年", "2024年"]),
    ],
)
def test_options_that_are_lists(options: tuple[str, ...], found: list[str]) -> None:
    shown = "".join(f"<option value='{at}'>{words}</option>" for at, words in enumerate(options))
    text = f"<html><body><select id='x'>{shown}</select><script>load($('#x').val())</script></body></html>"
    assert [words for words, _ in tabs(text, parse_html(text))] == found


def test_choices_that_call_a_function_or_send_a_form_by_post() -> None:
    options = "<option value='26'>2026年</option><option value='25'>2025年</option>"
    called = f"<html><body><select onchange='go(this.value)'>{options}</select>\
<script>function go(v) {{ location.href = '/l.jsp?y=' + v; }}</script></body></html>"
    root = parse_html(called)
    assert root is not None
    assert [post.url for post in choices(root, f"{BASE}/l.jsp", called)] == [
        f"{BASE}/l.jsp?y=26",
        f"{BASE}/l.jsp?y=25",
    ]
    form = "<html><body><form method='post' action='l.jsp'><input type='hidden' name='c' value='5'>{}\
<select name='y' onchange='this.form.submit()'>{}</select></form></body></html>"
    root = parse_html(form.format("", options))
    assert root is not None
    assert posted_choices(root, f"{BASE}/l.jsp") == [
        ("2026年", f"{BASE}/l.jsp", {"c": "5", "y": "26"}), ("2025年", f"{BASE}/l.jsp", {"c": "5", "y": "25"}),
    ]  # fmt: skip
    for other in ("<input name='word'>", "<input type='hidden' name='csrf_token' value='x'>"):
        root = parse_html(form.format(other, options))
        assert root is not None
        assert posted_choices(root, f"{BASE}/l.jsp") == []


def test_each_list_of_a_drop_down_that_sends_its_form_is_a_catalogue(tmp_path: Path) -> None:
    shown = "".join(
        f"<tr><td>LJ-{n}</td><td><a href='/zwgk/gongwen/202603/t20260301_{n}.html'>关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
        for n in range(1, 9)
    )
    form = (
        "<form method='post' action='/zwgk/gongwen/'><select name='y' onchange='this.form.submit()'><option value='26'>2026年\
</option><option value='25'>2025年</option></select></form>"
    )
    page = (
        f"<html><head><title>文件-临江市</title></head><body>{form}<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr>\
{shown}</table></body></html>"
    )
    survey, _ = look({"/zwgk/gongwen/": page}, posted={"/zwgk/gongwen/": lambda sent: page})
    text = drafted(survey, tmp_path)
    assert "platform: label_table" in text
    assert [(one.name, dict(one.options)["form"]) for one in survey.lists] == [
        ("2026年", {"y": "26"}),
        ("2025年", {"y": "25"}),
    ]


@pytest.mark.parametrize("made", ["", 'h({to: "/zwgk/gongwen/202603/t20260301_" + o.id + ".html"})'])
def test_a_list_that_begins_in_the_page_and_goes_on_in_an_answer(made: str) -> None:
    """Rows that the server puts into the page, and a button for page 2: a file of its scripts asks for the others."""
    shown = "".join(
        f"<li><a href='/zwgk/gongwen/202603/t20260301_{row['id']}.html'>{row['title']}</a><span>{row['date']}</span></li>"
        for row in rows(11, 15)
    )
    pages: dict[str, str | tuple[int, str]] = {
        "/wj/": f"<html><head><title>文件</title></head><body><ul>{shown}</ul><div class='pagination'>共 2 页<button>2</button></div>"
        "<script src='/_nuxt/list.js'></script></body></html>",
        "/_nuxt/list.js": f'{made};function l(n){{return fetch("/api/list?channel=31&page=".concat(n,"&size=15"))}}',
        "/api/list?channel=31&page=1&size=15": json.dumps({"data": {"total": 25, "list": rows(11, 15)}}),
        "/api/list?channel=31&page=2&size=15": json.dumps({"data": {"total": 25, "list": rows(26, 10)}}),
        **{f"/zwgk/gongwen/202603/t20260301_{n}.html": document(n) for n in range(11, 36)},
    }
    survey, _ = look(pages, "/wj/")
    assert [(one.url, len(one.rows)) for one in survey.lists] == [
        (f"{BASE}/api/list?channel=31&page=1&size=15", 25)
    ]
    assert survey.is_certain


def test_each_year_of_a_drop_down_that_a_component_holds() -> None:
    text = """<html><body><select v-model='year'><option value='2026'>2026年</option><option value='2025'>2025年</option></select>
    <script>new Vue({data: {year: '2026', page: 1}})</script></body></html>"""
    opened = tabs(text, parse_html(text))
    assert [words for words, _ in opened] == ["2026年", "2025年"]
    assert ['year: "2025"' in page for _, page in opened] == [False, True]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"?bm=1": "市发改委", "?bm=2": "市财政局"}, ["市发改委", "市财政局"]),
        ({"?y=2026": "2026", "?y=2025": "2025"}, ["2026", "2025"]),
        ({"?page=2": "第二页", "?page=3": "第三页"}, []),  # of the list itself
        ({"?bm=1": "市发改委"}, []),
        ({"l.jsp": "全部", "?bm=1": "市发改委", "?bm=2": "市财政局"}, []),  # it lists those of both
        ({"/b.jsp?bm=1": "市发改委", "/b.jsp?bm=2": "市财政局"}, []),
        ({"?c=6": "规划", "?c=7": "财政"}, []),  # the page is itself one of these
    ],
)  # fmt: skip
def test_lists_that_are_linked_beside_the_one_that_is_shown(links: dict[str, str], found: list[str]) -> None:
    root = parse_html(
        "<html><body>" + "".join(f"<a href='{a}'>{w}</a>" for a, w in links.items()) + "</body></html>"
    )
    assert root is not None
    url = f"{BASE}/l.jsp?c=5" if "?c=6" in links else f"{BASE}/l.jsp"
    assert [post.words for post in lists_beside(root, url, set())] == found


@pytest.mark.parametrize(
    ("links", "rows", "found"),
    [
        ({"fgj/": "发改局", "czj/index.html": "财政局"}, ["fgj/202603/t1.html", "fgj/202602/t2.html"], ["财政局"]),
        ({"fgj/": "发改局", "czj/": "财政局"}, ["fgj/t1.html", "czj/t2.html"], []),  # it lists those of both
        ({"fgj/": "发改局", "czj/": "财政局"}, ["202603/t1.html"], []),  # its own
        ({"fgj/": "发改局", "fgj/jd/": "政策解读", "/zwgk/czj/": "财政局"}, ["fgj/t1.html"], []),
        ({"fgj/": "发改局", "czj/202603/t9.html": "财政局"}, ["fgj/t1.html"], []),
    ],
)  # fmt: skip
def test_a_page_that_lists_what_lies_in_one_of_the_directories_that_it_links(
    links: dict[str, str], rows: list[str], found: list[str]
) -> None:
    root = parse_html(
        "<html><body>" + "".join(f"<a href='{a}'>{w}</a>" for a, w in links.items()) + "</body></html>"
    )
    assert root is not None
    listed = {url_key(f"{BASE}/bmwj/{row}") for row in rows}
    assert [post.words for post in lists_beside(root, f"{BASE}/bmwj/", listed)] == found


OFFICES = {"/xxgk/l.jsp?c=1&o=d": "政府文件", "/xxgk/l.jsp?c=2&o=d": "部门文件", "/xxgk/m.jsp?c=3": "领导"}


@pytest.mark.parametrize(
    ("links", "at", "way_on", "found"),
    [
        (OFFICES, "/xxgk/", "/xxgk/l.jsp?c=1&o=d&page=2", ["政府文件", "部门文件"]),
        ({"fgj/": "发改局", "czj/": "财政局"}, "/xxgk/", "/xxgk/fgj/index_1.html", ["财政局"]),
        (OFFICES, "/xxgk/index.html", None, ["政府文件", "部门文件"]),  # of which, nothing tells
        (OFFICES, "/xxgk/zfwj.html", None, []),
        # of an index that lists them all; of the list that was asked for, itself or by the name that its program has elsewhere
        (OFFICES, "/xxgk/", "/xxgk/index.jsp?page=2", []),
        (OFFICES, "/xxgk/", "/xxgk/l.jsp?page=2", []),
        (OFFICES, "/xxgk/l.jsp?c=1&o=d", "/xxgk/l.jsp?c=1&o=d&page=2", []),
        (OFFICES, "/zwgk/zfwj/index.html", "/xxgk/l.jsp?c=1&o=d&page=2", []),
        (OFFICES, "/xxgk/zfwj.html", "/xxgk/l.jsp?c=1&o=d&page=2", []),
        ({"fgj/": "发改局", "czj/": "财政局"}, "/xxgk/", "/xxgk/index_1.html", []),
        ({"fgj/": "发改局", "czj/": "财政局"}, "/", "/fgj/index_1.html", []),
    ],
)  # fmt: skip
def test_an_index_that_shows_the_first_page_of_one_of_the_lists_that_it_links(
    links: dict[str, str], at: str, way_on: str | None, found: list[str]
) -> None:
    root = parse_html(
        "<html><body>" + "".join(f"<a href='{a}'>{w}</a>" for a, w in links.items()) + "</body></html>"
    )
    assert root is not None
    listed = {url_key(f"{BASE}/content/{n}.html") for n in range(5)}
    told = lists_beside(root, f"{BASE}{at}", listed, way_on=f"{BASE}{way_on}" if way_on else None)
    assert [post.words for post in told] == found


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"2031/3/": "2031年第3期", "2031/2/": "第2期（总第120期）"}, ["2031年第3期", "第2期（总第120期）"]),
        ({"/gb/2031/3/": "2031年第3期", "/gb/2031/2/": "2031年第2期"}, []),  # the gazette, at the side of another list
        ({"t1.html": "2031年第3期", "t2.html": "2031年第2期"}, []),  # the rows themselves
        ({"2031/3/": "第3期干部培训班通知", "2031/2/": "第2期干部培训班通知"}, []),
    ],
)  # fmt: skip
def test_the_other_issues_of_a_gazette_of_which_the_page_shows_one(
    links: dict[str, str], found: list[str]
) -> None:
    root = parse_html(
        "<html><body>" + "".join(f"<a href='{a}'>{w}</a>" for a, w in links.items()) + "</body></html>"
    )
    assert root is not None
    listed = {url_key(f"{BASE}/zfgb/t{n}.html") for n in (1, 2)}
    assert [post.words for post in lists_beside(root, f"{BASE}/zfgb/", listed)] == found


def test_the_lists_that_a_tree_in_a_script_opens_beside_the_one_that_is_shown() -> None:
    opened = ((2, "地方法规"), (3, "政府规章"))
    nodes = [{"id": 1, "name": "政策法规"}, *({"id": n, "name": w, "url": f"l.jsp?c={n}"} for n, w in opened)]
    root = parse_html("<html><body><ul id='tree'></ul></body></html>")
    assert root is not None
    text = f"<script>var nodes = {json.dumps(nodes)};</script>"
    assert [post.words for post in lists_beside(root, f"{BASE}/l.jsp", set(), text)] == [
        "地方法规",
        "政府规章",
    ]


def test_a_list_of_one_of_several_offices_waits_for_a_person() -> None:
    """Six rows and no pager were one page, and sure; the links beside them open the lists of other offices."""
    rows_ = "".join(
        f"<li><a href='202603/t20260301_{n}.html'>关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n in range(1, 7)
    )
    beside = "<p><a href='?bm=1'>市发改委</a></p><p><a href='?bm=2'>市财政局</a></p>"
    survey, _ = look(
        {"/wj/": f"<html><head><title>文件</title></head><body>{beside}<ul>{rows_}</ul></body></html>"},
        "/wj/",
    )
    assert survey.can_tell
    assert not survey.is_certain
    assert any("市财政局" in look for look in survey.lists[0].paging.look)


def test_lists_of_two_drop_downs() -> None:
    select = "<select id='{}'>{}</select>"
    years = select.format("y", "<option value='26'>2026年</option><option value='25'>2025年</option>")
    offices = "<option value='1'>财政局</option><option value='2'>教育局</option>"
    script = "<script>load($('#y').val(), $('#d').val())</script>"
    text = f"<html><body>{years}{select.format('d', offices)}{script}</body></html>"
    found = ["2026年 财政局", "2026年 教育局", "2025年 财政局", "2025年 教育局"]
    assert [words for words, _ in tabs(text, parse_html(text))] == found
    text = text.replace(offices, f"<option value=''>全部部门</option>{offices}")
    assert [words for words, _ in tabs(text, parse_html(text))] == ["2026年", "2025年"]


def test_a_drop_down_that_the_list_does_not_ask_for_chooses_none_of_it() -> None:
    options = "<option value='http://a.example/'>省政府网站</option><option value='http://b.example/'>市政府网站</option>"
    code = "function go() { open($('#x').val()) } function load(n) { $.post('/api/l', {c: 5, page: n}, function (r) { show(r.rows) }) }"
    page = f"<html><head><title>文件</title></head><body><select id='x'>{options}</select>\
<ul></ul><script>{SHOW}{code}</script></body></html>"

    def answer(form: str) -> str:
        number = int(parse_qs(form)["page"][0])
        return json.dumps(
            {"total": 12, "rows": rows(1, 10) if number == 1 else rows(11, 2) if number == 2 else []}
        )

    survey, _ = look({"/wj/": page}, "/wj/", posted={"/api/l": answer})
    assert [len(one.rows) for one in survey.lists] == [12]


OFFICES = "<option value='1'>财政局</option><option value='2'>水利局</option>"
HANDLER = "location.href = '/l.do?dept=' + {}"


@pytest.mark.parametrize(
    ("select", "script"),
    [
        ("id='d'", f"$('#d').change(function () {{ {HANDLER.format('$(this).val()')} }})"),
        ("id='d'", f"$('#d').on('change', () => {{ {HANDLER.format('$(&quot;#d&quot;).val()').replace('&quot;', chr(34))} }})"),
        ("lay-filter='d'", f"form.on('select(d)', function (data) {{ {HANDLER.format('data.value')} }})"),
    ],
)  # fmt: skip
def test_choices_that_a_script_answers(select: str, script: str) -> None:
    text = f"<html><body><select {select}>{OFFICES}</select><script>{script}</script></body></html>"
    root = parse_html(text)
    assert root is not None
    found = [post.url for post in choices(root, f"{BASE}/l.do", text)]
    assert found == [f"{BASE}/l.do?dept=1", f"{BASE}/l.do?dept=2"]


@pytest.mark.parametrize(
    ("markup", "query", "found"),
    [
        (f"<select id='d'>{OFFICES}</select>", "", True),
        (f"<form><select id='d'>{OFFICES}</select><input type='submit'></form>", "", True),
        (f"<form><select name='d'>{OFFICES}</select><input name='word'></form>", "", False),  # of a search
        (f"<select name='d'>{OFFICES}</select>", "?d=1", False),
        (f"<select id='d'>{OFFICES}</select>", "?dept=2", False),
        (f"<select id='d'><option value=''>全部</option>{OFFICES}</select>", "", False),
        ("<select><option value='http://a.other.example/'>青山区</option><option value='/b'>绿水区</option></select>", "", False),
    ],
)  # fmt: skip
def test_a_drop_down_that_may_choose_another_list(markup: str, query: str, found: bool) -> None:
    """What answers it stands in a file of scripts: the list of the first office passed as the whole."""
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert bool(open_choices(root, f"{BASE}/l.do{query}")) is found


def test_pages_that_a_script_asks_for_when_one_scrolls(tmp_path: Path) -> None:
    """Eight rows and no pager passed as the whole list."""
    code = "var pg = 1; $(window).scroll(function () { pg++; $.get(location.pathname + '?page=' + pg, add) })"
    script = "<script src='/js/scroll.js'></script>"
    pages: dict[str, str | tuple[int, str]] = {
        "/wj/": listing("/zwgk/gongwen/", 1, 8, around=script),
        "/js/scroll.js": code,
        "/wj/?page=2": listing("/zwgk/gongwen/", 9, 5, around=script),
    }
    survey, _ = look(pages, "/wj/")
    (one,) = survey.lists
    assert (len(one.rows), one.options["pages"]) == (13, {"pattern": "?page={n}", "first": 2})
    drafted(survey, tmp_path)


@pytest.mark.parametrize("sent", ["begin: $('#b').val()", "year: '2026'"])
def test_a_list_that_is_bounded_to_a_span_waits_for_a_person(sent: str) -> None:
    """A box that the page fills with the first day of the month: what is older was missing, without a word."""
    code = f"function more(n) {{ $.get('/api/list', {{{sent}, page: n}}, function (r) {{ show(r.data) }}) }}"
    box = "<input id='b' value='2026-03-01'>"
    first = "begin=2026-03-01" if "begin" in sent else "year=2026"
    pages: dict[str, str | tuple[int, str]] = {
        "/tz/": f"<html><head><title>通知公告</title></head><body>{box}<script>{SHOW}{code}</script></body></html>",
        f"/api/list?{first}&page=1": json.dumps({"total": 4, "data": rows(1, 4)}),
    }
    survey, _ = look(pages, "/tz/")
    assert survey.can_tell, survey
    assert not survey.is_certain
    assert "bounds the list" in str(survey.platform)
