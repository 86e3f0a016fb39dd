"""The last resort for a text: a general reader of articles (trafilatura) proposes which sentences are it.

It always finds something: the words of a wall, a menu, an option. So it is asked only of a document's page that shows neither text
nor file nor picture, and what it says is no text: the element that shows those sentences beside links is read as any other, and is
the text only if that is signed and says what its title does (decision 026).
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from copy import deepcopy
from itertools import accumulate

from lxml import etree

from crawler.extract.body import parts
from crawler.extract.body.noise import of_every_page, of_page
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import FieldBook
from crawler.extract.tags import BLOCKS, SKIPPED
from crawler.extract.text import clean, compare_key
from crawler.extract.tree import leads, words
from crawler.extract.values.headfoot import signature

_MOST_MARKUP = 400_000  # characters
_MOST_ELEMENTS = 6_000  # which take it a third of a second
_NEARLY_ALL = 0.9
_LEAST = 30  # characters of sentences
_RUN = 6  # characters in a row that a text has in common with its title
_MOSTLY_LINKED = 0.2
_LINES = frozenset({"p", "li", "ul", "ol", "dd", "dt", "tr", "tbody", "h1", "h2", "h3", "h4", "center"})
_SENTENCE = re.compile(r"[。！？；]|[a-z]{2}[.;](?:\s|$)")
# What it raises on markup that it does not expect; what it cannot read at all it answers with None.
_UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError)
_FAILS = (*_UNEXPECTED, TypeError, ValueError, etree.LxmlError)


def proposed(root: etree._Element, book: FieldBook) -> etree._Element | None:
    """The smallest element that holds nearly all sentences which the general reader takes for the text; None if that is the whole
    page, or if they are hidden, links or furniture."""
    body = root.find("body")
    sentences = {"".join(s.split()) for s in _sentences(root) if not (of_every_page(s) or of_page(s))}
    length = sum(map(len, sentences))
    if body is None or length < _LEAST:
        return None
    shown, spans = _shown(body, book)
    places = sorted((shown.find(said), len(said)) for said in sentences if said in shown)
    held = list(accumulate((size for _, size in places), initial=0))
    if held[-1] < _NEARLY_ALL * length:
        return None

    def holds(element: etree._Element) -> bool:
        first, end = (bisect_left(places, (at, 0)) for at in spans.get(element, (0, 0)))
        return held[end] - held[first] >= _NEARLY_ALL * held[-1]

    found = body
    while (inner := next(filter(holds, found), None)) is not None:
        found = inner
    around = (e for e in (found, *found.iterancestors()) if e.tag in BLOCKS and e.tag not in _LINES)
    found = body if found is body else next(around, body)
    if found.tag not in ("td", "th") and found is not body:
        found = parts.whole(found, body, book, lambda element: left_out(element, book))
    linked = sum(len(words(a).strip()) for a in found.iter("a") if leads(a))
    return None if found is body or linked > _MOSTLY_LINKED * len("".join(words(found).split())) else found


def is_of(titles: Collection[str], lines: Sequence[str]) -> bool:
    """Whether lines are a text, signed, and that of what is called so: 现将…办法印发给你们 under 关于印发…办法的通知.

    What readers say of a document, what an office is, and what a site says when it has lost the document, nobody signs.
    """
    signed = signature(lines)
    if signed is None or not (signed.bodies and signed.date_line):
        return False
    text, office = compare_key("".join(lines)), compare_key("".join(signed.bodies))
    keys = [key.partition("关于")[2] or key for key in map(compare_key, titles)]
    runs = (key[at : at + _RUN] for key in keys for at in range(len(key) - _RUN + 1))
    return any(run in text and run not in office for run in runs)


def _sentences(root: etree._Element) -> list[str]:
    """The lines with a sentence in them of what the general reader takes for the text of a page."""
    given = deepcopy(root)
    etree.strip_attributes(given, "colspan", "rowspan")  # which it writes out, cell by cell
    markup = etree.tostring(given, method="html", encoding="unicode")
    if len(markup) > _MOST_MARKUP or sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return []
    from trafilatura import bare_extraction  # noqa: PLC0415 — few pages need it, and it takes long to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without a text is no error
    try:
        read = bare_extraction(markup, fast=True, include_comments=False)
    except _FAILS:
        return []
    lines = (getattr(read, "text", None) or "").splitlines()
    said = (clean(cell).removeprefix("- ") for line in lines for cell in line.split("|"))
    return [line for line in said if _SENTENCE.search(line)]


def _shown(body: etree._Element, book: FieldBook) -> tuple[str, dict[etree._Element, tuple[int, int]]]:
    """What a page shows beside links and furniture, without white space, and where in it each element begins and ends."""
    said: list[str] = []
    at = 0
    spans: dict[etree._Element, tuple[int, int]] = {}
    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        text = element.tail
        if event == "start":
            text = element.text
            if element.tag in SKIPPED or left_out(element, book) or (element.tag == "a" and leads(element)):
                text = None
                walk.skip_subtree()
        spans[element] = (spans.get(element, (at,))[0], at)
        said.append("".join((text or "").split()))
        at += len(said[-1])
    return "".join(said), spans
