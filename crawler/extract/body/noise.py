"""Page furniture: what stands in or around a document's text and is no part of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from crawler.extract.body.counters import without_counters
from crawler.extract.body.furniture import (
    announces,
    is_announced,
    is_furniture,
    talks_to_visitor,
    without_sizes,
)
from crawler.extract.text import clean_lines
from crawler.extract.values.headfoot import is_organisation

_LONGEST_RELATED = 120  # characters of a heading 相关链接 with its first link
_LONGEST_OF_LINKS = 400
_LONGEST_COUNTER = 80  # characters
_MOST_RELATED = 40  # lines of links behind a text
_DATE_APART = re.compile(r"\s*[\[(（]?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*")
_DAY_BEHIND = re.compile(r"[\[(（ ]{0,3}\d{1,2}[-/]\d{1,2}[\])） ]{0,3}$")
_FIGURE = re.compile(r"\d")
_NOISE_TOKEN = re.compile(
    r"[【\[(（]?(?:打印(?:本页|此页|文章|页面)?|关闭(?:窗口|本页|此页|页面)?|返回(?:顶部|首页|上一页"
    r"|列表)?|加入收藏|收藏(?:本页)?|我要纠错|纠错|语音(?:阅读|播报)(?:正文)?|朗读"
    r"|分享(?:到|至)?[:：]?|微信|微博|新浪微博|QQ空间|QQ好友|腾讯微博|豆瓣|一键分享|更多|复制链接"
    r"|(?:字体|字号|文字|视力保护色)(?:大小|显示)?[:：]?\s*[\[【(（]?\s*(?:特大|超大"
    r"|大)?\s*[|/]?\s*(?:大|加大|放大)?\s*[|/]?\s*(?:中|默认|标准)?\s*[|/]?\s*(?:小|缩小)?\s*[\]】)）]?"
    r"|A\s*[+-]|放大|缩小|默认|(?:浏览|点击|阅读|访问|查看(?!评论))(?:次数|量|数|率|人次|人数)?[:：]?\s*\d*\s*(?:人次|次|人)?"
    r"|人气[:：]?\s*\d*|(?:点赞|在看|转发|评论)(?:数|量)?[:：]?\s*\d+|(?:当前|现在)?在线(?:人数)?[:：]?\s*\d+\s*人?"
    r"|播放(?:\s*[|/]?\s*(?:暂停|停止))*|设为首页|简|繁"
    r"|扫一扫[^。]{0,30}|手机(?:扫码)?(?:查看|阅读|版)|二维码|TOP|(?:没有?|有)帮助|(?:没|有)用|无障碍(?:浏览|阅读)?)[】\])）]?"
)
_LOOKED = "(?:浏览|点击|阅读|访问|查看|点阅|下载)"
_THIS = "(?:本|此|该)(?:篇|条|则)?(?:文章?|信息|内容|页面?|网页|新闻|公告|通知)"
_NOISE_LINE = re.compile(
    r"(?:您|你)?的?(?:当前|现在|所在)的?(?:所在)?的?(?:位置|页面)?\s*(?:是|在"
    r"|为)?\s*[:：>＞].{0,120}|[您你]的位置\s*[:：].{0,120}|位置\s*[:：].{0,10}首页.{0,100}"
    r"|.{0,6}首页\s*(?:>|&gt;|›|»|＞|→|/|-+>|\\)+.{0,100}"
    r"|.{0,14}请使用\s*(?:tab|TAB|Tab)\s*(?:按钮|键).{0,12}|正文内容区域|(?:主体)?内容区域?开始|目录项的?基本信息"
    r"|(?:上一篇|下一篇|没有了)|(?:(?:首页|[上前下后]一页|尾页|末页)[\s|/>＞»]*){1,4}"
    r"|(?:相关(?:链接|文章|阅读|稿件|新闻|解读|文档|信息|附件|推荐)|推荐阅读|延伸阅读|热点推荐|政策解读"
    r"|图解|附件下载)\s*[:：]?"
    r"|[^。]{0,20}(?:版权所有(?![人者权])|Copyright|ICP备|网安备|公安备|网站标识码|建议使用.{0,10}浏览器)[^。]{0,150}(?:(?:未经|禁止|不得|转载|浏览器|分辨率)[^。]{0,60})?。?"
    r"|(?:主办|承办|技术支持)(?:单位)?\s*[:：].{0,80}"
    r"|[\[【(（]?\s*责任?编辑\s*[:：][^，。；]{0,20}|[\[【(（]\s*责任?编辑\s*[:：]?[^，。；]{0,20}|[\[【(（]\s*编辑\s*[:：][^，。；]{0,20}|扫一扫[^，。；]{0,30}。?|(?:页面"
    r"|文件)(?:生成|打印)(?:时间|日期).{0,30}|打印(?:时间|日期).{0,30}"
    r"|(?:(?:首页|[上前下后]一?页|尾页|末页|共\s*\d+\s*[页条]|第\s*\d+\s*页|(?<!\d)[1-9]\d{0,3}(?!\d)|\.{3}|…|转到|跳转|GO)[\s|/,，]*){4,}"
    r"|(?:您|你)(?:觉得|认为).{0,14}(?:有用|有帮助)吗?[?？]?|扫描(?:上方|下方|右侧)?二维码[\s，,]*关注.{0,20}"
    r"|(?:满意度(?:评价|调查)?\s*[:：]?\s*)?(?:[○●◯□☐]?\s?(?:非常|很|比较|基本)?(?:不?满意|一般)[\s|/]*){3,}"
    r"|(?:本文|本页|原文)(?:链接|地址|网址)\s*[:：]\s*https?://\S+"
    r"|您是(?:本站)?第\s*\d*\s*位(?:访问者|访客|浏览者)"
    r"|(?:(?:本站|本页|网站)?(?:总|累计|今日|昨日|当日|本月)?(?:访问|浏览)(?:总?量|人数|人次|次数)?\s*[:：]\s*\d+\s*(?:人次|次|人)?[\s|，,]*){1,4}"
    r"|(?:(?:最后|最近)?(?:更新|修改)(?:时间|日期)?|页面更新)\s*[:：]\s*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r"|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日\s*星期[一二三四五六日天][^。]{0,30}℃.{0,10}"
    r"|(?:您|你)对(?:本|此|该)(?:篇|条|次)?(?:文章|信息|内容|页面|稿件|网页|征集|调查|服务|回复|答复|解读)?(?:的内容)?的?(?:评价|满意度?|是否满意)[^。，]{0,20}"
    r"|(?:免责|版权|特别|郑重)?声明\s*[:：][^。]{0,80}(?:本网站?|本站|转载)[^。]{0,80}。?"
    r"|(?:本|此|该)(?:篇|条)?(?:文章?|信息|内容|页面)对(?:您|你)(?:是否)?有(?:没有|无)?帮助.{0,10}"
    r"|今天是\s*[:：]?\s*\d{4}年\d{1,2}月\d{1,2}日.{0,14}"
    rf"|{_THIS}(?:已经?)?(?:共|累计)?(?:被|有)?{_LOOKED}(?:次数|量|数|了|过)?\s*[:：]?\s*[\d,]+\s*(?:人次|次|遍|人)?。?"
    rf"|(?:目前|当前)?(?:已经?|共|共计|累计|总共)(?:被|有)?(?:浏览|点击|阅读|点阅|下载)(?:了|过)?\s*[:：]?\s*[\d,]+\s*(?:人次|次|遍)。?"
    rf"|(?:{_THIS})?(?:目前|当前)?已?(?:共|累计)?有\s*[\d,]+\s*位?(?:网友|读者|人次?){_LOOKED}(?:了|过)?(?:{_THIS})?。?"
    r"|下载(?:次数|量)\s*[:：]?\s*[\d,]+\s*次?"
    r"|分享到.{0,60}|信息来源\s*[:：]\s*|来源\s*[:：]\s*|作者\s*[:：]\s*|(?:跳转到|跳过"
    r"|点击进入).{0,12}(?:主内容|正文|导航).{0,8}",
    re.IGNORECASE,
)

# 上一篇：关于…, « 上一条信息：没有了, Previous: …
_NEIGHBOUR = re.compile(
    r"[«‹<＜【\[·•●◆■»]{0,2}\s*(?:[上下前后](?:[一1](?:篇|条|页|则|个)|篇|[一1](?=文章|信息|新闻|主题))(?:文章|信息|新闻|公告|内容|资讯|主题)?|Prev(?:ious)?|Next)"
    r"\s*[»›>＞】\]]{0,2}\s*[:：].{0,120}",
    re.IGNORECASE,
)
_NEIGHBOUR_BEGINS = frozenset("上下前后«‹<＜【[·•●◆■»PpNn")

# 附表.pdf（下载次数：12）, 附件【附表.pdf】已下载12次: a counter behind the name of a file
_COUNTER_BEHIND = re.compile(
    r"\s*(?:[（(\[【]\s*(?:已?(?:下载|浏览|点击|阅读|查看)(?:次数|量|数)?\s*[:：]?\s*\d+\s*(?:人次|次)?)\s*[）)\]】]"
    r"|(?<=[】\])）a-zA-Z])\s*已?下载(?:次数|量)?\s*[:：]?\s*\d*\s*次)(?=\s*[；;。]?\s*$)"
)

# 来源：市府办　时间：2026-01-05 08:30　点击数：17, the bar of a heading: only together with a counter is it no text.
_COUNTED = re.compile(
    r"(?:浏览|点击|阅读|访问|查看)(?:次数|量|数|率|人次|人数)?\s*[:：]\s*\d+|人气\s*[:：]\s*\d+"
)
_OF_A_BAR = re.compile(
    r"(?:(?:信息|文章|稿件|数据)?来源|(?:发布|发文|更新|信息)?(?:时间|日期)|作者|责任编辑|编辑|责编|发布(?:机构|单位|人)?)\s*[:：]\s*"
    r"[^\s。；】]{0,25}(?:\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
# What else stands on it, once a label was found: the day without one, a counter that a script fills.
_BESIDE_ON_A_BAR = re.compile(
    r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?|(?:浏览|点击|阅读|访问)(?:次数|量|数)\s*[:：](?!\s*\d)"
)


# 【相关信息】, 相关链接：一图读懂…: what stands in front of links to other pages
_RELATED = re.compile(
    r"[【\[]?(?:相关(?:链接|文章|阅读|稿件|新闻|报道|解读|政策|文档|文件|信息|推荐|内容)|推荐阅读|延伸阅读|热点推荐"
    r"|(?:推荐|热点|热门|最新|更多|其他)(?:信息|文章|新闻|资讯|公告|文件|内容)|热门搜索|热搜词?|搜索热词"
    r"|关联(?:文件|文档|稿件|文章|解读|政策|信息|内容)|本文相关|(?:文章|本文)?标签|(?:上级|上位|配套)(?:文件|政策)|政策原文|(?:部门|政策|文字|图文|专家)?(?:解读|图解)(?:链接)?|(?:网站|站点|快速|底部|快捷)(?:导航|入口|地图|链接)|友情链接|猜你喜欢|大家都在看)[】\]]?\s*[:：]?\s*"
)
_NONE = re.compile(
    r"(?:暂无|暂时没有|没有|无)(?:相关|关联)?(?:文件|文章|解读|政策|信息|内容|附件|数据|记录)?"
)  # beneath it
# 网站地图 | 联系我们 | 隐私声明: the foot of a site, where it stands last
_FOOT_TOKEN = re.compile(
    r"网站(?:导航|地图|声明|首页)|站点地图|联系我们|关于我们|隐私(?:声明|政策|保护)|(?:免责|法律|版权)声明|使用帮助|设为首页|友情链接|RSS订阅"
    r"|更多|首页|登录|注册|网友(?:评论|留言)|(?:我要|发表)评论|暂无评论|(?:Word|PDF|OFD|文字|图片)版(?:下载)?|下载[:：]"
    r"|(?:(?:非常|很|基本|比较)?满意|一般|(?:很?不|不太)满意)(?:\s*[|/]?\s*(?:(?:非常|很|基本|比较)?满意|一般|(?:很?不|不太)满意))+(?:\s*提交)?",
    re.IGNORECASE,
)
# Whose site it is: behind such a line stands nothing but the rest of the foot, its addresses and telephones.
_OF_SITE = re.compile(r"版权所有|Copyright|ICP[备证]|网安备|公安备|网站标识码", re.IGNORECASE)
_OF_PAGE = re.compile(
    r"^\s*[\[【(（]?(?:免责|版权|郑重|特别)(?:声明|说明|提示)"
    r"|本(?:网站|站|网(?![格点络约]))[^。]{0,40}(?:转载|版权|责任|解释权|所有)|(?:转载|摘编)[^。]{0,30}(?:本网站?|本站|注明)|浏览器|公众号|二维码|网友评论|登录后"
)
_SUMMARY = re.compile(r"\s*[【\[]?(?:内容)?(?:概述|摘要|提要|导读|核心提示)[】\]]?\s*[:：]")
_LONGEST_SUMMARY = 400  # characters
# 某市人民政府主办　某市大数据中心承办
_HELD_BY = re.compile(r"(?:[^\s，。；：、]{2,24}(?:主办|承办|协办|运维|技术支持)[\s|丨]*){1,4}")
_LABELLED_ROW = re.compile(r"[^\t:：]{2,16}\t.+")  # ICP备案号⇥…: a row of a report on sites
_MOST_OF_FOOT = 8  # lines
_LONGEST_OF_FOOT = 120  # characters of one of them
_REACHED_AT = re.compile(
    r"(?:(?:单位|办公|联系|通讯|通信)?地址|邮政?编码?|(?:联系|值班|总机|办公室?|咨询|举报|投诉|监督|服务|传真|技术支持)?(?:电话|热线)|传真|(?:电子)?邮箱|E-?mail|(?:办公|工作|服务|接待|上班)时间)\s*[:：]",
    re.IGNORECASE,
)
# 编辑：张某 审核：李某, 作者：张某, who put the page online
_MADE_BY = re.compile(
    r"[\[【(（]?(?:(?:作者|撰稿|供稿|(?:责任)?编辑|责编|审核|校对|录入|初审|复审|终审|审稿|签发|信息员|来源)\s*[:：]\s*[^\s，。；:：\d]{0,12}\s*){1,6}[\]】)）]?"
)
_BY_AN_EDITOR = re.compile("编辑|责编|录入|校对|^作者")


def without_related(
    lines: list[str], linked: Callable[[], frozenset[str]], text: Callable[[], frozenset[str]]
) -> list[str]:
    """Lines without those at the end that only name other pages, from the heading 相关链接 or 政策解读 on.

    ``linked`` gives the words of the links to other pages; it is asked only where such a heading stands.
    ``text`` gives the lines that look like furniture and are text; it is asked only where one stands last.
    """
    lines = _without_foot(lines, text)
    first = max(0, len(lines) - _MOST_RELATED)
    headings = {i: m.end() for i in range(first, len(lines)) if (m := _heading(lines[i]))}
    if not headings:
        return lines
    names = linked()
    start = len(lines)
    while start > first:
        line = lines[start - 1]
        # 【部门解读】某办法解读 may be a link, or a heading with one
        rest = line[headings.get(start - 1, 0) :]
        if rest and not (
            _NONE.fullmatch(line)
            or noise_line(line)
            or _is_foot(line)
            or is_of_links(line, names)
            or is_of_links(rest, names)
        ):
            break
        start -= 1
    cut = next((i for i in range(start, len(lines)) if i in headings), len(lines))
    return lines if cut == 0 or announces(lines[cut - 1]) else _without_foot(lines[:cut], text)


def _without_foot(lines: list[str], text: Callable[[], frozenset[str]]) -> list[str]:
    end = len(lines)
    first = max(1, end - _MOST_OF_FOOT)
    for index in range(end - 1, first - 1, -1):
        line = lines[index]
        if "。" in line or len(line) > _LONGEST_OF_FOOT:
            break
        if _OF_SITE.search(line) and noise_line(line) and not _LABELLED_ROW.fullmatch(line):
            end = index
    while end > 1 and _is_foot(lines[end - 1]) and lines[end - 1] not in text():
        end -= 1
    return lines if end == len(lines) or is_announced(lines, end) else lines[:end]


def _is_foot(line: str) -> bool:
    """Whether a line that stands last is the foot of a page: who made it, or words that lead on."""
    if len(line) > _LONGEST_RELATED:
        return False
    if _BY_AN_EDITOR.search(line) and _MADE_BY.fullmatch(line):
        return True
    rest = _FOOT_TOKEN.sub("", line)
    return noise_line(line) or (rest != line and not rest.strip(" |丨│/,，、·：:[]【】()（）>＞»-"))


def is_of_links(line: str, names: frozenset[str]) -> bool:
    """Whether a line names other pages (``names``: words of the links) and says nothing else: one with its date, or several."""
    if {_undated(line), _undated(_DAY_BEHIND.sub("", line))} & names:
        return True
    if len(line) > _LONGEST_OF_LINKS:
        return False
    rest = line
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != line and not any(map(str.isalnum, rest))


def _heading(line: str) -> re.Match[str] | None:
    return _RELATED.match(line) if len(line) <= _LONGEST_RELATED else None


def _undated(line: str) -> str:
    return _DATE_APART.sub("", line).strip(" ·•▪>-")


# 一、扫描二维码登录, （二）打印: an item of a text, whatever it is about
ENUMERATED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、章条]|[（(][一二三四五六七八九十]{1,3}[）)]|[（(]?\d{1,2}[）)、．]|\d{1,2}\.(?![\d\s]))[^\d]"
)


@lru_cache(maxsize=512)  # each line of a page is asked for two or three times
def noise_line(line: str) -> bool:
    """Whether a line is page furniture: a breadcrumb, buttons, counters, tab remarks, copyright."""
    if len(line) > 200 or (len(line) > 4 and ENUMERATED.match(line)):
        return False
    if _NOISE_LINE.fullmatch(line) or (line[:1] in _NEIGHBOUR_BEGINS and _NEIGHBOUR.fullmatch(line)):
        return True
    if len(line) > 80:
        return False
    bar = _OF_A_BAR.sub("", line) if _COUNTED.search(line) else line
    if is_furniture(line):
        return True
    rest = _NOISE_TOKEN.sub("", without_sizes(without_counters(bar) if _FIGURE.search(bar) else bar))
    said = rest.strip()  # 【我要纠错】责任编辑：张某
    if rest != bar and (_NOISE_LINE.fullmatch(said) or _NEIGHBOUR.fullmatch(said) or is_furniture(said)):
        return True
    if bar != line:
        rest = "".join(rest.replace("-", "").split())
    return rest != line and not rest.strip(" \u3000\xa0\t|丨│/,，、·：:[]【】()（）>＞»<＜«×✕0123456789")


def before_counter(text: str, *, least: int = 2) -> str:
    """A title, or the name of an office, without the counter that stands apart behind it; ``least`` characters of it are left.

    >>> before_counter("关于防汛的通知 浏览 17"), before_counter("第 17 届运动会")
    ('关于防汛的通知', '第 17 届运动会')
    """
    for index in range(max(least, len(text) - _LONGEST_COUNTER), len(text)):
        if text[index] == " " and _FIGURE.search(rest := text[index + 1 :]) and noise_line(rest):
            return text[:index]
    return text


def without_lines_of_every_page(text: str) -> str:
    """Of an element's text, one without a sentence, the lines that can be those of a notice.

    Whose site it is, how an office is reached and what other pages are about stand on every page.
    """
    lines = clean_lines(text)
    if any(map(_OF_SITE.search, lines)):
        return ""
    return "".join(line for line in lines if not of_every_page(line))


def of_every_page(line: str) -> bool:
    """Whether a line stands on every page of a site: how an office is reached, what other pages are about, tools, a bar."""
    if _REACHED_AT.match(_behind_office(line)) or is_related(line) or noise_line(line):
        return True
    if _HELD_BY.fullmatch(line) or talks_to_visitor(line):
        return True
    if len(line) > _LONGEST_OF_FOOT or not ("：" in line or ":" in line):
        return False
    rest = _OF_A_BAR.sub("", line)
    if rest == line:
        return False
    rest = _NOISE_TOKEN.sub("", without_counters(_BESIDE_ON_A_BAR.sub("", rest))).strip(
        " \u3000|丨[]【】()（）"
    )
    return not rest or is_furniture(rest)


def _behind_office(line: str) -> str:
    """What stands behind the name of an office at the start of a line: 某县教育局　电话：0791-…"""
    office, _, behind = line.partition(" ")
    return behind.lstrip(" |丨｜") if behind and is_organisation(office) else line


def of_site(text: str) -> bool:
    """Whether a text says whose site it stands on: 版权所有, ICP备."""
    return _OF_SITE.search(text) is not None


def of_page(text: str) -> bool:
    """Whether a text speaks of the page or its site, not of what a document is about: 免责声明, a summary over the text."""
    return bool(_OF_PAGE.search(text) or _REACHED_AT.match(text)) or of_site(text) or summarises(text)


def summarises(text: str) -> bool:
    """Whether a text is the summary that stands over another: 内容提要：…"""
    return len(text) < _LONGEST_SUMMARY and _SUMMARY.match(text) is not None


def is_day(text: str) -> bool:
    """Whether a text is a day and nothing else: [2031-01-11]."""
    return _DATE_APART.fullmatch(text) is not None


def has_day_apart(line: str) -> bool:
    """Whether a day stands before or behind the words of a line, as in the rows of a list."""
    return _undated(line) != line.strip(" ·•▪>-") or _DAY_BEHIND.search(line) is not None


def is_related(line: str) -> bool:
    """Whether a line is nothing but a heading over links to other pages: 相关链接, 热点信息."""
    return _RELATED.fullmatch(line) is not None


def without_counter(line: str) -> str:
    """A line, or the name of a file, without the counter behind it: how often a file was asked for is no part of its name.

    >>> without_counter("附件【附表.pdf】已下载12次"), without_counter("附表.pdf（下载次数：12）")
    ('附件【附表.pdf】', '附表.pdf')
    """
    return _COUNTER_BEHIND.sub("", line) if "下载" in line or line.endswith(("）", ")", "】", "]")) else line


def counted(line: str) -> bool:
    """Whether a line holds a counter: then it may be the line under a title, whose labels say what they say."""
    return _COUNTED.search(line) is not None
