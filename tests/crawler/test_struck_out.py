"""What a page or a file shows struck out is marked in the text, and no value: <s>五万元</s>三万元 is not 五万元三万元."""

from __future__ import annotations

import pytest

from archive.fingerprint import fingerprint
from archive.model import Disclosure
from crawler.attachments.text import text_of
from crawler.extract.page import extract_page
from crawler.extract.struck import Struck, joined, without_struck
from tests.crawler.office_files import docx_of
from tests.crawler.test_saved_pages import BOOK

OFF = "<w:strike w:val='0'/>"
FIRST = "第一条　违反规定的，由市水务局责令改正，并处罚款。"


def read(text: str, head: str = "") -> Disclosure:
    page = (
        "<html><head><meta charset=utf-8><title>临江市河道管理实施细则</title></head><body><h1>临江市河道管理实施细则</h1>"
        f"{head}<div id='zoom'><p>{FIRST}</p>{text}</div></body></html>"
    )
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    return record


def said(text: str) -> list[str]:
    return (read(text).body_text or "").split("\n")[1:]


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>罚款<s>五万元</s>三万元。</p>", ["罚款〔删除：五万元〕三万元。"]),
        ("<p>罚款<del>五</del> <strike>万<b>元</b></strike>。</p>", ["罚款〔删除：五 万元〕。"]),
        ("<p>罚款<s>五<del>万</del>元</s>。</p>", ["罚款〔删除：五万元〕。"]),
        ("<p>a <s> b </s> c</p>", ["a 〔删除：b〕 c"]),
        (
            "<p>罚<span style='TEXT-DECORATION: underline line-through'>五</span>万<s style='text-decoration:none'>元</s></p>",
            ["罚〔删除：五〕万元"],
        ),
        ("<p>罚<span style='text-line-through:none;text-decoration-line:none'>五</span>万</p>", ["罚五万"]),
        (
            "<del><p>第二条　甲。</p><p>第三条　乙。</p></del>",
            ["〔删除：第二条 甲。〕", "〔删除：第三条 乙。〕"],
        ),
        ("<p><s>甲<br>乙</s></p>", ["〔删除：甲〕", "〔删除：乙〕"]),
        ("<p>甲<s class='icon'></s><s> &nbsp; </s>乙</p>", ["甲 乙"]),
        (
            "<table border=1><tr><td>县</td><td>额</td></tr><tr><td>甲</td><td><s>5</s>3</td></tr>"
            "<tr style='text-decoration:line-through'><td>乙</td><td>6</td></tr></table>",
            ["县\t额", "甲\t〔删除：5〕3", "〔删除：乙〕\t〔删除：6〕"],
        ),
        ("<pre><s>甲\n乙</s></pre>", ["〔删除：甲〕", "〔删除：乙〕"]),
    ],
)
def test_struck_text_of_pages_is_marked(markup: str, lines: list[str]) -> None:
    assert said(markup) == lines


SHEET = (
    "<style>p.x{color:red} .gone, span.out { color:red; text-decoration: line-through; }"
    "@media print{.paper{text-decoration:line-through}}</style>"
)


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("罚款<span class='red gone'>五万元</span>三万元。", "罚款〔删除：五万元〕三万元。"),
        ("罚款<b class='gone' style='color:red'>五</b>三万元。", "罚款〔删除：五〕三万元。"),
        ("罚款<span class='out'>五</span>三万元。", "罚款〔删除：五〕三万元。"),
        ("罚款<span class='paper'>三</span><b class='out2'>万元</b>。", "罚款三万元。"),
    ],
)
def test_what_the_pages_own_style_sheet_strikes_is_marked(markup: str, line: str) -> None:
    assert said(f"{SHEET}<p>{markup}</p>") == [line]


def test_to_strike_a_clause_or_another_one_is_a_change() -> None:
    texts = [
        "罚款五万元三万元。",
        "罚款<s>五万元</s>三万元。",
        "罚款五万元<s>三万元</s>。",
        "<del>罚款五万元三万元。</del>",
    ]
    assert len({fingerprint(read(f"<p>{text}</p>")) for text in texts}) == len(texts)


def test_what_is_struck_is_no_value_and_no_reference() -> None:
    record = read(
        "<p>《临江市<s>旧</s>办法》（<s>临政发〔2012〕3号</s>临政发〔2013〕4号）同时废止。<s>《临江市河道办法》（临水〔2011〕9号）同时废止。</s></p>"
        "<p>临江市水务局</p><p><s>2031年2月26日</s></p><p><s>2031年3月</s>2031年4月1日</p>",
        "<table><tr><th>索引号：</th><td>LJ/2031-1</td><th>文号：</th><td><s>临水〔2031〕5号</s></td></tr></table>",
    )
    assert str(record.issued_on) == "2031-04-01"
    assert [c.document_number for c in record.citations] == ["临政发〔2013〕4号"]
    # Around the text a template may call anything <s>, and its style sheet draw no line.
    assert record.document_number == "临水〔2031〕5号"


@pytest.mark.parametrize(
    "card",
    [
        "<table><tr><td>{}</td><td>{}</td></tr><tr><td>发布日期：</td><td>{}</td></tr></table>",
        "<ul><li><span>{}</span>{}</li><li><span>发布日期：</span>{}</li></ul>",
        "<dl><dt>{}</dt><dd>{}</dd><dt>发布日期</dt><dd>{}</dd></dl>",
    ],
)
def test_around_the_text_what_is_struck_beside_one_of_its_kind_is_no_value(card: str) -> None:
    struck = (
        "<s>备注</s>文号：",
        "<del>临水〔2031〕4号</del>临水〔2031〕5号",
        "2031-03-05 <s>2031-03-04</s>",
    )
    lone = ("<s>文号：</s>", "<s>临水〔2031〕5号</s>", "<s>2031-03-05</s>")
    for values in (struck, lone):
        record = read("", card.format(*values))
        assert (record.document_number, str(record.published_on)) == ("临水〔2031〕5号", "2031-03-05")


def test_a_title_and_a_number_of_the_text_are_what_is_left() -> None:
    text = f"<p>关于<s>旧</s>河道管理的通知</p><p>2031-03-01</p><p>临水<s>〔2031〕5号</s>〔2031〕6号</p><p>{FIRST}</p><p>{FIRST}</p>"
    page = f"<html><meta charset=utf-8><div>{text}</div></html>"
    record = extract_page(page.encode(), "https://slj.linjiang.example/1.html", book=BOOK).disclosure
    assert record is not None
    assert (record.title, record.document_number) == ("关于河道管理的通知", "临水〔2031〕6号")
    assert (record.body_text or "").startswith(
        "关于〔删除：旧〕河道管理的通知\n临水〔删除：〔2031〕5号〕〔2031〕6号\n"
    )


def test_marks_can_be_taken_out_again() -> None:
    pieces = ["甲", Struck("〔2031〕\t5"), Struck("号"), "\n", Struck("乙 "), "丙"]
    marked = joined(pieces, "\n\t")
    assert marked == "甲〔删除：〔2031〕〕\t〔删除：5号〕\n〔删除：乙〕 丙"
    assert without_struck(marked) == "甲\t\n 丙"
    assert without_struck("甲〔删除：一〔二\n乙") == "甲\n乙"  # a bracket that the struck words leave open


def test_struck_runs_of_word_files() -> None:
    def run(text: str, *properties: str) -> str:
        return f"<w:r><w:rPr>{''.join(properties)}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"

    body = (
        f"<w:p>{run('罚款')}{run('五', '<w:strike/>')}{run('万元', '<w:dstrike/>')}{run('三万元')}{run('。', OFF)}</w:p>"
        "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>"
    )
    assert (
        text_of(docx_of(body), None, "a.docx").text
        == "罚款〔删除：五万元〕三万元。\n〔删除：甲〕\n〔删除：乙〕"
    )


def test_struck_words_of_other_files() -> None:
    rtf = r"{\rtf1\ansi 10{\strike 20}\striked1 30\striked0 40\par {\strike a\par b\plain  c}}"
    assert text_of(rtf.encode(), None, "a.rtf").text == "10〔删除：2030〕40\n〔删除：a〕\n〔删除：b〕 c"
    page = "<html><body><p>罚款<s>五万元</s>三万元</p><table><tr><td><s>甲</s></td><td><s>乙</s></td></tr></table></body></html>"
    assert (
        text_of(page.encode(), "text/html", "a.html").text
        == "罚款〔删除：五万元〕三万元\n〔删除：甲〕\t〔删除：乙〕"
    )
