"""Texts whose lines an editor broke at a width, as mail and old programs do: the sentences that they are. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

_PROSE = 15  # characters of a line that can be one of prose
_FEWEST = 6  # lines from which a width can be told
_FULL = 0.7  # of the length of most lines, from which on a line can have been broken
_GOES_ON = re.compile(r"[一-鿿A-Za-z0-9，、,（(《〈“]")  # a line's last character
_BEGINS = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,6}[章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,3}[.、．]|附件?|　)"
)


def joined_lines(text: str) -> str:
    """The text with lines joined that were broken at a width; as it is where its lines are paragraphs."""
    lines = text.split("\n")
    prose = sorted(len(line) for line in lines if len(line) >= _PROSE and "\t" not in line)
    if len(prose) < _FEWEST:
        return text
    broken = sum(
        len(line) >= _PROSE and "\t" not in line and _GOES_ON.match(line, len(line) - 1) is not None
        for line in lines
    )
    if 2 * broken < len(prose):
        return text
    full = _FULL * prose[len(prose) // 2]
    parts = [lines[0]]
    for before, line in pairwise(lines):
        joined = len(before) >= full and "\t" not in before + line and _GOES_ON.match(before, len(before) - 1)
        parts.append(line if joined and not _BEGINS.match(line) else "\n" + line)
    return "".join(parts)
