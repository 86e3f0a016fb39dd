"""What counts as the same: a digest over normalised fields, body and attachments. Pure functions.

White space, invisible characters and Unicode composition never make a difference here. Full and half
width, punctuation and wording do: they are recorded, and :mod:`archive.significance` says what they weigh.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from archive.identity import url_key
from archive.model import FIELDS, Attachment, AttachmentState, Citation, Disclosure, Kind

Part = TypeVar("Part", Attachment, Citation)
# Never stored: SQLite's length() stops at NUL, lone surrogates cannot be encoded, controls reach terminals.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_INLINE_SPACE = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"[ ]*[\n\r\v\f\u2028\u2029]+[ ]*")


def storable(text: str) -> str:
    """Text that every part of the archive can hold: no NUL, no control but tab and line ends, no lone surrogate."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda m: "\ufffd" if m[0] >= "\ud800" else "", text)


def storable_disclosure(d: Disclosure) -> Disclosure:
    """The same record with every text :func:`storable`; the same object where nothing had to change."""
    changed: dict[str, Any] = {}
    for spec in FIELDS:
        value = getattr(d, spec.name)
        if isinstance(value, str):
            clean: Any = storable(value)
        elif spec.kind is Kind.LIST:
            clean = tuple(storable(item) for item in value)
        elif spec.kind is Kind.PARTS:
            clean = tuple(_storable_part(part) for part in value)
        else:
            continue
        if clean != value:
            changed[spec.name] = clean
    return replace(d, **changed) if changed else d


def _storable_part(part: Part) -> Part:
    changed: dict[str, Any] = {
        f.name: storable(value)
        for f in fields(part)
        if type(value := getattr(part, f.name)) is str and _UNSTORABLE.search(value)
    }
    return replace(part, **changed) if changed else part


def normalise_text(text: str) -> str:
    """One line for comparison: composed (NFC), no invisible characters, runs of white space as one space."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", text).strip()


def normalise_body(text: str) -> str:
    """A body for comparison: as :func:`normalise_text`, line by line, without empty lines."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _LINE_ENDS.sub("\n", _INLINE_SPACE.sub(" ", text)).strip(" \n")


def _attachment_identity(attachment: Attachment) -> list[str]:
    name = normalise_text(attachment.name)
    if attachment.sha256:
        return [name, attachment.sha256]
    return [name, "", url_key(attachment.url)]


def normalise_for_compare(d: Disclosure) -> dict[str, Any]:
    """The JSON-able content that a fingerprint covers: field name → normalised value, empty ones left out.

    An attachment counts by name and SHA-256, one never fetched by name and address.
    """
    content: dict[str, Any] = {}
    for spec in FIELDS:
        value = getattr(d, spec.name)
        if not spec.fingerprint or value is None or value == ():
            continue
        if spec.kind is Kind.BODY:
            content[spec.name] = normalise_body(value)
        elif spec.kind is Kind.LIST:
            content[spec.name] = [normalise_text(item) for item in value]
        elif spec.kind is Kind.PARTS:
            content[spec.name] = [_attachment_identity(item) for item in value]
        elif isinstance(value, str):
            content[spec.name] = normalise_text(value)
        else:
            content[spec.name] = value.isoformat()
    return {name: value for name, value in content.items() if value}


def fingerprint(d: Disclosure) -> str:
    """SHA-256 (hex) of :func:`normalise_for_compare`: equal for what counts as the same content."""
    content = json.dumps(normalise_for_compare(d), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(storable(content).encode()).hexdigest()


def keep_known_hashes(new: Disclosure, old: Iterable[Attachment]) -> Disclosure:
    """``new`` with the last known hash, size and text of each attachment that was not obtained this time."""
    if not new.attachments:
        return new
    known = {url_key(a.url): a for a in old if a.sha256}
    if not known:
        return new
    merged = tuple(
        replace(a, sha256=k.sha256, size=k.size, text=k.text, media_type=a.media_type or k.media_type)
        if a.sha256 is None and (k := known.get(url_key(a.url))) is not None
        else a
        for a in new.attachments
    )
    return replace(new, attachments=merged)


def without_first_hashes(new: Disclosure, old: Iterable[Attachment]) -> Disclosure:
    """``new`` as it would look had the attachments that were never fetched before not been fetched now either.

    Learning a file's hash for the first time is not a change of the document.
    """
    unknown = {url_key(a.url) for a in old if a.sha256 is None}
    if not unknown:
        return new
    return replace(
        new,
        attachments=tuple(
            replace(a, sha256=None, size=None, text=None, state=AttachmentState.NOT_FETCHED)
            if url_key(a.url) in unknown
            else a
            for a in new.attachments
        ),
    )


def same_but_for_addresses(old: Disclosure, new: Disclosure) -> bool:
    """Whether a document that moved kept its content: files not fetched on either side compare by name only."""

    def content(d: Disclosure) -> dict[str, Any]:
        bare = replace(d, attachments=())
        return normalise_for_compare(bare)

    if content(old) != content(new) or len(old.attachments) != len(new.attachments):
        return False
    return all(
        normalise_text(a.name) == normalise_text(b.name)
        and (not a.sha256 or not b.sha256 or a.sha256 == b.sha256)
        for a, b in zip(old.attachments, new.attachments, strict=True)
    )
