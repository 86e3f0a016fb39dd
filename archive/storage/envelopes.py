"""How an answer came, without its body: headers, redirects, request. Stored as one frame per capture.

The answers of a site resemble each other, so the frame is made with a dictionary of the site: earlier answers as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from archive.batch import CaptureBody
from archive.storage import compression
from archive.storage.dictionaries import Dictionaries

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LONGEST_DICTIONARY = 8 << 10
_MOST_DICTIONARIES = 8  # of a site: one whose headers are noise gets no more
_POOR = 0.5  # stored ÷ JSON: this answer's headers are none of those in the dictionary
_ENOUGH = 32  # poor ones, until they get a dictionary


class EnvelopeDamagedError(ValueError):
    """The stored headers of a capture cannot be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is kept of an answer beside its body."""

    headers: tuple[tuple[str, str], ...]
    redirects: tuple[str, ...]
    request_method: str
    request_headers: tuple[tuple[str, str], ...]


def to_json(capture: CaptureBody) -> bytes:
    """The JSON of an answer's headers, redirects and request."""
    return as_json(capture.headers, capture.redirects, capture.request_method, capture.request_headers)


def as_json(
    headers: Sequence[object], redirects: Sequence[str], method: str, asked: Sequence[object]
) -> bytes:
    """As :func:`to_json`, from the parts."""
    parts = [headers, redirects, method, asked]
    return _encode(parts).encode("utf-8", "surrogatepass")


class Envelopes:
    """Packs and unpacks the envelopes of one ``captures.db``, inside the caller's transaction."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._dictionaries = dictionaries
        self._poor: dict[str, int] = {}

    def pack(self, site: str, content: bytes) -> tuple[bytes, int]:
        """The frame for :func:`to_json`'s bytes, and the number of its dictionary."""
        dictionary = self._dictionaries.headers_of(site, content)
        frame = dictionary.compress(content)
        if len(frame) > _POOR * len(content):
            self._poor[site] = self._poor.get(site, 0) + 1
            if self._poor[site] >= _ENOUGH:
                self._poor[site] = 0
                self._dictionaries.extend_headers(site, content, _LONGEST_DICTIONARY, _MOST_DICTIONARIES)
        return frame, dictionary.id

    def unpack(self, frame: object, dictionary: object) -> Envelope:
        """What :meth:`pack` packed. Raises EnvelopeDamagedError."""
        if not isinstance(frame, bytes) or not isinstance(dictionary, int):
            raise EnvelopeDamagedError("its headers are no frame with a dictionary")
        try:
            data = self._dictionaries.load(dictionary)
            length = compression.content_length(frame)
            content = compression.decompress(frame, length, dictionary=data)
            headers, redirects, method, asked = json.loads(content.decode("utf-8", "surrogatepass"))
            return Envelope(_pairs(headers), tuple(redirects), method, _pairs(asked))
        except (compression.FrameError, LookupError, ValueError, TypeError) as error:
            raise EnvelopeDamagedError(f"its headers cannot be read: {error}") from error


def _pairs(values: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in values)
