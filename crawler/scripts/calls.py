"""What a click does that calls a function: the address it opens, or the form it fills in and sends. No script is run.

    function gotopage(n) { document.queryForm.page.value = n; document.queryForm.submit(); }
    function show(code, kind) { window.open("/eap/show?code=" + code + "&kind=" + kind); }

Every statement counts as executed; of several addresses the first one that can be told is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from lxml import etree

from crawler.scripts.written import places_of_scripts, unquoted

_STRING = r"\"(?:[^\"\\\n]|\\.){0,2000}\"|'(?:[^'\\\n]|\\.){0,2000}'"
_TARGET = rf"(?<![\w$.])[\w$](?:[\w$.]|\(\s*(?:{_STRING})\s*\)|\[\s*(?:{_STRING}|\d{{1,3}})\s*\]){{1,80}}?"
_ACTION = re.compile(
    rf"(?P<open>\b(?:open|location\s*\.\s*(?:replace|assign))\s*\()"
    rf"|(?P<go>\blocation(?:\s*\.\s*href)?\s*=(?!=))"
    rf"|(?P<set>{_TARGET})\s*\.\s*(?P<what>value|action)\s*=(?!=)"
    rf"|(?P<val>\$\(\s*(?:{_STRING})\s*\))\s*\.\s*(?:val\s*\(|attr\s*\(\s*[\"'](?P<attr>value|action)[\"']\s*,)"
    rf"|(?P<submit>{_TARGET})\s*\.\s*submit\s*\("
    rf"|\b(?:var|let|const)\s+(?P<name>[\w$]+)\s*=(?!=)"
    rf"|(?<![\w$.])(?P<call>[A-Za-z_$][\w$]*)\s*\("
)
_CALL = re.compile(
    r"\s*(?:return\s+)?(?P<call>[A-Za-z_$][\w$.]*)\s*\((?P<given>.*)\)\s*;?\s*(?:return\s+\w+\s*;?\s*)?",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r"\bfunction\s+([\w$]+)\s*\(([^)]{0,300})\)\s*\{|(?:\b(?:var|let|const)\s+|\bwindow\s*\.\s*)([\w$]+)\s*=\s*function\s*\(([^)]{0,300})\)\s*\{"
)
_GLOBAL = re.compile(rf"\b(?:var|let|const)\s+([\w$]+)\s*=\s*({_STRING}|\d{{1,12}})\s*[;,\n]")
_TOKEN = re.compile(rf"\s*({_STRING}|[\w$][\w$.]*|[-+*()])\s*")
_WRAPPER = re.compile(
    r"\b(?:encodeURI(?:Component)?|escape|parseInt|Number|String|\$\.trim)\s*\(\s*([^(),]{1,100})(?:,\s*10\s*)?\)"
)
_FIELD_VALUE = re.compile(rf"({_TARGET}|\$\(\s*(?:{_STRING})\s*\))\s*\.\s*(?:value\b|val\s*\(\s*\))")
_NAME = re.compile(
    rf"(?:[\[(]\s*(?P<quoted>{_STRING})\s*[\])]|(?P<bare>[\w$]+)|\[\s*(?P<number>\d+)\s*\])\s*$"
)
_BY_ATTRIBUTE = re.compile(r"\[\s*(?:name|id)\s*=\s*\\?[\"']?([^\"'\]\\]+)")
_ONLY_SCRIPT = re.compile(r"\s*javascript\s*:", re.IGNORECASE)
_LONGEST_FUNCTION = 6_000  # characters
_LONGEST_SCRIPT = 200_000  # of one script element: libraries that were pasted into the page are not read
_MOST_READ = 1_000_000  # characters of code that the clicks of one page may cost
_MOST_ARGUMENTS = 60  # of one call
_DEEPEST_SUM = 20  # parentheses within parentheses
_DEEPEST = 3  # functions that call functions
Value = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a click does. ``values``: name or id of a form's field → its new value; ``form``: name, id or number."""

    address: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    action: str | None = None
    unknown: tuple[str, tuple[Value, ...]] | None = (
        None  # a function that the page does not define, with its arguments
    )


class Functions:
    """The functions that a page defines, and its simple variables."""

    def __init__(self, text: str, root: etree._Element) -> None:
        self._fields = {
            name: item.get("value") or ""
            for item in root.iter("input")
            for name in (item.get("name"), item.get("id"))
            if name
        }
        self._bodies: dict[str, tuple[tuple[str, ...], str, int]] = {}  # parameters, script, beginning in it
        self._left = _MOST_READ
        self._known: dict[str, Effect | None] = {}
        self._globals: dict[str, Value] = {}
        for script in scripts_of(text):
            for name, value in literals(script).items():
                self._globals.setdefault(name, value)
            for found in _FUNCTION.finditer(script):
                parameters = (found[2] if found[1] else found[4]).split(",")
                named = tuple(parameter.strip() for parameter in parameters)
                self._bodies.setdefault(found[1] or found[3], (named, script, found.end()))

    def effect(self, element: etree._Element) -> Effect | None:
        """What a click on an element does; None for one that does nothing of this kind."""
        code = element.get("onclick") or ""
        href = element.get("href") or ""
        if _ONLY_SCRIPT.match(href) and not code.strip():
            code = _ONLY_SCRIPT.sub("", href, count=1)
        return self.effect_of(code) if code.strip() else None

    def effect_of(self, code: str) -> Effect | None:
        """What a piece of code does: ``gotopage(2)``, ``location.href='a.jsp?p=2'``."""
        if code not in self._known:
            self._known[code] = self._told(code)
        return self._known[code]

    def _told(self, code: str) -> Effect | None:
        done = self._run(code[:_LONGEST_FUNCTION], {}, 0)
        if done.address or done.values or done.form is not None:
            return done
        call = _CALL.fullmatch(code)
        if call is None or call["call"] in self._bodies:
            return None
        arguments = tuple(a for a in _arguments(call["given"], {}) if a is not None)
        return Effect(unknown=(call["call"], arguments)) if arguments else None

    def _run(self, code: str, known: Mapping[str, Value], depth: int) -> Effect:
        self._left -= len(code)
        if self._left < 0:
            return Effect()
        names: dict[str, Value] = {**self._globals, **known}
        address, form, action = None, None, None
        values: dict[str, str] = {}
        for found in _ACTION.finditer(code):
            rest = found.end()
            if found["call"] is not None:
                if found["call"] not in self._bodies:
                    continue
                inner = self._called(found["call"], _in_parentheses(code, rest), names, depth)
                address, form, action = address or inner.address, form or inner.form, action or inner.action
                values |= inner.values
                continue
            if found["submit"] is not None:
                form = form or _named(found["submit"])
                continue
            value = evaluated(self._filled(_expression(code, rest)), names)
            if value is None:
                continue
            if found["name"] is not None:
                if found["name"] not in known:
                    names[found["name"]] = value
            elif found["open"] or found["go"]:
                address = address or str(value) or None
            elif (found["what"] or found["attr"]) == "action":
                action = action or str(value)
            else:
                values[_named(found["set"] or found["val"])] = str(value)
        return Effect(address=address, values=values, form=form, action=action)

    def _filled(self, expression: str) -> str:
        """An expression with the values of the page's fields in it: parseInt(document.f.page.value) + 1."""

        def value(found: re.Match[str]) -> str:
            shown = self._fields.get(_named(found[1]))
            return shown if shown is not None and shown.isdecimal() else found[0]

        return _FIELD_VALUE.sub(value, expression)

    def _called(self, name: str, given: str, names: Mapping[str, Value], depth: int) -> Effect:
        if depth >= _DEEPEST or self._left < 0:
            return Effect()
        parameters, script, start = self._bodies[name]
        body = _until_closed(script, start)
        passed = zip(parameters, _arguments(given, names), strict=False)
        return self._run(body, {p: value for p, value in passed if value is not None}, depth + 1)


def scripts_of(text: str) -> list[str]:
    """The scripts in a page, without libraries that were pasted into it."""
    found = (text[begin:end] for begin, end, _ in places_of_scripts(text) if end - begin <= _LONGEST_SCRIPT)
    return [script for script in found if script.strip()]


def literals(script: str) -> dict[str, Value]:
    """Variables that a script declares with a text or a number; of several declarations the first counts."""
    values: dict[str, Value] = {}
    for name, value in _GLOBAL.findall(script):
        values.setdefault(name, _literal(value))
    return values


def evaluated(expression: str, names: Mapping[str, Value]) -> Value | None:
    """The value of a sum of texts, numbers and known names, with products of numbers in it; None for anything else.

    ``"/list?begin=" + (n - 1) * 20``
    """
    expression = _WRAPPER.sub(r"\1", expression.strip())
    if not expression or len(expression) > _LONGEST_FUNCTION:
        return None
    tokens = _tokens(expression)
    if tokens is None:
        return None
    value, left = _sum(tokens, names, 0)
    return value if not left else None


def _tokens(expression: str) -> list[str] | None:
    """The terms and signs of an expression, the last one first; None where it has others."""
    found, position = [], 0
    while position < len(expression):
        token = _TOKEN.match(expression, position)
        if token is None:
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
    while total is not None and tokens and tokens[-1] == "*":
        tokens.pop()
        value = _unit(tokens, names, depth)
        total = total * value if isinstance(total, int) and isinstance(value, int) else None
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


def _arguments(given: str, names: Mapping[str, Value]) -> Iterator[Value | None]:
    for argument in arguments(given, 0):
        yield evaluated(argument, names)


def arguments(code: str, start: int) -> Iterator[str]:
    """The expressions between the parenthesis that opened before ``start`` and the one that closes it."""
    for _ in range(_MOST_ARGUMENTS):
        end = end_of_argument(code, start)
        if code[start:end].strip():
            yield code[start:end]
        if end >= len(code) or code[end] != ",":
            return
        start = end + 1


def end_of_argument(code: str, start: int) -> int:
    """Where the expression that begins at ``start`` ends: at a comma, a semicolon or a bracket that is not its own."""
    depth, position = 0, start
    end = min(len(code), start + _LONGEST_FUNCTION)
    while position < end:
        char = code[position]
        if char in "\"'":
            position = after_string(code, position)
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif char in ",;" and depth == 0:
            break
        position += 1
    return position


def _expression(code: str, start: int) -> str:
    """The code from ``start`` to the end of its expression."""
    depth, position = 0, start
    while position < len(code):
        char = code[position]
        if char in "\"'":
            position = after_string(code, position)
            continue
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        if depth < 0 or (depth == 0 and char in ";,}"):
            break
        if char == "\n" and code[start:position].strip() and not _goes_on(code, start, position):
            break
        position += 1
    return code[start:position]


def _in_parentheses(code: str, start: int) -> str:
    """The code from ``start`` to the parenthesis that closes."""
    depth, position = 0, start
    while position < len(code):
        char = code[position]
        if char in "\"'":
            position = after_string(code, position)
            continue
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
        position += 1
    return code[start:position]


def _goes_on(code: str, start: int, position: int) -> bool:
    """Whether a sum goes on behind the line break at ``position``."""
    return code[start:position].rstrip().endswith("+") or code[position : position + 200].lstrip().startswith(
        "+"
    )


def after_string(code: str, start: int) -> int:
    """The position behind the string that begins at ``start``."""
    position = start + 1
    while position < len(code) and code[position] != code[start] and code[position] != "\n":
        position += 2 if code[position] == "\\" else 1
    return position + 1


def _until_closed(script: str, start: int) -> str:
    """The body of a function, up to the brace that closes it."""
    depth, position = 1, start
    end = min(len(script), start + _LONGEST_FUNCTION)
    while position < end:
        char = script[position]
        if char in "\"'":
            position = after_string(script, position)
            continue
        if script.startswith("//", position):
            position = script.find("\n", position)
            if position < 0:
                break
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return script[start:position]
        position += 1
    return script[start:end]


def _named(target: str) -> str:
    """The field or form that ``document.f.page``, ``getElementById("page")``, ``$("#page")``, ``forms[0]`` mean."""
    found = _NAME.search(target)
    if found is None:
        return target
    if found["quoted"] is None:
        return found["bare"] or found["number"] or target
    name = unquoted(found["quoted"])
    by_attribute = _BY_ATTRIBUTE.search(name)
    return by_attribute[1] if by_attribute else name.rpartition("#")[2].strip()


def quoted_address(address: str) -> str:
    """An address that was put together from values, with what they hold beyond ASCII escaped."""
    return quote(address, safe="/:?&=%#~,;@!$'()*+-._[]")
