"""Rows that hold several links: which one is the document's."""

from __future__ import annotations

import pytest

from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.lists.second_links import second_links
from crawler.platforms.base import ListRow, PageRequest
from tests.crawler.test_row_groups import BASE, NEXT, URL, addresses, items, page, read


@pytest.mark.parametrize("count", [14, 15])
def test_the_last_row_of_a_table_with_two_documents_in_each(count: int) -> None:
    """An odd number of documents: the one that stands alone was missing on every page."""
    cells = [
        f"<td><a href='/zw/{n}.html'>关于第{n}号事项的通知</a>[2031-03-{n:02d}]</td>"
        for n in range(1, count + 1)
    ]
    rows = "".join(f"<tr>{''.join(cells[at : at + 2])}</tr>" for at in range(0, count, 2))
    root = parse_html(f"<html><body><table>{rows}</table></body></html>")
    assert root is not None
    assert len(list(rows_in(root, "http://www.linjiang.example/l.html", RowOptions()))) == count


def test_a_picture_in_a_pager_leads_to_no_document() -> None:
    pager = "<div class='fy'><a href='list.jsp?p=3'><img src='p.gif' alt='上一页'></a>4/4</div>"
    first = read(page(f"<ul>{items('./', 12)}</ul>{NEXT}"), PageRequest(url=URL))
    assert first.next is not None
    last = read(page(f"<ul>{items('./', 2, first=13)}</ul>{pager}"), first.next)
    assert [row.url.rpartition("_")[2] for row in last.rows] == ["13.html", "14.html"]


def test_a_row_of_a_forum_is_its_subject_and_not_its_kind_or_its_last_answer() -> None:
    row = (
        "<tbody id='t{n}'><tr><th><em>[<a href='forum.php?mod=display&fid=2&typeid=3'>公示</a>]</em>"
        " <a href='thread-{n}-1-1.html' class='xst'>临江市关于第{n}号事项的公示</a></th><td>2031-03-01</td><td><cite>审核员</cite>"
        "<em><a href='forum.php?mod=redirect&tid={n}&goto=lastpost'>2031-03-02 10:20</a></em></td></tr></tbody>"
    )
    rows = "".join(row.format(n=n) for n in range(1, 9))
    found = addresses(f"<table>{rows}</table>", f"{BASE}/forum-2-1.html")
    assert found == [f"/thread-{n}-1-1.html" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ("<a href='/js/{n}.html'>临江市第{n}局2030年度部门决算</a>", 6),
        ("<a href='/js/{n}.html'>《关于第{n}号事项的通知》政策解读</a>", 0),
        ("<a href='/js/{n}.pdf'>临江市第{n}局2030年度部门决算表</a>", 0),
        ("<a href='/dept/'>临江市财政局预算编审中心</a>", 0),
        ("<a href='/js/{n}.html'>2031-03-01</a>", 0),
        ("<a href='/js/{n}.html'>查看</a>", 0),
    ],
)
def test_what_rows_lead_to_beside_the_document_that_is_taken(second: str, count: int) -> None:
    row = "<tr><td><a href='/ys/{n}.html'>临江市第{n}局2031年度部门预算</a></td><td>" + second + "</td></tr>"
    root = parse_html(page("<table>" + "".join(row.format(n=n) for n in range(1, 7)) + "</table>"))
    assert root is not None
    taken = [ListRow(url=f"{BASE}/ys/{n}.html") for n in range(1, 7)]
    assert len(second_links(root, URL, taken)) == count


@pytest.mark.parametrize(
    "words", [("PDF版", "Word版"), ("[下载PDF]", "OFD格式"), ("文字版", "图片版"), ("DOC", "打印版")]
)
def test_the_forms_in_which_a_document_may_be_had_are_none_of_their_own(words: tuple[str, str]) -> None:
    title, forms = (
        "<a href='t20260301_{n}.html'>关于第{n}号事项的通知</a>",
        "<a href='P0{n}.pdf'>{0}</a> <a href='P0{n}.doc'>{1}</a>",
    )
    row = f"<li>{title} {forms}<span>2026-03-01</span></li>"
    found = addresses(f"<ul>{''.join(row.format(*words, n=n) for n in range(1, 7))}</ul>", f"{BASE}/wj/")
    assert found == [f"/wj/t20260301_{n}.html" for n in range(1, 7)]


def test_one_word_beside_another_leads_to_a_second_document() -> None:
    row = "<tr><td>第{n}局</td><td><a href='/ys/{n}.html'>查看</a></td><td><a href='/js/{n}.html'>查看</a></td></tr>"
    root = parse_html(page("<table>" + "".join(row.format(n=n) for n in range(1, 7)) + "</table>"))
    assert root is not None
    assert len(second_links(root, URL, [ListRow(url=f"{BASE}/ys/{n}.html") for n in range(1, 7)])) == 6
