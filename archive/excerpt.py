"""The words around a match, as they stand in the text: neither folded nor segmented like the index. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

Part = tuple[str, bool]  # a piece of text, and whether it is what was searched for
_BEFORE, _LENGTH = 20, 90  # characters
_LONGEST = 2_000_000  # characters of a text that are looked at


def excerpt(text: str, phrases: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    """The surroundings of the first match of ``phrases`` (lists of folded tokens) in ``text``; empty without one."""
    folded, origin = _folded(text[:_LONGEST])
    spans = sorted(
        (match.start(), match.end()) for phrase in phrases for match in _pattern(phrase).finditer(folded)
    )
    if not spans:
        return ()
    start = max(0, origin[spans[0][0]] - _BEFORE)
    end = min(len(text), start + _LENGTH)
    parts: list[Part] = [("…" if start else "", False)]
    at = start
    for first, last in spans:
        begin, stop = origin[first], origin[last - 1] + 1
        if begin < at or stop > end:
            continue
        parts += [(text[at:begin], False), (text[begin:stop], True)]
        at = stop
    parts += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return tuple((re.sub(r"\s+", " ", piece), hit) for piece, hit in parts if piece)


def bracketed(parts: Sequence[Part]) -> str:
    """Parts as one line, what was searched for in [brackets]."""
    return "".join(f"[{text}]" if hit else text for text, hit in parts)


def _pattern(phrase: Sequence[str]) -> re.Pattern[str]:
    """Tokens in their order; punctuation may stand between them, and words of letters are whole words."""
    words = [
        rf"(?<![a-z0-9]){re.escape(token)}(?![a-z0-9])" if token.isascii() else re.escape(token)
        for token in phrase
    ]
    return re.compile(r"[\W_]*".join(words))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """``text`` as the index folds it, and for each of its characters the place in ``text``."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        simple = text.casefold()
        if len(simple) == len(text):
            return simple, range(len(text))
    pieces = [unicodedata.normalize("NFKC", char).casefold() for char in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origin
