"""The text boxes of .xls files, which hold how a form is to be filled in ([MS-XLS] 2.4.329); xlrd reads cells only."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import olefile

from crawler.extract.text import clean

_BOF, _SHEET, _OBJECT, _TEXT, _CONTINUE = 0x0809, 0x0085, 0x005D, 0x01B6, 0x003C
_COMMENT = 0x0019  # kind of object: the note of a cell
_BIFF8 = 0x0600


def box_lines(body: bytes) -> dict[int, list[str]]:
    """The lines in the text boxes of each sheet, by the sheet's place; empty where the file has none that can be read."""
    try:
        with olefile.OleFileIO(body) as ole:
            stream = ole.openstream("Workbook").read()
    except (OSError, ValueError, IndexError, TypeError, KeyError, RecursionError):
        return {}
    places: list[int] = []  # where each sheet begins
    found: dict[int, list[str]] = {}
    begins = kind = 0
    wanted = 0  # characters of a box that have not come yet
    pieces: list[str] = []
    for at, record, data in _records(stream):
        if record == _SHEET and len(data) >= 4:
            places.append(struct.unpack_from("<I", data)[0])
        elif record == _BOF:
            begins = at
            if len(data) < 2 or struct.unpack_from("<H", data)[0] != _BIFF8:
                return {}
        elif record == _OBJECT and len(data) >= 6:
            kind = struct.unpack_from("<H", data, 4)[0]
        elif record == _TEXT and len(data) >= 12:
            wanted = struct.unpack_from("<H", data, 10)[0] if kind != _COMMENT else 0
            pieces = []
        elif record == _CONTINUE and wanted > 0 and data:
            text = data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")[:wanted]
            pieces.append(text)
            wanted -= len(text)
            if wanted <= 0 and begins in places:
                lines = [line for line in map(clean, "".join(pieces).replace("\r", "\n").split("\n")) if line]
                found.setdefault(places.index(begins), []).extend(lines)
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(offset, kind, data) of each record."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
