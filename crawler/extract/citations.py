"""Other documents that a text refers to, and how: repeals, amends, forwards, implements, or simply cites."""

from __future__ import annotations

import re

from archive.model import Citation, Relation
from crawler.extract import numbers
from crawler.extract.text import compare_key

_TITLED = re.compile(
    r"《([^《》]{2,120})》(?:\s*[（(]([^（）()]{3,45}(?:[（(][^（）()]{4}[）)][^（）()]{2,8})?)[）)])?"
)
_SENTENCE_END = re.compile(r"[。；\n]")
_REPEALS = re.compile(r"废止|停止执行|不再执行|宣布失效|予以撤销")
_AMENDS_AFTER = re.compile(
    r"^[^。；]{0,20}(?:作如下修改|作出修改|修改如下|予以修改|修改为|修订为|进行修改|进行修订|作出如下修改)"
)
_AMENDS_BEFORE = re.compile(r"(?:修改|修订|修正)(?:了|后的)?\s*$")
_FORWARDS = re.compile(r"转发(?:了)?[^，。；《》]{0,40}$")
_FORWARDED = re.compile(r"^[^。；]{0,40}现(?:予|将其|将该[^，。；]{0,6})?转发")
_IMPLEMENTS = re.compile(r"(?:根据|按照|依据|依照|遵照|贯彻|落实|执行)[^。；]{0,80}$")
_STRENGTH = (Relation.REPEALS, Relation.AMENDS, Relation.FORWARDS, Relation.IMPLEMENTS, Relation.CITES)
_QUOTE = 30  # characters either side kept as evidence


def _relation(text: str, start: int, end: int) -> Relation:
    left = max(
        (m.end() for m in _SENTENCE_END.finditer(text, max(0, start - 200), start)),
        default=max(0, start - 200),
    )
    right_match = _SENTENCE_END.search(text, end)
    right = right_match.start() if right_match else len(text)
    before, after = text[left:start], text[end : min(right, end + 120)]
    if _REPEALS.search(after) or re.search(r"废止\s*$", before):
        return Relation.REPEALS
    if _AMENDS_AFTER.search(after) or _AMENDS_BEFORE.search(before):
        return Relation.AMENDS
    if _FORWARDS.search(before) or _FORWARDED.search(after):
        return Relation.FORWARDS
    if _IMPLEMENTS.search(before):
        return Relation.IMPLEMENTS
    return Relation.CITES


def find(text: str, *, own_number: str | None, own_title: str | None) -> tuple[Citation, ...]:
    """Citations of a body text in order of first appearance, each once with its strongest relation.

    The document's own number and title are none, nor are the 《titles》 inside its own title: what a
    notice prints (印发《…办法》) is its annex, unless its title says 转发, 修改 or 废止.
    """
    own_key = compare_key(own_title) if own_title else ""
    relational = bool(own_title and re.search(r"转发|修改|废止", own_title))
    found: dict[str, Citation] = {}
    taken: list[tuple[int, int]] = []
    for match in _TITLED.finditer(text):
        title, bracket = match.group(1), match.group(2)
        number = numbers.normalise(bracket) if bracket else None
        if number is None and bracket:
            hits = numbers.find(bracket)
            number = hits[0].number if hits else None
        key = compare_key(title)
        taken.append(match.span())
        if number is not None and number == own_number:
            continue
        # Another document of the same name has another number: the predecessor that this one repeals.
        if number is None and key and (key == own_key or (key in own_key and not relational)):
            continue
        _keep(found, text, match.span(), number, title)
    for hit in numbers.find(text):
        if hit.number == own_number or any(a <= hit.start < b for a, b in taken):
            continue
        _keep(found, text, (hit.start, hit.end), hit.number, None)
    return tuple(found.values())


def _keep(
    found: dict[str, Citation], text: str, span: tuple[int, int], number: str | None, title: str | None
) -> None:
    start, end = span
    relation = _relation(text, start, end)
    key = number or compare_key(title or "")
    known = found.get(key)
    if known and _STRENGTH.index(known.relation) <= _STRENGTH.index(relation):
        return
    quote = " ".join(text[max(0, start - _QUOTE) : end + _QUOTE].split())
    found[key] = Citation(
        relation=relation,
        document_number=number,
        title=title or (known.title if known else None),
        quote=quote,
    )
