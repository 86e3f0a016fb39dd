"""Two histories that are one: moves to a new address, and addresses that the platform declares to be one document."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive import search
from archive.comparison.edits import Edit, fields_json
from archive.diff import Comparison, FieldChange, compare
from archive.events import (
    HAS_WAITED,
    OLD_ADDRESS_WAIT,
    PENDING,
    Wait,
    add_change,
    drop,
    is_untold,
    untold_edits,
)
from archive.histories import merges
from archive.histories.left_addresses import NO_ANSWER, show_at
from archive.histories.redirects import names
from archive.identity import Likeness, pair, url_key
from archive.model import COLUMN_FIELDS, ChangeKind, DocumentStatus, Significance
from archive.presence import GONE, Standing
from archive.resolve import resolve
from archive.rows import load_disclosure
from archive.significance import Judgement, is_of_the_page, judge_comparison
from archive.standing import store_standing
from archive.times import not_waited, parse
from archive.versions import Versions
from archive.waits.overtaking import from_what_is_told

# It is not where it was last; another address of it may answer on: the copy at one that once led there.
_HAS_LEFT = (
    "(status IN ('missing', 'removed') OR EXISTS (SELECT 1 FROM addresses a WHERE a.document = d.id AND a.url = d.url"
    " AND a.absent_since IS NOT NULL))"
)
_LIKENESS = (
    "SELECT d.id, d.index_number, d.issuing_body, d.document_number, d.title, d.body_sha256, coalesce(b.length, 0),"
    " (SELECT group_concat(t.sha256) FROM attachments t WHERE t.version = c.id), c.fingerprint, d.url, status,"
    f" last_present_at, d.versions, d.first_present_at, {_HAS_LEFT} AS has_left FROM documents d"
    " LEFT JOIN bodies b ON b.sha256 = d.body_sha256 LEFT JOIN versions c ON c.id = d.current_version"
)
# Another extractor than the known version's, which cannot be read again, finds no text at the new address, and no file in its place.
_READS_NOTHING = (
    "SELECT 1 FROM versions o JOIN versions n ON n.id = ? WHERE o.id = ? AND n.extractor_revision <> o.extractor_revision"
    " AND o.body_sha256 IS NOT NULL AND n.body_sha256 IS NULL AND NOT EXISTS (SELECT 1 FROM attachments WHERE version = n.id)"
)
_OF_THE_TEXT = ("title", "document_number")
_FRESH = f"SELECT document FROM changes WHERE site = ? AND kind IN ('added', 'baseline') AND {PENDING} AND waits_for IS NOT 'own_page'"
# Documents that have left their place, or were not asked for in this run, and that agree in one thing with a new one: see identity.pair.
_RESEMBLING = (
    f"{_LIKENESS} WHERE d.site = :site AND merged_into IS NULL AND ({_HAS_LEFT} OR last_present_at < :started)"
    " AND (d.first_present_at < :started OR d.id NOT IN (SELECT value FROM json_each(:fresh))) AND ("
    + " OR ".join(
        f"d.{name} IN (SELECT f.{name} FROM documents f WHERE f.id IN (SELECT value FROM json_each(:fresh)))"
        for name in ("index_number", "document_number", "body_sha256")
    )
    + " OR c.fingerprint IN (SELECT v.fingerprint FROM versions v WHERE v.document IN (SELECT value FROM json_each(:fresh))))"
)
# New documents of a run that died, at addresses that are gone, which say no more than a version of a known one does.
_ON_THE_WAY = (
    "SELECT d.* FROM documents d JOIN versions v ON v.id = d.current_version WHERE d.site = ? AND d.id <> ? AND d.versions = 1"
    f" AND merged_into IS NULL AND {_HAS_LEFT} AND d.id IN (SELECT document FROM changes WHERE kind = 'added' AND {PENDING})"
    " AND v.fingerprint IN (SELECT fingerprint FROM versions WHERE document = ?)"
)
_RECORD = (*(spec.name for spec in COLUMN_FIELDS), "body_sha256")


def merge(db: sqlite3.Connection, document: int, into: int, run: int, at: str) -> None:
    """Make one history of two; the row of ``document`` stays and says where it went."""
    merges.note(db, document, into, merges.How.ALIAS, run, at, merges.before_merge(db, document, into))
    db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [into, document])
    db.execute("UPDATE addresses SET document = ?, role = 'alias' WHERE document = ?", [into, document])
    db.execute("UPDATE OR IGNORE listings SET document = ? WHERE document = ?", [into, document])
    db.execute("DELETE FROM listings WHERE document = ?", [document])


def join_led(
    db: sqlite3.Connection,
    run: int,
    site: str,
    at: str,
    versions: Versions,
    led: Iterable[tuple[int, str, str]],
) -> None:
    """Documents one of whose addresses leads to a new document of the same name are moves, whatever else resembles them.

    That address stays one of theirs: lists may go on linking it, and it may answer by itself again. Where no other
    document is at the end of the way, nothing has moved.
    """
    of = f"{_LIKENESS} WHERE d.id = ? AND d.site = ? AND merged_into IS NULL"
    for document, asked, url in led:
        there = db.execute(
            "SELECT document FROM addresses WHERE site = ? AND url_key = ? AND role <> 'former'",
            [site, url_key(url)],
        ).fetchone()
        old, new = (db.execute(of, [which, site]).fetchone() for which in (document, there and there[0]))
        if not (old and new) or (old["id"] != new["id"] and not _may_join(db, old, new)):
            continue
        if old["id"] != new["id"]:
            _level(db, versions, old["id"], new["id"], run, at)
            _move(db, versions, run, site, old, new, at)
            _join_on_the_way(db, run, site, old["id"], at)
        elif old["url"] == asked:  # it leads to another address of the document
            show_at(db, run, site, old["id"], url, at)
        db.execute(
            "UPDATE addresses SET role = 'current', absent_since = NULL, absent_checks = 0"
            " WHERE site = ? AND url_key = ? AND role <> 'alias'",
            [site, url_key(asked)],
        )


def _join_on_the_way(db: sqlite3.Connection, run: int, site: str, document: int, at: str) -> None:
    """Where a collection that died found a document is one of its former addresses: that its old one led there died with it."""
    record = db.execute("SELECT * FROM documents WHERE id = ?", [document]).fetchone()
    for other in db.execute(_ON_THE_WAY, [site, document, document]).fetchall():
        if names(record) & names(other) and not merges.kept_apart(db, other["id"], document):
            merge(db, other["id"], document, run, at)
            db.execute(
                "UPDATE addresses SET role = 'former' WHERE document = ? AND url = ?",
                [document, other["url"]],
            )
            untold = f"SELECT id FROM changes WHERE document = ? AND {PENDING}"
            drop(db, [row[0] for row in db.execute(untold, [other["id"]])], at)
            search.index_documents(db, [other["id"]])


def _may_join(db: sqlite3.Connection, old: sqlite3.Row, new: sqlite3.Row) -> bool:
    """Whether a document to which a known one leads is that one: it was not told yet, or the known one is gone."""
    fresh = db.execute(
        f"SELECT 1 FROM changes WHERE document = ? AND kind = 'added' AND {PENDING}", [new["id"]]
    ).fetchone()
    same = new["versions"] == 1 and bool(names(old) & names(new))
    return same and (bool(fresh) or old["status"] in GONE) and not merges.kept_apart(db, old["id"], new["id"])


def join_moves(db: sqlite3.Connection, run: int, site: str, at: str, versions: Versions) -> None:
    """A new document that is a known one whose old address is gone is a move: one history."""
    fresh_ids = [row[0] for row in db.execute(_FRESH, [site])]
    db.execute(
        f"UPDATE changes SET waits_for = NULL WHERE site = ? AND waits_for = ? AND {PENDING}",
        [site, Wait.OLD_ADDRESS.value],
    )
    if not fresh_ids:
        return
    started = db.execute("SELECT started_at FROM runs WHERE id = ?", [run]).fetchone()[0]
    among = json.dumps(fresh_ids)
    old = db.execute(_RESEMBLING, {"site": site, "started": started, "fresh": among}).fetchall()
    if not old:  # a first collection: not to hold all of the site's documents in memory for nothing
        return
    news = set(fresh_ids)
    known = [row for row in old if row["id"] not in news]
    earlier = [row for row in old if row["id"] in news]
    fresh = _of(db, fresh_ids)
    taken = _join_gone(db, run, site, at, versions, known, fresh)
    # News of earlier runs that has left its place: what is new today may be that, while its own old address is still waited for.
    come = [row for row in fresh if row["first_present_at"] >= started]
    taken |= _join_gone(db, run, site, at, versions, earlier, [row for row in come if row["id"] not in taken])
    fresh = _of(db, news - taken)
    taken |= _join_unasked(db, run, site, at, versions, known, fresh)
    left = [row for row in earlier if row["id"] not in taken]
    come = [row for row in fresh if row["first_present_at"] >= started and row["id"] not in taken]
    _join_unasked(db, run, site, at, versions, left, come)


def _of(db: sqlite3.Connection, documents: Iterable[int]) -> list[sqlite3.Row]:
    """Documents with what they can be recognised by."""
    which = json.dumps(sorted(documents))
    return db.execute(f"{_LIKENESS} WHERE d.id IN (SELECT value FROM json_each(?))", [which]).fetchall()


def _join_gone(
    db: sqlite3.Connection,
    run: int,
    site: str,
    at: str,
    versions: Versions,
    old: Sequence[sqlite3.Row],
    fresh: Sequence[sqlite3.Row],
) -> set[int]:
    """Join those of ``fresh`` that are one of ``old`` whose address is gone; which they are."""
    by_id = {row["id"]: row for row in (*old, *fresh)}
    gone = [Likeness(*row[:9]) for row in old if row["has_left"]]
    joined = _pair(db, gone, [Likeness(*row[:9]) for row in fresh])
    for document, added in joined:
        _level(db, versions, document, added, run, at)
        _move(db, versions, run, site, by_id[document], by_id[added], at)
    return {added for _, added in joined}


def _join_unasked(
    db: sqlite3.Connection,
    run: int,
    site: str,
    at: str,
    versions: Versions,
    old: Sequence[sqlite3.Row],
    fresh: Sequence[sqlite3.Row],
) -> set[int]:
    """Let the news of ``fresh`` wait that are one of ``old`` whose address was not asked for, or join them; of which either was done."""
    by_id = {row["id"]: row for row in (*old, *fresh)}
    unasked = [Likeness(*row[:9]) for row in old if not row["has_left"]]
    likely = _pair(db, unasked, [Likeness(*row[:9]) for row in fresh])
    for document, added in likely:
        if _left_behind(db, document, added, at):
            _level(db, versions, document, added, run, at)
            _move(db, versions, run, site, by_id[document], by_id[added], at, why=(NO_ANSWER,))
            continue
        # The old address has not been asked in this run: whether this is a move is not known yet.
        db.execute(
            f"UPDATE changes SET waits_for = ? WHERE document = ? AND kind = 'added' AND {PENDING}",
            [Wait.OLD_ADDRESS.value, added],
        )
    return {added for _, added in likely}


def _left_behind(db: sqlite3.Connection, document: int, added: int, at: str) -> bool:
    """Whether news has waited long enough for an old address, of a host that is dead, that no list has any more."""
    listings = "SELECT count(*), count(unlisted_at) FROM listings WHERE document = ?"
    known, dropped = db.execute(listings, [document]).fetchone()
    waited = f"SELECT 1 FROM changes WHERE document = ? AND kind = 'added' AND {HAS_WAITED}"
    within = not_waited(parse(at), OLD_ADDRESS_WAIT)
    return 0 < known == dropped and db.execute(waited, [added, *within]).fetchone() is not None


def _tell_edit(
    db: sqlite3.Connection,
    versions: Versions,
    document: int,
    site: str,
    run: int,
    pair: tuple[int, int],
    url: str,
    at: str,
) -> None:
    """A text or validity that is another one at its new address is an edit as well; dates and sources of a new import are not.

    What waited of the document is told with it, or is no news where it is at its new address as readers know it.
    """
    comparison, judgement = _difference(db, *pair)
    records = "SELECT count(DISTINCT extractor_revision) FROM versions WHERE id IN (?, ?)"
    if db.execute(records, pair).fetchone()[0] > 1 and not is_of_the_page(comparison):
        return
    substantive = judgement.significance is Significance.SUBSTANTIVE
    if not substantive and not untold_edits(db, document):
        return
    reached = db.execute("SELECT fingerprint FROM versions WHERE id = ?", [pair[1]]).fetchone()[0]
    edit = Edit(ChangeKind.EDITED, judgement, comparison.fields, *pair, reached, reverted=False)
    news = from_what_is_told(db, versions, document, edit, at)
    if news is not None and (substantive or news.from_version != pair[0]):
        add_change(
            db, document, site, run, news.kind, at, significance=news.judgement.significance.value,
            reasons=news.judgement.reasons, fields=fields_json(news.fields), from_version=news.from_version,
            to_version=news.to_version, from_url=url, to_url=url,
        )  # fmt: skip


def _difference(db: sqlite3.Connection, old: int, new: int) -> tuple[Comparison, Judgement]:
    """How two versions differ, and what that weighs where one was found at a new address."""
    comparison = compare(load_disclosure(db, old), load_disclosure(db, new))
    text = replace(comparison, fields=tuple(f for f in comparison.fields if _is_of_the_text(f)))
    return comparison, judge_comparison(text)


def _is_of_the_text(change: FieldChange) -> bool:
    """A state that one template left out is none that has changed; repealed where it was in force is news wherever it stands."""
    return change.field in _OF_THE_TEXT or (change.field == "validity" and bool(change.old and change.new))


def _standing(db: sqlite3.Connection, document: int, run: int) -> Standing:
    """Where a document stands that has moved: it is there, and in no list where it was told so, or gone, and none has taken it up.

    Else an earlier walk that dropped its old address says nothing of the new one: the next walk does.
    """
    told = db.execute(
        "SELECT kind FROM changes WHERE document = ? AND kind IN ('unlisted', 'missing', 'removed', 'restored')"
        " AND dropped_at IS NULL ORDER BY id DESC LIMIT 1",
        [document],
    ).fetchone()
    listed = "SELECT 1 FROM listings WHERE document = ? AND unlisted_at IS NULL"
    if told is None or told["kind"] == "restored" or db.execute(listed, [document]).fetchone():
        db.execute(
            "UPDATE listings SET unlisted_at = NULL WHERE document = ? AND unlisted_at < (SELECT started_at FROM runs WHERE id = ?)",
            [document, run],
        )
        return Standing()
    return Standing(DocumentStatus.UNLISTED, unlisted=True)


def _pair(db: sqlite3.Connection, old: Sequence[Likeness], new: Sequence[Likeness]) -> list[tuple[int, int]]:
    """Pairs of :func:`archive.identity.pair`, without those that a person has told apart."""
    return [(one, other) for one, other in pair(old, new) if not merges.kept_apart(db, one, other)]


def _level(db: sqlite3.Connection, versions: Versions, document: int, added: int, run: int, at: str) -> None:
    """What a newer extractor reads otherwise at the new address is no edit."""
    current = "SELECT current_version FROM documents WHERE id = ?"
    old, new = (db.execute(current, [which]).fetchone()[0] for which in (document, added))
    versions.level(old, new, run, at)


def _move(
    db: sqlite3.Connection,
    versions: Versions,
    run: int,
    site: str,
    old: sqlite3.Row,
    new: sqlite3.Row,
    at: str,
    why: tuple[str, ...] = (),
) -> None:
    document, added = old["id"], new["id"]
    before = db.execute(
        "SELECT v.id, number, fingerprint FROM versions v JOIN documents d ON d.current_version = v.id WHERE d.id = ?",
        [document],
    ).fetchone()
    after = db.execute(
        "SELECT v.id, fingerprint FROM versions v JOIN documents d ON d.current_version = v.id WHERE d.id = ?",
        [added],
    ).fetchone()
    standing = merges.before_merge(db, added, document)
    listed = db.execute(
        "SELECT 1 FROM listings WHERE document = ? AND unlisted_at IS NULL", [added]
    ).fetchone()
    absences = "'missing', 'removed'" + (", 'unlisted'" if listed else "")  # in a list at its new address
    untold = (
        f"feed_seq IS NULL AND dropped_at IS NULL AND (document = {int(added)} OR document = {int(document)}"
    )
    untold += f" AND kind IN ({absences}))"
    dropped = [row[0] for row in db.execute(f"SELECT id FROM changes WHERE {untold} ORDER BY id")]
    merges.note(db, added, document, merges.How.MOVE, run, at, standing, dropped)
    db.execute("UPDATE addresses SET role = 'former' WHERE document = ?", [document])
    db.execute("UPDATE addresses SET document = ? WHERE document = ?", [document, added])
    db.execute("UPDATE OR REPLACE listings SET document = ? WHERE document = ?", [document, added])
    db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [document, added])
    db.execute(
        "UPDATE changes SET dropped_at = ? WHERE document = ? AND feed_seq IS NULL AND dropped_at IS NULL",
        [at, added],
    )
    told = db.execute(
        f"UPDATE changes SET dropped_at = ? WHERE document = ? AND kind IN ({absences}) AND feed_seq IS NULL AND dropped_at IS NULL",
        [at, document],
    ).rowcount
    to_version = _newest(db, document, added, before, after)
    last = db.execute("SELECT last_present_at FROM documents WHERE id = ?", [added]).fetchone()[0]
    db.execute("UPDATE documents SET url = ? WHERE id = ?", [new["url"], document])
    store_standing(db, document, _standing(db, document, run))
    db.execute("UPDATE documents SET last_present_at = ? WHERE id = ?", [last, document])
    add_change(
        db, document, site, run, ChangeKind.MOVED, at, from_version=before["id"], to_version=to_version,
        from_url=old["url"], to_url=new["url"], last_present_at=old["last_present_at"],
        reasons=why or (("absence_told",) if old["status"] in GONE and not told else ()),
        dropped_at=at if is_untold(db, document) else None,
    )  # fmt: skip
    if to_version != before["id"]:
        _tell_edit(db, versions, document, site, run, (before["id"], to_version), new["url"], at)
    search.index_documents(db, [document, added])
    resolve(db, [document, added])


def _newest(
    db: sqlite3.Connection, document: int, added: int, before: sqlite3.Row, after: sqlite3.Row
) -> int:
    """The version that the one history ends with: those of the new address follow, but for a first one that says the same.

    There are several where it was edited while its news waited. One that another extractor read cannot be compared, and stays.
    What rules say that find nothing is no version: the next look at the new address may be by better ones.
    """
    if db.execute(_READS_NOTHING, [after["id"], before["id"]]).fetchone():
        return int(before["id"])
    found = db.execute(
        "SELECT id, number, fingerprint FROM versions WHERE document = ? AND extractor_revision ="
        " (SELECT extractor_revision FROM versions WHERE id = ?) ORDER BY number",
        [added, after["id"]],
    ).fetchall()
    later = found[1:] if found[0]["fingerprint"] == before["fingerprint"] else found
    if not later:
        return int(before["id"])
    if later[0]["number"] == 1:
        _, judgement = _difference(db, before["id"], later[0]["id"])
        db.execute(
            "UPDATE versions SET significance = ?, reasons = ? WHERE id = ?",
            [judgement.significance.value, json.dumps(judgement.reasons, ensure_ascii=False), later[0]["id"]],
        )
    last = before["number"] + len(later)
    for number, row in enumerate(later, start=before["number"] + 1):
        db.execute("UPDATE versions SET document = ?, number = ? WHERE id = ?", [document, number, row["id"]])
    columns = ", ".join(f"{c} = (SELECT {c} FROM documents WHERE id = {int(added)})" for c in _RECORD)
    db.execute(
        f"UPDATE documents SET {columns}, current_version = ?, versions = ? WHERE id = ?",
        [after["id"], last, document],
    )
    db.execute("UPDATE documents SET current_version = NULL, versions = 0 WHERE id = ?", [added])
    return int(after["id"])
