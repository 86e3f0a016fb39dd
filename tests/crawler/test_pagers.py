"""The pagers of static lists: script calls, numbers, arrows, spans, words."""

from __future__ import annotations

import pytest

from crawler.lists import page_arrays, pagers
from crawler.lists.rows import parse_html
from crawler.platforms.base import PageRequest

URL = "http://a.example/zw/index.html"


def following(markup: str, *, url: str = URL, page: int = 1) -> tuple[str | None, int | None]:
    root = parse_html(f"<html><body>{markup}</body></html>")
    assert root is not None
    found, last = pagers.following(root, markup, url, PageRequest(url=url, chain="list", page=page))
    if found is not None:
        assert (found.chain, found.page) == ("list", page + 1)
    return (found.url.removeprefix("http://a.example/zw/") if found else None), last


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        (
            "index_11287.shtml",
            0,
            "index_11287_1.shtml",
        ),  # a second template of the column: its number is no page's
        ("index_11287_1.shtml", 1, "index_11287_2.shtml"),
        ("index_1.shtml", 1, "index_2.shtml"),
        ("", 0, "index_11287_1.shtml"),  # as the script writes it
    ],
)
def test_the_number_in_a_page_s_name_is_that_of_the_page_where_its_script_says_so(
    name: str, place: int, expected: str
) -> None:
    markup = (
        f"<script>var currentPage = {place};\nvar nextPage = currentPage+1;\nvar countPage = 9;\n"
        'document.write("<a href=\\"index_11287_"+nextPage+".shtml\\">下一页</a>");</script>'
    )
    found = following(markup, url=f"http://a.example/zw/{name}", page=place + 1)
    assert found == (expected, 9)


@pytest.mark.parametrize(
    ("markup", "page", "expected"),
    [
        # TRS, counted from 0
        ('<script>createPageHTML(25, 0, "index", "html")</script>', 1, ("index_1.html", 25)),
        ("<script>createPageHTML(25,0,'index','shtml',500);</script>", 1, ("index_1.shtml", 25)),
        ("<script>createPageHTML(25, 24, 'index', 'html')</script>", 25, (None, 25)),
        ("<script>createPage(25, 1);</script>", 2, ("index_2.html", 25)),
        # UCAP names its container first and counts from 1
        ("<script>createPageHTML('page_div',10, 1,'list','shtml',189);</script>", 1, ("list_2.shtml", 10)),
        ("<script>createPageHTML('page_div',10, 10,'list','shtml',189);</script>", 10, (None, 10)),
        # the page's own place tells from what it counts
        ("<script>createPage(25, 1, 'list', 'htm')</script>", 1, ("list_2.htm", 25)),
        ("<script>createPage(25, 25, 'list', 'htm')</script>", 25, (None, 25)),
        (
            "<script>createPageHTML('page_div', 3, 1, 'n810755?_pageSize=20&page=', '')</script>",
            1,
            ("n810755?_pageSize=20&page=2", 3),
        ),
        # names and numbers in variables; a call that is commented out
        (
            "<script>var n = 7;\nvar i = 0;\n//createPageHTML(9, 3, 'old', 'html')\ncreatePageHTML(n, i, 'list', 'html')</script>",
            1,
            ("list_1.html", 7),
        ),
        (
            "<script>var n = 7, i = 0;\nvar name='list', ext='shtml';\ncreatePageHTML(n, i, name, ext)</script>",
            1,
            ("list_1.shtml", 7),
        ),
        (
            "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt) { }</script>",
            1,
            (None, None),
        ),
        (
            "<script>Pager({size: 25, current: 0, prefix: 'index', suffix: 'html'});</script>",
            1,
            ("index_1.html", 25),
        ),
        # what stands before the number and behind it
        (
            "<script>showPages('list.php?c=3&page=', 1, 25, '&k=a');</script>",
            1,
            ("list.php?c=3&page=2&k=a", 25),
        ),
        ("<script>showPages('list.php?c=3&page=', 25, 25, '');</script>", 25, (None, 25)),
        ("<script>pager('list_', 25, 2, '.html')</script>", 2, ("list_3.html", 25)),
        (
            "<script>share('/wx/show?page=', 1, 9, '')</script><a href='l2.htm'>下一页</a>",
            1,
            ("l2.htm", None),
        ),
        ("<script>share('list.php?c=3&url=', 1, 25, '');</script>", 1, (None, None)),
        ("<script>banner('pic_', 1, 5, 'png')</script>", 1, (None, None)),
        # TRS's pager written out in the page
        (
            "<script>var currentPage = 0;//所在页从0开始\nvar prevPage = currentPage-1\nvar countPage = 3//共多少页\n"
            'document.write("<a href=\\"index"+"_" + nextPage + "."+"html\\">下一页</a>");</script>',
            1,
            ("index_1.html", 3),
        ),
        # beside a box for the number of a page
        (
            "<script>var currentPage = 0;//所在页从0开始\nvar countPage = 3//共多少页\n"
            'document.write("<a href=\\"index"+"_" + i + "."+"html\\">"+(i+1)+"</a>");'
            'function goto(){ window.navigate("index_"+(itemNum-1)+".html"); }</script>',
            1,
            ("index_1.html", 3),
        ),
        ("<script>var currentPage = 1; var totalPage = 9; load(currentPage);</script>", 1, (None, None)),
        # links
        ("<a href='index_2.html'>下一页&gt;&gt;</a>", 1, ("index_2.html", None)),
        ("<a href='index_9.html'>下5页</a><a href='index_1.html'>后一页</a>", 1, ("index_1.html", None)),
        ("<a href='t1.html'>下一篇：关于公布名单的通知</a>", 1, (None, None)),
        ("<a href='page/1/'>较新的文章</a> <a href='page/3/'>&laquo; 较早的文章</a>", 2, ("page/3/", None)),
        ("<div><a href='page/2/'>← 较早文章</a></div>", 1, ("page/2/", None)),
        ("<p>第１页　共３页　１　<a href='?p=2'>２</a>　<a href='?p=3'>３</a></p>", 1, ("index.html?p=2", 3)),
        ("<a href='index_1.html' title='下一页'><img src='r.gif'></a>", 1, ("index_1.html", None)),
        ("<a href='index_1.html'><img alt='下一页' src='r.gif'></a>", 1, ("index_1.html", None)),
        ("<a class='next' href='index_1.html'>›</a>", 1, ("index_1.html", None)),
        (
            "<p>[1] <a href='index_1.html'>[2]</a> <a href='index_2.html'>[3]</a></p>",
            1,
            ("index_1.html", None),
        ),
        (  # in no box of their own, around the page's own number
            "<p>关于…的通知 <a href='l1.htm'>1</a> 2 <a href='l3.htm'>3</a></p>",
            2,
            ("l3.htm", None),
        ),
        (
            "<p>关于…的通知<a href='l1.htm'>1</a><b>2</b><a href='l3.htm'>3</a></p>",
            2,
            ("l3.htm", None),
        ),
        ("<p>见<a href='l1.htm'>1</a>至<a href='l3.htm'>3</a>号文件</p>", 2, (None, None)),
        (
            "<p><a href='t1_7.html'>1</a> <a href='t1_9.html'>2</a> <a href='t1_4.html'>3</a></p>",
            1,
            (None, None),
        ),
        ("<p>第1页/共3页 <a href='index_1.html'><img src='/i/next.gif'></a></p>", 1, ("index_1.html", 3)),
        ("<p>总数：3 <a href='pic_2.html'><img src='/i/next.gif'></a></p>", 1, (None, None)),
        ("<a class='pb_next_page' href='index_2.html'>下一页</a>", 1, ("index_2.html", None)),
        (
            "<a href='?page=2'>2</a><a href='?page=3'>3</a><a href='?page=9'>尾页</a>",
            1,
            ("index.html?page=2", 9),
        ),
        (
            "<div class=page>共<b>9</b>页 <a href='index_4.html'>4</a><a href='index_5.html'>5</a></div>",
            7,
            ("index_8.html", 9),
        ),
        # a window of numbers: the way to the next one is that of the page behind its last
        (
            "<p class=pages><a href='index_3.html'>4</a><a href='index_4.html'>5</a><a href='index_5.html'>下5页</a></p>",
            5,
            ("index_5.html", None),
        ),
        (
            "<ul class=pages><li><a href='index_3.html'>4</a></li><li><a href='index_4.html'>5</a></li>",
            5,
            (None, None),
        ),
        ("<span>第1页/共3页</span><a href='index_1.html'>下一页</a>", 1, ("index_1.html", 3)),
        ("<table class=calendar><tr><td><a href='d2.html'>2</a></td></tr></table>", 1, (None, None)),
        ("<li><a href='t1.html'>关于印发手册（共12页）的通知</a></li>", 1, (None, None)),
        (
            "<select class=page><option value='index.html'>第1页</option><option value='index_1.html'>第2页</option></select>",
            1,
            ("index_1.html", None),
        ),
        ("<link rel=next href='index_1.html'><p></p>", 1, ("index_1.html", None)),
        # a pager's function by a name of the site's own; other calls with two numbers are none
        ("<script>outputPage(4, 0, 'index', 'html')</script>", 1, ("index_1.html", 4)),
        ('<script>createPageHTML_xxgk(4, 1, "list", "shtml", 60);</script>', 2, ("list_2.shtml", 4)),
        (
            "<script>show(4, 0, 'index')</script><script>setSize(4, 0, 'a b', 'html')</script>",
            1,
            (None, None),
        ),
        # what stands in for links
        (
            "<div id=page><span id=pagenav_1 tagname='/zw/index_1.html'>下页</span></div>",
            1,
            ("index_1.html", None),
        ),
        (
            "<div class=pages><a href='javascript:;' data-url='index_1.html'>2</a></div>",
            1,
            ("index_1.html", None),
        ),
    ],
)
def test_the_way_on(markup: str, page: int, expected: tuple[str | None, int | None]) -> None:
    assert following(markup, page=page) == expected


@pytest.mark.parametrize("ending", ["html", "htm", "shtml"])
def test_the_ending_is_that_of_the_links_that_the_script_writes(ending: str) -> None:
    """A catalogue's address often ends at its directory: nothing else tells how the names of its pages end."""
    script = (
        "<script>var currentPage = 0;//所在页从0开始\nvar 下一页Page = currentPage+1//下一页\nvar countPage = 3//共多少页\n"
        f'else if(i==0) document.write("<a href=\\"index.{ending}\\">"+(i+1)+"</a>");\n'
        f'else document.write("<a href=\\"index"+"_" + i + "."+"{ending}\\">"+(i+1)+"</a>");\n'
        f'document.write("<a href=\\"index"+"_" + 下一页Page + "."+"{ending}\\"><span>下一页</span></a>");</script>'
    )
    assert following(script, url="http://a.example/zw/") == (f"index_1.{ending}", 3)


def test_a_pager_without_names_goes_on_by_the_number_in_the_address() -> None:
    """The HTML of a search behind a list: its address counts, and there is no index_2.html beside it."""
    url = "http://a.example/zw/7?_pageSize=15&page={}"
    for place in (0, 1):  # from what the script counts
        script = f"<script>createPage(4, {place})</script>"
        assert following(script, url=url.format(1)) == ("7?_pageSize=15&page=2", 4)
    assert following("<script>createPage(4, 4)</script>", url=url.format(4), page=4) == (None, 4)
    named = "<script>createPage(4, 1, 'list', 'html')</script>"
    assert following(named, url=url.format(1)) == ("list_2.html", 4)


CALENDAR = "<a href='?m=2'>&lt;</a> 2031年3月 <a href='?m=4'>&gt;</a><table><tr>{}</tr></table>".format(
    "".join(f"<td><a href='?d={day}'>{day}</a></td>" for day in range(1, 32))
)


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class='calendar'>{CALENDAR}</div>",
        f"<div>{CALENDAR}</div>",
        f"<p>您的位置：<a href='/'>首页</a></p><div class='rili'>{CALENDAR}</div>",
        "<div class='rili'><p><a href='?d=1'>1</a> <a href='?d=2'>2</a> <a href='?d=3'>3</a></p></div>",
        "<div><a href='?m=2'>&lt;</a> 2031年3月 <a href='?m=4'>&gt;</a><p><a href='?d=1'>1</a> <a href='?d=2'>2</a></p></div>",
        "<div id='month-bar'><a class='prev' href='?m=2'></a><a class='next' href='?m=4'></a></div>",
        "<div class='swiper-box'><a class='next' href='pic_2.html'>&gt;</a></div>",
    ],
)
def test_the_arrow_of_a_calendar_is_no_way_on(markup: str) -> None:
    assert following(markup) == (None, None)
    found = following(f"{markup}<div class='page'><a href='index_1.html'>&gt;</a></div>")
    assert found == ("index_1.html", None)


def test_addresses_of_pages_that_a_script_holds() -> None:
    """Only the first page may hold them."""
    page = PageRequest(url=URL, chain="list")
    script = "<script>var pageUrls = ['./index.html', '202602/a.html', \"202601/b.html\"];</script>"
    second, last = page_arrays.following(script, URL, page)
    assert second is not None
    assert (second.url, second.page, last) == ("http://a.example/zw/202602/a.html", 2, 3)
    third, _ = page_arrays.following("", second.url, second)
    assert third is not None
    assert third.url == "http://a.example/zw/202601/b.html"
    assert page_arrays.following("", third.url, third) == (None, 3)


@pytest.mark.parametrize(
    "script",
    [
        "var tabs = ['./index.html', '202602/a.html'];",  # what else it may be is not told by its name
        "var pages = ['202602/a.html', '202601/b.html'];",  # without the page itself
        "var pages = ['./index.html', '../gg/index.html'];",  # another column
        "var pages = ['./index.html', 'http://b.example/a.html'];",
        "var pages = ['./index.html', 'a.html', 'a.html'];",
        "var pages = ['./index.html', " + "'" * 5000,
    ],
)
def test_other_addresses_that_a_script_holds(script: str) -> None:
    page = PageRequest(url=URL, chain="list")
    assert page_arrays.following(f"<script>{script}</script>", URL, page) == (None, None)


def test_a_next_page_beyond_the_last_may_be_missing() -> None:
    root = parse_html("<div>第3页/共3页 <a href='index_3.html'>下一页</a></div>")
    assert root is not None
    found, _ = pagers.following(root, "", URL, PageRequest(url=URL, chain="list", page=3))
    assert found is not None
    assert found.optional


def test_a_link_to_the_page_itself_is_the_end() -> None:
    assert following("<a href='#top'>下一页</a><a href='index.html#list'>下一页</a>") == (None, None)


def test_the_first_of_numbered_pages_may_have_no_number() -> None:
    assert following("<p><a href='list.htm'>[1]</a> <a href='list2.htm'>[2]</a></p>")[0] == "list2.htm"
    assert following("<p><a href='list.htm'>[1]</a> <a href='other2.htm'>[2]</a></p>")[0] is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div class='load-more' data-next-page='/zw/?p=2'>点击加载更多</div>", "?p=2"),
        ("<ul><li hx-get='/zw/?p=2' hx-trigger='revealed'>加载中</li></ul>", "?p=2"),
        ("<div hx-get='/zw/s?q=1' hx-trigger='keyup'>搜索</div>", None),
        ("<div class='load-more' data-next-page='2'>点击加载更多</div>", None),
    ],
)
def test_the_next_part_that_an_attribute_states(markup: str, expected: str | None) -> None:
    assert following(markup)[0] == expected


@pytest.mark.parametrize("link", ["<a href='?y={0}'>{0}</a> ", "<a href='/gb/{0}/1.html'>{0}</a>"])
def test_years_are_no_pages(link: str) -> None:
    years = "".join(map(link.format, (2031, 2030, 2029)))
    root = parse_html(f"<html><body><a href='/'>首页</a><div>{years}</div></body></html>")
    assert root is not None
    request = PageRequest(url="http://a.example/l.jsp", chain="list")
    assert pagers.following(root, "", request.url, request) == (None, None)


@pytest.mark.parametrize(
    ("url", "ways", "expected"),
    [
        ("http://a.example/zw/l.php?c=3", "<a href='/news/l.php?page=2'>下一页</a>{}<a href='?c=3&page=2'>下一页</a>", "l.php?c=3&page=2"),
        ("http://a.example/zw/l.php", "<a href='?page=2'>下一页</a>{}<a href='/news/l.php?page=2'>下一页</a>", "l.php?page=2"),
        (URL, "<a href='/news/index_1.html'>下一页</a>{}<a href='index_1.html'>下一页</a>", "index_1.html"),
        (URL, "<a href='/news/2.html'>2</a><a href='/news/3.html'>3</a>{}<a href='2.html'>2</a><a href='3.html'>3</a>", "2.html"),
        (URL, "<a href='/was5/web/search?page=2'>下一页</a>{}", "http://a.example/was5/web/search?page=2"),
    ],
)  # fmt: skip
def test_of_two_lists_with_pagers_that_of_the_page_s_own_place_leads_on(
    url: str, ways: str, expected: str
) -> None:
    pager = ways.format("</div><ul><li>…</li></ul><div class=page>")
    assert following(f"<div class=page>{pager}</div>", url=url)[0] == expected
