"""Files that a page's scripts, viewers and players lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import parse_qsl

from lxml import etree

from archive.model import Attachment
from crawler.attachments.kinds import MEDIA_TYPES
from crawler.attachments.names import safe_label
from crawler.extract.linked_files.names import ENDINGS, EXTENSION, GENERIC, MAYBE, NAMED, extension, file_name
from crawler.extract.links import absolute
from crawler.extract.text import clean
from crawler.extract.tree import words

_VIEWED = re.compile(
    r"(?:PDFObject\.embed|pdfjsLib\.getDocument|showVsbpdfIframe)\s*\(\s*(?:\{\s*url\s*:\s*)?[\"']([^\"'\s]+)[\"']"
)
# var pdfurl = "/module/download/downfile.jsp?filename=b796d1.pdf&classid=0";
_PDF_URL = re.compile(r"\b(?:pdf|ofd)_?(?:url|path|src)\s*=\s*[\"']([^\"'\s]{5,300})[\"']", re.IGNORECASE)
# var file_appendix='<a href="./P0123.pdf">某预算.pdf</a><br>';
_APPENDIX = re.compile(
    r"\b\w*(?:append|attach|fujian|fj)\w*\s*=\s*('(?:[^'\\\n]|\\.){10,4000}'|\"(?:[^\"\\\n]|\\.){10,4000}\")",
    re.IGNORECASE,
)
_WRITTEN_LINK = re.compile(
    r"<a\b[^<>]{0,300}?\bhref=\\?[\"']?([^\"'\\<> ]{3,300})[^<>]{0,300}>([^<]{0,200})</a>", re.IGNORECASE
)
_QUOTED_FILE = re.compile(
    rf"[\"']((?:https?://|/|\./|\.\./)[^\"'<>\s]{{1,300}}\.(?:{ENDINGS}))[\"']", re.IGNORECASE
)
_QUOTED_DOWNLOAD = re.compile(
    r"[\"']((?:https?://|/|\./|\.\./)[^\"'<>\s]{0,200}(?:down|attach|file)[^\"'<>\s]{0,300})[\"']",
    re.IGNORECASE,
)
_FILE_ONLY = re.compile(rf"((?:https?://|/|\./|\.\./)[^\"'<>\s]{{1,300}}\.(?:{ENDINGS}))", re.IGNORECASE)
# <div class="wp_pdf_player" pdfsrc="/a.pdf" sudyfile-attr="{'title':'某预算.pdf'}">, which a script makes a player of;
# <img data-powerurl="/a.pdf" src="/a_new.png">, its first page in the place of the file
_PLAYERS = etree.XPath("//*[@pdfsrc or @data-pdfsrc or @pdfurl or @data-pdfurl or @data-powerurl]")
_PLAYED = ("pdfsrc", "data-pdfsrc", "pdfurl", "data-pdfurl", "data-powerurl")
_TITLE_OF_PLAYED = re.compile(r"[\"']?title[\"']?\s*:\s*[\"']([^\"']{1,200})[\"']")
_LONGEST_SCRIPT = 20_000


def players(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """(element, address) of files in players that a script makes of elements."""
    for element in cast("list[etree._Element]", _PLAYERS(root)):
        href = next((value for key in _PLAYED if (value := (element.get(key) or "").strip())), "")
        if href:
            yield element, href


def of_player(element: etree._Element, address: str) -> Attachment:
    told = _TITLE_OF_PLAYED.search(element.get("sudyfile-attr") or "")
    named = told[1] if told else element.get("title") or element.get("id") or ""
    name = safe_label(clean(named)) if EXTENSION.search(named.strip()) else file_name(address)
    found = extension(address)
    return Attachment(name=name, url=address, media_type=MEDIA_TYPES[found] if found else None)


def called(element: etree._Element) -> str | None:
    """The file that a link's script asks for: ``onclick="downFile('/a.pdf','某预算')"``, ``data-href="/a.pdf"``."""
    for name, value in ((str(n), str(v)) for n, v in element.attrib.items()):
        if MAYBE.search(value) and (name in ("href", "onclick") or name.startswith("data-")):
            found = (
                _QUOTED_FILE.search(value)
                if name in ("href", "onclick")
                else _FILE_ONLY.fullmatch(value.strip())
            )
            if found:
                return found.group(1)
    # <a href="javascript:void(0)" onclick="ztbfjyz('/…/downloadztbattach?attachGuid=ab1')">成交结果.pdf</a>
    clicked = element.get("onclick") or element.get("href") or ""
    if "/" in clicked and NAMED.search(words(element).strip()):
        asked = _QUOTED_DOWNLOAD.search(clicked)
        return asked[1] if asked else None
    return None


def in_viewer(href: str) -> str:
    """The file that a viewer's page shows: ``viewer.html?file=/a.pdf``, ``pdf.htm?url=%2Fa.pdf``; else the link itself."""
    path, mark, query = href.partition("?")
    if mark and re.search(r"\.[a-z]?html?$", path, re.IGNORECASE):
        for _, value in parse_qsl(query):
            if EXTENSION.search(value.partition("#")[0].partition("?")[0].strip()):
                return value
    return href


def scripted(root: etree._Element, base: str) -> Iterator[tuple[str, str]]:
    """(address, name) of files that a script puts into the page: ``PDFObject.embed("/a.pdf", …)``, or
    ``var file_appendix='<a href="./P0123.pdf">某预算.pdf</a>'`` of TRS templates."""
    for script in root.iter("script"):
        code = script.text or ""
        for href in _VIEWED.findall(code):
            address = absolute(base, href)
            if address:
                yield address, ""
        if len(code) > _LONGEST_SCRIPT or not MAYBE.search(code):
            continue
        for href in filter(MAYBE.search, _PDF_URL.findall(code)):
            address = absolute(base, href)
            if address:
                yield address, ""
        for markup in _APPENDIX.findall(code):
            for href, words_of_link in _WRITTEN_LINK.findall(markup):
                address = absolute(base, href)
                if address:
                    name = clean(words_of_link)
                    yield address, "" if GENERIC.match(name) else safe_label(name)
