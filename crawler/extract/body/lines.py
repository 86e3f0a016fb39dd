"""How the element that holds the document's text (crawler.extract.body.container) reads as lines."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from crawler.extract.body.ending import without_links_behind
from crawler.extract.body.furniture import announces, without_edges
from crawler.extract.body.kept_lines import staying, without_furniture
from crawler.extract.body.list_numbers import numbers_of
from crawler.extract.body.noise import (
    is_of_links,
    is_related,
    of_site,
    without_counter,
    without_related,
)
from crawler.extract.body.parts import of_words
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import FieldBook
from crawler.extract.linked_files.names import extension
from crawler.extract.struck import STRIKING, Struck, is_struck, joined
from crawler.extract.table_rows import Cell, lines_of, span
from crawler.extract.tags import BLOCKS, SKIPPED
from crawler.extract.text import clean
from crawler.extract.tree import before, words

HEAD_LINES = 12  # of a text, in which labels may stand
LIST_DATE = re.compile(r"(?:(?:19|20)\d{2}[-/.])?\d{1,2}[-/.]\d{1,2}(?!\d)")
_LINES_OF_MENU = 3
_FEWEST_OF_MENU, _LONGEST_OF_MENU = 3, 10  # links, and characters of one of them
_HOME = re.compile("(?:网站)?(?:首页|主页)")  # with it two links are a menu
_MARKS_OF_MENU = " |｜丨│/·•-—>【】[]\xa0\u3000\t\r\n"
_FILLED_IN = frozenset({"text", "tel", "email", "number"})
_SENT_BY = frozenset({"submit", "button", "image"})
_FEWEST_FIELDS, _LONGEST_OF_FIELD = 2, 20  # characters
_OVER_FORM = re.compile(
    r"[^。，：:\d]{0,6}(?:意见|建议|评论|留言|反馈|咨询|评价|投票|提交|填写)[^。，：:\d]{0,4}"
)
_LONGEST_FOOT = 600  # characters
_LAYOUT_CELL = 600  # characters of a cell that is a column of a layout, not a datum
_BLOCK_STYLE = re.compile(r"display\s*:\s*block")  # <span style="display:block">: a paragraph
_POWER = re.compile(r"\s*[-−–]?\d{1,3}\s*")  # 10<sup>5</sup> is not 105
_RAISED = str.maketrans("0123456789-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_TELLING = BLOCKS | STRIKING  # they begin a line, or strike out what is in them
_PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")


def lines(
    container: etree._Element,
    book: FieldBook,
    *,
    skip: Collection[etree._Element] = (),
    bars: bool = False,
    marks: bool = False,
) -> list[str]:
    """Text lines of an element: block elements and br break lines, rows of data tables join cells by tabs.

    Page furniture, hidden elements and those in ``skip`` are left out. ``bars``: not the lines with a counter at the
    start, for their labels to be read. ``marks``: as in a text, what is struck out is marked and items of lists are
    numbered; around one, <s> and <ol> may be any template's hooks.
    """
    linked = cache(lambda: names_of_pages(container))
    raw = _render(container, book, frozenset(skip), tables=True, marks=marks)
    rendered = raw
    raw = without_related(raw, linked, cache(lambda: staying(rendered)))
    raw = without_links_behind(raw, linked)
    return without_edges(without_furniture(raw, bars=HEAD_LINES if bars else 0))


def names_of_pages(container: etree._Element) -> frozenset[str]:
    """Words of the links in an element that lead to pages, not to files."""
    links = (a for a in container.iter("a") if a.get("href") and not extension(a.get("href") or ""))
    return frozenset(filter(None, (clean(words(a)).strip(" ·•▪>-") for a in links)))


def without_menu(said: list[str], container: etree._Element) -> list[str]:
    """Lines without those at the start that name several other pages and say nothing else: 首页 | 本局简介 | 通知."""
    links: frozenset[str] | None = None
    for index, line in enumerate(said[:_LINES_OF_MENU]):
        links = names_of_pages(container) if links is None else links
        if not links or line in links or not is_of_links(line, links):
            return said[index:]
    return said[_LINES_OF_MENU:]


def link_lists(container: etree._Element) -> list[etree._Element]:
    """Lists and lines of nothing but links to other pages: neighbours of a text whose element was only guessed.

    A list that a line of the text announces (现将执法主体公布如下：) is the text's.
    """
    found: list[etree._Element] = [e for e in container.iter("td", "p", "div") if _is_menu(e)]
    for element in container.iter("ul", "ol"):
        links = list(element.iter("a"))
        if not links or any(extension(a.get("href") or "") for a in links):
            continue
        linked = sum(len(words(a).strip()) for a in links)
        dated = sum(map(len, LIST_DATE.findall(words(element))))  # <li><a>某通知</a><em>2031-03-01</em></li>
        if linked * 10 >= (visible_length(element) - dated) * 7:
            heading, between = before(element)
            over = clean(words(heading)) if heading is not None and not between.strip() else ""
            if not dated and announces_list(over):
                continue
            found.append(element)
            if heading is not None and is_related(over):
                found.append(heading)
    return found


def announces_list(line: str) -> bool:
    """Whether a line says that a list follows, and not one of other pages."""
    return announces(line) and not line.startswith("相关")


def forms(container: etree._Element) -> list[etree._Element]:
    """Forms for a visitor to fill in and send (姓名, 手机, 意见), with what stands over them; one around a page says more."""
    found: list[etree._Element] = []
    for form in container.iterdescendants("form"):
        fields = sum(1 for e in form.iter("input", "textarea") if (e.get("type") or "text") in _FILLED_IN)
        if (
            fields < _FEWEST_FIELDS
            or visible_length(form) > _LONGEST_OF_FIELD * fields
            or "。" in words(form)
        ):
            continue
        if not any(e.tag == "button" or e.get("type") in _SENT_BY for e in form.iter("button", "input")):
            continue
        found.append(form)
        heading, between = before(form)
        if heading is not None and not between.strip() and _OVER_FORM.fullmatch(clean(words(heading))):
            found.append(heading)
    return found


def feet(container: etree._Element) -> list[etree._Element]:
    """The last elements in one that was only guessed, from that which says whose site it is: with them, its address."""
    last: list[etree._Element] = []
    for element in container.iterchildren(reversed=True):
        if not isinstance(element.tag, str) or element.tag in SKIPPED:
            continue
        said = words(element)
        if len(said) > _LONGEST_FOOT or "。" in said or any(map(of_words, element.iter("table"))):
            break  # 政府网站工作年度报表 says whose site it is in a table
        last.append(element)
        if of_site(said):
            return last
    return []


def _is_menu(element: etree._Element) -> bool:
    """Whether an element is links to pages and marks between them: ``首页 | 镇情概况 | 通知公告``."""
    fewest = _FEWEST_OF_MENU - (len(element) > 0 and _HOME.fullmatch(words(element[0]).strip()) is not None)
    if len(element) < fewest or any(
        link.tag != "a" or not link.get("href") or extension(link.get("href") or "") for link in element
    ):
        return False
    between = "".join((element.text or "", *(link.tail or "" for link in element)))
    return not between.strip(_MARKS_OF_MENU) and all(
        len(words(a).strip()) <= _LONGEST_OF_MENU for a in element
    )


def dated_rows(root: etree._Element) -> list[etree._Element]:
    """The rows and items of a page that hold a day: those of a catalogue, if they hold links too."""
    return [row for row in root.iter("tr", "li") if LIST_DATE.search(words(row))]


@dataclass(slots=True)
class _Place:
    """Where in an element's text the walk is, and the lines so far."""

    marks: bool
    struck: bool  # by what is around the element
    out: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    marked: bool = False  # the run holds what is struck out
    around: list[etree._Element] = field(default_factory=list)  # the elements that tell anything, as follows
    opened: list[etree._Element] = field(default_factory=list)  # around the place, that begin and end a line
    laid_out: list[etree._Element] = field(default_factory=list)  # in which line ends are breaks
    strikes: list[etree._Element] = field(default_factory=list)  # that strike out what is in them
    numbers: dict[etree._Element, str] = field(default_factory=dict)  # of the items of lists
    number: str = ""  # of the item whose first line comes next

    @property
    def is_struck(self) -> bool:
        return self.struck or bool(self.strikes)

    def flush(self) -> None:
        if self.run:
            line = without_counter(clean(joined(self.run) if self.marked else "".join(self.run)))
            self.run.clear()
            self.marked = False
            if line:
                self.out.append(self.number + line)
                self.number = ""

    def say(self, text: str) -> None:
        if self.laid_out and "\n" in text:
            for line in text.splitlines():
                self._put(line)
                self.flush()
        else:
            self._put(text)

    def _put(self, text: str) -> None:
        if self.strikes or self.struck:
            self.marked = True
            text = Struck(text)
        self.run.append(text)

    def enter(self, element: etree._Element, style: str | None) -> None:
        """Take an element of _TELLING, or with a style, as it begins."""
        tag = element.tag
        told = tag in BLOCKS or bool(style and "block" in style and _BLOCK_STYLE.search(style))
        if told:
            self.opened.append(element)
            self.flush()
            if self.marks and tag == "ol":
                self.numbers.update(numbers_of(element))
            elif tag == "li" and self.numbers:
                self.number += self.numbers.get(element, "")
        if tag == "pre" or (style and "white-space" in style and _PRE_STYLE.search(style)):
            self.laid_out.append(element)
            told = True
        if self.marks and (tag in STRIKING or (style and "line-through" in style)) and is_struck(element):
            self.strikes.append(element)
            told = True
        if told:
            self.around.append(element)

    def leave(self, element: etree._Element) -> None:
        """Take the last element of ``around`` as it ends."""
        self.around.pop()
        if self.opened and self.opened[-1] is element:
            self.opened.pop()
            self.flush()
            if element.tag == "li":
                self.number = ""  # it says nothing
        for others in (self.laid_out, self.strikes):
            if others and others[-1] is element:
                others.pop()


def _render(
    container: etree._Element,
    book: FieldBook,
    skip: frozenset[etree._Element],
    *,
    tables: bool,
    marks: bool,
    struck: bool = False,
) -> list[str]:
    place = _Place(marks, struck)
    around = place.around
    walk = etree.iterwalk(container, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event != "start":
            if around and around[-1] is element:
                place.leave(element)
            if element is not container and element.tail:
                place.say(element.tail)
            continue
        tag, style = element.tag, element.get("style")
        if style or tag in _TELLING:
            place.enter(element, style)
        if element is not container and (tag in SKIPPED or element in skip or left_out(element, book)):
            walk.skip_subtree()
        elif (
            tables
            and tag == "table"
            and _is_data(element)
            and (rows := _rows(element, book, skip, marks=marks, struck=place.is_struck))
        ):
            place.out.extend(rows)
            walk.skip_subtree()
        elif element.text:
            power = (
                tag == "sup"
                and place.run
                and place.run[-1][-1:].isdecimal()
                and _POWER.fullmatch(element.text)
            )
            place.say(element.text.translate(_RAISED) if power else element.text)
    place.flush()
    return place.out


def _is_data(table: etree._Element) -> bool:
    if table.find(".//table") is not None:
        return False
    wide = False
    for row in table.iter("tr"):
        cells = [c for c in row if c.tag in ("td", "th")]
        wide = wide or len(cells) > 1
        for cell in cells:
            blocks = sum(1 for _ in cell.iter("p", "br", "div"))
            if blocks > 8 and sum(len(t.strip()) for t in cell.itertext()) > _LAYOUT_CELL:
                return False
    return wide


def _rows(
    table: etree._Element, book: FieldBook, skip: frozenset[etree._Element], *, marks: bool, struck: bool
) -> list[str]:
    """The rows of a table of data; none where it lays out a text: in no row a second cell says anything, and one has lines."""
    rows: list[str] = []
    for caption in table.iter("caption"):
        rows.extend(_render(caption, book, skip, tables=False, marks=marks, struck=struck))
    cells: list[list[Cell]] = []
    of_lines = False
    for row in table.iter("tr"):
        if row in skip:
            continue
        whole = struck or (marks and is_struck(row))
        said = []
        for cell in row:
            if cell.tag in ("td", "th") and cell not in skip:
                told = _render(cell, book, skip, tables=False, marks=marks, struck=whole)
                of_lines = of_lines or len(told) > 1
                columns, below = span(cell.get("colspan")), span(cell.get("rowspan"), least=0)
                said.append(Cell(" ".join(told), columns, below))
        cells.append(said)
    if of_lines and not any(sum(1 for cell in row if cell.text) > 1 for row in cells):
        return []
    return rows + [line for line in lines_of(cells) if line.strip()]


def visible_length(element: etree._Element) -> int:
    """Characters of an element's text, white space, scripts and styles not counted."""
    total = sum(len(part) for part in words(element).split())
    for hidden in element.iter("script", "style", "noscript", "template"):
        total -= sum(len(part) for part in (hidden.text or "").split())
    return total
