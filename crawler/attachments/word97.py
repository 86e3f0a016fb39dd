"""Word 97–2003 and WPS documents (.doc, .wps): the text, from the piece table of the binary format.

[MS-DOC] 2.4.1 says how: the FIB names the table stream and the Clx in it; the Clx holds the piece table, which maps
character positions to bytes of the main stream. Section numbers below are of that document.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from crawler.attachments.result import damaged, encrypted, not_read
from crawler.extract.text import clean

_OLDEST = 0x00C1  # nFib of Word 97
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200  # bits of the FIB's flags
_CLX, _PAPX_TABLE = 33, 13  # indexes of fcClx and fcPlcfBtePapx in FibRgFcLcb (2.5.6)
_ROW_END, _IN_TABLE = struct.pack("<HB", 0x2417, 1), struct.pack("<HB", 0x2416, 1)  # sprmPFTtp, sprmPFInTable
_PAGE = 512  # bytes of a formatted disk page
_SPECIAL = dict.fromkeys((0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x1F, 0x00), "")
_CHARACTERS = {
    **_SPECIAL, 0x09: " ", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-", 0xA0: " ", 0x2028: "\n",
}  # fmt: skip
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END, _CELL = "\x13", "\x14", "\x15", "\x07"
_DEEPEST_FIELD = 50


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters ``first`` to ``end`` of the text lie from byte ``offset`` on, ``size`` bytes each."""

    first: int
    end: int
    offset: int
    size: int


def read_doc(body: bytes) -> Iterator[str]:
    """Paragraphs and table rows of the text, then foot- and endnotes and text boxes. Headers and comments are left out.

    Raises UnreadableError: damaged, protected, or older than Word 97.
    """
    try:
        with olefile.OleFileIO(body) as ole:
            main = ole.openstream("WordDocument").read()
            fib = _fib(main)
            table = ole.openstream("1Table" if fib.flags & _TABLE_1 else "0Table").read()
    except (OSError, ValueError, IndexError, TypeError, KeyError, RecursionError) as error:
        raise damaged(f"no whole Word document ({error})") from error
    try:
        pieces = _pieces(table, *fib.place(_CLX))
        tables = _tables(main, table, *fib.place(_PAPX_TABLE))
        text = "".join(_stretch(main, pieces, tables, first, end) for first, end in fib.stories())
    except (struct.error, IndexError) as error:
        raise damaged("its piece table is cut short") from error
    for line in text.split("\n"):
        yield "\t".join(clean(cell) for cell in line.split("\t")).rstrip("\t")


@dataclass(frozen=True, slots=True)
class _Fib:
    """What is needed of the file information block (2.5.1)."""

    flags: int
    lengths: tuple[
        int, ...
    ]  # characters of: text, footnotes, headers, –, comments, endnotes, boxes, boxes of headers
    places: bytes

    def place(self, index: int) -> tuple[int, int]:
        """Offset and length, in the table stream, of one of its structures."""
        offset, length = struct.unpack_from("<II", self.places, 8 * index)
        return offset, length

    def stories(self) -> list[tuple[int, int]]:
        """First and last character position of the text, the footnotes, the endnotes and the text boxes."""
        bounds, start = [], 0
        for index, length in enumerate(self.lengths):
            if index in (0, 1, 5, 6):
                bounds.append((start, start + length))
            start += length
        return bounds


def _fib(main: bytes) -> _Fib:
    try:
        magic, version = struct.unpack_from("<HH", main, 0)
        (flags,) = struct.unpack_from("<H", main, 0x0A)
        if magic not in (0xA5EC, 0xA5DC):
            raise damaged("its main stream does not begin as a Word document does")
        if version < _OLDEST or magic == 0xA5DC:
            raise not_read("a document of Word 6 or 95")
        if flags & _ENCRYPTED:
            raise encrypted("the document")
        words = struct.unpack_from("<H", main, 32)[0]
        longs_at = 34 + 2 * words
        longs = struct.unpack_from("<H", main, longs_at)[0]
        lengths = struct.unpack_from("<8i", main, longs_at + 2 + 4 * 3)
        places_at = longs_at + 2 + 4 * longs
        count = struct.unpack_from("<H", main, places_at)[0]
    except struct.error as error:
        raise damaged("its file information block is cut short") from error
    if min(lengths) < 0 or count <= _CLX:
        raise damaged("its file information block makes no sense")
    return _Fib(flags, lengths, main[places_at + 2 : places_at + 2 + 8 * count])


def _pieces(table: bytes, offset: int, length: int) -> list[_Piece]:
    """The piece table (2.8.35): past the property modifiers, the character positions and the places."""
    at, end = offset, offset + length
    while at < end and table[at] == 0x01:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= end or table[at] != 0x02:
        raise damaged("it has no piece table")
    size = struct.unpack_from("<I", table, at + 1)[0]
    count = (size - 4) // 12
    if count < 0 or at + 5 + size > len(table):
        raise damaged("its piece table is cut short")
    positions = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    pieces = []
    for n in range(count):
        place = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * n + 2)[0]
        compressed = bool(place & 0x4000_0000)
        start = (place & 0x3FFF_FFFF) // 2 if compressed else place & 0x3FFF_FFFF
        if positions[n + 1] > positions[n]:
            pieces.append(_Piece(positions[n], positions[n + 1], start, 1 if compressed else 2))
    return pieces


@dataclass(frozen=True, slots=True)
class _Tables:
    """Byte offsets behind paragraph marks: which paragraphs stand in a table, and which end a row of it."""

    paragraphs: frozenset[int]
    rows: frozenset[int]


def _tables(main: bytes, table: bytes, offset: int, length: int) -> _Tables:
    """Read from the paragraphs' properties (PlcBtePapx, 2.8.6): the marks of rows look like those of cells."""
    paragraphs: set[int] = set()
    rows: set[int] = set()
    count = (length - 4) // 8
    for n in range(max(count, 0)):
        page_at = _PAGE * (struct.unpack_from("<I", table, offset + 4 * (count + 1) + 4 * n)[0] & 0x3F_FFFF)
        page = main[page_at : page_at + _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[_PAGE - 1]
        if 4 * (runs + 1) + 13 * runs >= _PAGE:
            continue
        for run in range(runs):
            at = 2 * page[4 * (runs + 1) + 13 * run]
            modifiers = _modifiers(page, at) if at else b""
            end = struct.unpack_from("<I", page, 4 * (run + 1))[0]
            if _ROW_END in modifiers:
                rows.add(end)
            elif _IN_TABLE in modifiers:
                paragraphs.add(end)
    return _Tables(frozenset(paragraphs), frozenset(rows))


def _modifiers(page: bytes, at: int) -> bytes:
    """The property modifiers of a paragraph (PapxInFkp, 2.9.176), behind the number of its style."""
    length, start = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
    return page[start + 2 : start + length]


def _stretch(main: bytes, pieces: list[_Piece], tables: _Tables, first: int, end: int) -> str:
    """The characters of one story, marks resolved, fields reduced to their results."""
    out: list[str] = []
    hidden: list[bool] = []  # one for each open field: whether its instruction is being passed over
    for piece in pieces:
        low, high = max(first, piece.first), min(end, piece.end)
        if low >= high:
            continue
        start = piece.offset + (low - piece.first) * piece.size
        raw = main[start : start + (high - low) * piece.size]
        text = raw.decode("cp1252", "replace") if piece.size == 1 else raw.decode("utf-16-le", "replace")
        if len(text) < high - low and piece.size == 1:
            raise damaged("its text is cut short")
        at = start
        for c in text:
            at += piece.size if piece.size == 1 or c <= "\uffff" else 4
            if c == _FIELD_BEGIN and len(hidden) < _DEEPEST_FIELD:
                hidden.append(True)
            elif c == _FIELD_RESULT and hidden:
                hidden[-1] = False
            elif c == _FIELD_END and hidden:
                hidden.pop()
            elif any(hidden):
                continue
            elif c == _CELL:
                out.append("\n" if at in tables.rows else "\t")
            elif c == "\r" and at in tables.paragraphs:
                out.append(" ")  # a paragraph inside a cell
            else:
                out.append(_CHARACTERS.get(ord(c), c))
    return "".join(out) + "\n"
