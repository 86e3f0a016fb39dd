"""What a collection was forbidden to see of a site's documents."""

from __future__ import annotations

from dataclasses import dataclass

from archive.batch import Fetch, Outcome

_SHARE = 5  # more than a fifth of the documents


@dataclass(slots=True)
class Unseen:
    """Counts the answers of documents' addresses."""

    answered: int = 0
    forbidden: int = 0  # by robots.txt

    def note(self, fetch: Fetch) -> None:
        """A document's address got its outcome."""
        self.answered += 1
        self.forbidden += fetch.outcome is Outcome.ROBOTS

    def why(self) -> tuple[str, ...]:
        """Why the collection is incomplete, in words; nothing where it is not."""
        if self.forbidden * _SHARE <= self.answered:
            return ()
        return (f"robots.txt forbids {self.forbidden} of {self.answered} documents",)
