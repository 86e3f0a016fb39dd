"""Rows of a catalogue laid out as a table: cells under headings, or ``label：value`` in each row. No I/O.

A row is what leads to a document, by a link or by a click; its headings make its cells a record. The heading row may
stand in a table of its own above the rows, and may be made of lists or divs as the rows are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.extract.links import absolute, address_of
from crawler.lists.page_frame import stands_apart
from crawler.lists.row_dates import DATE, is_date_alone, is_day_of_some_year, row_date
from crawler.lists.row_groups import text_of
from crawler.lists.rows import RowOptions, hover_title, row_of, title_of
from crawler.outcomes import same_host
from crawler.platforms.base import ListRow, row_hash
from crawler.scripts.calls import Effect, Functions, quoted_address

_ROW_TAGS = ("tr", "ul", "ol", "dl", "li", "div")
_MOST_CELLS = 20
_FEWEST_CELLS = 2
_LONGEST_HEADING = 14  # characters, spaces left out
_FEWEST_PAGES = 3  # links of a menu
_SHORTEST_TITLE = 5
_FEWEST_DAYS = 3  # rows with a day without its year
# Columns that say nothing of the document, or change by themselves.
_NO_LABEL = re.compile(
    r"序号?|操作|查看|详情?|详细|下载|(?:浏览|点击|访问|阅读|下载)[次数量率]*|热度|距.*|剩余.*"
)
_PUBLISHED = re.compile(r"(?:发布|公开|公示|公告|上网|刊登|更新)(?:日期|时间)|(?:日期|时间)")
# What headings of columns of a catalogue end in, or hold: 索引号, 文件名称, 发文字号, 发布机构, 发布日期, 项目类型
_COLUMN = re.compile(
    r"名称|标题|题名|[文字]号|索[引取]|日期|时间|机构|机关|单位|部门|编号|代码|类[型别]|主题|分类|地区|有效|序号|来源"
)
_MOST_ELEMENTS = 120  # of a row: larger ones hold several
_LABELLED = re.compile(
    r"([\u4e00-\u9fff][\u4e00-\u9fff \u3000]{0,12}[\u4e00-\u9fff])\s*[:：]\s*(\S.*)", re.DOTALL
)
# 索引号：LJ-7 文 号：临政发〔2026〕7号
_BETWEEN_LABELS = re.compile(r"[\s|；;]+(?=[\u4e00-\u9fff][\u4e00-\u9fff ]{0,8}[\u4e00-\u9fff]\s*[:：])")
# openUrl("/zwgk/t1.html"), look("show.jsp?id=7")
_PAGE = re.compile(r"(?:https?://)?[\w./-]*/?[\w-]+\.(?:s?html?|jsp\?\S+|aspx?\?\S+|php\?\S+|do\?\S+)", re.I)
_NUMBER = re.compile(r"[\d\s.,/-]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a catalogue and the labels of their cells, without labels where none were found."""

    elements: tuple[etree._Element, ...]
    labels: tuple[str, ...] = ()


def find_table(root: etree._Element, url: str, functions: Functions, selector: str | None = None) -> Table:
    """The largest group of rows of one shape that lead to documents, with their headings."""
    order = {element: place for place, element in enumerate(root.iter(*_ROW_TAGS))}
    headings = [
        (place, element, words) for element, place in order.items() if (words := _headings(element, url))
    ]
    if selector is not None:
        chosen = [element for element in root.cssselect(selector) if leads_to(element, url, functions)]
        return Table(tuple(chosen), _labels_above(chosen, order, headings))
    groups: dict[tuple[str, ...], list[etree._Element]] = {}
    others: dict[etree._Element, bool] = {}
    for element in order:
        if not _is_row_like(element) or stands_apart(element, others) or _are_pages(element, url):
            continue
        if leads_to(element, url, functions):
            groups.setdefault(_shape(element), []).append(element)
    best = Table(())
    best_score = (False, 0.0)
    for group in groups.values():
        members = set(group)
        rows = [row for row in group if not any(ancestor in members for ancestor in row.iterancestors())]
        labels = _labels_above(rows, order, headings)
        dated = sum(_is_dated(row) for row in rows) or len(rows) * _all_show_days(rows)
        score = (bool(labels), float(len(rows) * 2 * bool(labels) + dated))
        if score > best_score:
            best, best_score = Table(tuple(rows), labels), score
    return best


def _is_row_like(element: etree._Element) -> bool:
    small = sum(1 for _ in islice(element.iter(), _MOST_ELEMENTS + 1)) <= _MOST_ELEMENTS
    count = len(cells_of(element)) if small else 0
    # <li>·<a href="javascript:show(7)">关于…的通知</a>（2031-03-01）</li>
    return _FEWEST_CELLS <= count <= _MOST_CELLS or (
        count == 1 and element.tag == "li" and _is_dated(element)
    )


def _are_pages(row: etree._Element, url: str) -> bool:
    """Whether each cell is a short link to a page of its own: <ul><li><a href="/a/">临江</a></li><li><a href="/b/">青川</a></li>…</ul>."""
    cells = cells_of(row)
    if len(cells) < _FEWEST_PAGES:
        return False
    pages = {next((a for link in cell.iter("a") if (a := address_of(link, url))), None) for cell in cells}
    return (
        None not in pages
        and len(pages) == len(cells)
        and all(len(text_of(c)) <= _LONGEST_HEADING for c in cells)
    )


def _is_dated(row: etree._Element) -> bool:
    cells = cells_of(row)
    if len(cells) == 1 and row.tag == "li":
        return DATE.search(text_of(row)) is not None
    return any(is_date_alone(text_of(cell)) for cell in cells)


def _all_show_days(rows: Sequence[etree._Element]) -> bool:
    """Whether each of several rows has a cell with a day, without its year: [03-15]."""
    return len(rows) >= _FEWEST_DAYS and all(
        any(is_day_of_some_year(text_of(cell)) for cell in cells_of(row)) for row in rows
    )


def _shape(row: etree._Element) -> tuple[str, ...]:
    around = islice(row.iterancestors(), 3 if row.tag == "tr" else 2)
    return str(row.tag), *(f"{e.tag}.{e.get('class') or ''}" for e in around)


def cells_of(row: etree._Element) -> list[etree._Element]:
    """The cells of a row: its element children."""
    return [child for child in row if isinstance(child.tag, str) and child.tag not in ("script", "style")]


def leads_to(row: etree._Element, url: str, functions: Functions) -> str | None:
    """The address that a row's link, or a click on it, opens; None where there is none on this site."""
    for element in (row, *row.iter("a", "button", "td", "input", "span", "li", "div", "p", "img")):
        address = address_of(element, url)
        clicked = element.get("onclick") or element.get("href") or functions.handles(element)
        if address is None and clicked:
            effect = functions.effect(element)
            stated = _opened(effect) if effect is not None else None
            address = absolute(url, quoted_address(stated)) if stated else None
        if address is not None and same_host(url, address) and address != url:
            return address
    return None


def _opened(effect: Effect) -> str | None:
    """The address that a click opens; of a function that the page does not define, the only page handed to it."""
    if effect.address is not None or effect.unknown is None:
        return effect.address
    pages = [str(given) for given in effect.unknown[1] if _PAGE.fullmatch(str(given))]
    return pages[0] if len(pages) == 1 else None


def _labels_above(
    rows: Sequence[etree._Element],
    order: Mapping[etree._Element, int],
    headings: Sequence[tuple[int, etree._Element, tuple[str, ...]]],
) -> tuple[str, ...]:
    """The headings of rows: the nearest ones above them, for as many cells as most of them have."""
    if not rows or rows[0] not in order:
        return ()
    count = Counter(len(cells_of(row)) for row in rows).most_common(1)[0][0]
    own, top = set(rows), order[rows[0]]
    above = [
        words
        for place, element, words in headings
        if place < top and element not in own and len(words) == count
    ]
    return above[-1] if above else ()


def _headings(row: etree._Element, url: str) -> tuple[str, ...]:
    """The words of a row that holds nothing but headings of columns; a menu or the title of a box is none."""
    cells = cells_of(row)
    if not (_FEWEST_CELLS <= len(cells) <= _MOST_CELLS and _is_row_like(row)):
        return ()
    words = ["".join(text_of(cell).split()).rstrip(":：") for cell in cells]
    named = [word for word in words if word]
    if len(named) < max(_FEWEST_CELLS, len(words) - 1) or len(set(named)) < len(named):
        return ()
    if any(len(word) > _LONGEST_HEADING or DATE.search(word) or _NUMBER.fullmatch(word) for word in named):
        return ()
    if sum(bool(_COLUMN.search(word)) for word in named) < _FEWEST_CELLS:
        return ()
    if any(absolute(url, link.get("href")) for link in row.iter("a")):
        return ()
    return tuple(words)


def table_rows(
    table: Table, url: str, functions: Functions, options: RowOptions, columns: Sequence[str] = ()
) -> Iterator[ListRow]:
    """The documents of a table's rows, each once. ``columns``: labels of the cells, instead of those found."""
    seen: set[str] = set()
    for element in table.elements:
        row = _row(element, url, functions, options, columns or table.labels)
        if row is not None and row.url not in seen:
            seen.add(row.url)
            yield row


def _row(
    element: etree._Element, url: str, functions: Functions, options: RowOptions, labels: Sequence[str]
) -> ListRow | None:
    linked = row_of(element, url, options)
    address = linked.url if linked is not None else leads_to(element, url, functions)
    if address is None:
        return None
    record = _record(element, labels)
    title = linked.title if linked is not None else None
    if title is None or len(title) < _SHORTEST_TITLE:
        cells = cells_of(element)
        # <li><a onclick="show(7)"><span>关于…的通知</span><span>2031-03-01</span></a></li>
        title = title_of(element, cells[0], options) if len(cells) == 1 else _longest(element)
    hints = dict(linked.hints) if linked is not None else {}
    if title and len(title) >= _SHORTEST_TITLE:
        hints["title"] = title
    if "published_on" not in hints and not record and (shown := row_date(element, address)):
        hints["published_on"] = shown
    if record and not options.date:
        hints.pop("published_on", None)
        hints.pop("issued_on", None)
        if published := _published(record):
            hints["published_on"] = published
    return ListRow(
        url=address, title=title, hints=hints, record=record or None, row_hash=row_hash(title, hints, record)
    )


def _record(element: etree._Element, labels: Sequence[str]) -> dict[str, str]:
    """Label → what the cell under it shows; the whole of it where a tooltip holds more than the cell."""
    cells = cells_of(element)
    if labels and len(labels) == len(cells):
        shown = {label: _shown(cell) for label, cell in zip(labels, cells, strict=True)}
        return {k: v for k, v in shown.items() if k and v and not _NO_LABEL.fullmatch(k)}
    found: dict[str, str] = {}
    for piece in element.iter("td", "th", "span", "p", "li", "dd", "dt", "div", "em", "i", "b"):
        if any(_LABELLED.fullmatch(text_of(child)) for child in piece):
            continue  # its parts have labels of their own
        for part in _BETWEEN_LABELS.split(text_of(piece)):
            labelled = _LABELLED.fullmatch(part)
            if labelled is not None:
                found.setdefault("".join(labelled[1].split()), labelled[2].strip())
    return found


def _shown(cell: etree._Element) -> str:
    text = _visible(cell)
    for words in map(text_of, cell.iter("a")):
        # <a>关于…的通知</a><div class="tip">索引号：LJ-7</div>: a box that is shown beside the link
        if len(words) >= _SHORTEST_TITLE and text.startswith(words) and _LABELLED.search(text, len(words)):
            text = words
            break
    stem = text.rstrip(".…")
    for element in (cell, *cell.iter("a", "span", "p", "div")):
        full = hover_title(element)
        if full.startswith(stem) and stem and (len(full) > len(stem) or stem != text):
            return full
    return text


def _visible(cell: etree._Element) -> str:
    """The text of a cell without boxes that are shown when the mouse stands on it."""
    if not any(is_hidden(element) for element in cell.iterdescendants()):
        return text_of(cell)
    return " ".join("".join(_pieces(cell)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    if isinstance(element.tag, str):
        yield element.text or ""
    for child in element:
        if not is_hidden(child):
            yield from _pieces(child)
        yield child.tail or ""


def is_hidden(element: etree._Element) -> bool:
    """Whether its own style hides an element."""
    return _HIDDEN.search(element.get("style") or "") is not None


def _longest(element: etree._Element) -> str | None:
    """The longest cell that is no number and no date."""
    texts = [_shown(cell) for cell in cells_of(element)]
    words = [text for text in texts if text and not _NUMBER.fullmatch(text) and not is_date_alone(text)]
    return max(words, key=lambda text: len(re.findall(r"[\u4e00-\u9fff]", text)), default=None)


def _published(record: dict[str, str]) -> str | None:
    """The date under a heading that means publication; none where it could mean another."""
    for label, value in record.items():
        if _PUBLISHED.fullmatch(label) and (found := DATE.search(value)):
            return "".join(found.group().split())
    return None
