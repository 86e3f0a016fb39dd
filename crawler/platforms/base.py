"""What a CMS platform is to the crawler: pages of a catalogue in, rows and further pages out. No I/O.

A platform is a module of this package with a ``PLATFORM`` object that follows :class:`Platform`. It decides
from bytes and addresses alone; the spider fetches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from crawler.sites import Catalogue, Site

BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}  # what jQuery sends along


class ListError(Exception):
    """A catalogue page that cannot be read as what the platform expects; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One page of a catalogue to ask for. ``chain`` names the sequence of pages it belongs to.

    ``state`` is the platform's own: it comes back with the answer. ``body`` is sent with POST, as a form unless
    ``headers`` name another Content-Type. ``optional``: asked to see whether there is such a page (one beyond the
    last, a page 0); that there is none is no trouble, and ``otherwise`` is asked instead.
    """

    url: str
    chain: str = ""
    page: int = 1
    state: Mapping[str, Any] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    otherwise: PageRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One document that a catalogue lists.

    ``locator``: where its record stands in the answer, for a document that has no page of its own: the record is it.
    """

    url: str
    title: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)  # record fields that the row gives, as shown
    record: Mapping[str, Any] | None = None  # the row of an API answer
    aliases: tuple[str, ...] = ()
    pinned: bool = False
    row_hash: str = ""
    locator: str | None = None

    @property
    def day(self) -> str | None:
        """The day beside the row, as shown: that of publication, else that of issue."""
        return self.hints.get("published_on") or self.hints.get("issued_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What a catalogue page holds. ``next``: the following page of its chain; ``branches``: chains it opens."""

    rows: tuple[ListRow, ...] = ()
    next: PageRequest | None = None
    branches: tuple[PageRequest, ...] = ()
    lively: int | None = (
        None  # of these, how many get new documents: a walk that is not full leaves the others out
    )
    last_page: int | None = None  # where the page says how many there are
    total: int | None = None  # rows of the whole chain, where the page says so
    shown: int | None = None  # rows of this page, where some of them are not among ``rows``
    unaddressed: int = 0  # rows of this page that name a document and have no address
    end_unmarked: bool = False  # the end is only found by asking for one page too many


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How a page that a person sees as a catalogue would be collected by a platform.

    ``confidence`` is 0 to 1: 0.9 and more for a mark that no other platform carries, 0.5 for a shape that several share.
    ``catalogues`` are (key, Chinese name or None, address, options) as a site file states them.
    """

    confidence: float
    catalogues: tuple[tuple[str, str | None, str, Mapping[str, Any]], ...]
    reasons: tuple[str, ...] = ()  # what on the page tells so, in words
    to_check: tuple[str, ...] = ()  # what a person should look at
    branches: bool = False  # it leads to further lists of the same catalogue, such as those of other years
    beside: tuple[str, ...] = ()  # other lists of the page, any of which may be meant as well


class Options(BaseModel):
    """What a catalogue of a platform may state under ``options``; each platform subclasses it, or takes it as it is.

    ``gongkai sites check`` refuses other keys and wrong values with file, line and key. Every field has a
    description; docs/site-file.md names them all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class Platform(Protocol):
    """A CMS family."""

    name: ClassVar[str]
    options: ClassVar[type[Options]]

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Whether a catalogue's page (``text``, at its final address) is this platform's; None where nothing tells so."""
        ...

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The first page to ask for."""
        ...

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Read one page. Raises ListError when it is not a page of this platform's catalogues."""
        ...


def row_hash(*values: object) -> str:
    """A short hash of what a row says, to notice that it says something else."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
