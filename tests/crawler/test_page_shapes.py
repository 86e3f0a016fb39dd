"""Where else pages of old and new templates keep what they say: form fields, icons, players, lone lines."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "关于开展汛前检查的通知"
TEXT = (
    "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。</p>"
    "<p>特此通知。</p>"
)


def read(markup: str, title: str = "临江市人民政府") -> Disclosure:
    page = f"<html><head><title>{title}</title></head><body>{markup}</body></html>"
    record = extract_page(
        page.encode(), "https://slj.linjiang.example.gov.cn/tz/1.html", book=BOOK
    ).disclosure
    assert record is not None, markup
    return record


def field(value: str, kind: str = "readonly") -> str:
    return f"<input type='text' {kind} value='{value}'>"


@pytest.mark.parametrize("kind", ["readonly", "disabled", "readonly='readonly'", "disabled=''"])
def test_values_in_fields_that_nobody_can_fill_in(kind: str) -> None:
    card = (
        f"<form><table><tr><td>索引号</td><td>{field('LJ-2031-12', kind)}</td><td>文号</td><td>{field('临水〔2031〕15号', kind)}</td></tr>"
        f"<tr><td>标题</td><td colspan='3'>{field(TITLE, kind)}</td></tr>"
        f"<tr><td>发布机构</td><td>{field('临江市水利局', kind)}</td>"
        f"<td>发布日期</td><td>{field('2031-04-03', kind)}</td></tr></table></form>"
    )
    record = read(f"{card}<div id='zoom'>{TEXT}</div>")
    told = (
        record.index_number,
        record.document_number,
        record.title,
        record.issuing_body,
        str(record.published_on),
    )
    assert told == ("LJ-2031-12", "临水〔2031〕15号", TITLE, "临江市水利局", "2031-04-03")
    assert (record.body_text or "").startswith("各区水利局：")


def test_a_form_to_search_with_says_nothing_of_the_document() -> None:
    hidden = "<label>索引号：</label><input type='hidden' readonly value='X-1'>"
    form = f"<form><label>文号：</label>{field('临水〔2030〕1号', '')}{hidden}</form>"
    record = read(f"{form}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert (record.document_number, record.index_number) == (None, None)


@pytest.mark.parametrize("tag", ["div", "span"])
def test_a_file_that_a_player_shows(tag: str) -> None:
    player = (
        f"<{tag} class='wp_pdf_player' pdfsrc='/_upload/article/files/a/b/ys.pdf' "
        f"""sudyfile-attr="{{'title':'2031年部门预算.pdf'}}"></{tag}>"""
    )
    record = read(
        f"<h1>临江市水利局2031年部门预算公开</h1><div class='wp_articlecontent'><p>现予以公开。</p>{player}</div>"
    )
    assert [(a.name, a.url.rpartition("/")[2]) for a in record.attachments] == [
        ("2031年部门预算.pdf", "ys.pdf")
    ]


def test_a_player_without_a_name_has_that_of_its_file() -> None:
    player = "<div class='pdf-box' data-pdfsrc='/files/ys.pdf'></div><div pdfurl='/files/js.pdf'></div>"
    record = read(f"<h1>临江市水利局2031年部门预算公开</h1><div id='zoom'><p>现予以公开。</p>{player}</div>")
    assert [a.name for a in record.attachments] == ["ys.pdf", "js.pdf"]


def test_a_picture_that_a_script_makes_a_viewer_of_is_the_file_s_first_page() -> None:
    shown = '<img data-uitype="pdf" data-powerurl="/Upload/pdf/xxj.pdf" src="/Upload/pdf/xxj_new.png">'
    record = read(
        f"<h1>临江市2031年材料信息价</h1><p>发布时间：2031-03-11</p><div class='conTxt'><p>{shown}</p></div>"
    )
    assert [a.url.rpartition("/")[2] for a in record.attachments] == ["xxj.pdf"]


def test_a_day_behind_a_title_yields_to_one_with_a_label() -> None:
    head = "<h1>在全市水利工作会议上的讲话<br><span>（2031年3月5日）</span></h1><div class='k2'>来源：市政府办　时间：2031-03-08</div>"
    record = read(f"{head}<div id='zoom'>{TEXT}</div>")
    assert (record.title, str(record.published_on)) == ("在全市水利工作会议上的讲话", "2031-03-08")


@pytest.mark.parametrize("day", ["（2031年3月5日）", "(2031年3月5日)", "（二〇三一年三月五日）"])
def test_a_day_in_words_in_brackets_under_a_title_is_that_of_the_document(day: str) -> None:
    for page in (
        f"<div class='k1'><h2>{TITLE}</h2><div class='k2'>{day}</div><div id='zoom'>{TEXT}</div></div>",
        f"<div class='k1'><h2>{TITLE}</h2><p>{day}</p><p>发布时间：2031-03-08</p><div id='zoom'>{TEXT}</div></div>",
    ):
        record = read(page)
        assert str(record.issued_on) == "2031-03-05"
        assert str(record.published_on) in ("None", "2031-03-08")


def test_a_state_alone_beside_labels() -> None:
    card = "<ul><li>成文日期：2031-03-01</li><li>字体：【大】【中】【小】</li><li>全文有效</li></ul>"
    record = read(f"<h1>{TITLE}</h1>{card}<div class='arc_cont'>{TEXT}</div>")
    assert (record.validity, str(record.issued_on)) == ("valid", "2031-03-01")


def test_labels_and_values_in_elements_of_their_own_without_colons() -> None:
    line = "<span>发布时间</span><em>2031-05-08</em><span>来源</span><em>市水利局</em><span>浏览次数</span><em>33</em>"
    record = read(f"<h3>{TITLE}</h3><div class='k2'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert (str(record.published_on), record.content_source) == ("2031-05-08", "市水利局")


@pytest.mark.parametrize(
    "menu",
    [
        "<table><tr><td><a href='/'>首页</a> | <a href='/a/'>镇情概况</a> | <a href='/b/'>政务公开</a></td></tr></table>",
        "<div><a href='/'>首页</a>&nbsp;<a href='/a/'>镇情概况</a>&nbsp;<a href='/b/'>政务公开</a></div>",
        "<p>【<a href='/'>首页</a>】【<a href='/a/'>镇情概况</a>】【<a href='/b/'>政务公开</a>】</p>",
    ],
)
@pytest.mark.parametrize("line", ["临江市水利局　2031-03-01", "2031-03-01 10:20 临江市水利局", "2031-03-01"])
def test_a_menu_and_a_line_without_labels_around_a_title_without_markup(menu: str, line: str) -> None:
    head = f"<center><font size=5><b>{TITLE}</b></font><br><br><font size=2>{line}</font></center><hr>"
    record = read(
        f"{menu}{head}{TEXT}<div align=right>临江市水利局</div><div align=right>2031年2月27日</div>"
    )
    assert (record.title, str(record.published_on)) == (TITLE, "2031-03-01")
    body = (record.body_text or "").split("\n")
    assert (body[0], body[-1]) == ("各区水利局：", "2031年2月27日")


def test_links_that_are_a_text_are_no_menu() -> None:
    files = "<p><a href='/1.doc'>表一</a> <a href='/2.doc'>表二</a> <a href='/3.doc'>表三</a></p>"
    names = "<p>下列单位：<a href='/1.html'>甲公司</a>、<a href='/2.html'>乙公司</a>、<a href='/3.html'>丙公司</a>。</p>"
    body = read(f"<h1>{TITLE}</h1><div class='k4'>{TEXT}{files}{names}</div>").body_text or ""
    assert "表一 表二 表三" in body
    assert "甲公司、乙公司、丙公司" in body


def test_a_file_in_the_cell_behind_its_label() -> None:
    row = "<tr><td>附件</td><td><a href='/u/qz.xlsx'>权责清单.xlsx</a></td><td><a href='/u/qz.xlsx'>下载</a></td></tr>"
    record = read(f"<div class='k1'><h3>临江市水利局权责清单（2031年版）</h3><table>{row}</table></div>")
    assert [a.name for a in record.attachments] == ["权责清单.xlsx"]


def test_files_under_a_title_without_any_text() -> None:
    head = "<h1>临江市人民政府公报2031年第6期</h1><div class='i'>发布时间：2031-06-30</div>"
    file = "<div class='c'><a href='/gb/202106.pdf'><img src='/gb/fm.jpg'></a><p><a href='/gb/202106.pdf'>点击下载</a></p></div>"
    other = "<div class='foot1'><ul><li><a href='/app/client.zip'>客户端</a></li></ul></div>"
    record = read(f"<div class='w'><div class='k1'>{head}{file}</div></div><div class='v'>{other}</div>")
    assert [a.url.rpartition("/")[2] for a in record.attachments] == ["202106.pdf"]


ORDER = (
    "<p>《临江市超限运输管理规定》已经会议审议通过，现予公布，自2031年6月1日起施行。</p>"
    "<p>市交通运输局局长　张某</p><p>2031年3月30日</p><p>第一条 为了加强超限运输管理，制定本规定。</p>"
)


@pytest.mark.parametrize(
    ("head", "bodies"),
    [
        (("临江市交通运输局", "临江市公安局令", "2031年第3号"), ("临江市交通运输局", "临江市公安局")),
        (
            ("临江市交通运输局", "临江市公安局", "临江市财政局公告", "2031年第3号"),
            ("临江市交通运输局", "临江市公安局", "临江市财政局"),
        ),
        (("临江市交通运输局令", "2031年第3号"), ("临江市交通运输局",)),
        (("临江市交通运输局令 第 42 号",), ("临江市交通运输局",)),
        (("临江市超限运输管理规定", "临江市交通运输局令 第 42 号"), ("临江市交通运输局",)),
        (("国家税务总局", "临江市税务局公告", "2031年第3号"), ("国家税务总局临江市税务局",)),
        (("中华人民共和国", "国务院令", "第3号"), ("中华人民共和国国务院",)),
    ],
)
def test_who_gives_an_order(head: tuple[str, ...], bodies: tuple[str, ...]) -> None:
    lines = "".join(f"<p align='center'>{line}</p>" for line in head)
    record = read(f"<h1>临江市超限运输管理规定</h1><div id='zoom'>{lines}{ORDER}</div>")
    assert record.issuing_bodies == bodies
