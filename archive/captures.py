"""Response bodies, content-addressed and compressed: what every version can be checked against.

A body is stored once. The next body of the same URL is stored as a zstd delta against it (the earlier body as
raw dictionary); every 16th of such a chain is a full copy. Full copies of pages use a dictionary trained on the site
(:mod:`archive.storage.dictionaries`). Each row names what it stands on. Both the content and the stored bytes are hashed: a
flipped bit in a delta can decode without an error.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.batch import CaptureBody
from archive.fingerprint import storable
from archive.storage import compression
from archive.storage.at_hand import AtHand
from archive.storage.bases import Base, Bases
from archive.storage.compression import ALONE, DELTA, WITH_DICTIONARY
from archive.storage.dictionaries import SAMPLES, Dictionaries
from archive.storage.envelopes import EnvelopeDamagedError, Envelopes, to_json
from archive.times import iso

FULL_COPY_EVERY = 16
_POOR_DELTA = 0.25  # of the body: the page was built anew, and a full copy may be smaller
_CACHE_BYTES = 8 << 20
WITHDRAWN = "withdrawn"  # encoding of a body whose content was erased


class CaptureDamagedError(Exception):
    """A stored body does not match its hash; the message names the row."""


class CaptureMissingError(LookupError):
    """No body with that SHA-256 is stored (never fetched, or pruned)."""


class CaptureWithdrawnError(CaptureMissingError):
    """The body was withdrawn: its hashes are kept, its content is not."""


@lru_cache(maxsize=1024)  # asked for by captures, observations and the sources of a version
def capture_key(url: str, sha256: str) -> str:
    """Key of the capture of one body at one URL; the same body at the same URL is one capture."""
    return hashlib.sha256(f"{storable(url)}\n{sha256}".encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class NewCapture:
    """A body to be stored. ``at`` is when it was received (aware)."""

    site: str
    url: str
    at: datetime
    capture: CaptureBody


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """How a body came: one capture without its body. ``at`` is in the stored form."""

    key: str
    site: str
    url: str
    at: str
    sha256: str
    wire_sha256: str | None
    wire_length: int | None
    status: int
    headers: tuple[tuple[str, str], ...]
    redirects: tuple[str, ...]
    request_method: str
    request_headers: tuple[tuple[str, str], ...]
    ip: str | None
    certificate_sha256: str | None


class CaptureStore:
    """Bodies and captures of one ``captures.db``; the caller owns the connection and its transactions."""

    def __init__(self, db: Database | sqlite3.Connection, at_hand: AtHand | None = None) -> None:
        self._conn = db if isinstance(db, sqlite3.Connection) else db.conn
        self._at_hand = at_hand or AtHand()  # erased bodies of a collection
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached = 0
        self._dictionaries = Dictionaries(self._conn)
        self._envelopes = Envelopes(self._dictionaries)
        self._standing = Bases(self._conn, self.body, (CaptureMissingError, CaptureDamagedError))

    def add_many(self, captures: Iterable[NewCapture]) -> list[str]:
        """Store captures in order (idempotent) and return their keys. Call inside a transaction.

        Raises ValueError when a body does not have the SHA-256 that it is said to have.
        """
        new = list(captures)
        keys = [capture_key(c.url, c.capture.sha256) for c in new]
        present = self._present("captures", "key", keys)
        fresh: dict[str, NewCapture] = {}
        for key, item in zip(keys, new, strict=True):
            if key not in present:
                fresh.setdefault(key, item)  # of equal answers the first: the ledger holds its headers
        if not fresh:
            return keys
        self._dictionaries.begin(iso(new[0].at))
        stored = self._present("blobs", "sha256", [c.capture.sha256 for c in fresh.values()])
        bases = self._bases({storable(c.url) for c in fresh.values() if c.capture.sha256 not in stored})
        rows, certificates = [], []
        for key, item in fresh.items():
            sha256, url = item.capture.sha256, storable(item.url)
            if sha256 not in stored:
                bases[url] = Base(sha256, self._store(item, bases.get(url)))
                stored.add(sha256)
            if item.capture.certificate is not None and item.capture.certificate_sha256 is not None:
                certificates.append((item.capture.certificate_sha256, item.capture.certificate))
            envelope = self._envelopes.pack(item.site, to_json(item.capture))
            rows.append(_capture_row(key, item, *envelope))
        self._conn.executemany("INSERT OR IGNORE INTO certificates VALUES (?,?)", certificates)
        self._conn.executemany(
            "INSERT INTO captures (key, site, url, at, sha256, wire_sha256, wire_length, status, headers,"
            " header_dictionary, ip, certificate_sha256) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
        )
        return keys

    def body(self, sha256: str) -> bytes:
        """The content-decoded body with that hash, checked.

        Raises CaptureMissingError when it is not stored, CaptureDamagedError when it cannot be trusted.
        """
        if (cached := self._cache.get(sha256)) is not None:
            self._cache.move_to_end(sha256)
            return cached
        chain: list[sqlite3.Row] = []
        wanted: str | None = sha256
        content: bytes | None = None
        while wanted is not None and content is None:
            row = self._conn.execute(
                "SELECT sha256, length, stored, stored_sha256, encoding, base_sha256, dictionary FROM blobs"
                " WHERE sha256 = ?",
                [wanted],
            ).fetchone()
            if row is None:
                raise CaptureMissingError(f"captures.db: no body with SHA-256 {wanted} is stored")
            chain.append(row)
            if len(chain) > 4 * FULL_COPY_EVERY:
                raise CaptureDamagedError(f"captures.db: blobs {sha256}: its chain of bases does not end")
            wanted = row[5]
            content = self._cache.get(wanted) if wanted is not None else None
        for row in reversed(chain):
            content = self._decode(row, content)
        assert content is not None
        self._remember(sha256, content)
        return content

    def capture(self, key: str) -> StoredCapture:
        """How one body came, by :func:`capture_key`.

        Raises CaptureMissingError when there is no such capture, CaptureDamagedError when it cannot be read.
        """
        row = self._conn.execute(
            "SELECT key, site, url, at, sha256, wire_sha256, wire_length, status, ip, certificate_sha256, headers,"
            " header_dictionary FROM captures WHERE key = ?",
            [key],
        ).fetchone()
        if row is None:
            raise CaptureMissingError(f"captures.db: no capture {key} is stored")
        try:
            came = self._envelopes.unpack(row[10], row[11])
        except EnvelopeDamagedError as error:
            raise CaptureDamagedError(f"captures.db: captures {key}: {error}") from error
        return StoredCapture(
            key=row[0], site=row[1], url=row[2], at=row[3], sha256=row[4], wire_sha256=row[5], wire_length=row[6],
            status=row[7], headers=came.headers, redirects=came.redirects, request_method=came.request_method,
            request_headers=came.request_headers, ip=row[8], certificate_sha256=row[9],
        )  # fmt: skip

    def first(self, url: str) -> StoredCapture | None:
        """The first answer of an address that is kept, whichever of several sites asked for it: equal answers are kept once.

        Raises CaptureDamagedError when it cannot be read.
        """
        row = self._conn.execute(
            "SELECT key FROM captures WHERE url = ? ORDER BY at LIMIT 1", [url]
        ).fetchone()
        return self.capture(row[0]) if row is not None else None

    def certificate(self, sha256: str) -> bytes | None:
        """A TLS certificate (DER) by its SHA-256; None when it is not kept."""
        row = self._conn.execute("SELECT der FROM certificates WHERE sha256 = ?", [sha256]).fetchone()
        return bytes(row[0]) if row is not None else None

    def erase(self, sha256: str) -> bool:
        """Erase a body for good and keep its row as :data:`WITHDRAWN`; False when there is nothing to erase.

        What stands on it (deltas, dictionaries that hold pieces of it) is stored anew first, or damaged already. Call inside a transaction.
        """
        row = self._conn.execute("SELECT encoding FROM blobs WHERE sha256 = ?", [sha256]).fetchone()
        if row is None or row[0] == WITHDRAWN:
            return False
        with suppress(CaptureDamagedError, CaptureMissingError):
            self._at_hand.keep(sha256, self.body(sha256))
        self._standing.leave({sha256})
        self._dictionaries.forget(sha256, self._standing.drop_dictionaries_with(sha256))
        self._uncache(sha256)
        self._conn.execute(
            "UPDATE blobs SET stored = X'', stored_sha256 = ?, encoding = ?, base_sha256 = NULL, dictionary = NULL, depth = 0"
            " WHERE sha256 = ?",
            [hashlib.sha256(b"").hexdigest(), WITHDRAWN, sha256],
        )
        return True

    def hold_erased(self, bodies: Iterable[CaptureBody]) -> None:
        """Keep at hand those of bodies that came whose content was erased."""
        came = {body.sha256: body for body in bodies}
        for sha256 in self.erased(came):
            self._at_hand.keep(sha256, came[sha256].body)

    def erased(self, bodies: Iterable[str]) -> list[str]:
        """Those of bodies whose content was erased."""
        sql = (
            "SELECT sha256 FROM blobs WHERE sha256 IN (SELECT value FROM json_each(?)) AND length(stored) = 0"
        )
        return [row[0] for row in self._conn.execute(sql, [json.dumps(list(bodies))])]

    def body_that_came(self, sha256: str) -> bytes:
        """As :meth:`body`, also where its content is erased and it has come in this collection."""
        return self._at_hand.get(sha256) or self.body(sha256)

    def store_again(self, sha256: str) -> None:
        """Store the content of an erased body that is at hand; nothing where it is not. Call inside a transaction."""
        if (body := self._at_hand.get(sha256)) is not None:
            stored = compression.compress(body)
            sql = "UPDATE blobs SET stored = ?, stored_sha256 = ?, encoding = ? WHERE sha256 = ? AND encoding = ?"
            self._conn.execute(sql, [stored, hashlib.sha256(stored).hexdigest(), ALONE, sha256, WITHDRAWN])

    def remove(self, bodies: Sequence[str], *, orphans: bool = False) -> None:
        """Remove bodies and the captures of them; ``orphans``: bodies of no capture. Call inside a transaction.

        What is stored as a delta against one of them is stored anew first, against the nearest that stays; what a damaged one
        stands on stays. The connection must not enforce foreign keys: `blobs` has no index by which SQLite could look for what rests
        on a row.
        """
        gone = set(bodies) - self._standing.held_up(set(bodies), everywhere=orphans)
        self._standing.leave(gone, everywhere=orphans)
        for table in ("captures", "blobs"):
            self._conn.executemany(f"DELETE FROM {table} WHERE sha256 = ?", [(sha256,) for sha256 in gone])  # noqa: S608
        for sha256 in gone:
            self._uncache(sha256)

    def erase_orphans(self, bodies: Sequence[str]) -> None:
        """Erase bodies of no capture, and their rows: what stands on them is stored anew first. Call inside a transaction."""
        self._standing.leave(set(bodies), everywhere=True)
        for sha256 in bodies:
            self.erase(sha256)
        self._conn.executemany("DELETE FROM blobs WHERE sha256 = ?", [(sha256,) for sha256 in bodies])

    def forget(self, keys: Sequence[str]) -> None:
        """Remove captures whose bodies others hold too. Call inside a transaction."""
        rows = self._conn.execute(
            "SELECT DISTINCT c.sha256 FROM captures c JOIN blobs b ON b.sha256 = c.sha256"
            " WHERE c.key IN (SELECT value FROM json_each(?)) AND b.base_sha256 IS NOT NULL",
            [json.dumps(list(keys))],
        ).fetchall()
        for (sha256,) in rows:  # its base is found by the address that goes: see Bases.dependents
            self._standing.stand_alone(sha256)
        self._conn.executemany("DELETE FROM captures WHERE key = ?", [(key,) for key in keys])

    def _uncache(self, sha256: str) -> None:
        if sha256 in self._cache:
            self._cached -= len(self._cache.pop(sha256))

    def content_type(self, key: str) -> str | None:
        """The Content-Type header that came with a capture; see :meth:`header`."""
        return self.header(key, "Content-Type")

    def header(self, key: str, name: str) -> str | None:
        """A header that came with a capture, by :func:`capture_key`.

        Raises CaptureMissingError when there is no such capture, CaptureDamagedError when it cannot be read.
        """
        headers = self.capture(key).headers
        return next((value for known, value in headers if known.lower() == name.lower()), None)

    def _present(self, table: str, column: str, values: Sequence[str]) -> set[str]:
        sql = f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        return {row[0] for row in self._conn.execute(sql, [json.dumps(list(values))])}

    def _bases(self, urls: set[str]) -> dict[str, Base]:
        rows = self._conn.execute(
            "SELECT u.value, b.sha256, b.depth FROM json_each(?) u JOIN captures c ON c.key = ("
            " SELECT key FROM captures WHERE url = u.value ORDER BY at DESC, rowid DESC LIMIT 1)"
            " JOIN blobs b ON b.sha256 = c.sha256 AND b.encoding <> ?",
            [json.dumps(sorted(urls)), WITHDRAWN],
        )
        return {row[0]: Base(row[1], row[2]) for row in rows}

    def _store(self, item: NewCapture, base: Base | None) -> int:
        """Store a body, as a delta where it has a base that is near enough; its depth in its chain of deltas."""
        body, sha256 = item.capture.body, item.capture.sha256
        actual = hashlib.sha256(body).hexdigest()
        if actual != sha256:
            raise ValueError(f"a body said to have SHA-256 {sha256} has {actual}: not stored")
        delta = None
        if base is not None and base.depth + 1 < FULL_COPY_EVERY:
            delta = self._delta(body, base)
        full = None
        if delta is None or len(delta) > _POOR_DELTA * len(body):
            full = self._full_copy(item.site, item.url, sha256, body)
        if full is None or (delta is not None and len(delta) < len(full[0])):
            assert base is not None and delta is not None
            stored, encoding, base_sha256, dictionary, depth = delta, DELTA, base.sha256, None, base.depth + 1
        else:
            stored, encoding, base_sha256, dictionary, depth = full[0], full[1], None, full[2], 0
        self._conn.execute(
            "INSERT INTO blobs (sha256, length, stored, stored_sha256, encoding, base_sha256, dictionary, depth)"
            " VALUES (?,?,?,?,?,?,?,?)",
            [
                sha256,
                len(body),
                stored,
                hashlib.sha256(stored).hexdigest(),
                encoding,
                base_sha256,
                dictionary,
                depth,
            ],
        )
        self._remember(sha256, body)
        return depth

    def _delta(self, body: bytes, base: Base) -> bytes | None:
        try:
            return compression.delta(body, self.body(base.sha256))
        except (CaptureDamagedError, CaptureMissingError):
            return None  # a damaged base must not spoil what comes after it

    def _full_copy(self, site: str, url: str, sha256: str, body: bytes) -> tuple[bytes, str, int | None]:
        found = self._dictionaries.compress(site, sha256, body, lambda: self._pages_like(site, url))
        return (found[0], WITH_DICTIONARY, found[1]) if found else (compression.compress(body), ALONE, None)

    def _pages_like(self, site: str, url: str) -> list[tuple[str, bytes]]:
        """Stored full copies of the site, from the same host: samples for its first dictionary."""
        parts = urlsplit(storable(url))
        origin = f"{parts.scheme}://{parts.netloc}/"
        rows = self._conn.execute(
            "SELECT DISTINCT b.sha256 FROM captures c JOIN blobs b ON b.sha256 = c.sha256 WHERE c.url >= ? AND c.url < ?"
            " AND c.site = ? AND b.encoding = ? LIMIT ?",
            [origin, origin[:-1] + "0", site, ALONE, SAMPLES],  # "0" follows "/"
        ).fetchall()
        found = []
        for (sha256,) in rows:
            with suppress(CaptureDamagedError, CaptureMissingError):
                found.append((sha256, self.body(sha256)))
        return found

    def _decode(self, row: sqlite3.Row, base: bytes | None) -> bytes:
        sha256, length, stored, stored_sha256, encoding = row[0], row[1], row[2], row[3], row[4]
        where = f"captures.db: blobs {sha256}:"
        if hashlib.sha256(stored).hexdigest() != stored_sha256:
            raise CaptureDamagedError(f"{where} the stored bytes do not match stored_sha256")
        if encoding == WITHDRAWN and not stored:
            raise CaptureWithdrawnError(f"captures.db: the body with SHA-256 {sha256} was withdrawn")
        if encoding not in (ALONE, WITH_DICTIONARY, DELTA):
            raise CaptureDamagedError(f"{where} unknown encoding {encoding!r}")
        try:
            dictionary = self._dictionaries.load(row[6]) if encoding == WITH_DICTIONARY else None
            wanted = (base or b"") if encoding == DELTA else None
            content = compression.decompress(stored, length, base=wanted, dictionary=dictionary)
        except (compression.FrameError, LookupError) as error:
            raise CaptureDamagedError(f"{where} cannot be decompressed ({error})") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CaptureDamagedError(f"{where} the content does not match its SHA-256")
        return content

    def _remember(self, sha256: str, content: bytes) -> None:
        if len(content) > _CACHE_BYTES // 4 or sha256 in self._cache:
            return
        self._cache[sha256] = content
        self._cached += len(content)
        while self._cached > _CACHE_BYTES:
            self._cached -= len(self._cache.popitem(last=False)[1])


def _capture_row(key: str, item: NewCapture, envelope: bytes, dictionary: int) -> tuple[object, ...]:
    c = item.capture
    return (
        key, item.site, storable(item.url), iso(item.at), c.sha256, c.wire_sha256, c.wire_length, c.status,
        envelope, dictionary, c.ip, c.certificate_sha256 if c.certificate is not None else None,
    )  # fmt: skip
