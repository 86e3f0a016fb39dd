"""Short notices in templates of which nothing is known: their text stands beneath their title."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from archive.model import Disclosure, PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://www.linjiang.example.gov.cn/zw/t20310302_17.html"
NOTICES: dict[str, Sequence[str]] = {
    "停电公告": ["1月3日停电。"],
    "关于三号厂房搬迁的批复": ["你厂来文收悉。同意搬迁。"],
    "关于张某某任职的通知": ["张某某任市水利局副局长。", "免去李某某市水利局副局长职务。"],
    "公示": ["拟录用人员：张三、李四", "公示期：1月3日至1月9日"],
    "关于召开会议的通知": ["时间：1月3日上午9时", "地点：三楼会议室"],
    "中标公告": ["中标人：临江某某公司", "中标价：12.5万元"],
    "通告": ["即日起封闭人民路。", "临江市公安局交通警察支队", "2031年3月1日"],
    "更正公告": ["原公告中“2030年”应为“2031年”。特此更正。"],
}
NAV = '<div class="a1"><a href="/">首页</a><a href="/zw/">政务公开</a><a href="/fw/">办事服务</a><a href="/hd/">互动交流</a></div>'
FOOT = (
    '<div class="z9"><p>主办：临江市人民政府办公室　承办：临江市大数据局</p><p>地址：临江市人民路1号　邮编：330000　电话：0791-88888888</p>'
    "<p>赣ICP备12345678号 网站标识码：3600000001</p></div>"
)
SIDE = "".join(
    f'<li><a href="/zw/t{k}.html">关于第{k}号事项的通知公告</a><span>2031-01-0{k}</span></li>'
    for k in range(1, 6)
)
SIDE = f'<div class="s2"><h3>最新公告</h3><ul>{SIDE}</ul></div>'
BAR = '<div class="i3">发布时间：2031-03-02 10:05　来源：市政府办　浏览次数：17</div>'
LINES: dict[str, Callable[[Sequence[str]], str]] = {
    "p": lambda lines: "".join(f"<p>{line}</p>" for line in lines),
    "div": lambda lines: "".join(f"<div>{line}</div>" for line in lines),
    "br": "<br>".join,
}
LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "element": lambda title, text: (
        f'{NAV}<div class="m1"><h1>{title}</h1>{BAR}<div class="c1">{text}</div></div>{FOOT}'
    ),
    "beside links": lambda title, text: (
        f'{NAV}<div class="w"><div class="m1"><h2>{title}</h2>{BAR}<div class="c1">{text}</div></div>{SIDE}</div>{FOOT}'
    ),
    "siblings": lambda title, text: (
        f'{NAV}<div class="m1"><div class="tt">{title}</div>{BAR}{text}</div>{FOOT}'
    ),
    "rows": lambda title, text: (
        f"{NAV}<table><tr><td><b>{title}</b></td></tr><tr><td>发布时间：2031-03-02　来源：市政府办</td></tr>"
        f"<tr><td>{text}</td></tr></table>{FOOT}"
    ),
    "columns": lambda title, text: (
        f"{NAV}<table><tr><td>{SIDE}</td><td><table><tr><td><font>{title}</font></td></tr><tr><td>{text}</td></tr></table></td></tr></table>{FOOT}"
    ),
    "tools": lambda title, text: (
        f'{NAV}<div class="m1"><h1>{title}</h1>{BAR}<div class="t4">字体：【大】【中】【小】</div><div class="c1">{text}</div>'
        f'<div class="pn"><p>上一篇：<a href="/zw/t1.html">关于第1号事项的通知</a></p></div></div>{SIDE}{FOOT}'
    ),
}
# Not read: in a table of one column, lines that begin with a label (时间：…, 公示期：…) are taken for rows of a card.
NOT_READ = {("公示", "rows"), ("公示", "columns"), ("关于召开会议的通知", "rows")}
CASES = [(title, layout) for title in NOTICES for layout in LAYOUTS if (title, layout) not in NOT_READ]


def _read(name: str, body: str, **hints: str) -> Disclosure | None:
    page = f"<html><head><meta charset=utf-8><title>{name}_临江市人民政府</title></head><body>{body}</body></html>"
    return extract_page(
        page.encode(), URL, content_type="text/html; charset=utf-8", book=BOOK, hints=hints
    ).disclosure


@pytest.mark.parametrize("lines", LINES)
@pytest.mark.parametrize(("title", "layout"), CASES)
def test_the_text_is_what_stands_beneath_the_title(title: str, layout: str, lines: str) -> None:
    read = _read(title, LAYOUTS[layout](title, LINES[lines](NOTICES[title])), title=title)
    assert read is not None
    assert (read.title, read.body_text) == (title, "\n".join(NOTICES[title]))


@pytest.mark.parametrize("column", ["行政处罚", "人事信息", "2031年文件", "临江市财政局公告栏", "通知公告"])
def test_beneath_the_name_of_a_column_stands_no_document(column: str) -> None:
    rows = "".join(
        f'<li><a href="/zw/t{k}.html">关于第{k}号事项的通知公告</a><span>2031-01-0{k}</span></li>'
        for k in range(1, 8)
    )
    body = f'{NAV}<div class="m1"><h2>{column}</h2><p>共有17条信息</p><ul>{rows}</ul></div>{FOOT}'
    page = f"<html><head><meta charset=utf-8><title>{column}_临江市人民政府</title></head><body>{body}</body></html>"
    read = extract_page(page.encode(), URL, content_type="text/html; charset=utf-8", book=BOOK)
    assert (read.kind, read.disclosure) == (PageKind.LIST, None)


@pytest.mark.parametrize("text", ["同意。", "无。"])
def test_the_text_of_a_known_element_may_be_a_word(text: str) -> None:
    read = _read(
        "关于三号厂房搬迁的批复", f"<h1>关于三号厂房搬迁的批复</h1><div id='zoom'><p>{text}</p></div>"
    )
    assert read is not None
    assert read.body_text == text


ELSEWHERE = {
    "weather": "临江 {0}月{0}日 多云 东风{0}级 {0}~1{0}°C 空气质量：优",
    "sentence": "第{0}届临江经济论坛隆重开幕，欢迎社会各界积极参与。",
    "words": "热搜词：社保{0} 公积金{0} 就业{0}",
    "news": '<h3>要闻</h3><p><a href="/n{0}.html">第{0}次调研重点项目</a></p><p><a href="/m{0}.html">第{0}次会议召开</a></p>',
}
PLACES = {
    "above": '<div class="q1">{0}</div><h1>{1}</h1>{2}',
    "between": '<h1>{1}</h1><div class="q1">{0}</div>{2}',
    "behind": '<h1>{1}</h1>{2}<div class="q1">{0}</div>',
    "behind, in one": '<div class="w1"><h1>{1}</h1>{2}<div class="q1">{0}</div></div>',
    "beside": '<div class="w1"><div class="w2"><h1>{1}</h1>{2}</div><div class="q1">{0}</div></div>',
    "foot": '<div class="w1"><h1>{1}</h1>{2}</div><div class="q2"><p>主办：临江市人民政府办公室</p><p>{0}</p></div>',
}


@pytest.mark.parametrize("element", ['<div id="zoom">', '<div class="k7">'])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("words", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_changes_elsewhere_on_the_page_is_no_edit_of_a_short_text(
    words: str, place: str, element: str
) -> None:
    title = "关于封闭人民路的通告"
    for look in (3, 8):
        text = f"{element}<p>即日起封闭人民路，请绕行。</p></div>"
        read = _read(title, NAV + place.format(words.format(look), title, text), title=title)
        assert read is not None
        assert read.body_text == "即日起封闭人民路，请绕行。"


FOR_VISITORS = {
    "corrections": "<div><p>您的姓名：<input></p><p>如果您在浏览本网站时发现错误，请填写以上信息，感谢您的支持。</p></div>",
    "comments": "<div><textarea></textarea><p>评论须知：请遵守国家法律法规，文明发言，不得发布违法信息。</p><button>提交</button></div>",
    "answers": "<div><p>您好，我是智能问答机器人，请问有什么可以帮您？</p><ul><li>如何办理居住证？</li><li>如何贷款？</li></ul></div>",
    "rights": "<div><p>声明：凡本网注明“来源：临江市人民政府网站”的文章，版权均属本网站所有，转载请注明出处。</p></div>",
    "reader": "<div><p>为方便您的查阅，附件请使用阅读软件打开，如无法打开，请先行下载，感谢您的支持和理解。</p></div>",
    "cookies": "<div><p>本网站使用Cookie技术以提升您的浏览体验，继续浏览即表示您同意我们使用。</p></div>",
}
IN_PLACE = {
    "files": "<p><a href='/u/1.pdf'>预算公开表.pdf</a></p>",
    "picture": "<p><img src='/u/1.jpg'></p>",
    "viewer": "<iframe src='/pdfjs/web/viewer.html?file=/u/1.pdf'></iframe>",
    "program": "<p><a href='/download.jsp?id=12'>预算公开表.xls</a></p>",
    "click": "<p><a href='javascript:void(0)' onclick=\"down('/u/1.xls')\">预算公开表</a></p>",
    "a word and a file": "<p>详见附件。</p><p><a href='/u/1.pdf'>预算公开表.pdf</a></p>",
}
TABLE = "临江市2031年财政预算公开表"


def page_beneath(head: str, rest: str, title: str = "临江市财政局") -> Disclosure:
    foot = "<div><p>主办：临江市财政局</p><p>赣ICP备05000001号</p></div>"
    markup = f"<meta charset=utf-8><title>{title}-临江市财政局</title><div class=a>{head}</div>{rest}{foot}"
    record = extract_page(markup.encode(), "https://czj.linjiang.example.gov.cn/1.html", book=BOOK).disclosure
    assert record is not None
    return record


@pytest.mark.parametrize("said", FOR_VISITORS)
@pytest.mark.parametrize("shown", IN_PLACE)
def test_words_to_the_visitor_are_no_text_where_files_or_pictures_stand_beneath_the_title(
    shown: str, said: str
) -> None:
    """They were the text of such pages, in front of which no title was found, nor files beside it."""
    own = f"<h2>{TABLE}</h2><div>发布日期：2031-02-20</div><div class=c>{IN_PLACE[shown]}</div>"
    words = FOR_VISITORS[said]
    pages = ((own, words), (own + words, ""), (f"<div>{words}</div><div>{own}</div>", ""))
    for got in (page_beneath(*page, title) for page in pages for title in (TABLE, "临江市财政局")):
        assert (got.title, str(got.published_on)) == (TABLE, "2031-02-20")
        assert (got.body_text or "").partition("\n")[0].partition(".")[0] in ("", "预算公开表", "详见附件。")
        assert [f.url.rpartition("/")[2] for f in got.attachments] in (
            ["1.pdf"],
            ["1.jpg"],
            ["1.xls"],
            ["download.jsp?id=12"],
        )


@pytest.mark.parametrize(
    "line",
    [
        "请您登录临江市统计局网站填写问卷。",
        "请市民扫描二维码报名参加。",
        "您对本市公共服务是否满意，请于3月底前来信告知。",
        "网民留言可关注临江发布公众号。",
        "本网讯 3月1日，市统计局举行座谈会，听取群众评论。",
    ],
)
@pytest.mark.parametrize("shown", ["files", "picture"])
def test_what_a_notice_asks_of_its_readers_is_its_text_behind_files_and_pictures(
    shown: str, line: str
) -> None:
    head, text, title = (
        "<h2>{}</h2><div>发布日期：2031-02-20</div>",
        f"<div><p>{line}</p></div>",
        "关于开展问卷调查的公告",
    )
    beneath = f"<div>{IN_PLACE[shown]}</div>"
    beside = page_beneath(f"{head.format(title)}{beneath}{text}", "", title)
    farther = page_beneath(f"<div>{head.format(title)}{beneath}</div>", text, title)
    for got in (beside, farther):
        assert line in (got.body_text or "").splitlines()


def test_a_banner_is_no_scan_in_the_place_of_a_text_that_speaks_of_the_site() -> None:
    line = "本网站自2031年3月1日起停止更新。"
    head = f"<h2>{TABLE}</h2><div>发布日期：2031-02-20</div>"
    for banner in ("/images/banner.jpg", "/u/Banner_2031.png"):
        page = page_beneath(f"{head}<div><img src='{banner}'></div><div><p>{line}</p></div>", "", TABLE)
        assert page.body_text == line


def test_words_to_the_visitor_that_stand_in_front_of_files_are_the_text() -> None:
    line = "本网站所有栏目调整如下，为方便您查阅，目录见附件。"
    head = f"<h2>{TABLE}</h2><div>发布日期：2031-02-20</div><div><p>{line}</p></div><div>{IN_PLACE['files']}</div>"
    assert line in (page_beneath(head, "", TABLE).body_text or "").splitlines()


@pytest.mark.parametrize(
    "tools",
    [
        "<img src='/images/a.png' onclick='p()'>",
        "下载：<a href='/x.docx'>文字版</a> <a href='/x.pdf'>图片版</a>",
        "<a href='/u/9.xls'>价格表.xls</a>",
        "<img src='/u/9.jpg'>",
    ],
)
def test_files_and_pictures_beside_a_title_are_not_in_the_place_of_the_text_beneath(tools: str) -> None:
    line = "从2031年3月起，供水价格调整为每立方米2.8元。"
    title = "临江市关于调整供水价格的通知"
    head = f"<div><h2>{title}</h2><div>发布日期：2031-02-20</div><div>{tools}</div></div><div><p>{line}</p></div>"
    for named in (title, "临江市人民政府"):
        assert (page_beneath(head, "", named).body_text or "").startswith(line)


@pytest.mark.parametrize("said", FOR_VISITORS)
@pytest.mark.parametrize("lines", NOTICES.values())
def test_a_notice_beneath_its_title_and_day_where_the_page_is_named_after_the_site(
    lines: Sequence[str], said: str
) -> None:
    title, words = "临江市关于公布有关事项的通告", FOR_VISITORS[said]
    text = "".join(f"<p>{line}</p>" for line in lines)
    own = f"<h2>{title}</h2><div>发布时间：2031-03-02</div><div class=c>{text}</div>"
    got = page_beneath(own, words)
    assert (got.title, got.body_text) == (title, "\n".join(lines))


@pytest.mark.parametrize("title", ["临江市召开防汛会议", "临江市供水价格调整"])
def test_the_title_over_a_day_need_not_be_called_like_a_document(title: str) -> None:
    text = "从2031年3月起，供水价格调整为每立方米2.8元。"
    own = f"<h1>{title}</h1><div>2031-02-20</div><div class=c><p>{text}</p></div>"
    for words in FOR_VISITORS.values():
        assert page_beneath(own, words).body_text == text


@pytest.mark.parametrize("title", ["<div class=t>{}</div>", "<h2>{}</h2>"])
@pytest.mark.parametrize("day", ["<div>发布时间：2031-02-20</div>", ""])
def test_the_name_of_a_list_over_its_days_is_no_title(day: str, title: str) -> None:
    rows = "".join(
        f"<li><a href='/{k}.html'>关于第{k}号事项的通知</a><span>2031-01-0{k}</span></li>" for k in (1, 2, 3)
    )
    text = "从2031年3月起，供水价格调整为每立方米2.8元。"
    own = f"{title.format('临江市关于调整供水价格的通知')}{day}<div class=c><p>{text}</p></div>"
    side = f"<div class=s><h2>最新发布的通知公告</h2><ul>{rows}</ul></div>"
    assert page_beneath(f"{side}<div class=m>{own}</div>", "").body_text == text


def test_a_column_of_files_over_a_day_is_no_document() -> None:
    rows = "".join(
        f"<li><a href='/{k}.pdf'>临江市第{k}号公告</a><span>2031-01-0{k}</span></li>" for k in range(1, 9)
    )
    page = f"<h2>行政规范性文件公告栏目</h2><div>更新时间：2031-02-01</div><div class=l><ul>{rows}</ul></div>"
    markup = f"<meta charset=utf-8><title>临江市人民政府</title>{NAV}<div class=m>{page}</div>{FOOT}"
    read = extract_page(markup.encode(), URL, book=BOOK)
    assert (read.kind, read.disclosure) == (PageKind.LIST, None)


def test_of_two_titles_over_days_neither_says_where_the_text_is() -> None:
    """Else a text in a column of its own was lost."""
    rows = "".join(f"<h3>临江市关于第{k}号事项的通告</h3><p>2031-03-0{k}</p><p>同意。</p>" for k in (1, 2))
    text = "现将全市第一季度各县区行政规范性文件备案审查情况通报如下，请各单位认真对照整改。"
    assert text in (
        page_beneath(f"<div class=s>{rows}</div><div class=c><p>{text}</p></div>", "").body_text or ""
    )
