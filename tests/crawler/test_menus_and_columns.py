"""Rows of a catalogue beside menus, buttons and columns in the same dress."""

from __future__ import annotations

import pytest

from crawler.platforms.base import PageRequest
from tests.crawler.test_row_groups import BASE, NEXT, URL, addresses, items, page, read


@pytest.mark.parametrize("name", ["clearfix xxgk_nav_list", "menu", "left-nav"])
def test_dated_rows_are_no_menu_whatever_their_list_is_called(name: str) -> None:
    rows = items("/public/7/", 4)
    menu = "".join(f"<li><a href='/public/column/{n}7000000'>机构职能与工作规则</a></li>" for n in range(9))
    found = addresses(
        f"<ul class='{name}'>{menu}</ul><div class='r'><ul class='{name}'>{rows}</ul></div>",
        f"{BASE}/site/label/8?page=1",
    )
    assert found == [f"/public/7/202603/t20260301_{n}.html" for n in range(1, 5)]
    for other in ("div class='hotnews'", "aside"):
        box = f"<{other}><ul>{rows}</ul></{other.partition(' ')[0]}>"
        assert addresses(box, f"{BASE}/site/label/8?page=1") == []


@pytest.mark.parametrize("box", ["<div role='navigation'>{}</div>", "<nav>{}</nav>"])
def test_dated_rows_are_no_menu_whatever_their_box_is(box: str) -> None:
    menu = "".join(f"<li><a href='/public/column/{n}7000000'>机构职能与工作规则</a></li>" for n in range(9))
    found = addresses(
        f"<nav><ul>{menu}</ul></nav>{box.format('<ul>' + items('/public/7/', 4) + '</ul>')}",
        f"{BASE}/site/label/8?page=1",
    )
    assert found == [f"/public/7/202603/t20260301_{n}.html" for n in range(1, 5)]


def test_rows_in_two_columns_are_one_list() -> None:
    first, second = (f"<ul class='cl'>{items('./', 8, first=n)}</ul>" for n in (1, 9))
    found = addresses(f"<div class='l'>{first}</div><div class='r'>{second}</div>{NEXT}")
    assert found == [f"/zwgk/tzgg/202603/t20260301_{n}.html" for n in range(1, 17)]


def test_a_list_of_another_column_in_the_same_dress_stays_out() -> None:
    own, other = (f"<ul class='cl'>{items(where, 8)}</ul>" for where in ("./", "/zwgk/zcfg/"))
    boxes = f"<div class='tab'>{own}{NEXT}</div><div class='tab' style='display:none'>{other}</div>"
    assert addresses(boxes) == [f"/zwgk/tzgg/202603/t20260301_{n}.html" for n in range(1, 9)]
    mixed = f"<ul class='cl'>{items('./', 4)}{items('/zwgk/zcfg/', 4, first=5)}</ul>"
    assert len(addresses(f"<div class='tab'>{mixed}</div>{NEXT}")) == 8


@pytest.mark.parametrize(
    ("rest", "found"), [("", 0), ("<li><a href='/t20260301_9.html'>临江市关于第9号事项的通知</a></li>", 1)]
)
def test_the_menu_of_an_empty_page_is_no_list(rest: str, found: int) -> None:
    """Where the documents lie on top of the site, so does what the logo and the menu lead to."""
    logo = "<div class=logo><a href='/'>临江市人民政府门户网站</a></div>"
    first = read(
        page(f"{logo}<ul class=list>{items('/?id=', 15)}</ul>{NEXT}"), PageRequest(url=URL, chain="list")
    )
    assert first.next is not None
    later = read(page(f"{logo}<div class=other>{rest}</div>"), first.next)
    assert len(later.rows) == found


def test_the_buttons_of_a_column_laid_out_as_the_list_are_no_rows() -> None:
    buttons = "".join(f"<tr><td><a href='../ldjs/{n}/'><img src='{n}.jpg'></a></td></tr>" for n in "ab")
    listed = "".join(
        f"<tr><td><a href='./203110/t20311019_{n}.html'>临江市关于第{n}号事项的通知</a></td><td>10-19</td></tr>"
        for n in range(4)
    )
    body = f"<table><tr><td><table>{buttons}</table></td><td><table>{listed}</table></td></tr></table>"
    assert addresses(body) == [f"/zwgk/tzgg/203110/t20311019_{n}.html" for n in range(4)]


@pytest.mark.parametrize("role", ["", " role='navigation'"])
def test_a_menu_laid_out_as_a_table_is_no_list(role: str) -> None:
    """Its first link leads to the page itself, and each row holds many."""
    cells = "".join(f"<td><a href='/si{n}/13{n}812/index.html'>货币金融</a></td>" for n in range(4))
    own = f"<td><a href='{URL}'>新闻发布</a></td>"
    menu = f"<table{role}><tr><td><table class='cs'><tr>{own}{cells}</tr><tr>{cells}</tr></table></td></tr></table>"
    button = "<a href='/rm/105442/index.html' title='内设部门'><img src='l.jpg'></a>"
    picture = f"<table><tbody><tr><td></td><td>{button}</td></tr></tbody></table>"
    listed = "".join(
        f"<table><tbody><tr><td></td><td><a href='/zwgk/tzgg/20250922125{n}/index.html'>第{n}号统计数据报告</a>"
        f"<span>2031-03-0{n}</span></td></tr></tbody></table>"
        for n in range(1, 5)
    )
    assert addresses(menu + picture + listed) == [
        f"/zwgk/tzgg/20250922125{n}/index.html" for n in range(1, 5)
    ]
