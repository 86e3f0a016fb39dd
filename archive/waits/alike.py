"""What many edits do alike: a template's, a parser's or a server's doing, which only a person's word releases.

The same field emptied or written otherwise, the same line come or gone, one file in the place of several.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.events import PENDING, Wait
from archive.model import COLUMN_FIELDS
from archive.storage import texts
from archive.times import iso

# What is read of a page: field → what tells in SQL whether a version, ``{v}``, has it.
LEARNED = {spec.name: f"{{v}}.{spec.name}" for spec in COLUMN_FIELDS if spec.fingerprint} | {
    "body_text": "{v}.body_sha256",
    "attachments": "(SELECT 1 FROM attachments a WHERE a.version = {v}.id LIMIT 1)",
}
LEAST_READ = 5
# A line that came or went in so many edits, and in such a share of them, is the template's.
_TEMPLATE = (10, 0.5)
# What is the text of each, or changes for many documents in one day when an office goes through what is in force.
_OF_MANY = ("body_text", "attachments", "title", "validity", "effective_on", "expires_on")
# But where documents move, a new system may call it otherwise for all of them.
_MOVED = (
    "EXISTS (SELECT 1 FROM changes m WHERE m.run = c.run AND m.document = c.document AND m.kind = 'moved')"
)
_IN_FORCE = re.compile("废止|失效|有效|停止执行|修订|修正")
_SEVERAL = 3  # documents, or addresses of files
_OF_SITE = 0.5  # share of a site's documents
_LATELY = timedelta(days=7)  # two servers in turn are met within it
_MOST_EDITS = 500  # that are looked at, the newest
_SHOWN = 80  # characters of a line or an address
_FEW_LINES = 2  # that a server ends its pages with


@dataclass(slots=True)
class Alike:
    """Edits of a run that are no office's work by all appearances, and why: (code, words) of each breach."""

    suspects: set[int] = field(default_factory=set)
    why: list[tuple[str, str]] = field(default_factory=list)


def alike(db: sqlite3.Connection, run: int, site: str, now: datetime) -> Alike:
    """What breaks expectations because edits of the run do the same, few as they may be."""
    found = Alike()
    for code, words, marks in (
        ("same_file", "one file came in the place of several different ones", _one_file(db, run, site)),
        (
            "same_line",
            "the same line or value comes and goes at several documents",
            _same_line(db, run, site, now),
        ),
    ):
        if marks:
            found.suspects.update(*marks.values())
            first = next(iter(marks))[:_SHOWN]
            found.why.append((code, f"{words}: {first}; `gongkai runs accept {run}` if that is true"))
    return found


def _one_file(db: sqlite3.Connection, run: int, site: str) -> dict[str, set[int]]:
    """Address → changes of the run, for files that came in the place of several different ones.

    Those that an earlier run holds for it count: not all documents are looked at in one run.
    """
    rows = db.execute(
        "SELECT c.id, c.run, n.url, coalesce(n.text_sha256, n.sha256) AS new, coalesce(o.text_sha256, o.sha256) AS old"
        " FROM changes c JOIN attachments n ON n.version = c.to_version"
        " JOIN attachments o ON o.version = c.from_version AND o.url = n.url"
        " WHERE c.site = ? AND c.kind IN ('edited', 'attachment') AND c.feed_seq IS NULL AND c.dropped_at IS NULL"
        " AND (c.run = ? OR c.waits_for = ?) AND n.sha256 <> o.sha256 AND new <> old ORDER BY c.id",
        [site, run, Wait.WORD.value],
    ).fetchall()
    came = defaultdict[str, list[sqlite3.Row]](list)
    for row in rows:
        came[row["new"]].append(row)
    found = {}
    for places in came.values():
        different = {row["old"] for row in places}, {row["url"] for row in places}
        changes = {row["id"] for row in places if row["run"] == run}
        if changes and min(map(len, different)) >= _SEVERAL:
            found[places[0]["url"]] = changes
    return found


def _same_line(db: sqlite3.Connection, run: int, site: str, now: datetime) -> dict[str, set[int]]:
    """Line → changes of the run, for lines that are all that these did, and that others brought or took too.

    They come at one document and go at another within a week, or came to, or went from, half of the site's documents at once.
    """
    edits = _SOLE.format(which=f"c.run = ? AND {PENDING}")
    mine = {row["id"]: _little(db, row) for row in db.execute(edits, [site, run, _MOST_EDITS])}
    did = defaultdict[str, set[int]](set)  # line → changes of the run
    for change, marks in mine.items():
        for _, line in marks:
            did[line].add(change)
    if not did:
        return {}
    found = {}
    documents = defaultdict[tuple[str, str], set[int]](set)
    lately = _SOLE.format(which="c.detected_at >= ?")
    for row in db.execute(lately, [site, iso(now - _LATELY), _MOST_EDITS]):
        marks = mine[row["id"]] if row["id"] in mine else _little(db, row)
        for mark in marks:
            documents[mark].add(row["document"])
    kept = db.execute(
        "SELECT count(*) FROM documents WHERE site = ? AND merged_into IS NULL", [site]
    ).fetchone()[0]
    for line, changes in sorted(did.items()):
        added, gone = documents["added", line], documents["gone", line]
        in_turn = added and gone and len(added | gone) >= _SEVERAL
        at_once = len(changes) >= max(_SEVERAL, _OF_SITE * kept) and not _IN_FORCE.search(line)
        if in_turn or at_once:
            found[line] = changes
    return found


_SOLE = (
    f"SELECT c.id, c.document, c.fields, {_MOVED} AS moved, o.body_sha256 AS old, n.body_sha256 AS new FROM changes c"
    " JOIN versions o ON o.id = c.from_version JOIN versions n ON n.id = c.to_version"
    " WHERE c.site = ? AND c.kind = 'edited' AND {which} ORDER BY c.id DESC LIMIT ?"
)


def _little(db: sqlite3.Connection, edit: sqlite3.Row) -> set[tuple[str, str]]:
    """The few lines and values that are all that an edit did; none where it did more."""
    marks = _marks_of_texts(db, edit["old"], edit["new"])
    for change in json.loads(edit["fields"]):
        if change["field"] in _OF_MANY and not (edit["moved"] and change["field"] == "validity"):
            return set()
        values = ("gone", change["old"]), ("added", change["new"])
        marks |= {(kind, f"{change['field']}: {value}") for kind, value in values if value}
    return marks if max(Counter(kind for kind, _ in marks).values(), default=0) <= _FEW_LINES else set()


def suspect_edits(db: sqlite3.Connection, run: int) -> list[int]:
    """Edits of a run that look like a template's or a parser's doing: only a person's word releases them.

    A field that most of the run's edits emptied, one that as many and at least ten of them wrote otherwise, or the same line
    added to or taken out of many documents.
    """
    pairs = [(value.format(v="o"), value.format(v="n")) for value in LEARNED.values()]
    states = ", ".join(
        f"CASE WHEN {old} IS {new} THEN NULL WHEN {new} IS NULL THEN 'emptied' ELSE 'changed' END"
        for old, new in pairs
    )
    edits = db.execute(
        "SELECT c.id, o.body_sha256, n.body_sha256,"
        f" CASE WHEN o.validity <> n.validity AND {_MOVED} THEN o.validity || ' ' || n.validity END, {states}"
        " FROM changes c JOIN versions o ON o.id = c.from_version JOIN versions n ON n.id = c.to_version"
        " WHERE c.run = ? AND c.kind IN ('edited', 'attachment')"
        " AND c.feed_seq IS NULL AND c.dropped_at IS NULL",
        [run],
    ).fetchall()
    marks = {edit[0]: _marks(db, edit[1], edit[2], edit[4:]) for edit in edits}
    for edit in filter(lambda edit: edit[3], edits):
        marks[edit[0]].add(("validity", edit[3]))
    seen = Counter(mark for found in marks.values() for mark in found)
    least = max(_TEMPLATE[1] * len(edits), LEAST_READ)
    common = {
        (kind, text)
        for (kind, text), count in seen.items()
        if count >= least and (kind == "emptied" or count >= _TEMPLATE[0])
    }
    return [edit for edit, found in marks.items() if found & common]


def _marks(
    db: sqlite3.Connection, old: str | None, new: str | None, states: Sequence[str | None]
) -> set[tuple[str, str]]:
    """What an edit did that others may have done too: fields emptied or changed, lines of its text added, lines taken out."""
    found = {
        (state, name)
        for name, state in zip(LEARNED, states, strict=True)
        if state == "emptied" or (state == "changed" and name not in _OF_MANY)
    }
    return found | _marks_of_texts(db, old, new)


def _marks_of_texts(db: sqlite3.Connection, old: str | None, new: str | None) -> set[tuple[str, str]]:
    try:
        before, after = (set((texts.read(db, sha256) or "").splitlines()) for sha256 in (old, new))
    except (LookupError, texts.TextDamagedError):  # an earlier edit's; `verify` names it
        return set()
    return {("added", line) for line in after - before} | {("gone", line) for line in before - after}
