"""One notice in templates of which nothing is known: its text is the same, whatever markup it is written in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK
from tests.crawler.test_short_notices import BAR, FOOT, NAV, SIDE, URL

TITLE = "临江市人民政府关于印发《临江市重点行业安全管理办法》的通知"
TEXT = (
    "各县（市、区）人民政府，市政府各部门：",
    "现将《临江市重点行业安全管理办法》印发给你们，请结合实际认真贯彻执行。",
    "临江市人民政府",
    "2031年3月1日",
    "临江市重点行业安全管理办法",
    "第一章 总则",
    "第一条 为了加强重点行业安全管理，保障人民生命财产安全，制定本办法。",
    "第二条 本办法所称重点行业，是指建筑施工、危险化学品、交通运输等行业。",
    "第二章 职责",
    "第三条 各级人民政府应当建立健全工作机制，明确责任人员，按季度报送落实情况。",
    "第四条 本办法自2031年4月1日起施行，有效期五年。",
)


def _each(before: str, behind: str, lines: Sequence[str] = TEXT) -> str:
    return "".join(f"{before}{line}{behind}" for line in lines)


def _chapters() -> str:
    return "".join(f"<h3>{line}</h3>" if "章" in line[:4] else f"<p>{line}</p>" for line in TEXT)


MARKUP = {
    "p": _each("<p>", "</p>"),
    "div": _each("<div>", "</div>"),
    "br": "<br>".join(TEXT),
    "indented": _each("<p>&nbsp;&nbsp;&nbsp;&nbsp;", "</p><p>&nbsp;</p>"),
    "word": '<div class="WordSection1">'
    + _each(
        '<p class="MsoNormal"><span lang="EN-US"><o:p></o:p></span><span style="font-family:仿宋">',
        "</span></p>",
    )
    + "</div>",
    "font": f"<font size=3>{'<br>'.join(TEXT)}</font>",
    "span and br": _each("<span>", "</span><br>"),
    "items": f"<ul>{_each('<li>', '</li>')}</ul>",
    "rows": f"<table>{_each('<tr><td>', '</td></tr>')}</table>",
    "cell": f"<table><tr><td>{_each('<p>', '</p>')}</td></tr></table>",
    "sections": _each("<section>", "</section>"),
    "chapters": _chapters(),
    "pre": "<pre>" + "\n".join(TEXT) + "</pre>",
    "first line bare": TEXT[0] + _each("<p>", "</p>", TEXT[1:]),
    "parts alike": f"<div class='b1'>{_each('<p>', '</p>', TEXT[:4])}</div><div class='b1'>{_each('<p>', '</p>', TEXT[4:])}</div>",
    "parts unlike": f"<div class='b1'>{_each('<p>', '</p>', TEXT[:4])}</div><div class='b2'>{_each('<p>', '</p>', TEXT[4:])}</div>",
    "part within": f"<div>{_each('<p>', '</p>', TEXT[:4])}<div>{_each('<p>', '</p>', TEXT[4:])}</div></div>",
}
LAYOUTS: dict[str, Callable[[str], str]] = {
    "element": lambda text: (
        f'{NAV}<div class="m1"><h1>{TITLE}</h1>{BAR}<div class="c1">{text}</div></div>{FOOT}'
    ),
    "siblings": lambda text: f'{NAV}<div class="m1"><h1>{TITLE}</h1>{BAR}{text}</div>{FOOT}',
    "beside links": lambda text: (
        f'{NAV}<div class="w"><div class="m1"><h2>{TITLE}</h2>{BAR}<div class="c1">{text}</div></div>{SIDE}</div>{FOOT}'
    ),
    "rows": lambda text: (
        f"{NAV}<table><tr><td><font size=5>{TITLE}</font></td></tr><tr><td>发布时间：2031-03-02　来源：市政府办</td></tr>"
        f"<tr><td>{text}</td></tr></table>{FOOT}"
    ),
    "columns": lambda text: (
        f"{NAV}<table><tr><td>{SIDE}</td><td><div>{TITLE}</div><div>{text}</div></td></tr></table>{FOOT}"
    ),
    "page": lambda text: f"{NAV}<h1>{TITLE}</h1>{BAR}{text}{FOOT}",
}
CASES = [
    (layout, markup)
    for layout in LAYOUTS
    for markup in MARKUP
    # Not read whole: parts of a text that lie in the page itself, beside its menus and its foot.
    if not (layout == "page" and markup.startswith("part"))
]


def _read(body: str) -> Disclosure:
    head = f"<head><meta charset=utf-8><title>{TITLE}_临江市人民政府</title></head>"
    page = f"<html>{head}<body>{body}</body></html>".encode()
    read = extract_page(page, URL, content_type="text/html; charset=utf-8", book=BOOK).disclosure
    assert read is not None
    return read


@pytest.mark.parametrize(("layout", "markup"), CASES)
def test_every_line_of_the_text_and_no_other(layout: str, markup: str) -> None:
    read = _read(LAYOUTS[layout](MARKUP[markup]))
    assert (read.title, (read.body_text or "").split("\n")) == (TITLE, list(TEXT))


def test_a_note_between_title_and_text_is_none_of_it() -> None:
    note = '<div class="q1">第三届临江经济论坛隆重开幕，欢迎社会各界积极参与。</div>'
    layout = f'{NAV}<div class="m1"><h1>{TITLE}</h1>{note}<div class="c1">{MARKUP["p"]}</div></div>{FOOT}'
    read = _read(layout)
    assert (read.body_text or "").split("\n") == list(TEXT)
