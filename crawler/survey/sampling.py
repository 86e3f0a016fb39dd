"""Try a catalogue as a collection would: its first pages, and a few of its documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any

from lxml import etree

from archive.identity import url_key
from archive.model import FIELDS, Extraction, PageKind, Severity
from crawler.extract.fields import FieldBook
from crawler.extract.rules import ExtractionRules
from crawler.lists.choices import bounds_typed, lists_beside, open_choices
from crawler.lists.places import place_of
from crawler.lists.row_groups import other_lists, own_links, text_of
from crawler.lists.second_links import second_links
from crawler.lists.signposts import says_empty
from crawler.lists.unopened import empty_pager, empty_tree, loaded_by_clicks, unread_way
from crawler.lists.visit_parameters import changed, may_change, of_pages, without_visit
from crawler.lists.year_lists import years_of_scripts
from crawler.outcomes import same_host
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, ListRow, PageRequest, Platform
from crawler.row_context import context_of, extract_with_context
from crawler.scripts.requests import unclear_requests
from crawler.sites import Catalogue
from crawler.survey.asking import Asker
from crawler.survey.findings import GUESS, SURE, Finding, Page
from crawler.survey.page_numbers import (
    FULL_PAGE,
    counted,
    is_numbered_elsewhere,
    page_named,
    probe_numbers,
    renumbered,
)
from crawler.survey.trying import UnfitError, guarded, read_list, site_of

ISSUES = "issues"  # the option of static_list
_OTHERS_TOLD = 2  # lists beside the one that is taken
_SAID = 0.8  # the certainty of one page that the site says, or that was asked for
_LONGEST_TOLD = 30  # characters of a title
_FEWEST_BOXES, _FEWEST_IN_BOX = 3, 3  # columns, rows of each
_BRANCHES = 3  # chains to try until one has rows
# Of rows, as sites and search engines set them: a list that says just this may be longer
_LIMITS = frozenset(digit * 10**power for digit in (1, 2, 5) for power in (3, 4)) | {500}
_ASK_A_PERSON = (
    "how do you get to the second page? Open it in a browser with the network tab: the address that brings its rows can be given"
    " to `sites add`; what is sent by POST is described with json_api (docs/site-file.md)"
)


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


def sample_list(
    asker: Asker,
    platform_name: str,
    key: str,
    name: str | None,
    url: str,
    options: Mapping[str, Any],
    *,
    marked: bool,
    further: bool = True,
) -> SampledList:
    """The first page with rows, and the one after it. ``marked``: the page carries marks of this platform alone, so that
    an end which the platform sees is one. Not ``further``: nothing beyond the first page is asked for, where lists like it
    were tried. Raises UnfitError where the first pages cannot be read."""
    platform = platform_of(platform_name)
    # What is asked for first in a collection has been looked at already.
    visited = {name: options[name] for name in ("shown_on",) if name in options}
    asking = {name: value for name, value in options.items() if name not in visited}
    catalogue = guarded(url, partial(_catalogue, platform, key, name, url, asking))
    start = guarded(url, partial(platform.start, catalogue, site_of(platform, catalogue)))
    request, read, first = _first_rows(asker, platform, catalogue, start)
    as_linked = read.rows
    further = further and not options.get(ISSUES)
    changing = _changing(asker, platform, catalogue, request, read)
    if changing:
        catalogue = catalogue.model_copy(update={"visit_parameters": changing})
        read = without_visit(read, changing)
    if further:
        catalogue, read = _with_paging(asker, platform, catalogue, request, read)
    if further or read.next is None:
        rows, paging = _second_page(asker, platform, catalogue, read, marked)
    else:
        rows, paging = (
            (),
            Finding(
                "paging",
                "followed",
                0.8,
                (f"it leads on to {read.next.url}, as the lists that were tried do",),
            ),
        )
    if changing is not None and (placed := of_pages(read.rows, rows)):
        changing, read = (*changing, *placed), without_visit(read, placed)
        rows = without_visit(replace(read, rows=rows), placed).rows
    if not read.branches and not marked:
        listed = {row.url: row for row in (*read.rows, *rows)}
        way_on = read.next.url if read.next is not None else None
        paging = _doubted(paging, first, tuple(listed.values()), as_linked, way_on)
    if options.get(ISSUES):
        why = f"the rows lead to lists, as a gazette's do to its issues; the first that was read holds {len(read.rows)} documents"
        paging = Finding(
            "paging", "issues", GUESS, (why,), ("does each of them show all its documents on one page?",)
        )
    if changing is None:
        look = "the addresses of its documents change at every visit, in what cannot be told: each run would take all for new"
        paging = replace(paging, certainty=min(paging.certainty, 0.2), look=(*paging.look, look))
    chosen = {**catalogue.options, **visited}
    return SampledList(
        key, name, url, chosen, (*read.rows, *rows), read.last_page, paging, first, changing or ()
    )


def _with_paging(
    asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest, read: ListPage
) -> tuple[Catalogue, ListPage]:
    """The catalogue with what the likely ways to a second page add to its options, and its first page so read."""
    if read.next is None and read.last_page != 1 and "pages" in platform.options.model_fields:
        numbered = probe_numbers(asker, platform, catalogue, request, read)
        if numbered is not None:
            catalogue = numbered
            read = read_list(asker, platform, catalogue, request)
    elif (
        platform.name == "label_table"
        and (read.next, read.branches) == (None, ())
        and read.last_page != 1
        and is_numbered_elsewhere(asker, catalogue, read)
    ):
        raise UnfitError(f"{catalogue.url}: its further pages have numbered addresses of their own")
    if catalogue.options.get("paging") and read.next is not None:
        catalogue = renumbered(asker, platform, catalogue, read)
        if catalogue.options["paging"].get("by") == "offset":
            catalogue = counted(asker, platform, catalogue, read)
        read = read_list(asker, platform, catalogue, platform.start(catalogue, site_of(platform, catalogue)))
    if "rows" in catalogue.options and read.next is None and (read.total or 0) > len(read.rows):
        catalogue = page_named(asker, platform, catalogue, read) or catalogue
        read = read_list(asker, platform, catalogue, platform.start(catalogue, site_of(platform, catalogue)))
    return catalogue, read


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


def _first_rows(
    asker: Asker, platform: Platform, catalogue: Catalogue, start: PageRequest
) -> tuple[PageRequest, ListPage, Page | None]:
    read = read_list(asker, platform, catalogue, start)
    first = asker.page(start)
    request, waiting, looked = start, [*read.branches], 0
    while not read.rows and waiting and looked < _BRANCHES:
        request, looked = waiting.pop(0), looked + 1
        read = read_list(asker, platform, catalogue, request)
        waiting = [*read.branches, *waiting]  # of a year, whose issues hold the documents
    if request is not start and not read.rows and read.total is None:
        raise UnfitError(f"{catalogue.url}: no rows were found in the lists that it leads to")
    return request, read, first


def _second_page(
    asker: Asker, platform: Platform, catalogue: Catalogue, read: ListPage, marked: bool
) -> tuple[tuple[ListRow, ...], Finding]:
    """The rows that the second page adds, and how sure the paging is."""
    known = {url_key(row.url) for row in read.rows}
    if read.next is None:
        return (), _only_page(platform, catalogue, read, marked)
    following = read.next
    try:
        second = read_list(asker, platform, catalogue, following)
    except UnfitError as error:
        return (), Finding(
            "paging", following.url, 0.2, (str(error),), ("the second page could not be read",)
        )
    added = tuple(row for row in second.rows if url_key(row.url) not in known)
    if added:
        why = f"page 2 was asked for and adds {len(added)} rows"
        if read.last_page:
            why += f"; the site says that there are {read.last_page} pages"
        if read.total in _LIMITS:
            look = (
                f"the site says that there are {read.total} rows: are these all, or the most that it shows?"
            )
            return added, Finding("paging", "followed", GUESS, (why,), (look,))
        return added, Finding("paging", "followed", 0.95, (why,))
    if not second.rows or (read.end_unmarked and len(read.rows) < FULL_PAGE):
        return (), Finding("paging", "one page", 0.8, ("the second page holds nothing more",))
    why = "page 2 was asked for and shows the rows of page 1"
    return (), Finding("paging", "unknown", 0.2, (why,), (_ASK_A_PERSON,))


def _only_page(platform: Platform, catalogue: Catalogue, read: ListPage, marked: bool) -> Finding:
    """Whether the first page, from which no way leads on, is the whole list."""
    if not read.rows:
        return Finding("paging", "nothing listed", 0.4, ("the catalogue lists nothing today",))
    if read.last_page == 1:
        return Finding("paging", "one page", 0.92, ("the site says that there is one page",))
    said = f"{read.last_page} pages" if read.last_page else None
    if said is None and read.total is not None and read.total > len(read.rows):
        said = f"{read.total} rows"
    if said is not None:
        shown = "" if read.last_page else f" {len(read.rows)}"
        why = f"the site says that there are {said}, and no way leads on from the first{shown}"
        return Finding("paging", "unknown", 0.1, (why,), (_ASK_A_PERSON,))
    if read.total == len(read.rows) and "rows" not in catalogue.options:  # an answer may count its own rows
        why = f"the site says that there are {read.total} rows"
        return Finding("paging", "one page", _SAID, (why,))
    if marked:
        return Finding("paging", "one page", 0.85, (f"{platform.name} sees no further page",))
    if read.branches:
        why = f"no pager was seen; the lists of {len(read.branches)} other years or months are walked as well"
        return Finding("paging", "one page", 0.75, (why,))
    few = len(read.rows) < FULL_PAGE
    look = f"{len(read.rows)} rows and no way to a second page: does the site show more?"
    return Finding("paging", "one page", 0.75 if few else 0.45, ("no pager was seen",), (look,))


def _doubted(
    paging: Finding,
    first: Page | None,
    rows: Sequence[ListRow],
    as_linked: Sequence[ListRow],
    way_on: str | None,
) -> Finding:
    """The finding, less sure where the page shows what may be the way to more, or lists what lies elsewhere.

    ``as_linked``: the page's rows with all that their addresses have of a visit. ``way_on``: its second page.
    """
    if first is None or first.root is None:
        return paging
    home = place_of(first.url)
    shown = {row.day[:4] for row in rows if row.day}
    look = []
    if dead := [str(year) for year in years_of_scripts(first.root) if str(year) not in shown]:
        look.append(
            f"lists of {', '.join(dead)} are shown, to which only a script leads: are their documents missed?"
        )
    if beside := lists_beside(first.root, first.url, {url_key(row.url) for row in rows}, first.text, way_on):
        names = ", ".join(post.words for post in beside[:_OTHERS_TOLD])
        look.append(f"lists of {names} … are linked, such as {beside[0].url}: are their documents missed?")
    if chosen := open_choices(first.root, first.url):
        told = "、".join(chosen[:_OTHERS_TOLD])
        look.append(f"a drop-down ({told} …) may choose among lists, of which this is one: are there others?")
    for name, day in bounds_typed(first.root, first.url)[:1]:
        look.append(f"its form sends {name!r} as {day!r}: are there documents beyond that day?")
    if beyond := second_links(first.root, first.url, (*rows, *as_linked)):
        look.append(
            f"each row leads to a second page that is not taken, such as {beyond[0][1]}: is it a document?"
        )
    ended = paging.value == "one page" and paging.certainty < _SAID
    look += _unread(first.root, first.text, rows, ended=ended)
    elsewhere = home != "/" and not any(place_of(row.url).startswith(home) for row in rows)
    unclear = unclear_requests(first.text, first.url) if ended or elsewhere else []
    if asked := [one for one in unclear if same_host(first.url, one)]:
        look.append(
            f"the page's script asks {asked[0]} for rows that could not be had: are they its list, or more of it?"
        )
    if paging.value == "one page" and paging.certainty < SURE and elsewhere:
        empty = says_empty(first.root)
        look.append(
            "the rows lie elsewhere on the site than the page"
            + (f", which says {empty!r}" if empty else "")
            + ": are they its list, or one at its side?"
        )
    taken = {row.url for row in (*rows, *as_linked)}
    for one in other_lists(first.root, first.url, taken)[:_OTHERS_TOLD]:
        told = text_of(next(own_links(one.rows[0])))[:_LONGEST_TOLD]
        at_home = home != "/" and home in one.places
        second = f"a second list stands on the page and is not taken: {len(one.rows)} rows from 《{told}》 on; `row` would choose it"
        if at_home:
            look.append(second)
        else:
            paging = replace(paging, look=(*paging.look, second))
    if not look:
        return paging
    return replace(paging, certainty=min(paging.certainty, 0.45), look=(*paging.look, *look))


def _of_each(rows: Sequence[ListRow]) -> int:
    """How many rows of each of several columns are shown, one column after the other, as boxes do; 0 where they are not alike."""
    runs = [(place, len(list(run))) for place, run in groupby(place_of(row.url) for row in rows)]
    alike = len({count for _, count in runs}) == 1 and len({place for place, _ in runs}) == len(runs)
    return runs[0][1] if alike and len(runs) >= _FEWEST_BOXES and runs[0][1] >= _FEWEST_IN_BOX else 0


def _unread(root: etree._Element, text: str, rows: Sequence[ListRow], *, ended: bool) -> Iterator[str]:
    """What a page offers that may bring more, and was not read. ``ended``: no way on from its list was seen."""
    if ended and (count := _of_each(rows)):
        yield f"the page shows {count} rows of each of several columns: are these all, or the newest?"
    if ended and (pager := empty_pager(root)):
        yield f"what shows pages stays empty here ({pager}): does a script bring more rows?"
    if ended and (tree := empty_tree(root, text)):
        yield f"a tree stays empty here ({tree}): does it open other lists?"
    if ended and (way := unread_way(root, text)):
        yield f"what {way!r} does could not be read: does it bring more rows, or other lists?"
    if opened := loaded_by_clicks(root, text):
        yield f"clicks on {'、'.join(opened[:_OTHERS_TOLD])} … load something: are these other lists?"


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
