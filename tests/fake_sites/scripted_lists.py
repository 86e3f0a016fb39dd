"""A catalogue whose page is empty: its script asks for the rows by a form, and makes the links of their ids."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.json_catalogues import _answer, _JsonSite
from tests.fake_sites.office import HTML, NOT_FOUND, Answer

_PAGE = """<html><head><title>规范性文件_临江市人民政府</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/login.html">登录</a></div>
<ul class="list" id="rows"></ul><div id="pager"></div>
<script src="/js/jquery.min.js"></script>
<script>
var channelCode = "gfxwj";
var pageSize = 15;
function load(pageNo) {
  $.ajax({
    url: "/interface/queryList", type: "post", dataType: "json",
    data: { channelCode: channelCode, pageNo: pageNo, pageSize: pageSize },
    success: function (result) {
      var html = "";
      $.each(result.data.rows, function (index, item) {
        html += '<li><a href="/zwgk/202603/t20260301_' + item.id + '.shtml" target="_blank">' + item.title + '</a></li>';
      });
      $("#rows").html(html);
    }
  });
}
load(1);
</script></body></html>"""


class FormByScriptSite(_JsonSite):
    """Rows by POST, 15 of a page; their ids are all that leads to the documents."""

    platform = "json_api"
    main = False
    leads_on = True
    api = "/interface/queryList"
    options = (
        "{rows: data.rows, url: '/zwgk/202603/t20260301_{id}.shtml', total: data.total,"
        " form: {channelCode: gfxwj, pageNo: '1', pageSize: '15'}, paging: {name: pageNo, send: form, first: 1}}"
    )

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/gfxwj.html"

    def site_file(self) -> str:
        return super().site_file().replace(self.catalogue_url(), f"{self.base}{self.api}")

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if urlsplit(target).path == "/zwgk/gfxwj.html":
            return 200, HTML, _PAGE.encode()
        return super().respond(method, target, body)

    def listing(self, target: str, body: bytes) -> Answer:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if sent.get("channelCode") != "gfxwj":
            return NOT_FOUND
        size, number = int(sent["pageSize"]), int(sent["pageNo"])
        shown = self.notices[(number - 1) * size : number * size]
        rows = [{"id": n.number, "title": n.title, "pubDate": n.published.isoformat()} for n in shown]
        return _answer({"code": 0, "data": {"total": len(self.notices), "rows": rows}})


_SHOWN = """<html><head><title>规范性文件_临江市人民政府</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/login.html">登录</a></div>
<ul class="list" id="rows">{rows}</ul><div id="pager"></div>
<input type="hidden" id="channel" value="gfxwj"><script src="/js/jquery.min.js"></script>
<script>
function load(n) {{
  $.ajax({{
    url: "/queryList?_=" + new Date().getTime(), type: "post", dataType: "json",
    data: {{ current: n, pageSize: 20, webSiteCode: ["ljs"], "channelCode[]": $("#channel").val(), sort: "sortNum" }},
    success(result) {{ show(result.data.results); }}
  }});
}}
</script></body></html>"""


class QueryListSite(_JsonSite):
    """The first page stands in the page; the others are asked for by POST, with lists in the form, of a search engine."""

    platform = "json_api"
    main = False
    leads_on = True  # to the answers of which it shows the first page
    api = "/queryList"
    query = "?_=1"
    options = (
        "{rows: data.results, url: source.urls.pc, total: data.total,"
        " form: {'webSiteCode[]': [ljs], 'channelCode[]': gfxwj, current: '1', pageSize: '20'},"
        " paging: {name: current, send: form, first: 1}}"
    )

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/gfxwj/"

    def site_file(self) -> str:
        return super().site_file().replace(self.catalogue_url(), f"{self.base}{self.api}{self.query}")

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if urlsplit(target).path == "/zwgk/gfxwj/":
            rows = "".join(
                f"<li><a href='{self.address(n)}'>{n.title}</a><span>{n.published}</span></li>"
                for n in self.page(0)
            )
            return 200, HTML, _SHOWN.format(rows=rows).encode()
        return super().respond(method, target, body)

    def listing(self, target: str, body: bytes) -> Answer:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if (sent.get("webSiteCode[]"), sent.get("channelCode[]")) != ("ljs", "gfxwj"):
            return NOT_FOUND
        rows = [
            {
                "id": n.number,
                "source": {
                    "title": n.title,
                    "pubDate": f"{n.published} 09:00:00",
                    "urls": json.dumps({"pc": self.address(n)}),
                },
            }
            for n in self.page(int(sent["current"]) - 1)
        ]
        return _answer({"code": 200, "data": {"total": len(self.notices), "results": rows}})


class SkippedRowsSite(_JsonSite):
    """A script asks for rows by how many to skip: ?begin=20&pagenum=20 is the second page."""

    platform = "json_api"
    main = False
    leads_on = True
    query = "?cat=7&begin=0&pagenum=20"
    options = "{rows: list, url: url, paging: {by: offset, name: begin, size: 20}}"

    def catalogue_url(self) -> str:
        return f"{self.base}/zwgk/gfxwj.html"

    def site_file(self) -> str:
        return super().site_file().replace(self.catalogue_url(), f"{self.base}{self.api}{self.query}")

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if urlsplit(target).path == "/zwgk/gfxwj.html":
            asks = "$.getJSON('/api/list?cat=7&begin=' + (page - 1) * size + '&pagenum=' + size, show);"
            script = f"<script>var size = 20; function load(page) {{ {asks} }} load(1);</script>"
            return (
                200,
                HTML,
                f"<html><head><title>规范性文件</title></head><body><ul id='rows'></ul>{script}</body></html>".encode(),
            )
        return super().respond(method, target, body)

    def listing(self, target: str, body: bytes) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        start, size = int(asked["begin"]), int(asked["pagenum"])
        shown = self.rows()[start : start + size]
        return _answer(
            {"list": [{"title": n.title, "url": self.address(n), "pubDate": f"{n.published}"} for n in shown]}
        )
