"""A catalogue whose page is empty: its script asks for the rows by a form, and makes the links of their ids."""

from __future__ import annotations

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
