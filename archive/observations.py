"""Every scheduled URL and its one outcome: stretches of equal observations, and counts of the run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archive import ledger, outcomes
from archive.batch import FETCHED, Batch, Fetch, Outcome
from archive.captures import capture_key
from archive.fingerprint import storable
from archive.times import iso, parse

_SKIPPED = frozenset({Outcome.ROBOTS, Outcome.SKIPPED})


class _Stretch(NamedTuple):
    id: int
    outcome: str
    capture: bytes | None  # archive.captures.capture_key


def observe(db: sqlite3.Connection, site: str, run: int, batch: Batch) -> None:
    """Keep what became of a batch's URLs. Inside the writer's transaction; the run's end enters them in the ledger."""
    if not batch.fetches:
        return
    asked = []
    places = _places(db, site, list(dict.fromkeys(storable(fetch.url) for fetch in batch.fetches)))
    last = _last_stretches(db, places.values())
    counts = dict.fromkeys(("scheduled", "fetched", "blocked", "failed", "skipped", "not_modified"), 0)
    for fetch in batch.fetches:
        asked.append(_stretch(db, places[storable(fetch.url)], fetch, last))
        for name in _counters(fetch.outcome):
            counts[name] += 1
    db.execute("INSERT INTO run_outcomes VALUES (?, ?, ?)", [run, batch.seq, outcomes.encode(asked)])
    assignments = ", ".join(f"{name} = coalesce({name}, 0) + ?" for name in counts)
    db.execute(f"UPDATE runs SET {assignments} WHERE id = ?", [*counts.values(), run])  # noqa: S608


def _places(db: sqlite3.Connection, site: str, urls: Sequence[str]) -> dict[str, int]:
    """The row of each address in `places`; those that had none get one."""
    sql = "SELECT url, id FROM places WHERE site = ? AND url IN (SELECT value FROM json_each(?))"
    known = {row[0]: row[1] for row in db.execute(sql, [site, json.dumps(urls)])}
    for url in urls:
        if url not in known:
            cursor = db.execute("INSERT INTO places (site, url) VALUES (?, ?)", [site, url])
            known[url] = int(cursor.lastrowid or 0)
    return known


def _last_stretches(db: sqlite3.Connection, places: Iterable[int]) -> dict[int, _Stretch]:
    """The newest stretch of each place that has one."""
    rows = db.execute(
        "SELECT s.place, s.id, s.outcome, s.capture FROM json_each(?) p JOIN stretches s ON s.id = ("
        " SELECT id FROM stretches WHERE place = p.value ORDER BY last_at DESC, id DESC LIMIT 1)",
        [json.dumps(list(places))],
    )
    return {row[0]: _Stretch(row[1], row[2], row[3]) for row in rows}


def _stretch(
    db: sqlite3.Connection, place: int, fetch: Fetch, stretches: dict[int, _Stretch]
) -> outcomes.Asked:
    """Go on with the place's last stretch, or begin another."""
    url, at, detail = storable(fetch.url), iso(fetch.at), storable(fetch.detail) if fetch.detail else None
    seconds, last = int(parse(at).timestamp()), stretches.get(place)
    key = bytes.fromhex(capture_key(url, fetch.capture.sha256)) if fetch.capture else None
    # 304: the server's word that it is still the same.
    confirmed = (
        fetch.outcome is Outcome.NOT_MODIFIED and last is not None and last.outcome == Outcome.OK.value
    )
    if last is not None and (confirmed or (last.outcome, last.capture) == (fetch.outcome.value, key)):
        db.execute(
            "UPDATE stretches SET last_at = max(last_at, ?), count = count + 1, status = ? WHERE id = ?",
            [seconds, fetch.status, last.id],
        )
        return outcomes.Asked(last.id, at, False, confirmed, fetch.role, fetch.status, detail)
    cursor = db.execute(
        "INSERT INTO stretches (place, outcome, status, capture, detail, first_at, last_at, count,"
        " body_sha256, headers_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        [
            place, fetch.outcome.value, fetch.status, key, detail, seconds, seconds,
            bytes.fromhex(fetch.capture.sha256) if fetch.capture else None,
            bytes.fromhex(ledger.headers_sha256(fetch.capture.headers)) if fetch.capture else None,
        ],
    )  # fmt: skip
    stretches[place] = _Stretch(int(cursor.lastrowid or 0), fetch.outcome.value, key)
    return outcomes.Asked(stretches[place].id, at, True, False, fetch.role, fetch.status, detail)


def _counters(outcome: Outcome) -> tuple[str, ...]:
    if outcome is Outcome.NOT_MODIFIED:
        return ("scheduled", "fetched", "not_modified")
    if outcome in FETCHED:
        return ("scheduled", "fetched")
    if outcome is Outcome.BLOCKED:
        return ("scheduled", "blocked")
    return ("scheduled", "skipped") if outcome in _SKIPPED else ("scheduled", "failed")


def forget_orphans(db: sqlite3.Connection, captures: sqlite3.Connection, site: str, since: str) -> int:
    """Forget captures since an instant that no observation names: their process died before the archive had them.

    One that another site has got since from the same address is that one's. The bodies stay, and serve the next answer with the
    same content; the headers do not, because the ledger will hold those of that answer. Inside a transaction of captures.db;
    the number of captures forgotten.
    """
    received = captures.execute("SELECT key, url FROM captures WHERE site = ? AND at >= ?", [site, since])
    orphans = [
        (key,)
        for key, url in received.fetchall()
        if db.execute(
            "SELECT 1 FROM observations WHERE site IN (SELECT key FROM sites) AND url = ? AND capture = ?",
            [url, key],
        ).fetchone()
        is None
    ]
    captures.executemany("DELETE FROM captures WHERE key = ?", orphans)
    return len(orphans)
