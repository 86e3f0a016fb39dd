"""What the further pages of an HTML list are known by: the rows and the title of its first page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from crawler.lists.like import Like, title_key
from crawler.platforms.base import ListError, ListRow, PageRequest

_LIKE = "like"  # in the state of a PageRequest


def like_of(request: PageRequest) -> Like | None:
    """What the first page of the list looked like; None on that page itself."""
    like: Like | None = request.state.get(_LIKE) if request.page > 1 else None
    return like


def remembered(following: PageRequest | None, like: Like | None) -> PageRequest | None:
    """The request for the next page, with what the first one looked like."""
    if following is None:
        return None
    return replace(following, state={**following.state, _LIKE: like})


def check(root: etree._Element, rows: Sequence[ListRow], request: PageRequest) -> None:
    """Raise ListError where a further page has none of the list's rows and is not of its kind: a stub, the front page.

    A page of the list's own kind without rows is its end.
    """
    like = like_of(request)
    if rows or like is None or request.state.get("end_unmarked") or not like.title:
        return
    title = title_key(root)
    if title != like.title:
        shown = f"the title {title}" if title else "no title"
        raise ListError(f"{request.url}: no page of the list: it has none of its rows, and {shown}")
