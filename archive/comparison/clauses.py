"""Numbered clauses that came, went, or got another number, and lines that moved. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.comparison.likeness import likeness
from archive.comparison.spellings import without_space
from archive.comparison.values import LABEL

_ALIKE = 0.5  # share of the pairs of characters that a clause and what it was edited to have in common
_MOST_PAIRS = 2_500  # of clauses whose likeness is looked at
_TELLING = 6  # characters: lines of fewer that are no rows of a table, such as cells one beneath the other, do not tell a move


@dataclass(frozen=True, slots=True)
class Clause:
    """A line with a number: 第三条 …, and what it says without white space."""

    label: str
    content: str


def clause_changes(old: str, new: str) -> tuple[list[str], list[str]]:
    """The numbers of the clauses that are only in ``new``, and of those that are only in ``old``.

    A clause is known by what it says: where the fifth of eight is struck out and the rest numbered anew, the fifth is
    gone, and not the eighth.
    """
    before, after = _unmatched(old, new)
    if len(before) * len(after) <= _MOST_PAIRS:
        _drop_edited(before, after)
    labels = {c.label for c in after} & {c.label for c in before}  # written anew under its number
    return (
        list(dict.fromkeys(c.label for c in after if c.label not in labels)),
        list(dict.fromkeys(c.label for c in before if c.label not in labels)),
    )


def only_moved(old: str, new: str) -> bool:
    """Whether both consist of the same lines or sentences, whatever their numbers, in another order."""
    for split in (str.splitlines, _sentences):
        lines = [[line for line in split(text) if line.strip()] for text in (old, new)]
        if len(lines[0]) != len(lines[1]) or not _same_but_for_order(*lines):
            continue
        before, after = (_bare(side) for side in lines)
        if before == after:
            continue
        first = next(n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b)
        last = next(n for n, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=True)) if a != b)
        moved, other = before[first : len(before) - last], after[first : len(after) - last]
        if all(len(m) >= _TELLING or "\t" in m for m in moved) and Counter(moved) == Counter(other):
            return True
    return False


def _same_but_for_order(before: list[str], after: list[str]) -> bool:
    """Whether both say the same in some order; lines that both have are not read for it."""
    old, new = Counter(before), Counter(after)
    return Counter(_bare((old - new).elements())) == Counter(_bare((new - old).elements()))


def same_but_for_columns(old: str, new: str) -> bool:
    """Whether all rows of all tables hold the same values, and each has another number of cells: an empty column came or went."""
    before, after = (
        [line.rstrip().split("\t") for line in text.splitlines() if "\t" in line.rstrip()]
        for text in (old, new)
    )
    return len(before) == len(after) > 1 and all(
        len(a) != len(b) and [*filter(str.strip, a)] == [*filter(str.strip, b)]
        for a, b in zip(before, after, strict=True)
    )


def _sentences(text: str) -> list[str]:
    return [s + "。" for line in text.splitlines() for s in line.rstrip("。").split("。")]


def _bare(lines: Iterable[str]) -> list[str]:
    return ["\t".join(map(without_space, _unnumbered(line).split("\t"))) for line in lines if line.strip()]


def _unnumbered(line: str) -> str:
    match = LABEL.match(line)
    return line[match.end() :] if match is not None else line


def _clauses(text: str) -> list[Clause]:
    found = []
    for line in text.splitlines():
        if (match := LABEL.match(line)) is not None:
            found.append(Clause(without_space(match.group()), *_bare([line])))
    return found


def _unmatched(old: str, new: str) -> tuple[list[Clause], list[Clause]]:
    """The clauses of either side that say what no line of the other side says."""
    left, right = Counter(_bare(new.splitlines())), Counter(_bare(old.splitlines()))
    return [c for c in _clauses(old) if not _take(left, c)], [c for c in _clauses(new) if not _take(right, c)]


def _take(counted: Counter[str], clause: Clause) -> bool:
    if counted[clause.content] <= 0:
        return False
    counted[clause.content] -= 1
    return True


def _drop_edited(before: list[Clause], after: list[Clause]) -> None:
    """Take out the pairs of which one was edited to the other: the likest first, of like ones those of one number."""
    pairs = sorted(
        ((likeness(a.content, b.content), a.label == b.label, m, n) for m, a in enumerate(before) for n, b in enumerate(after)),
        reverse=True,
    )  # fmt: skip
    gone_before: set[int] = set()
    gone_after: set[int] = set()
    for alike, _, m, n in pairs:
        if alike < _ALIKE:
            break
        if m not in gone_before and n not in gone_after:
            gone_before.add(m)
            gone_after.add(n)
    before[:] = [c for n, c in enumerate(before) if n not in gone_before]
    after[:] = [c for n, c in enumerate(after) if n not in gone_after]
