"""Pages that a pager's script asks for by an address it puts together: laypage's ``location.href = '?page=' + obj.curr``. Pure."""

from __future__ import annotations

import re

from crawler.extract.links import absolute
from crawler.pagers import numbered
from crawler.platforms.base import PageRequest

_STRING = r"\"([^\"\n]{1,300})\"|'([^'\n]{1,300})'"
_GOES = re.compile(
    rf"\blocation(?:\s*\.\s*href)?\s*=\s*(?:{_STRING})\s*\+\s*(?:[\w$]+\s*\.\s*)?(?:curr\w*|page\w*|num\w*|index|n|p)\b"
    rf"(?:\s*\+\s*(?:{_STRING})(\s*\+\s*[\w$.]{{1,40}})?)?"
)
_SIZE = re.compile(r"\b(?:limit|page_?size|items_per_page|rows_?per_?page)\s*[:=]\s*[\"']?(\d{1,4})\b", re.I)


def following(
    text: str, url: str, request: PageRequest, shown: int, total: int | None, last: int | None
) -> tuple[PageRequest | None, int | None]:
    """The next page and the number of pages, where a script tells how one is asked for and how many there are.

    ``shown``: rows of this page; ``total`` and ``last``: rows and pages as the list states them.
    """
    ways = {(a or b, c or d, more) for a, b, c, d, more in _GOES.findall(text)}
    stated = _SIZE.search(text)
    size = int(stated[1]) if stated is not None else None
    if last is None and total is not None and (size or (request.page == 1 and shown)):
        last = -(-total // (size or shown))
    if len(ways) != 1 or last is None:
        return None, last
    before, behind, more = ways.pop()
    if more:  # '&limit=' + obj.limit
        if not size or not re.search(r"(?:limit|size|rows|per_?page)=$", behind, re.I):
            return None, last
        behind += str(size)
    address = absolute(url, f"{before}{request.page + 1}{behind}")
    if address is None or request.page >= last:
        return None, last
    return numbered(address, request), last
