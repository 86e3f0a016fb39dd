"""Addresses of a site's documents: which document is at one, what its answers said, whether its validators are honest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from archive.batch import FETCHED, MISSING, Fetch, Found, Known, Outcome, Role
from archive.fingerprint import storable
from archive.identity import url_key
from archive.presence import Signal
from archive.times import iso, parse

# Documents that agree in one thing with a new one that waits for their old address to be asked: see archive.histories.moves.
_SOUGHT = """
    WITH waiting AS (
        SELECT d.index_number, d.document_number, d.body_sha256, v.fingerprint FROM changes c JOIN documents d ON d.id = c.document
        LEFT JOIN versions v ON v.id = d.current_version
        WHERE c.site = :site AND c.waits_for = 'old_address' AND c.feed_seq IS NULL AND c.dropped_at IS NULL
    )
    SELECT d.id FROM documents d LEFT JOIN versions v ON v.id = d.current_version
    WHERE d.site = :site AND merged_into IS NULL AND (
        d.index_number IN (SELECT index_number FROM waiting) OR d.document_number IN (SELECT document_number FROM waiting)
        OR d.body_sha256 IN (SELECT body_sha256 FROM waiting) OR v.fingerprint IN (SELECT fingerprint FROM waiting)
    )
"""


class Addresses:
    """Reads and writes the addresses of one site. Writing is inside the writer's transaction."""

    def __init__(self, db: sqlite3.Connection, site: str) -> None:
        self._db, self._site = db, site

    def known(self) -> list[Known]:
        """Every address of the site's documents, the longest unconfirmed first."""
        sought = {row[0] for row in self._db.execute(_SOUGHT, {"site": self._site})}
        rows = self._db.execute(
            "SELECT a.document, a.url, a.role, d.status, a.row_hash, a.etag, a.last_modified, a.validators_honest,"
            " a.last_confirmed_at, a.last_unconditional_at, v.extractor_revision, a.context,"
            " EXISTS (SELECT 1 FROM attachments t WHERE t.version = v.id)"
            " OR EXISTS (SELECT 1 FROM version_sources s WHERE s.version = v.id AND s.role = 'part'),"
            " (SELECT group_concat(c.key) FROM listings l JOIN catalogues c ON c.id = l.catalogue"
            "  WHERE l.document = a.document AND l.unlisted_at IS NULL) FROM addresses a"
            " JOIN documents d ON d.id = a.document LEFT JOIN versions v ON v.id = d.current_version"
            " WHERE a.site = ? AND a.role <> 'former' ORDER BY a.last_confirmed_at IS NOT NULL, a.last_confirmed_at, a.id",
            [self._site],
        )
        return [
            Known(
                document=r[0], url=r[1], current=r[2] == "current", status=r[3], row_hash=r[4], etag=r[5],
                last_modified=r[6], validators_honest=bool(r[7]), last_confirmed_at=parse(r[8]) if r[8] else None,
                last_unconditional_at=parse(r[9]) if r[9] else None, extractor_revision=r[10], context=r[11],
                has_parts=bool(r[12]), catalogues=tuple(r[13].split(",")) if r[13] else (),
                sought=r[0] in sought,
            )
            for r in rows
        ]  # fmt: skip

    def documents_at(self, urls: Iterable[str]) -> list[int]:
        """Documents whose current address or alias is one of these."""
        keys = list(dict.fromkeys(url_key(u) for u in urls))
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT DISTINCT document FROM addresses WHERE site = ? AND url_key IN ({marks}) AND role <> 'former'"  # noqa: S608
            " ORDER BY document",
            [self._site, *keys],
        )
        return [row[0] for row in rows]

    def keep(self, document: int, found: Found) -> None:
        """Note that a document was found at these addresses. An alias is only said to be one: it was not seen."""
        now = iso(found.at)
        for url, role in ((found.url, "current"), *((alias, "alias") for alias in found.aliases)):
            self._db.execute(
                "INSERT INTO addresses (document, site, url, url_key, role, first_seen_at, last_seen_at, row_hash, context)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, url_key) DO UPDATE SET document = excluded.document,"
                " last_seen_at = CASE excluded.role WHEN 'alias' THEN last_seen_at ELSE excluded.last_seen_at END,"
                " row_hash = coalesce(excluded.row_hash, row_hash),"
                " context = coalesce(excluded.context, context),"
                " role = CASE role WHEN 'former' THEN excluded.role ELSE role END",
                [
                    document, self._site, url, url_key(url), role, now, now, found.row_hash,
                    storable(found.context) if found.context else None,
                ],
            )  # fmt: skip

    def listed(self, url: str, at: datetime) -> None:
        """Note that a catalogue lists an address."""
        self._db.execute(
            "UPDATE addresses SET last_seen_at = ? WHERE site = ? AND url_key = ?",
            [iso(at), self._site, url_key(url)],
        )

    def row_altered(self, found: Found) -> bool:
        """Whether the catalogue's row that led to a known address says something else than the one kept of it."""
        if found.row_hash is None:
            return False
        kept = self._db.execute(
            "SELECT row_hash FROM addresses WHERE site = ? AND url_key = ?", [self._site, url_key(found.url)]
        ).fetchone()
        return kept is not None and kept["row_hash"] not in (None, found.row_hash)

    def seen_in_answer(self, found: Found) -> None:
        """Note that a document that has no page of its own was seen where it is."""
        now = iso(found.at)
        self._db.execute(
            "UPDATE addresses SET last_confirmed_at = ?, last_seen_at = ?, last_unconditional_at = ?, absent_since = NULL,"
            " absent_checks = 0 WHERE site = ? AND url_key = ?",
            [now, now, now, self._site, url_key(found.url)],
        )

    def confirm(self, run: int, fetch: Fetch) -> tuple[int, Signal] | None:
        """Keep what the answer at a document's own address says of the server's validators.

        What it says of the document's presence is given back: (document, signal), None for nothing.
        """
        if fetch.role not in (Role.PAGE, Role.API) or fetch.outcome not in FETCHED:
            return None
        row = self._db.execute(
            "SELECT id, document, etag, last_modified FROM addresses WHERE site = ? AND url_key = ?",
            [self._site, url_key(fetch.url)],
        ).fetchone()
        if row is None:
            return None
        now = iso(fetch.at)
        if fetch.outcome in MISSING:
            return self.gone(fetch.url, fetch.at)
        unconditional = fetch.outcome is Outcome.OK and fetch.unconditional
        honest = self._honesty(row, fetch) if unconditional else None
        self._db.execute(
            "UPDATE addresses SET last_confirmed_at = ?, last_seen_at = ?, absent_since = NULL, absent_checks = 0,"
            " etag = coalesce(?, etag), last_modified = coalesce(?, last_modified),"
            " last_unconditional_at = CASE WHEN ? THEN ? ELSE last_unconditional_at END,"
            " validators_honest = coalesce(?, validators_honest) WHERE id = ?",
            [now, now, fetch.etag, fetch.last_modified, unconditional, now, honest, row["id"]],
        )
        if fetch.outcome is Outcome.NOT_MODIFIED:
            self._db.execute(
                "UPDATE versions SET last_seen_at = max(last_seen_at, ?) WHERE id = (SELECT current_version FROM documents WHERE id = ?)",
                [now, row["document"]],
            )
            self._db.execute("UPDATE runs SET unchanged = coalesce(unchanged, 0) + 1 WHERE id = ?", [run])
        return row["document"], Signal.SEEN

    def gone(self, url: str, at: datetime) -> tuple[int, Signal] | None:
        """Note that a document is at an address no more; (document, signal) when it is at none of its own."""
        row = self._db.execute(
            "UPDATE addresses SET last_confirmed_at = :now, absent_since = coalesce(absent_since, :now),"
            " absent_checks = absent_checks + 1, etag = NULL, last_modified = NULL WHERE site = :site AND url_key = :key"
            " RETURNING document, role",
            {"now": iso(at), "site": self._site, "key": url_key(url)},
        ).fetchone()
        others = self._db.execute(
            "SELECT count(*) FROM addresses WHERE document = ? AND role = 'current' AND absent_since IS NULL",
            [row["document"]],
        ).fetchone()[0]
        return (row["document"], Signal.ABSENT) if row["role"] == "current" and not others else None

    def led_away(self, url: str, at: datetime) -> None:
        """Note that an address was asked and led to another page: nothing was learned of the document's presence."""
        self._db.execute(
            "UPDATE addresses SET last_confirmed_at = ?, etag = NULL, last_modified = NULL WHERE site = ? AND url_key = ?",
            [iso(at), self._site, url_key(url)],
        )

    def _honesty(self, stored: sqlite3.Row, fetch: Fetch) -> int | None:
        """Whether the server's validators tell the truth: equal ones must mean equal bytes, and were seen to.

        None while nothing is known; 0 for good as soon as equal validators came with other bytes.
        """
        said = (fetch.etag, fetch.last_modified)
        if said != (stored["etag"], stored["last_modified"]) or said == (None, None):
            return None
        stretch = self._db.execute(
            "SELECT s.count FROM stretches s JOIN places p ON p.id = s.place WHERE p.site = ? AND p.url = ?"
            " ORDER BY s.last_at DESC, s.id DESC LIMIT 1",
            [self._site, fetch.url],
        ).fetchone()
        return int(stretch is not None and stretch["count"] > 1)
