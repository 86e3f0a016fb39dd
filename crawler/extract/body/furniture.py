"""Words of a page's tools: sizes of letters, print, share, correct, listen, rate, log in; what browsers are told.

A line of nothing but such words is no line of a text (:func:`is_furniture`). Words that a text may have as a line of its own
(正文, 评论, 审核：李某) are furniture only before its first sentence and behind its last one (:func:`without_edges`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPEN, _CLOSE = r"[\[【(（「<＜]?\s*", r"\s*[\]】)）」>＞]?"
_SIZE = r"(?:特大|超大|最大|较大|加大|放大|大|适中|中|默认|标准|正常|还原|较小|缩小|最小|小|[TA]\s*[大中小＋+－-]?|[＋+－-])"
# 字体：【大】【中】【小】, 字号调整：T- T T+, 大 | 中 | 小
_LETTERS = re.compile(
    rf"(?:(?:显示|选择|调整|设置)?(?:字体|字号|文字|字级|字形|正文字号)(?:大小|调整|设置|显示|选择|缩放|颜色)?\s*[:：]?)"
    rf"(?:[\s|/·]*{_OPEN}{_SIZE}{_CLOSE}){{1,6}}|视力保护色\s*[:：]?"
    rf"|{_OPEN}(?:特大|超大|放大|大|A\s*[＋+]|T\s*[大＋+]|A\s*[－-]|T\s*[小－-]){_CLOSE}(?:[\s|/·]*{_OPEN}{_SIZE}{_CLOSE}){{1,4}}"
)
_KIND = r"(?:PDF|OFD|Word|DOCX?|TXT|文字|图片|纯文本)"
_PAGE = (
    r"(?:本页面?|此页面?|该页面?|当前页面?|页面|网页|文章|本文|全文|正文|本稿|内容|信息|窗口|本窗口|此窗口)"
)
_WORDS = (
    rf"(?:我要|点击|立即)?(?:打印|收藏|保存|下载|分享|转发|复制|导出|关闭|收听|听|朗读|播报|举报)(?:{_PAGE}|{_KIND}(?:版|格式|文件)?)(?:[到至])?[:：]?",
    rf"(?:{_PAGE}|语音|AI|智能|全文)(?:朗读|播报|播放|收听|打印|下载|收藏|分享|保存)[:：]?",
    rf"(?:下载|查看|阅读|浏览|导出)?{_KIND}(?:版本?|格式|文件)?(?:下载|阅读|浏览|查看)?(?<=[版式件本载])",
    r"(?:我要|在线|网站|网页|内容|信息)?(?:纠错|报错|找错|挑错)(?:反馈|平台)?|政府网站找错|党政机关|事业单位标识",
    r"(?:返回|回到|至)(?:页面|网页)?(?:目录|顶部|首页|主页|列表页?|上级|上一[级页层]|栏目|正文|前页)|顶部|置顶本页|上下滚动",
    r"另存为|复制(?:链接|网址|地址|标题)|打印预览|我要打印|加入书签|添加到收藏夹?|发送(?:给|到)(?:好友|邮箱|朋友)",
    r"关怀版|长者版|老年版|适老化?(?:版|模式)?|(?:无障碍|长者)(?:版|模式|阅读|浏览|操作说明|工具条?)|(?:夜间|日间|护眼|深色|阅读)模式|背景(?:颜?色)?[:：]?\s*(?:默认|白|黑)?",
    r"(?:简体|繁[体體])(?:中文|版)?|(?:中|英)文版|(?:官方|政务)?(?:微信|微博)(?:公众号|矩阵|客户端)?|(?:官方|政务)(?:抖音|新媒体)|(?:移动|手机)客户端|手机版",
    r"扫[码一](?:扫)?(?:关注|阅读|查看|分享)|关注(?:该|本)公众号|(?:欢迎)?关注我们|RSS(?:订阅)?|订阅本页",
    r"MORE\s*>*|(?:点击|全部)?(?:展开|收起)(?:全文|全部|更多|内容)?|(?:点击)?(?:查看|阅读|加载|显示)(?:更多|全文|全部|原文)|导航切换|菜单切换",
    r"(?:您还没有|请先?)?登[录陆](?:后.{0,6})?|注册|(?:用户|网友|网民|相关|最新|全部|热门|精彩)评论|(?:我要|发表|暂无|查看|写)评论|我来说两句|验证码[:：]?",
    r"(?:服务|我要|满意度)评价|点赞|赞一个|顶一下|踩一下|(?:很|比较|非常|不)?赞",
    r"已(?:经)?是(?:第一|最后)(?:一)?[篇条页]了?|没有(?:上|下)一[篇条页]了?|暂无(?:上|下)一[篇条页]|(?:没有|暂无|无)相关(?:内容|文章|信息|新闻|链接)",
    r"请输入(?:您要?)?(?:搜索|查询|检索)?的?(?:关键[字词]|内容|搜索内容|检索词)|(?:全文|站内|高级|智能)(?:检索|搜索)|热(?:搜|门)?词[:：]?|搜索热词[:：]?",
    r"(?:正在|内容|数据|视频|图片|页面){0,2}加载中?(?:[，,]?\s*请(?:您)?(?:耐心)?(?:稍[候后等]|等待))?[.…。]*|(?:正在)?加载[.…。]+|Loading[.…]*|请稍[候后等][.…。]*",
    r"(?:您|你|当前)的?浏览器(?:版本)?(?:不支持|过低|未启用|暂不支持|太旧)[^。]{0,40}。?|请(?:升级|更换)(?:您|你)?的?浏览器[^。]{0,20}。?",
    r"本(?:页|站|网站)需要?(?:启用|开启)?\s*JavaScript[^。]{0,20}。?|(?:请|建议|推荐)使用[^，。；]{0,30}(?:浏览器|分辨率)[^，。；]{0,20}。?",
    r"本?(?:网站|站)?已?(?:全面)?支持\s*IPv6(?:网络|访问)?|IPv[46]",
    r"(?:请)?点击(?:此处|这里)?(?:下载|查看)(?:附件|文件|原文)?|(?:请点击)?下载附件|附件下载\s*[:：]?|查看附件",
    r"(?:这|该|此|本)(?:条|篇)?(?:信息|内容|文章|页面)?(?:对|是否)(?:您|你)?(?:有|解决)[^。，]{0,16}[?？]\s*(?:是\s*否|有\s*没有)?",
    r"(?:以上|本|该)?(?:内容|摘要|解读|回答)由\s*(?:AI|人工智能|大模型|智能助手)(?:自动|辅助)?生成(?:[，,]\s*仅供参考)?。?",
    r"列印|友善列印|關閉(?:[視视]窗)?|回上一?[頁页]",
    r"是否解决了?(?:您|你)的?问题[?？]?\s*(?:是\s*否)?|内容概述[:：]",
)
_WORD = re.compile("|".join(_WORDS), re.IGNORECASE)
_APART = r"[\s|丨/·•,，、×✕☆★♡+>＞»<＜\[\]【】()（）「」-]"
# A line is split by these: a pattern over whole lines would try them in many ways.
_BETWEEN = re.compile(f"{_APART}+")
_FIRST = re.compile(f"{_APART}*(?=\\w)")
# 用微信扫描二维码，分享至好友和朋友圈; 扫描二维码在手机上查看
_SHARED = re.compile(
    r"分享|朋友圈|(?:本|此|该|当前)页|在?手机(?:上|端|浏览)?(?:打开|查看|浏览|阅读|观看|访问)|手机(?:扫|浏览器)|(?:查看|浏览|阅读|打开)(?:本|此|该|当前)(?:文|页|网页|页面)"
)
_LONGEST = 80  # characters of a line of tools

_MADE = (
    r"(?:(?:责任|网站|值班|本期|栏目|文字|美术|执行)?编辑|责编|(?:文章|信息)?录入员?|审核人?|审校|校对|[一二三初复终]审|审稿|审签|撰稿人?|供稿人?|投稿人?"
    r"|(?:图|文|图/文|文/图|摄影|摄像|拍摄|制图|制作|设计|监制|编审)|信息员|发布[人者]|上传[人者]?|上报人?|作者|记者|通讯员|见习记者|签发)"
)
_EDGE = re.compile(
    rf"{_OPEN}(?:{_MADE}\s*[:：]\s*[^\s，。；:：\d]{{0,12}}(?:\s+(?!{_MADE}\s*[:：])[^\s，。；:：\d]{{1,12}}){{0,2}}[\s,，|/]*){{1,6}}{_CLOSE}"
    r"|[\[【(（]?(?:信息|文章|新闻|主体)?(?:正文|详情|内容)(?:内容|信息|区|区域)?(?:开始|结束)?[\]】)）]?|详细(?:信息|内容)|正文(?:开始|结束)"
    r"|(?:来源网站|稿源|文章来源|信息来源|来稿单位)\s*[:：]"
    rf"|{_OPEN}(?:评论|提交|评价|不?喜欢|反馈|意见反馈|在线咨询|智能问答|在线客服|咨询|投诉|建议|搜索|检索|转发|转载|订阅|English|双语|中文|内容|保存"
    rf"|收藏|下载|打印|朗读|播放|暂停|停止|赞|顶|踩|关注){_CLOSE}"
    r"|(?:(?:网站地图|站点地图|联系我们|关于我们|隐私(?:声明|政策|保护)|(?:免责|法律|版权)声明|使用帮助)[\s|丨]*){1,6}",
    re.IGNORECASE,
)
# 政务公开 > 通知公告 > 详情, 首页·政务公开·通知公告
_PATH = re.compile(
    r"[^\s>＞›»。，；:：]{2,14}(?:\s*(?:>|＞|›|»|&gt;)+\s*[^\s>＞›»。，；:：]{2,24}){2,7}"
    r"|(?:网站)?首页(?:\s*[·•－—-]\s*[^\s·•。，]{2,14}){1,6}"
)
# 记者：李某　摄影：王某, with no word of an editor: the newspaper's own line
_WRITTEN_BY = re.compile(
    rf"{_OPEN}(?=[^：:]{{0,4}}(?:记者|通讯员))(?:(?:本报|通讯员|见习)?(?:记者|通讯员|摄影|摄像)\s*[:：]\s*[^\s，。；:：]{{0,12}}[\s,，|/]*){{1,4}}{_CLOSE}"
)
# 主持人：李某, beside which 发布人：王某 is who spoke, not who put the page online
_OF_EVENT = re.compile(r"(?:主\s*持|地\s*点|出\s*席)[^：:。]{0,4}[:：]")
_NUMERAL = "[0-9０-９一二三四五六七八九十百千万亿]"
_ANNOUNCES = re.compile(
    # 以下材料：, but not the limit of a figure: 处一万元以下罚款。 20人以下，每日 16周岁以下的
    rf"(?:如下|下列|(?<!{_NUMERAL})(?<!{_NUMERAL}\w)(?<!{_NUMERAL}\w\w)以下)[^。：；:]{{0,16}}[。：；:]?$|.{{3}}[^局委厅会府院校司处室所部门位镇乡道县区市关][:：]$"
)
_ROLE = re.compile(r"(?!联系|电话)[^\s：:]{2,4}[:：]\s*[\u4e00-\u9fff]{2,4}")  # 主编：李某
_LONGEST_ANNOUNCER, _LONGEST_ITEM, _MOST_ITEMS = 200, 6, 12
_HEAD, _FOOT = 8, 8  # lines before the first sentence and behind the last one
# 您好，我是智能客服小江，很高兴为您服务！ 请问有什么可以帮您？ 您是第1024位访问者 为了更好的浏览体验，建议使用…浏览器
_TO_VISITOR = re.compile(
    r"(?:(?:您好|你好|嗨|Hi)[，,！!。\s]*)?(?:我是[^。，,！!]{0,8}(?:客服|助手|机器人)|(?:请问)?[您你]?有什么(?:问题)?(?:可以|能)?(?:帮助?|为)[到您你])"
    r"|[您你]可以(?:这样|试着)问我?[:：]|猜[您你]想问[:：]?$|[您你]是[^。，]{0,6}第\s*\d*\s*位(?:访问者|访客|浏览者|来访者)"
    r"|为[^。，]{0,12}(?:使用|浏览|访问|阅读|观看)(?:体验|效果)[，,].{0,30}(?:浏览器|分辨率)"
)
_PROSE = re.compile(r"[。；]|.{7}[？?]$|[^\s，]{6,}，[^\s，]{4,}|.{50}|[A-Za-z,]{2,}(?: [^ ]{1,30}){2,}[.;]$")


def is_furniture(line: str) -> bool:
    """Whether a line is nothing but words of a page's tools.

    >>> is_furniture("字体：【大】【中】【小】【打印本页】"), is_furniture("手机扫一扫打开当前页"), is_furniture("下载办法")
    (True, True, False)
    """
    if len(line) > _LONGEST:
        return False
    if ("扫" in line or "二维码" in line) and _SHARED.search(line):
        return True
    # 本站已支持…，请…。: a notice of it
    if line.endswith("。") and "，" in line[4:] and "浏览器" not in line[:12]:
        return False
    rest = without_sizes(line)
    if rest == line and not any(map(str.isalnum, line)):  # a cell of a table: "/"
        return False
    start = _FIRST.match(rest)
    # What most lines are known by.
    if rest == line and (start is None or _WORD.match(rest, start.end()) is None):
        return False
    return _WORD.fullmatch(rest.strip()) is not None or all(
        _WORD.fullmatch(piece) for piece in _BETWEEN.split(rest) if piece
    )


def without_sizes(line: str) -> str:
    """A line without the sizes of letters among which a reader chooses."""
    return _LETTERS.sub("", line) if "字" in line or "大" in line or "A" in line or "T" in line else line


def without_edges(lines: Sequence[str]) -> list[str]:
    """Lines without the furniture before the first sentence and at the end: 正文, 评论, 审核：李某, a path of columns."""
    first = next((index for index, line in enumerate(lines) if is_prose(line) or announces(line)), None)
    if first is None:
        return list(lines)
    head = min(first, _HEAD)
    end = len(lines)
    while end > max(first + 1, len(lines) - _FOOT) and _is_foot(lines[end - 1]):
        end -= 1
    listed = _ROLE.fullmatch(lines[end - 1]) and all("：" in line for line in lines[end:])
    if is_announced(lines, end) or listed:  # 导演：李某 over 摄影：王某: who made what the text is of
        end = len(lines)
    event = {i for i, line in enumerate(lines[:head]) if _OF_EVENT.match(line)}
    first_lines = (line for i, line in enumerate(lines[:head]) if event & {i - 1, i + 1} or not is_edge(line))
    return [*first_lines, *lines[head:end]]


def _is_foot(line: str) -> bool:
    """Whether a line can be furniture behind a text, of which who wrote it is a part."""
    return is_edge(line) and _WRITTEN_BY.fullmatch(line) is None


def announces(line: str) -> bool:
    """Whether a line says that a list follows, which is the text's: 现将有关法规公布如下。"""
    if len(line) > _LONGEST_ANNOUNCER or _ANNOUNCES.search(line) is None:
        return False
    return not is_edge(line) and not is_furniture(line)


def is_announced(lines: Sequence[str], end: int) -> bool:
    """Whether what stands from ``end`` on is the rest of a list of words that a line announces: 复印 behind 提供下列服务。"""
    for index in range(end - 1, max(-1, end - 1 - _MOST_ITEMS), -1):
        line = lines[index]
        if announces(line):
            return True
        if (
            len(line) > _LONGEST_ITEM or "：" in line or "\t" in line or "。" in line
        ) and not _ROLE.fullmatch(line):
            return False
    return False


def talks_to_visitor(line: str) -> bool:
    """Whether a line is said to whoever visits the site: by its assistant, its counter, or about the browser to use."""
    return len(line) <= _LONGEST and _TO_VISITOR.match(line) is not None


def is_prose(line: str) -> bool:
    """Whether a line is a sentence of a text."""
    return _PROSE.search(line) is not None and not is_edge(line)


def is_edge(line: str) -> bool:
    """Whether a line is none of a text where it stands before its first sentence, or behind its last one."""
    return len(line) <= _LONGEST and (_EDGE.fullmatch(line) is not None or _PATH.fullmatch(line) is not None)
