"""Document numbers (发文字号): their grammar, their variants, and which of them a document only cites.

Grammar: 代字〔年〕序号号 (GB/T 9704). Real pages also write [], （）, 【】, 〈〉, 《》, ‘’ and 〚〛 for the
brackets, put 第 or spaces before the number, and number orders as 某某令第208号.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN, _CLOSE = "〔\\[［（(【〈《‘〚﹝{", "〕\\]］）)】〉》’〛﹞}"
_CORE = re.compile(
    rf"[{_OPEN}]\s*(?P<year>(?:19|20)\d{{2}})\s*年?\s*[{_CLOSE}]\s*(?:第\s*)?"
    r"(?P<serial>[A-Za-z]?\d{1,6}(?:\s*[-—－~～、至]\s*\d{1,6})*)\s*号"
)
_PREFIX_TAIL = re.compile(r"[一-鿿A-Za-z0-9（）()·]{1,24}$")
_ORDER = re.compile(
    r"(?P<body>[一-鿿]{1,30}?令)\s*[（(]?\s*(?:(?:19|20)\d{2}年)?\s*第\s*(?P<serial>[0-9]{1,4}"
    r"|[一二三四五六七八九十百〇零]{1,5})\s*号\s*[）)]?"
)
_ORDER_TAIL = re.compile(
    r"令\s*[（(]?\s*(?:(?:19|20)\d{2}年)?\s*第\s*(?P<serial>[0-9]{1,4}"
    r"|[一二三四五六七八九十百〇零]{1,5})\s*号"
)
_YEAR_SERIAL = re.compile(r"(?:19|20)\d{2}\s*年\s*第\s*\d{1,4}\s*号(?:令|公告|通告)?")
# What may stand before a number in running text and is not part of its 代字.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|贯彻|落实|执行|废止|修改|转发|印发|关于|通知|意见|办法|规定"
    r"|决定|文件|批复|公告|复函|方案"
    r"|报告|要求|以及|或者|见|以|和|与|及|经|由|按|据|原|即|的|了|为|对|在|将|发布|公布|下发|文号|字号"
    r"|编号|号)"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document number found in a text: normalised form, and where it stood."""

    number: str
    start: int
    end: int


def _serial(text: str) -> str:
    return _SPACE.sub("", text).translate(str.maketrans("—－~～", "----"))


def normalise(value: str) -> str | None:
    """代字〔年〕序号号 for a value that is one document number, else None.

    >>> normalise("义政办发 [2013] 第 130 号")
    '义政办发〔2013〕130号'
    """
    text = value.strip()
    match = _CORE.search(text)
    if not match:
        order = _ORDER.fullmatch(text) or _YEAR_SERIAL.fullmatch(text)
        return _SPACE.sub("", text).replace("（", "").replace("）", "") if order else None
    if text[match.end() :].strip(" 。;；)）"):
        return None
    prefix = _SPACE.sub("", text[: match.start()]).lstrip("(（")
    if len(prefix) > 24 or re.search(r"[，。；;：:《》〔〕]", prefix):
        return None
    return f"{prefix}〔{match['year']}〕{_serial(match['serial']).lstrip('0') or '0'}号"


def own_line(line: str) -> str | None:
    """The number of a line that consists of a number alone, as under the title of a document."""
    text = line.strip()
    if len(text) > 45 or "\t" in text:
        return None
    text = re.sub(r"^(?:发文字号|文号|字号)\s*[:：]\s*", "", text)
    if re.fullmatch(r"第\s*\d{1,4}\s*号", text):
        return _SPACE.sub("", text)
    inner = text[1:-1] if text[:1] in "(（" and text[-1:] in ")）" else text
    number = normalise(inner)
    return number if number and not number.startswith("〔") else None


def in_title(title: str) -> str | None:
    """The number that a title carries in brackets at its end: 某通知（岳办发〔2017〕2号）."""
    found = re.search(
        rf"[（(]\s*([^（()）《》]{{1,24}}[{_OPEN}]\s*(?:19|20)\d{{2}}\s*[{_CLOSE}]\s*第?\s*\d{{1,6}}\s*号)\s*[）)]\s*$",
        title,
    )
    return normalise(found.group(1)) if found else None


def find(text: str) -> list[Numbered]:
    """Every number in running text, its 代字 cut free of the words before it."""
    found: list[Numbered] = []
    for match in _CORE.finditer(text):
        head = text[max(0, match.start() - 24) : match.start()].rstrip()
        tail = _PREFIX_TAIL.search(head)
        prefix = tail.group() if tail else ""
        for opening in "（(":
            prefix = prefix.rpartition(opening)[2]
        prefix = _LEAD.sub("", prefix.rpartition("）")[2].rpartition(")")[2])
        if not prefix:
            continue
        number = f"{prefix}〔{match['year']}〕{_serial(match['serial'])}号"
        found.append(Numbered(number, match.start() - len(prefix), match.end()))
    for match in _ORDER_TAIL.finditer(text):
        tail = _PREFIX_TAIL.search(text, max(0, match.start() - 24), match.start() + 1)
        body = _LEAD.sub("", tail.group()) if tail else ""
        if len(body) > 2:
            start = match.start() + 1 - len(body)
            found.append(Numbered(f"{body}第{_SPACE.sub('', match['serial'])}号", start, match.end()))
    return sorted(found, key=lambda n: n.start)
