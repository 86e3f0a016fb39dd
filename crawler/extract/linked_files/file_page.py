"""An address that answers with a file instead of a page. Where a catalogue's row names a document, the file is it.

``<li><a href="./P0203.pdf">某局2025年政府信息公开工作年度报告</a><span>2026-01-20</span></li>``
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from crawler.attachments.kinds import MHT

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Founder CEB", "ceb"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
)
# <?xml version="1.0"?><?mso-application progid="Word.Document"?>, which Word 2003 saves under .xml and systems hand out as .doc
_OFFICE_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}>\s*<\?mso-application")
_IMAGES = frozenset({"png", "jpeg", "gif"})
_OF_AN_IMAGE = re.compile(r"\.(?:jpe?g|png|gif)$", re.IGNORECASE)
_HEADER = 1024  # bytes within which a PDF begins (ISO 32000-1, Annex H.3.4.1)


def kind_of_file(body: bytes) -> str | None:
    """The kind of a file by its first bytes, such as ``pdf``; None for what can be a page."""
    if b"%PDF-" in body[:_HEADER] and not body.lstrip().startswith(b"<"):
        return "pdf"
    if _OFFICE_XML.match(body):
        return "office-xml"
    if MHT.match(body, 0, _HEADER):
        return "mht"
    return next((kind for magic, kind in _MAGIC if body.startswith(magic)), None)


def may_be_document(body: bytes, url: str) -> bool:
    """Whether a body is a file that can be the document at ``url``.

    An image is one only at an image's address: in a page's place it may be a captcha.
    """
    kind = kind_of_file(body)
    if kind in _IMAGES:
        return _OF_AN_IMAGE.search(unquote(urlsplit(url).path)) is not None
    return kind is not None
