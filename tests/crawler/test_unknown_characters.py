"""Characters that are written as none, and values that hold one: what of them can be had is read, a spoiled text is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import Extraction, PageKind
from crawler.extract.characters.mojibake import has_misread_word
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
TITLE = "关于表扬先进个人的通知"
PAGE = (
    "<html><head><meta charset='{charset}'><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>"
    "<p>各县区：</p><p>现将张{name}等三人予以表扬，请各单位认真学习，切实抓好贯彻落实，确保取得实效。</p></div></body></html>"
    + "<!-- foot -->"
    * 40
)


def read(body: bytes) -> Extraction:
    return extract_page(body, "http://www.linjiang.example/zw/1.html", book=BOOK, hints={"title": TITLE})


def page(name: str, charset: str = "utf-8", title: str = TITLE) -> bytes:
    return PAGE.format(charset=charset, name=name, title=title).encode(charset)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("&#55357;&#56832;", "😀"), ("&#xD842;&#xDFB7;", "𠮷"), ("&#0;某", "某"), ("&#x0;某", "某")],
)
def test_references_that_are_no_characters_by_themselves(written: str, shown: str) -> None:
    got = read(page(written))
    assert got.disclosure is not None
    assert f"现将张{shown}等" in (got.disclosure.body_text or "")
    assert got.problems == ()


def test_a_spoiled_title_is_none_where_the_row_has_it_whole() -> None:
    got = read(page("某", title=TITLE.replace("先进", "先\ufffd")))
    assert got.disclosure is not None
    assert got.disclosure.title == TITLE
    assert "unknown_characters" in {p.code for p in got.problems}


@pytest.mark.parametrize(
    "body",
    [
        page("\ufffd"),
        page("&#65533;"),
        page("@").replace(b"@", b"\xe9\x95"),
        page("@", "gbk").replace(b"@", b"\xff"),
    ],
)
def test_a_spoiled_text_is_not_used(body: bytes) -> None:
    assert read(body).kind is PageKind.UNREADABLE


def marks(text: str) -> str:
    """A text as a program writes it whose character set has no Chinese."""
    return text.encode("ascii", "replace").decode()


def test_a_text_of_question_marks_is_not_used() -> None:
    """A server that was set up anew writes them for every character; they were told as an edit."""
    whole = PAGE.format(charset="utf-8", name="某", title=TITLE)
    assert read(marks(whole).encode()).kind is PageKind.UNREADABLE
    body = whole.partition("<div id='zoom'>")
    assert read((body[0] + body[1] + marks(body[2])).encode()).kind is PageKind.UNREADABLE
    asked = read(page("某???"))
    assert asked.disclosure is not None


def test_a_title_of_question_marks_is_none_where_the_row_has_it_whole() -> None:
    got = read(page("某", title=marks(TITLE)))
    assert got.disclosure is not None
    assert got.disclosure.title == TITLE


@pytest.mark.parametrize(("text", "misread"), [("äöäöäöäöäöäöäö", False), ("ÁÙ½­ÊÐÈËÃñÕþ¸®", True)])
def test_letters_that_repeat_are_no_text_in_another_character_set(text: str, misread: bool) -> None:
    assert has_misread_word(f"合计{text}元") is misread
