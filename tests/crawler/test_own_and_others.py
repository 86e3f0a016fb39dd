"""What is the page's own, and what is another document's, a menu's or a box's: cards in texts, rows of few words, days."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.lists.encoded import with_decoded
from crawler.lists.rows import RowOptions, parse_html, rows_in
from tests.crawler.test_crawl_platforms import read

URL = "https://www.linjiang.example/zwgk/tzgg/202603/t20260301_9.html"
LIST = "https://www.linjiang.example/zwgk/tzgg/"
BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
CARD = (
    "<table border=1><tr><td>文件名称</td><td>临江市河道管理办法</td><td>发文字号</td><td>临政发〔2030〕15号</td></tr>"
    "<tr><td>发文机关</td><td>临江市人民政府</td><td>发文日期</td><td>2030-12-01</td></tr></table>"
)
NEWS = "".join(
    f"<li><a href='/xw/202603/t20260301_{n}.html'>临江召开第{n}次会议</a><i>2026-03-0{n}</i></li>"
    for n in (1, 2, 3)
)


def _page(title: str, text: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id=zoom>{text}</div></body></html>"


@pytest.mark.parametrize(
    ("title", "behind"),
    [
        ("关于转发《临江市河道管理办法》的公告", "<p>现予公告，请遵照执行。</p>"),
        ("关于宣布一件规范性文件失效的公告", "<p>上述文件自公布之日起失效，不再作为行政管理的依据。</p>"),
        ("规范性文件备案登记公告", CARD.replace("河道", "堤防").replace("15号", "16号")),
    ],
)
def test_a_card_that_opens_a_text_under_another_title_is_text(title: str, behind: str) -> None:
    record = extract_page(_page(title, f"<p>各单位：</p>{CARD}{behind}").encode(), URL, book=BOOK).disclosure
    assert record is not None
    assert (record.title, record.document_number, record.issued_on) == (title, None, None)
    assert "临政发〔2030〕15号" in (record.body_text or "")


def test_a_day_behind_an_empty_label_counts_where_no_other_is_said() -> None:
    def read_card(behind: str) -> str:
        card = f"<table><tr><td>索引号：</td><td>LJ-1</td></tr><tr><td>来源：</td><td>2031-03-09 10:20</td></tr>{behind}</table>"
        text = _page("关于防汛工作的通知", "<p>各单位要认真做好防汛工作。</p>").replace("<h1>", f"{card}<h1>")
        record = extract_page(text.encode(), URL, book=BOOK).disclosure
        return str(record and record.published_on)

    assert read_card("<tr><td>发布日期：</td><td>2031-03-05</td></tr>") == "2031-03-05"
    assert read_card("") == "2031-03-09"


@pytest.mark.parametrize(
    "rows",
    [
        "<tr>" + "".join(f"<td><a href='202603/t20260301_{n}.html'>市{w}局</a></td>" for n, w in enumerate("水农林商")) + "</tr>",
        "".join(
            f"<tr><td>某项目{n}</td>"
            + "".join(f"<td><a href='202603/t2026030{n}_{m}.html'>{w}</a></td>" for m, w in enumerate(("文本", "图纸", "批复")))
            + "</tr>"
            for n in range(1, 7)
        ),
        "".join(f"<tr><td><a href='2026030{n}/index.html'>停水公告</a></td></tr>" for n in range(1, 6)),
    ],
)  # fmt: skip
def test_rows_of_few_words_beneath_the_page_s_own_address_are_its_list(rows: str) -> None:
    root = parse_html(f"<html><body><table>{rows}</table><div class=side><ul>{NEWS}</ul></div></body></html>")
    assert root is not None
    found = [row.url for row in rows_in(root, LIST, RowOptions())]
    assert found
    assert all(url.startswith(LIST) for url in found)


def test_a_row_that_shows_a_picture_is_a_row() -> None:
    text = "".join(
        f"<li><a href='t2026030{n}_{n}.html'>关于第{n}号事项的通知</a><i>2026-03-0{n}</i></li>"
        for n in range(1, 6)
    )
    picture = "<li><a href='t20260309_99.html' title='一图读懂防汛工作方案'><img src=a.jpg></a></li>"
    root = parse_html(f"<html><body><ul>{text}{picture}</ul></body></html>")
    assert root is not None
    assert "t20260309_99.html" in [row.url.rpartition("/")[2] for row in rows_in(root, LIST, RowOptions())]


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='t202603@_1.html'>关于第@号事项的通知2026年3月1日</a></li>",
        "<li><a href='t202603@_1.html'>关于第@号事项的通知</a><span>市水务局2026年3月1日</span></li>",
    ],
)
def test_a_day_that_stands_close_behind_a_title_or_an_office_is_the_row_s(row: str) -> None:
    root = parse_html(
        f"<html><body><ul>{''.join(row.replace('@', f'{n:02}') for n in range(1, 7))}</ul></body></html>"
    )
    assert root is not None
    assert {found.hints.get("published_on") for found in rows_in(root, LIST, RowOptions())} == {
        "2026年3月1日"
    }


@pytest.mark.parametrize(
    "shown", ["<span>2026-03-01</span>", "<span>[2026/3/1]</span>", "<span>03-01</span>"]
)
def test_a_day_that_a_row_shows_twice_is_no_part_of_its_title(shown: str) -> None:
    row = f"<li><a href='/t/202603@_1.html'>关于第@号事项的通知 [2026-03-01]</a>{shown}</li>"
    root = parse_html(
        f"<html><body><ul>{''.join(row.replace('@', f'{n:02}') for n in range(1, 7))}</ul></body></html>"
    )
    assert root is not None
    assert next(found.title for found in rows_in(root, LIST, RowOptions())) == "关于第01号事项的通知"


def test_issues_of_one_number_of_several_years_are_no_years() -> None:
    rows = "".join(
        f"<li><a href='./{year}/d{n}/'>{year}年第{n}期</a></li>"
        for year in (2031, 2030, 2029)
        for n in (3, 2, 1)
    )
    found = read(f"<ul>{rows}</ul>", issues=True)
    assert sorted(issue.url.split("/gb/")[-1].rsplit("/", 3)[-3:-1] for issue in found.branches) == sorted(
        [str(year), f"d{n}"] for year in (2031, 2030, 2029) for n in (3, 2, 1)
    )


def test_blanks_behind_a_tag_take_no_time() -> None:
    text = f"<td>{' ' * 20_000}<b>某通知</b></td>"
    started = time.process_time()
    assert with_decoded(text) == text
    assert time.process_time() - started < 5
