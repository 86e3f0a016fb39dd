"""Saved web pages and flat XML that are handed out as office files."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator

from lxml import etree

from crawler.attachments.result import Budget, UnreadableError, damaged
from crawler.extract import charset, walls
from crawler.extract.text import clean
from crawler.extract.tree import words

_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "table", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section",
     "article", "blockquote", "pre", "hr", "center", "body", "title", "thead", "tbody", "caption"}
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "noscript", "template", "xml"})


def decoded(body: bytes, media_type: str | None) -> str:
    """The text of bytes. Raises UnreadableError where no character set fits."""
    found = charset.decode(body, media_type)
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
    wall = walls.check(text)
    if wall is not None:
        raise UnreadableError("attachment_too_large", wall.message)
    try:
        root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise damaged(f"no markup that can be parsed ({error})") from error
    if root is None:
        return
    for line in "".join(_pieces(root)).split("\n"):
        cells = [clean(cell) for cell in line.split("\t")]
        yield "\t".join(cells).strip("\t")


def _pieces(root: etree._Element) -> Iterator[str]:
    """Text with a line break at every block and a tab between cells. Iterative: nesting costs no stack."""
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skipped is None and tag in _UNSEEN:
                skipped = element
            elif skipped is None:
                if tag in _BLOCKS and not _in_cell(element, tag):
                    yield "\n"
                yield _flat(element.text)
            continue
        if event == "end":
            if skipped is element:
                skipped = None
            elif skipped is None and tag in ("td", "th"):
                yield "\t"
            elif skipped is None and tag in _BLOCKS and not _in_cell(element, tag):
                yield "\n"
        if skipped is None:
            yield _flat(element.tail)


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


def _flat(text: str | None) -> str:
    return " ".join(text.split()) if text and not text.isspace() else " " if text else ""


def read_mht(body: bytes, budget: Budget) -> Iterator[str]:
    """A web page saved whole (MHTML): its first HTML or text part."""
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    for wanted, read in (("text/html", read_html), ("text/plain", read_plain)):
        for part in message.walk():
            if part.get_content_type() == wanted and not part.is_multipart():
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes) and payload:
                    yield from read(payload, part.get("Content-Type"))
                    return
    raise damaged("a saved web page without a text part")


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


def read_spreadsheetml(body: bytes) -> Iterator[str]:
    """Excel's XML of 2003 (``<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">``), which exports often are."""
    for element in parse_xml(body).iter():
        if local(element) == "Worksheet" and (name := attribute(element, "Name")):
            yield clean(name)
        if local(element) == "Row":
            cells = [clean(words(cell)) for cell in element if local(cell) == "Cell"]
            yield "\t".join(cells).rstrip("\t")
