"""Response bodies: every stored blob and its content, chains of deltas, certificates, keys, headers."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from archive import ledger
from archive.captures import (
    CaptureDamagedError,
    CaptureMissingError,
    CaptureStore,
    CaptureWithdrawnError,
    capture_key,
)
from archive.storage.compression import FrameError
from archive.storage.dictionaries import Dictionaries
from archive.storage.envelopes import Envelopes
from archive.store import ARCHIVE, CAPTURES
from archive.verification.findings import UNREADABLE, Findings
from archive.withdrawal.withheld import RESTING

# In the order of addresses and time: a delta's base has just been read, and is still in memory.
_BLOBS = """
    SELECT sha256 FROM (
        SELECT b.sha256, (SELECT url || ' ' || at FROM captures c WHERE c.sha256 = b.sha256 ORDER BY rowid LIMIT 1) AS place
        FROM blobs b) ORDER BY place
"""
_SHAPE = """
    SELECT b.sha256, b.encoding, b.depth, b.base_sha256, b.dictionary, p.depth
    FROM blobs b LEFT JOIN blobs p ON p.sha256 = b.base_sha256
"""


def check_dictionaries(findings: Findings) -> None:
    """Each dictionary is the one that was trained: what was stored with it cannot be read with another."""
    dictionaries = Dictionaries(findings.connections[CAPTURES])
    for (number,) in findings.rows(CAPTURES, "dictionaries", "SELECT id FROM dictionaries"):
        try:
            dictionaries.load(number)
        except (LookupError, TypeError, ValueError, FrameError, *UNREADABLE) as error:
            findings.add(CAPTURES, "dictionaries", number, str(error))


def check_blobs(findings: Findings) -> None:
    """Each blob has the stored bytes and the content that its hashes say; each chain of deltas is whole."""
    store = CaptureStore(findings.connections[CAPTURES])
    withdrawn: list[str] = []
    for (sha256,) in findings.rows(CAPTURES, "blobs", _BLOBS):
        try:
            store.body(sha256)
        except CaptureWithdrawnError:
            withdrawn.append(sha256)
        except (CaptureDamagedError, CaptureMissingError) as error:
            # Of a delta, the blob that is damaged may be one that it stands on: that one is named by its own row.
            findings.add(CAPTURES, "blobs", sha256, str(error))
        except (*UNREADABLE, TypeError, ValueError, MemoryError) as error:
            findings.add(CAPTURES, "blobs", sha256, f"cannot be read: {error}")
    for sha256, encoding, depth, base, dictionary, base_depth in findings.rows(CAPTURES, "blobs", _SHAPE):
        delta = encoding == "zstd-delta"
        if delta != (base is not None) or (encoding == "zstd-dictionary") != (dictionary is not None):
            findings.add(CAPTURES, "blobs", sha256, f"is said to be {encoding!r} and to stand on another row")
        elif depth != (base_depth + 1 if delta and isinstance(base_depth, int) else 0):
            findings.add(CAPTURES, "blobs", sha256, f"is said to be at depth {depth} of its chain")
    if withdrawn:
        findings.notes.append(f"response bodies that were withdrawn: {len(withdrawn)}; their hashes are kept")
    _check_erased(findings, withdrawn)


def _check_erased(findings: Findings, bodies: Iterable[str]) -> None:
    """What was erased holds nothing up: each version that is shown has the answers and files that it rests on."""
    try:
        for sha256 in bodies:
            for (version,) in findings.connections[ARCHIVE].execute(RESTING, {"body": sha256}).fetchall():
                what = f"rests on the body {sha256}, which was erased in {CAPTURES} though this version was not withdrawn"
                findings.add(ARCHIVE, "versions", version, what)
    except UNREADABLE as error:
        findings.add(ARCHIVE, "versions", None, f"cannot be compared: {error}")


def check_captures(findings: Findings) -> None:
    """Each capture has the key that follows from it, and the headers that the ledger knows."""
    archive = findings.connections[ARCHIVE]
    sql = "SELECT key, site, url, sha256, headers, header_dictionary FROM captures"
    envelopes = Envelopes(Dictionaries(findings.connections[CAPTURES]))
    for row in findings.rows(CAPTURES, "captures", sql):
        key, site, url, sha256 = row[0], row[1], row[2], row[3]
        try:
            if capture_key(url, sha256) != key:
                findings.add(CAPTURES, "captures", key, "is not the key of this address and content")
            headers = envelopes.unpack(row[4], row[5]).headers
            known = {
                found[0]
                for found in archive.execute(
                    "SELECT headers_sha256 FROM observations WHERE site = ? AND url = ? AND capture = ?"
                    " AND headers_sha256 IS NOT NULL",  # older ones have none
                    [site, url, key],
                )
            }
        except (ValueError, TypeError, AttributeError, *UNREADABLE) as error:
            findings.add(CAPTURES, "captures", key, f"cannot be read: {error}")
            continue
        if known and ledger.headers_sha256(headers) not in known:
            findings.add(CAPTURES, "captures", key, "its headers are not those of any observation of it")
    for sha256, der in findings.rows(CAPTURES, "certificates", "SELECT sha256, der FROM certificates"):
        if not isinstance(der, bytes) or hashlib.sha256(der).hexdigest() != sha256:
            findings.add(CAPTURES, "certificates", sha256, "does not match its SHA-256")


def lacking(archive: sqlite3.Connection, captures: sqlite3.Connection) -> tuple[int, int]:
    """How many of the newest addresses' newest answers captures.db lacks, and of how many; a look, where verify reads all.

    It is committed first and pruned of older answers only, so that one of this archive lacks none.
    """
    newest = (
        "SELECT capture, max(last_at) AS seen FROM observations WHERE capture IS NOT NULL"
        " GROUP BY site, url ORDER BY seen DESC LIMIT 20"
    )
    keys = [row[0] for row in archive.execute(newest)]
    there = "SELECT 1 FROM captures WHERE key = ?"
    return sum(captures.execute(there, [key]).fetchone() is None for key in keys), len(keys)
