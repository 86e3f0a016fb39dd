"""label_table: a catalogue as a plain HTML table whose pages are asked for by a query or a form.

The columns' headings (索引号, 名称, 文号, 发布日期 …) make each row a record, which the document's own page completes. Rows may
open their documents by a click (``onclick="show('2303-…')"``), and pages may be asked for by functions and forms of the page
(``gotopage(2)``, ``__doPostBack``, a submit button 下一页). What a page's own scripts do not say stands in the options.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, Self

from lxml import etree
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crawler.extract.characters.charset import decode
from crawler.extract.links import base_of
from crawler.lists import first_page, form_pagers, list_sizes, next_page, script_pagers, shown_in_parts
from crawler.lists.like import Like
from crawler.lists.records import FieldName
from crawler.lists.rows import RowOptions, parse_html, rows_in, rows_like, with_pinned
from crawler.lists.table_rows import Table, find_table, table_rows
from crawler.lists.wrapped import unwrapped
from crawler.lists.year_lists import LIVELY, with_months, without_years, years_beyond, years_linked
from crawler.paging import FormValue, Paging, Sender
from crawler.platforms.base import ListError, ListPage, ListRow, PageRequest, Recognition
from crawler.scripts.calls import Functions
from crawler.scripts.written import with_written
from crawler.sites import Catalogue, Site

_CHAIN = "list"
_BY_FORM = 0.9  # pages that only a form brings: no other platform goes on from them
_BY_CLICK = 0.85
_HEADINGS = 0.75


def _label(value: str) -> str:
    clean = "".join(value.split()).rstrip(":：")
    if not clean:
        raise ValueError("expected the label of a column")
    return clean


Label = Annotated[str, AfterValidator(_label)]


FunctionName = Annotated[str, Field(pattern=r"^[A-Za-z_$][\w$.]*$")]
Opened = Annotated[str, Field(pattern=r"^[^{}\s]*(?:\{[1-9]\}[^{}\s]*)+$")]


class TablePaging(BaseModel):
    """How further pages are asked for, where the page's own links, forms and functions do not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="Parameter or form field that holds the page's number")
    by: Literal["page", "offset"] = Field(
        default="page", description="What it holds: a number, or a count of rows to skip"
    )
    send: Literal["query", "form"] = Field(default="query", description="Where it is sent")
    first: int = Field(default=1, ge=0, description="Number of the first page")
    size: int | None = Field(default=None, ge=1, description="Rows of a page")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.by == "offset" and self.size is None:
            raise ValueError("by: offset needs `size`, the rows of a page")
        return self


class LabelTableOptions(RowOptions):
    """Where the rows are, what their cells mean, how pages are asked for."""

    columns: tuple[str, ...] = Field(
        default=(), description="Labels of a row's cells in order, where the table has no headings"
    )
    fields: dict[Label, FieldName] = Field(
        default_factory=dict, description="Heading of a column → field of the record"
    )
    paging: TablePaging | None = Field(default=None, description="How further pages are asked for")
    form: dict[str, FormValue] | None = Field(
        default=None, description="What is sent as a form with every page, the first included"
    )
    clicks: dict[FunctionName, Opened] = Field(
        default_factory=dict,
        description="Function of a script in another file → what it opens, its arguments by their places: `/show.do?id={1}`",
    )


class LabelTable:
    """See the module."""

    name = "label_table"
    options = LabelTableOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Rows under headings, or pages that a form asks for."""
        text = with_written(text)
        root = parse_html(text)
        if root is None:
            return None
        page, url = url, base_of(root, url)
        functions = Functions(text, root, page)
        years = years_linked(root, url)
        table = find_table(root, url, functions)
        rows = without_years(_rows(root, url, table, functions, LabelTableOptions())[0], years)
        request = PageRequest(url=page, chain=_CHAIN)
        linked, _ = next_page.following(root, text, url, request)
        sent, last = (
            form_pagers.following(root, functions, url, request, None) if linked is None else (None, None)
        )
        by_click = not any(True for _ in rows_in(root, url, RowOptions()))
        if not rows or not (table.labels or by_click or sent is not None):
            return None
        reasons = [
            f"{len(rows)} rows" + (f" under {'、'.join(filter(None, table.labels))}" if table.labels else "")
        ]
        if sent is not None:
            reasons.append("further pages are asked for by a form" + (f" ({last} of them)" if last else ""))
        if by_click:
            reasons.append("rows open by a click")
        if branches := years_beyond(years, rows, request, is_last=linked is None and sent is None):
            reasons.append(f"{len(branches)} years or months with lists of their own")
        static = linked is not None and "?" not in linked.url
        if static and not by_click:
            return None  # pages at addresses of their own are static_list's, whatever stands above the rows
        return Recognition(
            confidence=_BY_FORM if sent is not None else _BY_CLICK if by_click else _HEADINGS,
            catalogues=(("list", None, page, {}),),
            reasons=tuple(reasons),
            branches=bool(branches),
            to_check=() if table.labels else ("no headings were found: `columns` names the cells",),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The catalogue's own address; what ``form`` states is sent with it."""
        options = LabelTableOptions.model_validate(catalogue.options)
        if options.form is None:
            return PageRequest(url=catalogue.url, chain=_CHAIN)
        return replace(_sender(catalogue, options).page(_number(options, 1), page=1), chain=_CHAIN)

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Rows and next page. A table without rows is a valid one only beyond the first page."""
        decoded = decode(body, content_type)
        text = with_written(unwrapped(decoded.text))
        root = parse_html(text)
        options = LabelTableOptions.model_validate(catalogue.options)
        if root is None and options.paging is not None and request.page > 1:
            # No rows are loaded beyond the last page, not even a list without any.
            return ListPage(end_unmarked=True)
        if root is None:
            raise ListError(f"{url}: an empty page where a table was expected")
        functions, url = Functions(text, root, url, options.clicks), base_of(root, url)
        table = find_table(root, url, functions, options.row)
        years = years_linked(root, url)
        like = first_page.like_of(request)
        found, like = _rows(root, url, table, functions, options, like)
        rows = without_years(found, years)
        if not rows and request.page == 1 and request.chain != _CHAIN:
            return ListPage()  # a year of an archive in which nothing was published
        if not rows and request.page == 1:
            raise ListError(
                f"{url}: no row of documents found; give `options: {{row: …}}`, and `columns` where it has no headings"
            )
        if options.paging is not None:
            asked = _sender(catalogue, options).page(
                _number(options, request.page + 1), page=request.page + 1
            )
            asked = replace(asked, chain=request.chain, state=request.state)
            total = list_sizes.rows_stated(root, text, len(rows))
            return ListPage(
                rows=with_pinned(rows), next=asked if rows else None, end_unmarked=True, total=total
            )
        following, last = next_page.following(root, text, url, request)
        if following is None:
            following, said = form_pagers.following(root, functions, url, request, decoded.encoding)
            last = last or said
        first_page.check(root, rows, request)
        total = list_sizes.rows_stated(root, text, len(rows))
        if following is None and rows:
            last = last or list_sizes.pages_beyond(root, text, rows, request)
        if shown_in_parts.all_here(
            root, text, request, len(rows), total, last, leads_on=following is not None
        ):
            following, last = None, 1
        elif following is None and rows:
            following, last = script_pagers.following(root, text, url, request, len(rows), total, last)
        following = first_page.remembered(following, like) if rows else None
        of_all_years = request.chain == _CHAIN
        branches = years_beyond(years, rows, request, is_last=following is None) if of_all_years else ()
        branches = with_months(branches, root, url, rows, request, is_last=following is None)
        pinned = with_pinned(rows)
        return ListPage(
            rows=pinned, next=following, branches=branches, lively=LIVELY, last_page=last,
            total=total, shown=sum(not row.pinned for row in pinned),
        )  # fmt: skip


def _rows(
    root: etree._Element,
    url: str,
    table: Table,
    functions: Functions,
    options: LabelTableOptions,
    like: Like | None = None,
) -> tuple[tuple[ListRow, ...], Like | None]:
    """The rows of the table; of a page without one, the largest group of dated links, and what those look like."""
    columns = tuple(_label(column) if column.strip() else "" for column in options.columns)
    found = tuple(table_rows(table, url, functions, options, columns))
    if any(row.record for row in found):
        return found, None
    linked, seen = rows_like(root, url, options, like)
    return (linked, seen) if like is not None or len(linked) >= len(found) else (found, None)


def _number(options: LabelTableOptions, page: int) -> int:
    return (options.paging.first if options.paging is not None else 1) + page - 1


def _sender(catalogue: Catalogue, options: LabelTableOptions) -> Sender:
    paging = options.paging
    if paging is None:
        return Sender(catalogue.url, Paging(by="none"), form=options.form)
    stated = Paging(by=paging.by, name=paging.name, send=paging.send, first=paging.first, size=paging.size)
    return Sender(catalogue.url, stated, form=options.form)


PLATFORM = LabelTable()
