"""Bodies that are JSON itself: records are read, and what holds none is no document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model import PageKind
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
URL = "http://linjiang.example/zw/1.html"
SENTENCE = "各单位应当认真贯彻执行，本通知自发布之日起施行。罚款五万元。" * 4
RECORD = {
    "code": 0,
    "data": {"title": "关于开展检查的通知", "indexNumber": "LJ/2026-1", "content": f"<p>{SENTENCE}</p>"},
}


def read(text: str, **more: object) -> tuple[PageKind, str | None]:
    found = extract_page(text.encode(), URL, book=BOOK, **more)  # type: ignore[arg-type]
    return found.kind, found.disclosure.body_text if found.disclosure else None


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 1000 + "]" * 1000,
        "[" * 1000 + f'"{SENTENCE}"' + "]" * 1000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "{" * 500,
        "123",
        "1" * 5000,
        "[" + "123," * 2000,
        "[" + "123," * 2000 + "4]",
        "-1.5e3",
        '"x"',
        json.dumps(SENTENCE),
        json.dumps(SENTENCE, ensure_ascii=False),
        json.dumps(f"<p>{SENTENCE}</p>", ensure_ascii=False),
        json.dumps([[SENTENCE], [SENTENCE]], ensure_ascii=False),
        "\ufeff \n" + json.dumps(SENTENCE),
        f'["{SENTENCE}","{SENTENCE}',
        "true",
        "null",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_json_without_a_record_is_no_document(text: str) -> None:
    """An answer of a thousand brackets was a document with a thousand brackets for its text."""
    kind, body = read(text)
    assert (kind in (PageKind.OTHER, PageKind.LIST, PageKind.EMPTY_SHELL), body) == (True, None)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.99])
def test_a_record_that_breaks_off_is_no_text_of_braces(share: float, indent: int | None) -> None:
    """{"code": 0, "data": {"title": "… was the text of a document without a title."""
    text = json.dumps([RECORD], ensure_ascii=False, indent=indent)
    for whole in (text, text[1:-1]):
        assert read(whole[: int(len(whole) * share)]) == (PageKind.OTHER, None)


def test_a_whole_record_is_read() -> None:
    assert read(json.dumps(RECORD)) == (PageKind.DOCUMENT, SENTENCE)


@pytest.mark.parametrize("start", ['"', "[2026]3号 ", '{"a": 1}', "123 ", '["甲"] '])
def test_a_page_that_begins_like_json_is_a_page(start: str) -> None:
    page = (
        f"{start}<html><body><h1>关于开展检查的通知</h1><div id='zoom'><p>{SENTENCE}</p></div></body></html>"
    )
    kind, body = read(page)
    assert kind is PageKind.DOCUMENT
    assert SENTENCE in (body or "")


def test_plain_text_that_begins_with_a_bracket_is_text() -> None:
    kind, body = read(f"[2026]3号\n{SENTENCE}")
    assert (kind, SENTENCE in (body or "")) == (PageKind.DOCUMENT, True)


def test_a_record_known_from_elsewhere_is_read_beside_an_empty_answer() -> None:
    found = read("[[[[", api_record={"title": "关于开展检查的通知", "content": f"<p>{SENTENCE}</p>"})
    assert found == (PageKind.DOCUMENT, SENTENCE)


@pytest.mark.parametrize(
    ("title", "text"),
    [("noticeTitle", "noticeContent"), ("POLICY_TITLE", "content"), ("title", "txtContent")],
)
def test_keys_of_a_sites_own(title: str, text: str) -> None:
    """What a site calls a title and a text is one where the answer has no other of them."""
    held = {
        "id": 7,
        title: "关于开展检查的通知",
        "subTitle": "检查",
        text: f"<p>{SENTENCE}</p>",
        "publishTime": "2031-03-01",
    }
    found = extract_page(
        json.dumps({"code": 200, "data": {"info": held}}, ensure_ascii=False).encode(), URL, book=BOOK
    )
    assert found.disclosure is not None
    assert (found.disclosure.title, found.disclosure.body_text) == ("关于开展检查的通知", SENTENCE)


@pytest.mark.parametrize(
    "held",
    [
        {"alertTitle": "提示", "alertContent": "系统升级，请稍后再试。"},
        {"navTitle": "公开目录", "boxTitle": "通知公告", "noticeContent": SENTENCE},
        {"noticeTitle": "关于开展检查的通知", "noticeContent": [SENTENCE]},
        [{"noticeTitle": f"关于第{n}号事项的通知", "noticeContent": SENTENCE} for n in range(2)],
    ],
)  # fmt: skip
def test_keys_of_a_sites_own_that_tell_of_no_one_document(held: object) -> None:
    assert read(json.dumps({"data": held}, ensure_ascii=False))[1] is None


@pytest.mark.parametrize(
    "listed",
    [
        {"attachmentInfoVOList": [{"id": 3, "title": "统计表", "urlOtherName": "/docfile/7.xls"}]},
        {"attachmentList": [{"fileName": "统计表", "fileUrl": "/docfile/7.xls", "url": ""}]},
        {"attachments": [{"name": "统计表", "url": "/docfile/7.xls"}, {"name": "说明", "size": 3}]},
    ],
)
def test_files_that_a_record_lists(listed: dict[str, object]) -> None:
    held = {"docTitle": "关于开展检查的通知", "docClob": f"<p>{SENTENCE}</p>", **listed}
    found = extract_page(json.dumps({"data": held}, ensure_ascii=False).encode(), URL, book=BOOK)
    assert found.disclosure is not None
    files = [(file.name, file.url.rpartition("/")[2]) for file in found.disclosure.attachments]
    assert files == [("统计表", "7.xls")]
