"""Markup that an element of a list's page holds in base64."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote_plus

import pytest

from crawler.lists import next_page
from crawler.lists.encoded import with_decoded
from crawler.lists.rows import parse_html
from crawler.platforms.base import PageRequest

URL = "https://www.linjiang.example/html/gonggao/index.html"
PAGER = (
    '<a class="a1">共 31 条</a> <span>1</span> <a href="/html/gonggao/2.html">2</a>'
    ' <a href="/html/gonggao/2.html">下一页</a>'
)


def held(markup: str) -> str:
    return b64encode(markup.encode()).decode()


@pytest.mark.parametrize(
    "written", [held(PAGER), held(quote_plus(" " + PAGER)), f"\n{held(PAGER)[:80]}\n{held(PAGER)[80:]} "]
)
def test_a_pager_is_followed(written: str) -> None:
    text = (
        f'<html><body><ul><li><a href="/1.html">甲</a></li></ul><div id="pages" class="page">{written}</div>'
        "<script>$('#pages').html(decodeURIComponent(window.atob($('#pages').html())));</script></body></html>"
    )
    root = parse_html(text)
    assert root is not None
    following, _ = next_page.following(root, text, URL, PageRequest(url=URL, chain="list"))
    assert following is not None
    assert following.url == "https://www.linjiang.example/html/gonggao/2.html"


@pytest.mark.parametrize(
    "text",
    [
        f"<script>{held(PAGER)}</script>",
        f"<textarea>{held(PAGER)}</textarea>",
        f"<p>{held('no markup, only many words that were encoded for some reason')}</p>",
        f"<p>{'deadbeef' * 16}</p>",
        f"<p>{'a' * 61}</p>",
        f"<p>{held(PAGER)}</b>",
    ],
)
def test_other_long_words_stay_as_they_are(text: str) -> None:
    assert with_decoded(text) == text
