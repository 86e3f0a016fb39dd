"""static_list: catalogues published as static HTML pages (TRS WCM and its many relatives).

Rows are found by the site file's selectors, or as the largest group of dated links on the page. The next
page is found from ``createPageHTML(N, current, "index", "html")``, ``createPage(N, current, …)``, a 下一页 link,
or the site file's pattern.

Options of a catalogue, all optional: ``row``, ``link``, ``title``, ``date`` (CSS), ``pages: {pattern: "index_{n}.html",
first: 1}`` where ``first`` is the number of the second page.
"""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field

from crawler import pagers
from crawler.extract.charset import decode
from crawler.platforms.base import ListError, ListPage, PageRequest, Recognition
from crawler.rows import RowOptions, parse_html, rows_in, with_pinned
from crawler.sites import Catalogue, Site


class NumberedPages(BaseModel):
    """Addresses of the further pages of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str = Field(
        pattern=r"\{n\}", description='Address of a page relative to the first, with {n}: "index_{n}.html"'
    )
    first: int = Field(default=1, ge=0, description="The number that the second page has")


class StaticListOptions(RowOptions):
    """Where the rows and pages are, when the platform does not find them by itself."""

    pages: NumberedPages | None = Field(default=None, description="Addresses of the further pages")


class StaticList:
    """See the module."""

    name = "static_list"
    options = StaticListOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Dated rows of links, of which a pager makes it surer."""
        root = parse_html(text)
        rows = tuple(rows_in(root, url, RowOptions())) if root is not None else ()
        if root is None or not rows:
            return None
        catalogue = Catalogue(key="list", url=url)
        following, last, _ = _next(root, text, url, PageRequest(url=url, chain="list"), catalogue, None)
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
        root = parse_html(text)
        if root is None:
            raise ListError(f"{url}: an empty page where a list was expected")
        options = StaticListOptions.model_validate(catalogue.options)
        rows = tuple(rows_in(root, url, options))
        if not rows and request.page == 1:
            raise ListError(f"{url}: no row of documents found; give `options: {{row: …}}` in the site file")
        following, last, unmarked = _next(root, text, url, request, catalogue, options.pages)
        return ListPage(
            rows=with_pinned(rows), next=following if rows else None, last_page=last, end_unmarked=unmarked
        )


def _next(
    root: etree._Element,
    text: str,
    url: str,
    request: PageRequest,
    catalogue: Catalogue,
    pages: NumberedPages | None,
) -> tuple[PageRequest | None, int | None, bool]:
    """The next page, the number of pages where it is said, and whether the end is unmarked."""
    if pages is not None:
        number = pages.first + request.page - 1
        address = urljoin(catalogue.url, pages.pattern.replace("{n}", str(number)))
        return pagers.numbered(address, request.page + 1), None, True
    return *pagers.following(root, text, url, request), False


PLATFORM = StaticList()
