"""Pages whose text stands in no element of its own: in a field, in a frame that is brought along, in what scripts write or hold."""

from __future__ import annotations

import html
import json

import pytest

from archive.model import PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
LINES = (
    "各区水利局：",
    "现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施。",
    "检查范围为全市所有水库、水闸和堤防，不留死角。",
    "临江市水利局",
    "2031年2月26日",
)
MARKUP = "".join(f"<p>{line}</p>" for line in LINES)
SCRIPTED = MARKUP.replace("</", "<\\/")
HELD = json.dumps(MARKUP, ensure_ascii=False).replace("</", "<\\/")
STATE = f'{{layout:"default",data:[{{detail:{{title:"{TITLE}",fileNumber:"临水〔2031〕15号",publishOrg:a,content:b}}}}]}}'
MENU = "<ul><li><a href='/'>临江市水利局首页</a></li><li><a href='/tz/'>通知公告</a></li></ul>"
PAGES = {
    "field": f"<h1>{TITLE}</h1><textarea rows=30 readonly>{chr(10).join(LINES)}</textarea>",
    "field-with-markup": f"<h1>{TITLE}</h1><textarea rows=30 disabled>{MARKUP}</textarea>",
    "field-hidden": f"<h1>{TITLE}</h1><div id=c></div><textarea id=t style='display:none'>{html.escape(MARKUP)}</textarea>",
    "old-pre": f"<h1>{TITLE}</h1><xmp>{chr(10).join(LINES)}</xmp>",
    "template": f"{MENU}<div id=box></div><script type='text/template' id=t><h1>{TITLE}</h1><div>{MARKUP}</div></script>",
    "literal": f"<div id=app></div><script>window.page = {{id: 12, title: '{TITLE}', content: '{SCRIPTED}'}};</script>",
    "frame": f'<h1>{TITLE}</h1><iframe class="f" srcdoc="{html.escape(f"<html><body>{MARKUP}</body></html>")}"></iframe>',
    "written": f"{MENU}<script>var title = '{TITLE}';document.write('<h1>' + title + '</h1>');"
    f"document.write('<div>{SCRIPTED}</div>');</script>",
    "called-state": f'<div id="__nuxt"></div><script>window.__NUXT__=(function(a,b){{return {STATE}}}("临江市水利局",{HELD}));</script>',
    "json-of-a-page": '<div id="app"></div><script type="application/json">'
    + json.dumps({"data": {"articleTitle": TITLE, "articleContent": MARKUP}}).replace("</", "<\\/")
    + "</script>",
    "state-of-places": '<div id="__nuxt"></div><script type="application/json" id="__NUXT_DATA__">'
    + json.dumps(
        [["Reactive", 1], {"data": 2, "error": -1}, {"detail": 3}, {"title": 4, "content": 5}, TITLE, MARKUP]
    ).replace("</", "<\\/")
    + "</script>",
}


def page(body: str) -> bytes:
    return (
        f"<html><head><meta charset=utf-8><title>信息查看</title></head><body>{body}</body></html>".encode()
    )


@pytest.mark.parametrize("place", PAGES)
def test_a_text_is_read_where_it_stands(place: str) -> None:
    record = extract_page(page(PAGES[place]), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    assert (record.title, record.issuing_body, str(record.issued_on)) == (TITLE, "临江市水利局", "2031-02-26")
    assert tuple((record.body_text or "").split("\n")) == LINES


def test_a_field_to_write_in_is_no_text() -> None:
    asked = "请在此填写您的意见和建议。请留下您的姓名和联系方式，我们将在五个工作日内给您答复，感谢您的支持。"
    body = f"<h1>{TITLE}</h1><div>{MARKUP}</div><form><textarea>{asked}</textarea><input readonly value=1></form>"
    record = extract_page(page(body), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    assert "请在此填写" not in (record.body_text or "")


@pytest.mark.parametrize("held", ["<iframe src=/s></iframe>", "<p>感谢您的关注</p>"])
def test_what_a_field_offers_to_copy_is_no_text(held: str) -> None:
    body = f"{MENU}<h1>{TITLE}</h1><textarea>{html.escape(held)}</textarea>"
    read = extract_page(page(body), "https://slj.linjiang.example/1.html", book=BOOK)
    assert read.disclosure is None or read.disclosure.body_text is None


def test_scripts_that_write_a_line_of_the_page_are_no_text() -> None:
    body = "<div id='content'></div><script>document.write('<p>今天是' + day + '，欢迎访问临江市水利局网站</p>');</script>"
    read = extract_page(page(body), "https://slj.linjiang.example/1.html", book=BOOK)
    assert read.kind is not PageKind.DOCUMENT


def test_rows_whose_numbers_might_be_places_are_read_at_once() -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "type": 0, "top": 1, "sort": 2, "state": 3, "shown": 4, "n": n}
        for n in range(40)
    ]
    body = f"<div id=list></div><script>var listData = {{articleList: {json.dumps(rows)}}};</script>"
    state = f"<script type='application/json'>{json.dumps(rows)}</script>"
    for held in (body, state):
        read = extract_page(page(held), "https://slj.linjiang.example/list.html", book=BOOK)
        assert read.kind is not PageKind.DOCUMENT
