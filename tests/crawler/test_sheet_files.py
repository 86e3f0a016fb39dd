"""What is read from workbooks, old and new, whole and bare, and from what is handed out in their place."""

from __future__ import annotations

import struct

import pytest

from crawler.attachments.kinds import kind_of
from crawler.attachments.text import text_of
from tests.crawler import office_files as make
from tests.crawler.doc_files import container

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STYLES = f"<styleSheet xmlns='{MAIN}'><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"


def text(body: bytes, name: str = "a.xls") -> str | None:
    return text_of(body, None, name).text


def xlsx(rows: str, **more: str | bytes) -> bytes:
    """A workbook of one sheet; ``more`` are further parts, with _ for / and __ for a full stop."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": make.CONTENT_TYPES,
        "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='r'><sheets><sheet name='表' r:id='r1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<R><R Id='r1' Type='{KIND}worksheet' Target='worksheets/sheet1.xml'/></R>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>",
        "xl/styles.xml": STYLES,
    }
    return make.zipped({**members, **more})


def cell(place: str, content: str, kind: str = "inlineStr") -> str:
    return f"<c r='{place}' t='{kind}'>{f'<is><t>{content}</t></is>' if kind == 'inlineStr' else content}</c>"


def row(*cells: str) -> str:
    return f"<row>{''.join(cells)}</row>"


DRAWING = "<xdr:wsDr xmlns:xdr='x' xmlns:a='a'><a:p><a:r><a:t>填表说明：</a:t></a:r><a:r><a:t>单位为万元</a:t></a:r></a:p></xdr:wsDr>"
DRAWN = {
    "xl/worksheets/_rels/sheet1.xml.rels": f"<R><R Id='r1' Type='{KIND}drawing' Target='../drawings/drawing1.xml'/></R>",
    "xl/drawings/drawing1.xml": DRAWING,
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (xlsx(row(cell("A1", "合计"), "<c r='B1'><f>SUM(C1:C3)</f><v></v></c>")), "合计\t=SUM(C1:C3)"),
        (xlsx(row(cell("A1", "<f>A2</f><v></v>", "str"), cell("B1", "甲"))), "\t甲"),
        (
            xlsx(
                row(
                    cell("A1", "<v>2026-03-05T00:00:00</v>", "d"),
                    cell("B1", "<v>2026-03-05T14:30:00Z</v>", "d"),
                )
            ),
            "2026-03-05\t2026-03-05 14:30",
        ),
        (xlsx(row(cell("A1", "第一_x000D_\n第二"))), "第一 第二"),
        (
            xlsx(row("<c r='A1'><v>123456789012345680000</v></c>", "<c r='B1'><v>1E-3</v></c>")),
            "123456789012346000000\t0.001",
        ),
        (xlsx(row(cell("A1", "表头")), **DRAWN), "表头\n填表说明：单位为万元"),
        (xlsx(row(cell("A1", "单位")) + row("<c r='A2' s='1'/>" * 40) * 20_000), "单位"),
    ],
)
def test_a_workbook_reads_as_its_reader_sees_it(body: bytes, expected: str) -> None:
    got = text_of(body, None, "a.xlsx")
    assert (got.text, got.problem) == (expected, None)


def test_a_broken_part_beside_the_cells_does_not_lose_them() -> None:
    rows = row(cell("A1", "表头"))
    for broken in ({"xl/styles.xml": "<sty"}, {**DRAWN, "xl/drawings/drawing1.xml": "<xdr"}):
        got = text_of(xlsx(rows, **broken), None, "a.xlsx")
        assert got.text is not None and got.text.startswith("表头")
        assert got.problem is not None and got.problem.code == "attachment_partly_read"


def test_a_workbook_saved_again_reads_the_same() -> None:
    shared = "<sst xmlns='{}'>{}</sst>".format
    one = xlsx(
        "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>",
        **{"xl/sharedStrings.xml": shared(MAIN, "<si><t>甲</t></si><si><t>乙</t></si>")},
    )
    again = "<row spans='1:3'><c t='s' s='1'><v>1</v></c><c t='s'><v>0</v></c><c s='1'/></row><row/>"
    two = xlsx(again, **{"xl/sharedStrings.xml": shared(MAIN, "<si><t>乙</t></si><si><r><t>甲</t></r></si>")})
    assert text(one) == text(two) == "甲\t乙"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (xlsx("", **{"xl/media/image1.png": b"\x89PNG"}), "xlsx", "attachment_is_scan"),
        (xlsx("", **{"xl/workbook.bin": b"\x83\x01"}), "xlsb", "attachment_not_read"),
        (make.zipped({"[Content_Types].xml": "", "visio/document.xml": ""}), "office", "attachment_not_read"),
        (
            make.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "odf",
            "attachment_not_read",
        ),
    ],
)
def test_what_holds_no_text_is_said(body: bytes, kind: str, code: str) -> None:
    assert kind_of(body, None, "a.xlsx") == kind
    got = text_of(body, None, "a.xlsx")
    assert (got.text, got.problem and got.problem.code) == (None, code)


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def excel_5(code_page: int | None) -> bytes:
    """The stream of a workbook of Excel 5 with Chinese bytes, whatever it says of its code page."""
    label, name = "单位名称".encode("gbk"), "表".encode("gbk")
    begin = record(0x0809, struct.pack("<HHHH", 0x500, 5, 0, 0))
    begin += record(0x0042, struct.pack("<H", code_page)) if code_page else b""
    begin += record(
        0x0085, struct.pack("<IHB", len(begin) + 4 + 7 + len(name) + 4, 0, len(name)) + name
    ) + record(0x0A, b"")
    sheet = record(0x0809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    sheet += record(0x0204, struct.pack("<HHHH", 0, 0, 0, len(label)) + label) + record(
        0x0203, struct.pack("<HHHd", 0, 1, 0, 46)
    )
    return container({"Book": begin + sheet + record(0x0A, b"")})


def test_a_file_whose_code_page_nobody_knows_raises_nothing() -> None:
    got = text_of(excel_5(799), None, "a.xls")
    assert (got.text is None) == (got.problem is not None)


def excel_2() -> bytes:
    label = "单位名称".encode("gbk")
    head = record(0x0009, struct.pack("<HH", 2, 0x10))
    return (
        head
        + record(0x0004, struct.pack("<HH3xB", 0, 0, len(label)) + label)
        + record(0x0003, struct.pack("<HH3xd", 0, 1, 46))
        + record(0x0A, b"")
    )


@pytest.mark.parametrize("body", [excel_5(936), excel_5(1252), excel_5(None), excel_2()])
def test_old_workbooks_are_read_in_whatever_code_page(body: bytes) -> None:
    assert text(body) == "单位名称\t46"


def boxed(*records: bytes) -> bytes:
    """The stream of budget.xls with records of drawn objects at the end of its first sheet."""
    import olefile

    with olefile.OleFileIO((make.FILES / "budget.xls").read_bytes()) as ole:
        stream = bytearray(ole.openstream("Workbook").read())
    sheets, at = [], 0
    while at < len(stream) - 4:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0x0085:
            sheets.append(at + 4)
        if kind == 0x000A and sheets and at > struct.unpack_from("<I", stream, sheets[0])[0]:
            break
        at += 4 + length
    added = b"".join(records)
    stream[at:at] = added
    for place in sheets[1:]:
        struct.pack_into("<I", stream, place, struct.unpack_from("<I", stream, place)[0] + len(added))
    return container({"Workbook": bytes(stream)})


def drawn(kind: int, words: str) -> bytes:
    raw = words.encode("utf-16-le")
    made = record(0x005D, struct.pack("<HHHH14x", 0x15, 0x12, kind, 1))
    made += record(0x01B6, struct.pack("<10xHHI", len(words), 16, 0))
    for at in range(0, len(raw), 6):  # pieces with a mark of their own each
        made += record(0x003C, b"\x01" + raw[at : at + 6])
    return made + record(0x003C, bytes(16))


def test_text_boxes_of_old_workbooks_are_read_and_comments_are_not() -> None:
    lines = (text(boxed(drawn(6, "填表说明：\n单位为万元"), drawn(0x19, "批注"))) or "").splitlines()
    assert lines[3:6] == ["填表说明：", "单位为万元", "〔说明〕"]
    assert "批注" not in lines


OFFICE = "urn:schemas-microsoft-com:office:spreadsheet"
EXCEL_XML = (
    f'<?xml version="1.0"?><Workbook xmlns="{OFFICE}" xmlns:ss="{OFFICE}"><Styles><Style ss:ID="p">'
    '<NumberFormat ss:Format="Percent"/></Style></Styles><Worksheet ss:Name="表"><Table>{}</Table></Worksheet></Workbook>'
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            '<Cell><Data ss:Type="String">甲</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">46.50</Data></Cell>',
            "甲\t\t\t46.5",
        ),
        (
            '<Cell ss:MergeAcross="1"><Data ss:Type="String">甲</Data></Cell><Cell><Data ss:Type="String">乙</Data></Cell>',
            "甲\t\t乙",
        ),
        (
            '<Cell><Data ss:Type="DateTime">2026-03-05T00:00:00.000</Data></Cell>'
            '<Cell ss:StyleID="p"><Data ss:Type="Number">0.355</Data></Cell>',
            "2026-03-05\t35.5%",
        ),
        ('<Cell><Data ss:Type="String">甲</Data><Comment><Data>批注</Data></Comment></Cell>', "甲"),
    ],
)
def test_the_xml_of_2003_reads_as_excel_shows_it(cells: str, expected: str) -> None:
    assert text(EXCEL_XML.format(f"<Row>{cells}</Row>").encode()) == f"表\n{expected}"


FRAMES = "<html><head></head><frameset><frame src='s.files/sheet001.htm'><noframes><body>不支持框架</body></noframes></frameset></html>"


def mht(*pages: tuple[str, str]) -> bytes:
    parts = "".join(
        f"--x\r\nContent-Location: file:///C:/{place}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
        for place, page in pages
    )
    return f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n{parts}--x--".encode()


def test_a_workbook_saved_as_a_web_page_has_all_its_sheets() -> None:
    table = "<html><body><table><tr><td>{}</td><td>46</td></tr></table></body></html>".format
    body = mht(
        ("s.htm", FRAMES),
        ("s.files/tabstrip.htm", table("收支")),
        ("s.files/sheet001.htm", table("甲")),
        ("s.files/sheet002.htm", table("乙")),
    )
    assert text(body) == "甲\t46\n乙\t46"


def test_a_page_of_frames_without_what_they_show_is_not_read() -> None:
    got = text_of(FRAMES.encode(), None, "a.xls")
    assert (got.text, got.problem and got.problem.code) == (None, "attachment_not_read")


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("单位,数量\r\n甲,1\r\n\x1a".encode("gbk"), "a.csv", "单位,数量\n甲,1"),
        ("请认真组织实施".encode("gbk") + bytes(40), "a.txt", "请认真组织实施"),
        ("请认真组织实施改造方案。".encode("utf-16-le"), "a.txt", "请认真组织实施改造方案。"),
        ("请认真组织实施改造方案。".encode("utf-16-be"), "a.txt", "请认真组织实施改造方案。"),
        ("单位\t数量\r\n甲\t1\r\n".encode("utf-16"), "a.xls", "单位\t数量\n甲\t1"),
    ],
)
def test_text_with_stray_bytes_or_without_a_mark_is_text(body: bytes, name: str, expected: str) -> None:
    assert text(body, name) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<table><tr><td>张三<br>李四</td><td><p>甲</p><p>乙</p></td></tr></table>", "张三 李四\t甲 乙"),
        ("罚款<del cite='x' datetime='y'>5</del><ins cite='x'>3</ins>万元", "罚款3万元"),
        ("可见<span style='display:none;mso-hide:all'>隐藏</span>", "可见"),
        (
            "正文<div style='mso-element:comment-list'><p>批注</p></div><div style='mso-element:footnote-list'><p>脚注</p></div>",
            "正文\n脚注",
        ),
    ],
)
def test_a_saved_page_shows_no_deleted_words_and_no_comments(body: str, expected: str) -> None:
    assert (
        text(f"<html><head><meta charset=utf-8></head><body><p>{body}</body></html>".encode(), "a.doc")
        == expected
    )
