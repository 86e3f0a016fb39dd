"""The paragraphs and tables of a Word document's XML, as Word shows them when every tracked change is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from crawler.attachments.fields import Fields, is_volatile
from crawler.attachments.markup import attribute, local
from crawler.attachments.numbering import joined
from crawler.attachments.result import damaged
from crawler.attachments.symbols import resolved, symbol
from crawler.attachments.word_styles import Sheet, child, is_on, value
from crawler.extract.struck import Struck
from crawler.extract.struck import joined as with_marks
from crawler.extract.table_rows import Cell, lines_of, span
from crawler.extract.text import clean

# Moved text stands twice: where it was (moveFrom) and where it is (moveTo). A drawing's fallback repeats its text,
# and ruby's rt is a reading aid beside the character.
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "Fallback", "delText", "fldData", "binData", "pPr", "rPr", "sdtPr", "rt"}
)
_BLANKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "body", "ins", "moveTo", "smartTag", "customXml", "sect", "sub-section", "document",
     "AlternateContent", "Choice", "content"}
)  # fmt: skip
_LEFT_OUT_NOTES = frozenset({"Word.Deletion", "Word.Comment"})  # of WordML 2003
_DEEPEST = 60  # tables in tables, content controls in content controls
# Notes stand where they are referred to in WordML 2003
_BOX = frozenset({"txbxContent", "footnote", "endnote"})
# A picture of half a page is a page of the document: a scan, a table as an image. A4 is 7,560,000 by 10,692,000 EMU.
_WIDE, _HIGH = 3_800_000, 5_000_000
_POINT = 12_700  # EMU
_SIDES = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)pt")
Related = Callable[[str], Iterator[str]]


def nothing(_relation: str) -> Iterator[str]:
    """What a document without related parts says of them."""
    return iter(())


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read."""

    parts: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    # Of this paragraph: one that does not end hides no other.
    fields: Fields[etree._Element] = field(default_factory=Fields)
    font: str | None = None
    hidden: bool = False
    struck: bool = False
    size: tuple[int, int] = (0, 0)

    def put(self, text: str) -> None:
        """Text of a run: part of the line, or of an instruction."""
        if self.fields.passes(text) and not self.hidden:
            shown = resolved(text, self.font)
            self.parts.append(Struck(shown) if self.struck else shown)


class Story:
    """Reads the stories of one document: text, notes, headers. ``related`` gives the lines of a part by its relation."""

    def __init__(self, sheet: Sheet, related: Related = nothing) -> None:
        self._sheet = sheet
        self._related = related
        self.hidden = 0  # characters left out because the document hides them

    def lines(self, element: etree._Element, depth: int = 0) -> Iterator[str]:
        """The lines of a body, a cell, a box or a note. Raises UnreadableError for parts that are nested too deeply."""
        if depth > _DEEPEST:
            raise damaged("its parts are nested too deeply")
        held = ""  # of a paragraph whose end was deleted: the next one continues it
        for piece in element:
            name = local(piece)
            if name == "p":
                found = self._paragraph(piece, held)
                held = found.pop() if found and _end_is_deleted(piece) else ""
                yield from found
            elif name == "tbl":
                yield from lines_of(self._rows(piece, depth))
            elif name == "altChunk":
                yield from self._related(attribute(piece, "id") or "")
            elif name in _CONTAINERS or (name == "annotation" and _is_shown(piece)):
                yield from self.lines(piece, depth + 1)
        if held:
            yield held

    def _rows(self, table: etree._Element, depth: int) -> Iterator[list[Cell]]:
        for row in table:
            if local(row) in _CONTAINERS or (local(row) == "annotation" and _is_shown(row)):
                yield from self._rows(row, depth + 1)
            if local(row) != "tr" or child(child(row, "trPr"), "del") is not None:
                continue
            yield [
                Cell(
                    " ".join(self.lines(cell, depth + 1)).replace("\t", " "),
                    span(value(child(child(cell, "tcPr"), "gridSpan"))),
                )
                for cell in _cells(row)
            ]

    def _paragraph(self, element: etree._Element, before: str) -> list[str]:
        """The lines of a paragraph behind ``before``; what it refers to and its text boxes follow as lines of their own."""
        properties = child(element, "pPr")
        line = _Line(hidden=self._sheet.hides(value(child(properties, "pStyle"))))
        self._inline(element, line, line.hidden)
        text = with_marks(line.parts, "\n")
        if not text and _end_is_deleted(element):
            return [before] if before else []  # deleted as a whole: it has no number either
        label, suffix = self._sheet.number(properties)
        # WordML 2003 holds the number itself
        if not label and (listed := child(properties, "listPr")) is not None:
            label, suffix = _visible_label(value(child(listed, "t")) or ""), "tab"
        lines = [cleaned for cleaned in map(clean, text.split("\n")) if cleaned] or [""]
        lines[0] = before + joined(clean(label), suffix, lines[0])
        for relation in line.related:
            lines.extend(self._related(relation))
        for box in line.boxes:
            lines.extend(self.lines(box, 1))
        return [one for one in lines if one]

    def _inline(self, element: etree._Element, line: _Line, by_style: bool) -> None:
        """Put what stands in a paragraph, a link, a run into the line. libxml2 bounds the nesting."""
        for piece in element:
            name = local(piece)
            if name == "t":
                # A line break of the markup, not of the text.
                self._put((piece.text or "").replace("\n", " "), line)
            elif name == "r":
                self._run(piece, line, by_style)
            elif name in _BLANKS:
                self._put(_BLANKS[name], line)
            elif name in _BOX:
                line.boxes.append(piece)
            elif name in _LEFT_OUT or (name == "annotation" and not _is_shown(piece)):
                continue
            elif name == "sym":
                self._put(_symbol(piece), line)
            elif name == "fldChar":
                _mark(piece, line)
            elif name == "instrText":
                line.fields.passes(piece.text or "")
            elif name != "fldSimple" or not is_volatile(attribute(piece, "instr") or ""):
                _drawn(name, piece, line)
                self._inline(piece, line, by_style)

    def _put(self, text: str, line: _Line) -> None:
        if line.hidden:
            self.hidden += len(text.strip())
        line.put(text)

    def _run(self, run: etree._Element, line: _Line, by_style: bool) -> None:
        properties = child(run, "rPr")
        outer = line.font, line.hidden, line.struck
        if properties is not None:
            own = is_on(child(properties, "vanish"))
            named = child(properties, "rStyle")
            line.hidden = own if own is not None else by_style or self._sheet.hides(value(named))
            line.struck = any(is_on(child(properties, name)) for name in ("strike", "dstrike"))
            fonts = child(properties, "rFonts")
            line.font = attribute(fonts, "ascii") if fonts is not None else None
        self._inline(run, line, by_style)
        line.font, line.hidden, line.struck = outer


def _end_is_deleted(paragraph: etree._Element) -> bool:
    return child(child(child(paragraph, "pPr"), "rPr"), "del") is not None


def _is_shown(annotation: etree._Element) -> bool:
    return attribute(annotation, "type") not in _LEFT_OUT_NOTES


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for piece in row:
        if local(piece) == "tc":
            yield piece
        elif local(piece) in _CONTAINERS:
            yield from _cells(piece)


def _visible_label(text: str) -> str:
    return text if any(c.isalnum() for c in text) else ""  # the others are bullets


def _symbol(element: etree._Element) -> str:
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return symbol(attribute(element, "font"), code)


def _mark(element: etree._Element, line: _Line) -> None:
    """Begin, part or end of a field."""
    kind = attribute(element, "fldCharType")
    if kind == "begin":
        line.fields.begin(child(element, "ffData"))
    elif kind == "separate":
        line.fields.separate()
    elif kind == "end":  # perhaps of a field of a paragraph before, such as a table of contents
        shown, data = line.fields.end()
        line.put(_of_form(data) or shown)


def _of_form(data: etree._Element | None) -> str:
    """What a check box or a list to choose from of a form shows."""
    if (box := child(data, "checkBox")) is not None:
        state = child(box, "checked")
        return "☑" if is_on(state if state is not None else child(box, "default")) else "□"
    if (choice := child(data, "ddList")) is not None:
        entries = [value(e) or "" for e in choice if local(e) == "listEntry"]
        chosen = value(child(choice, "result")) or value(child(choice, "default")) or "0"
        return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
    return ""


def _drawn(name: str, element: etree._Element, line: _Line) -> None:
    """What a drawing refers to: charts, diagrams, sheets, pictures as large as half a page; words drawn as a picture."""
    if name == "extent":
        width, height = attribute(element, "cx") or "", attribute(element, "cy") or ""
        line.size = (int(width), int(height)) if width.isdecimal() and height.isdecimal() else (0, 0)
    elif name == "shape":
        sides = dict(_SIDES.findall(element.get("style") or ""))
        line.size = tuple(int(float(sides.get(side, "0")) * _POINT) for side in ("width", "height"))  # type: ignore[assignment]
    elif name in ("blip", "imagedata"):
        if line.size[0] >= _WIDE and line.size[1] >= _HIGH:
            line.related.append(attribute(element, "embed") or attribute(element, "id") or "")
    elif name == "chart":
        line.related.append(attribute(element, "id") or "")
    elif name == "relIds":
        line.related.append(attribute(element, "dm") or "")
    elif name == "OLEObject":
        line.related.append(attribute(element, "id") or "")
    elif name == "textpath":
        line.put((attribute(element, "string") or "") + "\n")
