"""The walk through one catalogue: what its pages added, when it may stop, whether it was complete. Pure decisions.

A list moves while it is walked. A row put on top pushes others down a page: they come twice, which is harmless. A row
taken out lets others move up: the first of the next page is then the last of one already read, and nothing shows that
it was skipped. A full walk therefore looks a second time at a list of several pages where a row may have been skipped:
on the first walk of a catalogue, when a document that it listed before is not seen, when the list says that it
shrank, or when it ends before it says. It looks again until nothing new turns up below the top. See docs/decisions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from archive.batch import KnownCatalogue, Listed, Row, WalkEnd
from archive.identity import url_key
from archive.model import Problem, Severity
from crawler.chain import FULL_PAGE, Chain
from crawler.lists.rows import oldest_first
from crawler.lists.visit_parameters import seems_changed
from crawler.outcomes import same_host
from crawler.plan import Plan
from crawler.platforms.base import ListPage, ListRow, PageRequest
from crawler.row_context import context_of
from crawler.sites import Catalogue

MOST_PAGES = 5_000  # of one chain; more is a trap
QUIET_PAGES = 2  # pages of only known, unchanged rows after which a walk may stop
MOST_LOOKS = 4  # at one chain in one walk
_FEW_UNADDRESSED = 0.05  # of a list's rows
_SHORT_PAGE = 0.8  # of the rows of the first page, above some of which pinned rows stand
_ROUND = 10  # of which limits of lists are multiples: the newest 500, 40, 1000
_FEWEST_CREEPING = 2  # pages: the last one may be filled up with rows of the one before


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page of a list adds: its rows, pages to ask for next, documents that are whole in the answer itself."""

    listed: Listed | None = None
    follow: tuple[PageRequest, ...] = ()
    in_answer: tuple[ListRow, ...] = ()


@dataclass(slots=True)
class Walk:
    """The walk through one catalogue, over all of its chains."""

    catalogue: str
    full: bool
    first: bool = False  # no walk through this catalogue has ended yet
    hosts: tuple[str, ...] = ()  # addresses whose hosts may hold the documents
    pages: int = 0
    rows: int = 0
    open_requests: int = 0
    looked: bool = False  # the catalogue's own page was asked for, to see what it is
    trouble: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # where the site shows less than it says it has
    newest_only: bool = False  # what it does not show any more is older than all that it shows
    problems: list[Problem] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    seen_rows: set[str] = field(default_factory=set)
    elsewhere: Counter[str] = field(default_factory=Counter)  # host → rows that lead to it
    looks: int = 1
    first_seen: set[str] = field(default_factory=set)  # rows of a first walk's first look, if not its last
    again: set[str] = field(default_factory=set)  # chains of the present look, beyond the first
    new_in_look: int = 0
    unmet: bool = False  # a first walk, and none was begun before: one that is cut off is made again

    def take(
        self, page: PageRequest, read: ListPage, catalogue: Catalogue, plan: Plan, at: datetime
    ) -> Taken:
        """What a page lists, noted in ``plan``."""
        chain = self.chains.setdefault(page.chain, Chain(page))
        self.pages += self.looks == 1
        chain.states(read)
        keys = frozenset(url_key(row.url) for row in read.rows)
        shown_keys = keys or frozenset(url_key(issue.url) for issue in read.branches)
        if shown_keys and chain.is_loop(shown_keys):
            chain.end(page.page if chain.proven else page.page - 1, plainly=False)
            chain.stuck |= chain.pages == 1 and page.page == 2 and not (page.optional or chain.proven)
            return Taken()  # the site shows an earlier page again: this was the end
        chain.pages += bool(keys)
        chain.follows(read.rows, keys)
        chain.oldest_first |= page.page == 1 and oldest_first(read.rows)
        shown = len(read.rows) if read.shown is None else read.shown
        chain.shown += shown
        chain.unaddressed += read.unaddressed
        chain.per_page = chain.per_page or shown
        chain.last_shown = shown or chain.last_shown
        chain.dates(read.rows)
        rows = [row for row in read.rows if self._is_wanted(row, catalogue)]
        new = {url_key(row.url) for row in rows} - self.seen_rows
        self.rows += len(new)
        self.new_in_look += chain.below_the_top(rows, new)
        self.seen_rows |= new | {url_key(alias) for row in rows for alias in row.aliases}
        if any(not row.pinned for row in rows):  # pinned rows say nothing either way
            quiet = all(row.pinned or plan.is_quiet(row) for row in rows)
            chain.quiet = chain.quiet + 1 if quiet else 0
        for row in rows:
            plan.note(row)
        if self.looks > 1:
            rows = [row for row in rows if url_key(row.url) in new]
        branches = read.branches if self.full else read.branches[: read.lively]
        follow = [*(branches if self.looks == 1 else ()), *self._next(page, read, chain)]
        in_answer = tuple(row for row in rows if row.locator is not None)
        return Taken(self.listed(rows, at, plan), tuple(follow), in_answer)

    def listed(self, rows: Sequence[ListRow], at: datetime, plan: Plan) -> Listed:
        """Rows of the walk, as the archive is told of them. A first walk is walked again until all of it was asked for."""
        told = (
            Row(url=r.url, title=r.title, row_hash=r.row_hash, pinned=r.pinned, aliases=r.aliases,
                context=None if self.first or plan.known(r.url) else context_of(r))
            for r in rows
        )  # fmt: skip
        return Listed(catalogue=self.catalogue, rows=tuple(told), at=at)

    def _next(self, page: PageRequest, read: ListPage, chain: Chain) -> Sequence[PageRequest]:
        if read.next is None:
            # A page that says how many there are and shows none is the list's end: it counts what was withdrawn. But behind a
            # full page a site may show no more than so many: the first 10,000 of a search.
            empty = not read.rows and (read.last_page is not None or read.total is not None)
            full = chain.last_shown >= chain.per_page
            capped = empty and full and (chain.withheld or chain.last_page > page.page)
            chain.end(page.page - capped, plainly=empty and not capped)
            return ()
        if not self.full and chain.quiet >= QUIET_PAGES and not chain.oldest_first:
            return ()
        if not self.full and not read.rows and read.lively is not None:
            return ()  # a list of lists: what is new stands in the newest of them
        if page.page >= MOST_PAGES:
            self.trouble.append(f"more than {MOST_PAGES} pages from {page.url} on")
            return ()
        state = {**read.next.state, "end_unmarked": True} if read.end_unmarked else read.next.state
        return (replace(read.next, state=state),)

    def is_over(self, page: PageRequest, plan: Plan, *, refused: bool = False) -> bool:
        """Whether a page comes behind one that was not full, no number of pages promised it, and all that was listed before has come.

        Then what answers for it says where the list ends. A 下一页 that the last page has as well promises nothing. Of the first
        page pinned rows may stand above a page's own: a few rows less than it has are no end. ``refused``: an interface refuses the
        number itself, as WordPress does (``rest_post_invalid_page_number``): it knows where its list ends.
        """
        chain = self.chains.get(page.chain)
        if page.page == 1 or chain is None or chain.last_page >= page.page:
            return False
        if refused:
            return chain.last_shown > 0
        is_short = 0 < chain.last_shown < chain.per_page * _SHORT_PAGE
        return is_short and not plan.lost_sight(self.catalogue, self.seen_rows)

    def not_there(self, page: PageRequest, why: str, *, missing: bool) -> Taken:
        """A page could not be had. ``missing``: the site says that there is none.

        Then it is the end where none was promised, and an end to look at again where one was; a first page is trouble.
        """
        if not missing:
            self.trouble.append(why)
            return Taken()
        if page.optional or (page.page > 1 and page.state.get("end_unmarked")):
            if page.chain in self.chains:
                self.chains[page.chain].end(page.page - 1, plainly=False)
            return Taken(follow=(page.otherwise,) if page.otherwise is not None else ())
        chain = self.chains.get(page.chain)
        if page.page == 1 or chain is None:
            self.trouble.append(why)
            return Taken()
        chain.last_page = max(chain.last_page, page.page)
        # behind a page that is not full there is none, whatever the list says
        short = page.page == chain.last_page and 0 < chain.last_shown < chain.per_page
        chain.end(page.page - 1, plainly=short)
        return Taken()

    def look_again(self, plan: Plan, budget: int) -> list[PageRequest]:
        """The chains to walk once more, by their first pages, because a row may have been skipped; none when done.

        ``budget``: requests that may still be made.
        """
        if self.looks == 1:
            self.again = self._doubtful(plan)
        elif not self.new_in_look:
            self.again = set()
        elif self.looks >= MOST_LOOKS:
            self.trouble.append("the list changes faster than it can be walked: new rows at every look")
            self.again = set()
        if not self.again or self.trouble or not self.full:
            return []
        pages = sum(self.chains[name].pages for name in self.again)
        if pages > budget:
            if not self.first or any(self.chains[name].ended for name in self.again):
                told = f"no budget is left to look a second time at {pages} pages that may have moved"
                self.trouble.append(told)
            return []
        if self.first and self.looks == 1:
            self.first_seen = set(self.seen_rows)
        self.looks += 1
        self.new_in_look = 0
        starts = [self.chains[name].start for name in sorted(self.again)]
        for start in starts:
            self.chains[start.chain] = Chain(start)
        return starts

    def _doubtful(self, plan: Plan) -> set[str]:
        """Chains of which a row may have been skipped."""
        absent = not self.first and plan.lost_sight(self.catalogue, self.seen_rows)
        return {
            name
            for name, chain in self.chains.items()
            if chain.ended is not None
            or chain.shrank
            or (chain.pages > 1 and not chain.proven and (self.first or absent))
        }

    def pages_of(self, known: KnownCatalogue | None) -> int:
        """How many requests the whole catalogue will take: as many pages as it had, or says that it has."""
        size = max((chain.per_page for chain in self.chains.values()), default=0)
        rows = known.last_full_walk_rows if known and known.last_full_walk_rows else 0
        told = sum(max(chain.last_page, chain.pages) for chain in self.chains.values())
        return max(-(-rows // max(size, 1)), told) + 1

    def end(self, known: KnownCatalogue | None, asked_full: bool, at: datetime) -> WalkEnd:
        """The walk as a whole. ``known``: the catalogue as the archive has it; ``asked_full``: a person wants it so."""
        before = known.last_full_walk_rows if known else None
        if self.full and not asked_full and before and self.rows < before * 0.8 and not self.trouble:
            # A chain whose end is unmarked, or a site that serves less: not the catalogue that we know.
            self.trouble.append(
                f"only {self.rows} rows; the last full walk had {before}: if that is right, collect once with --full"
            )
        if self.full and len(self.chains) > 1 and not any(map(Chain.says_something, self.chains.values())):
            self.trouble.append(f"no rows were found in the {len(self.chains) - 1} lists that it leads to")
        lies = self._judge_ends()
        self._tell_elsewhere()
        reasons = [*self.trouble, *self.cut, *self._unaddressed()]
        cut = lies or self.newest_only or bool(self.cut and not self.unmet)
        return WalkEnd(
            catalogue=self.catalogue, full=self.full, complete=not reasons, pages=self.pages, rows=self.rows,
            reason="; ".join(reasons[:3]) or None, at=at, cut=cut and not self.trouble,
        )  # fmt: skip

    def judge_window(self, known: KnownCatalogue | None, plan: Plan) -> None:
        """Whether the list shows its newest rows only, 500 or a page of them: what falls off its end was not taken out.

        It is as long as before, full pages or a round number of rows, and all that it lost is at least as old as its oldest row.
        """
        before = known.last_full_walk_rows if known else None
        if not self.full or self.first or not before or self.rows < before or len(self.chains) != 1:
            return
        (chain,) = self.chains.values()
        oldest = chain.oldest
        bounded = chain.last_shown == chain.per_page or self.rows % _ROUND == 0
        if oldest is None or chain.oldest_first or not bounded:
            return
        lost = plan.days_of_lost(self.catalogue, self.seen_rows)
        self.newest_only = bool(lost) and all(day is not None and day <= oldest for day in lost)

    def _judge_ends(self) -> bool:
        """What to make of chains that end before they say. Whether some only promise more than they have."""
        lies = False
        for chain in self.chains.values():
            if chain.ended is not None:
                told = f"the list says it has {chain.last_page} pages, and ends at page {chain.ended}"
            elif chain.stuck and chain.per_page >= FULL_PAGE:
                told = f"page 2 shows the {chain.per_page} rows of page 1 again: whether the list has more cannot be told"
            elif chain.creeping >= _FEWEST_CREEPING:
                told = (
                    "each page shows most of the rows of the page before again: does what is sent count rows (`by: offset`),"
                    " not pages?"
                )
            elif self.full and chain.withheld and chain.pages >= chain.last_page:
                way = "narrow the catalogue (by year, by channel) to see the others"
                if chain.pages <= 1:
                    way = "no way to the others was found"
                told = f"the list says it has {chain.total} rows, and shows {chain.shown}: {way}"
            else:
                continue
            if chain.ended is not None and chain.ended_plainly:
                lies = True
                self._problem("list_says_more", f"{told}; there is nothing beyond", chain)
            else:
                self.cut.append(told)
                self._problem("list_cut_off", told, chain)
        return lies

    def _unaddressed(self) -> list[str]:
        """What to say of rows without addresses, where they are more than a few that a site left so."""
        lost = []
        for chain in self.chains.values():
            if not chain.unaddressed:
                continue
            told = f"{chain.unaddressed} of {chain.shown} rows have no address where the others have theirs"
            self._problem("rows_without_address", told, chain)
            if chain.unaddressed > chain.shown * _FEW_UNADDRESSED:
                lost.append(f"{told}: what does the site make of them? See `url_otherwise`")
        return lost

    def _problem(self, code: str, message: str, chain: Chain) -> None:
        self.problems.append(
            Problem(code=code, message=message, severity=Severity.WARNING, url=chain.start.url)
        )

    def _tell_elsewhere(self) -> None:
        for host, count in self.elsewhere.most_common(5):
            message = f"{count} rows of {self.catalogue} lead to {host}: name it under `hosts`, if they are the site's"
            self.problems.append(
                Problem(code="rows_elsewhere", message=message, severity=Severity.INFO, value=host)
            )

    def judge_addresses(self, plan: Plan) -> None:
        """Whether the addresses of documents differ from those of the last walk, or look, in one parameter.

        Then they are the known documents, and none of them is asked for as a new one: a person has to say which it is.
        """
        before, now = self.first_seen, self.seen_rows
        name = (
            seems_changed(before, now - before) if self.first else plan.changed_parameter(self.catalogue, now)
        )
        if name is None:
            return
        plan.pass_over(self.catalogue, self.seen_rows, name, first=self.first)
        message = (
            f"the documents of {self.catalogue} are listed at addresses that differ at every look in {name!r}:"
            f" name it under `visit_parameters`; until then they are not taken for new ones"
        )
        self.trouble.append(message)
        self.problems.append(
            Problem(code="addresses_change", message=message, severity=Severity.WARNING, value=name)
        )

    def _is_wanted(self, row: ListRow, catalogue: Catalogue) -> bool:
        """Whether a row leads to a document of the site, and its catalogue's patterns take it."""
        if any(re.search(p, row.url) for p in catalogue.exclude):
            return False
        if catalogue.include and not any(re.search(p, row.url) for p in catalogue.include):
            return False
        if any(same_host(address, row.url) for address in (catalogue.url, *self.hosts)):
            return True
        self.elsewhere[urlsplit(row.url).hostname or ""] += self.looks == 1
        return False
