"""What scripts settle for all of their requests, or for one: the base of its addresses, headers that never change. Pure.

const service = axios.create({baseURL: "/api"}); service.get("/list")  ·  axios.defaults.baseURL = "/api"
headers: {"appid": "portal01"}  ·  beforeSend: function (xhr) { xhr.setRequestHeader("Authorization", "Basic …") }
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from crawler.scripts.objects import members, value_of
from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.values import STRING, Value

_CREATED = re.compile(r"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{0,40})\s*=\s*axios\s*\.\s*create\s*\(\s*(?=\{)")
_DEFAULT = re.compile(rf"\baxios\s*\.\s*defaults\s*\.\s*baseURL\s*=\s*({STRING})")
# export default service  ·  import request from "../utils/request.js"
_EXPORTED = re.compile(r"\bexport\s+default\s+([A-Za-z_$][\w$]{0,40})\s*(?=[;\n]|\Z)")
_IMPORTED = re.compile(r"\bimport\s+([A-Za-z_$][\w$]{0,40})\s+from\b")
_SETS = re.compile(rf"\.\s*setRequestHeader\s*\(\s*({STRING})\s*,\s*([^(){{}};]{{1,300}})\)")
_ADDRESS = re.compile(r"\burl\s*:\s*(?=[\"'])")
# What is set for every request in any case, and what belongs to a visit
_NO_HEADER = re.compile(
    r"content-type|accept.*|x-requested-with|cookie|host|origin|referer|user-agent", re.IGNORECASE
)
_MOST = 10  # clients of one script
_MOST_CALLS = 100  # of one client
_LONGEST = 300  # characters of a header's value


def with_clients(scripts: Sequence[str]) -> list[str]:
    """Scripts in which the clients that they make ask as axios does, for whole addresses; also by the name of a module's import."""
    found = list(scripts)
    if not any("axios" in script for script in scripts):
        return found
    bases = [("axios", default[1]) for script in scripts if (default := _DEFAULT.search(script)) is not None][
        :1
    ]
    for script in scripts:
        for made in islice(_CREATED.finditer(script), _MOST):
            end = closing(script, made.end() + 1, made.end() + LONGEST_FUNCTION)
            given = members(script[made.end() : end + 1]) or {}
            base = given.get("baseurl", '""')
            bases.append((made["name"], base if re.fullmatch(rf"{STRING}|[\w$.]{{1,60}}", base) else '""'))
    exported = {one for script in scripts for one in _EXPORTED.findall(script)} & {name for name, _ in bases}
    imported = (
        {one for script in scripts for one in _IMPORTED.findall(script)} if len(exported) == 1 else set()
    )
    bases += [(name, base) for client, base in bases for name in imported - {client} if client in exported]
    for name, base in bases:
        found = [_with_base(script, name, base) for script in found]
    return found


def _with_base(script: str, name: str, base: str) -> str:
    """The calls of a client with the base in front of their addresses: ``axios.get("/api"+"/list", …)``."""
    called = re.compile(rf"(?<![\w$.]){re.escape(name)}\s*(\.\s*(?:get|post|request)\s*)?\(\s*(?=[\"'{{])")
    parts, position = list[str](), 0
    for found in islice(called.finditer(script), _MOST_CALLS):
        if found.start() < position:
            continue
        parts += [script[position : found.start()], f"axios{found[1] or ''}("]
        position = found.end()
        if script[position] == "{":
            end = closing(script, position + 1, position + LONGEST_FUNCTION)
            parts.append(_ADDRESS.sub(lambda one: f"{one.group()}{base}+", script[position:end], count=1))
            position = end
        else:
            parts.append(f"{base}+")
    return "".join((*parts, script[position:]))


def fixed_headers(given: Mapping[str, str], names: Mapping[str, Value]) -> dict[str, str]:
    """The headers of a request whose values the page states, from its options."""
    stated = (
        (members(given["headers"], lower=False) or {}) if given.get("headers", "").startswith("{") else {}
    )
    found = [
        *stated.items(),
        *((name.strip("\"'"), value) for name, value in _SETS.findall(given.get("beforesend", ""))),
    ]
    headers = {}
    for name, expression in found:
        value = value_of(expression, names)
        if (
            isinstance(value, str | int)
            and value != ""
            and not _NO_HEADER.fullmatch(name)
            and len(str(value)) <= _LONGEST
        ):
            headers[name] = str(value)
    return headers
