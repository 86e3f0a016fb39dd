"""What a look at a site finds out of files of rows that a page's script loads whole: XML, numbered ones, one cut into pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawler.survey_pages import BASE, drafted, look

ROWS = [
    {
        "title": f"关于第{n}号事项的通知",
        "url": f"/zwgk/gongwen/202603/t20260301_{n}.html",
        "day": "2026-03-01",
    }
    for n in range(1, 21)
]


@pytest.mark.parametrize("address", ["/zwgk/list.html", "/zwgk/list.xml"])
def test_a_list_that_is_kept_as_xml(address: str, tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>关于第{n}号事项的通知</title><url>/zwgk/gongwen/202603/t20260301_{n}.html</url><rq>2026-03-01</rq></item>"
        for n in range(1, 46)
    )
    code = "<script>$.ajax({url: './list.xml', dataType: 'xml', success: function (x) { $(x).find('item').each(show) }});</script>"
    pages = {
        "/zwgk/list.html": f"<html><head><title>政府文件</title></head><body><ul></ul>{code}</body></html>",
        "/zwgk/list.xml": f"<?xml version='1.0' encoding='utf-8'?><list>{items}</list>",
    }
    survey, _ = look(pages, address)
    (one,) = survey.lists
    assert (one.url, one.options["rows"], len(one.rows)) == (f"{BASE}/zwgk/list.xml", "list.item", 45)
    drafted(survey, tmp_path)


@pytest.mark.parametrize("files", [1, 2])
def test_files_of_rows_that_are_numbered(files: int, tmp_path: Path) -> None:
    """The script counts them in a variable that is called like nothing in particular."""
    code = "var i = 0; $.getJSON('/data/wj' + i + '.json', function (d) { show(d); });"
    pages = {f"/data/wj{n}.json": json.dumps(ROWS[10 * n : 10 * n + 10]) for n in range(files)}
    start = f"<html><head><title>政府文件-临江市</title></head><body><script>{code}</script></body></html>"
    survey, _ = look({**pages, "/zwgk/list.html": start}, "/zwgk/list.html")
    (one,) = survey.lists
    assert (one.url, len(one.rows), survey.is_certain) == (f"{BASE}/data/wj0.json", 10 * files, files > 1)
    assert one.options.get("paging") == ({"pattern": "wj{n}.json", "first": 0} if files > 1 else None)
    drafted(survey, tmp_path)


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("show(rows.slice((n - 1) * 15, n * 15))", True),
        ("var pages = Math.ceil(rows.length / 15)", True),
        ("show(rows)", False),
        (
            "$.get('/api/list', {page: n}, show); show(rows.slice((n - 1) * 15))",
            False,
        ),  # the newest come from elsewhere
    ],
)
def test_a_file_that_its_script_cuts_into_pages_is_the_whole_list(code: str, whole: bool) -> None:
    script = f"$.getJSON('/data/all.json', function (rows) {{ {code}; }});"
    start = f"<html><head><title>政府文件-临江市</title></head><body><script>{script}</script></body></html>"
    survey, _ = look({"/data/all.json": json.dumps(ROWS), "/zwgk/list.html": start}, "/zwgk/list.html")
    assert ([len(one.rows) for one in survey.lists], survey.is_certain) == ([20], whole)
