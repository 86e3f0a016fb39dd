"""Document numbers in every writing, a document's own and those it cites, and how it refers to them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.citations import number_key, same_number
from archive.model import Relation
from crawler.extract import citations, headfoot, numbers

BRACKETS = ("〔〕", "[]", "［］", "（）", "()", "【】", "〈〉", "《》", "‘’", "〚〛", "﹝﹞", "{}")


@pytest.mark.parametrize("brackets", BRACKETS)
@settings(max_examples=30, deadline=None)
@given(
    prefix=st.sampled_from(
        ["国办发", "临政办发", "沪公指通字", "发改价格规", "国办发明电", "和政发", "财税", "HJ函"]
    ),
    year=st.integers(1949, 2049),
    serial=st.integers(1, 99999),
    gap=st.sampled_from(["", " ", "\u3000"]),
    ordinal=st.booleans(),
    padded=st.booleans(),
)
def test_one_number_however_it_is_written(
    brackets: str, prefix: str, year: int, serial: int, gap: str, ordinal: bool, padded: bool
) -> None:
    digits = f"{serial:05d}" if padded else str(serial)
    written = (
        f"{prefix}{gap}{brackets[0]}{year}{brackets[1]}{gap}{'第' if ordinal else ''}{gap}{digits}{gap}号"
    )
    normal = f"{prefix}〔{year}〕{serial}号"
    assert numbers.normalise(written) == normal
    assert numbers.own_line(f"（{written}）") == normal
    assert numbers.normalise(normal) == normal
    if "《" not in brackets:
        assert numbers.in_title(f"关于某事的通知（{written}）") == normal
        assert [n.number for n in numbers.find(f"根据{written}和有关规定，")] == [normal]


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("国办发〔2019〕4号", "国办发〔2019〕4号"),
        ("义政办发 [2013] 第 130 号", "义政办发〔2013〕130号"),
        ("惠府办（2021）49号", "惠府办〔2021〕49号"),
        ("〔2021〕40号", "〔2021〕40号"),
        ("某函〔2031）7号", "某函〔2031〕7号"),
        ("某发〔2031年〕7号", "某发〔2031〕7号"),
        ("财税〔2031〕1号 签发人：张某某", "财税〔2031〕1号"),
        ("临政发〔2031〕1号文件", "临政发〔2031〕1号"),
        ("某发〔2025〕89-93号", "某发〔2025〕89-93号"),
        ("某发〔2025〕89－93号", "某发〔2025〕89-93号"),
        ("金规〔2025〕10号、11号、12号", "金规〔2025〕10号、11号、12号"),
        ("金规〔2025〕12号-13号", "金规〔2025〕12号-13号"),
        ("示例省人民政府令第208号", "示例省人民政府令第208号"),
        ("中华人民共和国国务院令（第 711 号）", "中华人民共和国国务院令第711号"),
        ("国令第9号", "国令第9号"),
        ("国务院第711号令", "国务院第711号令"),
        ("政府令187号", "政府令187号"),
        ("2026年第44号令", "2026年第44号令"),
        ("公告 2031年 第8号", "公告2031年第8号"),
        ("财政部　税务总局公告2031年第6号", "财政部税务总局公告2031年第6号"),
        ("第 9 号", "第9号"),
        ("安委办﹝ 2018 ﹞ 1 5 号", "安委办〔2018〕15号"),
        ("某发〔2020〕3 1 号", "某发〔2020〕31号"),
        ("某发〔2020〕31 12 号", None),
        ("（88）国税地字第025号", "国税地字〔1988〕25号"),
        ("（1994）财税字第10号", "财税字〔1994〕10号"),
        ("[1988] 国税地字第 28 号", "国税地字〔1988〕28号"),
        ("劳部发[94]503号", "劳部发〔1994〕503号"),
        ("（2015）临民一初字第123号", None),
        ("（2019）临证字第123号", None),
        ("(2031)临01民终1号", None),
        ("法释【２００１】２５号", "法释〔2001〕25号"),
        ("（临）应急罚〔2031〕3号", "（临）应急罚〔2031〕3号"),
        ("(临江)应急罚〔2031〕3号", "（临江）应急罚〔2031〕3号"),
        ("经财政部批准（财预函〔2019〕8号）", None),
        ("临江市供水管理办法（临政发〔2031〕5号）", None),
        ("特急 临发改办〔2031〕1号", "临发改办〔2031〕1号"),
        ("国务院令第 174 号（1995）、劳部发〔1994〕503 号", None),
        ("DB31/T 1234-2020", None),
        ("根据国办发〔2019〕4号文件", None),
        ("关于第9号议案的答复", None),
        ("临政发〔2031〕5", None),
        ("国办发〔2019〕4号、国办函〔2019〕5号，", None),
        ("大 中 小", None),
    ],
)
def test_document_numbers(raw: str, number: str | None) -> None:
    assert numbers.normalise(raw) == number


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("关于某事的通知（岳办发〔2017〕2号）", "岳办发〔2017〕2号"),
        ("行政处罚信息公开表(金罚决字〔2024〕36号)", "金罚决字〔2024〕36号"),
        ("药监局关于发布某办法的公告（2031年第37号）", "2031年第37号"),
        ("商贸部公告2031年第12号 关于某事的公告", "商贸部公告2031年第12号"),
        ("国务院令（第711号）某条例", "国务院令第711号"),
        ("《某暂行办法》 2026年第44号令", "2026年第44号令"),
        ("关于某事的通知 国发〔2010〕1号", "国发〔2010〕1号"),
        ("关于贯彻《某办法》（岳办发〔2017〕2号）的通知", None),
        ("中华人民共和国主席令（第七十四号）", "中华人民共和国主席令第七十四号"),
        ("临江市供水管理办法（临政发〔2031〕5号）", "临政发〔2031〕5号"),
        ("关于做好2031年第9号台风防御工作的通知", None),
        ("关于2024年第5号提案的答复", None),
        ("国务院关于转发《某意见》（国发〔2010〕1号）", "国发〔2010〕1号"),
        ("某市人民政府关于加强供水的意见某政发〔2031〕5号", "某政发〔2031〕5号"),
        ("某政发〔2031〕5号 某市人民政府关于加强供水的意见", "某政发〔2031〕5号"),
        ("某政发〔2031〕5号关于加强供水的意见", "某政发〔2031〕5号"),
        ("关于贯彻落实某政发〔2031〕5号", None),
        ("对某政发〔2031〕5号文件的解读", None),
    ],
)
def test_a_number_that_a_title_carries(title: str, number: str | None) -> None:
    assert numbers.in_title(title) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("按照《某通知》（国办发〔2023〕5号）和市政府关于转发临政办发〔2022〕15号的要求", ["国办发〔2023〕5号", "临政办发〔2022〕15号"]),
        ("依据临江市人民政府令第66号执行", ["临江市人民政府令第66号"]),
        ("根据国发〔2019〕1号和国办发〔2019〕2号，", ["国发〔2019〕1号", "国办发〔2019〕2号"]),
        ("发改经体〔2020〕3号、国经贸资源〔2000〕1015号", ["发改经体〔2020〕3号", "国经贸资源〔2000〕1015号"]),
        ("（和政发〔2020〕1号）同时废止", ["和政发〔2020〕1号"]),
        ("临江市人民政府办公室临政办发〔2022〕15号、16号和18-20号",
         [f"临政办发〔2022〕{n}号" for n in (15, 16, 18, 19, 20)]),
        ("金规〔2025〕12号-13号，〔2025〕89-93号", ["金规〔2025〕12号", "金规〔2025〕13号"]),
        ("我局在临公发〔2020〕3号中明确", ["临公发〔2020〕3号"]),
        ("商务部2024年第12号公告和国务院第711号令", ["商务部2024年第12号公告", "国务院第711号令"]),
        ("海关总署公告2024年第1号", ["海关总署公告2024年第1号"]),
        ("发布年度第9号公告，第三条、第2号楼", []),
        ("（2023年12月26日临青办规〔2023〕9号公布）", ["临青办规〔2023〕9号"]),
        ("按照日政发〔2020〕3号要求", ["日政发〔2020〕3号"]),
        ("《某规定》（88）国税地字第025号第三条，（1994）财税字第10号", ["国税地字〔1988〕25号", "财税字〔1994〕10号"]),
        ("审批办法(劳部发[94]503号)的规定，表(60)3号", ["劳部发〔1994〕503号"]),
        ("法释【２００１】２５号，详见临人社规〔2019〕42号", ["法释〔2001〕25号", "临人社规〔2019〕42号"]),
        ("关于深化某项改革有关问题的公告〔2031〕38号，印发的临政发〔2031〕3号", ["公告〔2031〕38号", "临政发〔2031〕3号"]),
        ("关于某项改革有关问题的公告2031年第38号", []),
        ("2003年8月8日中华人民共和国国务院令第387号公布", ["中华人民共和国国务院令第387号"]),
        ("国家发展改革委 2018年第16号令，工业和信息化部　2020年第1号公告",
         ["国家发展改革委2018年第16号令", "工业和信息化部2020年第1号公告"]),
        ("决定书（临环罚〔2031〕12号）、（临）应急罚〔2031〕3号，意见（试行）临政发〔2031〕1号",
         ["临环罚〔2031〕12号", "（临）应急罚〔2031〕3号", "临政发〔2031〕1号"]),
        ("县政府作出临政复决字〔2031〕1号决定，向其发出临住拆〔2031〕2号，送达了临农委告字〔2031〕3号",
         ["临政复决字〔2031〕1号", "临住拆〔2031〕2号", "临农委告字〔2031〕3号"]),
        ("撤销被告临政〔2031〕14号，维持临政〔2031〕15号，发布了临土公〔2031〕9号，县办公室以临府办〔2031〕130号",
         ["临政〔2031〕14号", "临政〔2031〕15号", "临土公〔2031〕9号", "临府办〔2031〕130号"]),
        ("交警大队出具临公交认字〔2031〕8号、临江市价格认证中心临价鉴字〔2031〕41号、市人大常委会临人发〔2031〕12号",
         ["临公交认字〔2031〕8号", "临价鉴字〔2031〕41号", "临人发〔2031〕12号"]),
        ("（临）公（物）鉴（法）字（2031）481号、县公安局临公（经）不立字(2031)8号", []),
        ("临鉴所字〔2031〕522号及〔2031〕104号，原单位作出的（1999）003号", ["临鉴所字〔2031〕522号"]),
        ("（2015）临龙执民字第191号、（2014）亲鉴字第141号、（2013）某某劳人仲裁字第113号", []),
        ("（2009）政国土字第623号、沪房地某字（2015）第9133号", ["政国土字〔2009〕623号"]),
        ("项目不符合农业部第235号公告", ["农业部第235号公告"]),
        ("（2015）临民一(民)初字第12号、（2004）民一终字第106号、(2031)临01民终1号，临法民初字（2010）第12号", []),
        ("临国用(2008)第00123号、临网文〔2017〕0901号、临房权证字〔2009〕第3号，国药准字〔2001〕第8号", []),
        ("(2026)临检刑诉1号起诉书、临检公诉刑诉〔2026〕1号、临检刑不诉〔2026〕3号、临检民监〔2026〕3号、临公诉字〔2026〕3号", []),
        ("临仲裁字〔2026〕3号、临劳人仲案字〔2026〕12号、临劳人仲裁字[2026]第113号、临仲字〔2026〕第12号、临法民初〔2026〕3号", []),
        ("(2026)临执恢3号、（2026）临行初字第3号、(2026)临仲裁字第3号", []),
        ("国仲发〔2026〕1号、临检发〔2026〕2号、高检发释字〔2026〕3号、法发〔2026〕4号、临监发〔2026〕5号、临市监〔2026〕6号",
         ["国仲发〔2026〕1号", "临检发〔2026〕2号", "高检发释字〔2026〕3号", "法发〔2026〕4号", "临监发〔2026〕5号", "临市监〔2026〕6号"]),
        ("临质检监〔2026〕7号、临药检监〔2026〕9号", ["临质检监〔2026〕7号", "临药检监〔2026〕9号"]),
        ("依据财政部、税务总局公告2031年第12号", ["财政部、税务总局公告2031年第12号"]),
        ("根据财政部 税务总局　海关总署公告2031年第39号执行", ["财政部税务总局海关总署公告2031年第39号"]),
        ("中国人民银行 证监会令〔2022〕第1号", ["中国人民银行证监会令〔2022〕1号"]),
        ("按照中国证券监督管理委员会公告〔2023〕15号", ["中国证券监督管理委员会公告〔2023〕15号"]),
        ("按规定（公安部令第139号）执行", ["公安部令第139号"]),
        ("均不适用财税字[1995]48号文，按国税发〔1997〕54 号、即财税〔2016〕36号文",
         ["财税字〔1995〕48号", "国税发〔1997〕54号", "财税〔2016〕36号"]),
        ("根据即政发〔2020〕3号", ["即政发〔2020〕3号"]),
        ("自印发之日起施行，原临政发〔2002〕3号、原政发〔2003〕4号同时废止", ["临政发〔2002〕3号", "原政发〔2003〕4号"]),
        ("法（民）发〔1988〕6号", ["法（民）发〔1988〕6号"]),
        ("国家税务总局国税发〔2009〕31号、财政部财税〔2016〕36号、公安部公通字〔2013〕25号",
         ["国税发〔2009〕31号", "财税〔2016〕36号", "公通字〔2013〕25号"]),
        ("临江市财政局临财税〔2031〕3号和人社部发〔2031〕1号，工信部联企业〔2011〕300号",
         ["临财税〔2031〕3号", "人社部发〔2031〕1号", "工信部联企业〔2011〕300号"]),
    ],
)  # fmt: skip
def test_numbers_in_running_text(text: str, found: list[str]) -> None:
    assert [n.number for n in numbers.find(text)] == found


def test_a_range_that_is_none_stays_as_written_and_a_long_one_is_not_spelled_out() -> None:
    assert [n.number for n in numbers.find("某发〔2025〕93-12号")] == ["某发〔2025〕93-12号"]
    assert [n.number for n in numbers.find("某发〔2025〕1-99999号")] == ["某发〔2025〕1-99999号"]


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.sampled_from("国办发函令公告第号〔〕[]（）《》2019年一二三-、，。和 ") | st.characters(),
        max_size=60,
    )
)
def test_any_text_is_searched_without_failing(text: str) -> None:
    for hit in numbers.find(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.number.endswith("号") or "号" in hit.number
    numbers.normalise(text)
    numbers.in_title(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("国务院第711号令", "中华人民共和国国务院令第711号", True),
        ("国令第711号", "国务院令第711号", True),
        ("建设部令第八十号", "建设部令第80号", True),
        ("某省人民政府令第二百零八号", "某省人民政府令第208号", True),
        ("商务部2024年第12号公告", "商务部公告2024年第12号", True),
        ("公告2024年第12号", "商务部公告2024年第12号", True),
        ("〔2031〕22号", "某罚〔2031〕22号", True),
        ("第9号", "国令第9号", True),
        ("财政部、税务总局公告2031年第12号", "财政部税务总局公告2031年第12号", True),
        ("国办发〔2019〕4号", "办发〔2019〕4号", False),
        ("国令第9号", "国令第19号", False),
        ("商务部公告2024年第12号", "商务部公告2023年第12号", False),
    ],
)
def test_writings_of_one_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
    assert same_number(other, one) is same


def test_keys_are_stable() -> None:
    for number in ("国务院第711号令", "国办发〔2019〕4号", "公告2024年第12号", "无"):
        assert number_key(number_key(number)) == number_key(number)


def test_a_cited_number_is_not_the_documents_own() -> None:
    lines = ["根据国办发〔2019〕4号文件精神，现将有关事项通知如下：", "一、总体要求"]
    assert headfoot.own_number(lines) is None
    assert headfoot.own_number(["某市人民政府", "某政发〔2031〕1号", "各有关单位："]) == "某政发〔2031〕1号"


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


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("现将《某要点》印发给你们，请认真贯彻执行。", Relation.ATTACHES),
        ("《某办法》已经市政府同意，现印发给你们。", Relation.ATTACHES),
        ("现印发《某办法》，请遵照执行。", Relation.ATTACHES),
        ("《某办法》已经第5次常务会议通过，现予公布，自公布之日起施行。", Relation.ATTACHES),
        ("2020年印发的《某办法》仍然有效。", Relation.CITES),
        ("现将省政府《某意见》转发给你们。", Relation.FORWARDS),
        ("经国务院批准，批转财政部《某意见》。", Relation.FORWARDS),
        ("《某办法》予以废止。", Relation.REPEALS),
        ("决定废止下列文件：《某办法》。", Relation.REPEALS),
        ("自本通知印发之日起，《某办法》停止执行。", Relation.REPEALS),
        ("将《某办法》第三条修改为：各单位负责。", Relation.AMENDS),
        ("为落实《某意见》，制定本方案。", Relation.IMPLEMENTS),
        ("参照《某规则》执行。", Relation.IMPLEMENTS),
        ("根据《甲法》第八十六条第一款、《甲法》第一百条，决定处罚。", Relation.IMPLEMENTS),
        ("根据《某条例》，原暂行规定同时废止。", Relation.IMPLEMENTS),
        ("（2023年1月2日公布 根据2025年3月4日《关于修改部分规章的决定》第一次修正）", Relation.CITES),
        ("《关于废止部分规章的决定》和《某办法》", Relation.CITES),
        ("由公安机关依照《某法》给予处罚。", Relation.IMPLEMENTS),
        ("其内容已被《某办法》废止。", Relation.CITES),
        ("《某通知》第二条第（八）项同时废止。", Relation.AMENDS),
        ("某发〔2020〕3号第二条同时废止。", Relation.AMENDS),
        ("《某通知》（某发〔2020〕3号）第九条、第十条停止执行。", Relation.AMENDS),
        ("《某通知》（某发〔2020〕3号）中有关补助标准的规定同时废止。", Relation.AMENDS),
        ("《某通知》（某发〔2020〕3号）规定的担保免税政策停止执行。", Relation.AMENDS),
        ("某发〔2020〕3号附件2停止执行。", Relation.AMENDS),
    ],
)
def test_words_around_a_title_tell_the_relation(text: str, relation: Relation) -> None:
    found = citations.find(text, own_number=None, own_title=None)[-1]
    assert found.relation is relation


def test_an_annex_printed_by_the_document_is_attached_and_its_mentions_are_no_citations() -> None:
    title = "关于印发《某工作要点》的通知"
    text = "现将《某工作要点》印发给你们。《某工作要点》明确了任务。某政发〔2031〕9号"
    found = citations.find(text, own_number="某政发〔2031〕9号", own_title=title)
    assert [(c.relation, c.title, c.document_number) for c in found] == [
        (Relation.ATTACHES, "某工作要点", None)
    ]
    assert citations.find("《某工作要点》明确了任务。", own_number=None, own_title=title) == ()


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


def test_a_title_inside_a_title_is_one_citation() -> None:
    text = "《关于印发〈某办法〉的通知》（某发〔2020〕1号）和《关于落实《某规划》的意见》继续有效。"
    assert [(c.title, c.document_number) for c in citations.find(text, own_number=None, own_title=None)] == [
        ("关于印发〈某办法〉的通知", "某发〔2020〕1号"),
        ("关于落实《某规划》的意见", None),
    ]


def test_numbers_of_a_series_are_cited_one_by_one() -> None:
    text = "《某甲等通知》（某发〔2020〕10号、11号）同时废止，某发〔2021〕3-5号继续有效。"
    found = [(c.document_number, c.relation) for c in citations.find(text, own_number=None, own_title=None)]
    assert found == [
        ("某发〔2020〕10号", Relation.REPEALS),
        ("某发〔2020〕11号", Relation.REPEALS),
        ("某发〔2021〕3号", Relation.CITES),
        ("某发〔2021〕4号", Relation.CITES),
        ("某发〔2021〕5号", Relation.CITES),
    ]


def test_what_a_heading_says_of_a_list_holds_for_its_rows_only() -> None:
    text = """根据《某工作程序》的有关规定，决定废止以下规章：
一、《甲办法》（2001年7月25日某厅令第7号发布）
（二）关于印发《乙办法》的通知
《丙办法》继续执行。
附件2
停止执行的文件目录
1\t《丁办法》\t某发〔2009〕33号
拟修改和废止的文件目录
1\t《戊办法》\t某发〔2010〕3号"""
    found = {c.title: c for c in citations.find(text, own_number=None, own_title=None)}
    assert {title: c.relation for title, c in found.items()} == {
        "某工作程序": Relation.IMPLEMENTS,
        "甲办法": Relation.REPEALS,
        "乙办法": Relation.REPEALS,
        "丙办法": Relation.CITES,
        "丁办法": Relation.REPEALS,
        "戊办法": Relation.CITES,
    }
    assert found["丁办法"].document_number == "某发〔2009〕33号"


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《某问题的规定》 （88）国税地字第025号第三条", [("国税地字〔1988〕25号", "某问题的规定")]),
        ("《某通知》（（88）国税地字第025号）", [("国税地字〔1988〕25号", "某通知")]),
        ("《某条例》 国务院令第11号第四条，另见《某意见》", [("国务院令第11号", "某条例"), (None, "某意见")]),
        ("参见：《某目录的通知》，某发〔2009〕17号。", [("某发〔2009〕17号", "某目录的通知")]),
        ("根据《甲》，某发〔2009〕17号规定", [(None, "甲办法"), ("某发〔2009〕17号", None)]),
        ("按某发〔2009〕12号《甲通知》和国务院令第11号文《乙条例》",
         [("某发〔2009〕12号", "甲通知"), ("国务院令第11号", "乙条例")]),
        ("《甲通知》\n某发〔2009〕12号", [(None, "甲通知"), ("某发〔2009〕12号", None)]),
        ("《甲通知》某发〔2009〕12号《乙通知》", [("某发〔2009〕12号", "甲通知"), (None, "乙通知")]),
        ("《 \n某部关于某事的通知 》", [(None, "某部关于某事的通知")]),
        ("《某部关于\n某事的通知》", [(None, "某部关于某事的通知")]),
        ("《甲办法》（2001年7月25日某部令第7号发布）", [("某部令第7号", "甲办法")]),
        ("（2003年8月8日某部令第87号公布　2025年4月6日某部令第90号修订）", [("某部令第90号", None)]),
        ("《甲通知》（某发〔2031〕1号、某办发〔2031〕2号和某字〔2031〕3号）",
         [("某发〔2031〕1号", "甲通知"), ("某办发〔2031〕2号", "甲通知"), ("某字〔2031〕3号", "甲通知")]),
        ("《甲通知》（已被某发〔2031〕3号废止）", [(None, "甲通知"), ("某发〔2031〕3号", None)]),
        ("《甲公告》（财政部 税务总局公告 2031 年第 29 号，执行至2032年）",
         [("财政部税务总局公告2031年第29号", "甲公告")]),
    ],
)  # fmt: skip
def test_a_number_beside_a_title_is_that_of_the_title(
    text: str, cited: list[tuple[str | None, str | None]]
) -> None:
    found = citations.find(text.replace("《甲》", "《甲办法》"), own_number=None, own_title=None)
    assert [(c.document_number, c.title) for c in found] == cited


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("《甲办法》（某发〔2031〕4号）施行，某发〔2021〕7号同时废止。", ["cites", "repeals"]),
        ("某发〔2031〕9号第十四条明确自9月15日起施行，某发〔2020〕8号同时废止。", ["cites", "repeals"]),
        ("《甲办法》自2031年1月1日起施行，《乙办法》同时废止。", ["cites", "repeals"]),
        ("《甲办法》、《乙办法》（某发〔2020〕8号）和2019年印发的《丙办法》同时废止。", ["repeals"] * 3),
        ("《甲办法》（某发〔2020〕8号），《乙办法》（某发〔2020〕9号）同时废止。", ["repeals"] * 2),
        ("《甲办法》第三条，《乙办法》同时废止。", ["amends", "repeals"]),
        ("某发〔2020〕8号、9号和某发〔2021〕1号同时废止。", ["repeals"] * 3),
        (
            "、 ".join(f"《临江市第{n}号供水和排水设施管理办法》" for n in range(12)) + "同时废止。",
            ["repeals"] * 12,
        ),
        (
            "、".join(f"《临江市第{n}号供水和排水设施管理办法》" for n in range(12))
            + "施行，《丁办法》同时废止。",
            ["cites"] * 12 + ["repeals"],
        ),
        ("依照《甲办法》或者《乙办法》的有关规定处罚。", ["implements"] * 2),
        ("现决定对《甲办法》等3件规章予以修改，对《乙办法》等2件规章予以废止。", ["amends", "repeals"]),
        ("《甲办法》根据2031年1月1日《某府关于修改部分规章的决定》修正。", ["cites"] * 2),
        ("现将修订后的《甲办法》印发给你们，《乙办法》同时废止。", ["attaches", "repeals"]),
        ("《甲办法》有效期届满，自动失效。", ["repeals"]),
        ("《甲办法》继续有效，不予废止。", ["cites"]),
        ("《甲办法》尚未废止，《乙办法》同时废止。", ["cites", "repeals"]),
        ("《甲办法》未宣布失效。", ["cites"]),
    ],
)
def test_what_is_repealed_is_what_stands_before_the_word(text: str, relations: list[str]) -> None:
    found = citations.find(text, own_number=None, own_title=None)
    assert [c.relation for c in found] == relations
