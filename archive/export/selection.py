"""What of the archive is exported: a site, a document, a span of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.times import iso


@dataclass(frozen=True, slots=True)
class Selection:
    """``since`` is included, ``until`` is not; both aware. None is no bound."""

    site: str | None = None
    document: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def values(self) -> dict[str, object]:
        """Named values for the queries: bounds in the stored form, so that they compare as text."""
        return {
            "site": self.site,
            "document": self.document,
            "since": iso(self.since) if self.since else "",
            "until": iso(self.until) if self.until else "~",  # behind every digit
        }
