"""Changes → one e-mail's texts. Pure: no clock, no database, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from archive.model import FIELD, SHANGHAI, ChangeKind
from archive.significance import describe
from archive.words import DAY_WORDS, KIND_NOTES, KIND_WORDS
from scheduler.terminal import clean, shanghai

MOST_SHOWN = 1_000  # events in one mail, a removal before an addition; the rest is counted, and it is said where it stands
# Characters of a difference, and of all of them in one mail: a law that was rewritten whole would make a mail of megabytes,
# which servers refuse, and readers' programs cut off.
MOST_OF_ONE, MOST_OF_ALL = 3_000, 30_000
_MOST_OF_VALUE = 300  # of a title, and of a field before and after
_ORDER = {kind: place for place, kind in enumerate(KIND_WORDS)}


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
    gravest = sorted(range(len(ordered)), key=lambda n: (_ORDER[ordered[n].change.kind], n))[:MOST_SHOWN]
    shown = [ordered[n] for n in sorted(gravest)]
    groups = [
        {"site": clean(site_names.get(site, site)), "entries": [entry for _, entry in members]}
        for site, members in groupby(_entries(shown, language, base_url), key=lambda pair: pair[0])
    ]
    counts = {kind: sum(i.change.kind is kind for i in ordered) for kind in KIND_WORDS}
    summary_zh = "，".join(f"{KIND_WORDS[k][0]} {n}" for k, n in counts.items() if n)
    summary_en = ", ".join(f"{KIND_WORDS[k][1].lower()} {n}" for k, n in counts.items() if n)
    summary = {"zh": summary_zh, "en": summary_en}.get(language, f"{summary_zh} · {summary_en}")
    rest = len(ordered) - len(shown)
    first = min((i.change.detected_at for i in ordered), default=now).astimezone(SHANGHAI)
    values: dict[str, Any] = {
        "subscription": subscription, "groups": groups, "summary": summary,
        "more": _said(language, f"另有 {rest} 条", f"{rest} more") if rest else None,
        "command": f"gongkai changes --since {first:%Y-%m-%d}",
        "now": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), "epoch": epoch, "head": head or "—",
        "base_url": base_url.rstrip("/") if base_url else None, "language": language,
        "zh": language in ("zh", "both"), "en": language in ("en", "both"), "from_seq": from_seq, "to_seq": to_seq,
    }  # fmt: skip
    environment = _environment()
    text = environment.get_template("digest.txt").render(values)
    html = css_inline.inline(environment.get_template("digest.html").render(values))
    subject = f"gongkai: {summary}" if language == "en" else f"公开 gongkai：{summary}"
    return Digest(
        subject, text, html, message_id(epoch, subscription, from_seq, to_seq, domain), from_seq, to_seq
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


def _entries(
    items: Sequence[Item], language: str, base_url: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Site and entry of each item, in order, until the mail has no more room for differences."""
    room = MOST_OF_ALL
    for item in items:
        differences = []
        for name, segments in _texts(item):
            shown, whole = cut(segments, min(room, MOST_OF_ONE))
            room -= sum(len(s.text) for s in shown)
            differences.append(_difference(name, shown, whole, language))
        yield item.change.site, {**_entry(item.change, language, base_url), "differences": differences}


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
            language, "改动未显示，此邮件已很长", "the difference is not shown, this mail is long already"
        )
    return {
        "name": clean(name),
        "text": _marked(segments),
        "html": Markup(segments_html(segments)),  # noqa: S704 — escaped where it is made
        "note": note,
    }


def _short(text: str) -> str:
    return clean(text if len(text) <= _MOST_OF_VALUE else text[:_MOST_OF_VALUE] + "…")


def _entry(change: ChangeRow, language: str, base_url: str | None) -> dict[str, Any]:
    zh, en = KIND_WORDS[change.kind]
    page = f"{base_url.rstrip('/')}/-/gongkai/documents/{change.document}" if base_url else None
    compared = change.from_version is not None and change.to_version is not None
    return {
        "kind": _said(language, zh, en), "code": change.kind.value,
        "title": _short(change.title or _said(language, "（无标题）", "(no title)")), "url": clean(change.to_url or change.url),
        "page": page,
        "compare": f"{page}/diff?from={change.from_version}&to={change.to_version}" if page and compared else None,
        "compare_words": _said(language, "对比", "compare"), "page_words": _said(language, "存档", "archived"),
        "address_words": _said(language, "原文", "original"),
        "document": change.document,
        "of": _of(change, language),
        "significance": change.significance.value if change.significance else None,
        "reasons": [clean(r) for reason in change.reasons for r in _words(reason, language)],
        "fields": [_field(f, language) for f in change.fields],
        "detected": f"{_said(language, '发现于', 'detected')} {shanghai(change.detected_at)}",
        "note": _said(language, *KIND_NOTES[change.kind]) if change.kind in KIND_NOTES else None,
        "absence": _absence(change.last_present_at, change.first_absent_at, language),
        "from_url": clean(change.from_url or "") if change.kind is ChangeKind.MOVED else None,
        "version": change.to_version, "safe_link": str(change.to_url or change.url).startswith(("http://", "https://")),
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
