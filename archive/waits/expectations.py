"""What is expected of a run. A breach looks like a broken site and holds what the run would tell.

The site file may state expectations; what it does not state is learned from the site's own history in the archive.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.batch import WalkEnd
from archive.events import PENDING
from archive.model import FIELD, Problem, Severity
from archive.waits.alike import LEARNED, LEAST_READ

_ABSENCES = ("unlisted", "missing", "removed")
# Beyond these, a run's absences or edits look like a broken site, not like an office at work.
_MASS_ABSENCE = (5, 0.2)
_MASS_EDIT = (10, 0.3)
# What is learned: a field that most documents had is missing from most of what this run read.
_LEAST_KNOWN = 20
_USUAL = 0.8  # of the known documents have the field
_FEW = 0.5  # of that share, among those read now
# Of the documents that answered: beyond these, pages that are gone while their lists have them look like an outage.
_GONE_WHILE_LISTED = (5, 0.2)
_GROWTH = (2.0, 50)  # a full walk that lists twice as much, and 50 rows more, lists something else


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """What the archive must know of a site to judge a collection."""

    confirm_checks: int = 3
    confirm_days: float = 2.0
    minimum: int | None = None
    maximum: int | None = None
    fill_rates: Mapping[str, float] = field(default_factory=dict)


def rows_before(db: sqlite3.Connection, site: str) -> dict[str, int]:
    """Catalogue → rows of its last complete full walk. To be asked before the run's own walks are noted."""
    found = db.execute(
        "SELECT key, last_full_walk_rows FROM catalogues WHERE site = ? AND last_full_walk_rows IS NOT NULL",
        [site],
    )
    return {row[0]: row[1] for row in found}


def breaches(
    db: sqlite3.Connection,
    run: int,
    site: str,
    policy: SitePolicy,
    walks: Mapping[str, WalkEnd],
    known_rows: Mapping[str, int],
    same: Sequence[tuple[str, str]],
) -> list[Problem]:
    """What about this run looks like a broken site. ``same``: what its edits do alike (archive.waits.alike)."""
    asked_for = bool(db.execute("SELECT full FROM runs WHERE id = ?", [run]).fetchone()[0])
    found = [
        *_of_walks(policy, walks, {} if asked_for else known_rows),
        *_of_stated_fields(db, run, site, policy),
        *_of_learned_fields(db, run, policy),
        *_of_masses(db, run, site),
        *same,
    ]
    return [Problem(code=code, message=message, severity=Severity.ERROR) for code, message in found]


def _of_walks(
    policy: SitePolicy, walks: Mapping[str, WalkEnd], known_rows: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    full = [w for w in walks.values() if w.full and w.complete]
    if full and len(full) == len(walks):
        rows = sum(w.rows for w in full)
        if policy.minimum is not None and rows < policy.minimum:
            yield (
                "below_minimum",
                f"the full walk listed {rows} documents, at least {policy.minimum} are expected",
            )
        if policy.maximum is not None and rows > policy.maximum:
            yield (
                "above_maximum",
                f"the full walk listed {rows} documents, at most {policy.maximum} are expected",
            )
    if policy.maximum is not None:
        return
    for walk in full:
        before = known_rows.get(walk.catalogue)
        if before is not None and walk.rows > max(before * _GROWTH[0], before + _GROWTH[1]):
            yield (
                "above_usual",
                f"{walk.catalogue}: {walk.rows} rows; the last full walk had {before}: if that is right, collect once with --full",
            )


def _of_stated_fields(
    db: sqlite3.Connection, run: int, site: str, policy: SitePolicy
) -> Iterator[tuple[str, str]]:
    touched, filled = _shares(db, "v.run = ? AND v.id = d.current_version AND d.site = ?", [run, site])
    for name, share in policy.fill_rates.items():
        if touched and name in filled and filled[name] / touched < share:
            yield (
                "below_fill_rate",
                f"{name}: {filled[name]} of {touched} records have it, a share of {share:g} is expected",
            )


def _of_learned_fields(db: sqlite3.Connection, run: int, policy: SitePolicy) -> Iterator[tuple[str, str]]:
    """Fields that versions of this run lack although the same documents, or their catalogues' others, had them."""
    now = "v.run = ? AND v.id = d.current_version AND v.number {which} 1"
    for what, which, usual in (("edited", ">", _PREVIOUS), ("new", "=", _NEIGHBOURS)):
        read, filled = _shares(db, now.format(which=which), [run])
        if read < LEAST_READ:
            continue
        known, before = _shares(db, usual, [run, run])
        if known < (LEAST_READ if which == ">" else _LEAST_KNOWN):
            continue
        for name, count in filled.items():
            share = before[name] / known
            if name not in policy.fill_rates and share >= _USUAL and count / read < share * _FEW:
                zh = FIELD[name].zh
                yield (
                    "field_emptied",
                    f"{name} ({zh}): {count} of {read} {what} documents have it, of those known before {before[name]} of {known}:"
                    " was the site redesigned?",
                )


# The versions that this run's edits replaced.
_PREVIOUS = "v.id IN (SELECT from_version FROM changes WHERE run = ? AND kind IN ('edited', 'attachment')) AND v.run < ?"
# Documents that were known before, of the catalogues in which this run found new ones.
_NEIGHBOURS = (
    "v.id = d.current_version AND d.id IN (SELECT n.document FROM listings n WHERE n.catalogue IN (SELECT l.catalogue"
    " FROM listings l JOIN versions w ON w.document = l.document WHERE w.run = ? AND w.number = 1)) AND v.run < ?"
)


def _shares(db: sqlite3.Connection, where: str, values: Sequence[object]) -> tuple[int, dict[str, int]]:
    """The number of versions that ``where`` selects, and how many of them have each field."""
    counts = ", ".join(f"count({value.format(v='v')})" for value in LEARNED.values())
    row = db.execute(
        f"SELECT count(*), {counts} FROM versions v JOIN documents d ON d.id = v.document WHERE {where}",
        values,
    ).fetchone()
    return row[0], dict(zip(LEARNED, row[1:], strict=True))


def _of_masses(db: sqlite3.Connection, run: int, site: str) -> Iterator[tuple[str, str]]:
    kept = db.execute(
        "SELECT count(*) FROM documents WHERE site = ? AND merged_into IS NULL", [site]
    ).fetchone()[0]
    for code, kinds, (least, share) in (
        ("mass_absence", _ABSENCES, _MASS_ABSENCE),
        ("mass_edit", ("edited",), _MASS_EDIT),
    ):
        marks = ",".join("?" * len(kinds))
        count = db.execute(
            f"SELECT count(*) FROM changes WHERE run = ? AND kind IN ({marks}) AND {PENDING}", [run, *kinds]
        ).fetchone()[0]
        if count > max(least, share * kept):
            word = "absent" if code == "mass_absence" else "edited"
            yield (
                code,
                f"{count} of {kept} documents are {word} at once; `gongkai runs accept {run}` if that is true",
            )


# Documents whose addresses answered since an instant, and of them those that are gone, that a watched catalogue lists
# still, and that were neither told as removed nor accepted by a person. What was told as missing counts on: else an outage
# that takes a few pages more each day would never be many.
_ANSWERED = """
    WITH answered AS (
        SELECT d.id, d.status, d.first_absent_at FROM documents d WHERE d.site = :site AND d.merged_into IS NULL AND d.id IN (
            SELECT document FROM addresses WHERE site = :site AND role = 'current' AND last_confirmed_at >= :since)
    )
    SELECT (SELECT count(*) FROM answered), count(*) FROM answered d WHERE d.status IN ('missing', 'removed')
    AND (d.status = 'missing' OR EXISTS (SELECT 1 FROM changes c WHERE c.document = d.id AND c.kind = 'removed'
        AND +c.feed_seq IS NULL AND c.dropped_at IS NULL))
    AND NOT (d.first_absent_at <= (SELECT coalesce(max(resolved_at), '') FROM runs WHERE site = :site AND resolved = 'accepted')
        AND EXISTS (SELECT 1 FROM changes c WHERE c.document = d.id AND c.kind IN ('missing', 'removed')
        AND c.feed_seq IS NOT NULL AND c.first_absent_at = d.first_absent_at))
    AND EXISTS (SELECT 1 FROM listings l WHERE l.document = d.id AND l.unlisted_at IS NULL
        AND l.catalogue IN (SELECT value FROM json_each(:watched)))
"""


def gone_while_listed(db: sqlite3.Connection, site: str, since: str, watched: Iterable[int]) -> str | None:
    """Why the site looks broken, in words, where many of its pages are gone and its lists have them still; else None.

    ``since``: when the collection began; ``watched``: ids of its catalogues. To be asked when moves have been joined.
    """
    values = {"site": site, "since": since, "watched": json.dumps(list(watched))}
    answered, gone = db.execute(_ANSWERED, values).fetchone()
    least, share = _GONE_WHILE_LISTED
    if gone <= max(least, share * answered) and not gone == answered > 1:
        return None
    return f"{gone} of {answered} documents are gone, though their lists have them: is the site broken?"
