"""Clicks that no element states: what scripts set on them, by their selectors."""

from __future__ import annotations

import time

import pytest

from crawler.lists.rows import parse_html
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, PageRequest
from crawler.scripts.calls import Functions
from crawler.sites import Catalogue

URL = "http://a.example/zw/list.html"


@pytest.mark.parametrize(
    "script",
    [
        '$(".view").click(function () { window.open("view.do?id=" + $(this).attr("id")); });',
        '$("li .view").on("click", function (e) { window.open("view.do?id=" + this.id) })',
        "$(document).on('click', '.view', function () { var id = $(this).data('id'); location.href = 'view.do?id=' + id; });",
        "$('ul').on('tap', 'a', function () { var self = $(this); go(self.attr('data-id')) }); function go(n) { open('view.do?id=' + n) }",
        "$('.view').bind('click.gk', function () { location = 'view.do?id=' + this.dataset.id })",
        "$('.view').live('click', function () { location.href = 'view.do?id=' + this.getAttribute('data-id') })",
    ],
)
def test_an_address_made_of_what_was_clicked(script: str) -> None:
    text = f"<ul id='list'><li><a class='view' id='7' data-id='7'>关于第7号事项的通知</a></li></ul><script>{script}</script>"
    root = parse_html(text)
    assert root is not None
    functions = Functions(text, root, URL)
    (link,) = root.iter("a")
    effect = functions.effect(link)
    assert effect is not None
    assert effect.address == "view.do?id=7"


@pytest.mark.parametrize(
    "script",
    [
        "$('.view').click(function () { $(this).toggleClass('on'); });",
        "$('.view').click(function () { location.href = 'view.do?id=' + $(this).data('key'); });",
        "$('.view:eq(0)').click(function () { location.href = 'view.do?id=' + $(this).data('id'); });",
        "$('.view').hover(function () { location.href = 'view.do?id=' + $(this).data('id'); });",
        "$('.other').click(function () { location.href = 'view.do?id=' + $(this).data('id'); });",
    ],
)
def test_clicks_that_lead_nowhere(script: str) -> None:
    text = f"<a class='view' data-id='7'>关于第7号事项的通知</a><script>{script}</script>"
    root = parse_html(text)
    assert root is not None
    (link,) = root.iter("a")
    assert Functions(text, root, URL).effect(link) is None


def read(markup: str) -> ListPage:
    return platform_of("label_table").parse_list(
        f"<html><body>{markup}</body></html>".encode(), URL, "text/html; charset=utf-8",
        PageRequest(url=URL, chain="list"), Catalogue(key="zw", url=URL),
    )  # fmt: skip


ROW = "<li class='row' data-id='{n}'><p>关于第{n}号事项的通知</p><span>2026-03-0{n}</span></li>"
OPENS = "<script>$('ul').on('click', '.row', function () { open('/zw/' + $(this).data('id') + '.html') });"


def test_rows_and_pages_that_open_by_handlers() -> None:
    rows = "".join(ROW.format(n=n) for n in (3, 2, 1))
    turns = (
        "$('.turn').click(function () { location.href = 'list_' + $(this).data('no') + '.html' });</script>"
    )
    found = read(f"<ul>{rows}</ul><p>1/2页 <a class='turn' data-no='2'>下一页</a></p>{OPENS}{turns}")
    assert [row.url for row in found.rows] == [f"http://a.example/zw/{n}.html" for n in (3, 2, 1)]
    assert found.next is not None
    assert found.next.url == "http://a.example/zw/list_2.html"


PLAIN_ROWS = "".join(
    f"<li><a href='/zw/{n}.html'>关于第{n}号事项的通知</a><span>2026-03-0{n}</span></li>" for n in (3, 2, 1)
)
FORM = "<form id='f' method='post'><input type='hidden' name='pageNumber' id='no' value='1'></form>"


def test_a_form_that_the_handler_of_a_button_fills() -> None:
    """The button's own handler reads nothing of it. javascript:void(0) is no function that is given a page's number."""
    next_page = "<p><a href='javascript:void(0)' id='next'>下一页</a></p>"
    handler = (
        "<script>$('#next').click(function () { var n = parseInt($('#no').val());"
        " if (n < 3) { $('#no').val(n + 1); $('#f').submit(); } });</script>"
    )
    found = read(f"<ul>{PLAIN_ROWS}</ul>{FORM}{next_page}{handler}")
    assert found.next is not None
    assert (found.next.method, found.next.body) == ("POST", b"pageNumber=2")
    assert read(f"<ul>{PLAIN_ROWS}</ul>{FORM}{next_page}").next is None


def test_a_row_of_one_link_and_a_day() -> None:
    row = "<li>·<a href=\"javascript:window.open('/zw/{n}.html','_blank');void(0)\">关于第{n}号事项的通知</a>（2026-03-0{n}）</li>"
    found = read(f"<ul>{''.join(row.format(n=n) for n in (3, 2, 1))}</ul>")
    assert [row.url for row in found.rows] == [f"http://a.example/zw/{n}.html" for n in (3, 2, 1)]


@pytest.mark.parametrize(
    "piece", ["$('.a').click(function () { this", "$(document).on('click', '.a', ", "$(this).data('a')"]
)
def test_a_page_of_beginnings_takes_no_time(piece: str) -> None:
    text = f"<a class='a'>1</a><script>{piece * 5_000}</script>"
    root = parse_html(text)
    assert root is not None
    Functions(text, root, URL)


@pytest.mark.parametrize(
    "piece", ["if (t == 'a') ", "if (t == 'a') { ", "else if (t == 'b') x; ", "switch (t) { case 'a': "]
)
def test_branches_of_beginnings_take_no_time(piece: str) -> None:
    text = f"<a onclick=\"turn('a')\">下一页</a><script>function turn(t) {{ {piece * 500} }}</script>"
    root = parse_html(text)
    assert root is not None
    (link,) = root.iter("a")
    started = time.perf_counter()
    Functions(text, root, URL).effect(link)
    assert time.perf_counter() - started < 1
