"""Boxes beside a document with labels of others: its own card and the line under its title say the same with and without them."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>临江市水利局</p><p>2031年3月1日</p>"
)
CARD = {"索引号": "LJ-1", "文号": "临水〔2031〕5号", "发布机构": "临江市水利局", "发布日期": "2031-03-05"}
ROWS = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in CARD.items())
BAR = "来源：市水利局　发布时间：2031-03-05"
TEMPLATES = {
    "a table": f"<table>{ROWS}</table><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>",
    "a line": f"<h1>{TITLE}</h1><div class='i'>{BAR}</div><div id='zoom'>{TEXT}</div>",
    "unknown": f"<div class='m'><h1>{TITLE}</h1><div class='i'>{BAR}</div><div class='q'>{TEXT}</div></div>",
    "flat": f"<div class='m'><h2>{TITLE}</h2><p>{BAR}</p>{TEXT}</div>",
    "rows": f"<table><tr><td>{TITLE}</td></tr><tr><td>{BAR}</td></tr><tr><td>{TEXT}</td></tr></table>",
}
OTHER = "<a href='/1.html'>临江市防汛办法</a>"
BOXES = {
    "related": f"<div><h4>相关文件</h4><p>文号：临政发〔2029〕3号</p><p>标题：{OTHER}</p><p>发布日期：2029-01-02</p></div>",
    "a card": f"<div><div>关联政策</div><dl><dt>名称</dt><dd>{OTHER}</dd><dt>文号</dt><dd>临政发〔2029〕3号</dd>"
    "<dt>成文日期</dt><dd>2029-01-02</dd></dl></div>",
    "columns": "<table><tr><th>标题</th><th>文号</th><th>发布日期</th></tr>"
    f"<tr><td>{OTHER}</td><td>临政发〔2029〕3号</td><td>2029-01-02</td></tr></table>",
    "hot": "<div><h3>热点信息</h3><ul><li><a href='/a.html'>关于举办运动会的通知</a><span>2031-02-01</span></li>"
    "<li><a href='/b.html'>关于停水的通知</a><span>2031-02-02</span></li></ul></div>",
    "a menu": "<ul><li><a href='/z2'>公开指南</a></li><li><a href='/z3'>政府信息公开工作年度报告</a></li><li>索引号</li></ul>",
    "a call": "<div><h3>意见征集</h3><p><a href='/y.html'>关于征求意见的公告</a></p><p>起止时间：2031-03-01至2031-03-31</p></div>",
    "neighbours": "<div><p>上一篇：<a href='/1.html'>关于甲的通知</a> 2031-02-01</p></div>",
}


def read(markup: str) -> Disclosure:
    page = f"<html><meta charset=utf-8><title>{TITLE}_临江市水利局</title><body>{markup}</body></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    return record


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_box_of_other_documents_says_nothing_of_the_pages_own(box: str, template: str) -> None:
    alone = read(template)
    assert (alone.title, str(alone.published_on)) == (TITLE, "2031-03-05")
    assert alone.index_number == ("LJ-1" if "LJ-1" in template else None)
    assert read(box + template) == alone
    assert read(template + box) == alone


@pytest.mark.parametrize("heading", ["相关信息", "基本信息", "相关文件"])
@pytest.mark.parametrize(
    "office",
    [
        "临江市水利局",
        "<a href='/slj/'>临江市水利局</a>",
        f"临江市水利局</td></tr><tr><td>解读</td><td><a href='/j.html'>《{TITLE}》解读</a>",
    ],
)
def test_the_pages_own_card_may_have_such_a_heading_too(heading: str, office: str) -> None:
    rows = ROWS.replace("临江市水利局", office)
    for card in (
        f"<div><h4>{heading}</h4><table>{rows}</table></div>",
        f"<h3>{heading}</h3><table>{rows}</table>",
    ):
        for page in (
            f"{card}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>",
            f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>{card}",
        ):
            record = read(page)
            assert (record.index_number, record.document_number, record.issuing_body) == (
                "LJ-1",
                "临水〔2031〕5号",
                "临江市水利局",
            )
