"""What a reader is told of an edit is true: whether it is told, by which reasons, and which words are marked."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.comparison.rendering import as_html, as_text
from archive.diff import Comparison, compare, diff_text
from archive.fingerprint import fingerprint
from archive.model import Attachment, AttachmentState, Disclosure
from archive.significance import judge

HEAD = "各县区人民政府，市政府各部门：\n为规范老旧小区改造资金的使用，现将有关事项通知如下。\n"
TAIL = "\n本通知由市住房和城乡建设局负责解释。\n特此通知。"
ARTICLES = [
    "为了加强管理，制定本办法。", "本办法适用于本市的老旧小区。", "市住房和城乡建设局是主管部门。",
    "改造资金由市、区两级财政分担。", "业主应当按照规定缴存维修资金。", "施工单位应当遵守安全生产的规定。",
    "违反本办法的，依照有关法律处理。",
]  # fmt: skip


def law(articles: list[str]) -> str:
    """The articles with their numbers."""
    return "\n".join(f"第{'一二三四五六七八九'[n]}条 {text}" for n, text in enumerate(articles))


def told(old: str, new: str) -> tuple[str, tuple[str, ...]]:
    """Significance and reasons of an edit."""
    judged = judge(Disclosure(body_text=old), Disclosure(body_text=new))
    return judged.significance.value, judged.reasons


def marked(old: str, new: str) -> list[str]:
    """What the difference marks: -deleted, +inserted."""
    return [f"{'-' if s.op == 'delete' else '+'}{s.text}" for s in diff_text(old, new) if s.op != "equal"]


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        # The same amount or day, written otherwise, has not changed.
        ("罚款5万元", "罚款50,000元", ("same_value: 5万 → 50,000",)),
        ("比例为百分之十五。", "比例为15%。", ("same_value: 百分之十五 → 15%",)),
        ("区号0571，", "区号571，", ("wording",)),
        ("见表1.1，", "见表1.10，", ("wording",)),
        ("为期五六天", "为期56天", ("wording",)),
        ("罚款5万元", "罚款50,000美元", ("text_added",)),
        ("自2026年3月1日起", "自2026年03月01日起", ("same_value: 2026年3月1日 → 2026年03月01日",)),
        ("千分之三", "千分之五", ("figures_changed: 千分之三 → 千分之五",)),
        ("年满六十周岁", "年满六十五周岁", ("figures_changed: 六十 → 六十五",)),
        ("共三十二户居民", "共四十二户居民", ("figures_changed: 三十二 → 四十二",)),
        ("人民币壹拾万元整", "人民币壹佰万元整", ("figures_changed: 壹拾万 → 壹佰万",)),
        ("每户10-20元", "每户1020元", ("figures_changed: 10、20 → 1020",)),
        ("一个部门", "该部门", ("wording",)),
        ("覆盖八千余人", "覆盖九千余人", ("figures_changed: 八千 → 九千",)),
        ("共十五处水源", "共二十五处水源", ("figures_changed: 十五 → 二十五",)),
        ("依据第四十条", "依据第四十一条", ("figures_changed: 四十 → 四十一",)),
        ("为期五、六月", "为期五六月", ("dates_changed: 六月 → 五六月",)),
        # A day is told as a day, whole.
        ("于3月1日前报送", "于3月5日前报送", ("dates_changed: 3月1日 → 3月5日",)),
        ("于三月底前报送", "于四月底前报送", ("dates_changed: 三月 → 四月",)),
        ("自二〇二六年三月一日起", "自二〇二七年三月一日起", ("dates_changed: 二〇二六年三月一日 → 二〇二七年三月一日",)),
        ("自发布之日起施行", "自2026年4月1日起施行", ("dates_changed: ∅ → 2026年4月1日", "wording")),
        # Names: only what ends like one, or stands where one stands.
        ("由临江市甲建筑有限公司承担", "由临江市乙建筑有限公司承担", ("party_or_name_changed",)),
        ("由市城市管理局负责", "由市住房和城乡建设局负责", ("party_or_name_changed",)),
        ("由市教育局负责", "由市教育局和市财政局负责", ("party_or_name_changed",)),
        ("法定代表人：张大明，住", "法定代表人：王小明，住", ("party_or_name_changed",)),
        ("当事人张大明违法", "当事人张某违法", ("party_or_name_changed",)),
        ("当事人：临江市永泰食品有限公司", "当事人：某公司", ("party_or_name_changed",)),
        ("中标人：临江市清源水务有限公司", "中标人：东海市清源水务有限公司", ("party_or_name_changed",)),
        ("由市水利厅实施", "由市水利局实施", ("party_or_name_changed",)),
        ("局长王建国出席", "局长李建国出席", ("party_or_name_changed",)),
        ("局长王建国出席", "局长王建军出席", ("party_or_name_changed",)),
        ("任命张三为", "任命欧阳明为", ("party_or_name_changed",)),
        ("：\n王建国同志任副局长", "：\n李大明同志任副局长", ("party_or_name_changed",)),
        ("由 市财政局 负责", "由市审计局负责", ("party_or_name_changed",)),
        ("局长高度重视，", "局长一直重视，", ("wording",)),
        ("：\n王建国任市财政局局长", "：\n李大明任市财政局局长", ("party_or_name_changed",)),
        ("执法人员：张三、李四。", "执法人员：张三、王五。", ("party_or_name_changed",)),
        ("联系人：买买提·艾力。", "联系人：买买提·吐尔。", ("party_or_name_changed",)),
        ("负责人：统筹、协调。", "负责人：统筹、指挥。", ("wording",)),
        ("成员：教师、学生。", "成员：教师、家长。", ("wording",)),
        ("审判员 王建国\n", "审判员 李建国\n", ("party_or_name_changed",)),
        ("主管部门：市教育局", "主管部门：市体育局", ("party_or_name_changed",)),
        ("高度重视，", "十分重视，", ("wording",)),
        ("扣五分。", "扣十分。", ("figures_changed: 五 → 十",)),
        ("申请人：盖章。", "申请人：签字。", ("wording",)),
        ("联系人：同上。", "联系人：见下。", ("wording",)),
        ("负责人\t电话", "负责人\t手机", ("wording",)),
        ("联系人：高一鸣。", "联系人：许多。", ("party_or_name_changed",)),
        ("局长陈述，", "局长陈情，", ("wording",)),
        ("局长主持会议，", "局长参加会议，", ("wording",)),
        ("主任郑重承诺，", "主任公开承诺，", ("wording",)),
        ("任命程序公开", "任命条件公开", ("wording",)),
        ("在会议厅召开", "在多功能厅召开", ("wording",)),
        ("我市各级医院", "全市各级医院", ("wording",)),
        ("全部资金", "部分资金", ("wording",)),
        ("在内部公示", "在外部公示", ("wording",)),
        ("通知市财政局", "函告市财政局", ("wording",)),
        ("应当向市财政局报告", "可以向市财政局报告", ("wording",)),
        ("业主应当按照规定缴存资金", "业主委员会应当公布账目", ("wording",)),
        # A sentence that comes or goes with its figures changes none.
        ("甲。", "甲。罚款5万元，于2026年3月1日前缴纳。", ("text_added",)),
        ("总投资元", "总投资300元", ("figures_changed: ∅ → 300",)),
        # A value that stands in another column.
        ("事项\t主动\t依申请\n年报\t√\n预算\t\t√", "事项\t主动\t依申请\n年报\t\t√\n预算\t\t√", ("cell_moved",)),
        ("温度-5℃", "温度5℃", ("text_deleted",)),
        ("浓度<5mg/L", "浓度5mg/L", ("text_deleted",)),
        ("研发&生产", "研发生产", ("text_deleted",)),
        ("当事人张**违法", "当事人张违法", ("text_deleted",)),
        ("邮箱zhang_san@lj.example", "邮箱zhangsan@lj.example", ("wording",)),
        ("为期二、三年", "为期二三年", ("figures_changed: 三 → 二三",)),
    ],
)  # fmt: skip
def test_edits_that_are_told(old: str, new: str, reasons: tuple[str, ...]) -> None:
    assert told(HEAD + old + TAIL, HEAD + new + TAIL) == ("substantive", reasons)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("每户10-20元", "每户10—20元", "punctuation"),
        ("每户10-20元", "每户10～20元", "punctuation"),
        ("甲——乙", "甲—乙", "punctuation"),
        ("甲——乙", "甲--乙", "punctuation"),
        ("2025−2026学年", "2025-2026学年", "punctuation"),
        ("面积5m²", "面积5㎡", "character_variant"),
        ("5℃", "5°C", "character_variant"),
        ("Ⅲ类", "III类", "character_variant"),
        ("本办法⽤于⾦融", "本办法用于金融", "character_variant"),
        ("signiﬁcant", "significant", "character_variant"),
        ("二○二六年", "二〇二六年", "character_variant"),
        ("二0二六年五月八日", "二〇二六年五月八日", "character_variant"),
        ("浓度&lt;5", "浓度<5", "entity_typo"),
        ("研发&amp;生产", "研发&生产", "entity_typo"),
        ("&ldquo;甲&rdquo;", "“甲”", "entity_typo"),
        (
            "表。\n序号\t水源\t类型\t水质\n1\t龙潭\t地表水\tⅡ类\n2\t青山\t地下水\tⅢ类\n3\t白水\t地表水\tⅡ类",
            "表。\xad\n序号\t水源\t类型\xad\t水质\n1\t龙潭\t地表水\tⅡ类\n\n2\t青山\t地下水\tⅢ类\n\ufeff3\t白水\t地表水\tⅡ类",
            "whitespace",
        ),
        ("电话☎1", "电话☎\ufe0f1", "whitespace"),
        ("1. 建设内容\n2. 资金来源", "建设内容\n资金来源", "list_numbers"),
        ("更新时间：2026-03-05 10:00", "更新时间：2026-03-06 11:00", "page_clock"),
        ("甲\t\t乙\n丙\t\t丁", "甲\t乙\n丙\t丁", "whitespace"),
    ],
)  # fmt: skip
def test_edits_that_are_cosmetic(old: str, new: str, reason: str) -> None:
    assert told(HEAD + old + TAIL, HEAD + new + TAIL) == ("cosmetic", (reason,))
    assert told(HEAD + new + TAIL, HEAD + old + TAIL) == ("cosmetic", (reason,))


def test_clauses_are_known_by_what_they_say() -> None:
    whole, without = law(ARTICLES), law(ARTICLES[:4] + ARTICLES[5:])
    assert told(whole, without) == ("substantive", ("clause_deleted: 第五条", "text_deleted", "renumbered"))
    assert marked(whole, without) == [f"-第五条 {ARTICLES[4]}\n", "-六", "+五", "-七", "+六"]
    assert told(without, whole) == ("substantive", ("clause_added: 第五条", "text_added", "renumbered"))
    edited = law([*ARTICLES[:4], ARTICLES[4].replace("应当", "可以"), *ARTICLES[6:]])
    assert told(whole, edited)[1][0] == "clause_deleted: 第六条"
    rewritten = law([*ARTICLES[:4], "电梯由使用单位每年检验。", *ARTICLES[5:]])
    assert told(whole, rewritten) == ("substantive", ("wording",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (law(ARTICLES), law([*ARTICLES[:2], ARTICLES[3], ARTICLES[2], *ARTICLES[4:]])),
        ("甲段落的内容。\n乙段落的内容。\n丙段落的内容。", "乙段落的内容。\n丙段落的内容。\n甲段落的内容。"),
        ("城东\t12\t是\n城西\t8\t是\n城南\t21\t否", "城西\t8\t是\n城东\t12\t是\n城南\t21\t否"),
    ],
)
def test_what_only_moved(old: str, new: str) -> None:
    assert told(old, new) == ("substantive", ("text_moved",))


def test_values_one_beneath_the_other_have_not_only_moved() -> None:
    assert "text_moved" not in told("城东\n12\n城西\n8", "城东\n8\n城西\n12")[1]


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("全部资金", "部分资金", ["-全部", "+部分"]),
        ("处十万元罚款", "处二十万元罚款", ["-十万", "+二十万"]),
        ("6月30日前", "7月31日前", ["-6月30日", "+7月31日"]),
        ("代码91330000MA27X1234A。", "代码91330000MA27X1234B。", ["-91330000MA27X1234A", "+91330000MA27X1234B"]),
        ("甲。\n乙。", "甲。乙。", ["-\n"]),
        ("城东\t12\n城西\t8\n", "城东\t13\n城西\t9\n", ["-12", "+13", "-8", "+9"]),
        # What has next to nothing in common is shown whole.
        ("重大事项由主管部门认定。", "工期不得超过一年并应按期验收。", ["-重大事项由主管部门认定。", "+工期不得超过一年并应按期验收。"]),
    ],
)  # fmt: skip
def test_what_is_marked(old: str, new: str, marks: list[str]) -> None:
    assert marked(old, new) == marks


def test_fields_say_what_kind_of_change_they_are() -> None:
    def of(old: Disclosure, new: Disclosure) -> tuple[str, ...]:
        return judge(old, new).reasons

    march, april = (Disclosure(effective_on=date(2026, month, 1)) for month in (3, 4))
    assert of(march, april) == ("dates_changed: 2026-03-01 → 2026-04-01", "field: effective_on")
    assert of(march, Disclosure()) == ("field: effective_on",)
    plans = Disclosure(title="2026年工作要点"), Disclosure(title="2027年工作要点")
    assert of(*plans) == ("dates_changed: 2026年 → 2027年", "field: title")


def test_files_in_another_order_or_at_another_address() -> None:
    def file(name: str, url: str) -> Attachment:
        return Attachment(name=name, url=url, sha256=name, state=AttachmentState.FETCHED)

    a, b = file("甲.pdf", "https://a.example/1"), file("乙.pdf", "https://a.example/2")
    judged = judge(Disclosure(attachments=(a, b)), Disclosure(attachments=(b, a)))
    assert (judged.significance.value, judged.reasons) == ("cosmetic", ("order_or_address",))


def test_an_empty_cell_counts_but_at_the_end_of_a_row() -> None:
    prints = [
        fingerprint(Disclosure(body_text=f"年报\t{row}\n预算\t√"))
        for row in ("√", "\t√", "\t √", "√\t\t", " √")
    ]
    assert prints[0] == prints[3] == prints[4] != prints[1] == prints[2]


def test_of_one_kind_only_some_are_named() -> None:
    old, new = ("\n".join(f"小区{n}\t{n * k}户" for n in range(1, 60)) for k in (3, 5))
    reasons = told(old, new)[1]
    assert reasons[:2] == ("figures_changed: 3 → 5", "figures_changed: 6 → 10")
    assert reasons[-1] == "figures_changed: …"
    assert len(reasons) == 7


def test_white_space_that_came_or_went_is_seen() -> None:
    def rendered(old: str, new: str) -> Comparison:
        return compare(Disclosure(body_text=old), Disclosure(body_text=new))

    moved = rendered("年报\t√", "年报\t\t√")
    assert as_text(moved) == "年报[-⇥-]{+⇥⇥+}√"
    assert "年报<del>⇥</del><ins>⇥⇥</ins>√" in as_html(moved)
    assert "[-↵\n-]" in as_text(rendered("甲。\n乙。", "甲。乙。"))
    assert "城东\u200312" in as_html(rendered("城东\t12\t是", "城东\t12\t否"))


def test_long_unchanged_stretches_are_folded_and_all_there() -> None:
    lines = [f"第{n}段 各单位应当按照统一部署认真组织落实。\n" for n in range(200)]
    old, new = "".join(lines), "".join(lines).replace("第100段 各单位", "第100段 各部门")
    shown = as_html(compare(Disclosure(body_text=old), Disclosure(body_text=new)), folded=True)
    assert shown.count("<details>") == 2
    plain = re.sub("<summary>.*?</summary>|<ins>.*?</ins>|<br>|<[^>]*>", "", shown).strip()
    assert plain == old.strip()
    open_text = re.sub("<details>.*?</details>", "", shown, flags=re.DOTALL)
    assert len(open_text) < 700
    assert "第99段" in open_text


def test_times_are_shown_as_shanghai_reads_them() -> None:
    old, new = (Disclosure(published_at=datetime(2026, 5, 7, hour, tzinfo=UTC)) for hour in (17, 18))
    assert as_text(compare(old, new)).endswith("[-2026-05-08 01:00-]{+2026-05-08 02:00+}")
    assert judge(old, new).reasons[0] == "dates_changed: 2026-05-08 01:00 → 2026-05-08 02:00"


def test_codes_are_shown_by_their_words() -> None:
    old, new = Disclosure(validity="valid"), Disclosure(validity="partly_valid")
    assert as_text(compare(old, new)) == "有效性 Validity: [-有效 valid-]{+部分有效 partly valid+}"
    assert "<del>有效 valid</del>" in as_html(compare(old, new))


_MIRRORED = {
    "clause_added": "clause_deleted", "clause_deleted": "clause_added", "text_added": "text_deleted",
    "text_deleted": "text_added",
}  # fmt: skip
_PIECES = st.lists(
    st.sampled_from([
        "甲", "乙", "不", "的", "。", "；", "\n", "\t", " ", "1", "5.5", "万元", "2026年3月1日", "第一条 ", "（三）", "\u200b", "“",
        '"', "—", "-", "～", "○", "二〇", "&lt;", "m²", "市财政局", "应当",
    ]),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(_PIECES, _PIECES)
def test_an_edit_taken_back_is_told_as_the_edit_was(old: str, new: str) -> None:
    assert told(old, new)[0] == told(new, old)[0]
    segments = diff_text(old, new)
    assert "".join(s.text for s in segments if s.op != "insert") == old
    assert "".join(s.text for s in segments if s.op != "delete") == new
    assert all(a.op != b.op and (a.op, b.op) != ("insert", "delete") for a, b in pairwise(segments))


def test_reasons_are_mirrored() -> None:
    old, new = law(ARTICLES), law(ARTICLES[:4] + ARTICLES[5:]) + "\n第七条 由市、区财政局解释。"
    there, back = ({r.partition(": ")[0] for r in told(*pair)[1]} for pair in ((old, new), (new, old)))
    assert {_MIRRORED.get(code, code) for code in there} == back


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲乙" * 100_000, "乙甲" * 100_000 + "丙"),
        ("甲乙" * 100_000, "甲丙" * 100_000),
        ("城东\t12\n" * 8_000, "城东\t13\n" * 8_000),
        ("1.\n" * 50_000, "2.\n" * 50_001),
        ("1" * 200_000, "2" * 200_001),
    ],
    ids=["alternating", "shared", "rows", "numbers", "digits"],
)
def test_hostile_texts_cost_seconds(old: str, new: str) -> None:
    start = time.process_time()
    comparison = compare(Disclosure(body_text=old), Disclosure(body_text=new))
    assert time.process_time() - start < 4
    assert "".join(s.text for s in comparison.body if s.op != "insert") == old
