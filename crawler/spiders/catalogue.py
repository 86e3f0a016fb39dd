"""The spider: catalogue → document → attachment. It fetches and accounts; it understands nothing itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import scrapy

from archive.batch import MISSING, Fetch, Found, Known, Outcome, Role, Source
from archive.model import Attachment, Extraction, Problem, Severity
from crawler import outcomes
from crawler.answers import CONDITIONAL, HOSTS, Answer
from crawler.batcher import Batcher
from crawler.extract.body.further_pages import FurtherPage
from crawler.extract.fields import FieldBook
from crawler.extract.page import extractor_revision
from crawler.fetching_files import PendingFiles, ending_of
from crawler.fetching_pages import PendingParts
from crawler.lists.records import read_json
from crawler.lists.visit_parameters import without_visit
from crawler.middlewares.file_text import KNOWN, MAY_BE_FILE, NAME
from crawler.misplaced import ListPages
from crawler.plan import Plan, wants_full_walk
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, ListRow, PageRequest
from crawler.recognise import mistaken_choice
from crawler.row_context import context_of, extract_row, extract_with_context, found_of, judged
from crawler.sites import Catalogue, Site
from crawler.spiders.accounting import UNREAD, AccountingSpider, Requests
from crawler.spiders.unseen import Unseen
from crawler.walk import Taken, Walk
from crawler.wire import Job

_BEHIND = (400, 500)  # what some sites answer for a page behind the last one
_THERE = ("present", "unlisted")  # states of a document whose page was there when it was last asked for


class CatalogueSpider(AccountingSpider):
    """Collects one site as its job says."""

    name = "catalogue"

    def __init__(self, *, job: Job, site: Site, book: FieldBook, batcher: Batcher, **kwargs: Any) -> None:
        super().__init__(job=job, batcher=batcher, **kwargs)
        self._site, self._book = site, book
        self._platform = platform_of(site.platform)
        self._rules = site.rules()
        self._revision = extractor_revision(book, self._rules)
        self._plan = Plan(job.known, job.started_at, job.resumes_from, job.files, job.unread)
        self._file_hosts = frozenset(site.attachment_hosts)
        self._hosts = frozenset(urlsplit(address).hostname or "" for address in site.addresses())
        self._walks: dict[str, Walk] = {}
        self._catalogues: dict[str, Catalogue] = {c.key: c for c in site.catalogues}
        self._known = {c.key: c for c in job.catalogues}  # what the archive knows of them
        self._lists = ListPages()
        self._documents: Iterator[tuple[str, ListRow | None, Known | None]] | None = None
        self._window = 2 * (site.pace.concurrency or 1) + 2
        self._feeding = False
        self._unseen = Unseen()
        self._gone_from: set[str] = set()  # catalogues that list a document whose page is gone

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The first page of every catalogue."""
        requests: list[scrapy.Request] = []
        for catalogue in self._site.catalogues:
            before = self._known.get(catalogue.key)
            full = wants_full_walk(before, self._job.started_at, self._job.full)
            first = before is None or not before.first_walk_ended
            walk = Walk(catalogue.key, full, first, self._site.addresses())
            walk.unmet = first and not any(catalogue.key in one.catalogues for one in self._job.known)
            self._walks[catalogue.key] = walk
            requests.extend(self._ask_page(catalogue, self._platform.start(catalogue, self._site)))
        for request in requests:
            yield request
        if not requests:
            for request in self._next_documents():
                yield request

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: whatever was scheduled and got no outcome gets one now."""
        self._close_open(reason)
        for walk in self._walks.values():
            if walk.open_requests:
                walk.trouble.append("the collection ended during the walk")
                walk.open_requests = 0
                self._end_walk(walk)

    def why_incomplete(self) -> tuple[str, ...]:
        """What was not seen of the site beside what each address answered."""
        return (*super().why_incomplete(), *self._unseen.why())

    # -- catalogues --------------------------------------------------------------------------------------

    def _ask_page(self, catalogue: Catalogue, page: PageRequest) -> Requests:
        self._walks[catalogue.key].open_requests += 1
        done = partial(self._page_done, catalogue=catalogue, page=page)
        headers = dict(page.headers)
        if page.method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        yield from self._ask(
            page.url, Role.LIST, done, priority=100, method=page.method, body=page.body, headers=headers
        )

    def _page_done(self, answer: Answer, *, catalogue: Catalogue, page: PageRequest) -> Requests:
        walk = self._walks[catalogue.key]
        walk.open_requests -= 1
        beyond = answer.fetch.status in _BEHIND and walk.is_over(page, self._plan, refused=answer.refuses)
        fetch = outcomes.of_list_page(answer.fetch, optional=page.optional or beyond)
        read: ListPage | None = None
        nothing_yet = not walk.rows
        if fetch.outcome is Outcome.OK:
            read, taken = self._take_page(walk, answer, page, catalogue)
        else:
            why = f"page {page.url}: {fetch.outcome.value}" + (f" ({fetch.detail})" if fetch.detail else "")
            taken = walk.not_there(page, why, missing=fetch.outcome in MISSING)
        self._account(fetch, listed=taken.listed)
        if nothing_yet and page.url == catalogue.url:
            walk.looked = True
            self._question_choice(walk, answer, catalogue, read)
        yield from self._take_records(walk, taken.in_answer, answer)
        for following in taken.follow:
            yield from self._ask_page(catalogue, following)
        if nothing_yet and not taken.follow and not (read and (read.rows or read.branches)):
            yield from self._look_at_catalogue(walk, catalogue, fetch)
        yield from self._after_page(walk, catalogue)

    def _question_choice(
        self, walk: Walk, answer: Answer, catalogue: Catalogue, read: ListPage | None
    ) -> None:
        """Say so where the catalogue's page looks like another platform's; the walk may be incomplete for it."""
        if answer.decoded is None or answer.fetch.outcome is not Outcome.OK:
            return
        text, url = answer.decoded.text, answer.fetch.final_url or answer.fetch.url
        doubt = self._guarded(url, lambda: mistaken_choice(text, url, self._site.platform, catalogue, read))
        if doubt is not None:
            said, severity = doubt
            if severity is Severity.ERROR:
                walk.trouble.insert(0, f"{url}: {said}")
            self._batcher.problem(Problem(code="wrong_platform", message=said, severity=severity, url=url))

    def _look_at_catalogue(self, walk: Walk, catalogue: Catalogue, failed: Fetch) -> Requests:
        """Where a platform's own addresses do not answer as they should: the page that a person sees, once."""
        if walk.looked or failed.status is None or failed.outcome is Outcome.BLOCKED:
            return
        walk.looked = True
        walk.open_requests += 1

        def done(answer: Answer) -> Requests:
            walk.open_requests -= 1
            self._question_choice(walk, answer, catalogue, None)
            self._account(answer.fetch)
            yield from self._after_page(walk, catalogue)

        yield from self._ask(catalogue.url, Role.LIST, done, priority=100)

    def _after_page(self, walk: Walk, catalogue: Catalogue) -> Requests:
        if walk.open_requests == 0:
            for start in walk.look_again(self._plan, self._left_for_lists()):
                yield from self._ask_page(catalogue, start)
        if walk.open_requests == 0:
            self._end_walk(walk)
        if all(w.open_requests == 0 for w in self._walks.values()):
            yield from self._next_documents()

    def _take_page(
        self, walk: Walk, answer: Answer, page: PageRequest, catalogue: Catalogue
    ) -> tuple[ListPage | None, Taken]:
        try:
            read = self._guarded(page.url, lambda: self._read_list(answer, page, catalogue))
            if read is None:
                raise ListError(f"{page.url}: {UNREAD}")
            self._lists.add(answer.fetch)
            return read, walk.take(page, read, catalogue, self._plan, answer.fetch.at)
        except ListError as error:
            ended = page.optional or walk.is_over(page, self._plan)
            if not ended:
                self._batcher.problem(
                    Problem(code="unreadable_list", message=str(error), severity=Severity.ERROR, url=page.url)
                )
            return None, walk.not_there(page, str(error), missing=ended)

    def _take_records(self, walk: Walk, rows: Sequence[ListRow], answer: Answer) -> Requests:
        """Documents that exist only in an answer. Their attachments are looked at when the row is new, and in full walks."""
        fetch = answer.fetch
        if not rows or fetch.capture is None:
            return
        value = read_json(answer.body, answer.content_type, fetch.url)
        for row in rows:
            locator = row.locator or ""
            read = partial(extract_row, value, locator, row.url, self._book, self._rules)
            extraction = self._guarded(row.url, read)
            if extraction is None:
                continue
            source = Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.API, locator=locator)
            found = found_of(extraction, source, row.url, row, context_of(row), fetch.at, self._revision)
            if found is None:
                self._note(extraction, row.url)
                continue
            look = walk.full or not self._plan.is_quiet(row)
            files = PendingFiles(found, self._file_hosts)
            if look and files.wanted:
                yield from self._ask_files(files)
            else:
                self._batcher.add(found=files.found)

    def _read_list(self, answer: Answer, page: PageRequest, catalogue: Catalogue) -> ListPage:
        read = self._platform.parse_list(
            answer.body, answer.fetch.final_url or page.url, answer.content_type, page, catalogue
        )
        read = without_visit(read, catalogue.visit_parameters)
        return replace(read, rows=self._plan.with_kept_days(read.rows))

    def _end_walk(self, walk: Walk) -> None:
        known = self._known.get(walk.catalogue)
        walk.judge_window(known, self._plan)
        asked = self._job.full  # by a person
        if walk.full and not asked and (lost := self._plan.lacks_newest(walk.catalogue, walk.seen_rows)):
            walk.trouble.append(
                f"the list lacks its {lost} newest documents, which are there, as an old one would:"
                " if that is right, collect once with --full"
            )
        if rows := self._plan.at_other_hosts(walk.seen_rows):
            self._batcher.add(listed=walk.listed(rows, self._now(), self._plan))
        walk.judge_addresses(self._plan)
        end = walk.end(known, asked, self._now())
        if end.full and end.complete and not end.cut:
            self._plan.walked(walk.catalogue)
        self._batcher.walk_ended(end)
        for problem in walk.problems:
            self._batcher.problem(problem)

    # -- documents ---------------------------------------------------------------------------------------

    def _next_documents(self) -> Requests:
        """Keep a small window of documents asked for, so that memory does not grow with the site."""
        if any(walk.open_requests for walk in self._walks.values()):
            return  # what the lists say comes first
        if self._feeding:
            return  # called from within itself: an address that was skipped or refused at once
        self._feeding = True
        try:
            if self._documents is None:
                self._documents = self._plan.documents()
            while self._in_flight < self._window:
                following = next(self._documents, None)
                if following is None:
                    if not self._in_flight:
                        yield from self._look_for_moved()
                    return
                url, row, known = following
                if known is not None and self._is_closed(url):
                    continue  # a failure of each known document would say nothing new, and use up the day's budget
                if self._spent() >= self._job.budget and row is None:
                    return  # known documents beyond the budget wait for another day; that is as planned
                yield from self._ask_document(url, row, known)
        finally:
            self._feeding = False

    def _look_for_moved(self) -> Requests:
        """A page that is gone may be listed at another address, beyond the pages at which a short walk ended."""
        keys = [
            key for key in sorted(self._gone_from) if key in self._catalogues and not self._walks[key].full
        ]
        self._gone_from.clear()
        for key in keys:
            if self._walks[key].pages_of(self._known.get(key)) > self._left_for_lists():
                continue  # its absence is told when a walk has been possible
            self._documents = None
            self._walks[key] = Walk(key, full=True, hosts=self._site.addresses())
            start = self._platform.start(self._catalogues[key], self._site)
            yield from self._ask_page(self._catalogues[key], start)

    def _ask_document(self, url: str, row: ListRow | None, known: Known | None) -> Requests:
        headers = self._plan.conditional_headers(known, row, self._revision)
        done = partial(self._document_done, row=row, known=known)
        yield from self._ask(
            url, Role.PAGE, done, headers=headers, priority=10,
            meta={CONDITIONAL: bool(headers), MAY_BE_FILE: True},
        )  # fmt: skip

    def _document_done(self, answer: Answer, *, row: ListRow | None, known: Known | None) -> Requests:
        fetch, found = answer.fetch, None
        if fetch.outcome is Outcome.OK and fetch.capture is not None:
            context = context_of(row) or (known.context if known else None)
            extraction = self._guarded(fetch.url, lambda: self._read_document(answer, context))
            if extraction is None:
                fetch = replace(fetch, outcome=Outcome.FAILED, detail=UNREAD)
            elif (instead := self._lists.instead(answer, extraction, row, context)) is not None:
                fetch = replace(fetch, outcome=Outcome.FAILED, detail=instead, capture=None)
            elif extraction.further:
                self._unseen.note(fetch)
                yield from self._ask_parts(answer, extraction, row, context)
                return
            else:
                fetch, found = self._judged(fetch, extraction, row, context)
        self._unseen.note(fetch)
        if fetch.outcome in MISSING and known is not None and known.status in _THERE:
            self._gone_from.update(known.catalogues)
        yield from self._settle(fetch, found, answer)

    def _judged(
        self, fetch: Fetch, extraction: Extraction, row: ListRow | None, context: str | None
    ) -> tuple[Fetch, Found | None]:
        fetch, found = judged(fetch, extraction, row, context, self._revision)
        if found is None:
            self._note(extraction, fetch.url)
        return fetch, found

    def _note(self, extraction: Extraction, url: str) -> None:
        """Problems of a page that gave no document: they stand in no record, and must say which page it was."""
        for problem in extraction.problems:
            self._batcher.problem(replace(problem, url=problem.url or url))

    def _settle(self, fetch: Fetch, found: Found | None, answer: Answer | None = None) -> Requests:
        """The outcome of a document's page, and the document, or what there is to ask for before it is complete."""
        files = PendingFiles(found, self._file_hosts) if found else None
        if files is not None and answer is not None:
            files.take_page(answer)
        if files is None or not files.wanted:
            self._account(fetch, found=files.found if files else None)
        else:
            self._account(fetch)
            yield from self._ask_files(files)
        yield from self._next_documents()

    def _ask_parts(
        self, answer: Answer, extraction: Extraction, row: ListRow | None, context: str | None
    ) -> Requests:
        """The further pages of a text before the document: half a text is none."""
        url = answer.fetch.url

        def read(pages: Sequence[FurtherPage]) -> Extraction | None:
            return self._guarded(url, lambda: self._read_document(answer, context, pages))

        parts = PendingParts(answer, extraction, read)

        def ask(addresses: Sequence[str]) -> Requests:
            for address in addresses:
                yield from self._ask(address, Role.PART, done, priority=50)

        def done(part: Answer) -> Requests:
            self._account(part.fetch)
            if not parts.take(part):
                return
            if more := parts.wanted():
                yield from ask(more)
                return
            fetch, found = parts.fetch, None
            if parts.extraction is None:
                fetch = replace(fetch, outcome=Outcome.FAILED, detail=UNREAD)
            elif fetch.outcome is Outcome.OK:
                fetch, found = self._judged(fetch, parts.extraction, row, context)
            yield from self._settle(fetch, parts.complete(found))

        yield from ask(parts.wanted())
        yield from self._next_documents()

    def _ask_files(self, files: PendingFiles) -> Requests:
        for index, attachment in files.wanted:
            yield from self._ask_file(files, index, attachment)

    def _ask_file(self, files: PendingFiles, index: int, attachment: Attachment) -> Requests:
        headers = self._plan.file_headers(attachment.url)
        meta = {
            CONDITIONAL: bool(headers), NAME: ending_of(attachment), HOSTS: self._file_hosts,
            KNOWN: self._plan.known_file(attachment.url, self._revision),
        }  # fmt: skip
        done = partial(self._file_done, files=files, index=index)
        yield from self._ask(attachment.url, Role.ATTACHMENT, done, headers=headers, priority=50, meta=meta)

    def _file_done(self, answer: Answer, *, files: PendingFiles, index: int) -> Requests:
        known = self._plan.had_file(answer.fetch.url)
        fetch = self._guarded(answer.fetch.url, lambda: files.take(index, answer, known))
        self._account(
            fetch or replace(answer.fetch, outcome=Outcome.FAILED, capture=None, detail=UNREAD),
            found=files.found,
        )
        yield from self._next_documents()

    def _read_document(
        self, answer: Answer, context: str | None, further: Sequence[FurtherPage] = ()
    ) -> Extraction:
        return extract_with_context(
            answer.body, answer.fetch.url, answer.content_type, context, self._book, self._rules, answer.decoded,
            classified=not answer.shell, further=further, answered=answer.answered,
        )  # fmt: skip
