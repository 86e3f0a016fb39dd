"""What is read from Word's XML files: what Word shows once every tracked change is accepted, and the same however it was saved."""

from __future__ import annotations

import io
import zipfile

import pytest

from crawler.attachments.numbering import chinese, numeral
from crawler.attachments.text import text_of
from tests.crawler import office_files as make

NOTICE = "关于印发城镇老旧小区改造实施方案的通知"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="r" xmlns:a="a" xmlns:v="v" xmlns:wp="wp" xmlns:c="c" xmlns:dgm="dgm" xmlns:mc="mc"'
    ' xmlns:aml="aml" xmlns:wx="wx" xmlns:o="o"'
)


def p(*content: str, properties: str = "") -> str:
    """A paragraph of runs: text, or markup of its own."""
    runs = (c if c.startswith("<") else f"<w:r><w:t xml:space='preserve'>{c}</w:t></w:r>" for c in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def field(instruction: str, result: str = "", data: str = "") -> str:
    mark = "<w:r><w:fldChar w:fldCharType='{}'>{}</w:fldChar></w:r>".format
    begin = mark("begin", data) + f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
    inner = mark("separate", "") + f"<w:r><w:t>{result}</w:t></w:r>" if result else ""
    return begin + inner + mark("end", "")


def part(root: str, content: str) -> str:
    return f"<w:{root} {SPACES}>{content}</w:{root}>"


def docx(body: str, *related: tuple[str, str, str | bytes]) -> bytes:
    """A document; ``related`` are (kind of the relation, path, part), known as r1, r2, …"""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{KIND}{kind}" Target="{name}"/>'
        for n, (kind, name, _) in enumerate(related, 1)
    )
    members = {
        "[Content_Types].xml": make.CONTENT_TYPES,
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
    }
    members["word/_rels/document.xml.rels"] = f"<Relationships>{rows}</Relationships>"
    return make.zipped({**members, **{f"word/{name}": content for _, name, content in related}})


def text(body: bytes) -> str | None:
    return text_of(body, None, "a.docx").text


def numbering(*levels: tuple[str, str], more: str = "") -> tuple[str, str, str]:
    described = "".join(
        f"<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{shown}'/></w:lvl>"
        for n, (form, shown) in enumerate(levels)
    )
    lists = f"<w:abstractNum w:abstractNumId='0'>{described}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    return ("numbering", "numbering.xml", part("numbering", lists + more))


def item(depth: int, key: int = 1) -> str:
    return f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{key}'/></w:numPr>"


def style(name: str, content: str) -> str:
    return f"<w:style w:styleId='{name}'>{content}</w:style>"


OUTLINE = numbering(("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%1.%3"))
RESTARTED = "<w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num>"
CHECK_BOX = "<w:ffData><w:checkBox><w:default w:val='{}'/></w:checkBox></w:ffData>"
CHOICE = "<w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='主动'/><w:listEntry w:val='依申请'/></w:ddList></w:ffData>"
SYMBOL = "<w:r><w:sym w:font='Wingdings' w:char='{}'/></w:r>"
CHART = (
    "<c:chartSpace {}><c:ser><c:tx><c:v>收入</c:v></c:tx><c:val><c:v>{}</c:v></c:val></c:ser></c:chartSpace>"
)
DIAGRAM = f"<dgm:dataModel {SPACES}><dgm:t><a:p><a:r><a:t>办公室</a:t></a:r></a:p></dgm:t><dgm:t><a:p/></dgm:t></dgm:dataModel>"
MHT = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>网页正文</p></body></html>".encode()
IF = (
    "<w:r><w:instrText> IF </w:instrText></w:r>"
    + field("MERGEFIELD x", "甲")
    + "<w:r><w:instrText> = 1 </w:instrText></w:r>"
)
BEGIN, SEPARATE, END = (
    f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")
)
DELETED_END = "<w:rPr><w:del/></w:rPr>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (docx(p("前", properties=DELETED_END) + p("后")), "前后"),
        (
            docx(
                "<w:tbl><w:tr><w:tc>"
                + p("外")
                + "<w:tbl><w:tr><w:tc>"
                + p("内")
                + "</w:tc><w:tc>"
                + p("里")
                + "</w:tc></w:tr></w:tbl></w:tc><w:tc>"
                + p("右")
                + "</w:tc></w:tr></w:tbl>"
            ),
            "外 内 里\t右",
        ),
        (
            docx(
                "<mc:AlternateContent><mc:Choice>"
                + p("中")
                + "</mc:Choice><mc:Fallback>"
                + p("中")
                + "</mc:Fallback></mc:AlternateContent>"
            ),
            "中",
        ),
        (docx(p(BEGIN, IF, SEPARATE, "一级", END)), "一级"),
        (docx(p("序", field("eq \\o\\ac(○,密)"), "级")), "序密级"),
        (docx(p("详见", field("HYPERLINK x", "网站"), "。")), "详见网站。"),
        (docx(p("前文", BEGIN, "<w:r><w:instrText>PAGE</w:instrText></w:r>") + p("后文")), "前文\n后文"),
        (docx(p("类别：", field("FORMDROPDOWN", data=CHOICE))), "类别：依申请"),
        (
            docx(
                p(
                    field("FORMCHECKBOX", data=CHECK_BOX.format(1)),
                    "是",
                    field("FORMCHECKBOX", data=CHECK_BOX.format(0)),
                    "否",
                )
            ),
            "☑是□否",
        ),
        (docx(p("是", SYMBOL.format("F0FE"), "否", SYMBOL.format("F0A8"))), "是☑否□"),
        (docx(p("<w:r><w:rPr><w:rFonts w:ascii='Wingdings'/></w:rPr><w:t>\uf0fe</w:t></w:r>", "是")), "☑是"),
        (
            docx(
                p(
                    "<w:ruby><w:rt><w:r><w:t>lín</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>临</w:t></w:r></w:rubyBase></w:ruby>",
                    "江",
                )
            ),
            "临江",
        ),
        (
            docx(
                p("总则", properties=item(0))
                + p("目的", properties=item(1))
                + p("依据", properties=item(1))
                + p("附则", properties=item(0))
                + p("施行", properties=item(1)),
                OUTLINE,
            ),
            "一、总则\n（一）目的\n（二）依据\n二、附则\n（一）施行",
        ),
        (
            docx(
                p("甲", properties=item(0)) + p("乙", properties=item(0)) + p("丙", properties=item(0, 2)),
                numbering(("decimal", "第%1条"), more=RESTARTED),
            ),
            "第1条 甲\n第2条 乙\n第1条 丙",
        ),
        (
            docx(
                p("甲", properties="<w:pStyle w:val='B'/>"),
                numbering(("upperRoman", "%1")),
                (
                    "styles",
                    "styles.xml",
                    part(
                        "styles",
                        style("A", "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>")
                        + style("B", "<w:basedOn w:val='A'/>"),
                    ),
                ),
            ),
            "I 甲",
        ),
        (docx(p("要点", properties=item(0)), numbering(("bullet", "\uf0b7"))), "要点"),
        (
            docx(
                p("见图", "<c:chart r:id='r1'/>"),
                ("chart", "charts/chart1.xml", CHART.format(SPACES, "46.50")),
            ),
            "见图\n收入\t46.5",
        ),
        (
            docx(p("机构", "<dgm:relIds r:dm='r1'/>"), ("diagramData", "diagrams/data1.xml", DIAGRAM)),
            "机构\n办公室",
        ),
        (
            docx(p("前") + "<w:altChunk r:id='r1'/>" + p("后"), ("aFChunk", "chunk.mht", MHT)),
            "前\n网页正文\n后",
        ),
        (
            docx(
                p("前", "<o:OLEObject r:id='r1'/>"),
                ("package", "embeddings/a.xlsx", make.xlsx({"表": [["单位", 46]]})),
            ),
            "前\n单位\t46",
        ),
        (
            docx(p("<w:r><w:pict><v:shape><v:textpath string='样稿'/></v:shape></w:pict></w:r>", "文")),
            "样稿\n文",
        ),
        (b"\r\n" + docx(p(NOTICE)), NOTICE),
        (docx("<w:p><w:r><w:t>第一\n  行\t字</w:t></w:r></w:p>"), "第一 行 字"),
    ],
)
def test_a_document_reads_as_word_shows_it(body: bytes, expected: str) -> None:
    assert text(body) == expected


def test_hidden_words_are_said_to_be_left_out() -> None:
    styles = part("styles", style("z", "<w:rPr><w:vanish/></w:rPr>"))
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>不</w:t></w:r>"
    body = docx(
        p("可见", hidden) + p("窗体顶端", properties="<w:pStyle w:val='z'/>"),
        ("styles", "styles.xml", styles),
    )
    got = text_of(body, None, "a.docx")
    assert got.text == "可见不"
    assert got.problem is not None and got.problem.code == "attachment_partly_read"


def headed(header: str, footer: str, kind: str = "default") -> bytes:
    section = f"<w:sectPr><w:headerReference w:type='{kind}' r:id='r1'/><w:footerReference w:type='default' r:id='r2'/></w:sectPr>"
    return docx(
        p("正文") + section,
        ("header", "header1.xml", part("hdr", p(header))),
        ("footer", "footer1.xml", part("ftr", p(footer))),
    )


def test_headers_and_footers_are_read_once_without_page_numbers() -> None:
    one, two = (headed("财政局文件", f"— {n} —") for n in (3, 12))
    assert text(one) == text(two) == "正文\n财政局文件"
    assert text(headed("财政局文件", "第" + "3" + "页 共5页", "first")) == "正文"
    assert text(headed("财政局文件（草案）", "财政局文件（草案）")) == "正文\n财政局文件（草案）"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (p(NOTICE), p(*NOTICE)),
        (p("the plan of 2026"), p(*"the plan of 2026")),
        (
            p(NOTICE),
            "<w:p w:rsidR='1'><w:proofErr/><w:bookmarkStart/><w:r><w:rPr><w:b/></w:rPr><w:lastRenderedPageBreak/>"
            f"<w:t>{NOTICE}</w:t></w:r></w:p>",
        ),
        (p(NOTICE), p(NOTICE) + "<w:p/>" + p("<w:r><w:br/></w:r>")),
        (p("总则", field("PAGEREF _1", "7")), p("总则", field("PAGEREF _1", "12"))),
        (p("打印于", field("DATE", "2026-3-1")), p("打印于", field("DATE", "2026-4-9"))),
        (
            p("共", "<w:fldSimple w:instr=' NUMPAGES '><w:r><w:t>3</w:t></w:r></w:fldSimple>"),
            p("共", "<w:fldSimple w:instr=' NUMPAGES '><w:r><w:t>5</w:t></w:r></w:fldSimple>"),
        ),
    ],
)
def test_what_saving_again_changes_makes_no_difference(one: str, two: str) -> None:
    assert text(docx(one)) == text(docx(two)) != ""


def test_the_order_of_the_parts_makes_no_difference() -> None:
    body = docx(p(NOTICE), ("core", "core.xml", "<a/>"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for info in reversed(old.infolist()):
            new.writestr(info.filename, old.read(info))
    assert text(out.getvalue()) == text(body) == NOTICE


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("numbering", "numbering.xml"),
        ("styles", "styles.xml"),
        ("chart", "charts/c.xml"),
        ("header", "header1.xml"),
    ],
)
def test_a_broken_part_beside_the_text_does_not_lose_the_text(kind: str, name: str) -> None:
    section = (
        "<w:sectPr><w:headerReference w:type='default' r:id='r1'/></w:sectPr>" if kind == "header" else ""
    )
    one, two = (
        text_of(docx(p(NOTICE, "<c:chart r:id='r1'/>") + section, (kind, name, broken)), None, "a.docx")
        for broken in ("<w:a", "<w:b><")
    )
    assert one.text is not None and one.text.startswith(NOTICE)
    assert one.problem is not None and one.problem.code == "attachment_partly_read"
    assert (one.text == two.text) == (kind in ("numbering", "styles"))


PICTURE = "<w:r><w:drawing><wp:extent cx='5274310' cy='7460000'/><a:blip r:embed='r1'/></w:drawing></w:r>"


def test_a_picture_as_large_as_a_page_is_told_apart() -> None:
    one, two = (
        docx(p("正文") + p(PICTURE), ("image", "media/image1.jpeg", b"\xff\xd8" + data * 50))
        for data in (b"a", b"b")
    )
    assert text(one) != text(two)
    small = PICTURE.replace("7460000", "746000")
    one, two = (
        docx(p("正文") + p(small), ("image", "media/image1.jpeg", data * 50)) for data in (b"a", b"b")
    )
    assert text(one) == text(two) == "正文"


def test_a_document_of_pictures_is_said_to_be_one() -> None:
    got = text_of(docx(p(PICTURE), ("image", "media/image1.jpeg", b"\xff\xd8")), None, "a.docx")
    assert (got.text, got.problem and got.problem.code) == (None, "attachment_is_scan")


OLD = "<w:wordDocument {} xmlns:x='http://schemas.microsoft.com/office/word/2003/wordml'><w:body><wx:sect>{}</wx:sect></w:body></w:wordDocument>"
NOTE = "<aml:annotation w:type='Word.{}'><aml:content>{}</aml:content></aml:annotation>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            p(
                "罚款",
                NOTE.format("Deletion", "<w:r><w:t>5</w:t></w:r>"),
                NOTE.format("Insertion", "<w:r><w:t>3</w:t></w:r>"),
                "万元",
            ),
            "罚款3万元",
        ),
        (NOTE.format("Insertion", p("整段")), "整段"),
        (p("正文", NOTE.format("Comment", p("批注"))), "正文"),
        (p("正文", "<w:r><w:footnote>" + p("脚注") + "</w:footnote></w:r>", "续"), "正文续\n脚注"),
        (p("正文", properties="<w:sectPr><w:hdr>" + p("文件头") + "</w:hdr></w:sectPr>"), "正文\n文件头"),
        (
            p("总则", properties="<w:listPr><wx:t wx:val='一、'/></w:listPr>")
            + p("要点", properties="<w:listPr><wx:t wx:val='·'/></w:listPr>"),
            "一、总则\n要点",
        ),
    ],
)
def test_the_xml_of_2003_reads_as_word_shows_it(body: str, expected: str) -> None:
    assert text_of(OLD.format(SPACES, body).encode(), None, "a.doc").text == expected


def test_a_package_in_one_xml_file_has_its_notes() -> None:
    parts = part("document", f"<w:body>{p('正文')}</w:body>") + part(
        "footnotes", f"<w:footnote>{p('脚注')}</w:footnote>"
    )
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    assert (
        text_of(f"<k:package xmlns:k='{space}'>{parts}</k:package>".encode(), None, "a.doc").text
        == "正文\n脚注"
    )


@pytest.mark.parametrize(
    ("n", "form", "shown"),
    [
        (10, "chineseCounting", "十"),
        (23, "chineseCountingThousand", "二十三"),
        (101, "chineseCountingThousand", "一百零一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (2, "ideographTraditional", "乙"),
        (28, "upperLetter", "BB"),
        (49, "lowerRoman", "xlix"),
        (7, "decimalZero", "07"),
        (5, "cardinalText", "5"),
        (21, "decimalEnclosedCircle", "21"),
    ],
)
def test_numbers_of_lists(n: int, form: str, shown: str) -> None:
    assert numeral(n, form) == shown


def test_chinese_numbers_leave_no_zero_out() -> None:
    digits, units = "〇一二三四五六七八九", "十百千"
    assert [chinese(n, digits, units) for n in (110, 1001, 1010, 2020, 9999)] == [
        "一百一十", "一千零一", "一千零一十", "二千零二十", "九千九百九十九",
    ]  # fmt: skip
