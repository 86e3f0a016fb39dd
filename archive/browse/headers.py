"""Security headers for every answer: nothing on a page may run that is not the plugin's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
_STRICT = b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
# Datasette's own table pages carry inline scripts and styles; stored text is escaped there, and nothing foreign loads.
_OWN = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    b" base-uri 'none'; frame-ancestors 'none'"
)


def with_security_headers(
    app: Callable[..., Awaitable[None]], prefix: str = "/"
) -> Callable[..., Awaitable[None]]:
    """Wrap an ASGI application; ``prefix``: the path under which it is served, which a proxy may have taken off."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = "/" + scope.get("path", "").removeprefix(prefix).removeprefix("/")
        policy = _STRICT if path == "/" or path.startswith("/-/gongkai/") else _OWN

        async def secured(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                event = {
                    **event,
                    "headers": [*event["headers"], *_ALWAYS, (b"content-security-policy", policy)],
                }
            await send(event)

        await app(scope, receive, secured)

    return wrapped
