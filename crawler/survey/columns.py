"""The columns of a page about catalogues: which of them are lists of one platform, and which are left out. Pure, but for what
it is handed to ask with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.identity import url_key
from crawler.extract.links import absolute
from crawler.extract.text import CHINESE
from crawler.lists import signposts
from crawler.lists.row_groups import text_of
from crawler.lists.signposts import Signpost
from crawler.survey.findings import Page
from crawler.survey.outcome import Survey
from crawler.survey.proposals import Proposal

_COLUMNS = 8  # links of a page that are followed, where none of them are its own
_OWN_COLUMNS = 18  # the same where they are its own
_FEWEST_OWN = 2
_KEPT = 10  # requests that are kept for second pages and documents
_FEWEST_IN_BOX, _MOST_IN_BOX = 2, 100  # links
_OF_A_DATE = re.compile(r"[\d_-]+")  # a directory: 202603
Look = Callable[[str], tuple[Page | None, Proposal | None]]


def boxes(root: etree._Element, url: str) -> int:
    """How many boxes of a page end in 更多, or are headed by a link to the directory in which all that they list lies.

    <h3><a href="bmwj/">部门文件</a></h3><ul><li><a href="bmwj/202603/t1.html">…
    """
    home, headed = urljoin(url, "."), set[str]()
    for link in root.iter("a"):
        address = absolute(url, link.get("href"))
        if address is None or address in headed or not signposts.LIST_FILE.search(urlsplit(address).path):
            continue
        directory = urljoin(address, ".")
        inner = directory.removeprefix(home).rstrip("/") if directory.startswith(home) else ""
        if not inner or _OF_A_DATE.fullmatch(inner.rpartition("/")[2]) or not CHINESE.search(text_of(link)):
            continue
        held = [absolute(url, one.get("href")) or "" for one in _beside(link)]
        within = all(one.startswith(directory) for one in held)
        lists = any(signposts.LIST_FILE.search(urlsplit(one).path) for one in held)  # a menu in a menu
        if within and not lists and len(held) >= _FEWEST_IN_BOX:
            headed.add(address)
    return max(signposts.boxes(root), len(headed))


def _beside(link: etree._Element) -> list[etree._Element]:
    """The links that share the smallest element with a link that holds others."""
    for around in link.iterancestors():
        if others := [one for one in islice(around.iter("a"), _MOST_IN_BOX) if one is not link]:
            return others
    return []


def of_page(
    page: Page, above: Collection[str], survey: Survey, left: int, look: Look, asked: Signpost | None
) -> Iterator[Proposal]:
    """The lists among the columns of a page, on the platform that most of them have, with those that were not looked at.

    ``above``: addresses that are no columns of it. ``left``: requests that may be made. ``look``: the page at an address and
    what it looks like. ``asked``: the page itself, where its script asks for rows that could not be had: they may be its list.
    """
    posts = signposts.columns(page.root, page.url) if page.root is not None else []
    posts = [post for post in posts if post.url not in above]
    own = [post for post in posts if signposts.is_own(post, page.url)]
    if len(own) < _FEWEST_OWN:
        listed = signposts.listed_beside(page.root, page.url) if page.root is not None else set()
        own = [post for post in posts if post.url in listed]
    followed = own[: max(_COLUMNS, min(_OWN_COLUMNS, left - _KEPT))] or posts[:_COLUMNS]
    if posts:
        survey.notes.append(f"{page.url} is no list; pages it links that may be lists: {len(own or posts)}")
    found: dict[str, list[Proposal]] = {}
    lost: list[Signpost] = []
    for post in followed:
        below, best = look(post.url)
        if below is not None and best is not None:
            found.setdefault(best.platform, []).append(best)
        elif below is not None and not signposts.is_unlikely(post):
            lost.append(post)
    survey.others = [post for post in posts if post not in followed and post not in own]
    unseen = tuple(("list", post.words, post.url, dict[str, object]()) for post in own[len(followed) :])
    for platform, proposals in sorted(found.items(), key=lambda item: -len(item[1])):
        survey.left_out = [*(lost if own else []), *([asked] if asked is not None else [])]
        survey.left_out += [
            Signpost(name or "", url)
            for other, theirs in found.items() if other != platform
            for proposal in theirs for _, name, url, _ in proposal.catalogues
        ]  # fmt: skip
        catalogues = {url_key(c[2]): c for p in proposals for c in p.catalogues}
        yield Proposal(
            platform,
            min(p.certainty for p in proposals),
            proposals[0].why,
            tuple(dict.fromkeys(check for p in proposals for check in p.look)),
            tuple(catalogues.values()),
            looked=True,
            unseen=unseen,
        )
    survey.left_out = []
