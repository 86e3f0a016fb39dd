"""Layouts of whole pages: text and labels in one cell of a layout table, elements around both."""

from __future__ import annotations

from datetime import date

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://slj.linjiang.example.gov.cn/tz/1.html"
TITLE = "临江市水利局关于开展汛前检查的通知"
PROSE = "现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。"
TEXT = f"<p>各区水利局：</p><p>　　{PROSE}</p>"
LINE = "发布时间：2031-03-01 来源：局办公室"
FOOT_OF_ITS_OWN = (  # a page of the CMS that its server puts into others
    "<!DOCTYPE html><html><head><meta name=ColumnName content='公共尾'><meta name=others content='页面生成时间 2029-12-14 14:28:01'>"
    "<title>底部</title></head><body><div class='foot'><p>主办单位：临江市水利局</p></div></body></html>"
)


def read(inner: str) -> Disclosure:
    record = extract_page(f"<html><body>{inner}</body></html>".encode(), URL, book=BOOK).disclosure
    assert record is not None
    return record


def layout(*rows: str) -> str:
    return "<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>"


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([LINE, f"{TEXT}<br>附件下载：<a href='1.doc'>检查表.doc</a>"], "附件下载：检查表.doc"),
        ([LINE, f"{TEXT}<p>主题词：水利 防汛</p>"], "主题词：水利 防汛"),
        (["索引号：LJ015/2031-00007", f"{TEXT}<p>公开方式：主动公开</p>"], "公开方式：主动公开"),
        ([f"{LINE}<br>{TEXT}"], f"{PROSE}"),
        ([f"{LINE}<br>各区水利局：<br>　　{PROSE}<br>附件：检查表.doc"], "附件：检查表.doc"),
    ],
    ids=["files", "keywords", "disclosure", "label-first", "lines"],
)
def test_a_short_notice_is_read_whatever_labels_its_cell_holds(rows: list[str], last: str) -> None:
    """The whole cell was taken for metadata: the record had no text, and nothing said so."""
    body = read(layout(TITLE, *rows)).body_text
    assert body is not None
    assert body.split("\n")[:2] == ["各区水利局：", PROSE]
    assert body.split("\n")[-1] == last


@pytest.mark.parametrize(
    "page",
    [
        f"<ul><li><h2>{TITLE}</h2></li><li>{LINE}</li><li>{TEXT}<p>附件：检查表.doc</p></li></ul>",
        f"<dl><dt>{TITLE}</dt><dd>{LINE}</dd><dd>{TEXT}<p>附件：检查表.doc</p></dd></dl>",
    ],
)
def test_a_short_notice_laid_out_as_a_list(page: str) -> None:
    record = read(page)
    assert record.published_on == date(2031, 3, 1)
    assert record.content_source == "局办公室"
    assert record.body_text == f"各区水利局：\n{PROSE}\n附件：检查表.doc"


@pytest.mark.parametrize(
    "card",
    [
        f"<ul><li><i>索引号</i><em>LJ-1</em></li><li><i>内容概述</i><em>{PROSE}</em></li></ul>",
        f"<dl><dt>索引号</dt><dd>LJ-1</dd><dt>内容概述</dt><dd>{PROSE}</dd></dl>",
        f"<table><tr><td><i>索引号</i><em>LJ-1</em></td></tr><tr><td><i>内容概述</i><em>{PROSE}</em></td></tr></table>",
    ],
)
def test_the_summary_of_a_card_without_colons_is_no_text(card: str) -> None:
    record = read(f"<h1>{TITLE}</h1>{card}<div>{TEXT}</div>")
    assert (record.index_number, record.summary) == ("LJ-1", PROSE)
    assert record.body_text == f"各区水利局：\n{PROSE}"


@pytest.mark.parametrize(
    "row", [f"内容概述：{PROSE}", f"内容概述：<p>{PROSE}</p>", f"内容概述</td></tr><tr><td><p>{PROSE}</p>"]
)
def test_the_prose_of_a_summary_is_no_text(row: str) -> None:
    record = read(f"<h1>{TITLE}</h1>{layout('索引号：LJ015/2031-00007', row)}<div>{TEXT}</div>")
    assert record.summary == PROSE
    assert record.body_text == f"各区水利局：\n{PROSE}"


def test_an_element_around_heading_and_text_is_no_furniture() -> None:
    """Named ``list``, it made the heading one of a list."""
    page = f"<div id='list'><div class='tit'><h2>{TITLE}</h2></div><div class='con'>{TEXT}</div></div>"
    assert read(page).title == TITLE
    aside = f"<div id='list'><h2>临江市水利局关于防汛值班的通知</h2></div><h2>{TITLE}</h2><div class='con'>{TEXT}</div>"
    assert read(aside).title == TITLE


def test_a_card_may_stand_between_a_title_without_markup_and_the_text() -> None:
    """The values of the card were taken for the lines before the text."""
    pairs = [
        ("索引号", "LJ015/2031-7"),
        ("发布机构", "临江市水利局"),
        ("发文日期", "2031年3月1日"),
        ("有效性", "有效"),
    ]
    card = "".join(f"<dl><dt>{label}：</dt><dd>{value}</dd></dl>" for label, value in pairs)
    page = f"<div>{TITLE}</div><div class='box'>{card}<dl><dt>主题：</dt><dd>防汛</dd></dl></div><div id='zoom'>{TEXT}</div>"
    assert read(page).title == TITLE


@pytest.mark.parametrize(
    ("note", "number", "cited"),
    [
        ("（2031年3月1日临水规〔2031〕2号公布）", "临水规〔2031〕2号", []),
        (
            "（2031年3月1日临水规〔2031〕2号公布　2033年5月6日临水规〔2033〕4号修订）",
            None,
            ["临水规〔2033〕4号"],
        ),
    ],
)
def test_the_number_in_the_note_under_a_rule_is_its_own(
    note: str, number: str | None, cited: list[str]
) -> None:
    """It was told as cited, and the rule had none."""
    record = read(f"<h1>临江市水利工程管理办法</h1><div id='zoom'><p>{note}</p><p>第一条　{PROSE}</p></div>")
    assert record.document_number == number
    assert [c.document_number for c in record.citations] == cited


def test_the_number_in_the_name_of_the_documents_own_file() -> None:
    def link(name: str) -> str:
        return f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}<p><a href='1.pdf'>{name}.pdf</a></p></div>"

    record = read(link(f"{TITLE}（临水办〔2031〕8号）"))
    assert (record.document_number, record.citations) == ("临水办〔2031〕8号", ())
    assert read(link("临江市水利局关于防汛值班的通知（临水办〔2031〕8号）")).document_number is None


@pytest.mark.parametrize(
    ("folder", "line", "day"),
    [
        ("203102", "<div>时间：2031-02-07 11:18</div>", "2031-02-07"),
        ("203102", "", None),
        ("203302", "", "2033-02-11"),
    ],
    ids=["line", "another-month", "same-month"],
)
@pytest.mark.parametrize("foot", ["", FOOT_OF_ITS_OWN], ids=["", "foot"])
def test_a_pubdate_that_is_the_instant_of_generation(
    folder: str, line: str, day: str | None, foot: str
) -> None:
    """A site that wrote its pages anew gave all of them one PubDate."""
    made = "2033-02-11 21:53:58"
    head = f"<meta name=PubDate content='{made}'><meta name=others content='页面生成时间 {made}'>"
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>{foot}</body></html>"
    got = extract_page(page.encode(), f"https://linjiang.example.gov.cn/tz/{folder}/a.shtml", book=BOOK)
    assert got.disclosure is not None
    assert got.disclosure.published_on == (date.fromisoformat(day) if day else None)
    assert ("generated_not_published" in {p.code for p in got.problems}) == (folder == "203102")


@pytest.mark.parametrize(
    ("listed", "day"), [("2031-02-07", "2031-02-07"), ("2033-02-11", "2033-02-11"), (None, "2033-02-11")]
)
def test_the_day_of_the_list_against_the_instant_of_generation(listed: str | None, day: str) -> None:
    """A page that shows no day and whose address tells no month."""
    made = "2033-02-11 21:53:58"
    head = f"<meta name=PubDate content='{made}'><meta name=others content='页面生成时间 {made}'>"
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div></body></html>"
    hints = {"published_on": listed} if listed else {}
    got = extract_page(
        page.encode(), "https://linjiang.example.gov.cn/c1/c2/content.shtml", book=BOOK, hints=hints
    )
    assert got.disclosure is not None
    assert (str(got.disclosure.published_on), got.disclosure.published_at is None) == (
        day,
        listed == "2031-02-07",
    )


def test_a_title_of_question_marks_is_none() -> None:
    """What is left where a server's character set has no Chinese."""
    page = f"<head><meta name=ArticleTitle content='????5G????????'></head><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"
    assert read(page).title == TITLE


def test_a_day_glued_to_the_label_behind_it() -> None:
    """Style sheets part what markup does not: neither the day nor the source was read."""
    record = read(
        f"<h1>{TITLE}</h1><div class='d'>2031-03-01 10:22<span>来源：局办公室</span></div><div id='zoom'>{TEXT}</div>"
    )
    assert (record.published_on, record.content_source) == (date(2031, 3, 1), "局办公室")


@pytest.mark.parametrize(
    "words",
    [
        f"{TITLE}<small>(2031年3月1日)</small>",
        f"<span id='ivs_title'>{TITLE}</span><small>发布日期：2031-03-01 印发日期：2031-02-20</small>",
    ],
)
def test_a_class_that_spaces_a_heading_is_no_place(words: str) -> None:
    """``no-margin-top`` was read as a top bar."""
    record = read(f"<div><h2 class='no-margin-top'>{words}</h2><div id='ivs_content'>{TEXT}</div></div>")
    assert (record.title, record.published_on) == (TITLE, date(2031, 3, 1))


def test_a_file_that_a_viewers_script_names() -> None:
    script = '<script>var pdfurl = "/module/download/downfile.jsp?filename=a1.pdf&classid=0";show(pdfurl);</script>'
    files = read(f"<h1>{TITLE}</h1><div id='zoom'>{script}</div>").attachments
    assert [f.url for f in files] == [
        "https://slj.linjiang.example.gov.cn/module/download/downfile.jsp?filename=a1.pdf&classid=0"
    ]


def test_a_file_of_a_short_name_is_all_that_a_page_holds() -> None:
    """Less than a line in the text's element: the page was no document."""
    files = read("<div class='zoom'><p><a href='/f.pdf'>第二批.pdf</a></p></div>").attachments
    assert [f.name for f in files] == ["第二批.pdf"]


def test_a_state_with_a_space_in_it() -> None:
    cells = "<tr><td>索引号</td><td>LJ-1</td></tr><tr><td>有 效 性：</td><td>有 效</td></tr>"
    assert read(f"<h1>{TITLE}</h1><table>{cells}</table><div id='zoom'>{TEXT}</div>").validity == "valid"


_UNSEEN = "<span style='display: none'>17</span>"


@pytest.mark.parametrize(
    "card",
    [
        f"<table><tr><td>索引号</td><td>LJ-1{_UNSEEN}</td><td>文号</td><td>{_UNSEEN}临政发〔2031〕3号</td></tr></table>",
        f"<ul><li><i>索引号</i><em>LJ-1{_UNSEEN}</em></li><li>文号：临政发〔2031〕3号{_UNSEEN}</li></ul>",
        f"<div>索引号：LJ-1{_UNSEEN}</div><div>文号：<b>临政发〔2031〕3号{_UNSEEN}</b></div>",
    ],
)
def test_what_is_hidden_in_a_value_is_no_part_of_it(card: str) -> None:
    record = read(f"{card}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert (record.index_number, record.document_number) == ("LJ-1", "临政发〔2031〕3号")


@pytest.mark.parametrize(
    "card",
    [
        "<table style='display:none'><tr><td>索引号</td><td>LJ-1</td><td>文号</td><td>临政发〔2031〕3号</td></tr></table>",
        "<table><tr><td>索引号</td><td><span style='display:none'>LJ-1</span></td><td>文号</td><td>临政发〔2031〕3号</td></tr></table>",
        "<ul><li>索引号：<i style='display:none'>LJ-1</i></li><li>文号：临政发〔2031〕3号</li></ul>",
    ],
)
def test_a_hidden_card_or_value_is_read(card: str) -> None:
    record = read(f"{card}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert (record.index_number, record.document_number) == ("LJ-1", "临政发〔2031〕3号")


@pytest.mark.parametrize("wrap", ["{}", "<div>{}</div>", "<div><b>{}</b></div>"], ids=["bare", "div", "bold"])
def test_the_text_is_in_the_row_below_its_label(wrap: str) -> None:
    rows = [
        "索 引 号：LJ015/2031-00007",
        f"信息名称：{TITLE}",
        "内 容 描 述",
        "开展汛前检查。",
        "信 息 内 容",
    ]
    record = read(layout(*map(wrap.format, rows), f"<div>{TEXT}<p>局办公室</p></div>"))
    assert record.body_text == f"各区水利局：\n{PROSE}\n局办公室"
    assert (record.summary, record.index_number) == ("开展汛前检查。", "LJ015/2031-00007")


@pytest.mark.parametrize(
    "line",
    [
        "<div><span>临金罚</span><span>决字〔2031〕36号</span></div>",
        "<p><b>临金罚决字</b><font>〔2031〕</font><font>36号</font></p>",
    ],
)
def test_a_number_under_the_title_in_pieces_is_one(line: str) -> None:
    assert (
        read(f"<h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>").document_number == "临金罚决字〔2031〕36号"
    )


def test_a_day_under_the_title_in_pieces_is_one() -> None:
    line = "<div><span>2031年3</span><span>月1日</span></div>"
    assert read(f"<h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>").published_on == date(2031, 3, 1)


CARD = (
    "<table><tr><td>{title}</td><td>临江市人民政府关于印发临江市节水办法的通知</td></tr><tr><td>文号</td><td>临政发〔2031〕3号</td></tr>"
    "<tr><td>发文机关</td><td>临江市人民政府</td></tr><tr><td>成文日期</td><td>2031-02-20</td></tr></table>"
)
EXPLAINED = "<div class='con_zw'><p>近日，市政府印发《临江市节水办法》，现解读如下：</p><p>一、制定背景。</p><p>二、主要内容。</p></div>"


@pytest.mark.parametrize("label", ["文件名称", "标题", "名称"])
@pytest.mark.parametrize(
    "heading", ["《临江市节水办法》解读", "一图读懂临江市节水办法", "市水利局负责人就节水办法答记者问"]
)
def test_a_card_of_the_document_that_a_page_explains(label: str, heading: str) -> None:
    page = f"<h2 class='title'>{heading}</h2><div>发布时间：2031-03-05　来源：市水利局</div>{CARD.format(title=label)}{EXPLAINED}"
    record = read(page)
    assert record.title == heading
    assert record.document_number is None
    assert record.issuing_body is None
    assert record.issued_on is None
    assert str(record.published_on) == "2031-03-05"


def test_a_card_that_names_the_explanation_is_its_own() -> None:
    card = CARD.format(title="标题").replace(
        "临江市人民政府关于印发临江市节水办法的通知", "《临江市节水办法》政策解读"
    )
    record = read(f"<h2 class='title'>《临江市节水办法》政策解读</h2>{card}{EXPLAINED}")
    assert record.issuing_body == "临江市人民政府"
    assert record.document_number == "临政发〔2031〕3号"


def test_a_text_of_the_names_of_files_is_none_of_its_own() -> None:
    link = "<p><a href='/u/1.pdf'>临江市第一中学2031年部门决算公开报告.pdf</a></p>"
    page = f"<h1>临江市第一中学2031年部门决算</h1><div id='zoom'><p>附件：</p>{link}</div>"
    got = extract_page(page.encode(), "https://x.example.gov.cn/1.html", book=BOOK)
    assert [p.code for p in got.problems] == ["body_in_attachment"]


def test_numbered_labels_of_subjects() -> None:
    card = (
        "<table><tr><td>信息索引号</td><td>014/2031-1</td><td>主题(一)</td><td>综合政务</td></tr>"
        "<tr><td>主题（二）</td><td>其他</td><td>体裁</td><td>决定</td></tr></table>"
    )
    record = read(f"<h1>{TITLE}</h1>{card}<div id='zoom'>{TEXT}</div>")
    assert record.subject_category == "综合政务"
    assert record.genre == "决定"


def test_a_title_with_its_day_is_no_line_of_a_text_found_by_density() -> None:
    page = f"<title>某局 &gt; {TITLE}</title><div class='k1'><div class='k2'>{TITLE}<span>【2031-03-05】</span></div>{TEXT}</div>"
    record = read(page)
    assert record.title == TITLE
    assert record.body_text is not None
    assert record.body_text.startswith("各区水利局：")


VALUES = {
    "索 引 号": "LJ/2031-5",
    "发布机构": "市水利局",
    "文　　号": "临水〔2031〕5号",
    "发布日期": "2031-03-01",
    "有 效 性": "",
}


@pytest.mark.parametrize("colon", ["", "："])
@pytest.mark.parametrize("pair", ["<dl><dt>{}{}</dt><dd>{}</dd></dl>", "<ul><li>{}{}</li><li>{}</li></ul>"])
@pytest.mark.parametrize(
    "page",
    [
        "<h1>{title}</h1><div>{card}</div><div id='zoom'>{text}</div>",
        "<h1>{title}</h1>{card}<div>来源：办公室　浏览：7</div><div id='zoom'>{text}</div>",
        "{card}<h1>{title}</h1><div id='zoom'>{text}</div>",
        "<h1>{title}</h1><div id='zoom'>{card}{text}</div>",
        "<div><h2>{title}</h2>{card}{text}</div>",
    ],
)
def test_a_card_of_which_each_row_is_a_list(pair: str, colon: str, page: str) -> None:
    card = "".join(pair.format(label, colon, value) for label, value in VALUES.items())
    record = read(page.format(title=TITLE, card=card, text=TEXT))
    assert (record.title, record.index_number, record.issuing_body) == (TITLE, "LJ/2031-5", "市水利局")
    assert (record.document_number, record.published_on) == ("临水〔2031〕5号", date(2031, 3, 1))
    assert (record.body_text or "").split("\n")[0] == "各区水利局："


@pytest.mark.parametrize(
    ("shown", "source"),
    [
        ('<span alt="来源：临江市水利局办公室">来源：临江市水…</span>', "临江市水利局办公室"),
        ('来源：<span title="临江市水利局办公室">临江市水...</span>', "临江市水利局办公室"),
        ('<span title="来源的说明">来源：临江市水利局</span>', "临江市水利局"),
    ],
)
def test_a_value_that_is_cut_is_taken_whole_from_its_attribute(shown: str, source: str) -> None:
    record = read(
        f"<h1>{TITLE}</h1><p><span>编辑时间：2031-03-01</span> {shown}</p><div id='zoom'>{TEXT}</div>"
    )
    assert (record.content_source, record.published_on) == (source, date(2031, 3, 1))
