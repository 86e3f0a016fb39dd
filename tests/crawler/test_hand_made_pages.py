"""Pages that hand-made templates make: titles that only their place tells, rosters between menus, rows that sound like labels."""

from __future__ import annotations

import pytest

from archive.model import Disclosure, Extraction, PageKind
from crawler.extract.page import extract_page
from crawler.extract.values import headfoot
from tests.crawler.test_saved_pages import BOOK

URL = "https://www.linjiang.example.gov.cn/zw/t20310402_17.html"
NAV = '<a href="/">首页</a> | <a href="/gk/">本局简介</a> | <a href="/tz/">通知</a>'
ROSTER = (
    "<table border=1><tr><td>序号</td><td>姓名</td><td>学校</td></tr><tr><td>1</td><td>王小红</td><td>县一中</td></tr>"
    "<tr><td>2</td><td>李小兰</td><td>县二中</td></tr><tr><td>3</td><td>赵小梅</td><td>县三中</td></tr></table>"
)
ROWS = ["序号\t姓名\t学校", "1\t王小红\t县一中", "2\t李小兰\t县二中", "3\t赵小梅\t县三中"]


def page_of(markup: str, title: str = "临江市教育局") -> Extraction:
    page = f"<html><head><title>{title}</title></head><body>{markup}</body></html>"
    return extract_page(page.encode(), URL, book=BOOK)


def read(markup: str, title: str = "临江市教育局") -> Disclosure:
    record = page_of(markup, title).disclosure
    assert record is not None, markup
    return record


def lines(record: Disclosure) -> list[str]:
    return (record.body_text or "").split("\n")


@pytest.mark.parametrize(
    "when",
    [
        ["二、面试时间", "2031年8月23日（星期六）上午8:00"],
        ["二、面试时间", "2031年8月23日"],
        ["报名截止时间：", "2031年8月23日17时"],
        ["第一场", "2031年8月23日下午14:30"],
        ["面试", "2031年8月23日（周六）8:30—11:30"],
    ],
)
def test_the_day_of_an_event_is_no_signature(when: list[str]) -> None:
    text = [
        "现将面试有关事项公告如下：",
        "一、对象",
        "笔试合格的人员。",
        *when,
        "三、地点",
        "市第一中学三楼，请自行前往。",
    ]
    assert headfoot.signature(text) is None
    signed = headfoot.signature([*text, "临江市教育局", "2031年8月10日"])
    assert signed is not None
    assert (signed.bodies, signed.date_line) == (("临江市教育局",), "2031年8月10日")


def test_an_office_signs_at_an_hour_and_a_day_under_its_label() -> None:
    text = ["各县区：", "预计今夜有暴雨。", "请做好防范。"]
    assert headfoot.signature([*text, "临江市防汛抗旱指挥部", "2031年7月5日18时"]) is not None
    assert headfoot.signature([*text, "印发日期", "2031年7月5日"]) is not None


@pytest.mark.parametrize(
    "rows",
    [
        ["树种：香樟", "树龄：120年", "来源：原红旗公社苗圃", "认养人：张某"],
        ["姓　名：王小红", "性　别：女", "来　源：高校毕业生", "岗位：A01"],
        ["事故类型：火灾", "时间：2031年3月5日10时", "伤亡情况：无"],
    ],
)
@pytest.mark.parametrize("element", ["id='zoom'", "class='x7'"])
def test_rows_of_a_text_that_sound_like_labels(rows: list[str], element: str) -> None:
    text = "".join(f"<p>{row}</p>" for row in rows)
    record = read(
        f"<h1>有关情况公示表</h1><div {element}>{text}<p>现予公示，如有异议请向我局反映。</p></div>"
    )
    assert lines(record)[: len(rows)] == [row.replace("\u3000", " ") for row in rows]
    assert (record.content_source, record.published_on) == (None, None)


@pytest.mark.parametrize("above", ["", "<p>时间：2031-04-05</p>", "<p>撰稿：李某</p>"])
def test_the_source_over_a_text_is_one(above: str) -> None:
    text = f"{above}<p>来源：市融媒体中心</p><p>4月4日，全市春耕生产会召开。</p>"
    record = read(f"<h1>全市召开春耕生产会</h1><div id='zoom'>{text}</div>")
    assert record.content_source == "市融媒体中心"
    assert lines(record)[-1] == "4月4日，全市春耕生产会召开。"


TEXT = "<p>各学校：</p><p>请于四月底前完成安全检查，并将情况报送我局。</p>"


def rows(*cells: str) -> str:
    return f"<table>{''.join(f'<tr><td>{cell}</td></tr>' for cell in cells)}</table>"


BODY = ["各学校：", "请于四月底前完成安全检查，并将情况报送我局。"]


@pytest.mark.parametrize(
    ("markup", "title", "day"),
    [
        (f"<center>{NAV}<br><hr><b>关于安全检查的通知</b><br>2031/4/2<hr></center>{TEXT}", "关于安全检查的通知", "2031-04-02"),
        (f"<center>{NAV}<hr><font>校园安全检查工作安排</font><hr>2031/4/2</center><br>{TEXT}", "校园安全检查工作安排", "2031-04-02"),
        (rows(NAV) + rows("更正公告", "2031-04-02", TEXT), "更正公告", "2031-04-02"),
        (rows(NAV, "更正公告", "发布日期：2031-04-02", TEXT), "更正公告", "2031-04-02"),
        (f"<p>{NAV}</p><div><div>流标公告</div><div>2031-04-02 10:10</div><div>{TEXT}</div></div>", "流标公告", "2031-04-02"),
        (f"<p>{NAV}</p><div><h5>安全检查通知</h5>{TEXT}</div>", "安全检查通知", "None"),
        (f"<p>{NAV}</p><h6>安全检查通知</h6><div>{TEXT}</div>", "安全检查通知", "None"),
        (f"<h1>@临江人，开学了</h1><div><b>临江教育</b><i>2031-04-02</i></div><div>{TEXT}</div>", "@临江人，开学了", "2031-04-02"),
    ],
)  # fmt: skip
def test_titles_that_only_their_place_tells(markup: str, title: str, day: str) -> None:
    record = read(markup, "临江教育")
    assert (record.title, str(record.published_on), lines(record)) == (title, day, BODY)


def test_small_headings_of_columns_are_no_titles() -> None:
    columns = (
        "<div><h5>最新公告</h5><p>今天发布三条。</p></div><div><h5>部门通知</h5><p>今天发布两条。</p></div>"
    )
    assert read(f"<p>{NAV}</p>{columns}<div>{TEXT}</div>").title is None


MENU = "".join(f'<li><a href="/c{k}/">栏目名称第{k}号</a></li>' for k in range(30))


@pytest.mark.parametrize("heading", ["h3", "h5"])
def test_pictures_and_notices_beside_a_long_menu(heading: str) -> None:
    pictures = f"<{heading}>临江市中心城区规划图</{heading}><p>2031-04-05</p><p><img src='/u/1.jpg'></p>"
    record = read(f"<ul>{MENU}</ul><div>{pictures}</div>")
    assert (record.title, record.body_text) == ("临江市中心城区规划图", None)
    assert [file.url for file in record.attachments] == ["https://www.linjiang.example.gov.cn/u/1.jpg"]
    notice = f"<{heading}>辅具发放通知</{heading}><p>请申请人于4月20日到市残联领取。</p>"
    record = read(f"<table><tr><td>{MENU}</td><td>{notice}</td></tr></table>")
    assert (record.title, lines(record)) == ("辅具发放通知", ["请申请人于4月20日到市残联领取。"])
    banner = f"<{heading}>工作动态</{heading}><p><img src='/u/1.jpg'></p>"
    assert page_of(f"<ul>{MENU}</ul><div>{banner}</div>").kind is PageKind.LIST


@pytest.mark.parametrize("line", ["日期：2031-4-2 点击：56", "2031-4-2"])
@pytest.mark.parametrize("rank", ["点击排行", "热门文章"])
def test_a_roster_between_columns_of_links(line: str, rank: str) -> None:
    links = "".join(
        f"<tr><td><a href='s{k}.asp'>第{k}批公示名单及有关说明</a>（{k * 13}）</td></tr>"
        for k in range(1, 11)
    )
    side = f"<td><table><tr><td>{rank}</td></tr>{links}</table></td>"
    middle = f"<table><tr><td><b>2031年骨干教师名单</b></td></tr><tr><td>{line}</td></tr><tr><td>{ROSTER}</td></tr></table>"
    record = read(f"<table><tr>{side}<td>{middle}</td>{side}</tr></table>")
    assert (record.title, str(record.published_on), lines(record)) == (
        "2031年骨干教师名单",
        "2031-04-02",
        ROWS,
    )


@pytest.mark.parametrize("heading", ["h3", "h5"])
def test_the_address_of_an_office_behind_a_roster_is_none_of_it(heading: str) -> None:
    foot = "<div>临江市教育局　电话：0791-88888888</div>"
    record = read(f"<div>{NAV}</div><div><{heading}>2031年优秀教师名单</{heading}>{ROSTER}</div>{foot}")
    assert (record.title, lines(record)) == ("2031年优秀教师名单", ROWS)


@pytest.mark.parametrize(
    "others",
    [
        "<h4>关联文件</h4><p>暂无</p><h4>关联解读</h4><p>暂无</p>",
        "<div>相关政策</div><div>暂无相关政策</div><div>政策图解</div><div>暂无</div>",
    ],
)
def test_headings_over_no_other_documents_are_no_lines_of_the_text(others: str) -> None:
    record = read(f"<h1>临江市养老服务管理办法</h1><div><div>{TEXT}</div><div>{others}</div></div>")
    assert lines(record) == BODY
    kept = read(f"<h1>申报情况公示</h1><div>{TEXT}<p>二、申报单位</p><p>暂无</p></div>")
    assert lines(kept) == [*BODY, "二、申报单位", "暂无"]


@pytest.mark.parametrize(
    ("over", "under", "number", "body"),
    [
        ("临江市人民政府令", "第12号", "临江市人民政府令第12号", "临江市人民政府"),
        ("临江市教育局公告", "2031年第2号", "临江市教育局公告2031年第2号", "临江市教育局"),
    ],
)
def test_the_number_under_the_name_of_an_order(over: str, under: str, number: str, body: str) -> None:
    record = read(f"<h2>{over}</h2><h4>{under}</h4><hr><blockquote>{TEXT}</blockquote>")
    assert (record.title, record.document_number, record.issuing_body, lines(record)[-2:]) == (
        over,
        number,
        body,
        BODY,
    )


def test_a_hearing_gives_no_order() -> None:
    signed = "<p>临江市发展和改革局</p><p>2031年4月2日</p>"
    assert (
        read(f"<h2>价格听证会公告</h2><div id='zoom'><p>（第2号）</p>{TEXT}{signed}</div>").issuing_body
        == "临江市发展和改革局"
    )


def test_the_head_of_a_telegram_is_no_title() -> None:
    head = "<p>发电单位：临江市教育局　签批盖章：张某</p><p>等级：特急·明电　临教明电〔2031〕5号</p>"
    record = read(f"<div id='main'>{head}<p>关于做好防寒工作的紧急通知</p>{TEXT}</div>")
    assert (record.title, record.document_number) == ("关于做好防寒工作的紧急通知", "临教明电〔2031〕5号")
