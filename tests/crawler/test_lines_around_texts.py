"""Lines of templates around texts: their days, counters and headings, and what a text in several elements of one name says."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.body.noise import noise_line
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

URL = "https://slj.linjiang.example.gov.cn/tz/202603/t20260301_1.html"
TITLE = "关于开展汛前检查的通知"
FIRST = "现将汛前检查有关事项通知如下，请结合实际认真组织实施，并于三月底前报送检查结果。"
SECOND = "各区要明确责任，逐库逐坝排查隐患，发现问题立即整改，确保安全度汛。"


def read(inner: str, title: str = TITLE) -> Disclosure:
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{inner}</body></html>"
    record = extract_page(page.encode(), URL, book=BOOK).disclosure
    assert record is not None
    return record


@pytest.mark.parametrize(
    "line",
    [
        "发布：2024-12-01 责编：王某 浏览：9 次 评论：0 条",
        "发布：2024-12-01　责编：王某　点击：9",
        "本文已被浏览 19 次，最后更新：2024-11-30 08:30",
        "本文已被阅读19次，最近更新时间：2024年11月30日",
        "浏览：19 次 最后修改：2024-11-30 08:30",
    ],
)
def test_a_line_that_counts_visits_is_none_of_a_text(line: str) -> None:
    assert noise_line(line)


@pytest.mark.parametrize("line", ["最后更新日期为3月5日。", "本文已被多家媒体转载", "发布：王某"])
def test_a_line_that_counts_nothing_is_kept(line: str) -> None:
    assert not noise_line(line)


@pytest.mark.parametrize(
    ("pieces", "around"),
    [
        (("<div class=TRS_Editor><p>{}</p></div>", "<div class=TRS_Editor><p>{}</p></div>"), "<div>{}</div>"),
        (("<div class=article-content><p>{}</p></div>",) * 2, "<div class=w><h1>x</h1>{}</div>"),
        (("<td class=TRS_Editor>{}</td>",) * 2, "<table><tr>{}</tr></table>"),
    ],
)
def test_a_text_in_several_elements_of_one_name_is_read_whole(pieces: tuple[str, str], around: str) -> None:
    made = around.format(pieces[0].format(FIRST * 2) + pieces[1].format(SECOND))
    assert "".join((read(f"<h1>{TITLE}</h1>{made}").body_text or "").split()) == f"{FIRST * 2}{SECOND}"


@pytest.mark.parametrize("second", [FIRST, f"{FIRST}{FIRST}"])
def test_a_twin_of_a_text_is_no_second_part_of_it(second: str) -> None:
    page = f"<h1>{TITLE}</h1><div><div class=zoom><p>{FIRST}{FIRST}</p></div><div class=zoom><p>{second}</p></div></div>"
    assert read(page).body_text == FIRST + FIRST


@pytest.mark.parametrize(
    "between", ["<h3>相关新闻</h3><ul><li><a href=1.html>关于防汛的通知</a></li></ul>", "<p>0791-1</p>"]
)
def test_elements_with_something_between_them_are_two_texts(between: str) -> None:
    other = f"<div class=zoom><p>{SECOND}</p></div>"
    page = f"<h1>{TITLE}</h1><div><div class=zoom><p>{FIRST}{FIRST}</p></div>{between}{other}</div>"
    assert read(page).body_text == FIRST + FIRST


def test_a_day_of_a_template_under_a_title_is_told_whatever_its_label() -> None:
    rows = "<tr><td>违法行为</td><td>销售劣药</td></tr><tr><td>处罚内容</td><td>罚款1000元。</td></tr>"
    page = "<div class=xk><h2>行政处罚决定信息公示</h2><div class=t>{}</div><table>{}</table></div>"
    told = read(page.format("公示日期：2026-02-26", rows), "公示")
    assert (str(told.published_on), "公示日期" in (told.body_text or "")) == ("2026-02-26", False)
    term = read(page.format("公示时间：2月26日至3月5日", rows), "公示")
    assert (term.published_on, "公示时间" in (term.body_text or "")) == (None, True)


@pytest.mark.parametrize(
    "line",
    [
        "<span class='g g-time'></span> 2026-03-01 &nbsp;<span class='g g-eye'></span> {} &nbsp;<span class='g g-user'></span> 安监科",
        "2026-03-01 安监科 {}",
        "2026-03-01 10:20 {}",
    ],
)
def test_a_bare_counter_beside_the_day_under_a_title_is_none_of_the_text(line: str) -> None:
    page = "<div class='panel'><div><h3>{}</h3></div><div class='panel-body'><div class=s>{}</div><hr><p>{}</p><p>{}</p></div></div>"
    found = [read(page.format(TITLE, line.format(n), FIRST, SECOND)) for n in (45, 46)]
    assert [str(record.published_on) for record in found] == ["2026-03-01"] * 2
    assert [record.body_text for record in found] == [f"{FIRST}\n{SECOND}"] * 2


@pytest.mark.parametrize(
    "line",
    [
        "临江水利网 2026-03-01 作者：防汛办 【<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>】",
        "临江市水利局 2026/3/1 [<a href='#'>打印</a>]",
        "临江日报　2026-03-01 10:20　责任编辑：张某",
    ],
)
def test_a_day_between_who_wrote_and_tools_is_told(line: str) -> None:
    text = f"<div class=TRS_Editor>{FIRST}</div>"
    page = (
        f"<table><tr><td class=bt>{TITLE}</td></tr><tr><td>{line}</td></tr><tr><td>{text}</td></tr></table>"
    )
    assert str(read(page).published_on) == "2026-03-01"


def test_a_day_within_words_under_a_title_is_none_of_it() -> None:
    page = (
        f"<h1>{TITLE}</h1><p>会议定于 2026-03-01 在临江市召开</p><div class=TRS_Editor><p>{FIRST}</p></div>"
    )
    assert read(page).published_on is None


def test_the_one_heading_behind_a_card_in_the_text_is_the_title() -> None:
    name = "青山镇2026年7月城乡低保对象名单公示"
    card = "<table><tr><td>公开事项</td><td>社会救助</td></tr><tr><td>更新时间</td><td>2026-07-08</td></tr></table>"
    rows = "".join(f"<tr><td>{i}</td><td>张某{i}</td><td>{i}11</td></tr>" for i in range(12))
    record = read(f"<div class=gk>{card}<h3>{name}</h3><div><table>{rows}</table></div></div>", "低保公示")
    assert record.title == name
    assert name not in (record.body_text or "")


def test_a_picture_is_the_text_whatever_icons_the_foot_of_the_site_shows() -> None:
    lines = "<p>关于我们 | 网站地图</p><p>主办：临江市水利局</p><p>临ICP备1号 <img src=/ga.png>公安备1号</p><p>技术支持：某公司</p>"
    foot = f"<div class=footer><div class=foot-txt>{lines}</div></div>"
    record = read(
        f"<div><h1>{TITLE}</h1><p>发布日期：2026-02-05</p><div class=r><p><img src=/u/zb.jpg></p></div></div>{foot}"
    )
    assert [file.name for file in record.attachments] == ["zb.jpg"]


def test_a_title_that_names_a_column_is_none() -> None:
    head = "<meta name=ArticleTitle content=通知公告><meta name=PubDate content='2026-03-01 10:00'>"
    text = f"<div class=b><span>关于开展</span><span>汛前检查的通知</span></div><div class=c><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert read(head + text).title == TITLE


def test_the_name_of_a_column_of_a_table_is_no_title() -> None:
    name = "《临江市河道管理办法（草案）》公开征求意见采纳情况"
    rows = "<tr><th>序号</th><th>意见</th><th>采纳情况</th></tr><tr><td>1</td><td>增设标志</td><td>采纳。</td></tr>"
    text = f"<div class=c><p>{FIRST[:30]}。具体如下：</p><table>{rows}</table></div>"
    record = read(f"<div><h1>{name}</h1>{text}</div>", "采纳情况")
    assert record.title == name
    assert "序号\t意见\t采纳情况" in (record.body_text or "")


@pytest.mark.parametrize(
    "tools",
    [
        "<p>【字体：小 大】【收藏】【打印文章】【查看评论】</p>",
        "<div>相关文章</div><div>没有相关内容</div>",
        "<p>字号：大 小</p><p>暂无相关信息</p>",
    ],
)
def test_tools_behind_a_signature_are_none_of_the_text(tools: str) -> None:
    text = f"<p>{FIRST}</p><p>{SECOND}</p><p>临江市水利局</p><p>2026年2月27日</p>"
    record = read(f"<div id=content><h1>{TITLE}</h1>{text}{tools}</div>")
    assert record.body_text is not None
    assert record.body_text.endswith("2026年2月27日")


@pytest.mark.parametrize(
    "folded",
    [
        "<div class=more style='display:none'>{}</div></div><a class=btn>展开全文</a>",
        "<div class=more style='display:none'>{}</div><p onclick=f()>点击查看全部</p></div>",
        "<div class=more hidden>{}</div></div><div><span>阅读全文</span></div>",
    ],
)
def test_the_folded_rest_of_a_text_is_read(folded: str) -> None:
    rest = f"<p>{SECOND}</p><p>临江市水利局</p><p>2026年2月27日</p>"
    record = read(f"<div><h1>{TITLE}</h1><div class=mb><p>{FIRST}</p>{folded.format(rest)}</div>")
    assert record.body_text == f"{FIRST}\n{SECOND}\n临江市水利局\n2026年2月27日"


@pytest.mark.parametrize("behind", ["<a>打印全文</a>", "<p>查看原图</p>", "<a>展开菜单</a>"])
def test_a_hidden_twin_without_a_way_to_unfold_it_is_not_read(behind: str) -> None:
    page = f"<div><h1>{TITLE}</h1><div class=mb><p>{FIRST}</p><div style='display:none'><p>{SECOND}</p></div>{behind}</div></div>"
    assert SECOND not in (read(page).body_text or "")


def test_points_part_the_pieces_of_the_line_under_a_title() -> None:
    page = f"<div><h1>{TITLE}</h1><p class=mi>青山镇 · 2026-03-01 · 26次阅读</p><div class=mb><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    assert str(read(page).published_on) == "2026-03-01"


def test_a_day_in_brackets_under_a_title_within_the_text_is_its_own() -> None:
    text = f"<p align=center><b>{TITLE}</b></p><p>（2003年3月14日）</p><p>{FIRST}</p><p>{SECOND}</p>"
    assert str(read(text, "新建网页 1").issued_on) == "2003-03-14"
    signed = read(f"{text}<p>临江市水利局</p><p>2003年3月12日</p>", "新建网页 1")
    assert str(signed.issued_on) == "2003-03-12"


def test_a_mark_of_a_seal_between_office_and_day_parts_no_signature() -> None:
    for mark in ("（印章）", "(公章)", "（盖章）", "（此处盖章）"):
        record = read(
            f"<h1>{TITLE}</h1><div id=zoom><p>{FIRST}</p><p>临江市水利局</p><p>{mark}</p><p>2026年2月27日</p></div>"
        )
        assert (record.issuing_body, str(record.issued_on)) == ("临江市水利局", "2026-02-27")


@pytest.mark.parametrize(
    "votes",
    [
        "<p>您对本次征集是否满意？</p><p>满意 {0} 票　不满意 {0} 票</p><p>共有 {0} 人参与投票</p>",
        "<p>满意：{0}票 基本满意：{0}票 不满意：{0}票</p><p>已有{0}人参与评价</p>",
        "<p>目前已有 {0} 人参与调查</p>",
    ],
)
def test_the_votes_of_readers_behind_a_text_are_none_of_it(votes: str) -> None:
    text = f"<p>{FIRST}</p><p>{SECOND}</p><p>临江市水利局</p><p>2026年2月27日</p>"
    for number in (12, 15):
        record = read(f"<h1>{TITLE}</h1><div id=zoom>{text}{votes.format(number)}</div>")
        assert (record.body_text or "").endswith("2026年2月27日")


def test_votes_within_a_text_are_its_own() -> None:
    record = read(
        f"<h1>{TITLE}</h1><div id=zoom><p>{FIRST}</p><p>满意 25 票　不满意 1 票</p><p>{SECOND}</p></div>"
    )
    assert "满意 25 票" in (record.body_text or "")


def test_files_under_a_heading_of_their_own_belong_to_the_page() -> None:
    rows = "".join(
        f"<tr><td>{n}.docx</td><td>23KB</td><td><a href='/f/{i}.docx'>下载</a></td></tr>"
        for i, n in enumerate(("报名表", "承诺书"))
    )
    files = f"<div class=f7><h4>附件列表</h4><table><tr><th>文件名</th><th>大小</th><th>操作</th></tr>{rows}</table></div>"
    record = read(f"<h1>{TITLE}</h1><div class=c7><p>{FIRST}</p><p>{SECOND}</p></div>{files}")
    assert [file.name for file in record.attachments] == ["报名表.docx", "承诺书.docx"]
    other = files.replace("附件列表", "常用下载")
    assert read(f"<h1>{TITLE}</h1><div class=c7><p>{FIRST}</p><p>{SECOND}</p></div>{other}").attachments == ()


@pytest.mark.parametrize("line", ["<<返回", "&lt;&lt; 返回列表"])
def test_a_way_back_is_a_tool(line: str) -> None:
    assert noise_line(line.replace("&lt;", "<"))


@pytest.mark.parametrize(
    "title", ["征收土地预公告", "征收土地预公告_临江市自然资源局", "征收土地预公告 - 通知公告"]
)
def test_a_short_title_is_known_by_the_title_of_the_page(title: str) -> None:
    bar = "<div class=zn>临政征预告〔2026〕12号</div><div class=zi>发布时间：2026-03-01</div>"
    page = f"<div class=zd><div class=zt>征收土地预公告</div>{bar}<div class=zc><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div></div>"
    record = read(page, title)
    assert (record.title, record.document_number) == ("征收土地预公告", "临政征预告〔2026〕12号")


def test_the_name_of_a_column_that_stands_behind_another_title_is_none() -> None:
    page = f"<div class=a>土地征收公告</div><div class=zd><h3>{TITLE}</h3><div class=zc><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div></div>"
    assert read(page, f"{TITLE}_土地征收公告_临江市").title == TITLE


@pytest.mark.parametrize(
    "line",
    ["2026-03-01 12:00 发布于 临江发布 | 阅读 1.2万", "2026-03-01 临江发布", "2026-03-01 发布于临江网信"],
)
def test_a_day_in_front_of_an_account_that_is_called_so_is_told(line: str) -> None:
    page = (
        f"<h1>{TITLE}</h1><div class=i>{line}</div><div class=c><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div>"
    )
    assert str(read(page).published_on) == "2026-03-01"


def test_a_day_on_which_something_was_issued_is_not_told() -> None:
    page = f"<h1>{TITLE}</h1><div class=i>2026-03-01 市政府公布实施</div><div class=c><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div>"
    assert read(page).published_on is None


@pytest.mark.parametrize(
    "lead", ["<strong>附件：</strong>", "<b>附件</b><br>", "附件：", "<span>附件下载</span>"]
)
def test_files_in_front_of_the_text_belong_to_it(lead: str) -> None:
    files = f"<div class=x>{lead}<a href='/f/a.xlsx'>目录.xlsx</a> <a href='/f/b.docx'>说明.docx</a></div>"
    record = read(f"<h1>{TITLE}</h1>{files}<div class=c><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div>")
    assert [file.name for file in record.attachments] == ["目录.xlsx", "说明.docx"]


def test_a_bulletin_is_called_so() -> None:
    page = f"<div><h2>防汛工作简报</h2><p>第10期</p><div class=c><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div></div>"
    assert read(page, "临江市防汛办").title == "防汛工作简报"


def test_a_number_that_leads_a_row_of_the_line_under_a_title_is_told() -> None:
    row = "<tr><td>临水〔2026〕8号</td><td>2026-03-01</td><td>来源：综合处</td><td>阅读：8</td></tr>"
    text = f"<div class=c><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div>"
    record = read(f"<div><h2>{TITLE}</h2><table>{row}</table>{text}</div>")
    assert (record.document_number, record.content_source) == ("临水〔2026〕8号", "综合处")
    other = row.replace("<td>临水", "<td>原文号</td><td>临水")
    assert read(f"<div><h2>{TITLE}</h2><table>{other}</table>{text}</div>").document_number is None


def test_ways_back_to_the_head_of_the_page_are_none_of_its_text() -> None:
    back = "<p><a href='#top'>返回目录</a></p>"
    text = f"<p>第一章　总则</p>{back}<p>{FIRST}</p><p>第二章　附则</p>{back}<p>{SECOND}</p><p><a href='#'>回到顶部</a></p>"
    record = read(f"<h1>{TITLE}</h1><div id=zoom>{text}</div>")
    assert (record.body_text or "").split("\n") == ["第一章 总则", FIRST, "第二章 附则", SECOND]


@pytest.mark.parametrize("words", ["您的浏览器不支持PDF，请", "如无法显示，可", "如需保存文件请"])
def test_words_before_a_way_to_a_file_are_not_its_name(words: str) -> None:
    shown = f"<object data='/u/plan.pdf'><p>{words}<a href='/u/plan.pdf'>下载</a>查看。</p></object>"
    record = read(f"<div><h1>{TITLE}</h1><div class=n>{shown}</div></div>")
    assert [file.name for file in record.attachments] == ["plan.pdf"]
