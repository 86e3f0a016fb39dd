"""Values that stand above or under their labels, or in front of them, as in a grid of tiles: LJ-2031-12 over 索引号.

They are told by all of a block doing so: each label, without a colon, ends what its value begins.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.fields import FieldBook

_FEWEST = 2  # labels that tell which stands over which
_LONGEST_LABEL = 24
_COLONS = ":："
_OF_A_CARD = ("index_number", "document_number")


def turned(lines: Sequence[str], book: FieldBook) -> list[str] | None:
    """The lines with each label in front of its value, if each stands behind or under it; else None.

    Two lines to a pair, or one: ``LJ-2031-12 索引号``, of which the skeleton ends the label with a colon.
    """
    alternate = len(lines) % 2 == 0 and _are_pairs(list(zip(lines[::2], lines[1::2], strict=True)), book)
    pairs = list(zip(lines[::2], lines[1::2], strict=True)) if alternate else [_parted(ln) for ln in lines]
    if not alternate and not (_are_pairs(pairs, book) and _names_one(pairs, book)):
        return None
    return [piece for value, label in pairs for piece in (label, value)]


def of_table(rows: Sequence[Sequence[Sequence[str]]], book: FieldBook) -> list[tuple[str, str]]:
    """(label, value) of a table whose labels stand under their values, in rows of their own or in the cells, or over them in the
    cells; else none."""
    cells = [cell for row in rows for cell in row if cell]
    if cells and all(len(cell) == 2 for cell in cells):
        pairs = [(cell[0], cell[1]) for cell in cells]
        over = [(cell[1], cell[0]) for cell in cells]
        pairs = over if _are_pairs(over, book) and _names_one(over, book) else pairs
    elif len(rows) % 2 == 0 and all(len(a) == len(b) for a, b in zip(rows[::2], rows[1::2], strict=True)):
        pairs = [
            (" ".join(value), " ".join(label))
            for values, labels in zip(rows[::2], rows[1::2], strict=True)
            for value, label in zip(values, labels, strict=True)
            if label
        ]
    else:
        return []
    return [(label, value) for value, label in pairs if value] if _are_pairs(pairs, book) else []


def _are_pairs(pairs: Sequence[tuple[str, str]], book: FieldBook) -> bool:
    if len(pairs) < _FEWEST:
        return False
    return all(_is_label(label, book) and not _is_label(value, book) for value, label in pairs) and not any(
        label[-1] in _COLONS or book.first_label.match(value) for value, label in pairs
    )


def _is_label(text: str, book: FieldBook) -> bool:
    return 0 < len(text) <= _LONGEST_LABEL and book.field_of(text) is not None


def _names_one(pairs: Sequence[tuple[str, str]], book: FieldBook) -> bool:
    """Whether labels are those of a card: the line under a title may end in one too, 2031-03-05 来源： over 某社 字体：."""
    return any(book.field_of(label) in _OF_A_CARD for _, label in pairs)


def _parted(line: str) -> tuple[str, str]:
    value, _, label = line.rpartition(" ")
    return value, label.rstrip(_COLONS)
