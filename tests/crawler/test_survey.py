"""What a look at a site finds out: lists, pages about lists, documents, frames, stubs, walls. Pages come from a table."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from archive.batch import Fetch, Role
from crawler.answers import read_answer
from crawler.platforms.base import PageRequest
from crawler.sites import load_site
from crawler.survey.asking import Asker
from crawler.survey.draft import draft
from crawler.survey.survey import Surveyor
from tests.crawler.survey_pages import BASE, BOOK, REGIONS, TRAIL, document, drafted, listing, look

PAGER = "<script>createPageHTML(2,{},'index','html')</script>"


TWO_PAGES = {
    "/zwgk/gongwen/": listing("./", 1, 20, pager=PAGER.format(0), around=TRAIL),
    "/zwgk/gongwen/index_1.html": listing("./", 21, 5, pager=PAGER.format(1), around=TRAIL),
}


def test_a_list_and_whose_it_is(tmp_path: Path) -> None:
    survey, asked = look(TWO_PAGES)
    assert survey.is_certain, survey
    assert [(p.part, p.value, p.word) for p in survey.parts] == [
        ("name", "临江市人民政府", "sure"),
        ("province", "浙江", "sure"),
        ("level", "municipal", "sure"),
        ("documents", "3 of 3 read", "sure"),
    ]
    assert len(asked) == len(set(asked)) == 5
    text = drafted(survey, tmp_path)
    assert "enabled" not in text
    assert (
        "  - key: gongwen\n    name: 政府文件\n    url: http://zfxx.linjiang.example/zwgk/gongwen/\n" in text
    )


def test_a_page_about_catalogues_gives_several(tmp_path: Path) -> None:
    boxes = "".join(
        f"<div class='box'><h3>{name}</h3><a class='m' href='/zwgk/{key}/'>更多&gt;&gt;</a><ul>"
        f"<li><a href='/zwgk/{key}/202603/t20260301_{n}.html'>关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        f"</ul></div>"
        for key, name, n in (
            ("gongwen", "政府文件", 1),
            ("gonggao", "通知公告", 101),
            ("dt", "政务动态", 201),
        )
    )
    pages = {
        **TWO_PAGES,
        "/zwgk/": f"<html><head><title>政务公开</title></head><body>{boxes}</body></html>",
        "/zwgk/gonggao/": listing("./", 101, 3, column="通知公告", pager=PAGER.replace("2", "1").format(0)),
    }
    survey, _ = look(pages, "/zwgk/")
    assert [(one.url, one.name) for one in survey.lists] == [
        (f"{BASE}/zwgk/gongwen/", "政府文件"),
        (f"{BASE}/zwgk/gonggao/", "通知公告"),
    ]
    assert "pages it links that may be lists: 3" in survey.notes[0]
    assert "key: gonggao" in drafted(survey, tmp_path)


def test_links_of_a_front_page_without_rows() -> None:
    menu = "<ul><li><a href='/zwgk/gongwen/'>政府文件</a></li><li><a href='/gk/'>机构职能</a></li><li><a href='/x/'>登录</a></li></ul>"
    survey, asked = look({**TWO_PAGES, "/": f"<html><title>临江市</title><body>{menu}</body></html>"}, "/")
    assert [one.url for one in survey.lists] == [f"{BASE}/zwgk/gongwen/"]
    assert "/x/" not in asked


def test_a_document_leads_back_to_its_catalogue(tmp_path: Path) -> None:
    survey, _ = look(TWO_PAGES, "/zwgk/gongwen/202603/t20260301_3.html")
    assert survey.notes[0] == "the address is a document (临江市人民政府关于第3号事项的通知), not a catalogue"
    assert [one.url for one in survey.lists] == [f"{BASE}/zwgk/gongwen/"]
    assert survey.can_tell
    assert "the breadcrumb's 政府文件" in drafted(survey, tmp_path)


def test_a_document_without_a_way_back() -> None:
    survey, _ = look({}, "/zwgk/gongwen/202603/t20260301_3.html")
    assert survey.problem is not None
    assert survey.problem.startswith("the address is a document, and the way to its catalogue was not found")


def test_rows_with_cards_beside_them_are_no_document() -> None:
    """The cards say more than the titles."""
    cards = "".join(
        f"<a href='/zwgk/202603/t20260301_{n}.html'><span>关于第{n}项工作的公示</span></a><ul class='card'><li>330126167/2026-{n:05}</li>"
        f"<li>临江市人力资源和社会保障局</li><li>事业单位公开招聘</li><li>2026-03-{n:02}</li></ul>"
        for n in range(25, 9, -1)
    )
    page = f"<html><head><title>人事信息</title></head><body><ul class='page-list'>{cards}</ul></body></html>"
    survey, _ = look({"/zwgk/rs/": page}, "/zwgk/rs/")
    assert survey.problem is None
    assert [row.hints["published_on"] for row in survey.lists[0].rows[:2]] == ["2026-03-25", "2026-03-24"]


@pytest.mark.parametrize(
    "stub",
    [
        "<html><head><meta http-equiv='refresh' content='0; url=/zwgk/gongwen/'></head></html>",
        "<html><script>window.location.href='/zwgk/gongwen/';</script></html>",
        '<script>location.replace("/zwgk/./gongwen/")</script>',
    ],
)
@pytest.mark.parametrize(
    "address", ["/zwgk/", "/zwgk/col/col7/index.html"]
)  # a column's address tells its platform
def test_a_stub_that_leads_on(stub: str, address: str) -> None:
    survey, _ = look({**TWO_PAGES, address: stub}, address)
    assert survey.can_tell, survey.problem
    assert "only leads on" in survey.notes[0]


def test_a_list_in_a_frame() -> None:
    outer = "<html><title>政府文件</title><body><iframe src='gongwen/'></iframe></body></html>"
    survey, _ = look({**TWO_PAGES, "/zwgk/": outer}, "/zwgk/")
    assert [one.url for one in survey.lists] == [f"{BASE}/zwgk/gongwen/"]


@pytest.mark.parametrize(
    ("names", "first"), [((None, "index_1", "index_2"), 1), (("index_1", "index_2", "index_3"), 2)]
)
def test_numbered_pages_without_a_pager(names: tuple[str | None, ...], first: int, tmp_path: Path) -> None:
    """A pager that a script of another file draws: index_1.html is the second page, or the first once more."""
    pages = {"/zwgk/gongwen/index.html": listing("./", 1, 20)}
    pages |= {
        f"/zwgk/gongwen/{name}.html": listing("./", 1 + 20 * index, 20)
        for index, name in enumerate(names)
        if name is not None
    }
    survey, _ = look(pages, "/zwgk/gongwen/index.html")
    assert survey.lists[0].options == {"pages": {"pattern": "index_{n}.html", "first": first}}
    assert survey.lists[0].paging.word == "sure"
    assert "pattern: index_{n}.html" in drafted(survey, tmp_path)


def test_numbered_pages_of_which_the_first_is_0() -> None:
    pages = {f"/zwgk/home_{index}.htm": listing("./gongwen/", 1 + 20 * index, 20) for index in (0, 1)}
    survey, _ = look(pages, "/zwgk/home_0.htm")
    assert survey.lists[0].options == {"pages": {"pattern": "home_{n}.htm", "first": 1}}


def test_a_full_page_without_a_way_on_is_doubtful(tmp_path: Path) -> None:
    survey, _ = look({"/zwgk/gongwen/": listing("./", 1, 20)})
    assert (survey.can_tell, survey.is_certain) == (True, False)
    assert "does the site show more?" in drafted(survey, tmp_path)
    assert "enabled: false" in drafted(survey, tmp_path)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (412, "<script>$_ts={}</script>", "is blocked (status 412: an anti-bot page)"),
        (521, "<script>document.cookie='__jsl_clearance=1'</script>", "is blocked (status 521"),
        (200, "<script>document.cookie='__jsl_clearance=1'</script>", "is blocked (an anti-bot, error or maintenance page)"),
        (404, "", "does not exist"),
        (500, "", "could not be had (status 500)"),
        (200, "<html><title>概况</title><body><p>临江市地处东部</p></body></html>", "no catalogue was recognised"),
        (200, "<html><body><div id='app'></div><script src='/a.js'></script></body></html>", "empty without JavaScript"),
        (200, '{"code": 1}', "is no HTML page"),
    ],
)  # fmt: skip
def test_when_it_cannot_tell(status: int, body: str, said: str) -> None:
    survey, _ = look({"/zwgk/gongwen/": (status, body)})
    assert not survey.can_tell
    assert said in (survey.problem or "")
    form = draft(survey, "linjiang", today=date(2026, 3, 2))
    assert "platform: unknown" in form and "enabled: false" in form


@pytest.mark.parametrize(
    "markup",
    [
        "<ul><li>暂无数据</li></ul>",
        "<div class='list'></div><div class='page'>共 0 条 共 0 页</div>",
        "<p>暂时没有相关信息！</p>",
    ],
)
def test_an_empty_list_is_not_the_one_that_it_lies_in(markup: str) -> None:
    """The breadcrumb leads to other lists, which nobody asked for."""
    page = f"<html><head><title>通告-临江市</title></head><body>{TRAIL}{markup}</body></html>"
    above = {"/zwgk/": listing("/zwgk/gongwen/", 1, 20), "/zwgk/gongwen/": listing("./", 1, 20)}
    survey, _ = look({"/zwgk/tonggao/": page, **above}, "/zwgk/tonggao/")
    assert not survey.can_tell
    assert "lists nothing today" in (survey.problem or "")
    # Without a word as well.
    survey, _ = look({"/zwgk/tonggao/": page.replace(markup, "<ul></ul>"), **above}, "/zwgk/tonggao/")
    assert not survey.can_tell


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("%PDF-1.4 1 0 obj", "is a file (pdf), no page"),
        ("  \n", "is an empty page"),
        ('{"a": 1}', "is no HTML page"),
    ],
)
def test_what_is_no_page(body: str, said: str) -> None:
    survey, _ = look({"/zwgk/a.pdf": body}, "/zwgk/a.pdf")
    assert said in (survey.problem or "")


def test_documents_that_cannot_be_read() -> None:
    rows = listing("./", 1, 3, pager=PAGER.replace("2", "1").format(0)).replace("t20260301_", "t20260302_")
    survey, _ = look({"/zwgk/gongwen/": rows})
    assert survey.problem is not None
    assert "no document of the catalogue could be read" in survey.problem


@pytest.mark.parametrize("there", [True, False])
def test_rows_that_lead_to_lists(there: bool, tmp_path: Path) -> None:
    """The issues of a gazette. A person sees whether what is read of one is all of it."""
    directory = "/zwgk/gongwen/" if there else "/zwgk/gb/"
    pages = {f"/zwgk/gb/202603/t20260301_{n}.html": listing(directory, 5 * n, 5) for n in range(1, 50)}
    survey, _ = look({**pages, "/zwgk/gb/": listing("/zwgk/gb/", 1, 8)}, "/zwgk/gb/")
    if not there:
        assert f"its rows lead to lists, such as {BASE}/zwgk/gb/202603/t20260301_" in (survey.problem or "")
        return
    (one,) = survey.lists
    assert (one.options, one.paging.value, survey.is_certain) == ({"issues": True}, "issues", False)
    assert [document.read for document in survey.documents] == [True] * 3
    drafted(survey, tmp_path)


def test_a_page_to_search_with() -> None:
    page = (
        "<html><head><title>站内检索-临江市</title></head><body><form><input name='q'></form></body></html>"
    )
    survey, _ = look({"/s/": page}, "/s/")
    assert "it is a page to search with: give the page on which" in (survey.problem or "")


def test_a_site_is_at_the_address_to_which_its_own_leads(tmp_path: Path) -> None:
    """Asked at the bare host, or by http, it answered at another: documents, pages and robots.txt are there."""
    survey, _ = look(TWO_PAGES)
    survey.url = "http://linjiang.example/zwgk/gongwen/"
    assert f"\nurl: {BASE}/\n" in drafted(survey, tmp_path)


def test_the_session_of_a_copied_address_is_left_out() -> None:
    survey, asked = look(
        {"/gk/list.jsp?cid=3": listing("/zwgk/gongwen/", 1, 8)}, "/gk/list.jsp;jsessionid=0A1B2C?cid=3"
    )
    assert not any("jsessionid" in address for address in asked)
    assert [(one.key, one.url) for one in survey.lists] == [("list", f"{BASE}/gk/list.jsp?cid=3")]


def test_the_budget_is_kept() -> None:
    survey, asked = look(TWO_PAGES, most=3)
    assert len(asked) == 3
    assert survey.can_tell


def test_a_wall_is_not_asked_on() -> None:
    """One page may be forbidden; behind two the site refuses this program."""
    walled = {f"/zwgk/gongwen/202603/t20260301_{n}.html": (403, "<h1>403</h1>") for n in range(1, 26)}
    survey, asked = look({**TWO_PAGES, **walled})
    assert len(asked) == 4  # two pages of the list, two documents
    assert "blocked" in (survey.problem or "")


def test_what_a_page_says_cannot_break_the_file(tmp_path: Path) -> None:
    evil = "坏\u2028: x #\nenabled: yes\n- {a: [b"
    pages = {
        path: page.replace("政府文件", evil).replace("临江市人民政府门户网站", evil + "局")
        for path, page in TWO_PAGES.items()
    }
    survey, _ = look(pages)
    text = drafted(survey, tmp_path)
    site = load_site(tmp_path / "linjiang.yml")
    assert site.name == "坏 : x # enabled: yes - {a: [b局"
    assert not [line for line in text.splitlines() if line.startswith("enabled: yes")]


def test_what_a_search_found_is_doubted() -> None:
    survey, _ = look({"/s?q=a": listing("/zw/", 1, 9).replace("政府文件-", "搜索结果-")}, "/s?q=a")
    assert not survey.is_certain
    assert survey.platform is not None
    assert "what a search found" in " ".join(survey.platform.look)


def test_a_list_whose_rows_all_lead_elsewhere_is_not_drafted() -> None:
    survey, _ = look({"/zw/": listing("https://www.elsewhere.example/zw/", 1, 12)}, "/zw/")
    assert not survey.can_tell
    assert "all 12 rows lead to other sites, such as www.elsewhere.example" in (survey.problem or "")


def test_a_front_page_s_boxes_are_no_catalogue() -> None:
    boxes = "".join(
        f"<div class='b'><h3><a href='/{key}/'>{name}</a></h3><ul>"
        + "".join(
            f"<li><a href='/{key}/202603/t20260301_{n}.html'>{name}的第{n}号事项的消息</a><i>2026-03-01</i></li>"
            for n in range(6)
        )
        + "</ul></div>"
        for key, name in (("yw", "要闻动态"), ("tzgg", "通知公告"))
    )
    pages = {"/": f"<html><body>{boxes}</body></html>", "/tzgg/": listing("/tzgg/", 1, 12)}
    survey, _ = look(pages, "/")
    assert [one.url.removeprefix(BASE) for one in survey.lists] == ["/tzgg/"]


def test_short_titles_many_times_over_are_a_list() -> None:
    text = listing("/zw/", 1, 14)
    for n in range(1, 15):
        text = text.replace(f"临江市人民政府关于第{n}号事项的通知", "行政处罚决定书公示")
    survey, _ = look({"/zw/": text}, "/zw/")
    assert [len(one.rows) for one in survey.lists] == [14]


def test_a_further_page_leads_back_to_the_first(tmp_path: Path) -> None:
    pager = "<a href='index{}.html'>上一页</a><a href='index{}.html'>下一页</a>"
    pages = {
        "/zw/index.html": listing("/zw/", 31, 12, pager="<a href='index_1.html'>下一页</a>"),
        "/zw/index_1.html": listing("/zw/", 16, 12, pager=pager.format("", "_2")),
        "/zw/index_2.html": listing("/zw/", 1, 12, pager="<a href='index_1.html'>上一页</a>"),
    }
    survey, _ = look(pages, "/zw/index_2.html")
    assert [one.url.removeprefix(BASE) for one in survey.lists] == ["/zw/index.html"]
    assert "further page of the list that begins at" in drafted(survey, tmp_path)


def test_a_list_in_a_frame_comes_before_one_at_its_side() -> None:
    side = listing("/xw/", 1, 8).replace("<body>", "<body><iframe src='/zw/'></iframe>")
    survey, _ = look({"/f.html": side, "/zw/": listing("/zw/", 1, 12)}, "/f.html")
    assert [one.url.removeprefix(BASE) for one in survey.lists] == ["/zw/"]


def test_a_long_tree_is_not_walked_to_find_out() -> None:
    """gkmlpt: a few catalogues are tried, the others are taken as the tree names them."""
    tree = [{"id": n, "name": f"栏目{n}", "children": [{"id": 100 + n, "name": "甲"}]} for n in range(1, 13)]
    config = json.dumps({"SID": "7", "TREE": tree}, ensure_ascii=False)
    article = {"id": 3, "title": "临江市人民政府关于第3号事项的通知", "url": f"{BASE}/gk/t20260301_3.html"}
    pages = {"/gkmlpt/index": f"<html><script>window._CONFIG = {config};</script></html>"}
    pages |= {
        f"/gkmlpt/api/all/{100 + n}?page=1&sid=7": json.dumps({"articles": [article], "total": 1})
        for n in range(1, 13)
    }
    survey, asked = look(pages, "/gkmlpt/index")
    assert (len(survey.lists), len(survey.unseen)) == (2, 10)
    assert len(asked) < 8
    text = draft(survey, "linjiang", today=date(2026, 3, 2))
    assert text.count("  - key: ") == 12
    assert "name: 栏目12" in text


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/zwgk/t20260301_@.html?_t=#", ("_t",)),
        ("/zwgk/show.jsp?id=@&sid=#", ("sid",)),
        ("/zwgk/t20260301_@.html?version=20310301", ()),  # of the site, not of the visit
        ("/zwgk/#/t20260301_@.html?version=20310301", None),
        ("/zwgk/show.jsp?key=#@", None),  # without it there is one address for all
    ],
)
def test_addresses_that_change_at_every_visit(
    address: str, names: tuple[str, ...] | None, tmp_path: Path
) -> None:
    """They are no new documents: what changes is left out, or it is said that it cannot be."""
    visits = iter(range(17_000_000, 18_000_000))

    def fetch(request: PageRequest, role: Role) -> Fetch:
        visit = str(next(visits))
        rows = "".join(
            f"<li><a href='{address.replace('@', str(n)).replace('#', visit)}'>临江市关于第{n}号事项的通知</a><i>2026-03-01</i></li>"
            for n in range(1, 9)
        )
        is_list = request.url == f"{BASE}/zwgk/gongwen/"
        body = f"<html><title>政府文件</title><ul>{rows}</ul></html>" if is_list else document(3)
        response = HtmlResponse(
            request.url, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"},
            request=Request(request.url),
        )  # fmt: skip
        return read_answer(response, request.url, role, datetime(2026, 3, 2, tzinfo=UTC)).fetch

    asker = Asker(fetch, lambda _: None, 30)
    survey = Surveyor(asker, BOOK, REGIONS).survey(f"{BASE}/zwgk/gongwen/")
    (one,) = survey.lists
    assert one.visit_parameters == (names or ())
    text = drafted(survey, tmp_path)
    if names is None:
        assert "change at every visit" in " ".join(one.paging.look)
        assert "enabled: false" in text
        return
    assert survey.can_tell
    assert load_site(tmp_path / "linjiang.yml").catalogues[0].visit_parameters == names
    assert all(name not in row.url for row in one.rows for name in names)
    assert len({row.url for row in one.rows}) == 8
