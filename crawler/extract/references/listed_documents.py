"""Lists of documents under words that say what becomes of them: 决定废止下列文件：, 附件2 废止的规范性文件目录.

The words stand once, in front of the list or as an annex's heading; the items name titles and numbers only. The list is the
rest of the sentence (废止以下文件：《甲》；《乙》。), lines, or the rows of a table (cited_rows.py). Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from archive.model import Relation

Told = Callable[[int], Relation | None]
_THESE = r"(?:以下|下列|如下)"
_WHAT_ENDS = r"(?:废止|失效|作废|(?:停止|终止)(?:执行|施行|实施|使用)|不再(?:执行|施行|实施|有效|作为[^，。；：]{0,16}依据))"
_LEAD = re.compile(
    rf"(?:(?P<ends>(?:废止|宣布失效|停止执行){_THESE}?[^，。；：]{{0,24}}"
    rf"|{_THESE}[^，。；：]{{0,24}}(?:，[^，。；：]{{0,12}})?(?:予以|宣布|同时|决定)?{_WHAT_ENDS}(?:，不再[^，。；：]{{0,16}})?"
    rf"|{_WHAT_ENDS}[^。；：]{{0,60}}(?:具体|目录|名单|清单|名称)[^，。；：]{{0,6}}(?:如下|为|包括))"
    rf"|(?P<grounds>(?:根据|依据|依照|按照){_THESE}[^，。；：]{{0,24}})"
    rf"|(?P<amends>(?:修改|修订){_THESE}[^，。；：]{{0,24}}|{_THESE}[^，。；：]{{0,24}}(?:予以|作出?(?:如下|以下)?|进行)(?:修改|修订)))\s*(?:[:：]|。?$)"
)
# 一、废止2件市政府规章; 废止的规范性文件: the words over a list as a heading of their own
OVER = re.compile(
    r"^(?:(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．])\s*|附件\s*\d{0,2}\s*[:：]?\s*|(?=[^，。；：]{2,6}的))"
    r"(?:决定|予以)?(?:对以下|对下列)?(?:(?P<ends>废止|宣布失效|失效|停止执行|宣布废止)|(?P<amends>修改|修订))(?![^。]*(?:程序|标准|条件|机制))"
    r"[^，。；：《》]{0,16}(?:规章|文件|法规|办法|决定|通知|规定)[^，。；：《》]{0,4}(?:[（(]共?\s*\d+\s*[件部个][）)])?。?$"
)
_OTHER_LEAD = re.compile(
    r"(?=[、）).．根依按修以下如])(?:"  # the class says no at once where each branch would be tried
    rf"[、）).．]\s*修[改订][^，。；：《》\n]{{0,24}}(?:规章|文件|法规)|"
    rf"(?:根据|依据|依照|按照|修改|修订){_THESE}|{_THESE}[^，。；：]{{0,24}}(?:修改|修订)\s*[:：])"
)
# The patterns are slow to say no: a text without these words has nothing for them.
_ENDING = ("废止", "失效", "作废", "停止", "终止", "不再")
_LEADING = ("以下", "下列", "如下", "修改", "修订")
_TELLING = _ENDING + _LEADING
_ONLY_SAID = re.compile("拟|应当|可以|建议|情形")
_THEIR_NAMES = re.compile(r"(?:具体|目录|名单|清单|名称)[^，。；：]{0,6}(?:如下|为|包括)")
# 停止执行：《甲》 in a line is read by the words beside the title
_INLINE = re.compile(rf"{_THESE}|(?:具体|目录|名单|清单|名称)(?:为|包括)")
# 拟废止下列文件, 建议废止下列文件, 不得停止执行下列文件
_NOT_DONE = re.compile(
    r"(?:拟|建议|提请|可以|可|应当|(?<!相)应|要|需|不予|不得|不|未)(?:对|将|依法|同时|予以|及时|适时|修改|修订|和|或者?|、)*$"
)
HEADING = re.compile(
    r"^(?:附件\s*\d{0,2}\s*[:：]\s*)?[^，。；：]{2,40}(?:目录|清单|一览表|名单)(?:[（(][^（）()]{1,12}[）)])?$"
)
_ENDS_THEM = re.compile(_WHAT_ENDS)
KEEPS_THEM = re.compile(r"保留|继续有效|修改|修订|现行有效|拟|征求意见|建议")
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}\s*[.、．\t])"
)
_NAMES = re.compile(r"[《〔\t]|^(?:关于|附件\s*\d*$)")
_TAIL = 80  # characters at the end of a line without a colon that may say what follows
_LONGEST_OVER = 48
REMARK = re.compile(r"^[（(][^（）()。]{1,20}[）)]$")  # （共3件） between a heading and its table
# A document that says itself that it ends others: 关于废止部分规范性文件的决定
ENDS_OTHERS = re.compile(rf"{_WHAT_ENDS}[^，。]{{0,30}}(?:决定|通知|公告|通告|令|目录|清单|一览表)$")
_ONLY_SPEAKS = re.compile(
    r"重大(?:行政)?决策|(?:立法|规章|文件)(?:制定|制订|工作|制定工作)?计划|(?:报告|总结|情况)$|(?:提案|议案)[^，。]{0,12}(?:复函|答复|回复|情况)|"
    r"征求|意见稿|草案|拟(?:废止|宣布|修改|修订|保留|停止|继续|清理|取消|失效|对|予以|制定|出台)|解读|一图读懂|问答|建议|说明|答复|公示"
)
_NAMED = re.compile(r"《[^《》]*》")
_SPEAKS_ITSELF = re.compile(r"(?:通知|决定|公告|通告|令|意见|批复)$")
# An item of what is changed stands over its changes: 一、《甲》（某发〔2020〕1号）
_ITEM_ALONE = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}\s*[.、．])?\s*(?:对|将)?《(?:[^《》]|《[^《》]*》){2,160}》"
    r"\s*(?:[（(](?:[^（()）]|[（(][^（()）]*[)）])*[)）])?\s*(?:(?:作|作出|进行)?(?:如下|以下)?修[改订](?:如下)?)?[：:。；;]?$"
)
# Items above words that end them: 以上文件自本通知印发之日起废止
_THOSE_ABOVE = re.compile(
    rf"^(?:以上|上述)[^，。；：《》]{{0,16}}(?:文件|规定|办法|通知)[^。；：《》]{{0,24}}{_WHAT_ENDS}"
)


def only_speaks(own_title: str | None) -> bool:
    """Whether a document, by its title, only speaks of what others do, or would have it done: 征求意见, 解读.

    What it prints may itself be about that: 关于印发《征求意见办法》的通知.
    """
    if not own_title:
        return False
    said = _NAMED.sub("", own_title) if _SPEAKS_ITSELF.search(own_title) else own_title
    return _ONLY_SPEAKS.search(said) is not None


def ended_by(heading: str) -> Relation | None:
    """What a heading or a title says of the documents listed beneath: 废止文件目录, 部分条款失效的文件目录."""
    if not _ENDS_THEM.search(heading) or KEEPS_THEM.search(heading):
        return None
    return Relation.AMENDS if "部分条款" in heading or "部分内容" in heading else Relation.REPEALS


def ruled(text: str, own_title: str | None = None) -> Told:
    """A question for a place in the text: what the list in which it stands says of its items; None outside of such a list.

    A document that only speaks of ending others (征求意见, 解读) ends none.
    """
    if only_speaks(own_title) or not (
        (_has_any(_ENDING, text) and _ENDS_THEM.search(text))
        or (_has_any(_LEADING, text) and _OTHER_LEAD.search(text))
    ):
        return lambda _: None
    lists = _Lists()
    at = 0
    for line in text.split("\n"):
        lists.read(line, at)
        at += len(line) + 1
    starts, relations = lists.starts, lists.relations
    return lambda place: relations[bisect_right(starts, place) - 1]


def _has_any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


class _Lists:
    """What the lists of a text say of their items, line by line."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.relations: list[Relation | None] = []
        self._current: Relation | None = None  # what is said of the lines that follow
        self._counted = ""  # how the line is numbered that said it
        self._items: list[int] = []  # numbered lines right above

    def read(self, line: str, at: int) -> None:
        """Take the next line, which begins at ``at`` in the text."""
        at, line = at + len(line) - len(line.lstrip("\t")), line.lstrip("\t")  # beside a cell of several rows
        lead = _lead(line)
        over = None if lead or len(line) > _LONGEST_OVER else OVER.match(line)
        told = None
        if HEADING.match(line):
            self._current, self._counted = ended_by(line), ""
        elif over is not None:
            self._current = Relation.REPEALS if over["ends"] else Relation.AMENDS
            self._counted = _counted(line)
        elif lead is not None:
            self._current, self._counted = lead[0], _counted(line)
        elif self._current is not None:
            told = self._said_of(line)
        if _THOSE_ABOVE.match(line):
            for item in self._items:
                self.relations[item] = Relation.REPEALS
        self._items = [*self._items, len(self.starts)] if NUMBERED.match(line) else []
        self._put(at, told)
        stop = line.find("。") if told is not None else -1
        if 0 <= stop < len(line) - 1:  # （二）《乙》。另见《丙》。
            self._put(at + stop, None)
        if lead is not None and lead[1] < len(line):
            self._begins_within(line, at, lead[1])

    def _put(self, at: int, told: Relation | None) -> None:
        self.starts.append(at)
        self.relations.append(told)

    def _said_of(self, line: str) -> Relation | None:
        """What the words over the list say of a line of it; the list ends before a line that is none of its."""
        if self._counted and _counted(line) == self._counted:
            self._current = None  # 二、 behind the list of 一、
        elif self._current is Relation.AMENDS:  # between its items stand the changes
            return Relation.AMENDS if "\t" in line or _ITEM_ALONE.match(line) else None
        elif not (NUMBERED.match(line) or REMARK.match(line) or ("。" not in line and _NAMES.search(line))):
            self._current = None
        return self._current

    def _begins_within(self, line: str, at: int, start: int) -> None:
        """The list begins in the line that says what becomes of it."""
        self._put(at + start, self._current)
        stop = line.find("。", start)
        if stop >= 0:
            self._put(at + stop, None)
        if stop >= 0 or self._current is Relation.AMENDS:  # what follows are the changes
            self._current = None


def _counted(line: str) -> str:
    """How a line is numbered: （一） and （二） alike, 一、 and 1. not; nothing where it is not."""
    found = NUMBERED.match(line)
    return re.sub(r"[一二三四五六七八九十百]+", "一", re.sub(r"[\d\s]+", "1", found.group())) if found else ""


def _lead(line: str) -> tuple[Relation, int] | None:
    """What the words before a list say, and where it begins in their line."""
    whole = len(line)
    if "：" not in line and ":" not in line:
        line = line[-_TAIL:]
        if "以下" not in line and "下列" not in line:
            return None
    if not _has_any(_TELLING, line):
        return None
    for found in _LEAD.finditer(line):
        inline = line[found.end() :].strip()
        if inline and not _INLINE.search(found.group()):
            continue
        if _NOT_DONE.search(line[: found.start()]) or _ONLY_SAID.search(found.group()):
            continue
        if _THEIR_NAMES.search(found.group()) and KEEPS_THEM.search(line):
            continue  # 现行有效1件，废止2件，具体如下：
        relation = (
            Relation.REPEALS
            if found["ends"]
            else Relation.IMPLEMENTS
            if found["grounds"]
            else Relation.AMENDS
        )
        return relation, found.end() if inline else whole
    return None
