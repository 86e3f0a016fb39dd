"""Where expressions, arguments and functions end in a script: brackets are counted, what stands in texts and comments is not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_FUNCTION = 6_000  # characters
_MOST_ARGUMENTS = 60  # of one call
_NOTED = re.compile(r"[\"'/(\[{)\]},;\n]")
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")


def after_string(code: str, start: int) -> int:
    """The position behind the string that begins at ``start``."""
    position = start + 1
    while position < len(code) and code[position] != code[start] and code[position] != "\n":
        position += 2 if code[position] == "\\" else 1
    return position + 1


def at_each_depth(code: str, start: int, end: int) -> Iterator[tuple[int, str, int]]:
    """(position, character, brackets that are open before it) of brackets, commas, semicolons and ends of lines from ``start``.

    What stands in texts and comments is left out. A bracket that closes one which opened before ``start`` is the last that is given.
    """
    depth, position = 0, start
    while (found := _NOTED.search(code, position, end)) is not None:
        position, char = found.start(), found.group()
        if char in "\"'":
            position = after_string(code, position)
            continue
        if char == "/":
            position = _behind_comment(code, position) or position + 1
            continue
        yield position, char, depth
        if char in _OPENS:
            depth += 1
        elif char in _CLOSES:
            if not depth:
                return
            depth -= 1
        position += 1


def _behind_comment(code: str, position: int) -> int | None:
    """The position behind the comment that begins at a slash; None where none does: ``https://``, ``/\\/\\//`` are none."""
    if code.startswith("//", position) and code[position - 1 : position] not in ("\\", ":"):
        end = code.find("\n", position)
        return end if end >= 0 else len(code)
    if code.startswith("/*", position):
        end = code.find("*/", position)
        return end + 2 if end >= 0 else len(code)
    return None


def closing(code: str, start: int, end: int | None = None) -> int:
    """The position of the bracket that closes the one before ``start``; ``end``, or the code's, where none does."""
    end = len(code) if end is None else min(end, len(code))
    for position, char, depth in at_each_depth(code, start, end):
        if not depth and char in _CLOSES:
            return position
    return end


def end_of_argument(code: str, start: int, longest: int = LONGEST_FUNCTION) -> int:
    """Where the expression that begins at ``start`` ends: at a comma, a semicolon or a bracket that is not its own."""
    end = min(len(code), start + longest)
    for position, char, depth in at_each_depth(code, start, end):
        if not depth and char in ",;)]}":
            return position
    return end


def arguments(code: str, start: int) -> Iterator[str]:
    """The expressions between the parenthesis that opened before ``start`` and the one that closes it."""
    for _ in range(_MOST_ARGUMENTS):
        end = end_of_argument(code, start)
        if code[start:end].strip():
            yield code[start:end]
        if end >= len(code) or code[end] != ",":
            return
        start = end + 1


def statement(code: str, start: int) -> str:
    """The code from ``start`` to the end of its expression, which may be that of its line."""
    for position, char, depth in at_each_depth(code, start, len(code)):
        ended = char == "\n" and code[start:position].strip() and not _goes_on(code, start, position)
        if not depth and (ended or char in ",;)]}"):
            return code[start:position]
    return code[start:]


def _goes_on(code: str, start: int, position: int) -> bool:
    """Whether a sum or a choice goes on behind the line break at ``position``."""
    before, behind = code[start:position].rstrip(), code[position : position + 200].lstrip()
    return before.endswith(("+", "?", ":")) or behind.startswith(("+", "?", ":"))
