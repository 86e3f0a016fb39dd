"""Records as database rows and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import msgspec

from archive.fingerprint import storable, storable_json
from archive.model import (
    COLUMN_FIELDS,
    Attachment,
    AttachmentState,
    Citation,
    Disclosure,
    Evidence,
    Kind,
    Relation,
)
from archive.storage import texts
from archive.times import iso, parse

_NAMES = [spec.name for spec in COLUMN_FIELDS]


class RowDamagedError(ValueError):
    """A row of archive.db holds what nothing writes there; the message names it."""


@contextmanager
def reading(table: str, key: int) -> Iterator[None]:
    """Values of a row are read; those that are none of theirs are told as RowDamagedError."""
    try:
        yield
    except (RowDamagedError, texts.TextDamagedError):
        raise
    except (ValueError, TypeError) as error:
        raise RowDamagedError(f"archive.db: {table} {key}: {error}") from error


def to_column(value: object) -> str | None:
    """A record's value as its column holds it."""
    if type(value) is str:
        return storable(value)
    if value is None or value == ():
        return None
    if isinstance(value, tuple):
        return storable_json(value)
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else storable(str(value))


def record_columns(disclosure: Disclosure) -> list[str | None]:
    """Values of archive.model.COLUMN_FIELDS, in their order."""
    return [to_column(getattr(disclosure, spec.name)) for spec in COLUMN_FIELDS]


def _from_column(kind: Kind, value: str) -> object:
    if kind is Kind.LIST:
        return tuple(json.loads(value))
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return parse(value) if kind is Kind.INSTANT else value


def disclosure_from(
    row: Mapping[str, Any] | sqlite3.Row,
    body: str | None,
    attachments: Iterable[Attachment] = (),
    citations: Iterable[Citation] = (),
) -> Disclosure:
    """The record of a row of `versions` or `documents`."""
    values: dict[str, Any] = {
        spec.name: _from_column(spec.kind, value)
        for spec in COLUMN_FIELDS
        if (value := row[spec.name]) is not None
    }
    return Disclosure(**values, body_text=body, attachments=tuple(attachments), citations=tuple(citations))


def load_attachments(db: sqlite3.Connection, version: int) -> tuple[Attachment, ...]:
    """The attachments of a version, with their texts."""
    rows = db.execute(
        "SELECT name, url, media_type, sha256, size, text_sha256, state FROM attachments"
        " WHERE version = ? ORDER BY position",
        [version],
    ).fetchall()
    return tuple(
        Attachment(
            name=r[0],
            url=r[1],
            media_type=r[2],
            sha256=r[3],
            size=r[4],
            text=texts.read(db, r[5]),
            state=AttachmentState(r[6]),
        )
        for r in rows
    )


def load_citations(db: sqlite3.Connection, version: int) -> tuple[Citation, ...]:
    """The citations of a version."""
    rows = db.execute(
        "SELECT relation, document_number, title, quote FROM citations WHERE version = ? ORDER BY id",
        [version],
    )
    return tuple(
        Citation(relation=Relation(r[0]), document_number=r[1], title=r[2], quote=r[3] or "") for r in rows
    )


def load_disclosure(db: sqlite3.Connection, version: int) -> Disclosure:
    """The record of a version. Raises LookupError when there is none, or its text is gone, TextDamagedError, RowDamagedError."""
    sql = f"SELECT body_sha256, {', '.join(_NAMES)} FROM versions WHERE id = ?"  # noqa: S608
    row = db.execute(sql, [version]).fetchone()
    if row is None:
        raise LookupError(f"version {version}")
    body, *values = row
    record = dict(zip(_NAMES, values, strict=True))
    with reading("versions", version):
        return disclosure_from(
            record, texts.read(db, body), load_attachments(db, version), load_citations(db, version)
        )


def evidence_json(evidence: tuple[Evidence, ...]) -> str:
    """Evidence as stored."""
    return storable(msgspec.json.encode(evidence).decode())


def evidence_from(text: str | None) -> tuple[Evidence, ...]:
    """Evidence from storage."""
    return msgspec.json.decode(text, type=tuple[Evidence, ...]) if text else ()
