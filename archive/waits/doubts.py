"""What an address shows that is no edit yet: half a page, another document's page, one like nothing known.

All wait for as many looks and days as a removal does; the count begins again whenever the document's own page is seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import events, problems
from archive.batch import Found
from archive.comparison.likeness import likeness
from archive.histories.redirects import is_called, listed_title, names, page_of_another, record_names
from archive.model import Disclosure, Place, Problem
from archive.presence import Confirmation
from archive.reparse import note_unread
from archive.times import iso
from archive.waits.captured_ends import WITHOUT_A_PAGE, CapturedEnds, page_of

_CUT_CHARACTERS = 12  # at the end of a cut text, which may be halves: &nbs, half a cell
_TELLING = 8  # characters of a line that says something: 各县区： and 特此通知。 stand in every notice
_WORD = 60  # characters of what a site says in the place of a text
_WORD_OF = 3  # times that the text is longer, at least
# Share of their pairs of characters that a corrected title or text and the known one have in common.
_ALIKE = 0.5
_OF_THE_ROW = (Place.LIST, Place.API)  # where what a page does not say comes from


# Of this run's versions only a document's first, or one that its own version before tells to be its: else another document may
# have been taken in by the same page (one page everywhere: archive.histories.impostors).
_PAGE_OF_ANOTHER = """
    SELECT d.url FROM documents d JOIN versions v ON v.document = d.id
    WHERE d.site = ? AND d.id <> ? AND d.merged_into IS NULL AND v.fingerprint = ? AND (v.run <> ? OR v.number = 1 OR EXISTS (
        SELECT 1 FROM versions p WHERE p.document = v.document AND p.number = v.number - 1
        AND (p.title = v.title OR p.document_number = v.document_number)
    )) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A known document's address that shows something else than its current version."""

    document: int
    version: int
    own: datetime  # when it showed that version last
    old: Disclosure
    new: Disclosure
    found: Found
    row_altered: bool  # its catalogue says something else of it too
    unread: str | None = None  # why that version could not be read again: see archive.reparse.read_version


class Doubts:
    """Judges what the addresses of one site's documents show. Inside the writer's transaction."""

    def __init__(
        self, db: sqlite3.Connection, ends: CapturedEnds, site: str, confirmation: Confirmation
    ) -> None:
        self._db = db
        self._ends = ends
        self._site = site
        self._confirmation = confirmation

    def is_astray(self, look: Look, fingerprint: str, run: int) -> bool:
        """The page of another known document, as a cache mixes them up; once it has stayed it is this one's new text."""
        if names(record_names(look.old)) & names(record_names(look.new)) or self._is_itself_at_last(look):
            return False
        other = self._db.execute(_PAGE_OF_ANOTHER, [self._site, look.document, fingerprint, run]).fetchone()
        if other is None:
            return False
        return self._waits(look, page_of_another(look.found.url, other["url"], look.own), run)

    def is_replaced(self, look: Look, run: int) -> bool:
        """A page with nothing of its document on it, though the catalogue says what it said: a notice of repair, a default page.

        No list of words knows them all. A bureau that puts another document at an address edits its list, too, or lets it stay.
        """
        lent = {e.field for e in look.found.extraction.evidence if e.chosen and e.place in _OF_THE_ROW}
        if look.row_altered or look.found.in_answer or not _is_unlike(look.old, look.new, lent):
            return False
        if self._is_itself_at_last(look):
            return False
        message = (
            "网页内容与原文件全然不同，暂不作为修改 nothing on the page is of the known document, no edit yet:"
            f" {look.new.title or '(no title)'} (own page last seen {iso(look.own)})"
        )
        return self._waits(look, Problem(code="page_replaced", message=message, url=look.found.url), run)

    def is_cut(self, look: Look, run: int) -> bool:
        """A page that ends in its middle, where the captured one has an end: what it says may be half of an edit, or of none.

        The template may have lost its end since, and looks just so: the same record must not wait for ever.
        """
        if not self._ends_early(look):
            return False
        text = look.new.body_text or ""
        # A cut that moves is another one each time; what says more than the known text did is none of it, and must not wait for ever.
        is_beginning = (look.old.body_text or "").startswith(
            text[: len(text) - min(_CUT_CHARACTERS, len(text) // 2)]
        )
        long = f" {len(text)} characters" if is_beginning else ""
        message = (
            "网页中途截断，暂不作为修改 the page ends in its middle, no edit yet:"
            f"{long} (own page last seen {iso(look.own)})"
        )
        return self._waits(look, Problem(code="page_cut", message=message, url=look.found.url), run)

    def is_emptied(self, look: Look, run: int) -> bool:
        """The document's page without its text, and without a file in its place: templates show so when a database fails.

        Or with a word of the site in the text's place: 正文审核中. Staff who take a text away and leave its title do the same,
        and it stays. Rules that find no text in the known answer either say nothing of the page, until they are mended.
        """
        if {a.url for a in look.new.attachments} - {a.url for a in look.old.attachments}:
            return False
        if look.unread == "text_lost" and not look.new.body_text:
            note_unread(self._db, look.version, look.unread, run, look.found.at)
            return True
        if look.row_altered or look.found.in_answer or not _has_lost_its_text(look.old, look.new):
            return False
        message = (
            "网页只剩标题而无正文，暂不作为修改 the page has lost its text, no edit yet"
            f" (own page last seen {iso(look.own)})"
        )
        return self._waits(look, Problem(code="page_emptied", message=message, url=look.found.url), run)

    def is_short_of_pages(self, look: Look, run: int) -> bool:
        """The known text without some of its lines, where a further page that it links to was not to be had or showed nothing.

        A page of the text is as good as a document's: one look at which it is away proves nothing.
        """
        if not WITHOUT_A_PAGE & {p.code for p in look.found.extraction.problems} or look.row_altered:
            return False
        old, new = ((d.body_text or "").splitlines() for d in (look.old, look.new))
        if len(new) >= len(old) or not set(new) <= set(old):
            return False
        message = (
            "正文后续页无法取得，暂不作为修改 further pages of the known text are not to be had, no edit yet:"
            f" {len(new)} of {len(old)} lines (own page last seen {iso(look.own)})"
        )
        return self._waits(look, Problem(code="pages_missing", message=message, url=look.found.url), run)

    def _is_itself_at_last(self, look: Look) -> bool:
        """Whether a new document that showed another one's page is on this one, as its row calls it."""
        if not events.waits_for_its_page(self._db, look.document):
            return False
        listed = listed_title(look.found.context)
        return listed is None or is_called(listed, look.new.title)

    def _ends_early(self, look: Look) -> bool:
        page = page_of(look.found)
        before = self._db.execute(
            "SELECT sha256 FROM version_sources WHERE version = ? AND role = 'page'", [look.version]
        ).fetchone()
        if page is None or before is None:
            return False
        return self._ends.is_missing(page) and not self._ends.is_missing(before["sha256"])

    def _waits(self, look: Look, problem: Problem, run: int) -> bool:
        """Whether it has not stayed long enough; then the look is noted."""
        before = self._db.execute(
            "SELECT count FROM problems WHERE site = ? AND document = ? AND code = ? AND message = ?",
            [self._site, look.document, problem.code, problem.message],
        ).fetchone()
        rule = self._confirmation
        looks = 1 + (before["count"] if before is not None else 0)
        if looks > 1 and looks >= rule.checks and look.found.at - look.own >= timedelta(days=rule.days):
            return False
        problems.note(self._db, self._site, run, [problem], look.document, look.found.at)
        return True


def _is_unlike(old: Disclosure, new: Disclosure, lent: Collection[str]) -> bool:
    """Whether two records share no name, no file, no like title, no line of text that says something and no like text.

    ``lent``: fields whose values the page does not give, but the catalogue's row.
    """
    for name in ("document_number", "index_number"):
        if name not in lent and getattr(old, name) == getattr(new, name) is not None:
            return False
    if {a.url for a in old.attachments} & {a.url for a in new.attachments}:
        return False
    if "title" not in lent and are_like_titles(old.title, new.title):
        return False
    if _telling_lines(old.body_text) & _telling_lines(new.body_text):
        return False
    return _likeness(old.body_text or "", new.body_text or "") < _ALIKE


def _has_lost_its_text(old: Disclosure, new: Disclosure) -> bool:
    """Whether nothing is left of a text, and no more than a word stands in its place, under the same title."""
    known, said = old.body_text or "", new.body_text or ""
    if not known or len(said) > min(_WORD, len(known) // _WORD_OF):
        return False
    if not said:
        return True
    kept = _telling_lines(known) & _telling_lines(said) or _likeness(known, said) >= _ALIKE
    return old.title == new.title and not kept


def are_like_titles(one: str | None, other: str | None) -> bool:
    """Whether two titles may be of one document, corrected or called otherwise."""
    return _likeness(_subject(one), _subject(other)) >= _ALIKE


def _telling_lines(text: str | None) -> set[str]:
    lines = ("".join(line.split()) for line in (text or "").splitlines())
    return {line for line in lines if len(line) >= _TELLING}


def _subject(title: str | None) -> str:
    """What a title is about: the office before it stands in all titles of its site."""
    office, _, subject = (title or "").partition("关于")
    return subject or office


def _likeness(one: str, other: str) -> float:
    """Of two texts; of one that is within the other, 1; of none, 0."""
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 1.0
    return likeness(one, other)
