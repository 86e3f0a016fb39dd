"""Pages that stand in the frames of another, and the lists that it opens there. Pure."""

from __future__ import annotations

from crawler.extract.links import base_of
from crawler.lists import signposts
from crawler.lists.rows import parse_html
from crawler.lists.signposts import Signpost
from crawler.lists.unopened import empty_tree
from crawler.scripts.frames import are_chosen, frames_given
from crawler.scripts.written import with_written
from crawler.survey.findings import Page


def frames_of(page: Page) -> list[str]:
    """The addresses that a page or its scripts give its frames, also those of frames that scripts write."""
    if page.root is None:
        return []
    found = [*signposts.frames(page.root, page.url), *frames_given(page.text, page.root, page.url)]
    if not found and "iframe" in page.text and (root := parse_html(with_written(page.text))) is not None:
        found = signposts.frames(root, page.url)
    return list(dict.fromkeys(found))


def is_piece(page: Page) -> bool:
    """Whether a page is a piece of one: a whole page in its place says that nothing is there."""
    return page.root is not None and page.root.find(".//title") is None


def shelves_of(page: Page, holder: Page) -> list[Signpost]:
    """The lists that ``page`` opens in the frames of ``holder``, which it is, or in which it stands."""
    if page.root is None or holder.root is None:
        return []
    return signposts.shelves(page.root, page.text, base_of(page.root, page.url), holder.root)


def shows_chosen(page: Page, holder: Page) -> bool:
    """Whether clicks in ``page`` choose what a frame of ``holder`` shows, on a tree that only a script fills among others."""
    if holder.root is None or page.root is None:
        return False
    return are_chosen(page.text, holder.root, page.url) or empty_tree(page.root, page.text) is not None
