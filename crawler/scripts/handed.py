"""What the functions of a page's scripts are handed where they are called: getList(1, 20, "33", channel). Never run. Pure.

function getList(page, size, site, channel) { $.get("/api/list", {p: page, rows: size, site: site, channel: channel}) }
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from crawler.scripts.objects import standing_for
from crawler.scripts.scan import arguments
from crawler.scripts.values import Value, evaluated
from crawler.scripts.written import places_of_scripts

_PARAMETERS = r"\(\s*([\w$]{1,40}(?:\s*,\s*[\w$]{1,40}){0,11})\s*\)\s*\{"
_DEFINED = re.compile(
    rf"\bfunction\s+(?P<name>[\w$]{{1,60}})\s*{_PARAMETERS}"
    rf"|(?<![\w$])(?P<other>[\w$]{{1,60}})\s*[:=]\s*(?:async\s+)?function\s*{_PARAMETERS}"
)
_DEFINES = re.compile(r"\bfunction\s+$")
# <body onload="getList(1, 7)">, and what clicks hand over: another list than the one that is shown at first
_HANDLED = re.compile(
    r"\s(?:on[a-z]{4,10}|href)\s*=\s*(?:\"([^\"]{1,300}\([^\"]{0,300})\"|'([^']{1,300}\([^']{0,300})')",
    re.IGNORECASE,
)
_MOST_FUNCTIONS = 60  # of one page
_MOST_CALLS = 20  # of one function


def handed(scripts: Sequence[str], text: str, names: Mapping[str, Value]) -> dict[str, Value]:
    """Parameter → what the calls of its function in a page hand over, where that is one value and no page's number.

    ``names``: what names stand for in these scripts.
    """
    handlers = [html.unescape(a or b) for a, b in _HANDLED.findall(_without_scripts(text))]
    code = [*scripts, "\n".join(handlers)]
    found: dict[str, set[Value]] = {}
    for name, parameters in _functions(scripts).items():
        wanted = [at for at, parameter in enumerate(parameters) if standing_for(parameter) not in (0, 1)]
        for given in islice(_calls(name, code), _MOST_CALLS) if wanted else ():
            for at in wanted:
                value = evaluated(given[at], names) if at < len(given) else None
                if value is not None and value != "":
                    found.setdefault(parameters[at], set()).add(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _without_scripts(text: str) -> str:
    parts, position = list[str](), 0
    for begin, end, _ in places_of_scripts(text):
        parts.append(text[position:begin])
        position = end
    return "".join((*parts, text[position:]))


def _functions(scripts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Function → its parameters; those that are defined twice, otherwise, are left out."""
    defined: dict[str, tuple[str, ...]] = {}
    twice = set()
    for found in islice((one for script in scripts for one in _DEFINED.finditer(script)), _MOST_FUNCTIONS):
        name = found["name"] or found["other"]
        parameters = tuple(one.strip() for one in (found[2] or found[4]).split(","))
        if defined.setdefault(name, parameters) != parameters:
            twice.add(name)
    return {name: parameters for name, parameters in defined.items() if name not in twice}


def _calls(name: str, scripts: Sequence[str]) -> Iterator[list[str]]:
    """What each call of a function hands over."""
    called = re.compile(rf"(?<![\w$]){re.escape(name)}\s*\(")
    for script in scripts:
        for found in called.finditer(script):
            if not _DEFINES.search(script, max(0, found.start() - 20), found.start()):
                yield list(arguments(script, found.end()))
