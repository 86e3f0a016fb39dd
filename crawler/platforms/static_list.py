"""static_list: catalogues published as static HTML pages (TRS WCM and its many relatives).

Rows are found by the site file's selectors, or as the largest group of dated links on the page. The next
page is found from ``createPageHTML(N, current, "index", "html")``, ``createPage(N, current, …)``, a 下一页 link,
or the site file's pattern.

Rows that scripts write into the page (``document.writeln``) are read as what they write, and rows that they hold as data
(``var listData = {articleList: […]}``) as a list, where the page shows none. A page without rows that leads
on to another, or that holds one in a frame, stands for that one. A page that links years (2026年, 2025年 …) each with a
list of its own is an archive: the years that its own rows do not reach are walked as well. With ``issues`` each row is a
list: that of an issue of a gazette.

Options of a catalogue, all optional: ``row``, ``link``, ``title``, ``date`` (CSS), ``pages: {pattern: "index_{n}.html",
first: 1}`` where ``first`` is the number of the second page.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from urllib.parse import urljoin

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field

from archive.identity import url_key
from crawler.extract.characters.charset import decode
from crawler.extract.links import base_of
from crawler.lists import first_page, list_sizes, next_page, pagers, script_pagers, shown_in_parts, signposts
from crawler.lists.inline_lists import INLINE, SHOWN, with_inline
from crawler.lists.like import Like
from crawler.lists.row_groups import ISSUE
from crawler.lists.rows import RowOptions, parse_html, rows_in, rows_like, with_pinned
from crawler.lists.year_lists import (
    FEWEST_YEARS,
    LIVELY,
    is_of_year,
    newest_issues_first,
    unlink_issues,
    with_months,
    without_years,
    years_beyond,
    years_linked,
)
from crawler.outcomes import led_home, same_host
from crawler.platforms.base import ListError, ListPage, PageRequest, Recognition, row_hash
from crawler.scripts.written import with_written
from crawler.sites import Catalogue, Site

_CHAIN = "list"
_NO_WAY_ON = 0.55
_LED = ">"  # the end of the name of a chain that another page leads to
_MOST_JUMPS = 3
_MOST_FRAMES = 4


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
    issues: bool = Field(
        default=False,
        description="Whether each row is a list itself, such as an issue of a gazette: its rows are the documents",
    )


class StaticList:
    """See the module."""

    name = "static_list"
    options = StaticListOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Dated rows of links, of which a pager makes it surer; or years, each with a list of its own."""
        text, root, options = _page(text, url, RowOptions())
        if root is None:
            return None
        base = base_of(root, url)
        years = years_linked(root, base)
        rows = without_years(tuple(rows_in(root, base, options)), years)
        if not rows and len(years) < FEWEST_YEARS:
            return None
        request = PageRequest(url=url, chain=_CHAIN)
        following, last, _ = _next(root, text, base, request, None)
        dated = sum(row.day is not None for row in rows)
        reasons = [f"{len(rows)} rows of links, {dated} of them dated"] if rows else []
        if following is None and rows:
            total = list_sizes.rows_stated(root, text, len(rows))
            following, said = script_pagers.following(root, text, base, request, len(rows), total, last)
            last = said if following is not None else last
        paged = following is not None or last is not None
        if paged:
            reasons.append("a pager" + (f" of {last} pages" if last else ""))
        if branches := years_beyond(years, rows, request, is_last=following is None):
            reasons.append(f"{len(branches)} years or months with lists of their own")
        return Recognition(
            # Where no way leads on from the first of several pages, a script may ask for them.
            confidence=0.5 if not paged else 0.7 if following is not None or last == 1 else _NO_WAY_ON,
            catalogues=(("list", None, url, {}),),
            reasons=tuple(reasons),
            branches=bool(branches),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The catalogue's own address."""
        return PageRequest(url=catalogue.url, chain=_CHAIN, page=1)

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Rows and next page of one list page. An empty list is a valid one only beyond the first page."""
        options = StaticListOptions.model_validate(catalogue.options)
        seen = first_page.like_of(request)
        text, root, where = _page(decode(body, content_type).text, url, options, seen)
        if root is None:
            raise ListError(f"{url}: an empty page where a list was expected")
        _held = list(root.iter())
        url = base_of(root, url)
        years = years_linked(root, url)
        of_all_years = request.chain.rstrip(_LED) == _CHAIN
        is_index = options.issues and (of_all_years or is_of_year(request))
        if options.issues and not is_index:
            unlink_issues(root)
        listed, like = rows_like(root, url, where, seen)
        rows = without_years(listed, years)
        if not rows and request.page == 1:
            branches = years_beyond(years, rows, request, is_last=True) if of_all_years else ()
            branches = branches or _led_on(text, root, url, request)
            if not branches and years and not of_all_years:
                return ListPage()  # a year of an archive in which nothing was published
            if not branches:
                raise ListError(
                    f"{url}: no row of documents found; give `options: {{row: …}}` in the site file"
                )
            return ListPage(branches=branches, lively=LIVELY if years else None)
        following, last, unmarked = _next(root, text, url, request, options.pages)
        first_page.check(root, rows, request)
        total = list_sizes.rows_stated(root, text, len(rows))
        if following is None and rows:
            last = last or list_sizes.pages_beyond(root, text, rows, request)
        if _all_held(root, len(rows), last) or shown_in_parts.all_here(
            root, text, request, len(rows), total, last, leads_on=following is not None
        ):
            following, last = None, 1
        elif following is None and rows:
            following, last = script_pagers.following(root, text, url, request, len(rows), total, last)
        following = first_page.remembered(following, like) if rows else None
        is_index = is_index and (of_all_years or any(ISSUE.match(row.title or "") for row in rows))
        rows = newest_issues_first(rows) if is_index else rows
        branches = years_beyond(years, rows, request, is_last=following is None) if of_all_years else ()
        branches = with_months(branches, root, url, rows, request, is_last=following is None)
        if is_index:
            issues = [PageRequest(url=row.url, chain=f"{request.chain}-i{row_hash(row.url)}") for row in rows]
            return ListPage(
                next=following, branches=(*issues, *branches), last_page=last, end_unmarked=unmarked,
                lively=min(LIVELY, len(issues)),
            )  # fmt: skip
        pinned = with_pinned(rows)
        return ListPage(
            rows=pinned, next=following, branches=branches, lively=LIVELY, last_page=last, end_unmarked=unmarked,
            total=total, shown=sum(not row.pinned for row in pinned),
        )  # fmt: skip


def _page(
    text: str, url: str, options: RowOptions, like: Like | None = None
) -> tuple[str, etree._Element | None, RowOptions]:
    """The page with the rows that its scripts write, and those that they hold where it shows none, or only the first of them.

    Also where the rows are. On further pages none are taken from data unless those of the first page were.
    """
    text = with_written(text)
    root = parse_html(text)
    if root is None or options.row or (like is not None and f"ul.{INLINE}" not in like.shape):
        return text, root, options
    base = base_of(root, url)
    shown = cache(lambda: [row.url for row in rows_in(root, base, options)])
    held = with_inline(text, base, shown)
    if held is text:
        return text, root, options
    if shown():  # of the two lists on the page now
        options = options.model_copy(update={"row": f"ul.{INLINE} > li"})
    return held, parse_html(held), options


def _all_held(root: etree._Element, rows: int, last: int | None) -> bool:
    """Whether the rows that the page holds as data are those of all pages, of which it shows the first."""
    held = root.find(f".//ul[@class='{INLINE}']")
    shown = int(held.get(SHOWN) or 0) if held is not None else 0
    return last is not None and shown > 0 and rows > (last - 1) * shown


def _next(
    root: etree._Element, text: str, url: str, request: PageRequest, pages: NumberedPages | None
) -> tuple[PageRequest | None, int | None, bool]:
    """The next page, the number of pages where it is said, and whether the end is unmarked."""
    if pages is not None:
        first = request.state.get("first_page") or url
        number = pages.first + request.page - 1
        address = urljoin(first, pages.pattern.replace("{n}", str(number)))
        following = pagers.numbered(address, request)
        return replace(following, state={**request.state, "first_page": first}), pagers.pages_said(root), True
    return *next_page.following(root, text, url, request), False


# -- pages that stand for another --------------------------------------------------------------------------


def _led_on(text: str, root: etree._Element, url: str, request: PageRequest) -> tuple[PageRequest, ...]:
    """The list that a page without rows stands for: where it leads on to, or the frame that holds it.

    Of several frames the first one that is a list is meant.
    """
    if request.chain.count(_LED) >= _MOST_JUMPS:
        return ()
    target = signposts.leads_on(text, root, url)
    targets = [target] if target else signposts.frames(root, url)[:_MOST_FRAMES]
    chain = request.chain + _LED
    wanted = [t for t in targets if same_host(url, t) and not led_home(url, t) and url_key(t) != url_key(url)]
    asked: PageRequest | None = None
    for address in reversed(wanted):
        asked = PageRequest(url=address, chain=chain, optional=asked is not None, otherwise=asked)
    return (asked,) if asked is not None else ()


PLATFORM = StaticList()
