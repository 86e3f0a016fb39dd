"""Rows whose addresses a page's script makes by a key of the row."""

from __future__ import annotations

import json

import pytest

from crawler.lists.records import RowShape, document_row
from crawler.platforms.base import Recognition
from crawler.scripts.row_kinds import kinds
from crawler.survey.findings import GUESS
from crawler.survey.row_links import RowLinks

BASE = "http://a.example/zwgk/list.html"
API = "http://a.example/api/list?page=1"
ROWS = [
    {"id": n, "title": f"关于第{n}号事项的通知", "type": n % 3 + 1, "day": "2031-03-01"} for n in range(1, 7)
]


def made(script: str) -> list[str]:
    """The paths of the documents to which the rows lead."""
    page = f"<html><body><ul id='l'></ul>{script}</body></html>"
    seen = RowLinks(page, BASE).described(json.dumps({"rows": ROWS}), API, {})
    assert seen is not None
    options = seen.catalogues[0][3]
    shape = RowShape(url=options["url"], url_where=options.get("url_where", {}))
    found = [document_row(row, "", API, shape) for row in ROWS]
    return [row.url.removeprefix("http://a.example") for row in found if row is not None]


IF, LINK = '<a href="/zwgk/', "' + x.id + '.html\">'"


def code(inner: str) -> str:
    return f"<script>$.get('/api/list', {{page: p}}, function (d) {{ $.each(d.rows, function (i, x) {{ {inner} }}); }});</script>"


KINDS = [f"/zwgk/{'wj' if row['type'] == 1 else 'gg'}/{row['id']}.html" for row in ROWS]


@pytest.mark.parametrize(
    "script",
    [
        code(f"if (x.type == 1) {{ h += '{IF}wj/{LINK}; }} else {{ h += '{IF}gg/{LINK}; }}"),
        code(f"if (x.type !== '1') h += '{IF}gg/{LINK}; else h += '{IF}wj/{LINK};"),
        code("h += '<a href=\"/zwgk/' + (x.type == 1 ? 'wj' : 'gg') + '/' + x.id + '.html\">';"),
        code("var url = (x.type === 1) ? '/zwgk/wj/' + x.id + '.html' : '/zwgk/gg/' + x.id + '.html'; h += '<a href=\"' + url + '\">';"),
        code(
            "var u; if (x.type == 1) { u = '/zwgk/wj/' + x.id + '.html'; } else { u = '/zwgk/gg/' + x.id + '.html'; }"
            " h += '<a href=\"' + u + '\">';"
        ),
        code(
            "var dir = ''; switch (x.type) { case 1: dir = 'wj'; break; default: dir = 'gg'; }"
            " h += '<a href=\"/zwgk/' + dir + '/' + x.id + '.html\">';"
        ),
        code(
            "var dir = 'gg'; switch (x.type) { case 1: dir = 'wj'; break; case 2: case 3: dir = 'gg'; break; }"
            " h += `<a href=\"/zwgk/${dir}/${x.id}.html\">`;"
        ),
        "<a v-if=\"x.type == 1\" :href=\"'/zwgk/wj/' + x.id + '.html'\">{{x.title}}</a>"
        "<a v-else :href=\"'/zwgk/gg/' + x.id + '.html'\">{{x.title}}</a>",
        "<a v-if=\"x.type == 2\" :href=\"'/zwgk/gg/' + x.id + '.html'\"></a>"
        "<a v-else-if=\"x.type == 3\" :href=\"'/zwgk/gg/' + x.id + '.html'\"></a>"
        "<a v-else :href=\"'/zwgk/wj/' + x.id + '.html'\"></a>",
    ],
)  # fmt: skip
def test_addresses_that_depend_on_a_key_of_the_row(script: str) -> None:
    assert made(script) == KINDS


def test_three_kinds() -> None:
    script = code(
        f"if (x.type == 1) {{ h += '{IF}wj/{LINK}; }} else if (x.type == 2) {{ h += '{IF}gg/{LINK}; }} else {{ h += '{IF}jd/{LINK}; }}"
    )
    names = {1: "wj", 2: "gg", 3: "jd"}
    assert made(script) == [f"/zwgk/{names[row['type']]}/{row['id']}.html" for row in ROWS]


def test_what_decides_something_else_changes_no_address() -> None:
    script = code(
        "if (d.code == 0 && x.type == 1) { top = 1; } if (x.type == 2) { h += '<img>'; } h += '<a href=\"/gg/' + x.id + '.html\">';"
    )
    assert made(script) == [f"/gg/{row['id']}.html" for row in ROWS]
    many = " ".join(f"if (x.day == '2031-03-{n:02d}') {{ y = {n}; }}" for n in range(1, 20))
    assert kinds(code(many)) == {}


def test_a_page_that_compares_with_everything_is_tried_with_few_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each key costs a look at all of the page for each of its values."""
    tried = []

    def made(_self: RowLinks, *given: object) -> dict[str | None, Recognition]:
        tried.append(given[3])
        return {}

    monkeypatch.setattr(RowLinks, "_made", made)
    page = code(" ".join(f"if (x.k{n} == 1) {{ y = {n}; }}" for n in range(60)))
    RowLinks(page, BASE).described("[]", API, {})
    assert tried == [f"k{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("script", "doubted"),
    [
        (f"if (x.type == 3) return; h += '{IF}{LINK};", True),
        (f"if (x.type != 1) {{ return true; }} h += '{IF}{LINK};", True),
        (f"if (x.type === 1) {{ h += '{IF}{LINK}; }}", True),
        (f"if (x.type == 1) {{ h += '{IF}wj/{LINK}; }} else if (x.type == 2) {{ h += '{IF}gg/{LINK}; }}", True),
        # none of these rows is of that kind; a function that gives back something for each kind
        (f"if (x.type == 4) return; h += '{IF}{LINK};", False),
        (f"function icon(t) {{ if (x.type == 1) return; return '<i>'; }} h += '{IF}{LINK};", False),
        (f"if (x.type == 1) {{ h += '<i>'; }} h += '{IF}{LINK};", False),
    ],
)  # fmt: skip
def test_a_list_of_which_a_script_shows_no_rows_of_some_kinds_is_doubted(script: str, doubted: bool) -> None:
    page = f"<html><body><ul id='l'></ul>{code(script)}</body></html>"
    seen = RowLinks(page, BASE).described(json.dumps({"rows": ROWS}), API, {"paging": {"name": "page"}})
    assert seen is not None
    assert any("shows no rows of some kinds, by their 'type'" in look for look in seen.to_check) == doubted
    assert (seen.confidence < GUESS) == doubted


@pytest.mark.parametrize(
    ("script", "doubted"),
    [
        ("if (x.status != 1) return true; h += '<a href=\"' + x.url + '\">';", True),
        ("if (x.status == 1) { h += '<b>'; } h += '<a href=\"' + x.url + '\">';", False),
        ("if (x.status != 1) return true; count(x);", False),  # it links nothing of any kind
    ],
)
def test_rows_that_state_their_address_and_are_not_shown(script: str, doubted: bool) -> None:
    rows = [{**row, "url": f"/zw/{row['id']}.html", "status": int(row["id"] != 2)} for row in ROWS]
    page = f"<html><body><ul id='l'></ul>{code(script)}</body></html>"
    seen = RowLinks(page, BASE).described(json.dumps({"rows": rows}), API, {"paging": {"name": "page"}})
    assert seen is not None
    assert any("shows no rows of some kinds, by their 'status'" in look for look in seen.to_check) == doubted


def test_rows_that_hold_others_like_themselves_are_doubted() -> None:
    """Attachments, and lists in which nothing is today, are none."""
    nested = {"id": 8, "title": "关于第8号事项的补充通知", "type": 1}
    script = code(f"h += '{IF}{LINK};")
    page = f"<html><body>{script}</body></html>"
    for children, doubted in (
        ([nested], True),
        ([], False),
        ([{"title": "附件.pdf", "path": "/a.pdf"}], False),
    ):
        rows = [{**row, "children": children if row["id"] == 2 else []} for row in ROWS]
        seen = RowLinks(page, BASE).described(json.dumps({"rows": rows}), API, {})
        assert seen is not None
        assert ("'children'" in " ".join(seen.to_check)) is doubted


def test_an_address_that_is_stored_as_markup() -> None:
    row = document_row(
        {"title": "关于第7号事项的通知", "url": "/s.jsp?a=1&amp;id=7"}, "", API, RowShape(url="url")
    )
    assert row is not None
    assert row.url == "http://a.example/s.jsp?a=1&id=7"
