"""Lists of what a document ends, amends or rests on: in a sentence, line by line, in tables; and what it only speaks of."""

from __future__ import annotations

import pytest

from crawler.extract.references import citations

TABLE = (
    "序号\t文件名称\t文号\t发文日期\n"
    "1\t关于加强供水管理的通知\t临政发〔2010〕5号\t2010-05-06\n"
    "2\t《临江市户外广告管理办法》\t临政发〔2011〕9号、10号\t2011-05-06\n"
    "3\t关于成立防汛指挥部的通知\t\t2012-01-02"
)
OF_TABLE = [
    ("repeals", "临政发〔2010〕5号", "关于加强供水管理的通知"),
    ("repeals", "临政发〔2011〕9号", "临江市户外广告管理办法"),
    ("repeals", "临政发〔2011〕10号", "临江市户外广告管理办法"),
    ("repeals", None, "关于成立防汛指挥部的通知"),
]
ITEMS = "《甲办法》（临政发〔2020〕1号）{0}《乙办法》（临政发〔2020〕2号）{0}关于丙方案的通知（临政发〔2020〕3号）"
NUMBERS = ["临政发〔2020〕1号", "临政发〔2020〕2号", "临政发〔2020〕3号"]


def cited(
    text: str, title: str | None = None, number: str | None = None
) -> list[tuple[str, str | None, str | None]]:
    found = citations.find(text, own_number=number, own_title=title)
    return [(str(c.relation), c.document_number, c.title) for c in found]


@pytest.mark.parametrize("between", ["、", "；", "，", "；2.", "\n（二）"])
@pytest.mark.parametrize(
    ("lead", "relation"),
    [
        ("决定废止以下文件：", "repeals"),
        ("下列文件同时废止：", "repeals"),
        ("自本办法施行之日起，以下文件停止执行：", "repeals"),
        ("根据以下文件：", "implements"),
        ("请认真学习以下文件：", "cites"),
        ("拟废止下列文件：", "cites"),
        ("制定机关应当及时修改或者废止下列文件：", "cites"),
        ("建议废止以下文件：", "cites"),
    ],
)
def test_every_item_of_a_list_in_a_sentence(lead: str, relation: str, between: str) -> None:
    found = cited(f"{lead}{ITEMS.format(between)}。另见《丁办法》（临政发〔2020〕4号）。")
    assert [(r, n) for r, n, _ in found if n in NUMBERS] == [(relation, n) for n in NUMBERS]
    assert ("cites", "临政发〔2020〕4号", "丁办法") in found


def test_numbers_alone_in_a_sentence() -> None:
    found = cited("以下文件废止：临政发〔2020〕1号，临政发〔2020〕2号、3号；临政办发〔2019〕7号。")
    assert [(r, n) for r, n, _ in found] == [("repeals", n) for n in (*NUMBERS, "临政办发〔2019〕7号")]


def test_what_follows_a_list_is_none_of_it() -> None:
    text = "一、下列文件予以废止：\n（一）《甲办法》\n（二）《乙办法》\n二、本决定由市司法局解释，参见《丁办法》。"
    assert [(r, t) for r, _, t in cited(text)] == [
        ("repeals", "甲办法"),
        ("repeals", "乙办法"),
        ("cites", "丁办法"),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"决定废止一批规范性文件，现予公布。\n附件\n废止文件目录\n{TABLE}", None),
        (f"决定废止一批规范性文件，现予公布。\n附件：废止文件目录\n（共3件）\n{TABLE}", None),
        (f"经研究，决定废止下列文件：\n{TABLE}\n本决定自公布之日起施行。", None),
        (f"对附表所列规范性文件予以废止。\n{TABLE}", "临江市人民政府关于废止部分规范性文件的决定"),
    ],
)
def test_every_row_of_a_table_of_what_is_repealed(text: str, title: str | None) -> None:
    assert cited(text, title) == OF_TABLE


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"现予公布。\n附件：继续有效的规范性文件目录\n{TABLE}", "关于公布规范性文件清理结果的通知"),
        (f"现予公布。\n附件1\n保留的文件目录\n{TABLE}", "关于废止部分规范性文件的决定"),
        (f"现征求意见。\n拟废止文件目录\n{TABLE}", "关于拟废止文件公开征求意见的通知"),
        (f"现征求意见。\n废止文件目录\n{TABLE}", "关于公开征求文件清理意见的通知"),
        (f"《某办法》予以废止。\n{TABLE}", "关于规范性文件管理的通知"),
    ],
)
def test_rows_of_other_tables_are_only_cited(text: str, title: str) -> None:
    assert {r for r, n, _ in cited(text, title) if n} == {"cites"}


def test_a_row_whose_cells_are_not_those_of_the_head_is_not_read_by_it() -> None:
    merged = "废止文件目录\n序号\t名称\t文号\t机关\n1\t关于供水管理的通知\t临政发〔2010〕5号\t市府\n关于排水管理的通知\t临政发〔2010〕6号"
    assert cited(merged) == [
        ("repeals", "临政发〔2010〕6号", None),
        ("repeals", "临政发〔2010〕5号", "关于供水管理的通知"),
    ]
    own = "废止文件目录\n序号\t名称\t文号\n1\t关于供水管理的通知\t临政发〔2010〕5号"
    assert cited(own, number="临政发〔2010〕5号") == []


@pytest.mark.parametrize(
    "text",
    [
        "任何单位不得制定或者修改《甲办法》。", "需要可以修改《甲办法》。", "应当修改《甲办法》。", "股东会有权修改《公司章程》。",
        "由市住建局修订《甲办法》。", "及时修订《甲目录》。", "建议废止《甲办法》。", "拟废止《甲办法》。", "《甲办法》拟予废止。",
        "《甲办法》可以废止。",
        "《甲办法》应当予以废止。", "按程序废止《甲办法》。", "可以对《甲办法》进行修改。", "如需修改《甲办法》，报市政府批准。",
        "《甲办法》未予以撤销。", "《买卖合同》予以撤销。", "违反《甲办法》的，予以撤销。", "《甲办法》规定的合同予以撤销。",
        "《甲办法》应当作出修改。", "组织制定、修改《甲办法》。", "本公司修改《章程》。", "未经批准不得废止《甲办法》。",
    ],
)  # fmt: skip
def test_what_may_must_or_shall_not_be_done_is_not_done(text: str) -> None:
    assert [r for r, _, _ in cited(text)] == ["cites"]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("决定修改《甲办法》。", "amends"),
        ("对《甲办法》相应修改为：", "amends"),
        ("市政府决定相应修改《甲办法》。", "amends"),
        ("经研究，修改《甲办法》第三条。", "amends"),
        ("《甲处罚决定书》（临环罚〔2020〕1号）予以撤销。", "repeals"),
        ("《甲批复》同时予以撤销。", "repeals"),
        ("2031年3月1日由临江市人民政府印发的《甲办法》同时废止。", "repeals"),
        ("市政府决定，对《甲办法》依法予以废止。", "repeals"),
    ],
)
def test_what_is_done(text: str, relation: str) -> None:
    assert [r for r, _, _ in cited(text)] == [relation]


@pytest.mark.parametrize(
    "lead",
    [
        "下列文件不再作为行政管理的依据：",
        "现决定对下列3件规范性文件宣布失效：",
        "以下文件自即日起作废：",
        "决定废止《总则》等文件，具体名单如下：",
        "一、废止3件规范性文件",
        "（二）宣布失效的文件（共3件）",
        "二、予以废止的文件",
        "以下规范性文件有效期届满，自动失效：",
        "附件2\n废止的规范性文件",
        "以下文件自本通知印发之日起废止，不再执行：",
        "现将2010年以前制发的下列规范性文件予以废止，不再作为执法依据。",
    ],
)
@pytest.mark.parametrize(
    "item",
    [
        "1.《关于甲{0}的通知》（临水〔2006〕{0}号）",
        "1.关于甲{0}的通知（临水〔2006〕{0}号）",
        "{0}．临江市水务局关于甲{0}的通知（临水〔2006〕{0}号，2006年3月1日）；",
        "（{0}）临水〔2006〕{0}号 关于甲{0}的通知",
        "{0}、关于甲{0}的通知 临水〔2006〕{0}号",
    ],
)
def test_lines_of_a_list_with_and_without_marks_around_their_titles(lead: str, item: str) -> None:
    lines = "\n".join(item.format(n) for n in range(1, 4))
    found = cited(f"{lead}\n{lines}\n本通知自印发之日起施行。另见临水〔2020〕9号。")
    rows = [(r, n, t) for r, n, t in found if n and "2006" in n]
    assert [(r, n) for r, n, _ in rows] == [("repeals", f"临水〔2006〕{n}号") for n in range(1, 4)]
    assert all(t and t.endswith(f"关于甲{n}的通知") for n, (_, _, t) in enumerate(rows, 1))
    assert ("cites", "临水〔2020〕9号", None) in found


def test_a_title_within_a_title_of_a_line_is_no_document_of_the_list() -> None:
    text = "决定废止下列文件：\n一、关于印发《甲办法》的通知（临水〔2009〕28号）\n二、关于成立指挥部的通知"
    assert cited(text) == [
        ("repeals", "临水〔2009〕28号", "关于印发《甲办法》的通知"),
        ("repeals", None, "关于成立指挥部的通知"),
    ]


STATES = (
    "序号\t文件名称\t文号\t清理结果\n1\t关于甲的通知的通知\t临民〔2014〕5号\t废止\n2\t关于乙的通知的通知\t临民〔2015〕7号\t继续有效\n"
    "3\t关于丙的通知的通知\t临民〔2016〕9号\t修改\n4\t关于丁的通知的通知\t临民〔2013〕3号\t宣布失效\n"
    "5\t关于戊的通知的通知\t临民〔2013〕4号\t拟废止"
)


def test_a_column_says_what_becomes_of_each_row() -> None:
    found = cited(STATES, "关于公布规范性文件清理结果的通知")
    assert {n: r for r, n, _ in found} == {
        "临民〔2014〕5号": "repeals",
        "临民〔2015〕7号": "cites",
        "临民〔2016〕9号": "cites",
        "临民〔2013〕3号": "repeals",
        "临民〔2013〕4号": "cites",
    }
    assert all(t and t.startswith("关于") for _, _, t in found)
    assert {r for r, _, _ in cited(STATES, "关于规范性文件清理意见的公示")} == {"cites"}


def test_items_above_the_words_that_end_them() -> None:
    text = "（一）《甲通知》（临车〔2015〕1号）；\n（二）《乙通知》（临车〔2015〕6号）。\n以上文件自本通知印发之日起废止。"
    assert [r for r, _, _ in cited(text)] == ["repeals", "repeals"]


@pytest.mark.parametrize("lead", ["决定对下列规范性文件作出修改：", "二、修改2件市政府规章"])
def test_items_of_a_list_of_changes_stand_over_their_changes(lead: str) -> None:
    text = (
        f"{lead}\n（一）《甲办法》（临政发〔2016〕5号）\n将第七条中的“科技局”改为“科技主管部门”，参见《丁办法》。\n"
        "（二）对《乙办法》作出修改\n删去第九条。\n本决定自公布之日起施行，《丙办法》继续有效。"
    )
    assert [(r, t) for r, _, t in cited(text)] == [
        ("amends", "甲办法"),
        ("cites", "丁办法"),
        ("amends", "乙办法"),
        ("cites", "丙办法"),
    ]


def test_lists_of_an_order_that_ends_some_and_changes_others() -> None:
    text = (
        "为了维护法制统一，市人民政府决定：\n一、废止2件市政府规章\n（一）《甲办法》（1996年5月1日市政府令第70号发布）。\n"
        "（二）《乙办法》（2000年3月1日市政府令第115号发布）。\n二、修改1件市政府规章\n（一）对《丙办法》作出修改\n"
        "将第三条修改为：“市民政部门主管。”"
    )
    assert cited(text) == [
        ("repeals", "市政府令第70号", "甲办法"),
        ("repeals", "市政府令第115号", "乙办法"),
        ("amends", None, "丙办法"),
    ]


def test_items_behind_words_that_name_them() -> None:
    text = "《甲通知》等3份文件自1月1日起自动失效，具体为：《乙通知》（临人〔2020〕1号）、《丙通知》（临人〔2020〕2号）。另见《丁通知》。"
    assert [r for r, _, _ in cited(text)] == ["repeals", "repeals", "repeals", "cites"]


def test_a_table_of_documents_that_lose_a_part() -> None:
    text = "附件：部分条款失效的文件目录\n序号\t标题\t文号\t失效条款\n1\t关于增值税征管问题的通知\t临税发〔1996〕155号\t第三条"
    assert cited(text) == [("amends", "临税发〔1996〕155号", "关于增值税征管问题的通知")]


def test_two_rows_side_by_side_and_title_and_number_in_one_cell() -> None:
    beside = (
        "废止文件目录\n序号\t文件名称\t文号\t序号\t文件名称\t文号\n"
        "1\t关于甲类企业的通知\t临工商〔2008〕1号\t2\t关于乙类企业的通知\t临工商〔2008〕2号"
    )
    within = "废止文件目录\n序号\t文件名称（文号）\n1\t关于甲类企业的通知（临工商〔2008〕1号）\n2\t关于乙类企业的通知（临工商〔2008〕2号）"
    for text in (beside, within):
        assert cited(text) == [
            ("repeals", "临工商〔2008〕1号", "关于甲类企业的通知"),
            ("repeals", "临工商〔2008〕2号", "关于乙类企业的通知"),
        ]


def test_lines_that_name_documents_are_cited_by_title_and_number() -> None:
    text = "附件1：继续有效的文件目录\n1.关于印发《甲办法》的通知（临人〔2018〕10号）\n2.关于乙的通知（临人〔2018〕22号）"
    assert cited(text) == [
        ("cites", "临人〔2018〕10号", "关于印发《甲办法》的通知"),
        ("cites", "临人〔2018〕22号", "关于乙的通知"),
    ]


def test_other_cells_of_a_row_name_documents_too() -> None:
    text = (
        "废止文件目录\n序号\t名称\t文号\t废止理由\n一\t许可类\n"
        "1\t关于木材经营许可的通知\t临林〔2010〕3号\t已被临林〔2020〕1号替代，与《甲法》不一致"
    )
    assert cited(text) == [
        ("cites", None, "甲法"),
        ("cites", "临林〔2020〕1号", None),
        ("repeals", "临林〔2010〕3号", "关于木材经营许可的通知"),
    ]


def test_a_column_of_ticks_says_which_are_ended() -> None:
    text = (
        "序号\t规范性文件名称\t文号\t有效\t废止\n1\t甲种养护管理办法\t临交〔2015〕6号\t√\t\n"
        "2\t乙种考核管理办法\t临交〔2012〕9号\t\t√"
    )
    assert [(r, n) for r, n, _ in cited(text)] == [
        ("cites", "临交〔2015〕6号"),
        ("repeals", "临交〔2012〕9号"),
    ]


def test_sections_amid_a_table() -> None:
    text = (
        "废止和宣布失效的文件目录（共3件）\n序号\t文件名\t文号\n一、废止的市政府文件\n1\t关于甲的通知的通知\t临政〔2008〕17号\n"
        "二、宣布失效的市政府文件\n2\t关于乙的通知的意见\t临政〔2009〕1号\n三、继续有效的市政府文件\n3\t关于丙的通知的意见\t临政〔2009〕2号"
    )
    assert [(r, n) for r, n, _ in cited(text)] == [
        ("repeals", "临政〔2008〕17号"),
        ("repeals", "临政〔2009〕1号"),
        ("cites", "临政〔2009〕2号"),
    ]


def test_what_is_kept_and_what_is_ended_under_one_lead() -> None:
    text = (
        "现行有效1件，废止2件，具体如下：\n现行有效：临审〔2019〕12号\n废止：临审〔2010〕5号、临审〔2011〕8号"
    )
    assert [(r, n) for r, n, _ in cited(text)] == [
        ("cites", "临审〔2019〕12号"),
        ("repeals", "临审〔2010〕5号"),
        ("repeals", "临审〔2011〕8号"),
    ]


@pytest.mark.parametrize("title", ["临江市不再执行的文件目录", "临江市政府关于公布失效文件目录的通知"])
@pytest.mark.parametrize("column", ["文号", "发文日期及文号"])
def test_rows_of_a_document_that_is_a_list(title: str, column: str) -> None:
    day = "1997年4月16日 " if column != "文号" else ""
    text = (
        f"序号\t文件名称\t发文机关\t{column}\n1\t关于鼓励外商投资的若干规定\t市政府\t{day}临政发〔1995〕30号"
    )
    assert cited(text, title) == [("repeals", "临政发〔1995〕30号", "关于鼓励外商投资的若干规定")]


@pytest.mark.parametrize("counted", [True, False])
def test_a_table_of_what_is_repealed_that_has_no_head(counted: bool) -> None:
    rows = [
        ("关于供水管理的通知", "临政发〔2010〕5号"),
        ("临江市人民政府办公室关于印发排水管理办法的通知", "临政办发〔2011〕6号"),
    ]
    table = "\n".join(
        "\t".join(([f"{i}"] if counted else []) + list(row)) for i, row in enumerate(rows, start=1)
    )
    told = [("repeals", number, title) for title, number in rows]
    assert cited(f"经研究，决定废止下列文件：\n{table}\n本决定自公布之日起施行。") == told
    assert cited(f"现予公布。\n{table}", "关于废止部分规范性文件的决定") == told
    assert {r for r, _, _ in cited(f"现将有关文件转发给你们：\n{table}", "关于转发有关文件的通知")} == {
        "cites"
    }
