"""Lines of a text that look like tools, counters or the foot of a page: they are text by where they stand."""

from __future__ import annotations

import time

import pytest

from crawler.extract.body.ending import without_links_behind
from crawler.extract.body.furniture import without_edges
from crawler.extract.body.kept_lines import staying, without_furniture
from crawler.extract.body.noise import noise_line
from tests.crawler.test_extract_hidden import read

TITLE = "关于公布服务事项的公告"
SIGNED = ("临江市大数据局", "2031年3月1日")

WHOLE: dict[str, tuple[str, ...]] = {
    "results amid a text": ("调查时间为2030年11月。", "参与人数：17", "满意(23)", "基本满意(5)", "感谢支持。", *SIGNED),
    "answers": ("您对供水水质是否满意？", "非常满意（120）", "一般（12）", "结果将用于改进服务。"),
    "opinions": ("征集期间公开征求意见。", "参与人数：132", "意见总数：17", "采纳如下：", "一、建议延长时间。采纳。"),
    "counts of a service": ("热线受理诉求12034件。", "举报：1000件", "访问量：12034次", "群众满意率：98.2%"),
    "grades": ("考核结果如下，公示期为5日。", "优秀（12）", "满意（8）", "一般（3）", "公示电话：0791-8000001"),
    "functions": ("自助终端提供以下功能：", "打印", "我要打印", "返回首页", "请按提示操作，如有疑问请咨询。"),
    "words announced": ("大厅免费提供下列服务，欢迎使用。", "打印", "复印", "收藏", "下载"),
    "counters of a hall": ("办理窗口设置如下：", "咨询", "投诉", "评价", "请到一楼大厅办理。"),
    "a telephone list": ("各单位应当公布热线。", "咨询", "0791-8000001", "投诉", "0791-8000002"),
    "enumerated": ("预约方式公布如下：", "一、扫一扫下方二维码，关注公众号后预约", "二、手机扫码登录预约平台", "三、现场预约"),
    "a way through a site": ("请网上申报，逾期不候。", "首页>办事服务>企业开办>网上申报", "请按时申报，谢谢配合。"),
    "a way at the end": ("现公布查询方式，请知悉。", "查询路径：", "临江政务网>个人中心>我的申请>办理进度"),
    "steps of an office": ("申请→受理→审查→决定→送达", "以上为办理流程，请各申请人知悉。"),
    "reporters": ("本市举行消防演练，共有120人参加。", "记者：李某　摄影：王某"),
    "who checked and signed": ("检测结果显示路面良好。", "检测人：李某", "审核人：张某", "签发：王某", "2031年3月1日"),
    "an editorial board": ("《临江志》编纂人员名单公布如下。", "主编：张某某", "编审：李某某", "撰稿：王某某"),
    "credits": ("宣传片已完成拍摄，现予公布。", "导演：李某", "摄影：王某", "监制：赵某"),
    "codes to scan": ("为便民，现公布领取方式。", "扫描二维码领取", "手机扫一扫", "逾期作废。", *SIGNED),
    "posts": ("招聘岗位及人数公布，择优录用。", "编辑：3名", "记者：5名", "校对：1名"),
    "who holds an event": ("龙舟赛定于6月19日举行，欢迎参加。", "主办单位：临江市体育局", "承办单位：临江市龙舟协会"),
    "records of sites": ("下列备案信息异常，请整改。", "赣ICP备05000001号", "赣ICP备05000002号", "逾期不改的，依法处理。"),
    "rights": ("各单位应使用正版软件，尊重版权所有人权益。",),
    "browsers": ("请考生提前准备。", "请使用谷歌浏览器登录系统", "您的浏览器不支持时请升级", "考试期间请勿关闭页面。"),
    "sizes": ("校服尺码公布如下，请选择。", "大 中 小", "特大 大 中 小"),
    "minutes": ("The council approved the budget.", "Next: review of the water plan", "All members agreed."),
    "time and place": ("时间：2031年3月1日9:00", "地点：市政府三楼会议室", "会议听取了汇报，原则同意。"),
    "measured": ("本次测试结果如下。", "查询耗时：0.8秒", "系统满足上线要求。"),
}  # fmt: skip


@pytest.mark.parametrize("around", ["<div id='zoom'>{}</div>", "<div class='mm2'>{}</div>"])
@pytest.mark.parametrize("lines", WHOLE.values(), ids=WHOLE)
def test_a_text_is_kept_whole(lines: tuple[str, ...], around: str) -> None:
    text = "".join(f"<p>{line.replace('>', '&gt;')}</p>" for line in lines)
    page = read(f"<title>{TITLE}</title><h1>{TITLE}</h1>{around.format(text)}")
    said = (page.body_text or "").replace("\u3000", " ").split("\n")
    assert said == [line.replace("\u3000", " ") for line in lines]


ROWS = (("指标", "数值"), ("访问量", "12034次"), ("浏览次数", "9001"), ("下载次数", "31"))
SITES = (
    ("主办单位", "临江市水利局"),
    ("政府网站标识码", "3601000012"),
    ("ICP备案号", "赣ICP备05000000号"),
    ("专栏", "7"),
)


FUNCTIONS = (("功能", "说明"), ("分享", "发送给好友"), ("打印", "打印本页"), ("关闭", "关闭窗口"))


@pytest.mark.parametrize("rows", [ROWS, SITES, FUNCTIONS])
def test_rows_of_a_table_are_kept(rows: tuple[tuple[str, str], ...]) -> None:
    table = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)
    page = read(f"<h1>网站运行季度报表</h1><div id='zoom'><table>{table}</table></div>")
    assert (page.body_text or "").split("\n") == ["\t".join(row) for row in rows]


@pytest.mark.parametrize(
    "counter",
    [
        "浏览次数：{}",
        "阅读 {}",
        "点赞({})",
        "参与人数：{}",
        "满意({}) 不满意(3)",
        "距征集结束还有{}天",
        "您的IP：10.0.0.{}",
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        "<p>{}</p><p>现就有关事项通知，请执行。</p><p>2031年3月1日</p>",
        "<p>请认真执行，按时上报。</p><p>2031年3月1日</p><p>{}</p><p>本信息由临江市水利局发布，如有疑问请致电。</p>",
        "<p>现将名单公布如下：</p><p>李甲</p><p>王乙</p><p>{}</p>",
        "<p>内容概述：压实责任，加强巡查。</p><p>{}</p><p>请认真执行，按时上报。</p><p>二、其他。</p>",
    ],
)
def test_a_counter_of_the_page_changes_no_text(counter: str, page: str) -> None:
    first, second = (
        read(f"<h1>{TITLE}</h1><div id='zoom'>{page.format(counter.format(n))}</div>").body_text
        for n in (17, 18)
    )
    assert first == second


ANNEXES = (
    ("附件1 通过人员名单", "附件2 未通过人员名单", "附件3 复核办法"),
    ("某办法（征求意见稿）", "起草说明", "意见反馈表"),
)


@pytest.mark.parametrize("names", ANNEXES)
def test_annexes_that_are_pages_are_no_links_to_other_texts(names: tuple[str, ...]) -> None:
    lines = ["请认真执行。", "临江市水利局", "2031年3月1日", *names]
    assert without_links_behind(lines, lambda: frozenset(names)) == lines


def test_a_list_of_links_that_a_sentence_announces_is_the_text() -> None:
    links = "".join(f"<p><a href='/z/{n}.html'>临江市第{n}号规定</a></p>" for n in range(3))
    page = read(
        f"<h1>{TITLE}</h1><div id='zoom'><p>现将新出台的法规公布如下。</p><p>最新法规</p>{links}</div>"
    )
    assert (page.body_text or "").count("\n") == 4


@pytest.mark.parametrize("bar", ["来源：某局　发布时间：2031-03-01　点击数：", "来源：某局 浏览次数：12"])
@pytest.mark.parametrize("title", ["临江市举行消防演练", TITLE])
def test_a_short_text_beneath_a_bar_with_a_counter(title: str, bar: str) -> None:
    page = read(
        f"<title>{title}_临江市</title><div class='k'><h2>{title}</h2><p>{bar}</p><div class='m'><p>3月1日举行。</p></div></div>"
        "<div class='f'><p>主办：临江市人民政府办公室 联系电话：0791-8000000 地址：临江市人民路1号</p></div>"
    )
    assert page.body_text == "3月1日举行。"


def test_a_table_beneath_a_short_title() -> None:
    rows = "<tr><td>路段</td><td>数量</td></tr><tr><td>滨江路</td><td>120</td></tr>"
    page = read(
        f"<title>停车位数量表_临江市</title><div><h2>停车位数量表</h2><p>来源：某局</p><table>{rows}</table></div>"
    )
    assert page.body_text == "路段\t数量\n滨江路\t120"


def test_a_power_is_no_digit() -> None:
    text = "<p>产量10<sup>5</sup>吨，浓度10<sup>-3</sup>，面积5m<sup>2</sup>，约20吨<sup>[1]</sup>。</p>"
    page = read(f"<h1>{TITLE}</h1><div id='zoom'>{text}</div>")
    assert page.body_text == "产量10⁵吨，浓度10⁻³，面积5m2，约20吨[1]。"


PIECES = (
    "满意(1", "举报：1件", "打印 ", "如下", "浏览", "大中小", "首页>", "本页", "主办：某", "一、", "版权所有", "a b ", "\t1", "第1位",
    "记者：", "：",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_lines_of_one_piece_over_and_over(piece: str) -> None:
    line = (piece * 80)[:79] + "x"
    start = time.process_time()
    noise_line(line)
    without_furniture(["请执行。", line, "打印", line, "请上报。"])
    staying([line, line, "打印"])
    without_edges([line, "请认真执行。", line])
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize("head", ["信息内容|本年制发件数", "代码|名称", "指标|访问量"])
def test_the_head_of_a_table_in_a_page_laid_out_by_tables(head: str) -> None:
    """Its labels were taken for some of the table around it, which says when the page was published."""
    rows = "".join(
        f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in (head, "规章|3", "文件|12")
    )
    page = read(
        f"<title>{TITLE}</title><table><tr><td><b>{TITLE}</b></td></tr><tr><td>发布时间：2031-03-01</td></tr>"
        f"<tr><td><p>公开信息的件数，现予公布。</p><table>{rows}</table></td></tr></table>"
    )
    said = ["公开信息的件数，现予公布。", head.replace("|", "\t"), "规章\t3", "文件\t12"]
    assert (page.body_text or "").split("\n") == said
    assert str(page.published_on) == "2031-03-01"


def test_rows_of_a_bar_laid_out_by_a_table_are_none() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>"
        for a, b in (("来源：某局", "浏览次数：{}"), ("级别", "甲"), ("类别", "乙"))
    )
    first, second = (
        read(
            f"<h1>{TITLE}</h1><div id='zoom'><table>{rows.format(n)}</table><p>请执行，按时上报。</p></div>"
        ).body_text
        for n in (17, 18)
    )
    assert first == second


def test_a_short_text_that_ends_with_a_source_in_a_page_laid_out_by_tables() -> None:
    page = read(
        f"<title>{TITLE}</title><table><tr><td><b>{TITLE}</b></td></tr><tr><td>发布时间：2031-03-01</td></tr>"
        "<tr><td><p>请学习文章，认真贯彻。</p><p>来源：临江日报</p></td></tr></table>"
    )
    assert (page.body_text or "").startswith("请学习文章，认真贯彻。")


@pytest.mark.parametrize("title", ["公告", TITLE])
def test_a_menu_of_two_links_begins_neither_text_nor_title(title: str) -> None:
    """首页 政务公开公告 was the title."""
    page = read(
        f"<div><a href='/'>首页</a> <a href='/z/'>政务公开</a></div><h3>{title}</h3>"
        "<p>该商户已停业，请核实。</p><p>临江市市场监督管理局</p><p>2026年3月1日</p>"
    )
    assert "首页" not in (page.body_text or "")
    assert page.title in (None, title)
