"""What came over the wire, before content decoding: length, hash, and whether it came whole."""

from __future__ import annotations

import hashlib
import zlib

from scrapy import Request
from scrapy.http import Response

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
        elif body and (response.headers.get("Content-Encoding") or b"").strip().lower() in (
            b"gzip",
            b"x-gzip",
        ):
            if not gzip_is_whole(body):
                request.meta[BROKEN] = "the gzip stream is cut short"
        elif "partial" in response.flags and not _ends_like_html(body):
            request.meta[BROKEN] = "the connection closed before the page's end"
        return response


def gzip_is_whole(body: bytes) -> bool:
    """True when every member of the gzip stream ends with its checksum. Scrapy accepts truncated ones."""
    rest = body
    while rest:
        stream = zlib.decompressobj(31)
        piece = rest
        try:
            while piece and not stream.eof:  # in steps: a bomb must not be held in memory
                stream.decompress(piece, 1 << 16)
                piece = stream.unconsumed_tail
        except zlib.error:
            return False
        if not stream.eof:
            return False
        rest = stream.unused_data.lstrip(b"\x00")
    return True


def _ends_like_html(body: bytes) -> bool:
    head = body[:512].lstrip().lower()
    return not head.startswith((b"<!doctype html", b"<html")) or b"</html" in body[-2048:].lower()
