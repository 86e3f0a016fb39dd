"""Tables of the three databases, derived from :mod:`archive.model`.

``archive.db`` is what Datasette serves, ``captures.db`` holds response bodies, ``alerts.db`` holds subscribers
and the outbox and is never served. Migrations (:mod:`archive.migrations`) call these functions; a released
migration is never edited, a later one alters.
"""

from __future__ import annotations

import hashlib
import json

from sqlite_utils import Database

from archive.model import COLUMN_FIELDS, Kind
from archive.storage import envelopes, texts
from archive.storage.dictionaries import Dictionaries

# LIST fields are JSON arrays; dates and instants are ISO 8601 text.
_SQL_TYPES = {Kind.TEXT: str, Kind.DATE: str, Kind.INSTANT: str, Kind.CODE: str, Kind.LIST: str}
RECORD_COLUMNS: dict[str, type] = {spec.name: _SQL_TYPES[spec.kind] for spec in COLUMN_FIELDS}


def create_archive_tables(db: Database) -> None:
    """Create the tables of ``archive.db``."""
    db.table("sites").create(
        {
            "key": str, "name": str, "name_en": str, "province": str, "level": str, "platform": str,
            "url": str, "first_run_at": str, "last_run_at": str, "last_complete_at": str,
        },
        pk="key",
    )  # fmt: skip
    db.table("catalogues").create(
        {
            "id": int, "site": str, "key": str, "name": str, "url": str,
            "first_walk_ended_at": str,  # until then its documents are baseline
            "last_full_walk_at": str, "last_full_walk_rows": int,
        },
        pk="id", not_null={"site", "key"}, foreign_keys=[("site", "sites", "key")],
    )  # fmt: skip
    db.table("catalogues").create_index(["site", "key"], unique=True)
    db.table("runs").create(
        {
            "id": int, "collection": str, "site": str, "started_at": str, "ended_at": str,
            "outcome": str,  # NULL while running; complete, partial, failed, held, skipped, interrupted
            "full": int, "held": int, "resolved": str, "resolved_at": str,  # accepted | dropped
            "scheduled": int, "fetched": int, "blocked": int, "failed": int, "skipped": int,
            "not_modified": int, "unchanged": int, "baseline": int, "new": int, "edited": int,
            "attachment": int, "moved": int, "unlisted": int, "missing": int, "removed": int, "restored": int,
            "seconds": float, "reasons": str, "last_batch": int,
            "outcomes": bytes,  # every scheduled URL and its outcome, zstd-compressed lines of JSON
        },
        pk="id", not_null={"collection", "site", "started_at"}, foreign_keys=[("site", "sites", "key")],
        defaults={"full": 0, "held": 0, "last_batch": 0, "reasons": "[]"},
    )  # fmt: skip
    db.table("runs").create_index(["site", "started_at"])
    db.table("bodies").create(
        {"sha256": str, "text": str, "length": int}, pk="sha256", not_null={"text", "length"}
    )
    db.table("documents").create(
        {
            "id": int, "site": str, "url": str, "status": str, **RECORD_COLUMNS, "body_sha256": str,
            "first_present_at": str, "last_present_at": str, "first_absent_at": str,
            "absent_checks": int,  # observations of absence since first_absent_at
            "versions": int, "current_version": int,
            "merged_into": int,  # undoable: clear it and the history stands alone again
        },
        pk="id", not_null={"site", "url", "status"},
        defaults={"absent_checks": 0, "versions": 0},
        foreign_keys=[
            ("site", "sites", "key"), ("body_sha256", "bodies", "sha256"), ("merged_into", "documents", "id"),
        ],
    )  # fmt: skip
    for columns in (
        ["site", "index_number"],
        ["site", "document_number"],
        ["body_sha256"],
        ["status"],
        ["last_present_at"],
    ):
        db.table("documents").create_index(columns)
    db.table("addresses").create(
        {
            "id": int, "document": int, "site": str, "url": str,
            "url_key": str,  # scheme and default port folded, fragment dropped
            "role": str,  # current | alias | former
            "first_seen_at": str,
            "last_seen_at": str,  # with the document, or in a list
            "row_hash": str, "context": str,
            "etag": str, "last_modified": str, "validators_honest": int,
            "last_confirmed_at": str,  # last time its state was learned: 200, 304, 404 …
            "last_unconditional_at": str, "absent_since": str, "absent_checks": int,
        },
        pk="id", not_null={"document", "site", "url", "url_key", "role"},
        defaults={"validators_honest": 0, "absent_checks": 0},
        foreign_keys=[("document", "documents", "id"), ("site", "sites", "key")],
    )  # fmt: skip
    db.table("addresses").create_index(["site", "url_key"], unique=True)
    db.table("addresses").create_index(["document"])
    db.table("listings").create(
        {
            "document": int, "catalogue": int, "first_listed_at": str, "last_listed_at": str,
            "last_listed_run": int, "unlisted_at": str,
        },
        pk=("document", "catalogue"),
        foreign_keys=[("document", "documents", "id"), ("catalogue", "catalogues", "id")],
    )  # fmt: skip
    db.table("listings").create_index(["catalogue"])
    db.table("versions").create(
        {
            "id": int, "document": int, "number": int,
            "fingerprint": str, "content_sha256": str, "extractor_revision": str,
            "first_seen_at": str, "last_seen_at": str, "run": int,
            **RECORD_COLUMNS, "body_sha256": str,
            "evidence": str,  # JSON list of archive.model.Evidence
            "significance": str, "reasons": str,  # of the difference to the version before; NULL for the first
            "withdrawn_at": str, "withdrawn_reason": str,
        },
        pk="id", not_null={"document", "number", "fingerprint", "extractor_revision"},
        foreign_keys=[("document", "documents", "id"), ("body_sha256", "bodies", "sha256"), ("run", "runs", "id")],
    )  # fmt: skip
    db.table("versions").create_index(["document", "number"], unique=True)
    db.table("versions").create_index(["body_sha256"])
    db.table("version_sources").create(
        {
            "version": int, "capture": str,  # archive.captures.capture_key(url, sha256)
            "url": str, "sha256": str, "role": str, "locator": str, "captured_at": str,
        },
        pk=("version", "capture", "role"), foreign_keys=[("version", "versions", "id")],
    )  # fmt: skip
    db.table("version_sources").create_index(["sha256"])
    db.table("attachments").create(
        {
            "id": int, "version": int, "position": int, "name": str, "url": str, "media_type": str,
            "sha256": str, "size": int, "text_sha256": str, "state": str,
        },
        pk="id", not_null={"version", "position", "name", "url", "state"},
        foreign_keys=[("version", "versions", "id"), ("text_sha256", "bodies", "sha256")],
    )  # fmt: skip
    db.table("attachments").create_index(["version", "position"], unique=True)
    db.table("attachments").create_index(["sha256"])
    db.table("citations").create(
        {
            "id": int, "version": int, "relation": str, "document_number": str, "title": str, "quote": str,
            "target": int,
        },
        pk="id", foreign_keys=[("version", "versions", "id"), ("target", "documents", "id")],
    )  # fmt: skip
    for columns in (["version"], ["document_number"], ["title"], ["target"]):
        db.table("citations").create_index(columns)
    db.table("changes").create(
        {
            "id": int,
            "feed_seq": int,  # given when released to readers; rising, never reused; NULL while held
            "document": int, "site": str, "kind": str, "significance": str,
            "reasons": str, "fields": str,  # JSON: what differs, see archive.diff.FieldChange
            "from_version": int, "to_version": int, "from_url": str, "to_url": str,
            "last_present_at": str, "first_absent_at": str, "detected_at": str,
            "run": int, "held_by_run": int, "dropped_at": str,
        },
        pk="id", not_null={"document", "site", "kind", "detected_at"},
        foreign_keys=[
            ("document", "documents", "id"), ("site", "sites", "key"), ("run", "runs", "id"),
            ("from_version", "versions", "id"), ("to_version", "versions", "id"), ("held_by_run", "runs", "id"),
        ],
    )  # fmt: skip
    db.table("changes").create_index(["feed_seq"], unique=True)
    db.table("changes").create_index(["document"])
    db.table("changes").create_index(["site", "detected_at"])
    db.table("problems").create(
        {
            "id": int, "site": str, "run": int, "document": int, "version": int, "url": str, "code": str,
            "severity": str, "field": str, "value": str, "message": str, "first_at": str, "last_at": str,
            "count": int,
        },
        pk="id", not_null={"site", "code", "message"}, defaults={"count": 1},
        foreign_keys=[
            ("site", "sites", "key"), ("run", "runs", "id"), ("document", "documents", "id"),
            ("version", "versions", "id"),
        ],
    )  # fmt: skip
    db.table("problems").create_index(["site", "code"])
    db.table("problems").create_index(["document"])
    db.table("observations").create(
        {
            "id": int, "site": str, "url": str, "outcome": str, "status": int, "capture": str,
            "detail": str, "first_at": str, "last_at": str, "count": int,
        },
        pk="id", not_null={"site", "url", "outcome", "first_at", "last_at", "count"},
        foreign_keys=[("site", "sites", "key")],
    )  # fmt: skip
    db.table("observations").create_index(["site", "url", "last_at"])
    db.table("ledger").create(
        {
            "seq": int, "run": int, "batch": int, "at": str, "leaves": int,
            "previous_head": str, "merkle_root": str, "head": str,
        },
        pk="seq", not_null={"at", "leaves", "previous_head", "merkle_root", "head"},
        foreign_keys=[("run", "runs", "id")],
    )  # fmt: skip
    db.table("run_outcomes").create(  # joined into runs.outcomes when the run ends
        {"run": int, "batch": int, "outcomes": bytes},
        pk=("run", "batch"),
        foreign_keys=[("run", "runs", "id")],
    )
    db.table("archive").create({"key": str, "value": str}, pk="key")  # epoch, created_at


def create_epochs(db: Database) -> None:
    """Create `epochs`: an archive that was restored from a backup begins a new one."""
    db.table("epochs").create(
        {
            "epoch": str, "first_seq": int,  # of the ledger
            "previous_epoch": str, "previous_head": str,  # where the restored backup ended
            "began_at": str,
        },
        pk="epoch", not_null={"first_seq"},
    )  # fmt: skip


def alter_for_evidence(db: Database) -> None:
    """What proofs, seals and withdrawals need in ``archive.db``.

    A ledger entry is a whole run: its ``batch`` goes. Outcomes are told relative to `observations`, which keeps
    the hashes: see :mod:`archive.outcomes`. Archives from before this (none was released) had no proof to keep.
    """
    db.conn.execute("DELETE FROM ledger")
    db.conn.execute("DELETE FROM run_outcomes")
    db.conn.execute("UPDATE runs SET outcomes = NULL")
    db.conn.execute("ALTER TABLE ledger DROP COLUMN batch")
    for table, column in (
        ("ledger", "subtree TEXT"),  # root of the largest complete subtree of entries that ends here
        ("observations", "body_sha256 TEXT"),
        ("observations", "headers_sha256 TEXT"),  # of the answer that began the stretch
        ("documents", "withdrawn_at TEXT"),
        ("documents", "withdrawn_reason TEXT"),
    ):
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def index_withdrawn(db: Database) -> None:
    """So that every collection can ask cheaply whether anything was withdrawn."""
    db.conn.execute("CREATE INDEX versions_withdrawn ON versions (document) WHERE withdrawn_at IS NOT NULL")


OBSERVATIONS = """
    CREATE VIEW observations AS SELECT s.id, p.site, p.url, s.outcome, s.status, nullif(lower(hex(s.capture)), '') AS capture,
    s.detail, strftime('%Y-%m-%dT%H:%M:%SZ', s.first_at, 'unixepoch') AS first_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', s.last_at, 'unixepoch') AS last_at, s.count,
    nullif(lower(hex(s.body_sha256)), '') AS body_sha256, nullif(lower(hex(s.headers_sha256)), '') AS headers_sha256
    FROM stretches s JOIN places p ON p.id = s.place
"""


def create_stretches(db: Database) -> None:
    """Keep observations in a quarter of the room: addresses once in `places`, hashes as bytes, instants as seconds.

    `observations` is a view that shows them as before. See docs/decisions.
    """
    conn = db.conn
    conn.create_function(
        "from_hex", 1, lambda text: bytes.fromhex(text) if text else None, deterministic=True
    )
    for statement in (
        "CREATE TABLE places (id INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(key), url TEXT NOT NULL)",
        "CREATE UNIQUE INDEX places_url ON places (site, url)",
        "CREATE TABLE stretches (id INTEGER PRIMARY KEY, place INTEGER NOT NULL REFERENCES places(id), outcome TEXT NOT NULL,"
        " status INTEGER, capture BLOB, detail TEXT, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, count INTEGER NOT NULL,"
        " body_sha256 BLOB, headers_sha256 BLOB)",
        "INSERT INTO places (site, url) SELECT site, url FROM observations GROUP BY site, url ORDER BY min(id)",
        "INSERT INTO stretches SELECT o.id, p.id, o.outcome, o.status, from_hex(o.capture), o.detail,"
        " CAST(strftime('%s', o.first_at) AS INTEGER), CAST(strftime('%s', o.last_at) AS INTEGER), o.count,"
        " from_hex(o.body_sha256), from_hex(o.headers_sha256) FROM observations o"
        " JOIN places p ON p.site = o.site AND p.url = o.url ORDER BY o.id",
        "CREATE INDEX stretches_place ON stretches (place, last_at)",
        "DROP TABLE observations",
        OBSERVATIONS,
        # What a run's end looks up; without them it read all versions and all events of the archive.
        "CREATE INDEX versions_run ON versions (run)",
        "CREATE INDEX changes_run ON changes (run)",
    ):
        conn.execute(statement)


def create_capture_tables(db: Database) -> None:
    """Create the tables of ``captures.db``."""
    db.table("dictionaries").create({"id": int, "site": str, "content": bytes, "trained_at": str}, pk="id")
    db.table("blobs").create(
        {
            "sha256": str,  # of the content-decoded body
            "length": int, "stored": bytes,
            "stored_sha256": str,  # a flipped bit in a delta can decode without an error
            "encoding": str,  # zstd | zstd-dictionary | zstd-delta
            "base_sha256": str, "dictionary": int, "depth": int,
        },
        pk="sha256", not_null={"length", "stored", "stored_sha256", "encoding"},
        foreign_keys=[("base_sha256", "blobs", "sha256"), ("dictionary", "dictionaries", "id")],
    )  # fmt: skip
    db.table("certificates").create({"sha256": str, "der": bytes}, pk="sha256")
    db.table("captures").create(
        {
            "key": str,  # archive.captures.capture_key(url, sha256)
            "site": str, "url": str, "at": str, "sha256": str, "wire_sha256": str, "wire_length": int,
            "status": int, "headers": str, "redirects": str, "request": str, "ip": str, "certificate_sha256": str,
        },
        pk="key", not_null={"url", "at", "sha256", "status", "headers"},
        foreign_keys=[("sha256", "blobs", "sha256"), ("certificate_sha256", "certificates", "sha256")],
    )  # fmt: skip
    db.table("captures").create_index(["url", "at"])
    db.table("captures").create_index(["sha256"])


def alter_for_dictionaries(db: Database) -> None:
    """Trained dictionaries, and headers as frames, in ``captures.db``; what is stored already is packed now.

    ``headers`` becomes the frame of :mod:`archive.storage.envelopes` and takes ``redirects`` and ``request`` in.
    """
    connection = db.conn
    for column in ("kind TEXT", "sha256 TEXT", "ratio REAL", "samples TEXT"):
        connection.execute(f"ALTER TABLE dictionaries ADD COLUMN {column}")
    connection.execute(
        "ALTER TABLE captures ADD COLUMN header_dictionary INTEGER REFERENCES dictionaries(id)"
    )
    connection.execute("CREATE INDEX idx_dictionaries_site ON dictionaries (site, kind)")
    for number, content in connection.execute("SELECT id, content FROM dictionaries").fetchall():
        digest = hashlib.sha256(content).hexdigest()
        connection.execute(
            "UPDATE dictionaries SET kind = 'bodies', sha256 = ? WHERE id = ?", [digest, number]
        )
    packing = envelopes.Envelopes(Dictionaries(connection))
    rows = connection.execute("SELECT rowid, site, headers, redirects, request FROM captures").fetchall()
    for row, site, headers, redirects, request in rows:
        asked = json.loads(request or "{}")
        content = envelopes.as_json(
            json.loads(headers),
            json.loads(redirects or "[]"),
            asked.get("method", "GET"),
            asked.get("headers", []),
        )
        connection.execute(
            "UPDATE captures SET headers = ?, header_dictionary = ? WHERE rowid = ?",
            [*packing.pack(site, content), row],
        )
    connection.execute("ALTER TABLE captures DROP COLUMN redirects")
    connection.execute("ALTER TABLE captures DROP COLUMN request")


def alter_for_packed_texts(db: Database) -> None:
    """Let texts be packed (:mod:`archive.storage.texts`), and pack those of superseded versions."""
    connection = db.conn
    # `text` was NOT NULL, which no ALTER can undo. This is what SQLite documents for it: nothing stored changes.
    version = connection.execute("PRAGMA schema_version").fetchone()[0]
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, '\"text\" TEXT NOT NULL', '\"text\" TEXT')"
        " WHERE type = 'table' AND name = 'bodies'"
    )
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = OFF")
    connection.execute("ALTER TABLE bodies ADD COLUMN packed BLOB")
    connection.execute("ALTER TABLE bodies ADD COLUMN base_sha256 TEXT REFERENCES bodies(sha256)")
    connection.execute("CREATE INDEX bodies_base ON bodies (base_sha256) WHERE base_sha256 IS NOT NULL")
    connection.execute(
        "CREATE INDEX attachments_text ON attachments (text_sha256) WHERE text_sha256 IS NOT NULL"
    )
    superseded = connection.execute(
        "SELECT v.id, w.id FROM versions v JOIN versions w ON w.document = v.document AND w.number = v.number + 1"
        " ORDER BY v.document, v.number"
    ).fetchall()
    for old, new in superseded:
        texts.supersede(connection, old, new)


def create_alert_tables(db: Database) -> None:
    """Create the tables of ``alerts.db``."""
    db.table("subscriptions").create(
        {
            "key": str, "recipient": str,
            "cursor": int,  # the last feed_seq told
            "created_at": str, "last_due_at": str, "last_sent_at": str, "unsubscribed_at": str, "token": str,
        },
        pk="key", not_null={"recipient", "cursor"},
    )  # fmt: skip
    db.table("outbox").create(
        {
            "id": int, "message_id": str, "subscription": str, "recipient": str, "subject": str, "message": bytes,
            "from_seq": int, "to_seq": int, "created_at": str,
            "state": str,  # queued | sent | unknown | parked
            "attempts": int, "next_attempt_at": str, "sent_at": str, "last_error": str,
        },
        pk="id", not_null={"message_id", "recipient", "message", "state"}, defaults={"attempts": 0},
    )  # fmt: skip
    db.table("outbox").create_index(["message_id", "recipient"], unique=True)
    db.table("outbox").create_index(["state", "next_attempt_at"])
