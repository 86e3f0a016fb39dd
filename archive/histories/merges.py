"""Merges of two histories into one, as rows: what was where before, so that a wrong one can be undone and is not made again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec
from sqlite_utils import Database

from archive.identity import url_key


class How(StrEnum):
    """Why two documents were taken for one."""

    MOVE = "move"  # it was found at a new address when its old one was gone
    ALIAS = "alias"  # the platform declared two known addresses to be one document
    UNKNOWN = "unknown"  # made before merges were rows


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood before a merge. Addresses are (id, role); ``listings`` whole rows of the document that stayed."""

    addresses: tuple[tuple[int, str], ...] = ()  # of the document that went
    catalogues: tuple[int, ...] = ()  # that listed it
    kept_addresses: tuple[tuple[int, str], ...] = ()
    kept_listings: tuple[tuple[Any, ...], ...] = ()
    kept_versions: int = 0
    kept: tuple[Any, ...] = ()  # url, status, first_absent_at, absent_checks, last_present_at


@dataclass(frozen=True, slots=True)
class Merge:
    """A row of `merges`. ``document`` went into ``into``; ``dropped`` are changes that were not told because of it."""

    id: int
    document: int
    into: int
    how: How
    at: str | None
    before: Before
    dropped: tuple[int, ...]
    undone_at: str | None


MADE_BEFORE = (
    "INSERT INTO merges (document, into_document, how, before, dropped)"
    " SELECT id, merged_into, 'unknown', '{}', '[]' FROM documents WHERE merged_into IS NOT NULL"
)


def create_merges(db: Database) -> None:
    """Create `merges`; those made before have a row that knows little. Called by a migration."""
    db.table("merges").create(
        {
            "id": int, "document": int, "into_document": int, "how": str, "run": int, "at": str,
            "before": str,  # JSON of Before
            "dropped": str,  # JSON list: changes that were not told because of it
            "undone_at": str,  # the two are kept apart since
        },
        pk="id", not_null={"document", "into_document", "how"},
        foreign_keys=[("document", "documents", "id"), ("into_document", "documents", "id"), ("run", "runs", "id")],
    )  # fmt: skip
    db.table("merges").create_index(["document"])
    db.table("merges").create_index(["into_document"])
    db.conn.execute(MADE_BEFORE)


def before_merge(db: sqlite3.Connection, document: int, into: int) -> Before:
    """How things stand now: to be asked before anything of a merge is written."""

    def pairs(which: int) -> tuple[tuple[int, str], ...]:
        rows = db.execute("SELECT id, role FROM addresses WHERE document = ? ORDER BY id", [which])
        return tuple((row[0], row[1]) for row in rows)

    kept = db.execute(
        "SELECT url, status, first_absent_at, absent_checks, last_present_at, versions FROM documents WHERE id = ?",
        [into],
    ).fetchone()
    listings = "SELECT * FROM listings WHERE document = ? ORDER BY catalogue"
    return Before(
        addresses=pairs(document),
        catalogues=tuple(row["catalogue"] for row in db.execute(listings, [document])),
        kept_addresses=pairs(into),
        kept_listings=tuple(tuple(row) for row in db.execute(listings, [into])),
        kept_versions=kept["versions"],
        kept=tuple(kept)[:5],
    )


def note(
    db: sqlite3.Connection,
    document: int,
    into: int,
    how: How,
    run: int,
    at: str,
    before: Before,
    dropped: Iterable[int] = (),
) -> None:
    """Keep a merge. Inside the writer's transaction."""
    db.execute(
        "INSERT INTO merges (document, into_document, how, run, at, before, dropped) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [document, into, how.value, run, at, msgspec.json.encode(before).decode(), json.dumps(list(dropped))],
    )


def merges_into(db: sqlite3.Connection, into: int | None = None) -> list[Merge]:
    """Merges that stand, of one document or of all, oldest first."""
    rows = db.execute(
        "SELECT * FROM merges WHERE undone_at IS NULL AND (? IS NULL OR into_document = ?) ORDER BY id",
        [into, into],
    )
    return [_merge(row) for row in rows]


def merge_of(db: sqlite3.Connection, document: int) -> Merge | None:
    """The merge by which a document went into another one; None when it stands alone."""
    row = db.execute(
        "SELECT m.* FROM merges m JOIN documents d ON d.id = m.document AND d.merged_into IS NOT NULL"
        " WHERE m.document = ? AND m.undone_at IS NULL ORDER BY m.id DESC",
        [document],
    ).fetchone()
    if row is None:
        return None
    merge = _merge(row)
    return _recovered(db, merge) if merge.how is How.UNKNOWN else merge


def later_merge(db: sqlite3.Connection, merge: Merge) -> int | None:
    """A document that joined the same history later, where one of the two was a move: what is whose cannot be told then."""
    found = db.execute(
        "SELECT document, how FROM merges WHERE into_document = ? AND id > ? AND undone_at IS NULL ORDER BY id DESC",
        [merge.into, merge.id],
    ).fetchall()
    ways = [How.MOVE if _move_to(db, merge.into, row["document"]) else How(row["how"]) for row in found]
    return next(
        (row["document"] for row, how in zip(found, ways, strict=True) if How.MOVE in (how, merge.how)), None
    )


def _move_to(db: sqlite3.Connection, into: int, document: int) -> sqlite3.Row | None:
    """The event that told of a document's move to the address at which another one had been found."""
    url = db.execute("SELECT url FROM documents WHERE id = ?", [document]).fetchone()[0]
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM changes WHERE document = ? AND kind = 'moved' AND to_url = ? AND dropped_at IS NULL ORDER BY id DESC",
        [into, url],
    ).fetchone()
    return row


def _recovered(db: sqlite3.Connection, merge: Merge) -> Merge:
    """A move that was made before merges were rows, with what its events say of how things stood."""
    moved = _move_to(db, merge.into, merge.document)
    if moved is None:
        return merge
    untold = db.execute(
        "SELECT id, kind, first_absent_at FROM changes WHERE feed_seq IS NULL AND dropped_at = ? AND (document = ?"
        " OR document = ? AND kind IN ('missing', 'removed')) ORDER BY id",
        [moved["detected_at"], merge.document, merge.into],
    ).fetchall()
    absence = next((row for row in reversed(untold) if row["kind"] in ("missing", "removed")), None)
    keys = [url_key(db.execute("SELECT url FROM documents WHERE id = ?", [merge.document]).fetchone()[0])]
    keys.append(url_key(moved["from_url"]))
    address = "SELECT id FROM addresses WHERE document = ? AND url_key = ?"
    own, kept = ([(r[0], "current") for r in db.execute(address, [merge.into, key])] for key in keys)
    before = Before(
        addresses=tuple(own),
        catalogues=tuple(
            r[0] for r in db.execute("SELECT catalogue FROM listings WHERE document = ?", [merge.into])
        ),
        kept_addresses=tuple(kept),
        kept_versions=db.execute(
            "SELECT number FROM versions WHERE id = ?", [moved["from_version"]]
        ).fetchone()[0],
        kept=(
            moved["from_url"], absence["kind"] if absence else "missing",
            (absence["first_absent_at"] if absence else None) or moved["detected_at"], 1, moved["last_present_at"],
        ),
    )  # fmt: skip
    return replace(
        merge, how=How.MOVE, at=moved["detected_at"], before=before, dropped=tuple(r["id"] for r in untold)
    )


def _merge(row: sqlite3.Row) -> Merge:
    return Merge(
        row["id"], row["document"], row["into_document"], How(row["how"]), row["at"],
        msgspec.json.decode(row["before"], type=Before), tuple(json.loads(row["dropped"])), row["undone_at"],
    )  # fmt: skip


def kept_apart(db: sqlite3.Connection, one: int, other: int) -> bool:
    """Whether a person has said that these two are not one document, by undoing their merge."""
    found = db.execute(
        "SELECT 1 FROM merges WHERE undone_at IS NOT NULL AND (document = :one AND into_document = :other"
        " OR document = :other AND into_document = :one)",
        {"one": one, "other": other},
    ).fetchone()
    return found is not None
