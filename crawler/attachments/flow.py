"""Lines of a laid-out page as paragraphs: a line break that the page's edge made is none of the text's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from crawler.extract.text import clean

_PAGE_NUMBER = re.compile(r"^[-—–－_·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－_·\s]*$")  # fmt: skip
_ENDS = "。；：！？!?;:」』"
_BEGINS = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]{1,6}[章节条款编]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,3}[.、．](?!\d)|附件|[①-⑳●■◆·•])"
)
_NARROW = 36  # columns; what is narrower at its widest is a table, a list or a heading, and no line of it was wrapped


def width(line: str) -> int:
    """Columns a line takes: a Han character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def without_page_numbers(lines: list[str]) -> list[str]:
    """The lines of one page without the number at its head or foot: ``— 3 —``, ``第3页/共5页``."""
    if lines and _PAGE_NUMBER.match(lines[-1]):
        lines = lines[:-1]
    if lines and _PAGE_NUMBER.match(lines[0]):
        lines = lines[1:]
    return lines


def paragraphs(pages: Iterable[list[str]]) -> Iterator[str]:
    """Lines of pages joined to paragraphs, across page ends too. Pure; keeps every character but page numbers."""
    held: str | None = None
    for page in pages:
        lines = without_page_numbers([line for line in map(clean, page) if line])
        full = _full_width(lines)
        open_end = False
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
    if held is not None:
        yield held


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
