"""Rows of documents in the HTML of a catalogue: found by selectors, or as the largest group of dated links. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree, html
from pydantic import Field

from crawler.extract.links import absolute
from crawler.platforms.base import ListRow, Options, row_hash
from crawler.row_dates import DATE, YEAR_HEADING, dates_in, is_date_alone, is_dated, row_date, years_above
from crawler.sites import Selector

_ARTICLE = re.compile(
    r"t(?:19|20)\d{6}_\d+|content_\d+|art_\w+|post_\d+|/(?:19|20)\d{2}[-/]?\d{2}|[0-9a-f]{32}|\d{6,}|[?&](?:\w*id)=",
    re.I,
)
_SHORTEST_TITLE = 5  # characters; 公告, 查看 and 详细信息 are no titles
_LIST_ROWS = ("li", "tr")
# Elements that may be a row, or lie between a link and its row.
_BLOCK = re.compile(
    "article|b|big|center|dd|div|dl|dt|em|figure|font|h[1-6]|header|i|label|p|section|small|span|strong|u"
)
_MOST_LINKS = 3  # of a row: its category, its document, its interpretation
_FRAME_TAGS = frozenset({"nav", "footer"})
_FRAME_NAME = re.compile(
    r"(?:[a-z]+[-_])?(?:nav|navbar|navigation|menu|foot|footer|copyright|crumbs?|breadcrumbs?)"
    r"(?:[-_](?:bar|box|inner|list|wrap|wrapper))?"
)
_EMPTY = re.compile(r"\[\s*\]|[(（]\s*[)）]")
_NESTED = frozenset({"ul", "ol", "table"})


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
        return html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except etree.ParserError:
        return None


def text_of(element: etree._Element) -> str:
    """The text of an element on one line."""
    return " ".join("".join(t for t in element.itertext() if isinstance(t, str)).split())


def rows_in(root: etree._Element, url: str, options: RowOptions) -> Iterator[ListRow]:
    """The rows of a page at ``url``, each document once."""
    if options.row:
        elements: Iterable[etree._Element] = root.cssselect(options.row)
    else:
        elements = _largest_group(root, url)
    elements = list(elements)
    years = years_above(root, elements)
    seen: set[str] = set()
    for element in elements:
        row = row_of(element, url, options, years.get(element))
        if row is not None and row.url not in seen:
            seen.add(row.url)
            yield row


def _largest_group(root: etree._Element, url: str) -> list[etree._Element]:
    """The rows that look most like a catalogue: elements of one shape, each with a link and most with a date."""
    host = urlsplit(url).hostname
    groups: dict[tuple[str, ...], dict[etree._Element, None]] = {}
    holds: dict[etree._Element, int] = {}
    for link in root.iter("a"):
        address = absolute(url, link.get("href"))
        if address is None or urlsplit(address).hostname != host or address == url or _in_frame(link):
            continue
        row = _row_around(link, holds)
        groups.setdefault(_shape(row), {})[row] = None
    best: list[etree._Element] = []
    best_score = 0.0
    for group in groups.values():
        rows = [row for row in group if not _inside_another(row, group)]
        articles = [row for row in rows if _ARTICLE.search(_href(row) or "")]
        if articles and rows[0].tag not in _LIST_ROWS:
            rows = articles  # <p><a>返回</a></p> between paragraphs that are the list
        dated = sum(is_dated(row) or _is_dated_beside(row) for row in rows)
        length = sum(min(len(text_of(row)), 60) for row in rows) / max(len(rows), 1)
        if length < _SHORTEST_TITLE and rows[0].tag not in _LIST_ROWS:
            continue  # links of a menu or a pager, in no list
        score = dated * 3 + len(articles) * 2 + (len(rows) * 0.2 if length > 12 else 0)
        if dated + len(articles) and score > best_score:
            best, best_score = rows, score
    return best


def _in_frame(link: etree._Element) -> bool:
    """Whether a link stands in what every page of a site has around it: menus, the footer, the trail of links."""
    for ancestor in link.iterancestors():
        if ancestor.tag in _FRAME_TAGS:
            return True
        if ancestor.tag not in ("body", "html"):
            names = f"{ancestor.get('id') or ''} {ancestor.get('class') or ''}".lower().split()
            if any(map(_FRAME_NAME.fullmatch, names)):
                return True
    return False


def _row_around(link: etree._Element, holds: dict[etree._Element, int]) -> etree._Element:
    """The element that is the row of a link: its li or tr, else the smallest one with its date, else its own block.

    <article><h2><a></h2><time></article>, <dt><a></dt><dd>2026-03-31</dd>, <p><a></p>, and lastly the bare link
    of <a>…</a><br><a>…</a>. ``holds`` keeps how many documents an element links, which many of its links ask for.
    """
    own = next(link.iterancestors(*_LIST_ROWS), None)
    if own is not None and own not in holds:
        holds[own] = _documents_in(own)
    if own is not None and holds[own] <= 1:
        parent = own.getparent()
        if own.tag == "li" and parent is not None and parent.tag in ("ul", "ol") and not is_dated(own):
            if parent not in holds:
                holds[parent] = _documents_in(parent) if dates_in(parent)[0] else 0
            if holds[parent] == 1:
                return parent  # <ul><li>1</li><li><a></li><li>某发〔2031〕1号</li><li>2031-03-01</li></ul>: a table of lists
        return own
    block: etree._Element | None = None
    for ancestor in link.iterancestors():
        if (
            not _BLOCK.fullmatch(ancestor.tag)
            or sum(1 for _ in islice(ancestor.iter("a"), _MOST_LINKS + 1)) > _MOST_LINKS
        ):
            break
        if _documents_in(ancestor) > 1:
            break
        if dates_in(ancestor)[0]:
            return ancestor
        block = ancestor if block is None else block
    return link if block is None else block


def _documents_in(element: etree._Element) -> int:
    """How many documents an element links, lists nested in it left out. 解读 and 附件 are no titles of documents."""
    return len(
        {
            link.get("href")
            for link in _own_links(element)
            if _ARTICLE.search(link.get("href") or "") and len(text_of(link)) >= _SHORTEST_TITLE
        }
    )


def _is_dated_beside(row: etree._Element) -> bool:
    """Whether a date stands before or after a row that is no element of a list: <dt><a></dt><dd>2026-03-31</dd>.

    It counts as a mark of a catalogue; to which of its neighbours it belongs cannot be told from one row.
    """
    if row.tag in _LIST_ROWS:
        return False
    beside = [row.tail or ""]
    for sibling in (row.getnext(), row.getprevious()):
        if sibling is not None and next(sibling.iter("a"), None) is None:
            beside += [text_of(sibling), sibling.tail or ""]
    return any(is_date_alone(text) for text in beside)


def _shape(row: etree._Element) -> tuple[str, ...]:
    parent = row.getparent()
    outer = parent.getparent() if parent is not None else None
    return tuple(
        f"{e.tag}.{e.get('class') or ''}" if e is not None and e is not row else str(row.tag)
        for e in (outer, parent, row)
    )


def _inside_another(row: etree._Element, group: Mapping[etree._Element, None]) -> bool:
    return any(ancestor in group for ancestor in row.iterancestors())


def _own_links(row: etree._Element) -> Iterator[etree._Element]:
    """Links of the row that do not stand in a list nested in it (related interpretations, 解读)."""
    for link in row.iter("a"):
        nested = next((a for a in link.iterancestors() if a is row or a.tag in _NESTED), row)
        if nested is row:
            yield link


def _href(row: etree._Element) -> str | None:
    return next((link.get("href") for link in _own_links(row) if link.get("href")), None)


def row_of(element: etree._Element, url: str, options: RowOptions, year: str | None = None) -> ListRow | None:
    """The document that one row links; None where it links none. ``year``: that of the heading above."""
    links = element.cssselect(options.link) if options.link else list(_own_links(element))
    if element.tag == "a" and not links:
        links = [element]
    pairs = [(link, absolute(url, link.get("href"))) for link in links]
    usable = [(link, address) for link, address in pairs if address]
    if not usable:
        return None
    # Of several links in a row the document is the one that looks like an article, then the longest text.
    link, address = max(usable, key=lambda p: (bool(_ARTICLE.search(p[1] or "")), len(text_of(p[0]))))
    title = _title(element, link, options)
    if title and YEAR_HEADING.fullmatch(title):
        return None  # the way to the list of a year
    date = _selected(element, options.date) or row_date(element, address, year)
    # "查看", "详情": the words of a link are a title only when they name something.
    named = title if title and len(title) >= _SHORTEST_TITLE else None
    hints = {k: v for k, v in (("title", named), ("published_on", date)) if v}
    return ListRow(url=str(address), title=title, hints=hints, row_hash=row_hash(title, date))


def _title(element: etree._Element, link: etree._Element, options: RowOptions) -> str | None:
    if options.title:
        return _selected(element, options.title)
    shown = _without_marks(DATE.sub("", _without_dates(link)))
    full = (link.get("title") or "").strip()
    # The visible text may be cut ("关于印发…的通"), the attribute is whole.
    stem = shown.rstrip(".…")
    return full if full and (not stem or full.startswith(stem) or len(full) > len(shown)) else shown or None


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
    shown = _EMPTY.sub("", text).strip("·•◆ \u3000")
    while shown and (shown[0] in "])）" or (shown[-1] in "[(（")):
        shown = (shown[1:] if shown[0] in "])）" else shown[:-1]).strip("·•◆ \u3000")
    if shown[:1] == "[" and "]" not in shown:
        shown = shown[1:].strip()
    return shown


def _selected(element: etree._Element, selector: str | None) -> str | None:
    found = element.cssselect(selector) if selector else []
    return text_of(found[0]) or None if found else None


def with_pinned(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Rows on top that are older than the newest row below them are pinned: 2024-09-20 above rows of 2026."""
    dates = [_number(row.hints.get("published_on")) for row in rows]
    result = list(rows)
    for index, row in enumerate(rows):
        newest_below = max((d for d in dates[index + 1 :] if d is not None), default=None)
        own = dates[index]
        if own is None or newest_below is None or own >= newest_below:
            break
        result[index] = replace(row, pinned=True)
    return tuple(result)


def _number(date: str | None) -> int | None:
    parts = re.findall(r"\d+", date or "")
    return int(parts[0]) * 10_000 + int(parts[1]) * 100 + int(parts[2]) if len(parts) >= 3 else None
