"""Lines of a laid-out page as paragraphs: a line break that the page's edge made is none of the text's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from crawler.attachments.result import NotWholeError
from crawler.extract.text import clean

# — 3 —, 第3页, 第 1 页 共 5 页, Page 3 of 5; but -46 is a figure
_MARKED_NUMBER = re.compile(
    r"[-—–－_·~]+\s*\d{1,4}\s*[-—–－_·~]+"
    r"|[-—–－_·~\s]*(?:共\s*\d{1,4}\s*页[\s,，、/／]*)?第\s*\d{1,4}\s*页(?:[\s,，、/／]*共\s*\d{1,4}\s*页)?[-—–－_·~\s]*"
    r"|Page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"(\d{1,4})(?:\s*[/／]\s*\d{1,4})?")
_ENDS = "。；：！？!?;:」』"
_BEGINS = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]{1,6}[章节条款编]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,3}[.、．](?!\d)|附件|[①-⑳●■◆·•])"
)
_REPEATED = 3  # pages at least, and half of them, at whose head or foot the same line stands
_DEEPEST = 3  # lines of a head or foot
_NARROW = 36  # columns; what is narrower at its widest is a table, a list or a heading, and no line of it was wrapped


def width(line: str) -> int:
    """Columns a line takes: a Han character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def without_page_numbers(pages: list[list[str]]) -> list[list[str]]:
    """The lines of pages without the number at a head or foot: ``— 3 —``, ``第3页/共5页``.

    A bare number there may be a table's last figure. It is the page's where it counts as the pages do on another one too.
    """
    for place in (-1, 0):
        steps = [_step(page[place], n) if page else None for n, page in enumerate(pages)]
        shared = Counter(step for step in steps if step is not None)
        for page, step in zip(pages, steps, strict=True):
            counts = step is not None and (shared[step] > 1 or (len(pages) == 1 and step == 1))
            if page and (counts or _MARKED_NUMBER.fullmatch(page[place])):
                del page[place]
    return pages


def _step(line: str, page: int) -> int | None:
    """How far a bare number is from that of its page, from 0; None where the line is none."""
    found = _BARE_NUMBER.fullmatch(line)
    return int(found[1]) - page if found else None


def running_lines(pages: list[list[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """The lines at the heads and at the feet of half the pages: titles that run along, names of offices."""

    def repeated(place: int) -> frozenset[str]:
        counts = Counter(
            line for page in pages for line in set(page[:_DEEPEST] if place == 0 else page[-_DEEPEST:])
        )
        return frozenset(line for line, n in counts.items() if n >= _REPEATED and 2 * n >= len(pages))

    return repeated(0), repeated(-1)


def paragraphs(pages: Iterable[list[str]]) -> Iterator[str]:
    """Lines of pages joined to paragraphs, across page ends too; keeps every character but page numbers
    and running titles amid a paragraph.

    Raises NotWholeError behind the last paragraph, when ``pages`` ends with it.
    """
    whole: list[list[str]] = []
    unread: NotWholeError | None = None
    try:
        for page in pages:
            whole.append([line for line in map(clean, page) if line])
    except NotWholeError as error:
        unread = error
    yield from _joined(without_page_numbers(whole))
    if unread is not None:
        raise unread


def _joined(pages: list[list[str]]) -> Iterator[str]:
    heads, feet = running_lines(pages)
    held: str | None = None  # a paragraph that may go on
    between: list[str] = []  # the foot of its page
    said: set[str] = set()
    unsaid: dict[str, None] = {}
    for page in pages:
        full = _full_width(page)
        head, lines, foot = _parted(page, heads, feet, full)
        if held is not None and not (lines and not _BEGINS.match(lines[0])):
            yield from (held, *between)
            said.update(between)
            held, between = None, []
        if held is None:
            yield from head
            said.update(head)
        else:  # a running title stands amid a paragraph that goes on over the page's end, and is none of it
            unsaid.update(dict.fromkeys((*between, *head)))
        open_end = held is not None
        for line in lines:
            if held is not None and (open_end or _unfinished(held)) and not _BEGINS.match(line):
                held = _join(held, line)
            else:
                if held is not None:
                    yield held
                held = line
            open_end = full is not None and width(line) >= full and line[-1] not in _ENDS
        if held is not None and not open_end:
            yield held
            held = None
        if held is None:
            yield from foot
            said.update(foot)
        between = foot
    if held is not None:
        yield from (held, *between)
        said.update(between)
    yield from (line for line in unsaid if line not in said)


def _parted(
    page: list[str], heads: frozenset[str], feet: frozenset[str], full: int | None
) -> tuple[list[str], list[str], list[str]]:
    """A page's running title, its text and its running foot. A line that reaches the edge is text, however often it stands."""
    begin, end = 0, len(page)
    while begin < min(end, _DEEPEST) and page[begin] in heads and (full is None or width(page[begin]) < full):
        begin += 1
    while (
        end > max(begin, len(page) - _DEEPEST)
        and page[end - 1] in feet
        and (full is None or width(page[end - 1]) < full)
    ):
        end -= 1
    return page[:begin], page[begin:end], page[end:]


def _full_width(lines: list[str]) -> int | None:
    """From how many columns on a line of the page reaches its edge; None where no edge can be told."""
    if len(lines) < 3:
        return None
    widths = sorted(map(width, lines))
    edge = widths[int(len(widths) * 0.9)] if len(widths) >= 10 else widths[-2]
    return edge - 5 if edge > _NARROW else None  # a line ends early where a mark may not begin the next one


def _unfinished(line: str) -> bool:
    """Whether an opened bracket or title mark still waits for its other half."""
    return line.count("《") > line.count("》") or line.count("（") > line.count("）")


def _join(left: str, right: str) -> str:
    both_latin = left[-1].isascii() and right[0].isascii() and left[-1].isalnum() and right[0].isalnum()
    return f"{left} {right}" if both_latin else left + right
