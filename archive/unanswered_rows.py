"""Rows of catalogues whose documents have not been had yet. Inside the writer's transaction.

A walk that is not a full one ends on a list's first pages, and would not see them again for a week: what fails, or is not come to,
is kept from one collection to the next, with what its row said.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.batch import Row, Unread
from archive.fingerprint import storable
from archive.identity import url_key
from archive.times import iso

# For so long each collection asks for it: then it is a dead link more likely than an outage, and full walks are enough.
ASKED_AGAIN_FOR = timedelta(days=7)
# Outcomes that say nothing of a page; "": not asked for.
_MAY_COME = frozenset({"", "failed", "blocked", "skipped"})


def create_unread(db: Database) -> None:
    """Create `unread`: one row for each catalogue that lists such an address."""
    db.table("unread").create(
        {
            "catalogue": int, "url_key": str, "url": str, "title": str, "row_hash": str,
            "aliases": str, "context": str,  # as in archive.batch.Row; aliases are a JSON array
            "first_at": str,
        },
        pk=("catalogue", "url_key"), not_null={"url", "first_at"},
        foreign_keys=[("catalogue", "catalogues", "id")],
    )  # fmt: skip


class Waiting(Mapping[str, frozenset[int]]):
    """Key of a listed address that is no document yet → ids of the catalogues that list it, for one site."""

    def __init__(self, db: sqlite3.Connection, site: str, watched: Collection[str], now: datetime) -> None:
        """Go on with what earlier collections left of the ``watched`` catalogues (keys); of others nothing is kept."""
        self._db, self._site = db, site
        self._catalogues: dict[str, frozenset[int]] = {}
        # Equal sets are one object, for a large site has many.
        self._sets: dict[frozenset[int], frozenset[int]] = {}
        # Catalogue → keys of which this run has not seen the rows; those that it asks for, and those that it does not.
        self._earlier: dict[int, set[str]] = {}
        self._given_up: dict[int, set[str]] = {}
        found = db.execute(
            "SELECT id, first_walk_ended_at FROM catalogues WHERE site = ? AND last_full_walk_at IS NOT NULL"
            " AND key IN (SELECT value FROM json_each(?))",
            [site, json.dumps(list(watched))],
        ).fetchall()
        self._keeps = {
            row["id"]: row["first_walk_ended_at"] for row in found
        }  # those walked before: whether their first look has ended
        self.of_first_look: set[str] = set()  # keys of addresses that were listed before it had ended
        for catalogue, key, first in self._kept():
            if catalogue not in self._keeps:
                continue
            if not self._keeps[catalogue] or first <= self._keeps[catalogue]:
                self.of_first_look.add(key)
            if first > iso(now - ASKED_AGAIN_FOR):
                self._add(key, catalogue)
                self._earlier.setdefault(catalogue, set()).add(key)
            else:
                self._given_up.setdefault(catalogue, set()).add(key)

    def __getitem__(self, key: str) -> frozenset[int]:
        return self._catalogues[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogues)

    def __len__(self) -> int:
        return len(self._catalogues)

    def _kept(self) -> list[sqlite3.Row]:
        rows = "SELECT u.catalogue, u.url_key, u.first_at FROM unread u JOIN catalogues c ON c.id = u.catalogue WHERE c.site = ?"
        return self._db.execute(rows, [self._site]).fetchall()

    def _add(self, key: str, catalogue: int) -> None:
        wanted = self._catalogues.get(key, frozenset()) | {catalogue}
        self._catalogues[key] = self._sets.setdefault(wanted, wanted)

    def list(self, row: Row, catalogue: int, at: datetime) -> None:
        """A catalogue lists an address that is no document's.

        Until its first look has ended each walk lists all that it has; what was asked for in vain does not keep that open for ever.
        """
        key = storable(url_key(row.url))
        self._add(key, catalogue)
        for unseen in (self._earlier, self._given_up):
            unseen.get(catalogue, set()).discard(key)
        if catalogue not in self._keeps or not (self._keeps[catalogue] or self._failed_before(row.url)):
            return
        first = iso(at)
        if (ended := self._keeps[catalogue]) and first <= ended:  # the clock was set back
            first = iso(datetime.fromisoformat(ended) + timedelta(seconds=1))
        self._db.execute(
            "INSERT INTO unread (catalogue, url_key, url, title, row_hash, aliases, context, first_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (catalogue, url_key) DO UPDATE SET url = excluded.url,"
            " title = excluded.title, row_hash = excluded.row_hash, aliases = excluded.aliases, context = excluded.context",
            [
                catalogue, key, storable(row.url), storable(row.title) if row.title else None, row.row_hash, json.dumps(row.aliases),
                storable(row.context) if row.context else None, first,
            ],
        )  # fmt: skip

    def _failed_before(self, url: str) -> bool:
        failed = (
            "SELECT 1 FROM places p JOIN stretches s ON s.place = p.id WHERE p.site = ? AND p.url = ?"
            " AND s.outcome IN ('failed', 'blocked')"
        )
        return self._db.execute(failed, [self._site, storable(url)]).fetchone() is not None

    def take(self, urls: Iterable[str]) -> set[int]:
        """The catalogues that list any of these addresses, which wait no more, nor in the next collection if this one dies."""
        taken = [(key, self._catalogues.pop(key, frozenset())) for key in map(url_key, urls)]
        kept = [(catalogue, key) for key, wanted in taken for catalogue in wanted if catalogue in self._keeps]
        self._forget(kept)
        return set[int]().union(*(wanted for _, wanted in taken))

    def walked(self, catalogue: int) -> None:
        """A catalogue was walked to its true end: what only earlier walks saw is not listed any more."""
        self._given_up.pop(catalogue, None)
        for key in self._earlier.pop(catalogue, set()):
            if left := self._catalogues.get(key, frozenset()) - {catalogue}:
                self._catalogues[key] = self._sets.setdefault(left, left)
            else:
                self._catalogues.pop(key, None)

    def settle(self, asked: Mapping[str, tuple[str, str]]) -> None:
        """Forget what waits no more. ``asked``: key → address and outcome of what the run asked for."""
        done = [
            (catalogue, key)
            for catalogue, key, _ in self._kept()
            if key not in self._given_up.get(catalogue, ())
            and (catalogue not in self.get(key, ()) or asked.get(key, ("", ""))[1] not in _MAY_COME)
        ]
        self._forget(done)

    def _forget(self, rows: Iterable[tuple[int, str]]) -> None:
        self._db.executemany("DELETE FROM unread WHERE catalogue = ? AND url_key = ?", rows)


def unread(db: sqlite3.Connection, site: str, now: datetime) -> list[Unread]:
    """What a collection of a site that begins now asks for, wherever its walks end; the longest waiting first."""
    rows = db.execute(
        "SELECT u.url, u.title, u.row_hash, u.aliases, u.context, min(u.first_at), group_concat(c.key)"
        " FROM unread u JOIN catalogues c ON c.id = u.catalogue WHERE c.site = ? GROUP BY u.url_key"
        " HAVING min(u.first_at) > ? ORDER BY min(u.first_at), min(u.rowid)",
        [site, iso(now - ASKED_AGAIN_FOR)],
    )
    return [
        Unread(
            row=Row(url=r[0], title=r[1], row_hash=r[2], aliases=tuple(json.loads(r[3])), context=r[4]),
            catalogues=tuple(r[6].split(",")),
        )
        for r in rows
    ]
