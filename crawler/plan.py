"""What a collection asks for, and in which order: pure decisions over what is known and what was listed."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import combinations
from urllib.parse import unquote_to_bytes

from archive.batch import Known, KnownCatalogue, KnownFile, Unread
from archive.identity import url_key
from archive.model import SHANGHAI
from archive.times import is_ahead, lately
from crawler.extract.text import compare_key
from crawler.lists.rows import day_number
from crawler.lists.visit_parameters import parameters, seems_changed, without
from crawler.platforms.base import ListRow
from crawler.row_context import is_in_answer

FULL_WALK_EVERY = timedelta(days=7)
UNCONDITIONAL_EVERY = timedelta(days=30)
# A collection that died is taken up for half a day. The next day's is another one: what moved since is asked for as always.
TAKEN_UP_WITHIN = timedelta(hours=12)
_LONGEST_FORM = 500  # characters of a form that are shown in the name of its request
_DAY = "published_on"
_FEWEST_OF_TODAY = 2  # rows
_FEWEST_NEWEST = 2  # documents: one alone may well have been taken out of its list
_SEVERAL = 3  # rows at another host, or documents with one ETag, that are no accident
_TELLING = 6  # characters of a path that is no name of a front page
_ROW = tuple(field.name for field in fields(ListRow))


def wants_full_walk(catalogue: KnownCatalogue | None, now: datetime, asked: bool) -> bool:
    """Asked for, never ended yet, a week old, or a page that it listed is gone and may have moved within it."""
    if asked or catalogue is None or not catalogue.first_walk_ended or catalogue.last_full_walk_at is None:
        return True
    if catalogue.sought:
        return True
    return not lately(catalogue.last_full_walk_at, now, FULL_WALK_EVERY)


def _since(confirmed: datetime | None, start: datetime | None, now: datetime) -> bool:
    """Whether a collection that began at ``start`` and died confirmed it, so lately that it need not be asked for again."""
    if confirmed is None or start is None:
        return False
    return confirmed >= start and lately(confirmed, now, TAKEN_UP_WITHIN)


class Plan:
    """Known documents by address, and what is still to be asked for."""

    def __init__(
        self,
        known: tuple[Known, ...],
        now: datetime,
        resumes_from: datetime | None = None,
        files: tuple[KnownFile, ...] = (),
        unread: tuple[Unread, ...] = (),
    ) -> None:
        self._now = now
        self._files = {url_key(f.url): f for f in files}
        self._known = {url_key(k.url): k for k in known}
        # The archive gives the longest unconfirmed first. A collection that takes up one that died some hours ago does
        # not ask twice for what is already in. What a clock that was ahead confirmed would be the last for ever.
        self._by_age = [k for k in known if k.current and not _since(k.last_confirmed_at, resumes_from, now)]
        self._by_age.sort(key=lambda k: not (k.last_confirmed_at and is_ahead(k.last_confirmed_at, now)))
        self._unread = {url_key(u.row.url): (_row(u), set(u.catalogues)) for u in unread}
        tags = Counter(tag for _, tag in {(k.document, k.etag) for k in known if k.etag})
        self._shared_tags = {tag for tag, count in tags.items() if count >= _SEVERAL}
        marks = Counter(tag for _, tag in {(f.sha256, f.etag) for f in files if f.etag})
        self._shared_tags |= {tag for tag, count in marks.items() if count >= _SEVERAL}
        self._asked: set[str] = set()
        self._new: deque[str] = deque()  # keys of rows
        self._changed: deque[str] = deque()
        # A large catalogue's rows wait here until their documents are asked for; then only the keys are left.
        self._rows: dict[str, bytes] = {}

    def known(self, url: str) -> Known | None:
        """What is known of an address."""
        return self._known.get(url_key(url))

    def is_quiet(self, row: ListRow) -> bool:
        """Whether a row shows nothing new: its document is known, and the row says what it said."""
        known = self._known_of(row)
        return known is not None and (known.row_hash is None or known.row_hash == row.row_hash)

    def with_kept_days(self, rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
        """Rows of a page with the days that they had when their documents were found, where all of them have today's.

        A template that writes the day of the visit beside each row moved the documents to another day at each collection. A
        list that gives other days, too, is believed.
        """
        today = day_number(self._now.astimezone(SHANGHAI).date().isoformat())
        if len(rows) < _FEWEST_OF_TODAY or any(day_number(row.hints.get(_DAY)) != today for row in rows):
            return rows
        before = [self._known_of(row) for row in rows]
        moved = sum(known is not None and _day(known) not in (None, today) for known in before)
        if moved < _FEWEST_OF_TODAY:
            return rows
        return tuple(
            _of_day(row, known) if known is not None else row for row, known in zip(rows, before, strict=True)
        )

    def lost_sight(self, catalogue: str, seen: set[str]) -> bool:
        """Whether the catalogue listed a document none of whose addresses is among ``seen`` (as keys)."""
        listed = {known.document for known in self._known.values() if catalogue in known.catalogues}
        return not listed <= {self._known[key].document for key in seen if key in self._known}

    def days_of_lost(self, catalogue: str, seen: set[str]) -> set[int | None]:
        """The days that rows gave of documents which the catalogue listed, and none of whose addresses is among ``seen``."""
        kept = {self._known[key].document for key in seen if key in self._known}
        return {
            _day(known)
            for known in self._known.values()
            if known.current and catalogue in known.catalogues and known.document not in kept
        }

    def lacks_newest(self, catalogue: str, seen: set[str]) -> int:
        """How many documents that are there a list has lost (``seen``: keys of its rows), if those are its newest, and it has no new ones.

        So is a list that a cache kept from some days ago: what it does not have yet was not taken out of it.
        """
        if not seen <= self._known.keys():
            return 0
        kept = {self._known[key].document for key in seen}
        newest = max((_day(self._known[key]) or 0 for key in seen), default=0)
        lost = {
            known.document: _day(known) or 0  # without a day it is not known to be new
            for known in self._known.values()
            if known.current
            and known.status == "present"
            and catalogue in known.catalogues
            and known.document not in kept
        }
        return len(lost) if len(lost) >= _FEWEST_NEWEST and min(lost.values()) > newest else 0

    def changed_parameter(self, catalogue: str, seen: set[str]) -> str | None:
        """The parameter that makes documents of a catalogue look new (``seen``: keys of the rows of its walk)."""
        return seems_changed(self._lost(catalogue, seen), seen - self._known.keys())

    def at_other_hosts(self, seen: set[str]) -> list[ListRow]:
        """Rows of a walk (``seen``: their keys) that are known documents at another host: www. came or went, or it has a new name.

        Path and title are the same, and the list has the known address no more. Two offices may have a page of one name each:
        so the hosts differ in www., or most of what is new is of that kind, or others are known at both. So are rows whose paths
        are written otherwise (/ZW/T1.HTML, /zw/t%31.html). The known address is an alias of each row now.
        """
        new = [key for key in self._new if key in seen]
        paths = defaultdict[bytes, list[str]](list)
        for key in self._known if new else ():
            if key not in seen:
                paths[_path(key)].append(key)
        met = {key: known for key in new if (known := self._elsewhere(key, paths)) is not None}
        many = len(met) >= _SEVERAL and len(met) * 2 >= len(new)
        twins = Counter[frozenset[str]]() if many or not met else self._twins()
        rows = []
        for key, known in met.items():
            pair = _host(key), _host(url_key(known.url))
            if (
                many
                or len({host.removeprefix("www.") for host in pair}) == 1
                or twins[frozenset(pair)] >= _SEVERAL
            ):
                row = _unpacked(self._rows[key])
                rows.append(replace(row, aliases=(*row.aliases, known.url)))
                self._rows[key] = _packed(rows[-1])
        return rows

    def _elsewhere(self, key: str, paths: Mapping[bytes, list[str]]) -> Known | None:
        """The known document of a new row among those of its path, if there is one."""
        path, title = _path(key), compare_key(_unpacked(self._rows[key]).title or "")
        if len(path) < _TELLING or not title:
            return None
        found = (self._known[other] for other in paths.get(path, ()))
        return next(
            (known for known in found if compare_key(_hints(known).get("title") or "") == title), None
        )

    def _twins(self) -> Counter[frozenset[str]]:
        """Pairs of hosts → how many documents are known at both."""
        hosts: dict[int, set[str]] = {}
        for key, known in self._known.items():
            hosts.setdefault(known.document, set()).add(_host(key))
        return Counter(frozenset(pair) for named in hosts.values() for pair in combinations(sorted(named), 2))

    def pass_over(self, catalogue: str, seen: set[str], parameter: str, *, first: bool) -> None:
        """Ask for none of the new rows that the catalogue listed before, or at another look of its walk, but for a parameter.

        Beyond the first walk for none that has the parameter: it would be another document at each visit.
        """
        if not first:
            self._new = deque(
                key for key in self._new if key not in seen or without(key, (parameter,)) == key
            )
            return
        met = {without(key, (parameter,)) for key in self._lost(catalogue, seen)}
        new: deque[str] = deque()
        for key in self._new:
            if (bare := without(key, (parameter,))) not in met:
                met.add(bare)
                new.append(key)
        self._new = new

    def _lost(self, catalogue: str, seen: set[str]) -> set[str]:
        return {
            key for key, known in self._known.items() if known.current and catalogue in known.catalogues
        } - seen

    def _known_of(self, row: ListRow) -> Known | None:
        for url in (row.url, *row.aliases):
            if found := self._known.get(url_key(url)):
                return found
        return None

    def note(self, row: ListRow) -> None:
        """A catalogue listed this row."""
        key = url_key(row.url)
        if key in self._rows:
            return
        known = self._known_of(row)
        if row.locator is not None:
            self._rows[key] = b""
            return  # the row is the document: there is nothing to ask for
        self._rows[key] = _packed(row)
        if known is None:
            self._new.append(key)
        elif not self.is_quiet(row):
            self._changed.append(key)

    def walked(self, catalogue: str) -> None:
        """A catalogue was walked to its true end: what only earlier walks saw is not listed any more."""
        for _, catalogues in self._unread.values():
            catalogues.discard(catalogue)

    def documents(self) -> Iterator[tuple[str, ListRow | None, Known | None]]:
        """(address, row, what is known) in the order of asking.

        What decides whether waiting news is news, then new and changed rows, then the longest unconfirmed.
        """
        yield from self._asked_again(known for known in self._by_age if known.sought)
        yield from self._rows_of(self._new)
        for row in self._unread_rows():
            self.note(row)  # unless a walk of today has
        self._unread.clear()
        yield from self._rows_of(self._new)
        yield from self._rows_of(self._changed)
        yield from self._asked_again(self._by_age)

    def _unread_rows(self) -> list[ListRow]:
        """Rows of earlier walks that some catalogue may list still, but for those of known documents with a parameter of a visit.

        Such rows were passed over: another walk meets the documents themselves.
        """
        rows = [row for row, catalogues in self._unread.values() if catalogues]
        names = {name for row in rows for name in parameters(row.url)}
        known = defaultdict[tuple[str, str], list[Known]](list)
        for name in names:
            for key, one in self._known.items():
                known[name, without(key, (name,))].append(one)

        def is_known(row: ListRow) -> bool:
            key, title = url_key(row.url), compare_key(row.title or "")
            found = (known[name, without(key, (name,))] for name in parameters(row.url))
            return any(
                len(one) == 1 and compare_key(_hints(one[0]).get("title") or "") == title for one in found
            )

        return [row for row in rows if not (row.title and is_known(row))]

    def _rows_of(self, keys: deque[str]) -> Iterator[tuple[str, ListRow | None, Known | None]]:
        while keys:
            key = keys.popleft()
            if not (packed := self._rows[key]):
                continue  # its document was asked for before all others: news waits for that
            self._rows[key] = b""
            row = _unpacked(packed)
            # A new row was noted once, and no known document has its address: a large site's need no list of them.
            if keys is self._new or self._first_time(key):
                yield row.url, row, self._known_of(row)

    def _asked_again(self, known_ones: Iterable[Known]) -> Iterator[tuple[str, ListRow | None, Known]]:
        for known in known_ones:
            key = url_key(known.url)
            if not is_in_answer(known.context) and self._first_time(key):
                if packed := self._rows.get(key):
                    self._rows[key] = b""
                yield known.url, _unpacked(packed) if packed else None, known

    def _first_time(self, key: str) -> bool:
        if key in self._asked:
            return False
        self._asked.add(key)
        return True

    def conditional_headers(self, known: Known | None, row: ListRow | None, revision: str) -> dict[str, str]:
        """If-None-Match and If-Modified-Since, where a 304 can be believed and would lose nothing."""
        if known is None or not known.validators_honest or known.has_parts:
            return {}
        if known.extractor_revision != revision or (row is not None and not self.is_quiet(row)):
            return {}
        if known.etag in self._shared_tags:  # a proxy's, which stays when a page is edited
            return {}
        return self._validators(known)

    def file_headers(self, url: str) -> dict[str, str]:
        """The same for an attachment's file."""
        known = self._files.get(url_key(url))
        if known is None or not known.validators_honest or known.etag in self._shared_tags:
            return {}
        return self._validators(known)

    def had_file(self, url: str) -> str | None:
        """SHA-256 of an attachment's file, whether or not its text was read by this revision."""
        known = self._files.get(url_key(url))
        return known.sha256 if known is not None else None

    def known_file(self, url: str, revision: str) -> str | None:
        """SHA-256 of an attachment's file whose text the archive has as this revision reads it."""
        known = self._files.get(url_key(url))
        return known.sha256 if known is not None and known.extractor_revision == revision else None

    def _validators(self, known: Known | KnownFile) -> dict[str, str]:
        last = known.last_unconditional_at
        if last is None or not lately(last, self._now, UNCONDITIONAL_EVERY):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}


def _hints(known: Known) -> Mapping[str, str]:
    """What the catalogue's row said of a known document."""
    given = json.loads(known.context) if known.context else {}
    return given.get("hints") or {}


def _day(known: Known) -> int | None:
    return day_number(_hints(known).get(_DAY))


def _of_day(row: ListRow, known: Known) -> ListRow:
    """A row with the day that is kept of its document, and quiet where it says nothing else than before."""
    kept = _hints(known)
    if not kept.get(_DAY) or row.record is not None:
        return row
    hints = {**row.hints, _DAY: kept[_DAY]}
    return replace(row, hints=hints, row_hash=(known.row_hash if hints == kept else None) or row.row_hash)


def _host(key: str) -> str:
    return key[2:].partition("/")[0]


def _path(key: str) -> bytes:
    """What stands behind the host, whichever way it is written."""
    return unquote_to_bytes(key.removeprefix(f"//{_host(key)}")).lower()


def _row(unread: Unread) -> ListRow:
    given = json.loads(unread.row.context) if unread.row.context else {}
    return ListRow(
        url=unread.row.url, title=unread.row.title, hints=given.get("hints") or {}, record=given.get("record"),
        aliases=unread.row.aliases, row_hash=unread.row.row_hash or "",
    )  # fmt: skip


def _packed(row: ListRow) -> bytes:
    """A row as bytes: a fifth of the memory that its objects take."""
    return pickle.dumps([getattr(row, name) for name in _ROW], pickle.HIGHEST_PROTOCOL)


def _unpacked(packed: bytes) -> ListRow:
    values = pickle.loads(packed)  # noqa: S301 — bytes of this process's own memory
    return ListRow(**dict(zip(_ROW, values, strict=True)))


def scheduled_name(url: str, method: str, body: bytes) -> str:
    """The address under which a request is accounted for; what a form sent is part of it, as pywb writes it."""
    if method == "GET":
        return url
    sent = body.decode("utf-8", "replace")
    if len(sent) > _LONGEST_FORM:  # ASP.NET's __VIEWSTATE
        sent = f"sha256={hashlib.sha256(body).hexdigest()}"
    return f"{url}{'&' if '?' in url else '?'}__wb_method={method}&{sent}"
