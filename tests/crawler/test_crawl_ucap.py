"""UCAP and hycloud: rows of their APIs, their records, and their ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.platforms.ucap import PLATFORM
from crawler.sites import Catalogue, ConfigError, Site, load_site
from tests.crawler.test_walk_fake_sites import collect, expected, titles
from tests.fake_sites.office import notices
from tests.fake_sites.ucap_search import CHANNEL, UcapSearchSite

URL = "http://www.a.example/lj/c101954/zdgk.shtml"
SITE = Site(site="a", name="甲局", url="http://www.a.example/", platform="ucap",
            catalogues=(Catalogue(key="a", url=URL),))  # fmt: skip


def catalogue(**options: object) -> Catalogue:
    return Catalogue(key="a", url=URL, options=options)


def read(answer: object, request: PageRequest | None = None, /, **options: object) -> ListPage:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    request = request or PLATFORM.start(catalogue(**options), SITE)
    return PLATFORM.parse_list(text.encode(), request.url, None, request, catalogue(**options))


def item(number: int = 1, **more: object) -> dict[str, Any]:
    return {
        "title": f"关于第{number}号<em>事项</em>的通知", "url": f"//www.a.example/lj/c101954/c{number}/content.shtml",
        "publishedTimeStr": "2026-03-01 10:00:00", "content": "现将有关事项通知如下。", "contentHtml": "<p>现将</p>",
        "publishedTime": 1772330400000, "domainMetaList": [{"resultList": [
            {"name": "索引号", "key": "syh", "value": "bm56/2026-1"}, {"name": "文号", "value": "null"},
            {"name": "发布机构", "value": ""}, {"name": None, "key": "fwrq", "value": "2026-02-28"}]}], **more,
    }  # fmt: skip


def found(*items: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"data": {"results": list(items), **more}}


def query(request: PageRequest | None) -> dict[str, str]:
    assert request is not None
    return {k: v[0] for k, v in parse_qs(urlsplit(request.url).query, keep_blank_values=True).items()}


def test_a_row_and_its_record() -> None:
    (row,) = read(found(item(), total=1), channel=CHANNEL).rows
    assert (row.url, row.title) == ("http://www.a.example/lj/c101954/c1/content.shtml", "关于第1号事项的通知")
    assert row.record == {
        "title": "关于第1号事项的通知", "url": "//www.a.example/lj/c101954/c1/content.shtml",
        "publishedTimeStr": "2026-03-01 10:00:00", "索引号": "bm56/2026-1", "文号": "null", "fwrq": "2026-02-28",
    }  # fmt: skip


def test_what_counts_as_the_same_row() -> None:
    def seen(**more: object) -> str:
        return read(found(item(**more), total=1), channel=CHANNEL).rows[0].row_hash

    assert seen() == seen(clickNum=7, publishedTime=5, contentHtml="<p>现  将</p>")
    assert seen() != seen(publishedTimeStr="2026-03-02 10:00:00")


def test_the_text_of_the_api_is_kept_only_where_it_is_wanted() -> None:
    assert "contentHtml" not in (read(found(item(), total=1), channel=CHANNEL).rows[0].record or {})
    (row,) = read(found(item(), total=1), channel=CHANNEL, body=True).rows
    assert (row.record or {})["contentHtml"] == "<p>现将</p>"


def test_pages_until_the_total_or_an_empty_one() -> None:
    first = read(found(item(1), item(2), total=3), channel=CHANNEL, page_size=2)
    assert query(first.next) == {
        "_isAgg": "true", "_isJson": "true", "_pageSize": "2", "_template": "index", "_rangeTimeGte": "",
        "_channelName": "", "page": "2",
    }  # fmt: skip
    assert read(found(item(3), total=3), first.next).next is None
    uncounted = read(found(item(1), item(2)), channel=CHANNEL, page_size=2)
    last = read(found(item(3)), uncounted.next)
    assert read(found(), last.next).next is None
    assert read({"data": {"results": None}}, last.next).rows == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (found(total=3), "page 2 is empty; 2 of 3 documents were listed"),
        (found(item(1), item(2), total=3), "the API answers page 1 for page 2 too"),
        (found({"title": "无地址"}, total=3), "1 rows, none of which has the address of a document"),
        ({"data": []}, "expected JSON with data.results"),
        ({"success": False, "msg": "频率过高"}, "the API refused: 频率过高"),
        ("<html>系统繁忙</html>", "expected JSON"),
        ("[1]", "expected an object in JSON"),
    ],
)
def test_answers_that_are_no_page_are_said(answer: object, said: str) -> None:
    first = read(found(item(1), item(2), total=3), channel=CHANNEL, page_size=2)
    with pytest.raises(ListError, match=said):
        read(answer, first.next, page_size=2)


@pytest.mark.parametrize(
    ("page", "api"),
    [
        (f"<meta name='channelid' content='{CHANNEL}'>", f"/searchList/{CHANNEL}"),
        (f"<script>get('/common/search/{CHANNEL}?_isAgg=false')</script>", f"/common/search/{CHANNEL}"),
        (
            f"<script>var channelId = \"{CHANNEL}\"; get('/searchList/' + channelId)</script>",
            f"/searchList/{CHANNEL}",
        ),
        (f"<script>var channelId='{CHANNEL}';post('/getFileListByCodeId')</script>", "/getFileListByCodeId"),
    ],
)
def test_the_api_that_a_page_asks(page: str, api: str) -> None:
    (request,) = read(page).branches
    assert urlsplit(request.url).path == api
    if request.method == "POST":
        assert request.body == f"channelId={CHANNEL}&page=1&size=50".encode()
        assert len(read({"results": {"data": {"total": 1, "results": [item()]}}}, request).rows) == 1


def test_an_apis_own_address_may_be_the_catalogue() -> None:
    url = f"http://www.a.example/searchList/{CHANNEL}?_isAgg=true&_isJson=true&_pageSize=1&_template=index&page=1"
    request = PLATFORM.start(Catalogue(key="a", url=url), SITE)
    text = json.dumps(found(item(), total=2)).encode()
    following = PLATFORM.parse_list(text, url, None, request, Catalogue(key="a", url=url)).next
    assert (query(following)["page"], query(following)["_pageSize"]) == ("2", "1")


IRS = {"path": "/irs/front/list", "request": {"tableName": "t_1"}, "page_size": 2}
OPAQUE = {"f_1": "index_number", "f_2": "title", "f_3": "document_number", "f_4": "body_text"}


def irs_item(number: int) -> dict[str, Any]:
    return {"doc_pub_url": f"http://www.a.example/t{number}.html", "f_1": f"11500/2026-{number}", "_index": "s",
            "f_2": f"关于第{number}号事项的通知", "f_3": f"临政发〔2026〕{number}号", "f_4": "现" * 600, "f_5": 1}  # fmt: skip


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: {"list": rows},
        lambda rows: {"middle": {"list": rows, "listAndBox": []}},
        lambda rows: {"middle": {"listAndBox": [{"type": "x", "data": row} for row in rows]}},
    ],
)
def test_rows_of_irs_with_keys_that_say_nothing(wrap: Any) -> None:
    answer = {
        "success": True,
        "data": {**wrap([irs_item(1), irs_item(2)]), "pager": {"pageNo": 1, "total": 3}},
    }
    request = PLATFORM.start(catalogue(**IRS), SITE)
    assert (request.method, json.loads(request.body)) == (
        "POST",
        {"tableName": "t_1", "pageNo": 1, "pageSize": 2},
    )
    page = read(answer, request, **IRS, fields=OPAQUE)
    assert page.rows[0].title == "关于第1号事项的通知"
    assert page.rows[0].hints == {
        "index_number": "11500/2026-1", "title": "关于第1号事项的通知", "document_number": "临政发〔2026〕1号",
    }  # fmt: skip
    assert "f_4" not in (page.rows[0].record or {})
    assert page.next is not None
    assert json.loads(page.next.body)["pageNo"] == 2
    with_text = read(answer, request, **IRS, fields=OPAQUE, body=True).rows[0].record or {}
    assert with_text["contentHtml"] == "现" * 600


@pytest.mark.parametrize(
    "script",
    [
        'var q = {"tenantId":"7","tableName":"t_1","pageNo":1,"pageSize":10,"sorts":[{"sortField":"save_time"}]};',
        "$.ajax({url:'/x',data:{code:'17da',tenantId:7,tableName:'t_1'}});",
    ],
)
def test_the_query_of_irs_may_stand_in_the_page(script: str) -> None:
    (request,) = read(f"<script>{script} post('/irs/front/list')</script>").branches
    sent = json.loads(request.body)
    assert (sent["tableName"], str(sent["tenantId"]), sent["pageNo"], sent["pageSize"]) == ("t_1", "7", 1, 50)


def test_a_page_without_rows_or_channel_is_an_error() -> None:
    with pytest.raises(ListError, match="give `channel`"):
        read("<p>建设中</p>")


def test_a_field_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text(
        f"site: a\nname: 甲局\nurl: {URL}\nplatform: ucap\ncatalogues:\n  - key: a\n    url: {URL}\n"
        "    options:\n      path: irs\n      fields: {f_1: number}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_site(path)
    assert [(m.line, m.key) for m in caught.value.mistakes] == [
        (9, "catalogues[0].options.path"), (10, "catalogues[0].options.fields.f_1"),
    ]  # fmt: skip


def test_a_catalogue_without_a_total_ends_at_the_empty_page(tmp_path: Path) -> None:
    with UcapSearchSite(notices(101)) as site:
        site.counted = False
        assert collect(tmp_path, site)["outcome"] == "complete"
        assert titles(tmp_path) == expected(site.notices)
        assert sum("/searchList/" in target for target in site.asked) == 4
