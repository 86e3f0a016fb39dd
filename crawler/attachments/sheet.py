"""Workbooks: xlsx from its XML, xls by xlrd. One line a row, tabs between cells, each sheet under its name."""

from __future__ import annotations

import os
import posixpath
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import xlrd
from lxml import etree

from crawler.attachments.archive_files import Members
from crawler.attachments.markup import attribute, local, parse_xml
from crawler.attachments.numbers import BUILTIN, shown
from crawler.attachments.result import MAX_CELLS, Budget, NotWholeError, damaged, encrypted
from crawler.extract.text import clean

_REFERENCE = re.compile(r"([A-Z]{1,3})\d*$")
_WIDEST = 16_384  # columns of a sheet
_OPEN = {"on_demand": True, "ragged_rows": True}
_XLRD_ERRORS = (xlrd.XLRDError, AssertionError, IndexError, KeyError, ValueError, TypeError, struct.error, OverflowError)  # fmt: skip


class _Cells:
    """Counts cells; Raises NotWholeError beyond MAX_CELLS."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise NotWholeError(f"only {MAX_CELLS} of its cells are read")


def read_xlsx(body: bytes, budget: Budget) -> Iterator[str]:
    """Sheets in the workbook's order, hidden ones too: they are disclosed as well."""
    members, cells = Members(body, budget), _Cells()
    book = parse_xml(members.read("xl/workbook.xml"))
    parts = _relations(members)
    strings = _shared_strings(members)
    formats = _formats(members)
    since_1904 = any(attribute(e, "date1904") in ("1", "true") for e in book if local(e) == "workbookPr")
    sheets = [s for e in book if local(e) == "sheets" for s in e]
    for sheet in sheets:
        part = parts.get(attribute(sheet, "id") or "")
        if part is None or part not in members or "worksheets/" not in part:
            continue
        if len(sheets) > 1:
            yield f"〔{clean(sheet.get('name') or '')}〕"
        for row in _rows(members.stream(part), cells):
            yield _row([_cell(c, strings, formats, since_1904) for c in row], row)


def _relations(members: Members) -> dict[str, str]:
    name = "xl/_rels/workbook.xml.rels"
    if name not in members:
        raise damaged("it does not say where its sheets are")
    found: dict[str, str] = {}
    for relation in parse_xml(members.read(name)):
        target = str(relation.get("Target") or "").replace("\\", "/")
        path = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        )
        found[str(relation.get("Id") or "")] = path
    return found


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
    return clean("".join(parts))


def _formats(members: Members) -> list[str | None]:
    """The format code of each cell style, None for the general one; empty where the styles cannot be read."""
    if "xl/styles.xml" not in members:
        return []
    codes: dict[int, str | None] = dict(BUILTIN)
    styles: list[str | None] = []
    for group in parse_xml(members.read("xl/styles.xml")):
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


def _rows(part: IO[bytes], cells: _Cells) -> Iterator[list[etree._Element]]:
    for row in _elements(part, "row"):
        found = [c for c in row if local(c) == "c"]
        cells.take(max(len(found), 1))
        yield found


def _cell(cell: etree._Element, strings: list[str], formats: list[str | None], since_1904: bool) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return " ".join(_string(child) for child in cell if local(child) == "is")
    value = next((child.text or "" for child in cell if local(child) == "v"), "")
    if kind == "s":
        index = _number(value.strip())
        return strings[index] if 0 <= index < len(strings) else ""
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind != "n":
        return clean(value)  # the result of a formula, an error, an ISO date
    try:
        number = float(value)
    except ValueError:
        return clean(value)
    style = _number(cell.get("s"))
    return shown(number, formats[style] if 0 <= style < len(formats) else None, since_1904=since_1904)


def _row(values: list[str], cells: list[etree._Element]) -> str:
    """A row's cells at their columns: the file leaves empty ones out."""
    line: list[str] = []
    for value, cell in zip(values, cells, strict=True):
        if not value:
            continue
        column = _column(cell.get("r"))
        if column is not None and len(line) < column < _WIDEST:
            line.extend([""] * (column - len(line)))
        line.append(value)
    return "\t".join(line)


def _column(reference: str | None) -> int | None:
    """0-based column of a reference such as AB12."""
    found = _REFERENCE.match(reference or "")
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def read_xls(body: bytes) -> Iterator[str]:
    """Workbooks of Excel 2 to 2003 and WPS .et."""
    with Path(os.devnull).open("w") as nowhere:
        try:
            book = xlrd.open_workbook(file_contents=body, logfile=nowhere, formatting_info=True, **_OPEN)
        except _XLRD_ERRORS as error:
            if "ncrypt" in str(error) or "assword" in str(error):
                raise encrypted("the workbook") from error
            # Styles that xlrd does not understand: the text can be had without them.
            book = _without_formats(body, nowhere, error)
        yield from _xls_lines(book)


def _without_formats(body: bytes, nowhere: IO[str], first: Exception) -> xlrd.book.Book:
    try:
        return xlrd.open_workbook(file_contents=body, logfile=nowhere, **_OPEN)
    except _XLRD_ERRORS as error:
        raise damaged(f"no workbook that can be read ({str(first)[:200]})") from error


def _xls_lines(book: xlrd.book.Book) -> Iterator[str]:
    cells = _Cells()
    for index in range(book.nsheets):
        try:
            sheet = book.sheet_by_index(index)
        except _XLRD_ERRORS as error:
            raise damaged(f"sheet {index + 1} cannot be read ({str(error)[:200]})") from error
        if book.nsheets > 1:
            yield f"〔{clean(sheet.name)}〕"
        for row in range(sheet.nrows):
            found = sheet.row(row)
            cells.take(max(len(found), 1))
            yield "\t".join(_xls_cell(cell, book) for cell in found).rstrip("\t")
        book.unload_sheet(index)


def _xls_cell(cell: xlrd.sheet.Cell, book: xlrd.book.Book) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return clean(cell.value)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        code = "yyyy-m-d h:mm" if cell.ctype == xlrd.XL_CELL_DATE else None
        if cell.xf_index is not None and cell.xf_index < len(book.xf_list):
            form = book.format_map.get(book.xf_list[cell.xf_index].format_key)
            code = form.format_str if form is not None else code
        return shown(cell.value, code, since_1904=bool(book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return str(xlrd.error_text_from_code.get(cell.value, "")) if cell.ctype == xlrd.XL_CELL_ERROR else ""
