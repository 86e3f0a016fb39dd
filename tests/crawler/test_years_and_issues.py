"""Lists by year, by month and by issue: which rows are lists, and which years and issues are walked."""

from __future__ import annotations

import pytest

from crawler.platforms import platform_of
from crawler.platforms.base import ListError, PageRequest
from crawler.sites import Catalogue
from tests.crawler.test_crawl_platforms import BASE, NEWS, read


def test_an_index_of_issues_that_begins_with_the_oldest_is_looked_at_from_its_end() -> None:
    rows = "".join(
        f"<li><a href='./{n}/'>2031年第{n}期</a><span>2031-0{n}-01</span></li>" for n in range(1, 9)
    )
    found = read(f"<ul>{rows}</ul>", issues=True)
    assert [issue.url.rsplit("/", 2)[1] for issue in found.branches[: found.lively]] == ["8", "7"]


def test_rows_that_are_issues() -> None:
    """Each is a chain of its own; what its page lists are the documents."""
    issues = read(f"{NEWS}<a href='index_1.html'>下一页</a>", issues=True)
    assert issues.rows == ()
    assert [issue.url for issue in issues.branches] == [row.url for row in read(NEWS).rows]
    assert len({"list", *(issue.chain for issue in issues.branches)}) == 3
    assert issues.next is not None
    first = issues.branches[0]
    catalogue = Catalogue(key="gb", url=BASE, options={"issues": True})
    others = "".join(
        f"<li><a href='/gb/q{n}/'>2031年第{n}期</a><i>2031-03-0{n}</i></li>" for n in range(1, 9)
    )
    listed = f"{NEWS.replace('t2026', 'gb/t2026')}<ul class='s'>{others}</ul>".encode()
    documents = platform_of("static_list").parse_list(listed, first.url, "text/html", first, catalogue)
    assert (len(documents.rows), documents.branches) == (2, ())


INDEX = "<div><a href='/zw/2031/'>2031年</a> <a href='/zw/2030/'>2030年</a> <a href='/zw/2029/'>2029年</a></div><ul>{}</ul>"


@pytest.mark.parametrize(
    "issues",
    [
        "<li><a href='/zw/2031/1/'>2031年第1期</a></li>",  # of a year that has begun
        "<li><a href='/zw/2031/2/'>2031年第2期</a></li><li><a href='/zw/2031/1/'>2031年第1期</a></li>",
        "<li><a href='/zw/2031/2/'>第2期（总第42期）</a><i>2031-04-01</i></li>"
        "<li><a href='/zw/2031/1/'>第1期（总第41期）</a><i>2031-01-01</i></li>",
    ],
)
def test_an_index_of_issues_that_links_years_leads_to_the_issues_of_each(issues: str) -> None:
    index = read(INDEX.format(issues), issues=True)
    count = issues.count("<li>")
    assert [one.url for one in index.branches[count:]] == [f"http://a.example/zw/{n}/" for n in (2030, 2029)]
    assert index.lively == count
    of_year = index.branches[count]
    catalogue = Catalogue(key="gb", url=BASE, options={"issues": True})
    older = INDEX.format(issues.replace("2031", "2030")).encode()
    found = platform_of("static_list").parse_list(older, of_year.url, "text/html", of_year, catalogue)
    assert [one.url for one in found.branches] == [
        one.url.replace("2031", "2030") for one in index.branches[:count]
    ]
    assert len({one.chain for one in (*index.branches, *found.branches)}) == 2 * count + 2


def test_an_issue_alone_is_a_row_only_where_it_lies_beneath_its_page() -> None:
    with pytest.raises(ListError, match="no row of documents"):
        read("<ul><li><a href='/gb/1/'>2031年第1期</a></li></ul>")


YEARS = "<ul><li><a href={0}2027/>2027年</a></li><li><a href={0}2026/>2026年</a></li><li><a href={0}2025/>2025年度</a></li></ul>"


@pytest.mark.parametrize(
    ("markup", "page", "walked"),
    [
        (YEARS.format("./"), 1, ["2027", "2026", "2025"]),  # nothing but years
        (YEARS.format("./") + NEWS, 1, ["2027", "2025"]),  # the list is that of 2026
        (
            YEARS.format("./") + NEWS + "<script>createPage(2, 0)</script>",
            1,
            ["2027"],
        ),  # it may reach 2025 yet
        (YEARS.format("./") + NEWS + "<script>createPage(2, 1)</script>", 2, ["2025"]),
        (YEARS.format("/gongbao/") + NEWS, 1, []),  # years of another list
        (NEWS, 1, []),
    ],
)
def test_years_that_a_list_does_not_reach_are_walked(markup: str, page: int, walked: list[str]) -> None:
    found = read(markup, page=page).branches
    assert [b.url for b in found] == [f"http://a.example/zw/{year}/" for year in walked]
    assert [b.chain for b in found] == [f"list-{year}" for year in walked]


@pytest.mark.parametrize(
    ("chain", "year", "walked"),
    [
        ("list", 2026, ["m=2", "y=2025"]),
        ("list-2025", 2025, ["m=2"]),
        ("list-2024", 2026, []),  # a menu links the months of this year on the page of each
        ("list-202603", 2026, []),
    ],
)
def test_the_months_of_a_year_are_walked_beside_the_years(chain: str, year: int, walked: list[str]) -> None:
    """Each page shows the documents of one month, and links the months of its year."""
    times = (
        "<a href='?y=2026&m=3'>2026年</a><a href='?y=2025&m=3'>2025年</a>"
        f"<a href='?y={year}&m=3'>3月</a><a href='?y={year}&m=2'>2月</a>"
    )
    url = f"http://a.example/zw/l.jsp?y={year}&m=3"
    request = PageRequest(url=url, chain=chain)
    found = platform_of("static_list").parse_list(
        f"<p>{times}</p>{NEWS}".encode(), url, "text/html", request, Catalogue(key="zw", url=url)
    )
    assert [next((w for w in walked if w in branch.url), "") for branch in found.branches] == walked


@pytest.mark.parametrize("title", ["202{n}年民生实事", "2026年{n}月", "2026年第{n}期政府采购意向公告"])
def test_documents_of_a_site_of_one_program_are_no_lists(title: str) -> None:
    rows = "".join(
        f"<li><a href='page.jsp?id={n}'>{title.format(n=n)}</a><span>2026-03-0{n}</span></li>"
        for n in range(1, 6)
    )
    url = "http://a.example/zw/page.jsp?c=3"
    read = platform_of("static_list").parse_list(
        f"<ul>{rows}</ul>".encode(),
        url,
        "text/html",
        PageRequest(url=url, chain="list"),
        Catalogue(key="zw", url=url),
    )
    assert (len(read.rows), read.branches) == (5, ())


def test_the_page_of_a_year_that_lists_documents_lists_no_issues() -> None:
    index = read(INDEX.format("<li><a href='/zw/2031/1/'>2031年第1期</a></li>"), issues=True)
    of_year = index.branches[1]
    catalogue = Catalogue(key="gb", url=BASE, options={"issues": True})
    rows = "".join(
        f"<li><a href='t20300{n}01_{n}.html'>关于第{n}号事项的通知</a><i>2030-0{n}-01</i></li>"
        for n in range(1, 7)
    )
    found = platform_of("static_list").parse_list(
        f"<ul>{rows}</ul>".encode(), of_year.url, "text/html", of_year, catalogue
    )
    assert (len(found.rows), found.branches) == (6, ())


def test_what_stands_under_a_year_without_documents_is_none_of_them() -> None:
    foot = (
        "<div class='footer'><a href='/wzsm/'>网站声明</a><a href='/lxwm/'>联系我们</a>"
        "<p>主办：临江市人民政府办公室 备案号：北备31000001号</p></div>"
    )
    empty = f"<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr><tr><td colspan=3>暂无数据</td></tr></table>{foot}"
    found = platform_of("label_table").parse_list(
        empty.encode(), BASE, "text/html", PageRequest(url=BASE, chain="list-2030"),
        Catalogue(key="zw", url=BASE),
    )  # fmt: skip
    assert (found.rows, found.next, found.branches) == ((), None, ())
