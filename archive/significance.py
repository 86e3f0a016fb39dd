"""Is a difference cosmetic or substantive, and why. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.comparison.clauses import clause_changes, only_moved, same_but_for_columns
from archive.comparison.parties import names_differ
from archive.comparison.rendering import field_values
from archive.comparison.spellings import cosmetic_reason, without_space
from archive.comparison.values import HAN_DIGIT, Value, differing, same_values, values_at
from archive.diff import AttachmentChange, Comparison, FieldChange, Segment, compare, diff_text
from archive.model import FIELD, Disclosure, Kind, Significance
from archive.presence import UNANSWERED

# Reason code → (Chinese, English). Codes are stable: they stand in `changes.reasons`.
REASONS: dict[str, tuple[str, str]] = {
    "figures_changed": ("数字变更", "figures changed"),
    "dates_changed": ("日期变更", "dates changed"),
    "document_number_changed": ("文号变更", "document number changed"),
    "party_or_name_changed": ("机构或人员名称变更", "name of a body or person changed"),
    "clause_added": ("新增条款", "clause added"),
    "clause_deleted": ("删除条款", "clause deleted"),
    "renumbered": ("条款重新编号", "clauses renumbered"),
    "text_moved": ("文字移位", "text moved to another place"),
    "cell_moved": ("内容换列", "value in another column"),
    "text_added": ("新增文字", "text added"),
    "text_deleted": ("删除文字", "text deleted"),
    "wording": ("措辞变更", "wording"),
    "same_value": ("数值或日期改换写法，值未变", "same value, written otherwise"),
    "punctuation": ("标点变更", "punctuation"),
    "whitespace": ("空白变更", "white space"),
    "entity_typo": ("HTML 实体笔误", "HTML entity typo"),
    "character_width": ("全角半角变更", "full or half width"),
    "character_variant": ("同义字符替换", "another character for the same"),
    "list_numbers": ("仅列表编号写法变更", "only how a list is numbered"),
    "page_clock": ("计数或更新时间", "counter or time of update"),
    "order_or_address": ("仅附件次序或地址变更", "only order or addresses of files"),
    "time_of_day": ("仅增减具体时刻", "only a time of day given or left out"),
    "field": ("著录项变更", "field changed"),
    UNANSWERED: (
        "网页一直打不开，是否已撤下不详",
        "its page cannot be read: whether it is gone is not known",
    ),
    "no_answer": ("旧地址一直没有应答", "its old address gave no answer"),
    "absence_told": ("此前已报告不可见", "its absence had been told"),
    "attachment_added": ("新增附件", "attachment added"),
    "attachment_removed": ("附件消失", "attachment gone"),
    "attachment_replaced": ("附件被替换", "attachment replaced"),
    "attachment_renamed": ("附件更名", "attachment renamed"),
    "attachment_same_text": ("附件文件变更而文字相同", "attachment file changed, same text"),
    "after_withdrawal": ("前一版本已撤下", "the version before was withdrawn"),
    "reverted": ("恢复为先前版本", "reverted to an earlier version"),
}

_CONTEXT = 20  # characters: longer than a figure
_MOST_REASONS = 6  # of one attachment's text, and of one kind
_LONGEST_READ = 20_000  # characters of a stretch whose figures are looked at
_LONE_ONE = ("一", "壹")  # 一个部门 → 该部门 changes no figure
# What a template writes among the text, and what is written anew whenever the page is made.
_CLOCK = re.compile(
    r"\W*(?:(?:更新|打印|刷新)(?:时间|日期)|(?:浏览|阅读|点击|访问)(?:次数|量|数|人数)?)\W*[\d\s年月日时分秒次人:：./-]*\W*"
)
_LIST_NUMBER = re.compile(r"\d{1,2}[.、．]")
_LETTER = re.compile(rf"[^\W\d_{HAN_DIGIT}十百千万亿]")
_LONGEST_CLOCK = 60  # characters
_LONGEST_VALUE = 100  # characters of a value that a reason names: no amount or day is longer
_WORD_BEFORE = re.compile(rf"(?:[0-9A-Za-z&#;{HAN_DIGIT}十百千万亿]|(?<=[0-9A-Za-z])[.,])+$|[\s\S]$")
_WORD_BEHIND = re.compile(rf"[0-9A-Za-z&#;{HAN_DIGIT}十百千万亿]+|[\s\S]")
_IN_WORDS = ("title", "summary", "keywords")
# What another extractor may make of the same page: a piece of text more or less, or elsewhere. It puts no word in another's place.
_OF_A_READING = ("text_added", "text_deleted", "text_moved", "cell_moved")
_OF_VALUES = ("dates_changed", "figures_changed", "party_or_name_changed", "same_value")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Significance of a difference, and its reasons as ``code`` or ``code: detail``."""

    significance: Significance
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Replaced:
    """A stretch of text that another one took the place of: where both begin, and what stands around them alike."""

    old: str
    new: str
    old_at: int = 0
    new_at: int = 0
    before: str = ""
    behind: str = ""

    def joined(self) -> tuple[str, str]:
        """Both with the figures and letters that touch them: "1.5" → "15" is more than a lost full stop."""
        left, right = _WORD_BEFORE.search(self.before), _WORD_BEHIND.match(self.behind)
        around = (left.group() if left else "", right.group() if right else "")
        return around[0] + self.old + around[1], around[0] + self.new + around[1]


def describe(reason: str, language: str) -> str:
    """A reason in words, ``language`` zh or en; the detail stays as it is."""
    code, colon, detail = reason.partition(": ")
    zh, en = REASONS.get(code, (code, code))
    word = zh if language == "zh" else en
    if code == "field" and detail in FIELD:
        detail = FIELD[detail].zh if language == "zh" else FIELD[detail].en
    return f"{word}{'：' if language == 'zh' else ': '}{detail}" if colon else word


def judge(old: Disclosure, new: Disclosure) -> Judgement:
    """Whether the difference from ``old`` to ``new`` alters what the document says.

    Cosmetic are: white space, variants of a punctuation mark, full or half width, invisible characters,
    typos in HTML entities, an attachment whose file changed but not its text, and the time of day of a publication that
    is given or left out while its day stays.
    """
    return judge_comparison(compare(old, new))


def judge_comparison(comparison: Comparison) -> Judgement:
    """As :func:`judge`, for a comparison that is already at hand."""
    cosmetic: dict[str, None] = {}
    substantive: dict[str, None] = {}
    changed = {change.field for change in comparison.fields}
    for change in comparison.fields:
        if (
            change.field == "published_at"
            and "published_on" not in changed
            and not (change.old and change.new)
        ):
            cosmetic["time_of_day"] = None
            continue
        reasons, grave = _judge_field(change)
        (substantive if grave else cosmetic).update(dict.fromkeys(reasons))
    judged = [_judge_segments(comparison.body), *map(_judge_attachment, comparison.attachments)]
    for reasons, grave in judged:
        (substantive if grave else cosmetic).update(dict.fromkeys(reasons))
    if substantive:
        return Judgement(Significance.SUBSTANTIVE, _fewer(substantive))
    return Judgement(Significance.COSMETIC, _fewer(cosmetic) or ("order_or_address",))


def is_of_the_page(comparison: Comparison) -> bool:
    """Whether a difference between the readings of two extractors, which cannot be compared, shows that the page was edited.

    Its words, figures, days or clauses, or a file's bytes, are others. Values of the record may come from another place of the page.
    """
    replaced = tuple(change for change in comparison.attachments if change.kind == "replaced")
    found = judge_comparison(replace(comparison, fields=(), attachments=replaced))
    return found.significance is Significance.SUBSTANTIVE and not all(
        reason.partition(": ")[0] in _OF_A_READING for reason in found.reasons
    )


def _fewer(reasons: Iterable[str]) -> tuple[str, ...]:
    """The reasons, but of one kind no more than a reader takes in: a table of new figures would give hundreds."""
    counted: Counter[str] = Counter()
    told: dict[str, None] = {}
    for reason in reasons:
        code, colon, _ = reason.partition(": ")
        counted[code] += 1
        told[reason if counted[code] <= _MOST_REASONS or code not in _OF_VALUES else f"{code}{colon}…"] = None
    return tuple(told)


def _judge_field(change: FieldChange) -> tuple[tuple[str, ...], bool]:
    """Reasons for one field, and whether they are substantive."""
    code, spec = f"field: {change.field}", FIELD[change.field]
    old, new = change.old or "", change.new or ""
    reasons, grave = _judge_segments(diff_text(old, new))
    if not grave:
        return (code, *reasons), False
    if change.field == "document_number":
        return ("document_number_changed", code), True
    if change.field == "issuing_body":
        return ("party_or_name_changed", code), True
    told: tuple[str, ...] = ()
    if old and new and spec.kind in (Kind.DATE, Kind.INSTANT):
        told = ("dates_changed: {} → {}".format(*field_values(change)),)
    elif old and new and change.field in _IN_WORDS:
        told = tuple(r for r in reasons if r.partition(": ")[0] in _OF_VALUES)
    return (*told, code), True


def _judge_attachment(change: AttachmentChange) -> tuple[tuple[str, ...], bool]:
    """Reasons and whether they are substantive. A replaced file is judged by its text where both are known."""
    name = (change.new or change.old).name  # type: ignore[union-attr]
    if change.kind == "renamed" and change.old is not None:
        _, grave = _judge_segments(diff_text(change.old.name, name))
        return (f"attachment_renamed: {change.old.name} → {name}",), grave
    if change.kind != "replaced" or not change.text:
        return (f"attachment_{change.kind}: {name}",), True
    if change.same_text:
        return (f"attachment_same_text: {name}",), False
    reasons, grave = _judge_segments(change.text)
    code = "attachment_replaced" if grave else "attachment_same_text"
    return (f"{code}: {name}", *reasons[:_MOST_REASONS]), grave


def _judge_segments(segments: Sequence[Segment]) -> tuple[tuple[str, ...], bool]:
    """Reasons for all differences of a text, and whether they are substantive: then the cosmetic ones are left out."""
    found = _replacements(segments)
    if not found:
        return (), False
    old = "".join(s.text for s in segments if s.op != "insert")
    new = "".join(s.text for s in segments if s.op != "delete")
    lines = _changed_lines(segments, old, new)
    if without_space(lines[0]) == without_space(lines[1]):
        return ("whitespace",), False
    if only_moved(*lines):
        return ("text_moved",), True
    moved = {without_space(r.old) for r in found if not r.new} & {
        without_space(r.new) for r in found if not r.old
    }
    cosmetic: dict[str, None] = {}
    substantive: dict[str, None] = {}
    for replaced in found:
        if not (replaced.old and replaced.new) and without_space(replaced.old + replaced.new) in moved - {""}:
            substantive["text_moved"] = None
            continue
        columns = "\t" in replaced.old and "\t" in replaced.new and not (replaced.old + replaced.new).strip()
        if columns and cosmetic_reason(*replaced.joined()) is None:
            reasons, grave = _judge_cells(*lines)
        else:
            reasons, grave = _judge_replaced(replaced, old, new)
        (substantive if grave else cosmetic).update(dict.fromkeys(reasons))
    if not substantive:
        return tuple(cosmetic), False
    added, deleted = clause_changes(*lines)
    clauses = [
        f"{code}: {_few(labels, ' ')}"
        for code, labels in (("clause_deleted", deleted), ("clause_added", added))
        if labels
    ]
    return (*clauses, *substantive), True


def _changed_lines(segments: Sequence[Segment], old: str, new: str) -> tuple[str, str]:
    """Both texts from the first line that differs to the last: one word of a long text costs no look at all of it."""
    head = segments[0].text.rfind("\n") + 1 if segments[0].op == "equal" else 0
    tail = 0
    if segments[-1].op == "equal" and len(segments) > 1 and (end := segments[-1].text.find("\n")) >= 0:
        tail = len(segments[-1].text) - end
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _judge_cells(old: str, new: str) -> tuple[tuple[str, ...], bool]:
    """For a row that has another number of empty cells before a value: a column less is a matter of layout."""
    return (("whitespace",), False) if same_but_for_columns(old, new) else (("cell_moved",), True)


def _replacements(segments: Sequence[Segment]) -> list[_Replaced]:
    """What was replaced, with the text before and behind it, in order."""
    found: list[_Replaced] = []
    index = old_at = new_at = 0
    while index < len(segments):
        if segments[index].op == "equal":
            old_at += len(segments[index].text)
            new_at += len(segments[index].text)
            index += 1
            continue
        old = new = ""
        before = segments[index - 1].text[-_CONTEXT:] if index else ""
        while index < len(segments) and segments[index].op != "equal":
            old += segments[index].text if segments[index].op == "delete" else ""
            new += segments[index].text if segments[index].op == "insert" else ""
            index += 1
        behind = segments[index].text[:_CONTEXT] if index < len(segments) else ""
        found.append(_Replaced(old, new, old_at, new_at, before, behind))
        old_at += len(old)
        new_at += len(new)
    return found


def _judge_replaced(replaced: _Replaced, old: str, new: str) -> tuple[tuple[str, ...], bool]:
    """Reasons for one replaced stretch of ``old`` and ``new``, and whether they are substantive."""
    cosmetic = cosmetic_reason(*replaced.joined())
    if cosmetic is not None:
        return (cosmetic,), False
    ends = (replaced.old_at + len(replaced.old), replaced.new_at + len(replaced.new))
    if _is_clock(old, replaced.old_at, ends[0]) and _is_clock(new, replaced.new_at, ends[1]):
        return ("page_clock",), False
    values: tuple[list[Value], list[Value]] = ([], [])
    if max(len(replaced.old), len(replaced.new)) <= _LONGEST_READ:
        values = values_at(old, replaced.old_at, ends[0]), values_at(new, replaced.new_at, ends[1])
    rest = (
        _without(values[0], replaced.old, replaced.old_at),
        _without(values[1], replaced.new, replaced.new_at),
    )
    if "" == rest[0].strip() == rest[1].strip() and _is_list_number(
        replaced.old.strip() + replaced.new.strip()
    ):
        return ("list_numbers",), False
    reasons = _value_reasons(replaced, values, rest)
    wordless = not any(_LETTER.search(side) for side in rest)
    if names_differ(replaced.old, replaced.new, replaced.before, replaced.behind):
        reasons.append("party_or_name_changed")
    elif not reasons and without_space(rest[0]) == without_space(rest[1]) and same_values(*values):
        written = [_few([v.text.strip() for v in side]) for side in values]
        reasons.append(f"same_value: {written[0]} → {written[1]}")
    elif not reasons or not (wordless or cosmetic_reason(*rest)):
        gone, came = bool(rest[0].strip()), bool(rest[1].strip())
        if gone == came or any("∅" in reason for reason in reasons):
            reasons.append("wording")
        else:
            reasons.append("text_deleted" if gone else "text_added")
    return tuple(reasons), True


def _value_reasons(
    replaced: _Replaced, values: tuple[list[Value], list[Value]], rest: tuple[str, str]
) -> list[str]:
    """Which dates, figures and clauses' numbers of a replaced stretch differ; ``rest`` is what else it says."""
    reasons = []
    # Figures of a sentence that came or went have not changed.
    replaces = bool(replaced.old.strip() and replaced.new.strip()) or not any(map(_LETTER.search, rest))
    bare = "" == rest[0].strip() == rest[1].strip()
    for code, kind in (("dates_changed", "date"), ("figures_changed", "figure"), ("renumbered", "label")):
        before, after = differing(*([v for v in side if v.kind == kind] for side in values))
        if not (before or after) or _only_says_one(before, after):
            continue
        if kind == "label":
            if (before and after) or bare:
                reasons.append(code)
        elif (before and after) or replaces:
            written = [_few([v.text.strip() for v in side]) for side in (before, after)]
            reasons.append(f"{code}: {written[0]} → {written[1]}")
    return reasons


def _is_list_number(text: str) -> bool:
    """Whether it is what a browser puts before the items of a list, and what people type where it does not."""
    return _LIST_NUMBER.fullmatch(text) is not None


def _only_says_one(before: Sequence[Value], after: Sequence[Value]) -> bool:
    return not (before and after) and all(v.text in _LONE_ONE for v in (*before, *after))


def _is_clock(text: str, start: int, end: int) -> bool:
    """Whether the line of ``text[start:end]`` is a counter or a time that a template wrote."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)]
    return len(line) <= _LONGEST_CLOCK and _CLOCK.fullmatch(line) is not None


def _without(values: Iterable[Value], text: str, at: int) -> str:
    """``text``, which stands at ``at``, without the values in it."""
    kept, done = "", 0
    for value in values:
        kept += text[done : max(done, value.start - at)]
        done = max(done, value.end - at)
    return kept + text[done:]


def _few(values: Sequence[str], between: str = "、") -> str:
    if not values:
        return "∅"
    shown = (value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…" for value in values[:3])
    return between.join(shown) + ("…" if len(values) > 3 else "")
