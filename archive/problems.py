"""Problems of pages and lists, each counted once however often it is met."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from archive.fingerprint import storable
from archive.model import Problem
from archive.times import iso


def note(
    db: sqlite3.Connection,
    site: str,
    run: int,
    problems: Iterable[Problem],
    document: int | None,
    at: datetime,
) -> None:
    """Keep problems of a document, or of the site where ``document`` is None. Inside the writer's transaction."""
    now = iso(at)
    for problem in problems:
        same = db.execute(
            "SELECT id FROM problems WHERE site = ? AND code = ? AND document IS ? AND url IS ? AND message = ?",
            [site, problem.code, document, problem.url, storable(problem.message)],
        ).fetchone()
        if same:
            db.execute(
                "UPDATE problems SET last_at = ?, run = ?, count = count + 1 WHERE id = ?",
                [now, run, same["id"]],
            )
            continue
        db.execute(
            "INSERT INTO problems (site, run, document, url, code, severity, field, value, message, first_at, last_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                site, run, document, problem.url, problem.code, problem.severity.value, problem.field,
                storable(problem.value) if problem.value else None, storable(problem.message), now, now,
            ],
        )  # fmt: skip
