"""Pages of one thing over and over, as broken templates and malice make them: read once, and nothing made up."""

from __future__ import annotations

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
    "http://", "\n", " ", "\t", "　", "a",
)  # fmt: skip


@pytest.mark.parametrize("piece", dict.fromkeys((*OPENERS, *OF_PAGES)))
def test_a_page_of_one_piece_over_and_over(piece: str) -> None:
    page = (piece * (200_000 // len(piece))).encode()
    read = extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK)
    found = read.disclosure
    if found is not None:
        values = (found.title, found.index_number, found.issuing_body, found.document_number, found.issued_on)
        assert values == (None,) * len(values), values
