"""Response bodies, content-addressed: zstd, as deltas against the page's previous capture.

A full copy stands at least every :data:`FULL_EVERY` steps, so that a damaged row spoils few others. The
stored blob has a hash of its own, because a flipped bit in a delta can decode without an error.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import datetime

import zstandard
from sqlite_utils import Database

from archive.batch import CaptureBody
from archive.identity import url_key
from archive.store import ArchiveError
from archive.times import iso

FULL_EVERY = 16
LARGE = 1 << 20  # above it, level 12 with a window that spans the base
MAX_LENGTH = 64 << 20  # a stored body is never larger; more is damage or malice


class CaptureDamagedError(ArchiveError):
    """A stored capture does not give the bytes that were captured."""


def capture_key(url: str, sha256: str) -> str:
    """Key of a distinct response: the same bytes at the same address are one capture, whenever fetched."""
    return hashlib.sha256(f"{url_key(url)}\n{sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _parameters(length: int) -> zstandard.ZstdCompressionParameters:
    level = 12 if length > LARGE else 3
    # The window must span base and body, or the delta cannot see the base's beginning.
    window = min(max((2 * length).bit_length(), 19), 27)
    return zstandard.ZstdCompressionParameters.from_level(level, window_log=window)


class CaptureStore:
    """Reads and, under the writer's lock and inside the caller's transaction, writes captures.db."""

    def __init__(self, connection: sqlite3.Connection | Database) -> None:
        self._db = connection.conn if isinstance(connection, Database) else connection

    def add(self, site: str, url: str, at: datetime, body: CaptureBody) -> str:
        """Keep one response and give its key. What is already kept is not written again.

        Raises ValueError when ``body.sha256`` is not the body's hash: nothing wrong is ever stored.
        """
        key = capture_key(url, body.sha256)
        if self._db.execute("SELECT 1 FROM captures WHERE key = ?", [key]).fetchone():
            return key
        if hashlib.sha256(body.body).hexdigest() != body.sha256:
            raise ValueError(f"{url}: the body's SHA-256 is not {body.sha256}")
        if not self._db.execute("SELECT 1 FROM blobs WHERE sha256 = ?", [body.sha256]).fetchone():
            self._add_blob(url, body)
        if body.certificate is not None and body.certificate_sha256 is not None:
            self._db.execute(
                "INSERT OR IGNORE INTO certificates VALUES (?, ?)",
                [body.certificate_sha256, body.certificate],
            )
        request = {"method": body.request_method, "headers": body.request_headers}
        self._db.execute(
            "INSERT INTO captures (key, site, url, at, sha256, wire_sha256, wire_length, status, headers, redirects,"
            " request, ip, certificate_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key, site, url, iso(at), body.sha256, body.wire_sha256, body.wire_length, body.status,
                json.dumps(body.headers, ensure_ascii=False), json.dumps(body.redirects, ensure_ascii=False),
                json.dumps(request, ensure_ascii=False), body.ip,
                body.certificate_sha256 if body.certificate is not None else None,
            ],
        )  # fmt: skip
        return key

    def _add_blob(self, url: str, body: CaptureBody) -> None:
        base = self._db.execute(
            "SELECT c.sha256, b.depth, b.length FROM captures c JOIN blobs b USING (sha256)"
            " WHERE c.url = ? ORDER BY c.at DESC, c.rowid DESC LIMIT 1",
            [url],
        ).fetchone()
        plain = zstandard.ZstdCompressor(compression_params=_parameters(len(body.body))).compress(body.body)
        stored, encoding, base_sha256, depth = plain, "zstd", None, 0
        if base is not None and base[1] + 1 < FULL_EVERY and len(body.body) <= MAX_LENGTH:
            previous = zstandard.ZstdCompressionDict(
                self.body(base[0]), dict_type=zstandard.DICT_TYPE_RAWCONTENT
            )
            delta = zstandard.ZstdCompressor(
                dict_data=previous, compression_params=_parameters(max(base[2], len(body.body)))
            ).compress(body.body)
            if len(delta) < len(plain):
                stored, encoding, base_sha256, depth = delta, "zstd-delta", base[0], base[1] + 1
        self._db.execute(
            "INSERT INTO blobs (sha256, length, stored, stored_sha256, encoding, base_sha256, depth)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                body.sha256,
                len(body.body),
                stored,
                hashlib.sha256(stored).hexdigest(),
                encoding,
                base_sha256,
                depth,
            ],
        )

    def body(self, sha256: str) -> bytes:
        """The body with this hash, checked. Raises CaptureDamagedError naming the damaged row, KeyError if absent."""
        chain: list[sqlite3.Row] = []
        wanted: str | None = sha256
        while wanted is not None:
            row = self._db.execute(
                "SELECT sha256, length, stored, stored_sha256, encoding, base_sha256 FROM blobs WHERE sha256 = ?",
                [wanted],
            ).fetchone()
            if row is None:
                raise KeyError(wanted)
            if len(chain) > FULL_EVERY:
                raise CaptureDamagedError(f"captures.db: blobs {sha256}: the chain of deltas does not end")
            if hashlib.sha256(row[2]).hexdigest() != row[3]:
                raise CaptureDamagedError(
                    f"captures.db: blobs {wanted}: the stored bytes are damaged; restore a backup"
                )
            chain.append(row)
            wanted = row[5]
        content = b""
        for row in reversed(chain):
            content = _decode(row, content)
        return content


def _decode(row: sqlite3.Row, base: bytes) -> bytes:
    sha256, length, stored, _, encoding, _ = row
    previous = None
    if encoding == "zstd-delta":
        previous = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    decompressor = zstandard.ZstdDecompressor(dict_data=previous, max_window_size=1 << 27)
    try:
        content = decompressor.decompress(stored, max_output_size=min(length, MAX_LENGTH))
    except zstandard.ZstdError as error:
        raise CaptureDamagedError(f"captures.db: blobs {sha256}: {error}; restore a backup") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CaptureDamagedError(
            f"captures.db: blobs {sha256}: the content's hash differs; restore a backup"
        )
    return content
