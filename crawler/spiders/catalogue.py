"""The spider: catalogue → document → attachment. It fetches and accounts; it understands nothing itself."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import scrapy
from cryptography.hazmat.primitives.serialization import Encoding
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from archive.batch import Fetch, Found, Listed, Outcome, Role, Row, Source, WalkEnd
from archive.identity import url_key
from archive.model import Attachment, AttachmentState, Extraction, PageKind, Problem, Severity
from crawler import outcomes
from crawler.batcher import Batcher
from crawler.extract import blockpage, charset
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page, extractor_revision
from crawler.extract.rules import ExtractionRules
from crawler.middlewares.capture import BROKEN, WIRE
from crawler.plan import QUIET_PAGES, Plan, Walk, wants_full_walk
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, ListRow, PageRequest
from crawler.sites import Catalogue, Site
from crawler.wire import Job

MOST_PAGES = 5_000  # of one chain; more is a trap
MOST_ATTACHMENTS = 50  # of one document
Requests = Iterator[scrapy.Request]


class _Waiting:
    """A document whose attachments are being fetched."""

    def __init__(self, found: Found, left: int) -> None:
        self.found = found
        self.left = left
        self.attachments = (
            list(found.extraction.disclosure.attachments) if found.extraction.disclosure else []
        )
        self.sources: list[Source] = []


class CatalogueSpider(scrapy.Spider):
    """Collects one site as its job says."""

    name = "catalogue"

    def __init__(self, *, job: Job, site: Site, book: FieldBook, batcher: Batcher, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._job, self._site, self._book, self._batcher = job, site, book, batcher
        self._platform = platform_of(site.platform)
        self._rules = ExtractionRules(
            body=site.extract.body, remove=site.extract.remove, labels=site.extract.labels
        )
        self._revision = extractor_revision(book, self._rules)
        self._plan = Plan(job.known, job.started_at)
        self._budget = job.budget
        self._walks: dict[str, Walk] = {}
        self._catalogues: dict[str, Catalogue] = {c.key: c for c in site.catalogues}
        self._documents: Iterator[tuple[str, ListRow | None, Any]] | None = None
        self._window = 2 * (site.pace.concurrency or 1) + 2
        self._in_flight = 0
        self._feeding = False

    def _now(self) -> datetime:
        return datetime.now(UTC)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The first page of every catalogue."""
        if self._job.only is not None:
            for request in self._ask(self._job.only, Role.PAGE, self._only_done):
                yield request
            return
        known = {c.key: c for c in self._job.catalogues}
        requests: list[scrapy.Request] = []
        for catalogue in self._site.catalogues:
            full = wants_full_walk(known.get(catalogue.key), self._job.started_at, self._job.full)
            self._walks[catalogue.key] = Walk(catalogue.key, full)
            requests.extend(self._ask_page(catalogue, self._platform.start(catalogue, self._site)))
        for request in requests:
            yield request
        if not requests:
            for request in self._next_documents():
                yield request

    def _only_done(self, fetch: Fetch, response: Response | None) -> Requests:
        self._batcher.add(fetch=fetch)
        return iter(())

    # -- asking ------------------------------------------------------------------------------------------

    def _ask(self, url: str, role: Role, done: Callable[..., Requests], **options: Any) -> Requests:
        """One scheduled URL: exactly one outcome follows, whatever happens."""
        if self._budget <= 0:
            fetch = Fetch(
                url=url, role=role, outcome=Outcome.SKIPPED, at=self._now(), detail="the budget is used up"
            )
            yield from done(fetch, None)
            return
        self._budget -= 1
        headers = options.pop("headers", {})
        meta = options.pop("meta", {})
        try:
            request = scrapy.Request(
                url,
                headers=headers,
                callback=partial(self._answered, done=done, role=role, url=url),
                errback=partial(self._failed, done=done, role=role, url=url),
                meta=meta,
                **options,
            )
        except ValueError as error:
            fetch = Fetch(url=url, role=role, outcome=Outcome.REFUSED, at=self._now(), detail=str(error))
            yield from done(fetch, None)
            return
        self._in_flight += 1
        yield request

    def _answered(
        self, response: Response, *, done: Callable[..., Requests], role: Role, url: str
    ) -> Requests:
        self._in_flight -= 1
        fetch = self._fetch(response, role, url)
        yield from done(fetch, response)

    def _failed(self, failure: Failure, *, done: Callable[..., Requests], role: Role, url: str) -> Requests:
        self._in_flight -= 1
        outcome, detail = outcomes.of_failure(failure.value or failure)
        yield from done(Fetch(url=url, role=role, outcome=outcome, at=self._now(), detail=detail), None)

    def _fetch(self, response: Response, role: Role, url: str) -> Fetch:
        """The outcome of an answer, with its capture when it is one."""
        meta = response.request.meta if response.request else {}
        headers = header_texts(response.headers)
        conditional = bool(meta.get("gongkai_conditional"))
        fetch = Fetch(
            url=url, role=role, outcome=Outcome.OK, at=self._now(), status=response.status, final_url=response.url,
            etag=headers.get("Etag"), last_modified=headers.get("Last-Modified"), unconditional=not conditional,
        )  # fmt: skip
        verdict = outcomes.of_status(response.status)
        if verdict is None and (broken := meta.get(BROKEN)):
            verdict = (Outcome.FAILED, broken)
        if verdict is None and not outcomes.same_host(url, response.url):
            verdict = (Outcome.FAILED, f"led to another site: {response.url}")
        if verdict is None and role is Role.PAGE and outcomes.led_home(url, response.url):
            verdict = (Outcome.REDIRECTED_HOME, f"led to {response.url}")
        if verdict is None and role is not Role.ATTACHMENT:
            content_type = headers.get("Content-Type")
            text = charset.decode(response.body, content_type).text
            verdict = outcomes.of_page_kind(blockpage.classify(response.status, headers, text, response.url))
            if role in (Role.LIST, Role.API) and verdict and verdict[0] is Outcome.FAILED:
                verdict = None  # a short JSON answer is no empty shell
        if verdict is not None:
            return replace(fetch, outcome=verdict[0], detail=verdict[1])
        certificate = der_of(response.certificate)
        capture = outcomes.capture_of(
            response.body, response.status, tuple(headers.items()), wire=meta.get(WIRE),
            redirects=tuple(meta.get("redirect_urls", ())),
            request_headers=header_texts(response.request.headers) if response.request else {},
            ip=str(response.ip_address) if response.ip_address else None,
            certificate=certificate,
        )  # fmt: skip
        return replace(fetch, capture=capture)

    # -- catalogues --------------------------------------------------------------------------------------

    def _ask_page(self, catalogue: Catalogue, page: PageRequest) -> Requests:
        walk = self._walks[catalogue.key]
        walk.open_requests += 1
        done = partial(self._page_done, catalogue=catalogue, page=page)
        headers = dict(page.headers)
        if page.method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        yield from self._ask(
            page.url, Role.LIST, done, priority=100, method=page.method, body=page.body, headers=headers
        )

    def _page_done(
        self, fetch: Fetch, response: Response | None, *, catalogue: Catalogue, page: PageRequest
    ) -> Requests:
        walk = self._walks[catalogue.key]
        walk.open_requests -= 1
        follow: list[PageRequest] = []
        listed: Listed | None = None
        if fetch.outcome is not Outcome.OK or response is None:
            if not (fetch.outcome is Outcome.GONE and page.page > 1 and page.state.get("end_unmarked")):
                walk.trouble.append(
                    f"page {page.url}: {fetch.outcome.value}" + (f" ({fetch.detail})" if fetch.detail else "")
                )
        else:
            try:
                read = self._platform.parse_list(
                    response.body, response.url, fetch_content_type(response), page, catalogue
                )
                listed, follow = self._take(walk, catalogue, page, read, fetch.at)
            except ListError as error:
                walk.trouble.append(str(error))
                self._batcher.problem(
                    Problem(code="unreadable_list", message=str(error), severity=Severity.ERROR, url=page.url)
                )
        self._batcher.add(fetch=fetch, listed=listed)
        for following in follow:
            yield from self._ask_page(catalogue, following)
        if walk.open_requests == 0:
            self._end_walk(walk)
        if all(w.open_requests == 0 for w in self._walks.values()):
            yield from self._next_documents()

    def _take(
        self, walk: Walk, catalogue: Catalogue, page: PageRequest, read: ListPage, at: datetime
    ) -> tuple[Listed | None, list[PageRequest]]:
        walk.pages += 1
        rows = [row for row in read.rows if self._wanted(row, catalogue)]
        keys = frozenset(url_key(row.url) for row in read.rows)
        if read.last_page is not None:
            walk.last_pages[page.chain] = max(read.last_page, walk.last_pages.get(page.chain, 0))
        if keys and walk.is_loop(page.chain, keys):
            walk.chain_ended(page.chain, page.page)
            return None, []  # the site shows an earlier page again: this was the end
        walk.rows += len({url_key(row.url) for row in rows} - walk.seen_rows)
        walk.seen_rows |= {url_key(row.url) for row in rows}
        quiet = all(row.pinned or self._plan.is_quiet(row) for row in rows)
        if any(not row.pinned for row in rows):  # pinned rows say nothing either way
            walk.quiet[page.chain] = walk.quiet.get(page.chain, 0) + 1 if quiet else 0
        for row in rows:
            self._plan.note(row)
        listed = Listed(
            catalogue=walk.catalogue,
            rows=tuple(
                Row(url=r.url, title=r.title, row_hash=r.row_hash, pinned=r.pinned, aliases=r.aliases)
                for r in rows
            ),
            at=at,
        )
        follow = list(read.branches)
        if read.next is None:
            walk.chain_ended(page.chain, page.page)
        if read.next is not None and (walk.full or walk.quiet.get(page.chain, 0) < QUIET_PAGES):
            if page.page >= MOST_PAGES:
                walk.trouble.append(f"more than {MOST_PAGES} pages from {page.url} on")
            else:
                state = {**read.next.state, "end_unmarked": True} if read.end_unmarked else read.next.state
                follow.append(replace(read.next, state=state))
        return listed, follow

    def _wanted(self, row: ListRow, catalogue: Catalogue) -> bool:
        if not outcomes.same_host(catalogue.url, row.url):
            return False
        if any(re.search(p, row.url) for p in catalogue.exclude):
            return False
        return not catalogue.include or any(re.search(p, row.url) for p in catalogue.include)

    def _end_walk(self, walk: Walk) -> None:
        known = {c.key: c for c in self._job.catalogues}.get(walk.catalogue)
        before = known.last_full_walk_rows if known else None
        if walk.full and not self._job.full and before and walk.rows < before * 0.8 and not walk.trouble:
            # A chain whose end is unmarked, or a site that serves less: not the catalogue that we know.
            walk.trouble.append(
                f"only {walk.rows} rows; the last full walk had {before}: if that is right, collect once with --full"
            )
        self._batcher.walk_ended(
            WalkEnd(
                catalogue=walk.catalogue, full=walk.full, complete=not walk.trouble, pages=walk.pages, rows=walk.rows,
                reason="; ".join(walk.trouble[:3]) or None, at=self._now(),
            )
        )  # fmt: skip

    # -- documents ---------------------------------------------------------------------------------------

    def _next_documents(self) -> Requests:
        """Keep a small window of documents asked for, so that memory does not grow with the site."""
        if self._feeding:
            return  # called from within itself: an address that was skipped or refused at once
        self._feeding = True
        try:
            if self._documents is None:
                self._documents = self._plan.documents()
            while self._in_flight < self._window:
                following = next(self._documents, None)
                if following is None:
                    return
                url, row, known = following
                if self._budget <= 0 and row is None:
                    return  # known documents beyond the budget wait for another day; that is as planned
                yield from self._ask_document(url, row, known)
        finally:
            self._feeding = False

    def _ask_document(self, url: str, row: ListRow | None, known: Any) -> Requests:
        headers = self._plan.conditional_headers(known, row, self._revision)
        done = partial(self._document_done, row=row, context=known.context if known else None)
        yield from self._ask(
            url, Role.PAGE, done, headers=headers, priority=10, meta={"gongkai_conditional": bool(headers)}
        )

    def _document_done(
        self, fetch: Fetch, response: Response | None, *, row: ListRow | None, context: str | None
    ) -> Requests:
        found: Found | None = None
        if fetch.outcome is Outcome.OK and response is not None and fetch.capture is not None:
            if row is not None and (row.record or row.hints):
                context = json.dumps({"record": row.record, "hints": dict(row.hints)}, ensure_ascii=False)
            extraction = extract_with_context(
                response.body, fetch.url, fetch_content_type(response), context, self._book, self._rules
            )
            fetch, found = self._judged(fetch, extraction, row, context)
        attachments = list(self._wanted_attachments(found)) if found else []
        if not attachments:
            self._batcher.add(fetch=fetch, found=found)
        else:
            assert found is not None
            self._batcher.add(fetch=fetch)
            waiting = _Waiting(found, len(attachments))
            for index, attachment in attachments:
                done = partial(self._attachment_done, waiting=waiting, index=index)
                yield from self._ask(attachment.url, Role.ATTACHMENT, done, priority=50)
        yield from self._next_documents()

    def _judged(
        self, fetch: Fetch, extraction: Extraction, row: ListRow | None, context: str | None
    ) -> tuple[Fetch, Found | None]:
        """What the extractor says of the page may still make it no document."""
        if (
            extraction.kind is PageKind.DOCUMENT
            and extraction.disclosure is not None
            and fetch.capture is not None
        ):
            source = Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.PAGE)
            return fetch, Found(
                url=fetch.url, aliases=row.aliases if row else (), extraction=extraction, at=fetch.at,
                extractor_revision=self._revision, sources=(source,), row_hash=row.row_hash if row else None,
                context=context,
            )  # fmt: skip
        for problem in extraction.problems:
            self._batcher.problem(problem)
        verdict = outcomes.of_page_kind(extraction.kind)
        if verdict is not None:
            return replace(fetch, outcome=verdict[0], detail=verdict[1], capture=None), None
        return replace(
            fetch, outcome=Outcome.FAILED, detail=f"no record: the page is {extraction.kind.value}"
        ), None

    def _wanted_attachments(self, found: Found) -> Iterator[tuple[int, Attachment]]:
        if found.extraction.disclosure is None:
            return
        for index, attachment in enumerate(found.extraction.disclosure.attachments[:MOST_ATTACHMENTS]):
            if outcomes.same_host(found.url, attachment.url):
                yield index, attachment

    def _attachment_done(
        self, fetch: Fetch, response: Response | None, *, waiting: _Waiting, index: int
    ) -> Requests:
        before = waiting.attachments[index]
        if fetch.outcome is Outcome.OK and fetch.capture is not None and response is not None:
            waiting.attachments[index] = replace(
                before, sha256=fetch.capture.sha256, size=len(fetch.capture.body), state=AttachmentState.FETCHED,
                media_type=(fetch_content_type(response) or "").split(";")[0].strip() or before.media_type,
                text=attachment_text(before, response.body, fetch_content_type(response)),
            )  # fmt: skip
            waiting.sources.append(Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.ATTACHMENT))
        elif fetch.outcome is not Outcome.SKIPPED:
            waiting.attachments[index] = replace(before, state=AttachmentState.FAILED)
        waiting.left -= 1
        found = None
        if waiting.left == 0 and waiting.found.extraction.disclosure is not None:
            disclosure = replace(waiting.found.extraction.disclosure, attachments=tuple(waiting.attachments))
            found = replace(
                waiting.found,
                extraction=replace(waiting.found.extraction, disclosure=disclosure),
                sources=(*waiting.found.sources, *waiting.sources),
            )
        self._batcher.add(fetch=fetch, found=found)
        yield from self._next_documents()


def header_texts(headers: Headers) -> dict[str, str]:
    """Headers as text; bytes beyond ASCII as Latin-1, which loses nothing."""
    return {k.decode("latin-1"): b", ".join(v).decode("latin-1") for k, v in headers.items()}


def der_of(certificate: Any) -> bytes | None:
    """The server's certificate in DER, where there is one (Twisted wraps pyOpenSSL's)."""
    return (
        certificate.original.to_cryptography().public_bytes(Encoding.DER) if certificate is not None else None
    )


def fetch_content_type(response: Response) -> str | None:
    """The Content-Type header as text."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def extract_with_context(
    body: bytes,
    url: str,
    content_type: str | None,
    context: str | None,
    book: FieldBook,
    rules: ExtractionRules,
) -> Extraction:
    """A page with what its catalogue row said, as kept in `addresses.context` for reading it again."""
    given = json.loads(context) if context else {}
    return extract_page(
        body,
        url,
        book=book,
        content_type=content_type,
        rules=rules,
        hints=given.get("hints") or None,
        api_record=given.get("record") or None,
    )


def attachment_text(attachment: Attachment, body: bytes, content_type: str | None) -> str | None:
    """Text of a plain-text attachment; None for other formats."""
    if attachment.url.lower().split("?")[0].endswith((".txt", ".csv")) or (content_type or "").startswith(
        "text/plain"
    ):
        decoded = charset.decode(body, content_type)
        return decoded.text if not decoded.problems else None
    return None
