"""Workbooks of Excel's XML: one line a row, tabs between cells, each sheet under its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from crawler.attachments.archive_files import Members
from crawler.attachments.drawings import drawn_lines
from crawler.attachments.markup import attribute, local, parse_xml
from crawler.attachments.numbers import BUILTIN, of_iso, shown
from crawler.attachments.packages import beside, holds_pictures, main_part, relations, unread
from crawler.attachments.result import MAX_CELLS, Budget, NotWholeError, UnreadableError, damaged
from crawler.extract.text import clean

_REFERENCE = re.compile(r"([A-Z]{1,3})\d*$")
_ESCAPED = re.compile("_x([0-9A-F]{4})_")  # a carriage return is _x000D_
_WIDEST = 16_384  # columns of a sheet


class Cells:
    """Counts cells; Raises NotWholeError beyond MAX_CELLS."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def take(self, count: int) -> None:
        """That many more are read."""
        self._left -= count
        if self._left < 0:
            raise NotWholeError(f"only {MAX_CELLS} of its cells are read")


def read_xlsx(body: bytes, budget: Budget) -> Iterator[str]:
    """Sheets in the workbook's order, hidden ones too: they are disclosed as well. A sheet's text boxes follow its rows.

    Raises UnreadableError: damaged, or pictures without text; NotWholeError beyond MAX_CELLS.
    """
    members, cells = Members(body, budget), Cells()
    main = main_part(members, "xl/workbook.xml")
    book = parse_xml(members.read(main))
    parts = relations(members, main)
    if not parts:
        raise damaged("it does not say where its sheets are")
    strings = _shared_strings(members)
    formats = _formats(beside(members, "xl/styles.xml", budget))
    since_1904 = any(attribute(e, "date1904") in ("1", "true") for e in book if local(e) == "workbookPr")
    sheets = [s for e in book if local(e) == "sheets" for s in e]
    words = False
    for sheet in sheets:
        kind, part = parts.get(attribute(sheet, "id") or "", ("", ""))
        if kind not in ("worksheet", "") or part not in members:
            continue
        if len(sheets) > 1:
            yield f"〔{clean(sheet.get('name') or '')}〕"
        for row in _rows(members.stream(part)):
            line = _row([_cell(c, strings, formats, since_1904) for c in row], row)
            cells.take(len(line))
            words = words or bool(line)
            yield "\t".join(line)
        for of, drawing in relations(members, part).values():
            if of == "drawing" and drawing in members:
                root = beside(members, drawing, budget)
                for text in drawn_lines(root) if root is not None else (unread(members, drawing),):
                    words = True
                    yield text
    if not words and holds_pictures(members):
        raise UnreadableError(
            "attachment_is_scan", "its sheets are pictures without text: nothing can be read"
        )


def _shared_strings(members: Members) -> list[str]:
    name = next((n for n in members.names() if n.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    return [_string(item) for item in _elements(members.stream(name), "si")]


def _string(item: etree._Element) -> str:
    """The text of a shared or inline string; rPh is the reading aid of Japanese."""
    parts: list[str] = []
    for child in item:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts.extend(t.text or "" for t in child if local(t) == "t")
    return clean(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(parts)))


def _formats(root: etree._Element | None) -> list[str | None]:
    """The format code of each cell style, None for the general one; empty where the styles cannot be read."""
    codes: dict[int, str | None] = dict(BUILTIN)
    styles: list[str | None] = []
    for group in root if root is not None else ():
        if local(group) == "numFmts":
            for one in group:
                codes[_number(one.get("numFmtId"))] = one.get("formatCode")
        elif local(group) == "cellXfs":
            styles = [codes.get(_number(one.get("numFmtId"))) for one in group if local(one) == "xf"]
    return styles


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _elements(part: IO[bytes], name: str) -> Iterator[etree._Element]:
    """Elements of that name one after another; what has been read is let go. Raises UnreadableError."""
    found = etree.iterparse(
        part, events=("end",), tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True,
    )  # fmt: skip
    try:
        for _, element in found:
            yield element
            element.clear()
            while (before := element.getprevious()) is not None and (
                parent := element.getparent()
            ) is not None:
                parent.remove(before)
    except etree.XMLSyntaxError as error:
        raise damaged(f"a part of the workbook cannot be parsed ({str(error)[:200]})") from error


def _rows(part: IO[bytes]) -> Iterator[list[etree._Element]]:
    for row in _elements(part, "row"):
        yield [c for c in row if len(c) and local(c) == "c"]


def _cell(cell: etree._Element, strings: list[str], formats: list[str | None], since_1904: bool) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return " ".join(_string(child) for child in cell if local(child) == "is")
    value = next((child.text or "" for child in cell if local(child) == "v"), "")
    if not value and kind == "n":  # a formula that no program has computed yet: what it says is all there is
        return next((f"={clean(child.text)}" for child in cell if local(child) == "f" and child.text), "")
    if kind == "d":
        return of_iso(value)
    if kind == "s":
        index = _number(value.strip())
        return strings[index] if 0 <= index < len(strings) else ""
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind != "n":
        return clean(_ESCAPED.sub(" ", value))  # the result of a formula, or an error
    try:
        number = float(value)
    except ValueError:
        return clean(value)
    style = _number(cell.get("s"))
    return shown(number, formats[style] if 0 <= style < len(formats) else None, since_1904=since_1904)


def _row(values: list[str], cells: list[etree._Element]) -> list[str]:
    """A row's cells at their columns: the file leaves empty ones out."""
    line: list[str] = []
    for value, cell in zip(values, cells, strict=True):
        if not value:
            continue
        column = _column(cell.get("r"))
        if column is not None and len(line) < column < _WIDEST:
            line.extend([""] * (column - len(line)))
        line.append(value)
    return line


def _column(reference: str | None) -> int | None:
    """0-based column of a reference such as AB12."""
    found = _REFERENCE.match(reference or "")
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1
