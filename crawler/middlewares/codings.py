"""Whether an answer's coded body (Content-Encoding) came to its end: Scrapy decodes what is there and says nothing."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from typing import Any

_MEMBER = b"\x1f\x8b"  # how one begins
_STEP = 1 << 16  # bytes of output at a time: a bomb must not be held in memory
_MOST = 32 << 20  # bytes that one coding inside another may have; what is larger is refused for its size


class _CutShortError(Exception):
    """A coded body ends before its coding does."""


def is_whole(codings: bytes, body: bytes) -> bool:
    """Whether all codings of a body end as they must. ``codings`` is the header's value; unknown ones are whole.

    Only gzip is ever asked for; IIS sends deflate all the same, and some relays br, or gzip in gzip.
    """
    layers = [name.strip().lower() for name in codings.split(b",")]
    while layers and body:
        pieces = _PIECES.get(layers.pop())
        if pieces is None:
            return True
        inside = bytearray()
        try:
            for piece in pieces(body):
                if layers and len(inside) <= _MOST:
                    inside += piece
        except _CutShortError:
            return False
        if len(inside) > _MOST:
            return True
        body = bytes(inside)
    return True


def _gzip(body: bytes) -> Iterator[bytes]:
    """Every member of the gzip stream, which ends with its checksum.

    What stands behind it and is no member, a line's end that a script printed, is left out as browsers do.
    """
    rest = body
    while rest and (rest is body or _MEMBER.startswith(rest[:2])):
        rest = (yield from _inflated(rest, 31)).lstrip(b"\x00")


def _deflate(body: bytes) -> Iterator[bytes]:
    """The stream, with zlib's header or bare as old IIS sends it, up to its last block."""
    try:
        zlib.decompressobj(15).decompress(body, _STEP)
    except zlib.error:
        yield from _inflated(body, -15)
    else:
        yield from _inflated(body, 15)


def _inflated(body: bytes, window: int) -> Generator[bytes, None, bytes]:
    """What a stream holds; gives what follows it."""
    stream, piece = zlib.decompressobj(window), body
    try:
        while piece and not stream.eof:
            yield stream.decompress(piece, _STEP)
            piece = stream.unconsumed_tail
    except zlib.error as error:
        raise _CutShortError from error
    if not stream.eof:
        raise _CutShortError
    return stream.unused_data


def _brotli(body: bytes) -> Iterator[bytes]:
    brotli: Any = import_module("brotli" if sys.implementation.name != "pypy" else "brotlicffi")
    stream, piece = brotli.Decompressor(), body
    try:
        while not stream.is_finished():
            found = stream.process(piece, output_buffer_limit=_STEP)
            if not found and not piece:
                raise _CutShortError
            piece = b""
            yield found
    except brotli.error as error:
        raise _CutShortError from error


def _zstd(body: bytes) -> Iterator[bytes]:
    zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    rest = body
    while rest:
        stream, piece = zstd.ZstdDecompressor(), rest
        try:
            while not stream.eof:
                found = stream.decompress(piece, _STEP)
                if not found and stream.needs_input:
                    raise _CutShortError
                piece = b""
                yield found
        except zstd.ZstdError as error:
            raise _CutShortError from error
        rest = stream.unused_data


# Brotli and Zstandard are decoded with the libraries that Scrapy requires and decodes with.
_PIECES: dict[bytes, Callable[[bytes], Iterator[bytes]]] = {
    b"gzip": _gzip,
    b"x-gzip": _gzip,
    b"deflate": _deflate,
    b"br": _brotli,
    b"zstd": _zstd,
}
