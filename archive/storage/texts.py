"""Texts, content-addressed: those of current versions whole and searchable, those of superseded ones as deltas.

`bodies.text` is NULL where ``packed`` holds the text: a zstd frame that needs the text of ``base_sha256``, the one that
took its place, which may be packed itself by now. A base is whole when something is made to stand on it, so chains
lead forward in time and end at a whole text. A text is exact: what is unpacked has its SHA-256, or is refused.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import suppress

from archive.fingerprint import storable
from archive.storage import compression

ALONE_EVERY = 32  # versions: a text stands alone, so that no chain grows without end
_LONGEST_CHAIN = 1000  # longer than any, merged histories included
_MOST_BYTES_OF_A_CHARACTER = 4


class TextDamagedError(ValueError):
    """A packed text cannot be had again; the message names the row."""


def store(db: sqlite3.Connection, text: str | None) -> str | None:
    """Keep a text once, whole; its SHA-256, None for no text. One that was packed becomes whole again."""
    if text is None:
        return None
    text = storable(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    db.execute(
        "INSERT INTO bodies (sha256, text, length) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE"
        " SET text = excluded.text, packed = NULL, base_sha256 = NULL WHERE text IS NULL",
        [sha256, text, len(text)],
    )
    return sha256


def read(db: sqlite3.Connection, sha256: str | None) -> str | None:
    """The text with that hash, whole or packed; None for no hash.

    Raises LookupError when it is not stored, TextDamagedError when it cannot be unpacked.
    """
    if sha256 is None:
        return None
    chain: list[tuple[str, int, bytes]] = []
    wanted, content = sha256, b""
    while True:
        row = db.execute(
            "SELECT text, length, packed, base_sha256 FROM bodies WHERE sha256 = ?", [wanted]
        ).fetchone()
        if row is None:
            raise LookupError(f"archive.db: bodies {wanted}: is not there")
        if row[0] is not None:
            if not chain:
                return str(row[0])
            content = row[0].encode()
            break
        chain.append((wanted, row[1], row[2]))
        if len(chain) > _LONGEST_CHAIN:
            raise TextDamagedError(f"archive.db: bodies {sha256}: its chain of bases does not end")
        if row[3] is None:
            break
        wanted = row[3]
    for key, length, packed in reversed(chain):
        content = _unpack(key, length, packed, content)
    return content.decode()


def _unpack(sha256: str, length: object, packed: object, base: bytes) -> bytes:
    where = f"archive.db: bodies {sha256}:"
    if not isinstance(packed, bytes) or not isinstance(length, int):
        raise TextDamagedError(f"{where} holds neither a text nor a frame")
    try:
        size = compression.content_length(packed, most=_MOST_BYTES_OF_A_CHARACTER * length)
        content = compression.decompress(packed, size, base=base or None)
    except compression.FrameError as error:
        raise TextDamagedError(f"{where} cannot be unpacked ({error})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise TextDamagedError(
            f"{where} the text does not match its SHA-256, or the one it stands on is damaged"
        )
    return content


def supersede(db: sqlite3.Connection, old: int, new: int) -> None:
    """Pack the texts of a version that another one has taken the place of. Call after the search index follows."""
    number, body, after, current = db.execute(
        "SELECT v.number, v.body_sha256, n.body_sha256, d.body_sha256 FROM versions v JOIN documents d ON d.id = v.document"
        " JOIN versions n ON n.id = ? WHERE v.id = ?",
        [new, old],
    ).fetchone()
    alone = number % ALONE_EVERY == 0
    if body is not None and body != after:
        _pack(db, body, () if alone else (after, current))
    attached = "SELECT url, text_sha256 FROM attachments WHERE version = ? ORDER BY position"
    if not (files := db.execute(attached, [old]).fetchall()):
        return
    replaced = db.execute(attached, [new]).fetchall()
    by_url = {row[0]: row[1] for row in replaced}
    for position, (url, text) in enumerate(files):
        base = by_url.get(url) or (replaced[position][1] if position < len(replaced) else None)
        if text is not None and text != base:
            _pack(db, text, () if alone else (base,))


def _pack(db: sqlite3.Connection, sha256: str, bases: Iterable[str | None]) -> None:
    """Pack a text against the first base that is whole; a text that some current version has stays as it is."""
    if _is_current(db, sha256) or (content := _whole(db, sha256)) is None:
        return
    packed, base = None, None
    for base in bases:
        if base is not None and base != sha256 and (other := _whole(db, base)) is not None:
            packed = compression.delta(content, other)
            break
    if packed is None:
        base, packed = None, compression.compress(content)
    db.execute(
        "UPDATE bodies SET text = NULL, packed = ?, base_sha256 = ? WHERE sha256 = ?", [packed, base, sha256]
    )


def _whole(db: sqlite3.Connection, sha256: str) -> bytes | None:
    row = db.execute("SELECT CAST(text AS BLOB) FROM bodies WHERE sha256 = ?", [sha256]).fetchone()
    return row[0] if row is not None else None


def make_whole(db: sqlite3.Connection, hashes: Collection[str]) -> None:
    """Unpack texts, because versions that have them are current (again)."""
    rows = db.execute(
        "SELECT sha256 FROM bodies WHERE sha256 IN (SELECT value FROM json_each(?)) AND text IS NULL",
        [json.dumps(list(hashes))],
    ).fetchall()
    for (sha256,) in rows:
        db.execute(
            "UPDATE bodies SET text = ?, packed = NULL, base_sha256 = NULL WHERE sha256 = ?",
            [read(db, sha256), sha256],
        )


def forget(db: sqlite3.Connection, hashes: Iterable[str]) -> int:
    """Delete texts that no version, document or attachment holds any more; their number. In the caller's transaction.

    What is packed against one of them is packed anew first; what of that is damaged already stays so.
    """
    gone = 0
    for sha256 in hashes:
        if db.execute(_HELD, {"text": sha256}).fetchone() is not None:
            continue
        for (above,) in db.execute("SELECT sha256 FROM bodies WHERE base_sha256 = ?", [sha256]).fetchall():
            _stand_alone(db, above)
        gone += db.execute("DELETE FROM bodies WHERE sha256 = ?", [sha256]).rowcount
    return gone


def _stand_alone(db: sqlite3.Connection, sha256: str) -> None:
    packed = None
    with suppress(TextDamagedError, LookupError):
        packed = compression.compress((read(db, sha256) or "").encode())
    db.execute(
        "UPDATE bodies SET packed = coalesce(?, packed), base_sha256 = NULL WHERE sha256 = ?",
        [packed, sha256],
    )


_HELD = (
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM versions WHERE body_sha256 = :text)"
    " OR EXISTS (SELECT 1 FROM documents WHERE body_sha256 = :text)"
    " OR EXISTS (SELECT 1 FROM attachments WHERE text_sha256 = :text)"
)


def _is_current(db: sqlite3.Connection, sha256: str) -> bool:
    found = db.execute(
        "SELECT EXISTS (SELECT 1 FROM documents WHERE body_sha256 = :text)"
        " OR EXISTS (SELECT 1 FROM attachments a JOIN versions v ON v.id = a.version JOIN documents d ON d.id = v.document"
        " WHERE a.text_sha256 = :text AND d.current_version = a.version)",
        {"text": sha256},
    ).fetchone()
    return bool(found[0])
