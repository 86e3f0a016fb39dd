"""Boxes that say more than the short document beside them, and long texts that only look like such a box."""

from __future__ import annotations

import pytest

from crawler.extract.text import in_common
from tests.crawler.test_hand_made_pages import lines, read

TITLE = "关于停止受理票据换领业务的通知"
HEAD = (
    f"<h1 class=y2>{TITLE}</h1><div class=y3><span>2031-11-01 10:20</span><span>来源：区财政局</span></div>"
)
INTRO = (
    "<h3>机构简介</h3><p>青石区财政局是区政府工作部门，为正科级。主要职责是：贯彻执行财政税收方针政策，拟订全区发展规划；"
    "管理各项财政收支，编制年度预算草案并组织执行；监督检查法规执行情况，反映重大问题，并提出加强管理的建议。</p>"
)
CLAIM = (
    "<p>免责声明</p><p>信息只供参考之用，不保证信息的准确性、有效性、及时性和完整性，概不就任何信息传递或传送的失误、错误，对用户或任何"
    "其他人士负任何直接或间接责任。在法律允许的范围内，不承担因使用而引致的任何直接、间接、附带的损失。</p>"
)
NEWS = (
    "<dl><dt><a href=/n/1>全区经济工作会议召开</a></dt><dd>11月1日，全区经济工作会议召开，会议总结了前三季度工作，部署下一阶段"
    "任务，区长出席会议并讲话。</dd><dt><a href=/n/2>冬季供暖今日启动</a></dt><dd>今日零时，全区冬季供暖正式启动，供热企业已完成设备检修，"
    "居民如遇问题可拨打热线反映，各镇街已做好准备，确保温暖过冬。</dd></dl>"
)
LONG = "".join(
    f"<p>{line}</p>"
    for line in (
        "良好的生态环境是最普惠的民生福祉，全区上下坚定不移走绿色发展之路，取得了一系列成果。",
        "过去三年，空气优良天数比例提高了八个百分点，河流断面水质全部达标，群众获得感明显增强。",
        "下一步，还将继续推进污染防治攻坚，让天更蓝、水更清、山更绿。",
    )
)


@pytest.mark.parametrize("named", [TITLE, "青石区人民政府"])
@pytest.mark.parametrize("box", [INTRO, CLAIM, NEWS])
@pytest.mark.parametrize(
    ("text", "body", "place"),
    [
        (
            "<p>因系统升级，11月5日停止受理票据换领业务。</p><p>青石区财政局</p><p>2031年11月1日</p>",
            ["因系统升级，11月5日停止受理票据换领业务。", "青石区财政局", "2031年11月1日"],
            "{box}{own}",
        ),
        (
            "<p>因系统升级，11月5日停止受理票据换领业务。</p>",
            ["因系统升级，11月5日停止受理票据换领业务。"],
            "{box}{own}",
        ),
        (
            "<table><tr><td>票据</td><td>停止受理时间</td></tr><tr><td>收据</td><td>11月5日</td></tr></table>",
            ["票据\t停止受理时间", "收据\t11月5日"],
            "{own}{box}",
        ),
        ("<p><a href=/f/a.doc>停止受理业务清单.doc</a></p>", ["停止受理业务清单.doc"], "{own}{box}"),
        ("<p><a href=/f/a.doc>停止受理业务清单.doc</a></p>", ["停止受理业务清单.doc"], "{box}{own}"),
    ],
)
def test_a_box_outweighs_no_short_document(
    named: str, box: str, text: str, body: list[str], place: str
) -> None:
    own = f"<div class=y1>{HEAD}<div class=y4>{text}</div></div>"
    page = place.format(own=own, box=f"<div class=k7>{box}</div>")
    record = read(f"<div class=x7>{page}</div>", named)
    assert (record.title, str(record.published_on), lines(record)) == (TITLE, "2031-11-01", body)


@pytest.mark.parametrize("element", ["class=l", "id=zoom"])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("title", "over"),
    [
        ("逐梦青山绿水间——青石区纪实", "<div class=a>青石区委书记近日到山水间调研，编者特推出本报道。</div>"),
        ("逐梦青山绿水间", "<div class=a>《逐梦青山绿水间》系列报道今起推出，敬请关注。</div>"),
        ("逐梦青山绿水间", "<div class=a>逐梦青山绿水间</div><div class=a>扫一扫分享</div>"),
        (
            "青山依旧在",
            "<table><tr><td>栏目</td><td>要闻</td></tr><tr><td>记者</td><td>王某</td></tr></table>",
        ),
        ("青山依旧在", "<div class=a><a href=/a.pdf>山水纪实.pdf</a></div>"),
        ("青山依旧在", "<div class=a><img src=/a.jpg></div>"),
    ],
)
def test_a_long_text_under_a_fine_title_is_no_box(title: str, over: str, named: bool, element: str) -> None:
    head = f"<h1>{title}</h1><div class=s>2031-05-05 来源：青石日报</div>"
    record = read(
        f"<div class=o>{head}{over}</div><div {element}>{LONG}</div>", title if named else "青石区人民政府"
    )
    assert lines(record)[-1] == "下一步，还将继续推进污染防治攻坚，让天更蓝、水更清、山更绿。"


@pytest.mark.parametrize("name", ["news_content", "textbox", "content_text"])
@pytest.mark.parametrize("box", [INTRO, CLAIM, NEWS])
@pytest.mark.parametrize("place", ["{box}{own}", "{own}{box}"])
def test_a_box_with_the_name_of_a_text_outweighs_no_document_that_is_signed(
    name: str, box: str, place: str
) -> None:
    text = "<p>因系统升级，停止受理票据换领业务。</p><p>青石区财政局</p><p>2031年11月1日</p>"
    own = f"<div class=y1>{HEAD}<div class=y4>{text}</div></div>"
    record = read(
        place.format(own=own, box=f"<div class=s><h3>栏目</h3><div class={name}>{box}</div></div>"), TITLE
    )
    assert (record.issuing_body, str(record.issued_on)) == ("青石区财政局", "2031-11-01")
    assert lines(record) == ["因系统升级，停止受理票据换领业务。", "青石区财政局", "2031年11月1日"]


def test_what_an_order_promulgates_stays_with_it() -> None:
    order = "<p>《青石区攻坚方案》已经区政府同意，现予印发。</p><p>青石区人民政府</p><p>2031年12月1日</p>"
    head = "<h1>关于印发青石区攻坚方案的通知</h1><p>发布时间：2031-12-05 来源：区政府办</p>"
    record = read(f"<div class=x><div class=o>{head}<div>{order}</div></div><div class=l>{LONG}</div></div>")
    assert lines(record)[0] == "《青石区攻坚方案》已经区政府同意，现予印发。"
    assert lines(record)[-1].endswith("山更绿。")


def test_a_piece_of_news_beside_a_text_is_not_the_document() -> None:
    side = "<div class=s><h3>关于举办青石灯会的公告</h3><p>2031-01-20</p><p>灯会将于元宵节举办，欢迎参加。</p></div>"
    main = f"<div class=m><div class=t>逐梦青山绿水间</div><div class=i>2031-05-05</div><div class=b>{LONG}</div></div>"
    for page in (main + side, side + main):
        assert lines(read(page, "青石区人民政府"))[-1].endswith("山更绿。")


def test_what_words_have_in_common_with_a_title() -> None:
    assert in_common("票据业务", "暂停票据业务") == 1.0
    assert in_common("票据业务", "概不负责") == 0.0
    assert in_common("", "概不负责") == 0.0
