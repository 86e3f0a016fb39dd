"""Word 97–2003 and WPS documents (.doc, .wps): the text, from the piece table of the binary format.

[MS-DOC] 2.4.1 says how: the FIB names the table stream and the Clx in it; the Clx holds the piece table, which maps
character positions to bytes of the main stream. Section numbers below are of that document.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

import olefile

from crawler.attachments.fields import has_words
from crawler.attachments.result import Budget, UnreadableError, damaged, encrypted, not_read
from crawler.attachments.word97_lists import Outline, font_names, outline
from crawler.attachments.word97_marks import Run, marks_of, of_piece, run_of
from crawler.attachments.word97_story import PICTURES, story_lines
from crawler.extract.text import clean

_OLDEST = 0x00C1  # nFib of Word 97
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200  # bits of the FIB's flags
# Indexes in FibRgFcLcb97 (2.5.6)
_STYLES, _HEADERS, _RUNS, _PARAGRAPHS, _FONTS, _DOP, _CLX, _LISTS, _OVERRIDES = (
    1, 11, 12, 13, 15, 31, 33, 73, 74,
)  # fmt: skip
_TEXT, _FOOTNOTES, _MARGINS, _ENDNOTES, _BOXES, _MARGIN_BOXES = 0, 1, 2, 5, 6, 7
_SEPARATORS, _OF_SECTION, _EVEN = 6, 6, (0, 2)  # of the stories of headers (2.3.3)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters ``first`` to ``end`` of the text lie from byte ``offset`` on, ``size`` bytes each."""

    first: int
    end: int
    offset: int
    size: int
    modifiers: bytes


def read_doc(body: bytes, budget: Budget) -> Iterator[str]:
    """Paragraphs and table rows of the text, then foot- and endnotes and text boxes, then headers and footers, each once.

    Comments and what is deleted or hidden are left out. Raises UnreadableError: damaged, protected, older than Word 97, or
    pictures without text.
    """
    try:
        with olefile.OleFileIO(body) as ole:
            main = ole.openstream("WordDocument").read()
            fib = _fib(main)
            table = ole.openstream("1Table" if fib.flags & _TABLE_1 else "0Table").read()
            data = ole.openstream("Data").read() if ole.exists("Data") else b""
    except (OSError, ValueError, IndexError, TypeError, KeyError, RecursionError) as error:
        raise damaged(f"no whole Word document ({error})") from error
    try:
        document = _Document(main, table, data, fib)
        lines = [line for index in (_TEXT, _FOOTNOTES, _ENDNOTES, _BOXES) for line in document.story(index)]
        lines.extend(dict.fromkeys(line for line in document.margins() if has_words(line)))
    except (struct.error, IndexError) as error:
        raise damaged("its piece table is cut short") from error
    if document.hidden:
        budget.notes.append(f"{document.hidden} characters that the document hides are not read")
    if document.pictures and not any(lines):
        raise UnreadableError("attachment_is_scan", "it holds pictures without text: nothing can be read")
    yield from lines


@dataclass(frozen=True, slots=True)
class _Fib:
    """What is needed of the file information block (2.5.1)."""

    flags: int
    # characters of: text, footnotes, headers, –, comments, endnotes, boxes, boxes of headers
    lengths: tuple[int, ...]
    places: bytes

    def place(self, index: int) -> tuple[int, int]:
        """Offset and length, in the table stream, of one of its structures; nothing where the file has none."""
        if 8 * index + 8 > len(self.places):
            return 0, 0
        offset, length = struct.unpack_from("<II", self.places, 8 * index)
        return offset, length

    def story(self, index: int) -> tuple[int, int]:
        """First and last character position of a story."""
        start = sum(self.lengths[:index])
        return start, start + self.lengths[index]


class _Document:
    """The streams of one file."""

    def __init__(self, main: bytes, table: bytes, data: bytes, fib: _Fib) -> None:
        self._main, self._table, self._fib = main, table, fib
        self._fonts = font_names(table, *fib.place(_FONTS))
        self._pieces = _pieces(table, *fib.place(_CLX))
        self._marks = marks_of(main, table, data, fib.place(_RUNS), fib.place(_PARAGRAPHS), self._fonts)
        self._outline: Outline = outline(table, fib.place(_STYLES), fib.place(_LISTS), fib.place(_OVERRIDES))
        self.hidden = 0  # characters left out because the document hides them
        self.pictures = False

    def story(self, index: int) -> list[str]:
        return self._lines(*self._fib.story(index))

    def margins(self) -> Iterator[str]:
        """The lines of headers and footers (2.3.3): six of each section, behind those that separate notes."""
        first, end = self._fib.story(_MARGINS)
        offset, length = self._fib.place(_HEADERS)
        if first < end and length >= 8:
            bounds = struct.unpack_from(f"<{length // 4}I", self._table, offset)
            both = bool(self._table[self._fib.place(_DOP)[0]] & 1) if self._fib.place(_DOP)[1] else False
            for n in range(_SEPARATORS, len(bounds) - 2):
                if bounds[n] < bounds[n + 1] and (both or (n - _SEPARATORS) % _OF_SECTION not in _EVEN):
                    yield from self._lines(first + bounds[n], min(first + bounds[n + 1], end))
        yield from self.story(_MARGIN_BOXES)

    def _lines(self, first: int, end: int) -> list[str]:
        characters, ends = self._characters(first, end)
        self.pictures = self.pictures or any(c in characters for c in PICTURES)
        text = story_lines(characters, ends, self._marks, self._outline)
        return ["\t".join(clean(cell) for cell in line.split("\t")).rstrip("\t") for line in text.split("\n")]

    def _characters(self, first: int, end: int) -> tuple[str, array[int]]:
        """The characters that are shown of a stretch of text, and for each the byte offset behind it."""
        shown: list[str] = []
        ends = array("I")
        for piece in self._pieces:
            low, high = max(first, piece.first), min(end, piece.end)
            if low >= high:
                continue
            start = piece.offset + (low - piece.first) * piece.size
            stop = start + (high - low) * piece.size
            if stop > len(self._main):
                raise damaged("its text is cut short")
            for run in self._runs(piece, start, stop):
                raw = self._main[run.start : run.end]
                text = raw.decode("cp1252" if piece.size == 1 else "utf-16-le", "replace")
                if run.hidden and not run.deleted:
                    self.hidden += len(text.strip())
                if run.deleted or run.hidden:
                    continue
                if run.sign == "":
                    continue
                shown.append(text if run.sign is None else run.sign * len(text))
                if len(text) * piece.size == len(raw):
                    ends.extend(range(run.start + piece.size, run.end + piece.size, piece.size))
                else:  # characters of two units
                    ends.extend(accumulate((2 if c <= "\uffff" else 4 for c in text), initial=run.start))
                    ends.pop(-len(text) - 1)
        return "".join(shown), ends

    def _runs(self, piece: _Piece, start: int, stop: int) -> Iterator[Run]:
        """A stretch of a piece as runs without gaps."""
        whole = run_of(start, stop, piece.modifiers, self._fonts) or Run(start, stop)
        at = start
        for run in self._marks.runs_from(start):
            if run.start >= stop:
                break
            if at < run.start:
                yield replace(whole, start=at, end=run.start)
            begin, at = max(run.start, at), min(run.end, stop)
            if begin < at:
                yield Run(begin, at, run.deleted or whole.deleted, run.hidden or whole.hidden, run.sign)
        if at < stop:
            yield replace(whole, start=at, end=stop)


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
    shared: list[bytes] = []
    while at < end and table[at] == 0x01:
        (size,) = struct.unpack_from("<H", table, at + 1)
        shared.append(table[at + 3 : at + 3 + size])
        at += 3 + size
    if at >= end or table[at] != 0x02:
        raise damaged("it has no piece table")
    size = struct.unpack_from("<I", table, at + 1)[0]
    count = (size - 4) // 12
    if count < 0 or at + 5 + size > len(table):
        raise damaged("its piece table is cut short")
    positions = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    pieces = []
    for n in range(count):
        place, prm = struct.unpack_from("<IH", table, at + 5 + 4 * (count + 1) + 8 * n + 2)
        compressed = bool(place & 0x4000_0000)
        start = (place & 0x3FFF_FFFF) // 2 if compressed else place & 0x3FFF_FFFF
        if positions[n + 1] > positions[n]:
            size = 1 if compressed else 2
            pieces.append(_Piece(positions[n], positions[n + 1], start, size, of_piece(prm, shared)))
    return pieces
