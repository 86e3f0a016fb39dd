"""Asks once more for a page that only sets a cookie and leads to itself, as a browser does: a cookie jar is all that it wants.

Set-Cookie: visit=1 · <meta http-equiv="refresh" content="0;url=/zwgk/tzgg/index.html">
"""

from __future__ import annotations

from urllib.parse import urldefrag

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler.extract import refresh

_ASKED = "gongkai_refreshed"  # key of Request.meta
_LONGEST = 3_000  # bytes of a page that only leads on


class SelfRefreshMiddleware:
    """Behind the decoding of answers, where Scrapy has kept the cookie. What a script would have to work out stays a wall."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The same request again, once; the answer as it is where it leads elsewhere, or sets no cookie."""
        if request.meta.get(_ASKED) or not _is_stub(response) or not leads_to_itself(response):
            return response
        again = request.replace(dont_filter=True, priority=request.priority + 1)
        again.headers.pop("Cookie", None)  # Scrapy writes that of its jar
        again.meta[_ASKED] = True
        return again


def _is_stub(response: Response) -> bool:
    sets = bool(response.headers.getlist("Set-Cookie"))
    return (
        sets
        and response.status == 200
        and isinstance(response, TextResponse)
        and len(response.body) <= _LONGEST
    )


def leads_to_itself(response: Response) -> bool:
    """Whether a page refreshes itself at once, by its own address or by none."""
    said = next(refresh.in_markup(response.text), None)
    if said is None or said[0] > refresh.SLOWEST:
        return False
    address = response.urljoin(said[1]) if said[1] else response.url
    return urldefrag(address).url == urldefrag(response.url).url
