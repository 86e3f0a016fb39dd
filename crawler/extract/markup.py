"""Elements of a page found in its text, without a tree, in one pass however many of them are never closed.

A pattern ``<script.*?</script>`` looks for the end of the page again at every opening that has none: a page of nothing
but openings takes minutes. Here an end that is not found is not sought again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

COMMENT = "!--"
TAG = re.compile(r"<[^<>]*>")


@lru_cache(maxsize=32)
def _openings(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(sorted(names - {COMMENT}))
    return re.compile(
        rf"<(?:(?P<name>{words})(?![\w:-])" + (rf"|(?P<comment>{COMMENT}))" if COMMENT in names else ")"),
        re.I,
    )


@lru_cache(maxsize=32)
def _end(name: str) -> re.Pattern[str]:
    return re.compile("-->" if name == COMMENT else rf"</{name}\s{{0,9}}>?", re.I)


def spans(text: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where elements of these names begin and end, outermost openings first; what is never closed is none.

    ``names`` are lower-case tags, and COMMENT for comments. An element ends at the first end tag of its own name.
    """
    position, unclosed = 0, set[str]()
    for opened in _openings(names).finditer(text):
        name = (opened["name"] or COMMENT).lower()
        if opened.start() < position or name in unclosed:
            continue
        closed = _end(name).search(text, opened.end())
        if closed is None:
            unclosed.add(name)
            continue
        position = closed.end()
        yield opened.start(), position


def without(text: str, names: frozenset[str], instead: str = "") -> str:
    """A page's text with ``instead`` in place of every element of these names."""
    pieces: list[str] = []
    position = 0
    for start, end in spans(text, names):
        pieces += text[position:start], instead
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
