"""The walk through one catalogue: what its pages added, when it may stop, whether it was complete. Pure decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.batch import KnownCatalogue, Listed, Row, WalkEnd
from archive.identity import url_key
from crawler.outcomes import same_host
from crawler.plan import Plan
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.sites import Catalogue

MOST_PAGES = 5_000  # of one chain; more is a trap
QUIET_PAGES = 2  # pages of only known, unchanged rows after which a walk may stop


@dataclass(slots=True)
class Walk:
    """The walk through one catalogue, over all of its chains."""

    catalogue: str
    full: bool
    pages: int = 0
    rows: int = 0
    open_requests: int = 0
    looked: bool = False  # the catalogue's own page was asked for, to see what it is
    trouble: list[str] = field(default_factory=list)
    quiet: dict[str, int] = field(default_factory=dict)  # chain → consecutive pages with nothing new
    seen_pages: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    seen_rows: set[str] = field(default_factory=set)
    last_pages: dict[str, int] = field(default_factory=dict)  # chain → pages that the site says there are

    def chain_ended(self, chain: str, page: int) -> None:
        """No way leads on from this page: trouble, when the site says that there are more."""
        last = self.last_pages.get(chain, 0)
        if page < last:
            self.trouble.append(f"the list says it has {last} pages, and ends at page {page}")

    def is_loop(self, chain: str, keys: frozenset[str]) -> bool:
        """Whether the chain has already shown a page of exactly these rows."""
        if (chain, keys) in self.seen_pages:
            return True
        self.seen_pages.add((chain, keys))
        return False

    def take(
        self, page: PageRequest, read: ListPage, catalogue: Catalogue, plan: Plan, at: datetime
    ) -> tuple[Listed | None, list[PageRequest]]:
        """What a page lists, noted in ``plan``, and the pages to ask for next."""
        self.pages += 1
        rows = [row for row in read.rows if is_wanted(row, catalogue)]
        keys = frozenset(url_key(row.url) for row in read.rows)
        if read.last_page is not None:
            self.last_pages[page.chain] = max(read.last_page, self.last_pages.get(page.chain, 0))
        if keys and self.is_loop(page.chain, keys):
            self.chain_ended(page.chain, page.page)
            return None, []  # the site shows an earlier page again: this was the end
        self.rows += len({url_key(row.url) for row in rows} - self.seen_rows)
        self.seen_rows |= {url_key(row.url) for row in rows}
        quiet = all(row.pinned or plan.is_quiet(row) for row in rows)
        if any(not row.pinned for row in rows):  # pinned rows say nothing either way
            self.quiet[page.chain] = self.quiet.get(page.chain, 0) + 1 if quiet else 0
        for row in rows:
            plan.note(row)
        listed = Listed(
            catalogue=self.catalogue,
            rows=tuple(
                Row(url=r.url, title=r.title, row_hash=r.row_hash, pinned=r.pinned, aliases=r.aliases)
                for r in rows
            ),
            at=at,
        )
        return listed, [*read.branches, *self._next(page, read)]

    def _next(self, page: PageRequest, read: ListPage) -> Sequence[PageRequest]:
        if read.next is None:
            self.chain_ended(page.chain, page.page)
            return ()
        if not self.full and self.quiet.get(page.chain, 0) >= QUIET_PAGES:
            return ()
        if page.page >= MOST_PAGES:
            self.trouble.append(f"more than {MOST_PAGES} pages from {page.url} on")
            return ()
        state = {**read.next.state, "end_unmarked": True} if read.end_unmarked else read.next.state
        return (replace(read.next, state=state),)

    def end(self, known: KnownCatalogue | None, asked_full: bool, at: datetime) -> WalkEnd:
        """The walk as a whole. ``known``: the catalogue as the archive has it; ``asked_full``: a person wants it so."""
        before = known.last_full_walk_rows if known else None
        if self.full and not asked_full and before and self.rows < before * 0.8 and not self.trouble:
            # A chain whose end is unmarked, or a site that serves less: not the catalogue that we know.
            self.trouble.append(
                f"only {self.rows} rows; the last full walk had {before}: if that is right, collect once with --full"
            )
        return WalkEnd(
            catalogue=self.catalogue, full=self.full, complete=not self.trouble, pages=self.pages, rows=self.rows,
            reason="; ".join(self.trouble[:3]) or None, at=at,
        )  # fmt: skip


def is_wanted(row: ListRow, catalogue: Catalogue) -> bool:
    """Whether a row leads to a document of the site, and its catalogue's patterns take it."""
    if not same_host(catalogue.url, row.url):
        return False
    if any(re.search(p, row.url) for p in catalogue.exclude):
        return False
    return not catalogue.include or any(re.search(p, row.url) for p in catalogue.include)
