"""Where the value of a label ends: what stands around it on its line and is none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.body.counters import without_counters
from crawler.extract.body.noise import before_counter
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.text import clean
from crawler.extract.values.headfoot import is_number

COLONS = ":：﹕︰∶"
_STOPS = "；;，, "
_NEXT_IN_BRACKETS = re.compile(r"\s*[\]】]\s*[\[【].*$", re.DOTALL)  # [ 来源：某局 ] [ 浏览 20 次 ]
_CUT = re.compile(
    r"\s*(?:[\[【(（]?\s*(?:打印|关闭|字体|字号|收藏|分享|浏览次数|点击数|大\s*中\s*小|我要纠错|语音播报)"
    r"|[|｜丨│┃︱]\s*$|[·•]?\s*(?:阅读|浏览|点击|访问)(?:次数|量|数)?\s*[:：]?\s*\d[\d,]*次?\s*$).*$",
    re.DOTALL,
)
# 来源：某局 17, behind an icon: how often the page was read; 文号：临水 17 lacks its 号
_COUNT = re.compile(r"(?<=[一-鿿）)])\s+(?:👁\s*)?\d{1,9}\s*(?:人?次)?$")
_COUNT_OF_NUMBER = re.compile(r"(?<=号)\s+\d{1,9}\s*(?:人?次)?$")
_OF_WRITERS = re.compile(r"\s*(?:记者|作者|通讯员|编辑|编审|责编|审核|摄影|文/|原文|原标题|阅读|浏览|点击)")
_SLASH = re.compile(r"(?:\s+/|\s*／)$")  # 来源：某局 / 作者：李某
PIPES = re.compile("[|｜丨│┃︱]")
BARS = "|｜丨│┃︱ "
_ENDS_APART = BARS + "[【(（"  # what is left of 【字体：大 中 小】 once its label has been read
_OPENED = re.compile("【[^】]{0,4}$")  # and of 【编辑录入：王某】 before it, for which 录入 is a label
_CLOSES = {"】": "【", "]": "[", "］": "［", "）": "（", ")": "("}

# Fields whose values are running text: labels and stops stand in it.
RUNNING = ("title", "summary")
# Of a value that holds more colons than that of a time.
_TO_A_GAP = re.compile(r"\s*(?P<run>[^\s。]*[一-鿿][:：])")


def with_glued(marks: list[re.Match[str]], line: str, book: FieldBook) -> Iterator[re.Match[str]]:
    """Labels of a line, and those that stand without a gap behind the value of another: 索引号：LJ-1发布机构：某局."""
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        yield mark
        field = book.field_of(mark["label"])
        value = _TO_A_GAP.match(line, mark.end(), following.start() if following else len(line))
        if field is None or field == IGNORED or field in RUNNING or value is None:
            continue
        for glued in book.glued_label.finditer(line, value.start("run"), value.end()):
            yield glued
            if book.field_of(glued["label"]) in RUNNING:
                break


def without_stop(field: str, value: str) -> str:
    """A value without the stop that parts it from the next: LJ/2031-1；"""
    return value if field in RUNNING else value.rstrip(_STOPS)


def without_count(field: str, value: str) -> str:
    """The name of an office or of a source, or a number, without a counter of the page behind it."""
    if field == "document_number":
        return _COUNT_OF_NUMBER.sub("", value)
    if field not in ("content_source", "issuing_body"):
        return value
    return _COUNT.sub("", without_counters(before_counter(value)).rstrip())


def before_people(value: str) -> str:
    """A value without those who wrote the text and where it stood first, which bars set apart: 某日报 | 记者 王某 | 原文链接."""
    kept, *others = PIPES.split(value)
    return kept if any(map(_OF_WRITERS.match, others)) else value


def split_state(value: str, book: FieldBook) -> tuple[str, str]:
    """A value without the state that bars set apart behind it, and that state: 某税务局 | 全文有效 |."""
    *others, last = PIPES.split(value.rstrip(BARS + "\u3000"))
    if others and last.strip() in book.codes["validity"]:
        return value[: value.rindex(last)], last
    return value, ""


def trim(value: str) -> str:
    """A value without the buttons that follow it on its line: 【打印】 字体：大 中 小 | 分享."""
    closed = _NEXT_IN_BRACKETS.search(value)
    if closed and not {"[", "【"} & set(value[: closed.start()]):
        value = value[: closed.start()]
    kept = clean(_CUT.sub("", value)).lstrip(BARS + COLONS)
    kept = _SLASH.sub("", _OPENED.sub("", kept).rstrip(_ENDS_APART))
    if kept[-1:] in _CLOSES and _CLOSES[kept[-1]] not in kept:  # 【来源：某局】
        kept = kept[:-1].rstrip(_ENDS_APART)
    return kept


def split_number(value: str) -> tuple[str, list[str]]:
    """A value without the number that stands behind it, as 价格科　某发改〔2031〕18号, and that number."""
    *others, last = value.split() or [""]
    if others and is_number(last.strip(BARS)):
        return value[: value.rindex(last)], [last.strip(BARS)]
    return value, []
