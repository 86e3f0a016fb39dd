"""Titles, days and sources as templates of content systems run them together."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "临江市水利局关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)
SIGNED = "<p>临江市水利局</p><p>2031年3月1日</p>"


def read(inner: str, title: str = "") -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{inner}</body></html>"
    record = extract_page(page.encode(), "https://a.example/zw/1.html", book=BOOK).disclosure
    assert record is not None
    return record


@pytest.mark.parametrize(
    "line",
    [
        "2031-03-05 10:22:15&nbsp;&nbsp;&nbsp;来源：市水利局&nbsp;&nbsp;评论：<a href='#c'>0</a> 点击：<span>0</span>",
        "来源：市水利局　发布时间：2031-03-05",
        "2031-03-05",
    ],
)
def test_the_line_behind_a_break_in_a_heading_is_none_of_the_title(line: str) -> None:
    record = read(
        f"<div id='Article'><h1>{TITLE}<br /><span>{line}</span></h1><div class='content'>{TEXT}</div></div>"
    )
    assert (record.title, str(record.published_on)) == (TITLE, "2031-03-05")
    assert record.content_source in ("市水利局", None)


def test_a_second_line_of_a_title_stays() -> None:
    record = read(f"<h1>临江市水利局<br><span>关于开展汛前检查的通知</span></h1><div id='zoom'>{TEXT}</div>")
    assert record.title == TITLE


def test_the_mark_of_a_footnote_is_none_of_a_title() -> None:
    record = read(f"<h3 class='tit'>2031年临江市水资源公报<sup>[1]</sup></h3><div id='zoom'>{TEXT}</div>")
    assert record.title == "2031年临江市水资源公报"


def test_what_a_day_of_its_own_element_is_glued_to() -> None:
    line = "<span class='info'>来源：临江日报<em>2031-03-05</em><i>A- A+</i></span>"
    record = read(f"<h3>{TITLE}</h3>{line}<div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == ("临江日报", "2031-03-05")


@pytest.mark.parametrize("source", ["《求实》2031/06", "《求实》2031年6月", "《求实》杂志", "《临江日报》"])
def test_an_issue_of_a_journal_is_a_source(source: str) -> None:
    line = f"<span>来源：{source}</span><span>作者：张某</span><span>2031-03-16 09:00:00</span>"
    record = read(f"<h1>{TITLE}</h1><div class='k1'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == (source, "2031-03-16")


def test_number_and_day_in_elements_in_front_of_a_source() -> None:
    line = "<span>临水〔2031〕4号</span><span>2031年03月05日 17:40</span><span>来源：市水利局</span>"
    record = read(
        f"<div class='k1'><p class='tit'>{TITLE}</p><div class='k2'>{line}</div></div><div id='zoom'>{TEXT}</div>"
    )
    assert (record.document_number, str(record.published_on)) == ("临水〔2031〕4号", "2031-03-05")


@pytest.mark.parametrize(
    ("day", "published"), [("（2031年03月05日）", "2031-03-05"), ("（2031年3月1日）", "None")]
)
def test_a_day_in_brackets_later_than_the_one_signed_is_that_of_publication(day: str, published: str) -> None:
    record = read(f"<h2>{TITLE}</h2><p class='k2'>{day}</p><div id='zoom'>{TEXT}{SIGNED}</div>")
    assert (str(record.issued_on), str(record.published_on)) == ("2031-03-01", published)


def test_what_stands_in_brackets_under_the_head_of_an_announcement_where_the_title_element_has_both() -> None:
    under = "（2031年第5号）（临江市重点保护植物名录）"
    head = f"<div class='xq_tit'>临江市林业局公告</div><div class='k2'>{under}</div>"
    page = f"{head}<div class='k3'>2031-03-05</div><div id='zoom'>{TEXT}</div>"
    assert read(page, f"临江市林业局公告{under}").title == f"临江市林业局公告{under}"
    assert read(page).title == "临江市林业局公告"


def test_neighbours_behind_a_bullet_are_none_of_a_text() -> None:
    text = "　　各区水利局：<br />　　现将汛前检查有关事项通知如下，请认真组织实施，并于三月底前报送结果。<br />　　特此通知。"
    neighbours = (
        "·上一篇文章：<a href='1.html'>没有了</a><br>·下一篇文章：<a href='2.html'>关于某事的报告</a>"
    )
    rows = (
        TITLE,
        "作者：局办&nbsp;&nbsp;来源：本站&nbsp;&nbsp;点击数：312",
        text,
        "文章录入：admin　　责任编辑：admin",
        neighbours,
    )
    tools = "【字体：<a>小</a> <a>大</a>】【<a>加入收藏</a>】【<a>打印此文</a>】【<a>关闭窗口</a>】"
    table = "".join(f"<tr><td>{row}</td></tr>" for row in (*rows, tools))
    record = read(f"<table width='950'>{table}</table>", TITLE)
    assert (record.body_text or "").splitlines() == [line.strip("　") for line in text.split("<br />")]


def test_day_and_office_over_a_viewer_are_no_text() -> None:
    line = "<div class='msg'><span>2031-03-05</span><span>市水利局</span></div>"
    viewer = "<div class='body'><iframe src='/pdfjs/web/viewer.html?file=/u/gb.pdf'></iframe></div>"
    record = read(f"<div class='k1'><h1>2031年临江市水资源公报</h1>{line}{viewer}</div>")
    assert (str(record.published_on), record.body_text) == ("2031-03-05", None)
    assert [a.name for a in record.attachments] == ["gb.pdf"]


def test_office_day_and_counter_under_a_title_are_no_text() -> None:
    lines = "各区水利局：\n　　现将汛前检查有关事项通知如下，请认真组织实施。\n　　特此通知。"
    record = read(
        f"<div class='k1'><div class='p-t'>{TITLE}</div><div>县水利局 2031-02-14 浏览: 45</div><pre>{lines}</pre></div>",
        TITLE,
    )
    assert str(record.published_on) == "2031-02-14"
    assert (record.body_text or "").splitlines()[0] == "各区水利局："


def test_the_source_of_data_over_a_table_is_a_source() -> None:
    table = "<table><tr><th>指标</th><th>总量</th></tr><tr><td>地区生产总值</td><td>321.5</td></tr></table>"
    name = "2031年一季度全市主要经济指标"
    line = "<span>数据来源：市统计局</span><span>更新时间：2031-04-20</span>"
    record = read(
        f"<div class='k1'><div class='sj-t'>{name}</div><div class='k2'>{line}</div>{table}</div>", name
    )
    assert (record.title, record.content_source, record.body_text) == (
        name,
        "市统计局",
        "指标\t总量\n地区生产总值\t321.5",
    )


CARD = (
    "<table><tr><th>索引号</th><td>LJ-2031-0088</td><th>发文机关</th><td>临江市水利局</td></tr>"
    "<tr><th>成文日期</th><td>2031-03-01</td><th>时效性</th><td>有效</td></tr></table>"
)


def test_the_title_over_a_card_where_the_page_has_no_heading() -> None:
    head = f"<div class='el-card__header'><span class='t'>{TITLE}</span></div>"
    page = f"<div class='el-card'>{head}<div class='el-card__body'>{CARD}<div class='rich'>{TEXT}</div></div></div>"
    assert read(page, "政策详情").title == TITLE
    column = "<div><span>临江市法定主动公开的政策文件</span></div>"
    assert read(f"<div>{column}{CARD}<div class='rich'>{TEXT}</div></div>", "政策详情").title is None


@pytest.mark.parametrize("behind", ["（临政征告〔2031〕8号）", "（2031年第8期）"])
def test_a_title_behind_which_the_title_element_says_more_in_brackets(behind: str) -> None:
    head = f"<div class='zd-t'>临江县人民政府征收土地公告</div><div class='zd-s'>{behind}</div><div class='k2'>2031-07-07</div>"
    record = read(
        f"<div>{head}<div class='k3'>{TEXT}</div></div>", f"临江县人民政府征收土地公告{behind}_临江县人民政府"
    )
    number = behind.strip("（）") if "〔" in behind else None
    assert record.title == "临江县人民政府征收土地公告" + ("" if number else behind)
    assert str(record.published_on) == "2031-07-07"
    if number:
        assert record.document_number == number


def test_pictures_in_the_foot_of_a_site_are_no_text() -> None:
    foot = (
        "<div class='footer'><p>主办：临江市人民政府办公室</p><p>网站标识码：3300000001　临ICP备05000001号</p>"
        "<div><a href='/a'><img src='/images/red.png'></a></div></div>"
    )
    file = "<tr><td>附件</td><td colspan='3'><a href='/f/1.pdf'>重点项目清单.pdf</a></td></tr></table>"
    record = read(
        f"<div class='k1'>{CARD.removesuffix('</table>')}{file}</div>{foot}", "2031年临江市重点项目清单"
    )
    assert [a.name for a in record.attachments] == ["重点项目清单.pdf"]


@pytest.mark.parametrize("label", ["正　文", "正文：", "信息内容"])
def test_a_text_in_a_row_of_the_card(label: str) -> None:
    rows = (
        f"<tr><td>标　题</td><td colspan='3'>{TITLE}</td></tr>"
        "<tr><td>发文文号</td><td>临水〔2031〕7号</td><td>发文单位</td><td>市水利局</td></tr>"
        "<tr><td>主 题 词</td><td>水利 检查</td><td>发文日期</td><td>2031-05-11</td></tr>"
        f"<tr><td>{label}</td><td colspan='3'>{TEXT}<p>2031年5月11日</p></td></tr>"
    )
    record = read(f"<p>欢迎访问临江市水利局网站！</p><table border='1'>{rows}</table>", "文件查看")
    assert (record.title, str(record.issued_on), record.published_on) == (TITLE, "2031-05-11", None)
    assert (record.body_text or "").splitlines()[0] == "各区水利局："


def test_a_title_whose_number_stands_in_a_second_element_is_whole() -> None:
    head = "<h1><span>关于开展汛前检查的通知</span><span>（临水〔2031〕4号）</span></h1>"
    whole = "关于开展汛前检查的通知（临水〔2031〕4号）"
    record = read(f"{head}<div id='zoom'>{TEXT}</div>", f"{whole}_临江市水利局")
    assert (record.title, record.document_number) == (whole, "临水〔2031〕4号")


def test_site_and_column_in_front_of_a_title_in_the_title_element() -> None:
    head = f"<dl><dt>{TITLE}</dt></dl><div class='k2'>发布时间：2031-03-05</div>"
    assert read(f"{head}<div id='zoom'>{TEXT}</div>", f"临江市水利局 通知公告 {TITLE}").title == TITLE
    joint = "临江市水利局 临江市财政局关于开展汛前检查的通知"
    assert read(f"<div id='zoom'>{TEXT}</div>", joint).title == joint


@pytest.mark.parametrize(
    "line",
    [
        "<table><tr><td>字号 <a>大</a></td><td>文章来源：<span id='ly'></span></td><td>2031-03-05 15:30:20</td></tr></table>",
        "<ul><li>来源：</li><li>2031-03-05</li></ul>",
        "<dl><dt>来源</dt><dd></dd><dd>2031年3月5日</dd></dl>",
    ],
)
def test_a_day_behind_a_source_that_is_left_empty_is_that_of_publication(line: str) -> None:
    record = read(f"<h2>{TITLE}</h2>{line}<div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == (None, "2031-03-05")
