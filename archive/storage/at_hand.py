"""Bodies whose content is erased in captures.db and that have come in this collection: in memory alone.

Whether a document that nobody withdrew needs one may be known only batches later, when it is not sent again.
"""

from __future__ import annotations

from collections import OrderedDict

_MOST_BYTES = 64 << 20


class AtHand:
    """The newest of them by SHA-256, as many as fit; an older one is stored when a site sends it again."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._held = most_bytes, 0

    def keep(self, sha256: str, body: bytes) -> None:
        """Hold a body until there is no room for it any more."""
        self._held += len(body) - len(self._bodies.pop(sha256, b""))
        self._bodies[sha256] = body
        while self._held > self._most:
            self._held -= len(self._bodies.popitem(last=False)[1])

    def get(self, sha256: str) -> bytes | None:
        """A body that is held."""
        return self._bodies.get(sha256)
