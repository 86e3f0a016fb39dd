"""Catalogue pages: rows, titles, pinned rows, paging."""

from __future__ import annotations

import json

import pytest

from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.platforms.gkmlpt import read_config
from crawler.sites import Catalogue, Site
from crawler.walk import Chain

BASE = "http://a.example/zw/index.html"


def read(markup: str, *, url: str = BASE, page: int = 1, **options: object) -> ListPage:
    catalogue = Catalogue(key="zw", url=BASE, options=options)
    request = PageRequest(url=url, chain="list", page=page)
    return platform_of("static_list").parse_list(
        markup.encode(), url, "text/html; charset=utf-8", request, catalogue
    )


def rows(*items: tuple[str, str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in items) + "</ul>"


NEWS = rows(
    ("t20260302_2.html", "关于第二号事项的通知", "2026-03-02"),
    ("t20260301_1.html", "关于第一号事项的通知", "2026-03-01"),
)


def test_rows_with_title_and_date() -> None:
    found = read(
        f"<div class=nav><ul><li><a href='/'>首页</a></li><li><a href='/a/'>政务</a></li></ul></div>{NEWS}"
    ).rows
    assert [(r.url, r.title, r.hints["published_on"]) for r in found] == [
        ("http://a.example/zw/t20260302_2.html", "关于第二号事项的通知", "2026-03-02"),
        ("http://a.example/zw/t20260301_1.html", "关于第一号事项的通知", "2026-03-01"),
    ]


def test_the_words_of_a_link_are_no_title() -> None:
    assert "title" not in read(rows(("t20260301_1.html", "查看", "2026-03-01"))).rows[0].hints


@pytest.mark.parametrize(
    ("cells", "date"),
    [
        ("<a href=t1_2.html>关于自2024年1月1日起施行的通知</a><span>2026-03-01</span>", "2026-03-01"),
        ("<a href=t1_2.html><em>关于第二号事项的通知</em><i>[2026-03-01]</i></a>", "2026-03-01"),
        (
            "<b>2026-02-00018</b><a href=t1_2.html>关于第二号事项的通知</a><span>2026年3月1日</span>",
            "2026年3月1日",
        ),
        (
            "<a href=t1_2.html>关于第二号事项的通知</a><i>2026-02-27</i><i>发布时间：2026-03-01 09:30</i>",
            "2026-03-01",
        ),
        ("<a href=t1_2.html>关于2023年10月1日放假的通知公告</a>", None),  # it is the title's own
        ("<a href=t1_2.html>关于第二号事项的通知（2026-03-01）</a>", "2026-03-01"),
        ("<em>15</em><i>2026-03</i><a href=a_2.html>关于第二号事项的通知公告</a>", "2026-03-15"),
        ("<em>03-15</em><em>2026</em><a href=a_2.html>关于第二号事项的通知公告</a>", "2026-03-15"),
        ("<a href=202603/t20260315_2.html>关于第二号事项的通知</a><i>[03-15]</i>", "2026-03-15"),
        ("<a href=2026/3/15/art_7_2.html>关于第二号事项的通知</a><i>03/15</i>", "2026-03-15"),
        ("<a href=202507/t20250701_2.html>关于第二号事项的通知</a><i>03-15</i>", None),  # of which year?
        ("<a href=202603/t20260315_2.html>关于第二号事项的通知</a><i>13-45</i>", None),
    ],
)
def test_the_date_of_a_row(cells: str, date: str | None) -> None:
    assert read(f"<ul><li>{cells}</li></ul>").rows[0].hints.get("published_on") == date


def test_the_year_of_a_row_is_that_of_the_heading_above() -> None:
    def item(number: int, day: str) -> str:
        return f"<li><a href=content_{number}.html>关于第{number}号事项的通知</a><span>({day})</span></li>"

    markup = (
        f"<div><h3>2026年</h3><ul>{item(5, '03-15')}{item(4, '01-02')}</ul>"
        f"<h3>2025 年度</h3><ul>{item(3, '12-31')}</ul></div>"
    )
    nested = f"<ul><li>2026年<ul>{item(5, '03-15')}{item(4, '01-02')}</ul></li><li>2025<ul>{item(3, '12-31')}</ul></li></ul>"
    for page in (markup, nested):
        found = [row.hints["published_on"] for row in read(page).rows]
        assert found == ["2026-03-15", "2026-01-02", "2025-12-31"], page


def test_an_old_row_on_top_is_pinned() -> None:
    pinned = rows(("t20200101_9.html", "关于置顶事项的通知公告", "2020-01-01")).replace(
        "</ul>", ""
    ) + NEWS.removeprefix("<ul>")
    assert [r.pinned for r in read(pinned).rows] == [True, False, False]


def test_nested_interpretations_are_no_rows() -> None:
    nested = NEWS.replace(
        "</span></li>", "</span><ul><li><a href='../jd/t20260303_7.html'>解读材料一篇</a></li></ul></li>"
    )
    assert [r.url.rpartition("_")[2] for r in read(nested).rows] == ["2.html", "1.html"]


@pytest.mark.parametrize(
    ("pager", "page", "following"),
    [
        ('<script>createPageHTML(3, 0, "index", "html");</script>', 1, "index_1.html"),
        ('<script>createPageHTML(3,2,"index","html")</script>', 3, None),
        ("<a href='index_2.html'>下一页</a>", 1, "index_2.html"),
        ("<a href='index_2.html'>下 一 页</a>", 1, "index_2.html"),
        ("<a href='javascript:void(0)'>下一页</a>", 1, None),
        ("", 1, None),
    ],
)
def test_paging(pager: str, page: int, following: str | None) -> None:
    found = read(NEWS + pager, page=page).next
    assert (found.url if found else None) == (f"http://a.example/zw/{following}" if following else None)


def test_paging_by_pattern_ends_with_an_empty_page() -> None:
    options = {"pages": {"pattern": "index_{n}.html", "first": 1}}
    found = read(NEWS, **options)
    assert found.next is not None
    assert (found.next.url, found.end_unmarked) == ("http://a.example/zw/index_1.html", True)
    assert read("<p>暂无内容</p>", page=9, **options).next is None


def test_a_first_page_without_rows_is_an_error() -> None:
    with pytest.raises(ListError, match="no row of documents"):
        read("<p>请稍候</p>")


def test_gkmlpt_rows_have_two_addresses_and_skip_jumps() -> None:
    platform = platform_of("gkmlpt")
    catalogue = Catalogue(key="all", url="http://a.example/gkmlpt/index")
    config = {
        "SID": "7",
        "TREE": [{"id": 1, "children": [{"id": 2}, {"id": 3, "jump_url": "/x"}]}, {"id": 4}],
    }
    index = f"<script>window._CONFIG = {json.dumps(config)};</script>".encode()
    request = PageRequest(url="http://a.example/gkmlpt/index", chain="index")
    branches = platform.parse_list(index, request.url, None, request, catalogue).branches
    assert [b.url for b in branches] == [f"http://a.example/gkmlpt/api/all/{n}?page=1&sid=7" for n in (2, 4)]
    article = {"id": 5, "title": "通知", "url": "http://a.example/gkmlpt/content/1/5/post_5.html", "views": 1,
               "post_url": "http://a.example/zw/content/post_5.html"}  # fmt: skip
    answers = [json.dumps({"articles": [{**article, "views": n}], "total": 101}).encode() for n in (1, 2)]
    first, second = (platform.parse_list(a, branches[0].url, None, branches[0], catalogue) for a in answers)
    assert first.rows[0].aliases == ("http://a.example/zw/content/post_5.html",)
    assert first.rows[0].row_hash == second.rows[0].row_hash  # a counter is no news
    assert first.next is not None
    assert first.next.url.endswith("/api/all/2?page=2&sid=7")


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("http://a.example/gkmlpt/index", "/gkmlpt/"),
        ("http://a.example/zqhjj/gkmlpt/index#4", "/zqhjj/gkmlpt/"),
        ("http://a.example/zqhjj/gkmlpt/mindex/", "/zqhjj/gkmlpt/"),
        ("http://a.example/zqhjj/gkmlpt#2300", "/zqhjj/gkmlpt/"),
        ("http://a.example/zqhjj/gkmlpt", "/zqhjj/gkmlpt/"),
        ("http://a.example/zwgk/zfxxgk/", "/gkmlpt/"),  # a page that shows the platform in its own frame
    ],
)
def test_an_office_that_is_a_guest_on_the_host_of_its_city_has_a_gkmlpt_of_its_own(
    address: str, home: str
) -> None:
    platform = platform_of("gkmlpt")
    index = "<script>window._CONFIG = {SID: '7', TREE: [{id: 4}]};</script>"
    seen = platform.recognise(index, address)
    assert seen is not None
    ((_, _, url, _),) = seen.catalogues
    assert url == f"http://a.example{home}index"
    catalogue = Catalogue(key="all", url=address)
    request = platform.start(catalogue, Site.model_construct())
    assert request.url == url
    (branch,) = platform.parse_list(index.encode(), url, None, request, catalogue).branches
    assert branch.url == f"http://a.example{home}api/all/4?page=1&sid=7"
    answer = json.dumps(
        {"articles": [{"id": 5, "title": "通知", "url": f"{home}content/1/5/post_5.html"}], "total": 2}
    )
    read = platform.parse_list(answer.encode(), branch.url, None, branch, catalogue)
    assert read.next is not None
    assert read.next.url == f"http://a.example{home}api/all/4?page=2&sid=7"


@pytest.mark.parametrize("size", [100, 20])
@pytest.mark.parametrize("says", ["total", "a total in quotes", "post_count", "the pages", "nothing"])
@pytest.mark.parametrize("beyond", ["empty", "the last page again"])
def test_a_gkmlpt_walk_ends_after_the_last_row_whatever_the_size_of_a_page(
    size: int, says: str, beyond: str
) -> None:
    platform, chain = platform_of("gkmlpt"), Chain(PageRequest(url="http://a.example/"))
    catalogue = Catalogue(key="all", url="http://a.example/gkmlpt/index")
    articles = [{"id": n, "title": "通知", "url": f"/gkmlpt/content/1/{n}/post_{n}.html"} for n in range(250)]
    claim = {"total": {"total": 250}, "a total in quotes": {"total": "250"}, "the pages": {"total": 3},
             "post_count": {"classify": {"post_count": 250}}, "nothing": {"classify": None}}[says]  # fmt: skip
    page: PageRequest | None = PageRequest(url="http://a.example/x", chain="2", state={"sid": "7"})
    seen: set[str] = set()
    asked: list[int] = []
    while page is not None and len(asked) < 20:
        asked.append(page.page)
        shown = articles[(page.page - 1) * size : page.page * size]
        if not shown and beyond != "empty":
            shown = articles[-size:]
        answer = json.dumps({**claim, "articles": shown}).encode()
        read = platform.parse_list(answer, page.url, None, page, catalogue)
        seen |= {row.url for row in read.rows}
        page = read.next
        if chain.is_loop(frozenset(row.url for row in read.rows)):
            break
    assert len(seen) == 250
    assert len(asked) <= -(-250 // size) + 2


@pytest.mark.parametrize("answer", ["<html>", "[]", "{}", '{"articles": null}', '{"articles": {"a": 1}}'])
def test_an_answer_that_is_not_gkmlpts_is_an_error(answer: str) -> None:
    request = PageRequest(url="http://a.example/x", chain="2", state={"sid": "7"})
    catalogue = Catalogue(key="all", url="http://a.example/gkmlpt/index")
    with pytest.raises(ListError, match="articles"):
        platform_of("gkmlpt").parse_list(answer.encode(), request.url, None, request, catalogue)


LISTS = {
    "undated items": "<ul>{}</ul>|<li><a href={u}>{t}</a></li>",
    "paragraphs": "<div>{}</div>|<p><a href={u}>{t}</a></p>",
    "headings with the date below": "<div>{}</div>|<h3><a href={u}>{t}</a></h3><p>{d}</p>",
    "terms with the date as description": "<dl>{}</dl>|<dt><a href={u}>{t}</a></dt><dd>{d}</dd>",
    "a dl per row": "<div>{}</div>|<dl><dt><a href={u}>{t}</a></dt><dd>{d}</dd></dl>",
    "articles": "<section>{}</section>|<article><h2><a href={u}>{t}</a></h2><time>{d}</time></article>",
    "undated blocks": "<div class=list>{}</div>|<div class=item><div><a href={u}>{t}</a></div></div>",
    "spans and line breaks": "<div>{}</div>|<span><a href={u}>{t}</a></span><span>{d}</span><br>",
    "bare links": "{}|<a href={u}>{t}</a><br>",
    "links around it all": "<div>{}</div>|<a href={u}><span>{t}</span><em>{d}</em></a>",
    "one cell of a layout table": "<table><tr><td>{}</td></tr></table>|<p><a href={u}>{t}</a> {d}</p>",
    "category and interpretation": "<ul>{}</ul>|<li><a href=/zc/>[政策]</a><a href={u}>{t}</a>"
    "<a href=/jd/t20260305_7.html>解读</a><i>{d}</i></li>",
}
FRAME = (
    "<div class=nav><a href=/>首页</a><a href=/zwgk/>政务公开</a></div>{}<p><a href=/>返回首页列表</a></p>"
    "<div class='footer'><p><a href=/art/2020/1/1/art_1_1.html>关于本网站的声明</a></p></div>"
)


@pytest.mark.parametrize("shape", LISTS)
@pytest.mark.parametrize("frame", ["{}", FRAME], ids=["alone", "in a page"])
def test_rows_are_found_whatever_the_list_is_made_of(shape: str, frame: str) -> None:
    around, row = LISTS[shape].split("|")
    items = [
        (f"t202603{n:02d}_{n}.html", f"关于第{n}号事项的通知公告", f"2026-03-{n:02d}")
        for n in range(9, 0, -1)
    ]
    markup = frame.format(around.format("".join(row.format(u=u, t=t, d=d) for u, t, d in items)))
    found = read(f"<html><body>{markup}</body></html>").rows
    assert [(r.url.rpartition("/")[2], r.title) for r in found] == [(u, t) for u, t, _ in items]
    assert {r.hints.get("published_on", d) for r, (_, _, d) in zip(found, items, strict=True)} <= {
        d for _, _, d in items
    }


@pytest.mark.parametrize("shape", ["undated items", "paragraphs", "bare links"])
def test_a_list_of_one_document(shape: str) -> None:
    around, row = LISTS[shape].split("|")
    item = row.format(u="t20260301_1.html", t="关于第一号事项的通知公告", d="2026-03-01")
    assert len(read(f"<html><body>{FRAME.format(around.format(item))}</body></html>").rows) == 1


def test_a_page_of_menus_has_no_rows() -> None:
    with pytest.raises(ListError, match="no row of documents"):
        read(f"<html><body>{FRAME.format('<div id=list></div>')}</body></html>")


@pytest.mark.parametrize(
    "literal",
    [
        '{"SID": "7", "TREE": []}',
        "{SID: '7', TREE: [],}",
        "{SID: '7', TREE: [], // 目录树\n}",
        "{SID: '7', /* 站点 */ TREE: [ /* 空 */ ], /* 完 */ }",
        "{SID: '7', TREE: [{name: '他说\\'好\\'，\"行\"'},]}",
        "{SID: '7', URL: 'http://a.example/x', TREE: undefined}",
    ],
)
def test_a_config_in_the_spelling_of_javascript(literal: str) -> None:
    config = read_config(f"<script>window._CONFIG = {literal};</script>")
    assert config["SID"] == "7"
    assert "TREE" in config


TREE = [
    {
        "id": 1,
        "name": "主动公开",
        "children": [{"id": 11, "name": "规章"}, {"id": 12, "name": "解读", "jump_url": "/x"}],
    },
    {"id": 2, "name": "年报"},
    {"id": 3, "name": "办事", "jump_url": "/y"},
]


def test_gkmlpt_names_the_parts_of_its_tree() -> None:
    platform = platform_of("gkmlpt")
    page = f"<script>window._CONFIG = {json.dumps({'SID': '7', 'TREE': TREE})};</script>"
    found = platform.recognise(page, "http://a.example/gkmlpt/index")
    assert found is not None
    assert [(key, name, options) for key, name, _, options in found.catalogues] == [
        ("id1", "主动公开", {"id": 1}),
        ("id2", "年报", {"id": 2}),
    ]
    shown = platform.recognise(page, "http://a.example/gkmlpt/index#11")
    assert shown is not None
    assert [options for *_, options in shown.catalogues] == [{"id": 11}]


@pytest.mark.parametrize(("wanted", "nodes"), [(None, ["11", "2"]), (1, ["11"]), (2, ["2"]), (99, ["99"])])
def test_gkmlpt_takes_what_lies_below_a_node(wanted: int | None, nodes: list[str]) -> None:
    options = {} if wanted is None else {"id": wanted}
    catalogue = Catalogue(key="all", url="http://a.example/gkmlpt/index", options=options)
    page = f"<script>window._CONFIG = {json.dumps({'SID': '7', 'TREE': TREE})};</script>".encode()
    request = PageRequest(url="http://a.example/gkmlpt/index", chain="index")
    read = platform_of("gkmlpt").parse_list(page, request.url, None, request, catalogue)
    assert [branch.chain for branch in read.branches] == nodes


def test_links_are_relative_to_the_base_that_a_page_states() -> None:
    found = read(f"<base href='/xxgk/'>{NEWS}<a href='list_2.html'>下一页</a>")
    assert found.rows[0].url == "http://a.example/xxgk/t20260302_2.html"
    assert found.next is not None
    assert found.next.url == "http://a.example/xxgk/list_2.html"


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ("<meta http-equiv=refresh content='0; url=../xx/list.html'>", "http://a.example/xx/list.html"),
        ("<script>window.location.replace('/xx/list.html')</script>", "http://a.example/xx/list.html"),
        ("<iframe src='/xx/list.html'></iframe>", "http://a.example/xx/list.html"),
        (
            "<frameset><frame src='menu.html'><frame src='list.html'></frameset>",
            "http://a.example/zw/menu.html",
        ),
    ],
)
def test_a_page_without_rows_stands_for_the_one_it_leads_to(markup: str, target: str) -> None:
    (found,) = read(markup).branches
    assert found.url == target
    if "frameset" in markup:  # the first frame that is a list
        assert found.optional
        assert found.otherwise is not None
        assert found.otherwise.url == "http://a.example/zw/list.html"


@pytest.mark.parametrize(
    "markup",
    [
        "<meta http-equiv=refresh content='0; url=/index.html'>",  # home
        "<meta http-equiv=refresh content='0; url=http://b.example/list.html'>",
        "<script>location.href='index.html'</script>",  # itself
    ],
)
def test_a_page_that_leads_nowhere_useful_is_an_error(markup: str) -> None:
    with pytest.raises(ListError, match="no row of documents"):
        read(markup)
