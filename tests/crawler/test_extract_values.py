"""Signatures, titles at the head of a text, links, text keys: the forms that real pages use."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.extract.links import absolute
from crawler.extract.page import extract_page
from crawler.extract.text import clean, label_key
from crawler.extract.values import headfoot, promulgation
from crawler.extract.values.issuers import issuers
from crawler.normalise import index_number
from tests.crawler.test_saved_pages import BOOK


def test_signature_is_the_first_one_and_not_a_table_row() -> None:
    lines = [
        "通知如下：",
        "请执行。",
        "某市教育局 某市财政局",
        "二〇三一年七月十日",
        "附件",
        "某市水务局",
        "2030年1月1日",
    ]
    signed = headfoot.signature(lines)
    assert signed is not None
    assert signed.bodies == ("某市教育局", "某市财政局")
    assert signed.moment is not None
    assert signed.moment.on == date(2031, 7, 10)
    assert headfoot.signature(["正文", "机关\t2031年7月10日", "其他\t内容"]) is None
    last = headfoot.signature(["各区：", "现印发给你们。", "2031年7月10日"])
    assert last is not None
    assert (last.bodies, last.date_line) == ((), "2031年7月10日")
    assert headfoot.signature(["会议时间", "2031年7月10日", "请准时参加。"]) is None
    assert headfoot.signature(["会议安排", "时间和地点如下", "2031年7月10日", "请准时参加。"]) is None
    before = headfoot.signature(["各区：", "现将预案印发给你们。", "2031年7月10日", "某市应急预案", "1 总则"])
    assert before is not None
    assert before.date_line == "2031年7月10日"
    note = ["某局", "关于某事的通知", "某发〔2031〕5号", "（2031年3月1日）", "各区："]
    signed = headfoot.signature([*note, "现通知如下。", "某市教育局", "2031年2月28日"])
    assert signed is not None
    assert (signed.bodies, signed.date_line) == (("某市教育局",), "2031年2月28日")
    signed = headfoot.signature(note)
    assert signed is not None
    assert signed.date_line == "（2031年3月1日）"
    together = headfoot.signature(["请执行。", "国务院办公厅　　2031年7月10日"])
    assert together is not None
    assert together.bodies == ("国务院办公厅",)


def test_title_at_the_head() -> None:
    assert (
        headfoot.own_title(["某市公安局2031年行政许可实施", "情况报告", "市编办："])
        == "某市公安局2031年行政许可实施情况报告"
    )
    assert headfoot.own_title(["某市2031年统计公报[1]", "某市统计局"]) == "某市2031年统计公报[1]"
    assert headfoot.own_title(["根据有关规定，现将情况报告如下："]) is None
    assert headfoot.own_title(["各有关单位：", "关于某事的通知"]) is None


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../a/b.html#x", "https://e.example/x/a/b.html"),
        (" ./P020.pdf\n", "https://e.example/x/y/P020.pdf"),
        ("..\\files\\a b.doc", "https://e.example/x/files/a%20b.doc"),
        ("//f.example/c?d=1", "https://f.example/c?d=1"),
        ("javascript:void(0)", None),
        ("mailto:a@b", None),
        ("/zw/{{item.id}}.html", None),
        ("${url}", None),
        ("show.jsp?id=<%= id %>", None),
        ("/zw/{3F2504E0}/a.html", "https://e.example/zw/%7B3F2504E0%7D/a.html"),
        ("http://[某]/", None),
        ("#top", None),
        (None, None),
    ],
)
def test_links(href: str | None, address: str | None) -> None:
    assert absolute("https://e.example/x/y/z.html", href) == address


def test_text_keys() -> None:
    assert label_key("【索\u3000引 号】：") == "索引号"
    assert clean("a\u200b\xa0\u3000 b\x07\ud800") == "a b"
    assert index_number("AA 7301－2024—003") == "AA7301-2024-003"
    assert issuers("某市委办公室 某市政府办公室") == ("某市委办公室", "某市政府办公室")
    assert issuers("国 务 院") == ("国务院",)
    assert issuers("财政部 税务总局") == ("财政部", "税务总局")
    assert issuers("国务院 中央军委") == ("国务院", "中央军委")
    assert issuers("财政部 民政部") == ("财政部", "民政部")
    assert issuers("临江市 教育局") == ("临江市教育局",)
    assert issuers("青山县人民政府 办公室") == ("青山县人民政府办公室",)
    assert issuers("市教育局 市公安局、市财政局") == ("市教育局", "市公安局", "市财政局")
    assert issuers("甲局;乙局、丙局") == ("甲局", "乙局", "丙局")


@pytest.mark.parametrize(
    ("lines", "number", "effective", "amended"),
    [
        (
            ["某办法", "（2019年4月3日某市人民政府令第9号公布　自2019年5月1日起施行）"],
            "某市人民政府令第9号",
            "2019年5月1日",
            False,
        ),
        (
            ["（2019年4月3日某市人民政府令", "第9号公布　自公布之日起施行）"],
            "某市人民政府令第9号",
            "2019年4月3日",
            False,
        ),
        (
            ["(2007年1月30日证监会令第40号公布 2021年3月18日证监会令第182号修订)"],
            "证监会令第40号",
            None,
            True,
        ),
        (
            ["（某市人民政府令第33号，2023年10月26日公布，自2024年1月1日起施行）"],
            "某市人民政府令第33号",
            "2024年1月1日",
            False,
        ),
        (["（2023年12月26日某区办规〔2023〕9号公布）"], "某区办规〔2023〕9号", None, False),
        (["（某区办规〔2023〕9号　2023年12月26日印发）"], "某区办规〔2023〕9号", None, False),
        (
            ["（2023年12月26日某市人民政府以某政发〔2023〕9号文件印发，自2024年1月1日起施行）"],
            "某政发〔2023〕9号",
            "2024年1月1日",
            False,
        ),
        (
            ["（2023年12月26日某办规〔2023〕9号公布 根据2025年1月13日《关于修改甲的决定》修订）"],
            "某办规〔2023〕9号",
            None,
            True,
        ),
        (["（根据某政发〔2023〕9号，2023年12月26日印发）"], None, None, None),
        (["（1998年5月6日某市人民政府发布）", "第一条　为了供水，制定本办法。"], None, None, False),
        (["（2019年4月3日某市第五届人民代表大会常务委员会第六次会议通过）"], None, None, None),
        (["第一条　为了供水，制定本办法。", "（2019年4月3日某市人民政府令第9号公布）"], None, None, None),
        (
            [
                "（2019年4月1日某市人民政府第5次常务会议通过 2019年4月3日某市人民政府令第9号公布 自2019年5月1日起施行）"
            ],
            "某市人民政府令第9号",
            "2019年5月1日",
            False,
        ),
    ],
)
def test_promulgation_notes(
    lines: list[str], number: str | None, effective: str | None, amended: bool | None
) -> None:
    note = promulgation.read(lines)
    if amended is None:
        assert note is None
    else:
        assert note is not None
        assert (note.number, note.effective, note.amended) == (number, effective, amended)


def test_a_number_behind_the_beginning_of_the_text_is_not_its_own() -> None:
    assert headfoot.own_number(["某部门", "某发〔2031〕1号", "各单位："]) == "某发〔2031〕1号"
    assert headfoot.own_number(["某发〔2031〕1号　2031-03-01", "各单位："]) == "某发〔2031〕1号"
    assert headfoot.own_number(["文号：某发〔2031〕1号", "各单位："]) == "某发〔2031〕1号"
    assert headfoot.own_number(["各单位：", "转发给你们。", "某发〔2031〕1号"]) is None
    assert headfoot.own_number(["现转发如下。", "某发〔2031〕1号"]) is None


@pytest.mark.parametrize(
    ("lines", "number", "body"),
    [
        (["某省人民政府令", "第 300 号"], "某省人民政府令 第 300 号", "某省人民政府"),
        (["某市物业管理办法", "某市人民政府令", "（第45号）"], "某市人民政府令 （第45号）", "某市人民政府"),
        (["中华人民共和国", "国务院令", "第9号"], "中华人民共和国国务院令 第9号", "中华人民共和国国务院"),
        (
            ["某市财政局", "某市教育局公告", "2031年第2号"],
            "某市财政局某市教育局公告 2031年第2号",
            "某市财政局、某市教育局",
        ),
        (["某省水利厅", "公　　告", "第5号"], "某省水利厅公告 第5号", "某省水利厅"),
        (["关于公布名录的公告", "第5号"], "第5号", None),
        (["第5号", "关于公布名录的公告"], "第5号", None),
        (["某省税务局公告", "2031年第8号"], "某省税务局公告 2031年第8号", "某省税务局"),
        (["某市水利局", "某水〔2031〕5号"], "某水〔2031〕5号", None),
    ],
)
def test_an_order_is_numbered_with_its_head(lines: list[str], number: str, body: str | None) -> None:
    assert headfoot.own_number(lines) == number
    assert headfoot.order_body(lines) == body


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (
            ["《某办法》已经2031年1月20日部务会议通过，现予公布。", "部长　张三", "2031年1月30日", "某办法"],
            30,
        ),
        (["现公布《某办法》，自2031年3月1日起施行。", "行 长：易 某", "二〇三一年一月二十九日"], 29),
        (["现公布《某办法》。", "局　长　　张三　　2031年1月28日", "第一条　为规范管理，制定本办法。"], 28),
        (["现公布《某办法》。", "主　任：李四", "2031年1月27日", "2031年2月1日"], 27),
        (["关于某事的通知", "市长接待日", "2031年1月30日", "地点：某处"], None),
        (["会议纪要", "主任会议", "2031年1月30日", "会议议定如下。"], None),
    ],
)
def test_an_order_is_signed_by_a_person(lines: list[str], day: int | None) -> None:
    signed = headfoot.signature(lines)
    assert (signed and signed.bodies) == (None if day is None else ())
    assert (signed and signed.moment and signed.moment.on) == (None if day is None else date(2031, 1, day))


def test_joint_issuers_sign_in_cells() -> None:
    signed = headfoot.signature(["请执行。", "某市教育局\t某市财政局", "2031年3月1日\t2031年3月1日"])
    assert signed is not None
    assert signed.bodies == ("某市教育局", "某市财政局")
    assert signed.date_line == "2031年3月1日"
    for lines in (["请执行。", "\t某市教育局", "\t2031年3月1日"], ["请执行。", "某市教育局 2031-03-01"]):
        moved = headfoot.signature(lines)  # to the right, by an empty cell
        assert (moved and moved.bodies) == ("某市教育局",)
    assert headfoot.signature(["名单", "某市教育局\t某市财政局", "2031年3月1日\t2031年3月2日"]) is None
    assert headfoot.signature(["名单", "某市教育局\t三人", "2031年3月1日\t2031年3月1日"]) is None


@pytest.mark.parametrize(
    ("raw", "bodies"),
    [
        ("财政部 税务总局", ("财政部", "税务总局")),
        ("财政部 海关总署 税务总局", ("财政部", "海关总署", "税务总局")),
        ("国务院 中央军委", ("国务院", "中央军委")),
        ("中共中央 国务院", ("中共中央", "国务院")),
        ("共青团中央 教育部", ("共青团中央", "教育部")),
        ("国家发展改革委 教育部 科技部等", ("国家发展改革委", "教育部", "科技部")),
        ("国家税务总局 临江市税务局", ("国家税务总局临江市税务局",)),
        ("国家税务总局临江市税务局 临江市财政局", ("国家税务总局临江市税务局", "临江市财政局")),
        ("中国人民银行 临江市分行", ("中国人民银行临江市分行",)),
        ("国家统计局 临江调查队", ("国家统计局临江调查队",)),
        ("临江市教育局/临江市财政局", ("临江市教育局", "临江市财政局")),
        ("临江市教育局和临江市财政局", ("临江市教育局", "临江市财政局")),
        ("临江市人力资源和社会保障局", ("临江市人力资源和社会保障局",)),
        ("临江市农业/农村办", ("临江市农业/农村办",)),
        ("临江市发改委（粮食局、物价局）、临江市财政局", ("临江市发改委（粮食局、物价局）", "临江市财政局")),
        ("临江市公安局和平分局", ("临江市公安局和平分局",)),
        *(
            (f"临江市住房和城乡建设局{between}临江市公安局", ("临江市住房和城乡建设局", "临江市公安局"))
            for between in ("/", "／", "\\", "、", "，", ",", "；", " ", "\n", "|", "和", "与", " / ", " 和 ")
        ),
        ("临江市发展和改革委员会和临江市财政局", ("临江市发展和改革委员会", "临江市财政局")),
        ("临江市水利局、临江市教育局/临江市公安局", ("临江市水利局", "临江市教育局", "临江市公安局")),
        ("临江市教育局 临江市文化和旅游局和临江市公安局", ("临江市教育局", "临江市文化和旅游局", "临江市公安局")),
        ("临江市和平区人民政府和临江市公安局", ("临江市和平区人民政府", "临江市公安局")),
        *(
            (whole, (whole,))
            for whole in ("临江市住房和城乡建设局", "临江市社会和劳动保障局", "黄石港区和平街道办事处", "临江市税务局和平税务所",
                          "临江市教育局和体育处室改革专班", "临江市市场和质量监督管理局", "住房和城乡建设部", "临江市供水/排水办")
        ),
        ("国务院 办公厅", ("国务院办公厅",)),
        ("教育部等九部门", ("教育部等九部门",)),
        ("国家发展改革委、教育部等七部门", ("国家发展改革委", "教育部")),
    ],
)  # fmt: skip
def test_joint_issuers_are_told_apart(raw: str, bodies: tuple[str, ...]) -> None:
    assert issuers(raw) == bodies


def test_joint_issuers_sign_on_one_line() -> None:
    signed = headfoot.signature(["公告如下：", "特此公告。", "财政部　税务总局", "2031年3月1日"])
    assert signed is not None
    assert signed.bodies == ("财政部", "税务总局")
    beside = headfoot.signature(["公告如下：", "特此公告。", "生态环境部（国家核安全局）", "2031年3月1日"])
    assert beside is not None
    assert beside.bodies == ("生态环境部（国家核安全局）",)


@pytest.mark.parametrize(
    "card",
    [
        "<table><tr><td>索引号</td><td>L1</td><td>发布机构</td><td>{0}<br>{1}</td></tr></table>",
        "<table><tr><td>索引号</td><td>L1</td><td>发布机构</td><td><p>{0}</p><p>{1}</p></td></tr></table>",
        "<ul><li>索引号：L1</li><li>发布机构：{0}<br>{1}</li></ul>",
        "<ul><li>索引号：L1</li><li>发布机构：<p>{0}</p><p>{1}</p></li><li>文号：</li></ul>",
        "<dl><dt>索引号</dt><dd>L1</dd><dt>发布机构</dt><dd>{0}<br>{1}</dd></dl>",
    ],
)
def test_issuers_one_below_the_other(card: str) -> None:
    bodies = ("临江市住房和城乡建设局", "临江市公安局")
    page = f"<meta charset=utf-8>{card.format(*bodies)}<h1>关于某事的通知</h1><div id=zoom><p>现将有关事项通知如下，请认真执行。</p></div>"
    found = extract_page(page.encode(), "https://linjiang.example.gov.cn/a.html", book=BOOK).disclosure
    assert found is not None
    assert found.issuing_bodies == bodies


def test_the_form_of_a_penalty_in_an_h2_is_the_title() -> None:
    form = (
        "<table><tr><td>序号</td><td>当事人名称</td></tr><tr><td>1</td><td>某支付有限公司</td></tr></table>"
    )
    page = (
        "<table><tr><td align='center'><h2>行政处罚信息公示表（临银罚决字〔2031〕1号）</h2></td></tr></table>"
        f"<table><tr><td><span>2031-01-05 10:05:32</span></td></tr></table><table><tr><td>{form}</td></tr></table>"
    )
    record = extract_page(page.encode(), "https://x.example.gov.cn/1/index.html", book=BOOK).disclosure
    assert record is not None
    assert record.title == "行政处罚信息公示表（临银罚决字〔2031〕1号）"
    assert record.document_number == "临银罚决字〔2031〕1号"
    assert record.published_on == date(2031, 1, 5)


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("临江银行令〔2031〕第4号（某业务管理办法）", "临江银行"),
        ("临江省财政厅 临江省水利厅公告2031年第5号", "临江省财政厅、临江省水利厅"),
        ("第4号公告：某审计结果", None),
        ("关于加强公告2031年第5号宣传的通知", None),
    ],
)
def test_who_gives_an_order_that_nobody_signs(title: str, issuer: str | None) -> None:
    text = "<p>《某业务管理办法》已经审议通过，现予公布，自2031年4月1日起施行。</p><p>行　长　张三</p><p>2031年3月1日</p>"
    page = f"<h1>{title}</h1><div id='zoom'>{text}</div>"
    record = extract_page(page.encode(), "https://x.example.gov.cn/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.issuing_body == issuer
    assert record.issued_on == date(2031, 3, 1)


def test_the_title_of_a_rule_on_a_page_without_one_is_what_its_order_names() -> None:
    lines = (
        "临江市人民政府令", "第12号", "《临江市消防安全管理办法》已经2031年2月1日市人民政府第30次常务会议通过，现予发布。",
        "市长　张三", "二〇三一年二月十日", "临江市消防安全管理办法", "第一条　为了加强消防安全管理，制定本办法。",
    )  # fmt: skip
    page = "<title>市政府公报</title><div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"
    record = extract_page(page.encode(), "https://x.example.gov.cn/1.html", book=BOOK).disclosure
    assert record is not None
    assert record.title == "临江市消防安全管理办法"
    assert headfoot.ordered_title(lines[:5]) is None  # what is named does not follow
    assert headfoot.ordered_title(lines[2:]) is None  # a notice that forwards it
    assert headfoot.ordered_title(["根据《某条例》，制定本办法。", "某条例"]) is None
