"""Writes small .doc files ([MS-DOC] in [MS-CFB]) with the marks that tests need: no library does."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
NONE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Run = tuple[int, bytes]  # characters, property modifiers


def sprm(code: int, *operand: int) -> bytes:
    """A property modifier."""
    return struct.pack("<H", code) + bytes(operand)


DELETED, INSERTED, HIDDEN = sprm(0x0800, 1), sprm(0x0801, 1), sprm(0x083C, 1)
IN_TABLE, ROW_END = sprm(0x2416, 1), sprm(0x2416, 1) + sprm(0x2417, 1)


def in_list(index: int, depth: int) -> bytes:
    """The modifiers of a paragraph of a list."""
    return sprm(0x460B, index, 0) + sprm(0x260A, depth)


def symbol(character: int, font: int = 0) -> bytes:
    """The modifiers of a character of a symbol font."""
    return sprm(0x0855, 1) + struct.pack("<HHH", 0x6A09, font, character)


def container(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file of these streams, none of them small."""
    sectors: list[bytes] = []
    chains: list[tuple[int, int]] = []

    def add(data: bytes) -> int:
        start = len(sectors)
        sectors.extend(data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR))
        chains.append((start, len(sectors) - start))
        return start

    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, NONE, 1, END, 0)]
    for number, name in enumerate(names, 1):
        data = streams[name].ljust(4096, b"\0")
        entries.append(
            _entry(name, 2, number + 1 if number < len(names) else NONE, NONE, add(data), len(data))
        )
    entries += [_entry("", 0, NONE, NONE, 0, 0)] * (-len(entries) % 4)
    directory = add(b"".join(entries))
    tables = next(n for n in range(1, 109) if 128 * n >= len(sectors) + n)
    fat = [NONE] * (128 * tables)
    for start, count in chains:
        fat[start : start + count] = [*range(start + 1, start + count), END]
    fat[len(sectors) : len(sectors) + tables] = [FAT] * tables
    places = [len(sectors) + n for n in range(tables)] + [NONE] * (109 - tables)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I109I", 0, tables, directory, 0, 4096, END, 0, END, 0, *places)
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le") if name else b""
    return raw.ljust(64, b"\0") + struct.pack(
        "<HBB3I36xIQ", len(raw), kind, 1, NONE, right, child, start, size
    )


def doc(
    pieces: Sequence[tuple[str, int]] | str,
    *,
    runs: Sequence[Run] = (),
    paragraphs: Sequence[Run] = (),
    stories: Sequence[int] = (),
    shared: Sequence[bytes] = (),
    prms: Mapping[int, int] | None = None,
    data: bytes = b"",
    places: Mapping[int, bytes] | None = None,
    beyond: int = 0,
) -> bytes:
    """A document of these pieces (text, bytes a character), or of one of Unicode.

    ``runs`` and ``paragraphs`` cover its characters in their order; ``stories`` are the lengths of text, footnotes, headers, …;
    ``shared`` and ``prms`` are modifiers of whole pieces; ``places`` further structures by their index in the FIB;
    ``beyond`` is how long the last piece says it is.
    """
    pieces = [(pieces, 2)] if isinstance(pieces, str) else pieces
    main = bytearray(2048)
    spans: list[tuple[int, int, int]] = []  # first character, first byte, bytes a character
    count = 0
    for text, size in pieces:
        spans.append((count, len(main), size))
        main += text.encode("cp1252" if size == 1 else "utf-16-le").ljust(2, b"\0")
        main += b"\0" * (len(main) % 2)
        count += len(text)
    main += b"\0" * (-len(main) % SECTOR)
    bounds = [*(first for first, _, _ in spans), beyond or count]
    table = bytearray(16)
    structures = {
        12: _pages(main, _cut(runs, spans, count), False),
        13: _pages(main, _cut(paragraphs or [(count, b"")], spans, count), True),
        33: _clx(bounds, spans, shared, prms or {}),
        **(places or {}),
    }
    rows = [(0, 0)] * 93
    for index, structure in structures.items():
        rows[index] = (len(table), len(structure))
        table += structure
    lengths = [*(stories or [count]), *[0] * 8][:8]
    fib = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, 0x0200).ljust(32, b"\0") + struct.pack(
        "<H28x", 14
    )
    fib += struct.pack("<H3i8i44x", 22, len(main), 0, 0, *lengths)
    fib += struct.pack("<H", 93) + b"".join(struct.pack("<II", *row) for row in rows)
    main[: len(fib)] = fib
    return container({"WordDocument": bytes(main), "1Table": bytes(table), "Data": data})


def _clx(
    bounds: list[int], spans: list[tuple[int, int, int]], shared: Sequence[bytes], prms: Mapping[int, int]
) -> bytes:
    pieces = struct.pack(f"<{len(bounds)}I", *bounds)
    for number, (_, start, size) in enumerate(spans):
        place = start if size == 2 else start * 2 | 0x4000_0000
        pieces += struct.pack("<HIH", 0, place, prms.get(number, 0))
    groups = b"".join(b"\x01" + struct.pack("<H", len(group)) + group for group in shared)
    return groups + b"\x02" + struct.pack("<I", len(pieces)) + pieces


def _cut(runs: Sequence[Run], spans: list[tuple[int, int, int]], count: int) -> list[tuple[int, int, bytes]]:
    """Runs of characters as runs of bytes, cut at the ends of pieces."""
    found, at = [], 0
    ends = [*(first for first, _, _ in spans[1:]), count]
    for length, modifiers in runs:
        for (first, start, size), end in zip(spans, ends, strict=True):
            low, high = max(first, at), min(end, at + length)
            if low < high:
                begin = start + (low - first) * size
                found.append((begin, begin + (high - low) * size, modifiers))
        at += length
    return sorted(found)


def _pages(main: bytearray, runs: list[tuple[int, int, bytes]], paragraphs: bool) -> bytes:
    """Formatted pages of eight runs behind the text, and the table that names them."""
    firsts, numbers, last = [], [], 0
    for begin in range(0, len(runs), 8):
        bounds: list[int] = []
        modifiers: list[bytes] = []
        for start, end, group in runs[begin : begin + 8]:
            if bounds and bounds[-1] != start:
                modifiers.append(b"")
                bounds.append(start)
            bounds += [start, end] if not bounds else [end]
            modifiers.append(group)
        firsts.append(bounds[0])
        numbers.append(len(main) // SECTOR)
        last = bounds[-1]
        main += _page(bounds, modifiers, paragraphs)
    return struct.pack(f"<{len(firsts) + 1}I{len(numbers)}I", *firsts, last, *numbers) if runs else b""


def _page(bounds: list[int], modifiers: list[bytes], paragraphs: bool) -> bytes:
    page = bytearray(SECTOR)
    page[-1] = len(modifiers)
    struct.pack_into(f"<{len(bounds)}I", page, 0, *bounds)
    top = SECTOR - 2
    for number, group in enumerate(modifiers):
        if not group:
            continue
        if paragraphs:
            body = b"\0\0" + group  # of the first style
            entry = (bytes([0, len(body) // 2]) if len(body) % 2 == 0 else bytes([len(body) // 2 + 1])) + body
        else:
            entry = bytes([len(group)]) + group
        top = (top - len(entry)) & ~1
        page[top : top + len(entry)] = entry
        page[4 * len(bounds) + (13 if paragraphs else 1) * number] = top // 2
    return bytes(page)


def fonts(*names: str) -> bytes:
    """The table of fonts, structure 15."""
    entries = [(name + "\0").encode("utf-16-le") for name in names]
    return struct.pack("<HH", len(names), 0) + b"".join(bytes([39 + len(e)]) + bytes(39) + e for e in entries)


def lists(*levels: tuple[int, str]) -> dict[int, bytes]:
    """The structures of one list: (MSONFC, text with \\x00 … \\x08 where numbers stand) of each level."""
    described = [*levels, *[(0, "")] * (9 - len(levels))]
    body = b"".join(
        struct.pack("<iBB9xB4x4xBBBB", 1, form, 0, 0, 0, 0, 0, 0)
        + struct.pack("<H", len(text))
        + text.encode("utf-16-le")
        for form, text in described
    )
    return {
        73: struct.pack("<HIi18xBB", 1, 7, 0, 0, 0) + body,
        74: struct.pack("<II8xBBBBI", 1, 7, 0, 0, 0, 0, NONE),
    }
