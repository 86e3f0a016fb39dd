"""What pages say with other words than the usual labels, or with none."""

from __future__ import annotations

import pytest

from tests.crawler.test_lines_of_templates import TEXT, TITLE, read


@pytest.mark.parametrize(
    "line",
    [
        "<i class='icon-time'></i>2031-06-01<i class='icon-from'></i>镇党政办<i class='icon-eye'></i>156",
        "发布：2031-06-01",
        "信息来源：信用办&emsp;添加时间：2031-06-01 16:20:11&emsp;点击：10",
        "添加日期：2031年6月1日　来源：市水利局",
        "日期：２０３１年６月１日　来源：市水利局",
        "<span>[县水务局]</span>&nbsp;&nbsp; 2031-06-01&nbsp; 字号：<a href='#'>T</a>&nbsp;|&nbsp;<a href='#'>T</a>",
        "<span>[县水务局]</span>&nbsp;&nbsp; 2031-06-01",
    ],
)
def test_days_of_publication(line: str) -> None:
    record = read(f"<h2>{TITLE}</h2><div class='k2'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert str(record.published_on) == "2031-06-01"


def test_an_index_number_in_the_cell_of_the_document_s_number_is_none() -> None:
    card = (
        "<table><tr><td>发文字号</td><td>014006438/2031-00017</td><td>主题分类</td><td>水利</td></tr></table>"
    )
    record = read(f"{card}<h2>{TITLE}</h2><div id='zoom'>{TEXT}</div>")
    assert (record.document_number, record.document_number_raw, record.subject_category) == (
        None,
        None,
        "水利",
    )


def test_a_day_in_full_width_of_something_that_takes_place_is_none_of_publication() -> None:
    record = read(f"<h2>{TITLE}</h2><div class='k2'>时间：６月１日上午９时</div><div id='zoom'>{TEXT}</div>")
    assert record.published_on is None


def test_labels_without_colons_in_items_of_a_list() -> None:
    said = (
        "索引号 11370000MB/2031-12",
        "发文机关 临江市水利局",
        "发文字号 临水〔2031〕12号",
        "公开日期 2031-02-15",
    )
    card = "".join(f"<li>{line}</li>" for line in said)
    record = read(f"<ul>{card}</ul><h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>")
    assert (record.index_number, record.document_number) == ("11370000MB/2031-12", "临水〔2031〕12号")
    assert (record.issuing_body, str(record.published_on)) == ("临江市水利局", "2031-02-15")


def test_a_list_of_labels_in_the_text_is_no_record() -> None:
    items = (
        "<li>索引号 由六位组成。</li><li>发布机构 是制作信息的行政机关。</li><li>发布日期 以系统为准。</li>"
    )
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}<p>编制规则：</p><ul>{items}</ul></div>")
    assert (record.index_number, record.issuing_body, record.published_on) == (None, None, None)


def test_the_card_of_a_decision_in_pairs_of_lines() -> None:
    said = {
        "行政处罚决定书文号": "临环罚〔2031〕9号",
        "违法事实": "检查发现该公司总排口化学需氧量超标。",
        "作出处罚决定的机关名称": "临江市生态环境局",
        "处罚决定日期": "2031-04-15",
    }
    card = "".join(f"<dl><dt>{label}</dt><dd>{value}</dd></dl>" for label, value in said.items())
    record = read(f"<div class='k1'><h2>行政处罚公示</h2>{card}</div>", "行政处罚公示")
    assert (record.document_number, record.issuing_body) == ("临环罚〔2031〕9号", "临江市生态环境局")
    assert str(record.issued_on) == "2031-04-15"


@pytest.mark.parametrize("line", ["（来源：市防汛办）", "来源：临江日报", "【信息来源：市防汛办】"])
def test_the_source_that_the_last_line_of_a_text_names(line: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}<p>{line}</p></div>")
    assert record.content_source in line
    assert record.content_source
    head = "<div class='k2'>来源：市水利局　2031-06-01</div>"
    assert (
        read(f"<h1>{TITLE}</h1>{head}<div id='zoom'>{TEXT}<p>{line}</p></div>").content_source == "市水利局"
    )


def test_a_slogan_in_an_h1_is_no_title() -> None:
    page = f"<h1>为人民服务</h1><div class='k1'><p class='biaoti'>{TITLE}</p><p>2031-12-25</p><div id='zoom'>{TEXT}</div></div>"
    assert read(page, "临江市水利局").title == TITLE
    page = f"<h1>防汛预警</h1><div class='k1'><p class='biaoti'>市水利局要闻</p><div id='zoom'>{TEXT}</div></div>"
    assert read(page, "临江市水利局").title == "防汛预警"


def test_what_leads_to_other_pages_beside_a_text_in_an_aside_of_it() -> None:
    aside = "<aside class='tj'><h4>推荐阅读</h4><a href='/1.html'>市水利局召开会议</a></aside>"
    behind = "<p>检查组还看望了防汛物资仓库的值班人员，要求他们做好物资储备。</p>"
    record = read(f"<article><h1>{TITLE}</h1>{TEXT}{aside}{behind}</article>")
    assert "推荐阅读" not in (record.body_text or "")
    assert (record.body_text or "").endswith("要求他们做好物资储备。")


def test_names_of_files_in_front_of_sizes_and_previews() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>230KB</td><td><a href='/f/v?f=/u/{file}'>预览</a></td><td><a href='/u/{file}'>下载</a></td></tr>"
        for name, file in (("1.检查方案.pdf", "1.pdf"), ("2.数据表.xlsx", "2.xlsx"))
    )
    record = read(
        f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div><div class='fujian'><table>{rows}</table></div>"
    )
    assert [(a.name, a.url) for a in record.attachments] == [
        ("1.检查方案.pdf", "https://a.example/u/1.pdf"),
        ("2.数据表.xlsx", "https://a.example/u/2.xlsx"),
    ]


def test_a_script_that_alone_leads_to_a_file_is_its_address() -> None:
    file = "<p><a href='/download?f=/u/1.pdf'>检查方案.pdf</a></p>"
    record = read(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}{file}</div>")
    assert [a.url for a in record.attachments] == ["https://a.example/download?f=/u/1.pdf"]


@pytest.mark.parametrize(
    "line",
    [
        "市水利局发布于2031-06-01 15:20 · 阅读 20",
        "<img src='time.png' alt='时间'> 2031-06-01 <img src='from.png' alt='来源'> 市水利局 ",
    ],
)
def test_days_of_publication_between_pictures_and_behind_who_published(line: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class='k2'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert str(record.published_on) == "2031-06-01"


LINE = "<div class='fo-i'>发布时间：2031-03-05 来源：县财政局</div>"
TOP = "<table><tr><td><a href='/'>首页</a> | <a href='/a'>概况</a></td></tr><tr><td>　欢迎访问青山县财政局网站！</td></tr></table>"


def test_files_of_a_page_of_which_only_a_greeting_is_text() -> None:
    files = "<p>1.<a href='/y/1.pdf'>预算报告.pdf</a></p><p>2.<a href='/y/2.xls'>收支表.xls</a></p>"
    name = "2031年青山县政府预算公开"
    record = read(f"{TOP}<div class='fo'><h1>{name}</h1>{LINE}<div class='fo-c'>{files}</div></div>", name)
    assert (record.title, record.body_text) == (name, "1.预算报告.pdf\n2.收支表.xls")  # as in a known element
    assert [a.name for a in record.attachments] == ["预算报告.pdf", "收支表.xls"]


def test_a_scan_beneath_a_title_in_an_unknown_template() -> None:
    name = "关于青山路道路工程规划许可的批后公布"
    scan = "<p><img src='/u/p1.jpg'></p><p><img src='/u/p2.jpg'></p>"
    foot = "<div class='z9'><p>主办：青山县财政局　临ICP备05000001号</p><img src='/images/red.png'></div>"
    for top in ("", TOP):
        record = read(
            f"{top}<div class='sc'><h1>{name}</h1>{LINE}<div class='sc-c'>{scan}</div></div>{foot}", name
        )
        assert [a.name for a in record.attachments] == ["p1.jpg", "p2.jpg"]
    code = (
        "<div><img src='/u/qrcode.png'>扫一扫</div><div><a href='/zt/'><img src='/u/banner1.jpg'></a></div>"
    )
    assert read(f"<div class='sc'><h1>{name}</h1>{LINE}{code}</div>{foot}", name).attachments == ()


@pytest.mark.parametrize(
    "line",
    [
        "字号：大 中 小<br>2031-06-01<br>来源：市水利局",
        "<div>字号：大 中 小</div><div>2031-06-01</div><div>来源：市水利局</div>",
        "<i></i><span>2031-06-01 08:30</span><i></i><span>来源：市水利局</span><i></i><span>评论：0</span><i></i><span>收藏</span>",
    ],
)
def test_a_source_among_tools_and_icons(line: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class='k2'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert (record.content_source, str(record.published_on)) == ("市水利局", "2031-06-01")


def test_an_office_and_a_day_on_lines_of_one_element() -> None:
    record = read(f"<h1>{TITLE}</h1><div class='k2'>市水利局<br>2031-06-01</div><div id='zoom'>{TEXT}</div>")
    assert str(record.published_on) == "2031-06-01"


@pytest.mark.parametrize(
    "line",
    [
        "<p>2031-06-01 08:30</p>",
        "<div>2031-06-01　市水利局</div>",
        "<p>所属栏目：通知公告</p><p>发布时间：2031-06-01</p><p>审核：李某</p>",
    ],
)
def test_the_line_under_a_title_within_the_element_of_the_text_is_none_of_it(line: str) -> None:
    record = read(f"<div id='zoom'><h2>{TITLE}</h2>{line}{TEXT}</div>")
    assert (record.title, str(record.published_on)) == (TITLE, "2031-06-01")
    assert (record.body_text or "").splitlines()[0] == "各区水利局："


@pytest.mark.parametrize("said", ["3天前", "昨天 10:00", "2031-06-01"])
def test_the_day_in_the_attribute_of_a_time(said: str) -> None:
    line = f"<p><a href='/author/1'>临江发布</a> <time datetime='2031-06-01T10:00:00+08:00'>{said}</time></p>"
    assert str(read(f"<h1>{TITLE}</h1>{line}<div id='zoom'>{TEXT}</div>").published_on) == "2031-06-01"


def test_files_whose_names_stand_in_front_of_a_link_that_says_nothing() -> None:
    items = "".join(
        f"<div class='it'><div>{name}</div><div>34.5KB</div><a class='btn' href='/file/{number}'>下载</a></div>"
        for name, number in (("申报书模板.docx", 7781), ("推荐汇总表.xlsx", 7782))
    )
    page = f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div><div class='fj'>{items}</div><p>客户端 <a href='/app/1'>下载</a></p>"
    assert [(a.name, a.url) for a in read(page).attachments] == [
        ("申报书模板.docx", "https://a.example/file/7781"),
        ("推荐汇总表.xlsx", "https://a.example/file/7782"),
    ]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (
            "<a>正文</a><span>临水〔2031〕12号</span><a href='/y.html'>原文链接</a><span>发布日期：2031-06-01</span>",
            True,
        ),
        ("<span>发布时间：2031-06-01 10:20</span><span>临水〔2031〕12号</span>", True),
        (
            "<span>来源：</span><b>市水利局</b><span>临水〔2031〕12号</span><span>日期：2031-06-01</span>",
            True,
        ),
        ("<span>发布日期：2031-06-01</span><a href='/12.html'>临水〔2031〕12号</a>", False),
        (
            "<span>发布日期：2031-06-01</span><a href='/12.html'>政策原文</a><span>临水〔2031〕12号</span>",
            False,
        ),
        (
            "<a>正文</a><span>废止：</span><span>临水〔2031〕12号</span><span>发布日期：2031-06-01</span>",
            False,
        ),
    ],
)
def test_a_number_without_a_label_in_a_line_of_labels(line: str, number: bool) -> None:
    record = read(f"<h2>{TITLE}</h2><div class='k2'>{line}</div><div id='zoom'>{TEXT}</div>")
    assert (str(record.published_on), record.document_number) == (
        "2031-06-01",
        "临水〔2031〕12号" if number else None,
    )
