"""Addresses that a page's scripts and templates make of the rows of a list: read off their text, never run. Pure.

'<a href="/detail.html?id=' + item.id + '">'  ·  `<a href="/detail.html?id=${item.id}">`  ·  :href="'/detail.html?id=' + item.id"
<a href="/detail.html?id={{d.id}}">  ·  onclick="show('{{d.id}}')" … function show(id) { window.open("/detail.html?id=" + id) }
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin

from crawler.scripts.derived import hole, plain_key, with_derived
from crawler.scripts.objects import names_in
from crawler.scripts.plain import plain_scripts
from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.values import STRING, Value
from crawler.scripts.written import unquoted

# item.id, data.list[i].id, this.id, id: what stands behind the row's own name is the key.
_KEY = r"(?:[\w$][\w$.]{0,40}\[\w{1,20}\]\.|[\w$]{1,30}\.)?(\w{1,100}(?:\.\w{1,100}){0,2})"
_OPEN, _CLOSE = "\ue000", "\ue001"  # around a key that stands for a value; no page has them
_HELD = f"{_OPEN}([^{_OPEN}{_CLOSE}]{{1,130}}){_CLOSE}"
_WRAPPED = rf"(?:encodeURI(?:Component)?\(\s*)?{_KEY}\s*\)?"
_VALUES = (
    re.compile(rf"\$\{{\s*{_WRAPPED}\s*\}}"),
    re.compile(rf"\{{\{{[-=]?\s*{_KEY}\s*\}}\}}"),
    re.compile(rf"<%[-=]?\s*{_KEY}\s*;?\s*%>"),
    re.compile(rf"#\{{\s*{_KEY}\s*\}}"),
    re.compile(rf"#[=:]\s*{_KEY}\s*#"),  # of Kendo
    re.compile(rf"\\?[\"']\s*\+\s*{_WRAPPED}\s*\+\s*\\?[\"']"),
)
# "<a href='" + item.domain + item.path + "'>": values that stand beside one another
_PART = r"(?:encodeURI(?:Component)?\(\s*)?(?:[\w$][\w$.]{0,40}\[\w{1,20}\]\.|[\w$]{1,30}\.)?[A-Za-z_]\w{0,40}(?:\.\w{1,40}){0,2}\s*\)?"
_SUM = re.compile(rf"\\?[\"']\s*\+\s*((?:{_PART}\s*\+\s*){{2,4}})\\?[\"']")
_SUMMED = re.compile(_WRAPPED)
# @click="show(item.id)", v-on:click="show(item.id, item.kind)"
_CLICKED = re.compile(
    r"((?:@|v-on:|ng-)click(?:\.\w{1,20}){0,3}\s*=\s*[\"'](?:[\w$]{1,40}\.)?[\w$]{1,40}\s*\(\s*)([\w$.,\s]{1,200})(?=\))"
)
_LAST = re.compile(rf"([\"'])\s*\+\s*{_WRAPPED}(?=\s*(?:[;,)\]}}\"<\n]|$))")
_PIECE = rf"[^\"'`<>+\s\\{_OPEN}{_CLOSE}]{{0,200}}"
_ADDRESS = rf"(?P<address>{_PIECE}(?:{_OPEN}[^{_CLOSE}]{{1,130}}{_CLOSE}{_PIECE}){{1,12}})"
_HREF = re.compile(
    rf"(?<!location\.)\bhref\s*(?:[=:]|[\"']\s*,)\s*\\?[\"'`]?\s*[\"'`]?{_ADDRESS}", re.IGNORECASE
)
_GOES = re.compile(
    rf"(?:\blocation(?:\.href)?\s*=|\b(?:open|push|assign|replace)\(|\bpath\s*:)\s*\\?[\"'`]{_ADDRESS}"
)
_BEGUN = re.compile(
    r"(?P<before>\blocation(?:\.href)?\s*=\s*|\b(?:open|push|assign|replace)\(\s*|(?<![\w$.])\w{0,20}(?:url|href|link)\w{0,10}\s*=\s*)"
    r"(?P<name>[A-Za-z_$][\w$.]{0,40})\s*\+\s*(?P<quote>[\"'])(?=[/?\w.-])",
    re.IGNORECASE,
)
# item.linkUrl ? item.linkUrl : "/detail/" + item.id + ".html" · item.url || … · if (!url) { url = … }
_ELSE = re.compile(
    rf"(?:\?[^:?;{{}}\n\"'`]{{1,80}}:|\|\||(?<![\w$])\w{{0,20}}(?:url|href|link)\w{{0,10}}\s*=(?!=))\s*\(?\s*[\"'`]{_ADDRESS}[\"'`]",
    re.IGNORECASE,
)
# var u = "/detail/" + item.id + ".html" … '<a href="' + u + '">'
_GIVEN = re.compile(rf"(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{{0,20}})\s*=(?!=)\s*\(?\s*[\"'`]{_ADDRESS}[\"'`]")
# if (!item.linkUrl)
_ADDRESS_READ = re.compile(r"[\w$\])]\.(\w{0,20}(?:url|link))(?![\w$(.])", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\bfunction\s+(?P<named>[\w$]{1,40})\s*\((?P<a>[^)]{0,200})\)\s*\{"
    r"|(?<![\w$.])(?P<short>[\w$]{1,40})\s*(?:[:=]\s*(?:function\s*)?)?\((?P<b>[\w$,\s]{1,200})\)\s*(?:=>\s*)?\{"
)
_CALL = rf"(?<![\w$.])([\w$]{{1,40}})\s*\(\s*((?:\\?[\"']?{_HELD}\\?[\"']?\s*,?\s*){{1,6}})\)"
_OF_DOCUMENTS = re.compile(r"detail|article|content|info|show|view|news|doc|art/|/con|xq|nr", re.IGNORECASE)
_HOLDER = re.compile(r"(?:record|row|data|entity|rowData|original)\.(?=\w)")
_MOST = 40  # links of one page
_LARGEST = 2_000_000  # characters of a page that is looked at


class Link(NamedTuple):
    """An address with the keys of a row in braces, ``/detail?id={id}``; the path of a key that holds a whole address.

    Without ``keys``: a key that a script reads as one that may hold an address, of which nothing else is known.
    """

    address: str
    keys: tuple[str, ...]


def link_templates(text: str) -> list[Link]:
    """The links that a page makes of rows, those first that are likely to lead to documents; last, keys that are read as one."""
    if len(text) > _LARGEST:
        return []
    marked = _marked(with_derived(text))
    found = dict.fromkeys(islice(_links(marked), _MOST))
    made = sorted(found, key=lambda link: not _OF_DOCUMENTS.search(link.address))
    made += [bare for link in made if (bare := _without_holder(link)) is not None]
    read = dict.fromkeys(islice((Link(key, ()) for key in _ADDRESS_READ.findall(text)), _MOST))
    return [*made, *read]


def links_of(text: str, base: str) -> list[Link]:
    """What a page makes of rows, also with what its own names stand for."""
    names = names_in(plain_scripts(text, base), base)
    links = link_templates(_with_beginnings(text, names))
    names = {**names, **_given(text, {key for link in links for key in link.keys if "." not in key})}
    links += [link for one in links if (link := filled(one, names)) is not None]
    return [one for link in links for one in _from_page(link, base)]


def _with_beginnings(text: str, names: Mapping[str, Value]) -> str:
    """The text with the page's own names in front of an address that is opened: ``open(ctx + "/detail?id=" + id)``."""

    def begun(found: re.Match[str]) -> str:
        value = names.get(found["name"])
        fits = isinstance(value, str) and not re.search(r"[\"'`\\\n]", value)
        return f"{found['before']}{found['quote']}{value}" if fits else found.group()

    return _BEGUN.sub(begun, text)


def _given(text: str, names: Iterable[str]) -> dict[str, str]:
    """The last text that a page's scripts give a name: ``var dir = ""; … dir = "wj";``."""
    found = {}
    for name in names:
        given = re.findall(rf"(?<![\w$.]){re.escape(name)}\s*=\s*({STRING})\s*(?=[;,\n}}])", text)
        values = [text for value in given if (text := unquoted(value))]
        if values:
            found[name] = values[-1]
    return found


def _from_page(link: Link, url: str) -> list[Link]:
    """A link as it is on the page: an address is relative to that, not to the answer that holds the rows.

    One that begins with a value, ``{domain}{path}``, may be whole by it.
    """
    if "//[" in link.address:  # no address can be made of it
        return []
    # Not made an address as others are: its braces stand for what will be in their place.
    joined = Link(urljoin(url, link.address), link.keys) if "{" in link.address else link
    return [link, joined] if link.address.startswith("{") else [joined]


def _without_holder(link: Link) -> Link | None:
    """A link whose keys stand in what a component hands its functions, with those of the row: ``e.record.id`` of MiniUI."""
    bare = tuple(_HOLDER.sub("", key) for key in link.keys)
    if bare == link.keys:
        return None
    address = link.address
    for key, own in zip(link.keys, bare, strict=True):
        address = address.replace(f"{{{key}}}", f"{{{own}}}") if "{" in address else own
    return Link(address, bare)


def filled(link: Link, names: Mapping[str, Value]) -> Link | None:
    """A link with the values of the page's own names in it: ``?docId={docId}&itemId={itemId}`` beside ``itemId = "7"``.

    None where it holds no such name, or nothing else.
    """
    known = {key: str(names[key]) for key in link.keys if key in names}
    left = tuple(key for key in link.keys if key not in known)
    if not known or not left:
        return None
    made = re.sub(r"\{([^{}]*)\}", lambda hole: known.get(hole[1], hole[0]), link.address)
    return Link(made, left)


def _marked(text: str) -> str:
    """A page in which every value of a row within a text is its key between marks, and each sum with it one text."""
    text = _SUM.sub(_marked_sum, _CLICKED.sub(_marked_call, text))
    for value in _VALUES:
        text = value.sub(f"{_OPEN}\\1{_CLOSE}", text)
    return _LAST.sub(f"{_OPEN}\\2{_CLOSE}\\1", text)


def _marked_call(found: re.Match[str]) -> str:
    """The call of a component's click with the keys of the row that it hands over as such."""
    given = (one.strip() for one in found[2].split(","))
    keys = (f"{_OPEN}{one.partition('.')[2]}{_CLOSE}" if "." in one else one for one in given)
    return f"{found[1]}{', '.join(keys)}"


def _marked_sum(found: re.Match[str]) -> str:
    """Several values of a row that follow one another, each between marks."""
    parts = (_SUMMED.fullmatch(part.strip()) for part in found[1].rstrip("+ \n\t\r").split("+"))
    return "".join(f"{_OPEN}{part[1]}{_CLOSE}" for part in parts if part is not None)


def _links(marked: str) -> Iterator[Link]:
    for found in _HREF.finditer(marked):
        if (link := _link(found["address"], {})) is not None:
            yield link
    named = {
        link.address
        for found in _HREF.finditer(marked)
        if (link := _link(found["address"], {})) is not None and link.address in link.keys
    }
    for found in _GIVEN.finditer(marked) if named else ():
        if found["name"] in named and (link := _link(found["address"], {})) is not None:
            yield link
    handed = list(_functions(marked))
    for found in (*_ELSE.finditer(marked), *_GOES.finditer(marked)):
        inner = [held for start, end, held in handed if start <= found.start() < end]
        link = _link(found["address"], inner[-1] if inner else {})
        if link is not None:
            yield link


def _functions(marked: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(beginning, end, parameter → key) of the functions that are called with values of a row."""
    calls = {name: re.findall(_HELD, given) for name, given, *_ in re.findall(_CALL, marked)}
    for found in _FUNCTION.finditer(marked) if calls else ():
        keys = calls.pop(found["named"] or found["short"], None)
        if keys is not None:
            parameters = (parameter.strip() for parameter in (found["a"] or found["b"] or "").split(","))
            end = closing(marked, found.end(), found.end() + LONGEST_FUNCTION)
            yield found.end(), end, dict(zip(parameters, keys, strict=False))


def _link(address: str, named: dict[str, str]) -> Link | None:
    """The address as a template. ``named``: keys for which parameters of a function stand."""
    made_of = [named.get(key, key) for key in re.findall(_HELD, address)]
    keys = [plain_key(key) for key in made_of]
    whole = re.fullmatch(_HELD, address)
    if whole is not None:
        return Link(keys[0], (keys[0],))
    left = iter(map(hole, made_of))
    made = re.sub(_HELD, lambda _: f"{{{next(left)}}}", address)
    if not re.sub(_HELD, "", address):
        return Link(made, tuple(keys))
    if not re.search(r"[/?.]", re.sub(r"\{[^{}]*\}", "", made)) or re.match(
        r"(?:javascript|mailto|tel):", made, re.I
    ):
        return None
    return Link(made, tuple(keys))
