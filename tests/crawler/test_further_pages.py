"""Texts that go on on further pages: which addresses these have, and what the text is once they are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from crawler.extract.body.further_pages import FurtherPage, addresses, join_lines
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

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
