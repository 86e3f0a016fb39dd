"""Which branches of a function are taken when it is called with a word: turn('next'), gotoPage("last"). Read off its text. Pure.

if (t == "first") p = 1; else if (t == "next") p = p + 1; else p = total;  ·  switch (t) { case "next": p++; break; … }
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.scripts.scan import closing, statement
from crawler.scripts.values import STRING, Value
from crawler.scripts.written import unquoted

_IF = re.compile(rf"\bif\s*\(\s*([A-Za-z_$][\w$]{{0,40}})\s*={{2,3}}\s*({STRING}|\d{{1,9}})\s*\)\s*")
_ANY_IF = re.compile(r"if\s*\(")
_ELSE = re.compile(r"\s*else\b\s*")
_SWITCH = re.compile(r"\bswitch\s*\(\s*([A-Za-z_$][\w$]{0,40})\s*\)\s*\{")
_CASE = re.compile(rf"\b(?:case\s+({STRING}|\d{{1,9}})|default)\s*:")
_BREAK = re.compile(r"\bbreak\b")
_MOST = 30  # conditions of one function
Span = tuple[int, int]


def taken(code: str, given: Mapping[str, Value]) -> tuple[str, list[Span]]:
    """The code without the branches that are not taken, in its length, and the places of those that surely are.

    ``given``: the function's parameters. Conditions on anything else stay as they are.
    """
    sure: list[Span] = []
    position = 0
    for _ in range(_MOST):
        found = _IF.search(code, position)
        if found is None:
            break
        position = found.end()
        if found[1] in given:
            code, branch = _decided(code, found, _literal(found[2]) == str(given[found[1]]))
            sure += [branch] if branch is not None else []
    for found in list(_SWITCH.finditer(code))[:_MOST]:
        if found[1] in given:
            code, branch = _chosen(code, found.end(), str(given[found[1]]))
            sure += [branch] if branch is not None else []
    return code, sure


def _decided(code: str, found: re.Match[str], holds: bool) -> tuple[str, Span | None]:
    """The code with one branch of a condition blank, and the other one's place."""
    start, end = found.end(), _end(code, found.end(), 0)
    otherwise = _ELSE.match(code, end)
    behind = _end(code, otherwise.end(), 0) if otherwise is not None else end
    if holds:
        return _blank(code, end, behind), (start, end)
    code = _blank(code, start, end)
    if otherwise is None or _ANY_IF.match(code, otherwise.end()):
        return code, None
    return code, (otherwise.end(), behind)


def _chosen(code: str, start: int, word: str) -> tuple[str, Span | None]:
    """The code with all cases blank but the one for a word."""
    end = closing(code, start)
    cases = list(_CASE.finditer(code, start, end))
    mine = next((case for case in cases if case[1] is not None and _literal(case[1]) == word), None)
    mine = mine or next((case for case in cases if case[1] is None), None)
    if mine is None:
        return _blank(code, start, end), None
    left = _BREAK.search(code, mine.end(), end)
    stop = left.start() if left is not None else end
    return _blank(_blank(code, start, mine.end()), stop, end), (mine.end(), stop)


def _end(code: str, start: int, depth: int) -> int:
    """Where the statement at a position ends: a block, a condition with its branches, or one up to its semicolon."""
    if code[start : start + 1] == "{":
        return closing(code, start + 1) + 1
    condition = _ANY_IF.match(code, start)
    if condition is None or depth > _MOST:
        end = start + len(statement(code, start))
        return end + (code[end : end + 1] == ";")
    behind = closing(code, condition.end()) + 1
    behind += len(code[behind:]) - len(code[behind:].lstrip())
    end = _end(code, behind, depth + 1)
    otherwise = _ELSE.match(code, end)
    return _end(code, otherwise.end(), depth + 1) if otherwise is not None else end


def _blank(code: str, start: int, end: int) -> str:
    return code[:start] + " " * (end - start) + code[end:]


def _literal(text: str) -> str:
    return text if text.isdecimal() else unquoted(text)
