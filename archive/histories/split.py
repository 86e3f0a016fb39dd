"""Undo a wrong merge: two histories again, each with what was read at its own addresses, and kept apart from then on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive import events, search
from archive.histories.merges import How, Merge, later_merge, merge_of
from archive.identity import url_key
from archive.model import COLUMN_FIELDS
from archive.resolve import resolve
from archive.rows import load_disclosure
from archive.significance import judge
from archive.times import iso

_RECORD = (*(spec.name for spec in COLUMN_FIELDS), "body_sha256")


class SplitError(Exception):
    """A merge that cannot be undone as things are; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Split:
    """What stands after it: the document that had gone, the one that it had gone into, and how many versions each has."""

    document: int
    versions: int
    other: int
    other_versions: int
    released: int  # events that are told now
    withdrawn: int  # events that were told, or waited, and were none


def split(db: sqlite3.Connection, document: int, *, now: datetime) -> Split:
    """Undo the merge by which ``document`` went into another one. Inside the caller's transaction, under the writer's lock.

    Raises SplitError.
    """
    merge = merge_of(db, document)
    if merge is None:
        raise SplitError(
            f"#{document} is merged into no other document; `gongkai documents merged` lists those that are"
        )
    other = db.execute("SELECT merged_into FROM documents WHERE id = ?", [merge.into]).fetchone()
    if other is None or other["merged_into"] is not None:
        raise SplitError(
            f"#{merge.into} was merged into #{other['merged_into'] if other else '?'} since: split that one first"
        )
    if (later := later_merge(db, merge)) is not None:
        raise SplitError(f"#{later} was merged into #{merge.into} later: split that one first")
    mine = _own_addresses(db, merge)
    taken = _own_versions(db, merge, mine)
    _give_addresses(db, merge, mine)
    _give_listings(db, merge)
    withdrawn = _give_events(db, merge, taken, iso(now))
    for version in taken:
        db.execute("UPDATE versions SET document = ?, number = -id WHERE id = ?", [document, version])
    db.execute("UPDATE documents SET merged_into = NULL WHERE id = ?", [document])
    counts = [_settle(db, which) for which in (document, merge.into)]
    if 0 in counts:
        raise SplitError(
            f"one of #{document} and #{merge.into} would be left without a version: this merge cannot be undone"
        )
    _settle_standing(db, merge)
    db.execute("UPDATE merges SET undone_at = ? WHERE id = ?", [iso(now), merge.id])
    pending = f"SELECT id FROM changes WHERE id IN (SELECT value FROM json_each(?)) AND {events.PENDING} ORDER BY id"
    ready = [row[0] for row in db.execute(pending, [json.dumps(merge.dropped)])]
    released = events.release(db, ready) if ready else 0
    search.index_documents(db, [document, merge.into])
    resolve(db, [document, merge.into])
    return Split(document, counts[0], merge.into, counts[1], released, withdrawn)


def _own_addresses(db: sqlite3.Connection, merge: Merge) -> dict[str, tuple[int, str]]:
    """Key → (row, role) of the addresses that were the document's own."""
    roles = dict(merge.before.addresses)
    rows = db.execute("SELECT id, url_key, url FROM addresses WHERE document = ?", [merge.into]).fetchall()
    found = {row["url_key"]: (row["id"], roles[row["id"]]) for row in rows if row["id"] in roles}
    if not found:
        url = db.execute("SELECT url FROM documents WHERE id = ?", [merge.document]).fetchone()[0]
        found = {row["url_key"]: (row["id"], "current") for row in rows if row["url_key"] == url_key(url)}
    if not found or len(found) == len(rows):
        raise SplitError(
            f"the addresses of #{merge.document} and #{merge.into} cannot be told apart any more"
        )
    return found


def _own_versions(db: sqlite3.Connection, merge: Merge, mine: dict[str, tuple[int, str]]) -> list[int]:
    """Versions in the joined history that are the document's: since a move all; else those read at its addresses."""
    rows = db.execute(
        "SELECT v.id, v.number, (SELECT group_concat(url, ' ') FROM version_sources s WHERE s.version = v.id"
        " AND s.role NOT IN ('attachment', 'part')) AS urls FROM versions v WHERE v.document = ? AND v.number > ? ORDER BY v.number",
        [merge.into, merge.before.kept_versions],
    ).fetchall()
    if merge.how is How.MOVE:
        return [row["id"] for row in rows]
    return [row["id"] for row in rows if any(url_key(url) in mine for url in (row["urls"] or "").split())]


def _give_addresses(db: sqlite3.Connection, merge: Merge, mine: dict[str, tuple[int, str]]) -> None:
    for row, role in mine.values():
        db.execute("UPDATE addresses SET document = ?, role = ? WHERE id = ?", [merge.document, role, row])
    for row, role in merge.before.kept_addresses:
        db.execute("UPDATE addresses SET role = ? WHERE id = ? AND document = ?", [role, row, merge.into])


def _give_listings(db: sqlite3.Connection, merge: Merge) -> None:
    for catalogue in merge.before.catalogues:
        db.execute(
            "UPDATE OR REPLACE listings SET document = ? WHERE document = ? AND catalogue = ?",
            [merge.document, merge.into, catalogue],
        )
    for listing in merge.before.kept_listings:
        db.execute(f"INSERT OR IGNORE INTO listings VALUES ({', '.join('?' * len(listing))})", listing)


def _give_events(db: sqlite3.Connection, merge: Merge, taken: Sequence[int], now: str) -> int:
    """Events of its versions are its own; those that tell of the merge, or compare the two, are none. The number of these."""
    own = json.dumps(
        list(taken)
        + [r[0] for r in db.execute("SELECT id FROM versions WHERE document = ?", [merge.document])]
    )
    is_own = "IN (SELECT value FROM json_each(:own))"
    values = {"own": own, "document": merge.document, "into": merge.into, "since": merge.at or "", "now": now}
    wrong = db.execute(
        "UPDATE changes SET dropped_at = :now, waits_for = NULL, held_by_run = NULL WHERE document = :into"
        " AND dropped_at IS NULL AND detected_at >= :since AND (kind = 'moved' OR kind IN ('edited', 'attachment')"
        f" AND (from_version {is_own}) <> (to_version {is_own}))",
        values,
    ).rowcount
    db.execute(
        f"UPDATE changes SET document = :document WHERE document = :into AND to_version {is_own}", values
    )
    if merge.how is How.MOVE:  # whatever was seen of its presence since was seen at the new address
        db.execute(
            "UPDATE changes SET document = :document WHERE document = :into AND detected_at > :since"
            " AND kind IN ('unlisted', 'missing', 'removed', 'restored')",
            values,
        )
    db.execute(
        "UPDATE changes SET dropped_at = NULL WHERE feed_seq IS NULL AND id IN (SELECT value FROM json_each(?))",
        [json.dumps(merge.dropped)],
    )
    return wrong


def _settle(db: sqlite3.Connection, document: int) -> int:
    """Number a history's versions anew, with equal neighbours as one, judge each against the one before; their number."""
    versions = db.execute(
        "SELECT id, number, fingerprint, last_seen_at, significance FROM versions WHERE document = ? ORDER BY first_seen_at, id",
        [document],
    ).fetchall()
    kept: list[sqlite3.Row] = []
    for version in versions:
        if kept and kept[-1]["fingerprint"] == version["fingerprint"]:
            _join(db, kept[-1]["id"], version)
        else:
            kept.append(version)
    for place, version in enumerate(kept, start=1):
        db.execute("UPDATE versions SET number = ? WHERE id = ?", [-place, version["id"]])
    db.execute("UPDATE versions SET number = -number WHERE document = ?", [document])
    for place, version in enumerate(kept):
        _judge(db, kept[place - 1]["id"] if place else None, version["id"])
    if kept:
        columns = ", ".join(f"{name} = (SELECT {name} FROM versions WHERE id = :version)" for name in _RECORD)
        db.execute(
            f"UPDATE documents SET {columns}, current_version = :version, versions = :count WHERE id = :document",
            {"version": kept[-1]["id"], "count": len(kept), "document": document},
        )
    return len(kept)


def _join(db: sqlite3.Connection, into: int, version: sqlite3.Row) -> None:
    """Let an earlier version stand for an equal one; what was told of that one was none."""
    db.execute(
        "UPDATE versions SET last_seen_at = max(last_seen_at, ?) WHERE id = ?",
        [version["last_seen_at"], into],
    )
    for column in ("from_version", "to_version"):
        db.execute(f"UPDATE changes SET {column} = ? WHERE {column} = ?", [into, version["id"]])
    db.execute("UPDATE OR IGNORE version_sources SET version = ? WHERE version = ?", [into, version["id"]])
    db.execute("UPDATE problems SET version = ? WHERE version = ?", [into, version["id"]])
    for table in ("version_sources", "attachments", "citations"):
        db.execute(f"DELETE FROM {table} WHERE version = ?", [version["id"]])
    db.execute("UPDATE documents SET current_version = ? WHERE current_version = ?", [into, version["id"]])
    db.execute("DELETE FROM versions WHERE id = ?", [version["id"]])


def _judge(db: sqlite3.Connection, before: int | None, version: int) -> None:
    significance = reasons = None
    if before is not None:
        judgement = judge(load_disclosure(db, before), load_disclosure(db, version))
        significance, reasons = (
            judgement.significance.value,
            json.dumps(judgement.reasons, ensure_ascii=False),
        )
    db.execute(
        "UPDATE versions SET significance = ?, reasons = ? WHERE id = ?", [significance, reasons, version]
    )


def _settle_standing(db: sqlite3.Connection, merge: Merge) -> None:
    """Addresses, presence and times of both: since a move, what was seen was the new one."""
    seen = "(SELECT max(last_seen_at) FROM versions WHERE document = documents.id)"
    if merge.how is How.MOVE and merge.before.kept:
        now = db.execute(
            "SELECT url, status, first_absent_at, absent_checks, last_present_at FROM documents WHERE id = ?",
            [merge.into],
        ).fetchone()
        sql = "UPDATE documents SET url = ?, status = ?, first_absent_at = ?, absent_checks = ?, last_present_at = ? WHERE id = ?"
        db.execute(sql, [*tuple(now), merge.document])
        db.execute(sql, [*merge.before.kept, merge.into])
    else:
        db.execute(
            f"UPDATE documents SET last_present_at = max(coalesce(last_present_at, ''), {seen}) WHERE id = ?",
            [merge.document],
        )
        db.execute(f"UPDATE documents SET last_present_at = {seen} WHERE id = ?", [merge.into])
    for which in (merge.document, merge.into):  # where the address that it had is the other's now
        url = db.execute("SELECT url FROM documents WHERE id = ?", [which]).fetchone()[0]
        own = db.execute(
            "SELECT url FROM addresses WHERE document = ? ORDER BY url = ? DESC, role = 'current' DESC, id DESC",
            [which, url],
        ).fetchone()[0]
        db.execute("UPDATE documents SET url = ? WHERE id = ?", [own, which])
