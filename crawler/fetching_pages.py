"""The further pages of one document's text, while they are fetched: which are wanted, and what their answers make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from archive.batch import MISSING, Fetch, Found, Outcome, Role, Source
from archive.model import Extraction, Problem
from crawler.answers import Answer
from crawler.extract.body.further_pages import MOST_PAGES, FurtherPage

_FOR_GOOD = MISSING | {Outcome.ROBOTS, Outcome.REFUSED}  # asking again tomorrow would give the same
Reader = Callable[[Sequence[FurtherPage]], Extraction | None]


class PendingParts:
    """A document whose text goes on on further pages, which are being fetched.

    A page of the text that could not be had makes the document's page one that was not had: half a text is never stored
    as an edit. A page that is not there is said, and what there is of the text is the document's.
    """

    def __init__(self, answer: Answer, extraction: Extraction, read: Reader) -> None:
        """``read`` extracts the document again with further pages; None where the pages break the reader."""
        self.answer = answer
        self.extraction: Extraction | None = extraction
        # The document itself is on the page that is asked for.
        self._stands_in = extraction.disclosure is None
        self._read = read
        self._asked: dict[str, FurtherPage | None] = {}
        self._sources: dict[str, Source] = {}
        self._gone: list[Problem] = []
        self._left = 0
        self._failed: Fetch | None = None

    def wanted(self) -> list[str]:
        """Addresses to ask for now; each is given once."""
        if self.extraction is None:
            return []
        new = [url for url in self.extraction.further if url not in self._asked]
        new = new[: MOST_PAGES - len(self._asked)]
        self._asked.update(dict.fromkeys(new))
        self._left += len(new)
        return new

    def take(self, answer: Answer) -> bool:
        """Put an answer in its place. True once all that were wanted have theirs: the document was read again."""
        fetch = answer.fetch
        self._left -= 1
        if fetch.capture is not None and (self._stands_in or not answer.shell):
            self._asked[fetch.url] = FurtherPage(fetch.url, answer.body, answer.content_type, answer.decoded)
            self._sources[fetch.url] = Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.PART)
        elif fetch.outcome in _FOR_GOOD and not self._stands_in:
            message = f"a further page of the text is not to be had ({fetch.outcome.value})"
            self._gone.append(Problem(code="further_page_gone", message=message, url=fetch.url))
        else:
            self._failed = self._failed or fetch
        if self._left:
            return False
        if self._failed is None:
            self.extraction = self._read([page for page in self._asked.values() if page is not None])
        return True

    @property
    def fetch(self) -> Fetch:
        """The outcome of the document's own page: its own, or that of a page of its text that could not be had."""
        own, part = self.answer.fetch, self._failed
        if part is None:
            return own
        outcome = Outcome.FAILED if part.outcome is Outcome.OK else part.outcome
        which = "led to" if self._stands_in else "further page of its text"
        detail = f"{which} {part.url}: {part.detail or part.outcome.value}"
        return replace(own, outcome=outcome, detail=detail, capture=None)

    def complete(self, found: Found | None) -> Found | None:
        """The document with the captures of its further pages as sources, and with what is to be said of them."""
        if found is None:
            return None
        extraction = replace(found.extraction, problems=(*found.extraction.problems, *self._gone))
        sources = [self._sources[url] for url in found.extraction.further if url in self._sources]
        return replace(found, extraction=extraction, sources=(*found.sources, *sources))
