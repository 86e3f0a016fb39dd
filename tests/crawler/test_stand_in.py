"""Pages that hold no document and lead to the one that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import PageKind
from crawler.extract.body.further_pages import FurtherPage
from crawler.extract.fields import FieldBook
from crawler.extract.no_document.stand_in import target
from crawler.extract.page import extract_page

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
AT = "http://www.linjiang.example/zw/t20310305_5.html"
THERE = "http://www.linjiang.example/art/2031/3/5/art_7.html"
TITLE = "临江市人民政府关于河道管理的通知"
TEXT = "各单位要按照职责分工抓好落实，确保各项工作取得实效。"
DOCUMENT = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div id=zoom><p>{TEXT}</p></div></body></html>"


def page(body: str, head: str = "") -> str:
    return f"<html><head><meta charset=utf-8><title>临江市</title>{head}</head><body>{body}</body></html>"


STANDS_IN = [
    page("", '<meta http-equiv="refresh" content="0;url=../art/2031/3/5/art_7.html">'),
    page("", "<META HTTP-EQUIV=Refresh CONTENT='3; URL=/art/2031/3/5/art_7.html'>"),
    page("", '<meta content="0; url=/art/2031/3/5/art_7.html" http-equiv="refresh">'),
    page("", '<meta http-equiv="refresh" content="0;/art/2031/3/5/art_7.html">'),
    page('<script>window.location.href="/art/2031/3/5/art_7.html";</script>'),
    page("正在跳转…<script>location.replace('/art/2031/3/5/art_7.html')</script>"),
    page("<script>top.location = '/art/2031/3/5/art_7.html'</script>"),
    page('<iframe src="/art/2031/3/5/art_7.html" width="100%" height="900"></iframe>'),
    '<html><frameset rows="*"><frame src="/art/2031/3/5/art_7.html"></frameset></html>',
]


@pytest.mark.parametrize("markup", STANDS_IN)
def test_the_document_is_the_one_that_it_leads_to(markup: str) -> None:
    first = extract_page(markup.encode(), AT, book=BOOK)
    assert (first.kind, first.disclosure, first.further) == (PageKind.EMPTY_SHELL, None, (THERE,))
    whole = extract_page(markup.encode(), AT, book=BOOK, further=[FurtherPage(THERE, DOCUMENT.encode())])
    assert whole.disclosure is not None
    assert (whole.url, whole.disclosure.title, whole.disclosure.body_text) == (AT, TITLE, TEXT)
    assert whole.further == (THERE,)


@pytest.mark.parametrize(
    "markup",
    [
        page("<script>location.href = location.href</script>"),
        page('<script>location.href="/zw/t20310305_5.html"</script>'),
        page('<script>location.href="/"</script>'),
        page('<script>location.href="index.html"</script>'),
        page('<script>location.href="/login.jsp?to=7"</script>'),
        page('<script>location.href="/sso/auth?service=7"</script>'),
        page('<iframe src="/user-login"></iframe>'),
        page('<script>location.href="http://www.other.example/a.html"</script>'),
        page(
            '<script>if (phone) { location.href="/m/7.html"; } else { location.href="/pc/7.html"; }</script>'
        ),
        page('<script>location.href="/a/" + id + ".html"</script>'),
        page("", '<meta http-equiv="refresh" content="600;url=/art/7.html">'),
        page('<iframe src="/top.html"></iframe><iframe src="/left.html"></iframe>'),
    ],
)
def test_what_leads_nowhere_or_to_several_places(markup: str) -> None:
    assert target(markup, AT) is None


def test_a_viewer_leads_to_its_file() -> None:
    url = "http://www.linjiang.example/pdfjs/web/viewer.html?file=/files/7.pdf"
    shell = page('<div id="viewer" class="pdfViewer"></div><script src="viewer.js"></script>')
    assert target(shell, url) == "http://www.linjiang.example/files/7.pdf"
    file = FurtherPage("http://www.linjiang.example/files/7.pdf", b"%PDF-1.4 \x00")
    read = extract_page(shell.encode(), url, book=BOOK, hints={"title": TITLE}, further=[file])
    assert read.disclosure is not None
    assert [a.url for a in read.disclosure.attachments] == [file.url]


def test_a_text_in_a_frame_below_its_title() -> None:
    markup = page(
        f'<h1>{TITLE}</h1><p>发布日期：2031-03-05</p><iframe src="body7.html" width="100%"></iframe>'
    )
    frame = "http://www.linjiang.example/zw/body7.html"
    assert extract_page(markup.encode(), AT, book=BOOK).further == (frame,)
    inner = page(f"<p>{TEXT}</p><p>特此通知。</p>").encode()
    read = extract_page(markup.encode(), AT, book=BOOK, further=[FurtherPage(frame, inner)])
    assert read.disclosure is not None
    assert (read.disclosure.title, read.disclosure.body_text) == (TITLE, f"{TEXT}\n特此通知。")
    assert "no_text" not in [p.code for p in read.problems]


def test_a_text_in_several_frames_within_the_element_of_the_text() -> None:
    frames = ["http://www.linjiang.example/zw/7a.html", "http://www.linjiang.example/zw/7b.html"]
    inside = '<iframe src="7a.html"></iframe><iframe src="7b.html"></iframe>'
    menu = '<iframe src="/top.html"></iframe>'
    markup = page(f"{menu}<h1>{TITLE}</h1><div id=zoom>{inside}</div>").encode()
    assert extract_page(markup, AT, book=BOOK).further == tuple(frames)
    parts = [
        FurtherPage(frame, page(f"<p>{n}、{TEXT}</p>").encode())
        for frame, n in zip(frames, "一二", strict=True)
    ]
    read = extract_page(markup, AT, book=BOOK, further=parts)
    assert read.disclosure is not None
    assert read.disclosure.body_text == f"一、{TEXT}\n二、{TEXT}"
    beside = page(f"{menu}<h1>{TITLE}</h1>{inside}").encode()  # which of them is the menu is not known
    assert extract_page(beside, AT, book=BOOK).further == ()


def test_frames_beside_a_text_are_none_of_it() -> None:
    markup = page(f'<h1>{TITLE}</h1><div id=zoom><p>{TEXT}</p></div><iframe src="/share.html"></iframe>')
    assert extract_page(markup.encode(), AT, book=BOOK).further == ()
