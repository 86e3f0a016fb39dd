"""Merged cells: what stands beneath or behind one keeps its column, in pages and in Word files alike."""

from __future__ import annotations

import pytest
from lxml import html

from archive.fingerprint import normalise_body
from archive.model import Relation
from crawler.attachments.text import text_of
from crawler.extract.body.lines import lines
from crawler.extract.page import extract_page
from crawler.extract.table_rows import Cell, lines_of
from tests.crawler.office_files import docx_of
from tests.crawler.test_saved_pages import BOOK


def read(rows: str) -> list[str]:
    return lines(html.fromstring(f"<div><table>{rows}</table></div>"), BOOK)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "<tr><th colspan=2>收入</th><th>支出</th></tr><tr><td>1</td><td>2</td><td>3</td></tr>",
            ["收入\t\t支出", "1\t2\t3"],
        ),
        (
            "<tr><td>县</td><td>数</td></tr><tr><td rowspan=3>甲</td><td>5</td></tr>"
            "<tr><td>6</td></tr><tr><td>7</td></tr><tr><td>乙</td><td>8</td></tr>",
            ["县\t数", "甲\t5", "\t6", "\t7", "乙\t8"],
        ),
        (
            "<tr><td rowspan=2 colspan=2>甲</td><td>1</td><td>2</td></tr><tr><td rowspan=0>3</td><td>4</td></tr>"
            "<tr><td>5</td><td>6</td><td>7</td></tr>",
            ["甲\t\t1\t2", "\t\t3\t4", "5\t6\t\t7"],
        ),
        # Columns that only a program counts, and spans that say nothing.
        (
            "<tr><td colspan=3>甲</td><td colspan=9>乙</td></tr><tr><td colspan=3>丙</td><td>丁</td></tr>",
            ["甲\t乙", "丙\t丁"],
        ),
        (
            "<tr><td colspan=x>甲</td><td rowspan=-2 colspan=0>乙</td></tr><tr><td>丙</td><td>丁</td></tr>",
            ["甲\t乙", "丙\t丁"],
        ),
        ("<tr><td colspan=2>标题</td></tr><tr><td>甲</td><td colspan=5></td></tr>", ["标题", "甲"]),
    ],
)
def test_rows_keep_their_columns(rows: str, expected: list[str]) -> None:
    assert read(rows) == expected


def test_another_span_is_another_text() -> None:
    spans = ("<td colspan=2>甲</td><td>5</td>", "<td>甲</td><td colspan=2>5</td>")
    rows = [f"<tr><td>县</td><td>数</td><td>额</td></tr><tr>{cells}</tr>" for cells in spans]
    beneath = [
        f"<tr><td>甲</td><td {span}>5</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr>"
        for span in ("", "rowspan=2")
    ]
    for one, other in (rows, beneath):
        assert normalise_body("\n".join(read(one))) != normalise_body("\n".join(read(other)))


def test_spans_without_measure_are_left_out() -> None:
    wide = [[Cell("甲", 999, 60_000)] * 1000, *[[Cell("乙")]] * 1000]
    stairs = [[Cell("", n), Cell("丙")] for n in range(1, 1000)]
    for rows in (wide, stairs):
        found = lines_of(rows)
        assert len(found) == len(rows)
        assert sum(map(len, found)) < 10_000


def test_a_list_beside_a_cell_of_several_rows_is_a_list() -> None:
    table = (
        "<table border=1><tr><td rowspan=2>水务</td><td>1</td><td>《临江市河道管理办法》</td></tr>"
        "<tr><td>2</td><td>《临江市水库管理办法》</td></tr></table>"
    )
    page = f"<meta charset=utf-8><h1>关于废止部分文件的通知</h1><div id=zoom><p>经研究，决定废止下列文件：</p>{table}</div>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    assert [c.relation for c in record.citations] == [Relation.REPEALS] * 2


def test_a_word_file_and_a_page_agree() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    across, down, on = "<w:gridSpan w:val='2'/>", "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    rows = (
        cell("收入", across) + cell("支出"),
        cell("甲", down) + cell("1") + cell("2"),
        cell("", on) + cell("3") + cell("4"),
    )
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    page = (
        "<tr><td colspan=2>收入</td><td>支出</td></tr><tr><td rowspan=2>甲</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr>"
    )
    assert (text_of(docx_of(body), None, "a.docx").text or "").split("\n") == read(page)
