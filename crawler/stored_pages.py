"""Stored pages read again: today's extractor with the rules of each page's site.

The parsers are loaded when the first page is read: most collections read none again, and loading takes longer
than recording some hundred unchanged pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archive.model import Attachment, Extraction
from archive.reparse import StoredPage
from crawler.extract.fields import FieldBook
from crawler.extract.rules import ExtractionRules
from crawler.sites import Site

if TYPE_CHECKING:
    from crawler.attachments.reader import TextReader

_NO_RULES = ExtractionRules()


class SiteExtractors:
    """The extractor of every site; one that has no site file is read by the general rules."""

    def __init__(self, book: FieldBook, sites: Iterable[Site] = ()) -> None:
        self._book = book
        self._reader: TextReader | None = None
        self._rules = {site.site: site.rules() for site in sites}

    def revision(self, site: str) -> str:
        """See archive.reparse.Extractor."""
        from crawler.extract.revision import extractor_revision  # noqa: PLC0415

        return extractor_revision(self._book, self._rules.get(site, _NO_RULES))

    def read(self, page: StoredPage) -> Extraction:
        """See archive.reparse.Extractor."""
        from crawler.extract.body.further_pages import FurtherPage  # noqa: PLC0415
        from crawler.row_context import extract_with_context  # noqa: PLC0415

        rules = self._rules.get(page.site, _NO_RULES)
        further = [FurtherPage(url, body, content_type) for url, body, content_type in page.further]
        return extract_with_context(
            page.body, page.url, page.content_type, page.context, self._book, rules, further=further,
            answered=page.answered,
        )  # fmt: skip

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        """See archive.reparse.Extractor."""
        from crawler.attachments.reader import TextReader  # noqa: PLC0415
        from crawler.fetching_files import ending_of  # noqa: PLC0415

        self._reader = self._reader or TextReader()
        return self._reader.read(body, attachment.media_type, ending_of(attachment)).text

    def close(self) -> None:
        """End the process that reads files, if there is one."""
        if self._reader is not None:
            self._reader.close()
