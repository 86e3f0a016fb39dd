"""Which document of the archive a citation means: `citations.target`, whichever of the two arrives first.

A document may be cited by its number, by its title, or by the title of what it prints (关于印发《…办法》的通知 is where
《…办法》 stands). These names are kept as keys in `names`, and beside each citation the keys that it cites. When
documents change, the citations that they make, and those that cite a name they have or had, are decided anew: the
outcome depends on what the archive holds, never on the order in which it came.

Keys are digests: what is withdrawn from the archive does not live on in them.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

from archive.citations import number_key
from archive.model import Relation

NUMBER, TITLE, PRINTED = 1, 2, 3  # kinds of names, the surest first
_SHORTEST_TITLE = 5  # letters; 《通知》 names nothing
_BARE = re.compile(
    r"(?:〔|(?:公告|通告|通报|命令|令|公示)?(?:\d{4}年)?第\d+号$)"
)  # a number without its office
_PRINTS = re.compile(
    r"(?:印发|公布|发布|颁布|下发)(?:修订后的|新修订的|修订的)?(?P<name>.+?)的?(?:通知|公告|决定|令|函)$"
)
_SERIES = re.compile(r"(\d+)(?:号)?(?:-(\d+))?")
_MOST_SERIALS = 60  # of one number: 某发〔2025〕10号、11号, 89-93号


class _Cited(NamedTuple):
    id: int
    relation: str
    number_key: int | None
    title_key: int | None
    target: int | None
    document: int
    site: str
    issued_on: str | None


class _Candidate(NamedTuple):
    document: int
    url: str
    kind: int
    site: str
    issued_on: str | None
    document_number: str | None
    body_sha256: str | None


def create_names(db: Database) -> None:
    """Create `names` and the keys of citations. Called by a migration."""
    db.conn.execute(
        "CREATE TABLE names (document INTEGER NOT NULL REFERENCES documents(id), kind INTEGER NOT NULL,"
        " key INTEGER NOT NULL, PRIMARY KEY (document, kind, key)) WITHOUT ROWID"
    )
    db.conn.execute("CREATE INDEX names_key ON names (key)")
    for column in ("number_key", "title_key"):
        db.table("citations").add_column(column, int)
        db.table("citations").create_index([column])
    db.conn.execute("CREATE INDEX documents_merged ON documents (merged_into) WHERE merged_into IS NOT NULL")
    resolve(db.conn, [row[0] for row in db.conn.execute("SELECT id FROM documents").fetchall()])


def resolve(db: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Decide the targets of all citations that changed documents make or may be meant by. In the caller's transaction."""
    affected: dict[int, _Cited] = {}
    for document in _with_merged(db, documents):
        for key in _rename(db, document):
            for row in db.execute(f"{_CITED} WHERE c.number_key = ? OR c.title_key = ?", [key, key]):
                affected[row[0]] = _Cited(*row)
        _key_citations(db, document)
        for row in db.execute(f"{_CITED} WHERE v.document = ?", [document]):
            affected[row[0]] = _Cited(*row)
    for cited in affected.values():
        target = _target(db, cited)
        if target != cited.target:
            db.execute("UPDATE citations SET target = ? WHERE id = ?", [target, cited.id])


def _with_merged(db: sqlite3.Connection, documents: Iterable[int]) -> list[int]:
    found = dict.fromkeys(documents)
    for document in tuple(found):
        rows = db.execute("SELECT id FROM documents WHERE merged_into = ?", [document])
        found.update((row[0], None) for row in rows)
    return list(found)


def _rename(db: sqlite3.Connection, document: int) -> set[int]:
    """Store the names that a document has now; the keys of these and of those it had."""
    row = db.execute(
        "SELECT site, document_number, title, current_version FROM documents WHERE id = ? AND merged_into IS NULL",
        [document],
    ).fetchone()
    names: set[tuple[int, int]] = set()
    if row is not None:
        site, number, title, version = row
        names.update((NUMBER, key) for key in number_keys(number, site))
        printed = _printed(db, title, version)
        names.update((TITLE, key) for key in [title_key(title)] if key is not None)
        names.update((PRINTED, key) for key in map(title_key, printed) if key is not None)
    had = {
        (kind, key) for kind, key in db.execute("SELECT kind, key FROM names WHERE document = ?", [document])
    }
    db.executemany(
        "DELETE FROM names WHERE document = ? AND kind = ? AND key = ?", [(document, *n) for n in had - names]
    )
    db.executemany("INSERT INTO names VALUES (?, ?, ?)", [(document, *n) for n in names - had])
    return {key for _, key in had | names}


def _printed(db: sqlite3.Connection, title: str | None, version: int | None) -> list[str]:
    """Titles that a document prints: named in its title after 印发, or attached by its text."""
    found = _PRINTS.search(title or "")
    printed = [found["name"].strip("《》〈〉“”")] if found else []
    rows = db.execute(
        "SELECT title FROM citations WHERE version = ? AND relation = ? AND title IS NOT NULL",
        [version, Relation.ATTACHES.value],
    )
    return [*printed, *(row[0] for row in rows)]


def _key_citations(db: sqlite3.Connection, document: int) -> None:
    # + keeps SQLite from the indexes of the keys: most citations of the whole archive lack one of them.
    rows = db.execute(
        "SELECT c.id, d.site, c.document_number, c.title FROM citations c JOIN versions v ON v.id = c.version"
        " JOIN documents d ON d.id = v.document WHERE v.document = ? AND +c.number_key IS NULL AND +c.title_key IS NULL",
        [document],
    ).fetchall()
    db.executemany(
        "UPDATE citations SET number_key = ?, title_key = ? WHERE id = ?",
        [
            (next(iter(number_keys(number, site)), None), title_key(title), key)
            for key, site, number, title in rows
        ],
    )


def _target(db: sqlite3.Connection, cited: _Cited) -> int | None:
    for key, kinds in ((cited.number_key, (NUMBER,)), (cited.title_key, _kinds(cited.relation))):
        if key is None:
            continue
        marks = ", ".join("?" for _ in kinds)
        rows = db.execute(
            f"{_CANDIDATES} WHERE n.key = ? AND n.kind IN ({marks}) AND d.merged_into IS NULL AND d.id <> ?",
            [key, *kinds, cited.document],
        )
        best = _best([_Candidate(*row) for row in rows], cited)
        if best is not None:
            return best
    return None


def _kinds(relation: str) -> tuple[int, ...]:
    """What a notice prints may stand in the archive by itself; that another notice prints it too says nothing."""
    return (TITLE,) if relation == Relation.ATTACHES else (TITLE, PRINTED)


def _best(candidates: list[_Candidate], cited: _Cited) -> int | None:
    """One of several: of the same site, not later than the citing document, the latest; else none is sure."""
    if not candidates:
        return None
    surest = min(c.kind for c in candidates)
    candidates = [c for c in candidates if c.kind == surest]
    own = [c for c in candidates if c.site == cited.site]
    if not own and surest != NUMBER and not _are_copies(candidates):
        return None  # 《政府工作报告》 of several other governments
    pool = own or candidates
    if cited.issued_on:
        earlier = [c for c in pool if c.issued_on is not None and c.issued_on <= cited.issued_on]
        pool = earlier or [c for c in pool if c.issued_on is None] or pool
    latest = max(c.issued_on or "" for c in pool)
    return min((c.url, c.document) for c in pool if (c.issued_on or "") == latest)[1]


def _are_copies(candidates: list[_Candidate]) -> bool:
    numbers = {c.document_number for c in candidates}
    bodies = {c.body_sha256 for c in candidates}
    return (
        len(candidates) == 1
        or (len(numbers) == 1 and None not in numbers)
        or (len(bodies) == 1 and None not in bodies)
    )


def number_keys(number: str | None, site: str) -> list[int]:
    """Keys of a document number, one for each number of a series. One without its office counts on its site only."""
    if not number:
        return []
    head, bracket, serials = number.partition("〕")
    singles = [number_key(number)]
    if bracket and re.search("[、-]", serials):
        singles = []
        for first, last in _SERIES.findall(serials):
            end = int(last or first)
            if 0 <= end - int(first) < _MOST_SERIALS:
                singles.extend(f"{head}〕{n}号" for n in range(int(first), end + 1))
    return [_digest(f"{site}\n{single}" if _BARE.match(single) else single) for single in singles]


def title_key(title: str | None) -> int | None:
    """Key of a title: its letters and digits, widths folded; None where it names nothing."""
    folded = unicodedata.normalize("NFKC", title or "")
    letters = "".join(c for c in folded if c.isalnum()).casefold()
    return _digest(f"《{letters}》") if len(letters) >= _SHORTEST_TITLE else None


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


_CITED = (
    "SELECT c.id, c.relation, c.number_key, c.title_key, c.target, d.id, d.site, d.issued_on FROM citations c"
    " JOIN versions v ON v.id = c.version JOIN documents d ON d.id = v.document"
)
_CANDIDATES = (
    "SELECT d.id, d.url, n.kind, d.site, d.issued_on, d.document_number, d.body_sha256"
    " FROM names n JOIN documents d ON d.id = n.document"
)
