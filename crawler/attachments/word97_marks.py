"""What a .doc file says of its characters and paragraphs: deleted, hidden, in a table, numbered ([MS-DOC] 2.4.6)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.attachments.symbols import symbol

# Property modifiers (sprm): their size is in their three highest bits (2.2.5.1).
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_DEFINE_TABLE, _CHANGE_TABS = 0xD608, 0xC615  # whose length is written in another way
_IN_TABLE, _ROW_END, _HUGE, _HUGE_OLD = 0x2416, 0x2417, 0x6646, 0x6645
_DEPTH, _LIST = 0x260A, 0x460B  # sprmPIlvl, sprmPIlfo
_DELETED, _HIDDEN, _SYMBOL = 0x0800, 0x083C, 0x6A09  # sprmCFRMarkDel, sprmCFVanish, sprmCSymbol
_SHORT = {0x41: _DELETED, 0x5C: _HIDDEN}  # isprm of a Prm0 (2.9.214)
_MOST_LISTS = 0x07FE
_PAGE = 512  # bytes of a formatted disk page


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Properties of a paragraph, that is of the mark at its end. ``list_index`` is from 1, 0 for no list, None for none said."""

    style: int = 0
    in_table: bool = False
    row_end: bool = False
    list_index: int | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes ``start`` to ``end`` of the main stream whose characters are deleted, hidden or of a symbol font."""

    start: int
    end: int
    deleted: bool = False
    hidden: bool = False
    sign: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The properties of a file: paragraphs by the byte offset behind their mark, and the runs that are told apart."""

    paragraphs: dict[int, Paragraph] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def runs_from(self, offset: int) -> Iterator[Run]:
        """The runs that end behind an offset, in their order."""
        at = max(bisect_right(self.runs, offset, key=lambda run: run.start) - 1, 0)
        return (run for run in self.runs[at:] if run.end > offset)


def modifiers(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of the property modifiers in a run of bytes, up to one that is cut short."""
    at = 0
    while at + 2 <= len(grpprl):
        (code,) = struct.unpack_from("<H", grpprl, at)
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            if at >= len(grpprl):
                return
            if code == _DEFINE_TABLE:
                size = int.from_bytes(grpprl[at : at + 2], "little") + 1
            elif code == _CHANGE_TABS and grpprl[at] == 255:
                return
            else:
                size = grpprl[at] + 1
        if at + size > len(grpprl):
            return
        yield code, grpprl[at : at + size]
        at += size


def paragraph_of(style: int, grpprl: bytes, data: bytes) -> Paragraph:
    """The properties that modifiers give. Those of wide rows lie in the stream ``data``."""
    found: dict[int, int] = {}
    for code, operand in modifiers(grpprl):
        if code in (_HUGE, _HUGE_OLD):
            (at,) = struct.unpack("<I", operand)
            length = int.from_bytes(data[at : at + 2], "little")
            found.update(
                (c, int.from_bytes(o[:2], "little")) for c, o in modifiers(data[at + 2 : at + 2 + length])
            )
        found[code] = int.from_bytes(operand[:2], "little")
    index = found.get(_LIST)
    return Paragraph(
        style=style, in_table=bool(found.get(_IN_TABLE)), row_end=bool(found.get(_ROW_END)),
        list_index=index if index is None or index <= _MOST_LISTS else 0, depth=found.get(_DEPTH),
    )  # fmt: skip


def hides(grpprl: bytes) -> bool:
    """Whether modifiers hide the characters of a style."""
    return any(code == _HIDDEN and operand[0] == 1 for code, operand in modifiers(grpprl))


def run_of(start: int, end: int, grpprl: bytes, fonts: list[str]) -> Run | None:
    """The properties of a run of characters; None where nothing tells it apart."""
    deleted = hidden = False
    sign: str | None = None
    for code, operand in modifiers(grpprl):
        if code == _DELETED:
            deleted = operand[0] == 1
        elif code == _HIDDEN:
            hidden = operand[0] in (1, 129)  # 129: not as in the style
        elif code == _SYMBOL:
            font, character = struct.unpack("<HH", operand)
            sign = symbol(fonts[font] if font < len(fonts) else None, character)
    return Run(start, end, deleted, hidden, sign) if deleted or hidden or sign is not None else None


def of_piece(prm: int, shared: list[bytes]) -> bytes:
    """The modifiers that a piece of the text has as a whole (Prm, 2.9.212): one short one, or shared ones."""
    if prm & 1:
        return shared[prm >> 1] if prm >> 1 < len(shared) else b""
    code = _SHORT.get(prm >> 1 & 0x7F)
    return struct.pack("<HB", code, prm >> 8) if code is not None else b""


def marks_of(
    main: bytes,
    table: bytes,
    data: bytes,
    runs: tuple[int, int],
    paragraphs: tuple[int, int],
    fonts: list[str],
) -> Marks:
    """Read from the pages that PlcBteChpx and PlcBtePapx (at these places of the table stream) name."""
    found: dict[int, Paragraph] = {}
    for page, count in _pages(main, table, *paragraphs):
        for n in range(count):
            at = 2 * page[4 * (count + 1) + 13 * n]
            if not at:
                continue
            # PapxInFkp (2.9.176): its length in words, then the number of the style
            length, begin = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
            (style,) = struct.unpack_from("<H", page, begin)
            (end,) = struct.unpack_from("<I", page, 4 * (n + 1))
            found[end] = paragraph_of(style, page[begin + 2 : begin + length], data)
    told: list[Run] = []
    for page, count in _pages(main, table, *runs, size=1):
        for n in range(count):
            at = 2 * page[4 * (count + 1) + n]
            start, end = struct.unpack_from("<II", page, 4 * n)
            run = run_of(start, end, page[at + 1 : at + 1 + page[at]], fonts) if at and start < end else None
            if run is not None:
                told.append(run)
    return Marks(found, sorted(told, key=lambda run: run.start))


def _pages(
    main: bytes, table: bytes, offset: int, length: int, size: int = 13
) -> Iterator[tuple[bytes, int]]:
    """Formatted pages and how many runs each describes; ``size`` is that of a run's entry."""
    count = (length - 4) // 8
    for n in range(max(count, 0)):
        (number,) = struct.unpack_from("<I", table, offset + 4 * (count + 1) + 4 * n)
        at = _PAGE * (number & 0x3F_FFFF)
        page = main[at : at + _PAGE]
        if len(page) == _PAGE and 4 * (page[-1] + 1) + size * page[-1] < _PAGE:
            yield page, page[-1]
