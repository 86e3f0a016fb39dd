"""Lists of which a page says less than a list does: those that it opens in a frame, rows whose clicks another file answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler.sites import load_site
from tests.crawler.survey_pages import BASE, document, drafted, listing, look

NODES = "<script>var zNodes = [{id: 1, pId: 0, name: '信息公开目录', open: true}, @];</script>"
NAMES = {"1001": "政策文件", "1002": "规划计划", "1003": "机构职能"}


@pytest.mark.parametrize(
    "tree",
    [
        "".join(f"<li><a href='/gk/list.jsp?cid={c}' target='main'>{n}</a></li>" for c, n in NAMES.items()),
        NODES.replace("@", ", ".join(f"{{id: 2, name: '{n}', url: 'list.jsp?cid={c}', target: 'main'}}" for c, n in NAMES.items())),
        "<script>" + "".join(f"d.add({c},0,'{n}','list.jsp?cid={c}','','main');" for c, n in NAMES.items()) + "</script>",
        NODES.replace("@", ", ".join(f"{{id: {c}, pId: 1, name: '{n}', href: '/gk/list.jsp?cid={c}'}}" for c, n in NAMES.items())),
        NODES.replace("@", ", ".join(f"{{id: {c}, pId: 1, name: '{n}'}}" for c, n in NAMES.items()))
        + "<script>function open(e, tree, node) { $('#main').attr('src', '/gk/list.jsp?cid=' + node.id) }</script>",
    ],
)  # fmt: skip
def test_each_list_that_a_page_opens_in_its_frame_is_a_catalogue(tree: str, tmp_path: Path) -> None:
    frame = "<iframe name='main' id='main' src='/gk/list.jsp?cid=1001'></iframe>"
    pages = {
        "/gk/": f"<html><head><title>信息公开目录</title></head><body><ul>{tree}</ul>{frame}</body></html>",
        "/gk/list.jsp?cid=1001": listing("/zwgk/gongwen/", 1, 8),
        "/gk/list.jsp?cid=1002": listing("/zwgk/gongwen/", 21, 8),
    }
    survey, asked = look(pages, "/gk/")
    assert [(one.url, one.name) for one in survey.lists] == [
        (f"{BASE}/gk/list.jsp?cid=1001", "政策文件"), (f"{BASE}/gk/list.jsp?cid=1002", "规划计划"),
    ]  # fmt: skip
    assert "/gk/list.jsp?cid=1003" not in asked or "node.id" in tree
    drafted(survey, tmp_path)


@pytest.mark.parametrize("tag", ["p", "li"])
def test_lists_that_one_frame_opens_in_another(tag: str, tmp_path: Path) -> None:
    """The frame that names them is none of them, however much its names look like rows."""
    tree = "".join(
        f"<{tag}><a href='list.asp?cid={c}' target='main'>{n}</a></{tag}>" for c, n in NAMES.items()
    )
    pages = {
        "/gk/": "<html><title>目录</title><frameset><frame src=tree.html><frame name=main src='list.asp?cid=1001'></frameset></html>",
        "/gk/tree.html": f"<html><body>{tree}</body></html>",
        "/gk/list.asp?cid=1001": listing("/zwgk/gongwen/", 1, 8),
        "/gk/list.asp?cid=1002": listing("/zwgk/gongwen/", 21, 8),
    }
    survey, _ = look(pages, "/gk/")
    assert [one.url for one in survey.lists] == [f"{BASE}/gk/list.asp?cid={n}" for n in ("1001", "1002")]
    drafted(survey, tmp_path)


def test_links_that_open_nothing_in_the_frame_are_no_lists_of_it() -> None:
    links = "".join(f"<a href='/gk/list.jsp?cid={c}' target='_blank'>{n}</a>" for c, n in NAMES.items())
    frame = "<iframe name='main' src='/gk/first.jsp'></iframe>"
    pages = {
        "/gk/": f"<html><head><title>目录</title></head><body>{links}{frame}</body></html>",
        "/gk/first.jsp": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/gk/")
    assert [one.url for one in survey.lists] == [f"{BASE}/gk/first.jsp"]


def test_links_that_turn_the_pages_of_a_list_in_a_frame_are_no_lists_of_it() -> None:
    def page(first: int) -> str:
        turns = "".join(f"<a href='/gk/list.jsp?cid=1&page={n}'>{n}</a>" for n in (1, 2, 3))
        pager = f"{turns}<a href='/gk/list.jsp?cid=1&page=2'>下一页</a><a href='/gk/list.jsp?cid=1&page=3'>尾页</a>"
        return listing("/zwgk/gongwen/", first, 8).replace(
            "</body>", f"<div class='page'>{pager}</div></body>"
        )

    pages = {
        "/gk/": "<html><head><title>目录</title></head><body><iframe name='main' src='/gk/list.jsp?cid=1'></iframe></body></html>",
        "/gk/list.jsp?cid=1": page(1),
        **{f"/gk/list.jsp?cid=1&page={n}": page(1 + 8 * (n - 1)) for n in (1, 2, 3)},
    }
    survey, _ = look(pages, "/gk/")
    assert [one.url for one in survey.lists] == [f"{BASE}/gk/list.jsp?cid=1"]


@pytest.mark.parametrize(
    "link", ["href='javascript:;' data-url='@'", "data-href='@'", "href='#' data-src='@'"]
)
def test_lists_that_a_menu_loads_into_its_page_are_catalogues(link: str, tmp_path: Path) -> None:
    """The addresses of the lists stand in attributes, and what is there is a piece of HTML."""
    menu = "".join(
        f"<li><a {link.replace('@', f'./index_{c}.html')}>{n}</a></li>"
        for c, n in {"16280": "行政规范性文件", "16281": "通知公告", "16282": "机构职能"}.items()
    )
    pages = {
        "/gk/?gk=3": f"<html><head><title>法定主动公开内容</title></head><body><ul>{menu}</ul><div id='rows'></div></body></html>",
        "/gk/index_16280.html": re.sub(r"<head>.*</head>", "", listing("/zwgk/gongwen/", 1, 8)),
        "/gk/index_16281.html": re.sub(r"<head>.*</head>", "", listing("/zwgk/gongwen/", 21, 8)),
    }
    survey, _ = look(pages, "/gk/?gk=3")
    assert {one.url for one in survey.lists} == {f"{BASE}/gk/index_{n}.html" for n in ("16280", "16281")}
    drafted(survey, tmp_path)


OPENS = (
    "function openInfo(id, kind) { var w = window.open('/zwgk/show.do?id=' + id + '&k=' + kind); w.focus(); }"
)


@pytest.mark.parametrize("file", ["/js/common.js", "/zwgk/list.js"])
def test_rows_whose_clicks_are_answered_by_another_file(file: str, tmp_path: Path) -> None:
    def page(first: int, pager: str) -> str:
        rows = "".join(
            f"<tr><td><a href='javascript:;' onclick='openInfo({n}, 2)'>关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
            for n in range(first, first + 10)
        )
        scripts = f"<script src='/js/jquery.js'></script><script src='{file}'></script>"
        return f"<html><head><title>行政许可</title>{scripts}</head><body><table>{rows}</table>{pager}</body></html>"

    pages = {
        "/zwgk/list.jsp": page(1, "<p>1/2页 <a href='javascript:turn(2)'>下一页</a></p>"),
        "/zwgk/list.jsp?no=2": page(11, "<p>2/2页 下一页</p>"),
        file: OPENS + "\nvar turn = function (n) { location.href = 'list.jsp?no=' + n; }",
        **{f"/zwgk/show.do?id={n}&k=2": document(n) for n in range(1, 21)},
    }
    survey, asked = look(pages, "/zwgk/list.jsp")
    (one,) = survey.lists
    assert one.options == {"clicks": {"openInfo": "/zwgk/show.do?id={1}&k={2}", "turn": "list.jsp?no={1}"}}
    assert (len(one.rows), one.paging.value, survey.can_tell) == (20, "followed", True)
    assert "/js/jquery.js" not in asked
    drafted(survey, tmp_path)
    assert load_site(tmp_path / "linjiang.yml").platform == "label_table"


@pytest.mark.parametrize(
    "code",
    [
        "function openInfo(id, kind) { $('#box').show(); }",
        "function openInfo(id, kind) { window.open('/zwgk/show.do?id=' + key(id)); }",
        "function openInfo(id, kind) { window.open('/zwgk/'); }",
    ],
)
def test_clicks_of_which_the_other_file_does_not_tell_what_they_open(code: str) -> None:
    rows = "".join(f"<tr><td onclick='openInfo({n}, 2)'>关于第{n}号事项的通知</td></tr>" for n in range(9))
    pages = {
        "/zwgk/list.jsp": f"<html><title>许可</title><script src='/js/common.js'></script><table>{rows}</table></html>",
        "/js/common.js": code,
    }
    survey, _ = look(pages, "/zwgk/list.jsp")
    assert not survey.can_tell


LOADS = (
    "<ul id='tree'></ul><script>var cat = '1001'; function load(n) { $.getJSON('/gk/list', {cid: cat, page: n, size: 8},"
    " function (d) { $.each(d.rows, function (i, o) { h += '<a href=\"' + o.url + '\">' }) }) } load(1);"
)
CLICKED = "{onClick: function (e, t, node) { cat = node.id; load(1); }}"


@pytest.mark.parametrize(
    ("script", "nodes"),
    [
        (f"$.getJSON('/nodes', function (d) {{ $.fn.zTree.init($('#tree'), {{callback: {CLICKED}}}, d) }});",
         [{"id": c, "pId": "0", "name": n} for c, n in NAMES.items()]),
        (f"$.fn.zTree.init($('#tree'), {{async: {{enable: true, url: '/nodes'}}, callback: {CLICKED}}});",
         {"code": 0, "data": [{"id": c, "name": n} for c, n in NAMES.items()]}),
        ("$('#tree').jstree({core: {data: {url: '/nodes'}}}).on('select_node', function (e, d) { cat = d.node.id; load(1); });",
         [{"id": "1001", "text": NAMES["1001"], "children": [{"id": c, "text": NAMES[c]} for c in ("1002", "1003")]}]),
    ],
)  # fmt: skip
def test_lists_that_nodes_of_an_answer_open(script: str, nodes: object, tmp_path: Path) -> None:
    """Each node of a tree for which the page's script asks opens a list of its own."""
    head = "<html><head><title>信息公开目录</title></head><body>"
    pages = {"/gk/": f"{head}{LOADS}{script}</script></body></html>", "/nodes": json.dumps(nodes)}
    for place, cid in enumerate(NAMES):
        numbers = range(10 * place + 1, 10 * place + 6)
        titles = {f"/zwgk/202603/t20260301_{n}.html": f"关于第{n}号事项的通知" for n in numbers}
        rows = [{"title": title, "url": url, "day": "2026-03-01"} for url, title in titles.items()]
        for number, shown in ((1, rows), (2, [])):
            pages[f"/gk/list?cid={cid}&page={number}&size=8"] = json.dumps({"total": 5, "rows": shown})
    survey, _ = look(pages, "/gk/")
    assert [(one.name, len(one.rows)) for one in survey.lists] == [(name, 5) for name in NAMES.values()]
    assert survey.is_certain, survey
    drafted(survey, tmp_path)


def test_a_list_in_a_frame_that_a_click_chose_waits_for_a_person() -> None:
    """The nodes of the tree come from an answer: what the frame shows at first passed as the whole catalogue."""
    tree = (
        "<iframe id='main' src='/gk/list.jsp?cid=1001'></iframe><script>$.get('/nodes', function (d) { init(d) });"
        "function open(e, tree, node) { $('#main').attr('src', '/gk/list.jsp?cid=' + node.id) }</script>"
    )
    pages = {
        "/gk/": f"<html><head><title>信息公开目录</title></head><body>{tree}</body></html>",
        "/gk/list.jsp?cid=1001": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/gk/")
    assert survey.can_tell
    assert not survey.is_certain
    assert "a click chooses" in str(survey.platform)


def test_a_list_in_a_frame_beside_a_tree_that_another_file_fills_waits_for_a_person() -> None:
    tree = "<ul id='menu' class='ztree'></ul><iframe src='/gk/list.jsp?cid=1001'></iframe><script src='/js/menu.js'></script>"
    pages = {
        "/gk/": f"<html><head><title>信息公开目录</title></head><body>{tree}</body></html>",
        "/gk/list.jsp?cid=1001": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/gk/")
    assert survey.can_tell
    assert not survey.is_certain
    assert "a click chooses" in str(survey.platform)


def test_a_frame_that_a_script_writes() -> None:
    pages = {
        "/gk/": "<title>目录</title><script>document.write('<iframe src=\"/gk/l.jsp?c=' + 5 + '\"></iframe>')</script>",
        "/gk/l.jsp?c=5": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/gk/")
    assert [one.url for one in survey.lists] == [f"{BASE}/gk/l.jsp?c=5"]


def test_a_frame_within_a_frame() -> None:
    pages = {
        "/": "<html><title>公告</title><frameset><frame src='top.htm'><frame src='main.htm'></frameset></html>",
        "/top.htm": "<html><body><h1>临江市财政局</h1></body></html>",
        "/main.htm": "<html><body><iframe src='l.asp?c=3'></iframe></body></html>",
        "/l.asp?c=3": listing("/zwgk/gongwen/", 1, 8),
    }
    survey, _ = look(pages, "/")
    assert [one.url for one in survey.lists] == [f"{BASE}/l.asp?c=3"]


_LIST = """<html><head><title>政策文件</title></head><body><ul id='rows'></ul><script>function load(p) {
$.get('/api/list', {page: p, size: 10}, function (r) { $.each(r.rows, function (i, v) {
$('#rows').append('<li><a href="/zw/show.html?id=' + v.id + '">' + v.title + '</a></li>') }) }) } load(1)</script></body></html>"""


@pytest.mark.parametrize(
    ("script", "answers", "detail"),
    [
        ("$.get('/api/doc', {id: getQueryString('id')}, show)", "/api/doc?id={}", "/api/doc?id={id}"),
        ("$.getJSON('/api/doc?lang=zh&code=' + getQueryString('id'), show)", "/api/doc?lang=zh&code={}", "/api/doc?lang=zh&code={id}"),
        ("$.get('/api/doc', {id: getQueryString('id')}, show)", "/api/elsewhere?id={}", None),
    ],
)  # fmt: skip
def test_documents_whose_pages_a_script_fills_are_the_data_that_it_asks_for(
    script: str, answers: str, detail: str | None
) -> None:
    shell = (
        f"<html><head><title>详情</title></head><body><h1 id='t'></h1><script>{script}</script></body></html>"
    )
    ids = range(10, 16)
    rows = [{"id": n, "title": f"关于第{n}号事项的通知", "pubDate": "2031-03-01"} for n in ids]
    pages: dict[str, str | tuple[int, str]] = {
        "/zw/": _LIST,
        "/api/list?page=1&size=10": json.dumps({"total": len(rows), "rows": rows}),
    }
    for row in rows:
        record = {**row, "content": f"<p>{'各单位应当认真贯彻执行，不得延误。' * 12}</p>"}
        pages |= {
            f"/zw/show.html?id={row['id']}": shell,
            answers.format(row["id"]): json.dumps({"data": record}),
        }
    survey, _ = look(pages, "/zw/")
    assert survey.lists[0].options.get("detail") == detail
    assert survey.can_tell == (detail is not None)
