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
