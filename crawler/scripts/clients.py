"""What scripts settle for all of their requests, or for one: the base of its addresses, headers that never change. Pure.

const service = axios.create({baseURL: "/api"}); service.get("/list")  ·  axios.defaults.baseURL = "/api"
headers: {"appid": "portal01"}  ·  beforeSend: function (xhr) { xhr.setRequestHeader("Authorization", "Basic …") }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from crawler.scripts.objects import members, value_of
from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.values import STRING, Value

_CREATED = re.compile(r"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{0,40})\s*=\s*axios\s*\.\s*create\s*\(\s*(?=\{)")
_DEFAULT = re.compile(rf"\baxios\s*\.\s*defaults\s*\.\s*baseURL\s*=\s*({STRING})")
_SETS = re.compile(rf"\.\s*setRequestHeader\s*\(\s*({STRING})\s*,\s*([^(){{}};]{{1,300}})\)")
_ADDRESS = re.compile(r"\burl\s*:\s*(?=[\"'])")
# What is set for every request in any case, and what belongs to a visit
_NO_HEADER = re.compile(
    r"content-type|accept.*|x-requested-with|cookie|host|origin|referer|user-agent", re.IGNORECASE
)
_MOST = 10  # clients of one script
_MOST_CALLS = 100  # of one client
_LONGEST = 300  # characters of a header's value


def with_clients(script: str) -> str:
    """A script in which the clients that it makes ask as axios does, for whole addresses."""
    if "axios" not in script:
        return script
    default = _DEFAULT.search(script)
    bases = [("axios", default[1])] if default is not None else []
    for found in islice(_CREATED.finditer(script), _MOST):
        end = closing(script, found.end() + 1, found.end() + LONGEST_FUNCTION)
        given = members(script[found.end() : end + 1]) or {}
        bases.append((found["name"], given.get("baseurl", '""')))
    for name, base in bases:
        script = _with_base(script, name, base if re.fullmatch(rf"{STRING}|[\w$.]{{1,60}}", base) else '""')
    return script


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
