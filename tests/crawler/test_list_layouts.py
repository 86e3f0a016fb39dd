"""The rows of a catalogue, however a page is laid out around them and whatever the addresses of documents look like."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.platforms import platform_of

URL = "https://www.linjiang.example.gov.cn/zwgk/tzgg/index.html"
Row = Callable[[str, str, str], str]  # title, address, day

ROWS: dict[str, tuple[str, Row, str]] = {
    "li": ("<ul>", lambda t, a, d: f'<li><a href="{a}">{t}</a><span>{d}</span></li>', "</ul>"),
    "li, day first": ("<ul>", lambda t, a, d: f'<li><span>[{d}]</span><a href="{a}">{t}</a></li>', "</ul>"),
    "li, all in the link": (
        "<ul>",
        lambda t, a, d: f'<li><a href="{a}"><span>{t}</span><em>{d}</em></a></li>',
        "</ul>",
    ),
    "li, category": (
        "<ul>",
        lambda t, a, d: f'<li><a href="../cat/">[通知]</a><a href="{a}">{t}</a><i>{d}</i></li>',
        "</ul>",
    ),
    "tr": (
        "<table>",
        lambda t, a, d: f'<tr><td>1</td><td><a href="{a}">{t}</a></td><td>{d}</td></tr>',
        "</table>",
    ),
    "tr, picture": (
        "<table>",
        lambda t, a, d: f'<tr><td><img src="dot.gif"></td><td><a href="{a}">{t}</a></td><td>[{d}]</td></tr>',
        "</table>",
    ),
    "table in tr": (
        "<table>",
        lambda t, a, d: (
            f'<tr><td><table><tr><td>·</td><td><a href="{a}">{t}</a></td><td>{d}</td></tr></table></td></tr>'
        ),
        "</table>",
    ),
    "dl each": ("<div>", lambda t, a, d: f'<dl><dt><a href="{a}">{t}</a></dt><dd>{d}</dd></dl>', "</div>"),
    "dd": ("<dl>", lambda t, a, d: f'<dd><a href="{a}">{t}</a><span>{d}</span></dd>', "</dl>"),
    "div": ("<div>", lambda t, a, d: f'<div class="r"><a href="{a}">{t}</a><span>{d}</span></div>', "</div>"),
    "card": (
        "<div>",
        lambda t, a, d: (
            f'<div class="r"><h3><a href="{a}">{t}</a></h3><p>现将有关事项通知如下……</p><span>{d}</span><a href="{a}">查看详情</a></div>'
        ),
        "</div>",
    ),
    "p": ("<div>", lambda t, a, d: f'<p><a href="{a}">{t}</a> {d}</p>', "</div>"),
    "br": ('<div class="x">', lambda t, a, d: f'<a href="{a}">{t}</a> {d}<br>', "</div>"),
}
MENU = "".join(
    f'<li><a href="/{n}/">{w}</a></li>' for n, w in enumerate(("政务公开", "办事服务", "互动交流"))
)
MENU = f'<div class="k1"><ul><li><a href="/">首页</a></li>{MENU}</ul></div>'
SIDE = "".join(
    f'<li><a href="/zwgk/c{n}/">{w}</a></li>' for n, w in enumerate(("机构职能", "规划计划", "财政信息") * 4)
)
SIDE = f'<div class="k2"><h3>信息公开</h3><ul>{SIDE}</ul></div>'
TRAIL = '<div class="k3">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>'
PAGER = '<div class="k4">共3页 <a href="index_1.html">2</a> <a href="index_1.html">下一页</a> <a href="index_2.html">尾页</a></div>'
FOOT = "".join(f'<a href="https://x{n}.example.gov.cn/">友情链接{n}</a>' for n in range(14))
FOOT = f'<div class="k5">{FOOT}<p>主办：临江市人民政府 临ICP备05000001号</p></div>'
FRAMES: dict[str, Callable[[str], str]] = {
    "plain": lambda rows: MENU + TRAIL + rows + PAGER + FOOT,
    "beside a menu": lambda rows: f"{MENU}<div>{SIDE}<div>{TRAIL}{rows}{PAGER}</div></div>{FOOT}",
    "laid out by tables": lambda rows: (
        f"<table><tr><td>{MENU}</td></tr><tr><td><table><tr><td width=200>{SIDE}</td><td>{TRAIL}{rows}{PAGER}</td></tr>"
        f"</table></td></tr><tr><td>{FOOT}</td></tr></table>"
    ),
}
ADDRESSES: dict[str, Callable[[int], str]] = {
    "t20310301_4000.html": lambda n: f"./203103/t20310301_{4000 + n}.html",
    "info/1012/7000.htm": lambda n: f"../info/1012/{7000 + n}.htm",
    "Item/100.aspx": lambda n: f"/Item/{100 + n}.aspx",
    "show.asp?id=300": lambda n: f"show.asp?id={300 + n}",
}
TITLES = (
    "关于开展第{}批安全检查的通知",
    "临江市水利局第{}号公告",
    "第{}期招标公告",
    "李某{}任职公示",
    "第{}季度预算公开情况说明",
)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("row", ROWS)
def test_every_document_is_a_row_and_nothing_else_is(row: str, frame: str) -> None:
    begin, make, end = ROWS[row]
    for kind, address in ADDRESSES.items():
        for count in (1, 2, 8):
            titles = [TITLES[n % len(TITLES)].format(n) for n in range(count)]
            rows = "".join(make(t, address(n), f"2031-03-{1 + n:02}") for n, t in enumerate(titles))
            inner = FRAMES[frame](begin + rows + end)
            root = parse_html(
                f"<html><head><title>通知公告_临江市人民政府</title></head><body>{inner}</body></html>"
            )
            assert root is not None
            assert [r.title for r in rows_in(root, URL, RowOptions())] == titles, (kind, count)


@pytest.mark.parametrize("row", ["br", "card", "table in tr"])
def test_a_link_costs_no_look_at_all_the_others(row: str) -> None:
    """Counted, not timed: texts of the elements around its links are not read for each of them."""
    begin, make, end = ROWS[row]

    def looks(count: int) -> int:
        rows = "".join(make(f"关于第{n}号事项的通知", f"show.asp?id={n}", "2031-03-01") for n in range(count))
        root = parse_html(f"<html><body>{FRAMES['plain'](begin + rows + end)}</body></html>")
        assert root is not None
        calls = 0

        def count_calls(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(count_calls)
        try:
            assert len(list(rows_in(root, URL, RowOptions()))) == count
        finally:
            sys.setprofile(None)
        return calls

    assert looks(400) < 5 * looks(100)


def menu(places: str, *words: str) -> str:
    return "".join(
        f'<li><a href="{places.replace("@", str(n))}">{word}</a></li>' for n, word in enumerate(words)
    )


COLUMNS = ("政务公开", "新闻发布", "政策法规")


@pytest.mark.parametrize(
    "around",
    [
        f'<div class="mainnav"><ul class="clearfix">{menu("/z/n81021@/index.html", *COLUMNS)}</ul></div>',
        f'<div class="w9"><ul>{menu("/z/n81021@/index.html", *COLUMNS)}</ul></div>',
        f'<dl><dt>各县</dt><dd><ul class="k">{menu("/a@/", "临江", "青川", "北岭", "西河")}</ul></dd></dl>',
    ],
)
def test_menus_around_a_list_that_a_script_fills_are_no_rows(around: str) -> None:
    headings = "".join(f"<p>{word}</p>" for word in ("序号", "标题", "发文字号", "成文日期"))
    text = f'<html><body><div class="head">{headings}</div><ul></ul>{around}<script src="/js/list.js"></script></body></html>'
    url = "https://www.linjiang.example/z/c100012/list.html"
    root = parse_html(text)
    assert root is not None
    assert list(rows_in(root, url, RowOptions())) == []
    assert platform_of("label_table").recognise(text, url) is None


def test_a_document_of_a_short_title_in_a_directory_of_its_own_is_a_row() -> None:
    days = {"任职公示": 3, "征求意见": 5, "招聘启事": 8}
    rows = "".join(
        f'<li><a href="/z/n81021{n}/index.html">{word}</a><span>2031-03-0{n}</span></li>'
        for word, n in days.items()
    )
    url = "https://www.linjiang.example/z/c100012/list.html"
    root = parse_html(f"<html><body><ul>{rows}</ul></body></html>")
    assert root is not None
    assert [row.hints.get("published_on") for row in rows_in(root, url, RowOptions())] == [
        "2031-03-03", "2031-03-05", "2031-03-08",
    ]  # fmt: skip
