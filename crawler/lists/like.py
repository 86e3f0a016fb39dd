"""What the rows of a list's first page look like, to know those of its further pages by. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from crawler.extract.tree import words

_COUNTS = re.compile(r"第?\s*[\d一二三四五六七八九十]+\s*页|\d+|[\s\-_|/·（）()]+")
_PAGE_ITSELF = ("html.", "body.", "None")


class Rows(Protocol):
    """Rows of one shape, some dated or at addresses like those of articles."""

    shape: tuple[str, ...]
    articles: int
    dated: int
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Like:
    """What the rows of a list's first page look like, to know those of its further pages by."""

    shape: tuple[str, ...]
    places: frozenset[str]
    title: str  # of the page

    def fits(self, group: Rows, title: str) -> int:
        """How much speaks for a group's being the same list: 0 nothing, 1 its shape or its place, 2 both.

        On a page of another title (the front page in place of a list's sixth) the place alone tells nothing, and never
        of links that are neither dated nor like articles: on a page without rows those of the menu lie there, too.
        """
        same = group.shape == self.shape or (not title and self._is_fragment(group))
        told = same or (title == self.title and (group.dated or group.articles))
        return same + bool(self.places & group.places) if told else 0

    def _is_fragment(self, group: Rows) -> bool:
        """Whether rows are these without the page around them, as a script puts them in their place: <ul><li>…"""
        bare = tuple(part for part in group.shape if part not in _PAGE_ITSELF)
        told = len(bare) > 1 or bool(self.places & group.places)
        return told and len(bare) < len(group.shape) and bare == self.shape[-len(bare) :]


def title_key(root: etree._Element) -> str:
    """The title of a page without what differs between the pages of a list: numbers, 第2页."""
    found = root.find(".//title")
    return _COUNTS.sub("", " ".join(words(found).split())) if found is not None else ""
