"""Whether a page came whole: a cut that no header betrays shows in its markup."""

from __future__ import annotations

import re

_OPENS = re.compile(rb"<html[\s>]", re.IGNORECASE)
_CLOSES = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page opens its html element
_TAIL = 2048  # bytes in which most pages close it
_END = 64  # bytes by which the ends of two answers are told apart
_GROWN = 16  # bytes that counters add
_VARIES = re.compile(rb"[A-Za-z_-]{0,64}+\d[\w-]{0,64}+")  # numbers, and tokens with a digit within


def ends_early(body: bytes) -> bool:
    """Whether a page opens its html element and closes neither it nor its body.

    A server that dies in the middle of a page, or a proxy with a limit, sends a sound answer with half a text:
    Content-Length and gzip are made by who stands behind. No page of tests/pages ends without either tag.
    """
    if not _OPENS.search(body, 0, _HEAD):
        return False
    return not (_CLOSES.search(body, max(0, len(body) - _TAIL)) or _CLOSES.search(body))


def ends_alike(one: bytes, other: bytes) -> bool:
    """Whether two answers end at the same place of a page, which may hold another counter, token or choice of links.

    Where the end stands in the page more than once (a table's empty cells), their lengths decide.
    """
    ends = [_VARIES.sub(b"0", body[-_TAIL:])[-_END:] for body in (one, other)]
    if ends[0] != ends[1]:
        return False
    return abs(len(one) - len(other)) <= _GROWN or _VARIES.sub(b"0", one).count(ends[0]) == 1
