"""What reaches a person's terminal: no control characters, JSON as JSON, Shanghai time."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import click

from archive.model import SHANGHAI
from archive.times import parse

_LARGEST = 2**31 - 1  # that a command line may give: SQLite takes none larger than 2**63


class WholeNumber(click.IntRange):
    """A number within bounds, the upper one only said where it means something."""

    name = "whole number"

    def __init__(self, least: int, most: int | None = None) -> None:
        super().__init__(min=least, max=most)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return "N" if isinstance(param, click.Option) else None

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number > _LARGEST:
            self.fail(f"{number} is not in the range {self.min}<=x<={_LARGEST}.", param, ctx)
        return number


COUNT = WholeNumber(1)


class NewPath(click.Path):
    """A file or directory to be written. ``-`` is refused: a name to click, standard output to whoever types it."""

    def __init__(self, **how: bool) -> None:
        super().__init__(path_type=Path, **how)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "-":
            what = "standard output is not written to; give a file or directory, ./- for one of that name"
            self.fail(f"- is no name here: {what}", param, ctx)
        return super().convert(value, param, ctx)


# Bidirectional overrides and isolates can make a terminal show another text than the one stored.
_FORMAT_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def clean(text: str, *, keep_newlines: bool = False) -> str:
    """``text`` with control and bidirectional characters made visible, so that a page cannot drive a terminal."""
    if text.isprintable():
        return text
    return "".join(_visible(char, keep_newlines) for char in text)


def _visible(char: str, keep_newlines: bool) -> str:
    if char in "\n\t":
        return char if keep_newlines else " "
    if char in _FORMAT_CHARACTERS or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
        return f"<U+{ord(char):04X}>"
    return char


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Lines in which the cells of each column begin at the same place, whatever their script; cells are cleaned."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return [
        gap.join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def counted(number: int, what: str) -> str:
    """``1 message``, ``1,200 messages``: a number of things whose plural ends in s."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def shanghai(instant: datetime) -> str:
    """An instant as people in the offices read it: 2026-03-01 08:00 (Asia/Shanghai)."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


TIMES = "Times: Asia/Shanghai 北京时间 (UTC+8)"  # stands once, above what shows some


def shanghai_or(text: str | None, otherwise: str) -> str:
    """A stored instant as :func:`shanghai` shows it, or ``otherwise`` where there is none."""
    return otherwise if text is None else shanghai(parse(text))


def jsonable(value: Any) -> Any:
    """Dataclasses, enums, dates and instants as plain JSON values; instants in UTC with Z."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: jsonable(item) for key, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def print_json(value: Any) -> None:
    """One JSON document on standard output, in ASCII where that is not UTF-8."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    text = json.dumps(jsonable(value), ensure_ascii=encoding not in ("utf8", "ascii"), indent=2)
    # A lone surrogate from a broken page cannot be written as UTF-8; escape just those.
    click.echo(text.encode("utf-8", "backslashreplace").decode())


class Steps:
    """Progress of long work on standard error: a bar on a terminal; elsewhere a plain line for a step, of work that takes long.

    What is done in seconds says nothing there: cron mails every line.
    """

    _WIDTH = 30
    _LONG = 10.0  # seconds

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._terminal = sys.stderr.isatty()
        self._label = ""
        self._clock, self._told_at = clock, clock()

    def __call__(self, label: str, done: int, total: int) -> None:
        """``done`` of ``total`` rows of the step called ``label``; a total of 0 is not known."""
        if self._terminal:
            share = min(done / total, 1.0) if total else 0.0
            bar = "#" * int(share * self._WIDTH)
            count = f"[{bar:<{self._WIDTH}}] {done:,}/{total:,}" if total else "…"
            click.echo(f"\r\x1b[K{label}  {count}", nl=False, err=True)
        elif label != self._label and self._clock() - self._told_at >= self._LONG:
            click.echo(label, err=True)
            self._told_at = self._clock()
        self._label = label

    def end(self) -> None:
        """Clear the bar."""
        if self._terminal and self._label:
            click.echo("\r\x1b[K", nl=False, err=True)
