"""The documents that are kept, to be gone through: by site, status and year. Read-only queries → values for a template."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

PAGE = 50
_CHOICES = ("site", "status", "year")
_ROWS = """
    SELECT id, site, title, url, status, document_number, index_number, issuing_body, published_on, issued_on, versions, withdrawn_at
    FROM documents WHERE {where} ORDER BY coalesce(published_on, issued_on, '') DESC, id DESC LIMIT ? OFFSET ?
"""
_YEAR = "substr(coalesce(published_on, issued_on, ''), 1, 4)"

# One pass over the table for all counts: it has no index for them, and its rows are wide.
_GROUPS = f"SELECT site, status, {_YEAR}, count(*) FROM documents WHERE merged_into IS NULL GROUP BY 1, 2, 3"  # noqa: S608 — ours


def documents(
    conn: sqlite3.Connection, args: Mapping[str, str], words: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """One page of the documents that fit, the newest first, with how many there are of each site, status and year.

    ``words``: the status in two languages. A choice that nothing has finds nothing.
    """
    chosen = {key: args[key] for key in _CHOICES if args.get(key)}
    wanted = {**chosen, **({"year": ""} if chosen.get("year") == "none" else {})}
    offset = int(text) if (text := args.get("offset", "")).isdecimal() and len(text) < 10 else 0
    columns = {"site": "site", "status": "status", "year": _YEAR}
    where = " AND ".join(["merged_into IS NULL", *(f"{columns[key]} = ?" for key in wanted)])
    found = conn.execute(_ROWS.format(where=where), [*wanted.values(), PAGE + 1, offset])
    rows = [dict(row) for row in found]
    groups = [tuple(row) for row in conn.execute(_GROUPS)]
    following = urlencode({**chosen, "offset": offset + PAGE}) if len(rows) > PAGE else None
    before = urlencode({**chosen, "offset": max(offset - PAGE, 0)}) if offset else None
    counts = {key: _counts(groups, place, wanted) for place, key in enumerate(_CHOICES)}
    total = sum(group[-1] for group in groups if _fits(group, wanted))
    # without the year, which may be of either day
    in_table = [(key, chosen[key]) for key in ("site", "status") if key in chosen]
    return {
        "table": urlencode([*in_table, ("merged_into__isnull", "1")]),
        "rows": rows[:PAGE], "total": total, "first": offset + 1, "chosen": chosen, "following": following, "before": before,
        "status": words, "statuses": counts["status"], "years": counts["year"][::-1], "sites": counts["site"],
        "names": dict(conn.execute("SELECT key, coalesce(name, key) FROM sites").fetchall()),
    }  # fmt: skip


def _fits(group: Sequence[Any], wanted: Mapping[str, str], but: str = "") -> bool:
    """Whether a group of documents is among those chosen, whatever its value of one of the choices."""
    return all(
        group[place] == wanted[key] for place, key in enumerate(_CHOICES) if key in wanted and key != but
    )


def _counts(groups: Sequence[Sequence[Any]], place: int, wanted: Mapping[str, str]) -> list[tuple[str, int]]:
    """Value → number of documents, under all other choices."""
    counted: Counter[str] = Counter()
    for group in groups:
        if _fits(group, wanted, _CHOICES[place]):
            counted[group[place]] += group[-1]
    return sorted(counted.items())
