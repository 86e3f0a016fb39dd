"""What is expected of a run. A breach looks like a broken site and holds what the run would tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from archive.batch import WalkEnd
from archive.events import PENDING
from archive.model import Problem, Severity

_ABSENCES = ("unlisted", "missing", "removed")
# Beyond these, a run's absences or edits look like a broken site, not like an office at work.
_MASS_ABSENCE = (5, 0.2)
_MASS_EDIT = (10, 0.3)


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """What the archive must know of a site to judge a collection."""

    confirm_checks: int = 3
    confirm_days: float = 2.0
    minimum: int | None = None
    maximum: int | None = None
    fill_rates: Mapping[str, float] = field(default_factory=dict)


def breaches(
    db: sqlite3.Connection, run: int, site: str, policy: SitePolicy, walks: Mapping[str, WalkEnd]
) -> list[Problem]:
    """What about this run looks like a broken site."""
    found: list[Problem] = []

    def breach(code: str, message: str) -> None:
        found.append(Problem(code=code, message=message, severity=Severity.ERROR))

    full = [w for w in walks.values() if w.full and w.complete]
    if full and len(full) == len(walks):
        rows = sum(w.rows for w in full)
        if policy.minimum is not None and rows < policy.minimum:
            breach(
                "below_minimum",
                f"the full walk listed {rows} documents, at least {policy.minimum} are expected",
            )
        if policy.maximum is not None and rows > policy.maximum:
            breach(
                "above_maximum",
                f"the full walk listed {rows} documents, at most {policy.maximum} are expected",
            )
    touched = db.execute(
        "SELECT count(*) FROM documents d JOIN versions v ON v.id = d.current_version WHERE d.site = ? AND v.run = ?",
        [site, run],
    ).fetchone()[0]
    for name, share in policy.fill_rates.items():
        if not touched or name in ("attachments", "citations"):
            continue
        column = "v.body_sha256" if name == "body_text" else f"v.{name}"
        filled = db.execute(
            f"SELECT count({column}) FROM documents d JOIN versions v ON v.id = d.current_version"
            " WHERE d.site = ? AND v.run = ?",
            [site, run],
        ).fetchone()[0]
        if filled / touched < share:
            breach(
                "below_fill_rate",
                f"{name}: {filled} of {touched} records have it, a share of {share:g} is expected",
            )
    _mass_breaches(db, run, site, breach)
    return found


def _mass_breaches(db: sqlite3.Connection, run: int, site: str, breach: Callable[[str, str], None]) -> None:
    kept = db.execute(
        "SELECT count(*) FROM documents WHERE site = ? AND merged_into IS NULL", [site]
    ).fetchone()[0]
    for code, kinds, (least, share) in (
        ("mass_absence", _ABSENCES, _MASS_ABSENCE),
        ("mass_edit", ("edited",), _MASS_EDIT),
    ):
        marks = ",".join("?" * len(kinds))
        count = db.execute(
            f"SELECT count(*) FROM changes WHERE run = ? AND kind IN ({marks}) AND {PENDING}",
            [run, *kinds],
        ).fetchone()[0]
        if count > max(least, share * kept):
            word = "absent" if code == "mass_absence" else "edited"
            breach(
                code,
                f"{count} of {kept} documents are {word} at once; `gongkai runs accept {run}` if that is true",
            )
