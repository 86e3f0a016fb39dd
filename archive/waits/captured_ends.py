"""Which pages of a site's documents have an end, as they were captured: a new one without it may be half a page.

Nothing on it says so; that the site's other pages have an end does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from archive.batch import Found, Role
from archive.captures import CaptureDamagedError, CaptureMissingError, CaptureStore, CaptureWithdrawnError
from archive.fingerprint import storable
from archive.times import iso
from archive.waits.page_ends import ends_early

WITHOUT_A_PAGE = frozenset({"further_page_gone", "further_page_empty"})  # said by the crawler
_OTHERS = 50  # newest documents of a site that are looked at
_FEWEST = 5  # pages with an end that make a rule
_MANY = 0.1  # share without an end, above which that is a template of the site
_PAGE = "SELECT sha256 FROM version_sources WHERE version = ? AND role = 'page' AND locator IS NULL"


class CapturedEnds:
    """Reads the captures of one site's documents."""

    def __init__(self, db: sqlite3.Connection, captures: CaptureStore, site: str) -> None:
        self._db, self._captures, self._site = db, captures, site
        self._new: dict[
            int, bool
        ] = {}  # first versions of documents, of this run: whether their pages have no end

    def note_new(self, version: int, found: Found) -> None:
        """Look at the page of a new document's first version, while its answer is at hand."""
        page = page_of(found)
        self._new[version] = page is not None and self.is_missing(page)

    def comes_in_part(self, found: Found) -> bool:
        """Whether a find's page has no end, or further pages of its text were not to be had.

        So does a body that was erased after the site had sent it before: it has been taken for that once. One that comes for the
        first time was erased for another document.
        """
        page = page_of(found)
        if not WITHOUT_A_PAGE.isdisjoint(p.code for p in found.extraction.problems):
            return True
        try:
            if page is None:
                return False
            first = self._comes_first(found, page)
            body = self._captures.body_that_came(page) if first else self._captures.body(page)
            return ends_early(body) and not self._have_none()
        except CaptureWithdrawnError:
            return True
        except (CaptureDamagedError, CaptureMissingError):
            return False

    def _comes_first(self, found: Found, page: str) -> bool:
        """Whether the site has not sent this page before, at the address of this one."""
        came = "SELECT 1 FROM observations WHERE site = ? AND url = ? AND body_sha256 = ? AND first_at < ?"
        urls = {source.url for source in found.sources if source.sha256 == page}
        return not any(
            self._db.execute(came, [self._site, storable(url), page, iso(found.at)]).fetchone()
            for url in urls
        )

    def is_missing(self, sha256: str) -> bool:
        """Whether a captured body ends early; one that cannot be read is not known to."""
        try:
            return ends_early(self._captures.body_that_came(sha256))
        except (CaptureDamagedError, CaptureMissingError):
            return False

    def cut(self, news: Collection[int]) -> set[int]:
        """Of the versions that are to be told as new those whose pages have no end although nearly all other pages have one.

        Those of earlier runs among them: of one that waits already, or that was in when its collecting process died.
        """
        cut = {
            version
            for version in news
            if (self._new[version] if version in self._new else self._has_none(version))
        }
        return cut if cut and self._is_rule(cut) else set()

    def _have_none(self) -> bool:
        """Whether the template of the site has no end: most of its newest documents that are not withdrawn have none."""
        versions = self._db.execute(
            "SELECT d.current_version FROM documents d JOIN versions v ON v.id = d.current_version WHERE d.site = ?"
            " AND d.merged_into IS NULL AND v.withdrawn_at IS NULL ORDER BY d.id DESC LIMIT ?",
            [self._site, _OTHERS],
        ).fetchall()
        return sum(self._has_none(row[0]) for row in versions) * 2 > len(versions) >= _FEWEST

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
