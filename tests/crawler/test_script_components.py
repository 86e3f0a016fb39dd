"""What components of well-known kinds send for their rows of their own accord: tables, grids, pagers."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from crawler.scripts.requests import list_requests

URL = "https://www.linjiang.example/zwgk/list.html"


@pytest.mark.parametrize(
    ("page", "send", "name", "sent"),
    [
        (
            "$('#t').datagrid({url: '/api/list', queryParams: {channel: 7}})",
            "form",
            "page",
            "channel=7&page=1&rows=15",
        ),
        ("$('#t').datagrid({url: '/api/list', pagination: true})", "form", "page", "page=1&rows=15"),
        (
            "<table class='easyui-datagrid' data-options=\"url:'/api/list',fit:true\"></table>",
            "form",
            "page",
            "page=1&rows=15",
        ),
        (
            "$('#t').DataTable({serverSide: true, ajax: {url: '/api/list', type: 'POST', data: function (d) { d.channel = 7; }}})",
            "form",
            "start",
            "channel=7&draw=1&start=0&length=15",
        ),
        (
            "$('#p').pagination({dataSource: '/api/list?a=7', locator: 'rows', alias: {pageNumber: 'pageNo'}, ajax: {data: {b: 8}}})",
            "query",
            "pageNo",
            "a=7&pageNo=1&pageSize=15&b=8",
        ),
        (
            "$('#t').jqGrid({url: '/api/list?channel=7', datatype: 'json'})",
            "query",
            "page",
            "channel=7&page=1&rows=15",
        ),
        (
            "$('#t').bootgrid({ajax: true, url: '/api/list', requestHandler: function (r) { r.channel = '7'; return r; }})",
            "form",
            "current",
            "channel=7&current=1&rowCount=10&searchPhrase=",
        ),
        ("$('#t').bootstrapTable({url: '/api/list', cache: false})", "query", "offset", "limit=15&offset=0"),
        (
            "<table data-url='/api/list?a=7' data-side-pagination='server'>",
            "query",
            "offset",
            "a=7&limit=15&offset=0",
        ),
        (
            "<table data-url='/api/list' data-side-pagination='server' data-query-params='q'></table>"
            "<script>function q(p) { return {a: 7, no: 1, pageNum: p.offset / p.limit + 1} }</script>",
            "query",
            "pageNum",
            "a=7&no=1&pageNum=1",
        ),
        (
            "t.bootstrapTable({url: '/api/list', queryParams: o.sent}); o.sent = function (p) { var q = {a: 7, page: p.page}; return q }",
            "query",
            "page",
            "a=7&page=1",
        ),
        (
            "$('#t').jqGrid({url: '/api/list', mtype: 'POST', postData: {a: 7}})",
            "form",
            "page",
            "a=7&page=1&rows=15",
        ),
        (
            "g.kendoGrid({dataSource: {transport: {read: {url: '/api/list'}}, serverPaging: true}})",
            "query",
            "page",
            "take=15&skip=0&page=1&pageSize=15",
        ),
        (
            "new kendo.data.DataSource({transport: {read: '/api/list?a=7'}, serverPaging: true})",
            "query",
            "page",
            "a=7&take=15&skip=0&page=1&pageSize=15",
        ),
        (
            "<div class='mini-datagrid' url='/api/list?a=7'>",
            "query",
            "pageIndex",
            "a=7&pageIndex=0&pageSize=15",
        ),
        (
            "t.DataTable({ajax: {url: '/api/list', data: {a: 7}}})",
            "query",
            "start",
            "a=7&draw=1&start=0&length=15",
        ),
        ("t.DataTable({serverSide: true, ajax: '/api/list'})", "query", "start", "draw=1&start=0&length=15"),
        (
            "t.dataTable({bServerSide: true, sAjaxSource: '/api/list'})",
            "query",
            "iDisplayStart",
            "sEcho=1&iDisplayStart=0&iDisplayLength=15",
        ),
        (
            "table.render({url: '/api/list', page: true, request: {pageName: 'curr', limitName: 'nums'}})",
            "query",
            "curr",
            "curr=1&nums=15",
        ),
    ],
)
def test_what_components_send_of_their_own_accord(page: str, send: str, name: str, sent: str) -> None:
    markup = page if page.startswith("<") else f"<script>{page}</script>"
    request = list_requests(f"<html><body>{markup}</body></html>", URL)[0]
    shown = urlencode(request.form or {}) if request.send == "form" else request.url.partition("?")[2]
    assert (request.send, request.page_name, shown) == (send, name, sent)
