"""Saved web pages and flat XML that are handed out as office files."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from lxml import etree

from crawler.attachments.kinds import unmarked_utf16
from crawler.attachments.result import NotWholeError, UnreadableError, damaged
from crawler.extract.characters import charset
from crawler.extract.no_document import limits
from crawler.extract.struck import Struck, is_struck, joined
from crawler.extract.text import clean

_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "table", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section",
     "article", "blockquote", "pre", "hr", "center", "body", "title", "thead", "tbody", "caption"}
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "noscript", "noframes", "template", "xml"})
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|mso-element\s*:\s*comment", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_FRAMES = re.compile(rb"<frameset[\s>]", re.IGNORECASE)
_MOST_PAGES = 500  # of a saved workbook
_SHEET_TABS = re.compile(r"tabstrip\.html?$", re.IGNORECASE)  # Excel's page with the names of the sheets


def decoded(body: bytes, media_type: str | None) -> str:
    """The text of bytes. Raises UnreadableError where no character set fits."""
    wide = unmarked_utf16(body[:4096]) if b"\x00" in body or _CONTROLS.search(body[:4096]) else None
    if wide is not None:
        return body.decode(wide, "replace").replace("\x00", "")
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    found = charset.decode(body if marked else body.rstrip(b"\x00"), media_type)
    if found.encoding is None:
        raise UnreadableError("attachment_mojibake", found.problems[0].message)
    return found.text.replace("\x00", "")


def read_plain(body: bytes, media_type: str | None) -> Iterator[str]:
    """The lines of a text or CSV file; tabs between columns stay."""
    for line in decoded(body, media_type).splitlines():
        yield "\t".join(clean(cell) for cell in line.split("\t")).rstrip("\t")


def read_html(body: bytes, media_type: str | None) -> Iterator[str]:
    """The visible lines of a saved web page; cells of a row are joined by tabs."""
    text = decoded(body, media_type)
    wall = limits.check(text)
    if wall is not None:
        raise UnreadableError("attachment_too_large", wall.message)
    try:
        root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise damaged(f"no markup that can be parsed ({error})") from error
    if root is None:
        return
    shown = joined(list(_pieces(root)), "\n\t")
    if not shown.strip() and _FRAMES.search(text.encode()):
        raise UnreadableError("attachment_not_read", "a web page of frames: what they show is in other files")
    for line in shown.split("\n"):
        cells = [clean(cell) for cell in line.split("\t")]
        yield "\t".join(cells).strip("\t")


def _pieces(root: etree._Element) -> Iterator[str]:
    """Text with a line break at every block and a tab between cells. Iterative: nesting costs no stack."""
    skipped: etree._Element | None = None
    strikes: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skipped is None and _is_unseen(element, tag):
                skipped = element
            elif skipped is None:
                if tag in _BLOCKS:
                    yield " " if _in_cell(element, tag) else "\n"
                if is_struck(element):
                    strikes.append(element)
                yield _flat(element.text, strikes)
            continue
        if event == "end":
            if strikes and strikes[-1] is element:
                strikes.pop()
            if skipped is element:
                skipped = None
            elif skipped is None and tag in ("td", "th"):
                yield "\t"
            elif skipped is None and tag in _BLOCKS:
                yield " " if _in_cell(element, tag) else "\n"
        if skipped is None:
            yield _flat(element.tail, strikes)


def _is_unseen(element: etree._Element, tag: str) -> bool:
    """Whether an element shows nothing; Word saves tracked deletions with the one who made them, and comments as blocks."""
    if tag in _UNSEEN or (tag == "del" and (element.get("cite") or element.get("datetime"))):
        return True
    return _HIDDEN.search(element.get("style") or "") is not None


def _in_cell(element: etree._Element, tag: str) -> bool:
    """Whether a block stands in a cell of a row, whose line it must not break."""
    if tag in ("tr", "table", "tbody", "thead"):
        return False
    parent = element.getparent()
    for _ in range(4):
        if parent is None or parent.tag in ("tr", "table"):
            return False
        if parent.tag in ("td", "th"):
            return True
        parent = parent.getparent()
    return False


def _flat(text: str | None, strikes: list[etree._Element]) -> str:
    flat = " ".join(text.split()) if text and not text.isspace() else " " if text else ""
    return Struck(flat) if strikes else flat


def read_mht(body: bytes) -> Iterator[str]:
    """A web page saved whole (MHTML): its first HTML or text part, or the sheets of a workbook, which are pages of frames."""
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    for wanted, read in (("text/html", read_html), ("text/plain", read_plain)):
        pages = [
            (part, data) for part in parts if part.get_content_type() == wanted and (data := _payload(part))
        ]
        if not pages:
            continue
        if _FRAMES.search(pages[0][1]):
            pages = [
                (p, d) for p, d in pages[1:] if not _SHEET_TABS.search(str(p.get("Content-Location") or ""))
            ]
        else:
            del pages[1:]  # headers and footers
        for part, data in pages[:_MOST_PAGES]:
            yield from read(data, str(part.get("Content-Type") or ""))
        if len(pages) > _MOST_PAGES:
            raise NotWholeError(f"only {_MOST_PAGES} of its {len(pages)} pages are read")
        return
    raise damaged("a saved web page without a text part")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def parse_xml(body: bytes) -> etree._Element:
    """The root of an XML part: no entities, no network, no DTD. Raises UnreadableError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(f"an XML part cannot be parsed ({str(error)[:200]})") from error
    if root is None:
        raise damaged("an XML part is empty")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None
