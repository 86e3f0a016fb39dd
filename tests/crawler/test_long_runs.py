"""A run of one thing, however long, is read in one pass: a pattern that begins anew at each place of it would take hours."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from archive.fingerprint import normalise_body
from archive.model import Disclosure, Extraction, Significance
from archive.significance import judge
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.references.listed_documents import only_speaks
from crawler.lists.row_dates import dates_in
from crawler.lists.rows import hover_title, parse_html
from crawler.scripts.values import literals

URL = "https://www.linjiang.example/zwgk/t20310305_1.html"
BOOK = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
_MOST = 5  # seconds of processor time, where a pass takes a tenth of one


def _page(cell: str) -> Extraction:
    text = f"<p>现将有关事项通知如下。</p><table border=1><tr><td>甲</td>{cell}<td>乙</td></tr></table>"
    return extract_page(f"<h1>关于防汛工作的通知</h1><div id=zoom>{text}</div>".encode(), URL, book=BOOK)


def _row(text: str) -> tuple[str | None, str | None]:
    root = parse_html(f"<html><body><ul><li><a href=a>某通知</a> 2031-03-05{text}末</li></ul></body></html>")
    assert root is not None
    return dates_in(next(root.iter("li")))


@pytest.mark.parametrize("filler", [" ", "\n", "<br>", " 一", " 作", "来源", "&#10; "])
def test_in_the_title_of_a_link(filler: str) -> None:
    started = time.process_time()
    link = etree.Element("a", title=f"标题：关于防汛工作的通知{filler * 20_000}末")
    assert hover_title(link).startswith("关于防汛工作的通知")
    assert time.process_time() - started < _MOST


@pytest.mark.parametrize(
    "cell", ["<td></td>" * 60_000, f"<td>{'.' * 200_000}一</td>", f"<td>{'…' * 200_000}一</td>"]
)
def test_in_a_table(cell: str) -> None:
    started = time.process_time()
    record = _page(cell).disclosure
    assert record is not None and record.body_text is not None
    assert record.body_text.endswith("乙")
    assert time.process_time() - started < 2 * _MOST


def test_in_a_row_of_a_list() -> None:
    started = time.process_time()
    assert _row("\n" * 60_000) == (None, "2031-03-05")
    assert time.process_time() - started < _MOST


def test_of_days_in_a_row_of_a_list() -> None:
    started = time.process_time()
    assert _row("，2031-03-06" * 5_000)[0] is None
    assert time.process_time() - started < _MOST


def test_of_blank_lines_in_a_script() -> None:
    started = time.process_time()
    blank = " \n\n" * 20_000
    assert literals(f"var a = '1';{blank}b = '2'{blank}c = '3'") == {"a": "1", "b": "2", "c": "3"}
    assert time.process_time() - started < _MOST


def test_in_a_title_that_names_others() -> None:
    started = time.process_time()
    assert not only_speaks("关于印发" + "《征求意见办法》" * 30_000 + "的通知")
    assert only_speaks("关于《某办法》征求意见的通知")
    assert time.process_time() - started < _MOST


@pytest.mark.parametrize("filler", ["9", "1.", "9,999", "a", "a1", "二", "第", "2031年"])
def test_in_what_is_compared(filler: str) -> None:
    started = time.process_time()
    text = f"罚款{filler * (12_000 // len(filler))}"
    judged = judge(
        Disclosure(title="某通知", body_text=f"{text}8元。"),
        Disclosure(title="某通知", body_text=f"{text}7元。"),
    )
    assert judged.significance is Significance.SUBSTANTIVE
    assert all(len(reason) < 1_000 for reason in judged.reasons)
    assert time.process_time() - started < _MOST


def test_in_a_body_of_empty_cells() -> None:
    started = time.process_time()
    assert normalise_body("城东" + "\t" * 50_000 + "\n城西\t\t√") == "城东\n城西\x01 √"
    assert time.process_time() - started < _MOST
