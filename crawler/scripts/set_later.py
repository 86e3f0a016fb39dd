"""What a page's script sends for its list and sets anew when something is clicked or chosen: the list is one of several. Pure.

{dept: dept, page: n} … $(".tree a").click(function () { dept = $(this).attr("data-id"); load(1); })
onClick: function (e, t, node) { dept = node.id; }  ·  function choose(d) { dept = d; load(1); }
<span @click="type = '2'; get()">  ·  <el-select v-model="year">
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from crawler.scripts.cursors import is_cursor
from crawler.scripts.objects import standing_for
from crawler.scripts.trees import is_handed

_HOW_SHOWN = re.compile(r"sort|order|asc|desc", re.IGNORECASE)
_OF_CLICK = re.compile(
    r"\$\(\s*this\s*\)|(?:this\s*\.\s*dataset|\$?e(?:v|vent|l)?\s*\.\s*(?:target|currentTarget))\b"
)
_LITERAL = re.compile(r"\"([^\"\n]{0,60})\"|'([^'\n]{0,60})'|(\d{1,9})")
_ROOT = re.compile(r"[A-Za-z_$][\w$]*")
_MOST = 40  # assignments of one name


def set_later(sent: Mapping[str, Any], text: str) -> list[str]:
    """The parameters among what is sent whose value a page with ``text`` sets anew; none of a page's number, size or order."""
    return [
        name
        for name, value in sent.items()
        if isinstance(value, str | int) and str(value) and standing_for(name) is None
        if not is_cursor(name) and not _HOW_SHOWN.search(name)
        if any(_is_set(variable, str(value), text) for variable in _variables(name, text))
    ]


def _variables(name: str, text: str) -> Iterator[str]:
    """The variables that are sent under a name: ``{dept: this.dept}``, ``"?dept=" + dept``, ``{dept}``."""
    key = re.escape(name)
    found = re.findall(
        rf"(?<![\w$.])[\"']?{key}[\"']?\s*:\s*((?:[\w$]{{1,20}}\.){{0,3}}[A-Za-z_$][\w$]{{0,40}})\s*[,}}\n]",
        text,
    )
    found += re.findall(rf"[?&]{key}=[\"']\s*\+\s*((?:[\w$]{{1,20}}\.){{0,3}}[A-Za-z_$][\w$]{{0,40}})", text)
    found += [name] if re.search(rf"[{{,]\s*{key}\s*[,}}]", text) else []
    # an object of a component that is sent as a whole: {params: this.query}, query: {dept: "1"}
    found += [f"this.{name}"] if re.search(rf"(?<![\w$.])[\"']?{key}[\"']?\s*:\s*(?:[\"']|\d)", text) else []
    yield from dict.fromkeys(found)


def _is_set(variable: str, value: str, text: str) -> bool:
    last = re.escape(variable.rpartition(".")[2])
    owner = r"(?:[\w$]{1,20}\.){1,3}" if "." in variable else ""
    if re.search(rf"\bv-model\s*=\s*[\"'](?:[\w$]{{1,20}}\.){{0,3}}{last}[\"']", text):
        return True
    of_markup = rf"@click(?:\.\w+)*\s*=\s*\"(?:[^\"]{{0,80}}[;\s])?{last}\s*=\s*'(?!{re.escape(value)}')"
    if re.search(of_markup, text):
        return True
    given = re.compile(
        rf"(?<![\w$.])(?<!var )(?<!let )(?<!const ){owner}{last}\s*=(?!=)\s*([^;\n}}]{{1,120}})"
    )
    return any(_tells_click(found, value, text) for found in islice(given.finditer(text), _MOST))


def _tells_click(found: re.Match[str], value: str, text: str) -> bool:
    """Whether what is given is of the element that was clicked, was handed to a function, or is another text."""
    told = found[1].strip()
    literal = _LITERAL.fullmatch(told)
    if literal is not None:
        other = next((one for one in literal.groups() if one is not None), "")
        return other not in ("", value)
    if _OF_CLICK.match(told):
        return True
    root = _ROOT.match(told)
    if root is None or "(" in told or root.group() in ("this", "window"):
        return False
    return is_handed(text, found.start(), root.group())
