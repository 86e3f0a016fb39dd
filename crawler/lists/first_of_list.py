"""From a further page of a list back to its first: an address that was copied from a browser may be page 3. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.identity import url_key
from crawler.extract.links import base_of
from crawler.lists.called_pagers import called_place
from crawler.lists.pagers import labels_of, number_of, numbering, pager_links

_ARROWS = re.compile(r"[\s<«‹←◀＜\]\[（）()|]+")
_PREVIOUS = frozenset({"上一页", "上页", "前一页", "上一頁", "前页", "prev", "previous", "prevpage"})
_FIRST = frozenset({"首页", "第一页", "第1页", "最前页", "first", "firstpage"})
_INDEX = re.compile(r"/(?:index|default)\.\w+$", re.I)


def way_back(root: etree._Element, text: str, url: str) -> str | None:
    """The address of the list's first page, or of one that is nearer to it; None where the page is the first one."""
    base = base_of(root, url)
    called = called_place(text)
    if called is not None:
        current, name, suffix = called
        file = urlsplit(url).path.rpartition("/")[2]
        return urljoin(base, f"{name}.{suffix}") if current and file == f"{name}_{current}.{suffix}" else None
    links = pager_links(root, base)
    numbers: dict[int, str] = {}
    for link, target in links:
        if (number := number_of(link)) is not None:
            numbers.setdefault(number, target)
    previous = _labelled(links, _PREVIOUS)
    if previous is not None and _key(previous) != _key(url):
        first = numbers.get(1) or _labelled(links, _FIRST)
        beside = first is not None and _directory(first) in (_directory(previous), _directory(url))
        return first if beside and first is not None and _key(first) != _key(url) else previous
    return numbers.get(1) if _is_further(url, numbers) else None


def _is_further(url: str, numbers: dict[int, str]) -> bool:
    """Whether an address is that of a page beyond the first, by the numbers in those of others, or as the one not linked."""
    shown = sorted(numbers)
    if shown[:1] == [1] and any(other - one == 2 for one, other in pairwise(shown)):
        return True  # of 1, 2, 4 the third is the page itself
    for one, other in pairwise(sorted(numbers)):
        found = numbering(one, numbers[one], other, numbers[other])
        middle = url.removeprefix(found[0]).removesuffix(found[2]) if found is not None else ""
        if found is not None and middle.isdecimal() and url == f"{found[0]}{middle}{found[2]}":
            return int(middle) - found[1] > 1
    return False


def _labelled(links: list[tuple[etree._Element, str]], words: frozenset[str]) -> str | None:
    for link, address in links:
        if any(_ARROWS.sub("", label).lower() in words for label in labels_of(link)):
            if words is _FIRST and urlsplit(address).path in ("", "/"):
                continue  # the site's front page
            return address
    return None


def _directory(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[0]


def _key(url: str) -> str:
    return _INDEX.sub("/", url_key(url))
