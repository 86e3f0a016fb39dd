"""An edit that comes before earlier ones of its document were told: readers hear of all of it, from what they know on.

To tell only the last step would leave out the others for good, or tell as news that something is as readers know it.
"""

from __future__ import annotations

import json
import sqlite3

from archive import events
from archive.comparison.edits import Edit
from archive.diff import Comparison, compare
from archive.rows import load_disclosure
from archive.versions import Versions

_PATIENT = (events.Wait.WORD, events.Wait.EMPTIED)


def from_what_is_told(
    db: sqlite3.Connection, versions: Versions, document: int, edit: Edit, at: str
) -> Edit | None:
    """The edit as it is to be told; None where it leads back to what readers know, or they do not know of the document yet.

    What it overtakes is not told by itself.
    What waits for a person's word, or for values of a record to come back, goes on waiting, unless this edit takes it back.
    What a person dropped readers do not know of, whatever came of it since: an edit that leaves it as it is tells it as well.
    """
    if events.is_untold(db, document):
        return None
    told = events.told_version(db, document)
    untold = events.untold_edits(db, document)
    if told is not None and told["fingerprint"] == edit.fingerprint:
        events.drop(db, [row["id"] for row in untold if not row["dropped"]], at)
        return None
    apart = set[str]()  # fields that are as readers know them, or of which another edit tells
    for place, row in enumerate(untold):
        waits, fields = None if row["dropped"] else row["waits_for"], _fields(row)
        if waits == events.Wait.EMPTIED and fields == _undone(row, edit):
            events.drop(db, [row["id"]], at)
            apart |= fields
            continue
        later = [r for r in untold[place:] if not r["dropped"]]
        known = told is not None and told["number"] > row["from_number"]  # what came after it
        if known or (row["dropped"] and any(r["waits_for"] == events.Wait.WORD for r in later)):
            if _takes_back(db, row, edit):
                events.drop(db, [r["id"] for r in later if r["id"] == row["id"]], at)
                return None
            if row["dropped"]:
                apart |= _undone(row, edit)
            continue
        start = row["from_version"]
        if row["dropped"] and told is not None and all(r["dropped"] for r in untold[:place]):
            start = told["to_version"]  # what it came after may have been no news, and have gone since
        whole = versions.since(start, edit)
        if whole is None or (waits in _PATIENT and _are_two(db, row, edit, whole)):
            continue
        if row["dropped"]:  # that values are away besides goes on waiting
            emptied = [
                r for r in later if r["waits_for"] == events.Wait.EMPTIED and _fields(r) != _undone(r, edit)
            ]
            apart |= {name for r in emptied for name in _fields(r)}
            later = [r for r in later if r not in emptied]
        events.drop(db, [r["id"] for r in later], at)
        edit = whole
        break
    if apart:
        edit = versions.without(edit, apart)
    return None if edit.nothing else edit


def _fields(row: sqlite3.Row) -> set[str]:
    return {change["field"] for change in json.loads(row["fields"])}


def _undone(row: sqlite3.Row, edit: Edit) -> set[str]:
    """Fields that an edit gives the values again that an earlier one took."""
    did = {(change["field"], change["old"], change["new"]) for change in json.loads(row["fields"])}
    return {change.field for change in edit.fields if (change.field, change.new, change.old) in did}


def _takes_back(db: sqlite3.Connection, before: sqlite3.Row, edit: Edit) -> bool:
    """Whether an edit does the reverse of what an earlier one did, and nothing else."""
    pairs = (before["from_version"], before["to_version"]), (edit.to_version, edit.from_version)
    did, reverse = (compare(*(load_disclosure(db, version) for version in pair)) for pair in pairs)
    return not did.empty and _changes(did) == _changes(reverse)


def _changes(comparison: Comparison) -> tuple[object, ...]:
    body = tuple((s.op, s.text) for s in comparison.body if s.op != "equal")
    return comparison.fields, comparison.attachments, body


def _are_two(db: sqlite3.Connection, before: sqlite3.Row, edit: Edit, whole: Edit) -> bool:
    """Whether an edit leaves what an earlier one did: both together differ by as much as the one and the other."""
    parts = _extent(db, before["from_version"], before["to_version"]) + _extent(
        db, edit.from_version, edit.to_version
    )
    return _extent(db, whole.from_version, whole.to_version) >= parts


def _extent(db: sqlite3.Connection, old: int, new: int) -> int:
    """How much differs between two versions: fields, and characters of the text."""
    comparison = compare(load_disclosure(db, old), load_disclosure(db, new))
    return len(comparison.fields) + sum(len(s.text) for s in comparison.body if s.op != "equal")
