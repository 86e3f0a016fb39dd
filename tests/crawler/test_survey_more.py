"""What stands beside a list on its page: 更多 and the way to the whole of it, years that only a script leads to, a second list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawler.survey_pages import BASE, drafted, listing, look

PAGER = "<script>createPageHTML(2,{},'index','html')</script>"


@pytest.mark.parametrize(("more", "pager"), [(12, ""), (8, PAGER.format(0))])
def test_a_page_that_shows_the_newest_of_a_list_leads_to_it(more: int, pager: str) -> None:
    link = "<div class='m'><a href='/zwgk/listmore.shtml?code=7'>查看更多</a></div>"
    pages = {
        "/zwgk/gongwen/": listing("./", 1, 8, pager=link),
        "/zwgk/listmore.shtml?code=7": listing("/zwgk/gongwen/", 1, more, pager=pager),
        "/zwgk/index_1.html": listing("/zwgk/gongwen/", 9, 4, pager=PAGER.format(1)),
    }
    survey, _ = look(pages)
    assert [one.url for one in survey.lists] == [f"{BASE}/zwgk/listmore.shtml?code=7"]
    assert any("shows the newest documents of the list" in note for note in survey.notes)


@pytest.mark.parametrize(("column", "taken"), [("政府文件", True), ("政务要闻", False)])
def test_a_list_behind_more_that_a_script_loads(column: str, taken: bool) -> None:
    """It shows no rows to compare, but is called as the page is."""
    link = "<div class='m'><a href='/zwgk/list.html'>更多&gt;&gt;</a></div>"
    rows = [
        {
            "title": f"关于第{n}号事项的通知",
            "url": f"/zwgk/gongwen/202603/t20260301_{n}.html",
            "date": "2026-03-01",
        }
        for n in range(1, 13)
    ]
    code = "<script>$.get('/api/list', {code: 'gw', pageNo: n, pageSize: 15}, show);</script>"
    pages = {
        "/zwgk/gongwen/": listing("./", 1, 8, pager=link),
        "/zwgk/list.html": f"<html><head><title>{column}-临江市</title></head><body>{code}</body></html>",
        "/api/list?code=gw&pageNo=1&pageSize=15": json.dumps({"total": 12, "rows": rows}),
    }
    survey, _ = look(pages)
    assert survey.platform is not None
    assert survey.platform.value == ("json_api" if taken else "static_list")
    assert taken or not survey.is_certain


@pytest.mark.parametrize(
    "other",
    [
        listing("/xwzx/", 101, 12),  # another column's
        listing("/zwgk/gongwen/", 1, 8),  # the same, without more
        "<html><head><title>政务公开</title></head><body><a href='/'>首页</a></body></html>",
    ],
)
def test_more_that_leads_to_another_list(other: str) -> None:
    link = "<div class='m'><a href='/xwzx/'>更多&gt;&gt;</a></div>"
    survey, _ = look({"/zwgk/gongwen/": listing("./", 1, 8, pager=link), "/xwzx/": other})
    assert [one.url for one in survey.lists] == [f"{BASE}/zwgk/gongwen/"]
    assert any("更多 leads to" in one for one in survey.lists[0].paging.look) == ("t20260301" not in other)
    assert survey.is_certain == ("t20260301" in other)


def test_what_may_lead_to_more_or_lie_elsewhere_is_told() -> None:
    years = "".join(
        f"<a href='javascript:;' onclick='show({year})'>{year}年</a>" for year in (2026, 2025, 2024)
    )
    pages = {"/zw/": listing("/zw/", 1, 8, around=years)}
    survey, _ = look(pages, "/zw/")
    assert not survey.is_certain
    assert "lists of 2025, 2024 are shown, to which only a script leads" in survey.lists[0].paging.look[-1]
    for rows in (8, 14):
        survey, _ = look({"/zw/": listing("/xw/", 1, rows)}, "/zw/")
        assert not survey.is_certain
        assert "the rows lie elsewhere on the site" in survey.lists[0].paging.look[-1]
    survey, _ = look({"/zw/": listing("/xw/", 1, 8, around="<p>暂无信息！</p>")}, "/zw/")
    assert "which says '暂无信息！'" in survey.lists[0].paging.look[-1]
    assert look({"/zw/": listing("/zw/", 1, 8)}, "/zw/")[0].is_certain


@pytest.mark.parametrize(("start", "certain"), [("/zwgk/gongwen/index.html", False), ("/list.html", True)])
def test_a_second_list_of_a_page_is_named(start: str, certain: bool, tmp_path: Path) -> None:
    """In the page's own directory it may be as much of the catalogue as the first; news at its side are only named."""
    rows = listing("/zwgk/gongwen/", 101, 9).partition("<ul class='l'>")[2].partition("</ul>")[0]
    second = f"<div class='b'><ul class='t'>{rows}</ul></div>"
    pages = {start: listing("/zwgk/gongwen/", 1, 12, pager="<p>共1页</p>", around=second)}
    survey, _ = look(pages, start)
    assert len(survey.lists[0].rows) == 12
    assert survey.is_certain is certain
    text = " ".join(line.strip("# ") for line in drafted(survey, tmp_path).splitlines())
    assert (
        "a second list stands on the page and is not taken: 9 rows from 《临江市人民政府关于第101号事项的通知》 on"
        in text
    )


def test_the_columns_of_rows_are_no_second_list() -> None:
    """[<a href="/zwgk/gongwen/">政府文件</a>] stands in front of every title."""
    rows = listing("/zwgk/gongwen/", 1, 12, pager="<p>共1页</p>").replace(
        "<li>", "<li class='r'>[<b><a href='/zwgk/gongwen/'>政府文件</a></b>]"
    )
    survey, _ = look({"/zwgk/gongwen/": rows})
    assert survey.is_certain, [one.paging for one in survey.lists]


@pytest.mark.parametrize(
    ("directory", "first", "certain"), [("./", 1, True), ("./", 101, False), ("/tzgg/", 101, True)]
)
def test_rows_of_a_page_that_are_none_of_what_its_script_brings(
    directory: str, first: int, certain: bool
) -> None:
    """The newest of the list; the list itself, beside one of news that a script brings; a box of another column."""
    rows = [
        {"title": f"临江市人民政府关于第{n}号事项的通知", "url": f"/api/202603/t20260301_{n}.html"}
        for n in range(1, 31)
    ]
    code = "<script>$.get('/api/list', {code: 'gw', pageNo: n, pageSize: 15}, show);</script>"
    pages = {"/zwgk/gongwen/": listing(directory, first, 8, pager=code)}
    for n in range(1, 4):
        answer = {"total": 30, "rows": rows[(n - 1) * 15 : n * 15]}
        pages[f"/api/list?code=gw&pageNo={n}&pageSize=15"] = json.dumps(answer)
    survey, _ = look(pages)
    (one,) = survey.lists
    assert (len(one.rows), survey.is_certain) == (30, certain)
    assert certain or "8 rows of its own, from 《临江市人民政府关于第101号事项的通知》 on" in " ".join(
        one.paging.look
    )


@pytest.mark.parametrize("shown", ["[通知] {0}", "· {0}", "{0}<b>NEW</b>"])
def test_rows_whose_addresses_a_script_brings_too_are_those(shown: str) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/t20260301_{n}.html"} for n in range(1, 31)
    ]
    code = "<script>$.get('/api/list', {code: 'gw', pageNo: n, pageSize: 15}, show);</script>"
    items = "".join(
        f"<li><a href='{r['url']}'>{shown.format(r['title'])}</a> 2026-03-01</li>" for r in rows[:8]
    )
    pages = {"/zwgk/gongwen/": f"<html><title>公文</title><ul>{items}</ul>{code}</html>"}
    for n in range(1, 4):
        answer = {"total": 30, "rows": rows[(n - 1) * 15 : n * 15]}
        pages[f"/api/list?code=gw&pageNo={n}&pageSize=15"] = json.dumps(answer)
    survey, _ = look(pages)
    (one,) = survey.lists
    assert not any("none of those" in told for told in one.paging.look)
    assert len(one.rows) == 30


def test_a_gazette_of_years_whose_lists_are_issues() -> None:
    """Rows were looked for in the years alone, and the gazette was said to hold no documents."""
    links = {
        "/gb/": {f"/gb/{year}/": f"{year}年" for year in (2026, 2025)},
        **{
            f"/gb/{year}/": {f"/gb/{year}/{n}/": f"{year}年第{n}期" for n in (3, 2, 1)}
            for year in (2026, 2025)
        },
    }
    pages = {
        path: "<html><head><title>政府公报</title></head><body><ul>"
        + "".join(f"<li><a href='{to}'>{words}</a></li>" for to, words in shown.items())
        + "</ul></body></html>"
        for path, shown in links.items()
    }
    for year, n in ((2026, 3), (2026, 2), (2026, 1), (2025, 3)):
        pages[f"/gb/{year}/{n}/"] = listing("/gb/", 10 * n, 4, column="政府公报")
    survey, _ = look(pages, "/gb/")
    (one,) = survey.lists
    assert (one.options, one.paging.value, len(one.rows)) == ({"issues": True}, "issues", 4)
    assert survey.can_tell
    assert not survey.is_certain


@pytest.mark.parametrize(
    ("columns", "sure"),
    [("aaabbbccc", False), ("aaabbb", True), ("aabbcc", True), ("aaabbcccc", True), ("abcabcabc", True), ("aaaaaaaaa", True)],
)  # fmt: skip
def test_as_many_rows_of_each_of_several_columns_may_be_their_newest(columns: str, sure: bool) -> None:
    rows = "".join(
        f"<li><a href='{column}/t20260301_{n}.html'>关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n, column in enumerate(columns)
    )
    survey, _ = look(
        {"/w/": f"<html><head><title>文件</title></head><body><ul>{rows}</ul></body></html>"}, "/w/"
    )
    assert survey.can_tell
    assert survey.is_certain == sure, survey.lists[0].paging
