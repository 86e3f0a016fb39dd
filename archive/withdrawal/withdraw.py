"""Take content out for good (a court's order, personal data): its hashes, its times and the reason stay, the ledger stays whole.

A version, or a document with all that it said and will say, is emptied in archive.db first; only then are the bodies that it
was read from erased in captures.db, where nothing else rests on them; what comes to rest on them later has them stored again
(:func:`archive.withdrawal.withheld.store_again`). A process that dies between the two leaves bodies that
:mod:`archive.withdrawal.withheld` finds again, at the latest when a site is collected next: it also erases what is fetched of such a page
later, because the site may go on publishing it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from archive import search
from archive.captures import CaptureStore
from archive.fingerprint import storable
from archive.model import COLUMN_FIELDS
from archive.resolve import resolve
from archive.storage.texts import forget as forget_texts
from archive.store import Transaction
from archive.times import iso
from archive.withdrawal import withheld
from archive.withdrawal.traces import traces_of

_EMPTY = ", ".join(f"{spec.name} = NULL" for spec in COLUMN_FIELDS)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was done. ``versions``: numbers emptied now; ``shared``: (document, version) whose text or capture is the same.

    ``kept``: SHA-256 of bodies that other versions rest on.
    """

    versions: tuple[int, ...]
    texts: int
    bodies: int
    kept: tuple[str, ...]
    shared: tuple[tuple[int, int], ...]


def told_of(archive: sqlite3.Connection, document: int) -> list[int]:
    """Places in the feed of all that was told of a document: its title may stand in any of it."""
    rows = archive.execute(
        "SELECT c.feed_seq FROM changes c JOIN documents d ON d.id = c.document WHERE c.feed_seq IS NOT NULL"
        " AND (d.id = ? OR d.merged_into = ?) ORDER BY c.feed_seq",
        [document, document],
    )
    return [row[0] for row in rows]


def withdraw(
    archive: sqlite3.Connection,
    captures: sqlite3.Connection,
    document: int,
    number: int | None,
    reason: str,
    *,
    now: datetime,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Withdrawal:
    """Withdraw a version, or with ``number`` None the whole document, now and in future. Call under the writer's lock.

    What was withdrawn before keeps its time and reason; what a killed withdrawal left is finished. Raises LookupError when
    there is no such version. ``progress`` is told of long work: what, how much of it is done, 0.
    """
    versions = _chosen(archive, document, number)
    marks = ",".join(map(str, versions))
    with Transaction(archive):
        fresh = [
            row[0]
            for row in archive.execute(
                f"SELECT id FROM versions WHERE id IN ({marks}) AND withdrawn_at IS NULL"
            )
        ]
        if number is None:
            archive.execute(
                "UPDATE documents SET withdrawn_at = coalesce(withdrawn_at, ?), withdrawn_reason = coalesce(withdrawn_reason, ?)"
                " WHERE id = ? OR merged_into = ?",
                [iso(now), storable(reason), document, document],
            )
        shared = _sharing(archive, fresh)
        withheld.keep_answers(archive, CaptureStore(captures), fresh)
        texts = empty_versions(archive, document, fresh, iso(now), storable(reason))
        if fresh:
            withheld.words_left(archive)
    withheld.forget_the_dead(archive, captures)
    bodies = withheld.erase_bodies(archive, captures)
    withheld.merge_index(archive, lambda done: progress("merging the search index", done, 0))
    for connection in (archive, captures):  # the log would still hold it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    numbers = [archive.execute("SELECT number FROM versions WHERE id = ?", [v]).fetchone()[0] for v in fresh]
    return Withdrawal(
        tuple(sorted(set(numbers))), texts, bodies, tuple(_still_needed(archive, versions)), tuple(shared)
    )  # fmt: skip


def _chosen(archive: sqlite3.Connection, document: int, number: int | None) -> list[int]:
    """The version, or all of the document's; and those of histories merged into it that say the same."""
    histories = "SELECT id FROM documents WHERE id = :document OR merged_into = :document"
    if number is None:
        rows = archive.execute(
            f"SELECT id FROM versions WHERE document IN ({histories})", {"document": document}
        )
    else:
        rows = archive.execute(
            f"SELECT id FROM versions v WHERE document IN ({histories}) AND EXISTS (SELECT 1 FROM versions w"
            " WHERE w.document = :document AND w.number = :number AND (w.id = v.id OR v.document <> :document"
            " AND (v.fingerprint = w.fingerprint OR v.content_sha256 = w.content_sha256)))",
            {"document": document, "number": number},
        )
    found = [row[0] for row in rows]
    if not found:
        raise LookupError(f"document {document} has no version {number}")
    return found


def _sharing(archive: sqlite3.Connection, versions: Iterable[int]) -> list[tuple[int, int]]:
    """Other versions with the text, an attachment's text or a capture of these: (document, number)."""
    marks = ",".join(map(str, versions))
    rows = archive.execute(
        f"SELECT DISTINCT w.document, w.number FROM versions w LEFT JOIN attachments t ON t.version = w.id"
        f" LEFT JOIN version_sources s ON s.version = w.id WHERE w.id NOT IN ({marks}) AND w.withdrawn_at IS NULL AND ("
        f" w.body_sha256 IN (SELECT body_sha256 FROM versions WHERE id IN ({marks}))"
        f" OR w.content_sha256 IN (SELECT content_sha256 FROM versions WHERE id IN ({marks}))"  # but for white space
        f" OR t.text_sha256 IN (SELECT text_sha256 FROM attachments WHERE version IN ({marks}))"
        f" OR s.sha256 IN (SELECT sha256 FROM version_sources WHERE version IN ({marks}))) ORDER BY 1, 2"
    )
    return [(row[0], row[1]) for row in rows]


def empty_versions(
    archive: sqlite3.Connection, document: int, versions: list[int], at: str, reason: str
) -> int:
    """Empty these versions and all that repeats what they said; the number of texts that went."""
    if not versions:
        return 0
    marks = ",".join(map(str, versions))
    texts = [
        row[0]
        for row in archive.execute(
            f"SELECT body_sha256 FROM versions WHERE id IN ({marks}) AND body_sha256 IS NOT NULL"
            f" UNION SELECT text_sha256 FROM attachments WHERE version IN ({marks}) AND text_sha256 IS NOT NULL"
        )
    ]
    histories = f"id = {int(document)} OR merged_into = {int(document)}"
    archive.execute(
        "DELETE FROM problems WHERE EXISTS (SELECT 1 FROM versions v JOIN documents d ON d.id = v.document WHERE"
        f" v.id IN ({marks}) AND (problems.document = v.document OR problems.document = d.merged_into)"
        " AND problems.first_at <= v.last_seen_at AND problems.last_at >= v.first_seen_at)"
    )
    archive.execute(  # the reasons of the next version quote this one
        f"UPDATE versions SET reasons = '[]' WHERE EXISTS (SELECT 1 FROM versions w WHERE w.id IN ({marks})"
        " AND w.document = versions.document AND w.number = versions.number - 1)"
    )
    archive.executemany(
        f"UPDATE versions SET {_EMPTY}, body_sha256 = NULL, evidence = NULL, context = NULL, reasons = '[]', withdrawn_at = ?,"
        " withdrawn_reason = ?, traces = ? WHERE id = ?",
        [(at, reason, traces_of(archive, version), version) for version in versions],
    )
    archive.execute(
        f"UPDATE documents SET {_EMPTY}, body_sha256 = NULL WHERE current_version IN ({marks})"
        f" OR (({histories}) AND current_version IS NULL)"
    )
    archive.execute(
        f"UPDATE addresses SET context = {withheld.CONTEXT_LEFT} WHERE document IN"
        f" (SELECT id FROM documents WHERE ({histories}) AND current_version IN ({marks}))"
    )
    withheld.keep_sources(archive, versions)
    for table in ("attachments", "citations"):
        archive.execute(f"DELETE FROM {table} WHERE version IN ({marks})")
    of_these = f"(from_version IN ({marks}) OR to_version IN ({marks}))"
    archive.execute(
        f"UPDATE changes SET dropped_at = ? WHERE feed_seq IS NULL AND dropped_at IS NULL AND {of_these}",
        [at],
    )
    archive.execute(f"UPDATE changes SET fields = '[]', reasons = '[]' WHERE {of_these}")
    documents = [row[0] for row in archive.execute(f"SELECT id FROM documents WHERE {histories}")]
    search.index_documents(archive, documents)
    resolve(archive, documents)
    return forget_texts(archive, texts)


def _still_needed(archive: sqlite3.Connection, versions: Iterable[int]) -> list[str]:
    marks = ",".join(map(str, versions))
    rows = archive.execute(
        f"SELECT DISTINCT sha256 FROM version_sources WHERE version IN ({marks}) AND sha256 IN ({withheld.NEEDED})"
    )
    return [row[0] for row in rows]
