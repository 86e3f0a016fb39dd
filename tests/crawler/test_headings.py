"""Headings that hold more than the title, or less of it, as templates write them."""

from __future__ import annotations

import json

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)


def read(markup: str, title: str = "临江市人民政府") -> Disclosure:
    page = f"<html><head><title>{title}</title></head><body>{markup}<div class='k8'><p>主办：临江市水利局</p></div></body></html>"
    record = extract_page(
        page.encode(), "https://slj.linjiang.example.gov.cn/tz/1.html", book=BOOK
    ).disclosure
    assert record is not None, markup
    return record


@pytest.mark.parametrize(
    "head",
    [
        "<div class='ar_tit'><h3>{}</h3><h6><span>发布时间：2031-03-01</span><span>点击：[<script>hits(1)</script>]</span></h6></div>",
        "<div class='art_title'><h2>{}</h2><h5>2031-03-01</h5></div>",
        "<div class='zsy_cotitle'>{}<p>文章来源：改革局　发布时间：2031-03-01</p></div>",
        "<div class='title'>{}<div>时间：2031-03-01</div></div>",
        "<div class='bt'>\n  {}\n  <span class='rq'>[2031-03-01]</span></div>",
        "<div class='top_cont'><h1>{}</h1><h3><span>2031-03-01</span> <span>来源：改革局</span></h3></div>",
    ],
)
def test_an_element_named_like_a_title_may_hold_the_line_under_it(head: str) -> None:
    record = read(f"<div class='k1'>{head.format(TITLE)}<div id='zoom'>{TEXT}</div></div>")
    assert (record.title, str(record.published_on)) == (TITLE, "2031-03-01")


def test_an_article_may_have_a_header_of_its_own() -> None:
    bar = "<div class='meta'><i class='i1'></i>2031.03.01 <i class='i2'></i>临江市水利局 <i class='i3'></i>205</div>"
    head = f"<header class='detail-header'><h1>{TITLE}</h1>{bar}</header>"
    record = read(
        f"<section class='detail-page'>{head}<article class='detail-body'>{TEXT}</article></section>"
    )
    assert (record.title, str(record.published_on)) == (TITLE, "2031-03-01")
    site = f"<header class='site'><h1>临江市防汛专题信息发布</h1></header><h2>{TITLE}</h2><div id='zoom'>{TEXT}</div>"
    assert read(site).title == TITLE


def test_a_label_in_a_cell_named_title_is_no_title() -> None:
    table = "<table><tr><td class='title' colspan='2'>公告概要：</td></tr><tr><td class='title'>采购人</td><td>水利局</td></tr></table>"
    head = "<h2 class='tc'>临江市水利局河道清淤工程公开招标公告</h2>"
    record = read(f"<div class='k1'>{head}<div class='k2'>{table}</div><div class='k3'>{TEXT}</div></div>")
    assert record.title == "临江市水利局河道清淤工程公开招标公告"


@pytest.mark.parametrize("tag", ["h1", "h2", "h3"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("临江市水利局", TITLE),
        ("临江市人民政府办公室关于印发", "临江市河道采砂管理方案的通知"),
        ("临江市水利局　临江市财政局", TITLE),
    ],
)
def test_a_title_in_two_headings(tag: str, first: str, second: str) -> None:
    heads = f"<{tag}>{first}</{tag}>\n<{tag}>{second}</{tag}>"
    line = "<div class='k2'><span>2031-03-01</span></div>"
    joined = (first + second).replace("　", " ")
    for title in ("临江市人民政府", f"{second}_临江市"):
        record = read(f"<div class='k1'>{heads}{line}<div class='k3'>{TEXT}</div></div>", title)
        assert record.title is not None
        assert record.title.replace(" ", "") == joined.replace(" ", "")
        assert str(record.published_on) == "2031-03-01"


@pytest.mark.parametrize("first", ["通知公告", "政策文件", "水旱灾害防御", "关于印发防汛方案的通知"])
def test_a_heading_over_a_title_that_is_none_of_it(first: str) -> None:
    record = read(f"<div class='k1'><h2>{first}</h2><h2>{TITLE}</h2><div id='zoom'>{TEXT}</div></div>")
    assert record.title == TITLE


@pytest.mark.parametrize("issue", ["2031年第3期 总第87期", "2031年第3期（总第87期）", "第 3 期"])
def test_the_issue_of_a_gazette_is_no_part_of_a_title(issue: str) -> None:
    page = f"<div class='k1'><div class='k2'>{issue}</div><div class='k3'>{TITLE}</div><div class='k4'>{TEXT}</div></div>"
    assert read(page, "临江市人民政府公报2031年第3期").title == TITLE


@pytest.mark.parametrize(
    "name", ["2030年度市级预算执行审计结果", "张某某同志基本情况", "临江市召开河长制工作会议"]
)
@pytest.mark.parametrize(
    "line", ["发布时间：2031-03-01 16:40 信息来源：市水利局", "2031-03-01　来源：市水利局　阅读：12"]
)
def test_what_stands_right_over_the_line_of_labels_is_the_title(name: str, line: str) -> None:
    head = f"<div class='k2'>{name}</div><div class='k3'>{line}</div>"
    for text in (f"<div class='k4'>{TEXT}</div>", f"<div id='zoom'>{TEXT}</div>", TEXT):
        for page in (
            f"<div class='k1'>{head}{text}</div>",
            f"<div class='k1'><div class='k5'>{head}</div>{text}</div>",
        ):
            record = read(page)
            assert record.title == name, page
            assert (record.body_text or "").startswith("各区水利局："), page


def test_a_link_over_the_line_of_labels_is_no_title() -> None:
    head = "<div class='k2'><a href='/a.html'>下载客户端看更多政务新闻</a></div><div class='k3'>发布时间：2031-03-01 来源：市水利局</div>"
    assert read(f"<div class='k1'>{head}<div class='k4'>{TEXT}</div></div>").title is None


@pytest.mark.parametrize("site", ["临江林业网", "中国·临江", "临江水利信息网", "临江市水利局门户网站"])
def test_the_name_of_a_site_is_no_title(site: str) -> None:
    head = f"<h1>{site}</h1><div class='k2'><h3>{TITLE}</h3><small>2031/3/1 市水利局</small>"
    record = read(f"{head}<div class='article_con'>{TEXT}</div></div>", site)
    assert (record.title, str(record.published_on)) == (TITLE, "2031-03-01")


@pytest.mark.parametrize(
    "where", ["", "<div class='wz'>您的位置：<a href='/'>首页</a>-<a href='/tz/'>通知公告</a></div>"]
)
@pytest.mark.parametrize("name", ["article-content", "zoom", "k1"])
@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_heading_that_opens_the_element_of_the_text_over_its_line(name: str, tag: str, where: str) -> None:
    head = f"{where}<{tag}>{TITLE}</{tag}><div class='ly'><span>来源：市水利局</span><span>2031-03-01 09:30</span></div>"
    record = read(f"<div class='{name}'>{head}<div class='word'>{TEXT}</div></div>")
    assert (record.title, str(record.published_on), record.content_source) == (
        TITLE,
        "2031-03-01",
        "市水利局",
    )
    assert (record.body_text or "").startswith("各区水利局：")


@pytest.mark.parametrize("name", ["article-content", "zoom"])
def test_a_heading_over_its_line_is_the_title_whatever_it_ends_with(name: str) -> None:
    head = "<h3>临江市水利局2031年部门预算公开</h3><div class='ly'>来源：市水利局 时间：2031-03-01</div>"
    record = read(f"<div class='{name}'>{head}<div class='word'>{TEXT}</div></div>")
    assert record.title == "临江市水利局2031年部门预算公开"
    assert (record.body_text or "").startswith("各区水利局：")


@pytest.mark.parametrize("tag", ["h1", "h2"])
@pytest.mark.parametrize("name", ["zoom", "k1"])
def test_a_table_under_a_title_within_the_element_of_the_text_is_its_text(tag: str, name: str) -> None:
    heads = "<tr><th>序号</th><th>许可文书号</th><th>日期</th></tr>"
    rows = "".join(f"<tr><td>{i}</td><td>临水许〔2031〕1{i}号</td><td>2031-03-0{i}</td></tr>" for i in (1, 2))
    title = "临江市水利局2031年3月行政许可公示"
    record = read(
        f"<div class='{name}'><{tag}>{title}</{tag}><p>时间：2031-04-01</p><table>{heads}{rows}</table></div>"
    )
    assert (record.title, record.document_number, str(record.published_on)) == (title, None, "2031-04-01")
    assert "临水许〔2031〕12号" in (record.body_text or "")


@pytest.mark.parametrize("first", ["一、总体要求", "第一章 总则", "总体要求"])
def test_a_heading_of_a_section_stays_in_the_text(first: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div id='zoom'><h2>{first}</h2>{TEXT}</div>")
    assert (record.body_text or "").startswith(first)


@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_title_within_the_element_of_the_text_is_no_line_of_it(tag: str) -> None:
    head = f"<{tag} class='arttitle'>{TITLE}</{tag}><div class='artinfo'>作者：局办公室 时间：2031-03-01 浏览：51次</div>"
    record = read(f"<div class='artcon'>{head}{TEXT}</div>")
    assert record.title == TITLE
    assert record.body_text is not None
    assert record.body_text.startswith("各区水利局：")


@pytest.mark.parametrize(
    ("head", "titled", "title"),
    [
        (
            "临江市燃气管理条例",
            "临江市燃气管理条例_其他文件_临江之窗_临江市人民政府门户网站",
            "临江市燃气管理条例",
        ),
        ("临江市人民政府", "临江市人民政府_其他文件_临江之窗", None),
        ("临江之窗", "临江市燃气管理条例_其他文件_临江之窗", "临江市燃气管理条例"),
    ],
)
def test_the_heading_of_a_page_stands_in_its_head(head: str, titled: str, title: str | None) -> None:
    card = "<ol class='doc-info'><li>[主题分类] 城乡建设</li><li>[成文日期] 2030-09-25</li></ol>"
    text = "<p><strong>第一条</strong>　为了加强燃气管理，制定本条例。</p><p><strong>第二条</strong>　燃气活动适用本条例。</p>"
    box = f"<div class='box'>{card}<div class='mainTextBox'><div class='TRS_UEDITOR'>{text}</div></div></div>"
    assert read(f"<div class='header'><h1>{head}</h1></div>{box}", titled).title == title


def test_a_title_that_only_the_mark_of_a_cms_tells() -> None:
    """Its cell has no name, and the page's title is that of the column."""
    name = "临江市区三轮车整治听证会召开"
    cell = f"<tr><td align=center><!--<$[标题]>begin-->{name}<!--<$[标题]>end--></td></tr>"
    line = "<tr><td>日期：2031-03-01 来源：临江日报</td></tr>"
    record = read(f"<table>{cell}{line}<tr><td id='zoom'>{TEXT}</td></tr></table>", "听证会")
    assert (record.title, record.content_source) == (name, "临江日报")


@pytest.mark.parametrize(
    ("titled", "title"),
    [
        ("临江市燃气管理条例（2031年修订）", "临江市燃气管理条例（2031年修订）"),
        ("临江市燃气管理条例_临江市城市管理局", "临江市燃气管理条例"),
        ("政策法规_临江市城市管理局", None),
        ("条例", None),
        ("临江市燃气管理办法", None),
    ],
)
def test_the_page_s_title_names_the_law_that_its_text_makes(titled: str, title: str | None) -> None:
    """Nothing on the page is its heading: the text begins with when the law was passed."""
    passed = "<p>（2031年6月29日临江市第九届人民代表大会常务委员会第二十八次会议通过）</p><p>第一章 总则</p>"
    text = "<p>第一条 为了加强燃气管理，制定本条例。</p><p>第二条 燃气活动适用本条例。</p>"
    assert read(f"<div id='zoom'>{passed}{text}</div>", titled).title == title


@pytest.mark.parametrize(
    ("set_in_lines", "title"),
    [
        ("临江市水利局关于印发\n防汛工作准则的通知", "临江市水利局关于印发防汛工作准则的通知"),
        ("防汛工作准则的通知\r\n（2031年修订）", "防汛工作准则的通知（2031年修订）"),
        ("临江市水利局\n临江市财政局关于印发某办法的通知", "临江市水利局 临江市财政局关于印发某办法的通知"),
        ("临江市人民政府\n办公室关于印发某办法的通知", "临江市人民政府办公室关于印发某办法的通知"),
    ],
)
def test_a_title_of_several_lines_in_data(set_in_lines: str, title: str) -> None:
    """In a meta tag and in an API's record, as in a heading with breaks."""
    page = f"<html><head><meta name='ArticleTitle' content='{set_in_lines}'></head><body><div id='zoom'>{TEXT}</div></body></html>"
    record = json.dumps({"data": {"docTitle": set_in_lines, "docClob": TEXT}})
    for body in (page, record):
        got = extract_page(body.encode(), "https://linjiang.example/DocInfo?docId=9", book=BOOK).disclosure
        assert got is not None
        assert got.title == title
    assert read(f"<h1>{set_in_lines.replace(chr(10), '<br>')}</h1><div id='zoom'>{TEXT}</div>").title == title


@pytest.mark.parametrize(
    ("column", "heading", "title"),
    [
        ("局领导活动", "临江市水利局领导检查汛前准备", "临江市水利局领导检查汛前准备"),
        ("局领导活动", "", "局领导活动"),
        ("局领导活动", "局领导活动", "局领导活动"),
        ("水利要闻", "临江市水利局领导检查汛前准备", "局领导活动"),
    ],
    ids=["heading", "none", "the-column-itself", "another-column"],
)
def test_an_article_title_that_is_the_column_s_name(column: str, heading: str, title: str) -> None:
    head = f"<h1>{heading}</h1>" if heading else ""
    page = (
        f"<html><head><meta name='ColumnName' content='{column}'><meta name='ArticleTitle' content='局领导活动'></head>"
        f"<body>{head}<p>时间：2031-03-01 来源：临江市水利局</p><div id='zoom'>{TEXT}</div></body></html>"
    )
    got = extract_page(page.encode(), "https://linjiang.example/a/1.html", book=BOOK).disclosure
    assert got is not None
    assert got.title == title


@pytest.mark.parametrize("head", ["<h1>公告</h1>", "<div class='k3_h'>公示</div>"])
def test_a_heading_may_say_the_kind_of_document_alone(head: str) -> None:
    line = "<div class='k3_x'><span>发布日期：2031-03-01</span> <span>浏览次数：</span></div>"
    text = f"<div class='k3'>{TEXT}</div>"
    assert read(head + line + text).title == head.split(">")[1][:2]
    assert read(head + text).title is None  # the name of a column as well
    assert read(head + f"<p>{TITLE}</p>" + line + text).title == TITLE
