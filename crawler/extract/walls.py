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
_ANY_OPEN = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_VOID = frozenset(
    [
        "br",
        "img",
        "input",
        "meta",
        "link",
        "hr",
        "col",
        "area",
        "base",
        "embed",
        "param",
        "source",
        "track",
        "wbr",
        "option",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dd",
        "dt",
    ]
)
_QUOTED = re.compile(r""" "[^"]*"|'[^']*' """.strip())
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")


def check(text: str) -> Problem | None:
    """The reason not to parse a text, or None."""
    if len(text) > MAX_BYTES:
        return _refusal("too_large", f"{len(text)} characters; the limit is {MAX_BYTES}")
    for tag in _LONG_TAG.finditer(text):
        if len(_QUOTED.sub("", tag.group()).split()) > MAX_ATTRIBUTES:
            return _refusal(
                "too_many_attributes",
                f"a tag has more than {MAX_ATTRIBUTES} attributes at character {tag.start()}",
            )
    if text.count("<") > MAX_DEPTH and _too_deep(text):
        return _refusal(
            "nesting_too_deep", f"elements are nested more than {MAX_DEPTH} deep; text would be lost"
        )
    return None


def _too_deep(text: str) -> bool:
    # <p>, <li>, <td> close themselves; every other open tag nests until it is closed.
    depth: dict[str, int] = {}
    total = 0
    for match in _ANY_OPEN.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        if match[1]:
            if depth.get(name, 0) > 0:
                depth[name] -= 1
                total -= 1
        else:
            depth[name] = depth.get(name, 0) + 1
            total += 1
            if total > MAX_DEPTH:
                return True
    return False


def _refusal(code: str, message: str) -> Problem:
    return Problem(code=code, message=f"page not parsed: {message}", severity=Severity.ERROR)
