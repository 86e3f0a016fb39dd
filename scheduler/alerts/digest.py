"""Changes → one e-mail's texts. Pure: no clock, no database, no network."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from archive.feed import ChangeRow
from archive.model import ChangeKind, Significance
from archive.significance import REASONS
from archive.words import KIND_WORDS
from scheduler.alerts.entries import MOST_OF_LINE, Entries, Item, said, short
from scheduler.terminal import shanghai

# Bytes of a message's HTML: Gmail shows 102 KB of one, and hides what lies behind them. The gravest changes are told whole, the
# others in a line each; where even their lines take two thirds of the room, the rest is counted, and it is said where it stands.
MOST_BYTES = 90_000
MOST_SHOWN = 1_000  # changes in one mail
LONGEST_SUBJECT = 200  # characters
_ORDER = {kind: place for place, kind in enumerate(KIND_WORDS)}
_REASON_ORDER = {code: place for place, code in enumerate(REASONS)}


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
        "now": f"{shanghai(now)} ({said(language, '北京时间', 'UTC+8')})", "epoch": epoch, "head": head or "—",
        "base_url": base_url.rstrip("/") if base_url else None, "language": language,
        "zh": language in ("zh", "both"), "en": language in ("en", "both"), "from_seq": from_seq, "to_seq": to_seq,
        "feed_word": said(language, "变更序号", "feed"), "epoch_word": said(language, "纪元", "epoch"),
        "ledger_word": said(language, "账本头", "ledger"),
    }  # fmt: skip
    environment = _environment()
    entries = Entries(ordered, language, base_url)

    def told(whole: int, lines: int, template: str = "digest.html") -> str:
        """The message with so many of the gravest whole, and so many of the others in a line."""
        levels = dict.fromkeys(gravest[:whole], True) | dict.fromkeys(gravest[whole : whole + lines], False)
        rest = len(ordered) - len(levels)
        of_levels = {
            "groups": entries.by_site(levels, site_names),
            "in_lines": _in_lines(language, whole, lines) if lines else None,
            "more": said(language, f"另有 {rest} 条", f"{rest} more") if rest else None,
        }
        return environment.get_template(template).render(values | of_levels)

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
    title = f" — {short(gravest.title, MOST_OF_LINE)}" if gravest and gravest.title else ""
    first, *others = summary
    subject = ("gongkai: " if language == "en" else "公开 gongkai：") + first + title
    both = " · ".join([subject, *others])
    return both if len(both) <= LONGEST_SUBJECT else subject  # and the text says it in both languages


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
    return said(
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
