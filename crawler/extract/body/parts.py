"""What belongs to the densest element of a page: parts of its kind, the other half of a letter, its head and its signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lxml import etree

from crawler.extract.body.noise import of_page, without_lines_of_every_page
from crawler.extract.fields import FieldBook
from crawler.extract.linked_files.names import extension
from crawler.extract.text import clean, label_key
from crawler.extract.tree import before, words
from crawler.extract.values import dates
from crawler.extract.values.headfoot import is_organisation

_LEVELS_OF_PARTS = 4
_HEADINGS = ("h1", "h2", "h3")
_LABELS = ("div", "label", "th", "td", "tr", "dt", "span", "p", "h3", "h4", "b", "strong")
_LONGEST_LABEL = 12
_SHORTEST_PART = 20  # characters of a part of a text
_LEAST_OF_PART = 8  # times that the part with most prose may be longer
_OF_A_PART = re.compile(
    r"((?:section|sec|part|page|pg|para|chapter|content|con|text|txt)[-_]?)\d+$", re.IGNORECASE
)
_MOST_OF_A_SIGNATURE, _LONGEST_SIGNATURE = 3, 80  # elements, and characters of them
_LONGEST_SALUTATION = 80
_FOR_WHOM = re.compile(r"[局委厅会府院校司处室所部门位镇乡道县区市]\s*[:：]$")
_ROWS_OF_A_TABLE = 3
_ROWS_OF_A_CARD = 2
_SENTENCE = re.compile("[。？！]")
_MOST_LINKS_OF_A_ROW = 2
_LONGEST_CELL, _PARAGRAPHS_OF_A_TEXT = 600, 8  # characters, and lines, which a column of a layout has more of
_SEEN = ("img", "embed", "object", "iframe", "video")
_NO_PART = frozenset(
    {"a", "header", "footer", "nav", "aside", "form", "ul", "ol", "h4", "h5", "h6", *_HEADINGS}
)
# 现通告如下：, 现将名单公示如下，公示期七天。
_ANNOUNCES = re.compile(r"(?:如下|下列|下表|以下|见表|附表|附后)[^。；]{0,24}[：:。]$")
_LONGEST_ANNOUNCEMENT = 80  # characters
_OF_ABOVE = re.compile("以上|上述|上表")
_GOES_ON = re.compile(r"以上|上述|上表|备?注[：:]|说明[：:]|[一二三]、")
_ANNEX = re.compile(r"附\s*[件表]")


def whole(
    best: etree._Element, top: etree._Element, book: FieldBook, away: Callable[[etree._Element], bool]
) -> etree._Element:
    """The element that holds all of a text, of which ``best`` holds most."""
    found = _with_its_card(_with_its_letter(_with_its_kind(best, top, away), top, book), away)
    parent = found.getparent()
    if parent is None or found is top or parent.tag in ("html", "tr", "tbody", "table"):
        return found
    in_page = parent is not top and parent.tag != "body"
    if in_page and (_has_ends_beside(found, away) or _has_text_before(found, away)):
        return parent
    return _with_neighbours(found, away)


def _with_its_card(best: etree._Element, away: Callable[[etree._Element], bool]) -> etree._Element:
    """Up to the table of which a text is one cell behind the name of its row: 违法事实 | 经查，…。"""
    if best.tag not in ("td", "th"):
        return best
    row, table = best.getparent(), next(best.iterancestors("table"), None)
    if row is None or table is None or away(table) or not _is_named(row, best):
        return best
    own = (other for other in table.iter("tr") if next(other.iterancestors("table"), None) is table)
    others = sum(1 for other in own if other is not row and _is_row(other) and not _leads_on(other))
    return table if others >= _ROWS_OF_A_CARD else best


def _is_named(row: etree._Element, cell: etree._Element) -> bool:
    """Whether all that a row says beside a cell is a short name of it."""
    beside = "".join(words(other).strip() for other in row if other is not cell)
    return 0 < len(beside) <= _LONGEST_LABEL and not _leads_on(row)


def _leads_on(row: etree._Element) -> bool:
    return any(a.get("href") and not extension(a.get("href") or "") for a in row.iter("a"))


def _with_neighbours(element: etree._Element, away: Callable[[etree._Element], bool]) -> etree._Element:
    """An element with those right before and behind it that are parts of its text, brought into one: ``<div class="intro">现通告如下：
    </div><div class="text">一、…</div><div class="list"><table>…``.

    Neighbours say more than texts: only words that announce what follows, or speak of what stands above, tie one to another.
    """
    above = _run(element, away, preceding=True)
    first = next((i for i in range(len(above), 0, -1) if _announces(above[i - 1])), 0)
    if not first and above and _holds_words(above[0]) and _OF_ABOVE.match(words(element).strip()):
        first = 1
    below = _run(element, away, preceding=False) if _announces(element) else []
    last = 1 if below else 0
    while (
        0 < last < len(below) and _holds_words(below[last - 1]) and _GOES_ON.match(words(below[last]).strip())
    ):
        last += 1
    pieces = [*above[:first][::-1], element, *below[:last]]
    parent = element.getparent()
    if len(pieces) == 1 or parent is None:
        return element
    start, end = parent.index(pieces[0]), parent.index(pieces[-1])
    around, inner = etree.Element("div"), list(parent)[start : end + 1]
    parent.insert(start, around)
    around.extend(inner)
    around.tail, inner[-1].tail = inner[-1].tail, None
    return around


def _run(
    element: etree._Element, away: Callable[[etree._Element], bool], *, preceding: bool
) -> list[etree._Element]:
    """The neighbours that can be parts of a text, nearest first."""
    run: list[etree._Element] = []
    for neighbour in element.itersiblings(preceding=preceding):
        if not isinstance(neighbour.tag, str) or _is_empty(neighbour):
            continue
        if away(neighbour) or not _is_of_text(neighbour):
            break
        run.append(neighbour)
    return run


def _announces(element: etree._Element) -> bool:
    """Whether what an element says last is that something follows: 现将名单公示如下，公示期七天。"""
    said = words(element).strip()
    return _ANNOUNCES.search(said.rpartition("\n")[2][-_LONGEST_ANNOUNCEMENT:]) is not None


def _is_empty(element: etree._Element) -> bool:
    return element.tag in ("br", "hr", "script", "style") or not (
        words(element).strip() or next(element.iter(*_SEEN), None) is not None
    )


def _is_of_text(element: etree._Element) -> bool:
    """Whether an element can be a part of the text beside it: sentences or a table of words, no heading, and no link to a page."""
    if element.tag in _NO_PART or next(element.iter(*_HEADINGS, "h4", "h5", "h6"), None) is not None:
        return False
    if _leads_on(element):
        return False
    said = words(element).strip()
    if of_page(said) or any(not of_words(table) for table in element.iter("table")):
        return False
    if element.tag == "table" or next(element.iter("table"), None) is not None:
        return True
    return ("。" in said or said.endswith(("：", ":"))) and bool(without_lines_of_every_page(said))


def _holds_words(element: etree._Element) -> bool:
    return any(map(of_words, element.iter("table")))


def of_words(table: etree._Element) -> bool:
    """Whether a table holds rows of words and no link: a roster, prices."""
    rows = sum(1 for row in table.iter("tr") if _is_row(row))
    return rows >= _ROWS_OF_A_TABLE and next(table.iter("a"), None) is None


def _is_row(row: etree._Element) -> bool:
    """Whether a row has several filled cells, of which one holds a word: the days of a calendar are none."""
    cells = list(filter(None, (words(cell).strip() for cell in row)))
    return len(cells) > 1 and any(not cell.isdigit() for cell in cells)


def _has_text_before(element: etree._Element, away: Callable[[etree._Element], bool]) -> bool:
    """Whether the text begins in front of the element that holds most of it: an order, and in an element of its own what it
    promulgates. A div of one line is a note or an advertisement."""
    for previous in element.itersiblings(preceding=True):
        if not isinstance(previous.tag, str) or previous.tag == "br":
            continue
        if previous.tag in _HEADINGS or away(previous) or next(previous.iter("a"), None) is not None:
            return False
        said = words(previous).strip()
        lines = previous.tag == "p" or sum(1 for _ in previous.iter("p", "br")) > 1
        if lines and "。" in said and len(said) >= _SHORTEST_PART and without_lines_of_every_page(said):
            return True
    return False


def _has_ends_beside(element: etree._Element, away: Callable[[etree._Element], bool]) -> bool:
    """Whether what stands right before or behind a text is whom it is for, who signed it, or a table annexed to it."""
    previous, between = before(element)
    if previous is not None and not between.strip() and not away(previous):
        said = words(previous).strip()
        if (
            len(said) <= _LONGEST_SALUTATION
            and _FOR_WHOM.search(said)
            and next(previous.iter("a"), None) is None
        ):
            return True
    signed = ""
    for count, following in enumerate(e for e in element.itersiblings() if isinstance(e.tag, str)):
        said = words(following).strip()
        if count == 0 and _ANNEX.match(said) and next(following.iter("table"), None) is not None:
            return not away(following)
        signed = f"{signed}\n{said}"
        if count >= _MOST_OF_A_SIGNATURE or len(signed) > _LONGEST_SIGNATURE:
            break
        if next(following.iter("a"), None) is not None or away(following):
            break
        if _is_signature(signed):
            return True
    return False


def _is_signature(text: str) -> bool:
    found = dates.search(text)
    if found is None or text[found[2] :].strip() or "年" not in text[found[1] : found[2]]:
        return False
    offices = clean(text[: found[1]]).split()
    return bool(offices) and all(map(is_organisation, offices))


def _with_its_letter(best: etree._Element, top: etree._Element, book: FieldBook) -> etree._Element:
    """Up to what holds a letter and its answer, where a text is one of the two: 来信内容 over one, 回复内容 over the other."""
    current, label = best, ""
    for _ in range(_LEVELS_OF_PARTS):
        parent = current.getparent()
        if parent is None or current is top or parent is top:
            break
        label = label or _part_of_letter(before(current)[0], book)
        if label and any(_part_of_letter(e, book) not in ("", label) for e in parent.iter(*_LABELS)):
            return parent
        current = parent
    return best


def _part_of_letter(element: etree._Element | None, book: FieldBook) -> str:
    """The label that an element is, if it stands over a part of a letter."""
    said = words(element).strip() if element is not None and len(element) <= 1 else ""
    key = label_key(said) if 0 < len(said) <= _LONGEST_LABEL else ""
    return key if key in book.letter_parts else ""


def _with_its_kind(
    best: etree._Element, top: etree._Element, away: Callable[[etree._Element], bool]
) -> etree._Element:
    """Up to what stands around elements that are alike and hold prose: ``<div class="part1">…</div><div class="part2">…``.

    Cells of a row are columns, no parts of one text.
    """
    chosen = current = best
    for _ in range(_LEVELS_OF_PARTS):
        parent = current.getparent()
        if parent is None or current is top or parent is top or parent.tag in ("body", "html"):
            break
        if current.tag not in ("td", "th", "p"):
            others = [other for other in parent if other is not current and not away(other)]
            if any(_is_part(other, current) for other in others) or _is_one_of_rows(current, others):
                chosen = parent
        current = parent
    return chosen


def _is_one_of_rows(element: etree._Element, others: Sequence[etree._Element]) -> bool:
    """Whether an element is one of several of its name without a link: ``<div class="i"><b>违法事实</b><p>经查，…。</p></div>``."""
    if not element.get("class") or _leads_on(element):
        return False
    alike = [e for e in others if _kind(e) == _kind(element) and _has_form(e, element) and words(e).strip()]
    return len(alike) >= _ROWS_OF_A_CARD and not any(map(_leads_on, alike))


def _is_part(element: etree._Element, like: etree._Element) -> bool:
    """Whether an element is one more part of the text that another is a part of."""
    if element.tag != like.tag or not (
        _kind(element) == _kind(like) or _has_named_form(element, like) or _is_headed_like(element, like)
    ):
        return False
    said = words(element)
    length = len(said.strip())
    if (table := _first_row(element)) and table == _first_row(like):
        return True
    if element.tag == "li":  # short ones are parts of a list
        return length > 0 and next(element.iter("a"), None) is None and _has_form(element, like)
    if (
        _SENTENCE.search(said) is None
        or length < _SHORTEST_PART
        or length * _LEAST_OF_PART < len(words(like).strip())
    ):
        return False
    linked = sum(len(words(a).strip()) for a in element.iter("a"))
    return linked * 10 < length * 3 and bool(without_lines_of_every_page(said))


def _has_form(element: etree._Element, like: etree._Element) -> bool:
    """Whether an element is made as another: of a card or a list the rows, of a page no column."""
    return [element.tag, *(e.tag for e in element)] == [like.tag, *(e.tag for e in like)]


def _has_named_form(element: etree._Element, like: etree._Element) -> bool:
    """Whether elements of other names hold the same: a question with who asks and when, and its answer."""
    names = [e.get("class") for e in element if isinstance(e.tag, str)]
    return (
        len(names) > 1
        and None not in names
        and names == [e.get("class") for e in like if isinstance(e.tag, str)]
    )


def _is_headed_like(element: etree._Element, like: etree._Element) -> bool:
    """Whether elements of other names have a small heading each: 个人简历 over one, 工作分工 over the other."""
    first, other = next(iter(element), None), next(iter(like), None)
    if first is None or other is None or first.tag != other.tag or first.tag not in ("h4", "h5", "h6"):
        return False
    return not _leads_on(element) and all(0 < len(words(h).strip()) <= _LONGEST_LABEL for h in (first, other))


def _first_row(element: etree._Element) -> list[str]:
    """The names of the columns of an element's table of words: two halves of a roster have the same."""
    table = next(element.iter("table"), None)
    row = next(table.iter("tr"), None) if table is not None and of_words(table) else None
    return [] if row is None else [words(cell).strip() for cell in row]


def is_grid(table: etree._Element) -> bool:
    """Whether a table is data, not the layout of a page: rows of cells, with few links and none of them a text."""
    if table.find(".//table") is not None:
        return False
    filled = 0
    for row in table.iter("tr"):
        cells = [cell for cell in row if words(cell).strip()]
        filled += len(cells) > 1
        if sum(1 for a in row.iter("a") if a.get("href")) > _MOST_LINKS_OF_A_ROW:
            return False
        if any(_is_long(cell) for cell in cells):
            return False
    return filled >= _ROWS_OF_A_CARD


def _is_long(cell: etree._Element) -> bool:
    return (
        len(words(cell)) > _LONGEST_CELL
        and sum(1 for _ in cell.iter("p", "br", "div")) > _PARAGRAPHS_OF_A_TEXT
    )


def _kind(element: etree._Element) -> str:
    """The class of an element without the number of a part: WordSection2, part-3."""
    return _OF_A_PART.sub(r"\1", element.get("class") or "")
