"""The one writer: batches from a collector become documents, versions, changes and observations.

A batch is one transaction in captures.db, then one in archive.db; only then does :meth:`Recorder.record`
return. A batch that comes twice changes nothing the second time. Hold the data directory's lock
(:func:`archive.store.exclusive`) around everything here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from archive import clocks, events, files, problems, search, settle
from archive.addresses import Addresses
from archive.batch import Batch, Fetch, Found, Known, KnownCatalogue, KnownFile, Listed, Unread, WalkEnd
from archive.captures import CaptureStore, NewCapture
from archive.catalogues import Catalogue, take_up
from archive.comparison.edits import Astray, Edit, fields_json
from archive.histories import former_keys
from archive.histories.merges import kept_apart
from archive.histories.moves import merge
from archive.histories.redirects import Redirects, led_elsewhere
from archive.identity import url_key
from archive.model import ChangeKind, PageKind, SiteReport
from archive.observations import forget_orphans, observe
from archive.presence import Confirmation, Signal
from archive.reparse import Extractor
from archive.resolve import resolve
from archive.standing import signal
from archive.storage import texts
from archive.storage.at_hand import AtHand
from archive.store import Paths, Transaction, open_archive, open_captures
from archive.times import iso, parse, shanghai_date
from archive.unanswered_rows import Waiting, unread
from archive.versions import Versions
from archive.waits.expectations import SitePolicy
from archive.waits.overtaking import from_what_is_told
from archive.withdrawal import withheld


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


class Recorder:
    """Records the collections of one site."""

    def __init__(
        self,
        paths: Paths,
        *,
        clock: Callable[[], datetime],
        extractor: Extractor | None = None,
        policy: SitePolicy | None = None,
        at_hand: AtHand | None = None,
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._extractor = extractor
        self._policy = policy or SitePolicy()
        self._at_hand = at_hand or AtHand()  # of all sites of the collection
        self._confirmation = Confirmation(self._policy.confirm_checks, self._policy.confirm_days)
        self._site = ""
        self._first_run_at: datetime | None = None
        self._catalogues: dict[str, int] = {}
        self._open_walks: set[int] = set()  # catalogues whose first walk has not ended
        self._walks: list[WalkEnd] = []
        self._finished = False
        self._superseded: list[tuple[int, int]] = []  # versions of a batch, and what took their place
        self._reasons: list[str] = []
        self._notes: list[str] = []  # beside them, of a run that may be complete
        self._withdrawn = False  # whether anything was
        self._published_again: list[Found] = []  # of a batch: what was withdrawn

    def __enter__(self) -> Self:
        self._archive = open_archive(self._paths, self._clock())
        self._db: sqlite3.Connection = self._archive.conn
        self._capture_db = open_captures(self._paths).conn
        self._captures = CaptureStore(self._capture_db, self._at_hand)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._capture_db.close()
        self._db.close()

    def take_over(self, site: str, formerly: Iterable[str]) -> None:
        """Go on with what is kept of a site under keys that it had before; to be called before all else. Raises KeyTakenError."""
        former_keys.take_over(self._db, self._capture_db, site, formerly)

    def begin(self, site: SiteRow, catalogues: Sequence[Catalogue], *, collection: str, full: bool) -> int:
        """Begin a run; ``catalogues`` are (key, name, url). Runs of the site that died are marked interrupted."""
        now = iso(self._clock())
        self._site = site.key
        died = self._db.execute(
            "SELECT id, started_at FROM runs WHERE site = ? AND outcome IS NULL ORDER BY id", [site.key]
        ).fetchall()
        if died:
            with Transaction(self._capture_db):
                forget_orphans(self._db, self._capture_db, site.key, died[0]["started_at"])
        self._withdrawn = withheld.anything_withdrawn(self._db)
        if self._withdrawn:
            withheld.resume(self._db, self._capture_db, died=bool(died))
        with Transaction(self._db):
            for left, _ in died:
                settle.close_run(self._db, left, "interrupted", now, ["the collecting process died"])
            self._db.execute(
                "INSERT INTO sites (key, name, name_en, province, level, platform, url, first_run_at, last_run_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name,"
                " name_en = excluded.name_en, province = excluded.province, level = excluded.level,"
                " platform = excluded.platform, url = excluded.url, last_run_at = excluded.last_run_at",
                [site.key, site.name, site.name_en, site.province, site.level, site.platform, site.url, now, now],
            )  # fmt: skip
            self._catalogues = take_up(self._db, site.key, catalogues, now)
            cursor = self._db.execute(
                "INSERT INTO runs (collection, site, started_at, full) VALUES (?, ?, ?, ?)",
                [collection, site.key, now, int(full)],
            )
        open_walks = "SELECT id FROM catalogues WHERE site = ? AND first_walk_ended_at IS NULL"
        self._open_walks = {row["id"] for row in self._db.execute(open_walks, [site.key])}
        first = self._db.execute("SELECT first_run_at FROM sites WHERE key = ?", [site.key]).fetchone()[0]
        self._first_run_at = parse(first)
        self._waiting = Waiting(self._db, site.key, [key for key, _, _ in catalogues], self._clock())
        self._addresses = Addresses(self._db, site.key)
        self._redirects = Redirects(self._db, self._captures, self._site)
        self._versions = Versions(self._db, self._captures, site.key, self._extractor, self._confirmation)
        run = int(cursor.lastrowid or 0)
        self._notes = [said] if (said := clocks.went_back(self._db, site.key, run, parse(now))) else []
        return run

    def asked_on(self, midnight: datetime, site: str) -> int:
        """Requests of the site's collections in the day from ``midnight`` (aware) on; those skipped do not count."""
        found = self._db.execute(
            "SELECT coalesce(sum(scheduled - skipped), 0) FROM runs WHERE site = ? AND started_at >= ? AND started_at < ?",
            [site, iso(midnight), iso(midnight + timedelta(days=1))],
        ).fetchone()
        return int(found[0])

    def resumes_from(self, site: str) -> datetime | None:
        """Start of the oldest of the site's latest collections that died one after another; None when the last ended."""
        began = settle.resumes_from(self._db, site)
        return parse(began) if began else None

    def known(self, site: str) -> list[Known]:
        """Every address of the site's documents, the longest unconfirmed first."""
        return Addresses(self._db, site).known()

    def known_files(self, site: str) -> list[KnownFile]:
        """The attachments of the site's current versions whose files have been fetched."""
        return files.known(self._db, site)

    def known_catalogues(self, site: str) -> list[KnownCatalogue]:
        """The site's catalogues and how far their walks got."""
        rows = self._db.execute(
            "SELECT key, first_walk_ended_at, last_full_walk_at, last_full_walk_rows, EXISTS (SELECT 1 FROM listings l"  # noqa: S608
            " JOIN changes c ON c.document = l.document WHERE l.catalogue = catalogues.id AND l.unlisted_at IS NULL"
            f" AND c.waits_for = ? AND {events.PENDING}) FROM catalogues WHERE site = ?",
            [events.Wait.FULL_WALK.value, site],
        )
        return [
            KnownCatalogue(
                key=r[0], first_walk_ended=r[1] is not None,
                last_full_walk_at=parse(r[2]) if r[2] else None, last_full_walk_rows=r[3],
                sought=bool(r[4]),
            )
            for r in rows
        ]  # fmt: skip

    def unread(self, site: str) -> list[Unread]:
        """What earlier collections of the site saw listed and could not have."""
        return unread(self._db, site, self._clock())

    def record(self, run: int, batch: Batch) -> None:
        """Make one batch durable. Idempotent by run and ``seq``."""
        last = self._db.execute("SELECT last_batch FROM runs WHERE id = ?", [run]).fetchone()[0]
        if batch.seq <= last:
            return
        with Transaction(self._capture_db):
            self._captures.add_many(
                NewCapture(self._site, fetch.url, fetch.at, fetch.capture)
                for fetch in batch.fetches
                if fetch.capture is not None
            )
        if self._withdrawn:
            self._captures.hold_erased(f.capture for f in batch.fetches if f.capture is not None)
        with Transaction(self._db):
            observe(self._db, self._site, run, batch)
            for listed in batch.listed:
                self._list(run, listed)
            for walk in batch.walks:
                self._walks.append(walk)
                if walk.full and walk.complete and not walk.cut:
                    self._waiting.walked(self._catalogues[walk.catalogue])
            altered: list[int] = []
            self._superseded.clear()
            self._published_again.clear()
            self._redirects.note(batch.fetches)
            touched = [self._find(run, found, altered) for found in batch.found]
            for found, document in zip(batch.found, touched, strict=True):
                if document is not None and found.in_answer:
                    self._addresses.seen_in_answer(found)
                    self._signal(run, document, Signal.SEEN, found.at)
            for fetch in batch.fetches:
                files.confirm(self._db, self._site, fetch)
                if self._leads_away(fetch):
                    continue
                if learned := self._addresses.confirm(run, fetch):
                    self._signal(run, *learned, fetch.at)
            problems.note(self._db, self._site, run, batch.problems, None, self._clock())
            changed = [document for document in dict.fromkeys(touched) if document is not None]
            search.index_documents(self._db, changed)
            for old, new in self._superseded:  # their texts are searched no more
                texts.supersede(self._db, old, new)
            resolve(self._db, [*altered, *self._versions.reread()])
            if self._withdrawn:
                withheld.store_again(self._db, self._capture_db, self._captures, batch.found)
            self._db.execute("UPDATE runs SET last_batch = ? WHERE id = ?", [batch.seq, run])
        withheld.erase_again(self._db, self._capture_db, self._captures, self._published_again)
        self._finished = self._finished or batch.finished
        self._reasons.extend(batch.reasons)

    def finish(self, run: int, *, interrupted: bool = False, reasons: Iterable[str] = ()) -> SiteReport:
        """End a run: decide moves, unlisted documents and expectations, release or hold its changes."""
        died = interrupted or not self._finished
        with Transaction(self._db):
            report = settle.settle(
                self._db, run, self._site, self._policy, self._catalogues, self._walks, self._waiting, self._versions,
                self._redirects,
                now=self._clock(), died=died, interrupted=interrupted, unseen=self._reasons, reasons=[*self._notes, *reasons],
            )  # fmt: skip
        if self._withdrawn:  # the site may go on publishing it
            withheld.erase_bodies(self._db, self._capture_db)
        return report

    # -- one batch ---------------------------------------------------------------------------------------
    def _list(self, run: int, listed: Listed) -> None:
        catalogue = self._catalogues[listed.catalogue]
        now = iso(listed.at)
        for row in listed.rows:
            documents = self._addresses.documents_at((row.url, *row.aliases))
            if not documents:
                self._waiting.list(row, catalogue, listed.at)
                continue
            self._addresses.listed(row.url, listed.at)
            own = self._addresses.documents_at((row.url,)) if len(documents) > 1 else []
            document = (own or documents)[0]  # several: a person told them apart
            self._listing(document, catalogue, now, run)
            self._signal(run, document, Signal.LISTED, listed.at)

    def _listing(self, document: int, catalogue: int, now: str, run: int) -> None:
        self._db.execute(
            "INSERT INTO listings (document, catalogue, first_listed_at, last_listed_at, last_listed_run)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (document, catalogue) DO UPDATE SET"
            " last_listed_at = max(last_listed_at, excluded.last_listed_at), last_listed_run = excluded.last_listed_run,"
            " unlisted_at = NULL",
            [document, catalogue, now, now, run],
        )

    def _find(self, run: int, found: Found, altered: list[int]) -> int | None:
        """Record one document; its id when its searchable text may have changed. New and edited ones join ``altered``."""
        if found.extraction.kind is not PageKind.DOCUMENT or found.extraction.disclosure is None:
            self._note(run, found, None)
            return None
        urls = (found.url, *found.aliases)
        documents = self._documents_at(urls, found)
        catalogues = self._waiting.take(urls)
        is_late = not self._waiting.of_first_look.isdisjoint(map(url_key, urls))
        now = iso(found.at)
        if not documents:
            document = self._versions.create(found, run)
            altered.append(document)
            self._addresses.keep(document, found)
            for catalogue in catalogues:
                self._listing(document, catalogue, now, run)
            kind = ChangeKind.BASELINE if self._is_baseline(found, catalogues, is_late) else ChangeKind.ADDED
            events.add_change(self._db, document, self._site, run, kind, now, to_url=found.url)
            self._note(run, found, document)
            return document
        document, others = documents[0], documents[1:]
        if (target := self._redirects.away(document, found)) is not None:
            return self._follow(run, found, document, target, altered)
        if others:  # the platform declares two known addresses to be one document
            found, document, others = self._told_apart(found, documents)
        for other in others:
            merge(self._db, other, document, run, now)
            altered.append(document)
        for catalogue in catalogues:
            self._listing(document, catalogue, now, run)
        row_altered = self._addresses.row_altered(found)
        self._addresses.keep(document, found)
        edit = self._versions.update(document, found, run, row_altered=row_altered)
        if isinstance(edit, Astray):
            self._redirects.stray(document, found, edit.strange)
        elif edit is None:
            self._db.execute("UPDATE runs SET unchanged = coalesce(unchanged, 0) + 1 WHERE id = ?", [run])
        else:
            altered.append(document)
            self._superseded.append((edit.from_version, edit.to_version))
            self._tell(run, document, edit, now, found.url)
        self._redirects.lead_on(document, found)
        if self._withdrawn and (
            withheld.is_published_again(self._db, document, found)
            or withheld.may_be_half(self._db, self._versions.ends, document, found)
        ):
            self._published_again.append(found)
        else:
            self._note(run, found, document)
        return document

    def _documents_at(self, urls: Iterable[str], found: Found) -> list[int]:
        documents = self._addresses.documents_at(urls) or self._redirects.back_at(found)
        if documents or not self._withdrawn:
            return documents
        in_part = self._versions.ends.comes_in_part(found)
        return withheld.documents_again(self._db, self._site, found, in_part=in_part)

    def _leads_away(self, fetch: Fetch) -> bool:
        """Whether a known document's address leads to another page now: then the answer says nothing of its presence."""
        key = url_key(fetch.url)
        if key not in self._redirects.mixed:
            at = self._addresses.documents_at((fetch.url,)) if key in self._redirects.led else []
            if not at or self._redirects.target(at[0], fetch.url) is None:
                return False
        self._addresses.led_away(fetch.url, fetch.at)
        return True

    def _follow(self, run: int, found: Found, document: int, target: str, altered: list[int]) -> int | None:
        """A known document's address led to ``target``. If that is the document, it moved there; else nothing is learned."""
        there = self._addresses.documents_at((target,))
        if not self._redirects.is_same(document, found):
            self._redirects.stray(document, found, None)
            problem = led_elsewhere(found.url, target)
            problems.note(self._db, self._site, run, [problem], document, self._clock())
            return None
        self._redirects.moved.append((document, found.url, target))
        if self._redirects.leads_back(document, target):
            return self._find(run, found, altered)
        if (learned := self._addresses.gone(found.url, found.at)) is not None:
            self._signal(run, *learned, found.at)
        return (
            None if there else self._find(run, replace(found, url=target, aliases=(), row_hash=None), altered)
        )

    def _told_apart(self, found: Found, documents: list[int]) -> tuple[Found, int, list[int]]:
        """The find without aliases of documents that a person has told apart, its document, and those to be merged with it."""
        own = self._addresses.documents_at((found.url,))
        document = own[0] if own else documents[0]
        apart = [other for other in documents if other != document and kept_apart(self._db, other, document)]
        aliases = tuple(a for a in found.aliases if not set(apart) & set(self._addresses.documents_at((a,))))
        others = [other for other in documents if other != document and other not in apart]
        return replace(found, aliases=aliases), document, others

    def _tell(self, run: int, document: int, edit: Edit, now: str, url: str) -> None:
        """Add the event of an edit. A text that flaps alarms once: see archive.events.Wait."""
        told = events.told_version(self._db, document)
        last = events.last_edit_at(self._db, document) if edit.reverted else None
        news = from_what_is_told(self._db, self._versions, document, edit, now)
        waits = events.wait_of_edit(told, last, now, only_empties=news.only_empties) if news else None
        edit = news or edit
        events.add_change(
            self._db, document, self._site, run, edit.kind, now,
            significance=edit.judgement.significance.value, reasons=edit.judgement.reasons,
            fields=fields_json(edit.fields), from_version=edit.from_version, to_version=edit.to_version,
            from_url=url, to_url=url, waits_for=waits, dropped_at=None if news else now,
        )  # fmt: skip

    def _is_baseline(self, found: Found, catalogues: set[int], is_late: bool) -> bool:
        """The first look at a catalogue is not news, unless the document is dated after it began. ``is_late``: it failed then."""
        if not is_late and not (catalogues & self._open_walks if catalogues else self._open_walks):
            return False
        record = found.extraction.disclosure
        dates = [d for d in (record.published_on, record.issued_on) if d is not None] if record else []
        return not (dates and self._first_run_at and max(dates) > shanghai_date(self._first_run_at))

    def _signal(self, run: int, document: int, what: Signal, at: datetime) -> None:
        # Whether one that was gone is back is judged when the run ends: archive.standing.returned.
        signal(
            self._db, self._site, run, document, what, at, self._confirmation,
            unless_gone=what is Signal.SEEN,
        )  # fmt: skip

    def _note(self, run: int, found: Found, document: int | None) -> None:
        problems.note(self._db, self._site, run, found.extraction.problems, document, self._clock())
