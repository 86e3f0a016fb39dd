"""Which pages of a site's documents have an end, as they were captured: a new one without it may be half a page.

Nothing on it says so; that the site's other pages have an end does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from archive.batch import Found, Role
from archive.captures import CaptureDamagedError, CaptureMissingError, CaptureStore
from archive.waits.page_ends import ends_early

_OTHERS = 50  # newest documents of a site that are looked at
_FEWEST = 5  # pages with an end that make a rule
_MANY = 0.1  # share without an end, above which that is a template of the site
_PAGE = "SELECT sha256 FROM version_sources WHERE version = ? AND role = 'page' AND locator IS NULL"


class CapturedEnds:
    """Reads the captures of one site's documents."""

    def __init__(self, db: sqlite3.Connection, captures: CaptureStore, site: str) -> None:
        self._db, self._captures, self._site = db, captures, site
        self.new: set[int] = set()  # first versions of documents, of this run, whose pages have no end

    def note_new(self, version: int, found: Found) -> None:
        """Remember a new document's first version where its page has no end."""
        page = page_of(found)
        if page is not None and self.is_missing(page):
            self.new.add(version)

    def is_missing(self, sha256: str) -> bool:
        """Whether a captured body ends early; one that cannot be read is not known to."""
        try:
            return ends_early(self._captures.body(sha256))
        except (CaptureDamagedError, CaptureMissingError):
            return False

    def cut(self, waiting: Collection[int]) -> set[int]:
        """Of this run's first versions, and of those that wait already, which have no end although nearly all other pages have one."""
        cut = self.new | {version for version in waiting if self._has_none(version)}
        return cut if cut and self._is_rule(cut | set(waiting)) else set()

    def _has_none(self, version: int) -> bool:
        page = self._db.execute(_PAGE, [version]).fetchone()
        return page is not None and self.is_missing(page["sha256"])

    def _is_rule(self, but: Collection[int]) -> bool:
        versions = self._db.execute(
            "SELECT current_version FROM documents WHERE site = ? AND merged_into IS NULL ORDER BY id DESC LIMIT ?",
            [self._site, _OTHERS + len(but)],
        ).fetchall()
        others = [row[0] for row in versions if row[0] not in but][:_OTHERS]
        without = sum(map(self._has_none, others))
        return len(others) - without >= _FEWEST and without <= _MANY * len(others)


def page_of(found: Found) -> str | None:
    """The SHA-256 of the page that a record was read from; None for one within an answer."""
    return next((s.sha256 for s in found.sources if s.role is Role.PAGE and s.locator is None), None)
