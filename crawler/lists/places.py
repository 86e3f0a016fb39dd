"""Where on a site a document lies, whatever its date: what tells the lists of a page apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from urllib.parse import urlsplit

_DATE_PIECE = re.compile(r"(?:19|20)\d{2}(?:[-_.]?\d{1,2}){0,2}|\d{1,2}")
# c26000001/content.html, as the n-CMS gives each document a directory of its own
_OWN_DIRECTORY = re.compile(r"/[a-z]{0,2}\d{4,}(?=/(?:content|detail|info|show)\.\w{3,5}$)", re.IGNORECASE)
_COLUMN = re.compile(r"(?:art_|/col/?)(\d+)_?")


def place_of(url: str) -> str:
    """Where a document lies: its directory without dates, and the column that its name holds (art_1229_7.html)."""
    path = _OWN_DIRECTORY.sub("", urlsplit(url).path)
    pieces = [piece for piece in path.split("/")[1:-1] if not _DATE_PIECE.fullmatch(piece)]
    column = _COLUMN.search(path)
    return "/".join(("", *pieces, "")) + (column[1] if column else "")


def boxes_of_other_columns(places: Iterable[tuple[Hashable, str]], home: str) -> set[Hashable]:
    """Boxes of rows that all lie in one other column, where all those of another box lie where the page does: hidden tabs.

    ``places``: the box that each row stands in, and the place of its document.
    """
    held: dict[Hashable, set[str]] = {}
    for box, place in places:
        held.setdefault(box, set()).add(place)
    if home == "/" or {home} not in held.values():
        return set()
    return {box for box, found in held.items() if len(found) == 1 and not found.pop().startswith(home)}


def is_beneath(address: str, home: str) -> bool:
    """Whether an address lies where the page lies (``home``), or beneath: a row of its list, and of no menu."""
    return home != "/" and place_of(address).startswith(home)
