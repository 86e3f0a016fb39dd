"""Hanweb JCMS: datastores, units of the gateway, and proxies that fail quietly."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import pytest

from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.platforms.jcms import PLATFORM
from crawler.sites import Catalogue
from tests.crawler.test_walk_fake_sites import collect, titles
from tests.fake_sites.jcms_gateway import JcmsGatewaySite
from tests.fake_sites.jcms_jpage import JcmsGroupsSite, JcmsRecordsSite
from tests.fake_sites.office import FakeSite, notices

URL = "http://a.example/col/col7/index.html"
FORM = "ajaxParam:{col:1,webid:3,path:'/',columnid:7,unitid:'42',webname:'临江市',permissiontype:0}"


def read(text: str, request: PageRequest | None = None, **options: object) -> ListPage:
    catalogue = Catalogue(key="col7", url=URL, options=options)
    request = request or PageRequest(url=URL, chain="list")
    return PLATFORM.parse_list(text.encode(), request.url, "text/html; charset=utf-8", request, catalogue)


def records(first: int, count: int) -> str:
    one = '<record><![CDATA[<li><a href="/art/2026/3/1/art_7_{n}.html">关于第{n}号事项</a><i>2026-03-01</i></li>]]></record>'
    return "<recordset>" + "".join(one.format(n=n) for n in range(first, first + count)) + "</recordset>"


def page(first: str, call: str = "") -> str:
    script = f"<script>$('#42').jpage({{{call}}});</script>" if call else ""
    return f"<div id=42><script type='text/xml'><datastore>{first}</datastore></script></div>{script}"


def numbers(found: ListPage) -> list[str]:
    return [row.url.rpartition("_")[2].removesuffix(".html") for row in found.rows]


def test_the_range_after_the_records_in_the_page() -> None:
    found = read(
        page(records(1, 15), f"perPage:5,totalRecord:17,proxyUrl:'/module/web/jpage/dataproxy.jsp',{FORM}")
    )
    assert numbers(found) == [str(n) for n in range(1, 16)]
    assert found.next is not None
    assert found.next.url == (
        "http://a.example/module/web/jpage/dataproxy.jsp?startrecord=16&endrecord=30&perpage=5"
    )
    assert dict(parse_qsl(found.next.body.decode())) == {
        "col": "1", "webid": "3", "path": "/", "columnid": "7", "unitid": "42", "webname": "临江市",
        "permissiontype": "0",
    }  # fmt: skip
    last = read(f"<datastore>{records(16, 2)}</datastore>", found.next)
    assert (numbers(last), last.next) == (["16", "17"], None)


def test_a_short_answer_is_continued_where_it_ended() -> None:
    first = read(page(records(1, 15), f"perPage:5,totalRecord:40,{FORM}"))
    second = read(f"<datastore>{records(16, 4)}</datastore>", first.next)
    assert second.next is not None
    assert "startrecord=20&" in second.next.url


def test_a_site_that_deletes_while_it_is_walked_ends_where_it_says() -> None:
    first = read(page(records(1, 15), f"perPage:5,totalRecord:16,{FORM}"))
    assert read("<datastore><totalrecord>15</totalrecord><recordset/></datastore>", first.next).next is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<datastore><recordset></recordset></datastore>".ljust(54), "no records from 16 on of 17"),
        ("", "no records from 16 on of 17"),
        (
            f"<datastore>{records(1, 15)}</datastore>",
            "the records from 16 on are those of an earlier range again",
        ),
    ],
)
def test_a_proxy_that_fails_quietly_is_said(answer: str, said: str) -> None:
    first = read(page(records(1, 15), f"perPage:5,totalRecord:17,{FORM}"))
    with pytest.raises(ListError, match=said):
        read(answer, first.next)


def test_encrypted_ids_follow_the_group_that_is_offered() -> None:
    group = '<nextgroup><![CDATA[<a href="{0}dataproxy.jsp?page={1}&columnid=aGk9&unitid=Zx%2BQ"></a>]]></nextgroup>'
    first = read(page(group.format("/module/web/jpage/", 1) + records(1, 45)))
    assert first.next is not None
    assert (
        first.next.url == "http://a.example/module/web/jpage/dataproxy.jsp?page=1&columnid=aGk9&unitid=Zx%2BQ"
    )
    second = read(f"<datastore>{group.format('./', 2)}{records(46, 45)}</datastore>", first.next)
    assert second.next is not None
    assert (
        second.next.url
        == "http://a.example/module/web/jpage/dataproxy.jsp?page=2&columnid=aGk9&unitid=Zx%2BQ"
    )
    assert read(f"<datastore>{records(91, 3)}</datastore>", second.next).next is None
    with pytest.raises(ListError, match="no records from 91 on: dataproxy"):
        read("<datastore><recordset></recordset></datastore>", second.next)


def test_more_than_the_page_holds_and_no_way_to_it_is_said() -> None:
    with pytest.raises(ListError, match="15 records of 99, and neither ids"):
        read(page(records(1, 15), "perPage:5,totalRecord:99"))


def test_records_beyond_a_usual_group_without_an_offer_are_all_there_are() -> None:
    found = read(page(records(1, 50)))
    assert (len(found.rows), found.next) == (50, None)
    with pytest.raises(ListError, match="45 records of more, and neither ids"):
        read(page(records(1, 45)))


def test_ids_may_come_from_the_site_file() -> None:
    found = read(page(records(1, 45)), form={"columnid": 7, "unitid": 42})
    assert found.next is not None
    assert found.next.body == b"columnid=7&unitid=42"


def test_the_list_of_the_column_is_chosen_of_several() -> None:
    other = page(records(100, 20), "perPage:20,totalRecord:20,ajaxParam:{columnid:9,unitid:'8'}").replace(
        "#42", "#8"
    )
    own = page(records(1, 2), f"perPage:5,totalRecord:2,{FORM}")
    assert numbers(read(other + own)) == ["1", "2"]
    assert numbers(read(other + own, unit="8"))[0] == "100"


def test_records_may_be_escaped_rows_of_a_table() -> None:
    row = "&lt;tr&gt;&lt;td&gt;1&lt;/td&gt;&lt;td&gt;&lt;a href='/art/2026/3/1/art_7_1.html'&gt;关于第1号事项的通知&lt;/a&gt;"
    found = read(page(f"<record>{row}&lt;/td&gt;&lt;td&gt;2026-03-01&lt;/td&gt;&lt;/tr&gt;</record>".join(
        ("<recordset>", "</recordset>")
    )))  # fmt: skip
    assert [(r.title, r.hints["published_on"]) for r in found.rows] == [("关于第1号事项的通知", "2026-03-01")]


def unit(tag: str, more: str = "") -> str:
    return f"<script url='/api-gateway/x/unit' queryData=\"{{'webId':'3','tplSetId':'o0','tagId':'{tag}','pageId':'7'{more}}}\"></script>"


def rendered(first: int, count: int, pager: str = "") -> str:
    rows = "".join(
        f"<li><a href='art/2026/art_{n:032x}.html' title='关于第{n}号事项的通知'>关于…</a><span>2026-03-01</span></li>"
        for n in range(first, first + count)
    )
    return json.dumps({"success": True, "data": {"html": f"<ul>{rows}</ul>{pager}"}})


def test_a_unit_is_asked_page_by_page() -> None:
    found = read(unit("头部导航") + unit("当前栏目list") + unit("右侧内容"))
    (request,) = found.branches
    asked = unquote(request.url)
    assert asked.startswith("http://a.example/api-gateway/x/unit?parseType=bulidstatic&pageType=column")
    assert '"pageNo":1,"pageSize":20' in asked
    assert "tagId=当前栏目list" in asked
    first = read(
        rendered(1, 15, "<div queryData=\"{'rows':'15','count':'31','pageNo':'1'}\"></div>"), request
    )
    assert first.rows[0].url == f"http://a.example/col/col7/art/2026/art_{1:032x}.html"
    assert first.next is not None
    assert '"pageNo":2,"pageSize":15' in unquote(first.next.url)
    last = read(rendered(16, 16, "<div rows=15 count=31></div>"), first.next)
    assert last.next is None


def test_a_unit_may_be_chosen_and_must_exist() -> None:
    page_of_units = unit("当前栏目list") + unit("右侧内容")
    assert "右侧内容" in unquote(read(page_of_units, unit="右侧内容").branches[0].url)
    with pytest.raises(ListError, match="no list '左侧'; it has: 当前栏目list, 右侧内容"):
        read(page_of_units, unit="左侧")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<html>403</html>", "expected JSON with data.html"),
        ('{"success":false,"message":"参数错误","data":{"html":""}}', "the gateway refused: 参数错误"),
        (
            '{"success":true,"data":{"html":"<p>首页</p>"}}',
            "no rows from 1 on; the page's units: 当前栏目list",
        ),
    ],
)
def test_answers_of_the_gateway_that_are_none(answer: str, said: str) -> None:
    with pytest.raises(ListError, match=said):
        read(answer, read(unit("当前栏目list")).branches[0])


@pytest.mark.parametrize(
    ("own", "records", "beside"),
    [
        (7, 9, ("601",)),
        (7, 2, ()),
        (200, 9, ()),
    ],  # one of several boxes; a few pictures; the column's own list
)
def test_lists_of_a_page_any_of_which_may_be_meant(own: int, records: int, beside: tuple[str, ...]) -> None:
    def box(unit: int, column: int, count: int) -> str:
        rows = "".join(
            f"<record><![CDATA[<li><a href='/art/2026/3/1/art_{column}_{n}.html'>通知</a></li>]]></record>"
            for n in range(count)
        )
        store = f"<script type='text/xml'><datastore><recordset>{rows}</recordset></datastore></script>"
        return f"<div id='{unit}'>{store}</div><script>$('#{unit}').jpage({{ajaxParam:{{columnid:{column},unitid:'{unit}'}}}})</script>"

    seen = PLATFORM.recognise(
        box(601, 6, records) + box(701, own, 12), "http://a.example/col/col200/index.html"
    )
    assert seen is not None
    assert seen.beside == beside


@pytest.mark.parametrize(
    ("tags", "beside"),
    [
        (("本级文件列表", "导航列表", "部门文件列表"), ("部门文件列表",)),
        (("当前位置", "导航列表", "信息列表"), ()),
        (("u1", "u2"), ()),  # names that tell nothing
    ],
)
def test_units_that_are_as_likely_to_be_the_list(tags: tuple[str, ...], beside: tuple[str, ...]) -> None:
    seen = PLATFORM.recognise("".join(map(unit, tags)), "http://a.example/zwgk/index.html")
    assert seen is not None
    assert seen.beside == beside


def test_a_column_without_any_of_it_is_an_error() -> None:
    with pytest.raises(ListError, match="is the platform really jcms"):
        read("<p>建设中</p>")


def test_a_column_of_a_single_static_page_is_read() -> None:
    found = read("<ul><li><a href='/art/2026/3/1/art_7_1.html'>关于第1号事项的通知</a>2026-03-01</li></ul>")
    assert (numbers(found), found.next) == (["1"], None)


@pytest.mark.parametrize("kind", [JcmsRecordsSite, JcmsGroupsSite])
def test_stubs_make_the_walk_partial(kind: type[JcmsRecordsSite], tmp_path: Path) -> None:
    with kind(notices(101)) as site:
        site.silent = True
        report = collect(tmp_path, site)
        assert report["outcome"] == "partial"
        assert any("no records from 61 on" in reason for reason in report["reasons"]), report["reasons"]
        assert len(titles(tmp_path)) == 60


@pytest.mark.parametrize("counted", [True, False])
def test_a_gateway_that_is_stuck_on_page_1_makes_the_walk_partial(counted: bool, tmp_path: Path) -> None:
    site: FakeSite
    with JcmsGatewaySite(notices(60)) as site:
        site.stuck, site.counted = True, counted
        report = collect(tmp_path, site)
        assert report["outcome"] == "partial"
        assert any("answers page 1 for pageNo 2 too" in reason for reason in report["reasons"]), report[
            "reasons"
        ]
        assert len(titles(tmp_path)) == 20


def test_the_form_of_the_xxgk_module_may_stand_in_a_script() -> None:
    """The address that is asked names none of what it is sent."""
    code = (
        "<script>var param = 'infotypeId=A0212&jdid=3096&area=&divid=div7&sortfield=,compaltedate:0&currpage=' + page;"
        " $.post('/module/xxgk/search.jsp?isAllList=1&currpage=' + page, param, show);</script>"
    )
    (asked,) = read(f"<div id='div7'></div>{code}").branches
    sent = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
    assert (sent["infotypeId"], sent["jdid"], sent["divid"], sent["currpage"]) == (
        "A0212",
        "3096",
        "div7",
        "1",
    )


TRUECMS = "/truecms/messageController/getMessage.do"


def truecms(held: int, total: int) -> str:
    """A page of TrueCMS: its script puts the lists of #initData into a datastore, one record each."""
    entry = '<ul class="list">\n<li><a href="/ljs/tzgg/content/art_7_{n}.html">关于第{n}号事项</a><i>2026-03-01</i></li>\n</ul>'
    return (
        f"<ul><li><a href='/zwgk/'>政务公开</a></li></ul><div id=initData>{''.join(entry.format(n=n) for n in range(1, held + 1))}</div>"
        f"<div id=msgList></div><script>$(function(){{ var initData = '<datastore><totalrecord>{total}</totalrecord><recordset>';"
        " $('#initData ul').each(function(){ initData += '<record><![CDATA[' + $(this).html().replace(/\\n/g, '') + ']]></record>'; });"
        " initData += '</recordset></datastore>'; $('#msgList').jpage({dataStore:initData, dataBefore:'<ul>', perPage:10, groupSize:3,"
        f" proxyUrl:'http://a.example{TRUECMS}', ajaxParam:{{columnId:'754f-b5'}}}}); }});</script>"
    )


def test_records_that_a_script_takes_from_the_page() -> None:
    text = truecms(30, 32)
    seen = PLATFORM.recognise(text, "http://a.example/ljs/tzgg/tzgg.html")
    assert seen is not None
    assert seen.reasons == ("a list of jpage with 30 records in the page",)
    first = read(text)
    assert numbers(first) == [str(n) for n in range(1, 31)]
    assert first.next is not None
    assert (first.next.method, first.next.body) == ("GET", b"")
    assert first.next.url == (
        f"http://a.example{TRUECMS}?callback=jsonp1&startrecord=31&endrecord=60&perpage=10&contentTemplate=&columnId=754f-b5"
    )
    store = f"<datastore><totalrecord>32</totalrecord>{records(31, 2)}</datastore>"
    for answer in (f"jsonp1({json.dumps({'result': store})})", json.dumps({"result": store}), store):
        last = read(answer, first.next)
        assert (numbers(last), last.next) == (["31", "32"], None)
    assert read(truecms(12, 12)).next is None


def test_a_proxy_of_truecms_that_answers_without_records() -> None:
    with pytest.raises(ListError, match="no records from 31 on of 45"):
        read(json.dumps({"result": ""}), read(truecms(30, 45)).next)
