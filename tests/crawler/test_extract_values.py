"""Dates, document numbers, citations, links: the forms that real pages use."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.model import Relation
from crawler.extract import citations, dates, headfoot, numbers
from crawler.extract.links import absolute
from crawler.extract.text import clean, label_key
from crawler.normalise import index_number, issuers


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2018年12月21日", date(2018, 12, 21)),
        ("二〇二四年四月四日", date(2024, 4, 4)),
        ("二○一九年十二月三十一日", date(2019, 12, 31)),
        ("一九九六年二月二十日", date(1996, 2, 20)),
        ("2024.4.4", date(2024, 4, 4)),
        ("20240404", date(2024, 4, 4)),
        ("2026/07/17", date(2026, 7, 17)),
        ("２０２４年０４月０４日", date(2024, 4, 4)),
        ("2024 年 4 月 4 日", date(2024, 4, 4)),
        ("1636646400", date(2021, 11, 12)),
        ("1636646400000", date(2021, 11, 12)),
        ("2021-11-11T16:00:00Z", date(2021, 11, 12)),
        ("2021-11-18T10:00:00.000+0800", date(2021, 11, 18)),
    ],
)
def test_dates_are_shanghai_dates(text: str, on: date) -> None:
    moment = dates.parse(text)
    assert moment is not None
    assert moment.on == on


def test_a_time_of_day_gives_an_instant() -> None:
    moment = dates.parse("2024年04月06日 16:34")
    assert moment == dates.Moment(date(2024, 4, 6), datetime(2024, 4, 6, 8, 34, tzinfo=UTC))
    midnight = dates.parse("2024-04-06 00:00:00")
    assert midnight == dates.Moment(date(2024, 4, 6), None)


@pytest.mark.parametrize("text", ["2024年2月30日", "20241301", "2024-13-01", "二〇二四年二月三十日"])
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(dates.ImpossibleDateError):
        dates.parse(text)


@pytest.mark.parametrize("text", ["", "无", "第12号", "2024-003", "138-0000-2024"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("国办发〔2019〕4号", "国办发〔2019〕4号"),
        ("义政办发 [2013] 第 130 号", "义政办发〔2013〕130号"),
        ("惠府办（2021）49号", "惠府办〔2021〕49号"),
        ("沪公指通字〔2024〕107 号", "沪公指通字〔2024〕107号"),
        ("某函【2031】005号", "某函〔2031〕5号"),
        ("某发〈2031〉5号", "某发〔2031〕5号"),
        ("〔2021〕40号", "〔2021〕40号"),
        ("示例省人民政府令第208号", "示例省人民政府令第208号"),
        ("国办发明电〔2031〕2号", "国办发明电〔2031〕2号"),
        ("某发〔2025〕89-93号", "某发〔2025〕89-93号"),
        ("DB31/T 1234-2020", None),
        ("根据国办发〔2019〕4号文件", None),
    ],
)
def test_document_numbers(raw: str, number: str | None) -> None:
    assert numbers.normalise(raw) == number


def test_numbers_in_running_text_are_cut_free_of_the_words_before() -> None:
    text = "按照《某通知》（国办发〔2023〕5号）和市政府关于转发临政办发〔2022〕15号的要求，"
    text += "依据临江市人民政府令第66号执行"
    assert [n.number for n in numbers.find(text)] == [
        "国办发〔2023〕5号",
        "临政办发〔2022〕15号",
        "临江市人民政府令第66号",
    ]


def test_a_cited_number_is_not_the_documents_own() -> None:
    lines = ["根据国办发〔2019〕4号文件精神，现将有关事项通知如下：", "一、总体要求"]
    assert headfoot.own_number(lines) is None
    assert headfoot.own_number(["某市人民政府", "某政发〔2031〕1号", "各有关单位："]) == "某政发〔2031〕1号"
    assert numbers.in_title("关于某事的通知（岳办发〔2017〕2号）") == "岳办发〔2017〕2号"
    assert numbers.in_title("关于贯彻《某办法》（岳办发〔2017〕2号）的通知") is None


def test_relations_of_citations() -> None:
    text = (
        "根据《某管理条例》的规定，现印发给你们。\n"
        "本办法自2031年1月1日起施行。《某暂行办法》（某政发〔2020〕1号）同时废止。\n"
        "对《某实施细则》作如下修改：第一条删去。\n"
        "市水务局《关于巡查的意见》已经市政府同意，现转发给你们。\n另见《某参考》。"
    )
    found = {c.title: c for c in citations.find(text, own_number=None, own_title="某办法")}
    assert {title: c.relation for title, c in found.items()} == {
        "某管理条例": Relation.IMPLEMENTS,
        "某暂行办法": Relation.REPEALS,
        "某实施细则": Relation.AMENDS,
        "关于巡查的意见": Relation.FORWARDS,
        "某参考": Relation.CITES,
    }
    assert found["某暂行办法"].document_number == "某政发〔2020〕1号"


def test_an_annex_printed_by_the_document_is_attached_and_its_mentions_are_no_citations() -> None:
    title = "关于印发《某工作要点》的通知"
    text = "现将《某工作要点》印发给你们。《某工作要点》明确了任务。某政发〔2031〕9号"
    found = citations.find(text, own_number="某政发〔2031〕9号", own_title=title)
    assert [(c.relation, c.title, c.document_number) for c in found] == [
        (Relation.ATTACHES, "某工作要点", None)
    ]
    mentioned = citations.find("《某工作要点》明确了任务。", own_number=None, own_title=title)
    assert mentioned == ()


def test_a_title_repealed_is_a_predecessor_though_it_is_the_documents_own() -> None:
    text = "本规则自印发之日起施行，2025年4月印发的《某县工作规则》同时废止。"
    found = citations.find(text, own_number=None, own_title="某县工作规则")
    assert [(c.relation, c.title) for c in found] == [(Relation.REPEALS, "某县工作规则")]


def test_a_lead_in_governs_its_list_and_nothing_else() -> None:
    text = "根据《甲条例》《乙办法》（某发〔2020〕1号）、《丙规定》等有关规定，市水利局起草了《丁办法》。"
    found = {c.title: c.relation for c in citations.find(text, own_number=None, own_title=None)}
    assert found == {
        "甲条例": Relation.IMPLEMENTS,
        "乙办法": Relation.IMPLEMENTS,
        "丙规定": Relation.IMPLEMENTS,
        "丁办法": Relation.CITES,
    }
    both = "决定废止《甲办法》（某发〔2015〕3号），修改《乙办法》（某发〔2018〕9号）。"
    assert [c.relation for c in citations.find(both, own_number=None, own_title=None)] == [
        Relation.REPEALS,
        Relation.AMENDS,
    ]


def test_signature_is_the_first_one_and_not_a_table_row() -> None:
    lines = [
        "通知如下：",
        "请执行。",
        "某市教育局 某市财政局",
        "二〇三一年七月十日",
        "附件",
        "某市水务局",
        "2030年1月1日",
    ]
    signed = headfoot.signature(lines)
    assert signed is not None
    assert signed.bodies == ("某市教育局", "某市财政局")
    assert signed.moment is not None
    assert signed.moment.on == date(2031, 7, 10)
    assert headfoot.signature(["正文", "机关\t2031年7月10日", "其他\t内容"]) is None
    together = headfoot.signature(["请执行。", "国务院办公厅　　2031年7月10日"])
    assert together is not None
    assert together.bodies == ("国务院办公厅",)


def test_title_at_the_head() -> None:
    assert (
        headfoot.own_title(["某市公安局2031年行政许可实施", "情况报告", "市编办："])
        == "某市公安局2031年行政许可实施情况报告"
    )
    assert headfoot.own_title(["根据有关规定，现将情况报告如下："]) is None
    assert headfoot.own_title(["各有关单位：", "关于某事的通知"]) is None


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../a/b.html#x", "https://e.example/x/a/b.html"),
        (" ./P020.pdf\n", "https://e.example/x/y/P020.pdf"),
        ("..\\files\\a b.doc", "https://e.example/x/files/a%20b.doc"),
        ("//f.example/c?d=1", "https://f.example/c?d=1"),
        ("javascript:void(0)", None),
        ("mailto:a@b", None),
        ("http://[某]/", None),
        ("#top", None),
        (None, None),
    ],
)
def test_links(href: str | None, address: str | None) -> None:
    assert absolute("https://e.example/x/y/z.html", href) == address


def test_text_keys() -> None:
    assert label_key("【索\u3000引 号】：") == "索引号"
    assert clean("a\u200b\xa0\u3000 b\x07\ud800") == "a b"
    assert index_number("AA 7301－2024—003") == "AA7301-2024-003"
    assert issuers("某市委办公室 某市政府办公室") == ("某市委办公室", "某市政府办公室")
    assert issuers("国 务 院") == ("国务院",)
    assert issuers("甲局;乙局、丙局") == ("甲局", "乙局", "丙局")
