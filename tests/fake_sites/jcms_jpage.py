"""Hanweb JCMS with jpage: the first records in the page, the others from dataproxy.jsp, by range or by group."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.fake_sites.office import HTML, NOT_FOUND, Answer, FakeSite, Notice

XML = {"Content-Type": "text/xml; charset=UTF-8"}
STUB = "<datastore><recordset></recordset></datastore>".ljust(54)


def document_page(notice: Notice) -> str:
    """An article of JCMS, with its table and the time at which it was made."""
    return (
        f"<html><head><title>{notice.title}</title><meta name='Maketime' content='{notice.published} 09:51:50_194'>"
        f"<meta name='ArticleTitle' content='{notice.title}'></head><body><table class='xxgk_article'>"
        f"<tr><td>索引号</td><td>{notice.index_number}</td><td>文号</td><td>{notice.document_number}</td></tr>"
        f"<tr><td>发布机构</td><td>临江市人民政府</td><td>发布日期</td><td>{notice.published}</td></tr></table>"
        f"<div id='zoom'><!--ZJEG_RSS.content.begin--><p>{notice.body}</p><!--ZJEG_RSS.content.end--></div>"
        "<script src='/module/visitcount/articlehits.jsp?colid=101&artid=1'></script></body></html>"
    )


class JcmsRecordsSite(FakeSite):
    """Plain ids: dataproxy.jsp is asked by POST for a range. A second, shorter list stands beside the column's."""

    platform = "jcms"
    silent = False  # dataproxy.jsp answers with stubs
    columns = "101"

    def catalogue_url(self) -> str:
        return f"{self.base}/col/col101/index.html"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市人民政府\nurl: {self.base}/\nplatform: jcms\n"
            f"catalogues:\n  - key: col101\n    url: {self.catalogue_url()}\n"
        )

    def record(self, notice: Notice) -> str:
        address = f"/art/2026/3/31/art_101_{notice.number}.html"
        return (
            f'<li><a href="{address}" title="{notice.title}" target="_blank">{notice.title[:12]}...</a>'
            f"<span>{notice.published}</span></li>"
        )

    def store(self, records: list[str], head: str = "") -> str:
        wrapped = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
        return f"<datastore>{head}<recordset>{wrapped}</recordset></datastore>"

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/col/col101/index.html":
            return 200, HTML, self.column_page().encode()
        if path == "/module/web/jpage/dataproxy.jsp":
            return self.proxy(method, target, body)
        if found := re.fullmatch(r"/art/2026/3/31/art_101_(\d+)\.html", path):
            notice = self.notice(int(found[1]))
            if notice is not None:
                return 200, HTML, document_page(notice).encode()
        return NOT_FOUND

    def column_page(self) -> str:
        first = [self.record(n) for n in self.rows()[: 3 * self.per_page]]
        beside = [f'<li><a href="/art/2026/1/{n}/art_9_{n}.html">图片新闻第{n}条</a></li>' for n in (1, 2)]
        return (
            "<html><head><title>政府文件</title><meta name='ColumnName' content='政府文件'></head><body>"
            f'<div id="77"><script type="text/xml">{self.store(beside)}</script></div>'
            "<script>$(\"#77\").jpage({perPage:2,totalRecord:2,ajaxParam:{col:1,webid:1,columnid:9,unitid:'77'}});"
            f'</script><div id="5501"><script type="text/xml">{self.store(first)}</script></div><script>'
            "jQuery('#5501').jpage({dataBefore:'<ul>',dataAfter:'</ul>',"
            f"totalRecord:{len(self.notices)},perPage:{self.per_page},groupSize:3,barPosition:'bottom',"
            "proxyUrl:'/module/web/jpage/dataproxy.jsp',openCookie:false,ajaxParam:{col:1,appid:1,webid:1,path:'/',"
            "columnid:101,sourceContentType:1,unitid:'5501',webname:'临江市人民政府',permissiontype:0}});"
            "</script></body></html>"
        )

    def proxy(self, method: str, target: str, body: bytes) -> Answer:
        asked, form = parse_qs(urlsplit(target).query), dict(parse_qsl(body.decode()))
        if method != "POST" or form.get("columnid") != "101" or form.get("unitid") != "5501" or self.silent:
            return 200, XML, STUB.encode()
        first, last = int(asked["startrecord"][0]), int(asked["endrecord"][0])
        head = f"<totalrecord>{len(self.notices)}</totalrecord><totalpage>{self.pages()}</totalpage>"
        return 200, XML, self.store([self.record(n) for n in self.rows()[first - 1 : last]], head).encode()


class JcmsGroupsSite(JcmsRecordsSite):
    """Encrypted ids: each group offers the address of the next, and nothing says how many there are."""

    def group(self, index: int) -> str:
        size = 3 * self.per_page
        records = [self.record(n) for n in self.rows()[index * size : (index + 1) * size]]
        more = (index + 1) * size < len(self.notices)
        offered = (
            f'<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page={index + 1}&webid=1&path=/'
            f'&columnid=aGk9&unitid=Zx%2BQ&webname=%E4%B8%B4"></a>]]></nextgroup>'
        )
        return self.store(records, offered if more else "")

    def column_page(self) -> str:
        return (
            "<html><head><title>政府文件</title></head><body><div class='list'>"
            f'<script type="text/xml">{self.group(0)}</script></div></body></html>'
        )

    def proxy(self, method: str, target: str, body: bytes) -> Answer:
        asked = parse_qs(urlsplit(target).query)
        if self.silent or asked.get("unitid") != ["Zx+Q"]:
            return 200, XML, STUB.encode()
        return 200, XML, self.group(int(asked["page"][0])).encode()
