"""What the scripts of a page do as it opens: themselves, in handlers of its being ready, in components that begin. Never run. Pure.

$(function () { param.cid = "7"; load(1); })  ·  created() { this.init() }, … init() { this.query.cid = "7"; this.load(); }
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from crawler.scripts.scan import LONGEST_FUNCTION, at_each_depth, closing, statement
from crawler.scripts.values import STRING

_FUNCTION = r"(?:async\s*)?(?:function\s*[\w$]{0,40}\s*\([\w$,\s]{0,60}\)|\([\w$,\s]{0,60}\)\s*=>)\s*\{"
# created() {, mounted: function () {, onMounted(() => {, $(function () {, $(document).ready(function () {, window.onload = function () {
_BEGINS = re.compile(
    r"(?<![\w$.])(?:created|mounted|beforeMount|onLoad)\s*(?::\s*(?:async\s+)?function\s*)?\([\w\s]{0,20}\)\s*\{"
    rf"|\bon(?:BeforeMount|Mounted|Load)\s*\(\s*{_FUNCTION}|\bonload\s*=\s*{_FUNCTION}"
    rf"|(?:\$|\bjQuery)\s*\(\s*(?:document\s*\)\s*\.\s*ready\s*\(\s*)?{_FUNCTION}"
)
_CALLED = re.compile(
    r"(?<![\w$.])(?<!function )(?:(?:this|that|self|_this|vm|me)\s*\.\s*)?(?!(?:if|for|while|switch|catch|function|return)\b)"
    r"([A-Za-z_$][\w$]{1,40})\s*\("
)
_ASKS = re.compile(r"\b(?:ajax|axios|fetch|request|get|post|getJSON|send)\s*[.(]", re.IGNORECASE)
# in front of what is done under a condition
_ALTERNATIVE = re.compile(
    r"(?:&&|\|\||\belse|\?|:|\b(?:if|while|for)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))$"
)
# what a visitor has typed or brought along: nothing at first
_OF_VISITOR = re.compile(r"\.\s*val\s*\(|\.\s*value\b|\b(?:local|session)Storage\b|cookie", re.IGNORECASE)
_MOST = 20  # beginnings of one script, functions that they call
_MOST_GIVEN = 60
_LONGEST_GIVEN = 300  # characters of an expression


@lru_cache(maxsize=64)
def at_first(script: str) -> str:
    """The statements that a script runs as its page opens, blocks of their own left out; those of functions that ask for
    something are of each page of a list."""
    begun = [script[found.end() :] for found in islice(_BEGINS.finditer(script), _MOST)]
    pieces = [_outermost(script), *(_outermost(_body(code)) for code in begun)]
    for name in list(dict.fromkeys(_CALLED.findall("\n".join(pieces))))[:_MOST]:
        key = re.escape(name)
        defined = re.search(
            rf"(?<![\w$.]){key}\s*(?:[:=]\s*(?:async\s*)?(?:function\s*)?)?\([^()]{{0,100}}\)\s*(?:=>\s*)?\{{",
            script,
        )
        body = _body(script[defined.end() :]) if defined is not None else ""
        if body and not _ASKS.search(body):
            pieces.append(_outermost(body))
    return "\n".join(pieces)


def given(owner: str, code: str) -> Iterator[tuple[str, str]]:
    """(name, expression) of what ``code`` gives to names that ``owner`` matches, with the name as its last group, under no
    condition; what a visitor may have typed is nothing."""
    for found in islice(re.finditer(rf"{owner}\s*=(?!=)", code), _MOST_GIVEN):
        told, before = statement(code, found.end()).strip(), code[: found.start()].rstrip()
        depends = _ALTERNATIVE.search(before[-_LONGEST_GIVEN:]) or _OF_VISITOR.search(told)
        if 0 < len(told) <= _LONGEST_GIVEN and not depends:
            yield found[found.lastindex or 0], told


def where_empty(name: str, script: str) -> str | None:
    """The text or number that a variable is given where it holds nothing: ``if (!cid) { cid = "7" }``."""
    key = re.escape(name)
    found = re.search(
        rf"\bif\s*\(\s*(?:!\s*{key}|{key}\s*={{2,3}}\s*(?:null|undefined|''|\"\"))[^(){{}}]{{0,80}}\)\s*\{{?\s*{key}\s*=\s*"
        rf"({STRING}|\d{{1,12}})\s*[;\n}}]",
        script,
    )
    return found[1] if found is not None else None


def _body(code: str) -> str:
    return code[: closing(code, 0, LONGEST_FUNCTION)]


def _outermost(code: str) -> str:
    """Code without what stands in braces."""
    parts, position, open_ = list[str](), 0, 0
    for at, char, _ in at_each_depth(code, 0, len(code)):
        if char == "{":
            if not open_:
                parts.append(code[position : at + 1])
            open_ += 1
        elif char == "}" and open_:
            open_ -= 1
            position = at if not open_ else position
    return "".join((*parts, code[position:] if not open_ else ""))
