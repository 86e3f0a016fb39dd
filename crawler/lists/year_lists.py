"""Archives by year: a list that links years (2026年, 2025年 …), or months, each with a list of its own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree

from archive.identity import url_key
from crawler.extract.links import absolute
from crawler.lists.choices import chosen_address
from crawler.lists.row_groups import ISSUE, ISSUE_ALONE, text_of
from crawler.outcomes import same_host
from crawler.platforms.base import ListRow, PageRequest

FEWEST_YEARS = 2
LIVELY = 2  # of the lists of years or issues, the newest first: those that get new documents
# 2026年, 2026年度, 2026; 2026年通知公告
_YEAR = re.compile(r"\s*((?:19|20)\d{2})\s*年?\s*度?\s*(\S{0,12})\s*")
_MONTH = re.compile(r"\s*((?:19|20)\d{2})\s*[年.-]\s*(0?[1-9]|1[0-2])\s*月?\s*")
_MONTH_ALONE = re.compile(r"\s*(0?[1-9]|1[0-2])\s*月份?\s*")
_NUMBERS = re.compile(r"\d{1,4}")
_ISSUE_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_IN_ADDRESS = re.compile(r"((?:19|20)\d{2})\D{0,12}(0?[1-9]|1[0-2])(?!\d)")
_MONTHS = 10_000  # numbers from here on are years with a month: 202603
# Documents that are called by their year: 2025年政府信息公开工作年度报告
_DOCUMENT = re.compile(r"报告|预算|决算|计划|要点|公报|年鉴|总结|情况|方案|规划|表$|名单")
_QUOTED = re.compile(r"[\"']([\w./?=&-]*/[\w./?=&-]*)[\"']")
_LIST_FILE = re.compile(r"(?:/|/(?:index|list|default|more)[^/]*)$", re.I)


def years_linked(root: etree._Element, url: str) -> dict[int, str]:
    """Year → address, of links and choices that show a year and nothing else, or a year before one and the same name.

    Where no years are linked, months (2026年3月, or 3月 to list.asp?y=2026&m=3): 202603 → address. A month, and a year before a
    name (2025年通知公告), must lead to a directory, a list, or what the page itself comes from: documents are called by them, too.
    """
    years, months = _linked(root, url)
    return years or months


def _linked(root: etree._Element, url: str) -> tuple[dict[int, str], dict[int, str]]:
    """The years and the months that a page links."""
    found: dict[str, dict[int, str]] = {}
    months: dict[int, str] = {}
    for words, href in _chances(root, url):
        month, year = _MONTH.fullmatch(words), _YEAR.fullmatch(words)
        alone = _MONTH_ALONE.fullmatch(words)
        address = absolute(url, href) if month or year or alone else None
        if address is None or not same_host(url, address):
            continue
        path = urlsplit(address).path
        # list.jsp?y=2026 of a list at list.jsp; page.jsp?id=7 is a document of a site that has one program
        named = month or year or alone
        asked = urlsplit(address).query if path == urlsplit(url).path else ""
        is_list = _LIST_FILE.search(path) is not None or bool(named and asked and named[1] in asked)
        if alone is not None:
            month = next((m for m in _IN_ADDRESS.finditer(address) if int(m[2]) == int(alone[1])), None)
        if month is not None and is_list:
            months.setdefault(int(month[1]) * 100 + int(month[2]), address)
        elif year is not None and not (
            year[2] and (_DOCUMENT.search(year[2]) or ISSUE.match(words) or not is_list)
        ):
            found.setdefault(year[2], {}).setdefault(int(year[1]), address)
    several = (one for one in found.values() if _are_several(one))
    return next(several, {}), months if _are_several(months) else {}


def _are_several(times: Mapping[int, str]) -> bool:
    return len(set(times.values())) == len(times) >= FEWEST_YEARS


def _chances(root: etree._Element, url: str) -> Iterator[tuple[str, str | None]]:
    """Words with the address that a link, a choice or a click on them leads to."""
    for element in root.iter("a", "option", "li", "span", "button", "div"):
        href = element.get("value") if element.tag == "option" else element.get("href")
        clicked = _QUOTED.search(element.get("onclick") or "")
        if href is None or href.strip().lower().startswith(("javascript", "#")):
            href = clicked[1] if clicked is not None else None
        if element.tag == "option" and href and re.fullmatch(r"\s*\d[\d-]*\s*", href):
            href = chosen_address(element, url)
        if href and (element.tag == "a" or re.search(r"[/.?]", href)):
            yield text_of(element), href


def years_of_scripts(root: etree._Element) -> tuple[int, ...]:
    """Years that are shown as the ways to other lists, and lead nowhere without a script."""
    found = {}
    for element in root.iter("a", "li", "span", "button"):
        year = _YEAR.fullmatch(text_of(element))
        href = (element.get("href") or "").strip().lower()
        if year is not None and not year[2] and (element.get("onclick") or href.startswith("javascript")):
            found[int(year[1])] = not _QUOTED.search(element.get("onclick") or "")
    dead = tuple(sorted((year for year, nowhere in found.items() if nowhere), reverse=True))
    return dead if len(dead) >= FEWEST_YEARS else ()


def unlink_issues(root: etree._Element) -> None:
    """Take the addresses from the links to a gazette's issues: on the page of one, those to the others are no rows."""
    for link in root.iter("a"):
        if ISSUE_ALONE.fullmatch(text_of(link).strip()) and "href" in link.attrib:
            del link.attrib["href"]


def newest_issues_first(rows: Sequence[ListRow]) -> tuple[ListRow, ...]:
    """The rows of an index of issues by year and number, where each tells them: an index may begin with 第1期.

    One that shows no day is of the year that it is called by.
    """
    told = {row.url: [int(n) for n in _NUMBERS.findall(row.title or "")[:2]] for row in rows}
    dated = [row if row.day else _of_its_year(row) for row in rows]
    if len(set(map(len, told.values()))) != 1:
        return tuple(dated)
    return tuple(sorted(dated, key=lambda row: told[row.url], reverse=True))


def _of_its_year(row: ListRow) -> ListRow:
    year = _ISSUE_YEAR.match(row.title or "")
    return replace(row, hints={**row.hints, "issued_on": year[1]}) if year is not None else row


def is_of_year(request: PageRequest) -> bool:
    """Whether a chain is the list of a year or a month of an archive."""
    return _walked(request) > 0


def without_years(rows: Sequence[ListRow], years: Mapping[int, str]) -> tuple[ListRow, ...]:
    """Rows that are documents, not the ways to lists of years that stand among them."""
    ways = {url_key(address) for address in years.values()}
    return tuple(row for row in rows if url_key(row.url) not in ways)


def years_beyond(
    years: Mapping[int, str], rows: Sequence[ListRow], request: PageRequest, *, is_last: bool
) -> tuple[PageRequest, ...]:
    """The years that the page's own list does not reach.

    A list of all years may have links to years as well: its first page shows whether newer ones are missing from it, its
    last whether older ones are.
    """
    months = any(year >= _MONTHS for year in years)
    days = (row.day for row in rows if row.day)
    shown = {_period(day, months=months) for day in days}
    here, around = url_key(request.url), _directory(request.url)
    beyond = [
        year
        for year in years
        if not shown or (request.page == 1 and year > max(shown)) or (is_last and year < min(shown))
    ]
    if rows:  # years elsewhere on the site are of other lists
        beyond = [year for year in beyond if urlsplit(years[year]).path.startswith(around)]
    if rows and not shown and not is_last:
        return ()
    return tuple(
        PageRequest(url=years[year], chain=f"{request.chain}-{year}")
        for year in sorted(beyond, reverse=True)
        if url_key(years[year]) != here
    )


def with_months(
    beyond: Sequence[PageRequest],
    root: etree._Element,
    url: str,
    rows: Sequence[ListRow],
    request: PageRequest,
    *,
    is_last: bool,
) -> tuple[PageRequest, ...]:
    """Years with the months that the page of one links beside them, where its own list does not reach them; the newest first."""
    years, months = _linked(root, url)
    if not years or _walked(request) >= _MONTHS:
        return tuple(beyond)
    if walked := _walked(request):  # a menu may link the months of this year on the page of each
        months = {month: to for month, to in months.items() if month // 100 == walked}
    both = (*beyond, *years_beyond(months, rows, request, is_last=is_last))
    return tuple(sorted(both, key=_newest_first, reverse=True))


def _walked(request: PageRequest) -> int:
    """The year or the month of which a chain is the list; 0 for one of all of them."""
    last = request.chain.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _newest_first(request: PageRequest) -> int:
    walked = _walked(request)
    return walked if walked >= _MONTHS else walked * 100 + 12


def _period(day: str, *, months: bool) -> int:
    """The year of a day, or its year and month."""
    pieces = [int(piece) for piece in re.findall(r"\d+", day)[:2]]
    return pieces[0] * 100 + pieces[1] if months and len(pieces) > 1 else pieces[0]


def _directory(url: str) -> str:
    """The path in which the years of a list lie: its directory, or the one above where that is a year's own."""
    pieces = urlsplit(url).path.split("/")[:-1]
    while len(pieces) > 1 and re.search(r"(?:19|20)\d{2}", pieces[-1]):
        pieces.pop()
    return "/".join(pieces) + "/"
