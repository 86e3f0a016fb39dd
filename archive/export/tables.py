"""Documents and versions as lines of JSON, or as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from archive.export.selection import Selection
from archive.model import COLUMN_FIELDS
from archive.rows import load_disclosure, to_column
from archive.verification.findings import Progress
from archive.words import column_words

# Both leave out what was merged into another history. A document is chosen when a version of it was first seen in time.
_DOCUMENTS = """
    FROM documents d JOIN versions v ON v.id = d.current_version
    WHERE d.merged_into IS NULL AND (:site IS NULL OR d.site = :site) AND (:document IS NULL OR d.id = :document)
    AND EXISTS (SELECT 1 FROM versions w WHERE w.document = d.id AND w.first_seen_at >= :since AND w.first_seen_at < :until)
"""
_VERSIONS = """
    FROM documents d JOIN versions v ON v.document = d.id
    WHERE d.merged_into IS NULL AND (:site IS NULL OR d.site = :site) AND (:document IS NULL OR d.id = :document)
    AND v.first_seen_at >= :since AND v.first_seen_at < :until
"""
_COLUMNS = """
    SELECT v.id AS version_id, d.id AS document, d.site, d.url, d.status, v.number AS version, d.versions, d.first_present_at,
    d.last_present_at, d.first_absent_at, v.first_seen_at, v.last_seen_at, v.significance, v.reasons, v.fingerprint,
    v.extractor_revision, v.withdrawn_at, v.withdrawn_reason
"""
_OF_BOTH = ("document", "site", "url", "status", "version")
_OF_DOCUMENTS = ("versions", "first_present_at", "last_present_at", "first_absent_at")
_OF_VERSIONS = ("first_seen_at", "last_seen_at", "significance", "reasons")
_LAST = ("fingerprint", "extractor_revision", "withdrawn_at", "withdrawn_reason")
MARK = (
    b"\xef\xbb\xbf"  # by which a spreadsheet knows UTF-8: it takes the machine's own character set without it
)
# What a spreadsheet takes for a formula, in the widths that Chinese input methods write.
_FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")
_LISTS = frozenset({"issuing_bodies", "keywords", "reasons"})


def rows(
    db: sqlite3.Connection, chosen: Selection, *, versions: bool, progress: Progress
) -> Iterator[dict[str, Any]]:
    """The chosen documents with their current values, or versions, in the order of documents: plain values, lists as lists."""
    source, names = (_VERSIONS, _OF_VERSIONS) if versions else (_DOCUMENTS, _OF_DOCUMENTS)
    values = chosen.values()
    total = db.execute(f"SELECT count(*) {source}", values).fetchone()[0]
    query = f"{_COLUMNS} {source} ORDER BY d.id, v.number"
    for done, row in enumerate(db.execute(query, values), start=1):
        record = load_disclosure(db, row["version_id"])
        line: dict[str, Any] = {name: row[name] for name in (*_OF_BOTH, *names)}
        if versions:
            line["reasons"] = json.loads(line["reasons"] or "[]")
        for spec in COLUMN_FIELDS:
            value = getattr(record, spec.name)
            line[spec.name] = list(value) if isinstance(value, tuple) else to_column(value)
        line["body_text"] = record.body_text
        line["attachments"] = [
            {"name": a.name, "url": a.url, "media_type": a.media_type, "sha256": a.sha256, "size": a.size, "text": a.text}
            for a in record.attachments
        ]  # fmt: skip
        line["citations"] = [
            {
                "relation": c.relation.value,
                "document_number": c.document_number,
                "title": c.title,
                "quote": c.quote,
            }
            for c in record.citations
        ]
        line |= {name: row[name] for name in _LAST}
        yield line
        if done % 100 == 0 or done == total:
            progress("versions" if versions else "documents", done, total)


def write_jsonl(out: BinaryIO, lines: Iterator[dict[str, Any]]) -> int:
    """One JSON object a line, UTF-8; the number of lines."""
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 — the last one is the result
        out.write((json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
    return count


def write_csv(
    out: BinaryIO, lines: Iterator[dict[str, Any]], *, versions: bool, in_words: bool = False
) -> int:
    """A table with a head, UTF-8 with the mark that spreadsheets look for; the number of lines below the head.

    ``in_words``: the head says what each column means, not what programs call it.

    Lists are joined by 、 (attachments and citations by line breaks); what a spreadsheet would take for a formula begins with
    an apostrophe.
    """
    head = [
        *_OF_BOTH, *(_OF_VERSIONS if versions else _OF_DOCUMENTS), *(s.name for s in COLUMN_FIELDS), "body_text",
        "attachments", "attachment_urls", "citations", *_LAST,
    ]  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, head)
    writer.writerow({name: column_words(name) or name if in_words else name for name in head})
    text.seek(0)
    out.write(MARK + text.read().encode())
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007
        text.seek(0)
        text.truncate()
        writer.writerow({name: harmless(value) for name, value in _flat(line).items()})
        out.write(text.getvalue().encode("utf-8", "backslashreplace"))
    return count


def _flat(line: Mapping[str, Any]) -> dict[str, Any]:
    cited = [" ".join(filter(None, (c["document_number"], c["title"]))) for c in line["citations"]]
    return {
        **line,
        **{name: "、".join(line[name]) for name in _LISTS & line.keys()},
        "attachments": "\n".join(a["name"] for a in line["attachments"]),
        "attachment_urls": "\n".join(a["url"] for a in line["attachments"]),
        "citations": "\n".join(cited),
    }


def harmless(value: Any) -> Any:
    """A cell's value; what a spreadsheet would take for a formula begins with an apostrophe."""
    if not isinstance(value, str):
        return value
    value = value.replace("\x00", "")
    return f"'{value}" if _FORMULA.match(value) else value
