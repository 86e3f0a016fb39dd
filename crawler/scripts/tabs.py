"""Lists of one page that one function opens: one at first, the others by clicks on tabs. Read off the page, never run. Pure.

<li onclick="getList('33', 1)">规范性文件</li><li onclick="getList('34', 1)">其他文件</li>  …  getList('33', 1);
<a onclick="show(2)">规划计划</a>  …  var cat = 1; function show(c) { cat = c; load(1) }
<li class="on" cid="33">规范性文件</li><li cid="34">其他文件</li>  …  $(".tabs .on").attr("cid")
<select id="year"><option value="2031">2031年</option>…  …  {year: $("#year").val(), page: n}
var nodes = [{id: "33", name: "规范性文件"}, …]; var cat = "33"; …  onClick: function (e, tree, node) { cat = node.id; load(1) }
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from functools import partial
from itertools import islice

from lxml import etree

from crawler.extract.text import CHINESE
from crawler.scripts.scan import closing
from crawler.scripts.trees import READ_OF_NODE, is_handed, keys_of_nodes, trees
from crawler.scripts.values import STRING
from crawler.scripts.written import places_of_scripts

_LITERAL = rf"(?:{STRING}|\d{{1,9}})"
_CALL = rf"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,40}})\s*\(\s*(?P<given>{_LITERAL}(?:\s*,\s*{_LITERAL}){{0,5}})\s*\)"
_CALLED = re.compile(_CALL)
_GIVEN = rf"(?:{_LITERAL}|this\b|event\b)"
_CLICK = re.compile(
    rf"\s*(?:javascript\s*:)?\s*(?:return\s+)?{_CALL.replace(_LITERAL, _GIVEN)}\s*;?\s*(?:return\s+(?:false|true)\s*;?)?\s*",
    re.IGNORECASE,
)
_HANDLER = (
    r"\s(?:onclick|href)\s*=\s*(?:\"[^\"]{{0,100}}(?<![\w$.]){name}\s*\([^\"]{{0,300}}\""
    r"|'[^']{{0,100}}(?<![\w$.]){name}\s*\([^']{{0,300}}')"
)
_TURNS = re.compile(r".*(?:[上下]一?页|[首尾末]页|更多|搜索|查询|查看).*")
_DEFINES = re.compile(r"\bfunction\s+\Z")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LONGEST_NAME = 20  # characters
_LONGEST_LABEL = 14  # the same, of elements that only an attribute tells from rows
_MOST = 8  # tabs of one page
_MOST_OPTIONS = 40  # of one drop-down
# Options that tell how a list is shown, or where words are looked for, and choose no other list
SHOWN_SO = re.compile(
    r"(?!(?:19|20)\d{2}$)第?\s*\d{1,4}\s*(?:[页条].{0,3})?|.*(?:排序|[升降]序|每页|标题|正文|全文).*"
)
_MOST_CALLS = 200  # of one script
_ALL = re.compile(r"(?:全部|所有).{0,4}|不限|综合|-*请?选择.{0,6}|")
# $(this).attr("cid") · $(".tabs .on").data("cid") · this.dataset.cid · e.target.getAttribute("data-cid")
_READ = re.compile(
    r"(?:(?:\$|\bjQuery)\(\s*(?:[\w$.]{1,40}|[\"'][^\"'()]{1,80}[\"'])\s*\)(?:\.(?:eq|find|children|parent|first)\([^()]{0,40}\)){0,2}"
    r"\.(?:attr\(\s*[\"'](?P<attribute>[\w-]{1,40})|data\(\s*[\"'](?P<data>[\w-]{1,40}))[\"']\s*\)"
    r"|\b(?:this|\w{1,20}\.(?:currentTarget|target))\.(?:dataset\.(?P<dataset>\w{1,40})|getAttribute\(\s*[\"'](?P<got>[\w-]{1,40})[\"']\s*\)))"
)
_SHOWN = re.compile(
    r"(?:^|[\s_-])(?:on|active|cur|current|sel|selected|hover|focus|this)(?:$|[\s_-])", re.IGNORECASE
)
_TREE = re.compile(r"tree|node", re.IGNORECASE)
# cat = node.id · getList(node.id, 1)
_SET_BEFORE = re.compile(r"(?:[\w$]{1,20}\.){0,3}(?<![\w$])(?P<name>[A-Za-z_$][\w$]{0,40})\s*=\s*\Z")
_CALL_BEFORE = re.compile(
    rf"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,40}})\s*\(\s*(?P<given>(?:{_LITERAL}\s*,\s*){{0,4}})\Z"
)
_CALL_BEHIND = re.compile(rf"(?P<given>(?:\s*,\s*{_LITERAL}){{0,4}})\s*\)")
_NEAR = 200  # characters
_CLICKED = ("a", "li", "span", "div", "button", "td", "dd")
Given = tuple[str, ...]


def tabs(text: str, root: etree._Element | None) -> list[tuple[str, str]]:
    """(name, page) of the lists that clicks open, the one that the page shows first before the others: the page as if it opened
    this list, and no other.

    A tab that opens all of them is the only one.
    """
    if root is None:
        return []
    found = (
        _of_calls(text, root)
        or _of_settings(text, root)
        or _of_attributes(text, root)
        or _of_selects(text, root)
        or _of_models(text, root)
        or _of_trees(text)
    )
    return _only_all(found)


def _of_calls(text: str, root: etree._Element) -> list[tuple[str, str]]:
    """Tabs of which one calls what the page's scripts call themselves, and the others with one other value."""
    for name, opened in _clicks(root).items():
        if 1 < len(opened) <= _MOST and (found := _opened_by(text, name, opened)):
            return found
    return []


def _opened_by(text: str, name: str, opened: dict[Given, str]) -> list[tuple[str, str]]:
    """The page as if it called a function first with each of what clicks hand over to it."""
    place = _at_first(text, name, opened)
    if place is None:
        return []
    start, end, first = place
    if any(not _differ_once(given, first) for given in opened if given != first):
        return []
    handlers = re.compile(_HANDLER.format(name=re.escape(name)), re.IGNORECASE)
    before, behind = (handlers.sub("", part) for part in (text[:start], text[end:]))
    order = sorted(opened, key=lambda given: given != first)
    return [(opened[given], f"{before}{name}({', '.join(given)}){behind}") for given in order]


def _of_settings(text: str, root: etree._Element) -> list[tuple[str, str]]:
    """Tabs whose function gives a variable of the page what it is handed, one of them what the variable holds at first."""
    for name, opened in _clicks(root).items():
        first, *others = opened
        defined = re.search(rf"\bfunction\s+{re.escape(name)}\s*\(([^()]{{0,200}})\)\s*\{{", text)
        if defined is None or not others or len(opened) > _MOST:
            continue
        changing = {
            at for given in others for at, (a, b) in enumerate(zip(first, given, strict=False)) if a != b
        }
        parameters = [one.strip() for one in defined[1].split(",")]
        place = changing.pop() if len(changing) == 1 else len(parameters)
        if place >= len(parameters) or any(len(given) != len(first) for given in others):
            continue
        body = text[defined.end() : closing(text, defined.end())]
        set_to = re.search(
            rf"(?<![\w$.])([A-Za-z_$][\w$]{{0,40}})\s*=\s*{re.escape(parameters[place])}\s*[;,\n}}]",
            body + ";",
        )
        outside = (
            text[: defined.start()]
            + " " * (len(body) + defined.end() - defined.start())
            + text[defined.end() + len(body) :]
        )
        held = set_to and re.findall(
            rf"(?<![\w$.])({re.escape(set_to[1])}\s*=\s*)({_LITERAL})(?=\s*[;,\n])", outside
        )
        if not held or len(held) > 1:
            continue
        told = {given[place].strip("'"): words for given, words in opened.items()}
        if held[0][1].strip("\"'") in told:
            return _each(
                text, told, held[0][1].strip("\"'"), re.compile(re.escape("".join(held[0]))), held[0][0]
            )
    return []


def _of_attributes(text: str, root: etree._Element) -> list[tuple[str, str]]:
    """Tabs that differ in an attribute which the page's scripts read off the one that is clicked, or shown."""
    for found in islice(_READ.finditer(text), _MOST_CALLS):
        name = _attribute(found)
        elements = [e for e in root.iter(*_CLICKED) if e.get(name)]
        told = {str(e.get(name)): _words(e) for e in elements[: _MOST + 1]}
        if (
            not 1 < len(told) <= _MOST
            or len(told) != len(elements)
            or not all(_is_name(words) and len(words) <= _LONGEST_LABEL for words in told.values())
        ):
            continue
        around = (
            (e.get("class") or "", (p.get("class") or "") if (p := e.getparent()) is not None else "")
            for e in elements
        )
        shown = [
            str(e.get(name))
            for e, names in zip(elements, around, strict=True)
            if any(map(_SHOWN.search, names))
        ]
        # var cat = 33; … $(".tab li").click(function () { cat = $(this).data("cid"); load(1) })
        set_to = _SET_BEFORE.search(text[max(0, found.start() - _NEAR) : found.start()])
        if set_to is not None and (opened := _with_value(text, set_to["name"], told)):
            return opened
        return _each(text, told, shown[0] if len(shown) == 1 else next(iter(told)), _READ, "", name)
    return []


def _of_selects(
    text: str, root: etree._Element, chosen: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """What the options of a drop-down choose whose value the page's scripts send: 2031年, 2030年."""
    for select in root.iter("select"):
        told = {str(o.get("value")): _words(o) for o in select.iter("option") if o.get("value") is not None}
        name = select.get("id") or ""
        if name in chosen:
            continue
        if (
            not 1 < len(told) <= _MOST_OPTIONS
            or not re.fullmatch(r"[\w-]{1,40}", name)
            or not _is_sent(name, text)
        ):
            continue
        if not all(_ALL.fullmatch(words) or is_choice(words) for words in told.values()):
            continue
        element = re.compile(
            rf"<select\b[^<>]{{0,300}}\bid\s*=\s*[\"']?{name}\b[^<>]{{0,300}}>.*?</select",
            re.DOTALL | re.IGNORECASE,
        )
        shown = [str(o.get("value")) for o in select.iter("option") if o.get("selected") is not None]
        order = sorted(told, key=lambda value: value != (shown or [next(iter(told))])[0])
        choice = '<select id="{}"><option value="{}" selected>{}</option></select'
        made = [choice.format(name, html.escape(value), html.escape(told[value])) for value in order]
        opened = [
            (told[value], element.sub(one.replace("\\", r"\\"), text, count=1))
            for value, one in zip(order, made, strict=True)
        ]
        return [one for every in _only_all(opened) for one in _with_further(*every, root, chosen | {name})][
            :_MOST_OPTIONS
        ]
    return []


def _with_further(
    words: str, text: str, root: etree._Element, chosen: frozenset[str]
) -> list[tuple[str, str]]:
    """The lists of a choice among which a second drop-down chooses: 2031年 财政局."""
    further = _of_selects(text, root, chosen)
    named = [(words if _ALL.fullmatch(more) else f"{words} {more}", page) for more, page in further]
    return named or [(words, text)]


def _only_all(opened: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [one for one in opened if _ALL.fullmatch(one[0])][:1] or opened


def _of_models(text: str, root: etree._Element) -> list[tuple[str, str]]:
    """What the options of a component's drop-down choose, which holds one of them at first: ``v-model="year"``, ``year: "2031"``."""
    for select in root.iter("select", "el-select"):
        options = list(select.iter("option", "el-option"))
        told = {str(o.get("value")): _words(o) or o.get("label") or "" for o in options if o.get("value")}
        name = (select.get("v-model") or "").rpartition(".")[2]
        named = all(is_choice(words) or _ALL.fullmatch(words) for words in told.values())
        if not 1 < len(told) <= _MOST_OPTIONS or not re.fullmatch(r"\w{1,40}", name) or not named:
            continue
        if found := _with_value(text, name, told):
            return found
    return []


def _of_trees(text: str) -> list[tuple[str, str]]:
    """The nodes of a tree of which a click sets what is asked for, or hands it over, one of them what the page asks for at first."""
    keys = keys_of_nodes(text) if _TREE.search(text) else set()
    read = (found for found in READ_OF_NODE.finditer(text) if found["key"] in keys) if keys else ()
    for click in islice(read, _MOST_CALLS):
        before, behind = text[max(0, click.start() - _NEAR) : click.start()], text[click.end() :][:_NEAR]
        set_to, call = _SET_BEFORE.search(before), _CALL_BEFORE.search(before)
        if not (set_to or call) or not is_handed(text, click.start(), click["node"]):
            continue
        for tree in trees(text, click["key"]):
            found = []
            if set_to is not None:
                found = _with_value(text, set_to["name"], tree.names)
            elif call is not None and (more := _CALL_BEHIND.match(behind)) is not None:
                for mark in ("'", ""):  # a number may be handed over as one
                    around = f"{call['given']}{mark}", f"{mark}{more['given']}"
                    given = {_given(value.join(around)): words for value, words in tree.names.items()}
                    found = found or _opened_by(text, call["name"], given)
            if found:
                return found
    return []


def _with_value(text: str, name: str, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """The page with each of some values in the place of the one that it gives a name at first: ``var cat = "33"``, ``cat: "33"``."""
    given = re.findall(rf"(?<![\w$.\"'])({re.escape(name)}\s*[:=]\s*)({_LITERAL})(?=\s*[,;}}\n])", text)
    first = given[0][1].strip("\"'") if len(given) == 1 else ""
    if first not in told:
        return []
    return _each(text, told, first, re.compile(re.escape("".join(given[0]))), given[0][0])


def is_choice(words: str) -> bool:
    """Whether an option names a list: 财政局, 2031年, 2031; not how it is shown or searched."""
    return (_is_name(words) or _YEAR.fullmatch(words) is not None) and not SHOWN_SO.fullmatch(words)


def _is_sent(name: str, text: str) -> bool:
    """Whether scripts of a page read the value of a field by its id."""
    read = rf"#{name}(?:\s[^\"']{{0,40}})?[\"']\s*\)\s*\.\s*val\s*\(\s*\)|getElementById\(\s*[\"']{name}[\"']\s*\)\s*\.\s*value"
    return re.search(read, text) is not None


def _each(
    text: str,
    told: Mapping[str, str],
    first: str,
    read: re.Pattern[str],
    before: str,
    name: str | None = None,
) -> list[tuple[str, str]]:
    """The page with each value in the place of what is read, the first one first. ``name``: of what is read this alone."""

    def put(value: str, found: re.Match[str]) -> str:
        return before + json.dumps(value) if name in (None, _attribute(found)) else found.group()

    order = sorted(told, key=lambda value: value != first)
    return [(told[value], read.sub(partial(put, value), text)) for value in order]


def _attribute(found: re.Match[str]) -> str:
    """The attribute of an element that a script reads: ``data-cid`` for ``.data("cid")`` and ``dataset.cid``."""
    groups = found.groupdict()
    if (stated := groups.get("attribute") or groups.get("got")) is not None:
        return stated
    name = groups.get("data") or groups.get("dataset") or ""
    return "data-" + re.sub(r"[A-Z]", lambda letter: f"-{letter.group().lower()}", name)


def _differ_once(one: Given, other: Given) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _words(element: etree._Element) -> str:
    return " ".join("".join(t for t in element.itertext() if isinstance(t, str)).split())


def _is_name(words: str) -> bool:
    return bool(CHINESE.search(words)) and not _TURNS.fullmatch(words) and len(words) <= _LONGEST_NAME


def _clicks(root: etree._Element) -> dict[str, dict[Given, str]]:
    """Function → what clicks hand over to it, with the words that are clicked."""
    found: dict[str, dict[Given, str]] = {}
    for element in root.iter(*_CLICKED):
        call = _CLICK.fullmatch(element.get("onclick") or element.get("href") or "")
        if call is None:
            continue
        if _is_name(words := _words(element)):
            found.setdefault(call["name"], {}).setdefault(_given(call["given"]), words)
    return found


def _given(code: str) -> Given:
    return tuple(one.strip().replace('"', "'") for one in re.findall(_GIVEN, code))


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
