"""An edit that comes before earlier ones of its document were told: readers hear of all of it, from what they know on.

To tell only the last step would leave out the others for good, or tell as news that something is as readers know it.
"""

from __future__ import annotations

import json
import sqlite3

from archive import events
from archive.diff import compare
from archive.edits import Edit
from archive.rows import load_disclosure
from archive.versions import Versions


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
    for place, row in enumerate(untold):
        if row["waits_for"] == events.Wait.EMPTIED:
            emptied = {(f["field"], f["old"]) for f in json.loads(row["fields"])}
            if emptied <= {(f.field, f.new) for f in edit.fields}:
                events.drop(db, [row["id"]], at)
                edit = versions.without(edit, {name for name, _ in emptied})
            continue
        whole = versions.since(row["from_version"], edit)
        if whole is None or (row["waits_for"] == events.Wait.WORD and _extent(db, whole) > _extent(db, edit)):
            continue
        events.drop(db, [later["id"] for later in untold[place:]], at)
        edit = whole
        break
    return None if edit.nothing else edit


def _extent(db: sqlite3.Connection, edit: Edit) -> int:
    """How much differs: fields, and characters of the text."""
    comparison = compare(load_disclosure(db, edit.from_version), load_disclosure(db, edit.to_version))
    return len(comparison.fields) + sum(len(s.text) for s in comparison.body if s.op != "equal")
