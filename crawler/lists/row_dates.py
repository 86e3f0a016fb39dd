"""Dates of the rows of a list: whole ones, ones set apart into day and month, ones without their year. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from lxml import etree

from crawler.extract.values.dates import is_term, search
from crawler.extract.values.headfoot import TITLE_END, is_organisation

DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*日?")
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]"
# What may stand beside a date in a piece of text that is nothing but the date: [2026-03-31], 2026-03-31 09:30, 发布时间：2026年3月31日,
# 2026年3月31日星期二
_BESIDE = re.compile(
    rf"{_WEEKDAY}|[\s\[\]()（）【】〔〕日/|·-]|\d{{1,2}}:\d{{2}}(?::\d{{2}})?|[\u4e00-\u9fff]{{0,4}}(?:日期|时间|发布|来源)[:：]?"
)
# What a row's day is not that of its publication: 截止日期：2026-03-31, 有效期至2026-03-31
_OF_ANOTHER = re.compile(
    r"(?:截止|报名|开标|到期|有效|失效|废止|生效|实施|施行|更新|修改)[\u4e00-\u9fff]{0,4}\s*[:：]?\s*$"
)
# The day on which the document was made out: 成文日期：2026-03-01
_OF_ISSUE = re.compile(r"(?:成文|发文|印发|生成|制发|签发|签署|落款|形成)(?:日期|时间|日)\s*[:：]?\s*$")
_LABEL = re.compile(r"[^:：]{1,10}[:：]\s*$")
_EDGE = re.compile(r"[\s\[\]()（）【】]*")
_TIME = re.compile(rf"(?:\s*(?:{_WEEKDAY}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?)){{1,2}}\s*$")
_WORD = re.compile(r"\w")
_SHORTEST_TITLE = 4  # characters
_MOST_DATES = 20  # of one piece of text: what names more tells of no row's day
_FEWEST_ROWS = 3  # that show where their days stand
_BRACKETS = "[]()（）【】〔〕 \t\r\n\u3000\u00a0"
# Pieces of a date that is set in several elements: <b>15</b><i>2026-03</i>, <em>03-15</em><em>2026</em>
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?")
_DAY = re.compile(r"(\d{1,2})\s*日?")
# 2026 年, 2026年度: the heading above rows that give month and day
YEAR_HEADING = re.compile(r"\s*((?:19|20)\d{2})\s*年?\s*度?\s*")
# The date in an address: t20260315_7.html, /202603/, /2026/3/15/, /2026-03/15/
_IN_ADDRESS = re.compile(
    r"/t?((?:19|20)\d{2})(0[1-9]|1[0-2])(\d{2})?(?!\d)|/((?:19|20)\d{2})[-/](\d{1,2})(?:[-/](\d{1,2}))?/"
)


def dates_in(row: etree._Element) -> tuple[str | None, str | None]:
    """The last whole date that is a piece of text of its own, and one at the edge of other text (``…的通知（2026-03-15）``).

    A date in the midst of a sentence (自2024年1月1日起施行) is the title's, not the row's.
    """
    at_edge = None
    alone = None
    for piece, label in _labelled(row):
        for found in islice(DATE.finditer(piece), _MOST_DATES):
            before, after = piece[: found.start()], piece[found.end() :]
            named = label if _EDGE.fullmatch(before) else before
            if is_term(piece[found.start() :]) or _OF_ANOTHER.search(named) or _OF_ISSUE.search(named):
                break
            date = _in_china(piece[found.start() :]) if after[:1] == "T" else "".join(found.group().split())
            if not _BESIDE.sub("", before + after):
                alone = date
            elif _is_at_edge(found.group(), before, _TIME.sub("", after)):
                at_edge = at_edge or date
    return alone, at_edge


def _is_at_edge(date: str, before: str, after: str) -> bool:
    """Whether a date stands at an edge of a text and is no part of its sentence: 2031年3月5日停水通知 is one with it."""
    joined = "" if "年" not in date else after[:1] if _EDGE.fullmatch(before) else before[-1:]
    return bool(_EDGE.fullmatch(before) or _EDGE.fullmatch(after)) and (
        not _WORD.fullmatch(joined) or TITLE_END.search(before) is not None or is_organisation(before)
    )


def without_day(text: str, row: etree._Element, link: etree._Element) -> str:
    """The words of a row's link without the row's day at their edge; days that are the title's own stay.

    ``<a>关于…的通知 2031-03-05</a>``, also where the row says it again; but ``<a>截止2030年12月31日的代码</a>`` and
    ``<a>停水通知（2031年3月5日）</a><i>2031-03-04</i>``
    """
    beside = (dates_in(row)[0] or composed(row) or _month_day(row)) if dates_in(link)[0] is None else None
    for found in DATE.finditer(text):
        before, after = text[: found.start()], _TIME.sub("", text[found.end() :])
        if not _is_at_edge(found.group(), before, after):
            continue
        if beside is not None and ("年" in found.group() or not _is_day(found.group(), beside)):
            return text
        return before + (after if _EDGE.fullmatch(before) else "")
    return text


def _is_day(date: str, other: str | tuple[int, int]) -> bool:
    """Whether a date is another one, or the month and day that a row shows instead of it."""
    parts = tuple(map(int, re.findall(r"\d+", date)))
    return (
        parts[-2:] == other
        if isinstance(other, tuple)
        else parts == tuple(map(int, re.findall(r"\d+", other)))
    )


def has_own_day(row: etree._Element) -> bool:
    """Whether a row shows a whole date as a piece of its own: that of publication or that of issue."""
    return dates_in(row)[0] is not None or issue_date(row) is not None


def _labelled(row: etree._Element) -> Iterator[tuple[str, str]]:
    """The pieces of a row's text, each with the label in the piece before, or at the head of its column.

    ``<span>成文日期：</span><span>2026-03-01</span>``, ``<tr><th>规章名称</th><th>公布日期</th><th>施行日期</th></tr>``
    """
    for cell, heading in _headed_cells(row):
        label = heading
        for text in cell.itertext():
            if isinstance(text, str) and (piece := " ".join(text.split())):
                yield piece, label
                label = piece if _LABEL.fullmatch(piece) else heading


def _headed_cells(row: etree._Element) -> list[tuple[etree._Element, str]]:
    """The cells of a row with the words above them, but 更新日期, which is often the only day; of a row without headings itself.

    Headings stand in the first row of a table, or of a list of lists: ``<ul><li>名称</li><li>施行日期</li></ul><ul>…</ul>``
    """
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else row.getparent()
    top = (
        next(table.iterchildren() if row.tag != "tr" else table.iter("tr"), None)
        if table is not None
        else None
    )
    alike = top is not None and top is not row and top.tag == row.tag and len(top) == len(row) > 1
    if top is None or not alike or next(top.iter("a"), None) is not None:
        return [(row, "")]
    heads = ["".join(map(str, head.itertext())).strip() for head in top]
    return [(cell, "" if "更新" in head else head) for cell, head in zip(row, heads, strict=True)]


def issue_date(row: etree._Element) -> str | None:
    """The day that a row calls the one on which its document was made out: 成文日期：2026-03-01."""
    for piece, label in _labelled(row):
        for found in DATE.finditer(piece):
            before = piece[: found.start()]
            if _OF_ISSUE.search(label if _EDGE.fullmatch(before) else before):
                return "".join(found.group().split())
    return None


def _in_china(text: str) -> str:
    """The day in China of an instant as software writes it: 2026-03-15T18:20:00Z is the 16th."""
    found = search(text)
    return found[0].on.isoformat() if found is not None else text[:10]


def is_date_alone(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    return bool(DATE.search(text)) and not _BESIDE.sub("", DATE.sub("", text))


def is_day_of_some_year(text: str) -> bool:
    """Whether a text is a day without its year and nothing else: [03-15], 3月15日."""
    found = _MONTH_DAY.fullmatch(text.strip(_BRACKETS))
    return found is not None and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31


def row_date(row: etree._Element, address: str | None = None, year: str | None = None) -> str | None:
    """The date of a row as it is shown, or put together from its parts; None where there is none or its year is unknown.

    The year of ``[03-15]`` is that of the ``address`` when its month agrees, else that of the heading above (``year``).
    """
    alone, at_edge = dates_in(row)
    return alone or composed(row) or _with_year(row, address, year) or at_edge


def days_beside(rows: Sequence[etree._Element]) -> dict[etree._Element, str]:
    """The days of rows that show none, where one stands behind each of them, or one in front of each.

    ``<a>关于…的通知</a><ul><li>某某局</li><li>2031-03-01</li></ul><a>…``, ``<dt><a></dt><dd>2031-03-01</dd>``, ``<a></a> [2031-03-01]<br>``
    """
    parent = rows[0].getparent() if len(rows) >= _FEWEST_ROWS else None
    if parent is None or any(row.getparent() is not parent or is_dated(row) for row in rows):
        return {}
    own = set(rows)
    between: list[list[str]] = [[]]  # days in front of the first row, behind it, behind the second …
    for child in parent:
        said = [child.tail or ""]
        if child in own:
            between.append([])
        elif isinstance(child.tag, str):
            said[:0] = map(str, child.itertext())
        between[-1] += [day for text in said if (day := _day_alone(text)) is not None]
    front, behind = between[:-1], between[1:]
    days = behind if not between[0] else front if not between[-1] else []
    if any(len(set(told)) != 1 for told in days):
        return {}
    return {row: told[0] for row, told in zip(rows, days, strict=False)}


def _day_alone(text: str) -> str | None:
    found = DATE.search(text) if is_date_alone(text) else None
    if found is None or _OF_ANOTHER.search(text[: found.start()]):
        return None
    return "".join(found.group().split())


def is_dated(row: etree._Element) -> bool:
    """Whether a row shows a date, with or without its year or its day, were it only in its title."""
    return any(isinstance(piece, str) and DATE.search(piece) for piece in row.itertext()) or (
        composed(row) is not None or _month_day(row) is not None or _shows_month(row)
    )


def _shows_month(row: etree._Element) -> bool:
    """Whether a month stands beside the row's title: 2026-03. A link that is one leads to the list of it, < and > to those beside."""
    linked = {"".join(map(str, link.itertext())).strip(_BRACKETS) for link in row.iter("a")}
    beside = (piece for piece in _pieces(row) if piece not in linked and _YEAR_MONTH.fullmatch(piece))
    return any(len(words) >= _SHORTEST_TITLE for words in linked) and any(beside)


def _pieces(row: etree._Element) -> Iterator[str]:
    for piece in row.itertext():
        if isinstance(piece, str) and (text := piece.strip(_BRACKETS)):
            yield text


def composed(row: etree._Element) -> str | None:
    """The date of a row whose parts stand in elements of their own, beside each other."""
    pieces = list(_pieces(row))
    for one, other in pairwise(pieces):
        for left, right in ((one, other), (other, one)):
            year_month, day = _YEAR_MONTH.fullmatch(left), _DAY.fullmatch(right)
            if year_month and day:
                return _date(year_month[1], year_month[2], day[1])
            year, month_day = _YEAR.fullmatch(left), _MONTH_DAY.fullmatch(right)
            if year and month_day:
                return _date(year[1], month_day[1], month_day[2])
    return None


def _month_day(row: etree._Element) -> tuple[int, int] | None:
    for piece in _pieces(row):
        found = _MONTH_DAY.fullmatch(piece)
        if found and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31:
            return int(found[1]), int(found[2])
    return None


def _with_year(row: etree._Element, address: str | None, heading: str | None) -> str | None:
    shown = _month_day(row)
    if shown is None:
        return None
    found = _IN_ADDRESS.search(address or "")
    if found is not None:
        year, month, day = (found[i] or found[i + 3] for i in (1, 2, 3))
        if int(month) == shown[0] and (day is None or int(day) == shown[1]):
            return _date(year, str(shown[0]), str(shown[1]))
    return _date(heading, str(shown[0]), str(shown[1])) if heading else None


def _date(year: str, month: str, day: str) -> str | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}"


def years_above(root: etree._Element, rows: list[etree._Element]) -> dict[etree._Element, str]:
    """The year that stands as a heading above each row, where there is one."""
    wanted, found = set(rows), dict[etree._Element, str]()
    year: str | None = None
    for element in root.iter():
        if element in wanted and year is not None:
            found[element] = year
        elif element.tag not in ("a", "option", "script", "style") and element.text:
            heading = YEAR_HEADING.fullmatch(element.text)
            if heading is not None:
                year = heading[1]
    return found
