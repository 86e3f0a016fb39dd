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
