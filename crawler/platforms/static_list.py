"""static_list: catalogues published as static HTML pages (TRS WCM and its many relatives).

Rows are found by the site file's selectors, or as the largest group of dated links on the page. The next
page is found from ``createPageHTML(N, current, "index", "html")``, ``createPage(N, current, …)``, a 下一页 link,
or the site file's pattern.

Options of a catalogue, all optional: ``row``, ``link``, ``title``, ``date`` (CSS), ``pages: {pattern: "index_{n}.html",
first: 1}`` where ``first`` is the number of the second page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from pydantic import BaseModel, ConfigDict, Field

from crawler.extract.charset import decode
from crawler.extract.links import absolute
from crawler.platforms.base import ListError, ListPage, ListRow, Options, PageRequest, Recognition, row_hash
from crawler.sites import Catalogue, Selector, Site

_DATE = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_SHORT_DATE = re.compile(r"^\s*[\[(（]?\d{1,2}[-/.]\d{1,2}[\])）]?\s*$")
# createPageHTML(25, 0, "index", "html") · createPageHTML(25,0,'index','shtml',500)
_CREATE_PAGE_HTML = re.compile(
    r"createPageHTML\s*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([^\"']+)[\"']\s*,\s*[\"']([^\"']+)[\"']"
)
# createPage(total, current, prefix, suffix …) as on Chongqing's sites
_CREATE_PAGE = re.compile(
    r"createPage\s*\(\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*[\"']([^\"']*)[\"'])?(?:\s*,\s*[\"']([^\"']*)[\"'])?"
)
_NEXT_WORDS = frozenset(
    {"下一页", "下页", "后一页", "下一頁", "下一页>", "下一页>>", "下一页»", "Next", "next", ">", "»"}
)
_ARTICLE = re.compile(
    r"t(?:19|20)\d{6}_\d+|content_\d+|art_\w+|post_\d+|/(?:19|20)\d{2}[-/]?\d{2}|[0-9a-f]{32}|\d{6,}|[?&](?:\w*id)=",
    re.I,
)
_SHORTEST_TITLE = 5  # characters; 公告, 查看 and 详细信息 are no titles
_ROW_TAGS = ("li", "tr", "dd", "dl", "p", "div")
_NESTED = frozenset({"ul", "ol", "table"})


class NumberedPages(BaseModel):
    """Addresses of the further pages of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str = Field(
        pattern=r"\{n\}", description='Address of a page relative to the first, with {n}: "index_{n}.html"'
    )
    first: int = Field(default=1, ge=0, description="The number that the second page has")


class StaticListOptions(Options):
    """Where the rows and pages are, when the platform does not find them by itself."""

    row: Selector | None = Field(default=None, description="CSS of a row")
    link: Selector | None = Field(default=None, description="CSS of the document's link inside a row")
    title: Selector | None = Field(default=None, description="CSS of the title inside a row")
    date: Selector | None = Field(default=None, description="CSS of the date inside a row")
    pages: NumberedPages | None = Field(default=None, description="Addresses of the further pages")


class StaticList:
    """See the module."""

    name = "static_list"
    options = StaticListOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Dated rows of links, of which a pager makes it surer."""
        root = _parse(text)
        rows = tuple(_rows(root, url, {})) if root is not None else ()
        if root is None or not rows:
            return None
        catalogue = Catalogue(key="list", url=url)
        following, last, _ = _next(root, text, url, PageRequest(url=url, chain="list"), catalogue)
        reasons = [
            f"{len(rows)} rows of links, {sum('published_on' in row.hints for row in rows)} of them dated"
        ]
        if following is not None or last is not None:
            reasons.append("a pager" + (f" of {last} pages" if last else ""))
        return Recognition(
            confidence=0.7 if len(reasons) > 1 else 0.5,
            catalogues=(("list", None, url, {}),),
            reasons=tuple(reasons),
            to_check=() if len(reasons) > 1 else ("no pager was found: is the whole catalogue on one page?",),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The catalogue's own address."""
        return PageRequest(url=catalogue.url, chain="list", page=1)

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Rows and next page of one list page. An empty list is a valid one only beyond the first page."""
        text = decode(body, content_type).text
        root = _parse(text)
        if root is None:
            raise ListError(f"{url}: an empty page where a list was expected")
        rows = tuple(_rows(root, url, catalogue.options))
        if not rows and request.page == 1:
            raise ListError(f"{url}: no row of documents found; give `options: {{row: …}}` in the site file")
        following, last, unmarked = _next(root, text, url, request, catalogue)
        return ListPage(
            rows=_with_pinned(rows), next=following if rows else None, last_page=last, end_unmarked=unmarked
        )


def _parse(text: str) -> etree._Element | None:
    if not text.strip():
        return None
    try:
        return html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except etree.ParserError:
        return None


def _text(element: etree._Element) -> str:
    return " ".join("".join(t for t in element.itertext() if isinstance(t, str)).split())


def _rows(root: etree._Element, url: str, options: Mapping[str, Any]) -> Iterator[ListRow]:
    if selector := options.get("row"):
        elements: Iterable[etree._Element] = root.cssselect(selector)
    else:
        elements = _largest_group(root, url)
    seen: set[str] = set()
    for element in elements:
        row = _row(element, url, options)
        if row is not None and row.url not in seen:
            seen.add(row.url)
            yield row


def _largest_group(root: etree._Element, url: str) -> list[etree._Element]:
    """The rows that look most like a catalogue: siblings of one shape, each with a link and most with a date."""
    host = urlsplit(url).hostname
    groups: dict[tuple[str, ...], dict[etree._Element, None]] = {}
    for link in root.iter("a"):
        address = absolute(url, link.get("href"))
        if address is None or urlsplit(address).hostname != host or address == url:
            continue
        row = _row_of(link)
        if row is not None:
            groups.setdefault(_shape(row), {})[row] = None
    best: list[etree._Element] = []
    best_score = 0.0
    for group in groups.values():
        rows = [row for row in group if not _inside_another(row, group)]
        dated = sum(bool(_row_date(row)) for row in rows)
        articles = sum(bool(_ARTICLE.search(_href(row) or "")) for row in rows)
        length = sum(min(len(_text(row)), 60) for row in rows) / max(len(rows), 1)
        score = dated * 3 + articles * 2 + (len(rows) * 0.2 if length > 12 else 0)
        if dated + articles and score > best_score:
            best, best_score = rows, score
    return best


def _row_of(link: etree._Element) -> etree._Element | None:
    """The element that is the row of a link: the outermost li/tr…, within which only this document is linked."""
    for ancestor in link.iterancestors(*_ROW_TAGS):
        if ancestor.tag in ("li", "tr", "dd", "dl") or _row_date(ancestor):
            return ancestor
        if sum(1 for _ in ancestor.iter("a")) > 3:
            return None
    return None


def _shape(row: etree._Element) -> tuple[str, ...]:
    parent = row.getparent()
    outer = parent.getparent() if parent is not None else None
    return tuple(
        f"{e.tag}.{e.get('class') or ''}" if e is not None and e is not row else str(row.tag)
        for e in (outer, parent, row)
    )


def _inside_another(row: etree._Element, group: Mapping[etree._Element, None]) -> bool:
    return any(ancestor in group for ancestor in row.iterancestors())


def _row_date(row: etree._Element) -> str | None:
    for piece in row.itertext():
        if isinstance(piece, str) and (found := _DATE.search(piece)):
            return "".join(found.group().split())
    return None


def _own_links(row: etree._Element) -> Iterator[etree._Element]:
    """Links of the row that do not stand in a list nested in it (related interpretations, 解读)."""
    for link in row.iter("a"):
        nested = next((a for a in link.iterancestors() if a is row or a.tag in _NESTED), row)
        if nested is row:
            yield link


def _href(row: etree._Element) -> str | None:
    return next((link.get("href") for link in _own_links(row) if link.get("href")), None)


def _row(element: etree._Element, url: str, options: Mapping[str, Any]) -> ListRow | None:
    links = element.cssselect(options["link"]) if options.get("link") else list(_own_links(element))
    if element.tag == "a" and not links:
        links = [element]
    pairs = [(link, absolute(url, link.get("href"))) for link in links]
    usable = [(link, address) for link, address in pairs if address]
    if not usable:
        return None
    # Of several links in a row the document is the one that looks like an article, then the longest text.
    link, address = max(usable, key=lambda p: (bool(_ARTICLE.search(p[1] or "")), len(_text(p[0]))))
    title = _title(element, link, options)
    date = _selected(element, options.get("date")) or _row_date(element)
    # "查看", "详情": the words of a link are a title only when they name something.
    named = title if title and len(title) >= _SHORTEST_TITLE else None
    hints = {k: v for k, v in (("title", named), ("published_on", date)) if v}
    return ListRow(url=str(address), title=title, hints=hints, row_hash=row_hash(title, date))


def _title(element: etree._Element, link: etree._Element, options: Mapping[str, Any]) -> str | None:
    if options.get("title"):
        return _selected(element, options["title"])
    shown = _DATE.sub("", _text(link)).strip("·•◆[]（）() \u3000")
    full = (link.get("title") or "").strip()
    # The visible text may be cut ("关于印发…的通"), the attribute is whole.
    stem = shown.rstrip(".…")
    return full if full and (not stem or full.startswith(stem) or len(full) > len(shown)) else shown or None


def _selected(element: etree._Element, selector: str | None) -> str | None:
    found = element.cssselect(selector) if selector else []
    return _text(found[0]) or None if found else None


def _with_pinned(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Rows on top that are older than the newest row below them are pinned: 2024-09-20 above rows of 2026."""
    dates = [_number(row.hints.get("published_on")) for row in rows]
    result = list(rows)
    for index, row in enumerate(rows):
        newest_below = max((d for d in dates[index + 1 :] if d is not None), default=None)
        own = dates[index]
        if own is None or newest_below is None or own >= newest_below:
            break
        result[index] = ListRow(
            url=row.url, title=row.title, hints=row.hints, record=row.record, aliases=row.aliases, pinned=True,
            row_hash=row.row_hash,
        )  # fmt: skip
    return tuple(result)


def _number(date: str | None) -> int | None:
    parts = re.findall(r"\d+", date or "")
    return int(parts[0]) * 10_000 + int(parts[1]) * 100 + int(parts[2]) if len(parts) >= 3 else None


def _next(
    root: etree._Element, text: str, url: str, request: PageRequest, catalogue: Catalogue
) -> tuple[PageRequest | None, int | None, bool]:
    """The next page, the number of pages where it is said, and whether the end is unmarked."""
    page = request.page
    if pages := catalogue.options.get("pages"):
        number = int(pages.get("first", 1)) + page - 1
        address = urljoin(catalogue.url, str(pages["pattern"]).replace("{n}", str(number)))
        return _page(address, page + 1), None, True
    if found := _CREATE_PAGE_HTML.search(text):
        total, current, name, suffix = int(found[1]), int(found[2]), found[3], found[4]
        address = urljoin(url, f"{name}_{current + 1}.{suffix}")
        return (_page(address, page + 1) if current + 1 < total else None), total, False
    if (following := _next_link(root, url)) is not None:
        return _page(following, page + 1), None, False
    if found := _CREATE_PAGE.search(text):
        total, current = int(found[1]), int(found[2])
        name, suffix = found[3] or "index", found[4] or "html"
        address = urljoin(url, f"{name}_{current + 1}.{suffix}")
        return (_page(address, page + 1) if current + 1 < total else None), total, False
    return None, None, False


def _page(address: str, number: int) -> PageRequest:
    return PageRequest(url=address, chain="list", page=number)


def _next_link(root: etree._Element, url: str) -> str | None:
    for link in root.iter("a"):
        if "".join(_text(link).split()) in _NEXT_WORDS or "next" in (link.get("class") or "").lower().split():
            address = absolute(url, link.get("href"))
            if address and address.split("#")[0] != url.split("#", maxsplit=1)[0]:
                return address
    return None


PLATFORM = StaticList()
