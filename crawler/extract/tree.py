"""Small questions to a parsed page that several readers ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

_LONG_WORDS = 20  # characters, which no word of a menu has
_CUT_SHORT = re.compile(r"(?:(?<!…)…+|(?<!\.)\.{3,})$")
_CUT_IN = (
    "span", "td", "th", "a", "font", "label", "em", "i", "b", "strong", "p", "div", "dd", "li", "h1", "h2", "h3", "h4",
)  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template")


def words(element: etree._Element) -> str:
    """All text inside an element, as it stands in the markup. A comment, which neighbours may be, says nothing."""
    if not isinstance(element.tag, str):
        return ""
    if not len(element):
        return element.text or ""
    # What "".join(element.itertext()) says, in a quarter of the time.
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def first_text(element: etree._Element) -> str:
    """What an element says before its first inner element: ``<i><!-- 日期 -->2031-03-01</i>``, 日期：<!-- -->2031-03-01."""
    text = element.text or ""
    for child in element if len(element) else ():
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            break
        text += child.tail or ""
    return text


def before(element: etree._Element) -> tuple[etree._Element | None, str]:
    """The element in front of another, and the text between them; comments are neither."""
    text = ""
    for previous in element.itersiblings(preceding=True):
        text = (previous.tail or "") + text
        if isinstance(previous.tag, str):
            return previous, text
    parent = element.getparent()
    return None, ((parent.text or "") if parent is not None else "") + text


def shown(element: etree._Element, *, line_end: str = "") -> str:
    """The text of an element without what browsers do not show in it; ``line_end`` is what a br says."""
    if not line_end and next(element.iter(*_UNSEEN), None) is None:
        return words(element)
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        if event == "start":
            if inner.tag in _UNSEEN:
                walk.skip_subtree()
            else:
                parts.append(line_end if inner.tag == "br" else inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return "".join(parts)


def own_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables inside it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def leads(a: etree._Element) -> bool:
    """Whether an a is a link, and no mark of a place (``<a name="2">第二章</a>``) or words that an editor made one that leads nowhere."""
    href = (a.get("href") or "").strip()
    return bool(href) and (href != "#" or len(words(a).strip()) < _LONG_WORDS)


def names_of(element: etree._Element) -> str:
    """What a template calls an element: its class and its id, a space between them; the space alone where it has neither."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """Elements that a CSS selector matches. Raises cssselect.SelectorError where it is none."""
    return cast("list[etree._Element]", _compiled(selector)(root))


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def inside(element: etree._Element | None, outer: etree._Element) -> bool:
    """Whether an element is, or lies in, another."""
    return element is not None and (element is outer or any(a is outer for a in element.iterancestors()))


def remove(element: etree._Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def write_out(root: etree._Element) -> None:
    """Put into each element whose text is cut the whole of it, where an attribute holds that.

    ``<span alt="来源：市政府办公室">来源：市政…</span>``, ``<td title="省发展改革委">省发…</td>``
    """
    for element in root.iter(*_CUT_IN):
        shown = "".join((element.text or "").split()) if not len(element) else ""
        stem = _CUT_SHORT.sub("", shown)
        if stem == shown or not stem:
            continue
        for held in (element.get(name) or "" for name in ("title", "alt", "data-title")):
            whole = "".join(held.split())
            if whole.startswith(stem) and len(whole) > len(stem) and not _CUT_SHORT.search(whole):
                element.text = held
                break


def comes_after(element: etree._Element, other: etree._Element) -> bool:
    """Whether an element begins behind another one in the page, and not inside it."""
    path = {ancestor: child for child, ancestor in _steps(other)}
    for child, ancestor in _steps(element):
        if ancestor is other:
            return False
        if ancestor in path:
            return ancestor.index(child) > ancestor.index(path[ancestor])
    return False


def _steps(element: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    """(child, parent) from an element up to the root."""
    child = element
    for ancestor in element.iterancestors():
        yield child, ancestor
        child = ancestor


def in_order(elements: Sequence[etree._Element]) -> list[etree._Element]:
    """Elements of a page in the order in which it shows them."""
    if not elements:
        return []
    wanted = set(elements)
    return [element for element in elements[0].getroottree().getroot().iter() if element in wanted]
