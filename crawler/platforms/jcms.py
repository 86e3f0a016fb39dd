"""jcms: Hanweb JCMS (大汉), in its three generations of lists.

- jpage: ``/col/colN/index.html`` holds the first records in a datastore; ``/module/web/jpage/dataproxy.jsp`` gives
  the others for a range (``startrecord``, ``endrecord``) and the form that the page's script names, or, where the ids are
  encrypted, at the address that ``<nextgroup>`` offers.
- jpaas: the page names units (``queryData``) that ``/api-gateway/jpaas-publish-server/front/page/build/unit`` renders.
- xxgk: ``/module/xxgk/search.jsp`` gives the information-disclosure catalogue as tables.

Both proxies are known to fail quietly: stubs of 54 bytes, the first page for every number. What is missing then is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree
from pydantic import Field

from crawler.extract.characters.charset import decode
from crawler.extract.links import base_of
from crawler.lists import jpage, next_page
from crawler.lists.jpage import Call, Store, Unit
from crawler.lists.row_groups import text_of
from crawler.lists.rows import RowOptions, parse_html, row_of, rows_in, with_pinned
from crawler.platforms.base import (
    BY_SCRIPT,
    ListError,
    ListPage,
    ListRow,
    Options,
    PageRequest,
    Recognition,
    row_hash,
)
from crawler.sites import Catalogue, Site

_PAGES_OF_A_GROUP = 3  # what jpage loads at once, where the script does not say
_GROUP = 45  # records: three pages of fifteen
_UNIT_ROWS = 20  # asked of the gateway where the page does not say
_SEARCH = "/module/xxgk/search.jsp"
_SEARCH_FORM = (
    "infotypeId", "jdid", "area", "divid", "standardXxgk", "isAllList", "sortfield", "fieldConfigId",
    "fields",
)  # fmt: skip
_PAGES = re.compile(r"共[^\d页]{0,40}(\d+)[^\d页]{0,40}页")


class JcmsOptions(RowOptions):
    """What the page does not tell by itself."""

    unit: str | None = Field(
        default=None,
        description="Which list of the page: the id of its jpage element, or the tagId of its unit",
    )
    form: dict[str, str | int] = Field(
        default_factory=dict,
        description="What dataproxy.jsp, the gateway or search.jsp is sent, beside and over what the page says",
    )
    page_size: int | None = Field(default=None, ge=1, le=200, description="Rows to ask for at once")


class Jcms:
    """See the module."""

    name = "jcms"
    options: type[Options] = JcmsOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """Datastores and jpage calls, units of the gateway, the xxgk module, or an address /col/colN/."""
        column = jpage.COLUMN.search(urlsplit(url).path)
        calls = jpage.lists_among(jpage.read_calls(text), url)
        root = parse_html(text)
        units = jpage.read_units(root) if root is not None else []
        asked = next(jpage.queries(text), None)
        check: list[str] = []
        if calls:
            records = sum(len(call.store.records) for call in calls if call.store)
            reasons = [f"a list of jpage with {records} records in the page"]
            names = [call.unit for call in calls if call.unit]
        elif units:
            reasons, names = (
                [f"a unit of the jpaas gateway: {units[0].tag or 'unnamed'}"],
                [u.tag for u in units],
            )
        elif asked:
            reasons, names = ["the page asks /module/xxgk/"], []
        elif column:
            reasons, names = ["the address is that of a column of JCMS"], []
        else:
            return None
        if len(names) > 1:
            check.append(
                f"the page has several lists ({', '.join(names)}); `unit` chooses another than {names[0]}"
            )
        key = f"col{column[1]}" if column else "list"
        return Recognition(
            confidence=0.95 if calls or units or asked else 0.75,
            catalogues=((key, _column_name(root), _plain(url), {}),),
            reasons=tuple(reasons),
            to_check=tuple(check),
            beside=jpage.meant_as_well(calls, url) if calls else jpage.as_likely(units),
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The column's own page."""
        return PageRequest(url=catalogue.url, chain="list")

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """The column's page, or an answer of one of the proxies."""
        text = decode(body, content_type).text
        options = JcmsOptions.model_validate(catalogue.options)
        match request.state.get("kind"):
            case "records":
                return _records(jpage.read_store(jpage.answered(text)), request, options)
            case "unit":
                return _unit_page(text, request, options)
            case "search":
                return _search_page(text, url, request, options)
            case _:
                return _column_page(text, url, request, options)


def _column_page(text: str, url: str, request: PageRequest, options: JcmsOptions) -> ListPage:
    whole = [Call(None, {}, {}, jpage.read_store(text))] if jpage.is_store(text) else None
    calls = whole or jpage.lists_among(jpage.read_calls(text), url, options.unit)
    if calls:
        return _first_records(calls[0], url, options)
    root = parse_html(text)
    if root is None:
        raise ListError(f"{url}: an empty page where a column of JCMS was expected")
    units = jpage.read_units(root)
    if options.unit is not None and (units or not options.form):
        named = [unit for unit in units if unit.tag == options.unit]
        if not named:
            known = ", ".join(unit.tag for unit in units) or "none"
            raise ListError(f"{url}: the page has no list {options.unit!r}; it has: {known}")
        units = named
    if units:
        return ListPage(branches=(_unit_request(units[0], url, options, [u.tag for u in units]),))
    if asked := list(jpage.queries(text)):
        return ListPage(branches=(_search_request(asked, url, options),))
    url = base_of(root, url)
    rows = tuple(rows_in(root, url, options))
    if not rows:
        raise ListError(
            f"{url}: neither records of jpage, nor a unit of the gateway, nor rows of documents; is the platform really jcms?"
        )
    following, last = next_page.following(root, text, url, request)
    return ListPage(rows=with_pinned(rows) if request.page == 1 else rows, next=following, last_page=last)


# -- jpage -----------------------------------------------------------------------------------------------


def _first_records(call: Call, url: str, options: JcmsOptions) -> ListPage:
    store = call.store or Store(())
    per_page = options.page_size or call.number("perPage")
    group = (call.number("groupSize") or _PAGES_OF_A_GROUP) * per_page if per_page else _GROUP
    form = {**call.form, **{key: str(value) for key, value in options.form.items()}}
    state = {
        "kind": "records", "base": url, "proxy": urljoin(url, call.options.get("proxyUrl") or jpage.DATAPROXY),
        "form": form, "start": 1, "size": max(group, len(store.records)), "per_page": per_page or 15,
        "total": call.number("totalRecord"),
    }  # fmt: skip
    request = PageRequest(url=url, chain="list", state=state)
    if not store.records and state["total"] != 0 and (form.get("unitid") or jpage.is_truecms(form)):
        return ListPage(branches=(_record_request(request, state),))
    return _records(store, request, options, said_empty=state["total"] == 0)


def _records(
    store: Store, request: PageRequest, options: JcmsOptions, *, said_empty: bool = False
) -> ListPage:
    """Rows of a datastore, and where its following records are."""
    state = dict(request.state)
    total = store.total_records if store.total_records is not None else state["total"]
    rows = _record_rows(store, state["base"], options)
    count, start = len(store.records), state["start"]
    if not count:
        if (
            said_empty
            or (total is not None and start > total)
            or (total is None and not state.get("offered"))
        ):
            return ListPage()
        of = f" of {total}" if total else ""
        raise ListError(f"{request.url}: no records from {start} on{of}: dataproxy.jsp answered without any")
    shown = row_hash([row.url for row in rows])
    if shown in (state.get("first"), state.get("before")):
        raise ListError(f"{request.url}: the records from {start} on are those of an earlier range again")
    seen = start - 1 + count
    by_range = jpage.is_ranged(state["form"])
    more = (
        seen < total
        if total is not None
        else count >= state["size"]
        if by_range
        # Without ids the next group is offered; exactly one usual group and no offer is a page that lost its script.
        else bool(store.next_group) or count == _GROUP
    )
    following = None
    if more:
        state |= {
            "start": seen + 1, "total": total, "before": shown, "first": state.get("first") or shown,
            "offered": bool(store.next_group),
        }  # fmt: skip
        following = _record_request(request, state) if by_range else _group_request(store, request, state)
        if following is None:
            raise ListError(
                f"{request.url}: {seen} records of {total or 'more'}, and neither ids (`form: {{columnid: …, unitid: …}}`)"
                " nor <nextgroup> to ask for the others"
            )
    return ListPage(
        rows=with_pinned(rows) if start == 1 else rows, next=following, end_unmarked=total is None
    )


def _record_rows(store: Store, base: str, options: JcmsOptions) -> tuple[ListRow, ...]:
    rows: dict[str, ListRow] = {}
    for record in store.records:
        element = parse_html(record)
        row = row_of(element, base, options) if element is not None else None
        if row is not None:
            rows.setdefault(row.url, row)
    if store.records and not rows:
        raise ListError(f"{base}: {len(store.records)} records, none of which links a document")
    return tuple(rows.values())


def _record_request(request: PageRequest, state: Mapping[str, Any]) -> PageRequest:
    start, size = state["start"], state["size"]
    asked = {"startrecord": start, "endrecord": start + size - 1, "perpage": state["per_page"]}
    form, method = state["form"], "POST"
    if jpage.is_truecms(form):
        asked, form, method = {"callback": "jsonp1", **asked, "contentTemplate": "", **form}, {}, "GET"
    return PageRequest(
        url=f"{state['proxy'].split('?')[0]}?{urlencode(asked)}", chain=request.chain, state=state, method=method,
        page=request.page + 1 if start > 1 else 1, body=urlencode(form).encode(), headers=BY_SCRIPT,
    )  # fmt: skip


def _group_request(store: Store, request: PageRequest, state: Mapping[str, Any]) -> PageRequest | None:
    """The next group where its ids are encrypted: at the address that the datastore offers."""
    if store.next_group is None:
        return None
    # "./dataproxy.jsp?page=5&…" in an answer stands beside the proxy itself.
    beside = request.page > 1 or store.next_group.startswith("./dataproxy")
    url = urljoin(state["proxy"] if beside else state["base"], store.next_group)
    return PageRequest(url=url, chain=request.chain, page=request.page + 1, state=state, headers=BY_SCRIPT)


# -- jpaas gateway ---------------------------------------------------------------------------------------


def _unit_request(unit: Unit, url: str, options: JcmsOptions, tags: list[str]) -> PageRequest:
    query = {"parseType": "bulidstatic", "pageType": "column", "editType": "null", **unit.query}
    query |= {key: str(value) for key, value in options.form.items()}
    state = {
        "kind": "unit", "base": url, "gateway": urljoin(url, unit.url), "query": query, "tags": tags,
        "size": options.page_size or unit.rows or _UNIT_ROWS, "total": unit.count,
    }  # fmt: skip
    return _unit_number(state, 1)


def _unit_number(state: Mapping[str, Any], page: int) -> PageRequest:
    wanted = json.dumps({"pageNo": page, "pageSize": state["size"]}, separators=(",", ":"))
    asked = urlencode({**state["query"], "paramJson": wanted})
    url = f"{state['gateway'].split('?')[0]}?{asked}"
    return PageRequest(url=url, chain="list", page=page, state=state, headers=BY_SCRIPT)


def _unit_page(text: str, request: PageRequest, options: JcmsOptions) -> ListPage:
    markup = _rendered(text, request.url)
    state, page = dict(request.state), request.page
    root = parse_html(markup)
    rows = tuple(rows_in(root, state["base"], options)) if root is not None else ()
    count, shown_rows = jpage.totals(markup)
    total = count if count is not None else state["total"]
    size = max(shown_rows or state["size"], len(rows))
    before = (page - 1) * size
    if not rows:
        if (page > 1 and (total is None or before >= total)) or total == 0:
            return ListPage()
        others = f"; the page's units: {', '.join(state['tags'])} (`unit` chooses)" if page == 1 else ""
        missing = f" of {total}" if total else ""
        raise ListError(f"{request.url}: the gateway rendered no rows from {before + 1} on{missing}{others}")
    shown = row_hash([row.url for row in rows])
    if shown == state.get("first"):
        raise ListError(
            f"{request.url}: the gateway answers page 1 for pageNo {page} too; {total or 'more'} documents are listed,"
            f" {len(rows)} can be seen"
        )
    more = page * size < total if total is not None else len(rows) >= size
    state |= {"size": size, "total": total, "first": state.get("first") or shown}
    return ListPage(
        rows=with_pinned(rows) if page == 1 else rows,
        next=_unit_number(state, page + 1) if more else None,
        end_unmarked=total is None,
    )


def _rendered(text: str, url: str) -> str:
    """``data.html`` of the gateway's answer."""
    try:
        answer = json.loads(text)
        markup = answer["data"]["html"]
    except (ValueError, KeyError, TypeError) as error:
        raise ListError(f"{url}: expected JSON with data.html, as the jpaas gateway answers") from error
    if answer.get("success") is False:
        raise ListError(f"{url}: the gateway refused: {answer.get('message') or answer.get('code')}")
    return str(markup or "")


# -- xxgk ------------------------------------------------------------------------------------------------


def _search_request(asked: list[str], url: str, options: JcmsOptions) -> PageRequest:
    """The catalogue of the xxgk module, with what the page's own addresses (tree.jsp, search.jsp) say."""
    said: dict[str, str] = {}
    for address in asked:
        said |= {key: value for key, value in parse_qsl(urlsplit(address).query) if key in _SEARCH_FORM}
    form = {"infotypeId": "", **said, **{key: str(value) for key, value in options.form.items()}}
    state = {"kind": "search", "base": url, "form": form, "search": urljoin(url, _SEARCH)}
    return _search_number(state, 1)


def _search_number(state: Mapping[str, Any], page: int) -> PageRequest:
    form = urlencode({**state["form"], "currpage": page})
    # The module reads the page's number from the address or from the form, which differs between its versions.
    url = f"{state['search']}?currpage={page}"
    return PageRequest(
        url=url, chain="list", page=page, state=state, method="POST", body=form.encode(), headers=BY_SCRIPT
    )


def _search_page(text: str, url: str, request: PageRequest, options: JcmsOptions) -> ListPage:
    root = parse_html(text)
    rows = tuple(rows_in(root, url, options)) if root is not None else ()
    found = _PAGES.search(text_of(root)) if root is not None else None
    last = int(found[1]) if found else None
    state, page = dict(request.state), request.page
    shown = row_hash([row.url for row in rows])
    if page > 1 and shown == state.get("first") and last is not None:
        raise ListError(f"{url}: search.jsp answers page 1 for page {page} too; the list has {last} pages")
    if not rows and page == 1:
        raise ListError(
            f"{url}: search.jsp gave no rows; `form` says what it is sent (infotypeId, jdid, area, divid)"
        )
    state["first"] = state.get("first") or shown
    more = page < last if last is not None else bool(rows)
    return ListPage(
        rows=with_pinned(rows) if page == 1 else rows,
        next=_search_number(state, page + 1) if more and rows else None,
        last_page=last,
        end_unmarked=last is None,
    )


# -- naming ----------------------------------------------------------------------------------------------


def _column_name(root: etree._Element | None) -> str | None:
    """The column's name as the guideline's meta tag gives it."""
    for tag in root.iter("meta") if root is not None else ():
        if (tag.get("name") or "").lower() == "columnname" and (tag.get("content") or "").strip():
            return str(tag.get("content")).strip()
    return None


def _plain(url: str) -> str:
    """A column's address without what its script adds: ?uid=403740&pageNum=2."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ("uid", "pageNum")]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))


PLATFORM = Jcms()
