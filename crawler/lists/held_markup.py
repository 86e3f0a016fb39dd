"""Lists that a page holds for its script outside of its scripts: in hidden fields, templates, attributes, islands of XML. Pure.

<textarea id="data" style="display:none"><li><a href="./t1.html">…  ·  <script type="text/template"><li>…</li></script>
<div id="app" data-list="[{&quot;title&quot;: …}]">  ·  <xml id="rows"><item><title>…  ·  <li data-url="./t1.html" data-title="…"></li>
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from crawler.lists.xml_values import xml_root, xml_value

_HOLDER = re.compile(
    r"<(?:(?P<tag>textarea|xml)\b[^<>]{0,500}|(?P<script>script)\b[^<>]{0,300}\btype\s*=\s*[\"']?"
    r"(?:text/(?:x-)?(?:html|template|xml|plain|handlebars|tmpl)|application/xml)\b[^<>]{0,300})>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"\s(?:data-|:)?[\w-]{1,40}\s*=\s*(?:\"((?:\[|\{|<|&lt;)[^\"]{60,2000000})\"|'((?:\[|\{|<|&lt;)[^']{60,2000000})')"
)
_ROW = re.compile(r"<(?:li|div|tr|dd|p|a)\b(?=[^<>]{0,1500}\sdata-)[^<>]{1,1500}>", re.IGNORECASE)
_DATA = re.compile(r"\sdata-([\w-]{1,40})\s*=\s*(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')")
_MOST = 50  # holders of one page
_MOST_ROWS = 5_000
_LARGEST = 4_000_000  # characters of a page that is looked at


def held_values(text: str) -> Iterator[Any]:
    """Objects and lists that a page holds outside of its scripts; a text of them is HTML with rows."""
    if len(text) > _LARGEST:
        return
    lowered = text.lower()
    for found in islice(_HOLDER.finditer(text), _MOST):
        end = lowered.find(f"</{(found['tag'] or found['script']).lower()}", found.end())
        held = text[found.end() : end] if end >= 0 else ""
        yield from _value(html.unescape(held) if found["tag"] else held)
    for found in islice(_ATTRIBUTE.finditer(text), _MOST):
        yield from _value(html.unescape(found[1] or found[2]))
    rows = [
        {name.lower(): html.unescape(a or b) for name, a, b in _DATA.findall(tag.group())}
        for tag in islice(_ROW.finditer(text), _MOST_ROWS)
    ]
    if len(rows) > 1:
        yield rows


def _value(held: str) -> Iterator[Any]:
    held = held.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()
    try:
        if held[:1] in ("{", "["):
            yield json.loads(held, strict=False)
        elif xml_root(held) is not None:
            yield xml_value(held)
        elif held[:1] == "<":
            yield held
    except (ValueError, RecursionError):
        return
