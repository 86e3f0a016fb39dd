"""Word documents that are XML: docx, the flat XML of 2003, and the slides of pptx.

Read from the XML itself: text in tracked insertions, content controls, text boxes and footnotes belongs to the
document, tracked deletions do not, and nothing but the parts that hold text is unpacked (docs/decisions).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from crawler.attachments.archive_files import Members, ReadMember
from crawler.attachments.drawings import chart_lines, drawn_lines
from crawler.attachments.fields import has_words
from crawler.attachments.markup import attribute, local, parse_xml
from crawler.attachments.packages import beside, holds_pictures, main_part, relations, unread
from crawler.attachments.result import Budget, UnreadableError, damaged
from crawler.attachments.word_story import Story
from crawler.attachments.word_styles import child, is_on, sheet_of

_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def read_docx(body: bytes, budget: Budget, read_member: ReadMember) -> Iterator[str]:
    """Paragraphs, and the rows of tables with tabs between cells; then notes, then headers and footers, each once.

    Raises UnreadableError: damaged, or a document that holds pictures and no text.
    """
    members = Members(body, budget)
    document = _Document(members, budget, read_member)
    words = False
    for line in document.lines():
        words = words or not line.startswith("〔图像")
        yield line
    if not words and holds_pictures(members):
        raise UnreadableError("attachment_is_scan", "it holds pictures without text: nothing can be read")


class _Document:
    """The parts of one docx file."""

    def __init__(self, members: Members, budget: Budget, read_member: ReadMember) -> None:
        self._members, self._budget, self._read_member = members, budget, read_member
        self._main = main_part(members, "word/document.xml")
        self._parts = relations(members, self._main)
        self._read: dict[str, list[str]] = {}  # lines of related parts, by the relation
        self._story = Story(sheet_of(self._named("styles"), self._named("numbering")), self._related)

    def _name_of(self, kind: str) -> str:
        found = next((target for of, target in self._parts.values() if of == kind), None)
        return found or posixpath.join(posixpath.dirname(self._main), f"{kind}.xml")

    def _named(self, kind: str) -> etree._Element | None:
        return beside(self._members, self._name_of(kind), self._budget)

    def _part_lines(self, name: str, read: Callable[[etree._Element], Iterator[str]]) -> Iterator[str]:
        """The lines of a part beside the text, or one that tells it apart where it is broken."""
        part = beside(self._members, name, self._budget)
        if part is not None:
            yield from read(part)
        elif name in self._members:
            yield unread(self._members, name)

    def lines(self) -> Iterator[str]:
        """The text, then notes, heads and feet of pages. Raises UnreadableError."""
        root = parse_xml(self._members.read(self._main))
        yield from self._story.lines(root)
        for kind in ("footnotes", "endnotes"):
            yield from self._part_lines(self._name_of(kind), lambda part: _notes(part, self._story))
        yield from _without_page_numbers(self._margins(root))
        if self._story.hidden:
            self._budget.notes.append(f"{self._story.hidden} characters that the document hides are not read")

    def _margins(self, root: etree._Element) -> Iterator[str]:
        """The lines of the headers and footers that are shown, in the order of the sections."""
        both = bool(is_on(child(self._named("settings"), "evenAndOddHeaders")))
        shown: dict[str, None] = {}
        for section in (e for e in root.iter() if local(e) == "sectPr"):
            first = bool(is_on(child(section, "titlePg")))
            for reference in section:
                if local(reference) in ("headerReference", "footerReference"):
                    kind = attribute(reference, "type")
                    part = self._parts.get(attribute(reference, "id") or "")
                    if part is not None and (kind != "first" or first) and (kind != "even" or both):
                        shown[part[1]] = None
        for name in shown:
            yield from self._part_lines(name, self._story.lines)

    def _related(self, relation: str) -> Iterator[str]:
        """The lines of a part that the text refers to; read once, however often it is referred to."""
        if relation not in self._read:
            self._read[relation] = list(self._lines_of(*self._parts.get(relation, ("", ""))))
        return iter(self._read[relation])

    def _lines_of(self, kind: str, name: str) -> Iterator[str]:
        """A chart, a diagram, a document within; a picture's size and CRC-32."""
        if name not in self._members:
            return
        if kind == "chart":
            yield from self._part_lines(name, chart_lines)
        elif kind == "diagramData":
            yield from self._part_lines(name, drawn_lines)
        elif kind == "image":
            yield f"〔图像 an image: {self._members.mark(name)}〕"
        elif kind in ("aFChunk", "package") and self._budget.depth > 0:
            self._budget.depth -= 1
            try:
                yield from self._read_member(self._members.read(name), name, self._budget)
            except UnreadableError as error:
                self._budget.notes.append(f"{name}: {error}")
                yield unread(self._members, name)
            finally:
                self._budget.depth += 1


def read_wordml(body: bytes, budget: Budget) -> Iterator[str]:
    """Word's flat XML: ``w:wordDocument`` of 2003, ``pkg:package`` of 2007."""
    root = parse_xml(body)
    found = next((e for e in root.iter() if local(e) == "body"), None)
    if found is None:
        raise damaged("no body in the document's XML")

    def part(name: str) -> etree._Element | None:
        return next((e for e in root.iter() if local(e) == name), None)

    packaged = local(root) == "package"
    story = Story(sheet_of(part("styles"), part("numbering") if packaged else None))
    yield from story.lines(found)
    if packaged:
        for kind in ("footnotes", "endnotes"):
            yield from _notes(part(kind), story)
    margins = (e for e in root.iter() if local(e) in ("hdr", "ftr"))
    yield from _without_page_numbers(line for margin in margins for line in story.lines(margin))
    if story.hidden:
        budget.notes.append(f"{story.hidden} characters that the document hides are not read")


def _notes(part: etree._Element | None, story: Story) -> Iterator[str]:
    for note in part if part is not None else ():
        if attribute(note, "type") is None:  # the others are the separating lines
            yield from story.lines(note)


def _without_page_numbers(lines: Iterable[str]) -> Iterator[str]:
    """Each line once, without those that only number the page."""
    return iter(dict.fromkeys(line for line in lines if has_words(line)))


def read_pptx(body: bytes, budget: Budget) -> Iterator[str]:
    """The paragraphs of each slide."""
    members = Members(body, budget)
    slides = sorted((int(m[1]), name) for name in members.names() if (m := _SLIDE.fullmatch(name)))
    words = False
    for _, name in slides:
        for line in drawn_lines(parse_xml(members.read(name))):
            words = True
            yield line
    if not words and holds_pictures(members):
        raise UnreadableError(
            "attachment_is_scan", "its slides are pictures without text: nothing can be read"
        )
