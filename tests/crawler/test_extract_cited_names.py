"""What stands in 《》 and names no document, and short names of documents."""

from __future__ import annotations

import pytest

from crawler.extract.references import citations

NOTICE = "临江市水务局关于有关事项的通知"


def cited(text: str, title: str = NOTICE) -> list[tuple[str, str | None, str | None]]:
    found = citations.find(text, own_number=None, own_title=title)
    return [(str(c.relation), c.document_number, c.title) for c in found]


@pytest.mark.parametrize(
    "name",
    [
        "营业执照", "食品经营许可证", "房屋所有权证书", "无犯罪记录证明", "居民户口簿", "取水许可申请表", "授权委托书", "询问笔录",
        "送达回证", "章程核准表", "临江日报", "中国水利报", "水利杂志", "通知", "实施方案", "暂行办法（试行）", "报告书",
    ],
)  # fmt: skip
def test_forms_licences_papers_and_short_names_are_not_cited(name: str) -> None:
    assert cited(f"请提交《{name}》，并按照《{name}》办理。") == []


@pytest.mark.parametrize(
    "name", ["基准地价表", "2031年统计公报", "关于实行取水许可证的通知", "甲条例", "实施甲办法的方案"]
)
def test_documents_that_end_alike_are_cited(name: str) -> None:
    assert cited(f"另见《{name}》。") == [("cites", None, name)]


def test_a_short_name_with_a_number_and_one_that_is_printed_are_cited() -> None:
    assert cited("另见《实施方案》（临政发〔2031〕4号）。") == [("cites", "临政发〔2031〕4号", "实施方案")]
    assert cited("现将《实施方案》印发给你们。") == [("attaches", None, "实施方案")]


@pytest.mark.parametrize(
    "called", ["以下简称《条例》", "以下简称“《条例》”", "下称《条例》", "以下统称为《条例》"]
)
def test_what_is_said_of_a_short_name_is_said_of_the_document(called: str) -> None:
    text = f"《临江市供水条例》（市人大公告第12号，{called}）已施行。依据《条例》第三条，收取水费。《条例》另有规定的除外。"
    assert cited(text) == [("implements", "市人大公告第12号", "临江市供水条例")]
    ended = f"《临江市供水条例》（{called}）实施多年。《条例》同时废止。"
    assert cited(ended) == [("repeals", None, "临江市供水条例")]


def test_a_short_name_of_the_document_itself_is_no_citation() -> None:
    title = "关于印发《临江市供水管理办法》的通知"
    text = "《临江市供水管理办法》（以下简称《供水办法》）明确了职责。按照《供水办法》执行。"
    assert cited(text, title) == []


def test_what_a_text_calls_something_else_is_no_document() -> None:
    assert cited("上述规定（以下简称《供水新规》）自公布之日起施行。按照《供水新规》执行。") == []


def test_the_number_of_a_licence_is_no_documents() -> None:
    assert cited("注销甲公司《经营许可证》（临应急经字〔2019〕000123号）。") == []
    assert cited("注销甲公司《关于许可证的通知》（临应急〔2019〕12号）。") == [
        ("cites", "临应急〔2019〕12号", "关于许可证的通知")
    ]


def test_a_number_in_the_marks_of_a_title_is_a_number() -> None:
    assert cited("附件下载：《临环函【2020】3号》.doc") == [("cites", "临环函〔2020〕3号", None)]
