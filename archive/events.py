"""Events: added by the writer, then released to readers, held, or dropped. Inside the writer's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from archive.fingerprint import storable_json
from archive.model import ChangeKind
from archive.times import iso, not_waited, parse, waited

HAS_WAITED = "(detected_at <= ? OR detected_at >= ?)"  # for a span: see archive.times.not_waited
PENDING = "feed_seq IS NULL AND held_by_run IS NULL AND dropped_at IS NULL"
_ABSENCES = "('missing', 'removed', 'unlisted')"
_STILL_ABSENT = "(SELECT status FROM documents d WHERE d.id = document) IN ('missing', 'removed', 'unlisted')"
# Its page was gone when it was last asked for, which was before a run began: that the run is good says nothing of it.
_NOT_ASKED_AGAIN = (
    "kind IN ('missing', 'removed') AND EXISTS (SELECT 1 FROM addresses a WHERE a.document = changes.document AND"
    " a.role = 'current' AND a.absent_since IS NOT NULL AND a.last_confirmed_at < (SELECT started_at FROM runs WHERE id = ?))"
)
# A catalogue that is believed to list the document has not been walked to its end since the run that first missed it.
_UNSOUGHT = (
    "EXISTS (SELECT 1 FROM listings l JOIN catalogues c ON c.id = l.catalogue JOIN documents d ON d.id = l.document"
    " WHERE l.document = changes.document AND l.unlisted_at IS NULL AND coalesce(c.last_full_walk_at, '') <"
    " coalesce((SELECT max(r.started_at) FROM runs r WHERE r.site = changes.site AND r.started_at <= d.first_absent_at), ''))"
)
_MAY_HAVE_MOVED = (
    "kind IN ('missing', 'removed') AND (SELECT last_present_at FROM documents d WHERE d.id = document) < ?"
)
# What a person has dropped, and nothing else that was dropped: it was true of the page, for all that is known.
DROPPED_BY_A_PERSON = "EXISTS (SELECT 1 FROM runs r WHERE r.id = held_by_run AND r.resolved = 'dropped' AND r.resolved_at = dropped_at)"
# Absences that an earlier run holds of documents whose later absence is told: after it they would be told backwards.
_OVERTAKEN = (
    f"UPDATE changes SET dropped_at = ? WHERE kind IN {_ABSENCES} AND feed_seq IS NULL AND dropped_at IS NULL AND EXISTS ("
    f"SELECT 1 FROM changes later WHERE later.held_by_run = ? AND later.kind IN {_ABSENCES} AND later.dropped_at IS NULL"
    " AND later.document = changes.document AND later.id > changes.id AND later.held_by_run IS NOT changes.held_by_run)"
)
# That a new document is gone again is nothing for readers who have not heard of it: it waits for what the news waits for.
_GONE_BEFORE_KNOWN = (
    f"UPDATE changes SET waits_for = ? WHERE site = ? AND kind IN {_ABSENCES} AND waits_for IS NULL AND {PENDING} AND document IN"
    f" (SELECT document FROM changes WHERE site = ? AND kind = 'added' AND waits_for = ? AND {PENDING})"
)
_STILL_CURRENT = "to_version = (SELECT current_version FROM documents d WHERE d.id = document)"
OLD_ADDRESS_WAIT = timedelta(days=7)  # after it a new document is news, whatever its likeness
ABSENCE_WAIT = timedelta(days=7)  # after it an absence is news, however little of its site is seen
# A text that goes back and forth within it alarms once, and once more when it has settled.
FLAP = timedelta(days=3)


class Wait(StrEnum):
    """Why an event is not told yet (`changes.waits_for`)."""

    OLD_ADDRESS = "old_address"  # an added document may be a known one whose old address was not asked since
    EMPTIED = "emptied"  # values of a record are away, and nothing else has changed: its template or database may fail
    OWN_PAGE = "own_page"  # a new document whose address shows another one's page, or no text: see archive.waits.newcomers
    SETTLING = "settling"  # a text went back to an earlier version soon after its edit was told
    COMPLETE_RUN = "complete_run"  # an absence that was seen while the site answered only in part
    FULL_WALK = "full_walk"  # a page that is gone: its catalogue may list the document at another address
    WORD = "word"  # an edit that looks like the site's template or a broken extractor: a person decides


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
    waits_for: Wait | None = None,
    dropped_at: str | None = None,
) -> None:
    """Add an event; readers see it when :func:`release` has given it a place in the feed.

    One that is dropped at once is recorded and never told: noise that can be looked at.
    """
    if to_version is None and kind in (ChangeKind.BASELINE, ChangeKind.ADDED):
        to_version = db.execute("SELECT current_version FROM documents WHERE id = ?", [document]).fetchone()[
            0
        ]
    db.execute(
        "INSERT INTO changes (document, site, kind, significance, reasons, fields, from_version, to_version, from_url,"
        " to_url, last_present_at, first_absent_at, detected_at, run, waits_for, dropped_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            document, site, kind.value, significance, storable_json(list(reasons)), fields,
            from_version, to_version, from_url, to_url, last_present_at, first_absent_at, at, run,
            waits_for.value if waits_for else None, dropped_at,
        ],
    )  # fmt: skip


def hold(db: sqlite3.Connection, run: int, site: str, suspects: Iterable[int], *, others: bool) -> None:
    """Keep edits from readers until a person's word, and where ``others`` the run's other edits and its absences too."""
    db.execute(
        "UPDATE changes SET held_by_run = ? WHERE ? AND run = ? AND site = ? AND feed_seq IS NULL AND dropped_at IS NULL"
        " AND kind IN ('edited', 'attachment', 'unlisted', 'missing', 'removed')",
        [run, int(others), run, site],
    )
    db.executemany(
        "UPDATE changes SET held_by_run = ?, waits_for = ? WHERE id = ?",
        [(run, Wait.WORD.value, change) for change in suspects],
    )


def hold_absences(db: sqlite3.Connection, run: int, site: str) -> int:
    """Keep every absence of a page that readers have not heard of until a person's word or a good run; their number.

    What earlier runs held of them is held by this one: a person is asked once, about the latest.
    """
    return db.execute(
        "UPDATE changes SET held_by_run = ? WHERE site = ? AND kind IN ('missing', 'removed') AND +feed_seq IS NULL"
        " AND dropped_at IS NULL",
        [run, site],
    ).rowcount


def settle_emptied(db: sqlite3.Connection, site: str, at: str) -> None:
    """Earlier runs that hold nothing any more, whatever took it, wait for nobody's word."""
    db.execute(
        "UPDATE runs SET resolved = 'settled', resolved_at = ? WHERE site = ? AND held = 1 AND resolved IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM changes WHERE held_by_run = runs.id AND dropped_at IS NULL)",
        [at, site],
    )


def defer_absences(db: sqlite3.Connection, run: int, site: str) -> None:
    """What was absent in a run that saw only part of the site is told by a later one that saw all of it."""
    db.execute(
        f"UPDATE changes SET waits_for = ? WHERE run = ? AND site = ? AND kind IN {_ABSENCES} AND {PENDING}",
        [Wait.COMPLETE_RUN.value, run, site],
    )


def defer_unread(db: sqlite3.Connection, run: int, site: str, unread: str | None) -> None:
    """A page that is gone may stand at an address that is listed and could not be read yet, or shows another page.

    ``unread``: when the latest of such addresses was first asked for; what was last there before may have moved to it.
    """
    db.execute(
        f"UPDATE changes SET waits_for = ? WHERE run = ? AND site = ? AND {PENDING} AND {_MAY_HAVE_MOVED}",
        [Wait.COMPLETE_RUN.value, run, site, unread or ""],
    )


def defer_unsought(db: sqlite3.Connection, site: str) -> None:
    """A page that is gone is told when its catalogue has been walked to its end since: else a move looks like a removal."""
    untold = f"site = ? AND kind IN ('missing', 'removed') AND {PENDING}"
    db.execute(
        f"UPDATE changes SET waits_for = ? WHERE {untold} AND waits_for = ? AND NOT {_UNSOUGHT}",
        [Wait.COMPLETE_RUN.value, site, Wait.FULL_WALK.value],
    )
    db.execute(
        f"UPDATE changes SET waits_for = ? WHERE {untold} AND coalesce(waits_for, ?) = ? AND {_UNSOUGHT}",
        [Wait.FULL_WALK.value, site, Wait.COMPLETE_RUN.value, Wait.COMPLETE_RUN.value],
    )


def release_pending(
    db: sqlite3.Connection, site: str, now: datetime, *, whole: bool, unread: str | None = None
) -> None:
    """Tell what has nothing left to wait for.

    ``whole``: this run saw all that it asked the site for; ``unread``: see :func:`defer_unread`.
    """
    at = iso(now)
    db.execute(
        f"UPDATE changes SET waits_for = NULL WHERE site = ? AND {PENDING} AND ("
        f" waits_for = ? AND {HAS_WAITED} OR waits_for IN (?, ?) AND {HAS_WAITED})",
        [
            site, Wait.OLD_ADDRESS.value, *not_waited(now, OLD_ADDRESS_WAIT), Wait.SETTLING.value, Wait.EMPTIED.value,
            *not_waited(now, FLAP),
        ],
    )  # fmt: skip
    _release_absences(db, site, now, at, unread or "", whole=whole)
    db.execute(_GONE_BEFORE_KNOWN, [Wait.OLD_ADDRESS.value, site, site, Wait.OLD_ADDRESS.value])
    ready = db.execute(
        f"SELECT id FROM changes WHERE site = ? AND {PENDING} AND waits_for IS NULL ORDER BY id", [site]
    )
    release(db, [row[0] for row in ready])


def _release_absences(
    db: sqlite3.Connection, site: str, now: datetime, at: str, unread: str, *, whole: bool
) -> None:
    """In a whole run those that waited for one; in any, those that have waited for long and were looked at again."""
    waiting = (
        f"site = ? AND {PENDING} AND (waits_for = ? AND ? AND NOT ({_MAY_HAVE_MOVED})"
        f" OR waits_for IN (?, ?) AND {HAS_WAITED} AND ("
        "kind = 'unlisted' OR (SELECT absent_checks FROM documents d WHERE d.id = document) <> 1))"
    )
    which = [
        site, Wait.COMPLETE_RUN.value, int(whole), unread, Wait.COMPLETE_RUN.value, Wait.FULL_WALK.value,
        *not_waited(now, ABSENCE_WAIT),
    ]  # fmt: skip
    db.execute(f"UPDATE changes SET dropped_at = ? WHERE {waiting} AND NOT {_STILL_ABSENT}", [at, *which])
    db.execute(f"UPDATE changes SET waits_for = NULL WHERE {waiting}", which)


def told_version(db: sqlite3.Connection, document: int) -> sqlite3.Row | None:
    """The newest version that readers were told of, its number and fingerprint, and the kind of that event."""
    row: sqlite3.Row | None = db.execute(
        "SELECT c.to_version, v.number, v.fingerprint, c.kind FROM changes c JOIN versions v ON v.id = c.to_version"
        " WHERE c.document = ? AND c.feed_seq IS NOT NULL ORDER BY v.number DESC, c.feed_seq DESC LIMIT 1",
        [document],
    ).fetchone()
    return row


def last_edit_at(db: sqlite3.Connection, document: int) -> str | None:
    """When a document's text last changed, told or not."""
    row = db.execute(  # by number: the latest time may be that of a clock that was ahead
        "SELECT detected_at FROM changes WHERE document = ? AND kind IN ('edited', 'attachment') ORDER BY id DESC LIMIT 1",
        [document],
    ).fetchone()
    return row[0] if row else None


def wait_of_edit(told: sqlite3.Row | None, last: str | None, now: str, *, only_empties: bool) -> Wait | None:
    """What an edit waits for before it is told, if anything.

    ``told``: the version that readers know; ``last``: when the document was edited last, if this edit reverts it.
    """
    if only_empties:
        return Wait.EMPTIED
    known = told is not None and told["kind"] in (ChangeKind.EDITED, ChangeKind.ATTACHMENT)
    return Wait.SETTLING if known and last is not None and not waited(parse(last), parse(now), FLAP) else None


def untold_edits(db: sqlite3.Connection, document: int) -> list[sqlite3.Row]:
    """Edits of a document that readers have not heard of, held ones among them, oldest first.

    Those that a person dropped as well (``dropped``), until what they did is told with another one.
    """
    return db.execute(
        "SELECT id, from_version, to_version, waits_for, fields, dropped_at IS NOT NULL AS dropped,"
        " (SELECT number FROM versions v WHERE v.id = from_version) AS from_number"
        " FROM changes c WHERE document = ? AND kind IN ('edited', 'attachment')"
        f" AND +feed_seq IS NULL AND (dropped_at IS NULL OR {DROPPED_BY_A_PERSON} AND NOT EXISTS (SELECT 1 FROM changes t"
        " WHERE t.document = c.document AND t.id > c.id AND +t.feed_seq IS NOT NULL AND t.from_version <= c.from_version))"
        " ORDER BY id",
        [document],
    ).fetchall()


def drop(db: sqlite3.Connection, changes: Iterable[int], at: str) -> None:
    """Never tell these events."""
    db.executemany("UPDATE changes SET dropped_at = ? WHERE id = ?", [(at, change) for change in changes])


def is_untold(db: sqlite3.Connection, document: int) -> bool:
    """Whether readers have not heard of a document yet: that it is new waits to be told, and is told of it as it is then."""
    # + keeps SQLite from the index of the feed: what waits to be told may be all that a run has found.
    news = (
        "SELECT 1 FROM changes WHERE document = ? AND kind IN ('added', 'baseline') AND +feed_seq IS NULL"
        " AND held_by_run IS NULL AND dropped_at IS NULL"
    )
    return db.execute(news, [document]).fetchone() is not None


def waits_for_its_page(db: sqlite3.Connection, document: int) -> bool:
    """Whether a document is a new one that was not seen as itself yet."""
    news = f"SELECT 1 FROM changes WHERE document = ? AND kind IN ('added', 'baseline') AND waits_for = ? AND {PENDING}"
    return db.execute(news, [document, Wait.OWN_PAGE.value]).fetchone() is not None


def release(db: sqlite3.Connection, changes: Sequence[int]) -> int:
    """Give events their places in the feed, in order; the number of them. A place is never given twice."""
    row = db.execute("SELECT value FROM archive WHERE key = 'feed_seq'").fetchone()
    last = int(row[0]) if row else 0
    db.executemany(
        "UPDATE changes SET feed_seq = ?, held_by_run = NULL, waits_for = NULL, to_version = CASE WHEN kind IN"
        " ('added', 'baseline') THEN coalesce((SELECT current_version FROM documents d WHERE d.id = document), to_version)"
        " ELSE to_version END WHERE id = ?",
        ((last + n, change) for n, change in enumerate(changes, start=1)),
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
        db.execute(_OVERTAKEN, [at, run])
        release(db, held)
    else:
        drop(db, held, at)
    db.execute("UPDATE runs SET resolved = ?, resolved_at = ? WHERE id = ?", [verdict, at, run])
    return len(held)


def resolve_earlier(db: sqlite3.Connection, site: str, run: int, at: str) -> list[int]:
    """A good run settles what earlier ones held: what healed is dropped, what still holds is news that may wait as any other.

    What stays held: edits that wait for a person's word, unless they were taken back (archive.waits.overtaking), and pages that were
    gone and that this run did not ask for. Gives the runs that hold such.
    """
    undecided = []
    for (held_run,) in db.execute(
        "SELECT id FROM runs WHERE site = ? AND held = 1 AND resolved IS NULL AND id <> ?", [site, run]
    ).fetchall():
        db.execute(
            "UPDATE changes SET dropped_at = ? WHERE held_by_run = ? AND dropped_at IS NULL AND NOT ("
            f" (kind IN ('edited', 'attachment') AND (waits_for IS NOT NULL OR {_STILL_CURRENT}))"
            f" OR (kind IN {_ABSENCES} AND {_STILL_ABSENT}))",
            [at, held_run],
        )
        db.execute(
            "UPDATE changes SET held_by_run = NULL WHERE held_by_run = ? AND dropped_at IS NULL"
            f" AND (waits_for IS NULL OR kind IN {_ABSENCES}) AND NOT ({_NOT_ASKED_AGAIN})",
            [held_run, run],
        )
        left = db.execute(
            "SELECT count(*) FROM changes WHERE held_by_run = ? AND dropped_at IS NULL", [held_run]
        ).fetchone()[0]
        if left:
            undecided.append(held_run)
        else:
            db.execute("UPDATE runs SET resolved = 'settled', resolved_at = ? WHERE id = ?", [at, held_run])
    return undecided
