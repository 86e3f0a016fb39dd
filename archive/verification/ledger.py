"""The ledger: every root from the outcomes that are stored, every head from the entries before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from archive import ledger, outcomes
from archive.store import ARCHIVE
from archive.verification.findings import UNREADABLE, Findings


def check_ledger(findings: Findings) -> None:
    """Recompute roots, subtrees and heads; look for runs that are in no entry."""
    db = findings.connections[ARCHIVE]
    genesis, whole = _geneses(findings), True
    subtrees: dict[int, bytes] = {}  # those that a later entry can need: about log2(entries)
    expected, previous = 1, ""
    db.execute("CREATE TEMP TABLE begun (id INTEGER PRIMARY KEY)")
    sql = "SELECT seq, run, at, leaves, previous_head, merkle_root, head, subtree FROM ledger ORDER BY seq"
    for row in findings.rows(ARCHIVE, "ledger", sql):
        seq = row["seq"]
        if seq != expected:
            findings.add(ARCHIVE, "ledger", expected, f"is not there; the next entry is {seq}")
        whole &= _check_root(findings, db, row)
        try:
            entry = ledger.entry_hash(seq, row["at"], row["leaves"], row["merkle_root"])
            subtree = ledger.complete_subtree(seq, entry, subtrees.__getitem__)
            subtrees[seq] = subtree
            head = ledger.next_head(genesis.get(seq, previous), ledger.tree_root(seq, subtrees.__getitem__))
        except (KeyError, ValueError, TypeError) as error:
            findings.add(ARCHIVE, "ledger", seq, f"cannot be checked: {error!r}")
            subtrees[seq] = _bytes(row["subtree"])
        else:
            if row["subtree"] != subtree.hex():
                findings.add(ARCHIVE, "ledger", seq, "its subtree does not follow from the entries up to it")
                subtrees[seq] = _bytes(row["subtree"])  # so that only the entry that is damaged is named
            if row["previous_head"] != genesis.get(seq, previous):
                findings.add(ARCHIVE, "ledger", seq, "does not follow the head before it")
            elif row["head"] != head:
                findings.add(ARCHIVE, "ledger", seq, "its head does not follow from the entries up to it")
        for place in [p for p in subtrees if p < seq and p not in _peaks(seq)]:
            del subtrees[place]
        expected, previous = seq + 1, row["head"]
    if _check_runs(findings, db) and whole:
        _check_stretches(findings)


def _geneses(findings: Findings) -> Mapping[int, str]:
    """The number of the first entry of each epoch → the head that it must follow."""
    found = {}
    for row in findings.rows(
        ARCHIVE, "epochs", "SELECT first_seq, epoch, previous_head FROM epochs ORDER BY rowid"
    ):
        try:
            found[row[0]] = ledger.genesis(row[1], row[2])
        except (ValueError, TypeError) as error:
            findings.add(ARCHIVE, "epochs", row[1], f"cannot be read: {error}")
    return found


def _peaks(seq: int) -> set[int]:
    places, end = set(), seq
    while end:
        places.add(end)
        end -= ledger.subtree_size(end)
    return places


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""


def _check_root(findings: Findings, db: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Whether the outcomes could be read; the stretches that they begin are noted."""
    try:
        hashes = outcomes.leaf_hashes(_noting_begun(db, outcomes.lines(db, row["run"])))
    except outcomes.OutcomesDamagedError as error:
        findings.add(ARCHIVE, "runs", row["run"], f"its outcomes cannot be read: {error}")
    except (*UNREADABLE, TypeError, ValueError, UnicodeError) as error:
        findings.add(ARCHIVE, "runs", row["run"], f"its outcomes cannot be computed: {error}")
    else:
        if len(hashes) != row["leaves"] or ledger.merkle_root(hashes).hex() != row["merkle_root"]:
            findings.add(
                ARCHIVE, "ledger", row["seq"],
                f"its Merkle root is not that of the outcomes of run {row['run']}: they, an observation they name, or this row"
                " was altered",
            )  # fmt: skip
        return True
    return False


_BEGUN = "INSERT OR IGNORE INTO temp.begun VALUES (?)"


def _noting_begun(db: sqlite3.Connection, lines: Iterable[outcomes.Line]) -> Iterator[outcomes.Line]:
    for line in lines:
        if line.headers_sha256 is not None:
            db.execute(_BEGUN, [line.observation])
        yield line


def _check_stretches(findings: Findings) -> None:
    """Each answer that was observed is one that a collection's outcomes tell of: what is laid beside them is in no head."""
    sql = (
        "SELECT id FROM stretches WHERE capture IS NOT NULL AND headers_sha256 IS NOT NULL"  # older ones have none
        " AND id NOT IN (SELECT id FROM temp.begun)"
    )
    for (stretch,) in findings.rows(ARCHIVE, "stretches", sql):
        findings.add(
            ARCHIVE, "stretches", stretch, "no collection's outcomes begin it: the ledger does not know it"
        )


def _check_runs(findings: Findings, db: sqlite3.Connection) -> bool:
    """Whether the outcomes that are in no entry yet could be read; the stretches that they begin are noted."""
    unentered = "SELECT id FROM runs WHERE outcomes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger WHERE run = runs.id)"
    for (run,) in findings.rows(ARCHIVE, "runs", unentered):
        findings.add(ARCHIVE, "runs", run, "its outcomes are in no entry of the ledger")
    frames = "SELECT run || '/' || batch, o.outcomes, r.outcome FROM run_outcomes o LEFT JOIN runs r ON r.id = o.run"
    waiting, whole = 0, True
    for key, frame, ended in findings.rows(ARCHIVE, "run_outcomes", frames):
        waiting += ended is None
        try:
            db.executemany(_BEGUN, [(asked.observation,) for asked in outcomes.decode(frame) if asked.first])
        except (outcomes.OutcomesDamagedError, TypeError) as error:
            whole = False
            findings.add(ARCHIVE, "run_outcomes", key, f"cannot be read: {error}")
    if waiting:
        findings.notes.append(
            f"{waiting} batches of collections that run, or died, are in no entry of the ledger yet"
        )
    return whole
