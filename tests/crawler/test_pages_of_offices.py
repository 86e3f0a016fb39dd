"""Pages as offices of many kinds make them: bulletins, cards of decisions, pictures beside a line, texts in sections."""

from __future__ import annotations

import pytest

from archive.model import Disclosure, Extraction
from crawler.extract.page import extract_page
from crawler.extract.values import numbers
from crawler.extract.values.headfoot import apart
from tests.crawler.test_saved_pages import BOOK

URL = "https://www.linjiang.example.gov.cn/zw/t20310315_1.html"
TITLE = "临江市2030年国民经济和社会发展统计公报"
TEXT = "<p>2030年，全市经济运行总体平稳，高质量发展扎实推进。</p><p>全年地区生产总值3210.5亿元。</p>"


def extracted(body: str, title: str = TITLE) -> Extraction:
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return extract_page(page.encode(), URL, book=BOOK)


def read(body: str, title: str = TITLE) -> Disclosure:
    record = extracted(body, title).disclosure
    assert record is not None
    return record


def zoomed(text: str, title: str = TITLE) -> Disclosure:
    return read(f"<h1>{title}</h1><div id='zoom'>{text}</div>", title)


@pytest.mark.parametrize(
    ("offices", "bodies"),
    [
        ("临江市统计局", ("临江市统计局",)),
        ("临江市统计局　国家统计局临江调查队", ("临江市统计局", "国家统计局临江调查队")),
    ],
)
def test_a_bulletin_is_signed_at_its_head(offices: str, bodies: tuple[str, ...]) -> None:
    record = zoomed(f"<p>{offices}</p><p>2031年3月15日</p>{TEXT}<p>一、综合</p><p>全年粮食产量平稳。</p>")
    assert (record.issuing_bodies, str(record.issued_on)) == (bodies, "2031-03-15")


def test_an_office_over_a_day_is_no_signature_where_little_follows_or_a_template_wrote_it() -> None:
    assert zoomed("<p>临江市统计局</p><p>2031年3月15日</p><p>全年粮食产量平稳。</p>").issued_on is None
    assert zoomed(f"<p>临江市统计局</p><p>2031-03-15</p>{TEXT}{TEXT}").issued_on is None


def test_a_branch_that_names_its_head_is_an_office_by_itself() -> None:
    assert apart(["临江市统计局", "国家统计局临江调查队"]) == ("临江市统计局", "国家统计局临江调查队")
    assert apart(["财政部", "国家税务总局", "临江市税务局"]) == ("财政部", "国家税务总局临江市税务局")


@pytest.mark.parametrize("line", ["（公开属性：主动公开）", "公开属性：主动公开"])
def test_how_it_is_disclosed_in_brackets(line: str) -> None:
    record = zoomed(f"{TEXT}<p>临江市统计局</p><p>2031年3月15日</p><p>{line}</p>")
    assert record.disclosure_type == "proactive"


def test_cells_that_a_template_does_not_close() -> None:
    row = "<tr><td>{}</td><td>{}<td><td>{}</td><td>{}<td></tr>"
    rows = [
        ("行政许可决定书文号", "临交许〔2031〕15号", "项目名称", "道路货运许可"),
        ("许可决定日期", "2031年3月2日", "许可机关", "临江市交通运输局"),
    ]
    record = zoomed("<table>" + "".join(row.format(*cells) for cells in rows) + "</table>", "行政许可公示")
    assert (record.document_number, str(record.issued_on)) == ("临交许〔2031〕15号", "2031-03-02")
    assert record.issuing_body == "临江市交通运输局"


@pytest.mark.parametrize("line", ["2031-03-15来源：市统计局", "发布日期：2031年3月15日信息来源：市统计局"])
def test_a_label_glued_to_a_day(line: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class='k'><p>{line}</p></div><div class='n'>{TEXT}</div>")
    assert (str(record.published_on), record.content_source) == ("2031-03-15", "市统计局")
    assert (record.body_text or "").startswith("2030年，")


def test_pictures_beside_the_line_under_a_title() -> None:
    line = "<div class='k'><p><span>2031-03-15</span><span>来源：市统计局国民经济综合处</span></p></div>"
    shown = "<div class='q'><p><img src='a.jpg'></p><p><img src='b.jpg'></p></div>"
    found = extracted(f"<h2>一图读懂统计公报</h2><div class='c'>{line}{shown}</div>", "一图读懂统计公报")
    assert found.disclosure is not None
    assert "body_in_images" in {p.code for p in found.problems}
    assert [a.name for a in found.disclosure.attachments] == ["a.jpg", "b.jpg"]


def test_a_text_in_sections_of_other_names() -> None:
    record = read(
        "<div class='m'><div class='jl'><h4>个人简历</h4><p>何某，男，1975年3月生，研究生学历，现任市统计局局长。</p></div>"
        "<div class='fg'><h4>工作分工</h4><p>主持市统计局全面工作，分管办公室和人事科。</p></div></div>"
        "<div class='news'><h4>领导活动</h4><ul><li><a href='/1.html'>何某调研防汛工作。</a></li></ul></div>",
        "何某",
    )
    assert (record.body_text or "").split("\n")[2:] == [
        "工作分工",
        "主持市统计局全面工作，分管办公室和人事科。",
    ]


@pytest.mark.parametrize(("direction", "shown"), [("up", True), ("left", False)])
def test_a_text_that_scrolls_up(direction: str, shown: bool) -> None:
    text = f"<marquee direction='{direction}'><p>因管道抢修，科技路3月5日8时至18时停水。</p></marquee>"
    assert bool(read(f"<h1>停水通知公告</h1><div class='n'>{text}</div>", "停水通知公告").body_text) is shown


CARD = (
    "<table><tr><td>索引号</td><td>LJ-2031-12</td><td>文号</td><td>{}</td></tr>"
    "<tr><td>{}</td><td>{}</td><td>发布日期</td><td>2031-03-15</td></tr></table>"
)


def carded(number: str, label: str, value: str) -> Extraction:
    return extracted(f"{CARD.format(number, label, value)}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")


@pytest.mark.parametrize("where", ["政府网站", "网上公开", "政府公报"])
def test_where_a_document_is_disclosed_is_no_kind_of_disclosure(where: str) -> None:
    found = carded("临统〔2031〕2号", "公开方式", where)
    assert found.disclosure is not None and found.disclosure.disclosure_type_raw is None
    assert not found.problems


def test_who_signed_and_who_keeps_a_document_contradict_nothing() -> None:
    found = extracted(
        "<table><tr><td>索引号</td><td>LJ-2031-12</td><td>所属机构</td><td>综合和规划处</td></tr>"
        "<tr><td>发文单位</td><td>临江市统计局</td><td>发布日期</td><td>2031-03-15</td></tr></table>"
        f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"
    )
    assert found.disclosure is not None and found.disclosure.issuing_body == "临江市统计局"
    assert not found.problems


def test_a_number_with_the_code_under_which_a_rule_is_registered() -> None:
    assert numbers.normalise("临政发〔2031〕21号 ZJKC00-2031-0004") == "临政发〔2031〕21号"
    assert numbers.normalise("临政办发〔2031〕5号（LJDR—2031—01008）") == "临政办发〔2031〕5号"
    assert numbers.normalise("ZJKC00-2031-0004") is None


@pytest.mark.parametrize(
    ("listed", "bodies"),
    [
        (["临江精工有限公司", "白石纺织集团"], ("临江市统计局",)),
        (["临江市第一中学", "白石县第二小学"], ("临江市统计局",)),
        (["临江市财政局"], ("临江市财政局", "临江市统计局")),
    ],
)
def test_what_a_text_lists_above_its_signature_did_not_sign_it(
    listed: list[str], bodies: tuple[str, ...]
) -> None:
    signed = [*listed, "临江市统计局", "2031年3月15日"]
    record = zoomed("<p>经评审，名单公布如下：</p>" + "".join(f"<p>{line}</p>" for line in signed))
    assert record.issuing_bodies == bodies


@pytest.mark.parametrize(
    "rows",
    [
        ["名称：青瓷莲花尊", "时代：南朝", "来源：1978年临江县出土", "分类：瓷器", "尺寸：高42厘米"],
        ["编号：LJ-0012", "名称：香樟", "树龄：320年", "来源：原红旗公社苗圃", "公布时间：2020年3月"],
    ],
)
def test_rows_of_a_relic_and_of_a_tree_are_text(rows: list[str]) -> None:
    found = extracted(
        f"<h1>馆藏文物和古树名木简介</h1><div id='zoom'>{''.join(f'<p>{row}</p>' for row in rows)}</div>",
        "简介",
    )
    assert found.disclosure is not None and (found.disclosure.body_text or "").split("\n") == rows
    assert (found.disclosure.subject_category, found.disclosure.published_on, found.problems) == (
        None,
        None,
        (),
    )


def test_how_a_plan_is_shown_is_no_title() -> None:
    found = extracted(
        "<h1>白石镇国土空间总体规划公示</h1><div id='zoom'><p>公示时间：2031年5月10日至6月8日</p>"
        "<p>公示方式：政府网站、现场公示</p><p>联系电话：0578-2100020</p></div>"
    )
    assert not found.problems


def test_a_short_name_of_a_standing_committee_contradicts_nothing() -> None:
    found = extracted(
        "<h1>临江市人大常委会公告</h1><div id='zoom'><p>（第7号）</p><p>《临江市文明行为促进条例》已经会议通过，现予公布。</p>"
        "<p>临江市人民代表大会常务委员会</p><p>2031年5月6日</p></div>",
        "临江市人大常委会公告",
    )
    assert found.disclosure is not None and found.disclosure.issuing_body == "临江市人大常委会"
    assert not found.problems


def test_the_day_in_brackets_that_an_opinion_begins_with() -> None:
    record = zoomed(f"<p>（2031年7月15日）</p>{TEXT}")
    assert (str(record.issued_on), record.issuing_body) == ("2031-07-15", None)


@pytest.mark.parametrize(
    "title", ["临江市水利局-2030年度临江市水利局部门决算", "临江市水利局_关于2030年度部门决算的说明"]
)
def test_the_site_in_front_of_a_title_is_none_of_it(title: str) -> None:
    found = extracted("<div><div id='b'><a href='/u/1.pdf'>部门决算公开表.pdf</a></div></div>", title)
    assert found.disclosure is not None and found.disclosure.title == title[7:]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("2031年第一季度临江市政府网站检查情况通报", True),
        ("临江市人民政府门户网站2030年度工作年度报表", True),
        ("关于临江市水利局官方网站改版升级", True),
        ("政策解读：《临江市节水条例》", True),
        ("解读：临江市节水条例的主要内容", True),
        ("来源：临江市水利局办公室", False),
        ("临江市人民政府门户网站", False),
        ("欢迎访问临江市水利局官方网站", False),
        ("首页 > 政府网站检查情况通报", False),
    ],
)
def test_a_document_about_sites_is_no_name_of_one(title: str, told: bool) -> None:
    body = f"<h1>{title}</h1><div class='b'>发布时间：2031-05-10</div><div class='k'>{TEXT}</div>"
    assert (read(body, "").title == title) is told
