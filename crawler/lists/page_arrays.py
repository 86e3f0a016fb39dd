"""Pages of a list whose addresses a script holds one by one: ``var pages = ["index.html", "202602/a.html", "202601/b.html"]``. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from archive.identity import url_key
from crawler.extract.links import absolute
from crawler.lists.pagers import numbered
from crawler.outcomes import same_host
from crawler.platforms.base import PageRequest
from crawler.scripts.values import scripts_of
from crawler.scripts.written import unquoted

_STRING = r"\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'"
# Arrays of other names may be those of columns, of documents, of pictures.
_PAGES = re.compile(
    rf"(?<![\w$])[\w$]{{0,20}}pages?(?:_?(?:urls?|list|array|links?|addr|files?))?[\"']?\s*[:=]\s*\[\s*((?:(?:{_STRING})\s*,?\s*){{2,5000}})\]",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default|list)\.\w+$", re.IGNORECASE)
_HELD = "page_array"  # in the state of a PageRequest


def following(text: str, url: str, request: PageRequest) -> tuple[PageRequest | None, int | None]:
    """The next page and the number of pages, where the list's first page holds the addresses of all of them."""
    return after(request, () if request.page > 1 else _held(text, url))


def after(request: PageRequest, pages: tuple[str, ...] = ()) -> tuple[PageRequest | None, int | None]:
    """The next of these pages, or of those that the list's first page gave; and how many there are."""
    held: tuple[str, ...] = pages or request.state.get(_HELD) or ()
    if not held:
        return None, None
    if request.page >= len(held):
        return None, len(held)
    asked = numbered(held[request.page], request)
    return replace(asked, state={**request.state, _HELD: held}), len(held)


def _held(text: str, url: str) -> tuple[str, ...]:
    """The addresses of all pages: the first is the page at ``url``, the others lie beside or below it."""
    around = urlsplit(url).path.rpartition("/")[0]
    for script in scripts_of(text):
        for found in _PAGES.finditer(script):
            pages = [absolute(url, unquoted(one)) for one in re.findall(_STRING, found[1])]
            known = tuple(page for page in pages if page is not None and same_host(url, page))
            beside = all(urlsplit(page).path.startswith(around) for page in known)
            if len(set(known)) == len(pages) and beside and _key(known[0]) == _key(url):
                return known
    return ()


def _key(url: str) -> str:
    return _INDEX.sub("/", url_key(url))
