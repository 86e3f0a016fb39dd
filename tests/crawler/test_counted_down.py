"""Lists whose pages are numbered from their end, by the links that nobody sees or by their count."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.lists import counted_down

URL = "http://www.sasac.example/n25/n26/index.html"


def found(page: str) -> list[str]:
    root = html.document_fromstring(f"<html><body>{page}</body></html>")
    return [url.rpartition("/")[2] for url in counted_down.addresses(root, page, URL)]


@pytest.mark.parametrize(
    "page",
    [
        # links without words, beside the rows' component
        "<span id='comp_2603340'></span><a href='index_2603340_1.html'></a><a href='index_2603340_2.html'></a>",
        # links with words that are not displayed
        "<div style='display: none'><a href='./index_2603340_2.html'>2</a><a href='../n26/index_2603340_1.html'>3</a></div>"
        "<td id='pag_2603340'></td>",
        # the script's count tells that the third link is the first page once more
        "<script>var maxPageNum=0;maxPageNum2603340=3;</script><a href='index_2603340_3.html'></a>"
        "<a href='index_2603340_2.html'></a><a href='index_2603340_1.html'></a>",
        # the count alone
        "<td id='pag_2603340'></td><script>maxPageNum2603340='3';purl2603340='../../n25/n26/index_2603340';</script>",
    ],
)
def test_pages_are_asked_for_from_the_newest_to_the_oldest(page: str) -> None:
    assert found(page) == ["index.html", "index_2603340_2.html", "index_2603340_1.html"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_count_that_is_older_or_newer_than_the_links_loses_no_page(count: int) -> None:
    links = "".join(f"<a href='index_2603340_{n}.html'></a>" for n in range(1, 4))
    pages = found(f"<script>maxPageNum2603340={count};</script>{links}")
    assert pages == ["index.html", *(f"index_2603340_{n}.html" for n in range(max(3, count - 1), 0, -1))]


@pytest.mark.parametrize(
    "page",
    [
        "<a href='index_2603340_1.html'></a><a href='index_2603340_2.html'></a>",  # of no component that is here
        "<span id='comp_2603340'></span><a href='index_2603340_1.html'>1</a><a href='index_2603340_2.html'>2</a>",
        "<span id='comp_2603340'></span><a href='../n27/index_2603340_1.html'></a><a href='../n27/index_2603340_2.html'></a>",
        "<span id='comp_2603340'></span><a href='http://b.example/n25/n26/index_2603340_1.html'></a>"
        "<a href='http://b.example/n25/n26/index_2603340_2.html'></a>",
        "<td id='pag_2603340'></td><script>maxPageNum2603340=99999;var p='/n25/n26/index_2603340';</script>",
        "<script>maxPageNum2603340=3;</script>",
        "<span id='comp_2603340'></span><script>maxPageNum2603340=1;</script><a href='index_2603340_1.html'></a>",
    ],
)
def test_other_links_are_no_pages_of_the_list(page: str) -> None:
    assert found(page) == []
