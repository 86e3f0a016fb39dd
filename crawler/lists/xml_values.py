"""XML as values: lists that a site keeps as XML, feeds (RSS, Atom), XML within a page. Pure.

<list><item><title>关于…</title><url>./t1.html</url></item>…</list> is {"list": {"item": [{"title": …, "url": …}, …]}}.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml.html import defs

from crawler.json_paths import first

_BEGINS = re.compile(
    r"\ufeff?\s*(?:<\?xml\b[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?P<root>[a-z][\w:.-]{0,60})[\s/>]",
    re.I | re.S,
)
_DECLARED = re.compile(r"\ufeff?\s*<\?xml\b[^>]{0,200}\?>")
_OF_PAGES = defs.tags | {"svg", "main", "template"}
_FEEDS = ("rss", "feed", "rdf")
_HOMES = ("rss.channel.link", "RDF.channel.link", "feed.link")
_ALWAYS_LISTS = frozenset({"item", "entry", "record", "row"})
_DEEPEST = 12
_LARGEST = 20_000_000  # characters


def xml_root(text: str) -> str | None:
    """The name of the outermost element of XML, in lower case; None for pages, pieces of pages and everything else."""
    begun = _BEGINS.match(text)
    name = begun["root"].rpartition(":")[2].lower() if begun is not None else ""
    return name if name and name not in _OF_PAGES else None


def is_feed(text: str) -> bool:
    """Whether a text is a feed: it holds the newest of a list."""
    return xml_root(text) in _FEEDS


def page_of_feed(text: str) -> str | None:
    """The address of the page whose newest documents a feed holds."""
    try:
        value = xml_value(text)
    except ValueError:
        return None
    stated = next((found for path in _HOMES if isinstance(found := first(value, path), str)), None)
    return stated.strip() if stated else None


def xml_value(text: str) -> Any:
    """What XML holds. Raises ValueError for what is none."""
    if xml_root(text) is None or len(text) > _LARGEST:
        raise ValueError("no XML")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_DECLARED.sub("", text, count=1).strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if root is None:
        raise ValueError("no XML")
    return {_name(root): _value(root, 0)}


def _value(element: etree._Element, depth: int) -> Any:
    children = [child for child in element if isinstance(child.tag, str)] if depth < _DEEPEST else []
    stated = {str(name).rpartition("}")[2]: value for name, value in element.attrib.items()}
    text = "".join(str(part) for part in element.itertext()).strip()
    if not children:
        if stated and not text:  # <link href="…"/>, <item title="…" url="…"/>
            return stated["href"] if set(stated) <= {"href", "rel", "type"} and "href" in stated else stated
        return text
    found: dict[str, Any] = dict(stated)
    for child in children:
        name, value = _name(child), _value(child, depth + 1)
        if name not in found or name in stated:
            found[name] = [value] if name.lower() in _ALWAYS_LISTS else value
            stated.pop(name, None)
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
