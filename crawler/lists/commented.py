"""A list whose rows all stand in a comment, for a script to take them from: ``<ul class="list"><!-- <li><a …> … --></ul>``. Pure."""

from __future__ import annotations

import re

from crawler.lists.row_dates import DATE

_OPENED = re.compile(r"<(ul|ol|dl|table|tbody|div)\b[^<>]{0,300}>\s*\Z", re.IGNORECASE)
_CLOSED = re.compile(r"\s*</(ul|ol|dl|table|tbody|div)\s*>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"<a\s[^<>]{0,300}?\bhref\s*=\s*[\"'](?!#|javascript:)([^\"'<>]{1,300})[\"']", re.IGNORECASE
)
_BEGINS, _ENDS = "<!--", "-->"
_BEFORE = 400  # characters in which the tag of the list stands
_FEWEST = 5  # rows; one or two are what a designer left as a pattern
_LARGEST = 4_000_000  # characters of a page that is looked at


def with_commented(text: str) -> str:
    """The page with the rows of such lists where they belong; the page itself where it has none."""
    if len(text) > _LARGEST:
        return text
    pieces, position = [], 0
    while (begin := text.find(_BEGINS, position)) >= 0 and (end := text.find(_ENDS, begin + 4)) >= 0:
        held = text[begin + len(_BEGINS) : end]
        behind = end + len(_ENDS)
        opened = _OPENED.search(text, max(position, begin - _BEFORE), begin)
        closed = _CLOSED.match(text, behind)
        fits = opened is not None and closed is not None and opened[1].lower() == closed[1].lower()
        pieces += [text[position:begin], held if fits and _are_rows(held) else text[begin:behind]]
        position = behind
    return "".join((*pieces, text[position:]))


def _are_rows(held: str) -> bool:
    return len(set(_ADDRESS.findall(held))) >= _FEWEST and len(DATE.findall(held)) >= _FEWEST
