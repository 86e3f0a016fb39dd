"""Fields of word processors: what they show, and which of them show something else at every opening."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# Their results change with the day, the printer or the program: no words of the document. ECMA-376 17.16.5.
_VOLATILE = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "DATE", "TIME", "PRINTDATE", "SAVEDATE", "EDITTIME", "REVNUM",
     "FILENAME", "FILESIZE", "NUMWORDS", "NUMCHARS", "LASTSAVEDBY"}
)  # fmt: skip
_NAME = re.compile(r"\s*\\?([A-Za-z]+)")
_SWITCH = re.compile(r"\\\*\s*\w+|\\[A-Za-z]{1,2}\s*\d*|\\")
_QUOTED = re.compile(r'"[^"]*"')
_ARGUMENT = re.compile(r"[^(),;\s]+")
_RINGS = "○□△◇〇◯"
# 第 页 共 页, Page of, - -: what is left of a page's foot without its numbers.
_NO_WORDS = re.compile(r"(?:[\W_]|第|页|共|总|Page|of|\d{1,4})*", re.IGNORECASE)


Data = TypeVar("Data")


@dataclass(slots=True)
class _Open(Generic[Data]):
    data: Data | None
    instruction: list[str] = field(default_factory=list)
    begun: bool = False  # its result
    muted: bool = False


class Fields(Generic[Data]):
    """The fields that have begun and not ended at a place of a text. ``data`` is what a format keeps beside a field."""

    def __init__(self) -> None:
        self._open: list[_Open[Data]] = []

    def begin(self, data: Data | None = None) -> None:
        """A field begins with its instruction."""
        self._open.append(_Open(data))

    def separate(self) -> None:
        """The instruction of the innermost field ends, its result begins."""
        if self._open:
            self._open[-1].begun = True
            self._open[-1].muted = is_volatile("".join(self._open[-1].instruction))

    def end(self) -> tuple[str, Data | None]:
        """The innermost field ends: what its instruction shows where it has no result, and its data."""
        if not self._open:
            return "", None
        ended = self._open.pop()
        return ("" if ended.begun else shown_by("".join(ended.instruction))), ended.data

    def passes(self, text: str) -> bool:
        """Whether text at this place is shown; where it is none, it belongs to an instruction or to a muted result."""
        for one in reversed(self._open):
            if not one.begun:
                one.instruction.append(text)
                return False
        return not any(one.muted for one in self._open)


def is_volatile(instruction: str) -> bool:
    """Whether a field's result is none of the text: page numbers, and dates and names that change when a file is opened."""
    found = _NAME.match(instruction)
    return found is not None and found[1].upper() in _VOLATILE


def shown_by(instruction: str) -> str:
    """The text that stands in a field's instruction itself: ``eq \\o\\ac(○,密)`` shows 密 in a ring."""
    found = _NAME.match(instruction)
    if found is None or found[1].upper() != "EQ":
        return ""
    _, bracket, rest = _QUOTED.sub("", instruction).partition("(")
    words = _ARGUMENT.findall(_SWITCH.sub(" ", rest)) if bracket else []
    return "".join(word for word in words if word not in _RINGS)


def has_words(line: str) -> bool:
    """Whether a line of a page's head or foot says anything beside a page number."""
    return _NO_WORDS.fullmatch(line) is None
