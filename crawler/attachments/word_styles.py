"""What the styles and the lists of a Word document say of its paragraphs: their automatic numbers, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from crawler.attachments.markup import attribute, local
from crawler.attachments.numbering import Definition, Level, Lists

_OFF = frozenset({"0", "false", "off"})
_DEEPEST_STYLE = 30  # styles based on styles
_SUFFIXES = frozenset({"tab", "space", "nothing"})


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph's or character's style, as far as it is needed."""

    based_on: str | None = None
    hidden: bool | None = None
    list_key: str | None = None
    depth: int | None = None


@dataclass(slots=True)
class Sheet:
    """The styles and lists of one document; ``lists`` counts as the document is read."""

    styles: dict[str, Style] = field(default_factory=dict)
    lists: Lists = field(default_factory=lambda: Lists({}))
    linked: dict[tuple[str, str], int] = field(default_factory=dict)  # (list, style) → level

    def hides(self, style: str | None) -> bool:
        """Whether a style hides its text."""
        return any(found.hidden for found in self._chain(style) if found.hidden is not None)

    def number(self, properties: etree._Element | None) -> tuple[str, str]:
        """The number of the next paragraph with these properties, and what follows it."""
        named = child(properties, "pStyle")
        style = attribute(named, "val") if named is not None else None
        given = child(properties, "numPr")
        key = value(child(given, "numId"))
        depth = _integer(value(child(given, "ilvl")))
        if key is None or depth is None:
            for name, found in self._named_chain(style):
                if key is None and found.list_key is not None:
                    key = found.list_key
                    depth = self.linked.get((key, name), found.depth) if depth is None else depth
                elif depth is None and found.depth is not None:
                    depth = found.depth
        return self.lists.label(key, depth or 0) if key not in (None, "0") else ("", "nothing")

    def _chain(self, style: str | None) -> Iterable[Style]:
        return (found for _, found in self._named_chain(style))

    def _named_chain(self, style: str | None) -> Iterable[tuple[str, Style]]:
        for _ in range(_DEEPEST_STYLE):
            found = self.styles.get(style or "")
            if style is None or found is None:
                return
            yield style, found
            style = found.based_on


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name; None of None."""
    return next((e for e in element if local(e) == name), None) if element is not None else None


def value(element: etree._Element | None) -> str | None:
    """The attribute val of an element."""
    return attribute(element, "val") if element is not None else None


def is_on(element: etree._Element | None) -> bool | None:
    """What a switch such as ``<w:vanish/>`` says: on, off, or nothing where it is not there."""
    return None if element is None else (value(element) or "1") not in _OFF


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdecimal() and len(text) < 8 else None


def sheet_of(styles: etree._Element | None, numbering: etree._Element | None) -> Sheet:
    """Read from the roots of the parts styles.xml and numbering.xml, either of which may be missing."""
    found: dict[str, Style] = {}
    for style in styles if styles is not None else ():
        if local(style) != "style" or (key := attribute(style, "styleId")) is None:
            continue
        number = child(child(style, "pPr"), "numPr")
        found[key] = Style(
            based_on=value(child(style, "basedOn")), hidden=is_on(child(child(style, "rPr"), "vanish")),
            list_key=value(child(number, "numId")), depth=_integer(value(child(number, "ilvl"))),
        )  # fmt: skip
    definitions, linked = _definitions(numbering, found) if numbering is not None else ({}, {})
    return Sheet(found, Lists(definitions), linked)


def _definitions(
    root: etree._Element, styles: dict[str, Style]
) -> tuple[dict[str, Definition], dict[tuple[str, str], int]]:
    abstract = {attribute(e, "abstractNumId") or "": e for e in root if local(e) == "abstractNum"}
    of_number = {
        attribute(e, "numId") or "": value(child(e, "abstractNumId")) or "" for e in root if local(e) == "num"
    }
    definitions: dict[str, Definition] = {}
    linked: dict[tuple[str, str], int] = {}
    for element in root:
        if local(element) != "num":
            continue
        key = attribute(element, "numId") or ""
        name = of_number[key]
        link = value(child(abstract.get(name), "numStyleLink"))  # the list is defined for a style of lists
        if link is not None and (style := styles.get(link)) is not None:
            name = of_number.get(style.list_key or "", name)
        levels = _levels(abstract.get(name))
        starts: dict[int, int] = {}
        for override in (e for e in element if local(e) == "lvlOverride"):
            depth = _integer(attribute(override, "ilvl"))
            if depth is None or not 0 <= depth < len(levels):
                continue
            start = _integer(value(child(override, "startOverride")))
            if start is not None:
                starts[depth] = start
            if (own := child(override, "lvl")) is not None:
                levels[depth] = _level(own)
        definitions[key] = Definition(name, tuple(levels), starts)
        for level in abstract.get(name) if abstract.get(name) is not None else ():  # type: ignore[union-attr]
            style_id = value(child(level, "pStyle")) if local(level) == "lvl" else None
            depth = _integer(attribute(level, "ilvl"))
            if style_id is not None and depth is not None:
                linked[key, style_id] = depth
    return definitions, linked


def _levels(abstract: etree._Element | None) -> list[Level]:
    levels = [Level(text="") for _ in range(9)]
    for element in abstract if abstract is not None else ():
        depth = _integer(attribute(element, "ilvl")) if local(element) == "lvl" else None
        if depth is not None and 0 <= depth < len(levels):
            levels[depth] = _level(element)
    return levels


def _level(element: etree._Element) -> Level:
    # <mc:AlternateContent> holds formats that are newer than the standard, with a fallback
    form = next((value(e) for e in element.iter() if local(e) == "numFmt" and value(e) != "custom"), None)
    suffix = value(child(element, "suff")) or "tab"
    return Level(
        start=_integer(value(child(element, "start"))) or 0, form=form or "decimal",
        text=value(child(element, "lvlText")) or "", suffix=suffix if suffix in _SUFFIXES else "tab",
        restart=_integer(value(child(element, "lvlRestart"))), legal=bool(is_on(child(element, "isLgl"))),
    )  # fmt: skip
