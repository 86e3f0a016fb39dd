"""What a check of the archive found: damaged rows by name, and what they are about."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from archive.store import ARCHIVE, CAPTURES

# Names and keys that are no valid UTF-8 any more make errors of their own.
UNREADABLE = (sqlite3.DatabaseError, UnicodeError)
Progress = Callable[[str, int, int], None]  # what is looked at, how many rows are done, of how many


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged row. ``row`` is its key; empty when a whole table or file is meant."""

    file: str
    table: str
    row: str
    what: str
    document: int | None = None
    url: str | None = None


# Which document and address a row is about, by its key.
_ABOUT_VERSION = (
    "SELECT d.id, d.url FROM versions v JOIN documents d ON d.id = v.document WHERE v.id = {version}"
)
_ABOUT: Mapping[tuple[str, str], str] = {
    (ARCHIVE, "documents"): "SELECT id, url FROM documents WHERE id = ?",
    (ARCHIVE, "versions"): _ABOUT_VERSION.format(version="?"),
    (ARCHIVE, "version_sources"): "SELECT (SELECT document FROM versions WHERE id = s.version), url"
    " FROM version_sources s WHERE version || '/' || capture || '/' || role = ?",
    (ARCHIVE, "attachments"): "SELECT (SELECT document FROM versions WHERE id = a.version), url FROM attachments a WHERE id = ?",
    (ARCHIVE, "citations"): _ABOUT_VERSION.format(version="(SELECT version FROM citations WHERE id = ?)"),
    (ARCHIVE, "changes"): "SELECT d.id, d.url FROM changes c JOIN documents d ON d.id = c.document WHERE c.id = ?",
    (ARCHIVE, "problems"): "SELECT document, url FROM problems WHERE id = ?",
    (ARCHIVE, "addresses"): "SELECT document, url FROM addresses WHERE id = ?",
    (ARCHIVE, "listings"): "SELECT d.id, d.url FROM listings l JOIN documents d ON d.id = l.document"
    " WHERE l.document || '/' || l.catalogue = ?",
    (ARCHIVE, "stretches"): "SELECT NULL, url FROM observations WHERE id = ?",
    (ARCHIVE, "places"): "SELECT NULL, url FROM places WHERE id = ?",
    (ARCHIVE, "runs"): "SELECT NULL, s.url FROM runs r JOIN sites s ON s.key = r.site WHERE r.id = ?",
    (ARCHIVE, "run_outcomes"): "SELECT NULL, s.url FROM runs r JOIN sites s ON s.key = r.site"
    " WHERE r.id = CAST(? AS INTEGER)",  # "12/3" → 12
    (ARCHIVE, "ledger"): "SELECT NULL, s.url FROM ledger l JOIN runs r ON r.id = l.run JOIN sites s ON s.key = r.site"
    " WHERE l.seq = ?",
    (ARCHIVE, "bodies"): "SELECT d.id, d.url FROM versions v JOIN documents d ON d.id = v.document"
    " WHERE v.body_sha256 = ? LIMIT 1",
    (ARCHIVE, "search_state"): "SELECT id, url FROM documents WHERE id = ?",
    (ARCHIVE, "catalogues"): "SELECT NULL, url FROM catalogues WHERE id = ?",
    (ARCHIVE, "sites"): "SELECT NULL, url FROM sites WHERE key = ?",
    (CAPTURES, "captures"): "SELECT NULL, url FROM captures WHERE key = ?",
    (CAPTURES, "blobs"): "SELECT NULL, url FROM captures WHERE sha256 = ? LIMIT 1",
    (CAPTURES, "certificates"): "SELECT NULL, url FROM captures WHERE certificate_sha256 = ? LIMIT 1",
}  # fmt: skip
_DOCUMENT_OF_CAPTURE = "SELECT v.document FROM version_sources s JOIN versions v ON v.id = s.version WHERE s.{column} = ? LIMIT 1"


@dataclass
class Findings:
    """Collects damages as they are found, each named once per row and reason."""

    connections: Mapping[str, sqlite3.Connection]
    tell: Callable[[Damage], None]
    progress: Progress
    checked: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    damages: int = 0

    def add(self, file: str, table: str, row: object, what: str) -> None:
        """Name one damaged row, with the document and address that it is about."""
        document, url = self._about(file, table, row)
        self.damages += 1
        self.tell(Damage(file, table, "" if row is None else str(row), what, document, url))

    def _about(self, file: str, table: str, row: object) -> tuple[int | None, str | None]:
        sql = _ABOUT.get((file, table))
        if sql is None or row is None:
            return None, None
        document = url = None
        with suppress(*UNREADABLE, KeyError):  # what would name it may be damaged itself
            found = self.connections[file].execute(sql, [row]).fetchone()
            document, url = (found[0], found[1]) if found else (None, None)
            if document is None and file == CAPTURES:
                column = "sha256" if table == "blobs" else "capture"
                found = (
                    self.connections[ARCHIVE]
                    .execute(_DOCUMENT_OF_CAPTURE.format(column=column), [row])
                    .fetchone()
                )
                document = found[0] if found else None
        return (document if isinstance(document, int) else None), (url if isinstance(url, str) else None)

    def rows(self, file: str, table: str, sql: str, count: str | None = None) -> Iterator[sqlite3.Row]:
        """The rows of a query, counted; where it cannot be read to its end, that is named and the check goes on."""
        connection, label, done = self.connections[file], f"{file}: {table}", 0
        try:
            total = connection.execute(count or f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for row in connection.execute(sql):
                yield row
                done += 1
                if done % 256 == 0:
                    self.progress(label, done, total)
            self.progress(label, done, done)
        except UNREADABLE as error:
            self.add(file, table, None, f"cannot be read beyond its first {done} rows: {error}")
        self.checked[label] = max(done, self.checked.get(label, 0))

    def one(
        self, file: str, table: str, row: object, sql: str, values: Sequence[object]
    ) -> sqlite3.Row | None:
        """One row; None when it is not there. One that cannot be read is named, and None too."""
        try:
            found: sqlite3.Row | None = self.connections[file].execute(sql, values).fetchone()
        except UNREADABLE as error:
            self.add(file, table, row, f"cannot be read: {error}")
            return None
        return found
