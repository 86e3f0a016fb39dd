"""A request for the first part of a list, as json_api and label_table ask so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.paging import FormValue, query_of
from crawler.scripts.cursors import Cursor
from crawler.scripts.objects import USUAL_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """One request of a list's first page. ``form`` and ``body`` are what is sent, ``page_name`` what holds the number."""

    url: str
    page_name: str
    send: str  # query, form or json, as crawler.paging has it
    first: int
    by: str = "page"  # offset where ``page_name`` holds a count of rows to skip
    form: Mapping[str, FormValue] | None = None
    body: Mapping[str, Any] | None = None
    pattern: str | None = None  # the address with {n}, where the number stands in its path
    callback: str | None = None  # what names the function in whose call the answer is wanted
    headers: Mapping[str, str] = field(default_factory=dict)
    cursor: Cursor | None = None  # where each answer tells how the next one is asked for

    @property
    def sent(self) -> dict[str, Any]:
        """What is sent besides the place in the list."""
        held = {**query_of(self.url), **(self.form or {}), **(self.body or {})}
        return {name: value for name, value in held.items() if name != self.page_name}

    @property
    def options(self) -> dict[str, Any]:
        """Options of json_api that ask so. The rows of a page, which an offset needs, are known from the answer."""
        options: dict[str, Any] = {"paging": {"name": self.page_name, "send": self.send, "first": self.first}}
        if self.pattern is not None:
            options["paging"] = {"pattern": self.pattern, "send": self.send, "first": self.first}
        if self.by == "offset":
            options["paging"] = {
                "by": "offset",
                "name": self.page_name,
                "send": self.send,
                "size": USUAL_SIZE,
            }
        if self.cursor is not None:
            options["paging"] = {
                "by": "cursor",
                "name": self.page_name,
                "send": self.send,
                "cursor": self.cursor.key,
            }
        if self.send == "query":
            options["paging"].pop("send")
        if self.form is not None:
            options["form"] = dict(self.form)
        if self.body is not None:
            options["body"] = dict(self.body)
        if self.headers:
            options["headers"] = dict(self.headers)
        return options
