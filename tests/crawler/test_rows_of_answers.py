"""Rows of answers in JSON: empty ones, those whose title is the link, and what brings their next page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from archive.batch import Known
from archive.identity import url_key
from crawler.chain import Chain
from crawler.extract.rules import ExtractionRules
from crawler.lists.records import read_json
from crawler.plan import Plan
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, ListRow, PageRequest
from crawler.platforms.json_api import described
from crawler.row_context import context_of, extract_with_context
from crawler.scripts.links import link_templates
from crawler.scripts.requests import list_requests
from crawler.sites import Catalogue
from crawler.walk import Walk
from tests.crawler.test_saved_pages import BOOK

URL = "http://www.linjiang.example/s?page=1"


def parse(value: object, **options: Any) -> ListPage:
    catalogue = Catalogue(key="c", url=URL, options=options)
    request = PageRequest(url=URL, chain="list", state={"base": 1})
    body = json.dumps(value).encode()
    return platform_of("json_api").parse_list(body, URL, "application/json", request, catalogue)


@pytest.mark.parametrize("count", [7, 0])
def test_an_empty_row_ends_an_answer(count: int) -> None:
    """{"docs": [{…}, {}]}: WAS writes a comma behind every row, and an empty one last; alone it is the end of the list."""
    rows = [{"title": f"关于第{n}号事项的通知", "url": f"/{n}.html"} for n in range(count)]
    read = parse({"docs": [*rows, {}]}, rows="docs", url="url", paging={"name": "page"})
    assert (len(read.rows), read.shown, read.next is None) == (count, count, not count)


@pytest.mark.parametrize("key", ["TITLE", "msgtitle", "policyTitle", "topic"])
def test_a_title_under_a_key_of_the_sites_own(key: str) -> None:
    rows = [
        {
            key: f"关于第{n}号事项的通知",
            "subTitle": "解读",
            "columnTitle": "通知公告",
            "URL_COMMP": f"/{n}.html",
        }
        for n in range(1, 4)
    ]
    found = parse({"list": rows}, rows="list", url="URL_COMMP")
    assert [row.title for row in found.rows] == [f"关于第{n}号事项的通知" for n in range(1, 4)]


def test_an_address_within_the_markup_of_a_title() -> None:
    rows = [
        {"bt": f"<a href='/zw/{n}.html'>关于第{n}号事项的通知</a>", "fbrq": "2031-03-01", "cz": "<a href='javascript:void(0)'>下载</a>"}
        for n in range(1, 4)
    ]  # fmt: skip
    seen = described(json.dumps({"rows": rows}), URL, {})
    assert seen is not None
    options = {name: value for name, value in seen.catalogues[0][3].items() if name in ("rows", "url")}
    assert options == {"rows": "rows", "url": "bt"}
    found = parse({"rows": rows}, **options, title="bt")
    assert [(row.url, row.title) for row in found.rows] == [
        (f"http://www.linjiang.example/zw/{n}.html", f"关于第{n}号事项的通知") for n in range(1, 4)
    ]
    two = [{**row, "cz": f"<a href='/f/{n}.html'>下载</a>"} for n, row in enumerate(rows)]
    assert described(json.dumps({"rows": two}), URL, {}) is None


@pytest.mark.parametrize(
    ("address", "paging"),
    [
        ("'/s?cat=7&limit=15&page=' + n", {"name": "page", "first": 1}),
        ("'/s?cat=7&limit=15&page=1'", {"by": "offset", "name": "start", "send": "form", "size": 15}),
    ],
)
def test_the_number_that_a_script_changes_in_an_address_counts(address: str, paging: dict[str, Any]) -> None:
    """Beside a count of rows to skip in what is sent, which stays the same."""
    script = f"<script>function load(n) {{ $.post({address}, {{start: 0}}) }}</script>"
    (asked,) = list_requests(script, URL)
    assert (asked.options["paging"], asked.form) == (paging, {"start": "0"})


def some(count: int = 6) -> list[dict[str, Any]]:
    """Rows of which every third states where it leads; the others are shown by the site's own page."""
    return [
        {
            "id": n,
            "title": f"关于第{n}号事项的通知",
            "date": "2031-03-01",
            "linkUrl": "" if n % 3 else f"/f/{n}.html",
        }
        for n in range(1, count + 1)
    ]


CHOICES = [
    "h += '<a href=\"' + (o.linkUrl ? o.linkUrl : '/xq/' + o.id + '.html') + '\">'",
    "h += '<a href=\"' + (o.linkUrl || '/xq/' + o.id + '.html') + '\">'",
    "var url = o.linkUrl; if (!url) { url = '/xq/' + o.id + '.html'; } h += '<a href=\"' + url + '\">'",
    'h += `<a href="${o.linkUrl ? o.linkUrl : `/xq/${o.id}.html`}">`',
]


@pytest.mark.parametrize("made", CHOICES)
@pytest.mark.parametrize("first", ["", "/f/1.html"])
def test_rows_that_state_no_address_beside_rows_that_do(made: str, first: str) -> None:
    rows = some()
    rows[0]["linkUrl"] = first
    links = link_templates(f"<script>$.each(rows, function (i, o) {{ {made}; }});</script>")
    seen = described(json.dumps({"rows": rows}), URL, {}, links)
    assert seen is not None
    options = seen.catalogues[0][3]
    assert (options["url"], options["url_otherwise"]) == ("linkUrl", "/xq/{id}.html")
    read = parse({"rows": rows}, **options)
    wanted = [
        f"http://www.linjiang.example{row['linkUrl'] or f'/xq/{n}.html'}" for n, row in enumerate(rows, 1)
    ]
    assert ([row.url for row in read.rows], read.unaddressed) == (wanted, 0)


def test_rows_without_an_address_are_counted_and_told() -> None:
    seen = described(json.dumps({"rows": some()}), URL, {})
    assert seen is not None
    assert any("4 of 6 rows have no address at 'linkUrl'" in told for told in seen.to_check)
    read = parse({"rows": [*some(), {"linkUrl": None}, {}]}, rows="rows", url="linkUrl")
    assert (len(read.rows), read.unaddressed) == (2, 4)


@pytest.mark.parametrize(
    ("made", "address"),
    [
        ("h += '<a href=\"' + o.htmlUrl + '\">'", "htmlUrl"),  # url is that of the interface
        ("h += '<a href=\"' + o.url + '\">' + o.htmlUrl", "url"),
        ("h += '<a href=\"' + o.imgUrl + '\">'", "url"),
        ("h += '<a href=\"' + o.jumpUrl + '\">'", "url"),  # which is empty in some
        ("show(o)", "url"),
    ],
)
def test_of_two_addresses_the_one_that_a_script_links(made: str, address: str) -> None:
    rows = [
        {"title": f"关于第{n}号事项的通知", "url": f"/api/{n}", "htmlUrl": f"/zw/{n}.html", "imgUrl": f"/i/{n}.png",
         "jumpUrl": f"/j/{n}.html" * (n > 1)}
        for n in range(1, 6)
    ]  # fmt: skip
    links = link_templates(f"<script>$.each(rows, function (i, o) {{ {made}; }});</script>")
    seen = described(json.dumps({"rows": rows}), URL, {}, links)
    assert seen is not None
    assert seen.catalogues[0][3]["url"] == address


def test_a_key_that_a_script_reads_is_no_address_by_that_alone() -> None:
    rows = [{"id": n, "title": f"关于第{n}号事项的通知", "imgUrl": f"/i/{n}.png"} for n in range(1, 6)]
    links = link_templates("<script>h += '<img src=\"' + o.imgUrl + '\">' + o.title</script>")
    assert described(json.dumps({"rows": rows}), URL, {}, links) is None


def test_an_address_that_is_relative_to_the_page_is_so_also_where_a_script_reads_it() -> None:
    rows = [{"title": f"关于第{n}号事项的通知", "url": f"{n}.html"} for n in range(1, 5)]
    links = link_templates("<script>h += '<a href=\"' + x.url + '\">' + x.title + '</a>';</script>")
    seen = described(
        json.dumps({"rows": rows}),
        "http://a.example/api/list?page=1",
        {},
        links,
        "http://a.example/zwgk/list.html",
    )
    assert seen is not None
    assert seen.catalogues[0][3]["url"] == "http://a.example/zwgk/{url}"


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"2031": [{"title": "甲", "url": "/1.html"}], "2030": [{"title": "乙", "url": "/2.html"}]}, "*"),
        (
            {
                "data": {
                    "财政局": [{"title": "甲", "url": "/1.html"}],
                    "教育局": [{"title": "乙", "url": "/2.html"}],
                }
            },
            "data.*",
        ),
        ({"2031": [{"title": "甲", "url": "/1.html"}]}, "*"),  # another year comes
        (
            {"top": [{"title": "甲", "url": "/1.html"}], "rows": [{"title": "乙", "url": "/2.html"}] * 2},
            "rows",
        ),
    ],
)
def test_rows_under_what_they_have_in_common(answer: object, path: str) -> None:
    seen = described(json.dumps(answer), "http://a.example/", {})
    assert seen is not None
    assert seen.catalogues[0][3]["rows"] == path


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        ("临江市水利局关于汛前检查…", "临江市水利局关于汛前检查的通知"),
        (
            "临江市水利局关于汛前检查...",
            "临江市水利局关于汛前检查的通知",
        ),  # no shorter than what it stands for
        ("【置顶】临江市水利局关于汛前检查的通知", "临江市水利局关于汛前检查的通知"),
        ("【置顶】临江市水利局关于其他事项的通知", "【置顶】临江市水利局关于其他事项的通知"),
    ],
)
def test_a_title_that_a_list_cuts_or_marks(listed: str, title: str) -> None:
    text = "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施。</p>"
    page = f"<html><body><h1>临江市水利局关于汛前检查的通知</h1><div id='zoom'>{text}</div></body></html>"
    context = context_of(ListRow(url=URL, title=listed, record={"title": listed}))
    read = extract_with_context(
        page.encode(), URL, "text/html; charset=utf-8", context, BOOK, ExtractionRules()
    )
    assert read.disclosure is not None
    assert read.disclosure.title == title


@pytest.mark.parametrize(
    ("shown", "pages", "before", "refused", "ended"),
    [
        (3, 0, "", False, True),
        (4, 0, "", False, False),  # behind a full page there may be others
        (4, 0, "", True, True),  # unless the interface says that there is no page of this number
        (7, 0, "", False, False),  # of a first page with a pinned row on top
        (3, 2, "", False, True),
        (3, 3, "", False, False),  # the list says that there is such a page
        (4, 3, "", True, False),
        (3, 0, "ab", False, True),
        (3, 0, "abd", False, False),  # what was listed there may stand on it
        (4, 0, "abd", True, True),  # which may be gone: the interface knows where its list ends
    ],
)
def test_what_answers_for_a_page_behind_the_last_one(
    shown: int, pages: int, before: str, refused: bool, ended: bool
) -> None:
    known = tuple(
        Known(
            document=ord(name), url=f"http://a.example/{name}.html", current=True, status="present", row_hash=None, etag=None,
            last_modified=None, validators_honest=False, last_confirmed_at=None, last_unconditional_at=None,
            extractor_revision=None, catalogues=("c",),
        )
        for name in before
    )  # fmt: skip
    walk = Walk("c", full=True, seen_rows={url_key(f"http://a.example/{name}.html") for name in "abc"})
    walk.chains["list"] = Chain(
        PageRequest(url=URL), per_page=8 if shown == 7 else 4, last_shown=shown, last_page=pages
    )
    beyond = PageRequest(url=URL, chain="list", page=3)
    plan = Plan(known, datetime(2031, 3, 1, tzinfo=UTC))
    assert walk.is_over(beyond, plan, refused=refused) is ended


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        ('{"code": 500, "msg": "没有更多数据了"}', True),
        ('{"success": false, "message": "查询结果为空", "data": []}', True),
        ("nodata", True),
        ('{"code": 500, "msg": "系统异常，请联系管理员"}', False),
        ('{"code": 403, "msg": "您没有权限访问该数据"}', False),
        ('{"msg": "没有更多数据了", "other": {"rows": [1]}}', False),
        ("<h1>Bad Gateway</h1>", False),
    ],
)
def test_words_that_there_is_nothing_more_end_a_list_and_errors_do_not(answer: str, ended: bool) -> None:
    """Behind a full last page of a list without a total each run was partial."""
    catalogue = Catalogue(
        key="c", url=URL, options={"rows": "list", "url": "url", "paging": {"name": "page"}}
    )
    for number in (4, 1):
        request = PageRequest(url=URL, chain="list", page=number, state={"base": 1, "size": 15})
        read = partial(
            platform_of("json_api").parse_list, answer.encode(), URL, "application/json", request, catalogue
        )
        if ended and number > 1:
            assert (read().rows, read().next) == ((), None)
        else:
            with pytest.raises(ListError):
                read()


SHOWN = "$('#t').append('<a href=\"/zw/' + row[0] + '.html\">' + row[1] + '</a>')"
CELLS = [[f"{n}", f"关于第{n}号事项的通知", "2031-03-01"] for n in range(1, 4)]


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"aaData": CELLS, "iTotalRecords": 47}, "aaData"),
        ({"columns": ["id", "title", "day"], "rows": CELLS, "total": 47}, "rows"),
        ({"records": "47", "rows": [{"id": c[0], "cell": c} for c in CELLS]}, "rows.cell"),
    ],
)
def test_rows_that_are_lists_of_cells(answer: dict[str, Any], path: str) -> None:
    links = link_templates(f"<script>{SHOWN}</script>")
    seen = described(json.dumps(answer), URL, {}, links, URL)
    assert seen is not None
    options = dict(seen.catalogues[0][3])
    assert (options["rows"], options["title"], options["fields"]) == (path, "1", {"2": "published_on"})
    found = parse(answer, **options)
    assert [(row.url, row.title) for row in found.rows] == [
        (f"http://www.linjiang.example/zw/{n}.html", f"关于第{n}号事项的通知") for n in range(1, 4)
    ]
    assert found.total == 47


@pytest.mark.parametrize(
    "answer",
    [
        {"rows": [["关于第1号事项的通知"]]},
        {"rows": [[1, [2]]]},
        {"tags": ["通知", "公告"]},
        {"rows": [[], []]},
    ],
)
def test_lists_that_are_no_rows(answer: dict[str, Any]) -> None:
    assert described(json.dumps(answer), URL, {}, link_templates(f"<script>{SHOWN}</script>"), URL) is None


def test_an_address_that_the_first_row_does_not_state() -> None:
    """o.outUrl ? o.outUrl : "/zw/" + o.id + ".html": rows that lead to other sites had pages of the site's own."""
    link = "'<a href=\"' + (o.outUrl ? o.outUrl : '/zw/' + o.id + '.html') + '\">'"
    rows = [
        {
            "id": n,
            "title": f"关于第{n}号事项的通知",
            "outUrl": "" if n < 3 else f"https://other.example/s/{n}",
        }
        for n in range(1, 4)
    ]
    seen = described(json.dumps({"rows": rows}), URL, {}, link_templates(f"<script>{link}</script>"), URL)
    assert seen is not None
    found = parse({"rows": rows}, **seen.catalogues[0][3])
    assert [row.url.rpartition("example")[2] for row in found.rows] == ["/zw/1.html", "/zw/2.html", "/s/3"]


@pytest.mark.parametrize("made", CHOICES)
@pytest.mark.parametrize("empty", ["", None])
def test_an_address_that_only_rows_of_further_pages_state(made: str, empty: str | None) -> None:
    """The first page has no row that leads elsewhere: those behind it had pages of the site's own, which it does not have."""
    links = link_templates(f"<script>$.each(rows, function (i, o) {{ {made}; }});</script>")
    seen = described(json.dumps({"rows": [{**row, "linkUrl": empty} for row in some()]}), URL, {}, links)
    assert seen is not None
    options = seen.catalogues[0][3]
    assert (options["url"], options["url_otherwise"]) == ("linkUrl", "/xq/{id}.html")


def test_an_empty_address_that_no_script_reads_is_none() -> None:
    links = link_templates("<script>h += '<a href=\"/xq/' + o.id + '.html\">' + o.title;</script>")
    seen = described(json.dumps({"rows": [{**row, "linkUrl": ""} for row in some()]}), URL, {}, links)
    assert seen is not None
    assert (seen.catalogues[0][3]["url"], "url_otherwise" in seen.catalogues[0][3]) == (
        "/xq/{id}.html",
        False,
    )


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ("{total:2,rows:[{id:'1',title:'甲'},{id:'2',title:\"乙\"},]}", ["甲", "乙"]),
        ("callback({'rows':[{id:1,title:'甲'}]});", ["甲"]),
        # cut off, a quote that ends a text too early, and what is no literal
        ("{total:2,rows:[{id:'1',title:'甲'},{id:'2',titl", None),
        ('{"rows":[{"id":1,"title":"关于"甲"的通知"},{"id":2,"title":"乙"}]}', None),
        ("{rows:[{id:1,title:show(1)}]}", None),
        ("{rows}", None),
    ],
)
def test_an_answer_as_javascript_writes_it(answer: str, titles: list[str] | None) -> None:
    if titles is None:
        with pytest.raises(ListError):
            read_json(answer.encode(), "text/html; charset=utf-8", URL)
        return
    value = read_json(answer.encode(), "text/html; charset=utf-8", URL)
    assert [row["title"] for row in value["rows"]] == titles
