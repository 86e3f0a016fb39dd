"""Texts whose parts lie in elements of their own, where nothing names the element around them."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

TITLE = "《临江市农村供水实施方案》政策解读"
A = "为深入推进农村供水保障，市水利局起草了实施方案，现就方案的有关内容解读如下。"
B = "方案明确了三项重点任务，包括水源改造、管网延伸和水质检测，计划用三年时间完成。"
C = "各地要加强组织领导，落实资金保障，确保各项任务按期完成。"
NAV = "<ul class='nav'><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li></ul>"
FOOT = "<div class='k9'><p>主办：临江市水利局　未经许可不得转载。</p></div>"


def read(markup: str) -> Disclosure:
    page = f"<html><head><title>{TITLE}</title></head><body>{NAV}{markup}{FOOT}</body></html>"
    record = extract_page(
        page.encode(), "https://slj.linjiang.example.gov.cn/jd/1.html", book=BOOK
    ).disclosure
    assert record is not None, markup
    return record


def parts(around: str) -> str:
    return "".join(around.format(n=n, head=head, text=text) for n, head, text in PARTS)


PARTS = [
    (1, "一、背景", f"<p>{A}</p>"),
    (2, "二、主要内容", f"<p>{B}</p><p>{B}</p>"),
    (3, "三、工作要求", f"<p>{C}</p>"),
]
AROUND = [
    "<div class='s'><h3>{head}</h3><div class='in'>{text}</div></div>",
    "<div class='part{n}'><p>{head}</p>{text}</div>",
    "<section><h2>{head}</h2>{text}</section>",
    "<div class=WordSection{n}><p class=MsoNormal>{head}</p>{text}</div>",
    "<dl class='qa'><dt>{head}</dt><dd>{text}</dd></dl>",
    "<div><div>{head}</div><div>{text}</div></div>",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("line", ["", "<div class='i'>2031-05-01 来源：市水利局</div>"])
def test_all_parts_are_the_text(around: str, line: str) -> None:
    record = read(f"<div class='k1'><h1>{TITLE}</h1>{line}{parts(around)}</div>")
    body = (record.body_text or "").split("\n")
    assert (body[0], body[-1]) == ("一、背景", C)
    assert body.count(B) == 2
    assert record.title == TITLE


def test_rows_of_a_layout_are_the_text() -> None:
    rows = "".join(f"<tr><td><p>{head}</p>{text}</td></tr>" for _, head, text in PARTS)
    record = read(f"<table width='90%'><tr><td align='center'><b>{TITLE}</b></td></tr>{rows}</table>")
    body = (record.body_text or "").split("\n")
    assert (body[0], body[-1]) == ("一、背景", C)


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='k3'><h3>工作动态</h3><p>市水利局召开会议，部署下半年重点任务，要求抓好落实。</p></div>",
        "<div class='k1'><a href='/2.html'>市水利局召开会议，部署下半年重点任务，要求抓好落实。</a></div>",
        "<div class='k1'>本站声明：未经许可不得转载。</div>",
        "<div class='k1' style='display:none'><p>市水利局召开会议，部署下半年重点任务，要求抓好落实。</p></div>",
    ],
)
def test_what_stands_beside_a_text_is_none_of_it(beside: str) -> None:
    text = f"<div class='k1'><p>{A}</p><p>{B}</p><p>{B}</p><p>{C}</p></div>"
    for page in (
        f"<h1>{TITLE}</h1><div class='w'>{text}{beside}</div>",
        f"<h1>{TITLE}</h1><div class='w'>{beside}{text}</div>",
    ):
        assert (read(page).body_text or "").split("\n") == [A, B, B, C], page


ASKED = "请问社保关系从外地转入需要哪些材料？在哪里办理？"
ANSWERED = "您好，请携带身份证到服务大厅办理，无需其他材料。也可以登录政务服务网在线办理。"


@pytest.mark.parametrize(
    ("asked", "answered"), [(ASKED, ANSWERED), (ASKED * 4, ANSWERED)], ids=["short", "long"]
)
@pytest.mark.parametrize(
    "letter",
    [
        "<div class='q'><div class='t'>来信内容</div><div class='c'><p>{}</p></div></div>"
        "<div class='a'><div class='t'>回复内容：</div><div class='c'><p>{}</p></div></div>",
        "<form><div><label>信件内容</label><div><span><p>{}</p></span></div></div>"
        "<div class='g'><label>回复单位</label><span>市水利局</span></div>"
        "<div><label>答复内容</label><div><span><p>{}</p></span></div></div></form>",
        "<table class='t1'><tr><th>问题内容</th></tr><tr><td><p>{}</p></td></tr></table>"
        "<table class='t2'><tr><th>办理结果</th></tr><tr><td><p>{}</p></td></tr></table>",
    ],
)
def test_a_letter_and_its_answer_are_one_text(letter: str, asked: str, answered: str) -> None:
    record = read(f"<div class='k1'><h1>关于社保转移手续的咨询</h1>{letter.format(asked, answered)}</div>")
    body = record.body_text or ""
    assert asked in body
    assert body.endswith(answered)


@pytest.mark.parametrize(
    "signed",
    [
        "<div class='lk'><p>临江市水利局</p><p>2031年4月28日</p></div>",
        "<div class='lk'>临江市水利局<br>2031年4月28日</div>",
        "<p>临江市水利局</p><p>2031年4月28日</p>",
        "<table><tr><td align='right'>临江市水利局</td></tr><tr><td>二〇三一年四月二十八日</td></tr></table>",
    ],
)
def test_a_signature_beside_a_text_is_its_end(signed: str) -> None:
    record = read(f"<div class='k1'><div class='zw'><p>{A}</p><p>{B}</p></div>{signed}</div>")
    assert (record.issuing_body, str(record.issued_on)) == ("临江市水利局", "2031-04-28")
    assert (record.body_text or "").split("\n")[:2] == [A, B]


def test_whom_a_text_is_for_and_a_table_behind_it_are_its_own() -> None:
    salutation = "<div class='ch'>各县（区）水利局，市直有关单位：</div>"
    table = "<table><tr><td>县区</td><td>任务数</td></tr><tr><td>甲县</td><td>300</td></tr></table>"
    annex = f"<div class='fj'><p>附件：任务分解表</p>{table}</div>"
    record = read(f"<div class='k1'>{salutation}<div class='zw'><p>{A}</p><p>{B}</p></div>{annex}</div>")
    body = (record.body_text or "").split("\n")
    assert (body[0], body[-1]) == ("各县（区）水利局，市直有关单位：", "甲县\t300")


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='k2'>来源：市水利局</div>",
        "<div class='k2'>分享到：</div>",
        "<div class='k2'>2031年11月11日 星期二</div>",
        "<div class='k2'>附件：<a href='1.doc'>表一.doc</a></div>",
        "<div class='k2'><a href='/2.html'>临江市水利局</a><span>2031-04-28</span></div>",
        "<div class='k2'>当前位置：首页：</div>",
    ],
)
def test_what_else_stands_beside_a_text_stays_out_of_it(beside: str) -> None:
    text = f"<div class='zw'><p>{A}</p><p>{B}</p></div>"
    for page in (f"<div class='k1'>{text}{beside}</div>", f"<div class='k1'>{beside}{text}</div>"):
        assert (read(page).body_text or "").split("\n") == [A, B], page


def test_elements_that_are_shown_as_blocks_are_lines() -> None:
    spans = "".join(f"<span style='color:red; display: block'>{text}</span>" for text in (A, B, C))
    inline = f"<span style='display:inline-block'>{A}</span><span style='display:inline'>{B}</span>"
    assert (read(f"<div id='zoom'>{spans}</div>").body_text or "").split("\n") == [A, B, C]
    assert read(f"<div id='zoom'>{inline}</div>").body_text == f"{A}{B}"


def test_columns_of_a_layout_are_no_parts_of_one_text() -> None:
    column = "<td width='200'><p>本局主要职责是贯彻水利工作方针政策，组织编制规划。</p></td>"
    record = read(f"<h1>{TITLE}</h1><table><tr>{column}<td><p>{A}</p><p>{B}</p><p>{C}</p></td></tr></table>")
    assert (record.body_text or "").split("\n") == [A, B, C]
