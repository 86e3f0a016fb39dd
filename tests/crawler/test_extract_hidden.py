"""What a reader does not see within a line is no part of a value, a title or a text; labels that markup takes apart."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://slj.linjiang.example.gov.cn/tz/1.html"
TITLE = "临江市水利局关于开展汛前检查的通知"
PROSE = "现将汛前检查有关事项通知如下，请各区水利局结合实际认真组织实施，并于三月底前报送检查结果。"
NUMBER = "临政发〔2026〕3号"
SMALL = ".wm{font-size:0;color:transparent}.w2{line-height:1;font-size: 0px}"
STYLE = f"<style>a,.gone{{color:red;display:none}}{SMALL}@media print{{.noprint{{display:none}}}}</style>"

PIECES = {
    "display": "<span style='display:none'>17</span>",
    "capitals": "<span style='DISPLAY : NONE;'>17</span>",
    "visibility": "<span style='visibility: hidden'>17</span>",
    "attribute": "<span hidden>17</span>",
    "class": "<span class='gone'>17</span>",
    "class without size": "<span class='wm'>17</span>",
    "class without size in pixels": "<i class='w2'>17</i>",
    "within": "<b style='display:none'><i>1</i>7</b>",
    "no size": "<span style='font-size:0'>17</span>",
    "no size in pixels": "<i style='color:#fff;font-size: 0px;line-height:0'>17</i>",
    "far away": "<span style='position:absolute;left:-9999px'>17</span>",
    "two": "<i hidden>1</i><i hidden>7</i>",
    "comment": "<!--17-->",
    "script": "<script>var x=17</script>",
    "template": "<template>17</template>",
    "noscript": "<noscript>17</noscript>",
    "input": "<input type=hidden value=17>",
    "zero-width": "\u200b",
    "bidi": "\u202a",
    "entity": "&#8236;",
}
PLACES = {
    "line": "<h1>{title}</h1><div id=zoom><p>文号：{number}</p>{text}</div>",
    "own line": "<h1>{title}</h1><div id=zoom><p>{number}</p>{text}</div>",
    "no container": "<h1>{title}</h1><div><p>文号：{number}</p>{text}</div>",
    "table": "<table><tr><td>索引号</td><td>L1</td><td>文号</td><td>{number}</td></tr></table><h1>{title}</h1><div id=zoom>{text}</div>",
    "dl": "<dl><dt>索引号</dt><dd>L1</dd><dt>文号</dt><dd>{number}</dd></dl><h1>{title}</h1><div id=zoom>{text}</div>",
    "ul": "<ul><li>索引号：L1</li><li>文号：{number}</li></ul><h1>{title}</h1><div id=zoom>{text}</div>",
    "run": "<h1>{title}</h1><div>来源：水利局 文号：{number} 发布日期：2026-03-01</div><div id=zoom>{text}</div>",
    "title": "<h1>{title}（{number}）</h1><div id=zoom>{text}</div>",
}


def read(inner: str, head: str = "") -> Disclosure:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{inner}</body></html>".encode()
    record = extract_page(page, URL, book=BOOK).disclosure
    assert record is not None
    return record


def page(place: str, number: str = NUMBER) -> Disclosure:
    inner = PLACES[place].format(title=TITLE, number=number, text=f"<p>各区水利局：</p><p>{PROSE}</p>")
    return read(inner, STYLE)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("place", PLACES)
def test_a_piece_that_is_not_seen_is_no_part_of_a_value(place: str, piece: str) -> None:
    shown = page(place)
    assert shown.document_number == NUMBER
    for number in (
        f"{NUMBER}{PIECES[piece]}",
        f"{PIECES[piece]}{NUMBER}",
        f"临政发〔2026〕{PIECES[piece]}3号",
    ):
        assert page(place, number) == shown


@pytest.mark.parametrize("piece", ["<p style='display:none'>17</p>", "<div hidden>17</div>"])
@pytest.mark.parametrize("place", ["table", "dl", "ul"])
def test_a_hidden_block_in_a_cell_is_no_part_of_its_value(place: str, piece: str) -> None:
    for number in (f"{NUMBER}{piece}", f"{piece}{NUMBER}", f"{piece}<p>{NUMBER}</p>"):
        assert page(place, number).document_number == NUMBER


def test_a_class_without_evidence_and_a_style_for_paper_hide_nothing() -> None:
    assert page("own line", "临政发〔2026〕<span class='hide'>3</span>号").document_number == NUMBER
    assert page("own line", "临政发〔2026〕<span class='noprint'>3</span>号").document_number == NUMBER


def test_a_small_letter_and_what_it_is_laid_out_with_are_seen() -> None:
    small = "<span style='font-size:0.8em'>3</span>"
    assert page("own line", f"临政发〔2026〕{small}号").document_number == NUMBER
    around = "<span style='font-size:0'><b style='font-size:16px'>3</b></span>"
    assert page("own line", f"临政发〔2026〕{around}号").document_number == NUMBER


def test_hidden_lines_are_no_text() -> None:
    lines = "<p style='visibility:hidden'>占位</p><p hidden>占位</p><p style='DISPLAY:NONE'>占位</p>"
    assert read(f"<h1>{TITLE}</h1><div id=zoom>{lines}<p>{PROSE}</p></div>").body_text == PROSE


def test_a_hidden_link_to_a_file_is_found() -> None:
    link = "<span style='display:none'><a href='/1.pdf'>检查表.pdf</a></span>"
    assert [f.name for f in read(f"<h1>{TITLE}</h1><div id=zoom><p>{PROSE}{link}</p></div>").attachments] == [
        "检查表.pdf"
    ]


LABELS = (
    "文&nbsp;号", "文　　号", "文&nbsp;&emsp; 号", "文\u200b号", "文&#8203;号", "\u202a文号\u202c", "&#8206;文号", "文<!--x-->号",
    "文<span style='display:none'>x</span>号", "<b>文</b><b>号</b>", "<span>文</span>&nbsp;<span>号</span>",
)  # fmt: skip
OF_CELLS = (*LABELS, "文<br>号", "<p>文</p><p>号</p>", "文<span style='visibility:hidden'>一一</span>号")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("place", ["line", "no container", "ul", "run"])
def test_a_label_in_pieces(place: str, label: str) -> None:
    inner = PLACES[place].replace("文号", label)
    assert read(inner.format(title=TITLE, number=NUMBER, text=f"<p>{PROSE}</p>")).document_number == NUMBER


@pytest.mark.parametrize("label", OF_CELLS)
@pytest.mark.parametrize("place", ["table", "dl"])
@pytest.mark.parametrize("colon", ["", "："])
def test_a_label_in_pieces_in_a_cell(place: str, label: str, colon: str) -> None:
    inner = PLACES[place].replace("文号", label + colon)
    assert read(inner.format(title=TITLE, number=NUMBER, text=f"<p>{PROSE}</p>")).document_number == NUMBER


def test_a_number_without_a_serial_is_none() -> None:
    got = extract_page(
        f"<meta charset=utf-8><h1>{TITLE}</h1><div id=zoom><p>文号：临政发〔2026〕</p><p>{PROSE}</p></div>".encode(),
        URL,
        book=BOOK,
    )
    assert got.disclosure is not None
    assert got.disclosure.document_number is None
    assert [p.code for p in got.problems] == ["unfilled_number"]


@pytest.mark.parametrize(
    "style",
    [
        "position:absolute;left:-9999px",
        "position: fixed; top: -5000px; width: 1px",
        "left:-999em;position:absolute",
    ],
)
@pytest.mark.parametrize("tag", ["div", "ul"])
def test_links_of_others_that_were_put_off_the_screen(style: str, tag: str) -> None:
    """As whoever breaks into a site puts them into its texts; they were told as an edit."""
    links = "<a href='http://b.example/'>某某娱乐</a><a href='http://c.example/'>某某彩票</a>"
    inner = f"<div id=zoom><{tag} style='{style}'>{links}</{tag}><p>{PROSE}</p></div>"
    got = extract_page(f"<meta charset=utf-8><h1>{TITLE}</h1>{inner}".encode(), URL, book=BOOK)
    assert got.disclosure is not None
    assert got.disclosure.body_text == PROSE


ASKED = "<div><button>放弃</button><button>继续访问</button></div>"
DIALOGS = {
    "modal": "<div class='modal hide fade'><div><button>×</button><h3>&nbsp;</h3></div><div>"
    f"<p>您访问的链接即将离开“<span></span>”门户网站 是否继续？</p></div>{ASKED}</div>",
    "lines": "<div class='alert'><div>温馨提示</div><div><p>您访问的链接即将离开<br><span>“临江市人民政府”</span>网</p>"
    f"<p>是否继续？</p></div>{ASKED}</div>",
    "one": "<div>您访问的链接即将离开“临江市政府网”门户网站，是否继续？ <a>继续访问</a> <a>放弃</a></div>",
    "leaves": "<div><p>您即将离开临江市人民政府网站，是否继续访问？</p><a href='#'>确定</a><a href='#'>取消</a></div>",
    "read aloud": "<div role='alertdialog'><span>提示：该链接属站外链接，将无法使用辅助浏览工具！</span><br>"
    "<span>是否继续访问？</span><a>是</a><a>否</a></div>",
}
FOOT = "<div class='footer'><p>主办：临江市水利局</p></div>"


@pytest.mark.parametrize("dialog", DIALOGS)
def test_the_dialog_in_front_of_other_sites_is_no_text(dialog: str) -> None:
    """It was the text of each page that has files or pictures in the place of one, and the files were not found."""
    head = f"<div class='main'><h2>{TITLE}</h2><div>发布日期：2026-02-20</div><div class='c'>"
    files = read(f"{head}<p><a href='/u/1.pdf'>检查表.pdf</a></p></div></div>{DIALOGS[dialog]}{FOOT}")
    assert [f.name for f in files.attachments] == ["检查表.pdf"]
    assert "离开" not in (files.body_text or "")
    pictures = read(f"{head}<p><img src='/1.jpg'></p></div></div>{DIALOGS[dialog]}{FOOT}")
    assert (pictures.title, pictures.body_text) == (TITLE, None)
    short = read(f"{head}<p>同意。</p></div>{DIALOGS[dialog]}</div>{FOOT}")
    assert short.body_text == "同意。"


def test_a_text_about_such_dialogs_stays() -> None:
    lines = (
        PROSE,
        "点击外部链接时，应当弹出“您访问的链接即将离开本网站，是否继续？”的提示。",
        f"即将离开避险点的，登记后离开。{PROSE}",
        "您正在离开本市公积金网站的旧址。",
    )
    text = "".join(f"<p>{line}</p>" for line in lines)
    assert read(f"<h1>{TITLE}</h1><div id=zoom>{text}</div>").body_text == "\n".join(lines)
