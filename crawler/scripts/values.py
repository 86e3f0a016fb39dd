"""Values of expressions in the scripts of a page: texts, numbers, names that are known, sums of them. No script is run. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.written import places_of_scripts, unquoted

STRING = r"\"(?:[^\"\\\n]|\\.){0,2000}\"|'(?:[^'\\\n]|\\.){0,2000}'"
_GLOBAL = re.compile(rf"\b(?:var|let|const)\s+([\w$]+)\s*=\s*({STRING}|\d{{1,12}})\s*([;,\n])")
# var cid = "7", total = 45;
_NEXT_GLOBAL = re.compile(rf"\s*([\w$]+)\s*=\s*({STRING}|\d{{1,12}})\s*([;,\n])")
_LATER = re.compile(rf"(?:^|[;{{}}\n])\s*([A-Za-z_$][\w$]{{0,40}})\s*=\s*({STRING})\s*(?=[;\n])")
# ids = ids + "," + 7; ids += ",8";
_GROWS = re.compile(
    rf"([A-Za-z_$][\w$]{{0,40}})\s*(?:=\s*\1\s*\+|\+=)\s*((?:{STRING}|\d{{1,12}})(?:\s*\+\s*(?:{STRING}|\d{{1,12}})){{0,3}})\s*(?=[;\n])"
)
_STATEMENT = re.compile(r"(?:\s|;|//[^\n]*\n|/\*[^*]*\*/)*")
_TOKEN = re.compile(rf"\s*({STRING}|[\w$][\w$.]*|[-+*/()])\s*")
_WRAPPER = re.compile(
    r"\b(?:(encodeURI(?:Component)?|escape|String|\$\.trim)|parseInt|parseFloat|Number|Math\.(?:ceil|floor|round))"
    r"\s*\(\s*([^(),]{1,100})(?:,\s*10\s*)?\)"
)
# n == 1 ? "index.html" : "index_" + n + ".html"
_PIECE = re.compile(rf"{STRING}|[()?:]|[^()?:\"']+|[\"']")
_JOINED = re.compile(rf"{STRING}|[()]|\|\||&&|[^()|&\"']+|.", re.DOTALL)
_COMPARED = re.compile(
    rf"((?:{STRING}|[^\"'=!<>])+)(===?|!==?|<=|>=|<|>)((?:{STRING}|[^\"'=!<>])+)", re.DOTALL
)
_LONGEST_CONDITION = 200  # characters
_NOTHING = "\ue002"  # what null stands for in a condition; no page has it
_LONGEST_CHOICE = 600
_LONGEST_SCRIPT = 200_000  # of one script element: libraries that were pasted into the page are not read
_MOST_ADDED = 500  # statements that add to one value
_MOST_TOKENS = 400  # of one expression
_DEEPEST_SUM = 20  # parentheses within parentheses
Value = str | int


def scripts_of(text: str) -> list[str]:
    """The scripts in a page, without libraries that were pasted into it."""
    found = (text[begin:end] for begin, end, _ in places_of_scripts(text) if end - begin <= _LONGEST_SCRIPT)
    return [script for script in found if script.strip()]


def literals(script: str) -> dict[str, Value]:
    """Variables that a script declares with a text or a number; of several declarations the first counts.

    A name that is only given a value later has it where that is its only one.
    """
    values: dict[str, Value] = {}
    for declared in _GLOBAL.finditer(script):
        one: re.Match[str] | None = declared
        while one is not None:
            if one[1] not in values:
                values[one[1]] = _grown(script, one)
            one = _NEXT_GLOBAL.match(script, one.end()) if one[3] == "," else None
    later: dict[str, set[str]] = {}
    # Without blank lines, at each of which the pattern would begin anew.
    lines = "\n".join(filter(None, map(str.strip, script.split("\n"))))
    for name, value in _LATER.findall(f"{lines}\n"):
        later.setdefault(name, set()).add(value)
    told = {name: _literal(next(iter(given))) for name, given in later.items() if len(given) == 1}
    return told | values


def _grown(script: str, declared: re.Match[str]) -> Value:
    """The value that a declaration gives, with what the statements right behind it add to it.

    ``var ids = "7"; ids = ids + "," + 8;`` of a template that writes a line for each column
    """
    value, end = _literal(declared[2]), declared.end(2)
    for _ in range(_MOST_ADDED):
        added = _GROWS.match(script, _STATEMENT.match(script, end).end())  # type: ignore[union-attr]
        more = evaluated(f"({added[2]})", {}) if added is not None and added[1] == declared[1] else None
        if added is None or more is None or str(more)[:1] in ("?", "&"):
            break  # ?c=7: an address is put together where it is asked for
        value, end = f"{value}{more}", added.end()
    return value


def of_location(url: str) -> dict[str, Value]:
    """What scripts read off the address of their page: ``window.location.pathname``."""
    parts = urlsplit(url)
    held: dict[str, Value] = {
        "pathname": parts.path, "origin": f"{parts.scheme}://{parts.netloc}", "host": parts.netloc,
        "hostname": parts.hostname or "", "protocol": f"{parts.scheme}:",
    }  # fmt: skip
    owners = ("location", "window.location", "document.location", "self.location")
    return {f"{owner}.{name}": value for owner in owners for name, value in held.items()}


def evaluated(expression: str, names: Mapping[str, Value]) -> Value | None:
    """The value of a sum of texts, numbers and known names, with products of numbers in it; None for anything else.

    ``"/list?begin=" + (n - 1) * 20``; of ``n > 1 ? "_" + n : ""`` the branch that is taken.
    """
    expression = expression.strip()
    if not expression or len(expression) > LONGEST_FUNCTION:
        return None
    if "?" in expression and len(expression) <= _LONGEST_CHOICE:
        pieces = _PIECE.findall(expression)[::-1]
        expression = _chosen(pieces, names, 0)
        if pieces:
            return None
    tokens = _tokens(_WRAPPER.sub(_unwrapped, expression))
    if tokens is None:
        return None
    value, left = _sum(tokens, names, 0)
    return value if not left else None


def holds(condition: str, names: Mapping[str, Value], depth: int = 0) -> bool | None:
    """Whether a condition is met: ``n > 1 && n <= total``; None where that cannot be told."""
    condition = condition.strip()
    if not condition or len(condition) > _LONGEST_CONDITION or depth > _DEEPEST_SUM:
        return None
    for sign, decisive in (("||", True), ("&&", False)):
        parts = _apart(condition, sign)
        if len(parts) > 1:
            told = [holds(part, names, depth + 1) for part in parts]
            return decisive if decisive in told else None if None in told else not decisive
    if condition[0] == "(" and closing(condition, 1) == len(condition) - 1:
        return holds(condition[1:-1], names, depth + 1)
    if (compared := _COMPARED.fullmatch(condition)) is not None:
        given = {**names, "null": _NOTHING, "undefined": _NOTHING}
        return _compared(evaluated(compared[1], given), compared[2], evaluated(compared[3], given))
    if condition[0] == "!":
        inner = holds(condition[1:], names, depth + 1)
        return None if inner is None else not inner
    value = evaluated(condition, names)
    return None if value is None else bool(value)


def _compared(one: Value | None, sign: str, other: Value | None) -> bool | None:
    if one is None or other is None:
        return None
    if _NOTHING in (one, other):  # what is known is not null
        return None if sign[0] not in "=!" else (one == other) is (sign[0] == "=")
    first, second = _number(one), _number(other)
    if sign[0] in "=!":
        equal = first == second if first is not None and second is not None else str(one) == str(other)
        return equal is (sign[0] == "=")
    if first is None or second is None:
        return None
    return (
        first < second
        if sign == "<"
        else first > second
        if sign == ">"
        else (first <= second if sign == "<=" else first >= second)
    )


def _number(value: Value) -> int | None:
    """A value as the number that it is, or that it spells."""
    return value if isinstance(value, int) else int(value) if value.isdecimal() and value.isascii() else None


def _apart(condition: str, sign: str) -> list[str]:
    """The parts of a condition between signs that stand in no brackets and no texts."""
    parts, depth = [""], 0
    for piece in _JOINED.findall(condition):
        if piece == sign and not depth:
            parts.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        parts[-1] += piece
    return parts


def _chosen(pieces: list[str], names: Mapping[str, Value], depth: int) -> str:
    """An expression with the branches that are taken in the place of its choices, up to a bracket or colon that is not its own.

    ``pieces``: the last one first; what is read is taken off. A choice that cannot be made is a question mark.
    """
    text = ""
    while pieces and pieces[-1] not in (")", ":") and depth <= _DEEPEST_SUM:
        piece = pieces.pop()
        if piece == "(":
            text += f"({_chosen(pieces, names, depth + 1)})"
            if not pieces or pieces.pop() != ")":
                return "?"
        elif piece == "?":
            met = holds(text, names)
            branches = [_chosen(pieces, names, depth + 1)]
            if pieces and pieces[-1] == ":":
                pieces.pop()
                branches.append(_chosen(pieces, names, depth + 1))
            text = "?" if met is None or len(branches) < 2 else branches[0] if met else branches[1]
        else:
            text += piece
    return text


def _unwrapped(found: re.Match[str]) -> str:
    """What a function of JavaScript makes of a value that it keeps as it is, or takes for a number."""
    return found[2] if found[1] else f"(({found[2]})*1)"


def _tokens(expression: str) -> list[str] | None:
    """The terms and signs of an expression, the last one first; None where it has others."""
    found, position = list[str](), 0
    while position < len(expression):
        token = _TOKEN.match(expression, position)
        if token is None or len(found) >= _MOST_TOKENS:
            return None
        found.append(token[1])
        position = token.end()
    return found[::-1]


def _sum(tokens: list[str], names: Mapping[str, Value], depth: int) -> tuple[Value | None, list[str]]:
    """The value of a sum, taken off the end of ``tokens``, and what is left of them."""
    total, sign = _product(tokens, names, depth), "+"
    while total is not None and tokens and tokens[-1] in "+-":
        sign = tokens.pop()
        value = _product(tokens, names, depth)
        if value is None:
            total = None
        elif sign == "-":
            whole, part = _number(total), _number(value)
            total = whole - part if whole is not None and part is not None else None
        else:
            total = total + value if isinstance(total, int) and isinstance(value, int) else f"{total}{value}"
    return total, tokens


def _product(tokens: list[str], names: Mapping[str, Value], depth: int) -> Value | None:
    total = _unit(tokens, names, depth)
    while total is not None and tokens and tokens[-1] in "*/":
        sign = tokens.pop()
        value = _unit(tokens, names, depth)
        one, other = _number(total), _number(value) if value is not None else None
        if one is None or other is None:
            total = None
        elif sign == "*":
            total = one * other
        else:
            total = one // other if other and not one % other else None
    return total


def _unit(tokens: list[str], names: Mapping[str, Value], depth: int) -> Value | None:
    term = tokens.pop() if tokens else ""
    if term == "(":
        if depth >= _DEEPEST_SUM:
            return None
        value, _ = _sum(tokens, names, depth + 1)
        return value if tokens and tokens.pop() == ")" else None
    if term[:1] in ("'", '"') or term.isdecimal():
        return _literal(term)
    return names.get(term)


def _literal(text: str) -> Value:
    return int(text) if text.isdecimal() else unquoted(text)
