"""How HTML lists lead from page to page: createPageHTML, createPage, 下一页. Pure functions."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import etree

from crawler.extract.links import absolute
from crawler.platforms.base import PageRequest
from crawler.rows import text_of

# TRS, from 0: createPageHTML(25, 0, "index", "html") · createPageHTML(25,0,'index','shtml',500)
_FROM_ZERO = re.compile(
    r"createPageHTML\s*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([^\"']+)[\"']\s*,\s*[\"']([^\"']+)[\"']"
)
# UCAP, from 1, the container first: createPageHTML('page_div',10, 1,'list','shtml',189): list.shtml, list_2.shtml …
_FROM_ONE = re.compile(
    r"createPageHTML\s*\(\s*[\"'][^\"']*[\"']\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([^\"']+)[\"']\s*,\s*[\"']([^\"']+)[\"']"
)
# createPage(total, current, prefix, suffix …) as on Chongqing's sites
_CREATE_PAGE = re.compile(
    r"createPage\s*\(\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*[\"']([^\"']*)[\"'])?(?:\s*,\s*[\"']([^\"']*)[\"'])?"
)
_NEXT_WORDS = frozenset(
    {"下一页", "下页", "后一页", "下一頁", "下一页>", "下一页>>", "下一页»", "Next", "next", ">", "»"}
)


def counts_from_one(text: str) -> bool:
    """Whether the page has UCAP's pager, which names its container first."""
    return bool(_FROM_ONE.search(text))


def following(
    root: etree._Element, text: str, url: str, request: PageRequest
) -> tuple[PageRequest | None, int | None]:
    """The page after the one at ``url``, and the number of pages where it is said."""
    page = request.page
    if found := _FROM_ONE.search(text):
        total, current = int(found[1]), int(found[2])
        address = urljoin(url, f"{found[3]}_{current + 1}.{found[4]}")
        return (numbered(address, page + 1) if current < total else None), total
    if found := _FROM_ZERO.search(text):
        total, current = int(found[1]), int(found[2])
        address = urljoin(url, f"{found[3]}_{current + 1}.{found[4]}")
        return (numbered(address, page + 1) if current + 1 < total else None), total
    if (linked := _next_link(root, url)) is not None:
        return numbered(linked, page + 1), None
    if found := _CREATE_PAGE.search(text):
        total, current = int(found[1]), int(found[2])
        address = urljoin(url, f"{found[3] or 'index'}_{current + 1}.{found[4] or 'html'}")
        return (numbered(address, page + 1) if current + 1 < total else None), total
    return None, None


def numbered(address: str, number: int) -> PageRequest:
    """A page of an HTML list."""
    return PageRequest(url=address, chain="list", page=number)


def _next_link(root: etree._Element, url: str) -> str | None:
    for link in root.iter("a"):
        if (
            "".join(text_of(link).split()) in _NEXT_WORDS
            or "next" in (link.get("class") or "").lower().split()
        ):
            address = absolute(url, link.get("href"))
            if address and address.split("#")[0] != url.split("#", maxsplit=1)[0]:
                return address
    return None
