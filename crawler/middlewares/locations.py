r"""Where an answer leads, in the writings that browsers follow and Scrapy does not: ``\zw\1.html``, a header Refresh.

Sees answers before Scrapy's redirects, and so does the address guard with what they lead to. Another page is asked for as a whole:
its 304 would say that nothing has changed at the address that led there (nginx gives a file that was moved the ETag that it had).
"""

from __future__ import annotations

from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from archive.identity import leads_elsewhere
from crawler.answers import CONDITIONAL
from crawler.extract import refresh

_VALIDATORS = ("If-None-Match", "If-Modified-Since")


class LocationMiddleware:
    """Writes the headers of answers that lead on as Scrapy's redirects read them."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer; where it was empty but for a header Refresh, a redirect."""
        if response.status == 200 and (led := refreshed(response.headers.get("Refresh"), response.body)):
            response = response.replace(status=302)
            response.headers["Location"] = led
        if 300 <= response.status < 400 and (location := response.headers.get("Location")):
            response.headers["Location"] = with_slashes(location)
            target = with_slashes(location).decode("latin-1")
            if request.meta.get(CONDITIONAL) and leads_elsewhere(request.url, urljoin(request.url, target)):
                for name in _VALIDATORS:
                    request.headers.pop(name, None)
                request.meta[CONDITIONAL] = False
        return response


def with_slashes(location: bytes) -> bytes:
    r"""``Response.Redirect("\zw\1.asp")`` of old ASP leads to /zw/1.asp (WHATWG URL Standard: \ is / before the query).

    >>> with_slashes(rb"http:\\www.linjiang.example\zw\1.asp?a=\x")
    b'http://www.linjiang.example/zw/1.asp?a=\\x'
    """
    path, mark, query = location.partition(b"?")
    return path.replace(b"\\", b"/") + mark + query


def refreshed(header: bytes | None, body: bytes) -> bytes | None:
    """Where ``Refresh: 0; url=/zw/1.html`` leads an answer without a body; None where it leads nowhere."""
    said = refresh.led(header.decode("utf-8", "surrogateescape")) if header and not body.strip() else None
    leads = said and said[1] and said[0] <= refresh.SLOWEST
    return said[1].encode("utf-8", "surrogateescape") if said and leads else None
