"""What the words beside a title or a number say of the document: whose act, when, and of how much of it."""

from __future__ import annotations

import pytest

from crawler.extract.references import citations

NOTICE = "临江市水务局关于有关事项的通知"


def relations(text: str, title: str | None = NOTICE) -> list[str]:
    return [str(c.relation) for c in citations.find(text, own_number=None, own_title=title)]


@pytest.mark.parametrize(
    "text",
    [
        "《甲规定》（临政字〔1982〕15号）即行作废。",
        "原临编办〔2015〕33号文件自行废止。",
        "《甲办法》（临政办〔2012〕6号）停止使用。",
        "《甲办法》停止试行。",
        "《甲办法》自本办法实施之日起不再施行。",
        "《甲办法》不再作为行政管理的依据。",
        "宣布《甲通告》（临政告〔2001〕1号）失效。",
        "《甲办法》同时失效。",
        "《甲办法》有效期届满失效。",
        "终止执行《甲办法》。",
        "自本通知印发之日起停止执行《甲办法》（临政发〔2010〕1号）。",
        "经复核，我局决定撤销《甲决定书》（临环罚〔2022〕18号）。",
        "本机关决定：撤销被申请人作出的临环罚〔2021〕88号《甲决定书》。",
        "《甲办法》全文废止。",
        "本规定代替《甲规定》。",
        "临卫〔2001〕15号等文件一并作废。",
        "《甲办法》（临建规〔2019〕1号）有效期届满后不再续期，自2024年1月1日起失效。",
        "本标准发布后，替代《甲标准》。",
        "《甲政策》（临商〔2020〕5号）于2023年1月1日起自动终止。",
        "《甲方案》因适用期已过，自然失效。",
        "失效1件：临经信〔2015〕2号。",
        "本机关作出的临卫罚〔2022〕2号行政处罚决定，因适用法律错误，现予以撤销。",
    ],
)
def test_words_that_end_a_document(text: str) -> None:
    assert relations(text) == ["repeals"]


@pytest.mark.parametrize(
    "text",
    [
        "《甲办法》（临政发〔2009〕33号）将予以废止。",
        "《甲办法》将于2032年废止。",
        "《甲办法》已于2008年废止。",
        "《甲办法》已失效。",
        "省政府已废止《甲条例》。",
        "《甲办法》被《乙办法》废止。",
        "《甲办法》（临政发〔2009〕33号）已被《乙办法》（临政发〔2020〕3号）废止。",
        "《甲办法》与新规定冲突的，自动失效。",
        "你县应当停止执行《甲办法》。",
        "停止执行《甲办法》的，由市水务局责令改正。",
        "修订《甲条例》列入2031年立法计划。",
        "五年来，废止《甲条例》等5部法规。",
        "全年共制定规章3件，废止《甲条例》等规章2件。",
        "除《甲规定》继续有效外，其他文件一律废止。",
        "《甲办法》所依据的《乙条例》已被修改。",
        "《甲规定》同时被废止。",
        "评估报告是修改、废止《甲规定》的重要依据。",
        "听取了关于废止《甲条例》的议案。",
        "凡与《甲条例》不一致的，应当及时予以修改或者废止。",
        "拒绝执行《甲条例》。",
        "2个单位未按《甲办法》（临政发〔2019〕12号）规定履行程序。",
        "未严格执行《甲办法》。",
        "依据《甲公告》（临税发〔2022〕14号），本文废止。",
        "（失效依据：临政发〔2016〕50号）",
        "将《甲统计》及废止、修改、保留的文件目录报市司法局。",
        "废止《甲条例》的决定于2020年12月3日由市人大常委会通过。",
        "相关依据《甲条例》已修改。",
        "推动制定《甲条例》，适时修订《乙规定》，废止与《丙法》不符的规定。",
        "此前执行的《甲通知》与本通知不一致的，按本通知执行。",
        "近日，市教育局予以转发（临教基〔2021〕18号）。",
        "甲项目终止招标，《招标文件》作废。",
        "《甲办法》实施后签订的租赁合同到期的，合同自动终止。",
        "（1999年4月2日根据《关于修改〈甲办法〉的决定》修改并重新发布）",
        "暂停执行《甲通知》。",
        "企业不再执行《甲制度》的，按月申报。",
        "申请人请求：撤销《甲决定书》（临环罚〔2022〕18号）。",
        "《甲办法》规定的资格失效。",
        "省政府以临政发〔2020〕9号转发了市发改委《甲意见》。",
        "省厅转发的《甲意见》已收悉。",
        "现将《甲办法》评审结果公布如下：",
        "《甲办法》（临政发〔2009〕33号）继续执行。",
        "继续执行《甲办法》。",
    ],
)
def test_acts_of_others_of_another_time_and_on_conditions_are_none_of_this_document(text: str) -> None:
    assert set(relations(text)) == {"cites"}


def test_a_plan_of_several_acts_does_none_of_them() -> None:
    assert relations("2031年拟制定《甲条例》，修订《乙条例》，废止《丙条例》。") == ["cites"] * 3
    assert relations("根据立法计划，市政府决定修订《乙条例》，废止《丙条例》。") == ["amends", "repeals"]


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        ("《临江市居住证办法》政策解读", "cites"),
        ("关于公开征求《临江市居住证办法（征求意见稿）》意见的公告", "cites"),
        ("《临江市居住证办法（草案）》起草说明", "cites"),
        ("关于拟废止部分文件的公示", "cites"),
        ("临江市人民政府2031年立法工作计划", "cites"),
        ("临江市2031年法治政府建设情况报告", "cites"),
        ("临江市2031年法治政府建设工作情况", "cites"),
        ("关于市政协第156号提案的复函", "cites"),
        ("临江市2031年重大行政决策事项目录", "cites"),
        ("关于印发《临江市立法征求意见办法》的通知", "repeals"),
        ("临江市关于防范虚拟货币风险的通知", "repeals"),
        ("临江市居住证办法", "repeals"),
    ],
)
def test_who_only_speaks_of_an_act_does_not_do_it(title: str, relation: str) -> None:
    assert relations("本办法自2031年1月1日起施行，《甲办法》同时废止。", title) == [relation]


@pytest.mark.parametrize(
    "text",
    [
        "删去《甲条例》第三条。",
        "删除《甲通告》（临政告〔2016〕3号）第四条中“并处罚款”的内容。",
        "将《甲通知》（临人社发〔2019〕50号）第八条“五年”调整为“三年”，其他条款不变。",
        "《甲通知》（临教考〔2023〕6号）中“7月5日”更正为“7月8日”。",
        "《甲条例》第五条增加一款，作为第二款。",
        "在《甲规范》第四章后增加一章，作为第五章。",
        "《甲通知》（临财购〔2019〕3号）的第二、三条同时废止。",
        "《甲规定》（临编发〔2019〕6号）中相关内容作相应调整。",
        "将附件《甲清单》第12项的实施主体由“市工商局”变更为“市市场监管局”。",
        "一、对《甲条例》的修改",
        "对《甲条例》等两部法规进行打包修改。",
        "现就《甲办法》（临民发〔2020〕15号）补充通知如下：",
        "对《甲清单》（临政办发〔2019〕20号）进行调整。",
        "《甲通知》（临发改〔2021〕111号）中附件2同时废止。",
        "《甲通知》（国税发〔2003〕83号）条款失效。",
        "国家税务总局《甲通知》（国税函发〔1995〕288号）第二条、第四条失效或废止。",
        "关于收费标准的批复（临交费〔2009〕7号）第三条停止执行。",
        "《甲办法》的有关规定同时废止。",
    ],
)
def test_words_that_change_a_part(text: str) -> None:
    assert relations(text) == ["amends"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("按《甲通知》（教材〔2022〕2号）执行。", ["implements"]),
        ("请按临防指〔2021〕4号文件要求执行。", ["implements"]),
        ("据《甲法》第十条，决定如下。", ["implements"]),
        ("依据：《甲法》第三十二条", ["implements"]),
        ("设定依据：《甲法》第七条", ["implements"]),
        ("根据《甲法》·《乙法》/《丙条例》规定", ["implements"] * 3),
        ("根据国务院国发（1984）67号文件和省政府东政发（84）123号文件精神", ["implements"] * 2),
        ("根据《甲意见》和省政府《乙意见》精神", ["implements"] * 2),
        ("依据《甲规定》第五十四条,《乙法》第八十六条处罚。", ["implements"] * 2),
        (
            "依据临价费〔2008〕24号、临财综〔2009〕3号、临价费〔2010〕5号、临价费〔2011〕15号收取。",
            ["implements"] * 4,
        ),
        ("根据《甲办法》（临政办发〔2019〕15号）、（临政办发〔2020〕3号）", ["implements"] * 2),
        ("按照中办、国办《甲意见》和省委办公厅、省政府办公厅东办发〔2017〕22号文件要求", ["implements"] * 2),
        ("比照临财资〔2020〕3号文件执行。", ["implements"]),
        ("依据中办、国办印发的《甲意见》、教育部等八部门《乙通知》办理。", ["implements"] * 2),
        ("为了实施《甲法》，制定本办法。", ["implements"]),
        ("严格按照上级机关的要求编制《甲手册》。", ["cites"]),
        ("根据市局审批处向省局呈请《关于签订甲协议的请示》", ["cites"]),
        ("根据市府印发的《甲通知》要求", ["implements"]),
        ("根据省委编制委员会《甲通知》要求", ["implements"]),
    ],
)
def test_what_a_document_rests_on(text: str, expected: list[str]) -> None:
    assert relations(text) == expected


@pytest.mark.parametrize(
    ("text", "title", "relation"),
    [
        (
            "市政府同意市水务局《关于改革水价的请示》，现转发给你们，请贯彻执行。",
            "临江市人民政府批转市水务局关于改革水价的请示的通知",
            "forwards",
        ),
        ("现将东财综〔2020〕88号文件转发给你们，请遵照执行。", NOTICE, "forwards"),
        ("现将《甲方案》公告如下。", NOTICE, "attaches"),
        ("现将《2031年甲计划》下达给你们，请抓好落实。", NOTICE, "attaches"),
        ("现将《市政府领导甲分工》印送你单位，请知悉。", NOTICE, "attaches"),
        ("现公开发布《2031年甲公报》。", NOTICE, "attaches"),
    ],
)
def test_what_is_forwarded_and_what_is_printed(text: str, title: str, relation: str) -> None:
    assert relations(text, title) == [relation]


def test_a_comma_may_be_of_either_width() -> None:
    assert relations("本办法自公布之日起施行,《甲办法》同时废止.") == ["repeals"]
    assert relations("《甲办法》自1月1日起施行,《乙办法》同时废止。") == ["cites", "repeals"]


@pytest.mark.parametrize(
    ("lead", "relation"),
    [
        ("决定废止", "repeals"),
        ("决定修改", "amends"),
        ("按照", "implements"),
        ("经清理，废止文件6件（", "repeals"),
    ],
)
@pytest.mark.parametrize("joint", ["、", "和", "以及"])
def test_what_is_said_before_a_list_is_said_of_all_of_it(lead: str, relation: str, joint: str) -> None:
    items = [
        f"《临江市水务局关于加强第{n}片区供水和排水设施建设管理的若干意见》（临水〔2009〕{n}号）"
        for n in range(1, 7)
    ]
    assert relations(f"{lead}{joint.join(items)}。") == [relation] * 6
    assert relations(f"{lead}{joint.join(items)}，《甲办法》继续有效。")[-1] == "cites"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("将第三十条中的“《甲条例》”修改为“《乙法》”。", ["cites", "cites"]),
        ("根据“临政办发〔2022〕12号”文件", ["implements"]),
        ("《甲规定》因与《乙条例》不符，予以废止。", ["repeals", "cites"]),
        ("《甲办法》第三十条与《乙法》不一致，决定修改为：“依照执行”。", ["amends", "cites"]),
    ],
)
def test_what_is_said_of_one_document_is_not_said_of_the_other_in_its_sentence(
    text: str, expected: list[str]
) -> None:
    assert relations(text) == expected


def test_only_what_is_printed_is_attached() -> None:
    text = "为规范《甲目录》的调整，根据《乙条例》，我局制定了《丙程序》，现予发布。"
    assert relations(text) == ["cites", "implements", "attaches"]
    assert relations("《甲办法》已根据《乙条例》修订，现印发给你们。") == ["attaches", "cites"]
    assert relations("现批准《甲规范》为国家标准，并予发布。") == ["attaches"]
    assert relations("《甲规定》报经市水务局同意（临水〔2022〕33号），现予发布。") == ["attaches", "cites"]


WRAPPED = """第一条 为了保障职工在失业期间的基本生活,根据《甲
条例》、《乙规定》,结合本市实际,制定本规定。市劳动
保障行政部门主管本行政区域内的失业保险工作。就业服务
管理机构作为劳动保障行政部门所属的事业单位,具体承办
失业保险工作。各级人民政府应当加强对这项工作的领导,
保证所需要的人员和经费,并且定期检查规定执行的情况。
第二条 市政府一九九三年发布的《丙实施细则》(劳部
发〔1993〕50号)自本规定施行之日起
废止。本规定由市劳动局解释。"""


def test_sentences_whose_lines_are_broken_at_a_width() -> None:
    found = citations.find(WRAPPED, own_number=None, own_title="临江市失业保险规定")
    assert [(str(c.relation), c.document_number, c.title) for c in found] == [
        ("implements", None, "甲条例"),
        ("implements", None, "乙规定"),
        ("repeals", "劳部发〔1993〕50号", "丙实施细则"),
    ]
    paragraphs = "关于印发甲方案的通知\n各有关单位\n现将有关事项通知如下\n《甲办法》\n废止的文件另行公布。"
    assert [str(c.relation) for c in citations.find(paragraphs, own_number=None, own_title=None)] == ["cites"]
