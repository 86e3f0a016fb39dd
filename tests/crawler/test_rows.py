"""Rows of catalogues in the shapes of real sites: what is the title, the date and the extent of a row."""

from __future__ import annotations

import re

import pytest

from crawler.lists.rows import RowOptions, parse_html, rows_in

URL = "https://www.example.gov.cn/zwgk/index.html"


def _rows(row: str, around: str = "<div>{}</div>") -> list[tuple[str | None, str | None]]:
    rows = "".join(row.replace("@", f"{n:02}") for n in range(1, 9))
    root = parse_html(f"<html><body>{around.format(rows)}</body></html>")
    assert root is not None
    return [(found.title, found.hints.get("published_on")) for found in rows_in(root, URL, RowOptions())]


@pytest.mark.parametrize(
    ("row", "title", "date"),
    [
        (
            '<li><a href="t203103@_1.html">关于任免职的通知（某政干〔2031〕@号）</a><span>2031-03-@</span></li>',
            "关于任免职的通知（某政干〔2031〕01号）",
            "2031-03-01",
        ),
        ('<li><a href="t203103@_1.html">简报第@期 [2031-03-@]</a></li>', "简报第01期", "2031-03-01"),
        (
            '<tr><td><a href="t203103@_1.html">LJ/2031-00@</a></td><td><a href="t203103@_1.html">临发改审批〔2031〕@号</a></td>'
            '<td><a href="t203103@_1.html">关于第@项工作的通知</a></td><td>2031-03-@</td></tr>',
            "关于第01项工作的通知",
            "2031-03-01",
        ),
        (
            '<li><a href="t203103@_1.html"><font>解读：零售总额增长加快@</font><font>2031-03-@</font></a></li>',
            "解读：零售总额增长加快01",
            "2031-03-01",
        ),
        (
            '<ul class="list-cont"><li>@</li><li><a href="./t203103@_1.html">关于第@项工作的通知</a></li>'
            "<li>某府发〔2031〕@号</li><li><span>2031-03-@</span></li></ul>",
            "关于第01项工作的通知",
            "2031-03-01",
        ),
        # a summary and a date in the link itself; the title is the part that is called so
        (
            '<a href="/web/article/7@/web/content_7@.html"><div class="item"><div class="list-title">关于第@项工作安排的通知</div>'
            '<div class="content">为做好第@项工作，现通知如下</div><p>日期：<span>2031-03-@</span></p></div></a>',
            "关于第01项工作安排的通知",
            "2031-03-01",
        ),
        # what is called a title is only the kind of document
        (
            '<li><a href="t203103@_1.html"><span class="title">通知公告</span>关于第@项工作安排的通知</a><i>2031-03-@</i></li>',
            "通知公告关于第01项工作安排的通知",
            "2031-03-01",
        ),
        # month and day above the year, both beside the title's own element
        (
            '<div class="row"><div class="day">03-@</div><div class="year">2031</div>'
            '<div class="rowtitle"><a href="./7@.html">关于第@项工作安排的通知</a></div></div>',
            "关于第01项工作安排的通知",
            "2031-03-01",
        ),
    ],
)
def test_a_row_of_a_list(row: str, title: str, date: str) -> None:
    found = _rows(row)
    assert len(found) == 8
    assert found[0] == (title, date)


@pytest.mark.parametrize(
    ("row", "title", "date"),
    [
        # the row's day stands in the link, or beside it; another one is the title's own
        (
            '<li><a href="t203103@_1.html"><b>最新代码（截止2030年12月31日）</b><i>2031-03-@</i></a></li>',
            "最新代码（截止2030年12月31日）",
            "2031-03-01",
        ),
        (
            '<li><a href="t203103@_1.html">关于2031年4月@日停水的通知 2031-03-@</a></li>',
            "关于2031年4月01日停水的通知",
            "2031-03-01",
        ),
        (
            '<li><a href="t203103@_1.html">关于停水的通知（2031年4月@日）</a><i>2031-03-@</i></li>',
            "关于停水的通知（2031年4月01日）",
            "2031-03-01",
        ),
        (
            '<li><a href="203103/t203103@_1.html">2031年2月@日拟发放名单公示</a><i>03-@</i></li>',
            "2031年2月01日拟发放名单公示",
            "2031-03-01",
        ),
        # no day of the row at all
        (
            '<li><a href="t203103@_1.html">2031年2月@日空气质量日报</a></li>',
            "2031年2月01日空气质量日报",
            None,
        ),
        (
            '<li><a href="t203103@_1.html">空气质量日报2031年2月@日</a></li>',
            "空气质量日报2031年2月01日",
            None,
        ),
        ('<li><a href="t203103@_1.html">关于停水的通知2031-03-@</a></li>', "关于停水的通知", "2031-03-01"),
        (
            '<li><a href="t203103@_1.html">2031年3月@日 关于停水的通知</a></li>',
            "关于停水的通知",
            "2031年3月01日",
        ),
        (
            '<li><a href="t203103@_1.html">关于停水的通知 2031年3月@日星期六</a></li>',
            "关于停水的通知",
            "2031年3月01日",
        ),
    ],
)
def test_a_day_of_the_title_s_own_stays_and_is_not_the_row_s(row: str, title: str, date: str | None) -> None:
    assert _rows(row)[0] == (title, date)


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("2031-03-05", "2031-03-05"),
        ("发布日期：2031年3月5日", "2031年3月5日"),
        ("2031年3月5日星期三", "2031年3月5日"),
        ("[2031-03-05 周三 09:30]", "2031-03-05"),
        ("2031-03-05T10:20:00+08:00", "2031-03-05"),
        ("2031-03-05T18:20:00Z", "2031-03-06"),
        ("截止日期：2031-03-05", None),
        ("有效期至 2031-03-05", None),
        ("2031-03-05~2031-03-11", None),
        ("2031年3月5日至3月11日", None),
    ],
)
def test_the_day_of_a_row_is_that_of_its_publication(shown: str, day: str | None) -> None:
    listed = "".join(
        f"<li><a href='/zw/{n}.html'>关于第{n}批检查的通知</a><span>{shown}</span></li>" for n in range(1, 9)
    )
    root = parse_html(f"<ul>{listed}</ul>")
    assert root is not None
    rows = list(rows_in(root, "http://linjiang.example/zw/", RowOptions()))
    assert [dict(row.hints).get("published_on") for row in rows] == [day] * 8


@pytest.mark.parametrize(
    ("heads", "hints"),
    [
        (("公布日期", "施行日期"), {"published_on": "2031-03-05"}),
        (("成文日期", "发布日期"), {"published_on": "2031-12-01"}),
        (("成文日期", "失效日期"), {"issued_on": "2031-03-05"}),
        (("公布日期", "更新日期"), {"published_on": "2031-12-01"}),
        (("公布日期",), {"published_on": "2031-12-01"}),  # of a table of other columns
    ],
)
def test_the_day_of_a_row_is_that_under_its_heading(heads: tuple[str, ...], hints: dict[str, str]) -> None:
    row = "<tr><td><a href='/zw/{}.html'>临江市停车管理办法第{}号</a></td><td>2031-03-05</td><td>2031-12-01</td></tr>"
    head = "".join(f"<th>{word}</th>" for word in ("名称", *heads))
    listed = "".join(row.format(n, n) for n in range(1, 9))
    table = f"<table><tr>{head}</tr>{listed}</table>"
    lists = re.sub("<(/?)t[dh]>", r"<\1li>", table.replace("table>", "div>").replace("tr>", "ul>"))
    for markup in (table, lists):
        root = parse_html(markup)
        assert root is not None
        rows = list(rows_in(root, "http://linjiang.example/zw/", RowOptions()))
        assert [{k: v for k, v in row.hints.items() if k != "title"} for row in rows] == [hints] * 8


def test_a_row_that_leads_to_a_viewer_leads_to_its_file() -> None:
    row = '<li><a href="/pdfjs/web/viewer.html?file=%2Fgb%2F@.pdf#page=1">2031年第@期公报目录</a><i>2031-03-@</i></li>'
    listed = "".join(row.replace("@", f"{n:02}") for n in range(1, 9))
    root = parse_html(f"<ul>{listed}</ul>")
    assert root is not None
    found = [row.url for row in rows_in(root, "http://linjiang.example/gb/", RowOptions())]
    assert found == [f"http://linjiang.example/gb/{n:02}.pdf" for n in range(1, 9)]


@pytest.mark.parametrize(
    "row",
    [
        '<a class="i" href="/D49Y/10166@.jhtml"><span>关于第@项工作的公示</span></a><ul class="card"><li>LJ-2031-@</li><li>人事局</li>'
        "<li>2031-03-@</li></ul><ul class='m'><li>2031-03-@</li><li>LJ-2031-@</li></ul>",
        '<a href="./t203103@_1.html">关于第@项工作的公示</a> [2031-03-@]<br>',
        '<dt><a href="./t203103@_1.html">关于第@项工作的公示</a></dt><dd>2031-03-@</dd>',
        '<p><a href="./t203103@_1.html">关于第@项工作的公示</a></p><p>发布时间：2031-03-@</p>',
        '<span>2031-03-@</span><a href="./t203103@_1.html">关于第@项工作的公示</a>',
    ],
    ids=["a-list", "words", "dd", "paragraph", "in-front"],
)
def test_a_day_that_stands_beside_each_row(row: str) -> None:
    found = _rows(row, "<div class='c'>{}</div>")
    assert found == [(f"关于第{n:02}项工作的公示", f"2031-03-{n:02}") for n in range(1, 9)]


def test_a_day_beside_rows_that_is_another_one() -> None:
    row = '<a href="./t203103@_1.html">关于第@项工作的公示</a> 截止日期：2031-03-@<br>'
    assert all(day is None for _, day in _rows(row))


def test_a_day_beside_some_rows_is_none_of_theirs() -> None:
    days = "".join(
        f"<h4>2031-03-{n:02}</h4>" + f"<p><a href='t2_{n}.html'>关于第{n}项工作的公示</a></p>" * 2
        for n in range(1, 5)
    )
    root = parse_html(f"<html><body><div>{days}</div></body></html>")
    assert root is not None
    assert not any("published_on" in row.hints for row in rows_in(root, URL, RowOptions()))


def test_the_day_of_issue_in_a_row() -> None:
    """The card behind a row's title has it as well: the row's own day is that of publication."""
    card = "<div style='display:none'><p><span>成文日期：</span><span>2030-12-@</span></p></div>"
    row = '<li><a href="./t203103@_1.html">关于第@项工作的通知</a>%s' + card + "</li>"
    assert _rows(row % "<span>2031-03-@</span>") == [
        (f"关于第{n:02}项工作的通知", f"2031-03-{n:02}") for n in range(1, 9)
    ]
    root = parse_html(f"<ul>{''.join((row % '').replace('@', f'{n:02}') for n in range(1, 9))}</ul>")
    assert root is not None
    found = list(rows_in(root, URL, RowOptions()))
    assert [dict(row.hints) for row in found] == [
        {"title": f"关于第{n:02}项工作的通知", "issued_on": f"2030-12-{n:02}"} for n in range(1, 9)
    ]
    assert [row.day for row in found] == [f"2030-12-{n:02}" for n in range(1, 9)]


@pytest.mark.parametrize("versions", [0, 1, 2])
def test_a_law_over_its_earlier_versions_is_one_row(versions: int) -> None:
    """Every second row has some: of rows with more than one document, those without were the whole list."""
    law = "<a href='/law/detail?LawID=1@&Query='>临江市第@号条例</a><p>2031-03-@公布</p><p>2031-07-01施行</p>"
    earlier = "".join(
        f"<div><a href='/law/detail?LawID={n}@'>临江市第@号条例</a></div>" for n in range(2, 2 + versions)
    )
    rows = [f"<li>{law}{earlier if n % 2 else ''}</li>".replace("@", f"{n:02}") for n in range(1, 9)]
    root = parse_html(f"<html><body><ul class='laws'>{''.join(rows)}</ul></body></html>")
    assert root is not None
    found = [(row.title, row.hints.get("published_on")) for row in rows_in(root, URL, RowOptions())]
    assert found == [(f"临江市第{n:02}号条例", f"2031-03-{n:02}") for n in range(1, 9)]


def test_documents_of_one_title_in_a_row_of_a_table_are_two() -> None:
    cell = "<td><a href='/xzcf/t20310301_@.html'>行政处罚决定书公示</a></td><td>2031-03-01</td>"
    rows = "".join(f"<tr>{cell.replace('@', f'1{n}')}{cell.replace('@', f'2{n}')}</tr>" for n in range(8))
    root = parse_html(f"<html><body><table>{rows}</table></body></html>")
    assert root is not None
    assert len({row.url for row in rows_in(root, URL, RowOptions())}) == 16


def test_a_list_whose_rows_stand_in_a_comment() -> None:
    """A script takes them from there: ``<ul class="list"><!-- <li>… --></ul>`` shows none of its own."""
    row = '<li><a href="./t203103@_1.html">关于第@项工作的公示</a><b>2031-03-@</b></li>'
    menu = "".join(f'<li><a href="../c{n}/list.shtml">第{n}号栏目</a></li>' for n in range(12))
    around = f"<ul class='menu'>{menu}</ul><div><ul class='list'>\n<!--\n{{}}<script>createPageHTML('p', 4, 1);</script>-->\n</ul></div>"
    assert _rows(row, around) == [(f"关于第{n:02}项工作的公示", f"2031-03-{n:02}") for n in range(1, 9)]


@pytest.mark.parametrize(
    "around",
    [
        "<ul><li><a href='./t2_1.html'>关于第一项工作的公示</a><b>2031-03-09</b></li><!--{}--></ul>",
        "<div><p>通知公告</p><!--{}--></div>",
        "<!--{}-->",
    ],
    ids=["rows-shown", "words-shown", "alone"],
)
def test_rows_in_a_comment_beside_others_are_none(around: str) -> None:
    row = '<li><a href="./t203103@_1.html">关于第@项工作的公示</a><b>2031-03-@</b></li>'
    assert not any(
        "项工作" in (title or "") and "第一" not in (title or "") for title, _ in _rows(row, around)
    )


@pytest.mark.parametrize(
    "row", ["<li><a href='#'>公示@</a><b>2031-03-@</b></li>", "<li><a href='./t@.html'>公示@</a></li>"]
)
def test_a_pattern_in_a_comment_is_no_list(row: str) -> None:
    assert _rows(row, "<ul><!--{}--></ul>") == []


def test_a_pattern_in_a_template_is_no_row() -> None:
    """Scripts copy it; nobody sees it, unless it holds what stands within an element: ``<template shadowrootmode="open">``."""
    row = '<li><a href="./t203103@_1.html">关于第@项工作的公示</a><b>2031-03-@</b></li>'
    pattern = '<template{}><li><a href="./t1_0.html">关于样例的公示标题</a><b>2020-01-01</b></li></template>'
    around = "<div>{pattern}<ul>{{}}</ul></div>"
    assert len(_rows(row, around.format(pattern=pattern.format("")))) == 8
    assert len(_rows(row, around.format(pattern=pattern.format(" shadowrootmode='open'")))) == 9


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ('<a href="t1.html">公告</a><span>2031-03-01</span>', "公告"),
        ('<b>1.</b><a href="t1.html">公 告</a> [03-01]', "公 告"),
        ('<a href="t1.html">通告（5）</a><span>2031-03-01</span>', "通告（5）"),
        ('<a href="t1.html">查看</a><span>2031-03-01</span>', None),
        ('<a href="t1.html">要闻</a><span>2031-03-01</span>', None),
        (
            '滨河路改造工程<a href="t1.html">公告</a><span>2031-03-01</span>',
            None,
        ),  # it names what the page says of it
    ],
)
def test_a_document_that_is_called_by_its_kind(row: str, hint: str | None) -> None:
    others = "".join(
        f'<li><a href="t{n}.html">关于第{n}号事项的通知</a><span>2031-03-02</span></li>' for n in range(2, 7)
    )
    root = parse_html(f"<html><body><ul><li>{row}</li>{others}</ul></body></html>")
    assert root is not None
    found = {one.url: one for one in rows_in(root, URL, RowOptions())}
    assert found["https://www.example.gov.cn/zwgk/t1.html"].hints.get("title") == hint


@pytest.mark.parametrize(
    "hover",
    [
        "标题：关于第@项工作的通知&#13;点击数：33@&#13;发表时间：2031年03月05日",
        "文章标题：关于第@项工作的通知\r\n作    者：佚名\r\n更新时间：2031-3-5 10:20:1@",
        "关于第@项工作的通知 &#10;浏览次数：1@",
        "文章标题：关于第@项工作的通知<br>发 布 人：某某<br>整理时间：2031-3-5",
        "文章标题：关于第@项工作的通知    点击次数：7@次",
        "标题：关于第@项工作的通知&#10;上报单位：水利局",
        "关于第@项工作的&amp;nbsp;通知",
    ],
)
def test_what_a_template_adds_to_the_title_in_an_attribute_is_none_of_it(hover: str) -> None:
    title = "关于第01项工作的 通知" if "nbsp" in hover else "关于第01项工作的通知"
    row = f'<li><a href="Item/@.aspx" title="{hover}">关于第@项工作…</a><i>2031-03-@</i></li>'
    assert _rows(row)[0] == (title, "2031-03-01")
    cells = f'<tr><td>@</td><td><a href="Item/@.aspx" title="{hover}">关于第@项工作…</a></td><td>2031-03-@</td></tr>'
    assert _rows(cells, "<table>{}</table>")[0] == (title, "2031-03-01")
