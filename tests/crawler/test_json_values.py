"""Answers in JSON as CMSs give them: where the record stands, and how its text and its days are written."""

from __future__ import annotations

import base64
import html
import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from archive.model import Disclosure, PageKind
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.page_data.json_text import markup_of

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
URL = "http://www.linjiang.example/api/detail?id=7"
TITLE = "关于公布非物质文化遗产传承人名单的公告"
LINES = ["各县区文化和旅游局：", "现将第五批名单予以公布，请认真做好保护工作。"]
MARKUP = "".join(f"<p>{line}</p>" for line in LINES)
RECORD = {"title": TITLE, "content": MARKUP, "publishDate": "2031-03-05"}


def read(text: str) -> Disclosure | None:
    return extract_page(text.encode(), URL, book=BOOK, content_type="application/json").disclosure


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


ENVELOPES = {
    "d": {"d": dumped(RECORD)},  # ASP.NET's page methods
    "data as a string": {"code": 0, "data": dumped(RECORD)},
    "one row": {"code": 0, "data": [RECORD]},
    "info": {"code": 1, "info": RECORD},
    "three deep": {"result": {"data": {"detail": RECORD}}},
    "head and body": {"head": {"code": "0"}, "body": RECORD},
    "content": {"code": 200, "content": RECORD},
    "list": [RECORD],
    "error code 0": {"errcode": 0, "errmsg": "", "data": RECORD},
}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_the_record_wherever_it_stands(envelope: str) -> None:
    found = read(dumped(ENVELOPES[envelope]))
    assert found is not None
    assert (found.title, found.body_text, found.published_on) == (TITLE, "\n".join(LINES), date(2031, 3, 5))


@pytest.mark.parametrize("behind", ["<!-- 3 ms -->", "\r\n<!-- a --><!-- b -->\n"])
def test_what_a_server_writes_behind_an_answer(behind: str) -> None:
    found = read(dumped({"code": 200, "data": RECORD}) + behind)
    assert found is not None
    assert found.body_text == "\n".join(LINES)


def test_several_records_are_a_list() -> None:
    assert read(dumped({"data": {"rows": [RECORD, {**RECORD, "title": "关于举办培训的通知"}]}})) is None


ANSWER = dumped({"code": 200, "data": RECORD})


@pytest.mark.parametrize(
    "text",
    [
        f"/* 3 ms */{ANSWER}",
        f"var detail = {ANSWER};",
        f"while(1);{ANSWER}",
        f")]}}',\n{ANSWER}",
        f"try{{show({ANSWER})}}catch(e){{}}",
        f"window.show && window.show({ANSWER});",
        f"{ANSWER};",
    ],
)
def test_what_stands_around_an_answer_for_a_script(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.body_text == "\n".join(LINES)


@pytest.mark.parametrize(
    "text",
    [
        str({"code": 200, "data": RECORD}),
        f"var a = {ANSWER[:-40]}",
        f"show({ANSWER[:-9]}",
        ANSWER * 2,
        f"{ANSWER} 以上",
        'var a="临江市";function f(){return a}',
        "/* a */ (function(){})();",
    ],
)
def test_the_source_of_a_faulty_answer_is_no_text(text: str) -> None:
    found = extract_page(text.encode(), URL, book=BOOK, hints={"title": TITLE})
    assert (found.kind, found.disclosure) == (PageKind.OTHER, None)


@pytest.mark.parametrize(
    "content",
    [
        html.escape(MARKUP),
        html.escape(html.escape(MARKUP)),
        MARKUP.replace("<", "\\u003c"),
        quote(MARKUP, safe=""),
        "".join(
            c if c.isalnum() and c.isascii() else f"%u{ord(c):04X}" if ord(c) > 255 else f"%{ord(c):02X}"
            for c in MARKUP
        ),
        base64.b64encode(MARKUP.encode()).decode(),
        "\r\n\r\n".join(LINES),
        [f"<p>{line}</p>" for line in LINES],
        f"<style>p {{}}</style><!-- a -->{MARKUP}",
    ],
)
def test_the_text_however_it_is_written(content: str | list[str]) -> None:
    """Text in Base64 was the text itself, in letters without a meaning."""
    found = read(dumped({"code": 200, "data": {**RECORD, "content": content}}))
    assert found is not None
    assert found.body_text == "\n".join(LINES)


@pytest.mark.parametrize("plain", ["A1b2C3d4" * 10, "100%", "a+b=c", "%%%", "5%u", "Zm9v" * 20, "同意。"])
def test_what_only_looks_encoded_stays(plain: str) -> None:
    assert markup_of(plain) == plain


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ([2031, 3, 5], True),
        ([2031, 3, 5, 10, 20], True),
        ({"time": 1930406400000, "timezoneOffset": -480, "year": 131, "month": 2, "date": 5}, True),
        ({"$date": "2031-03-05T00:00:00Z"}, True),
        ({"$date": 1930406400000}, True),
        (1930406400.0, True),
        (1930406400000.0, True),
        ("1930406400.123", True),
        ("Mar 5, 2031, 8:00:00\u202fAM", True),
        ([2031, 13, 5], False),
        ([3, 5, 2031], False),
        ({"year": 2031}, False),
        (0, False),
        (-62135596800000, False),
    ],
)
def test_days_as_software_writes_them(written: object, day: bool) -> None:
    found = read(dumped({"code": 200, "data": {**RECORD, "publishDate": written}}))
    assert found is not None
    assert found.published_on == (date(2031, 3, 5) if day else None)


def test_files_that_a_record_lists_in_a_text() -> None:
    files = [{"name": "名单.xlsx", "url": "/u/1.xlsx"}, {"name": "办法.docx", "url": "/u/2.docx"}]
    for listed in (files, dumped(files), f" {dumped(files)}"):
        record = read(dumped({**RECORD, "attachments": listed}))
        assert record is not None
        assert [file.name for file in record.attachments] == ["名单.xlsx", "办法.docx"]
    for listed in ("[", "[1, null]", "/u/1.xlsx", "[" * 5000):
        record = read(dumped({**RECORD, "attachments": listed}))
        assert record is not None
        assert record.attachments == ()


@pytest.mark.parametrize("key", ["正文", "正文内容", "信息内容"])
def test_a_text_under_a_key_in_chinese(key: str) -> None:
    record = read(dumped({"标题": TITLE, "发布日期": "2031-03-05", key: MARKUP}))
    assert record is not None
    assert (record.body_text or "").split("\n") == LINES
