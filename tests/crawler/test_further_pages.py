"""Texts that go on on further pages: which addresses these have, and what the text is once they are there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from archive.batch import CaptureBody, Fetch, Found, Outcome, Role, Source
from archive.model import Disclosure, Extraction, PageKind
from crawler.answers import Answer
from crawler.extract.body.further_pages import MOST_PAGES, FurtherPage, addresses, join_lines
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.fetching_pages import PendingParts

BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
HOST = "https://www.linjiang.example"
TRS = f"{HOST}/zw/t20310102_7.html"
ASPX = f"{HOST}/show.aspx?id=7"


def found(markup: str, url: str, at: str | None = None) -> list[str]:
    """Addresses of further pages without what all have in common."""
    text = f"<html><body>{markup}</body></html>"
    root = etree.fromstring(text, etree.HTMLParser())
    return [a.rpartition("/")[2] for a in addresses(root, text, url, at or url)]


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f'<a href="{href}"><span>{said}</span></a>' for said, href in pairs)


@pytest.mark.parametrize(
    ("markup", "url", "expected"),
    [
        ('<script>createPageHTML(3, 0, "t20310102_7", "html");</script>', TRS, ["t20310102_7_1.html", "t20310102_7_2.html"]),
        ("<script>createPageHTML('page_div', 3, 1, 't20310102_7', 'shtml', 60);</script>", f"{HOST}/zw/t20310102_7.shtml",
         ["t20310102_7_2.shtml", "t20310102_7_3.shtml"]),
        (links(("1", "t20310102_7.html"), ("2", "t20310102_7_1.html"), ("3", "./t20310102_7_2.html"), ("下一页", "t20310102_7_1.html")),
         TRS, ["t20310102_7_1.html", "t20310102_7_2.html"]),
        (links(("[1]", "content_12.shtml"), ("[2]", "content_12_2.shtml"), ("下一页 >", "content_12_2.shtml"),
               ("尾页", "content_12_4.shtml")), f"{HOST}/2031/content_12.shtml",
         ["content_12_2.shtml", "content_12_3.shtml", "content_12_4.shtml"]),
        (links(("2", "/a/b-2.htm"), ("9", "/a/b-9.htm")), f"{HOST}/a/b.htm", [f"b-{n}.htm" for n in range(2, 10)]),
        (links(("下一页", "?id=7&page=2")), ASPX, ["show.aspx?id=7&page=2"]),
        (links(("2", "show.aspx?page=2&id=7"), ("3", "show.aspx?id=7&page=3")), ASPX,
         ["show.aspx?page=2&id=7", "show.aspx?id=7&page=3"]),
        (links(("第2页", "post_7.html?p=2")), f"{HOST}/post_7.html", ["post_7.html?p=2"]),
        (links(("2", "show.aspx?id=7&bm=%B7%A2&page=2"), ("5", "show.aspx?id=7&bm=%B7%A2&page=5")), f"{ASPX}&bm=%B7%A2",
         [f"show.aspx?id=7&bm=%B7%A2&page={n}" for n in range(2, 6)]),  # a value in GBK stays as it is written
    ],
)  # fmt: skip
def test_pagers_of_a_text(markup: str, url: str, expected: list[str]) -> None:
    assert found(markup, url) == expected


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<script>createPageHTML(3, 0, "index", "html");</script>', TRS),  # a list beside the text
        ('<script>createPageHTML(1, 0, "t20310102_7", "html");</script>', TRS),
        ('<script>createPageHTML(9, 0, "index", "html");</script>' + links(("2", "index_1.html")), f"{HOST}/zw/index.html"),
        (links(("下一页", "t20310102_8.html"), ("2", "t20310103_9.html")), TRS),  # other documents
        (links(("2", "https://elsewhere.example/zw/t20310102_7_1.html")), TRS),
        (links(("2", "index.aspx?page=2")), f"{HOST}/index.aspx"),  # nothing names a document
        (links(("2", "show.aspx?id=8&page=2"), ("打印", "show.aspx?id=7&print=1")), ASPX),
        (links(("附件2", "t20310102_7_2.html"), ("表2", "t20310102_7_2.html")), TRS),
        (links(("2", "t20310102_7_2.html"), ("3", "t20310102_7-3.html")), TRS),  # two ways of counting: neither
        (links(("2", "t20310102_7_31.html"), ("3", "t20310102_7_77.html")), TRS),
        (links(("2", "t20310102_7_1.html"), ("99", "t20310102_7_98.html")), TRS),  # a list's
    ],
)  # fmt: skip
def test_what_is_no_pager_of_the_text(markup: str, url: str) -> None:
    assert found(markup, url) == []


def test_a_later_page_tells_of_those_behind_it() -> None:
    pager = links(("上一页", "t20310102_7_2.html"), ("下一页", "t20310102_7_4.html"))
    assert found(pager, TRS, at=f"{HOST}/zw/t20310102_7_3.html")[-1] == "t20310102_7_4.html"


def test_lines_that_pages_share_stand_once() -> None:
    heads = (["通知", "一、总则", "合计"], ["通知", "二、附则", "合计"])
    assert join_lines(*heads) == ["通知", "一、总则", "合计", "二、附则", "合计"]
    feet = (["一、总则", "责任编辑：李某"], ["二、附则", "责任编辑：李某"])
    assert join_lines(*feet) == ["一、总则", "二、附则", "责任编辑：李某"]


def page(number: int, text: str, count: int = 3) -> bytes:
    return (
        "<html><head><meta name='ArticleTitle' content='临江市综合交通规划'></head><body><h1>临江市综合交通规划</h1>"
        f"<div class='TRS_Editor'>{text}</div><script>createPageHTML({count}, {number}, 't20310102_7', 'html')</script></body></html>"
    ).encode()


def part(number: int, text: str) -> FurtherPage:
    return FurtherPage(f"{HOST}/zw/t20310102_7_{number}.html", page(number, text), "text/html; charset=utf-8")


FIRST = page(0, "<p>一、总体要求。根据临政发〔2030〕2号文件编制。</p>")
SECOND = part(1, "<p>二、主要任务。</p><p><a href='P0201.pdf'>附件：任务表.pdf</a></p>")
THIRD = part(2, "<p>三、保障措施。</p><p>临江市人民政府办公室</p><p>2030年12月30日</p>")


def test_the_text_is_that_of_all_pages() -> None:
    got = extract_page(FIRST, TRS, book=BOOK, further=[SECOND, THIRD])
    assert got.disclosure is not None
    assert got.disclosure.body_text is not None
    lines = got.disclosure.body_text.split("\n")
    assert lines[:2] == ["一、总体要求。根据临政发〔2030〕2号文件编制。", "二、主要任务。"]
    assert lines[-3:] == ["三、保障措施。", "临江市人民政府办公室", "2030年12月30日"]
    assert str(got.disclosure.issued_on) == "2030-12-30"  # the signature stands on the last page
    assert [a.url for a in got.disclosure.attachments] == [f"{HOST}/zw/P0201.pdf"]
    assert "body_continues" not in {p.code for p in got.problems}


def test_what_was_not_fetched_is_said() -> None:
    for pages in ([], [SECOND]):
        got = extract_page(FIRST, TRS, book=BOOK, further=pages)
        assert got.further == (SECOND.url, THIRD.url)
        assert "body_continues" in {p.code for p in got.problems}


def test_a_page_that_shows_the_first_again_adds_nothing() -> None:
    again = FurtherPage(SECOND.url, FIRST, "text/html; charset=utf-8")
    alone, twice = (extract_page(FIRST, TRS, book=BOOK, further=f) for f in ([], [again, again]))
    assert alone.disclosure is not None
    assert twice.disclosure is not None
    assert alone.disclosure.body_text == twice.disclosure.body_text
    assert "further_page_empty" in {p.code for p in twice.problems}


def test_a_further_page_that_says_what_the_first_says_is_none() -> None:
    """Gateways show the first page for every number; its pager differs."""
    line = "各单位要按照职责分工抓好落实，确保各项工作取得实效。"
    title = "关于某事的通知"
    head = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>"
    part = head + "<div id=zoom><p>{}</p>{}</div></body></html>"
    pager = '<p>第一条 各县区应当报告。</p><a href="t20310102_7_1.html">下一页</a>'
    first = FurtherPage(f"{HOST}/zw/t20310102_7_1.html", part.format(line, "").encode())
    got = extract_page(part.format(line, pager).encode(), TRS, book=BOOK, further=[first])
    assert got.disclosure is not None
    assert got.disclosure.body_text == f"{line}\n第一条 各县区应当报告。"
    assert "further_page_empty" in {p.code for p in got.problems}


# -- while they are fetched -------------------------------------------------------------------------------------

AT = datetime(2031, 1, 2, tzinfo=UTC)
NOTICE = Disclosure(title="通知")
MORE = [f"{HOST}/zw/t20310102_7_{n}.html" for n in range(1, MOST_PAGES + 9)]


def _answer(
    url: str, outcome: Outcome = Outcome.OK, *, role: Role = Role.PART, shell: bool = False
) -> Answer:
    body = url.encode()
    sha256 = hashlib.sha256(body).hexdigest()
    capture = CaptureBody(sha256=sha256, body=body, wire_sha256=sha256, wire_length=9, status=200, headers=())
    fetch = Fetch(
        url=url, role=role, outcome=outcome, at=AT, capture=capture if outcome is Outcome.OK else None
    )
    return Answer(fetch, body, shell=shell)


def _pending(*further: str, disclosure: Disclosure | None = NOTICE, then: int = 0) -> PendingParts:
    """``then``: further pages that the first of them names."""
    first = Extraction(url=TRS, kind=PageKind.DOCUMENT, disclosure=disclosure, further=further)

    def read(pages: Sequence[FurtherPage]) -> Extraction:
        text = "\n".join(page.url for page in pages)
        return replace(first, disclosure=replace(NOTICE, body_text=text), further=(*further, *MORE[:then]))

    return PendingParts(_answer(TRS, role=Role.PAGE), first, read)


@pytest.mark.parametrize(
    ("parts", "outcome", "read", "gone"),
    [
        ([(Outcome.OK, False), (Outcome.OK, False)], Outcome.OK, 2, 0),
        ([(Outcome.GONE, False), (Outcome.OK, False)], Outcome.OK, 1, 1),
        ([(Outcome.SOFT_404, False), (Outcome.ROBOTS, False)], Outcome.OK, 0, 2),
        ([(Outcome.OK, False), (Outcome.REFUSED, False)], Outcome.OK, 1, 1),
        ([(Outcome.OK, False), (Outcome.FAILED, False)], Outcome.FAILED, None, 0),
        ([(Outcome.SKIPPED, False), (Outcome.BLOCKED, False)], Outcome.SKIPPED, None, 0),
        ([(Outcome.BLOCKED, False), (Outcome.OK, False)], Outcome.BLOCKED, None, 0),
        (
            [(Outcome.OK, True), (Outcome.OK, False)],
            Outcome.FAILED,
            None,
            0,
        ),  # without JavaScript nothing is seen
    ],
)
def test_half_a_text_is_none_and_what_is_not_there_is_said(
    parts: list[tuple[Outcome, bool]], outcome: Outcome, read: int | None, gone: int
) -> None:
    pending = _pending(*MORE[:2])
    assert pending.wanted() == MORE[:2]
    assert pending.wanted() == []
    taken = [pending.take(_answer(u, o, shell=shell)) for u, (o, shell) in zip(MORE, parts, strict=False)]
    assert taken == [False, True]
    assert (pending.fetch.outcome, pending.fetch.capture is not None) == (outcome, outcome is Outcome.OK)
    assert pending.extraction is not None
    assert pending.extraction.disclosure is not None
    lines = (pending.extraction.disclosure.body_text or "").splitlines()
    assert len(lines) == (read or 0)
    if read is None:
        assert "further page of its text http" in (pending.fetch.detail or "")
        assert pending.wanted() == []
        return
    own = Source(url=TRS, sha256="0" * 64, role=Role.PAGE)
    found = Found(url=TRS, extraction=pending.extraction, extractor_revision="r", sources=(own,), at=AT)
    whole = pending.complete(found)
    assert whole is not None
    assert [p.code for p in whole.extraction.problems] == ["further_page_gone"] * gone
    assert [s.url for s in whole.sources] == [TRS, *lines]


def test_the_page_that_another_only_leads_to_is_the_document_itself() -> None:
    for outcome in (Outcome.GONE, Outcome.ROBOTS):
        pending = _pending(MORE[0], disclosure=None)
        assert pending.wanted() == MORE[:1]
        assert pending.take(_answer(MORE[0], outcome))
        assert (pending.fetch.outcome, pending.fetch.detail) == (
            outcome,
            f"led to {MORE[0]}: {outcome.value}",
        )
    pending = _pending(MORE[0], disclosure=None)
    assert pending.wanted()
    assert pending.take(_answer(MORE[0], shell=True))  # its text may stand in JSON
    assert pending.fetch.outcome is Outcome.OK


def test_what_breaks_the_reader_is_asked_no_further() -> None:
    first = Extraction(url=TRS, kind=PageKind.DOCUMENT, disclosure=NOTICE, further=(MORE[0],))
    pending = PendingParts(_answer(TRS, role=Role.PAGE), first, lambda _: None)
    assert pending.wanted()
    assert pending.take(_answer(MORE[0]))
    assert (pending.extraction, pending.wanted()) == (None, [])


def test_pages_that_a_further_one_names_are_asked_for_once_and_not_without_end() -> None:
    pending = _pending(MORE[0], then=len(MORE))
    assert pending.wanted() == MORE[:1]
    assert pending.take(_answer(MORE[0]))
    assert pending.wanted() == MORE[1:MOST_PAGES]
    assert not pending.take(_answer(MORE[1]))
    assert pending.complete(None) is None
