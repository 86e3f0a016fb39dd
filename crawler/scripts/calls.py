"""What a click does that calls a function: the address it opens, or the form it fills in and sends. No script is run.

    function gotopage(n) { document.queryForm.page.value = n; document.queryForm.submit(); }
    function show(code, kind) { window.open("/eap/show?code=" + code + "&kind=" + kind); }

Every statement counts as executed; of several addresses the first one that can be told is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import quote

from lxml import etree

from crawler.paging import with_query
from crawler.scripts.branches import LONGEST_VALUE, keeps, taken
from crawler.scripts.handlers import handlers, read_off
from crawler.scripts.methods import with_plain_calls, with_plain_methods
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing, statement
from crawler.scripts.values import STRING, Value, evaluated, literals, of_location, scripts_of
from crawler.scripts.written import unquoted

_TARGET = rf"(?<![\w$.])[\w$](?:[\w$.]|\(\s*(?:{STRING})\s*\)|\[\s*(?:{STRING}|\d{{1,3}})\s*\]){{0,80}}?"
_ACTION = re.compile(
    rf"(?P<open>\b(?:open|location\s*\.\s*(?:replace|assign))\s*\()"
    rf"|(?P<go>\blocation(?:\s*\.\s*(?:href|search))?\s*=(?!=))"
    rf"|(?P<set>{_TARGET})\s*\.\s*(?P<what>value|action)\s*=(?!=)"
    rf"|(?P<val>\$\(\s*(?:{STRING})\s*\))\s*\.\s*(?:val\s*\(|attr\s*\(\s*[\"'](?P<attr>value|action)[\"']\s*,)"
    rf"|(?P<submit>{_TARGET})\s*\.\s*submit\s*\("
    rf"|\b(?:var|let|const)\s+(?P<name>[\w$]+)\s*=(?!=)"
    rf"|(?<![\w$.])(?P<call>[A-Za-z_$][\w$]*)\s*\("
    rf"|(?<![\w$.])(?P<again>[A-Za-z_$][\w$]{{0,40}})\s*(?:=(?![=>])|(?P<step>\+\+|--)|(?P<more>[-+])=)"
)
_CALL = re.compile(
    r"\s*(?:return\s+)?(?P<call>[A-Za-z_$][\w$.]*)\s*\((?P<given>.*)\)\s*;?\s*(?:return\s+\w+\s*;?\s*)?",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r"\bfunction\s+([\w$]+)\s*\(([^)]{0,300})\)\s*\{|(?:\b(?:var|let|const)\s+|\bwindow\s*\.\s*)([\w$]+)\s*=\s*function\s*\(([^)]{0,300})\)\s*\{"
)
_FIELD_VALUE = re.compile(rf"({_TARGET}|\$\(\s*(?:{STRING})\s*\))\s*\.\s*(?:value\b|val\s*\(\s*\))")
_NAME = re.compile(
    rf"(?:[\[(]\s*(?P<quoted>{STRING})\s*[\])]|(?P<bare>[\w$]+)|\[\s*(?P<number>\d+)\s*\])\s*$"
)
_BY_ATTRIBUTE = re.compile(r"\[\s*(?:name|id)\s*=\s*\\?[\"']?([^\"'\]\\]+)")
_ONLY_SCRIPT = re.compile(r"\s*javascript\s*:", re.IGNORECASE)
_STEPPED = re.compile(r"\s*(\+\+|--)\s*([A-Za-z_$][\w$]{0,40})\s*")  # document.f.page.value = --p
_PLACE = re.compile(r"\{([1-9])\}")
_READS_OWN = re.compile(
    r"\blocation\s*\.\s*(?:href|search)\b(?!\s*=(?!=))|\blocation\s*\.\s*toString|=\s*(?:window\s*\.\s*)?location\s*;"
)
# "&page=" + n · searchParams.set("page", n)
_PARAMETER = re.compile(
    r"(?:[\"'][?&]?(?=[\w.]{1,40}=[\"'])|\.\s*set\(\s*[\"'](?=[\w.]{1,40}[\"']))([\w.]{1,40})(?:=[\"']\s*\+|[\"']\s*,)\s*([\w$.]{1,40})(?=\s*[);,\n}])"
)
_MOST_SET = 20  # parameters that one function sets
_MOST_READ = 1_000_000  # characters of code that the clicks of one page may cost
_DEEPEST = 3  # functions that call functions


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a click does. ``values``: name or id of a form's field → its new value; ``form``: name, id or number."""

    address: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    action: str | None = None
    told_apart: bool = False  # the branches of its function, by a word that it is given: turn('last')
    # A function that the page does not define, with its arguments.
    unknown: tuple[str, tuple[Value, ...]] | None = None


class Functions:
    """The functions that a page defines, and its simple variables.

    ``url``: that of the page. ``elsewhere``: functions of other files → what they open, ``/show.do?id={1}``.
    """

    def __init__(
        self, text: str, root: etree._Element, url: str, elsewhere: Mapping[str, str] | None = None
    ) -> None:
        self._elsewhere = elsewhere or {}
        self._fields = {
            name: item.get("value") or ""
            for item in root.iter("input")
            for name in (item.get("name"), item.get("id"))
            if name
        }
        self._bodies: dict[str, tuple[tuple[str, ...], str, int]] = {}  # parameters, script, beginning in it
        self._left = _MOST_READ
        self._known: dict[str, Effect | None] = {}
        self._handlers = handlers(text, root)
        self._handled: dict[etree._Element, Effect] = {}
        self._globals: dict[str, Value] = of_location(url)
        self._url = url
        self._methods: dict[tuple[str, str], str] = {}
        for script in scripts_of(text):
            for name, value in literals(script).items():
                self._globals.setdefault(name, value)
            code, methods = with_plain_methods(script)
            self._methods |= methods
            for found in _FUNCTION.finditer(code):
                parameters = (found[2] if found[1] else found[4]).split(",")
                named = tuple(parameter.strip() for parameter in parameters)
                self._bodies.setdefault(found[1] or found[3], (named, code, found.end()))
        # var total = 0: another script puts the number there
        self._stated = {name: value for name, value in self._globals.items() if value not in (0, "")}

    def effect(self, element: etree._Element) -> Effect | None:
        """What a click on an element does; None for one that does nothing of this kind."""
        code = element.get("onclick") or ""
        if self.handles(element):
            return self._of_handler(element)
        href = element.get("href") or ""
        if _ONLY_SCRIPT.match(href) and not code.strip():
            code = _ONLY_SCRIPT.sub("", href, count=1)
        return self.effect_of(code) if code.strip() else None

    def handles(self, element: etree._Element) -> bool:
        """Whether a script answers clicks on an element that states none itself."""
        return element in self._handlers and not (element.get("onclick") or "").strip()

    def _of_handler(self, element: etree._Element) -> Effect | None:
        if element not in self._handled:
            body = read_off(self._handlers[element], element)
            self._handled[element] = self.done_with(body, {})
        done = self._handled[element]
        return done if done.address or done.values or done.form is not None else None

    def effect_of(self, code: str) -> Effect | None:
        """What a piece of code does: ``gotopage(2)``, ``location.href='a.jsp?p=2'``."""
        if code not in self._known:
            self._known[code] = self._told(code)
        return self._known[code]

    def done_with(self, code: str, given: Mapping[str, Value]) -> Effect:
        """What the body of a function does that is handed these values."""
        return self._run(with_plain_calls(code[:LONGEST_FUNCTION], self._methods), given, 0)

    def _told(self, code: str) -> Effect | None:
        code = with_plain_calls(code, self._methods)
        done = self._run(code[:LONGEST_FUNCTION], {}, 0)
        if done.address or done.values or done.form is not None:
            return done
        call = _CALL.fullmatch(code)
        if call is None or call["call"] in self._bodies or call["call"] == "void":
            return None
        given = list(_arguments(call["given"], {}))
        opened = _with_arguments(self._elsewhere.get(call["call"]), given)
        if opened is not None:
            return Effect(address=opened)
        arguments = tuple(a for a in given if a is not None)
        return Effect(unknown=(call["call"], arguments)) if arguments else None

    def _run(self, code: str, known: Mapping[str, Value], depth: int) -> Effect:
        self._left -= len(code)
        if self._left < 0:
            return Effect()
        code, sure, told_apart = taken(code, known, self._stated)
        names: dict[str, Value] = {**self._globals, **known}
        address, form, action = None, None, None
        values: dict[str, str] = {}
        for found in _ACTION.finditer(code):
            rest = found.end()
            if found["call"] is not None:
                if found["call"] not in self._bodies:
                    continue
                given = self._filled(code[rest : closing(code, rest)])
                inner = self._called(found["call"], given, names, depth)
                address, form, action = address or inner.address, form or inner.form, action or inner.action
                values |= inner.values
                told_apart |= inner.told_apart
                continue
            if found["name"] is not None or found["again"] is not None:
                is_sure = any(start <= found.start() < end for start, end in sure)
                if is_sure if found["again"] is not None else found["name"] not in known:
                    self._give(found, statement(code[: rest + LONGEST_VALUE], rest), names)
                continue
            if found["submit"] is not None:
                form = form or _named(found["submit"])
                continue
            value = evaluated(_STEPPED.sub(_stepped, self._filled(statement(code, rest))), names)
            if value is None and found["go"]:
                value = _own_with(code, self._url, names)
            if value is None:
                continue
            if found["open"] or found["go"]:
                address = address or str(value) or None
            elif (found["what"] or found["attr"]) == "action":
                action = action or str(value)
            else:
                values[_named(found["set"] or found["val"])] = str(value)
        return Effect(address=address, values=values, form=form, action=action, told_apart=told_apart)

    def _give(self, found: re.Match[str], expression: str, names: dict[str, Value]) -> None:
        """Note the value of a variable: ``var p = 1``, ``p = p + 1``, ``p++``; one that cannot be told again makes it unknown."""
        name = found["name"] or found["again"]
        if found["step"]:
            expression = f"{name} {found['step'][0]} 1"
        elif found["more"]:
            expression = f"{name} {found['more']} ({expression})"
        self._left -= len(expression)
        value = evaluated(self._filled(expression), names)
        if value is not None:
            names[name] = value
        elif found["again"] is not None and not keeps(name, expression):
            names.pop(name, None)

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
        body = script[start : closing(script, start, start + LONGEST_FUNCTION)]
        passed = zip(parameters, _arguments(given, names), strict=False)
        return self._run(body, {p: value for p, value in passed if value is not None}, depth + 1)


def _stepped(found: re.Match[str]) -> str:
    return f"{found[2]} {found[1][0]} 1" if found.group() == found.string else found.group()


def _own_with(code: str, url: str, names: Mapping[str, Value]) -> str | None:
    """The page's own address with the one parameter that a function sets in it, however it does so.

    u = location.href; if (u.indexOf("cur=") > 0) u = u.replace(/cur=\\d+/, "cur=" + n); else u += "&cur=" + n; location.href = u
    """
    if not _READS_OWN.search(code):
        return None
    set_to = {(name, evaluated(value, names)) for name, value in islice(_PARAMETER.findall(code), _MOST_SET)}
    name, value = set_to.pop() if len(set_to) == 1 else ("", None)
    return with_query(url, name, str(value)) if value is not None else None


def _arguments(given: str, names: Mapping[str, Value]) -> Iterator[Value | None]:
    for argument in arguments(given, 0):
        yield evaluated(argument, names)


def _with_arguments(template: str | None, given: Sequence[Value | None]) -> str | None:
    """What a function opens: ``/show.do?id={1}`` with its first argument; None where that cannot be told."""
    values = {
        str(place): quote(str(value), safe="/:?&=%.")
        for place, value in enumerate(given, 1)
        if value is not None
    }
    if template is None or not all(place in values for place in _PLACE.findall(template)):
        return None
    return _PLACE.sub(lambda hole: values[hole[1]], template)


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
