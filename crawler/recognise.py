"""Which platform a catalogue's page belongs to, by asking every platform. Pure: the caller fetches."""

from __future__ import annotations

from archive.model import Severity
from crawler.platforms import platform_of
from crawler.platforms.base import ListPage, Recognition
from crawler.sites import Catalogue, platforms

_DOUBTFUL = 0.5  # the confidence below which a recognition says nothing against a person's choice
_CERTAIN = 0.9  # the confidence of a mark that no other platform carries


def looks_like(text: str, url: str) -> list[tuple[str, Recognition]]:
    """The platforms (name, recognition) that see a catalogue of theirs in a page at its final address, the surest first."""
    found = [(name, seen) for name in platforms() if (seen := platform_of(name).recognise(text, url))]
    return sorted(found, key=lambda one: -one[1].confidence)


def disagreement(text: str, url: str, stated: str, *, at_least: float = _DOUBTFUL) -> str | None:
    """Why the page does not look like the ``stated`` platform's: another one is surer of it. None when none is.

    ``at_least``: the confidence that the other one must have.
    """
    found = looks_like(text, url)
    own = next((seen.confidence for name, seen in found if name == stated), 0.0)
    for name, seen in found[:1]:
        if name != stated and seen.confidence >= at_least and seen.confidence > own:
            why = f" ({'; '.join(seen.reasons)})" if seen.reasons else ""
            return f"this page looks like {name}{why}; the site file says {stated}"
    return None


def mistaken_choice(
    text: str, url: str, stated: str, catalogue: Catalogue, read: ListPage | None
) -> tuple[str, Severity] | None:
    """What speaks against the site file's ``platform`` on the catalogue's own page; None where nothing does.

    ``read`` is what that platform made of the page, None where it could not read it. ERROR: documents are, or may
    be, missed. WARNING: the platform finds its way all the same. Rows that end with their first page may be all of a short
    list, or the part of a long one that only another platform can go on from: a mark that no other platform carries decides.
    Options in the site file show that a person looked, and are believed where rows are found.
    """
    if read is not None and catalogue.options and read.rows:
        return None
    leads_on = read is not None and bool(read.branches)
    said = disagreement(text, url, stated, at_least=_CERTAIN if leads_on else _DOUBTFUL)
    if said is None:
        return None
    if read is None or not read.rows:
        return said, Severity.ERROR
    if read.next is None and disagreement(text, url, stated, at_least=_CERTAIN):
        return said, Severity.ERROR
    if not read.branches and looks_like(text, url)[0][1].branches:
        return said, Severity.ERROR  # documents of other years would be missed
    return said, Severity.WARNING
