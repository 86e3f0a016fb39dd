"""UCAP whose page is filled from /searchList/{channel}; its documents are described by the API alone."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.office import HTML, JSON, NOT_FOUND, Answer, FakeSite, Notice

CHANNEL = "55dbc14f9bea476bb09743d5f1c8c842"


class UcapSearchSite(FakeSite):
    """Rows with domainMetaList; a total, or an empty page at the end; a section's index in place of documents in a burst."""

    platform = "ucap"
    counted = True
    burst: int | None = None  # documents that are served before the index page takes their place

    def catalogue_url(self) -> str:
        return f"{self.base}/lj/c101954/zfxxgk_zdgk.shtml"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市金融监督管理局\nurl: {self.base}/\nplatform: ucap\n"
            f"catalogues:\n  - key: zdgk\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/lj/c101954/zfxxgk_zdgk.shtml":
            return 200, HTML, self.shell().encode()
        if path == f"/searchList/{CHANNEL}":
            asked = {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
            return 200, JSON, json.dumps(self.answer(int(asked["page"]), int(asked["_pageSize"]))).encode()
        if found := re.fullmatch(r"/lj/c101954/c(\d+)/content\.shtml", path):
            if self.burst is not None:
                self.burst -= 1
                if self.burst < 0:
                    return 200, HTML, self.index().encode()
            notice = self.notice(int(found[1]) - 7_000_000)
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def shell(self) -> str:
        return (
            f"<html><head><title>主动公开</title><meta name='channelid' content='{CHANNEL}'></head><body>"
            "<ul id='list'></ul><script>$.get('/searchList/' + channelId + '?_isAgg=true&_isJson=true', fill)</script>"
            "</body></html>"
        )

    def index(self) -> str:
        """The front page of the section: the newest titles, among them perhaps the one that was asked for."""
        rows = "".join(
            f"<li><a href='/lj/c101954/c{7_000_000 + n.number}/content.shtml'>{n.title}</a>"
            f"<span>{n.published}</span></li>"
            for n in self.rows()[:40]
        )
        return f"<html><head><title>临江市金融监督管理局</title></head><body><h1>要闻</h1><ul>{rows}</ul></body></html>"

    def answer(self, page: int, size: int) -> dict[str, Any]:
        results = [self.item(n) for n in self.rows()[(page - 1) * size : page * size]]
        total = {"total": len(self.notices)} if self.counted else {}
        return {"data": {**total, "page": page, "rows": size, "channelId": CHANNEL, "results": results}}

    def item(self, notice: Notice) -> dict[str, Any]:
        labels = {"发文日期": f"{notice.published} 15:28:59", "索引号": notice.index_number, "文号": notice.document_number,
                  "主题词": "null", "发布机构": "", "公开范围": ""}  # fmt: skip
        return {
            "title": notice.title, "subTitle": notice.title, "url": f"//{self.base.removeprefix('http://')}"
            f"/lj/c101954/c{7_000_000 + notice.number}/content.shtml", "manuscriptId": str(7_000_000 + notice.number),
            "publishedTime": 1729639739000, "publishedTimeStr": f"{notice.published} 15:28:59", "resList": [],
            "content": notice.body, "contentHtml": f"<p>{notice.body}</p>", "memo": notice.title,
            "domainMetaList": [
                {"domainMetadataName": "默认", "resultList": [{"key": "x", "name": k, "value": v} for k, v in labels.items()]}
            ],
        }  # fmt: skip


def document_page(notice: Notice) -> str:
    """A document that shows neither its numbers nor its date."""
    return (
        f"<html><head><title>{notice.title}_临江市金融监督管理局</title><meta name='others' content='页面生成时间 "
        f"{notice.published} 11:23:36'></head><body><h2>{notice.title}</h2><div class='detail-news'>"
        f"<p>{notice.body}</p></div></body></html>"
    )
