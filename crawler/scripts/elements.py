"""What scripts read off elements of their page, written out: ``$('meta[name="channelId"]').attr("content")`` → ``"8d1f"``. Pure.

$("#list").attr("data-id")  ·  $("#list").data("id")  ·  document.getElementById("cid").innerHTML
document.querySelector("meta[name='cid']").content  ·  document.querySelector("#list").dataset.channelId
$(".more").click(function () { var me = $(this); $.get(me.data("url"), …) })

Only elements that are named by their id or their class, and meta tags by their name; each name has to be that of one element.
"""

from __future__ import annotations

import html
import json
import re
from itertools import islice

from crawler.scripts.scan import LONGEST_FUNCTION, closing

_QUOTED = (
    r"[\"'](?:#(?P<{0}id>[\w-]{{1,60}})|\.(?P<{0}class>[\w-]{{1,60}})"
    r"|meta\[\s*name\s*=\s*\\?[\"']?(?P<{0}meta>[\w:.-]{{1,60}})\\?[\"']?\s*\])[\"']"
)
_ELEMENT = (
    rf"(?:(?:\$|jQuery)\(\s*{_QUOTED.format('a')}\s*\)"
    rf"|\b(?:document\s*\.\s*)?(?:querySelector\(\s*{_QUOTED.format('b')}\s*\)|getElementById\(\s*[\"'](?P<cid>[\w-]{{1,60}})[\"']\s*\)))"
)
_READ = re.compile(
    rf"{_ELEMENT}\s*\.\s*(?:(?:attr|prop|getAttribute)\(\s*[\"'](?P<attribute>[\w-]{{1,40}})[\"']\s*\)|data\(\s*[\"'](?P<data>[\w-]{{1,40}})[\"']\s*\)"
    r"|dataset\s*\.\s*(?P<dataset>\w{1,40})|(?P<content>content)\b(?!\s*[=(.])|(?P<text>(?:text|html)\(\s*\)|inner(?:HTML|Text)\b|textContent\b)(?!\s*[=+.]))"
)
_NAMED = r"<{tag}\b[^<>]{{0,500}}?\s{key}\s*=\s*[\"']?{name}[\"'\s/>][^<>]{{0,500}}>?"
_CLASSED = r"<\w+\b[^<>]{{0,500}}?\sclass\s*=\s*(?:[\"'][^\"'<>]{{0,200}}?)?(?<![\w-]){name}(?![\w-])[^<>]{{0,500}}>?"
_ATTRIBUTE = r"\s{name}\s*=\s*(?:\"([^\"]{{0,500}})\"|'([^']{{0,500}})')"
_TEXT = re.compile(r"\s*([^<>]{1,100}?)\s*</")
# Names of what is another at each visit.
OF_A_VISIT = re.compile(r"token|csrf|sign|secret|time|random|nonce|session", re.IGNORECASE)
_CLICKED = re.compile(
    r"(?P<element>(?:\$|jQuery)\(\s*[\"'][#.][\w-]{1,60}[\"']\s*\))\s*\.\s*(?:click\s*\(|(?:on|bind)\s*\(\s*[\"']click[\"']\s*,)"
    r"\s*(?:function\s*\(\s*\w{0,30}\s*\)|\(\s*\w{0,30}\s*\)\s*=>)\s*\{"
)
_ITSELF = r"(?:\$|jQuery)\(\s*this\s*\)"
_ALIAS = re.compile(rf"(?<![\w$.])([A-Za-z_$][\w$]{{0,20}})\s*=\s*{_ITSELF}(?=\s*[,;\n])")
_MOST = 30  # readings of one script


def with_elements(script: str, text: str) -> str:
    """A script with what it reads off elements of the page with the given text in its place, as texts."""
    script = _with_clicked(script)
    if _READ.search(script) is None:
        return script
    left = iter(range(_MOST))

    def value(found: re.Match[str]) -> str:
        read = _stated(found, text) if next(left, None) is not None else None
        return found.group() if read is None else json.dumps(read, ensure_ascii=False)

    return _READ.sub(value, script)


def _with_clicked(script: str) -> str:
    """A script in whose handlers of clicks on one element that stands by its name, not as ``$(this)``."""
    parts, position = list[str](), 0
    for found in islice(_CLICKED.finditer(script), _MOST):
        if found.start() < position:
            continue
        end = closing(script, found.end(), found.end() + LONGEST_FUNCTION)
        body = script[found.end() : end]
        named = "".join(rf"|(?<![\w$.]){re.escape(name)}" for name in islice(_ALIAS.findall(body), _MOST))
        body = re.sub(
            rf"(?:{_ITSELF}{named})(?=\s*\.\s*(?:data|attr)\s*\()",
            found["element"].replace("\\", r"\\"),
            body,
        )
        parts += [script[position : found.end()], body]
        position = end
    return "".join((*parts, script[position:]))


def _stated(found: re.Match[str], text: str) -> str | None:
    """What the element says; None where there is no such element, or several, or it is made for the visit."""
    meta = found["ameta"] or found["bmeta"]
    name = meta or found["aid"] or found["bid"] or found["cid"] or found["aclass"] or found["bclass"]
    if OF_A_VISIT.search(name):
        return None
    tag, key = ("meta", "name") if meta else (r"\w+", "id")
    pattern = _NAMED.format(tag=tag, key=key, name=re.escape(name))
    if found["aclass"] or found["bclass"]:
        pattern = _CLASSED.format(name=re.escape(name))
    elements = list(islice(re.finditer(pattern, text, re.IGNORECASE), 2))
    if len(elements) != 1:
        return None
    if found["text"]:
        shown = _TEXT.match(text, elements[0].end())
        return html.unescape(shown[1]) if shown is not None else None
    wanted = found["attribute"] or ("content" if found["content"] else "data-" + _dashed(found))
    stated = re.search(_ATTRIBUTE.format(name=re.escape(wanted)), elements[0].group(), re.IGNORECASE)
    return html.unescape(stated[1] or stated[2] or "") if stated is not None else None


def _dashed(found: re.Match[str]) -> str:
    """The attribute behind ``data-`` that a script calls ``channelId`` or ``channel-id``."""
    name = found["data"] or found["dataset"]
    return re.sub(r"[A-Z]", lambda letter: f"-{letter.group().lower()}", name)
