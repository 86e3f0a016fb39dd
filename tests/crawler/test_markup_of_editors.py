"""What frameworks and editors leave in the markup of a page: comments between words, paragraphs wrapped for themselves, empty ones.

And a box to log in at the head of a page, which makes it no page to log in.
"""

from __future__ import annotations

import re

import pytest

from archive.model import Disclosure, PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "临江市河道管理实施细则"
LINES = ("第一条　河道由水务局管理。", "第二条　禁止倾倒垃圾。", "临江市水务局", "2031年2月26日")
TEXT = "".join(f"<p>{line}</p>" for line in LINES)


def read(markup: str, title: str = "临江市水务局") -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{markup}</body></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None, markup
    return record


def commented(markup: str) -> str:
    return re.sub(r"(<(?:li|span|b|i|h1|h2|p|div)\b[^>]*>)", r"<!-- v-if -->\1<!-- -->", markup)


@pytest.mark.parametrize(
    "card",
    [
        "<div><span>发文机关</span><b>临江市水务局</b><span>发文字号</span><b>临水〔2031〕5号</b><span>成文日期</span><b>2031-02-26</b><span>发布日期</span><b>2031-03-01</b></div>",
        "<ul><li><b>临江市水务局</b><span>发文机关</span></li><li><b>临水〔2031〕5号</b><span>文号</span></li><li><b>2031-03-01</b><span>发布日期</span></li></ul>",
        "<ul><li>发文机关：<span>临江市水务局</span></li><li>文号：<span>临水〔2031〕5号</span></li><li>发布日期：<span>2031-03-01</span></li></ul>",
    ],
)
def test_comments_between_labels_and_values_part_nothing(card: str) -> None:
    for markup in (card, commented(card)):
        record = read(f"{markup}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
        told = (record.issuing_body, record.document_number, str(record.published_on))
        assert told == ("临江市水务局", "临水〔2031〕5号", "2031-03-01"), markup


def test_comments_in_the_line_and_the_brackets_under_a_title() -> None:
    head = (
        f"<h1>{TITLE}</h1><h2>（试行）</h2><ul><li><i class='icon'></i>2031-03-01</li><li><i></i>33</li></ul>"
    )
    for markup in (head, commented(head)):
        record = read(f"{markup}<div id='zoom'>{TEXT}</div>", f"{TITLE}（试行）")
        assert (record.title, str(record.published_on)) == (f"{TITLE}（试行）", "2031-03-01")


def test_a_day_in_brackets_in_pieces() -> None:
    day = "<p><span><font>（20</font></span><span>31年3月18日）</span></p>"
    record = read(
        f"<div class='h'><h2 class='title'>{TITLE}</h2>{day}</div><div id='zoom'><p>{LINES[0]}</p></div>"
    )
    assert str(record.issued_on) == "2031-03-18"


@pytest.mark.parametrize("wrapped", ["<section><section>{}</section></section>", "<section>{}</section>"])
def test_paragraphs_that_are_wrapped_for_themselves(wrapped: str) -> None:
    text = "".join(wrapped.format(f"<p>{line}</p>") for line in LINES)
    plain = "".join(wrapped.format(f"<span>{line}</span>") for line in LINES)
    for body in (text, plain):
        record = read(f"<div class='a'><h1>{TITLE}</h1><p>来源：水政科</p><div class='b'>{body}</div></div>")
        assert (record.body_text or "").split("\n") == [line.replace("　", " ") for line in LINES]
        assert record.issuing_body == "临江市水务局"


def test_an_empty_paragraph_between_when_and_where_of_a_meeting() -> None:
    lines = (
        "〔2031〕12号",
        "时间：2031年8月15日上午9:00",
        "地点：县政府第一会议室",
        "一、同意安排资金200万元。",
    )
    text = "".join(f"<p>&nbsp;&nbsp;{line}</p><p>&nbsp;</p>" for line in lines)
    record = read(
        f"<h1>青山县人民政府第12次常务会议纪要</h1><div>2031-08-20</div><div class='c'>{text}</div>"
    )
    assert str(record.published_on) == "2031-08-20"
    assert lines[1] in (record.body_text or "")


LOGIN = "<form>用户名：<input name=u> 密码：<input type=password><input type=submit value='登录'> 登录</form>"


@pytest.mark.parametrize(
    "document",
    [
        f"<h1>{TITLE}</h1><p>发布日期：2031-03-01</p><div class='c'>{TEXT}</div>",
        "<h1>出租房屋登记备案办事指南</h1><div class='c'><p>3个工作日。</p></div>",
        "<h1>任前公示</h1><div class='c'><p>张某，男，1980年5月生，拟任正职。</p><p>公示期限：8月2日至8月8日，举报电话：12380。</p></div>",
    ],
)
def test_a_box_to_log_in_at_the_head_of_a_short_document(document: str) -> None:
    assert read(f"<div class='top'>{LOGIN}</div>{document}").body_text
    alone = extract_page(f"<h2>用户登录</h2>{LOGIN}".encode(), "https://a.example/1.html", book=BOOK)
    assert alone.kind is PageKind.BLOCKED
