"""The walk through a catalogue that answers in JSON: rows, documents and the way on. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.json_paths import first, rows_at, walk
from crawler.lists.records import RowShape, document_row, title_in
from crawler.paging import Sender
from crawler.platforms.base import ListError, ListPage, PageRequest, row_hash

_CHAIN = "list"
_NO_MORE = re.compile(
    r"(?:没有|暂?无|未(?:找|查(?:询)?)到|查无)(?:更多|其他|相关|任何|符合条件)?的?(?:数据|记录|内容|信息|结果|公告|文件|文章|了)"
    r"|(?:数据|结果|记录|列表|内容)(?:为空|不存在)|到底了|页码?(?:数|号)?(?:超出|超过|越界|不存在)"
    r"|\bno\s?(?:more\s?)?(?:data|records?|results?)\b",
    re.IGNORECASE,
)
_LONGEST_WORDS = 40  # characters of what says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where an answer holds its rows, and what it says of their number. Every path may be a choice of several."""

    rows: Sequence[str]
    shape: RowShape
    total: Sequence[str] = ()
    last_page: Sequence[str] = ()
    size: Sequence[str] = ()  # rows of a page, as the answer repeats them


def first_page(sender: Sender) -> PageRequest:
    """The first page of a catalogue.

    Where nothing states whether pages count from 0 or 1, page 0 is asked for first: it is the first page, or the same as
    page 1 (see :func:`list_page`), or none, and then page 1 is the first.
    """
    number = sender.first_number()
    if number is not None or sender.paging.by != "page":
        return sender.page(number or 0, page=1, chain=_CHAIN, state={"base": number or 0})
    one = sender.page(1, page=1, chain=_CHAIN, state={"base": 1})
    return sender.page(
        0, page=1, chain=_CHAIN, state={"base": 0, "guess": True}, optional=True, otherwise=one
    )


def list_page(value: Any, url: str, request: PageRequest, listing: Listing, sender: Sender) -> ListPage:
    """The rows of an answer, and the next page.

    Where the last page that the site states is full, one more is asked for: totals lie. One that is smaller than the full
    pages so far is none. Raises ListError for an answer that is no list.
    """
    found = _rows(value, url, listing) if request.page == 1 or not says_no_more(value) else []
    rows = tuple(row for at, item in found if (row := document_row(item, at, url, listing.shape)) is not None)
    if found and not rows:
        raise ListError(
            f"{url}: {len(found)} rows, and none has an address at {listing.shape.url!r};"
            f" a row has the keys {', '.join(list(found[0][1])[:30])}"
        )
    unaddressed = 0
    if len(rows) < len(found):  # a row without a title names no document: {} behind the last one
        read = [(item, document_row(item, at, url, listing.shape)) for at, item in found]
        unaddressed = sum(row is None and title_in(item, listing.shape) is not None for item, row in read)
    total = _number(value, listing.total)
    size = sender.paging.size or _number(value, listing.size) or request.state.get("size") or len(found)
    last = _number(value, listing.last_page)
    seen = request.state.get("seen", 0) + len(found)
    if total is not None and seen > total and len(found) >= size:
        # {"total": 3, "records": 45} of jqGrid are pages, and {"count": 15} the rows of this one.
        total = None
    if last is None and total is not None and size:
        last = max(1, -(-total // size))
    state = {**request.state, "size": size, "seen": seen}
    if state.pop("guess", False):
        if not found and request.otherwise is not None:
            return ListPage(next=request.otherwise, last_page=last, total=total)
        state["zero"] = row_hash([row.url for row in rows])
    elif (zero := state.pop("zero", None)) is not None and zero == row_hash([row.url for row in rows]):
        # Page 0 was page 1 by another name.
        again = replace(request, state={**state, "base": 1, "seen": len(found)}, page=1)
        return ListPage(next=_next(value, again, sender, len(found), size, last), last_page=last, total=total)
    unmarked = last is None and sender.paging.by != "none"
    following = _next(value, replace(request, state=state), sender, len(found), size, last)
    return ListPage(
        rows=rows, next=following, last_page=last, total=total, shown=len(found), unaddressed=unaddressed,
        end_unmarked=unmarked,
    )  # fmt: skip


def says_no_more(value: Any) -> bool:
    """Whether an answer says in words that there is nothing: ``{"code": 500, "msg": "没有更多数据了"}``, ``nodata``.

    Beyond a list's last page that is its end, also where an error's code stands beside it.
    """
    words = value.values() if isinstance(value, dict) else (value,)
    held = any(isinstance(one, list | dict) and one for one in words)
    return not held and any(
        isinstance(one, str) and len(one) <= _LONGEST_WORDS and _NO_MORE.search(one) for one in words
    )


def _rows(value: Any, url: str, listing: Listing) -> list[tuple[str, dict[str, Any]]]:
    led_somewhere = False
    for path in listing.rows:
        if found := rows_at(value, path):
            return found
        led_somewhere = led_somewhere or any(True for _ in walk(value, path))
    if not led_somewhere:
        keys = f"; it has the keys {', '.join(list(value)[:20])}" if isinstance(value, dict) else ""
        raise ListError(f"{url}: the answer has no rows at {' or '.join(listing.rows)}{keys}")
    return []


def _number(value: Any, paths: Sequence[str]) -> int | None:
    for path in paths:
        shown = first(value, path)
        if isinstance(shown, str) and shown.strip().isdecimal():
            return int(shown)
        if isinstance(shown, int | float) and not isinstance(shown, bool) and shown >= 0:
            return int(shown)
    return None


def _next(
    value: Any, request: PageRequest, sender: Sender, shown: int, size: int, last: int | None
) -> PageRequest | None:
    paging = sender.paging
    state = dict(request.state)
    more: dict[str, Any] = {"page": request.page + 1, "chain": _CHAIN, "state": state}
    if paging.by == "none" or not shown:
        return None
    if paging.by == "cursor":
        cursor = first(value, paging.cursor or "")
        if not isinstance(cursor, str | int) or str(cursor) == state.get("cursor"):
            return None
        state["cursor"] = str(cursor)
        return sender.after(str(cursor), **more)
    if last is None:
        if paging.stop == "short" and shown < size:
            return None
    elif request.page >= last:
        if shown < size or request.optional:
            return None
        more["optional"] = True
    return sender.page(state["base"] + request.page, **more)
