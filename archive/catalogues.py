"""The catalogues of a site file, as the archive knows them: which are known ones, and what those say that are watched no more."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

Catalogue = tuple[str, str | None, str]  # key, name, address

# What a document is still listed in does not depend on a list that nobody looks at, where another one has it.
_LEAVE = """
    UPDATE listings SET unlisted_at = :at WHERE unlisted_at IS NULL
    AND catalogue IN (SELECT id FROM catalogues WHERE site = :site AND key NOT IN (SELECT value FROM json_each(:keys)))
    AND EXISTS (SELECT 1 FROM listings w JOIN catalogues c ON c.id = w.catalogue WHERE w.document = listings.document
    AND w.unlisted_at IS NULL AND c.site = :site AND c.key IN (SELECT value FROM json_each(:keys)))
"""


def take_up(db: sqlite3.Connection, site: str, catalogues: Sequence[Catalogue], at: str) -> dict[str, int]:
    """Write a site file's catalogues; their keys → ids. Inside the writer's transaction.

    One that has got another key is known by its address: else its documents stay listed in what is never walked again, and
    what it publishes on that day is taken for its first look.
    """
    keys = [key for key, _, _ in catalogues]
    known = db.execute("SELECT id, key, url FROM catalogues WHERE site = ?", [site]).fetchall()
    left = [row for row in known if row["key"] not in keys]
    for key, name, url in catalogues:
        before = [row for row in left if row["url"] == url]
        is_new = key not in [row["key"] for row in known]
        if is_new and len(before) == 1 and [other for _, _, other in catalogues].count(url) == 1:
            db.execute("UPDATE catalogues SET key = ? WHERE id = ?", [key, before[0]["id"]])
        db.execute(
            "INSERT INTO catalogues (site, key, name, url) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site, key) DO UPDATE SET name = excluded.name, url = excluded.url",
            [site, key, name, url],
        )
    if left:
        db.execute(_LEAVE, {"site": site, "at": at, "keys": json.dumps(keys)})
    rows = db.execute("SELECT key, id FROM catalogues WHERE site = ?", [site])
    return {row["key"]: row["id"] for row in rows if row["key"] in keys}
