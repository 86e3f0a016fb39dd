"""A page that shows the texts of two documents: one is read, and it is said that there is another."""

from __future__ import annotations

import pytest

from archive.model import Extraction
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

FIRST, SECOND = "关于开展汛前检查的通知", "关于做好秋季开学工作的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)
LONGER = (
    "<p>各县教育局：</p><p>为做好秋季学期开学工作，现就有关事项通知如下，请各县教育局认真贯彻执行，不得延误。</p>"
    "<p>各校要在八月底前完成校舍检查，并报送结果。</p>"
)


def read(markup: str, title: str = FIRST) -> Extraction:
    page = f"<html><meta charset=utf-8><title>{title}</title><body>{markup}</body></html>"
    return extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK)


def told(markup: str, title: str = FIRST) -> list[str]:
    return [p.message for p in read(markup, title).problems if p.code == "conflicting_title"]


@pytest.mark.parametrize("title", [FIRST, "临江市水利局"])
@pytest.mark.parametrize(
    "template",
    [
        "<div class='a'><h2>{}</h2><div class='c'>{}</div></div><div class='a'><h2>{}</h2><div class='c'>{}</div></div>",
        "<div><h1>{}</h1><div class='TRS_Editor'>{}</div></div><div><h1>{}</h1><div class='TRS_Editor'>{}</div></div>",
        "<h1>{}</h1><div id='zoom'>{}</div><h1>{}</h1><div class='zoom'>{}</div>",
    ],
)
def test_the_text_that_is_not_read_is_named(template: str, title: str) -> None:
    for texts in ((TEXT, LONGER), (LONGER, TEXT)):
        message = told(template.format(FIRST, texts[0], SECOND, texts[1]), title)
        assert len(message) == 1
        assert FIRST in message[0] or SECOND in message[0]


BESIDE = {
    "a list": f"<div><h3>相关通知</h3><ul><li><a href='/1.html'>{SECOND}</a></li></ul></div>",
    "an extract": f"<div><h3>{SECOND}</h3><p>现就开学有关事项通知如下。各校要检查。<a href='/1.html'>[详细]</a></p></div>",
    "a link": f"<div><h3><a href='/1.html'>{SECOND}</a></h3><p>现就开学有关事项通知如下。各校要检查。</p></div>",
    "a twin": f"<div class='phone'><h1>{FIRST}</h1><div>{TEXT}</div></div>",
    "what nobody sees": f"<div style='display:none'><h1>{SECOND}</h1><div>{LONGER}</div></div>",
    "a column": f"<div class='sidebar'><h3>{SECOND}</h3><p>现就有关事项通知如下。各校要检查。</p></div>",
    "a word to visitors": "<div><h3>网站使用说明</h3><p>本网站由市政府主办。请使用新版浏览器访问本网站。</p></div>",
    "an office": "<div><h3>临江市水利局信息公开指南</h3><p>地址：人民路1号。</p><p>电话：0791-1。</p></div>",
    "a file": "<div><h3>汛前检查实施方案</h3><p><a href='/u/1.docx'>方案.docx</a></p></div>",
}


@pytest.mark.parametrize("name", ["zoom", "qq"])
@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_what_else_stands_beside_a_text_is_no_document(beside: str, name: str) -> None:
    text = f"<h1>{FIRST}</h1><div>发布时间：2031-03-01</div><div class='{name}'>{TEXT}</div>"
    assert not told(text + beside)
    assert not told(beside + text)


def test_the_annex_in_the_text_is_read() -> None:
    text = f"<h1>{FIRST}</h1><div id='zoom'>{TEXT}<h2>汛前检查实施方案</h2><p>为做好检查，制定本方案。</p><p>检查堤防。</p></div>"
    record = read(text).disclosure
    assert record is not None
    assert (record.body_text or "").endswith("检查堤防。")
    assert not told(text)
