"""Rows of a list that lead to two documents each, of which one is taken: 2031年部门预算 | 2030年部门决算. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from archive.identity import url_key
from crawler.extract.links import address_of
from crawler.lists.companions import is_companion
from crawler.lists.row_dates import is_date_alone
from crawler.lists.row_groups import SHORTEST_TITLE, own_links, text_of
from crawler.outcomes import same_host
from crawler.platforms.base import ListRow

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|txt|zip|rar|7z|jpe?g|png)(?:\?|$)", re.IGNORECASE)
_ABOUT_ANOTHER = re.compile(r"解读|图解|读懂|问答")
_FEWEST = 3  # rows with a second document


def second_links(root: etree._Element, url: str, rows: Sequence[ListRow]) -> list[tuple[str, str]]:
    """(words, address) of what most rows of a list lead to beside the document that is taken, each to another page.

    Files, interpretations, columns and days are none; 查看 is one beside another 查看.
    """
    taken = {url_key(row.url) for row in rows}
    found: dict[str, tuple[str, str]] = {}
    held = count = 0
    for element in root.iter("tr", "li"):
        links = [(text_of(a), address) for a in own_links(element) if (address := address_of(a, url))]
        own = [words for words, address in links if url_key(address) in taken]
        if not own:
            continue
        held += 1
        others = [
            (words, address)
            for words, address in links
            if url_key(address) not in taken and same_host(url, address) and _is_second(words, address, own)
        ]
        count += bool(others)
        found |= {url_key(address): (words, address) for words, address in others[:1]}
    return list(found.values()) if _FEWEST <= count == len(found) and count * 2 > held else []


def _is_second(words: str, address: str, own: Sequence[str]) -> bool:
    if _FILE.search(address) or _ABOUT_ANOTHER.search(words) or is_date_alone(words) or not words:
        return False
    if len(words) >= SHORTEST_TITLE:
        return not is_companion(words)
    return all(len(one) < SHORTEST_TITLE for one in own)
