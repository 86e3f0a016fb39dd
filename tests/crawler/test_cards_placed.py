"""Where templates put labels and values: values over labels, a card beside the text or behind an explanation, a state behind bars."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>一、检查范围。全市所有水库、水闸、堤防和在建水利工程均应当纳入检查范围，不留死角。</p><p>特此通知。</p>"
)
CARD = {
    "索引号": "LJ-2031-12",
    "发文字号": "临水〔2031〕15号",
    "发布机构": "临江市水利局",
    "发布日期": "2031-04-03",
}
TOLD = ("LJ-2031-12", "临水〔2031〕15号", "临江市水利局", "2031-04-03")


def read(markup: str, title: str = "临江市水利局") -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{markup}</body></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None, markup
    return record


def told(record: Disclosure) -> tuple[str | None, ...]:
    return record.index_number, record.document_number, record.issuing_body, str(record.published_on)


@pytest.mark.parametrize("colon", ["", "：\u200b"])
def test_values_that_stand_over_their_labels(colon: str) -> None:
    cells = "".join(
        f"<div class='cell'><p>{value}</p><p>{label}{colon}</p></div>" for label, value in CARD.items()
    )
    record = read(f"<div class='grid'>{cells}</div><h1>{TITLE}</h1><div class='vc'>{TEXT}</div>")
    assert told(record) == TOLD if not colon else told(record) != TOLD  # a colon stands before its value


@pytest.mark.parametrize("apart", ["<p>{}</p><p>{}</p>", "{}<br>{}", "<div>{}</div><div>{}</div>"])
def test_values_under_their_labels_in_the_cells_of_a_table(apart: str) -> None:
    cells = [f"<td>{apart.format(label, value)}</td>" for label, value in CARD.items()]
    rows = "".join(f"<tr>{''.join(cells[i : i + 2])}</tr>" for i in range(0, len(cells), 2))
    record = read(f"<table>{rows}</table><h1>{TITLE}</h1><div class='vc'>{TEXT}</div>")
    assert told(record) == TOLD


def test_a_value_over_the_first_label_is_none_of_it() -> None:
    lines = ["临江市水利局", *(piece for pair in CARD.items() for piece in pair)]
    record = read(
        f"<div class='grid'>{''.join(f'<p>{x}</p>' for x in lines)}</div><h1>{TITLE}</h1><div>{TEXT}</div>"
    )
    assert told(record) == TOLD


@pytest.mark.parametrize("wrapped", ["{}<br>", "<p>{}</p>", "<div>{}</div>"])
def test_a_card_in_the_column_beside_the_text(wrapped: str) -> None:
    lines = "".join(wrapped.format(f"{label}：{value}") for label, value in CARD.items())
    text = f"<p class='bt'>{TITLE}</p><div class='zw'>{TEXT}</div>"
    record = read(f"<table width=100%><tr><td width=200>{lines}</td><td>{text}</td></tr></table>", TITLE)
    assert (told(record), record.title) == (TOLD, TITLE)
    assert (record.body_text or "").startswith("各区水利局：")
    assert (record.body_text or "").endswith("特此通知。")


def test_a_card_whose_summary_is_prose_stays_a_card() -> None:
    rows = "".join(
        f"<tr><td><p>{label}</p><p>（必填）</p></td><td>{value}</td></tr>" for label, value in CARD.items()
    )
    summary = "<tr><td>内容概述</td><td><p>部署汛前检查。</p><p>明确检查范围。</p></td></tr>"
    record = read(f"<table>{rows}{summary}</table><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert record.summary == "部署汛前检查。 明确检查范围。"
    assert (record.body_text or "").startswith("各区水利局：")


@pytest.mark.parametrize("kind", ["loose", "table"])
def test_a_card_behind_an_explanation_is_that_of_the_document_explained(kind: str) -> None:
    if kind == "loose":
        card = "".join(f"<p><span>{label}：</span>{value}</p>" for label, value in CARD.items())
    else:
        rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in CARD.items())
        card = f"<table>{rows}</table>"
    page = (
        "<div class='jd'><h1>《临江市防汛条例》政策解读</h1><p class='jd-i'>2031-07-11 09:00　来源：市水利局</p>"
        f"<div class='jd-c'>{TEXT}</div><div class='jd-r'><p><a href='/zc/1.html'>临江市防汛条例</a></p>{card}</div></div>"
    )
    record = read(page, "《临江市防汛条例》政策解读")
    assert (record.index_number, record.document_number, record.issuing_body) == (None, None, None)
    assert (str(record.published_on), record.content_source) == ("2031-07-11", "市水利局")
    own = read(page.replace("政策解读", "").replace("《临江市防汛条例》", TITLE), TITLE)
    assert (own.index_number, own.document_number) == TOLD[:2]


def test_a_state_behind_bars_is_none_of_the_value_before_it() -> None:
    bar = "<span>发布时间：2031-02-10</span> | <span>来源：临江市税务局</span> | <span>全文有效</span> | <span>字号：[大] [中] [小]</span>"
    record = read(f"<h1>{TITLE}</h1><div>{bar}</div><div id='zoom'>{TEXT}</div>")
    assert (record.content_source, record.validity and str(record.validity)) == ("临江市税务局", "valid")
    kept = read(f"<h1>{TITLE}</h1><div>来源：水利处 | 防汛办　2031-02-10</div><div id='zoom'>{TEXT}</div>")
    assert kept.content_source == "水利处 | 防汛办"


ABOVE = {
    "items": "<ul>"
    + "".join(f"<li><strong>{v}</strong><span>{k}</span></li>" for k, v in CARD.items())
    + "</ul>",
    "rows": f"<table><tr>{''.join(f'<td>{v}</td>' for v in CARD.values())}</tr><tr>{''.join(f'<td>{k}</td>' for k in CARD)}</tr></table>",
    "tiles": f"<table><tr>{''.join(f'<td><b>{v}</b><br>{k}</td>' for k, v in CARD.items())}</tr></table>",
}


@pytest.mark.parametrize("tiles", ABOVE)
def test_values_in_front_of_labels_in_lists_and_tables(tiles: str) -> None:
    assert told(read(f"{ABOVE[tiles]}<h1>{TITLE}</h1><div class='vc'>{TEXT}</div>")) == TOLD


def test_a_bar_that_ends_in_labels_keeps_the_values_behind_them() -> None:
    bar = "<div><span>2031-03-05 来源：</span>水利处</div><div>市局 <span>字体：</span></div>"
    record = read(f"<h1>{TITLE}</h1><div class='bar'>{bar}</div><div id='zoom'>{TEXT}</div>")
    assert (str(record.published_on), record.content_source) == ("2031-03-05", "水利处")


@pytest.mark.parametrize(
    "value", ["{{ detail.no }}", "${docNo}", "&lt;%=no%&gt;", "[object Object]", "NaN-NaN-NaN", "undefined"]
)
def test_what_a_template_left_unfilled_is_no_value(value: str) -> None:
    labels = ("索引号", "发文字号", "来源", "发布机构")
    line = "　".join(f"{label}：{value}" for label in labels)
    for card in (
        f"<p>{line}</p>",
        "<table>" + "".join(f"<tr><td>{x}</td><td>{value}</td></tr>" for x in labels),
    ):
        record = read(f"{card}</table><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
        assert told(record)[:3] == (None, None, None)
        assert record.content_source is None


@pytest.mark.parametrize("source", ["【市水利局】", "[市水利局]", "市水利局 /", "市水利局／"])
def test_signs_around_a_source_are_none_of_it(source: str) -> None:
    line = f"发布日期：[2031-09-01]　来源：{source} 作者：李某 / 阅读：12"
    record = read(f"<h1>{TITLE}</h1><p>{line}</p><div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == ("市水利局", "2031-09-01")


def test_who_wrote_a_text_is_none_of_its_source() -> None:
    line = "2031年11月11日 08:30 | 来源：<a href='http://p.example'>临江日报</a> | 记者 王某 通讯员 李某 | <a href='/1'>原文链接</a>"
    record = read(f"<h1>{TITLE}</h1><p>{line}</p><div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == ("临江日报", "2031-11-11")
