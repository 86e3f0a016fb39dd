"""Pages of a list that are numbered from its end, as the n-CMS does: index.html, index_2603340_14.html … index_2603340_1.html.

The page that was written first keeps its number. The numbers are those of a component: the first page holds links that
nobody sees to all of its pages, or only their count: ``maxPageNum2603340=15``. The further pages hold rows and nothing else, so
that only the first page tells the way (www.sasac.gov.cn, www.sastind.gov.cn, www.nia.gov.cn, www.chinatax.gov.cn). Pure.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.extract.body.set_aside import hides
from crawler.extract.links import absolute
from crawler.lists.row_groups import text_of
from crawler.outcomes import same_host

_PAGE = re.compile(
    r"^(?P<stem>[\w-]{1,40}_(?P<component>\d{4,12})_)(?P<number>\d{1,5})(?P<suffix>\.\w{3,5})$"
)
# maxPageNum2603340=15; before it stands maxPageNum=0
_COUNT = re.compile(r"\bmaxPageNum_?(?P<component>\d{4,12})\s*=\s*[\"']?(?P<count>\d{1,5})\b")
_STEM = "[\"'/]((?!(?:comp|pag)_)[\\w-]{{1,40}}_{component})(?:_|[\"'])"
_MARKS = ("comp_", "pag_")  # <span id="comp_2603340"> holds the rows, <td id="pag_2603340"> the pager
_NEAR = 3  # elements around a link
_FEWEST_LINKS = 2
_MOST_PAGES = 5000


def addresses(root: etree._Element, text: str, url: str) -> tuple[str, ...]:
    """The addresses of all pages of the list whose first page is at ``url``, newest first; empty where it is no such list."""
    counts = {found["component"]: int(found["count"]) for found in _COUNT.finditer(text)}
    linked: dict[str, dict[int, str]] = {}
    for link in root.iter("a"):
        href = link.get("href")
        if not href or "_" not in href or (text_of(link) and not _is_hidden(link)):
            continue
        address = absolute(url, href)
        name = _PAGE.match(urlsplit(address).path.rpartition("/")[2]) if address else None
        if address and name and same_host(url, address) and _beside(url, address):
            linked.setdefault(name["component"], {})[int(name["number"])] = address
    for component, pages in linked.items():
        if component in counts or (len(pages) >= _FEWEST_LINKS and _is_marked(root, component)):
            linked_to, count = max(pages), counts.get(component, 0)
            # Where both are one the last link is the first page once more; else the larger one is believed.
            highest = count - 1 if linked_to == count else max(linked_to, count - 1)
            return _all(url, pages[linked_to], highest)
    for component, count in counts.items():
        stem = re.search(_STEM.format(component=component), text)
        if stem is not None and _is_marked(root, component):
            suffix = re.search(r"\.\w+$", urlsplit(url).path)
            return _all(url, urljoin(url, f"{stem[1]}_1{suffix[0] if suffix else '.html'}"), count - 1)
    return ()


def _all(url: str, one: str, highest: int) -> tuple[str, ...]:
    """The first page, and the further ones by their numbers; ``one``: the address of any of them."""
    stem, _, suffix = re.split(r"(\d+)(?=\.\w+$)", one)
    if not 0 < highest <= _MOST_PAGES:
        return ()
    return url, *(f"{stem}{number}{suffix}" for number in range(highest, 0, -1))


def _beside(url: str, address: str) -> bool:
    return urlsplit(address).path.rpartition("/")[0] == urlsplit(url).path.rpartition("/")[0]


def _is_hidden(link: etree._Element) -> bool:
    """Whether no reader sees it: what a reader sees is a pager like others."""
    around = (link, *islice(link.iterancestors(), _NEAR))
    return any(hides(element.get("style") or "") for element in around)


def _is_marked(root: etree._Element, component: str) -> bool:
    return any(root.find(f".//*[@id='{mark}{component}']") is not None for mark in _MARKS)
