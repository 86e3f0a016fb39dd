"""Which links of a page are its attachments, under which names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

BOOK = FieldBook.load(Path("config/fields.yml"))
URL = "http://www.linjiang.example/zw/202603/t20260301_1.html"
HOST = "http://www.linjiang.example"
PROSE = "<p>" + "现将有关事项通知如下，请各单位认真贯彻执行。" * 12 + "</p>"
STORED = "d=attachment%3Bfilename%3D%E8%A1%A8.doc"  # the header that a store of files is to answer with
AT = datetime(2026, 3, 1, tzinfo=UTC)


def attachments(markup: str) -> list[tuple[str, str]]:
    page = f"<html><body><h1>关于开展检查的通知</h1><div id='zoom'>{PROSE}{markup}</div></body></html>"
    got = extract_page(page.encode(), URL, book=BOOK).disclosure
    assert got is not None
    return [(a.name, a.url.removeprefix(HOST)) for a in got.attachments]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>附件：<a href='./P1.docx'>1.名单.docx</a></p>", ("1.名单.docx", "/zw/202603/P1.docx")),
        ("<p><a href='/f/1.ofd'>点击下载</a></p>", ("1.ofd", "/f/1.ofd")),
        ("<p><a href='/f/1.pdf' title='申报指南.pdf'>附件1</a></p>", ("申报指南.pdf", "/f/1.pdf")),
        ("<p><a href='/f/1.pdf' title='打开新窗口'>附件1</a></p>", ("附件1", "/f/1.pdf")),
        ("<p><a href='/f/1.docx'>%E7%94%B3%E6%8A%A5%E8%A1%A8.docx</a></p>", ("申报表.docx", "/f/1.docx")),
        ("<p><a href='/f/1.docx'>增长5%的说明.docx</a></p>", ("增长5%的说明.docx", "/f/1.docx")),
        ("<p><a href='/m/downfile.jsp?c=0&amp;filename=0a1b.pdf'>下载</a></p>", ("0a1b.pdf", "/m/downfile.jsp?c=0&filename=0a1b.pdf")),
        ("<p><a href='/download?id=12'>申请表</a></p>", ("申请表", "/download?id=12")),
        ("<p>附件2：<a href='/download?id=12'>下载</a></p>", ("附件2", "/download?id=12")),
        ("<p><a href='/api/file/download/ab12?token=x'>申请表</a></p>", ("申请表", "/api/file/download/ab12?token=x")),
        ("<p><a href='/attachment/77'>申请表</a></p>", ("申请表", "/attachment/77")),
        ("<p><a href='/downloadFile.do?fileId=9'>申请表</a></p>", ("申请表", "/downloadFile.do?fileId=9")),
        ("<p><a href='/u/88'>附件1：申请表</a></p>", ("附件1：申请表", "/u/88")),
        ("<p>附件：<a href='/u/88'>申请表</a></p>", ("申请表", "/u/88")),
        ("<p><a href='/u/88'><b>附</b>件1.申请表</a></p>", ("附件1.申请表", "/u/88")),
        ("<iframe src='/pdfjs/web/viewer.html?file=%2Ff%2Fa.pdf#page=1'></iframe>", ("a.pdf", "/f/a.pdf")),
        ("<p><a href='/view.html?url=/f/a.pdf'>在线查看</a></p>", ("a.pdf", "/f/a.pdf")),
        ("<embed src='/f/a.pdf'>", ("a.pdf", "/f/a.pdf")),
        ("<object data='/f/a.pdf'></object>", ("a.pdf", "/f/a.pdf")),
        ("<script>PDFObject.embed('/f/a.pdf', '#x')</script>", ("a.pdf", "/f/a.pdf")),
        (f"<p><a href='/f/{quote('名单'.encode('gbk'))}.xls'>下载</a></p>", ("名单.xls", f"/f/{quote('名单'.encode('gbk'))}.xls")),
        (f"<p><a href='/d.jsp?n={quote('名单')}.xls'>下载</a></p>", ("名单.xls", f"/d.jsp?n={quote('名单')}.xls")),
        ("<p><a href='/f/1.doc'>附件3：收入/支出\u202e表</a></p>", ("附件3：收入／支出表", "/f/1.doc")),
        ("<p><a href='/f/1.doc' title='申请表.doc'>下载</a></p>", ("申请表.doc", "/f/1.doc")),
        ("<p><a href='/f/1.doc'><img src='/i/doc.gif'></a><a href='/f/1.doc'>申请表.doc</a></p>", ("申请表.doc", "/f/1.doc")),
        ("<p><a href='/f/1.doc'></a><a href='/f/1.doc'>申</a><a href='/f/1.doc'>请表</a></p>", ("申请表", "/f/1.doc")),
        ("<p><span onclick=\"window.open('/f/1.doc')\">申请表.doc</span></p>", ("申请表.doc", "/f/1.doc")),
        ("<p><button onclick=\"location.href='/f/1.doc'\">申请表.doc</button></p>", ("申请表.doc", "/f/1.doc")),
        ("<table><tr><td>申请表.doc</td><td><a href='/f/1.doc'>下载</a></td></tr></table>", ("申请表.doc", "/f/1.doc")),
        ("<p><a href='/f/77' download='申请表.docx'>点击下载</a></p>", ("申请表.docx", "/f/77")),
        ("<p><a href='/f/77' download>申请表</a></p>", ("申请表", "/f/77")),
        ("<p><a href='/oss/77'>申请表.docx</a></p>", ("申请表.docx", "/oss/77")),
        ("<p><a href='/oss/77'>申请表.docx（25KB）</a></p>", ("申请表.docx（25KB）", "/oss/77")),
        ("<p><a href='/oss/77' title='申请表.docx'>申请表</a></p>", ("申请表", "/oss/77")),
        ("<p><a href='/f/1.doc%20'>申请表</a></p>", ("申请表", "/f/1.doc%20")),
        ("<p><a href='/f/1.xlsm'>申请表</a></p>", ("申请表", "/f/1.xlsm")),
        (f"<p><a href='/d?p=/a/x.doc&amp;name={quote('表一.doc')}'>下载</a></p>", ("表一.doc", f"/d?p=/a/x.doc&name={quote('表一.doc')}")),
        (f"<p><a href='/f/1.docx?attname={quote('表.docx')}'>下载</a></p>", ("表.docx", f"/f/1.docx?attname={quote('表.docx')}")),
        (f"<p><a href='/f/1.doc?{STORED}'>下载</a></p>", ("表.doc", f"/f/1.doc?{STORED}")),
        ("<p><a href='/f/1.docx?from=x.docx'>下载</a></p>", ("1.docx", "/f/1.docx?from=x.docx")),
        ("<p><a href='/f/1.doc'>申请表</a><a href='/f/1.doc'>（点击下载）</a></p>", ("申请表", "/f/1.doc")),
        ("<p><a href='/zw/a.php?id=3'>附件2：申请表.xls</a></p>", ("附件2：申请表.xls", "/zw/a.php?id=3")),
        ("<p><a href='/f/1.dps'>讲解</a></p>", ("讲解", "/f/1.dps")),
        ("<p><a href='/f/1.tar.gz'>数据</a></p>", ("数据", "/f/1.tar.gz")),
        ("<p><a href='/f/1.tif'>原件</a></p>", ("原件", "/f/1.tif")),
        ("<p><a href='/f/1.pdf'>点击查看PDF版</a></p>", ("1.pdf", "/f/1.pdf")),
        ("<object><param name='src' value='/f/a.pdf'></object>", ("a.pdf", "/f/a.pdf")),
        ("<p><a href='/f/1.doc'>申请表</a></p></div><div class='foot'><a href='/f/2.pdf'>手册</a>", ("申请表", "/f/1.doc")),
    ],
)  # fmt: skip
def test_links_that_are_attachments(markup: str, expected: tuple[str, str]) -> None:
    assert attachments(markup) == [expected]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("下载附件", "download.do"),
        ("点击下载", "download.do"),
        ("查看附件", "download.do"),
        ("下载PDF", "download.do"),
    ],
)
def test_a_link_called_by_what_is_done_with_a_file(words: str, name: str) -> None:
    assert attachments(f"<p><a href='/common/download.do?id=7'>{words}</a></p>") == [
        (name, "/common/download.do?id=7")
    ]
    assert attachments(f"<p>1. 名单 <a href='/d?id=7'>{words}</a></p>") == [("1. 名单", "/d?id=7")]
    assert attachments(f"<p>附件：<a href='/d?id=7'>{words}</a></p>") == [("d", "/d?id=7")]


ROSTER, PLAN = "<a href='/d?id=7'>名单</a>", "<a href='/d.do?id=8'>方案</a>"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>附件：1.{ROSTER} 2.{PLAN}</p>",
        f"<p>附件：</p><p>1. {ROSTER}（12KB）</p><p>2. {PLAN}；</p>",
        f"<p>附件：1. {ROSTER}</p><p>2. {PLAN}</p>",
        f"<p><b>附<!-- -->件</b>：<br>1.{ROSTER}<br>2.{PLAN}</p><p>临江市水利局</p><p><a href='/d?id=9'>市政府</a></p>",
        f"<p>附件</p><ul><li>{ROSTER}</li><li>{PLAN}</li></ul><p><a href='/d?id=6'>上一篇：关于某事的通知</a></p>",
        f"<table><tr><td>附件：</td><td>1.{ROSTER}<br>2.{PLAN}</td></tr></table>",
        f"<p>【相关附件】</p><p>{ROSTER}</p><p>{PLAN}</p><p>相关阅读</p><p><a href='/d?id=9'>某通知</a></p>",
    ],
)
def test_all_links_of_a_list_of_files(markup: str) -> None:
    assert attachments(markup) == [("名单", "/d?id=7"), ("方案", "/d.do?id=8")]


@pytest.mark.parametrize("label", ["附件1：", "【附件】", "附件下载："])
def test_a_link_apart_from_the_text_with_a_label_before_it(label: str) -> None:
    text = f"<div class='k1'><div class='k2'><div class='k3'><div id='zoom'>{PROSE}</div></div></div></div>"
    file = f"<div class='k5'>{label}<a href='/f/1.pdf'>某指引</a></div><div class='k6'>指南：<a href='/f/2.pdf'>使用手册</a></div>"
    page = f"<html><body><div><h1>关于开展检查的通知</h1>{text}{file}</div></body></html>"
    got = extract_page(page.encode(), URL, book=BOOK).disclosure
    assert got is not None
    assert [(a.name, a.url.removeprefix(HOST)) for a in got.attachments] == [("某指引", "/f/1.pdf")]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><a href='/zw/annex.html'>附件：另一网页</a></p>",
        "<p><a href='/zw/'>附件下载专区</a></p>",
        "<p><a href='#fj'>附件</a></p>",
        "<p><a href='javascript:void(0)'>附件1</a></p>",
        "<p><a href='/download'>下载</a></p>",
        "<p><a href='/download.html'>下载中心</a></p>",
        "<p><a href='/zw/202602/t20260201_9.html'>关于附近道路施工的通告</a></p>",
        "<p><a href='/about/pdf-help'>帮助</a></p>",
        "<p><a href='/zw/1.html' download='申请表.doc'>网页</a></p>",
        "<p><a href='/zw/1.html'>《办法.doc》解读.doc</a></p>",
        "<p><a href='/u/77'>见办法.doc的附则</a></p>",
        "<p><a href='mailto:a@b.example'>附件请寄</a></p>",
        "<p><a href='/download?id=1'>下载专区</a></p>",
        "<p>附件：</p><p><a href='/d?id=6'>上一篇：关于某事的通知</a></p><p><a href='/d?id=8'>下一篇：关于某事的通知</a></p>",
        "<p>附件：</p><p>相关阅读</p><ul><li><a href='/d?id=6'>关于某事的通知</a></li></ul>",
        "<p>附件：</p><ul><li><a href='/d?id=6'>关于某事的通知</a><span>03-01</span></li></ul>",
        "<p>附件：</p><p><a href='/content.jsp?id=3'>通知</a></p><p><a href='/law.html?id=3'>某法</a></p><p><a href='/zw/'>专区</a></p>",
        "<p>附件：</p><p><a href='/zw/202604/t20260408_2.html?a=1'>关于某事的通知</a></p><p><a href='/d?id=1'><img src='/i.gif'></a></p>",
        "<p>常用软件下载</p><p>文字处理 <a href='/d?id=1'>下载</a></p><p>表格 <a href='/d?id=2'>下载</a></p>",
        "<p>请使用Adobe Reader打开，<a href='/d?id=1'>点击下载</a></p>",
        "<p>“临江办”APP：<a href='/d?id=1'>下载</a></p>",
        "<p>根据<a href='/law?id=3'>《防洪法》</a>规定，见附件。</p>",
        "<p><a href='/profile?id=7'>查看</a> <a href='/zw/1.html?a=1'>下载</a> <a href='/download/index'>下载</a></p>",
    ],
)
def test_links_that_are_none(markup: str) -> None:
    assert attachments(markup) == []


def test_a_page_of_the_same_program_is_no_file_of_a_page() -> None:
    links = "<p>附件：</p><p><a href='/d?id=7'>关于某事的通知</a></p><p><a href='/d?id=8'>下载</a></p><p><a href='/d?f=8'>名单</a></p>"
    page = f"<html><body><h1>关于开展检查的通知</h1><div id='zoom'>{PROSE}{links}</div></body></html>"
    got = extract_page(page.encode(), f"{HOST}/d?id=5", book=BOOK).disclosure
    assert got is not None
    assert [a.name for a in got.attachments] == ["名单"]


def test_the_pictures_of_a_scanned_document_are_its_files() -> None:
    body = (
        "<img src='/att/1.jpg' alt='第1页'><img data-original='W02.png' src='/images/loading.gif'>"
        "<img src='/images/icon_pdf.gif'><img src='data:image/png;base64,AA'><span style='display:none'><img src='/x.jpg'></span>"
    )
    page = f"<h1>临江市人民政府关于表彰的决定</h1><div id=zoom><p>{body}</p></div><img src='/foot.jpg'>"
    read = extract_page(page.encode(), "http://a.example/zw/t1.html", book=BOOK)
    assert read.disclosure is not None
    named = [(a.name, a.url) for a in read.disclosure.attachments]
    assert named == [("第1页", "http://a.example/att/1.jpg"), ("W02.png", "http://a.example/zw/W02.png")]
    assert [p.code for p in read.problems] == ["body_in_images"]


@pytest.mark.parametrize(
    "text",
    [
        "现将2031年度处罚结果公布如下，请各单位认真对照整改，并于月底前上报。",
        "经审核，同意将下列单位列入名单。现将名单公示如下：",
        "2031年第一季度水质监测结果详见下图。",
    ],
)
def test_pictures_that_a_text_announces_are_its_files(text: str) -> None:
    pictures = "<p><img src='/att/1.jpg' width='800'></p><p><img src='/att/2.jpg'></p><span style='display:none'>打印</span>"
    page = f"<h1>临江市水利局关于检查的通报</h1><div id=zoom><p>各区水利局：</p><p>{text}</p>{pictures}</div>"
    read = extract_page(page.encode(), "http://a.example/zw/t1.html", book=BOOK)
    assert read.disclosure is not None
    assert [a.name for a in read.disclosure.attachments] == ["1.jpg", "2.jpg"]
    assert [p.code for p in read.problems] == ["body_in_images"]
    assert (read.disclosure.body_text or "").endswith(text)


LARGE = "<img src='/att/1.jpg' width=800>"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{'各单位要按照职责分工抓好落实，确保各项工作取得实效。' * 3}</p>{LARGE}",
        f"<p>{'各单位要按照职责分工抓好落实。' * 3}现将名单公布如下：</p>{LARGE}",
        f"<p>现将办公地址公布如下：临江市人民路1号，电话另行通知各有关单位。</p>{LARGE}",
        f"<p>现将处罚结果公布如下，请各单位认真对照整改：</p>{LARGE}<p>一、临江水务有限公司，罚款五万元。</p>",
        f"{LARGE}<p>现将处罚结果公布如下，请各单位认真对照整改。</p>",
        "<p>现将处罚结果公布如下，请各单位认真对照整改。</p><img src='/att/1.jpg' width=60 height=60>",
        "<p>现将处罚结果公布如下，请各单位认真对照整改。</p><img src='/images/share_weixin.png'>",
    ],
)
def test_pictures_beside_a_text_are_none_of_its_files(body: str) -> None:
    page = f"<h1>临江市人民政府关于表彰的决定</h1><div id=zoom>{body}</div>"
    read = extract_page(page.encode(), "http://a.example/zw/t1.html", book=BOOK)
    assert read.disclosure is not None
    assert read.disclosure.attachments == ()
    assert read.problems == ()


@pytest.mark.parametrize(
    "address",
    ["http://[某某]/", "//[x/1.htm", "http://℀/1.doc", "http://[x]/1.doc", "http://a:99999999/1.doc"],
)
def test_an_address_that_is_none_is_a_link_to_nowhere(address: str) -> None:
    assert attachments(
        f"<p>详见<a href='{address}'>申报表.doc</a></p><p><a href='/f/1.doc'>名单.doc</a></p>"
    ) == [("名单.doc", "/f/1.doc")]
    led = f"<meta http-equiv=refresh content='0;url={address}'><h1>关于开展检查的通知</h1><iframe src='{address}'></iframe>"
    assert extract_page(led.encode(), URL, book=BOOK).further == ()
