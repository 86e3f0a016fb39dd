"""What stored bodies stand on, and how to take one away without the others.

A body may be the base of later deltas of its address, and a trained dictionary may hold pieces of it.
:class:`archive.captures.CaptureStore` removes and erases bodies with the help of this.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from archive.storage import compression
from archive.storage.compression import ALONE, DELTA


class Base(NamedTuple):
    """A body that a delta may stand on, and how many deltas lie between it and a full copy."""

    sha256: str
    depth: int


class Bases:
    """The chains of one ``captures.db``. ``body`` gives a body by its hash, and raises ``unreadable`` where it cannot.

    Every call belongs to the caller's transaction.
    """

    def __init__(
        self, conn: sqlite3.Connection, body: Callable[[str], bytes], unreadable: tuple[type[Exception], ...]
    ) -> None:
        self._conn, self._body, self._unreadable = conn, body, unreadable

    def _read(self, sha256: str) -> bytes | None:
        try:
            return self._body(sha256)
        except self._unreadable:
            return None

    def dependents(self, bodies: Iterable[str], *, everywhere: bool = False) -> list[str]:
        """Bodies that are stored as deltas against one of these, the lowest first.

        A delta and its base are answers of one address, so that they are found by it; an index on the base would cost half
        as much room as the deltas. ``everywhere``: also those of no capture, for which all bodies are looked through.
        """
        wanted = json.dumps(sorted(bodies))
        near = (
            "SELECT o.sha256 FROM captures c JOIN captures o ON o.url = c.url"
            " WHERE c.sha256 IN (SELECT value FROM json_each(:wanted))"
        )
        sql = "SELECT sha256 FROM blobs WHERE base_sha256 IN (SELECT value FROM json_each(:wanted))"
        sql += " ORDER BY depth" if everywhere else f" AND sha256 IN ({near}) ORDER BY depth"
        return [row[0] for row in self._conn.execute(sql, {"wanted": wanted})]

    def held_up(self, bodies: set[str], *, everywhere: bool = False) -> set[str]:
        """Those of these bodies on which something damaged stands: without them it could not be mended any more."""
        held = set[str]()
        for dependent in self.dependents(bodies, everywhere=everywhere):
            if dependent not in bodies and self._read(dependent) is None:
                held.update(self._below(dependent) & bodies)
        return held

    def _below(self, sha256: str) -> set[str]:
        below, wanted = set[str](), self._base_of(sha256)
        while wanted is not None and wanted not in below:
            below.add(wanted)
            wanted = self._base_of(wanted)
        return below

    def _base_of(self, sha256: str) -> str | None:
        row = self._conn.execute("SELECT base_sha256 FROM blobs WHERE sha256 = ?", [sha256]).fetchone()
        return row[0] if row is not None else None

    def leave(self, gone: set[str], *, everywhere: bool = False) -> None:
        """Store what stands on one of these bodies anew, against the nearest that stays."""
        for dependent in self.dependents(gone, everywhere=everywhere):
            if dependent not in gone:
                self._store_anew(dependent, self._nearest(dependent, gone))

    def stand_alone(self, sha256: str) -> None:
        """Store a body as a full copy that needs nothing else."""
        self._store_anew(sha256, None)

    def drop_dictionaries_with(self, sha256: str) -> list[int]:
        """Drop the dictionaries that hold pieces of a body; what was stored with them is stored without. Their numbers."""
        rows = self._conn.execute(
            "SELECT id FROM dictionaries WHERE instr(samples, ?)", [f'"{sha256}"']
        ).fetchall()
        for (number,) in rows:
            users = self._conn.execute("SELECT sha256 FROM blobs WHERE dictionary = ?", [number]).fetchall()
            for (user,) in users:
                self._store_anew(user, None)
            self._conn.execute("DELETE FROM dictionaries WHERE id = ?", [number])
        return [row[0] for row in rows]

    def _nearest(self, sha256: str, gone: set[str]) -> Base | None:
        """The nearest body below one in its chain that stays."""
        wanted: str | None = sha256
        while wanted is not None and (wanted == sha256 or wanted in gone):
            wanted = self._base_of(wanted)
        row = self._conn.execute("SELECT depth FROM blobs WHERE sha256 = ?", [wanted]).fetchone()
        return Base(wanted, row[0]) if wanted is not None and row is not None else None

    def _store_anew(self, sha256: str, base: Base | None) -> None:
        body, below = self._read(sha256), self._read(base.sha256) if base is not None else None
        if body is None:
            # Damaged before, and named so: it stands on nothing now, and keeps nothing from going.
            self._conn.execute(
                "UPDATE blobs SET encoding = ?, base_sha256 = NULL, dictionary = NULL WHERE sha256 = ?",
                [ALONE, sha256],
            )
            self._set_depth(sha256, 0)
            return
        stored = compression.delta(body, below) if below is not None else None
        if base is None or stored is None:
            base, stored = None, compression.compress(body)
        self._conn.execute(
            "UPDATE blobs SET stored = ?, stored_sha256 = ?, encoding = ?, base_sha256 = ?, dictionary = NULL WHERE sha256 = ?",
            [
                stored, hashlib.sha256(stored).hexdigest(), DELTA if base else ALONE,
                base.sha256 if base else None, sha256,
            ],
        )  # fmt: skip
        self._set_depth(sha256, base.depth + 1 if base else 0)

    def _set_depth(self, sha256: str, depth: int) -> None:
        self._conn.execute("UPDATE blobs SET depth = ? WHERE sha256 = ?", [depth, sha256])
        for above in self.dependents([sha256]):
            self._set_depth(above, depth + 1)
