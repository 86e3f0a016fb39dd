"""An edit that comes before earlier ones of its document were told: readers hear of all of it, from what they know on.

To tell only the last step would leave out the others for good, or tell as news that something is as readers know it.
"""

from __future__ import annotations

import json
import sqlite3

from archive import events
from archive.comparison.edits import Edit
from archive.diff import compare
from archive.rows import load_disclosure
from archive.versions import Versions

_PATIENT = (events.Wait.WORD, events.Wait.EMPTIED)


def from_what_is_told(
    db: sqlite3.Connection, versions: Versions, document: int, edit: Edit, at: str
) -> Edit | None:
    """The edit as it is to be told; None where it leads back to what readers know, or they do not know of the document yet.

    What it overtakes is not told by itself.
    What waits for a person's word, or for values of a record to come back, goes on waiting, unless this edit takes it back.
    """
    if events.is_untold(db, document):
        return None
    told = events.told_version(db, document)
    untold = events.untold_edits(db, document)
    if told is not None and told["fingerprint"] == edit.fingerprint:
        events.drop(db, [row["id"] for row in untold], at)
        return None
    back = set[str]()  # fields that are as readers know them
    for place, row in enumerate(untold):
        emptied = {(f["field"], f["old"]) for f in json.loads(row["fields"])}
        if row["waits_for"] == events.Wait.EMPTIED and emptied <= {(f.field, f.new) for f in edit.fields}:
            events.drop(db, [row["id"]], at)
            back |= {name for name, _ in emptied}
            continue
        if told is not None and told["number"] > row["from_number"]:
            continue  # readers know of what came after it
        whole = versions.since(row["from_version"], edit)
        if whole is None or (row["waits_for"] in _PATIENT and _are_two(db, row, edit, whole)):
            continue
        events.drop(db, [later["id"] for later in untold[place:]], at)
        edit = whole
        break
    if back:
        edit = versions.without(edit, back)
    return None if edit.nothing else edit


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
