"""Pages that are no document: anti-bot pages, "页面不存在" with status 200, shells that need JavaScript.

A genuine notice may speak of 验证码, 防火墙 or 404. A page counts as one of these only if it has no label
of a document and no paragraph of prose beside the tell-tale words, or by marks no document carries.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from archive.model import PageKind
from crawler.extract.markup import COMMENT, without

BLOCKED_STATUSES = frozenset({401, 403, 405, 406, 412, 418, 429, 493, 521, 567})
_WAF_SERVERS = re.compile(r"waf|safe3|yunjiasu|jiasule|anyu|knownsec", re.IGNORECASE)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "textarea", "head", COMMENT})
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,600})</title", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:p|div|br|li|tr|td|th|h[1-6]|center|section|dt|dd|ul|table|a|button)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_CHALLENGE = re.compile(
    r"\$_ts\s*=|\$_ts\[|<meta[^<>]{1,300}content=[\"']\{qqqq|__jsl_clearance|document\.cookie\s*=\s*\(?['\"]?_"
    r"|acw_sc__v2|arg1\s*=\s*['\"][0-9A-F]{40}"
    r"|cf-browser-verification|__cf_chl|_guard/|/wzws-waf-cgi/|WZWS-RAY|aliyun_waf|captcha\.js"
    r"|/_Incapsula_Resource|ali-waf|tencent-waf|TencentCaptcha",
    re.IGNORECASE,
)
_BLOCK_WORDS = re.compile(
    r"403 Forbidden|405 Not Allowed|Access Denied|Request (?:has been )?blocked|Checking your browser"
    r"|Just a moment"
    r"|(?:请求|访问|操作|行为)[^。\n]{0,14}(?:拦截|被拒绝|被阻断|已被阻止|被禁止|被限制|异常|过于频繁"
    r"|存在威胁|不合法|疑似攻击)|疑似(?:攻击|黑客)"
    r"|被[^。，\n]{0,14}(?:防护|防火墙|WAF|盾|堤)[^。，\n]{0,8}(?:拦截|阻断)"
    r"|安全验证|人机验证|滑动验证|拖动滑块|请(?:完成|进行|输入)(?:安全)?验证|(?:Web应用|网站|云)防火墙"
    r"|防护系统|创宇盾|云盾|安全狗|云锁|护卫神|加速乐"
    r"|网站防篡改|黑名单|IP(?:地址)?(?:已)?被(?:封|禁|限制)|event[_ ]?id|事件\s*ID|防火墙拦截|拒绝访问"
    r"|无权访问|禁止访问|访问受限|浏览器安全检查|正在检测浏览器"
    # a site under repair: 网站升级中，敬请期待 · 系统维护，暂停服务
    r"|(?:网站|系统|平台|服务器|本站|页面|栏目)[^。\n]{0,8}(?:升级|维护|改版|割接|建设|迁移)[^。\n]{0,6}(?:中|期间|敬请期待|暂停|稍后|公告)"
    r"|敬请期待|暂停(?:服务|访问|使用)|暂时(?:无法|不能|停止)(?:访问|提供服务|服务)",
    re.IGNORECASE,
)
_GONE_WORDS = re.compile(
    r"(?:页面|网页|文章|内容|信息|文件|文档|地址|链接|资源|栏目|稿件)[^。\n]{0,12}(?:不存在"
    r"|已(?:经)?(?:被)?(?:删除|移除|下线|撤销|失效|撤稿|撤下)|找不到|未找到|无法找到|没有找到|走丢"
    r"|不见了|飞走了|去火星)"
    r"|(?:找不到|未找到|没有找到|无法找到|无法显示)[^。\n]{0,12}(?:页面|网页|文件|文章|内容|信息|资源)"
    r"|(?:404|410)\s*(?:Not Found|错误|页面|Error|Gone|-)|Not Found|Page not found|HTTP (?:Status"
    r"|错误) 404|页面丢失|无此(?:文章|信息|页面)|该信息已(?:下架|过期)|暂未发布或已",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(
    r"^\W*(?:(?:http)?\s*404\b.{0,20}|.{0,10}(?:页面|网页|文章|信息)(?:不存在|未找到|找不到|走丢了?"
    r"|已删除).{0,6}|.{0,4}出错(?:了|啦|页面)?|错误(?:页面|提示|页)?|not found|error)\W*$",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"<div[^<>]{1,300}id=[\"']?(?:app|root|__nuxt|main-app)[\"']?[^<>]{0,300}>\s*</div>"
    r"|doesn't work properly without JavaScript|ng-app\b|\bv-cloak\b"
    r"|(?:请|需要)(?:开启|启用)\s*JavaScript|enable JavaScript",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{\{\s*[\w.$|\[\] ]+\s*\}\}")
_LABELS = re.compile(
    r"(?:索\s*引\s*号|索\s*取\s*号|发\s*文\s*字\s*号|成\s*文\s*日\s*期|发\s*文\s*机\s*关|发\s*布\s*机\s*构)"
)
_DOCUMENT_META = re.compile(
    r"<meta[^<>]{1,300}name=[\"']ArticleTitle[\"'][^<>]{1,300}content=[\"'][^\"']{4,}", re.IGNORECASE
)
# A text in one piece behind a tag of text: cheaper to find than all visible lines.
_PARAGRAPH = re.compile(
    r"<(?:p|span|div|td|font|br|li|strong|b)\b[^<>]*>(?P<text>[^<>]{60,})<", re.IGNORECASE
)
_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_WORDS = re.compile(r"登\s*[录陆]|log ?in|sign ?in|统一身份认证", re.IGNORECASE)
_PROSE = re.compile(r"[\u4e00-\u9fff]{2}[，。；、：,;:][\u4e00-\u9fff《“]")
# A heading of a notice that may itself be about walls and missing pages.
_NOTICE = re.compile(
    r"^.{0,40}关于.{2,80}的?(?:通知|公告|通告|通报|公示|说明|意见|办法|决定|批复|函|报告|方案|声明)$"
)
_SHORT = 400  # visible characters of a page that may be nothing but a refusal
_FOOTER = re.compile(r"版权所有|主办|承办|ICP备|网安备|网站标识码|联系我们|网站地图|Copyright", re.IGNORECASE)


def visible_lines(text: str) -> list[str]:
    """Lines of a page as a reader sees them, roughly: without head, scripts and tags."""
    bare = _TAG.sub("", _BREAK.sub("\n", without(text, _HIDDEN, "\n")))
    return list(filter(None, map(" ".join, map(str.split, html.unescape(bare).splitlines()))))


def _is_prose(line: str) -> bool:
    return len(line) >= 60 and bool(_PROSE.search(line)) and not _FOOTER.search(line)


def _has_prose(text: str) -> bool:
    """Whether a paragraph of a document stands in a page: then it is none of the kinds of this module."""
    for found in _PARAGRAPH.finditer(text):
        line = " ".join(html.unescape(found["text"]).split())
        # What refuses, or says that a page is gone, is short; a paragraph of a page may be its whole text.
        if _is_prose(line) and not (
            _BLOCK_WORDS.search(line, 0, _SHORT) or _GONE_WORDS.search(line, 0, _SHORT)
        ):
            return True
    return False


def classify(status: int, headers: Mapping[str, str], text: str, url: str) -> PageKind | None:
    """BLOCKED, SOFT_404 or EMPTY_SHELL, or None for a page that may be a document or a list.

    ``headers`` are looked at without case (Server, Content-Type); ``url`` is the final address.
    Statuses 404 and 410 are the caller's: here only what pretends to be an answer.
    """
    if status in BLOCKED_STATUSES or (status == 202 and len(text) < 20_000 and "<script" in text.lower()):
        return PageKind.BLOCKED
    if text[:1] in ("{", "["):
        return None
    server = next((value for key, value in headers.items() if key.lower() == "server"), "")
    if status >= 500 and _WAF_SERVERS.search(server):
        return PageKind.BLOCKED
    return _by_content(text, url)


def _by_content(text: str, url: str) -> PageKind | None:
    if (
        # /info/1001/404.htm is the 404th document of its column.
        re.search(r"(?<!\d)/(?:404|error|notfound|page404)(?:\.s?html?|/)?(?:[?#].*)?$", url, re.IGNORECASE)
        and len(text) < 60_000
    ):
        return PageKind.SOFT_404
    if _has_prose(text):
        return None
    lines = visible_lines(text)
    length = sum(map(len, lines))
    if length < 1500 and not any(map(_is_prose, lines)) and _CHALLENGE.search(text):
        return PageKind.BLOCKED
    if length < 1500 and _PASSWORD.search(text) and not any(map(_is_prose, lines)) and _is_login(lines, text):
        return PageKind.BLOCKED
    if length > 60 and _LABELS.search("\n".join(lines)):
        return None
    title_match = _TITLE.search(text)
    title = " ".join(html.unescape(title_match.group(1)).split()) if title_match else ""
    kind = _by_words(lines, length, title)
    if kind is not None or _DOCUMENT_META.search(text[:20_000]):
        return kind
    return PageKind.EMPTY_SHELL if _is_shell(text, lines, length) else None


def _is_login(lines: list[str], text: str) -> bool:
    """A form that asks for a password where a document was: its title says so, or it is nearly all of the page."""
    title = _TITLE.search(text)
    named = bool(title and _LOGIN_WORDS.search(title.group(1)))
    return named or (sum(map(len, lines)) < _SHORT and any(_LOGIN_WORDS.search(line) for line in lines))


def _by_words(lines: list[str], length: int, title: str) -> PageKind | None:
    if any(_NOTICE.match(line) for line in lines):
        return None
    prose = [line for line in lines if _is_prose(line)]
    if any(not (_BLOCK_WORDS.search(line) or _GONE_WORDS.search(line)) for line in prose):
        return None
    if _GONE_TITLE.match(title) and length < 3000:
        return PageKind.SOFT_404
    if length < _SHORT * 2 and not re.search(r"(?:关于|的通知|公告$|通知$)", title):
        words = "\n".join(lines)
        if _BLOCK_WORDS.search(title) or (_BLOCK_WORDS.search(words) and length < _SHORT * 2):
            return PageKind.BLOCKED
    return _gone_line(lines, length)


def _gone_line(lines: list[str], length: int) -> PageKind | None:
    """A line of its own that says the page is gone, on a page that is otherwise navigation."""
    if length > 6000:
        return None
    for index, line in enumerate(lines):
        if len(line) <= 70 and _GONE_WORDS.search(line) and not re.search(r"关于.{4,}|《|〔", line):
            around = "".join(lines[max(0, index - 3) : index + 8])
            if length < _SHORT or re.search(
                r"返回|首页|秒后|跳转|对不起|抱歉|您(?:访问|查看|要|所)|404|刷新|请检查|管理员", around
            ):
                return PageKind.SOFT_404
    return None


def _is_shell(text: str, lines: list[str], length: int) -> bool:
    if length < 2500 and len(_PLACEHOLDER.findall("\n".join(lines))) >= 2 and not any(map(_is_prose, lines)):
        return True
    if length < 120 and _SHELL.search(text):
        return True
    return length < 10 and "<script" in text.lower()
