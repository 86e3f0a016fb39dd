"""Rows of catalogues in the shapes of real sites: what is the title, the date and the extent of a row."""

from __future__ import annotations

import pytest

from crawler.rows import RowOptions, parse_html, rows_in

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
        (
            '<li><a href="t203103@_1.html">简报第@期 [2031-03-@]</a></li>',
            "简报第01期",
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
    ],
)
def test_a_row_of_a_list(row: str, title: str, date: str) -> None:
    found = _rows(row)
    assert len(found) == 8
    assert found[0] == (title, date)
