"""Addresses of rows that a page's script makes of parts of their values, or by a function."""

from __future__ import annotations

import json

import pytest

from crawler.lists.records import row_address
from crawler.platforms import json_api
from crawler.platforms.json_api import JsonApiOptions
from crawler.scripts.links import link_templates

ROW = {"id": 20765, "title": "某通知", "date": "2026-03-09 08:10:00", "path": "zcwj", "url": "/x/7.html"}
PAGE = "http://a.example/zwgk/list.html"
LINK = """<script>{before} rows.forEach(function (item) {{
    {inner} h += '<li><a href="' + {made} + '">' + item.title + '</a></li>'; }})</script>"""


def address_of(made: str, before: str = "", inner: str = "") -> str | None:
    links = link_templates(LINK.format(made=made, before=before, inner=inner))
    return row_address(ROW, links[0].address, PAGE) if links else None


@pytest.mark.parametrize(
    ("made", "address"),
    [
        ("'/' + item.path + '/' + item.id + '.html'", "/zcwj/20765.html"),
        ("'/' + item['path'] + \"/\" + item['id'] + '.html'", "/zcwj/20765.html"),
        ("'/a/' + item.date.substring(0, 4) + '/' + item.id + '.html'", "/a/2026/20765.html"),
        ("'/a/' + item.date.substr(5, 2) + '/' + item.id + '.html'", "/a/03/20765.html"),
        ("'/a/' + item.date.slice(0, 10).replace(/-/g, '') + '/' + item.id", "/a/20260309/20765"),
        ("'/a/' + item.date.split(' ')[0].split('-').join('/') + '/' + item.id", "/a/2026/03/09/20765"),
        ("'/a/' + item.date.split('-')[0] + '/' + item.id", "/a/2026/20765"),
        ("'/a/' + item.date.substring(0, 7).replace('-', '') + '/' + item.id", "/a/202603/20765"),
        ("'/a/' + Math.floor(item.id / 1000) + '/' + item.id + '.html'", "/a/20/20765.html"),
        ("'/zwgk' + item.url", "/zwgk/x/7.html"),
        ("['/', item.path, '/', item.id, '.html'].join('')", "/zcwj/20765.html"),
        (
            "'/a/' + item.date.substr(0, 4) + item.date.substr(5, 2) + '/t' + item.date.substr(0, 4) + item.date.substr(5, 2)"
            " + item.date.substr(8, 2) + '_' + item.id + '.html'",
            "/a/202603/t20260309_20765.html",
        ),
    ],
)
def test_parts_of_values(made: str, address: str) -> None:
    assert address_of(made) == f"http://a.example{address}"


@pytest.mark.parametrize(
    ("made", "before", "inner"),
    [
        ("'/2026/03/' + no", "", "var no = item.id;"),
        ("'/' + d[0] + '/' + d[1] + '/' + item.id", "", "var d = item.date.split('-');"),
        ("urlOf(item)", "function urlOf(o) { return '/2026/03/' + o.id; }", ""),
        ("urlOf(item.id)", "var urlOf = no => '/2026/03/' + no;", ""),
        ("urlOf(item)", "const urlOf = (o) => { return `/2026/03/${o.id}`; };", ""),
        (
            "urlOf(item.id, item.date)",
            "function urlOf(id, day) { var y = day.substring(0, 4); return '/' + y + '/03/' + id; }",
            "",
        ),
    ],
)
def test_parts_and_addresses_that_have_a_name(made: str, before: str, inner: str) -> None:
    assert address_of(made, before, inner) == "http://a.example/2026/03/20765"


@pytest.mark.parametrize(
    "text",
    [
        """<script>list.innerHTML = rows.map(o => `<a href="/a/${o.date.substr(0, 4)}/${o.id}.html">`)</script>""",
        """<li v-for="item in list"><a :href="urlOf(item)"></a></li>
        <script>new Vue({methods: {urlOf(o) { return "/a/" + o.date.split("-")[0] + "/" + o.id + ".html"; }}})</script>""",
        """<script>h += '<li data-no="' + o.id + '">'; 
        $(".row").click(function () { location.href = "/a/2026/" + $(this).data("no") + ".html"; })</script>""",
        """<script>$("<a/>").attr("href", "/a/" + o.date.substring(0, 4) + "/" + o.id + ".html")</script>""",
        """<script>x({href: "/a/".concat(o.date.slice(0, 4), "/").concat(o.id, ".html")})</script>""",
    ],
)
def test_ways_in_which_pages_write_them(text: str) -> None:
    made = {row_address(ROW, link.address, PAGE) for link in link_templates(text)}
    assert "http://a.example/a/2026/20765.html" in made


def test_a_name_that_is_given_something_else_later_is_not_told() -> None:
    before = "var no = item.id; if (item.kind == 2) { no = item.other; }"
    assert address_of("'/a/' + no + '.html'", "", before) is None


def test_no_white_space_of_a_value_ends_an_address() -> None:
    """As databases fill columns up; browsers leave it out at the end of an address alone."""
    row = {"id": "7  ", "path": "zw/7.html "}
    assert row_address(row, "/show.jsp?id={id}", PAGE) == "http://a.example/show.jsp?id=7"
    assert row_address(row, "/{path}", PAGE) == "http://a.example/zw/7.html"
    assert row_address(row, "/{id}/a.html", PAGE) == "http://a.example/7%20%20/a.html"


def test_a_value_without_the_part_gives_no_address() -> None:
    spec = "/a/{date.split(-)[2]}/{id}.html"
    assert row_address({"id": 7, "date": "2026"}, spec, PAGE) is None
    assert JsonApiOptions.model_validate({"rows": "", "url": spec}).url == spec


def test_an_address_that_a_script_completes() -> None:
    """'/zwgk' + row.url; a whole one stays what it is."""
    links = link_templates("""<script>h += '<a href="' + '/zwgk' + o.link + '">'</script>""")
    for link, url in (("/x/7.html", "/zwgk{link}"), ("http://b.example/7.html", "link")):
        seen = json_api.described(json.dumps([{"title": "某通知", "link": link}]), PAGE, {}, links)
        assert seen is not None
        assert seen.catalogues[0][3]["url"] == url


@pytest.mark.parametrize(
    "piece",
    ["var a=b.c;", "b.c.split('-')[0]+", "function f(a){return '/'+a;}f(b.c)", "${'/a'+b.c}", "data-a='+b.c"],
)
def test_a_page_of_beginnings_takes_no_time(piece: str) -> None:
    link_templates(piece * (350_000 // len(piece)))


def test_a_function_that_gives_back_a_stated_address_first() -> None:
    text = """<script>function u(o) { if (o.link) { return o.link; } return '/zw/' + o.id + '.html'; }
    x('<a href="' + u(item) + '">')</script>"""
    rows = [{"id": 17, "title": "甲", "link": ""}, {"id": 18, "title": "乙", "link": "/x/1.htm"}]
    seen = json_api.described(json.dumps(rows), PAGE, {}, link_templates(text))
    assert seen is not None
    options = seen.catalogues[0][3]
    assert (options["url"], options["url_otherwise"]) == ("link", "/zw/{id}.html")


@pytest.mark.parametrize(
    ("script", "rows", "path", "url"),
    [
        # the address of the channel is the same for all
        ("'/info/' + o.channel + '.html' <a href='/p/' + o.id + '.htm'", [{"id": n, "channel": 7} for n in (17, 18)], "", "/p/{id}.htm"),
        # so is one that all rows state: the site's, a picture's
        ("'/p/' + o.id + '.htm'", [{"id": n, "url": "http://a.example/"} for n in (17, 18)], "", "/p/{id}.htm"),
        ("'/p/' + o.id + '.htm' <a href=o.url", [{"id": n, "url": f"/art/{n}"} for n in (17, 18)], "", "url"),
        ("'/p/' + o.id + '.htm'", [{"_id": n, "_source": {"id": n, "title": "某通知"}} for n in (17, 18)], "_source", "/p/{id}.htm"),
    ],
)  # fmt: skip
def test_the_address_that_tells_rows_apart(
    script: str, rows: list[dict[str, object]], path: str, url: str
) -> None:
    rows = [{**row, "title": "某通知"} if not path else row for row in rows]
    links = link_templates(f'<script>h += "<a href=" + {script}</script>'.replace('href=" + ', "href="))
    seen = json_api.described(json.dumps({"rows": rows}), PAGE, {}, links)
    assert seen is not None
    options = seen.catalogues[0][3]
    assert (options["rows"], options["url"]) == ("rows" + (f".{path}" if path else ""), url)


def test_a_name_that_stands_for_one_key_or_another_tells_nothing() -> None:
    """Rows of which some are copies had addresses of their own key, which nobody published."""
    inner = "var id = item.id; if (item.copy == 1) { id = item.source; }"
    assert address_of("'/c/' + id + '.html'", "", inner) is None


def test_a_second_list_like_the_first_is_doubted() -> None:
    row = {"id": 1, "title": "甲", "url": "/1.html"}
    rows = [{**row, "url": f"/{n}.html"} for n in range(2, 6)]
    alone, beside, repeated = (
        json_api.described(json.dumps(answer), f"{PAGE}?page=1", {"paging": {"name": "page"}})
        for answer in ({"list": rows}, {"top": [row], "list": rows}, {"top": rows[:1], "list": rows})
    )
    assert alone is not None
    assert beside is not None
    assert repeated is not None
    assert beside.confidence < min(alone.confidence, repeated.confidence)
    assert any("'top'" in look for look in beside.to_check)
