"""A short notice among the links of a menu: told from a page of links by its own words, not by how few they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml import etree

from crawler.extract.body import lines as texts
from crawler.extract.body.noise import of_every_page
from crawler.extract.text import compare_key
from crawler.extract.tree import inside, leads, words
from crawler.extract.values.headfoot import TITLE_END, own_title, signature

_SHORTEST = 8  # characters that are no links
_SHORTEST_APART = 4
_SHORTEST_TITLE = 6
_DATED_ROWS = 3  # links with a date beside them: a list stands on the page
_LONGEST_ROW = 200
_ROWS_OF_A_TABLE = 3  # or lines under a heading


def is_notice(
    root: etree._Element,
    container: etree._Element | None,
    lines: Sequence[str],
    titles: Collection[str],
    heading: etree._Element | None,
) -> bool:
    """Whether a page named like a document has words of its own, more of them than links, and no list of dated links.

    A text or a table without a link in its element needs no <title> to say that the page is named so.
    """
    if container is None or not lines:
        return False
    name = next(filter(None, (*titles, own_title(lines))), "")
    links = texts.names_of_pages(container)
    rows = sum(1 for line in lines if "\t" in line or (heading is not None and not of_every_page(line)))
    apart = (
        not links
        and _is_over(heading, container, root)
        and (rows >= _ROWS_OF_A_TABLE or any("。" in line for line in lines))
    )
    if len(name) < _SHORTEST_TITLE or not (
        _is_pages(root, name) or (TITLE_END.search(name) and ("关于" in name or apart))
    ):
        return False
    said = [line for line in lines if compare_key(line) != compare_key(name)]
    signed = signature(lines)  # 现废止下列文件： over their names
    if signed is not None and signed.bodies:
        return _dated_rows(root) < _DATED_ROWS
    own = sum(len(line) for line in said if line not in links)
    linked = sum(len(line) for line in said if line in links)
    return own >= max(_SHORTEST_APART if apart else _SHORTEST, linked) and _dated_rows(root) < _DATED_ROWS


def _is_over(heading: etree._Element | None, container: etree._Element, root: etree._Element) -> bool:
    """Whether no link stands between a heading and a text."""
    if heading is None or inside(heading, container):
        return True
    seen = False
    for element in root.iter():
        if element is container:
            return seen
        seen = seen or element is heading
        if seen and element.tag == "a" and leads(element):
            return False
    return False


def _is_pages(root: etree._Element, name: str) -> bool:
    """Whether <title> begins with a name that ends like a document's: 停水公告_临江市人民政府."""
    title = root.find(".//title")
    told = compare_key(words(title)) if title is not None else ""
    return told.startswith(compare_key(name)) and TITLE_END.search(name) is not None


def _dated_rows(root: etree._Element) -> int:
    rows = 0
    for row in root.iter("li", "tr", "dd", "p"):
        if next(row.iter("a"), None) is None:
            continue
        said = words(row)
        rows += len(said) <= _LONGEST_ROW and texts.LIST_DATE.search(said) is not None
    return rows
