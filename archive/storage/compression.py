"""Zstandard as the archive uses it: alone, with a trained dictionary, or as a delta against similar bytes.

Pure functions. A delta is an ordinary frame whose dictionary is the base itself.
"""

from __future__ import annotations

import zstandard

LARGE = 1 << 20  # above this, level 12 and a window that spans base and content
_LEVEL, _LEVEL_OF_LARGE = 3, 12
_SMALL, _LEVEL_OF_SMALL_DELTAS = 128 << 10, 6  # a tenth smaller than at level 3, for 40 µs
_MOST_WINDOW_LOG = 27  # the decoder's limit: beyond it (64 MB and its base) there is no delta

# The names of the three in blobs.encoding.
ALONE, WITH_DICTIONARY, DELTA = ("zstd", "zstd-dictionary", "zstd-delta")

FrameError = zstandard.ZstdError
Dictionary = zstandard.ZstdCompressionDict


def compress(content: bytes) -> bytes:
    """A frame that stands alone."""
    level = _LEVEL if len(content) <= LARGE else _LEVEL_OF_LARGE
    return zstandard.ZstdCompressor(level=level).compress(content)


def delta(content: bytes, base: bytes) -> bytes | None:
    """``content`` as a frame that needs ``base``; None where the two are too large, or the base is empty."""
    window_log = max(10, (len(base) + len(content)).bit_length())
    if not base or window_log > _MOST_WINDOW_LOG:
        return None
    dictionary = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    if max(len(content), len(base)) <= LARGE:
        level = _LEVEL_OF_SMALL_DELTAS if len(content) <= _SMALL else _LEVEL
        return zstandard.ZstdCompressor(level=level, dict_data=dictionary).compress(content)
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL_OF_LARGE, source_size=len(content), dict_size=len(base), window_log=window_log
    )
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary).compress(content)


def content_length(frame: bytes, most: int = LARGE) -> int:
    """The length that a frame says its content has. Raises FrameError where it says none, or more than ``most``."""
    length = zstandard.frame_content_size(frame)
    if not 0 <= length <= most:
        raise FrameError(f"the frame is said to hold {length} bytes")
    return length


def decompress(
    frame: bytes, length: int, *, base: bytes | None = None, dictionary: Dictionary | None = None
) -> bytes:
    """The ``length`` bytes of a frame, with the base or the dictionary that it was made with.

    Raises FrameError where it is no such frame. A damaged frame may decode all the same: check a hash of the content.
    """
    if zstandard.frame_content_size(frame) != length:
        raise FrameError(f"the frame is not of length {length}")
    if base is not None:
        dictionary = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=1 << _MOST_WINDOW_LOG)
    return decompressor.decompress(frame, max_output_size=max(length, 1))
