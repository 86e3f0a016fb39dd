"""How a list counts its pages, which a look at a site asks: from 0 or 1, by pages or by rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawler.survey_pages import BASE, document, drafted, look


@pytest.mark.parametrize("taken", ["page", "pageNum", "none"])
def test_an_address_of_answers_without_a_page_s_number(taken: str, tmp_path: Path) -> None:
    """TRS's search behind a list, as it is asked for the first page: the number of all rows says that there are more."""
    address = "/was5/web/search?channelid=29&classsql=chnlid%3D57&prepage=20"
    rows = [
        {"title": f"关于第{n}号事项的通知", "chnldocurl": f"{BASE}/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]

    def answer(number: int) -> str:
        return json.dumps({"count": "45", "docs": rows[(number - 1) * 20 : number * 20]})

    others = ("page", "pageNo", "pageNum", "currentPage")
    pages = {address: answer(1)}
    pages |= {
        f"{address}&{name}={n}": answer(n if name == taken else 1) for name in others for n in range(1, 4)
    }
    survey, asked = look(pages, address)
    (one,) = survey.lists
    assert len(asked) < 14
    if taken == "none":
        assert (len(one.rows), one.paging.value, survey.is_certain) == (20, "unknown", False)
        assert "network tab" in one.paging.look[0]
        return
    assert (len(one.rows), one.options["paging"]) == (40, {"name": taken, "first": 1})
    assert survey.is_certain
    drafted(survey, tmp_path)


@pytest.mark.parametrize("counts", ["rows", "pages", "nothing"])
def test_what_a_parameter_called_start_counts_is_asked(counts: str, tmp_path: Path) -> None:
    """?start=20&rows=20 is the second page where rows are counted, and the twenty-first where pages are."""
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    step = {"rows": 1, "pages": 20, "nothing": 0}[counts]
    pages = {
        f"/api/list?cat=7&start={n}&rows=20": json.dumps({"list": rows[n * step : n * step + 20]})
        for n in range(50)
    }
    survey, asked = look(pages, "/api/list?cat=7&start=0&rows=20")
    (one,) = survey.lists
    if counts == "nothing":
        assert (len(one.rows), one.paging.value) == (20, "unknown")
        assert not survey.is_certain
        return
    paging = (
        {"name": "start", "first": 0} if counts == "pages" else {"by": "offset", "name": "start", "size": 20}
    )
    assert (len(one.rows), one.options["paging"], one.paging.value) == (40, paging, "followed")
    assert len(asked) == (6 if counts == "rows" else 5)  # a page that was asked to find out is known
    drafted(survey, tmp_path)


def test_a_page_s_number_that_counts_rows(tmp_path: Path) -> None:
    """What is called like a page's number and counts rows to skip: {pn: 15, rn: 15} is the second page of a trade centre's."""
    rows = [
        {"title": f"关于第{n}号事项的通知", "linkurl": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    pages = {
        f"/search/list?cnum=1&pn={n}&rn=15": json.dumps({"totalcount": 45, "records": rows[n : n + 15]})
        for n in range(45)
    }
    survey, _ = look(pages, "/search/list?cnum=1&pn=0&rn=15")
    (one,) = survey.lists
    assert one.options["paging"] == {"by": "offset", "name": "pn", "size": 15}
    assert (len(one.rows), one.paging.value) == (30, "followed")
    drafted(survey, tmp_path)


@pytest.mark.parametrize("counted_from", [0, 1])
def test_from_what_a_script_counts_its_pages_is_asked(counted_from: int, tmp_path: Path) -> None:
    """``function load(n) {… pageNo: n …}``: nothing but the site tells whether 0 or 1 is its first page."""
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    code = "<script>function load(n) { $.getJSON('/api/list', {cat: 7, pageNo: n}, show); } load(first);</script>"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul></ul>{code}</body></html>"
    }
    for n in (0, 1, 2, 3):
        shown = max(n - counted_from, 0)  # what is below the first page is the first page
        pages[f"/api/list?cat=7&pageNo={n}"] = json.dumps({"list": rows[shown * 20 : shown * 20 + 20]})
    survey, _ = look(pages, "/zwgk/list.html")
    (one,) = survey.lists
    assert one.options["paging"]["first"] == counted_from
    assert [row.url.rpartition("_")[2] for row in one.rows[:1]] == ["1.html"]
    assert len(one.rows) == 40
    drafted(survey, tmp_path)


def test_a_number_that_is_counted_up_before_it_is_sent(tmp_path: Path) -> None:
    """``var pageNum = 0; … loadDownFn: function () { pageNum++; …``, of a list that goes on where one scrolls."""
    rows = [{"title": f"关于第{n}号事项的通知", "id": n} for n in range(1, 46)]
    code = (
        "<script>var pageNum = 0; $('#list').dropload({loadDownFn: function (me) { pageNum++; $.ajax({url: '/api/list?column='"
        " + column + '&page=' + pageNum, success: function (d) { h += '<a href=\"/zwgk/gongwen/202603/t20260301_' + d.rows[i].id"
        " + '.html?c=' + column + '\">' } }) }}); var column = '7';</script>"
    )
    pages: dict[str, str | tuple[int, str]] = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul></ul>{code}</body></html>"
    }
    for n in range(5):
        held = rows[(n - 1) * 20 : n * 20] if n else []
        pages[f"/api/list?column=7&page={n}"] = json.dumps({"rows": held})
    for n in range(1, 46):
        pages[f"/zwgk/gongwen/202603/t20260301_{n}.html?c=7"] = document(n)
    survey, _ = look(pages, "/zwgk/list.html")
    (one,) = survey.lists
    assert one.options["paging"] == {"name": "page", "first": 1}
    assert one.options["url"] == f"{BASE}/zwgk/gongwen/202603/t20260301_{{id}}.html?c=7"
    assert (len(one.rows), one.paging.value, survey.can_tell) == (40, "followed", True)
    drafted(survey, tmp_path)


@pytest.mark.parametrize("counts", ["pages", "rows"])
def test_a_parameter_called_offset_that_begins_with_1(counts: str, tmp_path: Path) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    pages = {
        f"/search.ct?site=LJ&offset={n}&limit=15": json.dumps(
            {"total": 45, "list": rows[n:][:15] if counts == "rows" else rows[(n - 1) * 15 :][:15]}
        )
        for n in range(counts == "pages", 46)
    }
    survey, _ = look(pages, "/search.ct?site=LJ&offset=1&limit=15")
    (one,) = survey.lists
    paging = {"name": "offset"} if counts == "pages" else {"by": "offset", "name": "offset", "size": 15}
    assert (len(one.rows), one.rows[0].url[-7:], one.options["paging"]) == (30, "_1.html", paging)
    drafted(survey, tmp_path)


@pytest.mark.parametrize("start", ["page=3&size=15", "begin=30&size=15", "page=1&size=15"])
def test_an_address_of_a_further_page_of_answers_begins_at_the_first(start: str, tmp_path: Path) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    pages = {
        f"/api/list?page={n}&size=15": json.dumps({"list": rows[(n - 1) * 15 : n * 15]}) for n in range(1, 5)
    }
    pages |= {f"/api/list?begin={n}&size=15": json.dumps({"list": rows[n : n + 15]}) for n in range(46)}
    survey, _ = look(pages, f"/api/list?{start}")
    (one,) = survey.lists
    assert [row.url[-8:].partition("_")[2] for row in one.rows[:1]] == ["1.html"]
    assert (len(one.rows), one.paging.value) == (30, "followed")
    drafted(survey, tmp_path)


def test_a_count_of_rows_that_is_sent_beside_a_page_s_number_may_be_what_counts(tmp_path: Path) -> None:
    """Kendo sends both: take=15&skip=0&page=1&pageSize=15, and some servers read skip alone."""
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 31)
    ]
    code = "$('#g').kendoGrid({dataSource: {transport: {read: {url: '/api/list'}}, serverPaging: true}});"
    pages: dict[str, str | tuple[int, str]] = {
        f"/api/list?take=15&skip={skip}&page={n}&pageSize=15": json.dumps(
            {"Data": rows[skip : skip + 15], "Total": 30}
        )
        for skip in (0, 15, 30)
        for n in range(4)
    }
    head = "<html><head><title>通知公告-临江市</title></head>"
    pages["/tz/"] = f"{head}<body><div id='g'></div><script>{code}</script></body></html>"
    survey, _ = look(pages, "/tz/")
    (one,) = survey.lists
    assert (len(one.rows), one.options["paging"]) == (30, {"by": "offset", "name": "skip", "size": 15})
    drafted(survey, tmp_path)


@pytest.mark.parametrize(
    ("total", "is_certain"), [(1020, True), (1000, False), (10_000, False), (500, False)]
)
def test_a_number_of_rows_that_is_a_limit_s_is_asked_about(total: int, is_certain: bool) -> None:
    """Search engines count no further than to 10,000, and nothing else tells that a list is longer."""
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/zwgk/gongwen/202603/t20260301_{n}.html"}
        for n in range(1, 46)
    ]
    pages = {
        f"/api/list?page={n}&size=15": json.dumps({"total": total, "list": rows[(n - 1) * 15 : n * 15]})
        for n in range(1, 4)
    }
    survey, _ = look(pages, "/api/list?page=1&size=15")
    (one,) = survey.lists
    assert (one.paging.value, survey.is_certain) == ("followed", is_certain)
    assert is_certain or f"{total} rows: are these all" in one.paging.look[0]
