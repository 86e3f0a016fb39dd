"""Policy libraries that answer in JSON: TRS IGS and SSP, the State Council's library, and APIs of many habits."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.office import HTML, JSON, NOT_FOUND, Answer, FakeSite, Notice
from tests.fake_sites.static_list import document_page

_SHANGHAI = timezone(timedelta(hours=8))


def _answer(value: object) -> Answer:
    return 200, JSON, json.dumps(value, ensure_ascii=False).encode()


def _query(target: str) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(target).query, keep_blank_values=True).items()}


class _JsonSite(FakeSite):
    """Documents are ordinary pages; the catalogue is JSON."""

    api = "/api/list"
    query = ""
    options = ""

    def catalogue_url(self) -> str:
        return f"{self.base}{self.api}{self.query}"

    def site_file(self) -> str:
        options = f"    options: {self.options}\n" if self.options else ""
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: {self.platform}\n"
            f'catalogues:\n  - key: library\n    url: "{self.catalogue_url()}"\n{options}'
        )

    def address(self, notice: Notice) -> str:
        return f"/zwgk/202603/t20260301_{notice.number}.shtml"

    def listing(self, target: str, body: bytes) -> Answer:
        raise NotImplementedError

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if urlsplit(target).path == self.api:
            return self.listing(target, body)
        if (found := re.search(r"_(\d+)\.shtml$", target)) and (notice := self.notice(int(found[1]))):
            return 200, HTML, document_page(notice).encode()
        return NOT_FOUND


class TrsIgsSite(_JsonSite):
    """IGS as provinces run it: 1-based pages stated in the address, UTC instants, totals as strings."""

    platform = "trs_search"
    api = "/igs/front/search/list.html"
    query = (
        "?index=lj-govdoc&type=govdoc&filter[AVAILABLE]=true&pageNumber=1&pageSize=20&orderProperty=PUBDATE"
    )
    base_number = 1

    def row(self, notice: Notice) -> dict[str, Any]:
        at = datetime.combine(notice.published, time(0, 30), _SHANGHAI).astimezone(UTC)
        return {
            "FileName": notice.title, "fileNum": notice.document_number, "IdxID": notice.index_number,
            "PUBDATE": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "DOCPUBURL": self.base + self.address(notice),
            "DOCCONTENT": notice.body, "Effectivestate": "1", "publisher": "临江市人民政府", "AVAILABLE": True,
            "highlight": {"FileName": [notice.title.replace("通知", "<em>通知</em>")]}, "_id": str(notice.number),
            "trs_warehouse_time": f"2026-04-01T00:00:{sum(self.asked.values()) % 60:02d}.000Z",
        }  # fmt: skip

    def listing(self, target: str, body: bytes) -> Answer:
        size = int(_query(target).get("pageSize", "20"))
        number = int(_query(target).get("pageNumber", str(self.base_number)))
        index = max(0, number - self.base_number)
        shown = self.rows()[index * size : (index + 1) * size]
        return _answer(
            {"__type": "govdoc", "page": {"content": [self.row(n) for n in shown], "total": str(len(self.notices)),
             "pageSize": size, "pageNumber": number, "totalPages": -(-len(self.notices) // size)}}
        )  # fmt: skip


class TrsIgsFromZeroSite(TrsIgsSite):
    """IGS with pages from 0, whose address states no page number: page 1 is the second one."""

    main = False
    query = "?index=lj-govdoc&type=govdoc&pageSize=20"
    base_number = 0


class TrsSspSite(_JsonSite):
    """SSP: datas and page; beyond the end an error."""

    platform = "trs_search"
    api = "/ssp/search/api/apiSearch"
    query = "?siteId=8a28&sourceType=SSP_OPENINFO&page=1&datas=20"

    def listing(self, target: str, body: bytes) -> Answer:
        asked = _query(target)
        size, page = int(asked["datas"]), int(asked["page"])
        shown = self.rows()[(page - 1) * size : page * size]
        if not shown:
            return _answer({"error": True, "msg": "超出范围"})
        rows = [
            {
                "_doctitle": f"<em>{n.title}</em>", "doctitle": n.title, "fileno": n.document_number, "idxid": n.index_number,
                "pubdate": f"{n.published - timedelta(days=1):%Y.%m.%d} 00:00:00", "docreltime": f"{n.published:%Y.%m.%d} 09:56:00",
                "docpuburl": self.base + self.address(n), "puborg": "临江市人民政府", "docorder": len(self.notices), "score": None,
            }
            for n in shown
        ]  # fmt: skip
        total = len(self.notices)
        return _answer(
            {
                "datas": rows,
                "page": {"page": page, "rows": size, "recordcount": total, "pagecount": -(-total // size)},
                "error": False,
            }
        )


class GovcnSite(_JsonSite):
    """Two libraries in one answer, each paged on its own; titles with markup."""

    platform = "govcn"
    api = "/data"
    query = "?t=zhengcelibrary_gw_bm&sort=pubtime&sortType=1&p=1&n=10"

    def library(self, name: str, asked: dict[str, str]) -> dict[str, Any]:
        mine = [n for n in self.rows() if (n.number % 3 == 0) == (name == "gongwen")]
        size, page = int(asked["n"]), int(asked["p"])
        return {"catName": name, "totalCount": len(mine),
                "listVO": [self.row(n) for n in mine[(page - 1) * size : page * size]]}  # fmt: skip

    def row(self, notice: Notice) -> dict[str, Any]:
        at = datetime.combine(notice.published, time(9, 15), _SHANGHAI)
        return {
            "id": f"gongwen:{notice.number}", "title": notice.title.replace("关于", "<br/>关于<em>", 1) + "</em>",
            "pubtime": int(at.timestamp() * 1000), "pubtimeStr": f"{notice.published:%Y.%m.%d}", "pcode": notice.document_number,
            "index": notice.index_number, "puborg": "临江市人民政府", "url": self.base + self.address(notice), "imgurl": "",
            "summary": f"<em>{notice.body[:40]}</em>...", "childtype": "农业\\畜牧业", "themeLinks": [],
        }  # fmt: skip

    def listing(self, target: str, body: bytes) -> Answer:
        asked = _query(target)
        parts = {name: self.library(name, asked) for name in ("gongwen", "bumenfile")}
        return _answer({"searchVO": {"totalCount": len(self.notices), "listVO": [], "catMap": parts}})


class GovcnOneLibrarySite(GovcnSite):
    """The newer host: one library, its rows right under searchVO."""

    main = False
    api = "/search-gov/data"
    query = "?t=zhengcelibrary_gw&p=1&n=20"

    def listing(self, target: str, body: bytes) -> Answer:
        asked = _query(target)
        size, page = int(asked["n"]), int(asked["p"])
        rows = [self.row(n) for n in self.rows()[(page - 1) * size : page * size]]
        return _answer(
            {"code": 200, "searchVO": {"totalCount": len(self.notices), "listVO": rows, "catMap": None}}
        )
