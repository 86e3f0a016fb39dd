"""How a document refers to others: the words around a number or a title, and lists of them."""

from __future__ import annotations

import pytest

from archive.model import Relation
from crawler.extract.page import extract_page
from crawler.extract.references import citations
from tests.crawler.test_saved_pages import BOOK


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
        "关于印发《乙办法》的通知": Relation.REPEALS,
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
        ("按国家档案局令第79号公布的《甲通知》执行", [("国家档案局令第79号", "甲通知")]),
        ("《甲通知》\n某发〔2009〕12号", [(None, "甲通知"), ("某发〔2009〕12号", None)]),
        ("《甲通知》某发〔2009〕12号《乙通知》", [("某发〔2009〕12号", "甲通知"), (None, "乙通知")]),
        ("《 \n某部关于某事的通知 》", [(None, "某部关于某事的通知")]),
        ("《某部关于\n某事的通知》", [(None, "某部关于某事的通知")]),
        ("《甲办法》（2001年7月25日某部令第7号发布）", [("某部令第7号", "甲办法")]),
        ("（2003年8月8日某部令第87号公布　2025年4月6日某部令第90号修订）", [("某部令第90号", None)]),
        ("（1997年9月5日省政府批准 1997年10月1日市政府令第5号发布施行 2025年4月6日市政府令第90号修订）", [("市政府令第90号", None)]),
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


def test_the_documents_own_number_with_a_space_in_it_is_not_cited() -> None:
    text = "临税一稽 税通〔2031〕16号\n送达《甲决定书》（临税一稽罚〔2031〕8号）。"
    found = citations.find(text, own_number="临税一稽税通〔2031〕16号", own_title="税务事项通知书")
    assert [c.document_number for c in found] == ["临税一稽罚〔2031〕8号"]


def test_a_document_named_with_its_number_and_without_is_one() -> None:
    text = (
        "违反了《甲条例》（国务院令第9号）第三条。依据《甲条例》第五条，处以罚款。"
        "现将《乙办法》印发给你们，《乙办法》（临政〔2015〕80号）同时废止。"
    )
    found = citations.find(text, own_number=None, own_title=None)
    assert [(c.relation, c.document_number, c.title) for c in found] == [
        (Relation.IMPLEMENTS, "国务院令第9号", "甲条例"),
        (Relation.ATTACHES, None, "乙办法"),
        (Relation.REPEALS, "临政〔2015〕80号", "乙办法"),
    ]


def test_the_ordinal_of_a_proposal_is_no_number_of_a_document() -> None:
    found = citations.find("您提出的《关于充电桩的提案》（第156号）收悉。", own_number=None, own_title=None)
    assert [(c.document_number, c.title) for c in found] == [(None, "关于充电桩的提案")]


@pytest.mark.parametrize(
    ("title", "cited"),
    [
        ("关于印发《临江市供水条例》的通知", False),
        ("关于印发临江市供水条例的通知", False),
        ("临江市供水条例", False),
        ("临江市供水条例（2031年修订）", False),
        ("临江市人民政府令第9号 临江市供水条例", False),
        ("《临江市供水条例》解读", True),
        ("一图读懂《临江市供水条例》", True),
        ("临江市供水条例实施细则", True),
        ("临江市实施《临江市供水条例》办法", True),
        ("关于《临江市供水条例》有关问题的批复", True),
        ("转发《临江市供水条例》", True),
    ],
)
def test_a_title_within_the_documents_own_is_another_document_unless_it_is_printed(
    title: str, cited: bool
) -> None:
    found = citations.find("根据《临江市供水条例》第三条，收取水费。", own_number=None, own_title=title)
    assert bool(found) is cited


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "《甲通知》（临价费〔2005〕120号；临财综〔2005〕58号）",
            ["临价费〔2005〕120号", "临财综〔2005〕58号"],
        ),
        ("《甲通知》（临价函〔2008〕3号/临财函〔2008〕9号）", ["临价函〔2008〕3号", "临财函〔2008〕9号"]),
        ("颁发《放射诊疗许可证》（临卫放证字（2022）第015号）", []),
    ],
)
def test_numbers_in_the_brackets_of_a_title(text: str, found: list[str]) -> None:
    cited = citations.find(text, own_number=None, own_title=None)
    assert [c.document_number for c in cited] == found


def test_what_a_documents_own_title_ends_is_one_citation_with_its_number() -> None:
    text = "临江市关于废止《甲办法》的决定\n市政府决定废止2000年发布的《甲办法》（市政府令第51号）。"
    found = citations.find(text, own_number=None, own_title="临江市关于废止《甲办法》的决定")
    assert [(c.relation, c.document_number) for c in found] == [(Relation.REPEALS, "市政府令第51号")]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("临江市人民政府关于废止《临江市防汛办法》的决定", "经研究，决定废止该文件。", ["repeals 临江市防汛办法"]),
        ("关于废止临政发〔2012〕3号文件的通知", "各区人民政府：", ["repeals 临政发〔2012〕3号"]),
        ("关于废止临政发〔2012〕3号和临政发〔2013〕4号的通知", "", ["repeals 临政发〔2012〕3号", "repeals 临政发〔2013〕4号"]),
        ("临江市水利局转发《省水利厅关于防汛的通知》的通知", "请遵照执行。", ["forwards 省水利厅关于防汛的通知"]),
        ("关于修改《临江市防汛办法》部分条款的决定", "《临江市防汛办法》（临政发〔2012〕3号）。", ["amends 临政发〔2012〕3号"]),
        # as the text has it
        ("关于废止《防汛办法》的决定", "决定废止《临江市防汛办法》（临政发〔2012〕3号）。", ["repeals 临政发〔2012〕3号"]),
        ("转发《关于防汛的通知》的通知", "现将省水利厅《关于做好防汛的通知》印发给你们。", ["attaches 关于做好防汛的通知"]),
        # nothing that the document does
        ("关于印发《临江市防汛办法》的通知", "请遵照执行。", []),
        ("关于拟废止《临江市防汛办法》的公告", "现予公示。", []),
        ("关于公开征求废止《临江市防汛办法》意见的公告", "现公开征求意见。", []),
        ("关于废止《临江市防汛办法》的决定（征求意见稿）", "现公开征求意见。", []),
        ("《关于废止〈临江市防汛办法〉的决定》解读", "一、背景", []),
        ("临江市防汛办法（临政发〔2012〕3号）", "第一条", []),
    ],
)  # fmt: skip
def test_what_a_title_alone_does_to_others(title: str, text: str, expected: list[str]) -> None:
    cited = citations.find(text, own_number=None, own_title=title)
    found = citations.with_title(cited, title, own_number=None)
    assert [f"{one.relation} {one.document_number or one.title}" for one in found] == expected


def test_the_title_of_a_page_is_read_for_what_it_repeals() -> None:
    page = "<h1>关于废止临政发〔2012〕3号文件的通知</h1><div id='zoom'><p>各区人民政府：</p><p>请认真组织实施。</p></div>"
    read = extract_page(page.encode(), "https://www.linjiang.example.gov.cn/t1.html", book=BOOK).disclosure
    assert read is not None
    told = [(one.relation, one.document_number) for one in read.citations]
    assert told == [(Relation.REPEALS, "临政发〔2012〕3号")]
