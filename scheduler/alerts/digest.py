"""Changes → one e-mail's texts. Pure: no clock, no database, no network."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from archive.comparison.rendering import (
    MARKS,
    field_segments,
    field_values,
    segments_html,
    shortened,
    visible,
)
from archive.diff import AttachmentChange, FieldChange, Segment
from archive.feed import ChangeRow
from archive.model import FIELD, ChangeKind, Significance
from archive.significance import REASONS, describe
from archive.words import DAY_WORDS, KIND_NOTES, KIND_WORDS
from scheduler.terminal import clean, shanghai

# Bytes of a message's HTML: Gmail shows 102 KB of one, and hides what lies behind them. The gravest changes are told whole, the
# others in a line each; where even their lines take two thirds of the room, the rest is counted, and it is said where it stands.
MOST_BYTES = 90_000
MOST_SHOWN = 1_000  # changes in one mail
MOST_OF_ONE = (
    3_000  # characters of the differences of one change: a law that was rewritten whole has a million
)
_MOST_OF_VALUE = 300  # of a title, and of a field before and after
_MOST_OF_LINE = 60  # of a title in a line, and in the subject
LONGEST_SUBJECT = 200  # characters
_ORDER = {kind: place for place, kind in enumerate(KIND_WORDS)}
_REASON_ORDER = {code: place for place, code in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class Item:
    """One change with the text difference that goes with it."""

    change: ChangeRow
    segments: tuple[Segment, ...] = ()
    files: tuple[AttachmentChange, ...] = ()  # replaced ones whose texts differ


@dataclass(frozen=True, slots=True)
class Digest:
    """One message, complete but for its envelope."""

    subject: str
    text: str
    html: str
    message_id: str
    from_seq: int
    to_seq: int


def message_id(epoch: str, subscription: str, from_seq: int, to_seq: int, domain: str) -> str:
    """The same changes for the same subscription are the same message, however often it is sent."""
    return f"<{epoch}.{subscription}.{from_seq}-{to_seq}@{domain}>"


def compose(
    subscription: str,
    items: Sequence[Item],
    *,
    language: str,
    now: datetime,
    epoch: str,
    head: str | None,
    base_url: str | None,
    site_names: Mapping[str, str],
    from_seq: int,
    to_seq: int,
    domain: str,
) -> Digest:
    """The digest of the changes from ``from_seq`` to ``to_seq`` that a subscription wants."""
    ordered = sorted(
        _without_first_absences(items),
        key=lambda i: (i.change.site, _ORDER[i.change.kind], i.change.feed_seq),
    )
    gravest = sorted(range(len(ordered)), key=lambda n: _gravity(ordered[n].change))
    summary = _summary(ordered, language)
    values: dict[str, Any] = {
        "subscription": subscription, "summary": summary,
        "now": f"{shanghai(now)} ({_said(language, '北京时间', 'UTC+8')})", "epoch": epoch, "head": head or "—",
        "base_url": base_url.rstrip("/") if base_url else None, "language": language,
        "zh": language in ("zh", "both"), "en": language in ("en", "both"), "from_seq": from_seq, "to_seq": to_seq,
        "feed_word": _said(language, "变更序号", "feed"), "epoch_word": _said(language, "纪元", "epoch"),
        "ledger_word": _said(language, "账本头", "ledger"),
    }  # fmt: skip
    environment = _environment()
    entries = _Entries(ordered, language, base_url)

    def told(whole: int, lines: int, template: str = "digest.html") -> str:
        """The message with so many of the gravest whole, and so many of the others in a line."""
        levels = dict.fromkeys(gravest[:whole], True) | dict.fromkeys(gravest[whole : whole + lines], False)
        rest = len(ordered) - len(levels)
        said = {
            "groups": entries.by_site(levels, site_names),
            "in_lines": _in_lines(language, whole, lines) if lines else None,
            "more": _said(language, f"另有 {rest} 条", f"{rest} more") if rest else None,
        }
        return environment.get_template(template).render(values | said)

    whole, lines = _levels(
        min(len(ordered), MOST_SHOWN), lambda *levels: len(css_inline.inline(told(*levels)).encode())
    )
    return Digest(
        _subject(summary, ordered[gravest[0]].change if ordered else None, language),
        told(whole, lines, "digest.txt"), css_inline.inline(told(whole, lines)),
        message_id(epoch, subscription, from_seq, to_seq, domain), from_seq, to_seq,
    )  # fmt: skip


def _gravity(change: ChangeRow) -> tuple[int, bool, int, int]:
    """The lesser, the graver: by kind as in KIND_WORDS, then what is no mere form, then by reason as in REASONS: figures before words.

    Of equal ones the one that was found first, so that no site takes the room of the others by its name.
    """
    reasons = (_REASON_ORDER.get(reason.partition(":")[0], len(REASONS)) for reason in change.reasons)
    cosmetic = change.significance is Significance.COSMETIC
    return _ORDER[change.kind], cosmetic, min(reasons, default=len(REASONS)), change.feed_seq or 0


def _summary(items: Sequence[Item], language: str) -> tuple[str, ...]:
    """How many changes of which kind, in each language of a subscription."""
    counts = Counter(i.change.kind for i in items)
    zh = "，".join(f"{KIND_WORDS[k][0]} {counts[k]}" for k in KIND_WORDS if counts[k])
    en = ", ".join(f"{KIND_WORDS[k][1].lower()} {counts[k]}" for k in KIND_WORDS if counts[k])
    return {"zh": (zh,), "en": (en,)}.get(language, (zh, en))


def _subject(summary: tuple[str, ...], gravest: ChangeRow | None, language: str) -> str:
    """What happened, and the title of the gravest: of a mail in a list of mails nothing else is seen."""
    title = f" — {_short(gravest.title, _MOST_OF_LINE)}" if gravest and gravest.title else ""
    first, *others = summary
    said = ("gongkai: " if language == "en" else "公开 gongkai：") + first + title
    both = " · ".join([said, *others])
    return both if len(both) <= LONGEST_SUBJECT else said  # and the text says it in both languages


def _levels(count: int, size: Callable[[int, int], int]) -> tuple[int, int]:
    """How many changes are told whole, and how many in a line, so that ``size`` of both is within MOST_BYTES.

    As many whole as leave room for all others' lines, but a third of it is theirs in any case.
    """
    if size(count, 0) <= MOST_BYTES:
        return count, 0
    whole = max(
        _largest(count, MOST_BYTES, lambda n: size(n, count - n)),
        _largest(count, MOST_BYTES // 3, lambda n: size(n, 0)),
    )
    return whole, _largest(count - whole, MOST_BYTES, lambda n: size(whole, n))


def _largest(upto: int, most: int, size: Callable[[int], int]) -> int:
    """The largest number up to ``upto`` whose size is no more than ``most``; sizes rise."""
    return max(bisect_right(range(upto + 1), most, key=size) - 1, 0)


def _in_lines(language: str, whole: int, lines: int) -> str:
    return _said(
        language,
        f"最重要的 {whole} 条全文列出，其余 {lines} 条各列一行；按重要程度依次为："
        + "、".join(zh for kind, (zh, _) in KIND_WORDS.items() if kind is not ChangeKind.BASELINE),
        f"The gravest {whole} are told whole, the other {lines} in a line each; by gravity: "
        + ", ".join(en.lower() for kind, (_, en) in KIND_WORDS.items() if kind is not ChangeKind.BASELINE),
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("scheduler.alerts", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _without_first_absences(items: Sequence[Item]) -> list[Item]:
    """Items without those that say "missing" of a document that the same mail says to be removed: it has the same times, and more."""
    removed = {
        (i.change.document, i.change.last_present_at, i.change.first_absent_at)
        for i in items
        if i.change.kind is ChangeKind.REMOVED
    }
    return [
        i
        for i in items
        if i.change.kind is not ChangeKind.MISSING
        or (i.change.document, i.change.last_present_at, i.change.first_absent_at) not in removed
    ]


class _Entries:
    """Changes as templates show them: each is worded once, however often a mail's length is tried."""

    def __init__(self, ordered: Sequence[Item], language: str, base_url: str | None) -> None:
        self._ordered, self._language, self._base_url = ordered, language, base_url
        self._worded: dict[tuple[int, bool], dict[str, Any]] = {}

    def by_site(self, levels: Mapping[int, bool], names: Mapping[str, str]) -> list[dict[str, Any]]:
        """The chosen ones, in order: of each site those that are told whole, then those in a line.

        ``levels``: the place of each, and whether it is told whole.
        """
        groups = []
        for site, members in groupby(sorted(levels), key=lambda n: self._ordered[n].change.site):
            chosen = list(members)
            groups.append(
                {
                    "site": clean(names.get(site, site)),
                    "entries": [self._entry(n, True) for n in chosen if levels[n]],
                    "lines": [self._entry(n, False) for n in chosen if not levels[n]],
                }
            )
        return groups

    def _entry(self, place: int, whole: bool) -> dict[str, Any]:
        key = place, whole
        if key not in self._worded:
            item, said = self._ordered[place], (self._language, self._base_url)
            self._worded[key] = _entry(item, *said) if whole else _head(item.change, _MOST_OF_LINE, *said)
        return self._worded[key]


def _differences(item: Item, language: str) -> list[dict[str, Any]]:
    """What differs in its text and in its files, as far as one change has room."""
    room, differences = MOST_OF_ONE, []
    for name, segments in _texts(item):
        shown, whole = cut(segments, room)
        room -= sum(len(s.text) for s in shown)
        differences.append(_difference(name, shown, whole, language))
    return differences


def _texts(item: Item) -> Iterator[tuple[str, Sequence[Segment]]]:
    """What differs in the body, and in each file: its name, and the segments with little around them."""
    if item.segments:
        yield "", shortened(item.segments, 30)
    for file in item.files:
        name = next((a.name for a in (file.new, file.old) if a is not None), "")
        yield name, shortened(file.text, 30)


def cut(segments: Sequence[Segment], most: int) -> tuple[list[Segment], bool]:
    """The first ``most`` characters of a difference, and whether that is all of it."""
    shown = []
    for segment in segments:
        if most > 0 and segment.text:
            shown.append(Segment(segment.op, segment.text[:most]))
        most -= len(segment.text)
    return shown, most >= 0


def _marked(segments: Sequence[Segment]) -> str:
    return "".join(MARKS[s.op].format(clean(visible(s), keep_newlines=True)) for s in segments)


def _field(change: FieldChange, language: str) -> dict[str, Any]:
    """What a field said → what it says; of long values that are alike, what differs in them."""
    label = _said(language, FIELD[change.field].zh, FIELD[change.field].en)
    segments = field_segments(change)
    if all(s.op != "equal" for s in segments):
        old, new = (_short(value or "∅") for value in field_values(change))
        return {
            "label": label, "text": f"{old} → {new}", "html": Markup("<del>{}</del> → <ins>{}</ins>").format(old, new),
        }  # fmt: skip
    shown, whole = cut(shortened(segments, 30), 2 * _MOST_OF_VALUE)
    more = "" if whole else "…"
    return {
        "label": label, "text": _marked(shown) + more, "html": Markup(segments_html(shown) + more),  # noqa: S704 — escaped where it is made
    }  # fmt: skip


def _difference(name: str, segments: Sequence[Segment], whole: bool, language: str) -> dict[str, Any]:
    if whole:
        note = ""
    elif segments:
        note = _said(language, "只显示开头", "only its beginning is shown")
    else:
        note = _said(
            language,
            "此处改动未显示，以上内容已很长",
            "the difference is not shown: it is long already above",
        )
    return {
        "name": clean(name),
        "text": _marked(segments),
        "html": Markup(segments_html(segments)),  # noqa: S704 — escaped where it is made
        "note": note,
    }


def _short(text: str, most: int = _MOST_OF_VALUE) -> str:
    return clean(text if len(text) <= most else text[:most] + "…")


def _head(change: ChangeRow, most: int, language: str, base_url: str | None) -> dict[str, Any]:
    """What a line says of a change, and where more stands: ``most`` characters of the title."""
    zh, en = KIND_WORDS[change.kind]
    page = f"{base_url.rstrip('/')}/-/gongkai/documents/{change.document}" if base_url else None
    compared = change.from_version is not None and change.to_version is not None
    compare = f"{page}/diff?from={change.from_version}&to={change.to_version}" if page and compared else None
    url = str(change.to_url or change.url)
    safe = url.startswith(("http://", "https://"))
    return {
        "kind": _said(language, zh, en), "code": change.kind.value,
        "title": _short(change.title or _said(language, "（无标题）", "(no title)"), most), "url": clean(url), "safe_link": safe,
        "page": page, "compare": compare, "link": compare or page or (clean(url) if safe else None),
        "document": change.document, "version": change.to_version,
        "why": _short(_words(change.reasons[0], language)[0], most) if change.reasons else None,
    }  # fmt: skip


def _entry(item: Item, language: str, base_url: str | None) -> dict[str, Any]:
    change = item.change
    return {
        **_head(change, _MOST_OF_VALUE, language, base_url),
        "compare_words": _said(language, "对比", "compare"), "page_words": _said(language, "存档", "archived"),
        "address_words": _said(language, "原文", "original"),
        "of": _of(change, language),
        "reasons": [clean(r) for reason in change.reasons for r in _words(reason, language)],
        "fields": [_field(f, language) for f in change.fields],
        "differences": _differences(item, language),
        "detected": f"{_said(language, '发现于', 'detected')} {shanghai(change.detected_at)}",
        "note": _said(language, *KIND_NOTES[change.kind]) if change.kind in KIND_NOTES else None,
        "absence": _absence(change.last_present_at, change.first_absent_at, language),
        "from_url": clean(change.from_url or "") if change.kind is ChangeKind.MOVED else None,
    }  # fmt: skip


def _of(change: ChangeRow, language: str) -> list[str]:
    """Whose document it is, its numbers, and its day."""
    said = [change.issuing_body, change.document_number, change.index_number]
    day = [f"{_said(language, *DAY_WORDS[change.day[0]])} {change.day[1]}"] if change.day else []
    return [clean(text) for text in said if text] + day


def _words(reason: str, language: str) -> list[str]:
    if language == "both":
        return [f"{describe(reason, 'zh')} · {describe(reason, 'en')}"]
    return [describe(reason, language)]


def _said(language: str, zh: str, en: str) -> str:
    """Words in the language of a subscription: ``zh``, ``en`` or both of them."""
    return {"zh": zh, "en": en}.get(language, f"{zh} {en}")


def _absence(present: datetime | None, absent: datetime | None, language: str) -> str | None:
    if present is None or absent is None:
        return None
    p, a = shanghai(present), shanghai(absent)
    if language == "en":
        return f"present at {p}, absent at {a}"
    return f"{p} {_said(language, '尚在', 'present')}，{a} {_said(language, '不在', 'absent')}"
