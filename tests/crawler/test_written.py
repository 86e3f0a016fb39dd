"""What scripts write into a page, read without running them."""

from __future__ import annotations

import pytest

from crawler.written import with_written


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ('document.write("<li>一</li>");', "<li>一</li>"),
        ("document.writeln('<a href=\\'t1.html\\'>通知<\\/a>')", "<a href='t1.html'>通知</a>"),
        (
            'var u = "t1.html"; document.write("<a href="+u+">" + \'通知\' + "</a>");',
            "<a href=t1.html>通知</a>",
        ),
        ('var t = ""; t = "全称"; document.write("<b>" + t + "</b>")', "<b>全称</b>"),
        ('document.write("<b>\\u901a\\u77e5</b>")', "<b>通知</b>"),
        ('document.write("<i>" + 7 + "</i>")', "<i>7</i>"),
        ('document.write("<i>" + unknown + "</i>")', "<i></i>"),
    ],
)
def test_what_a_script_writes(script: str, written: str) -> None:
    assert with_written(f"<ul><script>{script}</script></ul>") == f"<ul>{written}</ul>"


@pytest.mark.parametrize(
    "page",
    [
        "<p>无脚本</p>",
        "<script>var a = 1;</script>",
        "<script>document.write(make(a))</script>",
        "<script>document.write('",
    ],
)
def test_a_page_whose_scripts_write_nothing_readable_stays_as_it_is(page: str) -> None:
    assert with_written(page) == page


def test_a_variable_of_an_earlier_script_is_known() -> None:
    page = "<script>var u = 't1.html';</script><p><script>document.write('<a href=' + u + '>')</script></p>"
    assert with_written(page).endswith("<p><a href=t1.html></p>")


@pytest.mark.parametrize(
    "piece", ["document.write(", "document.write('a'+", "document.write((", "a = 'b' ", "<script>"]
)
def test_a_page_of_broken_scripts_stays_as_it_is(piece: str) -> None:
    page = f"<script>document.write {piece * 20_000}</script>"
    assert with_written(page) == page
