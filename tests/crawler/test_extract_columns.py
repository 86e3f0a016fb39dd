"""Tables with their labels in a row of their own: over one row of values a record, over more of them data."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.extract.page import extract_page
from tests.crawler.test_extract_hidden import PROSE, TITLE, URL, read
from tests.crawler.test_saved_pages import BOOK

HEAD = ("索引号", "发布机构", "文号", "发布日期")
ROW = ("LJ-1", "临江市水利局", "临水发〔2026〕1号", "2026-03-01")
OTHER = ("LJ-2", "临江市教育局", "临教发〔2026〕2号", "2026-03-02")
TEXT = f"<p>各区水利局：</p><p>{PROSE}</p>"


def table(*rows: tuple[str, ...], tag: str = "td") -> str:
    first, *others = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in others)
    return f"<table><thead><tr>{first.replace('td>', f'{tag}>')}</tr></thead><tbody>{body}</tbody></table>"


def values(inner: str) -> tuple[object, ...]:
    record = read(inner)
    return record.index_number, record.issuing_body, record.document_number, record.published_on


@pytest.mark.parametrize("tag", ["td", "th"])
@pytest.mark.parametrize(
    "page", ["{}<h1>{title}</h1><div id=zoom>{text}</div>", "<h1>{title}</h1><div id=zoom>{}{text}</div>"]
)
def test_a_head_over_one_row_is_a_record(page: str, tag: str) -> None:
    inner = page.format(table(HEAD, ROW, tag=tag), title=TITLE, text=TEXT)
    assert values(inner) == (*ROW[:3], date(2026, 3, 1))
    assert read(inner).body_text == f"各区水利局：\n{PROSE}"
    empty = page.format(table(HEAD, (ROW[0], "", *ROW[2:]), tag=tag), title=TITLE, text=TEXT)
    assert values(empty) == (ROW[0], None, ROW[2], date(2026, 3, 1))


def test_heads_over_one_row_each_are_one_record() -> None:
    more = (("有效性", "成文日期", "主题分类", "名称"), ("有效", "2026-02-27", "水利", TITLE))
    record = read(f"{table(HEAD, ROW, *more)}<h1>{TITLE}</h1><div id=zoom>{TEXT}</div>")
    assert (record.index_number, record.document_number) == (ROW[0], ROW[2])
    assert (record.validity, record.issued_on) == ("valid", date(2026, 2, 27))


@pytest.mark.parametrize(
    "rows",
    [
        (HEAD, ROW, OTHER),
        (HEAD, ROW, OTHER, ROW),
        (HEAD, ROW[1:]),
        (HEAD, (f"<a href='/1.html'>{ROW[0]}</a>", *ROW[1:])),
        (("序号", *HEAD), ("1", *ROW)),
        (("名称", *HEAD), ("临江市水利局关于防汛值班的通知", *ROW)),
        (("文号", "发布日期"), ROW[2:]),
    ],
    ids=["two", "three", "cell-missing", "link", "counted", "of-another", "two-columns"],
)
def test_what_is_no_record_of_the_document(rows: tuple[tuple[str, ...], ...]) -> None:
    assert values(f"{table(*rows)}<h1>{TITLE}</h1><div id=zoom>{TEXT}</div>") == (None,) * 4


@pytest.mark.parametrize(
    "rows", [(HEAD, ROW), (HEAD, ROW, OTHER), (("序号", *HEAD), ("1", *ROW), ("2", *OTHER))]
)
@pytest.mark.parametrize("name", ["zoom", "x"])
def test_a_table_of_data_in_the_text_is_text(rows: tuple[tuple[str, ...], ...], name: str) -> None:
    """With 索引号 in its head it was taken for the document's record, and vanished from the text."""
    inner = f"<h1>{TITLE}</h1><div id={name}>{TEXT}{TEXT}{TEXT}{TEXT}{table(*rows)}<p>特此通知。</p></div>"
    record = read(inner)
    assert record.body_text is not None
    assert "\n".join("\t".join(row) for row in rows) in record.body_text
    assert values(inner) == (None,) * 4


def test_a_catalogue_with_one_entry_is_no_document() -> None:
    rows = table(("索引号", "名称", "发布日期"), (ROW[0], f"<a href='/1.html'>{TITLE}</a>", ROW[3]))
    got = extract_page(f"<meta charset=utf-8><body><h2>政府文件</h2>{rows}</body>".encode(), URL, book=BOOK)
    assert got.disclosure is None
