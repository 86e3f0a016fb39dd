"""Which rows of a page are its catalogue, on its first page and on further ones; which links lead to other years."""

from __future__ import annotations

import pytest

from crawler.lists.row_groups import other_lists
from crawler.lists.rows import RowOptions, parse_html, rows_in
from crawler.platforms import platform_of
from crawler.platforms.base import ListError, ListPage, PageRequest
from crawler.sites import Catalogue

BASE = "https://www.example.gov.cn"
URL = f"{BASE}/zwgk/tzgg/"
NEXT = "<div class='page'><a href='index_1.html'>下一页</a></div>"


def items(directory: str, count: int, *, first: int = 1, tag: str = "span") -> str:
    """Rows of a list, dated."""
    return "".join(
        f"<li><a href='{directory}202603/t20260301_{n}.html'>临江市关于第{n}号事项的通知</a><{tag}>2026-03-01</{tag}></li>"
        for n in range(first, first + count)
    )


def page(body: str, title: str = "通知公告_临江市") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def addresses(body: str, url: str = URL) -> list[str]:
    root = parse_html(page(body))
    assert root is not None
    return [row.url.removeprefix(BASE) for row in rows_in(root, url, RowOptions())]


def read(text: str, request: PageRequest, platform: str = "static_list") -> ListPage:
    catalogue = Catalogue(key="tzgg", url=URL)
    return platform_of(platform).parse_list(text.encode(), request.url, "text/html", request, catalogue)


def after(first: str) -> PageRequest:
    """The request for the page after the first one."""
    following = read(page(first), PageRequest(url=URL, chain="list")).next
    assert following is not None
    return following


BESIDE = f"<div class='left'><ul>{items('/xwzx/', 9, tag='em')}</ul></div>"


def test_a_short_list_in_its_own_directory_comes_before_a_long_one_beside_it() -> None:
    found = addresses(f"<div class='main'><ul>{items('./', 2)}</ul></div>{BESIDE}")
    assert found == ["/zwgk/tzgg/202603/t20260301_1.html", "/zwgk/tzgg/202603/t20260301_2.html"]


def test_a_short_list_with_the_page_s_pager_comes_before_a_long_one_beside_it() -> None:
    found = addresses(
        f"<div class='main'><ul>{items('/info/1001/', 2)}</ul><div class='pages'>共2条 1/1</div></div>{BESIDE}"
    )
    assert [address.rpartition("/")[0] for address in found] == ["/info/1001/202603"] * 2


@pytest.mark.parametrize("platform", ["static_list", "label_table"])
def test_a_last_page_of_two_rows_is_not_lost_to_a_list_at_its_side(platform: str) -> None:
    request = after(f"<div class='main'><ul>{items('/info/1001/', 15)}</ul></div>{BESIDE}{NEXT}")
    text = page(f"<div class='main'><ul>{items('/info/1001/', 2, first=16)}</ul></div>{BESIDE}")
    assert [row.url.rpartition("_")[2] for row in read(text, request, platform).rows] == [
        "16.html",
        "17.html",
    ]


def test_a_further_page_without_rows_of_the_list_is_its_end() -> None:
    request = after(f"<div class='main'><ul>{items('./', 15)}</ul></div>{BESIDE}{NEXT}")
    found = read(page(f"<div class='main'><p>没有了</p></div>{BESIDE}"), request)
    assert (found.rows, found.next) == ((), None)


@pytest.mark.parametrize("rows", ["<ul>@</ul>", "@"])
def test_rows_without_a_page_around_them_are_the_lists(rows: str) -> None:
    """As a script puts them in the place of the first ones."""
    request = after(f"<div class='main'><ul>{items('./', 15)}</ul></div>{BESIDE}{NEXT}")
    found = read(rows.replace("@", items("./", 3, first=16)), request)
    assert [row.url.rpartition("_")[2] for row in found.rows] == ["16.html", "17.html", "18.html"]


def test_other_rows_without_a_page_around_them_are_not() -> None:
    request = after(f"<div class='main'><ul>{items('./', 15)}</ul></div>{BESIDE}{NEXT}")
    with pytest.raises(ListError, match="no page of the list"):
        read(items("/xwzx/", 3), request)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", "<script>var a = 1;</script>"),
        (
            "临江市人民政府",
            f"<div class='box'><h3>通知公告</h3><ul>{items('/zwgk/tzgg/', 6)}</ul></div>{BESIDE}",
        ),
    ],
    ids=["a stub", "the front page"],
)
def test_another_page_in_place_of_a_further_one_is_no_end(title: str, body: str) -> None:
    request = after(f"<div class='main'><ul>{items('./', 15)}</ul></div>{BESIDE}{NEXT}")
    with pytest.raises(ListError, match="no page of the list"):
        read(page(body, title), request)


@pytest.mark.parametrize(
    "body",
    [
        "<div class='aside'><h3>热点信息</h3><ul>@</ul></div>",
        "<div><div class='t'>推荐阅读 <a href='/m/'>更多&gt;</a></div><div><ul>@</ul></div></div>",
        "<aside><ul>@</ul></aside>",
        "<div class='sidebar'><ul>@</ul></div>",
    ],
)
def test_a_list_that_says_it_is_another_is_none_of_an_empty_catalogue(body: str) -> None:
    text = page("<ul class='list'></ul><p>暂无信息</p>" + body.replace("@", items("/xwzx/", 8)))
    for platform in ("static_list", "label_table"):
        assert platform_of(platform).recognise(text, URL) is None


@pytest.mark.parametrize("names", [2, 99])
def test_rows_whose_boxes_take_turns_in_their_names_are_one_list(names: int) -> None:
    rows = "".join(
        f"<div class='row{n % names}'><ul><li class='t'><a href='./202603/t20260301_{n}.html'>关于第{n}号事项的通知</a></li>"
        "<li class='d'>2026-03-01</li></ul></div>"
        for n in range(8)
    )
    assert len(addresses(f"<div class='list'>{rows}</div>")) == 8


def test_two_lists_one_after_the_other_stay_two() -> None:
    other = items("/zwgk/zcjd/", 3)
    assert len(addresses(f"<div><ul class='a'>{items('./', 5)}</ul><ul class='b'>{other}</ul></div>")) == 5


def test_the_newest_document_in_a_box_of_its_own_is_a_row_too() -> None:
    top = "<div class='top'><h2><a href='./202603/t20260331_99.html'>临江市关于第99号事项的通知</a></h2><p>2026-03-31</p></div>"
    found = addresses(f"{top}<ul>{items('./', 8)}</ul>{BESIDE}")
    assert found[0] == "/zwgk/tzgg/202603/t20260331_99.html"
    assert len(found) == 9


ABOVE = (
    "<ul class='top'><li><a href='/info/{n}.html'>临江市关于第{n}号事项的通知</a><i>2026-03-31</i></li></ul>"
)
MARKED = "<div><p><b>[置顶]</b><a href='/info/{n}.html'>临江市关于第{n}号事项的通知</a></p></div>"


@pytest.mark.parametrize(
    ("above", "taken"),
    [
        (ABOVE, True),
        (MARKED, True),
        (ABOVE + "<h3>通知公告</h3>", False),
        (ABOVE.replace("/info/", "/xw/"), False),
        (MARKED.replace("/info/", "/xw/"), False),
        (MARKED.replace("[置顶]", ""), False),
        (ABOVE.replace("2026-03-31", ""), False),
    ],
)
def test_pinned_documents_above_a_list_whose_documents_lie_elsewhere(above: str, taken: bool) -> None:
    listed = "".join(
        f"<li><a href='/info/{n}.html'>临江市关于第{n}号事项的通知</a><span>2026-03-01</span></li>"
        for n in range(1, 6)
    )
    found = addresses(f"<div class='main'>{above.replace('{n}', '77')}<ul class='list'>{listed}</ul></div>")
    assert found == ["/info/77.html"] * taken + [f"/info/{n}.html" for n in range(1, 6)]


def test_the_ways_to_the_lists_of_months_are_no_rows() -> None:
    months = "".join(f"<a href='2026{m:02d}/'>2026年{m}月</a>" for m in range(12, 0, -1))
    assert len(addresses(f"<div class='m'>{months}</div><ul>{items('./', 4)}</ul>")) == 4


def test_the_newest_documents_are_rows_too_where_their_boxes_show_no_date() -> None:
    def box(number: int) -> str:
        link = f"./202603/t20260301_{number}.html"
        return f"<div class='top'><h2><a href='{link}'>临江市关于防汛工作的通知</a></h2><p>通知如下<a href='{link}'>[详细]</a></p></div>"

    found = addresses(f"{box(7)}<ul>{items('./', 3)}</ul>")
    assert found == [f"/zwgk/tzgg/202603/t20260301_{n}.html" for n in (7, 1, 2, 3)]
    further = read(
        page(f"{box(17)}<ul>{items('./', 3, first=11)}</ul>"),
        after(f"{box(7)}<ul>{items('./', 3)}</ul>{NEXT}"),
    )
    assert [row.url.rpartition("_")[2] for row in further.rows] == [f"{n}.html" for n in (17, 11, 12, 13)]
    others = "<div><a href='./zn/index.html'>申请公开指南在这里</a></div><div><a href='/x/1.html'>他处的一个文件</a></div>"
    assert addresses(f"{others}<ul>{items('./', 3)}</ul>") == found[1:]


@pytest.mark.parametrize(
    "interpretation",
    [
        "<a href='/zcjd/202603/t20260302_@9.html'>【政策解读】</a>",
        "<a href='/zcjd/202603/t20260302_@9.html'>图文解读</a>",
        "<p><a href='/zcjd/202603/t20260302_@9.html'>《临江市人民政府办公室关于第@号事项的通知》的政策解读</a></p>",
        "<a href='./202603/P20260301@123.pdf'>附件下载</a>",
    ],
)
def test_what_accompanies_a_document_is_no_document(interpretation: str) -> None:
    row = (
        "<li><a href='./202603/t20260301_@.html'>临江市关于第@号事项的通知</a><span>2026-03-01</span>"
        + interpretation
    )
    root = parse_html(page("<ul>" + "".join(f"{row}</li>".replace("@", str(n)) for n in range(8)) + "</ul>"))
    assert root is not None
    rows = list(rows_in(root, URL, RowOptions()))
    assert [row.url.rpartition("_")[2] for row in rows] == [f"{n}.html" for n in range(8)]
    assert {row.hints["published_on"] for row in rows} == {"2026-03-01"}


def test_a_list_of_interpretations_lists_documents() -> None:
    rows = "".join(
        f"<div><a href='./202603/t20260301_{n}.html'>《第{n}号办法》政策解读</a><span>2026-03-01</span></div>"
        for n in range(8)
    )
    assert len(addresses(f"<div class='l'>{rows}</div>")) == 8


def test_rows_without_dates_and_telling_addresses_are_a_list_by_their_titles() -> None:
    rows = "".join(f"<li><a href='a{n}.html'>临江市人民政府关于第{n}号事项的通知</a></li>" for n in range(6))
    menu = "".join(f"<li><a href='b{n}.html'>机构职能</a></li>" for n in range(9))
    assert addresses(f"<ul class='m'>{menu}</ul><ul class='l'>{rows}</ul>") == [
        f"/zwgk/tzgg/a{n}.html" for n in range(6)
    ]
    assert addresses(f"<ul class='m'>{menu}</ul>") == []


def test_issues_are_rows_where_nothing_else_is() -> None:
    issues = "".join(f"<li><a href='/gb/{n}/'>2031年第{n}期（总第{200 + n}期）</a></li>" for n in range(1, 7))
    assert len(addresses(f"<ul>{issues}</ul>")) == 6
    articles = items("./", 3)
    assert len(addresses(f"<ul class='i'>{issues}</ul><ul class='a'>{articles}</ul>")) == 3


@pytest.mark.parametrize(
    ("row", "listed"),
    [
        ("<a href='/gk/s{0}'>{1}</a><i>2026-0{0}</i>", True),
        ("<a href='/gk/s{0}'>2026年{0}月</a>»", False),
        ("<a href='/gk/s{0}'>&lt;</a>2026年{0}月<a href='/gk/t{0}'>&gt;</a>", False),
    ],
)
def test_rows_that_show_a_month(row: str, listed: bool) -> None:
    """A link that is a month leads to an archive."""
    rows = "".join(f"<li>{row.format(n, f'临江市关于第{n}号事项的通知')}</li>" for n in range(1, 7))
    assert addresses(f"<ul>{rows}</ul>") == ([f"/gk/s{n}" for n in range(1, 7)] if listed else [])


def test_rows_may_lie_on_other_hosts_of_the_site() -> None:
    rows = items("https://xxgk.example.gov.cn/", 5)
    assert addresses(f"<ul>{rows}</ul>")[0] == "https://xxgk.example.gov.cn/202603/t20260301_1.html"


def test_a_visit_s_id_is_no_part_of_an_address() -> None:
    rows = "".join(
        f"<li><a href='/show.jsp;jsessionid=0A{n}F.node1?id=70{n}'>临江市关于第{n}号事项的通知</a><i>2026-03-01</i></li>"
        for n in range(3)
    )
    assert addresses(f"<ul>{rows}</ul>") == ["/show.jsp?id=700", "/show.jsp?id=701", "/show.jsp?id=702"]
    rows = rows.replace("/show.jsp;jsessionid=0A", "/(S(lit3py55t21z5v55vlm25s5)F(_x-1))/show(2).aspx?s=")
    assert addresses(f"<ul>{rows}</ul>")[0] == "/show(2).aspx?s=0F.node1?id=700"


@pytest.mark.parametrize(
    ("way", "years"),
    [
        ("<a href='/zwgk/tzgg/@/'>@年</a>", ["2025", "2024"]),
        ("<option value='/zwgk/tzgg/@/index.html'>@年度</option>", ["2025", "2024"]),
        ("<a href='/zwgk/tzgg/@/'>@年通知公告</a>", ["2025", "2024"]),
        ("<li onclick=\"location.href='/zwgk/tzgg/@/'\">@年</li>", ["2025", "2024"]),
        ("<option value='@'>@年</option>", []),
        ("<a href='/zwgk/tzgg/@/'>@年政府信息公开年度报告</a>", []),
        ("<a href='/zwgk/tzgg/@03/t@0301_7.html'>@年通知公告</a>", []),
    ],
)
@pytest.mark.parametrize("platform", ["static_list", "label_table"])
def test_lists_of_other_years(way: str, years: list[str], platform: str) -> None:
    ways = "".join(way.replace("@", str(year)) for year in (2026, 2025, 2024))
    found = read(
        page(f"<div class='years'><select>{ways}</select>{ways}</div><ul>{items('./', 8)}</ul>"),
        PageRequest(url=URL, chain="list"),
        platform,
    )
    assert [branch.chain.rpartition("-")[2] for branch in found.branches] == years


@pytest.mark.parametrize(
    ("way", "months"),
    [
        ("<a href='/zwgk/tzgg/2026@/'>2026年@月</a>", ["202602", "202601"]),
        ("<option value='/zwgk/tzgg/list.jsp?m=2026@'>2026-@</option>", ["202602", "202601"]),
        ("<a href='/zwgk/tzgg/2026@/t2026@05_7.html'>2026年@月</a>", []),  # a report of that month
    ],
)
def test_lists_of_other_months(way: str, months: list[str]) -> None:
    ways = "".join(way.replace("@", month) for month in ("03", "02", "01"))
    listed = page(f"<select>{ways}</select><div class='m'>{ways}</div><ul>{items('./', 8)}</ul>")
    found = read(listed, PageRequest(url=URL, chain="list"))
    assert [branch.chain.rpartition("-")[2] for branch in found.branches] == months


def test_the_way_to_the_list_of_a_year_is_no_document() -> None:
    ways = "".join(f"<li><a href='/zwgk/tzgg/{y}nian/'>{y}年通知公告</a></li>" for y in (2025, 2024))
    found = read(page(f"<ul>{ways}{items('./', 8)}</ul>"), PageRequest(url=URL, chain="list"))
    assert len(found.rows) == 8
    assert len(found.branches) == 2


def test_a_list_that_says_it_is_another_is_the_page_s_own_where_the_page_lies() -> None:
    assert len(addresses(f"<div class='sidebar'><h3>推荐公开</h3><ul>{items('./', 8)}</ul></div>")) == 8


def test_addresses_that_scripts_open() -> None:
    row = "<li><a href='javascript:;' data-url='./202603/t20260301_@.html'>临江市关于第@号事项的通知</a><i>2026-03-01</i></li>"
    assert len(addresses("<ul>" + "".join(row.replace("@", str(n)) for n in range(8)) + "</ul>")) == 8
    row = "<li data-url='/zwgk/tzgg/202603/t20260301_@.html'><b>临江市关于第@号事项的通知</b><i>2026-03-01</i></li>"
    text = page("<ul>" + "".join(row.replace("@", str(n)) for n in range(8)) + "</ul>" + NEXT)
    assert len(read(text, PageRequest(url=URL, chain="list"), "label_table").rows) == 8
    assert addresses(text) == []  # the pager is no list


def test_lists_beside_the_one_that_is_taken() -> None:
    def box(name: str, first: int, count: int, dated: bool = True) -> str:
        date = "<i>2031-03-01</i>" if dated else ""
        rows = (
            f"<li><a href='/{name}/t{n}.html'>关于第{n}号事项的通知</a>{date}</li>"
            for n in range(first, first + count)
        )
        return f"<div class='{name}'><ul>{''.join(rows)}</ul></div>"

    url = "https://www.linjiang.example/zw/"
    root = parse_html(
        "<body>"
        + box("zw", 1, 20)
        + box("gs", 30, 8)
        + box("xw", 50, 12)
        + box("hot", 70, 4)
        + box("menu", 80, 9, False)
    )
    assert root is not None
    taken = {f"{url}t{n}.html" for n in range(1, 21)}
    assert [len(group.rows) for group in other_lists(root, url, taken)] == [12, 8]


def test_a_title_is_the_heading_of_a_card_and_nothing_that_stands_around_it() -> None:
    card = (
        "<a class='card' href='./202603/t20260301_@.html'><h3>临江市关于第@号事项的通知</h3><p>现将有关事项通知如下</p>"
        "<i>2026-03-01</i></a>"
    )
    pinned = "<li>[置顶]<a href='./202603/t20260301_@.html'>【置顶】临江市关于第@号事项的通知</a><i>2026-03-01</i></li>"
    detail = "<li>临江市关于第@号事项的通知<a href='./202603/t20260301_@.html'>[查看详情]</a><i>2026-03-01</i></li>"
    for row, hint, is_pinned in (
        (card, "临江市关于第1号事项的通知", False),
        (pinned, "临江市关于第1号事项的通知", True),
        (detail, None, False),
    ):
        root = parse_html(page("<ul>" + "".join(row.replace("@", str(n)) for n in range(1, 9)) + "</ul>"))
        assert root is not None
        found = next(rows_in(root, URL, RowOptions()))
        assert (found.hints.get("title"), found.pinned) == (hint, is_pinned)
