"""Where ``Refresh`` leads, which a header and a ``<meta http-equiv>`` say in the same words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

SLOWEST = 15  # seconds; what waits longer is a page that reloads itself
_META = re.compile(r"<meta\b[^<>]{0,200}?http-equiv\s*=\s*[\"']?refresh\b[^<>]{0,600}>", re.IGNORECASE)
_CONTENT = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_VALUE = re.compile(r"\s*(\d{1,9})(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]*))?", re.IGNORECASE)


def led(value: str) -> tuple[int, str] | None:
    """Seconds and address of a value; the address is empty where the page is to reload itself. None of what is no such value.

    >>> led("0; url='/zw/1.html'")
    (0, '/zw/1.html')
    >>> led("5")
    (5, '')
    """
    found = _VALUE.match(value)
    return (int(found[1]), found[2] or "") if found else None


def in_markup(text: str) -> Iterator[tuple[int, str]]:
    """What the tags of a page say, in their order.

    >>> list(in_markup('<META content="0;URL=/zw/" HTTP-EQUIV=Refresh>'))
    [(0, '/zw/')]
    """
    for tag in _META.finditer(text):
        content = _CONTENT.search(tag.group())
        said = led(next(filter(None, content.groups()), "")) if content else None
        if said is not None:
            yield said
