"""Which element holds the document's text.

Order: the site file's selectors, markers that the CMS leaves (ContentStart), the cell after the label
信息内容, known ids and classes, and last the densest element. Every candidate is measured on the page
parsed once with lxml; nothing is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from lxml import etree

from crawler.extract.body.below_title import (
    LITTLE,
    Found,
    beneath_dated,
    beneath_heading,
    beneath_line,
    beneath_title,
    stated,
)
from crawler.extract.body.density import LEAST_PROSE, densest
from crawler.extract.body.lines import lines, visible_length
from crawler.extract.body.noise import summarises
from crawler.extract.fields import FieldBook
from crawler.extract.labels.hits import Hit
from crawler.extract.linked_files.names import extension
from crawler.extract.text import clean, in_common, label_key
from crawler.extract.tree import comes_after, inside, select, words
from crawler.extract.values.headfoot import signature

_PICTURES = ("img", "iframe", "embed", "object")
_NO_TEXT = 8  # score of an element of a word: the name of the site, a tab
_LITTLE_PROSE = 150  # score of the densest element that may be a footer
_LINES = frozenset({"p", "br", "span", "b", "strong", "font"})
_LINE_TAGS = frozenset({"td", "th", "dt", "p", "div", "li", "h2", "h3", "h4"})
_MUCH, _MORE_THAN_ALL = 0.5, 2.0  # of what a text has in common with its title
_FEW = 4  # elements in a cell that is a label
_OF_TWO = 2
_ENOUGH = 15  # characters: a container with less holds no document
_START_MARKS = re.compile(
    r"ContentStart|content\.begin|信息内容\]>begin|正文开始|文章正文\s*(?:begin|start)?|content begin",
    re.IGNORECASE,
)


def find_container(
    root: etree._Element,
    book: FieldBook,
    *,
    selectors: Collection[str],
    labelled: Callable[[], etree._Element | None],
    skip: Collection[etree._Element],
    bars: Collection[etree._Element],
    named: Collection[str],
    listed: Collection[str],
) -> tuple[etree._Element | None, str, Found | None]:
    """The element that holds the text, and how it was found (rule, marker, label, known, beneath, density): beneath a title.

    ``bars``: lines of labels, as under a title. ``named``: what the page's metadata call the document; ``listed``: what its row
    in a catalogue calls it.
    """
    for selector in selectors:
        matched = select(root, selector)
        if matched:
            return max(matched, key=visible_length), "rule", None
    marked = _marked(root)
    if marked is not None and visible_length(marked) >= _ENOUGH:
        return marked, "marker", None
    cell = labelled()
    if cell is not None and visible_length(cell) >= _ENOUGH:
        return cell, "label", None
    known = _known(root, book)
    if known is not None:
        own = None
        if not any(in_common(name, words(known)) >= LITTLE for name in (*named, *listed, *stated(root)[:1])):
            own = beneath_title(root, book, named=named, listed=listed, skip=skip)
        if own is None or not _says_its_title(known, own, book, sure=False):
            return known, "known", None
        return own.element, "beneath", own
    away = frozenset(skip)
    found, score = densest(root, book, away)
    text = beneath_title(root, book, named=named, listed=listed, skip=skip)
    dated = beneath_dated(root, bars, book, skip) if text is None else None
    if found is not None:
        if text is not None and comes_after(text.title, found):
            found, score = None, 0.0  # no text stands in front of its title
        elif (own := text or dated) is not None and _is_of_another(found, own, book, named=text is not None):
            return own.element, "beneath", own
    if score < _LITTLE_PROSE:
        # Where all of the text lies in elements named like page furniture (class="pages"), the names mean nothing.
        other, more = densest(root, book, away, names=False)
        found, score = (other, more) if more > 3 * score else (found, score)
        text = text or dated
        if text is None and score < LEAST_PROSE:
            text = beneath_heading(root, book, skip) or beneath_line(bars, book, skip)
        return _of_little(root, book, found, score, text, bars)
    return found, "density", None


def _is_of_another(found: etree._Element, text: Found, book: FieldBook, *, named: bool) -> bool:
    """Whether the densest element is a box beside the document, of which ``text`` is a text, or files or a table called like it.

    ``named``: the page names the title.
    """
    sure = named or text.title.tag == "h1"
    if sure and (text.files or next(text.element.iter("table"), None) is not None):
        return in_common(words(text.title), words(text.element)) >= LITTLE and _is_box(found, text, book)
    return _says_its_title(found, text, book, sure=sure)


def _says_its_title(found: etree._Element, text: Found, book: FieldBook, *, sure: bool) -> bool:
    """Whether an element is a box beside a document the text of which is signed, or says in other words what its title does
    (``sure``: that it is its title)."""
    said = lines(text.element, book, skip=text.beside)
    title = words(text.title)
    other = "".join(said).replace(clean(title), "")
    least = LITTLE if _is_signed(said) else _MUCH if sure and "。" in other else _MORE_THAN_ALL
    return in_common(title, other) >= least and _is_box(found, text, book)


def _is_box(found: etree._Element, text: Found, book: FieldBook) -> bool:
    """Whether an element can be a box beside a document: 机构简介, 免责声明, news with their first sentences.

    It stands apart from what is beneath the title, says something that is not signed, and has next to nothing in common with the
    title.
    """
    if inside(found, text.element) or inside(text.element, found):
        return False
    said = lines(found, book)
    return bool(said) and in_common(words(text.title), words(found)) < LITTLE and not _is_signed(said)


def _is_signed(said: Sequence[str]) -> bool:
    signed = signature(said)
    return signed is not None and signed.date_line is not None


def _of_little(
    root: etree._Element,
    book: FieldBook,
    found: etree._Element | None,
    score: float,
    text: Found | None,
    bars: Collection[etree._Element],
) -> tuple[etree._Element | None, str, Found | None]:
    """Where a page holds little prose: a known element with a word in it, what stands beneath the title, or the densest."""
    short = _known(root, book, least=1)  # 同意。
    if short is not None and (score < LEAST_PROSE or (text is not None and inside(short, text.element))):
        return short, "known", None
    if text is None:
        word = score < _NO_TEXT and found is not None and next(found.iter("table"), None) is None
        return None if word else found, "density", None
    if (
        inside(found, text.element) and found not in bars
    ):  # one of several lines is denser than the element that holds them all
        return text.element if not text.beside else found, "density", text
    whole = not text.beside and found is not None and (text.files or found.tag == "body")
    if found is None or not inside(text.element, found) or whole:
        return text.element, "beneath", text  # the densest was a foot, or the line under the title
    return found, "density", text


def _marked(root: etree._Element) -> etree._Element | None:
    for node in root.iter(etree.Comment, "meta"):
        mark = node.get("name") if isinstance(node.tag, str) else node.text
        if mark and len(mark) < 80 and _START_MARKS.search(mark):
            parent = node.getparent()
            if parent is not None and parent.tag not in ("html", "head", "body"):
                return parent
    return None


def framing_container(root: etree._Element, book: FieldBook) -> etree._Element | None:
    """The element that is named as one that holds the text, and holds frames."""
    ranked = _ranked(root, book)
    found = (e for rank in sorted(ranked) for e in ranked[rank] if next(e.iter("iframe"), None) is not None)
    return next(found, None)


def _known(root: etree._Element, book: FieldBook, *, least: int = _ENOUGH) -> etree._Element | None:
    ranked = _ranked(root, book)
    for rank in sorted(ranked):
        chosen = max(ranked[rank], key=visible_length)
        if visible_length(chosen) >= least and not summarises(words(chosen)):
            return _with_its_pieces(chosen, ranked[rank])
    # A scan, a viewer or a file in the place of a text.
    return next((e for rank in sorted(ranked) for e in ranked[rank] if _shows_a_file(e)), None)


def _with_its_pieces(chosen: etree._Element, named: Collection[etree._Element]) -> etree._Element:
    """An element with its neighbours of the same name brought into it: ``<div class="TRS_Editor">…</div><div class="TRS_Editor">…``.

    A twin that says the same, for telephones or for paper, is no piece of the text.
    """
    parent = chosen.getparent()
    pieces = [element for element in named if element.getparent() is parent]
    if parent is None or len(pieces) < _OF_TWO:
        return chosen
    said = ["".join(words(piece).split()) for piece in pieces]
    if any(a is not b and a in b for a in said for b in said):
        return chosen
    first = pieces[0]
    for element in [*first.itersiblings()][: parent.index(pieces[-1]) - parent.index(first)]:
        if element not in pieces and isinstance(element.tag, str) and visible_length(element):
            return chosen
    first.extend(pieces[1:])
    return first


def _ranked(root: etree._Element, book: FieldBook) -> dict[int, list[etree._Element]]:
    """Elements whose id or class is known to be that of a text, by how well it is known."""
    ranked: dict[int, list[etree._Element]] = {}
    for element in root.iter("div", "td", "section", "article", "ucapcontent", "main", "span"):
        name, names = element.get("id"), element.get("class")
        if name:
            names = f"{name} {names or ''}"
        rank = 0 if element.tag == "ucapcontent" else book.container_rank(names) if names else None
        if rank is not None:
            ranked.setdefault(rank, []).append(element)
    return ranked


def _shows_a_file(element: etree._Element) -> bool:
    if next(element.iter(*_PICTURES), None) is not None:
        return True
    return any(extension(a.get("href") or "") for a in element.iter("a"))


def announced_cell(hits: Sequence[Hit]) -> etree._Element | None:
    """The cell that the label 信息内容 announces: the rest of its row, the next row, or the next element."""
    for hit in hits:
        if hit.field != "body_text":
            continue
        current = hit.element
        parent = current.getparent()
        while current.tag not in _LINE_TAGS and parent is not None:
            current, parent = parent, parent.getparent()
        following = _following(current)
        # <td><div>信息内容</div></td>
        if following is None and parent is not None and parent.tag in ("td", "th"):
            current, parent = parent, parent.getparent()
            following = _following(current)
        if following is None and current.tag in ("td", "th") and parent is not None:
            next_row = _following(parent)
            following = next_row.find("td") if next_row is not None and next_row.tag == "tr" else next_row
        elif following is None and parent is not None and parent.tag == "div":
            following = _following(parent)
        if following is not None and following.tag not in _LINES and visible_length(following) > 40:
            return following  # a paragraph is only the first of the text: crawler.extract.heading.headlines parts the lines
    return _cell_of_text(hits)


def _cell_of_text(hits: Sequence[Hit]) -> etree._Element | None:
    """The cell behind 正文 in a row of a table of labels; behind 内容, a row of many tables, where the others name a document."""
    named: dict[etree._Element, set[str]] = {}
    for hit in hits:
        if (table := next(hit.element.iterancestors("table"), None)) is not None:
            named.setdefault(table, set()).add(hit.field)
    for table, fields in named.items():
        keys = ("正文", "内容") if {"title", "published_on"} <= fields else ("正文",)
        for cell in table.iter("td", "th"):
            if len(cell) < _FEW and label_key(words(cell)) in keys:
                following = _following(cell)
                if following is not None and visible_length(following) > 40:
                    return following
    return None


def _following(element: etree._Element) -> etree._Element | None:
    return next(
        (
            e
            for e in element.itersiblings()
            if isinstance(e.tag, str) and e.tag not in ("script", "style", "br")
        ),
        None,
    )
