"""What a collector hands to the one writer of an archive: a stream of batches.

Everything here can be encoded (:func:`encode`) and sent over any byte stream, so a collector may run
in a child process or on another machine. The writer is idempotent: a batch that arrives twice, or
after a restart, changes nothing the second time (see :mod:`archive.record`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from archive.model import Extraction, Problem


class Outcome(StrEnum):
    """What became of one scheduled URL. Every scheduled URL has exactly one."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"  # 304
    GONE = "gone"  # 404, 410
    SOFT_404 = "soft_404"  # a page that says "不存在" with status 200
    REDIRECTED_HOME = "redirected_home"  # a document's address now leads to the front page
    BLOCKED = "blocked"  # 412, 521, 202 + script, WAF text
    FAILED = "failed"  # time-out, connection, 5xx, truncated, too large, redirect loop, unreadable
    REFUSED = "refused"  # the address guard: private address, forbidden scheme
    ROBOTS = "robots"  # robots.txt forbids it
    SKIPPED = "skipped"  # budget, quiet hours, deadline


FETCHED = frozenset(
    {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECTED_HOME}
)
MISSING = frozenset({Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECTED_HOME})


class Role(StrEnum):
    """Why a URL was asked for; also the part a capture plays in a version."""

    PAGE = "page"  # a document's own page
    LIST = "list"  # a page of a catalogue
    API = "api"  # a JSON answer of the site
    ATTACHMENT = "attachment"
    ROBOTS = "robots"
    PART = "part"  # a further page of a document's text; new roles come last: outcomes are stored by position


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureBody:
    """One response as evidence: content-decoded body, and how it came over the wire."""

    sha256: str  # of body
    body: bytes
    wire_sha256: str | None  # of the bytes on the wire, before content decoding; None where not observable
    wire_length: int | None
    status: int
    headers: tuple[tuple[str, str], ...]
    redirects: tuple[str, ...] = ()  # URLs passed through, in order, the final one excluded
    request_method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    ip: str | None = None
    certificate_sha256: str | None = None
    certificate: bytes | None = None  # DER


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One scheduled URL and its one outcome."""

    url: str
    role: Role
    outcome: Outcome
    at: datetime
    final_url: str | None = None
    status: int | None = None
    detail: str | None = None  # in words, for people
    etag: str | None = None
    last_modified: str | None = None
    unconditional: bool = True  # False: a conditional request was sent
    capture: CaptureBody | None = None  # with OK only


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A capture that a record was made from."""

    url: str
    sha256: str  # of the capture's body
    role: Role
    locator: str | None = None  # inside it: "articles[3]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document found: what its page says, at which addresses, made from which captures."""

    url: str
    aliases: tuple[str, ...] = ()  # addresses the platform declares to be the same document
    extraction: Extraction
    extractor_revision: str
    sources: tuple[Source, ...]
    at: datetime
    row_hash: str | None = None  # of the catalogue row that led here, to notice edits of a row
    context: str | None = None  # JSON the platform needs to extract the page again (API row, …)

    @property
    def in_answer(self) -> bool:
        """Whether the document has no page of its own: it was found inside an answer that holds many."""
        return any(source.role is Role.API and source.locator is not None for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a catalogue: a link to a document."""

    url: str
    title: str | None = None
    row_hash: str | None = None
    pinned: bool = False
    aliases: tuple[str, ...] = ()
    context: str | None = None  # as in Found, of a row that leads to no known document


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Rows seen on one page of a catalogue's walk."""

    catalogue: str  # key within the site
    rows: tuple[Row, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkEnd:
    """A walk through one catalogue ended.

    ``full``: it meant to reach the end; ``complete``: it did what it meant to, with no page missing.
    ``cut``: the site shows less than it says it has, which a second look confirmed; the walk has ended, and that a
    document was not seen proves nothing. Only a walk that is full, complete and not cut can make one `unlisted`.
    """

    catalogue: str
    full: bool
    complete: bool
    pages: int
    rows: int
    reason: str | None = None
    at: datetime
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The unit of writing: one transaction in each file. ``seq`` rises from 1 within a run."""

    seq: int
    fetches: tuple[Fetch, ...] = ()
    found: tuple[Found, ...] = ()
    listed: tuple[Listed, ...] = ()
    walks: tuple[WalkEnd, ...] = ()
    problems: tuple[Problem, ...] = ()
    finished: bool = False  # the last one; its absence means that the collector died
    reasons: tuple[str, ...] = ()  # with finished: why the collection is not complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of one address of a document, for the collector's planning."""

    document: int
    url: str
    current: bool  # False: an alias or a former address
    status: str
    row_hash: str | None
    etag: str | None
    last_modified: str | None
    validators_honest: bool  # an unconditional request has confirmed a 304's claim, none contradicted it
    last_confirmed_at: datetime | None
    last_unconditional_at: datetime | None
    extractor_revision: str | None  # of the current version
    context: str | None = None
    # Attachments, further pages: its page is asked for unconditionally, so that they are seen.
    has_parts: bool = False
    catalogues: tuple[str, ...] = ()  # keys of those that list it
    sought: bool = False  # a new document may be this one at another address: whether it is gone decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A row that an earlier collection saw and whose document it could not have, for the collector's planning."""

    row: Row
    catalogues: tuple[str, ...]  # keys of those that listed it


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """What the archive knows of an attachment's address, for the collector's planning."""

    url: str
    sha256: str  # of the file as last fetched
    extractor_revision: str  # of the version that holds its text
    etag: str | None = None
    last_modified: str | None = None
    validators_honest: bool = False  # equal ones came with equal bytes, and never with others
    last_unconditional_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCatalogue:
    """What the archive knows of a catalogue, for the collector's planning."""

    key: str
    first_walk_ended: bool
    last_full_walk_at: datetime | None
    last_full_walk_rows: int | None
    sought: bool = False  # a page that it listed is gone: the document may stand in it at another address


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Batch)


def encode(batch: Batch) -> bytes:
    """MessagePack bytes of a batch."""
    return _encoder.encode(batch)


def decode(data: bytes) -> Batch:
    """The batch that :func:`encode` wrote. Raises msgspec.ValidationError on anything else."""
    return _decoder.decode(data)
