"""Kinds of rows whose addresses a page's scripts make in another way: read off conditions on one key of a row, never run. Pure.

x.type == 1 ? "/wj/" + x.id : "/gg/" + x.id  ·  if (x.kind == "jd") {…} else {…}  ·  switch (x.type) {…}  ·  <a v-if="x.type == 1">
"""

from __future__ import annotations

import re
from itertools import islice

from crawler.scripts.branches import decided_by
from crawler.scripts.scan import LONGEST_FUNCTION, at_each_depth, closing
from crawler.scripts.values import STRING
from crawler.scripts.written import literal_value

# x.type, data.rows[i].type: what stands behind the row's own name is the key
_KEY = r"(?<![\w$.\])])(?:[\w$][\w$.]{0,40}\[\w{1,20}\]\.|[\w$]{1,30}\.)(?P<key>[A-Za-z_]\w{0,40})"
_LITERAL = rf"(?:{STRING}|\d{{1,9}})"
_CONDITION = re.compile(rf"{_KEY}\s*(?P<sign>[=!]==?)\s*(?P<value>{_LITERAL})(?!\s*[+\w.])")
_SWITCH = re.compile(rf"\bswitch\s*\(\s*{_KEY}\s*\)")
_CASE = re.compile(rf"\bcase\s+({_LITERAL})\s*:")
_MET, _UNMET, _SWITCHED = "1==1", "1==0", "gongkaiKind"
_OTHER = "\ue002"  # no value of a row
_CHOICE = re.compile(r"\b1==(?P<met>[01])\s*\)?\s*\?")
# a row that is not shown: if (x.hidden == 1) return true;
_PASSED = re.compile(
    r"\bif\s*\(\s*1==1\s*\)\s*\{?\s*(?:continue|return(?:\s+(?:true|null|\"\"|''))?)\s*(?=[;}\n])"
)
_TAG = re.compile(
    r"<[a-z][\w-]{0,30}\b[^<>]{0,600}?\s(?:v-(?:if|else-if)\s*=\s*\"\s*1==(?P<met>[01])\s*\"|(?P<other>v-else)(?=[\s/>]))(?:[^<>\"']|\"[^\"]{0,300}\"|'[^']{0,300}'){0,40}>"
)
_MOST = 200  # conditions of one page
_MOST_VALUES = 6  # of one key


def kinds(text: str) -> dict[str, tuple[str, ...]]:
    """Key → the values with which a page's scripts compare it; keys that are compared with many are left out."""
    found: dict[str, dict[str, None]] = {}
    for one in islice(_CONDITION.finditer(text), _MOST):
        found.setdefault(one["key"], {})[literal_value(one["value"])] = None
    for one in islice(_SWITCH.finditer(text), _MOST):
        for case in islice(_CASE.finditer(text, one.end(), one.end() + 2_000), _MOST_VALUES):
            found.setdefault(one["key"], {})[literal_value(case[1])] = None
    return {key: tuple(values) for key, values in found.items() if len(values) <= _MOST_VALUES}


def of_kind(text: str, key: str, value: str | None) -> str:
    """The page as it is for rows in whose ``key`` this value stands: without the branches that are not taken for them.

    None stands for rows of any value with which it is not compared.
    """
    wanted = _OTHER if value is None else value

    def met(found: re.Match[str]) -> str:
        if found["key"] != key:
            return found.group()
        return _MET if (literal_value(found["value"]) == wanted) is (found["sign"][0] == "=") else _UNMET

    text = _without_passed(_CONDITION.sub(met, text))
    text = _SWITCH.sub(lambda s: f"switch ({_SWITCHED})" if s["key"] == key else s.group(), text)
    text = decided_by(_with_choices(text), {_SWITCHED: wanted})
    return _with_tags(text)


def _without_passed(text: str) -> str:
    """The text without what stands behind ``if (…) return;`` in its function or loop, where the condition is met."""
    for _ in range(_MOST):
        found = _PASSED.search(text)
        if found is None:
            break
        end = closing(text, found.start(), found.start() + LONGEST_FUNCTION)
        text = f"{text[: found.start()]}{text[max(end, found.end()) :]}"
    return text


def _with_choices(text: str) -> str:
    """The text with the branch that is taken in the place of each choice on a condition that is decided."""
    position = 0
    for _ in range(_MOST):
        found = _CHOICE.search(text, position)
        if found is None:
            break
        middle, end = None, len(text)
        for at, char, depth in at_each_depth(text, found.end(), min(len(text), found.end() + 1_000)):
            if not depth and char in ",;)]}\n":
                end = at
                break
        middle = _colon(text, found.end(), end)
        position = found.end()
        if middle is not None:
            first, second = text[found.end() : middle].strip(), text[middle + 1 : end].strip()
            before = text[: found.start()]
            if ")" in found.group():  # (x.type == 1) ? … : …
                before = before.rstrip().removesuffix("(")
            taken = first if found["met"] == "1" else second
            text, position = f"{before}{taken}{text[end:]}", len(before)
    return _alone(text)


def _colon(text: str, start: int, end: int) -> int | None:
    """The place of the colon of a choice: the first one that stands in no text and no brackets."""
    quoted, depth = "", 0
    for at in range(start, min(end, start + 1_000)):
        char = text[at]
        if quoted:
            quoted = "" if char == quoted and text[at - 1] != "\\" else quoted
        elif char in "\"'`":
            quoted = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == ":" and not depth:
            return at
    return None


def _alone(text: str) -> str:
    """The text with what stands alone in brackets without them, and texts that are added to one another as one."""
    text = re.sub(rf"(?<![\w$\])])\(\s*({STRING})\s*\)", r"\1", text)
    return re.sub(
        r"(?<=[^\s\"'+,(=:?])([\"'])\s*\+\s*\1(?P<one>[^\"'<>\s]{0,80})\1\s*\+\s*\1(?=[^\s+])",
        r"\g<one>",
        text,
    )


def _with_tags(text: str) -> str:
    """The text without the elements of components that are not shown: v-if, v-else-if and v-else on conditions that are decided."""
    shown: bool | None = None

    def tag(found: re.Match[str]) -> str:
        nonlocal shown
        if found["other"]:
            taken = None if shown is None else not shown
        else:
            chained = "v-else-if" in found.group() and shown
            taken = found["met"] == "1" and not chained
            shown = bool(taken or chained)
        return "<x>" if taken is False else found.group()

    return _TAG.sub(tag, text)
