"""What each page shows: read-only queries → values for a template. No Datasette here."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from archive import feed, search
from archive.browse import citing
from archive.comparison.rendering import as_html, field_segments, field_values, segments_html, shortened
from archive.diff import FieldChange, compare
from archive.histories import former_keys
from archive.identity import TELLING_BODY_LENGTH
from archive.model import (
    COLUMN_FIELDS,
    SHANGHAI,
    Attachment,
    ChangeKind,
    Disclosure,
    Evidence,
    FieldSpec,
    Kind,
    Significance,
)
from archive.significance import describe, judge_comparison
from archive.times import parse
from archive.words import (
    DAY_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    PLACE_WORDS,
    RELATION_WORDS,
    ROLE_WORDS,
    STATUS_WORDS,
    column_words,
    kind_note,
    problem_words,
)

PAGE, FEED_PAGE = 50, 200
_CHOICES = ("site", "kind", "significance")  # of changes
# Characters of a text on its page: 3.6 million kept Chromium busy for more than half a minute.
LONGEST = 300_000
Values = dict[str, Any]


def local_time(value: str | datetime | None) -> str:
    """An instant in Shanghai time, to the minute."""
    if not value:
        return "—"
    instant = parse(value) if isinstance(value, str) else value
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def web_link(url: str | None) -> str | None:
    """The address if a browser may follow it: only http and https."""
    return url if url and url.startswith(("http://", "https://")) else None


def both(words: Mapping[str, tuple[str, str]], key: object) -> str:
    """A code in Chinese and English; one that is not known stays as it is."""
    return " ".join(words[str(key)]) if str(key) in words else str(key)


def in_words(reason: str) -> str:
    """A reason of significance in both languages."""
    zh, en = describe(reason, "zh"), describe(reason, "en")
    return zh if zh == en else f"{zh} · {en}"


def stood_at(evidence: Evidence) -> str:
    """Where a value stood: 索引号 · 信息表 label table. A label is shown without its colon; of a value without one, the place."""
    label = evidence.label.rstrip(" ：:\u3000") if evidence.label else ""
    return " · ".join(part for part in (label, both(PLACE_WORDS, evidence.place.value)) if part)


def field_html(change: FieldChange) -> Markup:
    """What a field said → what it says; of long values that are alike, what differs in them."""
    segments = field_segments(change)
    if any(s.op == "equal" for s in segments):
        return Markup(segments_html(shortened(segments, 30)))  # noqa: S704 — escaped where it is made
    old, new = (value or "∅" for value in field_values(change))
    return Markup("<del>{}</del> → <ins>{}</ins>").format(old, new)


def in_bytes(size: int) -> str:
    """The size of a file, as people say it: 1,900 B, 47 KiB, 3.1 MiB."""
    if size < 10_000:
        return f"{size:,} B"
    return f"{size / 1024:,.0f} KiB" if size < 1 << 20 else f"{size / (1 << 20):,.1f} MiB"


# What an answer was to the version that was read from it.
SOURCE_WORDS: Mapping[str, tuple[str, str]] = {
    "page": ("网页", "page"),
    "api": ("接口", "API"),
    "list": ("目录页", "list"),
    "part": ("续页", "further page"),
    "attachment": ("附件", "attachment"),
}
FILTERS: Mapping[str, Callable[..., Any]] = {
    "shanghai": local_time,
    "web_link": web_link,
    "in_words": in_words,
    "outcome_words": partial(both, OUTCOME_WORDS),
    "role_words": partial(both, ROLE_WORDS),
    "source_words": partial(both, SOURCE_WORDS),
    "problem_words": problem_words,
    "bytes": in_bytes,
    "day_words": partial(both, DAY_WORDS),
    "stood_at": stood_at,
    "relation_words": partial(both, RELATION_WORDS),
    "field_html": field_html,
    "kind_note": lambda change: " ".join(kind_note(change.kind, change.reasons) or ()),
    "field_words": lambda name: column_words(name) or name,
}


def _choice(kind: type[ChangeKind] | type[Significance], text: str | None) -> Any:
    try:
        return kind(text) if text else None
    except ValueError:
        return None  # a link with a mistyped filter shows everything


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def _news(conn: sqlite3.Connection, args: Mapping[str, str], limit: int) -> list[feed.ChangeRow]:
    kind = _choice(ChangeKind, args.get("kind"))
    common = {
        "site": former_keys.key_now(conn, site) if (site := args.get("site")) else None,
        "significance": _choice(Significance, args.get("significance")),
        "before_seq": _number(args.get("before")),
        "limit": limit,
    }
    if kind is not None:
        return feed.changes(conn, kind=kind, **common)[::-1]
    return feed.changes(conn, without_baseline=True, **common)[::-1]


def front(conn: sqlite3.Connection, args: Mapping[str, str]) -> Values:
    """The latest changes by day, and the health of every site."""
    rows = _news(conn, args, PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    days = [
        {"day": day, "changes": list(members)}
        for day, members in groupby(rows, key=lambda r: r.detected_at.astimezone(SHANGHAI).date().isoformat())
    ]
    kept = {k: v for k, v in args.items() if k in _CHOICES and v}
    totals = conn.execute(
        "SELECT (SELECT count(*) FROM documents WHERE merged_into IS NULL), (SELECT count(*) FROM versions),"
        " (SELECT count(*) FROM sites)"
    ).fetchone()
    head = conn.execute("SELECT seq, head, at FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    return {
        "days": days, "sites": [dict(r) for r in conn.execute(_SITES)], "names": _names(conn), "kinds": KIND_WORDS,
        "chosen": kept, "feed": urlencode(kept),
        "older": urlencode({**kept, "before": rows[-1].feed_seq}) if more else None,
        "documents": totals[0], "versions": totals[1], "site_count": totals[2], "head": dict(head) if head else None,
    }  # fmt: skip


def _names(conn: sqlite3.Connection) -> Mapping[str, str]:
    """What a reader calls each site."""
    return dict(conn.execute("SELECT key, coalesce(name, key) FROM sites").fetchall())


_SITES = """
    SELECT s.key, s.name, s.url, r.outcome, r.started_at, s.last_complete_at,
           (SELECT count(*) FROM documents d WHERE d.site = s.key AND d.merged_into IS NULL) AS documents,
           (SELECT count(*) FROM runs h WHERE h.site = s.key AND h.held = 1 AND h.resolved IS NULL) AS held
    FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.key AND outcome IS NOT NULL)
    ORDER BY s.key
"""


def atom(conn: sqlite3.Connection, args: Mapping[str, str], base: str) -> Values:
    """The newest changes for feed readers, which find the older ones by a link (RFC 5005 §3): a day may bring hundreds.

    Identifiers hold the archive's epoch and the feed's number.
    """
    rows = _news(conn, args, FEED_PAGE + 1)
    more, rows = len(rows) > FEED_PAGE, rows[:FEED_PAGE]
    epoch, _ = feed.epoch_and_head(conn)
    updated = max((row.detected_at.isoformat() for row in rows), default="1970-01-01T00:00:00+00:00")
    kept = {k: v for k, v in args.items() if k in _CHOICES and v}
    return {
        "changes": rows,
        "older": urlencode({**kept, "before": rows[-1].feed_seq}) if more else None,
        "base": base,
        "epoch": epoch,
        "updated": updated,
        "kinds": KIND_WORDS,
        "names": _names(conn),
    }


def search_page(conn: sqlite3.Connection, args: Mapping[str, str]) -> Values:
    """Documents that hold every word."""
    query, offset = args.get("q", "").strip(), _number(args.get("offset")) or 0
    hits = (
        search.search(conn, query, site=args.get("site") or None, limit=PAGE + 1, offset=offset)
        if query
        else []
    )
    kept = {"q": query, **({"site": args["site"]} if args.get("site") else {})}
    return {
        "query": query,
        "site": former_keys.key_now(conn, site) if (site := args.get("site")) else None,
        "table": urlencode(
            {"_search": query, "merged_into__isnull": 1, **({"site": kept["site"]} if "site" in kept else {})}
        ),
        "first": offset + 1,
        "words": search.number_of_words(query),
        "most_words": search.MOST_WORDS,
        "hits": hits[:PAGE],
        "before": urlencode({**kept, "offset": max(offset - PAGE, 0)}) if offset else None,
        "following": urlencode({**kept, "offset": offset + PAGE}) if len(hits) > PAGE else None,
        "status": STATUS_WORDS,
        "names": _names(conn),
    }


def document(conn: sqlite3.Connection, number: int, version: str | None, base: str = "") -> Values | None:
    """One document, by default its newest version; None when there is no such document or version.

    ``base``: the address of the archive's pages, as readers have it, for whoever cites one.
    """
    row = conn.execute("SELECT * FROM documents WHERE id = ?", [number]).fetchone()
    if row is None:
        return None
    if row["merged_into"] is not None:
        return {"moved_to": row["merged_into"]}
    if version and _number(version) is None:
        return None
    try:
        stored = feed.load_version(conn, number, _number(version))
    except LookupError:
        return None
    chosen = {e.field: e for e in stored.evidence if e.chosen}
    fields = [
        {"zh": s.zh, "en": s.en, "name": s.name, "value": _field(stored.disclosure, s), "evidence": chosen.get(s.name)}
        for s in COLUMN_FIELDS
        if s.fingerprint and getattr(stored.disclosure, s.name)
    ]  # fmt: skip
    sources = _all(conn, _SOURCES, {"document": number, "number": stored.number})
    answer = next((source for source in sources if source["role"] in ("page", "api")), None)
    return {
        "doc": dict(row), "stored": stored, "fields": fields, "longest": LONGEST, "files": _files(stored.disclosure),
        "cited": None if stored.withdrawn_at else citing.cited(stored, row["url"], answer, base),
        "versions": feed.versions_of(conn, number)[::-1],
        "status": STATUS_WORDS[row["status"]], "words": STATUS_WORDS, "kinds": KIND_WORDS,
        "addresses": _all(conn, "SELECT * FROM addresses WHERE document = ? ORDER BY role, id", number),
        "listings": _all(conn, _LISTINGS, number), "problems": _all(conn, _PROBLEMS, number),
        "also": _all(conn, _ALSO, number), "citations": _all(conn, _CITATIONS, {"document": number, "number": stored.number}),
        "sources": sources, "events": _all(conn, _EVENTS, number), "site": _all(conn, "SELECT * FROM sites WHERE key = ?", row["site"])[0],
    }  # fmt: skip


def _files(record: Disclosure) -> list[tuple[Attachment, int]]:
    """Its files, and how many characters of each one's text the page has room for."""
    room, files = LONGEST, []
    for file in record.attachments:
        shown = min(room, len(file.text or ""))
        files.append((file, shown))
        room -= shown
    return files


def _field(record: Disclosure, spec: FieldSpec) -> str:
    """A field as a reader sees it; a code with the words that stand on the page."""
    shown, raw = _shown(getattr(record, spec.name)), getattr(record, f"{spec.name}_raw", None)
    return f"{raw} {shown}" if spec.kind is Kind.CODE and raw else shown


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return local_time(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _all(conn: sqlite3.Connection, sql: str, value: object) -> list[Values]:
    return [dict(row) for row in conn.execute(sql, value if isinstance(value, dict) else [value])]


_LISTINGS = """
    SELECT c.key, c.name, c.url, l.first_listed_at, l.last_listed_at, l.unlisted_at
    FROM listings l JOIN catalogues c ON c.id = l.catalogue WHERE l.document = ? ORDER BY c.id
"""
_PROBLEMS = "SELECT code, severity, field, message, url, first_at, last_at FROM problems WHERE document = ? ORDER BY id"
# 见附件。 is the text of many documents: one so short is the same only under the same title.
_ALSO = f"""
    SELECT o.id, coalesce(s.name, o.site) AS site, o.title, o.url, o.status FROM documents d
    JOIN bodies b ON b.sha256 = d.body_sha256 JOIN documents o ON o.body_sha256 = d.body_sha256 JOIN sites s ON s.key = o.site
    WHERE d.id = ? AND o.id <> d.id AND o.merged_into IS NULL
    AND (b.length >= {TELLING_BODY_LENGTH} OR o.title = d.title) ORDER BY o.site, o.id LIMIT 50
"""  # noqa: S608 — a constant
_CITATIONS = """
    SELECT relation, document_number, title, target FROM citations
    WHERE version = (SELECT id FROM versions WHERE document = :document AND number = :number) ORDER BY id
"""
_SOURCES = """
    SELECT s.role, s.url, s.sha256, s.captured_at FROM version_sources s JOIN versions v ON v.id = s.version
    WHERE v.document = :document AND v.number = :number ORDER BY s.role = 'attachment', s.captured_at, s.url LIMIT 100
"""
_EVENTS = """
    SELECT kind, significance, detected_at, last_present_at, first_absent_at, from_url, to_url FROM changes
    WHERE document = ? AND feed_seq IS NOT NULL AND dropped_at IS NULL ORDER BY feed_seq DESC LIMIT 100
"""


def _with_anchor(difference: str) -> Markup:
    """The difference, escaped where it was made, with the first change named: it may stand far down in a long text."""
    anchor = r'<span id="change" tabindex="-1"></span>\g<0>'
    return Markup(re.sub("<(?:del|ins)>", anchor, difference, count=1))  # noqa: S704


def diff(conn: sqlite3.Connection, number: int, old: str | None, new: str | None) -> Values | None:
    """Any two versions of a document, by default the newest with the one before it."""
    versions = feed.versions_of(conn, number)
    if not versions:
        return None
    to_number = _number(new) or versions[-1].number
    from_number = _number(old) or max(to_number - 1, 1)
    try:
        before, after = (feed.load_version(conn, number, n) for n in (from_number, to_number))
    except LookupError:
        return None
    url = conn.execute("SELECT url FROM documents WHERE id = ?", [number]).fetchone()[0]
    withdrawn = before.withdrawn_reason or after.withdrawn_reason
    if withdrawn is not None:
        return {
            "document": number, "url": url, "title": None, "before": before, "after": after, "versions": versions, "difference": "",
            "significance": None, "reasons": (), "changed": False, "withdrawn": withdrawn,
        }  # fmt: skip
    comparison = compare(before.disclosure, after.disclosure)
    changed = bool(comparison.fields or comparison.attachments) or (
        before.disclosure.body_text != after.disclosure.body_text
    )
    judgement = judge_comparison(comparison) if changed else None  # of a text that came back nothing is told
    return {
        "document": number, "url": url, "title": after.disclosure.title, "before": before, "after": after, "versions": versions,
        "difference": _with_anchor(as_html(comparison, folded=True)),
        "significance": judgement.significance if judgement else None, "reasons": judgement.reasons if judgement else (),
        "changed": changed, "withdrawn": None,
    }  # fmt: skip
