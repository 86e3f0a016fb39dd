"""What is read from .doc and RTF files: what Word shows, and nothing that is deleted or hidden."""

from __future__ import annotations

import struct

import pytest

from crawler.attachments.text import text_of
from tests.crawler import doc_files as make
from tests.crawler.doc_files import DELETED, HIDDEN, IN_TABLE, INSERTED, ROW_END, doc, in_list, sprm, symbol
from tests.crawler.office_files import FILES

ROWS = "单位\x07数量\x07\x07城东街道\x0746\x07\x07后文\r"
FINE = [(2, b""), (1, DELETED), (1, INSERTED), (3, b"")]
SIGNS = [(1, b""), (1, symbol(0xF0FE)), (1, b""), (1, symbol(0xF0A8)), (1, b"")]
LISTED = [(3, in_list(1, depth)) for depth in (0, 1, 0)]
LEVELS = ((39, "第\x00章"), (37, "（\x01）"))
# As it stands there, and as Word keeps it of wide rows: in the stream Data.
ENDS = (ROW_END, sprm(0x6646, 16, 0, 0, 0))
WIDE = ROW_END + struct.pack("<HH", 0xD608, 601) + bytes(600)
NOTICE = "关于印发实施方案的通知"


def text(body: bytes, name: str = "a.doc") -> str | None:
    return text_of(body, None, name).text


def rows_with(end: bytes) -> bytes:
    marks = [(3, IN_TABLE), (3, IN_TABLE), (1, end), (5, IN_TABLE), (3, IN_TABLE), (1, end), (3, b"")]
    return doc(ROWS, paragraphs=marks, data=bytes(16) + struct.pack("<H", len(WIDE)) + WIDE)


def headed(header: str) -> bytes:
    story = header + "\r"
    bounds = [0] * 8 + [
        len(story)
    ] * 5  # six separators, then the six headers of a section, the second of which is odd
    text = f"正文内容\r{story}\r\r"
    table = struct.pack(f"<{len(bounds) + 1}I", *bounds, len(story) + 1)
    return doc(text, stories=(5, 0, len(story) + 1), places={11: table})


def contents(page: int) -> bytes:
    return doc(f"总体要求\t\x13 PAGEREF _Toc1 \\h \x14{page}\x15\r正文\r")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (doc("罚款53万元\r", runs=FINE), "罚款3万元"),
        (doc([("罚款", 2), ("5", 1), ("3", 1), ("万元\r", 2)], runs=FINE), "罚款3万元"),
        (doc([("罚款", 2), ("5", 1), ("3万元\r", 2)], shared=[DELETED], prms={1: 1}), "罚款3万元"),
        (doc([("罚款", 2), ("5", 1), ("3万元\r", 2)], prms={1: 0x41 << 1 | 1 << 8}), "罚款3万元"),
        (doc("前一段\r后一段\r", runs=[(3, b""), (1, DELETED), (4, b"")]), "前一段后一段"),
        (doc("可见隐藏之后\r", runs=[(2, b""), (2, HIDDEN), (3, b"")]), "可见之后"),
        (doc("是(否(\r", runs=SIGNS, places={15: make.fonts("Wingdings")}), "是☑否□"),
        (doc("总则\r目的\r附则\r", paragraphs=LISTED, places=make.lists(*LEVELS)), "第一章 总则\n（一）目的\n第二章 附则"),
        (doc("前文\x13 PAGE \r后文\r"), "前文 PAGE\n后文"),
        (doc("序号\x13 eq \\o\\ac(○,密)\x15级\r"), "序号密级"),
        (doc("一\x13 IF \x13 X \x14甲\x15 = 1 \x14二\x15三\r"), "一二三"),
        (headed("临江市财政局文件"), "正文内容\n临江市财政局文件"),
        (headed("— \x13 PAGE \x141\x15 —"), "正文内容"),
        *((rows_with(end), "单位\t数量\n城东街道\t46\n后文") for end in ENDS),
    ],
)  # fmt: skip
def test_a_document_reads_as_word_shows_it(body: bytes, expected: str) -> None:
    assert text(body) == expected


def test_words_that_a_document_hides_are_said_to_be_left_out() -> None:
    got = text_of(doc("可见隐藏\r", runs=[(2, b""), (2, HIDDEN), (1, b"")]), None, "a.doc")
    assert got.problem is not None and got.problem.code == "attachment_partly_read"


def test_page_numbers_of_contents_are_none_of_the_text() -> None:
    assert text(contents(7)) == text(contents(12)) == "总体要求\n正文"


def test_pieces_make_no_difference() -> None:
    parts = [(NOTICE[:3], 2), (NOTICE[3:8], 2), (NOTICE[8:] + "\r", 2)]
    assert text(doc(parts)) == text(doc(NOTICE + "\r")) == NOTICE


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (doc("\x01\r\x08\r"), "attachment_is_scan"),
        (doc("\r"), "attachment_empty"),
        (doc(NOTICE + "\r", stories=[90_000], beyond=90_000), "attachment_damaged"),
    ],
)  # fmt: skip
def test_documents_without_a_text(body: bytes, code: str) -> None:
    got = text_of(body, None, "a.doc")
    assert (got.text, got.problem and got.problem.code) == (None, code)


HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times;}"
    r"{\f2\fnil\fcharset2 Wingdings;}}"
)


def escaped(words: str) -> str:
    return "".join(f"\\'{b:02x}" if b > 127 else chr(b) for b in words.encode("gbk"))


def rtf(source: str) -> bytes:
    """An RTF file in which Chinese characters are written as escapes of their GBK bytes."""
    return (HEAD + r"\f0 " + "".join(c if c.isascii() else escaped(c) for c in source) + "}").encode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"罚款{\deleted 5}{\revised 3}万元\par", "罚款3万元"),
        (r"可见{\v 隐藏}之后\par", "可见之后"),
        (r"{\listtext\pard\plain 一、\tab}总则\par{\listtext 第一条\tab}为了\par{\listtext\f2\'b7\tab}要点", "一、总则\n第一条 为了\n要点"),
        (r"正文{\super\chftn{\footnote\pard\plain 脚注}}续\par", "正文续\n脚注"),
        (r"外{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt 框内\par}}{\shprslt{\*\do{\dptxbxtext 框内}}}}\par", "外\n框内"),
        (r"{\header 文件头\par}{\footer — {\field{\*\fldinst PAGE}{\fldrslt 3}} —\par}正文\par", "正文\n文件头"),
        (r"打印{\field{\*\fldinst  DATE }{\fldrslt 2026-3-1}}于{\field{\*\fldinst HYPERLINK x}{\fldrslt 网站}}", "打印于网站"),
        (r"{\f2 \'fe}是{\f2\u-3928 ?}否\par", "☑是□否"),
        (r"\uc2\u38468\'b8\'bd\uc0\u20214 \u-10179\u-8704\par", "附件😀"),
        (r"{\f1 46 caf\'e9} {\f1 \'cd\'f2\'d4\'aa}\par", "46 café 万元"),
        (r"{\upr{?}{\*\ud 件}}{\*\unknown 甲}{\info{\title 题}}{\pict\bin4 {}\\}后\par", "件后"),
        (r"\trowd\intbl 单位\par 名称\cell 数量\cell\row\pard 后\par", "单位 名称\t数量\n后"),
        (r"{\object\objemb{\*\objclass Excel.Sheet.8}{\*\objdata 0105}{\result {结果}}}后\par", "结果后"),
        (r"A\emdash B\~C\_D\-E\line F", "A—B C-DE\nF"),
    ],
)  # fmt: skip
def test_rich_text_reads_as_word_shows_it(source: str, expected: str) -> None:
    assert text(rtf(source), "a.rtf") == expected


def test_runs_and_the_editor_make_no_difference_in_rich_text() -> None:
    saved = (
        r"{\*\rsidtbl \rsid1}{\rtlch\fcs1 \af0 \ltrch\insrsid12 关于印发}{\insrsid7 实施方案的通知}{\par }"
    )
    assert text(rtf(saved)) == text(rtf(NOTICE + r"\par")) == NOTICE


def test_rich_text_that_is_cut_short_is_said_to_be() -> None:
    got = text_of(rtf(NOTICE)[:-1], None, "a.rtf")
    assert got.problem is not None and got.problem.code == "attachment_not_whole"
    assert got.text is not None and got.text.startswith(NOTICE)


@pytest.mark.parametrize(
    ("at", "value", "code", "words"),
    [
        (0x0A, 0x0300, "attachment_encrypted", "the document"), (0x02, 0x0065, "attachment_not_read", "Word 6 or 95"),
        (0x00, 0x1234, "attachment_damaged", "does not begin as a Word document"),
        (0x20, 0xFFFF, "attachment_damaged", "cut short"),
    ],
)  # fmt: skip
def test_why_a_document_is_not_read(at: int, value: int, code: str, words: str) -> None:
    body = bytearray((FILES / "plan.doc").read_bytes())
    begin = body.index(b"\xec\xa5")  # of its main stream
    struct.pack_into("<H", body, begin + at, value)
    problem = text_of(bytes(body), None, "a.doc").problem
    assert problem is not None
    assert (problem.code, words in problem.message) == (code, True)
