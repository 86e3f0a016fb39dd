"""Pages that are no document in the shapes in which sites show them, and short notices that speak of the same things."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive.model import PageKind
from crawler.extract.fields import FieldBook
from crawler.extract.no_document import blockpage
from crawler.extract.page import extract_page

ROOT = Path(__file__).parents[2]
BOOK = FieldBook.load(ROOT / "config" / "fields.yml")
URL = "http://www.linjiang.example/zwgk/t20310302_17.html"
BLOCKED, GONE, SHELL = PageKind.BLOCKED, PageKind.SOFT_404, PageKind.EMPTY_SHELL
_MENU = "".join(f"<li><a href='/l{n}/'>政务栏目{n}</a></li>" for n in range(9))
_FOOT = "<div class='footer'>主办：临江市人民政府办公室　网站标识码：3309990001</div>"


def page(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def framed(title: str, text: str) -> str:
    """A sentence inside the site's own frame of menus and footer."""
    return page(title, f"<ul>{_MENU}</ul><div class='main'>{text}</div>{_FOOT}")


def notice(title: str, text: str, *, dated: bool = True) -> str:
    """A short notice with nothing but its heading, and the day it was signed."""
    signed = "<p>临江市数据资源局</p><p>2031年3月2日</p>" if dated else ""
    return framed(f"{title}_临江市人民政府", f"<h1>{title}</h1><div id='zoom'><p>{text}</p>{signed}</div>")


_CHARACTERS = "<p>您的查询很像程序发出的自动请求，为保护其他用户，本次查询不予处理。</p><p>请输入图中字符后继续：</p><input name='c'>"
_ASP = (
    "<span><H1>“/”应用程序中的服务器错误。<hr></H1><h2><i>未设置对象的实例。</i></h2></span><b> 说明: </b>执行当前请求期间，出现未经"
    "处理的异常，请检查堆栈跟踪信息，以了解有关该错误以及代码中导致错误的出处的详细信息。<pre>[Exception]\n Page_Load() +57</pre>"
)
_FRAMES = (
    "<html><head><title>临江市教育局</title></head><frameset rows='60,*'><frame src='a'><noframes>"
    "<body>您的浏览器不支持框架！</body></noframes></frameset></html>"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # walls
        (page("请输入验证码", f"<h1>很抱歉</h1>{_CHARACTERS}"), BLOCKED),
        (page("501page", "<div>很抱歉，您提交的内容可能对网站造成威胁，已被策略阻断。</div>"), BLOCKED),
        (page("提示", "<p>近期有可疑的攻击行为，请稍后重试</p>"), BLOCKED),
        (page("提示", "<p>您访问的网址包含攻击特征，已被拦截</p>"), BLOCKED),
        (page("", "<p>本次访问触发了安全策略，请把本页截图交给信息中心</p>"), BLOCKED),
        ("<html><title>Request Rejected</title><body>The requested URL was rejected. Your support ID is: 77</body></html>", BLOCKED),
        (page("Web Page Blocked", "<h1>Web Page Blocked!</h1><p>Attack ID: 20000051</p>"), BLOCKED),
        (page("提示", "<p>抱歉，本网站暂不对境外用户开放。</p>"), BLOCKED),
        (page("提示", "<p>抱歉，本网站仅限境内用户访问。</p>"), BLOCKED),
        (page("", "<p>本站仅对中国大陆地区开放访问。</p>"), BLOCKED),
        (page("提示", "<p>您的IP已被加入黑名单，请联系管理员。</p>"), BLOCKED),
        (page("", "<p>您的IP地址不在允许访问的范围内。</p>"), BLOCKED),
        (page("", "<p>正在验证您的浏览器，请稍候。</p>"), BLOCKED),
        (page("", "<p>Please enable cookies to continue.</p>"), BLOCKED),
        (page("提示", "<p>网页无法访问，请检查您的网络。</p>"), BLOCKED),
        (page("系统提示", "<p>该内容仅限校内访问</p>"), BLOCKED),
        (page("排队", "<p>当前访问人数过多，请排队等候</p>"), BLOCKED),
        ("<html><body onload='YunSuoAutoJump()'><script>self.location='/?security_verify_data=1'</script></body></html>", BLOCKED),
        ("<html><script>var wzwsquestion='a';</script><body></body></html>", BLOCKED),
        # walls that ask who is there
        (page("系统提示", "<div><p>请登录后访问。</p></div>"), BLOCKED),
        (framed("系统提示", "<p>对不起，您没有权限浏览该文章！</p>"), BLOCKED),
        (page("统一身份认证", "<p>请使用微信扫码登录</p>"), BLOCKED),
        ("<script>alert('您还没有登录，请先登录！');location.href='/login.jsp';</script>", BLOCKED),
        ("<script>alert('请先登录！');location.href='/portal/start';</script>", BLOCKED),
        # what fails, and not what is gone
        (page("跳转提示", "<h1>:(</h1><p>页面错误！请稍后再试～</p><p>页面自动 <a href='/'>跳转</a> 等待时间： <b>3</b></p>"), BLOCKED),
        (page("", "<p>模板文件不存在:./Tpl/show.html</p>"), BLOCKED),
        (page("Apache Tomcat/8.5.3", "<h1>If you're seeing this, you've successfully installed Tomcat.</h1>"), BLOCKED),
        # that name what was asked for
        (page("关于停水的通知", "<h1>关于停水的通知</h1><p>请输入下图中的字符后继续访问</p><input name='c'><img src='/c.jpg'>"), BLOCKED),
        (framed("关于停水的通知", "<p>正在访问：关于停水的通知</p><p>请输入验证码后继续浏览</p><input name='c'>"), BLOCKED),
        (framed("提示信息", "<p>您要查看的《临江市人民政府办公室关于停水的通知》不存在或者已经被删除！</p>"), GONE),
        (page("关于停水的通知", "<h1>404</h1><p>很抱歉，“关于停水的通知”已下线或不存在</p>"), GONE),
        (page("关于停水的通知", "<p>抱歉，《关于停水的通知》已被删除</p>"), GONE),
        (page("关于停水的通知", "<p>对不起，关于停水的通知不存在或已删除</p>"), GONE),
        # of servers abroad
        (page("Attention Required!", "<h1>Sorry, you have been blocked</h1><p>You are unable to access linjiang.example</p>"), BLOCKED),
        (page("Robot check", "<p>We have detected unusual traffic from your network.</p>"), BLOCKED),
        (page("", "<p>This service is not available in your country.</p>"), BLOCKED),
        (page("", "<p>The resource you are looking for has been removed, had its name changed, or is temporarily unavailable.</p>"), GONE),
        (page("Error", "<p>The page you requested could not be found.</p>"), GONE),
        (page("", "<p>This document no longer exists</p>"), GONE),
        # gone
        ("<script>alert('您要查看的信息不存在！');history.go(-1);</script>", GONE),
        (page("404错误-该页不存在", "<p>您访问的页面已被管理员删除或移动到其他地方。</p>"), GONE),
        (framed("临江市人民政府", "<p>很抱歉，因网站改版，您浏览的页面已迁移，请回首页查找。</p>"), GONE),
        (framed("临江市人民政府", "<h2>抱歉！您访问的页面出错了</h2><p>网址已失效，可能页面已删除</p>"), GONE),
        (framed("临江市人民政府", "<p>该信息正在审核中，暂不能查看！</p>"), GONE),
        (framed("通知公告_临江市人民政府", "<h2>通知公告</h2><p>您访问的文章不存在</p>"), GONE),
        ("Error 404: java.io.FileNotFoundException: File not found: /a.jsp", GONE),
        ("<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>", GONE),
        # the site is not there, which says nothing of one page
        ("<?xml version='1.0'?><Error><Code>NoSuchBucket</Code><Message>The bucket does not exist.</Message></Error>", BLOCKED),
        (page("没有找到站点", "<h1>没有找到站点</h1><p>您没有将此域名或IP绑定到对应站点!</p>"), BLOCKED),
        (page("该网站暂时无法进行访问", "<p>因该网站未进行备案，违反相关规定而无法访问。</p>"), BLOCKED),
        (page("教育局", "<p>本网站已停止更新，请访问新网站</p>"), BLOCKED),
        (page("提示", "网站暂时关闭，请稍后再来"), BLOCKED),
        # may be either: an absence that is none must not be told
        (page("提示", "<p>您访问的资源不存在或您无权限访问！</p>"), BLOCKED),
        (page("错误提示", "<p>系统繁忙，请稍后再试</p>"), BLOCKED),
        (page("出错了", "<p>ORA-12541</p>"), BLOCKED),
        # servers and programs that failed, and say 200
        (page("HTTP状态 500 - 内部服务器错误", "<h1>HTTP状态 500</h1><pre>\n\tat a.B.c(B.java:5)</pre>"), BLOCKED),
        (page("TongWeb - Error report", "<h1>HTTP Status 500 - </h1><p>type Exception report</p>"), BLOCKED),
        (page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>tengine</center>"), BLOCKED),
        (page("未设置对象的实例。", _ASP), BLOCKED),
        ("<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function in /www/a.php:12", BLOCKED),
        ("<html><body><h1>Whitelabel Error Page</h1><div>An error (type=Error, status=500).</div></body></html>", BLOCKED),
        ("数据库连接失败，请稍后再试", BLOCKED),
        (page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>Further configuration is required.</p>"), BLOCKED),
        (page("BES Server - Error report", "<h1>HTTP Status 500 - </h1>"), BLOCKED),
        (page("提示", "<pre>java.lang.Error\n\tat com.a.B.c(B.java:5)\n\tat com.a.D.e(D.java:9)</pre>"), BLOCKED),
        (page("ERROR: The requested URL could not be retrieved", "<h1>ERROR</h1><p>Connection failed.</p>"), BLOCKED),
        (page("Struts Problem Report", "<p>There is no Action mapped for namespace [/]</p>"), BLOCKED),
        ("FreeMarker template error (DEBUG mode):\n==> info.title [in template 'a.html' at line 12]", BLOCKED),
        # shells, frames and stubs
        ("<html><head><meta http-equiv='refresh' content='0;url=/index.html'></head></html>", SHELL),
        ("<html><head><title>跳转</title></head><body>正在为您跳转，如果没有自动跳转，请<a href='/n'>点击</a></body></html>", SHELL),
        (_FRAMES, SHELL),
        ("<html><body><noscript><h1>您的浏览器已禁用脚本，页面不能正常显示。</h1></noscript></body></html>", SHELL),
        ("<div id='app'><div>正在加载资源，请耐心等待</div></div><script src='a.js'></script>", SHELL),
        (page("详情", "<h1>${detail.title}</h1><div>${detail.content}</div>"), SHELL),
        (framed("{dede:field.title/}", "<h1>{dede:field.title/}</h1><div>{dede:field.body/}</div>"), SHELL),
        (page("undefined", "<h1>undefined</h1><p>undefined</p>"), SHELL),
    ],
)  # fmt: skip
def test_a_page_that_is_no_document(text: str, kind: PageKind) -> None:
    assert blockpage.classify(200, {}, text, URL) is kind
    assert extract_page(text.encode(), URL, book=BOOK).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        '{"code":500,"title":"错误","message":"空指针"}',
        '{"status":"fail","title":"系统提示","content":"没有权限，请联系管理员处理"}',
        framed("信息公开", "<div>暂无数据</div>"),
        page("", "<p>欢迎光临！</p>"),
        framed(
            "政策文件",
            "<h1 id='title'></h1><div id='content'></div><a>网站地图</a><a>联系我们</a><a>隐私声明</a>",
        ),
    ],
)
def test_what_says_nothing_is_no_document(text: str) -> None:
    assert extract_page(text.encode(), URL, book=BOOK).kind in (PageKind.LIST, PageKind.OTHER)


_CARD = "<table><tr><td>索引号</td><td>LJ-9</td><td>发文日期</td><td>2031-03-02</td></tr></table>"


@pytest.mark.parametrize(
    "text",
    [
        notice("系统维护公告", "因系统升级，本网站今晚22时至次日6时暂停服务，敬请谅解。"),
        notice("系统维护公告", "因系统升级，本网站今晚22时至次日6时暂停服务，敬请谅解。", dated=False),
        framed("系统维护公告", f"{_CARD}<h1>系统维护公告</h1><p>因机房检修，政务网今晚停机维护，暂停访问。</p>"),
        framed("系统维护公告-临江市数据资源局", "<div id='zoom'><p>因系统升级，今晚22时起网站暂停访问。</p></div>"),
        page("", "<p>今晚22时起网站升级，暂停访问，特此公告。</p>"),
        notice("温馨提示", "因系统维护，3月3日社保网上大厅暂停服务。"),
        notice("政府网站抽查通报", "页面不存在12处，无法访问3处。"),
        notice("检查结果公告", "404错误12个，500错误3个。", dated=False),
        notice("政府信息不存在告知书", "您申请公开的信息不存在。"),
        notice("依申请公开答复意见", "经查，您申请公开的信息不存在。", dated=False),
        notice("文件废止公告", "3号文件已失效。", dated=False),
        notice("防诈提醒", "请输入验证码前务必核实网址。"),
        notice("致歉信", "对不起，因雪灾公交停运，现已恢复。"),
        notice("网站防火墙采购公告", "采购Web应用防火墙2台。", dated=False),
        notice("网站防火墙项目成交结果", "成交供应商：临江信息技术有限公司。"),
        notice("网络安全通报（第3期）", "本周拦截疑似黑客攻击1200次，封禁IP 30个。", dated=False),
        notice("拖欠工资黑名单", "临江某建设公司列入黑名单。"),
        notice("禁止通行通告", "2日起大桥禁止通行，禁止访问施工区。", dated=False),
        notice("登录办法", "未登录用户请先登录后办理。", dated=False),
        notice("闭馆公告", "本馆2日闭馆，暂停服务。", dated=False),
        notice("网站关停公告", "本网站已停止更新。", dated=False),
        notice("系统提示无权访问怎么办？", "请联系管理员开通。", dated=False),
        notice("反映网站打不开", "回复：经查，服务器异常已修复，现可正常访问。", dated=False),
        notice("关于王某来信的回复", "您所查询的文件已经过期，请以新文件为准。", dated=False),
        notice("关于网上办事咨询的解答", "您询问的页面已迁移。", dated=False),
        notice("网上申报问答", "<p>有人问：“您访问的页面不存在”是什么意思？</p><p>答：网址输错了。</p>"),
    ],
)  # fmt: skip
def test_a_short_notice_of_walls_is_a_document(text: str) -> None:
    assert blockpage.classify(200, {}, text, URL) is None
    assert extract_page(text.encode(), URL, book=BOOK).kind is PageKind.DOCUMENT


@pytest.mark.parametrize(
    "words", ["对不起，您访问的页面不存在", "您的请求已被拦截", "网站维护中，敬请期待", "404 Not Found"]
)
@pytest.mark.parametrize(
    "text",
    [
        "<p>第一条 为了规范停车，制定本办法。</p><p>第二条 本办法适用于本市。</p>",
        "<p>来源：临江日报</p><p>推介会昨日举行。</p>",
        "<p>现将有关事项说明如下，供各单位参考。</p><p>一、加强领导，落实责任，按时完成任务。</p>",
    ],
)
def test_words_in_the_frame_do_not_make_a_wall_of_a_text(text: str, words: str) -> None:
    for body in (
        f"<div>{words}</div><h1>临江停车</h1>{text}",
        f"<h1>临江停车</h1>{text}<div class='foot'>{words}</div>",
    ):
        assert blockpage.classify(200, {}, page("临江市", body), URL) is None


@pytest.mark.parametrize(
    "part",
    [
        "跳转，",
        "对不起，",
        "您访问的",
        "页面",
        "系统",
        "<a ",
        "<h1 a ",
        "<h1><b>",
        "${a",
        "{{ ",
        "“",
        "<meta http-equiv=refresh ",
        "<title> - ",
    ],
)
def test_no_text_takes_long(part: str) -> None:
    text = part * 12_000
    started = time.process_time()
    blockpage.classify(200, {}, text, URL)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "title",
    ["Bad Request", "查询失败", "用户登录", "Index of /zwgk", "没有访问权限", "暂无数据", "该域名未备案"],
)
def test_a_title_alone_is_no_document(title: str) -> None:
    alone = page(title, f"<h1>{title}</h1>")
    assert blockpage.classify(200, {}, alone, URL) in (SHELL, BLOCKED, GONE)
    assert blockpage.classify(200, {}, page(title, f"<h1>{title}</h1><img src='scan.jpg'>"), URL) != SHELL


def test_a_notice_of_a_title_alone_may_have_lost_its_text() -> None:
    """That is told as such: archive.waits.doubts."""
    assert blockpage.classify(200, {}, page("关于封闭道路的通告", "<h1>关于封闭道路的通告</h1>"), URL) is None


# What a site misses of its own or of the visitor's; an absence that is none would be told as a removal.
OF_THE_SITE = (
    "数据库文件不存在", "配置文件找不到", "缓存文件不存在，请联系管理员", "找不到模板文件", "控制器不存在:Index", "方法不存在",
    'Class "app\\Index" not found', "您的账户信息不存在", "登录信息已失效，请重新登录", "您的授权信息已失效",
    "license文件不存在或已过期", "token不存在或已失效", "文件服务器未找到", "系统找不到指定的文件", "页面已过期，请刷新",
    "Internet Explorer 无法显示该网页", "网络不给力，页面找不到方向",
)  # fmt: skip
OF_THE_PAGE = (
    "您访问的页面不存在", "文章不存在", "请求的文件不存在", "链接已失效", "您查看的内容已过期", "指定的文章未找到",
    "没有找到相关文章", "文档ID不存在", "该链接不存在", "无法找到该页",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kind"), [*((s, BLOCKED) for s in OF_THE_SITE), *((s, GONE) for s in OF_THE_PAGE)]
)
def test_what_is_missing_of_the_site_is_not_the_page(said: str, kind: PageKind) -> None:
    alone = page("", f"<p>{said}</p>")
    titled = page("提示信息", f"<div><h3>提示</h3><p>{said}</p><a href='/'>返回首页</a></div>")
    for text in (alone, titled):
        assert blockpage.classify(200, {}, text, URL) is kind, text
