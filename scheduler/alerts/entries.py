"""How a digest words each change: whole, or in a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

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
from archive.model import FIELD, ChangeKind
from archive.significance import describe
from archive.words import DAY_WORDS, KIND_WORDS, kind_note
from scheduler.terminal import clean, shanghai

# Characters of the differences of one change: a law that was rewritten whole has a million.
MOST_OF_ONE = 3_000
MOST_NAMED = (
    40  # reasons of one change, and files whose difference is shown: a page may have hundreds of files
)
_MOST_OF_VALUE = 300  # of a title, and of a field before and after
MOST_OF_LINE = 60  # of a title in a line


@dataclass(frozen=True, slots=True)
class Item:
    """One change with the text difference that goes with it."""

    change: ChangeRow
    segments: tuple[Segment, ...] = ()
    files: tuple[AttachmentChange, ...] = ()  # replaced ones whose texts differ


class Entries:
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
            item, to = self._ordered[place], (self._language, self._base_url)
            self._worded[key] = _entry(item, *to) if whole else _head(item.change, MOST_OF_LINE, *to)
        return self._worded[key]


def _differences(item: Item, language: str) -> list[dict[str, Any]]:
    """What differs in its text and in its files, as far as one change has room."""
    differences: list[dict[str, Any]] = []
    room, others = MOST_OF_ONE, 0
    for name, segments in _texts(item):
        if room <= 0 or len(differences) == MOST_NAMED:
            others += 1
            continue
        shown, whole = cut(segments, room)
        room -= sum(len(s.text) for s in shown)
        differences.append(_difference(name, shown, whole, language))
    if others:
        name = said(language, f"另有 {others} 个文件", f"{others} more files")
        differences.append(_difference(name, (), False, language))
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
    label = said(language, FIELD[change.field].zh, FIELD[change.field].en)
    segments = field_segments(change)
    if all(s.op != "equal" for s in segments):
        old, new = (short(value or "∅") for value in field_values(change))
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
        note = said(language, "只显示开头", "only its beginning is shown")
    else:
        note = said(
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


def short(text: str, most: int = _MOST_OF_VALUE) -> str:
    """A text, or its first ``most`` characters and …"""
    return clean(text if len(text) <= most else text[:most] + "…")


def _head(change: ChangeRow, most: int, language: str, base_url: str | None) -> dict[str, Any]:
    """What a line says of a change, and where more stands: ``most`` characters of the title."""
    zh, en = KIND_WORDS[change.kind]
    page = f"{base_url.rstrip('/')}/-/gongkai/documents/{change.document}" if base_url else None
    compared = change.from_version is not None and change.to_version is not None
    compare = f"{page}/diff?from={change.from_version}&to={change.to_version}" if page and compared else None
    url = str(change.to_url or change.url)
    safe = url.startswith(("http://", "https://"))
    absence = _absence(change.last_present_at, change.first_absent_at, language)
    return {
        "kind": said(language, zh, en), "code": change.kind.value,
        "title": short(change.title or said(language, "（无标题）", "(no title)"), most), "url": clean(url), "safe_link": safe,
        "page": page, "compare": compare, "link": compare or page or (clean(url) if safe else None),
        "document": change.document, "version": change.to_version, "absence": absence,
        "why": absence or _why(change.reasons, most, language),
    }  # fmt: skip


def _entry(item: Item, language: str, base_url: str | None) -> dict[str, Any]:
    change = item.change
    return {
        **_head(change, _MOST_OF_VALUE, language, base_url),
        "compare_words": said(language, "对比", "compare"), "page_words": said(language, "存档", "archived"),
        "address_words": said(language, "原文", "original"),
        "of": _of(change, language),
        "reasons": _reasons(change.reasons, language),
        "fields": [_field(f, language) for f in change.fields],
        "differences": _differences(item, language),
        "detected": f"{said(language, '发现于', 'detected')} {shanghai(change.detected_at)}",
        "note": said(language, *note) if (note := kind_note(change.kind, change.reasons)) else None,
        "from_url": clean(change.from_url or "") if change.kind is ChangeKind.MOVED else None,
    }  # fmt: skip


def _of(change: ChangeRow, language: str) -> list[str]:
    """Whose document it is, its numbers, and its day."""
    stated = [change.issuing_body, change.document_number, change.index_number]
    day = [f"{said(language, *DAY_WORDS[change.day[0]])} {change.day[1]}"] if change.day else []
    return [clean(text) for text in stated if text] + day


def _reasons(reasons: Sequence[str], language: str) -> list[str]:
    words = [clean(r) for reason in reasons[:MOST_NAMED] for r in _words(reason, language)]
    rest = len(reasons) - MOST_NAMED
    return [*words, said(language, f"另有 {rest} 项", f"{rest} more")] if rest > 0 else words


def _why(reasons: Sequence[str], most: int, language: str) -> str | None:
    """The first reason, and how many others there are: a line must not look like all that was changed."""
    if not reasons:
        return None
    rest = f" +{len(reasons) - 1}" if len(reasons) > 1 else ""
    return short(_words(reasons[0], language)[0], most) + rest


def _words(reason: str, language: str) -> list[str]:
    if language == "both":
        return [f"{describe(reason, 'zh')} · {describe(reason, 'en')}"]
    return [describe(reason, language)]


def said(language: str, zh: str, en: str) -> str:
    """Words in the language of a subscription: ``zh``, ``en`` or both of them."""
    return {"zh": zh, "en": en}.get(language, f"{zh} {en}")


def _absence(present: datetime | None, absent: datetime | None, language: str) -> str | None:
    if present is None or absent is None:
        return None
    p, a = shanghai(present), shanghai(absent)
    if language == "en":
        return f"present at {p}, absent at {a}"
    return f"{p} {said(language, '尚在', 'present')}，{a} {said(language, '不在', 'absent')}"
