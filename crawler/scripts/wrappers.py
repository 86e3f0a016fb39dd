"""Calls of a page's own functions around a request as the request that they make. Read off the scripts, never run. Pure.

function listNotice(query) { return request({url: "/notice/list", params: query}) }  …  listNotice(this.queryParams)
var http = {post: function (url, data, done) { $.ajax({url: "/gateway" + url, data: data}) }}  …  http.post("/page", {…}, show)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from crawler.scripts.objects import members
from crawler.scripts.scan import arguments, closing

_GIVEN = r"\(\s*([\w$]{1,40}(?:\s*,\s*[\w$]{1,40}){0,5})\s*\)"
_DEFINED = re.compile(
    rf"\bfunction\s+(?P<named>[\w$]{{1,60}})\s*{_GIVEN}\s*(?P<body>\{{)"
    rf"|(?<![\w$])(?P<set>[\w$]{{1,60}})\s*[:=]\s*(?:async\s+)?(?:function\s*[\w$]{{0,40}}\s*)?{_GIVEN}\s*(?:=>\s*)?(?P<inner>\{{)"
    rf"|(?<![\w$])(?P<arrow>[\w$]{{1,60}})\s*=\s*(?:async\s+)?{_GIVEN}\s*=>\s*(?=[\w$])"
    rf"|(?<=[{{,;])\s*(?:async\s+)?(?P<method>[\w$]{{1,60}})\s*{_GIVEN}\s*(?P<held>\{{)"
)
_ASKS = re.compile(r"\b(?:ajax|axios|fetch|request|service|http|get|post|getJSON)\b\s*\(", re.IGNORECASE)
_OWNER = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*=\s*\{")
_SENT_WHOLE = r"(?:data|params|body)\s*:\s*(?:JSON\s*\.\s*stringify\s*\(\s*)?{name}(?![\w$.])|,\s*\{{?\s*{name}\s*[,)}}]"
_WHOLE = re.compile(r"\s*(?:\{|[\"'`](?:https?:/)?/)")
_NAME = re.compile(r"\s*[A-Za-z_$][\w$]{0,40}(?:\.[\w$]{1,40}){0,3}\s*")
_ASSIGNED = re.compile(r"(?:\bObject\s*\.\s*assign|(?:\$|\bjQuery)\s*\.\s*extend)\s*\(\s*(?=\{)")
_USUAL = frozenset({"get", "post", "request", "ajax", "fetch", "getJSON"})
_KEYWORDS = frozenset({"if", "for", "while", "switch", "catch", "with"})
_LONGEST = 1_500  # characters of a function
_LARGEST_OWNER = 20_000  # characters of an object with methods
_LARGEST = 200_000  # characters of the scripts of one page that are looked at
_MOST = 60  # functions, and calls of one
_DEEPEST = 2  # functions around functions


class _Wrapper(NamedTuple):
    name: str
    owner: str | None  # the object whose method it is, where many others have one of that name
    parameters: tuple[str, ...]
    body: str


def with_wrappers(scripts: Sequence[str]) -> list[str]:
    """Scripts with the bodies of such functions in the place of their calls, and with what is handed over in them."""
    found = list(scripts)
    if sum(map(len, scripts)) > _LARGEST:
        return found
    wrappers = list(islice(_wrappers(scripts), _MOST))
    for _ in range(_DEEPEST if wrappers else 0):
        for wrapper in wrappers:
            found = [_called(script, wrapper) for script in found]
    return [_merged(script) for script in found]


def _wrappers(scripts: Sequence[str]) -> Iterator[_Wrapper]:
    for script in scripts:
        owners = [
            (one[1], one.end(), closing(script, one.end(), one.end() + _LARGEST_OWNER))
            for one in islice(_OWNER.finditer(script), _MOST)
        ]
        for found in _DEFINED.finditer(script):
            groups = [one for one in found.groups() if one is not None]
            name, parameters = groups[0], tuple(one.strip() for one in groups[1].split(","))
            end = closing(script, found.end(), found.end() + _LONGEST)
            if found["arrow"]:
                end = found.end() + len(next(arguments(script, found.end()), ""))
            body = script[found.end() : end]
            if name in _KEYWORDS or end - found.end() >= _LONGEST or not _ASKS.search(body):
                continue
            owner = next(
                (one for one, begin, stop in reversed(owners) if begin <= found.start() < stop), None
            )
            if name in _USUAL - {"request"} and owner is None:
                continue
            yield _Wrapper(name, owner if name in _USUAL else None, parameters, body)


def _called(script: str, wrapper: _Wrapper) -> str:
    """A script in which a function is called as one in which its request is made."""
    before = r"(?:[\w$]{1,30}\.){0,2}" if wrapper.name not in _USUAL else ""
    if wrapper.owner is not None:
        before = rf"{re.escape(wrapper.owner)}\s*\.\s*"
    call = re.compile(rf"(?<![\w$.]){before}{re.escape(wrapper.name)}\s*\(\s*(?=[\"'`\w${{])")
    parts, position = list[str](), 0
    for found in islice(call.finditer(script), _MOST):
        if found.start() < position or re.search(
            r"\bfunction\s+$", script[max(0, found.start() - 20) : found.start()]
        ):
            continue
        end = closing(script, found.end())
        given = [one.strip() for one in arguments(script, found.end())]
        if re.match(r"\s*(?:=>\s*)?\{", script[end + 1 : end + 20]) or not _is_request(wrapper, given):
            continue
        parts += [script[position : found.start()], _filled(wrapper, given)]
        position = end + 1
    return "".join((*parts, script[position:]))


def _is_request(wrapper: _Wrapper, given: Sequence[str]) -> bool:
    """Whether a call hands over an address, or all that is sent; a page's number alone is told without this."""
    for name, value in zip(wrapper.parameters, given, strict=False):
        whole = re.search(_SENT_WHOLE.format(name=re.escape(name)), wrapper.body) is not None
        if _WHOLE.match(value) or (whole and _NAME.fullmatch(value)):
            return True
    return False


def _filled(wrapper: _Wrapper, given: Sequence[str]) -> str:
    body = wrapper.body
    for name, value in zip(wrapper.parameters, given, strict=False):
        held = (members(value, lower=False) if value.startswith("{") else None) or {}
        key = re.escape(name)
        member = re.compile(rf"(?<![\w$.]){key}\.([\w$]{{1,40}})(?![\w$(])")
        body = member.sub(partial(_member, held), body)
        used = re.compile(rf"(?<![\w$.]){key}(?![\w$.(]|\s*:(?!:))")
        parts, position = list[str](), 0
        for found in used.finditer(body):
            alone = _is_member(body, found.start()) and re.match(r"\s*[,}]", body[found.end() :])
            parts += [body[position : found.start()], f"{name}: {value}" if alone else value]
            position = found.end()
        body = "".join((*parts, body[position:]))
    return f"{{{body}}}"


def _member(held: Mapping[str, str], found: re.Match[str]) -> str:
    return held.get(found[1], found.group())


def _is_member(code: str, position: int) -> bool:
    """Whether a name stands for a member of an object of its own: ``{url, data}``, and not for an argument."""
    depth = 0
    for char in reversed(code[:position]):
        depth += (char in ")]}") - (char in "([{")
        if depth < 0:
            return char == "{" and re.search(r"[{,]\s*$", code[:position]) is not None
    return False


def _merged(script: str) -> str:
    """A script with ``Object.assign({}, this.query, {b: 2})`` as ``{...this.query, b: 2}``."""
    parts, position = list[str](), 0
    for found in islice(_ASSIGNED.finditer(script), _MOST):
        given = [one.strip() for one in arguments(script, found.end())]
        held = [
            one[1:-1].strip(" ,") if one.startswith("{") else f"...{one}"
            for one in given
            if (one.startswith("{") and one.endswith("}")) or _NAME.fullmatch(one)
        ]
        if found.start() >= position and len(held) == len(given):
            parts += [script[position : found.start()], f"{{{', '.join(filter(None, held))}}}"]
            position = closing(script, found.end()) + 1
    return "".join((*parts, script[position:]))
