"""Which branches of a function are taken when it is called with a word: turn('next'), gotoPage("last"). Read off its text. Pure.

if (t == "first") p = 1; else if (t == "next") p = p + 1; else p = total;  ·  switch (t) { case "next": p++; break; … }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from crawler.scripts.scan import closing, statement
from crawler.scripts.values import STRING, Value, evaluated, holds
from crawler.scripts.written import unquoted

_IF = re.compile(r"\bif\s*\(")
_ELSE = re.compile(r"\s*else\b\s*")
# p = n - 1; var url = "index.html"; n--; n += 1
_SET = re.compile(
    rf"{STRING}|(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,40}})\s*(?:=(?![=>])|(?P<step>\+\+|--)|(?P<more>[-+])=(?!=))"
)
_BOUNDS = re.compile(r"\?|\bMath\s*\.\s*(?:min|max)\b")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NOT_STRAIGHT = re.compile(r"[{}]|\b(?:if|switch|for|while|do|function|try)\b|=>")
_SWITCH = re.compile(r"\bswitch\s*\(\s*([A-Za-z_$][\w$]{0,40})\s*\)\s*\{")
_CASE = re.compile(rf"\b(?:case\s+({STRING}|\d{{1,9}})|default)\s*:")
_BREAK = re.compile(r"\bbreak\b")
_MOST = 30  # conditions of one function
_MOST_GIVEN = 100  # statements of one function that give values
LONGEST_VALUE = 400  # characters of the expression of a value
Span = tuple[int, int]


def taken(code: str, given: Mapping[str, Value], around: Mapping[str, Value]) -> tuple[str, list[Span], bool]:
    """The code without the branches that are not taken, in its length, the places that surely are executed, and whether
    a word that the function is given told its branches apart.

    ``given``: the function's parameters; what it makes of them counts as well. ``around``: names that stand for one value
    throughout. Conditions on anything else, or on those alone, stay as they are.
    """
    names, sure = dict(given), list[Span]()
    told_apart = False
    position, certain = 0, 0  # what stands before ``certain`` may not be executed
    for _ in range(_MOST):
        found = _IF.search(code, position)
        straight = _NOT_STRAIGHT.search(code, max(position, certain))
        stop = straight.start() if straight is not None else len(code)
        if (begin := max(position, certain)) < stop and (found is None or begin <= found.start()):
            sure.append((begin, stop))
            _execute(code, begin, stop, names, around)
        if found is None:
            break
        if found.start() > stop:  # in a loop, in a function of its own
            certain = len(code)
        condition = code[found.end() : closing(code, found.end())]
        met = holds(condition, {**around, **names}) if names.keys() & set(_WORD.findall(condition)) else None
        position = found.end()
        if met is not None:
            code, is_taken = _decided(code, found, met)
            told_apart |= is_taken
            position = found.start()
        elif certain <= found.start():
            certain = _end(code, found.start(), 0)
    for found in list(_SWITCH.finditer(code))[:_MOST]:
        if found[1] in given:
            code, branch = _case(code, found.end(), str(given[found[1]]))
            sure += [branch] if branch is not None else []
            told_apart |= branch is not None
    return code, sure, told_apart


def _execute(code: str, start: int, end: int, names: dict[str, Value], around: Mapping[str, Value]) -> None:
    """Note what statements without conditions make of names."""
    for found in islice(_SET.finditer(code, start, end), _MOST_GIVEN):
        name, by = found["name"], statement(code[: found.end() + LONGEST_VALUE], found.end())
        if found["step"] or found["more"]:
            by = f"{name} {(found['step'] or found['more'])[0]} {1 if found['step'] else f'({by})'}"
        if name is None:
            continue
        value = evaluated(by, {**around, **names})
        if value is not None:
            names[name] = value
        elif not keeps(name, by):
            names.pop(name, None)


def keeps(name: str, expression: str) -> bool:
    """Whether what a name is given is itself, within bounds: ``n = n > total ? total : n``, ``Math.min(n, total)``."""
    return bool(_BOUNDS.search(expression)) and name in _WORD.findall(expression)


def _decided(code: str, found: re.Match[str], met: bool) -> tuple[str, bool]:
    """The code with a condition, the branch that is not taken and the braces of the other one blank; whether there is another."""
    start = closing(code, found.end()) + 1
    start += len(code[start:]) - len(code[start:].lstrip())
    end = _end(code, start, 0)
    otherwise = _ELSE.match(code, end)
    behind = _end(code, otherwise.end(), 0) if otherwise is not None else end
    first, last = (start, end) if met else (otherwise.end() if otherwise is not None else end, behind)
    if code[first : first + 1] == "{":
        first, last = first + 1, max(last - 1, first + 1)
    is_taken = met or (otherwise is not None and not _IF.match(code, otherwise.end()))
    return _blank(_blank(code, found.start(), first), last, behind), is_taken


def _case(code: str, start: int, word: str) -> tuple[str, Span | None]:
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
    condition = _IF.match(code, start)
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
