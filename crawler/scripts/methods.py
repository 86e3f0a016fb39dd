"""Methods of objects in the scripts of a page as plain functions, so that a click that calls one is told: pager.jump(2). Pure.

var pager = {first: function () { this.jump(1) }, jump: function (n) { location.href = "list.do?page=" + n }}
An object of a name space, Context.Nav = {go: function (n) {…}}, is known by its whole name.
Page.prototype.go = function (n) {…} has no object of its own and is left alone; Query.go = function (n) {…} has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from crawler.scripts.scan import closing

_OWNER = r"([A-Za-z_$][\w$]{0,40}(?:\.[A-Za-z_$][\w$]{0,40}){0,2})"
_OBJECT = re.compile(
    rf"(?:\b(?:var|let|const)\s{{1,20}}|\bwindow\s{{0,20}}\.\s{{0,20}}|(?<=[;}}\n])[ \t]{{0,40}}){_OWNER}\s{{0,20}}=\s{{0,20}}\{{"
)
_MEMBER = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*:\s*function\s*\(")
_ASSIGNED = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*\.\s*([A-Za-z_$][\w$]{0,40})\s*=\s*function\s*\("
)
_OF_ITSELF = re.compile(r"(?<![\w$.])(?:this|self|that|_this)\s*\.\s*([A-Za-z_$][\w$]{0,40})\s*\(")
_CALLED = re.compile(rf"(?<![\w$.]){_OWNER}\s*\.\s*([A-Za-z_$][\w$]{{0,40}})\s*\(")
_LARGEST = 60_000  # characters of an object
_MOST = 40  # objects of one script


def with_plain_methods(script: str) -> tuple[str, Mapping[tuple[str, str], str]]:
    """The script with its objects' methods as functions, and what each is called: ("pager", "jump") → ``pager$jump``."""
    names: dict[tuple[str, str], str] = {}
    parts, position = list[str](), 0
    for found in islice(_OBJECT.finditer(script), _MOST):
        if found.start() < position or found[1].endswith(".prototype"):
            continue  # an object within one, or none
        end = closing(script, found.end(), found.end() + _LARGEST)
        parts += [script[position : found.end()], _plain(script[found.end() : end], found[1], names)]
        position = end
    made = "".join((*parts, script[position:]))

    def assigned(one: re.Match[str]) -> str:
        name = names.setdefault((one[1], one[2]), f"{one[1]}${one[2]}")
        return f"var {name} = function("

    made = _ASSIGNED.sub(lambda one: one[0] if one[1] == "window" else assigned(one), made)
    return with_plain_calls(made, names), names


def with_plain_calls(code: str, names: Mapping[tuple[str, str], str]) -> str:
    """Code with the calls of known methods as calls of functions: ``pager.jump(2)`` → ``pager$jump(2)``."""
    if not names:
        return code

    def called(found: re.Match[str]) -> str:
        name = names.get((found[1], found[2]))
        return f"{name}(" if name is not None else found[0]

    return _CALLED.sub(called, code)


def _plain(code: str, owner: str, names: dict[tuple[str, str], str]) -> str:
    """The members of an object, its methods as functions; they call one another by ``this``."""
    own = {found[1]: f"{owner.replace('.', '$')}${found[1]}" for found in _MEMBER.finditer(code)}
    names.update({(owner, method): name for method, name in own.items()})
    code = _MEMBER.sub(lambda found: f"{found[1]}: function {own[found[1]]}(", code)
    return _OF_ITSELF.sub(lambda found: f"{own[found[1]]}(" if found[1] in own else found[0], code)
