"""New documents whose address does not show them yet: another document's page or an unknown one, no text, or half a page.

Told at once they would be news of what they are not, and an edit when their own page is there. Their news waits until then, or
until it has stayed so for as long as a removal is confirmed; meanwhile the document counts as one that nobody has heard of.
Asked when a run ends: which of several addresses has its own page cannot be told by the order in which they were asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from archive.events import PENDING, Wait
from archive.histories.redirects import bare_title, is_called, listed_title
from archive.presence import Confirmation
from archive.times import parse, waited
from archive.waits.captured_ends import CapturedEnds
from archive.waits.doubts import are_like_titles

_NOT_SEEN_AGAIN = timedelta(days=7)  # after it a new document is news, asked for again or not
_WITHOUT_TEXT = (
    "v.body_sha256 IS NULL AND v.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM attachments t WHERE t.version = v.id)"
    " AND NOT EXISTS (SELECT 1 FROM version_sources s WHERE s.version = v.id AND s.locator IS NOT NULL)"
)  # nor is it a row of an answer, which may be all that there is
_TELLING = 6  # characters of a title
# Shares of a site's documents without a text, or with a title unlike their row's, above which that is how the site is.
_MANY, _MOST = 0.1, 0.5  # of those that readers know; of a first collection's
_NEWS = f"""
    SELECT c.id, c.waits_for, v.id AS version, v.title, v.fingerprint, v.first_seen_at, v.last_seen_at, c.detected_at, c.kind, a.context,
        {_WITHOUT_TEXT} AS textless
    FROM changes c JOIN documents d ON d.id = c.document JOIN versions v ON v.id = d.current_version
    LEFT JOIN addresses a ON a.site = d.site AND a.document = d.id AND a.url = d.url
    WHERE c.site = ? AND c.kind IN ('added', 'baseline') AND {PENDING} AND (waits_for IS NULL OR waits_for = ?)
"""
# Of what is gone a new document with the same text may be the new address.
_SHARED = """
    SELECT v.fingerprint FROM versions v JOIN documents d ON d.id = v.document WHERE d.site = ? AND d.merged_into IS NULL
    AND d.status NOT IN ('missing', 'removed') GROUP BY v.fingerprint HAVING count(DISTINCT v.document) > 1
"""
_TOLD = """
    SELECT v.title, a.context FROM documents d JOIN versions v ON v.id = d.current_version
    JOIN addresses a ON a.site = d.site AND a.document = d.id AND a.url = d.url
    WHERE d.site = ? AND d.merged_into IS NULL AND a.context IS NOT NULL
    AND EXISTS (SELECT 1 FROM changes c WHERE c.document = d.id AND c.feed_seq IS NOT NULL) ORDER BY d.id DESC LIMIT 50
"""


def let_wait(
    db: sqlite3.Connection,
    site: str,
    now: datetime,
    rule: Confirmation,
    ends: CapturedEnds,
    shown: Iterable[str],
) -> None:
    """Let the news of the site's new documents wait that do not show themselves yet, inside the caller's transaction.

    ``shown``: fingerprints of pages that known documents show in this run, and that are none of theirs (archive.waits.doubts).
    """
    # Read as they come: of a first collection they are all of its documents.
    asked = (_NEWS, [site, Wait.OWN_PAGE.value])
    cut = ends.cut({row["version"] for row in db.execute(*asked)})
    news = [
        row
        for row in db.execute(*asked)
        if row["textless"] or row["waits_for"] or row["version"] in cut or _is_strange(row)
    ]
    if not news:
        return
    shared = {row[0] for row in db.execute(_SHARED, [site])} | set(shown)
    rows = {bare_title(listed) for row in db.execute(*asked) if (listed := listed_title(row["context"]))}
    bare_site = any(row["textless"] for row in news) and _is_usual(db, site)
    told = [row for row in db.execute(_TOLD, [site]) if listed_title(row["context"])]
    named_otherwise = sum(map(_is_strange, told)) * 2 > len(told)
    known = told or [row for row in db.execute(*asked) if listed_title(row["context"])]
    at_random = sum(map(_is_unlike, known)) > (_MANY if told else _MOST) * len(known)
    for row in news:
        strange = _is_strange(row) and (
            row["fingerprint"] in shared
            or _is_of_a_row(row["title"], rows)
            # What the first collection found is no news: readers are to hear of an edit the day after.
            or (row["kind"] == "added" and _is_unlike(row) and not at_random)
        )
        doubtful = (strange and not named_otherwise) or (row["textless"] and not bare_site)
        waits = (
            (doubtful or row["version"] in cut)
            and not waited(parse(row["detected_at"]), now, _NOT_SEEN_AGAIN)
            and not _has_stayed(row, timedelta(days=rule.days))
        )
        db.execute(
            "UPDATE changes SET waits_for = ? WHERE id = ?",
            [Wait.OWN_PAGE.value if waits else None, row["id"]],
        )


def first_seen(db: sqlite3.Connection, site: str) -> str | None:
    """When the latest of the new documents that do not show themselves yet was first seen: it may be a known one that has moved."""
    found = db.execute(
        "SELECT max(d.first_present_at) FROM changes JOIN documents d ON d.id = document"
        f" WHERE changes.site = ? AND kind IN ('added', 'baseline') AND waits_for = ? AND {PENDING}",
        [site, Wait.OWN_PAGE.value],
    ).fetchone()[0]
    return str(found) if found is not None else None


def _is_strange(row: sqlite3.Row) -> bool:
    """Whether the catalogue calls the document something else than its page does."""
    listed = listed_title(row["context"])
    return listed is not None and not is_called(listed, row["title"])


def _is_unlike(row: sqlite3.Row) -> bool:
    """Whether it calls it nothing like what its page does."""
    return _is_strange(row) and not are_like_titles(listed_title(row["context"]), row["title"])


def _is_of_a_row(title: str | None, rows: set[str]) -> bool:
    """Whether a page's title begins with that of a row: two new documents may have been exchanged."""
    page = bare_title(title or "")
    return any(page[:length] in rows for length in range(_TELLING, len(page) + 1))


def _has_stayed(row: sqlite3.Row, long: timedelta) -> bool:
    first, last = (datetime.fromisoformat(row[name]) for name in ("first_seen_at", "last_seen_at"))
    return last > first and last - first >= long


def _is_usual(db: sqlite3.Connection, site: str) -> bool:
    """Whether many of the site's documents, beside one, have neither text nor file."""
    count, without = db.execute(
        f"SELECT count(*), sum({_WITHOUT_TEXT}) FROM documents d JOIN versions v ON v.id = d.current_version"
        " WHERE d.site = ? AND d.merged_into IS NULL",
        [site],
    ).fetchone()
    return bool(without - 1 > _MANY * count)
