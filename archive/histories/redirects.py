"""A document's address that leads to another page: the document moved there, or the answer is none of it.

An address that never answered by itself (a catalogue that links through ``/link?id=7``) is what it always was.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.addresses import Addresses
from archive.batch import Fetch, Found, Outcome, Role
from archive.captures import CaptureDamagedError, CaptureStore
from archive.identity import leads_elsewhere, url_key
from archive.model import Disclosure, Problem
from archive.times import iso

_SPACE_OR_CUT = re.compile(r"\s+|(?:\.{3,}|…+)$")  # lists cut titles off: 关于印发《临江市…
_TELLING = 6  # characters of a title
_SEVERAL = 3  # documents that are led away from where their catalogue links them


@dataclass(slots=True)
class Redirects:
    """Where the known addresses of one run's site led, and the documents that moved with them."""

    db: sqlite3.Connection
    captures: CaptureStore
    site: str
    led: dict[str, str] = field(default_factory=dict)  # key of an address asked for → where it led
    moved: list[tuple[int, str, str]] = field(default_factory=list)  # document, its old and its new address
    stubs: list[tuple[int, str, str]] = field(default_factory=list)  # the same of pages that only lead on
    astray: list[tuple[int, str, datetime]] = field(default_factory=list)  # document, address that misled
    mixed: set[str] = field(default_factory=set)  # keys of addresses that answered with another page
    strange: dict[str, dict[int, str]] = field(default_factory=dict)  # fingerprint → document, its address
    detours: int = 0  # addresses that led to their documents elsewhere, and that a catalogue links today

    def stray(self, document: int, found: Found, strange: str | None) -> None:
        """Note that a document's address answered with another's page, or one like nothing known, of that fingerprint."""
        self.mixed.add(url_key(found.url))
        if strange is None:
            self.astray.append((document, found.url, found.at))
        else:
            self.strange.setdefault(strange, {})[document] = found.url

    def lead_on(self, document: int, found: Found) -> None:
        """Note where a document's page leads, if it holds nothing but the way there and that is not its own address."""
        if found.extraction.leads_to is None:
            return
        target = self.led.get(url_key(found.extraction.leads_to), found.extraction.leads_to)
        own = "SELECT 1 FROM addresses WHERE site = ? AND url_key = ? AND document = ?"
        if self.db.execute(own, [self.site, url_key(target), document]).fetchone() is None:
            self.stubs.append((document, found.url, target))

    def note(self, fetches: Iterable[Fetch]) -> None:
        """Keep which of these answers came from elsewhere."""
        for fetch in fetches:
            if (
                fetch.outcome is not Outcome.OK
                or fetch.role not in (Role.PAGE, Role.PART)
                or fetch.final_url is None
            ):
                continue
            self.mixed.discard(url_key(fetch.url))
            if leads_elsewhere(fetch.url, fetch.final_url):
                self.led[url_key(fetch.url)] = fetch.final_url
            else:
                self.led.pop(url_key(fetch.url), None)

    def target(self, document: int, url: str) -> str | None:
        """Where a document's address leads, that answered by itself before; None where it leads nowhere else."""
        target = self.led.get(url_key(url))
        if target is None:
            return None
        row = self.db.execute("SELECT withdrawn_at FROM documents WHERE id = ?", [document]).fetchone()
        return target if row["withdrawn_at"] is None and self._answered(document, url) else None

    def back_at(self, found: Found) -> list[int]:
        """The document whose former address this is, where a name agrees: one that answers again is no new one."""
        rows = self.db.execute(
            "SELECT document FROM addresses WHERE site = ? AND url_key = ? AND role = 'former'",
            [self.site, url_key(found.url)],
        ).fetchall()
        again = [row["document"] for row in rows if self.is_same(row["document"], found)]
        return again or self._led_to(found)

    def _led_to(self, found: Found) -> list[int]:
        """The known document that an unknown address only leads to, where the list gives it that document's title.

        Where the titles differ it may be one of many addresses that lead to one notice while their site is closed.
        """
        target = self.led.get(url_key(found.url)) or found.extraction.leads_to
        listed = listed_title(found.context) if target else None
        if target is None or listed is None:
            return []
        rows = self.db.execute(
            "SELECT d.id, d.title FROM addresses a JOIN documents d ON d.id = a.document"
            " WHERE a.site = ? AND a.url_key = ? AND a.role <> 'former'",
            [self.site, url_key(target)],
        ).fetchall()
        listed = bare_title(listed)
        return [
            row["id"]
            for row in rows
            if self.is_same(row["id"], found)
            and bare_title(row["title"] or "")[: max(len(listed), _TELLING)] == listed
        ]

    def _answered(self, document: int, url: str) -> bool:
        """Whether an address was seen to be the document's: it answered by itself first, or another one led to it."""
        others = "SELECT count(*) FROM addresses WHERE document = ? AND role <> 'alias' AND url_key <> ?"
        if self.db.execute(others, [document, url_key(url)]).fetchone()[0]:
            return True
        try:
            first = self.captures.first(url)
        except CaptureDamagedError:
            return False
        return first is not None and not first.redirects

    def away(self, document: int, found: Found) -> str | None:
        """Where the address of a document leads away from it; None where what was found is at its own."""
        target = self.target(document, found.url)
        if target is None:
            return found.extraction.leads_to if self._is_led_astray(document, found) else None
        there = Addresses(self.db, self.site).documents_at((target,))
        return None if document in there or (not there and self._is_detour(document, found)) else target

    def _is_detour(self, document: int, found: Found) -> bool:
        """Whether an address leads to its document elsewhere for this visit: to a page for phones, another host, a login.

        The catalogue says today where the document is: at that address. Where several are led away so, all of the site are.
        """
        if not self.is_same(document, found) or (found.row_hash is None and self.detours < _SEVERAL):
            return False
        self.detours += found.row_hash is not None
        self.led.pop(url_key(found.url), None)
        return True

    def _is_led_astray(self, document: int, found: Found) -> bool:
        """Whether a page that only leads on, at an address that showed its document itself, leads to another one."""
        if found.extraction.leads_to is None or self.is_same(document, found):
            return False
        led_before = self.db.execute(
            "SELECT 1 FROM documents d JOIN version_sources s ON s.version = d.current_version WHERE d.id = ? AND s.role = 'part'",
            [document],
        )
        return led_before.fetchone() is None

    def leads_back(self, document: int, target: str) -> bool:
        """Whether a former address of the document is the one that it leads to: that is its own again."""
        again = self.db.execute(
            "UPDATE addresses SET role = 'current', absent_since = NULL, absent_checks = 0"
            " WHERE site = ? AND url_key = ? AND document = ? AND role = 'former'",
            [self.site, url_key(target), document],
        )
        return again.rowcount > 0

    def is_same(self, document: int, found: Found) -> bool:
        """Whether what an address led to is the document: the redirect says so, and a name agrees."""
        row = self.db.execute("SELECT * FROM documents WHERE id = ?", [document]).fetchone()
        record = found.extraction.disclosure
        return record is not None and (names(row) & names(record_names(record))) != set()


def listed_title(context: str | None) -> str | None:
    """What a catalogue's row calls a document, by the context that is kept of its address."""
    title = (json.loads(context).get("hints") or {}).get("title") if context else None
    return str(title) if title else None


def bare_title(title: str) -> str:
    """A title without spaces, and without what says that it is cut off."""
    return _SPACE_OR_CUT.sub("", title)


def is_called(listed: str, title: str | None) -> bool:
    """Whether a row's title, which may be cut off or shortened, and a page's are those of one document."""
    row, page = bare_title(listed), bare_title(title or "")
    return bool(row and page) and (row in page or page in row)


def led_elsewhere(url: str, target: str) -> Problem:
    """An address that leads to another document: no edit, no removal while a catalogue lists it; a person should look."""
    message = (
        f"地址转到另一文件，不作为修改 the address leads to another document, which is no edit: {target}"
    )
    return Problem(code="led_elsewhere", message=message, url=url)


def page_of_another(url: str, other: str, own: datetime) -> Problem:
    """The page of another known document at an address that answered with its ``own`` last at that instant."""
    message = (
        f"返回的是另一文件的网页，暂不作为修改 answered with the page of another document, no edit yet: {other}"
        f" (own page last seen {iso(own)})"
    )
    return Problem(code="page_of_another", message=message, url=url)


def record_names(record: Disclosure) -> dict[str, object]:
    """What tells a document from others."""
    return {
        name: getattr(record, name) for name in ("title", "document_number", "index_number", "issuing_body")
    }


def names(row: Mapping[str, object] | sqlite3.Row) -> set[tuple[str, object]]:
    """By any of which two records are of one document: title, document number, an issuer's index number."""
    found = {(name, row[name]) for name in ("title", "document_number") if row[name]}
    if row["index_number"] and row["issuing_body"]:
        found.add(("index_number", (row["index_number"], row["issuing_body"])))
    return found
