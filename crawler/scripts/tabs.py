"""Lists of one page that one function opens: one at first, the others by clicks on tabs. Read off the page, never run. Pure.

<li onclick="getList('33', 1)">规范性文件</li><li onclick="getList('34', 1)">其他文件</li>  …  getList('33', 1);
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from crawler.scripts.values import STRING
from crawler.scripts.written import places_of_scripts

_LITERAL = rf"(?:{STRING}|\d{{1,9}})"
_CALL = rf"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,40}})\s*\(\s*(?P<given>{_LITERAL}(?:\s*,\s*{_LITERAL}){{0,5}})\s*\)"
_CALLED = re.compile(_CALL)
_CLICK = re.compile(
    rf"\s*(?:javascript\s*:)?\s*(?:return\s+)?{_CALL}\s*;?\s*(?:return\s+(?:false|true)\s*;?)?\s*",
    re.IGNORECASE,
)
_HANDLER = (
    r"\s(?:onclick|href)\s*=\s*(?:\"[^\"]{{0,100}}(?<![\w$.]){name}\s*\([^\"]{{0,300}}\""
    r"|'[^']{{0,100}}(?<![\w$.]){name}\s*\([^']{{0,300}}')"
)
_TURNS = re.compile(r".*(?:[上下]一?页|[首尾末]页|更多|搜索|查询|查看).*")
_DEFINES = re.compile(r"\bfunction\s+\Z")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_NAME = 20  # characters
_MOST = 8  # tabs of one page
_MOST_CALLS = 200  # of one script
Given = tuple[str, ...]


def tabs(text: str, root: etree._Element | None) -> list[tuple[str, str]]:
    """(name, page) of the lists that clicks open, the one that the page shows first before the others: the page as if it opened
    this list, and no other.

    Only where one call in its scripts is also that of a click, and those of the others differ from it in one value alone.
    """
    for name, opened in _clicks(root).items() if root is not None else ():
        place = _at_first(text, name, opened) if 1 < len(opened) <= _MOST else None
        if place is None:
            continue
        start, end, first = place
        if any(
            len(given) != len(first) or sum(a != b for a, b in zip(given, first, strict=True)) > 1
            for given in opened
        ):
            continue
        handlers = re.compile(_HANDLER.format(name=re.escape(name)), re.IGNORECASE)
        before, behind = (handlers.sub("", part) for part in (text[:start], text[end:]))
        order = sorted(opened, key=lambda given: given != first)
        return [(opened[given], f"{before}{name}({', '.join(given)}){behind}") for given in order]
    return []


def _clicks(root: etree._Element) -> dict[str, dict[Given, str]]:
    """Function → what clicks hand over to it, with the words that are clicked."""
    found: dict[str, dict[Given, str]] = {}
    for element in root.iter("a", "li", "span", "div", "button", "td", "dd"):
        call = _CLICK.fullmatch(element.get("onclick") or element.get("href") or "")
        if call is None:
            continue
        words = " ".join("".join(t for t in element.itertext() if isinstance(t, str)).split())
        if _CHINESE.search(words) and not _TURNS.fullmatch(words) and len(words) <= _LONGEST_NAME:
            found.setdefault(call["name"], {}).setdefault(_given(call["given"]), words)
    return found


def _given(code: str) -> Given:
    return tuple(one.strip().replace('"', "'") for one in re.findall(_LITERAL, code))


def _at_first(text: str, name: str, opened: dict[Given, str]) -> tuple[int, int, Given] | None:
    """The one call of a function in the page's scripts that a click makes as well: its place, and what it hands over."""
    found = []
    for begin, stop, _ in places_of_scripts(text):
        for call in islice(_CALLED.finditer(text, begin, stop), _MOST_CALLS):
            if call["name"] == name and not _DEFINES.search(
                text, max(begin, call.start() - 20), call.start()
            ):
                found.append((call.start(), call.end(), _given(call["given"])))
    return found[0] if len(found) == 1 and found[0][2] in opened else None
