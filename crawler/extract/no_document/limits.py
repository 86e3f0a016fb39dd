"""Limits checked on the bytes before any parser sees them.

libxml2 silently drops text beyond some 2,000 levels of nesting, and a tag with tens of thousands of
attributes takes it 20 s. Both are seen by a scan that costs microseconds on a normal page.
"""

from __future__ import annotations

import re

from archive.model import Problem, Severity

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 800
MAX_ATTRIBUTES = 400
_TAGS = re.compile(r"<(/?[a-zA-Z][\w:-]*)")
_VOID = frozenset({
    "br", "img", "input", "meta", "link", "hr", "col", "area", "base", "embed", "param", "source", "track",
    "wbr", "option", "p", "li", "td", "tr", "th", "dd", "dt",
})  # fmt: skip
_QUOTED = re.compile(r""" "[^"]*"|'[^']*' """.strip())
_LONG_TAG = 4_000  # characters of one whose attributes are counted
_LONG = re.compile(rf"<[^<]{{{_LONG_TAG + 1}}}")


def check(text: str) -> Problem | None:
    """The reason not to parse a text, or None."""
    if len(text) > MAX_BYTES:
        return _refusal("too_large", f"{len(text)} characters; the limit is {MAX_BYTES}")
    pieces = text.split("<")[1:] if _LONG.search(text) else ()  # few pages hold one
    for tag in (piece for piece in pieces if len(piece) > _LONG_TAG):
        inside = tag.partition(">")[0]
        if len(inside) > _LONG_TAG and inside[0].isalpha() and _attributes(inside) > MAX_ATTRIBUTES:
            return _refusal(
                "too_many_attributes", f"a tag has more than {MAX_ATTRIBUTES} attributes: <{inside[:40]}…"
            )
    if text.count("<") > MAX_DEPTH and _too_deep(text):
        return _refusal(
            "nesting_too_deep", f"elements are nested more than {MAX_DEPTH} deep; text would be lost"
        )
    return None


def _attributes(tag: str) -> int:
    return len(_QUOTED.sub("", tag).split())


def _too_deep(text: str) -> bool:
    # <p>, <li>, <td> close themselves; every other open tag nests until it is closed.
    tags = _TAGS.findall(text)
    steps: dict[str, tuple[int, int]] = {}  # tag → (number of its name, +1, -1 or 0)
    names: dict[str, int] = {}
    for tag in set(tags):
        name = tag.lstrip("/").lower()
        number = names.setdefault(name, len(names))
        steps[tag] = number, 0 if name in _VOID else -1 if tag[0] == "/" else 1
    opened = [0] * len(names)
    total = 0
    for number, step in map(steps.__getitem__, tags):
        if step > 0:
            opened[number] += 1
            total += 1
            if total > MAX_DEPTH:
                return True
        elif step < 0 and opened[number]:
            opened[number] -= 1
            total -= 1
    return False


def _refusal(code: str, message: str) -> Problem:
    return Problem(code=code, message=f"page not parsed: {message}", severity=Severity.ERROR)
