"""What the ledger says of a version's captures: observations, the paths from them to an entry, and to a head."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive import ledger, outcomes
from archive.store import ArchiveError
from archive.withdrawal.withheld import SAID_SINCE

Path = list[tuple[str, bytes]]


class ProofError(ArchiveError):
    """A proof that cannot be given; the message says why and what to do."""


class HeadError(ProofError):
    """What was given for a head is none, or none that a proof of this version can lead to."""


@dataclass(frozen=True, slots=True)
class Source:
    """A capture that a version was read from. ``at`` is when the version was found in it."""

    site: str
    url: str
    sha256: str
    capture: str
    role: str
    locator: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer as the ledger holds it, with its path to the root of its run. ``entry`` is (seq, at, leaves, root)."""

    leaf: ledger.Leaf
    path: Path
    entry: tuple[int, str, int, str]


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the ledger, and for each entry that it covers the path to the root of its tree."""

    seq: int
    at: str
    previous_head: str
    head: str
    paths: dict[int, Path]


def sources(db: sqlite3.Connection, version: int, *, attachments: bool) -> list[Source]:
    """The captures of a version: pages and answers first, then attachments, each once."""
    rows = db.execute(
        "SELECT d.site, s.url, s.sha256, s.capture, s.role, s.locator, s.captured_at FROM version_sources s"
        " JOIN versions v ON v.id = s.version JOIN documents d ON d.id = v.document WHERE s.version = ?"
        " ORDER BY s.role = 'attachment', s.role = 'part', s.role, s.captured_at, length(s.url), s.url",
        [version],
    ).fetchall()
    found = {row["capture"]: Source(*row) for row in rows if attachments or row["role"] != "attachment"}
    if attachments:  # a file that its server confirmed (304) is no source of its own: it was fetched for an earlier version
        kept = db.execute(
            "SELECT d.site, o.url, o.body_sha256, o.capture, 'attachment', NULL, v.first_seen_at FROM attachments a"
            " JOIN versions v ON v.id = a.version JOIN documents d ON d.id = v.document JOIN observations o"
            " ON o.site = d.site AND o.url = a.url AND o.body_sha256 = a.sha256 WHERE a.version = ? ORDER BY a.position, o.id",
            [version],
        )
        for row in kept:
            found.setdefault(row["capture"], Source(*row))
    return list(found.values())


def is_withheld(db: sqlite3.Connection, source: Source) -> bool:
    """Whether a withdrawn version was read from a capture too: one answer may hold many documents, many have one file.

    Or it is what the address of a document says that was withdrawn with all that it will say.
    """
    of_versions = "SELECT 1 FROM version_sources s JOIN versions v ON v.id = s.version WHERE s.sha256 = ? AND v.withdrawn_at IS NOT NULL"
    since = f"SELECT 1 FROM ({SAID_SINCE}) WHERE capture = ?"  # noqa: S608 — a constant
    return any(
        db.execute(sql, [value]).fetchone() is not None
        for sql, value in ((of_versions, source.sha256), (since, source.capture))
    )


def observations(db: sqlite3.Connection, source: Source) -> list[Observation]:
    """When the archive saw this capture: first of all, when the version was found in it, and last.

    Raises ProofError when the ledger does not hold one of them.
    """
    stretches = db.execute(
        "SELECT id, first_at, last_at FROM observations WHERE site = ? AND url = ? AND capture = ? ORDER BY first_at, id",
        [source.site, source.url, source.capture],
    ).fetchall()
    if not stretches:
        raise ProofError(f"{source.url}: no observation holds this capture; run `gongkai verify`")
    began = [s for s in stretches if s["first_at"] <= source.at] or stretches[:1]
    found = {row["id"]: _line(db, source, row["id"], row["first_at"]) for row in (stretches[0], began[-1])}
    wanted: list[tuple[int, int] | None] = list(found.values())
    if began[-1]["last_at"] != began[-1]["first_at"]:
        wanted.append(_last(db, source, began[-1]["id"], began[-1]["last_at"]))
    distinct = dict.fromkeys(place for place in wanted if place is not None)
    return [_observation(db, run, position) for run, position in distinct]


def _runs(db: sqlite3.Connection, site: str, at: str) -> Iterator[int]:
    """Runs of a site that may have asked at an instant, the likeliest first."""
    rows = db.execute(
        "SELECT id FROM runs WHERE site = ? AND started_at <= ? ORDER BY started_at DESC, id DESC", [site, at]
    ).fetchall()
    yield from (row[0] for row in rows)


def _asked(db: sqlite3.Connection, run: int) -> list[outcomes.Asked]:
    try:
        return [asked for frame in outcomes.frames_of(db, run) for asked in outcomes.decode(frame)]
    except outcomes.OutcomesDamagedError as error:
        raise ProofError(
            f"runs {run}: its outcomes cannot be read ({error}); restore a backup, see `gongkai verify`"
        ) from error


def _line(db: sqlite3.Connection, source: Source, observation: int, at: str) -> tuple[int, int]:
    """Run and position of the answer that began a stretch."""
    for run in _runs(db, source.site, at):
        for position, asked in enumerate(_asked(db, run)):
            if asked.observation == observation and asked.first:
                return run, position
    raise ProofError(f"{source.url}: no collection holds its answer of {at}; run `gongkai verify`")


def _last(db: sqlite3.Connection, source: Source, observation: int, at: str) -> tuple[int, int] | None:
    """Run and position of the newest answer of a stretch that brought the body; a 304 brings none."""
    for run in _runs(db, source.site, at):
        if db.execute("SELECT 1 FROM ledger WHERE run = ?", [run]).fetchone() is None:
            continue  # it runs still
        found = [
            position
            for position, asked in enumerate(_asked(db, run))
            if asked.observation == observation and not asked.not_modified
        ]
        if found:
            return run, found[-1]
    return None


def _observation(db: sqlite3.Connection, run: int, position: int) -> Observation:
    entry = db.execute("SELECT seq, at, leaves, merkle_root FROM ledger WHERE run = ?", [run]).fetchone()
    if entry is None:
        raise ProofError(
            f"the collection {run} is not in the ledger yet: it has not ended, or died; collect its site again first"
        )
    try:
        lines = list(outcomes.lines(db, run))
    except outcomes.OutcomesDamagedError as error:
        raise ProofError(f"runs {run}: {error}; run `gongkai verify`") from error
    hashes = outcomes.leaf_hashes(lines)
    if ledger.merkle_root(hashes).hex() != entry["merkle_root"]:
        raise ProofError(f"ledger {entry['seq']}: its root is not that of its outcomes; run `gongkai verify`")
    return Observation(
        lines[position].leaf,
        ledger.inclusion_path(hashes, position),
        (entry["seq"], entry["at"], entry["leaves"], entry["merkle_root"]),
    )


def heads(db: sqlite3.Connection, entries: Sequence[int], wanted: Sequence[str]) -> list[Head]:
    """The heads of the first and the last of these entries, the newest, and those asked for; paths from the entries to each.

    ``wanted`` are heads as a person holds them: hex, at least 12 digits of it. Raises HeadError for one that the ledger
    does not hold.
    """
    newest = db.execute("SELECT max(seq) FROM ledger").fetchone()[0]
    numbers = {min(entries), max(entries), newest, *(_number(db, text, min(entries)) for text in wanted)}
    return [_head(db, seq, [e for e in entries if e <= seq]) for seq in sorted(numbers)]


def _number(db: sqlite3.Connection, text: str, first: int) -> int:
    given = text.strip().lower()
    if len(given) < 12 or set(given) - set("0123456789abcdef"):
        raise HeadError(f"--head {text!r}: a head is 64 hexadecimal digits; give at least the first 12")
    rows = db.execute("SELECT seq FROM ledger WHERE substr(head, 1, ?) = ?", [len(given), given]).fetchall()
    if len(rows) != 1:
        raise HeadError(
            f"--head {text!r}: the ledger of this archive holds no such head; was it one of another archive, or of one"
            " that has since been replaced by a backup?"
        )
    if rows[0][0] < first:
        raise HeadError(
            f"--head {text!r}: it is of entry {rows[0][0]}, before the first observation of this version (entry {first})"
        )
    return int(rows[0][0])


def _head(db: sqlite3.Connection, seq: int, entries: Sequence[int]) -> Head:
    def row_of(place: int) -> Any:
        row = db.execute("SELECT * FROM ledger WHERE seq = ?", [place]).fetchone()
        if row is None:
            raise ProofError(f"ledger {place}: the entry is not there; run `gongkai verify`")
        return row

    def entry_at(place: int) -> bytes:
        row = row_of(place)
        return ledger.entry_hash(place, row["at"], row["leaves"], row["merkle_root"])

    def subtree_at(place: int) -> bytes:
        return bytes.fromhex(row_of(place)["subtree"])

    row = row_of(seq)
    paths = {entry: ledger.entry_path(entry, seq, entry_at, subtree_at) for entry in entries}
    for entry, path in paths.items():
        root = ledger.root_from_path(entry_at(entry), path)
        if ledger.next_head(row["previous_head"], root) != row["head"]:
            raise ProofError(
                f"ledger {seq}: its head does not follow from the entries up to it; run `gongkai verify`"
            )
    return Head(seq, row["at"], row["previous_head"], row["head"], paths)


def as_json(path: Path) -> list[list[str]]:
    """A path for JSON: [side, hex]."""
    return [[side, sibling.hex()] for side, sibling in path]


def dump(value: object) -> bytes:
    """JSON as the folder holds it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
