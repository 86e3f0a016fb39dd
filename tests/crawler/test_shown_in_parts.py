"""Pages that hold all rows of a list and show some of them at a time, and pages that only look so."""

from __future__ import annotations

import pytest

from crawler.platforms import platform_of
from crawler.platforms.base import PageRequest
from crawler.sites import Catalogue

URL = "https://www.linjiang.example/zwgk/tzgg/index.html"
NUMBERS = (
    "".join(f"<a href='javascript:turn({n})'>{n}</a>" for n in (1, 2, 3))
    + "<a href='javascript:turn(2)'>下一页</a>"
)
SHOWS = "function turn(n) { $('#rows li').hide().slice((n - 1) * size, n * size).show(); }"


def walked(
    pager: str, script: str = "", *, rows: int = 45, hidden: int = 0, table: bool = False
) -> tuple[int, bool, int | None]:
    """(rows, whether a further page is asked for, pages) of a list's first page."""
    inner, cell, outer = ("tr", "td", "table") if table else ("li", "span", "ul")
    listed = "".join(
        f"<{inner}{' style=display:none' if n > rows - hidden else ''}><{cell}><a href='t{n}.html'>关于第{n}号事项的通知</a></{cell}>"
        f"<{cell}>2026-03-01</{cell}></{inner}>"
        for n in range(1, rows + 1)
    )  # fmt: skip
    head = "<tr><th>名称</th><th>发布日期</th></tr>" if table else ""
    body = f"<html><body><{outer} id='rows'>{head}{listed}</{outer}><div class='page'>{pager}</div><script>{script}</script></body></html>"
    platform = platform_of("label_table" if table else "static_list")
    catalogue = Catalogue(key="tzgg", name="通知公告", url=URL)
    page = platform.parse_list(
        body.encode(), URL, "text/html; charset=utf-8", PageRequest(url=URL, chain="list"), catalogue
    )
    return len(page.rows), page.next is not None, page.last_page


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize(
    ("pager", "script", "hidden"),
    [
        # as many rows as the list says it has
        (f"共45条 共3页 {NUMBERS}", "", 0),
        # a pager that shows and hides
        (NUMBERS, f"var size = 15; {SHOWS}", 0),
        (NUMBERS, "var size = 15; function turn(n) { cur = n; draw(); } function draw() { rows.css('display', 'none'); }", 0),
        # rows that are hidden
        ("共3页 <a href='?page=2'>2</a> <a href='?page=3'>3</a> <a href='?page=2'>下一页</a>", "", 30),
        ("<a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a><a href='?page=2'>下一页</a>", "", 30),
    ],
)  # fmt: skip
def test_a_page_with_the_rows_of_all_pages_is_the_whole_list(
    pager: str, script: str, hidden: int, table: bool
) -> None:
    assert walked(pager, script, hidden=hidden, table=table) == (45, False, 1)


COUNTED = "var n = Math.ceil($('#rows li').length / size); function turn(p) { li[i].style.display = p ? '' : 'none'; draw(n); }"


@pytest.mark.parametrize(
    "script",
    [
        "$('#rows').DataTable({pageLength: 15, ordering: false});",
        "$('#rows').dataTable();",
        "$('#pager').jPages({containerID: 'rows', perPage: 15});",
        f"var size = 15; {COUNTED}",
        "var li = all(), size = 15, n = Math.ceil(li.length / size); function turn(p) { li[p].style.display = 'none'; } turn(1);",
    ],
)
def test_a_script_that_pages_through_the_rows_of_a_page_without_a_pager(script: str) -> None:
    assert walked("", script) == (45, False, 1)


@pytest.mark.parametrize(
    ("script", "rows"),
    [
        ("$('#rows').DataTable({pageLength: 15, serverSide: true, ajax: '/x'});", 45),
        ("$('#rows').DataTable({pageLength: 15, 'ajax': '/x'});", 45),
        ("$('#rows').DataTable({pageLength: 15});", 15),
        (f"var size = 15; {COUNTED} $.get('/x', {{p: 2}}, turn);", 45),
        (
            "var size = 15, n = Math.ceil(total / size); function turn(p) { li[p].style.display = 'none'; }",
            45,
        ),
        (f"var size = 45; {COUNTED}", 45),
    ],
)
def test_a_script_that_does_not(script: str, rows: int) -> None:
    assert walked("", script, rows=rows)[2] is None


@pytest.mark.parametrize(
    ("pager", "script", "rows", "hidden"),
    [
        # 15 rows of this page
        ("共15条 共3页", "", 15, 0),
        ("共45条 共3页", "", 15, 0),
        # what shows something asks for something as well, itself or by what it calls, or that cannot be told
        (NUMBERS, "function turn(n) { $('#wait').show(); $.get('/x', {p: n}, draw); }", 20, 0),
        (NUMBERS, "function turn(n) { $('#wait').show(); load(n); } function load(n) { $('#rows').load(u); }", 20, 0),
        (NUMBERS, "function turn(n) { $('#wait').show(); loadRows(n); }", 20, 0),
        # fewer rows than the pages before the last one have
        (NUMBERS, f"var size = 15; {SHOWS}", 15, 0),
        # a few hidden rows, of another box perhaps
        ("共3页 <a href='?page=2'>下一页</a>", "", 15, 2),
    ],
)  # fmt: skip
def test_a_page_with_the_rows_of_one_page_is_not(pager: str, script: str, rows: int, hidden: int) -> None:
    found, goes_on, last = walked(pager, script, rows=rows, hidden=hidden)
    assert found == rows
    assert goes_on or (last or 0) > 1
