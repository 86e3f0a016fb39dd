"""Rows of a table as lines: cells that span columns or rows leave empty ones behind, so that each keeps its column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_MOST_COLUMNS = 1000  # that a cell may span (HTML 4.9.11)
_MOST_ROWS = 65_534
_MOST_EMPTY = 100_000  # places of one table that its spans may take; beyond it, they are left out


class Cell(NamedTuple):
    """What a cell says, and how many columns and rows it takes; ``rows`` 0: all that are left."""

    text: str
    columns: int = 1
    rows: int = 1


def span(said: str | None, *, least: int = 1) -> int:
    """What an attribute says of a span; 1 where it says nothing that counts."""
    if said is None:
        return 1
    digits = said.strip()[:6]
    return max(int(digits), least) if digits.isascii() and digits.isdecimal() else 1


def lines_of(rows: Iterable[Sequence[Cell]]) -> list[str]:
    """Each row with tabs between its cells, empty ones at its end left out.

    Columns in which no cell begins are none: programs lay grids out that no reader sees.
    """
    plain = [list(row) for row in rows]
    if not any(cell.columns != 1 or cell.rows != 1 for row in plain for cell in row):
        return ["\t".join(cell.text for cell in row).rstrip("\t") for row in plain]
    placed = _placed(plain)
    if placed is None:
        return lines_of([Cell(cell.text) for cell in row] for row in plain)
    columns = {column: n for n, column in enumerate(sorted({c for row in placed for c, text in row}))}
    lines: list[str] = []
    empty = 0
    for row in placed:
        line, at = "", 0
        for column, text in row:
            if text:
                line += "\t" * (columns[column] - at) + text
                at = columns[column]
        empty += at
        if empty > _MOST_EMPTY:
            return lines_of([Cell(cell.text) for cell in row] for row in plain)
        lines.append(line)
    return lines


def _placed(rows: list[list[Cell]]) -> list[list[tuple[int, str]]] | None:
    """The column at which each cell of each row begins; None where their spans take too many places."""
    taken: dict[int, int] = {}  # column → rows beneath that a cell above reaches into
    placed: list[list[tuple[int, str]]] = []
    places = 0
    for row in rows:
        at, beneath = 0, {column: left - 1 for column, left in taken.items() if left > 1}
        places += len(taken)
        begun: list[tuple[int, str]] = []
        for cell in row:
            while at in taken:
                at += 1
            begun.append((at, cell.text))
            width = min(cell.columns, _MOST_COLUMNS)
            if cell.rows != 1:
                places += width
                reach = cell.rows - 1 if cell.rows else _MOST_ROWS
                beneath.update(dict.fromkeys(range(at, at + width), reach))
            at += width
            if places > _MOST_EMPTY:
                return None
        placed.append(begun)
        taken = beneath
    return placed
