"""Pages of one thing over and over, as broken templates and malice make them: read once, and nothing made up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crawler.extract.page import extract_page
from crawler.fields_file import load_fields
from tests.hostile.test_hostile_catalogues import OPENERS

URL = "http://a.example/zwgk/202403/t20240301_7.html"
BOOK = load_fields(Path(__file__).parents[2] / "config")
OF_PAGES = (
    "<!--", "<head>", "<script>", "<style>", "<textarea>", "<title>a</title", '<div id="app"', "<p>", "<p ", "<td", "<li",
    "<table><tr><td>", "<span style='", "<h1>", "<b>", "<br>", "<font ", "<![CDATA[", "<?xml ", "</p>", "<input type=",
    '<meta name="ArticleTitle" content="', '<script type="application/ld+json">{', '{"a":[', '<a href="x.pdf">', '<img src="',
    "<iframe src='x'>", 'PDFObject.embed("', "window.__INITIAL_STATE__={", "《", "〔", "（", "【", "[", "：", "，", "中", "一", "〇",
    "第", "第1号", "〔2024〕", "关于", "根据", "标题", "索引号：", "2024年", "2024年1月", "12-", "1.", "一、", "&#", "&lt;", "&",
    "http://", "\n", " ", "\t", "　", "a", "<script>document.write('a')</script>", "<h2>关于<small>(", "2024年1月1日〔2024〕1号",
    "<script>document.write" + " " * 580 + "</script>", '<a href="/x">相关链接</a><p>相关链接</p>',
)  # fmt: skip

LABELLED = "<div><ul><li>索引号：1</li><li>标题：关于"  # in each other: as many records as elements


def test_records_in_each_other_are_each_read_once() -> None:
    page = (LABELLED * 300).encode()
    read = extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK)
    assert read.disclosure is not None
    assert read.disclosure.index_number == "1"
    assert len(read.evidence) < 1200


@pytest.mark.parametrize("piece", dict.fromkeys((*OPENERS, *OF_PAGES)))
def test_a_page_of_one_piece_over_and_over(piece: str) -> None:
    page = (piece * (200_000 // len(piece))).encode()
    read = extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK)
    found = read.disclosure
    if found is not None:
        values = (found.title, found.index_number, found.issuing_body, found.document_number, found.issued_on)
        assert values == (None,) * len(values), values


_PIECES = (
    " ",
    "\n",
    "\u3000",
    "。",
    "）",
    "、",
    "和",
    "某局 ",
    "某局和",
    "1",
    "中",
    "〔2026〕",
    "号",
    "[ ",
    "【 ",
    "_",
    "《甲》、",
    "第",
)
_CARD = "<td>索引号</td><td>L1</td>"
_AROUND = {
    "cell": "<table><tr>"
    + _CARD
    + "<td>文号</td><td>{}</td><td>发布机构</td><td>{}</td><td>发布日期</td><td>{}</td></tr></table>",
    "row": "<table><tr><td>{}</td></tr><tr>" + _CARD + "</tr></table>",
    "run": "<div>索引号：L1 文号：<span>{}</span></div>",
    "item": "<ul><li>索引号：L1</li><li>{}</li></ul>",
    "heading": "<title>{}</title><h1>{}</h1>",
    "foot": "<div id=zoom><p>各单位：</p><p>请执行。</p><p><a href=/1.html>甲</a></p><p>{}</p></div>",
    "state": "<script type=application/json>__NUXT {}</script><script {}>",
    "sheet": "<style>.a{{display:none}}{}</style><p>甲<span class=a>{}</span>乙</p>",
}


@pytest.mark.parametrize("around", _AROUND)
@pytest.mark.parametrize(("begun", "ended"), [("", "甲。"), ("", "关于"), ("某发〔2026〕1号", "x")])
def test_a_value_of_one_piece_over_and_over(around: str, begun: str, ended: str) -> None:
    """Runs of white space before a word, of closing brackets behind a number and the like were tried in every way."""
    for piece in _PIECES:
        value = begun + piece * (20_000 // len(piece)) + ended
        page = _AROUND[around].format(*[value] * 3).encode()
        before = time.process_time()
        extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK)
        assert time.process_time() - before < 0.5, piece  # what grows with the square took more
        record = {"title": "某通知", "发布机构": value, "文号": value, "发布日期": value}
        extract_page(b"{}", URL, book=BOOK, api_record=record, classified=True)


def test_hidden_pieces_beside_a_long_text() -> None:
    page = ("<p>" + "甲" * 60_000 + "<i style='display:none'>1</i>" * 4_000).encode()
    before = time.process_time()
    extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK)
    assert time.process_time() - before < 5
