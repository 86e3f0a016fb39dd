"""What is left of withdrawn versions, and what the site goes on publishing of them: held back at once, erased in captures.db.

The bodies are found by what archive.db keeps of a withdrawn version: its sources, and what its addresses answered until the
next version began. A process that dies leaves work that the next withdrawal, or the next collection, finds in the same way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence

from archive import search
from archive.batch import Found, Role
from archive.captures import CaptureDamagedError, CaptureMissingError, CaptureStore, capture_key
from archive.fingerprint import storable_disclosure
from archive.model import Disclosure
from archive.observations import forget_orphans
from archive.rewrite import content_fingerprint
from archive.store import Transaction
from archive.times import iso
from archive.waits.captured_ends import CapturedEnds
from archive.withdrawal.traces import TEXT, traces

_AT_ONCE = 500
_UNMERGED = "withdrawn_words_in_index"  # key in `archive` until the index has let go of them

_SOURCES = """
    SELECT s.sha256 FROM versions v JOIN version_sources s ON s.version = v.id WHERE v.withdrawn_at IS NOT NULL
"""
# Bodies that withdrawn versions were read from, and those that their addresses gave before another version began: the same
# with another counter, cut, or with another file.
_WHILE_CURRENT = """(o.last_at >= v.first_seen_at AND (o.first_at <= v.last_seen_at
         OR d.merged_into IS NULL AND NOT EXISTS (
             SELECT 1 FROM versions n WHERE n.document = v.document AND n.number > v.number AND n.first_seen_at <= o.first_at)))"""
_BODIES = f"""
    {_SOURCES} UNION
    SELECT o.body_sha256 FROM versions v JOIN documents d ON d.id = v.document JOIN observations o ON o.site = d.site
    AND o.url IN (SELECT url FROM version_sources WHERE version = v.id
                  UNION SELECT url FROM addresses WHERE document = coalesce(d.merged_into, d.id))
    WHERE v.withdrawn_at IS NOT NULL AND o.body_sha256 IS NOT NULL
    AND (d.withdrawn_at IS NOT NULL OR {_WHILE_CURRENT})
"""  # noqa: S608 — constants
NEEDED = """
    SELECT s.sha256 FROM version_sources s JOIN versions v ON v.id = s.version WHERE v.withdrawn_at IS NULL
    UNION SELECT a.sha256 FROM attachments a WHERE a.sha256 IS NOT NULL
"""
# Versions that are shown and rest on :body.
RESTING = """
    SELECT s.version FROM version_sources s JOIN versions v ON v.id = s.version WHERE s.sha256 = :body AND v.withdrawn_at IS NULL
    UNION SELECT version FROM attachments WHERE sha256 = :body
"""
_ERASABLE = f"SELECT * FROM ({_BODIES}) EXCEPT SELECT * FROM ({NEEDED})"  # noqa: S608 — constants
# Answers of the addresses of documents that were withdrawn with all that they will say, whoever else rests on them.
SAID_SINCE = """
    SELECT o.capture FROM documents d JOIN addresses a ON a.document = coalesce(d.merged_into, d.id)
    JOIN observations o ON o.site = a.site AND o.url = a.url WHERE d.withdrawn_at IS NOT NULL AND o.capture IS NOT NULL
"""
HELD_BACK = f"{_SOURCES} UNION SELECT * FROM ({_ERASABLE})"  # noqa: S608 — in no export, erased already or not


# What is left of an address's context: that its document stands in an answer, and where. Else it would be taken for one with a page.
_PLACE = "json_extract(context, '$.locator')"
CONTEXT_LEFT = f"CASE WHEN {_PLACE} IS NOT NULL THEN json_object('locator', {_PLACE}) END"


def anything_withdrawn(archive: sqlite3.Connection) -> bool:
    """Whether there is anything that this module would look after."""
    return archive.execute("SELECT 1 FROM versions WHERE withdrawn_at IS NOT NULL").fetchone() is not None


def keep_sources(archive: sqlite3.Connection, versions: Iterable[int]) -> None:
    """Note the files of versions that are to be emptied as sources: one that came after its version was made is none yet."""
    marks = ",".join(map(str, versions))
    archive.execute(
        "INSERT OR IGNORE INTO version_sources (version, capture, url, sha256, role, captured_at)"  # noqa: S608
        f" SELECT a.version, o.capture, a.url, a.sha256, '{Role.ATTACHMENT.value}', o.first_at FROM attachments a"
        " JOIN versions v ON v.id = a.version JOIN documents d ON d.id = v.document"
        " JOIN observations o ON o.site = d.site AND o.url = a.url AND o.body_sha256 = a.sha256"
        f" WHERE a.version IN ({marks})"
    )


def keep_answers(archive: sqlite3.Connection, store: CaptureStore, versions: Iterable[int]) -> None:
    """Note the answers that told of versions beside other documents, which are to be emptied, as sources: each that holds the title.

    A version is read from the first of them only; the later ones repeat it beside what is new of the others.
    """
    for version in versions:
        title = archive.execute("SELECT title FROM versions WHERE id = ?", [version]).fetchone()[0]
        rows = archive.execute(
            "SELECT o.capture, o.url, o.body_sha256, min(o.first_at) FROM versions v JOIN documents d ON d.id = v.document"  # noqa: S608
            " JOIN observations o ON o.site = d.site AND o.capture IS NOT NULL AND o.url IN (SELECT s.url FROM version_sources s"
            " WHERE s.role = 'api' AND s.locator IS NOT NULL) WHERE v.id = ? AND EXISTS (SELECT 1 FROM version_sources"
            f" WHERE version = v.id AND role = 'api' AND locator IS NOT NULL) AND {_WHILE_CURRENT} GROUP BY o.capture",
            [version],
        ).fetchall()
        told = [row for row in rows if title and _says(store, row[2], title)]
        archive.executemany(
            f"INSERT OR IGNORE INTO version_sources (version, capture, url, sha256, role, captured_at)"  # noqa: S608
            f" VALUES ({int(version)}, ?, ?, ?, 'api', ?)",
            [tuple(row) for row in told],
        )


def _says(store: CaptureStore, sha256: str, title: str) -> bool:
    """Whether a stored answer holds a title, however its JSON writes it; False where it is not kept any more."""
    try:
        body = store.body(sha256)
    except (CaptureMissingError, CaptureDamagedError):
        return False
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):  # wrapped in a call, or in another character set
        text = body.decode("utf-8", "replace") + body.decode("gb18030", "replace")
    return "".join(json.dumps(title, ensure_ascii=False)[1:-1].split()) in "".join(text.split())


def is_published_again(archive: sqlite3.Connection, document: int, found: Found) -> bool:
    """Whether a document was found that says what was withdrawn: then nothing of the find is kept. In the writer's transaction."""
    row = archive.execute(
        "SELECT d.current_version FROM documents d JOIN versions v ON v.id = d.current_version WHERE d.id = ?"
        " AND (v.withdrawn_at IS NOT NULL OR d.withdrawn_at IS NOT NULL)",
        [document],
    ).fetchone()
    if row is None:
        return False
    archive.execute(f"UPDATE addresses SET context = {CONTEXT_LEFT} WHERE document = ?", [document])  # noqa: S608
    archive.executemany(
        "INSERT OR IGNORE INTO version_sources (version, capture, url, sha256, role, captured_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (row[0], capture_key(s.url, s.sha256), s.url, s.sha256, s.role.value, iso(found.at))
            for s in found.sources
            if s.role is not Role.PAGE
        ],
    )
    return True


_TRACED = "EXISTS (SELECT 1 FROM json_each(v.traces) WHERE value IN (SELECT value FROM json_each({})))"


def is_any_withdrawn(archive: sqlite3.Connection, document: int) -> bool:
    """Whether any version of a document is."""
    any_of = "SELECT 1 FROM versions WHERE document = ? AND withdrawn_at IS NOT NULL"
    return archive.execute(any_of, [document]).fetchone() is not None


def may_be_half(archive: sqlite3.Connection, ends: CapturedEnds, document: int, found: Found) -> bool:
    """Whether a page came in part of a document of which anything was withdrawn: it may be half of that, and is kept nowhere."""
    record = found.extraction.disclosure
    if record is None or not is_any_withdrawn(archive, document) or not ends.comes_in_part(found):
        return False
    return why_text(archive, document, record) is None


def why_text(archive: sqlite3.Connection, document: int, record: Disclosure) -> str | None:
    """The reason for which a document's version with this text was withdrawn, whatever else the record says; None for none."""
    if not is_any_withdrawn(archive, document):
        return None
    row = archive.execute(
        f"SELECT withdrawn_reason FROM versions v WHERE document = ? AND withdrawn_at IS NOT NULL AND {_TRACED.format('?')}",  # noqa: S608
        [document, json.dumps(traces(record, TEXT))],
    ).fetchone()
    return str(row[0]) if row is not None else None


def documents_again(archive: sqlite3.Connection, site: str, found: Found, *, in_part: bool) -> list[int]:
    """The document of a site that an unknown address shows, as far as what was withdrawn of it tells: its fields and text, or its bytes.

    Its site has moved, say. Of what was taken out nothing is left by which a move is known, and it would be published again. Where
    fields and text are another extractor's, or half of it is there (``in_part``), or the document was withdrawn with all that it will
    say, the traces of its names are enough; those of its text always are.
    """
    record = found.extraction.disclosure
    if record is None:
        return []
    pages = [source.sha256 for source in found.sources if source.role is Role.PAGE and source.locator is None]
    rows = archive.execute(
        "SELECT coalesce(d.merged_into, d.id) FROM versions v JOIN documents d ON d.id = v.document"  # noqa: S608 — constants
        " WHERE v.withdrawn_at IS NOT NULL AND d.site = :site AND (v.content_sha256 = :content AND v.extractor_revision = :revision"
        f" OR (v.extractor_revision <> :revision OR :in_part OR d.withdrawn_at IS NOT NULL) AND {_TRACED.format(':traces')}"
        f" OR {_TRACED.format(':text')}"
        " OR EXISTS (SELECT 1 FROM version_sources s WHERE s.version = v.id AND s.role = 'page' AND s.locator IS NULL"
        " AND s.sha256 IN (SELECT value FROM json_each(:pages)))) ORDER BY 1 LIMIT 1",
        {
            "site": site, "content": content_fingerprint(storable_disclosure(record)), "revision": found.extractor_revision,
            "in_part": int(in_part),
            "traces": json.dumps(traces(record)), "text": json.dumps(traces(record, TEXT)), "pages": json.dumps(pages),
        },
    )  # fmt: skip
    return [row[0] for row in rows]


def erase_bodies(archive: sqlite3.Connection, captures: sqlite3.Connection) -> int:
    """Erase the bodies that only withdrawn versions rest on; the number erased now. Call under the writer's lock."""
    store, erased = CaptureStore(captures), 0
    found = [row[0] for row in archive.execute(_ERASABLE)]
    for start in range(0, len(found), _AT_ONCE):
        with Transaction(captures):
            erased += sum(store.erase(sha256) for sha256 in found[start : start + _AT_ONCE])
    _empty_log(captures)
    return erased


def erase_again(
    archive: sqlite3.Connection, captures: sqlite3.Connection, store: CaptureStore, finds: Sequence[Found]
) -> None:
    """Erase the bodies of finds that say what was withdrawn, which :func:`erase_bodies` would find when the collection ends."""
    bodies = dict.fromkeys(source.sha256 for found in finds for source in found.sources)
    gone = [sha256 for sha256 in bodies if not _is_needed(archive, sha256)]
    if gone:
        with Transaction(captures):
            for sha256 in gone:
                store.erase(sha256)


def store_again(
    archive: sqlite3.Connection, captures: sqlite3.Connection, store: CaptureStore, finds: Iterable[Found]
) -> None:
    """Store erased bodies that came for finds of which a version was made now. In the writer's transaction of a batch.

    They were erased as what a withdrawn document says; that another one says it too is known since. Before the batch is
    committed: a process that dies leaves a body too much, which :func:`erase_bodies` finds, and no version without one.
    """
    named = dict.fromkeys(sha256 for found in finds for sha256 in _named(found))
    needed = [sha256 for sha256 in store.erased(named) if _is_needed(archive, sha256)]
    if needed:
        with Transaction(captures):
            for sha256 in needed:
                store.store_again(sha256)


def _named(found: Found) -> list[str]:
    record = found.extraction.disclosure
    files = record.attachments if record is not None else ()
    return [*(source.sha256 for source in found.sources), *(file.sha256 for file in files if file.sha256)]


def _is_needed(archive: sqlite3.Connection, sha256: str) -> bool:
    """Whether a version that is shown rests on a body."""
    return archive.execute(f"{RESTING} LIMIT 1", {"body": sha256}).fetchone() is not None


def erase_orphans(archive: sqlite3.Connection, captures: sqlite3.Connection) -> None:
    """Erase bodies of no answer: their process died before the archive had them, and nobody can say what they are of."""
    orphans = captures.execute(
        "SELECT sha256 FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM captures c WHERE c.sha256 = b.sha256)"
        " AND length(stored) > 0"
    ).fetchall()
    gone = [sha256 for (sha256,) in orphans if not _is_needed(archive, sha256)]
    if gone:
        with Transaction(captures):
            CaptureStore(captures).erase_orphans(gone)
        _empty_log(captures)


def forget_the_dead(archive: sqlite3.Connection, captures: sqlite3.Connection) -> None:
    """Let go of what collections left that died. Call under the writer's lock while none runs."""
    died = archive.execute(
        "SELECT site, min(started_at) FROM runs WHERE outcome IS NULL GROUP BY site"
    ).fetchall()
    for site, since in died:
        with Transaction(captures):
            forget_orphans(archive, captures, site, since)
    erase_orphans(archive, captures)


def words_left(archive: sqlite3.Connection) -> None:
    """Note, in the transaction that takes texts out, that the index still holds their words: until its parts are merged."""
    archive.execute("INSERT OR IGNORE INTO archive (key, value) VALUES (?, '')", [_UNMERGED])


def merge_index(archive: sqlite3.Connection, progress: Callable[[int], None] = lambda _: None) -> None:
    """Let the search index go of the words of what was taken out, where it has not."""
    if archive.execute("SELECT 1 FROM archive WHERE key = ?", [_UNMERGED]).fetchone() is None:
        return
    with Transaction(archive):
        search.optimize(archive, progress)
        archive.execute("DELETE FROM archive WHERE key = ?", [_UNMERGED])
    _empty_log(archive)


def resume(archive: sqlite3.Connection, captures: sqlite3.Connection, *, died: bool) -> None:
    """Finish what a process that died has left; ``died``: a collection of the site that begins. Under the writer's lock."""
    if died:
        erase_orphans(archive, captures)
    erase_bodies(archive, captures)
    merge_index(archive)


def _empty_log(connection: sqlite3.Connection) -> None:
    """Else the log would still hold what was overwritten."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
