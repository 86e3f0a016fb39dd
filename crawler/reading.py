"""What the spider and a later reading of the same capture have in common: bytes and context in, record out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive.model import Extraction
from crawler.extract.charset import Decoded
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.rules import ExtractionRules
from crawler.platforms.base import ListRow


def context_of(row: ListRow | None) -> str | None:
    """What a catalogue's row said of a document, as `addresses.context` keeps it; None when it said nothing."""
    if row is None or not (row.record or row.hints):
        return None
    return json.dumps({"record": row.record, "hints": dict(row.hints)}, ensure_ascii=False, sort_keys=True)


def extract_with_context(
    body: bytes,
    url: str,
    content_type: str | None,
    context: str | None,
    book: FieldBook,
    rules: ExtractionRules,
    decoded: Decoded | None = None,
    *,
    classified: bool = False,
) -> Extraction:
    """A page together with what its catalogue's row said of it.

    ``decoded`` and ``classified`` are what :func:`crawler.answers.read_answer` already found out.
    """
    given: Mapping[str, Any] = json.loads(context) if context else {}
    return extract_page(
        body, url, book=book, content_type=content_type, rules=rules, hints=given.get("hints") or None,
        api_record=given.get("record") or None, decoded=decoded, classified=classified,
    )  # fmt: skip
