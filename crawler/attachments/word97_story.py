"""The lines of a stretch of text of a .doc file: marks resolved, fields reduced to their results, numbers put in front."""

from __future__ import annotations

import re
from array import array

from crawler.attachments.fields import Fields
from crawler.attachments.numbering import joined
from crawler.attachments.symbols import resolved
from crawler.attachments.word97_lists import Outline
from crawler.attachments.word97_marks import Marks, Paragraph
from crawler.extract.text import clean

PICTURES = "\x01\x08"  # what stands for a picture and for a drawing
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END, _CELL, _PARAGRAPH = "\x13", "\x14", "\x15", "\x07", "\r"
_FIELD = re.compile("[\x13-\x15]")
_SPECIAL = re.compile("[\x00-\x1f\xa0\u2028]")
_CHARACTERS = {
    "\x09": " ", "\x0b": "\n", "\x0c": "\n", "\r": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\u2028": "\n",
}  # fmt: skip
_NONE = Paragraph()


class _Writer:
    """Collects the text of a story, with a line break at the end of a line and a tab between cells."""

    def __init__(self, marks: Marks, outline: Outline) -> None:
        self._paragraphs, self._outline = marks.paragraphs, outline
        self._fields: Fields[None] = Fields()
        self.out: list[str] = []
        self._begin = 0  # of the paragraph, in ``out``

    def text(self, text: str) -> None:
        if text and self._fields.passes(text):
            self.out.append(text)

    def mark(self, c: str, end: int, paired: bool) -> None:
        """A special character; ``end`` is the byte offset behind it, ``paired`` whether a field's mark has its others."""
        if c in (_CELL, _PARAGRAPH):
            paragraph = self._paragraphs.get(end, _NONE)
            self._number(paragraph)
            if c == _CELL:
                self._close("\n" if paragraph.row_end else "\t")
            else:
                self._close(" " if paragraph.in_table or paragraph.row_end else "\n")
        elif not paired and c in (_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END):
            return
        elif c == _FIELD_BEGIN:
            self._fields.begin()
        elif c == _FIELD_RESULT:
            self._fields.separate()
        elif c == _FIELD_END:
            self.text(self._fields.end()[0])
        else:
            self.text(_CHARACTERS.get(c, ""))

    def _close(self, mark: str) -> None:
        if self._fields.passes(mark):
            self.out.append(mark)
        self._begin = len(self.out)

    def _number(self, paragraph: Paragraph) -> None:
        """Put the paragraph's number before its text; leave out a paragraph whose style hides it."""
        if self._outline.hides(paragraph):
            del self.out[self._begin :]
            return
        label, suffix = self._outline.number(paragraph)
        if label := clean(label):
            self.out[self._begin :] = [joined(label, suffix, "".join(self.out[self._begin :]))]


def story_lines(characters: str, ends: array[int], marks: Marks, outline: Outline) -> str:
    """The text of a story; ``ends`` has for each of its characters the byte offset behind it, by which marks are known."""
    writer = _Writer(marks, outline)
    paired = _paired(characters)
    at = 0
    for found in _SPECIAL.finditer(characters):
        place = found.start()
        writer.text(resolved(characters[at:place], None))
        writer.mark(found[0], ends[place], place in paired)
        at = place + 1
    writer.text(resolved(characters[at:], None))
    return "".join(writer.out)


def _paired(characters: str) -> frozenset[int]:
    """The places of field marks that have their other halves: one that never ends must not swallow the rest."""
    paired: set[int] = set()
    stack: list[list[int]] = []
    for found in _FIELD.finditer(characters):
        if found[0] == _FIELD_BEGIN:
            stack.append([found.start()])
        elif stack:
            stack[-1].append(found.start())
            if found[0] == _FIELD_END:
                paired.update(stack.pop())
    return frozenset(paired)
