"""gkmlpt, the disclosure platform of Guangdong: an index with a tree, an API in pages of a hundred, two addresses a post."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.office import HTML, JSON, NOT_FOUND, Answer, FakeSite, Notice

SID = "755041"


class GkmlptSite(FakeSite):
    """Odd notices stand in one node of the tree and even ones in another; a third only leads elsewhere."""

    platform = "gkmlpt"

    def catalogue_url(self) -> str:
        return f"{self.base}/gkmlpt/index"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: gkmlpt\n"
            f"catalogues:\n  - key: gkmlpt\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/gkmlpt/index":
            return 200, HTML, self.index().encode()
        if found := re.fullmatch(r"/gkmlpt/api/all/(\d+)", path):
            asked = parse_qs(urlsplit(target).query)
            if asked.get("sid") != [SID]:
                return 200, JSON, b'{"error": "sid"}'
            return 200, JSON, json.dumps(self.answer(int(found[1]), int(asked["page"][0]))).encode()
        if found := re.fullmatch(r"/gkmlpt/content/11/\d+/post_(\d+)\.html", path):
            notice = self.notice(int(found[1]) - 11_000_000)
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def index(self) -> str:
        tree = (
            "[{id: 1, name: '政策文件', children: [{id: 101, name: '规范性文件'}, {id: 102, name: '其他文件'},"
            "{id: 103, name: '政府公报', jump_url: '/gb/'},]}]"
        )
        return (
            "<html><head><title>政府信息公开平台</title></head><body><div id='app'></div><script>\n"
            f"window._CONFIG = {{SID: '{SID}', SITE_NAME: '临江市', TREE: {tree}, // 目录树\n}};\n"
            "</script></body></html>"
        )

    def answer(self, node: int, page: int) -> dict[str, Any]:
        rows = [n for n in self.rows() if n.number % 2 == node % 2]
        first = max(page - 1, 0) * 100  # pages 0 and 1 are the same
        return {
            "classify": {"id": node, "post_count": len(rows)},
            "articles": [self.article(n) for n in rows[first : first + 100]],
            "total": len(rows),
        }

    def article(self, notice: Notice) -> dict[str, Any]:
        post = 11_000_000 + notice.number
        return {
            "id": post, "title": notice.title, "document_number": notice.document_number, "identifier": notice.index_number,
            "publisher": "临江市人民政府", "display_publish_time": str(notice.published), "view_count": 17,
            "url": f"{self.base}/gkmlpt/content/11/{post // 1000}/post_{post}.html",
            "post_url": f"{self.base}/zwgk/content/post_{post}.html",
        }  # fmt: skip


def document_page(notice: Notice) -> str:
    """A document with the platform's table."""
    return (
        f"<html><head><title>{notice.title}</title></head><body><table class='content'>"
        f"<tr><td>索引号:</td><td>{notice.index_number}</td><td>分类:</td><td>综合政务</td></tr>"
        f"<tr><td>发布机构:</td><td>临江市人民政府</td><td>成文日期:</td><td>{notice.published}</td></tr>"
        f"<tr><td>名称:</td><td colspan='3'>{notice.title}</td></tr>"
        f"<tr><td>文号:</td><td>{notice.document_number}</td><td>发布日期:</td><td>{notice.published}</td></tr></table>"
        f"<div class='article-content'><p>{notice.body}</p></div></body></html>"
    )
