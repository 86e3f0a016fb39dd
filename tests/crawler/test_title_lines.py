"""The line under a title, in the ways in which templates write it, around it and lay out the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "临江市水利局关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)
SOURCE, DAY = "市水利局", "2031-03-01"
LINES = {  # line → its source; all say the same day
    "来源：市水利局　发布时间：2031-03-01 10:20　点击数：17": SOURCE,
    "2031年03月01日 10时20分 来源: 市水利局 访问量: 123": SOURCE,
    "发布日期：2031-03-01 | 作者：张三 | 来源：市水利局": SOURCE,
    "时间:2031.03.01 来源:市水利局 【字体：大 中 小】": SOURCE,
    "【发布日期：2031年03月01日】 【来源：市水利局】 【打印】": SOURCE,
    "信息来源：市水利局　 发布时间：2031-03-01　 浏览次数： 次": SOURCE,
    "日期：2031-03-01　来源：市水利局　作者：局办": SOURCE,
    "[2031-03-01] 来源：市水利局 阅读：123": SOURCE,
    "发稿时间：2031-03-01 来源：市水利局 编辑：李四": SOURCE,
    "稿源：市水利局 时间：2031-03-01": SOURCE,
    "来源：市水利局 上传时间：2031-03-01": SOURCE,
    "成文日期：2031-02-28 发布日期：2031-03-01 来源：市水利局": SOURCE,
    "发布时间：2031-03-01 来源：市水利局 分享：": SOURCE,
    "来源：市水利局 发布时间：2031-03-01T10:20:30": SOURCE,
    "作者：  来源：市水利局  发布时间：2031-03-01": SOURCE,
    "来源：市水利局 日期：2031年3月1日 【字号：大 中 小】 打印 关闭": SOURCE,
    "来源：《临江日报》 发布时间：2031-03-01": "《临江日报》",
    "来源：《临江市人民政府公报》2031年第3期 发布时间：2031-03-01": "《临江市人民政府公报》2031年第3期",
    "来源：《临江政报》（第3期） 时间：2031-03-01": "《临江政报》（第3期）",
    "发布时间：2031-03-01 来源：市水利局 · 阅读 200": SOURCE,
    "时间：2031-03-01 来源：市水利局 浏览量 1,200": SOURCE,
    "[ 2031-03-01 11:20 ]　　[ 来源：市水利局 ]　　[ 浏览 20 次 ]": SOURCE,
    "发表日期：2031年3月1日　　出处：市水利局　　【编辑录入：admin】": SOURCE,
    "來源：市水利局　發布時間：2031-03-01": SOURCE,
    "发布机构：市水利局 发布时间：2031-03-01": None,
    "生成日期：2031-02-28 发布日期：2031-03-01": None,
}


def _pieces(tag: str, line: str) -> str:
    parts = re.split(r"[ 　]+(?=[^ 　：:]{1,6}[：:]|20\d\d|【|\[)", line)
    return "".join(f"<{tag}>{part}</{tag}>" for part in parts if part)


AROUND: dict[str, Callable[[str], str]] = {
    "div": lambda line: f"<div class='k1'>{line}</div>",
    "spans": lambda line: f"<div class='k1'>{_pieces('span', line)}</div>",
    "items": lambda line: f"<ul>{_pieces('li', line)}</ul>",
    "cell": lambda line: f"<table><tr><td align='center'>{line}</td></tr></table>",
    "cells": lambda line: f"<table><tr>{_pieces('td', line)}</tr></table>",
    "bold labels": lambda line: (
        "<p>" + re.sub(r"([^ 　：:|\[【]{2,5})([：:])(?!\d)", r"<b>\1\2</b>", line) + "</p>"
    ),
    "heading": lambda line: f"<h5>{line}</h5>",
}
PAGES: dict[str, Callable[[str], str]] = {
    "known container": lambda line: f"<h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>",
    "unknown names": lambda line: (
        f"<div class='k9'><div>{TITLE}</div>{line}<div class='k4'>{TEXT}</div></div>"
    ),
    "rows": lambda line: (
        f"<table><tr><td><h2>{TITLE}</h2></td></tr><tr><td>{line}</td></tr><tr><td>{TEXT}</td></tr></table>"
    ),
    "one cell": lambda line: f"<table><tr><td><p>{TITLE}</p>{line}{TEXT}</td></tr></table>",
}
# Not items and cells within the element of title and text: what they leave there would be its text.
CASES = [(a, p) for a in AROUND for p in PAGES if p != "one cell" or a not in ("items", "cells")]


def read(markup: str) -> Disclosure:
    record = extract_page(
        markup.encode(), "https://slj.linjiang.example.gov.cn/tz/1.html", book=BOOK
    ).disclosure
    assert record is not None, markup
    return record


@pytest.mark.parametrize(("around", "page"), CASES)
def test_the_line_says_day_and_source_and_is_no_text(around: str, page: str) -> None:
    for line, source in LINES.items():
        inner = PAGES[page](AROUND[around](line))
        markup = (
            f"<html><head><title>{TITLE}_临江市水利局</title></head><body><div><a href='/'>首页</a><a href='/a/'>政务</a></div>"
            f"{inner}<div class='k8'><p>主办：临江市水利局 临ICP备05000001号</p></div></body></html>"
        )
        record = read(markup)
        told = (record.title, str(record.published_on), record.content_source)
        assert told == (TITLE, DAY, source), line
        body = (record.body_text or "").split("\n")
        assert (body[0], body[-1]) == ("各区水利局：", "特此通知。"), line


@pytest.mark.parametrize(
    "line", ["2031-03-01 10:20:30 市水利局", "市水利局 2031-03-01", "2031年3月1日 市水利局"]
)
def test_a_day_beside_an_office_without_labels_is_that_of_publication(line: str) -> None:
    markup = f"<html><body><h1>{TITLE}</h1><p>{line}</p><div id='zoom'>{TEXT}</div></body></html>"
    record = read(markup)
    assert str(record.published_on) == DAY


@pytest.mark.parametrize(
    "line",
    [
        "<p>稿源：市水利局　作者：李某　2031/03/01　编辑：陈某</p>",
        "<table><tr><td><span>稿源：市水利局</span><span>作者：李某</span><span>2031/03/01</span></td></tr></table>",
    ],
)
def test_a_day_behind_a_name_that_means_nothing(line: str) -> None:
    record = read(f"<html><body><h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div></body></html>")
    assert (str(record.published_on), record.content_source) == (DAY, SOURCE)


@pytest.mark.parametrize("line", ["更新时间：2031-03-01", "录入时间：2031-03-01", "打印时间：2031-03-01"])
def test_what_is_no_day_of_publication_is_not_taken_for_one(line: str) -> None:
    markup = f"<html><body><h1>{TITLE}</h1><p>{line}</p><div id='zoom'>{TEXT}</div></body></html>"
    record = read(markup)
    assert record.published_on is None


@pytest.mark.parametrize(
    "title",
    ["【解读】一图看懂临江市供水办法", "【政策解读】《临江市供水办法》解读", "【公示】李某某任职前公示"],
)
def test_a_word_in_brackets_may_open_a_title(title: str) -> None:
    markup = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>{TEXT}</div></body></html>"
    record = read(markup)
    assert record.title == title


NUMBER = "临水〔2031〕5号"
NAMED = f"<html><head><title>临江市水利局</title><meta name='ArticleTitle' content='{TITLE}'></head><body>{{}}</body></html>"
UNNAMED = "<html><head><title>政府信息公开</title></head><body>{}</body></html>"


@pytest.mark.parametrize("page", [NAMED, UNNAMED])
@pytest.mark.parametrize(
    "markup",
    [
        f"<div class='k1'><div>{TITLE}</div><div>{NUMBER}</div><div>{DAY} 10:20</div><div>{TEXT}</div></div>",
        f"<div class='k1'><p>临江市水利局</p><p>{TITLE[6:]}</p><p>（{NUMBER}）</p><p>2031年3月1日</p><div id='zoom'>{TEXT}</div></div>",
        f"<table><tr><td>{TITLE}</td></tr><tr><td>({NUMBER})</td></tr><tr><td>{DAY}</td></tr><tr><td>{TEXT}</td></tr></table>",
        f"<div>政府信息公开</div><div><b>{TITLE}</b></div><div>{NUMBER}　{DAY}</div><div>{TEXT}</div>",
    ],
)
def test_number_and_day_under_a_title_without_markup(page: str, markup: str) -> None:
    record = read(page.format(markup))
    assert record.title == TITLE
    assert record.document_number == NUMBER
    assert str(record.published_on) == DAY
    assert record.body_text is not None
    assert record.body_text.startswith("各区水利局：")


def test_what_stands_over_a_title_without_markup_is_not_its_own() -> None:
    over = f"<div>临水〔2030〕1号</div><div>2030-01-01</div><div>{TITLE}</div><div>{TEXT}</div>"
    record = read(NAMED.format(over))
    assert record.document_number is None
    assert record.published_on is None


@pytest.mark.parametrize(
    "where",
    [
        "<h1>{title}</h1>{line}<div id='zoom'>{text}</div>",
        "<div id='zoom'><h1>{title}</h1>{line}{text}</div>",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "<div class='k1'>{number}　发布时间：{day}　来源：价格科</div>",
        "<div class='k1'>（{number}）<br>发布时间：{day}　来源：价格科</div>",
        "<div class='k1'><span>{number}</span><span>发布时间：{day}</span><span>来源：价格科</span></div>",
        "<div class='k1'><p>{number}</p><p>发布时间：{day}　来源：价格科</p></div>",
        "<div class='k1'>发布时间：{day}　来源：价格科　{number}</div>",
        "<div class='k1'>来源：价格科　发布时间：{day} 10:20　{number}　浏览：7次</div>",
        "<ul class='k1'><li>来源：价格科</li><li>{number}</li><li>发布时间：{day}</li></ul>",
    ],
)
def test_a_number_without_label_beside_labels_under_a_title(line: str, where: str) -> None:
    written = line.format(number=NUMBER, day=DAY)
    record = read(where.format(title=TITLE, line=written, text=TEXT))
    assert (record.document_number, str(record.published_on), record.content_source) == (
        NUMBER,
        DAY,
        "价格科",
    )
    assert record.body_text is not None
    assert record.body_text.split("\n")[-1] == "特此通知。"


@pytest.mark.parametrize(
    "line",
    [
        "<div class='k1'>发布时间：2031-03-01　来源：价格科<br>备案编号：<br>临备〔2031〕18号</div>",
        "<div class='k1'>发布时间：2031-03-01　备案编号：临备〔2031〕18号</div>",
        "<div class='k1'>发布时间：2031-03-01　依据：国发〔2030〕18号</div>",
        "<div class='k1'>来源：临江日报 第18号　发布时间：2031-03-01</div>",
    ],
)
def test_a_number_beside_labels_that_is_not_the_documents(line: str) -> None:
    assert read(f"<h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>").document_number is None


@pytest.mark.parametrize(
    "where",
    [
        "<h1>{title}</h1>{line}<div id='zoom'>{text}</div>",
        "<h1>{title}</h1>{line}{text}",
        "<div><div>{title}</div>{line}<div>{text}</div></div>",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "<div class='k1'>{number} | {day} | 浏览：12</div>",
        "<div class='k1'>{day} | {number} | 阅读：12次</div>",
        "<div class='k1'>{number}｜{day}｜市水利局｜浏览：12</div>",
    ],
)
def test_a_number_and_a_day_between_bars(line: str, where: str) -> None:
    record = read(where.format(title=TITLE, line=line.format(number=NUMBER, day=DAY), text=TEXT))
    assert (record.document_number, str(record.published_on)) == (NUMBER, DAY)
    assert record.body_text is not None
    assert record.body_text.startswith("各区水利局：")


def test_a_number_with_its_label_on_a_line_of_the_text() -> None:
    card = f"<ul><li><span>文号：</span>{NUMBER}</li><li><span>发布日期：</span>{DAY}</li></ul>"
    record = read(f"<div class='main'><h1>{TITLE}</h1>{card}{TEXT}</div>")
    assert record.document_number == NUMBER


@pytest.mark.parametrize(
    "day", ["2031-03-01 10:20", "[2031-03-01]", "2031/3/1", "2031年3月1日 10:20:30", "（2031-03-01）"]
)
@pytest.mark.parametrize(
    "title",
    [
        "<h1>{}</h1>",
        "<h2>{}</h2>",
        "<p align='center'>{}</p>",
        "<p>临江市水利局</p><p>关于开展汛前检查的通知</p>",
    ],
)
def test_a_day_in_digits_between_a_title_and_a_text_of_one_element(day: str, title: str) -> None:
    for number in ("", f"<p>{NUMBER}</p>"):
        record = read(f"<div class='main'>{title.format(TITLE)}{number}<p>{day}</p>{TEXT}</div>")
        assert record.title == TITLE
        assert str(record.published_on) == DAY
        assert day not in (record.body_text or "")
        assert record.document_number == (NUMBER if number else None)


@pytest.mark.parametrize("title", ["<h2>{}</h2>", "<p align='center'><b>{}</b></p>"])
@pytest.mark.parametrize(
    "number", ["<p align='center'>临水〔2031〕5号</p>", "<div>（临水〔2031〕5号）</div>"]
)
def test_title_line_and_number_of_one_element_are_no_text(title: str, number: str) -> None:
    line = "<p class='info'>来源：市水利局　发布时间：2031-03-01</p>"
    for between in (f"{line}{number}", f"{number}{line}"):
        record = read(f"<div class='bg_w'>{title.format(TITLE)}{between}{TEXT}</div>")
        assert (record.title, record.document_number, str(record.published_on)) == (TITLE, NUMBER, DAY)
        assert (record.body_text or "").startswith("各区水利局："), between


def test_a_day_in_words_or_within_a_text_stays_in_it() -> None:
    for lines in ("<p>（2031年3月1日市政府第3次会议通过）</p>", "<p>现公布如下。</p><p>2031-03-01</p>"):
        record = read(f"<div class='main'><h2>{TITLE}</h2>{lines}{TEXT}</div>")
        assert "2031" in (record.body_text or "")
