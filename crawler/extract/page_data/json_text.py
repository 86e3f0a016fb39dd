"""A document's text as the strings of JSON hold it: escaped once or twice, encoded, plain, or as a list of paragraphs."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from crawler.extract.text import CHINESE

MARKUP = re.compile(r"<[a-zA-Z/!][^>]{0,400}>")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_UNITS = re.compile(r"%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")  # of JavaScript's escape()
_PERCENT = re.compile(r"(?>(?:%[0-9A-Fa-f]{2}|[\w.~!*'()/+-]){20,})", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{40,}+={0,2}\s*")
_TWICE = 2  # times that a text may have been escaped


def markup_of(value: Any) -> str | None:
    """The HTML of a value, as the site's script puts it into the page; None where it holds no text.

    ``&lt;p&gt;`` as gkmlpt's DETAIL.content has it becomes ``<p>``, and so do ``%3Cp%3E`` and what is in Base64. A plain
    text keeps its lines.
    """
    if isinstance(value, list):
        value = "\n".join(item for item in value if isinstance(item, str))
    if not isinstance(value, str) or not value.strip():
        return None
    text = whole_characters(_unescaped(_decoded(value)))
    if "\n" in text.strip() and not MARKUP.search(text):
        return f"<pre>{text.strip()}</pre>"
    return text


def whole_characters(text: str) -> str:
    """A text without halves of characters, as a program leaves them that cuts by UTF-16: they stand for what is not known."""
    return _HALF.sub("\ufffd", text)


def _unescaped(text: str) -> str:
    if "\\u003c" in text.lower():
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    for _ in range(_TWICE):
        if not MARKUP.search(text) and any(mark in text for mark in ("&lt;", "&#60;", "&amp;lt;")):
            text = html.unescape(text)
    return text


def _decoded(text: str) -> str:
    """What encodeURIComponent or Base64 made of a text; the text where it is neither."""
    raw: bytes | None = None
    if "%u" in text and text.isascii() and not _UNITS.sub("", text).count("%"):
        return _UNITS.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    if text.isascii() and "%" in text and _PERCENT.fullmatch(text.strip()):
        raw = unquote_to_bytes(text.strip())
    elif text.isascii() and _BASE64.fullmatch(text):
        try:
            raw = base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            raw = None
    if raw is None:
        return text
    try:
        found = raw.decode()
    except UnicodeDecodeError:
        return text
    return found if CHINESE.search(found) or MARKUP.search(found) else text
