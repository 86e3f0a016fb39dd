"""Word documents that are XML: docx, the flat XML of 2003, and the slides of pptx.

Read from the XML itself: text in tracked insertions, content controls, text boxes and footnotes belongs to the
document, tracked deletions do not, and nothing but the parts that hold text is unpacked (docs/decisions).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from crawler.attachments.archive_files import Members
from crawler.attachments.markup import attribute, local, parse_xml
from crawler.attachments.result import Budget, damaged
from crawler.extract.text import clean

# Moved text stands twice: where it was (moveFrom) and where it is (moveTo). A drawing's fallback repeats its text.
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "fldData", "binData"})
_BLANKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "body", "ins", "moveTo", "smartTag", "customXml", "sect", "sub-section"}
)
_DEEPEST = 60  # tables in tables, content controls in content controls
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def read_docx(body: bytes, budget: Budget) -> Iterator[str]:
    """Paragraphs, and the rows of tables with tabs between cells; then footnotes and endnotes."""
    members = Members(body, budget)
    main = _main_part(members)
    yield from _blocks(parse_xml(members.read(main)), 0)
    folder = posixpath.dirname(main)
    for part in ("footnotes.xml", "endnotes.xml"):
        name = posixpath.join(folder, part)
        if name in members:
            for note in parse_xml(members.read(name)):
                if attribute(note, "type") is None:  # the others are the separating lines
                    yield from _blocks(note, 0)


def read_wordml(body: bytes) -> Iterator[str]:
    """Word's flat XML: ``w:wordDocument`` of 2003, ``pkg:package`` of 2007."""
    root = parse_xml(body)
    found = next((e for e in root.iter() if local(e) == "body"), None)
    if found is None:
        raise damaged("no body in the document's XML")
    yield from _blocks(found, 0)


def read_pptx(body: bytes, budget: Budget) -> Iterator[str]:
    """The paragraphs of each slide."""
    members = Members(body, budget)
    slides = sorted((int(m[1]), name) for name in members.names() if (m := _SLIDE.fullmatch(name)))
    for _, name in slides:
        for element in parse_xml(members.read(name)).iter():
            if local(element) == "p":
                yield from _paragraph(element)


def _main_part(members: Members) -> str:
    if "_rels/.rels" in members:
        for relation in parse_xml(members.read("_rels/.rels")):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                name = str(relation.get("Target", "")).lstrip("/")
                if name in members:
                    return name
    return "word/document.xml"


def _blocks(element: etree._Element, depth: int) -> Iterator[str]:
    """The lines of a body, a cell or a note."""
    if depth > _DEEPEST:
        raise damaged("its parts are nested too deeply")
    for child in element:
        name = local(child)
        if name == "p":
            yield from _paragraph(child)
        elif name == "tbl":
            yield from _rows(child, depth)
        elif name in _CONTAINERS or name == "document":
            yield from _blocks(child, depth + 1)


def _rows(table: etree._Element, depth: int) -> Iterator[str]:
    for row in table:
        if local(row) in _CONTAINERS:
            yield from _rows(row, depth + 1)
        if local(row) != "tr":
            continue
        if any(
            local(mark) == "del" for properties in row if local(properties) == "trPr" for mark in properties
        ):
            continue
        cells = [" ".join(_blocks(cell, depth + 1)) for cell in _cells(row)]
        yield "\t".join(cells).rstrip("\t")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) in _CONTAINERS:
            yield from _cells(child)


def _paragraph(element: etree._Element) -> Iterator[str]:
    """The lines of a paragraph; what stands in its text boxes follows it, as paragraphs of their own."""
    boxes: list[etree._Element] = []
    text = "".join(_text(element, boxes))
    for line in text.split("\n"):
        if cleaned := clean(line):
            yield cleaned
    for box in boxes:
        yield from _blocks(box, 1)


def _text(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in _BLANKS:
            yield _BLANKS[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "sym":
            yield _symbol(attribute(child, "char"))
        elif name not in _LEFT_OUT:
            stack.append(iter(child))


def _symbol(code: str | None) -> str:
    """A character of a symbol font; those of the private area have no meaning as text."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 else ""
