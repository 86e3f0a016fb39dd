"""BeautifulSoup over a fragment that lxml has parsed.

BeautifulSoup's own way with lxml is a Python call for every event of the parser, which takes longer than all
the rest of reading a fragment. Here lxml parses by itself, and its tree is handed over element by element:
the soup is the same.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import Comment, Tag
from lxml import etree


class _FromTree(HTMLTreeBuilder):
    NAME = "lxml-tree"
    features = (NAME,)
    is_xml = False

    def feed(self, markup: Any) -> None:
        """Called by BeautifulSoup with its markup."""
        soup: Any = self.soup
        root = etree.fromstring(markup, etree.HTMLParser(huge_tree=True))
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                soup.handle_starttag(element.tag, None, None, dict(element.attrib))
                if element.text:
                    soup.handle_data(element.text)
                continue
            if event == "end":
                soup.handle_endtag(element.tag)
            else:
                soup.endData()
                soup.handle_data(element.text or "")
                soup.endData(Comment)
            if element.tail:
                soup.handle_data(element.tail)


def soup_of(markup: str) -> BeautifulSoup:
    """The soup of markup that holds at least one element. A class with several names is one string."""
    return BeautifulSoup(markup, builder=_FromTree(multi_valued_attributes=None))


def tags(part: Tag, *names: str) -> list[Tag]:
    """Elements with one of these names inside another, in page order: a plain walk, cheaper than ``find_all``."""
    return [node for node in part.descendants if isinstance(node, Tag) and node.name in names]
