"""Markup that an element holds in base64, which a script of the page decodes where it stands. Pure.

<div id="pages">PGEgaHJlZj0iMi5odG1sIj4y…</div>  ·  the same with the markup written as an address is: ``%3Ca+href%3D%222.html%22%3E``
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_plus

_HOLDER = re.compile(
    r"<(\w{1,20})\b(?P<attributes>[^<>]{0,500})>\s*+(?P<held>[A-Za-z0-9+/\s]{60,2000000}+={0,2})\s*+(?=</\1\s*>)"
)
_NOT_SHOWN = frozenset({"script", "style", "textarea", "title"})
_MARKUP = re.compile(r"\s*<[A-Za-z][^<>]{0,2000}>")
_WRITTEN_AS_ADDRESS = re.compile(r"[\s+]*%3C", re.IGNORECASE)
_LARGEST = 4_000_000  # characters of a page that is looked at


def with_decoded(text: str) -> str:
    """The page with such markup where it belongs; the page itself where it has none."""
    if len(text) > _LARGEST:
        return text
    return _HOLDER.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    if found[1].lower() in _NOT_SHOWN:
        return found.group()
    try:
        held = base64.b64decode("".join(found["held"].split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return found.group()
    if _WRITTEN_AS_ADDRESS.match(held):
        held = unquote_plus(held)
    return f"<{found[1]}{found['attributes']}>{held}" if _MARKUP.match(held) else found.group()
