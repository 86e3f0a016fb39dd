"""Counters and clocks: words on a page that differ at every look, and say nothing of its document.

How often a page was asked for, liked, shared or commented on; how long a call for comments is still open; when and for
whom the server made the page. What a reader's office counts itself (共收到意见17条, 参与人数：17, a row of a table) stays text.
"""

from __future__ import annotations

import re

_LOOKED = "浏览|点击|阅读|已读|已阅|访问|访客|查看|查阅|阅览|点阅|打开|观看|围观|播放|下载"
_REACTED = "点赞|已赞|赞|踩|顶|在看|喜欢|收藏|已收藏|分享|转发|转载|评论|跟帖|有用|无用|没用|有帮助|没帮助|热度|人气(?:指数)?"
_NUMBER = r"\d[\d,]{0,11}(?:\.\d+)?\s*[万kKwW+]?\+?"
_UNIT = r"\s*(?:人次|次|遍|人|条|℃|°)?"
_READER = "(?:位|名|个)?(?:网友|读者|用户|访客|人次|人|次)"
_SO_FAR = "(?:本文|本页|此文)?(?:目前|当前)?(?:已被|被|已|共|已有|共有|累计有?)"

# 点赞(7), 浏览次数: 7次, 被浏览 7 次, 已有 7 人参与, 7次浏览, 网友评论 7 条, Views: 7
_COUNTER = re.compile(
    r"[\[【]?(?:"
    rf"(?:本?(?:页面?|站|文|信息|文章|网页|网站)|总|累计|今日|昨日|当日|本月|网友|流量|[👍♥❤])?(?:已|被|共|累计){{0,2}}(?:{_LOOKED}|{_REACTED}|流量统计|推荐(?=数|量|\s*[（(])|关注(?=数|量|度))"
    rf"(?:总?(?:次数|量|数|率|度|人次|人数))?\s*(?:(?:[:：]|为)\s*{_NUMBER}{_UNIT}|[（(\[【]\s*{_NUMBER}{_UNIT}\s*[）)\]】]|\s+{_NUMBER}{_UNIT}(?![\w%])"
    rf"|{_NUMBER}\s*(?:人次|次|遍|人|条)(?!\w))"
    rf"|{_SO_FAR}\s*{_NUMBER}\s*{_READER}(?:参与(?:投票|评价|调查|评分)?|投票|评价)(?:了|过)?"
    rf"|(?:(?:{_SO_FAR}|有)\s*)?{_NUMBER}\s*(?:{_READER})\s*(?:已|曾|觉得|认为)?(?:{_LOOKED}|点赞|收藏|评论|转发|关注|喜欢|推荐|有用|有帮助)(?:了|过)?(?:本文|此文|本页)?"
    rf"|(?:目前|当前)?(?:已经?|共|累计)?(?:收到|征集到?|有)\s*(?:意见|建议|留言|来信)\s*{_NUMBER}\s*(?:条|件|封|份)"
    rf"|(?:目前|当前)?(?:已经?|共|累计)?(?:收到|征集到?|有)\s*{_NUMBER}\s*(?:条|件|封|份)(?:意见|建议|留言|来信)"
    rf"|(?:意见|建议|留言|来信|参与|投票)(?:征集)?(?:人数|条数|次数|数量?|总数)\s*[:：]\s*{_NUMBER}\s*(?:人次|人|条|件|封|票|次)?"
    rf"|共有?\s*{_NUMBER}\s*条(?:留言|评论|意见)"
    rf"|(?:(?:非常|很|比较|基本|不|较)?满意|一般)\s*(?:[（(]\s*{_NUMBER}\s*[）)]|[:：]?\s*{_NUMBER}\s*票)"
    rf"|[👍👎♥❤]\s*[（(]?\s*{_NUMBER}\s*[）)]?"
    rf"|(?:page\s*)?(?:views?|hits?|reads?|likes?|clicks?|downloads?|pv|uv)(?:\s*[:：]\s*|\s+){_NUMBER}"
    rf"|(?:您|你)是(?:本(?:站|页|网|文)的?)?第\s*{_NUMBER}\s*(?:位|个|名)?(?:访问者|访客|浏览者|读者|用户)|第\s*{_NUMBER}\s*位(?:访问者|访客|浏览者)"
    r")[\]】]?",
    re.IGNORECASE,
)
_SPAN = r"(?:\s*\d+\s*(?:天|日|个?小时|时|分钟?|秒))+"
# 距征集结束还有12天, 剩余时间：3天5小时, 倒计时 12 天
_COUNTDOWN = re.compile(
    r"(?:距离?|离)[^，。；\d]{0,12}(?:结束|截止|截至|到期|关闭|开始|开幕)(?:日期|时间)?\s*[:：]?\s*(?:仅|只|还)?(?:有|剩|余|剩余)?\s*[:：]?"
    rf"{_SPAN}"
    rf"|(?:(?:距离?|离)[^，。；\d]{{0,12}})?(?:剩余|倒计时|还剩|仅剩)(?:时间|天数|有)?\s*[:：]?{_SPAN}\s*(?:结束|截止|到期|关闭)?"
    r"|(?:剩余天数|倒计时天数)\s*[:：]\s*\d+"
)
_CLOCK_TIME = (
    r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*星期[一二三四五六日天])?"
    r"(?:\s*\d{1,2}[:：]\d{1,2}(?:[:：]\d{1,2})?)?"
)
# 当前时间：…, 本页面生成时间：…, Processed in 0.021 second(s), 查询耗时 7 毫秒, 您的IP：…
_CLOCK = re.compile(
    rf"(?:当前|现在|系统|服务器|北京|本地|本机)(?:系统)?时间\s*(?:[:：]|是|为)\s*{_CLOCK_TIME}"
    rf"|本?(?:页面?|网页|文件)?(?:内容)?(?:更新|生成|执行|刷新|缓存|打印|访问|浏览)(?:时间|日期|于)\s*[:：]?\s*{_CLOCK_TIME}"
    rf"|(?:最后|最近)(?:更新|修改)(?:时间|日期|于)?\s*[:：]?\s*{_CLOCK_TIME}"
    r"|(?:Processed|Generated|Rendered|Executed)\s+in\s+\d+(?:\.\d+)?\s*(?:second\(s\)|seconds?|ms|s\b)(?:\s*[,，]\s*\d+\s*quer(?:y|ies|y\(s\)))?\.?"
    r"|(?:本?页面?|查询|检索|执行|程序)?(?:执行|运行|加载|查询|生成)?(?:耗时|用时|执行时间|运行时间|加载时间)\s*[:：]?\s*\d+(?:\.\d+)?\s*(?:毫秒|秒|ms|s)"
    r"|(?:您|你|访问|来访|客户端|访客)的?\s*IP(?:地址)?\s*(?:[:：]|是|为)\s*[\da-f.:*]{3,45}|IP属地\s*[:：]\s*[\u4e00-\u9fff]{2,8}"
    r"|(?:本文|全文|文章)?(?:共|约)?(?:字数\s*[:：]\s*\d+\s*字?|\d+\s*字)[\s,，|]*(?:预计)?阅读(?:时间|时长|需要?)\s*[:：]?\s*(?:约|大约)?\s*\d+\s*分钟"
    r"|预计阅读(?:时间|时长|需要?)\s*[:：]?\s*(?:约|大约)?\s*\d+\s*分钟",
    re.IGNORECASE,
)
# 分享数⇥1200, a row of a table in a report: its figures are the office's own
_DATA_ROW = re.compile(
    r"[^\d\t:：页]{2,30}(?:\t[^\t]{0,20}){0,3}\t\s*\d[\d,.]*\s*(?:人次|次|人|条|万|%)?\s*(?:\t.*)?"
)
# Characters without which the pattern finds nothing: most lines are known by them.
_MAY_COUNT = re.compile(
    "[浏击阅读围访看览载播打赞踩喜藏享转评帖热气流参投满见议留信顶推关👍👎♥❤A-Za-z]|[有无没][用帮]|在看|一般"
)
_MAY_COUNT_DOWN = re.compile("[距离倒剩]")
_MAY_TELL_TIME = re.compile("时间|日期|[耗用]时|于|最[后近]|IP|阅读| in ", re.IGNORECASE)
_LONGEST = 80  # characters of a line of counters


def without_counters(line: str) -> str:
    """A line without its counters and clocks; a row of figures keeps them.

    >>> without_counters("点赞(7)　收藏(2)").strip(), without_counters("距征集结束还有12天"), without_counters("分享数\\t1200")
    ('', '', '分享数\\t1200')
    """
    if len(line) > _LONGEST or _is_data_row(line):
        return line
    if _MAY_COUNT.search(line):
        line = _COUNTER.sub("", line)
    if _MAY_COUNT_DOWN.search(line):
        line = _COUNTDOWN.sub("", line)
    return _CLOCK.sub("", line) if _MAY_TELL_TIME.search(line) else line


def _is_data_row(line: str) -> bool:
    """Whether a line is a row of a table that says figures: 分享数⇥1200."""
    return "\t" in line and _DATA_ROW.fullmatch(line) is not None
