"""Titles that only their place tells: lines in front of a text, over its day or over the line of labels under a title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from lxml import etree

from archive.model import Place
from crawler.extract.body import lines as texts
from crawler.extract.body.noise import is_of_links
from crawler.extract.fields import IGNORED, FieldBook
from crawler.extract.heading.chrome import around_of, in_chrome
from crawler.extract.heading.headlines import is_day_of_template
from crawler.extract.heading.lone_values import day_of_account, of_line
from crawler.extract.text import clean, compare_key, label_key
from crawler.extract.tree import comes_after, words
from crawler.extract.values import numbers
from crawler.extract.values.headfoot import TITLE_END, is_organisation, own_title, red_head
from crawler.extract.work import Candidate

_OF_SITE = re.compile(r"官方网站|门户网站|人民政府网|政府网站|首页")
_NAME_OF_SITE = re.compile(r"(?:网|网站|门户|平台)$|^中国[·•]")
_LONGEST_SITE = 14  # characters of such a name
# 2031年第3期（总第87期）, over the documents of a gazette
_ISSUE = re.compile(r"(?:(?:19|20)\d{2}\s*年)?\s*第\s*\d+\s*期\s*(?:[（(]?\s*总第?\s*\d+\s*期\s*[）)]?)?")
_SHORTEST_OVER, _LONGEST_OVER = 8, 80  # characters of a title that only its place tells
_LEVELS = 8  # of layout tables around a text, within which its title may stand in front of it


def acceptable(text: str, book: FieldBook, site: dict[str, str]) -> bool:
    """Whether a heading can be a document's title: not 新闻详情, not the site's or the column's name."""
    if (
        not 4 <= len(text) <= 200
        or label_key(text) in book.generic_headings
        or book.field_of(text) is not None
    ):
        return False
    if len(text) <= _LONGEST_SITE and _NAME_OF_SITE.search(text):
        return False
    if ">" in text or red_head(text) or text[-1] in ":：":
        return False  # a path; markup of a title that never ends, </a>; 公告概要：
    if _OF_SITE.search(text) and not (TITLE_END.search(text) or "关于" in text):
        return False  # but 政府网站检查情况通报
    label = book.any_label.match(text)
    if label and not (
        (label["open"] or label["label"].endswith("解读"))
        and book.field_of(label["label"]) == IGNORED
        and len(text) > label.end() + 4
    ):
        return False  # 来源：…, but for 【解读】一图看懂…, 政策解读：《某条例》
    names = [name for name in (site.get("site_name"), site.get("column")) if name]
    return not names or compare_key(text) not in map(compare_key, names)


def line_before(
    container: etree._Element | None,
    book: FieldBook,
    site: dict[str, str],
    read_parts: Collection[etree._Element],
) -> tuple[str | None, list[str]]:
    """Lines in front of the text that read like a title, where the template marks them by looks only, and what stands
    between them and the text.

    Cards that were read (``read_parts``) may stand between the two.
    """
    if container is None:
        return None, []
    current, around = container, around_of(container)
    nearer: list[str] = []  # a day and a number, which stand between a title and its text
    for _ in range(_LEVELS):
        before: list[str] = []
        for sibling in current.itersiblings(preceding=True):
            if (
                isinstance(sibling.tag, str)
                and sibling.tag not in ("script", "style")
                and sibling not in read_parts
                and not in_chrome(sibling, around)
            ):
                said = texts.lines(sibling, book, skip=read_parts)
                if not _is_link(sibling, said):
                    links = texts.names_of_pages(sibling)
                    before[:0] = [
                        ln
                        for ln in said
                        if not book.first_label.match(ln)
                        and label_key(ln) not in book.generic_headings
                        and not _ISSUE.fullmatch(ln)
                        and not (links and is_of_links(ln, links))  # 首页 | 本局简介 | 通知
                    ]
            if len(before) > 12:
                break
        before += nearer
        for start in range(max(0, len(before) - 6), len(before)):
            title = own_title(before[start:]) or _over_a_day(before[start:], book, site)
            if title and acceptable(title, book, site):
                return title, _behind(title, before[start:])
        parent = current.getparent()
        if not all(map(of_line, before)) or parent is None or parent.tag in ("body", "html"):
            break
        current, nearer = parent, before
    return None, []


def _over_a_day(lines: Sequence[str], book: FieldBook, site: dict[str, str]) -> str | None:
    """A line over the day that a template writes under a title, if it can be one."""
    under = lines[1] if len(lines) > 1 else ""
    return (
        lines[0]
        if (is_day_of_template(under) or day_of_account(under)) and may_be_title(lines[0], book, site)
        else None
    )


def over_the_line(
    bars: Iterable[etree._Element], container: etree._Element | None, book: FieldBook, site: dict[str, str]
) -> str | None:
    """What stands right over the line of labels (``bars``, its elements) in front of a text, where nothing else is the title.

    ``<div>某公司基本情况</div><div>发布时间：2031-03-01</div>``, or both in one element.
    """
    bar = next(iter(bars), None)
    if bar is None or container is None or comes_after(bar, container):
        return None
    around = around_of(container)
    said = texts.lines(bar, book)  # a line with a counter is none of them
    if (
        said
        and len(said[0]) < len(clean(words(bar)))
        and not of_line(said[0])
        and may_be_title(said[0], book, site)
    ):
        return said[0]
    for element in (bar, *bar.iterancestors()):
        over = next((e for e in element.itersiblings(preceding=True) if _says_more(e)), None)
        said = [] if over is None or in_chrome(over, around) else texts.lines(over, book)
        if over is not None and said and not _is_link(over, said):
            return said[-1] if may_be_title(said[-1], book, site) else None
        if over is not None or element is container or element.tag in ("body", "html"):
            return None
    return None


def _says_more(element: etree._Element) -> bool:
    """Whether an element says something else than a number or a day, which stand under a title."""
    said = clean(words(element)) if isinstance(element.tag, str) else ""
    return bool(said) and not of_line(said) and numbers.own_line(said) is None


def may_be_title(text: str, book: FieldBook, site: dict[str, str]) -> bool:
    """Whether a line that only its place tells can be a title: no sentence, no name of an office or a column.

    A short one must end like a document's: 更正公告.
    """
    if len(text) > _LONGEST_OVER or "。" in text or is_organisation(text):
        return False
    return (len(text) >= _SHORTEST_OVER or bool(TITLE_END.search(text))) and acceptable(text, book, site)


def _behind(title: str, lines: list[str]) -> list[str]:
    """The lines behind the last of those that the title is made of."""
    key = compare_key(title)
    last = next(
        (i for i, ln in enumerate(lines) if (said := compare_key(ln)) and key.endswith(said)), len(lines)
    )
    return lines[last + 1 :]


def _is_link(element: etree._Element, said: list[str]) -> bool:
    """Whether an element says the words of a link and little else: the row of a list."""
    linked = sum(len(words(a).strip()) for a in element.iter("a") if a.get("href"))
    return linked > 0 and linked * 10 >= sum(map(len, said)) * 6


def without_column(candidates: list[Candidate], site: dict[str, str]) -> list[Candidate]:
    """Candidates without an ArticleTitle that is the name of the page's column, where the page has a heading that is none."""
    column = compare_key(site.get("column") or "")
    headed = any(
        c.field == "title" and c.place is Place.HEADING and compare_key(c.raw) != column for c in candidates
    )
    if not column or not headed:
        return candidates
    return [
        c
        for c in candidates
        if c.field != "title" or c.place is not Place.META or compare_key(c.raw) != column
    ]
