"""The end of a run: moves, unlisted documents, expectations, and what is released to readers or held."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from archive import events, outcomes
from archive.addresses import Addresses
from archive.batch import WalkEnd
from archive.fingerprint import storable
from archive.histories import impostors
from archive.histories.left_addresses import leave_addresses
from archive.histories.moves import join_led, join_moves
from archive.histories.redirects import Redirects
from archive.identity import url_key
from archive.model import Problem, Severity, SiteReport
from archive.presence import UNANSWERED, Confirmation, Signal
from archive.standing import returned, signal
from archive.times import iso, parse, waited
from archive.unanswered_rows import Waiting
from archive.versions import Versions
from archive.waits import alike, expectations, newcomers
from archive.waits.expectations import SitePolicy

_NOT_ASKED = ("", "skipped")
# The document exists in an answer only: its row is all there is of it.
_IN_ANSWER = "EXISTS (SELECT 1 FROM version_sources s WHERE s.version = d.current_version AND s.role = 'api' AND s.locator IS NOT NULL)"
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


def settle(
    db: sqlite3.Connection,
    run: int,
    site: str,
    policy: SitePolicy,
    catalogues: Mapping[str, int],
    walks: Iterable[WalkEnd],
    waiting: Waiting,
    versions: Versions,
    redirects: Redirects,
    *,
    now: datetime,
    died: bool,
    interrupted: bool,
    unseen: Sequence[str],
    reasons: list[str],
) -> SiteReport:
    """End a run inside the caller's transaction and give its report. ``unseen``: why it did not see all of the site."""
    at = iso(now)
    done = db.execute("SELECT outcome FROM runs WHERE id = ?", [run]).fetchone()[0]
    if done is not None:
        return report(db, run)
    last_walks = {walk.catalogue: walk for walk in walks}
    known_rows = expectations.rows_before(db, site)
    asked = _outcomes_by_key(db, run, waiting)
    same = impostors.retract(db, run, site, now, redirects.strange.values())
    for document, seen in returned(db, site):  # before the walks say what is listed: see archive.standing
        signal(db, site, run, document, Signal.SEEN, seen, Confirmation())
    walked = dict(db.execute("SELECT id, last_full_walk_at FROM catalogues WHERE site = ?", [site]))
    judged = _end_walks(db, run, catalogues, last_walks, waiting, asked, at)
    unread = _unread(db, site, waiting, asked, at)
    waiting.settle(asked)
    join_led(db, run, site, at, versions, redirects.moved + redirects.stubs)
    _unlist(db, run, site, now)
    rule = Confirmation(policy.confirm_checks, policy.confirm_days)
    _miss(db, run, site, set(catalogues.values()) - set(judged), now, rule)
    _lose(db, run, site, redirects, rule)
    newcomers.let_wait(db, site, now, rule, versions.ends, redirects.strange)
    unread = max(filter(None, (unread, newcomers.first_seen(db, site))), default=None)
    join_moves(db, run, site, at, versions)
    leave_addresses(db, run, site, now, rule)
    broken = [] if died else _hold(db, run, site, policy, last_walks, known_rows, walked, now)
    gone, outage = _outage(db, run, site, catalogues, at)
    broken += outage
    incomplete = [*same, *unseen, *gone, *_incomplete(db, run, last_walks, died)]
    whole = not (died or same or gone) and _saw_all(db, run, last_walks)
    if not broken and not incomplete and not died:
        reasons = [*reasons, *map(_undecided, events.resolve_earlier(db, site, run, at))]
    if not whole:
        events.defer_absences(db, run, site)
    events.defer_unread(db, run, site, unread)
    events.defer_unsought(db, site)
    events.release_pending(db, site, now, whole=whole and not broken, unread=unread)
    events.settle_emptied(db, site, at)  # this run is marked as held when it is closed
    outcome = "interrupted" if interrupted else "held" if broken else _outcome(db, run, incomplete, died)
    why = [*reasons, *(b.message for b in broken), *incomplete]
    close_run(db, run, outcome, at, list(dict.fromkeys(why)), held=bool(broken))
    if outcome == "complete":
        db.execute("UPDATE sites SET last_complete_at = ? WHERE key = ?", [at, site])
    return report(db, run, problems=broken)


def _hold(
    db: sqlite3.Connection,
    run: int,
    site: str,
    policy: SitePolicy,
    walks: Mapping[str, WalkEnd],
    known_rows: Mapping[str, int],
    walked: Mapping[int, str | None],
    now: datetime,
) -> list[Problem]:
    """Keep from readers what looks like a broken site; why. ``walked``: when its catalogues were walked to their ends before."""
    same = alike.alike(db, run, site, now)
    broken = expectations.breaches(db, run, site, policy, walks, known_rows, same.why)
    others = len(broken) > len(same.why)  # more than that edits do the same
    if broken:
        suspects = same.suspects | set(alike.suspect_edits(db, run) if others else ())
        events.hold(db, run, site, suspects, others=others)
    if others:  # what its lists showed says nothing of where a document that is gone may have moved to
        again = (
            "UPDATE catalogues SET last_full_walk_at = ? WHERE id = ? AND EXISTS"
            " (SELECT 1 FROM changes WHERE held_by_run = ? AND kind IN ('missing', 'removed'))"
        )
        db.executemany(again, [(at, catalogue, run) for catalogue, at in walked.items()])
    return broken


def _outage(
    db: sqlite3.Connection, run: int, site: str, catalogues: Mapping[str, int], at: str
) -> tuple[list[str], list[Problem]]:
    """Why the site's pages look broken while its lists are whole, and the same where the run holds what is absent for it.

    It holds what earlier runs saw as well, whatever that waited for: no number of days makes an outage a removal.
    """
    since = resumes_from(db, site) or at
    why = expectations.gone_while_listed(db, site, since, catalogues.values())
    if why is None:
        return [], []
    if not events.hold_absences(db, run, site):
        return [why], []
    why = f"{why} `gongkai runs accept {run}` if they are gone for good"
    return [why], [Problem(code="gone_while_listed", message=why, severity=Severity.ERROR)]


def resumes_from(db: sqlite3.Connection, site: str) -> str | None:
    """Start of the oldest of the site's latest collections that died one after another or go on; None when the last ended."""
    found = db.execute(
        "SELECT min(started_at) FROM runs WHERE site = ? AND id > coalesce((SELECT max(id) FROM runs WHERE site = ?"
        " AND outcome IS NOT NULL AND outcome <> 'interrupted'), 0)",
        [site, site],
    ).fetchone()
    return str(found[0]) if found[0] else None


def _undecided(run: int) -> str:
    return f"run {run} still waits for your word: `gongkai runs accept {run}` or `drop`"


def _end_walks(
    db: sqlite3.Connection,
    run: int,
    catalogues: Mapping[str, int],
    walks: Mapping[str, WalkEnd],
    waiting: Mapping[str, frozenset[int]],
    asked: Mapping[str, tuple[str, str]],
    at: str,
) -> list[int]:
    """Note full walks. The first one ends when all that it listed has been looked at.

    Gives the catalogues of which an absence counts: those that were walked to their true end.
    """
    judged: list[int] = []
    for key, walk in walks.items():
        if not (walk.full and (walk.complete or walk.cut)):
            continue
        catalogue = catalogues[key]
        before = db.execute("SELECT last_full_walk_at FROM catalogues WHERE id = ?", [catalogue]).fetchone()[
            0
        ]
        listed = [url for url, wanted in waiting.items() if catalogue in wanted]
        became = [asked.get(url, _NOT_ASKED)[1] for url in listed]
        unasked, failing = "skipped" in became, "failed" in became or "blocked" in became
        if not unasked and (not failing or before is not None):
            db.execute(
                "UPDATE catalogues SET first_walk_ended_at = coalesce(first_walk_ended_at, ?) WHERE id = ?",
                [at, catalogue],
            )
        db.execute(
            "UPDATE catalogues SET last_full_walk_at = ?, last_full_walk_rows = ? WHERE id = ?",
            [at, walk.rows, catalogue],
        )
        if walk.cut:
            continue
        judged.append(catalogue)
        db.execute(
            "UPDATE listings SET unlisted_at = ? WHERE catalogue = ? AND last_listed_run IS NOT ? AND unlisted_at IS NULL",
            [at, catalogue, run],
        )
    return judged


def _outcomes_by_key(db: sqlite3.Connection, run: int, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """(address, outcome) of those of these keys that the run asked for; of all that a large site lists it would be much."""
    if not keys:
        return {}
    try:
        lines = ((url_key(line.url), line) for line in outcomes.lines(db, run))
        return {key: (line.url, line.outcome) for key, line in lines if key in keys}
    except outcomes.OutcomesDamagedError:  # named by `gongkai verify`; nothing counts as looked at
        return {}


def _unread(
    db: sqlite3.Connection, site: str, waiting: Iterable[str], asked: Mapping[str, tuple[str, str]], at: str
) -> str | None:
    """When the latest of the listed addresses that could not be read yet was first asked for; None where all were read.

    One that failed already while a document was still at its old place is not where that has moved to; of one that was
    never asked for nothing can be told.
    """
    failing: list[str] = []
    for key in waiting:
        url, outcome = asked.get(key, _NOT_ASKED)
        if outcome == "skipped":
            return at
        if outcome in ("failed", "blocked"):
            failing.append(url)
    first = db.execute(
        "SELECT max(first) FROM (SELECT min(first_at) AS first FROM observations WHERE site = ?"
        " AND url IN (SELECT value FROM json_each(?)) GROUP BY url)",
        [site, json.dumps(failing)],
    ).fetchone()[0]
    return str(first) if first is not None else None


def _unlist(db: sqlite3.Connection, run: int, site: str, now: datetime) -> None:
    """Documents that every catalogue dropped are unlisted where their page was seen in this run, or has long been neither seen nor gone.

    One that exists in an answer only has no page: it was not seen where no catalogue has it, whatever the clock says of
    a collection that began in the second in which the last one ended.
    """
    rows = db.execute(
        "SELECT id, last_present_at, last_present_at >= (SELECT started_at FROM runs WHERE id = ?) AS seen, (SELECT"
        " max(l.unlisted_at) FROM listings l WHERE l.document = d.id HAVING count(*) = count(l.unlisted_at)) AS dropped_at"
        " FROM documents d WHERE site = ? AND status = 'present' AND merged_into IS NULL AND dropped_at IS NOT NULL"
        f" AND NOT {_IN_ANSWER}",
        [run, site],
    ).fetchall()
    for document, last, seen, dropped_at in rows:
        if seen:
            signal(db, site, run, document, Signal.UNLISTED, parse(last), Confirmation())
        elif waited(parse(dropped_at), now, events.ABSENCE_WAIT) and _asked_in_vain(db, site, document, last):
            signal(db, site, run, document, Signal.UNLISTED, now, Confirmation(), reasons=(UNANSWERED,))


def _asked_in_vain(db: sqlite3.Connection, site: str, document: int, since: str) -> bool:
    """Whether a document's addresses were asked for since it was last seen, for a week and more, and none gave an answer."""
    found = db.execute(
        "SELECT min(o.first_at), max(o.last_at), sum(o.outcome NOT IN ('failed', 'blocked')) FROM observations o"
        " WHERE o.site = ? AND o.url IN (SELECT url FROM addresses WHERE document = ? AND role <> 'former')"
        " AND o.first_at > ? AND o.outcome NOT IN ('skipped', 'robots', 'refused')",
        [site, document, since],
    ).fetchone()
    return bool(found[0]) and not found[2] and parse(found[1]) - parse(found[0]) >= events.ABSENCE_WAIT


def _miss(
    db: sqlite3.Connection, run: int, site: str, unseen: Collection[int], now: datetime, rule: Confirmation
) -> None:
    """Documents that existed only in an answer are gone when none of their catalogues has them.

    ``unseen``: those that are watched and were not walked to their true end in this run: they may have it again.
    """
    marks = ",".join("?" * len(unseen))
    rows = db.execute(
        f"SELECT d.id FROM documents d WHERE d.site = ? AND d.merged_into IS NULL AND {_IN_ANSWER}"
        " AND EXISTS (SELECT 1 FROM listings l WHERE l.document = d.id)"
        " AND NOT EXISTS (SELECT 1 FROM listings l WHERE l.document = d.id"
        f" AND (l.unlisted_at IS NULL OR l.catalogue IN ({marks})))",
        [site, *unseen],
    ).fetchall()
    for (document,) in rows:
        signal(db, site, run, document, Signal.ABSENT, now, rule)


def _lose(db: sqlite3.Connection, run: int, site: str, redirects: Redirects, rule: Confirmation) -> None:
    """Documents that every catalogue dropped, and whose address leads to another document, are gone."""
    for document, url, at in redirects.astray:
        listed = db.execute(
            "SELECT count(*), count(unlisted_at) FROM listings WHERE document = ?", [document]
        ).fetchone()
        if not listed[0] or listed[0] != listed[1]:
            continue
        if (learned := Addresses(db, site).gone(url, at)) is not None:
            signal(db, site, run, *learned, at, rule)


def _incomplete(db: sqlite3.Connection, run: int, walks: Mapping[str, WalkEnd], died: bool) -> list[str]:
    row = db.execute("SELECT blocked, failed FROM runs WHERE id = ?", [run]).fetchone()
    named = f"`gongkai runs show {run}` tells which"
    reasons = [f"{key}: {w.reason or 'the walk was cut short'}" for key, w in walks.items() if not w.complete]
    if row["blocked"]:
        were = (
            "answer was an anti-bot or maintenance page"
            if row["blocked"] == 1
            else "answers were anti-bot or maintenance pages"
        )
        reasons.append(f"{row['blocked']} {were}; {named}")
    if row["failed"]:
        reasons.append(f"{row['failed']} request{'s' if row['failed'] > 1 else ''} failed; {named}")
    if died:
        reasons.append("the collecting process ended before it was done")
    return reasons


def _saw_all(db: sqlite3.Connection, run: int, walks: Mapping[str, WalkEnd]) -> bool:
    blocked = db.execute("SELECT blocked FROM runs WHERE id = ?", [run]).fetchone()[0]
    return not blocked and all(walk.complete for walk in walks.values())


def _outcome(db: sqlite3.Connection, run: int, incomplete: list[str], died: bool) -> str:
    fetched = db.execute("SELECT fetched FROM runs WHERE id = ?", [run]).fetchone()[0]
    if not fetched and (incomplete or died):
        return "failed"
    return "partial" if incomplete else "complete"


def close_run(
    db: sqlite3.Connection, run: int, outcome: str, at: str, reasons: Sequence[str], *, held: bool = False
) -> None:
    """Write a run's end: outcome, counts of its events, the blob of its outcomes."""
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
            outcome, at, storable(json.dumps(list(reasons), ensure_ascii=False)), int(held), outcomes.close(db, run, at),
            (parse(at) - parse(started)).total_seconds(), *counts.values(), run,
        ],
    )  # fmt: skip


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
