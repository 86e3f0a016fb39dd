"""Datasette's tables as CSV, so that a spreadsheet shows Chinese and takes no cell for a formula; as of ``gongkai export csv``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from archive.export.tables import MARK, harmless

# A quoted cell, or one without quotes; the csv module would take no cell of more than 131,072 characters.
_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"|([^",\r\n]+)')


def fit_for_spreadsheets(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Wrap an ASGI application that sends whole rows of CSV, however many at a time."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        begun = is_table = False

        async def fitted(event: dict[str, Any]) -> None:
            nonlocal begun, is_table
            if event["type"] == "http.response.start":  # a mistake in the address is answered in HTML
                kind = dict(event["headers"]).get(b"content-type", b"")
                is_table = event["status"] == HTTPStatus.OK and kind.startswith((b"text/csv", b"text/plain"))
            if is_table and event["type"] == "http.response.body" and event.get("body"):
                event = {**event, "body": (b"" if begun else MARK) + _fitted(event["body"])}
                begun = True
            await send(event)

        is_asked_for = scope["type"] == "http" and str(scope.get("path", "")).endswith(".csv")
        await app(scope, receive, fitted if is_asked_for else send)

    return wrapped


def _fitted(rows: bytes) -> bytes:
    return _CELL.sub(_harmless, rows.decode("utf-8", "replace")).encode()


def _harmless(cell: re.Match[str]) -> str:
    return str(harmless(cell[2])) if cell[1] is None else f'"{harmless(cell[1])}"'
