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


def test_english_documents_stay() -> None:
    page = "<html><body><h1>临江英文通知</h1><div id=zoom><p>The office is closed on Monday.</p></div></body></html>"
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
