"""What a collection did not see of a site's documents beside what each address answered: forbidden ones, and many that are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.batch import MISSING, Fetch, Known, Outcome
from archive.identity import url_key
from crawler.walk import Walk

_SHARE = 5  # more than a fifth of the documents
_FEW = 5  # documents: so many may be gone while their list has them still


@dataclass(slots=True)
class Unseen:
    """Counts the answers of documents' addresses."""

    answered: int = 0
    forbidden: int = 0  # by robots.txt
    gone: list[Known] = field(default_factory=list)  # and not for long: what is removed was judged before

    def note(self, fetch: Fetch, known: Known | None) -> None:
        """A document's address got its outcome."""
        self.answered += 1
        self.forbidden += fetch.outcome is Outcome.ROBOTS
        if fetch.outcome in MISSING and known is not None and known.status != "removed":
            self.gone.append(known)

    def why(self, walks: Mapping[str, Walk]) -> tuple[str, ...]:
        """Why the collection is incomplete, in words; nothing where it is not. ``walks``: by catalogue, as they ended."""
        reasons = []
        if self.forbidden * _SHARE > self.answered:
            reasons.append(f"robots.txt forbids {self.forbidden} of {self.answered} documents")
        gone = sum(_may_be_listed(known, walks) for known in self.gone)
        if gone > _FEW and gone * _SHARE > self.answered:
            reasons.append(
                f"{gone} of {self.answered} documents are gone, though their lists have them: is the site broken?"
            )
        return tuple(reasons)


def _may_be_listed(known: Known, walks: Mapping[str, Walk]) -> bool:
    """Whether a catalogue has a document, as far as the collection saw of it."""
    its = (walks[key] for key in known.catalogues if key in walks)
    return any(not walk.full or url_key(known.url) in walk.seen_rows for walk in its)
