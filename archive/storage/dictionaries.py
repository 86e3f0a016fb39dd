"""Trained dictionaries: what the pages of a site have in common, so that a page's first copy need not repeat it.

A dictionary is trained once a site has given enough pages, and again where its pages have come to look different; a
row that was written with one names it, and stays as it is. Deltas need none. The answers' headers have dictionaries of
their own: one earlier answer's.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import zstandard

from archive.storage.compression import LARGE, Dictionary

BODIES, HEADERS = "bodies", "headers"  # dictionaries.kind
SAMPLES = 16  # pages that a site's first dictionary is trained on; they are often its lists
_JUDGED_AFTER = 48  # pages that were stored with it
_SIZE = 64 << 10
_SEGMENT, _MATCH = 2000, 8  # of the training: menus and scripts are long; fixed, so that it takes 0.05 s
_LONGEST_SAMPLE = 256 << 10
_WORSE = 1.5  # so much larger than with its own samples: the pages look different now
_GAIN = 0.85  # a new dictionary must at least bring this
_LEVEL = 3


@dataclass(slots=True)
class Trained:
    """A dictionary, ready for use. ``ratio``: stored ÷ content of samples that it was not trained on."""

    id: int
    sha256: str
    ratio: float
    data: Dictionary
    compressor: zstandard.ZstdCompressor
    seen: list[tuple[str, bytes]] = field(default_factory=list)  # pages compressed with it since last judged
    stored: int = 0  # bytes of these, and of their content
    length: int = 0
    first: bool = False  # trained on few samples

    def compress(self, content: bytes) -> bytes:
        return self.compressor.compress(content)


def looks_like_text(body: bytes) -> bool:
    """Whether a body is markup or JSON, which has a template, and of a size that a dictionary matters for."""
    return 0 < len(body) <= LARGE and body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")


class Dictionaries:
    """The dictionaries of one ``captures.db``. Every call belongs to the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._at: str | None = None
        self._asked: dict[tuple[str, str], Trained | None] = {}
        self._loaded: dict[int, Dictionary] = {}
        self._current: dict[tuple[str, str], Trained] = {}
        self._samples: dict[str, list[tuple[str, bytes]]] = {}

    def begin(self, at: str) -> None:
        """A transaction begins: what another one has stored may have been rolled back. New ones are dated ``at``."""
        self._at = at
        self._asked.clear()

    def load(self, number: int) -> Dictionary:
        """A dictionary by its number. Raises LookupError where there is none, or it is damaged."""
        if number not in self._loaded:
            row = self._conn.execute(
                "SELECT content, sha256, kind FROM dictionaries WHERE id = ?", [number]
            ).fetchone()
            if row is None:
                raise LookupError(f"captures.db: dictionaries {number}: is not there")
            if hashlib.sha256(row[0]).hexdigest() != row[1]:
                raise LookupError(f"captures.db: dictionaries {number}: does not match its SHA-256")
            self._loaded[number] = _as_dictionary(row[0], row[2])
        return self._loaded[number]

    def current(self, site: str, kind: str = BODIES) -> Trained | None:
        """The newest dictionary of a site, looked up once in each transaction."""
        if (site, kind) not in self._asked:
            self._asked[site, kind] = self._newest(site, kind)
        return self._asked[site, kind]

    def _newest(self, site: str, kind: str) -> Trained | None:
        row = self._conn.execute(
            "SELECT id, sha256, ratio, json_array_length(samples) FROM dictionaries WHERE site = ? AND kind = ? ORDER BY id DESC LIMIT 1",
            [site, kind],
        ).fetchone()
        known = self._current.get((site, kind))
        if row is None or (known is not None and (known.id, known.sha256) == (row[0], row[1])):
            return known if row is not None else None
        self._loaded.pop(row[0], None)
        try:
            data = self.load(row[0])
        except LookupError:  # damaged: nothing new may stand on it
            return None
        return self._use(
            site,
            kind,
            Trained(
                row[0],
                row[1],
                row[2] or 0.0,
                data,
                _compressor(data),
                first=kind == BODIES and (row[3] or 0) < SAMPLES,
            ),
        )

    def compress(
        self, site: str, sha256: str, body: bytes, earlier: Callable[[], Sequence[tuple[str, bytes]]]
    ) -> tuple[bytes, int] | None:
        """A page's full copy and its dictionary's number; None where it is no page, or there is no dictionary yet.

        ``earlier`` gives pages of the site, with their SHA-256, that earlier sessions have stored.
        """
        if not looks_like_text(body):
            return None
        trained = self.current(site)
        if trained is None:
            trained = self._first(site, sha256, body, earlier)
            if trained is None:
                return None
        stored = trained.compress(body)
        if len(body) <= _LONGEST_SAMPLE:
            trained.seen.append((sha256, body))
            trained.stored += len(stored)
            trained.length += len(body)
            if len(trained.seen) >= _JUDGED_AFTER:
                self._judge(site, trained)
        return stored, trained.id

    def headers_of(self, site: str, example: bytes) -> Trained:
        """The dictionary of a site's headers; where there is none yet, ``example`` becomes it."""
        return self.current(site, HEADERS) or self._insert(site, HEADERS, example, [], 0.0)

    def extend_headers(self, site: str, example: bytes, longest: int, most: int) -> None:
        """From now on, let the dictionary of a site's headers hold ``example`` too, up to ``most`` dictionaries."""
        rows = self._conn.execute(
            "SELECT content FROM dictionaries WHERE site = ? AND kind = ? ORDER BY id DESC", [site, HEADERS]
        ).fetchall()
        if len(rows) < most:
            self._insert(site, HEADERS, ((rows[0][0] if rows else b"") + example)[-longest:], [], 0.0)

    def forget(self, sha256: str, dropped: Iterable[int]) -> None:
        """Train nothing on a body that was erased, and use none of the dictionaries that went with it."""
        self._asked.clear()
        for number in dropped:
            self._loaded.pop(number, None)
        for samples in (*self._samples.values(), *(trained.seen for trained in self._current.values())):
            samples[:] = [sample for sample in samples if sample[0] != sha256]

    def _first(
        self, site: str, sha256: str, body: bytes, earlier: Callable[[], Sequence[tuple[str, bytes]]]
    ) -> Trained | None:
        if site not in self._samples:
            self._samples[site] = [
                s for s in earlier() if looks_like_text(s[1]) and len(s[1]) <= _LONGEST_SAMPLE
            ]
        samples = self._samples[site]
        if len(body) <= _LONGEST_SAMPLE:
            samples.append((sha256, body))
        if len(samples) < SAMPLES:
            return None
        del self._samples[site]
        found = _train(samples)
        return self._insert(site, BODIES, *found) if found else None

    def _judge(self, site: str, trained: Trained) -> None:
        seen, ratio = trained.seen, trained.stored / trained.length
        trained.seen, trained.stored, trained.length = [], 0, 0
        if not trained.first and ratio <= _WORSE * trained.ratio:
            return
        trained.first = False
        if (found := _train(seen)) and found[2] < _GAIN * ratio:
            self._insert(site, BODIES, *found)

    def _insert(self, site: str, kind: str, content: bytes, samples: Sequence[str], ratio: float) -> Trained:
        digest = hashlib.sha256(content).hexdigest()
        cursor = self._conn.execute(
            "INSERT INTO dictionaries (site, content, trained_at, kind, sha256, ratio, samples)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [site, content, self._at, kind, digest, ratio, json.dumps(list(samples))],
        )
        number, data = int(cursor.lastrowid or 0), _as_dictionary(content, kind)
        self._loaded[number] = data
        few = kind == BODIES and len(samples) < SAMPLES
        return self._use(site, kind, Trained(number, digest, ratio, data, _compressor(data), first=few))

    def _use(self, site: str, kind: str, trained: Trained) -> Trained:
        self._current[site, kind] = self._asked[site, kind] = trained
        return trained


def _as_dictionary(content: bytes, kind: str) -> Dictionary:
    raw = zstandard.DICT_TYPE_RAWCONTENT if kind == HEADERS else zstandard.DICT_TYPE_FULLDICT
    return zstandard.ZstdCompressionDict(content, dict_type=raw)


def _compressor(data: Dictionary) -> zstandard.ZstdCompressor:
    data.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=data)


def _train(samples: Sequence[tuple[str, bytes]]) -> tuple[bytes, list[str], float] | None:
    """A dictionary, the samples that are in it, and its ratio on a quarter of the samples that are not."""
    learned, held = samples[: len(samples) * 3 // 4], samples[len(samples) * 3 // 4 :]
    try:
        data = zstandard.train_dictionary(
            _SIZE, [body for _, body in learned], k=_SEGMENT, d=_MATCH, level=_LEVEL
        )
        content = data.as_bytes()
        compressor = _compressor(_as_dictionary(content, BODIES))
    except zstandard.ZstdError:  # too small, or all the same
        return None
    stored = sum(len(compressor.compress(body)) for _, body in held)
    return content, [sha256 for sha256, _ in learned], stored / sum(len(body) for _, body in held)
