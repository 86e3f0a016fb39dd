"""One sequence of pages of a catalogue, as far as a look at it got: what it showed, and what it said of itself. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.identity import url_key
from crawler.lists.rows import day_number
from crawler.platforms.base import ListPage, ListRow, PageRequest

FULL_PAGE = 10  # rows that look like one page of several
_FEW_NEW = 5  # a fifth of a page's rows: of pages that skip rows instead of pages no more are new


@dataclass(slots=True)
class Chain:
    """One sequence of pages, as far as the present look at it got."""

    start: PageRequest
    pages: int = 0  # that had rows
    shown: int = 0  # rows, repeated ones too
    repeated: int = 0  # of these
    listed: set[str] = field(default_factory=set)  # the keys of its rows
    unaddressed: int = 0  # rows that name a document and have no address
    per_page: int = 0  # rows of its first page
    last_page: int = 0  # as the site says
    total: int | None = None  # rows, as the site says
    oldest_first: bool = False  # what is new comes on the last page
    quiet: int = 0  # consecutive pages with nothing new
    shrank: bool = False  # its stated size fell while it was walked
    ended: int | None = None  # the page after which no way led on, when the site says that there are more
    stuck: bool = False  # its second page shows the rows of the first
    creeping: int = 0  # pages that show most of the rows of the page before
    before: frozenset[str] = frozenset()  # the keys of the rows of the page before
    last_shown: int = 0  # rows of its last page that had some
    oldest: int | None = None  # the earliest day of its rows
    ended_plainly: bool = False  # that page was a list without rows, not a stub or nothing
    below: bool = False  # a row that is not new has come: the rows on top are over
    seen_pages: set[bytes] = field(default_factory=set)  # digests of the keys of their rows

    def is_loop(self, keys: frozenset[str]) -> bool:
        """Whether the chain has already shown a page of exactly these rows, or all of them among those of the page before."""
        page = hashlib.blake2b("\n".join(sorted(keys)).encode("utf-8", "replace"), digest_size=16).digest()
        if page in self.seen_pages or (len(keys) >= FULL_PAGE and keys <= self.before):
            return True
        self.seen_pages.add(page)
        return False

    def follows(self, rows: Sequence[ListRow], keys: frozenset[str]) -> None:
        """Note the rows of a page, and their keys, beside those of the pages before it."""
        few = max(len(keys) // _FEW_NEW, 1)
        self.creeping += len(keys) >= FULL_PAGE and len(keys - self.before) <= few
        self.before = keys
        told = [url_key(row.url) for row in rows if not row.pinned]
        self.repeated += len(told) - len(set(told) - self.listed)
        self.listed |= keys

    def states(self, read: ListPage) -> None:
        """Note what a page says of the size of the list."""
        if read.last_page is not None:
            self.shrank |= read.last_page < self.last_page
            self.last_page = read.last_page
        if read.total is not None:
            self.shrank |= self.total is not None and read.total < self.total
            self.total = read.total

    def dates(self, rows: Sequence[ListRow]) -> None:
        """Note the earliest day of rows that are not pinned."""
        days = [day_number(row.day) for row in rows if not row.pinned]
        self.oldest = min((day for day in (self.oldest, *days) if day is not None), default=None)

    def end(self, page: int, *, plainly: bool) -> None:
        """No way leads on from this page."""
        if page < self.last_page:
            self.ended, self.ended_plainly = page, plainly

    def below_the_top(self, rows: Sequence[ListRow], new: set[str]) -> int:
        """How many of the ``new`` rows do not stand on top of the list, where rows are put while it is walked."""
        count = 0
        for row in rows:
            if url_key(row.url) in new:
                count += self.below
            elif not row.pinned:
                self.below = True
        return count

    def says_something(self) -> bool:
        """Whether it showed rows, or said how many there are, none among it."""
        return self.shown > 0 or self.total is not None

    @property
    def proven(self) -> bool:
        """Whether as many different rows were shown as the site said all the while that there are.

        A list that is sorted anew for each page, by days of many rows, repeats some of its rows and lacks others.
        """
        return self.total is not None and not self.shrank and self.shown - self.repeated >= self.total

    @property
    def withheld(self) -> bool:
        """Whether at least a page of rows that the site says it has lies beyond its own last page."""
        return self.total is not None and self.total - self.shown >= max(self.per_page, 1)
