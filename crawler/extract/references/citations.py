"""Other documents that a text refers to, and how: repeals, amends, forwards, attaches, implements, or simply cites."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from archive.citations import same_number
from archive.model import Citation, Relation
from crawler.extract.references import relations
from crawler.extract.references.broken_lines import joined_lines
from crawler.extract.references.cited_names import is_document, is_licence, short_names
from crawler.extract.references.cited_rows import rows
from crawler.extract.references.listed_documents import only_speaks, ruled
from crawler.extract.text import compare_key
from crawler.extract.values import numbers

_TITLED = re.compile(
    r"《((?:[^《》]|《[^《》]*》|〈[^〈〉]*〉){2,160})》(?:\s*[（(]((?:[^（()）]|[（(][^（()）]{1,8}[)）]){3,60})[)）])?"
)
# 《甲》（已被某发〔2020〕3号废止）, （根据某发〔2020〕3号修订）: a number in brackets that is another document's
_ANOTHERS = re.compile(r"[被由据见照按经与和]")
_SET_APART = re.compile(r"[ \u3000]{0,3}|[，,]")  # 《甲》 某发〔2020〕3号; 参见《甲》，某发〔2020〕3号。
_CLOSES = re.compile(r"[。；;）)\n]|$")
# 某发〔2020〕3号《甲》, 国务院令第11号文《乙》, 第79号令公布的《丙》
_JOINS = ("", " ", "文", "文件", "公布的", "发布的", "印发的", "颁布的")
_NEXT_CELL = re.compile(r"\t([^\t\n]{4,40})(?=[\t\n]|$)")
# Named in 《》, but no document of an office: 《章程》, 《买卖合同》
_OF_PARTIES = re.compile(r"(?:合同|协议书?|证书?|执照|(?:招标|投标|采购|谈判|磋商|询价)文件)$|^.{0,4}章程$")
# （2003年8月8日某部令第87号公布: by which the text itself was made
_ITSELF = re.compile(
    r"^[（(]?\s*(?:\d[^。；]{4,80}(?:通过|批准)[\s，,；;]*)?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$"
)
_MADE = re.compile(r"\s*(?:公布|发布|颁布)")
_PROPOSED = re.compile("(?:提案|建议|议案)$")  # 《关于…的提案》（第156号）
_BROKEN = re.compile(r"(?<=[一-鿿])\s*\n\s*(?=[一-鿿])")
_STRENGTH = (
    Relation.REPEALS,
    Relation.AMENDS,
    Relation.FORWARDS,
    Relation.ATTACHES,
    Relation.IMPLEMENTS,
    Relation.CITES,
)
_WEAK = (Relation.IMPLEMENTS, Relation.CITES)
# Titles that say what the document does to others, and those of documents that print another
_OF_OTHERS = re.compile(r"转发|批转|修改|修订|废止|失效|补充|更正|调整")
_PRINTS = re.compile(r"印发|发布|公布|颁布|颁发|下发|下达|令[（(\d第]|公告|通告")
# 关于废止《甲》的决定, 关于停止执行某发〔2020〕3号文件的通知: behind what a title does to others, the kind of the document
_KIND_BEHIND = re.compile(r"(?<=[》号件文款）)])的(?:决定|通知|公告|通告)$")
_ACTS = (Relation.REPEALS, Relation.AMENDS, Relation.FORWARDS)
_SUFFIX = re.compile(r"\s*[（(][^（()）]{2,20}[）)]$")  # 某办法（2031年修订）
_MOST = 60  # numbers of one series
_QUOTE = 30  # characters either side kept as evidence


def find(text: str, *, own_number: str | None, own_title: str | None) -> tuple[Citation, ...]:
    """Citations of a body text in order of first appearance, each once with its strongest relation.

    The document's own number and title are none, save that a title repealed is a predecessor of the same name.
    What a notice prints (关于印发《甲办法》的通知) is named again and again in its text: it counts only where it is said
    that it is printed (现将《甲办法》印发给你们). A short name
    (以下简称《条例》) is the document that it was given to.
    """
    found = _Found(joined_lines(text), own_number, own_title)
    found.read_titles()
    found.read_numbers()
    found.read_rows()
    return tuple(found.joined().values())


def with_title(
    cited: tuple[Citation, ...], own_title: str | None, *, own_number: str | None
) -> tuple[Citation, ...]:
    """A text's citations, and what the document's title alone repeals, amends or forwards: 关于废止《甲》的决定, 决定废止该文件.

    What the text does so, it does to what the title means, however it names it; what it merely cites, the title does it to.
    """
    head = _KIND_BEHIND.sub("", own_title or "")
    told = {Relation.FORWARDS if one.relation is Relation.ATTACHES else one.relation for one in cited}
    found = list(cited)
    for act in find(head, own_number=own_number, own_title=own_title) if head else ():
        if act.relation not in _ACTS or act.relation in told:
            continue
        same = [place for place, one in enumerate(found) if _is_same(act, one)]
        if same:
            found[same[0]] = replace(found[same[0]], relation=act.relation)
        else:
            found.insert(len(found) - len(cited), act)
    return tuple(found)


def _is_same(one: Citation, other: Citation) -> bool:
    if one.document_number and other.document_number:
        return same_number(one.document_number, other.document_number)
    return bool(one.title and other.title) and compare_key(one.title or "") == compare_key(other.title or "")


class _Found:
    """The citations of a text as they are found."""

    def __init__(self, text: str, own_number: str | None, own_title: str | None) -> None:
        self.kept: dict[str, Citation] = {}
        self._text, self._own_number = text, own_number
        self._own_key = compare_key(own_title) if own_title else ""
        head = _SUFFIX.sub("", own_title or "")
        self._own_head = compare_key(head)
        self._of_others = bool(_OF_OTHERS.search(head))
        self._prints = bool(own_title and _PRINTS.search(own_title)) and not self._of_others
        self._speaks = only_speaks(own_title)
        self._listed = ruled(text, own_title)
        self._rows = list(rows(text, self._listed, own_title))
        in_row = _inside([(row.start, row.end) for row in self._rows])
        self._beside_row = _inside([row.line for row in self._rows])
        self._hits = [hit for hit in numbers.find(text) if not in_row(hit.start)]
        self._titles = [match for match in _TITLED.finditer(text) if not in_row(match.start())]
        self._named = sorted({*(m.start() for m in self._titles), *(hit.start for hit in self._hits)})
        self._blotted = relations.Blotted(text, [(hit.start, hit.end) for hit in self._hits])
        self._taken: list[tuple[int, int]] = []  # what titles and their numbers take up

    def _relate(self, start: int, end: int, title: str = "") -> Relation:
        later = bisect_left(self._named, self._blotted.list_end(end))
        following = self._named[later] if later < len(self._named) else len(self._text)
        told = None if self._beside_row(start) else self._listed(start)
        relation = self._blotted.relation(start, end, following, told)
        ends = relation in (Relation.REPEALS, Relation.AMENDS)
        return Relation.CITES if ends and (self._speaks or _OF_PARTIES.search(title)) else relation

    def read_titles(self) -> None:
        """Documents named in 《》, with the numbers behind them."""
        short = short_names(self._text, self._titles)
        known: dict[int, tuple[str, list[str]]] = {}
        for match in self._titles:
            title = " ".join(_BROKEN.sub("", match.group(1)).split())
            own, span = _numbers_of(self._text, match, self._hits, self._taken[-1][1] if self._taken else 0)
            self._taken.append(span)
            if not own and (number := numbers.own_line(title)):  # 《某发〔2020〕3号》
                title, own = "", numbers.series(number)
            known[match.start()] = title, own
            if self._own_number and any(same_number(number, self._own_number) for number in own):
                continue
            relation = self._relate(*span, title)
            if relation in _WEAK and is_licence(title):
                continue
            key = compare_key(title)
            if not own and key in short:
                meant = short[key]
                if meant is None or relation is Relation.CITES:
                    continue
                title, own = known[meant.start()]
                key = compare_key(title)
            if not own and (self._is_own(key, relation) or (relation in _WEAK and not is_document(title))):
                continue
            for single in own or (None,):
                self._keep(span, single, title or None, relation)

    def _is_own(self, key: str, relation: Relation) -> bool:
        """Whether a title without a number is the document's own, or that of what it prints: 关于印发《甲》的通知.

        Another document of the same name has another number, or is repealed: the predecessor. A title that the document's
        own names otherwise is another's: 《甲》实施细则, 《甲》解读, 关于转发《甲》的通知.
        """
        if not key or relation is Relation.REPEALS:
            return False
        if key == self._own_key:
            return True
        inside = key in self._own_key and relation is not Relation.ATTACHES
        return inside and (self._prints or self._ends_own(key))

    def _ends_own(self, key: str) -> bool:
        """Whether the document's own title is an order's with its rule's (某令第9号 某办法), or a rule's with a remark."""
        if self._of_others or self._speaks:
            return False
        return self._own_key.endswith(key) or self._own_head.endswith(key)

    def read_numbers(self) -> None:
        """Documents named by a number alone."""
        starts = [start for start, _ in self._taken]
        for hit in self._hits:
            titled = bisect_right(starts, hit.start)
            if titled and hit.start < self._taken[titled - 1][1]:
                continue
            if self._own_number and same_number(hit.number, self._own_number):
                continue
            line = self._text.rfind("\n", 0, hit.start) + 1
            if _MADE.match(self._text, hit.end) and _ITSELF.match(self._text[line : hit.start]):
                continue
            if self._is_own_line(line):
                continue
            self._keep((hit.start, hit.end), hit.number, None, self._relate(hit.start, hit.end))

    def _is_own_line(self, start: int) -> bool:
        """Whether a line is the document's own number, though a space within it cuts it: 临税一稽 税通〔2031〕16号."""
        stop = self._text.find("\n", start)
        line = self._text[start : stop if stop >= 0 else len(self._text)]
        shown = numbers.own_line(line) if self._own_number else None
        return bool(shown and self._own_number and same_number(shown, self._own_number))

    def read_rows(self) -> None:
        """Documents that rows of a table name."""
        for row in self._rows:
            for single in row.numbers or (None,):
                if not (self._own_number and single and same_number(single, self._own_number)):
                    self._keep((row.start, row.end), single, row.title, row.relation)

    def joined(self) -> dict[str, Citation]:
        """A document named once with its number and elsewhere by its title alone is one citation.

        What is printed, or ended beside a mention without a number, may be its successor or its predecessor.
        """
        numbered: dict[str, list[str]] = {}
        for key, one in self.kept.items():
            if one.document_number and one.title:
                numbered.setdefault(compare_key(one.title), []).append(key)
        joined = dict(self.kept)
        for key, one in self.kept.items():
            same = numbered.get(key, []) if one.document_number is None else []
            if len(same) != 1:
                continue
            full = joined[same[0]]
            # 关于废止《甲》的决定
            same_act = one.relation is full.relation or (self._of_others and key in self._own_key)
            if same_act or (
                full.relation in _WEAK and one.relation not in (Relation.ATTACHES, Relation.FORWARDS)
            ):
                strongest = min(full.relation, one.relation, key=_STRENGTH.index)
                joined[same[0]] = replace(full, relation=strongest)
                del joined[key]
        return joined

    def _keep(self, span: tuple[int, int], number: str | None, title: str | None, relation: Relation) -> None:
        key = number or compare_key(title or "")
        known = self.kept.get(key)
        if known and _STRENGTH.index(known.relation) <= _STRENGTH.index(relation):
            return
        start, end = span
        quote = " ".join(self._text[max(0, start - _QUOTE) : end + _QUOTE].split())
        self.kept[key] = Citation(
            relation=relation,
            document_number=number,
            title=title or (known.title if known else None),
            quote=quote,
        )


def _inside(spans: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    begun = [start for start, _ in spans]

    def inside(place: int) -> bool:
        span = bisect_right(begun, place)
        return span > 0 and place < spans[span - 1][1]

    return inside


def _numbers_of(
    text: str, match: re.Match[str], hits: Sequence[numbers.Numbered], free: int
) -> tuple[list[str], tuple[int, int]]:
    """The numbers that a text gives a 《title》, and where both stand; what is before ``free`` is another title's."""
    start, end = match.span()
    bracket = match.group(2)
    if bracket and _PROPOSED.search(match.group(1)) and re.fullmatch(r"第\s*\d+\s*号", bracket):
        return [], (start, end)
    number = numbers.normalise(bracket) if bracket else None
    if number:
        return numbers.series(number) if numbers.of_document(number) else [], (start, end)
    if inside := numbers.find(bracket or ""):
        if not _ANOTHERS.search(bracket[: inside[0].start]):
            gaps = (bracket[one.end : two.start] for one, two in pairwise(inside) if one.end != two.end)
            alone = all(re.fullmatch("[、和及与；;/／ ]+", gap) for gap in gaps)
            own = [hit.number for hit in inside if hit.end == inside[0].end or alone]
            return own, (start, end)
        return [], (start, match.end(1) + 1)
    cell = None if bracket else _NEXT_CELL.match(text, end)
    if cell and (number := numbers.own_line(cell[1])):  # a row: 1⇥《甲》⇥某发〔2020〕3号
        return numbers.series(number), (start, cell.end())
    place = bisect_left(hits, start, key=lambda hit: hit.start)
    before = hits[place - 1] if place else None
    if before and before.start >= free and text[before.end : start] in _JOINS:
        return [hit.number for hit in hits[max(0, place - _MOST) : place] if hit.end == before.end], (
            before.start,
            end,
        )
    behind = next((hit for hit in hits[place : place + 2] if hit.start >= end), None)
    gap = text[end : behind.start] if behind and not bracket else None
    if (
        behind
        and gap is not None
        and _SET_APART.fullmatch(gap)
        and (gap not in ("，", ",") or _CLOSES.match(text, behind.end))
    ):
        following = hits[place : place + _MOST]
        return [hit.number for hit in following if hit.end == behind.end], (start, behind.end)
    return [], (start, end)
