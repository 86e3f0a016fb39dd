"""Ways to collect what a page shows: a platform, and the catalogues that it has there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from archive.identity import url_key
from archive.model import Extraction, PageKind, Place
from crawler.lists import signposts
from crawler.lists.choices import choices
from crawler.lists.signposts import Signpost
from crawler.lists.year_lists import years_linked
from crawler.paging import query_of
from crawler.platforms.base import Recognition
from crawler.scripts.objects import standing_for
from crawler.survey.findings import DOUBTED, Page

PAGER = 0.6  # the confidence from which a page is a catalogue, whatever boxes it has
Catalogue = tuple[str, str | None, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``looked``: the first page of each catalogue was looked at. ``unseen``: catalogues beside them, which were not.
    ``beside``: other lists of the page, which are left out."""

    platform: str
    certainty: float
    why: tuple[str, ...]
    look: tuple[str, ...]
    catalogues: tuple[Catalogue, ...]
    looked: bool = False
    unseen: tuple[Catalogue, ...] = ()
    beside: tuple[Signpost, ...] = ()


def proposal_of(platform: str, seen: Recognition, page: Page) -> Proposal:
    """What a page looks like to a platform."""
    named = tuple(
        (key, name or (column_name(page) if url_key(url) == url_key(page.url) else None), url, options)
        for key, name, url, options in seen.catalogues
    )
    beside = tuple(Signpost(name, page.url) for name in seen.beside)
    return Proposal(platform, seen.confidence, seen.reasons, seen.to_check, named, beside=beside)


def for_each(proposal: Proposal, shelves: Iterable[Signpost], *, itself: bool = True) -> Proposal:
    """The proposal for what a page shows, for each of the lists that are opened as it is. ``itself``: what it shows beside them."""
    key, name, url, options = proposal.catalogues[0]
    shown = {url_key(url): (key, name, url, options)} if itself else {}
    opened = {url_key(post.url): (key, post.words, post.url, options) for post in shelves}
    return replace(proposal, catalogues=tuple((shown | opened).values()))


def one_of_several(proposal: Proposal) -> Proposal:
    """The proposal for a list that a click chose among others, which are not known."""
    look = "a click chooses which list the page shows here: are there others?"
    return replace(proposal, certainty=min(proposal.certainty, DOUBTED), look=(*proposal.look, look))


def chosen_lists(page: Page) -> list[Signpost]:
    """The lists among which a drop-down of the page chooses; none where they are years, which are walked as one catalogue."""
    assert page.root is not None
    years = {url_key(address) for address in years_linked(page.root, page.url).values()}
    chosen = choices(page.root, page.url, page.text)
    return [] if all(url_key(post.url) in years for post in chosen) else chosen


def by_form(posted: Iterable[tuple[str, str, dict[str, str]]]) -> Proposal:
    """Each of the lists among which a drop-down chooses that sends its form by POST."""
    told = ("a drop-down sends what is chosen as a form",)
    catalogues = tuple(("list", words, address, {"form": form}) for words, address, form in posted)
    return Proposal("label_table", 0.65, told, ("is every row a document of this catalogue?",), catalogues)


def is_same_list(one: Catalogue, others: Iterable[Catalogue]) -> bool:
    """Whether what is asked for is one of some lists, but for the pages and their sizes."""
    asked = _asked_for(one)
    return any(_asked_for(other) == asked for other in others)


def _asked_for(one: Catalogue) -> tuple[str, frozenset[tuple[str, str]]]:
    _, _, url, options = one
    sent = {**query_of(url), **(options.get("form") or {}), **(options.get("body") or {})}
    return urlsplit(url).path, frozenset((k, str(v)) for k, v in sent.items() if standing_for(k) is None)


def column_name(page: Page) -> str | None:
    """The Chinese name of the column that a page lists: ColumnName, the breadcrumb's end, or the title's beginning."""
    if page.root is None:
        return None
    named = signposts.metas(page.root)
    parts = signposts.title_parts(page.root)
    for name in (named.get("columnname"), signposts.here(page.root), parts[0] if parts else None):
        if name and re.search(r"[\u4e00-\u9fff]", name) and len(name) <= 30 and name != named.get("sitename"):
            return name
    return None


def is_document(extraction: Extraction, page: Page, seen: Iterable[Proposal]) -> bool:
    """Whether a page is one document: it has a document's marks, and no list with a pager."""
    disclosure = extraction.disclosure
    if extraction.kind is not PageKind.DOCUMENT or disclosure is None or not disclosure.title:
        return False
    placed = {e.field for e in extraction.evidence if e.chosen and e.place in (Place.TABLE, Place.EMBEDDED)}
    if page.root is not None and signposts.is_made_of_rows(page.root, page.url, disclosure.body_text or ""):
        return False
    marked = bool(placed & {"index_number", "document_number"})
    if page.root is not None and signposts.metas(page.root).get("articletitle"):
        marked = True
    listed = max((p.certainty for p in seen), default=0.0)
    return marked or (listed < PAGER and len(disclosure.body_text or "") >= 80)
