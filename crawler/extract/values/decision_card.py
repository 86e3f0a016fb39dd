"""What a text that is a card of one decision says of it: 行政处罚决定书文号, 作出处罚决定的机关名称, 作出处罚决定的日期.

Financial and market supervision, credit platforms and complaint boxes publish decisions and answers so. The card is the
text and stays in it; a table of several decisions names none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise, zip_longest

from archive.model import Place
from crawler.extract.fields import FieldBook
from crawler.extract.text import clean, label_key
from crawler.extract.values import dates
from crawler.extract.values.headfoot import is_number, is_organisation
from crawler.extract.work import Candidate

_MOST_LINES = 80  # of a card, its long reasons among them
_LONGEST_LABEL = 24
_LONGEST_VALUE = 60
_SHORTEST_TITLE = 4
_LONGEST_LINE = 160  # characters of a line of labels with colons; longer ones are prose


def candidates(lines: Sequence[str], told: Set[str], book: FieldBook) -> list[Candidate]:
    """Values of the fields that nothing else has ``told``, each where the text states it once, or the same each time."""
    found: dict[str, dict[str, Candidate]] = {}
    if told >= set(book.decision_labels.values()):  # an older file has no such labels
        return []
    firsts = {label[0] for label in book.decision_labels}
    for line, following in zip_longest(lines[:_MOST_LINES], lines[1:_MOST_LINES], fillvalue=""):
        for label, value in _pairs(line, firsts, book, following):
            field = book.decision_labels.get(label_key(label)) if len(label) <= _LONGEST_LABEL else None
            if field and field not in told and len(value) <= _LONGEST_VALUE and _fits(field, value):
                found.setdefault(field, {}).setdefault(value, Candidate(field, label, value, Place.BODY))
    return [value for values in found.values() if len(values) == 1 for value in values.values()]


def _pairs(line: str, firsts: Set[str], book: FieldBook, following: str) -> Iterator[tuple[str, str]]:
    """Cells of a row, each with the next; else 答复单位：某局答复时间：2031-05-06, or a label
    alone and the ``following`` line."""
    if label_key(line) in book.decision_labels:
        yield line, clean(following)
    elif "\t" in line:
        cells = filter(None, map(clean, line.split("\t")))  # a label may span columns
        yield from ((a, b) for a, b in pairwise(cells) if label_key(b) not in book.decision_labels)
    elif len(line) <= _LONGEST_LINE and (line[0] in firsts or line.count("：") + line.count(":") > 1):
        marks = list(book.decision_label.finditer(line))
        for mark, other in zip_longest(marks, marks[1:]):
            yield (
                mark["first"] or mark["label"],
                clean(line[mark.end() : other.start() if other else len(line)]),
            )


def _fits(field: str, value: str) -> bool:
    if field == "document_number":
        return is_number(value)
    if field == "issued_on":
        return _is_day(value)
    if field == "title":
        return len(value) >= _SHORTEST_TITLE and "。" not in value
    return is_organisation(value)


def _is_day(value: str) -> bool:
    """2031年3月12日, 2031-04-08 16:02"""
    found = dates.search(value)
    return found is not None and found[1] == 0 and not value[found[2] :].strip()
