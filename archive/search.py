"""Full-text search that finds Chinese words of one, two and more characters.

Every Han character is a token and a query is a phrase of tokens (docs/decisions/005). The FTS5 table's
content is the view ``search_content``, whose columns are segmented by a registered SQL function, so that
rebuild, delete and snippet all see the same text. The view reads ``search_state``, the searchable text as
last indexed: a document's row in `documents` may change freely before :func:`index_documents` is called.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.excerpt import Part, bracketed, excerpt
from archive.storage import texts

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ONE_HAN = re.compile(f"[{_HAN}]")
_HAN_RUN = re.compile(f"([{_HAN}]+)")
_OTHER_RUN = re.compile(f"[^{_HAN}]{{2,}}")
# Beyond these a text may hold letters or digits that NFKC folds: full-width １２, circled ①, ㎡, compatibility
# ideographs. Chinese punctuation separates words whatever its width, and most texts hold nothing else.
_FOLDS = re.compile(
    "[^\x00-\x7f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\u3400-\u4dbf\u4e00-\u9fff]"
)
_TERM = re.compile(r'"([^"]*)"|(\S+)')
# As the tokenizer has it: private use counts as letters (what GBK pages wrote rare names in), and marks belong to theirs.
_LETTER = f"(?:[^\\W_{_HAN}]|[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd])"
_TOKEN = re.compile(f"[{_HAN}]|{_LETTER}(?:{_LETTER}|[\u0300-\u0331])*")
COLUMNS = ("title", "document_number", "index_number", "issuing_body", "body", "attachments")
FTS_TABLE = "search"
_PAGES_AT_ONCE = 2000  # of the index, written between two reports of progress
MOST_WORDS = 50  # of a query: each costs a look into the index, and one into every text that is shown
TOKENIZER = "unicode61 remove_diacritics 0"


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. ``snippet``: the words around the match, it in [brackets]; ``parts``: the same, piece by piece;
    ``file``: the name of the attached file that they stand in, None where they stand in the document itself.
    """

    document: int
    site: str
    url: str
    title: str | None
    issuing_body: str | None
    document_number: str | None
    published_on: str | None
    status: str
    snippet: str
    parts: tuple[Part, ...]
    file: str | None = None


def segment(text: str | None) -> str | None:
    """Text with a space between neighbouring Han characters, compatibility forms folded, in lower case."""
    if text is None:
        return None
    if not text.isascii():
        if _FOLDS.search(text) is not None:
            text = unicodedata.normalize("NFKC", text)
        return _spaced(text.casefold())
    return text.casefold()


def _spaced(text: str) -> str:
    """Text with a space on both sides of every Han character, one between two of them."""
    data = text.encode("utf-16-le", "surrogatepass")
    length = len(text)
    if len(data) != 2 * length:  # characters beyond U+FFFF
        pieces = _HAN_RUN.split(text)
        pieces[1::2] = map(" ".join, pieces[1::2])
        return " ".join(pieces)
    # A space behind every character, written by slices of bytes: an object for each of thousands of characters
    # costs more than the index itself. What is not Han is then taken as it was.
    wide = bytearray(4 * length)
    wide[0::4], wide[1::4], wide[2::4] = data[0::2], data[1::2], b" " * length
    every = wide.decode("utf-16-le", "surrogatepass")
    parts = [" "] if _ONE_HAN.match(text) else []
    at = 0
    for other in _OTHER_RUN.finditer(text):
        start, end = other.span()
        parts += (every[2 * at : 2 * start], text[start:end], " ")
        at = end
    parts.append(every[2 * at :])
    spaced = "".join(parts)
    return spaced if _ONE_HAN.match(text, length - 1) else spaced[:-1]


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL function that the index's content view needs."""
    connection.create_function("gongkai_segment", 1, segment, deterministic=True)


def create_index(db: Database) -> None:
    """Create the index's tables. Called by a migration; the connection needs no registered function for it."""
    columns = ", ".join(COLUMNS)
    segmented = ", ".join(f"gongkai_segment({c}) AS {c}" for c in COLUMNS[:-2])
    db.conn.execute(
        "CREATE TABLE search_state (document INTEGER PRIMARY KEY REFERENCES documents(id), title TEXT,"
        " document_number TEXT, index_number TEXT, issuing_body TEXT,"
        " body_sha256 TEXT REFERENCES bodies(sha256))"
    )
    db.conn.execute(
        "CREATE TABLE search_attachments (document INTEGER REFERENCES search_state(document), position INTEGER, name TEXT,"
        " text_sha256 TEXT REFERENCES bodies(sha256), PRIMARY KEY (document, position)) WITHOUT ROWID"
    )
    # No table-valued function such as json_each may stand in this view: FTS5's integrity check cannot run one.
    db.conn.execute(
        f"CREATE VIEW search_content AS SELECT document, {segmented}, gongkai_segment(text) AS body,"  # noqa: S608
        " gongkai_segment((SELECT group_concat(line, char(10)) FROM (SELECT a.name || coalesce(char(10) || t.text, '')"
        " AS line FROM search_attachments a LEFT JOIN bodies t ON t.sha256 = a.text_sha256"
        " WHERE a.document = search_state.document ORDER BY a.position))) AS attachments"
        " FROM search_state LEFT JOIN bodies ON bodies.sha256 = search_state.body_sha256"
    )
    # Datasette finds the index only when its content is quoted with double quotes or brackets.
    db.conn.execute(
        f'CREATE VIRTUAL TABLE "{FTS_TABLE}" USING fts5({columns}, content="search_content",'
        f' content_rowid="document", tokenize="{TOKENIZER}", detail=full)'
    )


def index_attachments(db: Database) -> None:
    """Give an index that was made before attachments were searched its new column. Called by a migration."""
    if db.table("search_attachments").exists():
        return
    db.conn.execute(f'DROP TABLE "{FTS_TABLE}"')
    db.conn.execute("DROP VIEW search_content")
    db.conn.execute("DROP TABLE search_state")
    create_index(db)
    register(db.conn)
    index_documents(db.conn, [row[0] for row in db.conn.execute("SELECT id FROM documents")])


# What is to be indexed, and what is: the columns of search_state, and the attachments as JSON.
_WANTED = (
    "SELECT id, title, document_number, index_number, issuing_body, body_sha256, (SELECT nullif(json_group_array("
    "json_array(name, text_sha256)), '[]') FROM (SELECT name, text_sha256 FROM attachments"
    " WHERE version = d.current_version ORDER BY position)) FROM documents d WHERE id IN ({marks})"
)
_PRESENT = (
    "SELECT document, title, document_number, index_number, issuing_body, body_sha256, (SELECT nullif(json_group_array("
    "json_array(name, text_sha256)), '[]') FROM (SELECT name, text_sha256 FROM search_attachments"
    " WHERE document = s.document ORDER BY position)) FROM search_state s WHERE document IN ({marks})"
)


def index_documents(connection: sqlite3.Connection, documents: Sequence[int]) -> None:
    """Bring the index up to date for these documents, inside the caller's transaction.

    Call it after `documents`, `attachments` and `bodies` hold the new values, and before a text that was indexed is
    taken out of `bodies`. Documents whose searchable text did not change cost one comparison.
    """
    for start in range(0, len(documents), 500):
        chunk = list(documents[start : start + 500])
        marks = ",".join("?" * len(chunk))
        wanted = {row[0]: tuple(row) for row in connection.execute(_WANTED.format(marks=marks), chunk)}
        present = {row[0]: tuple(row) for row in connection.execute(_PRESENT.format(marks=marks), chunk)}
        stale = [key for key, row in present.items() if wanted.get(key) != row]
        fresh = [row for key, row in wanted.items() if present.get(key) != row]
        texts.make_whole(connection, _texts_of(fresh))
        _write(connection, stale, "'delete'")
        for table in ("search_attachments", "search_state"):
            connection.executemany(f"DELETE FROM {table} WHERE document = ?", [(key,) for key in stale])  # noqa: S608
        connection.executemany(
            "INSERT INTO search_state VALUES (?, ?, ?, ?, ?, ?)", [row[:6] for row in fresh]
        )
        connection.executemany(
            "INSERT INTO search_attachments SELECT d.id, position, name, text_sha256 FROM documents d"
            " JOIN attachments a ON a.version = d.current_version WHERE d.id = ?",
            [(row[0],) for row in fresh if row[6]],
        )
        _write(connection, [row[0] for row in fresh], None)


def _texts_of(rows: Iterable[Sequence[Any]]) -> set[str]:
    """Hashes of the texts that rows of _WANTED would have searched."""
    found = {row[5] for row in rows if row[5]}
    for row in rows:
        found.update(text for _, text in json.loads(row[6] or "[]") if text)
    return found


def _write(connection: sqlite3.Connection, documents: Iterable[int], command: str | None) -> None:
    """Put what the content view shows of these documents into the index, or take it out."""
    columns = ", ".join(COLUMNS)
    head = f'"{FTS_TABLE}", ' if command else ""
    value = f"{command}, " if command else ""
    connection.executemany(
        f'INSERT INTO "{FTS_TABLE}"({head}rowid, {columns}) SELECT {value}document, {columns} FROM search_content'  # noqa: S608
        " WHERE document = ?",
        [(document,) for document in documents],
    )


def index_texts(db: Database) -> None:
    """So that SQLite, when a text is deleted, finds what refers to it without reading both tables. Called by a migration."""
    for table, column in (("search_state", "body_sha256"), ("search_attachments", "text_sha256")):
        db.conn.execute(f"CREATE INDEX {table}_text ON {table} ({column}) WHERE {column} IS NOT NULL")


def fts_query(text: str) -> str:
    """An FTS5 query for what a person typed: words are phrases of characters, and all of them must occur.

    Never a syntax error, whatever is typed; the empty string when nothing in it can be searched. Words beyond the
    first MOST_WORDS are not looked for.
    """
    return " AND ".join(f'"{" ".join(tokens)}"' for tokens in _phrases(text))


def number_of_words(text: str) -> int:
    """How many different words, or phrases in quotes, a query asks for."""
    return len(_distinct(text))


def _phrases(text: str) -> list[list[str]]:
    return _distinct(text)[:MOST_WORDS]


def _distinct(text: str) -> list[list[str]]:
    found = (
        _TOKEN.findall(segment(quoted or bare) or "")
        for quoted, bare in _TERM.findall(text.replace("\x00", " "))
    )
    return [list(tokens) for tokens in dict.fromkeys(tuple(tokens) for tokens in found if tokens)]


def escape_fts(text: str | None) -> str:
    """Replacement for Datasette's SQL function of that name. A query that nothing can match for empty input."""
    return fts_query(text or "") or '"\uffff"'


def search(
    connection: sqlite3.Connection, query: str, *, site: str | None = None, limit: int = 20, offset: int = 0
) -> list[Hit]:
    """Documents that contain every word of ``query``, the most relevant first, newest first among equals."""
    expression = fts_query(query)
    if not expression:
        return []
    where = "AND d.site = :site" if site else ""
    sql = f"""
        SELECT d.id, d.site, d.url, d.title, d.issuing_body, d.document_number, d.published_on, d.status,
               d.index_number, b.text
        FROM "{FTS_TABLE}" JOIN documents d ON d.id = "{FTS_TABLE}".rowid
        LEFT JOIN bodies b ON b.sha256 = d.body_sha256
        WHERE "{FTS_TABLE}" MATCH :query AND d.merged_into IS NULL {where}
        ORDER BY bm25("{FTS_TABLE}", 10, 8, 8, 3, 1, 0.5), d.published_on DESC LIMIT :limit OFFSET :offset
    """  # noqa: S608 — only constants are put in
    values = {"query": expression, "site": site, "limit": limit, "offset": offset}
    phrases = _phrases(query)
    return [_hit(connection, row, phrases) for row in connection.execute(sql, values)]


def _hit(connection: sqlite3.Connection, row: Sequence[Any], phrases: Sequence[Sequence[str]]) -> Hit:
    title, issuing_body, document_number, index_number, body = row[3], row[4], row[5], row[8], row[9]
    own = [(None, text) for text in (body, document_number, index_number, issuing_body) if text]
    # The title stands above the snippet anyway: shown is where else the words are, or how the text begins.
    everything = (pair for group in (own, _file_texts(connection, row[0])) for pair in group)
    found = ((file, excerpt(text, phrases)) for file, text in everything)
    file, parts = next((pair for pair in found if pair[1]), (None, ()))
    if not parts and (body or title):
        parts = ((body[:90], False),) if body else excerpt(title, phrases)
    return Hit(*(*row[:8], bracketed(parts), parts, file))


def _file_texts(connection: sqlite3.Connection, document: int) -> Iterator[tuple[str, str]]:
    """Name and text of each of a document's attachments, then names alone; read only where they are asked for."""
    rows = connection.execute(
        "SELECT a.name, t.text FROM search_attachments a LEFT JOIN bodies t ON t.sha256 = a.text_sha256"
        " WHERE a.document = ? ORDER BY a.position",
        [document],
    ).fetchall()
    yield from ((row[0], row[1]) for row in rows if row[1])
    yield from ((row[0], row[0]) for row in rows)


def integrity_check(connection: sqlite3.Connection) -> str | None:
    """None when the index agrees with its content, else what SQLite says."""
    try:
        connection.execute(f'INSERT INTO "{FTS_TABLE}"("{FTS_TABLE}", rank) VALUES (\'integrity-check\', 1)')  # noqa: S608
    except sqlite3.DatabaseError as error:
        return str(error)
    return None


def optimize(connection: sqlite3.Connection, progress: Callable[[int], None] = lambda _: None) -> None:
    """Merge the index's parts into one: until then words of texts that were taken out lie in the file.

    In pieces, as FTS5 wants it: ``progress`` is called with the number of those done.
    """
    pages, done = -_PAGES_AT_ONCE, 0  # the first, negative, makes all parts of one level
    while True:
        before = connection.total_changes
        connection.execute(f'INSERT INTO "{FTS_TABLE}"("{FTS_TABLE}", rank) VALUES (\'merge\', {pages})')  # noqa: S608
        if connection.total_changes - before < 2:  # nothing was left to merge
            return
        pages, done = _PAGES_AT_ONCE, done + 1
        progress(done)


def rebuild(connection: sqlite3.Connection) -> None:
    """Build the index anew from the content view."""
    connection.execute(f'INSERT INTO "{FTS_TABLE}"("{FTS_TABLE}") VALUES (\'rebuild\')')  # noqa: S608
