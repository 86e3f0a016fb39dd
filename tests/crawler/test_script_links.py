"""Addresses that a page makes of the rows of an answer."""

from __future__ import annotations

import json

import pytest

from crawler.lists.records import row_address
from crawler.platforms import json_api
from crawler.scripts.links import Link, filled, link_templates, links_of

BY_ID = Link("/show?id={infoId}", ("infoId",))


@pytest.mark.parametrize(
    "text",
    [
        """<script>h += '<li><a href="/show?id=' + item.infoId + '" target="_blank">' + item.title + '</a></li>'</script>""",
        """<script>h += "<li><a href='/show?id="+data.list[i].infoId+"'>"+data.list[i].title+"</a></li>"</script>""",
        """<script>list.innerHTML = rows.map(o => `<li><a href="/show?id=${o.infoId}">${o.title}</a></li>`)</script>""",
        """<li v-for="item in list"><a :href="'/show?id=' + item.infoId">{{ item.title }}</a></li>""",
        """<li v-for="item in list"><a v-bind:href="`/show?id=${item.infoId}`">{{ item.title }}</a></li>""",
        """<script type="text/html" id="row"><a href="/show?id={{d.infoId}}">{{ d.title }}</a></script>""",
        """<script type="text/template"><a href="/show?id=<%= row.infoId %>"><%= row.title %></a></script>""",
        """<script>new Vue({methods: {go(item) { window.open('/show?id=' + item.infoId) }}})</script><a @click="go(item)">""",
        """<script>new Vue({methods: {go: function (id) { location.href = '/show?id=' + id }}})</script><a v-on:click="go(o.infoId)">""",
        """<script>h += '<li onclick="show(\\'' + o.infoId + '\\')">'; function show(id) { location.href = "/show?id=" + id; }</script>""",
        """<script>h += "<a onclick=show('"+o.kind+"','"+o.infoId+"')>"; var show = function (k, id) { open("/show?id=" + id) }</script>""",
    ],
)  # fmt: skip
def test_addresses_made_of_a_key(text: str) -> None:
    assert BY_ID in link_templates(f"<html><a href='/zwgk/'>政务公开</a>{text}</html>")


def test_addresses_made_of_several_keys_and_whole_ones() -> None:
    text = """<script>
        menu += '<a href="/channel/' + c.id + '/">' + c.name + '</a>';
        rows += '<a href="/art/' + o.year + '/art_' + o.column.id + '_' + o.id + '.html">' + o.title + '</a>';
        more += '<a href="' + o.linkTo + '">' + o.title + '</a>'; 
        none += '<a href="javascript:go(' + o.id + ')">' + '<a href="#' + o.id + '">';
    </script>"""
    made = Link("/art/{year}/art_{column.id}_{id}.html", ("year", "column.id", "id"))
    assert link_templates(text) == [made, Link("/channel/{id}/", ("id",)), Link("linkTo", ("linkTo",))]


def test_a_link_to_no_address_is_none() -> None:
    text = """<script>h += '<li><a href="http://[l?id=' + item.infoId + '">' + item.title + '</a></li>'</script>"""
    assert links_of(text, "http://a.example/zw/") == []


def test_a_row_that_states_its_address_needs_no_link() -> None:
    links = [Link("/show?id={id}", ("id",)), Link("linkTo", ("linkTo",))]
    stated = [
        {"id": 7, "url": "/a/7.html"},
        {"id": 7, "url": ""},
        {"nr": 7, "linkTo": "/b/7.html"},
        {"nr": 7},
    ]
    found = [
        json_api.described(json.dumps({"rows": [row]}), "http://a.example/", {}, links) for row in stated
    ]
    shown = [seen.catalogues[0][3]["url"] if seen else None for seen in found]
    assert shown == ["url", "/show?id={id}", "linkTo", None]


def test_values_that_stand_beside_one_another() -> None:
    """h += '<a href="' + a.domain + a.path + '">': the parts of one address, of which the last may be all of it."""
    text = """<script>h += '<a href="' + a.domain + a.path + '" target="_blank">' + a.title + '</a>' + (i + 1) + a.n</script>"""
    (link,) = link_templates(text)
    assert link == Link("{domain}{path}", ("domain", "path"))
    assert filled(Link("{ctx}{path}", ("ctx", "path")), {"ctx": "/cms"}) == Link("/cms{path}", ("path",))
    page = "http://a.example/zwgk/list.html"
    rows = {
        "whole": {"domain": "http://b.example", "path": "/art/7.html"},
        "empty": {"domain": "", "path": "/show?id=7"},
        "none": {"path": "/art/7.html"},
        "beside": {"domain": "202603/", "path": "7.html"},
    }
    made = {name: row_address(row, "{domain}{path}", page) for name, row in rows.items()}
    assert made == {
        "whole": "http://b.example/art/7.html",
        "empty": "http://a.example/show?id=7",
        "none": "http://a.example/art/7.html",
        "beside": "http://a.example/zwgk/202603/7.html",
    }
    assert row_address({"path": "/show?id=7"}, "/cms{path}", page) == "http://a.example/cms/show?id=7"
    # And as one beside the page.
    links = [link, Link("http://a.example/zwgk/{domain}{path}", ("domain", "path"))]
    for name, row in rows.items():
        seen = json_api.described(json.dumps({"rows": [row]}), "http://a.example/", {}, links)
        assert seen is not None
        expected = links[name == "beside"].address
        assert seen.catalogues[0][3]["url"] == expected


def test_what_a_page_itself_knows_of_an_address() -> None:
    """'ItemDetail.html?docId=' + row.docId + '&itemId=' + itemId, where itemId is the column of the page."""
    link = Link("/show?id={id}&column={column}", ("id", "column"))
    assert filled(link, {"column": 4113, "x": "y"}) == Link("/show?id={id}&column=4113", ("id",))
    assert filled(link, {"x": "y"}) is None
    # One address for all rows.
    assert filled(Link("/show?column={column}", ("column",)), {"column": 7}) is None


@pytest.mark.parametrize(
    "piece", ["href=", "' + a", "${", "location=", "a(b){", "open('", "href='\" + a.b + '"]
)
def test_a_page_of_beginnings_takes_no_time(piece: str) -> None:
    assert link_templates(piece * 60_000) == []


def test_a_key_within_what_a_component_hands_over_is_one_of_the_row_too() -> None:
    """``e.record.id`` of MiniUI, ``rowData.url`` of others: a holder of the whole row, which its answer does not have."""
    made = "<script>function show(e) { return '<a href=\"/info/' + e.record.id + '.html\">' + e.record.title + '</a>'; }</script>"
    assert [link.address for link in link_templates(made)] == ["/info/{record.id}.html", "/info/{id}.html"]


@pytest.mark.parametrize(
    ("opens", "address"),
    [
        ("window.open(ctx + '/show?id=' + id);", "/zw/show?id={infoId}"),
        ('location.href = ctx + "/show?id=" + id;', "/zw/show?id={infoId}"),
        ("var url = ctx + '/show?id=' + id; window.open(url);", "/zw/show?id={infoId}"),
        ("var url = '/show?id=' + id; window.open(url);", "/show?id={infoId}"),
        ("window.open(none + '/show?id=' + id);", "/show?id={infoId}"),
        ("window.open(config.base + '/show?id=' + id);", "/p/show?id={infoId}"),
        ("window.open(host() + '/show?id=' + id);", None),
        ("window.open(unknown + '/show?id=' + id);", None),
        ("if (location.href == ctx + '/show?id=' + id) { return; }", None),
    ],
)
def test_a_name_of_the_page_in_front_of_an_address_that_a_click_opens(
    opens: str, address: str | None
) -> None:
    text = (
        "<script>var ctx = '/zw', none = ''; var config = {base: '/p'}; function show(id) { "
        + opens
        + " } h += '<li onclick=\"show(\\'' + o.infoId + '\\')\">';</script>"
    )
    made = {link.address for link in links_of(text, "http://a.example/list.html") if link.keys}
    assert made == ({f"http://a.example{address}"} if address is not None else set())
