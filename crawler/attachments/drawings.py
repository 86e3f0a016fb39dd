"""Words and figures in the drawings of office files: text boxes, diagrams, charts."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.attachments.markup import local
from crawler.attachments.numbers import plain
from crawler.extract.text import clean

_SERIES = ("tx", "cat", "xVal", "val", "yVal", "bubbleSize")  # of a chart's series: its name, where, how much


def drawn_lines(root: etree._Element) -> Iterator[str]:
    """The paragraphs of DrawingML in a part (``a:p``), in its order; what stands in a fallback stands before it too."""
    for paragraph in root.iter():
        if local(paragraph) == "p" and not any(local(e) == "Fallback" for e in paragraph.iterancestors()):
            line = clean("".join(_pieces(paragraph)))
            if line:
                yield line


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter():
        if local(element) == "t" and not _is_volatile(element.getparent()):
            yield element.text or ""
        elif local(element) in ("br", "tab"):
            yield " "


def _is_volatile(element: etree._Element | None) -> bool:
    """Whether it is a field with a slide's number or today's date."""
    kind = (element.get("type") or "") if element is not None and local(element) == "fld" else ""
    return kind.startswith(("slidenum", "datetime"))


def chart_lines(root: etree._Element) -> Iterator[str]:
    """A chart's titles, then each series as a row: its name, its places and its figures."""
    yield from drawn_lines(root)
    for series in root.iter():
        if local(series) != "ser":
            continue
        row: list[str] = []
        for part in (e for name in _SERIES for e in series if local(e) == name):
            row.extend(_value(e.text or "") for e in part.iter() if local(e) == "v")
        if row:
            yield "\t".join(row)


def _value(text: str) -> str:
    try:
        return plain(float(text))
    except ValueError:
        return clean(text)
