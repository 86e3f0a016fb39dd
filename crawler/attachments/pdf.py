"""PDF files, by PDFium. Text in images is not read, and said to be there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from archive.model import Severity
from crawler.attachments.archive_files import ReadMember
from crawler.attachments.flow import paragraphs
from crawler.attachments.names import safe_path
from crawler.attachments.pdf_page import Page, form_values
from crawler.attachments.result import (
    MAX_PAGES,
    Budget,
    NotWholeError,
    UnreadableError,
    damaged,
    encrypted,
    garbled,
)

_LETTERS_OF_A_PAGE = 5  # fewer on a page with an image: the page is a picture of its text
_LETTERS_BESIDE = 40  # what a scanner or a seal writes on a page that an image covers
_UNMAPPED_SHARE = 0.05  # of the characters: beyond it a font does not say which they are
_MOST_EMBEDDED = 200


@dataclass(slots=True)
class _Seen:
    """What the pages of a file turned out to be."""

    letters: int = 0
    unmapped: int = 0
    characters: int = 0
    scanned: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


def read_pdf(body: bytes, budget: Budget, read_member: ReadMember) -> Iterator[str]:
    """The paragraphs of a PDF file, the values of its forms behind each page, and the files embedded in it.

    A page that is an image has a line with the image's hash, so that its replacement shows. Raises UnreadableError:
    damaged, protected, a scan without any text, or fonts that do not say which characters they draw; NotWholeError beyond
    MAX_PAGES, and for what PDFium does not show.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise (encrypted("the file") if "assword" in str(error) else damaged(str(error))) from error
    try:
        kind = document.get_formtype()
        if kind not in (pdfium.FORMTYPE_NONE, pdfium.FORMTYPE_XFA_FULL):
            document.init_forms()
        seen = _Seen()
        yield from paragraphs(_pages(document, seen))
        embedded = list(_embedded(document, budget, read_member))
        yield from embedded
        _judge(document, seen, budget, bool(embedded))
        if kind == pdfium.FORMTYPE_XFA_FULL:
            raise NotWholeError(
                "it is an XFA form, which shows another text in the program that it was made for"
            )
    finally:
        document.close()


def _judge(document: pypdfium2.PdfDocument, seen: _Seen, budget: Budget, embedded: bool) -> None:
    """Say what could not be read. Raises UnreadableError and NotWholeError."""
    if seen.broken and len(seen.broken) == len(document):
        raise damaged("none of its pages can be read")
    if seen.unmapped > _UNMAPPED_SHARE * seen.characters:
        raise garbled("its fonts do not say which characters they draw")
    if seen.scanned and not seen.letters and not embedded:
        raise UnreadableError(
            "attachment_is_scan", "its pages are images or drawings without text: nothing can be read"
        )
    if seen.scanned:
        budget.notes.append(
            f"{len(seen.scanned)} pages are images without text, the first is page {seen.scanned[0]}"
        )
    if seen.broken:
        raise NotWholeError(f"{len(seen.broken)} pages cannot be read, the first is page {seen.broken[0]}")
    if seen.unmapped:
        raise NotWholeError(f"fonts do not say which characters {seen.unmapped} of its letters are")
    if len(document) > MAX_PAGES:
        raise NotWholeError(f"only {MAX_PAGES} of its {len(document)} pages are read")


def _pages(document: pypdfium2.PdfDocument, seen: _Seen) -> Iterator[list[str]]:
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = Page(document[number])
        except pypdfium2.PdfiumError:
            seen.broken.append(number + 1)
            continue
        try:
            yield _lines(page, number + 1, seen, form_values(document, page))
        finally:
            page.close()


def _lines(page: Page, number: int, seen: _Seen, values: list[str]) -> list[str]:
    lines = page.lines()
    letters = sum(map(len, lines)) + sum(map(len, values))
    seen.unmapped += page.unmapped
    seen.characters += page.characters
    if letters < _LETTERS_BESIDE and (image := page.image(whole=letters >= _LETTERS_OF_A_PAGE)):
        seen.scanned.append(number)
        mark = f"〔第{number}页是图像 page {number} is an image: {image}〕"
        if letters < _LETTERS_OF_A_PAGE:
            return [mark]
        values = [*values, mark]
    seen.letters += letters
    return [*lines, *values]


def _embedded(document: pypdfium2.PdfDocument, budget: Budget, read_member: ReadMember) -> Iterator[str]:
    """The files in a PDF file, as those in a zip file: a portfolio is one cover page and its files."""
    for number in range(min(document.count_attachments(), _MOST_EMBEDDED)):
        try:
            found = document.get_attachment(number)
            name, data = safe_path(found.get_name()), bytes(found.get_data())
        except pypdfium2.PdfiumError as error:
            budget.notes.append(f"embedded file {number + 1}: {error}")
            continue
        lines: list[str] | None = None
        if budget.members > 0 and budget.depth > 0:
            budget.members -= 1
            budget.depth -= 1
            try:
                lines = list(read_member(data, name, budget))
            except UnreadableError as error:
                if error.severity is not Severity.INFO:
                    budget.notes.append(f"{name}: {error}")
            finally:
                budget.depth += 1
        mark = (
            f"（{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()[:16]}）" if lines is None else ""
        )
        yield f"〔{name}〕{mark}"
        yield from lines or ()
