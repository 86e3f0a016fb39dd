"""What became of every address that a run asked for: stored in columns, read back as lines and as ledger leaves.

An outcome is told relative to its row in `observations`: which stretch it began or went on with, and when. That
makes a repeated answer cost about a byte, where its address and hashes would cost a hundred. A frame is JSON,
compressed with zstd, of the outcomes of one batch; when the run ends, its frames become one (`runs.outcomes`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate, pairwise

import msgspec
import zstandard

from archive import epochs, ledger
from archive.batch import Outcome, Role
from archive.times import iso, parse

_ROLES = tuple(Role)
_LARGEST_FRAME = 256 << 20
_LOOKED_UP_AT_ONCE = 500


class OutcomesDamagedError(ValueError):
    """A frame cannot be read; the message says how."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One scheduled address and what became of it.

    ``first``: it began its stretch of observations. ``not_modified``: it went on with a stretch of another
    outcome because the server said 304.
    """

    observation: int
    at: str
    first: bool
    not_modified: bool
    role: Role
    status: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One scheduled address in full, as `observations` completes it."""

    url: str
    at: str
    outcome: str
    headers_sha256: str | None
    body_sha256: str | None
    role: str
    status: int | None
    detail: str | None
    observation: int

    @property
    def leaf(self) -> ledger.Leaf:
        """What the ledger says of it."""
        return ledger.Leaf(self.url, self.at, self.outcome, self.headers_sha256, self.body_sha256)


class _Columns(msgspec.Struct, forbid_unknown_fields=True):
    observation: list[int]  # the first one, then differences
    at: list[int]  # seconds since 1970, the first one, then differences
    mode: list[int]  # 0 goes on, 1 begins its stretch, 2 goes on by a 304
    role: list[int]  # position in archive.batch.Role
    status: list[int]  # 0 for none
    detail: dict[int, str]  # position → words


_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder(_Columns).decode


def _differences(values: list[int]) -> list[int]:
    return [*values[:1], *(b - a for a, b in pairwise(values))]


def encode(outcomes: Sequence[Asked]) -> bytes:
    """One frame."""
    columns = _Columns(
        observation=_differences([o.observation for o in outcomes]),
        at=_differences([int(parse(o.at).timestamp()) for o in outcomes]),
        mode=[2 if o.not_modified else int(o.first) for o in outcomes],
        role=[_ROLES.index(o.role) for o in outcomes],
        status=[o.status or 0 for o in outcomes],
        detail={n: o.detail for n, o in enumerate(outcomes) if o.detail},
    )
    return _compressed(columns)


def _compressed(columns: _Columns) -> bytes:
    return zstandard.ZstdCompressor(level=9).compress(_to_json(columns))


def _columns(frame: bytes) -> _Columns:
    """Raises OutcomesDamagedError."""
    try:
        if not 0 < zstandard.frame_content_size(frame) <= _LARGEST_FRAME:
            raise OutcomesDamagedError("the frame states no believable size")
        return _from_json(zstandard.ZstdDecompressor().decompress(frame))
    except (zstandard.ZstdError, msgspec.DecodeError) as error:
        raise OutcomesDamagedError(str(error)) from error


def decode(frame: bytes) -> list[Asked]:
    """The outcomes in a frame. Raises OutcomesDamagedError."""
    columns = _columns(frame)
    try:
        rows = zip(
            accumulate(columns.observation), accumulate(columns.at), columns.mode, columns.role, columns.status,
            strict=True,
        )  # fmt: skip
        return [
            Asked(
                observation, iso(datetime.fromtimestamp(at, UTC)), mode == 1, mode == 2, _ROLES[role],
                status or None, columns.detail.get(n),
            )
            for n, (observation, at, mode, role, status) in enumerate(rows)
        ]  # fmt: skip
    except (ValueError, IndexError, OverflowError, OSError) as error:
        raise OutcomesDamagedError(str(error)) from error


def frames_of(db: sqlite3.Connection, run: int) -> list[bytes]:
    """The frames of a run, in order: one when it has ended."""
    stored = db.execute("SELECT outcomes FROM runs WHERE id = ?", [run]).fetchone()
    frames = [stored[0]] if stored is not None and stored[0] else []
    rows = db.execute("SELECT outcomes FROM run_outcomes WHERE run = ? ORDER BY batch", [run])
    return frames + [row[0] for row in rows]


def lines(db: sqlite3.Connection, run: int) -> Iterator[Line]:
    """Every address that a run asked for, in order. Raises OutcomesDamagedError."""
    for frame in frames_of(db, run):
        yield from complete(db, decode(frame))


@dataclass(slots=True)
class Tally:
    """The addresses of a run by outcome: how many of each, and the first of those that were chosen."""

    counts: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[Line]] = field(default_factory=dict)


def tally(db: sqlite3.Connection, run: int, chosen: Collection[str], limit: int) -> Tally:
    """Count a run's addresses, and keep at most ``limit`` of each chosen outcome. Raises OutcomesDamagedError."""
    told = Tally()
    for line in lines(db, run):
        told.counts[line.outcome] += 1
        if line.outcome in chosen and told.counts[line.outcome] <= limit:
            told.named.setdefault(line.outcome, []).append(line)
    return told


def complete(db: sqlite3.Connection, outcomes: Sequence[Asked]) -> Iterator[Line]:
    """Outcomes with what `observations` says of them. Raises OutcomesDamagedError when a row is not there."""
    for start in range(0, len(outcomes), _LOOKED_UP_AT_ONCE):
        chunk = outcomes[start : start + _LOOKED_UP_AT_ONCE]
        marks = ",".join("?" * len(chunk))
        stretches = {
            row[0]: row
            for row in db.execute(
                "SELECT s.id, p.url, s.outcome, s.headers_sha256, s.body_sha256 FROM stretches s"  # noqa: S608
                f" JOIN places p ON p.id = s.place WHERE s.id IN ({marks})",
                [o.observation for o in chunk],
            )
        }
        for o in chunk:
            if (row := stretches.get(o.observation)) is None:
                raise OutcomesDamagedError(f"stretches {o.observation} is not there")
            outcome = Outcome.NOT_MODIFIED.value if o.not_modified else row[2]
            yield Line(
                row[1], o.at, outcome, _hex(row[3]) if o.first else None, None if o.not_modified else _hex(row[4]),
                o.role.value, o.status, o.detail, o.observation,
            )  # fmt: skip


def _hex(digest: bytes | None) -> str | None:
    """Raises TypeError for what is no digest: a damaged row."""
    return None if digest is None else memoryview(digest).hex()


def leaf_hashes(found: Iterable[Line]) -> list[bytes]:
    """The leaves of a run's tree."""
    return [ledger.leaf_hash(line.leaf) for line in found]


def close(db: sqlite3.Connection, run: int, at: str) -> bytes | None:
    """Join a run's frames into one and enter them in the ledger, inside the caller's transaction.

    Returns the frame for `runs.outcomes`, None for a run that asked for nothing. Damaged frames stay where they
    are, outside the ledger, for `gongkai verify` to name: a flipped bit must not keep a site from being collected.
    """
    joined, hashes = _Joined(), list[bytes]()
    try:
        for frame in frames_of(db, run):  # one after another: a large site's outcomes are many
            hashes += leaf_hashes(complete(db, decode(frame)))
            joined.append(_columns(frame))
    except OutcomesDamagedError:
        return None
    db.execute("DELETE FROM run_outcomes WHERE run = ?", [run])
    if not hashes:
        return None
    enter(db, run, at, len(hashes), ledger.merkle_root(hashes).hex())
    return _compressed(joined.columns)


class _Joined:
    """The columns of several frames as those of one: a frame's first differences are to the last values before it."""

    def __init__(self) -> None:
        self.columns = _Columns([], [], [], [], [], {})
        self._observation = self._at = 0  # the last values

    def append(self, frame: _Columns) -> None:
        if not frame.observation:
            return
        columns, done = self.columns, len(self.columns.observation)
        columns.observation += [frame.observation[0] - self._observation, *frame.observation[1:]]
        columns.at += [frame.at[0] - self._at, *frame.at[1:]]
        self._observation, self._at = sum(frame.observation), sum(frame.at)
        columns.mode += frame.mode
        columns.role += frame.role
        columns.status += frame.status
        columns.detail.update({done + place: words for place, words in frame.detail.items()})


def enter(db: sqlite3.Connection, run: int, at: str, leaves: int, merkle_root: str) -> str:
    """Add an entry to the ledger; the new head."""
    seq, previous = epochs.next_place(db)

    def subtree_at(place: int) -> bytes:
        if place == seq:
            return subtree
        return bytes.fromhex(db.execute("SELECT subtree FROM ledger WHERE seq = ?", [place]).fetchone()[0])

    subtree = ledger.complete_subtree(seq, ledger.entry_hash(seq, at, leaves, merkle_root), subtree_at)
    head = ledger.next_head(previous, ledger.tree_root(seq, subtree_at))
    db.execute(
        "INSERT INTO ledger (seq, run, at, leaves, previous_head, merkle_root, head, subtree) VALUES (?,?,?,?,?,?,?,?)",
        [seq, run, at, leaves, previous, merkle_root, head, subtree.hex()],
    )
    return head
