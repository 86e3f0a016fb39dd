"""An address that was copied from a browser may be a further page of a list: the way back to its first."""

from __future__ import annotations

import pytest

from crawler.lists.first_of_list import way_back
from crawler.lists.rows import parse_html

BASE = "http://a.example"


def back(markup: str, path: str) -> str | None:
    root = parse_html(f"<html><body><p><a href='/'>首页</a></p>{markup}</body></html>")
    assert root is not None
    found = way_back(root, markup, BASE + path)
    return found.removeprefix(BASE) if found is not None else None


@pytest.mark.parametrize(
    ("markup", "path", "first"),
    [
        ("<script>createPageHTML(4, 2, 'index', 'html')</script>", "/zw/index_2.html", "/zw/index.html"),
        ("<script>createPageHTML(4, 0, 'index', 'html')</script>", "/zw/", None),
        ("<script>createPageHTML('p', 4, 1, 'list', 'shtml', 70)</script>", "/zw/list.shtml", None),
        ("<div class=page><a href='index.html'>首页</a><a href='index_1.html'>上一页</a></div>", "/zw/index_2.html", "/zw/index.html"),
        ("<div class=page><a href='index.html'>首页</a><a href='index.html'>上一页</a></div>", "/zw/", None),
        ("<a href='index_1.html'>上一页</a><a href='index_3.html'>下一页</a>", "/zw/index_2.html", "/zw/index_1.html"),
        ("<a href='index_1.html'>下一页</a>", "/zw/", None),
        ("<div class=pages><a href='?page=1'>1</a><a href='?page=2'>2</a><b>3</b></div>", "/t.do?page=3", "/t.do?page=1"),
        ("<div class=pages><b>1</b><a href='?page=2'>2</a><a href='?page=3'>3</a></div>", "/t.do?page=1", None),
        ("<div class=pages><a href='../t.htm'>1</a><a href='3.htm'>2</a><b>3</b><a href='1.htm'>4</a></div>", "/zw/t/2.htm", "/zw/t.htm"),
        ("<div class=pages><b>1</b><a href='t/3.htm'>2</a><a href='t/2.htm'>3</a></div>", "/zw/t.htm", None),
    ],
)  # fmt: skip
def test_the_way_back(markup: str, path: str, first: str | None) -> None:
    assert back(markup, path) == first
