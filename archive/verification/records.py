"""Documents, versions, texts and the feed: what must follow from what."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress

from archive.captures import capture_key
from archive.fingerprint import fingerprint
from archive.identity import url_key
from archive.model import COLUMN_FIELDS
from archive.rewrite import content_fingerprint
from archive.rows import evidence_from, load_disclosure
from archive.storage import texts
from archive.store import ALERTS, ARCHIVE, CAPTURES
from archive.verification.findings import UNREADABLE, Findings

_RECORD = (*(spec.name for spec in COLUMN_FIELDS), "body_sha256")
_SEARCHED = ("title", "document_number", "index_number", "issuing_body", "body_sha256")


def _differ(columns: tuple[str, ...], left: str, right: str) -> str:
    return " OR ".join(f"{left}.{column} IS NOT {right}.{column}" for column in columns)


# What holds of rows in SQL: (table, query for the keys of rows of which it does not hold, what is wrong with them).
_RULES = (
    (
        "documents",
        "SELECT d.id FROM documents d JOIN versions v ON v.id = d.current_version WHERE " + _differ(_RECORD, "d", "v"),
        "its values are not those of its current version",
    ),
    (
        "documents",
        "SELECT id FROM documents d WHERE merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM versions v WHERE"
        " v.id = d.current_version AND v.document = d.id AND v.number = d.versions"
        " AND v.number = (SELECT max(number) FROM versions w WHERE w.document = d.id)"
        " AND v.number = (SELECT count(*) FROM versions w WHERE w.document = d.id))",
        "its versions are not numbered from 1 to its current one",
    ),
    (
        "documents",
        "SELECT id FROM documents d WHERE merged_into IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM addresses a WHERE a.document = d.id AND a.url = d.url)",
        "its address is not among its addresses",
    ),
    (
        "addresses",
        "SELECT a.id FROM addresses a JOIN documents d ON d.id = a.document WHERE a.site <> d.site",
        "belongs to another site than its document",
    ),
    (
        "listings",
        "SELECT l.document || '/' || l.catalogue FROM listings l JOIN documents d ON d.id = l.document"
        " JOIN catalogues c ON c.id = l.catalogue WHERE c.site <> d.site OR l.first_listed_at > l.last_listed_at",
        "names a catalogue of another site, or ends before it begins",
    ),
    (
        "versions",
        "SELECT id FROM versions WHERE first_seen_at > last_seen_at",
        "was last seen before it was first seen",
    ),
    (
        "versions",
        "SELECT v.id FROM versions v WHERE withdrawn_at IS NOT NULL AND ("
        + " OR ".join(f"{column} IS NOT NULL" for column in _RECORD)
        + " OR EXISTS (SELECT 1 FROM attachments WHERE version = v.id))",
        "was withdrawn, and is not empty",
    ),
    (
        "stretches",
        "SELECT id FROM stretches WHERE first_at > last_at OR count < 1",
        "ends before it begins",
    ),
    (
        "changes",
        "SELECT id FROM changes WHERE feed_seq > (SELECT CAST(value AS INTEGER) FROM archive WHERE key = 'feed_seq')",
        "has a place beyond the end of the feed",
    ),
    (
        "bodies",
        "SELECT b.sha256 FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256 WHERE b.text IS NULL",
        "is the text of a current version and not whole",
    ),
    (
        "search_state",
        "SELECT d.id FROM documents d LEFT JOIN search_state s ON s.document = d.id WHERE s.document IS NULL OR "
        + _differ(_SEARCHED, "d", "s"),
        "what is indexed for the search is not what the document says",
    ),
)  # fmt: skip


def check_rules(findings: Findings) -> None:
    """Rules between rows."""
    for table, query, what in _RULES:
        try:
            for (key,) in findings.connections[ARCHIVE].execute(query):
                findings.add(ARCHIVE, table, key, what)
        except UNREADABLE as error:
            findings.add(ARCHIVE, table, None, f"cannot be compared: {error}")


def check_bodies(findings: Findings) -> None:
    """Every text has its SHA-256 and length, whole or packed; those of current versions are whole."""
    db = findings.connections[ARCHIVE]
    sql = "SELECT sha256, length, text IS NULL, packed IS NULL, base_sha256 IS NULL FROM bodies"
    for sha256, length, no_text, no_frame, no_base in findings.rows(ARCHIVE, "bodies", sql):
        what = "the text does not match its SHA-256 and length"
        if no_text == no_frame or (no_frame and not no_base):
            what = "holds neither a text nor a frame, or both"
        else:
            try:
                text = texts.read(db, sha256) or ""
                if hashlib.sha256(text.encode()).hexdigest() == sha256 and len(text) == length:
                    continue
            except texts.TextDamagedError as error:
                what = str(error)
            except (*UNREADABLE, LookupError, AttributeError, TypeError, ValueError) as error:
                what = f"the text cannot be read: {error}"
        findings.add(ARCHIVE, "bodies", sha256, what)


def check_versions(findings: Findings) -> None:
    """Fingerprints follow from the fields, texts and attachments; evidence can be read."""
    db, withdrawn = findings.connections[ARCHIVE], 0
    sql = "SELECT id, fingerprint, content_sha256, evidence, reasons, withdrawn_at FROM versions"
    for version, whole, content, evidence, reasons, withdrawn_at in findings.rows(ARCHIVE, "versions", sql):
        if withdrawn_at is not None:
            withdrawn += 1
            continue
        try:
            disclosure = load_disclosure(db, version)
            evidence_from(evidence), json.loads(reasons or "[]")
            if (fingerprint(disclosure), content_fingerprint(disclosure)) == (whole, content):
                continue
            what = "its fingerprint does not follow from its fields, text and attachments"
        except (LookupError, ValueError, TypeError, AttributeError, *UNREADABLE) as error:
            what = f"cannot be read: {error}"
        findings.add(ARCHIVE, "versions", version, what)
    if withdrawn:
        findings.notes.append(
            f"versions that were withdrawn: {withdrawn}; their hashes and the reasons are kept"
        )


# Seals and hashes can be made anew by whoever forges a version with its answer; a head that is in other hands cannot.
_UNSEEN = """
    SELECT s.version || '/' || s.capture || '/' || s.role FROM version_sources s JOIN versions v ON v.id = s.version
    JOIN documents d ON d.id = v.document WHERE NOT EXISTS (
        SELECT 1 FROM observations o WHERE o.site = d.site AND o.url = s.url AND o.capture = s.capture)
"""


def check_sources(findings: Findings) -> None:
    """Every version stands on captures that are there and were observed; observations and addresses have the keys that follow from them."""
    captures = findings.connections[CAPTURES]
    sql = "SELECT version || '/' || capture || '/' || role, capture, url, sha256 FROM version_sources"
    for key, capture, url, sha256 in findings.rows(ARCHIVE, "version_sources", sql):
        with suppress(*UNREADABLE, AttributeError, ValueError):
            found = captures.execute("SELECT url, sha256 FROM captures WHERE key = ?", [capture]).fetchone()
            if found is not None and found[1] == sha256 and capture_key(url, sha256) == capture:
                continue
        findings.add(
            ARCHIVE,
            "version_sources",
            key,
            f"captures.db has no capture {capture} of this address and content",
        )
    for (key,) in findings.rows(ARCHIVE, "version_sources", _UNSEEN):
        findings.add(
            ARCHIVE, "version_sources", key, "no observation holds its answer: the ledger does not know it"
        )
    bare = (
        "SELECT id FROM versions v WHERE NOT EXISTS (SELECT 1 FROM version_sources s WHERE s.version = v.id)"
    )
    for (version,) in findings.rows(ARCHIVE, "versions", bare):
        findings.add(ARCHIVE, "versions", version, "stands on no capture")
    sql = "SELECT id, url, capture, body_sha256 FROM observations WHERE capture IS NOT NULL AND body_sha256 IS NOT NULL"
    for row, url, capture, sha256 in findings.rows(ARCHIVE, "stretches", sql):
        with suppress(AttributeError, ValueError):
            if capture_key(url, sha256) == capture:
                continue
        findings.add(ARCHIVE, "stretches", row, "its capture is not that of its address and content")
    for row, url, key in findings.rows(ARCHIVE, "addresses", "SELECT id, url, url_key FROM addresses"):
        with suppress(AttributeError, ValueError):
            if url_key(url) == key:
                continue
        findings.add(ARCHIVE, "addresses", row, "its key does not follow from the address")


def check_cursors(findings: Findings) -> None:
    """No subscription has been told more than there is."""
    sql = "SELECT CAST(value AS INTEGER) FROM archive WHERE key = 'feed_seq'"
    found = findings.one(ARCHIVE, "archive", "feed_seq", sql, [])
    end = found[0] if found else 0
    for key, cursor in findings.rows(ALERTS, "subscriptions", "SELECT key, cursor FROM subscriptions"):
        if not isinstance(cursor, int) or cursor > end:
            findings.add(ALERTS, "subscriptions", key, f"its cursor {cursor} is beyond the end of the feed")
