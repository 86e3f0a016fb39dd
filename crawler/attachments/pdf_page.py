"""One page of a PDF file as PDFium sees it: lines, form values, images."""

from __future__ import annotations

import ctypes
import hashlib
import unicodedata
from collections.abc import Callable
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from crawler.extract.text import clean

_MOST_IMAGES = 20  # of a page, that are told apart
_MOST_DRAWINGS = 3_000
_LETTERS_AS_DRAWINGS = 60  # that many shapes and no letter: text turned into outlines
_HEIGHT = 3.0  # points; text that is smaller is none
_BROKEN = 0xFFFD
_MOST_VALUES = 2_000  # fields of a page
_LONGEST_VALUE = 20_000  # bytes
_UNSEEN = 0x02 | 0x20  # flags of an annotation: hidden, not viewed
_TICKED = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_WRITTEN = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
# Radicals for which fonts' tables often stand where the character is meant: ⻓ for 长. Unicode folds the first block only.
_RADICALS = dict(
    zip(
        map(ord, "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳"),
        "母民虎西见角贝车長镸长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
_RADICALS.update((code, unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6))


class Page:
    """A page, closed by :meth:`close`."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        """Raises PdfiumError where its text cannot be had."""
        self.raw = page
        self._text = page.get_textpage()
        self.characters: int = self._text.count_chars()
        told = pdfium.FPDFText_HasUnicodeMapError
        self._unmapped = frozenset(n for n in range(self.characters) if told(self._text, n) == 1)

    def close(self) -> None:
        """Let it go."""
        self._text.close()
        self.raw.close()

    def lines(self) -> list[str]:
        """Its lines. What a crop box cuts off is not shown; a rotated page keeps its lines only without a box.

        Characters of which the font does not say which they are come as U+FFFD: PDFium has others in their place.
        """
        cropped = self.raw.get_cropbox() != self.raw.get_mediabox()
        text: str
        if self._unmapped:
            codes = (
                _BROKEN if n in self._unmapped else pdfium.FPDFText_GetUnicode(self._text, n)
                for n in range(self.characters)
            )
            text = (
                "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            )
        elif cropped:
            text = self._text.get_text_bounded(*self.raw.get_cropbox())
        else:
            text = self._text.get_text_range()
        # PDFium marks a hyphen at a line's end with U+0002 or U+FFFE.
        text = text.replace("\ufffe", "-").replace("\x02", "-").translate(_RADICALS)
        return text.replace("\r\n", "\n").split("\n")

    @property
    def unmapped(self) -> int:
        """How many characters the font does not name."""
        return len(self._unmapped)

    def image(self, *, whole: bool) -> str:
        """A short hash over the images of a page, or over the shapes that may be letters; empty where there are none.

        With ``whole``, images only count where one covers half the page.
        """
        width, height = self.raw.get_size()
        digest, images, shapes, largest = hashlib.sha256(), 0, 0, 0.0
        kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING]
        if not self.characters:
            kinds.append(pdfium.FPDF_PAGEOBJ_TEXT)  # in a font of which PDFium makes nothing
        lost = False
        for item in self.raw.get_objects(filter=kinds, max_depth=3):
            left, bottom, right, top = item.get_bounds()
            if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                largest = max(largest, abs((right - left) * (top - bottom)))
                digest.update(_image_bytes(item))
                images += 1
                if images == _MOST_IMAGES:
                    break
            elif shapes < _MOST_DRAWINGS:
                shapes += 1
                lost = lost or (
                    item.type == pdfium.FPDF_PAGEOBJ_TEXT and right - left + top - bottom > _HEIGHT
                )
                digest.update(f"{left:.1f} {bottom:.1f} {right:.1f} {top:.1f};".encode())
        if whole:
            return digest.hexdigest()[:16] if images and largest >= width * height / 2 else ""
        return digest.hexdigest()[:16] if images or lost or shapes >= _LETTERS_AS_DRAWINGS else ""


def _image_bytes(item: pypdfium2.PdfObject) -> bytes:
    length = pdfium.FPDFImageObj_GetImageDataRaw(item, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFImageObj_GetImageDataRaw(item, buffer, length)
    return buffer.raw


def form_values(document: pypdfium2.PdfDocument, page: Page) -> list[str]:
    """What is written and ticked in the fields of a page, and what stands on it as a note of free text: no part of its text."""
    found: list[str] = []
    forms = document.formenv
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST_VALUES)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FREETEXT:
                found.append(_string(partial(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents")))
            elif forms is not None:
                found.append(_value(forms, annotation))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return [line for value in found for line in map(clean, value.splitlines()) if line]


def _value(forms: pypdfium2.PdfFormEnv, annotation: pdfium.FPDF_ANNOTATION) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(forms, annotation)
    if kind in _TICKED:
        name = _string(partial(pdfium.FPDFAnnot_GetFormFieldName, forms, annotation))
        return f"☑ {name}" if pdfium.FPDFAnnot_IsChecked(forms, annotation) else f"□ {name}"
    if kind in _WRITTEN:
        return _string(partial(pdfium.FPDFAnnot_GetFormFieldValue, forms, annotation))
    return ""


def _string(ask: Callable[[object, int], int]) -> str:
    """A string of PDFium's: asked for its length first."""
    length = min(ask(None, 0), _LONGEST_VALUE)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    ask(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\x00")
