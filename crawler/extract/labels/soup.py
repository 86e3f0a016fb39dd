"""BeautifulSoup over the skeleton of a block of labels.

BeautifulSoup's own way with lxml is a Python call for every event of a parser, on markup that lxml has parsed
once already. Here the events come from the skeleton (crawler.extract.labels.skeleton): nothing is parsed again, and
the soup is the one that its markup would give.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import Tag

OPEN, CLOSE, TEXT = 0, 1, 2
Event = tuple[int, str]  # (OPEN or CLOSE, tag) or (TEXT, characters)


class _FromEvents(HTMLTreeBuilder):
    NAME = "events"
    features = (NAME,)
    is_xml = False

    def __init__(self, events: Iterable[Event]) -> None:
        super().__init__(multi_valued_attributes=None)
        self.events = events

    def feed(self, markup: Any) -> None:
        """Called by BeautifulSoup with its markup, which is empty."""
        soup: Any = self.soup
        for kind, value in self.events:
            if kind == TEXT:
                soup.handle_data(value)
            elif kind == OPEN:
                soup.handle_starttag(value, None, None, {})
            else:
                soup.handle_endtag(value)


def soup_of(events: Iterable[Event]) -> BeautifulSoup:
    """The soup that events build."""
    return BeautifulSoup("", builder=_FromEvents(events))


def tags(part: Tag, *names: str) -> list[Tag]:
    """Elements with one of these names inside another, in page order: a plain walk, cheaper than ``find_all``."""
    return [node for node in part.descendants if isinstance(node, Tag) and node.name in names]
