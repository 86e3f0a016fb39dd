"""Numbers that a browser writes before the items of a list; they stand in no text of the page."""

from __future__ import annotations

import re

from lxml import etree

from crawler.attachments.numbering import numeral
from crawler.extract.text import clean
from crawler.extract.tree import words

_STYLE = re.compile(r"(?:^|;)\s*list-style(?:-type)?\s*:([^;]*)", re.IGNORECASE)
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
# list-style-type → the format of the same numbers in Word
_FORMS = {
    "decimal": "decimal", "decimal-leading-zero": "decimalZero", "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter", "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
}  # fmt: skip
_OTHERS = frozenset({"none", "disc", "circle", "square"})
_WORDS = re.compile(r"[a-z-]+")
_NUMBER = re.compile(r"\s*([+-]?\d{1,6})(?!\d)")
_NUMBERED = re.compile(
    r"[(（〔\[【]?\s*(?:\d{1,3}|[一二三四五六七八九十百]{1,5}|[a-zA-Z]|[ivxIVX]{1,5})\s*[)）〕\]】.．、](?!\d)"
    r"|第[\d一二三四五六七八九十百]{1,5}[编章节条款项]|[①-⒛㈠-㈩]"
)


def numbers_of(items: etree._Element) -> dict[etree._Element, str]:
    """Each item of an ol with what a browser writes before it: ``3. ``, ``c. ``, ``三、``.

    Only where the list says itself how it counts: the style sheets of nearly all sites take the numbers away from others. Where
    an item begins with a number of its own, the list has no others.
    """
    own = [item for item in items if item.tag == "li"]
    style = _style(items)
    states = style or any(items.get(name) is not None for name in ("start", "reversed", "type"))
    if not states and not any(item.get("value") or _style(item) for item in own):
        return {}
    if any(_NUMBERED.match(clean(words(item))) for item in own):
        return {}
    step = -1 if items.get("reversed") is not None else 1
    at = _integer(items.get("start"), len(own) if step < 0 else 1)
    of_list = style or _TYPES.get(items.get("type") or "", "decimal")
    found: dict[etree._Element, str] = {}
    for item in own:
        at = _integer(item.get("value"), at)
        form = _FORMS.get(_style(item) or _TYPES.get(item.get("type") or "", of_list))
        if form is not None:
            found[item] = numeral(at, form) + ("、" if form == "chineseCounting" else ". ")
        at += step
    return found


def _style(element: etree._Element) -> str:
    """The kind of numbers that an element's style names; empty where it names none."""
    style = element.get("style")
    named = _STYLE.findall(style) if style is not None and "list-style" in style.lower() else ()
    return next(
        (w for part in named for w in _WORDS.findall(part.lower()) if w in _FORMS or w in _OTHERS), ""
    )


def _integer(said: str | None, otherwise: int) -> int:
    found = _NUMBER.match(said) if said else None
    return int(found[1]) if found is not None else otherwise
