"""Pages and answers that look like a document by what their list says of them, and hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model import Extraction, PageKind
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
TITLE = "临江市人民政府关于河道管理的通知"
HEAD = f"<head><meta charset=utf-8><title>{TITLE}</title><meta name='ArticleTitle' content='{TITLE}'>"


def read(body: str) -> Extraction:
    return extract_page(
        body.encode(), "http://www.linjiang.example/zw/7.html", book=BOOK, hints={"title": TITLE}
    )


@pytest.mark.parametrize(
    "page",
    [
        f"<html>{HEAD}<style>.a {{}}",  # cut in its head
        f"<html>{HEAD}<script>var a = 1;</script></head><body><div id=app></div></body></html>",
        f"<html>{HEAD}</head><body> <p> </p></body></html>",
    ],
)
def test_a_page_of_which_only_the_head_says_something(page: str) -> None:
    """What the title element says was the text of the document."""
    found = read(page)
    assert (found.kind, found.disclosure) == (PageKind.EMPTY_SHELL, None)


@pytest.mark.parametrize(
    "shown", ["<img src='a.jpg'>", "<p>同意。</p>", "<iframe src='http://b.example/a'></iframe>"]
)
def test_a_page_that_shows_something_is_a_document(shown: str) -> None:
    assert read(f"<html>{HEAD}</head><body><div id=zoom>{shown}</div></body></html>").disclosure is not None


@pytest.mark.parametrize(
    "text", ["No input file specified.", "Hello World", "<p>The license of this server has expired.</p>"]
)
def test_a_line_of_english_where_a_document_in_chinese_was_listed(text: str) -> None:
    found = read(text)
    assert (found.kind, found.disclosure) == (PageKind.OTHER, None)


def test_a_page_without_a_text_and_with_another_title() -> None:
    found = read(
        "<html><head><title>Apache</title></head><body><h1>欢迎使用网站群管理平台</h1><hr></body></html>"
    )
    assert (found.kind, found.disclosure) == (PageKind.OTHER, None)
    same = read("<html><body><h1>关于河道管理的通知</h1><p>&nbsp;</p><hr></body></html>")
    assert same.disclosure is not None


def shown(title: str, text: str) -> str:
    return f"<html><head><title>{title}</title></head><body><div class=main>{text}</div></body></html>"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("维护", "<h1>马上回来</h1><p>我们正在给系统做例行保养。</p>"),
        ("临江市人民政府", "<p>您浏览得太快，系统休息三十分钟后再为您服务。</p>"),
        ("Web安全提示", "<p>该网页已被安全网关屏蔽。</p><p>类别：Web攻击防护</p><p>请与网络管理员联系。</p>"),
        (
            "宽带温馨提示",
            "<p>尊敬的宽带用户：您的账户即将到期，请及时续费。</p><p><a href='/skip'>继续上网</a></p>",
        ),
        ("域名出售", "<p>您正在访问的域名可以转让！</p><p>联系电话：400-000-0000</p>"),
        ("线上平台", f"<h1>线上平台</h1><p>{'注册即送彩金，天天返水，信誉第一。' * 9}</p>"),
    ],
)
def test_a_short_page_with_nothing_of_what_its_list_names(title: str, text: str) -> None:
    """It was the first version of a new document, and told as one; its own page was an edit the day after."""
    found = read(shown(title, text))
    assert (found.kind, found.disclosure) == (PageKind.OTHER, None)


@pytest.mark.parametrize(
    ("title", "text", "listed"),
    [
        ("通知", "<h1>河道管理</h1><p>同意。</p>", TITLE),  # words of its row in its heading
        ("公告", "<p>请各村做好河道管理。</p>", TITLE),  # or in its text
        ("公告", "<p>请照办。</p><a href='/zw/7.html'>关于河道<b>管理</b>的通知</a>", TITLE),  # or anywhere
        ("公告", "<p>定于4月5日停水。</p>", "公告"),  # a row that names nothing
        ("公告", "<p>定于4月5日停水。</p>", "2031年第7号公告"),
        ("公告", "<p>定于4月5日停水。</p>", "点击查看详情"),
        ("停水公告", "<div>发布时间：2031-03-05</div><p>定于4月5日停水。</p>", TITLE),  # says more of itself
        ("供水", "<p>定于4月5日停水。</p><p><a href='/f/a.pdf'>附件</a></p>", TITLE),  # the file may be it
    ],
)
def test_a_short_page_that_may_be_what_its_list_names(title: str, text: str, listed: str) -> None:
    page = shown(title, text).encode()
    found = extract_page(page, "http://www.linjiang.example/zw/7.html", book=BOOK, hints={"title": listed})
    assert found.disclosure is not None


def test_english_documents_stay() -> None:
    page = "<html><body><h1>河道管理通知（英文）</h1><div id=zoom><p>The office is closed on Monday.</p></div></body></html>"
    assert read(page).disclosure is not None
    titled = extract_page(
        b"<p>The office is closed from Monday to Friday.</p>",
        "http://a.example/1.html",
        book=BOOK,
        hints={"title": "Notice"},
    )
    assert titled.disclosure is not None


def test_an_answer_of_a_title_and_nothing_else() -> None:
    said = read(json.dumps({"code": 10010, "msg": "token已失效", "title": "提示", "pubDate": "2031-03-05"}))
    assert (said.kind, said.disclosure) == (PageKind.OTHER, None)
    record = {"title": TITLE, "indexNumber": "LJ-1", "pubDate": "2031-03-05"}
    kept = read(json.dumps({"code": 200, "data": record}))
    assert kept.disclosure is not None
    assert "no_text" in {p.code for p in kept.problems}
    row = extract_page(
        b"{}", "http://a.example/1.html", book=BOOK, api_record={"title": TITLE}, classified=True
    )
    assert row.disclosure is not None


CARD = f"<table><tr><th>索引号：</th><td>LJ-2031-7</td><th>名称：</th><td>{TITLE}</td></tr></table>"


def under_its_title(text: str) -> str:
    return f"<html>{HEAD}</head><body>{CARD}<h1>{TITLE}</h1><div id=zoom><p>{text}</p></div></body></html>"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您的访问过于频繁，请稍后再试！", PageKind.BLOCKED),
        ("访问次数过多，请30秒后重试", PageKind.BLOCKED),
        ("您的请求已被安全设备拦截", PageKind.BLOCKED),
        ("内容加载失败，请刷新重试", PageKind.BLOCKED),
        ("抱歉，系统繁忙，请稍后再试。", PageKind.BLOCKED),
        ("请登录后查看全文", PageKind.BLOCKED),
        ("Warning: mysql_connect(): Too many connections in /www/inc/db.php on line 12", PageKind.BLOCKED),
        ("该信息已删除", PageKind.SOFT_404),
        ("对不起，您查看的内容已下架！", PageKind.SOFT_404),
        ("该信息已撤回", PageKind.SOFT_404),
        ("该信息正在审核中，暂不提供浏览。", PageKind.BLOCKED),
        ("文章正在审核，请稍后访问", PageKind.BLOCKED),
        ("该内容未经审核，暂不公开", PageKind.BLOCKED),
        ("您没有权限查看该信息", PageKind.BLOCKED),
        ("对不起，权限不足", PageKind.BLOCKED),
        ("该页面仅限内网访问", PageKind.BLOCKED),
        ("java.sql.SQLException: Io exception: Connection refused", PageKind.BLOCKED),
        (
            "org.springframework.dao.DataAccessException: could not extract ResultSet; nested exception is "
            "java.lang.NullPointerException",
            PageKind.BLOCKED,
        ),
        ("ORA-00942: table or view does not exist", PageKind.BLOCKED),
        ("org.apache.jasper.JasperException: null", PageKind.BLOCKED),
        ("FreeMarker template error", PageKind.BLOCKED),
    ],
)
def test_words_to_the_visitor_under_the_title_of_a_document(text: str, kind: PageKind) -> None:
    """They were told as an edit, and when the text came back as another."""
    assert read(under_its_title(text)).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "因系统异常，今日暂停办理不动产登记业务，特此公告。",
        "请登录省政府门户网站查看。",
        "您提交的材料存在异常，请补正。",
        "该文件已失效。",
        "您申请公开的信息不存在。",
        "各单位请登录后填报。",
        "同意。",
        "无异议。",
        "此复。",
        "本年度无。",
        "不适用",
        "您申报的信息正在审核中，请耐心等待。",
        "贵局无权查看该信息。",
        "该系统仅限内网使用，请各单位知悉。",
        "网上办事常见问题：<br>您没有权限查看该信息<br>出现上述提示的，请到大厅办理。",
        "ORA-00942: table or view does not exist<br>出现上述提示的，各单位应当按照操作手册重新建立数据表，并将结果报送至市大数据局。",
    ],
)
def test_short_texts_of_documents_that_speak_of_such_things(text: str) -> None:
    assert read(under_its_title(text)).disclosure is not None


NOTHING = (
    "null undefined NaN 无 - [object&#32;Object] {{content}} ${content} &lt;%=content%&gt; $!{article.content} #content# "
    "{$content} 正文 暂无内容 暂无正文 （暂无数据） 内容为空。"
)


def test_what_a_template_shows_where_it_has_no_text_is_none() -> None:
    for said in NOTHING.split():
        page = under_its_title(said)
        found = read(page)
        assert found.disclosure is not None
        assert (said, found.disclosure.body_text) == (said, None)
        assert "no_text" in {p.code for p in found.problems}
        signed = read(page.replace("</body>", "<div>临江市人民政府　2031年3月1日</div></body>")).disclosure
        assert signed is not None
        assert (said, signed.body_text) == (said, None)
        beside = read(page.replace("</body>", "<p><a href='/f/a.pdf'>附件.pdf</a></p></body>")).disclosure
        assert beside is not None
        assert (beside.body_text, [a.name for a in beside.attachments]) == (None, ["附件.pdf"])
    record = {"title": TITLE, "indexNumber": "LJ-1", "content": "<p>undefined</p>", "pubDate": "2031-03-05"}
    kept = read(json.dumps({"code": 200, "data": record})).disclosure
    assert kept is not None
    assert kept.body_text is None


def test_a_notice_whose_title_has_the_words_of_its_text() -> None:
    page = under_its_title("系统繁忙。").replace(TITLE, "关于政务服务系统繁忙的通告")
    found = extract_page(page.encode(), "http://www.linjiang.example/zw/7.html", book=BOOK)
    assert found.disclosure is not None


@pytest.mark.parametrize(
    "text",
    ['allow_private: ["127.0.0.1:38659"]', "# 各站\nname: 临江市水利局\ncatalogues:\n- url: <地址>\n" * 9],
)
def test_a_file_without_markup_that_nothing_names(text: str) -> None:
    address = "file:///a/settings.yml"
    found = extract_page(text.encode(), address, book=BOOK)
    assert (found.kind, [problem.code for problem in found.problems]) == (PageKind.OTHER, ["nothing_found"])
    listed = extract_page(text.encode(), address, book=BOOK, hints={"title": "settings"})
    assert listed.kind is PageKind.DOCUMENT
