"""UCAP published as static pages: list.shtml, list_2.shtml …, documents at <32 hex digits>.shtml."""

from __future__ import annotations

import re

from tests.fake_sites.office import HTML, NOT_FOUND, Answer, FakeSite, Notice


class UcapStaticSite(FakeSite):
    """A pager that names its container first and counts from one."""

    platform = "ucap"

    def catalogue_url(self) -> str:
        return f"{self.base}/lj/zcwj/list.shtml"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: ucap\n"
            f"catalogues:\n  - key: zcwj\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if found := re.fullmatch(r"/lj/zcwj/list(?:_(\d+))?\.shtml", target):
            number = int(found[1] or 1)
            if not 1 <= number <= self.pages():
                return NOT_FOUND
            rows = "".join(
                f"<li><a href='/lj/zcwj/202603/{n.number:032x}.shtml' title='{n.title}'>{n.title}</a>"
                f"<span class='time'>{n.published}</span></li>"
                for n in self.page(number - 1)
            )
            pager = f"createPageHTML('page_div',{self.pages()}, {number},'list','shtml',{len(self.notices)});"
            text = (
                "<html><head><title>政策文件</title></head><body><ul class='pageList'>"
                f"{rows}</ul><div id='page_div'></div><script>{pager}</script></body></html>"
            )
            return 200, HTML, text.encode()
        if found := re.fullmatch(r"/lj/zcwj/202603/([0-9a-f]{32})\.shtml", target):
            notice = self.notice(int(found[1], 16))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND


def document_page(notice: Notice) -> str:
    """A document with its labels as a list."""
    labels = {
        "索引号": notice.index_number, "发文字号": notice.document_number, "发文机构": "临江市人民政府",
        "发布日期": str(notice.published), "有效性": "有效",
    }  # fmt: skip
    items = "".join(f"<li><b>{name}：</b><span>{value}</span></li>" for name, value in labels.items())
    return (
        f"<html><head><title>{notice.title}</title><meta name='ArticleTitle' content='{notice.title}'></head>"
        f"<body><ul class='xxgk-info'>{items}</ul><div id='UCAP-CONTENT'><p>{notice.body}</p></div></body></html>"
    )
