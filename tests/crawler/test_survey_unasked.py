"""What a look at a site says of requests that it cannot or must not make, to other hosts among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawler.survey_pages import BASE, document, drafted, listing, look

SIGNED = "<script>function load(n) { $.post('/api/list', {pageNo: n, sign: md5(key + n)}, show); } load(1);</script>"


def test_a_list_whose_requests_are_signed_is_said_to_be_so() -> None:
    page = f"<html><head><title>政府文件-临江市</title></head><body><ul id='list'></ul>{SIGNED}</body></html>"
    survey, asked = look({"/zwgk/list.html": page}, "/zwgk/list.html")
    assert not survey.can_tell
    assert f"its script asks {BASE}/api/list for its rows, and what it sends cannot be told" in (
        survey.problem or ""
    )
    assert "/api/list" not in asked


def test_a_list_whose_further_pages_are_signed_is_left_for_a_person(tmp_path: Path) -> None:
    pages = {"/zwgk/gongwen/": listing("./", 1, 20, pager=f"<div class='page'>共3页</div>{SIGNED}")}
    survey, _ = look(pages)
    assert not survey.is_certain
    text = drafted(survey, tmp_path)
    assert "enabled: false" in text
    assert "what it sends cannot be told from the page" in " ".join(text.replace("#", "").split())


ASKED = "<script>function load(n) { $.get('/api/list', {pageNo: n, size: 15}, show); } load(1);</script>"


@pytest.mark.parametrize(
    ("code", "answer", "told"),
    [
        (SIGNED, None, "for rows that could not be had: are they its list, or more of it?"),
        (ASKED, (401, '{"code": 401}'), "and no rows came: does it bring more?"),
        ("<script>$.get('/api/visits', {id: 7}, show);</script>", None, None),
    ],
)
def test_few_rows_of_a_page_that_asks_for_more_in_vain_are_doubted(
    code: str, answer: tuple[int, str] | None, told: str | None
) -> None:
    """Eight rows that the server puts into the page, and a script that brings all of them."""
    pages: dict[str, str | tuple[int, str]] = {"/zwgk/gongwen/": listing("./", 1, 8, pager=code)}
    if answer is not None:
        pages["/api/list?pageNo=1&size=15"] = answer
    survey, _ = look(pages)
    assert survey.is_certain == (told is None)
    assert told is None or told in " ".join(survey.lists[0].paging.look)


def test_a_pager_elsewhere_beside_a_list_that_could_not_be_read_is_doubted() -> None:
    """The box at the side has a pager, and the page's own list stays empty."""
    start = listing(
        "/tzgg/", 1, 8, pager=f"<div class='page'><a href='/tzgg/2.html'>下一页</a></div>{SIGNED}"
    )
    survey, _ = look({"/zwgk/gongwen/": start, "/tzgg/2.html": listing("/tzgg/", 9, 8)})
    assert survey.lists[0].paging.value == "followed"
    assert not survey.is_certain


def test_tabs_that_one_function_opens_are_catalogues_of_their_own() -> None:
    def answer(channel: int, first: int) -> str:
        rows = [
            {
                "title": f"临江市关于第{n}号事项的通知",
                "url": f"/zwgk/202603/t20260301_{n}.html",
                "publishDate": "2026-03-01",
            }
            for n in range(first, first + 12)
        ]
        return json.dumps({"total": 12, "list": rows}, ensure_ascii=False)

    code = (
        "<li onclick=\"getList('33',1)\">规范性文件</li><li onclick=\"getList('34',1)\">其他文件</li><script>getList('33',1);"
        "function getList(cid, page) { $.get('/api/list', {channel: cid, page: page}, function (d) { show(d.list) }); }</script>"
    )
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul id='list'></ul>{code}</body></html>",
        "/api/list?channel=33&page=1": answer(33, 1),
        "/api/list?channel=34&page=1": answer(34, 20),
        **{f"/zwgk/202603/t20260301_{n}.html": document(n) for n in range(1, 40)},
    }
    survey, _ = look(pages, "/zwgk/list.html")
    assert [(one.name, one.url) for one in survey.lists] == [
        ("规范性文件", f"{BASE}/api/list?channel=33&page=1"),
        ("其他文件", f"{BASE}/api/list?channel=34&page=1"),
    ]


def test_a_script_that_asks_another_site_is_named() -> None:
    code = "<script>$.getJSON('http://api.elsewhere.example/list', {cid: 7, page: 1}, show);</script>"
    survey, _ = look(
        {"/zwgk/list.html": f"<html><head><title>政府文件</title></head><body>{code}</body></html>"},
        "/zwgk/list.html",
    )
    assert "asks http://api.elsewhere.example/list?cid=7&page=1 for its rows, which is another site" in (
        survey.problem or ""
    )


@pytest.mark.parametrize(("count", "numbered"), [(8, True), (3, False)])
def test_a_short_page_without_a_pager_may_have_numbered_ones_beside_it(count: int, numbered: bool) -> None:
    pages = {
        "/zwgk/gongwen/index.html": listing("/zwgk/gongwen/", 1, count),
        "/zwgk/gongwen/index_1.html": listing("/zwgk/gongwen/", 20, count),
        **{f"/zwgk/gongwen/202603/t20260301_{n}.html": document(n) for n in range(1, 40)},
    }
    survey, _ = look(pages, "/zwgk/gongwen/index.html")
    assert ("pages" in survey.lists[0].options) is numbered


def test_a_request_without_the_number_of_a_page_is_named() -> None:
    """加载更多 that sends what was seen so far: gongkai does not ask for it of itself, and says what is asked."""
    code = "var seen = 0; $.get('/api/list', {seen: seen, size: 15}, function (d) { seen = d.rows[14].id; });"
    page = f"<html><head><title>通知公告</title></head><body><ul></ul><script>{code}</script></body></html>"
    survey, _ = look({"/tzgg/": page}, "/tzgg/")
    assert survey.problem is not None
    assert f"its script asks {BASE}/api/list, without the number of a page" in survey.problem


@pytest.mark.parametrize(
    ("address", "count", "certain"),
    [
        ("https://www.elsewhere.example/zw/", 3, False),  # the bureau's own, under another name of its host
        ("https://www.elsewhere.example/zc/", 3, True),  # reprinted
        ("https://www.elsewhere.example/zc/", 6, False),  # half of the list
    ],
)
def test_rows_that_lead_elsewhere_may_be_the_bureaus(address: str, count: int, certain: bool) -> None:
    rows = listing(address, 1, count).partition("<ul class='l'>")[2].partition("</ul>")[0]
    page = listing("/zw/", 20, 6).replace("<ul class='l'>", f"<ul class='l'>{rows}")
    survey, _ = look({"/zw/": page}, "/zw/")
    assert survey.can_tell
    assert survey.is_certain == certain
    assert f"{count} rows lead to other sites" in " ".join(survey.part("documents").look)
