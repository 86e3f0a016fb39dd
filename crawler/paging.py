"""Numbered pages of a catalogue: how a page's number, offset or cursor is put into its request. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, Self
from urllib.parse import quote, unquote, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.json_paths import opened
from crawler.platforms.base import PageRequest

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
FormValue = str | tuple[str, ...]  # several: the name is sent once for each
_KEPT_BY_SCRIPTS = "!'()*~"  # what encodeURIComponent leaves as it is
_QUERY_SAFE = "[](),:;@!*'/$~"  # filter[AVAILABLE]=true, as the sites' own scripts write it


class Paging(BaseModel):
    """How further pages are asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["page", "offset", "cursor", "none"] = Field(
        default="page",
        description="What the parameter holds: a number, a count of rows to skip, a cursor; `none`: one page",
    )
    name: str | None = Field(
        default=None,
        min_length=1,
        description="Parameter that holds it; dots lead into JSON: the body, or the text of a parameter",
    )
    send: Literal["query", "form", "json"] = Field(default="query", description="Where the parameter is sent")
    first: int | None = Field(default=None, ge=0, description="Number of the first page")
    size: int | None = Field(default=None, ge=1, description="Rows of a page")
    size_name: str | None = Field(
        default=None, min_length=1, description="Parameter that holds the rows of a page"
    )
    cursor: str | None = Field(default=None, description="Path of the next page's cursor in the answer")
    pattern: str | None = Field(
        default=None,
        pattern=r"\{n\}",
        description="Address of a page relative to the first, with {n}, instead of a parameter",
    )
    stop: Literal["empty", "short"] = Field(
        default="empty",
        description="Without a total: the list ends with an empty page, or with one of fewer rows than `size`",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.by == "offset" and self.size is None:
            raise ValueError("by: offset needs `size`, the rows of a page")
        if self.by == "cursor" and self.cursor is None:
            raise ValueError("by: cursor needs `cursor`, its path in the answer")
        if self.stop == "short" and self.size is None:
            raise ValueError("stop: short needs `size`, the rows of a page")
        if self.by != "none" and self.name is None and self.pattern is None:
            raise ValueError("name the parameter that holds the page's number: `name: page`")
        return self


class Sender:
    """Requests for the pages of one catalogue. ``form`` and ``body`` are what is sent besides the page's number."""

    def __init__(
        self,
        url: str,
        paging: Paging,
        *,
        method: str = "GET",
        form: Mapping[str, FormValue] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.paging = paging
        self._url, self._form, self._body, self._headers = url, form, body, dict(headers or {})
        wants_body = form is not None or body is not None or paging.send != "query"
        self._method = "POST" if wants_body else method

    def first_number(self) -> int | None:
        """The first page's number, where the site file states it: by option, in the address, in what is sent."""
        if self.paging.first is not None:
            return self.paging.first
        name = self.paging.name or ""
        stated = _stated(query_of(self._url), name)
        if self.paging.send == "form" and self._form is not None:
            stated = _stated(self._form, name) or stated
        if self.paging.send == "json" and self._body is not None:
            found = _found(self._body, name)
            stated = str(found) if isinstance(found, int | str) else stated
        return int(stated) if stated is not None and stated.isdecimal() else None

    def page(self, number: int, *, page: int, **more: Any) -> PageRequest:
        """The request for the page with this number. ``page`` counts from 1."""
        value: Any = number
        if self.paging.by == "offset":
            value = (page - 1) * (self.paging.size or 0)
        if self.paging.by == "cursor" and self._states_cursor():
            value = None  # the first part is asked for as the address or the form has it: ``lastId=``
        return self._request(value if self.paging.by != "none" else None, page, more)

    def _states_cursor(self) -> bool:
        name = self.paging.name or ""
        held: Mapping[str, Any] = query_of(self._url)
        if self.paging.send != "query":
            held = (self._form if self.paging.send == "form" else self._body) or {}
        return name in held

    def after(self, cursor: str, *, page: int, **more: Any) -> PageRequest:
        """The request for the page that a cursor leads to."""
        return self._request(cursor, page, more)

    def _request(self, value: Any, page: int, more: dict[str, Any]) -> PageRequest:
        url, name, size = self._url, self.paging.name, self.paging.size_name
        sent: dict[str, Any] = {}
        if value is not None and self.paging.pattern is not None:
            url = urljoin(url, self.paging.pattern.replace("{n}", quote(str(value), safe="")))
        elif value is not None and name is not None:
            sent[name] = value
        if size is not None:
            sent[size] = self.paging.size
        form, body = dict(self._form or {}), _copied(self._body or {})
        if self.paging.send == "form":
            for key, item in sent.items():
                parameter, text = _placed(form, key, item)
                form[parameter] = text
        for key, item in sent.items():
            if self.paging.send == "query":
                url = with_query(url, *_placed(query_of(url), key, item))
            elif self.paging.send == "json":
                _put(body, key, item)
        headers, data = dict(self._headers), b""
        if self._body is not None or self.paging.send == "json":
            headers.setdefault("Content-Type", JSON)
            data = json.dumps(body, ensure_ascii=False).encode()
        elif self._method == "POST":
            headers.setdefault("Content-Type", FORM)
            data = urlencode(form, doseq=True).encode()
        return PageRequest(url=url, page=page, method=self._method, body=data, headers=headers, **more)


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return value


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *outer, last = [name] if name in body else name.split(".")  # {"param.pageNum": 1} has a dot in its key
    for key in outer:
        body = body.setdefault(key, {})
    body[last] = str(value) if isinstance(body.get(last), str) else value


def _found(value: Any, name: str) -> Any:
    if isinstance(value, Mapping) and name in value:
        return value[name]
    for key in name.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def opened_text(text: Any) -> tuple[Any, bool]:
    """What a parameter's text holds as JSON, and whether it is encoded a second time: ``params=%257B%2522goPage%2522…``."""
    encoded = isinstance(text, str) and text[:3].upper() in ("%7B", "%5B")
    return opened(unquote(text) if encoded else text), encoded


def _within(held: Mapping[str, FormValue], name: str) -> tuple[str, str, dict[str, Any], bool] | None:
    """(parameter, name in it, object, encoded) where a name leads into the JSON that is the text of one parameter."""
    parameter, _, inner = name.partition(".")
    value, encoded = opened_text(held.get(parameter)) if inner and name not in held else (None, False)
    return (parameter, inner, value, encoded) if isinstance(value, dict) else None


def _stated(held: Mapping[str, FormValue], name: str) -> str | None:
    """The value of a parameter, or of what stands in the JSON that is its text."""
    within = _within(held, name)
    found = _found(within[2], within[1]) if within is not None else held.get(name)
    return str(found) if isinstance(found, str | int) else None


def _placed(held: Mapping[str, FormValue], name: str, value: Any) -> tuple[str, str]:
    """The parameter to send for a name, and its text with the value in it."""
    within = _within(held, name)
    if within is None:
        return name, str(value)
    parameter, inner, body, encoded = within
    _put(body, inner, value)
    return parameter, quote(json_text(body), safe=_KEPT_BY_SCRIPTS) if encoded else json_text(body)


def json_text(value: Any) -> str:
    """A value as JSON, as the scripts of pages write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def query_value(url: str, name: str) -> str | None:
    """The value of a parameter of an address, None where it has none."""
    return query_of(url).get(name)


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address; of one that stands twice the first."""
    found: dict[str, str] = {}
    for part in urlsplit(url).query.split("&"):
        key, _, value = part.partition("=")
        if key:
            found.setdefault(unquote_plus(key), unquote_plus(value))
    return found


def with_query(url: str, name: str, value: str) -> str:
    """The address with a parameter set; everything else of it stays as it is written."""
    parts = urlsplit(url)
    pieces = [piece for piece in parts.query.split("&") if piece]
    new = f"{quote(name, safe=_QUERY_SAFE)}={quote(value, safe=_QUERY_SAFE)}"
    at = next((i for i, piece in enumerate(pieces) if unquote_plus(piece.partition("=")[0]) == name), None)
    if at is None:
        pieces.append(new)
    else:
        pieces[at] = new
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(pieces), parts.fragment))
