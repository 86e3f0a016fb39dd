"""The next page of an HTML list, whichever way its pages are named: hidden links, calls, links, a script's array. Pure."""

from __future__ import annotations

from lxml import etree

from crawler.lists import counted_down, page_arrays, pagers
from crawler.platforms.base import PageRequest


def following(
    root: etree._Element, text: str, url: str, request: PageRequest
) -> tuple[PageRequest | None, int | None]:
    """The page after the one at ``url``, and the number of pages where it is said."""
    found = page_arrays.after(request, counted_down.addresses(root, text, url) if request.page == 1 else ())
    if found == (None, None):
        found = pagers.following(root, text, url, request)
    if found == (None, None):
        found = page_arrays.following(text, url, request)
    return found
