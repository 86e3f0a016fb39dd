"""What is read from a file, whatever it is called."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.attachments import result
from crawler.attachments.kinds import kind_of
from crawler.attachments.text import text_of
from tests.crawler import office_files as make

TABLE = [["单位", "数量"], ["城东街道", "46"]]
RUNS = [[(20, 30, "临江市"), (36, 30, "通知"), (20, 60, "第一条"), (90, 60, "46万元")], [(20, 30, "附则")]]
NOTICE = [
    "临江市人民政府办公室文件",
    "临政办发〔2026〕8号",
    "现将老旧小区改造计划印发给你们，请认真贯彻执行。",
]
PLAN = """临江市老旧小区改造实施方案
一、总体要求
全市改造老旧小区46个，详见市政府网站。
二、任务分工
序号\t单位\t数量
1\t城东街道 （含新区）
\t合计\t46
Latin café, 1–2 月 末尾
脚注：数据截至2025年底。
文本框内容
页眉文字"""
BUDGET = "〔收支表〕\n单位\t金额（万元）\t占比\t日期\n临江市财政局\t3200.5\t35.5%\t2026-03-05\n〔说明〕\n\t单位：万元"
HEADS = [
    b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1 ", b"<html>", b"<?xml version='1.0'?>",
    b"MIME-Version: 1.0\n\n", b"PK\x05\x06", b"\xff\xfe", b"Rar!\x1a\x07",
]  # fmt: skip
HTML = (
    "<html><head><style>td{color:red}</style></head><body><p>通知<b>正文</b></p><table><tr><td><p>单位</p></td><td>数量</td>"
    "</tr><tr><td>城东街道</td><td>46</td></tr></table><script>var a=1</script></body></html>"
).encode()
XML_2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表一"><Table><Row><Cell><Data>单位</Data>'
    "</Cell><Cell><Data>46</Data></Cell></Row></Table></Worksheet></Workbook>"
).encode()
MHT = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=gb2312\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>=B8=BD=BC=FE=D5=FD=CE=C4</p></body></html>\r\n--x--"
)


@pytest.mark.parametrize(
    ("name", "body", "kind", "text"),
    [
        ("通知.docx", make.docx(NOTICE, TABLE), "docx", "\n".join([*NOTICE, "单位\t数量", "城东街道\t46"])),
        ("方案.doc", (make.FILES / "plan.doc").read_bytes(), "doc", PLAN),
        ("方案.wps", (make.FILES / "plan.doc").read_bytes(), "doc", PLAN),
        ("收支.xls", (make.FILES / "budget.xls").read_bytes(), "xls", BUDGET),
        ("收支.et", (make.FILES / "budget.xls").read_bytes(), "xls", BUDGET),
        ("通知.pdf", make.pdf([NOTICE]), "pdf", "\n".join(NOTICE)),
        ("通知.rtf", make.rtf(*NOTICE), "rtf", "\n".join(NOTICE)),
        ("通知.ofd", make.ofd(RUNS), "ofd", "临江市通知\n第一条 46万元\n附则"),
        ("名单.csv", "单位,数量\n城东街道,46\n".encode("gbk"), "csv", "单位,数量\n城东街道,46"),
        ("说明.txt", "第一行\r\n\r\n第二\t列\r\n".encode("utf-16"), "txt", "第一行\n第二\t列"),
        ("说明", "没有扩展名的说明".encode(), "txt", "没有扩展名的说明"),
        ("名单.xls", HTML, "html", "通知正文\n单位\t数量\n城东街道\t46"),
        ("名单.xls", XML_2003, "spreadsheetml", "表一\n单位\t46"),
        ("附件.doc", MHT, "mht", "附件正文"),
        ("附件.doc", make.rtf(*NOTICE), "rtf", "\n".join(NOTICE)),
        ("附件.doc", make.docx(NOTICE), "docx", "\n".join(NOTICE)),
        ("download", make.pdf([NOTICE]), "pdf", "\n".join(NOTICE)),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)  # fmt: skip
def test_text(name: str, body: bytes, kind: str, text: str) -> None:
    assert kind_of(body, "application/octet-stream", name) == kind
    got = text_of(body, "application/octet-stream", name)
    assert (got.text, got.problem) == (text, None)


def test_slides_are_read_in_their_order_and_pictures_are_said_to_be_some() -> None:
    head = '<p:sld xmlns:p="urn:p" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    number = '<a:fld type="slidenum"><a:t>1</a:t></a:fld>'
    texts = {2: "改造老旧小区46个", 10: "附则", 1: f"政策</a:t></a:r><a:br/>{number}<a:r><a:t>解读"}
    package = {"[Content_Types].xml": make.CONTENT_TYPES, "ppt/presentation.xml": "<p/>"}
    slides = {
        f"ppt/slides/slide{n}.xml": f"{head}<a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
        for n, text in texts.items()
    }
    assert (
        text_of(make.zipped(package | slides), None, "解读.pptx").text == "政策 解读\n改造老旧小区46个\n附则"
    )
    pictures = {"ppt/slides/slide1.xml": f"{head}</p:sld>", "ppt/media/image1.png": b"\x89PNG"}
    scan = text_of(make.zipped(package | pictures), None, "解读.pptx")
    assert (scan.text, scan.problem and scan.problem.code) == (None, "attachment_is_scan")


def test_a_document_of_two_formats_reads_alike() -> None:
    as_docx = text_of((make.FILES / "plan.docx").read_bytes(), None, "plan.docx").text
    assert as_docx is not None
    assert sorted(as_docx.splitlines()) == sorted(PLAN.splitlines())


def test_a_workbook_reads_as_its_reader_sees_it() -> None:
    rows = [
        ["单位", "金额", "占比", "日期", "时间", "和"],
        [
            "财政局",
            3200.5,
            0.355,
            datetime.date(2026, 3, 5),
            datetime.datetime(2026, 3, 5, 14, 30),  # noqa: DTZ001 — as a sheet holds it
            0.1 + 0.2,
        ],
        [None, None, 1, True, "=1+1", -12],
    ]
    body = make.xlsx(
        {"收支表": rows, "说明": [[], [None, "单位：万元"]]}, {"C2": "0.0%", "C3": "0%", "F3": "General"}
    )
    assert text_of(body, None, "a.xlsx").text == (
        "〔收支表〕\n单位\t金额\t占比\t日期\t时间\t和\n财政局\t3200.5\t35.5%\t2026-03-05\t2026-03-05 14:30\t0.3\n"
        "\t\t100%\tTRUE\t=1+1\t-12\n〔说明〕\n\t单位：万元"
    )


def test_tracked_changes_boxes_and_controls_of_a_word_document() -> None:
    body = make.docx_of(
        "<w:p><w:r><w:t>罚款</w:t></w:r><w:del><w:r><w:delText>5</w:delText><w:t>5</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>3</w:t></w:r></w:ins><w:r><w:t>万元</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:smartTag><w:r><w:t>控件里的文字</w:t></w:r></w:smartTag></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:AlternateContent><w:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:Choice>"
        "<w:Fallback><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:Fallback></w:AlternateContent>"
        "<w:t>外</w:t></w:r></w:p><w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>"
    )
    assert text_of(body, None, "a.docx").text == "罚款3万元\n控件里的文字\n外\n框\n一\n二"


def test_lines_that_a_pdfs_edge_broke_are_joined_and_page_numbers_left_out() -> None:
    long = "各区人民政府要加强组织领导，明确责任分工，确保改造任务按期完成，切实提升群众的"
    page = [long, long[:39] + "生", "活品质。", "二、工作要求", "（一）落实责任", "— 1 —"]
    got = text_of(make.pdf([page, ["第二页的文字", "— 2 —"]]), None, "a.pdf").text
    assert got == f"{long}{long[:39]}生活品质。\n二、工作要求\n（一）落实责任\n第二页的文字"


def test_a_scan_is_said_to_be_one_and_a_scanned_page_among_others_is_told_apart() -> None:
    scan = text_of(make.pdf([], image=b"\x10" * 8), None, "a.pdf")
    assert (scan.text, scan.problem and scan.problem.code) == (None, "attachment_is_scan")
    one, two = (text_of(make.pdf([NOTICE], image=data), None, "a.pdf") for data in (b"\x10" * 8, b"\x90" * 8))
    assert one.text != two.text
    assert one.problem is not None and one.problem.code == "attachment_partly_read"


@pytest.mark.parametrize("gbk", [True, False])
def test_zip_files_are_listed_with_what_can_be_read_in_them(gbk: bool) -> None:
    inner = make.zipped({"更深/名单.csv": "城西街道,46"})
    body = make.zipped(
        {
            "附件1/通知.txt": "第一号",
            "附件2：名单.zip": inner,
            "图.png": b"\x89PNG\x00\x00",
            "../../x.txt": "无",
        },
        gbk_names=gbk,
    )
    got = text_of(body, None, "附件.zip").text
    assert got is not None
    lines = got.splitlines()
    assert lines[:2] == ["〔x.txt〕", "无"]
    assert lines[2].startswith("〔图.png〕（6 bytes, CRC-32 ")
    assert lines[3:] == [
        "〔附件1/通知.txt〕",
        "第一号",
        "〔附件2：名单.zip〕",
        "〔更深/名单.csv〕",
        "城西街道,46",
    ]


def test_zip_files_packed_again_read_the_same() -> None:
    one = make.zipped({"附件10.txt": "十", "附件2.txt": "二"})
    junk = {
        "__MACOSX/._附件2.txt": b"\x00\x05",
        ".DS_Store": b"\x00",
        "a/Thumbs.db": b"\xd0\xcf",
        "~$附件2.docx": b"\x01",
    }
    two = make.zipped({"附件2.txt": "二", **junk, "附件10.txt": "十"})
    assert (
        text_of(one, None, "a.zip").text
        == text_of(two, None, "a.zip").text
        == "〔附件2.txt〕\n二\n〔附件10.txt〕\n十"
    )


def test_a_member_without_a_name_is_listed() -> None:
    assert text_of(make.zipped({"x": "一"}).replace(b"x", b""), None, "a.zip").problem is not None
    body = bytearray(make.zipped({"x": "一"}))
    central = body.index(b"PK\x01\x02")
    body[central + 46 : central + 47] = b"\x00"  # zipfile cuts a name at NUL
    assert (text_of(bytes(body), None, "a.zip").text or "").startswith("〔?〕")


def test_names_in_a_field_beside_those_of_a_zip_file_are_read() -> None:
    raw, name = b"??.txt", "附件.txt".encode()
    field = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(raw.decode())
        info.extra = struct.pack("<HHHH", 0x9999, 0, 0x7075, len(field)) + field
        archive.writestr(info, "一")
    assert text_of(out.getvalue(), None, "a.zip").text == "〔附件.txt〕\n一"


def test_members_that_hide_their_checksum_are_told_apart() -> None:
    def protected(content: str) -> bytes:
        body = bytearray(make.zipped({"a.txt": content}))
        for at in (body.index(b"PK\x03\x04") + 6, body.index(b"PK\x01\x02") + 8):
            body[at] |= 1  # encrypted
        for at in (body.index(b"PK\x03\x04") + 14, body.index(b"PK\x01\x02") + 16):
            body[at : at + 4] = bytes(4)  # as AES does
        return bytes(body)

    one, two = (text_of(protected(content), None, "a.zip") for content in ("甲", "乙"))
    assert one.text != two.text
    assert one.problem is not None and one.problem.code == "attachment_partly_read"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Rar!\x1a\x07\x00" + b"\x00" * 50, "attachment_not_read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "attachment_not_read"),
        (b"Founder CEB\x00\x01", "attachment_not_read"),
        (bytes(range(256)) * 4, "attachment_not_read"),
        (b"", "attachment_empty"),
        (make.docx(NOTICE)[:-200], "attachment_damaged"),
        (make.pdf([NOTICE])[:300], "attachment_damaged"),
        ((make.FILES / "plan.doc").read_bytes()[:7000], "attachment_damaged"),
        ((make.FILES / "budget.xls").read_bytes()[:3000], "attachment_damaged"),
        (make.pdf([["\ue000\ue001\ue002\ue003\ue004"] * 9]), "attachment_garbled"),
        (b"\xff\xfd\x81\xff" * 40, "attachment_mojibake"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, code: str) -> None:
    got = text_of(body, None, "附件.doc")
    assert (got.text, got.problem and got.problem.code) == (None, code)


def test_a_text_that_is_not_whole_is_never_equal_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.attachments.text.MAX_CHARACTERS", 100)
    one, two = (text_of(("同" * 200 + end).encode(), None, "a.txt") for end in "甲乙")
    assert one.text is not None and two.text is not None
    assert one.text[:100] == two.text[:100] == "同" * 100
    assert one.text != two.text
    assert one.problem is not None and one.problem.code == "attachment_not_whole"


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.integers(-(10**9), 10**9), st.text("城东街道 a1<&\n", max_size=8)),
            max_size=5,
        ),
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None)
def test_workbooks_read_as_they_were_written(rows: list[list[object]]) -> None:
    got = text_of(make.xlsx({"表": rows}), None, "a.xlsx").text
    lines = [
        "\t".join("" if v is None else " ".join(str(v).split()) for v in row).rstrip("\t") for row in rows
    ]
    assert (got or "") == "\n".join(line for line in lines if line)


@given(
    st.binary(max_size=400),
    st.sampled_from(["doc", "xls", "docx", "xlsx", "pdf", "rtf", "ofd", "zip", "txt", "html", ""]),
    st.integers(0, 10),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(noise: bytes, ending: str, start: int) -> None:
    got = text_of(HEADS[start] + noise, None, f"a.{ending}")
    assert got.text is not None or got.problem is not None


@given(
    st.sampled_from(["plan.doc", "budget.xls", "plan.docx"]),
    st.lists(st.tuples(st.integers(0, 15_000), st.integers(0, 255)), min_size=1, max_size=30),
)
@settings(max_examples=100, deadline=None)
def test_flipped_bytes_raise_nothing(name: str, changes: list[tuple[int, int]]) -> None:
    body = bytearray((make.FILES / name).read_bytes())
    for place, value in changes:
        body[place % len(body)] = value
    got = text_of(bytes(body), None, name)
    assert got.text is not None or got.problem is not None


def test_bounds_are_what_the_documentation_says() -> None:
    assert (result.MAX_PAGES, result.MAX_CELLS, result.MAX_CHARACTERS) == (2_000, 500_000, 2_000_000)
