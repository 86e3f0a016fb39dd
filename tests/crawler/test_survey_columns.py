"""Pages that list nothing themselves and lead to many columns: all of them are catalogues, or are said to be left out."""

from __future__ import annotations

import re
from datetime import date

import pytest

from crawler.lists.rows import parse_html
from crawler.survey.columns import boxes
from crawler.survey.draft import draft
from scheduler.commands import sites_add
from tests.crawler.survey_pages import BASE, listing, look

NAMES = (
    "政策文件", "规划计划", "统计信息", "行政许可", "行政处罚", "行政强制", "财政信息", "行政收费", "政府采购", "重大项目",
    "重大民生", "应急管理", "食品药品", "公务员招考", "建议提案", "年度报告",
)  # fmt: skip
HOME = "/zwgk/fdzdgknr/"


def _menu(names: tuple[str, ...] = NAMES) -> str:
    links = "".join(f"<li><a href='l{n:02d}/'>{name}</a></li>" for n, name in enumerate(names))
    around = "<div class='s'><a href='/zwgk/zcwj/'>政策文件</a><a href='/zwgk/rsxx/'>人事信息</a></div>"
    return f"<html><head><title>法定主动公开内容</title></head><body>{around}<ul class='c'>{links}</ul></body></html>"


def _columns(names: tuple[str, ...] = NAMES) -> dict[str, str]:
    lists = {f"{HOME}l{n:02d}/": listing("./", 100 * n, 3, column=name) for n, name in enumerate(names)}
    return {HOME: _menu(names), **lists}


def test_all_columns_of_a_page_are_catalogues() -> None:
    survey, asked = look(_columns(), HOME)
    assert sorted(one.url for one in survey.lists) == [f"{BASE}{HOME}l{n:02d}/" for n in range(16)]
    assert not survey.unseen and not survey.left_out
    assert survey.is_certain
    assert len(asked) <= 30


def test_what_is_said_of_each_lists_pages_names_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    names = NAMES[:3]
    survey, _ = look(_columns(names), HOME)
    report = sites_add._report(survey, "linjiang", "linjiang.yml", "")
    sites_add._print(survey, report, dry_run=False, command="gongkai")
    said = [line.split()[2] for line in capsys.readouterr().out.splitlines() if line.startswith("paging of ")]
    assert said == [one["key"] for one in report["catalogues"]]
    assert said == re.findall(r"  - key: (\S+)", draft(survey, "linjiang", today=date(2026, 3, 2)))
    assert len(set(said)) == 3


def test_columns_beyond_those_that_are_looked_at_are_taken_as_the_page_names_them() -> None:
    names = tuple(f"{name}{kind}" for kind in "甲乙丙" for name in NAMES)
    survey, asked = look(_columns(names), HOME)
    assert len(survey.lists) + len(survey.unseen) == 48
    assert len(survey.lists) >= 15
    assert not survey.is_certain
    assert len(asked) <= 30
    assert draft(survey, "linjiang", today=date(2026, 3, 2)).count("  - key: ") == 48


def test_columns_that_are_not_read_are_told() -> None:
    """One shows a list that a script brings, one a table of another platform; what is no list at all is not told."""
    rows = "".join(
        f"<tr><td>LJ/{n}</td><td><a href='show.jsp?id={n}'>关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
        for n in range(3)
    )
    table = f"<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr>{rows}</table>"
    pages = _columns(NAMES[:6])
    pages[f"{HOME}l01/"] = "<html><head><title>规划计划</title></head><body><ul id='l'></ul></body></html>"
    pages[f"{HOME}l02/"] = f"<html><head><title>统计信息</title></head><body>{table}</body></html>"
    del pages[f"{HOME}l03/"]
    survey, _ = look(pages, HOME)
    assert sorted(one.url[-4:] for one in survey.lists) == ["l00/", "l04/", "l05/"]
    assert {post.url[-4:] for post in survey.left_out} == {"l01/", "l02/"}
    assert not survey.is_certain
    text = draft(survey, "linjiang", today=date(2026, 3, 2))
    assert "Not collected" in text and f"{HOME}l02/" in text


ELSEWHERE = "/col/col{}/index.html"
MIXED = ("政策文件", "机构设置", "规划计划", "统计信息", "社会救助", "义务教育", "行政处罚")


def _grid(
    names: tuple[str, ...], link: str, *, around: str = "", title: str = "法定主动公开内容"
) -> dict[str, str]:
    """A page whose columns lie beside it, not beneath."""
    links = "".join(f"<li>{link.format(ELSEWHERE.format(20 + n), name)}</li>" for n, name in enumerate(names))
    pages = {ELSEWHERE.format(20 + n): listing("./", 100 * n, 3, column=name) for n, name in enumerate(names)}
    head = f"<html><head><title>{title}-临江市</title></head>"
    return {ELSEWHERE.format(10): f"{head}<body><ul class='c'>{links}{around}</ul></body></html>", **pages}


@pytest.mark.parametrize("link", ["<a href='{0}'>{1}</a>", "<a href='{0}'><img src='i.png' alt='{1}'></a>"])
def test_all_links_of_a_list_of_columns_are_columns_wherever_they_lie(link: str) -> None:
    survey, _ = look(_grid(MIXED, link), ELSEWHERE.format(10))
    assert sorted(one.url for one in survey.lists) == [f"{BASE}/col/col{n}/index.html" for n in range(20, 27)]
    few = (
        "走进临江",
        "办事大厅",
        "互动交流",
        "政策解读",
        "专题专栏",
    )  # a menu of the site, with one column in it
    survey, _ = look(_grid(few, link), ELSEWHERE.format(10))
    assert [one.url for one in survey.lists] == [f"{BASE}/col/col23/index.html"]


def test_what_lies_beneath_a_page_is_its_column_by_any_name() -> None:
    names = (
        "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
        "办理行政许可和其他对外管理服务事项的依据、条件、程序",
        "突发公共事件的应急预案、预警信息及应对情况",
        "领导信息",
        "政府信息公开指南",
    )
    pages = _columns(names)
    pages[f"{HOME}l03/"] = (
        "<html><head><title>领导</title></head><body><a href='w.html'>王某</a></body></html>"
    )
    survey, asked = look(pages, HOME)
    assert sorted(one.url[-4:] for one in survey.lists) == ["l00/", "l01/", "l02/"]
    assert not survey.left_out
    assert f"{HOME}l04/" not in asked


UNREAD = "<ul id='l'></ul><script>$.get('/api/q', {page: 1, size: 9, sign: hex_md5(key)}, show);</script>"


@pytest.mark.parametrize("itself", ["<li class='on'>财政信息</li>", "<li><a href='index.html'>财政</a></li>"])
def test_a_menu_that_lists_the_page_itself_holds_no_columns_of_it(itself: str) -> None:
    """The list of the page could not be read: those beside it are not what was asked for."""
    pages = _grid(MIXED, "<a href='{0}'>{1}</a>", around=itself, title="财政信息")
    start = ELSEWHERE.format(10)
    pages[start] = pages[start].replace("</ul>", f"</ul>{UNREAD}")
    survey, _ = look(pages, start)
    assert not survey.lists
    assert survey.problem is not None and f"{BASE}/api/q for its rows" in survey.problem


@pytest.mark.parametrize(
    "itself", ["<li><a href='index.html'>全部</a></li>", "<h3><a href='index.html'>财政信息</a></h3>"]
)
def test_an_index_that_leads_to_itself_over_its_columns_holds_them(itself: str) -> None:
    """As a link to all of them, or by its heading."""
    pages = _grid(MIXED, "<a href='{0}'>{1}</a>", around=itself, title="财政信息")
    survey, _ = look(pages, ELSEWHERE.format(10))
    assert survey.is_certain


def test_columns_of_a_page_that_may_have_a_list_of_its_own_are_doubted() -> None:
    pages = _grid(MIXED, "<a href='{0}'>{1}</a>", title="财政信息")
    start = ELSEWHERE.format(10)
    survey, _ = look(pages, start)
    assert survey.is_certain
    pages[start] = pages[start].replace("</ul>", f"</ul>{UNREAD}")
    survey, _ = look(pages, start)
    assert len(survey.lists) == 7 and not survey.is_certain
    assert f"- 财政信息 {BASE}{start}" in draft(survey, "linjiang", today=date(2026, 3, 2))


def _box(directory: str, name: str, rows: list[str], tag: str = "h3") -> str:
    items = "".join(f"<li><a href='{row}'>关于开展{row}工作的通知</a><i>2026-03-01</i></li>" for row in rows)
    return f"<div><{tag}><a href='{directory}'>{name}</a></{tag}><ul>{items}</ul></div>"


def _of(directory: str) -> list[str]:
    return [f"{directory}202603/t20260301_{n}.html" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        (_box("a/", "县政府文件", _of("a/")) + _box("b/index.html", "部门文件", _of("b/"), "div"), 2),
        (_box("/w/a/", "县政府文件", _of("/w/a/")) + _box("/w/b/", "部门文件", _of("/w/c/")), 1),
        # of months, of menus in a menu, of a category before each row, of lists elsewhere on the site
        (_box("202603/", "2026年3月", ["202603/t1.html", "202603/t2.html"]) + _box("202602/", "2月", ["202602/t3.html"] * 2), 0),
        (_box("a/", "规划信息", ["a/ghjh/", "a/ztgh/"]) + _box("b/", "财政信息", ["b/ys/", "b/js/"]), 0),
        ("<ul>" + "".join(f"<li><a href='{d}/'>文件</a><a href='{d}/t{n}.html'>通知</a></li>" for n in range(4) for d in "ab"), 0),
        (_box("/n/a/", "要闻", _of("/n/a/")) + _box("/n/b/", "动态", _of("/n/b/")), 0),
        (_box("./", "文件", _of("a/")) + _box("index.html", "文件", _of("b/")), 0),
    ],
)  # fmt: skip
def test_boxes_that_are_headed_by_a_link_to_their_list(markup: str, count: int) -> None:
    root = parse_html(
        f"<html><body><a href='/'>首页</a>{markup}<a href='/map.html'>网站地图</a></body></html>"
    )
    assert root is not None
    assert boxes(root, f"{BASE}/w/") == count


def test_the_lists_whose_newest_documents_stand_in_boxes_are_catalogues() -> None:
    """Nine rows without a pager were one page, and sure."""
    heads = {"a/": "县政府文件", "b/": "县政府办文件", "c/": "部门文件"}
    pages = {
        f"/w/{d}": listing("./", 100 * n, 8, column=name) for n, (d, name) in enumerate(heads.items(), 1)
    }
    shown = "".join(
        _box(d, name, [f"{d}202603/t20260301_{100 * n + k}.html" for k in range(3)])
        for n, (d, name) in enumerate(heads.items(), 1)
    )
    pages["/w/"] = f"<html><head><title>文件</title></head><body>{shown}</body></html>"
    survey, _ = look(pages, "/w/")
    assert {one.name: len(one.rows) for one in survey.lists} == dict.fromkeys(heads.values(), 8)
    assert survey.is_certain
