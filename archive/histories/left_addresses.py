"""Addresses that a document has left: of several, those that are gone, and those in no list that only fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from archive.events import OLD_ADDRESS_WAIT, add_change
from archive.model import ChangeKind
from archive.presence import Confirmation
from archive.times import iso

_LEFT = """
    SELECT a.id, a.url, a.absent_since, a.document, d.url AS document_url, max(b.url) AS living
    FROM addresses a JOIN documents d ON d.id = a.document
    JOIN addresses b ON b.document = a.document AND b.role = 'current' AND b.absent_since IS NULL
    WHERE a.site = ? AND a.role = 'current' AND b.last_confirmed_at >= (SELECT started_at FROM runs WHERE id = ?)
        AND a.absent_checks >= ? AND a.absent_since <= ?
    GROUP BY a.id ORDER BY a.id
"""
# Addresses that no list has had since walks to the ends of those that have the document, and that have answered nothing for the
# wait, though they were asked, while another address did: one that does today, or that is gone since, as a removal is confirmed.
_SILENT = """
    SELECT a.id, a.url, a.document, d.url AS document_url, NULL AS absent_since,
        coalesce(max(CASE WHEN b.absent_since IS NULL THEN b.url END), max(b.url)) AS living
    FROM addresses a JOIN documents d ON d.id = a.document JOIN runs r ON r.id = :run
    JOIN addresses b ON b.document = a.document AND b.id <> a.id AND b.role = 'current' AND (
        b.absent_since IS NULL AND b.last_confirmed_at >= r.started_at AND d.last_present_at >= r.started_at
        OR b.absent_checks >= :checks AND b.absent_since <= :confirmed)
    WHERE a.site = :site AND a.role = 'current' AND coalesce(a.last_confirmed_at, a.first_seen_at) <= :waited
        AND coalesce(a.last_confirmed_at, a.first_seen_at) < d.last_present_at
        AND (SELECT min(o.first_at) <= :waited AND sum(o.count) >= :checks FROM observations o WHERE o.site = a.site AND o.url = a.url
            AND o.outcome IN ('failed', 'blocked', 'refused', 'robots') AND o.first_at > coalesce(a.last_confirmed_at, a.first_seen_at))
        AND NOT EXISTS (SELECT 1 FROM listings l JOIN catalogues c ON c.id = l.catalogue
            WHERE l.document = a.document AND l.unlisted_at IS NULL AND a.last_seen_at >= coalesce((SELECT max(w.started_at)
            FROM runs w WHERE w.site = a.site AND w.started_at <= c.last_full_walk_at), ''))
    GROUP BY a.id ORDER BY a.id
"""
NO_ANSWER = "no_answer"  # why of a move: see archive.significance.REASONS


def leave_addresses(db: sqlite3.Connection, run: int, site: str, now: datetime, rule: Confirmation) -> None:
    """Of several addresses those that are gone, confirmed as a removal is, are former ones; the document is at the others.

    So are those in no list that only fail: of a host that is dead, or redirects that have ended in errors. Where the other
    address is gone as well, its next answer is the document's absence.
    """
    confirmed = iso(now - timedelta(days=rule.days))
    _leave(db, run, site, now, db.execute(_LEFT, [site, run, rule.checks, confirmed]).fetchall())
    of = {"site": site, "run": run, "checks": rule.checks, "confirmed": confirmed}
    silent = db.execute(_SILENT, {**of, "waited": iso(now - OLD_ADDRESS_WAIT)}).fetchall()
    _leave(db, run, site, now, silent, (NO_ANSWER,))


def _leave(
    db: sqlite3.Connection,
    run: int,
    site: str,
    now: datetime,
    left: Sequence[sqlite3.Row],
    why: tuple[str, ...] = (),
) -> None:
    for row in left:
        db.execute("UPDATE addresses SET role = 'former' WHERE id = ?", [row["id"]])
        if row["url"] == row["document_url"]:
            show_at(db, run, site, row["document"], row["living"], iso(now), row["absent_since"], why)


def show_at(
    db: sqlite3.Connection,
    run: int,
    site: str,
    document: int,
    url: str,
    at: str,
    absent_since: str | None = None,
    why: tuple[str, ...] = (),
) -> None:
    """Tell that a document is at another one of its addresses now."""
    old = db.execute(
        "SELECT url, current_version, last_present_at FROM documents WHERE id = ?", [document]
    ).fetchone()
    db.execute("UPDATE documents SET url = ? WHERE id = ?", [url, document])
    add_change(
        db, document, site, run, ChangeKind.MOVED, at, from_version=old["current_version"],
        to_version=old["current_version"], from_url=old["url"], to_url=url, last_present_at=old["last_present_at"],
        first_absent_at=absent_since, reasons=why,
    )  # fmt: skip
