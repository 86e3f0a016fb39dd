"""Stored pages read again: today's extractor with the rules of each page's site."""

from __future__ import annotations

from collections.abc import Iterable

from archive.model import Attachment, Extraction
from archive.reparse import StoredPage
from crawler.attachments.reader import TextReader
from crawler.extract.fields import FieldBook
from crawler.extract.revision import extractor_revision
from crawler.extract.rules import ExtractionRules
from crawler.files import ending_of
from crawler.reading import extract_with_context
from crawler.sites import Site

_NO_RULES = ExtractionRules()


class SiteExtractors:
    """The extractor of every site; one that has no site file is read by the general rules."""

    def __init__(self, book: FieldBook, sites: Iterable[Site] = ()) -> None:
        self._book = book
        self._reader = TextReader()
        self._rules = {site.site: site.rules() for site in sites}

    def revision(self, site: str) -> str:
        """See archive.reparse.Extractor."""
        return extractor_revision(self._book, self._rules.get(site, _NO_RULES))

    def read(self, page: StoredPage) -> Extraction:
        """See archive.reparse.Extractor."""
        rules = self._rules.get(page.site, _NO_RULES)
        return extract_with_context(page.body, page.url, page.content_type, page.context, self._book, rules)

    def attachment_text(self, attachment: Attachment, body: bytes) -> str | None:
        """See archive.reparse.Extractor."""
        return self._reader.read(body, attachment.media_type, ending_of(attachment)).text

    def close(self) -> None:
        """End the process that reads files, if there is one."""
        self._reader.close()
