"""Text diff, its renderings, and what a difference weighs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.comparison.rendering import as_html, as_json, as_text, field_line
from archive.diff import compare, diff_attachments, diff_text
from archive.model import Attachment, AttachmentState, Disclosure
from archive.significance import REASONS, describe, judge

TEXT = st.text(alphabet="甲乙丙。！\n\t 15.,%年月日2024ab\U0002000b", max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_segments_give_both_texts_back(old: str, new: str) -> None:
    segments = diff_text(old, new)
    assert "".join(s.text for s in segments if s.op != "insert") == old
    assert "".join(s.text for s in segments if s.op != "delete") == new
    assert all(s.text for s in segments)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("罚款5万元。", "罚款3万元。", "罚款[-5-]{+3+}万元。"),
        ("比例15%以上", "比例16%以上", "比例[-15%-]{+16%+}以上"),
        ("自2024年3月1日起", "自2024年3月2日起", "自[-2024年3月1日-]{+2024年3月2日+}起"),
        ("甲。乙。丙。", "甲。丙。", "甲。[-乙。-]丙。"),
    ],
)
def test_figures_and_dates_are_shown_whole(old: str, new: str, shown: str) -> None:
    assert as_text(compare(Disclosure(body_text=old), Disclosure(body_text=new))) == shown


@pytest.mark.parametrize(
    ("old", "new", "significance", "reason"),
    [
        ("甲，乙。", "甲,乙。", "cosmetic", "character_width"),
        ("国务院办公厅 &bsp;", "国务院办公厅", "cosmetic", "entity_typo"),
        ("第 10 条", "第10条", "cosmetic", "whitespace"),
        ("临政发〔2024〕1号", "临政发[2024]1号", "cosmetic", "punctuation"),
        ("甲\u200b乙", "甲乙", "cosmetic", "whitespace"),
        ("罚款5万元", "罚款3万元", "substantive", "figures_changed: 5万 → 3万"),
        ("罚款5万元", "罚款伍万元", "substantive", "same_value: 5万 → 伍万"),
        ("投资3万元", "投资3亿元", "substantive", "figures_changed: 3万 → 3亿"),
        (
            "处一万元以上三万元以下罚款",
            "处一万元以上五万元以下罚款",
            "substantive",
            "figures_changed: 三万 → 五万",
        ),
        ("按百分之五计", "按百分之十计", "substantive", "figures_changed: 百分之五 → 百分之十"),
        ("统一名称", "统一的名称", "substantive", "text_added"),
        ("处罚款5万元", "处罚款3万元，并处罚款5万元", "substantive", "text_added"),
        ("1.5万元", "15万元", "substantive", "figures_changed: 1.5万 → 15万"),
        ("第1、2项", "第12项", "substantive", "figures_changed: 1、2 → 12"),
        ("第1、2项", "第1，2项", "cosmetic", "punctuation"),
        ("共1。5万", "共15万", "substantive", "figures_changed: 1、5万 → 15万"),
        ("见 lj.gov.cn", "见 ljgov.cn", "substantive", "wording"),
        ("每吨5元/年", "每吨5元年", "substantive", "text_deleted"),
        ("国家“5A”级", "国家5A级", "cosmetic", "punctuation"),
        (
            "自2026年3月1日起",
            "自二〇二六年三月一日起",
            "substantive",
            "same_value: 2026年3月1日 → 二〇二六年三月一日",
        ),
        ("自2026-03-01起", "自2026年3月1日起", "substantive", "same_value: 2026-03-01 → 2026年3月1日"),
        ("1,000元", "1.000元", "substantive", "figures_changed: 1,000 → 1.000"),
        ("10 000元", "10000元", "substantive", "figures_changed: 10、000 → 10000"),
        ("至2024年3月1日", "至2024年4月1日", "substantive", "dates_changed: 2024年3月1日 → 2024年4月1日"),
        ("不得转让。", "得转让。", "substantive", "text_deleted"),
        ("第一条 甲。", "第一条 甲。\n第二条 乙。", "substantive", "clause_added: 第二条"),
        ("王某某", "李某某", "substantive", "wording"),
        ("面积5m²", "面积5m2", "cosmetic", "character_variant"),
        ("产量10²吨", "产量102吨", "substantive", "figures_changed: 10 → 102"),
    ],
)
def test_what_a_difference_weighs(old: str, new: str, significance: str, reason: str) -> None:
    judged = judge(Disclosure(body_text=old), Disclosure(body_text=new))
    assert judged.significance.value == significance, judged
    assert reason in judged.reasons, judged


def test_a_time_of_day_that_a_template_adds_or_leaves_out_is_cosmetic() -> None:
    day = Disclosure(title="通知", published_on=date(2031, 3, 5))
    nine, ten = (
        Disclosure(
            title="通知", published_on=date(2031, 3, 5), published_at=datetime(2031, 3, 5, h, tzinfo=UTC)
        )
        for h in (1, 2)
    )
    for old, new in ((day, nine), (nine, day)):
        assert (judge(old, new).significance.value, judge(old, new).reasons) == ("cosmetic", ("time_of_day",))
    assert judge(nine, ten).significance.value == "substantive"
    later = Disclosure(
        title="通知", published_on=date(2031, 3, 6), published_at=datetime(2031, 3, 6, 1, tzinfo=UTC)
    )
    assert judge(day, later).significance.value == "substantive"


def test_attachments() -> None:
    def file(name: str, sha: str, text: str | None = None) -> Attachment:
        return Attachment(
            name=name, url=f"http://a.example/{name}", sha256=sha, text=text, state=AttachmentState.FETCHED
        )

    same_text = diff_attachments((file("a.pdf", "1", "甲"),), (file("a.pdf", "2", "甲"),))
    assert [(c.kind, c.same_text) for c in same_text] == [("replaced", True)]
    old = Disclosure(attachments=(file("a.pdf", "1", "甲"),))
    assert judge(old, Disclosure(attachments=(file("a.pdf", "2", "甲"),))).significance.value == "cosmetic"
    assert judge(old, Disclosure(attachments=(file("a.pdf", "2", "乙"),))).significance.value == "substantive"
    kinds = [c.kind for c in diff_attachments((file("a.pdf", "1"),), (file("b.pdf", "2"),))]
    assert sorted(kinds) == ["added", "removed"]


def test_a_replaced_attachment_is_judged_by_its_text() -> None:
    def record(text: str | None, sha: str) -> Disclosure:
        file = Attachment(
            name="分工表.docx", url="http://a.example/1", sha256=sha, text=text, state=AttachmentState.FETCHED
        )
        return Disclosure(attachments=(file,))

    old = "城东街道改造46个小区。\n城西街道改造12个小区。"
    for new, significance, reasons in (
        (
            old.replace("46", "32"),
            "substantive",
            ("attachment_replaced: 分工表.docx", "figures_changed: 46 → 32"),
        ),
        (old.replace("\n", ""), "cosmetic", ("attachment_same_text: 分工表.docx", "whitespace")),
        (old.replace("。", "．"), "cosmetic", ("attachment_same_text: 分工表.docx", "punctuation")),
        (old, "cosmetic", ("attachment_same_text: 分工表.docx",)),
        (None, "substantive", ("attachment_replaced: 分工表.docx",)),
    ):
        judged = judge(record(old, "1"), record(new, "2"))
        assert (judged.significance.value, judged.reasons) == (significance, reasons)
    comparison = compare(record(old, "1"), record(old.replace("46", "<b>\x1b"), "2"))
    assert "改造[-46-]{+<b>\ufffd+}个小区" in as_text(comparison)
    assert "<ins>&lt;b&gt;\ufffd</ins>" in as_html(comparison)


def test_of_long_values_of_fields_what_differs_is_marked_and_short_ones_are_shown_whole() -> None:
    long = "关于印发城镇老旧小区改造配套设施建设和既有住宅加装电梯工作若干措施（试行）的通知"
    comparison = compare(
        Disclosure(title=long, genre="通知"), Disclosure(title=long + "（修订）", genre="公告")
    )
    assert "试行）的通知{+（修订）+}" in as_text(comparison)
    assert "[-通知-]{+公告+}" in as_text(comparison)
    assert f"<td>{long}</td><td>{long}<ins>（修订）</ins></td>" in as_html(comparison)
    lines = {change.field: field_line(change) for change in comparison.fields}
    assert lines["genre"] == "通知 → 公告"
    assert lines["title"].endswith("的通知{+（修订）+}")


def test_renderings_carry_no_markup_and_no_control_characters() -> None:
    hostile = compare(
        Disclosure(title="<b>", body_text="甲"), Disclosure(title="\x1b[31m", body_text="<script>\u202e")
    )
    assert "<script>" not in as_html(hostile)
    assert "<b>" not in as_html(hostile)
    assert not {"\x1b", "\u202e"} & set(as_text(hostile))
    assert as_json(hostile)["fields"] == [{"field": "title", "old": "<b>", "new": "\x1b[31m"}]


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_words(code: str) -> None:
    assert describe(code, "zh") != code
    assert describe(f"{code}: 甲", "en").endswith("甲")
