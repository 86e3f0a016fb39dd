"""Every scheduled URL and its one outcome: stretches of equal observations, counts of the run, and the ledger."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

import zstandard

from archive import epochs, ledger
from archive.batch import FETCHED, Batch, Fetch, Outcome
from archive.captures import capture_key
from archive.fingerprint import storable
from archive.times import iso

_SKIPPED = frozenset({Outcome.ROBOTS, Outcome.SKIPPED})


def observe(db: sqlite3.Connection, site: str, run: int, batch: Batch, now: datetime) -> None:
    """Keep what became of a batch's URLs, seal it with an entry of the ledger. Inside the writer's transaction."""
    if not batch.fetches:
        return
    lines, leaves = [], []
    counts = dict.fromkeys(("scheduled", "fetched", "blocked", "failed", "skipped", "not_modified"), 0)
    for fetch in batch.fetches:
        key = capture_key(fetch.url, fetch.capture.sha256) if fetch.capture else None
        headers = ledger.headers_sha256(fetch.capture.headers) if fetch.capture else None
        body = fetch.capture.sha256 if fetch.capture else None
        leaf = ledger.Leaf(storable(fetch.url), iso(fetch.at), fetch.outcome.value, headers, body)
        leaves.append(ledger.leaf_hash(leaf))
        lines.append(
            json.dumps(
                [
                    fetch.url,
                    iso(fetch.at),
                    fetch.outcome.value,
                    headers,
                    body,
                    fetch.role.value,
                    fetch.status,
                    fetch.detail,
                ],
                ensure_ascii=True,
            )
        )
        _stretch(db, site, fetch, key)
        for name in _counters(fetch.outcome):
            counts[name] += 1
    frame = zstandard.ZstdCompressor(level=6).compress(("\n".join(lines) + "\n").encode())
    db.execute("INSERT INTO run_outcomes VALUES (?, ?, ?)", [run, batch.seq, frame])
    assignments = ", ".join(f"{name} = coalesce({name}, 0) + ?" for name in counts)
    db.execute(f"UPDATE runs SET {assignments} WHERE id = ?", [*counts.values(), run])  # noqa: S608
    seq, previous = epochs.next_place(db)
    root, at = ledger.merkle_root(leaves).hex(), iso(now)
    db.execute(
        "INSERT INTO ledger (seq, run, batch, at, leaves, previous_head, merkle_root, head) VALUES (?,?,?,?,?,?,?,?)",
        [
            seq,
            run,
            batch.seq,
            at,
            len(leaves),
            previous,
            root,
            ledger.next_head(previous, root, seq, at),
        ],
    )


def _stretch(db: sqlite3.Connection, site: str, fetch: Fetch, key: str | None) -> None:
    last = db.execute(
        "SELECT id, outcome, capture, status FROM observations WHERE site = ? AND url = ? ORDER BY last_at DESC, id DESC"
        " LIMIT 1",
        [site, fetch.url],
    ).fetchone()
    if fetch.outcome is Outcome.NOT_MODIFIED and last is not None:
        key = last["capture"]  # the server's word that it is still the same
    if last is not None and (last["outcome"], last["capture"]) == (fetch.outcome.value, key):
        db.execute(
            "UPDATE observations SET last_at = ?, count = count + 1, status = ? WHERE id = ?",
            [iso(fetch.at), fetch.status, last["id"]],
        )
        return
    db.execute(
        "INSERT INTO observations (site, url, outcome, status, capture, detail, first_at, last_at, count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
        [
            site, fetch.url, fetch.outcome.value, fetch.status, key,
            storable(fetch.detail) if fetch.detail else None, iso(fetch.at), iso(fetch.at),
        ],
    )  # fmt: skip


def _counters(outcome: Outcome) -> tuple[str, ...]:
    if outcome is Outcome.NOT_MODIFIED:
        return ("scheduled", "fetched", "not_modified")
    if outcome in FETCHED:
        return ("scheduled", "fetched")
    if outcome is Outcome.BLOCKED:
        return ("scheduled", "blocked")
    return ("scheduled", "skipped") if outcome in _SKIPPED else ("scheduled", "failed")


def outcomes(db: sqlite3.Connection, run: int) -> list[list[str]]:
    """Every scheduled address of a run: [url, at, outcome, header SHA-256, body SHA-256, role, status, detail]."""
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
