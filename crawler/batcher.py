"""Collects what happened into batches of bounded size and age, and hands them to a sender."""

from __future__ import annotations

import time
from collections.abc import Callable

from archive.batch import Batch, Fetch, Found, Listed, WalkEnd
from archive.model import Problem

MOST_ITEMS = 100
MOST_BYTES = 2 << 20
# Seconds for which a batch waits for more. Who waits for it must not take a slow site (Crawl-delay: 30) for a collector that is
# stuck, a kill loses less, and a person sees that something happens.
HELD_FOR = 10.0


class Batcher:
    """One collection's stream. A batch is sent when it holds enough or has been held for a while, and at the end."""

    def __init__(self, send: Callable[[Batch], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._send, self._clock = send, clock
        self._seq = 0
        self._clear()

    def _clear(self) -> None:
        self._fetches: list[Fetch] = []
        self._found: list[Found] = []
        self._listed: list[Listed] = []
        self._walks: list[WalkEnd] = []
        self._problems: list[Problem] = []
        self._bytes = 0
        self._since = self._clock()

    def add(
        self, *, fetch: Fetch | None = None, found: Found | None = None, listed: Listed | None = None
    ) -> None:
        """Add events that belong together: they travel in one batch, so a find never outlives its capture."""
        if fetch is not None:
            self._fetches.append(fetch)
            self._bytes += len(fetch.capture.body) if fetch.capture else 0
        if found is not None:
            self._found.append(found)
        if listed is not None:
            self._listed.append(listed)
        full = len(self._fetches) + len(self._found) >= MOST_ITEMS or self._bytes >= MOST_BYTES
        if full or self._clock() - self._since >= HELD_FOR:
            self.flush()

    def walk_ended(self, walk: WalkEnd) -> None:
        """A walk ended; its rows must be durable before this is."""
        self._walks.append(walk)

    def problem(self, problem: Problem) -> None:
        """Something a person should look at."""
        self._problems.append(problem)

    def flush(self, *, finished: bool = False, reasons: tuple[str, ...] = ()) -> None:
        """Send what there is; the last batch is sent even when it is empty."""
        if not finished and not (
            self._fetches or self._found or self._listed or self._walks or self._problems
        ):
            return
        self._seq += 1
        batch = Batch(
            seq=self._seq,
            fetches=tuple(self._fetches),
            found=tuple(self._found),
            listed=tuple(self._listed),
            walks=tuple(self._walks),
            problems=tuple(self._problems),
            finished=finished,
            reasons=reasons,
        )
        self._send(batch)
        self._clear()
