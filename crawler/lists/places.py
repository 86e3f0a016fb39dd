"""Where on a site a document lies, whatever its date: what tells the lists of a page apart. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_DATE_PIECE = re.compile(r"(?:19|20)\d{2}(?:[-_.]?\d{1,2}){0,2}|\d{1,2}")
_COLUMN = re.compile(r"(?:art_|/col/?)(\d+)_?")


def place_of(url: str) -> str:
    """Where a document lies: its directory without dates, and the column that its name holds (art_1229_7.html)."""
    path = urlsplit(url).path
    pieces = [piece for piece in path.split("/")[1:-1] if not _DATE_PIECE.fullmatch(piece)]
    column = _COLUMN.search(path)
    return "/".join(("", *pieces, "")) + (column[1] if column else "")
