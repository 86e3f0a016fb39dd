"""Documents of a word or a file beside many links, and words that look like the page's own and are the document's."""

from __future__ import annotations

import pytest

from archive.model import PageKind
from tests.crawler.test_hand_made_pages import lines, page_of, read

TITLE = "关于成绩查询的通知"
LINKS = "".join(f"<p><a href='/s{k}.html'>临江市召开第{k}次专题会议研究部署工作</a></p>" for k in range(9))
SIDE = f"<div class='s'>{LINKS}</div>"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<p>成绩已公布。</p>", ["成绩已公布。"]),
        (
            "<div>成绩已公布，请自行查询</div><div>不再另行通知</div><div>谢谢</div>",
            ["成绩已公布，请自行查询", "不再另行通知", "谢谢"],
        ),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "{side}<div>{text}</div>",
        "<div>{text}</div>{side}",
        "<table><tr><td>{side}</td><td>{text}</td></tr></table>",
    ],
)
def test_a_short_text_beside_many_links(text: str, body: list[str], place: str) -> None:
    record = read(place.format(side=SIDE, text=f"<h3>{TITLE}</h3>{text}"))
    assert (record.title, lines(record)) == (TITLE, body)


@pytest.mark.parametrize(
    "file", ["<a href='/u/1.pdf'>临江市城市管理办法.pdf</a>", "<iframe src='/u/1.pdf'></iframe>"]
)
def test_a_file_beside_many_links(file: str) -> None:
    record = read(f"{SIDE}<div><h3>临江市城市管理办法</h3><div>2031-05-10</div><div>{file}</div></div>")
    assert (record.title, str(record.published_on)) == ("临江市城市管理办法", "2031-05-10")
    assert [attached.url for attached in record.attachments] == [
        "https://www.linjiang.example.gov.cn/u/1.pdf"
    ]


@pytest.mark.parametrize(
    "page",
    [
        f"<h2>临江市2031年重点工程公告</h2>{SIDE}<div><p>欢迎来到临江市，这里山清水秀，人杰地灵。</p></div>",
        f"<h3>通知公告</h3><p>今天发布三条。</p>{SIDE}",
        f"{SIDE}<div><h3>政策解读</h3><p><img src='/b.jpg'></p></div>",
    ],
)
def test_pages_of_links_stay_so(page: str) -> None:
    assert page_of(page).kind is PageKind.LIST


@pytest.mark.parametrize(
    "line",
    [
        "请考生关注“临江教育”微信公众号查询成绩。",
        "本网站自5月1日起转载各类文件须注明出处。",
        "联系电话：0791-88888888，欢迎来电咨询。",
        "办公时间：上午8:30-12:00，下午2:30-5:30。",
        "免责声明：本考试成绩仅供参考，以证书为准。",
    ],
)
def test_a_text_of_nothing_but_words_that_pages_say_of_themselves(line: str) -> None:
    assert lines(read(f"<h1>{TITLE}</h1><div class='u'><p>{line}</p></div>", TITLE)) == [line]


def test_what_looks_like_furniture_over_a_signature() -> None:
    said = ["请使用谷歌浏览器登录报名系统。", "临江市教育局", "2031年5月10日"]
    text = "".join(f"<p>{line}</p>" for line in said)
    assert lines(read(f"<h1>{TITLE}</h1><div class='u'>{text}</div>", TITLE)) == said


@pytest.mark.parametrize("text", ["<p>成绩已公布。</p>", "<p>张三</p><p>李四</p><p>王五</p>"])
def test_a_menu_that_scripts_answer_is_no_text(text: str) -> None:
    words = ["首页", "机构职能", "通知公告", "政策法规", "办事指南", "互动交流"]
    menu = "".join(f'<div onclick="go({k})">{word}</div>' for k, word in enumerate(words))
    record = read(f"<div class='m'>{menu}</div><div class='k'><h2>先进个人名单公告</h2>{text}</div>")
    assert (record.title, lines(record)) == ("先进个人名单公告", text[3:-4].split("</p><p>"))


@pytest.mark.parametrize(
    "text",
    [
        "<p>第一名　东街街道</p><p>第二名　西街街道</p>",
        "<div>国家安全人人有责</div><div>维护安全从我做起</div>",
        "<table><tr><td>星期</td><td>早餐</td></tr><tr><td>周一</td><td>包子</td></tr><tr><td>周二</td><td>面条</td></tr></table>",
        "<ul><li><h3>办公室</h3><p>负责文秘。</p></li><li><h3>人事股</h3><p>负责人事。</p></li></ul>",
    ],
)
def test_a_few_words_over_a_longer_foot(text: str) -> None:
    foot = "<div class='z'><p>临江市人民政府主办　临江市大数据中心承办</p><p>网站标识码：3600000001　赣ICP备12345678号-1</p></div>"
    record = read(f"<h1>2031年一季度排名公示</h1><div class='d'>{text}</div>{foot}")
    said = "".join(text.replace("\u3000", " ").split("<")).replace(">", "")
    assert len(lines(record)) == 2 + ("table" in text) + 2 * ("<ul>" in text)
    assert all(word in said for line in lines(record) for word in line.split("\t"))


def test_the_text_of_a_form_stands_behind_its_label() -> None:
    text = "<p>各学校：</p><p>现将招生工作方案印发给你们，请认真贯彻落实。</p><p>临江市教育局</p><p>2031年5月20日</p>"
    card = (
        "<tr><td>标　　题：</td><td>关于印发招生方案的通知</td></tr><tr><td>发布单位：</td><td>市教育局</td></tr>"
        f"<tr><td>发布时间：</td><td>2031-05-21</td></tr><tr><td>内　　容：</td><td>{text}</td></tr>"
    )
    record = read(f"<form><table>{card}</table></form>")
    assert (record.title, record.issuing_body, str(record.published_on)) == (
        "关于印发招生方案的通知",
        "市教育局",
        "2031-05-21",
    )
    assert lines(record) == text[3:-4].split("</p><p>")
    fact = "<p>无证经营，违反了食品安全法的规定，决定处以罚款一万元。</p><p>限期缴纳。</p>"
    penalty = f"<tr><td>案件名称</td><td>王某案</td></tr><tr><td>内容</td><td>{fact}</td></tr>"
    kept = read(
        f"<h1>行政处罚信息公示</h1><table>{penalty}<tr><td>处罚日期</td><td>2031-05-21</td></tr></table>"
    )
    assert [line.split("\t")[0] for line in lines(kept)] == ["案件名称", "内容", "处罚日期"]


def test_a_title_in_the_head_of_a_card_above_the_day() -> None:
    head = "<div class='el-card__header'><span>关于印发招生方案的通知</span></div>"
    text = "<div class='q'><p>各学校：</p><p>现将招生工作方案印发给你们，请认真贯彻落实。</p></div>"
    record = read(
        f"<div class='el-card'>{head}<div class='el-card__body'><div class='t'>2031-05-21</div>{text}</div></div>"
    )
    assert (record.title, str(record.published_on)) == ("关于印发招生方案的通知", "2031-05-21")
