"""Components that ask for their rows themselves: what a page gives them, and what they send of their own accord. Pure.

$("#list").datagrid({url: "…", queryParams: {…}, pagination: true})  ·  new ListView({ajaxUrl: "…", params: {…}})
$("#list").kendoGrid({dataSource: {transport: {read: {url: "…"}}, serverPaging: true}})
$("#list").bootstrapTable({url: "…", queryParams: function (p) { return {size: p.limit, no: p.offset / p.limit + 1}; }})
<table data-toggle="table" data-url="…">  ·  <table class="easyui-datagrid" data-options="url:'…',pagination:true">
<div class="mini-datagrid" url="…" pageSize="20">  ·  $("#pager").pagination({dataSource: "…", locator: "rows"})
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from crawler.scripts.objects import USUAL_SIZE, members
from crawler.scripts.scan import arguments

_CALLED = re.compile(r"(?<![\w$])([\w$]{1,40})\s*\(\s*(?=\{)")
_TABLE = re.compile(r"<(?:table|div|ul)\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]{1,40})\s*=\s*(?:\"([^\"]{0,1500})\"|'([^']{0,1500})')")
_ADDRESS_KEYS = (
    "url", "ajaxurl", "apiurl", "dataurl", "requesturl", "interfaceurl", "proxyurl", "serviceurl", "api",
)  # fmt: skip
_SENT_KEYS = (
    "data", "where", "params", "param", "queryparams", "ajaxparam", "ajaxparams", "ajaxdata", "postdata", "extraparams",
)  # fmt: skip
# Component → how it asks, and what it sends beside what it is given.
_OWN: Mapping[str, tuple[str, str]] = {
    "datagrid": ("post", f"page: 1, rows: {USUAL_SIZE}"),
    "bootstraptable": ("get", f"limit: {USUAL_SIZE}, offset: 0"),
    "jqgrid": ("get", f"page: 1, rows: {USUAL_SIZE}"),
    "datatable": ("get", f"draw: 1, start: 0, length: {USUAL_SIZE}"),
    "bootgrid": ("post", "current: 1, rowCount: 10, searchPhrase: ''"),
    "olddatatable": ("get", f"sEcho: 1, iDisplayStart: 0, iDisplayLength: {USUAL_SIZE}"),
    "kendo": ("get", f"take: {USUAL_SIZE}, skip: 0, page: 1, pageSize: {USUAL_SIZE}"),
    "mini-datagrid": ("get", f"pageIndex: 0, pageSize: {USUAL_SIZE}"),
}
# requestHandler: function (request) { request.type = "7"; … }
_HANDLES = re.compile(r"^\s*function\s*\(\s*([\w$]{1,40})\s*\)|^\s*\(?\s*([\w$]{1,40})\s*\)?\s*=>")
_SETS = re.compile(r"(?<![\w$.])([\w$]{1,40})\.([\w$]{1,40})\s*=(?!=)\s*([^;{}]{1,200});")
WHOLE = "whole"  # of a component that asks once for everything
_SERVER_SIDE = re.compile(r"\bb?serverSide[\"']?\s*:\s*(?:true|!0)\b", re.IGNORECASE)
_MOST = 100  # calls with an object of one script


def in_script(script: str) -> Iterator[dict[str, str]]:
    """Of each component that a script is given an address for: ``url``, ``data`` and ``type``, as expressions."""
    for found in islice(_CALLED.finditer(script), _MOST):
        given = next(arguments(script, found.end()), "")
        named: Mapping[str, str] = (members(given) if given.startswith("{") else None) or {}
        name = found[1].lower()
        if name == "datatable":
            name, named = _of_datatable(named, script)
        elif name.startswith("kendo") or name == "datasource":
            name, named = _of_kendo(named)
        elif name == "bootgrid":
            named = _of_bootgrid(named)
        elif name == "pagination":
            named = _of_pagination(named)
        elif name == "bootstraptable" and "client" in named.get("sidepagination", ""):
            name = WHOLE  # it pages through the rows itself
        if (asked := _asked(name, named)) is not None:
            yield asked


def _of_datatable(named: Mapping[str, str], script: str) -> tuple[str, Mapping[str, str]]:
    """How a table of DataTables asks, and for what: without ``serverSide: true`` for all rows at once, through which it pages itself."""
    kind = "datatable" if "ajax" in named else "olddatatable"
    given = named.get("ajax", named.get("sajaxsource", ""))
    asked = (members(given) or {}) if given.startswith("{") else {"url": given}
    by_itself = "data" not in asked and not _SERVER_SIDE.search(script)
    if added := _added(asked.get("data", "")):  # data: function (d) { d.channel = 7; }
        asked = {**asked, "data": added}
    return (WHOLE if by_itself else kind), asked


def _of_bootgrid(named: Mapping[str, str]) -> Mapping[str, str]:
    """What a grid of bootgrid is given: ``post: {…}``, or ``requestHandler: function (r) { r.type = "7"; return r; }``."""
    return {**named, "data": named.get("post", _added(named.get("requesthandler", "")) or "{}")}


def _added(handler: str) -> str:
    """What a function puts into the object that it is handed, as an object; nothing where it puts nothing there."""
    added = [
        f'"{name}": {value}'
        for parameters in _HANDLES.findall(handler)
        for of, name, value in _SETS.findall(handler)
        if of in parameters
    ]
    return "{" + ", ".join(added) + "}" if added else ""


def _of_pagination(named: Mapping[str, str]) -> Mapping[str, str]:
    """What pagination.js is given: ``pagination({dataSource: "/list", locator: "rows", alias: {pageNumber: "p"}, ajax: {…}})``."""
    source = named.get("datasource", "")
    if not source.startswith(("'", '"')):
        return {}  # rows that the page holds, or a pager that asks for nothing
    alias, ajax = (members(named.get(key, "{}")) or {} for key in ("alias", "ajax"))
    size = named.get("pagesize", str(USUAL_SIZE))
    own = {alias.get("pagenumber", '"pageNumber"'): "1", alias.get("pagesize", '"pageSize"'): size}
    added = (members(ajax.get("data", "{}")) or {}).items()
    sent = ", ".join(f"{key}: {value}" for key, value in (*own.items(), *added))
    return {"url": source, "data": f"{{{sent}}}", "type": ajax.get("type", '"get"')}


def _of_kendo(named: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """How a source of data of Kendo asks, and for what: all rows at once but with ``serverPaging: true``."""
    source = members(held) or {} if (held := named.get("datasource", "")).startswith("{") else named
    transport = members(held) or {} if (held := source.get("transport", "")).startswith("{") else {}
    read = transport.get("read", "")
    asked = (members(read) or {}) if read.startswith("{") else {"url": read} if read else {}
    return ("kendo" if source.get("serverpaging", "false") != "false" else WHOLE), asked


def in_markup(text: str) -> Iterator[dict[str, str]]:
    """The same of components that stand in a page as elements."""
    for tag in islice(_TABLE.finditer(text), _MOST * 10):
        stated = {name.lower(): html.unescape(a or b) for name, a, b in _ATTRIBUTE.findall(tag.group())}
        if "easyui-datagrid" in stated.get("class", ""):
            own = members(f"{{{stated.get('data-options', '')}}}") or {}
            named = {"url": json.dumps(stated["url"])} | own if "url" in stated else own
            name = "datagrid"
        elif stated.get("data-side-pagination") == "server" and "data-url" in stated:
            name, named = "bootstraptable", {"url": json.dumps(stated["data-url"])}
            if "data-query-params" in stated:
                named["queryparams"] = stated["data-query-params"]
        elif "mini-datagrid" in stated.get("class", "") and "url" in stated:
            name, named = "mini-datagrid", {"url": json.dumps(stated["url"])}
        else:
            continue
        if (asked := _asked(name, named)) is not None:
            yield asked


def _asked(name: str, named: Mapping[str, str]) -> dict[str, str] | None:
    address = next((named[key] for key in _ADDRESS_KEYS if key in named), None)
    sent = next((named[key] for key in _SENT_KEYS if key in named), None)
    verb, own = _OWN.get(name, ("", ""))
    if address is None or (sent is None and not own and name != WHOLE):
        return None
    kind = next((named[key] for key in ("type", "method", "mtype", "ajaxtype") if key in named), verb)
    asked = {"url": address, "data": sent or "{}", "type": kind}
    return {**asked, name: ""} if name == WHOLE else {**asked, "own": own} if own else asked
