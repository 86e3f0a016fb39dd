"""Rarer spellings of labels: with what they also mean in brackets, with 名称 behind them, as questions."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.labels.pairs import line_pairs
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TEXT = "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施。</p><p>特此通知。</p>"
VALUES = {
    "index_number": "LJ-2031-12",
    "issuing_body": "临江市水利局",
    "document_number": "临水〔2031〕12号",
    "issued_on": "2031-03-01",
    "published_on": "2031-03-05",
    "effective_on": "2031-04-01",
    "expires_on": "2036-03-31",
    "subject_category": "农业、林业、水利",
}


def read(card: str) -> Disclosure:
    page = f"<html><body>{card}<h1>临江市水利局关于开展汛前检查的通知</h1><div id='zoom'>{TEXT}</div></body></html>"
    record = extract_page(page.encode(), "https://a.example/zw/1.html", book=BOOK).disclosure
    assert record is not None
    return record


LABELS = [
    ("issuing_body", "发文机关（单位）"),
    ("issuing_body", "发布机构名称"),
    ("issuing_body", "制发部门"),
    ("issuing_body", "信息所属单位"),
    ("document_number", "文号（发文字号）"),
    ("document_number", "发文字号/文号"),
    ("issued_on", "成文（印发）日期"),
    ("issued_on", "落款时间"),
    ("published_on", "发布日期(公开日期)"),
    ("published_on", "挂网时间"),
    ("published_on", "创建时间"),
    ("effective_on", "生效（施行）日期"),
    ("expires_on", "失效（废止）日期"),
    ("expires_on", "有效期限至"),
    ("subject_category", "主题分类名称"),
]


@pytest.mark.parametrize(("field", "label"), LABELS)
def test_rarer_labels(field: str, label: str) -> None:
    value = VALUES[field]
    cells = f"<tr><td>索引号</td><td>LJ-2031-12</td><td>{label}</td><td>{value}</td></tr>"
    items = f"<li><b>索引号：</b>LJ-2031-12</li><li><b>{label}：</b>{value}</li>"
    amid = "）" in label and not label.endswith(("）", ")"))  # 成文（印发）日期 is known as a cell
    for card in (f"<table>{cells}</table>", f"<ul>{items}</ul>")[: 1 if amid else 2]:
        assert str(getattr(read(card), field)) == value


@pytest.mark.parametrize("label", ["发文机关（单位）", "文号（发文字号）", "发布日期(公开日期)"])
def test_a_label_with_brackets_in_a_line_of_several(label: str) -> None:
    field = next(name for name, spelling in LABELS if spelling == label)
    record = read(f"<p>索引号：LJ-2031-12　{label}：{VALUES[field]}　公开方式：主动公开</p>")
    assert (str(getattr(record, field)), record.disclosure_type) == (VALUES[field], "proactive")


@pytest.mark.parametrize(
    ("label", "said", "state"),
    [
        ("是否废止", "否", "valid"),
        ("是否失效", "是", "repealed"),
        ("是否有效", "否", "repealed"),
        ("失效状态", "已失效", "repealed"),
    ],
)
def test_states_that_answer_a_question(label: str, said: str, state: str) -> None:
    record = read(
        f"<table><tr><td>索引号</td><td>LJ-2031-12</td><td>{label}</td><td>{said}</td></tr></table>"
    )
    assert record.validity == state


@pytest.mark.parametrize("label", ["标题（限30字）", "时间（第3周）", "名称（盖章）"])
def test_a_label_with_other_words_in_brackets_is_none(label: str) -> None:
    record = read(f"<table><tr><td>{label}</td><td>2031-03-09</td></tr></table>")
    assert (record.title, record.published_on) == ("临江市水利局关于开展汛前检查的通知", None)


def _rows(form: str) -> str:
    said = [
        ("索引号", "index_number"),
        ("文号", "document_number"),
        ("发布机构", "issuing_body"),
        ("主题分类", "subject_category"),
    ]
    return "".join(form.format(label, VALUES[field]) for label, field in said) + form.format("有效性", "有效")


@pytest.mark.parametrize(
    "card",
    [
        f"<table>{_rows('<tr><td>{}</td><td>：{}</td></tr>')}</table>",
        f"<table>{_rows('<tr><th>{}</th><td>: {}</td></tr>')}</table>",
        f"<table>{_rows('<tr><td>{}</td><td>：</td><td>{}</td></tr>')}</table>",
        f"<table>{_rows('<tr><th>{}</th></tr><tr><td>：{}</td></tr>')}</table>",
        f"<dl>{_rows('<dt>{}</dt><dd>：{}</dd>')}</dl>",
        f"<dl>{_rows('<dt>{}</dt><dd>：</dd><dd>{}</dd>')}</dl>",
        _rows("<div><div>{}</div><div>：{}</div></div>"),
        _rows("<div><div>{}</div><div>：</div><div>{}</div></div>"),
        f"<ul>{_rows('<li>{}：：{}</li>')}</ul>",
    ],
)
def test_a_colon_apart_from_its_label_is_no_part_of_the_value(card: str) -> None:
    record = read(card)
    fields = ("index_number", "document_number", "issuing_body", "subject_category")
    assert {field: getattr(record, field) for field in fields} == {field: VALUES[field] for field in fields}
    assert record.validity == "valid"
    assert "LJ-2031-12" not in (record.body_text or "")


@pytest.mark.parametrize(
    "card",
    [
        f"<div>{_rows('{}：{}')}</div>",
        f"<p>{_rows('{}:{}')}</p>",
        f"<table>{_rows('<tr><td>{}：</td><td>{}；</td></tr>')}</table>",
        _rows("<p>{}：{}；</p>"),
        f"<div>{_rows('{}：{}，')}</div>",
        f"<table>{_rows('<tr><td>*{}：</td><td>{}</td></tr>')}</table>",
        f"<table>{_rows('<tr><td>{}<i>?</i>：</td><td>{}</td></tr>')}</table>",
        f"<table>{_rows('<tr><td>{}：</td><td><b>{}</b> <a href=#>复制</a></td></tr>')}</table>",
        f"<ul>{_rows('<li>{}：{}<span>[复制]</span></li>')}</ul>",
        f"<table>{_rows('<tr><td>{}：</td><td>{} <a href=/org>更多</a></td></tr>')}</table>",
    ],
)
def test_what_stands_close_to_a_label_or_a_value_is_no_part_of_it(card: str) -> None:
    record = read(card)
    fields = ("index_number", "document_number", "issuing_body", "subject_category")
    assert {field: getattr(record, field) for field in fields} == {field: VALUES[field] for field in fields}
    assert record.validity == "valid"


def test_a_label_within_a_title_or_a_summary_is_of_it() -> None:
    said = "标题：关于来源：和文号：的说明"
    pairs = line_pairs(f"索引号：LJ-1文号：发布机构：某局　{said}", BOOK)
    assert [(pair.label, pair.value) for pair in pairs] == [
        ("索引号", "LJ-1"),
        ("文号", ""),
        ("发布机构", "某局"),
        ("标题", "关于来源：和文号：的说明"),
    ]
    assert [(p.label, p.value) for p in line_pairs("来源：某局 首次发布机构：某厅", BOOK)] == [
        ("来源", "某局")
    ]


def test_no_code_is_a_label() -> None:
    spellings = (spelling for table in BOOK.codes.values() for spelling in table)
    assert [spelling for spelling in spellings if BOOK.field_of(spelling) is not None] == []


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((("公开方式", "主动公开"), ("公开属性", "依申请公开")), True),
        ((("公开方式", "主动公开"), ("公开属性", "全文公开")), False),
        ((("公开方式", "主动公开"), ("公开形式", "其他形式")), False),
        ((("有效性", "有效"), ("是否废止", "是")), True),
        ((("有效性", "有效"), ("是否废止", "否")), False),
    ],
)
def test_codes_that_contradict_each_other(others: tuple[tuple[str, str], ...], told: bool) -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in (("索引号", "LJ-1"), *others)
    )
    page = f"<html><body><table>{rows}</table><h1>关于汛前检查的通知</h1><div id='zoom'>{TEXT}</div></body></html>"
    problems = extract_page(page.encode(), "https://a.example/zw/1.html", book=BOOK).problems
    assert any(problem.code.startswith("conflicting_") for problem in problems) == told


@pytest.mark.parametrize("label", ["公开方式", "公开属性"])
def test_on_request_is_a_value(label: str) -> None:
    assert read(
        f"<table><tr><td>索引号</td><td>LJ-1</td></tr><tr><td>{label}</td><td>依申请公开</td></tr></table>"
    ).disclosure_type == ("on_request")


@pytest.mark.parametrize(
    ("said", "told"),
    [("临水〔2031〕8 9号", True), ("临水〔2031〕 89 号", False), ("临水〔2031〕8号、9号", False)],
)
def test_digits_of_a_number_that_stand_apart_are_told(said: str, told: bool) -> None:
    card = f"<table><tr><td>索引号</td><td>LJ-1</td></tr><tr><td>文号</td><td>{said}</td></tr></table>"
    page = f"<html><body>{card}<h1>关于汛前检查的通知</h1><div id='zoom'>{TEXT}</div></body></html>"
    problems = extract_page(page.encode(), "https://a.example/zw/1.html", book=BOOK).problems
    assert [problem.code for problem in problems] == (["digits_apart"] if told else [])
