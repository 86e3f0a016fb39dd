"""What a document's own head, foot, title and files say of it, as candidates."""

from __future__ import annotations

import re
from itertools import takewhile

from archive.model import Place, Problem, Severity
from crawler.extract.heading.headlines import source_behind
from crawler.extract.heading.lone_values import day_online
from crawler.extract.text import clean, compare_key, label_key
from crawler.extract.values import decision_card, headfoot, numbers, promulgation
from crawler.extract.values.issuers import is_called, named_in
from crawler.extract.work import Candidate, Work

_ANNEX = re.compile(r"附(?:件|录|表)?\s*[\d一二三四五六七八九十]{0,2}\s*(?:[:：]|$)")
_OF_TEXT = ("。", "：", ":")  # what a line of a text ends in, and no title
_ENDS = 8  # lines at either end of a text in which it says how it is disclosed


def add_own(work: Work) -> str | None:
    """Candidates from the document's own head and foot. Returns its own number, if its head or a note there shows one."""
    shown = headfoot.own_number(work.lines)
    own_title = _own_title(work)
    if shown and (head := _order_in_title(work, shown)):
        work.candidates.append(Candidate("document_number", "", f"{head[0]}{head[1]} {shown}", Place.BODY))
        work.candidates.append(Candidate("issuing_body", "", head[0], Place.BODY))
    elif shown:
        work.candidates.append(Candidate("document_number", "", shown, Place.BODY))
    if own_title:
        work.candidates.append(Candidate("title", "", own_title, Place.BODY))
    for candidate in list(work.candidates):
        if candidate.field == "title":
            bracketed = numbers.in_title(clean(candidate.raw))
            if bracketed:
                work.candidates.append(Candidate("document_number", "title", bracketed, Place.HEADING))
                break
    if number := _on_its_own_file(work) or headfoot.number_beneath(work.lines):
        work.candidates.append(Candidate("document_number", "", number, Place.BODY))
    noted = _add_promulgation(work)
    _add_disclosure_type(work)
    signed = headfoot.signature(work.lines)
    of_annex = signed is not None and _is_of_annex(work, signed)
    if signed and not of_annex:
        if signed.bodies:
            work.candidates.append(Candidate("issuing_body", "", "、".join(signed.bodies), Place.BODY))
        if signed.date_line:
            work.candidates.append(Candidate("issued_on", "", signed.date_line, Place.BODY))
        work.candidates += day_online(work.candidates, signed.moment)
    if not (of_annex or (signed and signed.date_line)) and (line := headfoot.misdated(work.lines)):
        work.candidates.append(Candidate("issued_on", "", line, Place.BODY))
    told = {c.field for c in work.candidates if c.place is not Place.LIST}
    work.candidates.extend(source_behind(work.lines, told))
    work.candidates.extend(decision_card.candidates(work.lines, told, work.book))
    if not (signed and signed.bodies):
        _add_giver(work)
    return numbers.own_line(shown) if shown else noted


def _is_of_annex(work: Work, signed: headfoot.Signature) -> bool:
    """Whether the first signature of a text is that of what it forwards or of an annex: behind the head of another document (附：
    会议纪要, 临江市防汛预案), of another office than those that the title names, or where it names none, than one that signs farther
    behind. Says so where nothing else tells who issued this one."""
    titles = [clean(c.raw) for c in work.candidates if c.field == "title"]
    named = [office for title in titles for office in named_in(title)]
    labelled = [c.raw for c in work.candidates if c.field == "issuing_body"]
    known = [*named, *labelled]
    if not signed.bodies or any(is_called(body, o) for body in signed.bodies for o in known):
        return False
    over = list(takewhile(lambda line: (signed.date_line or "") not in line, work.lines))
    # Before the text begins, lines are the document's own title.
    begun = next((i for i, line in enumerate(over) if line.endswith(_OF_TEXT)), len(over))
    heads = [
        i for i, line in enumerate(over) if i > begun and (_ANNEX.match(line) or headfoot.is_title(line))
    ]
    if not named:  # 附件：某方案 may be the list in front of the own signature
        heads = [i for i in heads if _ANNEX.fullmatch(over[i]) and over[i][-1] not in ":："]
    if not heads or not any("。" in line for line in over[heads[0] :]):
        return False
    said = f"title says {'、'.join(dict.fromkeys(named))!r}"
    if not named:
        farther = headfoot.signature(["", *work.lines[len(over) + 1 :]])
        if farther is None or not farther.bodies or farther.bodies == signed.bodies:
            return False
        said = f"the text ends with {'、'.join(farther.bodies)!r}"
    if not labelled:
        offices = "、".join(signed.bodies)
        message = (
            f"issuing_body: {said}, the signature behind {over[heads[0]]!r} says {offices!r}; "
            "neither office nor day is taken from it"
        )
        work.problems.append(
            Problem(
                code="conflicting_issuing_body",
                message=message,
                severity=Severity.INFO,
                field="issuing_body",
                value=offices,
                url=work.url,
            )
        )
    return True


def _own_title(work: Work) -> str | None:
    title = headfoot.own_title(work.lines)
    if not title and not any(c.field == "title" for c in work.candidates):
        title = headfoot.ordered_title(work.lines)
    return title if title and label_key(title) not in work.book.generic_headings else None


def _add_giver(work: Work) -> None:
    """Who gives the order that the text begins with, else the one that the title begins with, where nobody is named."""
    if ordering := headfoot.order_body(work.lines):
        work.candidates.append(Candidate("issuing_body", "", ordering, Place.BODY))
    elif not any(c.field == "issuing_body" for c in work.candidates) and (giver := _giver(work)):
        work.candidates.append(Candidate("issuing_body", "", giver, Place.HEADING))


def _giver(work: Work) -> str | None:
    for candidate in work.candidates:
        named = numbers.giver(clean(candidate.raw)) if candidate.field == "title" else None
        offices = re.split(r"[\s、]+", named) if named else []
        if offices and all(map(headfoot.is_organisation, offices)):
            return "、".join(offices)
    return None


def _on_its_own_file(work: Work) -> str | None:
    """The number in the name of a file that is the document: its title, and 某政办〔2018〕8号 in brackets behind it."""
    titles = {compare_key(c.raw) for c in work.candidates if c.field == "title"}
    for file in work.attachments:
        name = file.name.rpartition(".")[0] if "号" in file.name else ""
        if (number := numbers.in_title(name)) and compare_key(name).removesuffix(
            compare_key(number)
        ) in titles:
            return number
    return None


def _order_in_title(work: Work, shown: str) -> tuple[str, str] | None:
    """(某市人民政府, 公告) where the title is that and nothing else, and the text begins with 第3号."""
    if not headfoot.is_ordinal(shown):
        return None
    titles = (clean(c.raw) for c in work.candidates if c.field == "title")
    return next((head for title in titles if (head := headfoot.order_head([title]))), None)


def _add_promulgation(work: Work) -> str | None:
    """What the note under a rule's title says, in the text or before it. Returns the number in it."""
    note = promulgation.read(work.lines)
    if note is None:
        return None
    work.candidates.extend(promulgation.candidates(note, Place.BODY))
    if note.amended:
        work.say(
            "promulgated_and_amended",
            "the note under the title names more than one decision: no number or date is taken from it",
            Severity.INFO,
        )
    return note.number


def _add_disclosure_type(work: Work) -> None:
    """公开方式：主动公开 on a line of its own among the first or last of the text, which keeps it."""
    codes = work.book.codes["disclosure_type"]
    ends = work.lines if len(work.lines) <= 2 * _ENDS else [*work.lines[:_ENDS], *work.lines[-_ENDS:]]
    for line in ends:
        label, colon, value = line.strip("（）()").replace("：", ":").partition(":")
        if colon and clean(value) in codes and work.book.field_of(label) == "disclosure_type":
            work.candidates.append(Candidate("disclosure_type", label, clean(value), Place.BODY))
            return
