"""Whether an answer's coded body (Content-Encoding) came to its end: Scrapy decodes what is there and says nothing."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

_MEMBER = b"\x1f\x8b"  # how one begins
_STEP = 1 << 16  # bytes of output at a time: a bomb must not be held in memory


def is_whole(codings: bytes, body: bytes) -> bool:
    """Whether the outermost coding of a body ends as it must. ``codings`` is the header's value; unknown ones are whole.

    Only gzip is ever asked for; IIS sends deflate all the same, and some relays br.
    """
    outermost = codings.rpartition(b",")[2].strip().lower()
    check = _CHECKS.get(outermost)
    return check is None or not body or check(body)


def gzip_is_whole(body: bytes) -> bool:
    """True when every member of the gzip stream ends with its checksum.

    What stands behind it and is no member, a line's end that a script printed, is left out as browsers do.
    """
    rest = body
    while rest and (rest is body or _MEMBER.startswith(rest[:2])):
        ended, rest = _inflated(rest, 31)
        if not ended:
            return False
        rest = rest.lstrip(b"\x00")
    return True


def _deflate_is_whole(body: bytes) -> bool:
    """True when the stream, with zlib's header or bare as old IIS sends it, has its last block."""
    return _inflated(body, 15)[0] or _inflated(body, -15)[0]


def _inflated(body: bytes, window: int) -> tuple[bool, bytes]:
    """(whether the stream came to its end, what follows it)."""
    stream, piece = zlib.decompressobj(window), body
    try:
        while piece and not stream.eof:
            stream.decompress(piece, _STEP)
            piece = stream.unconsumed_tail
    except zlib.error:
        return False, b""
    return stream.eof, stream.unused_data


def _brotli_is_whole(body: bytes) -> bool:
    brotli: Any = import_module("brotli" if sys.implementation.name != "pypy" else "brotlicffi")
    stream, piece = brotli.Decompressor(), body
    try:
        while not stream.is_finished():
            if not stream.process(piece, output_buffer_limit=_STEP) and not piece:
                return False
            piece = b""
    except brotli.error:
        return False
    return True


def _zstd_is_whole(body: bytes) -> bool:
    zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    rest = body
    while rest:
        stream, piece = zstd.ZstdDecompressor(), rest
        try:
            while not stream.eof:
                if not stream.decompress(piece, _STEP) and stream.needs_input:
                    return False
                piece = b""
        except zstd.ZstdError:
            return False
        rest = stream.unused_data
    return True


# Brotli and Zstandard are decoded with the libraries that Scrapy requires and decodes with.
_CHECKS: dict[bytes, Callable[[bytes], bool]] = {
    b"gzip": gzip_is_whole,
    b"x-gzip": gzip_is_whole,
    b"deflate": _deflate_is_whole,
    b"br": _brotli_is_whole,
    b"zstd": _zstd_is_whole,
}
