"""The note in brackets under the title of a rule: who promulgated it, by which order, when, and from when it applies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.model import Place
from crawler.extract.values import numbers
from crawler.extract.values.headfoot import ITEM, is_organisation
from crawler.extract.work import Candidate

_HEAD = 8  # lines in which the note stands
_DATE = r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_ORDER = r"(?:令|公告)?\s*[（(]?\s*第\s*\d{1,4}\s*号\s*[）)]?\s*令?"
_BODY = r"(?P<body>[一-鿿 、]{2,60}?)"
_CODE = r"[〔\[［【]\s*(?:19|20)\d{2}\s*[〕\]］】]\s*第?\s*\d{1,4}\s*号"
_MADE = r"\s*(?:公布|发布|颁布|公告|印发)"
# （2019年4月3日某市人民政府令第9号公布 自2019年5月1日起施行）
_DAY_FIRST = re.compile(rf"[（(]\s*(?P<date>{_DATE})\s*[以经]?\s*{_BODY}\s*(?P<order>{_ORDER})?{_MADE}")
# （某市人民政府令第9号，2019年4月3日公布，自2019年5月1日起施行）
_ORDER_FIRST = re.compile(
    rf"[（(]\s*{_BODY}\s*(?P<order>{_ORDER})\s*[，,]?\s*(?:于\s*)?(?P<date>{_DATE}){_MADE}"
)
# （2019年4月3日某政规〔2019〕3号公布）, （2019年4月3日某市人民政府以某政规〔2019〕3号文件印发）
_CODE_LATER = re.compile(
    rf"[（(]\s*(?P<date>{_DATE})\s*以?\s*(?P<coded>[一-鿿A-Za-z 、]{{2,60}}?{_CODE})\s*(?:文件?)?{_MADE}"
)
# （某政规〔2019〕3号，2019年4月3日印发）
_CODE_FIRST = re.compile(
    rf"[（(]\s*(?P<coded>[一-鿿A-Za-z]{{2,16}}{_CODE})\s*[，,；;]?\s*(?:于\s*)?(?P<date>{_DATE}){_MADE}"
)
_STARTS = re.compile(rf"自\s*(?P<date>{_DATE})\s*起\s*(?:施行|实施|执行)")
_STARTS_THEN = re.compile(r"自\s*(?:公布|发布|颁布|公告|印发)\s*之\s*日\s*起\s*(?:施行|实施|执行)")
# （2031年6月1日市政府第50次常务会议通过 2031年6月10日…公布）: what passed it is not what promulgates it
_PASSED = re.compile(rf"^[（(]\s*{_DATE}[^，。；（）()]{{2,60}}(?:通过|审议)\s*[，,；;]?\s*(?={_DATE})")
_AMENDED = re.compile("修正|修订|修改|废止")


@dataclass(frozen=True, slots=True)
class Promulgation:
    """What a note says, as written. ``amended``: it names a later decision too."""

    body: str | None
    number: str | None
    date_line: str
    effective: str | None
    amended: bool


def read(lines: Sequence[str]) -> Promulgation | None:
    """The note among the first lines of a text, or None. It may run over several lines."""
    for index, line in enumerate(lines[:_HEAD]):
        if line[:1] not in "(（":
            if "。" in line or ITEM.match(line):
                return None
            continue
        note = line
        for more in lines[index + 1 : index + _HEAD]:
            if note[-1] in ")）" and note.count("（") + note.count("(") == note.count("）") + note.count(")"):
                break
            note += " " + more
        note = _PASSED.sub("（", note, count=1)
        found = _CODE_LATER.match(note) or _CODE_FIRST.match(note)
        if found is not None:
            body, number = _parted(found["coded"])
            if body and not is_organisation(body):
                continue  # 根据某政规〔2019〕3号: the number of another
        elif (found := _DAY_FIRST.match(note) or _ORDER_FIRST.match(note)) is not None:
            body = found["body"].strip()
            number = re.sub(r"\s+", "", body + found["order"]) if found["order"] else None
        else:
            continue
        rest = note[found.end() :]
        starts = _STARTS.search(rest)
        at_once = found["date"] if _STARTS_THEN.search(rest) else None
        return Promulgation(
            body if is_organisation(body) else None,
            number,
            found["date"],
            starts["date"] if starts else at_once,
            bool(_AMENDED.search(rest)),
        )
    return None


def _parted(coded: str) -> tuple[str, str | None]:
    """(office, number) of 某市人民政府以某政规〔2019〕3号."""
    numbered = numbers.find(coded)
    if not numbered:
        return "", None
    return coded[: numbered[0].start].strip().removesuffix("以").strip(), numbered[0].number


def candidates(note: Promulgation, place: Place) -> list[Candidate]:
    """The values of a note. Of a rule that was amended since, neither number nor day is told.

    Catalogues number an amended rule by the order that promulgated it, by the one that revised it last, or not at
    all: which of them the page does not say.
    """
    found = [Candidate("issuing_body", "", note.body, place)] if note.body else []
    if note.amended:
        return found
    if note.number and numbers.normalise(note.number):
        found.append(Candidate("document_number", "", note.number, place))
    found.append(Candidate("issued_on", "", note.date_line, place))
    if note.effective:
        found.append(Candidate("effective_on", "", note.effective, place))
    return found
