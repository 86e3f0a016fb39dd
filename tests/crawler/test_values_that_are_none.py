"""What stands in the place of a value, or behind one, and is none."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)


def read(card: str) -> Disclosure:
    page = f"<meta charset=utf-8><title>{TITLE}</title><h1>{TITLE}</h1>{card}<div id='zoom'>{TEXT}</div>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    return record


def table(**values: str) -> str:
    cells = {
        "索引号": "LJ-1/2031",
        "文号": "临水〔2031〕5号",
        "发布机构": "临江市水利局",
        "主题词": "防汛",
        **values,
    }
    return "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in cells.items()) + "</table>"


@pytest.mark.parametrize("nothing", ["N/A", "n/a", "None", "待定", "（无）", "无。", "暂无数据", "【null】"])
def test_cells_that_say_that_there_is_no_value(nothing: str) -> None:
    record = read(table(发布机构=nothing, 主题词=nothing, 文号=nothing))
    assert (record.index_number, record.issuing_body, record.document_number) == ("LJ-1/2031", None, None)
    assert record.keywords == ()
    assert read(table(索引号=nothing)).index_number is None


@pytest.mark.parametrize("said", ["2031年3月5日", "2031-03-05", "临水发【2031】号"])
def test_a_day_and_a_form_that_nobody_filled_in_are_no_numbers(said: str) -> None:
    assert read(table(文号=said)).document_number is None


@pytest.mark.parametrize("said", ["20310305", "2031年第8号", "水发2031"])
def test_rare_numbers_are_kept(said: str) -> None:
    assert read(table(文号=said)).document_number == said


@pytest.mark.parametrize("name", ["匿名", "佚名"])
def test_nobody_is_no_office(name: str) -> None:
    assert read(table(发布机构=name)).issuing_body is None


@pytest.mark.parametrize(
    "line",
    [
        "<span>来源：</span><span>市水利局</span><i class='eye'></i><span>{}</span>",
        "<span>来源：市水利局</span>　<em>{}</em>",
        "<span>发布机构：市水利局</span><i class='eye'></i><span>{}次</span>",
        "<span>文号：临水〔2031〕5号</span><i class='eye'></i><span>{}</span>",
    ],
)
def test_a_count_without_a_label_is_no_part_of_the_value_before_it(line: str) -> None:
    first, second = (read(f"<div>{line.format(count)}</div>") for count in (17, 1802))
    assert first == second
    told = first.content_source or first.issuing_body or first.document_number
    assert told in ("市水利局", "临水〔2031〕5号")


APART = [
    "浏览 <b>{}</b>",
    "阅读（{}）",
    "[浏览{}]",
    "已有{}人浏览",
    "Views {}",
    "（{}次浏览）",
    "点击：{} 评论：{}",
]


@pytest.mark.parametrize("count", APART)
def test_a_counter_apart_behind_a_title_or_an_office_is_none_of_it(count: str) -> None:
    first, second = (
        extract_page(
            f"<meta charset=utf-8><ul><li>索引号：LJ-1</li><li>发布机构：市水利局 {said}</li></ul>"
            f"<h1>{TITLE} <small>{said}</small></h1><div id='zoom'>{TEXT}</div>".encode(),
            "https://slj.linjiang.example/1.html",
            book=BOOK,
        ).disclosure
        for said in (count.replace("{}", "17"), count.replace("{}", "1802"))
    )
    assert first == second
    assert first is not None
    assert (first.title, first.issuing_body) == (TITLE, "市水利局")


@pytest.mark.parametrize(
    "title",
    [
        "临江市第 17 届运动会秩序册公告",
        "关于公布网站 2031 年访问量的通报",
        "《防汛条例》 政策解读 第17期",
        "关于开展汛前检查的通知 17",
    ],
)
def test_figures_in_a_title_stay(title: str) -> None:
    page = f"<meta charset=utf-8><h1>{title}</h1><div id='zoom'>{TEXT}</div>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.title == title


@pytest.mark.parametrize("colon", ["﹕", "︰", "∶", " ："])
def test_every_colon_behind_a_label_in_a_cell(colon: str) -> None:
    rows = (
        f"<tr><td>{a}{colon}</td><td>{b}</td></tr>"
        for a, b in (("索 引 号", "LJ-1"), ("文　号", "临水〔2031〕5号"))
    )
    record = read(f"<table>{''.join(rows)}</table>")
    assert (record.index_number, record.document_number) == ("LJ-1", "临水〔2031〕5号")


@pytest.mark.parametrize(
    "words", ["{{name}}", "null", "${f.name}", "https://slj.linjiang.example/u/fangan.docx"]
)
def test_a_link_whose_words_are_no_name_is_called_as_its_file(words: str) -> None:
    record = read(f"<div class='fj'>附件：<a href='/u/fangan.docx'>{words}</a></div>")
    assert [file.name for file in record.attachments] == ["fangan.docx"]
