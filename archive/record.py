"""The one writer: batches from a collector become documents, versions, changes and observations.

A batch is one transaction in captures.db, then one in archive.db; only then does :meth:`Recorder.record`
return. A batch that comes twice changes nothing the second time. Hold the data directory's lock
(:func:`archive.store.exclusive`) around everything here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

import zstandard

from archive import epochs, ledger, search, settle
from archive.batch import (
    FETCHED,
    MISSING,
    Batch,
    Fetch,
    Found,
    Known,
    KnownCatalogue,
    Listed,
    Outcome,
    Role,
    WalkEnd,
)
from archive.captures import CaptureStore, capture_key
from archive.fingerprint import storable
from archive.identity import url_key
from archive.model import ChangeKind, PageKind, Problem, SiteReport
from archive.presence import Confirmation, Signal
from archive.store import Paths, open_archive, open_captures
from archive.times import iso, parse, shanghai_date
from archive.versions import Edit, Reextract, Versions, fields_json

_SKIPPED = frozenset({Outcome.ROBOTS, Outcome.SKIPPED})


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What the archive keeps of a site file."""

    key: str
    name: str | None = None
    name_en: str | None = None
    province: str | None = None
    level: str | None = None
    platform: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """What the archive must know of a site to judge a collection."""

    confirm_checks: int = 3
    confirm_days: float = 2.0
    minimum: int | None = None
    maximum: int | None = None
    fill_rates: Mapping[str, float] = field(default_factory=dict)


class Recorder:
    """Records the collections of one site."""

    def __init__(
        self,
        paths: Paths,
        *,
        clock: Callable[[], datetime],
        reextract: Reextract | None = None,
        policy: SitePolicy | None = None,
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._reextract = reextract
        self._policy = policy or SitePolicy()
        self._confirmation = Confirmation(self._policy.confirm_checks, self._policy.confirm_days)
        self._site = ""
        self._first_run_at: datetime | None = None
        self._catalogues: dict[str, int] = {}
        self._open_walks: set[int] = set()  # catalogues whose first walk has not ended
        self._waiting: dict[str, set[int]] = {}  # listed address, not yet a document → catalogues
        self._walks: list[WalkEnd] = []
        self._finished = False
        self._reasons: list[str] = []

    def __enter__(self) -> Self:
        self._archive = open_archive(self._paths, self._clock())
        self._db: sqlite3.Connection = self._archive.conn
        self._capture_db = open_captures(self._paths).conn
        self._captures = CaptureStore(self._capture_db)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._capture_db.close()
        self._db.close()

    def begin(
        self,
        site: SiteRow,
        catalogues: Sequence[tuple[str, str | None, str]],
        *,
        collection: str,
        full: bool,
    ) -> int:
        """Begin a run; ``catalogues`` are (key, name, url). Runs of the site that died are marked interrupted."""
        now = iso(self._clock())
        self._site = site.key
        with _Transaction(self._db):
            for (left,) in self._db.execute(
                "SELECT id FROM runs WHERE site = ? AND outcome IS NULL", [site.key]
            ).fetchall():
                settle.close_run(self._db, left, "interrupted", now, ["the collecting process died"])
            self._db.execute(
                "INSERT INTO sites (key, name, name_en, province, level, platform, url, first_run_at, last_run_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name,"
                " name_en = excluded.name_en, province = excluded.province, level = excluded.level,"
                " platform = excluded.platform, url = excluded.url, last_run_at = excluded.last_run_at",
                [
                    site.key,
                    site.name,
                    site.name_en,
                    site.province,
                    site.level,
                    site.platform,
                    site.url,
                    now,
                    now,
                ],
            )
            for key, name, url in catalogues:
                self._db.execute(
                    "INSERT INTO catalogues (site, key, name, url) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (site, key) DO UPDATE SET name = excluded.name, url = excluded.url",
                    [site.key, key, name, url],
                )
            cursor = self._db.execute(
                "INSERT INTO runs (collection, site, started_at, full) VALUES (?, ?, ?, ?)",
                [collection, site.key, now, int(full)],
            )
        rows = self._db.execute(
            "SELECT id, key, first_walk_ended_at FROM catalogues WHERE site = ?", [site.key]
        ).fetchall()
        self._catalogues = {row["key"]: row["id"] for row in rows}
        self._open_walks = {row["id"] for row in rows if row["first_walk_ended_at"] is None}
        first = self._db.execute("SELECT first_run_at FROM sites WHERE key = ?", [site.key]).fetchone()[0]
        self._first_run_at = parse(first)
        self._versions = Versions(self._db, self._captures, site.key, self._reextract)
        return int(cursor.lastrowid or 0)

    def asked_since(self, site: str, instant: datetime) -> int:
        """Requests that collections of the site have made since ``instant`` (aware); those skipped do not count."""
        found = self._db.execute(
            "SELECT coalesce(sum(scheduled - skipped), 0) FROM runs WHERE site = ? AND started_at >= ?",
            [site, iso(instant)],
        ).fetchone()
        return int(found[0])

    def resumes_from(self, site: str) -> datetime | None:
        """Start of the oldest of the site's latest collections that died one after another; None when the last ended."""
        found = self._db.execute(
            "SELECT min(started_at) FROM runs WHERE site = ? AND id > coalesce((SELECT max(id) FROM runs WHERE site = ?"
            " AND outcome IS NOT NULL AND outcome <> 'interrupted'), 0)",
            [site, site],
        ).fetchone()
        return parse(found[0]) if found[0] else None

    def known(self, site: str) -> list[Known]:
        """Every address of the site's documents, the longest unconfirmed first."""
        rows = self._db.execute(
            "SELECT a.document, a.url, a.role, d.status, a.row_hash, a.etag, a.last_modified, a.validators_honest,"
            " a.last_confirmed_at, a.last_unconditional_at, v.extractor_revision, a.context,"
            " EXISTS (SELECT 1 FROM attachments t WHERE t.version = v.id) FROM addresses a"
            " JOIN documents d ON d.id = a.document LEFT JOIN versions v ON v.id = d.current_version"
            " WHERE a.site = ? AND a.role <> 'former' ORDER BY a.last_confirmed_at IS NOT NULL, a.last_confirmed_at, a.id",
            [site],
        )
        return [
            Known(
                document=r[0], url=r[1], current=r[2] == "current", status=r[3], row_hash=r[4], etag=r[5],
                last_modified=r[6], validators_honest=bool(r[7]), last_confirmed_at=parse(r[8]) if r[8] else None,
                last_unconditional_at=parse(r[9]) if r[9] else None, extractor_revision=r[10], context=r[11],
                has_attachments=bool(r[12]),
            )
            for r in rows
        ]  # fmt: skip

    def known_catalogues(self, site: str) -> list[KnownCatalogue]:
        """The site's catalogues and how far their walks got."""
        rows = self._db.execute(
            "SELECT key, first_walk_ended_at, last_full_walk_at, last_full_walk_rows FROM catalogues WHERE site = ?",
            [site],
        )
        return [
            KnownCatalogue(
                key=r[0], first_walk_ended=r[1] is not None,
                last_full_walk_at=parse(r[2]) if r[2] else None, last_full_walk_rows=r[3],
            )
            for r in rows
        ]  # fmt: skip

    def record(self, run: int, batch: Batch) -> None:
        """Make one batch durable. Idempotent by run and ``seq``."""
        last = self._db.execute("SELECT last_batch FROM runs WHERE id = ?", [run]).fetchone()[0]
        if batch.seq <= last:
            return
        with _Transaction(self._capture_db):
            for fetch in batch.fetches:
                if fetch.capture is not None:
                    self._captures.add(self._site, fetch.url, fetch.at, fetch.capture)
        with _Transaction(self._db):
            self._observe(run, batch)
            for listed in batch.listed:
                self._list(run, listed)
            changed = [self._find(run, found) for found in batch.found]
            for fetch in batch.fetches:
                self._confirm(run, fetch)
            for walk in batch.walks:
                self._walks.append(walk)
            self._note_problems(run, batch.problems, None)
            search.index_documents(
                self._db, [document for document in dict.fromkeys(changed) if document is not None]
            )
            self._db.execute("UPDATE runs SET last_batch = ? WHERE id = ?", [batch.seq, run])
        self._finished = self._finished or batch.finished
        self._reasons.extend(batch.reasons)

    def finish(self, run: int, *, interrupted: bool = False, reasons: Iterable[str] = ()) -> SiteReport:
        """End a run: decide moves, unlisted documents and expectations, release or hold its changes."""
        died = interrupted or not self._finished
        why = list(dict.fromkeys([*self._reasons, *reasons]))
        with _Transaction(self._db):
            return settle.settle(
                self._db, run, self._site, self._policy, self._catalogues, self._walks, self._waiting,
                now=self._clock(), died=died, interrupted=interrupted, reasons=why,
            )  # fmt: skip

    # -- one batch ---------------------------------------------------------------------------------------

    def _observe(self, run: int, batch: Batch) -> None:
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
            self._stretch(fetch, key)
            for name in _counters(fetch.outcome):
                counts[name] += 1
        frame = zstandard.ZstdCompressor(level=6).compress(("\n".join(lines) + "\n").encode())
        self._db.execute("INSERT INTO run_outcomes VALUES (?, ?, ?)", [run, batch.seq, frame])
        assignments = ", ".join(f"{name} = coalesce({name}, 0) + ?" for name in counts)
        self._db.execute(f"UPDATE runs SET {assignments} WHERE id = ?", [*counts.values(), run])  # noqa: S608
        seq, previous = epochs.next_place(self._db)
        root, now = ledger.merkle_root(leaves).hex(), iso(self._clock())
        self._db.execute(
            "INSERT INTO ledger (seq, run, batch, at, leaves, previous_head, merkle_root, head) VALUES (?,?,?,?,?,?,?,?)",
            [
                seq,
                run,
                batch.seq,
                now,
                len(leaves),
                previous,
                root,
                ledger.next_head(previous, root, seq, now),
            ],
        )

    def _stretch(self, fetch: Fetch, key: str | None) -> None:
        last = self._db.execute(
            "SELECT id, outcome, capture, status FROM observations WHERE site = ? AND url = ? ORDER BY last_at DESC, id DESC"
            " LIMIT 1",
            [self._site, fetch.url],
        ).fetchone()
        if fetch.outcome is Outcome.NOT_MODIFIED and last is not None:
            key = last["capture"]  # the server's word that it is still the same
        if last is not None and (last["outcome"], last["capture"]) == (fetch.outcome.value, key):
            self._db.execute(
                "UPDATE observations SET last_at = ?, count = count + 1, status = ? WHERE id = ?",
                [iso(fetch.at), fetch.status, last["id"]],
            )
            return
        self._db.execute(
            "INSERT INTO observations (site, url, outcome, status, capture, detail, first_at, last_at, count)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
            [
                self._site, fetch.url, fetch.outcome.value, fetch.status, key,
                storable(fetch.detail) if fetch.detail else None, iso(fetch.at), iso(fetch.at),
            ],
        )  # fmt: skip

    def _documents_at(self, urls: Iterable[str]) -> list[int]:
        keys = list(dict.fromkeys(url_key(u) for u in urls))
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT DISTINCT document FROM addresses WHERE site = ? AND url_key IN ({marks}) AND role <> 'former'"  # noqa: S608
            " ORDER BY document",
            [self._site, *keys],
        )
        return [row[0] for row in rows]

    def _list(self, run: int, listed: Listed) -> None:
        catalogue = self._catalogues[listed.catalogue]
        now = iso(listed.at)
        for row in listed.rows:
            documents = self._documents_at((row.url, *row.aliases))
            if not documents:
                self._waiting.setdefault(url_key(row.url), set()).add(catalogue)
                continue
            self._listing(documents[0], catalogue, now, run)
            self._signal(run, documents[0], Signal.LISTED, listed.at)

    def _listing(self, document: int, catalogue: int, now: str, run: int) -> None:
        self._db.execute(
            "INSERT INTO listings (document, catalogue, first_listed_at, last_listed_at, last_listed_run)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (document, catalogue) DO UPDATE SET"
            " last_listed_at = excluded.last_listed_at, last_listed_run = excluded.last_listed_run, unlisted_at = NULL",
            [document, catalogue, now, now, run],
        )

    def _find(self, run: int, found: Found) -> int | None:
        """Record one document; its id when its searchable text may have changed."""
        if found.extraction.kind is not PageKind.DOCUMENT or found.extraction.disclosure is None:
            self._note_problems(run, found.extraction.problems, None)
            return None
        documents = self._documents_at((found.url, *found.aliases))
        catalogues = set().union(*(self._waiting.pop(url_key(u), set()) for u in (found.url, *found.aliases)))
        now = iso(found.at)
        if not documents:
            document = self._versions.create(found, run)
            self._address(document, found, run)
            for catalogue in catalogues:
                self._listing(document, catalogue, now, run)
            kind = ChangeKind.BASELINE if self._is_baseline(found, catalogues) else ChangeKind.ADDED
            settle.add_change(self._db, document, self._site, run, kind, now, to_url=found.url)
            self._note_problems(run, found.extraction.problems, document)
            return document
        document = documents[0]
        for other in documents[1:]:  # the platform declares two known addresses to be one document
            settle.merge(self._db, other, document)
        for catalogue in catalogues:
            self._listing(document, catalogue, now, run)
        self._address(document, found, run)
        edit = self._versions.update(document, found, run)
        if edit is None:
            self._db.execute("UPDATE runs SET unchanged = coalesce(unchanged, 0) + 1 WHERE id = ?", [run])
        else:
            self._tell(run, document, edit, now, found.url)
        self._note_problems(run, found.extraction.problems, document)
        return document

    def _tell(self, run: int, document: int, edit: Edit, now: str, url: str) -> None:
        settle.add_change(
            self._db, document, self._site, run, edit.kind, now,
            significance=edit.judgement.significance.value, reasons=edit.judgement.reasons,
            fields=fields_json(edit.fields), from_version=edit.from_version, to_version=edit.to_version,
            from_url=url, to_url=url,
        )  # fmt: skip

    def _is_baseline(self, found: Found, catalogues: set[int]) -> bool:
        """The first look at a catalogue is not news, unless the document is dated after it began."""
        if catalogues and not catalogues & self._open_walks:
            return False
        if not catalogues and not self._open_walks:
            return False
        record = found.extraction.disclosure
        dates = [d for d in (record.published_on, record.issued_on) if d is not None] if record else []
        return not (dates and self._first_run_at and max(dates) > shanghai_date(self._first_run_at))

    def _address(self, document: int, found: Found, run: int) -> None:
        now = iso(found.at)
        for url, role in ((found.url, "current"), *((alias, "alias") for alias in found.aliases)):
            self._db.execute(
                "INSERT INTO addresses (document, site, url, url_key, role, first_seen_at, last_seen_at, row_hash, context)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, url_key) DO UPDATE SET document = excluded.document,"
                " last_seen_at = excluded.last_seen_at, row_hash = coalesce(excluded.row_hash, row_hash),"
                " context = coalesce(excluded.context, context),"
                " role = CASE role WHEN 'former' THEN excluded.role ELSE role END",
                [
                    document, self._site, url, url_key(url), role, now, now, found.row_hash,
                    storable(found.context) if found.context else None,
                ],
            )  # fmt: skip

    def _confirm(self, run: int, fetch: Fetch) -> None:
        """What the answer at a document's own address says of its presence and of the server's validators."""
        if fetch.role not in (Role.PAGE, Role.API) or fetch.outcome not in FETCHED:
            return
        row = self._db.execute(
            "SELECT id, document, role FROM addresses WHERE site = ? AND url_key = ?",
            [self._site, url_key(fetch.url)],
        ).fetchone()
        if row is None:
            return
        now = iso(fetch.at)
        if fetch.outcome in MISSING:
            self._db.execute(
                "UPDATE addresses SET last_confirmed_at = ?, absent_since = coalesce(absent_since, ?),"
                " absent_checks = absent_checks + 1, etag = NULL, last_modified = NULL WHERE id = ?",
                [now, now, row["id"]],
            )
            others = self._db.execute(
                "SELECT count(*) FROM addresses WHERE document = ? AND role = 'current' AND absent_since IS NULL",
                [row["document"]],
            ).fetchone()[0]
            if row["role"] == "current" and not others:
                self._signal(run, row["document"], Signal.ABSENT, fetch.at)
            return
        unconditional = fetch.outcome is Outcome.OK and fetch.unconditional
        honest = self._honesty(row["id"], fetch) if unconditional else None
        self._db.execute(
            "UPDATE addresses SET last_confirmed_at = ?, last_seen_at = ?, absent_since = NULL, absent_checks = 0,"
            " etag = coalesce(?, etag), last_modified = coalesce(?, last_modified),"
            " last_unconditional_at = CASE WHEN ? THEN ? ELSE last_unconditional_at END,"
            " validators_honest = coalesce(?, validators_honest) WHERE id = ?",
            [now, now, fetch.etag, fetch.last_modified, unconditional, now, honest, row["id"]],
        )
        if fetch.outcome is Outcome.NOT_MODIFIED:
            self._db.execute(
                "UPDATE versions SET last_seen_at = ? WHERE id = (SELECT current_version FROM documents WHERE id = ?)",
                [now, row["document"]],
            )
            self._db.execute("UPDATE runs SET unchanged = coalesce(unchanged, 0) + 1 WHERE id = ?", [run])
        self._signal(run, row["document"], Signal.SEEN, fetch.at)

    def _honesty(self, address: int, fetch: Fetch) -> int | None:
        """Whether the server's validators tell the truth: equal ones must mean equal bytes, and were seen to.

        None while nothing is known; 0 for good as soon as equal validators came with other bytes.
        """
        stored = self._db.execute(
            "SELECT etag, last_modified FROM addresses WHERE id = ?", [address]
        ).fetchone()
        if (fetch.etag, fetch.last_modified) != tuple(stored) or tuple(stored) == (None, None):
            return None
        stretch = self._db.execute(
            "SELECT count FROM observations WHERE site = ? AND url = ? ORDER BY last_at DESC, id DESC LIMIT 1",
            [self._site, fetch.url],
        ).fetchone()
        return int(stretch is not None and stretch["count"] > 1)

    def _signal(self, run: int, document: int, what: Signal, at: datetime) -> None:
        settle.signal(self._db, self._site, run, document, what, at, self._confirmation)

    def _note_problems(self, run: int, problems: Iterable[Problem], document: int | None) -> None:
        now = iso(self._clock())
        for problem in problems:
            same = self._db.execute(
                "SELECT id FROM problems WHERE site = ? AND code = ? AND document IS ? AND url IS ? AND message = ?",
                [self._site, problem.code, document, problem.url, storable(problem.message)],
            ).fetchone()
            if same:
                self._db.execute(
                    "UPDATE problems SET last_at = ?, run = ?, count = count + 1 WHERE id = ?",
                    [now, run, same["id"]],
                )
                continue
            self._db.execute(
                "INSERT INTO problems (site, run, document, url, code, severity, field, value, message, first_at, last_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    self._site, run, document, problem.url, problem.code, problem.severity.value, problem.field,
                    storable(problem.value) if problem.value else None, storable(problem.message), now, now,
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


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, rolled back on any error; SQLite may have rolled back by itself (disk full)."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:
            self._db.execute("ROLLBACK")
