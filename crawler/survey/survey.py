"""From one address to what a site file needs: which platform, which catalogues, whose, and how sure all of it is.

Every step is a page that a person would look at too: the address itself, where it leads when it is a stub, the frames in
it, the way back when it is a document, the catalogues it names when it is a page about catalogues.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from archive.batch import Role
from archive.identity import url_key
from archive.model import Extraction
from crawler.extract.fields import FieldBook
from crawler.extract.links import without_session
from crawler.lists import signposts
from crawler.lists.choices import older_lists, posted_choices
from crawler.lists.first_of_list import way_back
from crawler.lists.places import place_of
from crawler.lists.rows import RowOptions, rows_in
from crawler.lists.signposts import Signpost
from crawler.outcomes import same_host
from crawler.platforms.base import PageRequest
from crawler.recognise import looks_like
from crawler.regions import Regions
from crawler.scripts.frames import pieces_loaded
from crawler.scripts.requests import unclear_requests
from crawler.survey import columns
from crawler.survey.asking import Asker
from crawler.survey.clicked import clicked
from crawler.survey.findings import GUESS, LIKELY, SURE, Finding, Page
from crawler.survey.framed import frames_of, is_piece, shelves_of, shows_chosen
from crawler.survey.indirect import indirectly
from crawler.survey.loaded_lists import loaded_lists
from crawler.survey.outcome import Survey, beside_doubted, confirmed, documents_finding, doubted, part_doubted
from crawler.survey.proposals import (
    PAGER,
    Catalogue,
    Proposal,
    by_form,
    chosen_lists,
    column_name,
    for_each,
    is_document,
    is_same_list,
    one_of_several,
    proposal_of,
)
from crawler.survey.publisher import publisher_name, whereabouts
from crawler.survey.sampling import (
    SampledList,
    choose_rows,
    read_document,
    sample_document,
    sample_list,
)
from crawler.survey.trying import UnfitError, guarded
from crawler.survey.why_not import what_stands_there, why_empty, why_not, why_nothing

DOCUMENTS = 3  # to try
_ATTEMPTS = 5  # to get that many
_LISTS = 6  # catalogues of one page that are tried; the others are taken as their page names them
_LISTS_OF_MANY = 2  # the same where a page names many
_FRAMES = 3
_OLDER = 2  # lists of older documents that are looked at
_JUMPS = 2
_PAGES_BACK = 6


class Surveyor:
    """Looks at one site. It asks through ``asker`` only and stores nothing."""

    def __init__(self, asker: Asker, book: FieldBook, regions: Regions) -> None:
        self._asker, self._book, self._regions = asker, book, regions

    def survey(self, url: str) -> Survey:
        """Everything that can be found out from ``url``."""
        survey = Survey(url=url, steps=self._asker.steps)
        page = self._landed(without_session(url), survey)
        if page is None:
            last = self._asker.steps[-1]
            survey.problem = why_nothing(last)
            survey.parts = self._publisher(survey, [])
            return survey
        survey.landed = page.url
        page = self._whole_list(self._first_of_list(page, survey), survey)
        self._try_proposals(page, survey)
        if survey.lists:
            asked = survey.unanswered if len(survey.lists) == 1 else []
            survey.lists = [part_doubted(one, survey.beyond, asked) for one in survey.lists]
            if page.root is not None and len(survey.lists) == 1 and survey.lists[0].options.get("paging"):
                shown = tuple(rows_in(page.root, page.url, RowOptions()))
                survey.lists = [beside_doubted(survey.lists[0], shown, place_of(page.url))]
            self._add_older(survey)
            self._try_documents(survey)
            self._try_indirectly(survey)
        pages = [one.first for one in survey.lists if one.first] + [page]
        pages += [document.page for document in survey.documents if document.page]
        survey.parts = [*self._publisher(survey, pages), documents_finding(survey)]
        if survey.platform is not None:
            survey.platform = confirmed(survey.platform, survey)
            if page.root is not None and signposts.is_search(page.root, page.url):
                survey.platform = doubted(survey.platform)
        if survey.problem is None and not survey.can_tell:
            survey.problem = why_not(survey.lists, survey.documents)
        return survey

    def _page(self, url: str) -> Page | None:
        return self._asker.page(PageRequest(url=url), Role.LIST)

    def _landed(self, url: str, survey: Survey) -> Page | None:
        """The page at an address, through stubs that only lead on."""
        page = self._page(url)
        for _ in range(_JUMPS):
            target = signposts.leads_on(page.text, page.root, page.url) if page is not None else None
            if page is None or target is None or not same_host(url, target) or _is_more_than_stub(page):
                break
            survey.notes.append(f"{page.url} only leads on to {target}")
            page = self._page(target) or page
        return page

    def _first_of_list(self, page: Page, survey: Survey) -> Page:
        """The first page of the list of which the address is a further one; the page itself where it is the first."""
        given, rows = page, _addresses_listed(page)
        for _ in range(_PAGES_BACK):
            back = way_back(page.root, page.text, page.url) if page.root is not None and rows else None
            above = self._page(back) if back is not None and same_host(page.url, back) else None
            if above is None or _addresses_listed(above) in (rows, frozenset()):
                break
            page, rows = above, _addresses_listed(above)
        if page is not given:
            survey.notes.append(f"{given.url} is a further page of the list that begins at {page.url}")
        return page

    def _whole_list(self, page: Page, survey: Survey) -> Page:
        """The list to which the page's 更多 leads, where the page shows the newest documents of it; else the page itself."""
        rows = _addresses_listed(page)
        more = signposts.whole_list(page.root, page.url) if page.root is not None and rows else None
        whole = self._page(more) if more is not None and not self._is_paged(page) else None
        listed = _addresses_listed(whole) if whole is not None else frozenset()
        if whole is None or not (rows <= listed or not listed):
            return page
        if not listed and (
            column_name(page) != column_name(whole) or not any(loaded_lists(whole, self._asker))
        ):
            survey.beyond = more
            return page
        if rows == listed and not self._is_paged(whole):
            return page
        survey.notes.append(f"{page.url} shows the newest documents of the list at {whole.url}")
        return whole

    def _is_paged(self, page: Page) -> bool:
        return any(proposal.certainty >= PAGER for proposal in self._looks(page))

    # -- catalogues --------------------------------------------------------------------------------------

    def _try_proposals(self, page: Page, survey: Survey) -> None:
        misfits: list[str] = []
        for proposal in self._proposals(page, survey):
            before = len(misfits)
            sampled, unseen = self._sampled(proposal, misfits)
            if any(one.rows for one in sampled):
                chosen, sampled, further = self._going_on(page, survey, proposal, sampled)
                survey.lists = sampled
                survey.unseen = unseen if chosen is proposal else further
                survey.notes.extend(dict.fromkeys(misfits[before:]))
                taken = {(one.key, one.url) for one in sampled} | {(key, url) for key, _, url, _ in unseen}
                lost = [Signpost(c[1] or "", c[2]) for c in chosen.catalogues if (c[0], c[2]) not in taken]
                survey.left_out = [*survey.left_out, *lost, *chosen.beside]
                survey.platform = Finding(
                    "platform", chosen.platform, chosen.certainty, chosen.why, chosen.look
                )
                return
        survey.notes.extend(dict.fromkeys(misfits))
        if survey.problem is None:
            survey.problem = "no catalogue was recognised: " + what_stands_there(
                page, self._read(page), survey.unanswered
            )

    def _going_on(
        self, page: Page, survey: Survey, proposal: Proposal, sampled: list[SampledList]
    ) -> tuple[Proposal, list[SampledList], list[Catalogue]]:
        """What was found; where no way leads on from it, what the page's script asks for, if that holds the rows shown."""
        ended = len(sampled) == 1 and sampled[0].paging.value == "unknown" and page.root is not None
        shown = {url_key(row.url) for row in sampled[0].rows if not row.pinned}
        for other in self._asked_by_script(page, survey) if ended and proposal.certainty >= PAGER else ():
            found, unseen = self._sampled(other, [])
            listed = {url_key(row.url) for every in found for row in every.rows}
            if shown <= listed and all(every.paging.certainty >= LIKELY for every in found):
                return other, found, unseen
        return proposal, sampled, []

    def _add_older(self, survey: Survey) -> None:
        """What lists of older documents, linked by the one list that was found, add to it: 历史文件."""
        first = survey.lists[0].first
        if len(survey.lists) != 1 or first is None or first.root is None or survey.platform is None:
            return
        listed = {url_key(row.url) for row in survey.lists[0].rows}
        for post in older_lists(first.root, first.url, listed)[:_OLDER]:
            proposal = Proposal(survey.platform.value, 0.0, (), (), (("list", post.words, post.url, {}),))
            older, _ = self._sampled(proposal, [])
            rows = {url_key(row.url) for one in older for row in one.rows}
            if rows - listed:
                survey.lists += older
            elif not rows:
                survey.left_out.append(post)

    def _sampled(self, proposal: Proposal, misfits: list[str]) -> tuple[list[SampledList], list[Catalogue]]:
        """The proposal's catalogues as they are, and those that were not tried for the sake of the site."""
        many = len(proposal.catalogues) > _LISTS
        whole = _LISTS_OF_MANY if many else _LISTS
        tried = proposal.catalogues[: None if proposal.looked else whole]
        found, left = [], [*proposal.catalogues[len(tried) :], *proposal.unseen]
        for place, (key, name, url, options) in enumerate(tried):
            try:
                marked = proposal.certainty >= SURE and proposal.platform != "label_table"  # a shape, no CMS
                found.append(
                    sample_list(
                        self._asker, proposal.platform, key, name, url, options,
                        marked=marked, further=place < whole,
                    )
                )  # fmt: skip
            except UnfitError as error:
                misfits.append(f"not {proposal.platform}: {error}")
        return found, left

    def _proposals(self, page: Page, survey: Survey) -> Iterator[Proposal]:
        """Ways to collect what the page shows, the surest first. Pages are fetched as they are needed."""
        seen = self._looks(page)
        yield from (proposal for proposal in seen if proposal.certainty >= SURE)
        extraction = self._read(page)
        data = page.root is None and bool(seen)
        if extraction is not None and not data and is_document(extraction, page, seen):
            yield from self._way_back(page, extraction, survey)
            return
        about_catalogues = page.root is not None and (
            columns.boxes(page.root, page.url) >= 2 or signposts.is_front(page.url)
        )
        whole = [p for p in seen if p.certainty < SURE and (p.certainty >= PAGER or not about_catalogues)]
        if (opened := clicked(page, self._asker)) is not None:
            yield proposal_of("label_table", opened, page)
        shown = [p for p in whole if p.certainty >= PAGER]
        if not shown:
            yield from self._asked_by_script(page, survey)
        listing = page.root if not about_catalogues else None
        chosen = chosen_lists(page) if listing is not None else []
        if listing is not None and (posted := posted_choices(listing, page.url)):
            yield by_form(posted)
        yield from (for_each(proposal, chosen, itself=False) for proposal in shown if chosen)
        yield from shown
        if shown:  # none of them is what it looked like
            yield from self._asked_by_script(page, survey)
        yield from self._in_frames(page, survey)
        unpaged = [p for p in whole if p.certainty < PAGER]
        yield from (for_each(proposal, chosen, itself=False) for proposal in unpaged if chosen)
        yield from unpaged
        if not about_catalogues and (said := why_empty(page)) is not None:
            survey.problem = said
            return
        yield from self._columns(page, survey)
        yield from (p for p in seen if p.certainty < SURE and p not in whole)

    def _in_frames(self, page: Page, survey: Survey) -> Iterator[Proposal]:
        """What stands in the page's frames; before it, all the lists that are opened in the same frame."""
        inner = [self._page(address) for address in frames_of(page)[:_FRAMES]]
        within = [one for one in inner if one is not None]
        bare = [one for one in within if not _addresses_listed(one)]  # a frame that only holds another
        deeper = [self._page(address) for one in bare for address in frames_of(one)[:_FRAMES]]
        within += [one for one in deeper if one is not None]
        loaded = [self._page(address) for address in pieces_loaded(page.text, page.url)[:_FRAMES]]
        within += [one for one in loaded if one is not None and is_piece(one)]
        shelves = [post for one in (page, *within) for post in shelves_of(one, page)]
        chosen = not shelves and any(shows_chosen(one, page) for one in (page, *within))
        opened = {url_key(post.url) for post in shelves}
        for one in within:
            listed = _addresses_listed(one)
            if len(listed & opened) * 2 > len(listed):
                continue  # it lists the lists
            survey.notes.append(f"the page holds {one.url} in a frame")
            seen = self._looks(one)
            yield from (for_each(proposal, shelves) for proposal in seen if shelves)
            yield from (one_of_several(proposal) if chosen else proposal for proposal in seen)

    def _asked_by_script(self, page: Page, survey: Survey) -> Iterator[Proposal]:
        """The list that the page's own script asks for, where the page itself shows none with a pager."""
        for address in unclear_requests(page.text, page.url)[:1]:
            survey.notes.append(f"{page.url} asks {address}, and what it sends cannot be told from the page")
        before, found = len(self._asker.steps), False
        lists = list(loaded_lists(page, self._asker))
        for place, (platform, seen) in enumerate(lists):
            found = True
            survey.notes.append(f"{page.url} asks {seen.catalogues[0][2]} for its list")
            alone = column_name(page) if len(seen.catalogues) == 1 else None
            named = tuple((key, name or alone, url, options) for key, name, url, options in seen.catalogues)
            others = [one.catalogues[0] for _, one in lists[:place] + lists[place + 1 :]]
            beside = tuple(Signpost(c[1] or "", c[2]) for c in others if not is_same_list(c, named))
            yield Proposal(platform, seen.confidence, seen.reasons, seen.to_check, named, beside=beside)
        if not found:
            asked = [step.url for step in self._asker.steps[before:]]
            survey.unanswered += [url for url in asked if not urlsplit(url).path.endswith(".js")]

    def _looks(self, page: Page) -> list[Proposal]:
        try:
            likes = guarded(page.url, partial(looks_like, page.text, page.url))
        except UnfitError:
            return []
        return [proposal_of(name, seen, page) for name, seen in likes if seen.confidence >= GUESS]

    def _read(self, page: Page) -> Extraction | None:
        try:
            return guarded(page.url, partial(read_document, page, None, self._book))
        except UnfitError:
            return None

    def _way_back(self, page: Page, extraction: Extraction, survey: Survey) -> Iterator[Proposal]:
        """The address is a document: its catalogue is where its breadcrumb or its directory leads, and lists it."""
        title = extraction.disclosure.title if extraction.disclosure else None
        survey.notes.append(f"the address is a document ({title or 'without a title'}), not a catalogue")
        ways = [(post.url, f"the breadcrumb's {post.words}") for post in reversed(_trail(page))]
        ways += [(address, "the directory it lies in") for address in signposts.above(page.url)[:2]]
        doubtful: list[Proposal] = []
        for address, how in ways[:5]:
            above = self._page(address)
            for proposal in self._looks(above) if above is not None else ():
                survey.notes.append(f"{address}, {how}, looks like a catalogue on {proposal.platform}")
                if above is not None and _mentions(above, page.url):
                    yield proposal
                doubtful.append(proposal)
        yield from doubtful
        survey.problem = "the address is a document, and the way to its catalogue was not found: give the list's own address"

    def _columns(self, page: Page, survey: Survey) -> Iterator[Proposal]:
        """A page about catalogues: those it links, on the platform that most of them have."""
        above = {post.url for post in _trail(page)}  # what the page lies in is none of its lists
        unread = survey.unanswered or unclear_requests(page.text, page.url)
        asked = Signpost(column_name(page) or "", page.url) if unread else None
        yield from columns.of_page(page, above, survey, self._asker.left, self._column, asked)

    def _column(self, url: str) -> tuple[Page | None, Proposal | None]:
        """The page of a column, and what it looks like; nothing where it is a document."""
        page = self._page(url)
        best = next(iter(self._looks(page)), None) if page is not None else None
        extraction = self._read(page) if page is not None else None
        if (
            page is not None
            and extraction is not None
            and is_document(extraction, page, [best] if best else [])
        ):
            return None, None
        return page, best

    # -- documents and publisher ------------------------------------------------------------------------

    def _try_documents(self, survey: Survey) -> None:
        for row in choose_rows(survey.lists)[:_ATTEMPTS]:
            if sum(document.read for document in survey.documents) >= DOCUMENTS:
                return
            page = self._asker.page(PageRequest(url=row.url), Role.PAGE)
            last = self._asker.steps[-1] if self._asker.steps else None
            detail = f"{last.outcome} {last.detail}".strip() if page is None and last else ""
            survey.documents.append(sample_document(row, page, detail, self._book))

    def _try_indirectly(self, survey: Survey) -> None:
        """What the rows lead to, where none of the documents that were tried could be read."""
        proposal = indirectly(survey, self._asker, self._book)
        found, _ = self._sampled(proposal, []) if proposal is not None else ([], [])
        if any(one.rows for one in found):
            survey.lists, survey.documents = found, []
            self._try_documents(survey)

    def _publisher(self, survey: Survey, pages: list[Page]) -> list[Finding]:
        issuers = [d.issuing_body for d in survey.documents if d.issuing_body]
        name = publisher_name(pages, issuers)
        return [name, *whereabouts(pages, survey.url, name, self._regions)]


def _is_more_than_stub(page: Page) -> bool:
    """Whether a page that leads on shows something itself: a column of JCMS that only sends to another one has its address."""
    seen = looks_like(page.text, page.url)
    links = page.root.find(".//a[@href]") if page.root is not None else None
    return bool(seen) and (seen[0][1].confidence >= SURE or links is not None)


def _trail(page: Page) -> list[Signpost]:
    return signposts.trail(page.root, page.url) if page.root is not None else []


def _addresses_listed(page: Page) -> frozenset[str]:
    """The documents that a page lists."""
    rows = rows_in(page.root, page.url, RowOptions()) if page.root is not None else ()
    return frozenset(url_key(row.url) for row in rows)


def _mentions(page: Page, url: str) -> bool:
    return urlsplit(url).path.rpartition("/")[2] in page.text
