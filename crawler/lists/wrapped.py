"""Rows of HTML that an answer wraps. Pure.

{"code": 0, "html": "<li>…</li>"} · <record><![CDATA[<li>…</li>]]></record> · {"aaData": [["1", "<a href=…>…</a>", "2031-03-01"], …]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.lists.row_keys import TOTAL_KEYS
from crawler.lists.xml_values import xml_root, xml_value

_ROW = re.compile(r"<a\s[^<>]{0,2000}href\s*=", re.IGNORECASE)
_DEEPEST = 6


def unwrapped(text: str) -> str:
    """The HTML that an answer in JSON or XML wraps, with the number of all rows where it states one; else the text itself."""
    value = _opened(text)
    pieces = list(_pieces(value, 0))
    if not pieces:
        return text
    total = next(_totals(value, 0), None)
    return max(pieces, key=len) + (f'<div class="page">共{total}条</div>' if total is not None else "")


def _opened(text: str) -> Any:
    try:
        if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
            return json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
        return xml_value(text) if xml_root(text) is not None else None
    except (ValueError, RecursionError):
        return None


def _pieces(value: Any, depth: int) -> Iterator[str]:
    """Texts with links in them, those of a list as one."""
    if isinstance(value, str) and _ROW.search(value):
        yield value
    elif isinstance(value, list) and value and all(isinstance(row, list) for row in value):
        rows = ("".join(f"<span>{cell}</span>" for cell in row if isinstance(cell, str)) for row in value)
        joined = "".join(f"<li>{row}</li>" for row in rows)
        if _ROW.search(joined):
            yield f"<ul>{joined}</ul>"
    elif isinstance(value, list) and any(isinstance(item, str) for item in value):
        joined = "".join(item for item in value if isinstance(item, str))
        if _ROW.search(joined):
            yield joined
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _pieces(item, depth + 1)


def _totals(value: Any, depth: int) -> Iterator[int]:
    for key, item in value.items() if isinstance(value, dict) and depth < _DEEPEST else ():
        if key.lower() in TOTAL_KEYS and not isinstance(item, bool) and str(item).isdecimal():
            yield int(item)
        yield from _totals(item, depth + 1)
