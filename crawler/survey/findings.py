"""One thing that a look at a site found out: how sure it is, why, and what a person should compare. Shared by `crawler/survey`."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from archive.batch import Fetch

SURE, LIKELY, GUESS = 0.9, 0.7, 0.4
DOUBTED = 0.35  # what nothing else makes up for


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of a site file: its value, how sure it is (0 to 1), why, and what a person should look at."""

    part: str
    value: str
    certainty: float
    why: tuple[str, ...] = ()
    look: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """``sure``, ``likely``, ``a guess`` or ``not known``."""
        return word_for(self.certainty)


def word_for(certainty: float) -> str:
    """A certainty from 0 to 1 in words."""
    if certainty >= SURE:
        return "sure"
    if certainty >= LIKELY:
        return "likely"
    return "a guess" if certainty >= GUESS else "not known"


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was looked at: its final address, its text, and its tree where it is HTML."""

    url: str
    fetch: Fetch
    body: bytes
    content_type: str | None
    text: str
    root: etree._Element | None
