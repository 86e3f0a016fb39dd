"""Addresses of documents that change at every visit: /show.jsp?id=7&sid=0A1B. Pure.

An address is a document's identity. A parameter that a site puts into it for the visit (a session, the time, a token) would make
every document new at every run: the site file names such parameters under ``visit_parameters``, and they are left out. Which
they are is found by asking for a list twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from archive.identity import url_key
from crawler.json_paths import opened
from crawler.paging import json_text
from crawler.platforms.base import ListPage, ListRow, row_hash

_ADDRESS = re.compile(r"(?:https?:/|\.{0,2})/\S{0,2000}\?\S{0,2000}")
_OF_PAGE = re.compile(r"pn?|\w{0,20}page\w{0,20}", re.IGNORECASE)
_FEWEST_LOST = 3
_LOOKS = 4  # of a walk at one list, each of which shows other addresses
_LOOKED_AT = 100  # addresses whose parameters are looked at
_SHORTEST = 6  # characters of a value that is made for a visit


def without_visit(read: ListPage, names: Collection[str]) -> ListPage:
    """The page of a list whose documents' addresses have none of the parameters ``names``."""
    return replace(read, rows=tuple(_row(row, names) for row in read.rows)) if names else read


def may_change(rows: Sequence[ListRow]) -> bool:
    """Whether an address has a parameter with a value that may have been made for a visit, by its length."""
    return any(len(value) >= _SHORTEST for row in rows for _, value in _query(row.url))


def changed(rows: Sequence[ListRow], again: Sequence[ListRow]) -> tuple[str, ...] | None:
    """The parameters that differ between two answers of the same list; None where addresses differ in something else."""
    if {url_key(row.url) for row in rows} == {url_key(row.url) for row in again}:
        return ()
    names = dict.fromkeys(
        name
        for one, other in zip(rows, again, strict=False)
        if one.title == other.title
        for name, _ in {*_query(one.url)} ^ {*_query(other.url)}
    )
    left = [{url_key(without(row.url, names)) for row in page} for page in (rows, again)]
    distinct = len(left[0]) == len({url_key(row.url) for row in rows})
    return tuple(names) if distinct and left[0] == left[1] else None


def of_pages(rows: Sequence[ListRow], further: Sequence[ListRow]) -> tuple[str, ...]:
    """The parameters that hold the number of the page on which a row stands today: ``view.jsp?id=7&page=2``.

    ``rows``, ``further``: those of two pages that follow each other.
    """
    held = [[dict(_query(row.url)) for row in page] for page in (rows, further)]
    if min(map(len, held)) < _FEWEST_LOST:
        return ()
    found = []
    for name in filter(_OF_PAGE.fullmatch, held[0][0]):
        one, other = ({query.get(name, "") for query in page} for page in held)
        told = [*one, *other]
        if len(one) == len(other) == 1 and all(map(str.isdecimal, told)) and int(told[1]) == int(told[0]) + 1:
            found.append(name)
    return tuple(found)


def seems_changed(lost: Collection[str], new: Collection[str]) -> str | None:
    """The parameter but for which addresses that a list no longer has are those that are new in it; None where none is.

    As keys, see :func:`archive.identity.url_key`. For most of them: a document or two may well have moved.
    """
    names = {name for address in list(new)[:_LOOKED_AT] for name, _ in _query(address)}
    for name in sorted(names) if len(lost) >= _FEWEST_LOST else ():
        before, after = ({without(address, (name,)) for address in some} for some in (lost, new))
        told_apart = len(before) >= max(_FEWEST_LOST, len(lost) // _LOOKS)
        if told_apart and len(before & after) * 5 >= len(before) * 4:
            return name
    return None


def parameters(url: str) -> list[str]:
    """The names of an address's parameters."""
    return [name for name, _ in _query(url)]


def _row(row: ListRow, names: Collection[str]) -> ListRow:
    url = without(row.url, names)
    if url == row.url or row.record is None:
        return replace(row, url=url, aliases=tuple(without(alias, names) for alias in row.aliases))
    record = {key: _cleaned(value, names) for key, value in row.record.items()}
    aliases = tuple(without(alias, names) for alias in row.aliases)
    return replace(row, url=url, aliases=aliases, record=record, row_hash=row_hash(url, record))


def _cleaned(value: Any, names: Collection[str]) -> Any:
    """A value of a record without parameters in the addresses that it is, or holds: also in JSON that is its text."""
    if isinstance(value, Mapping):
        return {key: _cleaned(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, names) for item in value]
    if not isinstance(value, str):
        return value
    if isinstance(inner := opened(value), dict | list):
        cleaned = _cleaned(inner, names)
        return value if cleaned == inner else json_text(cleaned)
    return without(value, names) if _ADDRESS.fullmatch(value) else value


def _query(url: str) -> list[tuple[str, str]]:
    pieces = [piece.partition("=") for piece in urlsplit(url).query.split("&") if piece]
    return [(unquote_plus(name), value) for name, _, value in pieces]


def without(url: str, names: Collection[str]) -> str:
    """The address without some parameters; everything else of it stays as it is written."""
    try:
        parts = urlsplit(url)
    except ValueError:  # what only looks like an address
        return url
    kept = [piece for piece in parts.query.split("&") if unquote_plus(piece.partition("=")[0]) not in names]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), parts.fragment))
