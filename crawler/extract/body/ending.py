"""What stands behind a text within its element: lists of links to other pages, and the neighbours of the page.

Such a list is another one at the next visit. It is known by what it is (lines of nothing but links, behind a text, under a
heading that names no part of it), since its heading has hundreds of forms: 同类信息, 本栏目最新, 阅读排行, 您可能感兴趣的内容.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crawler.extract.body.furniture import announces
from crawler.extract.body.noise import has_day_apart, is_day, is_of_links, noise_line

_LONGEST_HEADING = 16  # characters
_FEWEST_LINKS = 2
_FEWEST_BARE = 3  # links without a heading, behind the day of a signature
_MOST_LINES = 60  # behind a text
# A list of what leads away says so: 相关公告, 猜您喜欢, 阅读排行, 本栏目最新. 政策依据 or 有关表格 is the text's own.
_LEADS_AWAY = re.compile(
    "相关|关联|推荐|热门|热点|热搜|热词|最新|最近|排行|更多|其[他它]|同类|同栏|栏目|往期|精彩|感兴趣|喜欢|头条|搜索|标签|关键词|阅读|浏览|点击"
    r"|解读|图解|专题(?:专栏|报道|推荐|链接)?[】\]]?\s*[:：]?$|(?:相关|友情|快速|快捷|网站|推荐|外部)链接|^[【\[]?链接[】\]]?[:：]?$|上级文件|配套|关注|导读|动态|资讯|要闻|新闻|速递|回顾|附近|榜|TOP|hot|related|recommend",
    re.IGNORECASE,
)
# 附件下载, 三、相关政策, 相关文件如下: parts of the text, whatever they lead to
_OF_THE_TEXT = re.compile(
    r"附[件表图录]|^附\s*(?:[:：\d]|$)|目录|清单|名单|如下|以下|下列|[，。；;？?]|^(?:第?[一二三四五六七八九十\d]+[、.．章节条]|[（(][一二三四五六七八九十\d]+[）)])"
)
# Pages that belong to the one they stand on: 附件1 名单, 某办法（征求意见稿）, 起草说明, 意见反馈表
_IS_ANNEX = re.compile(
    r"^附[件表图录\d]|草案|征求意见稿|修订稿|送审稿|(?:起草|编制|修订)(?:的)?说明|(?:反馈|申请|申报|登记|汇总|报名|明细|分解)表|(?:名单|清单|目录|一览表)$"
)
# 上一篇 关于…, «上一条信息 关于…, Previous: the pages before and behind this one
_NEIGHBOUR = re.compile(
    r"[\s«‹<＜【\[（(]*(?:[上下前后](?:[一1](?:篇|条|页|则|个)|篇|[一1](?=文章|信息|新闻|主题))(?:文章|信息|新闻|公告|内容|资讯|主题)?|Prev(?:ious)?|Next)[\s»›>＞】\]）)]*[:：|]?\s*",
    re.IGNORECASE,
)
_NO_NEIGHBOUR = re.compile(r"没有了?|无|暂无|已是?(?:第一|最后)[篇条页]|到[头底]了")
_MARKS = " |丨│/·•▪>-:：《》<>«»‹›[]【】()（）"


def without_links_behind(lines: list[str], linked: Callable[[], frozenset[str]]) -> list[str]:
    """Lines without the lists of links to other pages, and the neighbours, that stand behind the text.

    ``linked`` gives the words of the links to other pages; it is asked only where the last line may be one of them.
    """
    if len(lines) < 2 or lines[-1].endswith(("。", "；", "：")) or is_day(lines[-1]):
        return lines
    names = linked()
    end = len(lines)
    while names and (start := _list_begins(lines, end, names)) is not None:
        end = start
    return lines[:end]


def _list_begins(lines: Sequence[str], end: int, names: frozenset[str]) -> int | None:
    """Where the list of links begins, with its heading, that ends before ``end``."""
    first, count, neighbours = end, 0, 0
    while first > max(1, end - _MOST_LINES):
        line = lines[first - 1]
        if _is_neighbour(line, names):
            neighbours += 1
        elif _OF_THE_TEXT.match(line):  # 附件1 名单
            break
        elif is_of_links(line, names):
            count += 1
        elif "附件" in line or not noise_line(line):
            break
        first -= 1
    # Nothing that is a text would be left.
    if not any("。" in line or is_day(line) for line in lines[:first]):
        return None
    heading = lines[first - 1]
    if count >= _FEWEST_LINKS and first > 1 and _leads_away(heading):
        return None if announces(lines[first - 2]) else first - 1
    dated = sum(1 for line in lines[first:end] if has_day_apart(line))
    # Undated, they may be the text's own.
    if count >= _FEWEST_BARE and 2 * dated >= count and is_day(heading):
        return None if any(map(_IS_ANNEX.search, lines[first:end])) else first
    return first if neighbours and not count else None


def _leads_away(heading: str) -> bool:
    return (
        len(heading) <= _LONGEST_HEADING
        and _LEADS_AWAY.search(heading) is not None
        and _OF_THE_TEXT.search(heading) is None
    )


def _is_neighbour(line: str, names: frozenset[str]) -> bool:
    """Whether a line is a link to the page before or behind this one, in its list."""
    said = _NEIGHBOUR.match(line)
    if said is None:
        return False
    rest = line[said.end() :].strip(_MARKS)
    return (
        not rest
        or rest in names
        or line in names
        or line.strip(_MARKS) in names
        or _NO_NEIGHBOUR.fullmatch(rest) is not None
    )
