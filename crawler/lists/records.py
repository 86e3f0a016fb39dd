"""Rows of JSON answers as documents: their address, their title, and a record freed of what changes by itself. No I/O."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import AfterValidator

from archive.model import FIELD
from crawler.extract.characters.charset import decode
from crawler.extract.links import absolute
from crawler.extract.page_data.flatten import flat
from crawler.extract.page_data.json_text import MARKUP
from crawler.json_paths import check_path, first
from crawler.lists.row_keys import linked, title_of
from crawler.lists.value_parts import part_of, path_of
from crawler.lists.xml_values import xml_root, xml_value
from crawler.platforms.base import ListError, ListRow, row_hash
from crawler.scripts.data import literal

# callback({…}) · /**/jQuery_17({…}); · var list = […]
_WRAPPER = re.compile(
    r"\s*(?:/\*.*?\*/\s*)?(?:try\s*\{\s*)?(?:(?:var|let|const)\s+)?[\w$.\[\]'\"]+\s*[(=]\s*(?=[{\[])",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
# Keys whose values change although the document does not: counters, relevance, times and orders of the index.
_NOISE = re.compile(
    r"^_|highlight|score$|hits?$|views?$|count$|clicks?$|visits?$|browse|readnum|readtimes|pageview|warehouse"
    r"|^docorder|^sort$|^orderno?$|^rank$|^weight$|^hot$|index_?time|token|random|session",
    re.I,
)
_LONGEST_VALUE = 2_000  # characters; what is longer is a document's text, which its own page has
_MOST_VALUES = 300  # of one row
_TITLES = ("title", "doctitle", "DOCTITLE", "docTitle", "showtitle", "FileName", "BT", "infotitle", "name")
_SAFE = "/:%~,;@!$'()*+-._"  # of a value inside an address


def _template_or_path(value: str) -> str:
    for path in map(path_of, _TEMPLATE.findall(value)) if "{" in value else [value]:
        check_path(path)
    return value


def _known_field(value: str) -> str:
    if value not in FIELD and value not in ("body_text", "attachments"):
        raise ValueError(f"{value!r} is no field; fields: {', '.join(FIELD)}, body_text, attachments")
    return value


def _condition(value: str) -> str:
    path, equals, _ = value.partition("=")
    if not equals:
        raise ValueError(f"{value!r}: expected a path and its value, type=1")
    return check_path(path) and value


Condition = Annotated[str, AfterValidator(_condition)]
RowAddress = Annotated[str, AfterValidator(_template_or_path)]
FieldName = Annotated[str, AfterValidator(_known_field)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShape:
    """Where a row holds what. ``url`` and ``aliases``: a path, or an address with ``{paths}``; ``url_otherwise`` that of
    rows to which ``url`` gives none, ``url_where`` (``type=1`` → address) those of rows in which a path has a value.

    ``fields``: path → field of the record. ``renamed``: key of the row → key in the record. ``whole``: the row is the
    document itself, nothing else need be asked for.
    """

    url: str
    url_otherwise: str | None = None
    url_where: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    title: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


def read_json(body: bytes, content_type: str | None, url: str) -> Any:
    """The value of an answer in JSON, also of one wrapped in a callback, as JavaScript writes it, or in XML.

    Raises ListError on anything else.
    """
    text = decode(body, content_type).text.lstrip("\ufeff \t\r\n")
    if xml_root(text) is not None:
        try:
            return xml_value(text)
        except ValueError as error:
            raise ListError(f"{url}: its XML cannot be read: {error}") from error
    wrapper = _WRAPPER.match(text)
    start = wrapper.end() if wrapper else len(text) - len(text.lstrip())
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        with suppress(ValueError, RecursionError):
            return literal(text[start:])
        seen = " ".join(text[:200].split())[:60]
        raise ListError(f"{url}: expected a JSON answer, found {seen!r}") from error
    return value


def document_row(row: Mapping[str, Any], locator: str, base: str, shape: RowShape) -> ListRow | None:
    """The document that a row of an answer at ``base`` stands for; None where it has no address."""
    address = row_address(row, _spec(row, shape), base)
    if address is None and shape.url_otherwise is not None:
        address = row_address(row, shape.url_otherwise, base)
    if address is None:
        return None
    record = record_of(row, shape)
    others = (row_address(row, alias, base) for alias in shape.aliases)
    stated = [first(row, path) for path in shape.fields] if "title" in shape.fields.values() else None
    return ListRow(
        url=address,
        title=title_in(row, shape),
        record=record,
        aliases=tuple(dict.fromkeys(other for other in others if other and other != address)),
        row_hash=row_hash(address, stated if stated is not None else record),
        locator=locator if shape.whole else None,
    )


def _spec(row: Mapping[str, Any], shape: RowShape) -> str:
    """The path or template of a row's address."""
    for condition, spec in shape.url_where.items():
        path, _, value = condition.partition("=")
        if str(first(row, path)) == value:
            return spec
    return shape.url


def row_address(row: Mapping[str, Any], spec: str, base: str) -> str | None:
    """The address that a path or template gives for a row, absolute; None where a part is missing."""
    if "{" not in spec:
        value = first(row, spec)
        return _joined(base, linked(value) or value) if isinstance(value, str) else None
    values = {hole: first(row, path_of(hole)) for hole in _TEMPLATE.findall(spec)}
    if not _TEMPLATE.sub("", spec):  # {domain}{path}: parts of an address, which the last one alone may be
        pieces = [
            part_of(value, hole) or "" if isinstance(value, str) else "" for hole, value in values.items()
        ]
        return _joined(base, "".join(pieces)) if pieces[-1] else None
    if any(value is None or isinstance(value, dict | list) for value in values.values()):
        return None
    parts = {hole: part_of(value, hole) for hole, value in values.items()}
    if None in parts.values():
        return None
    return _joined(base, _TEMPLATE.sub(lambda found: _within(parts[found[1]] or "", found), spec))


def _within(value: str, place: re.Match[str]) -> str:
    """A value as part of an address: a path with its query stays one, and no white space of it ends the whole."""
    value = value.rstrip() if place.end() == len(place.string) else value
    return quote(value, safe=f"{_SAFE}?&=" if value.startswith(("/", "http")) else _SAFE)


def _joined(base: str, target: str) -> str | None:
    """An absolute address; the fragment is kept where it is a route (``#/detail/7``), which names the document.

    An address that is stored as markup (``?a=1&amp;id=7``) is meant as a browser reads it.
    """
    bare, _, fragment = target.strip().replace("&amp;", "&").partition("#")
    address = absolute(base, bare or None)
    if address is None and fragment.startswith(("/", "!")):
        address = absolute(base, base)
    return f"{address}#{fragment}" if address and fragment.startswith(("/", "!")) else address


def record_of(row: Mapping[str, Any], shape: RowShape) -> dict[str, Any]:
    """A flat record of a row: nested keys with dots, lists of name and value as keys and values, no counters.

    What ``shape.fields`` names stands under its path.
    """
    record: dict[str, Any] = {}
    for key, value in flat(row):
        name = shape.renamed.get(key, key)
        if len(record) >= _MOST_VALUES:
            break
        if name in record or any(_NOISE.search(part) for part in key.split(".")):
            continue
        if shape.whole or not isinstance(value, str) or len(value) <= _LONGEST_VALUE:
            record[name] = value
    for path in shape.fields:
        value = first(row, path)
        if value is not None and (shape.whole or not isinstance(value, str) or len(value) <= _LONGEST_VALUE):
            record[path] = value
    return record


def title_in(row: Mapping[str, Any], shape: RowShape) -> str | None:
    """What a row calls its document."""
    paths = [shape.title] if shape.title else []
    paths += [path for path, name in shape.fields.items() if name == "title"]
    for path in (*paths, *_TITLES):
        value = first(row, path)
        if isinstance(value, str) and (text := plain(value)):
            return text
    return title_of(row)


def plain(value: str) -> str:
    """Text of a value without the markup that search engines put into it: <em>, <br/>, entities."""
    return " ".join(MARKUP.sub("", html.unescape(MARKUP.sub("", value))).split())
