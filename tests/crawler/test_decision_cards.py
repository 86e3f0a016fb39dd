"""Documents whose text is a card of labels: penalties, permits, answers to letters."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

PENALTY = [
    ("行政处罚决定书文号", "临市监罚〔2031〕103号"),
    ("被处罚当事人姓名或名称", "临江市某某商贸有限公司"),
    ("主要违法违规事实（案由）", "销售的充电器经检验不合格。"),
    ("行政处罚依据", "《中华人民共和国产品质量法》第四十九条"),
    ("行政处罚决定", "罚款人民币3000元。"),
    ("作出处罚决定的机关名称", "临江市市场监督管理局"),
    ("作出处罚决定的日期", "2031年3月12日"),
]
PERMIT = [
    ("行政相对人名称", "临江某水务公司"),
    ("行政许可决定文书号", "临水许可〔2031〕17号"),
    ("许可内容", "准予在临江河段取水，年取水量5万立方米。"),
    ("许可决定日期", "2031-04-01"),
    ("有效期自", "2031-04-01"),
    ("许可机关", "临江市水务局"),
    ("当前状态", "有效"),
]


def read(inner: str, title: str = "信用临江") -> Disclosure:
    page = f"<html><head><title>{title}</title></head><body><h1>行政处罚信息公示（第三期）</h1>{inner}</body></html>"
    record = extract_page(
        page.encode(), "https://credit.linjiang.example.gov.cn/1.html", book=BOOK
    ).disclosure
    assert record is not None
    return record


def word(text: str) -> str:
    return f"<p class=MsoNormal align=center><span>{text}</span><span lang=EN-US><o:p></o:p></span></p>"


def table(rows: list[tuple[str, str]], cell: str = "{}") -> str:
    cells = ("".join(f"<td>{cell.format(c)}</td>" for c in row) for row in rows)
    return f"<table border='1'>{''.join(f'<tr>{c}</tr>' for c in cells)}</table>"


def two_a_row(rows: list[tuple[str, str]]) -> str:
    pairs = [rows[i] + (rows[i + 1] if i + 1 < len(rows) else ()) for i in range(0, len(rows), 2)]
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in p) + '</tr>' for p in pairs)}</table>"


CARDS = {
    "table": lambda rows: f"<div class='k1'>{table(rows)}</div>",
    "word": lambda rows: f"<div class='wenzhang-content'>{table(rows, word('{}'))}</div>",
    "two pairs a row": lambda rows: f"<div id='zoom'>{two_a_row(rows)}</div>",
    "lines": lambda rows: f"<div id='zoom'>{''.join(f'<p>{a}：{b}</p>' for a, b in rows)}</div>",
}


@pytest.mark.parametrize("shape", CARDS)
def test_a_card_of_one_decision_names_its_number_office_and_day(shape: str) -> None:
    record = read(CARDS[shape](PENALTY))
    told = (record.document_number, record.issuing_body, str(record.issued_on))
    assert told == ("临市监罚〔2031〕103号", "临江市市场监督管理局", "2031-03-12")
    assert record.title == "行政处罚信息公示（第三期）"
    for value in ("临市监罚〔2031〕103号", "临江市某某商贸有限公司", "作出处罚决定的日期"):
        assert value in (record.body_text or "")


@pytest.mark.parametrize("shape", CARDS)
def test_a_card_of_a_permit(shape: str) -> None:
    record = read(CARDS[shape](PERMIT))
    told = (record.document_number, record.issuing_body, str(record.issued_on))
    assert told == ("临水许可〔2031〕17号", "临江市水务局", "2031-04-01")


def test_a_letter_and_its_answer() -> None:
    rows = [
        ("来信人：", "王**"),
        ("来信时间：", "2031-04-01 10:20"),
        ("来信内容：", "请问临江河下游河道清淤工程什么时候可以完工？附近居民出行不便。"),
        ("答复单位：", "临江市水务局"),
        ("答复时间：", "2031-04-08 16:02"),
        ("答复内容：", "您反映的问题收悉。经核实，该工程计划于2031年9月底完工。"),
    ]
    record = read(f"<div class='k1'>{table(rows)}</div>")
    assert (record.issuing_body, str(record.issued_on)) == ("临江市水务局", "2031-04-08")
    assert "2031年9月底完工" in (record.body_text or "")


def test_labels_of_an_answer_that_stand_on_one_line() -> None:
    asked = "<div class='k2'><span>写信人：李*</span><span>写信时间：2031-05-01</span></div><div>问：请问摊位如何申请，需要哪些材料？</div>"
    answered = "<div class='k3'><span>答复单位：临江市商务局</span><span>答复时间：2031-05-06</span></div>"
    record = read(
        f"<div class='k1'>{asked}{answered}<div>答：可携带身份证到管理办公室申请，五日办结。</div></div>"
    )
    assert (record.issuing_body, str(record.issued_on)) == ("临江市商务局", "2031-05-06")


def test_a_letter_in_a_form_of_labels_without_colons() -> None:
    def row(label: str, value: str) -> str:
        return f"<div><label>{label}</label><span>{value}</span></div>"

    asked = (
        row("来信人", "次某")
        + row("来信日期", "2031-05-01")
        + row("来信内容", "请问摊位如何申请，需要哪些材料？")
    )
    answered = (
        row("回复单位", "临江市商务局")
        + row("回复日期", "2031-05-06")
        + row("回复内容", "可携带身份证到管理办公室申请。")
    )
    record = read(f"<form>{asked}{answered}</form>")
    assert (record.issuing_body, str(record.issued_on), record.published_on) == (
        "临江市商务局",
        "2031-05-06",
        None,
    )


@pytest.mark.parametrize("label", ["信件标题", "来信主题", "留言标题"])
def test_a_letter_may_name_itself(label: str) -> None:
    rows = [
        (label, "关于公交线路调整的建议"),
        ("信件内容", "建议将3路公交延伸至新城区。"),
        ("回复内容", "将结合客流情况研究优化。"),
    ]
    page = (
        f"<html><head><title>市长信箱</title></head><body><div class='k1'>{table(rows)}</div></body></html>"
    )
    record = extract_page(page.encode(), "https://linjiang.example.gov.cn/xx/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.title == "关于公交线路调整的建议"


@pytest.mark.parametrize("heading", ["<h2>{}</h2>", "<h3>{}</h3>", "<div><h2>{}</h2></div>"])
def test_the_one_heading_over_the_card_of_a_letter_is_its_title(heading: str) -> None:
    rows = [
        ("来信人", "李**"),
        ("来信内容", "滨河路路灯不亮，请维修。"),
        ("回复内容", "现已修复，感谢您的关注。"),
    ]
    name = "关于滨河路路灯不亮的问题"
    page = f"<title>信箱</title><div class=xj>{heading.format(name)}{table(rows)}</div>"
    record = extract_page(page.encode(), "https://linjiang.example.gov.cn/xx/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.title == name
    assert name not in (record.body_text or "")
    parts = f"<title>信箱</title><div class=xj><h2>问题与背景情况介绍</h2>{table(rows)}<h2>答复与办理情况介绍</h2><p>已修复。</p></div>"
    record = extract_page(parts.encode(), "https://linjiang.example.gov.cn/xx/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.title is None


def test_a_label_without_colon_before_prose_is_no_value() -> None:
    record = read(
        "<div id='zoom'><p>答复单位应当自收到信件之日起十日内办结。</p><p>处罚机关所在地的水利局。</p></div>"
    )
    assert record.issuing_body is None


def test_several_decisions_on_a_page_name_no_number_and_no_day_of_it() -> None:
    other = [(a, b.replace("103", "104").replace("3月12日", "3月15日")) for a, b in PENALTY]
    record = read(f"<div id='zoom'>{table(PENALTY)}{table(other)}</div>")
    assert record.document_number is None
    assert record.issued_on is None
    assert record.issuing_body == "临江市市场监督管理局"


def test_a_table_of_decisions_by_columns_names_none() -> None:
    heads = ["序号", "行政处罚决定书文号", "处罚机关", "处罚决定日期"]
    rows = [["1", "临市监罚〔2031〕103号", "临江市市场监督管理局", "2031-03-12"]]
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in (heads, *rows))
    record = read(f"<div id='zoom'><table>{cells}</table></div>")
    assert record.document_number is None
    assert record.issued_on is None


def test_what_a_sentence_says_of_a_decision_is_no_card() -> None:
    text = (
        "<p>处罚机关：由违法行为发生地的区局负责。</p><p>行政处罚决定书文号：按本局编号规则编制，不得重号。</p>"
        "<p>处罚决定日期：以送达之日为准。</p>"
    )
    record = read(f"<div id='zoom'>{text}</div>")
    assert (record.document_number, record.issuing_body, record.issued_on) == (None, None, None)


def test_the_approval_that_a_notice_rests_on_is_not_its_number() -> None:
    lines = "<p>项目名称：临江高速某某段</p><p>批准文号：自然资函〔2031〕955号</p><p>批准机关：自然资源部</p>"
    record = read(f"<div id='zoom'>{lines}<p>根据批准文件，现将补偿安置方案公告如下。</p></div>")
    assert (record.document_number, record.issuing_body) == (None, None)


def test_a_label_table_of_the_page_counts_before_the_card() -> None:
    card = table(
        [
            ("索引号", "LJ-2031-1"),
            ("发布机构", "临江市信用中心"),
            ("文号", "临信〔2031〕2号"),
            ("发文日期", "2031-04-01"),
        ]
    )
    record = read(f"{card}<div id='zoom'>{table(PENALTY)}</div>")
    told = (record.document_number, record.issuing_body, str(record.issued_on))
    assert told == ("临信〔2031〕2号", "临江市信用中心", "2031-04-01")


@pytest.mark.parametrize(
    "title",
    [
        "行政处罚决定书（临市监处罚〔2031〕14号）",
        "临市监处罚〔2031〕14号行政处罚决定书",
        "临江市市场监督管理局行政处罚决定书（临市监处罚〔2031〕14号）",
    ],
)
def test_the_form_of_a_decision_over_its_text_contradicts_no_title_with_its_number(title: str) -> None:
    head = "<p>临江市市场监督管理局</p><p>行政处罚决定书</p><p>临市监处罚〔2031〕14号</p>"
    text = "<p>当事人：某某饭店</p><p>经查，当事人采购未经检验的食品，现决定给予罚款五千元的行政处罚。</p>"
    page = f"<meta charset=utf-8><h1>{title}</h1><div>时间：2031-05-20</div><div class=c>{head}{text}</div>"
    got = extract_page(page.encode(), "https://scj.linjiang.example.gov.cn/1.html", book=BOOK)
    assert got.disclosure is not None
    assert (got.disclosure.title, got.disclosure.document_number) == (title, "临市监处罚〔2031〕14号")
    assert [p.code for p in got.problems] == []
