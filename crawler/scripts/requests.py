"""The requests by which a page's own script loads its list: read off the script, never run. Pure.

    $.ajax({url: "/api/list?channel=" + channelId, type: "post", data: {pageNo: page, pageSize: 15}, success: …})
    $("#rows").load("/list/rows?page=" + page)  ·  axios.get("/api/list", {params: {page: 1}})
    fetch(`/api/list?p=${page}`)  ·  table.render({url: "/api/list", where: {…}})

Only requests with a page's number, or a count of rows to skip, among what they send are lists; whatever cannot be told from
the page is no request.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin

from crawler.extract.links import absolute
from crawler.paging import FormValue, query_of, with_query
from crawler.scripts import components
from crawler.scripts.clients import fixed_headers, with_clients
from crawler.scripts.cursors import cursor_in
from crawler.scripts.handed import handed
from crawler.scripts.list_request import ListRequest
from crawler.scripts.named_objects import Objects
from crawler.scripts.objects import (
    STRINGIFIED,
    USUAL_SIZE,
    members,
    names_in,
    place_in,
    speaks_of_pages,
    value_of,
    values,
)
from crawler.scripts.plain import plain_scripts
from crawler.scripts.scan import arguments
from crawler.scripts.sent import bracketed, form_value, is_plain, text
from crawler.scripts.values import Value, scripts_of
from crawler.scripts.wrappers import with_wrappers

# $.ajax({…}) · $.post("…", {…}) · axios.get("…") · axios({…}) · fetch("…") · table.render({…}) · xhr.open("GET", "…")
_REQUEST = re.compile(
    r"(?:\$|\bjQuery|\bmui|\btable|(?P<json>\baxios|\bhttp|\brequest|\buni|\$(?:http|axios)))\s*"
    r"(?:\.\s*\$?(?P<method>ajax|get|post|getJSON|render|request))?\s*\(\s*"
    r"|\b(?P<fetch>fetch)\s*\(\s*|\)\s*\.\s*(?P<load>load)\s*\(\s*(?=[\"'`])"
    r"|(?<=[\w$\])])\s*\.\s*(?P<any>get|post)\s*\(\s*(?=[\"'`](?:https?:/)?/)|\.\s*(?P<open>open)\s*\(\s*(?P<verb>[\"'](?:GET|POST)[\"'])\s*,\s*",
    re.IGNORECASE,
)
# Of the search behind the lists of jpaas, which its own component asks: channelCode: 'gfxwj', "webSiteCode%5B%5D":"ljs"
_OF_JPAAS = re.compile(
    r"\b(?P<name>webSiteCode|channelCode)(?:\[\]|%5B%5D)?[\"']?\s*[:=]\s*\[?\s*[\"'](?P<value>[\w.-]{1,60})[\"']"
)
_JPAAS_ADDRESS = re.compile(r"[\"']((?:/[\w-]{1,30}){0,3}/queryList)[\"']")
# encrypt({…}) in place of what is sent
_WRAPS = re.compile(r"(?!function\b|async\b)[\w$.]{1,60}\s*\(\s*[\w${]")
_DATA_FILE = re.compile(r"\.(?:json|xml)$", re.IGNORECASE)
_AS_FORM = re.compile(r"emulateJSON|x-www-form-urlencoded", re.IGNORECASE)
_SENT = re.compile(r"\.\s*send\s*\(")
_FAR = 1_500  # characters between the opening of a request and what is sent
# getJSON("/list?cid=7&callback=?"): jQuery makes a name of it
_CALLED_BACK = re.compile(r"([?&]\w{0,20}(?:callback|jsonp)\w{0,20})=\?(?=&|$)", re.IGNORECASE)
_SAFE = "/:,;@!*'()$~"
_NEXT_PAGES = 3  # numbers of a page that a script asks for next, beside the first ones that its page shows
_MOST_CALLS = 500  # of one script that are looked at
_MOST = 12  # requests of one page that are looked at


@dataclass(slots=True)
class _Call:
    url: str
    post: bool = False
    query: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False
    is_text: bool = False  # what is sent was put together by the script: cid=7&page=1
    pattern: str | None = None  # its address with {n}, where the number of a page stands in the path
    paged: bool = False  # its address is another one for another page
    brackets: bool = True  # lists are sent under a name with brackets, as jQuery and axios do
    whole: bool = False  # all rows are asked for at once
    callback: str | None = None
    unclear: bool = False  # what is sent cannot be told from the page
    headers: dict[str, str] = field(default_factory=dict)


def list_requests(text: str, url: str) -> list[ListRequest]:
    """Requests for the first page of a list that the scripts in a page make, in their order, each once."""
    found: dict[tuple[str, str], ListRequest] = {}
    scripts = scripts_of(text)
    for call in _all_calls(text, url):
        request = _listing(call, url, scripts)
        if request is not None:
            found.setdefault((request.url, str(request.form or request.body)), request)
        if len(found) >= _MOST:
            break
    if (request := _of_jpaas(text, url)) is not None:
        posted = [one for one in found.values() if one.url == request.url]
        return list(found.values()) if posted else [request, *found.values()]
    return list(found.values())


def _of_jpaas(text: str, url: str) -> ListRequest | None:
    """What the list component of jpaas asks for, where a page names one site and one channel in it."""
    held: dict[str, set[str]] = {"webSiteCode": set(), "channelCode": set()}
    for found in _OF_JPAAS.finditer(html.unescape(text)):
        held[found["name"]].add(found["value"])
    addresses = set(_JPAAS_ADDRESS.findall(text)) or {"/queryList"}
    address = absolute(url, min(addresses))
    if address is None or len(addresses) > 1 or any(len(codes) != 1 for codes in held.values()):
        return None
    form: dict[str, FormValue] = {f"{name}[]": codes.pop() for name, codes in held.items()}
    form |= {"current": "1", "pageSize": str(USUAL_SIZE), "sort": "sortNum", "order": "desc"}
    return ListRequest(url=address, page_name="current", send="form", first=1, form=form)


def unclear_requests(text: str, url: str) -> list[str]:
    """Addresses that scripts in a page ask for pages of something, with values that the page does not tell: a signature."""
    calls = [call for call in _all_calls(text, url) if call.unclear]
    found = dict.fromkeys(address for call in calls if (address := absolute(url, call.url)) is not None)
    return list(found)[:_MOST]


def other_requests(text: str, url: str) -> list[str]:
    """Addresses that scripts in a page ask for without the number of a page: of a list whose next part is told by its last row."""
    known = {one.url.partition("?")[0] for one in list_requests(text, url)}
    asked = (absolute(url, call.url) for call in _all_calls(text, url) if not (call.unclear or call.whole))
    found = dict.fromkeys(address for address in asked if address is not None)
    return [address for address in found if address.partition("?")[0] not in known][:_MOST]


def data_files(text: str, url: str) -> list[str]:
    """Files of data that scripts in a page ask for whole: ``$.getJSON("./list.json", show)``, ``fetch("/data/list.xml")``."""
    asked = (call for call in _all_calls(text, url) if not (call.post or call.pattern or call.unclear))
    files = (call for call in asked if call.whole or _DATA_FILE.search(call.url.partition("?")[0]))
    found = (absolute(url, call.url) for call in files)
    return list(dict.fromkeys(address for address in found if address is not None))[:_MOST]


def _all_calls(text: str, url: str) -> Iterator[_Call]:
    """The requests of all scripts in a page; those of components after those of jQuery and its like."""
    scripts = with_clients(with_wrappers(plain_scripts(text, url)))
    names = names_in(scripts, url)
    names = {**handed(scripts, text, names), **names}
    for script in scripts:
        yield from _calls(script, names)
    for script in scripts:
        yield from _of_components(components.in_script(script), script, names)
    yield from _of_components(components.in_markup(text), "\n".join(scripts), names)


def _calls(script: str, names: Mapping[str, Value]) -> Iterator[_Call]:
    objects = Objects(script)
    names = {**objects.texts(names), **names}
    for found in islice(_REQUEST.finditer(script), _MOST_CALLS):
        other = next((name for name in ("open", "fetch", "load") if found[name]), "")
        method = (found["method"] or found["any"] or other).lower()
        given = list(arguments(script, found.end()))
        if not given or not (method or found["json"]):  # $(".page" + n) asks for nothing
            continue
        if found["open"]:
            sent = _SENT.search(script, found.end(), found.end() + _FAR)
            given = [given[0], *(arguments(script, sent.end()) if sent is not None else ())]
            method = found["verb"].strip("\"'").lower()
        named = members(given[0]) if given[0].lstrip().startswith("{") else None
        if method == "ajax" and len(given) > 1 and given[1].lstrip().startswith("{"):
            named = {**(members(given[1]) or {}), "url": given[0]}  # $.ajax("/api/list", {data: {…}})
        is_client = (found["json"] or found["any"]) is not None
        read = (
            partial(_of_arguments, method, is_client, given) if named is None else partial(_of_object, named)
        )
        call = read(names, objects)
        if call is not None:
            options = (
                named if named is not None else next((m for one in given[1:] if (m := _options(one))), {})
            )
            call.headers = fixed_headers(options, names)
            # axios sends objects as JSON where nothing else is said
            by_form = any(_AS_FORM.search(one) for one in given[2:])
            by_form |= any(map(objects.is_form, (given[1:2] if named is None else [named.get("data", "")])))
            call.is_json = call.is_json or (is_client and not call.is_text and not by_form)
            yield call


def _options(argument: str) -> dict[str, str]:
    """The options of a request among its arguments: those that name headers."""
    named = members(argument) if argument.lstrip().startswith("{") else None
    return named if named is not None and "headers" in named else {}


def _of_components(
    given: Iterable[Mapping[str, str]], script: str, names: Mapping[str, Value]
) -> Iterator[_Call]:
    """What components are given to ask for, and what they send of their own accord where that names no page."""
    objects = Objects(script)
    names = {**objects.texts(names), **names}
    for one in given:
        call = _of_object({**one, "data": objects.returned(one["data"])}, names, objects)
        if call is None:
            continue
        call.whole = components.WHOLE in one
        sent = call.sent if call.post else call.query
        if "own" in one and not call.unclear and place_in(sent) is None:
            sent |= values(f"{{{one['own']}}}", {}) or {}
        yield call


def _of_object(given: Mapping[str, str], names: Mapping[str, Value], objects: Objects) -> _Call | None:
    address = given.get("url", "")
    if "baseurl" in given and not re.match(r"[\"'`](?:https?:)?//", address):
        address = f"{given['baseurl']}+{address}"
    call = _called(address, names, objects)
    if call is None:
        return None
    call.post = "post" in given.get("type", given.get("method", "")).lower()
    sent = objects.spelled(given.get("data", given.get("where", given.get("params", ""))))
    held = _held(call, sent, names, objects)
    call.is_json |= "json" in given.get("contenttype", "").lower()
    if held is None:
        call.unclear = speaks_of_pages(sent)
        return call
    call.brackets = given.get("traditional") != "true"
    if "jsonp" in given.get("datatype", "").lower():
        call.callback = given.get("jsonp", "").strip("\"' ") or "callback"
    if call.post and "params" not in given:
        call.sent = held
    else:
        call.query = held
    if "page" in given and "url" in given and given["page"].strip() not in ("false",):
        # layui's table asks for ?page=1&limit=10 by itself, or by the names of request: {pageName: "curr", limitName: "nums"}
        renamed = values(given.get("request", "{}"), {}) or {}
        call.query.setdefault(str(renamed.get("pageName", "page")), 1)
        call.query.setdefault(str(renamed.get("limitName", "limit")), USUAL_SIZE)
    return call


def _of_arguments(
    method: str, configured: bool, given: list[str], names: Mapping[str, Value], objects: Objects
) -> _Call | None:
    call = _called(given[0], names, objects)
    if call is None:
        return None
    call.post = method == "post"
    second = objects.spelled(given[1].strip()) if len(given) > 1 else ""
    more = second if second.startswith(("{", "JSON", '"', "'")) or _WRAPS.match(second) else ""
    named = members(more) or {} if more.lstrip().startswith("{") else {}
    if method == "fetch":
        call.post = "post" in named.get("method", "").lower()
        more = objects.spelled(named.get("body", ""))
    elif configured and "params" in named:
        more, call.post = objects.spelled(named["params"]), False
    held = _held(call, more, names, objects)
    if held is None:
        call.unclear = speaks_of_pages(more)
        return call
    if method == "load":
        # load("/rows?page=1 #list", {…}): what is kept of the answer stands behind it; what is sent is sent by POST.
        call.url, call.post = call.url.partition(" ")[0], bool(held)
    if call.post:
        call.sent = held
    else:
        call.query = held
    return call


def _called(expression: str, names: Mapping[str, Value], objects: Objects) -> _Call | None:
    """The call of an address, which may hold a page's number in its path: ``"/api/list/" + cid + "/" + page``."""
    if expression.strip() not in names:
        expression = objects.assigned(expression.strip())
    expression = objects.with_texts(expression, names)
    address, second = value_of(expression, names), value_of(expression, names, 2)
    if not isinstance(address, str):
        return None
    return _Call(address, pattern=_pattern(address, str(second)), paged=address != second)


def _pattern(address: str, second: str) -> str | None:
    """An address with {n} for the number by which it differs from that of the second page, where that stands in the path."""
    before = next(
        (at for at, (one, other) in enumerate(zip(address, second, strict=False)) if one != other), 0
    )
    numbers = [one[before : before + 1] for one in (address, second)]
    same = address[before + 1 :] == second[before + 1 :]
    path = address.partition("?")[0]
    if not same or numbers != ["1", "2"] or before >= len(path):
        return None
    return f"{address[:before]}{{n}}{address[before + 1 :]}"


def _held(call: _Call, sent: str, names: Mapping[str, Value], objects: Objects) -> dict[str, Any] | None:
    """What is sent with a call, which is told in what form; None where a value of it cannot be told."""
    text = (
        value_of(spelled, names)
        if (spelled := objects.with_texts(sent, names)).strip()[:1] not in ("{", "")
        else None
    )
    call.is_text = isinstance(text, str) and not text.lstrip().startswith("{")
    call.is_json = not call.is_text and (bool(STRINGIFIED.match(sent)) or isinstance(text, str))
    return values(spelled, names)


def _listing(call: _Call, base: str, scripts: Sequence[str]) -> ListRequest | None:
    """The call as a request for a list's first page; None where neither a page's number is sent nor what leads on."""
    address = absolute(base, _CALLED_BACK.sub(r"\g<1>=callback", call.url))
    if address is None or call.unclear:
        return None
    query, sent = call.query, call.sent
    if call.brackets:
        query, sent = bracketed(query), sent if call.is_json else bracketed(sent)
    plain = query if call.is_json else {**query, **sent}
    if not all(is_plain(value) for value in plain.values()):
        return None
    for name, value in query.items():
        for one in value if isinstance(value, list) else (value,):
            mark = "&" if "?" in address else "?"
            address += f"{mark}{name}={quote(text(one), safe=_SAFE)}"
    address = absolute(base, address) or address
    body = sent if call.post and call.is_json else None
    form = {name: form_value(value) for name, value in sent.items()} if call.post and body is None else None
    held = place_in(sent)
    if held is not None and held[0] == "offset" and call.paged and place_in(query_of(address)) is not None:
        held = None  # extQuery?page=1, to which start=0 is sent for every page
    if held is not None:
        send = "json" if call.is_json else "form"
    else:
        held, send = place_in(query_of(address)), "query"
    if held is None and call.pattern is None:
        return _by_cursor(call, address, form, body, scripts)
    if held is None:
        send = "query" if form is None and body is None else "json" if body is not None else "form"
        return ListRequest(
            url=address, pattern=_of_page(call.pattern, base), page_name="", send=send, first=1, form=form, body=body,
            headers=call.headers,
        )  # fmt: skip
    by, name, first = held
    if by == "page" and first > 1:  # pn: pageIndex * 15, or the page after the one that is shown
        by, first = ("page", 1) if first <= _NEXT_PAGES else ("offset", 0)
        address = with_query(address, name, str(first)) if name in query_of(address) else address
    return ListRequest(
        url=address, page_name=name, send=send, first=first, by=by, form=form, body=body, callback=call.callback,
        headers=call.headers,
    )  # fmt: skip


def _of_page(pattern: str | None, base: str) -> str | None:
    """The pattern of an address as it is on the page, to which it may be relative, and not to the answer of the first part."""
    is_relative = pattern is not None and "/" in pattern and not re.match(r"/|https?:", pattern)
    return urljoin(base, pattern or "") if is_relative else pattern


def _by_cursor(
    call: _Call,
    address: str,
    form: Mapping[str, FormValue] | None,
    body: Mapping[str, Any] | None,
    scripts: Sequence[str],
) -> ListRequest | None:
    """The call as a request for the first part of a list of which each part tells how the next one is asked for."""
    send = "form" if form is not None else "json"
    if (cursor := cursor_in(form or body or {}, scripts)) is None:
        cursor, send = cursor_in(query_of(address), scripts), "query"
    if cursor is None:
        return None
    return ListRequest(
        url=address, page_name=cursor.name, send=send, first=0, by="cursor", form=form, body=body, callback=call.callback,
        headers=call.headers, cursor=cursor,
    )  # fmt: skip
