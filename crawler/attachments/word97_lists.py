"""The fonts, styles and lists of a .doc file: which paragraphs have automatic numbers, and which ([MS-DOC] 2.4.6.3)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.attachments.numbering import Definition, Level, Lists
from crawler.attachments.word97_marks import Paragraph, hides, paragraph_of

# MSONFC ([MS-OSHARED] 2.2.1.3) → ST_NumberFormat; what is missing is shown in digits.
_FORMS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal", 17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle",
    30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_SUFFIXES = ("tab", "space", "nothing")
_PARAGRAPH_STYLE = 1
_DEEPEST_STYLE = 30
_MOST_STYLES, _MOST_LISTS = 4_096, 8_192


@dataclass(frozen=True, slots=True)
class _Style:
    base: int
    paragraph: Paragraph
    hidden: bool


@dataclass(slots=True)
class Outline:
    """Styles and lists of one file; the lists count as the text is read."""

    lists: Lists = field(default_factory=lambda: Lists({}))
    styles: Mapping[int, _Style] = field(default_factory=dict)

    def number(self, paragraph: Paragraph) -> tuple[str, str]:
        """The number of the next paragraph with these properties, and what follows it."""
        index, depth = paragraph.list_index, paragraph.depth
        for style in self._chain(paragraph.style):
            if index is not None:
                break
            index = style.paragraph.list_index
            depth = style.paragraph.depth if depth is None else depth
        return self.lists.label(str(index), depth or 0) if index else ("", "nothing")

    def hides(self, paragraph: Paragraph) -> bool:
        """Whether the paragraph's style hides its text."""
        return any(style.hidden for style in self._chain(paragraph.style))

    def _chain(self, number: int) -> list[_Style]:
        found: list[_Style] = []
        while len(found) < _DEEPEST_STYLE and (style := self.styles.get(number)) is not None:
            found.append(style)
            number = style.base
        return found


def outline(
    table: bytes, styles: tuple[int, int], lists: tuple[int, int], overrides: tuple[int, int]
) -> Outline:
    """Read from the structures at these places of the table stream; what is cut short there numbers nothing."""
    try:
        found = _styles(table, *styles) if styles[1] else {}
    except (struct.error, IndexError):
        found = {}
    try:
        numbered = _definitions(table, lists[0], overrides[0]) if lists[1] and overrides[1] else {}
    except (struct.error, IndexError):
        numbered = {}
    return Outline(Lists(numbered), found)


def font_names(table: bytes, offset: int, length: int) -> list[str]:
    """The names in SttbfFfn (2.9.286), by their index."""
    names: list[str] = []
    if length < 4 or offset + length > len(table):
        return names
    (count,) = struct.unpack_from("<H", table, offset)
    at, end = offset + 4, offset + length
    while len(names) < count and at < end:
        entry = table[at : at + 1 + table[at]]
        names.append(entry[40:].decode("utf-16-le", "replace").partition("\x00")[0])
        at += len(entry)
    return names


def _styles(table: bytes, offset: int, length: int) -> dict[int, _Style]:
    """The paragraph styles of the style sheet (STSH, 2.9.271)."""
    (header,) = struct.unpack_from("<H", table, offset)
    count, base_size = struct.unpack_from("<HH", table, offset + 2)
    at, end = offset + 2 + header, offset + length
    found: dict[int, _Style] = {}
    for number in range(min(count, _MOST_STYLES)):
        if at + 2 > end:
            break
        (size,) = struct.unpack_from("<H", table, at)
        std = table[at + 2 : at + 2 + size]
        at += 2 + size + size % 2
        if len(std) > base_size + 2 and (style := _style(std, base_size)) is not None:
            found[number] = style
    return found


def _style(std: bytes, base_size: int) -> _Style | None:
    """A style (STD, 2.9.260): its name, then the modifiers of paragraphs, then those of characters."""
    kind_and_base, number_of_parts = struct.unpack_from("<HH", std, 2)
    if kind_and_base & 0xF != _PARAGRAPH_STYLE:
        return None
    (name_length,) = struct.unpack_from("<H", std, base_size)
    at = base_size + 2 + 2 * (name_length + 1)
    parts: list[bytes] = []
    for _ in range(min(number_of_parts & 0xF, 2)):
        if at + 2 > len(std):
            break
        (size,) = struct.unpack_from("<H", std, at)
        parts.append(std[at + 2 : at + 2 + size])
        at += 2 + size + size % 2
    return _Style(
        base=kind_and_base >> 4, paragraph=paragraph_of(0, parts[0][2:], b"") if parts else Paragraph(),
        hidden=len(parts) > 1 and hides(parts[1]),
    )  # fmt: skip


def _definitions(table: bytes, at: int, overrides_at: int) -> dict[str, Definition]:
    """The lists that paragraphs refer to (PlfLfo, 2.9.177), over the lists that they share (PlfLst, 2.9.178)."""
    (count,) = struct.unpack_from("<H", table, at)
    at += 2
    lists: dict[int, list[Level]] = {}
    levels_at = at + 28 * count
    for n in range(min(count, _MOST_LISTS)):
        identity, simple = struct.unpack_from("<I", table, at + 28 * n)[0], table[at + 28 * n + 26] & 1
        levels: list[Level] = []
        for _ in range(1 if simple else 9):
            level, levels_at = _level(table, levels_at)
            levels.append(level)
        lists[identity] = levels
    (count,) = struct.unpack_from("<I", table, overrides_at)
    at = overrides_at + 4
    data_at = at + 16 * count
    found: dict[str, Definition] = {}
    for n in range(min(count, _MOST_LISTS)):
        (identity,), changed = struct.unpack_from("<I", table, at + 16 * n), table[at + 16 * n + 12]
        levels = list(lists.get(identity, ()))
        starts: dict[int, int] = {}
        data_at += 4
        for _ in range(changed):
            start, bits = struct.unpack_from("<iI", table, data_at)
            data_at += 8
            depth = bits & 0xF
            if bits & 0x20:
                level, data_at = _level(table, data_at)
                if depth < len(levels):
                    levels[depth] = level
                start = level.start
            if bits & 0x10:
                starts[depth] = start
        found[str(n + 1)] = Definition(str(identity), tuple(levels), starts)
    return found


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """A level of a list (LVL, 2.9.150), and where it ends. Characters 0 to 8 of its text stand for the levels' numbers."""
    start, form, bits = struct.unpack_from("<iBB", table, at)
    follow, characters, paragraph, limit = table[at + 15], table[at + 24], table[at + 25], table[at + 26]
    at += 28 + characters + paragraph
    (length,) = struct.unpack_from("<H", table, at)
    at += 2
    raw = table[at : at + 2 * length]
    if len(raw) < 2 * length:
        raise IndexError("a level of a list is cut short")
    text = "".join(f"%{ord(c) + 1}" if c < "\x09" else c for c in raw.decode("utf-16-le", "replace"))
    return Level(
        start=start, form=_FORMS.get(form, "decimal"), text=text, legal=bool(bits & 0x04),
        suffix=_SUFFIXES[follow] if follow < len(_SUFFIXES) else "tab", restart=limit if bits & 0x08 else None,
    ), at + 2 * length  # fmt: skip
