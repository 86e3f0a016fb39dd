"""Searching: does the index find what is there, how fast, and how much room does it take.

``python -m benchmarks.search [--documents 5000] [--words 100]`` records made-up documents through the real writer and
asks for words of 1, 2, 3, 4 and 8 characters that occur in them, each as SQLite's ``LIKE`` finds it and by the index.
Recall and precision are the share of LIKE's documents that the index finds, and of the index's that LIKE finds. Beside
it stand FTS5's own tokenizers, trigram and unicode61, over the same texts. Times are medians of CPU per query for the
first 20 documents: the search of `gongkai search`, which ranks and shows the words around a match, and LIKE, which
does neither.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from archive import search
from archive.store import Paths
from benchmarks.office import Office
from benchmarks.writer import record

LENGTHS = (1, 2, 3, 4, 8)
COLUMNS = (*search.COLUMNS[:4], "body")
PEERS = ("trigram", "unicode61")
Found = set[int]


def words_of(texts: list[str], length: int, count: int, chance: random.Random) -> list[str]:
    """Words of so many Han characters, from random places of random texts."""
    words: set[str] = set()
    while len(words) < count:
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - length))
        word = text[start : start + length]
        if re.fullmatch(f"[\u4e00-\u9fff]{{{length}}}", word):
            words.add(word)
    return sorted(words)


def timed(query: Callable[[], object]) -> float:
    """CPU milliseconds."""
    start = time.process_time()
    query()
    return (time.process_time() - start) * 1000


def peer_indexes(db: sqlite3.Connection) -> None:
    """The texts under FTS5's own tokenizers, in a database beside the archive."""
    for peer in PEERS:
        db.execute(f"CREATE VIRTUAL TABLE peers.{peer} USING fts5({', '.join(COLUMNS)}, tokenize='{peer}')")
        db.execute(
            f"INSERT INTO peers.{peer}(rowid, {', '.join(COLUMNS)})"
            f" SELECT d.id, {', '.join(f'd.{name}' for name in COLUMNS[:-1])}, b.text"
            " FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256"
        )
    db.commit()


def found_by(db: sqlite3.Connection, table: str, expression: str) -> Found:
    """Documents that an index finds."""
    return {row[0] for row in db.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", [expression])}


def like(db: sqlite3.Connection, word: str, limit: int = -1) -> Found:
    """Documents one of whose searched columns holds the word."""
    columns = (*(f"d.{name}" for name in COLUMNS[:-1]), "b.text")
    sql = (
        "SELECT d.id FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256"
        f" WHERE {' OR '.join(f'{column} LIKE ?1' for column in columns)} ORDER BY d.published_on DESC LIMIT ?2"
    )
    return {row[0] for row in db.execute(sql, [f"%{word}%", limit])}


def size(db: sqlite3.Connection, names: str, file: str = "main") -> int:
    """Bytes of the tables whose names match."""
    return int(
        db.execute(f"SELECT sum(pgsize) FROM dbstat('{file}') WHERE name GLOB ?", [names]).fetchone()[0]
    )


def report(db: sqlite3.Connection, count: int, chance: random.Random) -> None:
    """A line for each length of word, and one for the room that each index takes."""
    texts = [row[0] for row in db.execute("SELECT text FROM bodies")]
    length = sum(len(text.encode()) for text in texts)
    for letters in LENGTHS:
        words = words_of(texts, letters, count, chance)
        truth = {word: like(db, word) for word in words}
        everything = sum(map(len, truth.values()))
        shares = []
        for name in ("search", *PEERS):
            expressions = {
                word: search.fts_query(word) if name == "search" else f'"{word}"' for word in words
            }
            found = {word: found_by(db, name, expression) for word, expression in expressions.items()}
            hits = sum(len(found[word] & truth[word]) for word in words)
            false = sum(len(found[word] - truth[word]) for word in words)
            shares.append(
                f"{'gongkai' if name == 'search' else name} {hits / everything:.3f}"
                + (f" ({false} beyond LIKE)" if false else "")
            )
        ours = statistics.median(timed(lambda: search.search(db, word)) for word in words)  # noqa: B023 — called at once
        theirs = statistics.median(timed(lambda: like(db, word, 20)) for word in words)  # noqa: B023
        print(
            f"{letters} characters, {everything / count:6.0f} documents a word: recall {', '.join(shares)};"
            f" first 20 in {ours:.2f} ms, LIKE {theirs:.2f} ms"
        )
    rooms = [f"gongkai {size(db, 'search_*') / length:.2f}"]
    rooms += [f"{peer} {size(db, f'{peer}_[di]*', 'peers') / length:.2f}" for peer in PEERS]
    print(f"index, as a multiple of {length / 1e6:.1f} MB of text: {', '.join(rooms)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--words", type=int, default=100)
    options = parser.parse_args()
    office = Office(1, options.documents, 1)
    home = Path(tempfile.mkdtemp())
    try:
        paths = Paths(home / "data")
        record(office, [list(office.batches(0))], paths, searched=True)
        with closing(sqlite3.connect(paths.archive)) as db:
            search.register(db)
            db.execute("ATTACH ? AS peers", [str(home / "peers.db")])
            peer_indexes(db)
            report(db, options.words, random.Random(5))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
