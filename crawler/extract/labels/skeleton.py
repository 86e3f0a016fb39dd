"""The little that a block of labels is made of: rows, cells, list items and lines.

BeautifulSoup is built from these skeletons, not the page: no attributes, no inline elements, no scripts, not the
document's text. What inline elements mean on pages of labels is settled here, where the tree is at hand: an
element that is nothing but a label ends with a colon, and neighbours of one kind stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lxml import etree

from crawler.extract.fields import FieldBook
from crawler.extract.labels.soup import CLOSE, OPEN, TEXT, Event
from crawler.extract.struck import is_struck
from crawler.extract.text import clean
from crawler.extract.tree import before, first_text, words
from crawler.extract.values import dates, numbers

ROWS = frozenset({"table", "tr", "td", "th", "dl", "dt", "dd", "ul", "ol", "li"})
# White space in them is none.
_FRAMES = frozenset({"table", "tbody", "thead", "tfoot", "tr", "dl", "ul", "ol"})
_CELLS = frozenset({"td", "th", "dt", "dd"})
_LINES = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "center", "form", "fieldset", "pre",
})  # fmt: skip
_BREAKS = frozenset({"br", "hr"})
_ICONS = frozenset({"i", "em", "img"})
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "select", "button", "textarea", "iframe", "svg", "canvas",
    "video",
})  # fmt: skip
_AIDS = frozenset(
    {"?", "？", "复制", "点击复制", "一键复制", "[复制]", "【复制】", "更多", "更多>>", "查看更多"}
)  # 索引号<i>?</i>, LJ-1 <a href="#">复制</a>
_LONGEST_AID = 8
_LONGEST_LABEL = 16  # characters of an inline element that may be a label with spaces inside
_LONGEST_VALUE = 60  # characters of a number or a day
_COLONS = (":", "：")
_LABEL_BEGINS = re.compile(r"[\s【\[•·*＊]*+(.)(?=[^:：︰﹕∶]*+[:：︰﹕∶])", re.DOTALL)


def skeleton(
    elements: Iterable[etree._Element],
    book: FieldBook,
    *,
    without: Collection[etree._Element] = (),
    inner: Collection[etree._Element] = (),
    dropped: Collection[str] = (),
) -> list[Event]:
    """What elements are made of. ``without`` are elements left out; ``inner`` elements and ``dropped`` tags are
    where they lie in others: records in records, each of which is read by itself."""
    out: list[Event] = []
    for element in elements:
        _write(element, book, without, inner, frozenset(dropped), out)
    return out


def _write(
    top: etree._Element,
    book: FieldBook,
    without: Collection[etree._Element],
    inner: Collection[etree._Element],
    dropped: frozenset[str],
    out: list[Event],
) -> None:
    cells = 0  # how many cells the place lies in: the pieces of a cell are one value
    walk = etree.iterwalk(top, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        away = event in ("start", "end") and (
            tag in _DROPPED
            or element in without
            or (
                element is not top
                and (tag in dropped or element in inner or _is_aid(element) or _is_replaced(element, book))
            )
        )
        if event == "start":
            if away:
                walk.skip_subtree()
                continue
            cells += tag in _CELLS
            _open(element, book, out, in_cell=cells > 0)
            if element.text and not (tag in _FRAMES and element.text.isspace()):
                _text(element.text, out, laid_out=tag == "pre")
                if tag in ROWS or tag in _LINES:
                    _end_label(element, element.text, book, out)
            continue
        if event == "end" and not away:
            cells -= tag in _CELLS
            _close(element, book, out)
        if element is not top and element.tail:
            parent = element.getparent()
            if parent is None or parent.tag not in _FRAMES or not element.tail.isspace():
                _text(element.tail, out)


_DAY_BEGINS = re.compile(r"\s*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_DAY_ENDS = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*$")


def _open(element: etree._Element, book: FieldBook, out: list[Event], *, in_cell: bool) -> None:
    tag = str(element.tag)
    if tag in ROWS:
        out.append((OPEN, tag))
    elif tag in _LINES:
        out.append((OPEN, "p"))
    elif tag in _BREAKS:
        out.append((TEXT, "\n"))
    elif (
        _begins_with_label(element, book)
        or _is_day(element)
        or (_follows_its_kind(element) and (not in_cell or _follows_a_day(out)))
    ):
        out.append((TEXT, " "))


def _is_aid(element: etree._Element) -> bool:
    """Whether an inline element helps who reads or copies, and says nothing of the document."""
    text = element.text
    if not text or len(text) > _LONGEST_AID or len(element):
        return False
    return text.strip() in _AIDS and element.tag not in ROWS and element.tag not in _LINES


def _is_replaced(element: etree._Element, book: FieldBook) -> bool:
    """Whether what an element strikes out stands right beside one of its kind: ``<s>某发〔2031〕4号</s>某发〔2031〕5号``.

    A template may call anything <s>: what stands alone is not lost.
    """
    if not is_struck(element) or (kind := _kind(words(element), book)) is None:
        return False
    following = element.getnext()
    beside = (element.tail, before(element)[1], words(following) if following is not None else "")
    return any(_kind(text or "", book) == kind for text in beside)


def _kind(text: str, book: FieldBook) -> str | None:
    said = clean(text)
    if not said or len(said) > _LONGEST_VALUE:
        return None
    if book.field_of(said) is not None:
        return "label"
    return "number" if numbers.normalise(said) else "day" if dates.whole(said) else None


def _is_day(element: etree._Element) -> bool:
    """``来源：某报<em>2031-03-01</em>``: a whole day is no piece of what stands before it, in a cell neither."""
    return _DAY_BEGINS.match(_said(element)) is not None


def _said(element: etree._Element) -> str:
    """What an element says before its first inner element; frameworks leave comments in it: ``<span><!-- -->来源</span>``."""
    return first_text(element) if len(element) else element.text or ""


def _follows_a_day(out: list[Event]) -> bool:
    """``<td><span>2031-03-01</span><span>10:20</span></td>``: what stands behind a whole day is no piece of it."""
    return bool(out) and out[-1][0] == TEXT and _DAY_ENDS.search(out[-1][1]) is not None


def _close(element: etree._Element, book: FieldBook, out: list[Event]) -> None:
    tag = str(element.tag)
    if tag in ROWS:
        out.append((CLOSE, tag))
    elif tag in _LINES:
        out.append((CLOSE, "p"))
    elif tag not in _BREAKS:
        text = words(element) if len(element) else element.text or ""
        if text and _is_label(text, book):
            _colon(out)


def _text(text: str, out: list[Event], *, laid_out: bool = False) -> None:
    # Every break is a space, the last one too: what stands between two inline elements may be a break alone.
    if text.lstrip()[:1] in _COLONS and _ends_in_colon(out):
        text = text.lstrip()[1:]  # <b>索引号</b>：X-1, whose label has a colon already
    out.append((TEXT, text if laid_out else text.replace("\r", " ").replace("\n", " ")))


def _follows_its_kind(element: etree._Element) -> bool:
    """``<span>来源：某局</span><span>2031-01-05</span>``: two things, though nothing stands between them."""
    previous, between = before(element)
    if previous is not None and not between and previous.tag in _ICONS and not words(previous):
        # <i class="icon"></i><span>来源：某局</span><i class="icon"></i><span>…
        previous, between = before(previous)
    return previous is not None and previous.tag == element.tag and not between


def _begins_with_label(element: etree._Element, book: FieldBook) -> bool:
    """``2031-01-05 10:22<span>来源：某局</span>``: what stands in front is not the label's."""
    text = _said(element)
    if text and all(not isinstance(child.tag, str) for child in element) and _is_label(text, book):
        return True  # <em>2031-05-08</em><span>来源</span>
    first = _LABEL_BEGINS.match(text) if text else None
    # The pattern of all labels is slow to say no.
    if not text or first is None or first[1] not in book.firsts:
        return False
    label = book.first_label.match(text)
    return label is not None and bool(label["colon"])


def _is_label(text: str, book: FieldBook) -> bool:
    return len(text) <= _LONGEST_LABEL and book.field_of(text) is not None


def _end_label(element: etree._Element, text: str, book: FieldBook, out: list[Event]) -> None:
    """``<li>索 引 号<i>X-1</i></li>``: a label in front of an inline element."""
    first = next(iter(element), None)
    if first is not None and isinstance(first.tag, str) and first.tag not in ROWS | _LINES | _BREAKS:
        stripped = text.strip()
        if stripped and _is_label(stripped, book):
            _colon(out)


def _colon(out: list[Event]) -> None:
    if not _ends_in_colon(out):
        out.append((TEXT, "："))


def _ends_in_colon(out: list[Event]) -> bool:
    last = next((value for kind, value in reversed(out) if kind == TEXT and value.strip()), "")
    return last.rstrip().endswith(_COLONS)
