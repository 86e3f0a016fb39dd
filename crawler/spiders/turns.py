"""Whose turn it is: the plan's documents in its order, but for servers that answer none of them any more.

Such a server, dead or with its door shut, was asked three times for each of its documents: 2,000 of them at 30 seconds are two days,
and a wall is not softened by it. But what is shut for good (403 for a directory) is the longest unconfirmed, and asked for first: before a
server is left alone, its documents that are likeliest to be had are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.batch import Fetch, Known, Outcome
from crawler.plan import Plan, server_of
from crawler.platforms.base import ListRow

MOST_REFUSED = 20  # documents in a row
_SOUNDINGS = 3  # documents asked for out of turn, each of which was refused too

Turn = tuple[str, ListRow | None, Known | None]  # address, the row that lists it, what is known


@dataclass(slots=True)
class _Server:
    refused: int = 0  # documents in a row
    sounded: int = 0  # of these, out of turn
    shut: bool = False
    left: int = 0  # documents that are not asked for


class Turns:
    """Gives the documents to ask for, one after another, and is told what became of each."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._documents: Iterator[Turn] | None = None
        self._servers: dict[str, _Server] = {}
        self._sounding: str | None = None

    def begin(self) -> None:
        """Go through the plan, again perhaps: a walk since may have noted more."""
        self._documents = None

    @property
    def waits(self) -> bool:
        """Whether the answer to a document that was asked for decides who is next."""
        return self._sounding is not None

    def following(self) -> Turn | None:
        """The next document; None after the last one."""
        if self._documents is None:
            self._documents = self._plan.documents()
        for server, its in self._servers.items():
            if its.refused < MOST_REFUSED or its.shut:
                continue
            if (turn := self._plan.out_of_turn(server)) is not None:
                self._sounding = turn[0]
                return turn
            its.shut = True
        for turn in self._documents:
            if turn[1] is not None or not self._is_left(turn[0]):
                return turn
        return None

    def why_not(self, url: str) -> str | None:
        """Why a document that a list names is not asked for."""
        return "its server answered none of the documents before" if self._is_left(url) else None

    def note(self, fetch: Fetch) -> None:
        """A document's address got its outcome."""
        sounded = fetch.url == self._sounding
        self._sounding = None if sounded else self._sounding
        if fetch.outcome in (Outcome.SKIPPED, Outcome.ROBOTS, Outcome.REFUSED):
            return  # it was not asked for
        server = self._servers.setdefault(server_of(fetch.url), _Server())
        if not _is_refused(fetch):
            server.refused = server.sounded = 0
            server.shut = False
            return
        server.refused += 1
        server.sounded += sounded
        server.shut |= server.sounded >= _SOUNDINGS

    def why(self) -> tuple[str, ...]:
        """Which servers were left alone, in words."""
        return tuple(
            f"{server} answered none of {its.refused} documents in a row: {its.left} others wait for the next collection"
            for server, its in self._servers.items()
            if its.left
        )

    def _is_left(self, url: str) -> bool:
        server = self._servers.get(server_of(url))
        if server is None or not server.shut:
            return False
        server.left += 1
        return True


def _is_refused(fetch: Fetch) -> bool:
    """Whether the server, not the page, is why there is no answer: a wall, an error of its own, silence."""
    if fetch.outcome is Outcome.BLOCKED:
        return True
    return fetch.outcome is Outcome.FAILED and (fetch.status is None or fetch.status >= 500)
