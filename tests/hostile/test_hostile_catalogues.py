"""Catalogue pages that are built to take forever: what is read of them, is read once."""

from __future__ import annotations

import pytest

from crawler.misplaced import is_list_instead
from crawler.recognise import looks_like

URL = "http://a.example/col/col7/index.html"
OPENERS = (
    "<datastore>", "<record>", "<recordset><record>", "<nextgroup ", ".jpage({", "ajaxParam:{", "'a':'", "<meta name='channelid' ",
    "<meta ", "createPageHTML('", '{"tableName":', "/module/xxgk/", "<script querydata=\"{'pageId':'1'", "window._CONFIG = {", "<a ",
    "<title", "<title>", "{", "'", "共1", "20260301",
)  # fmt: skip


@pytest.mark.parametrize("opener", OPENERS)
def test_a_page_of_nothing_but_openings(opener: str) -> None:
    text = opener * (400_000 // len(opener))
    assert all(0 <= seen.confidence <= 1 for _, seen in looks_like(text, URL))
    assert not is_list_instead(text, URL, "关于第3号事项的通知")
