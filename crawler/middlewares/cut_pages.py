"""Asks once more for a page that ends in its middle: a template without an end ends there again, a cut does not."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response, TextResponse

from archive.waits.page_ends import ends_alike, ends_early
from crawler.middlewares.capture import BROKEN

_SEEN = "gongkai_ended"  # key of Request.meta: the answers so far
_LOOKS = 3


class CutPageMiddleware:
    """Behind the decoding of answers, before Scrapy's retries. Two answers that end alike are the site's own page."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The same request again, or the answer as it is; where no two end alike it is marked as cut."""
        if response.status != 200 or not isinstance(response, TextResponse) or not ends_early(response.body):
            return response
        seen = request.meta.get(_SEEN, ())
        if any(ends_alike(response.body, other) for other in seen):
            return response
        if len(seen) + 1 < _LOOKS:
            again = request.replace(dont_filter=True, priority=request.priority + 1)
            again.meta[_SEEN] = (*seen, response.body)
            return again
        request.meta.setdefault(BROKEN, "the page ends in its middle, each time elsewhere")
        return response
