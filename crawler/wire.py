"""Frames between a collecting child and its parent: four bytes of length, then MessagePack.

A job goes down once (and the wishes of a visit after it), batches come up. Nothing else passes, so a child may as
well run on another machine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import msgspec

from archive.batch import Known, KnownCatalogue, KnownFile, Unread

_LENGTH = struct.Struct(">I")
MAX_FRAME = 512 << 20


class WireError(Exception):
    """The other side ended, or sent what is no frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that a child needs to collect one site."""

    site: str  # the site file as JSON
    settings: str  # settings.yml as JSON
    fields_file: str  # path of fields.yml
    version: str  # of gongkai, for the User-Agent
    started_at: datetime
    full: bool
    budget: int
    known: tuple[Known, ...]
    catalogues: tuple[KnownCatalogue, ...]
    files: tuple[KnownFile, ...] = ()  # attachments of current versions that have been fetched
    unread: tuple[Unread, ...] = ()  # rows of earlier walks, wherever these end
    resumes_from: datetime | None = None  # what was confirmed since then need not be asked for again
    clock_ahead: float = 0.0  # seconds, whole minutes, never too few: in simulations only
    visit: bool = False  # collect nothing: fetch what the wishes that follow on the same stream name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One page that a visit wants to see. ``role`` is a :class:`archive.batch.Role`."""

    url: str
    role: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


_job_encoder = msgspec.msgpack.Encoder()
_job_decoder = msgspec.msgpack.Decoder(Job)
_wish_decoder = msgspec.msgpack.Decoder(Wish)


def encode_job(job: Job) -> bytes:
    """A job as bytes."""
    return _job_encoder.encode(job)


def decode_job(data: bytes) -> Job:
    """The job that :func:`encode_job` wrote."""
    return _job_decoder.decode(data)


def encode_wish(wish: Wish) -> bytes:
    """A wish as bytes."""
    return _job_encoder.encode(wish)


def decode_wish(data: bytes) -> Wish:
    """The wish that :func:`encode_wish` wrote."""
    return _wish_decoder.decode(data)


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Write one frame; blocks while the other side is slow, which keeps memory flat."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, None at a clean end. Raises WireError when it is cut short."""
    head = _exactly(stream, _LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise WireError("the stream ended inside a frame")
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length} bytes is no frame of ours")
    payload = _exactly(stream, length)
    if len(payload) < length:
        raise WireError("the stream ended inside a frame")
    return payload


class FrameReader:
    """Frames out of the pieces in which a pipe delivers them; it never waits for the rest of one."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The frames that ``piece`` completes. An empty piece is the stream's end.

        Raises WireError when the stream ends inside a frame, or a frame is none of ours.
        """
        if not piece and self._buffer:
            raise WireError("the stream ended inside a frame")
        self._buffer += piece
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise WireError(f"a frame of {length} bytes is no frame of ours")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            frame = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield frame


def _exactly(stream: IO[bytes], length: int) -> bytes:
    parts = []
    while length:
        part = stream.read(length)
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
