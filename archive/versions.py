"""Documents and their versions: what becomes of a record that was found. Inside the writer's transaction."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import replace

from archive import files, problems
from archive.batch import Found, Role
from archive.captures import CaptureStore, capture_key
from archive.comparison.edits import Astray, Edit, told_as
from archive.diff import compare
from archive.fingerprint import (
    fingerprint,
    keep_known_hashes,
    storable,
    storable_disclosure,
    storable_json,
    with_served_names,
    without_first_hashes,
)
from archive.model import (
    COLUMN_FIELDS,
    Attachment,
    AttachmentState,
    ChangeKind,
    Disclosure,
    Problem,
    Significance,
)
from archive.presence import Confirmation
from archive.reparse import Extractor, note_unread, read_version, stored_record, with_text
from archive.rewrite import SET, content_fingerprint, insert_parts, rewrite
from archive.rows import evidence_json, load_disclosure, record_columns
from archive.significance import Judgement, is_of_the_page, judge_comparison
from archive.storage import texts
from archive.times import iso, parse
from archive.waits.captured_ends import CapturedEnds
from archive.waits.doubts import Doubts, Look
from archive.withdrawal import withheld
from archive.withdrawal.withdraw import empty_versions

_COLUMNS = ", ".join(spec.name for spec in COLUMN_FIELDS)
_MARKS = ", ".join("?" * len(COLUMN_FIELDS))


class _Prints:
    """Fingerprints of the records at hand, each computed once: they cost more than the rest of recording a page."""

    def __init__(self) -> None:
        self._known: deque[tuple[Disclosure, str]] = deque(maxlen=8)

    def of(self, disclosure: Disclosure) -> str:
        """See :func:`archive.fingerprint.fingerprint`."""
        for known, found in self._known:
            if known is disclosure:
                return found
        return self.remember(disclosure, fingerprint(disclosure))

    def remember(self, disclosure: Disclosure, found: str) -> str:
        """Take a fingerprint that is known already."""
        self._known.append((disclosure, found))
        return found

    def of_content(self, disclosure: Disclosure) -> str:
        """See :func:`archive.rewrite.content_fingerprint`."""
        return content_fingerprint(disclosure) if disclosure.attachments else self.of(disclosure)


class Versions:
    """Writes documents and versions of one site."""

    def __init__(
        self,
        db: sqlite3.Connection,
        captures: CaptureStore,
        site: str,
        extractor: Extractor | None,
        confirmation: Confirmation,
    ) -> None:
        self._db = db
        self._captures = captures
        self._site = site
        self._extractor = extractor
        self.ends = CapturedEnds(db, captures, site)
        self._doubts = Doubts(db, self.ends, site, confirmation)
        self._prints = _Prints()
        self._reread: list[int] = []

    def reread(self) -> list[int]:
        """Documents whose current version was written anew since this was asked last: their citations mean nothing yet."""
        found, self._reread = self._reread, []
        return found

    def create(self, found: Found, run: int) -> int:
        """A new document with its first version; its id."""
        disclosure = self._with_texts(_disclosure(found), (), found)
        columns = record_columns(disclosure)
        body = texts.store(self._db, disclosure.body_text)
        now = iso(found.at)
        cursor = self._db.execute(
            f"INSERT INTO documents (site, url, status, {_COLUMNS}, body_sha256, first_present_at, last_present_at,"  # noqa: S608
            f" versions) VALUES (?, ?, 'present', {_MARKS}, ?, ?, ?, 0)",
            [self._site, found.url, *columns, body, now, now],
        )
        document = int(cursor.lastrowid or 0)
        version = self._insert(document, 1, disclosure, [*columns, body], found, run, None)
        self.ends.note_new(version, found)
        self._db.execute(
            "UPDATE documents SET current_version = ?, versions = 1 WHERE id = ?", [version, document]
        )
        return document

    def update(
        self, document: int, found: Found, run: int, *, row_altered: bool = False
    ) -> Edit | Astray | None:
        """Compare with the current version and add a version when the fingerprint differs.

        ``row_altered``: the catalogue's row that led here differs from the one known.
        """
        current = self._db.execute(
            "SELECT v.id, v.number, v.fingerprint, v.content_sha256, v.extractor_revision, v.withdrawn_at, v.last_seen_at,"
            " d.withdrawn_at IS NOT NULL AS for_good FROM documents d"
            " JOIN versions v ON v.id = d.current_version WHERE d.id = ?",
            [document],
        ).fetchone()
        new = _disclosure(found)
        if current["withdrawn_at"] is not None:
            return self._after_withdrawal(document, current, found, run)
        if current["extractor_revision"] == found.extractor_revision and not new.attachments:
            old_print = current["fingerprint"]
            if old_print == self._prints.of(new):  # the common case costs no reading of the old record
                self._unchanged(current["id"], found)
                return None
        old, unread = stored_record(self._db, document, current["id"], found.url, run, found.at), None
        if old is None:
            return None
        if current["extractor_revision"] != found.extractor_revision:
            self._reread.append(document)
            old, unread = self._at_revision(current["id"], old, found)
        elif not old.attachments:
            self._prints.remember(old, current["fingerprint"])
        new = keep_known_hashes(new, old.attachments)
        new = self._with_texts(new, old.attachments, found)
        stored, old = old, with_served_names(old, new.attachments)
        same = self._prints.of(new) == self._prints.of(old)
        if same or self._prints.of(without_first_hashes(new, old.attachments)) == self._prints.of(old):
            # Learned, read better, at another address or better named.
            if not same or _files(new) != _files(stored):
                self._reread.append(document)
                rewrite(self._db, current["id"], new, found.extraction.evidence, found.extractor_revision)
            self._unchanged(current["id"], found)
            return None
        own = parse(current["last_seen_at"])
        look = Look(document, current["id"], own, old, new, found, row_altered, unread)
        if self._is_half(document, found, run) or self._doubts.is_cut(look, run):
            return None
        if self._doubts.is_astray(look, self._prints.of(new), run):
            return Astray(None)
        if self._doubts.is_replaced(look, run):
            return Astray(self._prints.of(new))
        if self._doubts.is_short_of_pages(look, run) or self._doubts.is_emptied(look, run):
            return None
        return self._edit(document, current, old, new, replace_disclosure(found, new), run, unread)

    def _with_texts(self, new: Disclosure, old: Sequence[Attachment], found: Found) -> Disclosure:
        """``new`` with the texts of files that other documents have, which are neither sent nor read again."""
        known = {a.sha256 for a in old}
        new = files.with_read_texts(self._db, new, found.extractor_revision)
        extractor = self._extractor
        if extractor is None or extractor.revision(self._site) != found.extractor_revision:
            return new
        texts = tuple(
            with_text(self._captures, a, extractor)
            if a.text is None and a.sha256 not in known and a.state is not AttachmentState.FETCHED
            else a
            for a in new.attachments
        )
        return new if texts == new.attachments else replace(new, attachments=texts)

    def _after_withdrawal(self, document: int, current: sqlite3.Row, found: Found, run: int) -> Edit | None:
        """What was withdrawn is never written again while the site goes on publishing it; only what differs is a version.

        Where it cannot be told (an extractor of another revision; half a page; only the attachments differ) nothing is written.
        """
        new = _disclosure(found)
        read_alike = current["extractor_revision"] == found.extractor_revision
        same = read_alike and self._prints.of_content(new) == current["content_sha256"]
        known = same or current["for_good"] or withheld.why_text(self._db, document, new)
        if known or not read_alike or self.ends.comes_in_part(found):
            self._unchanged(current["id"], found)
            if not known:
                self._note_incomparable(document, found, run)
            return None
        judgement = Judgement(Significance.SUBSTANTIVE, ("after_withdrawal",))
        added = self._replace(document, int(current["number"]) + 1, new, found, run, judgement)
        return Edit(
            ChangeKind.EDITED, judgement, (), current["id"], added, self._prints.of(new), reverted=False
        )

    def _is_half(self, document: int, found: Found, run: int) -> bool:
        if half := withheld.may_be_half(self._db, self.ends, document, found):
            self._note_incomparable(document, found, run)
        return half

    def _note_incomparable(self, document: int, found: Found, run: int) -> None:
        message = "版本已撤下，提取程序已更新或网页不全，无从比较 withdrawn; another extractor, or half a page: nothing to compare"
        problem = Problem(code="withdrawn_incomparable", message=message, url=found.url)
        problems.note(self._db, self._site, run, [problem], document, found.at)

    def _unchanged(self, version: int, found: Found) -> None:
        """One whose capture could not be read again, and of which today's extractor reads the same, need not be read again."""
        self._db.execute(
            "UPDATE versions SET last_seen_at = max(last_seen_at, ?),"
            " extractor_revision = iif(withdrawn_at IS NULL, ?, extractor_revision) WHERE id = ?",
            [iso(found.at), found.extractor_revision, version],
        )

    def _edit(
        self,
        document: int,
        current: sqlite3.Row,
        old: Disclosure,
        new: Disclosure,
        found: Found,
        run: int,
        unread: str | None,  # why the older version could not be read again
    ) -> Edit:
        version, number = current["id"], int(current["number"])
        comparison = compare(old, new)
        judgement = judge_comparison(comparison)
        only_attachments = self._prints.of_content(old) == self._prints.of_content(new)
        earlier = self._db.execute(
            "SELECT number, withdrawn_reason FROM versions WHERE document = ? AND fingerprint = ? AND id <> ? ORDER BY number DESC",
            [document, self._prints.of(new), version],
        ).fetchone()
        if earlier is not None:
            judgement = Judgement(
                judgement.significance, (*judgement.reasons, f"reverted: {earlier['number']}")
            )
        added = self._replace(document, number + 1, new, found, run, judgement)
        kind = ChangeKind.ATTACHMENT if only_attachments else ChangeKind.EDITED
        # It came back, and stays withdrawn.
        if why := (earlier and earlier["withdrawn_reason"]) or withheld.why_text(self._db, document, new):
            empty_versions(self._db, document, [added], iso(found.at), why)
            judgement, comparison = Judgement(judgement.significance, ()), replace(comparison, fields=())
        if unread is not None:
            note_unread(self._db, version, unread, run, found.at)
        return Edit(
            kind, judgement, comparison.fields, version, added, self._prints.of(new), earlier is not None,
            nothing=unread is not None and not is_of_the_page(comparison),
        )  # fmt: skip

    def since(self, base: int, edit: Edit) -> Edit | None:
        """The same edit from an earlier version on; None where that one cannot be compared with it."""
        rows = (
            "SELECT extractor_revision, fingerprint, content_sha256, withdrawn_at FROM versions WHERE id = ?"
        )
        old, new = (self._db.execute(rows, [v]).fetchone() for v in (base, edit.to_version))
        if old["withdrawn_at"] or new["withdrawn_at"]:
            return None
        if old["extractor_revision"] != new["extractor_revision"]:
            if self._read_again(base, new["extractor_revision"]) is not None:
                return None
            old = self._db.execute(rows, [base]).fetchone()
        comparison = compare(load_disclosure(self._db, base), load_disclosure(self._db, edit.to_version))
        same_content = old["content_sha256"] == new["content_sha256"]
        kind = ChangeKind.ATTACHMENT if same_content else ChangeKind.EDITED
        return told_as(replace(edit, kind=kind, from_version=base, nothing=False), comparison)

    def without(self, edit: Edit, names: Collection[str]) -> Edit:
        """The same edit without what it does to these fields."""
        records = (load_disclosure(self._db, version) for version in (edit.from_version, edit.to_version))
        comparison = compare(*records)
        left = tuple(change for change in comparison.fields if change.field not in names)
        return told_as(edit, replace(comparison, fields=left))

    def _at_revision(self, version: int, old: Disclosure, found: Found) -> tuple[Disclosure, str | None]:
        """The stored version as today's extractor reads its capture; its derived values are rewritten, silently.

        As it was, and why, where its capture cannot be read again: what another answer says is never written in its place.
        """
        now = _disclosure(found).attachments
        read = {a.sha256 for a in now if a.text is not None}  # the others were not sent, or not read again
        unread = frozenset(a.sha256 for a in old.attachments if a.sha256 and a.sha256 not in read)
        again = (
            read_version(
                self._db, self._captures, version, old, self._extractor, texts=unread if now else frozenset()
            )
            if self._extractor is not None
            else "no_extractor"
        )
        if isinstance(again, str):
            return old, again
        if again.is_part and any(source.role is Role.PART for source in found.sources):  # completed
            new = keep_known_hashes(_disclosure(found), old.attachments)
            rewrite(self._db, version, new, found.extraction.evidence, found.extractor_revision)
            return new, None
        rewrite(self._db, version, again.disclosure, again.evidence, found.extractor_revision)
        return again.disclosure, None

    def level(self, old: int, new: int, run: int, at: str) -> None:
        """Bring two versions that different extractors read to one reading, silently, so that they can be compared.

        Where a capture cannot be read again, its version stays as it is, and that is noted.
        """
        revisions = [
            self._db.execute("SELECT extractor_revision FROM versions WHERE id = ?", [v]).fetchone()[0]
            for v in (old, new)
        ]
        if revisions[0] == revisions[1]:
            return
        current = self._extractor.revision(self._site) if self._extractor is not None else None
        for version, revision in zip((new, old), reversed(revisions), strict=True):
            if revision == current:
                continue
            if (why := self._read_again(version, current)) is not None:
                note_unread(self._db, version, why, run, parse(at))
                return

    def _read_again(self, version: int, revision: str | None) -> str | None:
        """Write a version as the extractor of that revision reads its captures; why it cannot be."""
        if self._extractor is None or self._extractor.revision(self._site) != revision:
            return "no_extractor"
        record = load_disclosure(self._db, version)
        again = read_version(self._db, self._captures, version, record, self._extractor)
        if isinstance(again, str):
            return again
        rewrite(self._db, version, again.disclosure, again.evidence, revision)
        return None

    def _replace(
        self, document: int, number: int, disclosure: Disclosure, found: Found, run: int, judgement: Judgement
    ) -> int:
        """Add a version, which is its document's current one; its id."""
        columns = [*record_columns(disclosure), texts.store(self._db, disclosure.body_text)]
        version = self._insert(document, number, disclosure, columns, found, run, judgement)
        self._db.execute(
            f"UPDATE documents SET {SET}, body_sha256 = ?, current_version = ?, versions = ? WHERE id = ?",  # noqa: S608
            [*columns, version, number, document],
        )
        return version

    def _insert(
        self,
        document: int,
        number: int,
        disclosure: Disclosure,
        columns: Sequence[str | None],  # of the record, and its text's hash
        found: Found,
        run: int,
        judgement: Judgement | None,
    ) -> int:
        at, whole = iso(found.at), self._prints.of(disclosure)
        content = self._prints.of_content(disclosure) if disclosure.attachments else whole
        cursor = self._db.execute(
            f"INSERT INTO versions (document, number, fingerprint, content_sha256, extractor_revision, first_seen_at,"  # noqa: S608
            f" last_seen_at, run, {_COLUMNS}, body_sha256, evidence, significance, reasons, context)"
            f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, {_MARKS}, ?, ?, ?, ?, ?)",
            [
                document, number, whole, content, found.extractor_revision,
                at, at, run, *columns, evidence_json(found.extraction.evidence),
                judgement.significance.value if judgement else None,
                storable_json(judgement.reasons) if judgement else None,
                storable(found.context) if found.context else None,
            ],
        )  # fmt: skip
        version = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT OR IGNORE INTO version_sources (version, capture, url, sha256, role, locator, captured_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (version, capture_key(s.url, s.sha256), s.url, s.sha256, s.role.value, s.locator, at)
                for s in found.sources
            ],
        )
        insert_parts(self._db, self._site, version, disclosure)
        return version


def _files(disclosure: Disclosure) -> list[tuple[str, str, str | None]]:
    return [(a.name, a.url, a.text) for a in disclosure.attachments]


def _disclosure(found: Found) -> Disclosure:
    if found.extraction.disclosure is None:
        raise ValueError(f"{found.url}: found without a record (page kind {found.extraction.kind.value})")
    return storable_disclosure(found.extraction.disclosure)


def replace_disclosure(found: Found, disclosure: Disclosure) -> Found:
    """The same find with another record."""
    return replace(found, extraction=replace(found.extraction, disclosure=disclosure))
