"""What came over the wire, before content decoding: length, hash, and whether it came whole."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.codings import is_whole

MAX_HEADERS = 200
WIRE, BROKEN = "gongkai_wire", "gongkai_broken"


class CaptureMiddleware:
    """Stands between Scrapy's content decoding and the downloader, so that it sees the bytes as sent."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Leave the wire's facts in ``request.meta``; nothing is changed."""
        body = response.body
        request.meta[WIRE] = (hashlib.sha256(body).hexdigest(), len(body))
        request.meta.pop(BROKEN, None)
        if len(response.headers) > MAX_HEADERS:
            request.meta[BROKEN] = f"{len(response.headers)} header lines; at most {MAX_HEADERS} are accepted"
        elif not is_whole(coding := response.headers.get("Content-Encoding") or b"", body):
            request.meta[BROKEN] = f"the {coding.decode('latin-1')} stream is cut short"
        elif "partial" in response.flags and not _ends_like_html(body):
            request.meta[BROKEN] = "the connection closed before the page's end"
        return response


def _ends_like_html(body: bytes) -> bool:
    head = body[:512].lstrip().lower()
    return not head.startswith((b"<!doctype html", b"<html")) or b"</html" in body[-2048:].lower()
