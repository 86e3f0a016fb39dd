"""Words that are labels elsewhere, in the middle and at the end of a text; texts of rows and short lines beside labels."""

from __future__ import annotations

import re
from datetime import date

import pytest

from archive.model import Disclosure, Extraction, PageKind
from crawler.extract.page import extract_page
from crawler.extract.values import numbers
from tests.crawler.test_saved_pages import BOOK

URL = "https://www.linjiang.example.gov.cn/zw/t20310302_17.html"
NAV = '<div class="a1"><a href="/">首页</a><a href="/zw/">政务公开</a><a href="/fw/">办事服务</a></div>'
FOOT = (
    '<div class="z9"><p>主办：临江市人民政府办公室</p><p>赣ICP备12345678号 网站标识码：3600000001</p></div>'
)


def extract(inner: str, name: str = "临江市") -> Extraction:
    page = (
        f"<html><head><meta charset=utf-8><title>{name}</title></head><body>{NAV}{inner}{FOOT}</body></html>"
    )
    return extract_page(page.encode(), URL, book=BOOK)


def read(inner: str, name: str = "临江市") -> Disclosure:
    record = extract(inner, name).disclosure
    assert record is not None
    return record


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_a_guide_that_explains_labels_has_none() -> None:
    """Its title was 信息的标题。 and its index number the explanation of one."""
    title = "临江市政府信息公开指南（2031年版）"
    lines = [
        "为方便公众获取政府信息，编制本指南。",
        "索引号：由区域代码、机构代码、年份和流水号组成，如“360100/2031-00001”。",
        "信息名称：信息的标题。",
        "发布机构：指公开信息的机关。",
        "文号：指公文的发文字号。",
        "公众可以在本市政府网站查阅主动公开的信息。",
    ]
    record = read(
        f'<div class="b"><h1>{title}</h1><p>发布时间：2031-03-01</p><div class="c">{paragraphs(*lines)}</div></div>',
        title,
    )
    assert (record.title, record.published_on) == (title, date(2031, 3, 1))
    assert (record.index_number, record.issuing_body, record.document_number) == (None, None, None)
    assert record.body_text == "\n".join(lines)


def test_the_card_of_the_document_that_is_forwarded() -> None:
    title = "临江市科技局转发省科技厅关于申报科技奖的通知"
    sent = paragraphs(
        "各有关单位：", "现将省科技厅的通知转发给你们，请认真组织申报。", "临江市科学技术局", "2031年3月3日"
    )
    card = "<table><tr><td>索引号：</td><td>S00/2031-7</td><td>文号：</td><td>省科发〔2031〕2号</td></tr></table>"
    record = read(
        f"<h2>{title}</h2><p>发布时间：2031-03-04</p><div>{sent}"
        f"{card}"
        f"{paragraphs('各市科技局：', '现就申报有关事项通知如下，请按时报送材料。')}</div>"
    )
    assert (record.index_number, record.document_number, record.issuing_body) == (
        None,
        None,
        "临江市科学技术局",
    )


@pytest.mark.parametrize("apart", ["p", "br"])
def test_the_last_line_of_a_text_may_be_a_day_with_a_label(apart: str) -> None:
    """日期：2031年9月1日 was taken out of the text for the day of publication, and once the whole text with it."""
    lines = [
        "1.招标条件",
        "本项目已由临江市发展和改革委员会批准建设，现进行公开招标。",
        "2.招标范围",
        "2.1 工期：540日",
        "招标人：临江市城市建设有限公司",
        "日期：2031年9月1日",
    ]
    text = paragraphs(*lines) if apart == "p" else f"<p>{'<br>'.join(lines)}</p>"
    title = "临江市代建单位招标公告"
    record = read(f'<h1>{title}</h1><div class="d">2031-09-03</div><div>{text}</div>', title)
    assert record.body_text == "\n".join(lines)
    assert record.published_on == date(2031, 9, 3)


TABLE = "<table><tr><td>村</td><td>姓名</td><td>金额（元）</td></tr><tr><td>新田村</td><td>向某</td><td>1200</td></tr></table>"
ROWS = "村\t姓名\t金额（元）\n新田村\t向某\t1200"
NAMED = "青山镇2031年临时救助资金发放公示"


@pytest.mark.parametrize(
    "page",
    [
        '<div class="w"><div class="k"><div><i>发布机构</i><b>青山镇人民政府</b></div><div><i>公开日期</i><b>2031-03-02</b></div></div>'
        f"<h2>{NAMED}</h2><div class='n'>{TABLE}</div></div>",
        f'<div class="w"><div class="t">{NAMED}</div><div class="n">{TABLE}</div><div class="k"><p><b>【发布机构】</b>青山镇人民政府</p>'
        "<p><b>【发布时间】</b>2031-03-02</p><p><b>【索引号】</b>Q1/2031-7</p></div></div>",
        '<div class="w"><div class="k"><div><em>发<i></i>布<i></i>机<i></i>构：</em><span>青山镇人民政府</span></div>'
        "<div><em>公开日期：</em><span>2031-03-02</span></div><div><em>索<i></i>引<i></i>号：</em><span>Q1/2031-7</span></div>"
        f"<div><em>文<i></i><i></i>号：</em><span></span></div></div><div class='n'>{TABLE}</div></div>",
        f'<div class="e"><h3>{NAMED}</h3><div class="s"><p>【信息时间：2031/3/2&nbsp; 阅读次数：<span></span>】<a href="#">【我要打印】</a>'
        f'<a href="#">【关闭】</a></p></div><div class="n"><div>{TABLE}</div></div></div>',
        f'<div><div class="v"><h2>{NAMED}</h2><p><span>2031年3月2日 18:01</span>&nbsp;来源：<span>某采购网</span>'
        '&nbsp;【<a href="#">打印</a>】</p></div>'
        f'<div class="n">{TABLE}</div></div>',
    ],
    ids=["card-before", "card-behind", "spaced-labels", "bracketed-line", "day-first-line"],
)
def test_a_text_of_rows_is_none_of_the_card_beside_it(page: str) -> None:
    """Without a full stop in it, the element around both was taken for the card: the record had no text."""
    record = read(page, NAMED)
    assert record.body_text == ROWS
    assert record.published_on == date(2031, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "<div>因管道维修，3月2日青山镇街道停水，请提前储水。</div><div>临江市自来水公司</div>",
        "<div><div><div><span>因管道维修，3月2日青山镇街道停水，请提前储水。</span></div></div>"
        "<div><div><span>临江市自来水公司</span></div></div></div>",
    ],
    ids=["two-lines", "wrapped"],
)
def test_lines_in_divs_without_a_name_are_one_text(text: str) -> None:
    """Only the first of two was read."""
    record = read(
        f'<div class="m"><h1>停水公告</h1><div class="i">發佈時間：2031-03-01　瀏覽次數：33</div><div class="c">{text}</div>'
        '<div class="o"><a href="javascript:print()">列印</a> <a href="javascript:close()">關閉</a></div></div>',
        "停水公告",
    )
    assert record.body_text == "因管道维修，3月2日青山镇街道停水，请提前储水。\n临江市自来水公司"


@pytest.mark.parametrize("apart", ["p", "br"])
def test_who_speaks_at_a_conference(apart: str) -> None:
    """发布人：… was left out, as who put the page online; 时间：…（星期二） was the day of publication."""
    lines = [
        "时间：2031年3月4日（星期二）上午10:00",
        "地点：市政务中心三楼",
        "主持人：市委宣传部副部长 王某",
        "发布人：市应急管理局局长 周某",
        "王某：",
        "各位记者，大家上午好！欢迎出席今天的新闻发布会。",
    ]
    text = paragraphs(*lines) if apart == "p" else "<br>".join(lines)
    title = "临江市防汛抗旱新闻发布会实录"
    record = read(f'<h1>{title}</h1><div class="c">{text}</div>', title)
    assert (record.body_text, record.published_on) == ("\n".join(lines), None)


def test_a_red_head_is_no_part_of_the_number_beside_it() -> None:
    title = "临江市农业农村局关于做好秋粮收购的通知"
    head = "<table><tr><td>临江市农业农村局文件</td></tr><tr><td>临农发〔2031〕31号</td></tr></table>"
    text = paragraphs("各区农业农村局：", "现将有关事项通知如下，请遵照执行。")
    record = read(f"<div><div>{head}<p align=center><b>{title}</b></p>{text}</div></div>", title)
    assert record.document_number == "临农发〔2031〕31号"
    assert numbers.own_line("临江市农业农村局文件 临农发〔2031〕31号") == "临农发〔2031〕31号"


def test_a_card_that_a_script_fills_is_no_document() -> None:
    """It passed as an edit that took all of the text away."""
    card = '<div>索引号：<span id="a"></span> 发布机构：<span id="b"></span> 发布日期：<span id="c"></span></div>'
    got = extract(
        f'<div class="x"><h1 id="t"></h1>{card}<div id="n">正在加载...</div></div><script>$.get("/d",f)</script>'
    )
    assert (got.kind, got.disclosure) == (PageKind.OTHER, None)


def test_the_name_of_the_page_of_a_letter_is_no_title() -> None:
    rows = [("信件标题", "关于公交线路调整的咨询"), ("信件内容", "请问12路公交何时恢复？"), ("回复单位", "临江市交通运输局"),
            ("回复时间", "2031-03-06 10:00"), ("回复内容", "您好，12路公交将于下周恢复运营，感谢关注。")]  # fmt: skip
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    record = read(f"<h3>信件详情</h3><table>{table}</table>", "信件详情")
    assert (record.title, record.issuing_body) == ("关于公交线路调整的咨询", "临江市交通运输局")


def test_questions_to_readers_behind_a_text() -> None:
    title = "临江市公积金中心关于调整贷款额度的通知"
    lines = [
        "各缴存单位：",
        "自2031年7月1日起，最高贷款额度调整为60万元。",
        "临江市公积金中心",
        "2031年6月2日",
    ]
    asked = f"{paragraphs('您对本页面的内容是否满意？', '○满意 ○基本满意 ○不满意', '提交')}</div><div>本文链接：https://a.example.cn/1.html"
    record = read(
        f'<div class="x"><h1>{title}</h1><div class="n">{paragraphs(*lines)}</div><div class="p">{asked}</div></div>',
        title,
    )
    assert record.body_text == "\n".join(lines)


SAID = ("各区水利局：", "现将汛前检查有关事项通知如下，请认真组织实施。")
HEADINGS = (
    "一、<b>时间</b>",
    "<strong>时间</strong>",
    "<span>时间</span>：4月8日",
    "<b>来源</b>：群众举报",
    "<b>文号</b>：另行通知",
    "二、<span>标题</span>",
)


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize(
    "bar", ["发布时间：2031-03-05", "来源：市水利局　发布时间：2031-03-05　浏览次数：12"]
)
@pytest.mark.parametrize("behind", ["请认真执行，不得延误。", "2031年4月8日上午9:00"])
def test_a_heading_of_a_text_beside_the_line_under_the_title_is_no_label_of_it(
    heading: str, bar: str, behind: str
) -> None:
    """They were taken for more of that line, and the headings of the text were lost."""
    title = "关于开展汛前检查的通知"
    for template in ("<div class='m'><h1>{}</h1>{}</div>", "<table><tr><td><h1>{}</h1>{}</td></tr></table>"):
        lines = (bar, *SAID, heading, behind, "临江市水利局", "2031年3月1日")
        record = read(template.format(title, paragraphs(*lines)), title)
        plain = re.sub("<[^>]+>", "", heading)
        assert (record.body_text or "").split("\n") == [*SAID, plain, *lines[-3:]]
        assert (record.published_on, record.issued_on) == (date(2031, 3, 5), date(2031, 3, 1))
        assert record.document_number is None


@pytest.mark.parametrize("foot", ["来源：市水利局　作者：李某", "<span>来源</span>：市水利局"])
def test_the_line_behind_a_text_beside_the_line_under_the_title_is_of_the_page(foot: str) -> None:
    title = "关于开展汛前检查的通知"
    text = paragraphs("发布时间：2031-03-05", *SAID, foot)
    record = read(f"<div class='m'><h1>{title}</h1>{text}</div>", title)
    assert (record.content_source, record.body_text) == ("市水利局", "\n".join(SAID))


@pytest.mark.parametrize(
    "template",
    [
        "<div class='m'><h1>{}</h1>{}</div>",
        "<table><tr><td width=200><ul><li><a href='/1.html'>关于甲的通知</a></li></ul></td><td><h1>{}</h1>{}</td></tr></table>",
    ],
)
@pytest.mark.parametrize("form", ["<p>{}</p>", "{}<br>", "<div>{}</div>"])
def test_a_text_of_items_without_a_sentence_in_a_cell_with_its_title(template: str, form: str) -> None:
    """Its whole row was taken for the card, and the page for a list."""
    title = "临江市水利局堤防加固工程招标公告"
    said = (
        "一、项目名称：堤防加固工程",
        "二、项目编号：LJ-2031-008",
        "三、<b>公告时间</b>：2031年3月1日至3月8日",
        "四、联系方式",
        "地址：临江市人民路1号",
    )
    signed = ("临江市水利局", "2031年3月1日")
    lines = "".join(form.format(line) for line in (*said, *signed))
    read_from = extract(template.format(title, f"<p>发布时间：2031-03-05</p>{lines}"), title)
    record = read_from.disclosure
    assert record is not None
    assert read_from.problems == ()
    assert (record.body_text or "").split("\n") == [re.sub("<[^>]+>", "", line) for line in (*said, *signed)]
    assert (record.title, record.published_on, record.issued_on) == (
        title,
        date(2031, 3, 5),
        date(2031, 3, 1),
    )
