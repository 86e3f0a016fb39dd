"""Is a difference cosmetic or substantive, and why. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from archive.diff import AttachmentChange, Comparison, Segment, compare
from archive.model import FIELD, Disclosure, Significance

# Reason code → (Chinese, English). Codes are stable: they stand in `changes.reasons`.
REASONS: dict[str, tuple[str, str]] = {
    "figures_changed": ("数字变更", "figures changed"),
    "dates_changed": ("日期变更", "dates changed"),
    "document_number_changed": ("文号变更", "document number changed"),
    "party_or_name_changed": ("机构或名称变更", "party or name changed"),
    "clause_added": ("新增条款", "clause added"),
    "clause_deleted": ("删除条款", "clause deleted"),
    "text_added": ("新增文字", "text added"),
    "text_deleted": ("删除文字", "text deleted"),
    "wording": ("措辞变更", "wording"),
    "punctuation": ("标点变更", "punctuation"),
    "whitespace": ("空白变更", "white space"),
    "entity_typo": ("HTML 实体笔误", "HTML entity typo"),
    "character_width": ("全角半角变更", "full or half width"),
    "time_of_day": ("只增减钟点", "only a time of day given or left out"),
    "field": ("著录项变更", "field changed"),
    "attachment_added": ("新增附件", "attachment added"),
    "attachment_removed": ("附件消失", "attachment gone"),
    "attachment_replaced": ("附件被替换", "attachment replaced"),
    "attachment_renamed": ("附件更名", "attachment renamed"),
    "attachment_same_text": ("附件文件变更而文字相同", "attachment file changed, same text"),
    "after_withdrawal": ("前一版本已撤下", "the version before was withdrawn"),
    "reverted": ("恢复为先前版本", "reverted to an earlier version"),
}

# "&nbsp;" that a person or a script broke: &amp;bsp; (gov.cn content_5351598), &nbsp without its semicolon
_ENTITY = re.compile(
    r"&(?:amp;)*(?:nbsp|bsp|ensp|emsp|ldquo|rdquo|quot|middot|lt|gt|amp|#\d{1,6}|#x[0-9a-f]{1,5});?", re.I
)
_HAN_DIGIT = "〇○零一二三四五六七八九"
_HAN_FIGURE = "零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_DATE = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}月\d{1,2}日"
    rf"|[{_HAN_DIGIT}]{{4}}年(?:[一二三四五六七八九十]{{1,3}}月(?:[一二三四五六七八九十]{{1,3}}日)?)?"
)
# 5.5万, 30%, 百分之五. Figures in words only where a unit follows: 三万(元), but not 一(致).
_FIGURE = re.compile(
    rf"\d+(?:[.,]\d+)*(?:[%‰]|[百千万亿]+)?|百分之[{_HAN_FIGURE}]+|[{_HAN_FIGURE}]+(?=[元个项名人日天年月倍分])"
)
# What stands before and behind a replaced piece that is nothing but figures and marks, and belongs to the same figure.
_ONLY_FIGURES = re.compile(rf"(?:[\d\W{_HAN_FIGURE}])*")
_BEFORE = re.compile(rf"(?:\d[\d.,]*[百千万亿]*|百分之[{_HAN_FIGURE}]*|[{_HAN_FIGURE}]+)$")
_BEHIND = re.compile(rf"[\d.,]*[{_HAN_FIGURE}]*[%‰元个项名人日天年月倍分]?")
_CLAUSE = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零\d]+[章节条款]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．])"
)
_PARTY = re.compile(
    r"(?:公司|委员会|人民政府|办公室|办公厅|[\u4e00-\u9fff](?:局|厅|部|院|所|中心|支队|大队|集团|协会|银行|学校|医院))"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_SPACE_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s+(?=\d)")
_CONTEXT = 20  # characters: longer than a figure
_MOST_REASONS = 6  # of one attachment's text; a rewritten table would give hundreds
# Between figures and letters a mark keeps apart what it stands between: 1.5 is not 15, 第1、2项 is not 第12项.
_SEPARATING = re.compile(
    r"(?<=[0-9A-Za-z])[^\w\s%‰–—－“”‘’\"'「」『』《》〈〉()〔〕【】\[\]-]+(?=[0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Significance of a difference, and its reasons as ``code`` or ``code: detail``."""

    significance: Significance
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Replaced:
    """A stretch of text that another one took the place of, and what stood around both."""

    old: str
    new: str
    before: str = ""
    behind: str = ""

    def joined(self) -> tuple[str, str]:
        """Both with the figure or letter that touches them: "1.5" → "15" is more than a lost full stop."""
        left = self.before[-1:] if self.before[-1:].isascii() and self.before[-1:].isalnum() else ""
        right = self.behind[:1] if self.behind[:1].isascii() and self.behind[:1].isalnum() else ""
        return left + self.old + right, left + self.new + right

    def with_figures(self) -> tuple[str, str]:
        """Both as parts of whole figures, where they are nothing else: "三" → "五" in 三万元."""
        if not (_ONLY_FIGURES.fullmatch(self.old) and _ONLY_FIGURES.fullmatch(self.new)):
            return self.old, self.new
        left, right = _BEFORE.search(self.before), _BEHIND.match(self.behind)
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
        reasons, grave = _judge_texts(_Replaced(change.old or "", change.new or ""))
        target = substantive if grave else cosmetic
        if grave and change.field == "document_number":
            target["document_number_changed"] = None
        elif grave and change.field in ("issuing_body",):
            target["party_or_name_changed"] = None
        target[f"field: {change.field}"] = None
        if not grave:
            target.update(dict.fromkeys(reasons))
    for replaced in _replacements(comparison.body):
        reasons, grave = _judge_texts(replaced)
        (substantive if grave else cosmetic).update(dict.fromkeys(reasons))
    for attachment in comparison.attachments:
        reasons, grave = _judge_attachment(attachment)
        (substantive if grave else cosmetic).update(dict.fromkeys(reasons))
    if substantive:
        return Judgement(Significance.SUBSTANTIVE, tuple(substantive))
    return Judgement(Significance.COSMETIC, tuple(cosmetic) or ("whitespace",))


def _judge_attachment(change: AttachmentChange) -> tuple[tuple[str, ...], bool]:
    """Reasons and whether they are substantive. A replaced file is judged by its text where both are known."""
    name = (change.new or change.old).name  # type: ignore[union-attr]
    if change.kind == "renamed" and change.old is not None:
        _, grave = _judge_texts(_Replaced(change.old.name, name))
        return (f"attachment_renamed: {change.old.name} → {name}",), grave
    if change.kind != "replaced" or not change.text:
        return (f"attachment_{change.kind}: {name}",), True
    if change.same_text:
        return (f"attachment_same_text: {name}",), False
    judged = [_judge_texts(replaced) for replaced in _replacements(change.text)]
    grave = any(weighs for _, weighs in judged)
    words = dict.fromkeys(r for reasons, weighs in judged if weighs == grave for r in reasons)
    code = "attachment_replaced" if grave else "attachment_same_text"
    return (f"{code}: {name}", *list(words)[:_MOST_REASONS]), grave


def _replacements(segments: Iterable[Segment]) -> list[_Replaced]:
    """What was replaced, with the text on its line before and behind it, in order."""
    items = list(segments)
    found: list[_Replaced] = []
    index = 0
    while index < len(items):
        if items[index].op == "equal":
            index += 1
            continue
        old = new = ""
        before = items[index - 1].text[-_CONTEXT:] if index and items[index - 1].op == "equal" else ""
        while index < len(items) and items[index].op != "equal":
            old += items[index].text if items[index].op == "delete" else ""
            new += items[index].text if items[index].op == "insert" else ""
            index += 1
        behind = items[index].text[:_CONTEXT] if index < len(items) else ""
        found.append(_Replaced(old, new, before, behind))
    return found


def _judge_texts(replaced: _Replaced) -> tuple[tuple[str, ...], bool]:
    """Reasons for one replaced stretch, and whether they are substantive."""
    cosmetic = _cosmetic_reason(*replaced.joined())
    if cosmetic is not None:
        return (cosmetic,), False
    old, new = replaced.with_figures()
    reasons: list[str] = []
    for code, pattern, same in (("dates_changed", _DATE, _days), ("figures_changed", _FIGURE, list)):
        before, after = pattern.findall(old), pattern.findall(new)
        if same(before) != same(after):
            reasons.append(f"{code}: {_few(before)} → {_few(after)}")
        old, new = pattern.sub("", old), pattern.sub("", new)
    if _PARTY.findall(old) != _PARTY.findall(new) and old and new:
        reasons.append("party_or_name_changed")
    reasons.extend(_clause_reasons(old, new))
    if not reasons or _cosmetic_reason(old, new) is None:
        if not old.strip() and new.strip():
            reasons.append("text_added")
        elif old.strip() and not new.strip():
            reasons.append("text_deleted")
        elif old != new:
            reasons.append("wording")
    return tuple(dict.fromkeys(reasons)) or ("wording",), True


def _days(dates: Iterable[str]) -> list[tuple[int, ...] | str]:
    """Dates without their spelling: 2026-03-01 is 2026年3月1日. Those in Chinese figures stay as they are."""
    return [tuple(map(int, re.findall(r"[0-9]+", date))) or date for date in dates]


def _clause_reasons(old: str, new: str) -> list[str]:
    before = {m.group().strip() for line in old.splitlines() if (m := _CLAUSE.match(line))}
    after = {m.group().strip() for line in new.splitlines() if (m := _CLAUSE.match(line))}
    reasons = []
    if after - before:
        reasons.append(f"clause_added: {_few(sorted(after - before))}")
    if before - after:
        reasons.append(f"clause_deleted: {_few(sorted(before - after))}")
    return reasons


def _few(values: list[str]) -> str:
    return "、".join(values[:3]) + ("…" if len(values) > 3 else "") if values else "∅"


def _cosmetic_reason(old: str, new: str) -> str | None:
    """The cosmetic reason that explains the whole difference, or None when something substantive is left."""
    if _without_space(old) == _without_space(new):
        return "whitespace"
    for code, fold in (
        ("entity_typo", _without_entities),
        ("character_width", _folded_width),
        ("punctuation", _without_marks),
    ):
        old, new = fold(old), fold(new)  # each takes what the one before it left
        if old == new:
            return code
    return None


def _without_space(text: str) -> str:
    # A space between two figures separates them: "10 000" is not "10000", but "第 10 条" is "第10条".
    text = _INVISIBLE.sub("", text)
    text = _SPACE_BETWEEN_FIGURES.sub("\x00", text)
    return "".join(text.split())


def _without_entities(text: str) -> str:
    return _without_space(_ENTITY.sub("", text))


def _folded_width(text: str) -> str:
    # Superscripts and circled figures carry meaning that NFKC would merge: m² → m2, ① → 1.
    return "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.east_asian_width(c) in "FH" else c for c in text
    )


def _without_marks(text: str) -> str:
    """Text with every mark replaced by its class: variants of one mark are equal, a lost decimal point is not.

    A dash, a slash and the signs of addresses are more than marks: 元/吨.
    """
    kept_apart = _SEPARATING.sub(lambda m: "\x01" if any(c in ".．。" for c in m.group()) else "\x02", text)
    return "".join(
        "" if unicodedata.category(c).startswith("P") and c not in "%‰-－–—/&@#" else c for c in kept_apart
    )
