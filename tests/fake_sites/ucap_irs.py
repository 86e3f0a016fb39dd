"""hycloud's irs: rows with keys that say nothing, asked for by POST with JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fake_sites.office import HTML, JSON, NOT_FOUND, Answer, FakeSite, Notice
from tests.fake_sites.ucap_static import document_page

TABLE = "t_1775cd018c6"


class UcapIrsSite(FakeSite):
    """/irs/front/list; the page's script holds the query."""

    platform = "ucap"

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/zfxxgkml/zcwj/index.html"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: ucap\ncatalogues:\n"
            f"  - key: zcwj\n    url: {self.catalogue_url()}\n    options:\n      path: /irs/front/list\n"
            f"      request: {{tenantId: 7, tableName: {TABLE}, sorts: [{{sortField: save_time, sortOrder: DESC}}]}}\n"
            "      page_size: 20\n      fields: {f_202121273539: index_number, f_202121500898: title,"
            " f_202121837479: document_number, f_202121607647: issued_on}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if target == "/zwgk/zfxxgkml/zcwj/index.html":
            query = {"code": "17da70961a7", "tenantId": "7", "tableName": TABLE, "pageNo": 1, "pageSize": 10,
                     "sorts": [{"sortField": "save_time", "sortOrder": "DESC"}]}  # fmt: skip
            text = (
                "<html><head><title>政策文件库</title></head><body><div id='list'></div><script>"
                f"var query = {json.dumps(query)};\n$.ajax({{url: '/irs/front/list', type: 'POST', data: query}});"
                "</script></body></html>"
            )
            return 200, HTML, text.encode()
        if target == "/irs/front/list" and method == "POST":
            return 200, JSON, json.dumps(self.answer(json.loads(body))).encode()
        if found := re.fullmatch(r"/zwgk/zfxxgkml/zcwj/202603/t20260331_(\d+)\.html", target):
            notice = self.notice(int(found[1]))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("tableName") != TABLE or str(asked.get("tenantId")) != "7":
            return {"success": False, "msg": "表名不存在", "code": 500}
        number, size = asked["pageNo"], asked["pageSize"]
        items = [self.item(n) for n in self.rows()[(number - 1) * size : number * size]]
        pager = {"pageNo": number, "pageSize": size, "pageCount": self.pages(), "total": len(self.notices)}
        return {"success": True, "msg": "操作成功", "data": {"list": items, "pager": pager}, "code": 200}

    def item(self, notice: Notice) -> dict[str, Any]:
        return {
            "tenant_id": "7", "doc_pub_url": f"{self.base}/zwgk/zfxxgkml/zcwj/202603/t20260331_{notice.number}.html",
            "f_202121273539": notice.index_number, "f_202121500898": notice.title, "_index": "searchbase_3_2",
            "f_202121837479": notice.document_number, "f_202142777829": notice.title + notice.body,
            "f_202121607647": f"{notice.published} 00:00:00", "f_202157411216": 1, "rec_id": notice.number,
        }  # fmt: skip
