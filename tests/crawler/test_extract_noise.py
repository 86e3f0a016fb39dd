"""Lines that differ at every look and are no part of a text: counters, the day, the bar of a heading."""

from __future__ import annotations

import pytest

from crawler.extract.noise import noise_line
from tests.crawler.test_extract_hidden import PROSE, TITLE, read

LINKS = "<p><a href='/a.html'>关于甲的通知</a></p><p><a href='/b.html'>关于乙的通知</a></p>"


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：5369次",
        "阅读量：5369　点赞：2684",
        "访问人数 1726",
        "当前在线：17人",
        "今天是2027年3月2日 星期二",
        "今天是：2027年3月2日 星期二 农历正月廿四",
        "来源：市府办　点击数：6957　打印本页　关闭窗口",
        "【字体：大 中 小】 时间：2026-01-05 08:30 浏览：9207",
        "发布时间：2026-01-05　信息来源：临江市人民政府办公室　阅读：17次　【打印】",
        "[返回] [打印]",
        "【关闭】【返回】",
    ],
)
def test_furniture(line: str) -> None:
    assert noise_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2027年3月2日，距离截止日期还有十天，请各单位按时报送材料。",
        "全年公众号阅读量5369万次，点赞2684次。",
        "截至2027年3月2日，已有17人报名。",
        "来源：市财政局",
        "时间：2026年1月5日 地点：临江市体育馆",
        "访问学者17人",
        "返回原籍",
        "评论员文章",
        "经费来源：市财政；浏览：17",
        "在线申报17项",
    ],
)
def test_text(line: str) -> None:
    assert not noise_line(line)


@pytest.mark.parametrize(
    "foot",
    [
        f"<p>相关链接</p>{LINKS}",
        f"<p>相关阅读：</p>{LINKS}",
        f"<p>猜你喜欢</p>{LINKS}",
        "<p>相关链接： <a href='/a.html'>关于甲的通知</a> <a href='/b.html'>关于乙的解读</a></p>",
        "<h3>相关文章</h3><ul><li><a href='/a.html'>关于甲的通知</a><span>03-01</span></li></ul>",
        "<p>网站导航</p><p><a href='/a.html'>首页</a> <a href='/b.html'>政务公开</a> | <a href='/c.html'>互动交流</a></p>",
        "<div>网站导航：<a href='/a'>首页</a><a href='/b'>公开</a></div>",
        "<p>友情链接</p><p><a href='http://x.example/'>省政府网站</a></p>",
        "<p>责任编辑：张某某</p>",
        "<p>[责任编辑 张某某]</p>",
        "<p>编辑：张某某 审核：李某某</p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<p>扫一扫分享到微信朋友圈。</p>",
        "<p>打印本页</p><p>关闭窗口</p>",
        "<p>更多>></p>",
        "<p>网站地图 | 联系我们 | 隐私声明</p><p>主办：临江市人民政府办公室</p>",
        f"<p>作者：张某某</p><p>责任编辑：李某某</p><p>扫一扫</p><p>打印本页</p><p>相关链接</p>{LINKS}<p>返回顶部</p>",
    ],
)
@pytest.mark.parametrize("name", ["zoom", "x"])
def test_the_foot_of_a_page_is_no_text(foot: str, name: str) -> None:
    text = f"<p>{PROSE}</p><p>临江市水利局</p><p>2026年3月1日</p>"
    record = read(f"<h1>{TITLE}</h1><div id={name}>{text}{foot}</div>")
    assert record.body_text == f"{PROSE}\n临江市水利局\n2026年3月1日"


@pytest.mark.parametrize(
    "line",
    [
        "请登录网站导航栏目下载表格。",
        "打印本页后签字交回。",
        "相关链接：http://www.linjiang.example.gov.cn/a.html",
        "扫一扫二维码填写问卷，截止3月31日。",
        "责任编辑：出版物应当设责任编辑。",
        "相关阅读材料由区水利局自备。",
        "单位负责人：张某某 审核：李某某 制表：王某某",
        "网站导航",
        "首页及栏目名称",
        "联系我们：0000-1234567",
    ],
)
def test_the_last_line_of_a_text_stays(line: str) -> None:
    text = (
        f"<p>{PROSE}</p><p>{line}</p><p>特此通知。</p>"
        if line == "网站导航"
        else f"<p>{PROSE}</p><p>{line}</p>"
    )
    record = read(f"<h1>{TITLE}</h1><div id=zoom>{text}</div>")
    assert record.body_text is not None
    assert line in record.body_text
