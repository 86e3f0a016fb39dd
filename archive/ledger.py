"""Merkle trees over what was observed, so that no past observation can be changed unnoticed. Pure functions.

Two trees, both those of RFC 6962 (SHA-256; leaves and nodes told apart by a first byte 0x00 or 0x01):

* of a run: a :class:`Leaf` says that a URL was asked for at a time, with what outcome, and which headers and body
  came back; never a derived value, so that a new parser or a pruned capture cannot break it;
* of the ledger: its leaves are the entries, one per run, each with the root of the run's tree.

The head after an entry (first byte 0x02) covers the head before it and the root of the ledger's tree: who holds
one head holds all that came before, and the proof of an entry is a path of log2(entries) hashes, not the chain.
The head before the first entry (0x03) is that of the archive's epoch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LEAF, _NODE, _HEAD, _GENESIS = b"\x00", b"\x01", b"\x02", b"\x03"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One observation. ``at`` in the stored form; hashes are hex, None where nothing came back.

    ``headers_sha256`` is None too where the answer repeats the one before: its headers are not kept.
    """

    url: str
    at: str
    outcome: str
    headers_sha256: str | None
    body_sha256: str | None

    def encode(self) -> bytes:
        """The exact bytes that are hashed: a JSON array in UTF-8 without spaces."""
        values = [self.url, self.at, self.outcome, self.headers_sha256, self.body_sha256]
        return _encode(values).encode()


def headers_sha256(headers: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hex) of response headers as received: a JSON array of [name, value] in UTF-8 without spaces."""
    return hashlib.sha256(encode_headers(headers)).hexdigest()


def encode_headers(headers: Iterable[tuple[str, str]]) -> bytes:
    """The exact bytes that :func:`headers_sha256` hashes."""
    return _encode([list(pair) for pair in headers]).encode("utf-8", "replace")


def leaf_hash(leaf: Leaf) -> bytes:
    """RFC 6962 hash of a leaf."""
    return hashlib.sha256(_LEAF + leaf.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 tree head of leaf hashes, in order; of no leaves, the hash of nothing."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:  # an odd last one rises unpaired: the same tree as RFC 6962's split at a power of 2
        pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The siblings from a leaf up to the root, each with its side ("left" or "right").

    Raises IndexError when there is no such leaf.
    """
    if not 0 <= index < len(hashes):
        raise IndexError(f"leaf {index} of {len(hashes)}")
    path: list[tuple[str, bytes]] = []
    level = list(hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling]))
        pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
        index //= 2
    return path


def root_from_path(leaf: bytes, path: Iterable[tuple[str, bytes]]) -> bytes:
    """The root that a leaf hash and its :func:`inclusion_path` lead to."""
    for side, sibling in path:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def genesis(epoch: str, previous_head: str | None = None) -> str:
    """The head before the first entry of an archive epoch (hex); of a restored one, over the head where its backup ended."""
    return hashlib.sha256(_GENESIS + epoch.encode() + bytes.fromhex(previous_head or "")).hexdigest()


def entry_hash(seq: int, at: str, leaves: int, merkle_root: str) -> bytes:
    """Hash of a ledger entry as a leaf of the ledger's tree: over a JSON array as in :meth:`Leaf.encode`."""
    text = json.dumps([seq, at, leaves, merkle_root], separators=(",", ":"))
    return hashlib.sha256(_LEAF + text.encode()).digest()


def subtree_size(seq: int) -> int:
    """Entries in the largest complete subtree that ends with entry ``seq`` (from 1): 1, 2, 1, 4, 1, 2, 1, 8 …"""
    return seq & -seq


def complete_subtree(seq: int, entry: bytes, subtree_at: Callable[[int], bytes]) -> bytes:
    """Root of the largest complete subtree that ends with entry ``seq``; ``subtree_at`` gives earlier ones."""
    size = 1
    while size < subtree_size(seq):
        entry = _node(subtree_at(seq - size), entry)
        size *= 2
    return entry


def tree_root(seq: int, subtree_at: Callable[[int], bytes]) -> bytes:
    """Root of the ledger's tree of entries 1 to ``seq``, from at most log2(seq) complete subtrees."""
    root, end = None, seq
    while end:
        peak = subtree_at(end)
        root = peak if root is None else _node(peak, root)
        end -= subtree_size(end)
    return root or hashlib.sha256(b"").digest()


def next_head(previous: str, root: bytes) -> str:
    """The head after an entry (hex): over the head before it and the root of the ledger's tree with it."""
    return hashlib.sha256(_HEAD + bytes.fromhex(previous) + root).hexdigest()


def entry_path(
    seq: int, size: int, entry_at: Callable[[int], bytes], subtree_at: Callable[[int], bytes]
) -> list[tuple[str, bytes]]:
    """The path of entry ``seq`` to the root of the ledger's tree of entries 1 to ``size``, as :func:`inclusion_path` gives it.

    ``entry_at`` gives an entry's hash, ``subtree_at`` the root of the largest complete subtree that ends with it: about
    log2(size) squared of them are read, never all. Raises IndexError when there is no such entry.
    """
    if not 1 <= seq <= size:
        raise IndexError(f"entry {seq} of {size}")

    def complete(end: int, width: int) -> bytes:
        if width == 1:
            return entry_at(end)
        if width == subtree_size(end):
            return subtree_at(end)
        return _node(complete(end - width // 2, width // 2), complete(end, width // 2))

    def root_of(start: int, end: int) -> bytes:
        """Root over the entries start+1 to end: its complete subtrees joined from the right."""
        root = None
        while end > start:
            width = min(subtree_size(end), 1 << (end - start).bit_length() - 1)
            peak = complete(end, width)
            root = peak if root is None else _node(peak, root)
            end -= width
        assert root is not None
        return root

    path, place, width = list[tuple[str, bytes]](), seq - 1, 1
    while width < size:
        start = (place ^ 1) * width
        if start < size:
            path.append(("left" if place & 1 else "right", root_of(start, min(start + width, size))))
        place, width = place // 2, width * 2
    return path
