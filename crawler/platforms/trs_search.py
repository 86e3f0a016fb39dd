"""trs_search: policy libraries on TRS's search servers, IGS (``/igs/front/search/list.html?…``) and SSP
(``/ssp/search/api/apiSearch?…``).

The catalogue's address is the one that the library's own page asks, with its filters: index, type, filter[…], siteId.
IGS answers ``{"page": {"content": […], "total", "totalPages", "pageNumber"}}`` and takes ``pageNumber`` and
``pageSize``; SSP answers ``{"datas": […], "page": {"pagecount", "recordcount", "rows"}}`` and takes ``page`` and
``datas``. Rows name their document in DOCPUBURL. IGS serves 1,000 pages at most, whatever its total: narrow the filter
(by year, by channel) where the collection says that the site shows fewer rows than it has.

Options of a catalogue, all optional: ``first``, ``size``, ``fields``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from crawler.json_paths import JsonPath
from crawler.lists.json_listing import Listing, first_page, list_page
from crawler.lists.records import FieldName, RowShape, read_json
from crawler.paging import Paging, Sender
from crawler.platforms.base import ListError, ListPage, Options, PageRequest, Recognition
from crawler.sites import Catalogue, Site

_ADDRESS = "address"
_ADDRESS_KEYS = ("DOCPUBURL", "docpuburl", "DOCURL", "docurl", "chnldocurl", "PUBURL", "puburl", "url", "URL")
# SSP's pubdate is the document's own date; crtime, opertime and docreltime are those of the web page.
_RENAMED = {"pubdate": "pubdate_document"}
# Codes of the server's own (0, 1), and what search adds.
_NO_FACTS = ("YXX", "Effectivestate", "AVAILABLE", "_doctitle", "docpeople", "template", "modal", "docstatus")


class TrsSearchOptions(Options):
    """What the address does not say."""

    first: int | None = Field(
        default=None, ge=0, description="Number of the first page, where the address does not state it"
    )
    size: int | None = Field(default=None, ge=1, le=500, description="Rows of a page to ask for")
    fields: dict[JsonPath, FieldName] = Field(
        default_factory=dict,
        description="Key of a row → field of the record, for keys that config/fields.yml does not know",
    )


class TrsSearch:
    """See the module."""

    name = "trs_search"
    options = TrsSearchOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """The address of a search server, or an answer of its shape."""
        path = urlsplit(url).path
        try:
            value = read_json(text.encode(), "application/json; charset=utf-8", url)
        except ListError:
            value = None
        kind = _kind(value)
        if kind is None:
            return None
        known = "/igs/front/search" in path or "/ssp/search/api" in path
        return Recognition(
            confidence=0.97 if known else 0.8,
            catalogues=(("library", None, url, {}),),
            reasons=(f"an answer of TRS {kind.upper()}",),
            to_check=("do the filters of the address (index, type, siteId) choose what you want to follow?",),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The first page."""
        return first_page(_sender(catalogue))

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Rows of an answer of either server."""
        value = read_json(body, content_type, url)
        kind = _kind(value)
        if kind is None:
            said = f" ({value.get('msg') or value.get('message')})" if isinstance(value, dict) else ""
            raise ListError(f"{url}: expected `page.content` (TRS IGS) or `datas` (TRS SSP){said}")
        options = TrsSearchOptions.model_validate(catalogue.options)
        shape = RowShape(url=_ADDRESS, fields=options.fields, renamed=_RENAMED if kind == "ssp" else {})
        listing = Listing(
            rows=("page.content", "datas"), shape=shape,
            total=("page.total", "page.totalElements", "page.recordcount"),
            last_page=("page.totalPages", "page.pagecount"),
            size=("page.pageSize", "page.size", "page.rows"),
        )  # fmt: skip
        _prepare(value)
        return list_page(value, url, request, listing, _sender(catalogue))


def _kind(value: Any) -> str | None:
    if not isinstance(value, dict) or value.get("error") is True:
        return None
    page = value.get("page")
    if isinstance(page, dict) and "content" in page:
        return "igs"
    return "ssp" if "datas" in value and isinstance(page, dict) else None


def _prepare(value: dict[str, Any]) -> None:
    """Give every row its address under one key, and take away what says nothing of the document."""
    rows = value["page"].get("content") or value.get("datas") or []
    for row in rows:
        if not isinstance(row, dict):
            continue
        address = next(
            (row[k] for k in _ADDRESS_KEYS if isinstance(row.get(k), str) and row[k].strip()), None
        )
        for key in _NO_FACTS:
            row.pop(key, None)
        if address is not None:
            row[_ADDRESS] = address


def _sender(catalogue: Catalogue) -> Sender:
    options = TrsSearchOptions.model_validate(catalogue.options)
    ssp = "/ssp/" in urlsplit(catalogue.url).path
    return Sender(
        catalogue.url,
        Paging(
            name="page" if ssp else "pageNumber", first=options.first, size=options.size,
            size_name=("datas" if ssp else "pageSize") if options.size else None,
        ),
    )  # fmt: skip


PLATFORM = TrsSearch()
