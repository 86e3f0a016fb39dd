"""Lines at the head of a text that are about the page: a card of labels, ``来源：X 发布时间：Y``.

Where a template puts its labels into the element that holds the text, line by line, no element tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from archive.model import Place
from crawler.extract.body.counters import without_counters
from crawler.extract.body.furniture import is_edge
from crawler.extract.body.noise import noise_line
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.heading.lone_values import day_of_account
from crawler.extract.labels.pairs import Pair, line_pairs, lines_pairs
from crawler.extract.text import compare_key
from crawler.extract.values import dates, numbers
from crawler.extract.values.headfoot import is_ordinal, is_organisation
from crawler.extract.work import Candidate

_HEAD_LINES = 12  # in which labels may stand
_CARD_LINES = 60  # in which 信息内容 may end a card
_LONGEST = 160  # characters of a line of labels
_LONGEST_LABEL = 12
_LONGEST_SOURCE = 30
_ALONE = frozenset({"content_source", "published_on", "document_number", "index_number"})
# 名称 and 分类 are rows of a relic and of a tree as well.
_TELLING = _ALONE | {"issuing_body", "issued_on", "validity", "disclosure_type"}
ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章条]"
)
# 公示时间：3月5日, 公告日期：3月5日 on a line of the text are its author's words.
OF_THE_TEXT = ("公示", "公告")
_WHEN = re.compile(r"(?:时\s*间|日\s*期)\s*[:：]")
_WHERE = re.compile(
    r"(?:地\s*点|范\s*围|区\s*域|路\s*段|地\s*址|主\s*持|出\s*席|参\s*加|会议|活动|考试|停[水电]|影响)[^：:。]{0,6}[:：]"
)
# What rows of any record may be called: where a tree comes from, when an accident happened
_OF_ANY_ROW = re.compile(r"\s*(?:来\s*源|出\s*处|时\s*间|日\s*期)\s*[:：]")
_ROW = re.compile(r"\s*([^：:，。；《]{2,12}?)\s*[:：]\s*[^\s：:]")
_SENTENCE = re.compile(r"[。；]")
_CLAUSE = re.compile(r"[，,。；;：:《]")
# 《临江日报》, an issue of a gazette: 《临江政报》2031年第3期
_DAY_BEHIND = re.compile(r"\s*[【\[（(]?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[】\])）]?$")
_NEWSPAPER = re.compile(
    r"《[^《》]{2,16}》(?:\s?[（(]?(?:(?:19|20)\d{2}年)?第\d{1,4}[期号][）)]?|\s?(?:19|20)\d{2}[/.年]\d{1,2}[月期]?|[杂周月]?[志刊报])?(?=\s|$)"
)
_SOURCE_BEHIND = re.compile(
    r"[（(【\[]?\s*(?:信息|文章|稿件|资料)?来源\s*[:：]\s*([^，。；：:（()）]{2,24})\s*[)）】\]]?"
)
# How sentences begin that stand glued to a source: 来源: 临江发布根据《行政许可法》等有关规定…
_OPENING = re.compile(
    r"\s*(?=根据|按照|依据|依照|遵照|为(?:了|贯彻|深入|进一步|落实|规范|推进|加强|切实|全面|做好)|经(?:研究|审查|市政府)|近日|日前|近期|现将|现就|各(?:有关|县|区|市|镇|乡|单位|部门))"
)


# 2031-03-01 10:20, [2031/3/1]: how templates write a day, and no author of a text
_DAY_OF_A_TEMPLATE = re.compile(
    r"[\[【(（]?(?:19|20)\d{2}(?:([-/.])\d{1,2}\1\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|年\d{1,2}月\d{1,2}日\s*\d{1,2}:\d{2}(?::\d{2})?)[\]】)）]?"
)
_DAY_LINES = 4  # at the start of an element of title and text, in which the day stands


@dataclass(slots=True)
class Head:
    """What the head of a text says of the document, and the lines that are text."""

    candidates: list[Candidate] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def read_head(lines: Sequence[str], book: FieldBook) -> Head:
    """Part labels from text. Lines behind the label 信息内容 are text, whatever stands before it."""
    cut = _end_of_card(lines, book)
    if cut is not None:
        pairs = lines_pairs(lines[:cut], book)
        return Head(_candidates(pairs), list(lines[cut + 1 :]))
    read: list[tuple[int, list[Pair], str]] = []  # index of the line, its pairs, the text glued to it
    for index, line in enumerate(lines[:_HEAD_LINES]):
        pairs, rest = without_sentence(line_pairs(line, book) if len(line) <= _LONGEST else [])
        own = of_event(line, lines[index + 1 : index + 3]) or of_rows(line, lines[:index], book)
        if own or any(of_the_text(p.label, p.value) or _is_month(p) for p in pairs):
            continue
        if pairs and (rest or not _SENTENCE.search(line)):
            read.append((index, pairs, rest))
        elif not pairs and ("。" in line or ITEM.match(line)):
            break  # the text has begun: a label in it is its own
    named = {p.field for _, pairs, _ in read for p in pairs}
    head = Head(lines=list(lines))
    for index, pairs, rest in reversed(read):
        told = {p.field for p in pairs}
        first = book.first_label.match(lines[index])
        carded = len(named) >= 2 and bool(named & _TELLING)
        if told & _ALONE or (carded and first and (first["colon"] or first["close"])):
            head.lines[index : index + 1] = [rest] if rest else []
            head.candidates[:0] = _candidates(pairs)
            _drop_beside(head.lines, index, book)
    return head


def _drop_beside(lines: list[str], index: int, book: FieldBook) -> None:
    """Take out the lines before and behind one of labels that say nothing of the document: 所属栏目：通知公告, 审核：李某."""
    for at in (index, index - 1):
        line = lines[at] if 0 <= at < len(lines) else ""
        first = book.first_label.match(line) if len(line) <= _LONGEST_SOURCE else None
        if (
            first
            and first["colon"]
            and book.field_of(first["label"]) == IGNORED
            and not _CLAUSE.search(line, first.end())
        ):
            del lines[at]


def of_the_text(label: str, value: str) -> bool:
    """Whether a label and its value are the author's words: 公示时间：3月5日至3月9日, but not 公示日期：2031-03-05."""
    return label.startswith(OF_THE_TEXT) and _DAY_OF_A_TEMPLATE.fullmatch(value.strip()) is None


def _is_month(pair: Pair) -> bool:
    """公布时间：2020年3月 is a year's, no day on which a page was put online."""
    value = pair.value.strip()
    return pair.field == "published_on" and "年" in value and dates.search(value) is None


def of_event(line: str, following: Sequence[str]) -> bool:
    """Whether a line says when something takes place, and the next where: 时间：3月2日9:00 over 地点：市政府三楼会议室."""
    return _WHEN.match(line) is not None and any(map(_WHERE.match, following))


def of_rows(line: str, above: Sequence[str], book: FieldBook) -> bool:
    """Whether a line goes on with rows of which a template knows nothing: 来源：原红旗公社苗圃 under 树龄：120年."""
    for said in reversed(above) if _OF_ANY_ROW.match(line) else ():
        if (row := _ROW.match(said)) is None or is_edge(said) or noise_line(said):
            return False
        if book.field_of(row[1]) is None:
            return True
    return False


def is_day_of_template(line: str) -> bool:
    """Whether a line is a day as templates write it, and nothing else."""
    return _DAY_OF_A_TEMPLATE.fullmatch(line) is not None


def without_day(lines: list[str], *, headed: bool) -> tuple[list[str], str | None, str | None]:
    """Lines of an element of title and text without the day that a template writes between the two, that day, and the line
    over it, if it is the first.

    ``headed``: the title was left out of the lines.
    """
    for index, said in enumerate(lines[:_DAY_LINES]):
        # 某局 2031-03-01 浏览：45
        line = without_counters(said).rstrip(" |｜丨　") if "\t" not in said else said
        day = _DAY_OF_A_TEMPLATE.search(line) if len(line) <= _LONGEST_SOURCE * 2 else None
        beside = f"{line[: day.start()]}{line[day.end() :]}".strip() if day else ""
        apart = day is not None and (day.start() == 0 or day.end() == len(line))
        under = headed or index > 0 or len(lines) == 1  # a title, or all that there is over a viewer
        leads = day is not None and headed and day.start() == 0 and "\t" not in line
        account = day_of_account(line) is not None
        # 2031-03-01 45 安监科
        if day and (
            not beside
            or (under and account)
            or (apart and under and is_organisation(beside))
            or (leads and all(p.isdigit() or is_organisation(p) for p in beside.split()))
        ):
            over = lines[0] if index == 1 and (account or not beside) else None
            return [*lines[:index], *lines[index + 1 :]], day[0].strip("[]【】()（）"), over
        if "。" in line or ITEM.match(line):
            break
    return lines, None, None


def _end_of_card(lines: Sequence[str], book: FieldBook) -> int | None:
    for index, line in enumerate(lines[:_CARD_LINES]):
        if len(line) <= _LONGEST_LABEL and book.field_of(line) == "body_text":
            return index if index < 3 or lines_pairs(lines[:index], book) else None
    return None


def _candidates(pairs: Sequence[Pair]) -> list[Candidate]:
    named = {p.field for p in pairs}
    place = Place.TABLE if "index_number" in named and len(named) >= 2 else Place.LINE
    return [Candidate(p.field, p.label, p.value, place) for p in pairs if p.field != "body_text"]


def source_behind(lines: Sequence[str], told: Set[str]) -> list[Candidate]:
    """The source that the last line of a text names, where nothing else has ``told`` one: （来源：市防汛办）."""
    found = _SOURCE_BEHIND.fullmatch(lines[-1]) if lines and "content_source" not in told else None
    return [Candidate("content_source", "来源", found[1].strip(), Place.BODY)] if found else []


def without_sentence(pairs: list[Pair]) -> tuple[list[Pair], str]:
    """Pairs whose last, a source, is a name only; the sentence that stood glued to it."""
    if not pairs:
        return pairs, ""
    at = next((i for i, p in enumerate(pairs) if p.field == "content_source"), None)
    if at is None:
        return pairs, ""
    value = pairs[at].value
    newspaper = _NEWSPAPER.match(value)  # 来源：《临江日报》
    clause = _CLAUSE.search(value, newspaper.end() if newspaper else 0)
    if len(value) <= _LONGEST_SOURCE and clause is None:
        return pairs, ""
    opening = _OPENING.search(value)
    if opening:
        end = opening.start()
    elif clause:
        end = max(value.rfind(" ", 0, clause.start()), 0)
    else:
        return pairs, ""
    source = Pair(pairs[at].field, pairs[at].label, value[:end].strip())
    kept = [*pairs[:at], *([source] if source.value else []), *pairs[at + 1 :]]
    return kept, value[end:].strip()


def without_title(
    lines: list[str], name: str, number: str | None = None, *, headed: bool = False
) -> list[str]:
    """Lines without the title they begin with, and the document's number under it. ``headed``: the title is a heading
    that was left out of them.

    Where the text's element was found by density, its edge is accidental: a new template must not turn the
    title into a line of the text. In a known container the title lines are the publisher's text.
    """
    if headed:
        lines = _without_number(lines, number)
    wanted, joined = compare_key(name), ""
    for index, line in enumerate(lines[:5]):
        joined += compare_key(_DAY_BEHIND.sub("", line))
        if joined == wanted:
            return _without_number(lines[index + 1 :], number)
        if not wanted.startswith(joined):
            break
    return lines


def _without_number(lines: list[str], number: str | None) -> list[str]:
    shown = numbers.own_line(lines[0]) if number is not None and len(lines) > 1 else None
    numbered = shown is not None and (
        shown == number or (is_ordinal(lines[0]) and (number or "").endswith(shown))
    )
    return lines[1:] if numbered else lines
