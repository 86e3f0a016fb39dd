"""What counts as the same: a digest over normalised fields, body and attachments. Pure functions.

White space, invisible characters and Unicode composition never make a difference here. Full and half
width, punctuation and wording do: they are recorded, and :mod:`archive.significance` says what they weigh.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from archive.identity import url_key
from archive.model import FIELDS, Attachment, AttachmentState, Citation, Disclosure, Kind

Part = TypeVar("Part", Attachment, Citation)
# Never stored: SQLite's length() stops at NUL, lone surrogates cannot be encoded, controls reach terminals.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Nearly every text is fine as it is. One run over what may be there tells it in half the time of a search for what may not.
_STORABLE = re.compile("[\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\U0010ffff]*+")
_PLAIN = (  # neither white space nor invisible
    "[\u3001-\ufefe\x21-\x84\x00-\x08\x0e-\x1b\x86-\x9f\xa1-\xac\xae-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2065"
    "\u206a-\u2fff\uff00-\U0010ffff]++"
)
_NORMAL_BODY = re.compile(f"{_PLAIN}(?>(?:[ \n]{_PLAIN})*)")
_EMPTY_CELLS = re.compile(r"\t(?:[^\S\n\t]*\t)+")
_END_OF_ROW = re.compile(r"[^\S\n]*(?:\n|\Z)")
_encode = msgspec.json.Encoder(order="sorted").encode
_encode_surrogates = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_NAMES = {part: tuple(f.name for f in fields(part)) for part in (Attachment, Citation)}
_BARE_LABEL = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*")


def storable(text: str) -> str:
    """Text that every part of the archive can hold: no NUL, no control but tab and line ends, no lone surrogate."""
    # The first is quick, and true of every line.
    if text.isprintable() or _STORABLE.fullmatch(text) is not None:
        return text
    return _UNSTORABLE.sub(lambda m: "\ufffd" if m[0] >= "\ud800" else "", text)


def storable_json(value: object) -> str:
    """JSON as columns hold it, :func:`storable`."""
    return storable(_to_json(value))


def storable_disclosure(d: Disclosure) -> Disclosure:
    """The same record with every text :func:`storable`; the same object where nothing had to change."""
    changed: dict[str, Any] = {}
    for spec in FIELDS:
        value = getattr(d, spec.name)
        if not value:
            continue
        if type(value) is str:
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
        name: storable(value)
        for name in _NAMES[type(part)]
        if type(value := getattr(part, name)) is str and _STORABLE.fullmatch(value) is None
    }
    return replace(part, **changed) if changed else part


def normalise_text(text: str) -> str:
    """One line for comparison: composed (NFC), no invisible characters, runs of white space as one space."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def normalise_body(text: str) -> str:
    """A body for comparison: as :func:`normalise_text`, line by line, without empty lines; empty cells of a row count."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _NORMAL_BODY.fullmatch(text) is not None:
        return text
    text = _INVISIBLE.sub("", text)
    if "\t\t" in text:  # 城东␉␉√ and 城东␉√ say different things
        text = _EMPTY_CELLS.sub(_counted, text)
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _counted(cells: re.Match[str]) -> str:
    """A mark for each empty cell between two that are filled; what ends a row is white space."""
    ends = _END_OF_ROW.match(cells.string, cells.end()) is not None
    return " " if ends else "\x01" * (cells.group().count("\t") - 1) + " "


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
    content = normalise_for_compare(d)
    try:
        encoded = _encode(content).replace(b"\x7f", b"")  # as storable(): JSON escapes the other controls
    except UnicodeEncodeError:  # lone surrogates
        encoded = storable(_encode_surrogates(content)).encode()
    return hashlib.sha256(encoded).hexdigest()


def keep_known_hashes(new: Disclosure, old: Iterable[Attachment]) -> Disclosure:
    """``new`` with what is known of each attachment that was not obtained or not read this time.

    One whose file was not obtained keeps the last known hash and the name that its server gave; it is recognised by its
    address, or where that is a new one by its name. One whose file is a known one keeps its text where none was read.
    """
    known = [a for a in old if a.sha256]
    if not new.attachments or not known:
        return new
    by_url = {url_key(a.url): a for a in known}
    by_hash: dict[str | None, Attachment] = {a.sha256: a for a in known}
    taken = {url_key(a.url) for a in new.attachments}
    moved = _moved(
        [a for a in known if url_key(a.url) not in taken],
        [a for a in new.attachments if url_key(a.url) not in by_url],
    )
    merged = []
    for a in new.attachments:
        k = by_url.get(url_key(a.url)) or (moved.get(a.url) if a.sha256 is None else None)
        if k is not None and a.state is not AttachmentState.FETCHED and is_bare_name(a.name, a.url):
            a = replace(a, name=k.name)  # noqa: PLW2901
        if a.sha256 is None and k is not None:
            a = replace(a, sha256=k.sha256)  # noqa: PLW2901
        if a.text is None and (same := by_hash.get(a.sha256)) is not None:
            a = replace(a, size=same.size, text=same.text, media_type=same.media_type or a.media_type)  # noqa: PLW2901
        merged.append(a)
    return replace(new, attachments=tuple(merged))


def _moved(gone: Sequence[Attachment], come: Sequence[Attachment]) -> dict[str, Attachment]:
    """Address → the attachment that stood under its name before: one, or in their order as many as have that name now."""
    found: dict[str, Attachment] = {}
    for name in {a.name for a in gone}:
        before, after = ([a for a in group if a.name == name] for group in (gone, come))
        if len(before) == len(after):
            found.update(zip((a.url for a in after), before, strict=True))
    return found


def is_bare_name(name: str, url: str) -> bool:
    """Whether an attachment's name says no more than its address or its number (附件2), and yields to the server's."""
    if _BARE_LABEL.fullmatch(name):
        return True
    path = unquote_to_bytes(url.partition("#")[0].encode("utf-8", "replace"))
    return any(name.encode(encoding, "replace") in path for encoding in ("utf-8", "gb18030"))


def with_served_names(old: Disclosure, new: Iterable[Attachment]) -> Disclosure:
    """``old`` with the names that servers have given by now to attachments that had bare ones."""
    if not old.attachments:
        return old
    served = {url_key(a.url): a.name for a in new}
    return replace(
        old,
        attachments=tuple(
            replace(a, name=served[url_key(a.url)])
            if url_key(a.url) in served and is_bare_name(a.name, a.url)
            else a
            for a in old.attachments
        ),
    )


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
