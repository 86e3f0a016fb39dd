"""Hanweb JCMS on jpaas: the page is a shell whose units the gateway renders; and the tables of the xxgk module."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.fake_sites.jcms_jpage import document_page
from tests.fake_sites.office import HTML, JSON, NOT_FOUND, Answer, FakeSite

GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"


class JcmsGatewaySite(FakeSite):
    """Three units of a page, of which one is the list."""

    platform = "jcms"
    stuck = False  # the gateway renders page 1 for every pageNo
    counted = True  # the pager says how many documents there are

    def catalogue_url(self) -> str:
        return f"{self.base}/col/col1554467/index.html"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: jcms\n"
            f"catalogues:\n  - key: col1554467\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/col/col1554467/index.html":
            return 200, HTML, self.shell().encode()
        if path == GATEWAY:
            return self.unit(target)
        if found := re.fullmatch(r"/col/col1554467/art/2026/art_[0-9a-f]{24}(\d{8})\.html", path):
            notice = self.notice(int(found[1]))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def shell(self) -> str:
        units = "".join(
            f'<div><script src="/script/AuthorizedRead/unitbuild.js?v=3.1" url="{GATEWAY}" queryData="'
            "{'parseType':'bulidstatic','webId':'3096','tplSetId':'o0YcVH','pageType':'column',"
            f"'tagId':'{tag}','editType':'null','pageId':'1554467'}}\"></script></div>"
            for tag in ("当前位置", "导航列表", "信息列表")
        )
        return f"<html><head><title>政府文件</title></head><body>{units}</body></html>"

    def unit(self, target: str) -> Answer:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
        if asked.get("webId") != "3096" or asked.get("pageId") != "1554467":
            return 200, JSON, json.dumps({"success": False, "message": "参数错误"}).encode()
        markup = "<div>您所在的位置：<a href='/index.html'>首页</a></div>"
        if asked.get("tagId") == "信息列表":
            wanted = json.loads(asked.get("paramJson", '{"pageNo":1,"pageSize":15}'))
            number, size = 1 if self.stuck else wanted["pageNo"], wanted["pageSize"]
            markup = self.rendered(number, size)
        return 200, JSON, json.dumps({"success": True, "code": "200", "data": {"html": markup}}).encode()

    def rendered(self, number: int, size: int) -> str:
        rows = "".join(
            f'<li class="cf"><a href="/col/col1554467/art/2026/art_{0:024x}{n.number:08}.html" title="{n.title}">'
            f"{n.title[:12]}...</a><span>{n.published}</span></li>"
            for n in self.rows()[(number - 1) * size : number * size]
        )
        pager = f'<div class="pagination" rows="{size}" count="{len(self.notices)}" pageNo="{number}"></div>'
        return f'<div class="page-content"><ul>{rows}</ul></div>{pager if self.counted else ""}'


class JcmsSearchSite(FakeSite):
    """The information-disclosure module: a column whose catalogue search.jsp gives as tables."""

    platform = "jcms"

    def catalogue_url(self) -> str:
        return f"{self.base}/col/col1229106886/index.html"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: jcms\n"
            f"catalogues:\n  - key: xxgk\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/col/col1229106886/index.html":
            text = (
                "<html><head><title>信息公开目录</title></head><body><div id='div1229106886'></div><script>$.get("
                "'/module/xxgk/tree.jsp?divid=div1229106886&area=11330000&standardXxgk=1&jdid=1756')</script></body></html>"
            )
            return 200, HTML, text.encode()
        if path == "/module/xxgk/search.jsp" and method == "POST":
            return self.search(dict(parse_qsl(body.decode())))
        if found := re.fullmatch(r"/art/2026/3/31/art_1229106886_(\d+)\.html", path):
            notice = self.notice(int(found[1]))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def search(self, form: dict[str, str]) -> Answer:
        if form.get("divid") != "div1229106886" or form.get("area") != "11330000":
            return 200, HTML, "<table><tr><td>没有符合条件的信息</td></tr></table>".encode()
        number = int(form["currpage"])
        rows = "".join(
            f"<tr class='tr_main_value_{'odd' if index % 2 else 'even'}'><td>{index + 1}</td><td>"
            f"<a href='{self.base}/art/2026/3/31/art_1229106886_{n.number}.html' mc='{n.title}' syh='{n.index_number}'"
            f" rq='{n.published}' target='_blank'>{n.title}</a></td><td>{n.published}</td></tr>"
            for index, n in enumerate(self.page(number - 1))
        )
        pager = (
            f"<table class='tb_title'><tr><td>共&nbsp;{len(self.notices)}&nbsp;条&nbsp;&nbsp;共{self.pages()}页"
            f"&nbsp;第{number}页</td></tr></table>"
        )
        return 200, HTML, f"<table class='tb_main'>{rows}</table>{pager}".encode()
