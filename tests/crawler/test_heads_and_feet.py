"""Titles in heads that are named like a page's, labels with their English, numbers under the signature, rarer kinds of files."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from crawler.extract.values.headfoot import signature
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)
SIGNED = f"{TEXT}<p>临江市水利局</p><p>2031年2月26日</p>"


def read(markup: str, title: str = "临江市水利局") -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{markup}</body></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/a/1.html", book=BOOK).disclosure
    assert record is not None, markup
    return record


@pytest.mark.parametrize(
    "head",
    [
        "<section class='news'><header><h1>{}</h1><ul><li><i class='icon'></i>2031-03-01</li></ul></header><div>{}</div></section>",
        "<main><header><h1>{}</h1><p>2031-03-01 <a href='javascript:print()'>打印</a></p></header><div>{}</div></main>",
        "<div class='page-header'><h3 class='title'>{}</h3><small>2031-03-01</small></div><div class='html'>{}</div>",
    ],
)
def test_a_title_in_the_head_of_a_section(head: str) -> None:
    record = read(head.format("临江水务集团2030年度工资总额信息披露", TEXT))
    assert (record.title, str(record.published_on)) == ("临江水务集团2030年度工资总额信息披露", "2031-03-01")


def test_the_head_of_a_site_in_a_section_is_no_title() -> None:
    links = "".join(f"<li><a href='/{n}/'>栏目{n}</a></li>" for n in range(6))
    head = f"<section><header><h1>临江水务 服务万家</h1><ul>{links}</ul></header></section>"
    assert (
        read(f"{head}<div class='tit'>{TITLE}</div><p>来源：水利处</p><div id='zoom'>{TEXT}</div>").title
        == TITLE
    )


@pytest.mark.parametrize("colon", ["", "："])
def test_labels_with_the_same_in_english_behind(colon: str) -> None:
    card = {
        "索引号 Index No.": "LJ-2031-3",
        "文号 (Doc. No.)": "临水〔2031〕3号",
        "发布日期Date": "2031-05-09",
    }
    rows = "".join(f"<tr><td>{label}{colon}</td><td>{value}</td></tr>" for label, value in card.items())
    record = read(f"<table>{rows}</table><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    told = (record.index_number, record.document_number, str(record.published_on))
    assert told == ("LJ-2031-3", "临水〔2031〕3号", "2031-05-09")


def test_a_line_of_labels_with_their_english() -> None:
    line = "发布日期 Date: 2031-04-10　来源 Source: 水利处"
    record = read(f"<h1>{TITLE}</h1><p>{line}</p><div id='zoom'>{TEXT}</div>")
    assert (str(record.published_on), record.content_source) == ("2031-04-10", "水利处")
    linked = read(
        f"<h1>{TITLE}</h1><p>日期：2031-04-10　来源 https://www.linjiang.example</p><div id='zoom'>{TEXT}</div>"
    )
    assert linked.content_source is None or not linked.content_source.startswith("//")


def test_the_number_under_the_day_of_the_signature() -> None:
    assert (
        read(f"<h1>{TITLE}</h1><div id='zoom'>{SIGNED}<p>临水〔2031〕15号</p></div>").document_number
        == "临水〔2031〕15号"
    )
    forwarded = f"{SIGNED}<p>各县区：</p><p>请做好汛前检查。</p><p>2031年2月1日</p><p>省水〔2031〕1号</p>"
    assert read(f"<h1>{TITLE}</h1><div id='zoom'>{forwarded}</div>").document_number is None


def test_offices_that_give_a_document_in_front_of_what_the_page_is_called() -> None:
    title = "临江市教育局　临江市财政局关于提高教师待遇的通知"
    head = f"<p class='a'>{title}</p><p class='b'>临教人〔2031〕18号</p><p class='c'>［2031-11-11］</p>"
    record = read(f"{head}<div class='zw-c'>{TEXT}</div>", "关于提高教师待遇的通知")
    told = (record.title, record.document_number, str(record.published_on))
    assert told == (title.replace("　", " "), "临教人〔2031〕18号", "2031-11-11")


def test_a_file_of_whichever_kind_that_a_link_names_as_its_address_does() -> None:
    links = (
        "<a href='/f/1-招标文件.CDZ'>招标文件.CDZ</a><a href='/f/现场照片.jpg'>现场照片.jpg</a>"
        "<a href='http://www.linjiang.cn'>www.linjiang.cn</a><a href='//[x/1.CDZ'>坏链接.CDZ</a><a href='/tz/2.shtml'>2.shtml</a>"
    )
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}<p>{links}</p></div>")
    assert [a.name for a in record.attachments] == ["招标文件.CDZ", "现场照片.jpg"]


def test_a_scan_beneath_a_head_that_is_named_like_that_of_a_page() -> None:
    head = f"<div class='top_cont'><h1>{TITLE}</h1><h3><span>2031-05-18</span> <span>来源：水利处</span></h3></div>"
    record = read(f"<div class='n'>{head}<div class='n-c'><img src='/img/2.jpg'></div></div>")
    assert (record.title, [a.name for a in record.attachments]) == (TITLE, ["2.jpg"])


def test_a_label_in_bold_right_before_its_day() -> None:
    record = read(f"<h1>{TITLE}</h1><div><b>发布时间</b>2031.08.19</div><div id='zoom'>{TEXT}</div>")
    assert str(record.published_on) == "2031-08-19"
    other = read(f"<h1>{TITLE}</h1><div><b>发布时间</b>表</div><div id='zoom'>{TEXT}</div>")
    assert other.published_on is None


def test_signs_of_a_font_of_icons_are_no_words() -> None:
    line = "<span class='f'>&#xe6a1;</span>2031-03-18 09:20<span class='f'>&#xe600;</span>1.2k"
    assert (
        str(read(f"<h1>{TITLE}</h1><div>{line}</div><div id='zoom'>{TEXT}</div>").published_on)
        == "2031-03-18"
    )


@pytest.mark.parametrize("no", ["文件编号(文号)", "文件编号（文号）", "信息文号（发文字号）"])
def test_a_label_with_a_prefix_and_what_it_also_means(no: str) -> None:
    card = (
        f"<tr><td>{no}：</td><td>临水〔2031〕17号</td><td>公开日期（年-月-日）：</td><td>2031-05-17</td></tr>"
    )
    record = read(f"<table>{card}</table><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert (record.document_number, str(record.published_on)) == ("临水〔2031〕17号", "2031-05-17")


def test_a_file_whose_script_asks_for_it_by_no_name() -> None:
    asked = "/web/attach/downloadztbattach?attachGuid=ab1&siteGuid=7"
    links = (
        f"<a href='javascript:void(0)' onclick=\"ztbfjyz('{asked}')\">成交结果.pdf</a>"
        f"<a href='javascript:void(0)' onclick=\"open('/web/downloads/')\">下载中心</a>"
    )
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}<p>{links}</p></div>")
    assert [(a.name, a.url) for a in record.attachments] == [
        ("成交结果.pdf", f"https://slj.linjiang.example{asked}")
    ]


@pytest.mark.parametrize(
    "over",
    [
        "<p>临水〔2031〕44号</p>",
        "<div>临江市水利局 ｜ 临水〔2031〕44号 ｜ 2031年03月01日</div>",
        "<div><span>临水〔2031〕44号</span><span>2031-03-01</span></div>",
        "<div>临水[2031]44号</div>",
    ],
)
def test_the_number_on_the_line_over_the_title(over: str) -> None:
    for head in (f"{over}<h1>{TITLE}</h1>", f"{over}<div><h1>{TITLE}</h1></div>"):
        assert read(f"<div>{head}<div id='zoom'>{TEXT}</div></div>").document_number == "临水〔2031〕44号"


@pytest.mark.parametrize(
    "over",
    [
        "<p><a href='/1'>临水〔2031〕44号</a></p>",
        "<p>临水〔2031〕44号 临水〔2031〕45号</p>",
        "<p>转发临水〔2031〕44号文件的说明</p>",
    ],
)
def test_what_stands_over_a_title_and_is_no_number_of_its_own(over: str) -> None:
    assert read(f"<div>{over}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div></div>").document_number is None


def test_an_office_at_the_foot_signed_and_not_the_one_under_the_title() -> None:
    lines = [
        "临江市人民政府",
        "2031年3月15日",
        "各区人民政府：",
        "现将有关事项通知如下。",
        "请认真贯彻执行。",
        "特此通知。",
    ]
    signed = signature([*lines, "临江市财政局", "2031年3月1日"])
    assert signed is not None
    assert (signed.bodies, signed.date_line) == (("临江市财政局",), "2031年3月1日")


def test_a_place_in_front_of_a_dash_is_no_site_before_the_title() -> None:
    title = "甲市-乙市城际铁路沿线土地利用2030年度规划"
    assert read("<div id=zoom><p>为统筹铁路沿线土地利用，编制本规划。</p></div>", title).title == title


ANNEX = "<p>各地要加强巡查值守，落实各项责任。</p><p>{}</p><p>2030年12月20日</p>"
OWN = "<p>现将《临江市防汛预案》印发给你们，请遵照执行。</p>{}<p>临江市防汛预案</p>" + ANNEX.format(
    "临江市防汛指挥部"
)
BEHIND = f"{TEXT}{{}}{ANNEX.format('临江市财政局')}{{}}{ANNEX.format('临江市水利局')}"
TWO_OFFICES = "中共临江市委办公室 临江市人民政府办公室关于印发临江市防汛预案的通知"
ISSUES = "临江市人民政府办公室关于印发临江市防汛预案的通知"


@pytest.mark.parametrize(
    ("title", "text", "issuer", "day"),
    [
        (ISSUES, OWN.format(""), None, "None"),
        (
            "临江市水利局转发省水利厅关于开展防汛检查的通知",
            "<p>现将通知转发给你们。</p><p>浙江省水利厅关于开展防汛检查的通知</p>" + ANNEX.format("浙江省水利厅"),
            None,
            "None",
        ),
        ("临江市水利局关于防汛检查的通知", f"{TEXT}<p>附：会议纪要</p>" + ANNEX.format("临江市财政局"), None, "None"),
        # The own signature comes first, or says the same office in other words, or the title names none.
        (ISSUES, OWN.format("<p>临江市人民政府办公室</p><p>2031年1月5日</p>"), "临江市人民政府办公室", "2031-01-05"),
        (TWO_OFFICES, OWN.format("<p>临江市人民政府办公室</p><p>2031年1月5日</p>"), "临江市人民政府办公室", "2031-01-05"),
        ("临江市防指关于印发临江市防汛预案的通知", OWN.format(""), "临江市防汛指挥部", "2030-12-20"),
        ("关于印发临江市防汛预案的通知", OWN.format(""), "临江市防汛指挥部", "2030-12-20"),
        ("临江市关于印发临江市防汛预案的通知", OWN.format(""), "临江市防汛指挥部", "2030-12-20"),
        ("关于防汛检查的通知", BEHIND.format("<p>附件</p>", ""), None, "None"),
        ("关于防汛检查的通知", BEHIND.format("<p>附件：检查表</p>", "<p>附件</p>"), "临江市财政局", "2030-12-20"),
        ("关于防汛检查的通知", BEHIND.format("<p>附件：</p><p>检查方案</p>", "<p>附件</p>"), "临江市财政局", "2030-12-20"),
        # Another office than the title names, and no annex in front of it.
        ("临江市水务局关于防汛检查的通知", f"{SIGNED}<p>附件：检查表</p>", "临江市水利局", "2031-02-26"),
        ("临江市水务局关于防汛检查的通知", SIGNED.replace("<p>临江", "<p>附件：检查方案</p><p>临江"), "临江市水利局", "2031-02-26"),
        ("临江市水务局关于防汛检查的通知", f"<p>关于防汛检查的通知</p>{SIGNED}", "临江市水利局", "2031-02-26"),
    ],
)  # fmt: skip
def test_who_signs_an_annex_did_not_sign_the_document(
    title: str, text: str, issuer: str | None, day: str
) -> None:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>{text}</div></body></html>"
    read = extract_page(page.encode(), "https://slj.linjiang.example/a/1.html", book=BOOK)
    record = read.disclosure
    assert record is not None
    assert (record.issuing_body, str(record.issued_on)) == (issuer, day)
    assert ("conflicting_issuing_body" in [p.code for p in read.problems]) == (issuer is None)


def test_an_office_that_a_label_names_too_signed_the_document() -> None:
    card = "<table><tr><td>索引号</td><td>LJ-1</td></tr><tr><td>发文机关</td><td>临江市防汛指挥部</td></tr></table>"
    record = read(f"{card}<h1>{ISSUES}</h1><div id='zoom'>{OWN.format('')}</div>", ISSUES)
    assert str(record.issued_on) == "2030-12-20"
