"""Events: added by the writer, then released to readers, held, or dropped. Inside the writer's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from archive.fingerprint import storable
from archive.model import ChangeKind

PENDING = "feed_seq IS NULL AND held_by_run IS NULL AND dropped_at IS NULL"
WAITS = '["waits for the old address"]'


def add_change(
    db: sqlite3.Connection,
    document: int,
    site: str,
    run: int,
    kind: ChangeKind,
    at: str,
    *,
    significance: str | None = None,
    reasons: Sequence[str] = (),
    fields: str = "[]",
    from_version: int | None = None,
    to_version: int | None = None,
    from_url: str | None = None,
    to_url: str | None = None,
    last_present_at: str | None = None,
    first_absent_at: str | None = None,
) -> None:
    """Add an event; readers see it when :func:`release` has given it a place in the feed."""
    if to_version is None and kind in (ChangeKind.BASELINE, ChangeKind.ADDED):
        to_version = db.execute("SELECT current_version FROM documents WHERE id = ?", [document]).fetchone()[
            0
        ]
    db.execute(
        "INSERT INTO changes (document, site, kind, significance, reasons, fields, from_version, to_version, from_url,"
        " to_url, last_present_at, first_absent_at, detected_at, run) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            document, site, kind.value, significance, storable(json.dumps(list(reasons), ensure_ascii=False)), fields,
            from_version, to_version, from_url, to_url, last_present_at, first_absent_at, at, run,
        ],
    )  # fmt: skip


def hold(db: sqlite3.Connection, run: int, site: str) -> None:
    """Keep the run's absences and, when they are many, its edits from readers."""
    db.execute(
        "UPDATE changes SET held_by_run = ? WHERE run = ? AND site = ? AND feed_seq IS NULL AND dropped_at IS NULL"
        " AND kind IN ('unlisted', 'missing', 'removed', 'edited', 'attachment')",
        [run, run, site],
    )


def release_pending(db: sqlite3.Connection, run: int, site: str) -> None:
    ready = db.execute(
        f"SELECT id FROM changes WHERE site = ? AND {PENDING} AND reasons <> ? ORDER BY id",
        [site, WAITS],
    ).fetchall()
    release(db, [row[0] for row in ready])
    # What waited through one whole further run without becoming a move is news.
    waited = db.execute(
        f"SELECT id FROM changes WHERE site = ? AND {PENDING} AND run < ? ORDER BY id",
        [site, run],
    ).fetchall()
    db.executemany("UPDATE changes SET reasons = '[]' WHERE id = ?", waited)
    release(db, [row[0] for row in waited])


def release(db: sqlite3.Connection, changes: Sequence[int]) -> int:
    """Give events their places in the feed, in order; the number of them. A place is never given twice."""
    row = db.execute("SELECT value FROM archive WHERE key = 'feed_seq'").fetchone()
    last = int(row[0]) if row else 0
    db.executemany(
        "UPDATE changes SET feed_seq = ?, held_by_run = NULL WHERE id = ?",
        [(last + n, change) for n, change in enumerate(changes, start=1)],
    )
    db.execute(
        "INSERT INTO archive VALUES ('feed_seq', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [str(last + len(changes))],
    )
    return len(changes)


def resolve_held(db: sqlite3.Connection, run: int, at: str, *, accept: bool, verdict: str) -> int:
    """Release or drop what a run held; the number of events."""
    held = [
        r[0]
        for r in db.execute(
            "SELECT id FROM changes WHERE held_by_run = ? AND dropped_at IS NULL ORDER BY id", [run]
        )
    ]
    if accept:
        release(db, held)
    else:
        db.executemany("UPDATE changes SET dropped_at = ? WHERE id = ?", [(at, change) for change in held])
    db.execute("UPDATE runs SET resolved = ?, resolved_at = ? WHERE id = ?", [verdict, at, run])
    return len(held)


def resolve_earlier(db: sqlite3.Connection, site: str, run: int, at: str) -> None:
    """A good run settles what earlier ones held: what still holds is told, what healed is dropped."""
    for (held_run,) in db.execute(
        "SELECT id FROM runs WHERE site = ? AND held = 1 AND resolved IS NULL AND id <> ?", [site, run]
    ).fetchall():
        db.execute(
            "UPDATE changes SET dropped_at = ? WHERE held_by_run = ? AND dropped_at IS NULL AND NOT ("
            " (kind IN ('edited', 'attachment') AND to_version = (SELECT current_version FROM documents d WHERE d.id = document))"
            " OR (kind IN ('missing', 'removed', 'unlisted')"
            "     AND (SELECT status FROM documents d WHERE d.id = document) IN ('missing', 'removed', 'unlisted')))",
            [at, held_run],
        )
        resolve_held(db, held_run, at, accept=True, verdict="settled")
