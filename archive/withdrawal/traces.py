"""By what a withdrawn version is known again when another extractor reads it at another address: digests, and no content."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata

from archive.identity import TELLING_BODY_LENGTH
from archive.model import Disclosure
from archive.rows import load_disclosure

TEXT = ("titled_text", "text")
NAMES = ("document_number", "index_number")


def traces(record: Disclosure, kinds: tuple[str, ...] = (*NAMES, *TEXT)) -> list[str]:
    """SHA-256 of what a move is known by (archive.identity.agreement): title and number, title and index number, the text.

    Of letters and digits alone: white space and marks are what extractors read otherwise. A name never stands alone, and a short
    text (见附件。) not without its title: they would be another document's as well.
    """
    title, number, index = (_letters(v) for v in (record.title, record.document_number, record.index_number))
    text = _letters(record.body_text)
    known_by = {
        "document_number": (title, number),
        "index_number": (title, index, _letters(record.issuing_body)),
        "titled_text": (title, text),
        "text": (text if len(text) >= TELLING_BODY_LENGTH else "",),
    }
    return [
        hashlib.sha256(json.dumps([kind, *values]).encode()).hexdigest()
        for kind, values in known_by.items()
        if kind in kinds and all(values)
    ]


def traces_of(db: sqlite3.Connection, version: int) -> str:
    """Those of a stored version, as its row keeps them: JSON. Of one that is damaged none are left."""
    try:
        return json.dumps(traces(load_disclosure(db, version)))
    except (LookupError, ValueError):
        return "[]"


def _letters(text: str | None) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text or "") if c.isalnum())
