"""Lines that differ at every look and are no part of a text: counters, the day, the bar of a heading."""

from __future__ import annotations

import pytest

from archive.model import Disclosure
from crawler.extract.body.noise import noise_line, without_counter
from tests.crawler.test_extract_hidden import BOOK, PROSE, TITLE, read

LINKS = "<p><a href='/a.html'>关于甲的通知</a></p><p><a href='/b.html'>关于乙的通知</a></p>"


@pytest.mark.parametrize(
    "line",
    [
        "目录项的基本信息",
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
        "您的位置：首页-新闻中心-通知公告",
        "您现在所在的位置：首页 | 政务公开 | 通知公告",
        "您觉得这篇文章对您有帮助吗？",
        "有帮助 没帮助",
        "扫描二维码 关注官方微信",
        "扫描下方二维码，关注我们",
        "满意度评价：非常满意 满意 一般 不满意",
        "1 2 3 4 ... 17",
        "首页 1 2 3 下一页 尾页",
        "【我要纠错】责任编辑：张三",
        "【打印】【关闭】 扫一扫在手机打开当前页",
        "打印本页 关闭窗口 上一篇：关于甲的通知",
        "【关闭】【返回】",
        "更新时间：2031-05-06 11:22:33",
        "最后更新：2031年5月6日",
        "总访问量：12345678　今日访问：345",
        "本站访问人数: 1726",
        "本文已被阅读 14 次",
        "该信息已被浏览1,726次",
        "此条信息共被点击 17 次。",
        "已阅读 14 次",
        "累计浏览：1726次",
        "共有 17 人浏览",
        "已有17位网友阅读本文",
        "下载次数：17",
        "下一页",
        "上一页 下一页 >",
        "打印日期：2031年3月1日",
        "2031年5月6日 星期二 临江 多云 12℃～20℃",
        "您对本篇文章的评价：",
        "本文对您是否有帮助？ 有 没有",
        "语音播报： 播放 暂停",
        "加入收藏 | 设为首页 | 无障碍浏览 | 简 | 繁",
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
        "扫描二维码进入报名系统，填写报名信息并上传材料。",
        "满意度调查：市民满意率98%",
        "非常满意",
        "2031/3/1",
        "2031/12/31",
        "打印机、复印机等设备采购公告",
        "【纠错】来源：市财政局",
        "评论员文章",
        "经费来源：市财政；浏览：17",
        "在线申报17项",
        "更新时间：2031年5月6日前完成",
        "数据更新时间：2031-05-06",
        "2031年5月6日 星期二 上午9:00",
        "今日访问临江市的代表团共12人",
        "您对本办法的评价，请于3月1日前书面反馈。",
        "设为首页的栏目",
        "下一页说明",
        "本通知已下载的单位不再报送。",
        "共访问企业17人次",
        "共有17人查看了现场。",
        "已走访17人",
        "本页共17条",
        "全年累计下载17万次",
        "暂停",
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
        "<div>主办：临江市人民政府办公室<br>网站标识码：4301000001 湘ICP备05000000号<br>联系电话：0000-88888888</div>",
        "<p>版权所有：临江市人民政府</p><p>地址：临江市人民路1号 邮编：410000</p><p>邮箱：web@linjiang.example</p>",
        "<div>您对本篇文章的评价：<label><input type=radio>满意</label> <label><input type=radio>不满意</label></div>",
        "<div>网友评论</div><div>暂无评论</div>",
        "<div><a href='javascript:downWord()'>Word版</a> <a href='#'>PDF版下载</a></div>",
        "<div>热门搜索：<a href='/s?q=1'>社保</a> <a href='/s?q=2'>公积金</a></div>",
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
        "联系电话：0000-1234567",
        "地址：临江市人民路1号 邮编：410000",
        "评价：满意 不满意",
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


@pytest.mark.parametrize(
    "beside",
    [
        "<div>主办：临江市人民政府办公室 承办：临江市大数据局<br>网站标识码：4301000001 湘ICP备05000000号 "
        "湘公网安备43010002000001号<br>联系电话：0000-88888888 邮箱：web@linjiang.example</div>",
        "<p>地址：临江市人民路1号，邮编：410000，电话：0000-8888，传真：0000-9999，邮箱：web@linjiang.example</p>",
        "<div><marquee>因系统升级，本网站将于5月1日至5月3日暂停服务，请各位网友提前办理业务，敬请谅解。</marquee></div>",
        "<div><h3>热点信息</h3><ul>"
        + "<li><a href='/1.html'>临江市人民政府办公室关于甲事项的通知</a><span>2031-01-11</span></li>" * 8
        + "</ul></div>",
        "<div><p>声明：本网站转载的信息仅供参考，不作为办事依据，请以相关部门正式印发的文件为准</p></div>",
    ],
)
@pytest.mark.parametrize("behind", [True, False])
def test_a_short_notice_outweighs_what_stands_on_every_page(beside: str, *, behind: bool) -> None:
    text = "<div><p>市水务局3月5日停水检修。</p><p>临江市水务局</p></div>"
    page = f"<h1>{TITLE}</h1>{text}{beside}" if behind else f"{beside}<h1>{TITLE}</h1>{text}"
    assert read(page).body_text == "市水务局3月5日停水检修。\n临江市水务局"


def test_a_notice_of_lines_without_a_sentence_is_the_text() -> None:
    text = "<div>停水通知<br>3月5日9时至17时人民路停水<br>联系电话：0000-1234567<br>临江市水务局<br>2031年3月1日</div>"
    said = read(f"<h1>{TITLE}</h1><div><a href='/'>首页</a></div>{text}").body_text
    assert said is not None
    assert said.splitlines()[1:3] == ["3月5日9时至17时人民路停水", "联系电话：0000-1234567"]


@pytest.mark.parametrize(
    "rows",
    [
        "<ul><li><a href='/1.html'>关于甲事项的通知</a><span>2031-01-11</span></li></ul>",
        "<div><a href='/1.html'>关于甲事项的通知</a><i>2031-01-11</i></div>",
        "<table><tr><td><a href='/1.html'>关于甲事项的通知</a></td><td>2031-01-11</td></tr></table>",
        "<p>2031年5月6日 星期二</p>",
        "<p>2031年5月6日 星期二 临江 多云</p>",
    ],
)
def test_days_of_other_pages_are_not_the_documents(rows: str) -> None:
    record = read(f"<h1>{TITLE}</h1><div class=k1>{rows}</div><div id=zoom><p>{PROSE}</p></div>")
    assert record.published_on is None


@pytest.mark.parametrize(
    "line",
    [
        "2031年5月6日 星期二 10:20",
        "2031-05-06 <a href='http://www.linjiang.example'>临江市人民政府门户网站</a>",
    ],
)
def test_the_documents_own_day(line: str) -> None:
    record = read(f"<h1>{TITLE}</h1><p>{line}</p><div id=zoom><p>{PROSE}</p></div>")
    assert str(record.published_on) == "2031-05-06"


@pytest.mark.parametrize(
    "behind",
    [
        "（下载次数：{n}）",
        " [下载:{n}次]",
        "（已下载{n}次）",
        " 【浏览 {n}】",
        "</a>（下载次数：{n}）<a>",
        "</a>】已下载{n}次<a>",
    ],
)
def test_how_often_a_file_was_asked_for_is_no_part_of_its_name_or_of_the_text(behind: str) -> None:
    def page(n: int) -> Disclosure:
        counter = behind.format(n=n)
        return read(
            f"<h1>{TITLE}</h1><div id=zoom>{PROSE}<p>附件：<a href='/f/1.pdf'>附表（1）.pdf{counter}</a></p></div>"
        )

    assert page(9) == page(10)
    assert [a.name for a in page(9).attachments] == ["附表（1）.pdf"]
    assert "附表（1）.pdf" in (page(9).body_text or "")


@pytest.mark.parametrize(
    "name", ["附表（1）.pdf", "附表（共3次）", "附件（2031年3次调整）.doc", "关于下载3次的说明.doc"]
)
def test_numbers_that_are_part_of_a_name_stay(name: str) -> None:
    assert without_counter(name) == name


FURNITURE_NAMES = (
    "ewm_box shareBox bdsharebuttonbox bdshare-button-style0-24 sharebuttonbox sidebar-main footer1 toolBar copyRight "
    "BreadcrumbNav toolbarCtrl relevantdoc qrcodeCanvas qrCode crumbs pagefooter font-zihao gz-wza"
)
OTHER_NAMES = (
    "newMain newmain viewMain newMsg viewmode shareholder unrelated fawenzihao danweizhineng has-sidebar no-sidebar "
    "noSidebar nosidebar with-footer without_footer layout-no-sidebars"
)


@pytest.mark.parametrize(("names", "part"), [(FURNITURE_NAMES, True), (OTHER_NAMES, False)])
def test_a_name_of_furniture_has_its_word_whole(names: str, *, part: bool) -> None:
    assert [name for name in names.split() if BOOK.furniture(name)[0] is not part] == []


CLAUSE = "第五条 各单位违反本办法的，处五万元以上十万元以下的罚款；情节严重的，依法追究责任。"


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        (f"<div class=share-con><p>{CLAUSE}</p><p>{CLAUSE}</p></div>", [CLAUSE, CLAUSE]),
        ("<p>对<span class=newMain>股东</span>处以罚款。</p>", ["对股东处以罚款。"]),
        ("<table class=shareholder><tr><td>李某</td><td>五万元</td></tr></table>", ["李某\t五万元"]),
        ("<p class=tips>第五条 罚款五万元。</p>", ["第五条 罚款五万元。"]),
        ("<p class=footer>（二）罚款五万元。</p>", ["（二）罚款五万元。"]),
        ("<p class=tips>温馨提示：请使用最新的软件打开。</p>", []),
        ("<div class=tool>打印 关闭</div>", []),
        ("<div class=ewm_box>一、扫描二维码可在手机上查看。</div>", []),
        (f"<div class=related><p>{CLAUSE}</p><p>{CLAUSE}</p><a href='/1.html'>某通知</a></div>", []),
        ("<div class=copyright>本网所有内容的版权归本单位所有。未经授权不得转载和摘编，违者必究。</div>", []),
    ],
)
def test_what_is_named_like_furniture_and_holds_clauses_is_text(piece: str, said: list[str]) -> None:
    record = read(f"<h1>{TITLE}</h1><div id=zoom><p>{PROSE}</p>{piece}<p>临江市水利局</p></div>")
    assert record.body_text == "\n".join([PROSE, *said, "临江市水利局"])
