"""Pieces of sentences whose elements are called like page furniture: they are text, and tools and counters there are none."""

from __future__ import annotations

import pytest

from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

NAMES = ("share", "tool", "nav", "sidebar", "tips", "page", "location", "related", "hits", "copyright")
FIRST = "现将汛前检查有关事项通知如下，请认真组织实施。"


def lines(text: str) -> list[str]:
    page = f"<html><meta charset=utf-8><title>通知</title><h1>关于开展汛前检查的通知</h1><div id='zoom'><p>{FIRST}</p>{text}</div></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    said = (record.body_text or "").split("\n")
    assert said[0] == FIRST
    return said[1:]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("请各<span class='{}'>区县水利局</span>认真检查。", "请各区县水利局认真检查。"),
        ("请各区<a class='{}' href='/a.html'>结合实际</a>，认真检查。", "请各区结合实际，认真检查。"),
        ("　　<span class='{}'>一、</span>加强领导，压实责任。", "一、加强领导，压实责任。"),
        ("<b class='{}'>一、总体要求。</b>各区要认真检查。", "一、总体要求。各区要认真检查。"),
        (
            "<span>各区要</span><span class='{}'>认真</span><span>检查，不得延误。</span>",
            "各区要认真检查，不得延误。",
        ),
        ("各区要认真检查，特此<i class='{}'>通知。</i>", "各区要认真检查，特此通知。"),
        ("共<span class='{}'>12</span>项，逐项落实。", "共12项，逐项落实。"),
    ],
)
def test_a_piece_of_a_sentence_stays(name: str, markup: str, line: str) -> None:
    assert lines(f"<p>{markup.format(name)}</p>") == [line]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("各区要认真检查。<span class='{}'>分享到朋友圈</span>", "各区要认真检查。"),
        ("各区要认真检查，不得延误<span class='{}'>分享到</span>", "各区要认真检查，不得延误"),
        ("各区要认真检查，<span class='{}'>打印</span>本页", "各区要认真检查，本页"),
        ("<span class='{}'>字体：大 中 小</span>各区要认真检查。", "各区要认真检查。"),
        ("各区要认真检查。（浏览<span class='{}'>{n}</span>次）", "各区要认真检查。（浏览次）"),
        ("各区要认真检查，已有<span class='{}'>{n}</span>人阅读", "各区要认真检查，已有人阅读"),
        ("各区要认真检查。<span class='{}'>临江市水利局</span>", "各区要认真检查。"),
    ],
)
def test_a_tool_and_a_counter_in_a_line_stay_out(name: str, markup: str, line: str) -> None:
    for count in ("17", "18"):
        assert lines(f"<p>{markup.format(name, n=count)}</p>") == [line]


def test_links_behind_the_text_are_no_sentence_of_its() -> None:
    links = "".join(
        f"<a class='related' href='/{n}.html'>{name}</a>" for n, name in enumerate(("防汛条例", "水法解读"))
    )
    assert lines(f"<p>各区要认真检查。</p>相关链接：{links}") == ["各区要认真检查。"]
