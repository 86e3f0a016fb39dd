"""TRS-style static pages: index.html, index_1.html … with createPageHTML, a label table on each document."""

from __future__ import annotations

import re

from tests.fake_sites.office import HTML, NOT_FOUND, Answer, FakeSite, Notice


class StaticListSite(FakeSite):
    """0-based numbering, as on most TRS WCM sites."""

    platform = "static_list"

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/gongwen/index.html"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: static_list\n"
            f"catalogues:\n  - key: gongwen\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if found := re.fullmatch(r"/zwgk/gongwen/(?:index(?:_(\d+))?\.html)?", target):
            index = int(found[1] or 0)
            if index >= self.pages():
                return NOT_FOUND
            rows = "".join(
                f'<li><a href="./202603/t20260301_{n.number}.html" title="{n.title}">{n.title[:14]}…</a>'
                f"<span>{n.published}</span></li>"
                for n in self.page(index)
            )
            pager = f'<script>createPageHTML({self.pages()}, {index}, "index", "html");</script>'
            text = f"<html><head><title>政府文件</title></head><body><ul class='list'>{rows}</ul>{pager}</body></html>"
            return 200, HTML, text.encode()
        if found := re.fullmatch(r"/zwgk/gongwen/202603/t20260301_(\d+)\.html", target):
            notice = self.notice(int(found[1]))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND


def document_page(notice: Notice) -> str:
    """A document with its label table."""
    return (
        f"<html><head><title>{notice.title}_临江市人民政府</title></head><body><table class='xxgk'>"
        f"<tr><th>索 引 号：</th><td>{notice.index_number}</td><th>发布机构：</th><td>临江市人民政府</td></tr>"
        f"<tr><th>名　　称：</th><td colspan='3'>{notice.title}</td></tr>"
        f"<tr><th>文　　号：</th><td>{notice.document_number}</td><th>发布日期：</th><td>{notice.published}</td></tr></table>"
        f"<div class='TRS_Editor'><p>{notice.body}</p></div><p>浏览次数：17</p></body></html>"
    )
