"""Other documents that a text refers to, and how: repeals, amends, forwards, attaches, implements, or simply cites."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from archive.citations import same_number
from archive.model import Citation, Relation
from crawler.extract import numbers
from crawler.extract.listed import Row, rows, ruled
from crawler.extract.text import compare_key

_TITLED = re.compile(
    r"《((?:[^《》]|《[^《》]*》|〈[^〈〉]*〉){2,160})》(?:\s*[（(]((?:[^（()）]|[（(][^（()）]{1,8}[)）]){3,60})[)）])?"
)
# 《甲》（已被某发〔2020〕3号废止）, （根据某发〔2020〕3号修订）: a number in brackets that is another document's
_ANOTHERS = re.compile(r"[被由据见照按经与和]")
_SET_APART = re.compile(r"[ \u3000]{0,3}|[，,]")  # 《甲》 某发〔2020〕3号; 参见《甲》，某发〔2020〕3号。
_CLOSES = re.compile(r"[。；;）)\n]|$")
_JOINS = ("", " ", "文", "文件")  # 某发〔2020〕3号《甲》, 国务院令第11号文《乙》
_NEXT_CELL = re.compile(r"\t([^\t\n]{4,40})(?=[\t\n]|$)")
_SENTENCE_END = re.compile(r"[。；\n]")
# Not where what is repealed comes only behind it: 根据《甲》，决定废止以下文件：
_REPEALS = re.compile(
    r"(?:废止|停止执行|不再执行|停止施行|宣布失效|予以撤销|自行失效|自动失效)(?!了?(?:以下|下列|如下|《)|[^，。；、]{0,12}[：:]\s*$)"
)
_REPEALS_BEFORE = re.compile(r"(?:废止|宣布失效)(?:了|的)?[^，。；]{0,30}$")
# 不予废止, 未宣布失效; 可以修改, 制定或者修改, 由市住建局修订, 拟废止: no act of the document that says so
_NOT_BY_IT = re.compile(
    r"(?:不予?|不再|不宜|不应|不得|暂不|没有|未予|未被|尚未|并未|未|可以?|应当|应予|(?<![相对])应|必须|须|需要?|能够|有权|无权|拟|建议|提请|申请|要求"
    r"|请求|(?<!经)研究|适时|及时|抓紧|尽快|负责|组织|参与|配合|协助|推动|推进|加快|提出|程序|定期|逐步|启动|开展|禁止|严禁|擅自|自行|制定|制订|起草"
    r"|编制|拟订|拟定|任何[^，。；]{0,20}|由[^，。；日]{2,20})"
    r"(?:依法|被|予以|宣布|同时|进行)?(?:和|或者?|、|及|与|并)?(?P<of>对|将)?$"
)
_BREAKING = re.compile(r"(?:违反|违背|不符合|未按照?)[^，。；]{0,6}$")  # 违反《甲》的，予以撤销
# 《甲》第三条规定的合同予以撤销: the word is not said of the document
_REVOKED = re.compile(
    r"(?:等[^，。；]{1,16}|文件|同时|一并|现|均|依法|决定|[（(][^（()）]{0,40}[)）]|自[^，。；]{1,24}起|[，、])*$"
)
# Named in 《》, but no document of an office: 《章程》, 《买卖合同》
_OF_PARTIES = re.compile(r"(?:合同|协议书?)$|^.{0,4}章程$")
_AMENDS_AFTER = re.compile(
    r"^(?P<gap>[^。；]{0,20}?)(?:作如下修改|作出修改|修改如下|予以修改|修改为|修订为|进行修改|进行修订|作出如下修改|作以下修改|修订如下)"
)
_AMENDS_BEFORE = re.compile(r"(?:修改|修订|修正)(?:了|后的)?\s*$")
# （2023年1月2日公布 根据2025年3月4日《关于修改〈甲〉的决定》第一次修正）: what has changed the document, not its ground
_AMENDED_BY = re.compile(r"^\s*(?:第[一二三四五六七八九]次)?(?:修正|修订|修改)[。，、；）)\s]")
_FORWARDS = re.compile(r"(?:转发|批转)(?:了)?[^，。；《》]{0,40}$")
_FORWARDED = re.compile(r"^[^。；]{0,40}现(?:予|将其|将该[^，。；]{0,6})?(?:转发|批转)")
_NOW = re.compile(r"现将[^，。；《》]{0,20}$")  # 现将《甲》印发, 现将省政府《甲》转发
_FORWARDED_NOW = re.compile(r"^[^。；]{0,60}(?:转发|批转)")
_PRINTED_NOW = re.compile(r"^[^。；]{0,60}(?:印发|下发|发布|公布)")
_ATTACHES = re.compile(r"现(?:予(?:以)?)?(?:印发|发布|公布)(?:修订后的|新修订的)?\s*$")
_ATTACHED = re.compile(
    r"^[^。；]{0,80}(?:现(?:予(?:以)?)?(?:印发|发布|公布)|(?:印发|下发|(?<!转)发)给你们|予以(?:印发|发布|公布))"
)
# 根据《甲》《乙》（某发〔2020〕1号）、《丙》和《丁》: the words before the first, and nothing but more of the list since.
_LIST = r"(?:《[^《》]*》|[（(][^（()）]*[)）]|第[一二三四五六七八九十百零〇\d]{1,6}[条款项目]|[、及和与以或者]|，(?=《)|\s)*"
_IMPLEMENTS = re.compile(rf"(?:根据|按照|依据|依照|遵照|参照|贯彻|落实|执行)[^，。；：《》]{{0,40}}{_LIST}$")
# 《甲》第二条同时废止, 某发〔2020〕3号中有关标准的规定停止执行: the document itself stays in force
_ARTICLE = r"第[一二三四五六七八九十百零〇\d]{1,6}(?:条|款|项|章|节|点|部分)"
_PART = re.compile(rf"^(?:文件?)?(?:[中的]?{_ARTICLE}|附件|中(?:的|有关|关于|涉及|相关)|规定的)")
_MORE = re.compile(  # the rest of a list of titles
    r"(?:[、，和及与以 \u3000]{0,3}《(?:[^《》]|《[^《》]*》)*+》(?:\s?[（(](?:[^（()）]|[（(][^（()）]*[）)])*+[）)])?){0,40}+"
)
# Between it and the word another document stands, and a clause ends: 《甲》自1月1日起施行，《乙》同时废止
_CLAUSE = re.compile(
    rf"^(?:文件?)?(?:{_ARTICLE}|[（(][^（()）]*[）)]|[、和与及至])*+[^，、（(和与及][^，]*+，"
)
# （2003年8月8日某部令第87号公布: by which the text itself was made
_ITSELF = re.compile(r"^[（(]?\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_MADE = re.compile(r"\s*(?:公布|发布|颁布)")
_BROKEN = re.compile(r"(?<=[一-鿿])\s*\n\s*(?=[一-鿿])")
_BY = re.compile(r"[被由][^，。；《》]{0,6}$")  # 《甲》被《乙》废止, 已由某发〔2020〕3号修改
_STRENGTH = (
    Relation.REPEALS,
    Relation.AMENDS,
    Relation.FORWARDS,
    Relation.ATTACHES,
    Relation.IMPLEMENTS,
    Relation.CITES,
)
_MOST = 60  # numbers of one series
_INSIDE = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
_QUOTE = 30  # characters either side kept as evidence


def _filler(title: re.Match[str]) -> str:
    """Words of a title tell nothing of another document: 《关于废止部分规章的决定》."""
    return "《" + "一" * (len(title.group()) - 2) + "》"


def _clause(text: str, start: int) -> str:
    """What follows a place up to the end of the sentence, the words of titles blotted out."""
    stop = _SENTENCE_END.search(text, start, start + 120)
    return _INSIDE.sub(_filler, text[start : stop.start() if stop else start + 120])


def _relation(
    text: str, start: int, end: int, behind: int, following: int, listed: Relation | None = None
) -> Relation:
    """``behind``: where the list of titles ends in which it stands. ``following``: where the next document is named.

    ``listed``: what the heading of the list says (决定废止下列文件：).
    """
    left = max(
        (m.end() for m in _SENTENCE_END.finditer(text, max(0, start - 200), start)),
        default=max(0, start - 200),
    )
    before, after = _INSIDE.sub(_filler, text[left:start]), _clause(text, end)
    told = _clause(text, behind)
    if _IMPLEMENTS.search(
        before
    ):  # 根据《甲》，《乙》同时废止: what follows the lead-in's clause is of another
        after, told = after.partition("，")[0], told.partition("，")[0]
    by_another = bool(_BY.search(before))
    repeals = _REPEALS.search(told)
    if repeals and following < behind + repeals.start() and _CLAUSE.match(text[behind:following]):
        repeals, after = None, after[: following - behind]
    if repeals and not _is_said_of_it(before, told[: repeals.start()], repeals.group()):
        repeals = None
    if not by_another and (repeals or _done(_REPEALS_BEFORE.search(before))):
        # 废止《甲》，修改《乙》: what stands directly before decides
        partly = _done(_AMENDS_BEFORE.search(before)) or _PART.match(after)
        return Relation.AMENDS if partly else Relation.REPEALS
    now = _NOW.search(before)
    if now and _PRINTED_NOW.match(after) and re.search("(?:修订|修改)后的$", before):
        return Relation.ATTACHES  # 现将修订后的《甲》印发给你们
    changes = _AMENDS_AFTER.search(after)
    if changes and not _is_said_of_it(before, changes["gap"], ""):
        changes = None
    if not by_another and (changes or _done(_AMENDS_BEFORE.search(before))):
        return Relation.AMENDS
    if listed is not None and not _IMPLEMENTS.search(before):
        return listed
    if _FORWARDS.search(before) or _FORWARDED.match(after) or (now and _FORWARDED_NOW.match(after)):
        return Relation.FORWARDS
    if _IMPLEMENTS.search(before):
        if _AMENDED_BY.match(text[end : end + 12]):
            return Relation.CITES
        return Relation.IMPLEMENTS
    if _ATTACHES.search(before) or _ATTACHED.match(after) or (now and _PRINTED_NOW.match(after)):
        return Relation.ATTACHES
    return Relation.CITES


def _done(verb: re.Match[str] | None) -> bool:
    """Whether a verb before a title is the document's own act: 决定修改《甲》, not 可以修改《甲》."""
    return verb is not None and _NOT_BY_IT.search(verb.string[: verb.start()]) is None


def _is_said_of_it(before: str, between: str, verb: str) -> bool:
    """Whether a verb behind a title is said of it, and is the document's own act."""
    undone = _NOT_BY_IT.search(before)
    if _NOT_BY_IT.search(between) or (undone and undone["of"]):
        return False
    if between.startswith("的，") or _BREAKING.search(before):
        return False
    return not verb.endswith("撤销") or _REVOKED.match(between) is not None


def find(text: str, *, own_number: str | None, own_title: str | None) -> tuple[Citation, ...]:
    """Citations of a body text in order of first appearance, each once with its strongest relation.

    The document's own number and title are none, save that a title repealed is a predecessor of the same name.
    The 《titles》 inside its own title are named again and again in its text: they count only where it is said
    that they are printed (现将《…办法》印发给你们), unless the title says 转发, 修改 or 废止 of them.
    """
    own_key = compare_key(own_title) if own_title else ""
    relational = bool(own_title and re.search(r"转发|修改|废止", own_title))
    found: dict[str, Citation] = {}
    taken: list[tuple[int, int]] = []
    listed = ruled(text, own_title)
    ended = list(rows(text, listed, own_title))
    in_row = _inside(ended)
    hits = [hit for hit in numbers.find(text) if not in_row(hit.start)]
    titles = [match for match in _TITLED.finditer(text) if not in_row(match.start())]
    named = sorted({*(m.start() for m in titles), *(hit.start for hit in hits)})

    def relate(start: int, end: int, title: str = "") -> Relation:
        more = _MORE.match(text, end)
        behind = more.end() if more else end
        later = bisect_left(named, behind)
        following = named[later] if later < len(named) else len(text)
        relation = _relation(text, start, end, behind, following, listed(start))
        ends = relation in (Relation.REPEALS, Relation.AMENDS)
        return Relation.CITES if ends and _OF_PARTIES.search(title) else relation

    for match in titles:
        title = " ".join(_BROKEN.sub("", match.group(1)).split())
        own, (start, end) = _numbers_of(text, match, hits, taken[-1][1] if taken else 0)
        key = compare_key(title)
        taken.append((start, end))
        if own_number and any(same_number(number, own_number) for number in own):
            continue
        relation = relate(start, end, title)
        # Another document of the same name has another number, or is repealed: the predecessor.
        if not own and key and relation is not Relation.REPEALS:
            if key == own_key:
                continue
            if key in own_key and not relational and relation is not Relation.ATTACHES:
                continue
        for single in own or (None,):
            _keep(found, text, (start, end), single, title, relation)
    starts = [start for start, _ in taken]
    for hit in hits:
        titled = bisect_right(starts, hit.start)
        if titled and hit.start < taken[titled - 1][1]:
            continue
        if own_number and same_number(hit.number, own_number):
            continue
        line = text.rfind("\n", 0, hit.start) + 1
        if _MADE.match(text, hit.end) and _ITSELF.match(text[line : hit.start]):
            continue
        relation = relate(hit.start, hit.end)
        _keep(found, text, (hit.start, hit.end), hit.number, None, relation)
    _keep_rows(found, text, ended, own_number)
    return tuple(found.values())


def _inside(ended: Sequence[Row]) -> Callable[[int], bool]:
    begun = [row.start for row in ended]

    def inside(place: int) -> bool:
        row = bisect_right(begun, place)
        return row > 0 and place < ended[row - 1].end

    return inside


def _keep_rows(found: dict[str, Citation], text: str, ended: Sequence[Row], own_number: str | None) -> None:
    for row in ended:
        for single in numbers.series(row.number) if row.number else (None,):
            if not (own_number and single and same_number(single, own_number)):
                _keep(found, text, (row.start, row.end), single, row.title, Relation.REPEALS)


def _numbers_of(
    text: str, match: re.Match[str], hits: Sequence[numbers.Numbered], free: int
) -> tuple[list[str], tuple[int, int]]:
    """The numbers that a text gives a 《title》, and where both stand; what is before ``free`` is another title's."""
    start, end = match.span()
    bracket = match.group(2)
    number = numbers.normalise(bracket) if bracket else None
    if number:
        return numbers.series(number), (start, end)
    if inside := numbers.find(bracket or ""):
        if not _ANOTHERS.search(bracket[: inside[0].start]):
            gaps = (bracket[one.end : two.start] for one, two in pairwise(inside) if one.end != two.end)
            alone = all(re.fullmatch("[、和及与 ]+", gap) for gap in gaps)
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


def _keep(
    found: dict[str, Citation],
    text: str,
    span: tuple[int, int],
    number: str | None,
    title: str | None,
    relation: Relation,
) -> None:
    key = number or compare_key(title or "")
    known = found.get(key)
    if known and _STRENGTH.index(known.relation) <= _STRENGTH.index(relation):
        return
    start, end = span
    quote = " ".join(text[max(0, start - _QUOTE) : end + _QUOTE].split())
    found[key] = Citation(
        relation=relation,
        document_number=number,
        title=title or (known.title if known else None),
        quote=quote,
    )
