"""Which branches of a function are taken when it is called with a word: turn('next'), gotoPage("last"). Read off its text. Pure.

if (t == "first") p = 1; else if (t == "next") p = p + 1; else p = total;  ·  switch (t) { case "next": p++; break; … }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from crawler.scripts.scan import closing, statement
from crawler.scripts.values import STRING, Value, evaluated, holds
from crawler.scripts.written import literal_value

_IF = re.compile(r"\bif\s*\(")
_ELSE = re.compile(r"\s*else\b\s*")
# p = n - 1; var url = "index.html"; n--; n += 1
_SET = re.compile(
    rf"{STRING}|(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,40}})\s*(?:=(?![=>])|(?P<step>\+\+|--)|(?P<more>[-+])=(?!=))"
)
_BOUNDS = re.compile(r"\?|\bMath\s*\.\s*(?:min|max)\b")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NOT_STRAIGHT = re.compile(r"[{}]|\b(?:if|switch|for|while|do|function|try)\b|=>")
_DECIDES = re.compile(r"\bif\s*\(|\bswitch\s*\(\s*(?P<switched>[A-Za-z_$][\w$]{0,40})\s*\)\s*\{")
_RETURN = re.compile(r"\breturn\b")
_CASE = re.compile(rf"\b(?:case\s+({STRING}|\d{{1,9}})|default)\s*:")
_BREAK = re.compile(r"\bbreak\b")
_MOST = 30  # conditions of one function
_MOST_OF_PAGE = 300  # conditions of all scripts of a page
_MOST_GIVEN = 100  # statements of one function that give values
LONGEST_VALUE = 400  # characters of the expression of a value
Span = tuple[int, int]


def taken(code: str, given: Mapping[str, Value], around: Mapping[str, Value]) -> tuple[str, list[Span], bool]:
    """The code without what is not executed, in its length, the places that surely are, and whether what the function is
    given told its branches apart.

    ``given``: the function's parameters; what it makes of them counts as well. ``around``: what other names stand for.
    Conditions on anything else stay as they are.
    """
    names, sure = dict(given), list[Span]()
    told_apart = False
    position, certain = 0, 0  # what stands before ``certain`` may not be executed
    for _ in range(_MOST):
        found = _DECIDES.search(code, position)
        begin = max(position, certain)
        straight = _NOT_STRAIGHT.search(code, begin)
        stop = straight.start() if straight is not None else len(code)
        if begin < stop and (found is None or begin <= found.start()):
            if (left := _RETURN.search(code, begin, stop)) is not None:
                stop = left.end() + len(statement(code, left.end()))
                code, found = _blank(code, stop, len(code)), None
            sure.append((begin, stop))
            _execute(code, begin, stop, names, around)
        if found is None:
            break
        if found.start() > stop:  # in a loop, in a function of its own
            certain = len(code)
        known, position = {**around, **names}, found.end()
        words = (
            {found["switched"]}
            if found["switched"]
            else set(_WORD.findall(code[position : closing(code, position)]))
        )
        decided = _case(code, found, known) if found["switched"] else _decided(code, found, known)
        if decided is not None:
            code, position = decided[0], found.start()
            sure += [decided[1]] if decided[1] is not None else []
            told_apart |= decided[1] is not None and not words.isdisjoint(names)
        elif certain <= found.start():
            certain = _end(code, found.start(), 0)
    return code, sure, told_apart


def decided_by(code: str, known: Mapping[str, Value]) -> str:
    """The code of any number of functions without the branches that are surely not taken, in its length."""
    position = 0
    for _ in range(_MOST_OF_PAGE):
        found = _DECIDES.search(code, position)
        if found is None:
            break
        position = found.end()
        decided = _case(code, found, known) if found["switched"] else _decided(code, found, known)
        if decided is not None:
            code, position = decided[0], found.start()
    return code


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


def _decided(code: str, found: re.Match[str], known: Mapping[str, Value]) -> tuple[str, Span | None] | None:
    """The code with a condition, the branch that is not taken and the braces of the other one blank, and the place of that one.

    None where it cannot be told whether the condition is met.
    """
    start = closing(code, found.end()) + 1
    met = holds(code[found.end() : start - 1], known)
    if met is None:
        return None
    start += len(code[start:]) - len(code[start:].lstrip())
    end = _end(code, start, 0)
    otherwise = _ELSE.match(code, end)
    behind = _end(code, otherwise.end(), 0) if otherwise is not None else end
    first, last = (start, end) if met else (otherwise.end() if otherwise is not None else end, behind)
    if code[first : first + 1] == "{":
        first, last = first + 1, max(last - 1, first + 1)
    is_taken = met or (otherwise is not None and not _IF.match(code, otherwise.end()))
    return _blank(_blank(code, found.start(), first), last, behind), (first, last) if is_taken else None


def _case(code: str, found: re.Match[str], known: Mapping[str, Value]) -> tuple[str, Span | None] | None:
    """Likewise of a switch, with all of its cases blank but one."""
    if found["switched"] not in known:
        return None
    word, start, end = str(known[found["switched"]]), found.end(), closing(code, found.end())
    cases = list(_CASE.finditer(code, start, end))
    mine = next((case for case in cases if case[1] is not None and literal_value(case[1]) == word), None)
    mine = mine or next((case for case in cases if case[1] is None), None)
    if mine is None:
        return _blank(code, found.start(), end + 1), None
    left = _BREAK.search(code, mine.end(), end)
    stop = left.start() if left is not None else end
    return _blank(_blank(code, found.start(), mine.end()), stop, end + 1), (mine.end(), stop)


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
    return code[:start] + " " * (min(end, len(code)) - start) + code[end:]
