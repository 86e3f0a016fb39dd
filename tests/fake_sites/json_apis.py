"""JSON APIs of many habits, as the options of json_api describe them."""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.json_catalogues import _answer, _JsonSite, _query
from tests.fake_sites.office import JSON, Answer, Notice


class _Api(_JsonSite):
    platform = "json_api"
    drafted = False  # what is sent, and where an answer holds what, is known to a person only

    def row(self, notice: Notice) -> dict[str, Any]:
        return {
            "id": notice.number, "title": notice.title, "href": self.address(notice), "views": sum(self.asked.values()),
            "meta": [{"name": "索引号", "value": notice.index_number}, {"name": "文号", "value": notice.document_number},
                     {"name": "发布日期", "value": str(notice.published)}],
        }  # fmt: skip

    def cut(self, start: int, size: int) -> list[dict[str, Any]]:
        return [self.row(n) for n in self.rows()[start : start + size]]


class JsonBodySite(_Api):
    """POST with a nested JSON body, and JSON inside JSON in the answer."""

    options = (
        "{rows: data.list, url: href, total: data.total, body: {siteId: 7, pager: {size: 20, no: 1}},"
        " paging: {name: pager.no, send: json}}"
    )

    def listing(self, target: str, body: bytes) -> Answer:
        pager = json.loads(body)["pager"]
        rows = self.cut((pager["no"] - 1) * pager["size"], pager["size"])
        return _answer({"code": 0, "data": json.dumps({"list": rows, "total": len(self.notices)})})


class OffsetFormSite(_Api):
    """POST of a form with an offset; no total, and the wrapper of a callback."""

    options = "{rows: rows, url: 'item.href', form: {cat: '9'}, paging: {by: offset, name: start, size: 20, size_name: limit, send: form}}"

    def listing(self, target: str, body: bytes) -> Answer:
        form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
        assert form["cat"] == "9"
        rows = [{"item": row} for row in self.cut(int(form["start"]), int(form["limit"]))]
        return 200, {"Content-Type": "text/javascript"}, f"jQuery17({json.dumps({'rows': rows})});".encode()


class CursorSite(_Api):
    """A cursor leads on; headers are asked for."""

    main = False
    options = (
        "{rows: hits.hits.*._source, url: href, headers: {X-Requested-With: XMLHttpRequest},"
        " paging: {by: cursor, name: after, cursor: next}}"
    )

    def listing(self, target: str, body: bytes) -> Answer:
        start = int(_query(target).get("after", "0"))
        rows = self.cut(start, 20)
        more = {"next": str(start + 20)} if start + 20 < len(self.notices) else {}
        return _answer({"hits": {"hits": [{"_source": row} for row in rows]}, **more})


class RefusingSite(_Api):
    """A list without a total, as WordPress answers it: a page behind the last one is a bad request."""

    main = False
    options = "{rows: '', url: href, paging: {name: page, first: 1}}"

    def listing(self, target: str, body: bytes) -> Answer:
        rows = self.cut((int(_query(target).get("page", "1")) - 1) * 20, 20)
        return _answer(rows) if rows else (400, JSON, b'{"code": "rest_post_invalid_page_number"}')


class UnstatedZeroSite(_Api):
    """Pages count from 0, and nothing says so."""

    main = False
    options = "{rows: content, url: href, total: totalElements, paging: {name: page}}"

    def listing(self, target: str, body: bytes) -> Answer:
        number = int(_query(target).get("page", "0"))
        return _answer({"content": self.cut(number * 20, 20), "totalElements": len(self.notices)})


class StaticJsonSite(_Api):
    """Static JSON files, numbered in their names; names and values of another spelling."""

    main = False
    api = "/static/itemId=926,pageIndex=1.json"
    options = (
        "{rows: '', url: '{base}{path}', total: '[0].all', fields: {name: title, num: document_number, ix: index_number,"
        " day: published_on}, paging: {pattern: 'itemId=926,pageIndex={n}.json', first: 1}}"
    )

    def row(self, notice: Notice) -> dict[str, Any]:
        return {"all": len(self.notices), "name": html.escape(f"<b>{notice.title}</b>"), "num": notice.document_number,
                "ix": notice.index_number,
                "day": f"{notice.published:%Y%m%d}", "base": self.base, "path": self.address(notice)}  # fmt: skip

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path.startswith("/static/itemId=926,pageIndex="):
            number = int(path.removesuffix(".json").rpartition("=")[2])
            rows = self.cut((number - 1) * 20, 20)
            return _answer(rows) if rows else (404, JSON, b"{}")
        return super().respond(method, target, body)


class WholeRecordsSite(_Api):
    """Documents that exist only in the API: the rows are whole, their addresses are routes of a page that is a shell."""

    query = "?page=1"
    options = (
        "{rows: data.rows, url: '/#/detail/{id}', whole: true, total: data.total, fields: {bt: title, zw: body_text,"
        " ext.ix: index_number, ext.no: document_number, ext.day: published_on}, paging: {name: page}}"
    )

    def row(self, notice: Notice) -> dict[str, Any]:
        return {
            "id": notice.number, "bt": notice.title, "zw": html.escape(f"<p>{notice.body}</p>"), "hits": sum(self.asked.values()),
            "ext": {"ix": notice.index_number, "no": notice.document_number, "day": f"{notice.published}T00:00:00.000+0800"},
        }  # fmt: skip

    def listing(self, target: str, body: bytes) -> Answer:
        page = int(_query(target)["page"])
        return _answer({"data": {"rows": self.cut((page - 1) * 20, 20), "total": len(self.notices)}})


class DetailSite(_Api):
    """Documents are JSON themselves; people see them in a page that is a shell."""

    main = False
    query = "?page=1"
    options = "{rows: data, url: 'ItemDetail.html?docId={id}', detail: '/api/doc/{id}.json', total: total, paging: {name: page}}"

    def listing(self, target: str, body: bytes) -> Answer:
        page = int(_query(target)["page"])
        rows = [{"id": row["id"], "title": row["title"]} for row in self.cut((page - 1) * 20, 20)]
        return _answer({"data": rows, "total": len(self.notices)})

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if target.startswith("/api/doc/"):
            notice = self.notice(int(target.removeprefix("/api/doc/").removesuffix(".json")))
            if notice is not None:
                return _answer(
                    {"rptCode": 200, "data": {"docTitle": notice.title, "documentNo": notice.document_number,
                     "indexNo": notice.index_number, "publishDate": str(notice.published), "docClob": f"<p>{notice.body}</p>",
                     "属性": [{"name": "索引号", "value": notice.index_number}]}}
                )  # fmt: skip
        return super().respond(method, target, body)
