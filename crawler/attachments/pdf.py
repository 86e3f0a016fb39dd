"""PDF files, by PDFium. Text in images is not read, and said to be there."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from crawler.attachments.flow import paragraphs
from crawler.attachments.result import (
    MAX_PAGES,
    Budget,
    NotWholeError,
    UnreadableError,
    damaged,
    encrypted,
)

_LETTERS_OF_A_PAGE = 5  # fewer on a page with an image: the page is a picture of its text
_MOST_IMAGES = 20  # of a page, that are told apart


def read_pdf(body: bytes, budget: Budget) -> Iterator[str]:
    """The paragraphs of a PDF file. A page that is an image has a line with the image's hash, so that its replacement shows.

    Raises UnreadableError: damaged, protected, or a scan without any text; NotWholeError beyond MAX_PAGES.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise (encrypted("the file") if "assword" in str(error) else damaged(str(error))) from error
    try:
        scanned: list[int] = []
        seen = _Seen()
        yield from paragraphs(_pages(document, scanned, seen))
        if scanned and not seen.letters:
            raise UnreadableError(
                "attachment_is_scan", "its pages are images without text: nothing can be read"
            )
        if scanned:
            budget.notes.append(
                f"{len(scanned)} pages are images without text, the first is page {scanned[0]}"
            )
        if len(document) > MAX_PAGES:
            raise NotWholeError(f"only {MAX_PAGES} of its {len(document)} pages are read")
    finally:
        document.close()


class _Seen:
    letters = 0


def _pages(document: pypdfium2.PdfDocument, scanned: list[int], seen: _Seen) -> Iterator[list[str]]:
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise damaged(f"page {number + 1}: {error}") from error
        try:
            lines = _lines(page)
            letters = sum(map(len, lines))
            if letters < _LETTERS_OF_A_PAGE and (images := _images(page)):
                scanned.append(number + 1)
                yield [f"〔第{number + 1}页是图像 page {number + 1} is an image: {images}〕"]
                continue
            seen.letters += letters
            yield lines
        finally:
            page.close()


def _lines(page: pypdfium2.PdfPage) -> list[str]:
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_bounded()
    finally:
        textpage.close()
    # PDFium marks a hyphen at a line's end with U+0002 or U+FFFE.
    return text.replace("\ufffe", "-").replace("\x02", "-").replace("\r\n", "\n").split("\n")


def _images(page: pypdfium2.PdfPage) -> str:
    """A short hash over the images of a page as the file holds them; empty where there are none."""
    digest, found = hashlib.sha256(), 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        length = pdfium.FPDFImageObj_GetImageDataRaw(item, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFImageObj_GetImageDataRaw(item, buffer, length)
        digest.update(buffer.raw)
        found += 1
        if found == _MOST_IMAGES:
            break
    return digest.hexdigest()[:16] if found else ""
