"""Candidates → the record: which of several values counts, how each is normalised, what contradicts what.

Precedence is stated here and nowhere else. Every candidate is kept as evidence; what contradicts becomes
a problem; nothing is repaired and nothing is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from archive.citations import same_number
from archive.model import FIELD, Attachment, Disclosure, Evidence, Kind, Place, Problem, Severity
from crawler.extract.fields import FieldBook
from crawler.extract.text import clean, compare_key, label_key
from crawler.extract.values import dates, numbers
from crawler.extract.values.headfoot import is_organisation
from crawler.extract.values.issuers import issuers, same_issuers
from crawler.extract.work import Candidate

# The publisher's own record first (API, JSON of the page, label table), then what the template says of the
# page (meta tags, line under the title), then what the text says of itself, then the catalogue's row.
PRECEDENCE: tuple[Place, ...] = (
    Place.API,
    Place.EMBEDDED,
    Place.TABLE,
    Place.META,
    Place.LINE,
    Place.BODY,
    Place.HEADING,
    Place.LIST,
)
# A page's heading is nearer to the title than lines of its text, which may be those of an annex.
TITLE_PRECEDENCE: tuple[Place, ...] = (
    Place.API,
    Place.EMBEDDED,
    Place.TABLE,
    Place.META,
    Place.HEADING,
    Place.BODY,
    Place.LINE,
    Place.LIST,
)
# 公开方式：政府网站 says where, not whether it may be read
_WHERE_DISCLOSED = re.compile(
    "(?!.*(?:主动|申请|不予|部分)).*(?:网|公报|公告栏|报[纸刊]|媒体|广播|电视|发布会|电子屏)"
)
# Days between a signature that no label confirms and the publication that a person should look at. Old
# documents are put online years later, but then the catalogue states their date.
_FAR_APART = 180
# Fields that name a day. What takes effect or expires may say so as a span.
_DAYS = ("issued_on", "published_on")
_OF_AN_END = {"是": "废止", "否": "有效"}  # 是否废止：否
_CUT_SHORT = re.compile(r"(?:…+|\.{2,})$")
_MARKED = re.compile(r"[【［\[][^【】［］\[\]]{1,4}[】］\]]\s*(?=\S)")  # 【置顶】关于…
_SERIAL = re.compile(r"\d|[一二三四五六七八九十百〇零]号")
# 某政发〔2020〕, 某政发〔2020〕号, 某发改〔2020〕〔〕号, 某政发〔〕3号, 〔2020〕XX号: a form that nobody filled in.
_UNFILLED = re.compile(
    r"[〔\[［(（【]\s*(?:(?:19|20)\d{2}\s*[〕\]］)）】]\s*第?\s*[〔\[［(（]?[XxＸ×○〇*＊_—\s-]*[〕\]］)）]?\s*号|[〕\]］)）]\s*第?\d*\s*号)\s*$"
    r"|[一-鿿][〔\[［]\s*(?:19|20)\d{2}\s*[〕\]］]\s*第?\s*$"
)
_NUMBERED = re.compile(
    r"^[一-鿿]{2,12}{0}|[（(][一-鿿]{0,12}{0}[）)]".replace(
        "{0}", r"[〔\[［(（]\s*(?:19|20)\d{2}\s*[〕\]］)）]\s*第?\d{1,5}\s*号"
    )
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－﹣", "-"))
_YEAR_OF_REPORT = re.compile(
    r"((?:19|20)\d{2})\s*年?度?[^，。]{0,40}?(?:年度报告|年报|工作报告|情况报告|情况年度报告)"
)


@dataclass(slots=True)
class _State:
    book: FieldBook
    url: str
    values: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Candidate] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, code: str, message: str, name: str, value: str, severity: Severity = Severity.WARNING
    ) -> None:
        """Note a problem of a field, once."""
        found = Problem(code=code, message=message, severity=severity, field=name, value=value, url=self.url)
        if found not in self.problems:
            self.problems.append(found)


def index_number(raw: str) -> str:
    """An index number without white space, every dash an ASCII hyphen. Otherwise opaque."""
    return "".join(raw.split()).translate(_DASHES)


def keyword_list(raw: str) -> tuple[str, ...]:
    """Keywords of a cell, set apart by ; 、 , or white space, each once."""
    return tuple(dict.fromkeys(part for part in re.split(r"[;；、,，|\s]+", raw) if part))


def assemble(
    candidates: Sequence[Candidate],
    *,
    url: str,
    book: FieldBook,
    body_text: str | None,
    attachments: tuple[Attachment, ...],
) -> tuple[Disclosure, tuple[Evidence, ...], tuple[Problem, ...]]:
    """The record that the candidates add up to, all candidates as evidence, and what contradicts."""
    state = _State(book, url)
    by_field: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.field in FIELD and _usable(candidate, book):
            by_field.setdefault(candidate.field, []).append(candidate)
    _drop_index_as_number(by_field)
    _tell_unfilled(state, candidates, by_field)
    for name, group in by_field.items():
        order = TITLE_PRECEDENCE if name == "title" else PRECEDENCE
        # Of labels of one record, the one that fields.yml names first: 发文机关 before 发布机构, 主题分类 before 组配分类.
        # Under a title a value with a label counts first; 发布者：人事科 put the page online, and did not sign the text.
        ranked = sorted(
            group,
            key=lambda c: (
                name == "issuing_body" and label_key(c.label) in book.may_name_a_person,
                order.index(c.place),
                c.place is Place.LINE and not c.label,
                book.preference(c.field, c.label),
            ),
        )
        if name == "issuing_bodies":
            continue  # joined to issuing_body below
        kind = FIELD[name].kind
        if kind in (Kind.DATE, Kind.INSTANT):
            _choose_date(state, name, ranked)
        else:
            _choose_text(state, name, ranked)
    _join_issuers(state, by_field.get("issuing_bodies", ()))
    _compare_dates(state)
    disclosure = Disclosure(**state.values, body_text=body_text, attachments=attachments)
    picked = set(map(id, state.chosen.values()))
    evidence = tuple(
        Evidence(field=c.field, label=c.label, raw=c.raw, place=c.place, chosen=id(c) in picked)
        for c in candidates
        if c.field in FIELD
    )
    return disclosure, evidence, tuple(state.problems)


def _drop_index_as_number(by_field: dict[str, list[Candidate]]) -> None:
    """文号：696785044/2031-00017, with or without 索引号：696785044/2031-00017: the cell is filled, the number is none."""
    indexes = {index_number(c.raw) for c in by_field.get("index_number", ())}
    kept = [
        c
        for c in by_field.get("document_number", ())
        if numbers.normalise(clean(c.raw)) or not (numbers.is_index(i := index_number(c.raw)) or i in indexes)
    ]
    if kept:
        by_field["document_number"] = kept
    else:
        by_field.pop("document_number", None)


def _tell_unfilled(
    state: _State, candidates: Iterable[Candidate], by_field: Mapping[str, list[Candidate]]
) -> None:
    if "document_number" in by_field:
        return
    for raw in (clean(c.raw) for c in candidates if c.field == "document_number"):
        if _UNFILLED.search(raw):
            message = f"document_number: {raw!r} has no year or no serial number: it is no number"
            state.problem("unfilled_number", message, "document_number", raw, Severity.INFO)
            return


def _usable(candidate: Candidate, book: FieldBook) -> bool:
    value = clean(candidate.raw)
    if book.is_junk(value.rstrip("。")):
        return False
    if candidate.field in ("issuing_body", "issuing_bodies"):
        if label_key(candidate.label) in book.may_name_a_person and not is_organisation(value):
            return False  # 发布者：张某
        return not value.endswith(book.not_an_issuer)
    if candidate.field == "document_number":
        if _UNFILLED.search(value):
            return False  # several documents of a year would share it
        if dates.whole(value) is not None and not value.isdecimal():
            return False
        return bool(_SERIAL.search(value))  # "字号：大 中 小" is the size of letters
    if candidate.field == "disclosure_type" and _WHERE_DISCLOSED.match(value):
        return False
    if candidate.field == "validity" and value[0].isdigit():
        return False  # 公文时效：2031-01-01至2033-12-31 is a term, no state
    return candidate.field != "title" or len(value) >= 2


def _choose_text(state: _State, name: str, ranked: Sequence[Candidate]) -> None:
    best = ranked[0]
    if name == "title":
        best = _whole_title(ranked)
    elif name in state.book.codes:  # 公开形式：网站 beside 公开方式：主动公开
        codes = state.book.codes[name]
        best = next((c for c in ranked if clean(c.raw) in codes), best)
    raw = clean(best.raw)
    state.chosen[name] = best
    if name == "index_number":
        state.values[name] = index_number(raw)
    elif name == "issuing_body":
        bodies = issuers(raw)
        state.values[name], state.values["issuing_bodies"] = "、".join(bodies), bodies
    elif name == "document_number":
        number = numbers.normalise(raw)
        state.values[name], state.values["document_number_raw"] = number or raw, raw
        if number and numbers.has_digits_apart(raw):
            message = f"{name}: the digits of {raw!r} stand apart; they are read as {number!r}"
            state.problem("digits_apart", message, name, raw, Severity.INFO)
    elif name in ("validity", "disclosure_type"):
        _choose_code(state, name, raw, label_key(best.label))
    elif name == "keywords":
        state.values[name] = tuple(k for k in keyword_list(raw) if not state.book.is_junk(k))
    else:
        state.values[name] = raw
    _compare_texts(state, name, best, ranked)


def _join_issuers(state: _State, further: Iterable[Candidate]) -> None:
    """联合发文单位: issuers that stand beside the first under a label of their own."""
    bodies: tuple[str, ...] = state.values.get("issuing_bodies", ())
    more = [body for candidate in further for body in issuers(clean(candidate.raw))]
    if more:
        joined = tuple(dict.fromkeys((*bodies, *more)))
        state.values["issuing_body"], state.values["issuing_bodies"] = "、".join(joined), joined


def _whole_title(ranked: Sequence[Candidate]) -> Candidate:
    """The best title; a longer one where the best was cut by a template ("关于…的通…"), that of the page for 【置顶】关于…"""
    best = ranked[0]
    said = best.raw.strip()
    stem = _CUT_SHORT.sub("", said)
    if stem != said:
        begun = (c for c in ranked if compare_key(c.raw).startswith(compare_key(stem)))
        return next((c for c in begun if len(_CUT_SHORT.sub("", c.raw.strip())) > len(stem)), best)
    if best.place is Place.API and (mark := _MARKED.match(said)) is not None:
        bare = compare_key(said[mark.end() :])
        return next((c for c in ranked if c.place is not Place.LIST and compare_key(c.raw) == bare), best)
    return best


def _code(book: FieldBook, name: str, raw: str, label: str) -> str | None:
    """The code that a spelling stands for under its label, None for one that no code is known of."""
    said = _OF_AN_END.get(raw, raw) if label in ("是否废止", "是否失效") else raw
    return book.codes.get(name, {}).get("".join(said.strip("[]［］【】()（） ").split()))


def _choose_code(state: _State, name: str, raw: str, label: str) -> None:
    code = _code(state.book, name, raw, label)
    state.values[f"{name}_raw"] = raw
    if code is None:
        state.problem(
            "unknown_code",
            f"{name}: {raw!r} is not in config/fields.yml under codes.{name}",
            name,
            raw,
            Severity.INFO,
        )
    else:
        state.values[name] = code


def _same(name: str, one: str, other: str) -> bool:
    if name == "document_number":
        return same_number(*(numbers.with_ordinal(numbers.normalise(n) or n) for n in (one, other)))
    if name == "issuing_body":
        return same_issuers(one, other)
    if name == "title":  # 行政处罚决定书（某市监处罚〔2031〕14号） over 某市市场监督管理局行政处罚决定书
        one, other = _NUMBERED.sub("", one) or one, _NUMBERED.sub("", other) or other
    a, b = compare_key(one), compare_key(other)
    return a == b or (name != "index_number" and (a in b or b in a))


# Fields of which a page holds one true value; categories and sources may differ by view.
_SINGLE = ("index_number", "title", "issuing_body", "document_number", "validity", "disclosure_type")


def _compare_texts(state: _State, name: str, best: Candidate, ranked: Sequence[Candidate]) -> None:
    if name not in _SINGLE:
        return
    for other in ranked:
        if other is best or not other.raw or _same(name, best.raw, other.raw):
            continue
        if name in state.book.codes:  # 现行有效 and 有效 are one state, and 网站 is none
            codes = [_code(state.book, name, clean(c.raw), label_key(c.label)) for c in (best, other)]
            if None in codes or codes[0] == codes[1]:
                continue
        # 发文单位：某厅 beside 所属机构：某处, who signed a document and who keeps it
        if name == "issuing_body" and other.place is best.place is Place.TABLE and other.label != best.label:
            continue
        by_signature = name == "issuing_body" and other.place is Place.BODY
        severity = Severity.INFO if by_signature or name == "title" else Severity.WARNING
        message = (
            f"{name}: {best.place} says {best.raw!r}, {other.place} says {other.raw!r}; the first is used"
        )
        state.problem(f"conflicting_{name}", message, name, other.raw, severity)
        return


def _where(candidate: Candidate) -> str:
    return f"{candidate.place} {candidate.label}".strip()


def _moment(state: _State, name: str, candidate: Candidate) -> dates.Moment | None:
    if name in _DAYS and dates.is_term(clean(candidate.raw)):
        message = f"{name}: {candidate.raw!r} is a span of days, no day"
        state.problem("term_of_days", message, name, candidate.raw, Severity.INFO)
        return None
    try:
        moment = dates.parse(clean(candidate.raw))
    except dates.ImpossibleDateError as error:
        state.problem(
            "impossible_date", f"{name}: {error} ({candidate.label or candidate.place})", name, candidate.raw
        )
        return None
    if moment is None and any(c.isdigit() or c == "年" for c in candidate.raw):
        label = candidate.label or str(candidate.place)
        state.problem(
            "unreadable_date", f"{name}: no date in {candidate.raw!r} ({label})", name, candidate.raw
        )
    return moment


def _choose_date(state: _State, name: str, ranked: Sequence[Candidate]) -> None:
    read = [(c, m) for c in ranked if (m := _moment(state, name, c)) is not None]
    if not read:
        return
    best, moment = read[0]
    state.chosen[name] = best
    state.values[name] = moment.on
    if name == "published_on":
        # The time of day may stand in another place than the best date: taken where the day agrees.
        at = next((m.at for _, m in read if m.at is not None and m.on == moment.on), None)
        if at is not None:
            state.values["published_at"] = at
    for other, differing in read[1:]:
        if differing.on != moment.on:
            message = f"{name}: {_where(best)} says {moment.on}, {_where(other)} says {differing.on}"
            state.problem("conflicting_dates", message, name, other.raw)
            return


def _compare_dates(state: _State) -> None:
    effective, expires = state.values.get("effective_on"), state.values.get("expires_on")
    if isinstance(effective, date) and isinstance(expires, date) and expires < effective:
        message = f"expires_on {expires} is earlier than effective_on {effective}"
        state.problem("conflicting_dates", message, "expires_on", state.chosen["expires_on"].raw)
    issued, published = state.values.get("issued_on"), state.values.get("published_on")
    title = state.values.get("title") or ""
    if not isinstance(issued, date):
        return
    raw = state.chosen["issued_on"].raw
    signed_only = state.chosen["issued_on"].place is Place.BODY
    if isinstance(published, date):
        if issued > published:
            message = f"issued_on {issued} is later than published_on {published}"
            state.problem("conflicting_dates", message, "issued_on", raw)
        elif signed_only and (published - issued).days > _FAR_APART:
            days = (published - issued).days
            message = f"signed {issued}, published {published}: {days} days apart, no label states the date"
            state.problem("conflicting_dates", message, "issued_on", raw)
            return
    year = _YEAR_OF_REPORT.search(title)
    if year and signed_only and issued.year <= int(year[1]) and re.search(r"年度", title):
        message = f"signed {issued}, but the title reports on the whole of {year[1]}"
        state.problem("conflicting_dates", message, "issued_on", raw)
