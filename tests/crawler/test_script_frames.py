"""Frames whose addresses a script gives them."""

from __future__ import annotations

import pytest

from crawler.lists.rows import parse_html
from crawler.scripts.frames import frames_given, pieces_loaded

URL = "http://www.linjiang.example/xxgk/index_172.html?fl=10"
FOUND = ["http://www.linjiang.example/was5/web/search?channelid=7&expr=CLASS%3D'10'&fl=10"]
PARAMETER = (
    "function getParam(n) { return null; } var fl = getParam('fl'); var expr = \"CLASS%3D'\" + fl + \"'\";"
)
ADDRESS = "'/was5/web/search?channelid=7&expr=' + encodeURIComponent(expr) + '&fl=' + fl"


def given(script: str, frame: str = "<iframe id='list' name='main' src=''></iframe>") -> list[str]:
    text = f"<html><body>{frame}<script>{PARAMETER} {script}</script></body></html>"
    root = parse_html(text)
    assert root is not None
    return frames_given(text, root, URL)


@pytest.mark.parametrize(
    "script",
    [
        f"document.getElementById('list').src = {ADDRESS};",
        f"$('#list').attr('src', {ADDRESS});",
        f'$("#list").prop("src", {ADDRESS})',
        f"frames['main'].location.href = {ADDRESS};",
        f"document.main.location = {ADDRESS};",
    ],
)
def test_an_address_that_the_page_tells(script: str) -> None:
    assert given(script) == FOUND


@pytest.mark.parametrize(
    "script",
    [
        "document.getElementById('list').src = '/list?token=' + sign(fl);",
        "document.getElementById('list').src = 'http://other.example/list';",
        "document.getElementById('logo').src = '/images/logo.png';",
        "document.main.location == '/list';",
        "document.title = '/list';",
    ],
)
def test_what_is_no_address_of_a_frame(script: str) -> None:
    assert given(script) == []
    assert given(f"document.getElementById('list').src = {ADDRESS};", "<img id='list'>") == []


def test_pieces_of_pages_that_a_script_loads_into_elements() -> None:
    script = (
        f"$('#head').load('/common/header.html'); $('.list').load({ADDRESS} + ' #rows', show); $('#a').load(url);"
        "$('#b').load('/site/label/8?pageIndex=' + n); $('#c').load('http://other.example/list');"
    )
    assert (
        pieces_loaded(f"<html><div class=list></div><script>{PARAMETER} {script}</script></html>", URL)
        == FOUND
    )
