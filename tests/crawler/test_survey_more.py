"""What stands beside 更多 where a page shows the newest of a list: the way to the whole list, or to another one."""

from __future__ import annotations

import json

import pytest

from tests.crawler.survey_pages import BASE, listing, look

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
