"""Small files of many formats, made in the tests: invented offices, invented figures."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

FILES = Path(__file__).parent / "files"  # written by LibreOffice: formats that no library of ours writes
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(members: Mapping[str, str | bytes], *, gbk_names: bool = False) -> bytes:
    """A zip file; with ``gbk_names`` the names are GBK bytes without a flag, as Chinese Windows writes them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = _GbkInfo(name) if gbk_names else zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


class _GbkInfo(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def docx(paragraphs: Iterable[str], table: Iterable[Iterable[str]] = ()) -> bytes:
    """A Word document by python-docx."""
    import docx as library

    document = library.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    rows = [list(row) for row in table]
    if rows:
        made = document.add_table(rows=len(rows), cols=len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                made.cell(r, c).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A Word document with this XML as its body."""
    head = f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": head, **parts})


def pdf(
    pages: Iterable[Iterable[str]],
    *,
    image: bytes | None = None,
    beside: str = "",
    unicode: bool = True,
    unsaid: str = "",
    named: bytes = b"",
    place: bytes = b"72 780 Td",
    on_page: bytes = b"",
    on_root: bytes = b"",
    more: Iterable[bytes] = (),
) -> bytes:
    """A PDF of lines of text, any characters, with a font that is not embedded; ``image`` adds a page that is a picture.

    ``beside`` is written on that page. Without ``unicode`` the font does not say which characters it draws, nor those that are
    ``unsaid``; ``named`` is a predefined character map (UniGB-UCS2-H) instead, for a font of Adobe's. ``more`` are objects from
    number 6 on, to which ``on_page`` and ``on_root`` may refer.
    """
    pages = [list(page) for page in pages]
    letters = sorted({c for page in pages for line in page for c in line} | set(beside))
    code = {c: ord(c) if named else n + 1 for n, c in enumerate(letters)}
    cmap = "".join(f"<{n:04x}> <{c.encode('utf-16-be').hex()}>\n" for c, n in code.items() if c not in unsaid)
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(code) - len(unsaid)} beginbfchar\n{cmap}endbfchar\n"
        "endcmap end end"
    ).encode()
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % on_root,
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/%s/DescendantFonts[4 0 R]%s>>"
        % (named or b"Identity-H", b"/ToUnicode 5 0 R" if unicode and not named else b""),
        b"<</Type/Font/Subtype/%s/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 0>>/DW 1000>>"
        % ((b"CIDFontType0", b"GB1") if named else (b"CIDFontType2", b"Identity")),
        _stream(table),
        *more,
    ]

    def drawn(lines: Iterable[str]) -> bytes:
        shown = (b"<" + "".join(f"{code[c]:04x}" for c in line).encode() + b"> Tj T*\n" for line in lines)
        return b"BT /F1 12 Tf 16 TL %s\n%sET" % (place, b"".join(shown))

    kids = []
    for page in pages:
        objects.append(_stream(drawn(page)))
        kids.append(_page(objects, b"/Font<</F1 3 0 R>>", on_page))
    if image is not None:
        head = b"/Type/XObject/Subtype/Image/Width 8/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        objects.append(b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(image), image))
        number = len(objects)
        objects.append(_stream(b"q 500 0 0 700 40 40 cm /I Do Q " + (drawn([beside]) if beside else b"")))
        kids.append(_page(objects, b"/XObject<</I %d 0 R>>/Font<</F1 3 0 R>>" % number))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    return _document(objects)


def _page(objects: list[bytes], resources: bytes, more: bytes = b"") -> int:
    objects.append(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<<%s>>%s>>"
        % (len(objects), resources, more)
    )
    return len(objects)


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<</Filter/FlateDecode/Length %d%s>>stream\n%s\nendstream" % (len(packed), more, packed)


def _document(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out),
    )  # fmt: skip


def xlsx(sheets: Mapping[str, Iterable[Iterable[object]]], formats: Mapping[str, str] | None = None) -> bytes:
    """A workbook by openpyxl; ``formats`` gives cells of the first sheet a number format."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cell, code in (formats or {}).items():
        book.worksheets[0][cell].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ofd(pages: Iterable[Iterable[tuple[float, float, str]]]) -> bytes:
    """An OFD file; each run is (x, y, text) in millimetres."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    members: dict[str, str] = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    }
    names = []
    for number, runs in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject ID="{i}" Boundary="{x} {y} {4 * len(text)} 5" Size="4">'
            f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(text)} 4">{text}</ofd:TextCode></ofd:TextObject>'
            for i, (x, y, text) in enumerate(runs, 10)
        )
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
        names.append(f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>')
    members["Doc_0/Document.xml"] = (
        f"<ofd:Document {space}><ofd:Pages>{''.join(names)}</ofd:Pages></ofd:Document>"
    )
    return zipped(members)


def rtf(*paragraphs: str) -> bytes:
    """An RTF file as Chinese Word writes it: GBK escapes in a font of charset 134."""
    words = "\\par ".join(
        "".join(f"\\'{b:02x}" if b > 127 else chr(b) for b in p.encode("gbk")) for p in paragraphs
    )
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}"
    return f"{head}\\f0 {words}\\par}}".encode()


def embedded_in_pdf(files: Mapping[str, bytes]) -> tuple[bytes, list[bytes]]:
    """What a PDF file's root says of files in it, and their objects, from number 6 on."""
    objects: list[bytes] = []
    names = []
    for name, content in files.items():
        objects.append(_stream(content, b"/Type/EmbeddedFile"))
        title = b"<feff" + name.encode("utf-16-be").hex().encode() + b">"
        objects.append(b"<</Type/Filespec/F%s/UF%s/EF<</F %d 0 R>>>>" % (title, title, 5 + len(objects)))
        names.append(b"%s %d 0 R" % (title, 5 + len(objects)))
    return b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % b" ".join(names), objects
