"""Numbers of lists that a page states and a browser writes: <ol start=3> begins with 3."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.extract.body.lines import lines
from tests.crawler.test_saved_pages import BOOK

TWO = "<li>责令改正</li><li><p>处以罚款</p><p>并没收</p></li>"


def read(markup: str, *, marks: bool = True) -> list[str]:
    return lines(html.fromstring(f"<div>{markup}</div>"), BOOK, marks=marks)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<ol start=3>{TWO}</ol>", ["3. 责令改正", "4. 处以罚款", "并没收"]),
        (f"<ol reversed>{TWO}</ol>", ["2. 责令改正", "1. 处以罚款", "并没收"]),
        (f"<ol type=a start=26>{TWO}</ol>", ["z. 责令改正", "aa. 处以罚款", "并没收"]),
        (f"<ol type=I>{TWO}</ol>", ["I. 责令改正", "II. 处以罚款", "并没收"]),
        ("<ol><li>甲</li><li value=7>乙</li><li>丙</li></ol>", ["1. 甲", "7. 乙", "8. 丙"]),
        (
            f"<ol style='LIST-STYLE-TYPE: cjk-ideographic' class='list-paddingleft-2'>{TWO}</ol>",
            ["一、责令改正", "二、处以罚款", "并没收"],
        ),
        (f"<ol style='list-style: decimal inside'>{TWO}</ol>", ["1. 责令改正", "2. 处以罚款", "并没收"]),
        (
            "<ol type=1><li>甲<ol type=i><li>子</li><li>丑</li></ol></li><li><ol type=a><li>寅</li></ol></li><li></li><li>乙</li></ol>戊",
            ["1. 甲", "i. 子", "ii. 丑", "2. a. 寅", "4. 乙", "戊"],
        ),
        (
            "<table><tr><td>甲</td><td><ol start=2><li>子</li><li>丑</li></ol></td></tr></table>",
            ["甲\t2. 子 3. 丑"],
        ),
        ("<ol start=5><li><s>甲</s></li></ol>", ["5. 〔删除：甲〕"]),
        ("<ol start='x'><li value='9999999'>甲</li></ol>", ["1. 甲"]),
        ("<ol start=-1><li>甲</li></ol>", ["-1. 甲"]),
    ],
)
def test_numbers_that_a_list_states(markup: str, expected: list[str]) -> None:
    assert read(markup) == expected


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        "class='doc-info'",
        "start=3 style='list-style:none'",
        "style='list-style-type: disc'",
        "start=3 style='list-style:none outside'",
    ],
)
def test_a_list_that_a_style_sheet_may_have_bared_has_none(attributes: str) -> None:
    assert read(f"<ol {attributes}>{TWO}</ol>") == ["责令改正", "处以罚款", "并没收"]


@pytest.mark.parametrize("number", ["1.", "一、", "（一）", "第一条　", "①", "A、", "2）"])
def test_items_with_numbers_of_their_own_get_no_others(number: str) -> None:
    assert read(f"<ol start=1><li>{number}甲</li><li>乙</li></ol>") == [" ".join(f"{number}甲".split()), "乙"]


def test_a_figure_is_no_number_of_an_item_and_around_a_text_nothing_is_numbered() -> None:
    markup = "<ol start=2><li>3.5万元以上</li><li>2031年起</li></ol>"
    assert read(markup) == ["2. 3.5万元以上", "3. 2031年起"]
    assert read(markup, marks=False) == ["3.5万元以上", "2031年起"]
