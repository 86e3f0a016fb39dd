"""The end of a run: moves, unlisted documents, expectations, and what is released to readers or held."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from archive import search
from archive.batch import WalkEnd
from archive.fingerprint import storable
from archive.identity import Likeness, pair, url_key
from archive.model import ChangeKind, DocumentStatus, Problem, Severity, SiteReport
from archive.presence import Confirmation, Signal, Standing, step
from archive.times import iso, parse

if TYPE_CHECKING:
    from archive.record import SitePolicy

_COUNTED = (
    "baseline",
    "added",
    "edited",
    "attachment",
    "moved",
    "unlisted",
    "missing",
    "removed",
    "restored",
)
_ABSENCES = ("unlisted", "missing", "removed")
_WAITS = '["waits for the old address"]'
_PENDING = "feed_seq IS NULL AND held_by_run IS NULL AND dropped_at IS NULL"
# Beyond these, a run's absences or edits look like a broken site, not like an office at work.
_MASS_ABSENCE = (5, 0.2)
_MASS_EDIT = (10, 0.3)


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


def store_standing(db: sqlite3.Connection, document: int, after: Standing) -> None:
    """Write where a document stands."""
    db.execute(
        "UPDATE documents SET status = ?, first_absent_at = ?, absent_checks = ? WHERE id = ?",
        [
            after.status.value,
            iso(after.first_absent_at) if after.first_absent_at else None,
            after.absent_checks,
            document,
        ],
    )


def signal(
    db: sqlite3.Connection, site: str, run: int, document: int, what: Signal, at: datetime, rule: Confirmation
) -> None:
    """Tell the state machine what was learned of a document, and keep what it says."""
    row = db.execute(
        "SELECT status, first_absent_at, absent_checks, last_present_at FROM documents WHERE id = ?",
        [document],
    ).fetchone()
    first = parse(row["first_absent_at"]) if row["first_absent_at"] else None
    status = DocumentStatus(row["status"])
    before = Standing(status, status is DocumentStatus.UNLISTED, row["absent_checks"], first)
    after, kind = step(before, what, at, rule)
    if after != before:
        store_standing(db, document, after)
    if kind is not None:
        absent = after.first_absent_at or before.first_absent_at
        add_presence_change(db, document, site, run, kind, row["last_present_at"], absent, iso(at))
    if what is Signal.SEEN:
        db.execute("UPDATE documents SET last_present_at = ? WHERE id = ?", [iso(at), document])


def add_presence_change(
    db: sqlite3.Connection,
    document: int,
    site: str,
    run: int,
    kind: ChangeKind,
    last_present_at: str | None,
    first_absent_at: datetime | None,
    at: str,
) -> None:
    """An event of presence. A return before readers were told of the absence cancels both."""
    url = db.execute("SELECT url FROM documents WHERE id = ?", [document]).fetchone()[0]
    if kind is ChangeKind.RESTORED:
        untold = db.execute(
            "UPDATE changes SET dropped_at = ? WHERE document = ? AND kind IN ('missing', 'removed', 'unlisted')"
            " AND feed_seq IS NULL AND dropped_at IS NULL",
            [at, document],
        ).rowcount
        if untold:
            return
    add_change(
        db, document, site, run, kind, at, to_url=url, last_present_at=last_present_at,
        first_absent_at=iso(first_absent_at) if first_absent_at else None,
    )  # fmt: skip


def merge(db: sqlite3.Connection, document: int, into: int) -> None:
    """Make one history of two; the row of ``document`` stays and says where it went."""
    db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [into, document])
    db.execute("UPDATE addresses SET document = ?, role = 'alias' WHERE document = ?", [into, document])
    db.execute("UPDATE OR IGNORE listings SET document = ? WHERE document = ?", [into, document])
    db.execute("DELETE FROM listings WHERE document = ?", [document])


def settle(
    db: sqlite3.Connection,
    run: int,
    site: str,
    policy: SitePolicy,
    catalogues: Mapping[str, int],
    walks: Iterable[WalkEnd],
    waiting: Mapping[str, set[int]],
    *,
    now: datetime,
    died: bool,
    interrupted: bool,
    reasons: list[str],
) -> SiteReport:
    """End a run inside the caller's transaction and give its report."""
    at = iso(now)
    done = db.execute("SELECT outcome FROM runs WHERE id = ?", [run]).fetchone()[0]
    if done is not None:
        return report(db, run)
    last_walks = {walk.catalogue: walk for walk in walks}
    _end_walks(db, run, catalogues, last_walks, waiting, at)
    _unlist(db, run, site, at)
    _join_moves(db, run, site, at)
    breaches = [] if died else _breaches(db, run, site, policy, last_walks)
    if breaches:
        _hold(db, run, site)
    _release_pending(db, run, site)
    incomplete = _incomplete(db, run, last_walks, catalogues, died)
    if not breaches and not incomplete and not died:
        _resolve_earlier(db, site, run, at)
    outcome = "interrupted" if interrupted else "held" if breaches else _outcome(db, run, incomplete, died)
    why = [*reasons, *(b.message for b in breaches), *incomplete]
    close_run(db, run, outcome, at, list(dict.fromkeys(why)), held=bool(breaches))
    if outcome == "complete":
        db.execute("UPDATE sites SET last_complete_at = ? WHERE key = ?", [at, site])
    return report(db, run, problems=breaches)


def _end_walks(
    db: sqlite3.Connection,
    run: int,
    catalogues: Mapping[str, int],
    walks: Mapping[str, WalkEnd],
    waiting: Mapping[str, set[int]],
    at: str,
) -> None:
    """Note full walks. The first one ends when all that it listed has been looked at."""
    skipped = _skipped_keys(db, run)
    for key, walk in walks.items():
        if not (walk.full and walk.complete):
            continue
        catalogue = catalogues[key]
        before = db.execute("SELECT last_full_walk_at FROM catalogues WHERE id = ?", [catalogue]).fetchone()[
            0
        ]
        listed = [url for url, wanted in waiting.items() if catalogue in wanted]
        unasked = [url for url in listed if skipped.get(url, "skipped") == "skipped"]
        failing = [url for url in listed if skipped.get(url) in ("failed", "blocked")]
        if not unasked and (not failing or before is not None):
            db.execute(
                "UPDATE catalogues SET first_walk_ended_at = coalesce(first_walk_ended_at, ?) WHERE id = ?",
                [at, catalogue],
            )
        db.execute(
            "UPDATE catalogues SET last_full_walk_at = ?, last_full_walk_rows = ? WHERE id = ?",
            [at, walk.rows, catalogue],
        )
        db.execute(
            "UPDATE listings SET unlisted_at = ? WHERE catalogue = ? AND last_listed_run IS NOT ? AND unlisted_at IS NULL",
            [at, catalogue, run],
        )


def _skipped_keys(db: sqlite3.Connection, run: int) -> dict[str, str]:
    """Outcome of every address of the run, by key."""
    return {url_key(line[0]): line[2] for line in outcomes(db, run)}


def outcomes(db: sqlite3.Connection, run: int) -> list[list[str]]:
    """Every scheduled address of a run: [url, at, outcome, header SHA-256, body SHA-256, role, status, detail]."""
    import zstandard  # noqa: PLC0415

    stored = db.execute("SELECT outcomes FROM runs WHERE id = ?", [run]).fetchone()
    frames = [stored[0]] if stored is not None and stored[0] else []
    frames += [
        r[0] for r in db.execute("SELECT outcomes FROM run_outcomes WHERE run = ? ORDER BY batch", [run])
    ]
    lines: list[list[str]] = []
    for frame in frames:
        with zstandard.ZstdDecompressor().stream_reader(frame, read_across_frames=True) as reader:
            lines.extend(json.loads(line) for line in reader.read().splitlines())
    return lines


def _unlist(db: sqlite3.Connection, run: int, site: str, at: str) -> None:
    """Documents that every catalogue dropped, and whose page was seen in this run, are unlisted."""
    rows = db.execute(
        "SELECT id, last_present_at FROM documents d WHERE site = ? AND status = 'present' AND merged_into IS NULL"
        " AND last_present_at >= (SELECT started_at FROM runs WHERE id = ?)"
        " AND EXISTS (SELECT 1 FROM listings l WHERE l.document = d.id)"
        " AND NOT EXISTS (SELECT 1 FROM listings l WHERE l.document = d.id AND l.unlisted_at IS NULL)",
        [site, run],
    ).fetchall()
    for document, seen in rows:
        signal(db, site, run, document, Signal.UNLISTED, parse(seen), Confirmation())


_LIKENESS = (
    "SELECT d.id, index_number, issuing_body, document_number, title, body_sha256, coalesce(b.length, 0), d.url, status,"
    " last_present_at FROM documents d LEFT JOIN bodies b ON b.sha256 = d.body_sha256"
)


def _join_moves(db: sqlite3.Connection, run: int, site: str, at: str) -> None:
    """A new document that is a known one whose old address is gone is a move: one history."""
    fresh = db.execute(
        f"{_LIKENESS} WHERE d.id IN (SELECT document FROM changes WHERE site = ? AND kind IN ('added', 'baseline')"
        f" AND {_PENDING})",
        [site],
    ).fetchall()
    if not fresh:
        return
    started = db.execute("SELECT started_at FROM runs WHERE id = ?", [run]).fetchone()[0]
    ids = {row["id"] for row in fresh}
    old = [
        row
        for row in db.execute(
            f"{_LIKENESS} WHERE d.site = ? AND merged_into IS NULL AND (status IN ('missing', 'removed')"
            " OR last_present_at < ?)",
            [site, started],
        )
        if row["id"] not in ids
    ]
    by_id = {row["id"]: row for row in (*old, *fresh)}
    gone = [Likeness(*row[:7]) for row in old if row["status"] in ("missing", "removed")]
    joined = pair(gone, [Likeness(*row[:7]) for row in fresh])
    for document, added in joined:
        _move(db, run, site, by_id[document], by_id[added], at)
    taken = {added for _, added in joined}
    unasked = [Likeness(*row[:7]) for row in old if row["status"] not in ("missing", "removed")]
    for _, added in pair(unasked, [Likeness(*row[:7]) for row in fresh if row["id"] not in taken]):
        # The old address has not been asked in this run: whether this is a move is not known yet.
        db.execute(
            f"UPDATE changes SET reasons = ? WHERE document = ? AND kind = 'added' AND {_PENDING}",
            [_WAITS, added],
        )


def _move(db: sqlite3.Connection, run: int, site: str, old: sqlite3.Row, new: sqlite3.Row, at: str) -> None:
    document, added = old["id"], new["id"]
    before = db.execute(
        "SELECT v.id, number, fingerprint FROM versions v JOIN documents d ON d.current_version = v.id WHERE d.id = ?",
        [document],
    ).fetchone()
    after = db.execute(
        "SELECT v.id, fingerprint FROM versions v JOIN documents d ON d.current_version = v.id WHERE d.id = ?",
        [added],
    ).fetchone()
    db.execute("UPDATE addresses SET role = 'former' WHERE document = ?", [document])
    db.execute("UPDATE addresses SET document = ? WHERE document = ?", [document, added])
    db.execute("UPDATE OR REPLACE listings SET document = ? WHERE document = ?", [document, added])
    db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [document, added])
    db.execute(
        "UPDATE changes SET dropped_at = ? WHERE document = ? AND feed_seq IS NULL AND dropped_at IS NULL",
        [at, added],
    )
    told = db.execute(
        "UPDATE changes SET dropped_at = ? WHERE document = ? AND kind IN ('missing', 'removed') AND feed_seq IS NULL"
        " AND dropped_at IS NULL",
        [at, document],
    ).rowcount
    to_version = before["id"]
    if before["fingerprint"] != after["fingerprint"]:
        db.execute(
            "UPDATE versions SET document = ?, number = ? WHERE id = ?",
            [document, before["number"] + 1, after["id"]],
        )
        columns = ", ".join(
            f"{c} = (SELECT {c} FROM documents WHERE id = {int(added)})" for c in _record_names(db)
        )
        db.execute(
            f"UPDATE documents SET {columns}, current_version = ?, versions = ? WHERE id = ?",
            [after["id"], before["number"] + 1, document],
        )
        db.execute("UPDATE documents SET current_version = NULL, versions = 0 WHERE id = ?", [added])
        to_version = after["id"]
    last = db.execute("SELECT last_present_at FROM documents WHERE id = ?", [added]).fetchone()[0]
    db.execute("UPDATE documents SET url = ? WHERE id = ?", [new["url"], document])
    store_standing(db, document, Standing())
    db.execute("UPDATE documents SET last_present_at = ? WHERE id = ?", [last, document])
    add_change(
        db, document, site, run, ChangeKind.MOVED, at, from_version=before["id"], to_version=to_version,
        from_url=old["url"], to_url=new["url"], last_present_at=old["last_present_at"],
        reasons=() if told else ("its absence had been told",),
    )  # fmt: skip
    search.index_documents(db, [document, added])


def _record_names(db: sqlite3.Connection) -> list[str]:
    from archive.model import COLUMN_FIELDS  # noqa: PLC0415

    return [*(spec.name for spec in COLUMN_FIELDS), "body_sha256"]


def _breaches(
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


def _mass_breaches(db: sqlite3.Connection, run: int, site: str, breach: object) -> None:
    kept = db.execute(
        "SELECT count(*) FROM documents WHERE site = ? AND merged_into IS NULL", [site]
    ).fetchone()[0]
    for code, kinds, (least, share) in (
        ("mass_absence", _ABSENCES, _MASS_ABSENCE),
        ("mass_edit", ("edited",), _MASS_EDIT),
    ):
        marks = ",".join("?" * len(kinds))
        count = db.execute(
            f"SELECT count(*) FROM changes WHERE run = ? AND kind IN ({marks}) AND {_PENDING}",
            [run, *kinds],
        ).fetchone()[0]
        if count > max(least, share * kept):
            word = "absent" if code == "mass_absence" else "edited"
            breach(
                code,
                f"{count} of {kept} documents are {word} at once; `gongkai runs accept {run}` if that is true",
            )  # type: ignore[operator]


def _hold(db: sqlite3.Connection, run: int, site: str) -> None:
    """Keep the run's absences and, when they are many, its edits from readers."""
    db.execute(
        "UPDATE changes SET held_by_run = ? WHERE run = ? AND site = ? AND feed_seq IS NULL AND dropped_at IS NULL"
        " AND kind IN ('unlisted', 'missing', 'removed', 'edited', 'attachment')",
        [run, run, site],
    )


def _release_pending(db: sqlite3.Connection, run: int, site: str) -> None:
    ready = db.execute(
        f"SELECT id FROM changes WHERE site = ? AND {_PENDING} AND reasons <> ? ORDER BY id",
        [site, _WAITS],
    ).fetchall()
    release(db, [row[0] for row in ready])
    # What waited through one whole further run without becoming a move is news.
    waited = db.execute(
        f"SELECT id FROM changes WHERE site = ? AND {_PENDING} AND run < ? ORDER BY id",
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


def _resolve_earlier(db: sqlite3.Connection, site: str, run: int, at: str) -> None:
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


def _incomplete(
    db: sqlite3.Connection, run: int, walks: Mapping[str, WalkEnd], catalogues: Mapping[str, int], died: bool
) -> list[str]:
    row = db.execute("SELECT blocked, failed FROM runs WHERE id = ?", [run]).fetchone()
    reasons = [f"{key}: {w.reason or 'the walk was cut short'}" for key, w in walks.items() if not w.complete]
    if row["blocked"]:
        reasons.append(f"{row['blocked']} answers were anti-bot pages")
    if row["failed"]:
        reasons.append(f"{row['failed']} requests failed")
    if died:
        reasons.append("the collecting process ended before it was done")
    return reasons


def _outcome(db: sqlite3.Connection, run: int, incomplete: list[str], died: bool) -> str:
    fetched = db.execute("SELECT fetched FROM runs WHERE id = ?", [run]).fetchone()[0]
    if not fetched and (incomplete or died):
        return "failed"
    return "partial" if incomplete else "complete"


def close_run(
    db: sqlite3.Connection, run: int, outcome: str, at: str, reasons: Sequence[str], *, held: bool = False
) -> None:
    """Write a run's end: outcome, counts of its events, the blob of its outcomes."""
    frames = [
        r[0] for r in db.execute("SELECT outcomes FROM run_outcomes WHERE run = ? ORDER BY batch", [run])
    ]
    counts = dict.fromkeys(_COUNTED, 0)
    for kind, count in db.execute(
        "SELECT kind, count(*) FROM changes WHERE run = ? AND dropped_at IS NULL GROUP BY kind", [run]
    ):
        counts[kind] = count
    counts["new"] = counts.pop("added")
    started = db.execute("SELECT started_at FROM runs WHERE id = ?", [run]).fetchone()[0]
    assignments = ", ".join(f"{name} = ?" for name in counts)
    db.execute(
        f"UPDATE runs SET outcome = ?, ended_at = ?, reasons = ?, held = ?, outcomes = ?, seconds = ?, {assignments}"
        " WHERE id = ?",
        [
            outcome, at, storable(json.dumps(list(reasons), ensure_ascii=False)), int(held), b"".join(frames) or None,
            (parse(at) - parse(started)).total_seconds(), *counts.values(), run,
        ],
    )  # fmt: skip
    db.execute("DELETE FROM run_outcomes WHERE run = ?", [run])


def report(db: sqlite3.Connection, run: int, *, problems: Sequence[Problem] = ()) -> SiteReport:
    """A run that ended, as its report."""
    row = db.execute("SELECT * FROM runs WHERE id = ?", [run]).fetchone()
    names = (
        "scheduled", "fetched", "blocked", "failed", "skipped", "not_modified", "unchanged", "baseline", "new", "edited",
        "attachment", "moved", "unlisted", "missing", "removed", "restored",
    )  # fmt: skip
    counts = {name: int(row[name] or 0) for name in names}
    return SiteReport(
        site=row["site"], outcome=row["outcome"], run=run, seconds=row["seconds"] or 0.0,
        reasons=tuple(json.loads(row["reasons"])), problems=tuple(problems), **counts,
    )  # fmt: skip
