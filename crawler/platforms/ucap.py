"""ucap: UCAP and hycloud (开普云, 海云), as static pages or as the JSON that their pages' scripts ask for.

- searchList: ``/searchList/{channel}?_isAgg=true&_isJson=true…&page=N`` (also under ``/common/search/``, and
  ``/getFileListByCodeId`` by POST) answers with ``results`` whose ``domainMetaList`` holds the labels of each document.
- irs: ``/irs/front/list`` and ``/irs/front/search`` take a query as JSON and answer with rows whose keys may say nothing
  (``f_202121837479``); ``fields`` says what they mean.
- static: list.shtml, list_2.shtml … with ``createPageHTML('page_div', 10, 1, 'list', 'shtml', 189)``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pydantic import AfterValidator, Field

from archive.model import FIELD
from crawler.extract.characters.charset import decode
from crawler.extract.links import absolute, base_of
from crawler.extract.markup import TAG
from crawler.lists import called_pagers, first_page, next_page
from crawler.lists.jpage import pairs
from crawler.lists.rows import RowOptions, parse_html, rows_like, with_pinned
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

_CHANNEL = re.compile(
    r"<meta\s[^>]{0,80}name\s*=\s*[\"']channel_?id[\"'][^>]{1,80}content\s*=\s*[\"']([0-9a-zA-Z-]{6,40})[\"']"
    r"|/(?:searchList|common/search)/([0-9a-f]{32})|\bchannelId[\"']?\s*[:=]\s*[\"']([0-9a-f]{32})[\"']",
    re.IGNORECASE,
)
_APIS = ("/searchList/", "/common/search/", "/getFileListByCodeId")
_IRS = re.compile(r"/irs/front/(?:list|search)\b")
_PAGE_SIZE = 50
# Keys of a row that say what the document is; the others are its text, and marks of the index.
_STABLE = (
    "manuscriptId", "title", "subTitle", "url", "channelName", "publishedTimeStr", "source", "author", "resList",
)  # fmt: skip
_LONGEST = 500  # characters of a value that is a field; longer ones are the text
_AS_JSON = {**BY_SCRIPT, "Content-Type": "application/json;charset=UTF-8"}


def _field(value: str) -> str:
    if value not in FIELD:
        raise ValueError(f"no field of the record; fields: {', '.join(FIELD)}")
    return value


class UcapOptions(RowOptions):
    """What the page does not tell by itself."""

    channel: str | None = Field(
        default=None,
        description="Id of the channel that the API lists; without it, the one that the page names",
    )
    path: str | None = Field(
        default=None,
        pattern="^/",
        description="Path of the API, with {channel}: /searchList/{channel}, /common/search/{channel}, /irs/front/list",
    )
    request: dict[str, Any] = Field(
        default_factory=dict, description="What the API is sent: the query of searchList, the JSON of irs"
    )
    page_size: int = Field(default=_PAGE_SIZE, ge=1, le=200, description="Rows to ask for at once")
    fields: dict[str, Annotated[str, AfterValidator(_field)]] = Field(
        default_factory=dict, description="Key of the API's rows → field of the record"
    )
    body: bool = Field(
        default=False, description="Keep the text that the API gives, for documents whose pages hold none"
    )


class Ucap:
    """See the module."""

    name = "ucap"
    options: type[Options] = UcapOptions

    def recognise(self, text: str, url: str) -> Recognition | None:
        """The addresses of UCAP's APIs, its channel's id, its pager, or an answer of its API."""
        check: tuple[str, ...] = ()
        if text.lstrip()[:1] in ("{", "["):
            if "domainMetaList" not in text:
                return None
            confidence, reason = 0.95, "rows with domainMetaList"
        elif found := _IRS.search(text):
            confidence, reason = 0.92, f"the page asks {found[0]}"
            check = ("`fields` says what keys like f_2021… mean, where the documents' pages do not",)
        elif any(api in text for api in _APIS):
            confidence, reason = 0.95, "the page asks UCAP's list of a channel"
        elif called_pagers.counts_from_one(text):
            confidence, reason = 0.85, "a pager that names its container first, as UCAP writes"
        elif _CHANNEL.search(text) or re.search("UCAP", text):
            confidence, reason = 0.75, "the page has the marks of UCAP"
        else:
            return None
        return Recognition(
            confidence=confidence, catalogues=(("list", None, url, {}),), reasons=(reason,), to_check=check
        )

    def start(self, catalogue: Catalogue, site: Site) -> PageRequest:
        """The API where the site file says all that it needs, else the catalogue's page."""
        options = UcapOptions.model_validate(catalogue.options)
        if options.path and _IRS.search(options.path) and options.request:
            return _irs_page(_irs_state(catalogue.url, options.path, {}, options), 1)
        if options.channel:
            return _search_page(_search_state(catalogue.url, options.channel, options.path, options), 1)
        return PageRequest(url=catalogue.url, chain="list")

    def parse_list(
        self, body: bytes, url: str, content_type: str | None, request: PageRequest, catalogue: Catalogue
    ) -> ListPage:
        """A page of the site, or an answer of one of its APIs."""
        text = decode(body, content_type).text
        options = UcapOptions.model_validate(catalogue.options)
        kind = request.state.get("kind")
        if kind == "irs":
            return _irs_rows(_json(text, request.url), request, options)
        if kind == "search":
            return _search_rows(_json(text, request.url), request, options)
        if text.lstrip()[:1] in ("{", "["):
            return _search_rows(_json(text, url), _of_address(url, options), options)
        return _page(text, url, request, options)


def _page(text: str, url: str, request: PageRequest, options: UcapOptions) -> ListPage:
    """A page in HTML: the way to its API, or its rows and pager."""
    if _IRS.search(options.path or text) and request.page == 1:
        found = _IRS.search(options.path or text)
        asked = _inline_query(text) | options.request
        if asked and found:
            return ListPage(branches=(_irs_page(_irs_state(url, found[0], asked, options), 1),))
    channel = options.channel or _channel(text)
    api = options.path or next((api for api in _APIS if api in text), None)
    if channel and api and request.page == 1:
        return ListPage(branches=(_search_page(_search_state(url, channel, api, options), 1),))
    root = parse_html(text)
    url = base_of(root, url) if root is not None else url
    rows, like = (
        rows_like(root, url, options, first_page.like_of(request)) if root is not None else ((), None)
    )
    if root is None or not rows:
        if request.page > 1:
            raise ListError(f"{url}: page {request.page} of the list has no rows")
        if channel:
            return ListPage(branches=(_search_page(_search_state(url, channel, None, options), 1),))
        raise ListError(
            f"{url}: neither rows of documents nor a channel's id; give `channel`, or `path` and `request` of the API"
        )
    following, last = next_page.following(root, text, url, request)
    following = first_page.remembered(following, like)
    return ListPage(rows=with_pinned(rows) if request.page == 1 else rows, next=following, last_page=last)


def _channel(text: str) -> str | None:
    found = _CHANNEL.search(text)
    return next((group for group in found.groups() if group), None) if found else None


def _json(text: str, url: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise ListError(f"{url}: expected JSON, as UCAP's lists answer") from error
    if not isinstance(answer, dict):
        raise ListError(f"{url}: expected an object in JSON, as UCAP's lists answer")
    if answer.get("success") is False:
        raise ListError(
            f"{url}: the API refused: {answer.get('msg') or answer.get('message') or answer.get('code')}"
        )
    return answer


# -- searchList ------------------------------------------------------------------------------------------


def _search_state(base: str, channel: str, path: str | None, options: UcapOptions) -> dict[str, Any]:
    path = path or _APIS[0]
    path = (
        path.replace("{channel}", channel)
        if "{channel}" in path
        else path + channel
        if path.endswith("/")
        else path
    )
    return {
        "kind": "search", "base": base, "api": urljoin(base, path), "channel": channel, "size": options.page_size,
        "query": {key: str(value) for key, value in options.request.items()}, "seen": 0,
    }  # fmt: skip


def _of_address(url: str, options: UcapOptions) -> PageRequest:
    """The request that an API's own address stands for, where the site file names it as the catalogue."""
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    size = query.pop("_pageSize", query.pop("size", ""))
    query.pop("page", None)
    state = {
        "kind": "search", "base": url, "api": url.split("?", maxsplit=1)[0], "channel": query.get("channelId", ""),
        "size": int(size) if size.isdecimal() else options.page_size, "query": query, "seen": 0,
    }  # fmt: skip
    return PageRequest(url=url, chain="list", state=state)


def _search_page(state: Mapping[str, Any], page: int) -> PageRequest:
    if "getFileListByCodeId" in state["api"]:
        form = {"channelId": state["channel"], **state["query"], "page": page, "size": state["size"]}
        return PageRequest(
            url=state["api"], chain="list", page=page, state=state, method="POST", body=urlencode(form).encode(),
            headers=BY_SCRIPT,
        )  # fmt: skip
    query = {"_isAgg": "true", "_isJson": "true", "_pageSize": state["size"], "_template": "index",
             "_rangeTimeGte": "", "_channelName": "", **state["query"], "page": page}  # fmt: skip
    return PageRequest(
        url=f"{state['api']}?{urlencode(query)}", chain="list", page=page, state=state, headers=BY_SCRIPT
    )


def _search_rows(answer: Mapping[str, Any], request: PageRequest, options: UcapOptions) -> ListPage:
    data = answer.get("data")
    if not isinstance(data, Mapping):
        wrapped = answer.get("results")
        data = wrapped.get("data") if isinstance(wrapped, Mapping) else None
    results = data.get("results", ()) if isinstance(data, Mapping) else None
    results = [] if results is None and request.page > 1 else results
    if not isinstance(results, list) or not isinstance(data, Mapping):
        raise ListError(f"{request.url}: expected JSON with data.results, as UCAP's searchList answers")
    rows = tuple(
        row for item in results if isinstance(item, Mapping) and (row := _search_row(item, request, options))
    )
    return _paged(rows, len(results), _count(data.get("total")), request, _search_page)


def _search_row(item: Mapping[str, Any], request: PageRequest, options: UcapOptions) -> ListRow | None:
    record = {key: item[key] for key in _STABLE if item.get(key) not in (None, "", [])}
    for group in item.get("domainMetaList") or ():
        for entry in (group.get("resultList") or ()) if isinstance(group, Mapping) else ():
            name, value = entry.get("name") or entry.get("key"), entry.get("value")
            if name and isinstance(value, str | int | float) and value != "":
                record.setdefault(str(name), value)
    return _row(item, record, request, options, item.get("contentHtml") or item.get("content"))


# -- irs -------------------------------------------------------------------------------------------------


def _irs_state(base: str, path: str, asked: Mapping[str, Any], options: UcapOptions) -> dict[str, Any]:
    return {
        "kind": "irs", "base": base, "api": urljoin(base, path), "query": {**asked, **options.request},
        "size": options.page_size, "seen": 0,
    }  # fmt: skip


def _irs_page(state: Mapping[str, Any], page: int) -> PageRequest:
    wanted = {**state["query"], "pageNo": page, "pageSize": state["size"]}
    body = json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()
    return PageRequest(
        url=state["api"], chain="list", page=page, state=state, method="POST", body=body, headers=_AS_JSON
    )


def _inline_query(text: str) -> dict[str, Any]:
    """The query that a page's own script sends to irs: the object that names the table, or the search's code.

    ``{"code": "17da70961a7", "tenantId": 7, "tableName": "t_1775cd018c6", "sorts": [{"sortField": "save_time"}]}``
    """
    for found in islice(re.finditer(r"[\"']?(?:tableName|dataTypeId)[\"']?\s*:", text), 5):
        start = text.rfind("{", 0, found.start())
        while start >= 0 and found.start() - start < 4000:
            literal = text[start:]
            try:
                value, _ = json.JSONDecoder().raw_decode(literal)
            except ValueError:
                value = _flat(literal)
            if isinstance(value, dict) and {"tableName", "dataTypeId"} & value.keys():
                return {key: item for key, item in value.items() if key not in ("pageNo", "pageSize")}
            start = text.rfind("{", 0, start)
    return {}


def _flat(literal: str) -> dict[str, Any]:
    """An object of plain values in JavaScript's own spelling; nothing where it holds lists or objects."""
    inner, closed, _ = literal[1:4000].partition("}")
    return dict(pairs(inner + "}")) if closed and "{" not in inner and "[" not in inner else {}


def _irs_rows(answer: Mapping[str, Any], request: PageRequest, options: UcapOptions) -> ListPage:
    data = answer.get("data")
    items = _irs_items(data) if isinstance(data, Mapping) else None
    if items is None or not isinstance(data, Mapping):
        raise ListError(f"{request.url}: expected JSON with data.list, as irs answers")
    pager = data.get("pager") or {}
    rows = []
    for item in items:
        record = {
            key: value for key, value in item.items()
            if not key.startswith("_") and isinstance(value, str | int) and len(str(value)) <= _LONGEST and value != ""
        }  # fmt: skip
        text = next((item.get(key) for key, name in options.fields.items() if name == "body_text"), None)
        if row := _row(item, record, request, options, text):
            rows.append(row)
    return _paged(tuple(rows), len(items), _count(pager.get("total")), request, _irs_page)


def _irs_items(data: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The rows of ``list``, ``middle.list`` or ``middle.listAndBox[].data``; None where there is none of them."""
    middle = data.get("middle")
    places = (data, middle) if isinstance(middle, Mapping) else (data,)
    lists = [
        found
        for place in places
        for key in ("list", "listAndBox")
        if isinstance(found := place.get(key), list)
    ]
    if not lists:
        return None
    longest: list[Any] = max(lists, key=len)
    inner = [item.get("data", item) for item in longest if isinstance(item, Mapping)]
    return [item for item in inner if isinstance(item, Mapping)]


# -- rows of both ----------------------------------------------------------------------------------------


def _row(
    item: Mapping[str, Any], record: dict[str, Any], request: PageRequest, options: UcapOptions, text: object
) -> ListRow | None:
    keys = ("url", "doc_pub_url", "pub_url", "docPubUrl", "link")
    address = next((a for k in keys if (a := absolute(request.state["base"], str(item.get(k) or "")))), None)
    if address is None:
        return None
    mapped = {
        name: key for key, name in options.fields.items() if item.get(key) not in (None, "") or key in record
    }
    hints = {
        name: _words(record.get(key, item.get(key))) for name, key in mapped.items() if name != "body_text"
    }
    shown = hints.get("title") or item.get("title_no_tag") or item.get("title") or item.get("titleHtml")
    title = _words(shown) or None
    if title and "title" in record:
        record["title"] = title
    if title:
        hints.setdefault("title", title)
    seen = row_hash({k: v for k, v in record.items() if k in _STABLE or not isinstance(v, int)}, hints)
    if options.body and isinstance(text, str) and text.strip():
        record = {**record, "contentHtml": text}
    return ListRow(url=address, title=title, hints=hints, record=record, row_hash=seen)


def _words(value: object) -> str:
    """A value as text: search results wrap what was sought in <em>."""
    return " ".join(TAG.sub("", str(value or "")).split())


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _paged(
    rows: tuple[ListRow, ...], count: int, total: int | None, request: PageRequest, ask: Any
) -> ListPage:
    """The rows of an answer with the request for the next; ``count`` is that of all its items."""
    state, page = dict(request.state), request.page
    if not count:
        if total is not None and state["seen"] < total:
            raise ListError(
                f"{request.url}: page {page} is empty; {state['seen']} of {total} documents were listed"
            )
        return ListPage(end_unmarked=True)
    if not rows:
        raise ListError(f"{request.url}: {count} rows, none of which has the address of a document")
    shown = row_hash([row.url for row in rows])
    if shown == state.get("first") and count >= state["size"]:
        raise ListError(f"{request.url}: the API answers page 1 for page {page} too")
    seen = state["seen"] + count
    state |= {"seen": seen, "first": state.get("first") or shown}
    more = seen < total if total is not None else True
    return ListPage(rows=rows, next=ask(state, page + 1) if more else None, end_unmarked=total is None)


PLATFORM = Ucap()
