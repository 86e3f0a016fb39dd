"""Lists that a drop-down chooses, and those of what is older."""

from __future__ import annotations

import pytest

from crawler.lists.choices import bounds_typed, choices, older_lists
from crawler.lists.rows import parse_html
from crawler.lists.year_lists import years_linked
from tests.crawler.survey_pages import BASE, listing, look

URL = f"{BASE}/gk/list.jsp"
OPTIONS = "<option value='7'>办公室</option><option value='8'>预算科</option>"
FORM = (
    "<form action='/gk/list.jsp'><input type='hidden' name='kind' value='a'>"
    "<select name='dept' onchange='this.form.submit()'>@</select></form>"
)
GOES = "<select onchange='window.location = this.value'>@</select>"


def chosen(markup: str, url: str = URL) -> list[tuple[str, str]]:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    return [(post.words, post.url.removeprefix(BASE)) for post in choices(root, url)]


def test_each_choice_of_a_drop_down_is_a_list() -> None:
    assert chosen(FORM.replace("@", OPTIONS)) == [
        ("办公室", "/gk/list.jsp?kind=a&dept=7"),
        ("预算科", "/gk/list.jsp?kind=a&dept=8"),
    ]
    goes = GOES.replace("@", "<option value='bgs/'>办公室</option><option value='ysk/'>预算科</option>")
    assert chosen(goes) == [("办公室", "/gk/bgs/"), ("预算科", "/gk/ysk/")]


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (FORM.replace("@", "<option value=''>全部部门</option>" + OPTIONS), URL),
        (FORM.replace("@", OPTIONS), URL + "?dept=8"),
        (FORM.replace("@", "<option value='1'>标题</option><option value='2'>正文</option>"), URL),
        (FORM.replace("@", "<option value='10'>10条</option><option value='20'>20条</option>"), URL),
        (FORM.replace("@", OPTIONS).replace("<form", "<form method='post'"), URL),
        (FORM.replace("@", OPTIONS).replace("hidden", "text"), URL),  # a search
        (
            GOES.replace("@", "<option value='/gk/list.jsp'>甲科</option><option value='/b/'>乙科</option>"),
            URL,
        ),
    ],
)
def test_drop_downs_that_choose_no_list(markup: str, url: str) -> None:
    assert chosen(markup, url) == []


def test_years_of_a_drop_down_are_chosen_by_its_form() -> None:
    form = FORM.replace("dept", "year").replace(
        "@", "<option value='2031'>2031年</option><option value='2030'>2030年</option>"
    )
    root = parse_html(f"<html><body>{form}</body></html>")
    assert root is not None
    assert {year: url.removeprefix(BASE) for year, url in years_linked(root, URL).items()} == {
        2031: "/gk/list.jsp?kind=a&year=2031",
        2030: "/gk/list.jsp?kind=a&year=2030",
    }


@pytest.mark.parametrize(
    ("markup", "months"),
    [
        ("<a href='?y=2031&m=3'>3月</a><a href='?y=2031&m=2'>2月份</a>", {203103: "?y=2031&m=3", 203102: "?y=2031&m=2"}),
        ("<a href='../2031/03/'>3月</a><a href='../2031/02/'>2月</a>", {203103: "/2031/03/", 203102: "/2031/02/"}),
        ("<a href='?m=3'>3月</a><a href='?m=2'>2月</a>", {}),  # of which year?
        ("<a href='show.jsp?y=2031&m=3'>3月</a><a href='show.jsp?y=2031&m=2'>2月</a>", {}),  # a report of each month
        (
            FORM.replace("@", "<option value='2031-03'>2031年3月</option><option value='2031-02'>2031年2月</option>"),
            {203103: "?kind=a&dept=2031-03", 203102: "?kind=a&dept=2031-02"},
        ),
    ],
)  # fmt: skip
def test_months_that_are_linked(markup: str, months: dict[int, str]) -> None:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    found = {
        month: url.removeprefix(URL).removeprefix(BASE) for month, url in years_linked(root, URL).items()
    }
    assert found == months


def test_years_of_a_drop_down_are_one_catalogue() -> None:
    """The page shows those of the newest; each year is asked for once in a walk."""
    years = "<option value=2026>2026年</option><option value=2025>2025年</option>"
    form = f"<form><select name='year' onchange='this.form.submit()'>{years}</select></form>"
    survey, _ = look({"/gk/list.jsp": listing("/zwgk/gongwen/", 1, 12, around=form)}, "/gk/list.jsp")
    assert [one.url for one in survey.lists] == [URL]
    assert survey.lists[0].paging.why == (
        "no pager was seen; the lists of 1 other years or months are walked as well",
    )
    assert survey.is_certain


@pytest.mark.parametrize(
    ("words", "address", "told"),
    [
        ("历史文件", "ls/", True),
        ("查看2031年以前的文件>>", "old.html", True),
        ("历史沿革", "lsyg/", False),
        ("历史文件", "/other/", False),
        ("关于废止2030年以前部分文件的通知和其他有关事项的决定公告", "t1.html", False),
    ],
)
def test_lists_of_what_is_older(words: str, address: str, told: bool) -> None:
    root = parse_html(f"<html><body><a href='{address}'>{words}</a></body></html>")
    assert root is not None
    assert bool(older_lists(root, URL, ())) == told


def test_what_a_choice_and_an_archive_hold_is_collected() -> None:
    pages = {
        "/zwgk/list.jsp": listing(
            "/zwgk/", 1, 8, around=FORM.replace("@", OPTIONS).replace("/gk/", "/zwgk/")
        ),
        "/zwgk/list.jsp?kind=a&dept=7": listing("/zwgk/", 1, 8),
        "/zwgk/list.jsp?kind=a&dept=8": listing("/zwgk/", 11, 8),
    }
    survey, _ = look(pages, "/zwgk/list.jsp")
    assert [one.url.partition("?")[2] for one in survey.lists] == ["kind=a&dept=7", "kind=a&dept=8"]
    assert [one.name for one in survey.lists] == ["办公室", "预算科"]
    archive = "<a href='ls/'>历史文件</a>"
    pages = {"/zw/": listing("./", 1, 8, around=archive), "/zw/ls/": listing("/zw/", 11, 8)}
    survey, _ = look(pages, "/zw/")
    assert [one.url.removeprefix(BASE) for one in survey.lists] == ["/zw/", "/zw/ls/"]
    survey, _ = look({"/zw/": pages["/zw/"]}, "/zw/")
    assert [post.words for post in survey.left_out] == ["历史文件"]
    assert not survey.is_certain


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<form><input name='begin' value='2031-01-01'><input type='date' name='end' value='2031-12-31'></form>", ["begin", "end"]),
        ("<form><input name='begin' value=''><input name='q' value='2031'><input type='hidden' name='now' value='2031-03-01'></form>", []),
        ("<input name='begin' value='2031-01-01'>", []),  # a calendar
        ("<form><input name='dept' value='2031-01-01'></form>", []),  # which the address states
    ],
)  # fmt: skip
def test_days_in_a_form_that_may_bound_a_list(markup: str, told: list[str]) -> None:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    assert [name for name, _ in bounds_typed(root, f"{URL}?dept=2031-01-01")] == told


def test_a_table_of_which_a_form_shows_the_days_of_one_year_waits_for_a_person() -> None:
    """Its form was a mark of a platform, whose lists nothing doubts."""

    def page(number: int) -> str:
        rows = "".join(
            f"<tr><td><a href='/zw/t20260301_{n}.html'>关于第{n}号事项的通知</a></td><td>2026-03-01</td></tr>"
            for n in range(10 * number, 10 * number + 5)
        )
        way = "<a href='javascript:go(2)'>下一页</a>" * (number == 1)
        return (
            f"<html><head><title>文件</title></head><body><form name='f' method='post' action='l.do'><input type='hidden' name='page'"
            f" value='{number}'>@<table><tr><th>名称</th><th>发布日期</th></tr>{rows}</table>{way}</form><script>function go(n)"
            " { document.f.page.value = n; document.f.submit(); }</script></body></html>"
        )

    for field, sure in (("<input name='begin' value='2026-01-01'>", False), ("<input name='begin'>", True)):
        posted = {"/zw/l.do": lambda _, field=field: page(2).replace("@", field)}
        survey, _ = look({"/zw/l.do": page(1).replace("@", field)}, "/zw/l.do", posted=posted)
        assert (survey.lists[0].paging.value, survey.is_certain) == ("followed", sure)
        assert ("'begin' as '2026-01-01'" in str(survey.lists[0].paging.look)) == (not sure)
