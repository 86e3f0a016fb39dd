"""Reads the text of files that came as attachments or in a document's place, in a process of its own, while the other requests go on."""

from __future__ import annotations

import hashlib
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import DeferredLock
from twisted.internet.threads import deferToThread

from archive.model import Severity
from crawler.attachments.reader import TextReader
from crawler.attachments.result import AttachmentText, UnreadableError
from crawler.extract.linked_files.file_page import may_be_document

# Key of Request.meta: a document is asked for, and it may be a file itself.
MAY_BE_FILE = "gongkai_may_be_file"
NAME = "gongkai_file_name"  # key of Request.meta: the answer is a file of this name, and its text is wanted
KNOWN = "gongkai_file_sha256"  # the file of this SHA-256 has been read already
TEXT = "gongkai_file_text"  # the AttachmentText of the answer
_MOST_TOO_LARGE = 5  # of one collection: files that are read up to a bound cost half a minute each


class FileTextMiddleware:
    """Leaves an AttachmentText in ``request.meta`` of every file that has not been read before."""

    def __init__(self) -> None:
        self._reader = TextReader()
        self._turn = DeferredLock()  # the reader serves one at a time; waiting must not take up threads
        self._too_large = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one; its process ends with the spider."""
        middleware = cls()
        crawler.signals.connect(middleware.close, signals.spider_closed)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it is, once its file is read."""
        name = request.meta.get(NAME)
        if name is None and MAY_BE_FILE in request.meta and may_be_document(response.body, response.url):
            name = ""  # its first bytes tell what it is
        if name is None or response.status != 200:
            return response
        request.meta.pop(TEXT, None)
        if hashlib.sha256(response.body).hexdigest() == request.meta.get(KNOWN):
            return response
        media_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        await maybe_deferred_to_future(self._turn.acquire())
        try:
            request.meta[TEXT] = await self._read(response.body, media_type, name)
        finally:
            self._turn.release()
        return response

    async def _read(self, body: bytes, media_type: str, name: str) -> AttachmentText:
        if self._too_large >= _MOST_TOO_LARGE:
            words = f"not read: {_MOST_TOO_LARGE} files of this collection were too large to be read whole"
            return AttachmentText(
                problem=UnreadableError("attachment_too_large", words, Severity.WARNING).problem()
            )
        self._reader.start()  # in this thread, which lives on
        found = await maybe_deferred_to_future(deferToThread(self._reader.read, body, media_type, name))
        if found.problem is not None and found.problem.code == "attachment_too_large":
            self._too_large += 1
        return found

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()
