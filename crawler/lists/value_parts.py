"""Parts of a row's values in addresses, as the scripts of pages cut them out: ``/{date[0:4]}/{date.split(-)[1]}/{id}.html``. Pure.

``[0:4]`` characters from and to  ·  ``.split(-)[1]`` the second piece  ·  ``.replace(-,/)`` everywhere, ``.replace_first(-,/)`` once
·  ``//1000`` a number divided, without its remainder
"""

from __future__ import annotations

import re

_PART = re.compile(
    r"\[(?P<begin>\d{1,3}):(?P<end>\d{0,3})\]|\.split\((?P<at>[^(){}]{1,3})\)\[(?P<piece>\d{1,2})\]"
    r"|\.replace(?P<once>_first)?\((?P<old>[^(),{}]{1,3}),(?P<new>[^(),{}]{0,3})\)|//(?P<by>[1-9]\d{0,6})"
)
_HOLE = re.compile(rf"(?P<path>[^{{}}]*?)(?P<parts>(?:{re.sub(r'[?]P<[a-z]+>', '', _PART.pattern)})*)")


def path_of(hole: str) -> str:
    """The path of a value in ``date[0:4]``, without what is cut out of it."""
    found = _HOLE.fullmatch(hole)
    return found["path"] if found is not None else hole


def part_of(value: object, hole: str) -> str | None:
    """What a hole of an address takes of its path's value; None where the value has no such part."""
    text: str | None = str(value)
    for part in _PART.finditer(hole[len(path_of(hole)) :]):
        text = _cut(text, part) if text is not None else None
    return text


def _cut(text: str, part: re.Match[str]) -> str | None:
    if part["begin"] is not None:
        return text[int(part["begin"]) : int(part["end"]) if part["end"] else None] or None
    if part["at"] is not None:
        pieces = text.split(part["at"])
        return pieces[int(part["piece"])] or None if int(part["piece"]) < len(pieces) else None
    if part["old"] is not None:
        return text.replace(part["old"], part["new"], 1 if part["once"] else -1)
    return str(int(text) // int(part["by"])) if text.isdecimal() else None
