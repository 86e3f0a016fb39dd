"""Retention: let go of stored answers that prove no version, once they have not been seen for a while.

A page with a counter is another answer every day, a catalogue page whenever something is published: they are kept because every
answer is, and most of captures.db is theirs. What stays for good: each answer that a version was read from, each file that a
version lists, the newest answer of each address, and all that the ledger holds (addresses, times, outcomes, hashes).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from archive.captures import CaptureStore
from archive.storage.texts import forget as forget_texts
from archive.store import Paths, Transaction, open_archive, open_captures
from archive.times import iso
from archive.verification.findings import Progress

_T = TypeVar("_T")
_AT_ONCE = 500  # answers, texts or messages of one transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """What may go. ``stored``: bytes as they are stored; ``answers`` are captures, ``bodies`` what only they hold."""

    before: str  # the instant before which they were seen last
    answers: int
    bodies: int
    stored: int
    texts: int
    messages: int


@dataclass(frozen=True, slots=True)
class Room:
    """Of one file: bytes before and after, and how many of them are free inside it, for what comes."""

    file: str
    before: int
    after: int
    free: int
    why: str | None = None  # it was not made smaller


class Pruning:
    """Plans and prunes one data directory; the caller owns the connections, which must be in no transaction.

    Reading connections will do for :meth:`plan`; :meth:`apply` wants writing ones, the writer's lock and that of the alerts.
    """

    def __init__(
        self,
        archive: sqlite3.Connection,
        captures: sqlite3.Connection,
        alerts: sqlite3.Connection | None,
        *,
        now: datetime,
        older_than: timedelta,
        site: str | None = None,
    ) -> None:
        self._archive, self._captures, self._alerts, self._site = archive, captures, alerts, site
        self._before = iso(now - older_than)
        self._shared: set[str] = set()  # addresses for which several sites ask
        # A file of its own, gone when the connection closes: what may go can be more than fits in memory.
        captures.execute("ATTACH DATABASE '' AS doomed")
        captures.execute(
            "CREATE TABLE doomed.answers (key TEXT PRIMARY KEY, sha256 TEXT, place TEXT) WITHOUT ROWID"
        )
        captures.execute("CREATE INDEX doomed.answers_sha256 ON answers (sha256)")
        captures.execute("CREATE TABLE doomed.bodies (sha256 TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")
        captures.execute("CREATE INDEX doomed.bodies_place ON bodies (place)")

    def plan(self, progress: Progress) -> Plan:
        """Find what may go; nothing is written."""
        several = "SELECT url FROM places GROUP BY url HAVING count(*) > 1"
        self._shared = {row[0] for row in self._archive.execute(several)}
        total = self._captures.execute("SELECT count(*) FROM captures").fetchone()[0]
        sql = "SELECT key, site, url, sha256, at FROM captures WHERE at < ? AND (? IS NULL OR site = ?)"
        found = self._captures.execute(sql, [self._before, self._site, self._site])
        for done, row in enumerate(found, start=1):
            if not self._is_needed(*tuple(row)[:4]):
                # Answers of one address are stored as differences to one another.
                place = f"{row[2]} {row[4]}"
                self._captures.execute("INSERT INTO doomed.answers VALUES (?, ?, ?)", [row[0], row[3], place])
            if done % 1000 == 0:
                progress("answers", done, total)
        self._captures.execute(
            "INSERT INTO doomed.bodies SELECT sha256, min(place) FROM doomed.answers a WHERE NOT EXISTS (SELECT 1 FROM captures c"
            " WHERE c.sha256 = a.sha256 AND c.key NOT IN (SELECT key FROM doomed.answers))"
            # the empty row of one that was withdrawn keeps it from being stored again for itself
            " AND (SELECT length(stored) FROM blobs WHERE sha256 = a.sha256) > 0 GROUP BY sha256"
        )
        if self._site is None:
            self._doom_orphans()
        answers = self._captures.execute("SELECT count(*) FROM doomed.answers").fetchone()[0]
        bodies, stored = self._captures.execute(
            "SELECT count(*), coalesce(sum(length(stored)), 0) FROM blobs WHERE sha256 IN (SELECT sha256 FROM doomed.bodies)"
        ).fetchone()
        return Plan(
            self._before, answers, bodies, stored, len(self._unused_texts()), len(self._old_messages())
        )

    def _is_needed(self, key: str, site: str, url: str, sha256: str) -> bool:
        """Whether a version rests on an answer, or it is the newest of its address, or was seen since.

        Of an address for which several sites ask it is kept once, and any of them may have had it.
        """
        asking = [site]
        if url in self._shared:
            rows = "SELECT site FROM places WHERE site IN (SELECT key FROM sites) AND url = ?"
            asking = [row[0] for row in self._archive.execute(rows, [url])]
        return self._is_of_version(sha256) or any(self._was_seen(one, url, key) for one in asking)

    def _was_seen(self, site: str, url: str, key: str) -> bool:
        found = self._archive.execute(
            "SELECT 1 FROM observations WHERE site = ? AND url = ? AND capture = ? AND last_at >= ?",
            [site, url, key, self._before],
        ).fetchone()
        return found is not None or self._newest(site, url) == key

    def _is_of_version(self, sha256: str) -> bool:
        found = self._archive.execute(
            "SELECT EXISTS (SELECT 1 FROM version_sources WHERE sha256 = :body)"
            " OR EXISTS (SELECT 1 FROM attachments WHERE sha256 = :body)",
            {"body": sha256},
        ).fetchone()
        return bool(found[0])

    def _newest(self, site: str, url: str) -> str | None:
        row = self._archive.execute(
            "SELECT capture FROM observations WHERE site = ? AND url = ? AND capture IS NOT NULL ORDER BY last_at DESC, id DESC"
            " LIMIT 1",
            [site, url],
        ).fetchone()
        return row[0] if row is not None else None

    def _doom_orphans(self) -> None:
        """Bodies of no answer: their process died before the archive had them."""
        orphans = self._captures.execute(
            "SELECT sha256 FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM captures c WHERE c.sha256 = b.sha256)"
            " AND length(stored) > 0"
        ).fetchall()
        self._captures.executemany(
            "INSERT OR IGNORE INTO doomed.bodies VALUES (?, '')",
            [(sha256,) for (sha256,) in orphans if not self._is_of_version(sha256)],
        )

    def _unused_texts(self) -> list[str]:
        """Texts that an earlier extractor read and no version holds any more. They are of no site."""
        if self._site is not None:
            return []
        rows = self._archive.execute(
            "SELECT sha256 FROM bodies WHERE sha256 NOT IN (SELECT body_sha256 FROM versions WHERE body_sha256 IS NOT NULL"
            " UNION SELECT body_sha256 FROM documents WHERE body_sha256 IS NOT NULL"
            " UNION SELECT text_sha256 FROM attachments WHERE text_sha256 IS NOT NULL)"
        )
        return [row[0] for row in rows]

    def _old_messages(self) -> list[int]:
        """Copies of messages that were sent long ago."""
        if self._alerts is None or self._site is not None:
            return []
        rows = self._alerts.execute(
            "SELECT id FROM outbox WHERE state = 'sent' AND sent_at < ?", [self._before]
        )
        return [row[0] for row in rows]

    def apply(self, progress: Progress) -> None:
        """Let go of what :meth:`plan` found, a few hundred rows in each transaction: a kill leaves what was not reached."""
        store = CaptureStore(self._captures)
        total = self._captures.execute("SELECT count(*) FROM doomed.bodies").fetchone()[0]
        done = 0
        self._captures.execute("PRAGMA foreign_keys = OFF")  # see CaptureStore.remove
        for place, orphans in (("= ''", True), ("> ''", False)):
            query = f"SELECT sha256 FROM doomed.bodies WHERE place {place} ORDER BY place LIMIT ?"
            while bodies := self._next(query):
                with Transaction(self._captures):
                    store.remove(bodies, orphans=orphans)
                    for table in ("answers", "bodies"):
                        self._captures.executemany(
                            f"DELETE FROM doomed.{table} WHERE sha256 = ?", [(one,) for one in bodies]
                        )
                done += len(bodies)
                progress("stored answers", done, total)
        while keys := self._next("SELECT key FROM doomed.answers LIMIT ?"):
            with Transaction(self._captures):
                store.forget(keys)
                self._captures.executemany(
                    "DELETE FROM doomed.answers WHERE key = ?", [(key,) for key in keys]
                )
        with Transaction(self._captures):
            self._captures.execute(
                "DELETE FROM certificates WHERE sha256 NOT IN"
                " (SELECT certificate_sha256 FROM captures WHERE certificate_sha256 IS NOT NULL)"
            )
        for texts in _chunks(self._unused_texts()):
            with Transaction(self._archive):
                forget_texts(self._archive, texts)
        if self._alerts is not None:
            for messages in _chunks(self._old_messages()):
                with Transaction(self._alerts):
                    self._alerts.executemany("DELETE FROM outbox WHERE id = ?", [(one,) for one in messages])

    def _next(self, sql: str) -> list[str]:
        return [row[0] for row in self._captures.execute(sql, [_AT_ONCE])]


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    yield from (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def give_back(paths: Paths) -> list[Room]:
    """Make the files as small as what they hold, where the disk has room for it. Call under both locks, with the files closed.

    A file is written anew beside itself: that takes twice its new size for a while. Readers are not disturbed; the file
    shrinks when none of them holds an old state any more.
    """
    rooms = []
    for path, opened in ((paths.captures, open_captures), (paths.archive, open_archive)):
        before = path.stat().st_size
        with closing(opened(paths).conn) as db:
            free, size = _free(db)
            why = None
            if free:
                needed, there = 2 * (size - free), shutil.disk_usage(paths.data).free
                if needed > there:
                    why = f"that takes {needed:,} bytes for a while, and the disk has {there:,}"
                else:
                    try:
                        db.execute("VACUUM")
                        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    except sqlite3.OperationalError as error:
                        why = str(error)
            rooms.append(Room(path.name, before, path.stat().st_size, _free(db)[0], why))
    return rooms


def _free(db: sqlite3.Connection) -> tuple[int, int]:
    """Bytes that are free inside a file, and its size."""
    page, free, pages = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "freelist_count", "page_count")
    )
    return page * free, page * pages
