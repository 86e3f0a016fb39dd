"""What kind of file some bytes are: by what they begin with, and only then by the name's ending.

On real sites a ``.doc`` is often a docx, an RTF or a saved web page, a ``.xls`` an HTML table, and
``application/octet-stream`` anything at all.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile

from crawler.extract.characters.mojibake import common_share

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BEFORE_ZIP = b"\xef\xbb\xbf \t\r\n"  # what a page that hands out a file prints in front of it
# A workbook of Excel 2 to 4, in no container.
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"Founder CEB", "ceb"),
)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|style|script|div|p|span|font)[\s>]", re.IGNORECASE
)
MHT = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_STRAY = 0.01  # of the bytes of a text that may be control characters
_PADDING = b"\x00\x1a"  # which DOS and old databases end files with
_UNLIKELY = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f\ud800-\uf8ff\ufff0-\uffff]")
_SURE = 0.9  # share of common characters
_TEXT_ENDINGS = frozenset({"txt", "csv", "tsv", "log", "md"})
_PAGE_ENDINGS = frozenset({"htm", "html", "shtml", "xhtml"})

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
    "rtf": "application/rtf",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "dps": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
    "ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "tar": "application/x-tar",
    "gz": "application/gzip",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "gzip": "application/gzip",
    "ofd": "application/ofd",
    "ceb": "application/x-ceb",
    "cebx": "application/x-ceb",
    "html": "text/html",
    "mht": "message/rfc822",
    "wordml": "application/msword",
    "spreadsheetml": "application/vnd.ms-excel",
}


def ending(name: str) -> str:
    """What stands behind the last full stop of a file name, in lower case; empty where there is none."""
    found = re.search(r"\.([A-Za-z0-9]{1,8})\s*$", name)
    return found.group(1).lower() if found else ""


def kind_of(body: bytes, media_type: str | None, name: str) -> str:
    """A key such as ``pdf``, ``docx``, ``zip``, ``image`` or ``unknown``; see MEDIA_TYPES."""
    head = body[:4096]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.lstrip(_BEFORE_ZIP).startswith(_ZIP):
        return _of_zip(body)
    if head.startswith(_OLE):
        return _of_ole(body, ending(name))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _BIFF.match(head):
        return "xls"
    if head.startswith(_IMAGES) and _CONTROLS.search(head):
        return "image"
    return _of_text(head, (media_type or "").partition(";")[0].strip().lower(), ending(name))


def _of_text(head: bytes, media_type: str, end: str) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.replace(b"\x00", b"") if wide else head
    start = text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<?xml") or start.startswith(b"<"):
        if b"schemas-microsoft-com:office:spreadsheet" in text:
            return "spreadsheetml"
        if b"office/word/2003/wordml" in text or b"office/2006/xmlPackage" in text:
            return "wordml"
    if MHT.match(start):
        return "mht"
    if _HTML.search(start[:2048]) and (start.startswith(b"<") or end in _PAGE_ENDINGS):
        return "html"
    if not wide and _is_binary(text, end):
        return "unknown"
    if end in _TEXT_ENDINGS or media_type.startswith("text/") or not end or end in MEDIA_TYPES:
        return "csv" if end == "csv" else "txt"
    return "unknown"


def _is_binary(head: bytes, end: str) -> bool:
    """Whether bytes without a mark of their own are no text. A few stray ones are forgiven where a name says text."""
    if not _CONTROLS.search(head):
        return False
    if end not in _TEXT_ENDINGS:
        return True
    head = head.rstrip(_PADDING)
    return unmarked_utf16(head) is None and len(_CONTROLS.findall(head)) > _STRAY * len(head)


def unmarked_utf16(raw: bytes) -> str | None:
    """The codec of a Chinese text in UTF-16 without a byte order mark; None for other bytes, and for texts that may be either."""
    even = raw[: len(raw) // 2 * 2]
    fitting = []
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = even.decode(codec, "strict")
        except UnicodeDecodeError:  # a sample may end within a character of two units
            continue
        if text and not _UNLIKELY.search(text) and common_share(text) >= _SURE:
            fitting.append(codec)
    return fitting[0] if len(fitting) == 1 else None


def _of_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = {info.filename.replace("\\", "/") for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError):
        return "zip"  # its reader says that it is damaged
    if "OFD.xml" in names:
        return "ofd"
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return "xlsb" if "xl/workbook.bin" in names else kind
    if "[Content_Types].xml" in names:
        return "office"
    return "odf" if {"mimetype", "content.xml"} <= names else "zip"


def _of_ole(body: bytes, end: str) -> str:
    import olefile  # noqa: PLC0415 — only for files that need it

    try:
        with olefile.OleFileIO(body) as ole:
            streams = {"/".join(path) for path in ole.listdir()}
    except (OSError, ValueError, IndexError, TypeError, KeyError, RecursionError, struct.error):
        # Its reader says that it is damaged.
        return {"wps": "doc", "doc": "doc", "et": "xls", "xls": "xls"}.get(end, "ole")
    for stream, kind in (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
    ):
        if stream in streams:
            return kind
    return "ole"
