"""What is read from PDF and OFD files, and what is said of those that hold no text."""

from __future__ import annotations

import io
import zipfile

import pytest

from crawler.attachments.flow import paragraphs
from crawler.attachments.result import AttachmentText
from crawler.attachments.text import text_of
from tests.crawler import office_files as make

NOTICE = ["关于印发实施方案的通知", "请认真组织实施。"]
TABLE = ["单位名称", "城东街道"]
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def read(body: bytes) -> AttachmentText:
    return text_of(body, None, "a.pdf")


def code(body: bytes) -> str | None:
    problem = read(body).problem
    return problem.code if problem else None


def written(text: str) -> bytes:
    """A string of PDF."""
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


@pytest.mark.parametrize(
    ("turn", "place"),
    [(90, b"0 1 -1 0 100 72 Tm"), (270, b"0 -1 1 0 500 700 Tm"), (180, b"-1 0 0 -1 500 100 Tm")],
)
def test_a_page_that_is_turned_reads_line_by_line(turn: int, place: bytes) -> None:
    body = make.pdf([NOTICE], named=b"UniGB-UCS2-H", place=place, on_page=b"/Rotate %d" % turn)
    assert read(body).text == "\n".join(NOTICE)


def test_what_a_crop_box_cuts_off_is_not_shown() -> None:
    body = make.pdf([[*NOTICE, *[""] * 20, "页边的文字"]], on_page=b"/CropBox[0 600 595 842]")
    assert read(body).text == "\n".join(NOTICE)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([[*TABLE, "46"]], [*TABLE, "46"]),
        ([[*TABLE, "1280"], [*TABLE, "64"]], [*TABLE, "1280", *TABLE, "64"]),
        ([[*TABLE, "-46"]], [*TABLE, "-46"]),
        ([[*TABLE, "46 3200"]], [*TABLE, "46 3200"]),
        ([[*TABLE, "1"]], TABLE),
        ([[*TABLE, "3"], [*TABLE, "4"]], TABLE * 2),
        ([["封面"], [*TABLE, "1"], [*TABLE, "2"]], ["封面", *TABLE * 2]),
        ([[*TABLE, "1/2"], [*TABLE, "2/2"]], TABLE * 2),
        ([["第 1 页 共 2 页", *TABLE]], TABLE),
        ([[*TABLE, "— 7 —"], [*TABLE, "第8页"], [*TABLE, "Page 9 of 9"]], TABLE * 3),
    ],
)
def test_a_page_number_is_told_from_a_tables_last_figure(pages: list[list[str]], expected: list[str]) -> None:
    assert list(paragraphs(pages)) == expected


def test_a_running_title_does_not_stand_amid_a_paragraph() -> None:
    long = "各区人民政府要加强组织领导，明确责任分工，确保改造任务按期完成，切实提升群众的"
    body = [f"第{n}页{long[:-3]}" for n in range(1, 10)]
    pages = [["临江市财政局", *body[at : at + 3], "内部资料", f"— {at} —"] for at in (0, 3, 6)]
    assert list(paragraphs([["封面"], *pages])) == ["封面", "临江市财政局", "".join(body), "内部资料"]
    later = [page[1:] if page is pages[0] else page for page in [*pages, pages[2]]]
    assert "临江市财政局" in list(paragraphs(later))
    closed = [["临江市财政局", f"城东 {n}", f"城西 {n}", "内部资料"] for n in (46, 64, 85)]
    assert list(paragraphs(closed)) == [line for page in closed for line in page]


def test_radicals_that_stand_for_characters_are_those_characters() -> None:
    assert read(make.pdf([["⼀、⼈⺠政府⻓期⽅案"]])).text == "一、人民政府长期方案"


def test_a_font_that_does_not_say_what_it_draws_gives_no_text() -> None:
    got = read(make.pdf([NOTICE * 3], unicode=False))
    assert (got.text, got.problem and got.problem.code) == (None, "attachment_garbled")


def test_letters_that_a_font_does_not_name_are_no_others() -> None:
    got = read(make.pdf([[*NOTICE * 9, "合计46万元"]], unsaid="46"))
    assert got.text is not None and "合计��万元" in got.text
    assert got.problem is not None and got.problem.code == "attachment_not_whole"


def form(*fields: bytes, root: bytes = b"") -> bytes:
    rows = b" ".join(b"%d 0 R" % (6 + n) for n in range(len(fields)))
    box = b"<</Type/Annot/Rect[100 100 300 120]/P 2 0 R%s>>"
    return make.pdf(
        [NOTICE], more=[box % f for f in fields], on_page=b"/Annots[%s]" % rows,
        on_root=b"/AcroForm<</Fields[%s]/DA(/Helv 12 Tf)%s>>" % (rows, root),
    )  # fmt: skip


def test_the_values_of_a_form_are_read() -> None:
    body = form(
        b"/Subtype/Widget/FT/Tx/T(unit)/V%s" % written("城东街道 46万元"),
        b"/Subtype/Widget/FT/Btn/T(open)/V/Yes/AS/Yes/AP<</N<</Yes 5 0 R/Off 5 0 R>>>>",
        b"/Subtype/Widget/FT/Btn/T(shut)/V/Off/AS/Off/AP<</N<</Yes 5 0 R/Off 5 0 R>>>>",
        b"/Subtype/FreeText/Contents%s" % written("更正为64"),
        b"/Subtype/FreeText/F 2/Contents%s" % written("看不见"),
        b"/Subtype/Text/Contents%s" % written("批注"),
    )
    assert (read(body).text or "").splitlines() == [
        *NOTICE,
        "城东街道 46万元",
        "☑ open",
        "□ shut",
        "更正为64",
    ]


def test_a_form_of_another_program_is_said_to_be_one() -> None:
    body = make.pdf([["Please wait..."]], on_root=b"/NeedsRendering true/AcroForm<</Fields[]/XFA 5 0 R>>")
    assert code(body) == "attachment_not_whole"


def test_files_in_a_file_are_read_as_those_of_an_archive() -> None:
    root, objects = make.embedded_in_pdf({"附件1.csv": "单位,46".encode(), "图.png": b"\x89PNG\x00"})
    lines = (read(make.pdf([NOTICE], more=objects, on_root=root)).text or "").splitlines()
    assert lines[:4] == [*NOTICE, "〔附件1.csv〕", "单位,46"]
    assert lines[4].startswith("〔图.png〕（5 bytes, SHA-256 ")


def test_a_stamp_on_a_scanned_page_does_not_make_it_one_of_text() -> None:
    one, two = (read(make.pdf([], image=data * 8, beside="临江市档案馆 2026")) for data in (b"\x10", b"\x90"))
    assert one.text != two.text
    assert one.problem is not None and one.problem.code == "attachment_partly_read"


def test_letters_that_are_drawn_as_shapes_are_no_empty_page() -> None:
    shapes = b"".join(b"%d %d 8 8 re f " % (10 + n % 40 * 12, 10 + n // 40 * 12) for n in range(200))
    body = make.pdf([[""]], place=b"ET " + shapes + b"BT")
    assert code(body) == "attachment_is_scan"
    assert code(make.pdf([[""]])) == "attachment_empty"


def test_a_page_that_cannot_be_read_leaves_the_others() -> None:
    body = make.pdf([NOTICE, ["第二页的文字"]])
    kids = body.index(b"/Kids[") + 6
    broken = body[:kids] + b"4" + body[kids + 1 :]  # a font in the place of the first page
    got = read(broken)
    assert got.text is not None and got.text.startswith("第二页的文字")
    assert got.problem is not None and got.problem.code == "attachment_not_whole"


def ofd(
    pages: list[list[tuple[float, float, str]]], replaced: dict[str, tuple[str, str]], more: dict[str, str]
) -> bytes:
    """An OFD file in which parts, known by the end of their paths, have something replaced."""
    members: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(make.ofd(pages))) as archive:
        for name in archive.namelist():
            members[name] = archive.read(name).decode()
            for end, (old, new) in replaced.items():
                if name.endswith(end):
                    assert old in members[name]
                    members[name] = members[name].replace(old, new)
    return make.zipped({**members, **more})


def test_annotations_of_a_page_are_read() -> None:
    words = "<ofd:TextObject Boundary='20 60 40 5' Size='4'><ofd:TextCode>更正为64</ofd:TextCode></ofd:TextObject>"
    note = f"<ofd:PageAnnot {SPACE}><ofd:Annot><ofd:Appearance>{words}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    place = "<ofd:Page PageID='0'><ofd:FileLoc>P0/A.xml</ofd:FileLoc></ofd:Page>"
    body = ofd(
        [[(20, 30, "正文")]],
        {"Document.xml": ("<ofd:Pages>", "<ofd:Annotations>Annots/All.xml</ofd:Annotations><ofd:Pages>")},
        {
            "Doc_0/Annots/All.xml": f"<ofd:Annotations {SPACE}>{place}</ofd:Annotations>",
            "Doc_0/Annots/P0/A.xml": note,
        },
    )
    assert text_of(body, None, "a.ofd").text == "正文\n更正为64"


def test_a_scanned_page_of_an_ofd_file_is_told_apart() -> None:
    media = "<ofd:MultiMedias><ofd:MultiMedia ID='3'><ofd:MediaFile>i.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>"
    resources = f"<ofd:Res {SPACE} BaseLoc='Res'>{media}</ofd:Res>"
    common = "<ofd:CommonData><ofd:DocumentRes>R.xml</ofd:DocumentRes></ofd:CommonData>"

    def scanned(image: str) -> AttachmentText:
        body = ofd(
            [[(20, 30, "第一页的文字")], []],
            {
                "Page_1/Content.xml": ("<ofd:Layer>", "<ofd:Layer><ofd:ImageObject ResourceID='3'/>"),
                "Document.xml": ("<ofd:Pages>", f"{common}<ofd:Pages>"),
            },
            {"Doc_0/R.xml": resources, "Doc_0/Res/i.jpg": image},
        )  # fmt: skip
        return text_of(body, None, "a.ofd")

    assert scanned("甲").text != scanned("乙").text
    assert (problem := scanned("甲").problem) is not None and problem.code == "attachment_partly_read"
