"""Catalogues that answer in JSON: paths, records, paging, and documents that exist only in an answer."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from crawler.json_paths import check_path, first, rows_at
from crawler.lists.records import RowShape, document_row, plain, read_json
from crawler.paging import Paging, Sender, query_of, with_query
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.platforms.json_api import JsonApiOptions, described
from crawler.scripts.objects import place_in
from crawler.sites import Catalogue
from tests.crawler.test_walk_fake_sites import collect, expected, titles
from tests.fake_sites.json_apis import RefusingSite, WholeRecordsSite
from tests.fake_sites.office import notices

ANSWER = {
    "data": {"list": [{"n": "甲", "pairs": [{"name": "文号", "value": "临政发〔2026〕1号"}, {"name": "空", "value": ""}]}]},
    "map": {"x": {"n": "乙"}, "y": {"n": "丙"}},
    "text": '{"rows": [{"n": "丁"}]}',
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.list[0].n", "甲"),
        ("data.list.n", "甲"),
        ("data.list[-1].pairs[name=文号].value", "临政发〔2026〕1号"),
        ("map.*.n", "乙"),
        ("text.rows[0].n", "丁"),
        ("data.none.n", None),
        ("data.list[7]", None),
    ],
)
def test_paths(path: str, value: object) -> None:
    assert first(ANSWER, path) == value


@pytest.mark.parametrize("path", ["a..b", "[", "a[b", "a]b", ".a", "a."])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        check_path(path)


def test_rows_of_lists_objects_and_texts() -> None:
    assert [at for at, _ in rows_at(ANSWER, "data.list")] == ["data.list[0]"]
    assert [(at, row["n"]) for at, row in rows_at(ANSWER, "map")] == [("map.x", "乙"), ("map.y", "丙")]
    assert [row["n"] for _, row in rows_at(ANSWER, "text.rows")] == ["丁"]
    assert [at for at, _ in rows_at([{"a": 1}, {"a": 2}], "")] == ["[0]", "[1]"]
    for path in ("data.list", "map", "text.rows"):
        for at, row in rows_at(ANSWER, path):
            assert first(ANSWER, at) == row  # a locator leads back to its row


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1}',
        b'\xef\xbb\xbf{"a": 1}',
        b'\r\n\r\n\xef\xbb\xbf\r\ncb({"a": 1});\r\n',
        b'cb({"a": 1})',
        b'/**/jQuery17_2({"a": 1});',
        b'try{ window.cb({"a": 1}); }catch(e){}',
        b'var list = {"a": 1};',
    ],
)
def test_wrappers_are_taken_off(body: bytes) -> None:
    assert read_json(body, "text/javascript", "u") == {"a": 1}


def test_what_is_no_json_is_said() -> None:
    with pytest.raises(ListError, match="expected a JSON answer, found '<html>系统繁忙"):
        read_json("<html>系统繁忙</html>".encode(), "text/html; charset=utf-8", "u")


def test_titles_lose_the_markup_of_search() -> None:
    assert plain("关于<em>印发</em><br/>&lt;em&gt;办法&lt;/em&gt;的&nbsp;通知") == "关于印发办法的 通知"


ROW = {
    "id": 7,
    "title": "关于某事项的通知",
    "href": "/a/7.html",
    "views": 3,
    "content": "长" * 3000,
    "info": {"no": "临发〔2026〕7号"},
}


def row(value: dict[str, Any], **shape: Any) -> Any:
    return document_row(value, "data[0]", "http://a.example/api?page=1", RowShape(url="href", **shape))


def test_a_record_keeps_what_says_something_of_the_document() -> None:
    found = row(ROW, fields={"info.no": "document_number"})
    assert found.url == "http://a.example/a/7.html"
    assert found.record == {"id": 7, "title": ROW["title"], "href": "/a/7.html", "info.no": "临发〔2026〕7号"}
    assert found.locator is None


def test_a_counter_is_no_news_and_an_edit_is() -> None:
    assert row(ROW).row_hash == row({**ROW, "views": 4}).row_hash
    assert row(ROW).row_hash != row({**ROW, "info": {"no": "临发〔2026〕8号"}}).row_hash


@pytest.mark.parametrize(
    ("spec", "address"),
    [
        ("http://b.example/d?id={id}&no={info.no}", "http://b.example/d?id=7&no=%E4%B8%B4%E5%8F%91%E3%80%942026%E3%80%957%E5%8F%B7"),
        ("/x/{id}.html", "http://a.example/x/7.html"),
        ("/#/detail/{id}", "http://a.example/#/detail/7"),
        ("{href}#top", "http://a.example/a/7.html"),
        ("{missing}.html", None),
    ],
)  # fmt: skip
def test_addresses_from_templates(spec: str, address: str | None) -> None:
    found = document_row(ROW, "", "http://a.example/api", RowShape(url=spec))
    assert (found.url if found else None) == address


def test_a_parameter_is_set_and_the_rest_of_the_address_stays() -> None:
    url = "http://a.example/s?filter[A]=true&pageNumber=1&q=%E9%80%9A"
    assert with_query(url, "pageNumber", "2") == "http://a.example/s?filter[A]=true&pageNumber=2&q=%E9%80%9A"
    assert with_query("http://a.example/s", "p", "2") == "http://a.example/s?p=2"


LISTED = {"title": "甲", "url": "/a.html"}


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"d": json.dumps({"total": 3, "rows": [LISTED] * 3})}, "d.rows"),
        (
            {"groups": [{"name": "一", "list": [LISTED]}, {"name": "二", "list": [LISTED, LISTED]}]},
            "groups.list",
        ),
        ({"data": {"17": LISTED, "18": LISTED, "19": LISTED}}, "data"),
        ({"site": {"name": "x", "url": "/"}, "page": {"n": 1}, "list": {"rows": [LISTED] * 3}}, "list.rows"),
        ({"hits": [{"score": 1, "data": {**LISTED, "url": f"/{n}.html"}} for n in range(3)]}, "hits.data"),
        (
            {"hits": [{"group": [{"data": {**LISTED, "url": f"/{n}.html"}}]} for n in range(3)]},
            "hits.group.data",
        ),
    ],
)
def test_where_an_answer_holds_its_rows(answer: dict[str, Any], path: str) -> None:
    seen = described(json.dumps(answer), "http://a.example/api?page=1", {})
    assert seen is not None
    assert seen.catalogues[0][3]["rows"] == path
    assert len(rows_at(answer, path)) == 3


def test_what_each_row_belongs_to_is_no_row() -> None:
    """The column of rows without addresses of their own, and the size of a page beside its number."""
    rows = [{"id": n, "name": f"第{n}号", "column": {"title": "公告", "url": "/gg/"}} for n in range(3)]
    assert described(json.dumps({"rows": rows}), "http://a.example/api?page=1", {}) is None
    assert place_in({"pg": "10", "p": "1"}) == ("page", "p", 1)
    assert place_in({"pg": "2", "size": "10"}) == ("page", "pg", 2)


@pytest.mark.parametrize("send", ["form", "query"])
def test_a_number_within_the_json_text_of_a_parameter(send: Literal["form", "query"]) -> None:
    held = {"site": 7, "pageIndex": 0, "page": {"size": 15}}
    given = {"params": json.dumps(held), "pager.no": "1"}
    address = f"http://a.example/list?{urlencode(given)}" if send == "query" else "http://a.example/list"
    form = given if send == "form" else None

    def sent(paging: Paging, number: int) -> dict[str, str]:
        request = Sender(address, paging, form=form).page(number, page=number + 1)
        return query_of(request.url) if form is None else query_of(f"?{request.body.decode()}")

    paging = Paging(name="params.pageIndex", send=send, size=20, size_name="params.page.size")
    assert Sender(address, paging, form=form).first_number() == 0
    asked = sent(paging, 2)
    assert json.loads(asked["params"]) == {"site": 7, "pageIndex": 2, "page": {"size": 20}}
    assert asked["pager.no"] == "1"
    # A name with a dot in it.
    assert sent(Paging(name="pager.no", send=send), 2) == {**given, "pager.no": "2"}
    assert sent(Paging(name="pager.other", send=send), 2) == {**given, "pager.other": "2"}


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("<?xml version='1.0' encoding='gbk'?><al><item><t>甲</t><url>./a</url></item></al>", "al.item", [{"t": "甲", "url": "./a"}]),
        ("<rows><row id='7' title='甲'/><row id='8'>乙</row></rows>", "rows.row", [{"id": "7", "title": "甲"}]),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a.html'/></entry></feed>", "feed.entry", [{"link": "/a.html"}]),
        ("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r><item><a>&x;</a><b>1</b></item></r>", "r.item", None),
    ],
)  # fmt: skip
def test_answers_in_xml(text: str, path: str, expected: list[dict[str, str]] | None) -> None:
    if expected is None:
        with pytest.raises(ListError):
            read_json(text.encode(), "text/xml; charset=utf-8", "http://a.example/")
        return
    value = read_json(text.encode(), "text/xml; charset=utf-8", "http://a.example/")
    assert [row for _, row in rows_at(value, path)] == expected


@pytest.mark.parametrize(
    "text", ["<html><body>404</body></html>", "<?xml version='1.0'?><html/>", "<div>无</div>", "<", "<list"]
)
def test_pages_are_no_answers(text: str) -> None:
    with pytest.raises(ListError):
        read_json(text.encode(), "text/html; charset=utf-8", "http://a.example/")


def test_page_numbers_in_bodies_leave_the_site_file_alone() -> None:
    body = {"pager": {"no": 1}, "x": 2}
    sender = Sender("http://a.example/", Paging(name="pager.no", send="json"), body=body)
    sent = [json.loads(sender.page(number, page=number).body) for number in (1, 2)]
    assert sent == [{"pager": {"no": 1}, "x": 2}, {"pager": {"no": 2}, "x": 2}]
    assert body == {"pager": {"no": 1}, "x": 2}
    assert sender.first_number() == 1
    dotted = Sender("http://a.example/", Paging(name="param.no", send="json"), body={"param.no": "0"})
    assert (json.loads(dotted.page(2, page=2).body), dotted.first_number()) == ({"param.no": "2"}, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": "a", "url": "u", "whole": True, "detail": "/d/{id}"}, "exclude each other"),
        ({"rows": "a", "url": "u", "form": {}, "body": {}}, "exclude each other"),
        ({"rows": "a", "url": "u", "paging": {"by": "offset", "name": "o"}}, "needs `size`"),
        ({"rows": "a", "url": "u", "paging": {"by": "cursor", "name": "o"}}, "needs `cursor`"),
        ({"rows": "a", "url": "u", "paging": {}}, "name the parameter"),
        ({"rows": "a", "url": "u", "paging": {"name": "p", "stop": "short"}}, "needs `size`"),
        ({"rows": "a", "url": "u", "paging": {"name": "p", "send": "json"}, "form": {}}, "does not go with"),
        ({"rows": "a", "url": "u", "url_where": {"type": "/f/{id}"}}, "a path and its value"),
        (
            {"rows": "a", "url": "u", "url_where": {"type=1": "/f/{id}"}, "detail": "/d/{id}"},
            "exclude each other",
        ),
        ({"rows": "a..b", "url": "u"}, "no path"),
        ({"rows": "a", "url": "{a..b}"}, "no path"),
        ({"rows": "a", "url": "u", "fields": {"a": "wrong"}}, "no field"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        JsonApiOptions.model_validate(options)


def parse(name: str, value: object, at: str, **options: Any) -> ListPage:
    catalogue = Catalogue(key="c", url=at, options=options)
    request = PageRequest(url=at, chain="list", state={"base": 1})
    body = json.dumps(value).encode()
    return platform_of(name).parse_list(body, at, "application/json", request, catalogue)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("trs_search", {"error": True, "msg": "参数错误"}, "expected `page.content`.*参数错误"),
        ("govcn", {"code": 500, "msg": "系统繁忙"}, "expected `searchVO`.*系统繁忙"),
        ("govcn", {"searchVO": {"catMap": {"gongbao": 5}}}, "neither listVO nor a library"),
        ("json_api", {"code": 500, "msg": "x"}, "no rows at data.*it has the keys code, msg"),
        ("json_api", {"data": [{"id": 1}]}, "none has an address at 'href'; a row has the keys id"),
    ],
)
def test_answers_that_are_no_list_say_what_was_expected(name: str, value: object, message: str) -> None:
    options = {"rows": "data", "url": "href"} if name == "json_api" else {}
    with pytest.raises(ListError, match=message):
        parse(name, value, "http://a.example/s?p=1", **options)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"id": "a7", "name": "通知", "detailInfoUrl": "http://a.example/zw/7.html", "coverImgUrl": "/i/7.jpg"}, "detailInfoUrl"),
        ({"id": "a7", "openLink": "/zw/7.html", "fileUrl": "/f/7.pdf"}, "openLink"),
        ({"id": "a7", "aUrl": "/zw/7.html", "bUrl": "/zw/8.html"}, None),
        ({"id": "a7", "visitUrl": "7"}, None),
    ],
)  # fmt: skip
def test_addresses_under_a_name_of_the_site_s_own(row: dict[str, str], path: str | None) -> None:
    seen = described(json.dumps({"rows": [row]}), "http://a.example/s?page=1", {})
    assert (seen.catalogues[0][3]["url"] if seen is not None else None) == path


def test_rows_as_lists_of_their_cells() -> None:
    """DataTables before 1.10: {"aaData": [["1", "<a href=…>…</a>", "2031-03-01"]]}."""
    cells = [
        ["1", "<a href='/zw/1.html'>关于第1号事项的通知</a>", "2031-03-01"],
        ["2", "<a href='/zw/2.html'>关于第2号事项的通知</a>", "2031-02-01"],
    ]
    answer = json.dumps({"sEcho": 1, "iTotalRecords": 45, "aaData": cells}).encode()
    at = "http://a.example/list.do?iDisplayStart=0"
    paging = {"name": "iDisplayStart", "by": "offset", "size": 2}
    read = platform_of("label_table").parse_list(
        answer, at, "application/json", PageRequest(url=at, chain="list"),
        Catalogue(key="c", url=at, options={"paging": paging}),
    )  # fmt: skip
    shown = [(row.url, row.title, row.hints["published_on"]) for row in read.rows]
    assert shown == [
        ("http://a.example/zw/1.html", "关于第1号事项的通知", "2031-03-01"),
        ("http://a.example/zw/2.html", "关于第2号事项的通知", "2031-02-01"),
    ]
    assert read.total == 45


def test_a_total_of_less_than_the_rows_so_far_is_none() -> None:
    """jqGrid states pages under ``total``, others the rows of the answer under ``count``: both ended the walk early."""
    rows = [{"url": f"/{n}.html"} for n in range(15)]
    for total in (3, 15):
        following: PageRequest | None = PageRequest(
            url="http://a.example/s?page=1", chain="list", state={"base": 1}
        )
        catalogue = Catalogue(
            key="c", url="http://a.example/s?page=1",
            options={"rows": "rows", "url": "url", "total": "total", "paging": {"name": "page"}},
        )  # fmt: skip
        for page in range(1, 5):
            assert following is not None, (total, page)
            body = json.dumps({"rows": rows if page < 4 else rows[:7], "total": total}).encode()
            read = platform_of("json_api").parse_list(
                body, following.url, "application/json", following, catalogue
            )
            following = read.next
    seen = described(json.dumps({"rows": rows, "total": 3, "records": 45}), "http://a.example/s?page=1", {})
    assert seen is not None
    assert seen.catalogues[0][3]["total"] == "records"


def test_a_policy_library_that_is_asked_for_alone() -> None:
    rows = [{"url": "/zw/1.htm", "title": "关于停水的<em>通知</em>", "pcode": "临政发〔2031〕1号"}]
    found = parse(
        "govcn",
        {"searchVO": {"listVO": rows, "totalCount": 31}},
        "http://a.example/data?t=zhengcelibrary_gw&n=20",
    )
    assert [(row.url, row.title) for row in found.rows] == [("http://a.example/zw/1.htm", "关于停水的通知")]
    assert (found.total, found.last_page) == (31, 2)


def test_an_empty_catalogue_is_one() -> None:
    found = parse(
        "json_api", {"data": [], "total": 0}, "http://a.example/s", rows="data", url="href", total="total"
    )
    assert (found.rows, found.next, found.total) == ((), None, 0)


@pytest.mark.parametrize(
    ("name", "value", "url"),
    [
        ("trs_search", {"page": {"content": [], "total": "0"}}, "http://a.example/igs/front/search/list.html?index=x"),
        ("trs_search", {"datas": [], "page": {"recordcount": 0}}, "http://a.example/ssp/search/api/apiSearch?x=1"),
        ("govcn", {"searchVO": {"catMap": {}}}, "http://a.example/data?t=zhengcelibrary_gw_bm"),
        ("json_api", {"d": {"rows": [{"url": "/1"}], "total": 1}}, "http://a.example/list?pageNo=1"),
    ],
)  # fmt: skip
def test_recognised_by_their_answers(name: str, value: object, url: str) -> None:
    seen = platform_of(name).recognise(json.dumps(value), url)
    assert seen is not None
    assert seen.confidence >= 0.65
    options = seen.catalogues[0][3]
    assert platform_of(name).options.model_validate(options) is not None
    for other in ("trs_search", "govcn", "json_api", "static_list"):
        found = platform_of(other).recognise(json.dumps(value), url) if other != name else None
        assert found is None or found.confidence < seen.confidence


def test_documents_of_an_answer_are_edited_and_missed_like_pages(tmp_path: Path) -> None:
    with WholeRecordsSite(notices(25)) as site:
        assert collect(tmp_path, site)["baseline"] == 25
        site.notices[3] = dataclasses.replace(site.notices[3], body=site.notices[3].body + "另罚款五万元。")
        again = collect(tmp_path, site)
        assert (again["edited"], again["unchanged"], again["outcome"]) == (1, 24, "complete")
        gone = site.notices.pop(7)
        first_check = collect(tmp_path, site, "--full")
        assert (first_check["missing"], first_check["removed"], first_check["unlisted"]) == (1, 0, 0)
        site.notices.insert(7, gone)
        assert collect(tmp_path, site, "--full")["restored"] == 1
        with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
            cited = db.execute(
                "SELECT v.number, s.role, s.locator FROM versions v JOIN version_sources s ON s.version = v.id"
                " JOIN documents d ON d.id = v.document WHERE d.url LIKE '%#/detail/22' ORDER BY v.number"
            ).fetchall()
        assert cited == [(1, "api", "data.rows[3]"), (2, "api", "data.rows[3]")]
        assert all("detail" not in path for path in site.asked)


def test_a_list_ends_where_the_page_behind_one_that_was_not_full_is_refused(tmp_path: Path) -> None:
    with RefusingSite(notices(45)) as site:
        report = collect(tmp_path, site)
        assert (report["outcome"], report["failed"]) == ("complete", 0), report["reasons"]
        assert titles(tmp_path) == expected(site.notices)
