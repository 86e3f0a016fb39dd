"""Values of expressions in the scripts of a page: texts, numbers, names that are known, sums of them. No script is run. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from crawler.scripts.scan import LONGEST_FUNCTION
from crawler.scripts.written import places_of_scripts, unquoted

STRING = r"\"(?:[^\"\\\n]|\\.){0,2000}\"|'(?:[^'\\\n]|\\.){0,2000}'"
_GLOBAL = re.compile(rf"\b(?:var|let|const)\s+([\w$]+)\s*=\s*({STRING}|\d{{1,12}})\s*([;,\n])")
_NEXT_GLOBAL = re.compile(
    rf"\s*([\w$]+)\s*=\s*({STRING}|\d{{1,12}})\s*([;,\n])"
)  # var cid = "7", total = 45;
_LATER = re.compile(rf"(?:^|[;{{}}\n])\s*([A-Za-z_$][\w$]{{0,40}})\s*=\s*({STRING})\s*[;\n]")
_TOKEN = re.compile(rf"\s*({STRING}|[\w$][\w$.]*|[-+*/()])\s*")
_WRAPPER = re.compile(
    r"\b(?:encodeURI(?:Component)?|escape|parseInt|Number|String|Math\.(?:ceil|floor|round)|\$\.trim)\s*\(\s*([^(),]{1,100})(?:,\s*10\s*)?\)"
)
_LONGEST_SCRIPT = 200_000  # of one script element: libraries that were pasted into the page are not read
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
            values.setdefault(one[1], _literal(one[2]))
            one = _NEXT_GLOBAL.match(script, one.end()) if one[3] == "," else None
    later: dict[str, set[str]] = {}
    for name, value in _LATER.findall(script):
        later.setdefault(name, set()).add(value)
    told = {name: _literal(next(iter(given))) for name, given in later.items() if len(given) == 1}
    return told | values


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

    ``"/list?begin=" + (n - 1) * 20``
    """
    expression = _WRAPPER.sub(r"\1", expression.strip())
    if not expression or len(expression) > LONGEST_FUNCTION:
        return None
    tokens = _tokens(expression)
    if tokens is None:
        return None
    value, left = _sum(tokens, names, 0)
    return value if not left else None


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
        elif isinstance(total, int) and isinstance(value, int):
            total = total + value if sign == "+" else total - value
        else:
            total = f"{total}{value}" if sign == "+" else None
    return total, tokens


def _product(tokens: list[str], names: Mapping[str, Value], depth: int) -> Value | None:
    total = _unit(tokens, names, depth)
    while total is not None and tokens and tokens[-1] in "*/":
        sign = tokens.pop()
        value = _unit(tokens, names, depth)
        if not isinstance(total, int) or not isinstance(value, int):
            total = None
        elif sign == "*":
            total *= value
        else:
            total = total // value if value and not total % value else None
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
