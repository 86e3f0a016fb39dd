"""Which platform a catalogue's page belongs to, by asking every platform. Pure: the caller fetches."""

from __future__ import annotations

from crawler.platforms import platform_of
from crawler.platforms.base import Recognition
from crawler.sites import platforms

DOUBTFUL = 0.5  # the confidence below which a recognition says nothing against a person's choice


def looks_like(text: str, url: str) -> list[tuple[str, Recognition]]:
    """The platforms (name, recognition) that see a catalogue of theirs in a page at its final address, the surest first."""
    found = [(name, seen) for name in platforms() if (seen := platform_of(name).recognise(text, url))]
    return sorted(found, key=lambda one: -one[1].confidence)


def disagreement(text: str, url: str, stated: str) -> str | None:
    """Why the page does not look like the ``stated`` platform's: another one is surer of it. None when none is."""
    found = looks_like(text, url)
    own = next((seen.confidence for name, seen in found if name == stated), 0.0)
    for name, seen in found[:1]:
        if name != stated and seen.confidence >= DOUBTFUL and seen.confidence > own:
            why = f" ({'; '.join(seen.reasons)})" if seen.reasons else ""
            return f"this page looks like {name}{why}; the site file says {stated}"
    return None
