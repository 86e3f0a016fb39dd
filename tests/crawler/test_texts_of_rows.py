"""Texts that are rows and tables called like labels, in templates that nothing is known of, and pages of a file, a picture or a film."""

from __future__ import annotations

import pytest

from archive.model import Extraction, PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://www.linjiang.example.gov.cn/zw/t20310510_1.html"
LINKS = "".join(
    f"<li><a href='/x{i}.html'>临江市召开第{i}次防汛工作会议</a><span>2031-04-0{i}</span></li>"
    for i in range(1, 8)
)
SIDE = f"<div class='sd'><h3>相关推荐</h3><ul>{LINKS}</ul></div>"
BAR = "发布时间：2031-05-10 10:20　来源：办公室　浏览次数：<span>12</span>次　字体：[<a>大</a> <a>中</a> <a>小</a>]"
FOOT = "<div class='ft'><p>主办单位：临江市水利局　浙ICP备05000001号</p></div>"
# The title is a site's; the layout is tables in tables, a list of links in the left column.
IN_TABLES = (
    "<table><tr><td>{side}</td><td><table><tr><td align='center'><b>{title}</b></td></tr><tr><td>{bar}</td></tr>"
    "<tr><td class='nr'>{text}</td></tr></table></td></tr></table>"
)
IN_DIV = "<div class='w'><h1>{title}</h1><div class='b'>{bar}</div><div class='k9'>{text}</div></div>{side}"
BESIDE = "<div class='w'><div class='r'><h3>{title}</h3><p class='b'>{bar}</p><div class='k9'>{text}</div></div>{side}</div>"


def page(
    template: str, title: str, text: str, named: str | None = None, listed: str | None = None
) -> Extraction:
    body = template.format(side=SIDE, title=title, bar=BAR, text=text) + FOOT
    markup = f"<html><head><title>{named or title}</title></head><body>{body}</body></html>"
    hints = {"title": listed} if listed else None
    return extract_page(markup.encode(), URL, book=BOOK, hints=hints)


def lines(found: Extraction) -> list[str]:
    assert found.disclosure is not None, found.problems
    return (found.disclosure.body_text or "").split("\n")


def table(*rows: list[str]) -> str:
    return (
        "<table border='1'>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        + "</table>"
    )


DOCUMENTS = [
    ["序号", "文件名称", "发文字号", "发布日期", "施行日期"],
    ["1", "临江市公共停车场管理办法", "临政发〔2029〕3号", "2029-03-01", "2029-04-01"],
    ["2", "临江市政府投资项目管理办法", "临政发〔2030〕7号", "2030-05-01", "2030-06-01"],
]
GUIDE = [
    ["事项名称", "残疾人证办理"],
    ["公开形式", "网站、公示栏"],
    ["法定依据", "《残疾人保障法》"],
    ["发布单位", "市残联"],
    ["收费标准", "不收费"],
]


@pytest.mark.parametrize("template", [IN_DIV, BESIDE, IN_TABLES])
@pytest.mark.parametrize("rows", [DOCUMENTS, GUIDE])
def test_a_table_whose_cells_sound_like_labels_is_the_text(template: str, rows: list[list[str]]) -> None:
    title = "关于公布临江市现行有效行政规范性文件目录的公告"
    found = page(template, title, table(*rows), named="临江市水利局", listed=title)
    assert found.disclosure is not None
    assert lines(found) == ["\t".join(row) for row in rows]
    assert (found.disclosure.title, str(found.disclosure.published_on)) == (title, "2031-05-10")
    assert (found.disclosure.issuing_body, found.disclosure.document_number) == (None, None)


SHOWN = ["公示时间：2031年5月10日至6月8日", "公示方式：政府网站、现场公示", "联系电话：0578-2100020"]
RELIC = ["名称：青瓷莲花尊", "时代：南朝", "来源：1978年临江县出土", "分类：瓷器", "尺寸：高42厘米"]


@pytest.mark.parametrize("template", [IN_DIV, BESIDE])
@pytest.mark.parametrize("rows", [SHOWN, RELIC])
def test_rows_that_sound_like_labels_are_the_text(template: str, rows: list[str]) -> None:
    title = "白石镇国土空间总体规划和馆藏文物公示"
    found = page(template, title, "".join(f"<p>{row}</p>" for row in rows))
    assert found.disclosure is not None and not found.problems
    assert lines(found) == rows
    assert (found.disclosure.title, found.disclosure.subject_category) == (title, None)


def test_lines_of_labels_of_which_one_is_a_pages_own_are_no_text() -> None:
    card = "".join(
        f"<p>{row}</p>"
        for row in ["发布机构：临江市水利局", "公布渠道：网站", "公布栏目：通知", "发布日期：2031-05-10"]
    )
    text = "<p>各区水利局：</p><p>现将汛前检查有关事项通知如下，请认真组织实施。</p>"
    found = page(
        f"<div>{card}</div><h1>{{title}}</h1><div class='k9'>{{text}}</div>", "关于汛前检查的通知", text
    )
    assert found.disclosure is not None and found.disclosure.issuing_body == "临江市水利局"
    assert lines(found)[0] == "各区水利局："


def test_the_day_of_a_signature_under_a_roster_is_not_that_of_publication() -> None:
    rows = ["根据有关规定，现注销下列企业：", "临江顺达物流有限公司", "临江市水利局", "2031年5月8日"]
    flat = "<div class='w'><h2>{title}</h2><div class='b'>{bar}</div>{text}</div>"
    found = page(flat, "关于注销取水许可的公告", "".join(f"<p>{row}</p>" for row in rows))
    assert found.disclosure is not None and not found.problems
    assert (str(found.disclosure.published_on), str(found.disclosure.issued_on)) == (
        "2031-05-10",
        "2031-05-08",
    )


ARTICLE = "<main><article><h1>{title}</h1><section>{text}</section></article><aside>{side}</aside></main>"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("2030年度临江市档案馆部门决算", "<p><a href='/u/1.pdf'>2030年度临江市档案馆部门决算.pdf</a></p>"),
        ("视频解读《临江市养老服务条例》", "<video src='/u/1.mp4'></video>"),
        ("一图读懂《临江市养老服务条例》", "<p><img src='/u/1.jpg'></p>"),
    ],
)
def test_a_file_a_film_or_a_picture_under_the_title_of_its_row_is_a_document(title: str, text: str) -> None:
    assert page(ARTICLE, title, text, listed=title).kind is PageKind.DOCUMENT


def test_a_column_of_links_under_the_title_of_its_row_is_none() -> None:
    title = "2031年部门预算公开"
    assert page(ARTICLE, title, f"<ul>{LINKS}</ul>", listed=title).kind is PageKind.LIST


def test_a_page_that_shows_its_title_alone_is_said_to_have_no_text() -> None:
    title = "临江市养老服务条例宣传片"
    body = f"<div id='c'><span>{title}</span><br><span>2031-05-10</span><div><video src='/1.mp4'></video></div></div>"
    markup = f"<html><head><title>临江市民政局-{title}</title></head><body>{body}</body></html>"
    found = extract_page(markup.encode(), URL, book=BOOK, hints={"title": title})
    assert found.disclosure is not None and found.disclosure.body_text is None
    assert "no_text" in {p.code for p in found.problems}


CALLED = ["地址：临江市解放路88号", "办公时间：周一至周五8:30—17:00", "咨询电话：12366"]
MEETING = ["时间：2031年5月12日上午9:00", "地点：市政府三楼会议室", "议题：研究防汛工作"]
FIGURES = ["居民消费价格同比上涨0.5%", "食品价格下降1.2%", "非食品价格上涨0.9%"]
GRANT = ["申请人：柳某", "宅基地面积：120平方米", "公示期：5月10日至5月16日"]
BUILDINGS = ["何氏宗祠", "柳家大院", "白石古桥"]
SHARED = (
    "<div class='w'><h1>{title}</h1><div class='b'>{bar}</div>"
    "<div class='article'>{text}<div class='ewm'><img src='/q.png'></div></div></div>"
)
LOOSE = "<div class='w'><h2>{title}</h2><div class='b'>{bar}</div>{text}</div>"


@pytest.mark.parametrize(
    ("template", "rows", "between"),
    [
        (IN_DIV, CALLED, "p"),
        (SHARED, CALLED, "div"),
        (BESIDE, MEETING, "p"),
        (LOOSE, MEETING, "p"),
        (LOOSE, FIGURES, "br"),
        (BESIDE, GRANT, "p"),
        (SHARED, BUILDINGS, "p"),
    ],
)
def test_few_words_that_sound_like_a_card_or_a_foot_are_the_text(
    template: str, rows: list[str], between: str
) -> None:
    text = "<br>".join(rows) if between == "br" else "".join(f"<{between}>{row}</{between}>" for row in rows)
    title = "临江市2031年4月份CPI数据"
    found = page(f"<div><a href='/'>首页</a></div>{template}", title, text, named=f"{title}_临江市水利局")
    assert lines(found) == rows
    assert found.disclosure is not None and str(found.disclosure.published_on) == "2031-05-10"
    assert not found.problems


def test_a_number_with_its_label_over_the_title_contradicts_nothing() -> None:
    card = "<ul><li>发布机构：临江市水利局</li><li>文号：临水发〔2031〕12号</li><li>成文日期：2031-06-03</li></ul>"
    text = "<p>各区水利局：</p><p>现将有关事项通知如下，请认真组织实施。</p>"
    found = page(
        f"<div class='w'><div>{card}</div><h2>{{title}}</h2><div class='k9'>{{text}}</div></div>",
        "关于汛前检查的通知",
        text,
    )
    assert found.disclosure is not None and found.disclosure.document_number == "临水发〔2031〕12号"
    assert not found.problems


@pytest.mark.parametrize(
    "cell", ["<a href='/tz/{}.html'>临江市水利局关于第{}项工作的通知</a>", "<i onclick='go({})'>通知{}</i>"]
)
@pytest.mark.parametrize(
    "head", [["序号", "标题", "文号", "发布日期"], ["索引号", "名称", "文号", "发布日期"]]
)
def test_a_table_of_rows_that_lead_on_is_no_text(cell: str, head: list[str]) -> None:
    rows = [[str(i), cell.format(i, i), f"临水发〔2031〕{i}号", f"2031-05-{i:02}"] for i in range(1, 13)]
    found = page("<div class='w'><h2>{title}</h2>{text}</div>", "2031年部门文件公开", table(head, *rows))
    assert found.disclosure is None or found.disclosure.body_text is None
    assert found.kind is PageKind.LIST or "onclick" in cell


@pytest.mark.parametrize("template", [IN_DIV, LOOSE, BESIDE])
def test_the_yearly_table_of_a_site_is_not_its_foot(template: str) -> None:
    rows = [
        ["网站名称", "临江市人民政府门户网站"],
        ["主办单位", "临江市人民政府"],
        ["政府网站标识码", "3311000012"],
        ["ICP备案号", "浙ICP备05000001号", "公安机关备案号", "33110002000001"],
        ["网站总访问量（单位：次）", "2345678"],
    ]
    found = page(
        template, "临江市人民政府门户网站工作年度报表（2030年度）", table(*rows) + "<p>填报人：林某</p>"
    )
    assert lines(found)[: len(rows)] == ["\t".join(row) for row in rows]
    assert not found.problems


CARD = [
    ["文件名称", "临江市水利局行政处罚决定书（某某公司）"],
    ["文号", "临水罚〔2031〕2号"],
    ["发文日期", "2031-05-09"],
    ["发文单位", "临江市水利局"],
]
ORDER = "<p>当事人：某某公司，住所：临江市城关镇。</p><p>经查，当事人在河道管理范围内违法取土，本局决定罚款五万元。</p>"


def test_a_card_of_title_number_issuer_and_day_that_opens_the_text_is_none_of_it() -> None:
    def read(text: str) -> Extraction:
        markup = f"<html><head><title>临江市法规数据库</title></head><body>{text}</body></html>"
        return extract_page(markup.encode(), URL, book=BOOK)

    parties = [["当事人信息"], ["类型", "当事人", "金额"], ["机构", "某某公司", "5万元"]]
    found = read(table(*CARD, *parties) + ORDER)
    assert found.disclosure is not None
    assert found.disclosure.title == CARD[0][1] and found.disclosure.document_number == CARD[1][1]
    assert str(found.disclosure.issued_on) == CARD[2][1] and found.disclosure.issuing_body == CARD[3][1]
    assert lines(found)[0] == "当事人信息" and "机构\t某某公司\t5万元" in lines(
        found
    )  # nothing of a table in it is lost
    amid = read(ORDER + table(*CARD) + ORDER)
    assert amid.disclosure is not None and amid.disclosure.document_number is None  # that of another document
