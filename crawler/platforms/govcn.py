"""govcn: the State Council's policy library (政策文件库), ``/data?t=zhengcelibrary_…`` of the search host.

Answers ``{"searchVO": {"catMap": {"gongwen": {"listVO": […], "totalCount"}, "bumenfile": {…}}}}`` where several
libraries are asked at once (``t=zhengcelibrary_gw_bm``), and ``{"searchVO": {"listVO": […], "totalCount"}}`` for one;
the newer host answers the same under ``/search-gov/data``. ``p`` is the page and ``n`` the rows of each library. Titles
hold <em> and <br/>. Host and library are stated by the catalogue's address.

Options of a catalogue, all optional: ``libraries``, ``size``, ``fields``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from crawler.json_paths import JsonPath
from crawler.lists.json_listing import Listing, first_page, list_page
from crawler.lists.records import FieldName, RowShape, read_json
from crawler.paging import Paging, Sender, query_value
from crawler.platforms.base import ListError, ListPage, Options, PageRequest, Recognition
from crawler.sites import Catalogue, Site

# Of a row, what says something of the document; the rest is empty or of the search.
_FACTS = ("id", "title", "pubtimeStr", "pubtime", "ptime", "url", "pcode", "index", "puborg", "childtype", "source",
          "summary", "subjectword", "colname")  # fmt: skip


class GovcnOptions(Options):
    """Which libraries of the answer, and how many rows at once."""

    libraries: tuple[str, ...] = Field(
        default=(),
        description="Keys under catMap to take: gongwen, bumenfile, otherfile, gongbao; without it, all",
    )
    size: int | None = Field(default=None, ge=1, le=100, description="Rows of a page to ask for (`n`)")
    fields: dict[JsonPath, FieldName] = Field(
        default_factory=dict,
        description="Key of a row → field of the record, for keys that config/fields.yml does not know",
    )


class Govcn:
    """See the module."""

    name = "govcn"
    options = GovcnOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """``searchVO`` in the answer; ``zhengcelibrary`` in the address makes it sure."""
        try:
            value = read_json(text.encode(), "application/json; charset=utf-8", url)
        except ListError:
            return None
        if not isinstance(value, dict) or not isinstance(value.get("searchVO"), dict):
            return None
        library = (query_value(url, "t") or "").startswith("zhengcelibrary")
        return Recognition(
            confidence=0.98 if library else 0.85,
            catalogues=(("library", "政策文件库", url, {}),),
            reasons=("an answer with searchVO" + (" of a zhengcelibrary" if library else ""),),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The first page."""
        return first_page(_sender(catalogue))

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """Rows of all libraries of the answer; the walk ends with the longest of them."""
        value = read_json(body, content_type, url)
        found = value.get("searchVO") if isinstance(value, dict) else None
        if not isinstance(found, dict):
            said = f": {value.get('msg') or value.get('message') or ''}" if isinstance(value, dict) else ""
            raise ListError(f"{url}: expected `searchVO`, as the policy library answers{said}")
        options = GovcnOptions.model_validate(catalogue.options)
        parts = list(_libraries(found, options.libraries))
        if not parts:
            raise ListError(f"{url}: searchVO has neither listVO nor a library of catMap to take")
        rows = [
            {k: row[k] for k in _FACTS if row.get(k) not in (None, "")}
            for part in parts
            for row in _rows(part)
        ]
        longest = max(_count(part) for part in parts)
        size = (
            options.size
            or _whole(query_value(catalogue.url, "n"))
            or _whole(found.get("pageSize"))
            or len(rows)
        )
        answer = {
            "rows": rows, "total": sum(_count(part) for part in parts), "size": size,
            "pages": max(1, -(-longest // size)) if size else 1,
        }  # fmt: skip
        listing = Listing(
            rows=("rows",), shape=RowShape(url="url", fields=options.fields), total=("total",), last_page=("pages",),
            size=("size",),
        )  # fmt: skip
        return list_page(answer, url, request, listing, _sender(catalogue))


def _libraries(found: dict[str, Any], wanted: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The parts of searchVO that hold rows: the libraries of catMap, or searchVO itself."""
    groups = found.get("catMap")
    if isinstance(groups, dict) and groups:
        yield from (
            part for key, part in groups.items() if isinstance(part, dict) and (not wanted or key in wanted)
        )
    elif isinstance(found.get("listVO"), list):
        yield found


def _rows(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in part.get("listVO") or [] if isinstance(row, dict)]


def _count(part: dict[str, Any]) -> int:
    return _whole(part.get("totalCount")) or 0


def _whole(value: object) -> int | None:
    return int(str(value)) if value is not None and str(value).isdecimal() and int(str(value)) else None


def _sender(catalogue: Catalogue) -> Sender:
    size = GovcnOptions.model_validate(catalogue.options).size
    return Sender(catalogue.url, Paging(name="p", size=size, size_name="n" if size else None))


PLATFORM = Govcn()
