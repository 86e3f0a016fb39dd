"""Workbooks of Excel 2 to 2003 and of WPS (.xls, .et), by xlrd; their text boxes, which it leaves out, from the records."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import xlrd
from xlrd.compdoc import CompDocError

from crawler.attachments.biff_boxes import box_lines
from crawler.attachments.numbers import shown
from crawler.attachments.result import damaged, encrypted
from crawler.attachments.sheet import Cells
from crawler.extract.characters import charset
from crawler.extract.text import clean

_BIFF8 = 80  # xlrd's number for Excel 97
_NOTHING = bytes((xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK))
_EASTERN = frozenset({932, 936, 949, 950, 1200, 65001})  # code pages that a file does not name by mistake
_XLRD_ERRORS = (
    xlrd.XLRDError, CompDocError, AssertionError, IndexError, KeyError, ValueError, TypeError, struct.error, OverflowError,
)  # fmt: skip


class _Workbook:
    """A workbook whose sheets are loaded one at a time: with their formats, or without where xlrd breaks down on those."""

    def __init__(self, body: bytes, nowhere: IO[str], encoding: str | None = None) -> None:
        """Raises UnreadableError: protected, or no workbook."""
        self._options = {
            "file_contents": body, "logfile": nowhere, "on_demand": True, "ragged_rows": True, "encoding_override": encoding,
        }  # fmt: skip
        self._plain: xlrd.book.Book | None = None
        try:
            self.book = xlrd.open_workbook(formatting_info=True, **self._options)
        except _XLRD_ERRORS as error:
            if "ncrypt" in str(error) or "assword" in str(error):
                raise encrypted("the workbook") from error
            self.book = self._without_formats(error)

    def _without_formats(self, first: Exception) -> xlrd.book.Book:
        if self._plain is None:
            try:
                self._plain = xlrd.open_workbook(**self._options)
            except _XLRD_ERRORS:
                raise damaged(f"no workbook that can be read ({str(first)[:200]})") from first
        return self._plain

    def sheets(self) -> Iterator[tuple[xlrd.sheet.Sheet, xlrd.book.Book]]:
        """Each sheet and the book that its formats are in. Raises UnreadableError for one that cannot be read."""
        for index in range(self.book.nsheets):
            book = self.book
            try:
                sheet = book.sheet_by_index(index)
            except _XLRD_ERRORS as error:
                book = self._without_formats(error)
                try:
                    sheet = book.sheet_by_index(index)
                except _XLRD_ERRORS:
                    raise damaged(f"sheet {index + 1} cannot be read ({str(error)[:200]})") from error
            yield sheet, book
            book.unload_sheet(index)


def read_xls(body: bytes) -> Iterator[str]:
    """Every sheet as rows, hidden ones too, a sheet's text boxes behind them.

    Raises UnreadableError: damaged or protected; NotWholeError beyond MAX_CELLS.
    """
    with Path(os.devnull).open("w") as nowhere:
        workbook = _Workbook(body, nowhere)
        old = workbook.book.biff_version < _BIFF8
        if old and _is_chinese(workbook):
            workbook = _Workbook(body, nowhere, "gb18030")
        boxes = {} if old else box_lines(body)
        cells = Cells()
        for index, (sheet, book) in enumerate(workbook.sheets()):
            if book.nsheets > 1:
                yield f"〔{clean(sheet.name)}〕"
            for row in range(sheet.nrows):
                found = _filled(sheet, row)
                cells.take(len(found))
                yield "\t".join(_cell(cell, book) for cell in found).rstrip("\t")
            yield from boxes.get(index, ())


def _is_chinese(workbook: _Workbook) -> bool:
    """Whether an old workbook names no Chinese code page and holds Chinese: programs forget to say so."""
    if workbook.book.codepage in _EASTERN:
        return False
    found: list[str] = []
    for sheet, _ in workbook.sheets():
        rows = (_filled(sheet, row) for row in range(sheet.nrows))
        found.extend(cell.value for row in rows for cell in row if cell.ctype == xlrd.XL_CELL_TEXT)
    try:
        raw = "\n".join(found).encode(workbook.book.encoding or "latin-1", "replace")
    except LookupError:  # a code page that nobody knows
        return True
    return not raw.isascii() and charset.decode(raw, None).encoding == "gb18030"


def _filled(sheet: xlrd.sheet.Sheet, row: int) -> list[xlrd.sheet.Cell]:
    """The cells of a row up to the last that holds something: formats alone may reach over all columns."""
    width = len(bytes(sheet.row_types(row)).rstrip(_NOTHING))
    return list(sheet.row_slice(row, 0, width)) if width else []


def _cell(cell: xlrd.sheet.Cell, book: xlrd.book.Book) -> str:
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
