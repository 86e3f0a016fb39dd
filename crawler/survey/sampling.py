"""Try a catalogue as a collection would: its first pages, and a few of its documents."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from archive.identity import url_key
from archive.model import FIELDS, Extraction, PageKind, Severity
from crawler.extract.fields import FieldBook
from crawler.extract.rules import ExtractionRules
from crawler.lists.places import place_of
from crawler.lists.visit_parameters import changed, may_change, without_visit
from crawler.lists.year_lists import years_of_scripts
from crawler.outcomes import same_host
from crawler.paging import query_value, with_query
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, ListRow, PageRequest, Platform
from crawler.reading import context_of, extract_with_context
from crawler.scripts.objects import PAGE_NAMES
from crawler.scripts.values import scripts_of
from crawler.sites import Catalogue, Site
from crawler.survey.asking import Asker
from crawler.survey.findings import SURE, Finding, Page

_LOG = logging.getLogger(__name__)
_BRANCHES = 3  # chains to try until one has rows
_FULL_PAGE = 10  # rows that look like one page of several
_NAMES_TRIED = 2  # of a parameter for the page's number
_ASK_A_PERSON = (
    "how do you get to the second page? Open it in a browser with the network tab: the address that brings its rows can be given"
    " to `sites add`; what is sent by POST is described with json_api (docs/site-file.md)"
)
_PAGE_NAMES_OF_ANSWERS = (
    "page",
    "pageNo",
    "pageNum",
    "currentPage",
)  # that are tried, where an address states none
_PLACE = "GONGKAI0PAGE"  # stands for a page's number in an address
_PAGE_ENDING = re.compile(r"\.[sj]?html?$")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SampledList:
    """A catalogue that was tried. ``first``: its first page as a person sees it; None where only its proxy was asked."""

    key: str
    name: str | None
    url: str
    options: Mapping[str, Any]
    rows: tuple[ListRow, ...]
    pages: int | None  # as the site says
    paging: Finding
    first: Page | None = None
    visit_parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampledDocument:
    """A document that was tried: the fields that were read, or why there is none."""

    url: str
    title: str | None
    kind: str
    fields: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    detail: str = ""
    issuing_body: str | None = None
    page: Page | None = field(default=None, compare=False)

    @property
    def read(self) -> bool:
        """Whether it gave a record with a title and something to read."""
        return "title" in self.fields and ("body_text" in self.fields or "attachments" in self.fields)


class UnfitError(Exception):
    """A catalogue cannot be read as the platform would; the message says why."""


def guarded(url: str, read: Callable[[], T]) -> T:
    """What ``read`` makes of a page. Raises UnfitError for whatever a page does to a parser: it must not end the look."""
    try:
        return read()
    except ListError as error:
        raise UnfitError(str(error)) from error
    except ValidationError as error:
        raise UnfitError(f"{url}: {error.errors()[0]['msg']}") from error
    except Exception as error:  # the boundary of one page, as in a collection
        _LOG.debug("%s could not be read", url, exc_info=True)
        raise UnfitError(
            f"{url}: gongkai failed to read it: {type(error).__name__}: {error}"[:300]
        ) from error


def sample_list(
    asker: Asker,
    platform_name: str,
    key: str,
    name: str | None,
    url: str,
    options: Mapping[str, Any],
    *,
    marked: bool,
) -> SampledList:
    """The first page with rows, and the one after it. ``marked``: the page carries marks of this platform alone, so that
    an end which the platform sees is one. Raises UnfitError where the first pages cannot be read."""
    platform = platform_of(platform_name)
    catalogue = guarded(url, partial(_catalogue, platform, key, name, url, options))
    start = guarded(url, partial(platform.start, catalogue, _site(platform, catalogue)))
    request, read, first = _first_rows(asker, platform, catalogue, start)
    changing = _changing(asker, platform, catalogue, request, read)
    if changing:
        catalogue = catalogue.model_copy(update={"visit_parameters": changing})
        read = without_visit(read, changing)
    if read.next is None and read.last_page != 1 and "pages" in platform.options.model_fields:
        numbered = _probe_numbers(asker, platform, catalogue, request, read)
        if numbered is not None:
            catalogue = numbered
            read = _read(asker, platform, catalogue, request)
    if (catalogue.options.get("paging") or {}).get("by") == "offset" and read.next is not None:
        catalogue = _counted(asker, platform, catalogue, read)
        read = _read(asker, platform, catalogue, request)
    if "rows" in catalogue.options and read.next is None and (read.total or 0) > len(read.rows):
        catalogue = _page_named(asker, platform, catalogue, read) or catalogue
        read = _read(asker, platform, catalogue, platform.start(catalogue, _site(platform, catalogue)))
    rows, paging = _second_page(asker, platform, catalogue, read, marked)
    if not read.branches and not marked:
        paging = _doubted(paging, first, (*read.rows, *rows))
    if changing is None:
        look = "the addresses of its documents change at every visit, in what cannot be told: each run would take all for new"
        paging = replace(paging, certainty=min(paging.certainty, 0.2), look=(*paging.look, look))
    return SampledList(
        key, name, url, catalogue.options, (*read.rows, *rows), read.last_page, paging, first, changing or ()
    )


def _changing(
    asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest, read: ListPage
) -> tuple[str, ...] | None:
    """Parameters of the rows' addresses that change at every visit; None where addresses change in something else."""
    page = asker.again(request) if may_change(read.rows) else None
    if page is None:
        return ()
    parse = partial(platform.parse_list, page.body, page.url, page.content_type, request, catalogue)
    try:
        return changed(read.rows, guarded(request.url, parse).rows)
    except UnfitError:
        return ()


def _catalogue(
    platform: Platform, key: str, name: str | None, url: str, options: Mapping[str, Any]
) -> Catalogue:
    platform.options.model_validate(options)
    return Catalogue(key=key, name=name, url=url, options=dict(options))


def _site(platform: Platform, catalogue: Catalogue) -> Site:
    return Site(
        site="draft", name="draft", url=catalogue.url, platform=platform.name, catalogues=(catalogue,)
    )


def _read(asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest) -> ListPage:
    page = asker.page(request)
    if page is None:
        last = asker.steps[-1] if asker.steps else None
        why = f"{last.outcome} {last.detail}".strip() if last and asker.left else "no request is left"
        raise UnfitError(f"{request.url}: {why}")
    parse = partial(platform.parse_list, page.body, page.url, page.content_type, request, catalogue)
    return without_visit(guarded(request.url, parse), catalogue.visit_parameters)


def _first_rows(
    asker: Asker, platform: Platform, catalogue: Catalogue, start: PageRequest
) -> tuple[PageRequest, ListPage, Page | None]:
    read = _read(asker, platform, catalogue, start)
    first = asker.page(start)
    request, waiting = start, list(read.branches)[:_BRANCHES]
    while not read.rows and waiting:
        request = waiting.pop(0)
        read = _read(asker, platform, catalogue, request)
    return request, read, first


def _second_page(
    asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage, marked: bool
) -> tuple[tuple[ListRow, ...], Finding]:
    """The rows that the second page adds, and how sure the paging is."""
    known = {url_key(row.url) for row in read.rows}
    if read.next is None:
        if not read.rows:
            return (), Finding("paging", "nothing listed", 0.4, ("the catalogue lists nothing today",))
        if read.last_page == 1:
            return (), Finding("paging", "one page", 0.92, ("the site says that there is one page",))
        if read.last_page:
            why = f"the site says that there are {read.last_page} pages, and no way leads on from the first"
            return (), Finding("paging", "unknown", 0.1, (why,), (_ASK_A_PERSON,))
        if read.total is not None and read.total > len(read.rows):
            why = f"the site says that there are {read.total} rows, and no way leads on from the first {len(read.rows)}"
            return (), Finding("paging", "unknown", 0.1, (why,), (_ASK_A_PERSON,))
        if marked:
            return (), Finding("paging", "one page", 0.85, (f"{platform.name} sees no further page",))
        few = len(read.rows) < _FULL_PAGE
        look = f"{len(read.rows)} rows and no way to a second page: does the site show more?"
        return (), Finding("paging", "one page", 0.75 if few else 0.45, ("no pager was seen",), (look,))
    following = read.next
    try:
        second = _read(asker, platform, catalogue, following)
    except UnfitError as error:
        return (), Finding(
            "paging", following.url, 0.2, (str(error),), ("the second page could not be read",)
        )
    added = tuple(row for row in second.rows if url_key(row.url) not in known)
    if added:
        why = f"page 2 was asked for and adds {len(added)} rows"
        if read.last_page:
            why += f"; the site says that there are {read.last_page} pages"
        return added, Finding("paging", "followed", 0.95, (why,))
    if not second.rows or (read.end_unmarked and len(read.rows) < _FULL_PAGE):
        return (), Finding("paging", "one page", 0.8, ("the second page holds nothing more",))
    why = "page 2 was asked for and shows the rows of page 1"
    return (), Finding("paging", "unknown", 0.2, (why,), (_ASK_A_PERSON,))


def _doubted(paging: Finding, first: Page | None, rows: Sequence[ListRow]) -> Finding:
    """The finding, less sure where the page shows what may be the way to more, or lists what lies elsewhere."""
    if first is None or first.root is None:
        return paging
    home = place_of(first.url)
    shown = {row.hints["published_on"][:4] for row in rows if "published_on" in row.hints}
    look = []
    if dead := [str(year) for year in years_of_scripts(first.root) if str(year) not in shown]:
        look.append(
            f"lists of {', '.join(dead)} are shown, to which only a script leads: are their documents missed?"
        )
    elsewhere = home != "/" and not any(place_of(row.url).startswith(home) for row in rows)
    if paging.value == "one page" and paging.certainty < SURE and len(rows) < _FULL_PAGE and elsewhere:
        look.append(
            "the rows lie elsewhere on the site than the page: are they its list, or one at its side?"
        )
    if not look:
        return paging
    return replace(paging, certainty=min(paging.certainty, 0.45), look=(*paging.look, *look))


def _probe_numbers(
    asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest, read: ListPage
) -> Catalogue | None:
    """The catalogue with ``pages`` where a full page without a pager has numbered ones: index_1.html, index_2.html."""
    if len(read.rows) < _FULL_PAGE and not read.last_page:
        return None
    known = {url_key(row.url) for row in read.rows}
    page = asker.page(request)
    for pattern, number in numberings(catalogue.url, read, page.text if page is not None else ""):
        options = {**catalogue.options, "pages": {"pattern": pattern, "first": number}}
        tried = catalogue.model_copy(update={"options": options})
        try:
            first = _read(asker, platform, tried, request)
            if first.next is None:
                return None
            second = _read(asker, platform, tried, first.next)
        except UnfitError:
            continue
        if any(url_key(row.url) not in known for row in second.rows):
            return tried
    return None


def _counted(asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage) -> Catalogue:
    """The catalogue with what its parameter holds: a count of rows to skip, or the number of a page after all.

    Asked to skip one row, a site that counts rows shows the second one first; one that counts pages shows another page.
    """
    paging = catalogue.options["paging"]
    keys = [url_key(row.url) for row in read.rows]
    one = {**catalogue.options, "paging": {**paging, "size": 1}}
    tried = catalogue.model_copy(update={"options": one})
    try:
        first = _read(asker, platform, tried, platform.start(tried, _site(platform, tried)))
        shifted = _read(asker, platform, tried, first.next) if first.next is not None else ListPage()
    except UnfitError:
        return catalogue
    shown = [url_key(row.url) for row in shifted.rows]
    if not shown or set(shown) & set(keys):
        return catalogue
    counted = {name: value for name, value in paging.items() if name not in ("by", "size")} | {"first": 0}
    return catalogue.model_copy(update={"options": {**catalogue.options, "paging": counted}})


def _page_named(asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage) -> Catalogue | None:
    """The catalogue of answers with the parameter that brings their second page, where the address states none."""
    keys = {url_key(row.url) for row in read.rows}
    for name in _PAGE_NAMES_OF_ANSWERS:
        options = {**catalogue.options, "paging": {"name": name, "first": 1}}
        tried = catalogue.model_copy(update={"options": options})
        try:
            first = _read(asker, platform, tried, platform.start(tried, _site(platform, tried)))
            second = _read(asker, platform, tried, first.next) if first.next is not None else ListPage()
        except UnfitError:
            continue
        shown = [{url_key(row.url) for row in page.rows} for page in (first, second)]
        if shown[0] == keys and shown[1] and not shown[1] & keys:
            return tried
    return None


def numberings(url: str, read: ListPage, text: str) -> list[tuple[str, int]]:
    """Patterns to try for the further pages of a list, each with the number of its second page.

    index_1.html and index_2.html beside index.html, with the ending that the documents have where the address is a
    directory; ``?cat=7&pageNo=2`` where the address says ``pageNo=1``, or where its scripts speak of a pageNo and it is known
    that there are more pages.
    """
    parts = urlsplit(url)
    stated = [(name, query_value(url, name)) for name in PAGE_NAMES]
    numbers = [(name, int(value)) for name, value in stated if value in ("0", "1")]
    if not numbers and parts.query and (read.last_page or 0) > 1:
        scripts = " ".join(scripts_of(text))
        used = [name for name in PAGE_NAMES if len(name) > 2 and re.search(rf"\b{name}\b", scripts)]
        numbers = [(name, 1) for name in used[:_NAMES_TRIED]]
    if numbers or parts.query:
        queries = [(urlsplit(with_query(url, name, _PLACE)).query, number + 1) for name, number in numbers]
        return [(f"?{query}".replace(_PLACE, "{n}"), number) for query, number in queries]
    name = parts.path.rpartition("/")[2] or f"index{_common_ending(read.rows)}"
    stem, dot, suffix = name.rpartition(".")
    if not dot or re.search(r"_\d+$", stem):
        return []
    return [(f"{stem}_{{n}}.{suffix}", number) for number in (1, 2)]


def _common_ending(rows: Sequence[ListRow]) -> str:
    endings = [found[0] for row in rows if (found := _PAGE_ENDING.search(urlsplit(row.url).path))]
    return max(endings, key=endings.count, default=".html")


def choose_rows(lists: Sequence[SampledList]) -> list[ListRow]:
    """Rows to try, the best spread first: of every catalogue its first, middle and last."""
    chosen: dict[str, ListRow] = {}
    for place in (0, 2, 1):
        for one in lists:
            rows = [r for r in one.rows if not r.pinned and same_host(one.url, r.url)] or list(one.rows)
            if rows:
                row = rows[(len(rows) - 1) * place // 2]
                chosen.setdefault(url_key(row.url), row)
    return list(chosen.values())


def sample_document(row: ListRow, page: Page | None, detail: str, book: FieldBook) -> SampledDocument:
    """What the extractor reads in a document; ``detail`` says why there is no page."""
    if page is None:
        return SampledDocument(row.url, row.title, "not fetched", detail=detail)
    try:
        extraction = guarded(row.url, partial(read_document, page, row, book))
    except UnfitError as error:
        return SampledDocument(row.url, row.title, "unreadable", detail=str(error), page=page)
    disclosure = extraction.disclosure
    told = tuple(dict.fromkeys(p.code for p in extraction.problems if p.severity is not Severity.INFO))
    if disclosure is None or extraction.kind is not PageKind.DOCUMENT:
        why = extraction.problems[-1].message if extraction.problems else ""
        return SampledDocument(row.url, row.title, str(extraction.kind), (), told, why, None, page)
    shown = (f.name for f in FIELDS if not f.name.endswith(("_raw", "_bodies")))
    fields = tuple(name for name in shown if getattr(disclosure, name) not in (None, "", (), []))
    return SampledDocument(
        row.url, disclosure.title, str(extraction.kind), fields, told, "", disclosure.issuing_body, page
    )


def read_document(page: Page, row: ListRow | None, book: FieldBook) -> Extraction:
    """A page as the extractor of a collection reads it."""
    return extract_with_context(
        page.body, page.url, page.content_type, context_of(row), book, ExtractionRules()
    )
