"""Whether a page came whole: a cut that no header betrays shows in its markup."""

from __future__ import annotations

import re

_OPENS = re.compile(rb"<html[\s>]", re.IGNORECASE)
_CLOSES = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page opens its html element
_TAIL = 2048  # bytes in which most pages close it
_END = 64  # bytes by which the ends of two answers are told apart
_GROWN = 16  # bytes that counters add
_COUNTS = re.compile(rb"\d+")


def ends_early(body: bytes) -> bool:
    """Whether a page opens its html element and closes neither it nor its body.

    A server that dies in the middle of a page, or a proxy with a limit, sends a sound answer with half a text:
    Content-Length and gzip are made by who stands behind. Of 139 saved pages none ends without either tag.
    """
    if not _OPENS.search(body, 0, _HEAD):
        return False
    return not (_CLOSES.search(body, max(0, len(body) - _TAIL)) or _CLOSES.search(body))


def ends_alike(one: bytes, other: bytes) -> bool:
    """Whether two answers end at the same place of a page; a counter in it may have grown by a digit or a few."""
    if abs(len(one) - len(other)) > _GROWN:
        return False
    return _COUNTS.sub(b"0", one[-_END:]) == _COUNTS.sub(b"0", other[-_END:])
