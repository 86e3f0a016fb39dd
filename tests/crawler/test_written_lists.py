"""What scripts write into a page, read without running them."""

from __future__ import annotations

import pytest

from crawler.scripts.written import with_written


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
        ('var r = "<li>"; r += "一"; r += "</li>"; document.write(r);', "<li>一</li>"),
        ('var u = "1"; document.write("<b>"+u); u = "2"; document.write(u+"</b>")', "<b>12</b>"),
        ('var s = "短"; if (s == "") { s = "长"; } document.write("<b>" + s + "</b>")', "<b>短</b>"),
        ('document.getElementById("list").innerHTML = "<li>一</li>";', "<li>一</li>"),
        ("$('#list').append('<li>一</li>');", "<li>一</li>"),
        ('document.write("<a href=index_" + nextPage + ".html>下一页</a>")', "下一页</a>"),
        ('var n = 1; var m = n + 1; document.write("<a href=" + m + "><b>")', "<b>"),
        ('document.write("<i>" + unknown + "</i>")', "<i></i>"),
    ],
)
def test_what_a_script_writes(script: str, written: str) -> None:
    page = f"<ul><script>{script}</script></ul>"
    # The script stays: it may hold the pager.
    assert with_written(page) == page.replace("</ul>", f"{written}</ul>")


@pytest.mark.parametrize(
    "page",
    [
        "<p>无脚本</p>",
        "<script>var a = 1;</script>",
        "<script>document.write(make(a))</script>",
        "<script>a.html('<li>' + item.title)</script>",
        "<script>document.write('",
    ],
)
def test_a_page_whose_scripts_write_nothing_readable_stays_as_it_is(page: str) -> None:
    assert with_written(page) == page


def test_a_variable_of_an_earlier_script_is_known() -> None:
    page = "<script>var u = 't1.html';</script><p><script>document.write('<a href=' + u + '>')</script></p>"
    assert with_written(page).endswith("</script><a href=t1.html></p>")


@pytest.mark.parametrize(
    "piece", ["document.write(", "document.write('a'+", "document.write((", "a = 'b' ", "<script>"]
)
def test_a_page_of_broken_scripts_stays_as_it_is(piece: str) -> None:
    page = f"<script>document.write {piece * 20_000}</script>"
    assert with_written(page) == page


def test_a_variable_that_doubles_itself_is_given_up() -> None:
    page = "<script>var a = '<b>'; " + "a += a; " * 60 + "document.write('<i>' + a)</script>"
    assert with_written(page) == page + "<i>"
