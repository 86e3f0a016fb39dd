"""Files that a document's page links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from archive.model import Attachment
from crawler.extract.fields import FieldBook
from crawler.extract.links import absolute
from crawler.extract.text import clean
from crawler.extract.tree import words

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "ofd": "application/ofd",
    "ceb": "application/x-ceb",
}
_EXTENSION = re.compile(rf"\.({'|'.join(MEDIA_TYPES)})$", re.IGNORECASE)
_DOWNLOAD_PATH = re.compile(
    r"/(?:downfile|download|downloadfile|filedownload|attach(?:ment)?)[^/]*(?:\.jsp|\.do|\.action"
    r"|\.aspx?|\.php)?$",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    rf"\.(?:{'|'.join(MEDIA_TYPES)})(?![a-z])", re.IGNORECASE
)  # before any parsing of the link
_AREA = re.compile(
    r"fujian|attach|annex|appendix|accessor|download|xiazai|down-?list|file-?list|fj[-_]?(?:list|box|xz"
    r"|con)?\b",
    re.IGNORECASE,
)
_GENERIC_NAME = re.compile(
    r"^(?:[\[【(（]?(?:点击|请点击|点此)?(?:下载|查看|打开|预览|附件下载|文件下载|全文下载|下载附件"
    r"|点击下载|点击此处|此处|附件|download|pdf版?|word版?)[\]】)）]?)?[:：.]*$",
    re.IGNORECASE,
)
_CHROME = re.compile(r"\b(?:nav|header|footer|menu|sidebar|banner|top)\b|friend|link-?list", re.IGNORECASE)


def extension(url: str) -> str | None:
    """The file extension of a link, in its path or its query (``downfile.jsp?filename=ab.pdf``)."""
    parts = urlsplit(url)
    found = _EXTENSION.search(unquote(parts.path))
    if found:
        return found.group(1).lower()
    for _, value in parse_qsl(parts.query):
        found = _EXTENSION.search(value.strip())
        if found:
            return found.group(1).lower()
    return None


def find(
    root: etree._Element, container: etree._Element | None, base: str, book: FieldBook
) -> tuple[Attachment, ...]:
    """Attachments linked in the body, in an attachment area, or right beside the body; each address once."""
    found: dict[str, Attachment] = {}
    near = _surroundings(container)
    inside = set(container.iter("a")) if container is not None else set()
    for address, element, raw_name in _links(root, base):
        kind = extension(address)
        if kind is None:
            continue
        if element not in inside and not _belongs(element, near):
            continue
        name = _name(element, raw_name, address, kind)
        known = found.get(address)
        if known is None:
            found[address] = Attachment(name=name, url=address, media_type=MEDIA_TYPES[kind])
    return tuple(found.values())


def from_records(files: list[tuple[str, str]], base: str) -> tuple[Attachment, ...]:
    """Attachments that a JSON record lists as (name, address)."""
    found = []
    for name, href in files:
        address = absolute(base, href)
        if address:
            kind = extension(address) or extension("http://x/" + name)
            media = MEDIA_TYPES.get(kind) if kind else None
            found.append(Attachment(name=name or _file_name(address), url=address, media_type=media))
    return tuple(found)


def _links(root: etree._Element, base: str) -> Iterator[tuple[str, etree._Element, str]]:
    for element in root.iter("a", "iframe", "embed", "object"):
        href = element.get("href") or element.get("src") or element.get("data")
        if not href or not _MAYBE.search(href):
            continue
        if element.tag != "a" and "file=" in href:  # pdf.js: viewer.html?file=/a.pdf
            href = unquote(href.split("file=", 1)[1].split("&", 1)[0])
        address = absolute(base, href)
        if address:
            yield address, element, clean(words(element))


def _surroundings(container: etree._Element | None) -> frozenset[etree._Element]:
    """The body's parent and grandparent: an attachment list is often the body's sibling."""
    if container is None:
        return frozenset()
    near: list[etree._Element] = []
    for ancestor in container.iterancestors():
        if ancestor.tag in ("body", "html") or len(near) == 2:
            break
        near.append(ancestor)
    return frozenset(near)


def _belongs(element: etree._Element, near: frozenset[etree._Element]) -> bool:
    close = False
    area = False
    for ancestor in element.iterancestors():
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in ("nav", "header", "footer") or (len(names) > 1 and _CHROME.search(names)):
            return False
        if len(names) > 1 and _AREA.search(names):
            area = True
        if ancestor in near:
            close = True
            break
    if area or close or element.tag in ("iframe", "embed", "object"):
        return True
    return bool(re.match(r"附件", clean(words(element))))


def _file_name(address: str) -> str:
    parts = urlsplit(address)
    for _, value in parse_qsl(parts.query):
        if _EXTENSION.search(value.strip()):
            return clean(value.rsplit("/", 1)[-1])
    return clean(unquote(parts.path.rsplit("/", 1)[-1], errors="replace")) or address


def _name(element: etree._Element, text: str, address: str, kind: str) -> str:
    """The link's words; where they only say 下载: its title, what stands before it, or the file."""
    shown = text
    if _GENERIC_NAME.match(shown):
        title = clean(element.get("title") or element.get("download") or element.get("textvalue") or "")
        shown = title if title and not _GENERIC_NAME.match(title) else _before(element)
    shown = shown.strip("：: ")
    return shown if shown and len(shown) <= 200 and "\ufffd" not in shown else _file_name(address)


def _before(element: etree._Element) -> str:
    parent, previous = element.getparent(), element.getprevious()
    text = (previous.tail if previous is not None else parent.text if parent is not None else None) or ""
    text = clean(text)
    if not text and previous is not None:
        text = clean(words(previous))
    return "" if _GENERIC_NAME.match(text) or len(text) > 80 else text
