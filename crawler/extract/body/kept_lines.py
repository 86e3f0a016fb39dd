"""Lines that look like furniture and are text by where they stand: between sentences, in a list that a sentence announces, in
a table or a run of figures.

咨询 or 满意(23) is a tool of a page at its edges; amid a text it is what a window is called, or a result. What differs at every
look, and what speaks of the page itself, is furniture wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.body.counters import without_counters
from crawler.extract.body.furniture import announces, is_prose
from crawler.extract.body.noise import counted, noise_line, of_every_page, of_site, summarises
from crawler.extract.fields import FieldBook
from crawler.extract.values import dates
from crawler.extract.values.headfoot import is_organisation

# How often a page was asked for, when it was made, where it stands, how it is printed, sent on and read aloud.
_OF_THE_PAGE = re.compile(
    r"位置\s*(?:[:：>＞]|是|为)|请使用\s*tab|分享\s*(?:[到至:：]|本)|朋友圈|手机(?:上|端|查看|浏览|打开|阅读)|正文内容|跳[转过]"
    r"|(?:当前|本|此|该)(?:篇|条)?(?:页|网页|文|稿|窗口|信息|站第)|您是第"
    r"|(?:字体|字号|文字|视力)[^。]*大[^。]*中[^。]*小|[【\[](?:打印|关闭|收藏|大|中|小|返回|顶部|我要|纠错|保存|分享|下载)|打印[\s|/]*关闭|关闭[\s|/]*打印"
    r"|(?<![\u4e00-\u9fff])[上下前后](?:一|1)?(?:篇|条|页|则)(?:文章|信息|新闻)?\s*[»›>＞】\]]{0,2}\s*(?:[:：]|$)|没有了|^\W*(?:返回|回到)(?:目录|顶部|页首)\W*$"
    r"|(?:浏览(?!器)|点击|阅读|访问|查看|点阅|阅览)(?:总?(?:次数|量|数|率|度|人次|人数)\s*[:：]?|\s*[:：])\s*\d|人气\s*[:：]|被(?:浏览|点击|阅读|访问|查看|下载)"
    r"|\d\s*(?:人|位|名)?(?:次|网友|读者|访客)?(?:浏览(?!器)|阅读|点击|点赞)|(?:点赞|赞|踩|在看|收藏|喜欢|评论|转发|有用|没用|[👍♥❤])(?:数|量)?\s*[（(:：]\s*\d"
    r"|(?:当前|现在|系统|服务器|北京|本地|本机)(?:系统)?时间|(?:页面|文件)\S{0,4}(?:时间|于)|\b(?:Processed|Generated|Rendered|Executed)\s+in\b"
    r"|今天是|(?:您|你)的?\s*IP|星期[一二三四五六日天]|在线(?:人数)?\s*[:：]?\s*\d|\b(?:views?|hits?|pv|uv)\s*[:：]\s*\d"
    r"|^[\[【(（]?\s*(?:点赞|👍|浏览|阅读|点击|热度|人气|下载)[\s（(]*\d|评论\s*\d+\s*条|流量统计|关注度\s*[:：]|(?:分享|下载|打开)(?:次数|数|量)"
    r"|版权所有\s*(?:[:：©]|$)|Copyright",
    re.IGNORECASE,
)
_LONGEST_WORD = 20  # characters of an item in a list of words
# 举报：1000件, 粉丝：12万: what an office counts; 浏览次数：12 among them is one of its figures.
_FIGURES = re.compile(
    r"[^\d:：，。；\t]{2,20}[:：]\s*\d[\d,.]{0,14}\s*[\u4e00-\u9fff%]{0,3}|[^\d（(，。；\t]{2,10}[（(]\s*\d[\d,.]{0,14}\s*[\u4e00-\u9fff%]?[）)]"
)
_COUNTED_BY_OFFICE = re.compile(
    r"[^\d:：，。；\t]{2,20}[:：]\s*\d[\d,.]{0,14}\s*(?!字$|页$|分钟$)[\u4e00-\u9fff%]{1,3}|[^\d（(，。；\t]{2,10}[（(]\s*\d[\d,.]{0,14}\s*[\u4e00-\u9fff%]?[）)]"
)
_FIGURE_CELL = re.compile(r"\d[\d,.]{0,14}\s*[\u4e00-\u9fff%]{0,3}")
_MADE = re.compile(r"(?:更新|修改|打印|生成|刷新)(?:时间|日期)?\s*[:：]|满意\s*[（(]")
_HOLDS = re.compile(r"(?:主办|承办|协办|支持|指导|技术支持|冠名|赞助)(?:单位)?\s*[:：]\s*[^\s:：]{2,40}")
_OF_A_VISIT = re.compile(r"(?:浏览|点击|阅读|访问|查看|点赞|下载|收藏|评论|人气|在线)[^\t]{0,6}\t\s*\d")
_ROWS_OF_A_TABLE = 3
# What a template shows where there is no text: 暂无内容, 内容为空, or the heading over it alone
_NO_CONTENT = re.compile(
    r"[\[【(（]?(?:正文|(?:暂无|暂时没有|没有|无)(?:相关|任何|详细)?(?:内容|正文|数据)|(?:内容|正文|数据)为空)[\]】)）]?[。.!！]?"
)
_LONGEST_JUNK = 60  # characters


def without_furniture(lines: Sequence[str], *, bars: int = 0) -> list[str]:
    """Lines without furniture, by what each says and where it stands; of the first ``bars``, those with a counter stay."""
    doubted = [noise_line(line) for line in lines]
    if not any(doubted):
        return list(lines)
    stay = _staying(lines, doubted)
    return [
        line
        for index, line in enumerate(lines)
        if not doubted[index] or index in stay or (index < bars and counted(line))
    ]


def without_junk(lines: list[str], book: FieldBook) -> list[str]:
    """The lines of a text; none where they are a single one that says that there is none: undefined, {{content}}, 暂无内容."""
    if len(lines) != 1 or len(lines[0]) > _LONGEST_JUNK:
        return lines
    return [] if book.is_junk(lines[0]) or _NO_CONTENT.fullmatch(lines[0]) else lines


def staying(lines: Sequence[str]) -> frozenset[str]:
    """The lines that look like furniture, and stay."""
    doubted = [noise_line(line) for line in lines]
    return frozenset(lines[index] for index in _staying(lines, doubted)) if any(doubted) else frozenset()


def _staying(lines: Sequence[str], doubted: Sequence[bool]) -> set[int]:
    begins, signed, ends = _text(lines, doubted)
    amid = {*range(begins + 1, ends), *_listed(lines, doubted, ends)}
    kept = {
        i
        for i in amid
        if doubted[i]
        and _OF_THE_PAGE.search(lines[i]) is None
        and (begins < i < signed or not _may_change(lines[i]))
    }
    return kept | _of_figures(lines, doubted) | _of_tables(lines) | _of_event(lines)


def _may_change(line: str) -> bool:
    """Whether a line can be a counter or a clock of the page: 参与人数：17 amid the text is a result, behind it none."""
    return without_counters(line) != line or _MADE.search(line) is not None


def _text(lines: Sequence[str], doubted: Sequence[bool]) -> tuple[int, int, int]:
    """Where the first sentence stands, the day of the signature, and the last sentence: where no day is, the same."""
    told = [i for i, line in enumerate(lines) if not doubted[i] and (is_prose(line) or announces(line))]
    own = [i for i in told if not of_every_page(lines[i]) and not summarises(lines[i])]
    if not own:  # 请使用新版浏览器报名。 over an office and a day
        signed = next((i for i in range(2, len(lines)) if _signs(lines, i)), -1)
        return (-1, signed, signed) if signed > 0 else (len(lines), -1, -1)
    days = [i for i, line in enumerate(lines) if i > own[0] and "年" in line and dates.whole(line)]
    signed = days[-1] if days else own[-1]
    return own[0], signed, max(signed, own[-1])


def _signs(lines: Sequence[str], index: int) -> bool:
    return (
        "年" in lines[index] and dates.whole(lines[index]) is not None and is_organisation(lines[index - 1])
    )


def _listed(lines: Sequence[str], doubted: Sequence[bool], ends: int) -> range:
    """The lines of a list of words that the last sentence announces."""
    if ends < 0 or not announces(lines[ends]):
        return range(0)
    words = (line for i, line in enumerate(lines) if i > ends and not doubted[i] and not of_every_page(line))
    if all(len(line) <= _LONGEST_WORD and "\t" not in line for line in words):
        return range(ends + 1, len(lines))
    return range(ends + 1, next((i for i in range(ends + 1, len(lines)) if not doubted[i]), len(lines)))


def _of_figures(lines: Sequence[str], doubted: Sequence[bool]) -> set[int]:
    """Lines of runs of figures in which an office's own stand."""
    found: set[int] = set()
    for run in _runs([len(line) <= 40 and _FIGURES.fullmatch(line) is not None for line in lines]):
        own = sum(1 for i in run if not doubted[i] and _COUNTED_BY_OFFICE.fullmatch(lines[i]))
        if own and len(run) > 1 and (own > 1 or run.stop < len(lines) or len(run) > 2):
            found.update(run)
    return found


def _of_tables(lines: Sequence[str]) -> set[int]:
    """Rows of tables. A counter among them is one where two other rows are figures too."""
    found: set[int] = set()
    for run in _runs(["\t" in line for line in lines]):
        if len(run) < _ROWS_OF_A_TABLE:
            continue
        figures = [i for i in run if any(map(_FIGURE_CELL.fullmatch, lines[i].split("\t")[1:]))]
        many = len(figures) >= _ROWS_OF_A_TABLE
        found.update(i for i in run if (many and i in figures) or not _can_be_counter(lines[i]))
    return found


def _can_be_counter(row: str) -> bool:
    return counted(row) or _may_change(row) or _OF_A_VISIT.search(row) is not None


def _of_event(lines: Sequence[str]) -> set[int]:
    """主办单位：… over 承办单位：…: who holds an event, where no line says whose site it is."""
    if any(map(of_site, lines)):
        return set()
    runs = _runs([len(line) <= 60 and _HOLDS.fullmatch(line) is not None for line in lines])
    return {i for run in runs if len(run) > 1 for i in run}


def _runs(flags: Sequence[bool]) -> list[range]:
    runs: list[range] = []
    start: int | None = None
    for index, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = index
        elif not flag and start is not None:
            runs.append(range(start, index))
            start = None
    return runs
