"""The scripts of a page with what they read from the page, its address and the clock written out, and sums in one form. Pure.

$("#channel").val() → "7"  ·  getQueryString("cid") → "5"  ·  `/list?p=${page}` and "/list?p=".concat(page) → "/list?p="+page
$("#form").serialize() → "cid=5&pageNo=1"  ·  new Date().getTime() → 1  ·  $("#keyword").val() of a box that a script draws → ""
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from itertools import islice
from urllib.parse import urlencode

from crawler.paging import query_of
from crawler.scripts.elements import OF_A_VISIT, with_elements
from crawler.scripts.objects import members
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing
from crawler.scripts.values import scripts_of

# ?t=" + new Date().getTime(): so that no cache answers
_CLOCK = re.compile(
    r"(?P<before>[:=,(]\s*|=[\"']\s*\+\s*)(?:\+\s*)?(?:new\s+Date\s*\(\s*\)(?:\s*\.\s*(?:getTime|valueOf)\s*\(\s*\)|(?![\s.\w]))"
    r"|Date\s*\.\s*now\s*\(\s*\)|Math\s*\.\s*random\s*\(\s*\))"
)
# $("#channel").val(), $("#year option:selected").val(), $("input[name='cid']").val(), document.getElementById("channel").value
_FIELD = re.compile(
    r"\$\(\s*[\"']#([\w-]{1,60})(?:\s+option:selected|\s*>\s*option:selected)?[\"']\s*\)\s*\.\s*val\s*\(\s*\)"
    r"|\bgetElementById\(\s*[\"']([\w-]{1,60})[\"']\s*\)\s*\.\s*value\b(?!\s*=(?!=))"
    r"|\$\(\s*[\"'](?:input|select)?\[name\s*=\s*\\?[\"']?(?P<name>[\w-]{1,60})\\?[\"']?\][\"']\s*\)\s*\.\s*val\s*\(\s*\)"
)
# $("#kw").val() || ""
_OR_ELSE = re.compile(r"(\"(?:[^\"\\\n]|\\.){0,200}\")\s*\|\|\s*(\"[^\"\n]{0,60}\"|'[^'\n]{0,60}'|\d{1,6})")
_SERIALIZED = re.compile(r"\$\(\s*[\"']#([\w-]{1,60})[\"']\s*\)\s*\.\s*serialize\s*\(\s*\)")
_DOCUMENT = re.compile(r"\b(?:window\s*\.\s*)?document\s*\.\s*(?=getElementById)")
# getQueryString("cid"), Util.getUrlParams('cid'), new URLSearchParams(location.search).get("cid")
_OF_ADDRESS = re.compile(
    r"(?<![\w$.])(?:new\s+URLSearchParams\s*\([^()]{0,60}\)\s*\.\s*get|(?:[\w$]{1,20}\s*\.\s*){0,2}[\w$]{0,20}(?:[Qq]uery|[Pp]ara|[Uu]rl|[Rr]equest)[\w$]{0,20})"
    r"\s*\(\s*[\"'](?P<name>[\w-]{1,40})[\"']\s*\)"
)
# params.get("cid") of const params = new URLSearchParams(location.search); its function of any name: q("cid")
_READER = re.compile(
    r"(?<![\w$.])(?P<held>[A-Za-z_$][\w$]{0,30})\s*=\s*new\s+URLSearchParams\s*\([^(){}]{0,60}\)(?!\s*\.)"
    r"|\bfunction\s+(?P<named>[\w$]{1,30})\s*\(\s*[\w$]{1,20}\s*\)\s*\{(?=[^{}]{0,300}\blocation\s*\.\s*(?:search|href)\b)"
)
# var s = location.search; function q(n) { var m = s.match(…); … }
_SEARCH_HELD = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$]{0,20})\s*=\s*(?:window\s*\.\s*)?location\s*\.\s*(?:search|href)\s*[;,]"
)
_READS_HELD = r"\bfunction\s+[\w$]{{1,30}}\s*\(\s*[\w$]{{1,20}}\s*\)\s*\{{(?=[^{{}}]{{0,300}}(?<![\w$.])(?:{names})(?![\w$]))"
_READ = r"(?<![\w$.]){reader}\s*\(\s*[\"'](?P<name>[\w-]{{1,40}})[\"']\s*\)"
_SPELLED = re.compile(r"\bnew\s+URLSearchParams\s*\(\s*(?=\{)|\b[Qq]s\s*\.\s*stringify\s*\(\s*(?=\{)")
_HELD = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*=\s*$")
_MOST_READERS = 5  # functions of one script that read its address
# What the address of a page does not state is "" in what its scripts send; these read nothing else.
_READS_ADDRESS = re.compile(r"URLSearchParams|quer|para", re.IGNORECASE)
# Boxes to search with, which are empty at first, also where a script draws them
_SEARCH_BOX = re.compile(
    r"title|key|(?<![a-z])kw|word|search|query|docno|fwzh|(?:begin|start|end)_?(?:date|time)", re.I
)
_INPUT = re.compile(r"<input\b[^<>]{0,1000}>", re.IGNORECASE)
_SELECT = re.compile(r"<select\b[^<>]{0,1000}>", re.IGNORECASE)
_OPTION = re.compile(r"<option\b[^<>]{0,1000}>", re.IGNORECASE)
_FORM = re.compile(r"<form\b[^<>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(id|name|type|value)\s*=\s*(?:\"([^\"]{0,500})\"|'([^']{0,500})')", re.IGNORECASE
)
_UNSENT = frozenset({"button", "submit", "reset", "image", "file", "checkbox", "radio"})
_TEMPLATE = re.compile(r"`([^`]{0,600})`")
_HOLE = re.compile(r"\$\{([^{}]{1,100})\}")
_CONCAT = re.compile(r"(?<=[\"'])\s*\.\s*concat\s*\(")
_MORE = re.compile(r"\s*\.\s*concat\s*\(")
_TO_STRING = re.compile(r"\.\s*toString\s*\(\s*\)")
_MOST_FORMS = 50  # of one page, and selections
_LARGEST_FORM = 50_000  # characters
_MOST_PARTS = 20  # of one sum


def plain_scripts(text: str, url: str) -> list[str]:
    """The scripts in a page at ``url``, see the module."""
    fields, forms, query = _fields(text), _forms(text), query_of(url)
    return [with_elements(_plain(script, fields, forms, query), text) for script in scripts_of(text)]


def _plain(script: str, fields: Mapping[str, str], forms: Mapping[str, str], query: Mapping[str, str]) -> str:
    def quoted(held: Mapping[str, str], name: str, found: re.Match[str]) -> str:
        return json.dumps(held[name], ensure_ascii=False) if name in held else found.group()

    def field(found: re.Match[str]) -> str:
        name = found[1] or found[2] or f"[{found['name']}]"
        return '""' if name not in fields and _SEARCH_BOX.search(name) else quoted(fields, name, found)

    def of_address(found: re.Match[str]) -> str:
        unstated = found["name"] not in query and _READS_ADDRESS.search(found.group())
        return (
            '""' if unstated and not OF_A_VISIT.search(found["name"]) else quoted(query, found["name"], found)
        )

    held = "|".join(re.escape(name) for name in islice(_SEARCH_HELD.findall(script), _MOST_READERS))
    script = re.sub(_READS_HELD.format(names=held), r"\g<0> location.search;", script) if held else script
    for reader in islice(_READER.finditer(script), _MOST_READERS):
        name = rf"{re.escape(reader['held'])}\s*\.\s*get" if reader["held"] else re.escape(reader["named"])
        script = re.sub(_READ.format(reader=name), lambda found: quoted(query, found["name"], found), script)
    script = _SERIALIZED.sub(lambda found: quoted(forms, found[1], found), script)
    script = _OF_ADDRESS.sub(of_address, _FIELD.sub(field, _DOCUMENT.sub("", script)))
    script = _OR_ELSE.sub(lambda found: found[2] if found[1] == '""' else found[1], script)
    script = _TO_STRING.sub("", _CLOCK.sub(r"\g<before>1", script))
    return concatenated(_TEMPLATE.sub(_as_sum, _spelled(script)))


def _spelled(script: str) -> str:
    """A script with ``new URLSearchParams({cid: 7, page: n})`` and ``Qs.stringify({…})`` as the sums that they come to."""
    parts, position = list[str](), 0
    for found in islice(_SPELLED.finditer(script), _MOST_PARTS):
        end = closing(script, found.end() + 1, found.end() + LONGEST_FUNCTION)
        given = members(script[found.end() : end + 1], lower=False)
        behind = closing(script, end + 1, end + _MOST_FORMS)
        if not given or found.start() < position or script[behind : behind + 1] != ")":
            continue
        pieces = (
            f"'{'&' if place else ''}{name}='+({value})" for place, (name, value) in enumerate(given.items())
        )
        spelled = "+".join(pieces)
        parts += [script[position : found.start()], spelled]
        position = behind + 1
        if (held := _HELD.search(parts[-2])) is not None:
            used = re.compile(rf"(?<![\w$.]){re.escape(held[1])}(?![\w$.(\[:]|\s*=)")
            put = f"({spelled})".replace("\\", r"\\")
            script = script[:position] + used.sub(put, script[position:])
    return "".join((*parts, script[position:]))


def _as_sum(found: re.Match[str]) -> str:
    """A template literal as a sum: `/list?p=${page}` → "/list?p="+page+""."""
    quoted = found[1].replace('"', "%22").replace("\n", " ")
    return '"' + _HOLE.sub(lambda hole: f'"+{hole[1]}+"', quoted) + '"'


def concatenated(script: str) -> str:
    """A script with ``"a".concat(b, "c").concat(d)`` as ``"a"+b+"c"+d``, as tools write template literals."""
    parts, position = list[str](), 0
    for found in _CONCAT.finditer(script):
        if found.start() < position:
            continue
        parts.append(script[position : found.start()])
        begun: re.Match[str] | None = found
        for _ in range(_MOST_PARTS):
            if begun is None:
                break
            parts += [f"+{one.strip()}" for one in arguments(script, begun.end())]
            position = closing(script, begun.end()) + 1
            begun = _MORE.match(script, position)
    return "".join((*parts, script[position:]))


def _stated(tag: str) -> dict[str, str]:
    return {name.lower(): html.unescape(a or b) for name, a, b in _ATTRIBUTE.findall(tag)}


def _fields(text: str) -> dict[str, str]:
    """Value of the fields of a page by their id, and by their name in brackets: what a script that reads them sends at first."""
    found: dict[str, str] = {}
    for tag in _INPUT.findall(text):
        stated = _stated(tag)
        if stated.get("type", "").lower() not in ("checkbox", "radio"):
            _note(found, stated, stated.get("value", ""))
    for begun in islice(_SELECT.finditer(text), _MOST_FORMS):
        options = [
            _stated(tag) | {"": tag}
            for tag in _OPTION.findall(text, begun.end(), _end(text, begun.end(), "</select"))
        ]
        chosen = next(
            (one for one in options if re.search(r"\sselected\b", one[""], re.I)), (options or [{}])[0]
        )
        if "value" in chosen:
            _note(found, _stated(begun.group()), chosen["value"])
    return found


def _note(found: dict[str, str], stated: Mapping[str, str], value: str) -> None:
    names = [stated["id"]] if "id" in stated else []
    names += [f"[{stated['name']}]"] if "name" in stated else []
    if not any(OF_A_VISIT.search(name) for name in names):
        for name in names:
            found.setdefault(name, value)


def _end(text: str, start: int, closing_tag: str) -> int:
    end = text.find(closing_tag, start, start + _LARGEST_FORM)
    return end if end >= 0 else start


def _forms(text: str) -> dict[str, str]:
    """id → what a form of the page sends at first; forms with a field that is made for the visit are left out."""
    found: dict[str, str] = {}
    for form in islice(_FORM.finditer(text), _MOST_FORMS):
        name = _stated(form.group()).get("id")
        end = text.find("</form", form.end())
        inner = text[form.end() : min(end if end >= 0 else len(text), form.end() + _LARGEST_FORM)]
        inputs = [_stated(tag) for tag in _INPUT.findall(inner)]
        sent = [
            (one["name"], one.get("value", ""))
            for one in inputs
            if one.get("name") and one.get("type") not in _UNSENT
        ]
        if (
            name
            and not re.search(r"<select\b", inner, re.I)
            and not any(OF_A_VISIT.search(key) for key, _ in sent)
        ):
            found.setdefault(name, urlencode(sent))
    return found
