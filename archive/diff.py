"""Field and text differences between two versions of a document: pure functions."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import fast_diff_match_patch as dmp

from archive.comparison.likeness import likeness
from archive.comparison.values import LABEL
from archive.model import COLUMN_FIELDS, Attachment, Disclosure, FieldSpec

Op = Literal["equal", "delete", "insert"]

# A sentence ends after its closing mark; a line (paragraph, table row) always ends one.
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）]*\n?|\n|$)")
# What a reader takes in as one: a date, a figure with its sign, a code, a Latin word; everything else is one character.
_FIGURE_WORDS = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_TOKEN = re.compile(
    rf"[^\dA-Za-z\s{_FIGURE_WORDS}]"  # nearly every character is one that begins none of the others
    r"|\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?=\d*[A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{8,}"
    rf"|\d+(?:[.,]\d+)*%?|[{_FIGURE_WORDS}]{{2,}}|[A-Za-z]+|\s+|.",
    re.DOTALL,
)
_HAN = re.compile("[\u3400-\u9fff]")
_ALIKE = 0.35  # share of Chinese characters that a stretch and what took its place have in common; below it both are shown whole
_EDITED = 0.5  # likeness of a sentence and what it was edited to
_SAMPLES, _MOSTLY = 50, 0.8  # pairs of sentences that are looked at, and the share of them that must be alike
_LONG = 4_000  # tokens or sentences
_LEAST = 8  # Chinese characters of a stretch of which that can be said


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; lists joined by 、, dates in ISO form."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is in both versions, only in the old, or only in the new one."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """An attachment that came, went, or whose bytes or name differ. ``text`` compares the texts of a replaced one."""

    kind: Literal["added", "removed", "replaced", "renamed"]
    old: Attachment | None
    new: Attachment | None
    same_text: bool = False  # replaced, but the extracted text is equal
    text: tuple[Segment, ...] = ()  # empty where a text is missing on either side


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two versions."""

    fields: tuple[FieldChange, ...]
    body: tuple[Segment, ...]
    attachments: tuple[AttachmentChange, ...]

    @property
    def empty(self) -> bool:
        """True when nothing differs."""
        return not self.fields and not self.attachments and all(s.op == "equal" for s in self.body)


def field_text(disclosure: Disclosure, spec: FieldSpec) -> str | None:
    """A field's value as one string, None where it is empty."""
    value = getattr(disclosure, spec.name)
    if value is None or value == ():
        return None
    if type(value) is str:
        return value
    if isinstance(value, tuple):
        return "、".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def diff_fields(old: Disclosure, new: Disclosure) -> tuple[FieldChange, ...]:
    """The fields that differ, of those that count as content (body and attachments aside)."""
    changes = []
    for spec in COLUMN_FIELDS:
        if not spec.fingerprint:
            continue
        before, after = field_text(old, spec), field_text(new, spec)
        if before != after:
            changes.append(FieldChange(spec.name, before, after))
    return tuple(changes)


def compare(old: Disclosure, new: Disclosure, *, time_limit: float = 1.0) -> Comparison:
    """All differences between two versions. ``time_limit`` bounds the text diff, in seconds."""
    body = diff_text(old.body_text or "", new.body_text or "", time_limit=time_limit)
    files = diff_attachments(old.attachments, new.attachments, time_limit=time_limit)
    return Comparison(diff_fields(old, new), body, files)


def diff_text(old: str, new: str, *, time_limit: float = 1.0) -> tuple[Segment, ...]:
    """Align sentences first, then characters inside the sentences that changed.

    Joining the segments without "insert" gives ``old``, without "delete" gives ``new``. Beyond
    ``time_limit`` seconds the remaining sentences are shown as replaced whole, never wrongly.
    """
    if old == new:
        return (Segment("equal", old),) if old else ()
    start = _common_prefix(old, new)
    end = _common_suffix(old[start:], new[start:])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    segments: list[Segment] = [Segment("equal", old[:start])]
    segments.extend(_middle(middle_old, middle_new, time_limit))
    segments.append(Segment("equal", old[len(old) - end :] if end else ""))
    return tuple(_merged(segments))


def _common_prefix(old: str, new: str) -> int:
    """Length of the common whole sentences at the start."""
    same = _same_start(old, new)
    return max((old.rfind(mark, 0, same) for mark in "。！？；\n"), default=-1) + 1


def _common_suffix(old: str, new: str) -> int:
    same = _same_end(old, new)
    if same == len(old) == len(new):
        return same
    tail = old[len(old) - same :]
    cut = min((place for place in (tail.find(mark) for mark in "。！？；\n") if place >= 0), default=-1)
    return same - cut - 1 if cut >= 0 else 0


def _same_start(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:  # binary search on slices: comparisons run in C
        half = (low + high + 1) // 2
        if old[:half] == new[:half]:
            low = half
        else:
            high = half - 1
    return low


def _same_end(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        half = (low + high + 1) // 2
        if old[len(old) - half :] == new[len(new) - half :]:
            low = half
        else:
            high = half - 1
    return low


def _middle(old: str, new: str, time_limit: float) -> Iterable[Segment]:
    if not old or not new:
        yield from (s for s in (Segment("delete", old), Segment("insert", new)) if s.text)
        return
    before, after = _sentences(old), _sentences(new)
    ops = _aligned(before, after, time_limit / 2)
    deadline = time.monotonic() + time_limit
    for tag, a_low, a_high, b_low, b_high in ops:
        a_text, b_text = "".join(before[a_low:a_high]), "".join(after[b_low:b_high])
        if tag == "equal":
            yield Segment("equal", a_text)
        elif tag == "replace":
            for a, b in _pairs(before[a_low:a_high], after[b_low:b_high]):
                if (left := deadline - time.monotonic()) > 0:
                    yield from _characters(a, b, left)
                else:
                    yield from (Segment("delete", a), Segment("insert", b))
        else:
            yield from (s for s in (Segment("delete", a_text), Segment("insert", b_text)) if s.text)


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[str, str]]:
    """What is compared by characters: sentence by sentence where each was edited, as the rows of a table are; else all as one."""
    if len(before) == len(after) > 1:
        step = len(before) // _SAMPLES + 1
        alike = [likeness(a, b) >= _EDITED for a, b in zip(before[::step], after[::step], strict=True)]
        if sum(alike) >= _MOSTLY * len(alike):
            return zip(before, after, strict=True)
    return (("".join(before), "".join(after)),)


def _sentences(text: str) -> list[str]:
    return [s for s in _SENTENCE.findall(text) if s]


def _aligned(before: list[str], after: list[str], time_limit: float) -> list[tuple[str, int, int, int, int]]:
    """Opcodes over sentences, each coded as one character so that the C implementation can align them."""
    old, new = _coded([_key(s) for s in before], [_key(s) for s in after], 0x10000)
    ops: list[tuple[str, int, int, int, int]] = []
    a = b = 0
    pending: list[int] | None = None
    for op, length in _differences(old, new, time_limit, "No"):
        if op == "=":
            if pending is not None:
                ops.append(("replace", pending[0], a, pending[1], b))
                pending = None
            for n in range(length):  # alike but for a clause's number or white space
                tag = "equal" if before[a + n] == after[b + n] else "replace"
                ops.append((tag, a + n, a + n + 1, b + n, b + n + 1))
            a, b = a + length, b + length
            continue
        pending = pending or [a, b]
        a, b = (a + length, b) if op == "-" else (a, b + length)
    if pending is not None:
        ops.append(("replace", pending[0], a, pending[1], b))
    return ops


def _differences(old: str, new: str, time_limit: float, cleanup: str) -> Iterable[tuple[str, int]]:
    """The library's operations. What repeats itself over and over costs it minutes, whatever its time limit: that is replaced whole."""
    if set(old).isdisjoint(new):
        return (("-", len(old)), ("+", len(new)))
    if min(len(old), len(new)) > _LONG and (_repeats(old) or _repeats(new)):
        start = _same_start(old, new)
        end = _same_end(old[start:], new[start:])
        ops = (("=", start), ("-", len(old) - start - end), ("+", len(new) - start - end), ("=", end))
        return [(op, length) for op, length in ops if length]
    found: list[tuple[str, int]] = dmp.diff(old, new, timelimit=time_limit, checklines=False, cleanup=cleanup)
    return found


def _repeats(text: str) -> bool:
    return 4 * len({text[n : n + 8] for n in range(len(text))}) < len(text)


def _key(sentence: str) -> str:
    """What a sentence is known by: numbered anew or set otherwise it is still the same one."""
    if (match := LABEL.match(sentence)) is not None:
        sentence = sentence[match.end() :].strip() or sentence
    return "".join(sentence.split())


def _coded(before: list[str], after: list[str], first: int) -> tuple[str, str]:
    """Both lists as strings of one character for each different item, from the character ``first`` on."""
    codes = {item: chr(first + n) for n, item in enumerate(dict.fromkeys([*before, *after]))}
    return "".join(map(codes.__getitem__, before)), "".join(map(codes.__getitem__, after))


def _characters(old: str, new: str, time_limit: float) -> Iterable[Segment]:
    """Token-level differences of two stretches; a figure or a word is shown whole, and so is what has little in common."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if min(len(before), len(after)) > _LONG and likeness(old, new) < _ALIKE:
        return Segment("delete", old), Segment("insert", new)
    coded_old, coded_new = _coded(before, after, 0x20000)
    a = b = 0
    found: list[Segment] = []
    for op, length in _differences(coded_old, coded_new, time_limit, "Semantic"):
        if op == "=":
            found.append(Segment("equal", "".join(before[a : a + length])))
            a, b = a + length, b + length
        elif op == "-":
            found.append(Segment("delete", "".join(before[a : a + length])))
            a += length
        else:
            found.append(Segment("insert", "".join(after[b : b + length])))
            b += length
    common = sum(len(_HAN.findall(s.text)) for s in found if s.op == "equal")
    shorter = min(len(_HAN.findall(old)), len(_HAN.findall(new)))
    if shorter >= _LEAST and common < _ALIKE * shorter:
        return Segment("delete", old), Segment("insert", new)
    return _merged(_without_splinters(found))


def _without_splinters(segments: list[Segment]) -> Iterable[Segment]:
    """A character that two changes happen to have in common belongs to both: 全部 → 部分 is no 全 less and no 分 more."""
    for n, segment in enumerate(segments):
        if segment.op == "equal" and len(segment.text) == 1 and segment.text >= "\u3400":
            before = [s.op for s in segments[max(0, n - 2) : n]]
            behind = [s.op for s in segments[n + 1 : n + 3]]
            if before[-2:-1] == ["equal"]:
                del before[-2]
            if behind[1:] == ["equal"]:
                del behind[1]
            if before and behind and {*before, *behind} == {"delete", "insert"}:
                yield Segment("delete", segment.text)
                yield Segment("insert", segment.text)
                continue
        yield segment


def _merged(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours of the same kind joined; deletions before insertions; empty ones dropped."""
    result: list[Segment] = []
    run: dict[Op, str] = {}
    for segment in segments:
        if not segment.text:
            continue
        if (segment.op == "equal") is not ("equal" in run):
            result.extend(_run(run))
            run = {}
        run[segment.op] = run.get(segment.op, "") + segment.text
    result.extend(_run(run))
    return result


def _run(run: dict[Op, str]) -> Iterable[Segment]:
    return (Segment(op, run[op]) for op in ("equal", "delete", "insert") if op in run)


def diff_attachments(
    old: tuple[Attachment, ...], new: tuple[Attachment, ...], *, time_limit: float = 1.0
) -> tuple[AttachmentChange, ...]:
    """Attachments that came, went or differ, matched by address, then by hash, then by name.

    ``time_limit`` bounds, in seconds, the comparison of each replaced one's text.
    """
    left, right = list(old), list(new)
    pairs: list[tuple[Attachment, Attachment]] = []
    for key in (lambda a: a.url, lambda a: a.sha256, lambda a: a.name):
        index = {key(a): a for a in reversed(left) if key(a)}
        for candidate in list(right):
            match = index.pop(key(candidate), None)
            if match is not None and match in left:
                pairs.append((match, candidate))
                left.remove(match)
                right.remove(candidate)
    changes = [c for before, after in pairs if (c := _pair(before, after, time_limit)) is not None]
    changes.extend(AttachmentChange("removed", a, None) for a in left)
    changes.extend(AttachmentChange("added", None, a) for a in right)
    return tuple(changes)


def _pair(before: Attachment, after: Attachment, time_limit: float) -> AttachmentChange | None:
    if before.sha256 is not None and after.sha256 is not None and before.sha256 != after.sha256:
        if before.text is None or after.text is None:
            return AttachmentChange("replaced", before, after)
        text = diff_text(before.text, after.text, time_limit=time_limit)
        return AttachmentChange("replaced", before, after, all(s.op == "equal" for s in text), text)
    return AttachmentChange("renamed", before, after) if before.name != after.name else None
