"""Pages that are no document: anti-bot pages, "页面不存在" with status 200, shells that need JavaScript.

A genuine notice may speak of 验证码, 防火墙 or 404, and be as short as a refusal. A page counts as one of these only
if it has no paragraph of prose beside the tell-tale words and nothing of a document (a label, a number, the day it was
published or signed), or by marks no document carries. A heading that names a notice outweighs words that a notice may
use, not those said to the visitor (crawler.extract.no_document.refusals).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from itertools import islice

from archive.model import PageKind
from crawler.extract.markup import COMMENT, TAG, without
from crawler.extract.no_document.refusals import (
    GONE_TITLE,
    MISSING_PAGE,
    PASSING,
    STRONG_BLOCK,
    STRONG_FAILED,
    STRONG_GONE,
    WEAK_BLOCK,
    WEAK_GONE,
    is_server_error,
)

BLOCKED_STATUSES = frozenset({401, 403, 405, 406, 412, 418, 429, 493, 521, 567})
# /info/1001/404.htm is the 404th document of its column.
_ERROR_ADDRESS = re.compile(
    r"(?<!\d)/(?:404|error|notfound|page404)(?:\.s?html?|/)?(?:[?#].*)?$", re.IGNORECASE
)
_WAF_SERVERS = re.compile(r"waf|safe3|yunjiasu|jiasule|anyu|knownsec", re.IGNORECASE)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "textarea", "head", COMMENT})
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,600})</title", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:p|div|br|li|tr|td|th|h[1-6]|center|section|dt|dd|ul|table|a|button)\b[^<>]*>", re.IGNORECASE
)
_CHALLENGE = re.compile(
    r"\$_ts\s*=|\$_ts\[|<meta[^<>]{1,300}content=[\"']\{qqqq|__jsl_clearance|document\.cookie\s*=\s*\(?['\"]?_"
    r"|acw_sc__v2|arg1\s*=\s*['\"][0-9A-F]{40}"
    r"|cf-browser-verification|__cf_chl|_guard/|/wzws-waf-cgi/|WZWS-RAY|aliyun_waf|captcha\.js"
    r"|/_Incapsula_Resource|ali-waf|tencent-waf|TencentCaptcha|YunSuoAutoJump|security_verify_data|wzwsquestion"
    r"|SafeLineChallenge|EO_Bot_Ssid|__eo=|HWWAFSES|_yanzheng_ip\.php|batit\.aliyun\.com",
    re.IGNORECASE,
)
# One of them is in every match of it, and to look for each in turn is twenty times as fast.
_OF_CHALLENGE = (
    "$_ts", "{qqqq", "__jsl_", "document.cookie", "acw_sc_", "arg1", "cf-browser-", "__cf_chl", "_guard/", "-waf", "wzws",
    "aliyun", "captcha", "_incapsula_", "yunsuo", "security_verify_", "safeline", "eo_bot_", "__eo=", "hwwaf", "_yanzheng_",
)  # fmt: skip
_SHELL = re.compile(
    r"<div[^<>]{1,300}id=[\"']?(?:app|root|__nuxt|main-app)[\"']?[^<>]{0,300}>\s*</div>"
    r"|doesn't work properly without JavaScript|ng-app\b|\bv-cloak\b"
    r"|(?:请|需要)(?:开启|启用)\s*JavaScript|enable JavaScript",
    re.IGNORECASE,
)
# Of a script's or a CMS's template that nobody filled in: {{ d.title }} · ${detail.title} · {dede:field.title/}
_PLACEHOLDER = re.compile(
    r"\{\{\s*[\w.$|\[\] ]{1,60}\}\}|\$\{[\w.]{1,60}\}|\{\$[\w.]{1,60}\}|\{(?:dede|pboot|cms|ms):[^{}]{1,80}\}"
)
_EMPTY_VALUES = frozenset({"undefined", "null", "NaN", "[object Object]"})
_REFRESH = re.compile(
    r"<meta[^<>]{1,200}http-equiv=[\"']?refresh[\"']?[^<>]{1,200}url\s*=|<frameset\b|<noscript\b",
    re.IGNORECASE,
)
# A page that is nothing but a message box, and leads away.
_ALERT = re.compile(
    r"alert\s*\(\s*['\"](?P<said>[^'\"<>]{2,80})['\"]\s*\)\s*;?\s*"
    r"(?:(?:window|self|top|parent|document)\.)*(?:history\b|location\b|close\b)"
)
_LABELS = re.compile(
    r"(?:索\s*引\s*号|索\s*取\s*号|发\s*文\s*字\s*号|成\s*文\s*日\s*期|发\s*文\s*机\s*关|发\s*布\s*机\s*构)"
)
# What only a document has in a line: the day it was published, its number, its last words, the day it was signed.
_OF_A_DOCUMENT = re.compile(
    r"(?:发布|发文|成文|印发|公开|录入|生成)\s{0,4}(?:时间|日期|日)\s{0,4}[:：]?\s{0,4}[\[【(（]?\s{0,4}(?:19|20)\d\d\s?[-年./]"
    r"|[〔\[［(（]\s?(?:19|20)\d\d\s?[〕\]］)）]\s?第?\d{1,5}\s?号|特此(?:公告|通知|通告|公示|说明|告知|函复|通报)"
    r"|^(?:答复|回复|答)(?:内容|意见)?\s?[:：]\s?[\u4e00-\u9fff]|令第?\s?\d{1,4}\s?号|^第[一二三四五六七八九十]{1,3}[条章]\s|来源\s{0,4}[:：]\s{0,4}[\u4e00-\u9fff]{3}"
    r"|^(?:\S{2,30}[局委府办厅部会院处室心司组]\s{1,9})?(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日$"
    r"|^[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$",
    re.MULTILINE,
)
_DOCUMENT_META = re.compile(
    r"<meta[^<>]{1,300}name=[\"']ArticleTitle[\"'][^<>]{1,300}content=[\"'][^\"']{4,}", re.IGNORECASE
)
_DATED_META = re.compile(
    r"<meta[^<>]{1,200}name=[\"']PubDate[\"'][^<>]{1,200}content=[\"']\s{0,4}(?:19|20)\d\d", re.IGNORECASE
)
# Sentences of a text, and what tells them from those of a wall, which speak to whoever wants to see the page.
_SENTENCE = re.compile(r"[\u4e00-\u9fff][，、：；][^。]{6,}[。；]$|^.{20,}[。；]$")
_TO_VISITOR = re.compile(
    r"您|请(?:检查|稍|返回|联系|确认|刷新|尝试|点击|登|输入|升级|更换|重|使用|与)|网址|地址|浏览器|管理员|网站|站点|服务器|页面|链接|IP|WAF|URL|HTTP|稍后|返回|异常|\bat\b",
    re.IGNORECASE,
)
# A text in one piece behind a tag of text: cheaper to find than all visible lines.
_PARAGRAPH = re.compile(
    r"<(?:p|span|div|td|font|br|li|strong|b)\b[^<>]*>(?P<text>[^<>]{60,})<", re.IGNORECASE
)
_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_WORDS = re.compile(r"登\s*[录陆]|log ?in|sign ?in|统一身份认证", re.IGNORECASE)
_PROSE = re.compile(r"[\u4e00-\u9fff]{2}[，。；、：,;:][\u4e00-\u9fff《“]")
_HEADINGS = re.compile(r"<h[1-4]\b[^<>]{0,300}>(?P<text>(?:[^<]|<(?!/h)){1,400})", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,800}>(?:[^<]|<(?!/?a\b)){0,400}</a", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"「『][^”\"」』\n]{0,60}[”\"」』]")  # a notice that quotes what a page said
# Between the parts of a <title>: 系统维护公告_临江市人民政府
_PARTS = re.compile(r"\s*[_|—]+\s*|\s+-+\s+|-(?=[\u4e00-\u9fff]+$)")
# A heading of a notice that may itself be about walls and missing pages.
_NOTICE = re.compile(
    r"^[^>＞。]{0,40}关于.{2,80}(?:通知|公告|通告|通报|公示|说明|意见|办法|决定|批复|回复|解答|函|报告|方案|声明)$"
    r"|^[^>＞。，；：:]{2,60}(?:公告|通知|通告|通报|公示|公报|批复|告知书|答复|答复意见|决定书?|办法|规定|细则|方案|说明|须知|指南|倡议书|询价|名单)"
    r"(?:[（(][^（()）]{1,16}[)）])?$"
    r"|^.{4,60}(?:怎么办|什么原因|怎么处理|如何处理)[？?]?$"
)
# Headings of columns and of walls, which end as a notice's does.
_COLUMN = re.compile(
    r"^(?:重要|最新|政府|政务|部门|公司|信息|网站|系统|通知|公告|公示|通报|通告|人事|招标|采购|中标|拍卖|行政处罚|行政许可|双|政策|法规"
    r"|规章|文件|规范性|[、与和/·及])+$"
    r"|(?:错误|访问|拦截|异常)(?:公告|通知|说明|报告)$"
)
_HEAD = 20_000  # characters of a page in which its meta elements stand
_TOP = 4_000  # characters of a page in which a server says that it failed
_SHORT = 400  # visible characters of a page that may be nothing but a refusal
_LONGEST_LINE, _LONGEST_LINE_LATIN = 70, 200  # characters of a line that says that a page is gone
_LONGEST_ALONE = 40  # characters of a title that is all of its page
_SHOWS = re.compile(
    r"<(?:img|iframe|frame|embed|object|video|audio|canvas|svg)\b|href=|src=|location", re.IGNORECASE
)
_FOOTER = re.compile(r"版权所有|主办|承办|ICP备|网安备|网站标识码|联系我们|网站地图|Copyright", re.IGNORECASE)


def own_lines(text: str) -> list[str]:
    """The visible lines of a page that stand in no link and are none of a site's foot."""
    shown = _LINK.sub("\n", without(text, _HIDDEN, "\n"))
    return [line for line in _lines(shown) if not _FOOTER.search(line)]


def _lines(shown: str) -> list[str]:
    bare = TAG.sub("", _BREAK.sub("\n", shown))
    return list(filter(None, map(" ".join, map(str.split, html.unescape(bare).splitlines()))))


def _is_prose(line: str) -> bool:
    return len(line) >= 60 and bool(_PROSE.search(line)) and not _FOOTER.search(line)


def _has_prose(text: str) -> bool:
    """Whether a paragraph of a document stands in a page: then it is none of the kinds of this module."""
    for found in _PARAGRAPH.finditer(text):
        line = " ".join(html.unescape(found["text"]).split())
        # What refuses, or says that a page is gone, is short; a paragraph of a page may be its whole text.
        if _is_prose(line) and not (WEAK_BLOCK.search(line, 0, _SHORT) or WEAK_GONE.search(line, 0, _SHORT)):
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
    if len(text) < 60_000 and _ERROR_ADDRESS.search(url):
        return PageKind.SOFT_404
    title = _title(text)
    if is_server_error(title, text[:_TOP]):
        return PageKind.SOFT_404 if MISSING_PAGE.search(text, 0, 2 * _TOP) else PageKind.BLOCKED
    if _has_prose(text):
        return None
    shown = without(text, _HIDDEN, "\n")
    lines = _lines(shown)
    length = sum(map(len, lines))
    prose = any(map(_is_prose, lines))
    asked = length < 1500 and not prose and _PASSWORD.search(text) is not None
    if length < 1500 and not prose and (_is_challenge(text) or (asked and _LOGIN_WORDS.search(title))):
        return PageKind.BLOCKED
    own = [line for line in _lines(_LINK.sub("\n", shown)) if not _FOOTER.search(line)]
    if length < 10 and len(text) < 3000 and (alert := _ALERT.search(text)):
        own = [alert["said"]]
    if _is_marked(text, lines, length, own):
        return None
    titled = _is_titled(title, shown, own)
    # A form that asks for a password where a document was is nearly all of its page; some sites have one at their head.
    if asked and not titled and length < _SHORT and any(map(_LOGIN_WORDS.search, lines)):
        return PageKind.BLOCKED
    kind = _by_words(lines, own, title, titled)
    if kind is not None or _DOCUMENT_META.search(text, 0, _HEAD):
        return kind
    if not titled and _is_title_alone(text, own, title):
        return PageKind.EMPTY_SHELL
    return PageKind.EMPTY_SHELL if _is_shell(text, lines, own, length) else None


def _title(text: str) -> str:
    found = _TITLE.search(text, 0, _HEAD)
    return " ".join(html.unescape(found.group(1)).split()) if found else ""


def _is_challenge(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _OF_CHALLENGE) and bool(_CHALLENGE.search(text))


def _is_marked(text: str, lines: list[str], length: int, own: list[str]) -> bool:
    """Whether something stands in a page that only a document has."""
    if length > 60 and _LABELS.search("\n".join(lines)):
        return True
    if _OF_A_DOCUMENT.search("\n".join(own)) or _DATED_META.search(text, 0, _HEAD):
        return True
    sentences = (line for line in own if _SENTENCE.search(line[-_SHORT:]) and not _TO_VISITOR.search(line))
    told = (line for line in sentences if not (WEAK_BLOCK.search(line) or WEAK_GONE.search(line)))
    return len(list(islice(told, 2))) == 2  # of a long text no more is read


def _is_titled(title: str, shown: str, own: list[str]) -> bool:
    """Whether the page's title or one of its headings or lines, no link, names a notice."""
    names = [_PARTS.split(title)[0], *own]
    names += [" ".join(TAG.sub("", found["text"]).split()) for found in _HEADINGS.finditer(shown)]
    return any(_NOTICE.match(name) and not _COLUMN.search(name) for name in names)


def _by_words(lines: list[str], own: list[str], title: str, titled: bool) -> PageKind | None:
    said = [_QUOTED.sub("", line) for line in own]
    length = sum(map(len, said))
    if any(
        _is_prose(line)
        and (len(line) > _SHORT // 2 or not (WEAK_BLOCK.search(line) or WEAK_GONE.search(line)))
        for line in said
    ):
        return None
    words = "\n".join(said)
    gone = bool(WEAK_GONE.search(words))
    if length < _SHORT * 2:
        # What may be either is a refusal: an absence that is none would be told as a removal.
        if STRONG_BLOCK.search(words):
            return PageKind.BLOCKED
        if STRONG_GONE.search(words):
            return PageKind.SOFT_404
        if STRONG_FAILED.search(words):
            return PageKind.SOFT_404 if gone else PageKind.BLOCKED
    if titled:
        return None
    if length < 3000 and GONE_TITLE.match(title):
        return PageKind.SOFT_404 if gone or "404" in title or WEAK_GONE.search(title) else PageKind.BLOCKED
    if length < _SHORT * 2 and (WEAK_BLOCK.search(title) or WEAK_BLOCK.search(words)):
        return PageKind.BLOCKED
    return _gone_line(lines, said, length)


def _gone_line(lines: list[str], said: list[str], length: int) -> PageKind | None:
    """A line of its own that says the page is gone, on a page that is otherwise navigation."""
    if length > 6000:
        return None
    if any(
        len(line) <= (_LONGEST_LINE_LATIN if line.isascii() else _LONGEST_LINE)
        and WEAK_GONE.search(line)
        and not re.search(r"关于.{4,}|《|〔", line)
        for line in said
    ):
        around = "".join(lines)
        if length < _SHORT or re.search(
            r"返回|秒后|跳转|对不起|抱歉|您(?:访问|查看|要|所)|404|刷新|请检查|管理员", around
        ):
            return PageKind.SOFT_404
    return None


def _is_title_alone(text: str, own: list[str], title: str) -> bool:
    """Whether a page says its title and nothing else, in words or pictures: Bad Request, 查询失败, 用户登录."""
    return bool(own) and set(own) == {title} and len(title) <= _LONGEST_ALONE and not _SHOWS.search(text)


def _is_shell(text: str, lines: list[str], own: list[str], length: int) -> bool:
    holes = len(_PLACEHOLDER.findall("\n".join(lines)))
    if length < 2500 and (holes >= 2 or (holes and length < _SHORT)) and not any(map(_is_prose, lines)):
        return True
    if length < 120 and (_SHELL.search(text) or any(map(PASSING.search, own))):
        return True
    if own and _EMPTY_VALUES.issuperset(own):
        return True
    return length < 10 and ("<script" in text.lower() or bool(_REFRESH.search(text)))
