"""Excel's XML of 2003, which systems export as .xls."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.attachments.markup import attribute, local, parse_xml
from crawler.attachments.numbers import of_iso, shown
from crawler.attachments.result import MAX_CELLS, NotWholeError
from crawler.extract.text import clean
from crawler.extract.tree import words

_WIDEST = 16_384  # columns of a sheet
# Names of formats that stand for a code
_NAMED = {
    "Percent": "0.00%", "Short Date": "yyyy-m-d", "Medium Date": "d-mmm-yy", "Long Date": "yyyy-m-d", "Short Time": "h:mm",
    "General Date": "yyyy-m-d h:mm",
}  # fmt: skip


def read_spreadsheetml(body: bytes) -> Iterator[str]:
    """``<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">``: each sheet's name, then a line a row.

    Raises UnreadableError for what is no XML, NotWholeError beyond MAX_CELLS.
    """
    root = parse_xml(body)
    formats = {
        attribute(style, "ID") or "": attribute(form, "Format") or ""
        for style in root.iter() if local(style) == "Style"
        for form in style if local(form) == "NumberFormat"
    }  # fmt: skip
    left = MAX_CELLS
    for element in root.iter():
        if local(element) == "Worksheet" and (name := attribute(element, "Name")):
            yield clean(name)
        if local(element) == "Row":
            line = _row(element, formats)
            left -= len(line)
            if left < 0:
                raise NotWholeError(f"only {MAX_CELLS} of its cells are read")
            yield "\t".join(line)


def _row(row: etree._Element, formats: dict[str, str]) -> list[str]:
    """A row's cells at their columns: the file leaves empty ones out, and says where it goes on (``ss:Index``)."""
    line: list[str] = []
    column = 0
    for cell in row:
        if local(cell) != "Cell":
            continue
        index = attribute(cell, "Index") or ""
        column = int(index) - 1 if index.isdecimal() and 0 < int(index) <= _WIDEST else column
        if text := _cell(cell, formats.get(attribute(cell, "StyleID") or "", "")):
            line.extend([""] * (column - len(line)))
            line.append(text)
        across = attribute(cell, "MergeAcross") or ""
        column += 1 + (int(across) if across.isdecimal() and int(across) < _WIDEST else 0)
    return line


def _cell(cell: etree._Element, form: str) -> str:
    """A cell's text; its comment is none of it."""
    data = next((e for e in cell if local(e) == "Data"), None)
    if data is None:
        return ""
    text = clean(words(data))
    kind = attribute(data, "Type")
    if kind == "DateTime":
        return of_iso(text)
    if kind == "Number":
        try:
            return shown(float(text), _NAMED.get(form, form))
        except (ValueError, OverflowError):
            return text
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text
