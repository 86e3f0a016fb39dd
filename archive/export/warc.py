"""Captures as WARC 1.1 (ISO 28500): responses with their requests and metadata, and revisits for answers that came again.

What is kept of an answer is its content-decoded body. The headers that spoke of its bytes on the wire therefore stand as
``X-Archive-Orig-…``; the metadata record has all headers as they came, and the length and SHA-256 of those bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import feed, outcomes
from archive.batch import Outcome
from archive.captures import (
    CaptureDamagedError,
    CaptureMissingError,
    CaptureStore,
    CaptureWithdrawnError,
    StoredCapture,
)
from archive.export.selection import Selection
from archive.verification.findings import Progress
from archive.withdrawal.withheld import HELD_BACK, SAID_SINCE

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_FIELDS = "application/warc-fields"
_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_URI = "".join(map(chr, range(0x21, 0x7F)))  # all that may stand in an address as it is, escapes among them
# Of record identifiers: equal exports have equal ones.
_NAMESPACE = uuid.UUID("7d7d4b0a-9d0b-5d0c-8f5e-0f6a5c6f6b11")

# Captures whose stretches of observations reach into the span of time: a revisit needs the answer that it repeats.
_CAPTURES = f"""
    SELECT o.capture, o.site, o.url, o.body_sha256, min(o.first_at) AS at FROM observations o
    WHERE o.capture IS NOT NULL AND o.body_sha256 NOT IN ({HELD_BACK}) AND o.capture NOT IN ({SAID_SINCE})
    AND (:site IS NULL OR o.site = :site) AND o.last_at >= :since AND o.first_at < :until
    AND (:document IS NULL OR o.url IN (
        SELECT url FROM addresses WHERE document = :document
        UNION SELECT s.url FROM version_sources s JOIN versions v ON v.id = s.version WHERE v.document = :document
        UNION SELECT a.url FROM attachments a JOIN versions v ON v.id = a.version WHERE v.document = :document)
        AND o.site = (SELECT site FROM documents WHERE id = :document))
    GROUP BY o.capture ORDER BY o.site, o.url, at
"""  # noqa: S608 — constants
_RUNS = """
    SELECT id FROM runs WHERE (:site IS NULL OR site = :site) AND started_at < :until AND coalesce(ended_at, '~') >= :since
    AND (:document IS NULL OR site = (SELECT site FROM documents WHERE id = :document)) ORDER BY id
"""


def write_warc(
    out: BinaryIO,
    db: sqlite3.Connection,
    captures: CaptureStore,
    chosen: Selection,
    *,
    compressed: bool,
    revisits: bool,
    software: str,
    now: str,
    progress: Progress,
) -> Counter[str]:
    """Write the chosen captures; the number of records by type, and of captures that are ``withdrawn``, ``pruned`` or ``damaged``."""
    with closing(_Writer(out, compressed)) as writer:
        epoch, head = feed.epoch_and_head(db)
        writer.info({"software": software, "format": "WARC File Format 1.1", "isPartOf": f"gongkai archive {epoch}",
                     "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                     "description": f"content-decoded bodies; newest head of the ledger: {head or 'none'}"}, now)  # fmt: skip
        values = chosen.values()
        total = db.execute(f"SELECT count(*) FROM ({_CAPTURES})", values).fetchone()[0]  # noqa: S608 — a constant
        for done, row in enumerate(db.execute(_CAPTURES, values), start=1):
            try:
                capture = captures.capture(row["capture"])
                body = captures.body(capture.sha256)
            except CaptureWithdrawnError:
                writer.counts["withdrawn"] += 1
            except CaptureMissingError:
                writer.counts["pruned"] += 1
            except CaptureDamagedError:
                writer.counts["damaged"] += 1
            else:
                writer.answer(capture, body, captures)
            if done % 100 == 0 or done == total:
                progress("captures", done, total)
        if revisits:
            _write_revisits(writer, db, chosen, progress)
        return writer.counts


def _write_revisits(writer: _Writer, db: sqlite3.Connection, chosen: Selection, progress: Progress) -> None:
    values = chosen.values()
    runs = [row[0] for row in db.execute(_RUNS, values)]
    for done, run in enumerate(runs, start=1):
        try:
            for line in outcomes.lines(db, run):
                if not values["since"] <= line.at < values["until"]:  # type: ignore[operator]
                    continue
                if line.outcome in (Outcome.OK, Outcome.NOT_MODIFIED):
                    writer.revisit(db, line)
        except outcomes.OutcomesDamagedError:
            writer.counts["damaged"] += 1
        progress("revisits", done, len(runs))


class _Writer:
    """Writes records and remembers, on disk, which answers have been written."""

    def __init__(self, out: BinaryIO, compressed: bool) -> None:
        self._warc = WARCWriter(out, gzip=compressed, warc_version="WARC/1.1")
        self.counts: Counter[str] = Counter()
        self._written = sqlite3.connect("", isolation_level=None)  # a temporary file, gone when closed
        self._written.execute("PRAGMA journal_mode = OFF")
        self._written.executescript(
            "CREATE TABLE answers (capture TEXT PRIMARY KEY, at TEXT, uri TEXT, sha256 TEXT) WITHOUT ROWID;"
            "CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, uri TEXT, at TEXT, digest TEXT) WITHOUT ROWID;"
            "CREATE TABLE certificates (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;"
        )

    def close(self) -> None:
        self._written.close()

    def info(self, values: dict[str, str], now: str) -> None:
        """The warcinfo record that the file begins with."""
        self._write("warcinfo", "", now, now, _fields(values.items()), kind=_FIELDS)

    def answer(self, capture: StoredCapture, body: bytes, captures: CaptureStore) -> None:
        """A capture: the response (or a revisit, where the same body was written at another address), request, metadata."""
        uri = _uri(capture.url)
        headers = _http_headers(capture, len(body))
        named = {"WARC-IP-Address": capture.ip} if capture.ip else {}
        known = self._written.execute(
            "SELECT uri, at, digest FROM bodies WHERE sha256 = ?", [capture.sha256]
        ).fetchone()
        if known is None:
            digest = "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
            response = self._write(
                "response", uri, capture.at, capture.key, body, http=headers,
                named={**named, "WARC-Payload-Digest": digest},
            )  # fmt: skip
            self._written.execute(
                "INSERT INTO bodies VALUES (?, ?, ?, ?)", [capture.sha256, uri, capture.at, digest]
            )
        else:
            response = self._revisit(uri, capture.at, capture.key, known, headers, named)
        self._written.execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?)", [capture.key, capture.at, uri, capture.sha256]
        )
        beside = {"WARC-Concurrent-To": response}
        self._write("request", uri, capture.at, capture.key, b"", http=_request(capture), named=beside)
        fields = _metadata(capture, self._certificate(capture.certificate_sha256, captures))
        # As warc-fields: an index would take any other kind for a page of this address.
        self._write("metadata", uri, capture.at, capture.key, fields, kind=_FIELDS, named=beside)

    def revisit(self, db: sqlite3.Connection, line: outcomes.Line) -> None:
        """An answer that brought what had come before, or a 304 that said so; nothing for the answer that was written itself."""
        row = db.execute("SELECT capture FROM observations WHERE id = ?", [line.observation]).fetchone()
        first = self._written.execute(
            "SELECT a.at, b.uri, b.at, b.digest, a.uri FROM answers a JOIN bodies b ON b.sha256 = a.sha256 WHERE a.capture = ?",
            [row[0]],
        ).fetchone()
        if first is None or first[0] == line.at:
            return
        key = f"{row[0]} {line.at} {line.outcome}"
        if line.outcome == Outcome.NOT_MODIFIED:
            http = StatusAndHeaders("304 Not Modified", [], protocol="HTTP/1.1")
            self._revisit(first[4], line.at, key, first[1:4], http, {}, profile=_NOT_MODIFIED)
        else:
            self._revisit(first[4], line.at, key, first[1:4], None, {})

    def _revisit(
        self,
        uri: str,
        at: str,
        key: str,
        known: tuple[str, str, str],
        http: StatusAndHeaders | None,
        named: dict[str, str],
        profile: str = WARCWriter.REVISIT_PROFILE_1_1,
    ) -> str:
        refers = {"WARC-Refers-To-Target-URI": known[0], "WARC-Refers-To-Date": known[1]}
        named = {**named, "WARC-Profile": profile, **refers, "WARC-Payload-Digest": known[2]}
        return self._write("revisit", uri, at, key, b"", http=http, named=named)

    def _certificate(self, sha256: str | None, captures: CaptureStore) -> bytes | None:
        """The server's certificate, once in a file."""
        if sha256 is None or (der := captures.certificate(sha256)) is None:
            return None
        fresh = self._written.execute("INSERT OR IGNORE INTO certificates VALUES (?)", [sha256]).rowcount
        return der if fresh else None

    def _write(
        self,
        record: str,
        uri: str,
        at: str,
        key: str,
        body: bytes,
        *,
        http: StatusAndHeaders | None = None,
        kind: str = "",
        named: dict[str, str] | None = None,
    ) -> str:
        """Write one record; its identifier."""
        name = f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{record} {kind} {key}')}>"
        headers = {"WARC-Record-ID": name, "WARC-Date": at, **(named or {})}
        self._warc.write_record(
            self._warc.create_warc_record(
                uri, record, payload=BytesIO(body), length=len(body), warc_content_type=kind,
                warc_headers_dict=headers, http_headers=http,
            )
        )  # fmt: skip
        self.counts[record] += 1
        return name


def _uri(url: str) -> str:
    """An address as WARC wants it: ASCII, without spaces."""
    return quote(url, safe=_URI)


def _line(text: str) -> str:
    return " ".join(text.split("\r\n")).replace("\r", " ").replace("\n", " ")


def _http_headers(capture: StoredCapture, length: int) -> StatusAndHeaders:
    phrase = _PHRASES.get(capture.status, "")
    pairs = [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else name, _line(value))
        for name, value in capture.headers
    ]
    return StatusAndHeaders(
        f"{capture.status} {phrase}".strip(), [*pairs, ("Content-Length", str(length))], protocol="HTTP/1.1"
    )


def _request(capture: StoredCapture) -> StatusAndHeaders:
    parts = urlsplit(_uri(capture.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    pairs = [(name, _line(value)) for name, value in capture.request_headers]
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.insert(0, ("Host", parts.netloc))
    return StatusAndHeaders(f"{capture.request_method} {target} HTTP/1.1", pairs, is_http_request=True)


def _fields(pairs: Iterable[tuple[str, object]]) -> bytes:
    """``application/warc-fields``: lines of name and value; what has no value is left out."""
    lines = (f"{name}: {_line(str(value))}\r\n" for name, value in pairs if value not in (None, ""))
    return "".join(lines).encode("utf-8", "backslashreplace")


def _metadata(capture: StoredCapture, certificate: bytes | None) -> bytes:
    """What else is kept of an answer. ``redirected-from``: the addresses that were passed through, in order."""
    return _fields(
        [
            ("capture", capture.key), ("site", capture.site), ("sha256", capture.sha256),
            ("http-headers", json.dumps([list(pair) for pair in capture.headers], ensure_ascii=False)),
            *(("redirected-from", url) for url in capture.redirects),
            ("wire-sha256", capture.wire_sha256), ("wire-length", capture.wire_length),
            ("tls-certificate-sha256", capture.certificate_sha256),
            ("tls-certificate", base64.b64encode(certificate).decode() if certificate else None),
        ]
    )  # fmt: skip
