"""Why a look at a site found nothing to collect, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.batch import Outcome
from archive.model import Extraction, PageKind
from crawler.attachments.kinds import kind_of
from crawler.extract.links import absolute
from crawler.lists import signposts
from crawler.lists.xml_values import is_feed
from crawler.outcomes import LET_IN, UNTIL_IT_ANSWERS, is_private, lacks_robots, same_host
from crawler.scripts.requests import other_requests, unclear_requests
from crawler.survey.asking import Step
from crawler.survey.findings import Page
from crawler.survey.loaded_lists import foreign_requests
from crawler.survey.sampling import SampledDocument, SampledList

_WORDS = {
    PageKind.DOCUMENT: "a document",
    PageKind.LIST: "a page of links",
    PageKind.EMPTY_SHELL: "an empty page",
    PageKind.OTHER: "neither a list of documents nor a document: a page",
    PageKind.SOFT_404: "a page that says that it does not exist,",
}
_PAGES = ("html", "txt", "unknown")  # kinds of bodies that may be a page


def why_nothing(step: Step) -> str:
    """Why the first address gave no page."""
    said = f" ({step.detail})" if step.detail else ""
    if lacks_robots(step.detail):
        return (
            f"{step.url} was {step.detail}; {UNTIL_IT_ANSWERS}; if its server answers so for good, `--robots-unreachable allow`"
            " looks at the site all the same, and writes `robots: {unreachable: allow}` into its file"
        )
    match step.outcome:
        case Outcome.BLOCKED:
            return (
                f"{step.url} is blocked{said}: the site answers programs, or this network, with a wall. gongkai recognises"
                " walls and does not climb them; try from another network, or ask the office"
            )
        case Outcome.ROBOTS:
            return f"{step.url}: robots.txt forbids it, and gongkai obeys"
        case Outcome.GONE | Outcome.SOFT_404:
            return f"{step.url} does not exist{said}"
        case Outcome.REFUSED:
            return f"{step.url} was refused{said}" + (f"; {LET_IN}" if is_private(step.detail) else "")
    return f"{step.url} could not be had{said}"


def what_stands_there(page: Page, extraction: Extraction | None, unanswered: Sequence[str] = ()) -> str:
    """What a page is in which no catalogue was recognised. ``unanswered``: what its script asks, for answers without rows."""
    kind = kind_of(page.body, page.content_type, urlsplit(page.url).path)
    if kind not in _PAGES:
        return f"{page.url} is a file ({kind}), no page; give the page on which a person sees the list that leads to it"
    if not page.text.strip():
        return f"{page.url} is an empty page"
    if is_feed(page.text):
        return f"{page.url} is a feed, which holds the newest only; give the page on which a person sees the list"
    if page.root is None:
        return f"{page.url} is no HTML page; give the page on which a person sees the list"
    links = sum(1 for _ in page.root.iter("a"))
    read = extraction.kind if extraction is not None else PageKind.UNREADABLE
    title = " - ".join(signposts.title_parts(page.root)) or "no title"
    hint = ""
    if signposts.is_search(page.root, page.url):
        hint = "; it is a page to search with: give the page on which a person sees the whole list"
    if read == PageKind.EMPTY_SHELL:
        hint = "; it is empty without JavaScript: look for the address its script asks (the browser's network tab)"
    if unanswered:
        hint = (
            f"; its script asks {unanswered[0]}, and the answer holds no rows with addresses that the page tells: the script may"
            " make them in another way, or the answer may want a token or a cookie that another"
            " script makes; if the browser's network tab shows a plain request that brings them, describe it with json_api"
        )
    elif foreign := foreign_requests(page):
        host = urlsplit(page.url).hostname
        hint = (
            f"; its script asks {foreign[0]} for its rows, which is another site: if it is the bureau's, describe it with json_api"
            f" under that address and name {host} under `hosts`"
        )
    elif others := [one for one in other_requests(page.text, page.url) if same_host(page.url, one)]:
        hint = (
            f"; its script asks {others[0]}, without the number of a page: if that brings its rows, describe it with json_api"
            " (`paging: {by: cursor, …}` where each answer tells how the next one is asked for)"
        )
    if feed := _feed(page):
        hint += f"; it names a feed ({feed}), which holds the newest only and is no list"
    if asked := unclear_requests(page.text, page.url):
        hint = (
            f"; its script asks {asked[0]} for its rows, and what it sends cannot be told from the page (a signature, or values"
            " that another script makes): if the browser's network tab shows a plain request, describe it with json_api"
        )
    return f"{page.url} ({title}) is {_WORDS.get(read, 'unreadable')} with {links} links{hint}"


def _feed(page: Page) -> str | None:
    """The address of the feed that a page names: ``<link rel="alternate" type="application/rss+xml" href="/rss/7.xml">``."""
    links = page.root.iter("link") if page.root is not None else ()
    named = (
        link.get("href") for link in links if "rss" in (kind := link.get("type") or "") or "atom" in kind
    )
    return next((address for href in named if (address := absolute(page.url, href))), None)


def why_empty(page: Page) -> str | None:
    """Why a list that says that it is empty is not described; None for other pages."""
    said = signposts.says_empty(page.root) if page.root is not None else None
    if said is None:
        return None
    return (
        f"{page.url} lists nothing today ({said}), and how it is to be read cannot be tried: give it again when there is a"
        " document in it, or give a sister list of the site and change the address in the file by hand"
    )


def why_not(lists: Sequence[SampledList], documents: Sequence[SampledDocument]) -> str:
    """Why a catalogue that was recognised gives no documents."""
    rows = [(one.url, row.url) for one in lists for row in one.rows]
    if rows and not any(same_host(url, row) for url, row in rows):
        host = urlsplit(rows[0][1]).hostname
        return f"all {len(rows)} rows lead to other sites, such as {host}: name them under `hosts`, if they are the bureau's"
    if not documents:
        return "the catalogue lists nothing that could be tried"
    first = documents[0]
    if all(document.kind == PageKind.LIST for document in documents):
        return (
            f"its rows lead to lists, such as {first.url}: issues of a gazette, or offices, and no document was found there; give"
            " the address of one that lists documents"
        )
    return f"no document of the catalogue could be read: {first.url}: {first.kind} {first.detail}".strip()
