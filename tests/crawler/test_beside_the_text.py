"""What stands beside a text: its signature in an element of its own, and what other documents and the site's foot say."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://slj.linjiang.example.gov.cn/tz/202603/t20260301_1.html"
TITLE = "关于开展汛前检查的通知"
TEXT = "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请结合实际认真组织实施，并于三月底前报送检查结果。</p>"
LAST = "现将汛前检查有关事项通知如下，请结合实际认真组织实施，并于三月底前报送检查结果。"
OFFICE, DAY = "临江市水利局", "2026年2月27日"


def read(inner: str) -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{inner}</body></html>"
    record = extract_page(page.encode(), URL, book=BOOK).disclosure
    assert record is not None
    return record


@pytest.mark.parametrize(
    "signed",
    [
        "<div class=zw><div class=TRS_Editor>{text}</div><div class=lk><p>{office}</p><p>{day}</p></div></div>",
        "<div id=zoom>{text}</div><div class=sign><span>{office}</span><span>{day}</span></div>",
        "<div id=zoom>{text}</div><div class=o>{office}</div><div class=d>{day}</div>",
        "<div class=w><div id=zoom>{text}</div></div><script>a()</script><div class=o>{office}　{day}</div>",
        "<table><tr><td id=zoom>{text}</td></tr><tr><td align=right>{office}<br>{day}</td></tr></table>",
    ],
)
def test_a_signature_in_an_element_behind_the_text_is_its_end(signed: str) -> None:
    page = signed.format(text=TEXT, office=OFFICE, day=DAY)
    record = read(f"<h1>{TITLE}</h1>{page}<div class=foot>主办：临江市水利局　2026年版</div>")
    assert (record.issuing_body, str(record.issued_on)) == (OFFICE, "2026-02-27")
    assert record.body_text is not None
    assert "".join(record.body_text.split()).endswith(f"{LAST}{OFFICE}{DAY}")


@pytest.mark.parametrize(
    "behind",
    [
        "<div>信息来源：临江市水利局　2026年3月1日</div>",
        "<div>临江市水利局　2026-03-01</div>",  # how templates write who put it online, and when
        "<div>临江市水利局</div>",
        "<div>2026年3月1日</div>",
        "<div>临江市水利局信息中心维护　2026年3月1日</div><p>电话：0700-1</p>",
        "<ul><li><a href=1.html>关于防汛的通知</a></li></ul><p>临江市水利局</p><p>2026年3月1日</p>",
    ],
)
def test_other_lines_behind_the_text_are_none_of_it(behind: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div id=zoom>{TEXT}</div>{behind}")
    assert record.body_text is not None
    assert record.body_text.endswith(LAST)
    assert record.issued_on is None


def test_a_signed_text_has_no_second_signature() -> None:
    record = read(
        f"<h1>{TITLE}</h1><div id=zoom>{TEXT}<p>{OFFICE}</p><p>{DAY}</p></div><p>临江市档案局</p><p>2027年1月1日</p>"
    )
    assert (record.issuing_body, str(record.issued_on)) == (OFFICE, "2026-02-27")
    assert record.body_text is not None
    assert record.body_text.endswith(DAY)


CARD = "<table><tr><td>索引号</td><td>L1</td><td>发文机关</td><td>临江市水利局</td></tr></table>"
LINK = "<a href=1.html>关于河长制工作的通知</a>"
SAID = "<p>文号：临水〔2023〕98号</p><p>发布日期：2023-11-11</p>"
OTHER = "<div class=it><a href=2.html>关于水价改革的通知</a><p>文号：临水〔2022〕7号</p><p>发布日期：2022-01-01</p></div>"
RELATED = [
    f"<div class=R><h3>相关文件</h3><div class=it>{LINK}{SAID}</div>{OTHER}</div>",
    f"<div class=R><div class=it>{LINK}{SAID}</div></div>",
    f"<div class=R><b>配套文件</b><p>{LINK}</p><p>发布日期：2023-11-11</p></div>",
    f"<dl class=R><dt>{LINK}</dt><dd>文号：临水〔2023〕98号</dd><dd>发布日期：2023-11-11</dd></dl>",
]


@pytest.mark.parametrize("related", RELATED)
@pytest.mark.parametrize("card", [CARD, ""])
def test_what_is_said_of_documents_linked_behind_the_text_is_not_of_this_one(card: str, related: str) -> None:
    record = read(f"<div>{card}<h1>{TITLE}</h1><div class=txt>{TEXT * 5}</div></div>{related}")
    assert (record.document_number, record.published_on) == (None, None)


def test_a_card_behind_the_text_may_lead_to_its_explanation() -> None:
    card = (
        "<div class=c><p>文号：临水〔2026〕8号</p><p>发布日期：2026-03-01</p>"
        "<p>相关解读：<a href=jd.html>《关于开展汛前检查的通知》解读</a></p></div>"
    )
    record = read(f"<h1>{TITLE}</h1><div class=txt>{TEXT * 5}</div>{card}")
    assert (record.document_number, str(record.published_on)) == ("临水〔2026〕8号", "2026-03-01")


@pytest.mark.parametrize(
    "foot",
    [
        "<div class=ft>主办单位：临江市水利局 发布单位：临江信息中心 网站标识码3300000001 ICP备1号</div>",
        "<div class=ft><p>发布单位：临江信息中心</p><p>临ICP备12345678号</p></div>",
        "<div class=ft>版权所有：临江市水利局<br>责任单位：临江信息中心　发布时间：2019-01-01<br>网站标识码：3300000001</div>",
        "<table><tr><td>责任单位：临江信息中心　来源：临江网信 ICP备12345678号</td></tr></table>",
    ],
)
def test_the_foot_of_a_site_says_nothing_of_a_document(foot: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class=txt>{TEXT * 5}</div>{foot}")
    assert (record.issuing_body, record.published_on, record.content_source) == (None, None, None)


def test_who_put_a_page_online_counts_behind_who_signed_the_text() -> None:
    head = "<h5>发布者：人事科　发布时间：2026-03-01</h5>"
    signed = read(f"<h1>{TITLE}</h1>{head}<div class=txt>{TEXT * 5}<p>{OFFICE}</p><p>{DAY}</p></div>")
    assert signed.issuing_body == OFFICE
    assert read(f"<h1>{TITLE}</h1>{head}<div class=txt>{TEXT * 5}</div>").issuing_body == "人事科"


@pytest.mark.parametrize(
    "box",
    [
        "<div class=y><span>解读文件：</span><a href=t1.html>关于印发实施方案的通知</a>"
        "<span>文号：临政发〔2024〕25号</span><span>发布日期：2024-08-01</span></div>",
        "<ul><li><a href=t1.html>关于印发实施方案的通知</a></li><li>文号：临政发〔2024〕25号</li><li>发布日期：2024-08-01</li></ul>",
    ],
)  # fmt: skip
def test_what_is_said_of_a_document_linked_over_the_text_is_not_of_this_one(box: str) -> None:
    bar = "<div class=i>2024-08-05　来源：市水利局</div>"
    record = read(f"<h1>《临江市节水条例》实施方案解读</h1>{bar}{box}<div class=txt>{TEXT * 5}</div>")
    assert (record.document_number, str(record.published_on)) == (None, "2024-08-05")
    short = read(f"<div><h1>《临江市节水条例》实施方案解读</h1>{bar}{box}<div class=txt>{TEXT}</div></div>")
    assert (short.document_number, str(short.published_on)) == (None, "2024-08-05")
    assert "解读文件" not in (short.body_text or "")


def test_a_card_whose_title_is_a_link_to_the_page_itself_is_its_own() -> None:
    card = f"<ul><li><a href='1.html'>{TITLE}</a></li><li>文号：临水〔2026〕8号</li><li>发布日期：2026-03-01</li></ul>"
    record = read(f"{card}<h1>{TITLE}</h1><div class=txt>{TEXT * 5}</div>")
    assert (record.document_number, str(record.published_on)) == ("临水〔2026〕8号", "2026-03-01")


def test_a_program_beside_the_text_is_no_file_of_the_document() -> None:
    own = "<p>附件：<a href='/f/manual.pdf'>操作手册</a></p>"
    tools = (
        "<div class=downs><a href='/d/reader.exe'>PDF阅读器下载</a><a href='/d/plugin.zip'>签章控件</a></div>"
    )
    record = read(f"<div><h1>{TITLE}</h1><div class=txt>{TEXT * 5}{own}</div>{tools}</div>")
    assert [file.name for file in record.attachments] == ["操作手册"]
    within = read(
        f"<div><h1>{TITLE}</h1><div class=txt>{TEXT * 5}<p><a href='/d/plugin.zip'>签章控件</a></p></div></div>"
    )
    assert [file.name for file in within.attachments] == ["签章控件"]


BOXES = {
    "survey": "<div class=b><h3>在线调查</h3><p>关于优化公交线路的问卷</p><p>发布时间：2026-11-20</p><p>截止日期：2026-12-20</p></div>",
    "letters": "<div class=b><h4>来信选登</h4><div><span>关于落户的咨询</span><span>时间：2026-11-20</span></div></div>",
}


@pytest.mark.parametrize("day", ["<div>发布时间：2026-03-01</div>", "<div><span>2026-03-01</span></div>", ""])
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@pytest.mark.parametrize("place", ["{text}{box}", "{box}{text}", "<div><div>{box}</div>{text}</div>"])
def test_a_day_under_a_heading_of_another_box_is_not_the_documents(place: str, box: str, day: str) -> None:
    text = f"<div class=m><h2>{TITLE}</h2>{day}<div class=c>{TEXT}</div></div>"
    record = read(place.format(text=text, box=box))
    assert record.body_text is not None
    assert str(record.published_on) == ("2026-03-01" if day else "None")


@pytest.mark.parametrize(
    "head",
    [
        "<div class=b><h2>通知公告</h2><div>发布时间：2026-03-01</div></div><div class=m><div>{title}</div>{text}</div>",
        "<div class=b><h3>基本信息</h3><p>发布时间：2026-03-01</p></div><div class=m><h1>{title}</h1>{text}</div>",
        "<div class=b><h2>政府文件</h2><div>{title}</div><div>发布时间：2026-03-01</div></div><div class=m>{text}</div>",
        "<h1>{title}</h1><div class=b><h3>临政发〔2026〕5号</h3><p>发布时间：2026-03-01 来源：临江市教育局</p></div>{text}",
        "<h1>{title}</h1><div class=b><h4>——2026年第一季度</h4><p>发布时间：2026-03-01</p></div><div class=m>{text}</div>",
        "<h1>{title}</h1><div><h3>行政规范性文件</h3><p><b>来源：</b><b>临江市人民政府</b></p><p>发布时间：2026-03-01</p></div>{text}",
        "<h1>{title}</h1><div class=m>{text}</div><div class=b><h4>附件</h4><a href='/1.doc'>表.doc</a><p>发布时间：2026-03-01</p></div>",
    ],
)
def test_a_day_under_the_name_of_a_column_a_card_or_a_second_title_is_the_documents(head: str) -> None:
    record = read(head.format(title=TITLE, text=f"<div class=c>{TEXT}</div>"))
    assert str(record.published_on) == "2026-03-01"
