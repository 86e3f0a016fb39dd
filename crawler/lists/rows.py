"""Rows of documents in the HTML of a catalogue: found by selectors, or as the largest group of dated links. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from itertools import pairwise

from lxml import etree, html
from pydantic import Field

from crawler.config_values import Selector
from crawler.extract.linked_files.scripts import in_viewer
from crawler.extract.links import absolute, stated_address
from crawler.extract.values.headfoot import TITLE_END
from crawler.lists.commented import with_commented
from crawler.lists.companions import is_companion
from crawler.lists.encoded import with_decoded
from crawler.lists.like import Like, title_key
from crawler.lists.row_dates import (
    DATE,
    YEAR_HEADING,
    days_beside,
    is_date_alone,
    issue_date,
    row_date,
    without_day,
    years_above,
)
from crawler.lists.row_groups import (
    ARTICLE,
    PINNED,
    SHORTEST_TITLE,
    Group,
    largest_group,
    own_links,
    text_of,
    without_companions,
)
from crawler.platforms.base import ListRow, Options, row_hash

_FEWEST_STEPS = 3  # from day to day that show in which order a list stands
_NEAR_TOP = 20  # characters of a row in which its mark stands
_EMPTY = re.compile(r"\[\s*\]|[(（]\s*[)）]")
# title, list-title, news_tit, bt
_TITLE_NAME = re.compile(
    r"(?:[a-z\d]+[-_])*(?:title|tit|biaoti|bt)\d{0,2}|(?:list|news|item|art|article)(?:title|tit)"
)
_LONG_TITLE = 10  # characters; names of columns are shorter
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# What a template adds to a title in an attribute: 标题：关于…的通知, a line of 作    者：佚名, one of 点击数：332; where it says
# which is the title, other labels too
_TITLE_LABEL = re.compile(r"(?:文章|信息|新闻)?标\s*题\s*[:：]\s*")
_ADDED = re.compile(
    r"(?<=\s)(?:(?:文章)?作\s*者|(?:文章|信息)?来源|(?:点击|浏览|阅读|查看)(?:次?数|量|率)?"
    r"|(?:发表|更新|发布|录入|添加|上传)(?:时间|日期|者|人))\s*[:：]"
)
_ADDED_LINE = re.compile(r"(?:(?<=\s\s)|(?<=[\r\n]))[\u4e00-\u9fff\s]{2,10}[:：]")
_BREAK = re.compile(r"<br ?/?>")


class RowOptions(Options):
    """Where the rows are, when they are not found without help."""

    row: Selector | None = Field(default=None, description="CSS of a row")
    link: Selector | None = Field(default=None, description="CSS of the document's link inside a row")
    title: Selector | None = Field(default=None, description="CSS of the title inside a row")
    date: Selector | None = Field(default=None, description="CSS of the date inside a row")


def parse_html(text: str) -> etree._Element | None:
    """The tree of a page or of a fragment of one; None for an empty one."""
    if not text.strip():
        return None
    try:
        root = html.document_fromstring(
            with_decoded(with_commented(text)).encode(),
            parser=html.HTMLParser(encoding="utf-8", remove_comments=True),
        )
    except etree.ParserError:
        return None
    for shown in root.iter("template"):
        if shown.get("shadowrootmode") is not None:
            shown.tag = "div"
    etree.strip_elements(root, "template", with_tail=False)  # for scripts; nobody sees what stands in one
    return root


def rows_in(root: etree._Element, url: str, options: RowOptions) -> Iterator[ListRow]:
    """The rows of a page at ``url``, each document once."""
    yield from rows_like(root, url, options, None)[0]


def rows_like(
    root: etree._Element, url: str, options: RowOptions, like: Like | None
) -> tuple[tuple[ListRow, ...], Like]:
    """The rows of a page, each document once, and what further pages are known by.

    ``like``: what the rows of the list's first page look like, on a further one.
    """
    group: Group | None = None
    if options.row:
        elements: list[etree._Element] = list(root.cssselect(options.row))
    else:
        group = largest_group(root, url, like)
        elements = group.rows if group is not None else []
    years = years_above(root, elements)
    days = days_beside(elements)
    found: dict[str, ListRow] = {}
    for element in elements:
        row = row_of(element, url, options, years.get(element), days.get(element))
        if row is not None:
            found.setdefault(row.url, row)
    if like is None:
        shape, places = (group.shape, group.places) if group is not None else ((), frozenset())
        like = Like(shape, places, title_key(root))
    return tuple(found.values()), like


def row_of(
    element: etree._Element, url: str, options: RowOptions, year: str | None = None, day: str | None = None
) -> ListRow | None:
    """The document that one row links; None where it links none. ``year``: that of the heading above; ``day``: one beside it."""
    links = element.cssselect(options.link) if options.link else list(own_links(element))
    if element.tag == "a" and not links:
        links = [element]
    pairs = [(link, absolute(url, in_viewer(stated_address(link) or ""))) for link in links]
    usable = [(link, address) for link, address in pairs if address]
    if not usable:
        return None
    link, address = _documents_link(usable)
    title = title_of(element, link, options)
    if title and YEAR_HEADING.fullmatch(title):
        return None  # the way to the list of a year
    date = _selected(element, options.date) or row_date(element, address, year) or day
    named = title if title and _names(title, element) else None
    issued = issue_date(element) if date is None else None
    hints = {k: v for k, v in (("title", named), ("published_on", date), ("issued_on", issued)) if v}
    return ListRow(
        url=str(address), title=title, hints=hints, row_hash=row_hash(title, date or issued),
        pinned=bool(PINNED.search(text_of(element)[:_NEAR_TOP])),
    )  # fmt: skip


def _names(title: str, element: etree._Element) -> bool:
    """Whether the words of a row's link name a document: 查看 and 详情 do not; 公告 does where the row says nothing else."""
    if len(title) >= SHORTEST_TITLE:
        return not is_companion(title)
    beside = DATE.sub("", text_of(element)).replace(title, "", 1)
    return bool(TITLE_END.fullmatch("".join(title.split()))) and not _LETTER.search(beside)


def _documents_link(usable: Sequence[tuple[etree._Element, str | None]]) -> tuple[etree._Element, str | None]:
    """Of several links in a row the document's: one that looks like an article, the first with a title, then the longest.

    ``<a>关于…的通知</a> <a>【政策解读】</a>``, ``<a>关于…的通知</a><p><a>《…》的解读</a></p>``, ``[<a>文件</a>] <a>关于…的通知</a>``,
    ``<td><a>临政发〔2031〕7号</a></td><td><a>关于…的通知</a></td>``
    """
    kept = set(without_companions([link for link, _ in usable]))
    pairs = [pair for pair in usable if pair[0] in kept]
    named = [pair for pair in pairs if len(text_of(pair[0])) >= SHORTEST_TITLE]
    pairs = [pair for pair in named if ARTICLE.search(pair[1] or "")] or pairs
    titled = [pair for pair in pairs if len(text_of(pair[0])) >= _LONG_TITLE]
    worded = [pair for pair in titled if len(_HAN.findall(words := text_of(pair[0]))) * 2 >= len(words)]
    return next(iter(worded or titled), None) or max(pairs, key=lambda pair: len(text_of(pair[0])))


def title_of(element: etree._Element, link: etree._Element, options: RowOptions) -> str | None:
    """The title that a row shows in what leads to its document, without days and marks; the whole of one that is cut."""
    if options.title:
        return _selected(element, options.title)
    shown = _without_marks(without_day(_without_dates(_heading_in(link)), element, link))
    full = hover_title(link)
    # The visible text may be cut ("关于印发…的通"), the attribute is whole.
    stem = shown.rstrip(".…")
    return full if full and (not stem or full.startswith(stem) or len(full) > len(shown)) else shown or None


def hover_title(element: etree._Element) -> str:
    """The title in an element's attribute, without what a template adds: its clicks would be another title at each visit."""
    text = _BREAK.sub("\n", unescape(element.get("title") or "")).strip()
    label = _TITLE_LABEL.match(text)
    title = text if label is None else text[label.end() :]
    added = [
        found.start()
        for way in (_ADDED, _ADDED_LINE)[: 1 if label is None else 2]
        if (found := way.search(title))
    ]
    return " ".join(title[: min(added, default=None)].split())


def _heading_in(link: etree._Element) -> etree._Element:
    """The one heading in a link that holds a summary and a date as well: ``<a><h3>关于…的通知</h3><p>…</p><i>2031-03-01</i></a>``.

    One by its element, or by its name: ``<div class="title">``.
    """
    headings = [h for h in link.iter("h1", "h2", "h3", "h4", "h5", "h6") if len(text_of(h)) >= SHORTEST_TITLE]
    if not headings:
        named = [e for e in link.iterdescendants() if _is_called_title(e) and len(text_of(e)) >= _LONG_TITLE]
        headings = [e for e in named if not any(a in named for a in e.iterancestors())]
    return headings[0] if len(headings) == 1 else link


def _is_called_title(element: etree._Element) -> bool:
    return any(map(_TITLE_NAME.fullmatch, (element.get("class") or "").lower().split()))


def _without_dates(link: etree._Element) -> str:
    """A link's words without elements in it that are dates: ``<font>…增长加快</font><font>2031-12-01</font>``."""
    text = text_of(link)
    for inner in link.iterdescendants():
        dated = " ".join((inner.text or "").split()) if isinstance(inner.tag, str) and not len(inner) else ""
        if dated and is_date_alone(dated):
            head, _, tail = text.rpartition(dated)
            text = f"{head} {tail}"
    return text


def _without_marks(text: str) -> str:
    """A title without bullets and what brackets are left of a date; brackets of its own stay: …的通知（某发〔2031〕3号）."""
    shown = _EMPTY.sub("", PINNED.sub("", text, count=1)).strip("·•◆ \u3000")
    while shown and (shown[0] in "])）" or (shown[-1] in "[(（")):
        shown = (shown[1:] if shown[0] in "])）" else shown[:-1]).strip("·•◆ \u3000")
    if shown[:1] == "[" and "]" not in shown:
        shown = shown[1:].strip()
    return shown


def _selected(element: etree._Element, selector: str | None) -> str | None:
    found = element.cssselect(selector) if selector else []
    return text_of(found[0]) or None if found else None


def oldest_first(rows: Sequence[ListRow]) -> bool:
    """Whether a list shows its oldest rows on top, as directories of rules by number do: news come at its end."""
    dates = [day for row in rows if (day := day_number(row.day)) is not None]
    steps = [later - earlier for earlier, later in pairwise(dates) if later != earlier]
    rising = sum(step > 0 for step in steps)
    return rising >= _FEWEST_STEPS and rising > 4 * (len(steps) - rising)


def with_pinned(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Rows on top that are older than the newest row below them are pinned: 2024-09-20 above rows of 2026."""
    if oldest_first(rows):
        return rows
    dates = [day_number(row.day) for row in rows]
    result = list(rows)
    for index, row in enumerate(rows):
        newest_below = max((d for d in dates[index + 1 :] if d is not None), default=None)
        own = dates[index]
        if own is None or newest_below is None or own >= newest_below:
            break
        result[index] = replace(row, pinned=True)
    return tuple(result)


def day_number(date: str | None) -> int | None:
    """A row's day as a number that grows with time: 20310305."""
    parts = re.findall(r"\d+", date or "")
    return int(parts[0]) * 10_000 + int(parts[1]) * 100 + int(parts[2]) if len(parts) >= 3 else None
