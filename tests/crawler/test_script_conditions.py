"""What a click leads to where its function decides by the page's number."""

from __future__ import annotations

import pytest

from crawler.lists import form_pagers, script_pagers
from crawler.lists.rows import parse_html
from crawler.platforms import platform_of
from crawler.platforms.base import PageRequest
from crawler.scripts.calls import Functions
from crawler.scripts.values import Value, evaluated, holds
from crawler.sites import Catalogue

URL = "http://a.example/zw/index.html"
NUMBERS = "".join(f"<a href='javascript:go({n})'>{n}</a>" for n in range(1, 5))
CALLS = f"<div class='page'>{NUMBERS}<a href='javascript:go(2)'>下一页</a> 共4页</div>"
DATA = "".join(f"<a href='javascript:;' data-page='{n}'>{n}</a>" for n in range(1, 5))
CLICKS = f"<div class='pages'>{DATA}<a href='javascript:;' data-page='2'>下一页</a> 共4页</div>"
SECOND = 'location.href="index_"+(n-1)+".html";'


def clicked(pager: str, page: int = 1) -> str | None:
    """The page behind the one with this number, as numbers count from 0 in the names."""
    text = f"<ul><li><a href='t1.html'>关于某事的通知</a></li></ul>{pager}"
    root = parse_html(text)
    assert root is not None
    request = PageRequest(url=URL, chain="x", page=page)
    found, _ = form_pagers.following(root, Functions(text, root, URL), URL, request, "utf-8")
    return found.url.rpartition("/")[2] if found is not None else None


@pytest.mark.parametrize(
    "body",
    [
        f'if(n==1){{ location.href="index.html"; }}else{{ {SECOND} }}',
        f'if(1 === n) location.href="index.html"; else {SECOND}',
        f'if(n<=1){{ location.href="index.html"; }}else{{ {SECOND} }}',
        f'if(n<2){{ location.href="index.html"; return; }} {SECOND}',
        f'if(n && n==1){{ location.href="index.html"; }} else {{ {SECOND} }}',
        f'if(n<1||n>4){{ alert("页码错误"); return; }} if(n==1) location.href="index.html"; else {SECOND}',
        f'if(isLogin()){{ track(n); }} if(n==1) location.href="index.html"; else {SECOND}',
        f'if(n>0 && n<=total){{ if(n==1){{ location.href="index.html"; }} else {{ {SECOND} }} }} else {{ alert("无此页"); }}',
        f'if(n>total) n=total; if(n==1) location.href="index.html"; else {SECOND}',
        f'n = n > last ? last : n; n = Math.max(n, first); if(n==1) location.href="index.html"; else {SECOND}',
        f'n = parseInt(n); if(n==1) location.href="index.html"; else {SECOND}',
        'location.href = n==1 ? "index.html" : "index_"+(n-1)+".html";',
        'location.href = (n > 1)\n ? "index_"+(n-1)+".html"\n : "index.html";',
        'location.href = "index" + (n==1 ? "" : "_"+(n-1)) + ".html";',
        'var url="index.html"; if(n>1){ url="index_"+(n-1)+".html"; } location.href=url;',
        'var url = n==1 ? "index.html?a=1" : "index_"+(n-1)+".html"; window.location=url;',
        'var p=n-1; if(p==0) location.href="index.html"; else location.href="index_"+p+".html";',
        'n--; location.href="index_"+n+".html";',
        'if(n>total){ alert("无此页"); return; } var name="index"; if(n!=1) name+="_"+(n-1); location.href=name+".html"; return false;',
        "var to=1; switch(n){ case 1: to=0; break; default: to=n-1; } if(to>total) to=total;"
        ' location.href = to==0 ? "index.html" : "index_"+to+".html";',
        'n = n - 1; if(n==0){ location.href="index.html"; } else { location.href="index_"+n+".html"; }',
    ],
)
def test_the_branch_that_is_taken_for_a_page(body: str) -> None:
    assert clicked(f"{CALLS}<script>var total = 4; function go(n){{ {body} }}</script>") == "index_1.html"


TURN = """<script>var now = {page}, total = 4; function turn(w) {{ var to = now;
if (w == "next") {{ if (now >= total) {{ alert("已是最后一页"); return; }} to = now + 1; }} else if (w == "prev") {{ to = now - 1; }}
location.href = to == 1 ? "index.html" : "index_" + (to - 1) + ".html"; }}</script>"""


@pytest.mark.parametrize(("page", "expected"), [(1, "index_1.html"), (3, "index_3.html"), (4, None)])
def test_the_last_page_leads_no_further(page: int, expected: str | None) -> None:
    words = {"prev": "上一页", "next": "下一页"}
    links = "".join(f"<a onclick=\"turn('{word}')\">{shown}</a>" for word, shown in words.items())
    assert clicked(f"<div class='page'>{links}</div>{TURN.format(page=page)}", page) == expected


def test_a_number_that_another_script_fills_in_decides_nothing() -> None:
    script = f"var total = 0; function go(n){{ if(n<=total){{ {SECOND} }} }}"
    assert clicked(f"{CALLS}<script>{script}</script>") == "index_1.html"


def test_names_that_count_from_zero_where_the_script_counts_from_one() -> None:
    script = 'var totalPage=4;var curPage=1;function go(n){ location.href = n==1 ? "./index.html" : "./index_"+(n-1)+".html"; }'
    catalogue = Catalogue(key="tzgg", url=URL)
    text = f"<ul><li><a href='202603/t20260301_1.html'>关于某事的通知</a><i>2026-03-01</i></li></ul>{CALLS}<script>{script}</script>"
    found = platform_of("static_list").parse_list(
        text.encode(), URL, "text/html", PageRequest(url=URL, chain="x"), catalogue
    )
    assert found.next is not None
    assert found.next.url.endswith("/index_1.html")


@pytest.mark.parametrize(
    "body",
    [
        f'var n=$(this).data("page"); if(n==1){{ location.href="index.html"; }}else{{ {SECOND} }}',
        f'var n=parseInt($(this).attr("data-page")); if(n>1){{ {SECOND} }}else{{ location.href="index.html"; }}',
        'var n=$(this).attr("data-page"); location.href = n==1 ? "index.html" : "index_"+(n-1)+".html";',
        'var n=Number($(this).data("page")); var u="index.html"; if(n>1){ u="index_"+(n-1)+".html"; } location.href=u;',
        'go($(this).data("page") + 0);',
    ],
)
def test_the_branch_that_is_taken_for_what_was_clicked(body: str) -> None:
    go = f'function go(n){{ if(n==1) location.href="index.html"; else {SECOND} }}'
    assert (
        clicked(f"{CLICKS}<script>$('.pages a').click(function(){{ {body} }}); {go}</script>")
        == "index_1.html"
    )


NAMES: dict[str, Value] = {"n": 2, "last": 4, "word": "next", "shown": "2"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n == 2", True), ("n === '2'", True), ("shown == n", True), ("n != 2", False), ("n >= last", False),
        ("n > 1 && n <= last", True), ("n < 1 || n > last", False), ("(n < 1 || (n == 2))", True), ("!n", False),
        ("word == 'next'", True), ("word == '||'", False), ("!(n == 1)", True), ("n - 1 == 1", True),
        ("unknown > 1", None), ("n == 1 && unknown", False), ("n == 2 || unknown", True), ("n == 2 && unknown", None),
        ("n == null || n < 1", False), ("n != undefined && n != ''", True), ("unknown == null", None), ("n > null", None),
        ("word > 1", None), ("n = 2", None), ("", None),
    ],
)  # fmt: skip
def test_whether_a_condition_is_met(condition: str, expected: bool | None) -> None:
    assert holds(condition, NAMES) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("n > 1 ? '_' + n : ''", "_2"), ("'index' + (n == 1 ? '' : '_' + (n - 1)) + '.html?a=1:2'", "index_1.html?a=1:2"),
        ("n == 1 ? 'a' : n == 2 ? 'b' : 'c'", "b"), ("n == 2 ? 'a' : f(unknown)", "a"), ("unknown ? 'a' : 'b'", None),
        ("n == 2 ? unknown : 'b'", None), ("n == 2 ? 'a'", None), ("n == 2 ? 'a' : 'b' : 'c'", None),
        ("'/list?p=' + n", "/list?p=2"), ("shown - 1", 1), ("parseInt(shown) + 1", 3), ("shown + 1", "21"),
    ],
)  # fmt: skip
def test_the_value_of_a_choice(expression: str, expected: Value | None) -> None:
    assert evaluated(expression, NAMES) == expected


@pytest.mark.parametrize(
    "script",
    [
        "laypage({cont:'p',pages:4,curr:1,jump:function(e,first){ if(!first){ var k=e.curr-1; location.href='index_'+k+'.html'; } }});",
        "laypage({cont:'p',pages:4,curr:1,jump:function(e){ location.href='index'+(e.curr==1?'':'_'+(e.curr-1))+'.html'; }});",
        "$('#p').pagination({currentPage:1,totalPage:4,callback:function(num){ let k=num-1; location.href=`index_${k}.html`; }});",
        "kkpager.init({pno:1,total:4,hrefFormer:'index',hrefLatter:'.html',"
        "getLink:function(n){ if(n==1) return this.hrefFormer+this.hrefLatter; return this.hrefFormer+'_'+(n-1)+this.hrefLatter; }});",
    ],
)
def test_names_that_hold_one_less_than_the_page(script: str) -> None:
    text = f"<ul><li><a href='t1.html'>关于某事的通知</a></li></ul><script>{script}</script>"
    request = PageRequest(url=URL, chain="x", page=1)
    root = parse_html(text)
    assert root is not None
    found, last = script_pagers.following(root, text, URL, request, 15, 47, None)
    assert found is not None
    assert (found.url.rpartition("/")[2], last) == ("index_1.html", 4)


@pytest.mark.parametrize(
    "piece",
    [
        "if(n==1)",
        "if(n==1){",
        "n = n ? ",
        "(n==1?",
        "var n=n-1;",
        "a&&",
        "n<",
        "if(n>1){n--}else ",
        "switch(n){ case 1: ",
        "if(n==1) return; ",
    ],
)
def test_beginnings_of_conditions_take_no_time(piece: str) -> None:
    assert clicked(f"{CALLS}<script>function go(n){{ {piece * 800} }}</script>") is None
    assert evaluated(piece * 800, NAMES) is None
    assert holds(piece * 800, NAMES) is None
