"""Response bodies, content-addressed and compressed: what every version can be checked against.

A body is stored once. The next body of the same URL is stored as a zstd delta against it (the earlier body as
raw dictionary); every 16th of such a chain is a full copy. Both the content and the stored bytes are hashed: a
flipped bit in a delta can decode without an error.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlite_utils import Database

from archive.batch import CaptureBody
from archive.fingerprint import storable
from archive.times import iso

FULL_COPY_EVERY = 16
_LARGE = 1 << 20  # above this, level 12 and a window that spans base and content
_MAX_WINDOW_LOG = 27  # the decoder's limit: beyond it (64 MB and its base) a full copy is stored
_CACHE_BYTES = 8 << 20
WITHDRAWN = "withdrawn"  # encoding of a body whose content was erased


class CaptureDamagedError(Exception):
    """A stored body does not match its hash; the message names the row."""


class CaptureMissingError(LookupError):
    """No body with that SHA-256 is stored (never fetched, or pruned)."""


class CaptureWithdrawnError(CaptureMissingError):
    """The body was withdrawn: its hashes are kept, its content is not."""


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


@dataclass(frozen=True, slots=True)
class _Base:
    sha256: str
    depth: int


class CaptureStore:
    """Bodies and captures of one ``captures.db``; the caller owns the connection and its transactions."""

    def __init__(self, db: Database | sqlite3.Connection) -> None:
        self._conn = db if isinstance(db, sqlite3.Connection) else db.conn
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached = 0

    def add(self, site: str, url: str, at: datetime, capture: CaptureBody) -> str:
        """Store one capture (idempotent) and return its key. Call inside a transaction."""
        return self.add_many([NewCapture(site, url, at, capture)])[0]

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
        stored = self._present("blobs", "sha256", [c.capture.sha256 for c in fresh.values()])
        bases = self._bases({storable(c.url) for c in fresh.values() if c.capture.sha256 not in stored})
        blobs, rows, certificates = [], [], []
        for key, item in fresh.items():
            sha256, url = item.capture.sha256, storable(item.url)
            if sha256 not in stored:
                blob, depth = self._blob(item.capture, bases.get(url))
                blobs.append(blob)
                stored.add(sha256)
                bases[url] = _Base(sha256, depth)
            if item.capture.certificate is not None and item.capture.certificate_sha256 is not None:
                certificates.append((item.capture.certificate_sha256, item.capture.certificate))
            rows.append(_capture_row(key, item))
        self._conn.executemany("INSERT INTO blobs VALUES (?,?,?,?,?,?,?,?)", blobs)
        self._conn.executemany("INSERT OR IGNORE INTO certificates VALUES (?,?)", certificates)
        self._conn.executemany("INSERT INTO captures VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
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
                "SELECT sha256, length, stored, stored_sha256, encoding, base_sha256 FROM blobs WHERE sha256 = ?",
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
            content = _decode(row, content)
        assert content is not None
        self._remember(sha256, content)
        return content

    def capture(self, key: str) -> StoredCapture:
        """How one body came, by :func:`capture_key`. Raises CaptureMissingError when there is no such capture."""
        row = self._conn.execute(
            "SELECT key, site, url, at, sha256, wire_sha256, wire_length, status, headers, redirects, request, ip,"
            " certificate_sha256 FROM captures WHERE key = ?",
            [key],
        ).fetchone()
        if row is None:
            raise CaptureMissingError(f"captures.db: no capture {key} is stored")
        request = json.loads(row[10] or "{}")
        return StoredCapture(
            key=row[0], site=row[1], url=row[2], at=row[3], sha256=row[4], wire_sha256=row[5], wire_length=row[6],
            status=row[7],
            headers=tuple((name, value) for name, value in json.loads(row[8])),
            redirects=tuple(json.loads(row[9] or "[]")),
            request_method=request.get("method", "GET"),
            request_headers=tuple((name, value) for name, value in request.get("headers", ())),
            ip=row[11], certificate_sha256=row[12],
        )  # fmt: skip

    def certificate(self, sha256: str) -> bytes | None:
        """A TLS certificate (DER) by its SHA-256; None when it is not kept."""
        row = self._conn.execute("SELECT der FROM certificates WHERE sha256 = ?", [sha256]).fetchone()
        return bytes(row[0]) if row is not None else None

    def erase(self, sha256: str) -> bool:
        """Erase a body for good and keep its row as :data:`WITHDRAWN`; False when there is nothing to erase.

        Bodies that are stored as deltas against it are stored anew first. Call inside a transaction.
        """
        row = self._conn.execute("SELECT encoding FROM blobs WHERE sha256 = ?", [sha256]).fetchone()
        if row is None or row[0] == WITHDRAWN:
            return False
        self._free(sha256)
        self._conn.execute(
            "UPDATE blobs SET stored = X'', stored_sha256 = ?, encoding = ?, base_sha256 = NULL, dictionary = NULL, depth = 0"
            " WHERE sha256 = ?",
            [hashlib.sha256(b"").hexdigest(), WITHDRAWN, sha256],
        )
        return True

    def remove(self, bodies: Sequence[str], *, orphans: bool = False) -> None:
        """Remove bodies and the captures of them; ``orphans``: bodies of no capture. Call inside a transaction.

        What is stored as a delta against one of them is stored anew first, against the nearest that stays. The connection
        must not enforce foreign keys: `blobs` has no index by which SQLite could look for what rests on a row.
        """
        gone = set(bodies)
        for dependent in self._dependents(gone, everywhere=orphans):
            if dependent not in gone:
                self._store_anew(dependent, self._nearest_base(dependent, gone))
        for table in ("captures", "blobs"):
            self._conn.executemany(f"DELETE FROM {table} WHERE sha256 = ?", [(sha256,) for sha256 in gone])  # noqa: S608
        for sha256 in gone:
            self._uncache(sha256)

    def forget(self, keys: Sequence[str]) -> None:
        """Remove captures whose bodies others hold too. Call inside a transaction."""
        rows = self._conn.execute(
            "SELECT DISTINCT c.sha256 FROM captures c JOIN blobs b ON b.sha256 = c.sha256"
            " WHERE c.key IN (SELECT value FROM json_each(?)) AND b.base_sha256 IS NOT NULL",
            [json.dumps(list(keys))],
        ).fetchall()
        for (sha256,) in rows:  # its base is found by the address that goes: see _dependents
            self._store_anew(sha256, None)
        self._conn.executemany("DELETE FROM captures WHERE key = ?", [(key,) for key in keys])

    def _dependents(self, bodies: Iterable[str], *, everywhere: bool = False) -> list[str]:
        """Bodies that are stored as deltas against one of these, the lowest first.

        A delta and its base are answers of one address, so that they are found by it; an index on the base would cost half
        as much room as the deltas.
        """
        wanted = json.dumps(sorted(bodies))
        near = (
            "SELECT o.sha256 FROM captures c JOIN captures o ON o.url = c.url"
            " WHERE c.sha256 IN (SELECT value FROM json_each(:wanted))"
        )
        sql = "SELECT sha256 FROM blobs WHERE base_sha256 IN (SELECT value FROM json_each(:wanted))"
        sql += " ORDER BY depth" if everywhere else f" AND sha256 IN ({near}) ORDER BY depth"
        return [row[0] for row in self._conn.execute(sql, {"wanted": wanted})]

    def _nearest_base(self, sha256: str, gone: set[str]) -> _Base | None:
        """The nearest body below one in its chain that stays."""
        wanted: str | None = sha256
        while wanted is not None and (wanted == sha256 or wanted in gone):
            row = self._conn.execute("SELECT base_sha256 FROM blobs WHERE sha256 = ?", [wanted]).fetchone()
            wanted = row[0] if row is not None else None
        if wanted is None:
            return None
        depth = self._conn.execute("SELECT depth FROM blobs WHERE sha256 = ?", [wanted]).fetchone()[0]
        return _Base(wanted, depth)

    def _store_anew(self, sha256: str, base: _Base | None) -> None:
        body = self.body(sha256)
        stored = self._delta(body, base) if base is not None else None
        if base is None or stored is None:
            base, stored = (
                None,
                zstandard.ZstdCompressor(level=3 if len(body) <= _LARGE else 12).compress(body),
            )
        self._conn.execute(
            "UPDATE blobs SET stored = ?, stored_sha256 = ?, encoding = ?, base_sha256 = ?, dictionary = NULL WHERE sha256 = ?",
            [
                stored, hashlib.sha256(stored).hexdigest(), "zstd-delta" if base else "zstd",
                base.sha256 if base else None, sha256,
            ],
        )  # fmt: skip
        self._set_depth(sha256, base.depth + 1 if base else 0)

    def _free(self, sha256: str) -> None:
        """Let no other body rest on this one."""
        for dependent in self._dependents([sha256]):
            self._store_anew(dependent, self._nearest_base(dependent, {sha256}))
        self._uncache(sha256)

    def _uncache(self, sha256: str) -> None:
        if sha256 in self._cache:
            self._cached -= len(self._cache.pop(sha256))

    def _set_depth(self, sha256: str, depth: int) -> None:
        self._conn.execute("UPDATE blobs SET depth = ? WHERE sha256 = ?", [depth, sha256])
        for above in self._dependents([sha256]):
            self._set_depth(above, depth + 1)

    def content_type(self, key: str) -> str | None:
        """The Content-Type header that came with a capture, by :func:`capture_key`.

        Raises CaptureMissingError when there is no such capture.
        """
        row = self._conn.execute("SELECT headers FROM captures WHERE key = ?", [key]).fetchone()
        if row is None:
            raise CaptureMissingError(f"captures.db: no capture {key} is stored")
        return next((value for name, value in json.loads(row[0]) if name.lower() == "content-type"), None)

    def _present(self, table: str, column: str, values: Sequence[str]) -> set[str]:
        sql = f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        return {row[0] for row in self._conn.execute(sql, [json.dumps(list(values))])}

    def _bases(self, urls: set[str]) -> dict[str, _Base]:
        rows = self._conn.execute(
            "SELECT u.value, b.sha256, b.depth FROM json_each(?) u JOIN captures c ON c.key = ("
            " SELECT key FROM captures WHERE url = u.value ORDER BY at DESC, rowid DESC LIMIT 1)"
            " JOIN blobs b ON b.sha256 = c.sha256",
            [json.dumps(sorted(urls))],
        )
        return {row[0]: _Base(row[1], row[2]) for row in rows}

    def _blob(self, capture: CaptureBody, base: _Base | None) -> tuple[tuple[object, ...], int]:
        body = capture.body
        actual = hashlib.sha256(body).hexdigest()
        if actual != capture.sha256:
            raise ValueError(f"a body said to have SHA-256 {capture.sha256} has {actual}: not stored")
        if base is not None and base.depth + 1 < FULL_COPY_EVERY:
            delta = self._delta(body, base)
            if delta is not None:
                digest = hashlib.sha256(delta).hexdigest()
                row = (actual, len(body), delta, digest, "zstd-delta", base.sha256, None, base.depth + 1)
                self._remember(actual, body)
                return row, base.depth + 1
        level = 3 if len(body) <= _LARGE else 12
        stored = zstandard.ZstdCompressor(level=level).compress(body)
        self._remember(actual, body)
        return (actual, len(body), stored, hashlib.sha256(stored).hexdigest(), "zstd", None, None, 0), 0

    def _delta(self, body: bytes, base: _Base) -> bytes | None:
        try:
            prefix = self.body(base.sha256)
        except (
            CaptureDamagedError,
            CaptureMissingError,
        ):  # a damaged base must not spoil what comes after it
            return None
        window_log = max(10, (len(prefix) + len(body)).bit_length())
        if not prefix or window_log > _MAX_WINDOW_LOG:
            return None
        dictionary = zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        if max(len(body), len(prefix)) <= _LARGE:
            return zstandard.ZstdCompressor(level=3, dict_data=dictionary).compress(body)
        parameters = zstandard.ZstdCompressionParameters.from_level(
            12, source_size=len(body), dict_size=len(prefix), window_log=window_log
        )
        return zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary).compress(body)

    def _remember(self, sha256: str, content: bytes) -> None:
        if len(content) > _CACHE_BYTES // 4 or sha256 in self._cache:
            return
        self._cache[sha256] = content
        self._cached += len(content)
        while self._cached > _CACHE_BYTES:
            self._cached -= len(self._cache.popitem(last=False)[1])


def _capture_row(key: str, item: NewCapture) -> tuple[object, ...]:
    c = item.capture
    request = {"method": c.request_method, "headers": [list(pair) for pair in c.request_headers]}
    return (
        key, item.site, storable(item.url), iso(item.at), c.sha256, c.wire_sha256, c.wire_length, c.status,
        json.dumps([list(pair) for pair in c.headers]), json.dumps(list(c.redirects)), json.dumps(request),
        c.ip, c.certificate_sha256 if c.certificate is not None else None,
    )  # fmt: skip


def _decode(row: sqlite3.Row, base: bytes | None) -> bytes:
    sha256, length, stored, stored_sha256, encoding = row[0], row[1], row[2], row[3], row[4]
    if hashlib.sha256(stored).hexdigest() != stored_sha256:
        raise CaptureDamagedError(f"captures.db: blobs {sha256}: the stored bytes do not match stored_sha256")
    if encoding == WITHDRAWN and not stored:
        raise CaptureWithdrawnError(f"captures.db: the body with SHA-256 {sha256} was withdrawn")
    if encoding not in ("zstd", "zstd-delta"):
        raise CaptureDamagedError(f"captures.db: blobs {sha256}: unknown encoding {encoding!r}")
    try:
        if zstandard.frame_content_size(stored) != length:
            raise CaptureDamagedError(f"captures.db: blobs {sha256}: its frame is not of length {length}")
        dictionary = None
        if encoding == "zstd-delta":
            dictionary = zstandard.ZstdCompressionDict(base or b"", dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        decompressor = zstandard.ZstdDecompressor(
            dict_data=dictionary, max_window_size=1 << _MAX_WINDOW_LOG
        )  # fmt: skip
        content = decompressor.decompress(stored, max_output_size=max(length, 1))
    except zstandard.ZstdError as error:
        raise CaptureDamagedError(f"captures.db: blobs {sha256}: cannot be decompressed ({error})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CaptureDamagedError(f"captures.db: blobs {sha256}: the content does not match its SHA-256")
    return content
