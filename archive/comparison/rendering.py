"""A :class:`~archive.diff.Comparison` for a terminal, a web page or e-mail, and for programs."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from archive.diff import AttachmentChange, Comparison, FieldChange, Segment, diff_text
from archive.model import CODE_WORDS, FIELD, SHANGHAI, Attachment, Kind

_RED, _GREEN, _RESET = "\033[31m", "\033[32m", "\033[0m"
_FOLDED, _KEPT = 600, 150  # characters unchanged of which the middle is folded, and those left at either end
_UNSEEN = str.maketrans({" ": "␣", "\u3000": "␣", "\t": "⇥", "\n": "↵\n"})
_LONG_VALUE = 40  # characters of a field's values from which on only what differs in them is marked
_CONTEXT = 40  # characters of unchanged text around a change, on a terminal
_FILE_CONTEXT = 200  # characters of unchanged text around a change in a file, which may be a book
MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}  # in plain text
_ATTACHMENT_WORDS = {
    "added": ("新增附件", "attachment added"),
    "removed": ("附件消失", "attachment gone"),
    "replaced": ("附件被替换", "attachment replaced"),
    "renamed": ("附件更名", "attachment renamed"),
}


def _safe(text: str) -> str:
    """No control or bidirectional character may drive a terminal or reorder what a reader sees."""
    if text.isprintable():
        return text
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "\ufffd" for c in text
    )


def visible(segment: Segment) -> str:
    """A segment's text; where nothing but white space came or went, with signs for it."""
    return (
        segment.text.translate(_UNSEEN) if segment.op != "equal" and segment.text.isspace() else segment.text
    )


def field_values(change: FieldChange) -> tuple[str, str]:
    """What a field said and says, as a reader knows it: times are Shanghai's, codes have words; empty for no value."""
    kind = FIELD[change.field].kind
    return _known_as(kind, change.old), _known_as(kind, change.new)


def field_segments(change: FieldChange) -> tuple[Segment, ...]:
    """What differs between the values of a field: of short ones, or of ones that are not alike, all that went and all that came."""
    old, new = field_values(change)
    if min(len(old), len(new)) >= _LONG_VALUE:
        return diff_text(old, new)
    went, came = Segment("delete", old), Segment("insert", new)
    return tuple(segment for segment in (went, came) if segment.text)


def field_line(change: FieldChange) -> str:
    """What a field said → what it says, in one line; of long values that are alike, what differs: …{+第二号+}…"""
    segments = field_segments(change)
    if all(s.op != "equal" for s in segments):
        return " → ".join(value or "∅" for value in field_values(change))
    return "".join(MARKS[s.op].format(visible(s)) for s in shortened(segments, 30))


def _known_as(kind: Kind, value: str | None) -> str:
    if value and kind is Kind.INSTANT:
        return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if value and kind is Kind.CODE and value in CODE_WORDS:
        return f"{CODE_WORDS[value]} {value.replace('_', ' ')}"
    return value or ""


def shortened(segments: Iterable[Segment], context: int) -> list[Segment]:
    """Unchanged stretches cut to ``context`` characters on either side of a change, with … in between."""
    items = list(segments)
    result = []
    for index, segment in enumerate(items):
        text = segment.text
        first, last = index == 0, index == len(items) - 1
        if segment.op == "equal" and len(text) > 2 * context + 1:
            head = "" if first else text[:context]
            tail = "" if last else text[-context:] if context else ""
            text = f"{head}…{tail}"
        result.append(Segment(segment.op, text))
    return result


def as_text(comparison: Comparison, *, color: bool = False) -> str:
    """For a terminal: [-旧-]{+新+}, in red and green with ``color``; long unchanged text is cut."""

    def mark(op: str, text: str) -> str:
        text = _safe(text)
        if op == "delete":
            return f"{_RED}[-{text}-]{_RESET}" if color else f"[-{text}-]"
        return f"{_GREEN}{{+{text}+}}{_RESET}" if color else f"{{+{text}+}}"

    lines = []
    for change in comparison.fields:
        spec = FIELD[change.field]
        marked = "".join(_marked(shortened(field_segments(change), _CONTEXT), mark))
        lines.append(f"{spec.zh} {spec.en}: {marked}")
    for file in comparison.attachments:
        lines.append(_attachment_line(file))
        if not file.same_text and file.text:
            lines.append("".join(_marked(shortened(file.text, _CONTEXT), mark)))
    if any(s.op != "equal" for s in comparison.body):
        lines.append("".join(_marked(shortened(comparison.body, _CONTEXT), mark)))
    return "\n".join(lines) if lines else "No difference."


def _marked(segments: Iterable[Segment], mark: Callable[[str, str], str]) -> Iterator[str]:
    for s in segments:
        yield _safe(s.text) if s.op == "equal" else mark(s.op, visible(s))


def _attachment_line(change: AttachmentChange) -> str:
    zh, en = _ATTACHMENT_WORDS[change.kind]
    names = " → ".join(dict.fromkeys(_safe(a.name) for a in (change.old, change.new) if a is not None))
    same = "（文字相同 same text）" if change.same_text else ""
    return f"{zh} {en}: {names}{same}"


def segments_html(segments: Iterable[Segment]) -> str:
    """Segments as escaped HTML with <del> and <ins>; line breaks become <br>."""
    parts = []
    for segment in segments:
        text = _lines(visible(segment))
        tag = {"delete": "del", "insert": "ins"}.get(segment.op)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)


def _lines(text: str) -> str:
    return html.escape(_safe(text)).replace("\t", "\u2003").replace("\n", "<br>\n")


def _folded(segments: Sequence[Segment]) -> str:
    """As :func:`segments_html`, the middle of long unchanged stretches folded away: all of it is there to be opened."""
    parts = []
    for index, segment in enumerate(segments):
        if segment.op != "equal" or len(segment.text) < _FOLDED:
            parts.append(segments_html([segment]))
            continue
        text = segment.text
        start = text.rfind("\n", 0, _KEPT) + 1 or _KEPT if index else 0
        end = text.find("\n", len(text) - _KEPT) + 1 or len(text) - _KEPT
        if index == len(segments) - 1:
            end = len(text)
        said = f"{end - start} 字未变 characters unchanged"
        middle = f"<details><summary>… {said}</summary>{_lines(text[start:end])}</details>"
        parts.append(f"{_lines(text[:start])}{middle}{_lines(text[end:])}")
    return "".join(parts)


def _attachment_item(change: AttachmentChange) -> str:
    text = ""
    if change.text and not change.same_text:
        shown = segments_html(shortened(change.text, _FILE_CONTEXT))
        text = f'<div class="gongkai-diff-body" lang="zh-CN">{shown}</div>'
    return f"<li>{html.escape(_attachment_line(change))}{text}</li>"


def as_html(comparison: Comparison, *, folded: bool = False) -> str:
    """A fragment for a web page: a table of fields, a list of attachments, the body's text.

    ``folded``: long unchanged stretches of the body are folded away.
    """
    parts = ['<div class="gongkai-diff">']
    if comparison.fields:
        parts.append(
            '<table class="gongkai-diff-fields"><thead><tr><th scope="col">项目 Field</th><th scope="col">原 Old</th>'
            '<th scope="col">新 New</th></tr></thead><tbody>'
        )
        for change in comparison.fields:
            spec = FIELD[change.field]
            segments = field_segments(change)
            old, new = (
                segments_html([s for s in segments if s.op != other]) for other in ("insert", "delete")
            )
            label = f"{html.escape(spec.zh)} <small>{html.escape(spec.en)}</small>"
            parts.append(f"<tr><th scope='row'>{label}</th><td>{old}</td><td>{new}</td></tr>")
        parts.append("</tbody></table>")
    if comparison.attachments:
        rows = "".join(_attachment_item(c) for c in comparison.attachments)
        parts.append(f'<ul class="gongkai-diff-attachments">{rows}</ul>')
    if any(s.op != "equal" for s in comparison.body):
        shown = _folded(comparison.body) if folded else segments_html(comparison.body)
        parts.append(f'<div class="gongkai-diff-body" lang="zh-CN">{shown}</div>')
    elif not comparison.fields and not comparison.attachments:
        parts.append("<p>没有差异 No difference</p>")
    return "\n".join([*parts, "</div>"])


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Plain values: fields, attachments, and the body as a list of [op, text].

    Of a replaced attachment, ``text`` is such a list too; ``old`` and ``new`` come without their texts.
    """
    return {
        "fields": [asdict(change) for change in comparison.fields],
        "attachments": [_attachment_json(change) for change in comparison.attachments],
        "body": [[segment.op, segment.text] for segment in comparison.body],
    }


def _attachment_json(change: AttachmentChange) -> dict[str, Any]:
    def bare(attachment: Attachment | None) -> dict[str, Any] | None:
        return None if attachment is None else asdict(replace(attachment, text=None))

    return {
        "kind": change.kind, "old": bare(change.old), "new": bare(change.new), "same_text": change.same_text,
        "text": [[segment.op, segment.text] for segment in change.text],
    }  # fmt: skip
