"""Text that stands there struck out: every reader sees that it no longer holds, so it is written with a mark of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from crawler.extract.text import clean

_BEGIN, _END = "〔删除：", "〕"
STRIKING = frozenset({"s", "strike", "del"})  # elements
# Excel's text-line-through is another property
STRIKES = re.compile(r"text-decoration(?:-line)?\s*:[^;}]*line-through", re.IGNORECASE)
_NO_LINE = re.compile(r"text-decoration(?:-line)?\s*:\s*none", re.IGNORECASE)
_BRACKETS = re.compile("[〔〕\n]")


class Struck(str):
    """A piece of a text that is struck out."""

    __slots__ = ()


def is_struck(element: etree._Element) -> bool:
    """Whether an element strikes its words out, as its name or its own style says."""
    style = element.get("style")
    if element.tag in STRIKING:
        return style is None or not _NO_LINE.search(style)
    return style is not None and "line-through" in style and STRIKES.search(style) is not None


def joined(pieces: Sequence[str], breaks: str = "") -> str:
    """Pieces of a text as one, struck ones marked: ``罚款〔删除：五万元〕三万元``; those that follow each other share a mark.

    ``breaks`` are characters that part lines or cells; no mark reaches over one. White space stays outside of a mark.
    """
    if not any(type(piece) is Struck for piece in pieces):
        return "".join(pieces)
    out: list[str] = []
    blank, inside = "", False
    for bit, struck in _bits(pieces, breaks):
        if bit and bit in breaks:
            out += (_END if inside else "", blank, bit)
            blank, inside = "", False
        elif not clean(bit):
            blank += bit
        else:
            said = bit.strip()
            before, _, after = bit.partition(said)
            blank += before
            out += (
                (_END, blank)
                if inside and not struck
                else (blank, _BEGIN)
                if struck and not inside
                else (blank,)
            )
            out.append(said)
            blank, inside = after, struck
    return "".join((*out, _END if inside else "", blank))


def _bits(pieces: Iterable[str], breaks: str) -> Iterator[tuple[str, bool]]:
    for piece in pieces:
        for bit in re.split(f"([{breaks}])", piece) if breaks else (piece,):
            yield bit, type(piece) is Struck


def without_struck(text: str) -> str:
    """A text without what is struck out in it: that is no value, no day and no reference."""
    out: list[str] = []
    at = 0
    while (begin := text.find(_BEGIN, at)) >= 0:
        out.append(text[at:begin])
        at, depth = begin + len(_BEGIN), 1
        for found in _BRACKETS.finditer(text, at):
            depth += {"〔": 1, "〕": -1}.get(found[0], 0)
            at = found.start() if found[0] == "\n" else found.end()
            if depth == 0 or found[0] == "\n":
                break
        else:
            at = len(text)
    return "".join((*out, text[at:])) if at else text


def standing(lines: Iterable[str]) -> list[str]:
    """Lines without what is struck out in them."""
    return [left for line in lines if (left := without_struck(line).strip())]
